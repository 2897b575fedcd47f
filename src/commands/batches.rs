//! `dossier batches`: what was announced, what came, what became of each file.

use crate::{
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
    table_file,
};
use anyhow::{Result, bail};
use clap::Args;
use records::{
    batches::{BatchLine, BatchRow},
    ids::BatchId,
};
use std::path::PathBuf;
use vocabulary::Language;
use web::{screens::batches::words::of_report, text::Text};

#[derive(Args)]
pub struct BatchesArgs {
    /// Show one batch with its lines
    batch: Option<String>,
    /// Write the report of the batch to this file; its name ends in .csv, .xlsx or .pdf
    #[arg(long, value_name = "FILE", requires = "batch", conflicts_with = "json")]
    out: Option<PathBuf>,
    /// Language of that file: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = table_file::language)]
    language: Language,
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, words: BatchesArgs) -> Result<Ending> {
    let BatchesArgs {
        batch,
        out,
        language,
        json,
    } = words;
    let house = House::open(settings).await?;
    match (batch, out) {
        (None, _) => list(&house, json).await?,
        (Some(id), None) => show(&house, &BatchId::parse(&id)?, json).await?,
        (Some(id), Some(file)) => {
            let id = BatchId::parse(&id)?;
            let words = of_report(Text(language));
            let (_, table) =
                services::batches::report_table(&house.archive, &house.asker, &id, &words, language).await?;
            table_file::write(settings, &table, &file)?;
            print(&format!("{} files in {}\n", table.rows.len(), file.display()))?;
        }
    }
    house.close().await;
    Ok(Ending::Fine)
}

async fn list(house: &House, json: bool) -> Result<()> {
    let rows = house.archive.batches(&house.asker, None, 100).await?;
    if json {
        return print_json(&rows.into_iter().map(api_types::batches::batch).collect::<Vec<_>>());
    }
    let cells = |row: BatchRow| {
        let counts = [
            row.found(),
            row.filed,
            row.needs_review,
            row.duplicate,
            row.rejected,
            row.pages,
        ];
        let mut cells = vec![row.started_at.rfc3339(), row.name, row.state.as_str().to_owned()];
        cells.extend(counts.map(|count| count.to_string()));
        cells.push(row.id.to_string());
        cells
    };
    let header = [
        "started",
        "name",
        "state",
        "found",
        "filed",
        "review",
        "duplicate",
        "rejected",
        "pages",
        "batch",
    ];
    print_table(&header, &rows.into_iter().map(cells).collect::<Vec<_>>())
}

async fn show(house: &House, id: &BatchId, json: bool) -> Result<()> {
    let Some(row) = house.archive.batch(&house.asker, id).await? else {
        bail!("there is no batch {id}; `dossier batches` lists them");
    };
    let lines = house.archive.batch_lines(&house.asker, id, None, 0, usize::MAX).await?;
    let lines = lines.into_iter().map(|(_, line)| line);
    if json {
        return print_json(&api_types::batches::report(row, lines));
    }
    print(&format!(
        "{}  {}  {} found = {} filed + {} in review + {} duplicate + {} rejected, {} ignored\n\n",
        row.name,
        row.state.as_str(),
        row.found(),
        row.filed,
        row.needs_review,
        row.duplicate,
        row.rejected,
        row.ignored
    ))?;
    let cells = |line: BatchLine| {
        vec![
            line.outcome.as_str().to_owned(),
            line.reason,
            line.customer_code,
            line.path.shown(),
            line.detail
                .map(|detail| detail.text(Language::English))
                .unwrap_or_default(),
        ]
    };
    let header = ["outcome", "reason", "customer", "path", "detail"];
    print_table(&header, &lines.map(cells).collect::<Vec<_>>())
}
