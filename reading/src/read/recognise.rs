//! Boxes to lines: cut, recognise, and put every character back on the page.

use super::LINE_MIN;
use super::crop;
use super::detect::Quad;
use super::engine::{Engine, EngineError, Glyph, STEP_PIXELS};
use crate::bitmap::Bitmap;
use crate::layout::{LayoutChar, LayoutLine, LineKind};
use unicode_normalization::UnicodeNormalization;

/// How far beyond its box a line is read, in heights of its letters.
const REACH: f32 = 0.2;

/// Lines read less surely than this are read by a second network, where there is one: it finds most of what was read
/// amiss, and needs review at few lines that were read rightly (docs/benchmarks.md).
const SURE: f32 = 0.95;
/// How much surer the second network must be, of another network's reading of the same line.
const SECOND_SURER: f32 = 0.05;
/// What the second network reads so surely where the first is unsure is settled: a digit beside the rule of its cell,
/// which the first takes for another digit.
const CERTAIN: f32 = 0.98;

/// A line as it was read.
#[derive(Clone, Debug)]
pub(super) struct RecognisedLine {
    pub line: LayoutLine,
    /// Characters of the line that may be meant in simplified script.
    pub simplified: Vec<(usize, char)>,
    /// Two networks read it otherwise.
    pub disputed: bool,
}

/// Reads every box that may hold a line; boxes without characters are left out. Uncertain lines are read again by the
/// second network.
pub(super) fn recognise_all(
    engine: &mut dyn Engine,
    page: &Bitmap,
    quads: &[Quad],
) -> Result<Vec<RecognisedLine>, EngineError> {
    let mut found = Vec::with_capacity(quads.len());
    for quad in quads {
        found.extend(recognise_until(engine, page, quad, SURE)?);
    }
    Ok(found)
}

/// Reads one box.
pub(super) fn recognise(
    engine: &mut dyn Engine,
    page: &Bitmap,
    quad: &Quad,
) -> Result<Option<RecognisedLine>, EngineError> {
    recognise_until(engine, page, quad, 0.0)
}

/// Reads one box; a line read with less confidence than `sure`, unless it is noise, is read again by the second network.
fn recognise_until(
    engine: &mut dyn Engine,
    page: &Bitmap,
    quad: &Quad,
    sure: f32,
) -> Result<Option<RecognisedLine>, EngineError> {
    let tall = quad.h >= quad.w * 1.5;
    // The detector's boxes end where it is sure; a full stop or a thin stroke may be after it.
    let quad = &match tall {
        true => Quad {
            h: quad.h + 2.0 * REACH * quad.w,
            ..*quad
        },
        false => Quad {
            w: quad.w + 2.0 * REACH * quad.h,
            ..*quad
        },
    };
    let cut = crop::cut(page, quad);
    let cut = if tall { crop::laid_down(cut) } else { cut };
    let image = crop::line(&cut);
    let glyphs = trimmed(engine.recognise(&image.image)?);
    let is_sure = !(LINE_MIN..sure).contains(&mean(&glyphs));
    let (glyphs, disputed) = match engine.second_opinion(&image.image, is_sure)? {
        Some(other) => settled(glyphs, trimmed(other)),
        None => (glyphs, false),
    };
    if glyphs.is_empty() {
        return Ok(None);
    }
    let text: String = glyphs.iter().map(|g| g.value).collect();
    let chars = if tall {
        let whole = LayoutChar {
            x: quad.cx - quad.w / 2.0,
            w: quad.w,
            confidence: 0.0,
        };
        glyphs
            .iter()
            .map(|g| LayoutChar {
                confidence: g.confidence,
                ..whole
            })
            .collect()
    } else {
        boxes(&glyphs, quad, &image)
    };
    let confidence = mean(&glyphs);
    let line = LayoutLine {
        text,
        confidence,
        area: quad.area(),
        slope: if tall { 0.0 } else { quad.angle.tan() },
        chars,
        kind: LineKind::Text,
        alternatives: Vec::new(),
    };
    let simpler = |(i, g): (usize, &Glyph)| g.simplified.map(|c| (i, c));
    let simplified = glyphs.iter().enumerate().filter_map(simpler).collect();
    Ok(Some(RecognisedLine {
        line,
        simplified,
        disputed,
    }))
}

/// Which of two readings of a line is taken, and whether they differ in more than spaces, punctuation, width and script
/// (which is settled for the whole page, see [`super::script`]). The first network is the better one (docs/benchmarks.md), so that the second must be clearly surer.
fn settled(first: Vec<Glyph>, second: Vec<Glyph>) -> (Vec<Glyph>, bool) {
    let letters = |glyphs: &[Glyph]| -> String {
        let values = glyphs.iter().map(|g| g.value).nfkc();
        fast2s::convert(&values.filter(|c| c.is_alphanumeric()).collect::<String>())
    };
    let same = letters(&first) == letters(&second);
    match mean(&second) > mean(&first) + SECOND_SURER {
        true => {
            let disputed = !same && mean(&second) < CERTAIN;
            (second, disputed)
        }
        false => (first, !same),
    }
}

