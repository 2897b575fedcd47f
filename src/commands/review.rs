//! `dossier review`: what waits for a person, deciding it, and the last decisions with their undo.

use super::documents::found;
use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print, print_json, print_table, say_shown, told},
    settings::Settings,
};
use anyhow::Result;
use api_types::{
    list::ListJson,
    review::{DecidedJson, DecidedWith, DecisionJson, ReviewItemJson, review as shown},
};
use clap::Subcommand;
use records::audit::{AuditAction, AuditObject, EventDraft};
use vocabulary::{DocumentState, LinkBasis, Reason};

/// What waits for a person to decide whose it is.
#[derive(Subcommand)]
pub enum ReviewCommand {
    /// Documents that wait, with the customers that they may belong to
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Say whose a document is, or correct it
    Decide {
        /// Id or own number
        document: String,
        /// Code, account number or dossier number
        customer: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Say that a document belongs to no customer
    Nobody {
        /// Id or own number
        document: String,
        /// Why, for the history
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Your last twenty decisions, newest first
    Decided {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Take your last decision about a document back
    Undo {
        /// Id or own number
        document: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(settings: &Settings, words: ReviewCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        ReviewCommand::List { json, listed } => list(&house, &listed, json).await?,
        ReviewCommand::Decide {
            document,
            customer,
            json,
        } => decide(&house, &document, &customer, json).await?,
        ReviewCommand::Nobody { document, why, json } => nobody(&house, &document, &why, json).await?,
        ReviewCommand::Decided { json, listed } => decided(&house, &listed, json).await?,
        ReviewCommand::Undo { document, json } => undo(&house, &document, json).await?,
    };
    house.close().await;
    Ok(ending)
}

async fn list(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let (after, limit) = (listed.mark()?.unwrap_or(0), listed.most());
    let items = house
        .archive
        .review_queue(&house.asker, after, limit.saturating_add(1))
        .await?;
    for item in items.iter().take(limit) {
        let id = item.document.id.as_str();
        let event = EventDraft::new(AuditAction::DocumentViewed, AuditObject::Document, id).detail("in=review");
        house.archive.note_reading(&house.asker, event).await?;
    }
    let open = house.archive.review_count(&house.asker).await?;
    let waiting: ListJson<ReviewItemJson> = shown(items, limit, open);
    if json {
        print_json(&waiting)?;
        return Ok(Ending::Fine);
    }
    let decided = house.archive.review_decided_count(&house.asker).await?;
    print(&said!(
        "{open} wait, {decided} decided\n\n",
        "待确认 {open} 件，已确认 {decided} 件\n\n"
    ))?;
    let rows: Vec<_> = waiting.items.iter().flat_map(rows_of).collect();
    let header = [
        Heading::Document,
        Heading::Title,
        Heading::Reason,
        Heading::Customer,
        Heading::Name,
        Heading::Value,
    ];
    print_table(&header, &rows)?;
    say_shown(&waiting);
    Ok(Ending::Fine)
}

/// One line for each candidate; what tells namesakes apart stands last.
fn rows_of(item: &ReviewItemJson) -> Vec<Vec<String>> {
    let of_document = || {
        vec![
            item.document_id.clone(),
            item.title.clone(),
            word::<Reason>(&item.reason),
        ]
    };
    if item.candidates.is_empty() {
        return vec![[of_document(), vec![String::new(); 3]].concat()];
    }
    let line = |(rank, candidate): (usize, &api_types::review::CandidateJson)| {
        let before = if rank == 0 {
            of_document()
        } else {
            vec![String::new(); 3]
        };
        let apart = std::iter::once(&candidate.address).chain(&candidate.numbers);
        let apart: Vec<&str> = apart.map(String::as_str).filter(|text| !text.is_empty()).collect();
        let own = vec![
            candidate.customer_code.clone(),
            candidate.customer_name.clone(),
            apart.join(" "),
        ];
        [before, own].concat()
    };
    item.candidates.iter().enumerate().map(line).collect()
}

async fn decide(house: &House, document: &str, customer: &str, json: bool) -> Result<Ending> {
    let row = found(house, document).await?.row;
    services::documents::link(&house.archive, &house.asker, &row.id, row.version, customer).await?;
    let text = said!(
        "document {} is filed with {customer}; `dossier review undo {}` takes that back\n",
        "文件 {} 已归入 {customer}；`dossier review undo {}` 可撤销\n",
        row.id,
        row.id
    );
    told(json, "document_id", row.id.as_str(), &text)
}

async fn nobody(house: &House, document: &str, why: &str, json: bool) -> Result<Ending> {
    let row = found(house, document).await?.row;
    services::documents::of_nobody(&house.archive, &house.asker, &row.id, row.version, why).await?;
    let text = said!(
        "document {} belongs to no customer; `dossier review undo {}` takes that back\n",
        "文件 {} 已定为不属任何客户；`dossier review undo {}` 可撤销\n",
        row.id,
        row.id
    );
    told(json, "document_id", row.id.as_str(), &text)
}

async fn decided(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let decided = services::review::decided(&house.archive, &house.asker).await?;
    let decided = listed.part(decided, services::review::decision_json)?;
    if json {
        print_json(&decided)?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let row = |row: &DecisionJson| {
        vec![
            local(&row.at, &zone),
            row.document_id.clone(),
            row.title.clone(),
            standing(&row.before),
            standing(&row.after),
        ]
    };
    let header = [
        Heading::At,
        Heading::Document,
        Heading::Title,
        Heading::Before,
        Heading::After,
    ];
    print_table(&header, &decided.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&decided);
    Ok(Ending::Fine)
}

/// A code, or the word for having none.
fn standing(standing: &DecidedJson) -> String {
    match standing.with {
        DecidedWith::Customer => standing.customer_code.clone(),
        DecidedWith::Nobody => word::<LinkBasis>(LinkBasis::Nobody.as_str()),
        DecidedWith::Waiting => word::<DocumentState>(DocumentState::InReview.as_str()),
    }
}

async fn undo(house: &House, document: &str, json: bool) -> Result<Ending> {
    let row = found(house, document).await?.row;
    services::review::undo(&house.archive, &house.asker, &row.id, row.version).await?;
    let text = said!(
        "the decision about document {} is undone\n",
        "文件 {} 的决定已撤销\n",
        row.id
    );
    told(json, "document_id", row.id.as_str(), &text)
}
