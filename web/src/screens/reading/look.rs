//! One page that asks: its image, its text to be typed over, the texts it has.

use super::{Ways, look_url, percent, reasons, ways};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        images,
        who::Seat,
    },
    screens::{
        parts::{self, Badge, PageMark},
        shell::{Here, Shell, ShellNotice},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use records::{
    Role,
    audit::{AuditAction, AuditObject, EventDraft},
    documents::Document,
    ids::DocumentId,
    pages::{LayerRow, Page, PageText},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "look.html")]
pub struct LookView {
    pub t: Text,
    pub shell: Shell,
    pub title: String,
    pub document_url: String,
    pub page: u32,
    pub of: usize,
    pub width: i64,
    pub height: i64,
    pub image: String,
    pub srcset: String,
    pub regions: Vec<RegionRow>,
    pub reasons: Vec<Badge>,
    pub failure: String,
    /// Who has looked already.
    pub seen: String,
    pub may_write: bool,
    pub base_url: String,
    pub back: String,
    pub lines: Vec<EditLine>,
    pub no_text: bool,
    pub layers: Vec<LayerLine>,
    pub ways: Ways,
    pub reread_url: String,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
    /// The next page that asks.
    pub queue_url: String,
    pub progress: String,
}

#[derive(Debug, Clone)]
pub struct RegionRow {
    pub number: usize,
    pub reason: String,
    pub label: String,
    pub mark: PageMark,
}

#[derive(Debug, Clone)]
pub struct EditLine {
    pub number: usize,
    pub text: String,
    pub unsure: bool,
    pub mark: PageMark,
}

/// One of the texts of a page.
#[derive(Debug, Clone)]
pub struct LayerLine {
    pub engine: String,
    pub version: String,
    pub parameters: String,
    /// Mean confidence and number of characters.
    pub facts: String,
    pub at: String,
    pub chosen: bool,
    pub choose_url: String,
}

