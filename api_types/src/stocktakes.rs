//! Stocktakes, as scripts see them.

use crate::codes::{code, code_or_empty};
use records::Moment;
use records::stocktakes::{
    LastSeen, LineSettled, OfflineProblem, OfflineReport, Rates, ScannedLabel, ShelfStep, ShelfView, Stocktake,
    StocktakeLine, StocktakeResult,
};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{StocktakeResolution, StocktakeState, StocktakeVerdict, ThingKind};

/// A stocktake without what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeHeadJson {
    pub id: String,
    /// Code of the place, or serial of the container, that is counted.
    pub scope: String,
    #[schema(schema_with = code::<StocktakeState>)]
    pub state: String,
    /// A paper to which nothing happened for so many years is dead.
    pub dead_years: i64,
    /// A closed box stands for what lies in it.
    pub boxes_whole: bool,
    pub begun_at: String,
    pub begun_by: String,
    pub closed_at: Option<String>,
    pub closed_by: String,
}

/// What a stocktake says of what the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeJson {
    #[serde(flatten)]
    pub head: StocktakeHeadJson,
    /// Things that should be there; each is present, missing, misplaced, on loan, on loan but here, or was moved meanwhile.
    pub expected: i64,
    pub present: i64,
    pub missing: i64,
    pub misplaced: i64,
    pub foreign: i64,
    pub unknown: i64,
    pub on_loan: i64,
    pub on_loan_but_here: i64,
    pub moved: i64,
    pub worn: i64,
    pub dead: i64,
    pub rates: StocktakeRatesJson,
    /// Differences that are neither resolved nor owned; it closes when there is none.
    pub unsettled: i64,
    /// `false` where the caller may not see every document, so that the counts are of a part.
    pub sees_all: bool,
    /// One window of the lines, differences first.
    pub lines: Vec<StocktakeLineJson>,
    pub lines_total: i64,
    /// Send it as `after` for the next window; `null` where this is the last.
    pub next: Option<String>,
}

/// Shares of what was expected; 0 is perfect.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeRatesJson {
    /// Foreign things and unknown labels.
    pub scattered: f64,
    /// Misplaced things.
    pub disordered: f64,
    /// Missing things.
    pub lost: f64,
    /// Worn things.
    pub damaged: f64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeLineJson {
    /// Id of the document, serial of the container, or the label that nothing has.
    pub thing: String,
    /// Empty for an unknown label.
    #[schema(schema_with = code_or_empty::<ThingKind>)]
    pub kind: String,
    pub title: String,
    pub number: String,
    #[schema(schema_with = code::<StocktakeVerdict>)]
    pub verdict: String,
    /// Code of a place, or serial of a container; empty where it was not found.
    pub found_at: String,
    /// Empty where it belongs nowhere.
    pub belongs_at: String,
    /// Who sees to it; empty for nobody.
    pub owner: String,
    /// Until when; empty for no date.
    pub until: String,
    /// How it was settled; empty while it is not.
    #[schema(schema_with = code_or_empty::<StocktakeResolution>)]
    pub resolution: String,
    pub note: String,
    pub settled_by: String,
    pub settled_at: Option<String>,
}

/// What a label is at first sight.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeScanJson {
    /// Number of the scan, with which it is taken back.
    pub scan: i64,
    /// As it was sent.
    pub label: String,
    pub at: String,
    pub worn: bool,
    pub thing: String,
    pub title: String,
    #[schema(schema_with = code::<StocktakeVerdict>)]
    pub verdict: String,
    pub belongs_at: String,
}

/// How many lines were settled.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeSettledJson {
    pub settled: i64,
}

/// What a file that was made offline would do, or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeFileJson {
    pub lines: i64,
    /// Lines that can be counted.
    pub good: i64,
    /// Whether the good lines are counted now.
    pub applied: bool,
    pub problems: Vec<StocktakeFileProblemJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeFileProblemJson {
    /// As an editor counts; the header is line 1.
    pub line: u64,
    pub value: String,
    /// `place_unknown`, `place_outside`, `label_missing`, `label_unknown` or `worn_unclear`.
    pub problem: String,
}

/// A shelf of the walk.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeShelfJson {
    pub code: String,
    pub name: String,
    /// Boxes and loose papers that belong on it.
    pub expected: i64,
    pub scanned: i64,
}

/// What is still expected at one place.
#[derive(Debug, Serialize, ToSchema)]
pub struct StocktakeWaitingJson {
    pub at: String,
    pub name: String,
    pub scanned: i64,
    /// The first two hundred.
    pub waiting: Vec<StocktakeLineJson>,
    pub waiting_total: i64,
}

