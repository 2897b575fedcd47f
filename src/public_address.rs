//! The address at which people reach the archive: what one-time links begin with.

use crate::language::said;
use crate::{
    served::{Served, served_at},
    settings::Settings,
};
use anyhow::Result;
use std::net::SocketAddr;

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
    let served = served_at(&settings.data)?;
    let where_served = served.unwrap_or_else(|| would_serve(settings, settings.listen));
    Ok(of(settings, where_served, served.is_some()))
}

/// How an archive is served at an address by these settings.
pub fn would_serve(settings: &Settings, address: SocketAddr) -> Served {
    Served {
        address,
        is_encrypted: settings.tls.is_some() || settings.behind_proxy,
    }
}

/// Where an archive that listens there is reached.
pub fn of(settings: &Settings, served: Served, is_served: bool) -> PublicAddress {
    let listens = served.address;
    let scheme = if served.is_encrypted { "https" } else { "http" };
    let url = if settings.public_url.is_some() || !listens.ip().is_unspecified() {
        format!("{scheme}://{listens}")
    } else {
        // Any address of this machine will do; its name is the one that certificates and people know.
        format!("{scheme}://{}:{}", machine_name(), listens.port())
    };
    let url = settings.public_url.clone().unwrap_or(url);
    let guessed = settings.public_url.is_none() && (!listens.ip().is_loopback() || settings.behind_proxy);
    let advice = if guessed {
        Some(said!(
            "people may reach the archive at another address than {url}; say which with public_url in dossier.toml",
            "大家访问档案室的地址可能不是 {url}；请在 dossier.toml 里用 public_url 写明"
        ))
    } else if !is_served && settings.public_url.is_none() {
        Some(said!(
            "nobody serves the archive at this moment; the link is for {url}",
            "档案室此刻没有提供服务；链接按 {url} 给出"
        ))
    } else {
        None
    };
    PublicAddress { url, advice }
}

fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "localhost".to_owned(),
        name => name.to_owned(),
    }
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
        let at = |settings: &Settings, listens: &str| {
            let listens = listens.parse().expect("an address");
            of(settings, would_serve(settings, listens), true)
        };
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
}