/// What the view of a document says of how it was read.
#[derive(Debug, Clone, Default)]
pub struct ReadingBox {
    pub look_url: String,
    /// Pages that were not read well, each with a way to it.
    pub asking: Vec<AskingLink>,
    pub layers: Vec<LayerLine>,
    pub page: u32,
    pub may_write: bool,
    pub reread_url: String,
    pub back: String,
    pub ways: Ways,
    /// Kinds of marks on the pages, for the legend.
    pub legend: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct AskingLink {
    pub url: String,
    pub page: u32,
    pub reasons: Vec<Badge>,
}

#[derive(Debug, Default, Deserialize)]
pub struct LookAddress {
    #[serde(default)]
    flag: String,
    #[serde(default)]
    said: String,
}

/// `GET /documents/{id}/pages/{number}/look`
pub async fn look(
    State(web): State<Web>,
    seat: Seat,
    Path((id, number)): Path<(String, u32)>,
    Query(asked): Query<LookAddress>,
) -> Result<Html<String>> {
    let t = seat.t;
    let found = web.archive.document(&seat.asker, &id).await?;
    let document = found.ok_or(WebError::NotFound)?;
    let id = document.row.id.clone();
    let at = document.pages.iter().position(|page| page.number == number);
    let page = at.and_then(|at| document.pages.get(at)).ok_or(WebError::NotFound)?;
    let viewed = EventDraft::new(AuditAction::PageViewed, AuditObject::Document, id.as_str())
        .detail(format!("page={number} in=reading"));
    web.archive.note_read(&seat.asker, viewed).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let kind = services::kind_name(&kinds, &document.row.kind, t.lang()).to_owned();
    let text = web.archive.page_text(&seat.asker, &id, number).await?;
    let layers = web.archive.page_layers(&seat.asker, &id).await?;
    let may_write = seat.asker.has(Role::Archivist);
    let progress = match may_write {
        true => t.n("look-waiting", web.archive.look_counts(&seat.asker).await?.pages),
        false => String::new(),
    };
    let (image, srcset, _) = images::page_addresses(&id, page);
    let neighbour = |by: isize| {
        let other = at
            .and_then(|at| at.checked_add_signed(by))
            .and_then(|at| document.pages.get(at))?;
        Some(look_url(&id, other.number, &asked.flag))
    };
    let base_url = format!("{}/pages/{number}", address::document(id.as_str()));
    let view = LookView {
        t,
        shell: Shell {
            notice: said(t, &asked.said),
            ..web.shell(&seat, Here("reading")).await?
        },
        title: parts::title_of(t, &document.row, &kind),
        document_url: address::with_query(&address::document(id.as_str()), &[("page", &number.to_string())]),
        page: number,
        of: document.pages.len(),
        width: i64::from(page.width),
        height: i64::from(page.height),
        image,
        srcset,
        regions: regions_of(t, page),
        reasons: reasons(t, page.reading),
        failure: parts::said(t, page.failure.as_ref()),
        seen: page.seen_at.map_or_else(String::new, |at| {
            t.fill("look-seen-by", &[("who", &page.seen_by), ("at", &web.local(at))])
        }),
        may_write,
        back: look_url(&id, number, &asked.flag),
        no_text: text.is_none(),
        lines: text.map(edit_lines).unwrap_or_default(),
        layers: layer_lines(&web, t, &id, number, &layers),
        ways: ways(t, web.config.second_opinion),
        reread_url: format!("{}/reread", address::document(id.as_str())),
        previous_url: neighbour(-1),
        next_url: neighbour(1),
        queue_url: address::with_query(
            "/reading/next",
            &[("flag", &asked.flag), ("after", &page.uid.to_string())],
        ),
        progress,
        base_url,
    };
    Ok(Html(view.render()?))
}

fn said(t: Text, said: &str) -> Option<ShellNotice> {
    let key = match said {
        "corrected" => "look-said-corrected",
        "chosen" => "look-said-chosen",
        "ordered" => "reread-said-ordered",
        _ => return None,
    };
    Some(ShellNotice {
        tone: "good",
        text: t.say(key),
    })
}

fn edit_lines(text: PageText) -> Vec<EditLine> {
    let lines = text.layer.lines.into_iter().enumerate();
    lines
        .map(|(at, line)| EditLine {
            number: at,
            unsure: f64::from(line.confidence) < records::pages::CONFIDENCE_LOW,
            mark: parts::marks(&at.to_string(), &[line.area]).remove(0),
            text: line.text,
        })
        .collect()
}

fn regions_of(t: Text, page: &Page) -> Vec<RegionRow> {
    page.unread_regions
        .iter()
        .enumerate()
        .map(|(at, region)| RegionRow {
            number: at,
            label: t.word("reading", &region.reason),
            mark: parts::marks(&region.reason, &[region.area]).remove(0),
            reason: region.reason.clone(),
        })
        .collect()
}

fn layer_lines(web: &Web, t: Text, id: &DocumentId, number: u32, layers: &[LayerRow]) -> Vec<LayerLine> {
    layers
        .iter()
        .filter(|layer| layer.page_number == number)
        .map(|layer| LayerLine {
            engine: t.word("engine", &layer.engine.to_lowercase()),
            version: layer.engine_version.clone(),
            parameters: layer.parameters.clone(),
            facts: t.fill(
                "layer-facts",
                &[
                    ("confidence", &percent(layer.confidence)),
                    ("characters", &layer.characters),
                ],
            ),
            at: web.local(layer.created_at),
            chosen: layer.chosen,
            choose_url: format!("{}/layers/{}", address::document(id.as_str()), layer.uid),
        })
        .collect()
}

/// What the view of a document says of how it was read.
///
/// # Errors
/// When the record does not answer.
pub async fn reading_box(web: &Web, seat: &Seat, document: &Document, page: u32) -> Result<ReadingBox> {
    let t = seat.t;
    let id = &document.row.id;
    let layers = web.archive.page_layers(&seat.asker, id).await?;
    let mut legend: Vec<(String, String)> = Vec::new();
    for region in document.pages.iter().flat_map(|page| &page.unread_regions) {
        let entry = (region.reason.clone(), t.word("reading", &region.reason));
        if !legend.contains(&entry) {
            legend.push(entry);
        }
    }
    let asking = document.pages.iter().filter(|page| !page.reading.is_good());
    Ok(ReadingBox {
        look_url: look_url(id, page, ""),
        asking: asking
            .map(|page| AskingLink {
                url: look_url(id, page.number, ""),
                page: page.number,
                reasons: reasons(t, page.reading),
            })
            .collect(),
        layers: layer_lines(web, t, id, page, &layers),
        page,
        may_write: seat.asker.has(Role::Archivist),
        reread_url: format!("{}/reread", address::document(id.as_str())),
        back: address::with_query(&address::document(id.as_str()), &[("page", &page.to_string())]),
        ways: ways(t, web.config.second_opinion),
        legend,
    })
}
