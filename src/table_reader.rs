//! Behind the trait of records: tables that strangers send are read by this program started again, locked in.

use crate::{language::said, settings::Settings};
use anyhow::{Context, Result};
use reading::{
    limits::WorkerLimits,
    worker::{WorkError, WorkerCommand, run_once},
};
use records::tables::{
    TableError, TableMeasure, TableRequest,
    reader::{self, TableFuture, TableReader},
};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Tables read at once; the others wait.
const AT_ONCE: usize = 2;
/// Bytes of an answer for each byte that a table may have: quotes, commas and escaped characters come to its text.
const ANSWER_BYTES_PER_BYTE: u64 = 6;

pub struct TableWorkers {
    command: WorkerCommand,
    limits: WorkerLimits,
    turns: Semaphore,
}

impl TableWorkers {
    /// # Errors
    /// When the program does not know where it is.
    pub fn new(settings: &Settings) -> Result<Self> {
        let program = std::env::current_exe()
            .with_context(|| said!("the program does not know where it is", "程序不知道自己在哪里"))?;
        Ok(Self {
            command: WorkerCommand {
                program,
                args: vec!["worker".into(), "table".into()],
                envs: Vec::new(),
            },
            limits: WorkerLimits {
                document_time: Duration::from_secs(settings.page_seconds),
                ..WorkerLimits::table()
            },
            turns: Semaphore::new(AT_ONCE),
        })
    }
}

impl TableReader for TableWorkers {
    fn lines(&self, bytes: Vec<u8>, request: TableRequest) -> TableFuture<'_> {
        Box::pin(async move {
            let limits = request.limits;
            if bytes.len() > limits.bytes_max {
                return Err(TableError::TooLarge {
                    what: TableMeasure::Bytes,
                    found: bytes.len(),
                    limit: limits.bytes_max,
                });
            }
            let failed = |cause: String| TableError::Reader(cause);
            let _turn = self.turns.acquire().await.map_err(|cause| failed(cause.to_string()))?;
            let answer_max = (limits.bytes_max as u64).saturating_mul(ANSWER_BYTES_PER_BYTE);
            let asked = reader::asked(&request);
            let answer = run_once(&self.command, &self.limits, asked, &bytes, answer_max)
                .await
                .map_err(refused)?;
            // Megabytes of JSON are not for a thread of the runtime.
            let understood = tokio::task::spawn_blocking(move || reader::understood(&answer)).await;
            understood.map_err(|cause| failed(cause.to_string()))?
        })
    }
}

fn refused(error: WorkError) -> TableError {
    match error {
        WorkError::TimedOut(time) => TableError::TooSlow {
            seconds: time.as_secs(),
        },
        WorkError::OutOfMemory(bytes) => TableError::TooMuchMemory { megabytes: bytes >> 20 },
        other => TableError::Reader(other.to_string()),
    }
}

/// The whole life of a worker that reads a table.
///
/// # Errors
/// When it cannot be locked in.
pub fn work() -> std::io::Result<()> {
    reading::worker::main_once(&WorkerLimits::table(), reader::answer)
}
