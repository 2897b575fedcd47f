//! Which turn makes the page upright: by the shape of the boxes, a vote of the classifier, and
//! what can be read.
//!
//! A wrong turn costs the whole page, so a turn is only made when the recogniser reads better
//! with it.

use super::crop;
use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::recognise::mean;
use super::sheet::TurnedPage;
use super::tiles::Tile;
use crate::bitmap::Bitmap;
use crate::layout::Turn;

/// Lines that vote.
const VOTERS: usize = 8;
/// Lines that are read both ways when the vote is for a turn.
const WITNESSES: usize = 3;
/// Share of the lines' length in tall boxes from which the page is on its side.
const TALL_SHARE: f32 = 0.6;
/// Share of votes from which the page may be upside down.
const HEAD_SHARE: f32 = 0.4;

/// The turn that makes the page upright; `boxes` are those of each part of it.
pub(super) fn find(
    engine: &mut dyn Engine,
    sheet: &mut TurnedPage<'_>,
    boxes: &[(Tile, Vec<Quad>)],
) -> Result<Turn, EngineError> {
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
        return Ok(Turn::None);
    }
    let cuts = cut_all(sheet, boxes, &voters)?;
    let witnesses = &cuts[..cuts.len().min(WITNESSES)];
    if sideways {
        let quarter = legibility(engine, witnesses, Turn::Quarter)?;
        let three = legibility(engine, witnesses, Turn::ThreeQuarters)?;
        return Ok(if quarter >= three {
            Turn::Quarter
        } else {
            Turn::ThreeQuarters
        });
    }
    let mut votes = 0usize;
    for cut in &cuts {
        votes += usize::from(engine.upside_down(&crop::orientation_sample(cut))? > 0.5);
    }
    if (votes as f32) < cuts.len() as f32 * HEAD_SHARE {
        return Ok(Turn::None);
    }
    let upright = legibility(engine, witnesses, Turn::None)?;
    let turned = legibility(engine, witnesses, Turn::Half)?;
    Ok(if turned > upright { Turn::Half } else { Turn::None })
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

/// How well these lines can be read when turned like this: confident characters count, doubtful
/// ones hardly.
fn legibility(engine: &mut dyn Engine, cuts: &[Bitmap], turn: Turn) -> Result<f32, EngineError> {
    let mut sum = 0.0;
    for cut in cuts {
        let glyphs = engine.recognise(&crop::line(&cut.clone().turned(turn)).image)?;
        let sure = mean(&glyphs);
        sum += sure * sure * glyphs.len() as f32;
    }
    Ok(sum)
}
