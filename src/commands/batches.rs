//! `dossier batches`: what was announced, what came, what became of each file.

use crate::{
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::{Result, bail};
use records::ids::BatchId;
use vocabulary::Language;

#[derive(clap::Args)]
pub struct Words {
    /// Show one batch with its lines
    batch: Option<String>,
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, words: Words) -> Result<Ending> {
    let Words { batch, json } = words;
    let house = House::open(settings).await?;
    match batch.as_deref() {
        None => {
            let rows = house.archive.batches(&house.asker, None, 100).await?;
            if json {
                print_json(&rows.into_iter().map(api_types::batches::batch).collect::<Vec<_>>())?;
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
                print_json(&api_types::batches::report(row, lines.into_iter()))?;
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
                            line.detail
                                .map(|detail| detail.text(Language::English))
                                .unwrap_or_default(),
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
