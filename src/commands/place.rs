//! `dossier place`: papers and containers are put somewhere together, or back where they were.

use super::documents::found;
use crate::{
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::Result;
use api_types::placements::{self, MovedJson, PlacingJson, ProposedPlaceJson};
use clap::Args;
use records::places::PlacingOrder;
use vocabulary::ProposedBecause;

#[derive(Args)]
pub struct PlaceArgs {
    /// Documents by id or own number, containers by serial, volumes by number
    #[arg(required_unless_present = "undo", num_args = 1.., value_name = "THING")]
    things: Vec<String>,
    /// Where they are put: a location code or the serial of a container, as typed or scanned
    #[arg(
        long,
        alias = "at",
        value_name = "PLACE",
        required_unless_present_any = ["back", "undo", "propose"],
        conflicts_with_all = ["back", "undo"]
    )]
    to: Option<String>,
    /// Take the last move of each document back instead
    #[arg(long)]
    back: bool,
    /// Take one whole act back, by the word that it has answered with
    #[arg(long, value_name = "UNDO", conflicts_with_all = ["things", "back"])]
    undo: Option<String>,
    /// Say where the thing would lie well instead, and move nothing
    #[arg(long, conflicts_with_all = ["to", "back", "undo"])]
    propose: bool,
    /// Say what would be moved and move nothing
    #[arg(long, requires = "to")]
    dry_run: bool,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, words: PlaceArgs) -> Result<Ending> {
    let house = House::open(settings).await?;
    if words.propose {
        return propose(house, &words).await;
    }
    let placed = match (&words.to, &words.undo) {
        (Some(to), _) => {
            let order = PlacingOrder {
                label: to.trim().to_owned(),
                ..PlacingOrder::of(words.things, to.trim())
            };
            services::placements::place(&house.archive, &house.asker, &order, words.dry_run).await?
        }
        (None, Some(undo)) => PlacingJson {
            moved: services::placements::undo(&house.archive, &house.asker, undo).await?,
            undo: String::new(),
        },
        (None, None) => {
            let mut moved = Vec::with_capacity(words.things.len());
            for thing in words.things {
                moved.push(put_back(&house, thing).await?);
            }
            PlacingJson {
                moved,
                undo: String::new(),
            }
        }
    };
    house.close().await;
    if words.json {
        print_json(&placed)?;
        return Ok(Ending::Fine);
    }
    for MovedJson { thing, from: _, to } in &placed.moved {
        print(&match to.as_str() {
            "" => said!("{thing}: to be shelved again\n", "{thing}：恢复为待上架\n"),
            to => said!("{thing}: at {to}\n", "{thing}：在 {to}\n"),
        })?;
    }
    if placed.moved.is_empty() {
        print(&said!("everything lies there already\n", "都已经在那里\n"))?;
    }
    if !placed.undo.is_empty() {
        let undo = &placed.undo;
        print(&said!(
            "take it back with `dossier place --undo {undo}`\n",
            "撤销：`dossier place --undo {undo}`\n"
        ))?;
    }
    Ok(Ending::Fine)
}

/// Where the things would lie well, each by itself.
async fn propose(house: House, words: &PlaceArgs) -> Result<Ending> {
    let mut places = Vec::new();
    for thing in &words.things {
        places.extend(house.archive.place_proposals(&house.asker, thing).await?);
    }
    house.close().await;
    let places = placements::proposed(places);
    if words.json {
        print_json(&places)?;
        return Ok(Ending::Fine);
    }
    let row = |place: &ProposedPlaceJson| {
        let free = place.free_mm.map_or_else(String::new, |free| free.to_string());
        vec![place.code.clone(), free, word::<ProposedBecause>(&place.why)]
    };
    let rows: Vec<_> = places.places.iter().map(row).collect();
    print_table(&[Heading::Place, Heading::FreeMillimetres, Heading::Why], &rows)?;
    Ok(Ending::Fine)
}

async fn put_back(house: &House, thing: String) -> Result<MovedJson> {
    let row = found(house, &thing).await?.row;
    let moves = row.place.moves;
    let placed = services::documents::put_back(&house.archive, &house.asker, &row.id, moves).await?;
    Ok(MovedJson {
        thing,
        from: match row.place.container.is_empty() {
            true => row.place.location_code,
            false => row.place.container,
        },
        to: placed.location_code,
    })
}
