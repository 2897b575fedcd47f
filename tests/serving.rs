//! A running `dossier serve` and its JSON interface.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::archive::TestArchive;
use crate::patience::{Lines, PATIENCE, ended, put_down};

pub struct Serving {
    process: Child,
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub address: String,
    /// The one-time link by which the first administrator sets a password; printed while there is none.
    pub link: Option<String>,
    /// What it says from then on.
    lines: Lines,
}

impl Serving {
    /// Starts the server on a port of its own choice and waits until it has said where it listens.
    pub fn start(archive: &TestArchive, with_link: bool) -> Result<Self> {
        Self::by(archive, "serve", with_link)
    }

    /// The same for any command that serves: `serve` or `demo`.
    pub fn by(archive: &TestArchive, command: &str, with_link: bool) -> Result<Self> {
        Self::of(archive.command(&[command, "--listen", "127.0.0.1:0"]), with_link)
    }

    /// The same for a command that is ready to run.
    pub fn of(mut command: Command, with_link: bool) -> Result<Self> {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut lines = Lines::of(&mut process)?;
        match read_addresses(&mut lines, with_link) {
            Ok((address, link)) => Ok(Self {
                process,
                address,
                link,
                lines,
            }),
            Err(error) => {
                put_down(&mut process);
                Err(error)
            }
        }
    }

    /// The next line that the server says; an error when it says none for so long.
    pub fn next_line(&mut self, within: Duration) -> Result<String> {
        let line = self.lines.next_within(within)?;
        line.with_context(|| format!("the server ended {}", self.lines))
    }

    /// What an address answers to somebody who is not signed in.
    pub fn anonymous(&self, path: &str) -> Result<(u16, String)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            // As a browser asks for screens, and a script for data.
            let wanted = if path.starts_with("/api/") {
                "application/json"
            } else {
                "text/html"
            };
            let answer = client()?
                .get(format!("{}{path}", self.address))
                .header("Accept", wanted)
                .send()
                .await?;
            Ok((answer.status().as_u16(), answer.text().await?))
        })
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    pub fn stop(mut self) -> Result<()> {
        rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.process),
            rustix::process::Signal::TERM,
        )?;
        let status = ended(&mut self.process)?;
        ensure!(status.success(), "the server did not end well after SIGTERM: {status}");
        Ok(())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            let _ = rustix::process::kill_process(
                rustix::process::Pid::from_child(&self.process),
                rustix::process::Signal::TERM,
            );
            if ended(&mut self.process).is_err() {
                eprintln!("a server did not end after SIGTERM, and was killed");
            }
        }
    }
}

/// What asks a server; an answer that does not come is a failure.
fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        // The server closes connections that are silent for long; such a one is not to be used again.
        .pool_idle_timeout(Duration::from_secs(2))
        .timeout(PATIENCE)
        .build()
}

fn read_addresses(lines: &mut Lines, with_link: bool) -> Result<(String, Option<String>)> {
    let (mut address, mut link) = (None, None);
    while let Some(line) = lines.next()? {
        for word in line.split(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
            let Some(at) = word.find("http://127.0.0.1:") else {
                continue;
            };
            let url = word[at..].trim_end_matches(['.', ',', ')', ';', '。', '，', '）']);
            let host_end = url[7..].find('/').map_or(url.len(), |n| n + 7);
            address.get_or_insert_with(|| url[..host_end].to_owned());
            if url.len() > host_end + 8 {
                link.get_or_insert_with(|| url.to_owned());
            }
        }
        if address.is_some() && (link.is_some() || !with_link) {
            break;
        }
    }
    match address {
        Some(address) if link.is_some() || !with_link => Ok((address, link)),
        Some(_) => bail!("the server printed no sign-in link {lines}"),
        None => bail!("the server ended without saying where it listens {lines}"),
    }
}

/// The JSON interface as a script uses it: a bearer token, one connection kept open.
pub struct Api {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Api {
    /// Makes a user and a token by the command line and speaks with them to a running server.
    pub fn open(archive: &TestArchive, serving: &Serving) -> Result<Self> {
        let token = token(archive)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self {
            runtime,
            client: client()?,
            base: format!("{}/api/v1", serving.address),
            token,
        })
    }

    /// The same user and token, at a server that was started anew on the same archive.
    pub fn at(self, serving: &Serving) -> Self {
        Self {
            base: format!("{}/api/v1", serving.address),
            ..self
        }
    }

