//! Seals and stamps so pale that they are neither found as seals nor as ink. Nobody would miss what they say, so where one
//! is seen it is marked for a look.
//!
//! Ink is pale where it differs from the paper by little, in tint or in gray, and so all around: the edges of letters are
//! as gray and thinner. What has the ring of a seal and something within it is one; a frame may be a table in light gray.

use super::seal_marks::{SAMPLE, ringed_marks};
use crate::bitmap::{Bitmap, Channels, Grays};
use crate::layout::PixelArea;

/// By how much pale ink is darker than the paper: less is the grain of the paper, more is ink that is seen anyway.
const DARKER: std::ops::RangeInclusive<i32> = 9..=52;
/// By how much its channels differ from those of the paper among each other, for tinted ink.
const TINT_MIN: i32 = 9;
/// Half the side of the square that must be of one ink.
const REACH: usize = 2;
/// Share of the samples of a mark that lie within its frame.
const WITHIN_MIN: f32 = 0.15;
/// What counts as within, of the way from the middle to the edge.
const WITHIN: f32 = 0.72;
/// Share of its bounds that a pale seal fills at most: a shaded box is full.
const FILL_MAX: f32 = 0.45;

/// Where pale seals are; `known` are the seals that were found.
pub(super) fn seals(page: &Bitmap, paper: f32, known: &[PixelArea]) -> Vec<PixelArea> {
    if page.header().bilevel {
        return Vec::new();
    }
    let ink = PaleInk::of(page);
    let size = (
        page.width().div_ceil(SAMPLE as u32) as usize,
        page.height().div_ceil(SAMPLE as u32) as usize,
    );
    let mask: Vec<bool> = (0..size.0 * size.1)
        .map(|at| ink.is_at(at % size.0 * SAMPLE, at / size.0 * SAMPLE))
        .collect();
    let marks = ringed_marks(page, &mask, size, paper);
    let is_apart = |area: &PixelArea| known.iter().all(|seal| seal.shared(area) <= 0.0);
    let is_seal = |area: &PixelArea| is_apart(area) && has_something_within(&mask, size.0, area);
    marks.into_iter().filter(is_seal).collect()
}

/// The page as it is looked at for pale ink.
struct PaleInk<'p> {
    page: &'p Bitmap,
    /// The level of the paper in each channel.
    paper: Vec<i32>,
}

impl PaleInk<'_> {
    fn of(page: &Bitmap) -> PaleInk<'_> {
        let n = page.channels().count();
        let level = |channel: usize| {
            let samples = page.data().iter().copied().skip(channel).step_by(7 * n);
            i32::from(Grays::of(samples).paper())
        };
        PaleInk {
            page,
            paper: (0..n).map(level).collect(),
        }
    }

    fn is_at(&self, x: usize, y: usize) -> bool {
        let (w, h) = (self.page.width() as usize, self.page.height() as usize);
        if x < REACH || y < REACH || x + REACH >= w || y + REACH >= h || !self.is_pale(x, y) {
            return false;
        }
        // Three of the four squares that touch it may be beside the stroke.
        let square = |dx: usize, dy: usize| {
            let (x, y) = (x + dx - REACH, y + dy - REACH);
            [(0, 0), (REACH, 0), (0, REACH), (REACH, REACH)]
                .iter()
                .all(|(dx, dy)| self.is_pale(x + dx, y + dy))
        };
        let is_stroke = square(0, 0) || square(REACH, 0) || square(0, REACH) || square(REACH, REACH);
        is_stroke && !self.is_beside_ink(x, y, w, h)
    }

    fn is_pale(&self, x: usize, y: usize) -> bool {
        let n = self.paper.len();
        let at = (y * self.page.width() as usize + x) * n;
        let below = |channel: usize| self.paper[channel] - i32::from(self.page.data()[at + channel]);
        match self.page.channels() {
            Channels::Gray => DARKER.contains(&below(0)),
            Channels::Rgb => {
                let [r, g, b] = [below(0), below(1), below(2)];
                let (least, most) = (r.min(g).min(b), r.max(g).max(b));
                let gray = (r * 3 + g * 6 + b) / 10;
                DARKER.contains(&gray) || (most - least >= TINT_MIN && gray < *DARKER.start() && most > TINT_MIN)
            }
        }
    }

    /// The halo of dark letters and of seals that are seen is as pale.
    fn is_beside_ink(&self, x: usize, y: usize, w: usize, h: usize) -> bool {
        let n = self.paper.len();
        let far = 3 * REACH;
        let places = [(0, far), (2 * far, far), (far, 0), (far, 2 * far)];
        places.iter().any(|(dx, dy)| {
            let (x, y) = (
                (x + dx).saturating_sub(far).min(w - 1),
                (y + dy).saturating_sub(far).min(h - 1),
            );
            let at = (y * w + x) * n;
            (0..n).any(|channel| self.paper[channel] - i32::from(self.page.data()[at + channel]) > *DARKER.end() + 20)
        })
    }
}

