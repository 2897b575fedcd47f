//! `dossier settings`: what the archive knows of itself, such as its name, time zone and number patterns.

use crate::{
    heading::Heading,
    house::House,
    language::{language, said},
    output::{Ending, complain, print, print_json, print_table},
    problem::{self, misused},
    settings::Settings,
};
use anyhow::{Context, Result};
use api_types::settings::{SettingFaultJson, SettingsJson, TrialJson};
use clap::Subcommand;
use records::settings::{ArchiveSettings, SettingFault, SettingName, checked_together};
use std::path::Path;
use vocabulary::Language;
use web::{
    screens::settings::{fault_text, label},
    text::Text,
};

#[derive(Subcommand)]
pub enum SettingsCommand {
    /// All settings with their values
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// The value of one setting
    Get {
        /// Name of the setting, as `settings list` shows it
        name: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Change settings, all at once or none: time_zone=Asia/Shanghai, own_identifiers=@FILE
    Set {
        /// NAME=VALUE; \n stands between lines, @FILE for what a file holds
        #[arg(required = true, value_name = "NAME=VALUE")]
        values: Vec<String>,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What the patterns would find in a text
    Try {
        /// The text, or @FILE
        text: String,
        /// A value to try before it is set
        #[arg(long, value_name = "NAME=VALUE")]
        with: Vec<String>,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(settings: &Settings, words: SettingsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let stored = house.archive.settings(&house.asker).await?;
    let ending = match words {
        SettingsCommand::List { json } => list(&stored, json)?,
        SettingsCommand::Get { name, json } => get(&stored, &name, json)?,
        SettingsCommand::Set { values, json } => set(&house, &stored, &values, json).await?,
        SettingsCommand::Try { text, with, json } => attempt(&stored, &text, &with, json)?,
    };
    house.close().await;
    Ok(ending)
}

fn list(stored: &ArchiveSettings, json: bool) -> Result<Ending> {
    if json {
        print_json(&SettingsJson::of(stored))?;
        return Ok(Ending::Fine);
    }
    let rows: Vec<_> = SettingName::ALL
        .into_iter()
        .map(|name| {
            let value = stored.value(name);
            let is_own = if value == name.default_value() { "" } else { "*" };
            let meaning = label(Text(language()), name);
            vec![
                name.as_str().to_owned(),
                meaning,
                is_own.to_owned(),
                value.replace('\n', "; "),
            ]
        })
        .collect();
    print_table(
        &[Heading::Name, Heading::Meaning, Heading::Changed, Heading::Value],
        &rows,
    )?;
    Ok(Ending::Fine)
}

fn get(stored: &ArchiveSettings, name: &str, json: bool) -> Result<Ending> {
    let name = named(name)?;
    if json {
        let all = SettingsJson::of(stored).settings;
        print_json(&all.into_iter().find(|setting| setting.name == name.as_str()))?;
    } else {
        print(&format!("{}\n", stored.value(name)))?;
    }
    Ok(Ending::Fine)
}

async fn set(house: &House, stored: &ArchiveSettings, values: &[String], json: bool) -> Result<Ending> {
    let changes = pairs(values)?;
    if let Err(faults) = checked_together(stored, &changes) {
        return refused(&faults, json);
    }
    let changed = house.archive.settings_change(&house.asker, &changes, None).await?;
    if json {
        print_json(&SettingsJson::of(&changed))?;
    } else {
        let names: Vec<_> = changes.iter().map(|(name, _)| name.as_str()).collect();
        let what = match changed.version == stored.version {
            true => said!("as it was", "与原来相同"),
            false => said!("set", "已设置"),
        };
        print(&format!("{}: {what}\n", names.join(", ")))?;
    }
    Ok(Ending::Fine)
}

fn attempt(stored: &ArchiveSettings, text: &str, with: &[String], json: bool) -> Result<Ending> {
    let text = match text.strip_prefix('@') {
        Some(file) => read(Path::new(file))?,
        None => text.to_owned(),
    };
    let tried = match stored.with(&pairs(with)?) {
        Ok(tried) => tried,
        Err(faults) => return refused(&faults, json),
    };
    let trial = TrialJson::of(&tried, &text);
    if json {
        print_json(&trial)?;
    } else if trial.hits.is_empty() {
        print(&said!("nothing is found in this text\n", "这段文字里没有找到什么\n"))?;
    } else {
        let rows: Vec<_> = trial.hits.into_iter().map(|hit| vec![hit.setting, hit.text]).collect();
        print_table(&[Heading::FoundBy, Heading::Text], &rows)?;
    }
    Ok(Ending::Fine)
}

fn named(name: &str) -> Result<SettingName> {
    SettingName::parse(name).map_err(|_| {
        problem::refused(
            "not_found",
            said!("there is no setting `{name}`", "没有设置“{name}”"),
            said!(
                "`dossier settings list` names all settings",
                "`dossier settings list` 列出全部设置"
            ),
        )
    })
}

/// `NAME=VALUE`, where `@FILE` as value stands for what the file holds.
fn pairs(words: &[String]) -> Result<Vec<(SettingName, String)>> {
    let mut changes = Vec::new();
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(misused(
                said!("`{word}` is not NAME=VALUE", "“{word}”不是 名称=值"),
                said!(
                    "`dossier settings list` names all settings",
                    "`dossier settings list` 列出全部设置"
                ),
            ));
        };
        let name = named(name)?;
        let value = match value.strip_prefix('@') {
            Some(file) => read(Path::new(file))?,
            None => value.replace("\\n", "\n"),
        };
        changes.push((name, value));
    }
    Ok(changes)
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| said!("{} cannot be read", "{} 读不了", file.display()))
}

fn refused(faults: &[SettingFault], json: bool) -> Result<Ending> {
    if json {
        let faults: Vec<_> = faults.iter().map(SettingFaultJson::of).collect();
        print_json(&serde_json::json!({ "faults": faults }))?;
    } else {
        for fault in faults {
            let because = match language() {
                Language::English => fault.because.to_string(),
                Language::Chinese => fault_text(Text(Language::Chinese), &fault.because),
            };
            complain(&format!("{}: {because}", fault.name.as_str()));
        }
        complain(&said!("nothing was changed", "没有改动"));
    }
    Ok(Ending::InputRejected)
}
