//! The office at a screen, in both languages at once: each of its views is looked at, empty and full, at three widths
//! and in both colour schemes, and each task there is done with keys alone.

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::Test;
use crate::archive::{TestArchive, demo_folder, list, path, text};
use crate::browser::{PASSWORD, Page, at_a_desk_in};
use crate::demo::demo;
use crate::serving::Serving;

pub const TESTS: &[Test] = &[("screens::the_office_in_both_languages", the_office_in_both_languages)];

const LOOK: &str = include_str!("screens/look.js");
const SIZES: [(u32, u32); 3] = [(1440, 900), (768, 1024), (390, 844)];

/// Keeps what goes wrong in a view, before its own scripts run.
const LISTEN: &str = "window.faults = [];
    addEventListener('error', (event) => window.faults.push(event.message ?? `${event.target.src ?? event.target.href} does not load`), true);
    addEventListener('unhandledrejection', (event) => window.faults.push(String(event.reason)));
    addEventListener('securitypolicyviolation', (event) => window.faults.push(`${event.violatedDirective} forbids ${event.blockedURI}`));
    const say = console.error;
    console.error = (...words) => { window.faults.push(words.join(' ')); say(...words); };";

fn the_office_in_both_languages() -> Result<()> {
    // Read once, before both need it.
    demo()?;
    let outcomes = std::thread::scope(|scope| {
        let both = ["zh-CN", "en"].map(|language| {
            scope.spawn(move || {
                at_a_desk_in(
                    language,
                    &format!("screens-{language}"),
                    async |page, serving, archive| {
                        let mut office = Office::open(page, serving, archive, language).await?;
                        office.works().await?;
                        office.report()
                    },
                )
            })
        });
        both.map(|one| one.join().expect("a failure is handed back and does not panic"))
    });
    let failed: Vec<String> = outcomes
        .into_iter()
        .filter_map(|outcome| Some(format!("{:#}", outcome.err()?)))
        .collect();
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

struct Office<'p> {
    page: &'p Page<'p>,
    archive: &'p TestArchive,
    address: &'p str,
    language: &'static str,
    contract: String,
    licence: String,
    wrong: Vec<String>,
}

impl<'p> Office<'p> {
    async fn open(
        page: &'p Page<'p>,
        serving: &'p Serving,
        archive: &'p TestArchive,
        language: &'static str,
    ) -> Result<Self> {
        let listen = json!({ "source": format!("{LISTEN} window.known = {};", json!(data(archive)?)) });
        page.tell("Page.addScriptToEvaluateOnNewDocument", listen).await?;
        Ok(Self {
            page,
            archive,
            address: &serving.address,
            language,
            contract: document("HT-2024-0117.pdf")?,
            licence: document("营业执照-华宸智汇.jpg")?,
            wrong: Vec::new(),
        })
    }

    async fn works(&mut self) -> Result<()> {
        for view in ["/grants", "/admin/sealed", "/withdrawn"] {
            self.go(view).await?;
            self.finds(
                "return document.querySelector('.lesson h2') !== null;",
                "says that it is empty",
            )
            .await?;
            self.look(&format!("empty{view}")).await?;
        }
        self.settings_are_refused_beside_the_field().await?;
        let link = self.a_colleague_is_invited_and_an_account_locked().await?;
        self.a_checklist_is_added().await?;
        self.a_table_is_tried_imported_and_undone().await?;
        self.the_record_of_a_document_is_corrected().await?;
        self.a_grant_is_proposed().await?;
        self.a_document_is_sealed().await?;
        self.a_document_is_withdrawn().await?;
        self.the_ledger_is_searched().await?;
        self.the_views_are_looked_at().await?;
        self.a_second_person_confirms_and_restores(&link).await
    }

    fn report(&self) -> Result<()> {
        ensure!(
            self.wrong.is_empty(),
            "{} things are wrong in {}:\n  {}",
            self.wrong.len(),
            self.language,
            self.wrong.join("\n  ")
        );
        Ok(())
    }

    async fn settings_are_refused_beside_the_field(&mut self) -> Result<()> {
        self.go("/admin/settings").await?;
        self.reach("#s-time_zone").await?;
        self.replace("Mars/Olympus").await?;
        self.send().await?;
        self.finds(
            "const zone = document.querySelector('.field[data-wrong] #s-time_zone');
             const words = document.getElementById(zone.getAttribute('aria-describedby'));
             return document.activeElement === zone && zone.value === 'Mars/Olympus' && words.textContent.length > 5;",
            "refuses a time zone beside its field and goes there",
        )
        .await?;
        self.look("settings-refused").await?;
        self.replace("Asia/Urumqi").await?;
        self.send().await?;
        self.said("settings").await
    }

