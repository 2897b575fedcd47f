//! The two schemas: which field is indexed how, and how an entry becomes tantivy documents.
//!
//! One tantivy document is one page (or a document without pages). Everything that a
//! filter, the order or a facet needs is a fast field, so that no database is asked while
//! searching. Documents are sorted by document uid, newest first, inside every segment.

use tantivy::index::{IndexSettings, IndexSortByField, Order};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::{RawTokenizer, TextAnalyzer, TokenizerManager};
use tantivy::{Index, TantivyDocument};

use crate::entry::{DocumentEntry, DossierEntry, place_key, unsigned};
use crate::fold::folded_string;
use crate::grams::{GramTokenizer, VALUE_BREAK};
use crate::ids::{IdTokenizer, identifiers};
use crate::keywords::{self, KEYWORDS};
use crate::pinyin::{PinyinLimits, pinyin_terms};

/// Raise whenever folding, grams, identifiers, pinyin or fields change: every index of another
/// version is rebuilt from the record at start.
pub const SCHEMA_VERSION: u32 = 4;

/// The access value of sealed documents; no clearance reaches it.
pub const SEALED: u64 = 9;

const GRAM: &str = "gram";
const IDENTIFIER: &str = "identifier";
const RAW: &str = "raw";

/// Names of fast fields that are read by name.
pub mod fast {
    pub const DOCUMENT: &str = "document";
    pub const PAGE: &str = "page";
    pub const NUMBER: &str = "page_number";
    pub const CUSTOMER: &str = "customer";
    pub const DOSSIER: &str = "dossier";
    pub const ACCESS: &str = "access";
    pub const DEPARTMENT: &str = crate::keywords::DEPARTMENT;
    pub const KIND: &str = "kind";
    pub const STATE: &str = "state";
    pub const DATE: &str = "date";
    pub const PLACE: &str = "place";
    pub const STATUS: &str = "status";
    pub const NAME_LENGTH: &str = "name_length";
    pub const READING: &str = "reading";
}

/// Fields of the index `pages`.
#[derive(Debug, Clone, Copy)]
pub struct PageFields {
    pub document: Field,
    pub page: Field,
    pub page_number: Field,
    pub customer: Field,
    /// The customer and the further customers named, for filters.
    pub customers: Field,
    pub dossier: Field,
    pub body: Field,
    pub ids: Field,
    /// Title and number on every page, for conditions that hold for the whole document.
    pub title: Field,
    pub number: Field,
    /// Title and number on the first page only: there they are a hit of their own.
    pub head: Field,
    /// The folded number of the document, whole, on the first page only.
    pub number_whole: Field,
    pub first: Field,
    pub kind: Field,
    pub state: Field,
    pub access: Field,
    /// In the order of [`crate::keywords::KEYWORDS`].
    pub keywords: [Field; keywords::COUNT],
    pub place: Field,
    pub date: Field,
    /// Each reason why the page needs review, as its bit.
    pub reading: Field,
}

/// Fields of the index `dossiers`.
#[derive(Debug, Clone, Copy)]
pub struct DossierFields {
    pub customer: Field,
    pub dossier: Field,
    pub name: Field,
    pub other_names: Field,
    pub codes: Field,
    /// Whole folded codes, numbers, identifiers and telephones.
    pub keys: Field,
    pub ids: Field,
    pub pinyin: Field,
    pub status: Field,
    pub kind: Field,
    pub access: Field,
    pub name_length: Field,
}

