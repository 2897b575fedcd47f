//! A stocktake in the hand: a telephone of 390 pixels in Chromium, a gun as its keyboard, and the same on the command line.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::{TestArchive, path, text};
use crate::browser::{Page, at_a_desk_of, fill, go};
use crate::demo::demo;
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    (
        "stocktake::a_room_is_counted_by_a_telephone",
        a_room_is_counted_by_a_telephone,
    ),
    (
        "stocktake::a_room_is_counted_by_commands",
        a_room_is_counted_by_commands,
    ),
];

const ROOM: &str = "K1";

/// The papers of the demo in the room: id, and code of the place.
fn papers(archive: &TestArchive) -> Result<Vec<(String, String)>> {
    let held = archive.json(&["locate", ROOM, "--json"])?;
    let items = held["items"].as_array().context("items")?.iter();
    let papers: Vec<_> = items
        .map(|item| {
            (
                text(item, "document_id").to_owned(),
                text(item, "location_code").to_owned(),
            )
        })
        .collect();
    ensure!(papers.len() >= 3, "the demo has {} papers in {ROOM}", papers.len());
    Ok(papers)
}

/// A place of the room where the paper does not belong.
fn elsewhere(papers: &[(String, String)], place: &str) -> Result<String> {
    let other = papers.iter().map(|(_, code)| code).find(|code| *code != place);
    other.cloned().context("the demo has papers at two places of the room")
}

async fn enter(page: &Page<'_>, label: &str) -> Result<()> {
    page.ask("window.leaving = true;").await?;
    fill(page, "#walk-label", label).await?;
    page.find("#walk-label").await?.send_keys("" + Key::Enter).await?;
    page.until("return window.leaving !== true && document.readyState === 'complete' && document.activeElement.id === 'walk-label';")
        .await
}

fn a_room_is_counted_by_a_telephone() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let papers = papers(&archive)?;
    at_a_desk_of(archive, "zh-CN", "stocktake", &[], async |page, serving, archive| {
        let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
        page.tell("Emulation.setDeviceMetricsOverride", metrics).await?;
        counted(page, serving, archive, &papers).await
    })
}

async fn counted(page: &Page<'_>, serving: &Serving, archive: &TestArchive, papers: &[(String, String)]) -> Result<()> {
    go(page, serving, "/stocktakes").await?;
    fill(page, "#stocktake-scope", "k1").await?;
    page.picture("stocktakes-empty").await?;
    page.find("#stocktake-scope").await?.send_keys("" + Key::Enter).await?;
    page.until("return location.pathname.endsWith('/walk') && document.activeElement.id === 'walk-label';")
        .await?;
    page.picture("stocktake-walk-begun").await?;
    let (first, shelf) = &papers[0];
    enter(page, shelf).await?;
    page.until(&format!(
        "return document.querySelector('.desk-place .place-code')?.textContent === '{shelf}';"
    ))
    .await?;
    page.picture("stocktake-walk-shelf").await?;
    enter(page, first).await?;
    page.until("return document.querySelector('.notice.good') !== null;")
        .await?;
    let wrong = papers
        .iter()
        .find(|(_, place)| place != shelf)
        .context("a paper elsewhere")?;
    enter(page, &wrong.0).await?;
    page.until(&format!(
        "return document.querySelector('.notice.warn')?.textContent.includes('{}');",
        wrong.1
    ))
    .await
    .context("where a misplaced paper belongs is not said")?;
    enter(page, "XYZ-404").await?;
    page.until("return document.querySelector('.notice.warn')?.textContent.includes('XYZ-404');")
        .await?;
    let wide = page.ask("return document.documentElement.scrollWidth;").await?;
    ensure!(
        wide.as_i64().is_some_and(|wide| wide <= 390),
        "the walk is {wide} pixels wide"
    );
    page.picture("stocktake-walk").await?;
    page.find(".view-head [data-back]").await?.click().await?;
    page.until("return document.querySelectorAll('tr[data-row]').length > 0;")
        .await?;
    page.picture("stocktake-result").await?;
    page.ask("document.querySelector('form[action$=\"/close\"]').requestSubmit();")
        .await?;
    page.until("return new URL(location.href).searchParams.get('said') === 'unsettled' && document.querySelector('.notice.warn') !== null;")
        .await
        .context("it is closed though nothing was settled")?;
    // What is left is given to somebody, and then it is closed.
    let listed = archive.json(&["stocktake", "list", "--json"])?;
    let id = text(&listed["items"][0], "id").to_owned();
    for verdict in ["missing", "misplaced", "unknown"] {
        archive.ok(&[
            "stocktake",
            "settle",
            &id,
            "--verdict",
            verdict,
            "--owner",
            "林静",
            "--until",
            "2026-12-31",
        ])?;
    }
    go(page, serving, &format!("/stocktakes/{id}")).await?;
    page.ask("document.querySelector('form[action$=\"/close\"]').requestSubmit();")
        .await?;
    page.until("return new URL(location.href).searchParams.get('said') === 'closed' && document.querySelector('.notice.good') !== null;")
        .await?;
    page.picture("stocktake-closed").await?;
    go(page, serving, &format!("/documents/{first}")).await?;
    page.until(&format!("return document.querySelector('.answer').textContent.includes('最近见到') && document.querySelector('.answer').textContent.includes('{shelf}');"))
        .await
        .context("the document does not say when its paper was last seen")
}

