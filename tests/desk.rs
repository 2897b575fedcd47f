//! A desk with a scan gun, in Chromium: a label is never a command, one field understands it, no key acts twice, and
//! what was searched for is still there when one comes back.

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::TestArchive;
use crate::browser::{Page, at_a_desk, go};
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    ("desk::a_label_is_never_a_command", a_label_is_never_a_command),
    ("desk::a_review_by_keys_alone", a_review_by_keys_alone),
    ("desk::searching_keeps_its_history", searching_keeps_its_history),
    ("desk::an_ended_session_loses_nothing", an_ended_session_loses_nothing),
];

const PLACE: &str = "K1-02-B-3-04";

/// Says how fast keys came and what they would have sent, and holds that back: what a machine that is too busy to type
/// like a gun has typed decides nothing.
const WITNESS: &str = "let last = null;
    addEventListener('keydown', (event) => {
      if (last !== null) sessionStorage.slowest = Math.max(sessionStorage.slowest, event.timeStamp - last);
      last = event.timeStamp;
      if (event.key === 'Enter') sessionStorage.entered = 'yes';
    }, true);
    addEventListener('submit', (event) => {
      if (event.defaultPrevented || event.target.method === 'get') return;
      sessionStorage.formsSent = Number(sessionStorage.formsSent) + 1;
      event.preventDefault();
    });";
/// PAUSE_MS of keys.js: who types more slowly is no gun.
const GUN_MS: f64 = 60.0;
/// So often a busy machine may try to be as fast as a gun.
const TRIES: usize = 60;

fn a_label_is_never_a_command() -> Result<()> {
    at_a_desk("desk-label", async |page, serving, archive| {
        let waiting = reviews(archive)?;
        ensure!(waiting > 1, "the demo has documents to review");
        page.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WITNESS }))
            .await?;
        for view in [
            "/review",
            "/search?q=%E5%90%88%E5%90%8C",
            "/customers",
            "/today",
            "/history",
        ] {
            scan(page, serving, view).await?;
        }
        ensure!(reviews(archive)? == waiting, "a label has decided a review");
        go(page, serving, "/search").await?;
        page.until("return document.activeElement.id === 'find';").await?;
        press(page, "k1 02 b 3 04" + Key::Enter).await?;
        page.until(&format!("return location.pathname === '/locations/{PLACE}';"))
            .await?;
        // One key decides one document, however often it is pressed.
        go(page, serving, "/review").await?;
        page.until("if (document.querySelector('[data-key=\"1\"]')) return true; document.querySelector('[data-key=s]')?.click(); return false;")
            .await?;
        page.ask("document.activeElement.blur(); sessionStorage.formsSent = 0;")
            .await?;
        press(page, "1").await?;
        page.until("return sessionStorage.formsSent === '1';").await?;
        press(page, "1").await?;
        press(page, "2").await?;
        // What is pressed later acts later.
        press(page, "/").await?;
        page.until("return document.activeElement.id === 'find';").await?;
        ensure!(
            page.ask("return sessionStorage.formsSent;").await? == json!("1"),
            "a key acted twice"
        );
        Ok(())
    })
}

/// A document is said to be nobody's and that is undone, its kind is corrected, a customer that nobody knew is added and it
/// is filed there, all without a mouse.
fn a_review_by_keys_alone() -> Result<()> {
    at_a_desk("desk-review", async |page, serving, archive| {
        let waiting = reviews(archive)?;
        ensure!(waiting > 1, "the demo has documents to review");
        go(page, serving, "/review").await?;
        let item = page
            .ask("return document.querySelector('#decide').getAttribute('action');")
            .await?;
        page.ask("document.activeElement.blur();").await?;
        press(page, "x").await?;
        page.until("return new URL(location.href).searchParams.has('undo');")
            .await?;
        ensure!(reviews(archive)? == waiting - 1, "one is decided");
        press(page, "u").await?;
        page.until("return new URL(location.href).searchParams.get('said') === 'undone';")
            .await?;
        ensure!(reviews(archive)? == waiting, "it waits again");
        page.until(&format!(
            "return document.querySelector('#decide').getAttribute('action') === {item};"
        ))
        .await?;
        press(page, "e").await?;
        page.until("return document.activeElement.id === 'review-kind';")
            .await?;
        page.ask("document.activeElement.select();").await?;
        press(page, "介绍信").await?;
        send(page).await?;
        page.until("return new URL(location.href).searchParams.get('said') === 'corrected';")
            .await?;
        page.until("document.activeElement.blur(); return true;").await?;
        press(page, "a").await?;
        page.until("return location.pathname === '/customers/new' && document.activeElement.name === 'code';")
            .await?;
        page.ask("document.activeElement.select();").await?;
        press(page, "KH-9009" + Key::Tab).await?;
        press(page, "云岭新材料有限公司").await?;
        send(page).await?;
        page.until("return location.pathname === '/review' && document.activeElement.value === 'KH-9009';")
            .await?;
        press(page, Key::Enter).await?;
        page.until("return new URL(location.href).searchParams.has('undo');")
            .await?;
        ensure!(reviews(archive)? == waiting - 1, "it is filed with the new customer");
        page.until("document.activeElement.blur(); return true;").await?;
        press(page, "b").await?;
        page.until("return location.pathname === '/review/decided' && document.querySelector('tbody').textContent.includes('KH-9009');")
            .await
    })
}

