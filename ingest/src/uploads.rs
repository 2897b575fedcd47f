//! Uploads: takes those that were handed over, and runs each as the delivery that it is. Refuses to know who serves
//! the pieces; what is known of all files goes beside them as a manifest.

use crate::run::{Error, Progress, Request, Run, RunEvent, RunLimits, WhenHeld};
use reading::cancel::Cancel;
use reading::page_images::ImageMaker;
use reading::worker::Pool;
use records::jobs::{Lease, Settled};
use records::tables::reader::TableReader;
use records::uploads::{Upload, UploadTask};
use records::{Archive, System};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a worker may be silent before another takes its upload.
const LEASE_S: i64 = 60;
/// How often to look for uploads; there is no signal between processes that works everywhere.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often to note which batch an upload has become, and to renew the lease.
const NOTE_EVERY: Duration = Duration::from_secs(1);
/// How often to look for uploads that were left.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// How long to wait after the record has failed.
const PAUSE: Duration = Duration::from_secs(10);
/// What is known of all files, beside their folder.
const MANIFEST: &str = "known.csv";

/// Takes uploads in.
#[derive(Clone)]
pub struct UploadTaker {
    pub system: System,
    pub archive: Archive,
    pub pool: Pool,
    pub limits: RunLimits,
    pub images: ImageMaker,
    pub tables: Arc<dyn TableReader>,
}

/// The batch that a run has begun.
#[derive(Default)]
struct BatchName(Mutex<Option<String>>);

impl Progress for BatchName {
    fn event(&self, event: RunEvent<'_>) {
        if let RunEvent::BatchBegan { batch, .. } = event {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(batch.to_owned());
        }
    }
}

impl BatchName {
    fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_noted(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl UploadTaker {
    /// Takes one upload after the other until cancelled; a failure is logged and tried again.
    pub async fn serve(&self, cancel: &Cancel) {
        let mut swept: Option<Instant> = None;
        while !cancel.is_cancelled() {
            if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
                swept = Some(Instant::now());
                self.sweep().await;
            }
            let wait = match self.system.upload_claim(LEASE_S).await {
                Ok(Some((lease, task))) => match self.take(lease, task, cancel).await {
                    Ok(()) => Duration::ZERO,
                    Err(error) => paused(&error),
                },
                Ok(None) => LOOK_EVERY,
                Err(error) => paused(&error),
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = cancel.cancelled() => {}
            }
        }
    }

    /// Uploads that were begun and left are given up.
    async fn sweep(&self) {
        match self.system.uploads_abandoned().await {
            Ok(0) => {}
            Ok(uploads) => tracing::info!(uploads, "upload.abandoned"),
            Err(error) => tracing::warn!(%error, code = error.code(), "upload.sweep_failed"),
        }
    }

    async fn take(&self, mut lease: Lease, task: UploadTask, cancel: &Cancel) -> records::Result<()> {
        let UploadTask { upload, folder, asker } = task;
        let Some(asker) = asker else {
            self.system.upload_ended(&lease, &upload.id, "account_locked").await?;
            return Ok(());
        };
        let request = match request_of(&upload, &folder) {
            Ok(request) => request,
            Err(cause) => {
                self.system.upload_failed(&lease, &cause.to_string()).await?;
                return Ok(());
            }
        };
        let run = Run::new(
            self.system.clone(),
            self.archive.clone(),
            asker,
            self.pool.clone(),
            self.tables.clone(),
            self.limits,
        );
        let run = run.with_images(self.images.clone());
        let batch = BatchName::default();
        let outcome = {
            let running = run.ingest(&request, &batch, cancel);
            tokio::pin!(running);
            loop {
                tokio::select! {
                    outcome = &mut running => break outcome,
                    () = tokio::time::sleep(NOTE_EVERY) => {
                        match self.renew(&mut lease, &upload, &batch).await {
                            Ok(Settled::Written) => {}
                            Ok(Settled::LeaseLost) => {
                                tracing::warn!(upload = %upload.id, "upload.lease_lost");
                                return Ok(());
                            }
                            // A record that did not answer once ends no run: the lease holds for a while.
                            Err(error) => tracing::warn!(upload = %upload.id, %error, "upload.not_renewed"),
                        }
                    }
                }
            }
        };
        self.note(&upload, &batch).await?;
        match outcome {
            Ok(report) if report.interrupted => self.system.upload_release(&lease).await,
            Ok(_) => self.system.upload_ended(&lease, &upload.id, "").await.map(|_| ()),
            Err(error) if is_final(&error) => {
                let problem = error.to_string();
                self.system.upload_ended(&lease, &upload.id, &problem).await.map(|_| ())
            }
            Err(error) => {
                tracing::warn!(upload = %upload.id, %error, "upload.interrupted");
                self.system.upload_failed(&lease, &error.to_string()).await.map(|_| ())
            }
        }
    }

    async fn renew(&self, lease: &mut Lease, upload: &Upload, batch: &BatchName) -> records::Result<Settled> {
        self.note(upload, batch).await?;
        self.system.job_extend(lease, LEASE_S).await
    }

    async fn note(&self, upload: &Upload, batch: &BatchName) -> records::Result<()> {
        if let Some(name) = batch.get() {
            self.system.upload_became(&upload.id, &name).await?;
            batch.is_noted();
        }
        Ok(())
    }
}

/// Faults that trying again does not mend.
fn is_final(error: &Error) -> bool {
    matches!(
        error,
        Error::UnknownCustomer(_) | Error::UnknownLocation(_) | Error::RootMissing(_)
    )
}

fn paused(error: &records::Error) -> Duration {
    tracing::warn!(%error, code = error.code(), "upload.interrupted");
    PAUSE
}

fn request_of(upload: &Upload, folder: &Path) -> std::io::Result<Request> {
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    Ok(Request {
        roots: vec![folder.join(UploadTask::FILES)],
        manifest: manifest(upload, folder)?,
        customer: some(&upload.customer_code),
        location: some(&upload.location_code),
        batch_name: upload.name.clone(),
        when_held: WhenHeld::Wait,
        settle: Duration::ZERO,
        done_folder: None,
    })
}

/// Written only where something is known that a request does not say.
fn manifest(upload: &Upload, folder: &Path) -> std::io::Result<Option<std::path::PathBuf>> {
    let groups = upload.files.iter().any(|file| !file.document.is_empty());
    if upload.kind.is_empty() && upload.security_level.is_none() && !groups {
        return Ok(None);
    }
    let level = upload
        .security_level
        .map_or(String::new(), |level| level.number().to_string());
    let mut table = "path,document,sequence,kind,security_level\n".to_owned();
    for file in &upload.files {
        let sequence = match file.document.is_empty() {
            true => String::new(),
            false => file.number.to_string(),
        };
        let path = format!("{}/{}", UploadTask::FILES, file.path);
        let cells = [&path, &file.document, &sequence, &upload.kind, &level].map(|cell| quoted(cell));
        table.push_str(&cells.join(","));
        table.push('\n');
    }
    let path = folder.join(MANIFEST);
    std::fs::write(&path, table)?;
    Ok(Some(path))
}

/// A cell of a table (RFC 4180).
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}
