//! Patterns that find numbers in running text, and what such a pattern must not find.

use super::SettingName;
use crate::{Error, Field, Result};
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};
use vocabulary::FactKind;
use vocabulary::both;

/// A regular expression that finds numbers in running text.
#[derive(Debug, Clone)]
pub struct NumberFinder(Option<Regex>);

/// A number that was found, with its place in bytes of the text that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundNumber<'t> {
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
}

/// Compiled size of a pattern in bytes; matching is linear in the text whatever the pattern (crate `regex`).
const PATTERN_SIZE_MAX: usize = 1 << 20;
pub(super) const PATTERN_CHARACTERS_MAX: usize = 500;

/// Sentences without any number. A pattern that finds one in them would find one on every page.
const PROSE: [&str; 3] = [
    "甲方与乙方经友好协商签订本合同并共同遵守",
    "本协议未尽事宜由双方另行协商解决",
    "The parties agree on the terms set out below",
];

/// Numbers that mean something of their own, so that no pattern may take them, each on a line of a paper.
const TAKEN: [(FactKind, &str); 5] = [
    (FactKind::CreditCode, "统一社会信用代码 91449901MA5F0H3K9F 有效"),
    (FactKind::IdNumber, "公民身份号码 11010519491231002X 有效"),
    (FactKind::Phone, "联系电话 13800000117 手机"),
    (FactKind::Date, "签订日期 2024-05-13 二〇二四年"),
    (FactKind::Amount, "金额 2,293,800.00 元整"),
];

impl NumberFinder {
    /// An empty pattern finds nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what the pattern gets wrong.
    pub fn parse(pattern: &str) -> Result<Self> {
        if pattern.is_empty() {
            return Ok(Self(None));
        }
        if pattern.chars().count() > PATTERN_CHARACTERS_MAX {
            let reason = both!(
                "it has more than {PATTERN_CHARACTERS_MAX} characters",
                "超过了 {PATTERN_CHARACTERS_MAX} 个字符"
            );
            return Err(Error::invalid(Field::Pattern, "(long)", reason));
        }
        let regex = regex::RegexBuilder::new(pattern)
            .size_limit(PATTERN_SIZE_MAX)
            .case_insensitive(true)
            .build()
            .map_err(|cause| {
                let cause = one_line(&cause.to_string());
                Error::invalid(Field::Pattern, pattern, both!("{cause}", "写得不对（{cause}）"))
            })?;
        if regex.is_match("") {
            let reason = both!(
                "it matches nothing at all, so it would find a number everywhere",
                "它连空文字也匹配，到处都会找到号码"
            );
            return Err(Error::invalid(Field::Pattern, pattern, reason));
        }
        Ok(Self(Some(regex)))
    }

    /// Numbers in the order of the text: the first group of each match, or the match when the pattern has no group.
    pub fn find<'t>(&self, text: &'t str) -> Vec<FoundNumber<'t>> {
        let Some(regex) = &self.0 else {
            return Vec::new();
        };
        regex
            .captures_iter(text)
            .filter_map(|captures| captures.get(1).or_else(|| captures.get(0)))
            .filter(|found| !found.is_empty())
            .map(|found| FoundNumber {
                text: found.as_str(),
                start: found.start(),
                end: found.end(),
            })
            .collect()
    }

    /// A sentence without numbers in which the pattern finds one all the same, and what it finds there.
    pub(super) fn found_in_prose(&self) -> Option<(&'static str, &'static str)> {
        PROSE
            .into_iter()
            .find_map(|prose| Some((prose, self.find(prose).first()?.text)))
    }

    /// A number of another kind that the pattern takes, by its word, and what it finds of it.
    pub(super) fn takes(&self) -> Option<(&'static str, &'static str)> {
        TAKEN.into_iter().find_map(|(thing, line)| {
            let found = self.find(line);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
            Some((
                thing.as_str(),
                found.iter().find(|number| digits(number.text) > 0)?.text,
            ))
        })
    }

    /// A text in which both find the same characters. Asked of what the two patterns themselves describe, and of an
    /// ordinary line for each kind of number.
    pub(super) fn collides_with(&self, other: &Self) -> Option<String> {
        let overlap = |text: &str| {
            let others = other.find(text);
            self.find(text).iter().any(|own| {
                others
                    .iter()
                    .any(|other| own.start < other.end && other.start < own.end)
            })
        };
        let samples = self.examples().into_iter().chain(other.examples());
        samples
            .chain(SAMPLES.iter().map(|(_, sample)| (*sample).to_owned()))
            .find(|text| overlap(text))
    }

    /// Short texts that the pattern matches, one for each of its alternatives.
    pub(super) fn examples(&self) -> Vec<String> {
        let Some(regex) = &self.0 else {
            return Vec::new();
        };
        let Ok(described) = regex_syntax::Parser::new().parse(regex.as_str()) else {
            return Vec::new();
        };
        let mut examples = examples_of(&described);
        examples.retain(|text| regex.is_match(text));
        examples
    }
}

/// An ordinary line for each pattern, as it stands on papers.
pub(super) const SAMPLES: [(SettingName, &str); 3] = [
    (SettingName::AccountNumberPattern, "户号：0512009930"),
    (SettingName::CustomerNumberPattern, "客户代码：KH-0117"),
    (SettingName::ContractNumberPattern, "合同编号：HT-2024-0117"),
];

