//! Finding customers by what staff type: a name or a part of it, pinyin, a code, a dossier number,
//! a piece of an identifier or telephone number.
//!
//! The order is the tier of the field, open customers before historic ones, shorter names first,
//! then the uid. This file refuses to know what a customer card shows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::TERMINATED;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, Query as Condition, Scorer};
use tantivy::schema::Field;

use crate::budget::SearchBudget;
use crate::columns::first;
use crate::customer_columns::CustomerColumns;
use crate::fold::folded_chars;
use crate::grams::{GramCover, cover};
use crate::ids::{piece_of_identifier, whole};
use crate::meaning::CustomersBy;
use crate::phrase::RunQuery;
use crate::pinyin::{AT_START, FIRST_LETTERS_LENGTHS, first_letters_term, may_be_pinyin};
use crate::schema::DossierFields;
use crate::searcher::VisibleSearcher;
use crate::union::AnyQuery;
use crate::worth::{TIER, Worth};

/// Customers in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomersFound {
    /// Uids of the record, best first.
    pub customer_uids: Vec<i64>,
    pub total: usize,
    /// False when more were found than one look-up counts.
    pub exact: bool,
}

/// How personal numbers are found: by any piece, or only by the whole number where the asker may not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    Pieces,
    Whole,
}

/// How many customers one look-up counts.
pub const COUNTED_MAX: usize = 50_000;

pub(crate) fn find(
    searcher: &VisibleSearcher,
    fields: &DossierFields,
    by: (CustomersBy, Numbers),
    words: &[&str],
    limit: usize,
    budget: &Arc<SearchBudget>,
) -> tantivy::Result<CustomersFound> {
    let conditions: Vec<(Occur, Box<dyn Condition>)> = words
        .iter()
        .map(|word| folded_chars(word))
        .filter(|run| !run.is_empty())
        .map(|run| (Occur::Must, places(fields, by, &run, budget)))
        .collect();
    if conditions.is_empty() {
        return Ok(CustomersFound {
            exact: true,
            ..CustomersFound::default()
        });
    }
    let weight = searcher.weigh(Box::new(BooleanQuery::new(conditions)))?;
    let mut segments = Vec::with_capacity(searcher.segments().len());
    for reader in searcher.segments() {
        segments.push(CustomerSegment {
            scorer: weight.scorer(reader, 1.0)?,
            columns: searcher.columns_of_customers(reader)?,
        });
    }
    let mut newest: BinaryHeap<(u64, usize)> = BinaryHeap::new();
    for (at, segment) in segments.iter().enumerate() {
        newest.extend(segment.newest().map(|uid| (uid, at)));
    }
    let mut found = Vec::new();
    while let Some((mut uid, at)) = newest.pop() {
        let segment = &mut segments[at];
        let until = newest.peek().map_or(0, |(uid, _)| *uid);
        // Everything of this segment down to the newest of the others, so that what is counted
        // does not depend on how the index came to be.
        while uid >= until && found.len() < COUNTED_MAX {
            found.push(segment.rank(uid));
            segment.scorer.advance();
            match segment.newest() {
                Some(next) => uid = next,
                None => break,
            }
        }
        if found.len() == COUNTED_MAX {
            break;
        }
        newest.extend(segment.newest().map(|uid| (uid, at)));
    }
    let total = found.len();
    if limit < found.len() && limit > 0 {
        found.select_nth_unstable(limit - 1);
    }
    found.truncate(limit);
    found.sort_unstable();
    Ok(CustomersFound {
        customer_uids: found
            .into_iter()
            .filter_map(|(_, _, _, uid)| i64::try_from(uid).ok())
            .collect(),
        total,
        exact: total < COUNTED_MAX && !budget.is_used_up(),
    })
}

/// Best first: tier, open before historic, short names before long ones, uid.
type Rank = (Reverse<u32>, bool, u64, u64);

struct CustomerSegment {
    scorer: Box<dyn Scorer>,
    columns: Arc<CustomerColumns>,
}

impl CustomerSegment {
    /// The next customer; segments are sorted newest first.
    fn newest(&self) -> Option<u64> {
        let doc = self.scorer.doc();
        (doc != TERMINATED).then(|| first(&self.columns.customer, doc).unwrap_or(0))
    }

    fn rank(&mut self, uid: u64) -> Rank {
        let doc = self.scorer.doc();
        let tier = self.scorer.score() as u32 / TIER;
        let columns = &self.columns;
        let state = columns.status.as_ref().and_then(|column| first(column.ords(), doc));
        let historic = columns.historic.is_some() && state == columns.historic;
        (Reverse(tier), historic, first(&columns.length, doc).unwrap_or(0), uid)
    }
}

fn places(
    fields: &DossierFields,
    (by, numbers): (CustomersBy, Numbers),
    run: &[char],
    budget: &Arc<SearchBudget>,
) -> Box<dyn Condition> {
    let look = |field: Field, cover: GramCover, worth: Worth| -> Box<dyn Condition> {
        Box::new(RunQuery {
            field,
            cover,
            beside: Vec::new(),
            worth,
            budget: Some(Arc::clone(budget)),
        })
    };
    let worth = |tier, at_start| Worth { tier, at_start };
    let exactly = |chars: &[char]| GramCover::Grams(vec![(0, chars.iter().collect())]);
    let mut places: Vec<Box<dyn Condition>> = Vec::new();
    let anything = by == CustomersBy::Anything;
    if anything || by == CustomersBy::NameOrCode {
        places.push(look(fields.name, cover(run), worth(5, 7)));
        places.push(look(fields.other_names, cover(run), worth(3, 3)));
    }
    if anything || matches!(by, CustomersBy::NameOrCode | CustomersBy::Codes) {
        places.push(look(fields.codes, cover(run), worth(4, 6)));
    }
    if (anything || by == CustomersBy::Identifiers)
        && let Some(piece) = piece_of_identifier(run)
    {
        // A letter inside tells a number of a company or a machine from that of a person.
        let of_person = piece.iter().all(|char| char.is_ascii_digit() || *char == 'x');
        if numbers == Numbers::Pieces || !of_person {
            places.push(look(fields.ids, cover(&piece), worth(2, 2)));
        }
        let entire = GramCover::Grams(vec![(0, whole(&piece))]);
        places.push(look(fields.ids, entire, worth(8, 8)));
    }
    places.push(look(fields.keys, exactly(run), worth(9, 9)));
    if matches!(by, CustomersBy::Anything | CustomersBy::NameOrCode) && may_be_pinyin(run) {
        let letters: String = run.iter().collect();
        let short = FIRST_LETTERS_LENGTHS.contains(&run.len());
        for (at_start, worth) in [(true, worth(3, 3)), (false, worth(1, 1))] {
            let cover = match (short, at_start) {
                (true, _) => GramCover::Grams(vec![(0, first_letters_term(&letters, at_start))]),
                (false, true) => GramCover::Prefix(format!("{AT_START}{letters}")),
                (false, false) => GramCover::Prefix(letters.clone()),
            };
            places.push(look(fields.pinyin, cover, worth));
        }
    }
    if places.is_empty() {
        return Box::new(EmptyQuery);
    }
    Box::new(AnyQuery(places))
}
