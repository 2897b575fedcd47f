//! Lines that a seal touches, read with it and without it: the fuller reading stays, line by line.
//!
//! Taking a seal out may take strokes with it, and what was taken for a seal may be none; leaving it in costs what lies
//! under it. Neither reading is believed alone.

use super::LINE_MIN;
use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::recognise::{RecognisedLine, recognise_all};
use super::seal::{LINE_MIN as SEAL_LINE_MIN, Seals};
use super::tiles::detect;
use crate::bitmap::Bitmap;
use crate::layout::{LineKind, PixelArea};

/// Paper above and below a seal that is searched for lines with it, in heights of the seal.
const MARGIN: f32 = 0.35;
/// Share of the smaller of two boxes that they have in common when they are of one line.
const SAME_LINE: f32 = 0.4;
/// How much more must be read without the seal, in sure characters.
const MORE: f32 = 0.1;

/// Reads the lines that the seals touch once more without them. `clean` is the page without seals, `side` the length to
/// which the page was brought when lines were searched on it.
pub(super) fn settle(
    engine: &mut dyn Engine,
    page: &Bitmap,
    clean: &Bitmap,
    seals: &Seals,
    side: u32,
    found: Vec<RecognisedLine>,
) -> Result<Vec<RecognisedLine>, EngineError> {
    let areas: Vec<PixelArea> = seals.taken_out().collect();
    let is_touched = |area: &PixelArea| areas.iter().any(|seal| seal.shared(area) > 0.0);
    let mut quads = detect_in_bands(engine, clean, &areas, side)?;
    quads.retain(|quad| is_touched(&quad.area()));
    let mut without = recognise_all(engine, clean, &quads)?;
    without.retain(|f| f.line.confidence >= LINE_MIN);
    Ok(fuller(page, clean, seals, found, without))
}

/// Of the readings with the seals and without them the fuller one, line by line. A line may be read with its seal in
/// pieces of which some are beside the seal, so what is at the place of a line without it is compared too.
fn fuller(
    page: &Bitmap,
    clean: &Bitmap,
    seals: &Seals,
    found: Vec<RecognisedLine>,
    without: Vec<RecognisedLine>,
) -> Vec<RecognisedLine> {
    let is_compared = |f: &RecognisedLine| {
        let area = &f.line.area;
        seals.taken_out().any(|seal| seal.shared(area) > 0.0) || without.iter().any(|o| is_same(&o.line.area, area))
    };
    let (compared, mut settled): (Vec<_>, Vec<_>) = found.into_iter().partition(is_compared);
    let (own, with): (Vec<_>, Vec<_>) = compared.into_iter().partition(|f| seals.is_own(page, &f.line.area));
    for group in groups(with, without) {
        let read_with: f32 = group.with.iter().map(|f| printed_weight(f, clean)).sum();
        let read_without: f32 = group.without.iter().map(weight).sum();
        if read_without > read_with + MORE || read_with <= 0.0 {
            settled.extend(group.without);
        } else {
            settled.extend(group.with);
        }
    }
    for mut f in own {
        let is_other = |other: &RecognisedLine| is_same(&other.line.area, &f.line.area);
        if f.line.confidence >= SEAL_LINE_MIN && !settled.iter().any(is_other) {
            f.line.kind = LineKind::Seal;
            settled.push(f);
        }
    }
    settled
}

/// The boxes of the page without seals, at the heights at which there are some, as large as on the whole page.
fn detect_in_bands(
    engine: &mut dyn Engine,
    clean: &Bitmap,
    seals: &[PixelArea],
    side: u32,
) -> Result<Vec<Quad>, EngineError> {
    let mut bands: Vec<(f32, f32)> = seals
        .iter()
        .map(|seal| (seal.y - seal.h * MARGIN, seal.bottom() + seal.h * MARGIN))
        .collect();
    bands.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut joined: Vec<(f32, f32)> = Vec::new();
    for (top, bottom) in bands {
        match joined.last_mut().filter(|(_, last)| top <= *last) {
            Some((_, last)) => *last = last.max(bottom),
            None => joined.push((top, bottom)),
        }
    }
    let mut quads = Vec::new();
    for (top, bottom) in joined {
        let y = top.max(0.0) as u32;
        let h = (bottom.max(1.0) as u32).min(clean.height()).saturating_sub(y).max(1);
        let band = clean.cropped(0, y, clean.width(), h);
        let share = band.width().max(band.height()) as f32 / clean.width().max(clean.height()) as f32;
        let found = detect(engine, &band, (side as f32 * share).round() as u32)?;
        quads.extend(found.iter().map(|quad| quad.moved(0.0, y as f32)));
    }
    Ok(quads)
}

/// Readings of one line, or of lines that cannot be told apart.
#[derive(Default)]
struct BothReadings {
    with: Vec<RecognisedLine>,
    without: Vec<RecognisedLine>,
}

impl BothReadings {
    fn holds(&self, area: &PixelArea) -> bool {
        let all = self.with.iter().chain(&self.without);
        all.into_iter().any(|f| is_same(&f.line.area, area))
    }
}

