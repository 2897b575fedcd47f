//! `dossier doctor`: engines, paths, database and index, each with what to do when it is not well.

use super::{ingest, setup};
use crate::{
    full_text,
    house::House,
    language::{language, said},
    output::{Ending, print, print_json},
    problem::Problem,
    settings::Settings,
    translated::in_words,
};
use ::print::Fonts;
use anyhow::{Result, bail};
use reading::engines::{Engines, Runtime, RuntimeChoice};
use vocabulary::width::padded;

#[derive(serde::Serialize)]
struct DoctorReport {
    ok: bool,
    checks: Vec<Check>,
}

#[derive(serde::Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

impl Check {
    fn new(name: &'static str, outcome: Result<String>) -> Self {
        match outcome {
            Ok(detail) => Self { name, ok: true, detail },
            Err(cause) => Self {
                name,
                ok: false,
                detail: Problem::of(&cause).text(),
            },
        }
    }
}

pub async fn run(settings: &Settings, json: bool) -> Result<Ending> {
    let mut checks = vec![
        Check::new("engines", engines(settings)),
        Check::new("networks", networks(settings).await),
        Check::new("free_space", free_space(settings)),
    ];
    match House::open(settings).await {
        Err(cause) => checks.push(Check::new("record", Err(cause))),
        Ok(house) => {
            let identity = house.system.identity();
            checks.push(Check::new(
                "record",
                Ok(said!(
                    "{} archive {} at {}",
                    "{} 档案室 {}，位于 {}",
                    house.system.dialect_name(),
                    identity.archive_id,
                    settings.database_shown()
                )),
            ));
            checks.push(Check::new(
                "vault",
                Ok(house.system.vault().root().display().to_string()),
            ));
            checks.push(Check::new("full_text", full_text_state(settings, &house).await));
            checks.push(Check::new("fonts", Ok(fonts(settings))));
            house.close().await;
        }
    }
    let report = DoctorReport {
        ok: checks.iter().all(|check| check.ok),
        checks,
    };
    if json {
        print_json(&report)?;
    } else {
        let lines = report.checks.iter().map(|check| {
            let (verdict, name) = (verdict(check.ok), padded(&shown(check.name), 12));
            format!("{verdict} {name}{}\n", check.detail)
        });
        print(&lines.collect::<String>())?;
    }
    Ok(if report.ok { Ending::Fine } else { Ending::ProblemFound })
}

fn engines(settings: &Settings) -> Result<String> {
    let engines = Engines::locate(&settings.engines)?;
    engines.verify()?;
    let versions: Vec<_> = reading::engines::versions()
        .into_iter()
        .map(|(file, version, _)| format!("{file} {version}"))
        .collect();
    Ok(format!("{}: {}", engines.folder().display(), versions.join(", ")))
}

async fn networks(settings: &Settings) -> Result<String> {
    let engines = Engines::locate(&settings.engines)?;
    let mut lines = vec![runtime(settings, &engines).await?];
    lines.extend(setup::tiny_weights(&engines)?);
    Ok(lines.join(&said!("; ", "；")))
}

/// What runs the networks here, and why. A read worker is started for it: what is there may not run on this machine.
async fn runtime(settings: &Settings, engines: &Engines) -> Result<String> {
    let runtime = engines.runtime(settings.ocr_engine)?.version();
    if let Some(cause) = ingest::pool(settings, 1)?.read_instead().await? {
        let other = Runtime::OnnxRuntime.version();
        let cause = cause.text(language());
        return Ok(said!(
            "run by {other}, because {cause}",
            "由 {other} 运行，因为 {cause}"
        ));
    }
    Ok(match settings.ocr_engine {
        RuntimeChoice::Auto if engines.lacks_faster_runtime() => said!(
            "run by {runtime}; this processor reads about twice as fast with OpenVINO, which `dossier setup` brings",
            "由 {runtime} 运行；这台处理器用 OpenVINO 大约快一倍，运行 `dossier setup` 取来"
        ),
        RuntimeChoice::Auto => said!(
            "run by {runtime}, chosen by the processor",
            "由 {runtime} 运行（按处理器选定）"
        ),
        _ => said!(
            "run by {runtime} (`ocr_engine`)",
            "由 {runtime} 运行（`ocr_engine` 设定）"
        ),
    })
}

/// Below this an ingest pauses.
const FREE_BYTES_MIN: u64 = 2 << 30;

fn free_space(settings: &Settings) -> Result<String> {
    let existing = settings
        .data
        .ancestors()
        .find(|path| path.exists())
        .unwrap_or(&settings.data);
    let stat = rustix::fs::statvfs(existing)?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    if free < FREE_BYTES_MIN {
        bail!(said!(
            "{} has {} MB left; ingest needs 2048 MB",
            "{} 只剩 {} MB；收件需要 2048 MB",
            existing.display(),
            free >> 20
        ));
    }
    Ok(said!(
        "{} MB free at {}",
        "剩余 {} MB，位于 {}",
        free >> 20,
        existing.display()
    ))
}

async fn full_text_state(settings: &Settings, house: &House) -> Result<String> {
    let full_text = full_text::open(settings, house).await?;
    let status = full_text.status();
    let head = house.system.change_log_head().await?;
    let Some(generation) = &status.generation else {
        return Ok(said!(
            "none yet; the first search or `dossier serve` builds it",
            "还没有建立；第一次检索或 `dossier serve` 会建立它"
        ));
    };
    Ok(said!(
        "generation {generation}, {} pages, {} dossiers, at {}.{} of {}.{}",
        "第 {generation} 代，{} 页，{} 户档案，读到 {}.{}，共 {}.{}",
        status.pages,
        status.dossiers,
        status.position.xid,
        status.position.seq,
        head.xid,
        head.seq
    ))
}

/// Only printing needs a font, so a machine without one is well; it is said all the same.
fn fonts(settings: &Settings) -> String {
    match Fonts::in_folders(&settings.fonts).covering("档案 A1") {
        Ok(typeface) => typeface.names().join(", "),
        Err(cause) => said!("labels cannot be printed: {}", "标签打印不了：{}", in_words(&cause)),
    }
}

/// What a check is of, for people.
fn shown(name: &str) -> String {
    match name {
        "engines" => said!("engines", "识别引擎"),
        "networks" => said!("networks", "识别模型"),
        "free_space" => said!("free space", "磁盘空间"),
        "record" => said!("record", "记录"),
        "vault" => said!("vault", "扫描件"),
        "full_text" => said!("full text", "全文"),
        "fonts" => said!("fonts", "字体"),
        other => other.to_owned(),
    }
}

/// Six cells wide in either language.
fn verdict(ok: bool) -> String {
    match ok {
        true => said!("ok   ", "正常 "),
        false => said!("WRONG", "有错 "),
    }
}
