//! Which turn makes the page upright: by the shape of the boxes, a vote of the classifier, and
//! what can be read.
//!
//! A wrong turn costs the whole page, so a turn is only made when the recogniser reads better
//! with it. Tall boxes may be lines of a page that lies on its side, or columns of upright letters: the letters of a box are
//! set beside each other and read so as well.

use super::crop;
use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::gray_at;
use super::recognise::mean;
use super::sheet::TurnedPage;
use super::tiles::Tile;
use crate::bitmap::{Bitmap, BitmapHeader, Grays};
use crate::layout::Turn;

/// Lines that vote.
const VOTERS: usize = 8;
/// Lines that are read both ways when the vote is for a turn.
const WITNESSES: usize = 3;
/// Share of the lines' length in tall boxes from which the page is on its side.
const TALL_SHARE: f32 = 0.6;
/// Share of votes from which the page may be upside down.
const HEAD_SHARE: f32 = 0.4;
/// Letters of a box from which it may be a column.
const LETTERS_MIN: usize = 3;
/// How well letters side by side must be read, of how well the box is read lying, for the page to be one of columns.
const COLUMNS_SHARE: f32 = 0.9;

/// How a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orientation {
    /// The turn that makes the page upright.
    pub turn: Turn,
    /// Its text runs downwards in columns, from the right.
    pub is_vertical: bool,
}

impl Orientation {
    fn level(turn: Turn) -> Orientation {
        Orientation {
            turn,
            is_vertical: false,
        }
    }
}

/// How the page lies; `boxes` are those of each part of it.
pub(super) fn find(
    engine: &mut dyn Engine,
    sheet: &mut TurnedPage<'_>,
    boxes: &[(Tile, Vec<Quad>)],
) -> Result<Orientation, EngineError> {
    let all = || boxes.iter().flat_map(|(_, quads)| quads);
    let long: f32 = all().map(Quad::long_side).sum();
    let tall: f32 = all().filter(|q| q.is_tall()).map(Quad::long_side).sum();
    let sideways = long > 0.0 && tall > long * TALL_SHARE;
    let of_tile = |(at, (_, quads)): (usize, &'_ (Tile, Vec<Quad>))| -> Vec<(usize, Quad)> {
        quads
            .iter()
            .filter(|q| q.is_tall() == sideways)
            .map(|q| (at, *q))
            .collect()
    };
    let mut voters: Vec<(usize, Quad)> = boxes.iter().enumerate().flat_map(of_tile).collect();
    voters.sort_by(|a, b| b.1.long_side().total_cmp(&a.1.long_side()));
    voters.truncate(VOTERS);
    if voters.is_empty() {
        return Ok(Orientation::level(Turn::None));
    }
    let cuts = cut_all(sheet, boxes, &voters)?;
    let witnesses = &cuts[..cuts.len().min(WITNESSES)];
    if sideways {
        return on_its_side(engine, witnesses);
    }
    let mut votes = 0usize;
    for cut in &cuts {
        votes += usize::from(engine.upside_down(&crop::orientation_sample(cut))? > 0.5);
    }
    if (votes as f32) < cuts.len() as f32 * HEAD_SHARE {
        return Ok(Orientation::level(Turn::None));
    }
    let upright = legibility(engine, witnesses, Turn::None)?;
    let turned = legibility(engine, witnesses, Turn::Half)?;
    let turn = if turned > upright { Turn::Half } else { Turn::None };
    Ok(Orientation::level(turn))
}

/// How a page of tall boxes lies: on one of its sides, or upright with its text in columns.
fn on_its_side(engine: &mut dyn Engine, witnesses: &[Bitmap]) -> Result<Orientation, EngineError> {
    let quarter = legibility(engine, witnesses, Turn::Quarter)?;
    let three = legibility(engine, witnesses, Turn::ThreeQuarters)?;
    let mut columns = [(Turn::None, 0.0f32), (Turn::Half, 0.0)];
    for (turn, sum) in &mut columns {
        for cut in witnesses {
            if let Some(line) = letters_side_by_side(&cut.clone().turned(*turn)) {
                *sum += legibility_of(engine, &line)?;
            }
        }
    }
    let [upright, on_head] = columns;
    let (turn, columns) = if on_head.1 > upright.1 { on_head } else { upright };
    // The recogniser reads columns that lie on their side too, but not letters that do.
    if columns > quarter.max(three) * COLUMNS_SHARE {
        return Ok(Orientation {
            turn,
            is_vertical: true,
        });
    }
    Ok(Orientation::level(if quarter >= three {
        Turn::Quarter
    } else {
        Turn::ThreeQuarters
    }))
}

