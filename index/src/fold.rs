//! Folds text into the form in which it is compared: compatibility forms (full width, circled,
//! ligatures), case, accents, traditional characters, radicals and variants are levelled, and everything
//! that is not a letter, a digit or a Han character is dropped. Every folded character remembers the
//! source character it came from, so that a hit leads back to the stored text and to boxes on the image.
//!
//! This file refuses to know what a gram, a query or a page is.
//!
//! Follows Unicode Standard Annex #15 (NFKD, character by character), the character table of `fast2s`
//! for traditional to simplified and that of `variants.txt` (made from Unihan), used without context
//! because both sides are folded the same way. Two signs mean something only between others: a circle
//! between Chinese numerals is their zero, a cross or star between digits is the x of measures.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Text in folded form.
///
/// `chars[i]` came from the source character number `source[i]` (counted in characters, not in
/// bytes). Several folded characters may come from one source character (`㎡` gives `m` and `2`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoldedChars {
    pub chars: Vec<char>,
    pub source: Vec<u32>,
}

impl FoldedChars {
    pub fn of(text: &str) -> Self {
        let mut folded = FoldedChars::default();
        folded.chars.reserve(text.len() / 2);
        folded.source.reserve(text.len() / 2);
        let mut number = 0;
        fold_text(text, |char| match char {
            Some(char) => {
                folded.chars.push(char);
                folded.source.push(number);
            }
            None => number += 1,
        });
        folded
    }

    pub fn len(&self) -> usize {
        self.chars.len()
    }

    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }
}

/// The folded characters of `text` without their way back.
pub fn folded_chars(text: &str) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len() / 2);
    fold_text(text, |char| chars.extend(char));
    chars
}

/// Calls `push` for each folded character, and with nothing at the end of each source character.
fn fold_text(text: &str, mut push: impl FnMut(Option<char>)) {
    let table: &[u32] = &TABLE;
    for (at, char) in text.char_indices() {
        if table.get(char as usize) == Some(&BETWEEN) {
            let after = at + char.len_utf8();
            if let Some(meant) = meant_between(&text[..at], char, &text[after..]) {
                push(Some(meant));
            }
        } else {
            fold_by(table, char, |folded| push(Some(folded)));
        }
        push(None);
    }
}

/// The folded form of `text` as a string, for keys and comparisons.
pub fn folded_string(text: &str) -> String {
    folded_chars(text).into_iter().collect()
}

/// Calls `push` for each folded character of `char`; never for a dropped one.
pub fn fold_char(char: char, push: impl FnMut(char)) {
    fold_by(&TABLE, char, push);
}

/// [`fold_char`] by the table, which a loop over a text looks up once.
fn fold_by(table: &[u32], char: char, mut push: impl FnMut(char)) {
    if let Some(entry) = table.get(char as usize) {
        match *entry {
            DROPPED => {}
            SEVERAL | BETWEEN => fold_slowly(char).into_iter().for_each(push),
            single => {
                if let Some(single) = char::from_u32(single) {
                    push(single);
                }
            }
        }
        return;
    }
    fold_slowly(char).into_iter().for_each(push);
}

/// Whether `char` belongs to a script written in words of Latin kind (Latin, Greek, Cyrillic,
/// Armenian) or is a digit. Such runs are indexed by three characters, all others by two.
pub fn is_narrow(char: char) -> bool {
    let code = char as u32;
    code < 0x0590 || (0x1E00..0x2000).contains(&code)
}

const PLANE: u32 = 0x1_0000;
const DROPPED: u32 = 0;
const SEVERAL: u32 = u32::MAX;
/// What it is depends on its neighbours.
const BETWEEN: u32 = u32::MAX - 1;

/// One entry per character of the basic plane, because folding decides the speed of indexing.
static TABLE: LazyLock<Box<[u32]>> = LazyLock::new(|| {
    (0..PLANE)
        .map(|code| {
            let Some(char) = char::from_u32(code) else {
                return DROPPED;
            };
            if may_mean_more(char) {
                return BETWEEN;
            }
            match fold_slowly(char).as_slice() {
                [] => DROPPED,
                [single] => *single as u32,
                _ => SEVERAL,
            }
        })
        .collect()
});

/// Signs that are dropped unless their neighbours say otherwise.
fn may_mean_more(char: char) -> bool {
    is_circle(char) || is_cross(char)
}

fn is_circle(char: char) -> bool {
    matches!(char, '\u{25CB}' | '\u{25EF}' | '\u{3007}' | '\u{2B58}')
}

fn is_cross(char: char) -> bool {
    matches!(char, '*' | '×' | '＊' | '✕' | '✖' | '⨯' | '∗' | '╳')
}

/// What such a sign stands for between these texts.
fn meant_between(before: &str, char: char, after: &str) -> Option<char> {
    let is_digit = |char: char| char.is_ascii_digit() || ('０'..='９').contains(&char);
    let is_numeral = |char: char| "一二三四五六七八九十百千廿卅零壹贰叁肆伍陆柒捌玖拾".contains(char);
    if is_cross(char) {
        let next_to = |char: Option<char>| char.is_some_and(is_digit);
        let first_after = after.trim_start_matches(' ').chars().next();
        let is_between = next_to(before.trim_end_matches(' ').chars().next_back()) && next_to(first_after);
        return is_between.then_some('x');
    }
    let next_to = |char: Option<char>| char.is_some_and(is_numeral);
    let counts = char == '\u{3007}'
        || next_to(before.trim_end_matches(is_circle).chars().next_back())
        || next_to(after.trim_start_matches(is_circle).chars().next());
    counts.then_some('零')
}

