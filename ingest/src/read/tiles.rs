//! Running the detector over a page: at one size for pages of paper, in tiles for drawings.

use super::detect::{Quad, quads};
use super::engine::{Engine, EngineError};
use crate::bitmap::Bitmap;

/// Longer side of what the detector sees. 960 loses lines, 1984 doubles the cost for nothing.
pub(super) const SIDE: u32 = 1_280;
/// The same for pages that somebody wants read more finely: small print, dense tables.
pub(super) const FINE_SIDE: u32 = 1_984;
/// Pages up to this long (A3 has 16.5) are seen at once, in inches.
const INCHES_AT_ONCE: f32 = 18.0;
/// The same for pages without a resolution, in pixels.
const PIXELS_AT_ONCE: u32 = 9_000;
/// Length of a tile and how much neighbours share, in inches.
const TILE_INCHES: f32 = 12.0;
const SHARED_INCHES: f32 = 1.5;
/// Small images are enlarged at most so much.
const ENLARGE_MAX: f32 = 1.5;

/// The boxes on a page, in its pixels.
pub(super) fn detect(engine: &mut dyn Engine, page: &Bitmap, side: u32) -> Result<Vec<Quad>, EngineError> {
    let longer = page.width().max(page.height());
    let dpi = page.header().dpi.unwrap_or(0.0);
    let at_once = if dpi > 0.0 {
        longer as f32 <= dpi * INCHES_AT_ONCE
    } else {
        longer <= PIXELS_AT_ONCE
    };
    if at_once {
        return detect_part(engine, page, side);
    }
    let dpi = if dpi > 0.0 { dpi } else { 300.0 };
    let tile = (dpi * TILE_INCHES) as u32;
    let shared = (dpi * SHARED_INCHES) as u32;
    let mut all: Vec<Quad> = Vec::new();
    for y in starts(page.height(), tile, shared) {
        for x in starts(page.width(), tile, shared) {
            let part = page.cropped(x, y, tile, tile);
            for quad in detect_part(engine, &part, side)? {
                merge(&mut all, quad.moved(x as f32, y as f32));
            }
        }
    }
    Ok(all)
}

/// The boxes on one image whose longer side is brought to `side`.
pub(super) fn detect_part(engine: &mut dyn Engine, part: &Bitmap, side: u32) -> Result<Vec<Quad>, EngineError> {
    let longer = part.width().max(part.height()) as f32;
    let scale = (side as f32 / longer).min(ENLARGE_MAX);
    let fit = |v: u32| (((v as f32 * scale) / 32.0).round() as u32).max(1) * 32;
    let (w, h) = (fit(part.width()), fit(part.height()));
    let map = engine.detect(&part.resized(w, h))?;
    let (sx, sy) = (part.width() as f32 / w as f32, part.height() as f32 / h as f32);
    Ok(quads(&map, w as usize).iter().map(|q| q.scaled(sx, sy)).collect())
}

fn starts(length: u32, tile: u32, shared: u32) -> Vec<u32> {
    if length <= tile {
        return vec![0];
    }
    let step = tile - shared;
    let count = (length - shared).div_ceil(step);
    (0..count).map(|i| (i * step).min(length - tile)).collect()
}

/// A line in the shared strip is found twice: the longer box stays.
fn merge(all: &mut Vec<Quad>, quad: Quad) {
    let same = |other: &Quad| {
        let (a, b) = (quad.area(), other.area());
        a.shared(&b) > 0.5 * (a.w * a.h).min(b.w * b.h)
    };
    match all.iter_mut().find(|q| same(q)) {
        Some(other) if other.w * other.h < quad.w * quad.h => *other = quad,
        Some(_) => {}
        None => all.push(quad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_everything() {
        for length in [100, 3_600, 3_601, 9_933, 14_043] {
            let starts = starts(length, 3_600, 450);
            assert_eq!(starts[0], 0);
            assert!(starts.windows(2).all(|w| w[1] <= w[0] + 3_600 - 450 && w[1] > w[0]));
            assert!(
                starts.last().is_some_and(|s| s + 3_600 >= length),
                "{length}: {starts:?}"
            );
        }
    }
}
