//! Shapes that scripts rely on, as text: a change of one is a change of this file. Fields may be added, never renamed.

use api_types::batches::{IngestJson, WorkersJson, batch, ingest_item, report};
use records::{
    Moment,
    batches::{BatchLine, BatchRow, BatchState, Outcome, RawPath},
    ids::BatchId,
    scans::{VerifyProblem, VerifyReport},
};
use serde::Serialize;
use vocabulary::detail::DetailCode;

const BATCH: &str = "0190b8c4-7f2e-7000-8000-0123456789ab";

fn row() -> BatchRow {
    BatchRow {
        uid: 7,
        id: BatchId::parse(BATCH).expect("an id"),
        name: "2024-05".to_owned(),
        state: BatchState::Finished,
        run: None,
        walked: Some(2),
        actor: "os:lin".to_owned(),
        roots: vec!["/in".to_owned()],
        announced: Some(2),
        filed: 1,
        needs_review: 0,
        duplicate: 0,
        rejected: 1,
        ignored: 1,
        missing: vec!["gone.pdf".to_owned()],
        pages: 3,
        started_at: Moment::from_micros(1_772_323_200_000_000),
        finished_at: Some(Moment::from_micros(1_772_323_201_500_000)),
        decided: None,
        busy_us: 1_500_000,
    }
}

fn line(path: &str, outcome: Outcome, documents: &[&str]) -> BatchLine {
    BatchLine {
        path: RawPath(path.as_bytes().to_vec()),
        outcome,
        reason: String::new(),
        detail: Default::default(),
        sha256: "00".to_owned(),
        bytes: 1,
        document_ids: documents.iter().map(|id| (*id).to_owned()).collect(),
        customer_code: "KH-1".to_owned(),
        location_code: String::new(),
        kind: "contract".to_owned(),
        pages: 3,
    }
}

fn check(shape: &impl Serialize, expected: &str) {
    let text = serde_json::to_string_pretty(shape).expect("plain data");
    assert_eq!(text, expected, "the shape has changed; scripts rely on it");
}

/// The names of the fields, in their order.
fn fields(shape: &impl Serialize) -> Vec<String> {
    let value = serde_json::to_value(shape).expect("plain data");
    value.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn what_became_of_a_delivery() {
    let lines = [
        line("/in/a.pdf", Outcome::Filed, &["d1", "d2"]),
        line("/in/b.pdf", Outcome::Rejected, &[]),
        line("/in/Thumbs.db", Outcome::Ignored, &[]),
    ];
    let report = report(row(), lines.into_iter(), std::iter::empty());
    assert_eq!(report.items[1].document_id, None, "what was not filed has no document");
    assert_eq!(report.items[0].document_id.as_deref(), Some("d1"));
    assert_eq!(report.ignored, ["/in/Thumbs.db"]);
    assert_eq!(report.manifest_problems, None);
    let names = fields(&report);
    // Straight after a run the program knows more, and says it under the same names.
    let run = IngestJson {
        manifest_problems: Some(Vec::new()),
        workers: Some(WorkersJson::default()),
        ..IngestJson::default()
    };
    assert_eq!(fields(&run), names);
    let head: Vec<_> = serde_json::to_string(&IngestJson::default())
        .expect("plain data")
        .split("\":")
        .filter_map(|part| part.rsplit_once('"').map(|(_, name)| name.to_owned()))
        .collect();
    assert_eq!(
        head,
        [
            "batch",
            "found",
            "filed",
            "needs_review",
            "duplicate",
            "rejected",
            "ignored",
            "ignored_path_hex",
            "missing_from_delivery",
            "pages",
            "seconds",
            "interrupted",
            "left",
            "to_be_read",
            "problems",
            "manifest_problems",
            "workers",
            "name",
            "state",
            "actor",
            "announced",
            "started_at",
            "finished_at",
            "items"
        ]
    );
}

#[test]
fn problems_of_a_manifest_are_read_from_its_line() {
    let problem = DetailCode::ManifestPathTwice.with(2_u32);
    let noted = DetailCode::ManifestLine.with(7_u32).with(problem);
    let manifest = BatchLine {
        detail: Some(DetailCode::ListOfDelivery.alone().and(Some(noted))),
        ..line("/in/manifest.csv", Outcome::Ignored, &[])
    };
    let problems = report(row(), [manifest].into_iter(), std::iter::empty()).manifest_problems;
    check(
        &problems,
        r#"[
  {
    "manifest": "/in/manifest.csv",
    "line": 7,
    "problem": "line 2 has the same path",
    "problem_code": {
      "code": "manifest_path_twice",
      "args": [
        2
      ]
    }
  }
]"#,
    );
}

#[test]
fn one_file_of_a_delivery() {
    check(
        &ingest_item(line("/in/a.pdf", Outcome::Filed, &["d1", "d2"])),
        r#"{
  "path": "/in/a.pdf",
  "path_hex": null,
  "outcome": "filed",
  "reason": "",
  "document_id": "d1",
  "documents": [
    "d1",
    "d2"
  ],
  "customer_code": "KH-1",
  "location_code": "",
  "kind": "contract",
  "pages": 3,
  "detail": "",
  "detail_code": null,
  "problem": false
}"#,
    );
}

#[test]
fn what_was_noted_is_said_and_given_as_a_code_with_arguments() {
    let noted = BatchLine {
        detail: Some(
            DetailCode::CustomerUnknownInManifest
                .with("manifest.csv")
                .with(14_u32)
                .with("KH-0999"),
        ),
        ..line("/in/a.pdf", Outcome::NeedsReview, &[])
    };
    let item = ingest_item(noted);
    assert!(
        item.detail
            .starts_with("manifest.csv, line 14 names customer `KH-0999`")
    );
    check(
        &item.detail_code,
        r#"{
  "code": "customer_unknown_in_manifest",
  "args": [
    "manifest.csv",
    14,
    "KH-0999"
  ]
}"#,
    );
}

#[test]
fn a_batch_in_a_list() {
    check(
        &batch(row()),
        r#"{
  "uid": 7,
  "id": "0190b8c4-7f2e-7000-8000-0123456789ab",
  "batch": "0190b8c4-7f2e-7000-8000-0123456789ab",
  "name": "2024-05",
  "state": "finished",
  "actor": "os:lin",
  "run": null,
  "announced": 2,
  "walked": 2,
  "found": 2,
  "filed": 1,
  "needs_review": 0,
  "duplicate": 0,
  "rejected": 1,
  "ignored": 1,
  "missing_from_delivery": [
    "gone.pdf"
  ],
  "pages": 3,
  "seconds": 1.5,
  "started_at": "2026-03-01T00:00:00Z",
  "finished_at": "2026-03-01T00:00:01Z",
  "decided": null
}"#,
    );
}

#[test]
fn a_check_of_vault_and_record() {
    let report = VerifyReport {
        documents: 2,
        scans: 3,
        problems: vec![VerifyProblem {
            kind: "scan_missing",
            object: "00ab".to_owned(),
            detail: "it is not in the vault".to_owned(),
        }],
        notes: Vec::new(),
    };
    check(
        &api_types::verification::verified(report),
        r#"{
  "ok": false,
  "documents": 2,
  "scans": 3,
  "problems": [
    {
      "kind": "scan_missing",
      "object": "00ab",
      "detail": "it is not in the vault"
    }
  ],
  "notes": []
}"#,
    );
}
