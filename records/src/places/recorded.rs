//! What becomes of places in the history.

use crate::store::recorded::{
    ColumnValue, HistoryForm, Owner, Recorded, Step,
    Treatment::{Attributes, Bookkeeping, Field, Reference, Version},
};

/// A place with a code.
pub(crate) static LOCATIONS: Recorded = Recorded {
    table: "locations",
    key: "uid",
    owner: Owner::Itself {
        kind: "location",
        id: "id",
    },
    form: HistoryForm::Fields { shown: "code" },
    restore: restore_location,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("code", Field("code")),
        ("code_folded", Bookkeeping),
        ("code_dashless", Bookkeeping),
        ("sort_key", Bookkeeping),
        ("name", Field("name")),
        ("kind", Field("location_kind")),
        (
            "parent_uid",
            Reference(
                "parent",
                &[Step {
                    table: "locations",
                    column: "code",
                }],
            ),
        ),
        ("capacity", Field("capacity")),
        ("capacity_unit", Field("capacity_unit")),
        ("keeper", Field("keeper")),
        ("owner", Field("owner")),
        ("security_level_max", Field("security_level_max")),
        ("retired", Field("retired")),
        ("attributes", Attributes),
        ("version", Version),
    ],
};

/// Its kind, its parent and its code decide what may lie there and are left out.
fn restore_location(field: &str, value: &str) -> Option<Vec<(&'static str, ColumnValue)>> {
    Some(match field {
        "name" => vec![("name", value.into())],
        "keeper" => vec![("keeper", value.into())],
        "owner" => vec![("owner", value.into())],
        "capacity" => match value {
            "" => vec![("capacity", ColumnValue::Int(None))],
            number => vec![("capacity", number.parse::<i64>().ok()?.into())],
        },
        _ => return None,
    })
}
