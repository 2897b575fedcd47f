//! What becomes of dossiers and volumes in the history. A dossier is exactly one per customer and shares its history.

use crate::store::recorded::{
    ColumnValue, HistoryForm, Owner, Parent, Recorded,
    Treatment::{Bookkeeping, Field, Instant, Version},
    nothing,
};

/// The header of a dossier.
pub(crate) static DOSSIERS: Recorded = Recorded {
    table: "dossiers",
    key: "uid",
    owner: Owner::Parents {
        kind: "customer",
        of: &[Parent {
            column: "customer_uid",
            table: "customers",
        }],
    },
    form: HistoryForm::Fields { shown: "" },
    restore: restore_dossier,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("customer_uid", Bookkeeping),
        ("number", Field("dossier_no")),
        ("number_folded", Bookkeeping),
        ("accepted_at", Instant("accepted_at")),
        ("opened_at", Bookkeeping),
        ("security_level", Field("dossier_security_level")),
        ("sealed", Field("dossier_sealed")),
        ("sealed_by", Bookkeeping),
        ("sealed_reason", Field("dossier_sealed_reason")),
        ("sealed_at", Bookkeeping),
        ("version", Version),
        ("checklist", Field("checklist")),
        ("sealed_until", Field("dossier_sealed_until")),
    ],
};

/// 案卷: a physical or formal part of a dossier or of a series.
pub(crate) static VOLUMES: Recorded = Recorded {
    table: "volumes",
    key: "uid",
    owner: Owner::Itself {
        kind: "volume",
        id: "id",
    },
    form: HistoryForm::Fields { shown: "title" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("dossier_uid", Bookkeeping),
        ("series", Field("series")),
        ("number", Field("number")),
        ("title", Field("title")),
        ("bound", Field("bound")),
        ("created_at", Bookkeeping),
        ("version", Version),
    ],
};

/// A number that was issued stays; security level and seal are decisions of their own.
fn restore_dossier(field: &str, value: &str) -> Option<Vec<(&'static str, ColumnValue)>> {
    (field == "checklist").then(|| vec![("checklist", value.into())])
}
