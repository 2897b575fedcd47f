//! Signing in at a provider of the organisation: `dossier serve` beside a provider that others have written
//! (`oidc-provider-mock`, from `.ci/api-tools`, behind a gate that asks for the proof of PKCE), with the answers that a careless or hostile browser would bring back.

use anyhow::{Context, Result, ensure};
use reqwest::{
    Client, Method, StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use serde_json::json;
use std::{
    net::TcpListener,
    process::{Child, Stdio},
};

use crate::Test;
use crate::api::tool;
use crate::archive::{Database, TestArchive, text};
use crate::patience::{put_down, until};
use crate::serving::Serving;

pub const TESTS: &[Test] = &[("oidc::people_sign_in_at_the_provider", people_sign_in_at_the_provider)];

/// The provider; it ends with the test.
struct Provider {
    process: Child,
    issuer: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        put_down(&mut self.process);
    }
}

impl Provider {
    fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = std::process::Command::new(tool("python")?)
            .args(["-W", "ignore", "tests/python/strict_provider.py"])
            .arg(port.to_string())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let provider = Self {
            process,
            issuer: format!("http://127.0.0.1:{port}"),
        };
        until("the provider answers", || {
            Ok(std::net::TcpStream::connect(("127.0.0.1", port)).ok())
        })?;
        Ok(provider)
    }
}

/// An answer, as far as the tests look at it.
struct Answer {
    status: StatusCode,
    location: String,
    cookies: Vec<String>,
    body: String,
}

impl Answer {
    /// `NAME=VALUE` of a cookie that was set.
    fn cookie(&self, name: &str) -> Result<String> {
        let found = self
            .cookies
            .iter()
            .find(|cookie| cookie.starts_with(&format!("{name}=")));
        let found = found.with_context(|| format!("no cookie {name} in {:?}", self.cookies))?;
        Ok(found.split(';').next().unwrap_or_default().to_owned())
    }
}

/// A browser that follows nobody by itself and sends the cookies that it is told to.
struct Browser {
    client: Client,
    archive: String,
    issuer: String,
}

impl Browser {
    async fn ask(&self, method: Method, url: &str, cookie: &str, form: &[(&str, &str)]) -> Result<Answer> {
        let mut request = self.client.request(method, url).header("accept", "text/html");
        if !cookie.is_empty() {
            request = request.header(COOKIE, cookie);
        }
        if !form.is_empty() {
            request = request.form(form);
        }
        let response = request.send().await?;
        let header = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Ok(Answer {
            status: response.status(),
            location: response.headers().get(LOCATION).map(header).unwrap_or_default(),
            cookies: response.headers().get_all(SET_COOKIE).iter().map(header).collect(),
            body: response.text().await?,
        })
    }

    async fn get(&self, path: &str, cookie: &str) -> Result<Answer> {
        self.ask(Method::GET, &format!("{}{path}", self.archive), cookie, &[])
            .await
    }

    /// What the provider says of somebody from now on.
    async fn claims(&self, subject: &str, claims: serde_json::Value) -> Result<()> {
        let url = format!("{}/users/{subject}", self.issuer);
        let answer = self.client.put(url).json(&claims).send().await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        Ok(())
    }

    /// Leaves for the provider, signs in there, and comes back to the address with what the browser kept. Nothing is
    /// sent back yet.
    async fn away(&self, subject: &str) -> Result<(String, String)> {
        let left = self.get("/sign-in/provider?next=/today", "").await?;
        ensure!(left.status == StatusCode::SEE_OTHER, "{}: {}", left.status, left.body);
        for part in ["code_challenge_method=S256", "state=", "nonce=", "response_type=code"] {
            ensure!(left.location.contains(part), "{part} is not in {}", left.location);
        }
        let kept = left.cookie("dossier-errand")?;
        let there = self.ask(Method::POST, &left.location, "", &[("sub", subject)]).await?;
        let back = there.location.strip_prefix(&self.archive);
        let back = back.with_context(|| format!("{} {} {}", there.status, there.location, there.body))?;
        Ok((back.to_owned(), kept))
    }

    async fn sign_in(&self, subject: &str) -> Result<Answer> {
        let (back, kept) = self.away(subject).await?;
        self.get(&back, &kept).await
    }
}

