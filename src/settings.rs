//! Settings of the process: defaults < `dossier.toml` < `DOSSIER_*` < flags. Parsed low, checked, built high, once.

mod oidc;
mod written;

use crate::{
    command_line::{Options, Serving},
    language::said,
    problem::{misused, refused},
};
use anyhow::{Context, Result};
use oidc::OidcWritten;
use reading::engines::RuntimeChoice;
use records::store::{AccessLimits, Database, StoreConfig};
use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};
use web::oidc::OidcConfig;
use written::{Written, variable};

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
    /// The provider where people of the organisation sign in.
    pub oidc: Option<OidcConfig>,
    /// Where people reach the archive, such as `https://archive.example.com`; links begin with it.
    pub public_url: Option<String>,
    /// How long the link for the first administrator holds.
    pub first_link_minutes: i64,
    /// How long a link holds with which a person sets a password.
    pub invitation_hours: i64,
    /// What runs the networks that read pages.
    pub ocr_engine: RuntimeChoice,
    /// Reading processes, one core each.
    pub workers: usize,
    /// Seconds that decoding a page may take; opening a scan may take half of them.
    pub page_seconds: u64,
    /// Megabytes that page images for screens may take in the cache; three quarters of them are filled in idle time.
    pub page_image_cache_mb: u64,
    /// Folders in which fonts for printing are looked for.
    pub fonts: Vec<PathBuf>,
    /// The settings file, or where it was looked for.
    pub file: SettingsFile,
}

/// Where the settings file is.
#[derive(Clone, Debug)]
pub enum SettingsFile {
    Read(PathBuf),
    NotThere(Option<PathBuf>),
}

/// What RELIABILITY asks for: the slowest of 5,000 torture files took 4 s, bombs never end.
const PAGE_SECONDS: u64 = 20;
/// Enough for the images of about 8,000 scanned pages.
const PAGE_IMAGE_CACHE_MB: u64 = 2_048;
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7878);
/// A link that holds for longer than a year is a password.
const LINK_MINUTES_MAX: i64 = 366 * 24 * 60;

impl Settings {
    pub fn read(options: &Options) -> Result<Self> {
        let named = options.config.clone().or_else(|| variable("CONFIG").map(PathBuf::from));
        let standard = dirs::config_dir().map(|dir| dir.join("dossier/dossier.toml"));
        let file = match named.or_else(|| standard.clone().filter(|path| path.exists())) {
            Some(path) => SettingsFile::Read(path),
            None => SettingsFile::NotThere(standard),
        };
        let written = match &file {
            SettingsFile::Read(path) => Written::from_file(path)?,
            SettingsFile::NotThere(_) => Written::default(),
        };
        let flags = Written {
            data: options.data.clone(),
            database: options.database.clone(),
            engines: options.engines.clone(),
            log: match options.verbose {
                0 => options.log.clone(),
                1 => Some("info".to_owned()),
                _ => Some("debug".to_owned()),
            },
            public_url: options.public_url.clone(),
            page_seconds: options.page_seconds,
            ..Written::default()
        };
        Self::built(flags.over(Written::from_environment()?).over(written), file)
    }

