//! How far a run is: a bar on a terminal, plain lines elsewhere.

use super::told::text;
use crate::{
    language::{language, said},
    output::{complain, is_quiet, note, print},
};
use indicatif::{ProgressBar, ProgressStyle};
use ingest::run::{Progress, RunEvent};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The least time between two plain lines.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// Progress of one run.
pub struct Terminal {
    bar: ProgressBar,
    began: Instant,
    /// What the run last said it waits for: it asks again every few seconds and says so once.
    waits_for: Mutex<String>,
    /// When the last plain line was said, where there is no bar.
    said_at: Mutex<Instant>,
}

impl Terminal {
    pub fn new() -> Self {
        let bar = match is_quiet() {
            true => ProgressBar::hidden(),
            false => ProgressBar::new(0),
        };
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len}  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self {
            bar,
            began: Instant::now(),
            waits_for: Mutex::default(),
            said_at: Mutex::new(Instant::now()),
        }
    }

    /// A line that is seen whether there is a bar or not: a hidden bar prints nothing.
    fn say(&self, line: &str) {
        match self.bar.is_hidden() {
            true => note(line),
            false => self.bar.println(line),
        }
    }

    /// How far it is, in a plain line now and then, where a journal or a file keeps them.
    fn plainly(&self, done: usize, pages: impl std::fmt::Display) {
        let mut said_at = self.said_at.lock().unwrap_or_else(PoisonError::into_inner);
        if self.bar.is_hidden() && said_at.elapsed() >= LINE_EVERY {
            *said_at = Instant::now();
            let files = self.bar.length().unwrap_or(0);
            note(&said!(
                "{done} of {files} files, {pages} pages",
                "已读 {done} / {files} 个文件，{pages} 页"
            ));
        }
    }

    fn waits(&self, why: &str) {
        let mut waits_for = self.waits_for.lock().unwrap_or_else(PoisonError::into_inner);
        if *waits_for == why {
            return;
        }
        waits_for.clear();
        waits_for.push_str(why);
        // A person must do something about it, so it is said to those too who want no progress.
        let line = said!("waiting: {why}", "等待：{why}");
        match self.bar.is_hidden() {
            true => complain(&line),
            false => self.bar.println(line),
        }
    }

    fn goes_on(&self) {
        self.waits_for.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Terminal {
    fn event(&self, event: RunEvent<'_>) {
        match event {
            RunEvent::BatchBegan {
                resumed: true,
                recorded,
                ..
            } => self.say(&said!(
                "going on with the unfinished batch: {recorded} files are done",
                "接着收未完的批次：已收 {recorded} 个文件"
            )),
            RunEvent::Found { files } => self.bar.set_length(files as u64),
            RunEvent::FileEnded { done, pages, .. } => {
                self.goes_on();
                self.bar.set_position(done as u64);
                self.plainly(done, pages);
                let minutes = self.began.elapsed().as_secs_f64() / 60.0;
                let left = self.bar.length().unwrap_or(0).saturating_sub(done as u64) as f64;
                let left_s = self.began.elapsed().as_secs_f64() / done.max(1) as f64 * left;
                self.bar.set_message(said!(
                    "files, {pages} pages, {:.0} pages/min, {left_s:.0} s left",
                    "个文件，{pages} 页，每分钟 {:.0} 页，还要 {left_s:.0} 秒",
                    pages as f64 / minutes.max(1e-6)
                ));
            }
            RunEvent::Waiting { why } => self.waits(why.text(language())),
            RunEvent::BatchEnded { report } => {
                tracing::info!(batch = %report.batch, found = report.found, "ingest.batch_ended");
            }
            _ => {}
        }
    }
}

/// Progress of a watch: what each batch did is said when it ends, so that also the journal of a service has it.
pub struct Waves {
    terminal: Terminal,
    json: bool,
}

impl Waves {
    pub fn new(json: bool) -> Self {
        Self {
            terminal: Terminal::new(),
            json,
        }
    }

    pub fn finish(&self) {
        self.terminal.finish();
    }
}

impl Progress for Waves {
    fn event(&self, event: RunEvent<'_>) {
        if let RunEvent::BatchEnded { report } = &event {
            self.terminal.bar.suspend(|| {
                let said = match self.json {
                    // One line for each batch.
                    true => serde_json::to_string(report).unwrap_or_default() + "\n",
                    false => said!("batch {}\n{}", "批次 {}\n{}", report.batch, text(report)),
                };
                // A reader that went away stops no watch; what was filed is in the record.
                let _ = print(&said);
            });
        }
        self.terminal.event(event);
    }
}
