//! `dossier history`: which field of which record was what before and after, by whom, when and why.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    output::{Ending, print, print_json, print_table, say_shown},
    problem::misused,
    settings::Settings,
    table_file,
};
use anyhow::Result;
use api_types::{history::HistoryRowJson, list::ListJson};
use clap::Args;
use records::history::{HistoryFilter, HistoryKey, HistoryLine};
use services::history::HistoryAsked;
use std::path::{Path, PathBuf};
use vocabulary::Language;
use web::{screens::history::words, text::Text};

#[derive(Args, Clone, Debug)]
pub struct HistoryArgs {
    /// A record by code, number or id, such as KH-0001 or customer:KH-0001; without it the whole ledger
    pub object: Option<String>,
    /// Only this field, as --json names it
    #[arg(long, value_name = "FIELD", default_value = "")]
    pub field: String,
    /// Only changes of this person
    #[arg(long, value_name = "PERSON", default_value = "")]
    pub person: String,
    /// Only from this day, month or year on
    #[arg(long, value_name = "DAY", default_value = "")]
    pub from: String,
    /// Only until the end of this day, month or year
    #[arg(long, value_name = "DAY", default_value = "")]
    pub to: String,
    /// Only what became true together with this change
    #[arg(long, value_name = "CHANGE", default_value = "")]
    pub change: String,
    /// Write the ledger to this file; its name ends in .csv, .xlsx or .pdf
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub out: Option<PathBuf>,
    /// Language of that file: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = table_file::language)]
    pub language: Language,
    /// Give the field of the row with this key its former value again
    #[arg(id = "former_value", long = "put-back", value_name = "KEY", conflicts_with_all = ["object", "out"])]
    pub put_back: Option<String>,
    /// Why the former value is put back
    #[arg(long, default_value = "", requires = "former_value")]
    pub why: String,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub listed: Listed,
}

pub async fn run(settings: &Settings, words: HistoryArgs) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match &words.put_back {
        Some(key) => put_back(&house, key, &words.why).await?,
        None => list(&house, settings, words).await?,
    };
    house.close().await;
    Ok(ending)
}

async fn put_back(house: &House, key: &str, why: &str) -> Result<Ending> {
    let Some(key) = HistoryKey::parse(key) else {
        return Err(misused(
            said!("`{key}` is no key of a row", "“{key}”不是台账行的编号"),
            said!(
                "take it as `dossier history --json` prints it",
                "请用 `dossier history --json` 列出的编号"
            ),
        ));
    };
    house.archive.history_put_back(&house.asker, key, why).await?;
    print(&said!("the former value stands there again\n", "已改回原值\n"))?;
    Ok(Ending::Fine)
}

async fn list(house: &House, settings: &Settings, words: HistoryArgs) -> Result<Ending> {
    let asked = HistoryAsked {
        object: words.object.unwrap_or_default(),
        field: words.field,
        person: words.person,
        from: words.from,
        to: words.to,
        change: words.change,
        before: words.listed.after.clone(),
    };
    let most = words.listed.most();
    let filter = services::history::filter(&house.archive, None, &house.asker, &asked, most.saturating_add(1)).await?;
    let lines = read(house, &filter).await?;
    let total = house.archive.history_total(&house.asker, &filter).await?;
    match &words.out {
        Some(file) => {
            let (lines, _) = api_types::window(lines, most);
            write(house, settings, &filter, &lines, Text(words.language), file).await
        }
        None => {
            let ledger = api_types::history::history(lines, most, total);
            if words.json {
                print_json(&ledger)?;
                return Ok(Ending::Fine);
            }
            tell(house, &ledger).await
        }
    }
}

/// Lines of the history up to the limit of the filter, read one window after the other.
async fn read(house: &House, filter: &HistoryFilter) -> Result<Vec<HistoryLine>> {
    let mut lines = house.archive.history(&house.asker, filter).await?;
    let mut came = lines.len();
    while came > 0 && lines.len() < filter.limit {
        let next = HistoryFilter {
            before: lines.last().map(|line| line.key),
            limit: filter.limit - lines.len(),
            ..filter.clone()
        };
        let more = house.archive.history(&house.asker, &next).await?;
        came = more.len();
        lines.extend(more);
    }
    Ok(lines)
}

async fn tell(house: &House, ledger: &ListJson<HistoryRowJson>) -> Result<Ending> {
    let zone = house.zone().await?;
    let row = |line: &HistoryRowJson| {
        vec![
            local(&line.at, &zone),
            line.by.clone(),
            line.object.clone(),
            line.field.clone(),
            line.before.clone().unwrap_or_default(),
            line.after.clone().unwrap_or_default(),
            line.why.clone(),
            line.authority.clone(),
        ]
    };
    let header = [
        Heading::At,
        Heading::By,
        Heading::Object,
        Heading::Field,
        Heading::Before,
        Heading::After,
        Heading::Why,
        Heading::Authority,
    ];
    print_table(&header, &ledger.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(ledger);
    Ok(Ending::Fine)
}

/// Writes the ledger as a file; its ending says in which form.
async fn write(
    house: &House,
    settings: &Settings,
    filter: &HistoryFilter,
    lines: &[HistoryLine],
    t: Text,
    file: &Path,
) -> Result<Ending> {
    let archive_settings = house.archive.settings(&house.asker).await?;
    let kinds = house.archive.kinds(&house.asker).await?;
    let words = words::of_table(t, &kinds, &archive_settings, &filter.object);
    let made_at = house.system.environment().now();
    let table = services::history::table(lines, words, made_at);
    services::history::note_export(&house.archive, &house.asker, lines.len()).await?;
    table_file::write(settings, &table, file)?;
    print(&said!(
        "{} rows in {}\n",
        "{} 行，写在 {}\n",
        lines.len(),
        file.display()
    ))?;
    Ok(Ending::Fine)
}
