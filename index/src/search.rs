//! One search from the typed query to documents with snippets: filter, gather, order, mark.
//!
//! Synchronous and without a database; `full_text.rs` runs it on a blocking thread with what the
//! record said about kinds and places.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use tantivy::query::{BooleanQuery, Occur, Query as Condition, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{IndexReader, Term};

use crate::collect::{DocumentGroup, DossierGroup, Facets, GatheredHits, Sorting, StopRule, Stopped, gather};
use crate::columns::OpenColumns;
use crate::compile::{CustomersBy, Meaning, compile, compile_near, near_word};
use crate::customers::{self, CustomersFound};
use crate::door::{VisibilityFilter, VisibleSearcher};
use crate::entry::unsigned;
use crate::grammar::Query;
pub use crate::highlight::Mask;
use crate::highlight::{Marker, Snippet, SnippetLimits, snippet};
use crate::phrase::SearchBudget;
use crate::schema::{DossierFields, PageFields};

/// What one search may cost and show.
#[derive(Debug, Clone, Copy)]
pub struct SearchLimits {
    /// Hits after which counting stops.
    pub pages_max: usize,
    /// Lists of positions compared on hits, after which counting stops too, but not before
    /// `pages_min` hits: a long run of words that stand everywhere costs several on each page.
    pub lists_max: usize,
    pub pages_min: usize,
    /// Pages whose positions are compared before a search stops.
    pub work_pages: u64,
    /// The same two when the exact total is asked for.
    pub exact_pages_max: usize,
    pub exact_work_pages: u64,
    /// Documents in one window.
    pub window_max: usize,
    /// Pages shown of one document: of a list of hits, and when more are asked for.
    pub pages_per_document: usize,
    pub more_pages_per_document: usize,
    /// Documents shown of one dossier.
    pub documents_per_dossier: usize,
    /// Below this number of documents the search with one wrong character is tried.
    pub near_below: usize,
    /// Pages whose positions it compares.
    pub near_work_pages: u64,
    /// Pages that it gathers, to check them against their text, and documents that it shows.
    pub near_candidates: usize,
    pub near_documents: usize,
    /// The same two when it was asked for.
    pub near_asked_candidates: usize,
    pub near_asked_documents: usize,
    /// Customers that one condition follows.
    pub customers_max: usize,
    /// Places that one condition follows.
    pub places_max: usize,
    pub snippet: SnippetLimits,
}

impl Default for SearchLimits {
    fn default() -> Self {
        SearchLimits {
            pages_max: 10_000,
            lists_max: 24_000,
            pages_min: 2_000,
            work_pages: 80_000,
            exact_pages_max: 2_000_000,
            exact_work_pages: 100_000_000,
            window_max: 200,
            pages_per_document: 1,
            more_pages_per_document: 3,
            documents_per_dossier: 3,
            near_below: 10,
            near_work_pages: 60_000,
            near_candidates: 64,
            near_documents: 20,
            near_asked_candidates: 1_500,
            near_asked_documents: 200,
            customers_max: 5_000,
            places_max: 20_000,
            snippet: SnippetLimits::default(),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// As typed.
    pub query: String,
    pub sorting: Sorting,
    pub grouping: Grouping,
    /// Documents (or dossiers, when grouped by them) skipped and shown.
    pub offset: usize,
    pub limit: usize,
    /// Show more than the best page of each document
    /// ([`SearchLimits::more_pages_per_document`]).
    pub more_pages: bool,
    /// Count to the end instead of stopping at the cap.
    pub exact_total: bool,
    pub near: NearMisses,
}

/// When to look for the only word of a query with one misread character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NearMisses {
    /// The answer says whether asking for it would make sense: views ask once the exact hits stand
    /// there, because it costs several times as much.
    Never,
    /// Below [`SearchLimits::near_below`] documents, and only a little.
    #[default]
    WhereFew,
    Always,
}

/// What one entry of the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// A document; the answer is in [`SearchAnswer::documents`].
    #[default]
    Documents,
    /// A dossier with its best documents; the answer is in [`SearchAnswer::dossiers`].
    Dossiers,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct SearchAnswer {
    /// As understood; gives chips and notices.
    pub query: Query,
    pub documents: Vec<DocumentHit>,
    /// Filled instead of `documents` when grouped by dossier. A dossier stands where its first
    /// document stands in the sorting that was asked for.
    pub dossiers: Vec<DossierHit>,
    /// Documents and pages found; at least so many when `total_is_exact` is false.
    pub total: usize,
    /// Dossiers found; counted only when grouped by them.
    pub total_dossiers: usize,
    pub total_pages: usize,
    pub total_is_exact: bool,
    /// Why it is not exact: the cap ("10,000+", the newest), or the budget of a search whose words
    /// are common and whose sequence is rare.
    pub stopped: Option<Stopped>,
    /// Of a search that stopped they are lower bounds and say so.
    pub facets: Facets,
    /// Documents in which the word stands with one other character; shown apart.
    pub near: Vec<DocumentHit>,
    /// There may be more of them: asking with [`NearMisses::Always`] looks further.
    pub near_goes_on: bool,
}

/// A dossier with the documents that were found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DossierHit {
    /// `None` gathers the documents that belong to no dossier yet.
    pub dossier_uid: Option<i64>,
    pub documents_hit: usize,
    pub pages_hit: usize,
    /// The first documents, at most [`SearchLimits::documents_per_dossier`].
    pub documents: Vec<DocumentHit>,
}

