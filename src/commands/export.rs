//! `dossier export`: a list whole, as a file for a spreadsheet or for paper.

use crate::{
    house::House,
    language::said,
    listed::listed,
    output::{Ending, told},
    problem::misused,
    settings::Settings,
    table_file, world,
};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use vocabulary::{Language, RecordList};
use web::{
    lists::{ListAs, ListMaker},
    text::Text,
};

#[derive(Args)]
pub struct ExportArgs {
    /// Which list
    #[arg(value_parser = listed::<RecordList>())]
    list: RecordList,
    /// Which place `contents` are listed of, which `slip`, which period of `loans`, or the id of a `stocktake`
    #[arg(default_value = "")]
    code: String,
    /// The file to write; its name ends in .csv, .xlsx or .pdf
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Language of that file: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = table_file::language)]
    language: Language,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// More than any archive has places.
const ROWS_MAX: usize = 10_000_000;

pub async fn run(settings: &Settings, words: ExportArgs) -> Result<Ending> {
    let format = format_of(&words)?;
    let house = House::open(settings).await?;
    let maker = ListMaker {
        archive: &house.archive,
        asker: &house.asker,
        t: Text(words.language),
        settings: house.archive.settings(&house.asker).await?,
        now: world::environment().now(),
        rows_max: ROWS_MAX,
        fonts: &settings.fonts,
    };
    let made = maker.make(words.list, &words.code, format).await?;
    house.close().await;
    let file = words.output.display();
    std::fs::write(&words.output, &made.bytes).with_context(|| said!("{file} cannot be written", "{file} 写不了"))?;
    let rows = made.rows;
    let text = said!("{rows} lines in {file}\n", "{rows} 行，写在 {file}\n");
    told(words.json, "file", &file.to_string(), &text)
}

/// Which kind of file is wanted, and whether a place is named where one is needed and nowhere else.
fn format_of(words: &ExportArgs) -> Result<ListAs> {
    let ending = words.output.extension().and_then(|ending| ending.to_str());
    let Some(format) = ending.and_then(ListAs::parse) else {
        return Err(table_file::no_ending(&words.output));
    };
    match (words.list, words.code.as_str()) {
        (RecordList::Contents, "") => Err(misused(
            said!("the contents of which place?", "要列哪个库位？"),
            said!(
                "name it: `dossier export contents K1-01 -o list.xlsx`",
                "请写上库位：`dossier export contents K1-01 -o list.xlsx`"
            ),
        )),
        (RecordList::Stocktake, "") => Err(misused(
            said!("which stocktake?", "哪次盘点？"),
            said!(
                "name it: `dossier export stocktake ID -o report.xlsx`; `dossier stocktake list` has the ids",
                "请写上编号：`dossier export stocktake 编号 -o report.xlsx`；编号见 `dossier stocktake list`"
            ),
        )),
        (RecordList::Slip, "") => Err(misused(
            said!("which slip?", "要打印哪张出借单？"),
            said!(
                "write its number: `dossier export slip JY-2026-0001 -o slip.pdf`",
                "请写上单号：`dossier export slip JY-2026-0001 -o slip.pdf`"
            ),
        )),
        (list, code) if !list.is_of_one() && list != RecordList::Loans && !code.is_empty() => Err(misused(
            said!("this list is of no place: `{code}`", "这份清单不按库位列：“{code}”"),
            said!("leave it out", "请去掉"),
        )),
        _ => Ok(format),
    }
}
