//! The dry run: what a run would do, without reading a page or writing anything.

use super::{Error, Progress, Request, Run, RunEvent, rejected_line};
use crate::group::Unit;
use crate::identify;
use crate::link::{self, reason};
use crate::pipeline::Pipeline;
use crate::report::{BatchLines, line, manifest_problem};
use crate::walk::raw;
use api_types::batches::IngestJson;
use reading::cancel::Cancel;
use records::batches::{BatchLine, Outcome};
use records::documents::Link;
use std::collections::HashMap;
use std::time::Instant;
use vocabulary::detail::DetailCode;

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
        let plan = self.plan(request).await?;
        let pipeline = plan.pipeline.clone();
        let mut ledger = BatchLines::default();
        plan.other_lines().for_each(|line| ledger.put(line));
        let mut seen: HashMap<[u8; 32], String> = HashMap::new();
        for unit in &plan.units {
            if cancel.is_cancelled() {
                break;
            }
            self.look_at(&pipeline, unit, &mut seen, &mut ledger).await?;
        }
        let mut report = ledger.report("", began.elapsed().as_secs_f64());
        report.manifest_problems = Some(plan.manifests.problems().map(manifest_problem).collect());
        report.interrupted = cancel.is_cancelled();
        report.missing_from_delivery = plan.missing(&ledger, request.done_folder.as_deref());
        progress.event(RunEvent::BatchEnded { report: &report });
        Ok(report)
    }

    async fn look_at(
        &self,
        pipeline: &Pipeline,
        unit: &Unit,
        seen: &mut HashMap<[u8; 32], String>,
        ledger: &mut BatchLines,
    ) -> Result<(), Error> {
        let statements = pipeline.statements(unit).await?;
        for file in &unit.files {
            let mut item = line(raw(&file.path()), Outcome::NeedsReview);
            match identify::look(file, &self.limits.scan) {
                Err((refusal, sha256)) => {
                    item = rejected_line(item, &refusal, sha256);
                }
                Ok(identity) => {
                    let bytes = i64::try_from(identity.bytes).unwrap_or(i64::MAX);
                    let known = pipeline.system.duplicate_line(identity.fingerprint, &item.path, bytes);
                    if let Some(known) = known.await? {
                        item = known;
                    } else if let Some(first) = seen.get(&identity.fingerprint.0) {
                        item.outcome = Outcome::Duplicate;
                        item.detail = Some(DetailCode::SameBytesAsFile.with(first.as_str()));
                    } else {
                        seen.insert(identity.fingerprint.0, file.shown());
                        would_be(&mut item, link::decide(&statements, &[], &link::FactOwners::default()));
                        item.location_code.clone_from(&unit.known.location_code);
                    }
                }
            }
            ledger.put(item);
        }
        Ok(())
    }
}

fn would_be(item: &mut BatchLine, link: Link) {
    match link {
        Link::Certain { detail, .. } => {
            item.outcome = Outcome::Filed;
            item.detail = Some(detail);
        }
        Link::Review { reason, detail, .. } if reason != reason::CUSTOMER_MISSING => {
            item.reason = reason;
            item.detail = Some(detail);
        }
        Link::Review { reason, .. } => {
            item.reason = reason;
            item.detail = Some(DetailCode::NobodyHasSaid.alone());
        }
    }
}
