//! A batch has one runner: who this one is, whether another is gone, and keeping the lease while a run works.

use super::{Progress, RunEvent, RunLimits};
use reading::cancel::Cancel;
use records::System;
use records::batches::{BatchLease, BatchRun, RawPath, Runner};
use records::jobs::Settled;
use rustix::process::{Pid, test_kill_process};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;
use vocabulary::Bilingual;

/// This process.
pub(super) fn own() -> Runner {
    let process = std::process::id();
    let mark = match (place(), started(process)) {
        (Some(place), Some(at)) => format!("{place} {}", at.ticks),
        _ => String::new(),
    };
    Runner {
        process: i64::from(process),
        machine: std::fs::read_to_string("/proc/sys/kernel/hostname")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        mark,
    }
}

/// Whether a process has provably ended: only where its number means the same as here, which is on this machine since it
/// was last started and among the processes that this one sees.
pub fn is_gone(runner: &Runner) -> bool {
    let (Some((place_then, ticks)), Ok(process)) = (runner.mark.rsplit_once(' '), u32::try_from(runner.process)) else {
        return false;
    };
    if place().as_deref() != Some(place_then) {
        return false;
    }
    let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) else {
        return false;
    };
    if test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
        return true;
    }
    // Another process has the number by now, or it ended and its parent has not looked yet.
    started(process).is_some_and(|at| at.is_ended || at.ticks.to_string() != ticks)
}

/// The start of the machine, and the namespace in which numbers of processes hold.
fn place() -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), namespace.display()))
}

struct Started {
    /// Clock ticks after the start of the machine.
    ticks: u64,
    is_ended: bool,
}

fn started(process: u32) -> Option<Started> {
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program is in brackets and may hold anything; the state is the first field after it.
    let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    Some(Started {
        ticks: fields.get(19)?.parse().ok()?,
        is_ended: matches!(fields.first(), Some(&("Z" | "X"))),
    })
}

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
        if is_gone(&run.runner) {
            return Ok(true);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn only_a_process_that_has_ended_is_gone() {
        assert!(!is_gone(&own()), "this one is alive");
        let mut other = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process");
        let runner = |mark: String| Runner {
            process: i64::from(other.id()),
            machine: "elsewhere".to_owned(),
            mark,
        };
        let at = started(other.id()).expect("it runs");
        let place = place().expect("Linux says so");
        let (alive, reused) = (
            runner(format!("{place} {}", at.ticks)),
            runner(format!("{place} {}", at.ticks + 1)),
        );
        let other_machine = runner(format!("another-boot pid:[1] {}", at.ticks + 1));
        assert!(!is_gone(&alive));
        assert!(is_gone(&reused), "its number belongs to a later process");
        assert!(!is_gone(&other_machine), "numbers of other machines say nothing");
        drop(other.stdin.take());
        // The parent has not waited for it yet: it shows as ended.
        let id = other.id();
        while started(id).is_some_and(|at| !at.is_ended) {
            std::thread::yield_now();
        }
        assert!(is_gone(&alive));
        other.wait().expect("it ended");
        assert!(is_gone(&alive));
        assert!(!is_gone(&Runner::default()), "nothing is known of it");
    }
}
