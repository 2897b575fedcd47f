//! Folds text into the form in which it is compared: compatibility forms (full width, circled,
//! ligatures), case, accents and traditional characters are levelled, and everything that is not
//! a letter, a digit or a Han character is dropped. Every folded character remembers the source
//! character it came from, so that a hit leads back to the stored text and to boxes on the image.
//!
//! This file refuses to know what a gram, a query or a page is.
//!
//! Follows Unicode Standard Annex #15 (NFKD, character by character) and the character table of
//! `fast2s` for traditional to simplified, used without context because both sides are folded
//! the same way.

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
        let table: &[u32] = &TABLE;
        for (number, char) in text.chars().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            fold_by(table, char, |folded_char| {
                folded.chars.push(folded_char);
                folded.source.push(number);
            });
        }
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
    let table: &[u32] = &TABLE;
    for char in text.chars() {
        fold_by(table, char, |folded| chars.push(folded));
    }
    chars
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
            SEVERAL => fold_slowly(char).into_iter().for_each(push),
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

/// One entry per character of the basic plane, because folding decides the speed of indexing.
static TABLE: LazyLock<Box<[u32]>> = LazyLock::new(|| {
    (0..PLANE)
        .map(|code| {
            let Some(char) = char::from_u32(code) else {
                return DROPPED;
            };
            match fold_slowly(char).as_slice() {
                [] => DROPPED,
                [single] => *single as u32,
                _ => SEVERAL,
            }
        })
        .collect()
});

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
    if char.len_utf8() != 3 {
        return char;
    }
    let mut buffer = [0; 4];
    let simple = fast2s::convert(char.encode_utf8(&mut buffer));
    simple.chars().next().unwrap_or(char)
}

/// What the context-bound conversion leaves alone when a character is by itself, and the
/// radical forms that PDF producers write instead of the character (they look identical).
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
    ('⺠', '民'),
    ('⻁', '虎'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻬', '齐'),
    ('⻮', '齿'),
    ('⻰', '龙'),
    ('⻳', '龟'),
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
            let whole = folded_string(&format!("{left}{right}"));
            prop_assert_eq!(whole, folded_string(&left) + &folded_string(&right));
        }
    }
}
