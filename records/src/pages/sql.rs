//! Pages and text layers in the database.

use super::{Area, NewPage, NewTextLayer, Page, PageState, PageText, TextLayer, UnreadRegion};
use crate::{
    Archive, Asker, Error, Result,
    access::sql::{SEEN, bind_sight},
    ids::{DocumentId, Fingerprint},
    store::{
        Store,
        sql::{Change, Columns, composed, word},
    },
};
use sqlx::any::AnyRow;

const PAGE: &str = "p.uid, p.number, p.scan_index, p.turn, p.width, p.height, p.state, p.failure, p.unread_regions, s.sha256, s.media_type";

impl Archive {
    /// One page of a document that the asker may see.
    pub async fn page(&self, asker: &Asker, document: &DocumentId, number: u32) -> Result<Option<Page>> {
        let statement = format!(
            "SELECT {PAGE} FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid JOIN pages p ON p.document_uid = d.uid \
             JOIN scans s ON s.uid = p.scan_uid WHERE {SEEN} AND d.id = $5 AND p.number = $6 AND p.withdrawn = 0"
        );
        let row = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(document.as_str())
            .bind(i64::from(number))
            .fetch_optional(&self.0.readers)
            .await?;
        row.as_ref().map(page).transpose()
    }

    /// The chosen text of a page that the asker may see; `None` when it has none.
    pub async fn page_text(&self, asker: &Asker, document: &DocumentId, number: u32) -> Result<Option<PageText>> {
        let statement = format!(
            "SELECT t.engine, t.engine_version, t.parameters, t.confidence, t.created_at, t.content FROM documents d \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid JOIN pages p ON p.document_uid = d.uid \
             JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 WHERE {SEEN} AND d.id = $5 AND p.number = $6 AND p.withdrawn = 0"
        );
        let row = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(document.as_str())
            .bind(i64::from(number))
            .fetch_optional(&self.0.readers)
            .await?;
        row.as_ref().map(page_text).transpose()
    }

    /// The texts of all pages of a document that the asker may see, by page number.
    pub async fn page_texts(&self, asker: &Asker, document: &DocumentId) -> Result<Vec<(u32, PageText)>> {
        let statement = format!(
            "SELECT p.number, t.engine, t.engine_version, t.parameters, t.confidence, t.created_at, t.content FROM documents d \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid JOIN pages p ON p.document_uid = d.uid \
             JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 WHERE {SEEN} AND d.id = $5 AND p.withdrawn = 0 ORDER BY p.number"
        );
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(document.as_str())
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| Ok((u32::try_from(row.int("number")?).unwrap_or(0), page_text(row)?)))
            .collect()
    }

    /// Pages by uid with their text, for a window of hits; those that the asker may not see are left out. One
    /// statement, in no order.
    pub async fn pages_by_uid(&self, asker: &Asker, uids: &[i64]) -> Result<Vec<(Page, Option<PageText>)>> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (5..5 + uids.len()).map(|at| format!("${at}")).collect();
        let statement = format!(
            "SELECT {PAGE}, t.engine, t.engine_version, t.parameters, t.confidence, t.created_at, t.content \
             FROM pages p JOIN documents d ON d.uid = p.document_uid LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
             JOIN scans s ON s.uid = p.scan_uid LEFT JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 \
             WHERE p.uid IN ({}) AND p.withdrawn = 0 AND {SEEN}",
            places.join(", ")
        );
        let query = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now());
        let query = uids.iter().fold(query, |query, uid| query.bind(*uid));
        let rows = query.fetch_all(&self.0.readers).await?;
        rows.iter()
            .map(|row| {
                let text = match row.maybe_text("engine")? {
                    Some(_) => Some(page_text(row)?),
                    None => None,
                };
                Ok((page(row)?, text))
            })
            .collect()
    }
}

pub(crate) async fn pages_of(store: &Store, document_uid: i64) -> Result<Vec<Page>> {
    let statement = format!(
        "SELECT {PAGE} FROM pages p JOIN scans s ON s.uid = p.scan_uid WHERE p.document_uid = $1 AND p.withdrawn = 0 ORDER BY p.number"
    );
    let rows = sqlx::query(composed(statement))
        .bind(document_uid)
        .fetch_all(&store.readers)
        .await?;
    rows.iter().map(page).collect()
}

