//! Runs the detector over a page: at one size for pages of paper, in tiles for drawings; and joins lines that
//! the edges of tiles cut.

use super::detect::{Quad, quads};
use super::engine::{Engine, EngineError};
use crate::bitmap::Bitmap;

/// Longer side of what the detector sees. 960 loses lines, 1984 doubles the cost for nothing.
pub(super) const SIDE: u32 = 1_280;
/// The same for pages to be read more finely on request: small print, dense tables.
pub(super) const FINE_SIDE: u32 = 1_984;
/// Pages up to this long (legal has 14) are seen at once, in inches.
const INCHES_AT_ONCE: f32 = 14.5;
/// The same for pages without a resolution, in pixels.
const PIXELS_AT_ONCE: u32 = 5_600;
/// Photographs without a resolution are up to this long; what is longer is a drawing.
const PHOTO_PIXELS_MAX: u32 = 9_000;
/// Length of a tile, which then has as many pixels as a sheet of paper, and how much neighbours share: a little more
/// than a seal, in inches.
const TILE_INCHES: f32 = 10.0;
const SHARED_INCHES: f32 = 2.0;
/// Sides of an A4 sheet in inches: letters and seals have the same size on a drawing of any size.
const PAPER_INCHES: f32 = 8.27;
const PAPER_HEIGHT_INCHES: f32 = 11.69;
/// Resolution of a drawing that states none, in dots per inch.
const DRAWING_DPI: f32 = 300.0;
/// How much the pieces of one line may differ in angle, in radians.
const BENT_MAX: f32 = 0.05;
/// Small images are enlarged at most so much.
const ENLARGE_MAX: f32 = 1.5;

/// How a page is cut: length of the tiles and of what neighbours share, in pixels.
fn cut(width: u32, height: u32, dpi: Option<f32>) -> Option<(u32, u32)> {
    let longer = width.max(height);
    let by = |dpi: f32| ((dpi * TILE_INCHES) as u32, (dpi * SHARED_INCHES) as u32);
    match dpi {
        Some(dpi) if longer as f32 <= dpi * INCHES_AT_ONCE => None,
        Some(dpi) => Some(by(dpi)),
        None if longer <= PIXELS_AT_ONCE => None,
        None if longer <= PHOTO_PIXELS_MAX => Some((longer * 4 / 7, longer / 7)),
        None => Some(by(DRAWING_DPI)),
    }
}

/// A rectangle of whole pixels of the upright page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

/// The parts in which a page is read: itself, or overlapping tiles from the top left.
pub(super) fn of((width, height): (u32, u32), dpi: Option<f32>) -> Vec<Tile> {
    let Some((tile, shared)) = cut(width, height, dpi) else {
        return vec![Tile {
            x: 0,
            y: 0,
            w: width,
            h: height,
        }];
    };
    let mut tiles = Vec::new();
    for y in starts(height, tile, shared) {
        for x in starts(width, tile, shared) {
            tiles.push(Tile {
                x,
                y,
                w: tile.min(width),
                h: tile.min(height),
            });
        }
    }
    tiles
}

/// Pixels of the shorter side of the sheet of paper by which seals are measured.
pub(super) fn paper_side((width, height): (u32, u32), dpi: Option<f32>) -> f32 {
    let shorter = width.min(height) as f32;
    match cut(width, height, dpi) {
        Some((tile, _)) => (tile as f32 / TILE_INCHES * PAPER_INCHES).min(shorter),
        None => shorter,
    }
}

/// The longer side to which tiles are brought, so that letters are as large in them as on a sheet of paper.
pub(super) fn side_of((width, height): (u32, u32), dpi: Option<f32>, side: u32) -> u32 {
    match cut(width, height, dpi) {
        // A quarter of a photograph shows letters twice as large in any case.
        Some(_) if dpi.is_none() && width.max(height) <= PHOTO_PIXELS_MAX => side,
        Some(_) => (side as f32 * TILE_INCHES / PAPER_HEIGHT_INCHES) as u32,
        None => side,
    }
}

/// The boxes on one image whose longer side is brought to `side`.
pub(super) fn detect(engine: &mut dyn Engine, part: &Bitmap, side: u32) -> Result<Vec<Quad>, EngineError> {
    let longer = part.width().max(part.height()) as f32;
    let scale = (side as f32 / longer).min(ENLARGE_MAX);
    let fit = |v: u32| (((v as f32 * scale) / 32.0).round() as u32).max(1) * 32;
    let (w, h) = (fit(part.width()), fit(part.height()));
    let map = engine.detect(&part.resized(w, h))?;
    let (sx, sy) = (part.width() as f32 / w as f32, part.height() as f32 / h as f32);
    Ok(quads(&map, w as usize).iter().map(|q| q.scaled(sx, sy)).collect())
}

/// Whether a box of a tile ends where the tile ends and the page does not: the rest of the line is in the neighbour.
pub(super) fn is_cut(quad: &Quad, tile: &Tile, (width, height): (u32, u32)) -> bool {
    let area = quad.area();
    // A box is a little larger than the ink; one that ends so near may have lost a letter.
    let near = quad.w.min(quad.h) * 0.5;
    let (right, bottom) = (tile.x + tile.w, tile.y + tile.h);
    (tile.x > 0 && area.x < near)
        || (tile.y > 0 && area.y < near)
        || (right < width && area.right() > tile.w as f32 - near)
        || (bottom < height && area.bottom() > tile.h as f32 - near)
}

