//! `dossier placements`: where a paper or a container was.

use crate::{
    command_line::Listed,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print_json, print_table, say_shown},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use api_types::holdings::{self, PlacementJson};
use records::{Moment, moment::Edge};
use vocabulary::PlacementEvent;

/// An instant of an answer, on the archive's clock.
pub fn local(rfc3339: &str, zone: &str) -> String {
    match Moment::parse(rfc3339, zone, Edge::Start) {
        Ok(at) => at.local(zone),
        Err(_) => rfc3339.to_owned(),
    }
}

pub async fn run(settings: &Settings, thing: &str, listed: &Listed, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let Some(rows) = house.archive.placement_history(&house.asker, thing).await? else {
        return Err(refused(
            "not_found",
            said!(
                "there is no document, original or container `{thing}`",
                "没有文件、原件或盒“{thing}”"
            ),
            said!(
                "`dossier search` finds the id of a document",
                "用 `dossier search` 查文件的编号"
            ),
        ));
    };
    let placements = listed.part(rows, holdings::placement)?;
    let zone = house.zone().await?;
    if json {
        print_json(&placements)?;
    } else {
        let row = |row: &PlacementJson| {
            vec![
                local(&row.from_at, &zone),
                row.until_at.as_deref().map_or_else(String::new, |at| local(at, &zone)),
                row.place.clone(),
                word::<PlacementEvent>(&row.event),
                row.by.clone(),
                row.label.clone(),
            ]
        };
        let header = [
            Heading::From,
            Heading::Until,
            Heading::Place,
            Heading::Event,
            Heading::By,
            Heading::Label,
        ];
        print_table(&header, &placements.items.iter().map(row).collect::<Vec<_>>())?;
        say_shown(&placements);
    }
    house.close().await;
    Ok(Ending::Fine)
}
