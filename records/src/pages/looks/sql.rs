//! Looking and correcting in the database.

use super::{AskingPage, CORRECTION_CHARACTERS_MAX, LookCounts, Place};
use crate::{
    Archive, Asker, Error, Result, Role,
    audit::EventDraft,
    changes::Subject,
    fold,
    ids::DocumentId,
    pages::{
        Area, Correction, Page, PageFrame, PageState, Reading, ReadingFlag, TextLayer, UnreadRegion,
        sql::{corrections_of, frame, page, regions_from, regions_text},
    },
    permission::sql::{SEEN, bind_sight},
    store::sql::{Change, Columns, composed},
};

/// A page that asks and has not been looked at.
const ASKS: &str = "p.reading <> 0 AND p.seen_at IS NULL AND p.withdrawn = 0";

impl Archive {
    /// How many pages that the asker may see ask for a look.
    pub async fn look_counts(&self, asker: &Asker) -> Result<LookCounts> {
        asker.require(Role::Archivist)?;
        let sums: Vec<String> = ReadingFlag::ALL
            .into_iter()
            .map(|flag| {
                let bit = flag.bit();
                format!(
                    "CAST(coalesce(sum(CASE WHEN (p.reading & {bit}) <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS f{bit}"
                )
            })
            .collect();
        let statement = format!(
            "SELECT CAST(count(*) AS BIGINT) AS n, {} FROM pages p JOIN documents d ON d.uid = p.document_uid \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid WHERE {SEEN} AND {ASKS}",
            sums.join(", ")
        );
        let row = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .fetch_one(&self.0.readers)
            .await?;
        Ok(LookCounts {
            pages: row.int("n")?,
            by_flag: vec![
                (ReadingFlag::InkWithoutText, row.int("f1")?),
                (ReadingFlag::Handwriting, row.int("f2")?),
                (ReadingFlag::LowConfidence, row.int("f4")?),
                (ReadingFlag::Failed, row.int("f8")?),
            ],
        })
    }

    /// Pages that ask for a look, for one reason or for any, after the page with `after_uid`. Archivists only.
    pub async fn pages_asking(
        &self,
        asker: &Asker,
        flag: Option<ReadingFlag>,
        after_uid: i64,
        limit: usize,
    ) -> Result<Vec<AskingPage>> {
        asker.require(Role::Archivist)?;
        let statement = format!(
            "SELECT {}, d.uid AS document_uid, t.confidence FROM pages p JOIN documents d ON d.uid = p.document_uid \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid JOIN scans s ON s.uid = p.scan_uid \
             LEFT JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 \
             WHERE {SEEN} AND {ASKS} AND (p.reading & $5) <> 0 AND p.uid > $6 ORDER BY p.uid LIMIT $7",
            crate::pages::sql::PAGE
        );
        let bits = flag.map_or(15, |flag| i64::from(flag.bit()));
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(bits)
            .bind(after_uid)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        let uids: Vec<i64> = rows.iter().map(|row| row.int("document_uid")).collect::<Result<_>>()?;
        let mut unique = uids.clone();
        unique.dedup();
        let documents = self.documents_by_uid(asker, &unique).await?;
        let mut asking = Vec::with_capacity(rows.len());
        for (row, uid) in rows.iter().zip(uids) {
            let Some(document) = documents.iter().find(|document| document.uid == uid) else {
                continue;
            };
            let confidence: Option<f64> = sqlx::Row::try_get(row, "confidence")?;
            asking.push(AskingPage {
                document: document.clone(),
                page: page(row)?,
                confidence,
            });
        }
        Ok(asking)
    }

