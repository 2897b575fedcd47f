//! What a line of a manifest states.

use crate::cut::Sheet;
use records::batches::StatedPaper;
use records::documents::Particulars;
use records::kinds::Kinds;
use records::{PartialDate, SecurityLevel, fold};
use std::path::PathBuf;
use vocabulary::detail::{Detail, DetailCode};
use vocabulary::{SheetCode, StatedField};

/// What a delivery states about a document before anybody has read it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownFacts {
    /// Customers that the manifest names for this document; more than one is a contradiction.
    pub customer_codes: Vec<String>,
    pub customer_name: String,
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: PartialDate,
    pub location_code: String,
    pub security_level: Option<SecurityLevel>,
    pub page_count: Option<i64>,
    pub paper: StatedPaper,
    pub department: String,
    pub site: String,
    pub particulars: Particulars,
    pub attributes: Vec<(String, String)>,
    /// The line that states it; of several the one that speaks first.
    pub source: ManifestSource,
    /// Where other lines say something else.
    pub contradictions: Vec<Contradiction>,
}

impl KnownFacts {
    /// What holds for each of the documents that a file was cut into. What can be true of one only is kept as it was
    /// delivered.
    #[must_use]
    pub fn of_stack(mut self) -> KnownFacts {
        let date = std::mem::take(&mut self.date);
        for (name, value) in [
            ("title_as_delivered", std::mem::take(&mut self.title)),
            ("number_as_delivered", std::mem::take(&mut self.number)),
            ("date_as_delivered", date.as_str().to_owned()),
        ] {
            if !value.is_empty() {
                self.attributes.push((name.to_owned(), value));
            }
        }
        self.page_count = None;
        self
    }

    /// Takes over place and kind from a cover sheet; answers what of it is unknown or contradicts the list.
    pub fn follow(&mut self, sheet: &Sheet, kinds: &Kinds) -> Vec<Detail> {
        let mut questions: Vec<Detail> = Vec::new();
        let unknown = sheet.unknown.iter();
        questions.extend(unknown.map(|content| DetailCode::SheetSaysUnknown.with(content.as_str())));
        if sheet.unread {
            questions.push(DetailCode::SheetPartlyRead.with(sheet.shown()));
        }
        if let Some(code) = &sheet.kind {
            let (said, listed) = (kinds.resolve(code), kinds.resolve(&self.kind));
            let differ = said.zip(listed).is_some_and(|(said, listed)| said.code != listed.code);
            if differ {
                questions.push(contradiction(SheetCode::Kind(code.clone()), &self.kind));
            }
            if said.is_none() {
                questions.push(DetailCode::KindUnknownOnSheet.with(code.as_str()));
            }
            if listed.is_none() {
                self.kind.clone_from(code);
            }
        }
        if let Some(code) = &sheet.location {
            let listed = &self.location_code;
            if !listed.is_empty() && fold::code(listed) != fold::code(code) {
                questions.push(contradiction(SheetCode::Location(code.clone()), listed));
            }
            if listed.is_empty() {
                self.location_code.clone_from(code);
            }
        }
        questions
    }
}

fn contradiction(sheet: SheetCode, listed: &str) -> Detail {
    DetailCode::SheetContradictsList.with(sheet.content()).with(listed)
}

/// Two lines that say different things of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The line that was not followed.
    pub manifest: String,
    pub line: u64,
    pub field: StatedField,
    /// Both lines, and what each says.
    pub detail: Detail,
}

/// A line of a manifest, for people. An empty file: no manifest names the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestSource {
    pub file: String,
    pub line: u64,
}

/// A line of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestEntry {
    pub line: u64,
    /// The path as the manifest writes it.
    pub written: String,
    /// The same path, from the folder of the manifest.
    pub path: PathBuf,
    /// Files of one manifest with the same value are one document; empty for a document of its own.
    pub document: String,
    pub sequence: Option<i64>,
    pub known: KnownFacts,
}

impl ManifestEntry {
    /// Another line of the same path. Two customers are a contradiction that a person settles; of anything else this line
    /// stays, and what is wrong is said of the other.
    pub(super) fn said_again(&mut self, again: &ManifestEntry) -> Detail {
        let codes = &mut self.known.customer_codes;
        let is_other = |code: &&String| codes.iter().all(|known| fold::code(known) != fold::code(code));
        let others: Vec<String> = again.known.customer_codes.iter().filter(is_other).cloned().collect();
        if codes.is_empty() || others.is_empty() {
            codes.extend(others);
            return DetailCode::ManifestLineNotUsed.with(DetailCode::ManifestPathTwice.with(self.line));
        }
        codes.extend(others);
        DetailCode::ManifestPathOfSeveral.with(self.line).with(codes.join(", "))
    }
}
