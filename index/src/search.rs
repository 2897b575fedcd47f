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

use crate::collect::{Facets, Gathered, Group, Sorting, Stop, gather};
use crate::compile::{CustomersBy, Meaning, compile, compile_near};
use crate::customers::{self, CustomersFound};
use crate::door::{Door, Seen};
use crate::entry::unsigned;
use crate::grammar::Query;
use crate::highlight::{Marker, Snippet, SnippetLimits, snippet};
use crate::phrase::Work;
use crate::schema::{DossierFields, PageFields};

/// What one search may cost and show.
#[derive(Debug, Clone, Copy)]
pub struct SearchLimits {
    /// Hits after which counting stops.
    pub pages_max: usize,
    /// Pages whose positions are compared before a search stops.
    pub work_pages: u64,
    /// The same two when the exact total is asked for.
    pub exact_pages_max: usize,
    pub exact_work_pages: u64,
    /// Documents in one window.
    pub window_max: usize,
    /// Pages shown of one document.
    pub pages_per_document: usize,
    /// Below this number of documents the search with one wrong character is tried.
    pub near_below: usize,
    /// Pages that it checks against their text.
    pub near_candidates: usize,
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
            work_pages: 400_000,
            exact_pages_max: 2_000_000,
            exact_work_pages: 100_000_000,
            window_max: 200,
            pages_per_document: 3,
            near_below: 10,
            near_candidates: 200,
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
    /// Documents skipped and shown.
    pub offset: usize,
    pub limit: usize,
    /// Count to the end instead of stopping at the cap.
    pub exact_total: bool,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct SearchAnswer {
    /// As understood; gives chips and notices.
    pub query: Query,
    pub documents: Vec<DocumentHit>,
    /// Documents and pages found; at least so many when `total_is_exact` is false.
    pub total: usize,
    pub total_pages: usize,
    pub total_is_exact: bool,
    pub facets: Facets,
    /// Documents in which the word stands with one other character; shown apart.
    pub near: Vec<DocumentHit>,
}

/// A document with the pages that were found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentHit {
    pub document_uid: i64,
    pub dossier_uid: Option<i64>,
    pub pages_hit: usize,
    /// The best pages, at most [`SearchLimits::pages_per_document`].
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
}

/// Hides personal numbers without changing the number of characters.
pub type Mask = fn(&str) -> String;

/// Both indexes, opened for reading.
#[derive(Clone)]
pub struct Shelf {
    pub(crate) pages: IndexReader,
    pub(crate) page_fields: PageFields,
    pub(crate) dossiers: IndexReader,
    pub(crate) dossier_fields: DossierFields,
}

impl Shelf {
    pub(crate) fn search(
        &self,
        seen: &Arc<Seen>,
        request: &SearchRequest,
        query: Query,
        names: &Names,
        mask: Option<Mask>,
        limits: &SearchLimits,
    ) -> tantivy::Result<SearchAnswer> {
        if query.clauses.is_empty() {
            return Ok(SearchAnswer {
                query,
                total_is_exact: true,
                ..SearchAnswer::default()
            });
        }
        let door = Door::open(self.pages.searcher(), Arc::clone(seen));
        let meaning = Known {
            shelf: self,
            seen,
            names,
            limits,
        };
        let (pages_max, work_pages) = match request.exact_total {
            true => (limits.exact_pages_max, limits.exact_work_pages),
            false => (limits.pages_max, limits.work_pages),
        };
        let work = Work::new(work_pages);
        let compiled = compile(&query, &self.page_fields, &meaning, &work);
        let stop = Stop {
            pages_max,
            scored_only: compiled.scored_only,
        };
        let weight = door.weigh(compiled.query)?;
        let mut gathered = gather(&door, weight.as_ref(), stop, &work)?;
        gathered.sort(request.sorting);
        let marker = Marker::exact(query.words());
        let view = View {
            shelf: self,
            door: &door,
            marker: &marker,
            mask,
            limits,
        };
        let shown = gathered.groups.iter().skip(request.offset);
        let documents = shown
            .take(request.limit.min(limits.window_max))
            .map(|group| view.document(group))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let near = match request.offset == 0 && gathered.groups.len() < limits.near_below {
            true => self.near(&door, &query, &meaning, &gathered, mask, limits)?,
            false => Vec::new(),
        };
        Ok(SearchAnswer {
            total: gathered.groups.len(),
            total_pages: gathered.pages,
            total_is_exact: gathered.exact,
            facets: gathered.facets,
            documents,
            near,
            query,
        })
    }