fn people_sign_in_at_the_provider() -> Result<()> {
    let provider = Provider::start()?;
    let archive = TestArchive::new(Database::Sqlite)?;
    let secret = archive.beside("provider-secret");
    std::fs::write(&secret, "quiet\n")?;
    let settings = archive.beside("provider.toml");
    std::fs::write(
        &settings,
        format!(
            "[oidc]\nissuer = '{}'\nclient_id = 'dossier'\nclient_secret_file = '{}'\nname = '统一身份认证'\n\
             clearance_claim = 'level'\nclearances = {{ high = 'secret' }}\ndepartment_claim = 'office'\n\
             roles = {{ staff = 'viewer,archivist', audit = 'auditor' }}\n",
            provider.issuer,
            secret.display()
        ),
    )?;
    archive.ok(&["users", "add", "lin", "--role", "viewer"])?;
    let mut command = archive.command(&["serve", "--listen", "127.0.0.1:0"]);
    let serving = Serving::of(
        {
            command.env("DOSSIER_CONFIG", &settings);
            command
        },
        true,
    )?;
    let browser = Browser {
        client: Client::builder().redirect(Policy::none()).build()?,
        archive: serving.address.clone(),
        issuer: provider.issuer.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(whoever_is_vouched_for_comes_in(&browser, &archive))?;
    runtime.block_on(whoever_brings_back_something_else_stays_out(&browser))?;
    runtime.block_on(whoever_signs_out_may_do_so_there_too(&browser))?;
    drop(provider);
    let down = runtime.block_on(browser.get("/sign-in/provider", ""))?;
    ensure!(down.status == StatusCode::BAD_GATEWAY, "{}", down.status);
    ensure!(
        down.body.contains("连不上") || down.body.contains("cannot be reached"),
        "{}",
        down.body
    );
    ensure!(
        down.body.contains("name=\"password\""),
        "passwords of the archive still open it"
    );
    serving.stop()
}

async fn whoever_is_vouched_for_comes_in(browser: &Browser, archive: &TestArchive) -> Result<()> {
    let door = browser.get("/sign-in", "").await?;
    ensure!(
        door.body.contains("/sign-in/provider") && door.body.contains("统一身份认证"),
        "{}",
        door.body
    );
    let claims = json!({ "preferred_username": "wei", "name": "王伟", "groups": ["staff", "x"], "level": "high", "office": "业务部" });
    browser.claims("s-1", claims).await?;
    let inside = browser.sign_in("s-1").await?;
    ensure!(inside.location == "/today", "{} {}", inside.status, inside.body);
    let session = inside.cookie("dossier")?;
    ensure!(browser.get("/today", &session).await?.status == StatusCode::OK);
    let user = archive.json(&["users", "show", "wei", "--json"])?;
    let told = |key: &str| text(&user, key).to_owned();
    ensure!(user["signs_in_at_provider"] == true, "{user}");
    let list = archive.json(&["users", "list", "--json"])?;
    let of_wei = list["items"]
        .as_array()
        .and_then(|users| users.iter().find(|user| user["name"] == "wei"));
    ensure!(
        of_wei.is_some_and(|user| user["signs_in_at_provider"] == true),
        "{list}"
    );
    ensure!(archive.ok(&["users", "list"])?.out.contains("provider"));
    ensure!(
        (told("roles"), told("department"), told("display_name"))
            == ("viewer,archivist".to_owned(), "业务部".to_owned(), "王伟".to_owned())
            && user["clearance"] == 3,
        "{user}"
    );
    // Roles follow the claims, and the session of before ends with them.
    browser
        .claims("s-1", json!({ "preferred_username": "wei", "groups": "audit" }))
        .await?;
    browser.sign_in("s-1").await?.cookie("dossier")?;
    let user = archive.json(&["users", "show", "wei", "--json"])?;
    ensure!(text(&user, "roles") == "auditor" && user["clearance"] == 0, "{user}");
    ensure!(browser.get("/today", &session).await?.status == StatusCode::SEE_OTHER);
    // Somebody who is called like an account of the archive gets another one.
    browser
        .claims("s-2", json!({ "preferred_username": "lin", "groups": ["staff"] }))
        .await?;
    browser.sign_in("s-2").await?.cookie("dossier")?;
    archive.ok(&["users", "show", "lin-2"])?;
    ensure!(text(&archive.json(&["users", "show", "lin", "--json"])?, "roles") == "viewer");
    // A locked account stays locked, whatever the provider says.
    archive.ok(&["users", "lock", "wei"])?;
    let locked = browser.sign_in("s-1").await?;
    ensure!(
        locked.status == StatusCode::FORBIDDEN && locked.cookie("dossier").is_err(),
        "{}",
        locked.body
    );
    // And somebody without a role stays out, by name and with whom to ask.
    browser
        .claims("s-3", json!({ "preferred_username": "zhao", "groups": ["x"] }))
        .await?;
    let nobody = browser.sign_in("s-3").await?;
    ensure!(
        nobody.status == StatusCode::FORBIDDEN && nobody.body.contains("zhao"),
        "{}",
        nobody.body
    );
    archive.run(&["users", "show", "zhao"])?.expect(1)?;
    Ok(())
}

/// The session here ends at once; the one at the provider is another, and a link of the door leads to its end.
async fn whoever_signs_out_may_do_so_there_too(browser: &Browser) -> Result<()> {
    let session = browser.sign_in("s-4").await?.cookie("dossier")?;
    let inside = browser.get("/account", &session).await?.body;
    let (_, csrf) = inside.split_once("name=\"csrf\" value=\"").context("a form")?;
    let csrf = csrf.split('"').next().unwrap_or_default();
    let url = format!("{}/sign-out", browser.archive);
    let out = browser.ask(Method::POST, &url, &session, &[("csrf", csrf)]).await?;
    ensure!(out.status == StatusCode::SEE_OTHER, "{} {}", out.status, out.body);
    let door = browser.get(&out.location, "").await?;
    ensure!(door.body.contains("/sign-in/provider/out"), "{}", door.body);
    let there = browser.get("/sign-in/provider/out", "").await?;
    let back = format!(
        "post_logout_redirect_uri={}",
        urlencoded(&format!("{}/sign-in?said=signed-out-there", browser.archive))
    );
    ensure!(
        there.location.starts_with(&browser.issuer)
            && there.location.contains("client_id=dossier")
            && there.location.contains(&back),
        "{}",
        there.location
    );
    let asked = browser.ask(Method::GET, &there.location, "", &[]).await?;
    ensure!(asked.status == StatusCode::OK, "{} {}", asked.status, asked.body);
    ensure!(browser.get("/today", &session).await?.status == StatusCode::SEE_OTHER);
    Ok(())
}

fn urlencoded(text: &str) -> String {
    reqwest::Url::parse_with_params("http://x/", [("x", text)])
        .map(|url| url.query().unwrap_or_default().trim_start_matches("x=").to_owned())
        .unwrap_or_default()
}

async fn whoever_brings_back_something_else_stays_out(browser: &Browser) -> Result<()> {
    browser
        .claims("s-4", json!({ "preferred_username": "qian", "groups": ["staff"] }))
        .await?;
    let refused = async |what: &str, back: &str, kept: &str, status: StatusCode| -> Result<()> {
        let answer = browser.get(back, kept).await?;
        ensure!(answer.status == status, "{what}: {} {}", answer.status, answer.body);
        ensure!(answer.cookie("dossier").is_err(), "{what} opens a session");
        Ok(())
    };
    let (back, kept) = browser.away("s-4").await?;
    refused("no cookie", &back, "", StatusCode::BAD_REQUEST).await?;
    let (_, other) = browser.away("s-4").await?;
    refused("the cookie of another errand", &back, &other, StatusCode::BAD_REQUEST).await?;
    let forged = back.replace("state=", "state=0");
    refused("another state", &forged, &kept, StatusCode::BAD_REQUEST).await?;
    let denied = format!("{}&error=access_denied", back.replace("code=", "nothing="));
    refused("a refusal", &denied, &kept, StatusCode::FORBIDDEN).await?;
    // Parts of the cookie: state, nonce, verifier, and where to go on.
    let changed = |kept: &str, part: usize| {
        let (name, value) = kept.split_once('=').unwrap_or_default();
        let (errand, next) = value.split_once('!').unwrap_or_default();
        let mut parts: Vec<String> = errand.split('.').map(str::to_owned).collect();
        if let Some(part) = parts.get_mut(part) {
            *part = "0".repeat(64);
        }
        format!("{name}={}!{next}", parts.join("."))
    };
    let (back, kept) = browser.away("s-4").await?;
    refused("another nonce", &back, &changed(&kept, 1), StatusCode::FORBIDDEN).await?;
    // The proof that it was this browser that left: the provider takes no code without it.
    let (back, kept) = browser.away("s-4").await?;
    refused("another verifier", &back, &changed(&kept, 2), StatusCode::BAD_GATEWAY).await?;
    // What was right comes in once; the code is good for nothing afterwards.
    let (back, kept) = browser.away("s-4").await?;
    browser.get(&back, &kept).await?.cookie("dossier")?;
    refused("the same code again", &back, &kept, StatusCode::BAD_GATEWAY).await
}
