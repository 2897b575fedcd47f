//! `dossier ingest`: scans in folders become documents in the record, with a report for every file.

mod progress;
mod told;

pub use progress::Terminal;
pub use told::{outcome_word, tell};

use crate::{
    full_text::Followed,
    house::House,
    language::said,
    output::{Ending, announce, complain},
    problem::{busy, misused},
    settings::Settings,
    table_reader::TableWorkers,
};
use anyhow::{Context, Result};
use api_types::batches;
use clap::Args;
use ingest::{
    page_images::WorkerPageImages,
    run::{Error, Request, Run, RunLimits, WhenHeld},
    walk::{distinct_roots, settled},
};
use progress::Waves;
use reading::{
    cancel::Cancel,
    engines::Engines,
    limits::PoolLimits,
    worker::{Pool, PoolConfig, WorkerCommand},
};
use records::{batches::BatchRun, ids::BatchId};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

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
    #[arg(long, conflicts_with = "dry_run")]
    pub watch: bool,
    /// Wait while another run is at the same folder, instead of leaving with exit code 75
    #[arg(long)]
    pub wait: bool,
    /// Move each file there once it is in the record; otherwise sources stay where they are
    #[arg(long, value_name = "DIR")]
    pub done: Option<PathBuf>,
    /// Reading processes, one core each (DOSSIER_WORKERS)
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
    let request = request_of(&words)?;
    if request.done_folder.iter().any(|done| request.roots.contains(done)) {
        return Err(misused(
            said!("--done names the delivery itself", "--done 指的就是要收的文件夹"),
            said!(
                "name another folder for the files that are done",
                "请为收完的文件另指定一个文件夹"
            ),
        ));
    }
    // What is wrong with the request is said before what is wrong with the machine.
    request.check_roots()?;
    // Nothing is made by a trial.
    let house = match words.dry_run {
        true => House::open(settings).await?,
        false => House::open_or_make(settings).await?,
    };
    let workers = words.workers.unwrap_or(settings.workers).max(1);
    let cancel = Cancel::new();
    let stopper = stop_on_signal(cancel.clone());
    let outcome = match (words.dry_run, words.watch) {
        (true, _) => dry_run(settings, &house, &request, words.json, &cancel).await,
        (false, true) => watch(settings, &house, &request, workers, words.json, &cancel).await,
        (false, false) => once(settings, &house, &request, workers, words.json, &cancel).await,
    };
    stopper.abort();
    let zone = house.zone().await;
    house.close().await;
    outcome.map_err(|cause| match cause.downcast_ref::<Error>() {
        Some(Error::Held(run)) => match zone {
            Ok(zone) => held(run, &zone),
            Err(_) => cause,
        },
        Some(Error::TakenOver) => busy(
            said!("another run has taken over this delivery", "另一次运行已接手这批文件"),
            said!(
                "what was recorded stands; `dossier batches` says how far it is",
                "已记录的内容不变；`dossier batches` 可以看进度"
            ),
        ),
        _ => cause,
    })
}

/// Somebody else is at this delivery, which is no fault of anything.
fn held(run: &BatchRun, zone: &str) -> anyhow::Error {
    let (process, machine) = (run.runner.process, &run.runner.machine);
    let since = run.since.local(zone);
    busy(
        said!(
            "process {process} on {machine} has been at this delivery since {since}",
            "{machine} 上的进程 {process} 从 {since} 起正在收这批文件"
        ),
        said!(
            "wait for it with --wait, or look at it with `dossier batches`",
            "加 --wait 可以等它收完，`dossier batches` 可以看进度"
        ),
    )
}

fn request_of(words: &IngestArgs) -> Result<Request> {
    let absolute = |path: &PathBuf| {
        std::path::absolute(path).with_context(|| said!("the path {} is not usable", "路径“{}”不能用", path.display()))
    };
    let roots: Vec<PathBuf> = words.paths.iter().map(absolute).collect::<Result<_>>()?;
    Ok(Request {
        roots: distinct_roots(&roots),
        manifest: words
            .manifest
            .as_ref()
            .map(absolute)
            .transpose()?
            .map(|path| settled(&path)),
        customer: words.customer.clone(),
        location: words.location.clone(),
        batch_name: words.batch.clone().unwrap_or_default(),
        when_held: if words.wait { WhenHeld::Wait } else { WhenHeld::Leave },
        settle: if words.watch { SETTLE } else { Duration::ZERO },
        done_folder: words
            .done
            .as_ref()
            .map(absolute)
            .transpose()?
            .map(|path| settled(&path)),
    })
}

