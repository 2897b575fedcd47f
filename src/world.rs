//! The world outside, read here and nowhere else: clock, randomness, the operating-system user, the log.

use anyhow::{Context, Result, bail};
use records::{Clock, Environment, Moment, Random};
use std::{
    fs,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Moment {
        let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_micros()).unwrap_or(i64::MAX),
        };
        Moment::from_micros(micros)
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no token may be made, and there is nothing to fall back to.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

pub fn environment() -> Environment {
    Environment {
        clock: Arc::new(WallClock),
        random: Arc::new(SystemRandom),
    }
}

/// Makes the data folder when it is missing and refuses it when it belongs to someone else. Returns the name under
/// which this user stands in the audit trail.
pub fn owned_data_folder(data: &Path) -> Result<String> {
    if !data.exists() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data)
            .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    }
    let owner = fs::metadata(data)
        .with_context(|| format!("the data folder {} cannot be read", data.display()))?
        .uid();
    let own = rustix::process::geteuid().as_raw();
    if owner != own {
        bail!(
            "the data folder {} belongs to {}; run this command as that user",
            data.display(),
            user_name(owner)
        );
    }
    Ok(user_name(own))
}

fn user_name(uid: u32) -> String {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    passwd
        .lines()
        .find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1)?.parse::<u32>().ok()? == uid).then(|| name.to_owned())
        })
        .unwrap_or_else(|| format!("uid{uid}"))
}

/// The log goes to standard error: text on a terminal, one JSON object a line otherwise.
pub fn start_log(filter: &str) {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.with_target(false).init();
    } else {
        builder.json().init();
    }
}

/// Ctrl-C or SIGTERM, from this call on: one that comes before the answer is waited for is not lost, also not when an
/// earlier listener has taken over the signal already.
pub fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    let listeners = [SignalKind::terminate(), SignalKind::interrupt()].map(|kind| signal(kind).ok());
    async fn one(listener: Option<Signal>) {
        match listener {
            Some(mut listener) => drop(listener.recv().await),
            None => std::future::pending().await,
        }
    }
    let [terminate, interrupt] = listeners.map(one);
    async move {
        tokio::select! {
            () = terminate => {}
            () = interrupt => {}
        }
    }
}
