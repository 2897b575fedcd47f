//! Batches, and what became of each file.

use crate::codes::{code, code_or_empty, code_or_null};
use crate::detail::{self, DetailCodeJson};
use crate::list::ListJson;
use records::batches::{BatchDecision, BatchLine, BatchProblem, BatchRow, BatchState, Outcome};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::Reason;
use vocabulary::detail::{Arg, Detail, DetailCode};

#[derive(Debug, Serialize, ToSchema)]
pub struct BatchJson {
    pub uid: i64,
    pub id: String,
    /// The same as `id`, under the name that a report has it.
    pub batch: String,
    pub name: String,
    #[schema(schema_with = code::<BatchState>)]
    pub state: String,
    pub actor: String,
    /// Who is at it while it is running.
    pub run: Option<BatchRunJson>,
    pub announced: Option<i64>,
    /// Files that the last run found, `null` for batches of former versions.
    pub walked: Option<i64>,
    pub found: i64,
    pub filed: i64,
    pub needs_review: i64,
    pub duplicate: i64,
    pub rejected: i64,
    pub ignored: i64,
    pub missing_from_delivery: Vec<String>,
    pub pages: i64,
    pub seconds: f64,
    pub started_at: String,
    pub finished_at: Option<String>,
    /// Who accepted or held it as a whole, when and why; `null` while nobody has.
    pub decided: Option<BatchDecisionJson>,
}

/// What a person has decided on a batch.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BatchDecisionJson {
    pub by: String,
    pub at: String,
    pub why: String,
}

/// The process that runs a batch.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BatchRunJson {
    pub process: i64,
    pub machine: String,
    pub since: String,
}

/// What became of every file of a delivery: printed by `dossier ingest` when a run ends, and read again from the record
/// at any later time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct IngestJson {
    /// Id of the batch; empty after a dry run, which makes none.
    pub batch: String,
    /// filed + needs_review + duplicate + rejected.
    pub found: i64,
    pub filed: i64,
    pub needs_review: i64,
    pub duplicate: i64,
    pub rejected: i64,
    /// Manifests and litter.
    pub ignored: Vec<String>,
    /// For each of `ignored` the bytes of its path in hexadecimal digits, where it is not UTF-8; else `null`.
    pub ignored_path_hex: Vec<Option<String>>,
    /// Paths that a manifest announced and nothing came for, as it writes them.
    pub missing_from_delivery: Vec<String>,
    /// Pages of the documents that were filed or wait for review.
    pub pages: i64,
    /// How long the runs of this batch took; straight after a run, how long that one took.
    pub seconds: f64,
    /// It was stopped before its end; running it again goes on.
    pub interrupted: bool,
    /// Files that an interrupted run left for the next one.
    pub left: i64,
    /// Files of which a dry run cannot say what becomes of them before they are read; their items have no outcome.
    pub to_be_read: i64,
    /// Everything announced that did not come as announced: lines of manifests, files that are missing, numbers of pages,
    /// places and customers that there are not.
    pub problems: i64,
    /// Lines of manifests that could not be used as they are; `null` for none in the record.
    pub manifest_problems: Option<Vec<ManifestProblemJson>>,
    /// What the worker processes took. Known to the run itself; `null` when read from the record.
    pub workers: Option<WorkersJson>,
    /// The batch in the record; `null` after a dry run.
    #[serde(flatten)]
    pub origin: BatchOriginJson,
    pub items: Vec<IngestItemJson>,
}

