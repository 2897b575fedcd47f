//! Who serves a data folder: the server holds its lock and writes into it where it listens.

use crate::language::said;
use crate::problem::refused;
use anyhow::{Context, Result};
use std::{
    fs::File,
    io::{Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Where an archive is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    pub address: SocketAddr,
    /// By the server itself, or by a proxy in front of it.
    pub is_encrypted: bool,
}

/// The lock of a data folder, held until it is dropped.
pub struct DataLock {
    file: File,
    path: PathBuf,
}

impl DataLock {
    /// Holds the data folder for this server; a second one is refused.
    pub fn take(data: &Path) -> Result<Self> {
        let path = lock_of(data);
        let file = File::create(&path).with_context(|| said!("{} cannot be written", "{} 写不了", path.display()))?;
        if rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err() {
            let data = data.display();
            return Err(refused(
                "served_already",
                said!(
                    "{data} is served already by another process",
                    "{data} 已由另一个进程提供服务"
                ),
                said!(
                    "stop that one first, or choose another --data",
                    "请先停止它，或用 --data 换一个文件夹"
                ),
            ));
        }
        Ok(Self { file, path })
    }

    /// Whoever makes a link for a person is told where the archive is served, and whether over HTTPS.
    pub fn say_address(&mut self, served: Served) -> Result<()> {
        let scheme = if served.is_encrypted { "https" } else { "http" };
        writeln!(self.file, "{} {scheme}", served.address)
            .with_context(|| said!("{} cannot be written", "{} 写不了", self.path.display()))
    }
}

/// Whether a server holds the data folder.
pub fn is_served(data: &Path) -> Result<bool> {
    let path = lock_of(data);
    let lock = match File::open(&path) {
        Ok(lock) => lock,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| said!("{} cannot be read", "{} 读不了", path.display())),
    };
    Ok(rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockShared).is_err())
}

/// Where a server that holds the data folder listens.
pub fn served_at(data: &Path) -> Result<Option<Served>> {
    if !is_served(data)? {
        return Ok(None);
    }
    let path = lock_of(data);
    let mut text = String::new();
    File::open(&path)
        .and_then(|lock| lock.take(256).read_to_string(&mut text))
        .with_context(|| said!("{} cannot be read", "{} 读不了", path.display()))?;
    let (address, scheme) = text.trim().split_once(' ').unwrap_or((text.trim(), "http"));
    Ok(address.parse().ok().map(|address| Served {
        address,
        is_encrypted: scheme == "https",
    }))
}

fn lock_of(data: &Path) -> PathBuf {
    data.join("LOCK")
}
