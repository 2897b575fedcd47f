//! Reading pages and their texts.

use crate::{
    Archive, Asker, Moment, Result, System,
    ids::{DocumentId, Fingerprint},
    page_images::PageImageRequest,
    pages::{
        Area, Correction, LayerRow, Page, PageFrame, PageState, PageText, PageToShow, Reading, TextLayer, UnreadRegion,
    },
    permission::sql::Visible,
    privacy,
    store::{
        Store,
        sql::{Columns, LISTED_AT_ONCE, RowOf, composed, marks},
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
        let row = Visible::documents(asker, self.0.environment.now())
            .columns(PAGE)
            .join("JOIN pages p ON p.document_uid = d.uid JOIN scans s ON s.uid = p.scan_uid")
            .and(
                "d.id = ? AND p.number = ? AND p.withdrawn = 0",
                [document.as_str().into(), number.into()],
            )
            .maybe(&self.0.readers)
            .await?;
        if row.is_some() {
            self.note_grant_used(asker, document.as_str(), "page").await?;
        }
        row.as_ref().map(page).transpose()
    }

    /// The current text of a page that the asker may see, with corrections; `None` when it has none.
    pub async fn page_text(&self, asker: &Asker, document: &DocumentId, number: u32) -> Result<Option<PageText>> {
        let row = texts_of(asker, self.0.environment.now(), document)
            .and("p.number = ?", [number.into()])
            .all(&self.0.readers)
            .await?;
        Ok(texts(&self.0, asker, &row).await?.pop().map(|(_, text)| text))
    }

    /// The texts of all pages of a document that the asker may see, by page number.
    pub async fn page_texts(&self, asker: &Asker, document: &DocumentId) -> Result<Vec<(u32, PageText)>> {
        let rows = texts_of(asker, self.0.environment.now(), document)
            .then("ORDER BY p.number", [])
            .all(&self.0.readers)
            .await?;
        let numbers = rows
            .iter()
            .map(|row| row.of("pages").number::<u32>("number"))
            .collect::<Result<Vec<_>>>()?;
        let texts = texts(&self.0, asker, &rows).await?;
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
        let visible = || {
            Visible::documents(asker, self.0.environment.now())
                .through("pages p", "p.document_uid")
                .and_one_of("p.uid", uids)
                .and("p.withdrawn = 0", [])
        };
        let pages = visible()
            .columns(PAGE)
            .join("JOIN scans s ON s.uid = p.scan_uid")
            .all(&self.0.readers)
            .await?;
        let pages: Vec<Page> = pages.iter().map(page).collect::<Result<_>>()?;
        let rows = visible()
            .columns(TEXT)
            .join("JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1")
            .all(&self.0.readers)
            .await?;
        let mut texts: HashMap<i64, PageText> = texts(&self.0, asker, &rows).await?.into_iter().collect();
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
        let rows = Visible::documents(asker, self.0.environment.now())
            .columns(
                "t.uid, p.number, t.engine, t.engine_version, t.parameters, t.confidence, t.characters, t.turn, t.created_at, t.chosen",
            )
            .join("JOIN pages p ON p.document_uid = d.uid JOIN text_layers t ON t.page_uid = p.uid")
            .and("d.id = ? AND p.withdrawn = 0", [document.as_str().into()])
            .then("ORDER BY p.number, t.chosen DESC, t.uid DESC", [])
            .all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| {
                let row = row.of("text_layers");
                Ok(LayerRow {
                    uid: row.int("uid")?,
                    page_number: row.number::<u32>("number")?,
                    engine: row.text("engine")?,
                    engine_version: row.text("engine_version")?,
                    parameters: row.text("parameters")?,
                    confidence: row.real("confidence")?,
                    characters: row.int("characters")?,
                    turn: row.number::<u16>("turn")?,
                    created_at: row.moment("created_at")?,
                    chosen: row.flag("chosen")?,
                })
            })
            .collect()
    }
}

