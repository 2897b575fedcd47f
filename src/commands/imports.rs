//! `dossier imports`: what was imported into the registers, and taking it back.

use crate::{
    command_line::Shown,
    heading::Heading,
    house::House,
    language::{language, said},
    output::{Ending, all_shows_more, print, print_json, print_table, say_shown},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use api_types::imports::{self as answers, ImportWithRecordsJson, ImportsJson};
use clap::Subcommand;
use records::imports::{ImportRow, UndoReport};

/// What was imported, and taking it back.
#[derive(Subcommand)]
pub enum ImportsCommand {
    /// List imports, the newest first
    List {
        /// Go on after the import with this id
        #[arg(long, value_name = "ID", default_value = "")]
        after: String,
        #[command(flatten)]
        shown: Shown,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What one import wrote: each record with its fields before and after
    Show {
        /// Id, or the name of the file where only one import had it
        import: String,
        #[command(flatten)]
        shown: Shown,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
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
        ImportsCommand::List { after, shown, json } => list(&house, &after, &shown, json).await?,
        ImportsCommand::Show { import, shown, json } => show(&house, &import, &shown, json).await?,
        ImportsCommand::Undo { import, json } => {
            let import = found(&house, &import).await?.id;
            let report = house.archive.import_undo(&house.asker, import.as_str()).await?;
            tell_undo(report, json)?
        }
    };
    house.close().await;
    Ok(ending)
}

async fn list(house: &House, after: &str, shown: &Shown, json: bool) -> Result<Ending> {
    let mut rows = house.archive.imports(&house.asker, after, usize::MAX).await?;
    let of = shown.cut(&mut rows);
    if json {
        let next = rows.last().filter(|_| of > rows.len()).map(|row| row.id.to_string());
        print_json(&ImportsJson {
            next,
            imports: rows.into_iter().map(answers::import_row).collect(),
        })?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let count = rows.len();
    let rows: Vec<_> = rows.iter().map(|row| cells(row, &zone)).collect();
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
    say_shown(count, of, &all_shows_more());
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

fn cells(row: &ImportRow, zone: &str) -> Vec<String> {
    vec![
        row.at.local(zone),
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

async fn show(house: &House, import: &str, shown: &Shown, json: bool) -> Result<Ending> {
    let row = found(house, import).await?;
    let most = shown.most();
    let mut records = house
        .archive
        .import_records(&house.asker, &row.id, 0, most.saturating_add(1))
        .await?;
    let next = (records.len() > most).then_some(most);
    records.truncate(most);
    if json {
        print_json(&ImportWithRecordsJson {
            next,
            import: answers::import_row(row),
            records: records.into_iter().map(answers::imported_record).collect(),
        })?;
        return Ok(Ending::Fine);
    }
    let (count, of) = (records.len(), row.added + row.changed);
    let mut text = format!("{}\n", cells(&row, &house.zone().await?).join("  "));
    for record in records {
        let change = record.change;
        let verb = match change.added {
            true => said!("added", "新增"),
            false => said!("changed", "修改"),
        };
        let kept = record.kept.map_or_else(String::new, |because| {
            said!("  left by the undo: {}", "  撤回时保留：{}", because.name(language()))
        });
        text.push_str(&said!(
            "line {}: {verb} {} {}{kept}\n",
            "第 {} 行：{verb} {} {}{kept}\n",
            change.line,
            change.code,
            change.name
        ));
        for field in change.fields {
            text.push_str(&format!("  {}: `{}` -> `{}`\n", field.field, field.before, field.after));
        }
    }
    print(&text)?;
    say_shown(
        count,
        usize::try_from(of).unwrap_or(count).max(count),
        &all_shows_more(),
    );
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
