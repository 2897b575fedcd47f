//! `dossier documents`, `correct` and `placements`: what is done with a document after it was filed.

use crate::{
    command_line::{Correct, Documents},
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::{Result, bail};
use api_types::holdings;
use records::{
    PartialDate,
    documents::{Document, DocumentField},
    ids::DocumentId,
    parties,
    permission::sealing::SealTerms,
};

/// Rows that one list shows.
const LISTED_MAX: usize = 10_000;

pub async fn run(settings: &Settings, words: Documents) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        Documents::Withdraw { document, reason, yes } => withdraw(&house, &document, &reason, yes).await?,
        Documents::Restore { document } => {
            let id = DocumentId::parse(&document)?;
            house.archive.document_restore(&house.asker, &id).await?;
            print(&format!("document {id} is restored\n"))?;
            Ending::Fine
        }
        Documents::Withdrawn { json } => withdrawn(&house, json).await?,
        Documents::Seal {
            document,
            reason,
            until,
        } => {
            let document = found(&house, &document).await?;
            let seal = SealTerms {
                reason,
                until: PartialDate::parse(&until)?,
            };
            let row = &document.row;
            house
                .archive
                .document_seal(&house.asker, &row.id, row.version, &seal)
                .await?;
            print(&format!(
                "document {} is sealed; `dossier grants propose` shows it to one person\n",
                row.id
            ))?;
            Ending::Fine
        }
        Documents::Unseal { document, reason } => {
            let id = DocumentId::parse(&document)?;
            house.archive.document_unseal(&house.asker, &id, &reason).await?;
            print(&format!("document {id} is unsealed\n"))?;
            Ending::Fine
        }
        Documents::Name {
            document,
            customer,
            role,
        } => {
            let row = found(&house, &document).await?.row;
            let role = parties::PartyRoleKind::parse(&role);
            house
                .archive
                .document_customer_add(&house.asker, &row.id, row.version, &customer, &role)
                .await?;
            print(&format!("document {} names {customer} as {}\n", row.id, role.as_str()))?;
            Ending::Fine
        }
        Documents::Unname {
            document,
            customer,
            role,
        } => {
            let row = found(&house, &document).await?.row;
            let role = parties::PartyRoleKind::parse(&role);
            house
                .archive
                .document_customer_remove(&house.asker, &row.id, row.version, &customer, &role)
                .await?;
            print(&format!(
                "document {} no longer names {customer} as {}\n",
                row.id,
                role.as_str()
            ))?;
            Ending::Fine
        }
        Documents::NamedIn { customer, json } => named_in(&house, &customer, json).await?,
        Documents::Proposals { document, json } => proposals(&house, &document, json).await?,
    };
    house.close().await;
    Ok(ending)
}

async fn found(house: &House, key: &str) -> Result<Document> {
    match house.archive.document(&house.asker, key).await? {
        Some(document) => Ok(document),
        None => bail!("there is no document `{key}`; `dossier search` finds its id"),
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

async fn withdrawn(house: &House, json: bool) -> Result<Ending> {
    let rows = house.archive.withdrawn(&house.asker, 0, LISTED_MAX).await?;
    let listed = holdings::withdrawn(rows);
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
                row.at.unwrap_or_default(),
                row.reason,
            ]
        })
        .collect();
    print_table(
        &["document", "title", "number", "customer", "by", "at", "reason"],
        &rows,
    )?;
    Ok(Ending::Fine)
}

async fn named_in(house: &House, customer: &str, json: bool) -> Result<Ending> {
    let listed = holdings::named_in(house.archive.documents_naming(&house.asker, customer).await?);
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

/// `dossier correct`: what is not given stays as it is.
pub async fn correct(settings: &Settings, words: Correct) -> Result<Ending> {
    let house = House::open(settings).await?;
    let row = found(&house, &words.document).await?.row;
    let json = words.json;
    let given: Vec<(DocumentField, String)> = words.given();
    if given.is_empty() {
        bail!("say what to correct, such as --title or --department; `dossier correct --help` lists all fields");
    }
    let fields: Vec<_> = given.iter().map(|(field, _)| field.as_str()).collect();
    services::documents::correct(&house.archive, &house.asker, &row.id, row.version, given).await?;
    if json {
        let shown = services::documents::show(&house.archive, &house.asker, row.id.as_str()).await?;
        print_json(&shown)?;
    } else {
        print(&format!("document {}: {} corrected\n", row.id, fields.join(", ")))?;
    }
    house.close().await;
    Ok(Ending::Fine)
}

/// `dossier placements`: where a paper or a container was.
pub async fn placements(settings: &Settings, thing: &str, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let Some(rows) = house.archive.placement_history(&house.asker, thing).await? else {
        bail!("there is no document, original or container `{thing}`; `dossier search` finds the id of a document");
    };
    let listed = holdings::placements(rows);
    if json {
        print_json(&listed)?;
    } else {
        let rows: Vec<_> = listed
            .rows
            .into_iter()
            .map(|row| {
                vec![
                    row.from_at,
                    row.until_at.unwrap_or_default(),
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