    /// Somebody has looked at the page and it is well as it is: it asks no more. What was not read stays marked.
    pub async fn page_seen(&self, asker: &Asker, document: &DocumentId, number: u32) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold_page(&mut change, asker, document, number).await?;
        let (at, actor) = (change.at.micros(), change.actor.clone());
        sqlx::query("UPDATE pages SET seen_by = $1, seen_at = $2 WHERE uid = $3")
            .bind(actor)
            .bind(at)
            .bind(held.page.uid)
            .execute(change.connection())
            .await?;
        change.event(
            EventDraft::new("page.seen", "document", document.as_str())
                .detail(format!("page={number} reading={}", words(held.page.reading))),
        );
        change.commit().await
    }

    /// Writes what a person typed for a place on the page. It lies beside what was read and wins over it, now and after
    /// every further reading.
    ///
    /// # Errors
    /// [`Error::Refused`] when the place does not read as the person saw it.
    pub async fn page_correct(
        &self,
        asker: &Asker,
        document: &DocumentId,
        number: u32,
        place: &Place,
        text: &str,
    ) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let text = typed(text)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold_page(&mut change, asker, document, number).await?;
        let uid = held.page.uid;
        let mut current = current_layer(&mut change, &held.page).await?;
        let (area, former) = match place {
            Place::Line { line, former } => match current.text.lines.get(*line) {
                Some(found) if found.text == *former => (found.area, found.text.clone()),
                _ => {
                    return Err(Error::Refused(format!(
                        "line {} of page {number} reads differently by now; look at it again and repeat",
                        line + 1
                    )));
                }
            },
            Place::Region(at) => {
                let region = held.page.unread_regions.get(*at).ok_or_else(|| Error::Absent {
                    what: "unread region",
                    id: (at + 1).to_string(),
                })?;
                (region.area, String::new())
            }
            Place::Page => (
                Area {
                    x: 0,
                    y: 0,
                    w: held.page.width,
                    h: held.page.height,
                },
                String::new(),
            ),
        };
        let (at, actor) = (change.at.micros(), change.actor.clone());
        sqlx::query(
            "INSERT INTO text_corrections (page_uid, layer_uid, line, text, by_name, at, former, x, y, w, h, turn, width, height) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(uid)
        .bind(current.uid)
        .bind(match place {
            Place::Line { line, .. } => i64::try_from(*line).unwrap_or(-1),
            _ => -1,
        })
        .bind(&text)
        .bind(&actor)
        .bind(at)
        .bind(&former)
        .bind(i64::from(area.x))
        .bind(i64::from(area.y))
        .bind(i64::from(area.w))
        .bind(i64::from(area.h))
        .bind(i64::from(current.frame.turn))
        .bind(i64::from(current.frame.width))
        .bind(i64::from(current.frame.height))
        .execute(change.connection())
        .await?;
        current.corrections.push(Correction {
            area,
            frame: current.frame,
            text,
            former,
            by_name: actor,
            at: change.at,
        });
        // What a person has typed is read: the place asks no more.
        let regions = uncorrected(
            held.page.unread_regions,
            held.page.state,
            current.frame,
            &current.corrections,
        );
        let state = match held.page.state {
            PageState::Failed | PageState::Blank => PageState::Read,
            PageState::Read => PageState::Read,
        };
        let reading = Reading::of(state, &regions, Some(current.confidence));
        sqlx::query("UPDATE pages SET unread_regions = $1, reading = $2, state = $3 WHERE uid = $4")
            .bind(regions_text(&regions))
            .bind(i64::from(reading.bits()))
            .bind(state.as_str())
            .bind(uid)
            .execute(change.connection())
            .await?;
        change.touch(Subject::Document, held.document_uid);
        change.event(
            EventDraft::new("page.corrected", "document", document.as_str()).detail(match place {
                Place::Line { line, .. } => format!("page={number} line={}", line + 1),
                Place::Region(at) => format!("page={number} region={}", at + 1),
                Place::Page => format!("page={number}"),
            }),
        );
        change.commit().await
    }

    /// Makes another text of a page the current one; the page is shown and searched as that reading found it.
    pub async fn layer_choose(&self, asker: &Asker, document: &DocumentId, layer_uid: i64) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let row = sqlx::query(
            "SELECT p.number, t.turn, t.width, t.height, t.blank, t.unread_regions, t.confidence, t.chosen, t.engine, t.engine_version \
             FROM text_layers t JOIN pages p ON p.uid = t.page_uid JOIN documents d ON d.uid = p.document_uid \
             WHERE t.uid = $1 AND d.id = $2",
        )
        .bind(layer_uid)
        .bind(document.as_str())
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| Error::Absent {
            what: "text layer",
            id: layer_uid.to_string(),
        })?;
        let number = u32::try_from(row.int("number")?).unwrap_or(0);
        let held = hold_page(&mut change, asker, document, number).await?;
        if row.flag("chosen")? {
            return Ok(());
        }
        let state = if row.flag("blank")? {
            PageState::Blank
        } else {
            PageState::Read
        };
        let shown = Shown {
            frame: frame(&row)?,
            state,
            regions: regions_from(&row.text("unread_regions")?)?,
            confidence: row.real("confidence")?,
        };
        sqlx::query("UPDATE text_layers SET chosen = 0 WHERE page_uid = $1 AND chosen = 1")
            .bind(held.page.uid)
            .execute(change.connection())
            .await?;
        sqlx::query("UPDATE text_layers SET chosen = 1 WHERE uid = $1")
            .bind(layer_uid)
            .execute(change.connection())
            .await?;
        follow_layer(&mut change, held.document_uid, &held.page, shown).await?;
        change.touch(Subject::Document, held.document_uid);
        change.event(
            EventDraft::new("page.layer_chosen", "document", document.as_str()).detail(format!(
                "page={number} layer={layer_uid} engine={} {}",
                row.text("engine")?,
                row.text("engine_version")?
            )),
        );
        change.commit().await
    }
}

