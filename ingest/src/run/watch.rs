//! Going on taking what arrives: a batch for each wave of settled files.

use super::{Came, Error, Progress, Request, Run, WhenHeld, turn};
use crate::group::Unit;
use crate::manifest::{KnownFacts, ManifestProblem};
use crate::walk::Walked;
use reading::cancel::Cancel;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use vocabulary::Reason;

/// How a watch ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Batches that came to their end.
    pub batches: u64,
    /// Files that these found.
    pub files: i64,
    /// It was stopped in the middle of a batch.
    pub is_interrupted: bool,
}

/// A file as it was taken: its size, its time, and what was announced of it.
type Taken = (u64, Option<SystemTime>, KnownFacts);

/// What needs no second look.
#[derive(Default)]
struct Seen {
    files: HashMap<PathBuf, Taken>,
    refused: HashSet<PathBuf>,
    problems: Vec<ManifestProblem>,
}

impl Run {
    /// A batch for each wave of settled files, until cancelled. A finished source is not taken again until it changes,
    /// or something else is announced of it.
    ///
    /// # Errors
    /// As `ingest`.
    pub async fn watch(
        &self,
        request: &Request,
        every: Duration,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Watched, Error> {
        let request = &Request {
            when_held: WhenHeld::Wait,
            ..request.clone()
        };
        let mut seen = Seen::default();
        let mut watched = Watched::default();
        while !cancel.is_cancelled() {
            let mut plan = self.plan(request).await?;
            let is_new = |unit: &Unit, file: &Walked| seen.files.get(&file.path()) != Some(&taken(unit, file));
            plan.keep(is_new);
            plan.put_away.retain(|put_away| {
                let unit = &put_away.unit;
                unit.files.iter().any(|file| is_new(unit, file))
            });
            let looked_at: Vec<_> = plan
                .put_away
                .iter()
                .flat_map(|put_away| as_taken(&put_away.unit))
                .collect();
            self.take_up_put_away(request, &mut plan).await?;
            plan.rejected.retain(|not_taken| {
                not_taken.refusal.reason != Reason::NotSettled && !seen.refused.contains(&not_taken.path)
            });
            if plan.units.is_empty() && plan.rejected.is_empty() {
                seen.files.extend(looked_at);
                tokio::select! {
                    () = tokio::time::sleep(every) => {}
                    () = cancel.cancelled() => {}
                }
                continue;
            }
            // Files that a manifest announces may come with a later wave.
            plan.awaits_more = true;
            plan.problems.retain(|problem| !seen.problems.contains(problem));
            let wave = Seen {
                files: plan.units.iter().flat_map(as_taken).chain(looked_at).collect(),
                refused: plan.rejected.iter().map(|not_taken| not_taken.path.clone()).collect(),
                problems: plan.problems.clone(),
            };
            match self.batch(request, plan, progress, cancel).await? {
                Came::Held(_) => {
                    turn::wait(&self.system, &request.raw_roots(), &self.limits, progress, cancel).await?;
                }
                Came::Ended(report) if report.interrupted => watched.is_interrupted = true,
                Came::Ended(report) => {
                    watched.batches += 1;
                    watched.files += report.found;
                    seen.files.extend(wave.files);
                    seen.refused.extend(wave.refused);
                    seen.problems.extend(wave.problems);
                }
            }
        }
        Ok(watched)
    }
}

fn as_taken(unit: &Unit) -> Vec<(PathBuf, Taken)> {
    let files = unit.files.iter();
    files.map(|file| (file.path(), taken(unit, file))).collect()
}

fn taken(unit: &Unit, file: &Walked) -> Taken {
    (file.bytes, file.modified, unit.known.clone())
}
