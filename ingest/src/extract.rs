//! Text to facts: numbers, names, title and date, each with its position and the rule that found it.
//!
//! Pure. A number with a check digit is checked by `records::parties`; a number of the archive's
//! own (户号, contract) is found by the archive's own pattern. Refuses to decide what a fact is
//! used for; linking decides that.

mod amounts;
mod contents;
mod dates;
mod folded;
mod heading;
mod names;
mod numbers;
mod registered;
mod validity;

pub use heading::Heading;
pub use registered::{RegisteredNames, registered_names};

use folded::FoldedText;
use records::documents::{Fact, FactKind, Validity};
use records::pages::{Area, TextLayer};
use records::settings::{ArchiveSettings, NumberFinder};
use std::ops::Range;

/// Facts kept of one document; a list of thousands of phone numbers is not evidence.
const FACTS_MAX: usize = 200;

/// Length of text in which the form of a paper is searched; forms are short.
const CONTENT_BYTES_MAX: usize = 20_000;

/// Names of the rules that linking distinguishes.
pub mod rule {
    /// The number was changed so that its check digit fits; it may propose and not link.
    pub const REPAIRED: &str = ":repaired";
    /// The check digit of an ID number does not fit: it says nothing of whose the paper is.
    pub const WRONG_CHECK: &str = ":wrong_check";
    /// An ID number of 15 digits, which has no check digit: it may propose and not link.
    pub const OLD: &str = ":old";
    /// Spaces inside a number were removed.
    pub const SPACES: &str = ":spaces";
    /// A name after a label of the holder of an account.
    pub const HOLDER: &str = "label:holder";
    /// A name after the label of a party.
    pub const PARTY: &str = "label:party";
    /// A line that is a name with a colon behind it: to whom a letter is.
    pub const ADDRESSEE: &str = "line:addressee";
    /// A name of the register that stands anywhere.
    pub const REGISTERED: &str = "register:name";
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
pub struct NumberFinders {
    account: NumberFinder,
    contract: NumberFinder,
    customer_code: NumberFinder,
    document_number: NumberFinder,
}

/// Everything that was found in a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extract {
    /// In the order of the text.
    pub facts: Vec<Fact>,
    pub heading: Heading,
    pub validity: Validity,
    /// Code of the kind shown by the content, for a document whose title names none.
    pub kind_by_content: Option<&'static str>,
}

impl NumberFinders {
    pub fn of(settings: &ArchiveSettings) -> NumberFinders {
        let built_in =
            |pattern| NumberFinder::parse(pattern).expect("a pattern of this program is a pattern; a test reads each");
        NumberFinders {
            account: settings.account_number_pattern.clone(),
            contract: settings.contract_number_pattern.clone(),
            customer_code: settings.customer_number_pattern.clone(),
            document_number: built_in(heading::NUMBER_PATTERN),
        }
    }
}

/// Finds the facts on the pages of one document.
pub fn extract(pages: &[FactPage<'_>], rules: &NumberFinders) -> Extract {
    let mut facts = Vec::new();
    let mut heading = Heading::default();
    let mut validity = Validity::default();
    let mut content = String::new();
    for page in pages {
        let view = PageView::of(page);
        let first = facts.len();
        numbers::find(&view, rules, &mut facts);
        names::find(&view, &mut facts);
        dates::find(&view, &mut facts);
        amounts::find(&view, &mut facts);
        let found = validity::find(&view, &mut facts);
        if validity == Validity::default() {
            validity = found.unwrap_or_default();
        }
        if content.len() < CONTENT_BYTES_MAX {
            content.push_str(&view.unbroken.text);
        }
        facts[first..].sort_by_key(|fact| (fact.char_start, fact.char_end));
        heading.complete(&view, rules, &facts[first..]);
    }
    if facts.len() > FACTS_MAX {
        // Facts that identify the customer come before dates and sums, wherever they are.
        let names_somebody = |fact: &Fact| !matches!(fact.kind, FactKind::Date | FactKind::Amount);
        let mut others = FACTS_MAX.saturating_sub(facts.iter().filter(|fact| names_somebody(fact)).count());
        facts.retain(|fact| {
            let kept = names_somebody(fact) || others > 0;
            others -= usize::from(kept && !names_somebody(fact));
            kept
        });
        facts.truncate(FACTS_MAX);
    }
    Extract {
        facts,
        heading,
        validity,
        kind_by_content: contents::by_content(&content),
    }
}

/// A page in the forms that are searched.
struct PageView<'t> {
    number: u32,
    layer: &'t TextLayer,
    seals: &'t [usize],
    repaired: &'t [Range<usize>],
    /// Half width, spaces as they were read.
    kept: FoldedText,
    /// Half width, without spaces.
    squeezed: FoldedText,
    /// The same in one line, for values broken over lines and cells.
    unbroken: FoldedText,
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
            kept: FoldedText::keeping_spaces(&text),
            squeezed: FoldedText::without_spaces(&text),
            unbroken: FoldedText::in_one_line(&text),
            confidence,
        }
    }

    /// A fact over characters of the page's text. `certainty` is the rule's own.
    fn fact(&self, kind: FactKind, chars: Range<usize>, value: String, rule: String, certainty: f64) -> Fact {
        let text: String = self.layer.text().chars().skip(chars.start).take(chars.len()).collect();
        let read = self.confidence.get(chars.clone()).unwrap_or_default();
        let lowest = read.iter().copied().fold(1.0_f32, f32::min);
        let touched = |r: &Range<usize>| r.start < chars.end && chars.start < r.end;
        let repaired = !rule.ends_with(rule::REPAIRED) && self.repaired.iter().any(touched);
        Fact {
            page_number: self.number,
            kind,
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

    /// Position of its first line.
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
mod generated;
#[cfg(test)]
mod tests;
