//! A desk with a scan gun, in Chromium: a label is never a command, one field understands it, no key acts twice, and
//! what was searched for is still there when one comes back.

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::{TestArchive, text};
use crate::browser::{PASSWORD, Page, at_a_desk, fill, go};
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    ("desk::a_label_is_never_a_command", a_label_is_never_a_command),
    ("desk::a_review_by_keys_alone", a_review_by_keys_alone),
    (
        "desk::a_label_opens_its_place_from_every_view",
        a_label_opens_its_place_from_every_view,
    ),
    (
        "desk::a_key_copies_the_chosen_place_alone",
        a_key_copies_the_chosen_place_alone,
    ),
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

/// A burst as a gun sends it, without the pauses that a busy machine puts between keys.
const BURST: &str = "document.activeElement?.blur();
    for (const key of [...%LABEL%, 'Enter']) {
      const at = document.activeElement ?? document.body;
      if (!at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))) continue;
      if (key === 'Enter') at.click?.();
    }";

/// Sends a label to a view, as fast as a gun: what a machine too busy for that has sent counts for nothing, and is sent
/// once more.
async fn burst(page: &Page<'_>, serving: &Serving, view: &str, label: &str) -> Result<()> {
    let keys = BURST.replace("%LABEL%", &json!(label).to_string());
    for _ in 0..TRIES {
        go(page, serving, view).await?;
        page.ask("sessionStorage.formsSent = 0; sessionStorage.slowest = 0;")
            .await?;
        page.ask(&keys).await?;
        let slowest = page.ask("return Number(sessionStorage.slowest);").await?;
        if slowest.as_f64().context("how fast the keys came")? <= GUN_MS {
            return Ok(());
        }
    }
    bail!("this machine is too busy to send a label as fast as a gun")
}

/// What gun and hand send for one and the same place.
const SPELLINGS: [&str; 6] = [
    PLACE,
    "k1-02-b-3-04",
    "K102B304",
    "k1 02 b 3 04",
    "Ｋ１－０２－Ｂ－３－０４",
    "DSR1:location:K1-02-B-3-04",
];

/// Every view of the rail and of the office, and one of each record, takes every spelling of a label as a label: it opens
/// the place, sends no form and presses nothing.
fn a_label_opens_its_place_from_every_view() -> Result<()> {
    at_a_desk("desk-views", async |page, serving, archive| {
        page.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WITNESS }))
            .await?;
        let id = text(&archive.json(&["show", "HT-2024-0117", "--json"])?, "document_id").to_owned();
        go(page, serving, "/today").await?;
        let ways = page
            .ask("return [...document.querySelectorAll('.rail a.way')].map((way) => way.getAttribute('href'));")
            .await?;
        let mut views: Vec<String> = serde_json::from_value(ways)?;
        ensure!(views.len() >= 8, "the rail has more views than {views:?}");
        let ways = page
            .ask("return [...document.querySelectorAll('.help-views a')].map((way) => way.getAttribute('href'));")
            .await?;
        views.extend(serde_json::from_value::<Vec<String>>(ways)?);
        views.extend([
            format!("/documents/{id}"),
            format!("/documents/{id}/record"),
            format!("/documents/{id}/withdraw"),
            "/customers/KH-0001".to_owned(),
            "/customers/KH-0001/edit".to_owned(),
            "/customers/new".to_owned(),
            "/locations/K1".to_owned(),
            "/review/decided".to_owned(),
            "/account".to_owned(),
        ]);
        let waiting = reviews(archive)?;
        for (turn, view) in views.iter().enumerate() {
            let label = SPELLINGS[turn % SPELLINGS.len()];
            burst(page, serving, view, label).await?;
            page.until(&format!("return location.pathname === '/locations/{PLACE}';"))
                .await
                .with_context(|| format!("{label} on {view} does not open the place"))?;
            let sent = page.ask("return sessionStorage.formsSent;").await?;
            ensure!(sent == json!("0"), "{sent} forms were sent by a label on {view}");
        }
        ensure!(reviews(archive)? == waiting, "a label has decided a review");
        // The search field and the field for places take each of them as typed.
        for label in SPELLINGS {
            for (view, field) in [
                ("/search", "#find"),
                ("/today", "#find"),
                ("/locations", "input[name=code]"),
            ] {
                go(page, serving, view).await?;
                fill(page, field, label).await?;
                page.find(field).await?.send_keys("" + Key::Enter).await?;
                page.until(&format!("return location.pathname === '/locations/{PLACE}';"))
                    .await
                    .with_context(|| format!("{label} in {field} of {view} does not open the place"))?;
            }
        }
        // A code without pages is said before the list that has none.
        for (typed, target) in [
            ("kh0001", "/customers/KH-0001"),
            ("ht20240117", &format!("/documents/{id}")),
        ] {
            go(page, serving, "/search").await?;
            fill(page, "#find", typed).await?;
            page.find("#find").await?.send_keys("" + Key::Enter).await?;
            page.until(&format!("return document.querySelector('.known a[href=\"{target}\"]') !== null || document.querySelector('.hit a[href^=\"{target}\"]') !== null;"))
                .await
                .with_context(|| format!("{typed} is not said to be {target}"))?;
        }
        Ok(())
    })
}

