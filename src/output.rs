//! What a command prints, and its exit code: 0 fine, 1 error or problem found, 2 some inputs were rejected.

use anyhow::Result;
use std::{io::Write, process::ExitCode};
use vocabulary::width::cells;
pub use vocabulary::width::grouped;

/// How a command ended when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Fine,
    ProblemFound,
    InputRejected,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Fine => ExitCode::SUCCESS,
            Ending::ProblemFound => ExitCode::from(1),
            Ending::InputRejected => ExitCode::from(2),
        }
    }
}

/// Says what went wrong, cause after cause, in one line on standard error.
pub fn fail(cause: &anyhow::Error) -> ExitCode {
    let mut text = String::new();
    for part in cause.chain() {
        let part = part.to_string();
        // thiserror messages often carry their source already.
        if !text.contains(&part) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&part);
        }
    }
    eprintln!("dossier: {text}");
    ExitCode::FAILURE
}

/// Writes to standard output; a reader that went away (`| head`) is no error.
pub fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        outcome => Ok(outcome?),
    }
}

pub fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    print(&text)
}

/// A table with aligned columns; Han characters count as two cells.
pub fn print_table(header: &[&str], rows: &[Vec<String>]) -> Result<()> {
    let mut widths: Vec<usize> = header.iter().map(|cell| cells(cell)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cells(cell));
        }
    }
    let mut text = String::new();
    let mut line = |row: &mut dyn Iterator<Item = &str>| {
        let mut shown = String::new();
        for (width, cell) in widths.iter().zip(row) {
            shown.push_str(cell);
            shown.extend(std::iter::repeat_n(' ', width.saturating_sub(cells(cell)) + 2));
        }
        text.push_str(shown.trim_end());
        text.push('\n');
    };
    line(&mut header.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    print(&text)
}
