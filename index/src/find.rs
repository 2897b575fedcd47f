//! Searching for people: pages, the pages of one document, customers.
//!
//! Every read takes an `Asker`. Searching is heavy work and runs on blocking threads; the record is
//! asked only for the meaning of kinds and places before it, never while searching.

use std::sync::Arc;

use records::Asker;

use crate::answer::{PageHit, SearchAnswer};
use crate::collect::Sorting;
use crate::customers::CustomersFound;
use crate::error::Result;
use crate::fields::{QueryField, parse_readings, parse_states};
use crate::full_text::{FullText, blocking};
use crate::grammar::parse;
use crate::highlight::Mask;
use crate::keywords::KeywordId;
use crate::kinds::parse_kinds;
use crate::query::{NoticeCode, Query, QueryNotice};
use crate::request::{Names, SearchRequest};
use crate::visibility::VisibilityFilter;

impl FullText {
    /// Documents that match the request and that the asker may see.
    ///
    /// # Errors
    /// [`crate::Error::Query`] with its place in the query; [`crate::Error::Rebuilding`] before the first index.
    pub async fn search(&self, asker: &Asker, request: &SearchRequest) -> Result<SearchAnswer> {
        let mut query = parse(&request.query, &self.0.config.query)?;
        let names = self.names(asker, &mut query).await?;
        let free = free_values(&query);
        let opened = self.opened().await?;
        let visibility = Arc::new(VisibilityFilter::by(asker));
        let mask = mask_for(asker);
        let request = request.clone();
        let limits = self.0.config.search;
        if request.sorting != Sorting::Location {
            let search = move || {
                let answer = opened
                    .readers
                    .search(&visibility, &request, query, &names, mask, &limits)?;
                Ok(with_nothing_found(answer, free))
            };
            return blocking(search).await;
        }
        // Which places to order is known after finding; their order is known only to the record.
        let (archive, asker) = (self.0.archive.clone(), asker.clone());
        let runtime = tokio::runtime::Handle::current();
        blocking(move || {
            let found = opened
                .readers
                .find(&visibility, request.exact_total, query, &names, &limits)?;
            let found = match found {
                Ok(found) => found,
                Err(nothing) => return Ok(with_nothing_found(*nothing, free)),
            };
            let places = found.places();
            let places = runtime.block_on(archive.places_in_shelf_order(&asker, &places))?;
            let order = places.into_iter().enumerate().map(|(at, place)| (place, at)).collect();
            Ok(with_nothing_found(found.show(&request, mask, &order)?, free))
        })
        .await
    }

    /// Every page of a document that holds one of the words of the query, in page order.
    /// Snippets are masked as in [`FullText::search`].
    pub async fn find_in_document(&self, asker: &Asker, document_uid: i64, query: &str) -> Result<Vec<PageHit>> {
        let query = parse(query, &self.0.config.query)?;
        let opened = self.opened().await?;
        let visibility = Arc::new(VisibilityFilter::by(asker));
        let mask = mask_for(asker);
        let limits = self.0.config.search;
        blocking(move || {
            let readers = &opened.readers;
            Ok(readers.find_in_document(&visibility, document_uid, &query, mask, &limits)?)
        })
        .await
    }

    /// Customers by name, pinyin, code, dossier number or a piece of an identifier; best first.
    pub async fn customers(&self, asker: &Asker, text: &str, limit: usize) -> Result<CustomersFound> {
        let cut: String = text.chars().take(self.0.config.query.characters_max).collect();
        let opened = self.opened().await?;
        let visibility = Arc::new(VisibilityFilter::by(asker));
        let limits = self.0.config.search;
        blocking(move || Ok(opened.readers.customers(&visibility, &cut, limit, &limits)?)).await
    }

    /// Asks the record for kinds and places, and adds a notice for each name it does not know.
    async fn names(&self, asker: &Asker, query: &mut Query) -> Result<Names> {
        let mut names = Names::default();
        let mut unknown = Vec::new();
        let limits = self.0.config.search;
        let kinds = query.values_of(QueryField::Kind);
        if !kinds.is_empty() {
            let known = self.0.archive.kinds(asker).await?;
            for (text, _) in kinds {
                let codes = parse_kinds(&known, text);
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
            for (text, _) in query.values_of(QueryField::Keyword(word)) {
                if (word.line().parse)(text).is_empty() {
                    unknown.push((QueryField::Keyword(word), text.to_owned()));
                }
            }
        }
        query
            .notices
            .extend(unknown.into_iter().map(|(field, text)| QueryNotice {
                code: NoticeCode::UnknownValue,
                at: 0,
                length: 0,
                field: Some(field),
                text,
            }));
        Ok(names)
    }
}

/// Values of fields that take any text, such as departments.
fn free_values(query: &Query) -> Vec<(QueryField, String)> {
    let free = KeywordId::all().filter(|word| word.line().takes_any_text());
    let values = free.flat_map(|word| {
        let field = QueryField::Keyword(word);
        let texts = query.values_of(field).into_iter();
        texts.map(move |(text, _)| (field, text.to_owned()))
    });
    values.collect()
}

/// Where nothing was found, the department or other value that was asked for is named: perhaps it is written otherwise.
/// Said only then, and of what the asker may see, it tells nobody which departments there are.
fn with_nothing_found(mut answer: SearchAnswer, free: Vec<(QueryField, String)>) -> SearchAnswer {
    if answer.total == 0 {
        answer
            .query
            .notices
            .extend(free.into_iter().map(|(field, text)| QueryNotice {
                code: NoticeCode::NoSuchValue,
                at: 0,
                length: 0,
                field: Some(field),
                text,
            }));
    }
    answer
}

fn mask_for(asker: &Asker) -> Option<Mask> {
    let mask: Mask = records::privacy::mask_personal_numbers;
    (!asker.sees_personal_numbers()).then_some(mask)
}
