//! Documents as the full text and the makers of page images take them.

use crate::{
    Result, System,
    documents::{
        CopyState, DocumentForIndex, DocumentState, PageForIndex,
        sql::{
            named_read::named_uids,
            read::{PARTICULARS, particulars},
        },
    },
    pages::{
        Correction, PageState, Reading, TextLayer,
        sql::read::{corrections_of, frame},
    },
    places::{OriginalPlace, sql::originals::places_of},
    store::sql::{Columns, LISTED_AT_ONCE, composed, marks},
};
use sqlx::any::AnyRow;
use std::collections::HashMap;

impl System {
    /// Everything the page index keeps of these documents, by uid; those that are gone or withdrawn are left out.
    pub async fn documents_for_index(&self, uids: &[i64]) -> Result<Vec<DocumentForIndex>> {
        let mut documents = Vec::with_capacity(uids.len());
        for chunk in uids.chunks(LISTED_AT_ONCE) {
            let listed = marks(1, chunk.len());
            let rows = sqlx::query(composed(format!(
                "SELECT d.uid, d.id, d.state, d.kind, d.title, d.number, d.date_key, d.department, d.site, d.sealed, d.copy_state, {PARTICULARS}, \
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
            let page_uids: Vec<i64> = pages
                .iter()
                .map(|page| page.of("pages").int("uid"))
                .collect::<Result<_>>()?;
            let typed = corrections_of(&mut *self.0.readers.acquire().await?, &page_uids).await?;
            let mut pages_of: HashMap<i64, Vec<PageForIndex>> = HashMap::with_capacity(chunk.len());
            for page in &pages {
                let of = pages_of.entry(page.of("pages").int("document_uid")?).or_default();
                of.push(page_for_index(page, &typed)?);
            }
            let found: Vec<i64> = rows
                .iter()
                .map(|row| row.of("documents").int("uid"))
                .collect::<Result<_>>()?;
            let mut named = named_uids(&self.0, &found).await?;
            for (row, place) in rows.iter().zip(places_of(&self.0, &found).await?) {
                let uid = row.of("documents").int("uid")?;
                let pages = pages_of.remove(&uid).unwrap_or_default();
                let mut document = document_for_index(row, place, pages)?;
                document.also_names = named.remove(&uid).unwrap_or_default();
                documents.push(document);
            }
        }
        Ok(documents)
    }

    /// The uid of the newest document, 0 when there is none.
    pub async fn document_newest_uid(&self) -> Result<i64> {
        let row = sqlx::query("SELECT CAST(coalesce(max(uid), 0) AS BIGINT) AS newest FROM documents")
            .fetch_one(&self.0.readers)
            .await?;
        row.of("documents").int("newest")
    }

    /// Uids of documents above `above` and up to `upto`, the newest first.
    pub async fn document_uids_down(&self, above: i64, upto: i64, limit: usize) -> Result<Vec<i64>> {
        let rows = sqlx::query(
            "SELECT uid FROM documents WHERE uid > $1 AND uid <= $2 AND state <> 'withdrawn' ORDER BY uid DESC LIMIT $3",
        )
        .bind(above)
        .bind(upto)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(|row| row.of("documents").int("uid")).collect()
    }

    /// Uids of documents after `after`, in order, for a rebuild.
    pub async fn document_uids_after(&self, after: i64, limit: usize) -> Result<Vec<i64>> {
        let rows =
            sqlx::query("SELECT uid FROM documents WHERE uid > $1 AND state <> 'withdrawn' ORDER BY uid LIMIT $2")
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&self.0.readers)
                .await?;
        rows.iter().map(|row| row.of("documents").int("uid")).collect()
    }
}

fn document_for_index(row: &AnyRow, place: OriginalPlace, pages: Vec<PageForIndex>) -> Result<DocumentForIndex> {
    let row = &row.of("documents");
    Ok(DocumentForIndex {
        uid: row.int("uid")?,
        id: row.text("id")?,
        state: row.word("state", DocumentState::from_code)?,
        customer_uid: row.int("customer_uid")?,
        dossier_uid: row.int("dossier_uid")?,
        kind: row.text("kind")?,
        title: row.text("title")?,
        number: row.text("number")?,
        date_key: row.text("date_key")?,
        security_level: row.security_level("security_level")?,
        department: row.text("department")?,
        site: row.text("site")?,
        copy_state: row.word("copy_state", CopyState::from_code)?,
        particulars: particulars(row)?,
        also_names: Vec::new(),
        sealed: row.flag("sealed")? || row.flag("dossier_sealed")?,
        place_uid: place.place_uid,
        original_state: place.state,
        created_at: row.moment("created_at")?,
        pages,
    })
}

fn page_for_index(row: &AnyRow, typed: &HashMap<i64, Vec<Correction>>) -> Result<PageForIndex> {
    let row = &row.of("pages");
    let content = row.maybe_bytes("content")?;
    let uid = row.int("uid")?;
    let typed = typed.get(&uid).map_or(&[][..], Vec::as_slice);
    Ok(PageForIndex {
        uid,
        number: row.number::<u32>("number")?,
        state: row.word("state", PageState::from_code)?,
        reading: Reading::from_bits(row.int("reading")?),
        layer: match content {
            Some(content) => row.named(TextLayer::decode(&content))?.corrected(frame(row)?, typed),
            None => TextLayer::default(),
        },
    })
}
