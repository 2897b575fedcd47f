//! Text to facts: numbers, names, title and date, each with where it stands and which rule found it.
//!
//! Pure. A number with a check digit is checked by `records::parties`; a number of the archive's
//! own (户号, contract) is found by the archive's own pattern. Refuses to decide what a fact is
//! good for; that is linking's business.

mod folded;
mod heading;
mod names;
mod numbers;

pub use heading::Heading;

use folded::Folded;
use records::documents::Fact;
use records::pages::{Area, TextLayer};
use records::settings::{ArchiveSettings, NumberFinder};
use std::ops::Range;

/// Facts kept of one document; a list of thousands of phone numbers is not evidence.
const FACTS_MAX: usize = 200;

/// Names of facts, as the record keeps them.
pub mod kind {
    pub const CREDIT_CODE: &str = "credit_code";
    pub const ID_NUMBER: &str = "id_number";
    pub const PHONE: &str = "phone";
    pub const CUSTOMER_CODE: &str = "customer_code";
    pub const ACCOUNT_NUMBER: &str = "account_number";
    pub const CONTRACT_NUMBER: &str = "contract_number";
    pub const NAME: &str = "name";
}

/// Names of the rules that linking has to tell apart.
pub mod rule {
    /// The number was changed so that its check digit fits; it may propose and not link.
    pub const REPAIRED: &str = ":repaired";
    /// Spaces inside a number were taken out.
    pub const SPACES: &str = ":spaces";
    /// A name after a label that says whose account it is.
    pub const HOLDER: &str = "label:holder";
    /// A name after the label of a party.
    pub const PARTY: &str = "label:party";
    /// A line that is nothing but the name of an organisation.
    pub const LINE: &str = "line:organisation";
}

/// A page as it is searched for facts.
pub struct FactPage<'t> {
    /// From 1.
    pub number: u32,
    pub layer: &'t TextLayer,
    /// Lines that are part of a seal, counted from 0.
    pub seals: &'t [usize],
    /// Characters of [`TextLayer::text`] that reading has repaired.
    pub repaired: &'t [Range<usize>],
}

/// The patterns by which an archive's own numbers are found.
#[derive(Clone, Debug)]
pub struct Rules {
    account: NumberFinder,
    contract: NumberFinder,
    customer_code: NumberFinder,
    document_number: NumberFinder,
    date: NumberFinder,
}

/// Everything that was found in a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extract {
    /// In the order of the text.
    pub facts: Vec<Fact>,
    pub heading: Heading,
}

impl Rules {
    pub fn of(settings: &ArchiveSettings) -> Rules {
        let built_in =
            |pattern| NumberFinder::parse(pattern).expect("a pattern of this program is a pattern; a test reads each");
        Rules {
            account: settings.account_number_pattern.clone(),
            contract: settings.contract_number_pattern.clone(),
            customer_code: built_in(numbers::CUSTOMER_CODE_PATTERN),
            document_number: built_in(heading::NUMBER_PATTERN),
            date: built_in(heading::DATE_PATTERN),
        }
    }
}

/// Finds what stands on the pages of one document.
pub fn extract(pages: &[FactPage<'_>], rules: &Rules) -> Extract {
    let mut facts = Vec::new();
    let mut heading = Heading::default();
    for page in pages {
        let view = PageView::of(page);
        let first = facts.len();
        numbers::find(&view, rules, &mut facts);
        names::find(&view, &mut facts);
        facts[first..].sort_by_key(|fact| (fact.char_start, fact.char_end));
        heading.complete(&view, rules, &facts[first..]);
    }
    facts.truncate(FACTS_MAX);
    Extract { facts, heading }
}

/// Whether this is a 统一社会信用代码 with the right check character (GB 32100-2015).
pub fn credit_code_is_valid(code: &str) -> bool {
    records::parties::check_digits::is_credit_code(code)
}

/// A page in the forms in which it is searched.
struct PageView<'t> {
    number: u32,
    layer: &'t TextLayer,
    seals: &'t [usize],
    repaired: &'t [Range<usize>],
    /// Half width, spaces as they were read.
    kept: Folded,
    /// Half width, without spaces.
    squeezed: Folded,
    /// Of each character of the text.
    confidence: Vec<f32>,
}

impl<'t> PageView<'t> {
    fn of(page: &FactPage<'t>) -> PageView<'t> {
        let text = page.layer.text();
        let mut confidence = Vec::with_capacity(text.len() / 2);
        for line in &page.layer.lines {
            let count = line.text.chars().count();
            let own = line.chars.iter().map(|c| c.confidence).take(count);
            let first = confidence.len();
            confidence.extend(own);
            confidence.resize(first + count, line.confidence);
            // The line break.
            confidence.push(1.0);
        }
        PageView {
            number: page.number,
            layer: page.layer,
            seals: page.seals,
            repaired: page.repaired,
            kept: Folded::keeping_spaces(&text),
            squeezed: Folded::without_spaces(&text),
            confidence,
        }
    }

    /// A fact over characters of the page's text. `certainty` is the rule's own.
    fn fact(&self, kind: &str, chars: Range<usize>, value: String, rule: String, certainty: f64) -> Fact {
        let text: String = self.layer.text().chars().skip(chars.start).take(chars.len()).collect();
        let read = self.confidence.get(chars.clone()).unwrap_or_default();
        let lowest = read.iter().copied().fold(1.0_f32, f32::min);
        let touched = |r: &Range<usize>| r.start < chars.end && chars.start < r.end;
        let repaired = !rule.ends_with(rule::REPAIRED) && self.repaired.iter().any(touched);
        Fact {
            page_number: self.number,
            kind: kind.to_owned(),
            text,
            value,
            area: self.area(&chars),
            char_start: position(chars.start),
            char_end: position(chars.end),
            rule: if repaired {
                format!("{rule}{}", rule::REPAIRED)
            } else {
                rule
            },
            confidence: f64::from(lowest) * certainty * if repaired { 0.6 } else { 1.0 },
        }
    }

    /// Where the first line of it stands.
    fn area(&self, chars: &Range<usize>) -> Area {
        self.layer
            .areas_of(chars.start, chars.end)
            .first()
            .copied()
            .unwrap_or_default()
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
