//! The report of a stocktake: its counts and rates above, then every line, differences first.

use super::{ListMaker, ListRows};
use crate::http::error::Result;
use records::{
    ids::StocktakeId,
    stocktakes::{StocktakeLine, StocktakeLines, StocktakeResult, StocktakeVerdict},
};
use vocabulary::{ClosedList, ThingKind};

pub(super) struct StocktakeReport {
    pub id: String,
    pub scope: String,
    pub facts: Vec<(String, String)>,
    pub rows: ListRows,
}

pub(super) async fn report(maker: &ListMaker<'_>, id: &str) -> Result<StocktakeReport> {
    let id = StocktakeId::parse(id)?;
    let wanted = StocktakeLines::first(maker.rows_max);
    let result = maker.archive.stocktake_result(maker.asker, &id, &wanted).await?;
    let facts = facts(maker, &result);
    let rows = result.lines.into_iter().map(|line| cells(maker, line));
    Ok(StocktakeReport {
        id: id.to_string(),
        scope: result.stocktake.scope,
        facts,
        rows: ListRows {
            headings: &[
                ("stocktake-verdict", 1.0, false),
                ("stocktake-thing", 1.8, false),
                ("document", 2.2, false),
                ("stocktake-found", 1.3, false),
                ("stocktake-belongs", 1.3, false),
                ("stocktake-owner", 0.9, false),
                ("stocktake-until", 0.9, false),
                ("stocktake-resolution", 1.0, false),
                ("note", 1.6, false),
            ],
            rows: rows.collect(),
        },
    })
}

fn cells(maker: &ListMaker<'_>, line: StocktakeLine) -> Vec<print::Cell> {
    let t = maker.t;
    let thing = match (line.kind, line.number.is_empty()) {
        (Some(ThingKind::Original), false) => line.number,
        _ => line.thing,
    };
    let settled = line.settled;
    vec![
        t.word("stocktake-verdict", line.verdict.as_str()).into(),
        thing.into(),
        line.title.into(),
        line.found_at.into(),
        line.belongs_at.into(),
        settled.owner.into(),
        settled.due.into(),
        settled
            .resolution
            .map(|resolution| t.word("stocktake-resolution", resolution.as_str()))
            .unwrap_or_default()
            .into(),
        settled.note.into(),
    ]
}

/// What stands above the table: who counted when, each count, and the four rates.
fn facts(maker: &ListMaker<'_>, result: &StocktakeResult) -> Vec<(String, String)> {
    let t = maker.t;
    let stocktake = &result.stocktake;
    let mut facts = vec![
        (
            t.say("stocktake-begun"),
            format!("{} {}", maker.local(stocktake.begun_at), stocktake.begun_by),
        ),
        (t.say("status"), t.word("stocktake-state", stocktake.state.as_str())),
        (t.say("stocktake-expected"), t.number(result.expected)),
    ];
    if let Some(at) = stocktake.closed_at {
        facts.insert(
            1,
            (
                t.say("stocktake-closed"),
                format!("{} {}", maker.local(at), stocktake.closed_by),
            ),
        );
    }
    let counted = StocktakeVerdict::all()
        .iter()
        .filter(|verdict| result.count(**verdict) > 0);
    facts.extend(counted.map(|verdict| {
        (
            t.word("stocktake-verdict", verdict.as_str()),
            t.number(result.count(*verdict)),
        )
    }));
    let rates = result.rates();
    for (key, share) in [
        ("stocktake-scattered", rates.scattered),
        ("stocktake-disordered", rates.disordered),
        ("stocktake-lost", rates.lost),
        ("stocktake-damaged", rates.damaged),
    ] {
        facts.push((t.say(key), format!("{:.2} %", share * 100.0)));
    }
    if !result.sees_all {
        facts.push((t.say("note"), t.say("stocktake-part")));
    }
    facts
}
