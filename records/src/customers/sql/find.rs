//! Which customers there are: by code, number, name or what somebody types.

use super::read::{customer_key, customer_row, documents_of, load_several};
use crate::{
    Archive, Asker, Moment, Result, System,
    customers::{AMONG_MAX, Customer, CustomerFilter, CustomerKey, CustomerRow, CustomerStatus},
    fold,
    parties::{IdentifierKind, folded},
    permission::sql::{Bound, Visible, numbered},
    store::sql::{Columns, LISTED_AT_ONCE, composed, marks},
};
use std::collections::HashMap;

/// The columns of a [`CustomerRow`] besides its count of documents.
const ROW: &str = "c.uid, c.id, c.code, c.name, c.kind, c.status, coalesce(n.number, '') AS dossier_no";
const OF_ROW: &str = "FROM customers c LEFT JOIN dossiers n ON n.customer_uid = c.uid";

/// How many documents of the customer `c` the asker sees.
fn documents_of_each(asker: &Asker, now: Moment) -> Visible {
    documents_of(asker, now)
        .columns("CAST(count(*) AS BIGINT)")
        .and("o.customer_uid = c.uid", [])
}

/// Customers with a name or other code that has the text in it anywhere, a code that begins with it, or exactly this
/// identifier. The lists within are made once for a statement, so that 133,000 customers are one pass over their names.
const FILTER: &str = "(? = '' OR c.status = ?) AND (? = '' \
     OR (c.code_folded >= ? AND c.code_folded < ?) OR c.name_folded LIKE ? ESCAPE '!' \
     OR c.uid IN (SELECT a.customer_uid FROM customer_aliases a WHERE a.value_folded LIKE ? ESCAPE '!') \
     OR c.uid IN (SELECT r.customer_uid FROM party_roles r JOIN party_identifiers i ON i.party_uid = r.party_uid \
                  WHERE r.ends_on = '' AND i.value_folded IN (?, ?, ?)))";

/// The same, asking each customer for its codes instead of listing those of all: for few that are named, or where so many
/// fit that the first are soon found. `EXISTS` would let PostgreSQL list them all again.
const FILTER_OF_EACH: &str = "(? = '' OR c.status = ?) AND (? = '' \
     OR (c.code_folded >= ? AND c.code_folded < ?) OR c.name_folded LIKE ? ESCAPE '!' \
     OR (SELECT a.uid FROM customer_aliases a WHERE a.customer_uid = c.uid AND a.value_folded LIKE ? ESCAPE '!' LIMIT 1) IS NOT NULL \
     OR (SELECT i.uid FROM party_roles r JOIN party_identifiers i ON i.party_uid = r.party_uid \
         WHERE r.customer_uid = c.uid AND r.ends_on = '' AND i.value_folded IN (?, ?, ?) LIMIT 1) IS NOT NULL)";

const FILTER_VALUES: usize = 10;

/// What stands for the places of [`FILTER`].
fn filtered(filter: &CustomerFilter) -> [String; FILTER_VALUES] {
    let code = fold::code(&filter.text);
    let status = filter.status.map_or("", CustomerStatus::as_str);
    [
        status.to_owned(),
        status.to_owned(),
        filter.text.trim().to_owned(),
        code.clone(),
        format!("{code}\u{10ffff}"),
        anywhere(&fold::name(&filter.text)),
        anywhere(&code),
        code,
        folded(IdentifierKind::Phone, &filter.text),
        folded(IdentifierKind::IdNumber, &filter.text),
    ]
}

/// A pattern for a text that stands anywhere. A text of which folding leaves nothing stands nowhere.
fn anywhere(text: &str) -> String {
    match text {
        "" => "\u{10ffff}".to_owned(),
        text => {
            let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
            format!("%{escaped}%")
        }
    }
}

impl Archive {
    /// Customers in order of code.
    pub async fn customers(&self, asker: &Asker, filter: &CustomerFilter) -> Result<Vec<CustomerRow>> {
        self.in_order(asker, filter, FILTER).await
    }

    /// The same, where full text has said that very many fit: no list of all codes is made before the first.
    pub async fn customers_of_many(&self, asker: &Asker, filter: &CustomerFilter) -> Result<Vec<CustomerRow>> {
        self.in_order(asker, filter, FILTER_OF_EACH).await
    }

