//! Which document an announcement is about, and what stands in it.

use crate::{
    Asker, PartialDate, Result, SecurityLevel,
    documents::{
        AnnouncedCustomer, AnnouncedPlace, Announcement, CopyState, Counterpart, DocumentDraft, DocumentField,
        DocumentState, Medium, Particulars, Validity, ValidityEnd,
        announced::{HeldDocument, HeldPaper},
        sql::first::stack_of,
    },
    ids::Fingerprint,
    permission::sql::Visible,
    places,
    store::{Store, sql::Columns},
};
use sqlx::any::AnyRow;

/// Which document the announced bytes are.
pub(super) enum WhichDocument {
    /// The announcement is known already, or says nothing.
    Settled,
    /// Nothing that the asker may change.
    NotSeen,
    Several {
        first: Box<HeldDocument>,
        documents: usize,
    },
    /// One, or the documents of a stack that was scanned into one file.
    These {
        documents: Vec<HeldDocument>,
        /// There are more of the stack that the asker does not see.
        hidden: bool,
    },
}

/// The document that scans belong to: of several the one that the announced customer has or may have, else the first.
pub(super) async fn which_document(
    store: &Store,
    asker: &Asker,
    scans: &[Fingerprint],
    said: &Announcement,
) -> Result<WhichDocument> {
    if said.is_empty() {
        return Ok(WhichDocument::Settled);
    }
    let wanted = match &said.customer {
        AnnouncedCustomer::Certain { uid, .. } => *uid,
        _ => 0,
    };
    let mut chosen: Vec<HeldDocument> = Vec::new();
    let mut beside: Vec<HeldDocument> = Vec::new();
    let mut hidden = false;
    for scan in scans {
        let rows = documents(asker, &store.environment.now())
            .and(
                "d.uid IN (SELECT g.document_uid FROM pages g JOIN scans s ON s.uid = g.scan_uid WHERE s.sha256 = ?)",
                [scan.hex().into()],
            )
            .then("ORDER BY d.uid", [])
            .all(&store.readers)
            .await?;
        let mut first = None;
        let mut of_customer = None;
        for row in &rows {
            let document = held(row)?;
            if document.knows(&said.digest) {
                return Ok(WhichDocument::Settled);
            }
            let is_wanted =
                wanted != 0 && (document.customer_uid == wanted || is_proposed(store, document.uid, wanted).await?);
            let slot = if is_wanted { &mut of_customer } else { &mut first };
            if slot.is_none() {
                *slot = Some((document, row));
            }
        }
        let Some((mut document, row)) = of_customer.or(first) else {
            return Ok(match announced_before(store, scan, &said.digest).await? {
                true => WhichDocument::Settled,
                false => WhichDocument::NotSeen,
            });
        };
        document.paper = paper(store, &document, row, said).await?;
        if scans.len() == 1 {
            (beside, hidden) = rest_of_stack(store, scan, document.uid, &rows, said).await?;
        }
        if !chosen.iter().any(|known| known.uid == document.uid) {
            chosen.push(document);
        }
    }
    let documents = chosen.len();
    Ok(match (chosen.into_iter().next(), documents) {
        (None, _) => WhichDocument::Settled,
        (Some(document), 1) => WhichDocument::These {
            documents: std::iter::once(document).chain(beside).collect(),
            hidden,
        },
        (Some(first), documents) => WhichDocument::Several {
            first: Box::new(first),
            documents,
        },
    })
}

/// The other documents that were cut from the same stack, and whether there are some that the asker does not see.
async fn rest_of_stack(
    store: &Store,
    scan: &Fingerprint,
    document_uid: i64,
    rows: &[AnyRow],
    said: &Announcement,
) -> Result<(Vec<HeldDocument>, bool)> {
    let stack = stack_of(store, scan, document_uid).await?;
    let mut others = Vec::new();
    for row in rows {
        let mut other = held(row)?;
        if other.uid != document_uid && stack.contains(&other.uid) {
            other.paper = paper(store, &other, row, said).await?;
            others.push(other);
        }
    }
    let hidden = stack.len() > others.len() + 1;
    Ok((others, hidden))
}

