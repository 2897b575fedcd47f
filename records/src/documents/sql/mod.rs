//! Documents in the database: lists, views, corrections.

pub(crate) mod file;
mod review;

use crate::documents::{
    CopyState, Document, DocumentDraft, DocumentForIndex, DocumentRow, DocumentScan, DocumentState, Fact, FactKind,
    LinkBasis, PageForIndex,
};
use crate::{
    Archive, Asker, Error, Result, Role, SecurityLevel, System,
    audit::{Event, EventDraft},
    changes::Subject,
    customers::sql::{attributes_from, find_uid},
    dossiers, fold,
    ids::DocumentId,
    pages::{
        Area, Correction, PageState, Reading, TextLayer,
        sql::{corrections_of, frame},
    },
    parties,
    permission::sql::{SEEN, bind_sight},
    places::{OriginalPlace, sql::ledger::places_of},
    privacy,
    store::{
        Store,
        sql::{Change, Columns, LISTED_AT_ONCE, composed, level, marks, word},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::detail::{Detail, DetailCode};

/// The columns of a [`DocumentRow`], over `d`, `o` and `k` (customers).
const ROW: &str = "d.uid, d.id, d.state, d.kind, d.title, d.number, d.date_text, coalesce(k.uid, 0) AS customer_uid, \
    coalesce(k.code, '') AS customer_code, coalesce(k.name, '') AS customer_name, coalesce(o.number, '') AS dossier_no, \
    d.pages_scanned, d.pages_declared, d.copy_state, d.security_level, d.created_at, d.version";

const FROM: &str =
    "FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid LEFT JOIN customers k ON k.uid = o.customer_uid";

impl Archive {
    /// A document by id, or by its own number when exactly one that the asker may see has it.
    pub async fn document(&self, asker: &Asker, key: &str) -> Result<Option<Document>> {
        let statement = format!(
            "SELECT {ROW}, d.link_basis, d.link_detail, d.review_reason, d.department, d.site, d.sealed, d.retention_class, d.valid_from, \
             d.valid_until, d.attributes, coalesce(b.id, '') AS batch_id, coalesce(b.name, '') AS batch_name \
             {FROM} LEFT JOIN batches b ON b.uid = d.batch_uid \
             WHERE {SEEN} AND (d.id = $5 OR (d.number_folded = $6 AND d.number_folded <> '')) ORDER BY d.uid LIMIT 2"
        );
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(key.trim().to_lowercase())
            .bind(fold::code(key))
            .fetch_all(&self.0.readers)
            .await?;
        let [row] = rows.as_slice() else {
            return Ok(None);
        };
        let mut listed = document_row(row)?.shown_to(asker);
        listed.place = places_of(&self.0, &[listed.uid]).await?.remove(0);
        let uid = listed.uid;
        let mut facts = facts_of(&self.0, uid).await?;
        if !asker.sees_personal_numbers() {
            for fact in facts.iter_mut().filter(|fact| fact.kind.is_personal()) {
                fact.text = parties::mask_number(&fact.text);
                fact.value = parties::mask_number(&fact.value);
            }
        }
        Ok(Some(Document {
            link_basis: word(
                "documents",
                "link_basis",
                &row.text("link_basis")?,
                LinkBasis::from_code,
            )?,
            link_detail: privacy::shown_detail(asker, Detail::from_stored(&row.text("link_detail")?)),
            review_reason: row.text("review_reason")?,
            department: row.text("department")?,
            site: row.text("site")?,
            sealed: row.flag("sealed")?,
            retention_class: row.text("retention_class")?,
            valid_from: row.text("valid_from")?,
            valid_until: row.text("valid_until")?,
            attributes: attributes_from("documents", &row.text("attributes")?)?,
            batch_id: row.text("batch_id")?,
            batch_name: row.text("batch_name")?,
            pages: crate::pages::sql::pages_of(&self.0, uid).await?,
            scans: scans_of(&self.0, uid).await?,
            facts,
            row: listed,
        }))
    }

    /// Documents by uid, in the order asked for, without those that the asker may not see: the last check of hits.
    pub async fn documents_by_uid(&self, asker: &Asker, uids: &[i64]) -> Result<Vec<DocumentRow>> {
        let statement = format!("SELECT {ROW} {FROM} WHERE {SEEN} AND d.uid = $5");
        let now = self.0.environment.now();
        let mut rows = Vec::with_capacity(uids.len());
        for uid in uids {
            let query = bind_sight(sqlx::query(composed(statement.clone())), asker, now).bind(*uid);
            if let Some(row) = query.fetch_optional(&self.0.readers).await? {
                rows.push(document_row(&row)?.shown_to(asker));
            }
        }
        with_places(&self.0, rows).await
    }

    /// All documents of a customer, wherever they lie, by kind and date; further customers named on a document included.
    pub async fn documents_of_customer(&self, asker: &Asker, key: &str) -> Result<Vec<DocumentRow>> {
        let Some(customer) = find_uid(&self.0, key).await? else {
            return Ok(Vec::new());
        };
        let statement = format!(
            "SELECT {ROW} {FROM} WHERE {SEEN} AND (o.customer_uid = $5 \
             OR d.uid IN (SELECT document_uid FROM document_customers WHERE customer_uid = $5)) \
             ORDER BY (SELECT n.position FROM document_kinds n WHERE n.code = d.kind) NULLS LAST, d.kind, d.date_key, d.uid"
        );
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(customer)
            .fetch_all(&self.0.readers)
            .await?;
        with_places(&self.0, listed(&rows, asker)?).await
    }

    /// Documents whose own number begins so, for suggestions.
    pub async fn documents_numbered(&self, asker: &Asker, beginning: &str, limit: usize) -> Result<Vec<DocumentRow>> {
        let folded = fold::code(beginning);
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        let statement = format!(
            "SELECT {ROW} {FROM} WHERE {SEEN} AND d.number_folded >= $5 AND d.number_folded < $6 \
             ORDER BY d.number_folded, d.uid LIMIT $7"
        );
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(folded.clone())
            .bind(format!("{folded}\u{10ffff}"))
            .bind(i64::try_from(limit).unwrap_or(100))
            .fetch_all(&self.0.readers)
            .await?;
        with_places(&self.0, listed(&rows, asker)?).await
    }

    /// How many documents and pages the asker may see, and how many documents wait in review.
    pub async fn holdings(&self, asker: &Asker) -> Result<(i64, i64, i64)> {
        let statement = format!(
            "SELECT CAST(count(*) AS BIGINT) AS documents, CAST(coalesce(sum(d.pages_scanned), 0) AS BIGINT) AS pages, \
             CAST(coalesce(sum(CASE WHEN d.state = 'in_review' THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting \
             FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid WHERE {SEEN}"
        );
        let row = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .fetch_one(&self.0.readers)
            .await?;
        Ok((row.int("documents")?, row.int("pages")?, row.int("waiting")?))
    }

    /// What happened to a document, newest first: changes for everybody who sees it, reads too for auditors.
    pub async fn document_history(&self, asker: &Asker, id: &DocumentId, limit: usize) -> Result<Vec<Event>> {
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
        let statement = format!("SELECT {ROW} {FROM} WHERE {SEEN} AND d.id = $5");
        let row = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(id.as_str())
            .fetch_optional(&self.0.readers)
            .await?;
        row.as_ref().map(document_row).transpose()
    }

    /// Corrects what stands in the record of a document. Returns the new version.
    pub async fn document_change(
        &self,
        asker: &Asker,
        id: &DocumentId,
        version: i64,
        draft: &DocumentDraft,
    ) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        if draft.security_level > asker.clearance() {
            return Err(Error::Refused(
                "a document cannot be given a security level above your own clearance".to_owned(),
            ));
        }
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        let at = change.at.micros();
        sqlx::query(
            "UPDATE documents SET kind = $1, title = $2, title_folded = $3, number = $4, number_folded = $5, date_text = $6, date_key = $7, \
             pages_declared = $8, copy_state = $9, security_level = $10, department = $11, changed_at = $12, version = version + 1 WHERE uid = $13",
        )
        .bind(&draft.kind)
        .bind(fold::storable(&draft.title))
        .bind(fold::name(&draft.title))
        .bind(fold::storable(&draft.number))
        .bind(fold::code(&draft.number))
        .bind(draft.date.as_str())
        .bind(draft.date.sort_key())
        .bind(draft.pages_declared)
        .bind(draft.copy_state.as_str())
        .bind(draft.security_level.number())
        .bind(&draft.department)
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.changed", "document", id.as_str()).detail(format!(
                "version={} kind={}->{} security_level={}->{}",
                version + 1,
                held.kind,
                draft.kind,
                held.security_level,
                draft.security_level.number()
            )),
        );
        change.commit().await?;
        Ok(version + 1)
    }

    /// Files a document in the dossier of a customer: the answer to a review, or the correction of a link.
    pub async fn document_link(&self, asker: &Asker, id: &DocumentId, version: i64, customer: &str) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        let Some(customer_uid) = find_uid(&self.0, customer).await? else {
            return Err(Error::Absent {
                what: "customer",
                id: customer.to_owned(),
            });
        };
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        let dossier = sqlx::query(
            "SELECT o.uid, c.code FROM dossiers o JOIN customers c ON c.uid = o.customer_uid WHERE c.uid = $1",
        )
        .bind(customer_uid)
        .fetch_one(change.connection())
        .await?;
        let (dossier_uid, code) = (dossier.int("uid")?, dossier.text("code")?);
        let (at, actor) = (change.at.micros(), change.actor.clone());
        sqlx::query(
            "UPDATE documents SET dossier_uid = $1, state = 'filed', link_basis = 'person', link_detail = $2, changed_at = $3, \
             version = version + 1 WHERE uid = $4",
        )
        .bind(dossier_uid)
        .bind(DetailCode::LinkedBy.with(actor.as_str()).stored())
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        sqlx::query(
            "UPDATE proposals SET state = CASE WHEN customer_uid = $1 THEN 'confirmed' ELSE 'refused' END, decided_by = $2, decided_at = $3 \
             WHERE document_uid = $4",
        )
        .bind(customer_uid)
        .bind(&actor)
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        dossiers::sql::accept(&mut change, dossier_uid).await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.linked", "document", id.as_str())
                .detail(format!("version={} customer={code}", version + 1)),
        );
        change.commit().await?;
        Ok(version + 1)
    }

    /// Takes a document back into review: the undo of a decision.
    pub async fn document_unlink(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        let at = change.at.micros();
        sqlx::query(
            "UPDATE documents SET dossier_uid = NULL, state = 'in_review', link_basis = 'none', link_detail = $1, \
             review_reason = CASE WHEN review_reason = '' THEN 'customer_unknown' ELSE review_reason END, changed_at = $2, \
             version = version + 1 WHERE uid = $3",
        )
        .bind(sent_back(reason))
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        sqlx::query("UPDATE proposals SET state = 'open', decided_by = '', decided_at = NULL WHERE document_uid = $1")
            .bind(held.uid)
            .execute(change.connection())
            .await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.unlinked", "document", id.as_str()).detail(format!("version={}", version + 1)),
        );
        change.commit().await?;
        Ok(version + 1)
    }

    /// Hides a document, with a reason. Its scans stay; [`Archive::document_restore`] brings it back.
    pub async fn document_withdraw(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        if reason.trim().is_empty() {
            return Err(Error::invalid("reason", reason, "say why the document is withdrawn"));
        }
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        let (at, actor) = (change.at.micros(), change.actor.clone());
        sqlx::query(
            "UPDATE documents SET state_before = state, state = 'withdrawn', withdrawn_reason = $1, withdrawn_by = $2, changed_at = $3, \
             version = version + 1 WHERE uid = $4",
        )
        .bind(fold::storable(reason))
        .bind(actor)
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.withdrawn", "document", id.as_str()).detail(format!("version={}", version + 1)),
        );
        change.commit().await
    }

    /// Brings a withdrawn document back. A second person does it: not the one who withdrew it.
    pub async fn document_restore(&self, asker: &Asker, id: &DocumentId) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let row =
            sqlx::query("SELECT uid, state, state_before, withdrawn_by, security_level FROM documents WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(change.connection())
                .await?;
        let absent = || Error::Absent {
            what: "withdrawn document",
            id: id.to_string(),
        };
        let row = row.ok_or_else(absent)?;
        if row.text("state")? != "withdrawn" || row.int("security_level")? > asker.clearance().number() {
            return Err(absent());
        }
        if row.text("withdrawn_by")? == asker.name() {
            return Err(Error::Refused("a second person restores what you withdrew".to_owned()));
        }
        let uid = row.int("uid")?;
        let at = change.at.micros();
        sqlx::query("UPDATE documents SET state = state_before, state_before = '', withdrawn_reason = '', withdrawn_by = '', changed_at = $1, version = version + 1 WHERE uid = $2")
            .bind(at)
            .bind(uid)
            .execute(change.connection())
            .await?;
        change.touch(Subject::Document, uid);
        change.event(EventDraft::new("document.restored", "document", id.as_str()));
        change.commit().await
    }
}

