//! Reading and checking the audit trail.

use super::{AuditEvent, AuditReport, EventDraft, EventFilter};
use crate::{
    Archive, Asker, Result, Role, System,
    store::{
        audit_event::Peaks,
        sql::{Columns, composed},
    },
};
use sqlx::any::AnyRow;

const FILTER: &str = "($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object_kind = $3) \
     AND ($4 = '' OR object_id = $4)";

impl Archive {
    /// Records that a person saw or took something; returns when it is on disk.
    pub async fn note_read(&self, asker: &Asker, event: EventDraft) -> Result<()> {
        self.0.read_event(asker.name(), event, None).await
    }

    /// Events, newest first. Auditors and administrators only.
    pub async fn audit_events(&self, asker: &Asker, filter: &EventFilter) -> Result<Vec<AuditEvent>> {
        asker.require(Role::Auditor)?;
        let rows = sqlx::query(composed(format!(
            "SELECT sequence, at, actor, action, object_kind, object_id, outcome, detail FROM audit_events \
             WHERE {FILTER} AND sequence < $5 ORDER BY sequence DESC LIMIT $6"
        )))
        .bind(&filter.actor)
        .bind(&filter.action)
        .bind(&filter.object_kind)
        .bind(&filter.object_id)
        .bind(filter.before.unwrap_or(i64::MAX))
        .bind(i64::try_from(filter.limit).unwrap_or(100))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(event).collect()
    }

    /// How many events a filter finds, whatever its window. Auditors and administrators only.
    pub async fn audit_events_total(&self, asker: &Asker, filter: &EventFilter) -> Result<i64> {
        asker.require(Role::Auditor)?;
        let row = sqlx::query(composed(format!(
            "SELECT CAST(count(*) AS BIGINT) AS n FROM audit_events WHERE {FILTER}"
        )))
        .bind(&filter.actor)
        .bind(&filter.action)
        .bind(&filter.object_kind)
        .bind(&filter.object_id)
        .fetch_one(&self.0.readers)
        .await?;
        row.of("audit_events").int("n")
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
