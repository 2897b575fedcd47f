//! What the two indexes are given: a document with its pages, and a dossier with its customer.
//!
//! Entries are made from the record by the follower and by nobody else. Uids are the record's
//! BIGINT uids; they never leave the program. This file refuses to know how they are stored.

/// A document and its pages as the index finds them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DocumentEntry {
    pub document_uid: i64,
    /// The customer of its dossier; `None` while it waits in review.
    pub customer_uid: Option<i64>,
    pub dossier_uid: Option<i64>,
    /// Further customers that it names.
    pub also_names: Vec<i64>,
    pub kind: String,
    pub title: String,
    pub number: String,
    /// `yyyymmdd`, unknown parts `00`; 0 when the document is not dated.
    pub date: u32,
    /// State of the document and of its original, as the record writes them.
    pub states: Vec<String>,
    pub security_level: u8,
    /// Sealed itself or by its dossier.
    pub sealed: bool,
    /// Words of the record in the order of [`crate::keywords::KEYWORDS`]; empty for nothing.
    pub keywords: [String; crate::keywords::COUNT],
    /// Where the original effectively is, innermost, as `records` numbers places: a location is
    /// positive, a container negative, 0 none. Moving that place changes no entry.
    pub place_uid: i64,
    /// A document without pages has none and is still found by its facts.
    pub pages: Vec<PageEntry>,
}

/// A page of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageEntry {
    pub page_uid: i64,
    /// From 1.
    pub number: u32,
    /// Lines joined by `\n`; highlights count the characters of this text.
    pub text: String,
    /// Why the page needs review, as bits of `records::pages::ReadingFlag`; 0 when it was read well.
    pub reading: u8,
}

/// A dossier and the customer it is kept for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DossierEntry {
    pub customer_uid: i64,
    pub dossier_uid: i64,
    pub name: String,
    /// Former names and the names of parties with a role.
    pub other_names: Vec<String>,
    /// Code, aliases of the code and the dossier number.
    pub codes: Vec<String>,
    /// Identifiers and telephones of its parties.
    pub identifiers: Vec<String>,
    /// `potential`, `active`, `historic`.
    pub status: String,
    pub kind: String,
    pub security_level: u8,
    pub sealed: bool,
}

/// Places have signed numbers; the index keeps them apart as one unsigned number (zigzag).
pub(crate) fn place_key(place_uid: i64) -> u64 {
    ((place_uid << 1) ^ (place_uid >> 63)) as u64
}

/// The way back from [`place_key`].
pub(crate) fn place_of_key(key: u64) -> i64 {
    (key >> 1) as i64 ^ -((key & 1) as i64)
}

/// Uids are never negative; a broken one finds nothing instead of everything.
pub(crate) fn unsigned(uid: i64) -> u64 {
    u64::try_from(uid).unwrap_or(0)
}
