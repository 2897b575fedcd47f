//! A worker for one piece of work: bytes in, bytes out, and it ends. What the work is, this room does not know.

use super::process::{CallError, Worker, WorkerCommand};
use super::sandbox::{lock_in, tie_to_parent};
use super::serve::{take_socket, watch_parent};
use super::wire;
use crate::bitmap::{read_sealed, sealed};
use crate::limits::WorkerLimits;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::time::Duration;

/// The bytes come along as a sealed memory file.
#[derive(Debug, Serialize, Deserialize)]
struct OneWork {
    /// What the worker is told beside the bytes.
    argument: String,
}

#[derive(Debug, Serialize, Deserialize)]
enum OneWorkReply {
    Ready {
        sandbox: String,
    },
    /// The answer comes along as a sealed memory file.
    Done {
        bytes: u64,
    },
}

/// Why a piece of work has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkError {
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    #[error("more than {0} bytes of memory")]
    OutOfMemory(u64),
    #[error("an answer of {found} bytes, {limit} are allowed")]
    AnswerTooLarge { found: u64, limit: u64 },
    #[error("{0}")]
    Failed(String),
}

impl From<CallError> for WorkError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::TimedOut(time) => WorkError::TimedOut(time),
            CallError::OutOfMemory(bytes) => WorkError::OutOfMemory(bytes),
            other => WorkError::Failed(other.to_string()),
        }
    }
}

/// The whole life of such a worker, before any thread or runtime is started.
///
/// # Errors
/// When it cannot be locked in or the parent speaks another version.
pub fn main_once(limits: &WorkerLimits, work: impl FnOnce(&str, &[u8]) -> Vec<u8>) -> io::Result<()> {
    let own_network = tie_to_parent();
    let socket = take_socket()?;
    let sandbox = lock_in(limits, &[], own_network)?;
    watch_parent(&socket)?;
    let bytes_max = limits.message_bytes_max;
    wire::send(&socket, &OneWorkReply::Ready { sandbox }, None, bytes_max)?;
    let Some((OneWork { argument }, file)) = wire::receive::<OneWork>(&socket, bytes_max)? else {
        return Ok(());
    };
    let file = file.ok_or_else(|| io::Error::other("no bytes came along"))?;
    // The sender has left the place of the file at its end.
    let mut given = Vec::new();
    let mut file = File::from(file);
    io::Seek::rewind(&mut file)?;
    file.read_to_end(&mut given)?;
    let answer = work(&argument, &given);
    let bytes = answer.len() as u64;
    let file = sealed(&answer)?;
    wire::send(&socket, &OneWorkReply::Done { bytes }, Some(file.as_fd()), bytes_max)
}

/// Starts a worker, gives it the bytes and waits for its answer. It is killed when it takes longer than
/// `limits.document_time` or more memory than it may have, and when the caller goes away.
///
/// # Errors
/// When there is no answer, or one that is too large.
pub async fn run_once(
    command: &WorkerCommand,
    limits: &WorkerLimits,
    argument: String,
    given: &[u8],
    answer_bytes_max: u64,
) -> Result<Vec<u8>, WorkError> {
    let failed = |error: io::Error| WorkError::Failed(error.to_string());
    let file = sealed(given).map_err(failed)?;
    let mut worker = Worker::start(command, limits).await?;
    if let OneWorkReply::Ready { sandbox } = worker.ready().await? {
        tracing::debug!(pid = worker.pid(), sandbox, "worker.ready");
    }
    let work = OneWork { argument };
    let asked = worker.ask(&work, Some(file.as_fd()), limits.document_time);
    let (reply, answer) = asked.await?;
    match (reply, answer) {
        (OneWorkReply::Done { bytes }, _) if bytes > answer_bytes_max => Err(WorkError::AnswerTooLarge {
            found: bytes,
            limit: answer_bytes_max,
        }),
        (OneWorkReply::Done { bytes }, Some(file)) => read_sealed(&file, bytes).map_err(failed),
        _ => Err(WorkError::Failed("the worker gave no answer".to_owned())),
    }
}
