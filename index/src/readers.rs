//! Both indexes, opened for reading: searchers for one asker, customers by name, and the names of a query resolved.

use std::sync::Arc;

use tantivy::IndexReader;

use crate::budget::SearchBudget;
use crate::customers::{self, CustomersFound, Numbers};
use crate::entry::unsigned;
use crate::meaning::{CustomersBy, Meaning};
use crate::open_columns::OpenColumns;
use crate::request::{Names, SearchLimits};
use crate::schema::{DossierFields, PageFields};
use crate::searcher::VisibleSearcher;
use crate::visibility::VisibilityFilter;

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

impl IndexReaders {
    pub(crate) fn pages_for(&self, visibility: &Arc<VisibilityFilter>) -> VisibleSearcher {
        VisibleSearcher::open(self.pages.searcher(), &self.page_columns, Arc::clone(visibility))
    }

    /// Customers by what staff type; see [`crate::FullText::customers`].
    pub fn customers(
        &self,
        visibility: &Arc<VisibilityFilter>,
        text: &str,
        limit: usize,
        limits: &SearchLimits,
    ) -> tantivy::Result<CustomersFound> {
        let words: Vec<&str> = text.split_whitespace().collect();
        self.customers_by(visibility, CustomersBy::Anything, &words, limit, limits)
    }

    fn customers_by(
        &self,
        visibility: &Arc<VisibilityFilter>,
        by: CustomersBy,
        words: &[&str],
        limit: usize,
        limits: &SearchLimits,
    ) -> tantivy::Result<CustomersFound> {
        let searcher = VisibleSearcher::open(self.dossiers.searcher(), &self.dossier_columns, Arc::clone(visibility));
        let budget = SearchBudget::new(limits.scan_pages_max, searcher.filters());
        let numbers = match visibility.finds_by_pieces() {
            true => Numbers::Pieces,
            false => Numbers::Whole,
        };
        customers::find(&searcher, &self.dossier_fields, (by, numbers), words, limit, &budget)
    }
}

/// The names in a query as the record and the dossier index know them.
pub(crate) struct RecordMeaning<'a> {
    pub readers: &'a IndexReaders,
    pub visibility: &'a Arc<VisibilityFilter>,
    pub names: &'a Names,
    pub limits: &'a SearchLimits,
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
            .readers
            .customers_by(self.visibility, by, &[text], self.limits.customers_max, self.limits);
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
