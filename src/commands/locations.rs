//! `dossier locations`: the register of places, labels and cover sheets.

use super::import::{self, AddOne, ChangeOne, ImportArgs};
use crate::{
    house::House,
    output::{Ending, print_json, print_table},
    settings::Settings,
};
use ::print::{Cover, CoverWords, Fonts, LabelData, LabelSheet, SheetCode, location_labels};
use anyhow::{Context, Result, bail};
use api_types::registers::register_field;
use clap::Subcommand;
use records::imports::Register;
use records::places::{CodeLookup, LOCATION_FIELDS, Location, LocationCode, LocationDraft};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub enum LocationsCommand {
    /// Import a table; `dossier locations fields` lists its columns
    #[command(after_help = import::columns_help(&LOCATION_FIELDS))]
    Import(ImportArgs),
    /// The fields of a place, as columns of a table and as names for `add` and `change`
    Fields {
        #[arg(long)]
        json: bool,
    },
    /// Add one place; those around it are made from the code: code=K1-03 kind=rack capacity=20
    #[command(after_help = import::columns_help(&LOCATION_FIELDS))]
    Add(AddOne),
    /// Change fields of one place
    #[command(after_help = import::columns_help(&LOCATION_FIELDS))]
    Change(ChangeOne),
    /// List places in shelf order
    List {
        #[arg(long, default_value_t = 1000)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// Write labels with QR codes as PDF
    Labels {
        /// Only places whose code begins so
        #[arg(default_value = "")]
        code: String,
        #[arg(long, short, default_value = "labels.pdf")]
        output: PathBuf,
    },
    /// Write cover sheets for scanning as PDF
    Covers {
        /// Customer codes
        #[arg(required = true)]
        customers: Vec<String>,
        #[arg(long, short, default_value = "covers.pdf")]
        output: PathBuf,
    },
}

#[derive(serde::Serialize)]
struct ListedLocation {
    code: String,
    name: String,
    kind: String,
    capacity: Option<i64>,
    keeper: String,
    security_level_max: i64,
}

pub async fn run(settings: &Settings, words: LocationsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        LocationsCommand::Import(words) => import::run(&house, Register::Locations, &words).await?,
        LocationsCommand::Fields { json } => fields(json)?,
        LocationsCommand::Add(words) => {
            let draft = LocationDraft {
                stated: words.fields,
                why: words.why,
            };
            let entry = house.archive.location_add(&house.asker, &draft).await?;
            import::tell_entry(entry, words.json)?
        }
        LocationsCommand::Change(words) => change(&house, words).await?,
        LocationsCommand::List { limit, json } => list(&house, limit, json).await?,
        LocationsCommand::Labels { code, output } => labels(&house, settings, &code, &output).await?,
        LocationsCommand::Covers { customers, output } => covers(&house, settings, &customers, &output).await?,
    };
    house.close().await;
    Ok(ending)
}

fn fields(json: bool) -> Result<Ending> {
    let fields: Vec<_> = LOCATION_FIELDS.iter().map(register_field).collect();
    import::tell_fields(&fields, json)
}

async fn change(house: &House, words: ChangeOne) -> Result<Ending> {
    let (code, found) = match house.archive.locate(&house.asker, &words.code).await? {
        CodeLookup::Location(place) => (place.code, place.location.map(|location| location.version)),
        _ => bail!(
            "there is no location `{}`; `dossier locations list` shows all",
            words.code
        ),
    };
    let draft = LocationDraft {
        stated: words.fields,
        why: words.why,
    };
    let version = words.version.or(found).unwrap_or(0);
    let entry = house
        .archive
        .location_change(&house.asker, &code, version, &draft)
        .await?;
    import::tell_entry(entry, words.json)
}

