//! One worker from the parent's side: start, request with a deadline, watch its memory, kill.

#![expect(unsafe_code, reason = "the size of a page and of a tick are asked of libc")]

use super::spawn::{reap, spawn};
use super::wire;
use crate::limits::WorkerLimits;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use vocabulary::Language;
use vocabulary::detail::{Detail, DetailCode};

/// How to start a worker: this same program with hidden words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerCommand {
    pub program: PathBuf,
    pub args: Vec<OsString>,
    /// The whole environment of the worker; nothing is inherited.
    pub envs: Vec<(OsString, OsString)>,
}

/// The official ONNX runtime reports its use to its maker and keeps a device id in the user's cache
/// unless disabled before it starts; later is too late. An archive reports
/// to nobody.
const NO_TELEMETRY: [(&str, &str); 1] = [("ORT_DISABLE_TELEMETRY", "1")];

/// Why a worker gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// It used the processor time that it may use.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// It was waited for so long by the clock and has had less: the machine gave it none, or it stood still.
    #[error("no processor time within {0:?}")]
    Starved(Duration),
    #[error("more than {0} bytes of memory")]
    OutOfMemory(u64),
    #[error("the worker ended: {0}")]
    Died(String),
    #[error("the worker could not be started: {0}")]
    NotStarted(io::Error),
    /// It says itself why it cannot work.
    #[error("the worker is not ready: {}", .0.text(Language::English))]
    NotReady(Detail),
    #[error("the worker's answer was not understood: {0}")]
    Confused(io::Error),
}

impl CallError {
    /// As it is noted of the page on which the worker was lost.
    pub fn detail(&self) -> Detail {
        match self {
            CallError::TimedOut(time) => DetailCode::NoAnswerWithin.with(format!("{time:?}")),
            CallError::Starved(time) => DetailCode::MachineBusy.with(format!("{time:?}")),
            CallError::OutOfMemory(bytes) => DetailCode::MemoryMax.with(*bytes),
            CallError::Died(how) => DetailCode::WorkerEnded.with(how.as_str()),
            CallError::NotStarted(error) => DetailCode::WorkerNotStarted.with(error.to_string()),
            CallError::NotReady(why) => why.clone(),
            CallError::Confused(error) => DetailCode::WorkerNotUnderstood.with(error.to_string()),
        }
    }
}

/// A running worker. Dropping it kills the process.
pub(super) struct Worker {
    child: Option<Child>,
    pid: u32,
    socket: UnixStream,
    limits: WorkerLimits,
    pub served: u32,
    /// The largest resident size seen, in bytes.
    pub resident_peak: u64,
    /// Processor time used so far.
    pub processor_time: Duration,
    /// A request is under way or went wrong: what comes next on the socket is unknown.
    broken: bool,
}

