//! Grams: the overlapping pieces under which a text is indexed, and the few pieces that pin a
//! query exactly. That is why any run on a page finds the page.
//!
//! Positions are indices into the folded text (`fold.rs`). A gram `t` is emitted at position `i`
//! only where the folded text really reads `t` from `i` on; therefore a set of grams at fixed
//! distances that covers every character of the query is an exact substring match, with no
//! false hit. Which grams exist at a position depends only on the script of the characters
//! around it, and every rule below is local, so a query can know which of them must exist
//! without seeing the page:
//!
//! - a wide character (Han, kana and everything not narrow) starts a gram of two;
//! - a narrow run (Latin letters, digits) is covered by grams of three, and ends in a gram of two;
//! - a narrow run that follows a wide character also starts with a gram of two, and its last
//!   character forms a gram of two with the wide one that follows: so a change of script never
//!   needs a look-up by prefix inside a phrase;
//! - the last character of a text is alone, so that every position starts some gram.
//!
//! Only a query of one character, or of two narrow ones, cannot be covered; it is answered by
//! all grams that begin with it.
//!
//! This file refuses to know fields, records and tantivy queries; it only feeds the tokenizer
//! interface. See `ids.rs` for the folded identifiers.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::fold::{folded_chars, is_narrow};

/// Separates values of a field that holds several: a gap that no query can bridge.
pub const VALUE_BREAK: char = '\u{1F}';
/// Positions between two values. One is enough: no gram covers it, and the grams of a
/// query cover every character between its first and its last.
pub const VALUE_GAP: u32 = 1;

/// What to look up for a run of folded characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GramCover {
    /// Nothing is left of the run after folding.
    Nothing,
    /// All grams that begin with this.
    Prefix(String),
    /// These grams at these offsets from the start of the run, at least one.
    Grams(Vec<(u32, String)>),
}

/// The fewest grams that pin `run` (already folded).
pub fn cover(run: &[char]) -> GramCover {
    match run {
        [] => GramCover::Nothing,
        [_] => GramCover::Prefix(run.iter().collect()),
        [first, second] if is_narrow(*first) && is_narrow(*second) => GramCover::Prefix(run.iter().collect()),
        _ => GramCover::Grams(stride(run, &|_| true)),
    }
}

/// Folds `text` and covers it.
pub fn cover_text(text: &str) -> GramCover {
    cover(&folded_chars(text))
}

/// The grams of `run` that do not touch the character number `without`, for the search with one
/// misread character. Characters beside it that only a touching gram could pin stay free; the
/// caller checks the candidates against the text.
pub fn cover_without(run: &[char], without: usize) -> Vec<(u32, String)> {
    stride(run, &|(start, length)| without < start || without >= start + length)
}

/// The grams that surely occur where `run` occurs and that its cover leaves out: no proof, but a
/// page without one of them cannot hold the run.
pub fn grams_beside_cover(run: &[char]) -> Vec<String> {
    let GramCover::Grams(chosen) = cover(run) else {
        return Vec::new();
    };
    let all = (0..run.len()).filter_map(|start| {
        let length = lengths_at(run, start)
            .into_iter()
            .flatten()
            .filter(|length| start + length <= run.len())
            .max()?;
        let gram: String = run[start..start + length].iter().collect();
        chosen.iter().all(|(_, known)| *known != gram).then_some(gram)
    });
    all.collect()
}

/// Every gram of a folded text with its position, in order of position.
pub fn grams(chars: &[char], mut emit: impl FnMut(u32, &[char])) {
    let total = chars.len();
    let mut narrow_end = 0;
    for start in 0..total {
        let at = position(start);
        if !is_narrow(chars[start]) {
            emit(at, &chars[start..total.min(start + 2)]);
            continue;
        }
        if narrow_end <= start {
            narrow_end = start + 1;
            while narrow_end < total && is_narrow(chars[narrow_end]) {
                narrow_end += 1;
            }
        }
        match narrow_end - start {
            1 => emit(at, &chars[start..total.min(start + 2)]),
            2 => emit(at, &chars[start..start + 2]),
            _ => {
                if start > 0 && !is_narrow(chars[start - 1]) {
                    emit(at, &chars[start..start + 2]);
                }
                emit(at, &chars[start..start + 3]);
            }
        }
    }
}

