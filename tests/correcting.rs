//! What stands in the record of a document is corrected in Chromium: kinds are found by typing, places say what is near and
//! are taken back, and what was typed survives somebody who was faster.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::{TestArchive, text};
use crate::browser::{Page, at_a_desk_in, fill, go};

pub const TESTS: &[Test] = &[
    ("correcting::records_in_chinese", || records_are_corrected("zh-CN")),
    ("correcting::records_in_english", || records_are_corrected("en")),
    ("correcting::papers_are_put_away_and_back", papers_are_put_away_and_back),
    ("correcting::nothing_typed_is_lost", nothing_typed_is_lost),
];

/// A filed document of the demo, by the number on its paper.
const NUMBER: &str = "HT-2024-0117";

async fn on_screen(page: &Page<'_>) -> Result<String> {
    let shown = page.ask("return document.querySelector('main').innerText;").await?;
    Ok(shown.as_str().unwrap_or_default().to_owned())
}

fn id_of(archive: &TestArchive) -> Result<String> {
    let shown = archive.json(&["show", NUMBER, "--json"])?;
    Ok(text(&shown, "document_id").to_owned())
}

fn records_are_corrected(language: &'static str) -> Result<()> {
    let name = format!("correcting-{language}");
    at_a_desk_in(language, &name, async |page, serving, archive| {
        let id = id_of(archive)?;
        let view = format!("/documents/{id}/record");
        go(page, serving, &view).await?;
        // All kinds stand there group by group; some letters find one.
        page.ask("document.querySelector('#field-kind').focus();").await?;
        page.find("#field-kind").await?.send_keys(Key::Down).await?;
        page.until("return document.querySelectorAll('#field-kind + .offers a').length > 100;")
            .await?;
        let word = if language == "en" { "tender" } else { "投标" };
        fill(page, "#field-kind", word).await?;
        page.until("const n = document.querySelectorAll('#field-kind + .offers a').length; return n > 0 && n < 20;")
            .await?;
        page.picture(&format!("record-kinds-{language}")).await?;
        let chosen = page
            .ask("return document.querySelector('#field-kind + .offers a .more').textContent;")
            .await?;
        page.find("#field-kind")
            .await?
            .send_keys(Key::Down + Key::Enter)
            .await?;
        fill(page, "[name=own_name]", "片区").await?;
        fill(page, "[name=own_value]", "东").await?;
        // Somebody else is faster; both versions stand side by side and nothing typed is gone.
        archive.ok(&["correct", NUMBER, "--title", "运维合同（更名）"])?;
        fill(page, "#field-title", "运维服务合同").await?;
        page.ask("document.querySelector('form.record').requestSubmit();")
            .await?;
        page.until(
            "return document.querySelector('#field-title + .now')?.textContent.includes('运维合同（更名）') ?? false;",
        )
        .await?;
        page.until("return document.querySelector('#field-title').value === '运维服务合同' && document.querySelector('[name=own_value]').value === '东';")
            .await?;
        page.picture(&format!("record-conflict-{language}")).await?;
        page.ask("document.querySelector('form.record').requestSubmit();")
            .await?;
        page.until(&format!("return location.pathname === '/documents/{id}';"))
            .await?;
        let shown = archive.json(&["show", NUMBER, "--json"])?;
        ensure!(
            shown["title"] == "运维服务合同" && shown["kind"] == chosen,
            "{} {} {chosen}",
            shown["title"],
            shown["kind"]
        );
        let said = on_screen(page).await?;
        ensure!(said.contains("片区"), "the further field is not shown: {said}");
        // What is no kind is said beside its field.
        go(page, serving, &view).await?;
        fill(page, "#field-kind", "没有的种类").await?;
        page.ask("document.querySelector('form.record').requestSubmit();")
            .await?;
        page.until("return document.querySelector('#field-kind').closest('[data-wrong]') !== null && document.querySelector('#field-kind').value === '没有的种类';")
            .await
    })
}

fn papers_are_put_away_and_back() -> Result<()> {
    at_a_desk_in("zh-CN", "correcting-place", async |page, serving, archive| {
        let id = id_of(archive)?;
        let view = format!("/documents/{id}");
        let lies = || -> Result<(String, String)> {
            let shown = archive.json(&["show", NUMBER, "--json"])?;
            Ok((
                text(&shown, "location_code").to_owned(),
                text(&shown, "original_state").to_owned(),
            ))
        };
        let before = lies()?;
        go(page, serving, &view).await?;
        page.ask("document.querySelector('#put-away').open = true;").await?;
        fill(page, "#edit-place", "K1-02").await?;
        page.until(
            "return document.querySelector('#edit-place + .offers a .name')?.textContent.includes('件') ?? false;",
        )
        .await?;
        page.picture("place-offers").await?;
        put(page, "K1-02-B-3-99").await?;
        page.until("return document.querySelector('#put-away .wrong')?.textContent.includes('K1-02-B-3') ?? false;")
            .await?;
        ensure!(lies()? == before, "a place that is none took the paper");
        page.picture("place-fault").await?;
        put(page, "K1").await?;
        page.until("return document.querySelector('#put-away .wrong') !== null && document.querySelector('#edit-place').value === 'K1';")
            .await?;
        ensure!(lies()? == before, "a whole room took the paper");
        put(page, "safe01").await?;
        page.until("return document.querySelector('form.undo') !== null;")
            .await?;
        ensure!(lies()? == ("SAFE-01".to_owned(), "in_safe".to_owned()), "{:?}", lies()?);
        page.picture("place-undo").await?;
        page.ask("document.activeElement.blur();").await?;
        page.0.action_chain().send_keys("z").perform().await?;
        page.until("return document.querySelector('.notice.good[role=status]') !== null && document.querySelector('form.undo') === null;")
            .await?;
        ensure!(lies()? == before, "{:?} and before {before:?}", lies()?);
        Ok(())
    })
}

async fn put(page: &Page<'_>, code: &str) -> Result<()> {
    page.ask("document.querySelector('#put-away').open = true;").await?;
    fill(page, "#edit-place", code).await?;
    page.ask("window.left = true; document.querySelector('#put-away form').requestSubmit();")
        .await?;
    page.until("return window.left !== true && document.readyState === 'complete';")
        .await
}

fn nothing_typed_is_lost() -> Result<()> {
    at_a_desk_in("zh-CN", "correcting-kept", async |page, serving, archive| {
        let id = id_of(archive)?;
        go(page, serving, &format!("/documents/{id}")).await?;
        page.ask("document.querySelector('#seal-reason').closest('details').open = true;")
            .await?;
        fill(page, "#seal-reason", "涉诉，等待判决").await?;
        archive.ok(&["correct", NUMBER, "--title", "运维合同（更名）"])?;
        page.ask("document.querySelector('#seal-reason').form.requestSubmit();")
            .await?;
        page.until("return document.querySelector('form .notice.bad[role=alert]') !== null && document.querySelector('#seal-reason').value === '涉诉，等待判决';")
            .await?;
        let open = page
            .ask("return document.querySelector('#seal-reason').closest('details').open;")
            .await?;
        ensure!(open == json!(true), "what was typed is folded away");
        page.picture("kept").await?;
        // What is not there keeps the frame.
        for path in ["/documents/01a2287b-0000-7000-8000-000000000000", "/nothing"] {
            go(page, serving, path).await?;
            page.until(
                "return document.querySelector('nav.rail .way') !== null && document.querySelector('#find') !== null;",
            )
            .await?;
        }
        page.picture("absent").await?;
        let title = page.ask("return document.title;").await?;
        title.as_str().context("a title")?;
        Ok(())
    })
}
