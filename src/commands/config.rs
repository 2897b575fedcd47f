//! `dossier config`: the effective settings, as a settings file would state them.

use crate::{
    output::{Ending, print, print_json},
    settings::Settings,
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
        workers: settings.workers,
        page_seconds: settings.page_seconds,
        page_image_cache_mb: settings.page_image_cache_mb,
        log: settings.log.clone(),
        fonts: settings.fonts.iter().map(|folder| path(folder)).collect(),
    };
    if json {
        print_json(&shown)?;
    } else {
        let from = settings
            .file
            .as_ref()
            .map_or("no settings file".to_owned(), |file| file.display().to_string());
        print(&format!("# {from}\n{}", toml::to_string(&shown)?))?;
    }
    Ok(Ending::Fine)
}
