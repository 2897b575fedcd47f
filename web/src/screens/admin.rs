//! What the views of the office share: their one entry of the rail, and the panel by which a list is imported as a table.

use crate::{
    http::{
        error::{Result, WebError},
        who::Seat,
    },
    rail,
    state::Web,
    subject::{self, Routes, Subject},
    text::Text,
};
use axum::{extract::State, response::Redirect};
use records::kinds::{LineFault, ListFault, ListPlan};

pub const SUBJECT: Subject = Subject {
    name: "admin",
    rail: Some(
        rail::entry("/admin", "admin", "way-admin")
            .for_those(rail::office_staff)
            .apart(),
    ),
    routes,
    words: "office",
    samples: subject::no_samples,
};

fn routes() -> Routes {
    Routes::new().part("/admin", first_of_the_office)
}

/// `GET /admin`: the first view of the office that this person may see.
async fn first_of_the_office(State(web): State<Web>, seat: Seat) -> Result<Redirect> {
    let mut rails = web.rails.iter().map(|(_, rail)| rail);
    let first = rails.find(|rail| rail.office && (rail.seen_by)(&seat.asker));
    first.map(|rail| Redirect::to(rail.url)).ok_or(WebError::NotFound)
}

/// A table on its way into a list: what was sent, what is wrong with it, what it would change.
#[derive(Debug, Clone, Default)]
pub struct ImportPanel {
    /// `/admin/kinds`; the table goes to `import` below it and comes from `.tsv` beside it.
    pub address: String,
    /// The table as it was sent, so that nothing typed is lost.
    pub table: String,
    pub problems: Vec<String>,
    /// What it would do, after a trial.
    pub summary: String,
    pub changes: Vec<ListChangeRow>,
    /// Headers that no list knows.
    pub left_out: String,
}

#[derive(Debug, Clone)]
pub struct ListChangeRow {
    pub line: u64,
    pub code: String,
    pub added: bool,
    pub cells: Vec<CellRow>,
}

#[derive(Debug, Clone)]
pub struct CellRow {
    pub column: String,
    pub before: String,
    pub after: String,
}

impl ImportPanel {
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            ..Self::default()
        }
    }

    /// The table could not be read at all.
    pub fn unreadable(address: &str, table: String, cause: &records::tables::TableError) -> Self {
        Self {
            table,
            problems: vec![cause.to_string()],
            ..Self::new(address)
        }
    }

    pub fn of(t: Text, address: &str, table: String, plan: &ListPlan) -> Self {
        let problems: Vec<String> = plan.faults.iter().map(|fault| problem(t, fault)).collect();
        let summary = t.fill(
            "list-import-summary",
            &[
                ("lines", &plan.lines),
                ("added", &plan.added()),
                ("changed", &plan.changed()),
                ("unchanged", &plan.unchanged),
            ],
        );
        Self {
            table,
            summary: if problems.is_empty() { summary } else { String::new() },
            changes: plan.changes.iter().map(|change| change_row(t, change)).collect(),
            problems,
            left_out: plan.unknown_columns.join(&t.say("list-separator")),
            ..Self::new(address)
        }
    }
}

fn change_row(t: Text, change: &records::kinds::ListChange) -> ListChangeRow {
    ListChangeRow {
        line: change.line,
        code: change.code.clone(),
        added: change.added,
        cells: change
            .cells
            .iter()
            .filter(|cell| cell.column != "code")
            .map(|cell| CellRow {
                column: column(t, cell.column),
                before: cell.before.clone(),
                after: cell.after.clone(),
            })
            .collect(),
    }
}

fn problem(t: Text, fault: &LineFault) -> String {
    t.fill(
        "list-import-problem",
        &[
            ("line", &fault.line),
            ("column", &column(t, fault.fault.column)),
            ("value", &fault.fault.value),
            ("reason", &fault_text(t, &fault.fault)),
        ],
    )
}

/// What people call a column of a list.
pub fn column(t: Text, name: &str) -> String {
    t.say(&format!("list-column-{}", name.replace('_', "-")))
}

/// What is wrong with a column, beside its field or in the line of a table.
pub fn fault_text(t: Text, fault: &ListFault) -> String {
    let key = format!("list-wrong-{}", fault.because.code().replace('_', "-"));
    t.fill(&key, &[("value", &fault.value), ("other", &fault.because.other())])
}
