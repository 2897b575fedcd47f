//! Acts that take two people in the database.

use super::{KEPT_S, TwoPersonAct, WaitingAct, WantedAct, WantedState};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, SecurityLevel, Thing,
    ids::SecondActId,
    permission::{DossierProtection, checked_reason, sql::Visible},
    store::{
        EventDraft, Store,
        sql::{Change, Columns, RowOf},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject};

/// Stands for what is not said where two asks are compared.
const UNSAID: i64 = -1;

/// What waits, with what people call the thing that it is about.
macro_rules! act_rows {
    () => {
        "SELECT s.id, s.act, s.level, s.sealed, s.reason, s.by_uid, s.by_name, s.at, coalesce(c.code, u.name, s.object) AS shown \
         FROM second_acts s LEFT JOIN users u ON u.id = s.object LEFT JOIN dossiers o ON o.id = s.object \
         LEFT JOIN customers c ON c.uid = o.customer_uid"
    };
}

/// Whether another person has asked for the same; what they asked is used up. To be called in the change of the act.
pub(crate) async fn is_agreed(change: &mut Change, asker: &Asker, act: &WantedAct<'_>) -> Result<bool> {
    if asker.user_uid == 0 {
        forget(change, act.act, act.object).await?;
        return Ok(true);
    }
    let since = change.at.plus_seconds(-KEPT_S).micros();
    let row = sqlx::query(
        "SELECT s.by_name FROM second_acts s JOIN users u ON u.uid = s.by_uid \
         WHERE s.act = $1 AND s.object = $2 AND s.by_uid <> $3 AND s.at > $4 AND u.locked = 0 \
         AND coalesce(s.level, -1) = $5 AND coalesce(s.sealed, -1) = $6 \
         AND NOT EXISTS (SELECT 1 FROM sign_in_links l WHERE l.user_uid IN (s.by_uid, $3) AND l.by_uid <> 0 AND l.used_at > $4) \
         ORDER BY s.uid LIMIT 1",
    )
    .bind(act.act.as_str())
    .bind(act.object)
    .bind(asker.user_uid)
    .bind(since)
    .bind(act.wanted.level().map_or(UNSAID, SecurityLevel::number))
    .bind(act.wanted.sealed().map_or(UNSAID, i64::from))
    .fetch_optional(change.connection())
    .await?;
    let Some(row) = row else { return Ok(false) };
    let first = row.of("second_acts").text("by_name")?;
    forget(change, act.act, act.object).await?;
    change.event(
        EventDraft::new(AuditAction::SecondAgreed, object_of(act.act), act.object)
            .detail(format!("act={} first={first}", act.act.as_str())),
    );
    Ok(true)
}

/// Nobody waits any more for a second person to do this.
pub(crate) async fn forget(change: &mut Change, act: TwoPersonAct, object: &str) -> Result<()> {
    sqlx::query("DELETE FROM second_acts WHERE act = $1 AND object = $2")
        .bind(act.as_str())
        .bind(object)
        .execute(change.connection())
        .await?;
    Ok(())
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
        "INSERT INTO second_acts (act, object, level, sealed, reason, by_uid, by_name, at, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(act.act.as_str())
    .bind(act.object)
    .bind(act.wanted.level().map(SecurityLevel::number))
    .bind(act.wanted.sealed().map(i64::from))
    .bind(act.reason)
    .bind(asker.user_uid)
    .bind(asker.name())
    .bind(at.micros())
    .bind(SecondActId::new(&change.environment).as_str())
    .execute(change.connection())
    .await?;
    change.event(
        EventDraft::new(AuditAction::SecondAsked, object_of(act.act), act.object).detail(format!(
            "act={} wanted={} reason={}",
            act.act.as_str(),
            told(act),
            act.reason
        )),
    );
    change.commit().await?;
    Ok(RefusedBecause::SecondMustAgree { days: KEPT_S / 86_400 }.into())
}

/// What is wanted, as the trail keeps it.
fn told(act: &WantedAct<'_>) -> String {
    match (act.act, act.wanted) {
        (_, WantedState::AsTheActSays) => String::new(),
        (TwoPersonAct::Clearance, WantedState::Level(level)) => format!("clearance={}", level.number()),
        (_, WantedState::Level(level)) => format!("security_level={}", level.number()),
        (_, WantedState::Protection(to)) => {
            format!("security_level={} sealed={}", to.security_level.number(), to.sealed)
        }
    }
}

fn object_of(act: TwoPersonAct) -> AuditObject {
    match act {
        TwoPersonAct::UnsealDocument | TwoPersonAct::LowerDocument => AuditObject::Document,
        TwoPersonAct::UnsealDossier | TwoPersonAct::LowerDossier => AuditObject::Dossier,
        TwoPersonAct::Clearance | TwoPersonAct::Link | TwoPersonAct::FactorReset => AuditObject::User,
    }
}

/// A row of the table, before it is known whom it is shown to.
pub(super) struct ActRow {
    pub act: WaitingAct,
    pub by_uid: i64,
}

