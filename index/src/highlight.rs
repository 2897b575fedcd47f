//! Positions of a query in a stored text: exact character ranges and snippets.
//!
//! Works on the same folded text whose indices are the positions in the index, so that what was
//! found and what is marked always agree. Ranges count characters of the stored text (lines
//! joined by `\n`); `records::TextLayer::areas_of` turns them into areas on the image.

use std::ops::Range;

use crate::fold::{FoldedChars, folded_chars};
use crate::ids::{level, piece_of_identifier};

/// A run to look for, folded once for many pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    runs: Vec<Vec<char>>,
    errors_max: usize,
}

/// A piece of a page around its hits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    /// Marked ranges in characters of `text`.
    pub marks: Vec<Range<usize>>,
    /// Whether text was cut off before and after.
    pub cut_before: bool,
    pub cut_after: bool,
}

/// How a snippet is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnippetLimits {
    pub characters_max: usize,
    /// Characters before the first hit.
    pub lead: usize,
    /// Ranges reported for one page.
    pub ranges_max: usize,
}

impl Default for SnippetLimits {
    fn default() -> Self {
        SnippetLimits {
            characters_max: 90,
            lead: 20,
            ranges_max: 200,
        }
    }
}

impl Marker {
    /// Marks each of `words` exactly; what looks like a piece of an identifier also where a
    /// machine confused its characters.
    pub fn exact<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Marker::new(words, 0)
    }

    /// Also marks where one character differs.
    pub fn with_one_error<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Marker::new(words, 1)
    }

    fn new<'a>(words: impl IntoIterator<Item = &'a str>, errors_max: usize) -> Self {
        let runs = words.into_iter().map(folded_chars);
        Marker {
            runs: runs.filter(|run| !run.is_empty()).collect(),
            errors_max,
        }
    }

    /// Ranges of characters of `text`, in order, joined where they overlap.
    pub fn ranges(&self, text: &str, ranges_max: usize) -> Vec<Range<usize>> {
        let folded = FoldedChars::of(text);
        let mut levelled: Option<Vec<char>> = None;
        let mut ranges = Vec::new();
        for run in &self.runs {
            let before = ranges.len();
            find(&folded.chars, run, self.errors_max, ranges_max, |start| {
                ranges.push(source_range(&folded, start, run.len()));
            });
            if ranges.len() > before {
                continue;
            }
            if let Some(piece) = piece_of_identifier(run) {
                let levelled = levelled.get_or_insert_with(|| folded.chars.iter().copied().map(level).collect());
                find(levelled, &piece, 0, ranges_max, |start| {
                    ranges.push(source_range(&folded, start, piece.len()));
                });
            }
        }
        joined(ranges, ranges_max)
    }
}

/// Hides personal numbers without changing the number of characters.
pub type Mask = fn(&str) -> String;

/// What is masked reaches so far beyond the snippet: no personal number is as long, so one that is
/// cut by the snippet's end is still seen whole.
const MASK_MARGIN: usize = 80;

/// Cuts a snippet around the first of the ranges out of `text`; what the mask hides is hidden
/// before it is cut.
pub fn snippet(text: &str, ranges: &[Range<usize>], limits: &SnippetLimits, mask: Option<Mask>) -> Snippet {
    let length_of_text = text.chars().count();
    let first = ranges.first().map_or(0, |range| range.start);
    let mut start = first.saturating_sub(limits.lead);
    // At the end of a page the snippet reaches back instead of being short.
    start = start.min(length_of_text.saturating_sub(limits.characters_max));
    let end = length_of_text.min(start + limits.characters_max);
    // Only what is shown is taken apart, with what the mask must see around it.
    let from = start.saturating_sub(MASK_MARGIN);
    let mut around = text.chars().skip(from).take(end + MASK_MARGIN - from);
    let chars: Vec<char> = match mask {
        Some(mask) => mask(&around.by_ref().collect::<String>()).chars().collect(),
        None => around.collect(),
    };
    let mut snippet = Snippet {
        cut_before: start > 0,
        cut_after: end < length_of_text,
        ..Snippet::default()
    };
    let mut length = 0;
    let mut open: Option<usize> = None;
    let mut next = 0;
    for (at, char) in (from..).zip(chars.iter().copied()).take(end - from).skip(start - from) {
        while ranges.get(next).is_some_and(|range| range.end <= at) {
            next += 1;
        }
        let marked = ranges.get(next).is_some_and(|range| range.contains(&at));
        match (open, marked) {
            (None, true) => open = Some(length),
            (Some(from), false) => {
                snippet.marks.push(from..length);
                open = None;
            }
            _ => {}
        }
        match char {
            '\n' if is_word(snippet.text.chars().last()) && is_word(chars.get(at + 1 - from).copied()) => {
                snippet.text.push(' ');
            }
            // A line break between Han characters is nothing in running text.
            '\n' => continue,
            char if char.is_control() => snippet.text.push(' '),
            char => snippet.text.push(char),
        }
        length += 1;
    }
    if let Some(from) = open {
        snippet.marks.push(from..length);
    }
    snippet.marks.retain(|mark| !mark.is_empty());
    snippet
}

