//! `dossier place`: papers and containers are put somewhere, or back where they were.

use super::documents::found;
use crate::{
    house::House,
    language::said,
    output::{Ending, print, print_json},
    problem::Problem,
    settings::Settings,
};
use anyhow::Result;
use api_types::list::ListJson;
use clap::Args;
use records::places::CodeLookup;
use serde::Serialize;

#[derive(Args)]
pub struct PlaceArgs {
    /// Documents by id or own number, containers by serial
    #[arg(required = true, num_args = 1.., value_name = "THING")]
    things: Vec<String>,
    /// Where they are put: a location code or the serial of a container, as typed or scanned
    #[arg(
        long,
        value_name = "PLACE",
        required_unless_present = "back",
        conflicts_with = "back"
    )]
    at: Option<String>,
    /// Take the last move of each document back instead
    #[arg(long)]
    back: bool,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What became of one thing.
#[derive(Serialize)]
struct PutJson {
    thing: String,
    /// Where it lies now; empty where it was refused, or is to be shelved again.
    place: String,
    /// Why it stayed where it was; empty when it did not.
    refused: String,
}

pub async fn run(settings: &Settings, words: PlaceArgs) -> Result<Ending> {
    let house = House::open(settings).await?;
    let mut all = Vec::new();
    for thing in words.things {
        let done = match &words.at {
            Some(place) => put(&house, &thing, place).await,
            None => put_back(&house, &thing).await,
        };
        let (place, refused) = match done {
            Ok(place) => (place, String::new()),
            Err(cause) => (String::new(), Problem::of(&cause).text()),
        };
        all.push(PutJson { thing, place, refused });
    }
    house.close().await;
    let ending = match all.iter().all(|one| one.refused.is_empty()) {
        true => Ending::Fine,
        false => Ending::InputRejected,
    };
    if words.json {
        print_json(&ListJson::whole(all, |one| one))?;
        return Ok(ending);
    }
    for PutJson { thing, place, refused } in &all {
        print(&match (refused.as_str(), place.as_str()) {
            ("", "") => said!("{thing}: to be shelved again\n", "{thing}：恢复为待上架\n"),
            ("", place) => said!("{thing}: at {place}\n", "{thing}：在 {place}\n"),
            (refused, _) => said!("{thing}: not moved: {refused}\n", "{thing}：没有移动：{refused}\n"),
        })?;
    }
    Ok(ending)
}

/// Where it lies then. What is no document may be a container.
async fn put(house: &House, thing: &str, place: &str) -> Result<String> {
    if house.archive.document(&house.asker, thing).await?.is_none()
        && let CodeLookup::Container(container) = house.archive.locate(&house.asker, thing).await?
    {
        house
            .archive
            .move_container(&house.asker, &container.code, place.trim(), place.trim())
            .await?;
        return Ok(match house.archive.locate(&house.asker, place).await? {
            CodeLookup::Location(at) | CodeLookup::Container(at) => at.code,
            _ => place.trim().to_owned(),
        });
    }
    let id = found(house, thing).await?.row.id;
    let placed = services::documents::place(&house.archive, &house.asker, &id, None, place).await?;
    Ok(placed.location_code)
}

async fn put_back(house: &House, thing: &str) -> Result<String> {
    let row = found(house, thing).await?.row;
    let moves = row.place.moves;
    let placed = services::documents::put_back(&house.archive, &house.asker, &row.id, moves).await?;
    Ok(placed.location_code)
}