/// Letters or a star within the frame, and not so full that it is a shaded box.
fn has_something_within(mask: &[bool], width: usize, area: &PixelArea) -> bool {
    let sample = |v: f32| (v.max(0.0) / SAMPLE as f32) as usize;
    let (x0, x1) = (sample(area.x), sample(area.right()).min(width));
    let (y0, y1) = (sample(area.y), sample(area.bottom()).min(mask.len() / width.max(1)));
    let (cx, cy) = ((x0 + x1) as f32 / 2.0, (y0 + y1) as f32 / 2.0);
    let (rx, ry) = (((x1 - x0) as f32 / 2.0).max(1.0), ((y1 - y0) as f32 / 2.0).max(1.0));
    let (mut all, mut within) = (0usize, 0usize);
    for (x, y) in (y0..y1)
        .flat_map(|y| (x0..x1).map(move |x| (x, y)))
        .filter(|(x, y)| mask[y * width + x])
    {
        let (dx, dy) = ((x as f32 - cx) / rx, (y as f32 - cy) / ry);
        all += 1;
        within += usize::from(dx.abs() < WITHIN && dy.abs() < WITHIN && dx.hypot(dy) < WITHIN);
    }
    let fill = all as f32 / ((x1 - x0) * (y1 - y0)).max(1) as f32;
    fill <= FILL_MAX && within as f32 >= WITHIN_MIN * all as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitmap::BitmapHeader;

    const SIDE: usize = 1_600;

    /// A page with a ring of 300 pixels and five strokes in it, and lines of text beside it.
    fn page(ink: [u8; 3], within: bool) -> Bitmap {
        let mut data = vec![250u8; SIDE * SIDE * 3];
        let mut dot = |x: usize, y: usize, ink: [u8; 3]| data[(y * SIDE + x) * 3..][..3].copy_from_slice(&ink);
        for (x, y) in (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y))) {
            let far = (x as f32 - 800.0).hypot(y as f32 - 1_200.0);
            let stroke = within && far < 90.0 && x % 40 < 14;
            if (140.0..150.0).contains(&far) || stroke {
                dot(x, y, ink);
            }
            if y < 700 && y % 60 < 20 && x % 24 < 6 && (200..1_400).contains(&x) {
                dot(x, y, [20, 20, 20]);
            }
        }
        let header = BitmapHeader {
            width: SIDE as u32,
            height: SIDE as u32,
            channels: Channels::Rgb,
            ..Bitmap::filled(1, 1, 255).header()
        };
        Bitmap::new(header, data).expect("a page")
    }

    #[test]
    fn a_pale_seal_is_seen_and_other_marks_are_not() {
        let found = |ink, within| seals(&page(ink, within), SIDE as f32, &[]);
        for ink in [[250, 226, 226], [236, 238, 250], [228, 228, 228]] {
            let seen = found(ink, true);
            assert_eq!(seen.len(), 1, "{ink:?}");
            assert!(
                (seen[0].x - 650.0).abs() < 40.0 && (seen[0].w - 300.0).abs() < 60.0,
                "{seen:?}"
            );
        }
        assert!(found([250, 250, 250], true).is_empty(), "paper");
        assert!(found([247, 247, 246], true).is_empty(), "the grain of paper");
        assert!(found([20, 20, 20], true).is_empty(), "what is seen anyway");
        assert!(found([228, 228, 228], false).is_empty(), "a ring with nothing in it");
        let known = PixelArea {
            x: 640.0,
            y: 1_040.0,
            w: 320.0,
            h: 320.0,
        };
        assert!(seals(&page([250, 226, 226], true), SIDE as f32, &[known]).is_empty());
    }
}
