//! Round seals of the same colour as print: found by their ring, and removed as far as ring and
//! star go.
//!
//! A ring is thinner than a letter is high, so a stroke continues across the ring where they cross: there the ring is
//! left. The star is the only solid mark of its size. The letters of the seal stay; they look like print.

use crate::bitmap::{Bitmap, Channels, Grays};
use crate::layout::PixelArea;

/// Pixels of the small image across a sheet of paper of 210 mm.
const ACROSS: f32 = 220.0;
/// Radii of round seals, in pixels of the small image (0.95 mm each): 30 to 46 mm across.
const RADII: std::ops::RangeInclusive<i32> = 16..=24;
/// Share of ink from which a pixel of the small image counts as dark.
const DARK: f32 = 0.3;
/// Points sampled on a circle.
const POINTS: usize = 72;
/// Share of the points that is dark on a ring, and the most beside it.
const RING_MIN: f32 = 0.86;
const BESIDE_MAX: f32 = 0.75;
/// Seals on one page.
const RINGS_MAX: usize = 4;
/// A run of ink across the ring that is longer than this, in widths of the ring, is a stroke that crosses it.
const CROSSING: f32 = 1.7;

/// A ring, in pixels of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ring {
    cx: f32,
    cy: f32,
    radius: f32,
    /// Of its line.
    width: f32,
    /// Ink is darker than this.
    level: u8,
}

impl Ring {
    /// A ring of black ink.
    #[cfg(test)]
    pub fn at(cx: f32, cy: f32, radius: f32) -> Ring {
        Ring {
            cx,
            cy,
            radius,
            width: 4.0,
            level: 128,
        }
    }

    /// Ink is darker than this.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// The square around it.
    pub fn area(&self) -> PixelArea {
        let reach = self.radius + self.width;
        PixelArea {
            x: self.cx - reach,
            y: self.cy - reach,
            w: 2.0 * reach,
            h: 2.0 * reach,
        }
    }

    /// Makes ring and star paper.
    pub fn take_out(&self, page: &mut Bitmap) {
        self.take_out_star(page);
        let (w, h) = (page.width() as i32, page.height() as i32);
        let steps = (self.radius * 9.0) as usize;
        let reach = (self.width * 2.5).ceil();
        let mut gone: Vec<usize> = Vec::new();
        for step in 0..steps {
            let angle = step as f32 / steps as f32 * std::f32::consts::TAU;
            let (sin, cos) = angle.sin_cos();
            let at = |r: f32| -> Option<usize> {
                let (x, y) = ((self.cx + r * cos).round() as i32, (self.cy + r * sin).round() as i32);
                (x >= 0 && y >= 0 && x < w && y < h).then(|| (y * w + x) as usize)
            };
            let dark = |r: f32| at(r).is_some_and(|i| page.data()[i] < self.level);
            // The run of ink that holds the line of the ring, along this ray.
            let near = (-3..=3).map(|d| self.radius + d as f32 * self.width * 0.15);
            let Some(start) = near.into_iter().find(|r| dark(*r)) else {
                continue;
            };
            let (mut from, mut to) = (start, start);
            while dark(from - 1.0) && start - from < reach {
                from -= 1.0;
            }
            while dark(to + 1.0) && to - start < reach {
                to += 1.0;
            }
            if to - from + 1.0 <= self.width * CROSSING {
                let mut r = from - 1.0;
                while r <= to + 1.0 {
                    gone.extend(at(r));
                    r += 0.5;
                }
            }
        }
        let data = page.data_mut();
        gone.into_iter().for_each(|i| data[i] = 255);
    }

    /// What is so solid in the middle that no stroke of a letter is.
    fn take_out_star(&self, page: &mut Bitmap) {
        let side = (self.radius * 0.85) as u32;
        let (x, y) = (self.cx - side as f32 / 2.0, self.cy - side as f32 / 2.0);
        if x < 0.0 || y < 0.0 {
            return;
        }
        let part = page.cropped(x as u32, y as u32, side, side);
        let (w, h) = (part.width() as usize, part.height() as usize);
        let mut sums = vec![0u32; (w + 1) * (h + 1)];
        for row in 0..h {
            let mut sum = 0;
            for column in 0..w {
                sum += u32::from(part.data()[row * w + column] < self.level);
                sums[(row + 1) * (w + 1) + column + 1] = sums[row * (w + 1) + column + 1] + sum;
            }
        }
        let reach = ((self.radius * 0.028).round() as usize).max(3);
        let count = |x0: usize, y0: usize, x1: usize, y1: usize| {
            sums[y1 * (w + 1) + x1] + sums[y0 * (w + 1) + x0] - sums[y0 * (w + 1) + x1] - sums[y1 * (w + 1) + x0]
        };
        let whole = (2 * reach + 1) * (2 * reach + 1);
        let width = page.width() as usize;
        let mut gone = Vec::new();
        for row in reach..h.saturating_sub(reach) {
            for column in reach..w.saturating_sub(reach) {
                let inside = count(column - reach, row - reach, column + reach + 1, row + reach + 1);
                // A worn seal has pores.
                if inside as usize * 100 >= whole * 93 {
                    gone.push((column, row));
                }
            }
        }
        let (left, top) = (x as usize, y as usize);
        let data = page.data_mut();
        for (column, row) in gone {
            for r in row - reach..=row + reach {
                let start = (top + r) * width + left + column - reach;
                data[start..start + 2 * reach + 1].fill(255);
            }
        }
    }
}

