//! A clerk at a screen: signs in by the one-time link, types a Chinese phrase, opens the hit, sees the box on the page
//! and the location code beside it. In Chromium, in both languages, on a desk and on a telephone.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::TestArchive;
use crate::demo::demo;
use crate::patience::{Lines, put_down};
use crate::serving::Serving;
use crate::skip;

pub const TESTS: &[Test] = &[
    ("browser::zh_at_1440", || clerk("zh-CN", 1440, 900)),
    ("browser::en_at_1440", || clerk("en", 1440, 900)),
    ("browser::zh_at_390", || clerk("zh-CN", 390, 844)),
    ("browser::en_at_390", || clerk("en", 390, 844)),
];

/// No bound that is tested: it is when a browser that shows nothing is given up, on however busy a machine.
const GIVE_UP: Duration = Duration::from_secs(180);
pub const PASSWORD: &str = "松风-水月-1984-archive";

/// A chromedriver of this test's own, on a free port, ended when dropped.
struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    fn start() -> Result<Self> {
        let port = crate::postgres::free_port()?;
        let mut process = match Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
        {
            Ok(process) => process,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return skip("chromedriver is missing; install it with `apt-get install chromium chromium-driver`");
            }
            Err(error) => return Err(error.into()),
        };
        let started = Lines::of_output(&mut process)?.up_to("started successfully");
        let driver = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
        };
        started.context("chromedriver was not ready")?;
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        put_down(&mut self.process);
    }
}

/// A browser on a desk, signed in at a server on a copy of the demo archive, and what is done there. What the view
/// showed when something failed is kept as a picture.
pub fn at_a_desk_in(
    language: &str,
    name: &str,
    work: impl AsyncFnOnce(&Page<'_>, &Serving, &TestArchive) -> Result<()>,
) -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    at_a_desk_of(archive, language, name, &[], work)
}

/// The same on this archive, with further flags of the browser.
pub fn at_a_desk_of(
    archive: TestArchive,
    language: &str,
    name: &str,
    flags: &[String],
    work: impl AsyncFnOnce(&Page<'_>, &Serving, &TestArchive) -> Result<()>,
) -> Result<()> {
    const WIDE: u32 = 1440;
    const HIGH: u32 = 900;
    let driver = Driver::start()?;
    let serving = Serving::start(&archive, true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut wanted = capabilities(language, WIDE, HIGH)?;
        for flag in flags {
            wanted.add_arg(flag)?;
        }
        let browser = WebDriver::new(&driver.address, wanted)
            .await
            .context("Chromium does not start")?;
        let page = Page(&browser);
        let worked = async {
            sign_in(&browser, &serving).await?;
            // The room for the view itself; a window has a frame around it.
            let metrics = json!({ "width": WIDE, "height": HIGH, "deviceScaleFactor": 1, "mobile": false });
            page.tell("Emulation.setDeviceMetricsOverride", metrics).await?;
            work(&page, &serving, &archive).await
        }
        .await;
        if worked.is_err() {
            let _ = picture(&browser, &format!("failed-{name}")).await;
        }
        browser.quit().await?;
        worked
    })?;
    serving.stop()
}

/// The same in Chinese.
pub fn at_a_desk(name: &str, work: impl AsyncFnOnce(&Page<'_>, &Serving, &TestArchive) -> Result<()>) -> Result<()> {
    at_a_desk_in("zh-CN", name, work)
}

/// The view in the browser.
pub struct Page<'b>(pub &'b WebDriver);

impl Page<'_> {
    /// A command of the browser's own protocol.
    pub async fn tell(&self, command: &str, parameters: Value) -> Result<Value> {
        let told = self.0.cdp().send_raw(command, parameters).await;
        told.with_context(|| format!("Chromium does not take {command}"))
    }

    pub async fn ask(&self, script: &str) -> Result<Value> {
        Ok(self.0.execute(script, vec![]).await?.json().clone())
    }

    pub async fn find(&self, css: &str) -> Result<WebElement> {
        self.0
            .find(By::Css(css))
            .await
            .with_context(|| format!("there is no {css}"))
    }

    /// Waits until a script says yes, see [`until`].
    pub async fn until(&self, script: &str) -> Result<()> {
        until(self.0, script).await
    }

    pub async fn picture(&self, name: &str) -> Result<()> {
        picture(self.0, name).await
    }
}