/// The current texts of the pages of one document that the asker sees.
fn texts_of(asker: &Asker, now: Moment, document: &DocumentId) -> Visible {
    Visible::documents(asker, now)
        .columns(TEXT)
        .join("JOIN pages p ON p.document_uid = d.uid JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1")
        .and("d.id = ? AND p.withdrawn = 0", [document.as_str().into()])
}

/// Current texts by page, in the order of the rows, with corrections.
/// The texts of these pages as the asker may read them: personal numbers are masked for whoever may not see them.
async fn texts(store: &Store, asker: &Asker, rows: &[AnyRow]) -> Result<Vec<(i64, PageText)>> {
    let pages: Vec<i64> = rows
        .iter()
        .map(|row| row.of("text_layers").int("page_uid"))
        .collect::<Result<_>>()?;
    let corrections = match pages.is_empty() {
        true => HashMap::new(),
        false => corrections_of(&mut *store.readers.acquire().await?, &pages).await?,
    };
    rows.iter()
        .map(|row| {
            let uid = row.of("text_layers").int("page_uid")?;
            let typed = corrections.get(&uid).map_or(&[][..], Vec::as_slice);
            let mut text = page_text(row, typed)?;
            if !asker.sees_personal_numbers() {
                for line in &mut text.layer.lines {
                    line.text = privacy::mask_personal_numbers(&line.text);
                }
            }
            Ok((uid, text))
        })
        .collect()
}

/// The corrections of these pages, oldest first.
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
            let row = row.of("text_corrections");
            let small = |column| row.number::<u32>(column);
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

pub(crate) fn frame(row: &RowOf<'_>) -> Result<PageFrame> {
    Ok(PageFrame {
        turn: row.number::<u16>("turn")?,
        width: row.number::<u32>("width")?,
        height: row.number::<u32>("height")?,
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
                let row = row.of("pages");
                Ok(PageToShow {
                    document_uid: row.int("document_uid")?,
                    image: PageImageRequest {
                        scan: row.read("sha256", Fingerprint::parse)?,
                        media_type: row.text("media_type")?,
                        scan_index: row.number::<u32>("scan_index")?,
                        turn: row.number::<u16>("turn")?,
                        width: row.number::<u32>("width")?,
                        page_width: row.number::<u32>("width")?,
                    },
                })
            })
            .collect()
    }
}

pub(crate) fn page(row: &AnyRow) -> Result<Page> {
    let row = &row.of("pages");
    let small = |column| row.number::<u32>(column);
    Ok(Page {
        uid: row.int("uid")?,
        number: small("number")?,
        scan: row.read("sha256", Fingerprint::parse)?,
        media_type: row.text("media_type")?,
        scan_index: small("scan_index")?,
        turn: row.number::<u16>("turn")?,
        width: small("width")?,
        height: small("height")?,
        state: row.word("state", PageState::from_code)?,
        failure: Detail::from_stored(&row.text("failure")?),
        unread_regions: regions_of(row)?,
        reading: Reading::from_bits(row.int("reading")?),
        seen_by: row.text("seen_by")?,
        seen_at: row.maybe_moment("seen_at")?,
    })
}

fn page_text(row: &AnyRow, corrections: &[Correction]) -> Result<PageText> {
    let row = &row.of("text_layers");
    Ok(PageText {
        engine: row.text("engine")?,
        engine_version: row.text("engine_version")?,
        parameters: row.text("parameters")?,
        confidence: row.real("confidence")?,
        created_at: row.moment("created_at")?,
        layer: row
            .named(TextLayer::decode(&row.bytes("content")?))?
            .corrected(frame(row)?, corrections),
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

pub(crate) fn regions_of(row: &RowOf<'_>) -> Result<Vec<UnreadRegion>> {
    let list: Vec<(String, u32, u32, u32, u32)> = row.read("unread_regions", |text| serde_json::from_str(text))?;
    Ok(list
        .into_iter()
        .map(|(reason, x, y, w, h)| UnreadRegion {
            reason,
            area: Area { x, y, w, h },
        })
        .collect())
}
