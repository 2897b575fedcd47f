//! Page images to text: the stages in order, each in its own file.
//!
//! ```text
//! detect -> orientation -> recognise -> lines that seals touch, without them -> lines under dark seals -> seals' own text -> ink without text -> script
//!     -> repair -> order
//! ```
//!
//! Everything up to the ink is done for each part of the page: one for a page of paper, tiles for a drawing.
//!
//! Runs only inside read workers. Gets bitmaps, never files. Refuses to know where a page comes
//! from and what it will be used for.

mod crop;
mod detect;
mod doubt;
mod engine;
mod gathered;
mod ink;
mod orientation;
mod pale;
mod paper;
mod recognise;
mod repair;
mod ring;
mod script;
mod seal;
mod seal_marks;
mod sealed;
mod sheet;
mod through;
mod tiles;

pub use engine::EngineError;

use crate::bitmap::{Bitmap, Channels, SharedBitmap};
use crate::engines::{Engines, Runtime};
use crate::layout::{LayoutLine, LayoutText, LineKind, PageReading, Turn};
use crate::order::{self, RulingLines};
use crate::reason::Refusal;
use detect::Quad;
use engine::{Engine, NeuralEngine};
use gathered::PageFindings;
use sheet::TurnedPage;
use tiles::Tile;
use vocabulary::Reason;

/// Lines of less confidence than this are noise: specks, parts of ornaments.
const LINE_MIN: f32 = 0.5;

/// Name and version of what reads, kept with every text layer it makes.
pub const ENGINE_NAME: &str = "PP-OCRv6-small";
/// The recogniser for second opinions; named with the first one where it read every line.
pub const SECOND_NAME: &str = "PP-OCRv5-mobile";
/// Changes whenever the same image may give another text.
const RECIPE: u32 = 8;

/// How to read a page when another way than the usual is requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReadHow {
    /// The orientation set by a person: the clockwise turn that makes the page upright. It is not detected then.
    pub turn: Option<Turn>,
    /// Lines are looked for in a larger image.
    pub fine: bool,
    /// Seals are read in place; they are not removed first.
    pub keep_seals: bool,
    /// A second network reads every line too, not only those that were not read surely; where the two differ, a person is
    /// asked to look.
    pub second_opinion: bool,
}

/// The networks, loaded, and the recipe.
pub struct Reader {
    engine: NeuralEngine,
    runtime: Runtime,
    /// What runs the networks and the recipe, kept with every text layer.
    version: String,
}

impl Reader {
    /// Loads the networks and runs each once, so that nothing is left to be loaded later.
    ///
    /// # Errors
    /// When the engines are damaged or for another machine.
    pub fn load(engines: &Engines, runtime: Runtime) -> Result<Reader, EngineError> {
        let mut engine = NeuralEngine::load(engines, runtime)?;
        engine.detect(&Bitmap::filled(64, 64, 255))?;
        engine.recognise(&Bitmap::filled(48, engine::LINE_HEIGHT, 255))?;
        let sample = Bitmap::filled(engine::ORIENTATION_WIDTH, engine::LINE_HEIGHT, 255);
        engine.upside_down(&sample)?;
        Ok(Reader {
            engine,
            runtime,
            version: format!("{}, recipe {RECIPE}", runtime.version()),
        })
    }

    /// What runs the networks.
    pub fn runtime(&self) -> Runtime {
        self.runtime
    }

    /// Reads a page.
    ///
    /// # Errors
    /// `page_failed` when a network fails on it.
    pub fn read(&mut self, pixels: &SharedBitmap, how: ReadHow) -> Result<PageReading, Refusal> {
        let asked = self.engine.ask_of_every_line(how.second_opinion);
        let mut reading = asked
            .and_then(|()| read(&mut self.engine, pixels, how))
            .map_err(|e| Refusal::new(Reason::PageFailed, e.detail()))?;
        reading.second_at_hand = self.engine.has_second();
        reading.version.clone_from(&self.version);
        Ok(reading)
    }
}

fn read(engine: &mut dyn Engine, pixels: &SharedBitmap, how: ReadHow) -> Result<PageReading, EngineError> {
    let side = if how.fine { tiles::FINE_SIDE } else { tiles::SIDE };
    let mut turn = how.turn.unwrap_or_default();
    let mut sheet = TurnedPage::new(pixels, turn, how.keep_seals);
    let mut boxes = boxes_of(engine, &mut sheet, side)?;
    let mut is_vertical = false;
    if how.turn.is_none() {
        let found = orientation::find(engine, &mut sheet, &boxes)?;
        (turn, is_vertical) = (found.turn, found.is_vertical);
        if turn != Turn::None {
            sheet.turn(turn);
            boxes = boxes_of(engine, &mut sheet, side)?;
        }
    }
    let (width, height) = sheet.size();
    let mut gathered = PageFindings::default();
    let searched = tiles::side_of((width, height), sheet.dpi(), side);
    for (tile, quads) in boxes {
        gathered.add(engine, sheet.look(tile)?, &tile, (width, height), quads, searched)?;
    }
    gathered.finish(engine, &sheet)?;
    let PageFindings {
        lines: mut found,
        left,
        seals,
        rings,
        upright,
        level,
        ..
    } = gathered;
    script::settle(&mut found);
    let mut regions = doubt::regions(left, &found, &seals, &rings);
    let blank = doubt::is_blank(&found, &regions, width, height);
    if blank {
        // Specks are no text and need no review.
        found.clear();
        regions.clear();
    }
    let mut lines: Vec<LayoutLine> = found.into_iter().map(|f| f.line).collect();
    lines.iter_mut().for_each(repair::repair);
    let (sealed, plain) = lines.into_iter().partition(|l| l.kind == LineKind::Seal);
    let rules = RulingLines {
        upright: &upright,
        level: &level,
    };
    let mut lines = match is_vertical {
        true => order::columns_from_the_right(plain, rules, (width, height)),
        false => order::reading_order(plain, rules),
    };
    // Text of seals is kept apart: it crosses the lines it was stamped on.
    lines.extend(order::reading_order(sealed, RulingLines::default()));
    let text = LayoutText { lines };
    let confidence = text.mean_confidence();
    Ok(PageReading {
        width,
        height,
        turn,
        text,
        regions,
        confidence,
        blank,
        second_at_hand: false,
        version: String::new(),
    })
}

/// The boxes of each part of a page.
fn boxes_of(
    engine: &mut dyn Engine,
    sheet: &mut TurnedPage<'_>,
    side: u32,
) -> Result<Vec<(Tile, Vec<Quad>)>, EngineError> {
    let mut boxes = Vec::new();
    let side = tiles::side_of(sheet.size(), sheet.dpi(), side);
    for tile in tiles::of(sheet.size(), sheet.dpi()) {
        let quads = tiles::detect(engine, &sheet.look(tile)?.page, side)?;
        boxes.push((tile, quads));
    }
    Ok(boxes)
}

/// The bitmap's channels as the networks see them; used by stages that sample pixels.
fn gray_at(page: &Bitmap, x: usize, y: usize) -> u8 {
    let at = y * page.width() as usize + x;
    match page.channels() {
        Channels::Gray => page.data()[at],
        Channels::Rgb => crate::bitmap::luminance(&page.data()[at * 3..at * 3 + 3]),
    }
}