    async fn in_order(&self, asker: &Asker, filter: &CustomerFilter, condition: &str) -> Result<Vec<CustomerRow>> {
        let mut values: Vec<Bound> = filtered(filter).map(Bound::Text).into();
        values.extend([fold::code(&filter.after_code).into(), filter.limit.into()]);
        let rows = documents_of_each(asker, self.0.environment.now())
            .inside(
                &format!(
                    "SELECT {ROW}, ({{seen}}) AS documents {OF_ROW} WHERE {condition} AND c.code_folded > ? \
                     ORDER BY c.code_folded LIMIT ?"
                ),
                values,
            )
            .all(&self.0.readers)
            .await?;
        rows.iter().map(customer_row).collect()
    }

    /// All of the named customers that a filter finds, whatever its window, in order of code: where full text has said who
    /// comes into question, no name of the register need be looked at. At most [`AMONG_MAX`] may be named.
    pub async fn customers_among(
        &self,
        asker: &Asker,
        filter: &CustomerFilter,
        uids: &[i64],
    ) -> Result<Vec<CustomerRow>> {
        let uids = &uids[..uids.len().min(AMONG_MAX)];
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = documents_of_each(asker, self.0.environment.now())
            .inside(
                &format!("SELECT {ROW}, ({{seen}}) AS documents {OF_ROW} WHERE {FILTER_OF_EACH}"),
                filtered(filter).map(Bound::Text),
            )
            .outer_one_of("AND c.uid", uids)
            .all(&self.0.readers)
            .await?;
        let mut rows = rows.iter().map(customer_row).collect::<Result<Vec<_>>>()?;
        rows.sort_by_cached_key(|row| fold::code(&row.code));
        Ok(rows)
    }

    /// How many of the named customers a filter finds, see [`Archive::customers_among`]; any number may be named.
    pub async fn customers_found_among(&self, _asker: &Asker, filter: &CustomerFilter, uids: &[i64]) -> Result<i64> {
        let condition = numbered(FILTER_OF_EACH, 1, FILTER_VALUES);
        let mut found = 0;
        for named in uids.chunks(LISTED_AT_ONCE) {
            let listed = marks(FILTER_VALUES + 1, named.len());
            let statement = format!(
                "SELECT CAST(count(*) AS BIGINT) AS n FROM customers c WHERE {condition} AND c.uid IN ({listed})"
            );
            let query = filtered(filter)
                .into_iter()
                .fold(sqlx::query(composed(statement)), |query, value| query.bind(value));
            let query = named.iter().fold(query, |query, uid| query.bind(*uid));
            found += query.fetch_one(&self.0.readers).await?.of("customers").int("n")?;
        }
        Ok(found)
    }

    /// How many customers a filter finds, whatever its window.
    pub async fn customers_found(&self, _asker: &Asker, filter: &CustomerFilter) -> Result<i64> {
        let condition = numbered(FILTER, 1, FILTER_VALUES);
        let statement = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM customers c WHERE {condition}");
        let query = filtered(filter)
            .into_iter()
            .fold(sqlx::query(composed(statement)), |query, value| query.bind(value));
        let row = query.fetch_one(&self.0.readers).await?;
        row.of("customers").int("n")
    }

    /// How many customers there are.
    pub async fn customers_count(&self, _asker: &Asker) -> Result<i64> {
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM customers")
            .fetch_one(&self.0.readers)
            .await?;
        row.of("customers").int("n")
    }

    /// Customers by uid, for hits of the dossier index, in the order asked for. `asked` is what was looked for: a customer
    /// that only its dossier number answers is left out where that number is hidden.
    pub async fn customers_by_uid(&self, asker: &Asker, uids: &[i64], asked: &str) -> Result<Vec<CustomerRow>> {
        let (code, name) = (fold::code(asked), fold::name(asked));
        let now = self.0.environment.now();
        let mut found = HashMap::with_capacity(uids.len());
        for chunk in uids.chunks(LISTED_AT_ONCE) {
            let rows = documents_of_each(asker, now)
                .inside(&format!("SELECT {ROW}, ({{seen}}) AS documents {OF_ROW}"), [])
                .outer_one_of("WHERE c.uid", chunk)
                .all(&self.0.readers)
                .await?;
            for row in &rows {
                let customer = customer_row(row)?;
                let hidden = match customer.dossier_no.is_empty() && !code.is_empty() {
                    true => fold::code(&row.of("customers").text("dossier_no")?),
                    false => String::new(),
                };
                let otherwise =
                    fold::code(&customer.code).contains(&code) || fold::name(&customer.name).contains(&name);
                if otherwise || !hidden.contains(&code) || hidden.is_empty() {
                    found.insert(customer.uid, customer);
                }
            }
        }
        Ok(uids.iter().filter_map(|uid| found.get(uid).cloned()).collect())
    }
}

