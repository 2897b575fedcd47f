//! The report of a run, in the shape that scripts rely on (`api_types::batches`). Built from the lines that the record
//! keeps, so that a resumed run reports what an uninterrupted one would have.

use crate::manifest::ManifestProblem;
use crate::walk::path_order;
use api_types::batches::{IngestJson, ManifestProblemJson, WorkersJson, ingest_item};
use api_types::detail;
use reading::worker::PoolStatus;
use records::batches::{BatchLine, Outcome, RawPath};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What the worker processes of a pool took.
pub fn workers(status: PoolStatus) -> WorkersJson {
    WorkersJson {
        decode_peak_bytes: status.decode_resident_peak,
        read_peak_bytes: status.read_resident_peak,
        decode_seconds: status.decode_processor_time.as_secs_f64(),
        read_seconds: status.read_processor_time.as_secs_f64(),
        lost: status.deaths,
    }
}

/// A line of a manifest that could not be used as it is.
pub fn manifest_problem(problem: &ManifestProblem) -> ManifestProblemJson {
    let ManifestProblem { manifest, line, detail } = problem;
    ManifestProblemJson {
        manifest: manifest.clone(),
        line: *line,
        problem: detail::text(Some(detail)),
        problem_code: detail::code(Some(detail)),
    }
}

/// The lines of a batch as the record keeps them: a file that was not taken has the line of its last try, a file whose
/// bytes have changed since it was taken a line more.
#[derive(Clone, Debug, Default)]
pub struct BatchLines(BTreeMap<(RawPath, String), BatchLine>);

impl BatchLines {
    pub fn put(&mut self, line: BatchLine) {
        let first = (line.path.clone(), String::new());
        let is_other = self
            .0
            .get(&first)
            .is_some_and(|known| is_settled(known) && known.sha256 != line.sha256);
        match (is_other, self.0.get(&first)) {
            (true, _) => self.0.insert((line.path.clone(), line.sha256.clone()), line),
            (false, Some(known)) if is_settled(known) => None,
            (false, _) => self.0.insert(first, line),
        };
    }

    /// Takes out the line of a file that is tried again.
    pub fn forget(&mut self, path: &RawPath) {
        self.0.remove(&(path.clone(), String::new()));
    }

    /// The line of the file as it came last.
    pub fn get(&self, path: &RawPath) -> Option<&BatchLine> {
        let lines = self.0.range((path.clone(), String::new())..);
        lines.take_while(|((of, _), _)| of == path).map(|(_, line)| line).last()
    }

    /// Paths of everything that came.
    pub fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.0.keys().map(|(path, _)| PathBuf::from(OsStr::from_bytes(&path.0)))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The report, items in the order of the walk.
    pub fn report(&self, batch: &str, seconds: f64) -> IngestJson {
        let mut lines: Vec<&BatchLine> = self.0.values().collect();
        let path = |line: &BatchLine| Path::new(OsStr::from_bytes(&line.path.0)).to_owned();
        lines.sort_by(|a, b| path_order(&path(a), &path(b)));
        let mut report = IngestJson {
            batch: batch.to_owned(),
            seconds,
            ..IngestJson::default()
        };
        for line in lines {
            match line.outcome {
                Outcome::Filed => report.filed += 1,
                Outcome::NeedsReview => report.needs_review += 1,
                Outcome::Duplicate => report.duplicate += 1,
                Outcome::Rejected => report.rejected += 1,
                Outcome::Ignored => {
                    report.ignored.push(line.path.shown());
                    report.ignored_path_hex.push(line.path.bytes_in_hex());
                    continue;
                }
            }
            if matches!(line.outcome, Outcome::Filed | Outcome::NeedsReview) {
                report.pages += line.pages;
            }
            report.items.push(ingest_item(line.clone()));
        }
        report.found = report.filed + report.needs_review + report.duplicate + report.rejected;
        report
    }
}

fn is_settled(line: &BatchLine) -> bool {
    !matches!(line.outcome, Outcome::Rejected | Outcome::Ignored)
}

/// A line of a file about which nothing else is known yet.
pub fn line(path: RawPath, outcome: Outcome) -> BatchLine {
    BatchLine {
        path,
        outcome,
        reason: String::new(),
        detail: None,
        sha256: String::new(),
        bytes: 0,
        document_ids: Vec::new(),
        customer_code: String::new(),
        location_code: String::new(),
        kind: String::new(),
        pages: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(ledger: &mut BatchLines, path: &str, outcome: Outcome, pages: i64) {
        ledger.put(BatchLine {
            pages,
            ..line(RawPath(path.into()), outcome)
        });
    }

    #[test]
    fn every_file_is_counted_once() {
        let mut ledger = BatchLines::default();
        put(&mut ledger, "/in/10.pdf", Outcome::Filed, 3);
        put(&mut ledger, "/in/2.pdf", Outcome::Duplicate, 3);
        put(&mut ledger, "/in/a.pdf", Outcome::Rejected, 0);
        put(&mut ledger, "/in/a.pdf", Outcome::NeedsReview, 1);
        put(&mut ledger, "/in/Thumbs.db", Outcome::Ignored, 0);
        let report = ledger.report("b", 1.0);
        let paths: Vec<&str> = report.items.iter().map(|item| item.path.as_str()).collect();
        assert_eq!(paths, ["/in/2.pdf", "/in/10.pdf", "/in/a.pdf"]);
        let counts = [report.filed, report.needs_review, report.duplicate, report.rejected];
        assert_eq!((report.found, counts, report.pages), (3, [1, 1, 1, 0], 4));
        assert_eq!(report.ignored, ["/in/Thumbs.db"]);
    }

    #[test]
    fn the_names_scripts_rely_on() {
        let mut ledger = BatchLines::default();
        put(&mut ledger, "/a", Outcome::Filed, 1);
        let json = serde_json::to_value(ledger.report("b", 0.5)).expect("plain data");
        for key in [
            "batch",
            "found",
            "filed",
            "needs_review",
            "duplicate",
            "rejected",
            "ignored",
            "missing_from_delivery",
            "pages",
            "seconds",
            "items",
        ] {
            assert!(json.get(key).is_some(), "{key}");
        }
        for key in [
            "path",
            "outcome",
            "reason",
            "document_id",
            "documents",
            "customer_code",
            "location_code",
            "kind",
            "pages",
        ] {
            assert!(json["items"][0].get(key).is_some(), "{key}");
        }
    }
}
