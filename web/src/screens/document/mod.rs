//! Document: read and trust the page.

mod facts;
mod inside;
mod placements;
mod sample;

pub use facts::ScanRow;
pub use inside::{PageTextView, find, page_text};
pub use placements::PlacementLine;
pub(crate) use placements::placements_of;

use super::{
    correcting::{
        Corrections, corrections_of,
        customer::Relink,
        placing::{self, ProposedLine, PutBack, proposed_of, put_back_of},
    },
    loans,
    named::{NamedBox, named_box},
    parts::{self, Badge, Crumb, EventView, FactView, PageSheet, WhyLinked},
    reading::{ReadingBox, reading_box},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        images,
        who::Seat,
    },
    screens::correcting,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use facts::{facts_of, scan_row, warnings_of, why_linked};
use inside::sheets_of;
use records::{
    Role,
    audit::{AuditAction, AuditEvent, AuditObject, EventDraft},
    documents::{Document, DocumentRow, DocumentState},
    ids::DocumentId,
    places::CodeLookup,
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "documents",
    rail: None,
    routes,
    words: "documents",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/documents/{key}", document)
        .part("/documents/{id}/find", find)
        .form("/documents/{id}/place", placing::place)
        .form("/documents/{id}/place/undo", placing::put_back)
        .form("/documents/{id}/customer", correcting::customer::correct)
        .form("/documents/{id}/seal", correcting::seal)
        .part("/documents/{id}/pages/{number}/text", page_text)
        .part(
            "/documents/{id}/pages/{number}/images/{name}/{width}",
            images::page_image,
        )
        .part("/documents/{id}/scans/{sha256}", images::scan)
}

#[derive(Template)]
#[template(path = "document.html")]
pub struct DocumentView {
    pub t: Text,
    pub shell: Shell,
    /// The hits that led here.
    pub back_url: Option<String>,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub customer: Option<CustomerLink>,
    /// What stands in its place where there is none.
    pub no_customer: String,
    pub location_code: String,
    /// When somebody who counted saw the paper; empty for never.
    pub last_seen: String,
    pub location_url: String,
    pub path: Vec<Crumb>,
    pub container: String,
    pub state: Badge,
    pub sheets: Vec<PageSheet>,
    pub start_page: u32,
    /// Where the viewer asks for words inside this document.
    pub find_url: String,
    pub hit_count: usize,
    pub warnings: Vec<String>,
    pub reading: ReadingBox,
    pub facts: Vec<FactView>,
    pub why_linked: Vec<WhyLinked>,
    pub review_url: Option<String>,
    pub scans: Vec<ScanRow>,
    pub corrections: Option<Corrections>,
    /// Who has the paper, and where it is asked for.
    pub lent: loans::LentPaper,
    /// The form that takes the last move of its paper back, right after it.
    pub put_back: Option<PutBack>,
    /// The form that corrects whose it is, for those who may.
    pub relink: Option<Relink>,
    /// Further customers that it names.
    pub named: NamedBox,
    /// Where the paper was, newest first.
    pub placements: Vec<PlacementLine>,
    /// Places that would take the paper while it is to be shelved.
    pub proposed: Vec<ProposedLine>,
    pub history: Vec<EventView>,
    pub history_open: bool,
}

