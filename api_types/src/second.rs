//! What waits for a second person.

use crate::codes::code;
use crate::users::LinkJson;
use records::{SecurityLevel, permission::second::WaitingAct};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::TwoPersonAct;

/// What one person has asked for and a second confirms.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondActJson {
    pub id: String,
    #[schema(schema_with = code::<TwoPersonAct>)]
    pub act: String,
    /// Id of a document, code of the customer whose dossier it is, or name of an account.
    pub object: String,
    /// The security level of the document or dossier, or the clearance of the account, that is asked for, 0 to 3; `null`
    /// where the act is about none.
    pub level: Option<i64>,
    /// Whether the dossier is to be sealed; `null` where the act is about no dossier.
    pub sealed: Option<bool>,
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
    pub asked_at: String,
    /// When it is forgotten.
    pub until: String,
}

/// What was confirmed and is done.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondDoneJson {
    pub id: String,
    /// Where the act was a new link for somebody: it, shown this once.
    pub link: Option<LinkJson>,
}

impl SecondActJson {
    pub fn of(waiting: WaitingAct) -> Self {
        let WaitingAct {
            id,
            act,
            object,
            wanted,
            reason,
            by,
            at,
            until,
        } = waiting;
        Self {
            id: id.to_string(),
            act: act.as_str().to_owned(),
            object,
            level: wanted.level().map(SecurityLevel::number),
            sealed: wanted.sealed(),
            reason,
            asked_by: by,
            asked_at: at.rfc3339(),
            until: until.rfc3339(),
        }
    }
}
