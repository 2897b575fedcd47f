//! `dossier kinds` and `dossier checklists`: lists that people keep as a file and import again.

use crate::{
    commands::import::{on_bad_line, read_table},
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::{Context, Result};
use api_types::lists::{ChecklistJson, KindJson, PlanJson};
use clap::{Args, Subcommand};
use records::kinds::{ListPlan, checklist_table, table};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub enum KindsCommand {
    /// All kinds in the order of lists
    List {
        #[arg(long)]
        json: bool,
    },
    /// Write all kinds as tab-separated text, to a file or to the terminal
    Export { file: Option<PathBuf> },
    /// Add and change kinds from a table: code,group,name_zh,name_en,title_patterns,content_patterns,flags,...
    Import(ListImport),
    /// Take a kind away that nothing uses; one in use is retired by `active` = 0 in a table
    Delete { code: String },
}

#[derive(Subcommand)]
pub enum ChecklistsCommand {
    /// All checklists with the kinds that they ask for
    List {
        #[arg(long)]
        json: bool,
    },
    /// Write all checklists as tab-separated text, to a file or to the terminal
    Export { file: Option<PathBuf> },
    /// Add and change checklists from a table: code,name_zh,name_en,customer_kind,kinds,position,active
    Import(ListImport),
    /// Take a checklist away against which no dossier is held; others are retired by `active` = 0 in a table
    Delete { code: String },
}

#[derive(Args)]
pub struct ListImport {
    /// CSV, TSV or XLSX, UTF-8 or GB18030
    pub file: PathBuf,
    /// Show each change before and after, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Import the good lines even when others cannot be used
    #[arg(long)]
    pub skip_bad_lines: bool,
    #[arg(long)]
    pub json: bool,
}

pub async fn kinds(settings: &Settings, words: KindsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        KindsCommand::List { json } => {
            let kinds = house.archive.kinds(&house.asker).await?;
            let shown: Vec<_> = kinds.all().iter().map(KindJson::of).collect();
            match json {
                true => print_json(&shown)?,
                false => {
                    let row = |kind: KindJson| vec![kind.code, kind.name_zh, kind.name_en, retired(kind.active)];
                    let rows: Vec<_> = shown.into_iter().map(row).collect();
                    print_table(&["code", "Chinese", "English", "state"], &rows)?;
                }
            }
            Ending::Fine
        }
        KindsCommand::Export { file } => {
            let kinds = house.archive.kinds(&house.asker).await?;
            export(
                file.as_deref(),
                &table::written(kinds.all()),
                kinds.all().len(),
                "kinds",
            )?
        }
        KindsCommand::Import(words) => {
            let (table, _) = read_table(&words.file, table::KIND_COLUMNS)?;
            let plan = match words.dry_run {
                true => house.archive.kinds_plan(&house.asker, &table).await?,
                false => {
                    let on_bad_line = on_bad_line(words.skip_bad_lines);
                    house.archive.kinds_import(&house.asker, &table, on_bad_line).await?
                }
            };
            tell("kinds", &plan, &words)?
        }
        KindsCommand::Delete { code } => {
            house.archive.kind_delete(&house.asker, &code).await?;
            print(&format!("kind {code} deleted\n"))?;
            Ending::Fine
        }
    };
    house.close().await;
    Ok(ending)
}

pub async fn checklists(settings: &Settings, words: ChecklistsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        ChecklistsCommand::List { json } => {
            let lists = house.archive.checklists(&house.asker).await?;
            let shown: Vec<_> = lists.all().iter().map(ChecklistJson::of).collect();
            match json {
                true => print_json(&shown)?,
                false => {
                    let row = |list: ChecklistJson| {
                        let kinds = list.kinds.join(";");
                        vec![list.code, list.name_zh, list.customer_kind, kinds, retired(list.active)]
                    };
                    let rows: Vec<_> = shown.into_iter().map(row).collect();
                    print_table(&["code", "name", "customers", "kinds", "state"], &rows)?;
                }
            }
            Ending::Fine
        }
        ChecklistsCommand::Export { file } => {
            let lists = house.archive.checklists(&house.asker).await?;
            let text = checklist_table::written(lists.all());
            export(file.as_deref(), &text, lists.all().len(), "checklists")?
        }
        ChecklistsCommand::Import(words) => {
            let (table, _) = read_table(&words.file, checklist_table::CHECKLIST_COLUMNS)?;
            let plan = match words.dry_run {
                true => house.archive.checklists_plan(&house.asker, &table).await?,
                false => {
                    let on_bad_line = on_bad_line(words.skip_bad_lines);
                    house
                        .archive
                        .checklists_import(&house.asker, &table, on_bad_line)
                        .await?
                }
            };
            tell("checklists", &plan, &words)?
        }
        ChecklistsCommand::Delete { code } => {
            house.archive.checklist_delete(&house.asker, &code).await?;
            print(&format!("checklist {code} deleted\n"))?;
            Ending::Fine
        }
    };
    house.close().await;
    Ok(ending)
}

fn retired(active: bool) -> String {
    if active { "" } else { "retired" }.to_owned()
}

fn export(file: Option<&Path>, text: &str, count: usize, what: &str) -> Result<Ending> {
    match file {
        Some(file) => {
            std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
            print(&format!("{count} {what} written to {}\n", file.display()))?;
        }
        None => print(text)?,
    }
    Ok(Ending::Fine)
}

fn tell(what: &str, plan: &ListPlan, words: &ListImport) -> Result<Ending> {
    let refused = !plan.faults.is_empty() && !words.skip_bad_lines;
    if words.json {
        print_json(&PlanJson::of(plan, words.dry_run, refused))?;
    } else {
        let mut text = String::new();
        for fault in &plan.faults {
            let (line, fault) = (fault.line, &fault.fault);
            text.push_str(&format!(
                "line {line}: {} `{}`: {}\n",
                fault.column, fault.value, fault.because
            ));
        }
        if words.dry_run {
            for change in &plan.changes {
                let added = if change.added { " (new)" } else { "" };
                text.push_str(&format!("line {}: {}{added}\n", change.line, change.code));
                for cell in &change.cells {
                    text.push_str(&format!("    {}: `{}` -> `{}`\n", cell.column, cell.before, cell.after));
                }
            }
        }
        if !plan.unknown_columns.is_empty() {
            text.push_str(&format!("columns left out: {}\n", plan.unknown_columns.join(", ")));
        }
        let counts = format!(
            "{} lines, {} added, {} changed, {} unchanged, {} not used",
            plan.lines,
            plan.added(),
            plan.changed(),
            plan.unchanged,
            plan.faults.len()
        );
        text.push_str(&match (refused, words.dry_run) {
            (true, _) => format!(
                "nothing was imported: {} of {} lines cannot be used. Mend them, or import the others with --skip-bad-lines.\n",
                plan.faults.len(),
                plan.lines
            ),
            (false, true) => format!("{what}, only tried: {counts}\n"),
            (false, false) => format!("{what}: {counts}\n"),
        });
        print(&text)?;
    }
    Ok(if plan.faults.is_empty() {
        Ending::Fine
    } else {
        Ending::InputRejected
    })
}
