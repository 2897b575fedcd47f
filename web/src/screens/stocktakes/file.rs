//! A file that was made offline: looked at line by line, then counted.

use super::url_of;
use crate::{
    http::{
        address,
        error::{Result, WebError},
        upload::Uploaded,
    },
    screens::{
        imports, parts,
        shell::{Here, Shell},
    },
    state::Web,
    tables,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{ids::StocktakeId, stocktakes::OfflineReport};

/// Faulty lines that are shown; the count is of all.
const SHOWN_MAX: usize = 200;

#[derive(Template)]
#[template(path = "stocktake_file.html")]
pub struct StocktakeFileView {
    pub t: Text,
    pub shell: Shell,
    pub url: String,
    pub scope: String,
    pub file_name: String,
    /// The table itself, for the form that counts it.
    pub table: String,
    pub lines: u64,
    pub good: u64,
    pub problems: Vec<(u64, String)>,
    pub problems_total: usize,
    pub fault: String,
}

/// `POST /stocktakes/{id}/file`: looks at a file, or counts its good lines when the person has seen the others.
pub async fn send(State(web): State<Web>, Path(id): Path<String>, uploaded: Uploaded) -> Result<Response> {
    let Uploaded { seat, mut fields, file } = uploaded;
    let (typed, typed_name) = (fields.text("table")?, fields.text("file_name")?);
    let applies = fields.text("step")? == "apply";
    fields.done()?;
    let id = StocktakeId::parse(&id).map_err(|_| WebError::NotFound)?;
    let (file_name, bytes) = match file {
        Some((name, bytes)) => (name, bytes.to_vec()),
        None => (typed_name.chars().take(200).collect(), typed.into_bytes()),
    };
    let stocktake = web.archive.stocktake(&seat.asker, &id).await?;
    let url = url_of(id.as_str());
    let (report, table, fault) = match tables::offline_scans(&web, bytes).await {
        Ok(lines) => {
            let report = web.archive.stocktake_offline(&seat.asker, &id, &lines, applies).await?;
            let rows = lines.into_iter().map(|line| vec![line.at, line.label, line.worn]);
            let table = records::tables::as_text(records::stocktakes::OFFLINE_COLUMNS, rows);
            (report, table, String::new())
        }
        Err(cause) => {
            seat.asker.require_writing(records::Role::Archivist)?;
            (
                OfflineReport::default(),
                String::new(),
                imports::unreadable(seat.t, &cause),
            )
        }
    };
    if report.applied {
        let n = report.good.to_string();
        let pairs = [("said", "counted"), ("n", n.as_str())];
        return Ok(Redirect::to(&address::with_query(&url, &pairs)).into_response());
    }
    let t = seat.t;
    let problem = |problem: &records::stocktakes::OfflineProblem| {
        let key = format!("stocktake-line-{}", problem.fault.code().replace('_', "-"));
        (problem.line, t.with(&key, "value", problem.value.as_str()))
    };
    let view = StocktakeFileView {
        t,
        shell: web.shell(&seat, Here("stocktakes")).await?,
        url,
        scope: stocktake.scope,
        file_name,
        table,
        lines: parts::count(report.lines),
        good: parts::count(report.good),
        problems: report.problems.iter().take(SHOWN_MAX).map(problem).collect(),
        problems_total: report.problems.len(),
        fault,
    };
    Ok(Html(view.render()?).into_response())
}
