//! What waits for a second person.

use crate::codes::code;
use crate::users::LinkJson;
use records::permission::second::WaitingAct;
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
    /// What it is to become, such as `clearance=2` or `security_level=0 sealed=false`; empty where the act says it all.
    pub wanted: String,
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
            wanted,
            reason,
            asked_by: by,
            asked_at: at.rfc3339(),
            until: until.rfc3339(),
        }
    }
}
