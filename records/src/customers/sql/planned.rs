//! One line of a customers table, or one form, against the record: what is planned before anything is written.

use super::stored::StoredCustomer;
use crate::{
    customers::fields::at,
    imports::{Double, fields::Stated, merge::Merged},
};

/// What becomes of the holder of a customer whose name changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HolderChange {
    /// The same party, perhaps under another name.
    Same,
    /// Another party takes over (过户): the former keeps its own numbers, the dossier stays where it is.
    Other,
    /// The former holder is the present one again.
    Former,
}

/// One line against the record.
#[derive(Debug)]
pub(crate) struct PlannedCustomer {
    pub stated: Stated,
    pub stored: Option<StoredCustomer>,
    pub merged: Merged,
    pub holder: HolderChange,
    pub doubles: Vec<Double>,
}

/// How the values of fields that many records share are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// A line of a table, which may be incomplete: it adds to the numbers of a person with several customers.
    Table,
    /// A form, filled in by a person who sees the record.
    Form,
}

impl PlannedCustomer {
    pub fn code(&self) -> &str {
        self.merged.after.get(at("code"))
    }

    pub fn name(&self) -> &str {
        self.merged.after.get(at("name"))
    }
}
