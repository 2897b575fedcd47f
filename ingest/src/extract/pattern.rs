//! Patterns for an archive's own numbers: literals, classes and counts, matched in linear time.
//!
//! Much less than regular expressions, on purpose: what can be written here cannot be slow.
//! `HT-[A-Z]{2}-[0-9]{6}`, `户号[:]?` is not possible, `[0-9]{8,12}` is.

/// A pattern for numbers, under the name the archive gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    name: String,
    pieces: Vec<Piece>,
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "pattern_invalid: `{pattern}` at character {at}: {what}; write letters, digits, hyphens, \
     classes like [0-9A-Z] and counts like {{6}} or {{6,8}}"
)]
pub struct PatternError {
    pub pattern: String,
    /// Counted from 1.
    pub at: usize,
    pub what: &'static str,
}

/// Characters and how many of them.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    ranges: Vec<(char, char)>,
    least: usize,
    most: usize,
}

/// Characters one number may have.
const LENGTH_MAX: usize = 64;

impl Pattern {
    /// Understands a pattern. Letters match in either case.
    ///
    /// # Errors
    /// Where and why it is not one.
    pub fn new(name: &str, pattern: &str) -> Result<Pattern, PatternError> {
        let chars: Vec<char> = pattern.chars().collect();
        let wrong = |at: usize, what| {
            Err(PatternError { pattern: pattern.to_owned(), at: at + 1, what })
        };
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let ranges = match chars[at] {
                '[' => {
                    let Some(end) = chars[at..].iter().position(|c| *c == ']') else {
                        return wrong(at, "the class has no end");
                    };
                    let inside = &chars[at + 1..at + end];
                    at += end + 1;
                    match class(inside) {
                        Some(ranges) => ranges,
                        None => return wrong(at, "the class is empty or runs backwards"),
                    }
                }
                '{' | '}' | ']' => return wrong(at, "a bracket without its partner"),
                literal => {
                    at += 1;
                    let literal = literal.to_ascii_uppercase();
                    vec![(literal, literal)]
                }
            };
            let (mut least, mut most) = (1, 1);
            if chars.get(at) == Some(&'{') {
                let Some(end) = chars[at..].iter().position(|c| *c == '}') else {
                    return wrong(at, "the count has no end");
                };
                let inside: String = chars[at + 1..at + end].iter().collect();
                match count(&inside) {
                    Some(counts) => (least, most) = counts,
                    None => return wrong(at, "the count is not a number or two"),
                }
                at += end + 1;
            }
            pieces.push(Piece { ranges, least, most });
        }
        let longest: usize = pieces.iter().map(|p| p.most).sum();
        if pieces.iter().map(|p| p.least).sum::<usize>() < 3 {
            return wrong(0, "it may match fewer than three characters");
        }
        if longest > LENGTH_MAX {
            return wrong(0, "it may match more than 64 characters");
        }
        Ok(Pattern { name: name.to_owned(), pieces })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// All places where it matches: first character, and one after the last. A match never begins
    /// or ends in the middle of a longer run of letters and digits.
    pub(super) fn matches(&self, chars: &[char]) -> Vec<(usize, usize)> {
        let joined = |i: usize| chars.get(i).is_some_and(char::is_ascii_alphanumeric);
        let mut found = Vec::new();
        let mut from = 0;
        while from < chars.len() {
            let inside = from > 0 && joined(from - 1) && joined(from);
            let end = if inside { None } else { self.match_at(chars, from) };
            match end.filter(|&end| !(joined(end - 1) && joined(end))) {
                Some(end) => {
                    found.push((from, end));
                    from = end;
                }
                None => from += 1,
            }
        }
        found
    }

    /// The longest match from here. Positions reachable after each piece are kept as a set, so
    /// the work is bounded by pieces x length.
    fn match_at(&self, chars: &[char], from: usize) -> Option<usize> {
        let window = &chars[from..(from + LENGTH_MAX).min(chars.len())];
        let mut reached = vec![false; window.len() + 1];
        reached[0] = true;
        for piece in &self.pieces {
            let mut next = vec![false; window.len() + 1];
            for start in (0..=window.len()).filter(|&i| reached[i]) {
                for used in 0..=piece.most {
                    if used >= piece.least && start + used <= window.len() {
                        next[start + used] = true;
                    }
                    match window.get(start + used) {
                        Some(c) if piece.holds(*c) => {}
                        _ => break,
                    }
                }
            }
            reached = next;
        }
        reached.iter().rposition(|&r| r).filter(|&n| n > 0).map(|n| from + n)
    }
}

impl Piece {
    fn holds(&self, c: char) -> bool {
        let c = c.to_ascii_uppercase();
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c))
    }
}

fn class(inside: &[char]) -> Option<Vec<(char, char)>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < inside.len() {
        let from = inside[at].to_ascii_uppercase();
        let to = match inside.get(at + 1..at + 3) {
            Some(['-', to]) => {
                at += 3;
                to.to_ascii_uppercase()
            }
            _ => {
                at += 1;
                from
            }
        };
        if to < from {
            return None;
        }
        ranges.push((from, to));
    }
    (!ranges.is_empty()).then_some(ranges)
}

fn count(inside: &str) -> Option<(usize, usize)> {
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let (least, most) = (least.trim().parse().ok()?, most.trim().parse().ok()?);
    (least <= most && most <= LENGTH_MAX).then_some((least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: &[&str]) {
        let pattern = Pattern::new("n", pattern).expect("a good pattern");
        let chars: Vec<char> = text.chars().collect();
        let found: Vec<String> =
            pattern.matches(&chars).into_iter().map(|(a, b)| chars[a..b].iter().collect()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn matches_are_whole_numbers() {
        check("[0-9]{10}", "户号0123456789，表号123", &["0123456789"]);
        check("[0-9]{10}", "01234567890", &[]);
        check("[0-9]{8,10}", "1234567 12345678 1234567890", &["12345678", "1234567890"]);
        check("sq[0-9]{4}", "SQ2024 sq2025x", &["SQ2024"]);
        check("合同[0-9]{3}", "见合同123号", &["合同123"]);
    }

    #[test]
    fn bad_patterns_say_where() {
        let error = |p: &str| Pattern::new("n", p).err().map(|e| (e.at, e.what));
        assert!(error("[0-9").is_some_and(|(at, _)| at == 1));
        assert!(error("AB[9-0]{3}").is_some());
        assert!(error("A{99}").is_some());
        assert!(error("A").is_some());
    }
}
