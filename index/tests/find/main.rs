//! Finding on the synthetic corpus of the bench: every run of every page, the same answers after a
//! rebuild, and an answer to whatever is typed. Nothing here asserts on time.

#[path = "../../benches/search/corpus.rs"]
#[expect(dead_code, reason = "shared with the bench, which needs all of it")]
mod corpus;
#[path = "../../benches/search/words.rs"]
mod words;

#[path = "../follow/archive.rs"]
#[expect(dead_code, reason = "shared with the tests of the follower")]
mod archive;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use index::QueryLimits;
use index::entry::{DocumentEntry, DossierEntry, PageEntry};
use index::fold::{folded_chars, folded_string};
use index::generation::{Generation, Payload, WriterLimits};
use index::grammar::parse;
use index::readers::IndexReaders;
use index::request::{Names, SearchLimits};
use index::visibility::VisibilityFilter;
use index::{Grouping, SearchAnswer, SearchRequest};
use proptest::prelude::*;

use corpus::{Corpus, Makers, Numbers};

const CORPUS: Corpus = Corpus {
    seed: 20_26,
    pages_per_dossier: 11,
};
const DOSSIERS: i64 = 40;

/// What stands on the pages that are bundled with the program.
const BUNDLED: &str = include_str!("../../../demo/expected.json");
/// Mixed scripts, full width, traditional forms, spaces and breaks inside words.
const MIXED: &[&str] = &[
    "用電地址：浙江省杭州市西湖區文三路１２３号\n供电方：國網浙江省電力有限公司　户号：3301 0012 3456",
    "统一社会信用代码 91330106MA2B0L5X8N 类 型 有限责任公司(自然人独资)",
    "INVOICE No. INV-2024/0917\nBill to: Müller & Söhne GmbH\nTotal: EUR 1 234,50\nＡＢＣ１２３㎡第3号A座",
];

struct Filled {
    readers: IndexReaders,
    visibility: Arc<VisibilityFilter>,
    /// Uid and text as stored.
    pages: Vec<(i64, String)>,
    _folder: tempfile::TempDir,
}

fn filled() -> &'static Filled {
    static FILLED: OnceLock<Filled> = OnceLock::new();
    FILLED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let entries = entries();
        let readers = made(&folder.path().join("made"), &entries, 0);
        let pages = entries.iter().flat_map(|(_, documents)| documents);
        let pages = pages.flat_map(|document| &document.pages);
        Filled {
            readers,
            visibility: Arc::new(owner()),
            pages: pages.map(|page| (page.page_uid, page.text.clone())).collect(),
            _folder: folder,
        }
    })
}

/// There is no way to a filter but from a real asker.
fn owner() -> VisibilityFilter {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let archive = archive::TestArchive::open().await;
        let visibility = VisibilityFilter::by(&archive.owner());
        archive.close().await;
        visibility
    })
}

fn entries() -> Vec<(DossierEntry, Vec<DocumentEntry>)> {
    let makers = Makers::new();
    let mut all: Vec<(DossierEntry, Vec<DocumentEntry>)> = (1..=DOSSIERS)
        .map(|uid| {
            let dossier = CORPUS.dossier(&makers, uid);
            let customer = DossierEntry {
                customer_uid: uid,
                name: dossier.customer.name.clone(),
                codes: vec![dossier.customer.code.clone()],
                status: "active".to_owned(),
                ..DossierEntry::default()
            };
            let documents = dossier.documents.into_iter().map(|document| DocumentEntry {
                document_uid: document.uid,
                customer_uid: Some(uid),
                dossier_uid: Some(uid),
                kind: document.kind.to_owned(),
                title: document.title,
                number: document.number,
                date: document.date,
                states: vec!["filed".to_owned()],
                security_level: document.security_level,
                keywords: department(document.department),
                place_uid: document.place_uid,
                pages: document
                    .pages
                    .into_iter()
                    .map(|page| PageEntry {
                        page_uid: page.uid,
                        number: page.number,
                        text: page.read,
                        reading: 0,
                    })
                    .collect(),
                ..DocumentEntry::default()
            });
            (customer, documents.collect())
        })
        .collect();
    let bundled = bundled();
    let texts = bundled.iter().map(String::as_str).chain(MIXED.iter().copied());
    let printed = texts.enumerate().map(|(at, text)| DocumentEntry {
        document_uid: 1_000_000 + at as i64,
        states: vec!["filed".to_owned()],
        pages: vec![PageEntry {
            page_uid: 100_000_000 + at as i64,
            number: 1,
            text: text.to_owned(),
            reading: 0,
        }],
        ..DocumentEntry::default()
    });
    all.push((DossierEntry::default(), printed.collect()));
    all
}

