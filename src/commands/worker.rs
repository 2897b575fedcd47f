//! `dossier worker`: this program as a worker process. It speaks with its parent only.

use crate::{problem::Problem, table_reader};
use clap::ValueEnum;
use reading::engines::RuntimeChoice;
use std::{path::Path, process::ExitCode};

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerPart {
    Decode,
    Read,
    Table,
}

pub fn run(part: WorkerPart, engines: &Path, ocr_engine: RuntimeChoice, megabytes: u64) -> ExitCode {
    let outcome = match part {
        WorkerPart::Decode => reading::worker::main_decode(engines),
        WorkerPart::Read => reading::worker::main_read(engines, ocr_engine),
        WorkerPart::Table => table_reader::work(megabytes),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => Problem::of(&anyhow::Error::new(cause).context("worker")).tell(false),
    }
}
