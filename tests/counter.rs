//! A day at the counter, in one browser on one server: type, see marked hits, narrow, keep, reload, open, walk the hits,
//! copy a sentence, find inside, all of it with a Chinese input method, and see apart what was misread.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::Test;
use crate::browser::{Page, at_a_desk};
use crate::serving::Serving;

pub const TESTS: &[Test] = &[("counter::a_day_at_the_counter", a_day_at_the_counter)];

fn a_day_at_the_counter() -> Result<()> {
    at_a_desk("counter", async |page, serving, _| {
        let day = Day(page);
        day.types_and_sees_marked_hits().await?;
        day.a_screen_holds_twelve_hits().await?;
        day.narrows_keeps_and_reloads().await?;
        day.opens_and_walks_the_hits().await?;
        day.copies_a_sentence().await?;
        day.finds_inside().await?;
        day.composes_with_an_input_method(serving).await?;
        day.sees_what_was_misread_apart().await
    })
}

struct Day<'p>(&'p Page<'p>);

impl Day<'_> {
    async fn types_and_sees_marked_hits(&self) -> Result<()> {
        let field = self.0.find("#find").await?;
        // Without Enter: results come while one types.
        field.send_keys("公司").await?;
        self.0.until(
            "const hit = document.querySelector('.hit');
             return new URL(location.href).searchParams.get('q') === '公司'
               && hit?.querySelector('.snippet mark')?.textContent === '公司' && hit.querySelector('.thumb svg rect') !== null;",
        )
        .await
        .context("typing brings no marked hits")
    }

    async fn a_screen_holds_twelve_hits(&self) -> Result<()> {
        let seen = self
            .0
            .ask(
                "const whole = (hit) => { const b = hit.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; };
                 return [...document.querySelectorAll('.hit')].filter(whole).length;",
            )
            .await?;
        ensure!(seen.as_u64() >= Some(12), "a screen of 1440 x 900 holds {seen} hits");
        self.0.picture("counter-hits").await
    }

    async fn narrows_keeps_and_reloads(&self) -> Result<()> {
        self.0
            .ask(
                "[...document.querySelectorAll('.facets a')].find((a) => a.firstChild.textContent === '合同').click();",
            )
            .await?;
        self.0.until(
            "return new URL(location.href).searchParams.get('q') === '公司 类型:contract' && document.readyState === 'complete'
               && [...document.querySelectorAll('.hit .meta.kind')].every((kind) => kind.textContent === '合同');",
        )
        .await
        .context("the facet does not narrow the search")?;
        self.0.find("[data-save]").await?.click().await?;
        let name = self.0.find("#keep-name").await?;
        name.clear().await?;
        name.send_keys("公司的合同").await?;
        name.send_keys(Key::Enter).await?;
        self.0.until(
            "return [...document.querySelectorAll('.facets a')].some((a) => a.textContent === '公司的合同' && a.getAttribute('aria-current'));",
        )
        .await
        .context("the search is not kept")?;
        let hits = "return [...document.querySelectorAll('.hit')].map((hit) => hit.textContent.trim());";
        let before = self.0.ask(hits).await?;
        self.0.0.refresh().await?;
        ensure!(
            before.as_array().is_some_and(|hits| !hits.is_empty()) && self.0.ask(hits).await? == before,
            "the address alone does not bring the same hits back"
        );
        // The kept search is offered by its name.
        let field = self.0.find("#find").await?;
        field.clear().await?;
        field.send_keys("公司的").await?;
        self.0
            .until(
                "const offer = document.querySelector('#offers [role=option]');
             return offer?.textContent.includes('公司的合同') && offer.getClientRects().length > 0;",
            )
            .await
            .context("the kept search is not offered")?;
        field.send_keys(Key::Down).await?;
        field.send_keys(Key::Enter).await?;
        self.0.until(
            "return new URL(location.href).searchParams.get('q') === '公司 类型:contract' && document.querySelector('.hit') !== null;",
        )
        .await
        .context("the offer does not lead to the kept search")
    }

    async fn opens_and_walks_the_hits(&self) -> Result<()> {
        self.0.find("body").await?.send_keys(Key::Escape).await?;
        self.0.find("[data-keyboard-home]").await?.send_keys("j").await?;
        self.0.find("body").await?.send_keys(Key::Enter).await?;
        self.0.until(
            "return location.pathname.startsWith('/documents/') && document.querySelector('rect.hit-mark.now') !== null;",
        )
        .await
        .context("the hit does not open with its mark")?;
        let place = "const label = document.querySelector('[data-hit-label]').textContent.split(' / ').map(Number);
             return { at: label[0], of: label[1], sheet: document.querySelector('rect.now').closest('.sheet').dataset.number };";
        let first = self.0.ask(place).await?;
        let of = first["of"].as_u64().unwrap_or(0);
        ensure!(of >= 2, "the document has {of} hits, too few to walk");
        let canvas = self.0.find(".canvas").await?;
        let mut sheets = vec![first["sheet"].clone()];
        for step in 1..of {
            canvas.send_keys("n").await?;
            let now = self.0.ask(place).await?;
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
        let back = self.0.ask(place).await?;
        ensure!(
            back["at"].as_u64() != first["at"].as_u64() || of == 2,
            "p does not go back: {back}"
        );
        Ok(())
    }

    async fn copies_a_sentence(&self) -> Result<()> {
        // The page in view has its text; a piece from the middle of a line is selected; whole sentences are the viewer's own test.
        self.0
            .until("return document.querySelectorAll('.text-layer[data-placed] p').length > 3;")
            .await?;
        let expected = self
            .0
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
        self.0.find(".canvas").await?.send_keys(Key::Control + "c").await?;
        self.0.until("return typeof window.copied === 'string';").await?;
        let copied = self.0.ask("return window.copied;").await?;
        ensure!(copied == expected, "copied {copied} instead of {expected}");
        Ok(())
    }

    async fn finds_inside(&self) -> Result<()> {
        let field = self.0.find(".find-in").await?;
        field.send_keys("合同").await?;
        field.send_keys(Key::Enter).await?;
        self.0.until(
            "return document.querySelector('rect.found.now') !== null && /^[1-9]\\d* \\/ \\d+$/.test(document.querySelector('[data-hit-label]').textContent);",
        )
        .await
        .context("nothing is found inside the document")?;
        self.0.picture("counter-document").await
    }

    /// While an input method composes nothing is searched, and the Enter that ends a composition submits nothing.
    async fn composes_with_an_input_method(&self, serving: &Serving) -> Result<()> {
        self.0.0.goto(&format!("{}/search", serving.address)).await?;
        self.0.find("#find").await?.click().await?;
        // Whatever waits for a pause in typing goes through a timer: none may be set while composing.
        self.0.ask(
            "window.pauses = 0; window.submits = 0;
             const real = window.setTimeout.bind(window);
             window.setTimeout = (act, ms, ...rest) => { if (ms === 120) window.pauses += 1; return real(act, ms, ...rest); };
             document.querySelector('form.find').addEventListener('submit', () => { window.submits += 1; });",
        )
        .await?;
        for letters in ["f", "fu", "fuwu", "fuwufei"] {
            let composition =
                json!({ "text": letters, "selectionStart": letters.len(), "selectionEnd": letters.len() });
            self.0.tell("Input.imeSetComposition", composition).await?;
        }
        let state = self
            .0
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
        self.0.tell("Input.insertText", json!({ "text": "服务费" })).await?;
        self.0
            .until(
                "return document.querySelector('#find').value === '服务费' && window.pauses > 0 && window.submits === 0
               && document.querySelector('.hit .snippet mark')?.textContent === '服务费';",
            )
            .await
            .context("what was composed is not searched")
    }

    /// One character that nobody wrote: nothing is found for it, and what differs in it alone comes by itself, apart
    /// from the hits and marked.
    async fn sees_what_was_misread_apart(&self) -> Result<()> {
        let field = self.0.find("#find").await?;
        field.clear().await?;
        field.send_keys("功率因数调整电弗办法").await?;
        self.0.until(
            "const near = document.querySelector('details.near');
             const text = (one) => one.textContent.replace(/\\s/g, '');
             return near !== null && [...near.querySelectorAll('.hit .snippet mark')].some((mark) => text(mark) === '功率因数调整电费办法')
               && document.querySelector('.near-total') !== null && document.querySelector('.results > [data-keyboard-home] .hit') === null
               && document.querySelector('a[data-near]') === null;",
        )
        .await
        .context("what differs in one character does not come")?;
        self.0.find(".near-total").await?.click().await?;
        self.0.until(
            "return document.querySelector('details.near').open && document.querySelector('details.near .hit').getClientRects().length > 0;",
        )
        .await
        .context("the hits with one other character do not open")?;
        self.0.picture("counter-near").await?;

        // The same on a telephone, and in English when the browser asks for it.
        let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
        self.0.tell("Emulation.setDeviceMetricsOverride", metrics).await?;
        self.0.tell("Network.enable", json!({})).await?;
        let english = json!({ "headers": { "Accept-Language": "en" } });
        self.0.tell("Network.setExtraHTTPHeaders", english).await?;
        self.0.0.refresh().await?;
        self.0.until(
            "const near = document.querySelector('details.near');
             return document.documentElement.lang === 'en' && near !== null && document.querySelector('.near-total') !== null
               && document.body.textContent.includes('No page matches exactly')
               && near.querySelector('.hit .snippet mark') !== null
               && document.documentElement.scrollWidth <= window.innerWidth;",
        )
        .await
        .context("what differs in one character does not come in English at the width of a telephone")?;
        self.0.picture("counter-near-390-en").await
    }
}
