//! `dossier completions` and `dossier man`: the words of the command line for shells and for `man`.

use crate::{
    help::with_words_of_clap,
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
    print(&with_words_of_clap(&String::from_utf8_lossy(&text)))?;
    Ok(Ending::Fine)
}

fn pages(command: Command, folder: &Path) -> std::io::Result<()> {
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        pages(inner.clone(), folder)?;
    }
    let page = clap_mangen::Man::new(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    let text = with_words_of_clap(&String::from_utf8_lossy(&text));
    std::fs::write(folder.join(page.get_filename()), text)
}

/// One page for the program and one for each of its commands.
pub fn man(folder: &Path, command: Command) -> Result<Ending> {
    let shown = folder.display();
    std::fs::create_dir_all(folder)
        .and_then(|()| {
            let mut command = command.disable_help_subcommand(true);
            command.build();
            pages(command, folder)
        })
        .with_context(|| said!("the manual cannot be written to {shown}", "手册写不到 {shown}"))?;
    print(&said!(
        "the manual is in {shown}; `man -l {shown}/dossier.1` shows it\n",
        "手册在 {shown}；用 `man -l {shown}/dossier.1` 查看\n"
    ))?;
    Ok(Ending::Fine)
}
