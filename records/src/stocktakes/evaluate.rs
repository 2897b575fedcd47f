//! What a stocktake says of each thing: the frozen lines and the scans compared. Pure; a stocktake of a hundred thousand
//! lines is one pass over them.

use super::{Spot, ThingKey};
use crate::places::{OriginalState, PlaceKind, ThingKind};
use std::collections::{HashMap, HashSet};
use vocabulary::StocktakeVerdict as Verdict;

/// Between a place and what is inside it in a sort key.
const INSIDE: char = '\u{1}';
/// Boxes in boxes in boxes.
const DEPTH_MAX: usize = 4;

/// A thing that should be there.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedThing {
    pub key: ThingKey,
    pub document_uid: Option<i64>,
    pub place: Spot,
    /// Sort key of the location, through containers; empty for none.
    pub shelf: String,
    pub state: Option<OriginalState>,
    pub used_at: i64,
    /// Where the ledger says it is now.
    pub place_now: Spot,
    pub state_now: Option<OriginalState>,
}

/// A label that was scanned, in the order of the scans.
#[derive(Debug, Clone)]
pub(crate) struct ScannedThing {
    /// Of the scan, with what was typed and by whom.
    pub uid: i64,
    pub typed: String,
    pub by: String,
    /// `None` for a label that nothing has.
    pub key: Option<ThingKey>,
    pub document_uid: Option<i64>,
    pub label: String,
    pub at: Spot,
    /// Sort key of the place; empty for a container.
    pub shelf: String,
    pub worn: bool,
}

/// What the ledger says of a scanned thing that was not expected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stranger {
    pub place: Spot,
    pub state: Option<OriginalState>,
    /// Its place lies in the scope.
    pub is_inside: bool,
    /// It was put there after the stocktake began.
    pub came_since: bool,
}

/// What is said of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub key: Option<ThingKey>,
    pub document_uid: Option<i64>,
    pub label: String,
    pub verdict: Verdict,
    pub is_expected: bool,
    pub found: Spot,
    pub belongs: Spot,
}

/// What is compared.
pub(crate) struct Comparison<'a> {
    pub expected: &'a [ExpectedThing],
    pub scans: &'a [ScannedThing],
    pub strangers: &'a HashMap<ThingKey, Stranger>,
    pub boxes_whole: bool,
    /// A paper not used since then is dead.
    pub dead_before: i64,
}

