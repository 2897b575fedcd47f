//! Reading again: takes documents whose re-reading somebody has ordered, reads their pages with the settings of the
//! order, and hands the result to the record.
//!
//! A document is read from the vault, never from where it came from. What a worker holds is a lease that it renews while
//! it reads; until the one transaction at the end nothing of the document has changed, so that a worker may die at any
//! moment. Refuses to know who ordered what, and the index.

use crate::deposit::kind_of;
use crate::extract::{Extract, FactPage, Rules, extract};
use crate::link;
use crate::pages::{ReadPage, delivered_page, failed_page, read_page};
use reading::cancel::Cancel;
use reading::layout::Turn;
use reading::limits::ScanLimits;
use reading::media::MediaType;
use reading::read::{ReadHow, SECOND_NAME};
use reading::reason::{PoolError, Reason, Refusal};
use reading::worker::{Pool, ScanPage};
use records::System;
use records::jobs::{Lease, Settled};
use records::kinds::Kinds;
use records::pages::reread::{Described, ReadAgain, RereadDocument, RereadResult, RereadTask};
use records::pages::{PageFrame, PageState, TextLayer};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A reading that is less sure than the one before by more than this (a page turned the wrong way) changes nothing that
/// is known of the document.
const LESS_SURE: f32 = 0.02;

/// Bounds on re-reading.
#[derive(Clone, Copy, Debug)]
pub struct RereadLimits {
    pub scan: ScanLimits,
    /// Documents that are read at the same time.
    pub documents: usize,
    /// Page bitmaps that may wait for read workers.
    pub bitmaps: usize,
    /// How long a worker may be silent before somebody else takes its document.
    pub lease_s: i64,
    /// How often to look for orders of other processes; there is no signal between processes that works everywhere.
    pub look_every: Duration,
    /// How long to wait after the machine has failed: no workers, no database.
    pub pause: Duration,
}

impl RereadLimits {
    pub fn for_workers(workers: usize) -> RereadLimits {
        let workers = workers.max(1);
        RereadLimits {
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
    inner: Arc<Inner>,
}

struct Inner {
    system: System,
    pool: Pool,
    limits: RereadLimits,
    ahead: Arc<Semaphore>,
}

/// When to stop by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Cancelled,
    NothingLeft,
}

impl Rereader {
    pub fn new(system: System, pool: Pool, limits: RereadLimits) -> Rereader {
        let ahead = Arc::new(Semaphore::new(limits.bitmaps.max(1)));
        Rereader {
            inner: Arc::new(Inner {
                system,
                pool,
                limits,
                ahead,
            }),
        }
    }

    /// Takes what is ordered until cancelled; what is in its way is logged and tried again.
    pub async fn serve(&self, cancel: &Cancel) {
        while !cancel.is_cancelled() {
            if let Err(error) = self.work(Until::Cancelled, cancel, &|| ()).await {
                tracing::warn!(%error, code = error.code(), "reread.interrupted");
                tokio::select! {
                    () = tokio::time::sleep(self.inner.limits.pause) => {}
                    () = cancel.cancelled() => {}
                }
            }
        }
    }

    /// Takes what is ordered until nothing is left to be taken, here or elsewhere. `told` is called whenever a document
    /// is done.
    ///
    /// # Errors
    /// When there are no workers or the database fails.
    pub async fn work_off(&self, cancel: &Cancel, told: &(dyn Fn() + Sync)) -> Result<(), Error> {
        self.work(Until::NothingLeft, cancel, told).await
    }

