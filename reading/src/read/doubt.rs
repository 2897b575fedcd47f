//! What a person must review: unread ink, badly read lines, handwriting;
//! and whether there is anything on the page at all.
//!
//! Better one region too many than a misread line accepted silently.

use super::recognise::RecognisedLine;
use crate::layout::{LineKind, PixelArea, Region, RegionKind};

/// Lines read less surely than this are marked on the page.
const LOW_CONFIDENCE: f32 = 0.7;
/// Print that is usually read as surely as this is clear; what is not read there is not print.
const CLEAR_PRINT: f32 = 0.93;
/// Heights of writing by hand, in heights of the usual line.
const HAND_HEIGHT: std::ops::RangeInclusive<f32> = 0.7..=7.0;
/// So few letters say nothing of a hand, unless they are larger than the print by this factor.
const FEW_LETTERS: usize = 2;
const LARGER: f32 = 1.5;
/// A box of so few letters is narrower than this, in its heights.
const NARROW: f32 = 2.5;
/// Letters that must be read surely for a page not to be blank.
const SURE: f32 = 0.9;
/// Letters read badly that specks and creases make on a blank page, at most.
const NOISE_LETTERS: usize = 3;
/// Specks, holes and staples are smaller than this share of the page's shorter side.
const SPECK: f32 = 0.06;
/// Holes of a punch and shadows of edges lie within this share of it from the edge.
const MARGIN: f32 = 0.11;

/// Regions for a person to review; `left` is ink without text, `rings` are the seals that no colour distinguishes
/// from print. Text under such a seal is misread with full confidence, or not at all: each is marked, whatever was
/// read there.
pub(super) fn regions(
    left: Vec<PixelArea>,
    found: &[RecognisedLine],
    seals: &[PixelArea],
    rings: &[PixelArea],
) -> Vec<Region> {
    let print = Print::of(found);
    let seal = |area| Region {
        kind: RegionKind::Seal,
        area,
    };
    let ink = |area| Region {
        kind: print.not_print(&area).unwrap_or(RegionKind::InkWithoutText),
        area,
    };
    let low = found
        .iter()
        .filter(|f| f.line.confidence < LOW_CONFIDENCE || (f.disputed && f.line.kind == LineKind::Text))
        .map(|f| &f.line);
    let unsure = low.map(|line| {
        // The text of a seal is read badly because it runs in a circle, not because it is a hand's.
        // A letter or two, as large as the print: a number in a narrow cell, read together with the line beside it.
        let letters = line.text.chars().count();
        let few = letters <= FEW_LETTERS && line.area.w < line.area.h * NARROW && !print.is_larger(&line.area);
        let by_hand = print
            .not_print(&line.area)
            .filter(|_| line.kind == LineKind::Text && !few && line.confidence < LOW_CONFIDENCE);
        Region {
            kind: by_hand.unwrap_or(RegionKind::LowConfidence),
            area: line.area,
        }
    });
    // The letters of a seal are ink too, and the seal is marked already.
    let of_seal = |area: &PixelArea| seals.iter().any(|seal| seal.shared(area) > 0.6 * area.w * area.h);
    let left = left.into_iter().filter(|area| !of_seal(area)).map(ink);
    let covered = rings.iter().map(|&area| Region {
        kind: RegionKind::LowConfidence,
        area,
    });
    let marked = seals.iter().copied().map(seal).chain(left);
    marked.chain(covered).chain(unsure).collect()
}

/// How the page is printed.
struct Print {
    clear: bool,
    line_height: f32,
}

impl Print {
    fn of(found: &[RecognisedLine]) -> Print {
        let lines = found.iter().map(|f| &f.line).filter(|line| line.kind == LineKind::Text);
        let (mut heights, mut sure): (Vec<f32>, Vec<f32>) =
            lines.map(|l| (l.area.h.min(l.area.w), l.confidence)).unzip();
        heights.sort_by(f32::total_cmp);
        sure.sort_by(f32::total_cmp);
        let middle = |values: &[f32]| values.get(values.len() / 2).copied().unwrap_or(0.0);
        Print {
            clear: sure.len() >= 4 && middle(&sure) >= CLEAR_PRINT,
            line_height: middle(&heights),
        }
    }

    fn is_larger(&self, area: &PixelArea) -> bool {
        area.h > self.line_height * LARGER
    }