impl System {
    /// Everything the page index keeps of these documents, by uid; those that are gone or withdrawn are left out.
    pub async fn documents_for_index(&self, uids: &[i64]) -> Result<Vec<DocumentForIndex>> {
        let mut documents = Vec::with_capacity(uids.len());
        for chunk in uids.chunks(LISTED_AT_ONCE) {
            let listed = marks(1, chunk.len());
            let rows = sqlx::query(composed(format!(
                "SELECT d.uid, d.id, d.state, d.kind, d.title, d.number, d.date_key, d.department, d.site, d.sealed, \
                 CASE WHEN coalesce(o.security_level, 0) > d.security_level THEN o.security_level ELSE d.security_level END AS security_level, \
                 coalesce(o.sealed, 0) AS dossier_sealed, coalesce(d.dossier_uid, 0) AS dossier_uid, coalesce(o.customer_uid, 0) AS customer_uid, \
                 d.created_at FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
                 WHERE d.uid IN ({listed}) AND d.state <> 'withdrawn' ORDER BY d.uid"
            )));
            let rows = chunk.iter().fold(rows, |query, uid| query.bind(*uid));
            let rows = rows.fetch_all(&self.0.readers).await?;
            let pages = sqlx::query(composed(format!(
                "SELECT p.document_uid, p.uid, p.number, p.state, p.reading, t.content, t.turn, t.width, t.height FROM pages p \
                 LEFT JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 \
                 WHERE p.document_uid IN ({listed}) AND p.withdrawn = 0 ORDER BY p.document_uid, p.number"
            )));
            let pages = chunk.iter().fold(pages, |query, uid| query.bind(*uid));
            let pages = pages.fetch_all(&self.0.readers).await?;
            let page_uids: Vec<i64> = pages.iter().map(|page| page.int("uid")).collect::<Result<_>>()?;
            let typed = corrections_of(&mut *self.0.readers.acquire().await?, &page_uids).await?;
            let mut pages_of: HashMap<i64, Vec<PageForIndex>> = HashMap::with_capacity(chunk.len());
            for page in &pages {
                let of = pages_of.entry(page.int("document_uid")?).or_default();
                of.push(page_for_index(page, &typed)?);
            }
            let found: Vec<i64> = rows.iter().map(|row| row.int("uid")).collect::<Result<_>>()?;
            for (row, place) in rows.iter().zip(places_of(&self.0, &found).await?) {
                let pages = pages_of.remove(&row.int("uid")?).unwrap_or_default();
                documents.push(document_for_index(row, place, pages)?);
            }
        }
        Ok(documents)
    }

