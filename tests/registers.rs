//! Registers are kept by hand in Chromium: shelving is built from its counts, a table with headings of its own is taken
//! after somebody has said what they are, and lists and labels are taken away.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::Test;
use crate::archive::list;
use crate::browser::{Page, at_a_desk_in, fill, go};
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    ("registers::by_hand_in_chinese", || registers_by_hand("zh-CN")),
    ("registers::by_hand_in_english", || registers_by_hand("en")),
];

/// Fetches a file as the view would; its media type and its first characters.
async fn file(page: &Page<'_>, address: &str) -> Result<(String, String)> {
    let script = format!(
        "window.fetched = null; fetch('{address}').then(async (answer) => {{ const bytes = new Uint8Array(await answer.arrayBuffer()); \
         window.fetched = [answer.status + ' ' + answer.headers.get('content-type'), new TextDecoder().decode(bytes.slice(0, 400))]; }});"
    );
    page.ask(&script).await?;
    page.until("return window.fetched !== null;").await?;
    let fetched = page.ask("return window.fetched;").await?;
    let part = |at: usize| fetched[at].as_str().unwrap_or_default().to_owned();
    Ok((part(0), part(1)))
}

fn registers_by_hand(language: &'static str) -> Result<()> {
    at_a_desk_in(
        language,
        &format!("registers-{language}"),
        async |page, serving, archive| {
            go(page, serving, "/locations").await?;
            page.ask("document.querySelector('a[href=\"/locations/build\"]').click();")
                .await?;
            page.until("return document.querySelector('#build-code') !== null;")
                .await?;
            // What cannot be built is said beside it, with what was typed.
            fill(page, "#build-code", "K2").await?;
            fill(page, "#build-rack", "many").await?;
            page.ask("document.querySelector('form.build').requestSubmit();")
                .await?;
            page.until("return document.querySelector('fieldset .wrong') !== null && document.querySelector('#build-rack').value === 'many';")
            .await?;
            fill(page, "#build-name", "二号库").await?;
            for (level, count) in [("rack", "6"), ("column", "5"), ("shelf", "6")] {
                fill(page, &format!("#build-{level}"), count).await?;
            }
            fill(page, "#build-capacity", "40").await?;
            page.picture(&format!("build-{language}")).await?;
            page.ask("document.querySelector('form.build').requestSubmit();")
                .await?;
            page.until("return document.querySelector('button[value=write]') !== null;")
                .await?;
            page.picture(&format!("build-tried-{language}")).await?;
            ensure!(
                list(&archive.json(&["locations", "list", "--all", "--json"])?, "items")?.len() < 100,
                "a trial has written"
            );
            page.ask("document.querySelector('button[value=write]').click();")
                .await?;
            page.until(
                "return location.pathname.startsWith('/imports/') && document.querySelector('.notice.good') !== null;",
            )
            .await?;
            let places = archive.json(&["locations", "list", "--all", "--json"])?;
            let built = list(&places, "items")?
                .iter()
                .filter(|place| place["code"].as_str().is_some_and(|code| code.starts_with("K2")))
                .count();
            ensure!(built == 1 + 6 + 6 * 5 + 6 * 5 * 6, "{built} places");
            ensure!(
                archive.json(&["locations", "show", "K2-06-E-6", "--json"])?["capacity"] == json!(40),
                "the capacity of a shelf"
            );
            columns_are_said(page, serving).await?;
            ensure!(
                archive.json(&["customers", "show", "KH-9001", "--json"])?["name"] == json!("云岭样例有限公司"),
                "the customer of the table"
            );
            lists_are_taken_away(page, serving).await
        },
    )
}

/// A table whose headings nobody knows is refused with its columns; said what they are, it is tried and written.
async fn columns_are_said(page: &Page<'_>, serving: &Serving) -> Result<()> {
    go(page, serving, "/imports?register=customers").await?;
    page.ask(
        "const table = new File(['甲,乙,丙\\nKH-9001,云岭样例有限公司,旧\\n'], '客户.csv', { type: 'text/csv' }); \
         const dropped = new DataTransfer(); dropped.items.add(table); \
         document.querySelector('[data-drop-file]').dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));",
    )
    .await?;
    page.until("return document.querySelectorAll('table.columns tbody tr').length === 3 && document.querySelector('.content .notice.bad') !== null;")
        .await?;
    page.ask(
        "const said = { column_0: 'code', column_1: 'name', column_2: '-' }; \
         for (const [name, value] of Object.entries(said)) document.querySelector(`select[name=${name}]`).value = value; \
         document.querySelector('table.columns').closest('form').requestSubmit();",
    )
    .await?;
    page.until("return document.querySelector('button[value=write]') !== null && document.querySelector('.content .notice.bad') === null;")
        .await?;
    page.picture("columns").await?;
    page.ask("document.querySelector('button[value=write]').click();")
        .await?;
    page.until("return location.pathname.startsWith('/imports/') && document.querySelector('.notice.good') !== null;")
        .await
}

async fn lists_are_taken_away(page: &Page<'_>, serving: &Serving) -> Result<()> {
    go(page, serving, "/customers").await?;
    ensure!(
        page.ask("return document.querySelectorAll('.files a[download]').length;")
            .await?
            == json!(3),
        "three kinds of file"
    );
    for (address, media, begins) in [
        ("/lists/customers/csv", "text/csv", ""),
        ("/lists/locations/csv", "text/csv", ""),
        ("/lists/batches/csv", "text/csv", ""),
        ("/lists/imports/csv", "text/csv", ""),
        ("/lists/withdrawn/csv", "text/csv", ""),
        ("/lists/customers/xlsx", "application/vnd.openxml", "PK"),
        ("/lists/contents/K1/pdf", "application/pdf", "%PDF-1."),
        ("/locations/K2-06/labels.pdf", "application/pdf", "%PDF-1."),
    ] {
        let (said, text) = file(page, address).await?;
        ensure!(
            said.starts_with(&format!("200 {media}")) && text.starts_with(begins),
            "{address}: {said}"
        );
    }
    let (said, _) = file(page, "/lists/customers/doc").await?;
    ensure!(said.starts_with("404"), "{said}");
    Ok(())
}