/// Whether a document over the scan that nobody sees any more was made from this announcement: withdrawing it was the
/// answer to the question.
async fn announced_before(store: &Store, scan: &Fingerprint, digest: &str) -> Result<bool> {
    let rows = sqlx::query(
        "SELECT d.announced FROM documents d WHERE d.uid IN (SELECT g.document_uid FROM pages g \
         JOIN scans s ON s.uid = g.scan_uid WHERE s.sha256 = $1)",
    )
    .bind(scan.hex())
    .fetch_all(&store.readers)
    .await?;
    for row in &rows {
        if row
            .of("documents")
            .text("announced")?
            .split(' ')
            .any(|known| known == digest)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn is_proposed(store: &Store, document_uid: i64, customer_uid: i64) -> Result<bool> {
    let row = sqlx::query("SELECT uid FROM proposals WHERE document_uid = $1 AND customer_uid = $2")
        .bind(document_uid)
        .bind(customer_uid)
        .fetch_optional(&store.readers)
        .await?;
    Ok(row.is_some())
}

pub(super) fn documents(asker: &Asker, now: &crate::Moment) -> Visible {
    Visible::documents(asker, *now)
        .columns(
            "d.uid, d.id, d.state, d.review_reason, d.kind, d.title, d.number, d.date_text, d.valid_from, d.valid_until, \
             d.pages_declared, d.medium, d.copy_state, d.verified_by, d.verified_on, d.counterpart, d.copies, d.seals, \
             d.form_code, d.security_level, d.department, d.site, d.retention_class, d.attributes, d.stated, d.announced, \
             d.described_at, coalesce(k.uid, 0) AS customer_uid, coalesce(k.code, '') AS customer_code, \
             t.uid AS original_uid, t.state AS original_state, t.volume_uid AS original_volume, l.uid AS location_uid, \
             coalesce(l.code, '') AS location_code, coalesce(c1.serial, '') AS container, p.uid AS placement_uid",
        )
        .join("LEFT JOIN customers k ON k.uid = o.customer_uid")
        .join(places::sql::tree::PLACE_JOINS)
}

pub(super) fn held(row: &AnyRow) -> Result<HeldDocument> {
    let document = row.of("documents");
    let list = |text: String| serde_json::from_str::<Vec<String>>(&text).unwrap_or_default();
    let attributes: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&document.text("attributes")?).unwrap_or_default();
    let text_of = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(HeldDocument {
        uid: document.int("uid")?,
        id: document.text("id")?,
        state: document.word("state", DocumentState::from_code)?,
        review_reason: document.text("review_reason")?,
        customer_uid: document.int("customer_uid")?,
        customer_code: document.text("customer_code")?,
        draft: DocumentDraft {
            kind: document.text("kind")?,
            title: document.text("title")?,
            number: document.text("number")?,
            date: document.read("date_text", PartialDate::parse)?,
            validity: Validity {
                from: document.read("valid_from", PartialDate::parse)?,
                until: document.read("valid_until", ValidityEnd::parse)?,
            },
            pages_declared: document.maybe_int("pages_declared")?,
            copy_state: document.word("copy_state", CopyState::from_code)?,
            security_level: document.security_level("security_level")?,
            department: document.text("department")?,
            site: document.text("site")?,
            particulars: Particulars {
                medium: document.word("medium", Medium::from_code)?,
                verified_by: document.text("verified_by")?,
                verified_on: document.read("verified_on", PartialDate::parse)?,
                counterpart: document.maybe_word("counterpart", Counterpart::from_code)?,
                copies: document.int("copies")?,
                seals: list(document.text("seals")?),
                form_code: document.text("form_code")?,
                retention_class: document.text("retention_class")?,
            },
            attributes: attributes
                .into_iter()
                .map(|(name, value)| (name, text_of(value)))
                .collect(),
            why: String::new(),
        },
        stated: document.text("stated")?,
        announced: document.text("announced")?,
        is_described: document.maybe_int("described_at")?.is_some(),
        paper: HeldPaper::default(),
    })
}

/// Where its paper is, and whether it can be put at the announced place.
pub(super) async fn paper(
    store: &Store,
    document: &HeldDocument,
    row: &AnyRow,
    said: &Announcement,
) -> Result<HeldPaper> {
    let placed = row.of("originals");
    let container = placed.text("container")?;
    let is_placed = placed.maybe_int("placement_uid")?.is_some();
    let mut paper = HeldPaper {
        // A container without a place is a place all the same.
        place_uid: is_placed.then_some(placed.maybe_int("location_uid")?.unwrap_or(0)),
        place_code: match (placed.text("location_code")?, container) {
            (location, container) if container.is_empty() => location,
            (location, container) => format!("{location} {container}").trim().to_owned(),
        },
        ..HeldPaper::default()
    };
    let AnnouncedPlace::Known { uid, .. } = said.place else {
        return Ok(paper);
    };
    let original = placed.maybe_int("original_uid")?;
    let level = said
        .fields
        .iter()
        .filter(|(field, _)| *field == DocumentField::SecurityLevel)
        .filter_map(|(_, text)| SecurityLevel::parse(text).ok())
        .fold(document.draft.security_level, Ord::max);
    let state = placed.maybe_text("original_state")?.unwrap_or_default();
    let in_volume = placed.maybe_int("original_volume")?.is_some();
    (paper.cannot, paper.stood_there) =
        places::sql::originals::may_stand(store, original, &state, in_volume, uid, level).await?;
    Ok(paper)
}
