//! Repairs: opened by a check or by somebody who saw something, closed with what was done.

use super::{date, location_of, require_reading, words};
use crate::{
    Archive, Asker, Error, Field, Result, Role, Thing,
    documents::sql::keyed::key_conditions,
    ids::{KeepingCheckId, RepairId},
    keeping::{RepairDraft, RepairState, RepairTask},
    permission::sql::Visible,
    privacy,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject, both};

const REPAIRS_SEEN: &str = "repairs r LEFT JOIN documents d ON d.uid = r.document_uid";

pub(super) struct NewRepair {
    pub id: RepairId,
    pub check: Option<i64>,
    pub location: Option<i64>,
    pub document: Option<i64>,
    pub what: String,
    pub owner: String,
    pub due: String,
}

impl Archive {
    /// Opens a repair of a document that the asker sees, or of a place.
    pub async fn repair_open(&self, asker: &Asker, draft: &RepairDraft) -> Result<RepairId> {
        asker.require_writing(Role::Archivist)?;
        let what = words(Field::Text, &draft.what)?;
        if what.is_empty() {
            return Err(Error::invalid(
                Field::Text,
                "",
                both!("say what is to be mended", "请写明要修复什么"),
            ));
        }
        let mut change = self.0.change(asker.name()).await?;
        let document = self.document_meant(asker, &draft.thing).await?;
        let location = match document {
            Some(_) => None,
            None => Some(location_of(&mut change, &draft.thing).await?.0),
        };
        let repair = NewRepair {
            id: RepairId::new(&change.environment),
            check: None,
            location,
            document,
            what,
            owner: words(Field::Owner, &draft.owner)?,
            due: date(&draft.due)?,
        };
        insert(&mut change, &repair).await?;
        change.event(EventDraft::new(
            AuditAction::RepairOpened,
            AuditObject::Repair,
            repair.id.as_str(),
        ));
        change.commit().await?;
        Ok(repair.id)
    }

    /// Closes a repair that the asker sees, with what was done.
    pub async fn repair_close(&self, asker: &Asker, id: &RepairId, result: &str) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let result = words(Field::Text, result)?;
        if result.is_empty() {
            return Err(Error::invalid(
                Field::Text,
                "",
                both!("say what was done", "请写明修复结果"),
            ));
        }
        self.repair(asker, id).await?;
        let mut change = self.0.change(asker.name()).await?;
        let (at, by) = (change.at.micros(), change.actor.clone());
        let done = sqlx::query(
            "UPDATE repairs SET state = 'mended', result = $1, closed_at = $2, closed_by = $3 WHERE id = $4 AND state = 'open'",
        )
        .bind(result)
        .bind(at)
        .bind(by)
        .bind(id.as_str())
        .execute(change.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Err(absent(id));
        }
        change.event(EventDraft::new(
            AuditAction::RepairClosed,
            AuditObject::Repair,
            id.as_str(),
        ));
        change.commit().await
    }

    /// Repairs that the asker sees, open ones by their date first, then those that were mended last.
    pub async fn repairs(
        &self,
        asker: &Asker,
        state: Option<RepairState>,
        skip: usize,
        limit: usize,
    ) -> Result<Vec<RepairTask>> {
        require_reading(asker)?;
        let word = state.map_or("", RepairState::as_str);
        let rows = self
            .repairs_seen(asker)
            .and("? = '' OR r.state = ?", [word.into(), word.into()])
            .then(
                "ORDER BY CASE WHEN r.state = 'open' THEN 0 ELSE 1 END, CASE WHEN r.due = '' THEN 1 ELSE 0 END, r.due, r.uid DESC LIMIT ? OFFSET ?",
                [limit.into(), skip.into()],
            )
            .all(&self.0.readers)
            .await?;
        rows.iter().map(|row| repair(row, asker)).collect()
    }

    /// The repairs that a check has opened, as far as the asker sees them.
    pub async fn repairs_of(&self, asker: &Asker, check: &KeepingCheckId) -> Result<Vec<RepairTask>> {
        require_reading(asker)?;
        let rows = self
            .repairs_seen(asker)
            .and("c.id = ?", [check.as_str().into()])
            .then("ORDER BY r.uid", [])
            .all(&self.0.readers)
            .await?;
        rows.iter().map(|row| repair(row, asker)).collect()
    }

    pub async fn repair(&self, asker: &Asker, id: &RepairId) -> Result<RepairTask> {
        require_reading(asker)?;
        let seen = self.repairs_seen(asker).and("r.id = ?", [id.as_str().into()]);
        let row = seen.maybe(&self.0.readers).await?.ok_or_else(|| absent(id))?;
        repair(&row, asker)
    }

    fn repairs_seen(&self, asker: &Asker) -> Visible {
        Visible::rows_about(asker, self.0.environment.now(), REPAIRS_SEEN, "r.document_uid IS NULL")
            .columns(
                "r.uid, r.id, r.what, r.owner, r.due, r.state, r.result, r.opened_at, r.opened_by, r.closed_at, r.closed_by, \
                 coalesce(l.code, '') AS place, coalesce(d.id, '') AS document, coalesce(d.title, '') AS title, coalesce(c.id, '') AS check_id",
            )
            .join("LEFT JOIN locations l ON l.uid = r.location_uid")
            .join("LEFT JOIN keeping_checks c ON c.uid = r.check_uid")
    }

    /// The one document that a text means; `None` where there is none to be seen, or several.
    async fn document_meant(&self, asker: &Asker, text: &str) -> Result<Option<i64>> {
        for (condition, values) in key_conditions(text) {
            let rows = Visible::documents(asker, self.0.environment.now())
                .and(condition, values)
                .then("ORDER BY d.uid LIMIT 2", [])
                .all(&self.0.readers)
                .await?;
            if let [one] = rows.as_slice() {
                return one.of("documents").int("uid").map(Some);
            }
        }
        Ok(None)
    }
}

fn absent(id: &RepairId) -> Error {
    Error::Absent {
        what: Thing::Repair,
        id: id.to_string(),
    }
}

pub(super) async fn insert(change: &mut Change, repair: &NewRepair) -> Result<()> {
    let (at, by) = (change.at.micros(), change.actor.clone());
    sqlx::query(
        "INSERT INTO repairs (id, check_uid, location_uid, document_uid, what, owner, due, state, result, opened_at, opened_by, closed_at, closed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '', $8, $9, NULL, '')",
    )
    .bind(repair.id.as_str())
    .bind(repair.check)
    .bind(repair.location)
    .bind(repair.document)
    .bind(&repair.what)
    .bind(&repair.owner)
    .bind(&repair.due)
    .bind(at)
    .bind(by)
    .execute(change.connection())
    .await?;
    Ok(())
}

fn repair(row: &AnyRow, asker: &Asker) -> Result<RepairTask> {
    let row = &row.of("repairs");
    let check = row.text("check_id")?;
    Ok(RepairTask {
        id: row.read("id", RepairId::parse)?,
        check: match check.is_empty() {
            true => None,
            false => Some(row.read("check_id", KeepingCheckId::parse)?),
        },
        place: row.text("place")?,
        document: row.text("document")?,
        title: privacy::shown_text(asker, row.text("title")?),
        what: row.text("what")?,
        owner: row.text("owner")?,
        due: row.text("due")?,
        state: row.word("state", RepairState::from_code)?,
        result: row.text("result")?,
        opened_at: row.moment("opened_at")?,
        opened_by: row.text("opened_by")?,
        closed_at: row.maybe_moment("closed_at")?,
        closed_by: row.text("closed_by")?,
    })
}
