//! Lists as files: what a view lists, whole, for a spreadsheet or for paper. One place makes the table of each, for screens,
//! API and command line. What the asker may not see is in no row, and taking a list away is an event of the trail.

mod access;
mod holdings;
mod lending;
mod registers;
mod stocktakes;
mod work;

use crate::{
    http::{
        error::{Result, WebError},
        kept::kept,
    },
    state::Web,
    text::Text,
};
use axum::response::{IntoResponse, Response};
use print::{Cell, Column, Fonts, PageSetup, PrintedTable};
use records::{
    Archive, Asker, Moment, SecurityLevel,
    audit::{AuditAction, AuditObject, EventDraft},
    settings::ArchiveSettings,
};
use services::export::{Format, ListFile};
use std::{path::PathBuf, sync::Arc};
use vocabulary::RecordList;

/// How a list is taken away: for a spreadsheet, or for paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListAs {
    Table(Format),
    Pdf,
}

const PDF: &str = "pdf";

impl ListAs {
    pub const ALL: [Self; 3] = [Self::Table(Format::Xlsx), Self::Table(Format::Csv), Self::Pdf];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table(format) => format.as_str(),
            Self::Pdf => PDF,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Table(format) => format.media_type(),
            Self::Pdf => "application/pdf",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }
}

/// Who takes a list, in which words, and how long it may be.
pub struct ListMaker<'a> {
    pub archive: &'a Archive,
    pub asker: &'a Asker,
    pub t: Text,
    pub settings: Arc<ArchiveSettings>,
    pub now: Moment,
    pub rows_max: usize,
    /// Where fonts for paper are looked for.
    pub fonts: &'a [PathBuf],
}

impl Web {
    /// What makes lists into files for somebody.
    pub fn lists<'a>(&'a self, asker: &'a Asker, t: Text) -> ListMaker<'a> {
        ListMaker {
            archive: &self.archive,
            asker,
            t,
            settings: self.settings(),
            now: self.environment.now(),
            rows_max: self.config.limits.export_rows_max,
            fonts: &self.config.fonts,
        }
    }
}

/// A list as it was made.
pub struct MadeList {
    /// Without ending.
    pub name: String,
    pub format: ListAs,
    pub rows: usize,
    pub bytes: Vec<u8>,
}

impl IntoResponse for MadeList {
    fn into_response(self) -> Response {
        kept(self.bytes, &self.name, self.format.as_str(), self.format.media_type())
    }
}

