//! What becomes of grants in the history.

use crate::store::recorded::{
    HistoryForm, Owner, Parent, Recorded, Step,
    Treatment::{Bookkeeping, Field, Instant, Reference},
    nothing,
};

/// A grant is one line of the history of what it opens: to whom, what for, from, until, who proposed and confirmed
/// it, and who took it back and why.
pub(crate) static GRANTS: Recorded = Recorded {
    table: "grants",
    key: "uid",
    owner: Owner::Parents {
        kind: "document",
        of: &[
            Parent {
                column: "document_uid",
                table: "documents",
            },
            Parent {
                column: "dossier_uid",
                table: "dossiers",
            },
        ],
    },
    form: HistoryForm::Line { field: "grant" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        (
            "user_uid",
            Reference(
                "user",
                &[Step {
                    table: "users",
                    column: "name",
                }],
            ),
        ),
        ("document_uid", Bookkeeping),
        ("dossier_uid", Bookkeeping),
        ("purpose", Field("purpose")),
        ("from_at", Instant("from")),
        ("until_at", Instant("until")),
        ("state", Field("state")),
        ("proposed_by", Field("proposed_by")),
        ("proposed_at", Bookkeeping),
        ("confirmed_by", Field("confirmed_by")),
        ("confirmed_at", Bookkeeping),
        ("closed_by", Field("closed_by")),
        ("closed_at", Bookkeeping),
        ("closed_reason", Field("closed_reason")),
    ],
};
