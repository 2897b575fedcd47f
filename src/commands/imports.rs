//! `dossier imports`: what was imported into the registers, and taking it back.

use crate::{
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::{Result, bail};
use api_types::imports as answers;
use clap::Subcommand;
use records::imports::{ImportRow, UndoReport};

/// What was imported, and taking it back.
#[derive(Subcommand)]
pub enum ImportsCommand {
    /// List imports, the newest first
    List {
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// What one import wrote: each record with its fields before and after
    Show {
        import: String,
        #[arg(long, default_value_t = 1000)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// Take an import back: fields that nobody has changed since, and records on which nothing hangs
    Undo {
        import: String,
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(settings: &Settings, words: ImportsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        ImportsCommand::List { limit, json } => list(&house, limit, json).await?,
        ImportsCommand::Show { import, limit, json } => show(&house, &import, limit, json).await?,
        ImportsCommand::Undo { import, json } => {
            let report = house.archive.import_undo(&house.asker, &import).await?;
            tell_undo(report, json)?
        }
    };
    house.close().await;
    Ok(ending)
}

async fn list(house: &House, limit: usize, json: bool) -> Result<Ending> {
    let rows = house.archive.imports(&house.asker, "", limit).await?;
    if json {
        let rows: Vec<_> = rows.into_iter().map(answers::import_row).collect();
        print_json(&rows)?;
        return Ok(Ending::Fine);
    }
    let rows: Vec<_> = rows.iter().map(cells).collect();
    let header = [
        "at", "by", "register", "file", "lines", "added", "changed", "held", "undone", "import",
    ];
    print_table(&header, &rows)?;
    Ok(Ending::Fine)
}

fn cells(row: &ImportRow) -> Vec<String> {
    vec![
        row.at.rfc3339(),
        row.by.clone(),
        row.register.as_str().to_owned(),
        row.file_name.clone(),
        row.lines.to_string(),
        row.added.to_string(),
        row.changed.to_string(),
        row.held.to_string(),
        row.undone.as_ref().map_or_else(String::new, |(_, by)| by.clone()),
        row.id.to_string(),
    ]
}

async fn show(house: &House, import: &str, limit: usize, json: bool) -> Result<Ending> {
    let Some(row) = house.archive.import(&house.asker, import).await? else {
        bail!("there is no import `{import}`; `dossier imports list` shows all");
    };
    let records = house.archive.import_records(&house.asker, &row.id, 0, limit).await?;
    if json {
        let records: Vec<_> = records.into_iter().map(answers::imported_record).collect();
        print_json(&serde_json::json!({"import": answers::import_row(row), "records": records}))?;
        return Ok(Ending::Fine);
    }
    let mut text = format!("{}\n", cells(&row).join("  "));
    for record in records {
        let change = record.change;
        let verb = if change.added { "added" } else { "changed" };
        let kept = record.kept.map_or_else(String::new, |because| {
            format!("  left by the undo: {}", because.as_str())
        });
        text.push_str(&format!(
            "line {}: {verb} {} {}{kept}\n",
            change.line, change.code, change.name
        ));
        for field in change.fields {
            text.push_str(&format!("  {}: `{}` -> `{}`\n", field.field, field.before, field.after));
        }
    }
    print(&text)?;
    Ok(Ending::Fine)
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
        text.push_str(&format!(
            "left: {}{field}{}: {}\n",
            kept.code,
            kept.field,
            kept.because.as_str().replace('_', " ")
        ));
    }
    text.push_str(&format!(
        "{} records put back, {} removed, {} left\n",
        report.restored,
        report.removed,
        report.kept.len()
    ));
    print(&text)?;
    Ok(ending)
}
