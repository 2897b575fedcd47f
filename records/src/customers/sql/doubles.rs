//! Which lines are likely doubles of a customer in the register, or of an earlier line.
//!
//! An organisation has one credit code, so the same one under another code holds the line; so does the same name at
//! the same address, unless both are persons with account numbers of their own: one person with three 户号 is three
//! customers. The same ID number under another code is reported but does not hold the line, for the same reason.

use super::{planned::PlannedCustomer, stored::listed};
use crate::{
    Result,
    customers::fields::{CUSTOMER_FIELDS, at},
    fold,
    imports::{Double, DoubleBecause, fields::parts},
    parties::{IdentifierKind, folded},
    store::sql::{Columns, LISTED_AT_ONCE},
};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// A customer, or a line that will be one, as far as doubles are concerned.
#[derive(Debug)]
struct DoubleCandidate {
    code: Box<str>,
    name: Box<str>,
    is_person: bool,
    has_account: bool,
    line: Option<u64>,
}

type Key = (DoubleBecause, Box<str>);

/// Between name and address in a key.
const BETWEEN: char = '\u{1}';

/// The lines of one table that were looked at: the first with each key. Codes are told apart before, so it is of another
/// customer than any later one.
#[derive(Default)]
pub(super) struct DoublesBefore {
    lines: Vec<DoubleCandidate>,
    first: HashMap<Key, usize>,
}

impl DoublesBefore {
    /// Adds the likely doubles to each line. Lines that change none of the deciding fields are left out, so that a table
    /// that was accepted once raises no question again.
    pub async fn find(&mut self, connection: &mut AnyConnection, planned: &mut [PlannedCustomer]) -> Result<()> {
        let keyed: Vec<Vec<Key>> = planned.iter().map(keys_of).collect();
        let known = of_register(connection, &keyed).await?;
        for (item, keys) in planned.iter_mut().zip(keyed).filter(|(_, keys)| !keys.is_empty()) {
            let own = DoubleCandidate {
                code: item.code().into(),
                name: item.name().into(),
                is_person: item.merged.after.get(at("kind")) == "person",
                has_account: !item.merged.after.get(at("account_no")).is_empty(),
                line: Some(item.stated.line),
            };
            let folded = fold::code(&own.code);
            for key in keys {
                let before = self.first.get(&key).and_then(|first| self.lines.get(*first));
                let mut others = known.get(&key).into_iter().flatten().chain(before);
                if let Some(other) = others.find(|other| fold::code(&other.code) != folded) {
                    item.doubles.push(double(&own, other, &key));
                }
                self.first.entry(key).or_insert(self.lines.len());
            }
            self.lines.push(own);
        }
        Ok(())
    }
}

fn double(own: &DoubleCandidate, other: &DoubleCandidate, (because, value): &Key) -> Double {
    let own_numbers = own.is_person && other.is_person && own.has_account && other.has_account;
    let shown = match because {
        DoubleBecause::IdNumber => (CUSTOMER_FIELDS[at("id_number")].shown)(value),
        DoubleBecause::CreditCode => value.to_string(),
        DoubleBecause::NameAndAddress => value.replace(BETWEEN, "  "),
    };
    Double {
        line: own.line.unwrap_or(0),
        code: own.code.to_string(),
        name: own.name.to_string(),
        other_code: other.code.to_string(),
        other_name: other.name.to_string(),
        other_line: other.line,
        because: *because,
        value: shown,
        held: match because {
            DoubleBecause::CreditCode => true,
            DoubleBecause::IdNumber => false,
            DoubleBecause::NameAndAddress => !own_numbers,
        },
    }
}

fn keys_of(item: &PlannedCustomer) -> Vec<Key> {
    let decides = ["name", "address", "credit_code", "id_number"];
    let is_touched =
        item.stored.is_none() || (item.merged.changes.iter()).any(|change| decides.contains(&&*change.field));
    if !is_touched {
        return Vec::new();
    }
    let after = &item.merged.after;
    let mut keys: Vec<Key> = Vec::new();
    for (because, field, kind) in [
        (DoubleBecause::CreditCode, "credit_code", IdentifierKind::CreditCode),
        (DoubleBecause::IdNumber, "id_number", IdentifierKind::IdNumber),
    ] {
        keys.extend(parts(after.get(at(field))).map(|part| (because, folded(kind, part).into())));
    }
    let (name, address) = (fold::name(item.name()), fold::name(after.get(at("address"))));
    if !address.is_empty() {
        keys.push((
            DoubleBecause::NameAndAddress,
            format!("{name}{BETWEEN}{address}").into(),
        ));
    }
    keys
}

/// The customers of the register that have one of these keys.
async fn of_register(connection: &mut AnyConnection, keyed: &[Vec<Key>]) -> Result<HashMap<Key, Vec<DoubleCandidate>>> {
    let mut numbers: Vec<String> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (because, value) in keyed.iter().flatten() {
        match because {
            DoubleBecause::CreditCode | DoubleBecause::IdNumber => numbers.push(value.to_string()),
            DoubleBecause::NameAndAddress => {
                names.push(value.split(BETWEEN).next().unwrap_or_default().to_owned());
            }
        }
    }
    let mut known: HashMap<Key, Vec<DoubleCandidate>> = HashMap::new();
    let statement = format!(
        "SELECT c.code, c.name, c.kind, c.address, i.kind AS number_kind, i.value_folded, {HAS_ACCOUNT} FROM party_identifiers i \
         JOIN party_roles r ON r.party_uid = i.party_uid AND r.role = 'holder' AND r.ends_on = '' \
         JOIN customers c ON c.uid = r.customer_uid WHERE i.value_folded IN"
    );
    for chunk in numbers.chunks(LISTED_AT_ONCE) {
        for row in listed(connection, &statement, chunk).await? {
            let because = match IdentifierKind::from_code(&row.of("party_identifiers").text("number_kind")?) {
                Some(IdentifierKind::CreditCode) => DoubleBecause::CreditCode,
                Some(IdentifierKind::IdNumber) => DoubleBecause::IdNumber,
                _ => continue,
            };
            let key = (because, row.of("party_identifiers").text("value_folded")?.into());
            known.entry(key).or_default().push(known_of(&row)?);
        }
    }
    names.sort_unstable();
    names.dedup();
    let statement = format!(
        "SELECT c.code, c.name, c.kind, c.address, c.name_folded, {HAS_ACCOUNT} FROM customers c WHERE c.name_folded IN"
    );
    for chunk in names.chunks(LISTED_AT_ONCE) {
        for row in listed(connection, &statement, chunk).await? {
            let key = format!(
                "{}{BETWEEN}{}",
                row.of("customers").text("name_folded")?,
                fold::name(&row.of("customers").text("address")?)
            );
            let key = (DoubleBecause::NameAndAddress, key.into());
            known.entry(key).or_default().push(known_of(&row)?);
        }
    }
    Ok(known)
}

const HAS_ACCOUNT: &str = "(SELECT CAST(count(*) AS BIGINT) FROM customer_aliases a \
    WHERE a.customer_uid = c.uid AND a.kind = 'account_no') AS accounts";

fn known_of(row: &sqlx::any::AnyRow) -> Result<DoubleCandidate> {
    Ok(DoubleCandidate {
        code: row.of("customers").text("code")?.into(),
        name: row.of("customers").text("name")?.into(),
        is_person: row.of("customers").text("kind")? == "person",
        has_account: row.of("customers").int("accounts")? > 0,
        line: None,
    })
}
