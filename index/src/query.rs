//! A parsed query: clauses of atoms, notices, errors with their position, and chips.
//!
//! This file refuses to know how a query is typed; `grammar.rs` reads it.

use vocabulary::detail::{Detail, DetailCode};
use vocabulary::{DateFault, DateRange, Language, SecurityLevel};

use crate::fields::{QueryField, SecurityRange};
use crate::fold::folded_chars;
use crate::grams::{GramCover, cover};

/// What a query may cost. Anything beyond is refused with a message, never cut silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryLimits {
    /// Characters of the whole query, as typed.
    pub characters_max: usize,
    /// Atoms over all clauses.
    pub atoms_max: usize,
    /// Atoms that are a single character, two letters or digits, or a customer's name: each of these
    /// expands to thousands of grams or customers.
    pub broad_max: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        QueryLimits {
            characters_max: 1_000,
            atoms_max: 40,
            broad_max: 5,
        }
    }
}

/// A parsed query: all clauses must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub clauses: Vec<Clause>,
    pub notices: Vec<QueryNotice>,
}

/// One condition; `atoms` is never empty and any atom suffices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub negated: bool,
    pub atoms: Vec<Atom>,
    /// The clause as it was typed.
    pub written: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Atom {
    /// Text to be found on the page or in its record.
    Words {
        text: String,
        quoted: bool,
    },
    /// A field that holds text; `prefix` when the value ended in `*`.
    Text {
        field: QueryField,
        text: String,
        prefix: bool,
    },
    Dates(DateRange),
    Security(SecurityRange),
}

/// A hint for the person who typed; the query was answered all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryNotice {
    pub code: NoticeCode,
    /// First character and number of characters in the query as typed.
    pub at: usize,
    pub length: usize,
    /// The field whose value it is, where it is one.
    pub field: Option<QueryField>,
    pub text: String,
}

impl QueryNotice {
    /// What is said of it, with what to do next.
    pub fn detail(&self) -> Detail {
        let text = self.text.as_str();
        match (self.code, self.field) {
            (NoticeCode::UnknownField, _) => DetailCode::QueryFieldUnknown.with(text),
            (NoticeCode::FieldWithoutValue, _) => DetailCode::QueryFieldEmpty.with(text),
            (NoticeCode::OpenQuotation, _) => DetailCode::QueryQuotationOpen.with(text),
            (NoticeCode::NothingToSearch, _) => DetailCode::QueryNothing.with(text),
            (NoticeCode::UnknownValue, Some(QueryField::Kind)) => DetailCode::QueryKindUnknown.with(text),
            (NoticeCode::UnknownValue, Some(QueryField::Location)) => DetailCode::QueryPlaceUnknown.with(text),
            (NoticeCode::UnknownValue, field) => {
                let [chinese, english] = field.map_or(["", ""], |field| [field.chinese(), field.english()]);
                DetailCode::QueryValueUnknown.with(text).with(chinese).with(english)
            }
            (NoticeCode::StarInside, _) => DetailCode::QueryStarInside.with(text),
            (NoticeCode::NoSuchValue, field) => {
                let [chinese, english] = field.map_or(["", ""], |field| [field.chinese(), field.english()]);
                DetailCode::QueryNothingHas.with(text).with(chinese).with(english)
            }
            (NoticeCode::ValueCut, _) => DetailCode::QueryValueCut.with(text),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeCode {
    /// A word before a colon is not a field; it was searched as text.
    UnknownField,
    /// A field without a value was left out.
    FieldWithoutValue,
    /// A quotation was not closed; it was read to the end.
    OpenQuotation,
    /// Nothing but punctuation: nothing to look for.
    NothingToSearch,
    /// No kind, place, state or customer of this name exists.
    UnknownValue,
    /// A star inside a word stands for no letters; it was left out.
    StarInside,
    /// Nothing that may be seen has this department, site, retention class or form.
    NoSuchValue,
    /// The value names more customers than one search follows; only the newest were used.
    ValueCut,
}

impl NoticeCode {
    pub fn as_str(self) -> &'static str {
        match self {
            NoticeCode::UnknownField => "unknown_field",
            NoticeCode::FieldWithoutValue => "field_without_value",
            NoticeCode::OpenQuotation => "open_quotation",
            NoticeCode::NothingToSearch => "nothing_to_search",
            NoticeCode::UnknownValue => "unknown_value",
            NoticeCode::StarInside => "star_inside",
            NoticeCode::NoSuchValue => "no_such_value",
            NoticeCode::ValueCut => "value_cut",
        }
    }
}

/// Why a query cannot be answered. Positions count characters of the query as typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("the query has {characters} characters, at most {limit} are read; shorten it")]
    TooLong { characters: usize, limit: usize },
    #[error("the query has more than {limit} conditions; remove some")]
    TooManyConditions { limit: usize },
    #[error("the query has more than {limit} single characters or names of customers; write longer words")]
    TooBroad { limit: usize },
    #[error(
        "`{text}` at character {at} is not a date: {}; write 2019, 2019-05, 2019-05-13 or 2019..2021",
        fault.name(Language::English)
    )]
    BrokenDate { text: String, at: usize, fault: DateFault },
    #[error("`{text}` at character {at} is not a security level; {} or 0 to 3", SecurityLevel::LIST.choice())]
    BrokenSecurity { text: String, at: usize },
}

