//! Papers are added where things go wrong: a server that fails and a network that goes, a worker that is killed, names and
//! files that nobody should send, photographs that lie askew; and how soon what was added is found.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Instant;

use crate::Test;
use crate::archive::{TestArchive, path, text};
use crate::browser::{Page, at_a_desk, go};
use crate::patience;

pub const TESTS: &[Test] = &[
    (
        "adding_hard::a_failing_server_is_asked_again",
        a_failing_server_is_asked_again,
    ),
    (
        "adding_hard::hostile_empty_and_doubled_files",
        hostile_empty_and_doubled_files,
    ),
    (
        "adding_hard::a_killed_worker_loses_nothing",
        a_killed_worker_loses_nothing,
    ),
    ("adding_hard::photographs_become_pages", photographs_become_pages),
    (
        "adding_hard::what_was_added_is_found_soon",
        what_was_added_is_found_soon,
    ),
];

/// Papers of text that no other paper has, one page each.
fn papers(archive: &TestArchive, count: usize) -> Result<Vec<PathBuf>> {
    let folder = archive.beside("papers");
    std::fs::create_dir_all(&folder)?;
    (0..count)
        .map(|number| {
            let file = folder.join(format!("纸 {number}.pdf"));
            std::fs::write(&file, crate::names::page_of_text(number))?;
            Ok(file)
        })
        .collect()
}

async fn choose(page: &Page<'_>, files: &[PathBuf]) -> Result<()> {
    let paths: Vec<_> = files.iter().map(|file| path(file)).collect::<Result<_>>()?;
    page.find("#add-files").await?.send_keys(paths.join("\n")).await?;
    page.until(&format!(
        "return document.querySelectorAll('.adding-files tbody tr').length === {};",
        files.len()
    ))
    .await
}

async fn send(page: &Page<'_>) -> Result<()> {
    page.ask("document.querySelector('[data-add-send]').click();")
        .await
        .map(drop)
}

/// What became of the files of the batch that is shown, once it has ended.
async fn outcomes(page: &Page<'_>, files: usize) -> Result<String> {
    page.until(&format!(
        "return location.pathname.startsWith('/batches/') && document.querySelector('[data-follow]') === null
           && document.querySelectorAll('table.files tbody tr').length === {files};"
    ))
    .await
    .context("the batch does not end with all of its files")?;
    let shown = page
        .ask("return document.querySelector('table.files').innerText;")
        .await?;
    Ok(shown.as_str().unwrap_or_default().to_owned())
}

/// The first piece is answered with 503, the next two requests for pieces are cut, the first answer to the hand-over as well.
/// What is said meanwhile is kept.
const FAILING: &str = "const send = window.fetch;
    let pieces = 0, finishes = 0;
    window.fetch = (address, options) => {
      if (options?.method === 'PUT') {
        pieces += 1;
        if (pieces === 1) return Promise.resolve(new Response('{\"code\":\"busy\",\"detail\":\"busy\"}', { status: 503 }));
        if (pieces === 2 || pieces === 3) return Promise.reject(new TypeError('network'));
      }
      if (options?.method === 'POST' && String(address).endsWith('/finish')) {
        finishes += 1;
        sessionStorage.finishes = finishes;
        if (finishes === 1) return Promise.reject(new TypeError('network'));
      }
      return send(address, options);
    };
    addEventListener('DOMContentLoaded', () => {
      const line = document.querySelector('[data-add-fault]');
      if (line) new MutationObserver(() => { if (!line.hidden) sessionStorage.said = line.textContent; }).observe(line, { attributes: true, childList: true });
    });";

fn a_failing_server_is_asked_again() -> Result<()> {
    at_a_desk("adding-failing", async |page, serving, archive| {
        let files = papers(archive, 3)?;
        page.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": FAILING }))
            .await?;
        go(page, serving, "/add").await?;
        choose(page, &files).await?;
        send(page).await?;
        let shown = outcomes(page, 3).await?;
        ensure!(shown.contains("纸 0.pdf"), "{shown}");
        let said = page.ask("return sessionStorage.said ?? '';").await?;
        ensure!(
            said.as_str().is_some_and(|said| said.contains("自动再试")),
            "the pause was not said: {said}"
        );
        let finishes = page.ask("return Number(sessionStorage.finishes);").await?;
        ensure!(
            finishes.as_u64() >= Some(2),
            "the hand-over was lost and not made again"
        );
        Ok(())
    })
}

