//! Which checks are to be made: of rooms past their interval, and those that somebody has ordered.

use super::{require_reading, rules::rules};
use crate::{
    Archive, Asker, Moment, Result,
    ids::KeepingCheckId,
    keeping::{KeepingDue, KeepingKind, KeepingOccasion},
    store::sql::Columns,
};
use std::collections::HashMap;

const DAY_S: i64 = 24 * 60 * 60;
/// A month in days, leap days with them.
const MONTH_DAYS: f64 = 30.4375;
/// Between a place and what is inside it in a sort key.
const INSIDE: char = '\u{1}';

impl Archive {
    /// Checks that are to be made: ordered ones first, then rooms and safes that nobody has checked for longer than the
    /// rules say, the longest first.
    pub async fn keeping_due(&self, asker: &Asker) -> Result<Vec<KeepingDue>> {
        require_reading(asker)?;
        let months = rules(&self.0).await?.months;
        let interval_s = (months as f64 * MONTH_DAYS) as i64 * DAY_S;
        let now = self.0.environment.now();
        let last = self.last_checks().await?;
        let mut due = self.ordered(&last).await?;
        let rooms = sqlx::query(
            "SELECT uid, code, name, sort_key FROM locations WHERE retired = 0 AND kind IN ('room', 'safe') ORDER BY sort_key",
        )
        .fetch_all(&self.0.readers)
        .await?;
        let mut regular = Vec::new();
        for row in &rooms {
            let row = row.of("locations");
            let key = row.text("sort_key")?;
            for kind in [KeepingKind::Room, KeepingKind::Holding] {
                let seen = last_of(&last, &key, kind);
                let next = seen.map(|seen| seen.plus_seconds(interval_s));
                if next.is_none_or(|next| next <= now) {
                    regular.push(KeepingDue {
                        place: row.text("code")?,
                        place_name: row.text("name")?,
                        kind,
                        occasion: KeepingOccasion::Regular,
                        last: seen,
                        due: next
                            .map(|next| next.local_date("UTC").as_str().to_owned())
                            .unwrap_or_default(),
                        reason: String::new(),
                        order: None,
                    });
                }
            }
        }
        regular.sort_by_key(|due| due.last.map_or(i64::MIN, Moment::micros));
        due.extend(regular);
        Ok(due)
    }

    /// When a place was last checked, itself or with what is around it; `None` for never.
    pub async fn keeping_last(&self, asker: &Asker, code: &str, kind: KeepingKind) -> Result<Option<Moment>> {
        require_reading(asker)?;
        let key = crate::places::LocationCode::parse(code)?.sort_key();
        Ok(last_of(&self.last_checks().await?, &key, kind))
    }

    /// The last check of each kind of each place, by the sort key of the place.
    async fn last_checks(&self) -> Result<HashMap<(String, KeepingKind), Moment>> {
        let rows = sqlx::query(
            "SELECT l.sort_key, c.kind, max(c.done_at) AS done_at FROM keeping_checks c JOIN locations l ON l.uid = c.location_uid \
             WHERE c.state = 'done' GROUP BY l.sort_key, c.kind",
        )
        .fetch_all(&self.0.readers)
        .await?;
        let each = rows.iter().map(|row| {
            let row = row.of("keeping_checks");
            let kind = row.word("kind", KeepingKind::from_code)?;
            Ok(((row.text("sort_key")?, kind), row.moment("done_at")?))
        });
        each.collect()
    }

    async fn ordered(&self, last: &HashMap<(String, KeepingKind), Moment>) -> Result<Vec<KeepingDue>> {
        let rows = sqlx::query(
            "SELECT c.uid, c.id, c.kind, c.occasion, c.due, c.reason, l.code, l.name, l.sort_key FROM keeping_checks c \
             JOIN locations l ON l.uid = c.location_uid WHERE c.state = 'ordered' ORDER BY c.due, c.uid",
        )
        .fetch_all(&self.0.readers)
        .await?;
        let each = rows.iter().map(|row| {
            let row = row.of("keeping_checks");
            let kind = row.word("kind", KeepingKind::from_code)?;
            Ok(KeepingDue {
                last: last_of(last, &row.text("sort_key")?, kind),
                place: row.text("code")?,
                place_name: row.text("name")?,
                kind,
                occasion: row.word("occasion", KeepingOccasion::from_code)?,
                due: row.text("due")?,
                reason: row.text("reason")?,
                order: Some(row.read("id", KeepingCheckId::parse)?),
            })
        });
        each.collect()
    }
}

/// Whoever checks a room has checked all that is in it.
fn last_of(last: &HashMap<(String, KeepingKind), Moment>, key: &str, kind: KeepingKind) -> Option<Moment> {
    let ends = key.match_indices(INSIDE).map(|(at, _)| at).chain([key.len()]);
    ends.filter_map(|end| last.get(&(key[..end].to_owned(), kind)).copied())
        .max()
}
