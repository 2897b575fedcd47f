//! Any run of two to six letters, digits or Han characters that stands on a page finds that page. No exceptions.
//!
//! The truth is the text that `show` gives back; the question goes through the JSON interface like a script's.
//! DOSSIER_TEST_ALL_RUNS=1 asks for every run of every bundled page; otherwise every 13th, the same ones each time.

use anyhow::{Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::Test;
use crate::archive::{TestArchive, list, number, text};
use crate::demo::demo;
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    ("recall::every_run_finds_its_page", every_run_finds_its_page),
    (
        "recall::hits_are_boxed_where_the_words_stand",
        hits_are_boxed_where_the_words_stand,
    ),
    (
        "recall::search_and_locate_are_fast_enough_to_type_against",
        search_and_locate_are_measured,
    ),
];

type PageKey = (String, i64);

/// Between digits they are the x of measures, as in 3600×1400; the bundled pages have them nowhere else.
const CROSSES: [char; 2] = ['×', '*'];

fn every_run_finds_its_page() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let stride = if std::env::var_os("DOSSIER_TEST_ALL_RUNS").is_some_and(|v| v == "1") {
        1
    } else {
        13
    };

    // Each run once, with all pages on which it stands.
    let mut runs: BTreeMap<String, Vec<PageKey>> = BTreeMap::new();
    let mut pages = 0;
    for id in documents(&demo()?.report)? {
        let shown = archive.json(&["show", &id, "--json"])?;
        for page in list(&shown, "pages")? {
            pages += 1;
            let key = (id.clone(), number(page, "number")?);
            let letters: Vec<char> = text(page, "text")
                .replace(CROSSES, "x")
                .chars()
                .filter(|c| c.is_alphanumeric())
                .collect();
            for length in 2..=6 {
                for run in letters.windows(length) {
                    let keys = runs.entry(run.iter().collect()).or_default();
                    if keys.last() != Some(&key) {
                        keys.push(key.clone());
                    }
                }
            }
        }
    }
    let (mut asked, mut checked, mut missed) = (0, 0, Vec::new());
    for (run, keys) in runs.iter().step_by(stride) {
        // Quoted: a run such as `OR` or `a-b` is text here, not language.
        let found = api.search(&format!("\"{run}\""), 100)?;
        asked += 1;
        for on_document in keys.chunk_by(|a, b| a.0 == b.0) {
            checked += on_document.len();
            if !is_found(&found, on_document)? {
                missed.push(format!("{run} on {on_document:?}"));
            }
        }
    }
    println!(
        "recall: {} of {} runs of {pages} pages asked, {checked} pages expected, {} missed",
        asked,
        runs.len(),
        missed.len()
    );
    ensure!(
        missed.is_empty(),
        "{} of {checked} pages were not found by a run that stands on them, among them:\n  {}",
        missed.len(),
        missed[..missed.len().min(20)].join("\n  ")
    );
    serving.stop()
}

/// The documents of a report, each once.
pub fn documents(report: &Value) -> Result<Vec<String>> {
    let mut ids: Vec<String> = list(report, "items")?
        .iter()
        .filter(|i| matches!(text(i, "outcome"), "filed" | "needs_review"))
        .map(|i| text(i, "document_id").to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// An answer has one hit for each document, with its best page and the number of its pages that were hit. Pages that
/// only match after folding may come on top; none of ours may be missing.
fn is_found(found: &Value, pages: &[PageKey]) -> Result<bool> {
    let hits = list(found, "hits")?;
    let Some(hit) = hits.iter().find(|hit| text(hit, "document_id") == pages[0].0) else {
        return Ok(false);
    };
    let counted = number(hit, "pages_hit")?;
    let best = number(hit, "page")?;
    Ok(counted > pages.len() as i64 || (counted == pages.len() as i64 && pages.iter().any(|page| page.1 == best)))
}

/// A box lies on the page, and the line it lies on holds the words.
fn hits_are_boxed_where_the_words_stand() -> Result<()> {
    let demo = demo()?;
    for query in ["运维服务", "功率因数", "沈若溪", "91449901", "HT-2024-0117", "不动产权"] {
        let found = demo.archive.json(&["search", query, "--json"])?;
        ensure!(!list(&found, "hits")?.is_empty(), "nothing is found for {query}");
        for hit in list(&found, "hits")? {
            let shown = demo.archive.json(&["show", text(hit, "document_id"), "--json"])?;
            ensure!(!list(hit, "boxes")?.is_empty(), "a hit for {query} has no box: {hit}");
            for b in list(hit, "boxes")? {
                let page = list(&shown, "pages")?.iter().find(|p| p["number"] == b["page"]);
                let Some(page) = page else {
                    anyhow::bail!("a box for {query} lies on page {} which is not there", b["page"])
                };
                let of = |v: &Value, k: &str| v[k].as_f64().unwrap_or(f64::NAN);
                let (x, y, w, h) = (of(b, "x"), of(b, "y"), of(b, "w"), of(b, "h"));
                ensure!(
                    w > 0.0
                        && h > 0.0
                        && x >= 0.0
                        && y >= 0.0
                        && x + w <= of(page, "width") + 1.0
                        && y + h <= of(page, "height") + 1.0,
                    "the box {b} for {query} leaves its page of {} x {}",
                    page["width"],
                    page["height"]
                );
                let middle = (x + w / 2.0, y + h / 2.0);
                let on = list(page, "lines")?.iter().find(|l| {
                    let (lx, ly, lw, lh) = (of(l, "x"), of(l, "y"), of(l, "w"), of(l, "h"));
                    (lx..=lx + lw).contains(&middle.0) && (ly..=ly + lh).contains(&middle.1)
                });
                ensure!(on.is_some(), "the box {b} for {query} lies on no line of its page");
            }
        }
    }
    Ok(())
}

/// Prints the times; asserts only that every answer comes. Times are figures for docs/benchmarks.md, not for a test.
fn search_and_locate_are_measured() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    for (what, path, key, words) in [
        (
            "search",
            "/search".to_owned(),
            "q",
            ["运维服务", "智汇", "沈若溪", "电", "违约责任 甲方", "HT-2024"],
        ),
        (
            "locate",
            "/locate".to_owned(),
            "code",
            ["K1-01-A-1-01", "K1-02-B-3-05", "SAFE-01", "K1", "K1-01", "三楼-A柜-02"],
        ),
    ] {
        let mut times: Vec<u128> = Vec::new();
        for _ in 0..20 {
            for word in words {
                let begun = std::time::Instant::now();
                api.get(&path, &[(key, word)])?;
                times.push(begun.elapsed().as_micros());
            }
        }
        times.sort_unstable();
        println!(
            "{what}: {} requests, p50 {:.1} ms, p99 {:.1} ms",
            times.len(),
            times[times.len() / 2] as f64 / 1e3,
            times[times.len() * 99 / 100] as f64 / 1e3
        );
    }
    serving.stop()
}