fn hostile_empty_and_doubled_files() -> Result<()> {
    at_a_desk("adding-hostile", async |page, serving, archive| {
        let paper = std::fs::read(&papers(archive, 1)?[0])?;
        let folder = archive.beside("hostile");
        std::fs::create_dir_all(&folder)?;
        let long = format!("{}.pdf", "长".repeat(75));
        let names = [
            "<img src=x onerror=alert(1)>.pdf",
            "a'b\"c & d;e.pdf",
            "名\u{202e}fdp.exe",
            "..hidden..pdf",
            "%2e%2e%2fetc%2fpasswd.pdf",
            "CON.pdf",
            long.as_str(),
        ];
        let mut files = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let mut bytes = paper.clone();
            bytes.extend_from_slice(format!("\n% {number}\n").as_bytes());
            files.push(folder.join(name));
            std::fs::write(&files[number], bytes)?;
        }
        for (name, bytes) in [("空.pdf", &b""[..]), ("再来一次.pdf", &paper), ("又一次.pdf", &paper)] {
            files.push(folder.join(name));
            std::fs::write(folder.join(name), bytes)?;
        }
        go(page, serving, "/add").await?;
        choose(page, &files).await?;
        page.picture("add-hostile").await?;
        send(page).await?;
        let shown = outcomes(page, files.len()).await?;
        page.picture("add-hostile-batch").await?;
        for name in names {
            ensure!(
                shown.contains(name) || name.contains('\u{202e}'),
                "{name} is not listed: {shown}"
            );
        }
        let nodes = page
            .ask("return document.querySelectorAll('main img[src=x], main script').length;")
            .await?;
        ensure!(nodes == json!(0), "a name became a part of the view");
        let batch = batch_of(page, archive).await?;
        let outcome = |name: &str| {
            let items = batch["items"].as_array()?;
            let item = items.iter().find(|item| text(item, "path").ends_with(name))?;
            Some((text(item, "outcome").to_owned(), text(item, "reason").to_owned()))
        };
        ensure!(
            outcome("空.pdf").is_some_and(|(outcome, _)| outcome == "rejected"),
            "an empty file: {:?}",
            outcome("空.pdf")
        );
        let twice = [outcome("再来一次.pdf"), outcome("又一次.pdf")];
        ensure!(
            twice
                .iter()
                .flatten()
                .filter(|(outcome, _)| outcome == "duplicate")
                .count()
                == 1,
            "one of two same files is a duplicate: {twice:?}"
        );
        ensure!(
            !archive.data().join("staging/uploads").read_dir()?.any(|_| true),
            "bytes are left in staging"
        );
        Ok(())
    })
}

async fn batch_of(page: &Page<'_>, archive: &TestArchive) -> Result<Value> {
    let id = page.ask("return location.pathname.split('/')[2];").await?;
    archive.json(&["batches", id.as_str().context("a batch")?, "--json"])
}

/// Worker processes of the server.
fn workers(server: u32) -> Result<Vec<rustix::process::Pid>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let entry = entry?;
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
        if parent == Some(&server.to_string()) {
            found.extend(rustix::process::Pid::from_raw(pid));
        }
    }
    Ok(found)
}

fn a_killed_worker_loses_nothing() -> Result<()> {
    at_a_desk("adding-killed", async |page, serving, archive| {
        let folder = crate::archive::demo_folder().join("scans");
        let copies = archive.beside("scans");
        std::fs::create_dir_all(&copies)?;
        let mut files = Vec::new();
        for file in crate::archive::files_below(&folder) {
            if file.extension().is_some_and(|ending| ending == "pdf") && files.len() < 3 {
                let mut bytes = std::fs::read(&file)?;
                bytes.extend_from_slice(format!("\n% copy {}\n", files.len()).as_bytes());
                let copy = copies.join(format!("{}.pdf", files.len()));
                std::fs::write(&copy, bytes)?;
                files.push(copy);
            }
        }
        go(page, serving, "/add").await?;
        choose(page, &files).await?;
        send(page).await?;
        let killed = patience::until("a worker is at work", || {
            let kill =
                |worker: &rustix::process::Pid| rustix::process::kill_process(*worker, rustix::process::Signal::KILL);
            let killed = workers(serving.pid())?
                .iter()
                .filter(|worker| kill(worker).is_ok())
                .count();
            Ok((killed > 0).then_some(killed))
        })?;
        let shown = outcomes(page, files.len()).await?;
        let batch = batch_of(page, archive).await?;
        let lost: Vec<_> = batch["items"]
            .as_array()
            .context("items")?
            .iter()
            .filter(|item| !["filed", "needs_review"].contains(&text(item, "outcome")))
            .map(|item| text(item, "path").to_owned())
            .collect();
        ensure!(
            lost.is_empty(),
            "{killed} workers were killed, and {lost:?} was lost: {shown}"
        );
        // What each file became is told before its upload has ended.
        let uploads = archive.data().join("staging/uploads");
        patience::until("what was added leaves staging", || {
            Ok(crate::archive::files_below(&uploads).is_empty().then_some(()))
        })
    })
}

