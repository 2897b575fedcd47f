//! Reading: the pages that ask for a look, one after the other; what was read, what people typed over it, and reading
//! again. Nobody needs to look at any other page.

use super::{
    parts::{self, Badge, Choice, Figure, Mark},
    shell::{Here, Notice, Shell},
};
use crate::{
    address, answers,
    error::{Result, WebError},
    images,
    state::Web,
    text::Text,
    who::{Fields, Posted, Seat},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use records::{
    Asker, Role,
    audit::EventDraft,
    documents::Document,
    ids::{DocumentId, RereadId},
    looks::{AskingPage, Place},
    pages::{LayerRow, Page, PageState, Reading, ReadingFlag},
    rereads::{RereadOrder, RereadScope, RereadSettings},
};
use serde::Deserialize;

/// Pages of one window of the list.
const PAGES_SHOWN: usize = 40;
/// Orders shown, newest first, and failures named for each.
const ORDERS_SHOWN: usize = 12;
const FAILURES_SHOWN: usize = 5;
/// The confidence that is offered.
const BELOW_OFFERED: &str = "0.85";

#[derive(Template)]
#[template(path = "reading.html")]
pub struct ReadingView {
    pub t: Text,
    pub shell: Shell,
    pub total: u64,
    pub figures: Vec<Figure>,
    pub chosen: String,
    pub start_url: Option<String>,
    pub pages: Vec<AskingRow>,
    pub next_window: Option<String>,
    pub below: BelowForm,
    pub orders: Vec<OrderRow>,
    /// Some order is not done: the list is fetched again until it is.
    pub running: bool,
}

/// A page that asks for a look.
#[derive(Debug, Clone)]
pub struct AskingRow {
    pub url: String,
    pub image: String,
    pub title: String,
    pub customer: String,
    pub page: u32,
    pub reasons: Vec<Badge>,
    pub confidence: String,
}

/// Everything below a confidence: how much that is, and the button.
#[derive(Debug, Clone, Default)]
pub struct BelowForm {
    pub value: String,
    pub found: String,
    pub fault: String,
    pub may_start: bool,
    pub ways: Ways,
}

/// In which other way to read.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    pub turns: Vec<Choice>,
}

#[derive(Debug, Clone)]
pub struct OrderRow {
    pub what: String,
    pub url: String,
    pub ways: String,
    pub by: String,
    pub at: String,
    pub done: u64,
    pub documents: u64,
    pub progress: String,
    pub outcome: String,
    pub cancel_url: Option<String>,
    pub state: Badge,
    pub failures: Vec<FailureRow>,
}

#[derive(Debug, Clone)]
pub struct FailureRow {
    pub url: String,
    pub title: String,
    pub reason: String,
}

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
    pub mark: Mark,
}