/// Alternatives that are followed; beyond that a pattern is a list, of which a part says enough.
const EXAMPLES_MAX: usize = 16;
/// Repetitions in an example, so that `{6,16}` is shown with six and `{0,5000}` with few.
const REPEATED_MAX: u32 = 40;

fn examples_of(described: &Hir) -> Vec<String> {
    match described.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8_lossy(&literal.0).into_owned()],
        HirKind::Class(class) => vec![member(class).map(String::from).unwrap_or_default()],
        HirKind::Capture(group) => examples_of(&group.sub),
        HirKind::Repetition(repeated) => {
            let times = repeated.min.min(REPEATED_MAX) as usize;
            examples_of(&repeated.sub)
                .into_iter()
                .map(|text| text.repeat(times))
                .collect()
        }
        HirKind::Alternation(ways) => {
            let mut all: Vec<String> = ways.iter().flat_map(examples_of).collect();
            all.truncate(EXAMPLES_MAX);
            all
        }
        HirKind::Concat(parts) => parts.iter().fold(vec![String::new()], |begun, part| {
            let ends = examples_of(part);
            let mut all: Vec<String> = begun
                .iter()
                .flat_map(|begin| ends.iter().map(move |end| format!("{begin}{end}")))
                .collect();
            all.truncate(EXAMPLES_MAX);
            all
        }),
    }
}

/// A plain member of a class: a digit where there is one, else a capital, else the first.
fn member(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let holds = |c: &char| class.iter().any(|range| range.start() <= *c && *c <= range.end());
    let plain = ['7', '0', '1', 'A', 'K', '-', ' '].into_iter().find(holds);
    plain.or_else(|| class.iter().next().map(|range| range.start()))
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finder(name: SettingName) -> NumberFinder {
        NumberFinder::parse(name.default_value()).expect("a default is usable")
    }

    #[test]
    fn numbers_are_found() -> Result<()> {
        let check = |finder: &NumberFinder, text: &str, expected: &[&str]| {
            let found: Vec<_> = finder.find(text).into_iter().map(|number| number.text).collect();
            assert_eq!(found, expected, "{text}");
        };
        let account = finder(SettingName::AccountNumberPattern);
        check(&account, "户号：0512009930", &["0512009930"]);
        check(&account, "户 号 3301000012345 户名 王小明", &["3301000012345"]);
        check(&account, "电费按户号单独计量，乙方", &[]);
        check(&account, "Account No. 12345678", &["12345678"]);
        let contract = finder(SettingName::ContractNumberPattern);
        check(&contract, "合同编号：HT-2024-0117", &["HT-2024-0117"]);
        check(
            &contract,
            "合同编号：HT-JS-202106-1597 签订日期",
            &["HT-JS-202106-1597"],
        );
        check(&contract, "合同编号: ZL-2023-0042\n甲方", &["ZL-2023-0042"]);
        check(&contract, "本合同编号由甲方填写", &[]);
        check(&NumberFinder::parse("")?, "合同编号：HT-2024-0117", &[]);
        let found = contract.find("合同编号：HT-2024-0117");
        assert_eq!(found.first().map(|number| (number.start, number.end)), Some((15, 27)));
        Ok(())
    }

    #[test]
    fn patterns_that_find_what_they_must_not() -> Result<()> {
        let takes = |pattern: &str| -> Result<Option<&str>> { Ok(NumberFinder::parse(pattern)?.takes().map(|t| t.0)) };
        assert_eq!(takes("[0-9]{6,16}")?, Some("credit_code"));
        assert_eq!(takes(r"\b[0-9]{11}\b")?, Some("phone"));
        assert_eq!(takes(r"\b[0-9]{10}\b")?, None);
        assert_eq!(takes("[0-9]{4}-[0-9]{2}-[0-9]{2}")?, Some("date"));
        for name in SettingName::FINDERS {
            assert_eq!(finder(name).takes(), None, "{}", name.as_str());
            assert_eq!(finder(name).found_in_prose(), None, "{}", name.as_str());
        }
        assert!(NumberFinder::parse(r"\p{Han}{2,8}")?.found_in_prose().is_some());
        assert!(NumberFinder::parse(r"[a-z]+")?.found_in_prose().is_some());
        Ok(())
    }

    #[test]
    fn patterns_that_collide() -> Result<()> {
        let account = finder(SettingName::AccountNumberPattern);
        let contract = finder(SettingName::ContractNumberPattern);
        assert_eq!(account.collides_with(&contract), None);
        assert!(account.collides_with(&account).is_some());
        let plain = NumberFinder::parse(r"\b[0-9]{10}\b")?;
        assert_eq!(plain.collides_with(&account).as_deref(), Some("户号：0512009930"));
        // No line of ours has this form: only what the patterns themselves describe shows it.
        let (one, other) = (
            NumberFinder::parse("GD[0-9]{8}")?,
            NumberFinder::parse("[A-Z]{2}[0-9]{6,}")?,
        );
        assert_eq!(one.collides_with(&other).as_deref(), Some("GD77777777"));
        Ok(())
    }

    #[test]
    fn examples_match_their_pattern() -> Result<()> {
        for name in SettingName::FINDERS {
            let finder = finder(name);
            let examples = finder.examples();
            assert!(!examples.is_empty(), "{}", name.as_str());
            for example in examples {
                assert!(!finder.find(&example).is_empty(), "{example}");
            }
        }
        Ok(())
    }
}
