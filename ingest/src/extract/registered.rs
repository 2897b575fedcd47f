//! Names of customers anywhere in the text, as the register has them.
//!
//! What a page says in passing (`兹证明王建国同志系我单位职工`) stands behind no label, so every run of letters that is as
//! long as some registered name is looked up. The look-up is a hash of the run, made from the one before it, so that a
//! page costs the same whether ten customers are registered or a million; a run with the hash of a name may still be
//! another text, and the record has the last word. Such a name only ever proposes.

use super::{FactPage, PageView, rule};
use records::documents::{Fact, FactKind};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Letters of a document that are searched; a long report says whose it is on its first pages.
const LETTERS_MAX: usize = 100_000;
/// Facts of one document. A list of all customers is evidence for none.
const NAMES_MAX: usize = 20;
/// Longer names are compared by nobody.
const LENGTH_MAX: usize = 60;
/// A name of two letters is a word of the language as well, unless it is addressed.
const PLAIN_LENGTH_MIN: usize = 3;
/// What stands behind a name of two letters that is one.
const TITLES: [&str; 6] = ["先生", "女士", "同志", "小姐", ":", "("];
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// All registered names, as hashes of their folded letters.
#[derive(Debug, Default, Clone)]
pub struct RegisteredNames {
    hashes: HashSet<u64>,
    /// How many letters names have.
    lengths: BTreeSet<usize>,
}

impl RegisteredNames {
    /// Adds a name as the record folds it (`records::fold::name`).
    pub fn add(&mut self, folded: &str) {
        let length = folded.chars().count();
        if (2..=LENGTH_MAX).contains(&length) {
            self.hashes.insert(folded.chars().fold(0, next));
            self.lengths.insert(length);
        }
    }

    fn holds(&self, hash: u64) -> bool {
        self.hashes.contains(&hash)
    }
}

fn next(hash: u64, letter: char) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(letter)) + 1)
}

/// A page's letters, folded as names are, each with the character that it came from.
struct Letters {
    letters: Vec<char>,
    at: Vec<usize>,
    /// Of the letters before each.
    hashes: Vec<u64>,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let (mut letters, mut at) = (Vec::new(), Vec::new());
        for (position, c) in text.chars().enumerate() {
            let kept = |c: &char| !c.is_whitespace() && !c.is_control();
            for c in std::iter::once(c).nfkc().filter(kept).flat_map(char::to_lowercase) {
                letters.push(c);
                at.push(position);
            }
        }
        let mut hashes = vec![0];
        for letter in &letters {
            hashes.push(next(hashes.last().copied().unwrap_or_default(), *letter));
        }
        Letters { letters, at, hashes }
    }

    /// The hash of a run, by those of what is before its end and before its begin.
    fn hash(&self, run: &Range<usize>, power: u64) -> u64 {
        self.hashes[run.end].wrapping_sub(self.hashes[run.start].wrapping_mul(power))
    }

    /// A run of Latin letters is a name only as whole words, a short run only when somebody is addressed.
    fn may_be_name(&self, run: &Range<usize>) -> bool {
        let is_latin = |at: usize| self.letters.get(at).is_some_and(char::is_ascii_alphanumeric);
        // Spaces are no letters here, and part words all the same.
        let is_one_word = |at: usize| {
            let beside = self.at.get(at).is_some_and(|next| *next == self.at[at - 1] + 1);
            beside && is_latin(at) && is_latin(at - 1)
        };
        let begins = run.start == 0 || !is_one_word(run.start);
        let ends = !is_one_word(run.end);
        let behind = || self.letters[run.end..].iter().take(2).collect::<String>();
        let long = run.len() >= PLAIN_LENGTH_MIN || TITLES.iter().any(|title| behind().starts_with(title));
        begins && ends && long
    }
}

/// The names on the pages, longest first where they overlap.
pub fn registered_names(pages: &[FactPage<'_>], names: &RegisteredNames) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut left = LETTERS_MAX;
    for page in pages {
        let view = PageView::of(page);
        let letters = Letters::of(&view.layer.text());
        let count = letters.letters.len().min(left);
        left -= count;
        let mut taken: Vec<Range<usize>> = Vec::new();
        for length in names.lengths.iter().rev() {
            let power = (0..*length).fold(1_u64, |power, _| power.wrapping_mul(BASE));
            for start in 0..(count + 1).saturating_sub(*length) {
                let run = start..start + length;
                let free = |taken: &Range<usize>| taken.end <= run.start || run.end <= taken.start;
                if !names.holds(letters.hash(&run, power)) || !letters.may_be_name(&run) || !taken.iter().all(free) {
                    continue;
                }
                taken.push(run.clone());
                let value: String = letters.letters[run.clone()].iter().collect();
                if facts.iter().any(|known| known.value == value) {
                    continue;
                }
                let chars = letters.at[run.start]..letters.at[run.end - 1] + 1;
                let certainty = if run.len() > 4 { 0.9 } else { 0.6 };
                facts.push(view.fact(FactKind::Name, chars, value, rule::REGISTERED.to_owned(), certainty));
                if facts.len() >= NAMES_MAX {
                    return facts;
                }
            }
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::fold;
    use records::pages::{Area, TextLayer, TextLine};

    fn found(text: &str, names: &[&str]) -> Vec<String> {
        let mut registered = RegisteredNames::default();
        for name in names {
            registered.add(&fold::name(name));
        }
        let line = |text: &str| TextLine {
            text: text.to_owned(),
            area: Area::default(),
            slope: 0.0,
            confidence: 1.0,
            chars: Vec::new(),
        };
        let layer = TextLayer {
            lines: text.lines().map(line).collect(),
        };
        let page = FactPage {
            number: 1,
            layer: &layer,
            seals: &[],
            repaired: &[],
        };
        registered_names(&[page], &registered)
            .into_iter()
            .map(|fact| fact.text)
            .collect()
    }

    fn check(text: &str, names: &[&str], expected: &[&str]) {
        assert_eq!(found(text, names), expected, "{text}");
    }

    #[test]
    fn a_full_name_is_found_wherever_it_stands() {
        check("兹证明王建国同志系我单位职工", &["王建国"], &["王建国"]);
        check(
            "上海锦程物业服务有限公司：",
            &["上海锦程物业服务有限公司"],
            &["上海锦程物业服务有限公司"],
        );
        check(
            "致上海锦程物业\n服务有限公司台鉴",
            &["上海锦程物业服务有限公司"],
            &["上海锦程物业\n服务有限公司"],
        );
        check(
            "深圳（华宸）智汇 公司",
            &["深圳(华宸)智汇公司"],
            &["深圳（华宸）智汇 公司"],
        );
        check(
            "Signed by ACME Trading Ltd.",
            &["Acme Trading Ltd"],
            &["ACME Trading Ltd"],
        );
    }

    #[test]
    fn pieces_and_words_are_no_names() {
        check(
            "王建国际贸易有限公司",
            &["王建国", "王建国际贸易有限公司"],
            &["王建国际贸易有限公司"],
        );
        check("请方便时来电", &["方便"], &[]);
        check("李娜女士：您好", &["李娜"], &["李娜"]);
        check("Macmellon", &["mel"], &[]);
        check("甲方", &[], &[]);
    }

    #[test]
    fn the_same_name_counts_once_and_names_are_bounded() {
        check("王建国，王建国", &["王建国"], &["王建国"]);
        let names: Vec<String> = (0..60).map(|n| format!("第{n:02}号公司")).collect();
        let text = names.join("，");
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(found(&text, &names).len(), NAMES_MAX);
    }
}
