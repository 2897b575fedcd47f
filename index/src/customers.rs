//! Finding customers by what staff type: a name or a part of it, pinyin, a code, a dossier number,
//! a piece of an identifier or telephone number.
//!
//! The order is the tier of the field, open customers before historic ones, shorter names first,
//! then the uid. This file refuses to know what a customer card shows.

use std::cmp::Reverse;
use std::sync::Arc;

use tantivy::TERMINATED;
use tantivy::query::{BooleanQuery, DisjunctionMaxQuery, EmptyQuery, Occur, Query as Condition};
use tantivy::schema::Field as Column;

use crate::compile::CustomersBy;
use crate::door::Door;
use crate::fold::folded_chars;
use crate::grams::{Cover, cover};
use crate::ids::{piece_of_identifier, whole};
use crate::phrase::{RunQuery, TIER, Work, Worth};
use crate::readings::{AT_START, may_be_pinyin};
use crate::schema::{DossierFields, fast};

/// Customers in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomersFound {
    /// Uids of the record, best first.
    pub customer_uids: Vec<i64>,
    pub total: usize,
    /// False when more were found than one look-up counts.
    pub exact: bool,
}

/// How many customers one look-up counts.
pub const COUNTED_MAX: usize = 50_000;

pub(crate) fn find(
    door: &Door,
    fields: &DossierFields,
    by: CustomersBy,
    words: &[&str],
    limit: usize,
    work: &Arc<Work>,
) -> tantivy::Result<CustomersFound> {
    let conditions: Vec<(Occur, Box<dyn Condition>)> = words
        .iter()
        .map(|word| folded_chars(word))
        .filter(|run| !run.is_empty())
        .map(|run| (Occur::Must, places(fields, by, &run, work)))
        .collect();
    if conditions.is_empty() {
        return Ok(CustomersFound {
            exact: true,
            ..CustomersFound::default()
        });
    }
    let weight = door.weigh(Box::new(BooleanQuery::new(conditions)))?;
    let mut found = Vec::new();
    for reader in door.segments() {
        let columns = reader.fast_fields();
        let customer = columns.u64(fast::CUSTOMER)?;
        let length = columns.u64(fast::NAME_LENGTH)?;
        let status = columns.str(fast::STATUS)?;
        let historic = match &status {
            Some(column) => column.dictionary().term_ord("historic")?,
            None => None,
        };
        let mut scorer = weight.scorer(reader, 1.0)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED && found.len() < COUNTED_MAX {
            let tier = scorer.score() as u32 / TIER;
            let state = status.as_ref().and_then(|column| column.term_ords(doc).next());
            let closed = historic.is_some() && state == historic;
            let uid = customer.first(doc).unwrap_or(0);
            found.push((Reverse(tier), closed, length.first(doc).unwrap_or(0), uid));
            doc = scorer.advance();
        }
    }
    let total = found.len();
    found.sort_unstable();
    Ok(CustomersFound {
        customer_uids: found
            .into_iter()
            .take(limit)
            .filter_map(|(_, _, _, uid)| i64::try_from(uid).ok())
            .collect(),
        total,
        exact: total < COUNTED_MAX && !work.is_used_up(),
    })
}

fn places(fields: &DossierFields, by: CustomersBy, run: &[char], work: &Arc<Work>) -> Box<dyn Condition> {
    let look = |field: Column, cover: Cover, worth: Worth| -> Box<dyn Condition> {
        Box::new(RunQuery {
            field,
            cover,
            worth,
            work: Some(Arc::clone(work)),
        })
    };
    let worth = |tier, at_start| Worth { tier, at_start };
    let exactly = |chars: &[char]| Cover::Grams(vec![(0, chars.iter().collect())]);
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
        places.push(look(fields.ids, cover(&piece), worth(2, 2)));
        let entire = Cover::Grams(vec![(0, whole(&piece))]);
        places.push(look(fields.ids, entire, worth(8, 8)));
    }
    places.push(look(fields.keys, exactly(run), worth(9, 9)));
    if matches!(by, CustomersBy::Anything | CustomersBy::NameOrCode) && may_be_pinyin(run) {
        let letters: String = run.iter().collect();
        let start = Cover::Prefix(format!("{AT_START}{letters}"));
        places.push(look(fields.readings, start, worth(3, 3)));
        places.push(look(fields.readings, Cover::Prefix(letters), worth(1, 1)));
    }
    if places.is_empty() {
        return Box::new(EmptyQuery);
    }
    Box::new(DisjunctionMaxQuery::new(places))
}
