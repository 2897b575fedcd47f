//! `dossier kinds`: the list of document kinds as a file that people edit.

use crate::{
    command_line::Kinds,
    commands::import::{on_bad_line, read_table, tell},
    house::House,
    output::{Ending, print},
    settings::Settings,
};
use anyhow::{Context, Result};
use records::kinds::table;

pub async fn run(settings: &Settings, words: Kinds) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        Kinds::Export { file } => {
            let kinds = house.archive.kinds(&house.asker).await?;
            let text = table::written(kinds.all());
            match file {
                Some(file) => {
                    std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
                    print(&format!("{} kinds written to {}\n", kinds.all().len(), file.display()))?;
                }
                None => print(&text)?,
            }
            Ending::Fine
        }
        Kinds::Import(words) => {
            let (table, _) = read_table(&words.file, table::KIND_COLUMNS)?;
            let on_bad_line = on_bad_line(words.skip_bad_lines);
            let report = house.archive.kinds_import(&house.asker, &table, on_bad_line).await?;
            tell("kinds", report, words.json)?
        }
    };
    house.close().await;
    Ok(ending)
}
