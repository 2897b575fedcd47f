//! Building the two indexes from the corpus, as `reindex` does, and what they weigh.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use index::entry::{DocumentEntry, DossierEntry, PageEntry};
use index::generation::{Generation, GenerationWriter, Payload, WriterLimits};
use index::schema::schema_hash;

use crate::Result;
use crate::corpus::{Corpus, Customer, Document, Makers};
use crate::measure::{Clock, Memory, sizes};

/// A folder with one generation.
pub struct Built {
    pub folder: PathBuf,
    pub pages: u64,
    pub characters: u64,
    /// Until everything is committed and merged.
    pub wall: Duration,
    /// Processor time without that of making the corpus.
    pub cpu: Duration,
    pub memory: Memory,
}

impl Built {
    /// What an earlier run built; how is not known.
    pub fn left_in(folder: PathBuf) -> Self {
        Built {
            folder,
            pages: 0,
            characters: 0,
            wall: Duration::ZERO,
            cpu: Duration::ZERO,
            memory: Memory::default(),
        }
    }

    pub fn generation(&self) -> Result<Generation> {
        Ok(Generation::open(&self.folder, "bench")?.0)
    }

    pub fn bytes(&self) -> Result<u64> {
        Ok(self.parts()?.iter().map(|(_, bytes)| bytes).sum())
    }

    pub fn parts(&self) -> Result<Vec<(String, u64)>> {
        Ok(sizes(&self.folder.join("pages"))?)
    }
}

/// How a generation is filled.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    pub threads: usize,
    /// MB of each thread, when not the usual ones.
    pub memory: Option<usize>,
    /// Pages after which is committed; 0 only at the end.
    pub pages_per_commit: u64,
    /// Every so many dossiers, one is written in an older form first and replaced later.
    pub detour_every: i64,
}

impl Way {
    pub fn rebuild(threads: usize) -> Self {
        Way {
            threads,
            memory: None,
            pages_per_commit: 0,
            detour_every: 0,
        }
    }

    /// The life of an index in service: small commits, corrections.
    pub fn service() -> Self {
        Way {
            threads: 1,
            memory: None,
            pages_per_commit: 1_000,
            detour_every: 5,
        }
    }
}

pub fn build(corpus: Corpus, makers: &Makers, dossiers: i64, folder: &Path, way: Way) -> Result<Built> {
    let generation = Generation::create(folder, "bench")?;
    let limits = match way.pages_per_commit {
        0 => WriterLimits {
            threads: way.threads,
            memory_per_thread: way
                .memory
                .map_or(WriterLimits::REBUILDING.memory_per_thread, |mb| mb << 20),
            ..WriterLimits::REBUILDING
        },
        _ => WriterLimits::FOLLOWING,
    };
    let clock = Clock::start();
    let mut making = Duration::ZERO;
    let mut writer = generation.writer(&limits)?;
    let mut built = Built {
        folder: folder.to_owned(),
        pages: 0,
        characters: 0,
        wall: Duration::ZERO,
        cpu: Duration::ZERO,
        memory: Memory::default(),
    };
    let mut committed = 0;
    for uid in 1..=dossiers {
        let own = Clock::start();
        let mut dossier = corpus.dossier(makers, uid);
        let customer = customer_entry(uid, &dossier.customer);
        let entries: Vec<DocumentEntry> = dossier.documents.drain(..).map(|it| document_entry(uid, it)).collect();
        making += own.passed().thread;
        put(&mut writer, way, uid, customer, &entries)?;
        for page in entries.iter().flat_map(|entry| &entry.pages) {
            built.pages += 1;
            built.characters += page.text.chars().count() as u64;
        }
        if way.pages_per_commit > 0 && built.pages - committed >= way.pages_per_commit {
            writer.commit(&payload())?;
            committed = built.pages;
        }
        if uid % 256 == 0 {
            built.memory.keep_larger(Memory::now());
        }
    }
    writer.commit(&payload())?;
    built.memory.keep_larger(Memory::now());
    writer.close()?;
    built.memory.keep_larger(Memory::now());
    let passed = clock.passed();
    built.wall = passed.wall;
    built.cpu = passed.process.saturating_sub(making);
    Ok(built)
}

fn put(
    writer: &mut GenerationWriter,
    way: Way,
    uid: i64,
    customer: DossierEntry,
    entries: &[DocumentEntry],
) -> Result<()> {
    if way.detour_every == 0 {
        writer.add_dossier(&customer)?;
        for entry in entries {
            writer.add_document(entry)?;
        }
        return Ok(());
    }
    writer.put_dossier(&customer)?;
    if uid % way.detour_every == 0 {
        for entry in entries {
            let mut former = entry.clone();
            former.title = "旧题名".to_owned();
            former.kind = "letter".to_owned();
            former.pages.truncate(1);
            writer.put_document(&former)?;
        }
    }
    for entry in entries.iter().rev() {
        writer.put_document(entry)?;
    }
    Ok(())
}

/// Customers alone, for type-ahead; also how long it took.
pub fn build_customers(corpus: Corpus, makers: &Makers, count: i64, folder: &Path) -> Result<(Generation, Duration)> {
    let began = Instant::now();
    let generation = Generation::create(folder, "bench")?;
    let mut writer = generation.writer(&WriterLimits::REBUILDING)?;
    for uid in 1..=count {
        writer.add_dossier(&customer_entry(uid, &corpus.customer(makers, uid)))?;
    }
    writer.commit(&payload())?;
    writer.close()?;
    Ok((Generation::open(folder, "bench")?.0, began.elapsed()))
}

pub fn customer_entry(uid: i64, customer: &Customer) -> DossierEntry {
    let mut other_names = Vec::new();
    if customer.person != customer.name {
        other_names.push(customer.person.clone());
    }
    DossierEntry {
        customer_uid: uid,
        dossier_uid: uid,
        name: customer.name.clone(),
        other_names,
        codes: vec![customer.code.clone(), format!("D{uid:07}")],
        identifiers: vec![
            customer.id_number.clone(),
            customer.credit_code.clone(),
            customer.phone.clone(),
        ],
        status: if uid % 9 == 0 { "historic" } else { "active" }.to_owned(),
        kind: "company".to_owned(),
        security_level: 0,
        sealed: false,
    }
}

pub fn document_entry(uid: i64, document: Document) -> DocumentEntry {
    let pages = document.pages.into_iter().map(|page| PageEntry {
        page_uid: page.uid,
        number: page.number,
        text: page.read,
        reading: 0,
    });
    DocumentEntry {
        document_uid: document.uid,
        customer_uid: Some(uid),
        dossier_uid: Some(uid),
        also_names: Vec::new(),
        kind: document.kind.to_owned(),
        title: document.title,
        number: document.number,
        date: document.date,
        states: vec!["filed".to_owned(), "in_place".to_owned()],
        security_level: document.security_level,
        sealed: false,
        keywords: std::array::from_fn(|at| {
            if at == 0 {
                document.department.to_owned()
            } else {
                String::new()
            }
        }),
        place_uid: document.place_uid,
        pages: pages.collect(),
    }
}

pub fn payload() -> Payload {
    Payload {
        xid: 0,
        seq: 1,
        db_epoch: "bench".to_owned(),
        archive_id: "bench".to_owned(),
        schema_hash: schema_hash(),
        generation: "bench".to_owned(),
    }
}
