//! `dossier documents` and `dossier placements`: what is done with a document after it was filed.

use crate::{
    command_line::Shown,
    house::House,
    language::said,
    listed::words_of,
    output::{Ending, all_shows_more, print, print_json, print_table, say_shown},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use api_types::holdings;
use clap::Subcommand;
use records::{
    Moment, PartialDate, documents::Document, ids::DocumentId, moment::Edge, parties::PartyRoleKind,
    permission::sealing::SealTerms,
};

/// What is done with a document after it was filed.
#[derive(Subcommand)]
pub enum DocumentsCommand {
    /// Hide a document everywhere at once; another archivist restores it
    Withdraw {
        /// Id or own number
        document: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Do it; without this the command only says what it would withdraw
        #[arg(long)]
        yes: bool,
    },
    /// Bring back what somebody else withdrew
    Restore {
        /// Id, as `documents withdrawn` lists it
        document: String,
    },
    /// List what was withdrawn, with why, by whom and when
    Withdrawn {
        #[command(flatten)]
        shown: Shown,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Show a document to nobody but those with a grant
    Seal {
        /// Id or own number
        document: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Day on which the seal is to be reviewed
        #[arg(long, value_name = "DAY", default_value = "")]
        until: String,
    },
    /// Break the seal of a document
    Unseal {
        /// Id, as the list of what is sealed names it
        document: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Say that a document names a further customer
    Name {
        /// Id or own number
        document: String,
        /// Code, account number or dossier number
        customer: String,
        #[arg(long = "as", value_name = "ROLE", default_value = "counterparty", help = role_help())]
        role: String,
    },
    /// Take a further customer off a document
    Unname {
        /// Id or own number
        document: String,
        /// Code, account number or dossier number
        customer: String,
        #[arg(long = "as", value_name = "ROLE", default_value = "counterparty", help = role_help())]
        role: String,
    },
    /// Documents in the dossiers of others that name a customer
    NamedIn {
        /// Code, account number or dossier number
        customer: String,
        #[command(flatten)]
        shown: Shown,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Customers that a document may belong to, decided ones too
    Proposals {
        /// Id or own number
        document: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

fn role_help() -> String {
    format!(
        "What the customer is on this paper: {}, or a word of one's own",
        words_of(PartyRoleKind::LIST)
    )
}

pub async fn run(settings: &Settings, words: DocumentsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        DocumentsCommand::Withdraw { document, reason, yes } => withdraw(&house, &document, &reason, yes).await?,
        DocumentsCommand::Restore { document } => restore(&house, &document).await?,
        DocumentsCommand::Withdrawn { shown, json } => withdrawn(&house, &shown, json).await?,
        DocumentsCommand::Seal {
            document,
            reason,
            until,
        } => {
            let until = PartialDate::parse(&until)?;
            seal(&house, &document, SealTerms { reason, until }).await?
        }
        DocumentsCommand::Unseal { document, reason } => unseal(&house, &document, &reason).await?,
        DocumentsCommand::Name {
            document,
            customer,
            role,
        } => name(&house, &document, &customer, &role).await?,
        DocumentsCommand::Unname {
            document,
            customer,
            role,
        } => unname(&house, &document, &customer, &role).await?,
        DocumentsCommand::NamedIn { customer, shown, json } => named_in(&house, &customer, &shown, json).await?,
        DocumentsCommand::Proposals { document, json } => proposals(&house, &document, json).await?,
    };
    house.close().await;
    Ok(ending)
}

async fn restore(house: &House, document: &str) -> Result<Ending> {
    let id = DocumentId::parse(document)?;
    house.archive.document_restore(&house.asker, &id).await?;
    print(&format!("document {id} is restored\n"))?;
    Ok(Ending::Fine)
}

async fn seal(house: &House, document: &str, terms: SealTerms) -> Result<Ending> {
    let row = found(house, document).await?.row;
    house
        .archive
        .document_seal(&house.asker, &row.id, row.version, &terms)
        .await?;
    print(&format!(
        "document {} is sealed; `dossier grants propose` shows it to one person\n",
        row.id
    ))?;
    Ok(Ending::Fine)
}

async fn unseal(house: &House, document: &str, reason: &str) -> Result<Ending> {
    let id = DocumentId::parse(document)?;
    house.archive.document_unseal(&house.asker, &id, reason).await?;
    print(&format!("document {id} is unsealed\n"))?;
    Ok(Ending::Fine)
}

async fn name(house: &House, document: &str, customer: &str, role: &str) -> Result<Ending> {
    let row = found(house, document).await?.row;
    let role = PartyRoleKind::parse(role);
    house
        .archive
        .document_customer_add(&house.asker, &row.id, row.version, customer, &role)
        .await?;
    print(&format!("document {} names {customer} as {}\n", row.id, role.as_str()))?;
    Ok(Ending::Fine)
}

async fn unname(house: &House, document: &str, customer: &str, role: &str) -> Result<Ending> {
    let row = found(house, document).await?.row;
    let role = PartyRoleKind::parse(role);
    house
        .archive
        .document_customer_remove(&house.asker, &row.id, row.version, customer, &role)
        .await?;
    print(&format!(
        "document {} no longer names {customer} as {}\n",
        row.id,
        role.as_str()
    ))?;
    Ok(Ending::Fine)
}

/// A document that is not there, or not for this person.
pub fn no_document(key: &str) -> anyhow::Error {
    refused(
        "not_found",
        said!("there is no document `{key}`", "没有文件“{key}”"),
        said!("`dossier search` finds its id", "用 `dossier search` 查它的编号"),
    )
}

pub async fn found(house: &House, key: &str) -> Result<Document> {
    match house.archive.document(&house.asker, key).await? {
        Some(document) => Ok(document),
        None => Err(no_document(key)),
    }
}

/// Asks once more by title and number before anything is hidden.
async fn withdraw(house: &House, key: &str, reason: &str, yes: bool) -> Result<Ending> {
    let row = found(house, key).await?.row;
    let named = format!(
        "《{}》 {} of {} {}, {} pages ({})",
        row.title, row.number, row.customer_code, row.customer_name, row.pages_scanned, row.id
    );
    if !yes {
        print(&format!(
            "would withdraw {named}\nit would be hidden everywhere at once, and another archivist would have to restore it; \
             say so with --yes\n"
        ))?;
        return Ok(Ending::ProblemFound);
    }
    house
        .archive
        .document_withdraw(&house.asker, &row.id, row.version, reason)
        .await?;
    print(&format!("withdrawn: {named}\n"))?;
    Ok(Ending::Fine)
}

async fn withdrawn(house: &House, shown: &Shown, json: bool) -> Result<Ending> {
    let mut rows = house.archive.withdrawn(&house.asker, 0, usize::MAX).await?;
    let of = shown.cut(&mut rows);
    let zone = house.zone().await?;
    let listed = holdings::withdrawn(rows, 0, usize::MAX);
    if json {
        print_json(&listed)?;
        return Ok(Ending::Fine);
    }
    let rows: Vec<_> = listed
        .rows
        .into_iter()
        .map(|row| {
            vec![
                row.document_id,
                row.title,
                row.number,
                row.customer_code,
                row.by,
                row.at.map_or_else(String::new, |at| local(&at, &zone)),
                row.reason,
            ]
        })
        .collect();
    print_table(
        &["document", "title", "number", "customer", "by", "at", "reason"],
        &rows,
    )?;
    say_shown(rows.len(), of, &all_shows_more());
    Ok(Ending::Fine)
}

async fn named_in(house: &House, customer: &str, shown: &Shown, json: bool) -> Result<Ending> {
    let mut rows = house.archive.documents_naming(&house.asker, customer).await?;
    let of = shown.cut(&mut rows);
    let listed = holdings::named_in(rows);
    if json {
        print_json(&listed)?;
        return Ok(Ending::Fine);
    }
    let rows: Vec<_> = listed
        .rows
        .into_iter()
        .map(|row| {
            vec![
                row.document_id,
                row.title,
                row.number,
                row.date,
                row.role,
                row.customer_code,
            ]
        })
        .collect();
    print_table(&["document", "title", "number", "date", "as", "dossier of"], &rows)?;
    say_shown(rows.len(), of, &all_shows_more());
    Ok(Ending::Fine)
}

async fn proposals(house: &House, key: &str, json: bool) -> Result<Ending> {
    let id = found(house, key).await?.row.id;
    let listed = holdings::proposals(house.archive.proposals(&house.asker, &id).await?);
    if json {
        print_json(&listed)?;
        return Ok(Ending::Fine);
    }
    let rows: Vec<_> = listed
        .rows
        .into_iter()
        .map(|row| {
            vec![
                row.customer_code,
                row.customer_name,
                row.state,
                row.basis,
                format!("{:.2}", row.confidence),
            ]
        })
        .collect();
    print_table(&["customer", "name", "state", "basis", "confidence"], &rows)?;
    Ok(Ending::Fine)
}

/// An instant of an answer, on the archive's clock.
fn local(rfc3339: &str, zone: &str) -> String {
    match Moment::parse(rfc3339, zone, Edge::Start) {
        Ok(at) => at.local(zone),
        Err(_) => rfc3339.to_owned(),
    }
}

/// `dossier placements`: where a paper or a container was.
pub async fn placements(settings: &Settings, thing: &str, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let Some(rows) = house.archive.placement_history(&house.asker, thing).await? else {
        return Err(refused(
            "not_found",
            said!(
                "there is no document, original or container `{thing}`",
                "没有文件、原件或盒“{thing}”"
            ),
            said!(
                "`dossier search` finds the id of a document",
                "用 `dossier search` 查文件的编号"
            ),
        ));
    };
    let listed = holdings::placements(rows);
    let zone = house.zone().await?;
    if json {
        print_json(&listed)?;
    } else {
        let rows: Vec<_> = listed
            .rows
            .into_iter()
            .map(|row| {
                vec![
                    local(&row.from_at, &zone),
                    row.until_at.map_or_else(String::new, |at| local(&at, &zone)),
                    row.place,
                    row.event,
                    row.by,
                    row.label,
                ]
            })
            .collect();
        print_table(&["from", "until", "place", "event", "by", "label"], &rows)?;
    }
    house.close().await;
    Ok(Ending::Fine)
}
