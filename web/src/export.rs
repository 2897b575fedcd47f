//! Lists as files, in the reader's language: the words of `services::export`, and the answer that a browser keeps.

use crate::{
    http::{error::Result, kept::kept},
    screens::batches::words::of_report,
    state::Web,
    text::Text,
};
use axum::response::Response;
use index::Sorting;
use print::ItemListWords;
use records::{Asker, customers::Customer, ids::BatchId};
pub use services::export::Format;
use services::export::{self, ExportLimits, HitColumn, HitsAsked, ItemWords, ListFile, ListWords};

/// The whole list of hits, up to [`crate::WebLimits::export_rows_max`].
///
/// # Errors
/// When the query cannot be read, or full text or record do not answer.
pub async fn hits(
    web: &Web,
    asker: &Asker,
    t: Text,
    query: &str,
    sorting: Sorting,
    format: Format,
) -> Result<Response> {
    let limits = &web.config.limits;
    web.catch_up(asker).await;
    let asked = HitsAsked {
        query,
        sorting,
        format,
        limits: ExportLimits {
            rows_max: limits.export_rows_max,
            window: limits.hits_max,
        },
    };
    let words = ListWords {
        name: t.say("export-hits-name"),
        title: t.say("search-title"),
        language: t.lang(),
        heading: &|column| t.say(heading(column)),
        state: &|code| t.word("state", code),
        security: &|level| web.level_name(t, level),
    };
    let list = export::hits(&web.archive, &web.finder, asker, asked, words).await?;
    Ok(sent(list))
}

fn heading(column: HitColumn) -> &'static str {
    match column {
        HitColumn::Document => "document",
        HitColumn::Kind => "kind",
        HitColumn::Number => "number",
        HitColumn::Date => "date",
        HitColumn::CustomerCode => "customer-code",
        HitColumn::CustomerName => "customer-name",
        HitColumn::DossierNo => "dossier-no",
        HitColumn::Place => "place",
        HitColumn::Container => "container",
        HitColumn::Original => "original",
        HitColumn::Security => "fact-security",
        HitColumn::Pages => "pages",
        HitColumn::Page => "export-page",
        HitColumn::PagesHit => "export-pages-hit",
        HitColumn::Snippet => "export-snippet",
        HitColumn::DocumentId => "fact-id",
    }
}

/// The item list (卷内文件目录) of a dossier, in the order in which the record lists it.
///
/// # Errors
/// When the record does not answer.
pub async fn items(web: &Web, asker: &Asker, t: Text, customer: &Customer, format: Format) -> Result<Response> {
    let list = ItemListWords {
        title: t.say("item-list"),
        sequence: t.say("sequence"),
        number: t.say("number"),
        document_title: t.say("document"),
        kind: t.say("kind"),
        date: t.say("date"),
        security: t.say("fact-security"),
        pages: t.say("pages"),
        location: t.say("place"),
        note: t.say("note"),
        total: t.say("item-list-total"),
    };
    let words = ItemWords {
        list,
        facts: ["customer-code", "customer-name", "dossier-no"].map(|key| t.say(key)),
        language: t.lang(),
        security: &|level| web.level_name(t, level),
    };
    let made_at = web.environment.now();
    let list = export::items(&web.archive, asker, customer, format, words, made_at).await?;
    Ok(sent(list))
}

/// The report of a batch: what became of every file.
///
/// # Errors
/// When there is none, or the asker may not read batches.
pub async fn batch(web: &Web, asker: &Asker, t: Text, id: &BatchId, format: Format) -> Result<Response> {
    let words = of_report(t);
    let (name, table) = services::batches::report_table(&web.archive, asker, id, &words, t.0).await?;
    Ok(sent(
        export::file(table, format, format!("{} {name}", words.title)).await?,
    ))
}

/// Any other table as a file that a browser keeps.
///
/// # Errors
/// When the file cannot be written.
pub async fn table(table: print::PrintedTable, format: Format, name: String) -> Result<Response> {
    Ok(sent(export::file(table, format, name).await?))
}

fn sent(list: ListFile) -> Response {
    let ListFile { name, format, bytes } = list;
    kept(bytes, &name, format.as_str(), format.media_type())
}
