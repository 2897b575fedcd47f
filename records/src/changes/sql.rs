//! Reading the change log.

use super::{ChangeRow, ChangeSubject, Position};
use crate::{
    Archive, Asker, Result, System,
    store::{
        Store,
        sql::{Columns, composed},
    },
};
use sqlx::any::AnyRow;

impl System {
    /// Rows after `position` that are settled, oldest first, at most `limit`.
    pub async fn changes_after(&self, position: Position, limit: usize) -> Result<Vec<ChangeRow>> {
        let statement = format!(
            "SELECT xid, seq, object_kind, object_uid FROM change_log \
             WHERE (xid > $1 OR (xid = $1 AND seq > $2)) AND {} ORDER BY xid, seq LIMIT $3",
            self.0.dialect.below_horizon()
        );
        let rows = sqlx::query(composed(statement))
            .bind(position.xid)
            .bind(position.seq)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| {
                let change = row.of("change_log");
                Ok(ChangeRow {
                    position: position_of(row)?,
                    subject: change.word("object_kind", ChangeSubject::parse)?,
                    uid: change.int("object_uid")?,
                })
            })
            .collect()
    }

    /// The newest position of all, settled or not: the position of a follower that has read everything.
    pub async fn change_log_head(&self) -> Result<Position> {
        head(&self.0).await
    }

    /// The newest settled position: whoever has read the record after it was asked for misses nothing that comes behind it.
    pub async fn change_log_settled(&self) -> Result<Position> {
        let statement = format!(
            "SELECT xid, seq FROM change_log WHERE {} ORDER BY xid DESC, seq DESC LIMIT 1",
            self.0.dialect.below_horizon()
        );
        let row = sqlx::query(composed(statement)).fetch_optional(&self.0.readers).await?;
        row.as_ref().map_or(Ok(Position::default()), position_of)
    }

    /// The position of a follower, for `doctor`; its own commit is authoritative.
    pub async fn follower_moved(&self, name: &str, position: Position) -> Result<()> {
        let mut connection = self.0.writer.acquire().await?;
        sqlx::query(
            "INSERT INTO followers (name, xid, seq, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, seq = excluded.seq, at = excluded.at",
        )
        .bind(name)
        .bind(position.xid)
        .bind(position.seq)
        .bind(self.0.environment.now().micros())
        .execute(&mut *connection)
        .await?;
        Ok(())
    }
}

impl Archive {
    /// The newest position, so that a person who just changed something can wait for the index to have seen it.
    pub async fn change_log_head(&self, _asker: &Asker) -> Result<Position> {
        head(&self.0).await
    }
}

async fn head(store: &Store) -> Result<Position> {
    let row = sqlx::query("SELECT xid, seq FROM change_log ORDER BY xid DESC, seq DESC LIMIT 1")
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map_or(Ok(Position::default()), position_of)
}

fn position_of(row: &AnyRow) -> Result<Position> {
    let row = row.of("change_log");
    Ok(Position {
        xid: row.int("xid")?,
        seq: row.int("seq")?,
    })
}
