//! A day at the counter, in one browser on one server: type, see marked hits, narrow, keep, reload, open, walk the hits,
//! copy a sentence, find inside, and all of it with a Chinese input method.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::TestArchive;
use crate::browser::{Driver, capabilities, picture, sign_in, until};
use crate::demo::demo;
use crate::serving::Serving;

pub const TESTS: &[Test] = &[("counter::a_day_at_the_counter", a_day_at_the_counter)];

fn a_day_at_the_counter() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let driver = Driver::start()?;
    let serving = Serving::start(&archive, true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let browser = WebDriver::new(&driver.address, capabilities("zh-CN", 1440, 900)?)
            .await
            .context("Chromium does not start")?;
        let page = Page(&browser);
        let walked = async {
            sign_in(&browser, &serving).await?;
            page.size(1440, 900).await?;
            page.types_and_sees_marked_hits().await?;
            page.a_screen_holds_twelve_hits().await?;
            page.narrows_keeps_and_reloads().await?;
            page.opens_and_walks_the_hits().await?;
            page.copies_a_sentence().await?;
            page.finds_inside().await?;
            page.composes_with_an_input_method(&serving).await
        }
        .await;
        if walked.is_err() {
            let _ = picture(&browser, "failed-counter").await;
        }
        browser.quit().await?;
        walked
    })?;
    serving.stop()
}

struct Page<'b>(&'b WebDriver);

