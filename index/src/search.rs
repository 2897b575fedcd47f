//! One search from the parsed query to documents with snippets: filter, gather, order, mark.
//!
//! Synchronous and without a database; `find.rs` runs it on a blocking thread with what the record
//! said about kinds and places.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, Query as Condition, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::answer::{DocumentHit, PageHit, SearchAnswer};
use crate::budget::SearchBudget;
use crate::collect::{GatheredHits, Sorting, StopRule, gather};
use crate::compile::{compile, compile_near, near_word};
use crate::entry::unsigned;
use crate::highlight::{Marker, Mask};
use crate::hit_presenter::HitPresenter;
use crate::query::Query;
use crate::readers::{IndexReaders, RecordMeaning};
use crate::request::{Grouping, Names, NearMisses, SearchLimits, SearchRequest};
use crate::searcher::VisibleSearcher;
use crate::visibility::VisibilityFilter;

/// A search between finding and showing: the hits are known, none of their text has been read yet.
pub(crate) struct FoundPages<'a> {
    readers: &'a IndexReaders,
    visibility: Arc<VisibilityFilter>,
    searcher: VisibleSearcher,
    query: Query,
    names: &'a Names,
    gathered: GatheredHits,
    limits: &'a SearchLimits,
}

impl IndexReaders {
    /// Finds and shows. [`Sorting::Location`] takes the order of the places from [`Names::shelf_order`].
    ///
    /// The only callers beside [`crate::FullText`] are benches and tests; the visibility filter comes
    /// from an `Asker` there too.
    pub fn search(
        &self,
        visibility: &Arc<VisibilityFilter>,
        request: &SearchRequest,
        query: Query,
        names: &Names,
        mask: Option<Mask>,
        limits: &SearchLimits,
    ) -> tantivy::Result<SearchAnswer> {
        match self.find(visibility, request.exact_total, query, names, limits)? {
            Ok(found) => found.show(request, mask, &names.shelf_order),
            Err(nothing) => Ok(*nothing),
        }
    }

    /// `Err` holds the answer to an empty query.
    pub(crate) fn find<'a>(
        &'a self,
        visibility: &Arc<VisibilityFilter>,
        exact_total: bool,
        query: Query,
        names: &'a Names,
        limits: &'a SearchLimits,
    ) -> tantivy::Result<std::result::Result<FoundPages<'a>, Box<SearchAnswer>>> {
        if query.clauses.is_empty() {
            return Ok(Err(Box::new(SearchAnswer {
                query,
                total_is_exact: true,
                ..SearchAnswer::default()
            })));
        }
        let searcher = self.pages_for(visibility);
        let meaning = RecordMeaning {
            readers: self,
            visibility,
            names,
            limits,
        };
        let scan_pages_max = match exact_total {
            true => limits.exact_scan_pages_max,
            false => limits.scan_pages_max,
        };
        let budget = SearchBudget::new(scan_pages_max, searcher.filters());
        let compiled = compile(&query, &self.page_fields, &meaning, &budget);
        let pages_max = match exact_total {
            true => limits.exact_pages_max,
            // Known from the query alone, so that the number says nothing about hidden pages.
            false => limits
                .pages_max
                .min((limits.position_lists_max / compiled.lists.max(1)).max(limits.pages_min)),
        };
        let stop = StopRule {
            pages_max,
            scored_only: compiled.scored_only,
        };
        let weight = searcher.weigh(compiled.query)?;
        let gathered = gather(&searcher, weight.as_ref(), stop, &budget)?;
        Ok(Ok(FoundPages {
            readers: self,
            visibility: Arc::clone(visibility),
            searcher,
            query,
            names,
            gathered,
            limits,
        }))
    }

    /// Every page of one document that holds one of the words of the query, in page order.
    pub(crate) fn find_in_document(
        &self,
        visibility: &Arc<VisibilityFilter>,
        document_uid: i64,
        query: &Query,
        mask: Option<Mask>,
        limits: &SearchLimits,
    ) -> tantivy::Result<Vec<PageHit>> {
        let searcher = self.pages_for(visibility);
        let term = Term::from_field_u64(self.page_fields.document, unsigned(document_uid));
        let only: Box<dyn Condition> = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
        let weight = searcher.weigh(Box::new(BooleanQuery::new(vec![(Occur::Must, only)])))?;
        let stop = StopRule {
            pages_max: limits.pages_max,
            scored_only: false,
        };
        let gathered = gather(
            &searcher,
            weight.as_ref(),
            stop,
            &SearchBudget::new(1, searcher.filters()),
        )?;
        let marker = Marker::exact(query.words());
        let presenter = HitPresenter {
            readers: self,
            searcher: &searcher,
            gathered: &gathered,
            marker: &marker,
            mask,
            limits,
            pages_max: usize::MAX,
        };
        let mut pages = Vec::new();
        for group in &gathered.groups {
            pages.extend(presenter.every_page(group)?.pages);
        }
        pages.retain(|page| !page.ranges.is_empty());
        pages.sort_by_key(|page| page.number);
        Ok(pages)
    }
}