    async fn work(&self, until: Until, cancel: &Cancel, told: &(dyn Fn() + Sync)) -> Result<(), Error> {
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
                if due.is_none() && until == Until::NothingLeft {
                    return Ok(());
                }
            }
            tokio::select! {
                Some(ended) = tasks.join_next() => {
                    told();
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

impl Inner {
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
            Err(Stop::Cancelled) => {
                self.system.reread_release(&lease).await?;
            }
            Err(Stop::Workers(error)) => {
                self.system.reread_release(&lease).await?;
                return Err(Error::Workers(error));
            }
            Err(Stop::Failed(reason)) => {
                self.system.reread_failed(&lease, &task, &reason).await?;
            }
            Err(Stop::Record(error)) => {
                // A full disk or a database that went away; the document keeps its text.
                self.system.reread_failed(&lease, &task, &error.to_string()).await?;
            }
        }
        Ok(())
    }

    /// `None` when there is nothing to be read any more.
    async fn read(&self, task: &RereadTask, cancel: &Cancel) -> Result<Option<RereadResult>, Stop> {
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
    ) -> Result<HashMap<i64, ReadPage>, Stop> {
        let settings = &task.settings;
        let how = ReadHow {
            turn: settings.turn.and_then(|turn| Turn::from_degrees(i64::from(turn))),
            fine: settings.fine,
            keep_seals: settings.keep_seals,
            second_opinion: settings.second_opinion,
        };
        // Whoever says how the page lies or asks for small print wants it read, not copied.
        let read_anyway = settings.force_ocr || how != ReadHow::default();
        let words = settings.words();
        let wanted: Vec<_> = document
            .pages
            .iter()
            .map(|page| &page.page)
            .filter(|page| settings.pages.is_empty() || settings.pages.contains(&page.number))
            .collect();
        let mut read: HashMap<i64, ReadPage> = HashMap::new();
        let mut reading: JoinSet<Result<(i64, ReadPage), Stop>> = JoinSet::new();
        let mut at = 0;
        while let Some(first) = wanted.get(at) {
            let scan = first.scan;
            let of_scan = wanted[at..].iter().take_while(|page| page.scan == scan).count();
            let pages = &wanted[at..at + of_scan];
            at += of_scan;
            let media = MediaType::from_name(&first.media_type)
                .ok_or_else(|| Stop::Failed(format!("{} is no type that is read", first.media_type)))?;
            let file = self.system.vault().open_scan(scan)?;
            let mut open = match self.pool.open(file, media).await {
                Ok(open) => open,
                Err(PoolError::Refused(refusal)) => {
                    read.extend(pages.iter().map(|page| (page.uid, failed(page.scan_index, &refusal))));
                    continue;
                }
                Err(unavailable) => return Err(Stop::Workers(unavailable)),
            };
            for page in pages {
                if cancel.is_cancelled() {
                    return Err(Stop::Cancelled);
                }
                let uid = page.uid;
                let place = self.ahead.clone().acquire_owned().await.map_err(|_| Stop::Cancelled)?;
                match open.page_to_read(page.scan_index, read_anyway).await {
                    Ok(ScanPage {
                        page: decoded,
                        bitmap: Some(bitmap),
                    }) => {
                        let (pool, words) = (self.pool.clone(), words.clone());
                        reading.spawn(async move {
                            let result = pool.read_as(&bitmap, how).await;
                            drop((bitmap, place));
                            Ok((
                                uid,
                                match result {
                                    Ok(reading) => told(read_page(0, decoded, reading), &words, how),
                                    Err(PoolError::Refused(refusal)) => failed(decoded.index, &refusal),
                                    Err(unavailable) => return Err(Stop::Workers(unavailable)),
                                },
                            ))
                        });
                    }
                    Ok(ScanPage { page, bitmap: None }) => {
                        read.insert(uid, delivered_page(0, page));
                    }
                    Err(PoolError::Refused(refusal)) => {
                        read.insert(uid, failed(page.scan_index, &refusal));
                    }
                    Err(unavailable) => return Err(Stop::Workers(unavailable)),
                }
            }
        }
        while let Some(done) = reading.join_next().await {
            // A task ends badly only when the runtime goes down with it.
            let (uid, page) = done.map_err(|_| Stop::Cancelled)??;
            read.insert(uid, page);
        }
        Ok(read)
    }

    /// What stands on the pages that were read again, within the whole document.
    async fn found(
        &self,
        document: &RereadDocument,
        mut read: HashMap<i64, ReadPage>,
    ) -> Result<RereadResult, records::Error> {
        let settings = self.system.settings().await?;
        let kinds = self.system.kinds().await?;
        let mut texts: Vec<Text> = Vec::new();
        for page in &document.pages {
            texts.push(match read.get(&page.page.uid) {
                Some(again) if again.page.state != PageState::Failed => {
                    Text::of(page.page.number, again, &page.corrections)
                }
                _ => Text::known(page.page.number, page.layer.clone()),
            });
        }
        let former: Vec<Text> = document
            .pages
            .iter()
            .map(|page| Text::known(page.page.number, page.layer.clone()))
            .collect();
        let rules = Rules::of(&settings);
        let (former_says, _) = describe(&former, &rules, &kinds);
        let (described, extract) = describe(&texts, &rules, &kinds);
        let trusted = sureness(&texts) > sureness(&former) - LESS_SURE;
        let is_new = |number: u32| texts.iter().any(|text| text.number == number && text.is_new);
        let facts: Vec<_> = extract
            .facts
            .into_iter()
            .filter(|fact| is_new(fact.page_number))
            .collect();
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

/// What these texts say of their document, and everything that was found in them.
fn describe(texts: &[Text], rules: &Rules, kinds: &Kinds) -> (Described, Extract) {
    let sheets: Vec<FactPage<'_>> = texts
        .iter()
        .map(|text| FactPage {
            number: text.number,
            layer: &text.layer,
            seals: &text.seals,
            repaired: &text.repaired,
        })
        .collect();
    let extract = extract(&sheets, rules);
    let heading = &extract.heading;
    let first = texts.first().map(|text| text.layer.text()).unwrap_or_default();
    let named = heading.candidates.iter().find(|line| kinds.by_title(line).is_some());
    let title = named.unwrap_or(&heading.title);
    let kind = kind_of(kinds, title, extract.kind_by_content, &first);
    let described = Described {
        kind: kind.map(|kind| kind.code.clone()).unwrap_or_default(),
        title: title.clone(),
        number: heading.number.clone(),
        date: heading.date.clone(),
        validity: extract.validity.clone(),
    };
    (described, extract)
}

/// How sure the lines were, by their letters; 0 where there are none.
fn sureness(texts: &[Text]) -> f32 {
    let lines = texts.iter().flat_map(|text| &text.layer.lines);
    let (sum, count) = lines.fold((0.0, 0.0), |(sum, count), line| {
        let letters = line.text.chars().count() as f32;
        (sum + line.confidence * letters, count + letters)
    });
    if count > 0.0 { sum / count } else { 0.0 }
}

/// Why a document was not read to its end.
enum Stop {
    Cancelled,
    Workers(PoolError),
    Record(records::Error),
    /// About this document.
    Failed(String),
}

impl From<records::Error> for Stop {
    fn from(error: records::Error) -> Stop {
        Stop::Record(error)
    }
}

/// A page as it is searched for facts.
struct Text {
    number: u32,
    layer: TextLayer,
    seals: Vec<usize>,
    repaired: Vec<Range<usize>>,
    is_new: bool,
}

impl Text {
    fn of(number: u32, read: &ReadPage, corrections: &[records::pages::Correction]) -> Text {
        let page = &read.page;
        let layer = page.text.as_ref().map(|text| text.layer.clone()).unwrap_or_default();
        if corrections.is_empty() {
            return Text {
                number,
                layer,
                seals: read.seals.clone(),
                repaired: read.repaired.clone(),
                is_new: true,
            };
        }
        // What a person typed is not to be doubted; where lines moved, seals and repairs are not known any more.
        let frame = PageFrame {
            turn: page.turn,
            width: page.width,
            height: page.height,
        };
        Text {
            is_new: true,
            ..Text::known(number, layer.corrected(frame, corrections))
        }
    }

    fn known(number: u32, layer: TextLayer) -> Text {
        Text {
            number,
            layer,
            seals: Vec::new(),
            repaired: Vec::new(),
            is_new: false,
        }
    }
}

fn failed(scan_index: u32, refusal: &Refusal) -> ReadPage {
    let refusal = match refusal.reason {
        // The document was filed long ago: what is wrong now is about reading it.
        Reason::NotSettled | Reason::ChangedWhileReading => Refusal::new(Reason::PageFailed, refusal.detail.clone()),
        _ => refusal.clone(),
    };
    failed_page(0, scan_index, None, &refusal)
}

/// The text says by what and in which way it was read.
fn told(mut page: ReadPage, words: &str, how: ReadHow) -> ReadPage {
    if let Some(text) = page.page.text.as_mut() {
        if !words.is_empty() {
            text.parameters = format!("{} {words}", text.parameters);
        }
        if how.second_opinion {
            text.engine = format!("{} + {SECOND_NAME}", text.engine);
        }
    }
    page
}
