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
    ocr_engine: String,
    workers: usize,
    page_seconds: u64,
    page_image_cache_mb: u64,
    log: String,
    fonts: Vec<String>,
}

fn shown(settings: &Settings) -> ShownSettings {
    let path = |path: &std::path::Path| path.display().to_string();
    ShownSettings {
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
        ocr_engine: settings.ocr_engine.to_string(),
        workers: settings.workers,
        page_seconds: settings.page_seconds,
        page_image_cache_mb: settings.page_image_cache_mb,
        log: settings.log.clone(),
        fonts: settings.fonts.iter().map(|folder| path(folder)).collect(),
    }
}

pub fn run(settings: &Settings, json: bool) -> Result<Ending> {
    let shown = shown(settings);
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
        print(&format!("# {from}\n{}", explained(&toml::to_string(&shown)?)))?;
    }
    Ok(Ending::Fine)
}

/// Each setting with what it is, as a comment of the settings file.
fn explained(settings: &str) -> String {
    let line = |line: &str| match line.split_once(" = ").map(|(key, _)| meaning(key)) {
        Some(meaning) if !meaning.is_empty() => format!("# {meaning}\n{line}\n"),
        _ => format!("{line}\n"),
    };
    settings.lines().map(line).collect()
}

fn meaning(key: &str) -> String {
    match key {
        "data" => said!("the folder of the archive", "档案室的文件夹"),
        "database" => said!(
            "`sqlite` in that folder, or PostgreSQL",
            "`sqlite` 即在该文件夹里，或 PostgreSQL"
        ),
        "engines" => said!("the folder of the engines", "识别引擎的文件夹"),
        "listen" => said!("where `dossier serve` answers", "`dossier serve` 提供服务的地址"),
        "tls_cert" => said!("certificate chain for HTTPS", "HTTPS 的证书链"),
        "tls_key" => said!("private key for HTTPS", "HTTPS 的私钥"),
        "behind_proxy" => said!("a proxy in front does HTTPS", "由前面的代理做 HTTPS"),
        "public_url" => said!("where links for people begin", "给人的链接以此开头"),
        "first_link_minutes" => said!(
            "minutes for which the link of the first administrator holds",
            "第一个管理员的链接几分钟内有效"
        ),
        "invitation_hours" => said!("hours for which an invitation holds", "设置密码的链接几小时内有效"),
        "ocr_engine" => said!(
            "what runs the networks that read pages: auto, onnxruntime or openvino",
            "识别所用的运行库：auto（按处理器选）、onnxruntime 或 openvino"
        ),
        "workers" => said!("processes that read, one core each", "识别进程数，每个占一个处理器核心"),
        "page_seconds" => said!("seconds that decoding a page may take", "一页解码最多几秒"),
        "page_image_cache_mb" => said!("megabytes for page images", "页面图像缓存最多几 MB"),
        "log" => said!("what is logged", "记哪些日志"),
        "fonts" => said!("folders of fonts for printing", "打印用字体的文件夹"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A setting that is new is explained too.
    #[test]
    fn every_setting_is_explained() -> Result<()> {
        let options = crate::command_line::Options {
            data: Some("/tmp/x".into()),
            ..crate::command_line::Options::default()
        };
        let settings = Settings::read(&options)?;
        let text = explained(&toml::to_string(&shown(&settings))?);
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2) {
            let is_setting = pair[1].contains(" = ");
            assert!(
                !is_setting || pair[0].starts_with("# "),
                "{} stands without a word",
                pair[1]
            );
        }
        let written: toml::Table = toml::from_str(&text)?;
        assert!(written.len() > 10, "{text}");
        Ok(())
    }
}
