//! The writer of the table `history`: it gathers what a change did and writes it before the commit.

use super::sql::{composed, marks};
use crate::{Environment, Error, Moment, Result};
use sqlx::AnyConnection;

/// Rows that are held before they are written, so that memory does not grow with the size of an import.
const HELD_MAX: usize = 512;
/// Rows that one statement writes.
const WRITTEN_AT_ONCE: usize = 64;
const COLUMNS: usize = 12;

/// The record whose history a row belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub kind: &'static str,
    pub id: String,
    /// 0 for records that are known by their code alone.
    pub uid: i64,
}

/// One field of one record that changed.
#[derive(Debug)]
pub(crate) struct ChangedField {
    pub object: Object,
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub personal: bool,
}

/// The history rows of one change.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    change_id: String,
    why: String,
    authority: String,
    rows: Vec<ChangedField>,
    /// Rows were written already.
    written: bool,
    /// A reason came after rows without it had been written.
    reason_late: bool,
}

impl Recorder {
    pub fn because(&mut self, why: String, authority: String) {
        self.reason_late |= self.written;
        (self.why, self.authority) = (why, authority);
    }

    pub fn add(&mut self, row: ChangedField) {
        self.rows.push(row);
    }

    /// The id under which this change stands in the history.
    pub fn change_id(&mut self, environment: &Environment) -> String {
        if self.change_id.is_empty() {
            self.change_id = environment.uuid_v7();
        }
        self.change_id.clone()
    }

    pub fn is_full(&self) -> bool {
        self.rows.len() >= HELD_MAX
    }

    /// Writes what was gathered.
    pub async fn flush(
        &mut self,
        connection: &mut AnyConnection,
        environment: &Environment,
        at: Moment,
        actor: &str,
    ) -> Result<()> {
        if self.reason_late {
            let detail = "the reason of a change must be stated before its first row";
            return Err(Error::inconsistent("history", "why", &self.change_id, detail));
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        self.change_id(environment);
        self.written = true;
        for some in self.rows.chunks(WRITTEN_AT_ONCE) {
            let marks = (0..some.len()).map(|row| format!("({})", marks(row * COLUMNS + 1, COLUMNS)));
            let statement = format!(
                "INSERT INTO history (change_id, at, by_name, object_kind, object_id, object_uid, field, before, after, \
                 personal, why, authority) VALUES {}",
                marks.collect::<Vec<_>>().join(", ")
            );
            let mut query = sqlx::query(composed(statement));
            for row in some {
                query = query
                    .bind(&self.change_id)
                    .bind(at.micros())
                    .bind(actor)
                    .bind(row.object.kind)
                    .bind(&row.object.id)
                    .bind(row.object.uid)
                    .bind(&row.field)
                    .bind(&row.before)
                    .bind(&row.after)
                    .bind(i64::from(row.personal))
                    .bind(&self.why)
                    .bind(&self.authority);
            }
            query.execute(&mut *connection).await?;
        }
        self.rows.clear();
        Ok(())
    }
}
