//! The one way to change the record.

use super::{
    schema::{Dialect, composed},
    trail,
};
use crate::{
    Environment, Moment, Result, System,
    store::{
        Store,
        audit_event::EventDraft,
        change_subject::ChangeSubject,
        recorded::Recorded,
        recorder_sql::{Object, Recorder},
    },
};
use sqlx::{Any, AnyConnection, Transaction};
use std::collections::{HashSet, VecDeque};

/// One change of the record: everything written through it is committed at once, with its history, audit events and
/// change-log rows, or not at all. Recorded tables are written by its methods `insert`, `update` and `delete`
/// (`write_sql.rs`), which keep the history by themselves.
pub(crate) struct Change {
    pub transaction: Transaction<'static, Any>,
    pub at: Moment,
    pub actor: String,
    pub dialect: Dialect,
    pub environment: Environment,
    pub(in crate::store) recorded: &'static [&'static Recorded],
    pub(in crate::store) recorder: Recorder,
    /// The records to which the last rows that were written belong, each with the table and uid that led to it: a customer
    /// and its party are written by turns.
    known_objects: VecDeque<(&'static str, i64, Object)>,
    events: Vec<EventDraft>,
    /// In the order in which they were touched.
    touched: Vec<(ChangeSubject, i64)>,
    is_touched: HashSet<(ChangeSubject, i64)>,
}

const KNOWN_OBJECTS_MAX: usize = 4;

/// Change-log rows that one statement writes.
const TOUCHED_AT_ONCE: usize = 200;

impl Store {
    /// Begins a change in the name of `actor`.
    pub(crate) async fn change(&self, actor: &str) -> Result<Change> {
        Ok(Change {
            transaction: self.writer.begin_with(self.dialect.begin()).await?,
            at: self.environment.now(),
            actor: actor.to_owned(),
            dialect: self.dialect,
            environment: self.environment.clone(),
            recorded: self.recorded,
            recorder: Recorder::default(),
            known_objects: VecDeque::with_capacity(KNOWN_OBJECTS_MAX),
            events: Vec::new(),
            touched: Vec::new(),
            is_touched: HashSet::new(),
        })
    }

    /// Closes the connections after what was begun has ended.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl System {
    /// Closes the connections after what was begun has ended; SQLite then folds its log into the file.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Change {
    pub fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Holds the archive until the end of this change, for what only one at a time may decide: who the first or the
    /// last administrator is, what the settings are. SQLite has one writer anyway.
    pub async fn lock_archive(&mut self) -> Result<()> {
        let statement = format!(
            "SELECT value FROM settings WHERE name = 'archive_id'{}",
            self.dialect.for_update()
        );
        sqlx::query(composed(statement)).fetch_one(self.connection()).await?;
        Ok(())
    }

    /// What happened, for the audit trail.
    pub fn event(&mut self, event: EventDraft) {
        self.events.push(event);
    }

    /// What the followers of the change log must look at again. Each subject is listed once.
    pub fn touch(&mut self, subject: ChangeSubject, uid: i64) {
        if self.is_touched.insert((subject, uid)) {
            self.touched.push((subject, uid));
        }
    }

    pub(in crate::store) fn known_object(&self, table: &str, uid: i64) -> Option<&Object> {
        let mut known = self.known_objects.iter();
        let found = known.find(|(known, of, _)| *known == table && *of == uid);
        found.map(|(_, _, object)| object)
    }

    pub(in crate::store) fn know_object(&mut self, table: &'static str, uid: i64, object: &Object) {
        if self.known_objects.len() >= KNOWN_OBJECTS_MAX {
            self.known_objects.pop_front();
        }
        self.known_objects.push_back((table, uid, object.clone()));
    }

    /// Writes the gathered history rows when there are many.
    pub(in crate::store) async fn write_history_when_full(&mut self) -> Result<()> {
        if self.recorder.is_full() {
            self.write_history().await?;
        }
        Ok(())
    }

    async fn write_history(&mut self) -> Result<()> {
        self.recorder
            .flush(&mut self.transaction, &self.environment, self.at, &self.actor)
            .await
    }

    /// Writes history, change-log rows and audit events, then commits.
    pub async fn commit(mut self) -> Result<()> {
        self.write_history().await?;
        for some in std::mem::take(&mut self.touched).chunks(TOUCHED_AT_ONCE) {
            let row = |at: usize| format!("({}, ${}, ${})", self.dialect.xid(), 2 * at + 1, 2 * at + 2);
            let rows: Vec<String> = (0..some.len()).map(row).collect();
            let statement = format!(
                "INSERT INTO change_log (xid, object_kind, object_uid) VALUES {}",
                rows.join(", ")
            );
            let query = some
                .iter()
                .fold(sqlx::query(composed(statement)), |query, (subject, uid)| {
                    query.bind(subject.as_str()).bind(*uid)
                });
            query.execute(&mut *self.transaction).await?;
        }
        let events = std::mem::take(&mut self.events);
        trail::append(
            &mut self.transaction,
            self.dialect,
            &self.environment,
            self.at,
            &self.actor,
            &events,
        )
        .await?;
        self.transaction.commit().await?;
        Ok(())
    }
}