impl Archive {
    /// What waits for a second person, newest first: all of it for administrators and auditors, for archivists the levels of
    /// documents that they see.
    pub async fn acts_waiting(&self, asker: &Asker) -> Result<Vec<WaitingAct>> {
        let sees_all = asker.has(Role::Administrator) || asker.has(Role::Auditor);
        if !sees_all {
            asker.require(Role::Archivist)?;
        }
        let since = self.0.environment.now().plus_seconds(-KEPT_S).micros();
        let rows = sqlx::query(concat!(act_rows!(), " WHERE s.at > $1 ORDER BY s.uid DESC LIMIT 200"))
            .bind(since)
            .fetch_all(&self.0.readers)
            .await?;
        let mut waiting = Vec::new();
        for row in &rows {
            let ActRow { act, by_uid } = act_row(row)?;
            if sees_all || by_uid == asker.user_uid || self.lowers_what_is_seen(asker, &act).await? {
                waiting.push(act);
            }
        }
        Ok(waiting)
    }

    /// Says no to what another asks for, or takes back what one has asked for.
    pub async fn act_refuse(&self, asker: &Asker, id: &SecondActId, reason: &str) -> Result<()> {
        let reason = checked_reason(reason)?;
        let ActRow { act, by_uid } = self.act_waiting(asker, id).await?;
        if by_uid != asker.user_uid {
            asker.require_writing(needed(act.act))?;
        } else if !asker.writes {
            return Err(Error::TokenReadsOnly);
        }
        let mut change = self.0.change(asker.name()).await?;
        let row = sqlx::query("SELECT object FROM second_acts WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| absent(id))?;
        let object = row.of("second_acts").text("object")?;
        sqlx::query("DELETE FROM second_acts WHERE id = $1")
            .bind(id.as_str())
            .execute(change.connection())
            .await?;
        change.event(
            EventDraft::new(AuditAction::SecondRefused, object_of(act.act), object).detail(format!(
                "act={} first={} reason={reason}",
                act.act.as_str(),
                act.by
            )),
        );
        change.commit().await
    }

    /// One that waits, for those who may know of it.
    pub(super) async fn act_waiting(&self, asker: &Asker, id: &SecondActId) -> Result<ActRow> {
        let since = self.0.environment.now().plus_seconds(-KEPT_S).micros();
        let row = sqlx::query(concat!(act_rows!(), " WHERE s.id = $1 AND s.at > $2"))
            .bind(id.as_str())
            .bind(since)
            .fetch_optional(&self.0.readers)
            .await?
            .ok_or_else(|| absent(id))?;
        let row = act_row(&row)?;
        let knows = asker.has(Role::Administrator)
            || asker.has(Role::Auditor)
            || row.by_uid == asker.user_uid
            || (asker.has(Role::Archivist) && self.lowers_what_is_seen(asker, &row.act).await?);
        if knows { Ok(row) } else { Err(absent(id)) }
    }

    async fn lowers_what_is_seen(&self, asker: &Asker, act: &WaitingAct) -> Result<bool> {
        if act.act != TwoPersonAct::LowerDocument {
            return Ok(false);
        }
        let mut connection = self.0.readers.acquire().await?;
        let seen = Visible::documents(asker, self.0.environment.now())
            .and("d.id = ?", [act.object.as_str().into()])
            .held(&mut connection)
            .await?;
        Ok(seen.is_some())
    }
}

/// The role that does it.
pub(super) fn needed(act: TwoPersonAct) -> Role {
    match act {
        TwoPersonAct::LowerDocument => Role::Archivist,
        TwoPersonAct::UnsealDocument
        | TwoPersonAct::UnsealDossier
        | TwoPersonAct::LowerDossier
        | TwoPersonAct::Clearance
        | TwoPersonAct::Link
        | TwoPersonAct::FactorReset => Role::Administrator,
    }
}

fn act_row(row: &AnyRow) -> Result<ActRow> {
    let row = row.of("second_acts");
    let (at, act) = (row.moment("at")?, row.word("act", TwoPersonAct::from_code)?);
    Ok(ActRow {
        by_uid: row.int("by_uid")?,
        act: WaitingAct {
            id: row.read("id", SecondActId::parse)?,
            act,
            object: row.text("shown")?,
            wanted: wanted_of(act, &row)?,
            reason: row.text("reason")?,
            by: row.text("by_name")?,
            at,
            until: at.plus_seconds(KEPT_S),
        },
    })
}

/// An act says which columns it has.
fn wanted_of(act: TwoPersonAct, row: &RowOf<'_>) -> Result<WantedState> {
    Ok(match act {
        TwoPersonAct::UnsealDocument | TwoPersonAct::Link | TwoPersonAct::FactorReset => WantedState::AsTheActSays,
        TwoPersonAct::LowerDocument | TwoPersonAct::Clearance => WantedState::Level(row.security_level("level")?),
        TwoPersonAct::UnsealDossier | TwoPersonAct::LowerDossier => WantedState::Protection(DossierProtection {
            security_level: row.security_level("level")?,
            sealed: row.flag("sealed")?,
        }),
    })
}

fn absent(id: &SecondActId) -> Error {
    Error::Absent {
        what: Thing::SecondAct,
        id: id.to_string(),
    }
}
