//! Going on taking what arrives: a batch for each wave of settled files.

use super::{Came, Error, Progress, Request, Run, WhenHeld, plan::Plan, turn};
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
            let Some(mut plan) = self.planned(request, progress, cancel).await? else {
                break;
            };
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
            match self.take_up_put_away(request, &mut plan).await {
                Err(Error::Record(error)) if error.is_away() => {
                    self.wait_for_database(progress, cancel, &error).await;
                    continue;
                }
                taken => taken?,
            }
            plan.rejected.retain(|not_taken| {
                not_taken.refusal.reason != Reason::NotSettled && !seen.refused.contains(&not_taken.path)
            });
            if plan.units.is_empty() && plan.rejected.is_empty() {
                seen.files.extend(looked_at);
                rest(every, cancel).await;
                continue;
            }
            // Files that a manifest announces may come with a later wave.
            plan.awaits_more = true;
            plan.problems.retain(|problem| !seen.problems.contains(problem));
            let wave = wave_of(&plan, looked_at);
            match self.batch(request, plan, progress, cancel).await {
                // The same files are new at the next look; what was recorded of them stands.
                Err(Error::Record(error)) if error.is_away() => {
                    self.wait_for_database(progress, cancel, &error).await;
                }
                Err(error) => return Err(error),
                Ok(Came::Held(_)) => {
                    turn::wait(&self.system, &request.raw_roots(), &self.limits, progress, cancel).await?;
                }
                Ok(Came::Ended(report)) if report.interrupted => watched.is_interrupted = true,
                Ok(Came::Ended(report)) => {
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

async fn rest(time: Duration, cancel: &Cancel) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = cancel.cancelled() => {}
    }
}

/// What needs no second look once the batch of this plan has ended.
fn wave_of(plan: &Plan, looked_at: Vec<(PathBuf, Taken)>) -> Seen {
    Seen {
        files: plan.units.iter().flat_map(as_taken).chain(looked_at).collect(),
        refused: plan.rejected.iter().map(|not_taken| not_taken.path.clone()).collect(),
        problems: plan.problems.clone(),
    }
}

fn as_taken(unit: &Unit) -> Vec<(PathBuf, Taken)> {
    let files = unit.files.iter();
    files.map(|file| (file.path(), taken(unit, file))).collect()
}

fn taken(unit: &Unit, file: &Walked) -> Taken {
    (file.bytes, file.modified, unit.known.clone())
}
