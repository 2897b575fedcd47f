//! Documents as a person sees them: lists and the document itself.

use crate::{
    Archive, Asker, Moment, PartialDate, Result, Role,
    audit::AuditEvent,
    batches::RawPath,
    customers::sql::{attributes_of, find_uid},
    documents::{
        CopyState, Counterpart, Document, DocumentRow, DocumentScan, DocumentState, LinkBasis, Medium, Particulars,
        Validity, ValidityEnd,
        sql::{enclosed::enclosures, keyed::key_conditions, named_read::named_by, told::hide_unseen},
    },
    fold,
    ids::DocumentId,
    pages::sql::facts::facts_of,
    permission::sql::Visible,
    places::sql::originals::places_of,
    privacy,
    store::{
        Store,
        sql::{Columns, LISTED_AT_ONCE, RowOf},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::detail::Detail;

/// The columns of a [`DocumentRow`], over `d`, `o` and `k` (customers).
pub(super) const ROW: &str = "d.uid, d.id, d.state, d.kind, d.title, d.number, d.date_text, coalesce(k.uid, 0) AS customer_uid, \
    coalesce(k.code, '') AS customer_code, coalesce(k.name, '') AS customer_name, coalesce(o.number, '') AS dossier_no, \
    d.pages_scanned, d.pages_declared, d.copy_state, d.security_level, d.created_at, d.version, d.link_basis";

/// The columns of [`Particulars`].
pub(super) const PARTICULARS: &str =
    "d.medium, d.verified_by, d.verified_on, d.counterpart, d.copies, d.seals, d.form_code, d.retention_class";

/// The customer of the dossier, for [`ROW`].
pub(super) const OF_CUSTOMER: &str = "LEFT JOIN customers k ON k.uid = o.customer_uid";

/// Starts from the customer, so that the cost depends on the dossier and not on the archive.
const OF_CUSTOMER_OR_NAMING_IT: &str = "d.uid IN (SELECT x.uid FROM dossiers y JOIN documents x ON x.dossier_uid = y.uid WHERE y.customer_uid = ? \
    UNION SELECT n.document_uid FROM document_customers n WHERE n.customer_uid = ?)";

/// Documents that the asker sees, as rows of a list.
pub(super) fn listing(asker: &Asker, now: Moment) -> Visible {
    Visible::documents(asker, now).columns(ROW).join(OF_CUSTOMER)
}

impl Archive {
    /// A document by id, or by its own number when exactly one that the asker may see has it.
    pub async fn document(&self, asker: &Asker, key: &str) -> Result<Option<Document>> {
        let mut rows = Vec::new();
        for (condition, values) in key_conditions(key) {
            rows = listing(asker, self.0.environment.now())
                .columns(format!(
                    "{ROW}, d.link_detail, d.review_reason, d.department, d.site, d.sealed, d.valid_from, d.valid_until, \
                     {PARTICULARS}, d.attributes, coalesce(b.id, '') AS batch_id, coalesce(b.name, '') AS batch_name"
                ))
                .join("LEFT JOIN batches b ON b.uid = d.batch_uid")
                .and(condition, values)
                .then("ORDER BY d.uid LIMIT 2", [])
                .all(&self.0.readers)
                .await?;
            if !rows.is_empty() {
                break;
            }
        }
        let [row] = rows.as_slice() else {
            return Ok(None);
        };
        let mut listed = document_row(row)?.shown_to(asker);
        let row = &row.of("documents");
        listed.place = places_of(&self.0, &[listed.uid]).await?.remove(0);
        let uid = listed.uid;
        let by_grant = self.note_grant_used(asker, listed.id.as_str(), "view").await?;
        let mut facts = facts_of(&self.0, &[uid]).await?.remove(&uid).unwrap_or_default();
        crate::pages::mask_facts(asker, &mut facts);
        let mut link_detail = privacy::shown_detail(asker, Detail::from_stored(&row.text("link_detail")?));
        hide_unseen(&self.0, asker, vec![&mut link_detail]).await?;
        let (came_in, brings) = enclosures(&self.0, asker, uid).await?;
        Ok(Some(Document {
            came_in,
            brings,
            link_detail,
            review_reason: row.text("review_reason")?,
            department: row.text("department")?,
            site: row.text("site")?,
            sealed: row.flag("sealed")?,
            by_grant,
            validity: Validity {
                from: row.read("valid_from", PartialDate::parse)?,
                until: row.read("valid_until", ValidityEnd::parse)?,
            },
            particulars: particulars(row)?,
            named: named_by(&self.0, uid).await?,
            attributes: attributes_of(&row.of("documents"))?,
            batch_id: row.text("batch_id")?,
            batch_name: row.text("batch_name")?,
            pages: crate::pages::sql::read::pages_of(&self.0, uid).await?,
            scans: scans_of(&self.0, uid).await?,
            facts,
            row: listed,
        }))
    }

    /// Documents by uid, in the order asked for, without those that the asker may not see: the last check of hits.
    pub async fn documents_by_uid(&self, asker: &Asker, uids: &[i64]) -> Result<Vec<DocumentRow>> {
        let now = self.0.environment.now();
        let mut found = HashMap::with_capacity(uids.len());
        for chunk in uids.chunks(LISTED_AT_ONCE) {
            let rows = listing(asker, now)
                .and_one_of("d.uid", chunk)
                .all(&self.0.readers)
                .await?;
            for row in listed(&rows, asker)? {
                found.insert(row.uid, row);
            }
        }
        let rows = uids.iter().filter_map(|uid| found.get(uid).cloned()).collect();
        with_places(&self.0, rows).await
    }

    /// All documents of a customer, wherever they lie, by kind and date; further customers named on a document included.
    pub async fn documents_of_customer(&self, asker: &Asker, key: &str) -> Result<Vec<DocumentRow>> {
        let Some(customer) = find_uid(&self.0, key).await? else {
            return Ok(Vec::new());
        };
        let rows = listing(asker, self.0.environment.now())
            .and(
                OF_CUSTOMER_OR_NAMING_IT,
                [customer.into(), customer.into()],
            )
            .then(
                "ORDER BY (SELECT n.position FROM document_kinds n WHERE n.code = d.kind) NULLS LAST, d.kind, d.date_key, d.uid",
                [],
            )
            .all(&self.0.readers)
            .await?;
        with_places(&self.0, listed(&rows, asker)?).await
    }

    /// Documents whose own number begins so, for suggestions.
    pub async fn documents_numbered(&self, asker: &Asker, beginning: &str, limit: usize) -> Result<Vec<DocumentRow>> {
        let folded = fold::code(beginning);
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        let past = format!("{folded}\u{10ffff}");
        let rows = listing(asker, self.0.environment.now())
            .and(
                "d.number_folded >= ? AND d.number_folded < ?",
                [folded.into(), past.into()],
            )
            .then("ORDER BY d.number_folded, d.uid LIMIT ?", [limit.into()])
            .all(&self.0.readers)
            .await?;
        with_places(&self.0, listed(&rows, asker)?).await
    }

    /// How many documents and pages the asker may see, and how many documents wait in review.
    pub async fn holdings(&self, asker: &Asker) -> Result<(i64, i64, i64)> {
        let row = Visible::documents(asker, self.0.environment.now())
            .columns(
                "CAST(count(*) AS BIGINT) AS documents, CAST(coalesce(sum(d.pages_scanned), 0) AS BIGINT) AS pages, \
                 CAST(coalesce(sum(CASE WHEN d.state = 'in_review' THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting",
            )
            .one(&self.0.readers)
            .await?;
        let row = row.of("documents");
        Ok((row.int("documents")?, row.int("pages")?, row.int("waiting")?))
    }

    /// The events of a document, newest first: changes for everybody who sees it, for auditors also reads.
    pub async fn document_history(&self, asker: &Asker, id: &DocumentId, limit: usize) -> Result<Vec<AuditEvent>> {
        if self.documents_by_id(asker, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT sequence, at, actor, action, object_kind, object_id, outcome, detail FROM audit_events \
             WHERE object_kind = 'document' AND object_id = $1 AND ($2 = 1 OR (action <> 'page.viewed' AND action <> 'document.viewed')) \
             ORDER BY sequence DESC LIMIT $3",
        )
        .bind(id.as_str())
        .bind(i64::from(asker.has(Role::Auditor)))
        .bind(i64::try_from(limit).unwrap_or(100))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(crate::audit::sql::event).collect()
    }

    async fn documents_by_id(&self, asker: &Asker, id: &DocumentId) -> Result<Option<DocumentRow>> {
        let row = listing(asker, self.0.environment.now())
            .and("d.id = ?", [id.as_str().into()])
            .maybe(&self.0.readers)
            .await?;
        row.as_ref().map(document_row).transpose()
    }
}

pub(super) async fn with_places(store: &Store, mut rows: Vec<DocumentRow>) -> Result<Vec<DocumentRow>> {
    let uids: Vec<i64> = rows.iter().map(|row| row.uid).collect();
    for (row, place) in rows.iter_mut().zip(places_of(store, &uids).await?) {
        row.place = place;
    }
    Ok(rows)
}

/// Rows in review that the asker may see, oldest first; for the room `review`.
pub(crate) async fn rows_in_review(
    store: &Store,
    asker: &Asker,
    after_uid: i64,
    limit: usize,
) -> Result<Vec<DocumentRow>> {
    let rows = listing(asker, store.environment.now())
        .and("d.state = 'in_review' AND d.uid > ?", [after_uid.into()])
        .then("ORDER BY d.uid LIMIT ?", [limit.into()])
        .all(&store.readers)
        .await?;
    with_places(store, listed(&rows, asker)?).await
}

pub(super) fn listed(rows: &[AnyRow], asker: &Asker) -> Result<Vec<DocumentRow>> {
    rows.iter().map(|row| Ok(document_row(row)?.shown_to(asker))).collect()
}

async fn scans_of(store: &Store, document_uid: i64) -> Result<Vec<DocumentScan>> {
    let rows = sqlx::query(
        "SELECT s.sha256, s.bytes, s.media_type, s.path_raw, min(p.number) AS first_page FROM pages p JOIN scans s ON s.uid = p.scan_uid \
         WHERE p.document_uid = $1 GROUP BY s.uid, s.sha256, s.bytes, s.media_type, s.path_raw ORDER BY first_page",
    )
    .bind(document_uid)
    .fetch_all(&store.readers)
    .await?;
    rows.iter()
        .map(|row| {
            let row = row.of("pages");
            Ok(DocumentScan {
                sha256: row.text("sha256")?,
                bytes: row.int("bytes")?,
                media_type: row.text("media_type")?,
                path: RawPath(row.bytes("path_raw")?),
            })
        })
        .collect()
}

pub(super) fn particulars(row: &RowOf<'_>) -> Result<Particulars> {
    Ok(Particulars {
        medium: row.of("documents").word("medium", Medium::from_code)?,
        verified_by: row.text("verified_by")?,
        verified_on: row.read("verified_on", PartialDate::parse)?,
        counterpart: row.maybe_word("counterpart", Counterpart::from_code)?,
        copies: row.int("copies")?,
        seals: row.read("seals", |text| serde_json::from_str(text))?,
        form_code: row.text("form_code")?,
        retention_class: row.text("retention_class")?,
    })
}

pub(super) fn document_row(row: &AnyRow) -> Result<DocumentRow> {
    let row = &row.of("documents");
    Ok(DocumentRow {
        uid: row.int("uid")?,
        id: row.read("id", DocumentId::parse)?,
        state: row.word("state", DocumentState::from_code)?,
        kind: row.text("kind")?,
        title: row.text("title")?,
        number: row.text("number")?,
        date: row.text("date_text")?,
        customer_uid: row.int("customer_uid")?,
        customer_code: row.text("customer_code")?,
        customer_name: row.text("customer_name")?,
        dossier_no: row.text("dossier_no")?,
        pages_scanned: row.int("pages_scanned")?,
        pages_declared: row.maybe_int("pages_declared")?,
        copy_state: row.word("copy_state", CopyState::from_code)?,
        security_level: row.security_level("security_level")?,
        created_at: row.moment("created_at")?,
        version: row.int("version")?,
        link_basis: row.word("link_basis", LinkBasis::from_code)?,
        place: Default::default(),
    })
}
