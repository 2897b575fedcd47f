//! What every command takes: options that may also stand in `dossier.toml` or in the environment. The words of a command
//! stand beside what it does, in `commands/`.

use crate::{language::said, listen::ListenAddress, problem::misused};
use anyhow::Result;
use api_types::list::ListJson;
use clap::{ArgAction, Args};
use std::{path::PathBuf, str::FromStr};

/// Options that every command takes. Each may also stand in `dossier.toml`; the environment wins over the file and
/// the command line over both.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings of the program")]
pub struct Options {
    /// Folder of the archive: database, vault, index, cache (DOSSIER_DATA)
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `sqlite` (in the data folder) or postgres://USER:PASSWORD@HOST/NAME (DOSSIER_DATABASE)
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// Folder of the engines (libpdfium, ONNX runtime, OCR models) (DOSSIER_ENGINES)
    #[arg(long, global = true, value_name = "DIR")]
    pub engines: Option<PathBuf>,
    /// Where people reach the archive, such as `https://archive.example.com`; one-time links begin with it
    /// (DOSSIER_PUBLIC_URL)
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// Settings file (DOSSIER_CONFIG); `dossier config` says where it is looked for
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log, such as `info` or `ingest=debug,warn` (DOSSIER_LOG)
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// Log what is done (-v) and every step of it (-vv)
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "log")]
    pub verbose: u8,
    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Seconds after which a page that is still being decoded counts as failed
    #[arg(long, global = true, value_name = "N", hide = true)]
    pub page_seconds: Option<u64>,
    /// Take the instant (RFC 3339) in this file for now, read each time
    #[cfg(feature = "test-clock")]
    #[arg(long, global = true, value_name = "FILE", hide = true)]
    pub clock_file: Option<PathBuf>,
}

/// Where to serve, and how it is protected.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Serving")]
pub struct Serving {
    /// Address to serve at: 127.0.0.1:7878, localhost:7878 or a port alone (DOSSIER_LISTEN)
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<ListenAddress>,
    /// Certificate chain (PEM) for HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) for HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front of the program does HTTPS and sets X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,
}

/// How much of a list is shown.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How much of the list")]
pub struct Shown {
    /// Show at most so many rows
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = rows)]
    pub limit: usize,
    /// Show every row
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

impl Shown {
    /// Rows that are shown at most.
    pub fn most(&self) -> usize {
        if self.all { usize::MAX } else { self.limit }
    }
}

/// Which part of a list is shown.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How much of the list")]
pub struct Listed {
    #[command(flatten)]
    pub shown: Shown,
    /// Go on after the part that was shown: `next`, as --json prints it
    #[arg(long, value_name = "NEXT", default_value = "", hide_default_value = true)]
    pub after: String,
}

impl Listed {
    /// Rows that are shown at most.
    pub fn most(&self) -> usize {
        self.shown.most()
    }

    /// The mark after which a list goes on; none for its beginning.
    pub fn mark<M: FromStr>(&self) -> Result<Option<M>> {
        match self.after.as_str() {
            "" => Ok(None),
            after => after.parse().map(Some).map_err(|_| {
                misused(
                    said!("no list goes on after `{after}`", "没有列表可以从“{after}”之后接着列"),
                    said!("write what `next` of --json said", "请写 --json 中 `next` 的值"),
                )
            }),
        }
    }

    /// The part of a list that was read whole.
    pub fn part<R, T>(&self, rows: Vec<R>, shape: impl FnMut(R) -> T) -> Result<ListJson<T>> {
        Ok(ListJson::part(rows, self.mark()?.unwrap_or(0), self.most(), shape))
    }
}

fn rows(text: &str) -> std::result::Result<usize, String> {
    match text.parse() {
        Ok(rows) if rows > 0 => Ok(rows),
        _ => Err(said!("write a number from 1 on, or --all", "请写 1 以上的数，或 --all")),
    }
}
