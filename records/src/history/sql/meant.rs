//! Which records and which person a search of the history means.

use super::sight::reads_ledger;
use crate::history::OBJECT_KINDS;
use crate::{
    Archive, Asker, Error, Result, Role, Thing, fold,
    permission::sql::Visible,
    store::{Store, sql::Columns},
};
use sqlx::any::AnyRow;
use std::collections::HashSet;
use vocabulary::codes::{dashless, scanned};

/// A record that the filter means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    pub kind: String,
    pub uid: i64,
    pub id: String,
}

/// Who is meant by a sign-in name or a display name.
pub(crate) async fn person(store: &Store, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let row = sqlx::query(
        "SELECT name, CASE WHEN name = $1 THEN 0 ELSE 1 END AS tier FROM users \
         WHERE name_folded = $2 OR display_name = $1 ORDER BY tier, uid LIMIT 1",
    )
    .bind(text)
    .bind(fold::name(text))
    .fetch_optional(&store.readers)
    .await?;
    row.map_or_else(|| Ok(text.to_owned()), |row| row.of("users").text("name"))
}

/// Records by id, code and number, as they are written.
const BY_CODE: &str = "SELECT kind, uid, id FROM (\
     SELECT 0 AS tier, 'document' AS kind, uid, id FROM documents WHERE id = $1 \
     UNION ALL SELECT 1, 'customer', uid, id FROM customers WHERE id = $1 OR code_folded = $2 \
     UNION ALL SELECT 2, 'customer', c.uid, c.id FROM dossiers o JOIN customers c ON c.uid = o.customer_uid \
       WHERE o.id = $1 OR o.number_folded = $2 \
     UNION ALL SELECT 3, 'customer', c.uid, c.id FROM customer_aliases a JOIN customers c ON c.uid = a.customer_uid \
       WHERE a.value_folded = $2 \
     UNION ALL SELECT 4, 'location', uid, id FROM locations WHERE id = $1 OR code_folded = $2 OR code_dashless = $5 \
     UNION ALL SELECT 5, 'container', uid, id FROM containers WHERE id = $1 OR serial_folded = $2 \
     UNION ALL SELECT 6, 'kind', 0, code FROM document_kinds WHERE code = $1 \
     UNION ALL SELECT 7, 'setting', 0, name FROM settings WHERE name = $1 \
     UNION ALL SELECT 8, 'user', uid, id FROM users WHERE id = $1 OR name_folded = $3 \
     UNION ALL SELECT 9, 'checklist', 0, code FROM checklists WHERE code = $1 \
     UNION ALL SELECT 10, 'party', uid, id FROM parties WHERE id = $1 \
     UNION ALL SELECT 11, 'volume', uid, id FROM volumes WHERE id = $1 \
     UNION ALL SELECT 12, 'document', uid, id FROM documents WHERE number_folded = $2 AND $2 <> ''\
     ) AS found WHERE $4 = '' OR kind = $4 ORDER BY tier, uid LIMIT 20";

/// Records by code and number without dashes, and by name.
const BY_NAME: &str = "SELECT kind, uid, id FROM (\
     SELECT 0 AS tier, 'customer' AS kind, uid, id FROM customers WHERE replace(code_folded, '-', '') = $1 \
     UNION ALL SELECT 1, 'customer', c.uid, c.id FROM dossiers o JOIN customers c ON c.uid = o.customer_uid \
       WHERE replace(o.number_folded, '-', '') = $1 \
     UNION ALL SELECT 2, 'customer', c.uid, c.id FROM customer_aliases a JOIN customers c ON c.uid = a.customer_uid \
       WHERE replace(a.value_folded, '-', '') = $1 \
     UNION ALL SELECT 3, 'container', uid, id FROM containers WHERE replace(serial_folded, '-', '') = $1 \
     UNION ALL SELECT 4, 'document', uid, id FROM documents WHERE replace(number_folded, '-', '') = $1 \
     UNION ALL SELECT 5, 'user', uid, id FROM users WHERE display_name = $5 AND $5 <> '' \
     UNION ALL SELECT 6, 'customer', uid, id FROM customers WHERE name_folded = $2 \
     UNION ALL SELECT 7, 'location', uid, id FROM locations WHERE name = $3 \
     UNION ALL SELECT 8, 'customer', c.uid, c.id FROM parties p JOIN party_roles r ON r.party_uid = p.uid AND r.ends_on = '' \
       JOIN customers c ON c.uid = r.customer_uid WHERE p.name_folded = $2\
     ) AS found WHERE ($4 = '' OR kind = $4) AND $1 <> '' AND $2 <> '' ORDER BY tier, uid LIMIT 20";