/// A bright paper askew on a dark table, as a photograph.
const PHOTOGRAPH: &str = "const [number, corners] = arguments;
    const canvas = document.createElement('canvas'); [canvas.width, canvas.height] = [1200, 1600];
    const c = canvas.getContext('2d'); c.fillStyle = '#3a3228'; c.fillRect(0, 0, 1200, 1600);
    c.beginPath(); corners.forEach(([x, y], n) => c[n ? 'lineTo' : 'moveTo'](x * 1200, y * 1600)); c.closePath(); c.fillStyle = '#f4f2ec'; c.fill();
    c.fillStyle = '#111'; c.font = '56px sans-serif'; for (let line = 0; line < 8; line += 1) c.fillText(`WORD${number} LINE ${line}`, 360, 480 + line * 90);
    const done = arguments[arguments.length - 1];
    canvas.toBlob((blob) => {
      const files = new DataTransfer(); files.items.add(new File([blob], 'IMG.jpg', { type: 'image/jpeg' }));
      const input = document.querySelector('[data-source=photo]'); input.files = files.files; input.dispatchEvent(new Event('change')); done(true);
    }, 'image/jpeg', 0.9);";
const CORNERS: [[f64; 2]; 4] = [[0.16, 0.12], [0.86, 0.17], [0.82, 0.9], [0.12, 0.85]];

async fn photograph(page: &Page<'_>, number: usize) -> Result<()> {
    page.0
        .execute_async(PHOTOGRAPH, vec![json!(number), json!(CORNERS)])
        .await?;
    page.until("return document.querySelector('#photo').open;").await
}

async fn rows(page: &Page<'_>, count: usize) -> Result<()> {
    page.until(&format!(
        "return !document.querySelector('#photo').open && document.querySelectorAll('.adding-files tbody tr').length === {count};"
    ))
    .await
}

