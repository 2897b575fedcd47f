//! What becomes of grants in the history.

use crate::{
    documents::recorded::DOCUMENTS,
    dossiers::recorded::DOSSIERS,
    store::recorded::{
        Entry, Owner, Parent, Recorded, Step,
        Treatment::{Bookkeeping, Field, Instant, Reference},
        nothing,
    },
};

/// A grant is one line of the history of what it opens: to whom, what for, from, until, and when it was taken back.
pub(crate) static GRANTS: Recorded = Recorded {
    table: "grants",
    key: "uid",
    owner: Owner::Parents(&[
        Parent {
            column: "document_uid",
            table: &DOCUMENTS,
        },
        Parent {
            column: "dossier_uid",
            table: &DOSSIERS,
        },
    ]),
    entry: Entry::Line { field: "grant" },
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
        ("granted_by", Field("granted_by")),
        ("revoked_at", Instant("revoked")),
    ],
};
