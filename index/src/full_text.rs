//! The full text as the rest of the program sees it: search, customers, freshness, rebuild.
//!
//! Every read takes an `Asker`. Searching is heavy work and runs on blocking threads; the record
//! is asked only for the meaning of kinds and locations before it, never while searching.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use records::changes::Position;
use records::{Archive, Asker, System};
use tokio::sync::{Notify, watch};

use crate::collect::Sorting;
use crate::customers::CustomersFound;
use crate::door::VisibilityFilter;
use crate::error::{Error, Result};
use crate::fields::{QueryField, parse_readings, parse_states};
use crate::fold::folded_string;
use crate::folder::Folder;
use crate::follower::Following;
use crate::generation::Generation;
use crate::grammar::{NoticeCode, Query, QueryLimits, QueryNotice, parse};
use crate::keywords::KeywordId;
use crate::search::{IndexReaders, Mask, Names, PageHit, SearchAnswer, SearchLimits, SearchRequest};

/// Where the full text lies and what a search may cost.
#[derive(Debug, Clone)]
pub struct FullTextConfig {
    pub folder: PathBuf,
    pub query: QueryLimits,
    pub search: SearchLimits,
}

impl FullTextConfig {
    /// The limits of the design.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        FullTextConfig {
            folder: folder.into(),
            query: QueryLimits::default(),
            search: SearchLimits::default(),
        }
    }
}

/// Whether a change that somebody just made can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    Reached,
    /// The time was up; the index stands at this position.
    Behind(Position),
}

/// For `doctor`, `/readyz` and the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTextStatus {
    pub generation: Option<String>,
    pub pages: u64,
    pub dossiers: u64,
    pub position: Position,
    /// Whether this process follows the change log for all.
    pub following: bool,
    /// Documents read so far while a new generation is made.
    pub rebuilding: Option<u64>,
}

/// How long a search waits for an index that is being made (a small archive takes less).
const FIRST_SHELF_WAIT: Duration = Duration::from_secs(5);
/// How often a process that does not follow looks what the one that does has committed. There is
/// no signal between processes that works everywhere; a look costs one small file.
const OTHER_PROCESS_INTERVAL: Duration = Duration::from_millis(50);

/// A handle that is cheap to clone.
#[derive(Clone)]
pub struct FullText(pub(crate) Arc<FullTextState>);

pub(crate) struct FullTextState {
    pub folder: Folder,
    pub archive: Archive,
    pub system: System,
    pub config: FullTextConfig,
    /// What serves; absent until a first generation is usable.
    opened: RwLock<Option<Arc<ServingGeneration>>>,
    /// The position that searches of this process see.
    reached: watch::Sender<Option<Position>>,
    /// Wakes the follower before its next look.
    pub kick: Notify,
    pub following: AtomicBool,
    pub rebuilding: AtomicBool,
    pub rebuilt: AtomicU64,
}

pub(crate) struct ServingGeneration {
    pub generation: Generation,
    pub shelf: IndexReaders,
}

impl FullText {
    /// Opens what is there, if it belongs to this record. Never fails because of the content of
    /// the folder: full text is derived, whoever follows makes it anew.
    pub async fn open(config: FullTextConfig, archive: Archive, system: System) -> Result<Self> {
        let full_text = FullText(Arc::new(FullTextState {
            folder: Folder::new(&config.folder),
            archive,
            system,
            config,
            opened: RwLock::new(None),
            reached: watch::channel(None).0,
            kick: Notify::new(),
            following: AtomicBool::new(false),
            rebuilding: AtomicBool::new(false),
            rebuilt: AtomicU64::new(0),
        }));
        full_text.refresh().await;
        Ok(full_text)
    }

    /// Follows the change log for all processes as soon as no other process does.
    pub fn start(&self) -> Following {
        Following::start(self.clone())
    }

    /// Documents that hold what was asked for and that the asker may see.
    ///
    /// # Errors
    /// [`Error::Query`] with its place in the query; [`Error::Rebuilding`] when there is no index yet.
    pub async fn search(&self, asker: &Asker, request: &SearchRequest) -> Result<SearchAnswer> {
        let mut query = parse(&request.query, &self.0.config.query)?;
        let names = self.names(asker, &mut query).await?;
        let opened = self.opened().await?;
        let seen = Arc::new(VisibilityFilter::by(asker));
        let mask = mask_for(asker);
        let request = request.clone();
        let limits = self.0.config.search;
        if request.sorting != Sorting::Location {
            let search = move || Ok(opened.shelf.search(&seen, &request, query, &names, mask, &limits)?);
            return blocking(search).await;
        }
        // Which places are to be ordered is known after finding, and their order only to the record.
        let (archive, asker) = (self.0.archive.clone(), asker.clone());
        let runtime = tokio::runtime::Handle::current();
        blocking(move || {
            let found = opened.shelf.find(&seen, request.exact_total, query, &names, &limits)?;
            let found = match found {
                Ok(found) => found,
                Err(nothing) => return Ok(nothing),
            };
            let places = found.places();
            let places = runtime.block_on(archive.places_in_shelf_order(&asker, &places))?;
            let order = places.into_iter().enumerate().map(|(at, place)| (place, at)).collect();
            Ok(found.show(&request, mask, &order)?)
        })
        .await
    }

