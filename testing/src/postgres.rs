//! A temporary PostgreSQL cluster: made, started on a socket in a folder of its own, stopped by its process, removed.

use std::{
    io::{BufRead, BufReader},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::channel,
    },
    time::Duration,
};

pub struct Cluster {
    kind: Kind,
    psql: PathBuf,
    made: AtomicU64,
}

enum Kind {
    /// Ours, in a folder of its own.
    Temporary {
        server: Child,
        folder: tempfile::TempDir,
        postgres: PathBuf,
        /// Who it runs as.
        user: Option<(u32, u32)>,
    },
    /// Somebody else's; each of our databases is dropped again.
    Given { url: String },
}

/// How long a server may take to start and to stop.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where PostgreSQL's programs lie when they are not on the path.
const PLACES: [&str; 2] = ["/usr/lib/postgresql", "/usr/pgsql"];

/// What a test's server is started with: no TCP, nothing synced, since nobody pulls its plug.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=200",
    "log_min_messages=log",
    "logging_collector=off",
];

impl Cluster {
    /// Starts a cluster; `given` is the address of a server that is used instead, where there is one.
    ///
    /// # Errors
    /// What is missing on this machine, as a sentence.
    pub fn start(given: Option<String>) -> Result<Self, String> {
        let psql = program("psql")?;
        if let Some(url) = given {
            return Ok(Self {
                kind: Kind::Given { url },
                psql,
                made: AtomicU64::new(0),
            });
        }
        let (initdb, postgres) = (program("initdb")?, program("postgres")?);
        let folder = tempfile::Builder::new()
            .prefix("dossier-pg-")
            .tempdir()
            .map_err(|cause| cause.to_string())?;
        let data = folder.path().join("data");
        // PostgreSQL refuses to run as root, so there it runs as the user that its package made.
        let user = if rustix::process::geteuid().is_root() {
            Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?))
        } else {
            None
        };
        if let Some((user, group)) = user {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group)).map_err(|cause| cause.to_string())?;
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700))
            .map_err(|cause| cause.to_string())?;
        make(as_user(&initdb, user), &data)?;
        let (server, log) = run(as_user(&postgres, user), &data, folder.path())?;
        let cluster = Self {
            kind: Kind::Temporary {
                server,
                folder,
                postgres,
                user,
            },
            psql,
            made: AtomicU64::new(0),
        };
        wait_until_ready(log)?;
        Ok(cluster)
    }

    /// Ends the server at once, as a crash does, with everything that was open.
    ///
    /// # Errors
    /// When it is not ours.
    pub fn crash(&mut self) -> Result<(), String> {
        let Kind::Temporary { server, .. } = &mut self.kind else {
            return Err("a server that is given is not crashed".to_owned());
        };
        let pid = rustix::process::Pid::from_child(server);
        rustix::process::kill_process(pid, rustix::process::Signal::QUIT).map_err(|cause| cause.to_string())?;
        server.wait().map(drop).map_err(|cause| cause.to_string())
    }

    /// Starts it again after [`Self::crash`].
    ///
    /// # Errors
    /// When it does not start.
    pub fn again(&mut self) -> Result<(), String> {
        let Kind::Temporary {
            server,
            folder,
            postgres,
            user,
        } = &mut self.kind
        else {
            return Err("a server that is given is not started".to_owned());
        };
        let (started, log) = run(as_user(postgres, *user), &folder.path().join("data"), folder.path())?;
        *server = started;
        wait_until_ready(log)
    }

    /// An empty database; answers its URL.
    pub fn new_database(&self) -> Result<String, String> {
        let name = format!(
            "dossier_test_{}_{}",
            std::process::id(),
            self.made.fetch_add(1, Ordering::SeqCst)
        );
        self.say(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))?;
        Ok(match &self.kind {
            Kind::Temporary { folder, .. } => {
                format!(
                    "postgres://dossier@localhost/{name}?host={}",
                    folder.path().display().to_string().replace('/', "%2F")
                )
            }
            Kind::Given { url } => {
                let (server, options) = url.split_once('?').unwrap_or((url, ""));
                let slash = server
                    .rfind('/')
                    .filter(|at| *at > server.find("//").map_or(0, |at| at + 1));
                let options = if options.is_empty() {
                    String::new()
                } else {
                    format!("?{options}")
                };
                format!("{}/{name}{options}", &server[..slash.unwrap_or(server.len())])
            }
        })
    }

    /// Runs a file of SQL, such as a dump, in the database at `url` (one of [`Self::new_database`]).
    pub fn run_file(&self, url: &str, file: &Path) -> Result<(), String> {
        let mut command = Command::new(&self.psql);
        command.args(["-d", url, "-f"]).arg(file);
        done(command)
    }

    fn say(&self, statement: &str) -> Result<(), String> {
        let mut command = Command::new(&self.psql);
        match &self.kind {
            Kind::Temporary { folder, .. } => command
                .arg("-h")
                .arg(folder.path())
                .args(["-U", "dossier", "-d", "postgres"]),
            Kind::Given { url } => command.args(["-d", url]),
        };
        command.args(["-c", statement]);
        done(command)
    }
}

