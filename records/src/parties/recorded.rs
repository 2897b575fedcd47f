//! What becomes of parties, their identifiers and their roles in the history.

use crate::store::recorded::{
    HistoryForm, Owner, Parent, Recorded, Step,
    Treatment::{Bookkeeping, Field, Personal, Reference, Version},
    nothing,
};

/// A person or an organisation, which may be a party of several customers.
pub(crate) static PARTIES: Recorded = Recorded {
    table: "parties",
    key: "uid",
    owner: Owner::Itself {
        kind: "party",
        id: "id",
    },
    form: HistoryForm::Fields { shown: "name" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("kind", Field("party_kind")),
        ("name", Field("name")),
        ("name_folded", Bookkeeping),
        ("created_at", Bookkeeping),
        ("version", Version),
    ],
};

/// Numbers of a party: each is one line of its history, named by its kind.
pub(crate) static PARTY_IDENTIFIERS: Recorded = Recorded {
    table: "party_identifiers",
    key: "uid",
    owner: Owner::Parents {
        kind: "party",
        of: &[Parent {
            column: "party_uid",
            table: "parties",
        }],
    },
    form: HistoryForm::LineNamedBy { column: "kind" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("party_uid", Bookkeeping),
        ("kind", Field("identifier_kind")),
        ("value", Personal("identifier")),
        ("value_folded", Bookkeeping),
        ("valid", Bookkeeping),
    ],
};

/// What a party is to a customer, and since when: one line of the history of the customer, named by the role.
pub(crate) static PARTY_ROLES: Recorded = Recorded {
    table: "party_roles",
    key: "uid",
    owner: Owner::Parents {
        kind: "customer",
        of: &[Parent {
            column: "customer_uid",
            table: "customers",
        }],
    },
    form: HistoryForm::LineNamedBy { column: "role" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        (
            "party_uid",
            Reference(
                "party",
                &[Step {
                    table: "parties",
                    column: "name",
                }],
            ),
        ),
        ("customer_uid", Bookkeeping),
        ("role", Field("role")),
        ("begins_on", Field("begins_on")),
        ("ends_on", Field("ends_on")),
    ],
};
