//! Numbers that identify a customer: with check digits, by the archive's patterns, and phones.

use super::{NumberFinders, PageView, rule};
use reading::credit_code::{CODE_CHARS, Repair, repaired};
use records::documents::{Fact, FactKind};
use records::fold;
use records::parties::check_digits::{has_id_number_form, has_old_id_number_form, is_credit_code, is_id_number};
use records::settings::NumberFinder;
use std::ops::Range;

/// Labels of ID numbers.
const ID_LABELS: [&str; 7] = [
    "身份证号",
    "身份证号码",
    "身份号码",
    "身份证",
    "证件号码",
    "证件号",
    "公民身份",
];
/// Labels of numbers that are no phones, however many digits they have.
const NO_PHONE_LABELS: [&str; 20] = [
    "发票代码",
    "发票号码",
    "发票号",
    "机器编号",
    "机器号",
    "校验码",
    "流水号",
    "凭证号",
    "账号",
    "帐号",
    "卡号",
    "单号",
    "编号",
    "证号",
    "代码",
    "批号",
    "序列号",
    "条码",
    "NO",
    "No",
];
/// Characters in front of a number among which its label is.
const LABEL_REACH: usize = 12;

/// Whether one of these labels stands directly before byte `at` of a line.
fn is_labelled(line: &str, at: usize, labels: &[&str]) -> bool {
    let before = line[..at].trim_end_matches([':', ' ', '.', '(', ')', '\u{3000}']);
    let reach: String = before.chars().rev().take(LABEL_REACH).collect();
    let reach: String = reach.chars().rev().filter(|c| *c != ' ').collect();
    labels.iter().any(|label| reach.ends_with(label))
}

/// Adds the numbers of a page.
pub(super) fn find(view: &PageView<'_>, rules: &NumberFinders, facts: &mut Vec<Fact>) {
    let first = facts.len();
    by_pattern(view, &rules.account, FactKind::AccountNumber, facts);
    by_pattern(view, &rules.customer_code, FactKind::CustomerCode, facts);
    by_pattern(view, &rules.contract, FactKind::ContractNumber, facts);
    let by_patterns = facts.len();
    for (start, line) in view.kept.lines() {
        let tokens = tokens(line, start);
        strong(view, line, start, &tokens, facts);
        phones(view, line, start, &tokens, facts);
    }
    // A number matched by an archive's own pattern is no phone, however many digits it has.
    let named: Vec<(u32, u32)> = facts[first..by_patterns]
        .iter()
        .map(|f| (f.char_start, f.char_end))
        .collect();
    facts.retain(|fact| {
        let inside = |(from, to): &(u32, u32)| *from < fact.char_end && fact.char_start < *to;
        fact.page_number != view.number || fact.kind != FactKind::Phone || !named.iter().any(inside)
    });
}

/// A run of letters and digits on one line.
struct NumberToken<'t> {
    text: &'t str,
    bytes: Range<usize>,
    /// Text between it and the token before it; a word of the line's start for the first.
    gap: &'t str,
}

fn tokens(line: &str, start: usize) -> Vec<NumberToken<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut former = 0;
    while let Some(offset) = line[at..].find(|c: char| c.is_ascii_alphanumeric()) {
        let first = at + offset;
        let rest = &line[first..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let gap = &line[former..first];
        let bytes = start + first..start + first + length;
        tokens.push(NumberToken {
            text: &rest[..length],
            bytes,
            gap,
        });
        at = first + length;
        former = at;
    }
    tokens
}

/// Credit codes and ID numbers: as one token, or as neighbours that spaces have parted.
fn strong(view: &PageView<'_>, line: &str, start: usize, tokens: &[NumberToken<'_>], facts: &mut Vec<Fact>) {
    let mut first = 0;
    while first < tokens.len() {
        let mut joined = String::new();
        let mut end = first;
        while end < tokens.len() && joined.len() < CODE_CHARS {
            if end > first && !tokens[end].gap.bytes().all(|b| b == b' ') {
                break;
            }
            joined.push_str(&tokens[end].text.to_ascii_uppercase());
            end += 1;
        }
        let parts = end - first;
        let labelled = is_labelled(line, tokens[first].bytes.start - start, &ID_LABELS);
        let known = match joined.len() {
            CODE_CHARS => recognised(&joined, labelled),
            _ => {
                // 15 digits may be many things.
                let alone = tokens[first].text;
                end = first + 1;
                (labelled && has_old_id_number_form(alone))
                    .then(|| Strong::of(FactKind::IdNumber, alone, "gb11643", rule::OLD))
            }
        };
        // Parts that only by chance make 18 characters seldom have a right check digit as well,
        // but a repair of them would find one.
        match known.filter(|known| parts == 1 || known.doubt.is_empty() || joined.len() != CODE_CHARS) {
            Some(known) => {
                let bytes = tokens[first].bytes.start..tokens[end - 1].bytes.end;
                let rule = format!("{}{}", known.rule, known.doubt);
                let certainty = if known.doubt.is_empty() { 1.0 } else { 0.6 };
                let chars = view.kept.chars(bytes);
                facts.push(view.fact(known.kind, chars, known.value, rule, certainty));
                first = end;
            }
            None => first += 1,
        }
    }
}

struct Strong {
    kind: FactKind,
    value: String,
    rule: &'static str,
    /// Why it is not sure; empty when it is.
    doubt: &'static str,
}

