//! Parties, their identifiers and their dated roles.

use super::{
    IdentifierKind, PartyKind, folded,
    recorded::{PARTIES, PARTY_IDENTIFIERS, PARTY_ROLES},
};
use crate::{
    Result, fold,
    store::sql::{Change, Columns},
};

/// What a table or a form states of the holder of a customer.
pub(crate) struct HolderDraft<'a> {
    pub kind: PartyKind,
    pub name: &'a str,
    /// (kind, value), already checked: all that the holder has of credit codes, ID numbers and phones.
    pub identifiers: Vec<(IdentifierKind, String)>,
}

/// The kinds of number that a draft states in full; others are left alone.
const STATED: [IdentifierKind; 3] = [
    IdentifierKind::CreditCode,
    IdentifierKind::IdNumber,
    IdentifierKind::Phone,
];

/// Gives a customer its first holder. The same party is one with a strong identifier (credit code, ID number) in common
/// and the same name; a name alone never makes two people one.
pub(crate) async fn begin(change: &mut Change, customer_uid: i64, draft: &HolderDraft<'_>) -> Result<()> {
    hold(change, customer_uid, draft, "").await
}

/// Ends the role of the present holder and begins that of another (过户): the dossier, its number and its shelf stay.
pub(crate) async fn hand_over(
    change: &mut Change,
    customer_uid: i64,
    role_uid: i64,
    draft: &HolderDraft<'_>,
) -> Result<()> {
    let today = today(change).await?;
    change
        .update(&PARTY_ROLES, role_uid)
        .set("ends_on", today.as_str())
        .run()
        .await?;
    hold(change, customer_uid, draft, &today).await
}

async fn hold(change: &mut Change, customer_uid: i64, draft: &HolderDraft<'_>, begins_on: &str) -> Result<()> {
    let party = match find_same(change, draft).await? {
        Some(uid) => {
            // What else is known of the party stays; other customers may have stated it.
            add_identifiers(change, uid, draft).await?;
            uid
        }
        None => add(change, draft).await?,
    };
    change
        .insert(&PARTY_ROLES)
        .set("party_uid", party)
        .set("customer_uid", customer_uid)
        .set("role", "holder")
        .set("begins_on", begins_on)
        .set("ends_on", "")
        .run()
        .await?;
    Ok(())
}

/// Changes name and numbers of a party to these.
pub(crate) async fn describe(change: &mut Change, party_uid: i64, draft: &HolderDraft<'_>) -> Result<()> {
    change
        .update(&PARTIES, party_uid)
        .set("kind", draft.kind.as_str())
        .set("name", draft.name)
        .set("name_folded", fold::name(draft.name))
        .run()
        .await?;
    let rows = sqlx::query("SELECT uid, kind, value_folded FROM party_identifiers WHERE party_uid = $1")
        .bind(party_uid)
        .fetch_all(change.connection())
        .await?;
    for row in &rows {
        let row = row.of("party_identifiers");
        let (kind, value) = (row.text("kind")?, row.text("value_folded")?);
        let is_stated = STATED.iter().any(|stated| stated.as_str() == kind);
        let mut wanted = draft.identifiers.iter();
        if is_stated && !wanted.any(|(of, number)| of.as_str() == kind && folded(*of, number) == value) {
            change.delete(&PARTY_IDENTIFIERS, row.int("uid")?).await?;
        }
    }
    add_identifiers(change, party_uid, draft).await
}

/// Puts the former holder of this name back, as if the present one had never begun. Returns whether there was one.
pub(crate) async fn reopen_former(change: &mut Change, customer_uid: i64, role_uid: i64, name: &str) -> Result<bool> {
    let former = sqlx::query(
        "SELECT r.uid FROM party_roles r JOIN parties p ON p.uid = r.party_uid \
         WHERE r.customer_uid = $1 AND r.role = 'holder' AND r.ends_on <> '' AND p.name_folded = $2 ORDER BY r.uid DESC LIMIT 1",
    )
    .bind(customer_uid)
    .bind(fold::name(name))
    .fetch_optional(change.connection())
    .await?;
    let Some(former) = former else {
        return Ok(false);
    };
    let former = former.of("party_roles").int("uid")?;
    end_role(change, role_uid).await?;
    change.update(&PARTY_ROLES, former).set("ends_on", "").run().await?;
    Ok(true)
}

