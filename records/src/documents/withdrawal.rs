//! What was withdrawn (撤回): hidden everywhere at once, with a reason, until a second person restores it. Scans and
//! pages stay as they are.

use crate::{Moment, SecurityLevel, ids::DocumentId};
use vocabulary::LinkBasis;

/// A line of the list of what was withdrawn.
#[derive(Debug, Clone)]
pub struct WithdrawnRow {
    pub uid: i64,
    pub id: DocumentId,
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    /// Why it is this customer's, or nobody's.
    pub link_basis: LinkBasis,
    pub security_level: SecurityLevel,
    pub pages: i64,
    pub reason: String,
    pub by: String,
    /// `None` for what was withdrawn before this was kept.
    pub at: Option<Moment>,
    /// The asker is not the one who withdrew it.
    pub may_restore: bool,
}