/// How a page is shown with a layer.
pub(crate) struct Shown {
    pub frame: PageFrame,
    pub state: PageState,
    pub regions: Vec<UnreadRegion>,
    pub confidence: f64,
}

/// Turns the page to the frame of its new current layer and says of it what that reading said, less what people have
/// typed meanwhile. It asks again for a look.
pub(crate) async fn follow_layer(change: &mut Change, document_uid: i64, page: &Page, shown: Shown) -> Result<()> {
    let typed = corrections_of(change.connection(), &[page.uid]).await?;
    let typed = typed.get(&page.uid).map_or(&[][..], Vec::as_slice);
    let state = match shown.state {
        PageState::Blank if !typed.is_empty() => PageState::Read,
        state => state,
    };
    let regions = uncorrected(shown.regions, state, shown.frame, typed);
    let reading = Reading::of(state, &regions, Some(shown.confidence));
    sqlx::query(
        "UPDATE pages SET turn = $1, width = $2, height = $3, state = $4, failure = '', unread_regions = $5, reading = $6, \
         seen_by = '', seen_at = NULL WHERE uid = $7",
    )
    .bind(i64::from(shown.frame.turn))
    .bind(i64::from(shown.frame.width))
    .bind(i64::from(shown.frame.height))
    .bind(state.as_str())
    .bind(regions_text(&regions))
    .bind(i64::from(reading.bits()))
    .bind(page.uid)
    .execute(change.connection())
    .await?;
    if page.frame() != shown.frame {
        carry_facts(change, document_uid, page, shown.frame).await?;
    }
    Ok(())
}

/// Boxes of facts lie where the page lies.
async fn carry_facts(change: &mut Change, document_uid: i64, page: &Page, to: PageFrame) -> Result<()> {
    let rows = sqlx::query("SELECT uid, x, y, w, h FROM facts WHERE document_uid = $1 AND page_number = $2")
        .bind(document_uid)
        .bind(i64::from(page.number))
        .fetch_all(change.connection())
        .await?;
    for row in &rows {
        let small = |column| Ok::<_, Error>(u32::try_from(row.int(column)?).unwrap_or(0));
        let area = Area {
            x: small("x")?,
            y: small("y")?,
            w: small("w")?,
            h: small("h")?,
        };
        let area = page.frame().carry(area, to);
        sqlx::query("UPDATE facts SET x = $1, y = $2, w = $3, h = $4 WHERE uid = $5")
            .bind(i64::from(area.x))
            .bind(i64::from(area.y))
            .bind(i64::from(area.w))
            .bind(i64::from(area.h))
            .bind(row.int("uid")?)
            .execute(change.connection())
            .await?;
    }
    Ok(())
}