#[derive(Debug, Clone)]
pub struct EditLine {
    pub number: usize,
    pub text: String,
    pub unsure: bool,
    pub mark: Mark,
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
pub struct ReadingAddress {
    #[serde(default)]
    flag: String,
    #[serde(default)]
    after: i64,
    /// Counts what is below this confidence.
    #[serde(default)]
    below: String,
    #[serde(default)]
    said: String,
}

/// `GET /reading`
pub async fn reading(State(web): State<Web>, seat: Seat, Query(asked): Query<ReadingAddress>) -> Result<Html<String>> {
    let t = seat.t;
    let flag = ReadingFlag::parse(&asked.flag);
    let counts = web.archive.look_counts(&seat.asker).await?;
    let mut pages = web
        .archive
        .pages_asking(&seat.asker, flag, asked.after, PAGES_SHOWN + 1)
        .await?;
    let next_window = (pages.len() > PAGES_SHOWN).then(|| {
        pages.truncate(PAGES_SHOWN);
        let last = pages.last().map_or(0, |page| page.page.uid);
        address::with_query("/reading", &[("flag", &asked.flag), ("after", &last.to_string())])
    });
    let kinds = web.archive.kinds(&seat.asker).await?;
    let rows: Vec<AskingRow> = pages
        .into_iter()
        .map(|asking| {
            let kind = answers::kind_name(&kinds, &asking.document.kind, t.lang()).to_owned();
            asking_row(t, asking, &kind, &asked.flag)
        })
        .collect();
    let figures = counts
        .by_flag
        .iter()
        .map(|(flag, count)| Figure {
            url: address::with_query("/reading", &[("flag", flag.as_str())]),
            label: t.word("reading", flag.as_str()),
            count: parts::count(*count),
            tone: if *count > 0 { "warn" } else { "" },
        })
        .collect();
    let mut orders = Vec::new();
    for order in web.archive.rereads(&seat.asker, ORDERS_SHOWN).await? {
        orders.push(order_row(&web, &seat, order).await?);
    }
    let mut shell = web.shell(&seat, Here::Reading).await?;
    let said = match asked.said.as_str() {
        "ordered" => Some("reread-said-ordered"),
        "cancelled" => Some("reread-said-cancelled"),
        _ => None,
    };
    shell.notice = said.map(|key| Notice {
        tone: "good",
        text: t.say(key),
    });
    let view = ReadingView {
        t,
        shell,
        total: parts::count(counts.pages),
        figures,
        start_url: rows.first().map(|row| row.url.clone()),
        chosen: flag.map(|flag| t.word("reading", flag.as_str())).unwrap_or_default(),
        pages: rows,
        next_window,
        below: below(&web, &seat, &asked.below).await?,
        running: orders.iter().any(|order| order.cancel_url.is_some()),
        orders,
    };
    Ok(Html(view.render()?))
}

fn asking_row(t: Text, asking: AskingPage, kind: &str, flag: &str) -> AskingRow {
    let AskingPage {
        document,
        page,
        confidence,
    } = asking;
    AskingRow {
        url: look_url(&document.id, page.number, flag),
        image: images::page_address(&document.id, &page, images::PREVIEW),
        title: parts::title_of(t, &document, kind),
        customer: document.customer_name,
        page: page.number,
        reasons: reasons(t, page.reading),
        confidence: confidence.map(percent).unwrap_or_default(),
    }
}

fn look_url(id: &DocumentId, page: u32, flag: &str) -> String {
    let path = format!("{}/pages/{page}/look", address::document(id.as_str()));
    address::with_query(&path, &[("flag", flag)])
}

/// Why a page asks, as badges; the word carries the meaning.
pub fn reasons(t: Text, reading: Reading) -> Vec<Badge> {
    reading
        .flags()
        .map(|flag| {
            let tone = if flag == ReadingFlag::Failed { "bad" } else { "warn" };
            Badge::new(tone, t.word("reading", flag.as_str()))
        })
        .collect()
}

fn percent(confidence: f64) -> String {
    format!("{:.1} %", confidence * 100.0)
}

async fn below(web: &Web, seat: &Seat, typed: &str) -> Result<BelowForm> {
    let t = seat.t;
    let mut form = BelowForm {
        value: if typed.is_empty() { BELOW_OFFERED } else { typed }.to_owned(),
        ways: ways(t),
        ..BelowForm::default()
    };
    if typed.is_empty() {
        return Ok(form);
    }
    match confidence(typed) {
        None => form.fault = t.say("reread-below-wrong"),
        Some(confidence) => {
            let (documents, pages) = web.archive.reread_count_below(&seat.asker, confidence).await?;
            form.found = t.fill("reread-below-found", &[("documents", &documents), ("pages", &pages)]);
            form.may_start = pages > 0;
        }
    }
    Ok(form)
}

/// `0.85`, or as people also write it, `85` or `85%`.
fn confidence(typed: &str) -> Option<f64> {
    let plain = typed.trim().trim_end_matches(['%', '％']).trim();
    let value: f64 = plain.parse().ok()?;
    let value = if value > 1.0 { value / 100.0 } else { value };
    (0.0..=1.0).contains(&value).then_some(value)
}

/// The ways that are offered.
pub fn ways(t: Text) -> Ways {
    let turn = |value: &str| Choice {
        value: value.to_owned(),
        label: match value {
            "" => t.say("reread-turn-found"),
            degrees => t.with("reread-turn-by", "degrees", degrees),
        },
        chosen: value.is_empty(),
    };
    Ways {
        turns: ["", "0", "90", "180", "270"].map(turn).into(),
    }
}

async fn order_row(web: &Web, seat: &Seat, order: RereadOrder) -> Result<OrderRow> {
    let t = seat.t;
    let failures = match order.failed > 0 || order.pages_failed > 0 || order.waiting > 0 {
        true => {
            web.archive
                .reread_failures(&seat.asker, &order.id, FAILURES_SHOWN)
                .await?
        }
        false => Vec::new(),
    };
    let open = order.is_open();
    let cancelled = order.cancelled_at.is_some();
    let (tone, key) = match (open, cancelled, order.failed) {
        (_, true, _) => ("", "reread-state-cancelled"),
        (true, ..) => ("cool", "reread-state-running"),
        (false, _, 0) => ("good", "reread-state-done"),
        (false, ..) => ("bad", "reread-state-failed"),
    };
    let done = order.documents() - order.waiting - order.working;
    let single = order.scope == "documents" && DocumentId::parse(&order.scope_name).is_ok();
    Ok(OrderRow {
        what: match order.scope.as_str() {
            "documents" if single => t.say("reread-scope-document"),
            scope => t.with(&format!("reread-scope-{scope}"), "name", &order.scope_name),
        },
        url: match single {
            true => address::document(&order.scope_name),
            false => String::new(),
        },
        ways: settings_text(t, &order.settings),
        by: order.by_name.clone(),
        at: web.local(order.created_at),
        done: parts::count(done),
        documents: parts::count(order.documents()),
        progress: t.fill("reread-progress", &[("done", &done), ("documents", &order.documents())]),
        outcome: t.fill(
            "reread-outcome",
            &[
                ("pages", &order.pages),
                ("changed", &order.pages_changed),
                ("failed", &(order.pages_failed + order.failed)),
            ],
        ),
        cancel_url: (open && !cancelled).then(|| format!("/rereads/{}/cancel", address::encode(order.id.as_str()))),
        state: Badge::new(tone, t.say(key)),
        failures: failures
            .into_iter()
            .map(|failure| FailureRow {
                url: address::document(failure.document_id.as_str()),
                title: failure.title,
                reason: failure.reason,
            })
            .collect(),
    })
}

fn settings_text(t: Text, settings: &RereadSettings) -> String {
    let mut words = Vec::new();
    if settings.force_ocr {
        words.push(t.say("reread-force-ocr"));
    }
    if let Some(turn) = settings.turn {
        words.push(t.with("reread-turn-by", "degrees", turn));
    }
    if settings.fine {
        words.push(t.say("reread-fine"));
    }
    words.join(&t.say("list-separator"))
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
    let document = web
        .archive
        .document(&seat.asker, &id)
        .await?
        .ok_or(WebError::NotFound)?;
    let id = document.row.id.clone();
    let at = document.pages.iter().position(|page| page.number == number);
    let page = at.and_then(|at| document.pages.get(at)).ok_or(WebError::NotFound)?;
    let viewed = EventDraft::new("page.viewed", "document", id.as_str()).detail(format!("page={number} in=reading"));
    web.archive.note_read(&seat.asker, viewed).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let kind = answers::kind_name(&kinds, &document.row.kind, t.lang()).to_owned();
    let text = web.archive.page_text(&seat.asker, &id, number).await?;
    let layers = web.archive.page_layers(&seat.asker, &id).await?;
    let may_write = seat.asker.has(Role::Archivist);
    let counts = match may_write {
        true => Some(web.archive.look_counts(&seat.asker).await?),
        false => None,
    };
    let (image, srcset, _) = images::page_addresses(&id, page);
    let neighbour = |by: isize| {
        let other = at
            .and_then(|at| at.checked_add_signed(by))
            .and_then(|at| document.pages.get(at))?;
        Some(look_url(&id, other.number, &asked.flag))
    };
    let base_url = format!("{}/pages/{number}", address::document(id.as_str()));
    let no_text = text.is_none();
    let lines = text.map(|text| text.layer.lines).unwrap_or_default();
    let mut shell = web.shell(&seat, Here::Reading).await?;
    let said = match asked.said.as_str() {
        "corrected" => Some("look-said-corrected"),
        "chosen" => Some("look-said-chosen"),
        "ordered" => Some("reread-said-ordered"),
        _ => None,
    };
    shell.notice = said.map(|key| Notice {
        tone: "good",
        text: t.say(key),
    });
    let view = LookView {
        t,
        shell,
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
        failure: page.failure.clone(),
        seen: match page.seen_at {
            Some(at) => t.fill("look-seen-by", &[("who", &page.seen_by), ("at", &web.local(at))]),
            None => String::new(),
        },
        may_write,
        back: look_url(&id, number, &asked.flag),
        lines: lines
            .iter()
            .enumerate()
            .map(|(at, line)| EditLine {
                number: at,
                text: line.text.clone(),
                unsure: f64::from(line.confidence) < records::pages::CONFIDENCE_LOW,
                mark: parts::marks(&at.to_string(), &[line.area]).remove(0),
            })
            .collect(),
        no_text,
        layers: layer_lines(&web, t, &id, number, &layers),
        ways: ways(t),
        reread_url: format!("{}/reread", address::document(id.as_str())),
        previous_url: neighbour(-1),
        next_url: neighbour(1),
        queue_url: address::with_query(
            "/reading/next",
            &[("flag", &asked.flag), ("after", &page.uid.to_string())],
        ),
        progress: counts
            .map(|counts| t.n("look-waiting", counts.pages))
            .unwrap_or_default(),
        base_url,
    };
    Ok(Html(view.render()?))
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
        ways: ways(t),
        legend,
    })
}

