//! Cutting a line out of the page, level and at the height the recogniser wants.

use super::detect::Quad;
use super::engine::{LINE_HEIGHT, ORIENTATION_WIDTH};
use super::paper::widened;
use crate::bitmap::{Bitmap, BitmapHeader};
use crate::layout::Turn;

/// Wider lines are squeezed; A3 across in small print has 2,900.
const WIDTH_MAX: u32 = 4_096;
/// Narrower ones get paper on the right: the network sees too little context otherwise.
const WIDTH_MIN: u32 = 48;
/// Paper kept before and after the ink, in percent of the height.
const MARGIN_PERCENT: usize = 18;
/// Slants below this are cut without sampling anew (radians; 0.3 degrees).
const LEVEL: f32 = 0.005;

/// The inside of a quad, level, at the page's own resolution.
pub(super) fn cut(page: &Bitmap, quad: &Quad) -> Bitmap {
    if quad.angle.abs() < LEVEL {
        let edge = |v: f32| v.round().max(0.0) as u32;
        let (x, y) = (edge(quad.cx - quad.w / 2.0), edge(quad.cy - quad.h / 2.0));
        let right = edge(quad.cx + quad.w / 2.0).max(x + 1);
        let bottom = edge(quad.cy + quad.h / 2.0).max(y + 1);
        return page.cropped(x, y, right - x, bottom - y);
    }
    let (width, height) = (quad.w.round().max(1.0) as u32, quad.h.round().max(1.0) as u32);
    let (sin, cos) = quad.angle.sin_cos();
    let n = page.channels().count();
    let (page_w, page_h) = (page.width() as usize, page.height() as usize);
    let data = page.data();
    let mut out = Vec::with_capacity(width as usize * height as usize * n);
    for j in 0..height {
        for i in 0..width {
            let u = i as f32 + 0.5 - quad.w / 2.0;
            let v = j as f32 + 0.5 - quad.h / 2.0;
            let x = (quad.cx + u * cos - v * sin - 0.5).clamp(0.0, (page_w - 1) as f32);
            let y = (quad.cy + u * sin + v * cos - 0.5).clamp(0.0, (page_h - 1) as f32);
            let (x0, y0) = (x as usize, y as usize);
            let (x1, y1) = ((x0 + 1).min(page_w - 1), (y0 + 1).min(page_h - 1));
            let (fx, fy) = (x - x0 as f32, y - y0 as f32);
            for c in 0..n {
                let at = |px: usize, py: usize| f32::from(data[(py * page_w + px) * n + c]);
                let top = at(x0, y0) * (1.0 - fx) + at(x1, y0) * fx;
                let low = at(x0, y1) * (1.0 - fx) + at(x1, y1) * fx;
                out.push((top * (1.0 - fy) + low * fy).round() as u8);
            }
        }
    }
    let header = BitmapHeader {
        width,
        height,
        bilevel: false,
        ..page.header()
    };
    // The length is right by construction; a page of one gray would be seen at once.
    Bitmap::new(header, out).unwrap_or_else(|| Bitmap::filled(width, height, 255))
}

/// A line as the recogniser takes it.
pub(super) struct Line {
    pub image: Bitmap,
    /// Pixels of the image for each pixel of the cut.
    pub scale: f32,
    /// Where the image begins, in pixels of the cut.
    pub start: f32,
}

/// Brings a cut to the recogniser's height, without the paper before and after its ink: the cost
/// of recognising is the width.
pub(super) fn line(cut: &Bitmap) -> Line {
    let (from, to) = inked(cut);
    let part = if (from, to) == (0, cut.width()) {
        cut.clone()
    } else {
        cut.cropped(from, 0, to - from, cut.height())
    };
    let scale = LINE_HEIGHT as f32 / part.height() as f32;
    let ideal = (part.width() as f32 * scale).max(1.0);
    let width = (ideal.ceil() as u32).min(WIDTH_MAX);
    let resized = part.resized(width, LINE_HEIGHT);
    let padded = width.max(WIDTH_MIN).next_multiple_of(8);
    let scale = width as f32 / part.width() as f32;
    Line {
        image: widened(&resized, padded),
        scale,
        start: from as f32,
    }
}

