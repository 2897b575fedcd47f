//! Masking of personal numbers (ID cards, phones, bank accounts) in single values and in running text.
//!
//! A mask keeps the number of characters, so that positions of hits stay right, and shows a few first and last
//! characters: ID number 4+10+4, mobile 3+4+4, bank account last 4. Masking is not anonymity: it keeps a shoulder
//! surfer from copying a number, it does not make a text free of personal data.
//!
//! Mask whole lines *before* cutting a snippet out of them: half a number no longer looks like one.
//! What is not known here: who may see the number (that is [`crate::Asker::sees_personal_numbers`]).

use crate::{Asker, fold};
use vocabulary::{check_digits, detail::Detail};

const MASK: char = '*';

/// Words after which any longer number is taken for a phone or bank account.
const LABELS: [&str; 16] = [
    "账号", "帐号", "账户", "帐户", "卡号", "开户", "银行", "电话", "手机", "联系", "传真", "tel", "phone", "mobile",
    "bank", "card no",
];

/// How far before a number such a word may stand, in characters.
const LABEL_REACH: usize = 14;

pub fn mask_id_number(value: &str) -> String {
    mask_value(value, 4, 4)
}

/// Mobile 3+4+4; anything else keeps its last two digits.
pub fn mask_phone(value: &str) -> String {
    let digits: String = value.chars().filter_map(ascii).filter(char::is_ascii_digit).collect();
    let (first, last) = if is_mobile(&digits) { (3, 4) } else { (0, 2) };
    mask_value(value, first, last)
}

pub fn mask_bank_account(value: &str) -> String {
    mask_value(value, 0, 4)
}

/// A text of the record as this asker may read it in a list.
pub(crate) fn shown_text(asker: &Asker, text: String) -> String {
    if asker.sees_personal_numbers() {
        text
    } else {
        mask_personal_numbers(&text)
    }
}

/// The same in every text of a detail.
pub(crate) fn shown_detail(asker: &Asker, detail: Option<Detail>) -> Option<Detail> {
    detail.map(|detail| detail.with_texts(&|text| shown_text(asker, text)))
}

/// A personal number of unknown kind with its middle hidden, by what it looks like.
pub fn mask_number(value: &str) -> String {
    let folded = fold::code(value);
    if check_digits::has_id_number_form(&folded) || check_digits::has_old_id_number_form(&folded) {
        return mask_id_number(value);
    }
    if folded.chars().filter(char::is_ascii_digit).count() > 12 {
        mask_bank_account(value)
    } else {
        mask_phone(value)
    }
}

/// Masks every ID number, phone and bank account in the text; everything else stays as it is. The answer has as many
/// characters as the text.
pub fn mask_personal_numbers(text: &str) -> String {
    // Most lines hold no number at all, and none has fewer digits than a phone.
    if !has_digits(text, DIGITS_MIN) {
        return text.to_owned();
    }
    let mut letters: Vec<char> = text.chars().collect();
    let plain: Vec<char> = letters.iter().map(|c| ascii(*c).unwrap_or(*c)).collect();
    for run in runs(&plain) {
        mask_run(&mut letters, &plain, &run);
    }
    letters.into_iter().collect()
}

/// Fewer digits are no personal number.
const DIGITS_MIN: usize = 7;

fn has_digits(text: &str, count: usize) -> bool {
    text.chars()
        .filter(|c| ascii(*c).is_some_and(|c| c.is_ascii_digit()))
        .nth(count - 1)
        .is_some()
}

/// Adjacent digits, with an X at the end as in an ID number.
#[derive(Debug, Clone, Copy)]
struct DigitGroup {
    start: usize,
    end: usize,
}

/// Groups that only a space or a dash parts, as people write phones and cards.
type DigitRun = Vec<DigitGroup>;