#[derive(Debug, Default, Deserialize)]
pub struct NextAddress {
    #[serde(default)]
    flag: String,
    #[serde(default)]
    after: i64,
}

/// `GET /reading/next`: the next page that asks for a look; from the beginning again when there is none after this one.
pub async fn next(State(web): State<Web>, seat: Seat, Query(asked): Query<NextAddress>) -> Result<Redirect> {
    let flag = ReadingFlag::parse(&asked.flag);
    for after in [asked.after, 0] {
        if let Some(found) = web.archive.pages_asking(&seat.asker, flag, after, 1).await?.first() {
            return Ok(Redirect::to(&look_url(
                &found.document.id,
                found.page.number,
                &asked.flag,
            )));
        }
    }
    Ok(Redirect::to("/reading"))
}

/// `POST /documents/{id}/pages/{number}/seen`
pub async fn seen(State(web): State<Web>, Path((id, number)): Path<(String, u32)>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let next = fields.text("next")?;
    fields.done()?;
    web.archive
        .page_seen(&seat.asker, &DocumentId::parse(&id)?, number)
        .await?;
    Ok(Redirect::to(address::own(&next)))
}

/// `POST /documents/{id}/pages/{number}/correct`: a line, a region that was not read, or the whole page.
pub async fn correct(
    State(web): State<Web>,
    Path((id, number)): Path<(String, u32)>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (line, region) = (fields.text("line")?, fields.text("region")?);
    let (former, text, back) = (fields.text("former")?, fields.text("text")?, fields.text("back")?);
    fields.done()?;
    let at = |text: &str| -> Result<usize> { text.parse().map_err(|_| WebError::invalid("line", "is a number")) };
    let place = match (line.as_str(), region.as_str()) {
        ("", "") => Place::Page,
        ("", region) => Place::Region(at(region)?),
        (line, _) => Place::Line {
            line: at(line)?,
            former,
        },
    };
    let id = DocumentId::parse(&id)?;
    web.archive
        .page_correct(&seat.asker, &id, number, &place, &text)
        .await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&said(&back, "corrected")))
}