impl Worker {
    /// Starts a process; the caller waits for its READY with `receive`.
    pub async fn start(command: &WorkerCommand, limits: &WorkerLimits) -> Result<Worker, CallError> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(CallError::NotStarted)?;
        ours.set_nonblocking(true).map_err(CallError::NotStarted)?;
        let socket = UnixStream::from_std(ours).map_err(CallError::NotStarted)?;
        let mut start = Command::new(&command.program);
        start
            .args(&command.args)
            .env_clear()
            .envs(NO_TELEMETRY)
            .envs(command.envs.iter().map(|(k, v)| (k, v)))
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C on the terminal is for this program, which lets its workers end what they have.
            .process_group(0);
        let child = spawn(start).await.map_err(CallError::NotStarted)?;
        Ok(Worker {
            pid: child.id(),
            child: Some(child),
            socket,
            limits: *limits,
            served: 0,
            resident_peak: 0,
            processor_time: Duration::ZERO,
            broken: true,
        })
    }

    /// Waits for the first message of a fresh worker.
    pub async fn ready<R: DeserializeOwned>(&mut self) -> Result<R, CallError> {
        let time = self.limits.start_time;
        let reply = match within(time, self.limits.waits_max, self.pid, self.receive::<R>()).await? {
            Ok((reply, _)) => reply,
            Err(error) => return Err(self.end(error).await),
        };
        self.broken = false;
        Ok(reply)
    }

    /// Asks and waits for the answer, which may cost the worker so much processor time and so much memory.
    pub async fn ask<Q: Serialize, R: DeserializeOwned>(
        &mut self,
        request: &Q,
        file: Option<BorrowedFd<'_>>,
        time: Duration,
    ) -> Result<(R, Option<OwnedFd>), CallError> {
        self.broken = true;
        self.served += 1;
        let bytes_max = self.limits.message_bytes_max;
        let message = wire::encode(request, file.is_some(), bytes_max).map_err(CallError::Confused)?;
        let pid = self.pid;
        let memory_max = self.limits.resident_bytes_max;
        let mut peak = self.resident_peak;
        let mut watch = interval(self.limits.watch_interval);
        watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let outcome = {
            let talk = async {
                self.send(&message, file).await?;
                self.receive::<R>().await
            };
            let guarded = async {
                tokio::pin!(talk);
                loop {
                    tokio::select! {
                        answer = &mut talk => return Ok(answer),
                        _ = watch.tick() => {
                            let now = resident_bytes(pid).unwrap_or(0);
                            peak = peak.max(now);
                            if now > memory_max {
                                return Err(CallError::OutOfMemory(memory_max));
                            }
                        }
                    }
                }
            };
            within(time, self.limits.waits_max, pid, guarded).await
        };
        self.resident_peak = peak.max(resident_bytes(pid).unwrap_or(0));
        self.processor_time = processor_time(pid).unwrap_or(self.processor_time);
        match outcome {
            Err(time) => Err(time),
            Ok(Err(memory)) => Err(memory),
            Ok(Ok(Err(error))) => Err(self.end(error).await),
            Ok(Ok(Ok(answer))) => {
                self.broken = false;
                Ok(answer)
            }
        }
    }

    /// Whether it may serve again, or should be replaced by a fresh one.
    pub fn reusable(&self) -> bool {
        !self.broken
            && self.served < self.limits.recycle_after_requests
            && resident_bytes(self.pid).unwrap_or(u64::MAX) < self.limits.recycle_resident_bytes
    }

    /// The process id, for the log and for tests.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    async fn send(&self, bytes: &[u8], file: Option<BorrowedFd<'_>>) -> io::Result<()> {
        let mut sent = 0;
        while sent < bytes.len() {
            let file = if sent == 0 { file } else { None };
            let rest = &bytes[sent..];
            let send = || wire::send_some(self.socket.as_fd(), rest, file);
            sent += self.socket.async_io(Interest::WRITABLE, send).await?;
        }
        Ok(())
    }

    async fn receive<R: DeserializeOwned>(&self) -> io::Result<(R, Option<OwnedFd>)> {
        let mut head = [0u8; wire::HEADER_BYTES];
        let mut file = self.fill(&mut head).await?;
        let header = wire::parse_header(&head, self.limits.message_bytes_max)?;
        let mut body = vec![0u8; header.body_bytes as usize];
        file = file.or(self.fill(&mut body).await?);
        if header.has_file != file.is_some() {
            let what = "the announced file descriptor did not come";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok((wire::parse_body(&body)?, file))
    }

    async fn fill(&self, bytes: &mut [u8]) -> io::Result<Option<OwnedFd>> {
        let mut file = None;
        let mut done = 0;
        while done < bytes.len() {
            let rest = &mut bytes[done..];
            let (n, with) = self
                .socket
                .async_io(Interest::READABLE, || wire::receive_some(self.socket.as_fd(), rest))
                .await?;
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            done += n;
            file = file.or(with);
        }
        Ok(file)
    }

    /// What a broken conversation means, by how the process ended.
    async fn end(&mut self, error: io::Error) -> CallError {
        if error.kind() == io::ErrorKind::InvalidData {
            return CallError::Confused(error);
        }
        // The socket closes a moment before the process can be waited for.
        let Some(mut child) = self.child.take() else {
            return CallError::Died(error.to_string());
        };
        // It has closed its socket, so it serves no more in any case.
        let _ = child.kill();
        let Ok(Ok(status)) = tokio::task::spawn_blocking(move || child.wait()).await else {
            return CallError::Died(error.to_string());
        };
        // A failed allocation aborts; with a size near the bound that is what happened.
        let aborted = matches!(
            status.signal(),
            Some(libc::SIGABRT | libc::SIGTRAP | libc::SIGILL | libc::SIGSEGV)
        );
        if aborted && self.resident_peak > self.limits.resident_bytes_max / 2 {
            return CallError::OutOfMemory(self.limits.resident_bytes_max);
        }
        CallError::Died(status.to_string())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            reap(child);
        }
    }
}

/// Waits for work that a process does, until it has used so much processor time for it: what a page becomes must not
/// depend on how busy the machine is. A process that gets none is waited for `waits_max` times as long by the clock.
async fn within<T>(time: Duration, waits_max: u32, pid: u32, work: impl Future<Output = T>) -> Result<T, CallError> {
    tokio::pin!(work);
    let before = processor_time(pid).unwrap_or_default();
    let patience = time.saturating_mul(waits_max);
    let end = Instant::now() + patience;
    let mut left = time;
    loop {
        if let Ok(done) = timeout(left, &mut work).await {
            return Ok(done);
        }
        let used = processor_time(pid).map_or(time, |now| now.saturating_sub(before));
        if used >= time {
            return Err(CallError::TimedOut(time));
        }
        left = (time - used).min(end.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return Err(CallError::Starved(patience));
        }
    }
}

/// Whether no more processes want a processor than there are processors.
pub(super) fn machine_is_idle() -> bool {
    let Ok(load) = std::fs::read_to_string("/proc/loadavg") else {
        return true;
    };
    let running = load
        .split_ascii_whitespace()
        .nth(3)
        .and_then(|field| field.split('/').next()?.parse().ok());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    // This process is one of those that run.
    running.is_none_or(|running: usize| running <= processors.max(1))
}

/// Resident size of a process in bytes.
fn resident_bytes(pid: u32) -> Option<u64> {
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    // SAFETY: a constant argument.
    let page_size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    Some(pages * u64::try_from(page_size).ok()?)
}

/// Processor time of a process, user and system.
fn processor_time(pid: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may contain anything; the fields after it are numbers.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    // SAFETY: a constant argument.
    let ticks = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    let milliseconds = (user + system) * 1_000 / u64::try_from(ticks).ok()?.max(1);
    Some(Duration::from_millis(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process that does nothing stands for a machine on which others have all cores: its page may take as long as it
    /// must, though not for ever. The clock is the test's, so that nobody waits for it.
    #[tokio::test(start_paused = true)]
    async fn who_is_kept_from_working_is_waited_for() {
        let mut idle = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process");
        let page_time = Duration::from_secs(1);
        let waits_max = 10;
        let done_after = |pages: u32| within(page_time, waits_max, idle.id(), tokio::time::sleep(page_time * pages));
        for pages in [1, 2, waits_max - 1] {
            assert!(done_after(pages).await.is_ok(), "{pages} times the time of a page");
        }
        let late = done_after(waits_max + 1).await;
        assert!(
            matches!(late, Err(CallError::Starved(_))),
            "not without an end: {late:?}"
        );
        drop(idle.stdin.take());
        idle.wait().expect("it ended");
    }
}
