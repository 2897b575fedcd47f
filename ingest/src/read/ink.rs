//! Ink: where a page is dark, which of it is ruling lines, and which has no text.
//!
//! Recognising is not enough: a line that the detector lost is not in any confidence. So the ink
//! is compared with the text, and what is left is looked at once more, larger.

use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::gray_at;
use super::recognise::{Found, recognise_all};
use super::tiles::detect;
use crate::bitmap::Bitmap;
use crate::layout::Area;

/// Longer side of the small image on which ink is looked for.
const SMALL_SIDE: u32 = 1_280;
/// Ink is darker than the paper around it by this much.
const CONTRAST: u8 = 48;
/// Side of the cells in which ink is counted, in pixels of the small image.
const CELL: usize = 16;
/// Share of a cell that must be ink.
const CELL_INK_MIN: f32 = 0.04;
/// A straight run longer than this is a ruling line, in pixels of the small image.
const RULE_MIN: usize = 56;
/// A page with more runs than this is dark or a picture.
const RULES_MAX: usize = 2_000;
/// Confidence that a line found on the second look must have.
const AGAIN_MIN: f32 = 0.75;
/// Regions that get a second look.
const AGAIN_MAX: usize = 8;

/// Areas of ink in which no text was found, in pixels of the page; `text` is where lines are, and their slopes.
pub(super) fn without_text(small: &Small, text: &[(Area, f32)]) -> Vec<Area> {
    let mut ink = small.ink_without_rules();
    for (area, slope) in text {
        // The detector's boxes are a little narrow for strokes that hang out.
        small.erase(&mut ink, area, *slope, 0.35);
    }
    let (cw, ch) = (small.w.div_ceil(CELL), small.h.div_ceil(CELL));
    let mut counts = vec![0u32; cw * ch];
    for (at, _) in ink.iter().enumerate().filter(|(_, dark)| **dark) {
        counts[at / small.w / CELL * cw + at % small.w / CELL] += 1;
    }
    let cell = (CELL * CELL) as f32;
    // Scanners leave dark strips at the edges of a page.
    let inside = |x: usize, y: usize| x > 0 && y > 0 && x + 1 < cw && y + 1 < ch;
    let mut open: Vec<bool> = (0..cw * ch)
        .map(|at| counts[at] as f32 > cell * CELL_INK_MIN && inside(at % cw, at / cw))
        .collect();
    let mut areas = Vec::new();
    for start in 0..open.len() {
        if !std::mem::take(&mut open[start]) {
            continue;
        }
        let (mut x0, mut x1, mut y0, mut y1) = (usize::MAX, 0, usize::MAX, 0);
        let (mut cells, mut dark) = (0usize, 0u32);
        let mut stack = vec![start];
        while let Some(at) = stack.pop() {
            let (x, y) = (at % cw, at / cw);
            (x0, x1, y0, y1) = (x0.min(x), x1.max(x), y0.min(y), y1.max(y));
            cells += 1;
            dark += counts[at];
            for ny in y.saturating_sub(1)..=(y + 1).min(ch - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(cw - 1) {
                    if std::mem::take(&mut open[ny * cw + nx]) {
                        stack.push(ny * cw + nx);
                    }
                }
            }
        }
        if cells >= 3 && dark as f32 > cell * 0.3 {
            areas.push(small.on_page(x0 * CELL, y0 * CELL, (x1 + 1) * CELL, (y1 + 1) * CELL));
        }
    }
    areas.sort_by(|a, b| (b.w * b.h).total_cmp(&(a.w * a.h)));
    areas.truncate(64);
    areas
}

