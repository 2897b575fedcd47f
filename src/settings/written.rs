//! Settings as people write them: in `dossier.toml`, or the same keys in the environment.

use crate::{language::said, listen::ListenAddress, problem::misused};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// `dossier.toml` as written, or the same keys from the environment.
#[derive(serde::Deserialize, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub data: Option<PathBuf>,
    pub database: Option<String>,
    pub engines: Option<PathBuf>,
    pub log: Option<String>,
    pub listen: Option<ListenAddress>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub behind_proxy: Option<bool>,
    pub public_url: Option<String>,
    pub first_link_minutes: Option<i64>,
    pub invitation_hours: Option<i64>,
    pub workers: Option<usize>,
    pub page_seconds: Option<u64>,
    pub page_image_cache_mb: Option<u64>,
    pub fonts: Option<Vec<PathBuf>>,
}

impl Written {
    pub fn from_environment() -> Result<Self> {
        Ok(Self {
            data: variable("DATA").map(PathBuf::from),
            database: parsed("DATABASE")?,
            engines: variable("ENGINES").map(PathBuf::from),
            log: parsed("LOG")?,
            listen: parsed("LISTEN")?,
            tls_cert: variable("TLS_CERT").map(PathBuf::from),
            tls_key: variable("TLS_KEY").map(PathBuf::from),
            behind_proxy: parsed("BEHIND_PROXY")?,
            public_url: parsed("PUBLIC_URL")?,
            first_link_minutes: parsed("FIRST_LINK_MINUTES")?,
            invitation_hours: parsed("INVITATION_HOURS")?,
            workers: parsed("WORKERS")?,
            page_seconds: parsed("PAGE_SECONDS")?,
            page_image_cache_mb: parsed("PAGE_IMAGE_CACHE_MB")?,
            fonts: variable("FONTS").map(|folders| std::env::split_paths(&folders).collect()),
        })
    }

    pub fn from_file(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .with_context(|| said!("the settings file {shown} cannot be read", "设置文件 {shown} 读不了"))?;
        toml::from_str(&text)
            .with_context(|| said!("the settings file {shown} is not right", "设置文件 {shown} 写得不对"))
    }

    /// What is said here, and what the other says where nothing is.
    pub fn over(self, other: Self) -> Self {
        let (tls_cert, tls_key) = match (self.tls_cert, self.tls_key) {
            (None, None) => (other.tls_cert, other.tls_key),
            own => own,
        };
        Self {
            data: self.data.or(other.data),
            database: self.database.or(other.database),
            engines: self.engines.or(other.engines),
            log: self.log.or(other.log),
            listen: self.listen.or(other.listen),
            tls_cert,
            tls_key,
            behind_proxy: self.behind_proxy.or(other.behind_proxy),
            public_url: self.public_url.or(other.public_url),
            first_link_minutes: self.first_link_minutes.or(other.first_link_minutes),
            invitation_hours: self.invitation_hours.or(other.invitation_hours),
            workers: self.workers.or(other.workers),
            page_seconds: self.page_seconds.or(other.page_seconds),
            page_image_cache_mb: self.page_image_cache_mb.or(other.page_image_cache_mb),
            fonts: self.fonts.or(other.fonts),
        }
    }
}

/// A variable of the environment that is set and not empty.
pub fn variable(key: &str) -> Option<OsString> {
    std::env::var_os(format!("DOSSIER_{key}")).filter(|value| !value.is_empty())
}

fn parsed<T: FromStr>(key: &str) -> Result<Option<T>>
where
    T::Err: fmt::Display,
{
    let Some(value) = variable(key) else { return Ok(None) };
    let value = value.to_string_lossy().into_owned();
    match value.parse() {
        Ok(value) => Ok(Some(value)),
        Err(cause) => Err(misused(
            said!(
                "DOSSIER_{key} is `{value}`: {cause}",
                "环境变量 DOSSIER_{key} 的值是“{value}”：{cause}"
            ),
            said!("set it rightly, or unset it", "请改正或取消这个变量"),
        )),
    }
}