async fn list(house: &House, limit: usize, json: bool) -> Result<Ending> {
    let locations = house.archive.locations(&house.asker, "", limit).await?;
    let listed = locations.into_iter().map(|location| {
        let Location {
            code,
            name,
            kind,
            capacity,
            keeper,
            security_level_max,
            ..
        } = location;
        ListedLocation {
            code,
            name,
            kind: kind.as_str().to_owned(),
            capacity,
            keeper,
            security_level_max: security_level_max.number(),
        }
    });
    if json {
        print_json(&listed.collect::<Vec<_>>())?;
    } else {
        let rows: Vec<_> = listed
            .map(|row| {
                vec![
                    row.code,
                    row.name,
                    row.kind,
                    row.capacity.map_or_else(String::new, |c| c.to_string()),
                    row.keeper,
                ]
            })
            .collect();
        print_table(&["code", "name", "kind", "capacity", "keeper"], &rows)?;
    }
    Ok(Ending::Fine)
}

/// Labels for the places whose code begins with `code`, on plain A4.
async fn labels(house: &House, settings: &Settings, code: &str, output: &Path) -> Result<Ending> {
    let all = house.archive.locations(&house.asker, "", usize::MAX).await?;
    let wanted = if code.is_empty() {
        None
    } else {
        Some(LocationCode::parse(code)?)
    };
    let names: std::collections::HashMap<&str, &str> = all
        .iter()
        .map(|place| (place.code.as_str(), place.name.as_str()))
        .collect();
    let mut labels = Vec::new();
    for place in &all {
        let own = LocationCode::parse(&place.code)?;
        let inside = |wanted: &LocationCode| {
            own.folded() == wanted.folded() || own.parents().iter().any(|parent| parent.folded() == wanted.folded())
        };
        if wanted.as_ref().is_some_and(|wanted| !inside(wanted)) {
            continue;
        }
        let path: Vec<_> = own
            .parents()
            .iter()
            .map(|parent| {
                names
                    .get(parent.as_str())
                    .copied()
                    .filter(|name| !name.is_empty())
                    .unwrap_or(parent.as_str())
                    .to_owned()
            })
            .collect();
        labels.push(LabelData {
            code: place.code.clone(),
            name: place.name.clone(),
            path: path.join(" › "),
            note: String::new(),
            check: None,
        });
    }
    if labels.is_empty() {
        bail!("no location begins with `{code}`; `dossier locations list` shows all");
    }
    let fonts = Fonts::in_folders(&settings.fonts);
    let sheet = LabelSheet {
        frames: true,
        ..LabelSheet::a4_grid(2, 8, 8.0)
    };
    write_pdf(output, &location_labels(&labels, &sheet, &fonts)?, labels.len())
}

/// Cover sheets for scanning, one for each customer.
async fn covers(house: &House, settings: &Settings, customers: &[String], output: &Path) -> Result<Ending> {
    let mut sheets = Vec::with_capacity(customers.len());
    for key in customers {
        let Some(customer) = house.archive.customer(&house.asker, key).await? else {
            bail!("there is no customer `{key}`; `dossier customers list {key}` finds similar ones");
        };
        sheets.push(Cover {
            codes: vec![SheetCode::Customer(customer.code.clone())],
            heading: "客户封面页".to_owned(),
            title: customer.name,
            facts: vec![
                ("客户代码".to_owned(), customer.code),
                ("档案号".to_owned(), customer.dossier_no),
            ],
        });
    }
    let words = CoverWords {
        pages: "页数".to_owned(),
        scanned_by: "扫描人".to_owned(),
        date: "日期".to_owned(),
        instruction: "放在资料最上面一起扫描；本页不归档。".to_owned(),
    };
    let fonts = Fonts::in_folders(&settings.fonts);
    write_pdf(output, &::print::covers(&sheets, &words, &fonts)?, sheets.len())
}

fn write_pdf(output: &Path, bytes: &[u8], count: usize) -> Result<Ending> {
    std::fs::write(output, bytes).with_context(|| format!("{} cannot be written", output.display()))?;
    crate::output::print(&format!("{count} in {}\n", output.display()))?;
    Ok(Ending::Fine)
}
