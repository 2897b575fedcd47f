//! A telephone whose camera sees printed labels: a film of them is what Chromium takes for its camera.

use anyhow::{Context, Result, ensure};
use reading::bitmap::Bitmap;
use serde_json::json;
use std::path::{Path, PathBuf};
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::{TestArchive, path, text};
use crate::browser::{Page, at_a_desk_of, fill, go};
use crate::covers::Scanner;
use crate::demo::demo;
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    (
        "camera::papers_are_put_away_by_a_telephone",
        papers_are_put_away_by_a_telephone,
    ),
    ("camera::the_browser_reads_where_it_can", the_browser_reads_where_it_can),
    (
        "camera::papers_are_put_away_by_a_gun_and_back",
        papers_are_put_away_by_a_gun_and_back,
    ),
];

const PLACE: &str = "K1-02-B-3-04";
const NUMBER: &str = "HT-2024-0118";
const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// Frames for which a label is held before the camera; ten are a second.
const HELD: usize = 30;
/// Frames between two labels.
const BETWEEN: usize = 25;

/// A film in gray (YUV4MPEG2, 4:2:0).
struct Film(Vec<u8>);

impl Film {
    fn new() -> Self {
        Self(format!("YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n").into_bytes())
    }

    fn frames(&mut self, picture: &[u8], count: usize) {
        for _ in 0..count {
            self.0.extend_from_slice(b"FRAME\n");
            self.0.extend_from_slice(picture);
            self.0.resize(self.0.len() + WIDTH * HEIGHT / 2, 128);
        }
    }

    fn kept(self, archive: &TestArchive, name: &str) -> Result<PathBuf> {
        let file = archive.beside(name);
        std::fs::write(&file, self.0)?;
        Ok(file)
    }
}

fn table() -> Vec<u8> {
    vec![90; WIDTH * HEIGHT]
}

/// The label of a place as the program prints it, on a table.
fn printed_label(archive: &TestArchive) -> Result<Vec<u8>> {
    let sheet = archive.beside("labels.pdf");
    archive.ok(&["locations", "labels", PLACE, "--output", path(&sheet)?])?;
    let page = Scanner::ready()?.page(&sheet, 0)?;
    // The first label lies in the upper left corner of the sheet.
    Ok(before_the_camera(&page, page.width() / 2, page.height() / 8))
}

/// The upper left part of a page as large as the picture allows.
fn before_the_camera(page: &Bitmap, wide: u32, high: u32) -> Vec<u8> {
    let mut picture = table();
    let scale = (WIDTH as f32 * 0.9 / wide as f32).min(HEIGHT as f32 * 0.9 / high as f32);
    let (w, h) = ((wide as f32 * scale) as usize, (high as f32 * scale) as usize);
    let (left, top) = ((WIDTH - w) / 2, (HEIGHT - h) / 2);
    for y in 0..h {
        for x in 0..w {
            let from = (y as f32 / scale) as usize * page.width() as usize + (x as f32 / scale) as usize;
            picture[(top + y) * WIDTH + left + x] = page.data()[from];
        }
    }
    picture
}

/// Widths of bars and gaps of each character of Code 128 (ISO/IEC 15417), the start of set B and the end.
const BARS: &str = "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 \
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 \
    131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 \
    213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 \
    112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 \
    421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 \
    2331112";
const START_B: usize = 104;
const STOP: usize = 106;

/// A strip with a number in Code 128, as archives print them on their papers; `upright` turns it on its side.
fn bar_code(number: &str, upright: bool) -> Vec<u8> {
    let values: Vec<usize> = number.bytes().map(|byte| usize::from(byte) - 32).collect();
    let sum: usize = values.iter().enumerate().map(|(at, value)| (at + 1) * value).sum();
    let check = (START_B + sum) % 103;
    let bars: Vec<&str> = BARS.split_whitespace().collect();
    let mut modules = vec![false; 12];
    for value in [START_B].into_iter().chain(values).chain([check, STOP]) {
        for (at, width) in bars[value].bytes().enumerate() {
            modules.extend(std::iter::repeat_n(at % 2 == 0, usize::from(width - b'0')));
        }
    }
    modules.extend([false; 12]);
    let mut picture = table();
    let across = if upright { HEIGHT } else { WIDTH };
    let module = across * 9 / 10 / modules.len();
    let from = (across - module * modules.len()) / 2;
    for (at, dark) in modules.iter().enumerate() {
        for along in 0..module {
            for high in 150..330 {
                let on = from + at * module + along;
                let pixel = if upright { on * WIDTH + high } else { high * WIDTH + on };
                picture[pixel] = if *dark { 30 } else { 235 };
            }
        }
    }
    picture
}