/// A document with the pages that were found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentHit {
    pub document_uid: i64,
    pub dossier_uid: Option<i64>,
    pub pages_hit: usize,
    /// The best page, or pages when more were asked for.
    pub pages: Vec<PageHit>,
}

/// A page that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageHit {
    /// 0 for a document without pages.
    pub page_uid: i64,
    pub number: u32,
    pub snippet: Snippet,
    /// Characters of the page text (lines joined by `\n`) that are marked; empty when the document
    /// was found by its title or number.
    pub ranges: Vec<Range<usize>>,
}

/// What the record says about the names in a query.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub kinds: HashMap<String, Vec<String>>,
    pub places: HashMap<(String, bool), Vec<i64>>,
    /// Where each place comes in shelf order; needed for [`Sorting::Location`] only.
    pub shelf_order: HashMap<i64, usize>,
}

/// Both indexes, opened for reading.
#[derive(Clone)]
pub struct IndexReaders {
    pub(crate) pages: IndexReader,
    pub(crate) page_columns: Arc<OpenColumns>,
    pub(crate) page_fields: PageFields,
    pub(crate) dossiers: IndexReader,
    pub(crate) dossier_columns: Arc<OpenColumns>,
    pub(crate) dossier_fields: DossierFields,
}

/// A search between finding and showing: the hits are known and nothing has been read of them yet.
pub(crate) struct FoundPages<'a> {
    shelf: &'a IndexReaders,
    seen: Arc<VisibilityFilter>,
    door: VisibleSearcher,
    query: Query,
    names: &'a Names,
    gathered: GatheredHits,
    limits: &'a SearchLimits,
}

impl IndexReaders {
    /// Finds and shows. For [`Sorting::Location`] the order of the places must stand in
    /// [`Names::shelf_order`].
    ///
    /// The only callers beside [`crate::FullText`] are benches and tests: what may be seen still
    /// comes from an `Asker`.
    pub fn search(
        &self,
        seen: &Arc<VisibilityFilter>,
        request: &SearchRequest,
        query: Query,
        names: &Names,
        mask: Option<Mask>,
        limits: &SearchLimits,
    ) -> tantivy::Result<SearchAnswer> {
        match self.find(seen, request.exact_total, query, names, limits)? {
            Ok(found) => found.show(request, mask, &names.shelf_order),
            Err(nothing) => Ok(nothing),
        }
    }

