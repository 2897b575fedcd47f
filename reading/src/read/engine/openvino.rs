//! The networks on OpenVINO, one thread: on processors that multiply numbers of 16 bits by themselves, where it
//! runs them three times as fast and a page takes half the time (docs/benchmarks.md).
//!
//! It makes code for each size of image that it meets, which costs time and memory: so there are few sizes, and images
//! get paper up to the next one.

use super::{EngineError, Fill, Images, LINE_HEIGHT, ModelFile, Network, Networks, ORIENTATION_WIDTH, Take, failed};
use crate::engines::{Engines, Precision};
use openvino::{
    CompiledModel, Core, DeviceType, Dimension, ElementType, InferRequest, Model, PartialShape, RwPropertyKey, Shape,
    Tensor,
};
use std::cell::RefCell;
use std::rc::Rc;

/// Widths of a line; A3 across in small print has 2,900. Of narrow ones there are more: with much paper after it the rule
/// of a cell looks like a stroke of its own, and at twice its width the recogniser for second opinions loses characters of a
/// line that it reads rightly as it is.
const LINE_WIDTHS: [usize; 11] = [64, 96, 160, 256, 384, 576, 832, 1_152, 1_472, 2_048, 4_096];
/// What small parts of a page are brought to, such as a seal at 300 dpi.
const SMALL: (usize, usize) = (640, 640);
/// What a page of A4 is brought to, and larger parts.
const A4: (usize, usize) = (896, 1_280);
/// So many times its own area, or that of A4, an image may be brought to, when a network of that size is there: another
/// one for the image and then again one for the page would take longer.
const ROOM_MAX: usize = 2;
/// Sides of a page are brought to a multiple of this: pages of one kind of paper then have one size.
const PAGE_STEP: usize = 128;

/// The runtime, from which networks are made.
pub(super) struct OpenVino {
    core: Rc<RefCell<Core>>,
    precision: Precision,
}

impl OpenVino {
    pub fn load(engines: &Engines, precision: Precision) -> Result<OpenVino, EngineError> {
        openvino_sys::library::load_from(engines.openvino()).map_err(failed)?;
        let mut core = Core::new().map_err(failed)?;
        let properties = [
            (RwPropertyKey::InferenceNumThreads, "1"),
            (RwPropertyKey::NumStreams, "1"),
            (RwPropertyKey::HintEnableCpuPinning, "NO"),
            // Weights too small for the usual form of a number make a convolution 20 times slower on some processors.
            (RwPropertyKey::Other("CPU_DENORMALS_OPTIMIZATION".into()), "YES"),
            // Code for sizes of lines that came before, kept, saves a twentieth of the time and takes 25 MB.
            (RwPropertyKey::Other("CPU_RUNTIME_CACHE_CAPACITY".into()), "1"),
        ];
        core.set_properties(&DeviceType::CPU, properties).map_err(failed)?;
        Ok(OpenVino {
            core: Rc::new(RefCell::new(core)),
            precision,
        })
    }
}

impl Networks for OpenVino {
    fn rounds(&self) -> bool {
        self.precision == Precision::Bf16
    }

    fn network(&mut self, mut file: ModelFile, images: Images) -> Result<Box<dyn Network>, EngineError> {
        let widths = match images {
            Images::Pages => {
                return Ok(Box::new(PageNetwork {
                    core: Rc::clone(&self.core),
                    precision: self.precision,
                    file,
                    last: None,
                }));
            }
            Images::Lines | Images::CloseLines => &LINE_WIDTHS[..],
            Images::Samples => &[ORIENTATION_WIDTH as usize],
        };
        let mut core = self.core.borrow_mut();
        let mut model = core.read_model_from_buffer(&file.bytes()?, None).map_err(failed)?;
        let any = match widths {
            [one] => Dimension::new(*one as i64, *one as i64),
            _ => Dimension::new(-1, -1),
        };
        let fixed = |side: u32| Dimension::new(i64::from(side), i64::from(side));
        let shape = PartialShape::new(4, &[fixed(1), fixed(3), fixed(LINE_HEIGHT), any]).map_err(failed)?;
        model.reshape_single_input(&shape).map_err(failed)?;
        let precision = match images {
            Images::CloseLines => Precision::F32,
            _ => self.precision,
        };
        let mut compiled = compile(&mut core, &model, precision)?;
        let request = compiled.create_infer_request().map_err(failed)?;
        Ok(Box::new(LineNetwork { request, widths }))
    }
}

fn compile(core: &mut Core, model: &Model, precision: Precision) -> Result<CompiledModel, EngineError> {
    core.set_property(
        &DeviceType::CPU,
        &RwPropertyKey::HintInferencePrecision,
        precision.as_str(),
    )
    .map_err(failed)?;
    core.compile_model(model, DeviceType::CPU).map_err(failed)
}

