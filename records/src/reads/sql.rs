//! Writing reads in groups.

use crate::{
    Environment, Error, RefusedBecause, Result,
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
