//! Starting and reaping worker processes from one thread that lives as long as the program.
//!
//! The kernel sends a worker its death signal when the *thread* that started it ends, not the
//! process; threads of a runtime come and go, so they must not start workers.

use std::io;
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use tokio::sync::oneshot;

type Reply = oneshot::Sender<io::Result<Child>>;

static SPAWNER: OnceLock<Sender<(Command, Reply)>> = OnceLock::new();
static REAPER: OnceLock<Sender<Child>> = OnceLock::new();

/// Starts the command from the long-lived thread.
pub(super) async fn spawn(command: Command) -> io::Result<Child> {
    let gone = || io::Error::other("the spawner thread ended");
    let sender = SPAWNER.get_or_init(|| {
        let (sender, receiver) = channel::<(Command, Reply)>();
        start("dossier-spawner", move || {
            for (mut command, reply) in receiver {
                // A caller that went away leaves a child without a master: end it.
                if let Err(Ok(child)) = reply.send(command.spawn()) {
                    reap(child);
                }
            }
        });
        sender
    });
    let (reply, answer) = oneshot::channel();
    sender.send((command, reply)).map_err(|_| gone())?;
    answer.await.map_err(|_| gone())?
}

/// Kills the child and reaps it on another thread, so that no zombie stays and no caller is blocked.
pub(super) fn reap(mut child: Child) {
    // It may have ended by itself; then there is nothing to kill.
    let _ = child.kill();
    let sender = REAPER.get_or_init(|| {
        let (sender, receiver) = channel::<Child>();
        start("dossier-reaper", move || {
            for mut child in receiver {
                if let Err(error) = child.wait() {
                    tracing::warn!(%error, "could not wait for a worker");
                }
            }
        });
        sender
    });
    // The thread ends only with the process.
    let _ = sender.send(child);
}

fn start(name: &str, run: impl FnOnce() + Send + 'static) {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    if let Err(error) = started {
        // The channel is closed then, and each spawn reports it.
        tracing::error!(%error, name, "could not start a thread");
    }
}