fn fold_slowly(char: char) -> Vec<char> {
    let mut now = vec![char];
    // Two rounds reach a fixed point for every assigned character; the bound only makes the
    // loop finite for characters that future Unicode versions may add.
    for _ in 0..4 {
        let next: Vec<char> = now.iter().copied().flat_map(fold_once).collect();
        if next == now {
            break;
        }
        now = next;
    }
    now.retain(|char| char.is_alphanumeric());
    now
}

fn fold_once(char: char) -> Vec<char> {
    if is_hangul_syllable(char) {
        return vec![char];
    }
    std::iter::once(char)
        .nfkd()
        .flat_map(char::to_lowercase)
        .map(|char| if char == 'ß' { 's' } else { char })
        .map(simplify)
        .collect()
}

fn is_hangul_syllable(char: char) -> bool {
    // Decomposing a syllable would make one character on paper three in the index.
    ('\u{AC00}'..='\u{D7A3}').contains(&char)
}

fn simplify(char: char) -> char {
    if let Some((_, simple)) = BESIDE_THE_TABLE.iter().find(|(from, _)| *from == char) {
        return *simple;
    }
    let mut buffer = [0; 4];
    let simple = match char.len_utf8() {
        3 => fast2s::convert(char.encode_utf8(&mut buffer))
            .chars()
            .next()
            .unwrap_or(char),
        _ => char,
    };
    match simple == char {
        true => VARIANTS.get(&char).copied().unwrap_or(char),
        false => simple,
    }
}

/// Variants of characters that are in no everyday use, and radicals, each with the character it is compared as: made by
/// `variants/make.py` from the Unicode Character Database.
static VARIANTS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pair = |line: &str| {
        let mut chars = line.chars();
        Some((chars.next()?, chars.next()?))
    };
    include_str!("variants.txt").lines().filter_map(pair).collect()
});

/// What the context-bound conversion leaves alone when a character is by itself.
const BESIDE_THE_TABLE: &[(char, char)] = &[
    ('乾', '干'),
    ('著', '着'),
    ('藉', '借'),
    ('瞭', '了'),
    ('於', '于'),
    ('夥', '伙'),
    ('麽', '么'),
    ('麼', '么'),
    ('覆', '复'),
    ('兒', '儿'),
    ('鍾', '钟'),
    ('锺', '钟'),
    ('畫', '画'),
    ('苧', '苎'),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(folded_string(text), expected, "{text}");
    }

    #[test]
    fn width_case_accents_and_traditional_forms_are_levelled() {
        check("ＡＢＣ１２３", "abc123");
        check("Müller & Söhne", "mullersohne");
        check("雲南省開發銀行", "云南省开发银行");
        check("乾隆 乾燥", "干隆干燥");
        check("甲方：\n（盖章）", "甲方盖章");
        check("㎡ ① ﬁ ㈱", "m21fi株");
        check("İstanbul ẞ", "istanbuls");
        check("⻓沙⻔", "长沙门");
        check("𠀀𪚥", "𠀀𪚥");
        check("｢ｶﾞ｣", "カ");
        check("한국", "한국");
        check("!?—。，", "");
    }

    #[test]
    fn variants_and_radicals_are_one_with_the_common_character() {
        for (variant, common) in [
            ("羣眾", "群众"),
            ("峯會", "峰会"),
            ("村邨 棋碁 窗窻", "村村 棋棋 窗窗"),
            ("靑淸敎眞卽旣戸郞効畧硏齢駆", "青清教真即既户郎效略研龄驱"),
            ("⻑江實業 ⻧水 己⺒年 ⻱山鄉", "长江实业 卤水 己巳年 龟山乡"),
            ("⾭⼭⽔", "青山水"),
        ] {
            assert_eq!(folded_string(variant), folded_string(common), "{variant}");
        }
        // Characters of everyday use stay apart.
        for (one, other) in [("哲", "喆"), ("后", "厚"), ("里", "裡山")] {
            assert_ne!(folded_string(one), folded_string(other));
        }
    }

    #[test]
    fn every_zero_between_chinese_numerals_is_one() {
        let zero = folded_string("二〇二四年五月");
        for text in ["二○二四年五月", "二零二四年五月", "二◯二四年五月"] {
            assert_eq!(folded_string(text), zero, "{text}");
        }
        check("一○○八", "一零零八");
        check("○是 ○否 张○○", "是否张");
        // What is looked for may begin or end with one.
        check("○二四", "零二四");
        let folded = FoldedChars::of("第一○八号");
        assert_eq!(folded.source, vec![0, 1, 2, 3, 4]);
    }

    #[test]
    fn measures_are_found_however_they_are_multiplied() {
        for text in ["50x3.5", "50×3.5", "50 X 3.5", "50*3.5", "50 ＊ 3.5", "５０✕３.５"] {
            check(text, "50x35");
        }
        check("GDHT*0178", "gdht0178");
        check("5 * 星", "5星");
    }

    #[test]
    fn every_folded_character_leads_back() {
        let folded = FoldedChars::of("㎡ 甲");
        assert_eq!(folded.chars, vec!['m', '2', '甲']);
        assert_eq!(folded.source, vec![0, 0, 2]);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = folded_string(&text);
            prop_assert_eq!(folded_string(&once), once);
        }

        #[test]
        fn folding_is_done_character_by_character(left in "\\PC{0,20}", right in "\\PC{0,20}") {
            // Two kinds of signs look at their neighbours.
            let plain = |text: &str| text.replace(may_mean_more, "");
            let (left, right) = (plain(&left), plain(&right));
            let whole = folded_string(&format!("{left}{right}"));
            prop_assert_eq!(whole, folded_string(&left) + &folded_string(&right));
        }
    }
}
