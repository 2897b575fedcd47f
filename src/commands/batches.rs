//! `dossier batches`: what was announced, what came, what became of each file.

use crate::{
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::{Result, bail};
use records::{
    batches::{BatchLine, BatchRow},
    ids::BatchId,
};

#[derive(serde::Serialize)]
struct ShownBatch {
    batch: String,
    name: String,
    state: &'static str,
    actor: String,
    started_at: String,
    finished_at: Option<String>,
    announced: Option<i64>,
    found: i64,
    filed: i64,
    needs_review: i64,
    duplicate: i64,
    rejected: i64,
    ignored: i64,
    missing_from_delivery: Vec<String>,
    pages: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<ShownLine>>,
}

#[derive(serde::Serialize)]
struct ShownLine {
    path: String,
    outcome: &'static str,
    reason: String,
    detail: String,
    documents: Vec<String>,
    customer_code: String,
    location_code: String,
    kind: String,
    pages: i64,
}

pub async fn run(settings: &Settings, batch: Option<&str>, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    match batch {
        None => {
            let rows = house.archive.batches(&house.asker, None, 100).await?;
            if json {
                print_json(&rows.into_iter().map(|row| shown(row, None)).collect::<Vec<_>>())?;
            } else {
                let rows: Vec<_> = rows
                    .into_iter()
                    .map(|row| {
                        let found = row.found();
                        let counts = [
                            found,
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
                    })
                    .collect();
                print_table(
                    &[
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
                    ],
                    &rows,
                )?;
            }
        }
        Some(id) => {
            let id = BatchId::parse(id)?;
            let Some(row) = house.archive.batch(&house.asker, &id).await? else {
                bail!("there is no batch {id}; `dossier batches` lists them");
            };
            let lines = house
                .archive
                .batch_lines(&house.asker, &id, None, 0, usize::MAX)
                .await?;
            let lines: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
            if json {
                print_json(&shown(row, Some(lines)))?;
            } else {
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
                let rows: Vec<_> = lines
                    .into_iter()
                    .map(|line| {
                        vec![
                            line.outcome.as_str().to_owned(),
                            line.reason,
                            line.customer_code,
                            line.path.shown(),
                            line.detail,
                        ]
                    })
                    .collect();
                print_table(&["outcome", "reason", "customer", "path", "detail"], &rows)?;
            }
        }
    }
    house.close().await;
    Ok(Ending::Fine)
}

fn shown(row: BatchRow, lines: Option<Vec<BatchLine>>) -> ShownBatch {
    let found = row.found();
    ShownBatch {
        batch: row.id.to_string(),
        name: row.name,
        state: row.state.as_str(),
        actor: row.actor,
        started_at: row.started_at.rfc3339(),
        finished_at: row.finished_at.map(records::Moment::rfc3339),
        announced: row.announced,
        found,
        filed: row.filed,
        needs_review: row.needs_review,
        duplicate: row.duplicate,
        rejected: row.rejected,
        ignored: row.ignored,
        missing_from_delivery: row.missing,
        pages: row.pages,
        items: lines.map(|lines| lines.into_iter().map(shown_line).collect()),
    }
}

fn shown_line(line: BatchLine) -> ShownLine {
    let BatchLine {
        path,
        outcome,
        reason,
        detail,
        document_ids,
        customer_code,
        location_code,
        kind,
        pages,
        ..
    } = line;
    ShownLine {
        path: path.shown(),
        outcome: outcome.as_str(),
        reason,
        detail,
        documents: document_ids,
        customer_code,
        location_code,
        kind,
        pages,
    }
}
