//! Pages and text layers in the database.

use super::{
    Area, Correction, LayerRow, NewPage, NewTextLayer, Page, PageFrame, PageState, PageText, PageToShow, Reading,
    TextLayer, UnreadRegion,
};
use crate::{
    Archive, Asker, Error, Result, System,
    ids::{DocumentId, Fingerprint},
    page_images::PageImageRequest,
    permission::sql::{SEEN, bind_sight},
    store::{
        Store,
        sql::{Change, Columns, LISTED_AT_ONCE, composed, marks, word},
    },
};
use sqlx::{AnyConnection, any::AnyRow};
use std::collections::HashMap;
use vocabulary::detail::Detail;

pub(crate) const PAGE: &str = "p.uid, p.number, p.scan_index, p.turn, p.width, p.height, p.state, p.failure, p.unread_regions, \
    p.reading, p.seen_by, p.seen_at, s.sha256, s.media_type";
/// The current text of a page, over `p` and `t`.
const TEXT: &str = "p.uid AS page_uid, p.number, t.engine, t.engine_version, t.parameters, t.confidence, t.created_at, t.content, \
    t.turn, t.width, t.height";

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

    /// The current text of a page that the asker may see, with what people have typed; `None` when it has none.
    pub async fn page_text(&self, asker: &Asker, document: &DocumentId, number: u32) -> Result<Option<PageText>> {
        let statement = format!(
            "SELECT {TEXT} FROM documents d \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid JOIN pages p ON p.document_uid = d.uid \
             JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 WHERE {SEEN} AND d.id = $5 AND p.number = $6 AND p.withdrawn = 0"
        );
        let row = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(document.as_str())
            .bind(i64::from(number))
            .fetch_all(&self.0.readers)
            .await?;
        Ok(texts(&self.0, &row).await?.pop().map(|(_, text)| text))
    }

    /// The texts of all pages of a document that the asker may see, by page number.
    pub async fn page_texts(&self, asker: &Asker, document: &DocumentId) -> Result<Vec<(u32, PageText)>> {
        let statement = format!(
            "SELECT {TEXT} FROM documents d \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid JOIN pages p ON p.document_uid = d.uid \
             JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 WHERE {SEEN} AND d.id = $5 AND p.withdrawn = 0 ORDER BY p.number"
        );
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(document.as_str())
            .fetch_all(&self.0.readers)
            .await?;
        let numbers = rows
            .iter()
            .map(|row| Ok(u32::try_from(row.int("number")?).unwrap_or(0)))
            .collect::<Result<Vec<_>>>()?;
        let texts = texts(&self.0, &rows).await?;
        Ok(numbers
            .into_iter()
            .zip(texts)
            .map(|(number, (_, text))| (number, text))
            .collect())
    }

    /// Pages by uid with their text, for a window of hits; those that the asker may not see are left out. In no order.
    pub async fn pages_by_uid(&self, asker: &Asker, uids: &[i64]) -> Result<Vec<(Page, Option<PageText>)>> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let marks = marks(5, uids.len());
        let now = self.0.environment.now();
        let statement = format!(
            "SELECT {PAGE} FROM pages p JOIN documents d ON d.uid = p.document_uid LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
             JOIN scans s ON s.uid = p.scan_uid WHERE p.uid IN ({marks}) AND p.withdrawn = 0 AND {SEEN}"
        );
        let query = bind_sight(sqlx::query(composed(statement)), asker, now);
        let query = uids.iter().fold(query, |query, uid| query.bind(*uid));
        let pages = query.fetch_all(&self.0.readers).await?;
        let pages: Vec<Page> = pages.iter().map(page).collect::<Result<_>>()?;
        let statement = format!(
            "SELECT {TEXT} FROM pages p JOIN documents d ON d.uid = p.document_uid LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
             JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 WHERE p.uid IN ({marks}) AND p.withdrawn = 0 AND {SEEN}"
        );
        let query = bind_sight(sqlx::query(composed(statement)), asker, now);
        let query = uids.iter().fold(query, |query, uid| query.bind(*uid));
        let rows = query.fetch_all(&self.0.readers).await?;
        let mut texts: HashMap<i64, PageText> = texts(&self.0, &rows).await?.into_iter().collect();
        Ok(pages
            .into_iter()
            .map(|page| {
                let text = texts.remove(&page.uid);
                (page, text)
            })
            .collect())
    }

    /// Every text of every page of a document that the asker may see: the current one first, then the newest.
    pub async fn page_layers(&self, asker: &Asker, document: &DocumentId) -> Result<Vec<LayerRow>> {
        let statement = format!(
            "SELECT t.uid, p.number, t.engine, t.engine_version, t.parameters, t.confidence, t.characters, t.turn, t.created_at, t.chosen \
             FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid JOIN pages p ON p.document_uid = d.uid \
             JOIN text_layers t ON t.page_uid = p.uid WHERE {SEEN} AND d.id = $5 AND p.withdrawn = 0 \
             ORDER BY p.number, t.chosen DESC, t.uid DESC"
        );
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(document.as_str())
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(LayerRow {
                    uid: row.int("uid")?,
                    page_number: u32::try_from(row.int("number")?).unwrap_or(0),
                    engine: row.text("engine")?,
                    engine_version: row.text("engine_version")?,
                    parameters: row.text("parameters")?,
                    confidence: row.real("confidence")?,
                    characters: row.int("characters")?,
                    turn: u16::try_from(row.int("turn")?).unwrap_or(0),
                    created_at: row.moment("created_at")?,
                    chosen: row.flag("chosen")?,
                })
            })
            .collect()
    }
}

