//! The neural networks behind two traits: what a page reader asks of them ([`Engine`]), and what runs them ([`Networks`]),
//! which is one of two runtimes, chosen by what the processor has. Knows nothing of pages, only of small images.

mod ctc;
mod fault;
mod onnx;
mod openvino;
mod planes;

use super::paper::widened;
use crate::bitmap::Bitmap;
use crate::engines::{Engines, Runtime};
use ctc::{Classes, Decoded};
pub use fault::EngineError;
use onnx::OnnxRuntime;
use openvino::OpenVino;
use planes::fill;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::rc::Rc;

/// Height of a line that the recogniser wants, in pixels.
pub(super) const LINE_HEIGHT: u32 = 48;
/// Pixels of the line for each step of the recogniser.
pub(super) const STEP_PIXELS: f32 = 8.0;
/// Width that the orientation classifier wants, in pixels.
pub(super) const ORIENTATION_WIDTH: u32 = 192;

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
    /// Lines that are worth numbers of 32 bits.
    CloseLines,
    /// `LINE_HEIGHT` by `ORIENTATION_WIDTH`.
    Samples,
}

/// A runtime: makes networks of ONNX models.
trait Networks {
    /// Whether it reads some lines otherwise for the shortness of its numbers.
    fn rounds(&self) -> bool;
    fn network(&mut self, model: ModelFile, images: Images) -> Result<Box<dyn Network>, EngineError>;
}

/// A file of the engines, opened while files can still be opened, and read when it is needed.
struct ModelFile(File);

impl ModelFile {
    fn open(path: &Path) -> Result<ModelFile, EngineError> {
        File::open(path).map(ModelFile).map_err(failed)
    }

    fn again(&self) -> Result<ModelFile, EngineError> {
        self.0.try_clone().map(ModelFile).map_err(failed)
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
    exact: Exact,
    /// Every line is read by the second network, not only what is unsure.
    ask_of_every_line: bool,
}

/// A network that reads lines, with its characters.
struct Recogniser {
    network: Box<dyn Network>,
    classes: Rc<Classes>,
}

/// The recogniser once more, with numbers of 32 bits, where the runtime has shorter ones: for lines of which rounding may
/// have changed the text. Loaded at its first use.
enum Exact {
    Needless,
    Waiting(ModelFile),
    Loaded(Recogniser),
}

/// Lines that were decided by less than this are read with numbers of 32 bits. Of 1,908 lines 25 were read otherwise with
/// bf16, the clearest of them by 0.298; 9 % of all lines are closer (docs/benchmarks.md).
const CLOSE: f32 = 0.3;

/// The recogniser for second opinions. It is loaded at its first use, by a worker that can no longer open files:
/// so its file is opened beforehand, and few workers pay for it.
enum Second {
    Missing,
    Waiting { model: ModelFile, characters: ModelFile },
    Loaded(Recogniser),
}

impl NeuralEngine {
    pub fn load(engines: &Engines, runtime: Runtime) -> Result<NeuralEngine, EngineError> {
        let loaded: Result<Box<dyn Networks>, EngineError> = match runtime {
            Runtime::OnnxRuntime => OnnxRuntime::load(engines).map(|runtime| Box::new(runtime) as _),
            Runtime::OpenVino(precision) => OpenVino::load(engines, precision).map(|runtime| Box::new(runtime) as _),
        };
        let mut runtime = loaded.map_err(|e| e.of_runtime(runtime))?;
        let second = match engines.second() {
            Some((model, characters)) => Second::Waiting {
                model: ModelFile::open(&model)?,
                characters: ModelFile::open(&characters)?,
            },
            None => Second::Missing,
        };
        let path = engines.recognition();
        let mut recognition = ModelFile::open(&path)?;
        let listed = crate::engines::model_text(&recognition.bytes()?, "character");
        let listed = listed.ok_or_else(|| failed("it lists no characters").of_model(&path))?;
        let exact = match runtime.rounds() {
            true => Exact::Waiting(recognition.again()?),
            false => Exact::Needless,
        };
        let mut network = |path: &Path, images: Images| {
            let network = ModelFile::open(path).and_then(|model| runtime.network(model, images));
            network.map_err(|e| e.of_model(path))
        };
        Ok(NeuralEngine {
            detection: network(&engines.detection(), Images::Pages)?,
            recognition: Recogniser {
                network: network(&path, Images::Lines)?,
                classes: Rc::new(Classes::new(&listed)),
            },
            orientation: network(&engines.orientation(), Images::Samples)?,
            runtime,
            second,
            exact,
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
                return Err(EngineError::NoSecondNetwork);
            }
            Second::Waiting { model, characters } => (model, characters),
        };
        let characters = String::from_utf8(characters.bytes()?).map_err(failed)?;
        let model = model.again()?;
        self.second = Second::Loaded(Recogniser {
            network: self.runtime.network(model, Images::Lines)?,
            classes: Rc::new(Classes::new(&characters)),
        });
        Ok(())
    }

