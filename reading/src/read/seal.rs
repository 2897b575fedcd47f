//! Seals: found by their colour or their gray, taken out where they are, then read on their own.
//!
//! 94 % of the errors of plain recognition are under seals. Red ink is nearly as bright as paper
//! in the red channel; on gray scans a seal is brighter than the text it covers. In both cases the
//! levels inside the seal's area are stretched so that the seal becomes paper. Nothing beside a seal is touched: what is
//! printed in red or gray there, and pages without seals, are read as they are. Lines that a seal touches are read with
//! it and without it ([`super::sealed`]).

use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::recognise::{RecognisedLine, recognise};
use super::ring::{self, Ring};
use super::seal_marks::{CONTRAST_MIN, SealCandidate, by_ink, is_red, pixels};
use super::tiles::{SIDE, detect};
use crate::bitmap::{Bitmap, Channels};
use crate::layout::{LineKind, PixelArea};

/// Confidence that text read on a seal must have.
pub(super) const LINE_MIN: f32 = 0.6;
/// Darkness of what is left of a page without seals, from which it is print.
const PRINT: u8 = 170;
/// Share of the square of a character that must be print.
const PRINT_SHARE: f32 = 0.015;

/// Seals over the text of a page.
pub(super) struct Seals {
    colour: bool,
    marks: Vec<SealCandidate>,
    /// Seals distinguished from print only by their shape.
    rings: Vec<Ring>,
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

impl Seals {
    /// For pages on which seals are to be read in place.
    pub fn none() -> Seals {
        Seals {
            colour: false,
            marks: Vec::new(),
            rings: Vec::new(),
        }
    }

    /// One seal in gray there.
    #[cfg(test)]
    pub fn at(area: PixelArea) -> Seals {
        let mark = SealCandidate {
            area,
            dark: 0,
            light: 200,
        };
        Seals {
            marks: vec![mark],
            ..Seals::none()
        }
    }

    /// The page in gray as it would be without them; `None` where there are none.
    pub fn without(&self, page: &Bitmap) -> Option<Bitmap> {
        if self.marks.is_empty() {
            return None;
        }
        let mut clean = page.to_gray();
        let width = clean.width() as usize;
        let n = page.channels().count();
        for mark in &self.marks {
            // Where nothing is darker than the seal nothing lies under it.
            let dark = u32::from(mark.dark.min(mark.light.saturating_sub(CONTRAST_MIN)));
            let span = u32::from(mark.light).saturating_sub(dark).max(1);
            let levels: Vec<u8> = (0..256u32)
                .map(|v| (v.saturating_sub(dark) * 255 / span).min(255) as u8)
                .collect();
            let (x0, x1, y0, y1) = pixels(&mark.area, &clean);
            for at in (y0..y1).flat_map(|y| y * width + x0..y * width + x1) {
                // The red channel, or the only one.
                clean.data_mut()[at] = levels[usize::from(page.data()[at * n])];
            }
        }
        Some(clean)
    }

    /// The seals that are taken out of the page.
    pub fn taken_out(&self) -> impl Iterator<Item = PixelArea> + '_ {
        self.marks.iter().map(|mark| mark.area)
    }

    /// Whether the ink of a line is mostly that of a seal.
    pub fn is_own(&self, page: &Bitmap, area: &PixelArea) -> bool {
        self.marks
            .iter()
            .any(|mark| mark.area.shared(area) > 0.0 && self.covers(page, mark, area))
    }

    /// Whether print is left in an area of the page without seals.
    pub fn has_print(clean: &Bitmap, area: &PixelArea) -> bool {
        let (x0, x1, y0, y1) = pixels(area, clean);
        let row = |y: usize| &clean.data()[y * clean.width() as usize + x0..y * clean.width() as usize + x1];
        let dark: usize = (y0..y1).map(|y| row(y).iter().filter(|v| **v < PRINT).count()).sum();
        dark as f32 > PRINT_SHARE * ((x1 - x0) * (y1 - y0)) as f32
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
        let marks = self.marks.iter().map(|m| m.area);
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
                if !self.covers(page, mark, &quad.area()) || is_known(&quad, found) || is_known(&quad, &own) {
                    continue;
                }
                if let Some(mut line) = recognise(engine, page, &quad)? {
                    if line.line.confidence < LINE_MIN {
                        continue;
                    }
                    line.line.kind = LineKind::Seal;
                    own.push(line);
                }
            }
        }
        Ok(own)
    }

    /// Whether the ink inside a box is mostly that of the mark and not text.
    fn covers(&self, page: &Bitmap, mark: &SealCandidate, area: &PixelArea) -> bool {
        if self.colour {
            return covers_red(page, area);
        }
        let (x0, x1, y0, y1) = pixels(area, page);
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

/// Whether the ink inside a box is mostly red.
fn covers_red(page: &Bitmap, area: &PixelArea) -> bool {
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

    /// A page of letters in black whose edges are red on the left and blue on the right, as screens draw them.
    #[test]
    fn coloured_edges_and_red_headings_are_no_seals() {
        let (width, height) = (1_200u32, 1_200u32);
        let page = |ink: &dyn Fn(usize, usize) -> Option<[u8; 3]>| {
            let pixel = |at: usize| ink(at % 1_200, at / 1_200).unwrap_or([255; 3]);
            let data = (0..1_200 * 1_200).flat_map(pixel).collect();
            let header = BitmapHeader {
                width,
                height,
                channels: Channels::Rgb,
                dpi: None,
                bilevel: false,
            };
            Bitmap::new(header, data).expect("the right length")
        };
        let fringes = page(&|x, y| match (
            x % 12,
            y % 30 < 20 && (200..600).contains(&x) && (200..600).contains(&y),
        ) {
            (2..=3, true) => Some([230, 120, 90]),
            (4..=6, true) => Some([0, 0, 0]),
            (7..=8, true) => Some([90, 120, 230]),
            _ => None,
        });
        assert!(find(&fringes, 1_200.0).without(&fringes).is_none());
        let heading =
            page(&|x, y| ((200..1_000).contains(&x) && (90..180).contains(&y) && x % 50 < 30).then_some([215, 40, 40]));
        assert!(find(&heading, 1_200.0).without(&heading).is_none());
    }

    /// Beside a seal nothing changes.
    #[test]
    fn only_the_area_of_a_seal_is_cleaned() {
        let mut data = vec![255u8; 1_200 * 1_200 * 3];
        for y in 0..1_200i32 {
            for x in 0..1_200i32 {
                let d = (((x - 400).pow(2) + (y - 300).pow(2)) as f32).sqrt();
                let at = ((y * 1_200 + x) * 3) as usize;
                if (180.0..200.0).contains(&d) {
                    data[at..at + 3].copy_from_slice(&[215, 60, 60]);
                } else if (800..1_100).contains(&x) && (900..930).contains(&y) {
                    data[at..at + 3].copy_from_slice(&[200, 20, 20]);
                }
            }
        }
        let header = BitmapHeader {
            width: 1_200,
            height: 1_200,
            channels: Channels::Rgb,
            dpi: None,
            bilevel: false,
        };
        let page = Bitmap::new(header, data).expect("the right length");
        let clean = find(&page, 1_200.0).without(&page).expect("without the ring");
        let area = |x, y| PixelArea { x, y, w: 40.0, h: 20.0 };
        assert!(
            Seals::has_print(&clean, &area(900.0, 905.0)),
            "red print beside a seal stays"
        );
        assert!(!Seals::has_print(&clean, &area(400.0, 110.0)), "the ring is gone");
    }
}
