//! The plan of a run: the walk, the manifests, the units, and what the archive knows for all
//! units. Nothing is written here.

use super::put_away::{PutAway, named_still};
use super::{Error, Request, Run, rejected_line};
use crate::extract::NumberFinders;
use crate::group::{RunningNumbers, Unit, group};
use crate::link::NameRegister;
use crate::manifest::{Manifest, ManifestError, ManifestFault, ManifestProblem, Manifests};
use crate::pages::{PageMeans, PageReader};
use crate::pipeline::Pipeline;
use crate::report::{BatchLines, line};
use crate::walk::{Ignored, NotTaken, Outside, WalkLimits, Walked, raw, settled, shown, walk};
use records::batches::{BatchLine, BatchProblem, MANIFEST_COLUMNS, Outcome};
use records::places::PlaceUse;
use records::tables::TableRequest;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;
use vocabulary::detail::DetailCode;

/// Everything known before the first file is opened.
pub(super) struct Plan {
    pub units: Vec<Unit>,
    pub rejected: Vec<NotTaken>,
    pub ignored: Vec<(PathBuf, Ignored)>,
    pub manifests: Manifests,
    /// Lines of the manifests that could not be used as they are.
    pub problems: Vec<ManifestProblem>,
    pub pipeline: Arc<Pipeline>,
    /// Units that lists name and that an earlier run has put away.
    pub put_away: Vec<PutAway>,
    roots: Vec<PathBuf>,
    /// Missing files may still come.
    pub awaits_more: bool,
}

impl Run {
    pub(super) async fn plan(&self, request: &Request) -> Result<Plan, Error> {
        request.check_roots()?;
        let pipeline = Arc::new(self.pipeline(request).await?);
        let (run, request) = (self.clone(), request.clone());
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || run.walked(&request, pipeline, &runtime))
            .await
            .map_err(|_| {
                records::Error::from(records::RefusedBecause::Interrupted {
                    work: "the walk".to_owned(),
                })
            })?
    }

    async fn pipeline(&self, request: &Request) -> Result<Pipeline, Error> {
        let settings = self.system.settings().await?;
        let customer = match &request.customer {
            None => None,
            Some(code) => {
                let found = self.system.customer_by_code(code).await?;
                Some(found.ok_or_else(|| Error::UnknownCustomer(code.clone()))?)
            }
        };
        let location = match &request.location {
            None => None,
            Some(code) => {
                let found = self.system.location_by_code(code).await?;
                let found = found.ok_or_else(|| Error::UnknownLocation(code.clone()))?;
                if found.state == PlaceUse::Retired {
                    return Err(Error::RetiredLocation(found.code));
                }
                Some(found)
            }
        };
        Ok(Pipeline {
            rules: NumberFinders::of(&settings),
            names: NameRegister::new(self.system.clone()),
            kinds: self.system.kinds().await?,
            system: self.system.clone(),
            means: PageMeans {
                reader: PageReader::new(self.pool.clone(), self.limits.readers.max(1) * 2, self.images.clone()),
                limits: self.limits.scan,
            },
            settings,
            customer,
            location,
            full_disk_retry: self.limits.full_disk_retry,
        })
    }

    fn walked(&self, request: &Request, pipeline: Arc<Pipeline>, runtime: &Handle) -> Result<Plan, Error> {
        let outside = Outside {
            manifest: request.manifest.clone(),
            folders: std::iter::once(settled(self.system.vault().root()))
                .chain(request.done_folder.clone())
                .collect(),
        };
        let limits = WalkLimits {
            settle_time: request.settle,
            ..self.limits.walk
        };
        let micros = u64::try_from(self.system.environment().now().micros()).unwrap_or_default();
        let now = SystemTime::UNIX_EPOCH + Duration::from_micros(micros);
        let found = walk(&request.roots, &outside, now, &limits);
        let lying = found
            .ignored
            .iter()
            .filter(|(_, why)| *why == Ignored::Manifest)
            .map(|(path, _)| path)
            .filter(|path| Some(*path) != request.manifest.as_ref());
        let manifests = request
            .manifest
            .iter()
            .chain(lying)
            .map(|path| self.manifest(path, runtime))
            .collect::<Result<Vec<_>, _>>()?;
        let mut manifests = Manifests::new(manifests);
        manifests.check_kinds(|word| pipeline.kinds.resolve(word).map(|kind| kind.code.clone()));
        let running_numbers = match pipeline.settings.group_running_numbers {
            true => RunningNumbers::Together,
            false => RunningNumbers::Apart,
        };
        let mut units = group(found.files, &found.rejected, &manifests, running_numbers);
        // A file that is announced is the document, and a copy of it that nobody has listed the duplicate.
        units.sort_by_key(|unit| unit.known.source.file.is_empty());
        let differ = units.iter().flat_map(|unit| &unit.known.contradictions);
        let differ = differ.map(|contradiction| ManifestProblem {
            manifest: contradiction.manifest.clone(),
            line: contradiction.line,
            detail: contradiction.detail.clone(),
        });
        let problems = manifests.problems().cloned().chain(differ).collect();
        let put_away = request.done_folder.as_deref().map_or_else(Vec::new, |done| {
            named_still(&manifests, &request.roots, done, &self.limits.walk)
        });
        Ok(Plan {
            put_away,
            units,
            problems,
            rejected: found.rejected,
            ignored: found.ignored,
            manifests,
            pipeline,
            roots: request.roots.clone(),
            awaits_more: false,
        })
    }

    fn manifest(&self, path: &Path, runtime: &Handle) -> Result<Manifest, ManifestError> {
        let failed = |error: std::io::Error| ManifestError {
            path: shown(path),
            cause: ManifestFault::Unreadable(error.to_string().to_lowercase()),
        };
        let limits = self.limits.manifest;
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(limits.bytes_max as u64 + 1).read_to_end(&mut bytes))
            .map_err(failed)?;
        let lines = runtime.block_on(self.tables.lines(bytes, TableRequest::of(MANIFEST_COLUMNS, limits)));
        Manifest::read(path, lines, &limits)
    }
}