    /// Hands back the link by which the colleague sets a password.
    async fn a_colleague_is_invited_and_an_account_locked(&mut self) -> Result<String> {
        self.archive.ok(&["users", "add", "wangwei"])?;
        self.go("/admin/users").await?;
        self.press("a").await?;
        self.at("#user-name").await?;
        self.kind("chen").await?;
        self.reach("[name=role_archivist]").await?;
        self.press(" ").await?;
        self.reach("[name=role_administrator]").await?;
        self.press(" ").await?;
        self.send().await?;
        self.finds(
            "return document.querySelector('.notice.good .code') !== null;",
            "shows the link",
        )
        .await?;
        self.look("user-invited").await?;
        let link = self
            .page
            .ask("return document.querySelector('.notice.good .code').textContent;")
            .await?;
        let link = link.as_str().context("the link is text")?.to_owned();
        self.go("/admin/users").await?;
        self.choose_row("wangwei").await?;
        self.reach("form[action*='/lock'] button").await?;
        self.press(Key::Enter).await?;
        self.said("the lock").await?;
        self.finds(
            "return document.querySelector('form[action*=\"locked=0\"]') !== null;",
            "offers to unlock",
        )
        .await?;
        Ok(link)
    }

    async fn a_checklist_is_added(&mut self) -> Result<()> {
        self.go("/admin/checklists").await?;
        self.press("a").await?;
        self.finds(
            "return location.pathname === '/admin/checklists/new';",
            "opens the form",
        )
        .await?;
        for (field, words) in [
            ("#code", "guarantee_own"),
            ("#name-zh", "自用担保"),
            ("#name-en", "Own guarantee"),
            ("#kinds", "no_such_kind"),
        ] {
            self.reach(field).await?;
            self.kind(words).await?;
        }
        self.send().await?;
        self.finds(
            "return document.activeElement.id === 'kinds' && document.activeElement.closest('[data-wrong]') !== null;",
            "refuses an unknown kind beside the field",
        )
        .await?;
        self.look("checklist-refused").await?;
        self.replace("contract").await?;
        self.send().await?;
        self.said("the checklist").await
    }

    async fn a_table_is_tried_imported_and_undone(&mut self) -> Result<()> {
        let table = self.archive.beside("改址.csv");
        // A change, an empty cell, a likely double, and a line that cannot be used.
        std::fs::write(
            &table,
            "code,name,address,region,credit_code\n\
             KH-0001,深圳华宸智汇信息技术有限公司,云岭市南屏区创想一路19号,,91449901MA5F0H3K9F\n\
             KH-0901,深圳华宸智慧信息技术有限公司,云岭市南屏区创想一路17号,云岭新区,91449901MA5F0J8W4W\n\
             KH-0902,云岭南屏酒店有限公司,云岭市南屏区创想二路1号,云岭新区,91449901MA5F0J8W4X\n",
        )?;
        self.go("/imports").await?;
        self.press("a").await?;
        self.at("#import-file").await?;
        // The dialog in which a file is chosen belongs to the system.
        self.page.find("#import-file").await?.send_keys(path(&table)?).await?;
        self.reach("form[enctype] button.primary").await?;
        self.press(Key::Enter).await?;
        self.finds(
            "return document.querySelector('del') !== null && document.querySelector('button[name=step][value=write]') !== null;",
            "shows before and after, and offers to write",
        )
        .await?;
        self.look("import-try").await?;
        self.reach("[name=skip_bad_lines]").await?;
        self.press(" ").await?;
        self.reach("button[name=step][value=write]").await?;
        self.press(Key::Enter).await?;
        self.said("the import").await?;
        self.look("import").await?;
        self.reach("details.section > summary").await?;
        self.press(Key::Enter).await?;
        self.reach("form[action$='/undo'] button").await?;
        self.press(Key::Enter).await?;
        self.finds(
            "return location.search.includes('undone') && document.querySelector('h1 .badge.warn') !== null;",
            "says that the import is undone",
        )
        .await
    }

