//! Dossiers in the database: opening, numbering, protecting them.

use super::{NumberPattern, recorded::DOSSIERS};
use crate::{
    Result,
    changes::ChangeSubject,
    fold,
    ids::DossierId,
    permission::{DossierProtection, SealTerms},
    settings,
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// Says against which checklist the dossier of a customer is held; answers the id of the dossier.
pub(crate) async fn hold_against(change: &mut Change, customer_uid: i64, checklist: &str) -> Result<String> {
    let row = sqlx::query("SELECT uid, id FROM dossiers WHERE customer_uid = $1")
        .bind(customer_uid)
        .fetch_one(change.connection())
        .await?;
    change
        .update(&DOSSIERS, row.of("dossiers").int("uid")?)
        .set("checklist", checklist)
        .run()
        .await?;
    row.of("dossiers").text("id")
}

/// Opens the dossier of a new customer.
pub(crate) async fn open(change: &mut Change, customer_uid: i64) -> Result<()> {
    let (id, at) = (DossierId::new(&change.environment), change.at);
    change
        .insert(&DOSSIERS)
        .set("id", id.as_str())
        .set("customer_uid", customer_uid)
        .set("opened_at", at)
        .set("security_level", 0)
        .set("sealed", false)
        .set("checklist", "")
        .set("version", 1)
        .run()
        .await?;
    Ok(())
}

/// Removes the dossier of a customer on which nothing hangs.
pub(crate) async fn remove(change: &mut Change, customer_uid: i64) -> Result<()> {
    change
        .delete_where(&DOSSIERS, &[("customer_uid", customer_uid.into())])
        .await?;
    Ok(())
}

/// Sets the level of a customer's dossier and its seal; answers its uid and id. A seal that was there keeps who sealed
/// and why.
pub(crate) async fn protect(
    change: &mut Change,
    customer_uid: i64,
    version: i64,
    protection: DossierProtection,
    seal: &SealTerms,
) -> Result<(i64, String)> {
    let row = sqlx::query("SELECT uid, id, sealed FROM dossiers WHERE customer_uid = $1")
        .bind(customer_uid)
        .fetch_one(change.connection())
        .await?;
    let row = row.of("dossiers");
    let (at, actor) = (change.at, change.actor.clone());
    let mut update = change
        .update(&DOSSIERS, row.int("uid")?)
        .expecting_version(version)
        .set("security_level", protection.security_level.number())
        .set("sealed", protection.sealed);
    if protection.sealed != row.flag("sealed")? {
        update = update
            .set("sealed_by", if protection.sealed { actor } else { String::new() })
            .set("sealed_reason", if protection.sealed { &seal.reason } else { "" })
            .set("sealed_until", if protection.sealed { seal.until.as_str() } else { "" })
            .set("sealed_at", protection.sealed.then_some(at));
    }
    update.run().await?;
    Ok((row.int("uid")?, row.text("id")?))
}

/// Issues the number of a dossier when it has none yet: acceptance of the first document.
pub(crate) async fn accept(change: &mut Change, dossier_uid: i64) -> Result<()> {
    let row = sqlx::query("SELECT id, customer_uid, number FROM dossiers WHERE uid = $1")
        .bind(dossier_uid)
        .fetch_one(change.connection())
        .await?;
    let row = row.of("dossiers");
    if row.maybe_text("number")?.is_some() {
        return Ok(());
    }
    let (id, customer_uid) = (row.text("id")?, row.int("customer_uid")?);
    let pattern = NumberPattern::parse(&settings::sql::in_change(change, "dossier_number_pattern").await?)?;
    let zone = settings::sql::in_change(change, "time_zone").await?;
    let year = change
        .at
        .local_date(&zone)
        .as_str()
        .get(..4)
        .unwrap_or("0000")
        .to_owned();
    loop {
        let number = pattern.number(&year, next_value(change, &pattern.series(&year)).await?);
        // A legacy number outside the pattern may already be the next one of the series.
        let taken = sqlx::query("SELECT uid FROM dossiers WHERE number_folded = $1")
            .bind(fold::code(&number))
            .fetch_optional(change.connection())
            .await?;
        if taken.is_some() {
            continue;
        }
        let at = change.at;
        change
            .update(&DOSSIERS, dossier_uid)
            .set("number", &number)
            .set("number_folded", fold::code(&number))
            .set("accepted_at", at)
            .run()
            .await?;
        change.touch(ChangeSubject::Customer, customer_uid);
        change.event(
            EventDraft::new(AuditAction::DossierAccepted, AuditObject::Dossier, id).detail(format!("number={number}")),
        );
        return Ok(());
    }
}

async fn next_value(change: &mut Change, series: &str) -> Result<i64> {
    sqlx::query("INSERT INTO number_series (series, next_value) VALUES ($1, 1) ON CONFLICT (series) DO NOTHING")
        .bind(series)
        .execute(change.connection())
        .await?;
    let statement = format!(
        "SELECT next_value FROM number_series WHERE series = $1{}",
        change.dialect.for_update()
    );
    let value = sqlx::query(composed(statement))
        .bind(series)
        .fetch_one(change.connection())
        .await?
        .of("number_series")
        .int("next_value")?;
    sqlx::query("UPDATE number_series SET next_value = $1 WHERE series = $2")
        .bind(value + 1)
        .bind(series)
        .execute(change.connection())
        .await?;
    Ok(value)
}