impl Strong {
    fn of(kind: FactKind, value: &str, rule: &'static str, doubt: &'static str) -> Strong {
        Strong {
            kind,
            value: value.to_owned(),
            rule,
            doubt,
        }
    }
}

/// What eighteen characters are; `labelled` when a label of ID numbers is before them.
fn recognised(text: &str, labelled: bool) -> Option<Strong> {
    if is_id_number(text) {
        return Some(Strong::of(FactKind::IdNumber, text, "gb11643", ""));
    }
    if is_credit_code(text) && !labelled {
        return Some(Strong::of(FactKind::CreditCode, text, "gb32100", ""));
    }
    // An ID number whose check digit does not fit is one all the same, and never the code of a company.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_of_person = has_id_number_form(text) && !text.starts_with('9');
    if is_of_person || (labelled && (digits == CODE_CHARS || (digits == CODE_CHARS - 1 && text.ends_with('X')))) {
        return Some(Strong::of(FactKind::IdNumber, text, "gb11643", rule::WRONG_CHECK));
    }
    // Whichever character was misread, a repaired code only proposes.
    match repaired(text, |_| true) {
        Repair::Proven(value) | Repair::Possible(value) => {
            Some(Strong::of(FactKind::CreditCode, &value, "gb32100", rule::REPAIRED))
        }
        Repair::None => None,
    }
}

/// Mobile numbers, land lines with their area code, and service numbers.
fn phones(view: &PageView<'_>, line: &str, start: usize, tokens: &[NumberToken<'_>], facts: &mut Vec<Fact>) {
    let digits = |token: &NumberToken<'_>| token.text.bytes().all(|b| b.is_ascii_digit());
    let parted = |gap: &str| gap == " " || gap == "-" || gap == ") " || gap == ")";
    let mut first = 0;
    while first < tokens.len() {
        let mut end = first;
        while end < tokens.len() && digits(&tokens[end]) && (end == first || parted(tokens[end].gap)) && end - first < 5
        {
            end += 1;
        }
        if end == first {
            first += 1;
            continue;
        }
        // A whole run of neighbours is a number or none of it is: half of a bank account is no phone.
        let mut values: Vec<(Range<usize>, String, &str)> = Vec::new();
        let joined: String = tokens[first..end].iter().map(|t| t.text).collect();
        if let Some(rule) = phone(&joined) {
            values.push((tokens[first].bytes.start..tokens[end - 1].bytes.end, joined, rule));
        } else {
            for token in &tokens[first..end] {
                if let Some(rule) = phone(token.text) {
                    values.push((token.bytes.clone(), token.text.to_owned(), rule));
                }
            }
        }
        for (bytes, value, rule) in values {
            if is_labelled(line, bytes.start - start, &NO_PHONE_LABELS) {
                continue;
            }
            let chars = view.kept.chars(bytes);
            facts.push(view.fact(FactKind::Phone, chars, value, rule.to_owned(), 0.9));
        }
        first = end;
    }
}

fn phone(digits: &str) -> Option<&'static str> {
    let bytes = digits.as_bytes();
    // Area codes are 010, 02x and four digits from 031x to 099x; the line behind one begins with 2 to 8.
    let area = match bytes {
        [b'0', b'1', b'0', ..] | [b'0', b'2', b'0'..=b'9', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => 0,
    };
    let line = bytes.get(area).filter(|_| area > 0);
    let is_line = line.is_some_and(|first| (b'2'..=b'8').contains(first));
    match bytes.len() {
        11 if bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) => Some("phone:mobile"),
        11 | 12 if is_line && (7..=8).contains(&(bytes.len() - area)) => Some("phone:area"),
        10 if digits.starts_with("400") || digits.starts_with("800") => Some("phone:service"),
        _ => None,
    }
}

/// Numbers by a pattern, on the text as it is and once more without the spaces that machines put
/// into numbers.
fn by_pattern(view: &PageView<'_>, finder: &NumberFinder, kind: FactKind, facts: &mut Vec<Fact>) {
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    for (folded, spaces) in [(&view.kept, ""), (&view.squeezed, rule::SPACES)] {
        for found in finder.find(&folded.text) {
            // A pattern with an upper bound on digits must not cut a longer number short.
            let next = folded.text[found.end..].chars().next();
            let last = found.text.chars().next_back();
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            if digit(next) && digit(last) {
                continue;
            }
            let value = fold::code(found.text.trim_end_matches(['-', '/', '.']));
            // A label alone is no number.
            if !value.bytes().any(|b| b.is_ascii_digit()) {
                continue;
            }
            let length = found.text.trim_end_matches(['-', '/', '.']).len();
            let chars = folded.chars(found.start..found.start + length);
            let same = |start: usize, known: &str| known == value && start == chars.start;
            let known = places.iter().any(|(range, known)| same(range.start, known))
                || facts
                    .iter()
                    .any(|fact| fact.page_number == view.number && same(fact.char_start as usize, &fact.value));
            if known {
                continue;
            }
            places.push((chars.clone(), value.clone()));
            let certainty = if spaces.is_empty() { 0.95 } else { 0.9 };
            facts.push(view.fact(
                kind,
                chars,
                value,
                format!("pattern:{}{spaces}", kind.as_str()),
                certainty,
            ));
        }
    }
}
