//! What the views of the office share: their one entry of the rail, and what is wrong with a kind or a checklist.

use crate::{
    http::{
        error::{Result, WebError},
        who::{Fields, Seat},
    },
    rail,
    state::Web,
    subject::{self, Routes, Subject},
    text::Text,
};
use axum::{extract::State, response::Redirect};
use records::kinds::{ListFault, ListWrong};

/// Leads to the first view of the office that a person may see.
pub const ADDRESS: &str = "/admin";

pub const SUBJECT: Subject = Subject {
    name: "admin",
    rail: Some(
        rail::entry(ADDRESS, "admin", "way-admin")
            .for_those(rail::office_staff)
            .apart(),
    ),
    routes,
    words: "office",
    samples: subject::no_samples,
};

fn routes() -> Routes {
    Routes::new().part(ADDRESS, first_of_the_office)
}

/// `GET /admin`: the first view of the office that this person may see.
async fn first_of_the_office(State(web): State<Web>, seat: Seat) -> Result<Redirect> {
    let mut rails = web.rails.iter().map(|(_, rail)| rail);
    let first = rails.find(|rail| rail.office && (rail.seen_by)(&seat.asker));
    first.map(|rail| Redirect::to(rail.url)).ok_or(WebError::NotFound)
}

/// What is wrong with a column, beside its field or in the line of a table.
/// The version that a form of a list came with; a new entry has none.
pub fn version_of(fields: &mut Fields, is_new: bool) -> Result<i64> {
    match is_new {
        true => Ok(0),
        false => fields
            .text("version")?
            .parse()
            .map_err(|_| WebError::invalid("version", "is the number that the form came with")),
    }
}

pub fn fault_text(t: Text, fault: &ListFault) -> String {
    wrong(t, &fault.value, &fault.because)
}

pub fn wrong(t: Text, value: &str, because: &ListWrong) -> String {
    let key = format!("list-wrong-{}", because.code().replace('_', "-"));
    t.fill(&key, &[("value", &value), ("other", &because.other())])
}