    /// `Err` holds the answer to a query that asks for nothing.
    #[allow(clippy::result_large_err)]
    pub(crate) fn find<'a>(
        &'a self,
        seen: &Arc<VisibilityFilter>,
        exact_total: bool,
        query: Query,
        names: &'a Names,
        limits: &'a SearchLimits,
    ) -> tantivy::Result<std::result::Result<FoundPages<'a>, SearchAnswer>> {
        if query.clauses.is_empty() {
            return Ok(Err(SearchAnswer {
                query,
                total_is_exact: true,
                ..SearchAnswer::default()
            }));
        }
        let door = self.pages_for(seen);
        let meaning = RecordMeaning {
            shelf: self,
            seen,
            names,
            limits,
        };
        let work_pages = match exact_total {
            true => limits.exact_work_pages,
            false => limits.work_pages,
        };
        let work = SearchBudget::new(work_pages, &door);
        let compiled = compile(&query, &self.page_fields, &meaning, &work);
        let pages_max = match exact_total {
            true => limits.exact_pages_max,
            // Known from the query alone, so that the number says nothing about hidden pages.
            false => limits
                .pages_max
                .min((limits.lists_max / compiled.lists.max(1)).max(limits.pages_min)),
        };
        let stop = StopRule {
            pages_max,
            scored_only: compiled.scored_only,
        };
        let weight = door.weigh(compiled.query)?;
        let gathered = gather(&door, weight.as_ref(), stop, &work)?;
        Ok(Ok(FoundPages {
            shelf: self,
            seen: Arc::clone(seen),
            door,
            query,
            names,
            gathered,
            limits,
        }))
    }

    fn pages_for(&self, seen: &Arc<VisibilityFilter>) -> VisibleSearcher {
        VisibleSearcher::open(self.pages.searcher(), &self.page_columns, Arc::clone(seen))
    }

    /// Every page of one document on which one of the words of the query stands, in page order.
    pub(crate) fn find_in_document(
        &self,
        seen: &Arc<VisibilityFilter>,
        document_uid: i64,
        query: &Query,
        mask: Option<Mask>,
        limits: &SearchLimits,
    ) -> tantivy::Result<Vec<PageHit>> {
        let door = self.pages_for(seen);
        let term = Term::from_field_u64(self.page_fields.document, unsigned(document_uid));
        let only: Box<dyn Condition> = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
        let weight = door.weigh(Box::new(BooleanQuery::new(vec![(Occur::Must, only)])))?;
        let stop = StopRule {
            pages_max: limits.pages_max,
            scored_only: false,
        };
        let gathered = gather(&door, weight.as_ref(), stop, &SearchBudget::new(1, &door))?;
        let marker = Marker::exact(query.words());
        let view = View {
            shelf: self,
            door: &door,
            gathered: &gathered,
            marker: &marker,
            mask,
            limits,
            pages_max: usize::MAX,
        };
        let mut pages = Vec::new();
        for group in &gathered.groups {
            pages.extend(view.every_page(group)?.pages);
        }
        pages.retain(|page| !page.ranges.is_empty());
        pages.sort_by_key(|page| page.number);
        Ok(pages)
    }

    /// Customers by what staff type; see [`crate::FullText::customers`].
    pub fn customers(
        &self,
        seen: &Arc<VisibilityFilter>,
        text: &str,
        limit: usize,
        limits: &SearchLimits,
    ) -> tantivy::Result<CustomersFound> {
        let words: Vec<&str> = text.split_whitespace().collect();
        self.customers_by(seen, CustomersBy::Anything, &words, limit, limits)
    }

    fn customers_by(
        &self,
        seen: &Arc<VisibilityFilter>,
        by: CustomersBy,
        words: &[&str],
        limit: usize,
        limits: &SearchLimits,
    ) -> tantivy::Result<CustomersFound> {
        let door = VisibleSearcher::open(self.dossiers.searcher(), &self.dossier_columns, Arc::clone(seen));
        let work = SearchBudget::new(limits.work_pages, &door);
        customers::find(&door, &self.dossier_fields, by, words, limit, &work)
    }
}

