//! Rows of ruled tables: text between the same two level lines is read cell by cell.
//!
//! A value broken over two lines is above and below its label; by height alone the label would be read
//! between the two.

use super::RulingLines;
use crate::layout::PixelArea;

/// A row of a table is at most so high, in heights of its lines; a frame around a page is higher.
const ROW_HEIGHTS_MAX: f32 = 7.0;
/// Share of the higher of two bands that they have in common when they are one row.
const SAME_BAND: f32 = 0.7;
/// Share of a row that an upright line crosses when it parts cells; on photographs lines come in pieces.
const CROSSES: f32 = 0.4;
/// How near to the middle of a line of text a level line may end and still count, in heights of the text.
const BESIDE: f32 = 1.0;

/// Puts the lines of each row of a table together by cell, at the position of the first line.
pub(super) fn together(order: &mut Vec<usize>, boxes: &[PixelArea], rules: &RulingLines<'_>) {
    if rules.level.is_empty() || rules.upright.is_empty() {
        return;
    }
    let bands: Vec<Option<(f32, f32)>> = boxes.iter().map(|area| band(area, rules.level)).collect();
    let mut done = vec![false; boxes.len()];
    for at in 0..order.len() {
        let Some(first) = order.get(at).copied().filter(|i| !done[*i]) else {
            continue;
        };
        let Some(row) = bands[first] else { continue };
        let mut members: Vec<usize> = order[at..]
            .iter()
            .copied()
            .filter(|&i| bands[i].is_some_and(|other| is_same(row, other)))
            .collect();
        members.iter().for_each(|&i| done[i] = true);
        let cell = |i: usize| cell_of(&boxes[i], row, rules.upright);
        // Within a cell the order is right already.
        members.sort_by_key(|&i| cell(i));
        let rest: Vec<usize> = order[at..].iter().copied().filter(|i| !members.contains(i)).collect();
        order.truncate(at);
        order.extend(members);
        order.extend(rest);
    }
}

/// The level lines above and below a line of text, if they are near enough to be those of a row.
fn band(area: &PixelArea, level: &[PixelArea]) -> Option<(f32, f32)> {
    let (x, y) = (area.x + area.w / 2.0, area.middle_y());
    let reach = area.h * BESIDE;
    let over = level
        .iter()
        .filter(|rule| rule.x - reach < x && x < rule.right() + reach);
    let (mut above, mut below) = (f32::MIN, f32::MAX);
    for rule in over {
        let middle = rule.middle_y();
        if middle < y {
            above = above.max(middle);
        } else {
            below = below.min(middle);
        }
    }
    (above > f32::MIN && below < f32::MAX && below - above <= area.h * ROW_HEIGHTS_MAX).then_some((above, below))
}

fn is_same(a: (f32, f32), b: (f32, f32)) -> bool {
    let common = a.1.min(b.1) - a.0.max(b.0);
    common > SAME_BAND * (a.1 - a.0).max(b.1 - b.0)
}

/// How many upright lines of the row stand left of a line of text: the same for all lines of a cell.
fn cell_of(area: &PixelArea, (above, below): (f32, f32), upright: &[PixelArea]) -> usize {
    let middle = area.x + area.w / 2.0;
    let crosses = |rule: &&PixelArea| rule.bottom().min(below) - rule.y.max(above) > CROSSES * (below - above);
    upright.iter().filter(|rule| rule.x < middle).filter(crosses).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(x: f32, y: f32, w: f32) -> PixelArea {
        PixelArea { x, y, w, h: 20.0 }
    }

    fn level(y: f32) -> PixelArea {
        PixelArea {
            x: 40.0,
            y,
            w: 900.0,
            h: 2.0,
        }
    }

    fn upright(x: f32) -> PixelArea {
        PixelArea {
            x,
            y: 90.0,
            w: 2.0,
            h: 200.0,
        }
    }

    #[test]
    fn a_broken_value_stays_beside_its_label() {
        // label | value in two lines | label | value, and the next row
        let boxes = [
            text(200.0, 96.0, 180.0),
            text(50.0, 110.0, 80.0),
            text(450.0, 111.0, 80.0),
            text(600.0, 112.0, 80.0),
            text(200.0, 124.0, 60.0),
            text(50.0, 170.0, 80.0),
            text(200.0, 171.0, 80.0),
        ];
        let (levels, uprights) = (
            [level(90.0), level(150.0), level(210.0)],
            [
                upright(40.0),
                upright(160.0),
                upright(430.0),
                upright(560.0),
                upright(940.0),
            ],
        );
        let rules = RulingLines {
            upright: &uprights,
            level: &levels,
        };
        let mut order: Vec<usize> = (0..boxes.len()).collect();
        together(&mut order, &boxes, &rules);
        assert_eq!(order, [1, 0, 4, 2, 3, 5, 6]);
    }

    #[test]
    fn a_frame_around_a_page_is_no_row() {
        let boxes = [
            text(50.0, 100.0, 80.0),
            text(500.0, 140.0, 80.0),
            text(50.0, 180.0, 80.0),
        ];
        let (levels, uprights) = ([level(60.0), level(900.0)], [upright(300.0)]);
        let rules = RulingLines {
            upright: &uprights,
            level: &levels,
        };
        let mut order = vec![0, 1, 2];
        together(&mut order, &boxes, &rules);
        assert_eq!(order, [0, 1, 2]);
    }
}
