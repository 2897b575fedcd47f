//! One document: shown, its record corrected, its link decided, its paper put away.

use crate::{Error, Result};
use api_types::documents::{PagesJson, PlacedJson, ShowJson, VersionJson, page_json, show as shown};
use records::{
    Archive, Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    documents::{Document, DocumentField},
    ids::DocumentId,
};

/// A document by its id or own number, whole; looking is an event of the trail.
///
/// # Errors
/// When there is none that the asker may see.
pub async fn show(archive: &Archive, asker: &Asker, key: &str) -> Result<ShowJson> {
    let document = seen(archive, asker, key).await?;
    let texts = archive.page_texts(asker, &document.row.id).await?;
    note_viewed(archive, asker, &document.row.id).await?;
    Ok(shown(document, texts))
}

/// Which pages of a document are asked for.
#[derive(Debug, Clone, Copy)]
pub struct PagesAsked {
    /// Number of the page after which to go on.
    pub after: u32,
    pub limit: usize,
    /// Whether each page comes with its text and lines.
    pub text: bool,
}

/// Some pages of a document, with the addresses of their pictures; looking is an event of the trail.
///
/// # Errors
/// When there is none that the asker may see.
pub async fn pages(archive: &Archive, asker: &Asker, key: &str, asked: PagesAsked) -> Result<PagesJson> {
    let document = seen(archive, asker, key).await?;
    let id = document.row.id;
    note_viewed(archive, asker, &id).await?;
    let total = i64::try_from(document.pages.len()).unwrap_or(i64::MAX);
    let mut left = document.pages.into_iter().filter(|page| page.number > asked.after);
    let mut pages = Vec::new();
    for page in left.by_ref().take(asked.limit) {
        let text = match asked.text {
            true => archive.page_text(asker, &id, page.number).await?,
            false => None,
        };
        pages.push(page_json(&id, page, text));
    }
    let next = left.next().and(pages.last()).map(|page| page.number.to_string());
    Ok(PagesJson {
        document_id: id.to_string(),
        items: pages,
        total,
        next,
    })
}

async fn seen(archive: &Archive, asker: &Asker, key: &str) -> Result<Document> {
    let document = archive.document(asker, key).await?;
    document.ok_or_else(|| Error::absent("document", key))
}

async fn note_viewed(archive: &Archive, asker: &Asker, id: &DocumentId) -> Result<()> {
    let event = EventDraft::new(AuditAction::DocumentViewed, AuditObject::Document, id.as_str());
    Ok(archive.note_read(asker, event).await?)
}

/// Corrects what stands in the record of a document: each field with what a person would type into it, and each `own` field
/// of the archive by its name. What is not given stays as it is; `why` is kept in the history.
///
/// # Errors
/// When somebody was faster, a value cannot be, or the asker may not.
pub async fn correct(
    archive: &Archive,
    asker: &Asker,
    id: &DocumentId,
    version: i64,
    given: impl IntoIterator<Item = (DocumentField, String)>,
    own: impl IntoIterator<Item = (String, String)>,
    why: &str,
) -> Result<VersionJson> {
    let mut draft = seen(archive, asker, id.as_str()).await?.draft()?;
    for (field, text) in given {
        draft.set(field, &text)?;
    }
    for (name, text) in own {
        draft.set_attribute(&name, &text)?;
    }
    draft.why = why.trim().to_owned();
    let version = archive.document_change(asker, id, version, &draft).await?;
    Ok(versioned(id, version))
}

/// Decides or corrects whose a document is.
///
/// # Errors
/// When somebody was faster, there is no such customer, or the asker may not.
pub async fn link(
    archive: &Archive,
    asker: &Asker,
    id: &DocumentId,
    version: i64,
    customer_code: &str,
) -> Result<VersionJson> {
    let version = archive.document_link(asker, id, version, customer_code).await?;
    Ok(versioned(id, version))
}

/// Files a document with no customer, because a person has said that it belongs to none.
///
/// # Errors
/// When somebody was faster, or the asker may not.
pub async fn of_nobody(
    archive: &Archive,
    asker: &Asker,
    id: &DocumentId,
    version: i64,
    why: &str,
) -> Result<VersionJson> {
    let version = archive.document_of_nobody(asker, id, version, why).await?;
    Ok(versioned(id, version))
}

/// Takes a decision back; the document waits in review again.
///
/// # Errors
/// When somebody was faster, or the asker may not.
pub async fn unlink(
    archive: &Archive,
    asker: &Asker,
    id: &DocumentId,
    version: i64,
    reason: &str,
) -> Result<VersionJson> {
    let version = archive.document_unlink(asker, id, version, reason).await?;
    Ok(versioned(id, version))
}

/// The original of a document lies at this location or in this container from now on.
///
/// # Errors
/// When the place leads nowhere, the asker may not, or it was moved since it had moved `moves` times.
pub async fn place(
    archive: &Archive,
    asker: &Asker,
    id: &DocumentId,
    moves: Option<i64>,
    place: &str,
) -> Result<PlacedJson> {
    let place = place.trim();
    archive
        .put_away_document(asker, id.as_str(), moves, place, place)
        .await?;
    placed(archive, asker, id).await
}

/// Takes the last move of a paper back, which was its `moves`-th.
///
/// # Errors
/// When it was moved since, its former place takes no paper any more, or the asker may not.
pub async fn put_back(archive: &Archive, asker: &Asker, id: &DocumentId, moves: i64) -> Result<PlacedJson> {
    archive.put_back_document(asker, id.as_str(), moves).await?;
    placed(archive, asker, id).await
}

async fn placed(archive: &Archive, asker: &Asker, id: &DocumentId) -> Result<PlacedJson> {
    let document = seen(archive, asker, id.as_str()).await?;
    Ok(PlacedJson {
        document_id: id.to_string(),
        place_version: document.row.place.moves,
        location_code: document.row.place.location_code,
    })
}

fn versioned(id: &DocumentId, version: i64) -> VersionJson {
    VersionJson {
        document_id: id.to_string(),
        version,
    }
}
