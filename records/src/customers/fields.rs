//! The fields of a customer, once: from this list come the columns of the table, what a line states, what is written,
//! what differs, the facts of the view, the answer of the API and the help.
//!
//! A new field that is kept in a column of its own: a migration, its line in the list of migrations, its line in
//! `recorded.rs` (what becomes of it in the history), and one entry here.

use super::{CustomerCode, CustomerKind, CustomerStatus};
use crate::{
    fold,
    imports::fields::{RegisterField, Shape, columns, parts, position},
    parties::{self, IdentifierKind},
    tables::{CellFault, ColumnRule},
};

/// Where a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerFieldStorage {
    /// The key of the customer, which never changes.
    Code,
    /// A column of `customers`.
    Column(&'static str),
    /// Identifiers of this kind of the present holder.
    Identifier(IdentifierKind),
    /// Aliases of the customer: its account numbers (户号).
    AccountNumbers,
}

pub type CustomerField = RegisterField<CustomerFieldStorage>;

const COUNT: usize = 11;

pub static CUSTOMER_FIELDS: [CustomerField; COUNT] = FIELDS;

/// The columns of the customers table.
pub const CUSTOMER_COLUMNS: &[ColumnRule] = &columns(&FIELDS);

const FIELDS: [CustomerField; COUNT] = [
    RegisterField {
        column: required("code", &["客户代码", "客户编号", "客户号", "客户编码"]),
        zh: "客户代码",
        en: "Customer code",
        shape: Shape::Lasting,
        words: None,
        check: code,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Code,
    },
    RegisterField {
        column: required("name", &["户名", "客户名称", "名称", "姓名"]),
        zh: "户名",
        en: "Name",
        shape: Shape::Lasting,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Column("name"),
    },
    RegisterField {
        column: optional("kind", &["客户类型", "类型", "客户类别"]),
        zh: "客户类型",
        en: "Kind",
        shape: Shape::Lasting,
        words: Some(CustomerKind::LIST),
        check: kind,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Column("kind"),
    },
    RegisterField {
        column: optional("credit_code", &["统一社会信用代码", "信用代码"]),
        zh: "统一社会信用代码",
        en: "Credit code",
        shape: Shape::List,
        words: None,
        check: credit_code,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Identifier(IdentifierKind::CreditCode),
    },
    RegisterField {
        column: optional("id_number", &["身份证号", "身份证号码", "证件号", "证件号码"]),
        zh: "身份证号",
        en: "ID number",
        shape: Shape::List,
        words: None,
        check: id_number,
        shown: masked_id_number,
        storage: CustomerFieldStorage::Identifier(IdentifierKind::IdNumber),
    },
    RegisterField {
        column: optional("phones", &["电话", "联系电话", "手机"]),
        zh: "电话",
        en: "Phones",
        shape: Shape::List,
        words: None,
        check: phones,
        shown: masked_phones,
        storage: CustomerFieldStorage::Identifier(IdentifierKind::Phone),
    },
    RegisterField {
        column: optional("account_no", &["户号"]),
        zh: "户号",
        en: "Account number",
        shape: Shape::Growing,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: CustomerFieldStorage::AccountNumbers,
    },
    RegisterField {
        column: optional("address", &["地址", "用电地址", "住址"]),
        zh: "地址",
        en: "Address",
        shape: Shape::Text,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Column("address"),
    },
    RegisterField {
        column: optional("status", &["状态", "客户状态"]),
        zh: "客户状态",
        en: "Status",
        shape: Shape::Lasting,
        words: Some(CustomerStatus::LIST),
        check: status,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Column("status"),
    },
    RegisterField {
        column: optional("grade", &["等级", "客户等级"]),
        zh: "等级",
        en: "Grade",
        shape: Shape::Text,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Column("grade"),
    },
    RegisterField {
        column: optional("region", &["地区", "区域", "片区"]),
        zh: "片区",
        en: "Region",
        shape: Shape::Text,
        words: None,
        check: text,
        shown: str::to_owned,
        storage: CustomerFieldStorage::Column("region"),
    },
];

/// Columns that the noun itself has; what else is kept in a column is a fact like any other.
const OF_THE_NOUN: [&str; 3] = ["name", "kind", "status"];

impl CustomerField {
    /// The column that it is kept in, if it is.
    pub fn kept_in(&self) -> Option<&'static str> {
        match self.storage {
            CustomerFieldStorage::Column(column) => Some(column),
            CustomerFieldStorage::Code | CustomerFieldStorage::Identifier(_) | CustomerFieldStorage::AccountNumbers => {
                None
            }
        }
    }
}

/// Fields that are facts of a customer beside code, name, kind and status: address, grade, region and what comes later.
pub fn facts() -> impl Iterator<Item = (&'static CustomerField, &'static str)> {
    CUSTOMER_FIELDS
        .iter()
        .filter_map(|field| field.kept_in().map(|column| (field, column)))
        .filter(|(_, column)| !OF_THE_NOUN.contains(column))
}

