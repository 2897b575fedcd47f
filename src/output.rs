//! What a command prints, and its exit code.

use crate::{heading::Heading, language::said, table};
use anyhow::{Context, Result};
use api_types::list::ListJson;
use std::{
    collections::BTreeMap,
    io::{BufWriter, Write},
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};
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

    pub fn meaning(self) -> String {
        match self {
            Ending::Fine => said!("all was done", "全部做完"),
            Ending::ProblemFound => said!("an error, or a problem was found", "出错，或发现了问题"),
            Ending::InputRejected => said!(
                "some inputs were rejected, the others were taken",
                "有的输入被退回，其余的已收"
            ),
            Ending::WrongUsage => said!(
                "the command was written wrongly; nothing was done",
                "命令写得不对；什么也没有做"
            ),
            Ending::Busy => said!("somebody else is at it; try again later", "别人正在做；请稍后再试"),
            Ending::Interrupted => said!(
                "interrupted; run the same command again to go on",
                "被中断；再运行同一命令即可继续"
            ),
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
    let mut text = said!("Exit codes:", "退出码：");
    for ending in Ending::ALL {
        text.push_str(&format!("\n  {:>3}  {}", ending.code(), ending.meaning()));
    }
    text
}

static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// From now on nothing but results and errors is said.
pub fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

pub fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// A line on standard error for people, beside the result. Whether anybody can read it changes nothing.
pub fn note(text: &str) {
    if !is_quiet() {
        complain(text);
    }
}

/// A line on standard error that is said in any case.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes to standard output; a reader that went away (`| head`) is no error.
pub fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    settled(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Says something of work that goes on whether or not anybody can read it; that it could not be said is said once more.
pub fn announce(text: &str) {
    if let Err(cause) = print(text) {
        complain(&format!("dossier: {cause:#}"));
    }
}

/// Writes it as it is made: the report of a large table is never held a second time as text.
pub fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from);
    settled(written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()))
}

fn settled(written: std::io::Result<()>) -> Result<()> {
    match written {
        Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.with_context(|| said!("what was found could not be written", "结果写不出来")),
    }
}

/// A long text, written part by part as it grows.
#[derive(Default)]
pub struct LongText(String);

impl LongText {
    /// Of what is not written yet.
    const HELD_MAX: usize = 1 << 16;

    pub fn push(&mut self, text: &str) -> Result<()> {
        self.0.push_str(text);
        if self.0.len() < Self::HELD_MAX {
            return Ok(());
        }
        print(&std::mem::take(&mut self.0))
    }

    pub fn end(self) -> Result<()> {
        print(&self.0)
    }
}

/// Says what was done: to people in a sentence, to programs what it was done to.
pub fn told(json: bool, what: &'static str, id: &str, text: &str) -> Result<Ending> {
    match json {
        true => print_json(&BTreeMap::from([(what, id)]))?,
        false => print(text)?,
    }
    Ok(Ending::Fine)
}

/// How many of how many rows a list shows, and how to go on: what is not shown is never passed over in silence.
pub fn say_shown<T>(list: &ListJson<T>) {
    let more = if list.total_is_exact { "" } else { "+" };
    let (shown, of) = (
        grouped(count(list.items.len())),
        format!("{}{more}", grouped(list.total)),
    );
    note(&match &list.next {
        Some(next) => said!(
            "{shown} of {of} shown; --all shows every one, --after {next} the next",
            "显示 {shown} / {of}；--all 显示全部，--after {next} 显示后面的"
        ),
        None if count(list.items.len()) < list.total => said!("{shown} of {of} shown", "显示 {shown} / {of}"),
        None => said!("{of} shown", "共 {of}"),
    });
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A table in the room that there is.
pub fn print_table(header: &[Heading], rows: &[Vec<String>]) -> Result<()> {
    print(&table::text(header, rows, table::room()))
}

/// Writes a printed list and says how many sheets it has.
///
/// # Errors
/// When the file cannot be written.
pub fn write_pdf(output: &Path, bytes: &[u8], count: usize, json: bool) -> Result<Ending> {
    std::fs::write(output, bytes).with_context(|| said!("{} cannot be written", "{} 写不了", output.display()))?;
    match json {
        true => print_json(&serde_json::json!({ "file": output.display().to_string(), "sheets": count }))?,
        false => print(&said!("{count} in {}\n", "{count} 张，写在 {}\n", output.display()))?,
    }
    Ok(Ending::Fine)
}
