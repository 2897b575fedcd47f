//! `dossier imports`: what was imported into the registers, and taking it back.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::{language, said},
    listed::word,
    output::{Ending, print, print_json, print_table, say_shown},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use api_types::{
    imports::{self as answers, ImportJson},
    list::ListJson,
};
use clap::Subcommand;
use records::imports::{ImportRow, ImportedRecord, UndoReport};
use vocabulary::Register;

/// What was imported, and taking it back.
#[derive(Subcommand)]
pub enum ImportsCommand {
    /// List imports, the newest first
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// What one import wrote: each record with its fields before and after
    Show {
        /// Id, or the name of the file where only one import had it
        import: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Take an import back: fields that nobody has changed since, and records on which nothing hangs
    Undo {
        /// Id, or the name of the file where only one import had it
        import: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(settings: &Settings, words: ImportsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        ImportsCommand::List { json, listed } => list(&house, &listed, json).await?,
        ImportsCommand::Show { import, json, listed } => show(&house, &import, &listed, json).await?,
        ImportsCommand::Undo { import, json } => {
            let import = found(&house, &import).await?.id;
            let report = house.archive.import_undo(&house.asker, import.as_str()).await?;
            tell_undo(report, json)?
        }
    };
    house.close().await;
    Ok(ending)
}

async fn list(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let most = listed.most();
    let rows = house
        .archive
        .imports(&house.asker, &listed.after, most.saturating_add(1))
        .await?;
    let total = house.archive.imports_total(&house.asker).await?;
    let imports = answers::imports(rows, most, total);
    if json {
        print_json(&imports)?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let rows: Vec<_> = imports.items.iter().map(|row| cells(row, &zone)).collect();
    let header = [
        Heading::At,
        Heading::By,
        Heading::Register,
        Heading::File,
        Heading::Lines,
        Heading::Added,
        Heading::Changed,
        Heading::Held,
        Heading::Undone,
        Heading::Import,
    ];
    print_table(&header, &rows)?;
    say_shown(&imports);
    Ok(Ending::Fine)
}

/// The import with this id, or the only one of a file of this name.
async fn found(house: &House, key: &str) -> Result<ImportRow> {
    if let Some(row) = house.archive.import(&house.asker, key).await? {
        return Ok(row);
    }
    let mut named = house.archive.imports(&house.asker, "", usize::MAX).await?;
    named.retain(|row| row.file_name == key);
    let count = named.len();
    match named.pop() {
        Some(row) if count == 1 => Ok(row),
        Some(_) => Err(refused(
            "ambiguous",
            said!(
                "{count} imports had a file named `{key}`",
                "有 {count} 次导入的文件名是“{key}”"
            ),
            said!(
                "take the id that `dossier imports list` shows",
                "请用 `dossier imports list` 列出的编号"
            ),
        )),
        None => Err(refused(
            "not_found",
            said!("there is no import `{key}`", "没有导入“{key}”"),
            said!("`dossier imports list` shows all", "`dossier imports list` 列出全部"),
        )),
    }
}

fn cells(row: &ImportJson, zone: &str) -> Vec<String> {
    vec![
        local(&row.at, zone),
        row.by.clone(),
        word::<Register>(&row.register),
        row.file_name.clone(),
        row.lines.to_string(),
        row.added.to_string(),
        row.changed.to_string(),
        row.held.to_string(),
        row.undone_by.clone().unwrap_or_default(),
        row.id.clone(),
    ]
}

async fn show(house: &House, import: &str, listed: &Listed, json: bool) -> Result<Ending> {
    let row = found(house, import).await?;
    let (skip, most) = (listed.mark()?.unwrap_or(0), listed.most());
    let records = house
        .archive
        .import_records(&house.asker, &row.id, skip, most.saturating_add(1))
        .await?;
    if json {
        print_json(&answers::import_with_records(row, records, skip, most))?;
        return Ok(Ending::Fine);
    }
    let (total, end) = (row.added + row.changed, skip.saturating_add(most));
    let lines = ListJson::window(records, most, total, |_| end.to_string(), record);
    let head = cells(&answers::import_row(row), &house.zone().await?).join("  ");
    print(&format!("{head}\n{}", lines.items.concat()))?;
    say_shown(&lines);
    Ok(Ending::Fine)
}

/// A record that an import wrote, with its fields before and after.
fn record(record: ImportedRecord) -> String {
    let change = record.change;
    let verb = match change.added {
        true => said!("added", "新增"),
        false => said!("changed", "修改"),
    };
    let kept = record.kept.map_or_else(String::new, |because| {
        said!("  left by the undo: {}", "  撤回时保留：{}", because.name(language()))
    });
    let mut text = said!(
        "line {}: {verb} {} {}{kept}\n",
        "第 {} 行：{verb} {} {}{kept}\n",
        change.line,
        change.code,
        change.name
    );
    for field in change.fields {
        text.push_str(&format!("  {}: `{}` -> `{}`\n", field.field, field.before, field.after));
    }
    text
}

fn tell_undo(report: UndoReport, json: bool) -> Result<Ending> {
    let ending = if report.kept.is_empty() {
        Ending::Fine
    } else {
        Ending::ProblemFound
    };
    if json {
        print_json(&answers::import_undo(report))?;
        return Ok(ending);
    }
    let mut text = String::new();
    for kept in &report.kept {
        let field = if kept.field.is_empty() { "" } else { " " };
        text.push_str(&said!(
            "left: {}{field}{}: {}\n",
            "保留：{}{field}{}：{}\n",
            kept.code,
            kept.field,
            kept.because.name(language())
        ));
    }
    text.push_str(&said!(
        "{} records put back, {} removed, {} left\n",
        "改回 {} 条，删去 {} 条，保留 {} 条\n",
        report.restored,
        report.removed,
        report.kept.len()
    ));
    print(&text)?;
    Ok(ending)
}
