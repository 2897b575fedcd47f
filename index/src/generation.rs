//! One generation of the full text: the two tantivy indexes, opened, written and committed with
//! the position in the change log that they reflect.
//!
//! A document is always deleted and added again as a whole, so replaying changes is harmless.
//! Dossiers are committed and synced before pages; the payload of the pages is the one truth
//! about the position. This file refuses to know where entries come from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use records::changes::Position;
use serde::{Deserialize, Serialize};
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, Lock, MmapDirectory};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::schema::Schema;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, SegmentReader, TantivyError, Term};

use crate::entry::{DocumentEntry, DossierEntry, unsigned};
use crate::error::{Error, Result};
use crate::folder::sync_folder;
use crate::readers::IndexReaders;
use crate::schema::{
    DossierFields, PageFields, dossier_document, dossier_schema, fast, page_documents, page_schema,
    register_tokenizers, schema_hash, settings,
};

/// The payload of a commit: its position and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    pub xid: i64,
    pub seq: i64,
    pub db_epoch: String,
    pub archive_id: String,
    pub schema_hash: String,
    pub generation: String,
}

impl Payload {
    pub fn position(&self) -> Position {
        Position {
            xid: self.xid,
            seq: self.seq,
        }
    }
}

/// Memory and threads of a writer.
#[derive(Debug, Clone, Copy)]
pub struct WriterLimits {
    /// Threads that index pages, 1 to 8.
    pub threads: usize,
    /// Bytes that each thread gathers before it writes a segment, 15 MB to 4 GB.
    pub memory_per_thread: usize,
    pub merge_threads: usize,
}

impl WriterLimits {
    /// In service: small and steady.
    pub const FOLLOWING: WriterLimits = WriterLimits {
        threads: 1,
        memory_per_thread: 100 << 20,
        merge_threads: 1,
    };
    /// A new generation from the whole record.
    pub const REBUILDING: WriterLimits = WriterLimits {
        threads: 2,
        memory_per_thread: 200 << 20,
        merge_threads: 2,
    };
}

/// Dossiers are few and small beside pages.
const DOSSIER_MEMORY: usize = 20 << 20;
/// A segment with a larger share of deleted pages is merged away.
const DELETED_SHARE_MAX: f32 = 0.2;
/// Segments of more pages than this are left alone.
const MERGED_PAGES_MAX: usize = 2_000_000;

/// Both indexes of one generation.
#[derive(Clone)]
pub struct Generation {
    pub name: String,
    path: PathBuf,
    pages: Index,
    page_fields: PageFields,
    dossiers: Index,
    dossier_fields: DossierFields,
}

impl Generation {
    /// An empty generation in a new folder.
    pub fn create(path: &Path, name: &str) -> Result<Self> {
        let (page_schema, page_fields) = page_schema();
        let (dossier_schema, dossier_fields) = dossier_schema();
        Ok(Generation {
            name: name.to_owned(),
            path: path.to_owned(),
            pages: create(&path.join("pages"), page_schema, fast::DOCUMENT)?,
            page_fields,
            dossiers: create(&path.join("dossiers"), dossier_schema, fast::CUSTOMER)?,
            dossier_fields,
        })
    }

    /// Opens a generation that was committed at least once.
    ///
    /// # Errors
    /// [`Error::Unusable`] when it has another schema or no readable payload.
    pub fn open(path: &Path, name: &str) -> Result<(Self, Payload)> {
        let (_, page_fields) = page_schema();
        let (_, dossier_fields) = dossier_schema();
        let generation = Generation {
            name: name.to_owned(),
            path: path.to_owned(),
            pages: open(&path.join("pages"))?,
            page_fields,
            dossiers: open(&path.join("dossiers"))?,
            dossier_fields,
        };
        let payload = generation.payload()?;
        if payload.schema_hash != schema_hash() {
            return Err(Error::unusable(path, "it was written by another version"));
        }
        Ok((generation, payload))
    }

    /// The payload of the last commit on disk, also one of another process.
    pub fn payload(&self) -> Result<Payload> {
        let metas = self.pages.load_metas()?;
        let text = metas.payload.unwrap_or_default();
        serde_json::from_str(&text).map_err(|_| Error::unusable(&self.path, "its commit does not name a position"))
    }

    /// Compares every file with its checksum.
    pub fn verify(&self) -> Result<()> {
        for index in [&self.pages, &self.dossiers] {
            let damaged = index.validate_checksum()?;
            if let Some(file) = damaged.iter().next() {
                let reason = format!("{} is damaged", file.display());
                return Err(Error::unusable(&self.path, reason));
            }
        }
        Ok(())
    }

