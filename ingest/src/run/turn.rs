//! A batch has one runner: keeping the lease while a run works, and waiting while another has it.

use super::{Progress, RunEvent, RunLimits};
use reading::cancel::Cancel;
use records::System;
use records::batches::{BatchLease, BatchRun, RawPath};
use records::jobs::Settled;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;
use vocabulary::Bilingual;

/// Renews the lease until it is dropped. The run is stopped with `stop` when it is cancelled, or when the batch is
/// somebody else's by now.
pub(super) struct Heartbeat {
    task: JoinHandle<()>,
    lost: Arc<AtomicBool>,
}

impl Heartbeat {
    pub fn start(system: &System, lease: &BatchLease, limits: &RunLimits, cancel: &Cancel, stop: &Cancel) -> Heartbeat {
        let lost = Arc::new(AtomicBool::new(false));
        let (system, lease, every) = (system.clone(), lease.clone(), limits.heartbeat);
        let (cancel, stop, is_lost) = (cancel.clone(), stop.clone(), lost.clone());
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = cancel.cancelled() => break,
                    () = tokio::time::sleep(every) => {}
                }
                match system.batch_extend(&lease).await {
                    Ok(Settled::Written) => {}
                    Ok(Settled::LeaseLost) => {
                        is_lost.store(true, Ordering::Release);
                        break;
                    }
                    // A full disk or a database that is away may come back before the lease ends.
                    Err(error) => tracing::warn!(%error, "the lease of a batch could not be renewed"),
                }
            }
            stop.cancel();
        });
        Heartbeat { task, lost }
    }

    pub fn has_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits until nobody who is alive runs the batch over these roots. `false`: cancelled.
pub(super) async fn wait(
    system: &System,
    roots: &[RawPath],
    limits: &RunLimits,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> records::Result<bool> {
    while let Some(run) = system.batch_holder(roots).await? {
        progress.event(RunEvent::Waiting {
            why: &Bilingual::new(
                format!("{}; this run begins when that one has ended", who(&run)),
                format!(
                    "{} 上的进程 {} 从 {} 起正在收这批文件；它结束后这次运行就开始",
                    run.runner.machine,
                    run.runner.process,
                    run.since.rfc3339()
                ),
            ),
        });
        tokio::select! {
            () = tokio::time::sleep(limits.turn_retry) => {}
            () = cancel.cancelled() => return Ok(false),
        }
    }
    Ok(true)
}

/// Who is at a batch, in words.
pub(super) fn who(run: &BatchRun) -> String {
    format!(
        "process {} on {} has been at this delivery since {}",
        run.runner.process,
        run.runner.machine,
        run.since.rfc3339()
    )
}