fn runs(plain: &[char]) -> Vec<DigitRun> {
    let mut runs: Vec<DigitRun> = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        if !plain[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < plain.len() && plain[at].is_ascii_digit() {
            at += 1;
        }
        if at - start >= 1
            && plain.get(at).is_some_and(|c| matches!(c, 'X' | 'x'))
            && !plain.get(at + 1).is_some_and(char::is_ascii_alphanumeric)
        {
            at += 1;
        }
        let group = DigitGroup { start, end: at };
        match runs
            .last_mut()
            .and_then(|run| run.last().map(|last| last.end).zip(Some(run)))
        {
            Some((end, run)) if is_gap(&plain[end..start]) => run.push(group),
            _ => runs.push(vec![group]),
        }
    }
    runs
}

/// One space or dash, or two such as `) `: what stands inside a written phone or card number.
fn is_gap(between: &[char]) -> bool {
    (1..=2).contains(&between.len())
        && between
            .iter()
            .all(|c| c.is_whitespace() && *c != '\n' || crate::fold::is_dash(*c) || matches!(c, ')' | '·'))
}

fn mask_run(letters: &mut [char], plain: &[char], run: &DigitRun) {
    let labelled = is_labelled(plain, run[0].start);
    let mut first = 0;
    while first < run.len() {
        // The longest chain of groups that together make a number wins; a single group is a chain of one.
        let chain = (first + 1..=run.len().min(first + 6)).rev().find_map(|end| {
            let places = places(&run[first..end], plain);
            shown(plain, &run[first..end], &places, labelled).map(|shown| (end, places, shown))
        });
        match chain {
            Some((end, places, (head, tail))) => {
                hide(letters, &places, head, tail);
                first = end;
            }
            None => first += 1,
        }
    }
}

fn places(groups: &[DigitGroup], plain: &[char]) -> Vec<usize> {
    groups
        .iter()
        .flat_map(|group| group.start..group.end)
        .filter(|at| plain[*at].is_ascii_alphanumeric())
        .collect()
}

/// How many first and last characters stay when these groups are one personal number; `None` when they are not.
fn shown(plain: &[char], groups: &[DigitGroup], places: &[usize], labelled: bool) -> Option<(usize, usize)> {
    let text: String = places.iter().map(|at| plain[*at].to_ascii_uppercase()).collect();
    let digits = text.trim_end_matches('X');
    let alone = groups.len() == 1;
    // Dates and location codes have short parts; written numbers do not, save for their last.
    let has_short_part = groups
        .split_last()
        .is_some_and(|(_, front)| front.iter().any(|group| group.end - group.start < 3));
    if has_short_part || is_part_of_credit_code(plain, groups) {
        return None;
    }
    if text.len() == 18 && (check_digits::is_id_number(&text) || (alone && check_digits::has_id_number_form(&text))) {
        return Some((4, 4));
    }
    if digits.len() != text.len() {
        // Digits and an X that are no ID number by form are still shown to nobody when they are as long as one.
        return (text.len() >= 16).then_some((0, 4));
    }
    if is_mobile(&text) || (text.len() == 13 && text.starts_with("86") && is_mobile(&text[2..])) {
        return Some((text.len() - 8, 4));
    }
    if alone && check_digits::has_old_id_number_form(&text) {
        return Some((4, 4));
    }
    if is_land_line(&text, groups, labelled) {
        return Some((0, 2));
    }
    let is_account = match (alone, text.len()) {
        (true, 16..) => true,
        // Years and amounts stand in rows too, so groups count as a card only when its check digit fits.
        (false, 16..=19) => check_digits::is_luhn(&text),
        _ => false,
    };
    if is_account || (labelled && alone && (7..).contains(&text.len())) {
        return Some((0, if text.len() >= 10 { 4 } else { 2 }));
    }
    None
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && bytes.iter().all(u8::is_ascii_digit)
}