/// Greedy interval cover: from the leftmost free character, the usable gram that reaches
/// furthest. Optimal in number, and it leaves out what `usable` refuses.
fn stride(run: &[char], usable: &dyn Fn((usize, usize)) -> bool) -> Vec<(u32, String)> {
    let mut chosen = Vec::with_capacity(run.len() / 2 + 1);
    let mut free = 0;
    while free < run.len() {
        let best = (free.saturating_sub(2)..=free)
            .filter_map(|start| {
                let length = lengths_at(run, start)
                    .into_iter()
                    .flatten()
                    .filter(|length| start + length > free && usable((start, *length)))
                    .max()?;
                Some((start + length, start))
            })
            .max();
        let Some((end, start)) = best else {
            free += 1;
            continue;
        };
        chosen.push((position(start), run[start..end].iter().collect()));
        free = end;
    }
    chosen
}

/// The lengths of the grams that certainly exist where a page reads `run`, from `start` on.
fn lengths_at(run: &[char], start: usize) -> [Option<usize>; 2] {
    let narrow = |at: usize| run.get(at).copied().map(is_narrow);
    let two = match (narrow(start), narrow(start + 1)) {
        (Some(true), Some(true)) => {
            let begins = start > 0 && narrow(start - 1) == Some(false);
            let ends = narrow(start + 2) == Some(false);
            begins || ends
        }
        (Some(_), Some(_)) => true,
        _ => false,
    };
    let three = (start..start + 3).all(|at| narrow(at) == Some(true));
    [two.then_some(2), three.then_some(3)]
}

fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The tokenizer of the fields that are searched by substring. Values of one field are separated
/// by [`VALUE_BREAK`]. Token offsets are not filled in: highlighting works on the stored text.
#[derive(Debug, Clone, Default)]
pub struct GramTokenizer;

/// The grams of one text.
#[derive(Debug, Default)]
pub struct GramStream {
    /// The folded text; written once, because a gram is then one copy of a few bytes.
    folded: String,
    /// (first byte in `folded`, bytes, position)
    pieces: Vec<(u32, u8, u32)>,
    next: usize,
    token: Token,
}

impl Tokenizer for GramTokenizer {
    type TokenStream<'a> = GramStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> GramStream {
        let mut stream = GramStream {
            folded: String::with_capacity(text.len()),
            pieces: Vec::with_capacity(text.len() / 2),
            ..GramStream::default()
        };
        let mut base = 0;
        for value in text.split(VALUE_BREAK) {
            let chars = folded_chars(value);
            // Where the gram that comes next begins; every position starts one.
            let mut first = stream.folded.len();
            let mut last = 0;
            stream.folded.extend(&chars);
            let pieces = &mut stream.pieces;
            grams(&chars, |at, gram| {
                if at > last {
                    first += chars[last as usize].len_utf8();
                    last = at;
                }
                let bytes: usize = gram.iter().map(|char| char.len_utf8()).sum();
                pieces.push((position(first), bytes as u8, base + at));
            });
            base += position(chars.len()) + VALUE_GAP;
        }
        stream
    }
}

