//! `dossier demo`: an archive of its own from the bundled scans, through the real pipeline, served while they are being
//! read. A second start serves the same archive again.

use crate::{
    command_line::Serving,
    commands::{
        demo_loans,
        ingest::run_of,
        serve::{self, Beside},
        setup,
    },
    house::House,
    language::said,
    output::{Ending, note},
    settings::Settings,
};
use anyhow::{Context, Result, bail};
use api_types::batches::IngestJson;
use include_dir::{Dir, include_dir};
use ingest::run::{Progress, Request, RunEvent, WhenHeld};
use reading::{
    cancel::Cancel,
    engines::{Index, Wheels},
};
use records::imports::Register;
use records::{
    customers::CUSTOMER_COLUMNS,
    places::LOCATION_COLUMNS,
    tables::{self, OnBadLine, TableLimits},
};
use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

static SCANS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo/scans");
const CUSTOMERS: &[u8] = include_bytes!("../../demo/customers.csv");
const LOCATIONS: &[u8] = include_bytes!("../../demo/locations.csv");
const BATCH: &str = "demo";

pub async fn run(settings: Settings, serving: &Serving) -> Result<Ending> {
    let settings = Settings {
        data: settings.demo_data.clone(),
        ..settings
    }
    .serving(serving)?;
    // The address is taken before anything is fetched or read.
    let door = serve::open_door(&settings).await?;
    setup::bring(&settings, Wheels::Fetched(Index::default())).await?;
    let house = House::open_or_make(&settings).await?;
    let made = house.archive.batches(&house.asker, None, 100).await?;
    let is_made = made.iter().any(|batch| batch.name == BATCH && !batch.state.is_open());
    let beside = match is_made {
        true => None,
        false => {
            let cancel = Cancel::new();
            let work = Box::pin(make(settings.clone(), house.clone(), cancel.clone()));
            Some(Beside { work, cancel })
        }
    };
    if is_made {
        say_how_to_search(&settings);
    }
    serve::serve(&settings, house, door, beside).await
}

/// The command line that searches this archive, which is not where other commands look.
fn say_how_to_search(settings: &Settings) {
    let program = std::env::args().next().unwrap_or_else(|| "dossier".to_owned());
    let data = settings.data.display();
    note(&said!(
        "search it on the command line: {program} --data '{data}' search 运维服务",
        "在命令行检索： {program} --data '{data}' search 运维服务"
    ));
}

/// Fills the archive while it is served. Stopped before its end, the next start goes on.
async fn make(settings: Settings, house: House, cancel: Cancel) -> Result<()> {
    let scans = settings.data.join("demo-scans");
    unpack(&SCANS, &scans).with_context(|| {
        let scans = scans.display();
        said!(
            "the bundled scans cannot be written to {scans}",
            "自带的扫描件写不到 {scans}"
        )
    })?;
    for (register, bytes, rules) in [
        (Register::Customers, CUSTOMERS, CUSTOMER_COLUMNS),
        (Register::Locations, LOCATIONS, LOCATION_COLUMNS),
    ] {
        let table = tables::read(bytes, rules, &TableLimits::default())?;
        house
            .archive
            .import_table(&house.asker, register, &table, OnBadLine::RefuseTable)
            .await?;
    }
    say_how_to_search(&settings);
    let run = run_of(&settings, &house, settings.workers)?;
    let request = Request {
        roots: vec![scans.clone()],
        manifest: None,
        customer: None,
        location: None,
        batch_name: BATCH.to_owned(),
        when_held: WhenHeld::Leave,
        settle: Duration::ZERO,
        done_folder: None,
    };
    let report = run.ingest(&request, &PlainLines::default(), &cancel).await?;
    if report.found == 0 {
        bail!(said!(
            "the bundled scans were not found in {}",
            "在 {} 中没有找到自带的扫描件",
            scans.display()
        ));
    }
    if !report.interrupted {
        demo_loans::lend(&settings, &house, &report).await?;
        tell(&report, &scans);
    }
    Ok(())
}

/// What became of the sample archive, and that what did not go through was not meant to.
fn tell(report: &IngestJson, scans: &Path) {
    let IngestJson {
        found,
        filed,
        needs_review,
        duplicate,
        rejected,
        pages,
        ..
    } = report;
    note(&said!(
        "the sample archive is complete: {found} files = {filed} filed + {needs_review} in review + {duplicate} duplicate + {rejected} rejected; {pages} pages",
        "示例档案已全部读完：{found} 个文件 = 已归档 {filed} + 待确认 {needs_review} + 重复 {duplicate} + 退回 {rejected}；{pages} 页"
    ));
    note(&said!(
        "these were put in on purpose, to show what becomes of such scans:",
        "以下文件是特意放入的，用来演示这类扫描件怎样处理："
    ));
    for item in report.items.iter().filter(|item| item.outcome != "filed") {
        let path = item
            .path
            .strip_prefix(&format!("{}/", scans.display()))
            .unwrap_or(&item.path);
        note(&format!("  {path}: {} ({})", item.outcome, item.reason));
    }
    for path in &report.missing_from_delivery {
        note(&said!(
            "  {path}: announced in the manifest and not there",
            "  {path}：清单上有，实际没有"
        ));
    }
}

/// Progress in plain lines, on a terminal or not; the same lines stand between those of the server.
#[derive(Default)]
struct PlainLines {
    files: AtomicUsize,
    /// When the last line was said.
    said_at: Mutex<Option<Instant>>,
}

/// At most one line in so much time.
const LINE_EVERY: Duration = Duration::from_secs(3);

impl Progress for PlainLines {
    fn event(&self, event: RunEvent<'_>) {
        match event {
            RunEvent::Found { files } => {
                self.files.store(files, Ordering::Relaxed);
                note(&said!(
                    "reading {files} bundled scans; what is read can be searched at once",
                    "正在读取自带的 {files} 个扫描件；读完的随时可以检索"
                ));
            }
            RunEvent::FileEnded { done, pages, .. } => {
                let mut said_at = self.said_at.lock().unwrap_or_else(PoisonError::into_inner);
                let files = self.files.load(Ordering::Relaxed);
                if done < files && said_at.is_some_and(|at| at.elapsed() < LINE_EVERY) {
                    return;
                }
                *said_at = Some(Instant::now());
                note(&said!(
                    "  {done} of {files} files, {pages} pages",
                    "  已读 {done} / {files} 个文件，{pages} 页"
                ));
            }
            _ => {}
        }
    }
}

fn unpack(folder: &Dir<'_>, target: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(target)?;
    for file in folder.files() {
        let path = target.join(file.path().file_name().unwrap_or_default());
        // A file that is there with the right size stays, so that a second start does not make it look new.
        if std::fs::metadata(&path).map_or(true, |meta| meta.len() != file.contents().len() as u64) {
            std::fs::write(path, file.contents())?;
        }
    }
    for inner in folder.dirs() {
        unpack(inner, &target.join(inner.path().file_name().unwrap_or_default()))?;
    }
    Ok(())
}
