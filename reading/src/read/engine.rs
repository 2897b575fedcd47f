//! The neural networks behind two traits: what a page reader asks of them ([`Engine`]), and what runs them ([`Networks`]),
//! which is one of two runtimes, chosen by what the processor has. Knows nothing of pages, only of small images.

mod ctc;
mod onnx;
mod openvino;
mod planes;

use super::paper::widened;
use crate::bitmap::Bitmap;
use crate::engines::{Engines, Runtime};
use ctc::Classes;
use onnx::OnnxRuntime;
use openvino::OpenVino;
use planes::fill;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

/// Height of a line that the recogniser wants, in pixels.
pub(super) const LINE_HEIGHT: u32 = 48;
/// Pixels of the line for each step of the recogniser.
pub(super) const STEP_PIXELS: f32 = 8.0;
/// Width that the orientation classifier wants, in pixels.
pub(super) const ORIENTATION_WIDTH: u32 = 192;

/// Why a network gave no result.
#[derive(Debug, thiserror::Error)]
#[error("the recognition engine failed: {0}")]
pub struct EngineError(String);

impl EngineError {
    /// The page itself could not be had.
    pub(super) fn pixels(error: std::io::Error) -> EngineError {
        EngineError(format!("the pixels of the page could not be had: {error}"))
    }
}

/// A character as recognised, with the steps it spans.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Glyph {
    pub value: char,
    pub first_step: usize,
    pub last_step: usize,
    pub confidence: f32,
    /// For a traditional character its simplified form, if the network thought of that too.
    pub simplified: Option<char>,
}

/// What the networks of a page reader can do.
pub(super) trait Engine {
    /// For each pixel how likely it is text. Both sides of the image are multiples of 32.
    fn detect(&mut self, image: &Bitmap) -> Result<Vec<f32>, EngineError>;
    /// The characters of a line `LINE_HEIGHT` high, whose width is a multiple of 8.
    fn recognise(&mut self, line: &Bitmap) -> Result<Vec<Glyph>, EngineError>;
    /// The same line read by another network: of a line that was not read surely, where there is another network, and
    /// of every line when requested.
    fn second_opinion(&mut self, _line: &Bitmap, _is_sure: bool) -> Result<Option<Vec<Glyph>>, EngineError> {
        Ok(None)
    }
    /// How likely a line of `LINE_HEIGHT` by `ORIENTATION_WIDTH` is upside down.
    fn upside_down(&mut self, line: &Bitmap) -> Result<f32, EngineError>;
}

/// Which images a network gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Images {
    Pages,
    Lines,
    SeldomLines,
    /// `LINE_HEIGHT` by `ORIENTATION_WIDTH`.
    Samples,
}

/// A runtime: makes networks of ONNX models.
trait Networks {
    fn network(&mut self, model: ModelFile, images: Images) -> Result<Box<dyn Network>, EngineError>;
}

/// A file of the engines, opened while files can still be opened, and read when it is needed.
struct ModelFile(File);

impl ModelFile {
    fn open(path: &Path) -> Result<ModelFile, EngineError> {
        File::open(path).map(ModelFile).map_err(failed)
    }

    fn bytes(&mut self) -> Result<Vec<u8>, EngineError> {
        let mut bytes = Vec::new();
        // From the beginning: it may have been read before.
        self.0.rewind().map_err(failed)?;
        self.0.read_to_end(&mut bytes).map_err(failed)?;
        Ok(bytes)
    }
}

/// Fills in the planes of an image; takes what a network gave.
type Fill<'a> = &'a dyn Fn(&mut [f32]);
type Take<'a> = &'a mut dyn FnMut(&[f32]);

/// One network, made ready for this processor. Sizes are width and height in pixels.
trait Network {
    /// The size to which an image of this size is brought.
    fn size(&self, size: (usize, usize)) -> (usize, usize);
    /// Lets the planes of one image be filled in, and hands out the numbers that it gives for them.
    fn run(&mut self, size: (usize, usize), fill: Fill<'_>, take: Take<'_>) -> Result<(), EngineError>;
}

/// PP-OCRv6 small, one thread.
pub(super) struct NeuralEngine {
    runtime: Box<dyn Networks>,
    detection: Box<dyn Network>,
    recognition: Recogniser,
    orientation: Box<dyn Network>,
    second: Second,
    /// Every line is read by the second network, not only what is unsure.
    ask_of_every_line: bool,
}

/// A network that reads lines, with its characters.
struct Recogniser {
    network: Box<dyn Network>,
    classes: Classes,
}

/// The recogniser for second opinions. It is loaded at its first use, by a worker that can no longer open files:
/// so its file is opened beforehand, and few workers pay for it.
enum Second {
    Missing,
    Waiting { model: ModelFile, characters: ModelFile },
    Loaded(Recogniser),
}