/// Opens a view and waits until it is there.
pub async fn go(page: &Page<'_>, serving: &Serving, view: &str) -> Result<()> {
    page.0.goto(&format!("{}{view}", serving.address)).await?;
    page.until("return document.readyState === 'complete';").await
}

/// Types into a field instead of what stands there.
pub async fn fill(page: &Page<'_>, css: &str, typed: &str) -> Result<()> {
    let field = page.find(css).await?;
    field.clear().await?;
    field.send_keys(typed).await?;
    Ok(())
}

fn clerk(language: &'static str, width: u32, height: u32) -> Result<()> {
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let driver = Driver::start()?;
    let serving = Serving::start(&archive, true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let browser = WebDriver::new(&driver.address, capabilities(language, width, height)?)
            .await
            .context("Chromium does not start")?;
        let walked = walk(&browser, &serving, language, width).await;
        if walked.is_err() {
            let _ = picture(&browser, &format!("failed-{language}-{width}")).await;
            if let Ok(source) = browser.source().await {
                let text: String = source.chars().take(3000).collect();
                eprintln!(
                    "the view on which the clerk was stuck ({:?}):\n{text}",
                    browser.current_url().await.map(|u| u.to_string())
                );
            }
        }
        browser.quit().await?;
        walked
    })?;
    serving.stop()
}

fn capabilities(language: &str, width: u32, height: u32) -> Result<thirtyfour::ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    for flag in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
    ] {
        wanted.add_arg(flag)?;
    }
    wanted.add_arg(&format!("--window-size={width},{height}"))?;
    wanted.add_arg(&format!("--accept-lang={language}"))?;
    wanted.add_experimental_option("prefs", json!({ "intl.accept_languages": language }))?;
    if width < 500 {
        // A window cannot be that narrow; a telephone can.
        wanted.add_experimental_option(
            "mobileEmulation",
            json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": true } }),
        )?;
    }
    Ok(wanted)
}

async fn walk(browser: &WebDriver, serving: &Serving, language: &str, width: u32) -> Result<()> {
    sign_in(browser, serving).await?;
    let shown = browser
        .find(By::Tag("html"))
        .await?
        .attr("lang")
        .await?
        .unwrap_or_default();
    ensure!(shown == language, "a browser that asks for {language} is shown {shown}");

    // One field first: a phrase that stands only in the supply contract.
    let field = browser
        .query(By::Css("input[name=q]"))
        .wait(GIVE_UP, Duration::from_millis(50))
        .and_displayed()
        .first()
        .await
        .context("there is no search field")?;
    field.send_keys("功率因数调整电费办法").await?;
    field.send_keys(Key::Enter).await?;
    until(
        browser,
        "const hit = document.querySelector('.hit a[data-main]');
         return document.readyState === 'complete' && location.search.includes('q=') && hit !== null && hit.getClientRects().length > 0;",
    )
    .await
    .context("the phrase has no hit on the screen")?;
    picture(browser, &format!("search-{language}-{width}")).await?;
    ensure!(
        fits(browser).await?,
        "the list of hits is wider than the screen at {width}"
    );
    until(
        browser,
        "if (location.pathname.startsWith('/documents/')) return true;
         document.querySelector('.hit a[data-main]')?.click();
         return false;",
    )
    .await
    .context("the hit does not open")?;

    // The page with its mark: inside the sheet, and not empty.
    let mark = browser
        .query(By::Css(".sheet svg.marks rect.hit-mark"))
        .wait(GIVE_UP, Duration::from_millis(50))
        .first()
        .await
        .context("the opened page has no mark")?;
    browser
        .query(By::Css(".sheet > img"))
        .wait(GIVE_UP, Duration::from_millis(50))
        .with_filter(async |image: WebElement| {
            Ok(image
                .prop("naturalWidth")
                .await?
                .and_then(|w| w.parse::<u32>().ok())
                .unwrap_or(0)
                > 0)
        })
        .first()
        .await
        .context("no page image came")?;
    let inside = browser
        .execute(
            "const m = arguments[0].getBoundingClientRect(), s = arguments[0].closest('.sheet').getBoundingClientRect(), i = arguments[0].closest('.sheet').querySelector('img').getBoundingClientRect();
             return m.width > 8 && m.height > 4 && m.left >= s.left - 1 && m.right <= s.right + 1 && m.top >= s.top - 1 && m.bottom <= s.bottom + 1 && Math.abs(i.width - s.width) < 3;",
            vec![mark.to_json()?],
        )
        .await?;
    ensure!(
        inside.json().as_bool() == Some(true),
        "the mark does not lie on the page"
    );
    // The script's own time-out is the give-up: the view may still be laying itself out.
    browser
        .execute_async(
            "const mark = arguments[0], done = arguments[1];
             (function look() {
               const m = mark.getBoundingClientRect();
               const seen = m.bottom > 0 && m.top < innerHeight && m.right > 0 && m.left < innerWidth;
               seen ? done(true) : requestAnimationFrame(look);
             })();",
            vec![mark.to_json()?],
        )
        .await
        .context("the mark does not come into view when the hit is opened")?;

    // The place of the paper beside it.
    let places = browser
        .query(By::Css(".place-code"))
        .wait(GIVE_UP, Duration::from_millis(50))
        .all_from_selector()
        .await?;
    let mut codes = Vec::new();
    for place in places {
        codes.push(place.text().await?);
    }
    ensure!(
        codes.iter().any(|c| c.contains("K1-02-B-3-04")),
        "the location code K1-02-B-3-04 is not beside the page; seen: {codes:?}"
    );
    ensure!(
        fits(browser).await?,
        "the document view is wider than the screen at {width}"
    );
    picture(browser, &format!("document-{language}-{width}")).await?;
    Ok(())
}

