//! Seals: found by their colour or their gray, taken out before the page is read, then read on
//! their own.
//!
//! 94 % of the errors of plain recognition are under seals. Red ink is nearly as bright as paper
//! in the red channel; on gray scans a seal is brighter than the text it covers. In both cases the
//! levels inside the seal's area are stretched so that the seal becomes paper. What is printed in
//! red (the head of an official paper) or in gray would vanish with it, so every such area is read
//! once more on the original.

use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::recognise::{RecognisedLine, recognise};
use super::ring::{self, Ring};
use super::tiles::{SIDE, detect};
use crate::bitmap::{Bitmap, Channels, Grays};
use crate::layout::{LineKind, PixelArea};

/// Share of sampled pixels that must be red before anything is done.
const RED_SHARE_MIN: f32 = 0.002;
/// The same for gray, which is never sure.
const GRAY_SHARE_MIN: f32 = 0.0005;
/// Distance between sampled pixels in each direction.
const SAMPLE: usize = 4;
/// Samples of one area are in touching cells of this side.
const JOIN: usize = 6;
/// Sides of a seal as shares of the page's shorter side: 17 to 84 mm of A4.
const SEAL_SIDE: std::ops::RangeInclusive<f32> = 0.08..=0.4;
/// Share of its bounds that a seal fills: a ring with a star is open, a photograph is not.
const SEAL_FILL: std::ops::RangeInclusive<f32> = 0.02..=0.7;
/// Text must be darker than the seal by this much, or they cannot be told apart.
const CONTRAST_MIN: u8 = 35;
/// Confidence that text read on a seal must have.
const LINE_MIN: f32 = 0.6;
/// Many coloured specks are a photograph, not seals.
const MARKS_MAX: usize = 12;

/// Seals over the text of a page.
pub(super) struct Seals {
    colour: bool,
    marks: Vec<SealCandidate>,
    /// Seals distinguished from print only by their shape.
    rings: Vec<Ring>,
}

#[derive(Clone, Copy, Debug)]
struct SealCandidate {
    area: PixelArea,
    /// As large, as high as wide and as open as a seal, and not a red line of text.
    seal: bool,
    /// Levels of text and of the lightest tenth of what is to become paper.
    dark: u8,
    light: u8,
}

/// Looks for coherent red areas or, on gray pages, for seals in gray. `paper` is the shorter side of a sheet of paper in
/// pixels: seals are measured by it.
pub(super) fn find(page: &Bitmap, paper: f32) -> Seals {
    let mut seals = Seals {
        colour: page.channels() == Channels::Rgb,
        ..Seals::none()
    };
    if !page.header().bilevel {
        seals.marks = by_ink(page, paper);
    }
    if !seals.colour && seals.marks.is_empty() {
        seals.rings = ring::find(page, paper);
    }
    seals
}

fn by_ink(page: &Bitmap, paper: f32) -> Vec<SealCandidate> {
    let colour = page.channels() == Channels::Rgb;
    let levels = Levels::of(page);
    let (width, height) = (page.width() as usize, page.height() as usize);
    let (w, h) = (width.div_ceil(SAMPLE), height.div_ceil(SAMPLE));
    let mut mask = vec![false; w * h];
    let mut count = 0usize;
    for y in 0..h {
        for x in 0..w {
            let hit = if colour {
                let at = (y * SAMPLE * width + x * SAMPLE) * 3;
                is_red(&page.data()[at..at + 3])
            } else {
                levels.solid_gray(page, x * SAMPLE, y * SAMPLE)
            };
            mask[y * w + x] = hit;
            count += usize::from(hit);
        }
    }
    let share = if colour { RED_SHARE_MIN } else { GRAY_SHARE_MIN };
    if (count as f32) < (w * h) as f32 * share {
        return Vec::new();
    }
    let mut marks = marks(page, &mask, w, h, paper);
    if !colour {
        marks.retain(|m| m.seal && m.light > m.dark.saturating_add(CONTRAST_MIN));
    }
    marks
}

/// Red beyond what paper, lamps and cameras add. The measure is relative, because photographs of
/// seals are dark; the floor keeps yellowed paper out.
fn is_red(p: &[u8]) -> bool {
    let (r, g, b) = (i32::from(p[0]), i32::from(p[1]), i32::from(p[2]));
    let above = r - g.max(b);
    above > 32 && above * 100 > r * 22
}

