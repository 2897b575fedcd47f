//! The address at which people reach the archive: what one-time links begin with.

use crate::settings::Settings;
use anyhow::{Context, Result, bail};
use std::{fs::File, io::Read, net::SocketAddr};

pub struct PublicAddress {
    /// `https://archive.example.com`, without a slash at the end.
    pub url: String,
    /// What to do when people may not reach the archive at this address.
    pub advice: Option<String>,
}

/// What is said in the settings; else where the archive is served at this moment; else where it would be served.
pub fn public_address(settings: &Settings) -> Result<PublicAddress> {
    if let Some(url) = &settings.public_url {
        return Ok(PublicAddress {
            url: url.clone(),
            advice: None,
        });
    }
    let served = served_at(settings)?;
    Ok(of(settings, served.unwrap_or(settings.listen), served.is_some()))
}

/// Where an archive that listens there is reached.
pub fn of(settings: &Settings, listens: SocketAddr, is_served: bool) -> PublicAddress {
    let scheme = if settings.tls.is_some() || settings.behind_proxy {
        "https"
    } else {
        "http"
    };
    let url = if settings.public_url.is_some() || !listens.ip().is_unspecified() {
        format!("{scheme}://{listens}")
    } else {
        // Any address of this machine will do; its name is the one that certificates and people know.
        format!("{scheme}://{}:{}", machine_name(), listens.port())
    };
    let url = settings.public_url.clone().unwrap_or(url);
    let guessed = settings.public_url.is_none() && (!listens.ip().is_loopback() || settings.behind_proxy);
    let advice = if guessed {
        Some(format!(
            "people may reach the archive at another address than {url}; say which with public_url in dossier.toml"
        ))
    } else if !is_served && settings.public_url.is_none() {
        Some(format!(
            "nobody serves the archive at this moment; the link is for {url}"
        ))
    } else {
        None
    };
    PublicAddress { url, advice }
}

/// `https://archive.example.com`, checked: a scheme, a host, no path.
pub fn checked(url: &str) -> Result<String> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(url.to_owned()),
        _ => bail!("public_url `{url}` is not usable: write https://HOST or https://HOST:PORT, without a path"),
    }
}

fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "localhost".to_owned(),
        name => name.to_owned(),
    }
}

/// Where a server that holds the data folder listens; it writes that into its lock.
fn served_at(settings: &Settings) -> Result<Option<SocketAddr>> {
    if !crate::commands::is_served(settings)? {
        return Ok(None);
    }
    let path = settings.data.join("LOCK");
    let mut text = String::new();
    File::open(&path)
        .and_then(|lock| lock.take(256).read_to_string(&mut text))
        .with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(text.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line::Options;

    fn settings() -> Settings {
        let options = Options {
            data: Some("/tmp/x".into()),
            ..Options::default()
        };
        Settings::read(&options).expect("reads")
    }

    #[test]
    fn links_begin_where_people_reach_the_archive() {
        let at = |settings: &Settings, listens: &str| of(settings, listens.parse().expect("an address"), true);
        let mut settings = settings();
        let plain = at(&settings, "127.0.0.1:7916");
        assert_eq!((plain.url.as_str(), plain.advice), ("http://127.0.0.1:7916", None));
        settings.tls = Some(("cert.pem".into(), "key.pem".into()));
        let everywhere = at(&settings, "0.0.0.0:443");
        assert!(
            !everywhere.url.contains("0.0.0.0") && everywhere.url.starts_with("https://"),
            "{}",
            everywhere.url
        );
        assert!(everywhere.advice.is_some_and(|advice| advice.contains("public_url")));
        settings.public_url = Some("https://archive.example.com".to_owned());
        let named = at(&settings, "0.0.0.0:443");
        assert_eq!(
            (named.url.as_str(), named.advice),
            ("https://archive.example.com", None)
        );
    }

    #[test]
    fn public_urls_are_checked() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(checked(url).ok().as_deref(), expected, "{url}");
        check("https://archive.example.com/", Some("https://archive.example.com"));
        check("http://10.0.0.5:8080", Some("http://10.0.0.5:8080"));
        check("archive.example.com", None);
        check("https://archive.example.com/dossier", None);
        check("https://", None);
        check("https://user@host", None);
    }
}
