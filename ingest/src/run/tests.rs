//! Runs that need no worker: rejected files, wrong requests, dry runs.

use super::*;
use reading::worker::{PoolConfig, WorkerCommand};
use records::identity::AccessLimits;
use records::store::{Database, StoreConfig};
use records::{Clock, Environment, Moment, Random};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// 2030-01-01, so that every file of a test is settled.
struct Fixed;
impl Clock for Fixed {
    fn now(&self) -> Moment {
        Moment::from_micros(1_893_456_000_000_000)
    }
}

struct Counting(AtomicU64);
impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let value = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (byte, value) in bytes.iter_mut().rev().zip(value.iter().rev()) {
            *byte = *value;
        }
    }
}

struct Bench {
    folder: TempDir,
    run: Run,
}

impl Bench {
    async fn new() -> Bench {
        let folder = tempfile::tempdir().expect("a folder");
        let config = StoreConfig {
            database: Database::Sqlite(folder.path().join("records.sqlite")),
            vault: folder.path().join("vault"),
            staging: folder.path().join("staging"),
            readers: 2,
            access_limits: AccessLimits::default(),
        };
        let environment = Environment {
            clock: Arc::new(Fixed),
            random: Arc::new(Counting(AtomicU64::new(1))),
        };
        let doors = config.open(environment).await.expect("a record");
        // There is no such program: whatever needs a worker fails, and says so.
        let command = WorkerCommand {
            program: folder.path().join("no-worker"),
            args: Vec::new(),
            envs: Vec::new(),
        };
        let pool = Pool::new(PoolConfig {
            decode: command.clone(),
            read: command,
            decode_workers: 1,
            read_workers: 1,
            view_workers: 1,
            limits: Default::default(),
        });
        fs::create_dir(folder.path().join("in")).expect("a folder");
        Bench {
            run: Run::new(
                doors.system,
                doors.archive,
                doors.gate.operating_system_user("tester"),
                pool,
                std::sync::Arc::new(testing::ReadHere),
                RunLimits::default(),
            ),
            folder,
        }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    fn request(&self) -> Request {
        Request {
            roots: vec![self.root()],
            ..Request::default()
        }
    }

    async fn ingest(&self) -> Result<IngestJson, Error> {
        self.run.ingest(&self.request(), &(), &Cancel::new()).await
    }
}

/// Name below the root, outcome, reason.
fn items(report: &IngestJson, root: &Path) -> Vec<(String, String, String)> {
    let name = |path: &str| {
        let root = format!("{}/", root.display());
        path.strip_prefix(&root).unwrap_or(path).to_owned()
    };
    report
        .items
        .iter()
        .map(|item| (name(&item.path), item.outcome.clone(), item.reason.clone()))
        .collect()
}

#[tokio::test]
async fn whatever_is_turned_away_is_told_and_tried_again() {
    let bench = Bench::new().await;
    bench.write("empty.pdf", b"");
    bench.write("letter.doc", b"\xd0\xcf\x11\xe0 something");
    bench.write("Thumbs.db", b"x");
    bench.write("manifest.csv", "path,date\nempty.pdf,someday\ngone.pdf,\n".as_bytes());
    std::os::unix::fs::symlink("/etc/passwd", bench.root().join("link.pdf")).expect("a link");
    let rejected = |name: &str, reason: &str| (name.to_owned(), "rejected".to_owned(), reason.to_owned());
    for _ in 0..2 {
        let report = bench.ingest().await.expect("a report");
        assert_eq!(
            items(&report, &bench.root()),
            [
                rejected("empty.pdf", "empty"),
                rejected("letter.doc", "unsupported_type"),
                rejected("link.pdf", "symlink")
            ]
        );
        assert_eq!((report.found, report.rejected, report.ignored.len()), (3, 3, 2));
        assert_eq!(report.missing_from_delivery, ["gone.pdf"]);
        assert_eq!(report.manifest_problems.as_ref().map(Vec::len), Some(1));
        assert!(!report.interrupted && !report.batch.is_empty());
    }
}

#[tokio::test]
async fn a_document_that_lacks_a_page_is_not_filed_in_part() {
    let bench = Bench::new().await;
    bench.write("1.jpg", b"\xff\xd8\xff\xe0 one");
    bench.write("2.jpg", b"");
    bench.write("manifest.csv", b"path,document,sequence\n1.jpg,D,1\n2.jpg,D,2\n");
    let report = bench.ingest().await.expect("a report");
    let reasons: Vec<&str> = report.items.iter().map(|item| item.reason.as_str()).collect();
    assert_eq!(reasons, ["empty", "empty"]);
    assert!(
        report.items[0].detail.contains("2.jpg of the same document"),
        "{}",
        report.items[0].detail
    );
}

#[tokio::test]
async fn without_workers_nothing_is_rejected_and_the_batch_waits() {
    let bench = Bench::new().await;
    bench.write("a.pdf", b"%PDF-1.4 a");
    let error = bench.ingest().await.expect_err("no workers");
    assert_eq!(error.code(), "worker_unavailable");
    bench.write("a.pdf", b"no scan at all");
    let report = bench.ingest().await.expect("a report");
    assert_eq!(
        items(&report, &bench.root()),
        [("a.pdf".to_owned(), "rejected".to_owned(), "unsupported_type".to_owned())]
    );
}

#[tokio::test]
async fn a_wrong_request_does_nothing() {
    let bench = Bench::new().await;
    let code = async |request: Request| match bench.run.ingest(&request, &(), &Cancel::new()).await {
        Ok(_) => "fine",
        Err(error) => error.code(),
    };
    let good = bench.request();
    assert_eq!(
        code(Request {
            customer: Some("K1".to_owned()),
            ..good.clone()
        })
        .await,
        "customer_unknown"
    );
    assert_eq!(
        code(Request {
            location: Some("K1".to_owned()),
            ..good.clone()
        })
        .await,
        "location_unknown"
    );
    let roots = vec![bench.folder.path().join("gone")];
    assert_eq!(code(Request { roots, ..good.clone() }).await, "root_missing");
    bench.write("manifest.csv", b"name\nx\n");
    assert_eq!(code(good).await, "manifest_unusable");
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_writes_nothing() {
    let bench = Bench::new().await;
    bench.write("a.pdf", b"%PDF-1.4 a");
    bench.write("b.pdf", b"%PDF-1.4 a");
    bench.write("c.pdf", b"%PDF-1.4 c");
    bench.write("manifest.csv", b"path,customer_code\nc.pdf,K1\n");
    let report = bench
        .run
        .dry_run(&bench.request(), &(), &Cancel::new())
        .await
        .expect("a report");
    let expected = [
        // Only reading can say whose it is.
        ("a.pdf".to_owned(), String::new(), String::new()),
        ("b.pdf".to_owned(), "duplicate".to_owned(), String::new()),
        (
            "c.pdf".to_owned(),
            "needs_review".to_owned(),
            "customer_unknown".to_owned(),
        ),
    ];
    assert_eq!(items(&report, &bench.root()), expected);
    assert_eq!((report.needs_review, report.to_be_read), (1, 1));
    assert_eq!(report.batch, "");
    assert!(bench.run.system.vault().scans().expect("a list").is_empty());
}

#[tokio::test]
async fn a_cancelled_run_goes_on_later() {
    let bench = Bench::new().await;
    bench.write("a.txt", b"no scan");
    let cancel = Cancel::new();
    cancel.cancel();
    let report = bench
        .run
        .ingest(&bench.request(), &(), &cancel)
        .await
        .expect("a report");
    assert!(report.interrupted && report.items.is_empty());
    /// Remembers whether the batch was resumed.
    #[derive(Default)]
    struct Listener(Mutex<Vec<bool>>);
    impl Progress for Listener {
        fn event(&self, event: RunEvent<'_>) {
            if let RunEvent::BatchBegan { resumed, .. } = event {
                self.0.lock().expect("nobody panics here").push(resumed);
            }
        }
    }
    let listener = Listener::default();
    let again = bench
        .run
        .ingest(&bench.request(), &listener, &Cancel::new())
        .await
        .expect("a report");
    assert_eq!((again.batch, again.rejected), (report.batch, 1));
    assert_eq!(*listener.0.lock().expect("nobody panics here"), [true]);
}
