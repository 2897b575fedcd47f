//! One story on both databases: a scan folder becomes a searchable holding, a clerk finds a paper and where it lies.

use anyhow::{Context, Result, ensure};

use crate::Test;
use crate::archive::{Database, TestArchive, demo_folder, list, number, path, text};
use crate::demo::compare;
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[("story::on_sqlite", on_sqlite), ("story::on_postgres", on_postgres)];

fn on_sqlite() -> Result<()> {
    tell(Database::Sqlite)
}

fn on_postgres() -> Result<()> {
    tell(Database::Postgres)
}

fn tell(database: Database) -> Result<()> {
    let archive = TestArchive::new(database)?;
    let demo = demo_folder();

    // The archive learns its customers and shelves; a second import changes nothing.
    archive.ok(&["customers", "import", path(&demo.join("customers.csv"))?])?;
    archive.ok(&["locations", "import", path(&demo.join("locations.csv"))?])?;
    archive.ok(&["customers", "import", path(&demo.join("customers.csv"))?])?;
    let listed = archive.json(&["customers", "list", "--json"])?;
    let listed = list(&listed, "items")?.len();
    ensure!(listed == 14, "14 customers were imported, {listed} are listed");

    // The folder comes in; the same folder again brings nothing new.
    let report = archive.ingest(&demo.join("scans"), 2)?;
    compare(&report)?;
    let again = archive.ingest(&demo.join("scans"), 2)?;
    ensure!(
        number(&again, "filed")? == 0 && number(&again, "needs_review")? == 0,
        "the same folder was filed again: {} filed, {} to review",
        again["filed"],
        again["needs_review"]
    );
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify: {verified}");

    // A word from the middle of page 3 finds its document, with the place of the paper beside it.
    let found = archive.json(&["search", "密集档案架", "--json"])?;
    let hit = list(&found, "hits")?.first().context("密集档案架 is not found")?;
    ensure!(
        text(hit, "customer_code") == "KH-0003" && hit["page"] == 3,
        "密集档案架 leads to page {} of {}",
        hit["page"],
        hit["customer_code"]
    );
    ensure!(
        text(hit, "location_code") == "K1-01-A-1-02",
        "the lease lies in {}",
        hit["location_code"]
    );
    ensure!(
        text(hit, "original_state") == "in_place",
        "its original is {}",
        hit["original_state"]
    );
    ensure!(
        !text(hit, "dossier_no").is_empty(),
        "the dossier of an accepted customer has no number: {hit}"
    );

    // A filter narrows; the facets count what was found.
    let contracts = archive.json(&["search", "kind:contract 合同", "--json"])?;
    ensure!(
        list(&contracts, "hits")?.iter().all(|h| text(h, "kind") == "contract"),
        "kind:contract lets others through: {}",
        contracts["hits"]
    );
    let of_one = archive.json(&["search", "customer:KH-0001 合同", "--json"])?;
    ensure!(
        !list(&of_one, "hits")?.is_empty()
            && list(&of_one, "hits")?
                .iter()
                .all(|h| text(h, "customer_code") == "KH-0001"),
        "customer:KH-0001 finds {}",
        of_one["hits"]
    );
    ensure!(
        !list(&archive.json(&["search", "合同", "--json"])?["facets"], "kind")?.is_empty(),
        "the search has no facets"
    );

    // Another person's two accounts stay two customers.
    let person = archive.json(&["search", "customer:0512007714 用电", "--json"])?;
    ensure!(
        list(&person, "hits")?
            .iter()
            .all(|h| text(h, "customer_code") == "0512007714"),
        "customer:0512007714 finds {}",
        person["hits"]
    );

    // From the slot back to the papers, in the program and over HTTP, with the same content.
    let slot = archive.json(&["locate", "K1-02-B-3-05", "--json"])?;
    ensure!(
        list(&slot, "items")?.len() == 2,
        "two papers stand in K1-02-B-3-05, shown are {}",
        slot["items"]
    );
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let same = api.search("密集档案架", 20)?;
    ensure!(
        same["hits"] == found["hits"],
        "the JSON interface answers otherwise than the command:\n{}\n{}",
        same["hits"],
        found["hits"]
    );
    let document = api.get(&format!("/documents/{}", text(hit, "document_id")), &[])?;
    let shown = archive.json(&["show", text(hit, "document_id"), "--json"])?;
    ensure!(
        document["pages"] == shown["pages"],
        "the JSON interface shows other pages than the command"
    );
    let (status, _) = api.ask("/documents/00000000-0000-7000-8000-000000000000", &[])?;
    ensure!(status == 404, "a document that is not there answers {status}");
    serving.stop()?;

    // The trail is whole.
    archive.ok(&["audit", "verify"])?;
    let batches = archive.json(&["batches", "--json"])?;
    let batches = list(&batches, "items")?.len();
    ensure!(batches == 2, "two folders came in, {batches} batches are listed");
    Ok(())
}
