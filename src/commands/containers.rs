//! `dossier containers`: boxes, binders and bags.

use crate::{
    command_line::Listed,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print_json, print_table, say_shown, write_pdf},
    problem::refused,
    settings::Settings,
};
use ::print::Fonts;
use anyhow::Result;
use api_types::containers::{self, ContainerJson};
use clap::Subcommand;
use records::{
    SecurityLevel,
    places::{Container, ContainerDraft},
};
use std::path::PathBuf;
use vocabulary::{ContainerKind, PlaceUse};

#[derive(Subcommand)]
pub enum ContainersCommand {
    /// Register a box, binder or bag under the serial of its label
    Add {
        /// The serial on its label
        serial: String,
        #[command(flatten)]
        stated: ContainerStated,
        /// Where it stands from the beginning: a location code or the serial of a container
        #[arg(long = "in", value_name = "PLACE", default_value = "")]
        inside: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// List containers in the order of their serials
    List {
        /// Only those whose serial begins so
        #[arg(default_value = "")]
        begins: String,
        /// Those out of use too
        #[arg(long)]
        retired: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Write labels with QR code, Code 128 and check character as PDF
    Labels {
        /// Only those whose serial begins so
        #[arg(default_value = "")]
        begins: String,
        /// The PDF to write
        #[arg(long, short, value_name = "FILE", default_value = "labels.pdf")]
        output: PathBuf,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Show one container and where it stands; `dossier locate` lists what is in it
    Show {
        /// The serial on its label
        serial: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Change fields of a container
    Change {
        /// The serial on its label
        serial: String,
        #[command(flatten)]
        stated: ContainerStated,
        /// Why, for the history
        #[arg(long, value_name = "REASON", default_value = "")]
        why: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Take an empty container out of use, and off its place
    Retire(UseOf),
    /// Bring a container back into use
    Restore(UseOf),
}

#[derive(clap::Args)]
pub struct UseOf {
    /// The serial on its label
    serial: String,
    /// Why, for the history
    #[arg(long, value_name = "REASON", default_value = "")]
    why: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What is stated of a container.
#[derive(clap::Args)]
pub struct ContainerStated {
    /// box, binder or bag
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// What it is called
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// How thick it is, in millimetres; it takes no more than that
    #[arg(long, value_name = "MM")]
    size_mm: Option<i64>,
    /// How many things it takes
    #[arg(long, value_name = "N")]
    pieces_max: Option<i64>,
    /// The highest security level of what may lie in it
    #[arg(long, value_name = "LEVEL")]
    security_level_max: Option<String>,
}

impl ContainerStated {
    fn draft(self) -> Result<ContainerDraft> {
        let kind = self.kind.map(|word| ContainerKind::parse(&word)).transpose()?;
        let level = self.security_level_max.map(|word| SecurityLevel::parse(&word));
        Ok(ContainerDraft {
            kind,
            title: self.title,
            size_mm: self.size_mm.map(Some),
            pieces_max: self.pieces_max.map(Some),
            security_level_max: level.transpose()?,
            ..ContainerDraft::default()
        })
    }
}

pub async fn run(settings: &Settings, words: ContainersCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let archive = &house.archive;
    let ending = match words {
        ContainersCommand::Add {
            serial,
            stated,
            inside,
            json,
        } => {
            let draft = stated.draft()?;
            let added = archive.container_add(&house.asker, &serial, &draft, &inside).await?;
            tell(added, json)?
        }
        ContainersCommand::List {
            begins,
            retired,
            json,
            listed,
        } => list(&house, &begins, retired, &listed, json).await?,
        ContainersCommand::Labels { begins, output, json } => {
            let labels = services::labels::of_containers(archive, &house.asker, &begins).await?;
            if labels.is_empty() {
                return Err(nothing(&begins));
            }
            let pdf = services::labels::sheet(&labels, &Fonts::in_folders(&settings.fonts))?;
            write_pdf(&output, &pdf, labels.len(), json)?
        }
        ContainersCommand::Show { serial, json } => tell(found(&house, &serial).await?, json)?,
        ContainersCommand::Change {
            serial,
            stated,
            why,
            json,
        } => {
            let draft = ContainerDraft { why, ..stated.draft()? };
            change(&house, &serial, &draft, json).await?
        }
        ContainersCommand::Retire(words) => put_to_use(&house, words, PlaceUse::Retired).await?,
        ContainersCommand::Restore(words) => put_to_use(&house, words, PlaceUse::InUse).await?,
    };
    house.close().await;
    Ok(ending)
}

async fn found(house: &House, serial: &str) -> Result<Container> {
    match house.archive.container(&house.asker, serial).await? {
        Some(container) => Ok(container),
        None => Err(nothing(serial)),
    }
}

fn nothing(serial: &str) -> anyhow::Error {
    refused(
        "not_found",
        said!("there is no container `{serial}`", "没有盒袋“{serial}”"),
        said!(
            "`dossier containers list` shows what there is",
            "用 `dossier containers list` 看有哪些"
        ),
    )
}

async fn change(house: &House, serial: &str, draft: &ContainerDraft, json: bool) -> Result<Ending> {
    let version = found(house, serial).await?.version;
    let archive = &house.archive;
    let changed = archive.container_change(&house.asker, serial, version, draft).await?;
    tell(changed, json)
}

async fn put_to_use(house: &House, words: UseOf, state: PlaceUse) -> Result<Ending> {
    let draft = ContainerDraft {
        state: Some(state),
        why: words.why,
        ..ContainerDraft::default()
    };
    change(house, &words.serial, &draft, words.json).await
}

fn tell(container: Container, json: bool) -> Result<Ending> {
    let container = containers::container(container);
    if json {
        print_json(&container)?;
        return Ok(Ending::Fine);
    }
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let known = [
        ("serial", container.serial),
        ("kind", word::<ContainerKind>(&container.kind)),
        ("title", container.title),
        ("size_mm", number(container.size_mm)),
        ("pieces_max", number(container.pieces_max)),
        ("security_level_max", container.security_level_max.to_string()),
        ("state", word::<PlaceUse>(&container.state)),
        ("in", container.stands_in),
        ("location_code", container.location_code),
    ];
    let rows: Vec<_> = known
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    print_table(&[Heading::Field, Heading::Value], &rows)?;
    Ok(Ending::Fine)
}

async fn list(house: &House, begins: &str, retired: bool, listed: &Listed, json: bool) -> Result<Ending> {
    let most = listed.most();
    let archive = &house.archive;
    let found = archive
        .containers(&house.asker, begins, retired, &listed.after, most.saturating_add(1))
        .await?;
    let total = archive.containers_total(&house.asker, begins, retired).await?;
    let all = containers::containers(found, most, total);
    if json {
        print_json(&all)?;
        return Ok(Ending::Fine);
    }
    let row = |container: &ContainerJson| {
        vec![
            container.serial.clone(),
            word::<ContainerKind>(&container.kind),
            container.title.clone(),
            container.size_mm.map_or_else(String::new, |size| size.to_string()),
            container.stands_in.clone(),
            container.location_code.clone(),
        ]
    };
    let header = [
        Heading::Container,
        Heading::Kind,
        Heading::Title,
        Heading::Capacity,
        Heading::Place,
        Heading::Location,
    ];
    print_table(&header, &all.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&all);
    Ok(Ending::Fine)
}
