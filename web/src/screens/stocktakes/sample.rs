//! Stocktakes: none, some; a result with differences; a walk in the middle of a shelf; a file with faulty lines.

use super::{
    StocktakeRow, StocktakesView,
    file::StocktakeFileView,
    result::{DifferenceRow, StocktakeView},
    walk::{ScanLine, ShelfLink, WaitingLine, WalkView},
};
use crate::{
    screens::{
        parts::{Badge, Choice, Figure},
        sample::shell,
    },
    subject::Sample,
    text::Text,
};

const URL: &str = "/stocktakes/0190b8c4";

pub fn samples(t: Text) -> Vec<Sample> {
    let empty = StocktakesView {
        t,
        shell: shell(t, "stocktakes"),
        rows: Vec::new(),
        may_count: true,
        typed: String::new(),
        dead_years: 5,
        fault: String::new(),
        fault_url: String::new(),
        next_window: None,
    };
    let row = |scope: &str, state: Badge, closed: &str| StocktakeRow {
        url: URL.into(),
        walk_url: if closed.is_empty() {
            format!("{URL}/walk")
        } else {
            String::new()
        },
        scope: scope.into(),
        begun: "2026-11-02 09:14".into(),
        by: "林静".into(),
        closed: closed.into(),
        state,
    };
    let some = StocktakesView {
        shell: shell(t, "stocktakes"),
        rows: vec![
            row("K1-03", Badge::new("cool", t.word("stocktake-state", "open")), ""),
            row(
                "K1-02",
                Badge::new("good", t.word("stocktake-state", "closed")),
                "2026-05-08 16:40",
            ),
        ],
        typed: "K1-03".into(),
        fault: t.with("stocktake-fault-open", "scope", "K1-03"),
        fault_url: URL.into(),
        ..StocktakesView {
            t,
            shell: shell(t, "stocktakes"),
            rows: Vec::new(),
            may_count: true,
            typed: String::new(),
            dead_years: 5,
            fault: String::new(),
            fault_url: String::new(),
            next_window: None,
        }
    };
    vec![
        Sample::of("stocktakes-empty", &empty),
        Sample::of("stocktakes", &some),
        Sample::of("stocktake", &result(t)),
        Sample::of("stocktake-walk", &walk(t)),
        Sample::of("stocktake-file", &file(t)),
    ]
}

fn difference(
    t: Text,
    title: &str,
    (verdict, tone): (&str, &'static str),
    found: &str,
    settled: &str,
) -> DifferenceRow {
    DifferenceRow {
        url: "/documents/0190b8c4".into(),
        thing: "0190b8c4".into(),
        title: title.into(),
        label: "HT-2024-0117".into(),
        verdict: Badge::new(tone, t.word("stocktake-verdict", verdict)),
        verdict_code: verdict.into(),
        found_at: found.into(),
        found_url: "/locations/K1-03-B".into(),
        belongs_at: "K1-03-B-05-4-12".into(),
        belongs_url: "/locations/K1-03-B".into(),
        settled: settled.into(),
        note: String::new(),
        choices: ["found", "reported_missing", "explained"]
            .map(|value| Choice {
                value: value.into(),
                label: t.word("stocktake-resolution", value),
                chosen: false,
            })
            .to_vec(),
    }
}

fn result(t: Text) -> StocktakeView {
    let figure = |verdict: &str, count, tone| Figure {
        url: format!("{URL}?verdict={verdict}"),
        label: t.word("stocktake-verdict", verdict),
        count,
        tone,
    };
    StocktakeView {
        t,
        shell: shell(t, "stocktakes"),
        scope: "K1-03".into(),
        scope_url: "/locations/K1-03".into(),
        url: URL.into(),
        walk_url: format!("{URL}/walk"),
        state: Badge::new("cool", t.word("stocktake-state", "open")),
        begun: "2026-11-02 09:14".into(),
        by: "林静".into(),
        closed: String::new(),
        closed_by: String::new(),
        expected: 214,
        figures: vec![
            figure("present", 208, ""),
            figure("missing", 1, "bad"),
            figure("misplaced", 1, "warn"),
            figure("on_loan", 4, ""),
        ],
        rates: vec![
            (t.say("stocktake-scattered"), "0.00 %".into()),
            (t.say("stocktake-disordered"), "0.47 %".into()),
            (t.say("stocktake-lost"), "0.47 %".into()),
            (t.say("stocktake-damaged"), "0.00 %".into()),
        ],
        unsettled: 1,
        unsettled_url: format!("{URL}?open=1"),
        is_part: true,
        narrowed: String::new(),
        rows: vec![
            difference(t, "信息系统运维服务合同", ("missing", "bad"), "", ""),
            difference(
                t,
                "关于更换联系人的函",
                ("misplaced", "warn"),
                "K1-03-B-05-4-11",
                &t.fill("stocktake-owned", &[("who", &"林静"), ("until", &"2026-11-30")]),
            ),
        ],
        exports: Vec::new(),
        may_count: true,
        next_window: None,
    }
}

fn walk(t: Text) -> WalkView {
    let scan = |label: &str, title: &str, verdict: &str, tone, belongs: &str| ScanLine {
        scan: 7,
        label: label.into(),
        title: title.into(),
        at: "K1-03-B-05-4-12".into(),
        belongs_at: belongs.into(),
        verdict: Badge::new(tone, t.word("stocktake-verdict", verdict)),
        worn: false,
        open_url: String::new(),
    };
    WalkView {
        t,
        shell: shell(t, "stocktakes"),
        url: URL.into(),
        scope: "K1-03".into(),
        at: "K1-03-B-05-4-12".into(),
        at_name: "第四层".into(),
        seen: 2,
        waiting: vec![WaitingLine {
            url: "/documents/0190b8c4".into(),
            label: "HT-2024-0117".into(),
            title: "信息系统运维服务合同".into(),
            place: "K1-03-B-05-4-12".into(),
            open_url: String::new(),
        }],
        waiting_total: 1,
        shelves: vec![ShelfLink {
            url: format!("{URL}/walk?at=K1-03-B-05-4-13"),
            code: "K1-03-B-05-4-13".into(),
            name: String::new(),
            scanned: 0,
            expected: 12,
        }],
        last: vec![
            scan(
                "函〔2024〕17号",
                "关于更换联系人的函",
                "misplaced",
                "warn",
                "K1-03-B-05-4-11",
            ),
            scan("H-0007", "", "present", "good", ""),
        ],
        typed: String::new(),
        fault: String::new(),
        said: Some(Badge::new("warn", t.word("stocktake-verdict", "misplaced"))),
        worn: false,
        may_count: true,
    }
}

fn file(t: Text) -> StocktakeFileView {
    StocktakeFileView {
        t,
        shell: shell(t, "stocktakes"),
        url: URL.into(),
        scope: "K1-03".into(),
        file_name: "scans.csv".into(),
        table: "at\tlabel\tworn\n".into(),
        lines: 12,
        good: 11,
        problems: vec![(7, t.with("stocktake-line-label-unknown", "value", "H-9999"))],
        problems_total: 1,
        fault: String::new(),
    }
}
