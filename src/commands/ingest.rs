//! `dossier ingest`: scans in folders become documents in the record, with a report for every file.

use crate::{
    full_text::Followed,
    house::House,
    output::{Ending, grouped, print, print_json},
    settings::Settings,
};
use anyhow::{Context, Result};
use api_types::batches::{self, IngestJson};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::{
    page_images::WorkerPageImages,
    run::{Progress, Request, Run, RunEvent, RunLimits},
};
use reading::{
    cancel::Cancel,
    engines::Engines,
    limits::PoolLimits,
    worker::{Pool, PoolConfig, WorkerCommand},
};
use records::ids::BatchId;
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use vocabulary::Language;

#[derive(Args, Clone, Debug)]
pub struct IngestArgs {
    /// Files and folders of scans
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Table of what was announced; otherwise manifest.csv or manifest.xlsx in each folder
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Every document belongs to this customer
    #[arg(long, value_name = "CODE")]
    pub customer: Option<String>,
    /// Every original stands at this location
    #[arg(long, value_name = "CODE")]
    pub location: Option<String>,
    /// Name of the batch
    #[arg(long, value_name = "NAME")]
    pub batch: Option<String>,
    /// Go on taking what arrives
    #[arg(long)]
    pub watch: bool,
    /// Move each file there once it is in the record; otherwise sources stay where they are
    #[arg(long, value_name = "DIR")]
    pub done: Option<PathBuf>,
    /// Reading processes, one core each [DOSSIER_WORKERS]
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// How long a file must have been left alone before `--watch` takes it.
const SETTLE: Duration = Duration::from_secs(5);
/// How often `--watch` looks.
const WATCH_EVERY: Duration = Duration::from_secs(5);

pub async fn run(settings: &Settings, words: IngestArgs) -> Result<Ending> {
    // Nothing is made by a trial.
    let house = match words.dry_run {
        true => House::open(settings).await?,
        false => House::open_or_make(settings).await?,
    };
    let workers = words.workers.unwrap_or(settings.workers).max(1);
    let run = run_of(settings, &house, workers)?;
    let request = Request {
        roots: words
            .paths
            .iter()
            .map(|path| std::path::absolute(path).with_context(|| format!("the path {} is not usable", path.display())))
            .collect::<Result<Vec<PathBuf>>>()?,
        manifest: words.manifest.map(std::path::absolute).transpose()?,
        customer: words.customer,
        location: words.location,
        batch_name: words.batch.unwrap_or_default(),
        actor: house.asker.name().to_owned(),
        settle: if words.watch { SETTLE } else { Duration::ZERO },
        done_folder: words.done.map(std::path::absolute).transpose()?,
    };
    let cancel = Cancel::new();
    let stopper = stop_on_signal(cancel.clone());
    let terminal = Terminal::new();
    if words.watch {
        let follower = Followed::start(settings, &house).await?;
        run.watch(&request, WATCH_EVERY, &terminal, &cancel).await?;
        follower.stop().await?;
        house.close().await;
        return Ok(Ending::Fine);
    }
    if words.dry_run {
        let report = run.dry_run(&request, &terminal, &cancel).await?;
        terminal.finish();
        house.close().await;
        return tell(&report, words.json);
    }
    let follower = Followed::start(settings, &house).await?;
    let started = Instant::now();
    let mut report = run.ingest(&request, &terminal, &cancel).await?;
    terminal.finish();
    if let Ok(batch) = BatchId::parse(&report.batch)
        && let Some(row) = house.archive.batch(&house.asker, &batch).await?
    {
        report.origin = batches::origin(&row);
    }
    follower.catch_up().await?;
    stopper.abort();
    tracing::info!(seconds = started.elapsed().as_secs_f64(), "ingest.searchable");
    follower.stop().await?;
    house.close().await;
    tell(&report, words.json)
}

/// A run with so many readers, which leaves the images of large pages in the cache.
pub fn run_of(settings: &Settings, house: &House, workers: usize) -> Result<Run> {
    let pool = pool(settings, workers)?;
    let images = page_images(settings, house, pool.clone())?;
    let limits = RunLimits {
        readers: workers,
        ..RunLimits::default()
    };
    Ok(Run::new(house.system.clone(), pool, limits).with_images(images.maker().clone()))
}

/// The page images in the cache folder of the archive.
pub fn page_images(settings: &Settings, house: &House, pool: Pool) -> Result<WorkerPageImages> {
    let bytes_max = settings.page_image_cache_mb.saturating_mul(1 << 20);
    Ok(WorkerPageImages::new(
        house.system.clone(),
        pool,
        settings.cache(),
        bytes_max,
    )?)
}

/// The pool of decode and read workers: this program, started again.
pub fn pool(settings: &Settings, workers: usize) -> Result<Pool> {
    let engines = Engines::locate(&settings.engines)?;
    let program = std::env::current_exe().context("the program does not know where it is")?;
    let command = |part: &str| WorkerCommand {
        program: program.clone(),
        args: vec![
            "worker".into(),
            part.into(),
            "--engines".into(),
            engines.folder().into(),
        ],
        envs: Vec::new(),
    };
    let mut limits = PoolLimits::default();
    limits.decode.page_time = Duration::from_secs(settings.page_seconds);
    limits.decode.open_time = limits.decode.page_time / 2;
    Ok(Pool::new(PoolConfig {
        decode: command("decode"),
        read: command("read"),
        decode_workers: workers,
        read_workers: workers,
        view_workers: 1,
        limits,
    }))
}

/// The first Ctrl-C or SIGTERM lets the pages under way end; the batch goes on with the next run.
pub fn stop_on_signal(cancel: Cancel) -> tokio::task::JoinHandle<()> {
    let stop = crate::world::stop_signal();
    tokio::spawn(async move {
        stop.await;
        eprintln!("\nstopping; what is being read is still filed. Run the same command again to go on.");
        cancel.cancel();
    })
}

pub fn tell(report: &IngestJson, json: bool) -> Result<Ending> {
    if json {
        print_json(report)?;
    } else {
        let mut text = String::new();
        for item in report.items.iter().filter(|item| item.outcome != "filed") {
            let reason = if item.reason.is_empty() {
                String::new()
            } else {
                format!(" ({})", item.reason)
            };
            text.push_str(&format!("{}{reason}: {}", item.outcome, item.path));
            if !item.detail.is_empty() {
                text.push_str(&format!(": {}", item.detail));
            }
            text.push('\n');
        }
        for path in &report.missing_from_delivery {
            text.push_str(&format!("announced and not found: {path}\n"));
        }
        text.push_str(&format!(
            "{} found = {} filed + {} in review + {} duplicate + {} rejected; {} ignored; {} pages in {:.1} s\n",
            grouped(report.found),
            report.filed,
            report.needs_review,
            report.duplicate,
            report.rejected,
            report.ignored.len(),
            report.pages,
            report.seconds
        ));
        print(&text)?;
    }
    Ok(if report.rejected > 0 {
        Ending::InputRejected
    } else {
        Ending::Fine
    })
}

/// Progress on the terminal. Where standard error is none, only what a person must do something about is logged.
pub struct Terminal {
    bar: ProgressBar,
    began: Instant,
    /// What the run last said it waits for: it asks again every few seconds and says so once.
    waits_for: Mutex<String>,
}

impl Terminal {
    pub fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len} files  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self {
            bar,
            began: Instant::now(),
            waits_for: Mutex::default(),
        }
    }

    fn waits(&self, why: &str) {
        let mut waits_for = self.waits_for.lock().unwrap_or_else(PoisonError::into_inner);
        if *waits_for == why {
            return;
        }
        waits_for.clear();
        waits_for.push_str(why);
        if self.bar.is_hidden() {
            tracing::warn!(why, "ingest.waiting");
        } else {
            self.bar.println(format!("waiting: {why}"));
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
            } => {
                self.bar
                    .println(format!("going on with the unfinished batch: {recorded} files are done"));
            }
            RunEvent::Found { files } => self.bar.set_length(files as u64),
            RunEvent::FileEnded { done, pages, .. } => {
                self.goes_on();
                self.bar.set_position(done as u64);
                let minutes = self.began.elapsed().as_secs_f64() / 60.0;
                let left = self.bar.length().unwrap_or(0).saturating_sub(done as u64) as f64;
                let left_s = self.began.elapsed().as_secs_f64() / done.max(1) as f64 * left;
                self.bar.set_message(format!(
                    "{pages} pages, {:.0} pages/min, {left_s:.0} s left",
                    pages as f64 / minutes.max(1e-6)
                ));
            }
            RunEvent::ManifestProblem(problem) => self.bar.println(format!(
                "{} line {}: {}",
                problem.manifest,
                problem.line,
                problem.detail.text(Language::English)
            )),
            RunEvent::Waiting { why } => self.waits(why),
            RunEvent::BatchEnded { report } => {
                tracing::info!(batch = %report.batch, found = report.found, "ingest.batch_ended");
            }
            _ => {}
        }
    }
}
