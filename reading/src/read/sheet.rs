//! The page in a read worker: its pixels stay in the memory file they came in, and only the part being
//! read is copied. A page of paper is one part; a drawing is many.

use super::engine::EngineError;
use super::seal::Seals;
use super::tiles::Tile;
use super::{seal, tiles};
use crate::bitmap::{Bitmap, SharedBitmap};
use crate::layout::{PixelArea, Turn};
use std::io;

/// A part of the page in memory, and the same with its seals taken out.
pub(super) struct Look {
    pub page: Bitmap,
    pub seals: Seals,
    /// The shorter side of a sheet of paper, by which seals are measured.
    pub paper: f32,
    clean: Option<Bitmap>,
}

impl Look {
    /// The page without its seals, where there are some.
    pub fn clean(&self) -> Option<&Bitmap> {
        self.clean.as_ref()
    }

    /// The image on which ink is searched: without seals.
    pub fn ink(&self) -> &Bitmap {
        self.clean.as_ref().unwrap_or(&self.page)
    }
}

/// The page, turned, of which one part is held at a time.
pub(super) struct TurnedPage<'p> {
    pixels: &'p SharedBitmap,
    turn: Turn,
    /// Seals are to be read in place, not removed.
    keep_seals: bool,
    held: Option<(Tile, Look)>,
}

impl<'p> TurnedPage<'p> {
    pub fn new(pixels: &'p SharedBitmap, turn: Turn, keep_seals: bool) -> TurnedPage<'p> {
        TurnedPage {
            pixels,
            turn,
            keep_seals,
            held: None,
        }
    }

    /// Turned further.
    pub fn turn(&mut self, turn: Turn) {
        self.turn = self.turn.then(turn);
        self.held = None;
    }

    /// Size of the page as it is turned now.
    pub fn size(&self) -> (u32, u32) {
        let header = self.pixels.header();
        self.turn.size(header.width, header.height)
    }

    pub fn dpi(&self) -> Option<f32> {
        self.pixels.header().dpi
    }

    /// A part, with the seals on it found.
    pub fn look(&mut self, tile: Tile) -> Result<&Look, EngineError> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != tile) {
            // Never two at once.
            self.held = None;
            let page = self.part(tile).map_err(EngineError::pixels)?;
            let paper = tiles::paper_side(self.size(), self.dpi());
            let seals = if self.keep_seals {
                Seals::none()
            } else {
                seal::find(&page, paper)
            };
            let clean = seals.without(&page);
            self.held = Some((
                tile,
                Look {
                    page,
                    seals,
                    paper,
                    clean,
                },
            ));
        }
        match &self.held {
            Some((_, look)) => Ok(look),
            None => Err(EngineError::pixels(io::ErrorKind::NotFound.into())),
        }
    }

    /// The pixels around an area, and where they begin.
    pub fn around(&self, area: &PixelArea, margin: f32) -> Result<(Bitmap, f32, f32), EngineError> {
        let (width, height) = self.size();
        let from = |v: f32, end: u32| (v - margin).floor().clamp(0.0, (end - 1) as f32) as u32;
        let to = |v: f32, end: u32| (v + margin).ceil().clamp(1.0, end as f32) as u32;
        let (x, y) = (from(area.x, width), from(area.y, height));
        let tile = Tile {
            x,
            y,
            w: to(area.right(), width).saturating_sub(x).max(1),
            h: to(area.bottom(), height).saturating_sub(y).max(1),
        };
        let part = self.part(tile).map_err(EngineError::pixels)?;
        Ok((part, x as f32, y as f32))
    }

    /// The pixels of a part, turned, gray where it has no colour.
    fn part(&self, tile: Tile) -> io::Result<Bitmap> {
        let header = self.pixels.header();
        let back = |start: u32, length: u32, end: u32| end.saturating_sub(start + length);
        let Tile { x, y, w, h } = tile;
        let (x, y, w, h) = match self.turn {
            Turn::None => (x, y, w, h),
            Turn::Quarter => (y, back(x, w, header.height), h, w),
            Turn::Half => (back(x, w, header.width), back(y, h, header.height), w, h),
            Turn::ThreeQuarters => (back(y, h, header.width), x, h, w),
        };
        Ok(self.pixels.part(x, y, w, h)?.simplified().turned(self.turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_turned_page_are_those_of_the_whole() {
        let mut page = Bitmap::filled(7, 5, 0);
        (0..35).for_each(|at| page.data_mut()[at] = at as u8 * 7);
        let shared = SharedBitmap::from_bitmap(&page).expect("memory");
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            let sheet = TurnedPage::new(&shared, turn, false);
            let whole = page.clone().turned(turn);
            assert_eq!(sheet.size(), (whole.width(), whole.height()));
            let tile = Tile { x: 1, y: 2, w: 3, h: 2 };
            let part = sheet.part(tile).expect("a part");
            assert_eq!(part.data(), whole.cropped(1, 2, 3, 2).data(), "{turn:?}");
        }
    }
}
