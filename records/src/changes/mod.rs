//! The change log: what followers (the index) must read again, in order of commit.

pub(crate) mod sql;

pub use crate::store::change_subject::ChangeSubject;

/// A place in the change log. On PostgreSQL the order of commits is (xid, seq) below the snapshot horizon and not
/// seq alone, because transactions commit in another order than they take numbers; on SQLite xid is 0.
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
