//! What becomes of originals and containers in the history. Where a thing lay is in the ledger of places.

use crate::store::recorded::{
    HistoryForm, Owner, Parent, Recorded, Step,
    Treatment::{Bookkeeping, ChangedAt, Field, Reference, Version},
    nothing,
};

/// The paper of a document, which shares the history of the document.
pub(crate) static ORIGINALS: Recorded = Recorded {
    table: "originals",
    key: "uid",
    owner: Owner::Parents {
        kind: "document",
        of: &[Parent {
            column: "document_uid",
            table: "documents",
        }],
    },
    form: HistoryForm::Fields { shown: "" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("document_uid", Bookkeeping),
        (
            "volume_uid",
            Reference(
                "original_volume",
                &[Step {
                    table: "volumes",
                    column: "number",
                }],
            ),
        ),
        ("state", Field("original_state")),
        ("thickness_mm", Field("thickness_mm")),
        ("changed_at", ChangedAt),
        ("version", Version),
    ],
};

/// A box, binder or bag.
pub(crate) static CONTAINERS: Recorded = Recorded {
    table: "containers",
    key: "uid",
    owner: Owner::Itself {
        kind: "container",
        id: "id",
    },
    form: HistoryForm::Fields { shown: "serial" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("serial", Field("serial")),
        ("serial_folded", Bookkeeping),
        ("title", Field("title")),
        ("kind", Field("container_kind")),
        ("size_mm", Field("size_mm")),
        ("pieces_max", Field("pieces_max")),
        ("security_level_max", Field("security_level_max")),
        ("retired", Field("retired")),
        ("created_at", Bookkeeping),
        ("version", Version),
    ],
};