/// Looks at these areas once more, enlarged, and reads what the detector finds there now.
pub(super) fn read_again(
    engine: &mut dyn Engine,
    page: &Bitmap,
    areas: &[Area],
    text: &[(Area, f32)],
) -> Result<Vec<Found>, EngineError> {
    let mut again: Vec<Found> = Vec::new();
    for area in areas.iter().take(AGAIN_MAX) {
        let margin = (area.h * 0.5).clamp(16.0, 120.0);
        let (x, y) = ((area.x - margin).max(0.0).floor(), (area.y - margin).max(0.0).floor());
        let (w, h) = (area.w + 2.0 * margin, area.h + 2.0 * margin);
        if w * h > (page.width() * page.height()) as f32 * 0.5 {
            // Half a page of drawing or photograph is not a lost line.
            continue;
        }
        let part = page.cropped(x as u32, y as u32, w as u32, h as u32);
        let side = (part.width().max(part.height()) * 2 / 3).clamp(192, 960);
        let quads: Vec<Quad> = detect(engine, &part, side)?
            .iter()
            .map(|q| q.moved(x, y))
            .filter(|q| {
                let box_area = q.area();
                let known = |area: &Area| area.shared(&box_area) > 0.4 * box_area.w * box_area.h;
                !text.iter().any(|(area, _)| known(area)) && !again.iter().any(|f| known(&f.line.area))
            })
            .collect();
        let lines = recognise_all(engine, page, &quads)?;
        again.extend(lines.into_iter().filter(|f| f.line.confidence >= AGAIN_MIN));
    }
    Ok(again)
}

/// Upright ruling lines, in pixels of the page: they make a table of what they cross.
pub(super) fn upright_rules(small: &Small) -> Vec<Area> {
    let ink = small.ink();
    // A line that leans a little goes on in the next column.
    let dark = |x: usize, y: usize| ink[y * small.w + x] || (x > 0 && ink[y * small.w + x - 1]);
    let lines = (0..small.w).map(|x| (0..small.h).map(move |y| (x, y)));
    runs(lines, dark, |(x, from), (_, to)| small.on_page(x, from, x + 1, to + 1))
}

/// Level ruling lines, in pixels of the page: they part the rows of a table.
pub(super) fn level_rules(small: &Small) -> Vec<Area> {
    let ink = small.ink();
    let dark = |x: usize, y: usize| ink[y * small.w + x] || (y > 0 && ink[(y - 1) * small.w + x]);
    let lines = (0..small.h).map(|y| (0..small.w).map(move |x| (x, y)));
    runs(lines, dark, |(from, y), (to, _)| small.on_page(from, y, to + 1, y + 1))
}

/// A pixel of the small image: x and y.
type Spot = (usize, usize);

/// Runs of ink along these lines of pixels that are long enough to be ruling lines.
fn runs<L: Iterator<Item = Spot>>(
    lines: impl Iterator<Item = L>,
    dark: impl Fn(usize, usize) -> bool,
    area: impl Fn(Spot, Spot) -> Area,
) -> Vec<Area> {
    let mut rules = Vec::new();
    for line in lines {
        let mut run: Vec<Spot> = Vec::new();
        let mut end = |run: &mut Vec<Spot>| {
            if let ([from, .., to], true) = (run.as_slice(), run.len() >= RULE_MIN) {
                rules.push(area(*from, *to));
            }
            run.clear();
        };
        for spot in line {
            if dark(spot.0, spot.1) {
                run.push(spot);
            } else {
                end(&mut run);
            }
        }
        end(&mut run);
        if rules.len() > RULES_MAX {
            // Dark strips and pictures, not tables.
            return Vec::new();
        }
    }
    rules
}

/// A page made small, in gray.
pub(super) struct Small {
    image: Bitmap,
    w: usize,
    h: usize,
    scale: f32,
}

impl Small {
    pub fn of(page: &Bitmap) -> Small {
        let longer = page.width().max(page.height());
        let scale = (SMALL_SIDE as f32 / longer as f32).min(1.0);
        let fit = |v: u32| ((v as f32 * scale).round() as u32).max(1);
        let image = page.resized(fit(page.width()), fit(page.height())).to_gray();
        let (w, h) = (image.width() as usize, image.height() as usize);
        Small { image, w, h, scale }
    }