    /// Every page of a document on which one of the words of the query stands, in page order.
    /// Snippets are masked as in [`FullText::search`].
    pub async fn find_in_document(&self, asker: &Asker, document_uid: i64, query: &str) -> Result<Vec<PageHit>> {
        let query = parse(query, &self.0.config.query)?;
        let opened = self.opened().await?;
        let seen = Arc::new(VisibilityFilter::by(asker));
        let mask = mask_for(asker);
        let limits = self.0.config.search;
        blocking(move || {
            let shelf = &opened.shelf;
            Ok(shelf.find_in_document(&seen, document_uid, &query, mask, &limits)?)
        })
        .await
    }

    /// Customers by name, pinyin, code, dossier number or a piece of an identifier; best first.
    pub async fn customers(&self, asker: &Asker, text: &str, limit: usize) -> Result<CustomersFound> {
        let cut: String = text.chars().take(self.0.config.query.characters_max).collect();
        let opened = self.opened().await?;
        let seen = Arc::new(VisibilityFilter::by(asker));
        let limits = self.0.config.search;
        blocking(move || Ok(opened.shelf.customers(&seen, &cut, limit, &limits)?)).await
    }

    /// Waits until what stands at `position` in the change log can be found, at most `patience`.
    pub async fn wait_for(&self, position: Position, patience: Duration) -> Freshness {
        let mut reached = self.0.reached.subscribe();
        let arrival = async {
            loop {
                if (*reached.borrow_and_update()).is_some_and(|now| now >= position) {
                    return;
                }
                self.0.kick.notify_one();
                tokio::select! {
                    changed = reached.changed() => if changed.is_err() { return },
                    () = tokio::time::sleep(OTHER_PROCESS_INTERVAL) => {
                        if !self.0.following.load(Ordering::Relaxed) {
                            self.refresh().await;
                        }
                    }
                }
            }
        };
        match tokio::time::timeout(patience, arrival).await {
            Ok(()) => Freshness::Reached,
            Err(_) => Freshness::Behind(self.position().unwrap_or_default()),
        }
    }

    /// Waits until everything committed to the record before this call can be found.
    pub async fn wait_for_head(&self, patience: Duration) -> Result<Freshness> {
        let head = self.0.system.change_log_head().await?;
        Ok(self.wait_for(head, patience).await)
    }

    /// Tells the follower of this process that something changed, so that it does not wait for its
    /// next look.
    pub fn wake(&self) {
        self.0.kick.notify_one();
    }

    /// Has a new generation made while the present one serves, and waits until it serves.
    /// Some process must follow ([`FullText::start`]); `patience` ends the waiting, not the work.
    pub async fn rebuild(&self, patience: Duration) -> Result<bool> {
        let before = self.current_name();
        self.0.folder.request_rebuild()?;
        self.0.kick.notify_one();
        let arrival = async {
            let mut reached = self.0.reached.subscribe();
            while self.current_name() == before || self.0.folder.rebuild_is_requested() {
                tokio::select! {
                    changed = reached.changed() => if changed.is_err() { return },
                    () = tokio::time::sleep(OTHER_PROCESS_INTERVAL) => {
                        if !self.0.following.load(Ordering::Relaxed) {
                            self.refresh().await;
                        }
                    }
                }
            }
        };
        Ok(tokio::time::timeout(patience, arrival).await.is_ok())
    }

    pub fn status(&self) -> FullTextStatus {
        let opened = self.present();
        let (pages, dossiers) = opened.as_ref().map_or((0, 0), |opened| opened.shelf.counts());
        let rebuilding = self.0.rebuilding.load(Ordering::Relaxed);
        FullTextStatus {
            generation: opened.map(|opened| opened.generation.name.clone()),
            pages,
            dossiers,
            position: self.position().unwrap_or_default(),
            following: self.0.following.load(Ordering::Relaxed),
            rebuilding: rebuilding.then(|| self.0.rebuilt.load(Ordering::Relaxed)),
        }
    }

    pub(crate) fn position(&self) -> Option<Position> {
        *self.0.reached.borrow()
    }

    /// Lets searches see a commit.
    pub(crate) fn publish(&self, opened: Arc<ServingGeneration>, position: Position) {
        *self.0.opened.write().unwrap_or_else(PoisonError::into_inner) = Some(opened);
        self.0.reached.send_replace(Some(position));
    }

