//! The full text is the shadow of the record: taken away under a running server, it comes back by itself.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::Test;
use crate::archive::{TestArchive, list};
use crate::demo::demo;
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    (
        "rebuild::index_deleted_under_a_running_server",
        index_deleted_under_a_running_server,
    ),
    (
        "rebuild::reindex_gives_the_same_answers",
        reindex_gives_the_same_answers,
    ),
];

const QUERIES: [&str; 12] = [
    "运维服务",
    "智汇",
    "沈若溪",
    "91119900",
    "0512003871",
    "kVA",
    "HT-2024",
    "电",
    "违约责任",
    "\"功率因数\"",
    "统一社会信用代码 深圳",
    "配电房",
];

/// What must not change: totals, the order of hits, their pages and boxes. Times may.
fn answer(found: &Value) -> Result<String> {
    let mut out = format!("{} {}", found["total"], found["facets"]);
    for hit in list(found, "hits")? {
        out += &format!(
            "\n{} {} {} {}",
            hit["document_id"], hit["page"], hit["pages_hit"], hit["boxes"]
        );
    }
    Ok(out)
}

fn index_deleted_under_a_running_server() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let before: Vec<String> = QUERIES
        .iter()
        .map(|q| answer(&api.search(q, 100)?))
        .collect::<Result<_>>()?;
    ensure!(
        before.iter().all(|a| !a.starts_with("0 ")),
        "a query of this test finds nothing: {before:?}"
    );
    std::fs::remove_dir_all(archive.data().join("index"))?;
    // A change makes the follower write: it must notice that its folder has gone, rebuild, and lose nothing.
    archive.ok(&["users", "add", "second", "--role", "viewer", "--clearance", "1"])?;
    for (query, before) in QUERIES.iter().zip(&before) {
        let after = answer(&api.search(query, 100)?)?;
        ensure!(
            after == *before,
            "after the index was deleted `{query}` answers differently:\n--- before\n{before}\n--- after\n{after}"
        );
    }
    serving.stop().context("the server whose index was deleted")?;
    // The next start must find or make an index that says the same.
    let serving = Serving::start(&archive, false)?;
    let api = api.at(&serving);
    for (query, before) in QUERIES.iter().zip(&before) {
        let after = answer(&api.search(query, 100)?)?;
        ensure!(
            after == *before,
            "after a restart `{query}` answers differently:\n--- before\n{before}\n--- after\n{after}"
        );
    }
    ensure!(
        archive.data().join("index").is_dir(),
        "the index folder did not come back"
    );
    serving.stop()
}

fn reindex_gives_the_same_answers() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let ask = |query: &str| answer(&archive.json(&["search", query, "--limit", "100", "--json"])?);
    let before: Vec<String> = QUERIES.iter().map(|q| ask(q)).collect::<Result<_>>()?;
    archive.ok(&["reindex"])?;
    for (query, before) in QUERIES.iter().zip(&before) {
        let after = ask(query)?;
        ensure!(
            after == *before,
            "after reindex `{query}` answers differently:\n--- before\n{before}\n--- after\n{after}"
        );
    }
    Ok(())
}
