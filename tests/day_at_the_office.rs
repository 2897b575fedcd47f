//! What three people do all day, with keys and clicks counted: a clerk, an archivist and an auditor, at a desk, on a tablet
//! and on a telephone, in both languages. No task takes more than twelve keys or four clicks beyond the text itself.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::{TestArchive, path, text};
use crate::browser::{PASSWORD, Page, at_a_desk_in};
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    ("day_at_the_office::in_chinese", || day("zh-CN")),
    ("day_at_the_office::in_english", || day("en")),
];

const KEYS_MAX: usize = 12;
const CLICKS_MAX: usize = 4;
const SIZES: [(u32, u32); 3] = [(1440, 900), (768, 1024), (390, 844)];
const PLACE: &str = "K1-02-B-3-04";

/// One pair of hands: what is pressed and clicked is counted, text is not.
struct Hands<'p> {
    page: &'p Page<'p>,
    address: &'p str,
    keys: usize,
    clicks: usize,
}

impl Hands<'_> {
    async fn key(&mut self, key: impl Into<TypingData>) -> Result<()> {
        self.keys += 1;
        self.page.0.action_chain().send_keys(key).perform().await?;
        Ok(())
    }

    /// By the browser's own protocol: the driver presses a key again when the view goes while it is down.
    async fn enter(&mut self) -> Result<()> {
        self.keys += 1;
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13 });
            if kind == "keyDown" {
                event["text"] = json!("\r");
            }
            self.page.tell("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// A key of the whole view, from wherever one is.
    async fn letter(&mut self, key: &str) -> Result<()> {
        self.page.ask("document.activeElement?.blur();").await?;
        self.key(key).await
    }

    async fn write(&mut self, words: &str) -> Result<()> {
        // As an input method commits it: keys as fast as a driver's would be a label of a gun.
        self.page
            .tell("Input.insertText", json!({ "text": words }))
            .await
            .map(drop)
    }

    /// A real click: what is covered or out of reach cannot be clicked.
    async fn click(&mut self, css: &str) -> Result<()> {
        self.clicks += 1;
        self.page
            .until(&format!("return document.querySelector({}) !== null;", json!(css)))
            .await
            .with_context(|| format!("there is no {css} to click"))?;
        let at = self.page.find(css).await?;
        at.scroll_into_view().await?;
        at.click().await.with_context(|| format!("{css} cannot be clicked"))
    }

    async fn find(&mut self, words: &str) -> Result<()> {
        self.page
            .until("return document.readyState === 'complete' && document.querySelector('#find') !== null;")
            .await?;
        self.letter("/").await?;
        self.page.until("return document.activeElement.id === 'find';").await?;
        self.write(words).await?;
        self.enter().await
    }

    /// What was sent has its hits.
    async fn hits(&self) -> Result<()> {
        let script = "return document.readyState === 'complete' && location.search.includes('q=') && document.querySelector('.hit a[data-main]') !== null;";
        self.until(script, "what was sent has no hits").await
    }

    async fn until(&self, script: &str, what: &str) -> Result<()> {
        let came = self.page.until(script).await;
        if came.is_ok() {
            return Ok(());
        }
        // What the view says instead is what one needs to know.
        let shown = self
            .page
            .ask("return location.href + ' ' + [...document.querySelectorAll('h1, .notice, .wrong, #corner')].map((e) => e.textContent.trim()).join(' | ');")
            .await?;
        came.with_context(|| format!("{what}: {shown}"))
    }

    async fn at(&self, path: &str) -> Result<()> {
        let there = format!(
            "return document.readyState === 'complete' && location.pathname.startsWith({});",
            json!(path)
        );
        let came = self.page.until(&there).await;
        let here = self.page.ask("return location.href;").await?;
        came.with_context(|| format!("it comes to {here} instead of {path}"))
    }

    async fn start(&mut self, view: &str) -> Result<()> {
        (self.keys, self.clicks) = (0, 0);
        self.page.0.goto(&format!("{}{view}", self.address)).await?;
        self.page.until("return document.readyState === 'complete';").await
    }

    /// The task is done; nobody had to press or click more than that.
    fn done(&self, task: &str, width: u32) -> Result<()> {
        println!("{task} at {width}: {} keys, {} clicks", self.keys, self.clicks);
        ensure!(
            self.keys <= KEYS_MAX && self.clicks <= CLICKS_MAX,
            "{task} at {width} takes {} keys and {} clicks",
            self.keys,
            self.clicks
        );
        Ok(())
    }
}

