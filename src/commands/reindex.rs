//! `dossier reindex`: the full text anew, from the record alone; the old one serves meanwhile.

use crate::{
    full_text::Followed,
    house::House,
    language::said,
    output::{Ending, grouped, print, print_json},
    settings::Settings,
};
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Ten million pages take about half an hour (docs/benchmarks.md); this ends the waiting and not the work.
const PATIENCE: Duration = Duration::from_secs(6 * 3600);

pub async fn run(settings: &Settings, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let followed = Followed::start(settings, &house).await?;
    let began = Instant::now();
    if !followed.full_text.rebuild(PATIENCE).await? {
        bail!(said!(
            "the rebuild is still under way; `dossier doctor` shows how far it is",
            "重建还在进行；`dossier doctor` 可以看进度"
        ));
    }
    followed.catch_up().await?;
    let status = followed.full_text.status();
    let seconds = began.elapsed().as_secs_f64();
    if json {
        print_json(&serde_json::json!({
            "pages": status.pages,
            "dossiers": status.dossiers,
            "generation": status.generation,
            "seconds": seconds,
        }))?;
    } else {
        print(&said!(
            "{} pages and {} dossiers in {seconds:.1} s, generation {}\n",
            "{} 页、{} 户档案，用时 {seconds:.1} 秒，第 {} 代\n",
            grouped(i64::try_from(status.pages)?),
            grouped(i64::try_from(status.dossiers)?),
            status.generation.unwrap_or_default()
        ))?;
    }
    followed.stop().await?;
    house.close().await;
    Ok(Ending::Fine)
}
