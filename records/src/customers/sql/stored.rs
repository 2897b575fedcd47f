//! Customers as their fields, many at once: what an import, a form and an undo compare with.

use crate::{
    Result,
    customers::fields::{CUSTOMER_FIELDS, CustomerFieldStorage},
    fold,
    imports::fields::Values,
    store::sql::{Columns, LISTED_AT_ONCE, composed, marks},
};
use sqlx::{AnyConnection, any::AnyRow};
use std::collections::HashMap;

/// A customer with the values of its fields.
#[derive(Debug, Clone)]
pub(crate) struct StoredCustomer {
    pub uid: i64,
    pub id: String,
    pub code_folded: String,
    pub version: i64,
    pub values: Values,
    pub holder: Option<Holder>,
}

/// The present holder of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    pub role_uid: i64,
    pub party_uid: i64,
    /// The party has other customers or roles too.
    pub shared: bool,
}

/// The customers with these folded codes, by code.
pub(crate) async fn by_codes(
    connection: &mut AnyConnection,
    codes: &[String],
) -> Result<HashMap<String, StoredCustomer>> {
    let mut found = HashMap::with_capacity(codes.len());
    for chunk in codes.chunks(LISTED_AT_ONCE) {
        let rows = listed(connection, &customers_where("code_folded"), chunk).await?;
        let several = with_parts(connection, &rows).await?;
        found.extend(several.into_iter().map(|stored| (stored.code_folded.clone(), stored)));
    }
    Ok(found)
}

/// The customers with these ids, by id.
pub(crate) async fn by_ids(connection: &mut AnyConnection, ids: &[String]) -> Result<HashMap<String, StoredCustomer>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(LISTED_AT_ONCE) {
        let rows = listed(connection, &customers_where("id"), chunk).await?;
        let several = with_parts(connection, &rows).await?;
        found.extend(several.into_iter().map(|stored| (stored.id.clone(), stored)));
    }
    Ok(found)
}

/// The customers with these uids.
pub(super) async fn by_uids(connection: &mut AnyConnection, uids: &[i64]) -> Result<Vec<StoredCustomer>> {
    let rows = listed_uids(connection, &customers_where("uid"), "", uids).await?;
    with_parts(connection, &rows).await
}

fn customers_where(column: &str) -> String {
    let columns: Vec<&str> = CUSTOMER_FIELDS.iter().filter_map(|field| field.kept_in()).collect();
    format!(
        "SELECT uid, id, code, code_folded, version, attributes, {} FROM customers WHERE {column} IN",
        columns.join(", ")
    )
}

/// The rows of `statement (values)`.
pub(super) async fn listed(connection: &mut AnyConnection, statement: &str, values: &[String]) -> Result<Vec<AnyRow>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!("{statement} ({})", marks(1, values.len()));
    let query = values.iter().fold(sqlx::query(composed(statement)), |query, value| {
        query.bind(value.clone())
    });
    Ok(query.fetch_all(connection).await?)
}

async fn listed_uids(
    connection: &mut AnyConnection,
    statement: &str,
    order: &str,
    uids: &[i64],
) -> Result<Vec<AnyRow>> {
    if uids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!("{statement} ({}) {order}", marks(1, uids.len()));
    let query = uids
        .iter()
        .fold(sqlx::query(composed(statement)), |query, uid| query.bind(*uid));
    Ok(query.fetch_all(connection).await?)
}

