//! Seals: found by their red, taken out before the page is read, then read on their own.
//!
//! 94 % of the errors of plain recognition lie under red seals. In the red channel red ink is as
//! bright as paper. Text printed in red (the head of an official paper) vanishes with it, so
//! everything red is read once more on the original.

use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::recognise::{Found, recognise};
use super::tiles::{SIDE, detect_part};
use crate::bitmap::{Bitmap, Channels};
use crate::layout::{Area, LineKind};

/// Share of sampled pixels that must be red before anything is done.
const RED_SHARE_MIN: f32 = 0.002;
/// Every so many pixels are sampled in each direction.
const SAMPLE: usize = 4;
/// Red areas closer than so many samples are one.
const JOIN: usize = 6;
/// Sides of a red area that is a seal, in samples of a page at 300 dpi: from 12 to 70 mm.
const SEAL_SIDE_MIN: usize = 30;
/// Confidence that text read on red must have.
const LINE_MIN: f32 = 0.6;

/// What is red on a page.
pub(super) struct Seals {
    red: Vec<RedArea>,
}

#[derive(Clone, Copy, Debug)]
struct RedArea {
    area: Area,
    /// As high as wide, more or less, and open inside: a seal and not a red line of text.
    round: bool,
}

/// Looks for coherent red areas.
pub(super) fn find(page: &Bitmap) -> Seals {
    let none = Seals { red: Vec::new() };
    if page.channels() != Channels::Rgb {
        return none;
    }
    let (width, height) = (page.width() as usize, page.height() as usize);
    let (w, h) = (width.div_ceil(SAMPLE), height.div_ceil(SAMPLE));
    let mut mask = vec![false; w * h];
    let mut count = 0usize;
    for y in 0..h {
        for x in 0..w {
            let at = (y * SAMPLE * width + x * SAMPLE) * 3;
            if is_red(&page.data()[at..at + 3]) {
                mask[y * w + x] = true;
                count += 1;
            }
        }
    }
    if (count as f32) < (w * h) as f32 * RED_SHARE_MIN {
        return none;
    }
    Seals { red: red_areas(&mask, w, h) }
}

/// Red beyond what paper, lamps and cameras add. The measure is relative, because photographs of
/// seals are dark; the floor keeps yellowed paper out.
fn is_red(p: &[u8]) -> bool {
    let (r, g, b) = (i32::from(p[0]), i32::from(p[1]), i32::from(p[2]));
    let above = r - g.max(b);
    above > 32 && above * 100 > r * 22
}

impl Seals {
    /// The page as it would be without red ink.
    pub fn without(&self, page: &Bitmap) -> Bitmap {
        if self.red.is_empty() { page.clone() } else { page.red_channel() }
    }

    /// Where seals are.
    pub fn areas(&self) -> Vec<Area> {
        self.red.iter().filter(|r| r.round).map(|r| r.area).collect()
    }

    /// Reads what is red on the original and was not read without it.
    pub fn read_own_text(
        &self,
        engine: &mut dyn Engine,
        page: &Bitmap,
        found: &[Found],
    ) -> Result<Vec<Found>, EngineError> {
        let mut own: Vec<Found> = Vec::new();
        for red in &self.red {
            let margin = (red.area.h.min(red.area.w) * 0.1).max(16.0);
            let x = (red.area.x - margin).max(0.0);
            let y = (red.area.y - margin).max(0.0);
            let (w, h) = (red.area.w + 2.0 * margin, red.area.h + 2.0 * margin);
            let part = page.cropped(x as u32, y as u32, w as u32, h as u32);
            let side = (part.width().max(part.height())).clamp(320, SIDE);
            for quad in detect_part(engine, &part, side)? {
                let quad = quad.moved(x.floor(), y.floor());
                if !covers_red(page, &quad) || is_known(&quad, found) || is_known(&quad, &own) {
                    continue;
                }
                if let Some(mut line) = recognise(engine, page, &quad)? {
                    if line.line.confidence < LINE_MIN {
                        continue;
                    }
                    if red.round {
                        line.line.kind = LineKind::Seal;
                    }
                    own.push(line);
                }
            }
        }
        Ok(own)
    }
}