/// The columns that hold ink, with a margin; all of them where ink and paper are not clear.
fn inked(cut: &Bitmap) -> (u32, u32) {
    let n = cut.channels().count();
    let width = cut.width() as usize;
    let mut counts = [0u32; 256];
    cut.data().iter().step_by(n).for_each(|&v| counts[usize::from(v)] += 1);
    let total = cut.width() * cut.height();
    let level = |share: f32| {
        let mut left = (total as f32 * share) as u32;
        counts.iter().position(|&c| {
            let here = left < c;
            left = left.saturating_sub(c);
            here
        })
    };
    let (dark, paper) = (level(0.01).unwrap_or(0), level(0.75).unwrap_or(255));
    if paper < dark + 60 {
        return (0, cut.width());
    }
    // Faint strokes count as ink; specks of paper do not matter, they only keep a column.
    let edge = (paper - (paper - dark) / 4) as u8;
    let has_ink = |x: usize| {
        let column = cut.data().iter().skip(x * n).step_by(width * n);
        column.filter(|&&v| v < edge).count() >= 2
    };
    let (Some(first), Some(last)) = ((0..width).find(|&x| has_ink(x)), (0..width).rfind(|&x| has_ink(x))) else {
        return (0, cut.width());
    };
    let margin = cut.height() as usize * MARGIN_PERCENT / 100;
    (
        first.saturating_sub(margin) as u32,
        (last + 1 + margin).min(width) as u32,
    )
}

/// A line as the orientation classifier takes it.
pub(super) fn orientation_sample(cut: &Bitmap) -> Bitmap {
    let scale = LINE_HEIGHT as f32 / cut.height() as f32;
    let width = ((cut.width() as f32 * scale).round() as u32).clamp(1, ORIENTATION_WIDTH);
    // Only the beginning of a long line: squeezed characters look the same on their heads.
    let shown = (width as f32 / scale).round().max(1.0) as u32;
    let part = cut.cropped(0, 0, shown, cut.height());
    widened(&part.resized(width, LINE_HEIGHT), ORIENTATION_WIDTH)
}

/// A tall cut, turned so that its text may be level.
pub(super) fn laid_down(cut: Bitmap) -> Bitmap {
    cut.turned(Turn::ThreeQuarters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_48_high_and_a_multiple_of_8_wide() {
        let whole = line(&Bitmap::filled(333, 61, 200));
        assert_eq!(whole.image.height(), 48);
        assert_eq!(whole.image.width() % 8, 0);
        assert!((whole.scale - 48.0 / 61.0).abs() < 0.01);
        let narrow = line(&Bitmap::filled(10, 40, 200)).image;
        assert_eq!(narrow.width(), 48);
        assert!(narrow.data().iter().all(|&v| v == 200));
    }

    #[test]
    fn paper_before_and_after_the_ink_is_left_out() {
        let mut cut = Bitmap::filled(400, 50, 240);
        for y in 10..40 {
            cut.data_mut()[y * 400 + 100..y * 400 + 200].fill(20);
        }
        let line = line(&cut);
        assert_eq!(line.start, 91.0);
        assert!(line.image.width() < 130, "{}", line.image.width());
    }

    #[test]
    fn a_slanted_quad_is_cut_level() {
        let mut page = Bitmap::filled(200, 200, 255);
        for x in 20..180usize {
            let y = (60.0 + 0.2 * x as f32) as usize;
            for dy in 0..4 {
                page.data_mut()[(y + dy) * 200 + x] = 0;
            }
        }
        let angle = 0.2f32.atan();
        let quad = Quad {
            cx: 100.0,
            cy: 82.0,
            w: 140.0,
            h: 20.0,
            angle,
        };
        let cut = cut(&page, &quad);
        let dark_rows = cut
            .data()
            .chunks_exact(cut.width() as usize)
            .filter(|row| row.iter().filter(|&&v| v < 128).count() > 100)
            .count();
        assert!((2..=5).contains(&dark_rows), "{dark_rows}");
    }
}
