//! Waiting for room on a full disk, and for a database that is away.

use super::{Error, Progress, Request, Run, RunEvent, RunLimits, plan::Plan};
use reading::cancel::Cancel;
use vocabulary::{Bilingual, both};

/// Retries an action while the disk is full. `None`: the
/// run was cancelled meanwhile.
pub(super) async fn patiently<T, F>(
    limits: &RunLimits,
    progress: &dyn Progress,
    cancel: &Cancel,
    mut work: impl FnMut() -> F,
) -> Result<Option<T>, records::Error>
where
    F: Future<Output = records::Result<T>>,
{
    loop {
        match work().await {
            Err(error) if error.is_full() => {
                if !wait_for_room(limits, progress, cancel, &error).await {
                    return Ok(None);
                }
            }
            result => return result.map(Some),
        }
    }
}

/// No signal says when a disk has room again, so the write is retried after a while. `false`: cancelled.
pub(super) async fn wait_for_room(
    limits: &RunLimits,
    progress: &dyn Progress,
    cancel: &Cancel,
    error: &records::Error,
) -> bool {
    progress.event(RunEvent::Waiting { why: &full(error) });
    tokio::select! {
        () = tokio::time::sleep(limits.full_disk_retry) => true,
        () = cancel.cancelled() => false,
    }
}

impl Run {
    /// The plan, once the database answers; `None`: cancelled meanwhile.
    pub(super) async fn planned(
        &self,
        request: &Request,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Option<Plan>, Error> {
        loop {
            match self.plan(request).await {
                Err(Error::Record(error)) if error.is_away() => {
                    if !self.wait_for_database(progress, cancel, &error).await {
                        return Ok(None);
                    }
                }
                result => return result.map(Some),
            }
        }
    }

    /// Asks the database from time to time until it answers. `false`: cancelled.
    pub(super) async fn wait_for_database(
        &self,
        progress: &dyn Progress,
        cancel: &Cancel,
        error: &records::Error,
    ) -> bool {
        progress.event(RunEvent::Waiting { why: &away(error) });
        while !cancel.is_cancelled() {
            tokio::select! {
                () = tokio::time::sleep(self.limits.turn_retry) => {}
                () = cancel.cancelled() => return false,
            }
            // Any other fault is for the work that goes on to meet.
            if !self.system.settings().await.is_err_and(|error| error.is_away()) {
                return true;
            }
        }
        false
    }
}

fn away(error: &records::Error) -> Bilingual {
    both!(
        "the database does not answer ({error}); the import goes on by itself when it does",
        "数据库没有应答（{error}）；恢复后会自己继续"
    )
}

pub(super) fn full(error: &records::Error) -> Bilingual {
    both!(
        "{error}; there is no room left: free some space, the import then goes on by itself",
        "没有空间了（{error}）；请腾出空间，随后会自己继续"
    )
}
