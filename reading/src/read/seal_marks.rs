//! Where seals are: coherent ink in red or, on gray pages, in one gray, as large, as high as wide and as open as a seal.

use crate::bitmap::{Bitmap, Channels, Grays};
use crate::layout::PixelArea;
use std::collections::HashSet;
use std::ops::Range;

/// Share of sampled pixels that must be red before anything is done.
const RED_SHARE_MIN: f32 = 0.0004;
/// The same for gray, which is never sure.
const GRAY_SHARE_MIN: f32 = 0.0005;
/// Distance between sampled pixels in each direction.
pub(super) const SAMPLE: usize = 4;
/// Samples of one area are in touching cells of this side.
const JOIN: usize = 6;
/// Sides of a seal as shares of the page's shorter side: 17 to 84 mm of A4.
const SEAL_SIDE: std::ops::RangeInclusive<f32> = 0.08..=0.4;
/// Share of its bounds that a seal fills: a ring with a star is open, a photograph is not.
const SEAL_FILL: std::ops::RangeInclusive<f32> = 0.015..=0.7;
/// Many coloured specks are a photograph, not seals.
const MARKS_MAX: usize = 12;
/// Red beside blue on the same row, within so many pixels, is the edge of a letter on a screen or of a lens.
const FRINGE: usize = 8;
/// Text must be darker than the seal by this much, or they cannot be told apart.
pub(super) const CONTRAST_MIN: u8 = 35;

/// Parts into which the frame of a seal is divided, and how many of them must hold ink: of an oval, and of four sides.
const BINS: usize = 48;
const OVAL: std::ops::RangeInclusive<f32> = 0.86..=1.1;
const OVAL_SHARE: f32 = 0.7;
const SIDES_SHARE: f32 = 0.8;
/// How near to a side its ink lies, of half the width.
const EDGE: f32 = 0.88;

#[derive(Clone, Copy, Debug)]
pub(super) struct SealCandidate {
    pub area: PixelArea,
    /// Levels of text and of the lightest tenth of what is to become paper.
    pub dark: u8,
    pub light: u8,
}

impl SealCandidate {
    /// Whether it can be told from the text under it.
    pub fn is_apart(&self) -> bool {
        self.light > self.dark.saturating_add(CONTRAST_MIN)
    }
}

