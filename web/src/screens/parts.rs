//! Pieces that several views show alike: badges, crumbs, marks, sheets, facts.

use crate::{
    http::{address, error::Result, who::Seat},
    state::Web,
    text::Text,
};
use records::{
    SecurityLevel,
    customers::CustomerStatus,
    documents::DocumentRow,
    pages::{Area, TextLayer},
    places::OriginalState,
    places::PathStep,
};
use vocabulary::detail::Detail;
use vocabulary::{Language, LinkBasis, Total};

/// A state in one word with its tint; the word carries the meaning.
#[derive(Debug, Clone, Default)]
pub struct Badge {
    /// `good`, `warn`, `bad`, `cool` or empty.
    pub tone: &'static str,
    pub label: String,
}

#[derive(Debug, Clone)]
pub struct Crumb {
    pub code: String,
    pub name: String,
    pub url: String,
}

/// A box on a page, in pixels of the upright page image. `hit` groups the boxes of one hit.
#[derive(Debug, Clone, PartialEq)]
pub struct PageMark {
    pub hit: String,
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
}

/// A run of text in a snippet.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub text: String,
    pub marked: bool,
}

/// A line of the text layer.
#[derive(Debug, Clone)]
pub struct LineOfText {
    pub text: String,
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
}

/// One page as the viewer shows it.
#[derive(Debug, Clone, Default)]
pub struct PageSheet {
    pub number: u32,
    pub width: i64,
    pub height: i64,
    pub image: String,
    pub srcset: String,
    pub small: String,
    pub text_url: String,
    /// Filled for the page the reader lands on; the others are fetched when they come near.
    pub lines: Vec<LineOfText>,
    pub marks: Vec<PageMark>,
    /// Places with ink that was not read.
    pub doubts: Vec<PageMark>,
    pub remark: String,
}

/// The place of a hit cut out of its page.
#[derive(Debug, Clone)]
pub struct Thumb {
    pub image: String,
    pub width: i64,
    pub height: i64,
    pub marks: Vec<PageMark>,
}

#[derive(Debug, Clone, Default)]
pub struct FactView {
    pub label: String,
    pub value: String,
    /// Empty when the value leads nowhere.
    pub url: String,
    /// Set in the code face.
    pub code: bool,
}

/// Why a document is linked to a customer, or might be.
#[derive(Debug, Clone)]
pub struct WhyLinked {
    pub text: String,
    /// The characters on the page.
    pub words: String,
    /// 0 when the reason stands on no page.
    pub page: u32,
}

#[derive(Debug, Clone)]
pub struct EventView {
    pub at: String,
    pub at_full: String,
    pub text: String,
    pub who: String,
}

#[derive(Debug, Clone)]
pub struct ViewLink {
    pub url: String,
    pub label: String,
}

#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub url: String,
    pub label: String,
    pub count: u64,
    pub tone: &'static str,
}

impl Web {
    /// Who prints a view and when, for the head of the paper.
    pub fn printed(&self, seat: &Seat) -> String {
        let at = self.local(self.environment.now());
        seat.t
            .fill("audit-printed", &[("who", &seat.asker.name()), ("at", &at)])
    }

    /// What the archive calls a security level.
    pub fn level_name(&self, t: Text, level: SecurityLevel) -> String {
        self.settings().security_level_name(level, t.lang()).to_owned()
    }

    /// All security levels by the names that the archive gives them.
    pub fn level_choices(&self, t: Text, chosen: SecurityLevel) -> Vec<Choice> {
        self.levels_up_to(t, 3, chosen)
    }

    /// The security levels up to one, such as those that a person may give.
    pub fn levels_up_to(&self, t: Text, highest: i64, chosen: SecurityLevel) -> Vec<Choice> {
        (0..=highest)
            .filter_map(SecurityLevel::from_number)
            .map(|level| Choice {
                value: level.number().to_string(),
                label: self.level_name(t, level),
                chosen: level == chosen,
            })
            .collect()
    }
}

impl Thumb {
    /// Three times as wide as high, around the first mark, large enough to recognise the surroundings.
    pub fn view_box(&self) -> String {
        let (page_w, page_h) = (self.width.max(1) as f64, self.height.max(1) as f64);
        let Some(first) = self.marks.first() else {
            return format!("0 0 {} {}", self.width, (page_w / 3.0).round());
        };
        let w = (first.w as f64 * 1.6)
            .max(first.h as f64 * 7.2)
            .max(page_w * 0.16)
            .min(page_w);
        let h = w / 3.0;
        let x = (first.x as f64 + first.w as f64 / 2.0 - w / 2.0).clamp(0.0, page_w - w);
        let y = (first.y as f64 + first.h as f64 / 2.0 - h / 2.0).clamp(0.0, (page_h - h).max(0.0));
        format!("{x:.0} {y:.0} {w:.0} {h:.0}")
    }

    /// `x,y,w,h;x,y,w,h` for the script that draws them elsewhere.
    pub fn marks_text(&self) -> String {
        let boxes: Vec<_> = self
            .marks
            .iter()
            .map(|m| format!("{},{},{},{}", m.x, m.y, m.w, m.h))
            .collect();
        boxes.join(";")
    }
}

impl Badge {
    pub fn new(tone: &'static str, label: String) -> Self {
        Self { tone, label }
    }

