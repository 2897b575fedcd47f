//! `dossier completions` and `dossier man`: the words of the command line for shells and for `man`.

use crate::{
    language::said,
    output::{Ending, print},
};
use anyhow::{Context, Result};
use clap::Command;
use clap_complete::{Shell, generate};
use std::path::Path;

pub fn completions(shell: Shell, command: &mut Command) -> Result<Ending> {
    let mut text = Vec::new();
    generate(shell, command, "dossier", &mut text);
    print(&String::from_utf8_lossy(&text))?;
    Ok(Ending::Fine)
}

/// One page for the program and one for each of its commands.
pub fn man(folder: &Path, command: Command) -> Result<Ending> {
    let shown = folder.display();
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .with_context(|| said!("the manual cannot be written to {shown}", "手册写不到 {shown}"))?;
    print(&said!(
        "the manual is in {shown}; `man -l {shown}/dossier.1` shows it\n",
        "手册在 {shown}；用 `man -l {shown}/dossier.1` 查看\n"
    ))?;
    Ok(Ending::Fine)
}