/// `POST /documents/{id}/layers/{layer}`: this text becomes the current one.
pub async fn choose(
    State(web): State<Web>,
    Path((id, layer)): Path<(String, i64)>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let back = fields.text("back")?;
    fields.done()?;
    web.archive
        .layer_choose(&seat.asker, &DocumentId::parse(&id)?, layer)
        .await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&said(&back, "chosen")))
}

/// `POST /documents/{id}/reread`
pub async fn reread_document(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    fields.text("back")?;
    let settings = settings_of(&mut fields)?;
    fields.done()?;
    order(&web, &seat.asker, &RereadScope::Documents(vec![id]), settings).await?;
    Ok(Redirect::to("/reading?said=ordered"))
}

/// `POST /batches/{id}/reread`
pub async fn reread_batch(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let settings = settings_of(&mut fields)?;
    fields.done()?;
    order(&web, &seat.asker, &RereadScope::Batch(id), settings).await?;
    Ok(Redirect::to("/reading?said=ordered"))
}

/// `POST /reading/below`
pub async fn reread_below(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let typed = fields.text("below")?;
    let settings = settings_of(&mut fields)?;
    fields.done()?;
    let below = confidence(&typed).ok_or_else(|| WebError::invalid("below", "is a number such as 0.85"))?;
    order(&web, &seat.asker, &RereadScope::Below(below), settings).await?;
    Ok(Redirect::to("/reading?said=ordered"))
}