impl NeuralEngine {
    pub fn load(engines: &Engines, runtime: Runtime) -> Result<NeuralEngine, EngineError> {
        let mut runtime: Box<dyn Networks> = match runtime {
            Runtime::OnnxRuntime => Box::new(OnnxRuntime::load(engines)?),
            Runtime::OpenVino => Box::new(OpenVino::load(engines)?),
        };
        let second = match engines.second() {
            Some((model, characters)) => Second::Waiting {
                model: ModelFile::open(&model)?,
                characters: ModelFile::open(&characters)?,
            },
            None => Second::Missing,
        };
        let mut recognition = ModelFile::open(&engines.recognition())?;
        let listed = crate::engines::model_text(&recognition.bytes()?, "character");
        let listed = listed.ok_or_else(|| failed("the model lists no characters"))?;
        Ok(NeuralEngine {
            detection: runtime.network(ModelFile::open(&engines.detection())?, Images::Pages)?,
            recognition: Recogniser {
                network: runtime.network(recognition, Images::Lines)?,
                classes: Classes::new(&listed),
            },
            orientation: runtime.network(ModelFile::open(&engines.orientation())?, Images::Samples)?,
            runtime,
            second,
            ask_of_every_line: false,
        })
    }

    /// Whether every line is read by the second network too from now on.
    ///
    /// # Errors
    /// When there is none.
    pub fn ask_of_every_line(&mut self, ask: bool) -> Result<(), EngineError> {
        self.ask_of_every_line = ask;
        if ask { self.load_second() } else { Ok(()) }
    }

    /// Whether there is a second network.
    pub fn has_second(&self) -> bool {
        !matches!(self.second, Second::Missing)
    }

    fn load_second(&mut self) -> Result<(), EngineError> {
        let (model, characters) = match &mut self.second {
            Second::Loaded(_) => return Ok(()),
            Second::Missing => {
                return Err(failed(
                    "there is no recogniser for a second opinion, run `dossier setup`",
                ));
            }
            Second::Waiting { model, characters } => (model, characters),
        };
        let characters = String::from_utf8(characters.bytes()?).map_err(failed)?;
        let model = ModelFile(model.0.try_clone().map_err(failed)?);
        self.second = Second::Loaded(Recogniser {
            network: self.runtime.network(model, Images::SeldomLines)?,
            classes: Classes::new(&characters),
        });
        Ok(())
    }
}

impl Recogniser {
    fn read(&mut self, line: &Bitmap) -> Result<Vec<Glyph>, EngineError> {
        let size = self.network.size(size_of(line));
        let line = widened(line, size.0 as u32);
        let line = |planes: &mut [f32]| fill(planes, &line, size);
        let mut glyphs = None;
        self.network
            .run(size, &line, &mut |scores| glyphs = self.classes.glyphs(scores))?;
        glyphs.ok_or_else(|| failed("the model and its list of characters do not fit"))
    }
}

impl Engine for NeuralEngine {
    fn detect(&mut self, image: &Bitmap) -> Result<Vec<f32>, EngineError> {
        let own = size_of(image);
        let size = self.detection.size(own);
        let page = |planes: &mut [f32]| fill(planes, image, size);
        let mut map = Vec::with_capacity(own.0 * own.1);
        self.detection.run(size, &page, &mut |likely| {
            let rows = likely.chunks_exact(size.0).take(own.1);
            map.extend(rows.flat_map(|row| &row[..own.0]));
        })?;
        match map.len() == own.0 * own.1 {
            true => Ok(map),
            false => Err(failed("the text map has another size")),
        }
    }

    fn recognise(&mut self, line: &Bitmap) -> Result<Vec<Glyph>, EngineError> {
        self.recognition.read(line)
    }

    fn second_opinion(&mut self, line: &Bitmap, is_sure: bool) -> Result<Option<Vec<Glyph>>, EngineError> {
        if is_sure && !self.ask_of_every_line {
            return Ok(None);
        }
        if matches!(self.second, Second::Waiting { .. }) {
            self.load_second()?;
        }
        match &mut self.second {
            Second::Loaded(second) => second.read(line).map(Some),
            _ => Ok(None),
        }
    }

    fn upside_down(&mut self, line: &Bitmap) -> Result<f32, EngineError> {
        let size = size_of(line);
        let sample = |planes: &mut [f32]| fill(planes, line, size);
        let mut likely = 0.0;
        self.orientation.run(size, &sample, &mut |scores| {
            likely = scores.get(1).copied().unwrap_or(0.0);
        })?;
        Ok(likely)
    }
}

fn size_of(image: &Bitmap) -> (usize, usize) {
    (image.width() as usize, image.height() as usize)
}

fn failed(error: impl ToString) -> EngineError {
    EngineError(error.to_string())
}
