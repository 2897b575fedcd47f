//! Identifiers as a machine misreads them: the field that finds `4403051990O1O11234` when the
//! digits are typed, and the other way round. Only runs that look like numbers of a person, a
//! contract, an account or a telephone are kept, and only here are look-alikes levelled: in
//! Chinese text the same levelling gains nothing.
//!
//! This file refuses to judge whether a number is valid; check digits are `ingest`'s.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::fold::{fold_char, is_narrow};
use crate::grams::VALUE_GAP;

/// Marks the gram that is the whole identifier.
pub const WHOLE: char = '\u{2}';
/// Shorter runs are ordinary words and page numbers.
pub const LENGTH_MIN: usize = 4;
/// Longer runs are not numbers that anyone types.
pub const LENGTH_MAX: usize = 40;
/// A run with fewer real digits is a word.
pub const DIGITS_MIN: usize = 3;

/// Levels the characters that scanners and typists confuse: 0/O, 1/l/I, 5/S, 8/B, 2/Z.
/// Expects a folded character.
pub fn level(char: char) -> char {
    match char {
        'o' => '0',
        'l' | 'i' => '1',
        's' => '5',
        'b' => '8',
        'z' => '2',
        other => other,
    }
}

/// The query side: the levelled characters of `run` when it may be a piece of an identifier.
pub fn piece_of_identifier(run: &[char]) -> Option<Vec<char>> {
    let digits = run.iter().filter(|char| char.is_ascii_digit()).count();
    let fits = run.len() >= LENGTH_MIN
        && run.len() <= LENGTH_MAX
        && digits >= DIGITS_MIN
        && run.iter().copied().all(is_narrow);
    fits.then(|| run.iter().copied().map(level).collect())
}

/// The levelled identifiers of a text in order of appearance.
pub fn identifiers(text: &str) -> Vec<Vec<char>> {
    let mut found = Vec::new();
    let mut run = Vec::new();
    let mut separator = None;
    for char in text.chars() {
        let mut narrow = true;
        let before = run.len();
        fold_char(char, |folded| {
            narrow &= is_narrow(folded);
            run.push(folded);
        });
        if run.len() == before {
            let joins = matches!(char, ' ' | '-' | '\u{2010}'..='\u{2015}' | '－' | '·' | '.' | '/');
            match separator {
                None if joins && !run.is_empty() => separator = Some(before),
                _ => {
                    take(&mut run, &mut found);
                    separator = None;
                }
            }
            continue;
        }
        if !narrow {
            run.truncate(before);
            take(&mut run, &mut found);
            separator = None;
            continue;
        }
        // A separator only joins groups of digits (`6222 0210`, `0571-8888`), never words.
        if let Some(at) = separator.take() {
            let joined = run[at - 1].is_ascii_digit() && run[at].is_ascii_digit();
            if !joined {
                let rest = run.split_off(at);
                take(&mut run, &mut found);
                run = rest;
            }
        }
    }
    take(&mut run, &mut found);
    found
}

fn take(run: &mut Vec<char>, found: &mut Vec<Vec<char>>) {
    if let Some(levelled) = piece_of_identifier(run) {
        found.push(levelled);
    }
    run.clear();
}

/// Grams of three of every identifier, and the whole of each marked with [`WHOLE`].
#[derive(Debug, Clone, Default)]
pub struct IdTokenizer;

/// The tokens of one text.
#[derive(Debug, Default)]
pub struct IdStream {
    tokens: Vec<(usize, String)>,
    next: usize,
    token: Token,
}

impl Tokenizer for IdTokenizer {
    type TokenStream<'a> = IdStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> IdStream {
        let mut stream = IdStream::default();
        let mut base = 0;
        for identifier in identifiers(text) {
            stream.tokens.push((base, whole(&identifier)));
            for (at, gram) in identifier.windows(3).enumerate() {
                stream.tokens.push((base + at, gram.iter().collect()));
            }
            base += identifier.len() + VALUE_GAP as usize;
        }
        stream
    }
}

/// The marked gram of a whole identifier (levelled characters).
pub fn whole(identifier: &[char]) -> String {
    std::iter::once(WHOLE).chain(identifier.iter().copied()).collect()
}

impl TokenStream for IdStream {
    fn advance(&mut self) -> bool {
        let Some((at, text)) = self.tokens.get_mut(self.next) else {
            return false;
        };
        self.next += 1;
        self.token.position = *at;
        self.token.text = std::mem::take(text);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = identifiers(text)
            .into_iter()
            .map(|chars| chars.into_iter().collect())
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_are_found_and_words_are_not() {
        check("身份证号：44O305199OO1O11234。", &["440305199001011234"]);
        check("统一社会信用代码 91330100MA2B0L5X8N", &["91330100ma28015x8n"]);
        check("电话 0571-8888 1234，第3页", &["057188881234"]);
        check("Bills of sale 2024", &["2024"]);
        check("合同号ZJHT-2023-0456", &["20230456"]);
        check("甲方 乙方", &[]);
        check("卡号6222 0210\n0100 1234", &["62220210", "01001234"]);
    }

    #[test]
    fn a_query_piece_is_levelled_the_same_way() {
        let folded = crate::fold::folded_chars("MA2BOL");
        assert_eq!(piece_of_identifier(&folded), None);
        let folded = crate::fold::folded_chars("0I01l234");
        assert_eq!(piece_of_identifier(&folded), Some("01011234".chars().collect()));
    }
}