/// `POST /rereads/{id}/cancel`
pub async fn cancel(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.reread_cancel(&seat.asker, &RereadId::parse(&id)?).await?;
    Ok(Redirect::to("/reading?said=cancelled"))
}

async fn order(web: &Web, asker: &Asker, scope: &RereadScope, settings: RereadSettings) -> Result<RereadOrder> {
    Ok(web.archive.reread_order(asker, scope, settings).await?)
}

fn settings_of(fields: &mut Fields) -> Result<RereadSettings> {
    let number = |name: &'static str, text: &str| -> Result<u32> {
        text.parse().map_err(|_| WebError::invalid(name, "is a number"))
    };
    let pages = fields.text("pages")?;
    let turn = fields.text("turn")?;
    Ok(RereadSettings {
        pages: match pages.as_str() {
            "" => Vec::new(),
            page => vec![number("pages", page)?],
        },
        turn: match turn.as_str() {
            "" => None,
            turn => Some(u16::try_from(number("turn", turn)?).unwrap_or(u16::MAX)),
        },
        force_ocr: !fields.text("force_ocr")?.is_empty(),
        fine: !fields.text("fine")?.is_empty(),
    })
}

/// The address to go back to, with what has been done.
fn said(back: &str, what: &str) -> String {
    let back = address::own(back);
    let mark = if back.contains('?') { '&' } else { '?' };
    format!("{back}{mark}said={what}")
}

/// A page that was not read well, in one word for a list; empty for one that was.
pub fn word(t: Text, page: &Page) -> String {
    match page.state {
        PageState::Failed => t.word("reading", ReadingFlag::Failed.as_str()),
        _ => page
            .reading
            .flags()
            .next()
            .map(|flag| t.word("reading", flag.as_str()))
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidences_as_people_write_them() {
        for (typed, expected) in [
            ("0.85", Some(0.85)),
            ("85", Some(0.85)),
            ("85 %", Some(0.85)),
            ("1", Some(1.0)),
        ] {
            assert_eq!(confidence(typed), expected, "{typed}");
        }
        for typed in ["", "x", "-1", "8500", "NaN"] {
            assert_eq!(confidence(typed), None, "{typed}");
        }
    }

    #[test]
    fn the_way_back_says_what_was_done() {
        assert_eq!(said("/documents/1?page=2", "chosen"), "/documents/1?page=2&said=chosen");
        assert!(said("https://example.org/", "chosen").starts_with('/'));
    }
}