    /// Darker than the paper around: the paper is the brightest of each cell of 32, spread to its
    /// neighbours, so that shadows of photographs are not ink.
    fn ink(&self) -> Vec<bool> {
        const PAPER: usize = 32;
        let (pw, ph) = (self.w.div_ceil(PAPER), self.h.div_ceil(PAPER));
        let mut paper = vec![0u8; pw * ph];
        for y in 0..self.h {
            for x in 0..self.w {
                let cell = &mut paper[y / PAPER * pw + x / PAPER];
                *cell = (*cell).max(gray_at(&self.image, x, y));
            }
        }
        (0..self.w * self.h)
            .map(|at| {
                let (x, y) = (at % self.w, at / self.w);
                let paper = paper[y / PAPER * pw + x / PAPER];
                self.image.data()[at].saturating_add(CONTRAST) < paper
            })
            .collect()
    }

    /// Ink without long straight runs.
    fn ink_without_rules(&self) -> Vec<bool> {
        let ink = self.ink();
        let mut rest = ink.clone();
        for y in 0..self.h {
            let mut run = 0;
            for x in 0..=self.w {
                if x < self.w && ink[y * self.w + x] {
                    run += 1;
                    continue;
                }
                if run >= RULE_MIN {
                    rest[y * self.w + x - run..y * self.w + x].fill(false);
                }
                run = 0;
            }
        }
        for x in 0..self.w {
            let mut run = 0;
            for y in 0..=self.h {
                if y < self.h && ink[y * self.w + x] {
                    run += 1;
                    continue;
                }
                if run >= RULE_MIN {
                    (y - run..y).for_each(|r| rest[r * self.w + x] = false);
                }
                run = 0;
            }
        }
        rest
    }

    /// Clears the ink under a line, with a margin of so many line heights.
    fn erase(&self, ink: &mut [bool], area: &Area, slope: f32, margin: f32) {
        let m = area.h * margin;
        let middle = area.x + area.w / 2.0;
        let from = (((area.x - m) * self.scale).floor().max(0.0) as usize).min(self.w);
        let to = (((area.right() + m) * self.scale).ceil().max(0.0) as usize).min(self.w);
        for x in from..to {
            let lower = slope * (x as f32 / self.scale - middle);
            let top = ((area.y - m + lower) * self.scale).floor().max(0.0) as usize;
            let end = ((area.bottom() + m + lower) * self.scale).ceil().max(0.0) as usize;
            for y in top..end.min(self.h) {
                ink[y * self.w + x] = false;
            }
        }
    }

    fn on_page(&self, x0: usize, y0: usize, x1: usize, y1: usize) -> Area {
        let back = |v: usize| v as f32 / self.scale;
        Area {
            x: back(x0),
            y: back(y0),
            w: back(x1 - x0),
            h: back(y1 - y0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_with(blocks: &[(usize, usize, usize, usize)]) -> Bitmap {
        let mut page = Bitmap::filled(1_000, 1_280, 245);
        for &(x, y, w, h) in blocks {
            for row in y..y + h {
                // Every third column is paper, like strokes.
                for column in (x..x + w).filter(|c| c % 3 != 0 || w < 8 || h < 8) {
                    page.data_mut()[row * 1_000 + column] = 20;
                }
            }
        }
        page
    }

    #[test]
    fn ink_without_text_is_found_and_text_and_rules_are_not() {
        let page = page_with(&[(200, 200, 300, 30), (200, 600, 300, 30), (100, 900, 700, 2)]);
        let area = Area {
            x: 195.0,
            y: 195.0,
            w: 310.0,
            h: 40.0,
        };
        let areas = without_text(&Small::of(&page), &[(area, 0.0)]);
        assert_eq!(areas.len(), 1, "{areas:?}");
        assert!((areas[0].y - 600.0).abs() < 20.0, "{areas:?}");
    }

    #[test]
    fn upright_rules_are_found() {
        let page = page_with(&[(500, 300, 3, 400)]);
        let rules = upright_rules(&Small::of(&page));
        assert!(!rules.is_empty());
        assert!(
            rules.iter().all(|r| (r.x - 501.0).abs() < 4.0 && r.h > 380.0),
            "{rules:?}"
        );
    }

    #[test]
    fn a_white_page_has_no_ink() {
        assert!(without_text(&Small::of(&Bitmap::filled(800, 1_000, 250)), &[]).is_empty());
    }
}
