//! `dossier config`: the effective settings, as a settings file would state them.

use crate::{
    language::said,
    output::{Ending, print, print_json},
    settings::{Settings, SettingsFile},
};
use anyhow::Result;

#[derive(serde::Serialize)]
struct ShownSettings {
    data: String,
    /// Without a password.
    database: String,
    engines: String,
    listen: String,
    tls_cert: Option<String>,
    tls_key: Option<String>,
    behind_proxy: bool,
    public_url: Option<String>,
    first_link_minutes: i64,
    invitation_hours: i64,
    workers: usize,
    page_seconds: u64,
    page_image_cache_mb: u64,
    log: String,
    fonts: Vec<String>,
}

pub fn run(settings: &Settings, json: bool) -> Result<Ending> {
    let path = |path: &std::path::Path| path.display().to_string();
    let shown = ShownSettings {
        data: path(&settings.data),
        database: settings.database_shown(),
        engines: path(&settings.engines),
        listen: settings.listen.to_string(),
        tls_cert: settings.tls.as_ref().map(|(cert, _)| path(cert)),
        tls_key: settings.tls.as_ref().map(|(_, key)| path(key)),
        behind_proxy: settings.behind_proxy,
        public_url: settings.public_url.clone(),
        first_link_minutes: settings.first_link_minutes,
        invitation_hours: settings.invitation_hours,
        workers: settings.workers,
        page_seconds: settings.page_seconds,
        page_image_cache_mb: settings.page_image_cache_mb,
        log: settings.log.clone(),
        fonts: settings.fonts.iter().map(|folder| path(folder)).collect(),
    };
    if json {
        print_json(&shown)?;
    } else {
        let from = match &settings.file {
            SettingsFile::Read(file) => file.display().to_string(),
            SettingsFile::NotThere(Some(file)) => {
                let file = file.display();
                said!("no settings file at {file}", "没有设置文件 {file}")
            }
            SettingsFile::NotThere(None) => said!(
                "no settings file; no home folder is known, name one with --config",
                "没有设置文件；不知道主目录在哪里，请用 --config 指定"
            ),
        };
        print(&format!("# {from}\n{}", toml::to_string(&shown)?))?;
    }
    Ok(Ending::Fine)
}
