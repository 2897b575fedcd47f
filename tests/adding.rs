//! Papers are added in Chromium: what is known is set once, the connection is cut in the middle, and what was sent ends
//! as a batch that can be undone.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::Test;
use crate::archive::demo_folder;
use crate::browser::at_a_desk;

pub const TESTS: &[Test] = &[(
    "adding::papers_are_added_and_taken_back",
    papers_are_added_and_taken_back,
)];

/// Cuts the second request for a piece off, once, as a bad network does; the tab remembers it on the next view.
const CUT: &str = "const send = window.fetch;
    let pieces = 0;
    window.fetch = (address, options) => {
      if (options?.method === 'PUT' && ++pieces === 2) { sessionStorage.cut = 'yes'; return Promise.reject(new TypeError('network')); }
      return send(address, options);
    };";

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
