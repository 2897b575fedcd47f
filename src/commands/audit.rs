//! `dossier audit`: the trail.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::{language, said},
    output::{Ending, grouped, print, print_json, print_table, say_shown},
    settings::Settings,
    table_file,
};
use anyhow::Result;
use api_types::audit::AuditEventJson;
use clap::{Args, Subcommand};
use records::audit::{AuditEvent, AuditedRecord, EventFilter};
use services::audit::AuditAsked;
use std::path::{Path, PathBuf};
use vocabulary::{Language, hex};
use web::{screens::audit::words, text::Text};

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Who did what to what, newest first: by person, record, action and time
    List(AuditListArgs),
    /// Compute every leaf and the root anew and compare
    Verify {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Clone, Debug)]
pub struct AuditListArgs {
    /// A record by code, number, name or id, such as KH-0001 or customer:KH-0001; without it everything
    pub object: Option<String>,
    /// Only what this person did
    #[arg(long, value_name = "PERSON", default_value = "")]
    pub who: String,
    /// Only this action, as --json names it, such as document.viewed
    #[arg(long, value_name = "ACTION", default_value = "")]
    pub action: String,
    /// Only from this day, month or year on
    #[arg(long, value_name = "DAY", default_value = "")]
    pub from: String,
    /// Only until the end of this day, month or year
    #[arg(long, value_name = "DAY", default_value = "")]
    pub to: String,
    /// Write the events to this file; its name ends in .csv, .xlsx or .pdf
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub out: Option<PathBuf>,
    /// Language of that file: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = table_file::language)]
    pub language: Language,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub listed: Listed,
}

#[derive(serde::Serialize)]
struct AuditVerdict {
    ok: bool,
    events: i64,
    root: String,
    problems: Vec<String>,
}

pub async fn run(settings: &Settings, words: AuditCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let json = match words {
        AuditCommand::Verify { json } => json,
        AuditCommand::List(words) => {
            let ending = list(&house, settings, words).await?;
            house.close().await;
            return Ok(ending);
        }
    };
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

async fn list(house: &House, settings: &Settings, words: AuditListArgs) -> Result<Ending> {
    let asked = AuditAsked {
        person: words.who,
        object: words.object.unwrap_or_default(),
        object_kind: String::new(),
        action: words.action,
        from: words.from,
        to: words.to,
        before: words.listed.mark()?,
    };
    let most = words.listed.most();
    let filter = services::audit::filter(&house.archive, None, &house.asker, &asked, most.saturating_add(1)).await?;
    let events = services::audit::events(&house.archive, &house.asker, &filter).await?;
    services::audit::note_read(&house.archive, &house.asker, &asked).await?;
    if let Some(file) = &words.out {
        let (events, _) = api_types::window(events, most);
        return write(house, settings, &events, Text(words.language), file).await;
    }
    tell(house, &filter, events, most, words.json).await
}

async fn tell(
    house: &House,
    filter: &EventFilter,
    events: Vec<(AuditEvent, AuditedRecord)>,
    most: usize,
    json: bool,
) -> Result<Ending> {
    let total = house.archive.audit_events_total(&house.asker, filter).await?;
    let acts = services::audit::acts(events.iter().map(|(event, _)| event));
    let trail = api_types::audit::audit_events(events, acts, most, total);
    if json {
        print_json(&trail)?;
        return Ok(Ending::Fine);
    }
    let (zone, t) = (house.zone().await?, Text(language()));
    let rows: Vec<Vec<String>> = trail
        .items
        .iter()
        .map(|event| {
            vec![
                event.sequence.to_string(),
                // The time and the person of an act stand once.
                said_once(event, local(&event.at, &zone)),
                said_once(event, event.who.clone()),
                t.word("event", &event.action),
                t.word("event-object", &event.object_kind),
                if event.code.is_empty() {
                    &event.object
                } else {
                    &event.code
                }
                .clone(),
                event.name.clone(),
                event.customer.clone(),
                words::detail(t, &event.detail),
            ]
        })
        .collect();
    let header = [
        Heading::Sequence,
        Heading::At,
        Heading::By,
        Heading::Event,
        Heading::Kind,
        Heading::Object,
        Heading::Name,
        Heading::Customer,
        Heading::Detail,
    ];
    print_table(&header, &rows)?;
    say_shown(&trail);
    Ok(Ending::Fine)
}

fn said_once(event: &AuditEventJson, text: String) -> String {
    match event.act == event.sequence {
        true => text,
        false => String::new(),
    }
}

/// Writes events as a file; its ending says in which form.
async fn write(
    house: &House,
    settings: &Settings,
    events: &[(AuditEvent, AuditedRecord)],
    t: Text,
    file: &Path,
) -> Result<Ending> {
    let archive_settings = house.archive.settings(&house.asker).await?;
    let made_at = house.system.environment().now();
    let table = services::audit::table(events, words::of_table(t, &archive_settings), made_at);
    table_file::write(settings, &table, file)?;
    print(&said!(
        "{} rows in {}\n",
        "{} 行，写在 {}\n",
        events.len(),
        file.display()
    ))?;
    Ok(Ending::Fine)
}