    /// Whether its files are still where they were.
    pub fn is_on_disk(&self) -> bool {
        ["pages", "dossiers"]
            .iter()
            .all(|part| self.path.join(part).join("meta.json").exists())
    }

    pub fn readers(&self) -> Result<IndexReaders> {
        Ok(IndexReaders {
            pages: reader(&self.pages)?,
            page_columns: Arc::default(),
            page_fields: self.page_fields,
            dossiers: reader(&self.dossiers)?,
            dossier_columns: Arc::default(),
            dossier_fields: self.dossier_fields,
        })
    }

    pub fn writer(&self, limits: &WriterLimits) -> Result<GenerationWriter> {
        let pages = writer(&self.pages, limits)?;
        let dossier_limits = WriterLimits {
            threads: 1,
            memory_per_thread: DOSSIER_MEMORY,
            merge_threads: 1,
        };
        Ok(GenerationWriter {
            generation: self.clone(),
            pages,
            dossiers: writer(&self.dossiers, &dossier_limits)?,
            dossiers_changed: true,
        })
    }
}

/// The only thing that writes full text.
pub struct GenerationWriter {
    generation: Generation,
    pages: IndexWriter,
    dossiers: IndexWriter,
    dossiers_changed: bool,
}

impl GenerationWriter {
    pub fn remove_document(&mut self, document_uid: i64) {
        let field = self.generation.page_fields.document;
        self.pages
            .delete_term(Term::from_field_u64(field, unsigned(document_uid)));
    }

    pub fn put_document(&mut self, entry: &DocumentEntry) -> Result<()> {
        self.remove_document(entry.document_uid);
        self.add_document(entry)
    }

    /// Without deleting first: for a generation that cannot hold it yet.
    pub fn add_document(&mut self, entry: &DocumentEntry) -> Result<()> {
        let documents = page_documents(&self.generation.page_fields, entry);
        // In one batch, so that all pages of a document are together in one segment: the search
        // gathers them from there.
        self.pages.run(documents.into_iter().map(UserOperation::Add))?;
        Ok(())
    }

    pub fn remove_dossier(&mut self, customer_uid: i64) {
        let field = self.generation.dossier_fields.customer;
        self.dossiers
            .delete_term(Term::from_field_u64(field, unsigned(customer_uid)));
        self.dossiers_changed = true;
    }

    pub fn put_dossier(&mut self, entry: &DossierEntry) -> Result<()> {
        self.remove_dossier(entry.customer_uid);
        self.add_dossier(entry)
    }

    /// Without deleting first: for a generation that cannot hold it yet.
    pub fn add_dossier(&mut self, entry: &DossierEntry) -> Result<()> {
        self.dossiers_changed = true;
        let document = dossier_document(&self.generation.dossier_fields, entry);
        self.dossiers.add_document(document)?;
        Ok(())
    }

    /// Makes everything so far searchable and durable.
    pub fn commit(&mut self, payload: &Payload) -> Result<()> {
        let text = serde_json::to_string(payload).map_err(|error| Error::Task(error.to_string()))?;
        if self.dossiers_changed {
            commit(&mut self.dossiers, &text, &self.generation.path.join("dossiers"))?;
            self.dossiers_changed = false;
        }
        commit(&mut self.pages, &text, &self.generation.path.join("pages"))
    }

    /// Waits for running merges, so that nothing half-written is left behind.
    pub fn close(self) -> Result<()> {
        self.dossiers.wait_merging_threads()?;
        self.pages.wait_merging_threads()?;
        Ok(())
    }
}

impl IndexReaders {
    /// Loads the newest commit on disk, by any process.
    pub fn reload(&self) -> Result<()> {
        self.dossiers.reload()?;
        self.pages.reload()?;
        Ok(())
    }

    /// Segments of pages and of dossiers.
    pub fn segments(&self) -> (usize, usize) {
        let count = |reader: &IndexReader| reader.searcher().segment_readers().len();
        (count(&self.pages), count(&self.dossiers))
    }

    /// Bytes of each field of the pages and of the stored text, for the bench.
    pub fn weights(&self) -> Result<Vec<(String, u64)>> {
        let searcher = self.pages.searcher();
        let mut sums: Vec<(String, u64)> = Vec::new();
        let mut add = |name: String, bytes: u64| match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += bytes,
            None => sums.push((name, bytes)),
        };
        let usage = searcher.space_usage().map_err(tantivy::TantivyError::from)?;
        for segment in usage.segments() {
            add("stored text".to_owned(), segment.store().total().get_bytes());
            let parts = [
                ("terms", segment.termdict()),
                ("postings", segment.postings()),
                ("positions", segment.positions()),
                ("columns", segment.fast_fields()),
            ];
            for (part, of_fields) in parts {
                for field in of_fields.fields() {
                    add(format!("{part} {}", field.field_name()), field.total().get_bytes());
                }
            }
        }
        sums.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        Ok(sums)
    }

    /// All searchable pages and dossiers, without a visibility filter; for the status line.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let count = |reader: &IndexReader| {
            let searcher = reader.searcher();
            let segments = searcher.segment_readers().iter();
            segments.map(SegmentReader::num_docs).map(u64::from).sum()
        };
        (count(&self.pages), count(&self.dossiers))
    }
}

