//! The networks on the ONNX runtime, one thread: on every processor.

#![expect(unsafe_code, reason = "all networks share one arena, which the crate does not offer")]

use super::{EngineError, Fill, Images, ModelFile, Network, Networks, Take, failed};
use crate::engines::Engines;
use ort::AsPointer;
use ort::environment::Environment;
use ort::memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType};
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

/// The runtime, from which networks are made.
pub(super) struct OnnxRuntime {
    environment: Environment,
}

impl OnnxRuntime {
    pub fn load(engines: &Engines) -> Result<OnnxRuntime, EngineError> {
        let environment = ort::init_from(engines.onnxruntime())
            .map_err(failed)?
            .with_name("dossier")
            // Too late for most of it: the pool also starts read workers with ORT_DISABLE_TELEMETRY.
            .with_telemetry(false)
            .build()
            .map_err(failed)?;
        share_memory(&environment)?;
        Ok(OnnxRuntime { environment })
    }
}

impl Networks for OnnxRuntime {
    fn rounds(&self) -> bool {
        false
    }

    fn network(&mut self, mut model: ModelFile, _images: Images) -> Result<Box<dyn Network>, EngineError> {
        let cpu = ort::ep::CPU::default().with_arena_allocator(true).build();
        let session = Session::builder(&self.environment)
            .map_err(failed)?
            .with_optimization_level(GraphOptimizationLevel::Level3)
            .map_err(failed)?
            .with_intra_threads(1)
            .map_err(failed)?
            .with_inter_threads(1)
            .map_err(failed)?
            .with_memory_pattern(false)
            .map_err(failed)?
            // Weights too small for the usual form of a number make a convolution 20 times slower on some processors.
            // The runtime heeds only what the first session of the process says, so every one says it.
            .with_flush_to_zero()
            .map_err(failed)?
            .with_execution_providers([cpu])
            .map_err(failed)?
            .with_env_allocators()
            .map_err(failed)?
            .commit_from_memory(&model.bytes()?)
            .map_err(failed)?;
        Ok(Box::new(OnnxNetwork {
            session,
            planes: Vec::new(),
        }))
    }
}

struct OnnxNetwork {
    session: Session,
    planes: Vec<f32>,
}

impl Network for OnnxNetwork {
    fn size(&self, size: (usize, usize)) -> (usize, usize) {
        size
    }

    fn run(&mut self, (width, height): (usize, usize), fill: Fill<'_>, take: Take<'_>) -> Result<(), EngineError> {
        self.planes.resize(3 * width * height, 0.0);
        fill(&mut self.planes);
        let input = TensorRef::from_array_view(([1, 3, height, width], &self.planes[..])).map_err(failed)?;
        let outputs = self.session.run(ort::inputs![input]).map_err(failed)?;
        let (_, numbers) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        take(numbers);
        Ok(())
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
