//! The page viewer in a real Chromium: fitting, zooming, turning, two pages, hits to the character, clean copies, the
//! stored file byte for byte, paper.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::process::Stdio;
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::{Database, TestArchive, demo_folder, list, text};
use crate::browser::{Page, at_a_desk};
use crate::patience::{Lines, ended};

pub const TESTS: &[Test] = &[
    (
        "viewer::images_are_ready_before_anybody_asks",
        images_are_ready_before_anybody_asks,
    ),
    ("viewer::a_contract_is_read", a_contract_is_read),
];

/// The widths of records::page_images::READY_WIDTHS, as the names of cached images end.
const READY: [&str; 3] = ["-240", "-800", "-1200"];
/// Three pages at 200 dpi, in a PDF.
const NUMBER: &str = "HT-2024-0117";
const FILE: &str = "scans/2024-合同/HT-2024-0117.pdf";
const SENTENCE: &str = "根据《中华人民共和国民法典》及相关法律法规的规定，甲乙双方在平等自愿、公平诚信的基础上，就甲方委托乙方提供信息系统运维服务事宜，经协商一致，订立本合同，共同遵照执行。";
/// Pixels by which what is drawn may be off for rounding.
const NEAR: f64 = 2.0;

fn a_contract_is_read() -> Result<()> {
    at_a_desk("viewer", async |page, serving, archive| {
        let shown = archive.json(&["show", NUMBER, "--json"])?;
        let document = shown["document_id"].as_str().context("the contract is there")?;
        let pages = shown["pages"].as_array().map_or(0, Vec::len);
        let query = "q=%E6%9C%8D%E5%8A%A1%E8%B4%B9%E7%94%A8";
        page.0
            .goto(&format!("{}/documents/{document}?{query}", serving.address))
            .await?;
        let view = View(page);
        view.loaded().await?;
        view.fits().await?;
        view.zooms().await?;
        view.marks_stay_on_their_characters().await?;
        view.shows_two_pages().await?;
        view.goes_by_thumbnails().await?;
        view.copies_a_sentence().await?;
        view.downloads_the_stored_file().await?;
        view.prints(pages).await
    })
}

