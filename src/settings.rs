//! Settings of the process: defaults < `dossier.toml` < `DOSSIER_*` < flags. Parsed low, checked, built high, once.

use crate::command_line::{Options, Serving};
use anyhow::{Context, Result, bail};
use records::store::{Database, StoreConfig};
use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// `dossier.toml` as written.
#[derive(serde::Deserialize, Default, Debug)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    engines: Option<PathBuf>,
    log: Option<String>,
    listen: Option<SocketAddr>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    behind_proxy: Option<bool>,
    public_url: Option<String>,
    workers: Option<usize>,
    page_seconds: Option<u64>,
    page_image_cache_mb: Option<u64>,
    fonts: Option<Vec<PathBuf>>,
}

/// The effective settings.
#[derive(Clone)]
pub struct Settings {
    pub data: PathBuf,
    /// Data folder of the demo: its own, unless one is named.
    pub demo_data: PathBuf,
    /// `sqlite` or a postgres URL.
    pub database: String,
    pub engines: PathBuf,
    pub log: String,
    pub listen: SocketAddr,
    pub tls: Option<(PathBuf, PathBuf)>,
    pub behind_proxy: bool,
    /// Where people reach the archive, such as `https://archive.example.com`; links begin with it.
    pub public_url: Option<String>,
    /// Reading processes, one core each.
    pub workers: usize,
    /// Seconds that decoding a page may take; opening a scan may take half of them.
    pub page_seconds: u64,
    /// Megabytes that page images for screens may take in the cache; three quarters of them are filled in idle time.
    pub page_image_cache_mb: u64,
    /// Folders in which fonts for printing are looked for.
    pub fonts: Vec<PathBuf>,
    /// Where the file was, when there was one.
    pub file: Option<PathBuf>,
}

/// What RELIABILITY asks for: the slowest of 5,000 torture files took 4 s, bombs never end.
const PAGE_SECONDS: u64 = 20;
/// Enough for the images of about 8,000 scanned pages.
const PAGE_IMAGE_CACHE_MB: u64 = 2_048;
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7878);