impl FoundPages<'_> {
    /// The places whose shelf order [`Sorting::Location`] needs from the record.
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
        let presenter = HitPresenter {
            readers: self.readers,
            searcher: &self.searcher,
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
                .map(|dossier| presenter.dossier(dossier))
                .collect::<tantivy::Result<_>>()?;
        } else {
            let shown = self.gathered.groups.iter().skip(request.offset).take(limit);
            answer.documents = shown
                .map(|group| presenter.document(group))
                .collect::<tantivy::Result<_>>()?;
        }
        let few = self.gathered.groups.len() < self.limits.near_below;
        let always = request.near == NearMisses::Always;
        if request.offset == 0 && (always || request.near == NearMisses::WhereFew && few) {
            let meaning = RecordMeaning {
                readers: self.readers,
                visibility: &self.visibility,
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

    /// The search for near misses. Candidates are checked against their text, because grams alone
    /// cannot pin the characters beside the wrong one.
    fn near(
        &self,
        meaning: &RecordMeaning<'_>,
        requested: bool,
        pages_shown: usize,
        mask: Option<Mask>,
    ) -> tantivy::Result<Vec<DocumentHit>> {
        let limits = self.limits;
        let budget = SearchBudget::new(limits.near_scan_pages_max, self.searcher.filters());
        let fields = &self.readers.page_fields;
        let Some((compiled, word)) = compile_near(&self.query, fields, meaning, &budget, requested) else {
            return Ok(Vec::new());
        };
        let (pages_max, documents_max) = match requested {
            true => (limits.near_asked_candidates, limits.near_asked_documents),
            false => (limits.near_candidates, limits.near_documents),
        };
        let stop = StopRule {
            pages_max,
            scored_only: compiled.scored_only,
        };
        let weight = self.searcher.weigh(compiled.query)?;
        let mut gathered = gather(&self.searcher, weight.as_ref(), stop, &budget)?;
        gathered.sort(Sorting::Relevance, usize::MAX, &HashMap::new());
        // A document found exactly is not listed twice, unless near misses were requested.
        let known: HashSet<u64> = match requested {
            true => HashSet::new(),
            false => self.gathered.groups.iter().map(|group| group.document).collect(),
        };
        let marker = Marker::with_one_error([word.as_str()]);
        let presenter = HitPresenter {
            readers: self.readers,
            searcher: &self.searcher,
            gathered: &gathered,
            marker: &marker,
            mask,
            limits,
            pages_max: pages_shown,
        };
        let mut documents = Vec::new();
        for group in gathered.groups.iter().filter(|group| !known.contains(&group.document)) {
            let mut document = presenter.every_page(group)?;
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

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