pub fn page_schema() -> (Schema, PageFields) {
    let mut builder = Schema::builder();
    let number = || NumericOptions::from(FAST);
    let key = || NumericOptions::from(FAST | INDEXED);
    let fields = PageFields {
        document: builder.add_u64_field(fast::DOCUMENT, key()),
        page: builder.add_u64_field(fast::PAGE, key()),
        page_number: builder.add_u64_field(fast::NUMBER, number()),
        customer: builder.add_u64_field(fast::CUSTOMER, number()),
        customers: builder.add_u64_field("customers", NumericOptions::from(INDEXED)),
        dossier: builder.add_u64_field(fast::DOSSIER, key()),
        body: builder.add_text_field("body", substring(GRAM).set_stored()),
        ids: builder.add_text_field("ids", substring(IDENTIFIER)),
        title: builder.add_text_field("title", substring(GRAM)),
        number: builder.add_text_field("number", substring(GRAM)),
        head: builder.add_text_field("head", substring(GRAM)),
        number_whole: builder.add_text_field("number_whole", whole()),
        first: builder.add_u64_field("first", NumericOptions::from(INDEXED)),
        kind: builder.add_text_field(fast::KIND, whole_fast()),
        state: builder.add_text_field(fast::STATE, whole_fast()),
        access: builder.add_u64_field(fast::ACCESS, number()),
        keywords: KEYWORDS
            .each_ref()
            .map(|word| builder.add_text_field(word.column, whole_fast())),
        place: builder.add_u64_field(fast::PLACE, key()),
        date: builder.add_u64_field(fast::DATE, number()),
        reading: builder.add_u64_field(fast::READING, key()),
    };
    (builder.build(), fields)
}

pub fn dossier_schema() -> (Schema, DossierFields) {
    let mut builder = Schema::builder();
    let number = || NumericOptions::from(FAST);
    let key = || NumericOptions::from(FAST | INDEXED);
    let fields = DossierFields {
        customer: builder.add_u64_field(fast::CUSTOMER, key()),
        dossier: builder.add_u64_field(fast::DOSSIER, key()),
        name: builder.add_text_field("name", substring(GRAM)),
        other_names: builder.add_text_field("other_names", substring(GRAM)),
        codes: builder.add_text_field("codes", substring(GRAM)),
        keys: builder.add_text_field("keys", whole()),
        ids: builder.add_text_field("ids", substring(IDENTIFIER)),
        pinyin: builder.add_text_field("readings", whole()),
        status: builder.add_text_field(fast::STATUS, whole_fast()),
        kind: builder.add_text_field(fast::KIND, whole_fast()),
        access: builder.add_u64_field(fast::ACCESS, number()),
        name_length: builder.add_u64_field(fast::NAME_LENGTH, number()),
    };
    (builder.build(), fields)
}

/// Identifies schemas and tokenizers; is in the commit payload.
pub fn schema_hash() -> String {
    // FNV-1a: stable over processes and machines, which the standard hasher does not promise.
    let fields = |schema: Schema| {
        let fields = schema.fields().map(|(_, entry)| format!("{entry:?}"));
        fields.collect::<Vec<_>>().join("\n")
    };
    let text = format!(
        "{SCHEMA_VERSION}\n{}\n{}",
        fields(page_schema().0),
        fields(dossier_schema().0)
    );
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Newest document first, zstd 3 for the stored text (656 bytes a page against 850 with lz4).
pub fn settings(sort_by: &str) -> IndexSettings {
    IndexSettings {
        sort_by_field: Some(IndexSortByField {
            field: sort_by.to_owned(),
            order: Order::Desc,
        }),
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(3),
        }),
        ..IndexSettings::default()
    }
}

pub fn register_tokenizers(index: &Index) {
    let manager: &TokenizerManager = index.tokenizers();
    manager.register(GRAM, TextAnalyzer::from(GramTokenizer));
    manager.register(IDENTIFIER, TextAnalyzer::from(IdTokenizer));
    manager.register(RAW, TextAnalyzer::from(RawTokenizer::default()));
}

/// The pages of a document, or the document itself when it has none.
pub fn page_documents(fields: &PageFields, entry: &DocumentEntry) -> Vec<TantivyDocument> {
    if entry.pages.is_empty() {
        return vec![page_document(fields, entry, (0, 0, "", 0), true)];
    }
    let first = entry.pages.iter().map(|page| page.number).min().unwrap_or(0);
    entry
        .pages
        .iter()
        .map(|page| {
            let facts = (page.page_uid, page.number, page.text.as_str(), page.reading);
            page_document(fields, entry, facts, page.number == first)
        })
        .collect()
}

