//! Findings on the parts of a page, merged: lines, ink without text, seals, ruling lines.
//!
//! A page of paper has one part. On a drawing neighbouring tiles overlap: duplicates are removed, and lines cut by
//! an edge are joined and read again.

use super::detect::Quad;
use super::engine::{Engine, EngineError};
use super::ink::{self, ReducedPage};
use super::recognise::{RecognisedLine, recognise, recognise_all};
use super::ring::Ring;
use super::sheet::{Look, TurnedPage};
use super::tiles::Tile;
use super::{LINE_MIN, pale, sealed, through, tiles};
use crate::bitmap::{Bitmap, Channels};
use crate::layout::PixelArea;

/// What was found, in pixels of the page.
#[derive(Default)]
pub(super) struct PageFindings {
    pub lines: Vec<RecognisedLine>,
    /// Ink in which no text was found.
    pub left: Vec<PixelArea>,
    pub seals: Vec<PixelArea>,
    /// Seals distinguished from print only by their ring: text under them may be lost.
    pub rings: Vec<PixelArea>,
    /// Ruling lines, or pieces of them.
    pub upright: Vec<PixelArea>,
    pub level: Vec<PixelArea>,
    pieces: Vec<Quad>,
}

impl PageFindings {
    /// Reads one part of a page of this size; `boxes` are in pixels of the part, which was brought to `side` for them.
    pub fn add(
        &mut self,
        engine: &mut dyn Engine,
        look: &Look,
        tile: &Tile,
        size: (u32, u32),
        boxes: Vec<Quad>,
        side: u32,
    ) -> Result<(), EngineError> {
        let (dx, dy) = (tile.x as f32, tile.y as f32);
        let ink = look.ink();
        let (pieces, mut boxes): (Vec<Quad>, Vec<Quad>) =
            boxes.into_iter().partition(|quad| tiles::is_cut(quad, tile, size));
        // What neighbours have found of this part.
        let mut text: Vec<(PixelArea, f32)> = self.lines.iter().map(|f| place(f, -dx, -dy)).collect();
        boxes.retain(|quad| !is_among(&quad.area(), text.iter().map(|(area, _)| area), 0.5));
        text.extend(pieces.iter().map(|quad| (quad.area(), quad.angle.tan())));

        let mut found = recognise_all(engine, &look.page, &boxes)?;
        if let Some(clean) = look.clean() {
            found = sealed::settle(engine, &look.page, clean, &look.seals, side, found)?;
            let known = |area: &PixelArea| text.iter().any(|(other, _)| other.shared(area) > 0.5 * area.w * area.h);
            found.retain(|f| !known(&f.line.area));
        }
        let (rings, ringless) = (look.seals.rings(), look.seals.without_rings(ink));
        if let Some(clean) = &ringless {
            read_twice(engine, clean, &boxes, rings, &mut found)?;
        }
        rings
            .iter()
            .for_each(|ring| join(&mut self.rings, ring.area().moved(dx, dy)));
        found.retain(|f| f.line.confidence >= LINE_MIN);
        let small = ReducedPage::of(ink);
        let with_text = |found: &[RecognisedLine]| -> Vec<(PixelArea, f32)> {
            let here = found.iter().map(|f| place(f, 0.0, 0.0));
            here.chain(text.iter().copied()).collect()
        };
        let known = with_text(&found);
        let missed = ink::without_text(&small, &known);
        found.extend(ink::read_again(engine, ink, &missed, &known)?);
        if let Some(clean) = &ringless {
            through::read(engine, ink, clean, rings, &mut found)?;
        }
        found.extend(look.seals.read_own_text(engine, &look.page, &found)?);
        let mut left = ink::without_text(&small, &with_text(&found));
        let seals = look.seals.areas();
        left.extend(pale::seals(&look.page, look.paper, &seals));
        // The ring of a seal has straight stretches that rule nothing.
        let of_seal = |rule: &PixelArea| seals.iter().any(|seal| seal.shared(rule) > 0.5 * rule.w * rule.h);
        let moved = |rules: Vec<PixelArea>| -> Vec<PixelArea> {
            let kept = rules.into_iter().filter(|rule| !of_seal(rule));
            kept.map(|rule| rule.moved(dx, dy)).collect()
        };
        self.upright.extend(moved(ink::upright_rules(&small)));
        self.level.extend(moved(ink::level_rules(&small)));

        self.pieces.extend(pieces.iter().map(|quad| quad.moved(dx, dy)));
        left.iter().for_each(|area| join(&mut self.left, area.moved(dx, dy)));
        seals.iter().for_each(|area| join(&mut self.seals, area.moved(dx, dy)));
        for mut f in found {
            f.line.area = f.line.area.moved(dx, dy);
            f.line.chars.iter_mut().for_each(|c| c.x += dx);
            let elsewhere = || self.lines.iter().map(|other| &other.line.area);
            if self.lines.is_empty() || !is_among(&f.line.area, elsewhere(), 0.5) {
                self.lines.push(f);
            }
        }
        Ok(())
    }

