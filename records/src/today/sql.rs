//! Counting and listing what waits.

use super::{DAYS_SHOWN, DiskRoom, EXPIRES_WITHIN_DAYS, REVIEW_DAYS_MAX, SLOT_US, Slot, condition};
use crate::{
    Archive, Asker, Result, Role,
    documents::DocumentRow,
    permission::sql::{Bound, Visible},
    store::sql::{Columns, composed},
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, TodayItem};

const DAY_S: i64 = 24 * 60 * 60;

impl Archive {
    /// How many documents an item is about, of those that the asker may see. `None` for what is no list of documents.
    pub async fn today_count(&self, asker: &Asker, item: TodayItem) -> Result<Option<i64>> {
        let Some(about) = self.about(asker, item, "CAST(count(*) AS BIGINT) AS n") else {
            return Ok(None);
        };
        let row = about.one(&self.0.readers).await?;
        Ok(Some(row.of("documents").int("n")?))
    }

    /// The documents that an item is about, oldest first, after the one with `after_uid`.
    pub async fn today_documents(
        &self,
        asker: &Asker,
        item: TodayItem,
        after_uid: i64,
        limit: usize,
    ) -> Result<Vec<DocumentRow>> {
        let Some(about) = self.about(asker, item, "d.uid") else {
            return Ok(Vec::new());
        };
        let rows = about
            .and("d.uid > ?", [after_uid.into()])
            .then("ORDER BY d.uid LIMIT ?", [limit.into()])
            .all(&self.0.readers)
            .await?;
        let uids: Vec<i64> = rows
            .iter()
            .map(|row| row.of("documents").int("uid"))
            .collect::<Result<_>>()?;
        self.documents_by_uid(asker, &uids).await
    }

    fn about(&self, asker: &Asker, item: TodayItem, columns: &str) -> Option<Visible> {
        let (join, condition) = condition(item)?;
        let now = self.0.environment.now();
        let day = |moment: crate::Moment| Bound::Text(moment.local_date("UTC").as_str().to_owned());
        let values: Vec<Bound> = match item {
            TodayItem::ReviewLate => vec![now.plus_seconds(-REVIEW_DAYS_MAX * DAY_S).micros().into()],
            TodayItem::Expiring => vec![day(now), day(now.plus_seconds(EXPIRES_WITHIN_DAYS * DAY_S))],
            _ => Vec::new(),
        };
        Some(
            Visible::documents(asker, now)
                .columns(columns)
                .join(join)
                .and(condition, values),
        )
    }

    /// How many documents that the asker may see came in, by slots of time.
    pub async fn today_intake(&self, asker: &Asker) -> Result<Vec<Slot>> {
        let rows = Visible::documents(asker, self.0.environment.now())
            .columns(format!(
                "d.created_at / {SLOT_US} AS slot, CAST(count(*) AS BIGINT) AS n"
            ))
            .and("d.created_at >= ?", [self.first_shown().into()])
            .then(&format!("GROUP BY d.created_at / {SLOT_US}"), [])
            .all(&self.0.readers)
            .await?;
        slots(&rows)
    }

    /// How often something was looked up, by slots of time: by everybody for those who read the trail, for the others by
    /// themselves.
    pub async fn today_lookups(&self, asker: &Asker) -> Result<Vec<Slot>> {
        let rows = sqlx::query(composed(format!(
            "SELECT at / {SLOT_US} AS slot, CAST(count(*) AS BIGINT) AS n FROM audit_events \
             WHERE action = $1 AND at >= $2 AND ($3 = 1 OR actor = $4) GROUP BY at / {SLOT_US}"
        )))
        .bind(AuditAction::SearchRan.as_str())
        .bind(self.first_shown())
        .bind(i64::from(asker.has(Role::Auditor)))
        .bind(asker.name())
        .fetch_all(&self.0.readers)
        .await?;
        slots(&rows)
    }

    /// A day more than is shown: days of the archive's own zone begin elsewhere.
    fn first_shown(&self) -> i64 {
        let days = i64::try_from(DAYS_SHOWN).unwrap_or(0) + 1;
        self.0.environment.now().plus_seconds(-days * DAY_S).micros()
    }

    /// DiskRoom on the disk of the files, for those who answer for it.
    pub fn room(&self, asker: &Asker) -> Result<DiskRoom> {
        if !asker.has(Role::Archivist) {
            asker.require(Role::Administrator)?;
        }
        let (free_bytes, total_bytes) = self.0.vault.disk()?;
        Ok(DiskRoom {
            free_bytes,
            total_bytes,
            is_short: self.0.vault.room_for(0).is_err(),
        })
    }
}

fn slots(rows: &[AnyRow]) -> Result<Vec<Slot>> {
    rows.iter()
        .map(|row| {
            let row = row.of("documents");
            Ok(Slot {
                slot: row.int("slot")?,
                count: row.int("n")?,
            })
        })
        .collect()
}
