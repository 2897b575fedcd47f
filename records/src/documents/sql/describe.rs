//! Filling the fields of a document from its text.

use crate::{
    PartialDate, Result,
    documents::{Described, Validity, ValidityEnd, recorded::DOCUMENTS},
    fold,
    store::sql::{Change, Columns},
};

/// Fills the empty fields of a document, and updates those that came from its former text. A document that a person
/// has described stays as it is. Returns the fields that changed.
pub(crate) async fn follow_text(
    change: &mut Change,
    document_uid: i64,
    former: &Described,
    described: &Described,
    trusted: bool,
) -> Result<Vec<&'static str>> {
    let document = sqlx::query(
        "SELECT kind, title, number, date_text, valid_from, valid_until FROM documents WHERE uid = $1 AND described_at IS NULL",
    )
    .bind(document_uid)
    .fetch_optional(change.connection())
    .await?;
    let Some(document) = document else {
        return Ok(Vec::new());
    };
    let document = document.of("documents");
    let known = Described {
        kind: document.text("kind")?,
        title: document.text("title")?,
        number: document.text("number")?,
        date: document.read("date_text", PartialDate::parse)?,
        validity: Validity {
            from: document.read("valid_from", PartialDate::parse)?,
            until: document.read("valid_until", ValidityEnd::parse)?,
        },
    };
    let (now, filled) = known.following(former, described, trusted);
    if filled.is_empty() {
        return Ok(filled);
    }
    change
        .update(&DOCUMENTS, document_uid)
        .set("kind", &now.kind)
        .set("number", fold::storable(&now.number))
        .set("number_folded", fold::code(&now.number))
        .set("date_text", now.date.as_str())
        .set("date_key", now.date.sort_key())
        .set("title", fold::storable(&now.title))
        .set("title_folded", fold::name(&now.title))
        .set("valid_from", now.validity.from.as_str())
        .set("valid_until", now.validity.until.as_str())
        .run()
        .await?;
    Ok(filled)
}
