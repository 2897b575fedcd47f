//! A temporary PostgreSQL cluster for the tests: made once, on loopback, on a free port, stopped by its process at the end.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

use crate::skip;

static CLUSTER: Mutex<Option<Result<Cluster, String>>> = Mutex::new(None);
static DATABASES: AtomicU32 = AtomicU32::new(0);

struct Cluster {
    server: Child,
    port: u16,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
    /// Removed after the server has stopped.
    _folder: TempDir,
}

/// The address of a new, empty database. Skips where PostgreSQL is not installed.
pub fn new_database() -> Result<String> {
    let mut slot = CLUSTER.lock().expect("no test panics while it holds the cluster");
    if slot.is_none() {
        let Some(programs) = programs() else {
            return skip("PostgreSQL is missing; install it with `apt-get install postgresql`");
        };
        *slot = Some(Cluster::start(programs).map_err(|e| format!("{e:#}")));
    }
    match slot.as_ref() {
        Some(Ok(cluster)) => cluster.new_database(),
        Some(Err(why)) => bail!("the temporary PostgreSQL cluster does not start: {why}"),
        None => bail!("the cluster was neither started nor refused"),
    }
}

/// Stops the cluster, if one was started. Statics are not dropped, so main calls this.
pub fn stop() {
    if let Some(Ok(mut cluster)) = CLUSTER.lock().ok().and_then(|mut slot| slot.take()) {
        // SIGINT is PostgreSQL's fast shutdown.
        let pid = rustix::process::Pid::from_child(&cluster.server);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
        let _ = cluster.server.wait();
    }
}

/// The folder of initdb and postgres: PATH, then Debian's place (newest first), then /usr/local/bin.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"))
        .collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    folders.push("/usr/local/bin".into());
    // A link in PATH leads to the folder in which all the programs lie.
    let mut whole = folders
        .into_iter()
        .filter_map(|folder| folder.join("initdb").canonicalize().ok()?.parent().map(PathBuf::from));
    whole.find(|f| ["postgres", "createdb"].iter().all(|p| f.join(p).exists()))
}

/// PostgreSQL refuses to run as root; root hands it to the user postgres, or to nobody.
fn owner() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    for wanted in ["postgres", "nobody"] {
        for line in users.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            if fields.len() > 3 && fields[0] == wanted {
                return Ok(Some((fields[2].parse()?, fields[3].parse()?)));
            }
        }
    }
    skip("PostgreSQL does not run as root and there is no user postgres or nobody to run it")
}

impl Cluster {
    fn start(programs: PathBuf) -> Result<Self> {
        let owner = owner()?;
        let folder = tempfile::Builder::new().prefix("dossier-postgres-").tempdir()?;
        if let Some((uid, gid)) = owner {
            std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid))?;
        }
        let data = folder.path().join("data");
        let made = run_as(
            owner,
            Command::new(programs.join("initdb"))
                .args([
                    "--auth=trust",
                    "--username=dossier",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-sync",
                    "-D",
                ])
                .arg(&data)
                .current_dir(folder.path()),
        )
        .output()?;
        ensure!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let port = free_port()?;
        let mut server = run_as(
            owner,
            Command::new(programs.join("postgres"))
                .arg("-D")
                .arg(&data)
                .args([
                    "-p",
                    &port.to_string(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                ])
                .current_dir(folder.path()),
        )
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
        let mut log = BufReader::new(server.stderr.take().context("the log of the server was piped")?).lines();
        let mut said = Vec::new();
        loop {
            match log.next() {
                Some(line) => {
                    let line = line?;
                    let ready = line.contains("ready to accept connections");
                    said.push(line);
                    if ready {
                        break;
                    }
                }
                None => bail!("postgres ended before it was ready:\n{}", said.join("\n")),
            }
        }
        // The pipe is emptied for as long as the server lives, or it would stop when the pipe is full.
        std::thread::spawn(move || log.for_each(drop));
        Ok(Self {
            server,
            port,
            programs,
            owner,
            _folder: folder,
        })
    }

    fn new_database(&self) -> Result<String> {
        let name = format!("dossier_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let made = run_as(
            self.owner,
            Command::new(self.programs.join("createdb"))
                .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "dossier", &name])
                .current_dir("/"),
        )
        .output()?;
        ensure!(
            made.status.success(),
            "createdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        Ok(format!("postgres://dossier@127.0.0.1:{}/{name}", self.port))
    }
}

fn run_as(owner: Option<(u32, u32)>, command: &mut Command) -> &mut Command {
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
    command.stdin(Stdio::null())
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
