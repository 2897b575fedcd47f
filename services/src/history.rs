//! The ledger of changes: what people typed becomes a filter, and lines become a table for paper and files.

use crate::{Error, Result, meant};
use index::FullText;
use print::{Cell, Column, PrintedTable};
use records::{
    Archive, Asker, Moment, PartialDate,
    audit::{AuditAction, AuditObject, EventDraft},
    history::{HistoryFilter, HistoryKey, HistoryLine, instant, span},
};
use vocabulary::both;

/// What a person or a program typed to search the ledger; empty fields do not narrow.
#[derive(Debug, Clone, Default)]
pub struct HistoryAsked {
    pub object: String,
    pub field: String,
    pub person: String,
    /// A day, month or year, or an instant (RFC 3339).
    pub from: String,
    /// The same; a day, month or year is taken whole.
    pub to: String,
    pub change: String,
    pub before: String,
}

/// The filter that was meant.
///
/// # Errors
/// [`Error::Invalid`] for a time or a key that cannot be read.
pub async fn filter(
    archive: &Archive,
    full_text: Option<&FullText>,
    asker: &Asker,
    asked: &HistoryAsked,
    limit: usize,
) -> Result<HistoryFilter> {
    let zone = archive.settings(asker).await?.time_zone.clone();
    let before = match asked.before.trim() {
        "" => None,
        key => Some(HistoryKey::parse(key).ok_or_else(|| {
            Error::invalid(
                "before",
                both!("take the key of a row as it came", "请原样使用台账行的编号"),
            )
        })?),
    };
    Ok(HistoryFilter {
        object: meant::record(archive, full_text, asker, &asked.object).await?,
        field: asked.field.trim().to_owned(),
        person: asked.person.trim().to_owned(),
        from: instants("from", &asked.from, &zone)?.map(|(first, _)| first),
        until: instants("to", &asked.to, &zone)?.map(|(_, after)| after),
        change: asked.change.trim().to_owned(),
        before,
        limit,
    })
}

pub(crate) fn instants(field: &'static str, text: &str, zone: &str) -> Result<Option<(Moment, Moment)>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(at) = instant(text) {
        return Ok(Some((at, at)));
    }
    let date = PartialDate::parse(text).map_err(|cause| Error::invalid(field, cause.reason))?;
    let instants =
        span(&date, zone).ok_or_else(|| Error::invalid(field, both!("the time is out of range", "时间超出范围")))?;
    Ok(Some(instants))
}

/// How a value of a line is shown to the person who reads.
pub type ShownValue<'a> = Box<dyn Fn(&HistoryLine, Option<&str>) -> String + 'a>;

/// Headings and words of the table, in the language of the reader.
pub struct HistoryWords<'a> {
    pub title: String,
    /// At, by, record, name, field, before, after, why, authority.
    pub headings: [String; 9],
    pub at: Box<dyn Fn(Moment) -> String + 'a>,
    pub object_kind: Box<dyn Fn(&str) -> String + 'a>,
    pub field: Box<dyn Fn(&str) -> String + 'a>,
    pub value: ShownValue<'a>,
}

/// Says in the trail that lines are taken away as a file.
///
/// # Errors
/// When the trail cannot be written.
pub async fn note_export(archive: &Archive, asker: &Asker, lines: usize) -> Result<()> {
    let event =
        EventDraft::new(AuditAction::HistoryExported, AuditObject::History, "").detail(format!("lines={lines}"));
    Ok(archive.note_read(asker, event).await?)
}

/// The lines as a table.
pub fn table(lines: &[HistoryLine], words: HistoryWords<'_>, made_at: Moment) -> PrintedTable {
    let shares = [1.2, 1.0, 1.6, 1.8, 1.1, 1.8, 1.8, 1.6, 1.2];
    let columns = words.headings.iter().zip(shares);
    let rows = lines.iter().map(|line| -> Vec<Cell> {
        let code = if line.object.code.is_empty() {
            &line.object.id
        } else {
            &line.object.code
        };
        vec![
            (words.at)(line.key.at).into(),
            line.by.as_str().into(),
            format!("{} {code}", (words.object_kind)(&line.object.kind)).into(),
            line.object.name.as_str().into(),
            (words.field)(&line.field).into(),
            (words.value)(line, line.before.as_deref()).into(),
            (words.value)(line, line.after.as_deref()).into(),
            line.why.as_str().into(),
            line.authority.as_str().into(),
        ]
    });
    PrintedTable {
        title: words.title,
        columns: columns.map(|(heading, share)| Column::text(heading, share)).collect(),
        rows: rows.collect(),
        made_at: Some(made_at),
        ..PrintedTable::default()
    }
}