fn commit(writer: &mut IndexWriter, payload: &str, path: &Path) -> Result<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(payload);
    prepared.commit()?;
    sync_folder(path).map_err(Error::io(path))
}

fn create(path: &Path, schema: Schema, sorted_by: &str) -> Result<Index> {
    std::fs::create_dir_all(path).map_err(Error::io(path))?;
    let index = Index::builder()
        .schema(schema)
        .settings(settings(sorted_by))
        .create_in_dir(path)?;
    register_tokenizers(&index);
    Ok(index)
}

fn open(path: &Path) -> Result<Index> {
    let directory = MmapDirectory::open(path).map_err(|error| Error::unusable(path, error.to_string()))?;
    let index = Index::open(directory).map_err(|error| Error::unusable(path, error.to_string()))?;
    register_tokenizers(&index);
    Ok(index)
}

fn reader(index: &Index) -> Result<IndexReader> {
    let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
    Ok(builder.try_into()?)
}

fn writer(index: &Index, limits: &WriterLimits) -> Result<IndexWriter> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(limits.threads)
        .memory_budget_per_thread(limits.memory_per_thread)
        .num_merge_threads(limits.merge_threads)
        .build();
    let writer: IndexWriter = match index.writer_with_options(options.clone()) {
        // Who had the lock of the follower before us is ending, and closes its last file in a moment.
        Err(TantivyError::LockFailure(LockError::LockBusy, _)) => {
            let lock = Lock {
                filepath: INDEX_WRITER_LOCK.filepath.clone(),
                is_blocking: true,
            };
            let free = index.directory().acquire_lock(&lock);
            drop(free.map_err(|error| TantivyError::LockFailure(error, None))?);
            index.writer_with_options(options)?
        }
        made => made?,
    };
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(DELETED_SHARE_MAX);
    policy.set_max_docs_before_merge(MERGED_PAGES_MAX);
    writer.set_merge_policy(Box::new(policy));
    // What a killed writer had begun and not committed goes first: its files bear the names that ours would get.
    writer.garbage_collect_files().wait()?;
    Ok(writer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::PageEntry;

    #[test]
    fn files_of_a_killed_writer_are_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let generation = Generation::create(folder.path(), "one").unwrap();
        let payload = Payload {
            xid: 1,
            seq: 1,
            db_epoch: String::new(),
            archive_id: String::new(),
            schema_hash: schema_hash(),
            generation: "one".to_owned(),
        };
        let entry = |document_uid| DocumentEntry {
            document_uid,
            pages: vec![PageEntry::default()],
            ..DocumentEntry::default()
        };
        let mut writer = generation.writer(&WriterLimits::FOLLOWING).unwrap();
        (1..=20).for_each(|uid| writer.add_document(&entry(uid)).unwrap());
        writer.commit(&payload).unwrap();
        writer.close().unwrap();

        // Killed after the list of deleted pages was written and before the commit was: the list is there, and what
        // the index says of itself is what it said before.
        let meta = folder.path().join("pages/meta.json");
        let before = std::fs::read(&meta).unwrap();
        let change = || {
            let mut writer = generation.writer(&WriterLimits::FOLLOWING).unwrap();
            writer.put_document(&entry(7)).unwrap();
            writer.commit(&payload)?;
            writer.close()
        };
        change().unwrap();
        let lists = || {
            let names = std::fs::read_dir(folder.path().join("pages")).unwrap();
            names
                .filter(|name| name.as_ref().unwrap().path().extension().is_some_and(|e| e == "del"))
                .count()
        };
        assert_eq!(lists(), 1);
        std::fs::write(&meta, before).unwrap();
        change().unwrap();
        assert_eq!((lists(), generation.readers().unwrap().counts().0), (1, 20));
    }

    #[test]
    fn a_writer_waits_for_one_that_is_ending() {
        let folder = tempfile::tempdir().unwrap();
        let generation = Generation::create(folder.path(), "one").unwrap();
        let ending = generation.writer(&WriterLimits::FOLLOWING).unwrap();
        let next = std::thread::spawn(move || generation.writer(&WriterLimits::FOLLOWING)?.close());
        ending.close().unwrap();
        next.join().unwrap().unwrap();
    }
}