    /// Uids of documents after `after`, in order, for a rebuild.
    pub async fn document_uids_after(&self, after: i64, limit: usize) -> Result<Vec<i64>> {
        let rows =
            sqlx::query("SELECT uid FROM documents WHERE uid > $1 AND state <> 'withdrawn' ORDER BY uid LIMIT $2")
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&self.0.readers)
                .await?;
        rows.iter().map(|row| row.int("uid")).collect()
    }
}

fn document_for_index(row: &AnyRow, place: OriginalPlace, pages: Vec<PageForIndex>) -> Result<DocumentForIndex> {
    Ok(DocumentForIndex {
        uid: row.int("uid")?,
        id: row.text("id")?,
        state: word("documents", "state", &row.text("state")?, DocumentState::from_code)?,
        customer_uid: row.int("customer_uid")?,
        dossier_uid: row.int("dossier_uid")?,
        kind: row.text("kind")?,
        title: row.text("title")?,
        number: row.text("number")?,
        date_key: row.text("date_key")?,
        security_level: security_level(row)?,
        department: row.text("department")?,
        site: row.text("site")?,
        sealed: row.flag("sealed")? || row.flag("dossier_sealed")?,
        place_uid: place.place_uid,
        original_state: place.state,
        created_at: row.moment("created_at")?,
        pages,
    })
}