fn is_word(char: Option<char>) -> bool {
    char.is_some_and(|char| char.is_ascii_alphanumeric())
}

/// Calls `found` for every place of `run` in `chars` with at most `errors_max` other characters.
fn find(chars: &[char], run: &[char], errors_max: usize, found_max: usize, mut found: impl FnMut(usize)) {
    let mut count = 0;
    if run.is_empty() || run.len() > chars.len() {
        return;
    }
    for (start, window) in chars.windows(run.len()).enumerate() {
        let mut errors = 0;
        let fits = window.iter().zip(run).all(|(left, right)| {
            errors += usize::from(left != right);
            errors <= errors_max
        });
        if fits {
            found(start);
            count += 1;
            if count == found_max {
                return;
            }
        }
    }
}

fn source_range(folded: &FoldedChars, start: usize, length: usize) -> Range<usize> {
    let first = folded.source[start] as usize;
    let last = folded.source[start + length - 1] as usize;
    first..last + 1
}

fn joined(mut ranges: Vec<Range<usize>>, ranges_max: usize) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined.truncate(ranges_max);
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(text: &str, words: &[&str]) -> String {
        let ranges = Marker::exact(words.iter().copied()).ranges(text, 100);
        let snippet = snippet(text, &ranges, &SnippetLimits::default(), None);
        let mut out = String::new();
        for (at, char) in snippet.text.chars().enumerate() {
            if snippet.marks.iter().any(|mark| mark.start == at) {
                out.push('[');
            }
            out.push(char);
            if snippet.marks.iter().any(|mark| mark.end == at + 1) {
                out.push(']');
            }
        }
        out
    }

    #[test]
    fn hits_are_marked_in_the_text_as_it_stands() {
        assert_eq!(marked("甲方：有限\n公司", &["有限公司"]), "甲方：[有限公司]");
        assert_eq!(marked("房屋 租賃 合同", &["租赁合同"]), "房屋 [租賃 合同]");
        assert_eq!(marked("ＡＢＣ１２３号", &["bc12"]), "Ａ[ＢＣ１２]３号");
        assert_eq!(marked("面积100㎡整", &["100m2"]), "面积[100㎡]整");
        assert_eq!(marked("证号44O3051990O1", &["440305199001"]), "证号[44O3051990O1]");
        assert_eq!(marked("one\ntwo", &["two"]), "one [two]");
        assert_eq!(marked("没有", &["别的"]), "没有");
        assert_eq!(marked("哈哈哈", &["哈哈"]), "[哈哈哈]");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_hit() {
        let text = format!("{}租赁{}", "甲".repeat(300), "乙".repeat(300));
        let ranges = Marker::exact(["租赁"]).ranges(&text, 100);
        assert_eq!((ranges[0].start, ranges[0].end), (300, 302));
        let cut = snippet(&text, &ranges, &SnippetLimits::default(), None);
        assert_eq!(cut.text.chars().count(), 90);
        assert_eq!((cut.marks[0].start, cut.marks[0].end), (20, 22));
        assert!(cut.cut_before && cut.cut_after);
    }

    #[test]
    fn one_wrong_character_is_marked_too() {
        let marker = Marker::with_one_error(["有限公司"]);
        assert!(marker.ranges("某有限公同。", 10).contains(&(1..5)));
        assert!(marker.ranges("某有眼公同。", 10).is_empty());
    }

    proptest! {
        #[test]
        fn any_run_is_marked_where_it_stands(text in "[甲乙丙a-cＡ０-３ \n，]{0,60}", from in 0usize..60, length in 1usize..8) {
            let chars: Vec<char> = text.chars().collect();
            let from = from % chars.len().max(1);
            let run: String = chars.iter().skip(from).take(length).collect();
            if crate::fold::folded_chars(&run).is_empty() {
                return Ok(());
            }
            let ranges = Marker::exact([run.as_str()]).ranges(&text, 1_000);
            prop_assert!(ranges.iter().any(|range| range.start < from + length && range.end > from));
            let cut = snippet(&text, &ranges, &SnippetLimits::default(), None);
            prop_assert!(cut.marks.iter().all(|mark| mark.end <= cut.text.chars().count()));
            prop_assert!(!cut.marks.is_empty());
        }
    }
}
