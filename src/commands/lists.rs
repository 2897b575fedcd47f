//! `dossier kinds` and `dossier checklists`: lists that people keep as a file and import again.

use crate::{
    command_line::Listed,
    commands::import::{self, ImportArgs},
    heading::Heading,
    house::House,
    language::{language, said},
    listed::word,
    output::{Ending, print, print_json, print_table, say_shown, told},
    settings::Settings,
};
use anyhow::{Context, Result};
use api_types::{
    list::ListJson,
    lists::{ChecklistJson, KindJson},
};
use clap::Subcommand;
use records::{
    imports::Register,
    kinds::{Checklist, DocumentKind, checklist_table, table},
};
use std::path::{Path, PathBuf};
use vocabulary::{CustomerKind, KindGroup, Language};

#[derive(Subcommand)]
pub enum KindsCommand {
    /// All kinds in the order of lists
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Write all kinds as tab-separated text, to a file or to the terminal
    Export {
        /// The file; the terminal where it is left out
        file: Option<PathBuf>,
    },
    /// Add and change kinds from a table: code,group,name_zh,name_en,title_patterns,content_patterns,flags,...
    Import(ImportArgs),
    /// Take a kind away that nothing uses; one in use is retired by `active` = 0 in a table
    Delete {
        /// Code of the kind
        code: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
pub enum ChecklistsCommand {
    /// All checklists with the kinds that they ask for
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Write all checklists as tab-separated text, to a file or to the terminal
    Export {
        /// The file; the terminal where it is left out
        file: Option<PathBuf>,
    },
    /// Add and change checklists from a table: code,name_zh,name_en,customer_kind,kinds,position,active
    Import(ImportArgs),
    /// Take a checklist away against which no dossier is held; others are retired by `active` = 0 in a table
    Delete {
        /// Code of the checklist
        code: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

pub async fn kinds(settings: &Settings, words: KindsCommand) -> Result<Ending> {
    let house = match &words {
        KindsCommand::Import(words) => import::house(settings, words).await?,
        _ => House::open(settings).await?,
    };
    let ending = match words {
        KindsCommand::List { listed, json } => {
            let kinds = house.archive.kinds(&house.asker).await?;
            let versions = house.archive.kind_versions(&house.asker).await?;
            let shown = |kind: &DocumentKind| KindJson::of(kind, versions.get(&kind.code).copied().unwrap_or(0));
            tell_kinds(listed.part(kinds.all().iter().collect(), shown)?, json)?
        }
        KindsCommand::Export { file } => {
            let kinds = house.archive.kinds(&house.asker).await?;
            export(
                file.as_deref(),
                &table::written(kinds.all()),
                kinds.all().len(),
                Register::Kinds.as_str(),
            )?
        }
        KindsCommand::Import(words) => import::run(settings, &house, Register::Kinds, &words).await?,
        KindsCommand::Delete { code, json } => {
            house.archive.kind_delete(&house.asker, &code).await?;
            let text = said!("kind {code} deleted\n", "已删除文件类型 {code}\n");
            told(json, "code", &code, &text)?
        }
    };
    house.close().await;
    Ok(ending)
}

pub async fn checklists(settings: &Settings, words: ChecklistsCommand) -> Result<Ending> {
    let house = match &words {
        ChecklistsCommand::Import(words) => import::house(settings, words).await?,
        _ => House::open(settings).await?,
    };
    let ending = match words {
        ChecklistsCommand::List { listed, json } => {
            let lists = house.archive.checklists(&house.asker).await?;
            let versions = house.archive.checklist_versions(&house.asker).await?;
            let shown = |list: &Checklist| ChecklistJson::of(list, versions.get(&list.code).copied().unwrap_or(0));
            tell_checklists(listed.part(lists.all().iter().collect(), shown)?, json)?
        }
        ChecklistsCommand::Export { file } => {
            let lists = house.archive.checklists(&house.asker).await?;
            let text = checklist_table::written(lists.all());
            export(file.as_deref(), &text, lists.all().len(), Register::Checklists.as_str())?
        }
        ChecklistsCommand::Import(words) => import::run(settings, &house, Register::Checklists, &words).await?,
        ChecklistsCommand::Delete { code, json } => {
            house.archive.checklist_delete(&house.asker, &code).await?;
            let text = said!("checklist {code} deleted\n", "已删除清单 {code}\n");
            told(json, "code", &code, &text)?
        }
    };
    house.close().await;
    Ok(ending)
}

fn tell_kinds(kinds: ListJson<KindJson>, json: bool) -> Result<Ending> {
    if json {
        print_json(&kinds)?;
        return Ok(Ending::Fine);
    }
    let row = |kind: &KindJson| {
        let name = match language() {
            Language::Chinese => &kind.name_zh,
            Language::English => &kind.name_en,
        };
        vec![
            kind.code.clone(),
            name.clone(),
            word::<KindGroup>(&kind.group),
            retired(kind.active),
        ]
    };
    let header = [Heading::Code, Heading::Name, Heading::Group, Heading::State];
    print_table(&header, &kinds.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&kinds);
    Ok(Ending::Fine)
}

fn tell_checklists(lists: ListJson<ChecklistJson>, json: bool) -> Result<Ending> {
    if json {
        print_json(&lists)?;
        return Ok(Ending::Fine);
    }
    let row = |list: &ChecklistJson| {
        vec![
            list.code.clone(),
            match language() {
                Language::Chinese => list.name_zh.clone(),
                Language::English => list.name_en.clone(),
            },
            word::<CustomerKind>(&list.customer_kind),
            list.kinds.join(";"),
            retired(list.active),
        ]
    };
    let header = [
        Heading::Code,
        Heading::Name,
        Heading::Customers,
        Heading::Kinds,
        Heading::State,
    ];
    print_table(&header, &lists.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&lists);
    Ok(Ending::Fine)
}

fn retired(active: bool) -> String {
    match active {
        true => String::new(),
        false => said!("retired", "已停用"),
    }
}

fn export(file: Option<&Path>, text: &str, count: usize, what: &str) -> Result<Ending> {
    match file {
        Some(file) => {
            std::fs::write(file, text).with_context(|| said!("{} cannot be written", "{} 写不了", file.display()))?;
            print(&said!(
                "{count} {what} written to {}\n",
                "{count} 条（{what}）已写入 {}\n",
                file.display()
            ))?;
        }
        None => print(text)?,
    }
    Ok(Ending::Fine)
}