    async fn the_record_of_a_document_is_corrected(&mut self) -> Result<()> {
        self.go(&format!("/documents/{}", self.contract)).await?;
        self.press("e").await?;
        self.finds("return location.pathname.endsWith('/record');", "opens the record")
            .await?;
        self.look("record").await?;
        // A paper that stands on a shelf cannot become digital.
        self.reach("#field-medium").await?;
        self.select("#field-medium", "digital").await?;
        self.send().await?;
        self.finds(
            "return document.activeElement.id === 'field-medium' && document.activeElement.closest('[data-wrong]') !== null;",
            "refuses the medium beside its field",
        )
        .await?;
        self.look("record-refused").await?;
        self.select("#field-medium", "photograph").await?;
        self.send().await?;
        self.finds(
            "return /^\\/documents\\/[^/]+$/.test(location.pathname);",
            "goes back to the document",
        )
        .await
    }

    async fn a_grant_is_proposed(&mut self) -> Result<()> {
        self.go(&format!("/documents/{}", self.contract)).await?;
        self.reach("a[href^='/grants?document=']").await?;
        self.press(Key::Enter).await?;
        self.finds("return location.pathname === '/grants';", "opens the form of grants")
            .await?;
        self.press("a").await?;
        self.at("#grant-user").await?;
        self.kind("nobody").await?;
        self.reach("#grant-purpose").await?;
        self.kind("诉讼 lawsuit").await?;
        self.reach("#grant-until").await?;
        self.kind("1999-01-01").await?;
        self.send().await?;
        self.finds(
            "return document.activeElement.closest('[data-wrong]') !== null && document.querySelector('#grant-purpose').value.length > 3;",
            "refuses beside the fields and keeps what was typed",
        )
        .await?;
        self.look("grant-refused").await?;
        // It goes to the first field that is wrong; a person that does not exist is found once the time is right.
        self.at("#grant-until").await?;
        let end = self
            .page
            .ask("return new Date(Date.now() + 20 * 86400000).toISOString().slice(0, 10);")
            .await?;
        self.replace(end.as_str().context("a day")?).await?;
        self.send().await?;
        self.finds(
            "return document.activeElement.id === 'grant-user' && document.activeElement.closest('[data-wrong]') !== null;",
            "refuses a person who is not there",
        )
        .await?;
        self.replace("wangwei").await?;
        self.send().await?;
        self.said("the proposal").await
    }

    async fn a_document_is_sealed(&mut self) -> Result<()> {
        let other = document("HT-2024-0118.pdf")?;
        self.go(&format!("/documents/{other}")).await?;
        self.page
            .until("return document.querySelector('#seal-reason') !== null;")
            .await?;
        self.reach("details:has(#seal-reason) > summary").await?;
        self.press(Key::Enter).await?;
        self.reach("#seal-reason").await?;
        self.kind("诉讼 lawsuit").await?;
        self.send().await?;
        self.finds(
            "return document.querySelector('table.sealed tbody tr') !== null;",
            "lists what was sealed",
        )
        .await?;
        self.finds(
            "return document.querySelector('table.sealed a[href^=\"/customers/\"]') !== null;",
            "leads to the dossier of what was sealed",
        )
        .await
    }

    async fn a_document_is_withdrawn(&mut self) -> Result<()> {
        self.go(&format!("/documents/{}", self.licence)).await?;
        self.reach("a[href$='/withdraw']").await?;
        self.press(Key::Enter).await?;
        self.finds(
            "return location.pathname.endsWith('/withdraw');",
            "asks by title and number",
        )
        .await?;
        self.look("withdraw").await?;
        self.reach("#withdraw-reason").await?;
        self.kind("扫描了两次 twice").await?;
        self.send().await?;
        self.finds("return location.pathname === '/withdrawn';", "lists what was withdrawn")
            .await?;
        self.said("the withdrawal").await
    }

    async fn the_ledger_is_searched(&mut self) -> Result<()> {
        self.go("/search").await?;
        self.page
            .until("return document.activeElement.id === 'find';")
            .await
            .context("the search field is not entered by itself")?;
        self.press(Key::Escape).await?;
        self.press("?").await?;
        self.finds("return document.querySelector('#help').open;", "shows the keys")
            .await?;
        self.look("help").await?;
        self.press(Key::Escape).await?;
        self.go("/history").await?;
        self.press("f").await?;
        self.at("#history-object").await?;
        self.kind("HT-2024-0117").await?;
        self.press(Key::Enter).await?;
        self.finds(
            "return location.search.includes('HT-2024-0117') && document.querySelectorAll('table.history tbody tr').length > 0;",
            "finds the changes of the document",
        )
        .await?;
        self.look("history-of-document").await?;
        self.press("f").await?;
        self.at("#history-object").await?;
        self.replace("no-such-record").await?;
        self.press(Key::Enter).await?;
        self.finds(
            "return document.querySelector('.notice.warn') !== null;",
            "says that it knows no such record",
        )
        .await
    }

