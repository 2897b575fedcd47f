//! Writes prepared units into the record, in the order of the walk, several documents in one transaction.

use super::{Contradicted, Driver, Plain, TaskProgress, WritableUnit};
use crate::deposit::{InsideOf, Prepared, pages_differ};
use crate::identify::{self, Staged};
use crate::link;
use crate::pages::PagesStopped;
use crate::pipeline::{Pipeline, StagedUnit, Watch};
use crate::report::line;
use crate::run::patience::{full, patiently, wait_for_room};
use crate::run::put_away::{inside, move_without_replacing};
use crate::run::{Error, RunEvent, rejected_line};
use crate::walk::{Walked, raw};
use api_types::batches::ingest_item;
use reading::reason::Refusal;
use records::batches::{BatchLine, Outcome};
use records::documents::{Announced, Deposit};
use records::ids::Fingerprint;
use std::sync::Arc;
use tokio::time::Instant;
use vocabulary::Reason;
use vocabulary::both;
use vocabulary::detail::DetailCode;

/// A document waiting for its transaction, with everything a retry needs.
pub(super) struct Pending {
    prepared: Prepared,
    walked: Vec<Walked>,
    fingerprints: Vec<Fingerprint>,
}

impl Driver<'_> {
    /// Passes on what is ready, in the order of the walk.
    pub(super) async fn write_ready(&mut self) -> Result<(), Error> {
        while let Some(ready) = self.ready.remove(&self.next_ready) {
            match ready {
                WritableUnit::Prepared(prepared) => {
                    let walked = prepared.files.iter().map(|f| f.file.clone()).collect();
                    let fingerprints = prepared.files.iter().map(|f| f.scan.fingerprint).collect();
                    self.pending.push(Pending {
                        prepared: *prepared,
                        walked,
                        fingerprints,
                    });
                    self.pending_since.get_or_insert_with(Instant::now);
                    if self.pending.len() >= self.run.limits.deposits_max {
                        self.flush().await?;
                    }
                }
                WritableUnit::Rejected(rejected) => {
                    let refusals = rejected.refusals.iter().zip(&rejected.unit.files);
                    let lines = refusals.map(|((refusal, sha256), file)| refused_line(file, refusal, sha256.clone()));
                    self.record(lines.collect()).await?;
                }
                WritableUnit::SeenBefore(staged) => {
                    self.flush().await?;
                    if let Some(again) = self.settle(staged).await? {
                        let at = self.next_ready;
                        match again {
                            (staged, None) => self.read(at, staged, Plain),
                            (staged, Some(other)) => self.read(at, staged, other),
                        }
                        // Its turn is kept until it is read.
                        return Ok(());
                    }
                }
            }
            self.next_ready += 1;
        }
        Ok(())
    }

    /// The outcome of a unit with known bytes, now that the units before it are written: its lines are recorded with what
    /// was announced and could be used, or it has to be read after all.
    async fn settle(&mut self, staged: StagedUnit) -> Result<Option<(StagedUnit, Option<Contradicted>)>, Error> {
        let mut lines = Vec::new();
        for file in &staged.files {
            let bytes = i64::try_from(file.scan.bytes).unwrap_or(i64::MAX);
            let path = raw(&file.file.path());
            let line = self
                .run
                .system
                .duplicate_line(file.scan.fingerprint, &path, bytes)
                .await?;
            lines.extend(line);
        }
        // The first was rejected: its duplicate is tried itself.
        if lines.len() < staged.files.len() {
            return Ok(Some((staged, None)));
        }
        if let Some(line) = lines.first_mut()
            && let Some(differ) = pages_differ(&staged.unit.known, line.pages)
        {
            line.detail = line.detail.take().map(|detail| detail.and(Some(differ)));
        }
        let said = self.pipeline.announcement(&staged.unit).await?;
        let scans: Vec<Fingerprint> = staged.files.iter().map(|file| file.scan.fingerprint).collect();
        if !staged.unit.known.contradictions.is_empty() {
            let weighed = self
                .run
                .archive
                .announcement_weigh(&self.run.asker, &scans, &said)
                .await?;
            if let Announced::Differs {
                differences,
                other_customer,
                ..
            } = link::contradicted_by_lists(weighed, &staged.unit.known)
            {
                return Ok(Some((staged, Contradicted::by(differences, other_customer))));
            }
        }
        let take = || async {
            let mut lines = lines.clone();
            let (archive, asker) = (&self.run.archive, &self.run.asker);
            let taken = archive.announcement_take(asker, &self.batch.lease, &scans, &said, &mut lines);
            Ok((taken.await?, lines))
        };
        match patiently(&self.run.limits, self.progress, self.cancel, take).await? {
            // Nothing about it is recorded; the next run does it again.
            None => self.given_up = true,
            Some((Announced::Fits { .. }, lines)) => {
                for line in lines {
                    self.note(line);
                }
                for file in &staged.files {
                    self.put_away(&file.file);
                }
            }
            Some((
                Announced::Differs {
                    differences,
                    other_customer,
                    ..
                },
                _,
            )) => return Ok(Some((staged, Contradicted::by(differences, other_customer)))),
        }
        Ok(None)
    }

    /// Writes the documents that wait, in one transaction.
    pub(super) async fn flush(&mut self) -> Result<(), Error> {
        self.pending_since = None;
        while !self.pending.is_empty() {
            let mut deposits: Vec<Deposit> = Vec::new();
            for pending in &mut self.pending {
                pending.prepared.deposits(&mut deposits);
            }
            let written = self
                .run
                .system
                .deposit(&self.batch.lease, self.run.asker.name(), deposits)
                .await;
            match written {
                Ok(deposited) => {
                    for pending in std::mem::take(&mut self.pending) {
                        for file in &pending.walked {
                            self.put_away(file);
                        }
                    }
                    for line in deposited.into_iter().flat_map(|d| d.lines) {
                        self.note(line);
                    }
                }
                Err(error) if error.is_full() => {
                    if !wait_for_room(&self.run.limits, self.progress, self.cancel, &error).await {
                        // Nothing about them is recorded; the next run retries them.
                        self.pending.clear();
                        self.given_up = true;
                        return Ok(());
                    }
                    self.stage_again().await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Copies the sources of waiting documents into staging once more, because the first copies
    /// went with the transaction that failed.
    async fn stage_again(&mut self) -> Result<(), Error> {
        for mut pending in std::mem::take(&mut self.pending) {
            let mut refusal = None;
            for (file, fingerprint) in pending.walked.iter().zip(&pending.fingerprints) {
                let stage = || {
                    let (pipeline, file) = (self.pipeline.clone(), file.clone());
                    async move { stage_one(pipeline, file).await }
                };
                match patiently(&self.run.limits, self.progress, self.cancel, stage).await? {
                    None => {
                        self.given_up = true;
                        return Ok(());
                    }
                    Some(Staged::Ready(staged)) if staged.scan.fingerprint == *fingerprint => {
                        pending.prepared.files.push(staged);
                    }
                    Some(_) => {
                        let detail = DetailCode::ChangedWhileDiskFull;
                        refusal = Some(Refusal::new(Reason::ChangedWhileReading, detail));
                    }
                }
            }
            if refusal.is_none() && !self.take_out_again(&mut pending).await? {
                self.given_up = true;
                return Ok(());
            }
            match refusal {
                None => self.pending.push(pending),
                Some(refusal) => {
                    let lines = pending.walked.iter().map(|f| refused_line(f, &refusal, String::new()));
                    self.record(lines.collect()).await?;
                }
            }
        }
        Ok(())
    }

    /// Takes the files inside out once more, whose first copies went as well. False where the run was stopped meanwhile.
    async fn take_out_again(&self, pending: &mut Pending) -> Result<bool, Error> {
        let watch = Watch {
            cancel: self.cancel,
            on_page: &|_, _| {},
            on_full: &|error| self.pass_on(TaskProgress::Full(full(error))),
        };
        let Prepared { files, inside, .. } = &mut pending.prepared;
        for at in 0..inside.len() {
            let (before, rest) = inside.split_at_mut(at);
            let Some(next) = rest.first_mut() else { break };
            let outer = match next.of {
                InsideOf::Unit(number) => files.get(number),
                InsideOf::Inside(number) => before.get(number).and_then(|outer| outer.staged.as_ref()),
            };
            let taken = match outer {
                Some(outer) => self.pipeline.taking_out(watch).again(outer, next).await,
                None => Ok(None),
            };
            match taken {
                Ok(Some(staged)) => next.staged = Some(staged),
                Ok(None) | Err(PagesStopped::Cancelled) => return Ok(false),
                Err(PagesStopped::Workers(error)) => return Err(Error::Workers(error)),
                Err(PagesStopped::Record(error)) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Records lines of files that make no document.
    pub(super) async fn record(&mut self, lines: Vec<BatchLine>) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        let (lease, actor) = (&self.batch.lease, self.run.asker.name());
        let record = || self.run.system.batch_record(lease, actor, &lines);
        if patiently(&self.run.limits, self.progress, self.cancel, record)
            .await?
            .is_none()
        {
            self.given_up = true;
            return Ok(());
        }
        for line in lines {
            self.note(line);
        }
        Ok(())
    }

    /// Counts a recorded line and reports it.
    fn note(&mut self, line: BatchLine) {
        if line.outcome != Outcome::Ignored {
            self.done += 1;
            if matches!(line.outcome, Outcome::Filed | Outcome::NeedsReview) {
                self.pages += line.pages;
            }
            let (done, found, pages) = (self.done, self.found.max(self.done), self.pages);
            self.progress.event(RunEvent::FileEnded {
                item: &ingest_item(line.clone()),
                done,
                found,
                pages,
            });
        }
        self.ledger.put(line);
    }

    /// Moves a source away after its commit, where requested. A source that cannot be moved
    /// stays: the next run finds a duplicate.
    pub(super) fn put_away(&self, file: &Walked) {
        let Some(done) = &self.request.done_folder else { return };
        if file.root.starts_with(done) {
            // An earlier run has put it away.
            return;
        }
        let to = done.join(inside(&file.root, &file.relative));
        if let Err(error) = move_without_replacing(&file.path(), &to) {
            tracing::warn!(path = file.shown(), %error, "a source could not be put away");
            let why = both!(
                "{} could not be put away: {error}; it stays where it is",
                "{} 移不走：{error}；留在原处",
                file.shown()
            );
            self.progress.event(RunEvent::Waiting { why: &why });
        }
    }
}

async fn stage_one(pipeline: Arc<Pipeline>, file: Walked) -> records::Result<Staged> {
    tokio::task::spawn_blocking(move || identify::stage(pipeline.system.vault(), file, &pipeline.means.limits))
        .await
        .map_err(|_| records::RefusedBecause::Interrupted {
            work: "copying into staging".to_owned(),
        })?
}

fn refused_line(file: &Walked, refusal: &Refusal, sha256: String) -> BatchLine {
    let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
    let line = BatchLine {
        bytes,
        ..line(raw(&file.path()), Outcome::Rejected)
    };
    rejected_line(line, refusal, sha256)
}