    /// The recogniser with numbers of 32 bits, where the first one has others.
    fn exact(&mut self) -> Result<Option<&mut Recogniser>, EngineError> {
        if let Exact::Waiting(model) = &self.exact {
            let model = model.again()?;
            self.exact = Exact::Loaded(Recogniser {
                network: self.runtime.network(model, Images::CloseLines)?,
                classes: Rc::clone(&self.recognition.classes),
            });
        }
        Ok(match &mut self.exact {
            Exact::Loaded(exact) => Some(exact),
            _ => None,
        })
    }
}

impl Recogniser {
    fn read(&mut self, line: &Bitmap) -> Result<Decoded, EngineError> {
        let size = self.network.size(size_of(line));
        let line = widened(line, size.0 as u32);
        let line = |planes: &mut [f32]| fill(planes, &line, size);
        let mut decoded = None;
        self.network
            .run(size, &line, &mut |scores| decoded = self.classes.decoded(scores))?;
        decoded.ok_or_else(|| failed("the model and its list of characters do not fit"))
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
        let read = self.recognition.read(line)?;
        if read.margin >= CLOSE {
            return Ok(read.glyphs);
        }
        match self.exact()? {
            Some(exact) => exact.read(line).map(|read| read.glyphs),
            None => Ok(read.glyphs),
        }
    }

    fn second_opinion(&mut self, line: &Bitmap, is_sure: bool) -> Result<Option<Vec<Glyph>>, EngineError> {
        if is_sure && !self.ask_of_every_line {
            return Ok(None);
        }
        if matches!(self.second, Second::Waiting { .. }) {
            self.load_second()?;
        }
        match &mut self.second {
            Second::Loaded(second) => second.read(line).map(|read| Some(read.glyphs)),
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
    EngineError::NetworkFailed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives these scores for every image.
    struct Fixed(Vec<f32>);

    impl Network for Fixed {
        fn size(&self, size: (usize, usize)) -> (usize, usize) {
            size
        }

        fn run(&mut self, _size: (usize, usize), _fill: Fill<'_>, take: Take<'_>) -> Result<(), EngineError> {
            take(&self.0);
            Ok(())
        }
    }

    impl Networks for Fixed {
        fn rounds(&self) -> bool {
            true
        }

        fn network(&mut self, _model: ModelFile, images: Images) -> Result<Box<dyn Network>, EngineError> {
            assert_eq!(images, Images::CloseLines);
            Ok(Box::new(Fixed(self.0.clone())))
        }
    }

    /// Scores of nothing, 8, 9 and the space.
    fn eights(middle: [f32; 4]) -> Vec<f32> {
        let eight = [0.0, 1.0, 0.0, 0.0];
        [eight, middle, eight].concat()
    }

    #[test]
    fn a_line_that_rounding_may_have_changed_is_read_with_longer_numbers() {
        let two = eights([0.52, 0.48, 0.0, 0.0]);
        let read = |first: Vec<f32>| -> String {
            let model = ModelFile(tempfile::tempfile().expect("a file"));
            let mut engine = NeuralEngine {
                runtime: Box::new(Fixed(two.clone())),
                detection: Box::new(Fixed(Vec::new())),
                recognition: Recogniser {
                    network: Box::new(Fixed(first)),
                    classes: Rc::new(Classes::new("8\n9")),
                },
                orientation: Box::new(Fixed(Vec::new())),
                second: Second::Missing,
                exact: Exact::Waiting(model),
                ask_of_every_line: false,
            };
            let glyphs = engine.recognise(&Bitmap::filled(48, LINE_HEIGHT, 255));
            glyphs.expect("a line").iter().map(|g| g.value).collect()
        };
        assert_eq!(
            read(eights([0.45, 0.55, 0.0, 0.0])),
            "88",
            "the first network had lost a digit"
        );
        assert_eq!(read(eights([0.1, 0.9, 0.0, 0.0])), "8", "what is clear is read once");
    }
}
