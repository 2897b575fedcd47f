//! Customers (户): what a dossier is kept for. One person with three account numbers is three customers.

pub(crate) mod recorded;
pub(crate) mod sql;

pub use vocabulary::{AliasKind, CustomerKind, CustomerStatus};

use crate::{
    Error, Moment, Result, fold,
    ids::CustomerId,
    parties::{IdentifierKind, PartyKind, PartyRoleKind},
    tables::ColumnRule,
};

/// A customer code as people write it; two codes are equal when their folded forms are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomerCode {
    shown: String,
    folded: String,
}

impl CustomerCode {
    pub fn parse(text: &str) -> Result<Self> {
        let shown = fold::half_width(text.trim());
        let folded = fold::code(&shown);
        if folded.is_empty() || folded.chars().count() > 64 {
            return Err(Error::invalid("customer code", text, "a code has 1 to 64 characters"));
        }
        Ok(Self { shown, folded })
    }

    pub fn as_str(&self) -> &str {
        &self.shown
    }

    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// A customer as a list shows it.
#[derive(Debug, Clone)]
pub struct CustomerRow {
    pub uid: i64,
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub kind: CustomerKind,
    pub status: CustomerStatus,
    pub dossier_no: String,
    /// Documents that the asker may see.
    pub documents: i64,
}

/// Everything about a customer that its own view shows.
#[derive(Debug, Clone)]
pub struct Customer {
    pub uid: i64,
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub kind: CustomerKind,
    pub status: CustomerStatus,
    pub grade: String,
    pub region: String,
    pub address: String,
    pub attributes: Vec<(String, String)>,
    /// Account numbers (户号), codes of other systems, former codes.
    pub aliases: Vec<(AliasKind, String)>,
    pub parties: Vec<CustomerParty>,
    pub dossier_id: String,
    /// Empty until the dossier was accepted.
    pub dossier_no: String,
    /// Code of the checklist that the dossier is held against; empty until a person says which.
    pub checklist: String,
    pub created_at: Moment,
    pub version: i64,
}

/// Which number of a customer's parties a person wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalNumber {
    pub party_id: String,
    pub kind: IdentifierKind,
    /// Among the identifiers of the party, from 0.
    pub position: usize,
}

/// A party in its role towards a customer. Personal numbers are masked until they are revealed.
#[derive(Debug, Clone)]
pub struct CustomerParty {
    pub party_id: String,
    pub name: String,
    pub kind: PartyKind,
    pub role: PartyRoleKind,
    pub begins_on: String,
    pub ends_on: String,
    pub identifiers: Vec<(IdentifierKind, String)>,
}

/// What linking needs to know of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerKey {
    pub uid: i64,
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub status: CustomerStatus,
}

/// Which customers to list: those whose code, alias, name or identifier begins with `text`, after a code.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    pub text: String,
    pub status: Option<CustomerStatus>,
    pub after_code: String,
    pub limit: usize,
}

/// What a person may change of a customer.
#[derive(Debug, Clone)]
pub struct CustomerDraft {
    pub code: CustomerCode,
    pub name: String,
    pub kind: CustomerKind,
    pub status: CustomerStatus,
    pub grade: String,
    pub region: String,
    pub address: String,
    pub credit_code: String,
    pub id_number: String,
    pub phones: Vec<String>,
    pub account_numbers: Vec<String>,
    pub attributes: Vec<(String, String)>,
}

/// The columns of the customers table (DESIGN section 5).
pub const CUSTOMER_COLUMNS: &[ColumnRule] = &[
    ColumnRule {
        name: "code",
        headers: &["客户代码", "客户编号", "客户号", "客户编码"],
        required: true,
    },
    ColumnRule {
        name: "name",
        headers: &["户名", "客户名称", "名称", "姓名"],
        required: true,
    },
    ColumnRule {
        name: "kind",
        headers: &["客户类型", "类型", "客户类别"],
        required: false,
    },
    ColumnRule {
        name: "credit_code",
        headers: &["统一社会信用代码", "信用代码"],
        required: false,
    },
    ColumnRule {
        name: "id_number",
        headers: &["身份证号", "身份证号码", "证件号", "证件号码"],
        required: false,
    },
    ColumnRule {
        name: "phones",
        headers: &["电话", "联系电话", "手机"],
        required: false,
    },
    ColumnRule {
        name: "account_no",
        headers: &["户号"],
        required: false,
    },
    ColumnRule {
        name: "address",
        headers: &["地址", "用电地址", "住址"],
        required: false,
    },
    ColumnRule {
        name: "status",
        headers: &["状态", "客户状态"],
        required: false,
    },
    ColumnRule {
        name: "grade",
        headers: &["等级", "客户等级"],
        required: false,
    },
    ColumnRule {
        name: "region",
        headers: &["地区", "区域", "片区"],
        required: false,
    },
];
