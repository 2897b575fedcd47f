//! Reading again: takes documents with an order to be read again, reads their pages with the settings of the
//! order, and hands the result to the record.
//!
//! A document is read from the vault, never from its source. A worker holds a lease that it renews while
//! it reads; until the one transaction at the end nothing about the document has changed, so a worker may die at any
//! moment. Refuses to know who ordered it, and the index.

mod again;
mod texts;

use crate::extract::NumberFinders;
use crate::link::{self, NameRegister};
use crate::pages::{self, PageReader, ReadPage, UnderWay};
use again::{failed, page_of, wanted};
use reading::cancel::Cancel;
use reading::limits::ScanLimits;
use reading::media::MediaType;
use reading::reason::PoolError;
use reading::worker::Pool;
use records::System;
use records::jobs::{Lease, Settled};
use records::pages::reread::{ReadAgain, RereadDocument, RereadResult, RereadTask};
use records::pages::{Page, PageState};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use texts::{SearchablePage, describe, sureness};
use tokio::task::JoinSet;
use vocabulary::detail::{Detail, DetailCode};

/// A reading less certain than the one before by more than this (a page turned the wrong way) changes nothing that
/// is known about the document.
const LESS_SURE: f32 = 0.02;

/// Bounds on re-reading.
#[derive(Clone, Copy, Debug)]
pub struct RereaderLimits {
    pub scan: ScanLimits,
    /// Documents that are read at the same time.
    pub documents: usize,
    /// Page bitmaps that may wait for read workers.
    pub bitmaps: usize,
    /// How long a worker may be silent before another worker takes its document.
    pub lease_s: i64,
    /// How often to look for orders of other processes; there is no signal between processes that works everywhere.
    pub look_every: Duration,
    /// How long to wait after the machine has failed: no workers, no database.
    pub pause: Duration,
}

impl RereaderLimits {
    pub fn for_workers(workers: usize) -> RereaderLimits {
        let workers = workers.max(1);
        RereaderLimits {
            scan: ScanLimits::default(),
            documents: workers,
            bitmaps: workers * 2,
            lease_s: 30,
            look_every: Duration::from_secs(1),
            pause: Duration::from_secs(10),
        }
    }
}

/// Why re-reading cannot go on. Documents under way keep their text and are taken again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Record(#[from] records::Error),
    #[error(transparent)]
    Workers(PoolError),
}

impl Error {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Record(error) => error.code(),
            Error::Workers(_) => "worker_unavailable",
        }
    }
}

/// Takes documents to be read again.
#[derive(Clone)]
pub struct Rereader {
    inner: Arc<RereaderState>,
}

struct RereaderState {
    system: System,
    reader: PageReader,
    names: NameRegister,
    limits: RereaderLimits,
}

/// When to stop by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RunUntil {
    Cancelled,
    NothingLeft,
}

impl Rereader {
    pub fn new(system: System, pool: Pool, limits: RereaderLimits) -> Rereader {
        let reader = PageReader::new(pool, limits.bitmaps, None);
        Rereader {
            inner: Arc::new(RereaderState {
                names: NameRegister::new(system.clone()),
                system,
                reader,
                limits,
            }),
        }
    }

    /// Takes ordered documents until cancelled; a failure is logged and retried.
    pub async fn serve(&self, cancel: &Cancel) {
        while !cancel.is_cancelled() {
            if let Err(error) = self.work(RunUntil::Cancelled, cancel, &|| ()).await {
                tracing::warn!(%error, code = error.code(), "reread.interrupted");
                tokio::select! {
                    () = tokio::time::sleep(self.inner.limits.pause) => {}
                    () = cancel.cancelled() => {}
                }
            }
        }
    }

    /// Takes ordered documents until none is left, here or in other processes. `on_done` is called whenever a document
    /// is done.
    ///
    /// # Errors
    /// When there are no workers or the database fails.
    pub async fn run_until_done(&self, cancel: &Cancel, on_done: &(dyn Fn() + Sync)) -> Result<(), Error> {
        self.work(RunUntil::NothingLeft, cancel, on_done).await
    }