    pub fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        let (status, body) = self.ask(path, query)?;
        ensure!(status == 200, "GET {path} {query:?} answered {status}: {body}");
        serde_json::from_str(&body).with_context(|| format!("GET {path} {query:?} is not JSON: {body}"))
    }

    /// Sends JSON and demands a status.
    pub fn post(&self, path: &str, body: &Value, expected: u16) -> Result<String> {
        self.sent(reqwest::Method::POST, path, body, expected)
    }

    /// The same for a change.
    pub fn patch(&self, path: &str, body: &Value, expected: u16) -> Result<String> {
        self.sent(reqwest::Method::PATCH, path, body, expected)
    }

    fn sent(&self, method: reqwest::Method, path: &str, body: &Value, expected: u16) -> Result<String> {
        let url = format!("{}{path}", self.base);
        let (status, answer) = self.runtime.block_on(async {
            let request = self.client.request(method.clone(), url).bearer_auth(&self.token);
            let answer = request
                .header("Content-Type", "application/json")
                .body(body.to_string())
                .send()
                .await?;
            anyhow::Ok((answer.status().as_u16(), answer.text().await?))
        })?;
        ensure!(
            status == expected,
            "{method} {path} answered {status} instead of {expected}: {answer}"
        );
        Ok(answer)
    }

    /// Sends bytes as they are.
    pub fn send(&self, path: &str, bytes: Vec<u8>) -> Result<(u16, String)> {
        self.runtime.block_on(async {
            let answer = self.bytes_to(path, bytes).send().await?;
            Ok((answer.status().as_u16(), answer.text().await?))
        })
    }

    /// Sends one piece of a file, from its first byte.
    pub fn piece(&self, path: &str, from: usize, piece: &[u8], total: usize) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.base);
        let range = format!("bytes {from}-{}/{total}", from + piece.len() - 1);
        self.runtime.block_on(async {
            let request = self.client.put(url).bearer_auth(&self.token);
            let request = request.header("Content-Range", range);
            let request = request.header("Content-Type", "application/octet-stream");
            let answer = request.body(piece.to_vec()).send().await?;
            let status = answer.status().as_u16();
            Ok((status, serde_json::from_str(&answer.text().await?)?))
        })
    }

    /// Sends all of these at once; what each was answered with, as the answers come.
    pub fn send_all(&self, path: &str, bodies: Vec<Vec<u8>>) -> Result<Vec<u16>> {
        self.runtime.block_on(async {
            let mut waiting = tokio::task::JoinSet::new();
            for body in bodies {
                waiting.spawn(self.bytes_to(path, body).send());
            }
            let mut answers = Vec::new();
            while let Some(answer) = waiting.join_next().await {
                answers.push(answer??.status().as_u16());
            }
            Ok(answers)
        })
    }

    fn bytes_to(&self, path: &str, bytes: Vec<u8>) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.base);
        let request = self.client.post(url).bearer_auth(&self.token);
        request.header("Content-Type", "application/octet-stream").body(bytes)
    }

    pub fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<(u16, String)> {
        let mut url = reqwest::Url::parse(&format!("{}{path}", self.base))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.runtime.block_on(async {
            let answer = self.client.get(url).bearer_auth(&self.token).send().await?;
            Ok((answer.status().as_u16(), answer.text().await?))
        })
    }

    /// A file as a browser would save it: status, Content-Disposition, bytes. The path begins with `/`.
    pub fn download(&self, path: &str) -> Result<(u16, String, Vec<u8>)> {
        let url = format!("{}{path}", self.base.trim_end_matches("/api/v1"));
        self.runtime.block_on(async {
            let answer = self.client.get(url).bearer_auth(&self.token).send().await?;
            let disposition = answer.headers().get("content-disposition");
            let disposition = disposition
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned();
            Ok((answer.status().as_u16(), disposition, answer.bytes().await?.to_vec()))
        })
    }

    pub fn search(&self, query: &str, limit: usize) -> Result<Value> {
        self.get("/search", &[("q", query), ("limit", &limit.to_string())])
    }
}

/// A bearer token of an administrator who may see everything.
fn token(archive: &TestArchive) -> Result<String> {
    archive.ok(&[
        "users",
        "add",
        "tester",
        "--roles",
        "administrator,archivist,viewer",
        "--clearance",
        "3",
    ])?;
    let made = archive.ok(&[
        "users",
        "token",
        "tester",
        "--label",
        "outside tests",
        "--scope",
        "write",
    ])?;
    let words = made.out.split_whitespace();
    words
        .max_by_key(|word| word.len())
        .map(str::to_owned)
        .context("`dossier users token` printed no token")
}
