//! From a map of text likelihood to boxes around lines, after DB (Liao et al. 2020).

/// A pixel is text from this likelihood on.
const PIXEL_MIN: f32 = 0.3;
/// A box is kept from this mean likelihood on.
const BOX_MIN: f32 = 0.5;
/// The network marks a shrunk core of each line; the box grows by area x this / perimeter.
const UNCLIP: f32 = 1.6;
/// Shorter side of a core, in pixels of the map.
const CORE_SIDE_MIN: f32 = 2.0;
/// Boxes of one map; a page of fine print has 300.
const BOXES_MAX: usize = 3_000;

/// A rectangle that may be turned, by at most 45 degrees: `w` runs along the text of upright pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quad {
    pub cx: f32,
    pub cy: f32,
    pub w: f32,
    pub h: f32,
    /// Clockwise, in radians.
    pub angle: f32,
}

impl Quad {
    pub fn is_tall(&self) -> bool {
        self.h > self.w * 1.5
    }

    pub fn long_side(&self) -> f32 {
        self.w.max(self.h)
    }

    /// The same quad in an image scaled by these factors.
    pub fn scaled(&self, sx: f32, sy: f32) -> Quad {
        let s = (sx * sy).sqrt();
        Quad {
            cx: self.cx * sx,
            cy: self.cy * sy,
            w: self.w * s,
            h: self.h * s,
            angle: self.angle,
        }
    }

    pub fn moved(&self, dx: f32, dy: f32) -> Quad {
        Quad {
            cx: self.cx + dx,
            cy: self.cy + dy,
            ..*self
        }
    }

    /// Bounds without the turn, centred where the quad is.
    pub fn area(&self) -> crate::layout::PixelArea {
        crate::layout::PixelArea {
            x: self.cx - self.w / 2.0,
            y: self.cy - self.h / 2.0,
            w: self.w,
            h: self.h,
        }
    }

    fn contains(&self, x: f32, y: f32, sin: f32, cos: f32) -> bool {
        let (dx, dy) = (x - self.cx, y - self.cy);
        let (along, across) = (dx * cos + dy * sin, dy * cos - dx * sin);
        along.abs() <= self.w / 2.0 && across.abs() <= self.h / 2.0
    }
}