/// Takes away every role towards a customer that goes away, and the parties that have no other.
pub(crate) async fn end_all(change: &mut Change, customer_uid: i64) -> Result<()> {
    let rows = sqlx::query("SELECT uid FROM party_roles WHERE customer_uid = $1")
        .bind(customer_uid)
        .fetch_all(change.connection())
        .await?;
    for row in &rows {
        end_role(change, row.of("party_roles").int("uid")?).await?;
    }
    Ok(())
}

async fn end_role(change: &mut Change, role_uid: i64) -> Result<()> {
    let row = sqlx::query(
        "SELECT party_uid, (SELECT CAST(count(*) AS BIGINT) FROM party_roles x WHERE x.party_uid = r.party_uid) AS roles \
         FROM party_roles r WHERE uid = $1",
    )
    .bind(role_uid)
    .fetch_one(change.connection())
    .await?;
    let party = row.of("party_roles").int("party_uid")?;
    change.delete(&PARTY_ROLES, role_uid).await?;
    if row.of("party_roles").int("roles")? <= 1 {
        change
            .delete_where(&PARTY_IDENTIFIERS, &[("party_uid", party.into())])
            .await?;
        change.delete(&PARTIES, party).await?;
    }
    Ok(())
}

async fn today(change: &mut Change) -> Result<String> {
    let zone = crate::settings::sql::in_change(change, "time_zone").await?;
    Ok(change.at.local_date(&zone).as_str().to_owned())
}

async fn find_same(change: &mut Change, draft: &HolderDraft<'_>) -> Result<Option<i64>> {
    let strong = draft.identifiers.iter().filter(|(kind, _)| kind.is_strong());
    for (kind, value) in strong {
        let row = sqlx::query(
            "SELECT p.uid FROM party_identifiers i JOIN parties p ON p.uid = i.party_uid \
             WHERE i.value_folded = $1 AND i.kind = $2 AND p.name_folded = $3 ORDER BY p.uid LIMIT 1",
        )
        .bind(folded(*kind, value))
        .bind(kind.as_str())
        .bind(fold::name(draft.name))
        .fetch_optional(change.connection())
        .await?;
        if let Some(row) = row {
            return Ok(Some(row.of("party_identifiers").int("uid")?));
        }
    }
    Ok(None)
}

async fn add(change: &mut Change, draft: &HolderDraft<'_>) -> Result<i64> {
    let id = crate::ids::PartyId::new(&change.environment);
    let at = change.at.micros();
    let uid = change
        .insert(&PARTIES)
        .set("id", id.as_str())
        .set("kind", draft.kind.as_str())
        .set("name", draft.name)
        .set("name_folded", fold::name(draft.name))
        .set("created_at", at)
        .set("version", 1)
        .run()
        .await?;
    let mut known = Vec::new();
    insert_identifiers(change, uid, draft, &mut known).await?;
    Ok(uid)
}

async fn add_identifiers(change: &mut Change, party_uid: i64, draft: &HolderDraft<'_>) -> Result<()> {
    if draft.identifiers.is_empty() {
        return Ok(());
    }
    let rows = sqlx::query("SELECT kind, value_folded FROM party_identifiers WHERE party_uid = $1")
        .bind(party_uid)
        .fetch_all(change.connection())
        .await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in &rows {
        known.push((
            row.of("party_identifiers").text("kind")?,
            row.of("party_identifiers").text("value_folded")?,
        ));
    }
    insert_identifiers(change, party_uid, draft, &mut known).await
}

async fn insert_identifiers(
    change: &mut Change,
    party_uid: i64,
    draft: &HolderDraft<'_>,
    known: &mut Vec<(String, String)>,
) -> Result<()> {
    for (kind, value) in &draft.identifiers {
        let own = (kind.as_str().to_owned(), folded(*kind, value));
        if known.contains(&own) {
            continue;
        }
        change
            .insert(&PARTY_IDENTIFIERS)
            .set("party_uid", party_uid)
            .set("kind", kind.as_str())
            .set("value", value)
            .set("value_folded", &own.1)
            .set("valid", super::is_valid(*kind, &own.1))
            .run()
            .await?;
        known.push(own);
    }
    Ok(())
}