/// The records with this id, code, number or name, of the first kind that has any. A customer brings its parties.
pub(super) async fn meant(store: &Store, asker: &Asker, object: &str) -> Result<Vec<Meant>> {
    let object = object.trim();
    let (wanted, called) = match object.split_once(':') {
        Some((kind, rest)) if OBJECT_KINDS.contains(&kind) => (kind, rest.trim()),
        _ => ("", object),
    };
    let absent = || Error::Absent {
        what: Thing::Record,
        id: object.to_owned(),
    };
    let (as_written, bare) = (fold::code(&scanned(called)), dashless(&fold::code(&scanned(called))));
    // Accounts are named by those who may see them.
    let account = if names_accounts(asker) { called } else { "" };
    let mut rows = sqlx::query(BY_CODE)
        .bind(called.to_lowercase())
        .bind(as_written)
        .bind(fold::name(called))
        .bind(wanted)
        .bind(&bare)
        .fetch_all(&store.readers)
        .await?;
    if rows.is_empty() {
        rows = sqlx::query(BY_NAME)
            .bind(bare)
            .bind(fold::name(called))
            .bind(called)
            .bind(wanted)
            .bind(account)
            .fetch_all(&store.readers)
            .await?;
    }
    let mut found: Vec<Meant> = Vec::with_capacity(rows.len());
    for row in &rows {
        let row = row.of("history");
        let object = Meant {
            kind: row.text("kind")?,
            uid: row.int("uid")?,
            id: row.text("id")?,
        };
        if found.first().is_none_or(|first| first.kind == object.kind) && !found.contains(&object) {
            found.push(object);
        }
    }
    within_sight(store, asker, found).await?.ok_or_else(absent)
}

/// The same as kind, number of its row and id.
pub(crate) async fn records_meant(store: &Store, asker: &Asker, object: &str) -> Result<Vec<(String, i64, String)>> {
    let found = meant(store, asker, object).await?;
    Ok(found
        .into_iter()
        .map(|Meant { kind, uid, id }| (kind, uid, id))
        .collect())
}

impl Archive {
    /// Whether an id, code, number or name means a record of the history.
    pub async fn is_record(&self, asker: &Asker, called: &str) -> Result<bool> {
        match meant(&self.0, asker, called).await {
            Ok(_) | Err(Error::Forbidden { .. }) => Ok(true),
            Err(Error::Absent { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

/// Those of the records that the asker may see; `None` when there are none. With a customer come its parties.
async fn within_sight(store: &Store, asker: &Asker, mut found: Vec<Meant>) -> Result<Option<Vec<Meant>>> {
    let Some(first) = found.first() else {
        return Ok(None);
    };
    match first.kind.as_str() {
        "document" => {
            let visible = visible_documents(store, asker, &found).await?;
            found.retain(|object| visible.contains(&object.uid));
        }
        "customer" => {
            let customers: Vec<i64> = found.iter().map(|customer| customer.uid).collect();
            for customer in customers {
                found.extend(parties_of(store, customer).await?);
            }
        }
        "user" if !names_accounts(asker) => {
            return Err(Error::Forbidden {
                needed: Role::Administrator.as_str(),
            });
        }
        _ => {}
    }
    Ok((!found.is_empty()).then_some(found))
}

fn names_accounts(asker: &Asker) -> bool {
    asker.has(Role::Administrator) || asker.has(Role::Auditor)
}

async fn visible_documents(store: &Store, asker: &Asker, found: &[Meant]) -> Result<HashSet<i64>> {
    let uids: Vec<i64> = found.iter().map(|object| object.uid).collect();
    let mut documents = Visible::documents(asker, store.environment.now()).and_one_of("d.uid", &uids);
    if reads_ledger(asker) {
        documents = documents.withdrawn_too();
    }
    let rows = documents.all(&store.readers).await?;
    rows.iter().map(|row| row.of("documents").int("uid")).collect()
}

async fn parties_of(store: &Store, customer: i64) -> Result<Vec<Meant>> {
    let rows = sqlx::query(
        "SELECT DISTINCT p.uid, p.id FROM party_roles r JOIN parties p ON p.uid = r.party_uid \
         WHERE r.customer_uid = $1 ORDER BY p.uid LIMIT 100",
    )
    .bind(customer)
    .fetch_all(&store.readers)
    .await?;
    let party = |row: &AnyRow| {
        Ok(Meant {
            kind: "party".to_owned(),
            uid: row.of("party_roles").int("uid")?,
            id: row.of("party_roles").text("id")?,
        })
    };
    rows.iter().map(party).collect()
}
