//! Writing and checking the audit trail.

use super::{AuditReport, Event, EventDraft, EventFilter, Peaks};
use crate::{
    Archive, Asker, Environment, Error, Moment, Result, Role, System,
    store::{
        ReadEvent, Store,
        sql::{Columns, Dialect, composed},
    },
};
use sqlx::{Any, AnyPool, Transaction, any::AnyRow};
use tokio::sync::{mpsc, oneshot};

pub(crate) async fn seed(transaction: &mut Transaction<'static, Any>) -> Result<()> {
    let empty = Peaks::default();
    sqlx::query("INSERT INTO audit_head (one, size, root, peaks) VALUES (1, 0, $1, $2)")
        .bind(empty.root().to_vec())
        .bind(empty.to_bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Appends events to the trail and moves the head. The head row is locked here, as the last thing before the commit.
pub(crate) async fn append(
    transaction: &mut Transaction<'static, Any>,
    dialect: Dialect,
    environment: &Environment,
    at: Moment,
    actor: &str,
    events: &[EventDraft],
) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut peaks = read_head(transaction, dialect).await?;
    for draft in events {
        insert(transaction, environment, &mut peaks, at, actor, draft).await?;
    }
    write_head(transaction, &peaks).await
}

async fn read_head(transaction: &mut Transaction<'static, Any>, dialect: Dialect) -> Result<Peaks> {
    let statement = format!(
        "SELECT size, peaks FROM audit_head WHERE one = 1{}",
        dialect.for_update()
    );
    let row = sqlx::query(composed(statement)).fetch_one(&mut **transaction).await?;
    let size = u64::try_from(row.int("size")?).unwrap_or(0);
    Peaks::from_bytes(size, &row.bytes("peaks")?).ok_or_else(|| Error::Inconsistent {
        table: "audit_head",
        column: "peaks".to_owned(),
        detail: format!("the peaks do not fit a tree of {size} events"),
    })
}

async fn write_head(transaction: &mut Transaction<'static, Any>, peaks: &Peaks) -> Result<()> {
    sqlx::query("UPDATE audit_head SET size = $1, root = $2, peaks = $3 WHERE one = 1")
        .bind(i64::try_from(peaks.size).unwrap_or(i64::MAX))
        .bind(peaks.root().to_vec())
        .bind(peaks.to_bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

async fn insert(
    transaction: &mut Transaction<'static, Any>,
    environment: &Environment,
    peaks: &mut Peaks,
    at: Moment,
    actor: &str,
    draft: &EventDraft,
) -> Result<()> {
    let event = Event {
        sequence: i64::try_from(peaks.size).unwrap_or(i64::MAX) + 1,
        at,
        actor: actor.to_owned(),
        action: draft.action.to_owned(),
        object_kind: draft.object_kind.to_owned(),
        object_id: draft.object_id.clone(),
        outcome: draft.outcome.to_owned(),
        detail: crate::fold::storable(&draft.detail),
    };
    let salt = environment.salt();
    let leaf = event.leaf(&salt);
    peaks.append(leaf);
    sqlx::query(
        "INSERT INTO audit_events (sequence, at, actor, action, object_kind, object_id, outcome, detail, salt, leaf) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(event.sequence)
    .bind(event.at.micros())
    .bind(event.actor)
    .bind(event.action)
    .bind(event.object_kind)
    .bind(event.object_id)
    .bind(event.outcome)
    .bind(event.detail)
    .bind(salt.to_vec())
    .bind(leaf.to_vec())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Writes reads into the trail in groups: whatever waits goes into one transaction, then all of them are answered.
pub(crate) async fn write_read_events(
    writer: AnyPool,
    dialect: Dialect,
    environment: Environment,
    mut waiting: mpsc::Receiver<ReadEvent>,
) {
    const GROUP: usize = 256;
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let outcome = write_group(&writer, dialect, &environment, &group).await;
        if let Err(cause) = &outcome {
            tracing::error!(events = group.len(), %cause, "audit.read_events_not_written");
        }
        for waiter in group.drain(..) {
            let answer = match &outcome {
                Ok(()) => Ok(()),
                Err(cause) => Err(Error::Refused(format!(
                    "the audit trail cannot be written ({cause}), so nothing is shown"
                ))),
            };
            // A reader that went away no longer needs the answer; its event is written all the same.
            let _ = waiter.written.send(answer);
        }
    }
}

async fn write_group(writer: &AnyPool, dialect: Dialect, environment: &Environment, group: &[ReadEvent]) -> Result<()> {
    let mut transaction = match dialect {
        Dialect::Sqlite => writer.begin_with("BEGIN IMMEDIATE").await?,
        Dialect::Postgres => writer.begin().await?,
    };
    let at = environment.now();
    let mut searches: Vec<_> = group.iter().filter_map(|read| read.search.as_ref()).collect();
    // In one order everywhere, so that two programs on one database never wait for each other.
    searches.sort();
    searches.dedup();
    for (user, query) in searches {
        crate::searches::sql::remember(&mut transaction, at, *user, query).await?;
    }
    let mut peaks = read_head(&mut transaction, dialect).await?;
    for read in group {
        insert(&mut transaction, environment, &mut peaks, at, &read.actor, &read.event).await?;
    }
    write_head(&mut transaction, &peaks).await?;
    transaction.commit().await?;
    Ok(())
}

impl Store {
    /// Records a read by a person and returns when it is on disk. The answer must not leave before.
    pub(crate) async fn read_event(&self, actor: &str, event: EventDraft, search: Option<(i64, String)>) -> Result<()> {
        let gone =
            || Error::Refused("the audit trail is closed, so nothing is shown; the program is stopping".to_owned());
        let (written, answer) = oneshot::channel();
        self.read_events
            .send(ReadEvent {
                actor: actor.to_owned(),
                event,
                search,
                written,
            })
            .await
            .map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Archive {
    /// Records that a person saw or took something; returns when it is on disk.
    pub async fn note_read(&self, asker: &Asker, event: EventDraft) -> Result<()> {
        self.0.read_event(asker.name(), event, None).await
    }

    /// Events, newest first. Auditors and administrators only.
    pub async fn audit_events(&self, asker: &Asker, filter: &EventFilter) -> Result<Vec<Event>> {
        asker.require(Role::Auditor)?;
        let rows = sqlx::query(
            "SELECT sequence, at, actor, action, object_kind, object_id, outcome, detail FROM audit_events \
             WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object_kind = $3) \
             AND ($4 = '' OR object_id = $4) AND sequence < $5 ORDER BY sequence DESC LIMIT $6",
        )
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
            let next = last.int("sequence")?;
            for row in &rows {
                let event = event(row)?;
                if event.sequence != i64::try_from(peaks.size).unwrap_or(i64::MAX) + 1 {
                    problems.push(format!("event {} does not follow event {}", event.sequence, peaks.size));
                }
                let leaf = event.leaf(&row.bytes("salt")?);
                if row.bytes("leaf")? != leaf {
                    problems.push(format!("event {} was changed after it was written", event.sequence));
                }
                peaks.append(leaf);
            }
            after = next;
        }
        let head = sqlx::query("SELECT size, root FROM audit_head WHERE one = 1")
            .fetch_one(&self.0.readers)
            .await?;
        let size = u64::try_from(head.int("size")?).unwrap_or(0);
        // Reads go on being recorded while this runs, so a head that is ahead is only wrong when events are missing.
        if size < peaks.size || (size == peaks.size && head.bytes("root")? != peaks.root()) {
            problems.push(format!(
                "the head of {size} events does not fit the {} events found",
                peaks.size
            ));
        } else if size > peaks.size {
            let newest: i64 =
                sqlx::query("SELECT CAST(coalesce(max(sequence), 0) AS BIGINT) AS newest FROM audit_events")
                    .fetch_one(&self.0.readers)
                    .await?
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

pub(crate) fn event(row: &AnyRow) -> Result<Event> {
    Ok(Event {
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
