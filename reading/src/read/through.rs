//! Lines that continue under a dark seal, read from end to end.
//!
//! Where a ring and letters cross a line, the detector sees the line end and the rest as something else: the
//! name of the firm is lost, or read in pieces. Such a line is followed under the seal as far as its ink goes, cleared of
//! ink that does not touch it, and read as one. The fuller reading stays; the seal is marked for review in
//! any case (see [`super::doubt`]).

use super::LINE_MIN;
use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::recognise::{RecognisedLine, recognise};
use super::ring::Ring;
use crate::bitmap::Bitmap;
use crate::layout::PixelArea;

/// A line is followed from where it is read as surely as this.
const ANCHOR_MIN: f32 = 0.7;
/// It ends where there is no ink for this many of its heights.
const GAP: f32 = 1.8;
/// Ink of a line is searched this many heights above its middle, and as many below.
const CORE: f32 = 0.35;
/// Share of a column of the core from which it holds ink.
const INK_MIN: f32 = 0.04;
/// A column that is dark over this share of this many heights above and below the middle belongs to a ruling line.
const RULE_REACH: f32 = 0.75;
const RULE_SHARE: f32 = 0.9;
/// Paper before and after a line, in its heights.
const MARGIN: f32 = 0.15;
/// Share of its pixels that a speck must have inside the line to belong to it.
const INSIDE: f32 = 0.35;
/// Boxes of short lines are higher than those of long ones: lines are read at these shares of the height.
const HEIGHTS: [f32; 2] = [1.0, 0.8];
/// How much more must be read, in sure characters.
const MORE: f32 = 0.8;

/// Reads the lines that go under rings; `clean` is the page without the rings.
pub(super) fn read(
    engine: &mut dyn Engine,
    page: &Bitmap,
    clean: &Bitmap,
    rings: &[Ring],
    found: &mut Vec<RecognisedLine>,
) -> Result<(), EngineError> {
    for ring in rings {
        let anchors: Vec<(PixelArea, f32)> = found.iter().filter_map(|f| anchor(f, &ring.area())).collect();
        let mut done: Vec<PixelArea> = Vec::new();
        for (area, slope) in anchors {
            if done.iter().any(|part| is_mostly_in(&area, part)) {
                continue;
            }
            for part in followed(clean, &area, slope, ring) {
                done.push(part);
                let Some(whole) = read_part(engine, [clean, page], &part, slope, ring)? else {
                    continue;
                };
                let is_piece = |f: &RecognisedLine| is_mostly_in(&f.line.area, &part);
                let pieces: f32 = found.iter().filter(|f| is_piece(f)).map(weight).sum();
                if whole.line.confidence >= LINE_MIN && weight(&whole) > pieces + MORE {
                    found.retain(|f| !is_piece(f));
                    found.push(whole);
                }
            }
        }
    }
    Ok(())
}

/// The fullest reading of a part of a line; with the ring and without it.
fn read_part(
    engine: &mut dyn Engine,
    pages: [&Bitmap; 2],
    part: &PixelArea,
    slope: f32,
    ring: &Ring,
) -> Result<Option<RecognisedLine>, EngineError> {
    let mut best: Option<RecognisedLine> = None;
    for page in pages {
        let (image, x, y) = freed(page, part, ring);
        for share in HEIGHTS {
            let quad = Quad {
                cx: part.x + part.w / 2.0 - x,
                cy: part.middle_y() - y,
                w: part.w,
                h: part.h * share,
                angle: slope.atan(),
            };
            let Some(mut f) = recognise(engine, &image, &quad)? else {
                continue;
            };
            f.line.area = f.line.area.moved(x, y);
            f.line.chars.iter_mut().for_each(|c| c.x += x);
            if best.as_ref().is_none_or(|best| weight(&f) > weight(best)) {
                best = Some(f);
            }
        }
    }
    Ok(best)
}

/// How much of a line is read, in sure characters: what was guessed counts against it.
fn weight(found: &RecognisedLine) -> f32 {
    found.line.chars.iter().map(|c| 2.0 * c.confidence - 1.0).sum()
}

fn is_mostly_in(area: &PixelArea, other: &PixelArea) -> bool {
    area.shared(other) > 0.5 * area.w * area.h
}

