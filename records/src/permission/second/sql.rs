//! Acts that take two people in the database.

use super::{KEPT_S, TwoPersonAct, WaitingAct, WantedAct};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role,
    store::{
        EventDraft, Store,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// Whether another person has asked for the same; what they asked is used up. To be called in the change of the act.
pub(crate) async fn is_agreed(change: &mut Change, asker: &Asker, act: &WantedAct<'_>) -> Result<bool> {
    if asker.user_uid == 0 {
        return Ok(true);
    }
    let row = sqlx::query(
        "SELECT s.by_name FROM second_acts s JOIN users u ON u.uid = s.by_uid \
         WHERE s.act = $1 AND s.object = $2 AND s.wanted = $3 AND s.by_uid <> $4 AND s.at > $5 AND u.locked = 0 \
         AND s.at >= (SELECT own.created_at FROM users own WHERE own.uid = $4) ORDER BY s.uid LIMIT 1",
    )
    .bind(act.act.as_str())
    .bind(act.object)
    .bind(&act.wanted)
    .bind(asker.user_uid)
    .bind(change.at.plus_seconds(-KEPT_S).micros())
    .fetch_optional(change.connection())
    .await?;
    let Some(row) = row else { return Ok(false) };
    let first = row.of("second_acts").text("by_name")?;
    sqlx::query("DELETE FROM second_acts WHERE act = $1 AND object = $2")
        .bind(act.act.as_str())
        .bind(act.object)
        .execute(change.connection())
        .await?;
    change.event(
        EventDraft::new(AuditAction::SecondAgreed, object_of(act.act), act.object)
            .detail(format!("act={} first={first}", act.act.as_str())),
    );
    Ok(true)
}

/// Keeps what somebody asks for, and answers what they are told. To be called when the change of the act was given up.
pub(crate) async fn ask(store: &Store, asker: &Asker, act: &WantedAct<'_>) -> Result<Error> {
    let mut change = store.change(asker.name()).await?;
    let at = change.at;
    sqlx::query("DELETE FROM second_acts WHERE at <= $1 OR (act = $2 AND object = $3 AND by_uid = $4)")
        .bind(at.plus_seconds(-KEPT_S).micros())
        .bind(act.act.as_str())
        .bind(act.object)
        .bind(asker.user_uid)
        .execute(change.connection())
        .await?;
    sqlx::query(
        "INSERT INTO second_acts (act, object, wanted, reason, by_uid, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(act.act.as_str())
    .bind(act.object)
    .bind(&act.wanted)
    .bind(act.reason)
    .bind(asker.user_uid)
    .bind(asker.name())
    .bind(at.micros())
    .execute(change.connection())
    .await?;
    change.event(
        EventDraft::new(AuditAction::SecondAsked, object_of(act.act), act.object).detail(format!(
            "act={} wanted={} reason={}",
            act.act.as_str(),
            act.wanted,
            act.reason
        )),
    );
    change.commit().await?;
    Ok(RefusedBecause::SecondMustAgree { days: KEPT_S / 86_400 }.into())
}

fn object_of(act: TwoPersonAct) -> AuditObject {
    match act {
        TwoPersonAct::UnsealDocument | TwoPersonAct::LowerDocument => AuditObject::Document,
        TwoPersonAct::UnsealDossier | TwoPersonAct::LowerDossier => AuditObject::Dossier,
        TwoPersonAct::Clearance | TwoPersonAct::Link => AuditObject::User,
    }
}

impl Archive {
    /// What waits for a second person, newest first. Administrators and auditors only.
    pub async fn acts_waiting(&self, asker: &Asker) -> Result<Vec<WaitingAct>> {
        if !asker.has(Role::Auditor) {
            asker.require(Role::Administrator)?;
        }
        let now = self.0.environment.now();
        let rows = sqlx::query(
            "SELECT act, object, wanted, reason, by_name, at FROM second_acts WHERE at > $1 ORDER BY uid DESC LIMIT 100",
        )
        .bind(now.plus_seconds(-KEPT_S).micros())
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let row = row.of("second_acts");
                let at = row.moment("at")?;
                Ok(WaitingAct {
                    act: row.word("act", TwoPersonAct::from_code)?,
                    object: row.text("object")?,
                    wanted: row.text("wanted")?,
                    reason: row.text("reason")?,
                    by: row.text("by_name")?,
                    at,
                    until: at.plus_seconds(KEPT_S),
                })
            })
            .collect()
    }
}