fn bundled() -> Vec<String> {
    let expected: serde_json::Value = serde_json::from_str(BUNDLED).unwrap();
    let files = expected["files"].as_array().unwrap().iter();
    let pages = files.flat_map(|file| file["pages"].as_array().into_iter().flatten());
    let texts = pages.filter_map(|page| {
        let lines: Vec<&str> = page["lines"]
            .as_array()?
            .iter()
            .filter_map(|line| line.as_str())
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    });
    let texts: Vec<String> = texts.collect();
    assert!(texts.len() > 20, "only {} bundled pages have a text", texts.len());
    texts
}

/// All at once, or grown with commits, corrections and the documents in another order.
fn made(folder: &Path, entries: &[(DossierEntry, Vec<DocumentEntry>)], commit_every: usize) -> IndexReaders {
    let generation = Generation::create(folder, "test").unwrap();
    let limits = WriterLimits {
        threads: 1,
        memory_per_thread: 20 << 20,
        merge_threads: 1,
    };
    let mut writer = generation.writer(&limits).unwrap();
    let payload = Payload {
        xid: 0,
        seq: 1,
        db_epoch: "test".to_owned(),
        archive_id: "test".to_owned(),
        schema_hash: index::schema::schema_hash(),
        generation: "test".to_owned(),
    };
    for (at, (customer, documents)) in entries.iter().enumerate() {
        writer.put_dossier(customer).unwrap();
        if commit_every == 0 {
            for document in documents {
                writer.add_document(document).unwrap();
            }
            continue;
        }
        for document in documents.iter().rev() {
            let mut former = document.clone();
            former.pages.truncate(1);
            former.kind = "letter".to_owned();
            writer.put_document(&former).unwrap();
            if at % commit_every == 1 {
                writer.commit(&payload).unwrap();
            }
            writer.put_document(document).unwrap();
        }
    }
    writer.commit(&payload).unwrap();
    writer.close().unwrap();
    let (generation, _) = Generation::open(folder, "test").unwrap();
    generation.readers().unwrap()
}

fn everything(readers: &IndexReaders, visibility: &Arc<VisibilityFilter>, text: &str) -> SearchAnswer {
    let limits = SearchLimits {
        window_max: usize::MAX,
        pages_per_document: usize::MAX,
        near_below: 0,
        ..SearchLimits::default()
    };
    let request = SearchRequest {
        query: text.to_owned(),
        limit: usize::MAX,
        exact_total: true,
        ..SearchRequest::default()
    };
    let query = parse(text, &QueryLimits::default()).unwrap();
    readers
        .search(visibility, &request, query, &Names::default(), None, &limits)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Two to twelve letters, digits or Han of any page, whatever lies between them on it: spaces,
    /// punctuation, line breaks, a change of script, full width, traditional forms.
    #[test]
    fn any_run_of_any_page_finds_that_page(page in 0usize..1_000_000, from in 0usize..2_000, length in 2usize..=12, folded in any::<bool>()) {
        let filled = filled();
        let (uid, text) = &filled.pages[page % filled.pages.len()];
        let chars: Vec<char> = text.chars().collect();
        let from = from % chars.len();
        // As it stands on the page, so many letters, digits or Han long.
        let mut run = String::new();
        for char in &chars[from..] {
            run.push(*char);
            if folded_chars(&run).len() >= length {
                break;
            }
        }
        let wanted = folded_string(&run);
        if wanted.chars().count() < 2 {
            return Ok(());
        }
        let typed = if folded { wanted.clone() } else { run.replace(['"', '“', '”', '「', '」', '『', '』', '＂'], " ") };
        let answer = everything(&filled.readers, &filled.visibility, &format!("\"{typed}\""));
        let found: HashSet<i64> = answer.documents.iter().flat_map(|hit| &hit.pages).map(|page| page.page_uid).collect();
        prop_assert!(found.contains(uid), "{typed:?} of page {uid}");
        prop_assert!(answer.total_is_exact);
        let hit = answer.documents.iter().flat_map(|hit| &hit.pages).find(|page| page.page_uid == *uid);
        prop_assert!(hit.is_some_and(|page| !page.ranges.is_empty()), "{typed:?} is not marked on page {uid}");
    }
}

