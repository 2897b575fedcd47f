//! Grants, as scripts see them.

use crate::codes::code;
use records::{
    Moment,
    permission::grants::{Grant, GrantedThing},
};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::GrantPhase;

#[derive(Debug, Serialize, ToSchema)]
pub struct GrantJson {
    pub id: String,
    /// Sign-in name of the person who may see.
    pub user: String,
    /// Empty for a grant on a whole dossier.
    pub document_id: String,
    /// Of the dossier; empty for a grant on one document.
    pub customer_code: String,
    /// Title of the document, or name of the customer; empty for those who may not see the document.
    pub title: String,
    pub purpose: String,
    pub from_at: String,
    /// The first moment at which it no longer holds.
    pub until_at: String,
    /// `proposed`, `coming`, `holding`, `over`, `refused` or `revoked`.
    #[schema(schema_with = code::<GrantPhase>)]
    pub state: String,
    pub proposed_by: String,
    pub proposed_at: String,
    pub confirmed_by: String,
    pub confirmed_at: Option<String>,
    /// Who refused or revoked it, when and why.
    pub closed_by: String,
    pub closed_at: Option<String>,
    pub closed_reason: String,
}

pub fn grant(grant: Grant, now: Moment) -> GrantJson {
    let state = grant.phase(now).as_str().to_owned();
    let Grant {
        id,
        user_name,
        user_display_name: _,
        thing,
        title,
        purpose,
        from,
        until,
        state: _,
        proposed_by,
        proposed_at,
        confirmed_by,
        confirmed_at,
        closed_by,
        closed_at,
        closed_reason,
    } = grant;
    let (document_id, customer_code) = match thing {
        GrantedThing::Document(id) => (id.to_string(), String::new()),
        GrantedThing::Dossier { id: _, customer_code } => (String::new(), customer_code),
    };
    GrantJson {
        id: id.to_string(),
        user: user_name,
        document_id,
        customer_code,
        title,
        purpose,
        from_at: from.rfc3339(),
        until_at: until.rfc3339(),
        state,
        proposed_by,
        proposed_at: proposed_at.rfc3339(),
        confirmed_by,
        confirmed_at: confirmed_at.map(Moment::rfc3339),
        closed_by,
        closed_at: closed_at.map(Moment::rfc3339),
        closed_reason,
    }
}
