//! Hits as people see them: by dossier, each with the marked place on its page, and where the paper is.

use super::SearchAddress;
use crate::{
    http::address,
    screens::parts::{self, Badge, Piece, Thumb},
    text::Text,
};
use api_types::{pictures, search::FoundDocument};
use index::{QueryField, Snippet};
use records::kinds::Kinds;

/// Below this mean confidence a page is said to be hard to read.
const CONFIDENCE_LOW: f64 = 0.8;
/// Characters before the first mark of a snippet.
const LEAD_CHARACTERS: usize = 12;

/// Hits of one dossier.
#[derive(Debug, Clone)]
pub struct HitGroup {
    pub customer_code: String,
    /// Without a code: that it is nobody's, or still waits for its customer.
    pub customer_name: String,
    pub customer_url: String,
    pub dossier_no: String,
    /// The same search in this dossier alone.
    pub narrow_url: String,
    pub hits: Vec<HitView>,
}

#[derive(Debug, Clone)]
pub struct HitView {
    pub url: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub page: u32,
    pub page_text: String,
    pub snippet: Vec<Piece>,
    pub location_code: String,
    pub location_url: String,
    pub state: Badge,
    pub warning: String,
    pub thumb: Option<Thumb>,
    /// Where its paper is asked for; empty where it has none.
    pub loan_url: String,
}

/// Documents by dossier, in the order of each dossier's best one; those that wait for their customer stand together, and so
/// do those of nobody.
pub fn groups_of(t: Text, found: Vec<FoundDocument>, kinds: &Kinds, asked: &SearchAddress) -> Vec<HitGroup> {
    let mut groups: Vec<HitGroup> = Vec::new();
    for document in found {
        let row = &document.row;
        let customer_name = match row.customer_code.as_str() {
            "" => parts::no_customer(t, row.link_basis),
            _ => row.customer_name.clone(),
        };
        let known = groups
            .iter_mut()
            .find(|group| group.customer_code == row.customer_code && group.customer_name == customer_name);
        let group = match known {
            Some(group) => group,
            None => {
                groups.push(HitGroup {
                    narrow_url: match row.customer_code.as_str() {
                        "" => String::new(),
                        code => asked.narrowed(t, QueryField::Customer, code),
                    },
                    customer_url: address::customer(&row.customer_code),
                    customer_code: row.customer_code.clone(),
                    customer_name,
                    dossier_no: row.dossier_no.clone(),
                    hits: Vec::new(),
                });
                groups.last_mut().expect("one was pushed on the line before")
            }
        };
        group.hits.push(hit_of(t, document, kinds, asked));
    }
    groups
}

fn hit_of(t: Text, found: FoundDocument, kinds: &Kinds, asked: &SearchAddress) -> HitView {
    let FoundDocument { row, hit, pages } = found;
    let kind = services::kind_name(kinds, &row.kind, t.lang()).to_owned();
    let first = hit.pages.first();
    let number = first.map_or(0, |page| page.number);
    let page = number.to_string();
    let thumb = pages.iter().find(|page| page.page.number == number).map(|page| Thumb {
        image: pictures::page_address(&row.id, &page.page, pictures::PREVIEW),
        width: i64::from(page.page.width),
        height: i64::from(page.page.height),
        marks: parts::marks("0", &page.areas),
    });
    let warning = match pages.iter().find(|page| page.page.number == number) {
        Some(page) if !page.page.reading.is_good() => crate::screens::reading::word(t, &page.page),
        Some(page) if page.confidence.is_some_and(|confidence| confidence < CONFIDENCE_LOW) => t.say("low-confidence"),
        _ => String::new(),
    };
    HitView {
        url: address::with_query(
            &address::document(row.id.as_str()),
            &[
                ("page", if number == 0 { "" } else { &page }),
                ("q", asked.q.trim()),
                ("sort", &asked.sort),
            ],
        ),
        title: parts::title_of(t, &row, &kind),
        number: row.number.clone(),
        date: row.date.clone(),
        page: number,
        page_text: if hit.pages_hit > 1 {
            t.fill("hit-pages", &[("page", &number), ("n", &hit.pages_hit)])
        } else {
            t.with("page-of", "page", number)
        },
        snippet: first.map(|page| pieces(&page.snippet)).unwrap_or_default(),
        location_url: address::location(&row.place.location_code),
        location_code: row.place.location_code.clone(),
        state: Badge::of_original(t, row.place.state),
        warning,
        thumb,
        loan_url: crate::screens::loans::ask_url(&row),
        kind,
    }
}

/// A snippet as runs of marked and unmarked text, on one line.
fn pieces(snippet: &Snippet) -> Vec<Piece> {
    let characters: Vec<char> = snippet.text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    let mut pieces = Vec::new();
    // One line is shown, so the first mark must stand near its beginning.
    let mut at = snippet
        .marks
        .first()
        .map_or(0, |mark| mark.start.saturating_sub(LEAD_CHARACTERS));
    let run = |from: usize, until: usize| {
        characters
            .get(from..until)
            .unwrap_or_default()
            .iter()
            .collect::<String>()
    };
    if snippet.cut_before || at > 0 {
        pieces.push(Piece {
            text: "…".to_owned(),
            marked: false,
        });
    }
    for mark in &snippet.marks {
        if mark.start > at {
            pieces.push(Piece {
                text: run(at, mark.start),
                marked: false,
            });
        }
        pieces.push(Piece {
            text: run(mark.start.max(at), mark.end),
            marked: true,
        });
        at = mark.end.max(at);
    }
    if at < characters.len() {
        pieces.push(Piece {
            text: run(at, characters.len()),
            marked: false,
        });
    }
    if snippet.cut_after {
        pieces.push(Piece {
            text: "…".to_owned(),
            marked: false,
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_become_runs() {
        let snippet = Snippet {
            text: "本合同服务费用\n总额".into(),
            marks: vec![3..6, 8..9],
            cut_before: true,
            cut_after: false,
        };
        let runs: Vec<_> = pieces(&snippet)
            .into_iter()
            .map(|piece| (piece.text, piece.marked))
            .collect();
        let expected = [
            ("…", false),
            ("本合同", false),
            ("服务费", true),
            ("用 ", false),
            ("总", true),
            ("额", false),
        ];
        assert_eq!(runs, expected.map(|(text, marked)| (text.to_owned(), marked)));
    }
}