#[derive(Debug, Clone)]
pub struct CustomerLink {
    pub name: String,
    pub code: String,
    pub url: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct DocumentAddress {
    #[serde(default)]
    page: u32,
    #[serde(default)]
    q: String,
    /// Order of the hits that led here.
    #[serde(default)]
    sort: String,
    /// Why a form of this view did not do what it should.
    #[serde(default)]
    said: String,
    /// What was typed into that form.
    #[serde(default)]
    typed: String,
}

/// Events of the history that one view shows.
const HISTORY_MAX: usize = 30;

/// `GET /documents/{key}`
pub async fn document(
    State(web): State<Web>,
    seat: Seat,
    Path(key): Path<String>,
    Query(asked): Query<DocumentAddress>,
) -> Result<Html<String>> {
    let t = seat.t;
    let document = web
        .archive
        .document(&seat.asker, &key)
        .await?
        .ok_or(WebError::NotFound)?;
    let id = document.row.id.clone();
    web.archive
        .note_read(
            &seat.asker,
            EventDraft::new(AuditAction::DocumentViewed, AuditObject::Document, id.as_str()),
        )
        .await?;
    let kind = services::kind_name(&web.archive.kinds(&seat.asker).await?, &document.row.kind, t.lang()).to_owned();
    let start_page = start_page(&document, asked.page);
    let (sheets, hit_count) = sheets_of(&web, &seat, &document, asked.q.trim(), start_page).await?;
    let query = asked.q.trim();
    let back_url = (!query.is_empty()).then(|| address::with_query("/search", &[("q", query), ("sort", &asked.sort)]));
    let shell = Shell {
        query: query.to_owned(),
        notice: notice_of(t, &asked.said),
        ..web.shell(&seat, Here("search")).await?
    };
    let warnings = warnings_of(t, &document);
    let row = &document.row;
    let view = DocumentView {
        t,
        shell,
        back_url,
        title: parts::title_of(t, row, &kind),
        number: row.number.clone(),
        date: row.date.clone(),
        customer: customer_link(row),
        no_customer: parts::no_customer(t, document.row.link_basis),
        location_url: address::location(&row.place.location_code),
        location_code: row.place.location_code.clone(),
        last_seen: parts::last_seen(&web, &seat, id.as_str()).await?,
        path: path_to(&web, &seat, &row.place.location_code).await?,
        container: row.place.container.clone(),
        state: Badge::of_original(t, row.place.state),
        sheets,
        start_page,
        find_url: format!("{}/find", address::document(id.as_str())),
        hit_count,
        warnings,
        reading: reading_box(&web, &seat, &document, start_page).await?,
        facts: facts_of(&web, &seat, &document, &kind),
        why_linked: why_linked(t, &document),
        review_url: (row.state == DocumentState::InReview && seat.asker.has(Role::Archivist))
            .then(|| format!("/review?after={}", row.uid - 1)),
        scans: document.scans.iter().map(|scan| scan_row(&id, scan)).collect(),
        history: events_of(&web, &seat, &id).await?,
        history_open: false,
        corrections: corrections_of(&web, &seat, &document, &asked.said, &asked.typed).await?,
        lent: loans::lent_of(&web, &seat, row).await?,
        put_back: put_back_of(t, &document, &asked.said),
        relink: relink_of(&web, &seat, &document, &asked).await?,
        named: named_box(&seat, &document, &asked.said, &asked.typed),
        proposed: proposed_of(&web, &seat, &document).await?,
        placements: placements_of(&web, &seat, id.as_str()).await?,
        kind,
    };
    Ok(Html(view.render()?))
}

fn customer_link(row: &DocumentRow) -> Option<CustomerLink> {
    (!row.customer_code.is_empty()).then(|| CustomerLink {
        name: row.customer_name.clone(),
        url: address::customer(&row.customer_code),
        code: row.customer_code.clone(),
    })
}

fn start_page(document: &Document, asked: u32) -> u32 {
    match document.pages.iter().any(|page| page.number == asked) {
        true => asked,
        false => document.pages.first().map_or(1, |page| page.number),
    }
}

async fn relink_of(web: &Web, seat: &Seat, document: &Document, asked: &DocumentAddress) -> Result<Option<Relink>> {
    if !seat.asker.has(Role::Archivist) {
        return Ok(None);
    }
    let proposals = web.archive.proposals(&seat.asker, &document.row.id).await?;
    let (said, typed) = (&asked.said, &asked.typed);
    Ok(correcting::customer::relink(seat.t, document, proposals, said, typed))
}

/// What a form of this view has done.
fn notice_of(t: Text, said: &str) -> Option<ShellNotice> {
    let key = match said {
        "put-back" => "document-put-back",
        "relinked" => "document-relinked",
        "of-nobody" => "document-of-nobody",
        _ => return None,
    };
    Some(ShellNotice {
        tone: "good",
        text: t.say(key),
    })
}

/// The places around the one where the paper lies, from the widest.
async fn path_to(web: &Web, seat: &Seat, location_code: &str) -> Result<Vec<Crumb>> {
    if location_code.is_empty() {
        return Ok(Vec::new());
    }
    Ok(match web.archive.locate(&seat.asker, location_code).await? {
        CodeLookup::Location(place) => parts::crumbs(place.path),
        _ => Vec::new(),
    })
}

async fn events_of(web: &Web, seat: &Seat, id: &DocumentId) -> Result<Vec<EventView>> {
    let events = web.archive.document_history(&seat.asker, id, HISTORY_MAX).await?;
    let view = |event: AuditEvent| EventView {
        at: web.local(event.at).get(..10).unwrap_or_default().to_owned(),
        at_full: web.local(event.at),
        text: seat.t.word("event", &event.action),
        who: event.actor,
    };
    Ok(events.into_iter().map(view).collect())
}