impl FoundPages<'_> {
    /// The places whose order the record must tell for [`Sorting::Location`].
    pub(crate) fn places(&self) -> Vec<i64> {
        self.gathered.places()
    }

    pub(crate) fn show(
        mut self,
        request: &SearchRequest,
        mask: Option<Mask>,
        shelf_order: &HashMap<i64, usize>,
    ) -> tantivy::Result<SearchAnswer> {
        let limit = request.limit.min(self.limits.window_max);
        let by_dossier = request.grouping == Grouping::Dossiers;
        let wanted = if by_dossier {
            usize::MAX
        } else {
            request.offset.saturating_add(limit)
        };
        self.gathered.sort(request.sorting, wanted, shelf_order);
        let marker = Marker::exact(self.query.words());
        let pages_max = match request.more_pages {
            true => self.limits.more_pages_per_document,
            false => self.limits.pages_per_document,
        };
        let view = View {
            shelf: self.shelf,
            door: &self.door,
            gathered: &self.gathered,
            marker: &marker,
            mask,
            limits: self.limits,
            pages_max,
        };
        let mut answer = SearchAnswer::default();
        if by_dossier {
            let dossiers = self.gathered.dossiers();
            answer.total_dossiers = dossiers.len();
            let shown = dossiers.iter().skip(request.offset).take(limit);
            answer.dossiers = shown
                .map(|dossier| view.dossier(dossier))
                .collect::<tantivy::Result<_>>()?;
        } else {
            let shown = self.gathered.groups.iter().skip(request.offset).take(limit);
            answer.documents = shown
                .map(|group| view.document(group))
                .collect::<tantivy::Result<_>>()?;
        }
        let few = self.gathered.groups.len() < self.limits.near_below;
        let always = request.near == NearMisses::Always;
        if request.offset == 0 && (always || request.near == NearMisses::WhereFew && few) {
            let meaning = RecordMeaning {
                shelf: self.shelf,
                seen: &self.seen,
                names: self.names,
                limits: self.limits,
            };
            answer.near = self.near(&meaning, always, pages_max, mask)?;
        }
        answer.near_goes_on = match always {
            true => answer.near.len() >= self.limits.near_asked_documents,
            false => request.offset == 0 && near_word(&self.query, true).is_some(),
        };
        answer.total = self.gathered.groups.len();
        answer.total_pages = self.gathered.pages;
        answer.stopped = self.gathered.stopped;
        answer.total_is_exact = answer.stopped.is_none();
        answer.facets = self.gathered.facets;
        answer.query = self.query;
        Ok(answer)
    }

    /// The search with one wrong character. Candidates are checked against their text, because
    /// grams alone cannot pin the characters beside the wrong one.
    fn near(
        &self,
        meaning: &RecordMeaning<'_>,
        asked: bool,
        pages_shown: usize,
        mask: Option<Mask>,
    ) -> tantivy::Result<Vec<DocumentHit>> {
        let limits = self.limits;
        let work = SearchBudget::new(limits.near_work_pages, &self.door);
        let fields = &self.shelf.page_fields;
        let Some((compiled, word)) = compile_near(&self.query, fields, meaning, &work, asked) else {
            return Ok(Vec::new());
        };
        let (pages_max, documents_max) = match asked {
            true => (limits.near_asked_candidates, limits.near_asked_documents),
            false => (limits.near_candidates, limits.near_documents),
        };
        let stop = StopRule {
            pages_max,
            scored_only: compiled.scored_only,
        };
        let weight = self.door.weigh(compiled.query)?;
        let mut gathered = gather(&self.door, weight.as_ref(), stop, &work)?;
        gathered.sort(Sorting::Relevance, usize::MAX, &HashMap::new());
        // A document that is listed anyway is not listed twice, unless every page is asked for.
        let known: HashSet<u64> = match asked {
            true => HashSet::new(),
            false => self.gathered.groups.iter().map(|group| group.document).collect(),
        };
        let marker = Marker::with_one_error([word.as_str()]);
        let view = View {
            shelf: self.shelf,
            door: &self.door,
            gathered: &gathered,
            marker: &marker,
            mask,
            limits,
            pages_max: pages_shown,
        };
        let mut documents = Vec::new();
        for group in gathered.groups.iter().filter(|group| !known.contains(&group.document)) {
            let mut document = view.every_page(group)?;
            document.pages.retain(|page| !page.ranges.is_empty());
            if document.pages.is_empty() {
                continue;
            }
            document.pages_hit = document.pages.len();
            document.pages.truncate(pages_shown);
            documents.push(document);
            if documents.len() == documents_max {
                break;
            }
        }
        Ok(documents)
    }
}