/// The grays of a page.
struct Levels {
    dark: u8,
    paper: u8,
    /// Half the width of a stroke that is wider than the edge of a letter.
    reach: usize,
}

impl Levels {
    fn of(page: &Bitmap) -> Levels {
        let grays = Grays::of(page.data().iter().copied().step_by(7 * page.channels().count()));
        let reach = if page.width().min(page.height()) > 2_000 { 2 } else { 1 };
        Levels {
            dark: grays.print(),
            paper: grays.paper(),
            reach,
        }
    }

    /// Neither paper nor text, and so all around: edges of letters are thinner.
    fn solid_gray(&self, page: &Bitmap, x: usize, y: usize) -> bool {
        let span = i32::from(self.paper) - i32::from(self.dark);
        if span < 60 {
            return false;
        }
        let low = i32::from(self.dark) + span / 5;
        let high = i32::from(self.paper) - span / 8;
        let (w, h) = (page.width() as usize, page.height() as usize);
        let r = self.reach;
        if x < r || y < r || x + r >= w || y + r >= h {
            return false;
        }
        [
            (0, 0),
            (r, r),
            (r, 2 * r),
            (2 * r, r),
            (0, r),
            (r, 0),
            (2 * r, 2 * r),
            (0, 2 * r),
            (2 * r, 0),
        ]
        .iter()
        .all(|(dx, dy)| {
            let v = i32::from(page.data()[(y + dy - r) * w + x + dx - r]);
            (low..high).contains(&v)
        })
    }
}

impl Seals {
    /// For pages on which seals are to be read in place.
    pub fn none() -> Seals {
        Seals {
            colour: false,
            marks: Vec::new(),
            rings: Vec::new(),
        }
    }

    /// The page as it would be without them; `None` where there are none.
    pub fn without(&self, page: &Bitmap) -> Option<Bitmap> {
        if self.marks.is_empty() {
            return None;
        }
        let mut clean = if self.colour { page.red_channel() } else { page.clone() };
        let width = clean.width() as usize;
        for mark in &self.marks {
            if !mark.seal || mark.light <= mark.dark.saturating_add(CONTRAST_MIN) {
                continue;
            }
            let (dark, span) = (u32::from(mark.dark), u32::from(mark.light - mark.dark));
            let levels: Vec<u8> = (0..256u32)
                .map(|v| (v.saturating_sub(dark) * 255 / span).min(255) as u8)
                .collect();
            let (x0, x1, y0, y1) = pixels(&mark.area, &clean);
            for y in y0..y1 {
                for value in &mut clean.data_mut()[y * width + x0..y * width + x1] {
                    *value = levels[usize::from(*value)];
                }
            }
        }
        Some(clean)
    }

    /// The page without the rings distinguished from print only by their shape; `None` where there are none. Removing a
    /// ring may cost a stroke and leaves the letters of the seal, so this is only for reading lines a second time.
    pub fn without_rings(&self, page: &Bitmap) -> Option<Bitmap> {
        if self.rings.is_empty() {
            return None;
        }
        let mut clean = page.clone();
        self.rings.iter().for_each(|ring| ring.take_out(&mut clean));
        Some(clean)
    }

    /// The seals distinguished from print only by their shape.
    pub fn rings(&self) -> &[Ring] {
        &self.rings
    }

    /// Where seals are.
    pub fn areas(&self) -> Vec<PixelArea> {
        let marks = self.marks.iter().filter(|m| m.seal).map(|m| m.area);
        marks.chain(self.rings.iter().map(Ring::area)).collect()
    }

