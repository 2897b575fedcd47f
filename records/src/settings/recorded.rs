//! What becomes of the settings of the archive in the history.

use crate::store::recorded::{
    HistoryForm, Owner, Recorded,
    Treatment::{Bookkeeping, Field},
    nothing,
};

/// A setting of the archive.
pub(crate) static SETTINGS: Recorded = Recorded {
    table: "settings",
    key: "name",
    owner: Owner::Named {
        kind: "setting",
        code: "name",
    },
    form: HistoryForm::Fields { shown: "value" },
    restore: nothing,
    columns: &[("name", Bookkeeping), ("value", Field("value"))],
};