fn day(language: &'static str) -> Result<()> {
    at_a_desk_in(language, &format!("day-{language}"), async |page, serving, archive| {
        let people = [
            ("clerk", "viewer"),
            ("keeper", "archivist"),
            ("checker", "auditor,viewer"),
        ];
        let mut links = Vec::new();
        for (name, roles) in people {
            let added = archive.json(&["users", "add", name, "--role", roles, "--clearance", "secret", "--json"])?;
            links.push(text(&added, "link").to_owned());
        }
        let id = text(&archive.json(&["show", "HT-2024-0117", "--json"])?, "document_id").to_owned();
        for (link, (name, _)) in links.iter().zip(people) {
            enter(page, serving, link).await?;
            for (turn, (width, height)) in SIZES.into_iter().enumerate() {
                let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                page.tell("Emulation.setDeviceMetricsOverride", size).await?;
                let mut hands = Hands {
                    page,
                    address: &serving.address,
                    keys: 0,
                    clicks: 0,
                };
                let worked = match name {
                    "clerk" => clerk(&mut hands, width).await,
                    "keeper" => keeper(&mut hands, archive, &id, width, turn).await,
                    _ => checker(&mut hands, &id, width).await,
                };
                worked.with_context(|| format!("{name} at {width} in {language}"))?;
            }
            page.0.delete_all_cookies().await?;
        }
        Ok(())
    })
}

/// Sets a password by the one-time link, which signs in.
async fn enter(page: &Page<'_>, serving: &Serving, link: &str) -> Result<()> {
    let path = link.find("/link/").map_or(link, |at| &link[at..]);
    page.0.goto(&format!("{}{path}", serving.address)).await?;
    page.until("return document.querySelector('input[type=password]') !== null;")
        .await?;
    for field in page.0.find_all(By::Css("input[type=password]")).await? {
        field.send_keys(PASSWORD).await?;
    }
    page.ask("document.querySelector('main form').requestSubmit();").await?;
    page.until("return document.querySelector('#find') !== null;").await
}

async fn clerk(hands: &mut Hands<'_>, width: u32) -> Result<()> {
    hands.start("/today").await?;
    hands.find("沈若溪").await?;
    hands.hits().await?;
    hands.key(Key::Down).await?;
    hands.enter().await?;
    hands.at("/documents/").await?;
    hands.done("find by name", width)?;

    hands.start("/today").await?;
    hands.find("\"不因资料延期影响\"").await?;
    hands
        .until(
            "return document.querySelectorAll('.hit').length === 1;",
            "a phrase has not one hit",
        )
        .await?;
    hands.done("find by phrase", width)?;

    hands.start("/today").await?;
    hands.find("HT-2024-0117").await?;
    hands
        .until(
            "return document.querySelector('.hit [data-location]') !== null;",
            "the place is not beside the hit",
        )
        .await?;
    hands
        .page
        .ask("navigator.clipboard.writeText = async (text) => { window.copied = text; };")
        .await?;
    hands.letter("j").await?;
    hands.key("l").await?;
    hands.until("return window.copied === document.querySelector('[data-row][aria-current] [data-location]')?.dataset.location || document.querySelector('#corner .warn') !== null;", "l copies no place").await?;
    hands.done("where is the paper", width)?;

    hands.start("/today").await?;
    hands.find("k1 02 b 3 04").await?;
    hands.at(&format!("/locations/{PLACE}")).await?;
    hands.done("open a location by code", width)?;

    hands.start("/today").await?;
    hands.find("KH-0001").await?;
    hands.click(".known a[href='/customers/KH-0001']").await?;
    hands.at("/customers/KH-0001").await?;
    hands.until("return document.querySelector('a[download][href$=\".xlsx\"]') !== null && document.querySelector('[data-print]') !== null;", "the item list is not to be had").await?;
    hands
        .page
        .ask("window.print = () => { window.printed = true; };")
        .await?;
    hands.click("[data-print]").await?;
    hands
        .until("return window.printed === true;", "the item list is not printed")
        .await?;
    hands.done("print the item list", width)
}