    /// Reads what is red or gray on the original and was not read without it.
    pub fn read_own_text(
        &self,
        engine: &mut dyn Engine,
        page: &Bitmap,
        found: &[RecognisedLine],
    ) -> Result<Vec<RecognisedLine>, EngineError> {
        let mut own: Vec<RecognisedLine> = Vec::new();
        for mark in &self.marks {
            let margin = (mark.area.h.min(mark.area.w) * 0.1).max(16.0);
            let x = (mark.area.x - margin).max(0.0);
            let y = (mark.area.y - margin).max(0.0);
            let (w, h) = (mark.area.w + 2.0 * margin, mark.area.h + 2.0 * margin);
            let part = page.cropped(x as u32, y as u32, w as u32, h as u32);
            let side = (part.width().max(part.height())).clamp(320, SIDE);
            for quad in detect(engine, &part, side)? {
                let quad = quad.moved(x.floor(), y.floor());
                if !self.covers(page, mark, &quad) || is_known(&quad, found) || is_known(&quad, &own) {
                    continue;
                }
                if let Some(mut line) = recognise(engine, page, &quad)? {
                    if line.line.confidence < LINE_MIN {
                        continue;
                    }
                    if mark.seal {
                        line.line.kind = LineKind::Seal;
                    }
                    own.push(line);
                }
            }
        }
        Ok(own)
    }

    /// Whether the ink inside a box is mostly that of the mark and not text.
    fn covers(&self, page: &Bitmap, mark: &SealCandidate, quad: &Quad) -> bool {
        if self.colour {
            return covers_red(page, quad);
        }
        let (x0, x1, y0, y1) = pixels(&quad.area(), page);
        let text = mark.dark + (mark.light - mark.dark) / 2;
        let (mut gray, mut dark) = (0u32, 0u32);
        for y in (y0..y1).step_by(2) {
            for x in (x0..x1).step_by(2) {
                let v = page.data()[y * page.width() as usize + x];
                dark += u32::from(v < text);
                gray += u32::from(v >= text && v < mark.light.saturating_add(40));
            }
        }
        gray > dark && gray > 20
    }
}

/// The pixels of an area, cut to the bitmap: x from and to, y from and to.
fn pixels(area: &PixelArea, page: &Bitmap) -> (usize, usize, usize, usize) {
    let (w, h) = (page.width() as usize, page.height() as usize);
    let cut = |v: f32, end: usize| (v.max(0.0) as usize).min(end);
    (
        cut(area.x, w),
        cut(area.right(), w),
        cut(area.y, h),
        cut(area.bottom(), h),
    )
}

/// Whether the ink inside a box is mostly red.
fn covers_red(page: &Bitmap, quad: &Quad) -> bool {
    let area = quad.area();
    let (width, height) = (page.width() as usize, page.height() as usize);
    let (mut red, mut dark) = (0u32, 0u32);
    for y in (area.y.max(0.0) as usize..(area.bottom().max(0.0) as usize).min(height)).step_by(2) {
        for x in (area.x.max(0.0) as usize..(area.right().max(0.0) as usize).min(width)).step_by(2) {
            let at = (y * width + x) * 3;
            let p = &page.data()[at..at + 3];
            if is_red(p) {
                red += 1;
            } else if p[0] < 110 {
                dark += 1;
            }
        }
    }
    red > dark && red > 20
}

/// Whether the box was read already: it and a confident line mostly overlap.
fn is_known(quad: &Quad, found: &[RecognisedLine]) -> bool {
    let area = quad.area();
    found.iter().any(|f| {
        let line = &f.line.area;
        let smaller = (area.w * area.h).min(line.w * line.h);
        f.line.confidence > 0.7 && line.shared(&area) > 0.5 * smaller
    })
}

