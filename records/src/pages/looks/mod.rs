//! Pages to check: unread ink, handwriting, doubtful text, failed pages. A person marks such a page as reviewed,
//! corrects its text, or orders that it be read again. No other page needs checking.

pub(crate) mod sql;

use crate::{
    documents::DocumentRow,
    pages::{Page, ReadingFlag},
};

/// A page to check.
#[derive(Debug, Clone)]
pub struct AskingPage {
    pub document: DocumentRow,
    pub page: Page,
    /// Mean over the characters of its text; `None` without text.
    pub confidence: Option<f64>,
}

/// How many pages to check, by reason; a page may have several reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookCounts {
    pub pages: i64,
    pub by_flag: Vec<(ReadingFlag, i64)>,
}

/// Where on a page something is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectionTarget {
    /// A line of the text as it is shown, counted from 0, and what stands there now; another text means that somebody
    /// was faster.
    Line { line: usize, former: String },
    /// A region that was not read, counted from 0.
    Region(usize),
    /// The whole page; for one of which nothing was read.
    Page,
}

/// Characters of one correction.
pub const CORRECTION_CHARACTERS_MAX: usize = 2_000;