async fn keeper(hands: &mut Hands<'_>, archive: &TestArchive, id: &str, width: u32, turn: usize) -> Result<()> {
    // A link is confirmed with one key.
    hands.start("/review").await?;
    hands
        .until("if (document.querySelector('[data-key=\"1\"]')) return true; document.querySelector('[data-key=s]')?.click(); return false;", "nothing to decide")
        .await?;
    hands.letter("1").await?;
    hands
        .until("return location.search.includes('undo=');", "1 does not decide")
        .await?;
    hands.letter("u").await?;
    hands
        .until("return location.search.includes('said=undone');", "u does not undo")
        .await?;
    hands.done("confirm a link and take it back", width)?;

    // The customer of a filed paper is corrected where it is shown.
    let (to, name) = [("KH-0002", "kh0002"), ("KH-0001", "KH-0001"), ("KH-0003", "kh0003")][turn];
    hands.start(&format!("/documents/{id}")).await?;
    hands.letter("g").await?;
    hands
        .until(
            "return document.activeElement.id === 'relink-customer';",
            "g does not go to the customer",
        )
        .await?;
    hands.write(name).await?;
    hands.enter().await?;
    hands.until(&format!("return location.search.includes('said=relinked') && document.querySelector('a[href=\"/customers/{to}\"]') !== null;"), "the customer is not corrected").await?;
    hands.done("correct a link", width)?;

    // The paper is moved.
    let place = ["SAFE-01", PLACE, "K1-01-A-1-01"][turn];
    hands.start(&format!("/documents/{id}")).await?;
    hands.letter("m").await?;
    hands
        .until(
            "return document.activeElement.id === 'edit-place';",
            "m does not go to the place",
        )
        .await?;
    hands.page.ask("document.activeElement.select();").await?;
    hands.write(place).await?;
    hands.enter().await?;
    hands.until(&format!("return document.querySelector('form.undo') !== null && document.querySelector('.place-code.large')?.textContent === '{place}';"), "the paper is not moved").await?;
    hands.done("move an original", width)?;

    // A paper of three pages is added.
    let file = archive.beside(&format!("day-{width}.pdf"));
    let source = crate::archive::demo_folder().join("scans/2024-合同/HT-2024-0117.pdf");
    let mut bytes = std::fs::read(source)?;
    let language = hands.page.ask("return document.documentElement.lang;").await?;
    bytes.extend_from_slice(format!("\n% {width} {language}\n").as_bytes());
    std::fs::write(&file, bytes)?;
    hands.start("/today").await?;
    // On a narrow screen the ways stand behind a button.
    let is_folded = hands
        .page
        .ask("return document.querySelector('a[href=\"/add\"]').checkVisibility() === false;")
        .await?;
    if is_folded == json!(true) {
        hands.click("a[href='#rail']").await?;
    }
    hands.click("a[href='/add']").await?;
    hands.at("/add").await?;
    // The dialog in which a file is chosen belongs to the system.
    hands.page.find("#add-files").await?.send_keys(path(&file)?).await?;
    hands
        .until(
            "return document.querySelectorAll('.adding-files tbody tr').length === 1;",
            "the file is not listed",
        )
        .await?;
    hands.click("[data-add-send]").await?;
    hands.at("/batches/").await?;
    hands.until("return document.querySelector('[data-follow]') === null && document.querySelectorAll('table.files tbody tr').length === 1;", "the batch does not end").await?;
    hands.done("add a paper", width)?;

    // A customer changes the telephone.
    hands.start("/customers/KH-0004").await?;
    hands.letter("e").await?;
    hands.at("/customers/KH-0004/edit").await?;
    let phone = hands.page.ask("const field = [...document.querySelectorAll('input[name]')].find((field) => field.name.includes('phone')); field?.focus(); field?.select(); return field?.name ?? null;").await?;
    ensure!(phone.is_string(), "the form has no telephone");
    hands.clicks += 1;
    hands.write(&format!("1380000{width:04}")).await?;
    hands
        .page
        .0
        .action_chain()
        .key_down(Key::Control)
        .send_keys(Key::Enter)
        .key_up(Key::Control)
        .perform()
        .await?;
    hands.keys += 2;
    hands.at("/customers/KH-0004").await?;
    hands
        .until(
            "return location.pathname === '/customers/KH-0004';",
            "the telephone is not changed",
        )
        .await?;
    hands.done("change a telephone", width)
}

async fn checker(hands: &mut Hands<'_>, id: &str, width: u32) -> Result<()> {
    hands.start(&format!("/documents/{id}")).await?;
    hands.click("a[href^='/audit?object=']").await?;
    hands.at("/audit").await?;
    hands
        .until(
            "return document.querySelectorAll('tr[data-row]').length > 0;",
            "nobody has seen it",
        )
        .await?;
    hands.done("who saw it", width)?;

    hands.start("/audit").await?;
    hands.letter("f").await?;
    hands
        .until(
            "return document.activeElement.name === 'object';",
            "f does not go to the filter",
        )
        .await?;
    hands.write("ht20240117").await?;
    hands.enter().await?;
    hands
        .until(
            "return location.search.includes('ht20240117') && document.querySelectorAll('tr[data-row]').length > 0;",
            "the trail does not know the number",
        )
        .await?;
    hands.done("who saw this number", width)
}
