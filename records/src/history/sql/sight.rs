//! Who reads which lines of the history.

use crate::{Asker, Moment, Role, permission::sql::Visible};

pub(super) fn reads_ledger(asker: &Asker) -> bool {
    asker.has(Role::Auditor) || asker.has(Role::Archivist)
}

/// The lines that the asker may see: those about documents by sight, accounts for those who administer or audit them.
pub(super) fn visible(asker: &Asker, now: Moment) -> Visible {
    let mut lines = Visible::rows_about(
        asker,
        now,
        "history h LEFT JOIN documents d ON h.object_kind = 'document' AND d.uid = h.object_uid",
        "h.object_kind <> 'document'",
    );
    if !asker.has(Role::Administrator) && !asker.has(Role::Auditor) {
        lines = lines.and("h.object_kind <> 'user'", []);
    }
    // Not everybody who may see a sealed document may see to whom else it is shown.
    if !reads_ledger(asker) && !asker.has(Role::Administrator) {
        lines = lines.and("h.field <> 'grant'", []);
    }
    // Those who read the ledger also see the changes of withdrawn documents.
    if reads_ledger(asker) {
        lines = lines.withdrawn_too();
    }
    lines
}

pub(super) const LINE: &str = "h.uid, h.change_id, h.at, h.by_name, h.object_kind, h.object_id, h.object_uid, h.field, h.before, h.after, \
     h.personal, h.why, h.authority";
