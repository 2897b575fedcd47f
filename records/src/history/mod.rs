//! History: what every field of every record was before and after, by whom, when, why and under which authority.
//!
//! It is written by the change itself (`store/write_sql.rs`); no subject can forget it. This folder reads it.

pub(crate) mod sql;

use crate::{
    Moment,
    customers::recorded::{CUSTOMER_ALIASES, CUSTOMERS},
    documents::recorded::{DOCUMENT_CUSTOMERS, DOCUMENTS},
    dossiers::recorded::{DOSSIERS, VOLUMES},
    identity::users::recorded::USERS,
    kinds::recorded::{CHECKLISTS, DOCUMENT_KINDS},
    parties::recorded::{PARTIES, PARTY_IDENTIFIERS, PARTY_ROLES},
    permission::grants::recorded::GRANTS,
    places::{
        paper_recorded::{CONTAINERS, ORIGINALS},
        recorded::LOCATIONS,
    },
    settings::recorded::SETTINGS,
    store::recorded::{Recorded, Value},
};

/// What to list of the history. Empty fields do not narrow.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// A record as people call it: id, code, number, sign-in name; `customer:KH-0001` where the bare word would be
    /// ambiguous.
    pub object: String,
    /// Name of a field, as the rows have it.
    pub field: String,
    /// Sign-in name or display name of who changed it.
    pub person: String,
    /// From this instant on.
    pub from: Option<Moment>,
    /// Before this instant.
    pub until: Option<Moment>,
    /// Only what became true together.
    pub change: String,
    /// Only what is older than this line; `None` begins with the newest.
    pub before: Option<HistoryKey>,
    pub limit: usize,
}

/// Place of a line in the order of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HistoryKey {
    pub at: Moment,
    pub uid: i64,
}

impl HistoryKey {
    /// `1772323200000000-17`
    pub fn parse(text: &str) -> Option<Self> {
        let (at, uid) = text.rsplit_once('-')?;
        Some(Self {
            at: Moment::from_micros(at.parse().ok()?),
            uid: uid.parse().ok()?,
        })
    }
}

impl std::fmt::Display for HistoryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.micros(), self.uid)
    }
}

/// One field of one record that changed, as the asker may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub key: HistoryKey,
    pub change: String,
    /// Sign-in name of who did it.
    pub by: String,
    pub object: HistoryObject,
    pub field: String,
    /// `None` when there was nothing, and for secrets.
    pub before: Option<String>,
    pub after: Option<String>,
    pub why: String,
    pub authority: String,
    /// Whether the former value can be put back, as far as the field is concerned.
    pub can_be_put_back: bool,
}

/// A record as the history names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryObject {
    /// `customer`, `party`, `document`, `location`, `container`, `volume`, `kind`, `checklist`, `user`, `setting`.
    pub kind: String,
    /// Its public id; for kinds, checklists and settings their code.
    pub id: String,
    /// What people call it today: code, number or sign-in name.
    pub code: String,
    /// Its name or title today.
    pub name: String,
}

/// Words of the records that have a history, in the order of lists.
pub const OBJECT_KINDS: [&str; 10] = [
    "customer",
    "party",
    "document",
    "location",
    "container",
    "volume",
    "kind",
    "checklist",
    "user",
    "setting",
];

/// What may be put back by one statement; `None` for everything else. The description of the table says so.
fn restored(object_kind: &str, field: &str, value: &str) -> Option<(&'static Recorded, Vec<(&'static str, Value)>)> {
    RECORDED
        .iter()
        .filter(|table| table.kind() == object_kind)
        .find_map(|table| Some((*table, (table.restore)(field, value)?)))
}

/// Every table whose rows have a history.
pub(crate) static RECORDED: [&Recorded; 17] = [
    &CUSTOMERS,
    &CUSTOMER_ALIASES,
    &PARTIES,
    &PARTY_IDENTIFIERS,
    &PARTY_ROLES,
    &DOSSIERS,
    &VOLUMES,
    &DOCUMENTS,
    &DOCUMENT_CUSTOMERS,
    &ORIGINALS,
    &CONTAINERS,
    &LOCATIONS,
    &DOCUMENT_KINDS,
    &CHECKLISTS,
    &USERS,
    &SETTINGS,
    &GRANTS,
];

/// Every described column as (table, column), for the test that compares them with the real schema.
pub fn recorded_columns() -> Vec<(&'static str, &'static str)> {
    let columns = |table: &&'static Recorded| {
        let name = table.table;
        table.columns.iter().map(move |(column, _)| (name, *column))
    };
    RECORDED.iter().flat_map(columns).collect()
}