/// Whether the ink inside a box is mostly red.
fn covers_red(page: &Bitmap, quad: &Quad) -> bool {
    let area = quad.area();
    let (width, height) = (page.width() as usize, page.height() as usize);
    let (mut red, mut dark) = (0u32, 0u32);
    for y in (area.y.max(0.0) as usize..(area.bottom().max(0.0) as usize).min(height)).step_by(2) {
        for x in (area.x.max(0.0) as usize..(area.right().max(0.0) as usize).min(width)).step_by(2)
        {
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

/// Whether the box was read already: most of it lies in a confident line.
fn is_known(quad: &Quad, found: &[Found]) -> bool {
    let area = quad.area();
    let size = area.w * area.h;
    found.iter().any(|f| {
        f.line.confidence > 0.7 && f.line.area.shared(&area) > 0.5 * size
    })
}

/// Red samples joined over small gaps, as areas in pixels of the page.
fn red_areas(mask: &[bool], w: usize, h: usize) -> Vec<RedArea> {
    // Cells of JOIN x JOIN samples stand for the red in them; neighbours belong together.
    let (cw, ch) = (w.div_ceil(JOIN), h.div_ceil(JOIN));
    let mut cells = vec![0u16; cw * ch];
    for y in 0..h {
        for x in 0..w {
            cells[y / JOIN * cw + x / JOIN] += u16::from(mask[y * w + x]);
        }
    }
    let mut open: Vec<bool> = cells.iter().map(|&n| n >= 2).collect();
    let mut areas = Vec::new();
    for start in 0..open.len() {
        if !open[start] {
            continue;
        }
        let (mut x0, mut x1, mut y0, mut y1) = (usize::MAX, 0, usize::MAX, 0);
        let (mut red, mut count) = (0u32, 0u32);
        let mut stack = vec![start];
        open[start] = false;
        while let Some(at) = stack.pop() {
            let (x, y) = (at % cw, at / cw);
            (x0, x1, y0, y1) = (x0.min(x), x1.max(x), y0.min(y), y1.max(y));
            red += u32::from(cells[at]);
            count += 1;
            for ny in y.saturating_sub(1)..=(y + 1).min(ch - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(cw - 1) {
                    if std::mem::take(&mut open[ny * cw + nx]) {
                        stack.push(ny * cw + nx);
                    }
                }
            }
        }
        if red < 24 || count < 3 {
            continue;
        }
        let (across, along) = ((x1 - x0 + 1) * JOIN, (y1 - y0 + 1) * JOIN);
        let shape = across as f32 / along as f32;
        let pixel = |samples: usize| (samples * SAMPLE) as f32;
        let area = Area {
            x: pixel(x0 * JOIN),
            y: pixel(y0 * JOIN),
            w: pixel(across),
            h: pixel(along),
        };
        let round = across.min(along) >= SEAL_SIDE_MIN && (0.5..=2.0).contains(&shape);
        areas.push(RedArea { area, round });
    }
    areas.sort_by(|a, b| (b.area.w * b.area.h).total_cmp(&(a.area.w * a.area.h)));
    // Many red specks are a photograph, not seals.
    areas.truncate(12);
    areas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitmap::BitmapHeader;

    #[test]
    fn red_is_found_and_taken_out() {
        let (width, height) = (800u32, 800u32);
        let mut data = vec![255u8; (width * height * 3) as usize];
        for y in 0..800i32 {
            for x in 0..800i32 {
                let d = (((x - 400).pow(2) + (y - 300).pow(2)) as f32).sqrt();
                if (180.0..200.0).contains(&d) {
                    let at = ((y * 800 + x) * 3) as usize;
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
        let seals = find(&page);
        let areas = seals.areas();
        assert_eq!(areas.len(), 1);
        assert!((areas[0].x - 200.0).abs() < 40.0 && (areas[0].w - 400.0).abs() < 60.0);
        let clean = seals.without(&page);
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