/// `0571-88886666`, `010 8888 6666`; without a gap only where it is long enough not to be some other number.
fn is_land_line(digits: &str, groups: &[DigitGroup], labelled: bool) -> bool {
    let starts = digits.starts_with('0') && !digits.starts_with("00");
    let area = groups[0].end - groups[0].start;
    match groups.len() {
        1 => starts && (digits.len() == 11 || digits.len() == 12 || (labelled && digits.len() == 10)),
        _ => starts && (3..=4).contains(&area) && (10..=12).contains(&digits.len()),
    }
}

/// Credit codes are public. One whose digits stand among letters must not be cut up for its digits.
fn is_part_of_credit_code(plain: &[char], groups: &[DigitGroup]) -> bool {
    let [group] = groups else { return false };
    let start = (0..group.start)
        .rev()
        .take_while(|at| plain[*at].is_ascii_alphanumeric())
        .last()
        .unwrap_or(group.start);
    let end = (group.end..plain.len())
        .take_while(|at| plain[*at].is_ascii_alphanumeric())
        .last()
        .map_or(group.end, |at| at + 1);
    let token: String = plain[start..end].iter().map(char::to_ascii_uppercase).collect();
    if token.len() != 18 {
        return false;
    }
    // Where only the last character is a letter, it may be an ID number whose X was misread; and a number may fit
    // both check sums. What looks like a day of birth is then taken for one.
    let has_letters = token[..17].bytes().any(|byte| byte.is_ascii_alphabetic());
    let may_be_id = check_digits::has_id_number_form(&format!("{}0", &token[..17]));
    (check_digits::is_credit_code(&token) && !may_be_id)
        || (has_letters && token.bytes().filter(u8::is_ascii_digit).count() >= 8)
}

fn is_labelled(plain: &[char], start: usize) -> bool {
    let before: String = plain[start.saturating_sub(LABEL_REACH)..start]
        .iter()
        .filter(|c| !c.is_whitespace() || **c == ' ')
        .flat_map(|c| c.to_lowercase())
        .collect();
    let tight: String = before.chars().filter(|c| *c != ' ').collect();
    LABELS
        .iter()
        .any(|label| before.contains(label) || tight.contains(label))
}

fn mask_value(value: &str, first: usize, last: usize) -> String {
    let mut letters: Vec<char> = value.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_alphanumeric()).collect();
    hide(&mut letters, &places, first, last);
    letters.into_iter().collect()
}

/// Hides all but the first and last few; never shows more than half of a number.
fn hide(letters: &mut [char], places: &[usize], first: usize, last: usize) {
    let (first, last) = if (first + last) * 2 > places.len() + 4 {
        (0, places.len().min(4) / 2)
    } else {
        (first, last)
    };
    let end = places.len().saturating_sub(last);
    for at in places.get(first..end).unwrap_or_default() {
        letters[*at] = MASK;
    }
}