    async fn the_views_are_looked_at(&mut self) -> Result<()> {
        let contract = self.contract.clone();
        for view in [
            "/admin/settings",
            "/admin/users",
            "/admin/users/wangwei",
            "/admin/kinds",
            "/admin/kinds/contract",
            "/admin/kinds/new",
            "/admin/checklists",
            "/admin/checklists/guarantee_own",
            "/admin/sealed",
            "/grants",
            "/withdrawn",
            "/imports",
            "/history",
            "/history?object=setting:time_zone",
            "/history?object=user:wangwei",
            "/customers/KH-0001",
            "/customers/KH-0001/edit",
            "/customers/new",
            "/locations/K1-01-A-1-01",
            "/put-away",
            "/put-away?place=K1-01-A-1-01&said=label-unknown&typed=K9",
            "/add",
            "/search",
            "/today",
            &format!("/documents/{contract}"),
        ] {
            self.go(view).await?;
            self.look(view).await?;
        }
        Ok(())
    }

    async fn a_second_person_confirms_and_restores(&mut self, link: &str) -> Result<()> {
        self.page.0.delete_all_cookies().await?;
        self.page.0.goto(link).await?;
        self.reach("[name=password]").await?;
        self.kind(PASSWORD).await?;
        let again = self
            .page
            .ask("return document.querySelectorAll('input[type=password]').length;")
            .await?;
        for _ in 1..again.as_u64().unwrap_or(1) {
            self.press(Key::Tab).await?;
            self.kind(PASSWORD).await?;
        }
        self.press(Key::Enter).await?;
        self.finds(
            "return document.querySelector('#find') !== null;",
            "signs the second person in",
        )
        .await?;
        self.go("/grants").await?;
        self.look("grants-to-confirm").await?;
        self.reach("form[action$='/confirm'] button").await?;
        self.press(Key::Enter).await?;
        self.said("the confirmation").await?;
        self.reach("details:has(form[action$='/revoke']) > summary").await?;
        self.press(Key::Enter).await?;
        self.reach("form[action$='/revoke'] input[name=reason]").await?;
        self.kind("结束 over").await?;
        self.send().await?;
        self.said("the revocation").await?;
        self.go("/withdrawn").await?;
        self.reach("form[action$='/restore'] button").await?;
        self.press(Key::Enter).await?;
        self.said("the restoration").await
    }

    async fn go(&self, view: &str) -> Result<()> {
        self.page.0.goto(&format!("{}{view}", self.address)).await?;
        Ok(())
    }

    /// Waits until the view is there and has come to something.
    async fn finds(&self, script: &str, what: &str) -> Result<()> {
        let script = format!("if (document.readyState !== 'complete') return false; {script}");
        self.page
            .until(&script)
            .await
            .with_context(|| format!("{}: nothing {what}", self.language))
    }

    async fn said(&self, what: &str) -> Result<()> {
        self.finds(
            "return document.querySelector('.notice.good[role=status]') !== null;",
            &format!("says that {what} went well"),
        )
        .await
    }

    async fn press(&self, key: impl Into<TypingData>) -> Result<()> {
        self.page.0.action_chain().send_keys(key).perform().await?;
        Ok(())
    }

    async fn kind(&self, words: &str) -> Result<()> {
        self.press(words).await
    }

    /// A chain of actions lets go of each key before the next one, unless it is told to hold it.
    async fn with_control(&self, key: impl Into<TypingData>) -> Result<()> {
        let held = self.page.0.action_chain().key_down(Key::Control).send_keys(key);
        held.key_up(Key::Control).perform().await?;
        Ok(())
    }

    async fn replace(&self, words: &str) -> Result<()> {
        self.with_control("a").await?;
        self.press(words).await
    }

    async fn send(&self) -> Result<()> {
        self.page.ask("window.leaving = true;").await?;
        self.with_control(Key::Enter).await?;
        self.page
            .until("return window.leaving !== true && document.readyState === 'complete';")
            .await
            .with_context(|| format!("{}: Ctrl and Enter do not send the form", self.language))
    }

    async fn at(&self, css: &str) -> Result<()> {
        self.finds(
            &format!("return document.activeElement.matches({});", json!(css)),
            &format!("enters {css}"),
        )
        .await
    }