fn photographs_become_pages() -> Result<()> {
    at_a_desk("adding-photos", async |page, serving, archive| {
        let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
        page.tell("Emulation.setDeviceMetricsOverride", metrics).await?;
        go(page, serving, "/add").await?;
        photograph(page, 1).await?;
        page.picture("add-edges").await?;
        let found = page
            .ask("return [...document.querySelectorAll('[data-corner]')].map((handle) => [parseFloat(handle.style.left) / 100, parseFloat(handle.style.top) / 100]);")
            .await?;
        let found: Vec<[f64; 2]> = serde_json::from_value(found)?;
        for (found, real) in found.iter().zip(CORNERS) {
            let off = (found[0] - real[0]).abs().max((found[1] - real[1]).abs());
            ensure!(off < 0.03, "a corner at {real:?} was found at {found:?}");
        }
        // A corner is moved by keys, and the paper is cut out.
        page.ask("document.querySelector('[data-corner]').focus();").await?;
        page.0.action_chain().send_keys(thirtyfour::Key::Left).perform().await?;
        page.ask("document.querySelector('#photo [value=cut]').click();")
            .await?;
        rows(page, 1).await?;
        photograph(page, 2).await?;
        page.ask("document.querySelector('#photo [value=whole]').click();")
            .await?;
        rows(page, 2).await?;
        photograph(page, 3).await?;
        page.ask("document.querySelector('#photo [value=drop]').click();")
            .await?;
        rows(page, 2).await?;
        // The second page first.
        page.ask("document.querySelectorAll('.adding-files tbody tr')[1].querySelector('[data-earlier]').click();")
            .await?;
        page.until("return document.querySelector('.adding-files tbody tr').textContent.includes('0001-IMG');")
            .await?;
        // Another document, and without looking for edges.
        page.ask("document.querySelector('[data-photo-edges]').click(); document.querySelector('[data-source=photo]').click = () => {}; document.querySelector('[data-next-document]').click();")
            .await?;
        page.0.execute_async(PHOTOGRAPH, vec![json!(4), json!(CORNERS)]).await?;
        rows(page, 3).await?;
        page.picture("add-photos").await?;
        send(page).await?;
        outcomes(page, 3).await?;
        let batch = batch_of(page, archive).await?;
        let mut documents: Vec<String> = batch["items"]
            .as_array()
            .context("items")?
            .iter()
            .flat_map(|item| item["documents"].as_array().cloned().unwrap_or_default())
            .filter_map(|id| id.as_str().map(ToOwned::to_owned))
            .collect();
        documents.sort();
        documents.dedup();
        ensure!(documents.len() == 2, "two documents were photographed: {batch}");
        let mut first = Vec::new();
        for id in &documents {
            let shown = archive.json(&["show", id, "--json"])?;
            let pages = shown["pages"].as_array().context("pages")?.clone();
            let texts: Vec<_> = pages.iter().map(|page| text(page, "text").replace(' ', "")).collect();
            first.push(texts);
        }
        first.sort_by_key(|texts| std::cmp::Reverse(texts.len()));
        ensure!(
            first[0].len() == 2
                && first[0][0].contains("WORD2")
                && first[0][1].contains("WORD1")
                && first[1][0].contains("WORD4"),
            "the pages are in another order: {first:?}"
        );
        Ok(())
    })
}

/// Scans of the sample with ten pages together.
const TEN_PAGES: [&str; 3] = ["HT-2024-0117.pdf", "HT-2024-0118.pdf", "GYD-2025-0009.pdf"];

/// Ten pages of scans, from the last byte to the hit; how long it took is printed.
fn what_was_added_is_found_soon() -> Result<()> {
    at_a_desk("adding-soon", async |page, serving, archive| {
        let drawn = archive.beside("ten");
        std::fs::create_dir_all(&drawn)?;
        let source = crate::archive::demo_folder().join("scans");
        let mut files = Vec::new();
        for file in crate::archive::files_below(&source) {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if TEN_PAGES.contains(&name) {
                let mut bytes = std::fs::read(&file)?;
                bytes.extend_from_slice(format!("\n% copy {}\n", files.len()).as_bytes());
                let copy = drawn.join(name);
                std::fs::write(&copy, bytes)?;
                files.push(copy);
            }
        }
        go(page, serving, "/add").await?;
        choose(page, &files).await?;
        send(page).await?;
        page.until("return location.pathname.startsWith('/batches/');").await?;
        let began = Instant::now();
        outcomes(page, files.len()).await?;
        let batch = batch_of(page, archive).await?;
        let items = batch["items"].as_array().context("items")?;
        let pages: i64 = items.iter().filter_map(|item| item["pages"].as_i64()).sum();
        let ids = items
            .iter()
            .flat_map(|item| item["documents"].as_array().cloned().unwrap_or_default());
        let ids: Vec<String> = ids.filter_map(|id| id.as_str().map(ToOwned::to_owned)).collect();
        ensure!(
            ids.len() == files.len() && pages >= 10,
            "{pages} pages in {} documents: {batch}",
            ids.len()
        );
        for id in &ids {
            let shown = archive.json(&["show", id, "--json"])?;
            let words = text(&shown["pages"][0], "text")
                .lines()
                .find(|line| line.chars().count() > 7);
            let words: String = words
                .context("a line of the first page")?
                .chars()
                .filter(|c| c.is_alphanumeric())
                .take(12)
                .collect();
            patience::until("what was added is found", || {
                let hits = archive.json(&["search", &words, "--limit", "200", "--json"])?;
                let hits = hits["hits"].as_array().context("hits")?;
                Ok(hits.iter().any(|hit| text(hit, "document_id") == id).then_some(()))
            })?;
        }
        let found = ids.len();
        println!(
            "{pages} pages of {found} files were found {:.1} s after the last byte, at load {}",
            began.elapsed().as_secs_f64(),
            std::fs::read_to_string("/proc/loadavg")?.trim()
        );
        Ok(())
    })
}
