//! Reading again: an order to read documents with other settings, one job for each document.
//!
//! The new text is stored beside the old one and becomes current in the transaction that ends the job: a worker that
//! dies earlier changes nothing, and the job is retried. What people have typed, linked or described stays; what the
//! new text proposes is a new proposal.

pub(crate) mod sql;

use crate::{
    Error, Field, Moment, Result,
    documents::{Candidate, Described},
    ids::{DocumentId, RereadId},
    pages::{Correction, Fact, NewPage, Page, TextLayer},
};
use vocabulary::both;
use vocabulary::detail::Detail;

/// The kind of its jobs.
pub const JOB_KIND: &str = "document.reread";
/// Attempts after which a document whose worker keeps dying is given up.
pub const ATTEMPTS_MAX: i64 = 4;

/// What a job of a cancelled order says.
pub(crate) const CANCELLED: &str = "cancelled";

/// Bounds of one order.
#[derive(Debug, Clone, Copy)]
pub struct RereadOrderLimits {
    pub documents_max: usize,
    /// Pages named one by one.
    pub pages_named_max: usize,
}

impl Default for RereadOrderLimits {
    fn default() -> Self {
        Self {
            documents_max: 200_000,
            pages_named_max: 5_000,
        }
    }
}

/// How this reading differs from the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RereadSettings {
    /// Page numbers; empty means all.
    pub pages: Vec<u32>,
    /// Recognises the page image even where the file contains text.
    pub force_ocr: bool,
    /// Page orientation set by a person: the clockwise turn from the delivered image to the upright one.
    pub turn: Option<u16>,
    /// Detects lines in a larger image: slower, finds small print.
    pub fine: bool,
    /// Does not remove seals before recognition: for print that was mistaken for a seal.
    pub keep_seals: bool,
    /// A second recogniser reads every line too, and lines on which the two differ are marked: slower.
    pub second_opinion: bool,
}

/// Which documents and pages to read again.
#[derive(Debug, Clone, PartialEq)]
pub enum RereadScope {
    /// Documents by id or by their own number.
    Documents(Vec<String>),
    /// A batch by id or name.
    Batch(String),
    /// Pages whose confidence is below this, and pages that failed.
    Below(f64),
}

/// An order and its progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RereadOrder {
    pub id: RereadId,
    /// `documents`, `batch`, `below`.
    pub scope: String,
    /// Document id, name of the batch, confidence.
    pub scope_name: String,
    pub settings: RereadSettings,
    pub by_name: String,
    pub created_at: Moment,
    pub cancelled_at: Option<Moment>,
    pub cancelled_by: String,
    /// Documents, by what has become of each.
    pub waiting: i64,
    pub working: i64,
    pub done: i64,
    pub failed: i64,
    pub cancelled: i64,
    /// Pages that were read, got another text, and could not be read.
    pub pages: i64,
    pub pages_changed: i64,
    pub pages_failed: i64,
}

impl RereadOrder {
    pub fn documents(&self) -> i64 {
        self.waiting + self.working + self.done + self.failed + self.cancelled
    }

    pub fn is_open(&self) -> bool {
        self.waiting + self.working > 0
    }
}

/// A document that could not be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RereadFailure {
    pub document_id: DocumentId,
    pub title: String,
    pub reason: Detail,
}

/// What a job asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RereadTask {
    pub order: RereadId,
    pub document: DocumentId,
    pub settings: RereadSettings,
}

/// A document as a worker gets it: its pages with their current texts.
#[derive(Debug, Clone)]
pub struct RereadDocument {
    pub uid: i64,
    pub pages: Vec<RereadPage>,
}

/// One of its pages.
#[derive(Debug, Clone)]
pub struct RereadPage {
    pub page: Page,
    /// The current text, with corrections.
    pub layer: TextLayer,
    pub corrections: Vec<Correction>,
}

/// A page that was read again; `state` says whether it could be.
#[derive(Debug, Clone)]
pub struct ReadAgain {
    pub page_uid: i64,
    pub page: NewPage,
}

/// The result of a worker.
#[derive(Debug, Clone, Default)]
pub struct RereadResult {
    pub pages: Vec<ReadAgain>,
    /// Found on the pages that were read again.
    pub facts: Vec<Fact>,
    /// Customers that the facts speak for; proposed only while the document waits in review.
    pub candidates: Vec<Candidate>,
    /// What the text said of the document before, and what it says now. What is empty is filled, and what had come from
    /// the former text follows the new one where that is to be `trusted`; unless a person has described the document.
    pub former: Described,
    pub described: Described,
    pub trusted: bool,
}

impl RereadSettings {
    /// # Errors
    /// [`Error::Invalid`] names what cannot be done.
    pub fn checked(mut self, limits: &RereadOrderLimits) -> Result<Self> {
        if let Some(turn) = self.turn
            && !matches!(turn, 0 | 90 | 180 | 270)
        {
            return Err(Error::invalid(
                Field::Turn,
                turn.to_string(),
                both!(
                    "a page is turned by 0, 90, 180 or 270 degrees",
                    "页面只能转 0、90、180 或 270 度"
                ),
            ));
        }
        self.pages.sort_unstable();
        self.pages.dedup();
        if self.pages.first() == Some(&0) {
            return Err(Error::invalid(
                Field::Page,
                "0",
                both!("pages are counted from 1", "页号从 1 起"),
            ));
        }
        if self.pages.len() > limits.pages_named_max {
            return Err(Error::invalid(
                Field::Pages,
                self.pages.len().to_string(),
                both!(
                    "at most {} are named one by one; read the whole document",
                    "逐页指定最多 {} 页；请整件重读",
                    limits.pages_named_max
                ),
            ));
        }
        Ok(self)
    }

    /// For the audit trail and for the parameters of the new text: `force_ocr turn=90 fine keep_seals second_opinion`;
    /// empty for the usual way.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        if self.force_ocr {
            words.push("force_ocr".to_owned());
        }
        if let Some(turn) = self.turn {
            words.push(format!("turn={turn}"));
        }
        if self.fine {
            words.push("fine".to_owned());
        }
        if self.keep_seals {
            words.push("keep_seals".to_owned());
        }
        if self.second_opinion {
            words.push("second_opinion".to_owned());
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked() {
        let limits = RereadOrderLimits::default();
        let with = |pages: &[u32], turn| RereadSettings {
            pages: pages.to_vec(),
            turn,
            ..RereadSettings::default()
        };
        assert_eq!(with(&[3, 1, 3], None).checked(&limits).expect("usable").pages, [1, 3]);
        assert!(with(&[0], None).checked(&limits).is_err());
        assert!(with(&[], Some(45)).checked(&limits).is_err());
        assert_eq!(with(&[], Some(180)).words(), "turn=180");
    }
}