    async fn work(&self, until: RunUntil, cancel: &Cancel, on_done: &(dyn Fn() + Sync)) -> Result<(), Error> {
        let limits = self.inner.limits;
        let mut tasks: JoinSet<Result<(), Error>> = JoinSet::new();
        loop {
            while !cancel.is_cancelled() && tasks.len() < limits.documents.max(1) {
                let Some((lease, task)) = self.inner.system.reread_claim(limits.lease_s).await? else {
                    break;
                };
                let (inner, cancel) = (self.inner.clone(), cancel.clone());
                tasks.spawn(async move { inner.take(lease, task, &cancel).await });
            }
            if tasks.is_empty() {
                if cancel.is_cancelled() {
                    return Ok(());
                }
                let due = self.inner.system.reread_due().await?;
                if due.is_none() && until == RunUntil::NothingLeft {
                    return Ok(());
                }
            }
            tokio::select! {
                Some(ended) = tasks.join_next() => {
                    on_done();
                    match ended {
                        Ok(outcome) => outcome?,
                        // A task that panicked is a fault of this program; its lease ends and the document is taken again.
                        Err(error) => tracing::error!(%error, "reread.task_failed"),
                    }
                }
                () = tokio::time::sleep(limits.look_every) => {}
                () = cancel.cancelled(), if tasks.is_empty() => {}
            }
        }
    }
}

impl RereaderState {
    /// Reads one document, renewing the lease meanwhile.
    async fn take(&self, mut lease: Lease, task: RereadTask, cancel: &Cancel) -> Result<(), Error> {
        let renew_every = Duration::from_secs(u64::try_from(self.limits.lease_s / 3).unwrap_or(1).max(1));
        let mut renewal = tokio::time::interval(renew_every);
        renewal.tick().await;
        let outcome = {
            let reading = self.read(&task, cancel);
            tokio::pin!(reading);
            loop {
                tokio::select! {
                    outcome = &mut reading => break outcome,
                    _ = renewal.tick() => {
                        if self.system.job_extend(&mut lease, self.limits.lease_s).await? == Settled::LeaseLost {
                            tracing::warn!(document = %task.document, "reread.lease_lost");
                            return Ok(());
                        }
                    }
                }
            }
        };
        match outcome {
            Ok(Some(result)) => {
                if self.system.reread_finish(&lease, &task, &result).await? == Settled::LeaseLost {
                    tracing::warn!(document = %task.document, "reread.lease_lost");
                }
            }
            Ok(None) => {
                self.system.reread_dropped(&lease).await?;
            }
            Err(RereadStopped::Cancelled) => {
                self.system.reread_release(&lease).await?;
            }
            Err(RereadStopped::Workers(error)) => {
                self.system.reread_release(&lease).await?;
                return Err(Error::Workers(error));
            }
            Err(RereadStopped::Failed(reason)) => {
                self.system.reread_failed(&lease, &task, &reason).await?;
            }
            Err(RereadStopped::Record(error)) => {
                // A full disk or a database that went away; the document keeps its text.
                self.system
                    .reread_failed(&lease, &task, &Detail::of_system(&error))
                    .await?;
            }
        }
        Ok(())
    }

    /// `None` when nothing is left to read.
    async fn read(&self, task: &RereadTask, cancel: &Cancel) -> Result<Option<RereadResult>, RereadStopped> {
        let Some(document) = self.system.reread_document(task).await? else {
            return Ok(None);
        };
        let read = self.pages(task, &document, cancel).await?;
        Ok(Some(self.found(&document, read).await?))
    }

