//! `dossier customers`: the register.

use super::import::{self, AddOne, ChangeOne, ImportArgs};
use crate::{
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::{Result, bail};
use clap::Subcommand;
use records::customers::{CUSTOMER_FIELDS, CustomerDraft, CustomerFilter};
use records::imports::Register;

#[derive(Subcommand)]
pub enum CustomersCommand {
    /// Import a table; `dossier customers fields` lists its columns
    #[command(after_help = import::columns_help(&CUSTOMER_FIELDS))]
    Import(ImportArgs),
    /// The fields of a customer, as columns of a table and as names for `add` and `change`
    Fields {
        #[arg(long)]
        json: bool,
    },
    /// Add one customer: code=KH-1 name=华宸 phones=138... attribute:NAME=...
    #[command(after_help = import::columns_help(&CUSTOMER_FIELDS))]
    Add(AddOne),
    /// Change fields of one customer: address=... phones=; an empty value empties the field
    #[command(after_help = import::columns_help(&CUSTOMER_FIELDS))]
    Change(ChangeOne),
    /// List customers
    List {
        /// Beginning of a code, name or number
        #[arg(default_value = "")]
        text: String,
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// One customer with the documents of its dossier
    Show {
        /// Code, account number, dossier number or id
        customer: String,
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(settings: &Settings, words: CustomersCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        CustomersCommand::Import(words) => import::run(&house, Register::Customers, &words).await?,
        CustomersCommand::Fields { json } => fields(json)?,
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
        CustomersCommand::List { text, limit, json } => list(&house, text, limit, json).await?,
        CustomersCommand::Show { customer, json } => show(&house, &customer, json).await?,
    };
    house.close().await;
    Ok(ending)
}

fn fields(json: bool) -> Result<Ending> {
    let fields: Vec<_> = CUSTOMER_FIELDS
        .iter()
        .map(api_types::registers::register_field)
        .collect();
    import::tell_fields(&fields, json)
}

async fn change(house: &House, words: ChangeOne) -> Result<Ending> {
    let version = match words.version {
        Some(version) => version,
        None => match house.archive.customer(&house.asker, &words.code).await? {
            Some(customer) => customer.version,
            None => bail!(
                "there is no customer `{0}`; try `dossier customers list {0}`",
                words.code
            ),
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

async fn list(house: &House, text: String, limit: usize, json: bool) -> Result<Ending> {
    let filter = CustomerFilter {
        text,
        limit: limit + 1,
        ..CustomerFilter::default()
    };
    let rows = house.archive.customers(&house.asker, &filter).await?;
    if json {
        print_json(&api_types::customers::customers(rows, limit))?;
    } else {
        let rows: Vec<_> = rows
            .into_iter()
            .take(limit)
            .map(|row| {
                vec![
                    row.code,
                    row.name,
                    row.kind.as_str().to_owned(),
                    row.status.as_str().to_owned(),
                    row.dossier_no,
                    row.documents.to_string(),
                ]
            })
            .collect();
        print_table(&["code", "name", "kind", "status", "dossier", "documents"], &rows)?;
    }
    Ok(Ending::Fine)
}

async fn show(house: &House, key: &str, json: bool) -> Result<Ending> {
    // The owner of the data folder asks for everything; the trail says so.
    let Some(customer) = house.archive.customer_reveal(&house.asker, key, None).await? else {
        bail!("there is no customer `{key}`; try `dossier customers list {key}`");
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
        shown.code, shown.name, shown.status, shown.dossier_no
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
    let rows: Vec<_> = shown
        .documents
        .into_iter()
        .map(|d| {
            vec![
                d.date,
                d.kind,
                d.title,
                d.number,
                d.pages.to_string(),
                d.location_code,
                d.original_state,
                d.document_id,
            ]
        })
        .collect();
    print_table(
        &[
            "date", "kind", "title", "number", "pages", "location", "original", "document",
        ],
        &rows,
    )?;
    Ok(Ending::Fine)
}
