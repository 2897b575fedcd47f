//! The list of a delivery, looked at before anything is sent: what each column is taken for, what each line says, what of it
//! the archive does not know, and which files it does not speak of.

use crate::{
    http::{
        error::Result,
        upload::Uploaded,
        who::{Fields, Seat},
    },
    screens::{
        deciding::refused,
        imports::{self, ColumnShown, ColumnsSaid},
    },
    state::Web,
    tables,
    text::Text,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use records::{
    Role,
    batches::{MANIFEST_COLUMNS, ManifestLine},
    tables::{Lines, text_of},
};
use services::manifests::{self, ManifestCheck, ManifestRemark};

/// Lines, remarks and files of each kind that are shown; the counts are of all.
const SHOWN_MAX: usize = 100;
/// Names of files that are compared.
const FILES_MAX: usize = 20_000;

#[derive(Template)]
#[template(path = "add_list.html")]
pub struct ListView {
    pub t: Text,
    /// Why it is no list at all.
    pub fault: String,
    /// What each of its columns is taken for.
    pub columns: Vec<ColumnShown>,
    /// The list itself, with what was said of its columns.
    pub table: String,
    pub papers: Vec<ListedLine>,
    pub papers_total: usize,
    /// Number of the line, and what is to be said of it.
    pub problems: Vec<(u64, String)>,
    pub problems_total: usize,
    pub not_listed: Vec<String>,
    pub not_listed_total: usize,
    pub unknown_columns: String,
}

#[derive(Debug, Clone)]
pub struct ListedLine {
    pub line: u64,
    pub path: String,
    pub customer: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub kind: String,
    pub location: String,
}

/// `POST /add/list`
pub async fn look(State(web): State<Web>, uploaded: Uploaded) -> Result<Response> {
    let Uploaded { seat, mut fields, file } = uploaded;
    seat.asker.require(Role::Archivist)?;
    let names = names(&mut fields)?;
    let typed = fields.text("table")?;
    let said = ColumnsSaid::read(&mut fields)?;
    fields.done()?;
    let bytes = file.map_or_else(|| typed.into_bytes(), |(_, bytes)| bytes.to_vec());
    let mut view = ListView::empty(seat.t);
    let lines = tables::manifest_lines(&web, bytes).await;
    let table = lines.and_then(|mut lines| {
        said.apply(MANIFEST_COLUMNS, &mut lines);
        view.columns = columns(seat.t, &lines);
        view.table = text_of(&lines);
        tables::manifest(&web, lines)
    });
    match table {
        Ok(table) => {
            let check = manifests::check(&web.archive, &seat.asker, table, Some(&names)).await?;
            view.tell(&seat, check);
            Ok(Html(view.render()?).into_response())
        }
        Err(cause) => {
            view.fault = imports::unreadable(seat.t, &cause);
            refused(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
    }
}

fn names(fields: &mut Fields) -> Result<Vec<String>> {
    let names = fields.text("files")?;
    let names = names.lines().filter(|name| !name.is_empty());
    Ok(names.take(FILES_MAX).map(str::to_owned).collect())
}

fn columns(t: Text, lines: &Lines) -> Vec<ColumnShown> {
    let fields: Vec<(&'static str, String)> = MANIFEST_COLUMNS
        .iter()
        .map(|rule| (rule.name, t.word("manifest-column", rule.name)))
        .collect();
    imports::columns_shown(t, MANIFEST_COLUMNS, &fields, true, lines)
}

impl ListView {
    pub(super) fn empty(t: Text) -> Self {
        Self {
            t,
            fault: String::new(),
            columns: Vec::new(),
            table: String::new(),
            papers: Vec::new(),
            papers_total: 0,
            problems: Vec::new(),
            problems_total: 0,
            not_listed: Vec::new(),
            not_listed_total: 0,
            unknown_columns: String::new(),
        }
    }

    fn tell(&mut self, seat: &Seat, check: ManifestCheck) {
        let t = seat.t;
        let ManifestCheck {
            papers,
            problems,
            unknown_columns,
            mut not_listed,
        } = check;
        self.papers_total = papers.len();
        self.problems_total = problems.len();
        self.not_listed_total = not_listed.len();
        not_listed.truncate(SHOWN_MAX);
        self.not_listed = not_listed;
        self.papers = papers.into_iter().take(SHOWN_MAX).map(listed).collect();
        let remark = |ManifestRemark { line, detail }| (line, detail.text(t.0));
        self.problems = problems.into_iter().take(SHOWN_MAX).map(remark).collect();
        self.unknown_columns = unknown_columns.join(&t.say("list-separator"));
    }
}

fn listed(line: ManifestLine) -> ListedLine {
    let customer = [line.customer_code, line.customer_name];
    let customer: Vec<String> = customer.into_iter().filter(|text| !text.is_empty()).collect();
    ListedLine {
        line: line.line,
        path: line.written,
        customer: customer.join(" "),
        title: line.title,
        number: line.number,
        date: line.date.to_string(),
        kind: line.kind,
        location: line.location_code,
    }
}
