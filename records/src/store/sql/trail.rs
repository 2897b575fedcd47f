//! Writing the audit trail: leaves and the head of the tree. Nobody else writes `audit_events` and `audit_head`.

use super::{
    columns::Columns,
    schema::{Dialect, composed},
};
use crate::{
    Environment, Moment, Result,
    store::audit_event::{AuditEvent, EventDraft, Peaks},
};
use sqlx::{Any, Transaction};

pub(crate) async fn seed(transaction: &mut Transaction<'static, Any>) -> Result<()> {
    let empty = Peaks::default();
    sqlx::query("INSERT INTO audit_head (one, size, root, peaks) VALUES (1, 0, $1, $2)")
        .bind(empty.root().to_vec())
        .bind(empty.to_bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Appends events to the trail and moves the head. The head row is locked here, as the last thing before the commit.
pub(crate) async fn append(
    transaction: &mut Transaction<'static, Any>,
    dialect: Dialect,
    environment: &Environment,
    at: Moment,
    actor: &str,
    events: &[EventDraft],
) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut peaks = read_head(transaction, dialect).await?;
    for draft in events {
        insert(transaction, environment, &mut peaks, at, actor, draft).await?;
    }
    write_head(transaction, &peaks).await
}

pub(crate) async fn read_head(transaction: &mut Transaction<'static, Any>, dialect: Dialect) -> Result<Peaks> {
    let statement = format!(
        "SELECT size, peaks FROM audit_head WHERE one = 1{}",
        dialect.for_update()
    );
    let row = sqlx::query(composed(statement)).fetch_one(&mut **transaction).await?;
    let row = row.of("audit_head");
    let size = row.number::<u64>("size")?;
    Peaks::from_bytes(size, &row.bytes("peaks")?)
        .ok_or_else(|| row.wrong("peaks", format!("the peaks do not fit a tree of {size} events")))
}

pub(crate) async fn write_head(transaction: &mut Transaction<'static, Any>, peaks: &Peaks) -> Result<()> {
    sqlx::query("UPDATE audit_head SET size = $1, root = $2, peaks = $3 WHERE one = 1")
        .bind(i64::try_from(peaks.size).unwrap_or(i64::MAX))
        .bind(peaks.root().to_vec())
        .bind(peaks.to_bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub(crate) async fn insert(
    transaction: &mut Transaction<'static, Any>,
    environment: &Environment,
    peaks: &mut Peaks,
    at: Moment,
    actor: &str,
    draft: &EventDraft,
) -> Result<()> {
    let event = AuditEvent {
        sequence: i64::try_from(peaks.size).unwrap_or(i64::MAX) + 1,
        at,
        actor: actor.to_owned(),
        action: draft.action.as_str().to_owned(),
        object_kind: draft.object_kind.as_str().to_owned(),
        object_id: draft.object_id.clone(),
        outcome: draft.outcome.as_str().to_owned(),
        detail: crate::fold::storable(&draft.detail),
    };
    let salt = environment.salt();
    let leaf = event.leaf(&salt);
    peaks.append(leaf);
    sqlx::query(
        "INSERT INTO audit_events (sequence, at, actor, action, object_kind, object_id, outcome, detail, salt, leaf) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(event.sequence)
    .bind(event.at.micros())
    .bind(event.actor)
    .bind(event.action)
    .bind(event.object_kind)
    .bind(event.object_id)
    .bind(event.outcome)
    .bind(event.detail)
    .bind(salt.to_vec())
    .bind(leaf.to_vec())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
