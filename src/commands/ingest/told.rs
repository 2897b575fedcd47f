//! The report of a run for people, and what it means for the exit code.

use crate::output::{Ending, grouped, print, print_json};
use anyhow::Result;
use api_types::batches::{IngestItemJson, IngestJson};

/// Prints the report; the exit code says the worst of it.
pub fn tell(report: &IngestJson, json: bool) -> Result<Ending> {
    match json {
        true => print_json(report)?,
        false => print(&text(report))?,
    }
    Ok(ending(report))
}

pub fn ending(report: &IngestJson) -> Ending {
    if report.interrupted {
        Ending::Interrupted
    } else if report.rejected > 0 {
        Ending::InputRejected
    } else if report.problems > 0 {
        Ending::ProblemFound
    } else {
        Ending::Fine
    }
}

/// Every file that was not simply filed, every problem, and the sum.
pub fn text(report: &IngestJson) -> String {
    let mut text = String::new();
    for item in report
        .items
        .iter()
        .filter(|item| item.outcome != "filed" || item.problem)
    {
        text.push_str(&line(item));
    }
    for problem in report.manifest_problems.iter().flatten() {
        text.push_str(&format!(
            "problem: {} line {}: {}\n",
            problem.manifest, problem.line, problem.problem
        ));
    }
    for path in &report.missing_from_delivery {
        text.push_str(&format!("announced and not found: {path}\n"));
    }
    text.push_str(&sum(report));
    if report.problems > 0 {
        text.push_str(&format!(
            "{} problems: not everything came as it was announced, see above\n",
            grouped(report.problems)
        ));
    }
    if report.interrupted {
        text.push_str(&format!(
            "interrupted: {} of {} done; run the same command again to go on\n",
            grouped(report.found),
            grouped(report.found + report.left)
        ));
    }
    text
}

fn line(item: &IngestItemJson) -> String {
    let outcome = match item.outcome.as_str() {
        "" => "must be read first",
        outcome => outcome,
    };
    let reason = match item.reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    let detail = match item.detail.as_str() {
        "" => String::new(),
        detail => format!(": {detail}"),
    };
    format!("{outcome}{reason}: {}{detail}\n", item.path)
}

fn sum(report: &IngestJson) -> String {
    // Only a dry run makes no batch, and an interruption before anything was begun.
    let is_trial = report.batch.is_empty() && !report.interrupted;
    let (before, read) = match is_trial {
        true => ("dry run: ", format!(" + {} that must be read first", report.to_be_read)),
        false => ("", String::new()),
    };
    let after = match is_trial {
        true => "nothing was written".to_owned(),
        false => format!("{} pages in {:.1} s", report.pages, report.seconds),
    };
    format!(
        "{before}{} found = {} filed + {} in review + {} duplicate + {} rejected{read}; {} ignored; {after}\n",
        grouped(report.found),
        report.filed,
        report.needs_review,
        report.duplicate,
        report.rejected,
        report.ignored.len(),
    )
}
