//! What a typed or scanned text means: a place, a container, a customer, a document. One resolver for every field of every
//! view, for the API and for the command line, so that all take the same spellings: full width, lower case, spaces,
//! without dashes, the check character of a label, the code of a cover sheet, names, pinyin, ids.

use crate::{Result, customers};
use api_types::{list::ListJson, meant::MeantJson};
use index::FullText;
use records::{
    Archive, Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    customers::CustomerRow,
    documents::DocumentRow,
    fold,
    places::CodeLookup,
};
use vocabulary::codes::{MeantBy, MeantKind};

/// Characters of the longest text that can be a code or a name.
const CHARACTERS_MAX: usize = 200;
/// Characters from which a piece of a number is offered; shorter ones fit too many.
const NUMBER_CHARACTERS_MIN: usize = 3;

/// A record that a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeantRecord {
    /// A location, a container, a customer or a document.
    pub kind: MeantKind,
    /// What it is called by: the code of a place, the serial of a container, the code of a customer, the id of a document.
    pub key: String,
    /// Code or number as it is printed; empty for a paper without a number.
    pub code: String,
    pub name: String,
    pub by: MeantBy,
}

/// The records that a text means: those whose code or number it is, else those whose whole name it is, else those that it
/// fits. Only what the asker may see.
///
/// # Errors
/// When the record or the full text does not answer, or too many personal numbers were tried.
pub async fn meant(
    archive: &Archive,
    full_text: Option<&FullText>,
    asker: &Asker,
    text: &str,
    limit: usize,
) -> Result<Vec<MeantRecord>> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > CHARACTERS_MAX {
        return Ok(Vec::new());
    }
    let mut found = by_code(archive, asker, text, limit).await?;
    if found.is_empty() {
        let (rows, _) = customers::fitting(archive, full_text, asker, text, limit, "resolve").await?;
        found.extend(rows.into_iter().map(|row| customer_meant(row, text)));
        found.sort_by_key(|one| one.by == MeantBy::Piece);
        for place in archive.locations_suggest(asker, text, limit).await? {
            found.push(MeantRecord {
                kind: MeantKind::Location,
                key: place.code.clone(),
                code: place.code,
                name: place.name,
                by: MeantBy::Piece,
            });
        }
        if text.chars().count() >= NUMBER_CHARACTERS_MIN {
            let rows = archive.documents_numbered(asker, text, limit).await?;
            found.extend(rows.into_iter().map(|row| document_meant(row, MeantBy::Piece)));
        }
        found.truncate(limit);
    }
    note(archive, asker, text, &found).await?;
    Ok(found)
}

/// The same as programs read it.
///
/// # Errors
/// As [`meant`].
pub async fn listed(
    archive: &Archive,
    full_text: Option<&FullText>,
    asker: &Asker,
    text: &str,
    limit: usize,
) -> Result<ListJson<MeantJson>> {
    let found = meant(archive, full_text, asker, text, limit).await?;
    Ok(ListJson::whole(found, |one| {
        let MeantRecord {
            kind,
            key,
            code,
            name,
            by,
        } = one;
        MeantJson {
            kind: kind.as_str().to_owned(),
            key,
            code,
            name,
            by: by.as_str().to_owned(),
        }
    }))
}

/// What has this code, number or id, or, for places, this name. Where a code fits several, all of them.
///
/// # Errors
/// When the record does not answer.
pub async fn by_code(archive: &Archive, asker: &Asker, text: &str, limit: usize) -> Result<Vec<MeantRecord>> {
    let place = |kind, code: String, name: String| MeantRecord {
        kind,
        key: code.clone(),
        by: match !name.is_empty() && name == text.trim() {
            true => MeantBy::Name,
            false => MeantBy::Code,
        },
        code,
        name,
    };
    let mut found = match archive.locate(asker, text).await? {
        CodeLookup::Location(at) => vec![place(MeantKind::Location, at.code, at.name)],
        CodeLookup::Container(at) => vec![place(MeantKind::Container, at.code, at.name)],
        CodeLookup::Ambiguous(codes) => codes
            .into_iter()
            .map(|code| place(MeantKind::Location, code, String::new()))
            .collect(),
        CodeLookup::None => Vec::new(),
    };
    if let Some(customer) = archive.customer(asker, text).await? {
        found.push(MeantRecord {
            kind: MeantKind::Customer,
            key: customer.code.clone(),
            code: customer.code,
            name: customer.name,
            by: MeantBy::Code,
        });
    }
    let documents = archive.documents_by_key(asker, text, limit).await?;
    found.extend(documents.into_iter().map(|row| document_meant(row, MeantBy::Code)));
    Ok(found)
}

/// The code of the one customer that a text means: by code, account number, dossier number or id, else by the whole name or
/// as the only one that the text fits. `None` where there is none or several.
///
/// # Errors
/// When the record or the full text does not answer, or too many personal numbers were tried.
pub async fn customer(
    archive: &Archive,
    full_text: Option<&FullText>,
    asker: &Asker,
    text: &str,
    door: &str,
) -> Result<Option<String>> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > CHARACTERS_MAX {
        return Ok(None);
    }
    if let Some(customer) = archive.customer(asker, text).await? {
        return Ok(Some(customer.code));
    }
    const NAMESAKES_MAX: usize = 10;
    let (rows, _) = customers::fitting(archive, full_text, asker, text, NAMESAKES_MAX, door).await?;
    let wanted = fold::name(text);
    let named: Vec<_> = rows.iter().filter(|row| fold::name(&row.name) == wanted).collect();
    Ok(match (named.as_slice(), rows.as_slice()) {
        ([one], _) => Some(one.code.clone()),
        // A number that is none must not mean the next longer one.
        ([], [only]) if !text.chars().any(|c| c.is_ascii_digit()) => Some(only.code.clone()),
        _ => None,
    })
}

/// What a field that takes any record hands on: the text itself, or the customer that it means by name or pinyin.
///
/// # Errors
/// When the record or the full text does not answer, or too many personal numbers were tried.
pub async fn record(archive: &Archive, full_text: Option<&FullText>, asker: &Asker, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.contains(':') || archive.is_record(asker, text).await? {
        return Ok(text.to_owned());
    }
    let meant = customer(archive, full_text, asker, text, "trail").await?;
    Ok(meant.map_or_else(|| text.to_owned(), |code| format!("customer:{code}")))
}

fn customer_meant(row: CustomerRow, text: &str) -> MeantRecord {
    MeantRecord {
        kind: MeantKind::Customer,
        by: match fold::name(&row.name) == fold::name(text) {
            true => MeantBy::Name,
            false => MeantBy::Piece,
        },
        key: row.code.clone(),
        code: row.code,
        name: row.name,
    }
}

fn document_meant(row: DocumentRow, by: MeantBy) -> MeantRecord {
    MeantRecord {
        kind: MeantKind::Document,
        key: row.id.to_string(),
        code: row.number,
        name: row.title,
        by,
    }
}

/// Documents that were named to somebody are an event, as those of a search are.
async fn note(archive: &Archive, asker: &Asker, text: &str, found: &[MeantRecord]) -> Result<()> {
    let documents: Vec<_> = found
        .iter()
        .filter(|one| one.kind == MeantKind::Document)
        .map(|one| one.key.as_str())
        .collect();
    if documents.is_empty() {
        return Ok(());
    }
    let event = EventDraft::new(AuditAction::SearchRan, AuditObject::Search, "")
        .detail(format!(
            "documents={} first={} in=resolve",
            documents.len(),
            documents.join(",")
        ))
        .query(text);
    Ok(archive.note_reading(asker, event).await?)
}
