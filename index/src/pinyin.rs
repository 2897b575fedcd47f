//! Pinyin of names: the short Latin input by which staff find a customer (`hzxh`, `zengwei`).
//!
//! Initials and full pinyin of every suffix of a name, with the readings of polyphones up to a
//! limit. Belongs to the dossier index only, never to page bodies.

use pinyin::ToPinyinMulti;

use crate::fold::folded_chars;

/// Marks a reading that begins at the start of the name.
pub const AT_START: char = '^';

/// Marks the first letters of a reading, a term of their own: an archive of a million names has
/// tens of thousands of readings that begin with the same two letters, too many to unite while
/// somebody types.
pub const FIRST_LETTERS: char = '\u{3}';
/// How many first letters are terms.
pub const FIRST_LETTERS_LENGTHS: std::ops::RangeInclusive<usize> = 2..=3;

/// How far the readings of one name may branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinyinLimits {
    /// Characters of a name that are read.
    pub characters_max: usize,
    /// Variants of initials of one suffix.
    pub initials_max: usize,
    /// Variants of the full pinyin of one suffix.
    pub full_max: usize,
    /// Letters of one reading that are kept.
    pub letters_max: usize,
}

impl Default for PinyinLimits {
    fn default() -> Self {
        PinyinLimits {
            characters_max: 40,
            initials_max: 8,
            full_max: 4,
            letters_max: 24,
        }
    }
}

/// The terms under which a name is found by pinyin; those of the whole name begin with
/// [`AT_START`].
pub fn pinyin_terms(name: &str, limits: &PinyinLimits) -> Vec<String> {
    let chars = folded_chars(name);
    let syllables: Vec<Vec<String>> = chars
        .iter()
        .take(limits.characters_max)
        .map(|char| syllables_of(*char))
        .collect();
    let mut terms = Vec::new();
    for start in 0..syllables.len() {
        // A suffix that begins inside a Latin word or a number is found by its text.
        if start > 0 && !is_han(chars[start]) && !is_han(chars[start - 1]) {
            continue;
        }
        if !syllables[start..]
            .iter()
            .zip(&chars[start..])
            .any(|(_, char)| is_han(*char))
        {
            continue;
        }
        let suffix = &syllables[start..];
        for (initials, variants_max) in [(true, limits.initials_max), (false, limits.full_max)] {
            for reading in variants(suffix, initials, variants_max, limits.letters_max) {
                if start == 0 {
                    terms.push(format!("{AT_START}{reading}"));
                }
                terms.push(reading);
            }
        }
    }
    let mut first_letters = Vec::new();
    for term in &terms {
        let (at_start, letters) = match term.strip_prefix(AT_START) {
            Some(letters) => (true, letters),
            None => (false, term.as_str()),
        };
        for length in FIRST_LETTERS_LENGTHS {
            first_letters.extend(
                letters
                    .get(..length)
                    .map(|letters| first_letters_term(letters, at_start)),
            );
        }
    }
    terms.append(&mut first_letters);
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The term of every name with a reading (or the reading of the whole name) that begins with these letters.
pub fn first_letters_term(letters: &str, at_start: bool) -> String {
    let mut term = String::from(FIRST_LETTERS);
    term.extend(at_start.then_some(AT_START));
    term + letters
}

/// Whether `run` (folded) may be pinyin: 2 to 12 Latin letters and nothing else.
pub fn may_be_pinyin(run: &[char]) -> bool {
    (2..=12).contains(&run.len()) && run.iter().all(char::is_ascii_lowercase)
}

fn syllables_of(char: char) -> Vec<String> {
    let Some(multi) = char.to_pinyin_multi().filter(|_| is_han(char)) else {
        return vec![char.to_string()];
    };
    let mut syllables: Vec<String> = Vec::new();
    for reading in multi {
        let plain = reading.plain().replace('ü', "v");
        if !syllables.contains(&plain) {
            syllables.push(plain);
        }
    }
    syllables
}

fn variants(suffix: &[Vec<String>], initials: bool, variants_max: usize, letters_max: usize) -> Vec<String> {
    let mut readings = vec![String::new()];
    for syllables in suffix {
        if readings.iter().all(|reading| reading.len() >= letters_max) {
            break;
        }
        let mut pieces: Vec<&str> = Vec::new();
        for syllable in syllables {
            let piece = if initials {
                syllable
                    .chars()
                    .next()
                    .map_or("", |first| &syllable[..first.len_utf8()])
            } else {
                syllable.as_str()
            };
            if !pieces.contains(&piece) {
                pieces.push(piece);
            }
        }
        // The usual reading comes first, so that a limit drops the rarest ones.
        let mut longer = Vec::new();
        for piece in &pieces {
            for reading in &readings {
                if longer.len() < variants_max {
                    longer.push(format!("{reading}{piece}"));
                }
            }
        }
        readings = longer;
    }
    for reading in &mut readings {
        while reading.len() > letters_max {
            reading.pop();
        }
    }
    readings
}

fn is_han(char: char) -> bool {
    matches!(char as u32, 0x3400..=0x9FFF | 0x2_0000..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_full_and_polyphones() {
        let has = |name: &str, wanted: &str| {
            let terms = pinyin_terms(name, &PinyinLimits::default());
            assert!(
                terms.iter().any(|term| term.starts_with(wanted)),
                "{wanted} of {name}: {terms:?}"
            );
        };
        has("杭州鑫恒科技", "^hzxhkj");
        has("杭州鑫恒科技", "xhkj");
        has("杭州鑫恒科技", "xinheng");
        has("重庆", "^chongqing");
        has("重庆", "zhongqing");
        has("曾伟", "zengwei");
        has("长沙ABC公司", "^csabcgs");
        has("吕布", "lvbu");
        assert!(pinyin_terms("ABC 123", &PinyinLimits::default()).is_empty());
        assert!(may_be_pinyin(&['h', 'z']));
        assert!(!may_be_pinyin(&['h', '1']));
    }

    #[test]
    fn a_long_name_of_polyphones_stays_small() {
        let name = "重长行乐了都着参差给".repeat(5);
        assert!(pinyin_terms(&name, &PinyinLimits::default()).len() < 1_500);
    }
}