fn page_for_index(row: &AnyRow, typed: &HashMap<i64, Vec<Correction>>) -> Result<PageForIndex> {
    let content: Option<Vec<u8>> = sqlx::Row::try_get(row, "content")?;
    let uid = row.int("uid")?;
    let typed = typed.get(&uid).map_or(&[][..], Vec::as_slice);
    Ok(PageForIndex {
        uid,
        number: u32::try_from(row.int("number")?).unwrap_or(0),
        state: word("pages", "state", &row.text("state")?, PageState::from_code)?,
        reading: Reading::from_bits(row.int("reading")?),
        layer: match content {
            Some(content) => TextLayer::decode(&content)?.corrected(frame(row)?, typed),
            None => TextLayer::default(),
        },
    })
}

/// What a change of a document must know of it.
pub(crate) struct Held {
    pub uid: i64,
    pub kind: String,
    pub security_level: i64,
}

/// Locks a document that the asker may see and checks that nobody changed it since `version`.
pub(crate) async fn hold(change: &mut Change, asker: &Asker, id: &DocumentId, version: i64) -> Result<Held> {
    let statement = format!(
        "SELECT d.uid, d.kind, d.security_level, d.version FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
         WHERE {SEEN} AND d.id = $5{}",
        if change.dialect.for_update().is_empty() {
            ""
        } else {
            " FOR UPDATE OF d"
        }
    );
    let row = bind_sight(sqlx::query(composed(statement)), asker, change.at)
        .bind(id.as_str())
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| Error::Absent {
            what: "document",
            id: id.to_string(),
        })?;
    let found = row.int("version")?;
    if found != version {
        return Err(Error::Conflict {
            what: "document",
            id: id.to_string(),
            expected: version,
            found,
        });
    }
    Ok(Held {
        uid: row.int("uid")?,
        kind: row.text("kind")?,
        security_level: row.int("security_level")?,
    })
}

