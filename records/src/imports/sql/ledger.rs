//! What an import writes about itself: one row, and one for each record that it adds or changes.

use crate::{
    Result,
    ids::ImportId,
    imports::{FieldChange, ImportOrder, ImportReport, KeptBecause, LineChange, Register},
    store::sql::{Change, Columns, RowOf, composed, marks},
};

/// Rows that one statement writes.
const WRITTEN_AT_ONCE: usize = 64;
const COLUMNS: usize = 8;

pub(super) struct LedgerLine {
    pub object_id: String,
    /// Of the values of an added record, by which one tells that nobody has changed it since.
    pub digest: String,
    pub change: LineChange,
}

/// A record that an import wrote, when it is taken back.
pub(crate) struct UndoneLine {
    pub object_id: String,
    pub added: bool,
    pub digest: String,
    pub changes: Vec<FieldChange>,
}

pub(super) struct ImportLedger {
    uid: i64,
    id: ImportId,
    held: Vec<LedgerLine>,
}

impl ImportLedger {
    pub async fn begin(
        change: &mut Change,
        register: Register,
        order: &ImportOrder,
        report: &ImportReport,
    ) -> Result<Self> {
        let id = ImportId::new(&change.environment);
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        change.because(&order.file_name, id.as_str());
        let (change_id, by, at) = (change.change_id(), change.actor.clone(), change.at.micros());
        let row = sqlx::query(
            "INSERT INTO imports (id, register, file_name, sha256, by_name, at, change_id, lines, added, changed, unchanged, held, \
             problems, undone_at, undone_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, '') RETURNING uid",
        )
        .bind(id.as_str())
        .bind(register.as_str())
        .bind(&order.file_name)
        .bind(&order.sha256)
        .bind(by)
        .bind(at)
        .bind(change_id)
        .bind(count(report.lines))
        .bind(count(report.added))
        .bind(count(report.changed))
        .bind(count(report.unchanged))
        .bind(count(report.held))
        .bind(i64::try_from(report.problems.len()).unwrap_or(i64::MAX))
        .fetch_one(change.connection())
        .await?;
        Ok(Self {
            uid: row.of("imports").int("uid")?,
            id,
            held: Vec::with_capacity(WRITTEN_AT_ONCE),
        })
    }

    pub async fn note(&mut self, change: &mut Change, line: LedgerLine) -> Result<()> {
        self.held.push(line);
        if self.held.len() >= WRITTEN_AT_ONCE {
            self.write(change).await?;
        }
        Ok(())
    }

    pub async fn end(mut self, change: &mut Change) -> Result<ImportId> {
        self.write(change).await?;
        Ok(self.id)
    }

    async fn write(&mut self, change: &mut Change) -> Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let rows: Vec<String> = (0..self.held.len())
            .map(|row| format!("({}, '')", marks(row * COLUMNS + 1, COLUMNS)))
            .collect();
        let statement = format!(
            "INSERT INTO import_lines (import_uid, line, object_id, code, name, added, digest, changes, kept) VALUES {}",
            rows.join(", ")
        );
        let mut query = sqlx::query(composed(statement));
        for LedgerLine {
            object_id,
            digest,
            change,
        } in self.held.drain(..)
        {
            // What an added record was is told by its digest; only changes are kept field by field.
            let changes = if change.added { Vec::new() } else { change.fields };
            query = query
                .bind(self.uid)
                .bind(i64::try_from(change.line).unwrap_or(0))
                .bind(object_id)
                .bind(change.code)
                .bind(change.name)
                .bind(i64::from(change.added))
                .bind(if change.added { digest } else { String::new() })
                .bind(changes_json(&changes));
        }
        query.execute(change.connection()).await?;
        Ok(())
    }
}

fn changes_json(changes: &[FieldChange]) -> String {
    let rows = changes.iter().map(|change| {
        let FieldChange { field, before, after } = change;
        serde_json::json!([field, before, after])
    });
    serde_json::Value::from_iter(rows).to_string()
}

/// What a line of an import changed.
pub(crate) fn changes_of(row: &RowOf<'_>) -> Result<Vec<FieldChange>> {
    let rows: Vec<(String, String, String)> = row.read("changes", |text| serde_json::from_str(text))?;
    let change = |(field, before, after): (String, String, String)| FieldChange {
        field: field.into(),
        before,
        after,
    };
    Ok(rows.into_iter().map(change).collect())
}

/// Says that an import was taken back, by whom and when.
pub(crate) async fn mark_undone(change: &mut Change, import_uid: i64) -> Result<()> {
    let (at, by) = (change.at.micros(), change.actor.clone());
    sqlx::query("UPDATE imports SET undone_at = $1, undone_by = $2 WHERE uid = $3")
        .bind(at)
        .bind(by)
        .bind(import_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}

/// Says why something of a line stayed when its import was taken back.
pub(crate) async fn mark_kept(change: &mut Change, line_uid: i64, because: KeptBecause) -> Result<()> {
    sqlx::query("UPDATE import_lines SET kept = $1 WHERE uid = $2")
        .bind(because.as_str())
        .bind(line_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}
