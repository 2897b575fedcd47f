//! `dossier locations`: the register of places, labels and cover sheets.

use super::covers::{CoversArgs, covers};
use super::fields;
use super::import::{self, AddOne, ChangeOne, ImportArgs};
use crate::{
    command_line::Listed,
    heading::Heading,
    house::House,
    language::{language, said},
    output::{Ending, print_json, print_table, say_shown, write_pdf},
    problem::refused,
    settings::Settings,
};
use ::print::Fonts;
use anyhow::Result;
use api_types::{locations::LocationJson, registers::register_field};
use clap::Subcommand;
use records::imports::Register;
use records::places::{CodeLookup, LOCATION_FIELDS, LocationDraft, PlaceUse};
use std::path::PathBuf;
use vocabulary::{Language, LocationKind};

#[derive(Subcommand)]
pub enum LocationsCommand {
    /// Import a table; `dossier locations fields` lists its columns
    #[command(after_help = fields::help(&LOCATION_FIELDS))]
    Import(ImportArgs),
    /// The fields of a place, as columns of a table and as names for `add` and `change`
    Fields {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Add one place; those around it are made from the code: code=K1-03 kind=rack capacity=20
    #[command(after_help = fields::help(&LOCATION_FIELDS))]
    Add(AddOne),
    /// Change fields of one place
    #[command(after_help = fields::help(&LOCATION_FIELDS))]
    Change(ChangeOne),
    /// List places in shelf order
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Write labels with QR codes as PDF
    Labels {
        /// Only this place and those within it; where there is no such place, those whose code begins so
        #[arg(default_value = "")]
        code: String,
        /// The PDF to write
        #[arg(long, short, value_name = "FILE", default_value = "labels.pdf")]
        output: PathBuf,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Write cover and separator sheets for scanning as PDF; ingest takes them off and does what they say
    Covers(CoversArgs),
    /// Show the fields of one place, with the columns that the archive has added itself
    Show {
        /// Code of the place
        code: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Take a place and everything inside it out of use: it takes no new paper and keeps its history
    Retire(UseArgs),
    /// Bring a place and everything inside it back into use
    Restore(UseArgs),
}

#[derive(clap::Args)]
pub struct UseArgs {
    /// Code of the place
    code: String,
    /// Why, for the history
    #[arg(long, value_name = "REASON", default_value = "")]
    why: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, words: LocationsCommand) -> Result<Ending> {
    let house = match &words {
        LocationsCommand::Fields { json } => return tell_fields(*json),
        LocationsCommand::Import(words) => import::house(settings, words).await?,
        _ => House::open(settings).await?,
    };
    let ending = match words {
        LocationsCommand::Import(words) => import::run(settings, &house, Register::Locations, &words).await?,
        LocationsCommand::Fields { json } => tell_fields(json)?,
        LocationsCommand::Add(words) => {
            let draft = LocationDraft {
                stated: words.fields,
                why: words.why,
            };
            let entry = house.archive.location_add(&house.asker, &draft).await?;
            import::tell_entry(entry, words.json)?
        }
        LocationsCommand::Change(words) => change(&house, words).await?,
        LocationsCommand::List { json, listed } => list(&house, &listed, json).await?,
        LocationsCommand::Labels { code, output, json } => {
            let (pdf, count) = labels(&house, settings, &code).await?;
            write_pdf(&output, &pdf, count, json)?
        }
        LocationsCommand::Covers(words) => covers(&house, settings, &words).await?,
        LocationsCommand::Show { code, json } => show(&house, &code, json).await?,
        LocationsCommand::Retire(words) => put_to_use(&house, words, PlaceUse::Retired).await?,
        LocationsCommand::Restore(words) => put_to_use(&house, words, PlaceUse::InUse).await?,
    };
    house.close().await;
    Ok(ending)
}

fn tell_fields(json: bool) -> Result<Ending> {
    let fields: Vec<_> = LOCATION_FIELDS.iter().map(register_field).collect();
    fields::tell(&fields, json)
}

/// A place that is not there.
pub fn no_location(code: &str) -> anyhow::Error {
    refused(
        "not_found",
        said!("there is no location `{code}`", "没有库位“{code}”"),
        said!(
            "`dossier locations list --all` shows all",
            "`dossier locations list --all` 列出全部"
        ),
    )
}

async fn change(house: &House, words: ChangeOne) -> Result<Ending> {
    let (code, found) = match house.archive.locate(&house.asker, &words.code).await? {
        CodeLookup::Location(place) => (place.code, place.location.map(|location| location.version)),
        _ => {
            return Err(no_location(&words.code));
        }
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

/// Takes a place out of use, or brings it back.
async fn put_to_use(house: &House, words: UseArgs, state: PlaceUse) -> Result<Ending> {
    let words = ChangeOne {
        code: words.code,
        fields: vec![("state".to_owned(), state.as_str().to_owned())],
        version: None,
        why: words.why,
        accept_doubles: false,
        json: words.json,
    };
    change(house, words).await
}

async fn show(house: &House, code: &str, json: bool) -> Result<Ending> {
    let place = match house.archive.locate(&house.asker, code).await? {
        CodeLookup::Location(place) => place.location,
        _ => None,
    };
    let Some(place) = place else {
        return Err(no_location(code));
    };
    let place = api_types::locations::location(place);
    if json {
        print_json(&place)?;
        return Ok(Ending::Fine);
    }
    let capacity = place.capacity.map_or_else(String::new, |capacity| capacity.to_string());
    let known = [
        ("code", place.code),
        ("name", place.name),
        ("kind", place.kind),
        ("capacity", capacity),
        ("keeper", place.keeper),
        ("owner", place.owner),
        ("security_level_max", place.security_level_max.to_string()),
        ("state", place.state),
    ];
    let known = known.into_iter().map(|(name, value)| vec![name.to_owned(), value]);
    let own = place.attributes.into_iter().map(|(name, value)| vec![name, value]);
    print_table(&[Heading::Field, Heading::Value], &known.chain(own).collect::<Vec<_>>())?;
    Ok(Ending::Fine)
}

async fn list(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let most = listed.most();
    let found = house
        .archive
        .locations(&house.asker, &listed.after, most.saturating_add(1))
        .await?;
    let total = house.archive.locations_total(&house.asker).await?;
    let locations = api_types::locations::locations(found, most, total);
    if json {
        print_json(&locations)?;
        return Ok(Ending::Fine);
    }
    let row = |place: &LocationJson| {
        vec![
            place.code.clone(),
            place.name.clone(),
            kind_word(&place.kind),
            place.capacity.map_or_else(String::new, |capacity| capacity.to_string()),
            place.keeper.clone(),
        ]
    };
    let header = [
        Heading::Code,
        Heading::Name,
        Heading::Kind,
        Heading::Capacity,
        Heading::Keeper,
    ];
    print_table(&header, &locations.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&locations);
    Ok(Ending::Fine)
}

/// The kind of a place as people read it; an older archive may have words of its own.
fn kind_word(kind: &str) -> String {
    match language() {
        Language::Chinese => LocationKind::parse(kind).name(Language::Chinese).to_owned(),
        Language::English => kind.to_owned(),
    }
}

/// Labels for the places whose code begins with `code`, on plain A4.
async fn labels(house: &House, settings: &Settings, code: &str) -> Result<(Vec<u8>, usize)> {
    let labels = services::labels::of_places(&house.archive, &house.asker, code).await?;
    if labels.is_empty() {
        return Err(refused(
            "not_found",
            said!("no location begins with `{code}`", "没有以“{code}”开头的库位"),
            said!(
                "`dossier locations list --all` shows all",
                "`dossier locations list --all` 列出全部"
            ),
        ));
    }
    let fonts = Fonts::in_folders(&settings.fonts);
    Ok((services::labels::sheet(&labels, &fonts)?, labels.len()))
}
