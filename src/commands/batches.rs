//! `dossier batches`: what was announced, what came, what became of each file.

use crate::{
    command_line::Listed,
    commands::{ingest::outcome_word, placements::local},
    heading::Heading,
    house::House,
    language::{language, said},
    listed::word,
    output::{Ending, print, print_json, print_table, say_shown},
    problem::refused,
    settings::Settings,
    table_file,
};
use anyhow::Result;
use api_types::batches::BatchJson;
use clap::Args;
use records::{
    batches::{BatchLine, BatchProblem, BatchRow, BatchState, LinesOf},
    ids::BatchId,
};
use std::path::PathBuf;
use vocabulary::Language;
use web::{screens::batches::words::of_report, text::Text};

#[derive(Args)]
pub struct BatchesArgs {
    /// Show one batch with its lines, by name or id; of several with one name the newest
    batch: Option<String>,
    /// Write the report of the batch to this file; its name ends in .csv, .xlsx or .pdf
    #[arg(long, value_name = "FILE", requires = "batch", conflicts_with = "json")]
    out: Option<PathBuf>,
    /// Language of that file: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = table_file::language)]
    language: Language,
    /// Accept the batch as a whole
    #[arg(long, requires = "batch", conflicts_with_all = ["out", "hold"])]
    accept: bool,
    /// Hold the batch for this reason
    #[arg(long, value_name = "REASON", requires = "batch", conflicts_with = "out")]
    hold: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    listed: Listed,
}

pub async fn run(settings: &Settings, words: BatchesArgs) -> Result<Ending> {
    let BatchesArgs {
        batch,
        out,
        language,
        accept,
        hold,
        json,
        listed,
    } = words;
    let house = House::open(settings).await?;
    if let (Some(key), Some((state, why))) = (&batch, decision(accept, hold)) {
        let id = found(&house, key).await?;
        house.archive.batch_decide(&house.asker, &id, state, &why).await?;
    }
    match (batch, out) {
        (None, _) => list(&house, &listed, json).await?,
        (Some(key), None) => show(&house, &found(&house, &key).await?, json).await?,
        (Some(key), Some(file)) => {
            let id = found(&house, &key).await?;
            let words = of_report(Text(language));
            let (_, table) =
                services::batches::report_table(&house.archive, &house.asker, &id, &words, language).await?;
            table_file::write(settings, &table, &file)?;
            print(&said!(
                "{} files in {}\n",
                "{} 个文件，写在 {}\n",
                table.rows.len(),
                file.display()
            ))?;
        }
    }
    house.close().await;
    Ok(Ending::Fine)
}

/// What is decided on the batch as a whole, and why.
fn decision(accept: bool, hold: Option<String>) -> Option<(BatchState, String)> {
    match hold {
        Some(why) => Some((BatchState::Held, why)),
        None => accept.then(|| (BatchState::Accepted, String::new())),
    }
}

/// The batch with this id, or the newest of this name.
async fn found(house: &House, key: &str) -> Result<BatchId> {
    if let Ok(id) = BatchId::parse(key) {
        return Ok(id);
    }
    let rows = house.archive.batches(&house.asker, None, usize::MAX).await?;
    let named = rows.into_iter().find(|row| row.name == key);
    named.map(|row| row.id).ok_or_else(|| {
        refused(
            "not_found",
            said!("there is no batch `{key}`", "没有批次“{key}”"),
            said!("`dossier batches` lists them by name", "`dossier batches` 按名称列出"),
        )
    })
}

