//! The trail: what people typed becomes a filter, and events become a table for paper and files.

use crate::{Error, Result, history::instants, meant};
use index::FullText;
use print::{Column, PrintedTable};
use records::{
    Archive, Asker, Moment,
    audit::{AuditAction, AuditEvent, AuditObject, AuditedRecord, EventDraft, EventFilter},
};
use std::collections::HashMap;
use vocabulary::both;

/// What a person or a program typed to search the trail; empty fields do not narrow.
#[derive(Debug, Clone, Default)]
pub struct AuditAsked {
    /// Sign-in name or display name.
    pub person: String,
    /// Code, number, name or id of a record; `customer:KH-0001` where the bare word would be ambiguous.
    pub object: String,
    pub object_kind: String,
    pub action: String,
    /// A day, month or year, or an instant (RFC 3339).
    pub from: String,
    /// The same; a day, month or year is taken whole.
    pub to: String,
    /// Only events with a smaller number.
    pub before: Option<i64>,
}

/// The filter that was meant.
///
/// # Errors
/// [`Error::Invalid`] for a time, an action or a kind that is none.
pub async fn filter(
    archive: &Archive,
    full_text: Option<&FullText>,
    asker: &Asker,
    asked: &AuditAsked,
    limit: usize,
) -> Result<EventFilter> {
    let zone = archive.settings(asker).await?.time_zone.clone();
    let object = meant::record(archive, full_text, asker, &asked.object).await?;
    let objects = match object.as_str() {
        "" => Vec::new(),
        called => archive.audit_objects(asker, called).await?,
    };
    let action = match asked.action.trim() {
        "" => String::new(),
        action => AuditAction::parse(action)
            .map_err(|_| {
                Error::invalid(
                    "action",
                    both!(
                        "there is no such action; write it as the rows of --json have it, such as document.viewed",
                        "没有这种操作；请照 --json 各行的写法，如 document.viewed"
                    ),
                )
            })?
            .as_str()
            .to_owned(),
    };
    let object_kind = match asked.object_kind.trim() {
        "" => String::new(),
        kind => AuditObject::parse(kind)
            .map_err(|_| {
                Error::invalid(
                    "object_kind",
                    both!(
                        "there is no such kind of object; write it as the rows have it, such as document",
                        "没有这种对象；请照各行的写法，如 document"
                    ),
                )
            })?
            .as_str()
            .to_owned(),
    };
    Ok(EventFilter {
        actor: archive.audit_person(asker, &asked.person).await?,
        action,
        object_kind,
        // Batches, grants and tokens are called by their ids alone.
        object_id: if objects.is_empty() { object } else { String::new() },
        objects,
        from: instants("from", &asked.from, &zone)?.map(|(first, _)| first),
        until: instants("to", &asked.to, &zone)?.map(|(_, after)| after),
        before: asked.before,
        limit,
    })
}

/// Events with what their records are called today.
///
/// # Errors
/// Those of [`Archive::audit_events`].
pub async fn events(
    archive: &Archive,
    asker: &Asker,
    filter: &EventFilter,
) -> Result<Vec<(AuditEvent, AuditedRecord)>> {
    let events = archive.audit_events(asker, filter).await?;
    let records = archive.audit_records(asker, &events).await?;
    let mut called: HashMap<(String, String), AuditedRecord> = records
        .into_iter()
        .map(|record| ((record.kind.clone(), record.id.clone()), record))
        .collect();
    let named = |event: AuditEvent| {
        let key = (event.object_kind.clone(), event.object_id.clone());
        let record = called.entry(key).or_insert_with_key(|(kind, id)| AuditedRecord {
            kind: kind.clone(),
            id: id.clone(),
            code: String::new(),
            name: String::new(),
            customer: String::new(),
        });
        (event, record.clone())
    };
    Ok(events.into_iter().map(named).collect())
}

/// The number of the first row of the act that each event belongs to: what one person did at one instant is one act, however
/// many events tell of it, and its rows stand together.
pub fn acts<'e>(events: impl IntoIterator<Item = &'e AuditEvent>) -> Vec<i64> {
    let mut acts = Vec::new();
    let mut first: Option<&AuditEvent> = None;
    for event in events {
        let same = first.filter(|first| first.at == event.at && first.actor == event.actor);
        let head = same.unwrap_or(event);
        acts.push(head.sequence);
        first = Some(head);
    }
    acts
}

/// Says in the trail that it was read, and what of it was asked for.
///
/// # Errors
/// When the trail cannot be written.
pub async fn note_read(archive: &Archive, asker: &Asker, asked: &AuditAsked) -> Result<()> {
    let said = [
        ("person", &asked.person),
        ("object", &asked.object),
        ("action", &asked.action),
        ("from", &asked.from),
        ("to", &asked.to),
    ];
    let detail: Vec<String> = said
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={}", value.trim()))
        .collect();
    let event = EventDraft::new(AuditAction::AuditRead, AuditObject::Audit, "").detail(detail.join(" "));
    Ok(archive.note_read(asker, event).await?)
}

/// Headings and words of the table, in the language of the reader.
pub struct AuditWords<'a> {
    pub title: String,
    /// Number, at, by, action, kind of object, code, name, customer, detail.
    pub headings: [String; 9],
    pub at: Box<dyn Fn(Moment) -> String + 'a>,
    pub action: Box<dyn Fn(&AuditEvent) -> String + 'a>,
    pub object_kind: Box<dyn Fn(&str) -> String + 'a>,
    pub detail: Box<dyn Fn(&str) -> String + 'a>,
}

/// The events as a table.
pub fn table(events: &[(AuditEvent, AuditedRecord)], words: AuditWords<'_>, made_at: Moment) -> PrintedTable {
    let shares = [0.7, 1.3, 0.9, 1.2, 0.8, 1.4, 1.8, 1.4, 1.8];
    let columns = words.headings.iter().zip(shares);
    let rows = events.iter().map(|(event, record)| {
        let code = if record.code.is_empty() {
            &record.id
        } else {
            &record.code
        };
        vec![
            event.sequence.to_string().into(),
            (words.at)(event.at).into(),
            event.actor.as_str().into(),
            (words.action)(event).into(),
            (words.object_kind)(&event.object_kind).into(),
            code.as_str().into(),
            record.name.as_str().into(),
            record.customer.as_str().into(),
            (words.detail)(&event.detail).into(),
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