    pub(crate) fn present(&self) -> Option<Arc<ServingGeneration>> {
        self.0.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sees what another process has committed. A folder in disorder is left to the follower.
    pub(crate) async fn refresh(&self) {
        let full_text = self.clone();
        let looked = blocking(move || full_text.look()).await;
        if let Err(error) = looked {
            tracing::debug!(%error, "index.refresh.failed");
        }
    }

    fn look(&self) -> Result<()> {
        let Some(name) = self.0.folder.current()? else {
            return Ok(());
        };
        let opened = match self.present().filter(|opened| opened.generation.name == name) {
            Some(opened) => opened,
            None => {
                let path = self.0.folder.path_of(&name);
                let (generation, _) = Generation::open(&path, &name)?;
                let shelf = generation.shelf()?;
                Arc::new(ServingGeneration { generation, shelf })
            }
        };
        let payload = opened.generation.payload()?;
        if !self.is_of_this_record(&payload) {
            return Err(Error::unusable(
                &self.0.folder.path_of(&name),
                "it belongs to another record",
            ));
        }
        if self.position() != Some(payload.position()) || self.current_name().as_ref() != Some(&name) {
            opened.shelf.reload()?;
            self.publish(opened, payload.position());
        }
        Ok(())
    }

    fn current_name(&self) -> Option<String> {
        self.present().map(|opened| opened.generation.name.clone())
    }

    async fn opened(&self) -> Result<Arc<ServingGeneration>> {
        let mut reached = self.0.reached.subscribe();
        let arrival = async {
            loop {
                if let Some(opened) = self.present() {
                    return opened;
                }
                tokio::select! {
                    _ = reached.changed() => {}
                    () = tokio::time::sleep(OTHER_PROCESS_INTERVAL) => self.refresh().await,
                }
            }
        };
        let arrived = tokio::time::timeout(FIRST_SHELF_WAIT, arrival).await;
        arrived.map_err(|_| Error::Rebuilding {
            done: self.0.rebuilt.load(Ordering::Relaxed),
        })
    }

    /// Asks the record for kinds and places, and notes what names nothing.
    async fn names(&self, asker: &Asker, query: &mut Query) -> Result<Names> {
        let mut names = Names::default();
        let mut unknown = Vec::new();
        let limits = self.0.config.search;
        let kinds = query.values_of(QueryField::Kind);
        if !kinds.is_empty() {
            let known = self.0.archive.kinds(asker).await?;
            for (text, _) in kinds {
                let codes = kind_codes(&known, text);
                if codes.is_empty() {
                    unknown.push((QueryField::Kind, text.to_owned()));
                }
                names.kinds.insert(text.to_owned(), codes);
            }
        }
        for (text, prefix) in query.values_of(QueryField::Location) {
            let code = if prefix { format!("{text}*") } else { text.to_owned() };
            let places = self.0.archive.place_uids(asker, &code, limits.places_max).await?;
            if places.is_empty() {
                unknown.push((QueryField::Location, text.to_owned()));
            }
            names.places.insert((text.to_owned(), prefix), places);
        }
        for (text, _) in query.values_of(QueryField::State) {
            if parse_states(text).is_empty() {
                unknown.push((QueryField::State, text.to_owned()));
            }
        }
        for (text, _) in query.values_of(QueryField::Reading) {
            if parse_readings(text).is_empty() {
                unknown.push((QueryField::Reading, text.to_owned()));
            }
        }
        for word in KeywordId::all() {
            for (text, _) in query.values_of(word.field()) {
                if (word.line().parse)(text).is_empty() {
                    unknown.push((word.field(), text.to_owned()));
                }
            }
        }
        query
            .notices
            .extend(unknown.into_iter().map(|(field, text)| QueryNotice {
                code: NoticeCode::UnknownValue,
                at: 0,
                length: 0,
                text: format!("{}:{text}", field.english()),
            }));
        Ok(names)
    }
}

/// Runs `work` where it may block.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::Task(error.to_string())),
    }
}

fn mask_for(asker: &Asker) -> Option<Mask> {
    let mask: Mask = records::privacy::mask_personal_numbers;
    (!asker.sees_personal_numbers()).then_some(mask)
}

/// The kind that is called so; otherwise every kind whose name in either language holds the text.
fn kind_codes(kinds: &records::kinds::Kinds, text: &str) -> Vec<String> {
    let wanted = folded_string(text);
    let exact = kinds.all().iter().filter(|kind| {
        [&kind.code, &kind.name_zh, &kind.name_en]
            .iter()
            .any(|name| folded_string(name) == wanted)
    });
    let exact: Vec<String> = exact.map(|kind| kind.code.clone()).collect();
    if !exact.is_empty() || wanted.is_empty() {
        return exact;
    }
    let holding = kinds.all().iter().filter(|kind| {
        [&kind.name_zh, &kind.name_en]
            .iter()
            .any(|name| folded_string(name).contains(&wanted))
    });
    holding.map(|kind| kind.code.clone()).collect()
}