/// Where the field of this name stands among the values of a customer.
pub(crate) fn at(name: &'static str) -> usize {
    position(&CUSTOMER_FIELDS, name).unwrap_or(usize::MAX)
}

const fn required(name: &'static str, headers: &'static [&'static str]) -> ColumnRule {
    ColumnRule {
        name,
        headers,
        required: true,
    }
}

const fn optional(name: &'static str, headers: &'static [&'static str]) -> ColumnRule {
    ColumnRule {
        name,
        headers,
        required: false,
    }
}

/// Digits of the shortest whole number.
const PHONE_DIGITS_MIN: usize = 7;

fn text(value: &str) -> Result<String, CellFault> {
    Ok(fold::storable(value))
}

fn code(value: &str) -> Result<String, CellFault> {
    let code = CustomerCode::parse(value).map_err(|_| CellFault::CodeLength)?;
    Ok(code.as_str().to_owned())
}

fn kind(value: &str) -> Result<String, CellFault> {
    let kind = CustomerKind::parse(value).map_err(|_| CellFault::CustomerKind)?;
    Ok(kind.as_str().to_owned())
}

fn status(value: &str) -> Result<String, CellFault> {
    let status = CustomerStatus::parse(value).map_err(|_| CellFault::CustomerStatus)?;
    Ok(status.as_str().to_owned())
}

fn credit_code(value: &str) -> Result<String, CellFault> {
    let folded = fold::code(value);
    match parties::is_valid(IdentifierKind::CreditCode, &folded) {
        true => Ok(folded),
        false => Err(CellFault::CreditCode),
    }
}

fn id_number(value: &str) -> Result<String, CellFault> {
    let code = fold::code(value);
    let folded = parties::folded(IdentifierKind::IdNumber, &code);
    match parties::is_valid(IdentifierKind::IdNumber, &folded) {
        true => Ok(code),
        false => Err(CellFault::IdNumber),
    }
}

/// The numbers of a cell: people put `/`, commas and spaces between them. What spaces part is one number, unless each
/// part is a whole one.
fn phones(value: &str) -> Result<String, CellFault> {
    let cell = fold::storable(value);
    let chunks = cell.split(['/', '／', ',', '，', '|', '或']).map(str::trim);
    let mut numbers: Vec<&str> = Vec::new();
    for chunk in chunks.filter(|chunk| !chunk.is_empty()) {
        let digits = |part: &str| part.chars().filter(|sign| sign.is_numeric()).count();
        match chunk.split_whitespace().all(|part| digits(part) >= PHONE_DIGITS_MIN) {
            true => numbers.extend(chunk.split_whitespace()),
            false => numbers.push(chunk),
        }
    }
    Ok(numbers.join(";"))
}

fn masked_id_number(value: &str) -> String {
    masked(IdentifierKind::IdNumber, value)
}

fn masked_phones(value: &str) -> String {
    masked(IdentifierKind::Phone, value)
}

fn masked(kind: IdentifierKind, value: &str) -> String {
    let members: Vec<String> = parts(value).map(|part| parties::masked(kind, part)).collect();
    members.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_headers_lead_to_one_field() {
        let mut seen = std::collections::HashSet::new();
        for field in &CUSTOMER_FIELDS {
            for header in field.column.headers.iter().chain([&field.column.name]) {
                assert!(seen.insert(fold::name(header)), "{header} leads to two fields");
            }
            let known = fold::name(field.zh);
            assert!(
                field.column.headers.iter().any(|header| fold::name(header) == known),
                "a table with the header {} is not understood",
                field.zh
            );
        }
    }

    #[test]
    fn phones_of_one_cell_are_told_apart() {
        let check = |cell: &str, expected: &str| {
            let members: Result<Vec<String>, CellFault> = parts(cell).map(phones).collect();
            assert_eq!(
                members.map(|members| members.join(";")),
                Ok(expected.to_owned()),
                "{cell}"
            );
        };
        check(
            "0755-83550117；13800003030、+86 139 0000 3030/0755-83550118转802",
            "0755-83550117;13800003030;+86 139 0000 3030;0755-83550118转802",
        );
        check("13800003030 13800003031", "13800003030;13800003031");
        check(
            "13800003030, 13800003031，13800003032",
            "13800003030;13800003031;13800003032",
        );
        check("0755 83550117", "0755 83550117");
        check("内线 12", "内线 12");
    }

    #[test]
    fn personal_numbers_are_not_shown() {
        let shown = |name: &'static str, value: &str| (CUSTOMER_FIELDS[at(name)].shown)(value);
        assert_eq!(shown("phones", "13800000200;13800000201"), "138****0200;138****0201");
        assert!(!shown("id_number", "110101199003078814").contains("19900307"));
        assert_eq!(shown("grade", "A"), "A");
    }
}