impl Plan {
    /// Leaves out units without a wanted file.
    pub fn keep(&mut self, wanted: impl Fn(&Unit, &Walked) -> bool) {
        self.units
            .retain(|unit| unit.files.iter().any(|file| wanted(unit, file)));
    }

    /// Files that were found, whatever becomes of them.
    pub fn walked(&self) -> i64 {
        let taken = self.units.iter().map(|unit| unit.files.len()).sum::<usize>();
        i64::try_from(taken + self.rejected.len()).unwrap_or(i64::MAX)
    }

    /// The problems as the record keeps them.
    pub fn recorded_problems(&self) -> Vec<BatchProblem> {
        let problem = |problem: &ManifestProblem| BatchProblem {
            file: problem.manifest.clone(),
            line: problem.line,
            detail: problem.detail.clone(),
        };
        self.problems.iter().map(problem).collect()
    }

    /// Lines of rejected and ignored files.
    pub fn other_lines(&self) -> impl Iterator<Item = BatchLine> {
        let rejected = self.rejected.iter().map(|not_taken| {
            let refusal = &not_taken.refusal;
            let line = line(raw(&not_taken.path), Outcome::Rejected);
            rejected_line(line, refusal, String::new())
        });
        let ignored = self.ignored.iter().map(|(path, why)| BatchLine {
            detail: Some(match why {
                Ignored::Manifest => DetailCode::ListOfDelivery.alone(),
                Ignored::Litter => DetailCode::LeftByOperatingSystem.alone(),
            }),
            ..line(raw(path), Outcome::Ignored)
        });
        rejected.chain(ignored)
    }

    /// Announced paths that came neither now nor with an earlier run of the same batch.
    pub fn missing(&self, ledger: &BatchLines, done_folder: Option<&Path>) -> Vec<String> {
        let paths: Vec<PathBuf> = ledger
            .paths()
            .chain(self.units.iter().flat_map(|unit| unit.files.iter().map(Walked::path)))
            .collect();
        // A file put away by an earlier run did come.
        let is_put_away = |path: &Path| {
            let below = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok());
            let mut places = below
                .zip(std::iter::repeat(done_folder))
                .filter_map(|(path, done)| Some(done?.join(path)));
            places.any(|place| place.exists())
        };
        self.manifests.missing(paths.iter().map(PathBuf::as_path), is_put_away)
    }
}

/// The name of a batch without a given name: its first root.
pub(super) fn batch_name(roots: &[PathBuf]) -> String {
    let first = roots.first().and_then(|root| root.file_name());
    let name = first.map(|name| shown(Path::new(name))).unwrap_or_default();
    match roots.len() {
        0 | 1 => name,
        n => format!("{name} +{}", n - 1),
    }
}
