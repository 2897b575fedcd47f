//! The dry run: what a run would do, without reading a page or writing anything.

use super::{Error, Progress, Request, Run, RunEvent, rejected_line};
use crate::deposit::with_location;
use crate::group::Unit;
use crate::identify::{self, ScanIdentity};
use crate::link::{self, reason};
use crate::pipeline::Pipeline;
use crate::report::{BatchLines, line, manifest_problem};
use crate::walk::raw;
use api_types::batches::IngestJson;
use reading::cancel::Cancel;
use reading::reason::Refusal;
use records::batches::{BatchLine, Outcome, RawPath};
use records::documents::{Announced, AnnouncedCustomer, Announcement, Link};
use records::ids::Fingerprint;
use std::collections::{HashMap, HashSet};
use std::time::Instant;
use vocabulary::Reason;
use vocabulary::detail::{Detail, DetailCode};

/// What was found out so far.
#[derive(Default)]
struct Foreseen {
    ledger: BatchLines,
    /// Files of which only reading can say what becomes of them.
    unread: HashSet<RawPath>,
    /// The first file of this delivery with given bytes, and the customer that is announced of it.
    first: HashMap<Fingerprint, (String, i64)>,
}

impl Run {
    /// Predicts what would happen to each file, as far as possible without reading it. Writes
    /// nothing.
    ///
    /// # Errors
    /// As `ingest`.
    pub async fn dry_run(
        &self,
        request: &Request,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<IngestJson, Error> {
        let began = Instant::now();
        let mut plan = self.plan(request).await?;
        self.take_up_put_away(request, &mut plan).await?;
        let pipeline = plan.pipeline.clone();
        let mut foreseen = Foreseen::default();
        plan.other_lines().for_each(|line| foreseen.ledger.put(line));
        for unit in &plan.units {
            if cancel.is_cancelled() {
                break;
            }
            self.look_at(&pipeline, unit, &mut foreseen).await?;
        }
        let Foreseen { ledger, unread, .. } = foreseen;
        let mut report = ledger.report("", began.elapsed().as_secs_f64());
        let unread: HashSet<String> = unread.iter().map(RawPath::shown).collect();
        for item in report.items.iter_mut().filter(|item| unread.contains(&item.path)) {
            item.outcome.clear();
            report.needs_review -= 1;
            report.to_be_read += 1;
        }
        report.manifest_problems = Some(plan.problems.iter().map(manifest_problem).collect());
        report.interrupted = cancel.is_cancelled();
        report.left = plan.walked() - report.found;
        report.missing_from_delivery = plan.missing(&ledger, request.done_folder.as_deref());
        report.count_problems();
        progress.event(RunEvent::BatchEnded { report: &report });
        Ok(report)
    }

    async fn look_at(&self, pipeline: &Pipeline, unit: &Unit, foreseen: &mut Foreseen) -> Result<(), Error> {
        let identities = match self.identities(unit) {
            Ok(identities) => identities,
            Err(lines) => {
                lines.into_iter().for_each(|line| foreseen.ledger.put(line));
                return Ok(());
            }
        };
        let said = pipeline.announcement(unit).await?;
        let mut known = Vec::new();
        for (file, identity) in unit.files.iter().zip(&identities) {
            let bytes = i64::try_from(identity.bytes).unwrap_or(i64::MAX);
            let path = raw(&file.path());
            known.extend(
                pipeline
                    .system
                    .duplicate_line(identity.fingerprint, &path, bytes)
                    .await?,
            );
        }
        if known.len() == unit.files.len() && !known.is_empty() {
            let scans: Vec<Fingerprint> = identities.iter().map(|identity| identity.fingerprint).collect();
            let announced = self.archive.announcement_weigh(&self.asker, &scans, &said).await?;
            let announced = link::contradicted_by_lists(announced, &unit.known);
            for line in known {
                foreseen.ledger.put(again(line, &announced));
            }
            return Ok(());
        }
        let customer = match said.customer {
            AnnouncedCustomer::Certain { uid, .. } => uid,
            _ => 0,
        };
        let firsts: Vec<_> = identities
            .iter()
            .filter_map(|i| foreseen.first.get(&i.fingerprint).cloned())
            .collect();
        if firsts.len() == unit.files.len() && !firsts.is_empty() {
            for (file, (first, of_first)) in unit.files.iter().zip(firsts) {
                let mut item = line(raw(&file.path()), Outcome::Duplicate);
                item.detail = Some(DetailCode::SameBytesAsFile.with(first));
                if customer != 0 && of_first != 0 && customer != of_first {
                    item.outcome = Outcome::NeedsReview;
                    reason::SAME_SCAN_OTHER_CUSTOMER.clone_into(&mut item.reason);
                }
                foreseen.ledger.put(item);
            }
            return Ok(());
        }
        let would_be = would_be(pipeline, unit, &said).await?;
        for (file, identity) in unit.files.iter().zip(&identities) {
            let item = BatchLine {
                path: raw(&file.path()),
                ..would_be.clone()
            };
            foreseen
                .first
                .entry(identity.fingerprint)
                .or_insert_with(|| (file.shown(), customer));
            if item.outcome == Outcome::NeedsReview && item.reason.is_empty() {
                foreseen.unread.insert(item.path.clone());
            }
            foreseen.ledger.put(item);
        }
        Ok(())
    }

    /// What the files of a unit are, or the lines of a unit that is not taken.
    fn identities(&self, unit: &Unit) -> Result<Vec<ScanIdentity>, Vec<BatchLine>> {
        let looked: Vec<_> = unit
            .files
            .iter()
            .map(|file| identify::look(file, &self.limits.scan))
            .collect();
        let broken = unit.files.iter().zip(&looked).find_map(|(file, looked)| match looked {
            Err((refusal, _)) => {
                let detail = DetailCode::FileOfDocument
                    .with(file.shown())
                    .with(refusal.detail.clone());
                Some(Refusal::new(refusal.reason, detail))
            }
            Ok(_) => None,
        });
        let Some(whole) = broken.or_else(|| unit.incomplete.clone()) else {
            return Ok(looked.into_iter().flatten().collect());
        };
        let lines = unit.files.iter().zip(looked).map(|(file, looked)| {
            let item = line(raw(&file.path()), Outcome::Rejected);
            match looked {
                Ok(identity) => rejected_line(item, &whole, identity.fingerprint.hex()),
                Err((refusal, sha256)) => rejected_line(item, &refusal, sha256),
            }
        });
        Err(lines.collect())
    }
}

/// The line of a file whose bytes are there already, as the announcement would leave it.
fn again(mut item: BatchLine, announced: &Announced) -> BatchLine {
    let details: Vec<Detail> = match announced {
        Announced::Fits { filled, noted } => filled.iter().map(not_yet).chain(noted.iter().cloned()).collect(),
        Announced::Differs {
            differences,
            other_customer,
            ..
        } => {
            item.outcome = Outcome::NeedsReview;
            let reason = match other_customer {
                true => Reason::SameScanOtherCustomer,
                false => Reason::AnnouncedOtherwise,
            };
            reason.as_str().clone_into(&mut item.reason);
            differences.clone()
        }
    };
    let said = item.detail.take();
    item.detail = said.into_iter().chain(details).reduce(|all, next| all.and(Some(next)));
    item
}

/// What would be taken, where the run says what was taken.
fn not_yet(filled: &Detail) -> Detail {
    let mut detail = filled.clone();
    if detail.code == DetailCode::AnnouncedUsed {
        detail.code = DetailCode::AnnouncedNotYet;
    }
    detail
}

/// What is known of a new document before it is read. Without a reason in review: only reading can say.
async fn would_be(pipeline: &Pipeline, unit: &Unit, said: &Announcement) -> Result<BatchLine, Error> {
    let statements = pipeline.statements(unit).await?;
    let location = pipeline.stated_location(&unit.known).await?;
    let mut item = line(RawPath(Vec::new()), Outcome::NeedsReview);
    location.code().clone_into(&mut item.location_code);
    let link = link::decide(&statements, &[], &link::FactOwners::default());
    let link = link::asked_of_lists(link, &unit.known);
    match with_location(link, &location) {
        Link::Certain { detail, .. } => {
            item.outcome = Outcome::Filed;
            item.detail = Some(detail);
        }
        Link::Review { reason, detail, .. } if reason != reason::CUSTOMER_MISSING => {
            item.reason = reason;
            item.detail = Some(detail);
        }
        Link::Review { detail, .. } => {
            let place = detail
                .parts()
                .into_iter()
                .find(|part| matches!(part.code, DetailCode::LocationUnknown | DetailCode::LocationRetired));
            item.detail = Some(DetailCode::NobodyHasSaid.alone().and(place.cloned()));
        }
    }
    if let AnnouncedCustomer::Certain { code, .. } = &said.customer {
        item.customer_code.clone_from(code);
    }
    Ok(item)
}