/// 500 stored queries, uncapped: a rebuild gives the same match sets in the same order.
#[test]
fn a_rebuild_answers_five_hundred_queries_alike() {
    let filled = filled();
    let folder = tempfile::tempdir().unwrap();
    let grown = made(&folder.path().join("grown"), &entries(), 7);
    let mut numbers = Numbers::new(500);
    let mut run = |length: usize| {
        loop {
            let (_, text) = numbers.pick(&filled.pages);
            let chars = folded_chars(text);
            if chars.len() > length {
                let start = numbers.below(chars.len() - length);
                return chars[start..start + length].iter().collect::<String>();
            }
        }
    };
    let mut hits = 0;
    for at in 0..500 {
        let query = match at % 10 {
            0..=3 => run(2 + at % 6),
            4 => run(1),
            5 => format!("{} {}", run(2), run(2)),
            6 => format!("{}|{}", run(3), run(3)),
            7 => format!("{} -{}", run(2), run(2)),
            8 => format!("{} 日期:20{:02}..20{:02}", run(2), at % 20, 5 + at % 20),
            _ => format!("{} -密级:秘密", run(2)),
        };
        let order = |readers: &IndexReaders| -> Vec<(i64, usize, Vec<i64>)> {
            let answer = everything(readers, &filled.visibility, &query);
            let documents = answer.documents.iter();
            documents
                .map(|hit| {
                    let pages = hit.pages.iter().map(|page| page.page_uid).collect();
                    (hit.document_uid, hit.pages_hit, pages)
                })
                .collect()
        };
        let before = order(&filled.readers);
        assert_eq!(before, order(&grown), "{query}");
        hits += before.len();
    }
    assert!(hits > 500, "only {hits} documents were found by 500 queries");
}

#[test]
fn dossiers_gather_their_documents() {
    let filled = filled();
    let request = SearchRequest {
        query: "合同".to_owned(),
        limit: 5,
        grouping: Grouping::Dossiers,
        ..SearchRequest::default()
    };
    let query = parse(&request.query, &QueryLimits::default()).unwrap();
    let limits = SearchLimits::default();
    let answer = filled
        .readers
        .search(&filled.visibility, &request, query, &Names::default(), None, &limits)
        .unwrap();
    let flat = everything(&filled.readers, &filled.visibility, "合同");
    assert_eq!(answer.dossiers.len(), 5);
    assert_eq!(answer.total, flat.total);
    assert_eq!(answer.dossiers[0].dossier_uid, flat.documents[0].dossier_uid);
    let distinct: HashSet<Option<i64>> = flat.documents.iter().map(|hit| hit.dossier_uid).collect();
    assert_eq!(answer.total_dossiers, distinct.len());
    for dossier in &answer.dossiers {
        let own = flat
            .documents
            .iter()
            .filter(|hit| hit.dossier_uid == dossier.dossier_uid);
        let (documents, pages) = own.fold((0, 0), |(count, pages), hit| (count + 1, pages + hit.pages_hit));
        assert_eq!((dossier.documents_hit, dossier.pages_hit), (documents, pages));
        assert_eq!(dossier.documents.len(), documents.min(limits.documents_per_dossier));
    }
}

/// Every kept input of the fuzz target, and what no fuzzer is needed for.
#[test]
fn whatever_is_typed_is_answered() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/query");
    let mut inputs: Vec<Vec<u8>> = std::fs::read_dir(kept)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(inputs.len() >= 10, "the kept corpus is gone");
    inputs.push("长".repeat(10_000).into_bytes());
    inputs.push("a".repeat(1_000).into_bytes());
    inputs.push("合同 ".repeat(500).into_bytes());
    inputs.push("合同|".repeat(63).into_bytes());
    inputs.push("，。！？".repeat(200).into_bytes());
    inputs.push("的 了 是 a 1".as_bytes().to_vec());
    inputs.push((0..=255).collect());
    let filled = filled();
    for input in inputs {
        let text = String::from_utf8_lossy(&input);
        let request = SearchRequest {
            query: text.clone().into_owned(),
            limit: 20,
            ..SearchRequest::default()
        };
        match parse(&text, &QueryLimits::default()) {
            Ok(query) => {
                let (visibility, limits) = (&filled.visibility, SearchLimits::default());
                let answer = filled
                    .readers
                    .search(visibility, &request, query, &Names::default(), None, &limits);
                assert!(answer.is_ok(), "{text:?}");
            }
            Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
        }
        let customers = filled
            .readers
            .customers(&filled.visibility, &text, 10, &SearchLimits::default());
        assert!(customers.is_ok(), "{text:?}");
    }
}

/// The words of the record of a document of which only the department is known.
fn department(name: &str) -> [String; index::keywords::COUNT] {
    std::array::from_fn(|at| match index::keywords::KEYWORDS[at].column {
        index::keywords::DEPARTMENT => name.to_owned(),
        _ => String::new(),
    })
}
