//! From the query language to one tantivy query over pages.
//!
//! A word matches a page if it occurs on the page, in the title or number of its document, or (only
//! beside other words) in the record of its customer. Only words on the page itself, or in the title
//! or number on the first page, score, and a page without a score is no hit: `贾瑞德 合同` finds the
//! contracts of the customer 贾瑞德, but `贾瑞德` alone does not list every page of his dossier (his
//! customer card is shown above the hits instead).
//!
//! This file refuses to know who asks: the searcher adds the visibility filter.

use std::cell::Cell;
use std::ops::Bound;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query as Condition, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as Column, IndexRecordOption};

use crate::budget::SearchBudget;
use crate::entry::place_key;
use crate::fields::{DateRange, QueryField, SecurityRange, parse_readings, parse_states};
use crate::fold::{folded_chars, is_narrow};
use crate::grams::{GramCover, cover, cover_without, grams_beside_cover};
use crate::ids::{piece_of_identifier, whole};
use crate::meaning::{CustomersBy, Meaning};
use crate::phrase::RunQuery;
use crate::query::{Atom, Clause, Query};
use crate::schema::PageFields;
use crate::union::AnyQuery;
use crate::worth::{TIER, Worth};

/// A query ready for the searcher.
pub struct Compiled {
    pub query: Box<dyn Condition>,
    /// Lists of positions that are compared on a page that is found, about: what a hit costs.
    pub lists: usize,
    /// Whether a page must have a score to be a hit.
    pub scored_only: bool,
}

const TIER_BODY: u32 = 2;
const TIER_LEVELLED: u32 = 1;
const TIER_HEAD: u32 = 3;
const TIER_HEAD_START: u32 = 4;
const TIER_IDENTIFIER: u32 = 5;
const TIER_NUMBER: u32 = 6;
/// A run of this length is searched with one misread character.
const NEAR_CHARACTERS: std::ops::RangeInclusive<usize> = 4..=20;
/// Runs of letters and digits alone need this length, unless requested: five digits of six
/// occur on too many pages to say anything.
const NEAR_NARROW_MIN: usize = 8;

pub fn compile(query: &Query, fields: &PageFields, meaning: &dyn Meaning, budget: &Arc<SearchBudget>) -> Compiled {
    Compiler::new(query, fields, meaning, budget).compile(None)
}

/// The same query with its only word allowed one wrong character, where that makes sense.
pub fn compile_near(
    query: &Query,
    fields: &PageFields,
    meaning: &dyn Meaning,
    budget: &Arc<SearchBudget>,
    requested: bool,
) -> Option<(Compiled, String)> {
    let (word, run) = near_word(query, requested)?;
    let compiled = Compiler::new(query, fields, meaning, budget).compile(Some(&run));
    Some((compiled, word.to_owned()))
}

/// The only word of a query and its folded characters, when it makes sense to look for it with one
/// misread character; with `requested` also when it says little.
pub fn near_word(query: &Query, requested: bool) -> Option<(&str, Vec<char>)> {
    let mut words = query
        .clauses
        .iter()
        .filter(|clause| !clause.negated)
        .filter_map(only_word);
    let (word, None) = (words.next()?, words.next()) else {
        return None;
    };
    let run = folded_chars(word);
    let says_little = run.len() < NEAR_NARROW_MIN && run.iter().copied().all(is_narrow);
    (NEAR_CHARACTERS.contains(&run.len()) && (requested || !says_little)).then_some((word, run))
}

fn only_word(clause: &Clause) -> Option<&str> {
    match clause.atoms.as_slice() {
        [Atom::Words { text, .. }] => Some(text),
        _ => None,
    }
}

struct Compiler<'a> {
    query: &'a Query,
    fields: &'a PageFields,
    meaning: &'a dyn Meaning,
    budget: &'a Arc<SearchBudget>,
    lists: Cell<usize>,
    /// Several positive clauses of words: then the record of the customer may answer some.
    several_words: bool,
}

impl<'a> Compiler<'a> {
    fn new(query: &'a Query, fields: &'a PageFields, meaning: &'a dyn Meaning, budget: &'a Arc<SearchBudget>) -> Self {
        let words = query.clauses.iter().filter(|clause| scores(clause)).count();
        Compiler {
            query,
            fields,
            meaning,
            budget,
            lists: Cell::new(0),
            several_words: words > 1,
        }
    }