async fn list(house: &House, listed: &Listed, json: bool) -> Result<()> {
    let most = listed.most();
    let rows = house
        .archive
        .batches(&house.asker, listed.mark()?, most.saturating_add(1))
        .await?;
    let total = house.archive.batches_total(&house.asker).await?;
    let batches = api_types::batches::batches(rows, most, total);
    if json {
        return print_json(&batches);
    }
    let zone = house.zone().await?;
    let row = |row: &BatchJson| {
        let counts = [
            row.found,
            row.filed,
            row.needs_review,
            row.duplicate,
            row.rejected,
            row.pages,
        ];
        let mut cells = vec![
            local(&row.started_at, &zone),
            row.name.clone(),
            word::<BatchState>(&row.state),
        ];
        cells.extend(counts.map(|count| count.to_string()));
        cells.push(row.id.clone());
        cells
    };
    let header = [
        Heading::Started,
        Heading::Name,
        Heading::State,
        Heading::Found,
        Heading::Filed,
        Heading::Review,
        Heading::Duplicate,
        Heading::Rejected,
        Heading::Pages,
        Heading::Batch,
    ];
    print_table(&header, &batches.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&batches);
    Ok(())
}

async fn show(house: &House, id: &BatchId, json: bool) -> Result<()> {
    let Some(row) = house.archive.batch(&house.asker, id).await? else {
        return Err(refused(
            "not_found",
            said!("there is no batch {id}", "没有批次 {id}"),
            said!("`dossier batches` lists them by name", "`dossier batches` 按名称列出"),
        ));
    };
    let lines = house
        .archive
        .batch_lines(&house.asker, id, &LinesOf::default(), 0, usize::MAX)
        .await?;
    let lines = lines.into_iter().map(|(_, line)| line);
    let problems = house.archive.batch_problems(&house.asker, id).await?;
    if json {
        return print_json(&api_types::batches::report(row, lines, problems.into_iter()));
    }
    print(&head(&row, &problems, &house.zone().await?))?;
    let cells = |line: BatchLine| {
        vec![
            outcome_word(line.outcome.as_str()),
            line.reason,
            line.customer_code,
            line.path.shown(),
            line.detail.map(|detail| detail.text(language())).unwrap_or_default(),
        ]
    };
    let header = [
        Heading::Outcome,
        Heading::Reason,
        Heading::Customer,
        Heading::Path,
        Heading::Detail,
    ];
    print_table(&header, &lines.map(cells).collect::<Vec<_>>())
}

/// Who is at it, what did not come as it was announced, and the sum.
fn head(row: &BatchRow, problems: &[BatchProblem], zone: &str) -> String {
    let mut text = String::new();
    if let Some(run) = &row.run {
        let (runner, since) = (&run.runner, run.since.local(zone));
        text.push_str(&said!(
            "process {} on {} is at it since {since}\n",
            "{1} 上的进程 {0} 从 {since} 起正在收\n",
            runner.process,
            runner.machine
        ));
    }
    if let (BatchState::Interrupted, Some(walked)) = (row.state, row.walked) {
        let done = row.found();
        text.push_str(&said!(
            "interrupted: {done} of {walked} done; `dossier ingest` of the same folder goes on\n",
            "已中断：{walked} 个文件中已收 {done} 个；再对同一文件夹运行 `dossier ingest` 即可继续\n"
        ));
    }
    for problem in problems {
        let said = problem.detail.text(language());
        text.push_str(&said!(
            "problem: {} line {}: {said}\n",
            "问题：{} 第 {} 行：{said}\n",
            problem.file,
            problem.line
        ));
    }
    for path in &row.missing {
        text.push_str(&said!(
            "announced and not found: {path}\n",
            "清单上有、实际没有：{path}\n"
        ));
    }
    text.push_str(&said!(
        "{}  {}  {} found = {} filed + {} in review + {} duplicate + {} rejected, {} ignored\n\n",
        "{}  {}  {} 个文件 = 已归档 {} + 待确认 {} + 重复 {} + 退回 {}，忽略 {}\n\n",
        row.name,
        word::<BatchState>(row.state.as_str()),
        row.found(),
        row.filed,
        row.needs_review,
        row.duplicate,
        row.rejected,
        row.ignored
    ));
    text
}
