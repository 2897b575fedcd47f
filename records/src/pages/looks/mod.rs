//! Pages that ask for a look: ink that was not read, handwriting, doubtful text, pages that failed. A person looks, says
//! that it is well, types what stands there, or has it read again. Nobody needs to look at any other page.

pub(crate) mod sql;

use crate::{
    documents::DocumentRow,
    pages::{Page, ReadingFlag},
};

/// A page that asks for a look.
#[derive(Debug, Clone)]
pub struct AskingPage {
    pub document: DocumentRow,
    pub page: Page,
    /// Mean over the characters of its text; `None` without text.
    pub confidence: Option<f64>,
}

/// How many pages ask, and why; a page may ask for several reasons.
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
