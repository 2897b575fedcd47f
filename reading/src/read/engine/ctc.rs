//! From the scores of a recogniser to characters.

use super::Glyph;
use std::collections::HashMap;

/// What a network saw in a line.
pub(super) struct Decoded {
    pub glyphs: Vec<Glyph>,
    /// By how much of a score the text was decided where it was closest: what rounding may have changed.
    pub margin: f32,
}

/// Score from which the simplified form of a character was thought of.
const SIMPLER_MIN: f32 = 0.005;

/// What the classes of a recogniser stand for.
pub(super) struct Classes {
    /// Class 0 is "nothing"; class n is the n-th entry.
    characters: Vec<char>,
    /// For each entry the class of its simplified form, 0 if it has none.
    simplified: Vec<usize>,
}

impl Classes {
    /// `listed` has a character on each line, in the order of the classes.
    pub fn new(listed: &str) -> Classes {
        // Entries of more than one character do not occur; a replacement would be visible.
        let mut characters: Vec<char> = listed
            .split('\n')
            .map(|entry| entry.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        if characters.last() == Some(&char::REPLACEMENT_CHARACTER) {
            characters.pop();
        }
        characters.push(' ');
        let simplified = simplified_classes(&characters);
        Classes { characters, simplified }
    }

    /// The characters of a line, unless the scores are of another network.
    pub fn decoded(&self, scores: &[f32]) -> Option<Decoded> {
        let classes = self.characters.len() + 1;
        let fits = !scores.is_empty() && scores.len().is_multiple_of(classes);
        fits.then(|| Decoded {
            glyphs: collapse(scores, classes, &self.characters, &self.simplified),
            margin: margin(scores, classes),
        })
    }
}

/// Connectionist temporal classification, greedy: the best class of each step, repeats and blanks
/// dropped (Graves et al. 2006).
fn collapse(scores: &[f32], classes: usize, characters: &[char], simplified: &[usize]) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut before = 0;
    for (step, row) in scores.chunks_exact(classes).enumerate() {
        let (best, confidence) = largest(row);
        if best != 0 {
            let other = simplified.get(best - 1).copied().filter(|&class| class != 0);
            let simpler = other
                .filter(|&class| row.get(class).is_some_and(|&score| score > SIMPLER_MIN))
                .and_then(|class| characters.get(class - 1).copied());
            match glyphs.last_mut().filter(|_| best == before) {
                Some(glyph) => {
                    glyph.last_step = step;
                    glyph.confidence = glyph.confidence.max(confidence);
                    glyph.simplified = glyph.simplified.or(simpler);
                }
                None => glyphs.push(Glyph {
                    value: characters.get(best - 1).copied().unwrap_or(' '),
                    first_step: step,
                    last_step: step,
                    confidence,
                    simplified: simpler,
                }),
            }
        }
        before = best;
    }
    glyphs
}

/// The least lead of the best class over the second best, of the steps at which the second best would give another text:
/// a repeated digit without the blank before it is one digit less. 1 where every step is clear.
fn margin(scores: &[f32], classes: usize) -> f32 {
    // Scores of a step are 1 together, so whatever has more than this leads by more than half.
    const CLEAR: f32 = 0.75;
    let rows: Vec<&[f32]> = scores.chunks_exact(classes).collect();
    let best: Vec<(usize, f32)> = rows.iter().map(|row| largest(row)).collect();
    let class_at = |step: Option<usize>| step.and_then(|at| best.get(at)).map_or(0, |(class, _)| *class);
    let mut least = 1.0f32;
    for (step, row) in rows.iter().enumerate() {
        let (class, score) = best[step];
        if score > CLEAR {
            continue;
        }
        let others = row.iter().enumerate().filter(|(other, _)| *other != class);
        let Some((second, next)) = others.max_by(|a, b| a.1.total_cmp(b.1)) else {
            continue;
        };
        let (before, after) = (class_at(step.checked_sub(1)), class_at(Some(step + 1)));
        let given = |here: usize| {
            let new = |this: usize, last: usize| (this != 0 && this != last).then_some(this);
            [new(here, before), new(after, here)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        };
        if given(class) != given(second) {
            least = least.min(score - next);
        }
    }
    least
}

/// For each character the class of its simplified form; 0 for those that are not traditional.
fn simplified_classes(characters: &[char]) -> Vec<usize> {
    let classes: HashMap<char, usize> = characters.iter().enumerate().map(|(i, c)| (*c, i + 1)).collect();
    let simplify = |c: &char| {
        let form = fast2s::convert(c.encode_utf8(&mut [0; 4])).chars().next()?;
        if form == *c { None } else { classes.get(&form).copied() }
    };
    characters.iter().map(|c| simplify(c).unwrap_or(0)).collect()
}

/// Position and value of the largest score. In blocks, so that the compiler can use wide
/// instructions: a page asks this for 70 million scores.
fn largest(row: &[f32]) -> (usize, f32) {
    const BLOCK: usize = 64;
    let mut best = f32::MIN;
    let mut block_at = 0;
    for (i, block) in row.chunks(BLOCK).enumerate() {
        let most = block.iter().copied().fold(f32::MIN, |a, b| if b > a { b } else { a });
        if most > best {
            best = most;
            block_at = i * BLOCK;
        }
    }
    let within = row[block_at..].iter().position(|&v| v == best).unwrap_or(0);
    (block_at + within, best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_blanks_are_dropped() {
        let characters = ['a', 'b'];
        let steps: [[f32; 3]; 6] = [
            [0.1, 0.8, 0.1],
            [0.1, 0.9, 0.0],
            [0.9, 0.1, 0.0],
            [0.1, 0.7, 0.2],
            [0.1, 0.2, 0.7],
            [1.0, 0.0, 0.0],
        ];
        let glyphs = collapse(steps.as_flattened(), 3, &characters, &[0, 0]);
        let text: String = glyphs.iter().map(|g| g.value).collect();
        assert_eq!(text, "aab");
        assert_eq!((glyphs[0].first_step, glyphs[0].last_step), (0, 1));
        assert_eq!(glyphs[0].confidence, 0.9);
    }

    /// Between two equal digits the blank is all that tells them apart; where a character begins matters to nobody.
    #[test]
    fn only_what_would_change_the_text_is_close() {
        let line = |middle: [f32; 3]| margin(&[[0.0, 1.0, 0.0], middle, [0.0, 1.0, 0.0]].concat(), 3);
        assert!((line([0.45, 0.55, 0.0]) - 0.1).abs() < 1e-6, "one digit or two");
        assert!((line([0.55, 0.45, 0.0]) - 0.1).abs() < 1e-6);
        assert_eq!(line([0.1, 0.9, 0.0]), 1.0);
        let beginning = [[1.0, 0.0, 0.0], [0.45, 0.55, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
        assert_eq!(margin(beginning.as_flattened(), 3), 1.0);
        let lost = [[1.0, 0.0, 0.0], [0.52, 0.0, 0.48], [1.0, 0.0, 0.0]];
        assert!(
            (margin(lost.as_flattened(), 3) - 0.04).abs() < 1e-6,
            "a faint character"
        );
    }

    #[test]
    fn traditional_characters_know_their_simplified_class() {
        assert_eq!(simplified_classes(&['订', '訂', 'a']), [0, 1, 0]);
    }

    #[test]
    fn the_first_of_the_largest_is_found() {
        let mut row = vec![0.0; 200];
        row[130] = 0.5;
        assert_eq!(largest(&row), (130, 0.5));
    }
}