impl System {
    /// The customer with this code or, when there is exactly one, this alias.
    pub async fn customer_by_code(&self, code: &str) -> Result<Option<CustomerKey>> {
        let folded = fold::code(code);
        let rows = sqlx::query(
            "SELECT uid, id, code, name, status FROM customers WHERE code_folded = $1 \
             UNION SELECT c.uid, c.id, c.code, c.name, c.status FROM customers c \
             JOIN customer_aliases a ON a.customer_uid = c.uid WHERE a.value_folded = $1 LIMIT 2",
        )
        .bind(folded)
        .fetch_all(&self.0.readers)
        .await?;
        match rows.as_slice() {
            [row] => customer_key(row).map(Some),
            _ => Ok(None),
        }
    }

    /// The customer whose dossier has this number.
    pub async fn customer_of_dossier(&self, number: &str) -> Result<Option<CustomerKey>> {
        let row = sqlx::query(
            "SELECT c.uid, c.id, c.code, c.name, c.status FROM dossiers d JOIN customers c ON c.uid = d.customer_uid \
             WHERE d.number_folded = $1",
        )
        .bind(fold::code(number))
        .fetch_optional(&self.0.readers)
        .await?;
        row.as_ref().map(customer_key).transpose()
    }

    /// Customers whose current parties carry this identifier.
    pub async fn customers_by_identifier(&self, kind: IdentifierKind, value: &str) -> Result<Vec<CustomerKey>> {
        let rows = sqlx::query(
            "SELECT DISTINCT c.uid, c.id, c.code, c.name, c.status FROM party_identifiers i \
             JOIN party_roles r ON r.party_uid = i.party_uid AND r.ends_on = '' JOIN customers c ON c.uid = r.customer_uid \
             WHERE i.value_folded = $1 AND i.kind = $2 ORDER BY c.uid LIMIT 20",
        )
        .bind(folded(kind, value))
        .bind(kind.as_str())
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(customer_key).collect()
    }

    /// The folded names of these customers, in no order.
    pub async fn customer_names(&self, uids: &[i64]) -> Result<Vec<String>> {
        let mut names = Vec::with_capacity(uids.len());
        for chunk in uids.chunks(LISTED_AT_ONCE) {
            let statement = format!(
                "SELECT name_folded FROM customers WHERE uid IN ({})",
                marks(1, chunk.len())
            );
            let query = chunk
                .iter()
                .fold(sqlx::query(composed(statement)), |query, uid| query.bind(*uid));
            for row in query.fetch_all(&self.0.readers).await? {
                names.push(row.of("customers").text("name_folded")?);
            }
        }
        Ok(names)
    }

    /// Uids and folded names of customers after `after`, in order.
    pub async fn customer_names_after(&self, after: i64, limit: usize) -> Result<Vec<(i64, String)>> {
        let rows = sqlx::query("SELECT uid, name_folded FROM customers WHERE uid > $1 ORDER BY uid LIMIT $2")
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        let named = |row: &sqlx::any::AnyRow| {
            let row = row.of("customers");
            Ok((row.int("uid")?, row.text("name_folded")?))
        };
        rows.iter().map(named).collect()
    }

    /// Customers of exactly this name.
    pub async fn customers_named(&self, name: &str) -> Result<Vec<CustomerKey>> {
        let rows = sqlx::query(
            "SELECT uid, id, code, name, status FROM customers WHERE name_folded = $1 ORDER BY uid LIMIT 20",
        )
        .bind(fold::name(name))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(customer_key).collect()
    }

    /// Everything the dossier index keeps of a customer.
    pub async fn customers_for_index(&self, uids: &[i64]) -> Result<Vec<Customer>> {
        load_several(&self.0, uids).await
    }

    /// Uids of customers after `after`, in order, for a rebuild.
    pub async fn customer_uids_after(&self, after: i64, limit: usize) -> Result<Vec<i64>> {
        let rows = sqlx::query("SELECT uid FROM customers WHERE uid > $1 ORDER BY uid LIMIT $2")
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter().map(|row| row.of("customers").int("uid")).collect()
    }
}