fn page_document(
    fields: &PageFields,
    entry: &DocumentEntry,
    (page_uid, page_number, text, reading): (i64, u32, &str, u8),
    first: bool,
) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.document, unsigned(entry.document_uid));
    document.add_u64(fields.page, unsigned(page_uid));
    document.add_u64(fields.page_number, u64::from(page_number));
    let customer = entry.customer_uid.map_or(0, unsigned);
    document.add_u64(fields.customer, customer);
    for uid in entry.customer_uid.iter().chain(&entry.also_names) {
        document.add_u64(fields.customers, unsigned(*uid));
    }
    document.add_u64(fields.dossier, entry.dossier_uid.map_or(0, unsigned));
    document.add_text(fields.body, text);
    document.add_text(fields.ids, identifiers_of(text));
    document.add_text(fields.title, &entry.title);
    document.add_text(fields.number, &entry.number);
    if first {
        document.add_u64(fields.first, 1);
        document.add_text(fields.head, format!("{}{VALUE_BREAK}{}", entry.title, entry.number));
        let number = folded_string(&entry.number);
        if !number.is_empty() {
            document.add_text(fields.number_whole, number);
        }
    }
    document.add_text(fields.kind, &entry.kind);
    for state in &entry.states {
        document.add_text(fields.state, state);
    }
    document.add_u64(fields.access, access(entry.security_level, entry.sealed));
    for (column, value) in fields.keywords.iter().zip(&entry.keywords) {
        document.add_text(*column, value);
    }
    if entry.place_uid != 0 {
        document.add_u64(fields.place, place_key(entry.place_uid));
    }
    document.add_u64(fields.date, u64::from(entry.date));
    for bit in (0..8).map(|at| 1_u8 << at).filter(|bit| reading & bit != 0) {
        document.add_u64(fields.reading, u64::from(bit));
    }
    document
}

pub fn dossier_document(fields: &DossierFields, entry: &DossierEntry) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.customer, unsigned(entry.customer_uid));
    document.add_u64(fields.dossier, unsigned(entry.dossier_uid));
    document.add_text(fields.name, &entry.name);
    document.add_text(fields.other_names, joined(&entry.other_names));
    document.add_text(fields.codes, joined(&entry.codes));
    document.add_text(fields.ids, joined(&entry.identifiers));
    for key in entry.codes.iter().chain(&entry.identifiers) {
        let key = folded_string(key);
        if !key.is_empty() {
            document.add_text(fields.keys, key);
        }
    }
    for term in pinyin_terms(&entry.name, &PinyinLimits::default()) {
        document.add_text(fields.pinyin, term);
    }
    document.add_text(fields.status, &entry.status);
    document.add_text(fields.kind, &entry.kind);
    document.add_u64(fields.access, access(entry.security_level, entry.sealed));
    document.add_u64(fields.name_length, folded_string(&entry.name).chars().count() as u64);
    document
}

/// The identifiers alone, so that the text does not wait twice in the queue of the writer.
fn identifiers_of(text: &str) -> String {
    let mut all = String::new();
    for identifier in identifiers(text) {
        if !all.is_empty() {
            all.push(VALUE_BREAK);
        }
        all.extend(identifier);
    }
    all
}

fn joined(values: &[String]) -> String {
    values.join(&VALUE_BREAK.to_string())
}

fn access(security_level: u8, sealed: bool) -> u64 {
    if sealed { SEALED } else { u64::from(security_level) }
}

fn substring(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(false),
    )
}

fn whole() -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(RAW)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    )
}

fn whole_fast() -> TextOptions {
    whole().set_fast(RAW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_same_every_time() {
        let first = schema_hash();
        assert!((0..50).all(|_| schema_hash() == first));
    }
}
