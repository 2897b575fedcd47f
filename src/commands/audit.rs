//! `dossier audit`: the trail.

use crate::{
    house::House,
    language::said,
    output::{Ending, grouped, print, print_json},
    settings::Settings,
};
use anyhow::Result;
use clap::Subcommand;
use vocabulary::hex;

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Compute every leaf and the root anew and compare
    Verify {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(serde::Serialize)]
struct AuditVerdict {
    ok: bool,
    events: i64,
    root: String,
    problems: Vec<String>,
}

pub async fn run(settings: &Settings, words: AuditCommand) -> Result<Ending> {
    let AuditCommand::Verify { json } = words;
    let house = House::open(settings).await?;
    let report = house.archive.audit_verify(&house.asker).await?;
    house.close().await;
    let ok = report.problems.is_empty();
    if json {
        print_json(&AuditVerdict {
            ok,
            events: report.events,
            root: hex(&report.root),
            problems: report.problems,
        })?;
    } else {
        let mut text: String = report.problems.iter().map(|problem| format!("{problem}\n")).collect();
        text.push_str(&said!(
            "{} events, root {}\n",
            "共 {} 个事件，根 {}\n",
            grouped(report.events),
            hex(&report.root)
        ));
        print(&text)?;
    }
    Ok(if ok { Ending::Fine } else { Ending::ProblemFound })
}
