//! Text in half width, with the way back to the characters it came from.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Folded text. Line breaks stay what they are.
pub(super) struct FoldedText {
    pub text: String,
    /// For each byte of `text`, the character that it came from.
    at: Vec<u32>,
}

impl FoldedText {
    pub fn keeping_spaces(text: &str) -> FoldedText {
        FoldedText::of(text, |c| Some(if c.is_whitespace() && c != '\n' { ' ' } else { c }))
    }

    pub fn without_spaces(text: &str) -> FoldedText {
        FoldedText::of(text, |c| (c == '\n' || !c.is_whitespace()).then_some(c))
    }

    pub fn in_one_line(text: &str) -> FoldedText {
        FoldedText::of(text, |c| (!c.is_whitespace()).then_some(c))
    }

    fn of(text: &str, keep: impl Fn(char) -> Option<char>) -> FoldedText {
        let mut folded = FoldedText {
            text: String::with_capacity(text.len()),
            at: Vec::new(),
        };
        for (at, c) in text.chars().enumerate() {
            for c in std::iter::once(c).nfkc().filter_map(&keep) {
                let c = if records::fold::is_dash(c) && c != '_' { '-' } else { c };
                folded.text.push(c);
                folded.at.resize(folded.text.len(), at as u32);
            }
        }
        folded
    }

    /// The characters of the original text behind these bytes.
    pub fn chars(&self, bytes: Range<usize>) -> Range<usize> {
        let first = self.at.get(bytes.start).copied().unwrap_or_default() as usize;
        let last = bytes.end.checked_sub(1).and_then(|b| self.at.get(b)).copied();
        first..last.map_or(first, |last| last as usize + 1)
    }

    /// The lines with the byte at which each begins.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.text.split('\n').map(move |line| {
            let at = start;
            start += line.len() + 1;
            (at, line)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_way_back() {
        let text = "户　号：ＡＢ １２\n—";
        let kept = FoldedText::keeping_spaces(text);
        assert_eq!(kept.text, "户 号:AB 12\n-");
        let at = kept.text.find("12").expect("folded");
        assert_eq!(kept.chars(at..at + 2), 7..9);
        let squeezed = FoldedText::without_spaces(text);
        assert_eq!(squeezed.text, "户号:AB12\n-");
        let at = squeezed.text.find("AB12").expect("folded");
        assert_eq!(squeezed.chars(at..at + 4), 4..9);
    }
}
