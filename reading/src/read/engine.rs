//! The neural networks behind one trait, and their implementation on the ONNX runtime.
//!
//! The trait is the edge of the process, so that a pure-Rust runtime can take its place
//! where no native library is wanted. Knows nothing of pages, only of small images.

#![expect(unsafe_code, reason = "all networks share one arena, which the crate does not offer")]

use crate::bitmap::{Bitmap, Channels};
use crate::engines::Engines;
use ort::AsPointer;
use ort::environment::Environment;
use ort::memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType};
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::value::TensorRef;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek};

/// Height of a line that the recogniser wants, in pixels.
pub(super) const LINE_HEIGHT: u32 = 48;
/// Pixels of the line for each step of the recogniser.
pub(super) const STEP_PIXELS: f32 = 8.0;
/// Width that the orientation classifier wants, in pixels.
pub(super) const ORIENTATION_WIDTH: u32 = 192;

/// Score from which the simplified form of a character was thought of.
const SIMPLER_MIN: f32 = 0.005;

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

/// PP-OCRv6 small on the ONNX runtime, one thread.
pub(super) struct OnnxEngine {
    environment: Environment,
    detection: Session,
    recognition: Recogniser,
    orientation: Session,
    second: Second,
    /// Every line is read by the second network, not only what is unsure.
    ask_of_every_line: bool,
    planes: Vec<f32>,
}

/// A network that reads lines, with its characters.
struct Recogniser {
    session: Session,
    /// Class 0 is "nothing"; class n is the n-th entry.
    characters: Vec<char>,
    /// For each entry the class of its simplified form, 0 if it has none.
    simplified: Vec<usize>,
}

/// The recogniser for second opinions. It is loaded at its first use, by a worker that can no longer open files:
/// so its file is opened beforehand, and few workers pay for it.
enum Second {
    Missing,
    Waiting { model: File, characters: File },
    Loaded(Recogniser),
}

