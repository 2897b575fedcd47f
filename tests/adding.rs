//! Papers are added in Chromium: what is known is set once, the connection is cut in the middle, and what was sent ends
//! as a batch that can be undone.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::Test;
use crate::archive::demo_folder;
use crate::browser::{Page, at_a_desk};
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    (
        "adding::papers_are_added_and_taken_back",
        papers_are_added_and_taken_back,
    ),
    ("adding::a_list_is_looked_at_and_meant", a_list_is_looked_at_and_meant),
    (
        "adding::an_upload_goes_on_after_a_reload",
        an_upload_goes_on_after_a_reload,
    ),
];

/// Cuts the second request for a piece off, once, as a bad network does; the tab remembers it on the next view.
const CUT: &str = "const send = window.fetch;
    let pieces = 0;
    window.fetch = (address, options) => {
      if (options?.method === 'PUT' && ++pieces === 2) { sessionStorage.cut = 'yes'; return Promise.reject(new TypeError('network')); }
      return send(address, options);
    };";

/// A list whose headings nobody knows: a person says what its columns are, sees what is wrong, and it goes up as meant.
fn a_list_is_looked_at_and_meant() -> Result<()> {
    at_a_desk("adding-list", async |page, serving, archive| {
        let folder = archive.beside("delivery");
        std::fs::create_dir(&folder)?;
        let (list, scan) = (folder.join("交接.csv"), folder.join("A.pdf"));
        std::fs::write(&list, "甲,乙,丙\nA.pdf,KH-0003,借阅登记簿\nB.pdf,KH-0999,\n")?;
        std::fs::write(&scan, crate::names::page_of_text(7))?;
        page.0.goto(&format!("{}/add", serving.address)).await?;
        page.until("return document.readyState === 'complete';").await?;
        let paths = [crate::archive::path(&list)?, crate::archive::path(&scan)?].join("\n");
        page.find("#add-files").await?.send_keys(paths).await?;
        page.until("return document.querySelector('[data-list-looked] [role=alert]') !== null;")
            .await?;
        for (column, meant) in [(0, "path"), (1, "customer_code"), (2, "title")] {
            let say = format!(
                "const select = document.querySelector('[name=column_{column}]'); select.value = '{meant}'; \
                 select.dispatchEvent(new Event('change', {{ bubbles: true }}));"
            );
            page.ask(&say).await?;
            let is_taken = format!(
                "return document.querySelector('[name=column_{column}] option[selected]').value === '{meant}';"
            );
            page.until(&is_taken).await?;
        }
        page.until("const text = document.querySelector('[data-list-problems]')?.textContent ?? ''; return text.includes('KH-0999') && text.includes('B.pdf');")
            .await?;
        page.picture("add-list").await?;
        page.ask("document.querySelector('[data-add-send]').click();").await?;
        page.until("return location.pathname.startsWith('/batches/');").await?;
        page.until("return document.querySelector('form[action$=\"/take-back\"]') !== null;")
            .await?;
        let found = archive.json(&["search", &crate::names::word(7), "--json"])?;
        let hit = &found["hits"][0];
        ensure!(
            hit["customer_code"] == "KH-0003" && hit["title"] == "借阅登记簿",
            "the list was not taken as it was meant: {found}"
        );
        Ok(())
    })
}

fn papers_are_added_and_taken_back() -> Result<()> {
    at_a_desk("adding", async |page, serving, archive| {
        let folder = demo_folder().join("scans");
        let mut files = Vec::new();
        for file in crate::archive::files_below(&folder) {
            if file.extension().is_some_and(|ending| ending == "pdf") {
                files.push(file);
            }
        }
        // The same bytes would be duplicates of what the demo has filed; a byte behind the end makes them others.
        let copies = archive.data().join("copies");
        std::fs::create_dir_all(&copies)?;
        let mut paths = Vec::new();
        for (number, file) in files.iter().take(3).enumerate() {
            let mut bytes = std::fs::read(file)?;
            bytes.extend_from_slice(format!("\n% copy {number}\n").as_bytes());
            let copy = copies.join(format!("纸 {number}.pdf"));
            std::fs::write(&copy, bytes)?;
            paths.push(copy.to_str().context("the path is text")?.to_owned());
        }
        page.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": CUT }))
            .await?;
        page.0.goto(&format!("{}/customers/KH-0001", serving.address)).await?;
        page.until("return document.readyState === 'complete';").await?;
        page.ask("document.querySelector('a[href^=\"/add\"][data-jump]').click();")
            .await?;
        page.until("return document.querySelector('#add-customer')?.value === 'KH-0001';")
            .await?;
        page.picture("add-empty").await?;
        page.find("#add-files").await?.send_keys(paths.join("\n")).await?;
        page.until("return document.querySelectorAll('.adding-files tbody tr').length === 3;")
            .await?;
        page.picture("add-chosen").await?;
        page.ask("document.querySelector('[data-add-send]').click();").await?;
        page.until("return location.pathname.startsWith('/batches/');").await?;
        page.until("return document.querySelector('form[action$=\"/take-back\"]') !== null;")
            .await?;
        let cut = page.ask("return sessionStorage.cut ?? null;").await?;
        ensure!(cut == json!("yes"), "the connection was never cut");
        let listed = page
            .ask("return document.querySelectorAll('table.files tbody tr').length;")
            .await?;
        ensure!(listed == json!(3), "{listed} files are listed");
        let shown = page
            .ask("return document.querySelector('table.files').textContent;")
            .await?;
        let shown = shown.as_str().unwrap_or_default();
        ensure!(shown.contains("纸 0.pdf") && !shown.contains("/uploads/"), "{shown}");
        ensure!(
            shown.contains("KH-0001"),
            "the customer that was set is theirs: {shown}"
        );
        page.picture("add-batch").await?;
        ensure!(
            !archive.data().join("staging/uploads").read_dir()?.any(|_| true),
            "bytes are left in staging"
        );
        page.ask("document.querySelector('form[action$=\"/take-back\"]').requestSubmit();")
            .await?;
        page.until("return location.search.includes('withdrawn=3') && document.querySelector('.notice.good') !== null;")
            .await
    })
}