/// Samples that touch, over small gaps, as areas in pixels of the page, the largest first.
fn marks(page: &Bitmap, mask: &[bool], w: usize, h: usize, paper: f32) -> Vec<SealCandidate> {
    let (cw, ch) = (w.div_ceil(JOIN), h.div_ceil(JOIN));
    let mut cells = vec![0u16; cw * ch];
    for y in 0..h {
        for x in 0..w {
            cells[y / JOIN * cw + x / JOIN] += u16::from(mask[y * w + x]);
        }
    }
    let mut open: Vec<bool> = cells.iter().map(|&n| n >= 2).collect();
    let mut marks = Vec::new();
    for start in 0..open.len() {
        if !std::mem::take(&mut open[start]) {
            continue;
        }
        let (mut x0, mut x1, mut y0, mut y1) = (usize::MAX, 0, usize::MAX, 0);
        let (mut samples, mut count) = (0u32, 0u32);
        let mut stack = vec![start];
        while let Some(at) = stack.pop() {
            let (x, y) = (at % cw, at / cw);
            (x0, x1, y0, y1) = (x0.min(x), x1.max(x), y0.min(y), y1.max(y));
            samples += u32::from(cells[at]);
            count += 1;
            for ny in y.saturating_sub(1)..=(y + 1).min(ch - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(cw - 1) {
                    if std::mem::take(&mut open[ny * cw + nx]) {
                        stack.push(ny * cw + nx);
                    }
                }
            }
        }
        if samples < 24 || count < 3 {
            continue;
        }
        let pixel = |cell: usize| (cell * JOIN * SAMPLE) as f32;
        let area = PixelArea {
            x: pixel(x0),
            y: pixel(y0),
            w: pixel(x1 - x0 + 1),
            h: pixel(y1 - y0 + 1),
        };
        let fill = samples as f32 / ((x1 - x0 + 1) * (y1 - y0 + 1) * JOIN * JOIN) as f32;
        let seal = SEAL_SIDE.contains(&(area.w / paper))
            && SEAL_SIDE.contains(&(area.h / paper))
            && (0.5..=2.0).contains(&(area.w / area.h))
            && SEAL_FILL.contains(&fill);
        let (dark, light) = levels_in(page, mask, w, &area);
        marks.push(SealCandidate {
            area,
            seal,
            dark,
            light,
        });
    }
    marks.sort_by(|a, b| (b.area.w * b.area.h).total_cmp(&(a.area.w * a.area.h)));
    marks.truncate(MARKS_MAX);
    marks
}

/// Level of the text in an area, and the level above which nearly all of the mark is, in the
/// channel in which the page will be read.
fn levels_in(page: &Bitmap, mask: &[bool], mask_width: usize, area: &PixelArea) -> (u8, u8) {
    let (x0, x1, y0, y1) = pixels(area, page);
    let n = page.channels().count();
    let samples = || {
        let rows = (y0..y1).step_by(SAMPLE);
        rows.flat_map(move |y| (x0..x1).step_by(SAMPLE).map(move |x| (x, y)))
    };
    let gray = |(x, y): (usize, usize)| page.data()[(y * page.width() as usize + x) * n];
    let in_mark = |(x, y): &(usize, usize)| mask.get(y / SAMPLE * mask_width + x / SAMPLE) == Some(&true);
    let light = Grays::of(samples().filter(in_mark).map(gray)).level(0.12);
    // An area without any text has its darkest strokes of the seal here; then nothing is lost by
    // calling everything paper.
    (Grays::of(samples().map(gray)).level(0.005).min(light), light)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitmap::BitmapHeader;

    #[test]
    fn red_is_found_and_taken_out() {
        let (width, height) = (1_200u32, 1_200u32);
        let mut data = vec![255u8; (width * height * 3) as usize];
        for y in 0..1_200i32 {
            for x in 0..1_200i32 {
                let d = (((x - 400).pow(2) + (y - 300).pow(2)) as f32).sqrt();
                if (180.0..200.0).contains(&d) {
                    let at = ((y * 1_200 + x) * 3) as usize;
                    data[at..at + 3].copy_from_slice(&[215, 60, 60]);
                }
            }
        }
        let header = BitmapHeader {
            width,
            height,
            channels: Channels::Rgb,
            dpi: None,
            bilevel: false,
        };
        let page = Bitmap::new(header, data).expect("the right length");
        let seals = find(&page, 1_200.0);
        let areas = seals.areas();
        assert_eq!(areas.len(), 1);
        assert!((areas[0].x - 200.0).abs() < 40.0 && (areas[0].w - 400.0).abs() < 60.0);
        let clean = seals.without(&page).expect("a page without it");
        assert!(clean.data().iter().all(|&v| v > 200));
    }

    #[test]
    fn yellowed_paper_and_black_text_are_not_red() {
        assert!(!is_red(&[225, 215, 190]));
        assert!(!is_red(&[40, 38, 36]));
        assert!(!is_red(&[120, 100, 80]));
        assert!(is_red(&[225, 130, 130]));
        assert!(is_red(&[110, 50, 50]));
    }
}
