//! `dossier reread`: documents are read again with other settings, as jobs. A running `serve` takes them; where none
//! holds the data this command does.

use crate::{
    commands::ingest::{pool, stop_on_signal},
    full_text::Followed,
    house::House,
    language::said,
    output::{Ending, print, print_json},
    problem::misused,
    served::is_served,
    settings::Settings,
};
use anyhow::Result;
use api_types::rereads::RereadJson;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::reread::{Rereader, RereaderLimits};
use reading::{cancel::Cancel, engines::Engines};
use records::{
    RefusedBecause,
    pages::reread::{RereadFailure, RereadOrder, RereadScope, RereadSettings},
};
use std::time::Duration;

#[derive(Args, Clone, Debug)]
pub struct RereadArgs {
    /// Ids or own numbers of documents
    #[arg(value_name = "DOCUMENT", conflicts_with_all = ["batch", "below"])]
    pub documents: Vec<String>,
    /// Every document of this batch, by name or id
    #[arg(long, value_name = "NAME", conflicts_with = "below")]
    pub batch: Option<String>,
    /// Every page whose text is less sure than this (0 to 1), and every page that failed
    #[arg(long, value_name = "CONFIDENCE")]
    pub below: Option<f64>,
    /// Only these pages, counted from 1
    #[arg(long = "page", value_name = "N", value_delimiter = ',')]
    pub pages: Vec<u32>,
    /// Read the page image even where the file brings a text along
    #[arg(long)]
    pub force_ocr: bool,
    /// How the page lies: clockwise turn from the scan to the upright page (0, 90, 180, 270)
    #[arg(long, value_name = "DEGREES")]
    pub turn: Option<u16>,
    /// Look for lines in a larger image: slower, finds small print
    #[arg(long)]
    pub fine: bool,
    /// Read seals as they lie on the page instead of taking them out first: for print that was taken for a seal
    #[arg(long)]
    pub keep_seals: bool,
    /// Have every line read by a second recogniser too and mark where the two differ: slower, finds what was misread
    #[arg(long)]
    pub second_opinion: bool,
    /// Wait until the server that runs has done it; without a server this command does the work itself
    #[arg(long)]
    pub wait: bool,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// How often to look how far another process is: there is no signal between processes that works everywhere.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Failures that are named at the end.
const FAILURES_MAX: usize = 1000;

pub async fn run(settings: &Settings, words: RereadArgs) -> Result<Ending> {
    let scope = match (words.documents.as_slice(), &words.batch, words.below) {
        ([], Some(batch), None) => RereadScope::Batch(batch.clone()),
        ([], None, Some(below)) => RereadScope::Below(below),
        ([_, ..], None, None) => RereadScope::Documents(words.documents.clone()),
        _ => {
            return Err(misused(
                said!("nothing is named that is to be read again", "没有写明重读什么"),
                said!(
                    "name documents, or give --batch NAME or --below 0.85",
                    "请写文件编号，或给出 --batch 批次 或 --below 0.85"
                ),
            ));
        }
    };
    let wanted = RereadSettings {
        pages: words.pages.clone(),
        force_ocr: words.force_ocr,
        turn: words.turn,
        fine: words.fine,
        keep_seals: words.keep_seals,
        second_opinion: words.second_opinion,
    };
    if wanted.second_opinion {
        Engines::locate(&settings.engines)?.has_second()?;
    }
    let house = House::open(settings).await?;
    let order = match house.archive.reread_order(&house.asker, &scope, wanted).await {
        Ok(order) => order,
        // A nightly order that has nothing to do is no failure.
        Err(records::Error::Refused(RefusedBecause::NothingToReread { .. })) if words.below.is_some() => {
            house.close().await;
            return nothing_below(words.below.unwrap_or_default(), words.json);
        }
        Err(cause) => return Err(cause.into()),
    };
    let served = is_served(&settings.data)?;
    let order = if !served {
        run_until_done(settings, &house, &order).await?
    } else if words.wait {
        wait(&house, &order).await?
    } else {
        order
    };
    let failures = house
        .archive
        .reread_failures(&house.asker, &order.id, FAILURES_MAX)
        .await?;
    house.close().await;
    tell(order, failures, words.json)
}

fn nothing_below(below: f64, json: bool) -> Result<Ending> {
    if json {
        print_json(&RereadJson::nothing("below", &below.to_string()))?;
    } else {
        print(&said!(
            "nothing below {below} that you may see; nothing was read again\n",
            "没有低于 {below} 的页；无需重读\n"
        ))?;
    }
    Ok(Ending::Fine)
}

/// Does the work here, and ends when it can be found.
async fn run_until_done(settings: &Settings, house: &House, order: &RereadOrder) -> Result<RereadOrder> {
    let followed = Followed::start(settings, house).await?;
    let cancel = Cancel::new();
    let stopper = stop_on_signal(cancel.clone());
    let bar = bar(order);
    let limits = RereaderLimits::for_workers(settings.workers);
    let rereader = Rereader::new(house.system.clone(), pool(settings, settings.workers)?, limits);
    rereader.run_until_done(&cancel, &|| bar.inc(1)).await?;
    bar.finish_and_clear();
    followed.catch_up().await?;
    stopper.abort();
    followed.stop().await?;
    Ok(house.archive.reread(&house.asker, &order.id).await?)
}

/// Waits until the process that serves has done it.
async fn wait(house: &House, order: &RereadOrder) -> Result<RereadOrder> {
    let bar = bar(order);
    loop {
        let now = house.archive.reread(&house.asker, &order.id).await?;
        bar.set_position(u64::try_from(now.documents() - now.waiting - now.working).unwrap_or(0));
        if !now.is_open() {
            bar.finish_and_clear();
            return Ok(now);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn bar(order: &RereadOrder) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(order.documents()).unwrap_or(0));
    let style =
        ProgressStyle::with_template("{bar:32} {pos}/{len}  {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_message(said!("documents", "件"));
    bar
}

fn tell(order: RereadOrder, failures: Vec<RereadFailure>, json: bool) -> Result<Ending> {
    let order = api_types::rereads::reread(order, failures);
    if json {
        print_json(&order)?;
    } else {
        let mut text = String::new();
        for failure in &order.failures {
            text.push_str(&said!(
                "not read again: {} {}: {}\n",
                "没有重读：{} {}：{}\n",
                failure.document_id,
                failure.title,
                failure.reason
            ));
        }
        text.push_str(&said!("{} documents = {} done + {} failed + {} cancelled + {} waiting + {} being read; {} pages read, {} with another text, {} failed\n", "{} 件 = 已读 {} + 失败 {} + 取消 {} + 等待 {} + 正在读 {}；读了 {} 页，文字有变 {} 页，失败 {} 页\n",
            order.documents,
            order.done,
            order.failed,
            order.cancelled,
            order.waiting,
            order.working,
            order.pages,
            order.pages_changed,
            order.pages_failed
        ));
        print(&text)?;
    }
    Ok(if order.failed > 0 || order.pages_failed > 0 {
        Ending::InputRejected
    } else {
        Ending::Fine
    })
}
