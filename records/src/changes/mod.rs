//! The change log: what followers (the index) must look at again, in the order in which it became true.

pub(crate) mod sql;

/// What a change-log row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeSubject {
    /// A document with its pages, text, link and place.
    Document,
    /// A customer with its codes, parties and dossier.
    Customer,
    /// A location or container whose own facts changed; moving a box touches no document.
    Place,
}

impl ChangeSubject {
    pub const ALL: [ChangeSubject; 3] = [ChangeSubject::Document, ChangeSubject::Customer, ChangeSubject::Place];

    pub fn as_str(self) -> &'static str {
        match self {
            ChangeSubject::Document => "document",
            ChangeSubject::Customer => "customer",
            ChangeSubject::Place => "place",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.as_str() == text)
    }
}

/// A place in the change log. On PostgreSQL the order of commits is (xid, seq) below the snapshot horizon and not
/// seq alone (DEPENDENCIES.md, section 4); on SQLite xid is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    pub xid: i64,
    pub seq: i64,
}

/// One row of the change log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRow {
    pub position: Position,
    pub subject: ChangeSubject,
    pub uid: i64,
}