/// A server that has nothing else to do makes the first images of every scanned page by itself.
fn images_are_ready_before_anybody_asks() -> Result<()> {
    // Images are made at the lowest priority: one contract, so that a busy machine comes to them as well.
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = archive.beside("one");
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(demo_folder().join(FILE), folder.join("contract.pdf"))?;
    let report = archive.ingest(&folder, 0)?;
    let shown = archive.json(&["show", text(&list(&report, "items")?[0], "document_id"), "--json"])?;
    let scan = shown["scan_sha256"].as_str().context("a digest")?.to_owned();
    let pages = shown["pages"].as_array().context("pages")?.len();
    let cache = archive.data().join("cache");
    ensure!(pages > 1, "the contract has its pages");
    let mut serve = archive
        .command(&["serve", "--listen", "127.0.0.1:0", "--log", "ingest=info"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let ready = Lines::of(&mut serve)?.up_to("page_images.ready");
    rustix::process::kill_process(rustix::process::Pid::from_child(&serve), rustix::process::Signal::TERM)?;
    let status = ended(&mut serve)?;
    ready.context("nothing was made ready")?;
    ensure!(status.success(), "the server ended with {status}");
    let names: Vec<String> = crate::archive::files_below(&cache)
        .iter()
        .filter_map(|file| Some(file.file_name()?.to_str()?.to_owned()))
        .filter(|name| name.starts_with(&scan))
        .collect();
    for page in 0..pages {
        for width in READY {
            let of_page = format!("{scan}-{page}-");
            ensure!(
                names
                    .iter()
                    .any(|name| name.starts_with(&of_page) && name.ends_with(width)),
                "page {page} has no image {width}; there are {names:?}"
            );
        }
    }
    Ok(())
}

struct View<'p>(&'p Page<'p>);

impl View<'_> {
    async fn number(&self, script: &str) -> Result<f64> {
        let answer = self.0.ask(script).await?;
        answer
            .as_f64()
            .with_context(|| format!("no number but {answer} from {script}"))
    }

    async fn press(&self, key: &str) -> Result<()> {
        Ok(self.0.find(".canvas").await?.send_keys(key).await?)
    }

    /// The page image in the width of the screen is there, and the small one before it.
    async fn loaded(&self) -> Result<()> {
        self.0
            .until(
                "const sheet = document.querySelector('.sheet');
             const [first, page] = [sheet.querySelector('img.first'), sheet.querySelector('img.page')];
             return first.complete && first.naturalWidth === 240 && page.complete && page.currentSrc.endsWith('/1200')
               && sheet.querySelector('.text-layer[data-placed]') !== null;",
            )
            .await
            .context("the first page does not come")
    }

    async fn fits(&self) -> Result<()> {
        const ROOM: &str = "const c = document.querySelector('.canvas'); const s = getComputedStyle(c);
             const w = c.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight);
             const h = c.clientHeight - parseFloat(s.paddingTop) - parseFloat(s.paddingBottom);
             const r = document.querySelector('.sheet').getBoundingClientRect();";
        let gap = self.number(&format!("{ROOM} return Math.abs(r.width - w);")).await?;
        ensure!(gap <= NEAR, "the page is {gap} px narrower or wider than its room");
        self.press("h").await?;
        let over = self.number(&format!("{ROOM} return Math.abs(r.height - h);")).await?;
        ensure!(over <= NEAR, "the page is {over} px lower or higher than its room");
        // Turned it fits as well, and nothing of it is out of reach.
        for key in ["w", "h"] {
            self.press(key).await?;
            self.press("r").await?;
            let fits = self.0
                .ask(&format!(
                    "{ROOM} const left = c.getBoundingClientRect().left; return r.width <= w + 2 && r.left >= left - 1 && r.width > r.height;"
                ))
                .await?;
            ensure!(fits == true, "the turned page does not fit after {key}");
            for _ in 0..3 {
                self.press("r").await?;
            }
        }
        self.press("w").await
    }

    async fn zooms(&self) -> Result<()> {
        const WIDTH: &str = "return document.querySelector('.sheet').getBoundingClientRect().width;";
        let before = self.number(WIDTH).await?;
        self.press("+").await?;
        let larger = self.number(WIDTH).await?;
        ensure!((larger / before - 1.2).abs() < 0.01, "+ makes {before} to {larger}");
        self.press("0").await?;
        let back = self.number(WIDTH).await?;
        ensure!((back - before).abs() <= NEAR, "0 leads to {back} instead of {before}");
        // The wheel zooms about the pointer: what lies under it stays there.
        let kept = self.0
            .ask(
                "const canvas = document.querySelector('.canvas');
                 const frame = canvas.getBoundingClientRect();
                 const at = { clientX: frame.left + 300, clientY: frame.top + 200 };
                 const under = () => { const r = document.querySelector('.sheet').getBoundingClientRect();
                   return [(at.clientX - r.left) / r.width, (at.clientY - r.top) / r.height, r.width]; };
                 const [x, y, w] = under();
                 const wheel = new WheelEvent('wheel', { ...at, deltaY: -240, ctrlKey: true, bubbles: true, cancelable: true });
                 canvas.dispatchEvent(wheel);
                 const [x2, y2, w2] = under();
                 return { grown: w2 / w, off: Math.max(Math.abs(x2 - x), Math.abs(y2 - y)) * w2, taken: wheel.defaultPrevented };",
            )
            .await?;
        ensure!(
            kept["grown"].as_f64() > Some(1.3) && kept["off"].as_f64() <= Some(NEAR) && kept["taken"] == true,
            "the wheel: {kept}"
        );
        self.press("0").await
    }

    /// The mark of a hit lies over its characters, whatever is zoomed or turned. Where they are says the text layer.
    async fn marks_stay_on_their_characters(&self) -> Result<()> {
        const APART: &str = "
            const mark = document.querySelector('rect.hit-mark.now') ?? document.querySelector('rect.hit-mark');
            const line = [...mark.closest('.sheet').querySelectorAll('.text-layer p')].find((p) => p.textContent.includes('服务费用'));
            const range = document.createRange();
            const at = line.textContent.indexOf('服务费用');
            range.setStart(line.firstChild, at); range.setEnd(line.firstChild, at + 4);
            const [a, b] = [mark.getBoundingClientRect(), range.getBoundingClientRect()];
            const letter = Math.max(a.width, a.height) / 4;
            return { off: Math.max(Math.abs(a.left + a.width / 2 - b.left - b.width / 2), Math.abs(a.top + a.height / 2 - b.top - b.height / 2)) / letter,
                     shown: getComputedStyle(line).visibility };";
        self.0.until(
            "return document.querySelector('rect.hit-mark')?.closest('.sheet').querySelector('.text-layer[data-placed] p') != null;",
        )
        .await?;
        for keys in ["", "++", "r", "rr", "-"] {
            for key in keys.chars() {
                self.press(&key.to_string()).await?;
            }
            let apart = self.0.ask(APART).await?;
            // The text is laid evenly over its line, the mark upon each character: half a letter is the most between them.
            ensure!(
                apart["off"].as_f64() < Some(0.75) && apart["shown"] == "visible",
                "after {keys:?} the mark is {apart} letters from its characters"
            );
        }
        self.0.picture("viewer-turned").await?;
        self.press("r").await?;
        self.press("0").await
    }

    async fn shows_two_pages(&self) -> Result<()> {
        self.press("d").await?;
        let beside = self.0
            .ask(
                "const [a, b] = [...document.querySelectorAll('.sheet')].map((s) => s.getBoundingClientRect());
                 return Math.abs(a.top - b.top) < 2 && b.left >= a.right && b.right <= document.querySelector('.canvas').getBoundingClientRect().right;",
            )
            .await?;
        ensure!(beside == true, "two pages do not stand beside each other");
        self.0.picture("viewer-two").await?;
        self.press("d").await
    }

    async fn goes_by_thumbnails(&self) -> Result<()> {
        self.0.find(".thumbs a[data-number='3']").await?.click().await?;
        self.0.until(
            "return document.querySelector('input.page-number').value === '3' && new URL(location.href).searchParams.get('page') === '3'
               && document.querySelector('.thumbs a[aria-current]').dataset.number === '3';",
        )
        .await
        .context("a thumbnail does not lead to its page")?;
        self.press("[").await?;
        self.0
            .until("return document.querySelector('input.page-number').value === '2';")
            .await?;
        self.press("[").await
    }

    /// A sentence that goes over several lines is copied as one.
    async fn copies_a_sentence(&self) -> Result<()> {
        self.0
            .until("return document.querySelector('.sheet .text-layer[data-placed] p') !== null;")
            .await?;
        let lines = self
            .number(
                "const lines = [...document.querySelectorAll('.sheet .text-layer p')];
                 const from = lines.findIndex((p) => p.textContent.includes('根据《中华'));
                 const to = lines.findIndex((p, n) => n >= from && p.textContent.includes('共同遵照执行。'));
                 const range = document.createRange();
                 range.setStart(lines[from].firstChild, lines[from].textContent.indexOf('根据'));
                 range.setEnd(lines[to].firstChild, lines[to].textContent.length);
                 getSelection().removeAllRanges();
                 getSelection().addRange(range);
                 document.addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain'); }, { once: true });
                 return to - from + 1;",
            )
            .await?;
        ensure!(lines >= 2.0, "the sentence stands on {lines} line");
        self.0.find(".canvas").await?.send_keys(Key::Control + "c").await?;
        self.0.until("return typeof window.copied === 'string';").await?;
        let copied = self.0.ask("return window.copied;").await?;
        ensure!(copied == SENTENCE, "copied {copied}");
        // A heading and what stands under it stay two lines.
        let two = self.0
            .ask(
                "const lines = [...document.querySelectorAll('.sheet .text-layer p')];
                 const range = document.createRange();
                 range.setStart(lines[0].firstChild, 0);
                 range.setEnd(lines[1].firstChild, lines[1].textContent.length);
                 getSelection().removeAllRanges();
                 getSelection().addRange(range);
                 const event = new ClipboardEvent('copy', { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
                 lines[0].dispatchEvent(event);
                 return event.clipboardData.getData('text/plain').split('\\n').length;",
            )
            .await?;
        ensure!(two == 2, "heading and first line were copied as {two} lines");
        self.0.ask("getSelection().removeAllRanges(); return true;").await?;
        Ok(())
    }

    async fn downloads_the_stored_file(&self) -> Result<()> {
        let fetched = self.0.0.execute_async(
                "const done = arguments[0];
                 (async () => {
                   const answer = await fetch(document.querySelector('a[download][href*=\"/scans/\"]').href);
                   const bytes = new Uint8Array(await answer.arrayBuffer());
                   let text = '';
                   for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
                   done({ base64: btoa(text), how: answer.headers.get('content-disposition') });
                 })();",
                vec![],
            )
            .await?;
        let fetched = fetched.json().clone();
        let stored = std::fs::read(demo_folder().join(FILE))?;
        let bytes = decoded(fetched["base64"].as_str().context("no bytes came")?);
        ensure!(
            bytes == stored,
            "{} bytes came instead of the stored {}",
            bytes.len(),
            stored.len()
        );
        let how = fetched["how"].as_str().unwrap_or_default();
        ensure!(
            how.starts_with("attachment") && how.contains("HT-2024-0117.pdf"),
            "it is sent as {how}"
        );
        Ok(())
    }

    /// A page of paper for each page, whatever was turned on the screen.
    async fn prints(&self, pages: usize) -> Result<()> {
        self.press("r").await?;
        self.0
            .ask("for (const i of document.querySelectorAll('img.page')) i.loading = 'eager'; return true;")
            .await?;
        self.0
            .until("return [...document.querySelectorAll('img.page')].every((i) => i.complete && i.naturalWidth > 0);")
            .await?;
        let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true });
        let printed = self.0.tell("Page.printToPDF", paper).await?;
        let pdf = decoded(printed["data"].as_str().context("no PDF came")?);
        let text = String::from_utf8_lossy(&pdf);
        let sheets = text.matches("/Type /Page").count() - text.matches("/Type /Pages").count();
        ensure!(sheets == pages, "{pages} pages were printed on {sheets} sheets");
        self.press("r").await?;
        self.press("r").await?;
        self.press("r").await
    }
}

/// Base64 as a browser writes it.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    bytes
}
