//! What a line of a manifest states.

use records::documents::{CopyState, Particulars};
use records::{PartialDate, SecurityLevel};

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
    /// The line that states it.
    pub source: ManifestSource,
}

/// A line of a manifest, for people. An empty file: no manifest names the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestSource {
    pub file: String,
    pub line: u64,
}

/// What is stated about the paper behind a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatedPaper {
    /// Nothing.
    #[default]
    NotStated,
    /// There is paper, and what it is.
    Is(CopyState),
    /// There is none: the file is the document.
    None,
}

/// A line of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestEntry {
    pub line: u64,
    /// The path as the manifest writes it.
    pub written: String,
    /// Files of one manifest with the same value are one document; empty for a document of its own.
    pub document: String,
    pub sequence: Option<i64>,
    pub known: KnownFacts,
}
