//! Checks are ordered when something has happened, and made.

use super::{date, location_of, require_reading, words};
use crate::{
    Archive, Asker, Error, Field, Result, Role, Thing,
    ids::{KeepingCheckId, RepairId},
    keeping::{
        KeepingCheck, KeepingDraft, KeepingItem, KeepingKind, KeepingLimits, KeepingOccasion, KeepingOrder,
        KeepingResult, KeepingState,
    },
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject, both};

const CHECK: &str = "SELECT c.uid, c.id, c.kind, c.occasion, c.state, c.due, c.reason, c.asked_by, c.done_by, c.done_at, c.results, \
     l.code, l.name FROM keeping_checks c JOIN locations l ON l.uid = c.location_uid";

impl Archive {
    /// Orders a check, because something has happened.
    pub async fn keeping_order(&self, asker: &Asker, draft: &KeepingOrder) -> Result<KeepingCheckId> {
        asker.require_writing(Role::Archivist)?;
        let (reason, due) = (words(Field::Reason, &draft.reason)?, date(&draft.due)?);
        let mut change = self.0.change(asker.name()).await?;
        let (location, code) = location_of(&mut change, &draft.at).await?;
        let id = KeepingCheckId::new(&change.environment);
        let at = change.at.micros();
        sqlx::query(
            "INSERT INTO keeping_checks (id, location_uid, kind, occasion, state, due, reason, asked_by, asked_at, done_by, done_at, results) \
             VALUES ($1, $2, $3, $4, 'ordered', $5, $6, $7, $8, '', NULL, '[]')",
        )
        .bind(id.as_str())
        .bind(location)
        .bind(draft.kind.as_str())
        .bind(draft.occasion.as_str())
        .bind(due)
        .bind(reason)
        .bind(asker.name())
        .bind(at)
        .execute(change.connection())
        .await?;
        let said = format!("place={code} occasion={}", draft.occasion.as_str());
        change.event(EventDraft::new(AuditAction::KeepingOrdered, AuditObject::KeepingCheck, id.as_str()).detail(said));
        change.commit().await?;
        Ok(id)
    }

    /// Writes down a check as it was made. What is not fine becomes a repair.
    pub async fn keeping_record(&self, asker: &Asker, draft: &KeepingDraft) -> Result<KeepingCheckId> {
        asker.require_writing(Role::Archivist)?;
        if draft.findings.is_empty() || draft.findings.len() > KeepingLimits::ITEMS_MAX {
            let reason = both!("a check has 1 to 60 items", "一次检查有 1 到 60 项");
            return Err(Error::invalid(
                Field::CheckItem,
                draft.findings.len().to_string(),
                reason,
            ));
        }
        let mut change = self.0.change(asker.name()).await?;
        let (location, code) = location_of(&mut change, &draft.at).await?;
        let results = results_text(draft)?;
        let (uid, id) = match &draft.order {
            Some(order) => fulfilled(&mut change, order, location, &results).await?,
            None => inserted(&mut change, draft, location, &results).await?,
        };
        for finding in draft.findings.iter().filter(|finding| !finding.is_fine) {
            let repair = super::repairs::NewRepair {
                id: RepairId::new(&change.environment),
                check: Some(uid),
                location: Some(location),
                document: None,
                what: what_is_wrong(&finding.item, &finding.note)?,
                owner: words(Field::Owner, &finding.owner)?,
                due: date(&finding.due)?,
            };
            super::repairs::insert(&mut change, &repair).await?;
        }
        let wrong = draft.findings.iter().filter(|finding| !finding.is_fine).count();
        let said = format!("place={code} kind={} findings={wrong}", draft.kind.as_str());
        change.event(EventDraft::new(AuditAction::KeepingChecked, AuditObject::KeepingCheck, id.as_str()).detail(said));
        change.commit().await?;
        Ok(id)
    }

