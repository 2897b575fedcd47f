//! Waiting for room on a full disk.

use super::{Progress, RunEvent, RunLimits};
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

pub(super) fn full(error: &records::Error) -> Bilingual {
    both!(
        "{error}; there is no room left: free some space, the import then goes on by itself",
        "没有空间了（{error}）；请腾出空间，随后会自己继续"
    )
}
