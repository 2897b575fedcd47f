//! `dossier reread`: documents are read again with other settings, as jobs. A running `serve` takes them; where none
//! holds the data this command does.

use crate::{
    command_line::Reread,
    commands::{ingest::pool, ingest::stop_on_signal, serve::is_served},
    full_text::Followed,
    house::House,
    output::{Ending, print, print_json},
    settings::Settings,
};
use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use ingest::reread::{RereadLimits, Rereader};
use reading::{cancel::Cancel, engines::Engines};
use records::pages::reread::{RereadFailure, RereadOrder, RereadScope, RereadSettings};
use std::time::Duration;

/// How often to look how far another process is: there is no signal between processes that works everywhere.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Failures that are named at the end.
const FAILURES_MAX: usize = 1000;

pub async fn run(settings: &Settings, words: Reread) -> Result<Ending> {
    let scope = match (words.documents.as_slice(), &words.batch, words.below) {
        ([], Some(batch), None) => RereadScope::Batch(batch.clone()),
        ([], None, Some(below)) => RereadScope::Below(below),
        ([_, ..], None, None) => RereadScope::Documents(words.documents.clone()),
        _ => bail!("say what is to be read again: documents, or --batch NAME, or --below 0.85"),
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
    let order = house.archive.reread_order(&house.asker, &scope, wanted).await?;
    let served = is_served(settings)?;
    let order = if !served {
        work_off(settings, &house, &order).await?
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

/// Does the work here, and ends when it can be found.
async fn work_off(settings: &Settings, house: &House, order: &RereadOrder) -> Result<RereadOrder> {
    let followed = Followed::start(settings, house).await?;
    let cancel = Cancel::new();
    let stopper = stop_on_signal(cancel.clone());
    let bar = bar(order);
    let limits = RereadLimits::for_workers(settings.workers);
    let rereader = Rereader::new(house.system.clone(), pool(settings, settings.workers)?, limits);
    rereader.work_off(&cancel, &|| bar.inc(1)).await?;
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
        ProgressStyle::with_template("{bar:32} {pos}/{len} documents").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar
}

fn tell(order: RereadOrder, failures: Vec<RereadFailure>, json: bool) -> Result<Ending> {
    let order = api_types::rereads::reread(order, failures);
    if json {
        print_json(&order)?;
    } else {
        let mut text = String::new();
        for failure in &order.failures {
            text.push_str(&format!(
                "not read again: {} {}: {}\n",
                failure.document_id, failure.title, failure.reason
            ));
        }
        text.push_str(&format!(
            "{} documents = {} done + {} failed + {} cancelled + {} waiting + {} being read; {} pages read, {} with another text, {} failed\n",
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
