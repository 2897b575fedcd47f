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
    problem::{misused, refused},
    settings::Settings,
};
use ::print::Fonts;
use anyhow::Result;
use api_types::{locations::LocationJson, registers::register_field};
use clap::Subcommand;
use records::imports::Register;
use records::places::{CodeLookup, GridFault, GridLevel, LOCATION_FIELDS, LocationDraft, PlaceGrid, PlaceUse};
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
    /// Make the places of shelving from its counts; `dossier imports undo` takes them back
    Build(BuildArgs),
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

/// Shelving by its counts, from the outside in.
#[derive(clap::Args)]
pub struct BuildArgs {
    /// What all of it stands in, such as K2; it is made where it is not there
    code: String,
    /// Name of that place
    #[arg(long, value_name = "TEXT", default_value = "")]
    name: String,
    /// Racks in the room
    #[arg(long, value_name = "N", default_value = "0")]
    racks: usize,
    /// Columns of each rack
    #[arg(long, value_name = "N", default_value = "0")]
    columns: usize,
    /// Shelves of each column
    #[arg(long, value_name = "N", default_value = "0")]
    shelves: usize,
    /// Slots on each shelf
    #[arg(long, value_name = "N", default_value = "0")]
    slots: usize,
    /// Capacity of each of the innermost places
    #[arg(long, value_name = "N")]
    capacity: Option<u32>,
    /// Who keeps them
    #[arg(long, value_name = "TEXT", default_value = "")]
    keeper: String,
    /// Show each place and write nothing
    #[arg(long)]
    dry_run: bool,
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
        LocationsCommand::Build(words) => build(&house, settings, words).await?,
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

async fn build(house: &House, settings: &Settings, words: BuildArgs) -> Result<Ending> {
    let counts = [words.racks, words.columns, words.shelves, words.slots];
    let levels = PlaceGrid::USUAL.into_iter().zip(counts);
    let grid = PlaceGrid {
        code: words.code.trim().to_owned(),
        name: words.name,
        levels: levels
            .map(|((kind, numbering), count)| GridLevel { kind, count, numbering })
            .collect(),
        capacity: words.capacity.map(i64::from),
        keeper: words.keeper,
    };
    let table = grid.table().map_err(|fault| not_built(&grid.code, fault))?;
    let order = import::whole_table(
        said!("shelving of {}", "{} 批量生成", grid.code),
        table.as_bytes(),
        words.dry_run,
    );
    import::run_text(settings, house, Register::Locations, table, order, words.json).await
}

fn not_built(code: &str, fault: GridFault) -> anyhow::Error {
    let (said, next) = match fault {
        GridFault::Code => (
            said!("`{code}` is no location code", "“{code}”不能作库位代码"),
            said!("write letters and digits, such as K2", "请用字母和数字，如 K2"),
        ),
        GridFault::Nothing => (
            said!("there are no places to make", "没有要生成的库位"),
            said!(
                "say how many: --racks 6 --columns 5 --shelves 6",
                "请写各有多少：--racks 6 --columns 5 --shelves 6"
            ),
        ),
        GridFault::TooMany => (
            said!("these are more than {} places", "超过 {} 个库位", PlaceGrid::PLACES_MAX),
            said!("make them in several steps", "请分几次生成"),
        ),
    };
    misused(said, next)
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
        ("capacity_unit", place.capacity_unit),
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