fn searching_keeps_its_history() -> Result<()> {
    at_a_desk("desk-history", async |page, serving, _| {
        go(page, serving, "/search?q=%E8%BF%90%E7%BB%B4").await?;
        page.until("const f = document.querySelector('#find'); return document.activeElement === f && f.selectionStart === 0 && f.selectionEnd === 2;")
            .await?;
        press(page, "合同").await?;
        press(page, Key::Enter).await?;
        searched(page, "合同").await?;
        press(page, "/").await?;
        page.until("return document.activeElement.id === 'find';").await?;
        press(page, "公司").await?;
        press(page, Key::Enter).await?;
        searched(page, "公司").await?;
        page.ask("history.back();").await?;
        searched(page, "合同").await?;
        page.ask("document.querySelector('.hit a[data-main]').click();").await?;
        page.until("return location.pathname.startsWith('/documents/');")
            .await?;
        page.ask("history.back();").await?;
        searched(page, "合同").await
    })
}

/// Field, list, address and title say the same.
async fn searched(page: &Page<'_>, text: &str) -> Result<()> {
    let text = json!(text);
    page.until(&format!(
        "return document.querySelector('#find').value === {text} && new URL(location.href).searchParams.get('q') === {text}
           && document.title.startsWith({text}) && document.querySelector('.chip').textContent.includes({text});"
    ))
    .await
}

fn an_ended_session_loses_nothing() -> Result<()> {
    at_a_desk("desk-session", async |page, serving, _| {
        go(page, serving, "/search").await?;
        page.0.delete_all_cookies().await?;
        page.until("return document.activeElement.id === 'find';").await?;
        press(page, "合同").await?;
        press(page, Key::Enter).await?;
        page.until("return document.querySelector('[data-session-over]').hidden === false && document.querySelector('#find').value === '合同';")
            .await
    })
}

/// Ctrl and Enter send the form from any of its fields.
async fn send(page: &Page<'_>) -> Result<()> {
    let held = page.0.action_chain().key_down(Key::Control).send_keys(Key::Enter);
    held.key_up(Key::Control).perform().await?;
    Ok(())
}

async fn press(page: &Page<'_>, keys: impl Into<TypingData>) -> Result<()> {
    page.0.action_chain().send_keys(keys).perform().await?;
    Ok(())
}

/// A gun is a keyboard that is faster than a hand and ends with Enter: its label opens the place and sends nothing.
async fn scan(page: &Page<'_>, serving: &Serving, view: &str) -> Result<()> {
    let mut tried = Vec::new();
    while tried.len() < TRIES {
        go(page, serving, view).await?;
        page.ask("document.activeElement.blur(); sessionStorage.slowest = sessionStorage.formsSent = 0; sessionStorage.entered = 'no';")
            .await?;
        press(page, PLACE.to_owned() + Key::Enter).await?;
        page.until("return sessionStorage.entered === 'yes';").await?;
        let slowest = page.ask("return Number(sessionStorage.slowest);").await?;
        let slowest = slowest.as_f64().context("how fast the keys came")?;
        if slowest <= GUN_MS {
            page.until(&format!("return location.pathname === '/locations/{PLACE}';"))
                .await?;
            let sent = page.ask("return sessionStorage.formsSent;").await?;
            ensure!(sent == json!("0"), "{sent} forms were sent by a label on {view}");
            return Ok(());
        }
        tried.push(slowest);
    }
    bail!("this machine never typed as fast as a gun; the longest pauses were {tried:?} ms")
}

fn reviews(archive: &TestArchive) -> Result<i64> {
    let all = archive.json(&["search", "状态:待确认", "--json"])?;
    Ok(all["total"].as_i64().unwrap_or_default())
}
