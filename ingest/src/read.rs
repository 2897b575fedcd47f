//! Page images to text: the stages in order, each in its own file.
//!
//! ```text
//! seals -> detect -> orientation -> recognise -> seals' own text -> ink without text -> script -> repair -> order
//! ```
//!
//! Runs only inside read workers. Gets bitmaps, never files. Refuses to know where a page comes
//! from and what it will be used for.

mod crop;
mod detect;
mod doubt;
mod engine;
mod ink;
mod orientation;
mod recognise;
mod repair;
mod script;
mod seal;
mod tiles;

pub use engine::EngineError;

use crate::bitmap::{Bitmap, Channels};
use crate::engines::Engines;
use crate::layout::{LineKind, PageReading, PageText, TextLine, Turn};
use crate::order;
use crate::reason::{Reason, Refusal};
use engine::{Engine, OnnxEngine};
use recognise::recognise_all;

/// Lines of less confidence than this are noise: specks, parts of ornaments.
const LINE_MIN: f32 = 0.5;

/// Name and version of what reads, kept with every text layer it makes.
pub const ENGINE_NAME: &str = "PP-OCRv6-small";
/// Changes whenever the same image may give another text.
pub const ENGINE_VERSION: &str = "onnxruntime 1.31.1, recipe 2";

/// How a page is to be read when somebody asks for another way than the usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReadHow {
    /// A person knows how the page lies: the clockwise turn that makes it upright. It is not found out then.
    pub turn: Option<Turn>,
    /// Lines are looked for in a larger image.
    pub fine: bool,
}

/// The networks, loaded, and the recipe.
pub struct Reader {
    engine: OnnxEngine,
}

impl Reader {
    /// Loads the networks and runs each once, so that nothing is left to be loaded later.
    ///
    /// # Errors
    /// When the engines are damaged or for another machine.
    pub fn load(engines: &Engines) -> Result<Reader, EngineError> {
        let mut engine = OnnxEngine::load(engines)?;
        engine.detect(&Bitmap::filled(64, 64, 255))?;
        engine.recognise(&Bitmap::filled(48, engine::LINE_HEIGHT, 255))?;
        let sample = Bitmap::filled(engine::ORIENTATION_WIDTH, engine::LINE_HEIGHT, 255);
        engine.upside_down(&sample)?;
        Ok(Reader { engine })
    }

    /// Reads a page.
    ///
    /// # Errors
    /// `page_failed` when a network fails on it.
    pub fn read(&mut self, bitmap: Bitmap, how: ReadHow) -> Result<PageReading, Refusal> {
        read(&mut self.engine, bitmap, how).map_err(|e| Refusal::new(Reason::PageFailed, e.to_string()))
    }
}

fn read(engine: &mut dyn Engine, page: Bitmap, how: ReadHow) -> Result<PageReading, EngineError> {
    let side = if how.fine { tiles::FINE_SIDE } else { tiles::SIDE };
    let mut turn = how.turn.unwrap_or_default();
    let mut page = page.simplified();
    if turn != Turn::None {
        page = page.turned(turn);
    }
    let mut seals = seal::find(&page);
    let mut ink = seals.without(&page);
    let mut quads = tiles::detect(engine, &ink, side)?;
    if how.turn.is_none() {
        turn = orientation::find(engine, &ink, &quads)?;
        if turn != Turn::None {
            drop(ink);
            page = page.turned(turn);
            seals = seal::find(&page);
            ink = seals.without(&page);
            quads = tiles::detect(engine, &ink, side)?;
        }
    }
    let mut found = recognise_all(engine, &ink, &quads)?;
    found.retain(|f| f.line.confidence >= LINE_MIN);
    let missed = ink::without_text(&ink, &found);
    found.extend(ink::read_again(engine, &ink, &missed, &found)?);
    found.extend(seals.read_own_text(engine, &page, &found)?);
    script::settle(&mut found);
    let mut rules = ink::upright_rules(&ink);
    // The ring of a seal has upright stretches that rule nothing.
    rules.retain(|rule| {
        !seals
            .areas()
            .iter()
            .any(|seal| seal.shared(rule) > 0.5 * rule.w * rule.h)
    });
    let mut regions = doubt::regions(ink::without_text(&ink, &found), &found, &seals);
    let blank = doubt::is_blank(&found, &regions, page.width(), page.height());
    if blank {
        // What specks look like is no text, and nobody needs to look at them.
        found.clear();
        regions.clear();
    }
    let mut lines: Vec<TextLine> = found.into_iter().map(|f| f.line).collect();
    for line in &mut lines {
        repair::credit_codes(line);
        repair::per_mille(line);
    }
    let (sealed, plain) = lines.into_iter().partition(|l| l.kind == LineKind::Seal);
    let mut lines = order::reading_order(plain, &rules);
    // Text of seals stands apart: it lies across the lines it was put on.
    lines.extend(order::reading_order(sealed, &[]));
    let text = PageText { lines };
    let confidence = text.mean_confidence();
    let (width, height) = (page.width(), page.height());
    Ok(PageReading {
        width,
        height,
        turn,
        text,
        regions,
        confidence,
        blank,
    })
}

/// The bitmap's channels as the networks see them; used by stages that sample pixels.
fn gray_at(page: &Bitmap, x: usize, y: usize) -> u8 {
    let at = y * page.width() as usize + x;
    match page.channels() {
        Channels::Gray => page.data()[at],
        Channels::Rgb => crate::bitmap::luminance(&page.data()[at * 3..at * 3 + 3]),
    }
}