impl QueryError {
    /// Stable code for scripts and translations.
    pub fn code(&self) -> &'static str {
        match self {
            QueryError::TooLong { .. } => "query_too_long",
            QueryError::TooManyConditions { .. } => "query_too_many_conditions",
            QueryError::TooBroad { .. } => "query_too_broad",
            QueryError::BrokenDate { .. } => "query_broken_date",
            QueryError::BrokenSecurity { .. } => "query_broken_security_level",
        }
    }

    /// First character and number of characters of the part that is wrong, where there is one.
    pub fn place(&self) -> Option<(usize, usize)> {
        match self {
            QueryError::TooLong { .. } | QueryError::TooManyConditions { .. } | QueryError::TooBroad { .. } => None,
            QueryError::BrokenDate { text, at, .. } | QueryError::BrokenSecurity { text, at } => {
                Some((*at, text.chars().count()))
            }
        }
    }
}

/// A clause as a removable mark beside the search box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryChip {
    /// The clause in the query language.
    pub text: String,
    pub field: Option<QueryField>,
    pub negated: bool,
    /// The query that remains when the chip is taken away.
    pub without: String,
}

impl Query {
    /// The query in its own language.
    pub fn write(&self) -> String {
        self.write_without(None)
    }

    pub fn chips(&self) -> Vec<QueryChip> {
        self.clauses
            .iter()
            .enumerate()
            .map(|(number, clause)| QueryChip {
                text: clause.written.clone(),
                field: clause.field(),
                negated: clause.negated,
                without: self.write_without(Some(number)),
            })
            .collect()
    }

    /// The words that must be found, for highlighting: of all clauses that are not negated.
    pub fn words(&self) -> Vec<&str> {
        let wanted = self.clauses.iter().filter(|clause| !clause.negated);
        wanted
            .flat_map(|clause| &clause.atoms)
            .filter_map(|atom| match atom {
                Atom::Words { text, .. } => Some(text.as_str()),
                Atom::Text {
                    field: QueryField::Id | QueryField::Number | QueryField::Body,
                    text,
                    ..
                } => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The values given for one field, for instance to resolve locations before searching.
    pub fn values_of(&self, wanted: QueryField) -> Vec<(&str, bool)> {
        self.clauses
            .iter()
            .flat_map(|clause| &clause.atoms)
            .filter_map(|atom| match atom {
                Atom::Text { field, text, prefix } if *field == wanted => Some((text.as_str(), *prefix)),
                _ => None,
            })
            .collect()
    }

    fn write_without(&self, left_out: Option<usize>) -> String {
        let kept = self.clauses.iter().enumerate();
        kept.filter(|(number, _)| Some(*number) != left_out)
            .map(|(_, clause)| clause.written.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl Atom {
    /// Whether it matches everything with a prefix, or many customers.
    pub(crate) fn is_broad(&self) -> bool {
        match self {
            Atom::Words { text, .. } => matches!(cover(&folded_chars(text)), GramCover::Prefix(_)),
            Atom::Text { field, text, .. } => match field {
                QueryField::Customer | QueryField::Dossier => true,
                QueryField::Body | QueryField::Id | QueryField::Number | QueryField::Title => {
                    matches!(cover(&folded_chars(text)), GramCover::Prefix(_))
                }
                _ => false,
            },
            Atom::Dates(_) | Atom::Security(_) => false,
        }
    }
}

impl Clause {
    /// The field of the clause when it has one.
    pub fn field(&self) -> Option<QueryField> {
        match self.atoms.first()? {
            Atom::Words { .. } => None,
            Atom::Text { field, .. } => Some(*field),
            Atom::Dates(_) => Some(QueryField::Date),
            Atom::Security(_) => Some(QueryField::Security),
        }
    }
}
