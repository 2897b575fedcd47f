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
use std::{path::PathBuf, time::Duration};
use tokio::sync::Semaphore;

/// Tables read at once; the others wait.
const AT_ONCE: usize = 2;
/// Memory of a worker: what lines, words and answer of an honest table come to, and no less and no more than this. A
/// bomb is small, so that it has little.
const MEMORY_BYTES_PER_BYTE: u64 = 16;
const MEMORY_MEGABYTES: std::ops::RangeInclusive<u64> = 512..=3_072;
/// Bytes of an answer for each byte that a table may have: quotes, commas and escaped characters come to its text.
const ANSWER_BYTES_PER_BYTE: u64 = 6;

pub struct TableWorkers {
    program: PathBuf,
    time: Duration,
    turns: Semaphore,
}

impl TableWorkers {
    /// # Errors
    /// When the program does not know where it is.
    pub fn new(settings: &Settings) -> Result<Self> {
        let program = std::env::current_exe()
            .with_context(|| said!("the program does not know where it is", "程序不知道自己在哪里"))?;
        Ok(Self {
            program,
            time: Duration::from_secs(settings.page_seconds),
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
            let megabytes = megabytes(bytes.len());
            let command = WorkerCommand {
                program: self.program.clone(),
                args: vec![
                    "worker".into(),
                    "table".into(),
                    format!("--megabytes={megabytes}").into(),
                ],
                envs: Vec::new(),
            };
            let bounds = WorkerLimits {
                document_time: self.time,
                ..WorkerLimits::table(megabytes << 20)
            };
            let answer = run_once(&command, &bounds, asked, &bytes, answer_max)
                .await
                .map_err(refused)?;
            // Megabytes of JSON are not for a thread that others wait for. The lines are made where they are used: the memory of
            // another thread would not be used again.
            tokio::task::block_in_place(|| reader::understood(&answer))
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
pub fn work(megabytes: u64) -> std::io::Result<()> {
    reading::worker::main_once(&WorkerLimits::table(megabytes << 20), reader::answer)
}

/// Memory for a table of so many bytes.
fn megabytes(bytes: usize) -> u64 {
    let wanted = (bytes as u64).saturating_mul(MEMORY_BYTES_PER_BYTE) >> 20;
    (wanted + MEMORY_MEGABYTES.start() / 2).clamp(*MEMORY_MEGABYTES.start(), *MEMORY_MEGABYTES.end())
}