/// Current texts by page, in the order of the rows, with what people have typed.
async fn texts(store: &Store, rows: &[AnyRow]) -> Result<Vec<(i64, PageText)>> {
    let pages: Vec<i64> = rows.iter().map(|row| row.int("page_uid")).collect::<Result<_>>()?;
    let corrections = match pages.is_empty() {
        true => HashMap::new(),
        false => corrections_of(&mut *store.readers.acquire().await?, &pages).await?,
    };
    rows.iter()
        .map(|row| {
            let uid = row.int("page_uid")?;
            let typed = corrections.get(&uid).map_or(&[][..], Vec::as_slice);
            Ok((uid, page_text(row, typed)?))
        })
        .collect()
}

/// What people have typed on these pages, oldest first.
pub(crate) async fn corrections_of(
    connection: &mut AnyConnection,
    pages: &[i64],
) -> Result<HashMap<i64, Vec<Correction>>> {
    let mut corrections: HashMap<i64, Vec<Correction>> = HashMap::new();
    // A document may have more pages than a statement has places.
    for pages in pages.chunks(LISTED_AT_ONCE) {
        let statement = format!(
            "SELECT page_uid, text, former, x, y, w, h, turn, width, height, by_name, at FROM text_corrections \
             WHERE page_uid IN ({}) ORDER BY uid",
            marks(1, pages.len())
        );
        let query = pages
            .iter()
            .fold(sqlx::query(composed(statement)), |query, uid| query.bind(*uid));
        for row in query.fetch_all(&mut *connection).await? {
            let small = |column| Ok::<_, Error>(u32::try_from(row.int(column)?).unwrap_or(0));
            corrections.entry(row.int("page_uid")?).or_default().push(Correction {
                area: Area {
                    x: small("x")?,
                    y: small("y")?,
                    w: small("w")?,
                    h: small("h")?,
                },
                frame: frame(&row)?,
                text: row.text("text")?,
                former: row.text("former")?,
                by_name: row.text("by_name")?,
                at: row.moment("at")?,
            });
        }
    }
    Ok(corrections)
}

pub(crate) fn frame(row: &AnyRow) -> Result<PageFrame> {
    Ok(PageFrame {
        turn: u16::try_from(row.int("turn")?).unwrap_or(0),
        width: u32::try_from(row.int("width")?).unwrap_or(0),
        height: u32::try_from(row.int("height")?).unwrap_or(0),
    })
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

impl System {
    /// The uid of the newest document, 0 when there is none.
    pub async fn document_newest_uid(&self) -> Result<i64> {
        let row = sqlx::query("SELECT CAST(coalesce(max(uid), 0) AS BIGINT) AS newest FROM documents")
            .fetch_one(&self.0.readers)
            .await?;
        row.int("newest")
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
        rows.iter().map(|row| row.int("uid")).collect()
    }

    /// The first pages of documents whose images take a while to make, the newest document first. A page that was never
    /// on paper is drawn quickly, so only the first of each document is among them.
    pub async fn pages_to_show(&self, from: i64, upto: i64, pages_of_document: u32) -> Result<Vec<PageToShow>> {
        let rows = sqlx::query(
            "SELECT p.document_uid, p.scan_index, p.turn, p.width, s.sha256, s.media_type FROM pages p \
             JOIN documents d ON d.uid = p.document_uid JOIN scans s ON s.uid = p.scan_uid \
             LEFT JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 \
             WHERE p.document_uid >= $1 AND p.document_uid <= $2 AND d.state <> 'withdrawn' AND p.withdrawn = 0 AND p.number <= $3 \
             AND p.state <> 'failed' AND (p.number = 1 OR coalesce(t.parameters, '') NOT LIKE 'born_digital%') \
             ORDER BY p.document_uid DESC, p.number",
        )
        .bind(from)
        .bind(upto)
        .bind(i64::from(pages_of_document))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PageToShow {
                    document_uid: row.int("document_uid")?,
                    image: PageImageRequest {
                        scan: Fingerprint::parse(&row.text("sha256")?)?,
                        media_type: row.text("media_type")?,
                        scan_index: u32::try_from(row.int("scan_index")?).unwrap_or(0),
                        turn: u16::try_from(row.int("turn")?).unwrap_or(0),
                        width: u32::try_from(row.int("width")?).unwrap_or(0),
                        page_width: u32::try_from(row.int("width")?).unwrap_or(0),
                    },
                })
            })
            .collect()
    }
}