/// The seals of a page, measured by the shorter side of a sheet of paper.
pub(super) fn by_ink(page: &Bitmap, paper: f32) -> Vec<SealCandidate> {
    let colour = page.channels() == Channels::Rgb;
    let levels = Levels::of(page);
    let (w, h) = (
        page.width().div_ceil(SAMPLE as u32) as usize,
        page.height().div_ceil(SAMPLE as u32) as usize,
    );
    let mut mask = vec![false; w * h];
    let mut count = 0usize;
    for y in 0..h {
        for x in 0..w {
            let hit = if colour {
                is_coherent_red(page, x * SAMPLE, y * SAMPLE)
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
        marks.retain(SealCandidate::is_apart);
    }
    marks
}

/// Red beyond what paper, lamps and cameras add. The measure is relative, because photographs of
/// seals are dark; the floor keeps yellowed paper out.
pub(super) fn is_red(p: &[u8]) -> bool {
    let (r, g, b) = (i32::from(p[0]), i32::from(p[1]), i32::from(p[2]));
    let above = r - g.max(b);
    above > 32 && above * 100 > r * 22
}

/// Red ink, not the coloured edge of something else: red in a square of pixels, and not beside blue.
fn is_coherent_red(page: &Bitmap, x: usize, y: usize) -> bool {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let at = |x: usize, y: usize| &page.data()[(y * width + x) * 3..(y * width + x) * 3 + 3];
    let red = |x: usize, y: usize| x < width && y < height && is_red(at(x, y));
    if !red(x, y) {
        return false;
    }
    let square = |dx: usize, dy: usize| {
        let (x, y) = ((x + dx).checked_sub(1), (y + dy).checked_sub(1));
        matches!((x, y), (Some(x), Some(y)) if red(x, y) && red(x + 1, y) && red(x, y + 1) && red(x + 1, y + 1))
    };
    let is_ink = square(1, 1) || square(0, 1) || square(1, 0) || square(0, 0);
    let blue = |x: usize| {
        let p = at(x, y);
        i32::from(p[2]) - i32::from(p[0].max(p[1])) > 32
    };
    is_ink && !(x.saturating_sub(FRINGE)..(x + FRINGE + 1).min(width)).any(blue)
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

/// The pixels of an area, cut to the bitmap: x from and to, y from and to.
pub(super) fn pixels(area: &PixelArea, page: &Bitmap) -> (usize, usize, usize, usize) {
    let (w, h) = (page.width() as usize, page.height() as usize);
    let cut = |v: f32, end: usize| (v.max(0.0) as usize).min(end);
    (
        cut(area.x, w),
        cut(area.right(), w),
        cut(area.y, h),
        cut(area.bottom(), h),
    )
}

/// Marks of any ink that have the size and the ring of a seal, by a mask of samples of this size.
pub(super) fn ringed_marks(page: &Bitmap, mask: &[bool], size: (usize, usize), paper: f32) -> Vec<PixelArea> {
    let found = marks(page, mask, size.0, size.1, paper);
    let sample = |v: f32| (v / SAMPLE as f32) as usize;
    let is_ringed = |area: &PixelArea| {
        let across = sample(area.x)..sample(area.right()).min(size.0);
        let down = sample(area.y)..sample(area.bottom()).min(size.1);
        frame_of(mask, size.0, (across, down)).0 >= OVAL_SHARE
    };
    found.into_iter().map(|mark| mark.area).filter(is_ringed).collect()
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
        let is_seal = SEAL_SIDE.contains(&(area.w / paper))
            && SEAL_SIDE.contains(&(area.h / paper))
            && (0.5..=2.0).contains(&(area.w / area.h))
            && SEAL_FILL.contains(&fill);
        let samples = (x0 * JOIN..((x1 + 1) * JOIN).min(w), y0 * JOIN..((y1 + 1) * JOIN).min(h));
        if !is_seal || !is_framed(mask, w, samples) {
            // Headings, letterheads, words and rules in red stay as they are.
            continue;
        }
        let (dark, light) = levels_in(page, mask, w, &area);
        marks.push(SealCandidate { area, dark, light });
    }
    marks.sort_by(|a, b| (b.area.w * b.area.h).total_cmp(&(a.area.w * a.area.h)));
    if marks.len() > MARKS_MAX {
        return Vec::new();
    }
    marks
}

/// Whether ink lies along an oval or along the four sides of its bounds: a seal has a frame, words have none.
fn is_framed(mask: &[bool], mask_width: usize, places: (Range<usize>, Range<usize>)) -> bool {
    let (oval, sides) = frame_of(mask, mask_width, places);
    oval >= OVAL_SHARE || sides >= SIDES_SHARE
}

/// The share of an oval, and of the four sides of the bounds, along which there is ink.
fn frame_of(mask: &[bool], mask_width: usize, (across, down): (Range<usize>, Range<usize>)) -> (f32, f32) {
    let all = down.flat_map(|y| across.clone().map(move |x| (x, y)));
    let ink: Vec<(f32, f32)> = all
        .filter(|(x, y)| mask[y * mask_width + x])
        .map(|(x, y)| (x as f32, y as f32))
        .collect();
    let bounds = |values: &dyn Fn(&(f32, f32)) -> f32| {
        let (least, most) = ink
            .iter()
            .map(values)
            .fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(v), b.max(v)));
        ((least + most) / 2.0, ((most - least) / 2.0).max(1.0))
    };
    let ((cx, rx), (cy, ry)) = (bounds(&|p| p.0), bounds(&|p| p.1));
    let mut farthest = [0.0f32; BINS];
    // Places along the four sides with ink at the edge.
    let mut edges: HashSet<(u8, i32)> = HashSet::new();
    for (px, py) in ink {
        let (x, y) = ((px - cx) / rx, (py - cy) / ry);
        let turn = (y.atan2(x) / std::f32::consts::TAU).rem_euclid(1.0);
        let bin = ((turn * BINS as f32) as usize).min(BINS - 1);
        farthest[bin] = farthest[bin].max(x.hypot(y));
        for (at_edge, side, place) in [
            (x < -EDGE, 0, py),
            (x > EDGE, 1, py),
            (y < -EDGE, 2, px),
            (y > EDGE, 3, px),
        ] {
            if at_edge {
                edges.insert((side, place as i32));
            }
        }
    }
    let oval = farthest.iter().filter(|r| OVAL.contains(*r)).count() as f32 / BINS as f32;
    let sides = edges.len() as f32 / (4.0 * (rx + ry));
    (oval, sides)
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

    #[test]
    fn rings_and_frames_are_told_from_words() {
        let check = |ink: &dyn Fn(f32, f32) -> bool| {
            let mask: Vec<bool> = (0..60 * 60).map(|at| ink((at % 60) as f32, (at / 60) as f32)).collect();
            is_framed(&mask, 60, (0..60, 0..60))
        };
        let ring = |x: f32, y: f32| (26.0..29.0).contains(&(x - 30.0).hypot(y - 30.0));
        assert!(check(&ring));
        assert!(
            check(&|x, y| ring(x, y) && !(y > 20.0 && y < 28.0)),
            "a part of it may be missing"
        );
        assert!(!check(&|x, y| ring(x, y) && x < 30.0), "half of it may not");
        let square = |x: f32, y: f32| x < 3.0 || y < 3.0 || x > 56.0 || y > 56.0;
        assert!(check(&square));
        let words = |x: f32, y: f32| y % 12.0 < 6.0 && x % 5.0 < 3.0;
        assert!(!check(&words));
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