/// When somebody who counted saw a thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenJson {
    pub at: String,
    pub place: String,
    pub by: String,
    pub stocktake: String,
    pub worn: bool,
}

pub fn head(stocktake: Stocktake) -> StocktakeHeadJson {
    StocktakeHeadJson {
        id: stocktake.id.to_string(),
        scope: stocktake.scope,
        state: stocktake.state.as_str().to_owned(),
        dead_years: stocktake.dead_years,
        boxes_whole: stocktake.boxes_whole,
        begun_at: stocktake.begun_at.rfc3339(),
        begun_by: stocktake.begun_by,
        closed_at: stocktake.closed_at.map(Moment::rfc3339),
        closed_by: stocktake.closed_by,
    }
}

/// `skip` lines came before these.
pub fn stocktake(result: StocktakeResult, skip: usize) -> StocktakeJson {
    let Rates {
        scattered,
        disordered,
        lost,
        damaged,
    } = result.rates();
    let count = |verdict| result.count(verdict);
    let shown = skip.saturating_add(result.lines.len());
    let goes_on = i64::try_from(shown).unwrap_or(i64::MAX) < result.lines_total && !result.lines.is_empty();
    StocktakeJson {
        expected: result.expected,
        present: count(StocktakeVerdict::Present),
        missing: count(StocktakeVerdict::Missing),
        misplaced: count(StocktakeVerdict::Misplaced),
        foreign: count(StocktakeVerdict::Foreign),
        unknown: count(StocktakeVerdict::Unknown),
        on_loan: count(StocktakeVerdict::OnLoan),
        on_loan_but_here: count(StocktakeVerdict::OnLoanButHere),
        moved: count(StocktakeVerdict::Moved),
        worn: count(StocktakeVerdict::Worn),
        dead: count(StocktakeVerdict::Dead),
        rates: StocktakeRatesJson {
            scattered,
            disordered,
            lost,
            damaged,
        },
        unsettled: result.unsettled,
        sees_all: result.sees_all,
        lines_total: result.lines_total,
        next: goes_on.then(|| shown.to_string()),
        lines: result.lines.into_iter().map(line).collect(),
        head: head(result.stocktake),
    }
}

pub fn line(line: StocktakeLine) -> StocktakeLineJson {
    let StocktakeLine {
        verdict,
        thing,
        kind,
        title,
        number,
        found_at,
        belongs_at,
        settled,
    } = line;
    let LineSettled {
        owner,
        due,
        resolution,
        note,
        by,
        at,
    } = settled;
    StocktakeLineJson {
        thing,
        kind: kind.map_or("", ThingKind::as_str).to_owned(),
        title,
        number,
        verdict: verdict.as_str().to_owned(),
        found_at,
        belongs_at,
        owner,
        until: due,
        resolution: resolution.map_or("", StocktakeResolution::as_str).to_owned(),
        note,
        settled_by: by,
        settled_at: at.map(Moment::rfc3339),
    }
}

pub fn scan(scanned: ScannedLabel) -> StocktakeScanJson {
    let ScannedLabel {
        uid,
        label,
        at,
        worn,
        line,
    } = scanned;
    StocktakeScanJson {
        scan: uid,
        label,
        at,
        worn,
        thing: line.thing,
        title: line.title,
        verdict: line.verdict.as_str().to_owned(),
        belongs_at: line.belongs_at,
    }
}

pub fn file(report: OfflineReport) -> StocktakeFileJson {
    let OfflineReport {
        lines,
        good,
        applied,
        problems,
    } = report;
    let problem = |problem: OfflineProblem| StocktakeFileProblemJson {
        line: problem.line,
        value: problem.value,
        problem: problem.fault.code().to_owned(),
    };
    StocktakeFileJson {
        lines,
        good,
        applied,
        problems: problems.into_iter().map(problem).collect(),
    }
}

pub fn shelf(step: ShelfStep) -> StocktakeShelfJson {
    let ShelfStep {
        code,
        name,
        expected,
        scanned,
    } = step;
    StocktakeShelfJson {
        code,
        name,
        expected,
        scanned,
    }
}

pub fn waiting(view: ShelfView) -> StocktakeWaitingJson {
    let ShelfView {
        at,
        name,
        waiting,
        waiting_total,
        seen,
    } = view;
    StocktakeWaitingJson {
        at,
        name,
        scanned: seen,
        waiting: waiting.into_iter().map(line).collect(),
        waiting_total,
    }
}

pub fn seen(seen: LastSeen) -> SeenJson {
    let LastSeen {
        at,
        place,
        by,
        stocktake,
        worn,
    } = seen;
    SeenJson {
        at: at.rfc3339(),
        place,
        by,
        stocktake: stocktake.to_string(),
        worn,
    }
}