/// Writes the pages of a new document; `scans` are the uids of the deposit's scans.
pub(crate) async fn insert(change: &mut Change, document_uid: i64, scans: &[i64], pages: &[NewPage]) -> Result<()> {
    for (at, page) in pages.iter().enumerate() {
        let scan = scans
            .get(page.scan)
            .copied()
            .ok_or_else(|| Error::Refused(format!("page {} names a scan that is not there", at + 1)))?;
        let row = sqlx::query(
            "INSERT INTO pages (document_uid, number, scan_uid, scan_index, turn, width, height, state, failure, unread_regions, withdrawn) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) RETURNING uid",
        )
        .bind(document_uid)
        .bind(i64::try_from(at).unwrap_or(i64::MAX) + 1)
        .bind(scan)
        .bind(i64::from(page.scan_index))
        .bind(i64::from(page.turn))
        .bind(i64::from(page.width))
        .bind(i64::from(page.height))
        .bind(page.state.as_str())
        .bind(crate::fold::storable(&page.failure))
        .bind(regions_text(&page.unread_regions))
        .fetch_one(change.connection())
        .await?;
        let uid = row.int("uid")?;
        if let Some(text) = &page.text {
            insert_layer(change, uid, text, 1).await?;
        }
        if let Some(text) = &page.other_text {
            insert_layer(change, uid, text, 0).await?;
        }
    }
    Ok(())
}

async fn insert_layer(change: &mut Change, page_uid: i64, text: &NewTextLayer, chosen: i64) -> Result<()> {
    let at = change.at.micros();
    sqlx::query(
        "INSERT INTO text_layers (page_uid, engine, engine_version, parameters, chosen, confidence, characters, content, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(page_uid)
    .bind(&text.engine)
    .bind(&text.engine_version)
    .bind(&text.parameters)
    .bind(chosen)
    .bind(text.confidence)
    .bind(i64::try_from(text.layer.characters()).unwrap_or(i64::MAX))
    .bind(text.layer.encode())
    .bind(at)
    .execute(change.connection())
    .await?;
    Ok(())
}

fn page(row: &AnyRow) -> Result<Page> {
    let small = |column| Ok::<_, Error>(u32::try_from(row.int(column)?).unwrap_or(0));
    Ok(Page {
        uid: row.int("uid")?,
        number: small("number")?,
        scan: Fingerprint::parse(&row.text("sha256")?)?,
        media_type: row.text("media_type")?,
        scan_index: small("scan_index")?,
        turn: u16::try_from(row.int("turn")?).unwrap_or(0),
        width: small("width")?,
        height: small("height")?,
        state: word("pages", "state", &row.text("state")?, PageState::parse)?,
        failure: row.text("failure")?,
        unread_regions: regions_from(&row.text("unread_regions")?)?,
    })
}

fn page_text(row: &AnyRow) -> Result<PageText> {
    Ok(PageText {
        engine: row.text("engine")?,
        engine_version: row.text("engine_version")?,
        parameters: row.text("parameters")?,
        confidence: row.real("confidence")?,
        created_at: row.moment("created_at")?,
        layer: TextLayer::decode(&row.bytes("content")?)?,
    })
}

fn regions_text(regions: &[UnreadRegion]) -> String {
    let list: Vec<_> = regions
        .iter()
        .map(|region| {
            serde_json::json!([
                region.reason,
                region.area.x,
                region.area.y,
                region.area.w,
                region.area.h
            ])
        })
        .collect();
    serde_json::Value::from(list).to_string()
}

pub(crate) fn regions_from(text: &str) -> Result<Vec<UnreadRegion>> {
    let wrong = |detail: String| Error::Inconsistent {
        table: "pages",
        column: "unread_regions".to_owned(),
        detail,
    };
    let list: Vec<(String, u32, u32, u32, u32)> =
        serde_json::from_str(text).map_err(|cause| wrong(cause.to_string()))?;
    Ok(list
        .into_iter()
        .map(|(reason, x, y, w, h)| UnreadRegion {
            reason,
            area: Area { x, y, w, h },
        })
        .collect())
}
