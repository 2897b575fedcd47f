//! The list of pages that ask for a look, and the orders to read again.

use super::{Ways, look_url, percent, reasons, ways};
use crate::{
    http::{address, error::Result, who::Seat},
    screens::{
        parts::{self, Badge, Figure},
        shell::{Here, Shell, ShellNotice},
    },
    state::Web,
    text::Text,
};
use api_types::pictures;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{Html, Redirect},
};
use records::{
    ids::DocumentId,
    pages::ReadingFlag,
    pages::looks::AskingPage,
    pages::reread::{RereadOrder, RereadSettings},
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
    let flag = ReadingFlag::from_code(&asked.flag);
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
            let kind = services::kind_name(&kinds, &asking.document.kind, t.lang()).to_owned();
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
    let mut shell = web.shell(&seat, Here("reading")).await?;
    let said = match asked.said.as_str() {
        "ordered" => Some("reread-said-ordered"),
        "cancelled" => Some("reread-said-cancelled"),
        _ => None,
    };
    shell.notice = said.map(|key| ShellNotice {
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
        image: pictures::page_address(&document.id, &page, pictures::PREVIEW),
        title: parts::title_of(t, &document, kind),
        customer: document.customer_name,
        page: page.number,
        reasons: reasons(t, page.reading),
        confidence: confidence.map(percent).unwrap_or_default(),
    }
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
    let flag = ReadingFlag::from_code(&asked.flag);
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

async fn below(web: &Web, seat: &Seat, typed: &str) -> Result<BelowForm> {
    let t = seat.t;
    let mut form = BelowForm {
        value: if typed.is_empty() { BELOW_OFFERED } else { typed }.to_owned(),
        ways: ways(t, web.config.second_opinion),
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
pub(super) fn confidence(typed: &str) -> Option<f64> {
    let plain = typed.trim().trim_end_matches(['%', '％']).trim();
    let value: f64 = plain.parse().ok()?;
    let value = if value > 1.0 { value / 100.0 } else { value };
    (0.0..=1.0).contains(&value).then_some(value)
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
                reason: parts::said(t, Some(&failure.reason)),
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
    if settings.keep_seals {
        words.push(t.say("reread-keep-seals"));
    }
    if settings.second_opinion {
        words.push(t.say("reread-second-opinion"));
    }
    words.join(&t.say("list-separator"))
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
}