/// Regions that nobody has typed over. On a page that failed, what was typed is all there is.
fn uncorrected(
    mut regions: Vec<UnreadRegion>,
    state: PageState,
    frame: PageFrame,
    typed: &[Correction],
) -> Vec<UnreadRegion> {
    if state == PageState::Failed {
        return Vec::new();
    }
    let square = |area: Area| u64::from(area.w) * u64::from(area.h);
    let shared = |a: Area, b: Area| {
        let w = (a.x + a.w).min(b.x + b.w).saturating_sub(a.x.max(b.x));
        let h = (a.y + a.h).min(b.y + b.h).saturating_sub(a.y.max(b.y));
        u64::from(w) * u64::from(h)
    };
    let places: Vec<Area> = typed.iter().map(|one| one.frame.carry(one.area, frame)).collect();
    regions.retain(|region| {
        !places
            .iter()
            .any(|place| 2 * shared(*place, region.area) >= square(region.area).max(1))
    });
    regions
}

struct HeldPage {
    document_uid: i64,
    page: Page,
}

/// Locks the document of a page that the asker may see.
async fn hold_page(change: &mut Change, asker: &Asker, document: &DocumentId, number: u32) -> Result<HeldPage> {
    let lock = if change.dialect.for_update().is_empty() {
        ""
    } else {
        " FOR UPDATE OF d"
    };
    let statement = format!(
        "SELECT {}, d.uid AS document_uid FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
         JOIN pages p ON p.document_uid = d.uid JOIN scans s ON s.uid = p.scan_uid \
         WHERE {SEEN} AND d.id = $5 AND p.number = $6 AND p.withdrawn = 0{lock}",
        crate::pages::sql::PAGE
    );
    let row = bind_sight(sqlx::query(composed(statement)), asker, change.at)
        .bind(document.as_str())
        .bind(i64::from(number))
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| Error::Absent {
            what: "page",
            id: format!("{document}/{number}"),
        })?;
    Ok(HeldPage {
        document_uid: row.int("document_uid")?,
        page: page(&row)?,
    })
}

struct CurrentLayer {
    uid: i64,
    frame: PageFrame,
    confidence: f64,
    corrections: Vec<Correction>,
    /// With the corrections so far.
    text: TextLayer,
}

/// The current text of a page. A page without any gets an empty one of the engine `person`, so that what is typed has
/// something to stand on.
async fn current_layer(change: &mut Change, page: &Page) -> Result<CurrentLayer> {
    let corrections = corrections_of(change.connection(), &[page.uid])
        .await?
        .remove(&page.uid)
        .unwrap_or_default();
    let row = sqlx::query(
        "SELECT uid, confidence, content, turn, width, height FROM text_layers WHERE page_uid = $1 AND chosen = 1",
    )
    .bind(page.uid)
    .fetch_optional(change.connection())
    .await?;
    let Some(row) = row else {
        let at = change.at.micros();
        let row = sqlx::query(
            "INSERT INTO text_layers (page_uid, engine, engine_version, parameters, chosen, confidence, characters, content, created_at, \
             turn, width, height, blank, unread_regions) VALUES ($1, 'person', '', '', 1, 1.0, 0, $2, $3, $4, $5, $6, 0, '[]') RETURNING uid",
        )
        .bind(page.uid)
        .bind(TextLayer::default().encode())
        .bind(at)
        .bind(i64::from(page.turn))
        .bind(i64::from(page.width))
        .bind(i64::from(page.height))
        .fetch_one(change.connection())
        .await?;
        return Ok(CurrentLayer {
            uid: row.int("uid")?,
            frame: page.frame(),
            confidence: 1.0,
            corrections,
            text: TextLayer::default(),
        });
    };
    let frame = frame(&row)?;
    Ok(CurrentLayer {
        uid: row.int("uid")?,
        frame,
        confidence: row.real("confidence")?,
        text: TextLayer::decode(&row.bytes("content")?)?.corrected(frame, &corrections),
        corrections,
    })
}

fn typed(text: &str) -> Result<String> {
    let text: String = fold::storable(text.trim())
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().count() > CORRECTION_CHARACTERS_MAX {
        return Err(Error::invalid(
            "text",
            format!("{} characters", text.chars().count()),
            format!("a correction has at most {CORRECTION_CHARACTERS_MAX}; write it in parts"),
        ));
    }
    Ok(text)
}

pub(crate) fn words(reading: Reading) -> String {
    let words: Vec<_> = reading.flags().map(ReadingFlag::as_str).collect();
    words.join(",")
}