/// Who made a batch and when; all `null` after a dry run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct BatchOriginJson {
    pub name: Option<String>,
    #[schema(schema_with = code_or_null::<BatchState>)]
    pub state: Option<String>,
    pub actor: Option<String>,
    pub announced: Option<i64>,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct IngestItemJson {
    /// As people read it.
    pub path: String,
    /// The bytes of the path in hexadecimal digits, where it is not UTF-8; `null` where `path` is the path itself.
    pub path_hex: Option<String>,
    /// Empty where only reading can say it, after a dry run.
    #[schema(schema_with = code_or_empty::<Outcome>)]
    pub outcome: String,
    /// A stable code, or empty.
    #[schema(schema_with = code_or_empty::<Reason>)]
    pub reason: String,
    /// The first of `documents`.
    pub document_id: Option<String>,
    pub documents: Vec<String>,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub pages: i64,
    pub detail: String,
    pub detail_code: Option<DetailCodeJson>,
    /// Something that was announced of it, in a list or on a cover sheet, is not so, as `detail` says: another number of
    /// pages, a customer, place or kind that the archive does not have, a level that was not used.
    pub problem: bool,
}

/// A line of a manifest that could not be used as it is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ManifestProblemJson {
    pub manifest: String,
    pub line: u64,
    pub problem: String,
    pub problem_code: Option<DetailCodeJson>,
}

/// What the worker processes of a run took, all of a kind together except for the peaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct WorkersJson {
    /// The largest resident size of any one of them, in bytes.
    pub decode_peak_bytes: u64,
    pub read_peak_bytes: u64,
    /// Processor time.
    pub decode_seconds: f64,
    pub read_seconds: f64,
    /// Those that ended without being asked to, or were killed for time or memory.
    pub lost: u64,
}

/// One window of a list that was read with one batch more than `limit`.
pub fn batches(rows: Vec<BatchRow>, limit: usize, total: i64) -> ListJson<BatchJson> {
    ListJson::window(rows, limit, total, |row| row.uid.to_string(), batch)
}

/// A batch in a list.
pub fn batch(row: BatchRow) -> BatchJson {
    BatchJson {
        uid: row.uid,
        found: row.found(),
        id: row.id.to_string(),
        batch: row.id.to_string(),
        name: row.name,
        state: row.state.as_str().to_owned(),
        actor: row.actor,
        run: row.run.map(|run| BatchRunJson {
            process: run.runner.process,
            machine: run.runner.machine,
            since: run.since.rfc3339(),
        }),
        announced: row.announced,
        walked: row.walked,
        filed: row.filed,
        needs_review: row.needs_review,
        duplicate: row.duplicate,
        rejected: row.rejected,
        ignored: row.ignored,
        missing_from_delivery: row.missing,
        pages: row.pages,
        seconds: row.busy_us as f64 / 1e6,
        decided: row.decided.map(decision),
        started_at: row.started_at.rfc3339(),
        finished_at: row.finished_at.map(|at| at.rfc3339()),
    }
}

/// The report of a batch, from its lines and problems.
pub fn report(
    batch: BatchRow,
    lines: impl Iterator<Item = BatchLine>,
    problems: impl Iterator<Item = BatchProblem>,
) -> IngestJson {
    let origin = origin(&batch);
    let (ignored, counted): (Vec<_>, Vec<_>) = lines.partition(|line| line.outcome == Outcome::Ignored);
    let of_former_versions = ignored.iter().flat_map(recorded_problems);
    let problems: Vec<ManifestProblemJson> = problems.map(manifest_problem).chain(of_former_versions).collect();
    let found = batch.found();
    let mut report = IngestJson {
        found,
        batch: batch.id.to_string(),
        filed: batch.filed,
        needs_review: batch.needs_review,
        duplicate: batch.duplicate,
        rejected: batch.rejected,
        ignored: ignored.iter().map(|line| line.path.shown()).collect(),
        ignored_path_hex: ignored.iter().map(|line| line.path.bytes_in_hex()).collect(),
        missing_from_delivery: batch.missing,
        pages: batch.pages,
        seconds: batch.busy_us as f64 / 1e6,
        interrupted: batch.state == BatchState::Interrupted,
        left: match (batch.state, batch.walked) {
            (BatchState::Interrupted | BatchState::Running, Some(walked)) => (walked - found).max(0),
            _ => 0,
        },
        to_be_read: 0,
        problems: 0,
        manifest_problems: (!problems.is_empty()).then_some(problems),
        workers: None,
        origin,
        items: counted.into_iter().map(ingest_item).collect(),
    };
    report.count_problems();
    report
}

