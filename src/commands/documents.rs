//! `dossier documents`: what is done with a document after it was filed.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::{language, said},
    listed::{word, words_of},
    output::{Ending, complain, print_json, print_table, say_shown, told},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use api_types::holdings::{self, NamedInRowJson, ProposalJson, WithdrawnJson};
use clap::Subcommand;
use records::{
    PartialDate, documents::Document, ids::DocumentId, parties::PartyRoleKind, permission::sealing::SealTerms,
};
use vocabulary::{Language, LinkBasis, ProposalState};

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
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Bring back what somebody else withdrew
    Restore {
        /// Id, as `documents withdrawn` lists it
        document: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// List what was withdrawn, with why, by whom and when
    Withdrawn {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
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
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Break the seal of a document
    Unseal {
        /// Id, as the list of what is sealed names it
        document: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Say that a document names a further customer
    Name {
        /// Id or own number
        document: String,
        /// Code, account number or dossier number
        customer: String,
        #[arg(long = "as", value_name = "ROLE", default_value = "counterparty", help = role_help())]
        role: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Take a further customer off a document
    Unname {
        /// Id or own number
        document: String,
        /// Code, account number or dossier number
        customer: String,
        #[arg(long = "as", value_name = "ROLE", default_value = "counterparty", help = role_help())]
        role: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Documents in the dossiers of others that name a customer
    NamedIn {
        /// Code, account number or dossier number
        customer: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Customers that a document may belong to, decided ones too
    Proposals {
        /// Id or own number
        document: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
}

fn role_help() -> String {
    said!(
        "What the customer is on this paper: {}, or a word of one's own",
        "客户在这份文件上的身份：{}，或自己的词",
        words_of(PartyRoleKind::LIST)
    )
}

pub async fn run(settings: &Settings, words: DocumentsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        DocumentsCommand::Withdraw {
            document,
            reason,
            yes,
            json,
        } => withdraw(&house, &document, &reason, yes, json).await?,
        DocumentsCommand::Restore { document, json } => restore(&house, &document, json).await?,
        DocumentsCommand::Withdrawn { listed, json } => withdrawn(&house, &listed, json).await?,
        DocumentsCommand::Seal {
            document,
            reason,
            until,
            json,
        } => {
            let until = PartialDate::parse(&until)?;
            seal(&house, &document, SealTerms { reason, until }, json).await?
        }
        DocumentsCommand::Unseal { document, reason, json } => unseal(&house, &document, &reason, json).await?,
        DocumentsCommand::Name {
            document,
            customer,
            role,
            json,
        } => name(&house, &document, &customer, &role, json).await?,
        DocumentsCommand::Unname {
            document,
            customer,
            role,
            json,
        } => unname(&house, &document, &customer, &role, json).await?,
        DocumentsCommand::NamedIn { customer, json, listed } => named_in(&house, &customer, &listed, json).await?,
        DocumentsCommand::Proposals { document, json, listed } => proposals(&house, &document, &listed, json).await?,
    };
    house.close().await;
    Ok(ending)
}

async fn restore(house: &House, document: &str, json: bool) -> Result<Ending> {
    let id = DocumentId::parse(document)?;
    house.archive.document_restore(&house.asker, &id).await?;
    let text = said!("document {id} is restored\n", "文件 {id} 已恢复\n");
    told(json, "document_id", id.as_str(), &text)
}

async fn seal(house: &House, document: &str, terms: SealTerms, json: bool) -> Result<Ending> {
    let row = found(house, document).await?.row;
    house
        .archive
        .document_seal(&house.asker, &row.id, row.version, &terms)
        .await?;
    let text = said!(
        "document {} is sealed; `dossier grants propose` shows it to one person\n",
        "文件 {} 已封存；`dossier grants propose` 可以授权某人查看\n",
        row.id
    );
    told(json, "document_id", row.id.as_str(), &text)
}

async fn unseal(house: &House, document: &str, reason: &str, json: bool) -> Result<Ending> {
    let id = DocumentId::parse(document)?;
    house.archive.document_unseal(&house.asker, &id, reason).await?;
    let text = said!("document {id} is unsealed\n", "文件 {id} 已解封\n");
    told(json, "document_id", id.as_str(), &text)
}

async fn name(house: &House, document: &str, customer: &str, role: &str, json: bool) -> Result<Ending> {
    let row = found(house, document).await?.row;
    let role = PartyRoleKind::parse(role);
    house
        .archive
        .document_customer_add(&house.asker, &row.id, row.version, customer, &role)
        .await?;
    let text = said!(
        "document {} names {customer} as {}\n",
        "文件 {} 已写明相关客户 {customer}，身份 {}\n",
        row.id,
        role.as_str()
    );
    told(json, "document_id", row.id.as_str(), &text)
}

async fn unname(house: &House, document: &str, customer: &str, role: &str, json: bool) -> Result<Ending> {
    let row = found(house, document).await?.row;
    let role = PartyRoleKind::parse(role);
    house
        .archive
        .document_customer_remove(&house.asker, &row.id, row.version, customer, &role)
        .await?;
    let text = said!(
        "document {} no longer names {customer} as {}\n",
        "文件 {} 不再写明客户 {customer}（身份 {}）\n",
        row.id,
        role.as_str()
    );
    told(json, "document_id", row.id.as_str(), &text)
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
async fn withdraw(house: &House, key: &str, reason: &str, yes: bool, json: bool) -> Result<Ending> {
    let row = found(house, key).await?.row;
    let named = said!(
        "《{}》 {} of {} {}, {} pages ({})",
        "《{}》 {}，{} {}，{} 页（{}）",
        row.title,
        row.number,
        row.customer_code,
        row.customer_name,
        row.pages_scanned,
        row.id
    );
    if !yes {
        complain(&said!(
            "would withdraw {named}\nit would be hidden everywhere at once, and another archivist would have to restore it; \
             say so with --yes",
            "将撤下 {named}\n撤下后各处立即看不到，须由另一位档案员恢复；确认请加 --yes"
        ));
        return Ok(Ending::ProblemFound);
    }
    house
        .archive
        .document_withdraw(&house.asker, &row.id, row.version, reason)
        .await?;
    let text = said!("withdrawn: {named}\n", "已撤下：{named}\n");
    told(json, "document_id", row.id.as_str(), &text)
}

async fn withdrawn(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let rows = house.archive.withdrawn(&house.asker, 0, usize::MAX).await?;
    let withdrawn = listed.part(rows, holdings::withdrawn)?;
    if json {
        print_json(&withdrawn)?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let row = |row: &WithdrawnJson| {
        vec![
            row.document_id.clone(),
            row.title.clone(),
            row.number.clone(),
            row.customer_code.clone(),
            row.by.clone(),
            row.at.as_deref().map_or_else(String::new, |at| local(at, &zone)),
            row.reason.clone(),
        ]
    };
    let header = [
        Heading::Document,
        Heading::Title,
        Heading::Number,
        Heading::Customer,
        Heading::By,
        Heading::At,
        Heading::Reason,
    ];
    print_table(&header, &withdrawn.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&withdrawn);
    Ok(Ending::Fine)
}

async fn named_in(house: &House, customer: &str, listed: &Listed, json: bool) -> Result<Ending> {
    let rows = house.archive.documents_naming(&house.asker, customer).await?;
    let naming = listed.part(rows, holdings::named_in)?;
    if json {
        print_json(&naming)?;
        return Ok(Ending::Fine);
    }
    let row = |row: &NamedInRowJson| {
        vec![
            row.document_id.clone(),
            row.title.clone(),
            row.number.clone(),
            row.date.clone(),
            role_word(&row.role),
            row.customer_code.clone(),
        ]
    };
    let header = [
        Heading::Document,
        Heading::Title,
        Heading::Number,
        Heading::Date,
        Heading::As,
        Heading::DossierOf,
    ];
    print_table(&header, &naming.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&naming);
    Ok(Ending::Fine)
}

/// What a customer is on a paper, as people read it.
fn role_word(role: &str) -> String {
    match language() {
        Language::Chinese => PartyRoleKind::parse(role).name(Language::Chinese).to_owned(),
        Language::English => role.to_owned(),
    }
}

async fn proposals(house: &House, key: &str, listed: &Listed, json: bool) -> Result<Ending> {
    let id = found(house, key).await?.row.id;
    let proposals = listed.part(house.archive.proposals(&house.asker, &id).await?, holdings::proposal)?;
    if json {
        print_json(&proposals)?;
        return Ok(Ending::Fine);
    }
    let row = |row: &ProposalJson| {
        vec![
            row.customer_code.clone(),
            row.customer_name.clone(),
            word::<ProposalState>(&row.state),
            word::<LinkBasis>(&row.basis),
            format!("{:.2}", row.confidence),
        ]
    };
    let header = [
        Heading::Customer,
        Heading::Name,
        Heading::State,
        Heading::Basis,
        Heading::Confidence,
    ];
    print_table(&header, &proposals.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&proposals);
    Ok(Ending::Fine)
}