/// A heading with its share of the width; a number stands to the right.
type ListHeading = (&'static str, f32, bool);

/// The rows of a list under their headings.
struct ListRows {
    headings: &'static [ListHeading],
    rows: Vec<Vec<Cell>>,
}

impl ListMaker<'_> {
    /// Makes one list. `code` says which place its contents are listed of, or which stocktake; other lists have none.
    ///
    /// # Errors
    /// When the asker may not read it, there is no such place, or the file cannot be written.
    pub async fn make(&self, list: RecordList, code: &str, format: ListAs) -> Result<MadeList> {
        let rows = match list {
            RecordList::Customers => registers::customers(self).await?,
            RecordList::Locations => registers::locations(self).await?,
            RecordList::Kinds => registers::kinds(self).await?,
            RecordList::Checklists => registers::checklists(self).await?,
            RecordList::Contents => return self.contents(code, format).await,
            RecordList::Stocktake => return self.stocktake(code, format).await,
            RecordList::Loans => {
                return self
                    .lending(lending::register(self, code).await?, "", "register-signatures", format)
                    .await;
            }
            RecordList::Slip => {
                let (no, rows) = lending::slip(self, code).await?;
                return self.lending(rows, &no, "slip-signatures", format).await;
            }
            RecordList::Picking => {
                return self
                    .lending(lending::picking(self).await?, "", "picking-signatures", format)
                    .await;
            }
            RecordList::Batches => work::batches(self).await?,
            RecordList::Review => work::review(self).await?,
            RecordList::Imports => work::imports(self).await?,
            RecordList::Withdrawn => holdings::withdrawn(self).await?,
            RecordList::Sealed => access::sealed(self).await?,
            RecordList::Grants => access::grants(self).await?,
            RecordList::Users => access::users(self).await?,
        };
        let table = self.table(list.name(self.t.0).to_owned(), rows);
        self.finished(list.as_str(), table, format).await
    }

    async fn contents(&self, code: &str, format: ListAs) -> Result<MadeList> {
        let (place, rows) = holdings::contents(self, code).await?;
        let mut table = self.table(self.t.with("retrieval-list", "code", &place), rows);
        table.columns.insert(0, Column::tick("", 0.4));
        table.closing = self.t.say("retrieval-signatures");
        let name = format!("{}:{place}", RecordList::Contents.as_str());
        self.finished(&name, table, format).await
    }

    async fn stocktake(&self, id: &str, format: ListAs) -> Result<MadeList> {
        let report = stocktakes::report(self, id).await?;
        let mut table = self.table(self.t.with("stocktake-report", "scope", &report.scope), report.rows);
        table.facts = report.facts;
        table.closing = self.t.say("stocktake-signatures");
        let name = format!("{}:{}", RecordList::Stocktake.as_str(), report.id);
        self.finished(&name, table, format).await
    }

    fn table(&self, title: String, rows: ListRows) -> PrintedTable {
        let column = |(key, share, is_number): &ListHeading| match is_number {
            true => Column::number(&self.t.say(key), *share),
            false => Column::text(&self.t.say(key), *share),
        };
        PrintedTable {
            title,
            columns: rows.headings.iter().map(column).collect(),
            rows: rows.rows,
            ..PrintedTable::default()
        }
    }

    /// The file, after the trail knows who took what away.
    async fn finished(&self, list: &str, table: PrintedTable, format: ListAs) -> Result<MadeList> {
        let rows = table.rows.len();
        let detail = format!("list={list} rows={rows} format={}", format.as_str());
        let event = EventDraft::new(AuditAction::ListExported, AuditObject::Search, "").detail(detail);
        self.archive.note_read(self.asker, event).await?;
        let name = table.title.clone();
        let bytes = match format {
            ListAs::Table(format) => {
                let ListFile { bytes, .. } = services::export::file(table, format, name.clone()).await?;
                bytes
            }
            ListAs::Pdf => self.on_paper(table).await?,
        };
        Ok(MadeList {
            name,
            format,
            rows,
            bytes,
        })
    }

    /// A table as a PDF that says who printed it and when, and numbers its pages.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn on_paper(&self, mut table: PrintedTable) -> Result<Vec<u8>> {
        let t = self.t;
        let printed_by = (t.say("printed-by"), self.asker.display_name().to_owned());
        table.facts.insert(0, printed_by);
        table.facts.insert(1, (t.say("printed-at"), self.local(self.now)));
        table.made_at = Some(self.now);
        let paper = PageSetup {
            landscape: true,
            page_of: self.t.say("page-of-pages"),
        };
        let fonts = self.fonts.to_vec();
        let made = tokio::task::spawn_blocking(move || print::table_pdf(&table, &paper, &Fonts::in_folders(fonts)));
        let failed = |cause: String| WebError::Export(cause);
        made.await
            .map_err(|cause| failed(cause.to_string()))?
            .map_err(|cause| failed(cause.to_string()))
    }

    fn local(&self, at: Moment) -> String {
        at.local(&self.settings.time_zone)
    }

    fn local_or_nothing(&self, at: Option<Moment>) -> Cell {
        at.map(|at| self.local(at)).unwrap_or_default().into()
    }

    fn level(&self, level: SecurityLevel) -> Cell {
        self.settings.security_level_name(level, self.t.lang()).into()
    }
}
