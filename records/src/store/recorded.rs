//! How a table is described, so that a [`Change`](super::sql::Change) writes its history by itself.
//!
//! Each recorded table has one description, a `static` in `recorded.rs` in the folder of its subject, listed in
//! [`crate::history::RECORDED`]. It says for every column what becomes of it in the history; a contract test compares
//! it with the real schema on both databases, so that a new column forces a decision.
//!
//! What is not known here: SQL, and the words that people read (they are in the locales, by field name).

use crate::Moment;

/// One recorded table.
pub(crate) struct Recorded {
    pub table: &'static str,
    /// The column by which [`Change::update`](super::sql::Change) finds a row: `uid`, or the text key of a table that
    /// has none. Empty where rows are only added and deleted.
    pub key: &'static str,
    pub owner: Owner,
    pub form: HistoryForm,
    /// What must be set so that a field has a former value again; see [`Restore`].
    pub restore: Restore,
    /// Every column of the table.
    pub columns: &'static [(&'static str, Treatment)],
}

/// What must be set in a row so that its field has this former value again: its column and what follows from it (folded
/// twins, sort keys). `None` where that is not a matter of one row, so that the history offers no "put back".
pub(crate) type Restore = fn(field: &str, value: &str) -> Option<Vec<(&'static str, ColumnValue)>>;

/// For tables of which nothing can be put back from the history.
pub(crate) fn nothing(_field: &str, _value: &str) -> Option<Vec<(&'static str, ColumnValue)>> {
    None
}

/// Whose history a change of a row belongs to.
pub(crate) enum Owner {
    /// The row is a record itself: `kind` is its word in the history, `id` the column of its public id.
    Itself { kind: &'static str, id: &'static str },
    /// The row is a record, or a part of one, that is known by the code in this column alone.
    Named { kind: &'static str, code: &'static str },
    /// The row is a part of another record, whose word in the history is `kind`; the first of these columns that is not
    /// NULL holds the uid of its row.
    Parents { kind: &'static str, of: &'static [Parent] },
}

pub(crate) struct Parent {
    pub column: &'static str,
    pub table: &'static str,
}

/// What a row is in the history.
#[derive(Clone, Copy)]
pub(crate) enum HistoryForm {
    /// Each column is a field. A new row is one line, the field `created`, which shows this column; so is a deleted
    /// row. Empty where a row begins and ends with its owner and says nothing of its own.
    Fields { shown: &'static str },
    /// The whole row is one value of its owner, like an account number of a customer. The name is its field.
    Line { field: &'static str },
    /// The same, named by the stored word in this column, like `phone` in `kind`.
    LineNamedBy { column: &'static str },
}

/// What becomes of a column in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// A field of this name.
    Field(&'static str),
    /// A field that holds an instant; the history keeps it as people read it.
    Instant(&'static str),
    /// A field that holds a personal number: lists mask it.
    Personal(&'static str),
    /// A field that holds the uid of another row; the history keeps what people call that row. The steps lead there:
    /// the first table is the one whose uid the column holds.
    Reference(&'static str, &'static [Step]),
    /// A JSON object of custom attributes; each name in it is a field `attribute:NAME`.
    Attributes,
    /// A field whose values are never kept, only that it changed.
    Secret(&'static str),
    /// The version counter, which every change moves by one.
    Version,
    /// The instant of the last change, which every change sets.
    ChangedAt,
    /// Folded twins, sort keys, creation instants, keys: what follows from something else or never changes.
    Bookkeeping,
}

/// From a row of `table`, `column` leads to the next step, or is what people call the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub table: &'static str,
    pub column: &'static str,
}

#[cfg(test)]
impl Treatment {
    /// Name of the field that a column is, where it is one.
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::Field(field)
            | Self::Instant(field)
            | Self::Personal(field)
            | Self::Reference(field, _)
            | Self::Secret(field) => Some(field),
            Self::Attributes | Self::Version | Self::ChangedAt | Self::Bookkeeping => None,
        }
    }
}

impl Recorded {
    pub fn treatment(&self, column: &str) -> Option<Treatment> {
        self.columns
            .iter()
            .find(|(name, _)| *name == column)
            .map(|(_, treatment)| *treatment)
    }

    pub fn column_of(&self, treatment: Treatment) -> Option<&'static str> {
        self.columns
            .iter()
            .find(|(_, found)| *found == treatment)
            .map(|(name, _)| *name)
    }

    /// The word of the record that this table belongs to.
    pub fn kind(&self) -> &'static str {
        match self.owner {
            Owner::Itself { kind, .. } | Owner::Named { kind, .. } | Owner::Parents { kind, .. } => kind,
        }
    }

    pub fn has_uid(&self) -> bool {
        self.columns.iter().any(|(name, _)| *name == "uid")
    }

    /// Columns that are part of the one value that a line shows.
    pub fn line_columns(&self) -> impl Iterator<Item = (&'static str, Treatment)> {
        let named_by = match self.form {
            HistoryForm::LineNamedBy { column } => column,
            HistoryForm::Fields { .. } | HistoryForm::Line { .. } => "",
        };
        self.columns.iter().copied().filter(move |(name, treatment)| {
            *name != named_by
                && matches!(
                    treatment,
                    Treatment::Field(_) | Treatment::Instant(_) | Treatment::Personal(_) | Treatment::Reference(..)
                )
        })
    }
}

/// A value for a column. Rust types turn into it by themselves; booleans are stored as 0 and 1, instants as
/// microseconds. `None` is NULL.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ColumnValue {
    Int(Option<i64>),
    Text(Option<String>),
    Real(f64),
    Bytes(Vec<u8>),
}

impl ColumnValue {
    /// As it stands in the history.
    pub fn shown(&self) -> Option<String> {
        match self {
            ColumnValue::Int(number) => number.map(|number| number.to_string()),
            ColumnValue::Text(text) => text.clone(),
            ColumnValue::Real(number) => Some(number.to_string()),
            ColumnValue::Bytes(bytes) => Some(format!("({} bytes)", bytes.len())),
        }
    }
}

macro_rules! value_from {
    ($($from:ty => |$value:ident| $into:expr;)*) => {
        $(impl From<$from> for ColumnValue {
            fn from($value: $from) -> Self {
                $into
            }
        })*
    };
}

value_from! {
    i64 => |value| ColumnValue::Int(Some(value));
    i32 => |value| ColumnValue::Int(Some(i64::from(value)));
    u32 => |value| ColumnValue::Int(Some(i64::from(value)));
    Option<i64> => |value| ColumnValue::Int(value);
    bool => |value| ColumnValue::Int(Some(i64::from(value)));
    Moment => |value| ColumnValue::Int(Some(value.micros()));
    Option<Moment> => |value| ColumnValue::Int(value.map(Moment::micros));
    f64 => |value| ColumnValue::Real(value);
    String => |value| ColumnValue::Text(Some(value));
    Option<String> => |value| ColumnValue::Text(value);
    Vec<u8> => |value| ColumnValue::Bytes(value);
}

impl From<&str> for ColumnValue {
    fn from(value: &str) -> Self {
        ColumnValue::Text(Some(value.to_owned()))
    }
}

impl From<&String> for ColumnValue {
    fn from(value: &String) -> Self {
        ColumnValue::Text(Some(value.clone()))
    }
}

impl From<Option<&str>> for ColumnValue {
    fn from(value: Option<&str>) -> Self {
        ColumnValue::Text(value.map(str::to_owned))
    }
}