/// Waits until a script says yes: the browser itself looks at every frame that it draws. Results replace results in
/// place, so an element that was found a moment ago may be gone; asking the view itself is a question that cannot go
/// stale. A view that is being left cannot answer; the next one is asked then.
async fn until(browser: &WebDriver, script: &str) -> Result<()> {
    let asked = format!(
        "const done = arguments[0];
         const test = () => {{ {script} }};
         const look = () => {{
           let yes = false;
           try {{ yes = test() === true; }} catch {{ /* what is asked about is not there yet */ }}
           if (yes) done(true); else requestAnimationFrame(look);
         }};
         look();"
    );
    let answered = async {
        while !matches!(browser.execute_async(&asked, vec![]).await, Ok(yes) if yes.json().as_bool() == Some(true)) {}
    };
    tokio::time::timeout(GIVE_UP, answered)
        .await
        .context("the view did not come to it")
}

async fn sign_in(browser: &WebDriver, serving: &Serving) -> Result<()> {
    browser
        .goto(serving.link.as_deref().context("the server printed no sign-in link")?)
        .await?;
    let passwords = browser
        .query(By::Css("input[type=password]"))
        .wait(GIVE_UP, Duration::from_millis(50))
        .and_displayed()
        .all_from_selector()
        .await
        .context("the one-time link leads to no password form")?;
    for name in browser.find_all(By::Css("input[name=name]")).await? {
        let asked = name.attr("readonly").await?.is_none() && name.prop("value").await?.unwrap_or_default().is_empty();
        if asked {
            name.send_keys("archivist").await?;
        }
    }
    for field in &passwords {
        field.send_keys(PASSWORD).await?;
    }
    let last = passwords.last().context("the form has no password field")?;
    last.send_keys(Key::Enter).await?;
    browser
        .query(By::Css("input[name=q]"))
        .wait(GIVE_UP, Duration::from_millis(50))
        .first()
        .await
        .context("signing in does not lead to the search")?;
    Ok(())
}

/// Nothing sticks out of the screen to the right.
async fn fits(browser: &WebDriver) -> Result<bool> {
    let fits = browser
        .execute("return document.documentElement.scrollWidth <= innerWidth + 1;", vec![])
        .await?;
    Ok(fits.json().as_bool() == Some(true))
}

/// Screenshots are kept beside the build so that people look at them.
async fn picture(browser: &WebDriver, name: &str) -> Result<()> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
    std::fs::create_dir_all(&folder)?;
    browser.screenshot(&folder.join(format!("{name}.png"))).await?;
    Ok(())
}
