//! A working day, a day with nothing to do in an empty archive, and a list.

use super::{
    StateLine, TodayLine, TodayListView, TodayView,
    chart::{Chart, chart_of},
};
use crate::{
    screens::{
        batches::sample_rows,
        parts::{Badge, Figure, ViewLink},
        sample::shell,
    },
    subject::Sample,
    text::Text,
};
use services::today::Day;
use vocabulary::TodayItem;

pub fn samples(t: Text) -> Vec<Sample> {
    vec![
        Sample::of("today", &working(t)),
        Sample::of(
            "today-empty",
            &TodayView {
                todo: Vec::new(),
                first_steps: ["way-add", "customer-add", "today-import", "today-places"]
                    .map(|key| ViewLink {
                        url: "#".into(),
                        label: t.say(key),
                    })
                    .into(),
                states: Vec::new(),
                charts: charts(t, 0),
                batches: Vec::new(),
                ..working(t)
            },
        ),
        Sample::of(
            "today-list",
            &TodayListView {
                t,
                shell: shell(t, "today"),
                title: TodayItem::Expiring.name(t.0).into(),
                total: t.n("count-documents", 1_u64),
                rows: vec![TodayLine {
                    url: "document.html".into(),
                    title: "信息系统运维服务合同".into(),
                    number: "HT-2024-0117".into(),
                    date: "2024-05-13".into(),
                    customer: "深圳华宸智汇信息技术有限公司".into(),
                    customer_url: "customer.html".into(),
                    filed: "2026-11-21 14:00".into(),
                    location_code: "K1-03-B-05".into(),
                    location_url: "location.html".into(),
                    state: Badge::default(),
                }],
                next_window: None,
            },
        ),
    ]
}

fn working(t: Text) -> TodayView {
    let figure = |label: String, count, tone| Figure {
        url: "#".into(),
        label,
        count,
        tone,
    };
    let item = |item: TodayItem, count, tone| figure(item.name(t.0).to_owned(), count, tone);
    TodayView {
        t,
        shell: shell(t, "today"),
        date: "2026-11-21".into(),
        todo: vec![
            item(TodayItem::Review, 37, "warn"),
            item(TodayItem::ReviewLate, 4, "bad"),
            item(TodayItem::OriginalsToShelve, 112, "warn"),
            item(TodayItem::Expiring, 6, "warn"),
        ],
        holdings: vec![
            figure(t.say("today-documents"), 13_204, ""),
            figure(t.say("today-pages"), 81_007, ""),
            figure(t.say("today-customers"), 1_120, ""),
        ],
        states: vec![StateLine {
            tone: "good",
            label: t.say("today-room"),
            text: t.fill("today-room-left", &[("free", &"812.4"), ("total", &"4,000.0")]),
            url: String::new(),
        }],
        file_problems: Vec::new(),
        charts: charts(t, 37),
        first_steps: Vec::new(),
        batches: sample_rows(t),
    }
}

fn charts(t: Text, most: i64) -> Vec<Chart> {
    let days: Vec<Day> = (0_i64..30)
        .map(|day| Day {
            date: format!("2026-11-{:02}", day + 1),
            documents: most * ((day * 7) % 11) / 11,
            lookups: most * ((day * 5) % 13),
        })
        .collect();
    vec![
        chart_of(t, "today-intake", &days, |day| day.documents),
        chart_of(t, "today-lookups", &days, |day| day.lookups),
    ]
}
