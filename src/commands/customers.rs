//! `dossier customers`: the register.

use super::fields;
use super::import::{self, AddOne, ChangeOne, ImportArgs};
use crate::{
    command_line::Listed,
    full_text,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print, print_json, print_table, say_shown},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use api_types::customers::{CustomerRowJson, DossierDocumentJson};
use clap::Subcommand;
use records::customers::{CUSTOMER_FIELDS, CustomerDraft, CustomerFilter};
use records::imports::Register;
use vocabulary::{CustomerKind, CustomerStatus, OriginalState};

#[derive(Subcommand)]
pub enum CustomersCommand {
    /// Import a table; `dossier customers fields` lists its columns
    #[command(after_help = fields::help(&CUSTOMER_FIELDS))]
    Import(ImportArgs),
    /// The fields of a customer, as columns of a table and as names for `add` and `change`
    Fields {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Add one customer: code=KH-1 name=华宸 phones=138... attribute:NAME=...
    #[command(after_help = fields::help(&CUSTOMER_FIELDS))]
    Add(AddOne),
    /// Change fields of one customer: address=... phones=; an empty value empties the field
    #[command(after_help = fields::help(&CUSTOMER_FIELDS))]
    Change(ChangeOne),
    /// List customers
    List {
        /// Any part of a name, the beginning of a code, or a whole number
        #[arg(default_value = "")]
        text: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// One customer with the documents of its dossier
    Show {
        /// Code, account number, dossier number or id
        customer: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(settings: &Settings, words: CustomersCommand) -> Result<Ending> {
    let house = match &words {
        CustomersCommand::Fields { json } => return tell_fields(*json),
        CustomersCommand::Import(words) => import::house(settings, words).await?,
        _ => House::open(settings).await?,
    };
    let ending = match words {
        CustomersCommand::Import(words) => import::run(settings, &house, Register::Customers, &words).await?,
        CustomersCommand::Fields { json } => tell_fields(json)?,
        CustomersCommand::Add(words) => {
            let draft = CustomerDraft {
                stated: words.fields,
                why: words.why,
            };
            let entry = house
                .archive
                .customer_add(&house.asker, &draft, import::doubles(words.accept_doubles))
                .await?;
            import::tell_entry(entry, words.json)?
        }
        CustomersCommand::Change(words) => change(&house, words).await?,
        CustomersCommand::List { text, json, listed } => list(settings, &house, text, listed, json).await?,
        CustomersCommand::Show { customer, json } => show(&house, &customer, json).await?,
    };
    house.close().await;
    Ok(ending)
}

fn tell_fields(json: bool) -> Result<Ending> {
    let fields: Vec<_> = CUSTOMER_FIELDS
        .iter()
        .map(api_types::registers::register_field)
        .collect();
    fields::tell(&fields, json)
}

/// A customer that is not there, with the command that finds similar ones.
pub fn no_customer(key: &str) -> anyhow::Error {
    refused(
        "not_found",
        said!("there is no customer `{key}`", "没有客户“{key}”"),
        said!(
            "try `dossier customers list {key}`",
            "试试 `dossier customers list {key}`"
        ),
    )
}

async fn change(house: &House, words: ChangeOne) -> Result<Ending> {
    let version = match words.version {
        Some(version) => version,
        None => match house.archive.customer(&house.asker, &words.code).await? {
            Some(customer) => customer.version,
            None => return Err(no_customer(&words.code)),
        },
    };
    let draft = CustomerDraft {
        stated: words.fields,
        why: words.why,
    };
    let doubles = import::doubles(words.accept_doubles);
    let entry = house
        .archive
        .customer_change(&house.asker, &words.code, version, &draft, doubles)
        .await?;
    import::tell_entry(entry, words.json)
}

async fn list(settings: &Settings, house: &House, text: String, listed: Listed, json: bool) -> Result<Ending> {
    let most = listed.most();
    let filter = CustomerFilter {
        text,
        after_code: listed.after,
        limit: most.saturating_add(1),
        ..CustomerFilter::default()
    };
    let full_text = full_text::open(settings, house).await?;
    let (rows, total) = services::customers::listed(&house.archive, &full_text, &house.asker, &filter).await?;
    let customers = api_types::customers::customers(rows, most, total);
    if json {
        print_json(&customers)?;
        return Ok(Ending::Fine);
    }
    let row = |row: &CustomerRowJson| {
        vec![
            row.code.clone(),
            row.name.clone(),
            word::<CustomerKind>(&row.kind),
            word::<CustomerStatus>(&row.status),
            row.dossier_no.clone(),
            row.documents.to_string(),
        ]
    };
    let header = [
        Heading::Code,
        Heading::Name,
        Heading::Kind,
        Heading::Status,
        Heading::Dossier,
        Heading::Documents,
    ];
    print_table(&header, &customers.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&customers);
    Ok(Ending::Fine)
}

async fn show(house: &House, key: &str, json: bool) -> Result<Ending> {
    // The owner of the data folder asks for everything; the trail says so.
    let Some(customer) = house.archive.customer_reveal(&house.asker, key, None).await? else {
        return Err(no_customer(key));
    };
    let documents = house
        .archive
        .documents_of_customer(&house.asker, &customer.code)
        .await?;
    let event = records::audit::EventDraft::new(
        records::audit::AuditAction::CustomerViewed,
        records::audit::AuditObject::Customer,
        customer.id.as_str(),
    );
    house.archive.note_read(&house.asker, event).await?;
    let shown = api_types::customers::customer(customer, documents);
    if json {
        print_json(&shown)?;
        return Ok(Ending::Fine);
    }
    let mut text = format!(
        "{}  {}  {}  {}\n",
        shown.code,
        shown.name,
        word::<CustomerStatus>(&shown.status),
        shown.dossier_no
    );
    for party in &shown.parties {
        let identifiers: Vec<_> = party
            .identifiers
            .iter()
            .map(|pair| format!("{} {}", pair.name, pair.value))
            .collect();
        text.push_str(&format!(
            "  {} {}  {}\n",
            party.role,
            party.name,
            identifiers.join("  ")
        ));
    }
    for pair in shown.aliases.iter().chain(&shown.attributes) {
        text.push_str(&format!("  {} {}\n", pair.name, pair.value));
    }
    text.push('\n');
    print(&text)?;
    tell_documents(shown.documents)
}

/// The documents of a dossier.
fn tell_documents(documents: Vec<DossierDocumentJson>) -> Result<Ending> {
    let rows: Vec<_> = documents
        .into_iter()
        .map(|d| {
            vec![
                d.date,
                d.kind,
                d.title,
                d.number,
                d.pages.to_string(),
                d.location_code,
                word::<OriginalState>(&d.original_state),
                d.document_id,
            ]
        })
        .collect();
    print_table(
        &[
            Heading::Date,
            Heading::Kind,
            Heading::Title,
            Heading::Number,
            Heading::Pages,
            Heading::Location,
            Heading::Original,
            Heading::Document,
        ],
        &rows,
    )?;
    Ok(Ending::Fine)
}