/// Writes the pages of a new document; `scans` are the uids of the deposit's scans.
pub(crate) async fn insert(change: &mut Change, document_uid: i64, scans: &[i64], pages: &[NewPage]) -> Result<()> {
    for (at, page) in pages.iter().enumerate() {
        let scan = scans
            .get(page.scan)
            .copied()
            .ok_or_else(|| Error::Refused(format!("page {} names a scan that is not there", at + 1)))?;
        let row = sqlx::query(
            "INSERT INTO pages (document_uid, number, scan_uid, scan_index, turn, width, height, state, failure, unread_regions, reading, \
             withdrawn) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0) RETURNING uid",
        )
        .bind(document_uid)
        .bind(i64::try_from(at).unwrap_or(i64::MAX) + 1)
        .bind(scan)
        .bind(i64::from(page.scan_index))
        .bind(i64::from(page.turn))
        .bind(i64::from(page.width))
        .bind(i64::from(page.height))
        .bind(page.state.as_str())
        .bind(Detail::store(page.failure.as_ref()))
        .bind(regions_text(&page.unread_regions))
        .bind(i64::from(page.reading().bits()))
        .fetch_one(change.connection())
        .await?;
        insert_layers(change, row.int("uid")?, page).await?;
    }
    Ok(())
}

/// Writes the texts of a page, the first of them as the current one.
pub(crate) async fn insert_layers(change: &mut Change, page_uid: i64, page: &NewPage) -> Result<()> {
    let NewPage {
        turn, width, height, ..
    } = *page;
    if let Some(text) = &page.text {
        insert_layer(change, page_uid, text, page, PageFrame { turn, width, height }, 1).await?;
    }
    if let Some(text) = &page.other_text {
        // What came with the file lies as the file does.
        let (width, height) = if turn % 180 == 0 {
            (width, height)
        } else {
            (height, width)
        };
        insert_layer(change, page_uid, text, page, PageFrame { turn: 0, width, height }, 0).await?;
    }
    Ok(())
}

async fn insert_layer(
    change: &mut Change,
    page_uid: i64,
    text: &NewTextLayer,
    page: &NewPage,
    frame: PageFrame,
    chosen: i64,
) -> Result<()> {
    let at = change.at.micros();
    sqlx::query(
        "INSERT INTO text_layers (page_uid, engine, engine_version, parameters, chosen, confidence, characters, content, created_at, \
         turn, width, height, blank, unread_regions) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
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
    .bind(i64::from(frame.turn))
    .bind(i64::from(frame.width))
    .bind(i64::from(frame.height))
    .bind(i64::from(page.state == PageState::Blank))
    .bind(regions_text(&page.unread_regions))
    .execute(change.connection())
    .await?;
    Ok(())
}

pub(crate) fn page(row: &AnyRow) -> Result<Page> {
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
        state: word("pages", "state", &row.text("state")?, PageState::from_code)?,
        failure: Detail::from_stored(&row.text("failure")?),
        unread_regions: regions_from(&row.text("unread_regions")?)?,
        reading: Reading::from_bits(row.int("reading")?),
        seen_by: row.text("seen_by")?,
        seen_at: row.maybe_moment("seen_at")?,
    })
}

fn page_text(row: &AnyRow, corrections: &[Correction]) -> Result<PageText> {
    Ok(PageText {
        engine: row.text("engine")?,
        engine_version: row.text("engine_version")?,
        parameters: row.text("parameters")?,
        confidence: row.real("confidence")?,
        created_at: row.moment("created_at")?,
        layer: TextLayer::decode(&row.bytes("content")?)?.corrected(frame(row)?, corrections),
        corrections: corrections.len(),
    })
}

pub(crate) fn regions_text(regions: &[UnreadRegion]) -> String {
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