impl TokenStream for GramStream {
    fn advance(&mut self) -> bool {
        let Some(&(start, bytes, at)) = self.pieces.get(self.next) else {
            return false;
        };
        self.next += 1;
        let start = start as usize;
        self.token.text.clear();
        self.token.text.push_str(&self.folded[start..start + bytes as usize]);
        self.token.position = at as usize;
        self.token.position_length = 1;
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
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn emitted(text: &str) -> Vec<(u32, String)> {
        let chars = folded_chars(text);
        let mut all = Vec::new();
        grams(&chars, |at, gram| all.push((at, gram.iter().collect())));
        all
    }

    /// Answers a query from the emitted grams alone, as the index does.
    fn found_by_grams(page: &HashSet<(u32, String)>, length: usize, query: &str) -> bool {
        match cover_text(query) {
            GramCover::Nothing => false,
            GramCover::Prefix(prefix) => page.iter().any(|(_, gram)| gram.starts_with(&prefix)),
            GramCover::Grams(grams) => (0..length as u32).any(|at| {
                grams
                    .iter()
                    .all(|(offset, gram)| page.contains(&(at + offset, gram.clone())))
            }),
        }
    }

    #[test]
    fn a_change_of_script_has_edge_grams() {
        let all = emitted("合同ABC3号");
        let expected = [
            (0, "合同"),
            (1, "同a"),
            (2, "ab"),
            (2, "abc"),
            (3, "bc3"),
            (4, "c3"),
            (5, "3号"),
            (6, "号"),
        ];
        let expected: Vec<(u32, String)> = expected.into_iter().map(|(at, gram)| (at, gram.to_owned())).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn the_cover_is_short() {
        let count = |query| match cover_text(query) {
            GramCover::Grams(grams) => grams.len(),
            _ => 0,
        };
        assert_eq!(count("有限责任公司"), 3);
        assert_eq!(count("杭州鑫恒科技公"), 4);
        assert_eq!(count("440305199001011234"), 6);
        assert_eq!(count("同A"), 1);
        assert_eq!(count("12号"), 2);
        assert_eq!(cover_text("A1"), GramCover::Prefix("a1".into()));
        assert_eq!(cover_text("，。"), GramCover::Nothing);
    }

    #[test]
    fn values_do_not_run_into_each_other() {
        let mut tokenizer = GramTokenizer;
        let mut stream = tokenizer.token_stream("甲乙\u{1F}丙");
        let mut seen = Vec::new();
        while stream.advance() {
            seen.push((stream.token().position, stream.token().text.clone()));
        }
        assert_eq!(
            seen,
            [
                (0, "甲乙".to_owned()),
                (1, "乙".to_owned()),
                (2 + VALUE_GAP as usize, "丙".to_owned())
            ]
        );
    }

    fn mixed_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            8 => "[甲乙丙丁合同公司雲云]{1,6}",
            4 => "[a-cA-C0-3]{1,6}",
            2 => "[Ａ-Ｃ０-３éüñ]{1,3}",
            1 => "[ \n，。：()\\-]{1,2}",
            1 => "[\u{20000}-\u{20003}カナ한]{1,3}",
            1 => "\\PC{0,3}",
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_run_of_a_text_finds_it(text in mixed_text(), from in 0usize..80, length in 1usize..=12) {
            let chars: Vec<char> = text.chars().collect();
            if chars.is_empty() {
                return Ok(());
            }
            let from = from % chars.len();
            let run: String = chars[from..chars.len().min(from + length)].iter().collect();
            if folded_chars(&run).is_empty() {
                return Ok(());
            }
            let page: HashSet<_> = emitted(&text).into_iter().collect();
            prop_assert!(found_by_grams(&page, chars.len() * 4, &run), "{run:?} in {text:?}");
        }

        #[test]
        fn what_is_found_really_stands_there(text in mixed_text(), query in mixed_text(), keep in 1usize..=12) {
            let query: String = query.chars().take(keep).collect();
            let page: HashSet<_> = emitted(&text).into_iter().collect();
            let folded: String = folded_chars(&text).into_iter().collect();
            let wanted: String = folded_chars(&query).into_iter().collect();
            let stands = !wanted.is_empty() && folded.contains(&wanted);
            prop_assert_eq!(found_by_grams(&page, folded.chars().count(), &query), stands);
        }

        #[test]
        fn the_grams_beside_a_cover_stand_wherever_the_run_stands(text in mixed_text(), from in 0usize..80, length in 1usize..=12) {
            let chars = folded_chars(&text);
            let run: Vec<char> = chars.iter().skip(from % chars.len().max(1)).take(length).copied().collect();
            let page: HashSet<String> = emitted(&text).into_iter().map(|(_, gram)| gram).collect();
            for gram in grams_beside_cover(&run) {
                prop_assert!(page.contains(&gram), "{gram} of {run:?}");
            }
        }

        #[test]
        fn every_position_starts_a_gram(text in mixed_text()) {
            let starts: HashSet<u32> = emitted(&text).into_iter().map(|(at, _)| at).collect();
            prop_assert_eq!(starts.len(), folded_chars(&text).len());
        }

        #[test]
        fn one_wrong_character_leaves_the_other_grams(text in "[甲乙丙丁a-c0-3]{4,12}", at in 0usize..12) {
            let run = folded_chars(&text);
            let at = at % run.len();
            for (offset, gram) in cover_without(&run, at) {
                let length = gram.chars().count();
                prop_assert!(at < offset as usize || at >= offset as usize + length);
            }
        }
    }
}