fn a_key_copies_the_chosen_place_alone() -> Result<()> {
    at_a_desk("desk-copy", async |page, serving, archive| {
        let hits = archive.json(&["search", "运维服务", "--json"])?;
        let places: Vec<String> = hits["hits"]
            .as_array()
            .context("hits")?
            .iter()
            .map(|hit| text(hit, "location_code").to_owned())
            .collect();
        ensure!(
            places.iter().any(String::is_empty) && places.iter().any(|place| !place.is_empty()),
            "hits with and without a place: {places:?}"
        );
        go(page, serving, "/search?q=%E8%BF%90%E7%BB%B4%E6%9C%8D%E5%8A%A1").await?;
        page.ask(
            "navigator.clipboard.writeText = async (text) => { window.copied = text; }; document.activeElement.blur();",
        )
        .await?;
        let rows = "[...document.querySelectorAll('[data-row]')].filter((row) => !row.closest('details:not([open])'))";
        for turn in 0..places.len() {
            page.ask(&format!(
                "window.copied = 'nothing'; document.querySelector('#corner').replaceChildren();
                 const rows = {rows}; for (const row of rows) row.removeAttribute('aria-current'); rows[{turn}].setAttribute('aria-current', 'true');"
            ))
            .await?;
            press(page, "l").await?;
            page.until("return document.querySelector('#corner').children.length > 0;")
                .await?;
            let same = page
                .ask(&format!("return window.copied === ({rows}[{turn}].querySelector('[data-location]')?.dataset.location ?? 'nothing');"))
                .await?;
            ensure!(same == json!(true), "row {turn} copied another place");
        }
        // Nothing chosen: the view of a list says so, and copies nothing.
        go(page, serving, "/customers").await?;
        page.ask(
            "navigator.clipboard.writeText = async (text) => { window.copied = text; }; document.activeElement.blur();",
        )
        .await?;
        press(page, "l").await?;
        page.until("return document.querySelector('#corner').children.length > 0 && window.copied === undefined;")
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

/// The end of a session is said at once, whatever asks next, and what was typed stays where it was typed.
fn an_ended_session_loses_nothing() -> Result<()> {
    at_a_desk("desk-session", async |page, serving, archive| {
        let id = text(&archive.json(&["show", "HT-2024-0117", "--json"])?, "document_id").to_owned();
        let over = "document.querySelector('[data-session-over]').hidden === false";
        let cookies = page.0.get_all_cookies().await?;
        for what in ["a search", "offers", "the next window", "a reveal", "a form"] {
            let view = match what {
                "the next window" => "/search?q=%E7%9A%84",
                "a reveal" => "/customers/KH-0001",
                "a form" => &format!("/documents/{id}/record"),
                _ => "/search",
            };
            go(page, serving, view).await?;
            page.0.delete_all_cookies().await?;
            let kept = match what {
                "a search" => {
                    fill(page, "#find", "合同").await?;
                    press(page, Key::Enter).await?;
                    "document.querySelector('#find').value === '合同'"
                }
                "offers" => {
                    fill(page, "#find", "华宸").await?;
                    "document.querySelector('#find').value === '华宸'"
                }
                "the next window" => {
                    page.ask("document.querySelector('a[data-next]').click();").await?;
                    "document.querySelectorAll('.hit').length > 0 && document.querySelector('a[data-next]') !== null"
                }
                "a reveal" => {
                    page.ask("document.querySelector('form[data-swap]').requestSubmit();")
                        .await?;
                    "location.pathname === '/customers/KH-0001'"
                }
                _ => {
                    fill(page, "#field-title", "夜里写的题名").await?;
                    page.ask("document.querySelector('form.record').requestSubmit();")
                        .await?;
                    "document.querySelector('#field-title')?.value === '夜里写的题名'"
                }
            };
            if what == "a form" {
                // Sent at once, it leads to the door and back, with what was typed.
                page.until("return document.querySelector('input[type=password]') !== null;")
                    .await?;
                fill(page, "input[name=name]", "archivist").await?;
                fill(page, "input[type=password]", PASSWORD).await?;
                page.find("input[type=password]")
                    .await?
                    .send_keys("" + Key::Enter)
                    .await?;
                page.until(&format!("return {kept};"))
                    .await
                    .context("what was typed into a form is lost")?;
                break;
            }
            page.until(&format!("return {over} && {kept};"))
                .await
                .with_context(|| format!("{what} after the end of the session"))?;
            for cookie in &cookies {
                page.0.add_cookie(cookie.clone()).await?;
            }
        }
        Ok(())
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