fn flags(film: &Path) -> Result<Vec<String>> {
    Ok(vec![
        "--use-fake-ui-for-media-stream".to_owned(),
        "--use-fake-device-for-media-stream".to_owned(),
        format!("--use-file-for-fake-video-capture={}", path(film)?),
    ])
}

/// Without BarcodeDetector, as in most browsers.
const NO_DETECTOR: &str = "delete window.BarcodeDetector;";

async fn telephone(page: &Page<'_>) -> Result<()> {
    let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
    page.tell("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
}

fn lies(archive: &TestArchive) -> Result<String> {
    let shown = archive.json(&["show", NUMBER, "--json"])?;
    Ok(text(&shown, "location_code").to_owned())
}

fn papers_are_put_away_by_a_telephone() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let mut film = Film::new();
    film.frames(&printed_label(&archive)?, HELD);
    film.frames(&table(), BETWEEN);
    film.frames(&bar_code(NUMBER, true), HELD);
    film.frames(&table(), BETWEEN);
    let film = film.kept(&archive, "labels.y4m")?;
    ensure!(lies(&archive)? != PLACE, "the paper lies elsewhere at first");
    let flags = flags(&film)?;
    at_a_desk_of(archive, "zh-CN", "camera", &flags, async |page, serving, archive| {
        let source = json!({ "source": NO_DETECTOR });
        page.tell("Page.addScriptToEvaluateOnNewDocument", source).await?;
        telephone(page).await?;
        // A label before the camera of the search field opens its place.
        go(page, serving, "/today").await?;
        page.find("form.find [data-camera]").await?.click().await?;
        page.until("return document.querySelector('#camera video').videoWidth > 0;")
            .await?;
        page.picture("camera-search").await?;
        page.until(&format!("return location.pathname === '/locations/{PLACE}';"))
            .await
            .context("the label of a place is not read by the decoder that comes with the program")?;
        // The place and then the paper that goes there, label after label.
        go(page, serving, "/put-away").await?;
        page.find("[data-camera='#desk-label']").await?.click().await?;
        page.until(&format!(
            "return new URL(location.href).searchParams.get('place') === '{PLACE}';"
        ))
        .await
        .context("the desk takes no place from the camera")?;
        page.until("return document.querySelectorAll('.desk-papers li').length === 1 && document.querySelector('.notice.good') !== null;")
            .await
            .context("the desk takes no paper from the camera")?;
        page.picture("camera-put-away").await?;
        ensure!(lies(archive)? == PLACE, "the paper lies at {}", lies(archive)?);
        let faults = page
            .ask("return [...document.querySelectorAll('[data-camera-fault]')].filter((line) => !line.hidden).length;")
            .await?;
        ensure!(faults == json!(0), "the camera says that something is wrong");
        Ok(())
    })
}

