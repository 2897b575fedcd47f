//! Ink: where a page is dark, which of it is ruling lines, and which has no text.
//!
//! Confidence is not enough: a line that the detector missed has none. So the ink
//! is compared with the text, and the rest is read again, enlarged.

use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::gray_at;
use super::recognise::{RecognisedLine, recognise};
use super::tiles::detect;
use crate::bitmap::Bitmap;
use crate::layout::PixelArea;

/// Longer side of the small image on which ink is searched.
const SMALL_SIDE: u32 = 1_280;
/// Ink is darker than the paper around it by this much.
const CONTRAST: u8 = 48;
/// Side of the cells in which ink is counted, in pixels of the small image.
const CELL: usize = 16;
/// Share of a cell that must be ink.
const CELL_INK_MIN: f32 = 0.04;
/// A straight run longer than this is a ruling line, in pixels of the small image.
const RULE_MIN: usize = 56;
/// Ruling lines in light colours and on bad copies are darker than the paper by this much at least.
const FAINT: u8 = 24;
/// How far ruling lines lean, in pixels for each pixel of their length: askew by up to 5 degrees, or in perspective.
/// Each finds lines that lean up to 0.01 more or less.
const LEANS: [f32; 9] = [-0.08, -0.06, -0.04, -0.02, 0.0, 0.02, 0.04, 0.06, 0.08];
/// What is cleared on both sides of the middle of a ruling line, in pixels of the small image.
const RULE_HALF: isize = 3;
/// The paper beside a stroke is no further from its ink than this, in pixels of the small image; across a stain it is.
const STROKE_HALF: usize = 4;
/// A page with more runs than this is dark or a picture.
const RULES_MAX: usize = 2_000;
/// Confidence that a line found on the second look must have.
const AGAIN_MIN: f32 = 0.75;
/// Regions that get a second look.
const AGAIN_MAX: usize = 8;

/// Areas of ink in which no text was found, in pixels of the page; `text` is where lines are, and their slopes.
pub(super) fn without_text(small: &ReducedPage, text: &[(PixelArea, f32)]) -> Vec<PixelArea> {
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
    areas: &[PixelArea],
    text: &[(PixelArea, f32)],
) -> Result<Vec<RecognisedLine>, EngineError> {
    let mut again: Vec<RecognisedLine> = Vec::new();
    for area in areas.iter().take(AGAIN_MAX) {
        let margin = (area.h * 0.5).clamp(16.0, 120.0);
        let (x, y) = ((area.x - margin).max(0.0).floor(), (area.y - margin).max(0.0).floor());
        let (w, h) = (area.w + 2.0 * margin, area.h + 2.0 * margin);
        if w * h > (page.width() * page.height()) as f32 * 0.5 {
            // Half a page of drawing or photograph is not a lost line.
            continue;
        }
        let part = page.cropped(x as u32, y as u32, w as u32, h as u32);
        let side = (part.width().max(part.height()) * 2 / 3).clamp(192, 896);
        let quads: Vec<Quad> = detect(engine, &part, side)?
            .iter()
            .map(|q| q.moved(x, y))
            .filter(|q| {
                let box_area = q.area();
                let known = |area: &PixelArea| area.shared(&box_area) > 0.4 * box_area.w * box_area.h;
                !text.iter().any(|(area, _)| known(area)) && !again.iter().any(|f| known(&f.line.area))
            })
            .collect();
        let mut lines = Vec::new();
        for quad in &quads {
            lines.extend(recognise(engine, page, quad)?);
        }
        again.extend(lines.into_iter().filter(|f| f.line.confidence >= AGAIN_MIN));
    }
    Ok(again)
}

/// Upright ruling lines, in pixels of the page: they make a table of what they cross.
pub(super) fn upright_rules(small: &ReducedPage) -> Vec<PixelArea> {
    let ink = small.ink();
    // A line that leans a little goes on in the next column.
    let dark = |x: usize, y: usize| ink[y * small.w + x] || (x > 0 && ink[y * small.w + x - 1]);
    let lines = (0..small.w).map(|x| (0..small.h).map(move |y| (x, y)));
    runs(lines, dark, |(x, from), (_, to)| small.on_page(x, from, x + 1, to + 1))
}

