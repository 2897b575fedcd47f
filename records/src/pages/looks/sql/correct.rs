//! Reviewing a page: no changes, a correction, or another text as the current one.

use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing,
    changes::ChangeSubject,
    fold,
    ids::DocumentId,
    pages::{
        Area, Correction, Page, PageFrame, PageState, Reading, ReadingFlag, TextLayer,
        looks::{CORRECTION_CHARACTERS_MAX, CorrectionTarget},
        sql::{
            read::{PAGE, corrections_of, frame, page, regions_of},
            write::{self, PageAppearance, TypedText, uncorrected},
        },
    },
    permission::sql::Visible,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::both;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Marks a page as reviewed without changes, which removes it from the list. Unread regions stay marked.
    pub async fn page_seen(&self, asker: &Asker, document: &DocumentId, number: u32) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold_page(&mut change, asker, document, number).await?;
        write::look(&mut change, held.page.uid).await?;
        change.event(
            EventDraft::new(AuditAction::PageSeen, AuditObject::Document, document.as_str())
                .detail(format!("page={number} reading={}", words(held.page.reading))),
        );
        change.commit().await
    }

    /// Stores a correction for a place on the page. It is kept beside the recognised text and overrides it, also
    /// after further readings.
    ///
    /// # Errors
    /// [`Error::Refused`] when the place does not read as the person saw it.
    pub async fn page_correct(
        &self,
        asker: &Asker,
        document: &DocumentId,
        number: u32,
        place: &CorrectionTarget,
        text: &str,
    ) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let text = typed(text)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold_page(&mut change, asker, document, number).await?;
        let uid = held.page.uid;
        let mut current = current_layer(&mut change, &held.page).await?;
        let (area, former) = place_on(&held.page, &current, number, place)?;
        let typed = TypedText {
            area,
            line: match place {
                CorrectionTarget::Line { line, .. } => Some(*line),
                CorrectionTarget::Region(_) | CorrectionTarget::Page => None,
            },
            former,
            text,
        };
        let correction = write::put_typed(&mut change, uid, current.uid, current.frame, typed).await?;
        current.corrections.push(correction);
        // A corrected place no longer counts as unread.
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
        write::set_reading(&mut change, uid, state, &regions, current.confidence).await?;
        change.touch(ChangeSubject::Document, held.document_uid);
        change.event(
            EventDraft::new(AuditAction::PageCorrected, AuditObject::Document, document.as_str()).detail(match place {
                CorrectionTarget::Line { line, .. } => format!("page={number} line={}", line + 1),
                CorrectionTarget::Region(at) => format!("page={number} region={}", at + 1),
                CorrectionTarget::Page => format!("page={number}"),
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
            what: Thing::TextLayer,
            id: layer_uid.to_string(),
        })?;
        let row = row.of("text_layers");
        let number = row.number::<u32>("number")?;
        let held = hold_page(&mut change, asker, document, number).await?;
        if row.flag("chosen")? {
            return Ok(());
        }
        let state = if row.flag("blank")? {
            PageState::Blank
        } else {
            PageState::Read
        };
        let shown = PageAppearance {
            frame: frame(&row)?,
            state,
            regions: regions_of(&row)?,
            confidence: row.real("confidence")?,
        };
        write::choose(&mut change, held.document_uid, &held.page, layer_uid, shown).await?;
        change.touch(ChangeSubject::Document, held.document_uid);
        change.event(
            EventDraft::new(AuditAction::PageLayerChosen, AuditObject::Document, document.as_str()).detail(format!(
                "page={number} layer={layer_uid} engine={} {}",
                row.text("engine")?,
                row.text("engine_version")?
            )),
        );
        change.commit().await
    }
}

/// The place of a correction and its current text.
fn place_on(page: &Page, current: &CurrentLayer, number: u32, place: &CorrectionTarget) -> Result<(Area, String)> {
    match place {
        CorrectionTarget::Line { line, former } => match current.text.lines.get(*line) {
            Some(found) if found.text == *former => Ok((found.area, found.text.clone())),
            _ => Err(RefusedBecause::LineChanged {
                line: line + 1,
                page: number,
            }
            .into()),
        },
        CorrectionTarget::Region(at) => match page.unread_regions.get(*at) {
            Some(region) => Ok((region.area, String::new())),
            None => Err(Error::Absent {
                what: Thing::UnreadRegion,
                id: (at + 1).to_string(),
            }),
        },
        CorrectionTarget::Page => {
            let whole = Area {
                x: 0,
                y: 0,
                w: page.width,
                h: page.height,
            };
            Ok((whole, String::new()))
        }
    }
}

struct HeldPage {
    document_uid: i64,
    page: Page,
}

/// Locks the document of a page that the asker may see.
async fn hold_page(change: &mut Change, asker: &Asker, document: &DocumentId, number: u32) -> Result<HeldPage> {
    let row = Visible::documents(asker, change.at)
        .columns(format!("{PAGE}, d.uid AS document_uid"))
        .join("JOIN pages p ON p.document_uid = d.uid JOIN scans s ON s.uid = p.scan_uid")
        .and(
            "d.id = ? AND p.number = ? AND p.withdrawn = 0",
            [document.as_str().into(), number.into()],
        )
        .locked(change.dialect)
        .held(change.connection())
        .await?
        .ok_or_else(|| Error::Absent {
            what: Thing::Page,
            id: format!("{document}/{number}"),
        })?;
    Ok(HeldPage {
        document_uid: row.of("pages").int("document_uid")?,
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

/// The current text of a page. A page without any gets an empty one of the engine `person`, so that corrections have
/// a layer to belong to.
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
        return Ok(CurrentLayer {
            uid: write::begin_typed_layer(change, page).await?,
            frame: page.frame(),
            confidence: 1.0,
            corrections,
            text: TextLayer::default(),
        });
    };
    let row = row.of("text_layers");
    let frame = frame(&row)?;
    Ok(CurrentLayer {
        uid: row.int("uid")?,
        frame,
        confidence: row.real("confidence")?,
        text: row
            .named(TextLayer::decode(&row.bytes("content")?))?
            .corrected(frame, &corrections),
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
            Field::Text,
            format!("{} characters", text.chars().count()),
            both!(
                "a correction has at most {CORRECTION_CHARACTERS_MAX}; write it in parts",
                "一处更正最多 {CORRECTION_CHARACTERS_MAX} 个字符；请分开写"
            ),
        ));
    }
    Ok(text)
}

pub(crate) fn words(reading: Reading) -> String {
    let words: Vec<_> = reading.flags().map(ReadingFlag::as_str).collect();
    words.join(",")
}