impl Page<'_> {
    /// The room for the view itself; a window has a frame around it.
    async fn size(&self, width: u32, height: u32) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await
    }

    async fn tell(&self, command: &str, parameters: Value) -> Result<()> {
        let told = self.0.cdp().send_raw(command, parameters).await;
        told.with_context(|| format!("Chromium does not take {command}"))?;
        Ok(())
    }

    async fn ask(&self, script: &str) -> Result<Value> {
        Ok(self.0.execute(script, vec![]).await?.json().clone())
    }

    async fn find(&self, css: &str) -> Result<WebElement> {
        self.0
            .find(By::Css(css))
            .await
            .with_context(|| format!("there is no {css}"))
    }

    async fn types_and_sees_marked_hits(&self) -> Result<()> {
        let field = self.find("#find").await?;
        // Without Enter: results come while one types.
        field.send_keys("公司").await?;
        until(
            self.0,
            "const hit = document.querySelector('.hit');
             return new URL(location.href).searchParams.get('q') === '公司'
               && hit?.querySelector('.snippet mark')?.textContent === '公司' && hit.querySelector('.thumb svg rect') !== null;",
        )
        .await
        .context("typing brings no marked hits")
    }

    async fn a_screen_holds_twelve_hits(&self) -> Result<()> {
        let seen = self
            .ask(
                "const whole = (hit) => { const b = hit.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; };
                 return [...document.querySelectorAll('.hit')].filter(whole).length;",
            )
            .await?;
        ensure!(seen.as_u64() >= Some(12), "a screen of 1440 x 900 holds {seen} hits");
        picture(self.0, "counter-hits").await
    }

    async fn narrows_keeps_and_reloads(&self) -> Result<()> {
        self.ask(
            "[...document.querySelectorAll('.facets a')].find((a) => a.firstChild.textContent === '合同').click();",
        )
        .await?;
        until(
            self.0,
            "return new URL(location.href).searchParams.get('q') === '公司 类型:合同' && document.readyState === 'complete'
               && [...document.querySelectorAll('.hit .meta.kind')].every((kind) => kind.textContent === '合同');",
        )
        .await
        .context("the facet does not narrow the search")?;
        self.find("[data-save]").await?.click().await?;
        let name = self.find("#keep-name").await?;
        name.clear().await?;
        name.send_keys("公司的合同").await?;
        name.send_keys(Key::Enter).await?;
        until(
            self.0,
            "return [...document.querySelectorAll('.facets a')].some((a) => a.textContent === '公司的合同' && a.getAttribute('aria-current'));",
        )
        .await
        .context("the search is not kept")?;
        let hits = "return [...document.querySelectorAll('.hit')].map((hit) => hit.textContent.trim());";
        let before = self.ask(hits).await?;
        self.0.refresh().await?;
        ensure!(
            before.as_array().is_some_and(|hits| !hits.is_empty()) && self.ask(hits).await? == before,
            "the address alone does not bring the same hits back"
        );
        // The kept search is offered by its name.
        let field = self.find("#find").await?;
        field.clear().await?;
        field.send_keys("公司的").await?;
        until(
            self.0,
            "const offer = document.querySelector('#offers [role=option]');
             return offer?.textContent.includes('公司的合同') && offer.getClientRects().length > 0;",
        )
        .await
        .context("the kept search is not offered")?;
        field.send_keys(Key::Down).await?;
        field.send_keys(Key::Enter).await?;
        until(
            self.0,
            "return new URL(location.href).searchParams.get('q') === '公司 类型:合同' && document.querySelector('.hit') !== null;",
        )
        .await
        .context("the offer does not lead to the kept search")
    }

    async fn opens_and_walks_the_hits(&self) -> Result<()> {
        self.find("body").await?.send_keys(Key::Escape).await?;
        self.find("[data-keyboard-home]").await?.send_keys("j").await?;
        self.find("body").await?.send_keys(Key::Enter).await?;
        until(
            self.0,
            "return location.pathname.startsWith('/documents/') && document.querySelector('rect.hit-mark.now') !== null;",
        )
        .await
        .context("the hit does not open with its mark")?;
        let place = "const label = document.querySelector('[data-hit-label]').textContent.split(' / ').map(Number);
             return { at: label[0], of: label[1], sheet: document.querySelector('rect.now').closest('.sheet').dataset.number };";
        let first = self.ask(place).await?;
        let of = first["of"].as_u64().unwrap_or(0);
        ensure!(of >= 2, "the document has {of} hits, too few to walk");
        let canvas = self.find(".canvas").await?;
        let mut sheets = vec![first["sheet"].clone()];
        for step in 1..of {
            canvas.send_keys("n").await?;
            let now = self.ask(place).await?;
            let expected = (first["at"].as_u64().unwrap_or(1) - 1 + step) % of + 1;
            ensure!(now["at"].as_u64() == Some(expected), "after {step} steps: {now}");
            sheets.push(now["sheet"].clone());
        }
        sheets.dedup();
        ensure!(
            sheets.len() >= 2,
            "the hits stand on more than one page, the walk saw {sheets:?}"
        );
        canvas.send_keys("p").await?;
        let back = self.ask(place).await?;
        ensure!(
            back["at"].as_u64() != first["at"].as_u64() || of == 2,
            "p does not go back: {back}"
        );
        Ok(())
    }

    async fn copies_a_sentence(&self) -> Result<()> {
        // The page in view has its text; a piece from the middle of a line is selected; whole sentences are the viewer's own test.
        until(
            self.0,
            "return document.querySelectorAll('.text-layer[data-placed] p').length > 3;",
        )
        .await?;
        let expected = self
            .ask(
                "const line = [...document.querySelectorAll('.text-layer p')].find((line) => line.textContent.length > 8);
                 const range = document.createRange();
                 range.setStart(line.firstChild, 3);
                 range.setEnd(line.firstChild, 8);
                 getSelection().removeAllRanges();
                 getSelection().addRange(range);
                 document.addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain'); }, { once: true });
                 return line.textContent.slice(3, 8);",
            )
            .await?;
        self.find(".canvas").await?.send_keys(Key::Control + "c").await?;
        until(self.0, "return typeof window.copied === 'string';").await?;
        let copied = self.ask("return window.copied;").await?;
        ensure!(copied == expected, "copied {copied} instead of {expected}");
        Ok(())
    }

    async fn finds_inside(&self) -> Result<()> {
        let field = self.find(".find-in").await?;
        field.send_keys("合同").await?;
        field.send_keys(Key::Enter).await?;
        until(
            self.0,
            "return document.querySelector('rect.found.now') !== null && /^1 \\/ \\d+$/.test(document.querySelector('[data-hit-label]').textContent);",
        )
        .await
        .context("nothing is found inside the document")?;
        picture(self.0, "counter-document").await
    }

    /// While an input method composes nothing is searched, and the Enter that ends a composition submits nothing.
    async fn composes_with_an_input_method(&self, serving: &Serving) -> Result<()> {
        self.0.goto(&format!("{}/search", serving.address)).await?;
        self.find("#find").await?.click().await?;
        // Whatever waits for a pause in typing goes through a timer: none may be set while composing.
        self.ask(
            "window.pauses = 0; window.submits = 0;
             const real = window.setTimeout.bind(window);
             window.setTimeout = (act, ms, ...rest) => { if (ms === 120) window.pauses += 1; return real(act, ms, ...rest); };
             document.querySelector('form.find').addEventListener('submit', () => { window.submits += 1; });",
        )
        .await?;
        for letters in ["f", "fu", "fuwu", "fuwufei"] {
            let composition =
                json!({ "text": letters, "selectionStart": letters.len(), "selectionEnd": letters.len() });
            self.tell("Input.imeSetComposition", composition).await?;
        }
        let state = self
            .ask(
                "const field = document.querySelector('#find');
                 const enter = new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', isComposing: true, bubbles: true, cancelable: true });
                 const went = field.dispatchEvent(enter);
                 return { value: field.value, pauses: window.pauses, submits: window.submits, stopped: !went };",
            )
            .await?;
        ensure!(
            state["value"] == "fuwufei",
            "the input method does not compose: {state}"
        );
        ensure!(
            state["pauses"] == 0 && state["submits"] == 0 && state["stopped"] == true,
            "something happened while composing: {state}"
        );
        self.tell("Input.insertText", json!({ "text": "服务费" })).await?;
        until(
            self.0,
            "return document.querySelector('#find').value === '服务费' && window.pauses > 0 && window.submits === 0
               && document.querySelector('.hit .snippet mark')?.textContent === '服务费';",
        )
        .await
        .context("what was composed is not searched")
    }
}