async fn once(
    settings: &Settings,
    house: &House,
    request: &Request,
    workers: usize,
    json: bool,
    cancel: &Cancel,
) -> Result<Ending> {
    let started = Instant::now();
    let terminal = Terminal::new();
    let ingest = async |run: &Run| run.ingest(request, &terminal, cancel).await;
    let mut report = followed(settings, house, workers, cancel, ingest, || terminal.finish()).await?;
    tracing::info!(seconds = started.elapsed().as_secs_f64(), "ingest.searchable");
    if let Ok(batch) = BatchId::parse(&report.batch)
        && let Some(row) = house.archive.batch(&house.asker, &batch).await?
    {
        report.origin = batches::origin(&row);
    }
    tell(&report, json)
}

/// Says what each batch did when it ends, on a terminal or not.
async fn watch(
    settings: &Settings,
    house: &House,
    request: &Request,
    workers: usize,
    json: bool,
    cancel: &Cancel,
) -> Result<Ending> {
    let waves = Waves::new(json);
    let roots: Vec<String> = request.roots.iter().map(|root| root.display().to_string()).collect();
    if !json {
        announce(&said!(
            "watching {}; Ctrl-C ends it\n",
            "正在守候 {}；按 Ctrl-C 结束\n",
            roots.join(", ")
        ));
    }
    let watch = async |run: &Run| run.watch(request, WATCH_EVERY, &waves, cancel).await;
    let watched = followed(settings, house, workers, cancel, watch, || waves.finish()).await?;
    if !json {
        announce(&said!(
            "watching ended: {} files in {} batches\n",
            "守候结束：{1} 批共 {0} 个文件\n",
            watched.files,
            watched.batches
        ));
    }
    Ok(match watched.is_interrupted {
        true => Ending::Interrupted,
        // To be stopped between two deliveries is how a watch ends.
        false => Ending::Fine,
    })
}

/// Work that is searchable when it has ended. `shown` clears what the work has on the terminal.
async fn followed<T>(
    settings: &Settings,
    house: &House,
    workers: usize,
    cancel: &Cancel,
    work: impl AsyncFnOnce(&Run) -> Result<T, Error>,
    shown: impl FnOnce(),
) -> Result<T> {
    let run = run_of(settings, house, workers)?;
    let follower = Followed::start(settings, house).await?;
    let worked = work(&run).await;
    shown();
    if worked.is_ok() {
        let caught_up = follower.catch_up().await;
        // Whoever stops it while the database is away does not wait for what is found later.
        if !cancel.is_cancelled() {
            caught_up?;
        }
    }
    let stopped = follower.stop().await;
    if !cancel.is_cancelled() {
        stopped?;
    }
    Ok(worked?)
}

/// Needs no engines, and writes nothing.
async fn dry_run(settings: &Settings, house: &House, request: &Request, json: bool, cancel: &Cancel) -> Result<Ending> {
    let pool = pool_with(settings, &settings.engines, 1)?;
    let run = Run::new(
        house.system.clone(),
        house.archive.clone(),
        house.asker.clone(),
        pool,
        Arc::new(TableWorkers::new(settings)?),
        RunLimits::default(),
    );
    tell(&run.dry_run(request, &(), cancel).await?, json)
}

/// A run with so many readers, which leaves the images of large pages in the cache.
pub fn run_of(settings: &Settings, house: &House, workers: usize) -> Result<Run> {
    let pool = pool(settings, workers)?;
    let images = page_images(settings, house, pool.clone())?;
    let limits = RunLimits {
        readers: workers,
        ..RunLimits::default()
    };
    let run = Run::new(
        house.system.clone(),
        house.archive.clone(),
        house.asker.clone(),
        pool,
        Arc::new(TableWorkers::new(settings)?),
        limits,
    );
    Ok(run.with_images(images.maker().clone()))
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
    pool_with(settings, engines.folder(), workers)
}

/// Workers are started when they are first needed; only then must the engines be there.
fn pool_with(settings: &Settings, engines: &Path, workers: usize) -> Result<Pool> {
    let program = std::env::current_exe()
        .with_context(|| said!("the program does not know where it is", "程序不知道自己在哪里"))?;
    let command = |part: &str| WorkerCommand {
        program: program.clone(),
        args: vec![
            "worker".into(),
            part.into(),
            "--engines".into(),
            engines.into(),
            "--ocr-engine".into(),
            settings.ocr_engine.as_str().into(),
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

/// The first Ctrl-C or SIGTERM lets the pages under way end; the batch goes on with the next run. The second one ends the
/// program at once, which loses nothing either.
pub fn stop_on_signal(cancel: Cancel) -> tokio::task::JoinHandle<()> {
    let stop = crate::world::stop_signal();
    tokio::spawn(async move {
        stop.await;
        let again = crate::world::stop_signal();
        complain(&said!(
            "\nstopping; what is being read is still filed. Once more ends it at once.",
            "\n正在停下；正在读的还会入档。再按一次立即结束。"
        ));
        cancel.cancel();
        again.await;
        std::process::exit(i32::from(Ending::Interrupted.code()));
    })
}