fn a_room_is_counted_by_commands() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let papers = papers(&archive)?;
    let (first, shelf) = &papers[0];
    let begun = archive.json(&["stocktake", "begin", "k1", "--json"])?;
    let id = text(&begun, "id");
    let scanned = archive.json(&["stocktake", "scan", id, "--at", shelf, first, "--worn", "--json"])?;
    ensure!(text(&scanned["items"][0], "verdict") == "present", "{scanned}");
    // A file made offline: line 7 is named, the others count.
    let mut lines = vec!["at,label,worn".to_owned()];
    for at in 0..5 {
        let (paper, place) = &papers[1 + at % (papers.len() - 1)];
        lines.push(format!("{place},{paper},"));
    }
    lines.push(format!("{shelf},H-9999,"));
    let (last, place) = &papers[1];
    let wrong = elsewhere(&papers, place)?;
    lines.push(format!("{wrong},{last},"));
    let file = archive.beside("scans.csv");
    std::fs::write(&file, lines.join("\n"))?;
    let tried = archive
        .run(&["stocktake", "file", id, path(&file)?, "--json"])?
        .expect(2)?;
    let tried: Value = tried.json()?;
    ensure!(
        tried["problems"] == json!([{ "line": 7, "value": "H-9999", "problem": "label_unknown" }]),
        "{tried}"
    );
    ensure!(tried["applied"] == json!(false) && tried["good"] == json!(6), "{tried}");
    archive.run(&["stocktake", "file", id, path(&file)?, "--apply"])?;
    let said = archive.json(&["stocktake", "show", id, "--json"])?;
    ensure!(said["misplaced"] == json!(1) && said["worn"] == json!(1), "{said}");
    let line = said["lines"]
        .as_array()
        .context("lines")?
        .iter()
        .find(|line| text(line, "verdict") == "misplaced");
    let line = line.context("a misplaced line")?;
    ensure!(
        text(line, "found_at") == wrong && text(line, "belongs_at") == place,
        "{line}"
    );
    let report = archive.beside("report.pdf");
    archive.ok(&["export", "stocktake", id, "--output", path(&report)?])?;
    ensure!(std::fs::read(&report)?.starts_with(b"%PDF"), "the report is no PDF");
    let early = archive.run(&["stocktake", "close", id, "--json"])?.expect(1)?;
    ensure!(early.said().contains("stocktake_unsettled"), "{}", early.said());
    Ok(())
}