/// Pieces of lines, in pixels of the page, put together where they continue each other.
pub(super) fn joined(mut pieces: Vec<Quad>) -> Vec<Quad> {
    let mut whole: Vec<Quad> = Vec::new();
    while let Some(mut quad) = pieces.pop() {
        // A piece may join two others that do not touch each other.
        while let Some(at) = pieces.iter().position(|other| continues(&quad, other)) {
            quad = union(&quad, &pieces.swap_remove(at));
        }
        match whole.iter_mut().find(|other| continues(&quad, other)) {
            Some(other) => *other = union(&quad, other),
            None => whole.push(quad),
        }
    }
    whole
}

/// Whether two boxes are pieces of one line: they overlap along it, and their middles are on it.
fn continues(a: &Quad, b: &Quad) -> bool {
    if a.is_tall() != b.is_tall() {
        return false;
    }
    let (one, other) = (a.area(), b.area());
    let thinner = a.w.min(a.h).min(b.w.min(b.h));
    if a.is_tall() {
        let along = one.bottom().min(other.bottom()) - one.y.max(other.y);
        return along > 0.0 && (a.cx - b.cx).abs() < thinner * 0.5;
    }
    let along = one.right().min(other.right()) - one.x.max(other.x);
    let middle = (one.right().min(other.right()) + one.x.max(other.x)) / 2.0;
    let height_at = |q: &Quad| q.cy + (middle - q.cx) * q.angle.tan();
    // Short pieces and specks of a long rule have any angle; what they are joined to keeps its own.
    let longer = if a.w >= b.w { a } else { b };
    let bent = (union(a, b).angle - longer.angle).abs();
    along > 0.0 && (height_at(a) - height_at(b)).abs() < thinner * 0.5 && bent < BENT_MAX
}

/// The box from the beginning of the one to the end of the other.
fn union(a: &Quad, b: &Quad) -> Quad {
    if a.is_tall() {
        let area = a.area().joined(&b.area());
        return Quad {
            cx: area.x + area.w / 2.0,
            cy: area.y + area.h / 2.0,
            w: area.w,
            h: area.h,
            angle: 0.0,
        };
    }
    let end = |q: &Quad, side: f32| {
        let (sin, cos) = q.angle.sin_cos();
        (q.cx + side * q.w / 2.0 * cos, q.cy + side * q.w / 2.0 * sin)
    };
    let (left, right) = (end(a, -1.0), end(a, 1.0));
    let (other_left, other_right) = (end(b, -1.0), end(b, 1.0));
    let left = if other_left.0 < left.0 { other_left } else { left };
    let right = if other_right.0 > right.0 { other_right } else { right };
    let (dx, dy) = (right.0 - left.0, right.1 - left.1);
    Quad {
        cx: (left.0 + right.0) / 2.0,
        cy: (left.1 + right.1) / 2.0,
        w: dx.hypot(dy),
        h: a.h.max(b.h),
        angle: dy.atan2(dx),
    }
}

fn starts(length: u32, tile: u32, shared: u32) -> Vec<u32> {
    if length <= tile {
        return vec![0];
    }
    let step = tile - shared;
    let count = (length - shared).div_ceil(step);
    (0..count).map(|i| (i * step).min(length - tile)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_everything() {
        for length in [100, 3_000, 3_600, 3_601, 9_933, 14_043] {
            let starts = starts(length, 3_600, 600);
            assert_eq!(starts[0], 0);
            assert!(starts.windows(2).all(|w| w[1] <= w[0] + 3_600 - 600 && w[1] > w[0]));
            assert!(
                starts.last().is_some_and(|s| s + 3_600 >= length),
                "{length}: {starts:?}"
            );
        }
    }

    #[test]
    fn paper_is_seen_at_once_and_drawings_are_not() {
        assert_eq!(cut(2_480, 3_508, Some(300.0)), None);
        assert_eq!(cut(3_000, 4_000, None), None);
        assert_eq!(cut(7_016, 9_933, Some(300.0)), Some((3_000, 600)));
        assert_eq!(cut(7_016, 9_933, None), Some((3_000, 600)));
        assert!(cut(6_120, 8_160, None).is_some_and(|(tile, _)| tile > 4_600));
    }

    #[test]
    fn a_line_over_two_edges_becomes_one_again() {
        let piece = |x: f32, w: f32, slope: f32| Quad {
            cx: x + w / 2.0,
            cy: 500.0 + (x + w / 2.0) * slope,
            w,
            h: 40.0,
            angle: slope.atan(),
        };
        let beside = Quad {
            cy: 700.0,
            ..piece(2_900.0, 700.0, 0.0)
        };
        let pieces = vec![
            piece(1_000.0, 2_600.0, 0.02),
            beside,
            piece(6_000.0, 500.0, 0.02),
            piece(3_000.0, 3_590.0, 0.02),
        ];
        let mut whole = joined(pieces);
        whole.sort_by(|a, b| b.w.total_cmp(&a.w));
        assert_eq!(whole.len(), 2, "{whole:?}");
        assert!((whole[0].w - 5_591.0).abs() < 4.0, "{whole:?}");
        assert!((whole[0].angle.tan() - 0.02).abs() < 0.001, "{whole:?}");
    }
}
