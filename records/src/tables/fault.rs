//! What can be wrong with one value of a table or a form: a code with an argument, said in English here and in the
//! reader's language by whoever shows it.

use super::ListWrong;
use std::fmt;
use vocabulary::{CapacityUnit, Language, LocationKind, PlaceUse, Register, SheetFault};

/// Why a value cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellFault {
    Missing,
    UnknownField,
    CodeLength,
    /// The same code stands on an earlier line.
    SameCodeAsLine(u64),
    CustomerKind,
    CustomerStatus,
    CreditCode,
    IdNumber,
    /// The account number belongs to the customer with this code.
    AccountNumberTaken(String),
    LocationCode,
    LocationKind,
    PlaceUse,
    Capacity,
    CapacityUnit,
    SecurityLevel,
    /// The columns are those of this other register.
    OtherRegister(Register),
    /// The cell does not hold what was typed into it.
    Sheet(SheetFault),
    /// What a kind or a checklist may not be.
    List(ListWrong),
}

impl CellFault {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            CellFault::Missing => "missing",
            CellFault::UnknownField => "unknown_field",
            CellFault::CodeLength => "code_length",
            CellFault::SameCodeAsLine(_) => "same_code_as_line",
            CellFault::CustomerKind => "customer_kind",
            CellFault::CustomerStatus => "customer_status",
            CellFault::CreditCode => "credit_code",
            CellFault::IdNumber => "id_number",
            CellFault::AccountNumberTaken(_) => "account_number_taken",
            CellFault::LocationCode => "location_code",
            CellFault::LocationKind => "location_kind",
            CellFault::PlaceUse => "place_use",
            CellFault::Capacity => "capacity",
            CellFault::CapacityUnit => "capacity_unit",
            CellFault::SecurityLevel => "security_level",
            CellFault::OtherRegister(_) => "other_register",
            CellFault::Sheet(because) => because.as_str(),
            CellFault::List(because) => because.code(),
        }
    }

    /// What the sentence is filled with; empty for most.
    pub fn argument(&self) -> String {
        match self {
            CellFault::SameCodeAsLine(line) => line.to_string(),
            CellFault::AccountNumberTaken(code) => code.clone(),
            CellFault::OtherRegister(register) => register.as_str().to_owned(),
            CellFault::List(because) => because.other(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for CellFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CellFault::Missing => f.write_str("it is missing"),
            CellFault::UnknownField => f.write_str("there is no such field"),
            CellFault::CodeLength => f.write_str("a code has 1 to 64 characters"),
            CellFault::SameCodeAsLine(line) => write!(f, "line {line} has the same code"),
            CellFault::CustomerKind => f.write_str("kinds are person 个人 and organisation 企业"),
            CellFault::CustomerStatus => f.write_str("states are potential 潜在, active 正常 and historic 历史"),
            CellFault::CreditCode => f.write_str(
                "a credit code has 18 characters and its check character must fit (GB 32100); compare it with the licence",
            ),
            CellFault::IdNumber => f.write_str(
                "an ID number has 18 characters and its check digit must fit (GB 11643), or 15 digits if it is from before \
                 1999; compare it with the card. \
                 A spreadsheet rounds such a number unless its cell is text",
            ),
            CellFault::AccountNumberTaken(code) => write!(f, "the account number belongs to the customer {code}"),
            CellFault::LocationCode => f.write_str(
                "a code has 1 to 64 letters, digits and Han characters with single dashes between, such as K1-03-B-05",
            ),
            CellFault::LocationKind => write!(f, "there is no such kind of place; {}", LocationKind::LIST.choice()),
            CellFault::PlaceUse => write!(f, "{}", PlaceUse::LIST.choice()),
            CellFault::Capacity => f.write_str("a capacity is a whole number, such as 900; it counts millimetres unless `capacity_unit` says pieces"),
            CellFault::CapacityUnit => write!(f, "{}", CapacityUnit::LIST.choice()),
            CellFault::SecurityLevel => f.write_str("security levels are 0 公开, 1 内部, 2 秘密 and 3 机密"),
            CellFault::OtherRegister(register) => write!(
                f,
                "these are the columns of {0}; import the table with `dossier {0} import`, or name them otherwise",
                register.as_str()
            ),
            CellFault::Sheet(because) => f.write_str(because.name(Language::English)),
            CellFault::List(because) => because.fmt(f),
        }
    }
}
