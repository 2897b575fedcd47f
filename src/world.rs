//! The world outside, read here and nowhere else: clock, randomness, the operating-system user, the log.

use crate::language::said;
use crate::problem::{misused, refused};
use anyhow::{Context, Result};
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
        clock: clock(),
        random: Arc::new(SystemRandom),
    }
}

/// The same, some days ago: for the sample archive, in which something was lent then.
pub fn days_ago(days: i64) -> Environment {
    Environment {
        clock: Arc::new(DaysAgo(days)),
        random: Arc::new(SystemRandom),
    }
}

struct DaysAgo(i64);

impl Clock for DaysAgo {
    fn now(&self) -> Moment {
        const DAY_S: i64 = 24 * 60 * 60;
        clock().now().plus_seconds(-self.0 * DAY_S)
    }
}

#[cfg(not(feature = "test-clock"))]
fn clock() -> Arc<dyn Clock> {
    Arc::new(WallClock)
}

/// The clock of the file that was named, else the wall clock.
#[cfg(feature = "test-clock")]
fn clock() -> Arc<dyn Clock> {
    match crate::file_clock::named() {
        Some(clock) => clock,
        None => Arc::new(WallClock),
    }
}

/// Makes the data folder when it is missing; its owner.
pub fn owned_data_folder(data: &Path) -> Result<String> {
    if !data.exists() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data)
            .with_context(|| {
                let data = data.display();
                said!(
                    "the data folder {data} cannot be made; name another with --data",
                    "数据文件夹 {data} 建不了；请用 --data 换一个"
                )
            })?;
    }
    owner_of(data)
}

/// Every look at a document is written into the trail, so an archive that cannot be written cannot be read either.
fn may_be_written(data: &Path) -> Result<()> {
    use rustix::fs::{Access, access};
    let Err(cause) = access(data, Access::WRITE_OK) else {
        return Ok(());
    };
    let data = data.display();
    Err(refused(
        "data_folder_read_only",
        said!(
            "the data folder {data} is read-only ({cause}), and who looks at what is written into the archive",
            "数据文件夹 {data} 是只读的（{cause}），而谁看了什么要写进档案室"
        ),
        said!(
            "make it writable; of a snapshot or a mounted backup take a copy to a folder that can be written, and name that with --data",
            "请让它可写；快照或挂载的备份，请复制到可写的文件夹，再用 --data 指定"
        ),
    ))
}

/// The name under which this user stands in the audit trail. A data folder of somebody else is refused.
pub fn owner_of(data: &Path) -> Result<String> {
    let facts = fs::metadata(data).with_context(|| {
        let data = data.display();
        said!("the data folder {data} cannot be read", "数据文件夹 {data} 读不了")
    })?;
    if !facts.is_dir() {
        let data = data.display();
        return Err(refused(
            "not_a_folder",
            said!("{data} is a file", "{data} 是一个文件"),
            said!(
                "name the folder of an archive with --data",
                "请用 --data 指定档案室的文件夹"
            ),
        ));
    }
    let (owner, own) = (facts.uid(), rustix::process::geteuid().as_raw());
    if owner != own {
        let (data, owner) = (data.display(), user_name(owner));
        return Err(refused(
            "other_owner",
            said!(
                "the data folder {data} belongs to {owner}",
                "数据文件夹 {data} 属于用户 {owner}"
            ),
            said!("run this command as that user", "请以该用户运行此命令"),
        ));
    }
    may_be_written(data)?;
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
///
/// # Errors
/// When the filter is not one.
pub fn start_log(filter: &str) -> Result<()> {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::builder().parse(filter).map_err(|cause| {
        misused(
            said!(
                "`{filter}` does not say what to log: {cause}",
                "“{filter}”不是日志过滤式"
            ),
            said!(
                "write a level (error, warn, info, debug) or rooms with levels, such as `ingest=debug,warn`",
                "请写级别（error、warn、info、debug），或分模块写，如 `ingest=debug,warn`"
            ),
        )
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.with_target(false).init();
    } else {
        builder.json().init();
    }
    Ok(())
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

/// The mode of a file that others than its owner may read or write; `None` when it is the owner's alone.
pub fn open_to_others(path: &std::path::Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}
