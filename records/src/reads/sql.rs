//! Writing reads in groups.

use super::{LOOKUPS_MAX, LOOKUPS_WINDOW_S, NumberAsked, SAME_READING_S, numbers_asked};
use crate::{
    Archive, Asker, Environment, Error, RefusedBecause, Result, fold,
    parties::IdentifierKind,
    store::{
        EventDraft, ReadEvent, Store,
        sql::{
            Dialect,
            trail::{insert, read_head, write_head},
        },
    },
};
use sqlx::AnyPool;
use tokio::sync::{mpsc, oneshot};
use vocabulary::{AuditAction, AuditObject};

/// Writes reads into the trail in groups: all that are waiting go into one transaction, then all callers are
/// answered.
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
                Err(cause) => Err(RefusedBecause::TrailNotWritten {
                    cause: cause.to_string(),
                }
                .into()),
            };
            // The event is written even if its reader has gone away.
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
    // Always in the same order, so that two programs on one database never deadlock.
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

impl Archive {
    /// Records that a person saw something, unless the same person saw the same within the last minutes.
    pub async fn note_reading(&self, asker: &Asker, event: EventDraft) -> Result<()> {
        let key = format!(
            "{}\0{}\0{}\0{}\0{}",
            asker.name(),
            event.action.as_str(),
            event.object_kind.as_str(),
            event.object_id,
            event.detail
        );
        let now = self.0.environment.now();
        let then = now.plus_seconds(-SAME_READING_S);
        if self.0.lately.since(&key, then) > 0 {
            return Ok(());
        }
        self.note_read(asker, event).await?;
        self.0.lately.note(key, now, then);
        Ok(())
    }

    /// To be called before customers are looked for by a typed text: a look-up by a personal number, or by a piece of
    /// one, is an event of the trail with what it was, and not with the number. Who may not see such numbers looks up
    /// only so many.
    ///
    /// # Errors
    /// [`RefusedBecause::TooManyLookups`].
    pub async fn note_lookup(&self, asker: &Asker, text: &str, door: &str) -> Result<()> {
        let asked = numbers_asked(text);
        if asked.is_empty() {
            return Ok(());
        }
        let now = self.0.environment.now();
        let same = format!("{}\0lookup\0{}", asker.name(), fold::name(text));
        if self.0.lately.since(&same, now.plus_seconds(-SAME_READING_S)) > 0 {
            return Ok(());
        }
        let all = format!("{}\0lookups", asker.name());
        let then = now.plus_seconds(-LOOKUPS_WINDOW_S);
        let is_over = !asker.sees_personal_numbers() && self.0.lately.since(&all, then) >= LOOKUPS_MAX;
        for NumberAsked { whole, digits } in asked {
            let kind = whole.map_or("piece", IdentifierKind::as_str);
            let event = EventDraft::new(AuditAction::PersonalNumberLookedUp, AuditObject::Customer, "")
                .detail(format!("kind={kind} digits={digits} in={door}"));
            let event = if is_over { event.refused() } else { event };
            self.note_read(asker, event).await?;
            if whole.is_some() && !is_over {
                self.0.lately.note(all.clone(), now, then);
            }
        }
        if is_over {
            return Err(RefusedBecause::TooManyLookups {
                minutes: LOOKUPS_WINDOW_S / 60,
            }
            .into());
        }
        self.0.lately.note(same, now, now.plus_seconds(-SAME_READING_S));
        Ok(())
    }
}

impl Store {
    /// Records a read by a person and returns when it is on disk. The answer must not leave before.
    pub(crate) async fn read_event(&self, actor: &str, event: EventDraft, search: Option<(i64, String)>) -> Result<()> {
        let gone = || Error::from(RefusedBecause::TrailClosed {});
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
