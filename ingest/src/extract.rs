//! Facts on a page: numbers with check digits, phones, and whatever matches the archive's own
//! patterns, each with where it stands and which rule found it.
//!
//! Pure. Refuses to decide what a finding is good for; that is linking's business.

mod pattern;

pub use pattern::{Pattern, PatternError};

use crate::layout::PageText;
use unicode_normalization::UnicodeNormalization;

/// What kind of value was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// 统一社会信用代码, GB 32100.
    CreditCode,
    /// 居民身份证, GB 11643.
    IdNumber,
    Phone,
    /// By a pattern of the archive, under the name it has there (户号, contract number ...).
    Numbered(String),
}

/// One value on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub kind: FindingKind,
    /// Page, as given to `findings`.
    pub page: u32,
    /// Line of the page's text, counted from 0.
    pub line: usize,
    /// Characters of the line: first, and one after the last.
    pub chars: (usize, usize),
    /// As it stands there.
    pub value: String,
    /// Half width, upper case, without spaces and hyphens where those carry nothing.
    pub normalised: String,
    /// Stable name of the rule.
    pub rule: &'static str,
    /// From the characters' confidence and the rule's own certainty, 0 to 1.
    pub confidence: f32,
}

/// Everything that can be found on a page, in the order of the text.
pub fn findings(page: u32, text: &PageText, patterns: &[Pattern]) -> Vec<Finding> {
    let mut all = Vec::new();
    for (line, text_line) in text.lines.iter().enumerate() {
        let folded = Folded::of(&text_line.text);
        for hit in line_hits(&folded, patterns) {
            let (from, to) = (folded.at[hit.from], folded.at[hit.to - 1] + 1);
            let boxes = text_line.chars.get(from..to).unwrap_or_default();
            let read = boxes.iter().map(|c| c.confidence).fold(1.0, f32::min);
            all.push(Finding {
                kind: hit.kind,
                page,
                line,
                chars: (from, to),
                value: text_line.text.chars().skip(from).take(to - from).collect(),
                normalised: hit.normalised,
                rule: hit.rule,
                confidence: read * hit.certainty,
            });
        }
    }
    all
}

/// Whether this is a 统一社会信用代码 with the right check character (GB 32100-2015).
pub fn credit_code_is_valid(code: &str) -> bool {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let bytes = code.as_bytes();
    if bytes.len() != 18 || !bytes[2..8].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let Some(values) = bytes
        .iter()
        .map(|b| ALPHABET.iter().position(|a| a == b))
        .collect::<Option<Vec<usize>>>()
    else {
        return false;
    };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
    (31 - sum % 31) % 31 == values[17]
}

/// Whether this is a 居民身份证 number with the right check character and a date that exists
/// (GB 11643-1999, 18 characters).
pub fn id_number_is_valid(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let digit = |i: usize| u32::from(bytes[i] - b'0');
    let year = (6..10).fold(0, |n, i| n * 10 + digit(i));
    let (month, day) = (digit(10) * 10 + digit(11), digit(12) * 10 + digit(13));
    if bytes[0] == b'0' || !(1850..=2100).contains(&year) || !date_exists(year, month, day) {
        return false;
    }
    let sum: u32 = WEIGHTS.iter().enumerate().map(|(i, w)| digit(i) * w).sum();
    CHECKS[(sum % 11) as usize] == bytes[17]
}

fn date_exists(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// A line in half width and upper case, with the way back to its characters.
struct Folded {
    chars: Vec<char>,
    /// For each folded character the character of the line it came from.
    at: Vec<usize>,
}

impl Folded {
    fn of(text: &str) -> Folded {
        let (mut chars, mut at) = (Vec::new(), Vec::new());
        for (i, c) in text.chars().enumerate() {
            for folded in std::iter::once(c).nfkc() {
                let folded = match folded {
                    '—' | '–' | '－' | '‐' | '−' => '-',
                    other => other,
                };
                chars.push(folded.to_ascii_uppercase());
                at.push(i);
            }
        }
        Folded { chars, at }
    }
}

struct Hit {
    kind: FindingKind,
    /// Folded characters: first, and one after the last.
    from: usize,
    to: usize,
    normalised: String,
    rule: &'static str,
    certainty: f32,
}

fn line_hits(folded: &Folded, patterns: &[Pattern]) -> Vec<Hit> {
    let chars = &folded.chars;
    let mut hits = Vec::new();
    let mut from = 0;
    while from < chars.len() {
        if !chars[from].is_ascii_alphanumeric() {
            from += 1;
            continue;
        }
        let run = chars[from..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        // Machines and people put spaces and hyphens into long numbers: 1234 5678, 0571-8888.
        let spread = chars[from..]
            .iter()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
            .count();
        hits.extend(whole(chars, from, run).or_else(|| spaced(chars, from, spread)));
        from += run;
    }
    for pattern in patterns {
        for (from, to) in pattern.matches(chars) {
            let normalised = chars[from..to].iter().filter(|c| **c != ' ').collect();
            let kind = FindingKind::Numbered(pattern.name().to_owned());
            hits.push(Hit { kind, from, to, normalised, rule: "pattern", certainty: 0.95 });
        }
    }
    hits.sort_by_key(|h| (h.from, h.to));
    hits
}

/// A run of letters and digits that is a known number as a whole.
fn whole(chars: &[char], from: usize, count: usize) -> Option<Hit> {
    let text: String = chars[from..from + count].iter().collect();
    known(&text).map(|(kind, rule, certainty)| Hit {
        kind,
        from,
        to: from + count,
        normalised: text,
        rule,
        certainty,
    })
}

/// The same with spaces and hyphens inside, if what remains is a known number.
fn spaced(chars: &[char], from: usize, count: usize) -> Option<Hit> {
    let mut text = String::new();
    let mut best = None;
    for (i, c) in chars[from..from + count].iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            continue;
        }
        text.push(*c);
        let next = chars.get(from + i + 1);
        if next.is_some_and(char::is_ascii_alphanumeric) {
            continue;
        }
        if let Some((kind, rule, certainty)) = known(&text) {
            let (to, normalised) = (from + i + 1, text.clone());
            best = Some(Hit { kind, from, to, normalised, rule, certainty: certainty * 0.95 });
        }
    }
    best
}