    fn compile(&self, near: Option<&[char]>) -> Compiled {
        let mut parts: Vec<(Occur, Box<dyn Condition>)> = Vec::new();
        let mut scored_only = false;
        let mut wants_pages = false;
        for (at, clause) in self.query.clauses.iter().enumerate() {
            let says_the_same = |other: &Clause| other.negated == clause.negated && other.atoms == clause.atoms;
            if self.query.clauses[..at].iter().any(says_the_same) {
                continue;
            }
            let near = near.filter(|_| !clause.negated && only_word(clause).is_some());
            let condition = match near {
                Some(run) => self.near(run),
                None => any(clause
                    .atoms
                    .iter()
                    .map(|atom| self.atom(atom, clause.negated))
                    .collect()),
            };
            scored_only |= scores(clause);
            // How a page was read is a property of the page, not of its document.
            let of_page = |atom: &Atom| match atom {
                Atom::Words { .. } => true,
                Atom::Text { field, .. } => *field == QueryField::Reading && !clause.negated,
                _ => false,
            };
            wants_pages |= clause.atoms.iter().any(of_page);
            let occur = if clause.negated { Occur::MustNot } else { Occur::Must };
            parts.push((occur, condition));
        }
        if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            parts.push((Occur::Must, condition(Box::new(AllQuery))));
        }
        if !wants_pages && !scored_only {
            // Filters alone list documents, not every page of them.
            let first = Term::from_field_u64(self.fields.first, 1);
            parts.push((Occur::Must, term(first)));
        }
        Compiled {
            query: Box::new(BooleanQuery::new(parts)),
            lists: self.lists.get(),
            scored_only,
        }
    }

    fn atom(&self, atom: &Atom, negated: bool) -> Box<dyn Condition> {
        match atom {
            Atom::Words { text, .. } => self.words(text, negated),
            Atom::Text { field, text, prefix } => self.field(*field, text, *prefix, negated),
            Atom::Dates(range) => self.dates(*range),
            Atom::Security(range) => self.security(*range),
        }
    }

    fn words(&self, text: &str, negated: bool) -> Box<dyn Condition> {
        let run = folded_chars(text);
        let mut places = self.on_page(&run, negated);
        let head = Worth {
            tier: TIER_HEAD,
            at_start: TIER_HEAD_START,
        };
        let number = GramCover::Grams(vec![(0, run.iter().collect())]);
        places.push(self.run(self.fields.head, cover(&run), head, negated));
        places.push(self.run(self.fields.number_whole, number, Worth::tier(TIER_NUMBER), negated));
        if self.several_words || negated {
            for field in [self.fields.title, self.fields.number] {
                places.push(self.run(field, cover(&run), Worth::NOTHING, negated));
            }
        }
        // A single character matches so many customers that it says nothing beside other words.
        if self.several_words && !negated && !matches!(cover(&run), GramCover::Prefix(_)) {
            let customers = self.meaning.customers(CustomersBy::Anything, text);
            places.extend(self.customers(&customers).map(condition));
        }
        any(places)
    }

    /// On the page itself, including identifiers with levelled characters.
    fn on_page(&self, run: &[char], negated: bool) -> Vec<Box<dyn Condition>> {
        let body = Worth::tier(TIER_BODY);
        let mut places = vec![self.anywhere(self.fields.body, run, body, negated)];
        if let Some(piece) = piece_of_identifier(run) {
            let entire = GramCover::Grams(vec![(0, whole(&piece))]);
            let entire_worth = Worth::tier(TIER_IDENTIFIER);
            places.push(self.anywhere(self.fields.ids, &piece, Worth::tier(TIER_LEVELLED), negated));
            places.push(self.run(self.fields.ids, entire, entire_worth, negated));
        }
        places
    }

    fn near(&self, run: &[char]) -> Box<dyn Condition> {
        let mut covers: Vec<Vec<(u32, String)>> = (0..run.len()).map(|at| cover_without(run, at)).collect();
        covers.retain(|grams| !grams.is_empty());
        covers.sort_unstable();
        covers.dedup();
        let places = covers.into_iter().map(|grams| {
            let worth = Worth::tier(TIER_BODY);
            self.run(self.fields.body, GramCover::Grams(grams), worth, false)
        });
        // Exact occurrences have been found already.
        let exact = self.run(self.fields.body, cover(run), Worth::NOTHING, true);
        let places = any(places.collect());
        Box::new(BooleanQuery::new(vec![(Occur::Must, places), (Occur::MustNot, exact)]))
    }

    fn field(&self, field: QueryField, text: &str, prefix: bool, negated: bool) -> Box<dyn Condition> {
        let fields = self.fields;
        let run = folded_chars(text);
        match field {
            QueryField::Body => any(self.on_page(&run, negated)),
            QueryField::Title => self.run(fields.title, cover(&run), Worth::NOTHING, negated),
            QueryField::Number => self.number(&run, negated),
            QueryField::Id => {
                let mut places = self.on_page(&run, negated);
                let customers = self.meaning.customers(CustomersBy::Identifiers, text);
                let score = (TIER_LEVELLED * TIER) as f32;
                places.extend(
                    self.customers(&customers)
                        .map(|query| Box::new(ConstScoreQuery::new(query, score)) as Box<dyn Condition>),
                );
                any(places)
            }
            QueryField::Customer => self.of_customers(CustomersBy::NameOrCode, text),
            QueryField::Dossier => self.of_customers(CustomersBy::Codes, text),
            QueryField::Location => {
                let places = self.meaning.places(text, prefix);
                set(places
                    .iter()
                    .map(|uid| Term::from_field_u64(fields.place, place_key(*uid))))
            }
            QueryField::Kind => {
                let kinds = self.meaning.kinds(text);
                set(kinds.iter().map(|kind| Term::from_field_text(fields.kind, kind)))
            }
            QueryField::State => {
                let states = parse_states(text);
                set(states.iter().map(|state| Term::from_field_text(fields.state, state)))
            }
            QueryField::Reading => {
                let flags = parse_readings(text);
                set(flags
                    .iter()
                    .map(|flag| Term::from_field_u64(fields.reading, u64::from(flag.bit()))))
            }
            QueryField::Keyword(word) => {
                let values = (word.line().parse)(text);
                let column = fields.keywords[word.at()];
                set(values.iter().map(|value| Term::from_field_text(column, value)))
            }
            // The grammar turns these into ranges; a value that is none never gets here.
            QueryField::Date | QueryField::Security => Box::new(EmptyQuery),
        }
    }

    /// A number is in the record of the document or on the page (where most numbers are
    /// that were not typed in).
    fn number(&self, run: &[char], negated: bool) -> Box<dyn Condition> {
        let fields = self.fields;
        let entire = GramCover::Grams(vec![(0, run.iter().collect())]);
        let head = Worth {
            tier: TIER_HEAD,
            at_start: TIER_HEAD_START,
        };
        let mut places = self.on_page(run, negated);
        places.push(self.run(fields.number_whole, entire, Worth::tier(TIER_NUMBER), negated));
        places.push(self.run(fields.head, cover(run), head, negated));
        places.push(self.run(fields.number, cover(run), Worth::NOTHING, negated));
        any(places)
    }

    fn of_customers(&self, by: CustomersBy, text: &str) -> Box<dyn Condition> {
        let customers = self.meaning.customers(by, text);
        self.customers(&customers)
            .map_or_else(|| Box::new(EmptyQuery) as _, condition)
    }

    fn customers(&self, uids: &[u64]) -> Option<Box<dyn Condition>> {
        let terms = uids.iter().map(|uid| Term::from_field_u64(self.fields.customers, *uid));
        (!uids.is_empty()).then(|| Box::new(TermSetQuery::new(terms)) as Box<dyn Condition>)
    }

    fn dates(&self, range: DateRange) -> Box<dyn Condition> {
        // 0 is "not dated" and in no range.
        self.range(self.fields.date, u64::from(range.from.max(1)), u64::from(range.to))
    }

    fn security(&self, range: SecurityRange) -> Box<dyn Condition> {
        self.range(self.fields.access, u64::from(range.from), u64::from(range.to))
    }

    fn range(&self, column: Column, from: u64, to: u64) -> Box<dyn Condition> {
        condition(Box::new(RangeQuery::new(
            Bound::Included(Term::from_field_u64(column, from)),
            Bound::Included(Term::from_field_u64(column, to)),
        )))
    }

    /// A run anywhere in a field of grams.
    fn anywhere(&self, field: Column, run: &[char], worth: Worth, negated: bool) -> Box<dyn Condition> {
        let cover = cover(run);
        if let GramCover::Grams(grams) = &cover {
            self.lists.set(self.lists.get() + grams.len());
        }
        self.look(field, cover, grams_beside_cover(run), worth, negated)
    }

    fn run(&self, field: Column, cover: GramCover, worth: Worth, negated: bool) -> Box<dyn Condition> {
        self.look(field, cover, Vec::new(), worth, negated)
    }

    fn look(
        &self,
        field: Column,
        cover: GramCover,
        beside: Vec<String>,
        worth: Worth,
        negated: bool,
    ) -> Box<dyn Condition> {
        Box::new(RunQuery {
            field,
            cover,
            beside,
            worth: if negated { Worth::NOTHING } else { worth },
            // An excluded run is tested on every page, whatever it costs.
            budget: (!negated).then(|| Arc::clone(self.budget)),
        })
    }
}

/// Whether a clause asks for something on a page.
fn scores(clause: &Clause) -> bool {
    let scoring = |atom: &Atom| {
        matches!(
            atom,
            Atom::Words { .. }
                | Atom::Text {
                    field: QueryField::Body | QueryField::Id | QueryField::Number,
                    ..
                }
        )
    };
    !clause.negated && clause.atoms.iter().any(scoring)
}

fn any(mut conditions: Vec<Box<dyn Condition>>) -> Box<dyn Condition> {
    match conditions.len() {
        0 => Box::new(EmptyQuery),
        1 => conditions.remove(0),
        _ => Box::new(AnyQuery(conditions)),
    }
}

fn condition(query: Box<dyn Condition>) -> Box<dyn Condition> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn term(term: Term) -> Box<dyn Condition> {
    condition(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
}

fn set(terms: impl Iterator<Item = Term>) -> Box<dyn Condition> {
    let terms: Vec<Term> = terms.collect();
    match terms.as_slice() {
        [] => Box::new(EmptyQuery),
        [only] => term(only.clone()),
        _ => condition(Box::new(TermSetQuery::new(terms))),
    }
}