    fn built(written: Written, file: SettingsFile) -> Result<Self> {
        let demo_data = written.data.clone();
        let data = match written.data {
            Some(data) => data,
            None => dirs::data_dir()
                .with_context(|| {
                    said!(
                        "no home folder is known; name a folder with --data",
                        "不知道主目录在哪里；请用 --data 指定文件夹"
                    )
                })?
                .join("dossier"),
        };
        let demo_data = demo_data.unwrap_or_else(|| data.with_file_name("dossier-demo"));
        let engines = match written.engines {
            Some(engines) => engines,
            None => dirs::cache_dir()
                .with_context(|| {
                    said!(
                        "no cache folder is known; name one with --engines",
                        "不知道缓存目录在哪里；请用 --engines 指定文件夹"
                    )
                })?
                .join("dossier/engines"),
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            data: absolute(&data)?,
            demo_data: absolute(&demo_data)?,
            database: checked_database(written.database.unwrap_or_else(|| "sqlite".to_owned()))?,
            engines: absolute(&engines)?,
            log: written.log.unwrap_or_else(|| "warn".to_owned()),
            listen: written.listen.map_or(LISTEN, |listen| listen.0),
            tls: both(written.tls_cert, written.tls_key)?,
            behind_proxy: written.behind_proxy.unwrap_or(false),
            oidc: written.oidc.map(OidcWritten::checked).transpose()?,
            public_url: written.public_url.map(|url| checked_public_url(&url)).transpose()?,
            first_link_minutes: lifetime("first_link_minutes", written.first_link_minutes, 15, LINK_MINUTES_MAX)?,
            invitation_hours: lifetime("invitation_hours", written.invitation_hours, 24, LINK_MINUTES_MAX / 60)?,
            ocr_engine: written.ocr_engine.unwrap_or_default(),
            workers: written.workers.unwrap_or(cores).max(1),
            page_seconds: written.page_seconds.unwrap_or(PAGE_SECONDS).max(1),
            page_image_cache_mb: written.page_image_cache_mb.unwrap_or(PAGE_IMAGE_CACHE_MB),
            fonts: written.fonts.unwrap_or_else(font_folders),
            file,
        })
    }

    /// The settings with the flags of `serve` and `demo` over them.
    pub fn serving(mut self, flags: &Serving) -> Result<Self> {
        self.listen = flags.listen.map_or(self.listen, |listen| listen.0);
        if let (Some(cert), Some(key)) = (&flags.tls_cert, &flags.tls_key) {
            self.tls = Some((cert.clone(), key.clone()));
        }
        self.behind_proxy |= flags.behind_proxy;
        if !self.listen.ip().is_loopback() && self.tls.is_none() && !self.behind_proxy {
            let listen = self.listen;
            return Err(refused(
                "unprotected",
                said!(
                    "{listen} can be reached from other machines, so HTTPS is needed",
                    "其他机器也能访问 {listen}，所以要用 HTTPS"
                ),
                said!(
                    "give --tls-cert and --tls-key, or --behind-proxy when a proxy does it",
                    "请给出 --tls-cert 和 --tls-key；由代理做 HTTPS 时用 --behind-proxy"
                ),
            ));
        }
        Ok(self)
    }

    pub fn store(&self) -> Result<StoreConfig> {
        let database = match self.database.as_str() {
            "sqlite" => Database::Sqlite(self.data.join("records.sqlite")),
            url => Database::Postgres(url.to_owned()),
        };
        Ok(StoreConfig {
            database,
            vault: self.data.join("vault"),
            staging: self.data.join("staging"),
            readers: 8,
            access_limits: AccessLimits {
                one_time_link_s: self.first_link_minutes * 60,
                invitation_s: self.invitation_hours * 3600,
                ..AccessLimits::default()
            },
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
        without_password(&self.database)
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
    std::path::absolute(path).with_context(|| {
        let path = path.display();
        said!("the path `{path}` is not usable", "路径“{path}”不能用")
    })
}

fn both(cert: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<(PathBuf, PathBuf)>> {
    match (cert, key) {
        (Some(cert), Some(key)) => Ok(Some((cert, key))),
        (None, None) => Ok(None),
        _ => Err(misused(
            said!("of tls_cert and tls_key one is missing", "tls_cert 和 tls_key 缺了一个"),
            said!(
                "HTTPS needs both; name the other too",
                "HTTPS 两个都要；请把另一个也写上"
            ),
        )),
    }
}

fn lifetime(key: &str, written: Option<i64>, usual: i64, most: i64) -> Result<i64> {
    match written.unwrap_or(usual) {
        value if (1..=most).contains(&value) => Ok(value),
        value => Err(misused(
            said!("{key} is {value}", "{key} 的值是 {value}"),
            said!("write a number from 1 to {most}", "请写 1 到 {most} 的数"),
        )),
    }
}

/// `sqlite`, or the address of a PostgreSQL database.
fn checked_database(database: String) -> Result<String> {
    let is_postgres = ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| database.starts_with(scheme));
    if database == "sqlite" || is_postgres {
        return Ok(database);
    }
    let shown = without_password(&database);
    Err(misused(
        said!(
            "the database `{shown}` is of no kind that is known",
            "不认识数据库“{shown}”"
        ),
        said!(
            "write `sqlite` or postgres://USER:PASSWORD@HOST/NAME",
            "请写 `sqlite` 或 postgres://用户:密码@主机/库名"
        ),
    ))
}

fn without_password(database: &str) -> String {
    match database
        .split_once("://")
        .and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)))
    {
        Some((scheme, (account, place))) => {
            let user = account.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{place}")
        }
        None => database.to_owned(),
    }
}

/// `https://archive.example.com`, checked: a scheme, a host, no path.
fn checked_public_url(url: &str) -> Result<String> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(url.to_owned()),
        _ => Err(misused(
            said!("public_url `{url}` is not usable", "public_url“{url}”不能用"),
            said!(
                "write https://HOST or https://HOST:PORT, without a path",
                "请写 https://主机 或 https://主机:端口，不带路径"
            ),
        )),
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
    fn a_database_of_another_kind_is_refused() {
        let wrong = |database: &str| {
            checked_database(database.to_owned())
                .err()
                .map(|error| error.to_string())
        };
        assert_eq!(wrong("sqlite"), None);
        assert_eq!(wrong("postgresql://127.0.0.1/d"), None);
        let said = wrong("mysql://me:secret@127.0.0.1/d").expect("no kind that is known");
        assert!(
            said.contains("mysql://me@127.0.0.1/d") && !said.contains("secret"),
            "{said}"
        );
        assert!(wrong("").is_some());
    }

    #[test]
    fn what_is_said_later_wins() {
        let file = Written {
            database: Some("sqlite".to_owned()),
            workers: Some(4),
            tls_cert: Some("file.pem".into()),
            tls_key: Some("file.key".into()),
            ..Written::default()
        };
        let environment = Written {
            workers: Some(2),
            tls_cert: Some("environment.pem".into()),
            ..Written::default()
        };
        let both = environment.over(file);
        assert_eq!((both.database.as_deref(), both.workers), (Some("sqlite"), Some(2)));
        // A certificate never meets the key of another place.
        assert!(super::both(both.tls_cert, both.tls_key).is_err());
        assert!(lifetime("first_link_minutes", Some(0), 15, 60).is_err());
        assert_eq!(lifetime("first_link_minutes", None, 15, 60).ok(), Some(15));
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