pub(crate) async fn with_places(store: &Store, mut rows: Vec<DocumentRow>) -> Result<Vec<DocumentRow>> {
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
    limit: i64,
) -> Result<Vec<DocumentRow>> {
    let statement =
        format!("SELECT {ROW} {FROM} WHERE {SEEN} AND d.state = 'in_review' AND d.uid > $5 ORDER BY d.uid LIMIT $6");
    let rows = bind_sight(sqlx::query(composed(statement)), asker, store.environment.now())
        .bind(after_uid)
        .bind(limit)
        .fetch_all(&store.readers)
        .await?;
    with_places(store, listed(&rows, asker)?).await
}

fn listed(rows: &[AnyRow], asker: &Asker) -> Result<Vec<DocumentRow>> {
    rows.iter().map(|row| Ok(document_row(row)?.shown_to(asker))).collect()
}

pub(crate) async fn facts_of(store: &Store, document_uid: i64) -> Result<Vec<Fact>> {
    let rows = sqlx::query(
        "SELECT page_number, kind, text, value, x, y, w, h, char_start, char_end, rule, confidence FROM facts \
         WHERE document_uid = $1 ORDER BY page_number, char_start, uid",
    )
    .bind(document_uid)
    .fetch_all(&store.readers)
    .await?;
    rows.iter().map(fact).collect()
}

pub(crate) fn fact(row: &AnyRow) -> Result<Fact> {
    let small = |column| Ok::<_, Error>(u32::try_from(row.int(column)?).unwrap_or(0));
    Ok(Fact {
        page_number: small("page_number")?,
        kind: word("facts", "kind", &row.text("kind")?, FactKind::from_code)?,
        text: row.text("text")?,
        value: row.text("value")?,
        area: Area {
            x: small("x")?,
            y: small("y")?,
            w: small("w")?,
            h: small("h")?,
        },
        char_start: small("char_start")?,
        char_end: small("char_end")?,
        rule: row.text("rule")?,
        confidence: row.real("confidence")?,
    })
}

async fn scans_of(store: &Store, document_uid: i64) -> Result<Vec<DocumentScan>> {
    let rows = sqlx::query(
        "SELECT s.sha256, s.bytes, s.media_type, s.path, min(p.number) AS first_page FROM pages p JOIN scans s ON s.uid = p.scan_uid \
         WHERE p.document_uid = $1 GROUP BY s.uid, s.sha256, s.bytes, s.media_type, s.path ORDER BY first_page",
    )
    .bind(document_uid)
    .fetch_all(&store.readers)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DocumentScan {
                sha256: row.text("sha256")?,
                bytes: row.int("bytes")?,
                media_type: row.text("media_type")?,
                path: row.text("path")?,
            })
        })
        .collect()
}

pub(crate) fn security_level(row: &AnyRow) -> Result<SecurityLevel> {
    level("documents", "security_level", row.int("security_level")?)
}

fn document_row(row: &AnyRow) -> Result<DocumentRow> {
    Ok(DocumentRow {
        uid: row.int("uid")?,
        id: DocumentId::parse(&row.text("id")?)?,
        state: word("documents", "state", &row.text("state")?, DocumentState::from_code)?,
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
        copy_state: word(
            "documents",
            "copy_state",
            &row.text("copy_state")?,
            CopyState::from_code,
        )?,
        security_level: security_level(row)?,
        created_at: row.moment("created_at")?,
        version: row.int("version")?,
        place: Default::default(),
    })
}

/// What a person has said when taking a document back into review; nothing where nothing was said.
fn sent_back(reason: &str) -> String {
    let reason = fold::storable(reason);
    if reason.trim().is_empty() {
        return String::new();
    }
    DetailCode::SentBackBecause.with(reason).stored()
}