/// A browser that reads codes itself is asked; where there is no camera, or no safe connection, the view says why.
fn the_browser_reads_where_it_can() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let mut film = Film::new();
    film.frames(&table(), HELD);
    let film = film.kept(&archive, "table.y4m")?;
    let flags = flags(&film)?;
    at_a_desk_of(archive, "zh-CN", "camera-detector", &flags, async |page, serving, _| {
        let detector = format!(
            "window.BarcodeDetector = class {{ static async getSupportedFormats() {{ return ['qr_code', 'code_128']; }}
               async detect(canvas) {{ return canvas.width > 0 && !sessionStorage.blind ? [{{ rawValue: '{PLACE}' }}] : []; }} }};"
        );
        page.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": detector }))
            .await?;
        go(page, serving, "/customers").await?;
        page.find("form.find [data-camera]").await?.click().await?;
        page.until(&format!("return location.pathname === '/locations/{PLACE}';"))
            .await?;
        let fetched = page
            .ask("return performance.getEntriesByType('resource').some((one) => one.name.includes('zxing'));")
            .await?;
        ensure!(
            fetched == json!(false),
            "the decoder was fetched though the browser reads codes itself"
        );
        for (missing, said) in [
            (
                "Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });",
                "insecure",
            ),
            (
                "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));",
                "denied",
            ),
            (
                "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'));",
                "none",
            ),
        ] {
            go(page, serving, "/put-away").await?;
            page.ask(&format!("sessionStorage.blind = 'yes'; {missing} document.querySelector(\"[data-camera='#desk-label']\").click();"))
                .await?;
            page.until(&format!(
                "const line = document.querySelector('[data-camera-fault]'); return !line.hidden && line.textContent === document.querySelector('#camera').dataset.{said};"
            ))
            .await?;
            page.ask("document.querySelector('[data-camera-close]').click();")
                .await?;
            page.until("return !document.querySelector('#camera').open;").await?;
        }
        Ok(())
    })
}

async fn enter(page: &Page<'_>, label: &str) -> Result<()> {
    page.ask("window.leaving = true;").await?;
    fill(page, "#desk-label", label).await?;
    page.find("#desk-label").await?.send_keys("" + Key::Enter).await?;
    page.until("return window.leaving !== true && document.readyState === 'complete' && document.activeElement.id === 'desk-label';")
        .await
}

/// A place and its papers, papers and their place, mistakes that are said, and each move taken back.
fn papers_are_put_away_by_a_gun_and_back() -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let before = lies(&archive)?;
    at_a_desk_of(archive, "zh-CN", "put-away", &[], async |page, serving, archive| {
        go(page, serving, &format!("/locations/{PLACE}")).await?;
        page.ask("document.querySelector('a[href^=\"/put-away\"][data-jump]').click();")
            .await?;
        at_the_desk(page, serving, archive, &before).await
    })
}

async fn at_the_desk(page: &Page<'_>, serving: &Serving, archive: &TestArchive, before: &str) -> Result<()> {
    page.until(&format!(
        "return document.querySelector('.desk-place .place-code')?.textContent === '{PLACE}';"
    ))
    .await?;
    enter(page, "ht20240118").await?;
    page.until("return document.querySelectorAll('form[action=\"/put-away/undo\"]').length === 1;")
        .await?;
    ensure!(lies(archive)? == PLACE, "the paper lies at {}", lies(archive)?);
    page.picture("put-away-done").await?;
    for (wrong, part) in [("没有的标签", "没有的标签"), ("K1", "K1"), ("KH-0001", "KH-0001")] {
        enter(page, wrong).await?;
        page.until(&format!("return document.querySelector('.desk-field .wrong')?.textContent.includes('{part}') && document.querySelector('#desk-label').value === '{wrong}';"))
            .await?;
    }
    page.picture("put-away-fault").await?;
    page.ask("document.querySelector('form[action=\"/put-away/undo\"]').requestSubmit();")
        .await?;
    page.until("return document.querySelector('form[action=\"/put-away/undo\"]') === null && document.querySelector('.notice.good') !== null;")
        .await?;
    ensure!(lies(archive)? == before, "undone, it lies at {}", lies(archive)?);
    // Papers first: they wait until their place is scanned.
    go(page, serving, "/put-away").await?;
    for label in [NUMBER, "HT-2024-0117"] {
        enter(page, label).await?;
    }
    page.until("return document.querySelectorAll('.desk-papers li').length === 2;")
        .await?;
    page.picture("put-away-waiting").await?;
    enter(page, "safe01").await?;
    page.until("return document.querySelectorAll('form[action=\"/put-away/undo\"]').length === 2;")
        .await?;
    ensure!(lies(archive)? == "SAFE-01", "the paper lies at {}", lies(archive)?);
    Ok(())
}
