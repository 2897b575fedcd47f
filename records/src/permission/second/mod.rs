//! Acts that take two people: breaking a seal, lowering a security level, giving a clearance above one's own, and a new
//! password for somebody with more clearance. One asks, by doing it; another does the same within the time, and it is
//! done. Neither can be the other, nor an account that was made after the first had asked. The owner of the data folder
//! at the command line needs nobody, because the files are theirs.

pub(crate) mod sql;

use crate::Moment;
pub use vocabulary::TwoPersonAct;

/// What was asked for is forgotten after so long.
pub(crate) const KEPT_S: i64 = 7 * 86_400;

/// An act as one person wants it.
#[derive(Debug, Clone)]
pub(crate) struct WantedAct<'a> {
    pub act: TwoPersonAct,
    /// Id of the document or dossier, or of the account.
    pub object: &'a str,
    /// What it is to become; both must want the same.
    pub wanted: String,
    pub reason: &'a str,
}

/// An act that waits for a second person.
#[derive(Debug, Clone)]
pub struct WaitingAct {
    pub act: TwoPersonAct,
    pub object: String,
    pub wanted: String,
    pub reason: String,
    pub by: String,
    pub at: Moment,
    pub until: Moment,
}