/// Each line with what the other reading has at its place.
fn groups(with: Vec<RecognisedLine>, without: Vec<RecognisedLine>) -> Vec<BothReadings> {
    let mut groups: Vec<BothReadings> = Vec::new();
    let mut add = |line: RecognisedLine, is_with: bool| {
        let (joined, mut apart): (Vec<_>, Vec<_>) = std::mem::take(&mut groups)
            .into_iter()
            .partition(|group| group.holds(&line.line.area));
        let mut group = BothReadings::default();
        for other in joined {
            group.with.extend(other.with);
            group.without.extend(other.without);
        }
        match is_with {
            true => group.with.push(line),
            false => group.without.push(line),
        }
        apart.push(group);
        groups = apart;
    };
    with.into_iter().for_each(|line| add(line, true));
    without.into_iter().for_each(|line| add(line, false));
    groups
}

fn is_same(a: &PixelArea, b: &PixelArea) -> bool {
    a.shared(b) > SAME_LINE * (a.w * a.h).min(b.w * b.h)
}

/// How much of a line is read, in sure characters: what was guessed counts against it.
fn weight(found: &RecognisedLine) -> f32 {
    found.line.chars.iter().map(|c| 2.0 * c.confidence - 1.0).sum()
}

/// The same of those characters only that are print: letters of the seal may stand among them.
fn printed_weight(found: &RecognisedLine, clean: &Bitmap) -> f32 {
    let line = &found.line;
    if line.area.h > line.area.w {
        return weight(found);
    }
    let middle = line.area.x + line.area.w / 2.0;
    let is_print = |x: f32, w: f32| {
        let square = PixelArea {
            x,
            w,
            ..line.area.moved(0.0, (x + w / 2.0 - middle) * line.slope)
        };
        Seals::has_print(clean, &square)
    };
    let printed = line.chars.iter().filter(|c| is_print(c.x, c.w));
    printed.map(|c| 2.0 * c.confidence - 1.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{LayoutChar, LayoutLine};

    fn line(text: &str, x: f32, y: f32, confidence: f32) -> RecognisedLine {
        let chars = (0..text.chars().count()).map(|at| LayoutChar {
            x: x + 20.0 * at as f32,
            w: 20.0,
            confidence,
        });
        let chars: Vec<LayoutChar> = chars.collect();
        RecognisedLine {
            line: LayoutLine {
                text: text.to_owned(),
                confidence,
                area: PixelArea {
                    x,
                    y,
                    w: 20.0 * chars.len() as f32,
                    h: 20.0,
                },
                chars,
                ..LayoutLine::default()
            },
            simplified: Vec::new(),
            disputed: false,
        }
    }

    #[test]
    fn pieces_of_a_line_are_one_group_and_other_lines_others() {
        let with = vec![
            line("甲方某某", 0.0, 0.0, 0.9),
            line("公司", 120.0, 0.0, 0.6),
            line("日期", 0.0, 60.0, 0.9),
        ];
        let without = vec![line("甲方某某有限公司", 0.0, 2.0, 0.98), line("地址", 0.0, 120.0, 0.9)];
        let groups = groups(with, without);
        let counts: Vec<(usize, usize)> = groups.iter().map(|g| (g.with.len(), g.without.len())).collect();
        assert_eq!(counts, [(1, 0), (2, 1), (0, 1)]);
    }

    /// The seal covers the end of the line only; the beginning was read with it, as a line that it does not touch.
    #[test]
    fn a_piece_beside_the_seal_gives_way_to_the_whole_line() {
        let seals = Seals::at(PixelArea {
            x: 100.0,
            y: 0.0,
            w: 80.0,
            h: 80.0,
        });
        let clean = Bitmap::filled(400, 100, 0);
        let read = |with: Vec<RecognisedLine>, without: Vec<RecognisedLine>| -> Vec<String> {
            let lines = fuller(&clean, &clean, &seals, with, without);
            lines.into_iter().map(|f| f.line.text).collect()
        };
        let whole = || vec![line("信用保证抵押质押", 0.0, 20.0, 0.9)];
        assert_eq!(
            read(vec![line("信用保证", 0.0, 20.0, 0.95)], whole()),
            ["信用保证抵押质押"]
        );
        // The fuller one stays, whichever it is.
        let poor = vec![line("信用", 100.0, 20.0, 0.6)];
        assert_eq!(read(whole(), poor), ["信用保证抵押质押"]);
        let beside = vec![line("日期", 0.0, 60.0, 0.9)];
        assert_eq!(read(beside, whole()), ["日期", "信用保证抵押质押"]);
    }

    #[test]
    fn letters_of_the_seal_do_not_count_as_print() {
        let mut clean = Bitmap::filled(400, 100, 255);
        // Print under the first two characters only.
        for y in 2..18 {
            clean.data_mut()[y * 400 + 4..y * 400 + 36].fill(0);
        }
        let read = line("盖章合同专用", 0.0, 0.0, 1.0);
        assert_eq!(printed_weight(&read, &clean), 2.0);
        assert_eq!(weight(&read), 6.0);
    }
}
