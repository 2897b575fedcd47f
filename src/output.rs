//! What a command prints, and its exit code.

use anyhow::Result;
use std::{io::Write, process::ExitCode};
use vocabulary::width::cells;
pub use vocabulary::width::grouped;

/// How the program ends: the one list of exit codes, which `--help` prints and scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Fine,
    /// Also every error.
    ProblemFound,
    InputRejected,
    WrongUsage,
    Busy,
    Interrupted,
}

impl Ending {
    pub const ALL: [Ending; 6] = [
        Ending::Fine,
        Ending::ProblemFound,
        Ending::InputRejected,
        Ending::WrongUsage,
        Ending::Busy,
        Ending::Interrupted,
    ];

    pub const fn code(self) -> u8 {
        match self {
            Ending::Fine => 0,
            Ending::ProblemFound => 1,
            Ending::InputRejected => 2,
            // `EX_USAGE` and `EX_TEMPFAIL` of sysexits.h, and 128 + SIGINT as shells have it.
            Ending::WrongUsage => 64,
            Ending::Busy => 75,
            Ending::Interrupted => 130,
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Ending::Fine => "all was done",
            Ending::ProblemFound => "an error, or a problem was found",
            Ending::InputRejected => "some inputs were rejected, the others were taken",
            Ending::WrongUsage => "the command was written wrongly; nothing was done",
            Ending::Busy => "somebody else is at it; try again later",
            Ending::Interrupted => "interrupted; run the same command again to go on",
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        ExitCode::from(ending.code())
    }
}

/// The table of exit codes for `--help`.
pub fn exit_codes() -> String {
    let mut text = "Exit codes:".to_owned();
    for ending in Ending::ALL {
        text.push_str(&format!("\n  {:>3}  {}", ending.code(), ending.meaning()));
    }
    text
}

/// Prints what clap has to say: help on standard output, a wrong usage on standard error.
pub fn usage(said: &clap::Error) -> ExitCode {
    // A closed pipe or a full device must not hide the exit code.
    let _ = said.print();
    match said.use_stderr() {
        true => Ending::WrongUsage.into(),
        false => ExitCode::SUCCESS,
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
    Ending::ProblemFound.into()
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
