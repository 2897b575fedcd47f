//! `dossier stocktake`: begun, scanned, read, settled, closed.

mod answers;

use crate::{
    command_line::{Listed, Shown},
    house::House,
    language::said,
    listed::listed,
    output::{Ending, print, print_json, told},
    problem::misused,
    settings::Settings,
};
use answers::{list, offline, scan, seen, show};
use anyhow::Result;
use api_types::stocktakes as shapes;
use clap::{Args, Subcommand};
use records::{
    ids::StocktakeId,
    stocktakes::{SettleDraft, StocktakeDraft, StocktakeLines},
};
use std::path::PathBuf;
use vocabulary::{StocktakeResolution, StocktakeVerdict};

/// What stands on the shelves, counted and compared with the record.
#[derive(Subcommand)]
pub enum StocktakeCommand {
    /// Stocktakes, open ones first
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Begin one: what should be there is frozen
    Begin {
        /// What is counted: a location code or the serial of a container
        scope: String,
        /// Years without use after which a paper is dead
        #[arg(long, value_name = "YEARS", default_value_t = 5)]
        dead_years: i64,
        /// Count every paper by itself, also in a closed box that was scanned
        #[arg(long)]
        paper_by_paper: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Labels that were scanned at one place
    Scan(ScanArgs),
    /// Read a file that was made offline: at,label,worn
    File {
        /// Id of the stocktake
        stocktake: String,
        /// CSV, TSV or XLSX, UTF-8 or GB18030
        file: PathBuf,
        /// Count its good lines; without it the file is only looked at
        #[arg(long)]
        apply: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What it says: counts, rates, and each difference
    Show {
        /// Id of the stocktake
        stocktake: String,
        /// Lines of this verdict alone
        #[arg(long, value_parser = listed::<StocktakeVerdict>())]
        verdict: Option<StocktakeVerdict>,
        /// Differences that nobody has settled alone
        #[arg(long)]
        unsettled: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        shown: Shown,
    },
    /// Give differences an owner, or say how they were resolved
    Settle(SettleArgs),
    /// Close it; every difference must be resolved or owned
    Close {
        /// Id of the stocktake
        stocktake: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// When somebody who counted saw a paper or a container, newest first
    Seen {
        /// Id or own number of a document, or serial of a container
        thing: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
}

#[derive(Args)]
pub struct ScanArgs {
    /// Id of the stocktake
    stocktake: String,
    /// Documents by id or own number, containers by serial
    #[arg(required = true, num_args = 1.., value_name = "LABEL")]
    labels: Vec<String>,
    /// Where they stand: a location code, or the serial of a container that was opened
    #[arg(long, value_name = "PLACE")]
    at: String,
    /// They are worn
    #[arg(long)]
    worn: bool,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct SettleArgs {
    /// Id of the stocktake
    stocktake: String,
    /// As the line names it; every unsettled line of the verdict where it is left out
    #[arg(default_value = "")]
    thing: String,
    /// Which difference, where a thing has several
    #[arg(long, value_parser = listed::<StocktakeVerdict>())]
    verdict: Option<StocktakeVerdict>,
    /// Who sees to it
    #[arg(long, value_name = "NAME", default_value = "", conflicts_with = "resolved")]
    owner: String,
    /// Until when, such as 2026-12-31
    #[arg(long, value_name = "DATE", default_value = "")]
    until: String,
    /// How it was resolved
    #[arg(long = "as", value_parser = listed::<StocktakeResolution>(), id = "resolved")]
    resolution: Option<StocktakeResolution>,
    /// What is to be said of it
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, words: StocktakeCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        StocktakeCommand::List { json, listed } => list(&house, &listed, json).await?,
        StocktakeCommand::Begin {
            scope,
            dead_years,
            paper_by_paper,
            json,
        } => {
            let draft = StocktakeDraft {
                scope,
                dead_years,
                boxes_whole: !paper_by_paper,
            };
            let begun = shapes::head(house.archive.stocktake_begin(&house.asker, &draft).await?);
            let (id, scope) = (begun.id.clone(), begun.scope.clone());
            let text = said!(
                "stocktake {id} of {scope} has begun; `dossier stocktake scan {id} --at PLACE LABEL...` counts\n",
                "已开始盘点 {scope}，编号 {id}；用 `dossier stocktake scan {id} --at 库位 标签…` 清点\n"
            );
            whole(json, &begun, &text)?
        }
        StocktakeCommand::Scan(words) => scan(&house, words).await?,
        StocktakeCommand::File {
            stocktake,
            file,
            apply,
            json,
        } => offline(&house, settings, &stocktake, &file, apply, json).await?,
        StocktakeCommand::Show {
            stocktake,
            verdict,
            unsettled,
            json,
            shown,
        } => {
            let wanted = StocktakeLines {
                verdict,
                open_only: unsettled,
                skip: 0,
                limit: shown.most(),
            };
            show(&house, &stocktake, &wanted, json).await?
        }
        StocktakeCommand::Settle(words) => settle(&house, words).await?,
        StocktakeCommand::Close { stocktake, json } => {
            let id = StocktakeId::parse(&stocktake)?;
            house.archive.stocktake_close(&house.asker, &id).await?;
            let text = said!("stocktake {id} is closed\n", "盘点 {id} 已结束\n");
            told(json, "id", id.as_str(), &text)?
        }
        StocktakeCommand::Seen { thing, json, listed } => seen(&house, &thing, &listed, json).await?,
    };
    house.close().await;
    Ok(ending)
}

fn whole(json: bool, value: &impl serde::Serialize, text: &str) -> Result<Ending> {
    match json {
        true => print_json(value)?,
        false => print(text)?,
    }
    Ok(Ending::Fine)
}

async fn settle(house: &House, words: SettleArgs) -> Result<Ending> {
    if words.thing.is_empty() && words.verdict.is_none() {
        return Err(misused(
            said!("which difference?", "处理哪一处差异？"),
            said!(
                "name the thing, or --verdict for every unsettled line of one kind",
                "请写对象，或用 --verdict 处理一类中未处理的全部"
            ),
        ));
    }
    let id = StocktakeId::parse(&words.stocktake)?;
    let draft = SettleDraft {
        thing: words.thing,
        verdict: words.verdict,
        owner: words.owner,
        due: words.until,
        resolution: words.resolution,
        note: words.note,
    };
    let settled = house.archive.stocktake_settle(&house.asker, &id, &draft).await?;
    let settled = shapes::StocktakeSettledJson {
        settled: i64::try_from(settled).unwrap_or(i64::MAX),
    };
    let text = said!("{} lines settled\n", "已处理 {} 处\n", settled.settled);
    whole(words.json, &settled, &text)
}