impl OnnxEngine {
    pub fn load(engines: &Engines) -> Result<OnnxEngine, EngineError> {
        let environment = ort::init_from(engines.onnxruntime())
            .map_err(failed)?
            .with_name("dossier")
            // Too late for most of it: the pool also starts read workers with ORT_DISABLE_TELEMETRY.
            .with_telemetry(false)
            .build()
            .map_err(failed)?;
        share_memory(&environment)?;
        let from = |path| builder(&environment)?.commit_from_file(path).map_err(failed);
        let second = match engines.second() {
            Some((model, characters)) => Second::Waiting {
                model: File::open(model).map_err(failed)?,
                characters: File::open(characters).map_err(failed)?,
            },
            None => Second::Missing,
        };
        Ok(OnnxEngine {
            detection: from(engines.detection())?,
            recognition: Recogniser::with_own_characters(from(engines.recognition())?)?,
            orientation: from(engines.orientation())?,
            environment,
            second,
            ask_of_every_line: false,
            planes: Vec::new(),
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
        // From their beginning: an attempt before this one may have failed half-way.
        let whole = |file: &mut File| -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let model = whole(model).map_err(failed)?;
        let characters = String::from_utf8(whole(characters).map_err(failed)?).map_err(failed)?;
        let session = builder(&self.environment)?.commit_from_memory(&model).map_err(failed)?;
        self.second = Second::Loaded(Recogniser::new(session, &characters));
        Ok(())
    }
}

fn builder(environment: &Environment) -> Result<SessionBuilder, EngineError> {
    let cpu = ort::ep::CPU::default().with_arena_allocator(true).build();
    Session::builder(environment)
        .map_err(failed)?
        .with_optimization_level(GraphOptimizationLevel::Level3)
        .map_err(failed)?
        .with_intra_threads(1)
        .map_err(failed)?
        .with_inter_threads(1)
        .map_err(failed)?
        .with_memory_pattern(false)
        .map_err(failed)?
        // Weights too small for the usual form of a number make a convolution 20 times slower on some processors. The
        // runtime heeds only what the first session of the process says, so every one says it.
        .with_flush_to_zero()
        .map_err(failed)?
        .with_execution_providers([cpu])
        .map_err(failed)?
        .with_env_allocators()
        .map_err(failed)
}

impl Recogniser {
    fn with_own_characters(session: Session) -> Result<Recogniser, EngineError> {
        let listed = session.metadata().map_err(failed)?.custom("character");
        let listed = listed.ok_or_else(|| failed("the model lists no characters"))?;
        Ok(Recogniser::new(session, &listed))
    }

    /// `listed` has a character on each line, in the order of the classes.
    fn new(session: Session, listed: &str) -> Recogniser {
        // Entries of more than one character do not occur; a replacement would be visible.
        let mut characters: Vec<char> = listed
            .split('\n')
            .map(|entry| entry.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        if characters.last() == Some(&char::REPLACEMENT_CHARACTER) {
            characters.pop();
        }
        characters.push(' ');
        let simplified = simplified_classes(&characters);
        Recogniser {
            session,
            characters,
            simplified,
        }
    }

    fn read(&mut self, line: &Bitmap, planes: &mut Vec<f32>) -> Result<Vec<Glyph>, EngineError> {
        fill_planes(planes, line);
        let shape = [1, 3, line.height() as usize, line.width() as usize];
        let input = TensorRef::from_array_view((shape, &planes[..])).map_err(failed)?;
        let outputs = self.session.run(ort::inputs![input]).map_err(failed)?;
        let (_, scores) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        let classes = self.characters.len() + 1;
        if scores.is_empty() || scores.len() % classes != 0 {
            return Err(failed("the model and its list of characters do not fit"));
        }
        Ok(collapse(scores, classes, &self.characters, &self.simplified))
    }
}

impl Engine for OnnxEngine {
    fn detect(&mut self, image: &Bitmap) -> Result<Vec<f32>, EngineError> {
        fill_planes(&mut self.planes, image);
        let shape = [1, 3, image.height() as usize, image.width() as usize];
        let input = TensorRef::from_array_view((shape, &self.planes[..])).map_err(failed)?;
        let outputs = self.detection.run(ort::inputs![input]).map_err(failed)?;
        let (_, map) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        if map.len() != image.width() as usize * image.height() as usize {
            return Err(failed("the text map has another size"));
        }
        Ok(map.to_vec())
    }

    fn recognise(&mut self, line: &Bitmap) -> Result<Vec<Glyph>, EngineError> {
        self.recognition.read(line, &mut self.planes)
    }

    fn second_opinion(&mut self, line: &Bitmap, is_sure: bool) -> Result<Option<Vec<Glyph>>, EngineError> {
        if is_sure && !self.ask_of_every_line {
            return Ok(None);
        }
        if matches!(self.second, Second::Waiting { .. }) {
            self.load_second()?;
        }
        match &mut self.second {
            Second::Loaded(second) => second.read(line, &mut self.planes).map(Some),
            _ => Ok(None),
        }
    }

    fn upside_down(&mut self, line: &Bitmap) -> Result<f32, EngineError> {
        fill_planes(&mut self.planes, line);
        let shape = [1, 3, line.height() as usize, line.width() as usize];
        let input = TensorRef::from_array_view((shape, &self.planes[..])).map_err(failed)?;
        let outputs = self.orientation.run(ort::inputs![input]).map_err(failed)?;
        let (_, scores) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        Ok(scores.get(1).copied().unwrap_or(0.0))
    }
}

/// One arena for all networks: what one has used the next uses again, never two at once. Without an arena a page asks
/// the system for the same large blocks again and again, which took a quarter of its time and, for the gaps between
/// them, 100 MB; with one for each network they would hold what they need together.
fn share_memory(environment: &Environment) -> Result<(), EngineError> {
    let place = MemoryInfo::new(AllocationDevice::CPU, 0, AllocatorType::Arena, MemoryType::Default).map_err(failed)?;
    // SAFETY: both pointers are valid for the call; no configuration means the usual one.
    let status =
        unsafe { (ort::api().CreateAndRegisterAllocator)(environment.ptr().cast_mut(), place.ptr(), std::ptr::null()) };
    if status.0.is_null() {
        return Ok(());
    }
    // SAFETY: a status that is not null is ours to release.
    unsafe { (ort::api().ReleaseStatus)(status.0) };
    Err(failed("the networks could not be given memory"))
}

/// Connectionist temporal classification, greedy: the best class of each step, repeats and blanks
/// dropped (Graves et al. 2006).
fn collapse(scores: &[f32], classes: usize, characters: &[char], simplified: &[usize]) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut before = 0;
    for (step, row) in scores.chunks_exact(classes).enumerate() {
        let (best, confidence) = largest(row);
        if best != 0 {
            let other = simplified.get(best - 1).copied().filter(|&class| class != 0);
            let simpler = other
                .filter(|&class| row.get(class).is_some_and(|&score| score > SIMPLER_MIN))
                .and_then(|class| characters.get(class - 1).copied());
            match glyphs.last_mut().filter(|_| best == before) {
                Some(glyph) => {
                    glyph.last_step = step;
                    glyph.confidence = glyph.confidence.max(confidence);
                    glyph.simplified = glyph.simplified.or(simpler);
                }
                None => glyphs.push(Glyph {
                    value: characters.get(best - 1).copied().unwrap_or(' '),
                    first_step: step,
                    last_step: step,
                    confidence,
                    simplified: simpler,
                }),
            }
        }
        before = best;
    }
    glyphs
}

/// For each character the class of its simplified form; 0 for those that are not traditional.
fn simplified_classes(characters: &[char]) -> Vec<usize> {
    let classes: HashMap<char, usize> = characters.iter().enumerate().map(|(i, c)| (*c, i + 1)).collect();
    let simplify = |c: &char| {
        let form = fast2s::convert(c.encode_utf8(&mut [0; 4])).chars().next()?;
        if form == *c { None } else { classes.get(&form).copied() }
    };
    characters.iter().map(|c| simplify(c).unwrap_or(0)).collect()
}

/// Position and value of the largest score. In blocks, so that the compiler can use wide
/// instructions: a page asks this for 70 million scores.
fn largest(row: &[f32]) -> (usize, f32) {
    const BLOCK: usize = 64;
    let mut best = f32::MIN;
    let mut block_at = 0;
    for (i, block) in row.chunks(BLOCK).enumerate() {
        let most = block.iter().copied().fold(f32::MIN, |a, b| if b > a { b } else { a });
        if most > best {
            best = most;
            block_at = i * BLOCK;
        }
    }
    let within = row[block_at..].iter().position(|&v| v == best).unwrap_or(0);
    (block_at + within, best)
}

/// Blue, green, red planes from -1 to 1, as the models were trained.
fn fill_planes(planes: &mut Vec<f32>, image: &Bitmap) {
    let scale = |v: u8| f32::from(v) / 127.5 - 1.0;
    let pixels = image.width() as usize * image.height() as usize;
    planes.clear();
    match image.channels() {
        Channels::Gray => {
            planes.extend(image.data().iter().map(|&v| scale(v)));
            planes.extend_from_within(..pixels);
            planes.extend_from_within(..pixels);
        }
        Channels::Rgb => {
            for channel in [2, 1, 0] {
                planes.extend(image.data().chunks_exact(3).map(|p| scale(p[channel])));
            }
        }
    }
}

fn failed(error: impl ToString) -> EngineError {
    EngineError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_blanks_are_dropped() {
        let characters = ['a', 'b'];
        let steps: [[f32; 3]; 6] = [
            [0.1, 0.8, 0.1],
            [0.1, 0.9, 0.0],
            [0.9, 0.1, 0.0],
            [0.1, 0.7, 0.2],
            [0.1, 0.2, 0.7],
            [1.0, 0.0, 0.0],
        ];
        let glyphs = collapse(steps.as_flattened(), 3, &characters, &[0, 0]);
        let text: String = glyphs.iter().map(|g| g.value).collect();
        assert_eq!(text, "aab");
        assert_eq!((glyphs[0].first_step, glyphs[0].last_step), (0, 1));
        assert_eq!(glyphs[0].confidence, 0.9);
    }

    #[test]
    fn traditional_characters_know_their_simplified_class() {
        assert_eq!(simplified_classes(&['订', '訂', 'a']), [0, 1, 0]);
    }

    #[test]
    fn the_first_of_the_largest_is_found() {
        let mut row = vec![0.0; 200];
        row[130] = 0.5;
        assert_eq!(largest(&row), (130, 0.5));
    }

    #[test]
    fn planes_are_blue_green_red() {
        let header = crate::bitmap::BitmapHeader {
            width: 1,
            height: 1,
            channels: Channels::Rgb,
            dpi: None,
            bilevel: false,
        };
        let mut planes = Vec::new();
        fill_planes(&mut planes, &Bitmap::new(header, vec![255, 0, 0]).expect("a pixel"));
        assert_eq!(planes, [-1.0, -1.0, 1.0]);
    }
}