impl IngestJson {
    /// Sets how much did not come as it was announced.
    pub fn count_problems(&mut self) {
        let lines = self.manifest_problems.as_ref().map_or(0, Vec::len);
        let noted = self.items.iter().filter(|item| item.problem).count();
        let problems = lines + self.missing_from_delivery.len() + noted;
        self.problems = i64::try_from(problems).unwrap_or(i64::MAX);
    }
}

/// Whether something announced of a file is not so, whether or not a person is asked about it as well. Several customers of
/// one path are a problem of the list itself, and told there where the file waits.
fn is_problem(line: &BatchLine) -> bool {
    let is_settled = line.outcome == Outcome::Duplicate;
    line.detail.iter().flat_map(Detail::parts).any(|part| match part.code {
        DetailCode::PagesDiffer
        | DetailCode::AnnouncedLevelKept
        | DetailCode::AnnouncedNotSeen
        | DetailCode::LocationUnknown
        | DetailCode::LocationRetired
        | DetailCode::CustomerUnknownInManifest
        | DetailCode::CustomerUnknownOnSheet
        | DetailCode::KindUnknownOnSheet
        | DetailCode::SheetSaysUnknown => true,
        DetailCode::SeveralCustomersInManifest => is_settled,
        _ => false,
    })
}

/// A line of a manifest that could not be used as it is.
pub fn manifest_problem(problem: BatchProblem) -> ManifestProblemJson {
    ManifestProblemJson {
        manifest: problem.file,
        line: problem.line,
        problem: detail::text(Some(&problem.detail)),
        problem_code: detail::code(Some(&problem.detail)),
    }
}

/// The problems that the line of a manifest kept before schema 11; none of any other file.
fn recorded_problems(line: &BatchLine) -> Vec<ManifestProblemJson> {
    let parts = line.detail.iter().flat_map(Detail::parts);
    let problem = |part: &Detail| match (part.code, part.args.as_slice()) {
        (DetailCode::ManifestLine, [Arg::Number(number), Arg::Detail(problem)]) => Some(ManifestProblemJson {
            manifest: line.path.shown(),
            line: u64::try_from(*number).unwrap_or_default(),
            problem: detail::text(Some(problem)),
            problem_code: detail::code(Some(problem)),
        }),
        _ => None,
    };
    parts.filter_map(problem).collect()
}

/// Who made a batch and when.
pub fn origin(batch: &BatchRow) -> BatchOriginJson {
    BatchOriginJson {
        name: Some(batch.name.clone()),
        state: Some(batch.state.as_str().to_owned()),
        actor: Some(batch.actor.clone()),
        announced: batch.announced,
        started_at: Some(batch.started_at.rfc3339()),
        finished_at: batch.finished_at.map(|at| at.rfc3339()),
    }
}

/// What became of one file.
pub fn ingest_item(line: BatchLine) -> IngestItemJson {
    let problem = is_problem(&line);
    let BatchLine {
        path,
        outcome,
        reason,
        detail: noted,
        sha256: _,
        bytes: _,
        document_ids,
        customer_code,
        location_code,
        kind,
        pages,
    } = line;
    IngestItemJson {
        path_hex: path.bytes_in_hex(),
        path: path.shown(),
        outcome: outcome.as_str().to_owned(),
        reason,
        document_id: document_ids.first().cloned(),
        documents: document_ids,
        customer_code,
        location_code,
        kind,
        pages,
        detail: detail::text(noted.as_ref()),
        detail_code: detail::code(noted.as_ref()),
        problem,
    }
}

fn decision(decided: BatchDecision) -> BatchDecisionJson {
    let BatchDecision { by, at, why } = decided;
    BatchDecisionJson {
        by,
        at: at.rfc3339(),
        why,
    }
}