    /// Handwriting, when the page is so clear that print would have been read.
    fn not_print(&self, area: &PixelArea) -> Option<RegionKind> {
        let fits = HAND_HEIGHT.contains(&(area.h / self.line_height.max(1.0)));
        (self.clear && fits).then_some(RegionKind::Handwriting)
    }
}

/// Whether nothing is on the page but specks, holes of a punch, creases and the shadows of edges.
pub(super) fn is_blank(found: &[RecognisedLine], regions: &[Region], width: u32, height: u32) -> bool {
    let letters = |f: &RecognisedLine| f.line.text.chars().filter(|c| c.is_alphanumeric()).count();
    let sure = found.iter().any(|f| f.line.confidence >= SURE && letters(f) > 0);
    let noise = found.iter().map(letters).sum::<usize>() <= NOISE_LETTERS;
    let (w, h) = (width as f32, height as f32);
    let shorter = w.min(h);
    let is_dirt = |region: &Region| {
        let a = &region.area;
        let speck = a.w.max(a.h) < shorter * SPECK;
        let edge = shorter * MARGIN;
        let at_edge = a.right() < edge || a.bottom() < edge || a.x > w - edge || a.y > h - edge;
        let shown = matches!(region.kind, RegionKind::Seal);
        !shown && (speck || at_edge)
    };
    !sure && noise && regions.iter().all(is_dirt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::LayoutLine;

    fn found(text: &str, confidence: f32, y: f32) -> RecognisedLine {
        let area = PixelArea {
            x: 200.0,
            y,
            w: 600.0,
            h: 40.0,
        };
        RecognisedLine {
            line: LayoutLine {
                text: text.to_owned(),
                confidence,
                area,
                ..LayoutLine::default()
            },
            simplified: Vec::new(),
            disputed: false,
        }
    }

    #[test]
    fn strokes_on_clear_print_are_a_hand_and_on_bad_print_are_not() {
        let hand = PixelArea {
            x: 300.0,
            y: 900.0,
            w: 260.0,
            h: 90.0,
        };
        let kinds = |confidence: f32| {
            let mut lines: Vec<RecognisedLine> = (0..6)
                .map(|n| found("甲方应当按时付款", confidence, 60.0 * n as f32))
                .collect();
            lines.push(found("某某", 0.4, 1_200.0));
            let regions = regions(vec![hand], &lines, &[], &[]);
            regions.iter().map(|r| r.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(0.99), [RegionKind::Handwriting, RegionKind::Handwriting]);
        assert_eq!(kinds(0.8), [RegionKind::InkWithoutText, RegionKind::LowConfidence]);
    }

    #[test]
    fn what_is_disputed_or_under_a_dark_seal_is_marked() {
        let mut lines: Vec<RecognisedLine> = (0..6)
            .map(|n| found("甲方应当按时付款", 0.99, 60.0 * n as f32))
            .collect();
        assert!(regions(Vec::new(), &lines, &[], &[]).is_empty());
        let ring = PixelArea {
            x: 300.0,
            y: 100.0,
            w: 400.0,
            h: 400.0,
        };
        lines[2].disputed = true;
        let marked = regions(Vec::new(), &lines, &[ring], &[ring]);
        let low = |area| Region {
            kind: RegionKind::LowConfidence,
            area,
        };
        assert_eq!(marked[1..], [low(ring), low(lines[2].line.area)]);
        assert_eq!(marked[0].kind, RegionKind::Seal);
    }

    #[test]
    fn dirt_is_blank_and_a_page_number_is_not() {
        let region = |x: f32, y: f32, w: f32, h: f32| Region {
            kind: RegionKind::InkWithoutText,
            area: PixelArea { x, y, w, h },
        };
        let blank = |found: &[RecognisedLine], regions: &[Region]| is_blank(found, regions, 2_480, 3_508);
        let holes = [region(90.0, 1_200.0, 90.0, 90.0), region(0.0, 0.0, 60.0, 3_508.0)];
        assert!(blank(&[], &holes));
        assert!(blank(&[found("一", 0.6, 5.0)], &holes));
        assert!(!blank(&[found("2", 0.97, 5.0)], &[]));
        assert!(!blank(&[found("第二页共五页", 0.7, 5.0)], &[]));
        assert!(!blank(&[], &[region(900.0, 900.0, 500.0, 200.0)]));
    }
}