async fn with_parts(connection: &mut AnyConnection, rows: &[AnyRow]) -> Result<Vec<StoredCustomer>> {
    let uids: Vec<i64> = rows
        .iter()
        .map(|row| row.of("customers").int("uid"))
        .collect::<Result<_>>()?;
    let mut numbers: HashMap<i64, Vec<String>> = HashMap::new();
    let statement = "SELECT customer_uid, value FROM customer_aliases WHERE kind = 'account_no' AND customer_uid IN";
    for row in listed_uids(connection, statement, "ORDER BY uid", &uids).await? {
        let of = numbers
            .entry(row.of("customer_aliases").int("customer_uid")?)
            .or_default();
        of.push(row.of("customer_aliases").text("value")?);
    }
    let holders = holders(connection, &uids).await?;
    let parties: Vec<i64> = holders.values().map(|holder| holder.party_uid).collect();
    let mut identifiers: HashMap<(i64, String), Vec<String>> = HashMap::new();
    let statement = "SELECT party_uid, kind, value FROM party_identifiers WHERE party_uid IN";
    for row in listed_uids(connection, statement, "ORDER BY uid", &parties).await? {
        let of = identifiers
            .entry((
                row.of("party_identifiers").int("party_uid")?,
                row.of("party_identifiers").text("kind")?,
            ))
            .or_default();
        of.push(row.of("party_identifiers").text("value")?);
    }
    rows.iter()
        .map(|row| {
            let uid = row.of("customers").int("uid")?;
            let holder = holders.get(&uid).copied();
            let mut values = Values::empty(CUSTOMER_FIELDS.len());
            for (place, field) in values.fields.iter_mut().zip(&CUSTOMER_FIELDS) {
                *place = match field.storage {
                    CustomerFieldStorage::Code => row.of("customers").text("code")?,
                    CustomerFieldStorage::Column(column) => row.of("customers").text(column)?,
                    CustomerFieldStorage::AccountNumbers => numbers.remove(&uid).unwrap_or_default().join(";"),
                    CustomerFieldStorage::Identifier(kind) => holder
                        .and_then(|holder| identifiers.get(&(holder.party_uid, kind.as_str().to_owned())))
                        .map_or_else(String::new, |values| values.join(";")),
                };
            }
            let attributes = super::read::attributes_of(&row.of("customers"))?;
            values.attributes = attributes.into_iter().collect();
            Ok(StoredCustomer {
                uid,
                id: row.of("customers").text("id")?,
                code_folded: row.of("customers").text("code_folded")?,
                version: row.of("customers").int("version")?,
                values,
                holder,
            })
        })
        .collect()
}

async fn holders(connection: &mut AnyConnection, customers: &[i64]) -> Result<HashMap<i64, Holder>> {
    let statement = "SELECT r.customer_uid, r.uid AS role_uid, r.party_uid, \
        (SELECT CAST(count(*) AS BIGINT) FROM party_roles x WHERE x.party_uid = r.party_uid) AS roles \
        FROM party_roles r WHERE r.role = 'holder' AND r.ends_on = '' AND r.customer_uid IN";
    let mut holders = HashMap::with_capacity(customers.len());
    for row in listed_uids(connection, statement, "ORDER BY r.uid DESC", customers).await? {
        let row = row.of("party_roles");
        let holder = Holder {
            role_uid: row.int("role_uid")?,
            party_uid: row.int("party_uid")?,
            shared: row.int("roles")? > 1,
        };
        holders.insert(row.int("customer_uid")?, holder);
    }
    Ok(holders)
}

/// To whom these account numbers belong: (code, folded code) by folded number.
pub(super) async fn account_numbers_taken(
    connection: &mut AnyConnection,
    numbers: &[String],
) -> Result<HashMap<String, (String, String)>> {
    let statement = "SELECT a.value_folded, c.code, c.code_folded FROM customer_aliases a \
        JOIN customers c ON c.uid = a.customer_uid WHERE a.kind = 'account_no' AND a.value_folded IN";
    let mut taken = HashMap::new();
    for chunk in numbers.chunks(LISTED_AT_ONCE) {
        for row in listed(connection, statement, chunk).await? {
            let row = row.of("customer_aliases");
            taken.insert(row.text("value_folded")?, (row.text("code")?, row.text("code_folded")?));
        }
    }
    Ok(taken)
}

pub(super) fn folded_numbers(text: &str) -> impl Iterator<Item = String> {
    crate::imports::fields::parts(text).map(fold::code)
}