/// ASCII of a digit, letter or dash in full width; `None` for what has no such form.
fn ascii(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        '\u{3000}' => Some(' '),
        _ => c.is_ascii().then_some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(mask_personal_numbers(text), expected);
    }

    #[test]
    fn id_numbers() {
        check("身份证号：11010519491231002X，住", "身份证号：1101**********002X，住");
        check("公民身份号码440524188001010014", "公民身份号码4405**********0014");
        check("１１０１０５１９４９１２３１００２Ｘ", "１１０１**********００２Ｘ");
        check("110105 19491231 002X", "1101** ******** 002X");
        // One digit was misread, so the check fails; it is hidden all the same.
        check("110105194912310029", "1101**********0029");
        check("11010519491231002B", "*************1002B");
        check("旧证110105491231002", "旧证1101*******1002");
    }

    #[test]
    fn phones() {
        check("手机13800138000。", "手机138****8000。");
        check("138 0013 8000", "138 **** 8000");
        check("+86 13800138000", "+86 138****8000");
        check("电话：0571-88886666", "电话：****-******66");
        check("（010）8888 6666", "（***）**** **66");
        check("联系电话 88886666", "联系电话 ******66");
    }

    #[test]
    fn bank_accounts() {
        check("4111 1111 1111 1111", "**** **** **** 1111");
        check(
            "开户行：工商银行 账号：120200990992",
            "开户行：工商银行 账号：********0992",
        );
        check("33001616781050000001", "****************0001");
    }

    #[test]
    fn what_is_not_personal_stays() {
        let stays = |text: &str| check(text, text);
        stays("统一社会信用代码 91110000802100433B");
        stays("914403001922038216");
        stays("91350211M000100Y43");
        stays("户号 3301000012345");
        stays("合同编号 HT-2024-000123");
        stays("金额 1,234,567.89 元");
        stays("2019-01-01 至 2021-12-31");
        stays("2019 2020 2021 2022");
        stays("库位 K1-03-B-05-4-12");
        stays("");
        stays("没有号码");
    }

    #[test]
    fn single_values() {
        assert_eq!(mask_id_number("11010519491231002X"), "1101**********002X");
        assert_eq!(mask_phone("13800138000"), "138****8000");
        assert_eq!(mask_phone("0571-88886666"), "****-******66");
        assert_eq!(mask_bank_account("6222 0212 3456"), "**** **** 3456");
        assert_eq!(mask_id_number("12"), "*2");
        assert_eq!(mask_bank_account(""), "");
    }

    fn id_number() -> impl Strategy<Value = String> {
        (0..9u32, 0..10_000u32, 1930..2010u32, 1..=12u32, 1..=28u32, 0..1000u32).prop_filter_map(
            "the check digit of a made-up number is found by trying",
            |(province, county, year, month, day, order)| {
                let front = format!(
                    "{}{county:04}{year}{month:02}{day:02}{order:03}",
                    [11, 33, 44, 51, 65, 37, 31, 21, 91][province as usize]
                );
                "0123456789X"
                    .chars()
                    .map(|check| format!("{front}{check}"))
                    .find(|id| check_digits::is_id_number(id))
            },
        )
    }

    proptest! {
        /// Whatever stands around it, the middle of an ID number or mobile is gone and the length is kept.
        #[test]
        fn the_middle_never_leaks(
            before in "[\\p{Han}a-z，。：:（(\n]{0,12}",
            id in id_number(),
            between in "[\\p{Han}，。；\n]{1,6}",
            mobile in "1[3-9][0-9]{9}",
            after in "[\\p{Han}，。;）)\n]{0,12}",
        ) {
            let text = format!("{before}{id}{between}{mobile}{after}");
            let masked = mask_personal_numbers(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            prop_assert!(!masked.contains(&id[4..14]), "{}", masked);
            prop_assert!(!masked.contains(&id[6..12]), "{}", masked);
            // What stays of the mobile may by chance read like its middle, so the whole of it is compared.
            let behind: String = masked.chars().skip(before.chars().count() + id.len()).collect();
            let expected = format!("{}****{}", &mobile[..3], &mobile[7..]);
            prop_assert!(behind.contains(&expected), "{}", masked);
            prop_assert_eq!(masked.matches('*').count(), 14);
        }

        /// Nothing but digits and a final X is ever changed, and any text is taken without a panic.
        #[test]
        fn only_digits_are_hidden(text in "\\PC{0,60}") {
            let masked = mask_personal_numbers(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            for (was, is) in text.chars().zip(masked.chars()) {
                prop_assert!(was == is || (is == '*' && ascii(was).is_some_and(|c| c.is_ascii_digit() || c == 'X' || c == 'x')));
            }
        }

        /// No run of digits as long as a card ever stands in clear.
        #[test]
        fn long_numbers_are_hidden(number in "[1-9][0-9]{18,29}") {
            let masked = mask_personal_numbers(&number);
            prop_assert_eq!(masked.matches('*').count(), number.len() - 4);
        }
    }
}
