//! The same corpus and queries for the peers: writes them as JSON lines, has `peers.py` measure
//! each peer, and prints their rows beside our own.
//!
//! Peers are given the folded text (width, case, traditional forms and punctuation levelled), once,
//! as the text to index and the text to show: they need not level anything themselves.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::build::Built;
use crate::corpus::{Corpus, Makers, Numbers};
use crate::queries::{Asked, Filter, Sampler};
use crate::runs::{self, People};
use crate::{Report, Result};

#[expect(clippy::too_many_arguments, reason = "one call, from main")]
pub fn run(
    peers: &[String],
    corpus: Corpus,
    makers: &Makers,
    dossiers: i64,
    queries: &[Asked],
    built: &Built,
    people: &People,
    root: &Path,
    report: &mut Report,
) -> Result<()> {
    let mut sampler = Sampler {
        corpus,
        makers,
        dossiers,
        numbers: Numbers::new(corpus.seed ^ 0xBEE),
    };
    let recall = sampler.for_recall(20);
    let truth = runs::truth(corpus, makers, dossiers, &recall);
    let generation = built.generation()?;
    let readers = generation.readers()?;
    let ours = runs::recall(&readers, people, &recall, &truth)?;
    let (mut found, mut asked) = (0.0, 0.0);
    for recall in ours.values() {
        found += recall.exact_pages;
        asked += recall.queries as f64;
    }
    let times = runs::latency(&readers, people, queries)?;
    let all = runs::all_of(&times);
    report.line("");
    report.line(format!(
        "Side by side on the same {} pages: the 500 queries with the same filter of what may be seen, 20 hits fetched and marked, counting stops at 10,000; recall of {} queries at noise, uncapped, without fallback.",
        built.pages, asked
    ));
    report.table(&[
        "engine",
        "build pages/s",
        "bytes/page",
        "p50 ms",
        "p99 ms",
        "max ms",
        "two-character word p50 / p99",
        "recall",
        "wrong answers",
        "configuration",
    ]);
    report.row(&[
        "**Dossier**".to_owned(),
        format!("{:.0}", built.pages as f64 / built.wall.as_secs_f64()),
        format!("{:.0}", built.bytes()? as f64 / built.pages as f64),
        format!("{:.2}", all.wall.quantile(0.5)),
        format!("{:.2}", all.wall.quantile(0.99)),
        format!("{:.2}", all.wall.quantile(1.0)),
        times.get("word2").map_or_else(String::new, |times| {
            format!("{:.2} / {:.2}", times.wall.quantile(0.5), times.wall.quantile(0.99))
        }),
        format!("{:.3}", found / asked),
        "-".to_owned(),
        "the product: tantivy 0.27, own grams, facets and masking included".to_owned(),
    ]);
    let folder = root.join("peers");
    fs::create_dir_all(&folder)?;
    write_pages(corpus, makers, dossiers, &folder.join("pages.jsonl"))?;
    write_queries(queries, &recall, &truth, &folder.join("queries.jsonl"))?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
    for peer in peers {
        let output = Command::new("/usr/bin/python3")
            .arg(&script)
            .arg(peer)
            .arg(&folder)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let last = text.lines().last().unwrap_or_default();
        let Ok(row) = serde_json::from_str::<Value>(last) else {
            let why = String::from_utf8_lossy(&output.stderr);
            let why = why.lines().last().unwrap_or("it said nothing");
            report.row(&[peer.clone(), format!("not measured: {why}")]);
            continue;
        };
        let number = |name: &str, digits: usize| {
            let value = row[name].as_f64();
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
        };
        report.row(&[
            row["engine"].as_str().unwrap_or(peer).to_owned(),
            number("pages_per_second", 0),
            number("bytes_per_page", 0),
            number("p50", 2),
            number("p99", 2),
            number("max", 2),
            format!("{} / {}", number("word2_p50", 2), number("word2_p99", 2)),
            number("recall", 3),
            number("wrong", 0),
            row["configuration"].as_str().unwrap_or("").to_owned(),
        ]);
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn write_pages(corpus: Corpus, makers: &Makers, dossiers: i64, path: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for uid in 1..=dossiers {
        for document in corpus.dossier(makers, uid).documents {
            for page in document.pages {
                let line = json!({
                    "id": page.uid,
                    "customer": uid,
                    "kind": document.kind,
                    "date": document.date,
                    "access": document.security_level,
                    "place": document.place_uid,
                    "text": runs::folded_page(&page.read),
                });
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(out.flush()?)
}

fn write_queries(mixed: &[Asked], recall: &[Asked], truth: &[HashMap<i64, i64>], path: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let folded = |words: &[String]| {
        words
            .iter()
            .map(|word| runs::folded_page(word))
            .collect::<Vec<String>>()
    };
    for query in mixed {
        let filter = match query.filter {
            Filter::None => Value::Null,
            Filter::Kind(kind) => json!({ "kind": kind }),
            Filter::Places(first, last) => json!({ "place": [first, last] }),
            Filter::Customer(uid) => json!({ "customer": uid }),
            Filter::Dates(from, to) => json!({ "date": [from, to] }),
        };
        let line = json!({
            "kind": query.kind,
            "all": folded(&query.all),
            "any": folded(&query.any),
            "not": folded(&query.not),
            "filter": filter,
        });
        writeln!(out, "{line}")?;
    }
    for (query, truth) in recall.iter().zip(truth) {
        let pages: HashSet<i64> = truth.keys().copied().collect();
        let line = json!({ "kind": "recall", "all": folded(&query.all), "truth": pages });
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}
