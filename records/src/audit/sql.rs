//! Reading and checking the audit trail.

use super::{AuditEvent, AuditReport, EventDraft, EventFilter};
use crate::{
    Archive, Asker, Result, Role, System, privacy,
    store::{
        audit_event::{Peaks, QUERY},
        sql::{Columns, composed},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditObject, Total};

/// The conditions that a filter makes, numbered from 1, and what stands for their places. Nothing is asked of a field that does
/// not narrow, so that the index of another one serves.
fn narrowed(filter: &EventFilter) -> (String, Vec<&str>) {
    let (mut condition, mut values) = ("1 = 1".to_owned(), Vec::new());
    for (column, value) in [
        ("actor", &filter.actor),
        ("action", &filter.action),
        ("object_kind", &filter.object_kind),
        ("object_id", &filter.object_id),
    ] {
        if !value.is_empty() {
            values.push(value.as_str());
            condition.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    // The index of objects begins with their kind.
    if !filter.object_id.is_empty() && filter.object_kind.is_empty() {
        let kinds: Vec<String> = AuditObject::ALL
            .iter()
            .map(|kind| format!("'{}'", kind.as_str()))
            .collect();
        condition.push_str(&format!(" AND object_kind IN ({})", kinds.join(", ")));
    }
    let pairs: Vec<String> = filter
        .objects
        .iter()
        .map(|(kind, id)| {
            values.extend([kind.as_str(), id.as_str()]);
            format!(
                "(object_kind = ${} AND object_id = ${})",
                values.len() - 1,
                values.len()
            )
        })
        .collect();
    if !pairs.is_empty() {
        condition.push_str(&format!(" AND ({})", pairs.join(" OR ")));
    }
    if let Some(from) = filter.from {
        condition.push_str(&format!(" AND at >= {}", from.micros()));
    }
    if let Some(until) = filter.until {
        condition.push_str(&format!(" AND at < {}", until.micros()));
    }
    (condition, values)
}

/// What comes before a window, and its order. `$before` is always bound.
fn in_order(filter: &EventFilter, before: usize) -> String {
    if filter.from.is_none() && filter.until.is_none() {
        return format!(" AND sequence < ${before} ORDER BY sequence DESC");
    }
    let order = "ORDER BY at DESC, sequence DESC";
    match filter.before {
        None => format!(" AND sequence < ${before} {order}"),
        Some(_) => {
            let last = format!("(SELECT b.at FROM audit_events b WHERE b.sequence = ${before})");
            format!(" AND at <= {last} AND (at < {last} OR sequence < ${before}) {order}")
        }
    }
}

impl Archive {
    /// Records that a person saw or took something; returns when it is on disk.
    pub async fn note_read(&self, asker: &Asker, event: EventDraft) -> Result<()> {
        self.0.read_event(asker.name(), event, None).await
    }

    /// Events, newest first; those of a time in the order of time, so that an index serves both. Auditors and administrators
    /// only.
    pub async fn audit_events(&self, asker: &Asker, filter: &EventFilter) -> Result<Vec<AuditEvent>> {
        asker.require(Role::Auditor)?;
        let (condition, values) = narrowed(filter);
        let (before, limit) = (values.len() + 1, values.len() + 2);
        let statement = format!(
            "SELECT sequence, at, actor, action, object_kind, object_id, outcome, detail FROM audit_events \
             WHERE {condition}{} LIMIT ${limit}",
            in_order(filter, before)
        );
        let query = values
            .into_iter()
            .fold(sqlx::query(composed(statement)), |query, value| {
                query.bind(value.to_owned())
            });
        let rows = query
            .bind(filter.before.unwrap_or(i64::MAX))
            .bind(i64::try_from(filter.limit).unwrap_or(100))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| {
                let mut event = event(row)?;
                // What was searched for may be a number that this reader of the trail may not see.
                if let Some((before, query)) = event.detail.split_once(QUERY) {
                    event.detail = format!("{before}{QUERY}{}", privacy::shown_text(asker, query.to_owned()));
                }
                Ok(event)
            })
            .collect()
    }

    /// How many events a filter finds, whatever its window. Auditors and administrators only.
    pub async fn audit_events_total(&self, asker: &Asker, filter: &EventFilter) -> Result<Total> {
        asker.require(Role::Auditor)?;
        let (condition, values) = narrowed(filter);
        if values.is_empty() && filter.from.is_none() && filter.until.is_none() {
            // The numbers of events have no gap, so the newest says how many there are.
            let newest = sqlx::query("SELECT CAST(coalesce(max(sequence), 0) AS BIGINT) AS n FROM audit_events")
                .fetch_one(&self.0.readers)
                .await?;
            return newest.of("audit_events").int("n").map(Total::from);
        }
        let statement = format!(
            "SELECT CAST(count(*) AS BIGINT) AS n FROM (SELECT 1 FROM audit_events WHERE {condition} LIMIT {}) AS counted",
            Total::COUNTED_MAX + 1
        );
        let query = values
            .into_iter()
            .fold(sqlx::query(composed(statement)), |query, value| {
                query.bind(value.to_owned())
            });
        let row = query.fetch_one(&self.0.readers).await?;
        row.of("audit_events").int("n").map(Total::of_count)
    }

    /// Checks the whole trail, see [`System::audit_verify`]. Auditors and administrators only.
    pub async fn audit_verify(&self, asker: &Asker) -> Result<AuditReport> {
        asker.require(Role::Auditor)?;
        System(self.0.clone()).audit_verify().await
    }
}

impl System {
    /// Computes every leaf and the root anew and compares them with what is stored.
    pub async fn audit_verify(&self) -> Result<AuditReport> {
        const STEP: i64 = 5_000;
        let mut problems = Vec::new();
        let mut peaks = Peaks::default();
        let mut after = 0;
        loop {
            let rows = sqlx::query(
                "SELECT sequence, at, actor, action, object_kind, object_id, outcome, detail, salt, leaf \
                 FROM audit_events WHERE sequence > $1 ORDER BY sequence LIMIT $2",
            )
            .bind(after)
            .bind(STEP)
            .fetch_all(&self.0.readers)
            .await?;
            let Some(last) = rows.last() else { break };
            let next = last.of("audit_events").int("sequence")?;
            for row in &rows {
                let event = event(row)?;
                if event.sequence != i64::try_from(peaks.size).unwrap_or(i64::MAX) + 1 {
                    problems.push(format!("event {} does not follow event {}", event.sequence, peaks.size));
                }
                let leaf = event.leaf(&row.of("audit_events").bytes("salt")?);
                if row.of("audit_events").bytes("leaf")? != leaf {
                    problems.push(format!("event {} was changed after it was written", event.sequence));
                }
                peaks.append(leaf);
            }
            after = next;
        }
        let head = sqlx::query("SELECT size, root FROM audit_head WHERE one = 1")
            .fetch_one(&self.0.readers)
            .await?;
        let size = u64::try_from(head.of("audit_head").int("size")?).unwrap_or(0);
        // Reads are recorded while this runs, so a head that is ahead is wrong only if events are missing.
        if size < peaks.size || (size == peaks.size && head.of("audit_head").bytes("root")? != peaks.root()) {
            problems.push(format!(
                "the head of {size} events does not fit the {} events found",
                peaks.size
            ));
        } else if size > peaks.size {
            let newest: i64 =
                sqlx::query("SELECT CAST(coalesce(max(sequence), 0) AS BIGINT) AS newest FROM audit_events")
                    .fetch_one(&self.0.readers)
                    .await?
                    .of("audit_events")
                    .int("newest")?;
            if u64::try_from(newest).unwrap_or(0) < size {
                problems.push(format!(
                    "the last {} events are missing",
                    size - u64::try_from(newest).unwrap_or(0)
                ));
            }
        }
        Ok(AuditReport {
            events: i64::try_from(peaks.size).unwrap_or(i64::MAX),
            root: peaks.root(),
            problems,
        })
    }
}

pub(crate) fn event(row: &AnyRow) -> Result<AuditEvent> {
    let row = &row.of("audit_events");
    Ok(AuditEvent {
        sequence: row.int("sequence")?,
        at: row.moment("at")?,
        actor: row.text("actor")?,
        action: row.text("action")?,
        object_kind: row.text("object_kind")?,
        object_id: row.text("object_id")?,
        outcome: row.text("outcome")?,
        detail: row.text("detail")?,
    })
}