/// Every request for a piece is cut, as a network that is gone; the tab forgets it with the view.
const GONE: &str = "const send = window.fetch;
    window.fetch = (address, options) => options?.method === 'PUT' && sessionStorage.gone ? Promise.reject(new TypeError('network')) : send(address, options);";

fn an_upload_goes_on_after_a_reload() -> Result<()> {
    at_a_desk("adding-again", async |page, serving, archive| {
        let copies = archive.data().join("copies");
        std::fs::create_dir_all(&copies)?;
        let mut paths = Vec::new();
        for number in 0..3 {
            let copy = copies.join(format!("纸 {number}.txt"));
            std::fs::write(&copy, format!("no scan at all, number {number}"))?;
            paths.push(copy.to_str().context("the path is text")?.to_owned());
        }
        page.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": GONE }))
            .await?;
        go(page, serving, "/add").await?;
        page.ask("sessionStorage.gone = 'yes';").await?;
        page.find("#add-files").await?.send_keys(paths.join("\n")).await?;
        page.until("return document.querySelectorAll('.adding-files tbody tr').length === 3;")
            .await?;
        page.ask("document.querySelector('[data-add-send]').click();").await?;
        page.until("return !document.querySelector('[data-add-cancel]').hidden;")
            .await?;
        // What was begun is kept by the browser before the view goes.
        page.until(
            "if (!window.looking) { window.looking = true; const asked = indexedDB.open('uploads', 1); \
             asked.onsuccess = () => { const all = asked.result.transaction('files').objectStore('files').count(); \
             all.onsuccess = () => { window.known = all.result; asked.result.close(); window.looking = false; }; }; } return window.known > 0;",
        )
        .await?;
        page.ask("sessionStorage.removeItem('gone');").await?;
        go(page, serving, "/add").await?;
        page.until("return document.querySelector('[data-resume]') !== null;")
            .await?;
        page.picture("add-again").await?;
        page.ask("document.querySelector('[data-resume]').click();").await?;
        page.until("return location.pathname.startsWith('/batches/') && document.querySelectorAll('table.files tbody tr').length === 3;")
            .await?;
        let name = page.ask("return document.querySelector('h1').textContent;").await?;
        ensure!(
            name.as_str()
                .is_some_and(|name| name.starts_with("20") && !name.contains("files")),
            "{name}"
        );
        a_batch_is_held_and_accepted(page).await
    })
}

async fn a_batch_is_held_and_accepted(page: &Page<'_>) -> Result<()> {
    page.until("return document.querySelector('form.decision') !== null;")
        .await?;
    // The lines of one reason.
    page.until("return document.querySelectorAll('.reasons .chip').length > 0;")
        .await?;
    page.ask("document.querySelector('.reasons .chip').click();").await?;
    page.until(
        "return location.search.includes('reason=') && document.querySelectorAll('table.files tbody tr').length === 3;",
    )
    .await?;
    page.ask("document.querySelector('form.decision button[value=held]').click();")
        .await?;
    page.until("return document.querySelector('form.decision .wrong') !== null;")
        .await?;
    page.find("#batch-why").await?.send_keys("三件都不是扫描件").await?;
    page.picture("batch-decision").await?;
    page.ask("document.querySelector('form.decision button[value=held]').click();")
        .await?;
    page.until("return document.querySelector('main').textContent.includes('三件都不是扫描件') && document.querySelector('.notice.good') !== null;")
        .await?;
    page.ask("document.querySelector('form.decision button[value=accepted]').click();")
        .await?;
    page.until("return location.search.includes('said=accepted') && document.querySelector('form.decision button[value=held]') !== null;")
        .await
}

async fn go(page: &Page<'_>, serving: &Serving, path: &str) -> Result<()> {
    page.0.goto(&format!("{}{path}", serving.address)).await?;
    page.until("return document.readyState === 'complete';").await
}
