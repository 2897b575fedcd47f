//! Thirty days as bars, drawn as SVG: the height carries the meaning, each bar says its day and its number, and the
//! highest is written beside it.

use crate::text::Text;
use services::today::Day;

#[derive(Debug, Clone)]
pub struct Chart {
    pub title: String,
    /// What is said to who does not see it: the sum, and the highest day.
    pub summary: String,
    pub highest: String,
    pub first: String,
    pub last: String,
    pub bars: Vec<Bar>,
}

/// One day, in units of the chart, which is [`WIDTH`] wide and [`HEIGHT`] high.
#[derive(Debug, Clone)]
pub struct Bar {
    pub x: u64,
    pub y: u64,
    pub height: u64,
    /// `2026-11-21: 37`
    pub label: String,
}

pub const WIDTH: u64 = 300;
pub const HEIGHT: u64 = 60;
/// From one bar to the next.
const STEP: u64 = 10;
/// What happened at all is seen.
const HEIGHT_MIN: u64 = 2;

impl Chart {
    pub fn width(&self) -> u64 {
        WIDTH
    }

    pub fn height(&self) -> u64 {
        HEIGHT
    }
}

pub(super) fn chart_of(t: Text, key: &str, days: &[Day], count: impl Fn(&Day) -> i64) -> Chart {
    let number = |day: &Day| u64::try_from(count(day)).unwrap_or(0);
    let highest = days.iter().map(number).max().unwrap_or(0);
    let sum: u64 = days.iter().map(number).sum();
    let bars = days.iter().zip(0_u64..).map(|(day, at)| {
        let number = number(day);
        let height = match number {
            0 => 0,
            number => (number * HEIGHT / highest.max(1)).max(HEIGHT_MIN),
        };
        Bar {
            x: at * STEP + 1,
            y: HEIGHT - height,
            height,
            label: format!("{}{}{}", day.date, t.say("colon"), t.number(number)),
        }
    });
    let date = |day: Option<&Day>| day.map(|day| day.date.clone()).unwrap_or_default();
    Chart {
        title: t.say(key),
        summary: t.fill("today-chart", &[("sum", &sum), ("highest", &highest)]),
        highest: t.number(highest),
        first: date(days.first()),
        last: date(days.last()),
        bars: bars.collect(),
    }
}