/// The boxes in a map of this width, in pixels of the map, from the top.
pub(super) fn quads(map: &[f32], width: usize) -> Vec<Quad> {
    let height = map.len() / width.max(1);
    let mut mask = vec![false; map.len()];
    // A 2 x 2 dilation closes hairline gaps between the parts of a line.
    for y in 0..height {
        for x in 0..width {
            if map[y * width + x] > PIXEL_MIN {
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    if x + dx < width && y + dy < height {
                        mask[(y + dy) * width + x + dx] = true;
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    let mut stack = Vec::new();
    for start in 0..mask.len() {
        if !mask[start] || found.len() >= BOXES_MAX {
            continue;
        }
        let points = component(&mut mask, width, height, start, &mut stack);
        let hull = convex_hull(points);
        let Some(core) = smallest_rectangle(&hull) else {
            continue;
        };
        if core.w.min(core.h) < CORE_SIDE_MIN || likelihood(map, width, &core) < BOX_MIN {
            continue;
        }
        let grow = core.w * core.h * UNCLIP / (2.0 * (core.w + core.h)) * 2.0;
        found.push(Quad {
            w: core.w + grow,
            h: core.h + grow,
            ..core
        });
    }
    found
}

/// Clears a component of the mask and gives the ends of its rows, which hold its hull.
fn component(mask: &mut [bool], width: usize, height: usize, start: usize, stack: &mut Vec<usize>) -> Vec<(f32, f32)> {
    let mut ends: Vec<(usize, usize, usize)> = Vec::new();
    let top = start / width;
    stack.clear();
    stack.push(start);
    mask[start] = false;
    while let Some(at) = stack.pop() {
        let (x, y) = (at % width, at / width);
        // Rows are met from the first one downwards only roughly; the list is short.
        let row = y - top.min(y);
        if ends.len() <= row {
            ends.resize(row + 1, (usize::MAX, 0, 0));
        }
        let end = &mut ends[row];
        *end = (end.0.min(x), end.1.max(x), y);
        let (x0, x1) = (x.saturating_sub(1), (x + 1).min(width - 1));
        let (y0, y1) = (y.saturating_sub(1), (y + 1).min(height - 1));
        for ny in y0..=y1 {
            for nx in x0..=x1 {
                let next = ny * width + nx;
                if mask[next] {
                    mask[next] = false;
                    stack.push(next);
                }
            }
        }
    }
    let used = ends.into_iter().filter(|e| e.0 != usize::MAX);
    used.flat_map(|(a, b, y)| [(a as f32, y as f32), (b as f32, y as f32)])
        .collect()
}

/// Andrew's monotone chain.
fn convex_hull(mut points: Vec<(f32, f32)>) -> Vec<(f32, f32)> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let cross = |o: (f32, f32), a: (f32, f32), b: (f32, f32)| (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0);
    let mut hull: Vec<(f32, f32)> = Vec::new();
    for pass in 0..2 {
        let base = hull.len();
        let walk: Box<dyn Iterator<Item = &(f32, f32)>> = if pass == 0 {
            Box::new(points.iter())
        } else {
            Box::new(points.iter().rev())
        };
        for &p in walk {
            while hull.len() >= base + 2 && cross(hull[hull.len() - 2], hull[hull.len() - 1], p) <= 0.0 {
                hull.pop();
            }
            hull.push(p);
        }
        hull.pop();
    }
    hull
}

/// The rectangle of least area around a hull, turned by at most 45 degrees.
fn smallest_rectangle(hull: &[(f32, f32)]) -> Option<Quad> {
    let mut best: Option<(f32, Quad)> = None;
    let edges = hull.iter().zip(hull.iter().cycle().skip(1));
    for (a, b) in edges.chain(std::iter::once((&(0.0, 0.0), &(1.0, 0.0)))) {
        let mut angle = (b.1 - a.1).atan2(b.0 - a.0);
        let quarter = std::f32::consts::FRAC_PI_2;
        angle -= (angle / quarter).round() * quarter;
        let (sin, cos) = angle.sin_cos();
        let (mut u0, mut u1, mut v0, mut v1) = (f32::MAX, f32::MIN, f32::MAX, f32::MIN);
        for &(x, y) in hull {
            let (u, v) = (x * cos + y * sin, y * cos - x * sin);
            (u0, u1) = (u0.min(u), u1.max(u));
            (v0, v1) = (v0.min(v), v1.max(v));
        }
        // A pixel is as wide as itself, so its box is one more than the distance of the centres.
        let (w, h) = (u1 - u0 + 1.0, v1 - v0 + 1.0);
        let (u, v) = ((u0 + u1) / 2.0 + 0.5, (v0 + v1) / 2.0 + 0.5);
        let quad = Quad {
            cx: u * cos - v * sin,
            cy: u * sin + v * cos,
            w,
            h,
            angle,
        };
        if best.is_none_or(|(area, _)| w * h < area) {
            best = Some((w * h, quad));
        }
    }
    best.map(|(_, quad)| quad)
}

/// Mean likelihood inside a quad.
fn likelihood(map: &[f32], width: usize, quad: &Quad) -> f32 {
    let height = map.len() / width;
    let (sin, cos) = quad.angle.sin_cos();
    let reach_x = (quad.w * cos.abs() + quad.h * sin.abs()) / 2.0;
    let reach_y = (quad.w * sin.abs() + quad.h * cos.abs()) / 2.0;
    let range = |middle: f32, reach: f32, end: usize| {
        let from = (middle - reach).floor().max(0.0) as usize;
        from..((middle + reach).ceil() as usize + 1).min(end)
    };
    let (mut sum, mut count) = (0.0f64, 0u32);
    for y in range(quad.cy, reach_y, height) {
        for x in range(quad.cx, reach_x, width) {
            if quad.contains(x as f32 + 0.5, y as f32 + 0.5, sin, cos) {
                sum += f64::from(map[y * width + x]);
                count += 1;
            }
        }
    }
    if count == 0 {
        0.0
    } else {
        (sum / f64::from(count)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_bar_becomes_a_grown_box() {
        let (w, h) = (200, 64);
        let mut map = vec![0.0; w * h];
        for y in 20..30 {
            for x in 40..140 {
                map[y * w + x] = 0.9;
            }
        }
        let quads = quads(&map, w);
        assert_eq!(quads.len(), 1);
        let q = quads[0];
        assert!((q.cx - 90.5).abs() < 1.0 && (q.cy - 25.5).abs() < 1.0, "{q:?}");
        assert!(q.angle.abs() < 0.02 && q.w > 110.0 && q.h > 20.0 && q.h < 32.0, "{q:?}");
    }

    #[test]
    fn a_slanted_bar_keeps_its_slant() {
        let (w, h) = (300, 100);
        let mut map = vec![0.0; w * h];
        for x in 20..280 {
            let middle = 30.0 + 0.1 * x as f32;
            for y in 0..h {
                if (y as f32 - middle).abs() < 6.0 {
                    map[y * w + x] = 0.9;
                }
            }
        }
        let quads = quads(&map, w);
        assert_eq!(quads.len(), 1);
        assert!((quads[0].angle - 0.1).abs() < 0.01, "{:?}", quads[0]);
    }

    #[test]
    fn faint_and_tiny_marks_are_no_boxes() {
        let mut map = vec![0.0; 64 * 64];
        map[100] = 0.9;
        (1000..1020).for_each(|i| map[i] = 0.25);
        assert!(quads(&map, 64).is_empty());
    }
}
