//! The report of a run for people, and what it means for the exit code.

use crate::{
    language::{language, said},
    output::{Ending, grouped, print, print_json},
};
use anyhow::Result;
use api_types::{
    batches::{IngestItemJson, IngestJson},
    detail::DetailCodeJson,
};
use vocabulary::{Language, Outcome};

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
        text.push_str(&said!(
            "problem: {} line {}: {}\n",
            "问题：{} 第 {} 行：{}\n",
            problem.manifest,
            problem.line,
            noted(&problem.problem, problem.problem_code.as_ref())
        ));
    }
    for path in &report.missing_from_delivery {
        text.push_str(&said!(
            "announced and not found: {path}\n",
            "清单上有、实际没有：{path}\n"
        ));
    }
    text.push_str(&sum(report));
    if report.problems > 0 {
        text.push_str(&said!(
            "{} problems: not everything came as it was announced, see above\n",
            "{} 处问题：来的与清单不全相符，见上\n",
            grouped(report.problems)
        ));
    }
    if report.interrupted {
        text.push_str(&said!(
            "interrupted: {} of {} done; run the same command again to go on\n",
            "已中断：{1} 个文件中已收 {0} 个；再运行同一命令即可继续\n",
            grouped(report.found),
            grouped(report.found + report.left)
        ));
    }
    text
}

fn line(item: &IngestItemJson) -> String {
    let outcome = match item.outcome.as_str() {
        "" => said!("must be read first", "须先识别"),
        outcome => outcome_word(outcome),
    };
    let reason = match item.reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    let detail = match noted(&item.detail, item.detail_code.as_ref()).as_str() {
        "" => String::new(),
        noted => said!(": {noted}", "：{noted}"),
    };
    said!(
        "{outcome}{reason}: {}{detail}\n",
        "{outcome}{reason}：{}{detail}\n",
        item.path
    )
}

/// The code of an outcome, or in Chinese its word.
pub fn outcome_word(code: &str) -> String {
    match (language(), Outcome::parse(code)) {
        (Language::Chinese, Ok(outcome)) => outcome.name(Language::Chinese).to_owned(),
        _ => code.to_owned(),
    }
}

/// What was noted, in the language of the locale.
fn noted(english: &str, code: Option<&DetailCodeJson>) -> String {
    code.and_then(|code| code.said(language()))
        .unwrap_or_else(|| english.to_owned())
}

fn sum(report: &IngestJson) -> String {
    // Only a dry run makes no batch, and an interruption before anything was begun.
    let is_trial = report.batch.is_empty() && !report.interrupted;
    let (before, read) = match is_trial {
        true => (
            said!("dry run: ", "试运行："),
            said!(" + {} that must be read first", " + 须先识别 {}", report.to_be_read),
        ),
        false => (String::new(), String::new()),
    };
    let after = match is_trial {
        true => said!("nothing was written", "没有写入"),
        false => said!(
            "{} pages in {:.1} s",
            "{} 页，用时 {:.1} 秒",
            report.pages,
            report.seconds
        ),
    };
    said!(
        "{before}{} found = {} filed + {} in review + {} duplicate + {} rejected{read}; {} ignored; {after}\n",
        "{before}{} 个文件 = 已归档 {} + 待确认 {} + 重复 {} + 退回 {}{read}；忽略 {}；{after}\n",
        grouped(report.found),
        report.filed,
        report.needs_review,
        report.duplicate,
        report.rejected,
        report.ignored.len(),
    )
}
