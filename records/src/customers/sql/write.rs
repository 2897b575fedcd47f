//! Writing customers with their dossier header, account numbers and holder.

use crate::{
    Archive, Asker, Error, Result, Role,
    audit::EventDraft,
    changes::Subject,
    customers::CustomerDraft,
    fold,
    ids::{CustomerId, DossierId},
    parties::{self, IdentifierKind, sql::HolderDraft},
    store::sql::{Change, Columns},
    tables::LineProblem,
};
use sqlx::any::AnyRow;

impl Archive {
    /// Registers a customer and opens its dossier; refuses a code that is taken, naming whose it is.
    pub async fn customer_add(&self, asker: &Asker, draft: &CustomerDraft) -> Result<CustomerId> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        if let Some(found) = by_code(&mut change, draft.code.folded()).await? {
            return Err(Error::Exists {
                what: "customer",
                id: format!("{} {}", draft.code.as_str(), found.text("name")?),
            });
        }
        if let Some(problem) = taken_alias(&mut change, 0, draft).await? {
            return Err(Error::invalid("account number", problem.value, problem.reason));
        }
        let uid = match write(&mut change, draft).await? {
            Written::Added(uid) | Written::Changed(uid) | Written::Unchanged(uid) => uid,
        };
        let row = sqlx::query("SELECT id FROM customers WHERE uid = $1")
            .bind(uid)
            .fetch_one(change.connection())
            .await?;
        let id = CustomerId::parse(&row.text("id")?)?;
        change.event(EventDraft::new("customer.added", "customer", id.as_str()));
        change.commit().await?;
        Ok(id)
    }
}

pub(super) fn problem(line: u64, column: &str, value: &str, reason: impl Into<String>) -> LineProblem {
    LineProblem {
        line,
        column: column.to_owned(),
        value: value.to_owned(),
        reason: reason.into(),
    }
}
/// An account number belongs to one customer.
pub(super) async fn taken_alias(change: &mut Change, line: u64, draft: &CustomerDraft) -> Result<Option<LineProblem>> {
    for number in &draft.account_numbers {
        let row = sqlx::query(
            "SELECT c.code, c.code_folded FROM customer_aliases a JOIN customers c ON c.uid = a.customer_uid \
             WHERE a.kind = 'account_no' AND a.value_folded = $1",
        )
        .bind(fold::code(number))
        .fetch_optional(change.connection())
        .await?;
        if let Some(row) = row
            && row.text("code_folded")? != draft.code.folded()
        {
            let reason = format!("the account number belongs to the customer {}", row.text("code")?);
            return Ok(Some(problem(line, "account_no", number, reason)));
        }
    }
    Ok(None)
}

pub(super) enum Written {
    Added(i64),
    Changed(i64),
    Unchanged(i64),
}

async fn by_code(change: &mut Change, code_folded: &str) -> Result<Option<AnyRow>> {
    Ok(sqlx::query("SELECT * FROM customers WHERE code_folded = $1")
        .bind(code_folded)
        .fetch_optional(change.connection())
        .await?)
}

pub(super) async fn write(change: &mut Change, draft: &CustomerDraft) -> Result<Written> {
    let attributes = attributes_json(&draft.attributes);
    let at = change.at.micros();
    let (uid, added, mut written) = match by_code(change, draft.code.folded()).await? {
        None => {
            let id = CustomerId::new(&change.environment);
            let row = sqlx::query(
                "INSERT INTO customers (id, code, code_folded, name, name_folded, kind, status, grade, region, address, \
                 attributes, created_at, changed_at, version) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 1) RETURNING uid",
            )
            .bind(id.as_str())
            .bind(draft.code.as_str())
            .bind(draft.code.folded())
            .bind(&draft.name)
            .bind(fold::name(&draft.name))
            .bind(draft.kind.as_str())
            .bind(draft.status.as_str())
            .bind(&draft.grade)
            .bind(&draft.region)
            .bind(&draft.address)
            .bind(&attributes)
            .bind(at)
            .fetch_one(change.connection())
            .await?;
            let uid = row.int("uid")?;
            let dossier = DossierId::new(&change.environment);
            sqlx::query("INSERT INTO dossiers (id, customer_uid, opened_at, security_level, sealed, version) VALUES ($1, $2, $3, 0, 0, 1)")
                .bind(dossier.as_str())
                .bind(uid)
                .bind(at)
                .execute(change.connection())
                .await?;
            (uid, true, true)
        }
        Some(row) => {
            let uid = row.int("uid")?;
            let same = row.text("name")? == draft.name
                && row.text("kind")? == draft.kind.as_str()
                && row.text("status")? == draft.status.as_str()
                && row.text("grade")? == draft.grade
                && row.text("region")? == draft.region
                && row.text("address")? == draft.address
                && row.text("attributes")? == attributes;
            if !same {
                sqlx::query(
                    "UPDATE customers SET name = $1, name_folded = $2, kind = $3, status = $4, grade = $5, region = $6, \
                     address = $7, attributes = $8, changed_at = $9, version = version + 1 WHERE uid = $10",
                )
                .bind(&draft.name)
                .bind(fold::name(&draft.name))
                .bind(draft.kind.as_str())
                .bind(draft.status.as_str())
                .bind(&draft.grade)
                .bind(&draft.region)
                .bind(&draft.address)
                .bind(&attributes)
                .bind(at)
                .bind(uid)
                .execute(change.connection())
                .await?;
            }
            (uid, false, !same)
        }
    };
    written |= write_aliases(change, uid, &draft.account_numbers).await?;
    let mut identifiers = Vec::new();
    for (kind, value) in [
        (IdentifierKind::CreditCode, &draft.credit_code),
        (IdentifierKind::IdNumber, &draft.id_number),
    ] {
        if !value.is_empty() {
            identifiers.push((kind, value.clone()));
        }
    }
    identifiers.extend(draft.phones.iter().map(|phone| (IdentifierKind::Phone, phone.clone())));
    let holder = HolderDraft {
        kind: draft.kind.party(),
        name: &draft.name,
        identifiers,
    };
    written |= parties::sql::set_holder(change, uid, &holder).await?;
    if written {
        change.touch(Subject::Customer, uid);
    }
    Ok(match (added, written) {
        (true, _) => Written::Added(uid),
        (false, true) => Written::Changed(uid),
        (false, false) => Written::Unchanged(uid),
    })
}

async fn write_aliases(change: &mut Change, uid: i64, numbers: &[String]) -> Result<bool> {
    let mut written = false;
    for number in numbers {
        let outcome = sqlx::query(
            "INSERT INTO customer_aliases (customer_uid, kind, value, value_folded) VALUES ($1, 'account_no', $2, $3) \
             ON CONFLICT (kind, value_folded) DO NOTHING",
        )
        .bind(uid)
        .bind(number)
        .bind(fold::code(number))
        .execute(change.connection())
        .await?;
        written |= outcome.rows_affected() > 0;
    }
    Ok(written)
}

fn attributes_json(attributes: &[(String, String)]) -> String {
    serde_json::Value::from_iter(attributes.iter().cloned()).to_string()
}
