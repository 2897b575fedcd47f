//! `dossier placements`: where a paper or a container was.

use crate::{
    heading::Heading,
    house::House,
    language::said,
    output::{Ending, print_json, print_table},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use api_types::holdings;
use records::{Moment, moment::Edge};

/// An instant of an answer, on the archive's clock.
pub fn local(rfc3339: &str, zone: &str) -> String {
    match Moment::parse(rfc3339, zone, Edge::Start) {
        Ok(at) => at.local(zone),
        Err(_) => rfc3339.to_owned(),
    }
}

pub async fn run(settings: &Settings, thing: &str, json: bool) -> Result<Ending> {
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
    let listed = holdings::placements(rows);
    let zone = house.zone().await?;
    if json {
        print_json(&listed)?;
    } else {
        let rows: Vec<_> = listed
            .rows
            .into_iter()
            .map(|row| {
                vec![
                    local(&row.from_at, &zone),
                    row.until_at.map_or_else(String::new, |at| local(&at, &zone)),
                    row.place,
                    row.event,
                    row.by,
                    row.label,
                ]
            })
            .collect();
        print_table(
            &[
                Heading::From,
                Heading::Until,
                Heading::Place,
                Heading::Event,
                Heading::By,
                Heading::Label,
            ],
            &rows,
        )?;
    }
    house.close().await;
    Ok(Ending::Fine)
}
