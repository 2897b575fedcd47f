//! Ruling lines of a page as its content draws them: strokes along the sides of the paper and filled bars.

use pdfium_render::prelude::*;

/// Points up to which a filled bar is a line.
const BAR_MAX: f32 = 3.0;
/// Points that a line must be long.
const LENGTH_MIN: f32 = 6.0;
/// How far a line may lean: points from one end to the other.
const LEAN: f32 = 1.0;
/// Lines of a page that are kept; more are a drawing.
const RULES_MAX: usize = 4_000;

/// Adds the lines of a path to `rules`. False where the path is something else or more than lines.
pub(super) fn take(path: &PdfPagePathObject<'_>, rules: &mut Vec<[f32; 4]>) -> bool {
    let is_filled = !matches!(path.fill_mode(), Ok(PdfPathFillMode::None));
    let Ok(matrix) = path.matrix() else { return false };
    let mut points: Vec<(f32, f32)> = Vec::new();
    let mut start = 0;
    let mut is_plain = true;
    for segment in path.segments().transform(matrix).iter() {
        let (x, y) = (segment.x().value, segment.y().value);
        match segment.segment_type() {
            PdfPathSegmentType::MoveTo => {
                is_plain &= piece(&points[start..], is_filled, rules);
                start = points.len();
                points.push((x, y));
            }
            PdfPathSegmentType::LineTo => {
                points.push((x, y));
                if segment.is_close() {
                    let first = points[start];
                    points.push(first);
                }
            }
            _ => return false,
        }
        if points.len() > RULES_MAX {
            return false;
        }
    }
    piece(&points[start..], is_filled, rules) && is_plain && rules.len() <= RULES_MAX
}

/// A piece of a path without a break.
fn piece(points: &[(f32, f32)], is_filled: bool, rules: &mut Vec<[f32; 4]>) -> bool {
    let span = |a: &(f32, f32), b: &(f32, f32)| [a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1)];
    let joined = |a: [f32; 4], b: [f32; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    let spans = points.windows(2).map(|ends| span(&ends[0], &ends[1]));
    if is_filled {
        let Some([l, b, r, t]) = spans.reduce(joined) else {
            return true;
        };
        let (w, h) = (r - l, t - b);
        if w.min(h) <= BAR_MAX {
            if w.max(h) >= LENGTH_MIN {
                rules.push([l, b, r, t]);
            }
            return true;
        }
        return false;
    }
    let mut is_plain = true;
    for [l, b, r, t] in spans {
        let (w, h) = (r - l, t - b);
        if w.min(h) > LEAN {
            is_plain = false;
        } else if w.max(h) >= LENGTH_MIN {
            // A line has some width, or nothing could lie on it.
            let (x, y) = if w > h { (0.0, 0.25) } else { (0.25, 0.0) };
            rules.push([l - x, b - y, r + x, t + y]);
        }
    }
    is_plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_along_the_sides_and_bars_are_lines() {
        let mut rules = Vec::new();
        let cell = [(10.0, 10.0), (110.0, 10.0), (110.0, 40.0), (10.0, 40.0), (10.0, 10.0)];
        assert!(piece(&cell, false, &mut rules));
        assert_eq!(rules.len(), 4);
        assert!(piece(
            &[(0.0, 0.0), (200.0, 0.0), (200.0, 0.5), (0.0, 0.5)],
            true,
            &mut rules
        ));
        assert_eq!(rules.len(), 5);
    }

    #[test]
    fn areas_and_slants_are_none() {
        let mut rules = Vec::new();
        assert!(!piece(
            &[(0.0, 0.0), (90.0, 0.0), (90.0, 30.0), (0.0, 30.0)],
            true,
            &mut rules
        ));
        assert!(!piece(&[(0.0, 0.0), (90.0, 70.0)], false, &mut rules));
        assert!(rules.is_empty());
    }
}