/// Area and slope of a line that goes under a ring and from which it can be followed.
fn anchor(found: &RecognisedLine, ring: &PixelArea) -> Option<(PixelArea, f32)> {
    let area = &found.line.area;
    let level = area.w > area.h && found.line.confidence >= ANCHOR_MIN;
    let beside = is_under(area.x, area, ring) || is_under(area.right(), area, ring) || ring.shared(area) > 0.0;
    let within = (ring.y..ring.bottom()).contains(&area.middle_y());
    (level && beside && within).then_some((*area, found.line.slope))
}

/// Whether a line that ends here may go on under the ring.
fn is_under(end: f32, line: &PixelArea, ring: &PixelArea) -> bool {
    end > ring.x - line.h && end < ring.right() + line.h
}

/// The whole of a line, to where no ink follows, under the ring and beyond; cut where a ruling line crosses it. Parts
/// that do not touch the ring are left out.
fn followed(clean: &Bitmap, line: &PixelArea, slope: f32, ring: &Ring) -> Vec<PixelArea> {
    let (w, h) = (clean.width() as i32, clean.height() as i32);
    let middle = line.x + line.w / 2.0;
    let share_of_ink = |x: i32, reach: f32| -> f32 {
        let y = line.middle_y() + (x as f32 - middle) * slope;
        let (from, to) = ((y - line.h * reach) as i32, (y + line.h * reach) as i32);
        let dark = |y: &i32| (0..h).contains(y) && clean.data()[(y * w + x) as usize] < ring.level();
        (from..to).filter(dark).count() as f32 / (to - from).max(1) as f32
    };
    let is_rule = |x: i32| (0..w).contains(&x) && share_of_ink(x, RULE_REACH) > RULE_SHARE;
    let has_ink = |x: i32| share_of_ink(x, CORE) > INK_MIN;
    let gap = (line.h * GAP) as i32;
    let follow = |from: f32, step: i32| -> f32 {
        let (mut x, mut last) = (from as i32, from as i32);
        while (0..w).contains(&x) && (x - last).abs() <= gap {
            if has_ink(x) {
                last = x;
            }
            x += step;
        }
        last as f32
    };
    let seal = ring.area();
    let (mut left, mut right) = (line.x, line.right());
    if is_under(left, line, &seal) {
        left = left.min(follow(left, -1));
    }
    if is_under(right, line, &seal) {
        right = right.max(follow(right, 1));
    }
    let mut runs: Vec<(i32, i32)> = Vec::new();
    let mut run: Option<(i32, i32)> = None;
    for x in left.max(0.0) as i32..(right as i32 + 1).min(w) {
        if is_rule(x) {
            runs.extend(run.take());
        } else if has_ink(x) {
            run = Some((run.map_or(x, |(start, _)| start), x));
        }
    }
    runs.extend(run);
    let margin = (line.h * MARGIN) as i32;
    let free = |x: i32, step: i32| (1..=margin).take_while(|d| !is_rule(x + d * step)).count() as f32;
    let parts = runs.into_iter().map(|(start, end)| {
        let (before, after) = (free(start, -1), free(end, 1));
        PixelArea {
            x: start as f32 - before,
            w: (end - start) as f32 + before + after,
            ..*line
        }
    });
    parts
        .filter(|part| part.w > line.h && part.shared(&seal) > 0.0)
        .collect()
}