/// The record's names and the dossier index together.
struct RecordMeaning<'a> {
    shelf: &'a IndexReaders,
    seen: &'a Arc<VisibilityFilter>,
    names: &'a Names,
    limits: &'a SearchLimits,
}

impl Meaning for RecordMeaning<'_> {
    fn kinds(&self, text: &str) -> Vec<String> {
        self.names.kinds.get(text).cloned().unwrap_or_default()
    }

    fn places(&self, text: &str, prefix: bool) -> Vec<i64> {
        let key = (text.to_owned(), prefix);
        self.names.places.get(&key).cloned().unwrap_or_default()
    }

    fn customers(&self, by: CustomersBy, text: &str) -> Vec<u64> {
        let found = self
            .shelf
            .customers_by(self.seen, by, &[text], self.limits.customers_max, self.limits);
        match found {
            Ok(found) => found.customer_uids.into_iter().map(unsigned).collect(),
            Err(error) => {
                // The words on the pages still answer; the cause must not be lost.
                tracing::error!(%error, "index.customers.failed");
                Vec::new()
            }
        }
    }
}

/// Turns groups into what is shown.
struct View<'a> {
    shelf: &'a IndexReaders,
    door: &'a VisibleSearcher,
    gathered: &'a GatheredHits,
    marker: &'a Marker,
    mask: Option<Mask>,
    limits: &'a SearchLimits,
    /// Pages shown of one document.
    pages_max: usize,
}

impl View<'_> {
    fn dossier(&self, dossier: &DossierGroup) -> tantivy::Result<DossierHit> {
        let groups = || dossier.documents.iter().map(|at| &self.gathered.groups[*at]);
        let shown = groups().take(self.limits.documents_per_dossier);
        Ok(DossierHit {
            dossier_uid: (dossier.dossier != 0).then(|| signed(dossier.dossier)),
            documents_hit: dossier.documents.len(),
            pages_hit: groups().map(|group| self.gathered.pages_of(group)).sum(),
            documents: shown
                .map(|group| self.document(group))
                .collect::<tantivy::Result<_>>()?,
        })
    }

    fn document(&self, group: &DocumentGroup) -> tantivy::Result<DocumentHit> {
        self.pages(group, self.pages_max)
    }

    fn every_page(&self, group: &DocumentGroup) -> tantivy::Result<DocumentHit> {
        self.pages(group, usize::MAX)
    }

    fn pages(&self, group: &DocumentGroup, pages_max: usize) -> tantivy::Result<DocumentHit> {
        let mut pages = Vec::new();
        for (address, page, number) in self.gathered.hits_of(group).into_iter().take(pages_max) {
            let stored = self.door.stored(address)?;
            let text = stored
                .get_first(self.shelf.page_fields.body)
                .and_then(|value| value.as_str())
                .unwrap_or_default();
            let ranges = self.marker.ranges(text, self.limits.snippet.ranges_max);
            let snippet = snippet(text, &ranges, &self.limits.snippet, self.mask);
            pages.push(PageHit {
                page_uid: signed(page),
                number,
                snippet,
                ranges,
            });
        }
        Ok(DocumentHit {
            document_uid: signed(group.document),
            dossier_uid: (group.dossier != 0).then(|| signed(group.dossier)),
            pages_hit: self.gathered.pages_of(group),
            pages,
        })
    }
}

fn signed(uid: u64) -> i64 {
    i64::try_from(uid).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