    /// The pages that the task names, by uid.
    async fn pages(
        &self,
        task: &RereadTask,
        document: &RereadDocument,
        cancel: &Cancel,
    ) -> Result<HashMap<i64, ReadPage>, RereadStopped> {
        let settings = &task.settings;
        let wanted = wanted(settings);
        let words = settings.words();
        let pages: Vec<&Page> = document
            .pages
            .iter()
            .map(|page| &page.page)
            .filter(|page| settings.pages.is_empty() || settings.pages.contains(&page.number))
            .collect();
        let mut read: HashMap<i64, ReadPage> = HashMap::new();
        let mut under_way = UnderWay::new();
        for pages in pages.chunk_by(|a, b| a.scan == b.scan) {
            let media = MediaType::from_name(&pages[0].media_type)
                .ok_or_else(|| RereadStopped::Failed(DetailCode::TypeNotRead.with(pages[0].media_type.as_str())))?;
            let file = self.system.vault().open_scan(pages[0].scan)?;
            let mut opened = match self.reader.open(file, pages[0].scan, media).await? {
                Ok(opened) => opened,
                Err(refusal) => {
                    read.extend(pages.iter().map(|page| (page.uid, failed(page.scan_index, &refusal))));
                    continue;
                }
            };
            for page in pages {
                if cancel.is_cancelled() {
                    return Err(RereadStopped::Cancelled);
                }
                let key = (page.uid, page.scan_index);
                let done = self
                    .reader
                    .page(&mut opened, page.scan_index, wanted, key, &mut under_way);
                if let Some(((uid, index), outcome)) = done.await? {
                    read.insert(uid, page_of(index, outcome, &words, wanted.how));
                }
            }
        }
        while let Some(done) = under_way.next().await {
            let ((uid, index), outcome) = done?;
            read.insert(uid, page_of(index, outcome, &words, wanted.how));
        }
        Ok(read)
    }

    /// The facts on the pages read again, within the whole document.
    async fn found(
        &self,
        document: &RereadDocument,
        mut read: HashMap<i64, ReadPage>,
    ) -> Result<RereadResult, records::Error> {
        let settings = self.system.settings().await?;
        let kinds = self.system.kinds().await?;
        let mut texts: Vec<SearchablePage> = Vec::new();
        for page in &document.pages {
            texts.push(match read.get(&page.page.uid) {
                Some(again) if again.page.state != PageState::Failed => {
                    SearchablePage::of(page.page.number, again, &page.corrections)
                }
                _ => SearchablePage::known(page.page.number, page.layer.clone()),
            });
        }
        let former: Vec<SearchablePage> = document
            .pages
            .iter()
            .map(|page| SearchablePage::known(page.page.number, page.layer.clone()))
            .collect();
        let rules = NumberFinders::of(&settings);
        let (former_says, _) = describe(&former, &rules, &kinds);
        let (described, extract) = describe(&texts, &rules, &kinds);
        let trusted = sureness(&texts) > sureness(&former) - LESS_SURE;
        let is_new = |number: u32| texts.iter().any(|text| text.number == number && text.is_new);
        let mut facts: Vec<_> = extract
            .facts
            .into_iter()
            .filter(|fact| is_new(fact.page_number))
            .collect();
        let searched: Vec<_> = texts
            .iter()
            .filter(|text| text.is_new)
            .map(SearchablePage::searched)
            .collect();
        for named in self.names.on_pages(&searched).await? {
            if !facts.iter().any(|known| known.says_the_same(&named)) {
                facts.push(named);
            }
        }
        let candidates = match facts.is_empty() {
            true => Vec::new(),
            false => {
                let found = link::look_up(&self.system, &facts, &settings).await?;
                link::proposals(&link::Statements::default(), &facts, &found)
            }
        };
        let pages = document
            .pages
            .iter()
            .filter_map(|page| {
                Some(ReadAgain {
                    page_uid: page.page.uid,
                    page: read.remove(&page.page.uid)?.page,
                })
            })
            .collect();
        Ok(RereadResult {
            pages,
            facts,
            candidates,
            former: former_says,
            described,
            trusted,
        })
    }
}

/// Why a document was not read to its end.
enum RereadStopped {
    Cancelled,
    Workers(PoolError),
    Record(records::Error),
    /// A fault of this document.
    Failed(Detail),
}

impl From<pages::PagesStopped> for RereadStopped {
    fn from(stop: pages::PagesStopped) -> RereadStopped {
        match stop {
            pages::PagesStopped::Cancelled => RereadStopped::Cancelled,
            pages::PagesStopped::Workers(error) => RereadStopped::Workers(error),
            pages::PagesStopped::Record(error) => RereadStopped::Record(error),
        }
    }
}

impl From<records::Error> for RereadStopped {
    fn from(error: records::Error) -> RereadStopped {
        RereadStopped::Record(error)
    }
}
