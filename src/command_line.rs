//! What every command takes: options that may also stand in `dossier.toml` or in the environment. The words of a command
//! stand beside what it does, in `commands/`.

use clap::Args;
use std::{net::SocketAddr, path::PathBuf};

/// Options that every command takes. Each may also stand in `dossier.toml`; the environment wins over the file and
/// the command line over both.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Folder of the archive: database, vault, index, cache
    #[arg(long, global = true, env = "DOSSIER_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `sqlite` (in the data folder) or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        global = true,
        env = "DOSSIER_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// Folder of the engines (libpdfium, ONNX runtime, OCR models)
    #[arg(long, global = true, env = "DOSSIER_ENGINES", value_name = "DIR")]
    pub engines: Option<PathBuf>,
    /// Settings file
    #[arg(long, global = true, env = "DOSSIER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log, such as `info` or `ingest=debug,warn`
    #[arg(long, global = true, env = "DOSSIER_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Where people reach the archive, such as `https://archive.example.com`; one-time links begin with it
    #[arg(long, global = true, env = "DOSSIER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Seconds after which a page that is still being decoded counts as failed
    #[arg(long, global = true, env = "DOSSIER_PAGE_SECONDS", value_name = "N", hide = true)]
    pub page_seconds: Option<u64>,
}

#[derive(Args, Clone, Debug, Default)]
pub struct Serving {
    /// Address to serve at
    #[arg(long, env = "DOSSIER_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
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
