//! Writing pages and their texts. Nobody else writes `pages`, `text_layers` and `text_corrections`.

use super::{
    facts,
    read::{PAGE, corrections_of, frame, page, regions_text},
};
use crate::{
    Moment, RefusedBecause, Result,
    pages::{Area, Correction, NewPage, NewTextLayer, Page, PageFrame, PageState, Reading, TextLayer, UnreadRegion},
    store::sql::{Change, Columns, composed},
};
use vocabulary::detail::Detail;

/// Writes the pages of a new document; `scans` are the uids of the deposit's scans.
pub(crate) async fn insert(change: &mut Change, document_uid: i64, scans: &[i64], pages: &[NewPage]) -> Result<()> {
    for (at, page) in pages.iter().enumerate() {
        let scan = scans
            .get(page.scan)
            .copied()
            .ok_or_else(|| RefusedBecause::ScanOfPageMissing { page: at + 1 })?;
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
        insert_layers(change, row.of("pages").int("uid")?, page).await?;
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
        // Text from the file has the orientation of the file.
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

/// How a page is shown with a layer.
pub(crate) struct PageAppearance {
    pub frame: PageFrame,
    pub state: PageState,
    pub regions: Vec<UnreadRegion>,
    pub confidence: f64,
}

/// Turns the page to the frame of its new current layer and takes over state and unread regions of that reading,
/// except where people have typed a correction. The page is to be checked again.
pub(crate) async fn follow_layer(
    change: &mut Change,
    document_uid: i64,
    page: &Page,
    shown: PageAppearance,
) -> Result<()> {
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
        facts::carry(change, document_uid, page, shown.frame).await?;
    }
    Ok(())
}

/// Regions without a correction. On a failed page the corrections are the only text.
pub(crate) fn uncorrected(
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

/// What became of a page.
pub(crate) enum Put {
    Gone,
    Same(u32),
    Other(u32),
    Failed(u32),
}

pub(crate) async fn put_again(change: &mut Change, document_uid: i64, page_uid: i64, new: &NewPage) -> Result<Put> {
    let statement = format!(
        "SELECT {PAGE} FROM pages p JOIN scans s ON s.uid = p.scan_uid WHERE p.uid = $1 AND p.document_uid = $2 AND p.withdrawn = 0"
    );
    let row = sqlx::query(composed(statement))
        .bind(page_uid)
        .bind(document_uid)
        .fetch_optional(change.connection())
        .await?;
    let Some(row) = row else { return Ok(Put::Gone) };
    let before = page(&row)?;
    if new.state == PageState::Failed {
        // The existing text stays current; a page without one records why it failed this time.
        if before.state == PageState::Failed {
            sqlx::query("UPDATE pages SET failure = $1, seen_by = '', seen_at = NULL WHERE uid = $2")
                .bind(Detail::store(new.failure.as_ref()))
                .bind(before.uid)
                .execute(change.connection())
                .await?;
        }
        return Ok(Put::Failed(before.number));
    }
    if is_the_same(change, &before, new).await? {
        return Ok(Put::Same(before.number));
    }
    retire_current(change, before.uid).await?;
    insert_layers(change, before.uid, new).await?;
    let shown = PageAppearance {
        frame: PageFrame {
            turn: new.turn,
            width: new.width,
            height: new.height,
        },
        state: new.state,
        regions: new.unread_regions.clone(),
        confidence: new.text.as_ref().map_or(1.0, |text| text.confidence),
    };
    follow_layer(change, document_uid, &before, shown).await?;
    Ok(Put::Other(before.number))
}

/// Whether the current text came from the same engine in the same way and says the same: then there is nothing new.
async fn is_the_same(change: &mut Change, before: &Page, new: &NewPage) -> Result<bool> {
    let Some(text) = &new.text else {
        return Ok(false);
    };
    let row = sqlx::query(
        "SELECT engine, engine_version, parameters, content, turn, width, height FROM text_layers WHERE page_uid = $1 AND chosen = 1",
    )
    .bind(before.uid)
    .fetch_optional(change.connection())
    .await?;
    let Some(row) = row else { return Ok(false) };
    let row = row.of("text_layers");
    let turned = PageFrame {
        turn: new.turn,
        width: new.width,
        height: new.height,
    };
    Ok(row.text("engine")? == text.engine
        && row.text("engine_version")? == text.engine_version
        && row.text("parameters")? == text.parameters
        && frame(&row)? == turned
        && row.bytes("content")? == text.layer.encode())
}

/// Makes another text of a page the current one.
pub(crate) async fn choose(
    change: &mut Change,
    document_uid: i64,
    page: &Page,
    layer_uid: i64,
    shown: PageAppearance,
) -> Result<()> {
    retire_current(change, page.uid).await?;
    sqlx::query("UPDATE text_layers SET chosen = 1 WHERE uid = $1")
        .bind(layer_uid)
        .execute(change.connection())
        .await?;
    follow_layer(change, document_uid, page, shown).await
}

async fn retire_current(change: &mut Change, page_uid: i64) -> Result<()> {
    sqlx::query("UPDATE text_layers SET chosen = 0 WHERE page_uid = $1 AND chosen = 1")
        .bind(page_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}

/// Marks a page as reviewed.
pub(crate) async fn look(change: &mut Change, page_uid: i64) -> Result<()> {
    let (at, actor) = (change.at.micros(), change.actor.clone());
    sqlx::query("UPDATE pages SET seen_by = $1, seen_at = $2 WHERE uid = $3")
        .bind(actor)
        .bind(at)
        .bind(page_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}

/// Gives a page without any text an empty one of the engine `person`, so that corrections have a layer to belong to.
pub(crate) async fn begin_typed_layer(change: &mut Change, page: &Page) -> Result<i64> {
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
    row.of("text_layers").int("uid")
}

/// What a person typed for a place on a page.
pub(crate) struct TypedText {
    pub area: Area,
    /// The line that it replaces, counted from 0.
    pub line: Option<usize>,
    pub former: String,
    pub text: String,
}

/// Writes what a person typed over the layer it was typed on, and answers it as a correction.
pub(crate) async fn put_typed(
    change: &mut Change,
    page_uid: i64,
    layer_uid: i64,
    frame: PageFrame,
    typed: TypedText,
) -> Result<Correction> {
    let (at, actor): (Moment, _) = (change.at, change.actor.clone());
    sqlx::query(
        "INSERT INTO text_corrections (page_uid, layer_uid, line, text, by_name, at, former, x, y, w, h, turn, width, height) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(page_uid)
    .bind(layer_uid)
    .bind(typed.line.and_then(|line| i64::try_from(line).ok()).unwrap_or(-1))
    .bind(&typed.text)
    .bind(&actor)
    .bind(at.micros())
    .bind(&typed.former)
    .bind(i64::from(typed.area.x))
    .bind(i64::from(typed.area.y))
    .bind(i64::from(typed.area.w))
    .bind(i64::from(typed.area.h))
    .bind(i64::from(frame.turn))
    .bind(i64::from(frame.width))
    .bind(i64::from(frame.height))
    .execute(change.connection())
    .await?;
    Ok(Correction {
        area: typed.area,
        frame,
        text: typed.text,
        former: typed.former,
        by_name: actor,
        at,
    })
}

/// Updates the unread regions of a page after a correction.
pub(crate) async fn set_reading(
    change: &mut Change,
    page_uid: i64,
    state: PageState,
    regions: &[UnreadRegion],
    confidence: f64,
) -> Result<()> {
    let reading = Reading::of(state, regions, Some(confidence));
    sqlx::query("UPDATE pages SET unread_regions = $1, reading = $2, state = $3 WHERE uid = $4")
        .bind(regions_text(regions))
        .bind(i64::from(reading.bits()))
        .bind(state.as_str())
        .bind(page_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}
