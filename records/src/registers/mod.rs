//! What the registers have in common for those who treat them alike: who keeps one, its columns, its fields.

pub(crate) mod sql;

use crate::{
    Asker, Result, Role,
    customers::fields::{CUSTOMER_COLUMNS, CUSTOMER_FIELDS},
    imports::{Register, fields::RegisterField},
    kinds::{
        checklist_table::{CHECKLIST_COLUMNS, CHECKLIST_FIELDS},
        table::{KIND_COLUMNS, KIND_FIELDS},
    },
    places::fields::{LOCATION_COLUMNS, LOCATION_FIELDS},
    tables::{self, ColumnRule, Lines, Table, TableError, TableLimits},
};

/// Lines of a list that people type; each is compared with all others.
const TYPED_LINES_MAX: usize = 2_000;

/// The role of those who import into a register, see its imports and take them back.
pub fn keeper(register: Register) -> Role {
    match register {
        Register::Customers | Register::Locations => Role::Archivist,
        Register::Kinds | Register::Checklists => Role::Administrator,
    }
}

/// The registers that the asker keeps.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who keep none.
pub fn kept_by(asker: &Asker) -> Result<Vec<Register>> {
    let kept: Vec<Register> = Register::ALL
        .into_iter()
        .filter(|register| asker.has(keeper(*register)))
        .collect();
    match kept.is_empty() {
        true => asker.require(Role::Archivist).map(|()| kept),
        false => Ok(kept),
    }
}

/// Whether columns that the register does not know are kept with its records; otherwise they are left out.
pub fn keeps_own_columns(register: Register) -> bool {
    match register {
        Register::Customers | Register::Locations => true,
        Register::Kinds | Register::Checklists => false,
    }
}

pub fn columns_of(register: Register) -> &'static [ColumnRule] {
    match register {
        Register::Customers => CUSTOMER_COLUMNS,
        Register::Locations => LOCATION_COLUMNS,
        Register::Kinds => KIND_COLUMNS,
        Register::Checklists => CHECKLIST_COLUMNS,
    }
}

/// Gives the cells of a table the columns of a register.
///
/// # Errors
/// When it is no table of these columns, and when it is one of another register.
pub fn arranged(register: Register, lines: Lines, limits: &TableLimits) -> Result<Table, TableError> {
    let rules = columns_of(register);
    let headers = tables::headers(&lines, rules).to_vec();
    let table = tables::arrange(lines, rules, limits);
    match table {
        Err(TableError::MissingColumn { .. }) => match meant_for(register, &headers) {
            Some((other, columns)) => Err(TableError::OtherRegister {
                register: other,
                columns,
            }),
            None => table,
        },
        table => table,
    }
}

/// The register that a table was made for, where its columns say that it is not this one, with the columns that say so.
pub(crate) fn meant_for(register: Register, headers: &[String]) -> Option<(Register, String)> {
    let knows = |of: Register, header: &String| tables::recognise(header, columns_of(of)).is_ok();
    let others = Register::ALL.into_iter().filter(|other| *other != register);
    let (other, foreign, own) = others
        .map(|other| {
            let only = |of: Register, not: Register| -> Vec<&str> {
                let headers = headers.iter().filter(|header| knows(of, header) && !knows(not, header));
                headers.map(String::as_str).collect()
            };
            (other, only(other, register), only(register, other).len())
        })
        .max_by_key(|(_, foreign, own)| foreign.len().saturating_sub(*own))?;
    (foreign.len() > 1 && foreign.len() > own).then(|| (other, foreign.join(", ")))
}

pub fn fields_of(register: Register) -> Vec<RegisterField<()>> {
    match register {
        Register::Customers => CUSTOMER_FIELDS.iter().map(RegisterField::without_storage).collect(),
        Register::Locations => LOCATION_FIELDS.iter().map(RegisterField::without_storage).collect(),
        Register::Kinds => KIND_FIELDS.iter().map(RegisterField::without_storage).collect(),
        Register::Checklists => CHECKLIST_FIELDS.iter().map(RegisterField::without_storage).collect(),
    }
}

/// The bounds on a table for a register, within those of whoever reads it.
pub fn limits_of(register: Register, limits: TableLimits) -> TableLimits {
    match register {
        Register::Customers | Register::Locations => limits,
        Register::Kinds | Register::Checklists => TableLimits {
            rows_max: limits.rows_max.min(TYPED_LINES_MAX),
            ..limits
        },
    }
}