    /// Reads the lines that edges have cut.
    pub fn finish(&mut self, engine: &mut dyn Engine, sheet: &TurnedPage<'_>) -> Result<(), EngineError> {
        for quad in tiles::joined(std::mem::take(&mut self.pieces)) {
            let area = quad.area();
            if is_among(&area, self.lines.iter().map(|f| &f.line.area), 0.8) {
                continue;
            }
            let slanted = quad.w * quad.angle.sin().abs() / 2.0;
            let around = PixelArea {
                y: area.y - slanted,
                h: area.h + 2.0 * slanted,
                ..area
            };
            let (mut part, x, y) = sheet.around(&around, quad.w.min(quad.h))?;
            let sealed = self.seals.iter().any(|seal| seal.shared(&around) > 0.0);
            if sealed && part.channels() == Channels::Rgb {
                part = part.red_channel();
            }
            let Some(mut f) = recognise(engine, &part, &quad.moved(-x, -y))? else {
                continue;
            };
            // A character every few heights is no writing but marks along a long rule.
            let heights = quad.w.max(quad.h) / quad.w.min(quad.h).max(1.0);
            let sparse = (f.line.text.chars().count() as f32) * HEIGHTS_PER_CHARACTER_MAX < heights;
            if f.line.confidence < LINE_MIN || sparse {
                continue;
            }
            f.line.area = f.line.area.moved(x, y);
            f.line.chars.iter_mut().for_each(|c| c.x += x);
            let whole = f.line.area;
            let within = |other: &RecognisedLine| is_among(&other.line.area, std::iter::once(&whole), 0.6);
            let characters = |f: &RecognisedLine| f.line.text.chars().count();
            // What was read of its pieces is given up for more, never for less.
            if self.lines.iter().filter(|f| within(f)).map(characters).sum::<usize>() > characters(&f) {
                continue;
            }
            self.lines.retain(|other| !within(other));
            self.left.retain(|ink| !is_among(ink, std::iter::once(&whole), 0.6));
            self.lines.push(f);
        }
        Ok(())
    }
}

/// Reads lines under a ring again without it; the more certain reading stays.
fn read_twice(
    engine: &mut dyn Engine,
    clean: &Bitmap,
    boxes: &[Quad],
    rings: &[Ring],
    found: &mut [RecognisedLine],
) -> Result<(), EngineError> {
    for quad in boxes {
        let area = quad.area();
        if !rings.iter().any(|ring| ring.area().shared(&area) > 0.0) {
            continue;
        }
        let Some(other) = recognise(engine, clean, quad)? else {
            continue;
        };
        let of_box = |f: &&mut RecognisedLine| f.line.area.shared(&area) > 0.9 * area.w * area.h;
        if let Some(f) = found.iter_mut().find(of_box)
            && other.line.confidence > f.line.confidence + SURER
        {
            *f = other;
        }
    }
    Ok(())
}

/// Wider spaced than this, in heights of the line, characters are not those of one line.
const HEIGHTS_PER_CHARACTER_MAX: f32 = 8.0;

/// How much surer the second reading of a line must be.
const SURER: f32 = 0.02;

fn place(found: &RecognisedLine, dx: f32, dy: f32) -> (PixelArea, f32) {
    (found.line.area.moved(dx, dy), found.line.slope)
}

/// Whether so large a share of an area is under one of the others.
fn is_among<'a>(area: &PixelArea, others: impl IntoIterator<Item = &'a PixelArea>, share: f32) -> bool {
    let own = area.w * area.h;
    others.into_iter().any(|other| other.shared(area) > share * own)
}

/// Adds an area, or makes the one that it touches larger.
fn join(all: &mut Vec<PixelArea>, area: PixelArea) {
    match all.iter_mut().find(|other| other.shared(&area) > 0.0) {
        Some(other) => *other = other.joined(&area),
        None => all.push(area),
    }
}
