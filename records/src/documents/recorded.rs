//! What becomes of documents and the further customers they name in the history.

use super::CopyState;
use crate::store::recorded::{
    ColumnValue, HistoryForm, Owner, Parent, Recorded, Step,
    Treatment::{Attributes, Bookkeeping, ChangedAt, Field, Reference, Version},
    nothing,
};
use crate::{PartialDate, fold};

/// 件: what a customer would call one.
pub(crate) static DOCUMENTS: Recorded = Recorded {
    table: "documents",
    key: "uid",
    owner: Owner::Itself {
        kind: "document",
        id: "id",
    },
    form: HistoryForm::Fields { shown: "title" },
    restore: restore_document,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        (
            "dossier_uid",
            Reference(
                "customer",
                &[
                    Step {
                        table: "dossiers",
                        column: "customer_uid",
                    },
                    Step {
                        table: "customers",
                        column: "code",
                    },
                ],
            ),
        ),
        ("state", Field("state")),
        ("state_before", Bookkeeping),
        ("review_reason", Field("review_reason")),
        ("link_basis", Field("link_basis")),
        ("link_detail", Bookkeeping),
        ("kind", Field("kind")),
        ("title", Field("title")),
        ("title_folded", Bookkeeping),
        ("number", Field("number")),
        ("number_folded", Bookkeeping),
        ("date_text", Field("date")),
        ("date_key", Bookkeeping),
        ("pages_declared", Field("pages_declared")),
        ("pages_scanned", Field("pages_scanned")),
        ("medium", Field("medium")),
        ("copy_state", Field("copy_state")),
        ("verified_by", Field("verified_by")),
        ("verified_on", Field("verified_on")),
        ("counterpart", Field("counterpart")),
        ("copies", Field("copies")),
        ("seals", Field("seals")),
        ("security_level", Field("security_level")),
        ("department", Field("department")),
        ("site", Field("site")),
        ("sealed", Field("sealed")),
        ("sealed_by", Bookkeeping),
        ("sealed_reason", Field("sealed_reason")),
        ("sealed_at", Bookkeeping),
        ("described_by", Bookkeeping),
        ("described_at", Bookkeeping),
        ("retention_class", Field("retention_class")),
        ("valid_from", Field("valid_from")),
        ("valid_until", Field("valid_until")),
        ("attributes", Attributes),
        (
            "volume_uid",
            Reference(
                "volume",
                &[Step {
                    table: "volumes",
                    column: "number",
                }],
            ),
        ),
        ("batch_uid", Bookkeeping),
        ("withdrawn_reason", Field("withdrawn_reason")),
        ("withdrawn_by", Field("withdrawn_by")),
        ("created_at", Bookkeeping),
        ("changed_at", ChangedAt),
        ("version", Version),
        ("form_code", Field("form_code")),
        ("withdrawn_at", Bookkeeping),
        ("review_detail", Bookkeeping),
        ("sealed_until", Field("sealed_until")),
        ("stated", Bookkeeping),
        ("announced", Bookkeeping),
    ],
};

/// Further customers that a document names.
pub(crate) static DOCUMENT_CUSTOMERS: Recorded = Recorded {
    table: "document_customers",
    key: "",
    owner: Owner::Parents {
        kind: "document",
        of: &[Parent {
            column: "document_uid",
            table: "documents",
        }],
    },
    form: HistoryForm::Line {
        field: "further_customer",
    },
    restore: nothing,
    columns: &[
        ("document_uid", Bookkeeping),
        (
            "customer_uid",
            Reference(
                "customer",
                &[Step {
                    table: "customers",
                    column: "code",
                }],
            ),
        ),
        ("role", Field("role")),
    ],
};

/// Whose it is, its state and its rights (security level, sealing) are decisions of their own and are left out.
fn restore_document(field: &str, value: &str) -> Option<Vec<(&'static str, ColumnValue)>> {
    let day = |column: &'static str| Some(vec![(column, PartialDate::parse(value).ok()?.as_str().into())]);
    Some(match field {
        "kind" => vec![("kind", value.into())],
        "title" => vec![("title", value.into()), ("title_folded", fold::name(value).into())],
        "number" => vec![("number", value.into()), ("number_folded", fold::code(value).into())],
        "date" => {
            let date = PartialDate::parse(value).ok()?;
            vec![
                ("date_text", date.as_str().into()),
                ("date_key", date.sort_key().into()),
            ]
        }
        "pages_declared" => match value {
            "" => vec![("pages_declared", ColumnValue::Int(None))],
            number => vec![("pages_declared", number.parse::<i64>().ok()?.into())],
        },
        "copies" => vec![("copies", value.parse::<i64>().ok()?.into())],
        "copy_state" => vec![("copy_state", CopyState::from_code(value)?.as_str().into())],
        "medium" => vec![("medium", value.into())],
        "counterpart" => vec![("counterpart", value.into())],
        "seals" => vec![("seals", value.into())],
        "department" => vec![("department", value.into())],
        "site" => vec![("site", value.into())],
        "form_code" => vec![("form_code", value.into())],
        "retention_class" => vec![("retention_class", value.into())],
        "valid_from" => return day("valid_from"),
        "valid_until" => return day("valid_until"),
        _ => return None,
    })
}