/// Mean confidence of the characters.
pub(super) fn mean(glyphs: &[Glyph]) -> f32 {
    let sum: f32 = glyphs.iter().map(|g| g.confidence).sum();
    sum / glyphs.len().max(1) as f32
}

fn trimmed(mut glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let space = |g: &Glyph| g.value.is_whitespace();
    while glyphs.last().is_some_and(space) {
        glyphs.pop();
    }
    let lead = glyphs.iter().take_while(|g| space(g)).count();
    glyphs.drain(..lead);
    glyphs
}

/// Positions of the characters. The network gives the step at which it saw each one, about its middle;
/// between two neighbours the border is set by how wide their kinds are.
fn boxes(glyphs: &[Glyph], quad: &Quad, image: &crop::Line) -> Vec<LayoutChar> {
    let cos = quad.angle.cos();
    let left = quad.cx - quad.w / 2.0 * cos;
    let per_step = STEP_PIXELS / image.scale * cos;
    let start = left + image.start * cos;
    let middle = |g: &Glyph| start + (g.first_step + g.last_step + 1) as f32 / 2.0 * per_step;
    let right = left + quad.w * cos;
    let mut chars = Vec::with_capacity(glyphs.len());
    for (i, glyph) in glyphs.iter().enumerate() {
        let here = middle(glyph);
        let reach = quad.h * breadth(glyph.value) / 2.0;
        let border = |other: &Glyph| {
            let there = middle(other);
            let (a, b) = (breadth(glyph.value), breadth(other.value));
            here + (there - here) * a / (a + b)
        };
        let from = match i.checked_sub(1).map(|j| border(&glyphs[j])) {
            Some(border) => border.max(here - reach * 1.3),
            None => here - reach,
        };
        let to = match glyphs.get(i + 1).map(border) {
            Some(border) => border.min(here + reach * 1.3),
            None => here + reach,
        };
        let (from, to) = (from.clamp(left, right), to.clamp(left, right));
        chars.push(LayoutChar {
            x: from,
            w: (to - from).max(0.0),
            confidence: glyph.confidence,
        });
    }
    chars
}

/// Width of a character compared with the height of its box (which is a little more than the
/// letters').
fn breadth(c: char) -> f32 {
    match c {
        ' ' => 0.25,
        'i' | 'l' | 'j' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' | '1' => 0.3,
        c if c.is_ascii() => 0.45,
        _ => 0.8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str, confidence: f32) -> Vec<Glyph> {
        let glyph = |(step, value)| Glyph {
            value,
            first_step: step,
            last_step: step,
            confidence,
            simplified: None,
        };
        text.chars().enumerate().map(glyph).collect()
    }

    #[test]
    fn two_readings_are_settled() {
        let check = |first: (&str, f32), second: (&str, f32), text: &str, disputed: bool| {
            let (taken, differ) = settled(glyphs(first.0, first.1), glyphs(second.0, second.1));
            let taken: String = taken.iter().map(|g| g.value).collect();
            assert_eq!((taken.as_str(), differ), (text, disputed), "{first:?} {second:?}");
        };
        check(("金额：１００", 0.95), ("金额:100", 0.99), "金额：１００", false);
        check(("[1", 0.68), ("1", 0.96), "1", false);
        check(("18", 0.8), ("8", 0.99), "8", false);
        check(("項目", 0.95), ("项目", 0.99), "項目", false);
        check(("谢定胜", 0.97), ("谢宁胜", 0.9), "谢定胜", true);
        check(("19", 0.7), ("9", 0.96), "9", true);
        check(("", 0.0), ("甲方", 0.8), "甲方", true);
        check(("甲方", 0.8), ("", 0.0), "甲方", true);
    }

    #[test]
    fn characters_lie_in_order_inside_the_line() {
        let glyph = |value, step| Glyph {
            value,
            first_step: step,
            last_step: step,
            confidence: 0.9,
            simplified: None,
        };
        let glyphs = [glyph('合', 2), glyph('同', 8), glyph('A', 13), glyph('1', 16)];
        let quad = Quad {
            cx: 100.0,
            cy: 50.0,
            w: 150.0,
            h: 50.0,
            angle: 0.0,
        };
        let image = crop::Line {
            image: Bitmap::filled(144, 48, 255),
            scale: 0.96,
            start: 0.0,
        };
        let chars = boxes(&glyphs, &quad, &image);
        assert_eq!(chars.len(), 4);
        for pair in chars.windows(2) {
            assert!(pair[0].x + pair[0].w <= pair[1].x + 0.01, "{chars:?}");
        }
        assert!(chars[0].x >= 25.0 && chars[3].x + chars[3].w <= 175.0);
        assert!(chars[0].w > chars[2].w);
    }
}
