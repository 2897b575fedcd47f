//! `dossier verify`: record, vault and audit trail agree, or what does not.

use crate::{
    house::House,
    language::said,
    output::{Ending, grouped, print, print_json},
    settings::Settings,
};
use anyhow::Result;
use records::scans::Thoroughness;

pub async fn run(settings: &Settings, full: bool, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let thoroughness = if full { Thoroughness::Full } else { Thoroughness::Quick };
    let report = services::verification::verify(&house.system, house.asker.name(), thoroughness).await?;
    house.close().await;
    if json {
        print_json(&report)?;
    } else {
        let mut text = String::new();
        for problem in &report.problems {
            text.push_str(&format!("{} {}: {}\n", problem.kind, problem.object, problem.detail));
        }
        for note in &report.notes {
            text.push_str(&said!("note: {note}\n", "提示：{note}\n"));
        }
        text.push_str(&said!(
            "{} documents, {} scans, {} problems\n",
            "{} 件文件，{} 个扫描件，{} 处问题\n",
            grouped(report.documents),
            grouped(report.scans),
            grouped(i64::try_from(report.problems.len())?)
        ));
        print(&text)?;
    }
    Ok(if report.ok { Ending::Fine } else { Ending::ProblemFound })
}