    /// Goes on from control to control, as Tab does, and looks that each shows where the keys go.
    async fn reach(&self, css: &str) -> Result<()> {
        const FAR: usize = 150;
        self.page.until("return document.readyState === 'complete';").await?;
        let here = format!(
            "const at = document.activeElement, style = getComputedStyle(at);
             return {{ there: at.matches({}), ring: at === document.body || at.id === 'content' || at.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, what: at.outerHTML.slice(0, 120) }};",
            json!(css)
        );
        for _ in 0..FAR {
            let state = self.page.ask(&here).await?;
            if state["there"] == true {
                return Ok(());
            }
            ensure!(
                state["ring"] == true,
                "nothing shows that the keys go to {}",
                state["what"]
            );
            self.press(Key::Tab).await?;
        }
        bail!("{}: {FAR} times Tab do not lead to {css}", self.language)
    }

    /// Moves down in a choice until it has the value.
    async fn select(&self, css: &str, value: &str) -> Result<()> {
        for key in [Key::Up, Key::Down] {
            for _ in 0..12 {
                let now = self
                    .page
                    .ask(&format!("return document.querySelector({}).value;", json!(css)))
                    .await?;
                if now == value {
                    return Ok(());
                }
                self.press(key.clone()).await?;
            }
        }
        bail!("the arrows do not reach {value} in {css}")
    }

    async fn choose_row(&self, name: &str) -> Result<()> {
        let chosen = format!(
            "return document.querySelector('[data-row][aria-current]')?.textContent.includes({}) === true;",
            json!(name)
        );
        for _ in 0..20 {
            self.press("j").await?;
            if self.page.ask(&chosen).await? == true {
                self.press(Key::Enter).await?;
                return self
                    .finds(
                        &format!("return location.pathname.endsWith({});", json!(name)),
                        "opens the row",
                    )
                    .await;
            }
        }
        bail!("j never comes to the row of {name}")
    }

    /// Looks at the view at every width and in both colour schemes.
    async fn look(&mut self, name: &str) -> Result<()> {
        self.finds("return document.querySelector('#content') !== null;", "is shown")
            .await?;
        for (width, height) in SIZES {
            let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            self.page.tell("Emulation.setDeviceMetricsOverride", size).await?;
            for scheme in ["dark", "light"] {
                let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
                self.page.tell("Emulation.setEmulatedMedia", media).await?;
                let seen = self.page.0.execute(LOOK, vec![json!(self.language)]).await?;
                for wrong in seen.json().as_array().context("a list of what is wrong")? {
                    let wrong = wrong.as_str().unwrap_or_default();
                    self.wrong.push(format!("{name} at {width}, {scheme}: {wrong}"));
                }
            }
            let picture = format!("{name}-{}-{width}", self.language).replace(['/', '?', ':', '='], "-");
            self.page.picture(&picture).await?;
        }
        let (width, height) = SIZES[0];
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.page.tell("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }
}

/// The id that a file of the sample archive was filed under.
fn document(file: &str) -> Result<String> {
    let demo = demo()?;
    let item = list(&demo.report, "items")?
        .iter()
        .find(|item| text(item, "path").ends_with(file))
        .with_context(|| format!("{file} is not in the report"))?;
    Ok(text(item, "document_id").to_owned())
}

/// What views may show whatever their language is: what was put into the archive, by the samples and by this test.
fn data(archive: &TestArchive) -> Result<String> {
    let folder = demo_folder();
    let mut data = String::new();
    for name in ["customers.csv", "locations.csv", "expected.json"] {
        data.push_str(&std::fs::read_to_string(folder.join(name))?);
    }
    for table in ["kinds", "checklists"] {
        let file = archive.beside(&format!("{table}.tsv"));
        archive.ok(&[table, "export", path(&file)?])?;
        data.push_str(&std::fs::read_to_string(&file)?);
    }
    // Every name and number that was ever written, titles of documents among them.
    data.push_str(&archive.ok(&["history", "--json", "--limit", "100000"])?.out);
    let settings = archive.json(&["settings", "list", "--json"])?;
    for setting in list(&settings, "settings")? {
        data.push_str(setting["value"].as_str().map_or("", |value| value));
    }
    for typed in [
        "archivist chen wangwei nobody Mars/Olympus Asia/Urumqi no-such-record",
        "诉讼 lawsuit 扫描了两次 twice 结束 over 自用担保 Own guarantee guarantee_own no_such_kind 改址.csv locations customers scans root system",
        "云岭市南屏区创想一路19号 深圳华宸智慧信息技术有限公司 云岭南屏酒店有限公司 创想二路1号",
    ] {
        data.push_str(typed);
    }
    Ok(data)
}