    /// The one vocabulary of originals.
    pub fn of_original(t: Text, state: Option<OriginalState>) -> Self {
        use OriginalState as S;
        let Some(state) = state else {
            return Self::new("", t.say("state-none"));
        };
        let tone = match state {
            S::InPlace => "good",
            S::InSafe | S::ToBeShelved => "cool",
            S::OnLoan | S::OnReadingTable | S::OutForScanning | S::InTransit => "warn",
            S::Missing | S::Lost => "bad",
            S::HeldForDestruction | S::Destroyed => "",
        };
        Self::new(tone, t.word("state", state.as_str()))
    }

    pub fn of_customer(t: Text, status: CustomerStatus) -> Self {
        Self::new(
            if status.as_str() == "active" { "good" } else { "" },
            t.word("status", status.as_str()),
        )
    }
}

/// Steps of the way to a place, each leading to its own view.
pub fn crumbs(path: Vec<PathStep>) -> Vec<Crumb> {
    path.into_iter()
        .map(|step| Crumb {
            url: address::location(&step.code),
            code: step.code,
            name: step.name,
        })
        .collect()
}

/// Marks of one hit; it may touch several lines.
pub fn marks(hit: &str, areas: &[Area]) -> Vec<PageMark> {
    areas
        .iter()
        .map(|area| PageMark {
            hit: hit.to_owned(),
            x: i64::from(area.x),
            y: i64::from(area.y),
            w: i64::from(area.w),
            h: i64::from(area.h),
        })
        .collect()
}

pub fn lines_of(layer: TextLayer) -> Vec<LineOfText> {
    layer
        .lines
        .into_iter()
        .map(|line| LineOfText {
            text: line.text,
            x: i64::from(line.area.x),
            y: i64::from(line.area.y),
            w: i64::from(line.area.w),
            h: i64::from(line.area.h),
        })
        .collect()
}

/// A title to show: the document's own, else its kind, else that it has none.
pub fn title_of(t: Text, row: &DocumentRow, kind: &str) -> String {
    if !row.title.is_empty() {
        row.title.clone()
    } else if !kind.is_empty() {
        kind.to_owned()
    } else {
        t.say("document-untitled")
    }
}

/// The name of a further field: what people called it, or that a known field is kept here as it was delivered.
pub fn further_field(t: Text, name: &str) -> String {
    let known = match name.strip_suffix("_as_delivered") {
        Some("title") => "field-title",
        Some("number") => "field-number",
        Some("date") => "field-date",
        Some("kind") => "field-kind",
        Some("location") => "place",
        _ => return name.to_owned(),
    };
    t.with("field-as-delivered", "field", t.say(known))
}

/// What stands in the place of a customer where there is none.
pub fn no_customer(t: Text, basis: LinkBasis) -> String {
    match basis {
        LinkBasis::Nobody => t.say("of-nobody-short"),
        _ => t.say("customer-unknown"),
    }
}

/// A detail in the reader's language; empty where nothing was noted.
pub fn said(t: Text, detail: Option<&Detail>) -> String {
    detail.map(|detail| detail.text(language(t))).unwrap_or_default()
}

/// The same beside our own sentence for the reason: what was found, without the reason and the next step.
pub fn said_beside_reason(t: Text, detail: Option<&Detail>) -> String {
    said(t, detail.map(Detail::found))
}

fn language(t: Text) -> Language {
    if t.is_chinese() {
        Language::Chinese
    } else {
        Language::English
    }
}

/// The last two parts of a path: enough to recognise a file, short enough for a line.
pub fn short_path(path: &str) -> &str {
    path.rmatch_indices('/')
        .nth(1)
        .map_or(path, |(at, _)| path.get(at + 1..).unwrap_or(path))
}

/// How many lines a list has in all.
pub fn total(t: Text, total: Total) -> String {
    match total.is_exact {
        true => t.n("total-rows", total.rows),
        false => t.n("total-rows-more", total.rows),
    }
}

/// How many documents there are, as far as they were counted.
pub fn documents(t: Text, total: Total) -> String {
    match total.is_exact {
        true => t.n("count-documents", total.rows),
        false => t.n("count-documents-more", total.rows),
    }
}

/// Counts are never negative; the database says so as a signed number.
pub fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// When somebody who counted last saw a paper or a container; empty for never.
pub async fn last_seen(web: &Web, seat: &Seat, thing: &str) -> Result<String> {
    let seen = web.archive.thing_seen(&seat.asker, thing).await?.unwrap_or_default();
    Ok(seen.first().map_or_else(String::new, |seen| {
        let at = web.local(seen.at);
        seat.t
            .fill("last-seen", &[("at", &at.as_str()), ("place", &seen.place.as_str())])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Reason;
    use vocabulary::detail::DetailCode;

    #[test]
    fn a_detail_is_said_in_the_language_of_the_reader() {
        let limit = "20s";
        let detail = Detail::refused(Reason::TimedOut, DetailCode::NoAnswerWithin.with(limit));
        let check = |language, expected: [&str; 2]| {
            let t = Text(language);
            let said = [said(t, Some(&detail)), said_beside_reason(t, Some(&detail))];
            assert_eq!(said, expected);
            assert_eq!(super::said(t, None), "");
        };
        check(
            crate::text::Language::Chinese,
            ["超时：20s 内没有结果。单独再试一次", "20s 内没有结果"],
        );
        check(
            crate::text::Language::English,
            [
                "timed_out: no answer within 20s; print it to a new PDF or scan it again",
                "no answer within 20s",
            ],
        );
    }

    #[test]
    fn paths_are_short() {
        assert_eq!(short_path("/a/b/信函/来函.pdf"), "信函/来函.pdf");
        assert_eq!(short_path("来函.pdf"), "来函.pdf");
    }
}