impl Settings {
    pub fn read(options: &Options) -> Result<Self> {
        let standard = dirs::config_dir().map(|dir| dir.join("dossier/dossier.toml"));
        let path = options.config.clone().or_else(|| standard.filter(|path| path.exists()));
        let file: File = match &path {
            None => File::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("the settings file {} cannot be read", path.display()))?;
                toml::from_str(&text).with_context(|| format!("the settings file {} is not right", path.display()))?
            }
        };
        let data = match options.data.clone().or(file.data.clone()) {
            Some(data) => data,
            None => dirs::data_dir()
                .context("no home folder is known; name a folder with --data")?
                .join("dossier"),
        };
        let demo_data = match options.data.clone().or(file.data) {
            Some(data) => data,
            None => data.with_file_name("dossier-demo"),
        };
        let engines = match options.engines.clone().or(file.engines) {
            Some(engines) => engines,
            None => dirs::cache_dir()
                .context("no cache folder is known; name one with --engines")?
                .join("dossier/engines"),
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let tls = match (file.tls_cert, file.tls_key) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            _ => bail!("the settings file names one of tls_cert and tls_key; HTTPS needs both"),
        };
        Ok(Self {
            data: absolute(&data)?,
            demo_data: absolute(&demo_data)?,
            database: options
                .database
                .clone()
                .or(file.database)
                .unwrap_or_else(|| "sqlite".to_owned()),
            engines: absolute(&engines)?,
            log: options.log.clone().or(file.log).unwrap_or_else(|| "warn".to_owned()),
            listen: file.listen.unwrap_or(LISTEN),
            tls,
            behind_proxy: file.behind_proxy.unwrap_or(false),
            public_url: options
                .public_url
                .as_ref()
                .or(file.public_url.as_ref())
                .map(|url| checked_public_url(url))
                .transpose()?,
            workers: file.workers.unwrap_or(cores).max(1),
            page_seconds: options
                .page_seconds
                .or(file.page_seconds)
                .unwrap_or(PAGE_SECONDS)
                .max(1),
            page_image_cache_mb: file.page_image_cache_mb.unwrap_or(PAGE_IMAGE_CACHE_MB),
            fonts: file.fonts.unwrap_or_else(font_folders),
            file: path,
        })
    }

    /// The settings with the flags of `serve` and `demo` over them.
    pub fn serving(mut self, flags: &Serving) -> Result<Self> {
        self.listen = flags.listen.unwrap_or(self.listen);
        if let (Some(cert), Some(key)) = (&flags.tls_cert, &flags.tls_key) {
            self.tls = Some((cert.clone(), key.clone()));
        }
        self.behind_proxy |= flags.behind_proxy;
        if !self.listen.ip().is_loopback() && self.tls.is_none() && !self.behind_proxy {
            bail!(
                "{} can be reached from other machines, so HTTPS is needed; give --tls-cert and --tls-key, or --behind-proxy when a proxy does it",
                self.listen
            );
        }
        Ok(self)
    }

    pub fn store(&self) -> Result<StoreConfig> {
        let database = match self.database.as_str() {
            "sqlite" => Database::Sqlite(self.data.join("records.sqlite")),
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Database::Postgres(url.to_owned())
            }
            _ => bail!("the database is neither `sqlite` nor postgres://USER:PASSWORD@HOST/NAME"),
        };
        Ok(StoreConfig {
            database,
            vault: self.data.join("vault"),
            staging: self.data.join("staging"),
            readers: 8,
            access_limits: records::identity::AccessLimits::default(),
        })
    }

    pub fn index(&self) -> PathBuf {
        self.data.join("index")
    }

    pub fn cache(&self) -> PathBuf {
        self.data.join("cache")
    }

    /// The database without a password, for people to read.
    pub fn database_shown(&self) -> String {
        match self
            .database
            .split_once("://")
            .and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)))
        {
            Some((scheme, (account, place))) => {
                let user = account.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}@{place}")
            }
            None => self.database.clone(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("data", &self.data)
            .field("database", &self.database_shown())
            .finish_non_exhaustive()
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("the path {} is not usable", path.display()))
}

/// `https://archive.example.com`, checked: a scheme, a host, no path.
fn checked_public_url(url: &str) -> Result<String> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(url.to_owned()),
        _ => bail!("public_url `{url}` is not usable: write https://HOST or https://HOST:PORT, without a path"),
    }
}

fn font_folders() -> Vec<PathBuf> {
    ::print::SYSTEM_FONT_FOLDERS
        .iter()
        .map(PathBuf::from)
        .chain(dirs::font_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(database: &str) -> Settings {
        let options = Options {
            data: Some("/tmp/x".into()),
            database: Some(database.to_owned()),
            ..Options::default()
        };
        Settings::read(&options).expect("reads")
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(
            settings("postgres://me:secret@127.0.0.1:5432/d").database_shown(),
            "postgres://me@127.0.0.1:5432/d"
        );
        assert!(!format!("{:?}", settings("postgres://me:secret@127.0.0.1/d")).contains("secret"));
        assert_eq!(settings("sqlite").database_shown(), "sqlite");
    }

    #[test]
    fn other_machines_need_https() {
        let serving = |listen: &str, behind_proxy| Serving {
            listen: Some(listen.parse().expect("an address")),
            behind_proxy,
            ..Serving::default()
        };
        assert!(settings("sqlite").serving(&serving("0.0.0.0:80", false)).is_err());
        assert!(settings("sqlite").serving(&serving("0.0.0.0:80", true)).is_ok());
        assert!(settings("sqlite").serving(&serving("127.0.0.1:80", false)).is_ok());
    }

    #[test]
    fn public_urls_are_checked() {
        let check =
            |url: &str, expected: Option<&str>| assert_eq!(checked_public_url(url).ok().as_deref(), expected, "{url}");
        check("https://archive.example.com/", Some("https://archive.example.com"));
        check("http://10.0.0.5:8080", Some("http://10.0.0.5:8080"));
        check("archive.example.com", None);
        check("https://archive.example.com/dossier", None);
        check("https://", None);
        check("https://user@host", None);
    }
}
