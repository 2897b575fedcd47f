//! What a check of vault and record found.

use records::scans::{VerifyProblem, VerifyReport};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct VerifyJson {
    pub ok: bool,
    pub documents: i64,
    pub scans: i64,
    pub problems: Vec<ProblemJson>,
    /// Nothing wrong, but worth knowing.
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemJson {
    pub kind: String,
    pub object: String,
    pub detail: String,
}

/// What a check of vault and record found.
pub fn verified(report: VerifyReport) -> VerifyJson {
    let VerifyReport {
        documents,
        scans,
        problems,
        notes,
    } = report;
    let problem = |VerifyProblem { kind, object, detail }: VerifyProblem| ProblemJson {
        kind: kind.to_owned(),
        object,
        detail,
    };
    VerifyJson {
        ok: problems.is_empty(),
        documents,
        scans,
        problems: problems.into_iter().map(problem).collect(),
        notes,
    }
}
