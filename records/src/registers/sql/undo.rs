//! Taking an import back as a whole.

use super::import::undo_in;
use crate::{
    Archive, Asker, Error, Result, Thing,
    imports::{
        KeptBecause, NotUndone, Register, UndoReport,
        sql::{Undone, UndoneLine, changes_of, mark_kept, mark_undone},
    },
    registers::{keeper, kept_by},
    store::{
        EventDraft,
        sql::{Change, Columns, LISTED_AT_ONCE, composed},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Takes an import back: every field that it changed and nobody has changed since gets its former value, and
    /// records that it added go when nothing hangs on them. What is left is named with the reason.
    ///
    /// # Errors
    /// [`Error::Absent`] without such an import, [`Error::Exists`] when it was undone before.
    pub async fn import_undo(&self, asker: &Asker, id: &str) -> Result<UndoReport> {
        kept_by(asker)?;
        let mut change = self.0.change(asker.name()).await?;
        let statement = format!(
            "SELECT uid, id, register, file_name, undone_at, undone_by FROM imports WHERE id = $1{}",
            change.dialect.for_update()
        );
        let row = sqlx::query(composed(statement))
            .bind(id.trim().to_lowercase())
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| Error::Absent {
                what: Thing::Import,
                id: id.to_owned(),
            })?;
        let row = row.of("imports");
        if row.maybe_int("undone_at")?.is_some() {
            return Err(Error::Exists {
                what: Thing::ImportUndo,
                id: format!("{} ({})", row.text("id")?, row.text("undone_by")?),
            });
        }
        let (uid, id) = (row.int("uid")?, row.text("id")?);
        let register = row.word("register", Register::from_code)?;
        asker.require_writing(keeper(register))?;
        change.because(&row.text("file_name")?, &id);
        let mut report = UndoReport::default();
        let mut before = i64::MAX;
        // From the last line to the first: what stands inside goes before what it stands in.
        loop {
            let rows = lines_before(&mut change, uid, before).await?;
            let Some(last) = rows.last() else { break };
            before = last.of("imports").int("uid")?;
            undo_lines(&mut change, register, &rows, &mut report).await?;
        }
        mark_undone(&mut change, uid).await?;
        change.event(
            EventDraft::new(AuditAction::ImportUndone, AuditObject::Import, id).detail(format!(
                "restored={} removed={} kept={}",
                report.restored,
                report.removed,
                report.kept.len()
            )),
        );
        change.commit().await?;
        Ok(report)
    }
}

async fn lines_before(change: &mut Change, import_uid: i64, before: i64) -> Result<Vec<AnyRow>> {
    let rows = sqlx::query(
        "SELECT uid, object_id, code, added, digest, changes FROM import_lines WHERE import_uid = $1 AND uid < $2 \
         ORDER BY uid DESC LIMIT $3",
    )
    .bind(import_uid)
    .bind(before)
    .bind(i64::try_from(LISTED_AT_ONCE).unwrap_or(100))
    .fetch_all(change.connection())
    .await?;
    Ok(rows)
}

async fn undo_lines(change: &mut Change, register: Register, rows: &[AnyRow], report: &mut UndoReport) -> Result<()> {
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let row = row.of("import_lines");
        lines.push(UndoneLine {
            object_id: row.text("object_id")?,
            added: row.flag("added")?,
            digest: row.text("digest")?,
            changes: changes_of(&row)?,
        });
    }
    let outcomes = undo_in(change, register, &lines).await?;
    for (row, outcome) in rows.iter().zip(outcomes) {
        let row = row.of("import_lines");
        let code = row.text("code")?;
        let mut because = None;
        let mut keep = |field: String, reason: KeptBecause| {
            because = Some(reason);
            report.kept.push(NotUndone {
                code: code.clone(),
                field,
                because: reason,
            });
        };
        match outcome {
            Undone::Removed => report.removed += 1,
            Undone::Kept(reason) => keep(String::new(), reason),
            Undone::Restored { fields, kept } => {
                report.restored += u64::from(fields > 0);
                kept.into_iter().for_each(|(field, reason)| keep(field, reason));
            }
        }
        if let Some(because) = because {
            mark_kept(change, row.int("uid")?, because).await?;
        }
    }
    Ok(())
}
