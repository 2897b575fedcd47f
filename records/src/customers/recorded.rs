//! What becomes of customers and their aliases in the history.

use super::CustomerStatus;
use crate::store::recorded::{
    ColumnValue, HistoryForm, Owner, Parent, Recorded,
    Treatment::{Attributes, Bookkeeping, ChangedAt, Field, Version},
    nothing,
};

/// 户: what a dossier is kept for.
pub(crate) static CUSTOMERS: Recorded = Recorded {
    table: "customers",
    key: "uid",
    owner: Owner::Itself {
        kind: "customer",
        id: "id",
    },
    form: HistoryForm::Fields { shown: "name" },
    restore: restore_customer,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("code", Field("code")),
        ("code_folded", Bookkeeping),
        ("name", Field("name")),
        ("name_folded", Bookkeeping),
        ("kind", Field("customer_kind")),
        ("status", Field("status")),
        ("grade", Field("grade")),
        ("region", Field("region")),
        ("address", Field("address")),
        ("attributes", Attributes),
        ("created_at", Bookkeeping),
        ("changed_at", ChangedAt),
        ("version", Version),
    ],
};

/// Other codes that mean a customer: each is one line of its history, named by its kind.
pub(crate) static CUSTOMER_ALIASES: Recorded = Recorded {
    table: "customer_aliases",
    key: "uid",
    owner: Owner::Parents {
        kind: "customer",
        of: &[Parent {
            column: "customer_uid",
            table: "customers",
        }],
    },
    form: HistoryForm::LineNamedBy { column: "kind" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("customer_uid", Bookkeeping),
        ("kind", Field("alias_kind")),
        ("value", Field("alias")),
        ("value_folded", Bookkeeping),
    ],
};

/// The name is left out: the holder is called by it too, and a change of holder is more than a change of a name.
fn restore_customer(field: &str, value: &str) -> Option<Vec<(&'static str, ColumnValue)>> {
    Some(match field {
        "status" => vec![("status", CustomerStatus::from_code(value)?.as_str().into())],
        "grade" => vec![("grade", value.into())],
        "region" => vec![("region", value.into())],
        "address" => vec![("address", value.into())],
        _ => return None,
    })
}
