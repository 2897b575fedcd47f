//! Settings as people write them: in `dossier.toml`, or the same keys in the environment.

use super::oidc::OidcWritten;
use crate::{
    language::{language, said},
    listen::ListenAddress,
    problem::{misused, refused},
    translated::of_value,
};
use anyhow::{Context, Result};
use reading::engines::RuntimeChoice;
use std::{
    error::Error,
    ffi::OsString,
    path::{Path, PathBuf},
    str::FromStr,
};
use vocabulary::Language;

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
    pub oidc: Option<OidcWritten>,
    pub public_url: Option<String>,
    pub first_link_minutes: Option<i64>,
    pub invitation_hours: Option<i64>,
    pub ocr_engine: Option<RuntimeChoice>,
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
            // A table stands in the file alone.
            oidc: None,
            public_url: parsed("PUBLIC_URL")?,
            first_link_minutes: parsed("FIRST_LINK_MINUTES")?,
            invitation_hours: parsed("INVITATION_HOURS")?,
            ocr_engine: parsed("OCR_ENGINE")?,
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
        toml::from_str(&text).map_err(|cause| unreadable(path, &text, &cause))
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
            oidc: self.oidc.or(other.oidc),
            public_url: self.public_url.or(other.public_url),
            first_link_minutes: self.first_link_minutes.or(other.first_link_minutes),
            invitation_hours: self.invitation_hours.or(other.invitation_hours),
            ocr_engine: self.ocr_engine.or(other.ocr_engine),
            workers: self.workers.or(other.workers),
            page_seconds: self.page_seconds.or(other.page_seconds),
            page_image_cache_mb: self.page_image_cache_mb.or(other.page_image_cache_mb),
            fonts: self.fonts.or(other.fonts),
        }
    }
}

/// What of a settings file cannot be read: the line, and what is wrong with it.
fn unreadable(path: &Path, text: &str, cause: &toml::de::Error) -> anyhow::Error {
    let before = cause.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let (shown, why) = (path.display(), cause.message());
    refused(
        "settings_file",
        said!(
            "line {line} of the settings file {shown} cannot be read: {why}",
            "设置文件 {shown} 第 {line} 行读不懂（{why}）"
        ),
        said!(
            "mend that line; `dossier config` without the file shows every key",
            "请改正这一行；不带此文件运行 `dossier config` 可以看到全部的键"
        ),
    )
}

/// A variable of the environment that is set and not empty.
pub fn variable(key: &str) -> Option<OsString> {
    std::env::var_os(format!("DOSSIER_{key}")).filter(|value| !value.is_empty())
}

fn parsed<T: FromStr>(key: &str) -> Result<Option<T>>
where
    T::Err: Into<Box<dyn Error + Send + Sync>>,
{
    let Some(value) = variable(key) else { return Ok(None) };
    let value = value.to_string_lossy().into_owned();
    match value.parse() {
        Ok(value) => Ok(Some(value)),
        Err(cause) => {
            let cause: Box<dyn Error + Send + Sync> = cause.into();
            let why = match language() {
                Language::English => cause.to_string(),
                Language::Chinese => of_value(&*cause),
            };
            Err(misused(
                said!(
                    "DOSSIER_{key} is `{value}`: {why}",
                    "环境变量 DOSSIER_{key} 的值是“{value}”：{why}"
                ),
                said!("set it rightly, or unset it", "请改正或取消这个变量"),
            ))
        }
    }
}