/// A network that takes lines of a few widths.
struct LineNetwork {
    request: InferRequest,
    widths: &'static [usize],
}

impl Network for LineNetwork {
    fn size(&self, (width, height): (usize, usize)) -> (usize, usize) {
        let next = self.widths.iter().find(|&&wide| wide >= width);
        (next.copied().unwrap_or(width), height)
    }

    fn run(&mut self, (width, height): (usize, usize), fill: Fill<'_>, take: Take<'_>) -> Result<(), EngineError> {
        let shape = Shape::new(&[1, 3, height as i64, width as i64]).map_err(failed)?;
        let input = Tensor::new(ElementType::F32, &shape).map_err(failed)?;
        self.request.set_input_tensor(&input).map_err(failed)?;
        run(&mut self.request, input, fill, take)
    }
}

/// A network that takes pages and parts of them, compiled for the size that came last: a pile of paper has one size. An A4
/// page takes 140 MB and a quarter of a second to compile; a network that took any size would take 230 MB and a third more
/// time for each page. Parts of a page, such as seals, are read with what is there: a network for them would take 60 MB.
struct PageNetwork {
    core: Rc<RefCell<Core>>,
    precision: Precision,
    file: ModelFile,
    last: Option<((usize, usize), InferRequest)>,
}

impl PageNetwork {
    fn compiled(&mut self, (width, height): (usize, usize)) -> Result<InferRequest, EngineError> {
        let shape = PartialShape::new_static(4, &[1, 3, height as i64, width as i64]).map_err(failed)?;
        let mut core = self.core.borrow_mut();
        // Read anew each time: kept, it would take 20 MB for the sake of what happens seldom.
        let mut model = core.read_model_from_buffer(&self.file.bytes()?, None).map_err(failed)?;
        model.reshape_single_input(&shape).map_err(failed)?;
        compile(&mut core, &model, self.precision)?
            .create_infer_request()
            .map_err(failed)
    }

    fn for_size(&mut self, size: (usize, usize)) -> Result<&mut InferRequest, EngineError> {
        // Another one is gone before the new one is made.
        let last = self.last.take().filter(|(other, _)| *other == size);
        let request = match last {
            Some((_, ready)) => ready,
            None => self.compiled(size)?,
        };
        Ok(&mut self.last.insert((size, request)).1)
    }
}

impl Network for PageNetwork {
    fn size(&self, image: (usize, usize)) -> (usize, usize) {
        size_for(image, self.last.as_ref().map(|(size, _)| *size))
    }

    fn run(&mut self, size: (usize, usize), fill: Fill<'_>, take: Take<'_>) -> Result<(), EngineError> {
        let request = self.for_size(size)?;
        let input = request.get_input_tensor().map_err(failed)?;
        run(request, input, fill, take)
    }
}

/// The size to which an image is brought, when a network of that other size is there.
fn size_for((width, height): (usize, usize), there: Option<(usize, usize)>) -> (usize, usize) {
    let fits = |(wide, high): (usize, usize)| width <= wide && height <= high;
    let own = match [SMALL, A4].into_iter().find(|size| fits(*size)) {
        Some(size) => size,
        None => (width.next_multiple_of(PAGE_STEP), height.next_multiple_of(PAGE_STEP)),
    };
    let area = |(wide, high): (usize, usize)| wide * high;
    match there {
        Some(there) if fits(there) && (own == SMALL || area(there) <= ROOM_MAX * area(own).max(area(A4))) => there,
        _ => own,
    }
}

fn run(request: &mut InferRequest, mut input: Tensor, fill: Fill<'_>, take: Take<'_>) -> Result<(), EngineError> {
    fill(input.get_data_mut::<f32>().map_err(failed)?);
    request.infer().map_err(failed)?;
    let output = request.get_output_tensor().map_err(failed)?;
    take(output.get_data::<f32>().map_err(failed)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_page_are_read_with_the_network_of_the_page() {
        let (seal, a4, lying, fine) = ((500, 480), (896, 1_280), (1_280, 896), (1_408, 1_984));
        assert_eq!(size_for(a4, None), A4);
        assert_eq!(size_for(seal, None), SMALL);
        assert_eq!(size_for(seal, Some(A4)), A4);
        assert_eq!(size_for(seal, Some(lying)), lying);
        assert_eq!(size_for(lying, Some(A4)), lying);
        assert_eq!(size_for((1_000, 500), Some(lying)), lying);
        // Most of it would be paper.
        assert_eq!(size_for(a4, Some((1_408, 2_048))), A4);
        assert_eq!(size_for(fine, Some(A4)), (1_408, 2_048));
    }
}