/// Runs psql so that the first error ends it.
fn done(mut psql: Command) -> Result<(), String> {
    let said = psql
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1"])
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| format!("psql: {cause}"))?;
    if said.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&said.stderr).into_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let made = self.made.load(Ordering::SeqCst);
        if matches!(self.kind, Kind::Given { .. }) {
            for at in 0..made {
                let dropped = self.say(&format!(
                    "DROP DATABASE IF EXISTS dossier_test_{}_{at} WITH (FORCE)",
                    std::process::id()
                ));
                if let Err(cause) = dropped {
                    eprintln!("a test database stays behind: {cause}");
                }
            }
        }
        if let Kind::Temporary { server, .. } = &mut self.kind {
            // SIGINT is PostgreSQL's fast stop; its folder goes away after it.
            let pid = rustix::process::Pid::from_child(server);
            let is_stopping = rustix::process::kill_process(pid, rustix::process::Signal::INT).is_ok();
            if !(is_stopping && ends_in_time(pid)) {
                let _ = server.kill();
            }
            let _ = server.wait();
        }
    }
}

/// Whether a process ends within the time that it may take.
fn ends_in_time(process: rustix::process::Pid) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let Ok(end) = rustix::process::pidfd_open(process, rustix::process::PidfdFlags::empty()) else {
        return false;
    };
    let most = Timespec {
        tv_sec: i64::try_from(PATIENCE.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: 0,
    };
    poll(&mut [PollFd::new(&end, PollFlags::IN)], Some(&most)).is_ok_and(|ended| ended > 0)
}

fn as_user(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    if let Some((user, group)) = user {
        command.uid(user).gid(group);
    }
    command
}

fn make(mut initdb: Command, data: &Path) -> Result<(), String> {
    let made = initdb
        .args(["-U", "dossier", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"])
        .arg(data)
        .output()
        .map_err(|cause| format!("initdb: {cause}"))?;
    if made.status.success() {
        Ok(())
    } else {
        Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr)))
    }
}

fn run(mut postgres: Command, data: &Path, sockets: &Path) -> Result<(Child, std::process::ChildStderr), String> {
    postgres.arg("-D").arg(data).arg("-k").arg(sockets);
    for setting in SETTINGS {
        postgres.args(["-c", setting]);
    }
    let mut server = postgres
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|cause| format!("postgres: {cause}"))?;
    let log = server.stderr.take().expect("its stderr was asked for above");
    Ok((server, log))
}

/// Reads the log until the server says that it takes connections, then goes on reading so that it never blocks.
fn wait_until_ready(log: std::process::ChildStderr) -> Result<(), String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            // Nobody listens any more once it is ready.
            let _ = sender.send(line);
        }
    });
    let mut seen = Vec::new();
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        if line.contains("ready to accept connections") {
            return Ok(());
        }
        seen.push(line);
    }
    Err(format!("postgres did not start: {}", seen.join(" | ")))
}

/// In the folders of packages first, newest version first, then on the path: a wrapper on the path may hide initdb.
fn program(name: &str) -> Result<PathBuf, String> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for place in PLACES {
        let mut versions: Vec<_> = std::fs::read_dir(place)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin"))
            .collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    folders
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .or_else(|| on_path(name))
        .ok_or_else(|| format!("there is no program `{name}`; install it with `apt-get install postgresql`"))
}

fn on_path(name: &str) -> Option<PathBuf> {
    let said = Command::new("sh")
        .args(["-c", "command -v -- \"$0\"", name])
        .output()
        .ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim().to_owned());
    path.is_file().then(|| path.canonicalize().unwrap_or(path))
}

fn id(arguments: &[&str]) -> Result<u32, String> {
    let said = Command::new("id")
        .args(arguments)
        .output()
        .map_err(|cause| format!("id: {cause}"))?;
    String::from_utf8_lossy(&said.stdout).trim().parse().map_err(|_| {
        format!(
            "`id {}` names no user: PostgreSQL cannot run as root here",
            arguments.join(" ")
        )
    })
}