impl Comparison<'_> {
    /// One finding for each thing that was expected or scanned, and further ones for what is worn or dead.
    pub fn findings(&self) -> Vec<Finding> {
        let last = self.last_scans();
        let lines: HashMap<ThingKey, &ExpectedThing> = self.expected.iter().map(|line| (line.key, line)).collect();
        let boxes = Boxes::of(self, &last, &lines);
        let mut findings = Vec::with_capacity(self.expected.len() + 16);
        for line in self.expected {
            let scan = last.get(&line.key).copied();
            let verdict = verdict_of(line, scan, &boxes);
            findings.push(Finding {
                key: Some(line.key),
                document_uid: line.document_uid,
                label: String::new(),
                verdict,
                is_expected: true,
                found: scan.map_or(Spot::NOWHERE, |scan| scan.at),
                belongs: match verdict {
                    Verdict::Moved => line.place_now,
                    _ => line.place,
                },
            });
            let counts = matches!(verdict, Verdict::Present | Verdict::Missing | Verdict::Misplaced);
            if counts && line.key.kind == ThingKind::Original && line.used_at < self.dead_before {
                let dead = findings.last().cloned();
                findings.extend(dead.map(|finding| with(finding, Verdict::Dead)));
            }
        }
        self.add_strangers(&last, &lines, &mut findings);
        self.add_worn(&last, &lines, &mut findings);
        findings
    }

    /// The last scan of each thing counts.
    fn last_scans(&self) -> HashMap<ThingKey, &ScannedThing> {
        let known = self.scans.iter().filter_map(|scan| Some((scan.key?, scan)));
        known.collect()
    }

    fn add_strangers(
        &self,
        last: &HashMap<ThingKey, &ScannedThing>,
        lines: &HashMap<ThingKey, &ExpectedThing>,
        findings: &mut Vec<Finding>,
    ) {
        let mut said = HashSet::new();
        for scan in self.scans {
            let Some(key) = scan.key else {
                if said.insert(scan.label.clone()) {
                    findings.push(stranger(scan, Verdict::Unknown, Spot::NOWHERE));
                }
                continue;
            };
            let is_last = last.get(&key).is_some_and(|last| std::ptr::eq(*last, scan));
            if !is_last || lines.contains_key(&key) {
                continue;
            }
            let known = self.strangers.get(&key);
            let belongs = known.map_or(Spot::NOWHERE, |known| known.place);
            match known {
                Some(known) if known.state.is_some_and(is_out) => {
                    findings.push(stranger(scan, Verdict::OnLoanButHere, belongs));
                }
                Some(known) if known.is_inside && known.came_since => {
                    findings.push(stranger(scan, Verdict::Moved, belongs));
                }
                // It was there before and whoever began the stocktake does not see it: it counts for nobody.
                Some(known) if known.is_inside => {}
                _ => findings.push(stranger(scan, Verdict::Foreign, belongs)),
            }
        }
    }

    fn add_worn(
        &self,
        last: &HashMap<ThingKey, &ScannedThing>,
        lines: &HashMap<ThingKey, &ExpectedThing>,
        findings: &mut Vec<Finding>,
    ) {
        let mut said = HashSet::new();
        for scan in self.scans.iter().filter(|scan| scan.worn) {
            let Some(key) = scan.key else { continue };
            if !said.insert(key) {
                continue;
            }
            let line = lines.get(&key);
            let ledger = self.strangers.get(&key).map_or(Spot::NOWHERE, |known| known.place);
            let now = last.get(&key).copied().unwrap_or(scan);
            findings.push(Finding {
                is_expected: line.is_some(),
                ..stranger(now, Verdict::Worn, line.map_or(ledger, |line| line.place))
            });
        }
    }
}

/// What is known of boxes by their scans.
struct Boxes<'a> {
    places: HashMap<i64, Spot>,
    scanned_at: HashMap<i64, &'a ScannedThing>,
    /// Something of it was scanned by itself.
    opened: HashSet<i64>,
    are_whole: bool,
}

impl<'a> Boxes<'a> {
    fn of(
        comparison: &Comparison<'_>,
        last: &HashMap<ThingKey, &'a ScannedThing>,
        lines: &HashMap<ThingKey, &ExpectedThing>,
    ) -> Self {
        let containers = comparison
            .expected
            .iter()
            .filter(|line| line.key.kind == ThingKind::Container);
        let mut opened = HashSet::new();
        for (key, scan) in last {
            if scan.at.kind == PlaceKind::Container {
                opened.insert(scan.at.uid);
            }
            if let Some(line) = lines.get(key).filter(|line| line.place.kind == PlaceKind::Container) {
                opened.insert(line.place.uid);
            }
        }
        Self {
            places: containers.map(|line| (line.key.uid, line.place)).collect(),
            scanned_at: last
                .iter()
                .filter(|(key, _)| key.kind == ThingKind::Container)
                .map(|(key, scan)| (key.uid, *scan))
                .collect(),
            opened,
            are_whole: comparison.boxes_whole,
        }
    }

    /// A box, and those around it, outermost last.
    fn around(&self, spot: Spot) -> impl Iterator<Item = i64> {
        let mut at = Some(spot);
        std::iter::from_fn(move || {
            let spot = at.filter(|spot| spot.kind == PlaceKind::Container)?;
            at = self.places.get(&spot.uid).copied();
            Some(spot.uid)
        })
        .take(DEPTH_MAX)
    }

    /// Whether a closed box that was scanned stands for what lies directly at this spot.
    fn cover(&self, spot: Spot) -> bool {
        if !self.are_whole {
            return false;
        }
        for inner in self.around(spot) {
            if self.opened.contains(&inner) {
                return false;
            }
            if self.scanned_at.contains_key(&inner) {
                return true;
            }
        }
        false
    }
}

