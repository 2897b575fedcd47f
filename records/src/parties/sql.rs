//! Parties, their identifiers and their dated roles.

use super::{IdentifierKind, PartyKind};
use crate::{
    Result, fold,
    store::sql::{Change, Columns},
};

/// What a table or a form states of the holder of a customer.
pub(crate) struct HolderDraft<'a> {
    pub kind: PartyKind,
    pub name: &'a str,
    /// (kind, value), already checked.
    pub identifiers: Vec<(IdentifierKind, String)>,
}

/// Makes the stated party the holder of the customer. The same party is one with a strong identifier (credit code,
/// ID number) in common and the same name; a name alone never makes two people one.
///
/// Returns whether anything was written.
pub(crate) async fn set_holder(change: &mut Change, customer_uid: i64, draft: &HolderDraft<'_>) -> Result<bool> {
    let today = today(change).await?;
    let current = sqlx::query(
        "SELECT p.uid, p.name_folded, r.uid AS role_uid FROM party_roles r JOIN parties p ON p.uid = r.party_uid \
         WHERE r.customer_uid = $1 AND r.role = 'holder' AND r.ends_on = '' ORDER BY r.uid LIMIT 1",
    )
    .bind(customer_uid)
    .fetch_optional(change.connection())
    .await?;
    let name_folded = fold::name(draft.name);
    if let Some(row) = &current
        && row.text("name_folded")? == name_folded
    {
        return write_identifiers(change, row.int("uid")?, draft).await;
    }
    let party = match find_same(change, &name_folded, draft).await? {
        Some(uid) => uid,
        None => add(change, draft, &name_folded).await?,
    };
    if let Some(row) = &current {
        // A change of holder (过户): the dossier, its number and its shelf stay where they are.
        sqlx::query("UPDATE party_roles SET ends_on = $1 WHERE uid = $2")
            .bind(&today)
            .bind(row.int("role_uid")?)
            .execute(change.connection())
            .await?;
    }
    let begins_on = if current.is_some() { today.as_str() } else { "" };
    sqlx::query(
        "INSERT INTO party_roles (party_uid, customer_uid, role, begins_on, ends_on) VALUES ($1, $2, 'holder', $3, '')",
    )
    .bind(party)
    .bind(customer_uid)
    .bind(begins_on)
    .execute(change.connection())
    .await?;
    write_identifiers(change, party, draft).await?;
    Ok(true)
}

async fn today(change: &mut Change) -> Result<String> {
    let zone = crate::settings::sql::in_change(change, "time_zone").await?;
    Ok(change.at.local_date(&zone).as_str().to_owned())
}

async fn find_same(change: &mut Change, name_folded: &str, draft: &HolderDraft<'_>) -> Result<Option<i64>> {
    for (kind, value) in &draft.identifiers {
        if !kind.is_strong() {
            continue;
        }
        let row = sqlx::query(
            "SELECT p.uid FROM party_identifiers i JOIN parties p ON p.uid = i.party_uid \
             WHERE i.value_folded = $1 AND i.kind = $2 AND p.name_folded = $3 ORDER BY p.uid LIMIT 1",
        )
        .bind(fold::code(value))
        .bind(kind.as_str())
        .bind(name_folded)
        .fetch_optional(change.connection())
        .await?;
        if let Some(row) = row {
            return Ok(Some(row.int("uid")?));
        }
    }
    Ok(None)
}

async fn add(change: &mut Change, draft: &HolderDraft<'_>, name_folded: &str) -> Result<i64> {
    let id = crate::ids::PartyId::new(&change.environment);
    let at = change.at.micros();
    let row = sqlx::query(
        "INSERT INTO parties (id, kind, name, name_folded, created_at, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING uid",
    )
    .bind(id.as_str())
    .bind(draft.kind.as_str())
    .bind(draft.name)
    .bind(name_folded)
    .bind(at)
    .fetch_one(change.connection())
    .await?;
    row.int("uid")
}

/// Adds what is new and takes away strong identifiers and phones that the table no longer states.
async fn write_identifiers(change: &mut Change, party: i64, draft: &HolderDraft<'_>) -> Result<bool> {
    let rows = sqlx::query("SELECT uid, kind, value_folded FROM party_identifiers WHERE party_uid = $1")
        .bind(party)
        .fetch_all(change.connection())
        .await?;
    let mut known = Vec::new();
    for row in &rows {
        known.push((row.int("uid")?, row.text("kind")?, row.text("value_folded")?));
    }
    let mut written = false;
    for (kind, value) in &draft.identifiers {
        let folded = fold::code(value);
        if let Some(at) = known.iter().position(|(_, k, v)| *k == kind.as_str() && *v == folded) {
            known.swap_remove(at);
            continue;
        }
        sqlx::query(
            "INSERT INTO party_identifiers (party_uid, kind, value, value_folded, valid) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (party_uid, kind, value_folded) DO NOTHING",
        )
        .bind(party)
        .bind(kind.as_str())
        .bind(value)
        .bind(&folded)
        .bind(i64::from(super::is_valid(*kind, &folded)))
        .execute(change.connection())
        .await?;
        written = true;
    }
    let roles: i64 = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS roles FROM party_roles WHERE party_uid = $1")
        .bind(party)
        .fetch_one(change.connection())
        .await?
        .int("roles")?;
    // A kind that the table does not state at all is left alone; so is a party of several customers, whose other
    // lines may state the rest.
    for (uid, kind, _) in known {
        if roles <= 1 && draft.identifiers.iter().any(|(stated, _)| stated.as_str() == kind) {
            sqlx::query("DELETE FROM party_identifiers WHERE uid = $1")
                .bind(uid)
                .execute(change.connection())
                .await?;
            written = true;
        }
    }
    Ok(written)
}