/// Level ruling lines, in pixels of the page: they part the rows of a table.
pub(super) fn level_rules(small: &ReducedPage) -> Vec<PixelArea> {
    let ink = small.ink();
    let dark = |x: usize, y: usize| ink[y * small.w + x] || (y > 0 && ink[(y - 1) * small.w + x]);
    let lines = (0..small.h).map(|y| (0..small.w).map(move |x| (x, y)));
    runs(lines, dark, |(from, y), (to, _)| small.on_page(from, y, to + 1, y + 1))
}

/// A pixel of the small image: x and y.
type Pixel = (usize, usize);

/// Runs of ink along these lines of pixels that are long enough to be ruling lines.
fn runs<L: Iterator<Item = Pixel>>(
    lines: impl Iterator<Item = L>,
    dark: impl Fn(usize, usize) -> bool,
    area: impl Fn(Pixel, Pixel) -> PixelArea,
) -> Vec<PixelArea> {
    let mut rules = Vec::new();
    for line in lines {
        let mut run: Vec<Pixel> = Vec::new();
        let mut end = |run: &mut Vec<Pixel>| {
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

/// Calls for each place of the runs of ink that are long enough to be ruling lines.
fn straight_runs(length: usize, dark: impl Fn(usize) -> bool, mut of_rule: impl FnMut(usize)) {
    // A long enough run has ink at regular places.
    let mut probe = RULE_MIN / 2;
    let mut done = 0;
    while probe < length {
        if !dark(probe) {
            probe += RULE_MIN / 2;
            continue;
        }
        let from = (done..probe).rev().take_while(|at| dark(*at)).last().unwrap_or(probe);
        let to = (probe..length).find(|at| !dark(*at)).unwrap_or(length);
        if to - from >= RULE_MIN {
            (from..to).for_each(&mut of_rule);
        }
        done = to;
        probe = to + RULE_MIN / 2;
    }
}

/// A page made small, in gray.
pub(super) struct ReducedPage {
    image: Bitmap,
    w: usize,
    h: usize,
    scale: f32,
}

impl ReducedPage {
    pub fn of(page: &Bitmap) -> ReducedPage {
        let longer = page.width().max(page.height());
        let scale = (SMALL_SIDE as f32 / longer as f32).min(1.0);
        let fit = |v: u32| ((v as f32 * scale).round() as u32).max(1);
        let image = page.resized(fit(page.width()), fit(page.height())).to_gray();
        let (w, h) = (image.width() as usize, image.height() as usize);
        ReducedPage { image, w, h, scale }
    }

    fn ink(&self) -> Vec<bool> {
        self.darker_than_paper(CONTRAST)
    }

    /// Darker than the paper around: the paper is the brightest of each cell of 32, so that shadows of photographs are
    /// not ink.
    fn darker_than_paper(&self, contrast: u8) -> Vec<bool> {
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
                self.image.data()[at].saturating_add(contrast) < paper
            })
            .collect()
    }

    /// Ink without ruling lines, also those of a skewed or photographed page.
    fn ink_without_rules(&self) -> Vec<bool> {
        let mut rest = self.strokes();
        let faint = self.darker_than_paper(FAINT);
        for upright in [false, true] {
            let lines = self.thickened(&faint, upright);
            let (along, across) = if upright { (self.h, self.w) } else { (self.w, self.h) };
            for lean in LEANS {
                let shift: Vec<isize> = (0..along).map(|a| (lean * a as f32).round() as isize).collect();
                let at = |a: usize, c: isize| -> Option<usize> {
                    let c = usize::try_from(c).ok().filter(|c| *c < across)?;
                    Some(if upright { a * self.w + c } else { c * self.w + a })
                };
                let reach = shift.last().copied().unwrap_or(0);
                for first in -reach.max(0)..across as isize - reach.min(0) {
                    let dark = |a: usize| at(a, first + shift[a]).is_some_and(|spot| lines[spot]);
                    straight_runs(along, dark, |a| {
                        let middle = first + shift[a];
                        let around = (middle - RULE_HALF..=middle + RULE_HALF).filter_map(|c| at(a, c));
                        around.for_each(|spot| rest[spot] = false);
                    });
                }
            }
        }
        rest
    }

    /// Ink with paper close by: the strokes of a pen or of print, and only the edges of what is broad. A stain is darker
    /// than the paper too, but it has no edge.
    fn strokes(&self) -> Vec<bool> {
        let pixels = self.image.data();
        let brightest = |line: &[u8], at: usize| {
            let near = &line[at.saturating_sub(STROKE_HALF)..(at + STROKE_HALF + 1).min(line.len())];
            near.iter().copied().max().unwrap_or(0)
        };
        let mut near = vec![0u8; pixels.len()];
        for (from, to) in pixels.chunks_exact(self.w).zip(near.chunks_exact_mut(self.w)) {
            (0..self.w).for_each(|x| to[x] = brightest(from, x));
        }
        let mut rest = self.ink();
        for y in 0..self.h {
            let rows = y.saturating_sub(STROKE_HALF)..(y + STROKE_HALF + 1).min(self.h);
            let mut paper = vec![0u8; self.w];
            for row in rows {
                let row = &near[row * self.w..(row + 1) * self.w];
                paper.iter_mut().zip(row).for_each(|(p, v)| *p = (*p).max(*v));
            }
            for x in 0..self.w {
                rest[y * self.w + x] &= pixels[y * self.w + x].saturating_add(CONTRAST) < paper[x];
            }
        }
        rest
    }

    /// Each pixel with its neighbour across the searched lines, so that steps of a leaning line hold together.
    fn thickened(&self, dark: &[bool], upright: bool) -> Vec<bool> {
        let back = if upright { 1 } else { self.w };
        let before = |at: usize| at.checked_sub(back).is_some_and(|at| dark[at]);
        (0..dark.len()).map(|at| dark[at] || before(at)).collect()
    }

    /// Clears the ink under a line, with a margin of this many line heights.
    fn erase(&self, ink: &mut [bool], area: &PixelArea, slope: f32, margin: f32) {
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

    fn on_page(&self, x0: usize, y0: usize, x1: usize, y1: usize) -> PixelArea {
        let back = |v: usize| v as f32 / self.scale;
        PixelArea {
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
        let area = PixelArea {
            x: 195.0,
            y: 195.0,
            w: 310.0,
            h: 40.0,
        };
        let areas = without_text(&ReducedPage::of(&page), &[(area, 0.0)]);
        assert_eq!(areas.len(), 1, "{areas:?}");
        assert!((areas[0].y - 600.0).abs() < 20.0, "{areas:?}");
    }

    #[test]
    fn a_frame_that_lies_askew_and_the_ring_of_a_cup_are_no_ink_and_a_signature_is() {
        let mut page = Bitmap::filled(1_000, 1_280, 245);
        let mut put = |x: f32, y: f32, dark: f32| {
            let at = y.round() as usize * 1_000 + x.round() as usize;
            page.data_mut()[at] = page.data()[at].min((245.0 - dark) as u8);
        };
        for step in 0..1_600 {
            let along = step as f32 / 2.0;
            for thick in 0..3 {
                let thick = thick as f32;
                // Askew by 3 degrees; upright ones lean the other way.
                put(100.0 + along, 100.0 + 0.052 * along + thick, 220.0);
                put(100.0 - 0.052 * along + thick, 100.0 + along, 220.0);
            }
        }
        let ring = |x: f32, y: f32| ((x - 500.0).hypot(y - 1_100.0) - 130.0).abs();
        for (x, y) in (300..700).flat_map(|x| (900..1_279).map(move |y| (x as f32, y as f32))) {
            put(x, y, 80.0 * (-(ring(x, y) / 9.0).powi(2)).exp());
        }
        for step in 0..2_000 {
            let t = step as f32 / 100.0;
            put(400.0 + 8.0 * t, 600.0 + 30.0 * (t * 1.7).sin(), 160.0);
            put(401.0 + 8.0 * t, 600.0 + 30.0 * (t * 1.7).sin(), 160.0);
        }
        let areas = without_text(&ReducedPage::of(&page), &[]);
        assert_eq!(areas.len(), 1, "{areas:?}");
        assert!((560.0..640.0).contains(&(areas[0].y + areas[0].h / 2.0)), "{areas:?}");
    }

    #[test]
    fn upright_rules_are_found() {
        let page = page_with(&[(500, 300, 3, 400)]);
        let rules = upright_rules(&ReducedPage::of(&page));
        assert!(!rules.is_empty());
        assert!(
            rules.iter().all(|r| (r.x - 501.0).abs() < 4.0 && r.h > 380.0),
            "{rules:?}"
        );
    }

    #[test]
    fn a_white_page_has_no_ink() {
        assert!(without_text(&ReducedPage::of(&Bitmap::filled(800, 1_000, 250)), &[]).is_empty());
    }
}