/// A part of a line and what is around it, without the ink under the ring that is mostly above or below the line;
/// and where the image begins.
fn freed(page: &Bitmap, part: &PixelArea, ring: &Ring) -> (Bitmap, f32, f32) {
    let around = part.h;
    let (x, y) = ((part.x - around).max(0.0).floor(), (part.y - around).max(0.0).floor());
    let (w, h) = (part.right() + around - x, part.bottom() + around - y);
    let mut image = page.cropped(x as u32, y as u32, w as u32, h as u32);
    let (w, h) = (image.width() as usize, image.height() as usize);
    let line = (part.y - y) as usize..(part.bottom() - y) as usize;
    let seal = ring.area();
    let mut open: Vec<bool> = image.data().iter().map(|v| *v < ring.level()).collect();
    let (mut stack, mut speck) = (Vec::new(), Vec::new());
    for start in 0..open.len() {
        if !std::mem::take(&mut open[start]) {
            continue;
        }
        stack.push(start);
        speck.clear();
        while let Some(at) = stack.pop() {
            speck.push(at);
            let (px, py) = (at % w, at / w);
            for ny in py.saturating_sub(1)..=(py + 1).min(h - 1) {
                for nx in px.saturating_sub(1)..=(px + 1).min(w - 1) {
                    if std::mem::take(&mut open[ny * w + nx]) {
                        stack.push(ny * w + nx);
                    }
                }
            }
        }
        let under = (seal.x..seal.right()).contains(&((start % w) as f32 + x));
        let inside = speck.iter().filter(|at| line.contains(&(*at / w))).count();
        if under && (inside as f32) < INSIDE * speck.len() as f32 {
            let data = image.data_mut();
            speck.iter().for_each(|at| data[*at] = 255);
        }
    }
    (image, x, y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::LayoutLine;

    /// A page with these dark rectangles: x, y, w, h.
    fn page(dark: &[(usize, usize, usize, usize)]) -> Bitmap {
        let mut page = Bitmap::filled(800, 400, 255);
        for (x, y, w, h) in dark {
            for row in *y..y + h {
                page.data_mut()[row * 800 + x..row * 800 + x + w].fill(0);
            }
        }
        page
    }

    fn line(x: f32, w: f32) -> PixelArea {
        PixelArea {
            x,
            y: 180.0,
            w,
            h: 40.0,
        }
    }

    #[test]
    fn a_line_is_followed_to_its_end_and_cut_at_rules() {
        let ring = Ring::at(400.0, 200.0, 150.0);
        let letters = [
            (100, 190, 30, 20),
            (150, 190, 30, 20),
            (200, 190, 200, 20),
            (440, 190, 60, 20),
        ];
        let parts = followed(&page(&letters), &line(90.0, 120.0), 0.0, &ring);
        assert_eq!(parts.len(), 1, "{parts:?}");
        assert!(
            parts[0].x < 100.0 && (500.0..510.0).contains(&parts[0].right()),
            "{parts:?}"
        );

        // Beyond a gap another column begins.
        let column = [&letters[..], &[(600, 190, 100, 20)]].concat();
        let parts = followed(&page(&column), &line(90.0, 120.0), 0.0, &ring);
        assert!(parts[0].right() < 510.0, "{parts:?}");

        // Text in the cell before the rule does not touch the ring.
        let cells = [&letters[..], &[(188, 100, 4, 200)]].concat();
        let parts = followed(&page(&cells), &line(90.0, 120.0), 0.0, &ring);
        assert_eq!(parts.len(), 1, "{parts:?}");
        assert!(parts[0].x > 191.0, "{parts:?}");
    }

    #[test]
    fn what_lies_beside_the_line_under_the_seal_is_taken_out() {
        let ring = Ring::at(400.0, 200.0, 150.0);
        // A letter of the line, one of the seal that touches its height, and one that is not under the seal.
        let page = page(&[(300, 185, 30, 30), (350, 150, 30, 40), (120, 150, 30, 40)]);
        let (image, x, y) = freed(&page, &line(100.0, 400.0), &ring);
        let dark =
            |at_x: f32, at_y: f32| image.data()[((at_y - y) as u32 * image.width() + (at_x - x) as u32) as usize] < 128;
        assert!(dark(310.0, 200.0) && dark(130.0, 160.0));
        assert!(!dark(360.0, 160.0) && !dark(360.0, 185.0));
    }

    #[test]
    fn only_sure_level_lines_at_the_ring_are_followed() {
        let ring = Ring::at(400.0, 200.0, 100.0).area();
        let follows = |area: PixelArea, confidence: f32| {
            let line = LayoutLine {
                area,
                confidence,
                ..LayoutLine::default()
            };
            let found = RecognisedLine {
                line,
                simplified: Vec::new(),
                disputed: false,
            };
            anchor(&found, &ring).is_some()
        };
        assert!(follows(line(100.0, 180.0), 0.9));
        assert!(!follows(line(100.0, 180.0), 0.6));
        assert!(!follows(line(10.0, 100.0), 0.9));
        assert!(!follows(
            PixelArea {
                x: 380.0,
                y: 120.0,
                w: 40.0,
                h: 160.0
            },
            0.9
        ));
        assert!(!follows(
            PixelArea {
                y: 20.0,
                ..line(100.0, 180.0)
            },
            0.9
        ));
    }
}
