//! Grants: one person may see one document or dossier for a time, in spite of its seal, level or department.

pub(crate) mod recorded;
pub(crate) mod sql;

use crate::{
    Error, Field, Moment, Result, fold,
    ids::{DocumentId, DossierId, GrantId},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantedThing {
    Document(DocumentId),
    Dossier(DossierId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub user_name: String,
    pub thing: GrantedThing,
    /// Why, in the words of whoever granted it.
    pub purpose: String,
    pub from: Moment,
    /// The first moment at which it no longer holds.
    pub until: Moment,
    pub granted_by: String,
    pub revoked: bool,
}

#[derive(Debug, Clone)]
pub struct GrantDraft {
    pub user_name: String,
    pub thing: GrantedThing,
    pub purpose: String,
    pub from: Moment,
    pub until: Moment,
}

/// # Errors
/// [`Error::Invalid`] without a purpose, for a time that ends before it begins or lasts longer than `days_max`.
pub(crate) fn checked_purpose(draft: &GrantDraft, days_max: i64) -> Result<String> {
    let purpose: String = fold::storable(draft.purpose.trim())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    if purpose.is_empty() || purpose.chars().count() > 200 {
        return Err(Error::invalid(
            Field::Purpose,
            &draft.purpose,
            "say in 1 to 200 characters what it is needed for",
        ));
    }
    if draft.until <= draft.from || draft.until > draft.from.plus_seconds(days_max * 86_400) {
        return Err(Error::invalid(
            Field::GrantEnd,
            draft.until.rfc3339(),
            format!(
                "it lies after the beginning ({}) and at most {days_max} days later",
                draft.from.rfc3339()
            ),
        ));
    }
    Ok(purpose)
}