fn verdict_of(line: &ExpectedThing, scan: Option<&ScannedThing>, boxes: &Boxes<'_>) -> Verdict {
    let was_out = line.state.is_some_and(is_out);
    let is_out_now = line.state_now.is_some_and(is_out);
    match scan {
        Some(_) if was_out && is_out_now => Verdict::OnLoanButHere,
        Some(scan) if is_home(line, scan, boxes) => Verdict::Present,
        Some(_) => Verdict::Misplaced,
        None if line.key.kind == ThingKind::Container && boxes.opened.contains(&line.key.uid) => Verdict::Present,
        None if is_out_now => Verdict::OnLoan,
        None if line.place_now != line.place && !was_out => Verdict::Moved,
        None if was_out && line.place_now.kind != PlaceKind::None && line.place_now != line.place => Verdict::Moved,
        None if boxes.cover(line.place) => Verdict::Present,
        None => Verdict::Missing,
    }
}

fn is_home(line: &ExpectedThing, scan: &ScannedThing, boxes: &Boxes<'_>) -> bool {
    if scan.at == line.place || scan.at == line.place_now {
        return true;
    }
    match scan.at.kind {
        PlaceKind::Container => boxes.around(line.place).any(|uid| uid == scan.at.uid),
        PlaceKind::Location => {
            let same_shelf =
                !line.shelf.is_empty() && (lies_in(&line.shelf, &scan.shelf) || lies_in(&scan.shelf, &line.shelf));
            let with_its_box = boxes
                .around(line.place)
                .any(|uid| boxes.scanned_at.get(&uid).is_some_and(|of_box| of_box.at == scan.at));
            same_shelf || with_its_box
        }
        PlaceKind::None => false,
    }
}

/// Whether a place is another one or inside it, by their sort keys.
fn lies_in(inner: &str, outer: &str) -> bool {
    match inner.strip_prefix(outer) {
        Some(rest) => !outer.is_empty() && (rest.is_empty() || rest.starts_with(INSIDE)),
        None => false,
    }
}

/// Out with somebody, which the record knows.
pub(super) fn is_out(state: OriginalState) -> bool {
    matches!(
        state,
        OriginalState::OnLoan
            | OriginalState::OutForScanning
            | OriginalState::OnReadingTable
            | OriginalState::InTransit
    )
}

fn stranger(scan: &ScannedThing, verdict: Verdict, belongs: Spot) -> Finding {
    Finding {
        key: scan.key,
        document_uid: scan.document_uid,
        label: scan.label.clone(),
        verdict,
        is_expected: false,
        found: scan.at,
        belongs,
    }
}

