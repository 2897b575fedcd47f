//! The list of imports, and what each of them wrote.

use crate::{
    Archive, Asker, Result,
    ids::ImportId,
    imports::{ImportRow, ImportedRecord, KeptBecause, LineChange, Register, sql::changes_of},
    registers::{fields_of, kept_by},
    store::sql::{Columns, composed, marks},
};
use sqlx::any::AnyRow;

const COLUMNS: &str = "uid, id, register, file_name, sha256, by_name, at, change_id, lines, added, changed, unchanged, held, \
     problems, undone_at, undone_by";

impl Archive {
    /// Imports into the registers that the asker keeps, the newest first; those before the import with this id, at most `limit`.
    pub async fn imports(&self, asker: &Asker, before: &str, limit: usize) -> Result<Vec<ImportRow>> {
        let kept = kept_by(asker)?;
        let statement = format!(
            "SELECT {COLUMNS} FROM imports WHERE ($1 = '' OR uid < (SELECT uid FROM imports WHERE id = $1)) \
             AND register IN ({}) ORDER BY uid DESC LIMIT $2",
            marks(3, kept.len())
        );
        let query = sqlx::query(composed(statement))
            .bind(before)
            .bind(i64::try_from(limit).unwrap_or(100));
        let query = kept
            .into_iter()
            .fold(query, |query, register| query.bind(register.as_str()));
        let rows = query.fetch_all(&self.0.readers).await?;
        rows.iter().map(import_row).collect()
    }

    /// How many imports into the registers that the asker keeps there were.
    pub async fn imports_total(&self, asker: &Asker) -> Result<i64> {
        let kept = kept_by(asker)?;
        let statement = format!(
            "SELECT CAST(count(*) AS BIGINT) AS n FROM imports WHERE register IN ({})",
            marks(1, kept.len())
        );
        let query = kept
            .into_iter()
            .fold(sqlx::query(composed(statement)), |query, register| {
                query.bind(register.as_str())
            });
        query.fetch_one(&self.0.readers).await?.of("imports").int("n")
    }

    pub async fn import(&self, asker: &Asker, id: &str) -> Result<Option<ImportRow>> {
        let kept = kept_by(asker)?;
        let statement = format!("SELECT {COLUMNS} FROM imports WHERE id = $1");
        let row = sqlx::query(composed(statement))
            .bind(id.trim().to_lowercase())
            .fetch_optional(&self.0.readers)
            .await?;
        let import = row.as_ref().map(import_row).transpose()?;
        Ok(import.filter(|import| kept.contains(&import.register)))
    }

    /// The records that an import added or changed, in the order of its lines after the first `after`; personal numbers
    /// are masked.
    pub async fn import_records(
        &self,
        asker: &Asker,
        id: &ImportId,
        after: usize,
        limit: usize,
    ) -> Result<Vec<ImportedRecord>> {
        if self.import(asker, id.as_str()).await?.is_none() {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT x.uid, x.line, x.code, x.name, x.added, x.changes, x.kept, i.register, i.uid AS import_uid FROM import_lines x \
             JOIN imports i ON i.uid = x.import_uid WHERE i.id = $1 ORDER BY x.uid LIMIT $2 OFFSET $3",
        )
        .bind(id.as_str())
        .bind(i64::try_from(limit).unwrap_or(100))
        .bind(i64::try_from(after).unwrap_or(0))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(imported_record).collect()
    }
}

fn import_row(row: &AnyRow) -> Result<ImportRow> {
    let row = row.of("imports");
    let undone_by = row.text("undone_by")?;
    Ok(ImportRow {
        id: row.read("id", ImportId::parse)?,
        register: row.word("register", Register::from_code)?,
        file_name: row.text("file_name")?,
        sha256: row.text("sha256")?,
        by: row.text("by_name")?,
        at: row.moment("at")?,
        change_id: row.text("change_id")?,
        lines: row.int("lines")?,
        added: row.int("added")?,
        changed: row.int("changed")?,
        unchanged: row.int("unchanged")?,
        held: row.int("held")?,
        problems: row.int("problems")?,
        undone: row.maybe_moment("undone_at")?.map(|at| (at, undone_by)),
    })
}

fn imported_record(row: &AnyRow) -> Result<ImportedRecord> {
    let row = row.of("import_lines");
    let register = row
        .of("imports")
        .by("import_uid")
        .word("register", Register::from_code)?;
    let fields = fields_of(register);
    Ok(ImportedRecord {
        change: LineChange {
            line: u64::try_from(row.int("line")?).unwrap_or(0),
            code: row.text("code")?,
            name: row.text("name")?,
            added: row.flag("added")?,
            fields: changes_of(&row)?
                .into_iter()
                .map(|change| change.shown(&fields))
                .collect(),
        },
        kept: row.maybe_word("kept", KeptBecause::from_code)?,
    })
}
