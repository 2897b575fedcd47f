//! Acts that take two people: breaking a seal, lowering a security level, giving a clearance above one's own, and a new
//! password for somebody with more clearance. One asks, by doing it; another confirms it or does the same within the
//! time, and it is done. Neither can be the other, nor somebody who got in by a link that an administrator handed out
//! within that time: an account made for the purpose is no second person. The owner of the data folder at the command
//! line needs nobody, because the files are theirs.

mod confirm;
pub(crate) mod sql;

use super::DossierProtection;
use crate::{Moment, SecurityLevel, identity::IssuedLink, ids::SecondActId};
pub use vocabulary::TwoPersonAct;

/// What was asked for is forgotten after so long.
pub(crate) const KEPT_S: i64 = 7 * 86_400;

/// What the thing of an act is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedState {
    /// Nothing more than the act says.
    AsTheActSays,
    /// The security level of a document, or the clearance of an account.
    Level(SecurityLevel),
    /// How a dossier is protected.
    Protection(DossierProtection),
}

impl WantedState {
    /// The level that it is about.
    pub fn level(self) -> Option<SecurityLevel> {
        match self {
            Self::AsTheActSays => None,
            Self::Level(level) => Some(level),
            Self::Protection(protection) => Some(protection.security_level),
        }
    }

    /// Whether a dossier is to be sealed; `None` where the act is about no dossier.
    pub fn sealed(self) -> Option<bool> {
        match self {
            Self::AsTheActSays | Self::Level(_) => None,
            Self::Protection(protection) => Some(protection.sealed),
        }
    }
}

/// An act as one person wants it.
#[derive(Debug, Clone)]
pub(crate) struct WantedAct<'a> {
    pub act: TwoPersonAct,
    /// Id of the document or dossier, or of the account.
    pub object: &'a str,
    /// What it is to become; both must want the same.
    pub wanted: WantedState,
    pub reason: &'a str,
}

/// An act that waits for a second person.
#[derive(Debug, Clone)]
pub struct WaitingAct {
    pub id: SecondActId,
    pub act: TwoPersonAct,
    /// Id of the document, code of the customer whose dossier it is, or name of the account.
    pub object: String,
    pub wanted: WantedState,
    pub reason: String,
    pub by: String,
    pub at: Moment,
    pub until: Moment,
}

/// What a second person has confirmed, and is done.
#[derive(Debug)]
pub struct DoneAct {
    /// As in [`WaitingAct::object`].
    pub object: String,
    /// Where the act was a new link for somebody.
    pub link: Option<IssuedLink>,
}