    /// The search with one wrong character. Candidates are checked against their text, because
    /// grams alone cannot pin the characters beside the wrong one.
    fn near(
        &self,
        door: &Door,
        query: &Query,
        meaning: &Known<'_>,
        exact: &Gathered,
        mask: Option<Mask>,
        limits: &SearchLimits,
    ) -> tantivy::Result<Vec<DocumentHit>> {
        let work = Work::new(limits.work_pages);
        let Some((compiled, word)) = compile_near(query, &self.page_fields, meaning, &work) else {
            return Ok(Vec::new());
        };
        let stop = Stop {
            pages_max: limits.near_candidates,
            scored_only: compiled.scored_only,
        };
        let weight = door.weigh(compiled.query)?;
        let mut gathered = gather(door, weight.as_ref(), stop, &work)?;
        gathered.sort(Sorting::Relevance);
        let known: HashSet<u64> = exact.groups.iter().map(|group| group.document).collect();
        let marker = Marker::with_one_error([word.as_str()]);
        let view = View {
            shelf: self,
            door,
            marker: &marker,
            mask,
            limits,
        };
        let mut documents = Vec::new();
        for group in gathered.groups.iter().filter(|group| !known.contains(&group.document)) {
            let mut document = view.every_page(group)?;
            document.pages.retain(|page| !page.ranges.is_empty());
            if document.pages.is_empty() {
                continue;
            }
            document.pages_hit = document.pages.len();
            document.pages.truncate(limits.pages_per_document);
            documents.push(document);
            if documents.len() == limits.near_below * 2 {
                break;
            }
        }
        Ok(documents)
    }

    /// Every page of one document on which one of the words of the query stands, in page order.
    pub(crate) fn find_in_document(
        &self,
        seen: &Arc<Seen>,
        document_uid: i64,
        query: &Query,
        mask: Option<Mask>,
        limits: &SearchLimits,
    ) -> tantivy::Result<Vec<PageHit>> {
        let door = Door::open(self.pages.searcher(), Arc::clone(seen));
        let term = Term::from_field_u64(self.page_fields.document, unsigned(document_uid));
        let only: Box<dyn Condition> = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
        let weight = door.weigh(Box::new(BooleanQuery::new(vec![(Occur::Must, only)])))?;
        let stop = Stop {
            pages_max: limits.pages_max,
            scored_only: false,
        };
        let gathered = gather(&door, weight.as_ref(), stop, &Work::new(1))?;
        let marker = Marker::exact(query.words());
        let view = View {
            shelf: self,
            door: &door,
            marker: &marker,
            mask,
            limits,
        };
        let mut pages = Vec::new();
        for group in &gathered.groups {
            pages.extend(view.every_page(group)?.pages);
        }
        pages.retain(|page| !page.ranges.is_empty());
        pages.sort_by_key(|page| page.number);
        Ok(pages)
    }

    pub(crate) fn customers(
        &self,
        seen: &Arc<Seen>,
        text: &str,
        limit: usize,
        limits: &SearchLimits,
    ) -> tantivy::Result<CustomersFound> {
        let words: Vec<&str> = text.split_whitespace().collect();
        self.customers_by(seen, CustomersBy::Anything, &words, limit, limits)
    }

    fn customers_by(
        &self,
        seen: &Arc<Seen>,
        by: CustomersBy,
        words: &[&str],
        limit: usize,
        limits: &SearchLimits,
    ) -> tantivy::Result<CustomersFound> {
        let door = Door::open(self.dossiers.searcher(), Arc::clone(seen));
        let work = Work::new(limits.work_pages);
        customers::find(&door, &self.dossier_fields, by, words, limit, &work)
    }
}

/// The record's names and the dossier index together.
struct Known<'a> {
    shelf: &'a Shelf,
    seen: &'a Arc<Seen>,
    names: &'a Names,
    limits: &'a SearchLimits,
}

impl Meaning for Known<'_> {
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
    shelf: &'a Shelf,
    door: &'a Door,
    marker: &'a Marker,
    mask: Option<Mask>,
    limits: &'a SearchLimits,
}

impl View<'_> {
    fn document(&self, group: &Group) -> tantivy::Result<DocumentHit> {
        self.pages(group, self.limits.pages_per_document)
    }

    fn every_page(&self, group: &Group) -> tantivy::Result<DocumentHit> {
        self.pages(group, usize::MAX)
    }

    fn pages(&self, group: &Group, pages_max: usize) -> tantivy::Result<DocumentHit> {
        let mut pages = Vec::new();
        for hit in group.hits.iter().take(pages_max) {
            let stored = self.door.stored(hit.address)?;
            let text = stored
                .get_first(self.shelf.page_fields.body)
                .and_then(|value| value.as_str())
                .unwrap_or_default();
            let ranges = self.marker.ranges(text, self.limits.snippet.ranges_max);
            let snippet = match self.mask {
                Some(mask) => snippet(&mask(text), &ranges, &self.limits.snippet),
                None => snippet(text, &ranges, &self.limits.snippet),
            };
            pages.push(PageHit {
                page_uid: signed(hit.page),
                number: hit.page_number,
                snippet,
                ranges,
            });
        }
        Ok(DocumentHit {
            document_uid: signed(group.document),
            dossier_uid: (group.dossier != 0).then(|| signed(group.dossier)),
            pages_hit: group.hits.len(),
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
