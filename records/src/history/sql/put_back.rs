//! Giving a field its former value again.

use super::sight::{LINE, visible};
use crate::history::{HistoryKey, restored};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    changes::ChangeSubject,
    store::{
        EventDraft, Store,
        recorded::ColumnValue,
        sql::{Change, Columns, RowOf},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Gives a field the value again that it had before this line of the history: a new change, with its own line.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the field was changed since; [`Error::Refused`] when the field is not one that can be
    /// put back by itself.
    pub async fn history_put_back(&self, asker: &Asker, line: HistoryKey, why: &str) -> Result<()> {
        let row = stored_line(&self.0, asker, line).await?;
        let row = row.of("history");
        let (kind, field) = (row.text("object_kind")?, row.text("field")?);
        asker.require_writing(match kind.as_str() {
            "kind" | "setting" => Role::Administrator,
            _ => Role::Archivist,
        })?;
        let (before, after) = (row.maybe_text("before")?, row.maybe_text("after")?);
        let (uid, id) = (row.int("object_uid")?, row.text("object_id")?);
        let Some((table, sets)) = restored(&kind, &field, before.as_deref().unwrap_or_default()) else {
            return Err(RefusedBecause::FieldNotPutBack { field }.into());
        };
        let mut change = self.0.change(asker.name()).await?;
        change.because(why, "");
        refuse_when_changed_since(&mut change, row, &after).await?;
        let key = match table.key {
            "uid" => ColumnValue::from(row_of_owner(&mut change, table.table, uid).await?),
            _ => ColumnValue::from(&id),
        };
        let update = sets
            .into_iter()
            .fold(change.update(table, key), |update, (column, value)| {
                update.set(column, value)
            });
        update.run().await?;
        match kind.as_str() {
            "document" => change.touch(ChangeSubject::Document, uid),
            "customer" => change.touch(ChangeSubject::Customer, uid),
            "location" => change.touch(ChangeSubject::Place, uid),
            _ => {}
        }
        change.event(
            EventDraft::new(AuditAction::HistoryPutBack, AuditObject::History, line.uid.to_string())
                .detail(format!("object={kind} {id} field={field}")),
        );
        change.commit().await
    }
}

async fn stored_line(store: &Store, asker: &Asker, key: HistoryKey) -> Result<AnyRow> {
    visible(asker, store.environment.now())
        .columns(LINE)
        .and("h.uid = ?", [key.uid.into()])
        .maybe(&store.readers)
        .await?
        .ok_or_else(|| Error::Absent {
            what: Thing::HistoryLine,
            id: key.uid.to_string(),
        })
}

/// Refuses when the field no longer has the value that this line gave it.
async fn refuse_when_changed_since(change: &mut Change, line: RowOf<'_>, after: &Option<String>) -> Result<()> {
    let newest = sqlx::query(
        "SELECT uid, after FROM history WHERE object_kind = $1 AND object_uid = $2 AND object_id = $3 AND field = $4 \
         ORDER BY at DESC, uid DESC LIMIT 1",
    )
    .bind(line.text("object_kind")?)
    .bind(line.int("object_uid")?)
    .bind(line.text("object_id")?)
    .bind(line.text("field")?)
    .fetch_one(change.connection())
    .await?;
    if newest.of("history").maybe_text("after")? == *after {
        return Ok(());
    }
    Err(Error::Conflict {
        what: Thing::FieldOfRecord,
        id: format!("{} {}", line.text("object_id")?, line.text("field")?),
        expected: line.int("uid")?,
        found: newest.of("history").int("uid")?,
    })
}

/// The uid of the row of a table that shares the history of its owner.
async fn row_of_owner(change: &mut Change, table: &str, owner: i64) -> Result<i64> {
    match table {
        "dossiers" => sqlx::query("SELECT uid FROM dossiers WHERE customer_uid = $1")
            .bind(owner)
            .fetch_one(change.connection())
            .await?
            .of("dossiers")
            .int("uid"),
        _ => Ok(owner),
    }
}