/// The rings on a gray page; `paper` is the shorter side of a sheet of paper in its pixels.
pub(super) fn find(page: &Bitmap, paper: f32) -> Vec<Ring> {
    let factor = (paper / ACROSS).round() as usize;
    if page.channels() != Channels::Gray || factor < 3 {
        return Vec::new();
    }
    let Some(small) = DarkPixels::of(page, factor) else {
        return Vec::new();
    };
    let mut found: Vec<(f32, Ring)> = Vec::new();
    for cy in *RADII.start()..small.h - RADII.start() {
        for cx in *RADII.start()..small.w - RADII.start() {
            let Some((share, radius)) = small.ring_at(cx, cy) else {
                continue;
            };
            let middle = |v: i32| (v as f32 + 0.5) * factor as f32;
            let rough = Ring {
                cx: middle(cx),
                cy: middle(cy),
                radius: radius as f32 * factor as f32,
                width: factor as f32,
                level: small.level,
            };
            // Circles around the true one fit a little too: the best of a place stays.
            match found.iter_mut().find(|(_, other)| near(other, &rough)) {
                Some(other) if other.0 < share => *other = (share, rough),
                Some(_) => {}
                None => found.push((share, rough)),
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(RINGS_MAX);
    found.iter().filter_map(|(_, rough)| fitted(page, rough)).collect()
}

fn near(a: &Ring, b: &Ring) -> bool {
    (a.cx - b.cx).hypot(a.cy - b.cy) < a.radius.max(b.radius)
}

/// The ring on the page itself: its line is searched along rays, and the circle moved to it.
fn fitted(page: &Bitmap, rough: &Ring) -> Option<Ring> {
    let mut ring = *rough;
    let reach = rough.width * 2.2;
    for _ in 0..3 {
        let (mut dx, mut dy, mut dr, mut n) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
        let mut widths = Vec::new();
        for step in 0..360 {
            let (sin, cos) = (step as f32).to_radians().sin_cos();
            let dark = |d: f32| {
                let (x, y) = (ring.cx + (ring.radius + d) * cos, ring.cy + (ring.radius + d) * sin);
                let inside = x >= 0.0 && y >= 0.0 && x < page.width() as f32 && y < page.height() as f32;
                inside && page.data()[y as usize * page.width() as usize + x as usize] < ring.level
            };
            // The run of ink that is nearest to the circle and begins and ends within reach.
            let mut best: Option<(f32, f32)> = None;
            let mut d = -reach;
            while d < reach {
                if !dark(d) {
                    d += 1.0;
                    continue;
                }
                let from = d;
                while d < reach && dark(d) {
                    d += 1.0;
                }
                let (middle, long) = ((from + d) / 2.0, d - from);
                let whole = from > -reach && d < reach;
                if whole && best.is_none_or(|(m, _)| middle.abs() < m.abs()) {
                    best = Some((middle, long));
                }
            }
            if let Some((middle, long)) = best {
                (dx, dy, dr, n) = (dx + middle * cos, dy + middle * sin, dr + middle, n + 1.0);
                widths.push(long);
            }
        }
        if n < 120.0 {
            return None;
        }
        widths.sort_by(f32::total_cmp);
        ring = Ring {
            cx: ring.cx + 2.0 * dx / n,
            cy: ring.cy + 2.0 * dy / n,
            radius: ring.radius + dr / n,
            width: widths[widths.len() / 2].max(2.0),
            ..ring
        };
    }
    // A line, not the edge of a picture.
    (ring.width < ring.radius * 0.16).then_some(ring)
}

/// The page made small: where it is dark.
struct DarkPixels {
    dark: Vec<bool>,
    w: i32,
    h: i32,
    /// Ink of the page is darker than this.
    level: u8,
}

impl DarkPixels {
    fn of(page: &Bitmap, factor: usize) -> Option<DarkPixels> {
        let width = page.width() as usize;
        let (w, h) = (width / factor, page.height() as usize / factor);
        if w < 40 || h < 40 {
            return None;
        }
        let grays = Grays::of(page.data().iter().copied().step_by(7));
        let (ink, paper) = (i32::from(grays.print()), i32::from(grays.paper()));
        if paper - ink < 60 {
            return None;
        }
        let level = ((ink + paper) / 2) as u8;
        let mut counts = vec![0u32; w * h];
        for (y, row) in page.data().chunks_exact(width).take(h * factor).enumerate() {
            let into = &mut counts[y / factor * w..(y / factor + 1) * w];
            for (cell, pixels) in into.iter_mut().zip(row.chunks_exact(factor)) {
                *cell += pixels.iter().filter(|v| **v < level).count() as u32;
            }
        }
        let enough = ((factor * factor) as f32 * DARK) as u32;
        Some(DarkPixels {
            dark: counts.into_iter().map(|n| n >= enough).collect(),
            w: w as i32,
            h: h as i32,
            level,
        })
    }

    /// Share of a circle that is dark. Points beyond the page are not.
    fn share(&self, cx: i32, cy: i32, radius: f32, points: usize) -> f32 {
        let dark = (0..points).filter(|i| {
            let (sin, cos) = (*i as f32 / points as f32 * std::f32::consts::TAU).sin_cos();
            let (x, y) = (
                (cx as f32 + radius * cos).round() as i32,
                (cy as f32 + radius * sin).round() as i32,
            );
            x >= 0 && y >= 0 && x < self.w && y < self.h && self.dark[(y * self.w + x) as usize]
        });
        dark.count() as f32 / points as f32
    }

    /// The radius of a ring around this point, and how much of the ring is visible.
    fn ring_at(&self, cx: i32, cy: i32) -> Option<(f32, i32)> {
        let mut best: Option<(f32, i32)> = None;
        for radius in RADII {
            // A few points say of nearly every place that nothing is there.
            if self.share(cx, cy, radius as f32, 8) < 0.7 {
                continue;
            }
            let share = self.share(cx, cy, radius as f32, POINTS);
            if share >= RING_MIN && best.is_none_or(|(other, _)| share > other) {
                best = Some((share, radius));
            }
        }
        let (share, radius) = best?;
        let beside = |d: f32| self.share(cx, cy, radius as f32 + d, POINTS) <= BESIDE_MAX;
        (beside(3.0) && beside(-3.0)).then_some((share, radius))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_with_ring(cx: f32, cy: f32, radius: f32) -> Bitmap {
        let mut page = Bitmap::filled(1_654, 2_339, 255);
        for y in 0..2_339usize {
            for x in 0..1_654usize {
                let d = (x as f32 - cx).hypot(y as f32 - cy);
                let line = y % 60 < 3 && (200..1_400).contains(&x);
                if (d - radius).abs() < 4.0 || d < radius * 0.2 || line {
                    page.data_mut()[y * 1_654 + x] = 0;
                }
            }
        }
        page
    }

    #[test]
    fn a_black_ring_is_found_and_taken_out_and_strokes_across_it_stay() {
        let mut page = page_with_ring(700.0, 900.0, 158.0);
        let rings = find(&page, 1_654.0);
        assert_eq!(rings.len(), 1, "{rings:?}");
        let ring = rings[0];
        assert!(
            (ring.cx - 700.0).abs() < 2.0 && (ring.radius - 158.0).abs() < 2.5,
            "{ring:?}"
        );
        ring.take_out(&mut page);
        let dark = |page: &Bitmap, x: usize, y: usize| page.data()[y * 1_654 + x] < 128;
        let left = (0..720).filter(|a| {
            let (sin, cos) = (*a as f32 / 2.0).to_radians().sin_cos();
            dark(&page, (700.0 + 158.0 * cos) as usize, (900.0 + 158.0 * sin) as usize)
        });
        assert!(left.count() < 120, "the ring is still there");
        assert!(!dark(&page, 700, 915), "the middle is still there");
        // A line of the page beside the seal.
        assert!(dark(&page, 300, 901));
    }

    #[test]
    fn lines_and_paper_are_no_rings() {
        assert!(find(&Bitmap::filled(1_654, 2_339, 255), 1_654.0).is_empty());
        let mut page = page_with_ring(-500.0, -500.0, 20.0);
        assert!(find(&page, 1_654.0).is_empty());
        page.data_mut()[..1_654 * 600].fill(0);
        assert!(find(&page, 1_654.0).is_empty());
    }
}