fn with(finding: Finding, verdict: Verdict) -> Finding {
    Finding { verdict, ..finding }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELF_1: Spot = Spot {
        kind: PlaceKind::Location,
        uid: 1,
    };
    const SHELF_2: Spot = Spot {
        kind: PlaceKind::Location,
        uid: 2,
    };
    const BOX: Spot = Spot {
        kind: PlaceKind::Container,
        uid: 7,
    };

    fn paper(uid: i64) -> ThingKey {
        ThingKey {
            kind: ThingKind::Original,
            uid,
        }
    }

    fn shelf(at: Spot) -> String {
        match at {
            SHELF_1 => "K\u{1}1".to_owned(),
            SHELF_2 => "K\u{1}2".to_owned(),
            _ => String::new(),
        }
    }

    fn line(key: ThingKey, place: Spot) -> ExpectedThing {
        ExpectedThing {
            key,
            document_uid: None,
            place,
            shelf: match place {
                BOX => shelf(SHELF_1),
                place => shelf(place),
            },
            state: Some(OriginalState::InPlace),
            used_at: 100,
            place_now: place,
            state_now: Some(OriginalState::InPlace),
        }
    }

    fn scan(key: Option<ThingKey>, at: Spot) -> ScannedThing {
        ScannedThing {
            uid: 0,
            typed: String::new(),
            by: String::new(),
            key,
            document_uid: None,
            label: key.map_or("?".to_owned(), |key| format!("{}", key.uid)),
            at,
            shelf: shelf(at),
            worn: false,
        }
    }

    fn said(expected: &[ExpectedThing], scans: &[ScannedThing]) -> Vec<(i64, Verdict)> {
        let comparison = Comparison {
            expected,
            scans,
            strangers: &HashMap::new(),
            boxes_whole: true,
            dead_before: 50,
        };
        let findings = comparison.findings().into_iter();
        findings
            .map(|finding| (finding.key.map_or(0, |key| key.uid), finding.verdict))
            .collect()
    }

    #[test]
    fn each_verdict() {
        let lent = ExpectedThing {
            state: Some(OriginalState::OnLoan),
            state_now: Some(OriginalState::OnLoan),
            ..line(paper(4), SHELF_1)
        };
        let back = ExpectedThing {
            key: paper(5),
            ..lent.clone()
        };
        let moved = ExpectedThing {
            place_now: SHELF_2,
            ..line(paper(6), SHELF_1)
        };
        let dead = ExpectedThing {
            used_at: 49,
            ..line(paper(7), SHELF_1)
        };
        let expected = [
            line(paper(1), SHELF_1),
            line(paper(2), SHELF_1),
            line(paper(3), SHELF_1),
            lent,
            back,
            moved,
            dead,
        ];
        let worn = ScannedThing {
            worn: true,
            ..scan(Some(paper(1)), SHELF_1)
        };
        let scans = [
            worn,
            scan(Some(paper(3)), SHELF_2),
            scan(Some(paper(5)), SHELF_1),
            scan(Some(paper(7)), SHELF_1),
            scan(Some(paper(9)), SHELF_1),
            scan(None, SHELF_1),
            scan(None, SHELF_2),
        ];
        assert_eq!(
            said(&expected, &scans),
            [
                (1, Verdict::Present),
                (2, Verdict::Missing),
                (3, Verdict::Misplaced),
                (4, Verdict::OnLoan),
                (5, Verdict::OnLoanButHere),
                (6, Verdict::Moved),
                (7, Verdict::Present),
                (7, Verdict::Dead),
                (9, Verdict::Foreign),
                (0, Verdict::Unknown),
                (1, Verdict::Worn),
            ]
        );
    }

    #[test]
    fn a_closed_box_stands_for_its_papers_and_an_opened_one_does_not() {
        let case = ThingKey {
            kind: ThingKind::Container,
            uid: 7,
        };
        let expected = [line(case, SHELF_1), line(paper(1), BOX), line(paper(2), BOX)];
        let of = |scans: &[ScannedThing]| {
            said(&expected, scans)
                .into_iter()
                .map(|(_, verdict)| verdict)
                .collect::<Vec<_>>()
        };
        use Verdict::{Misplaced, Missing, Present};
        assert_eq!(of(&[]), [Missing, Missing, Missing]);
        assert_eq!(of(&[scan(Some(case), SHELF_1)]), [Present, Present, Present]);
        assert_eq!(
            of(&[scan(Some(case), SHELF_1), scan(Some(paper(1)), BOX)]),
            [Present, Present, Missing]
        );
        // A box at the wrong place is one difference and not one for each of its papers.
        assert_eq!(
            of(&[
                scan(Some(case), SHELF_2),
                scan(Some(paper(1)), SHELF_2),
                scan(Some(paper(2)), BOX)
            ]),
            [Misplaced, Present, Present]
        );
        // Who opens a box holds it.
        assert_eq!(of(&[scan(Some(paper(1)), BOX)]), [Present, Present, Missing]);
    }

    #[test]
    fn a_rack_says_where_its_papers_are() {
        let rack = Spot {
            kind: PlaceKind::Location,
            uid: 9,
        };
        let at_rack = ScannedThing {
            shelf: "K".to_owned(),
            ..scan(Some(paper(1)), rack)
        };
        assert_eq!(said(&[line(paper(1), SHELF_1)], &[at_rack]), [(1, Verdict::Present)]);
        assert!(!lies_in("K\u{1}10", "K\u{1}1"));
        assert!(!lies_in("K", ""));
    }
}
