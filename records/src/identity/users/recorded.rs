//! What becomes of accounts in the history.

use crate::store::recorded::{
    HistoryForm, Owner, Recorded,
    Treatment::{Bookkeeping, Field, Secret, Version},
    nothing,
};

/// A named account.
pub(crate) static USERS: Recorded = Recorded {
    table: "users",
    key: "uid",
    owner: Owner::Itself { kind: "user", id: "id" },
    form: HistoryForm::Fields { shown: "name" },
    restore: nothing,
    columns: &[
        ("uid", Bookkeeping),
        ("id", Bookkeeping),
        ("name", Field("name")),
        ("name_folded", Bookkeeping),
        ("display_name", Field("display_name")),
        ("password_hash", Secret("password")),
        ("roles", Field("roles")),
        ("clearance", Field("clearance")),
        ("department", Field("department")),
        ("site", Field("site")),
        ("language", Field("language")),
        ("locked", Field("locked")),
        ("created_at", Bookkeeping),
        ("password_set_at", Bookkeeping),
        ("last_sign_in_at", Bookkeeping),
        ("version", Version),
    ],
};