fn known(text: &str) -> Option<(FindingKind, &'static str, f32)> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        18 if id_number_is_valid(text) => {
            Some((FindingKind::IdNumber, "gb11643_check", 1.0))
        }
        18 if credit_code_is_valid(text) => {
            Some((FindingKind::CreditCode, "gb32100_check", 1.0))
        }
        11 if digits && mobile(text) => Some((FindingKind::Phone, "mobile_phone", 0.9)),
        10..=12 if digits && text.starts_with('0') && !text.starts_with("00") => {
            Some((FindingKind::Phone, "area_phone", 0.8))
        }
        10 if digits && (text.starts_with("400") || text.starts_with("800")) => {
            Some((FindingKind::Phone, "service_phone", 0.8))
        }
        _ => None,
    }
}

/// Mainland mobile numbers: 1, then 3 to 9.
fn mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{CharBox, TextLine};

    fn page(lines: &[&str]) -> PageText {
        let line = |text: &&str| TextLine {
            text: (*text).to_owned(),
            chars: text.chars().map(|_| CharBox { x: 0.0, w: 1.0, confidence: 0.9 }).collect(),
            ..TextLine::default()
        };
        PageText { lines: lines.iter().map(line).collect() }
    }

    fn check(line: &str, expected: &[(FindingKind, &str, (usize, usize))]) {
        let found = findings(3, &page(&[line]), &[]);
        let got: Vec<(FindingKind, &str, (usize, usize))> =
            found.iter().map(|f| (f.kind.clone(), f.normalised.as_str(), f.chars)).collect();
        assert_eq!(got, expected, "{line}");
        assert!(found.iter().all(|f| f.page == 3 && f.confidence <= 0.9));
    }

    #[test]
    fn check_characters_decide() {
        assert!(credit_code_is_valid("91350100M000100Y43"));
        assert!(!credit_code_is_valid("91350100M000100Y44"));
        assert!(!credit_code_is_valid("91350100M000100Y4"));
        assert!(id_number_is_valid("11010519491231002X"));
        assert!(!id_number_is_valid("110105194912310021"));
        assert!(!id_number_is_valid("11010519490231002X"), "there is no 31 February");
    }

    #[test]
    fn numbers_are_found_with_their_place() {
        use FindingKind::*;
        check("统一社会信用代码：91350100M000100Y43", &[(
            CreditCode,
            "91350100M000100Y43",
            (9, 27),
        )]);
        check("证件号码 11010519491231002x（本人）", &[(IdNumber, "11010519491231002X", (5, 23))]);
        check("电话１３８ 0013 8000", &[(Phone, "13800138000", (2, 15))]);
        check("0571-88889999转8", &[(Phone, "057188889999", (0, 13))]);
        check("账号6222868282880729022", &[]);
        check("91350100M000100Y44", &[]);
    }

    #[test]
    fn patterns_of_the_archive_are_found() {
        let pattern = Pattern::new("contract_number", "HT-[A-Z]{2}-[0-9]{6}-[0-9]{4}");
        let pattern = pattern.expect("a good pattern");
        let found = findings(0, &page(&["合同编号：HT-CG-201903-0042号"]), &[pattern]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].normalised, "HT-CG-201903-0042");
        assert_eq!(found[0].kind, FindingKind::Numbered("contract_number".to_owned()));
        assert_eq!(found[0].chars, (5, 22));
    }
}
