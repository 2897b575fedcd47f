//! What a stocktake says: counts, rates, and each difference with what is done about it.

use super::{badge, url_of, walk_url};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    screens::{
        lists,
        parts::{self, Badge, Choice, Figure, ViewLink},
        shell::{Here, Shell, ShellNotice},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use records::{
    Error, RefusedBecause, Role,
    ids::StocktakeId,
    stocktakes::{
        SettleDraft, StocktakeLine, StocktakeLines, StocktakeResolution, StocktakeResult, StocktakeState,
        StocktakeVerdict,
    },
};
use serde::Deserialize;
use vocabulary::{ClosedList, ThingKind};

#[derive(Template)]
#[template(path = "stocktake.html")]
pub struct StocktakeView {
    pub t: Text,
    pub shell: Shell,
    pub scope: String,
    pub scope_url: String,
    pub url: String,
    pub walk_url: String,
    pub state: Badge,
    pub begun: String,
    pub by: String,
    pub closed: String,
    pub closed_by: String,
    pub expected: u64,
    pub figures: Vec<Figure>,
    /// Name and share.
    pub rates: Vec<(String, String)>,
    pub unsettled: u64,
    pub unsettled_url: String,
    /// Counts are of a part only.
    pub is_part: bool,
    pub narrowed: String,
    pub rows: Vec<DifferenceRow>,
    pub exports: Vec<ViewLink>,
    pub may_count: bool,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct DifferenceRow {
    /// Empty where there is nothing to open.
    pub url: String,
    pub thing: String,
    pub title: String,
    pub label: String,
    pub verdict: Badge,
    pub verdict_code: String,
    pub found_at: String,
    pub found_url: String,
    pub belongs_at: String,
    pub belongs_url: String,
    /// What was done about it, in words; empty for nothing.
    pub settled: String,
    pub note: String,
    /// How it may be settled; empty where it cannot.
    pub choices: Vec<Choice>,
}

#[derive(Debug, Default, Deserialize)]
pub struct StocktakeAddress {
    #[serde(default)]
    verdict: String,
    /// `1`: only differences that nobody has settled.
    #[serde(default)]
    open: String,
    #[serde(default)]
    after: usize,
    #[serde(default)]
    said: String,
    #[serde(default)]
    n: i64,
}

/// `GET /stocktakes/{id}`
pub async fn result(
    State(web): State<Web>,
    seat: Seat,
    Path(id): Path<String>,
    Query(asked): Query<StocktakeAddress>,
) -> Result<Html<String>> {
    let id = StocktakeId::parse(&id).map_err(|_| WebError::NotFound)?;
    let limit = web.config.limits.rows;
    let wanted = StocktakeLines {
        verdict: StocktakeVerdict::from_code(&asked.verdict),
        open_only: asked.open == "1",
        skip: asked.after,
        limit,
    };
    let result = web.archive.stocktake_result(&seat.asker, &id, &wanted).await?;
    let mut shell = web.shell(&seat, Here("stocktakes")).await?;
    shell.notice = notice(seat.t, &asked);
    Ok(Html(view(&web, &seat, shell, result, &wanted).render()?))
}

fn notice(t: Text, asked: &StocktakeAddress) -> Option<ShellNotice> {
    let (tone, text) = match asked.said.as_str() {
        "settled" => ("good", t.n("stocktake-said-settled", parts::count(asked.n))),
        "closed" => ("good", t.say("stocktake-said-closed")),
        "counted" => ("good", t.n("stocktake-said-counted", parts::count(asked.n))),
        "unsettled" => ("warn", t.n("stocktake-fault-unsettled", parts::count(asked.n))),
        "other" => ("warn", t.say("stocktake-fault-other")),
        "wrong" => ("warn", t.say("stocktake-fault-settle")),
        "gone" => ("warn", t.say("stocktake-fault-gone")),
        _ => return None,
    };
    Some(ShellNotice { tone, text })
}

fn view(web: &Web, seat: &Seat, shell: Shell, result: StocktakeResult, wanted: &StocktakeLines) -> StocktakeView {
    let t = seat.t;
    let stocktake = result.stocktake.clone();
    let (id, url) = (stocktake.id.as_str(), url_of(stocktake.id.as_str()));
    let is_open = stocktake.state == StocktakeState::Open;
    let may_count = is_open && seat.asker.has(Role::Archivist);
    let shown = wanted.skip + result.lines.len();
    let goes_on = i64::try_from(shown).unwrap_or(i64::MAX) < result.lines_total && !result.lines.is_empty();
    let verdict = wanted.verdict.map_or("", StocktakeVerdict::as_str);
    let open = if wanted.open_only { "1" } else { "" };
    let here = |after: &str| address::with_query(&url, &[("verdict", verdict), ("open", open), ("after", after)]);
    StocktakeView {
        t,
        shell,
        scope_url: address::location(&stocktake.scope),
        walk_url: if may_count { walk_url(id, "") } else { String::new() },
        state: badge(t, stocktake.state),
        begun: web.local(stocktake.begun_at),
        closed: stocktake.closed_at.map(|at| web.local(at)).unwrap_or_default(),
        expected: parts::count(result.expected),
        figures: figures(t, &url, &result),
        rates: rates(t, &result),
        unsettled: parts::count(result.unsettled),
        unsettled_url: address::with_query(&url, &[("open", "1")]),
        is_part: !result.sees_all,
        narrowed: match (wanted.verdict, wanted.open_only) {
            (Some(verdict), _) => t.word("stocktake-verdict", verdict.as_str()),
            (None, true) => t.say("stocktake-unsettled"),
            (None, false) => String::new(),
        },
        next_window: goes_on.then(|| here(&shown.to_string())),
        exports: lists::exports_of_stocktake(t, id),
        rows: result.lines.into_iter().map(|line| row(t, line, may_count)).collect(),
        may_count,
        scope: stocktake.scope,
        by: stocktake.begun_by,
        closed_by: stocktake.closed_by,
        url,
    }
}

fn tone(verdict: StocktakeVerdict) -> &'static str {
    use StocktakeVerdict as V;
    match verdict {
        V::Present => "good",
        V::Missing => "bad",
        V::Misplaced | V::Foreign | V::Unknown | V::OnLoanButHere | V::Worn => "warn",
        V::OnLoan | V::Moved => "cool",
        V::Dead => "",
    }
}

fn figures(t: Text, url: &str, result: &StocktakeResult) -> Vec<Figure> {
    let figure = |verdict: &StocktakeVerdict| Figure {
        url: address::with_query(url, &[("verdict", verdict.as_str())]),
        label: t.word("stocktake-verdict", verdict.as_str()),
        count: parts::count(result.count(*verdict)),
        tone: match tone(*verdict) {
            "good" | "cool" => "",
            tone => tone,
        },
    };
    let all = StocktakeVerdict::all().iter();
    all.filter(|verdict| result.count(**verdict) > 0).map(figure).collect()
}

fn rates(t: Text, result: &StocktakeResult) -> Vec<(String, String)> {
    let rates = result.rates();
    [
        ("stocktake-scattered", rates.scattered),
        ("stocktake-disordered", rates.disordered),
        ("stocktake-lost", rates.lost),
        ("stocktake-damaged", rates.damaged),
    ]
    .map(|(key, share)| (t.say(key), format!("{:.2} %", share * 100.0)))
    .to_vec()
}

fn row(t: Text, line: StocktakeLine, may_count: bool) -> DifferenceRow {
    let settled = &line.settled;
    let said = match settled.resolution {
        Some(resolution) => t.word("stocktake-resolution", resolution.as_str()),
        None if settled.owner.is_empty() => String::new(),
        None => t.fill(
            "stocktake-owned",
            &[("who", &settled.owner.as_str()), ("until", &settled.due.as_str())],
        ),
    };
    let choice = |resolution: &StocktakeResolution| Choice {
        value: resolution.as_str().to_owned(),
        label: t.word("stocktake-resolution", resolution.as_str()),
        chosen: settled.resolution == Some(*resolution),
    };
    let place_url = |code: &str| match code {
        "" => String::new(),
        code => address::location(code),
    };
    DifferenceRow {
        url: match line.kind {
            Some(ThingKind::Original) => address::document(&line.thing),
            Some(ThingKind::Container) => address::location(&line.thing),
            _ => String::new(),
        },
        label: match (line.kind, line.number.is_empty()) {
            (Some(ThingKind::Original), false) => line.number,
            (Some(ThingKind::Original), true) => String::new(),
            _ => line.thing.clone(),
        },
        title: line.title,
        verdict: Badge::new(tone(line.verdict), t.word("stocktake-verdict", line.verdict.as_str())),
        verdict_code: line.verdict.as_str().to_owned(),
        found_url: place_url(&line.found_at),
        found_at: line.found_at,
        belongs_url: place_url(&line.belongs_at),
        belongs_at: line.belongs_at,
        settled: said,
        note: settled.note.clone(),
        choices: match may_count {
            true => line.verdict.settlements().iter().map(choice).collect(),
            false => Vec::new(),
        },
        thing: line.thing,
    }
}

/// `POST /stocktakes/{id}/settle`
pub async fn settle(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let draft = SettleDraft {
        thing: fields.text("thing")?,
        verdict: StocktakeVerdict::from_code(&fields.text("verdict")?),
        owner: fields.text("owner")?,
        due: fields.text("until")?,
        resolution: StocktakeResolution::from_code(&fields.text("resolution")?),
        note: fields.text("note")?,
    };
    let narrowed = fields.text("narrowed")?;
    fields.done()?;
    let id = StocktakeId::parse(&id).map_err(|_| WebError::NotFound)?;
    let (said, n) = match web.archive.stocktake_settle(&seat.asker, &id, &draft).await {
        Ok(settled) => {
            web.wrote(&seat.asker).await?;
            ("settled", settled)
        }
        Err(Error::Invalid { .. } | Error::Refused(RefusedBecause::OriginalCannotMove { .. })) => ("wrong", 0),
        Err(Error::Absent {
            what: records::Thing::StocktakeLine,
            ..
        }) => ("gone", 0),
        Err(cause) => return Err(cause.into()),
    };
    let n = n.to_string();
    let open = if narrowed == "1" { "1" } else { "" };
    let pairs = [("open", open), ("said", said), ("n", n.as_str())];
    Ok(Redirect::to(&address::with_query(&url_of(id.as_str()), &pairs)))
}

/// `POST /stocktakes/{id}/close`
pub async fn close(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = StocktakeId::parse(&id).map_err(|_| WebError::NotFound)?;
    let (said, open, n) = match web.archive.stocktake_close(&seat.asker, &id).await {
        Ok(()) => ("closed", "", 0),
        Err(Error::Refused(RefusedBecause::StocktakeUnsettled { count })) => ("unsettled", "1", count),
        Err(Error::Refused(RefusedBecause::StocktakeOfOther { .. })) => ("other", "", 0),
        Err(cause) => return Err(cause.into()),
    };
    let n = n.to_string();
    let pairs = [("open", open), ("said", said), ("n", n.as_str())];
    Ok(Redirect::to(&address::with_query(&url_of(id.as_str()), &pairs)))
}
