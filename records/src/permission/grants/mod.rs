//! Grants: one person may see one document or dossier for a time, in spite of its seal, level or department.
//!
//! Two people make a grant: an archivist or administrator proposes it, another administrator confirms it, and neither
//! is the person who is to see. It ends by itself at its end, and earlier when an administrator revokes it. Every use
//! of it is an event of the audit trail.

pub(crate) mod recorded;
pub(crate) mod sql;

use vocabulary::both;
pub use vocabulary::{GrantPhase, GrantState};

use super::checked_reason;
use crate::{
    Error, Field, Moment, Result,
    ids::{DocumentId, DossierId, GrantId},
};

/// What people do with a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantEvent {
    Confirm,
    Refuse,
    Revoke,
}

/// Every transition there is.
const TRANSITIONS: [(GrantState, GrantEvent, GrantState); 4] = [
    (GrantState::Proposed, GrantEvent::Confirm, GrantState::Confirmed),
    (GrantState::Proposed, GrantEvent::Refuse, GrantState::Refused),
    (GrantState::Proposed, GrantEvent::Revoke, GrantState::Revoked),
    (GrantState::Confirmed, GrantEvent::Revoke, GrantState::Revoked),
];

/// The next state, or `None` when this cannot happen to a grant in this state.
pub(crate) fn after(state: GrantState, event: GrantEvent) -> Option<GrantState> {
    TRANSITIONS
        .iter()
        .find(|(from, by, _)| *from == state && *by == event)
        .map(|(_, _, to)| *to)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantedThing {
    Document(DocumentId),
    /// A dossier, which people know by the code of its customer.
    Dossier {
        id: DossierId,
        customer_code: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub user_name: String,
    pub user_display_name: String,
    pub thing: GrantedThing,
    /// Title of the document, or name of the customer; empty for those who may not see the document.
    pub title: String,
    /// Why, in the words of whoever proposed it.
    pub purpose: String,
    pub from: Moment,
    /// The first moment at which it no longer holds.
    pub until: Moment,
    pub state: GrantState,
    pub proposed_by: String,
    pub proposed_at: Moment,
    pub confirmed_by: String,
    pub confirmed_at: Option<Moment>,
    /// Who refused or revoked it, when and why.
    pub closed_by: String,
    pub closed_at: Option<Moment>,
    pub closed_reason: String,
}

impl Grant {
    pub fn phase(&self, now: Moment) -> GrantPhase {
        match self.state {
            GrantState::Refused => GrantPhase::Refused,
            GrantState::Revoked => GrantPhase::Revoked,
            GrantState::Proposed | GrantState::Confirmed if now >= self.until => GrantPhase::Over,
            GrantState::Proposed => GrantPhase::Proposed,
            GrantState::Confirmed if now < self.from => GrantPhase::Coming,
            GrantState::Confirmed => GrantPhase::Holding,
        }
    }
}

/// What is to be shown, as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantTarget {
    /// Id or own number of a document; a sealed one has only its id.
    Document(String),
    /// Code, account number or dossier number of a customer.
    Dossier(String),
}

/// A target that was found.
#[derive(Debug, Clone)]
pub struct NamedTarget {
    pub thing: GrantedThing,
    /// Title of the document, or name of the customer; empty for those who may not see the document.
    pub title: String,
}

#[derive(Debug, Clone)]
pub struct GrantDraft {
    /// Sign-in name of the person who is to see.
    pub user_name: String,
    pub target: GrantTarget,
    pub purpose: String,
    pub from: Moment,
    pub until: Moment,
}

/// Which grants to list; `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct GrantFilter {
    pub target: Option<GrantTarget>,
    /// Only those that wait, will hold or hold.
    pub open_only: bool,
}

impl GrantDraft {
    /// 1 to 200 characters say what it is needed for.
    pub fn says_why(&self) -> bool {
        checked_reason(&self.purpose).is_ok()
    }

    /// It ends in the future, after its beginning, and lasts at most `days_max` days.
    pub fn is_in_time(&self, now: Moment, days_max: i64) -> bool {
        self.until > self.from && self.until > now && self.until <= self.from.plus_seconds(days_max * 86_400)
    }
}

/// # Errors
/// [`Error::Invalid`] without a purpose, or for a time that cannot be.
pub(crate) fn checked_purpose(draft: &GrantDraft, now: Moment, days_max: i64) -> Result<String> {
    let purpose = checked_reason(&draft.purpose).map_err(|_| {
        Error::invalid(
            Field::Purpose,
            &draft.purpose,
            both!(
                "say in 1 to 200 characters what it is needed for",
                "请用 1 到 200 个字符写明用途"
            ),
        )
    })?;
    if !draft.is_in_time(now, days_max) {
        return Err(Error::invalid(
            Field::GrantEnd,
            draft.until.rfc3339(),
            both!(
                "it lies in the future, after the beginning ({}) and at most {days_max} days later",
                "它在将来，晚于起始（{}），最多晚 {days_max} 天",
                draft.from.rfc3339()
            ),
        ));
    }
    Ok(purpose)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_has_no_exits() {
        for state in [GrantState::Refused, GrantState::Revoked] {
            for event in [GrantEvent::Confirm, GrantEvent::Refuse, GrantEvent::Revoke] {
                assert_eq!(after(state, event), None, "{state:?} {event:?}");
            }
        }
        let confirmed = after(GrantState::Proposed, GrantEvent::Confirm);
        assert_eq!(confirmed, Some(GrantState::Confirmed));
        assert_eq!(
            after(GrantState::Confirmed, GrantEvent::Confirm),
            None,
            "nothing is confirmed twice"
        );
    }
}
