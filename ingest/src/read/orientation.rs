//! Which turn makes the page upright: by the shape of the boxes, a vote of the classifier, and
//! what can be read.
//!
//! A wrong turn costs the whole page, so a turn is only made when the recogniser reads better
//! with it.

use super::crop;
use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::recognise::mean;
use crate::bitmap::Bitmap;
use crate::layout::Turn;

/// Lines that vote.
const VOTERS: usize = 8;
/// Lines that are read both ways when the vote is for a turn.
const WITNESSES: usize = 3;
/// Share of the lines' length in tall boxes from which the page lies on its side.
const TALL_SHARE: f32 = 0.6;
/// Share of votes from which the page may stand on its head.
const HEAD_SHARE: f32 = 0.4;

/// The turn that makes the page upright.
pub(super) fn find(engine: &mut dyn Engine, page: &Bitmap, quads: &[Quad]) -> Result<Turn, EngineError> {
    let long: f32 = quads.iter().map(Quad::long_side).sum();
    let tall: f32 = quads.iter().filter(|q| q.is_tall()).map(Quad::long_side).sum();
    let sideways = long > 0.0 && tall > long * TALL_SHARE;
    let mut voters: Vec<&Quad> = quads.iter().filter(|q| q.is_tall() == sideways).collect();
    voters.sort_by(|a, b| b.long_side().total_cmp(&a.long_side()));
    voters.truncate(VOTERS);
    if voters.is_empty() {
        return Ok(Turn::None);
    }
    let witnesses = &voters[..voters.len().min(WITNESSES)];
    if sideways {
        let quarter = legibility(engine, page, witnesses, Turn::Quarter)?;
        let three = legibility(engine, page, witnesses, Turn::ThreeQuarters)?;
        return Ok(if quarter >= three {
            Turn::Quarter
        } else {
            Turn::ThreeQuarters
        });
    }
    let mut votes = 0usize;
    for quad in &voters {
        let sample = crop::orientation_sample(&crop::cut(page, quad));
        votes += usize::from(engine.upside_down(&sample)? > 0.5);
    }
    if (votes as f32) < voters.len() as f32 * HEAD_SHARE {
        return Ok(Turn::None);
    }
    let upright = legibility(engine, page, witnesses, Turn::None)?;
    let turned = legibility(engine, page, witnesses, Turn::Half)?;
    Ok(if turned > upright { Turn::Half } else { Turn::None })
}

/// How well these lines can be read when turned like this: confident characters count, doubtful
/// ones hardly.
fn legibility(engine: &mut dyn Engine, page: &Bitmap, quads: &[&Quad], turn: Turn) -> Result<f32, EngineError> {
    let mut sum = 0.0;
    for quad in quads {
        let cut = crop::cut(page, quad).turned(turn);
        let glyphs = engine.recognise(&crop::line(&cut).image)?;
        let sure = mean(&glyphs);
        sum += sure * sure * glyphs.len() as f32;
    }
    Ok(sum)
}
