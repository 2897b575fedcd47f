//! Waiting for what a started program says and does, and never for ever: each wait has a deadline, behind which the
//! program is killed and the test fails with what was said until then.

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::io::{BufRead, BufReader, Error, ErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How long a test waits for something to happen before it fails.
pub const PATIENCE: Duration = Duration::from_secs(180);
/// How long a program may run as a whole: all scans of the sample, read on a machine that is busy with other things.
pub const RUN_MAX: Duration = Duration::from_secs(1_800);

/// Waits until `look` has found something.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let began = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if began.elapsed() > PATIENCE {
            bail!("{what} did not happen within {} s", PATIENCE.as_secs());
        }
        std::thread::yield_now();
    }
}

/// Waits for the end of a process; `None` when it has not come within `most`.
pub fn ended_within(process: &mut Child, most: Duration) -> std::io::Result<Option<ExitStatus>> {
    let end = pidfd_open(Pid::from_child(process), PidfdFlags::empty())?;
    let deadline = Instant::now() + most;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        match poll(&mut [PollFd::new(&end, PollFlags::IN)], Some(&left)) {
            Ok(0) => return Ok(None),
            Ok(_) => return process.wait().map(Some),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Waits for the end of a process, which is killed when it does not come.
pub fn ended(process: &mut Child) -> Result<ExitStatus> {
    match ended_within(process, RUN_MAX)? {
        Some(status) => Ok(status),
        None => {
            put_down(process);
            bail!("the process did not end within {} s", RUN_MAX.as_secs())
        }
    }
}

/// Ends a process that nobody wants any more.
pub fn put_down(process: &mut Child) {
    let _ = process.kill();
    // What was killed ends.
    let _ = process.wait();
}

/// Waits for the end of a process, with all that it said.
pub fn output_of(process: Child) -> std::io::Result<Output> {
    output_of_within(process, RUN_MAX)
}

fn output_of_within(mut process: Child, most: Duration) -> std::io::Result<Output> {
    let streams = [
        process.stdout.take().map(|stream| whole(Box::new(stream))),
        process.stderr.take().map(|stream| whole(Box::new(stream))),
    ];
    let deadline = Instant::now() + most;
    let status = ended_within(&mut process, most)?;
    if status.is_none() {
        put_down(&mut process);
    }
    let [stdout, stderr] = streams.map(|stream| {
        // A stream stays open as long as a process that it was handed on to.
        let left = deadline.saturating_duration_since(Instant::now()).max(PATIENCE);
        stream.map(|stream| stream.recv_timeout(left)).transpose()
    });
    let late = |what: &str| Error::new(ErrorKind::TimedOut, format!("{what} within {} s", most.as_secs()));
    let stdout = stdout
        .map_err(|_| late("standard output did not end"))?
        .unwrap_or_default();
    let stderr = stderr
        .map_err(|_| late("standard error did not end"))?
        .unwrap_or_default();
    match status {
        Some(status) => Ok(Output { status, stdout, stderr }),
        None => Err(late(&format!(
            "the program, which said {}{}, did not end",
            String::from_utf8_lossy(&stdout),
            String::from_utf8_lossy(&stderr)
        ))),
    }
}

fn whole(mut stream: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, all) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    all
}

/// A command that is run to its end, which has to come.
pub trait InTime {
    /// Its exit code and what it said.
    fn output_in_time(&mut self) -> std::io::Result<Output>;
    /// The same of one that has more to do than others.
    fn output_within(&mut self, most: Duration) -> std::io::Result<Output>;
    /// Its exit code.
    fn status_in_time(&mut self) -> Result<ExitStatus>;
}

impl InTime for Command {
    fn output_in_time(&mut self) -> std::io::Result<Output> {
        self.output_within(RUN_MAX)
    }

    fn output_within(&mut self, most: Duration) -> std::io::Result<Output> {
        output_of_within(self.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?, most)
    }

    fn status_in_time(&mut self) -> Result<ExitStatus> {
        ended(&mut self.spawn()?)
    }
}

/// The lines that a program says. They are always taken off, so that it never blocks on a full pipe.
pub struct Lines {
    lines: Receiver<String>,
    before: Vec<String>,
}

impl Lines {
    /// Of both streams of a process, as they come.
    pub fn of(process: &mut Child) -> Result<Lines> {
        let (sender, lines) = channel();
        if let Some(stream) = process.stdout.take() {
            follow(stream, sender.clone());
        }
        follow(process.stderr.take().context("standard error was piped")?, sender);
        Ok(Lines::from(lines))
    }

    /// Of its standard output alone.
    pub fn of_output(process: &mut Child) -> Result<Lines> {
        let (sender, lines) = channel();
        follow(process.stdout.take().context("standard output was piped")?, sender);
        Ok(Lines::from(lines))
    }

    fn from(lines: Receiver<String>) -> Lines {
        Lines {
            lines,
            before: Vec::new(),
        }
    }

    /// The next line; none when the program says nothing more.
    pub fn next(&mut self) -> Result<Option<String>> {
        self.next_within(PATIENCE)
    }

    pub fn next_within(&mut self, most: Duration) -> Result<Option<String>> {
        match self.lines.recv_timeout(most) {
            Ok(line) => {
                self.before.push(line.clone());
                Ok(Some(line))
            }
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => bail!("nothing more was said within {} s {self}", most.as_secs()),
        }
    }

    /// Goes on to the line that has a word in it.
    pub fn up_to(&mut self, word: &str) -> Result<String> {
        let deadline = Instant::now() + RUN_MAX;
        while let Some(line) = self.next_within(deadline.saturating_duration_since(Instant::now()))? {
            if line.contains(word) {
                return Ok(line);
            }
        }
        bail!("it ended without saying `{word}` {self}")
    }
}

impl std::fmt::Display for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "after:\n{}", self.before.join("\n"))
    }
}

/// Hands on the lines of a stream until it ends.
fn follow(stream: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
}