    /// Checks that were made, the newest first; of one place when its code is given.
    pub async fn keeping_checks(
        &self,
        asker: &Asker,
        at: &str,
        skip: usize,
        limit: usize,
    ) -> Result<Vec<KeepingCheck>> {
        require_reading(asker)?;
        let rows = sqlx::query(composed(format!(
            "{CHECK} WHERE c.state = 'done' AND ($1 = '' OR l.code = $1) ORDER BY c.done_at DESC, c.uid DESC LIMIT $2 OFFSET $3"
        )))
        .bind(at)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(i64::try_from(skip).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(check).collect()
    }

    pub async fn keeping_checks_total(&self, asker: &Asker) -> Result<i64> {
        require_reading(asker)?;
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM keeping_checks WHERE state = 'done'")
            .fetch_one(&self.0.readers);
        row.await?.of("keeping_checks").int("n")
    }

    pub async fn keeping_check(&self, asker: &Asker, id: &KeepingCheckId) -> Result<KeepingCheck> {
        require_reading(asker)?;
        let row = sqlx::query(composed(format!("{CHECK} WHERE c.id = $1")))
            .bind(id.as_str())
            .fetch_optional(&self.0.readers)
            .await?
            .ok_or_else(|| absent(id))?;
        check(&row)
    }
}

pub(super) fn absent(id: &KeepingCheckId) -> Error {
    Error::Absent {
        what: Thing::KeepingCheck,
        id: id.to_string(),
    }
}

fn results_text(draft: &KeepingDraft) -> Result<String> {
    let mut results = Vec::with_capacity(draft.findings.len());
    for finding in &draft.findings {
        let item = words(Field::CheckItem, finding.item.as_str())?;
        let note = words(Field::Text, &finding.note)?;
        results.push(serde_json::json!([item, finding.is_fine, note]));
    }
    Ok(serde_json::Value::Array(results).to_string())
}

/// `霉变：三层左侧` — what is to be mended, in the words of whoever saw it.
fn what_is_wrong(item: &KeepingItem, note: &str) -> Result<String> {
    let item = item.name(vocabulary::Language::Chinese);
    match words(Field::Text, note)?.as_str() {
        "" => Ok(item.to_owned()),
        note => Ok(format!("{item}：{note}")),
    }
}

async fn inserted(
    change: &mut Change,
    draft: &KeepingDraft,
    location: i64,
    results: &str,
) -> Result<(i64, KeepingCheckId)> {
    let id = KeepingCheckId::new(&change.environment);
    let (at, by) = (change.at.micros(), change.actor.clone());
    let row = sqlx::query(
        "INSERT INTO keeping_checks (id, location_uid, kind, occasion, state, due, reason, asked_by, asked_at, done_by, done_at, results) \
         VALUES ($1, $2, $3, $4, 'done', '', '', '', NULL, $5, $6, $7) RETURNING uid",
    )
    .bind(id.as_str())
    .bind(location)
    .bind(draft.kind.as_str())
    .bind(draft.occasion.as_str())
    .bind(by)
    .bind(at)
    .bind(results)
    .fetch_one(change.connection())
    .await?;
    Ok((row.of("keeping_checks").int("uid")?, id))
}

/// The order that this check is made for, of the same place and not made yet.
async fn fulfilled(
    change: &mut Change,
    order: &KeepingCheckId,
    location: i64,
    results: &str,
) -> Result<(i64, KeepingCheckId)> {
    let (at, by) = (change.at.micros(), change.actor.clone());
    let row = sqlx::query(
        "UPDATE keeping_checks SET state = 'done', done_by = $1, done_at = $2, results = $3 \
         WHERE id = $4 AND location_uid = $5 AND state = 'ordered' RETURNING uid",
    )
    .bind(by)
    .bind(at)
    .bind(results)
    .bind(order.as_str())
    .bind(location)
    .fetch_optional(change.connection())
    .await?
    .ok_or_else(|| absent(order))?;
    Ok((row.of("keeping_checks").int("uid")?, order.clone()))
}

fn check(row: &AnyRow) -> Result<KeepingCheck> {
    let row = &row.of("keeping_checks");
    let results: Vec<(String, bool, String)> = row.read("results", |text| serde_json::from_str(text))?;
    let result = |(item, is_fine, note): (String, bool, String)| KeepingResult {
        item: KeepingItem::parse(&item),
        is_fine,
        note,
    };
    Ok(KeepingCheck {
        id: row.read("id", KeepingCheckId::parse)?,
        place: row.text("code")?,
        place_name: row.text("name")?,
        kind: row.word("kind", KeepingKind::from_code)?,
        occasion: row.word("occasion", KeepingOccasion::from_code)?,
        state: row.word("state", KeepingState::from_code)?,
        due: row.text("due")?,
        reason: row.text("reason")?,
        asked_by: row.text("asked_by")?,
        done_by: row.text("done_by")?,
        done_at: row.maybe_moment("done_at")?,
        results: results.into_iter().map(result).collect(),
    })
}