/// The letters of a column, set beside each other as they stand. None where they cannot be told apart: they are one above
/// the other with paper between them, each about as high as the column is wide.
fn letters_side_by_side(cut: &Bitmap) -> Option<Bitmap> {
    let (width, height) = (cut.width() as usize, cut.height() as usize);
    let grays = Grays::of(cut.data().iter().copied().step_by(cut.channels().count()));
    let level = i32::from(grays.print()) + (i32::from(grays.paper()) - i32::from(grays.print())) / 2;
    let dark = |y: usize| (0..width).any(|x| i32::from(gray_at(cut, x, y)) < level);
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for y in 0..=height {
        match (start, y < height && dark(y)) {
            (None, true) => start = Some(y),
            (Some(from), false) => {
                // Strokes of one letter lie one above the other, with paper between them.
                match pieces.last_mut().filter(|(first, _)| y - *first <= width * 11 / 10) {
                    Some((_, end)) => *end = y,
                    None => pieces.push((from, y)),
                }
                start = None;
            }
            _ => {}
        }
    }
    let is_letter = |(from, to): &(usize, usize)| to - from <= width * 3 / 2;
    if pieces.len() < LETTERS_MIN || !pieces.iter().all(is_letter) {
        return None;
    }
    let side = width;
    let n = cut.channels().count();
    let paper = grays.paper();
    let across = side * pieces.len();
    let mut data = vec![paper; across * side * n];
    for (at, (from, to)) in pieces.iter().enumerate() {
        let top = (from + to).saturating_sub(side) / 2;
        for y in 0..side.min(height - top) {
            let source = (top + y) * width * n;
            let into = (y * across + at * side) * n;
            data[into..into + width * n].copy_from_slice(&cut.data()[source..source + width * n]);
        }
    }
    let header = BitmapHeader {
        width: across as u32,
        height: side as u32,
        ..cut.header()
    };
    Bitmap::new(header, data)
}

/// The pixels of these boxes, part by part, in the order in which they were given.
fn cut_all(
    sheet: &mut TurnedPage<'_>,
    boxes: &[(Tile, Vec<Quad>)],
    voters: &[(usize, Quad)],
) -> Result<Vec<Bitmap>, EngineError> {
    let mut by_part: Vec<usize> = (0..voters.len()).collect();
    by_part.sort_by_key(|&i| voters[i].0);
    let mut cuts: Vec<(usize, Bitmap)> = Vec::with_capacity(voters.len());
    for i in by_part {
        let (part, quad) = &voters[i];
        let look = sheet.look(boxes[*part].0)?;
        cuts.push((i, crop::cut(look.ink(), quad)));
    }
    cuts.sort_by_key(|(i, _)| *i);
    Ok(cuts.into_iter().map(|(_, cut)| cut).collect())
}

/// How well these lines can be read when turned like this.
fn legibility(engine: &mut dyn Engine, cuts: &[Bitmap], turn: Turn) -> Result<f32, EngineError> {
    let mut sum = 0.0;
    for cut in cuts {
        sum += legibility_of(engine, &cut.clone().turned(turn))?;
    }
    Ok(sum)
}

/// How well a line can be read: confident characters count, doubtful ones hardly.
fn legibility_of(engine: &mut dyn Engine, cut: &Bitmap) -> Result<f32, EngineError> {
    let glyphs = engine.recognise(&crop::line(cut).image)?;
    let sure = mean(&glyphs);
    Ok(sure * sure * glyphs.len() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_a_column_are_set_beside_each_other() {
        let mut column = Bitmap::filled(20, 100, 255);
        // Three letters, the second of two strokes.
        for (from, to) in [(2, 16), (30, 34), (40, 46), (60, 76)] {
            for y in from..to {
                column.data_mut()[y * 20 + 3..y * 20 + 17].fill(0);
            }
        }
        let line = letters_side_by_side(&column).expect("a line");
        assert_eq!((line.width(), line.height()), (60, 20));
        let dark = |x: usize| (0..20).filter(|y| line.data()[y * 60 + x] == 0).count();
        assert_eq!([dark(10), dark(30), dark(50)], [14, 10, 16]);
        // A line on its side runs through.
        let mut lying = Bitmap::filled(20, 100, 255);
        (0..100).for_each(|y| lying.data_mut()[y * 20 + 10] = 0);
        assert!(letters_side_by_side(&lying).is_none());
    }
}
