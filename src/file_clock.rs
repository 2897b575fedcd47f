//! A clock that somebody else sets, so that what depends on days can be tried. No part of a usual build.

use crate::{language::said, problem::misused};
use anyhow::{Context, Result};
use records::{Clock, Moment, history::instant};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, Ordering},
};

/// Tells the instant that stands in a file, read each time it is asked.
pub struct FileClock {
    file: PathBuf,
    /// What was read last: the file may be between two instants.
    last: AtomicI64,
}

impl FileClock {
    /// # Errors
    /// When no instant stands in the file.
    pub fn open(file: &Path) -> Result<Self> {
        let shown = file.display();
        let text = fs::read_to_string(file)
            .with_context(|| said!("the clock file {shown} cannot be read", "时钟文件 {shown} 读不了"))?;
        let at = instant(text.trim()).ok_or_else(|| {
            misused(
                said!("no instant stands in {shown}", "{shown} 中没有时刻"),
                said!(
                    "write one into it, such as 2026-03-02T09:00:00+08:00",
                    "请写入一个时刻，如 2026-03-02T09:00:00+08:00"
                ),
            )
        })?;
        Ok(Self {
            file: file.to_owned(),
            last: AtomicI64::new(at.micros()),
        })
    }
}

impl Clock for FileClock {
    fn now(&self) -> Moment {
        let read = fs::read_to_string(&self.file).ok();
        if let Some(at) = read.and_then(|text| instant(text.trim())) {
            self.last.store(at.micros(), Ordering::SeqCst);
        }
        Moment::from_micros(self.last.load(Ordering::SeqCst))
    }
}

#[cfg(feature = "test-clock")]
static NAMED: std::sync::OnceLock<std::sync::Arc<FileClock>> = std::sync::OnceLock::new();

/// From now on the clock of the program.
///
/// # Errors
/// When no instant stands in the file.
#[cfg(feature = "test-clock")]
pub fn take(file: &Path) -> Result<()> {
    let clock = FileClock::open(file)?;
    NAMED.get_or_init(|| std::sync::Arc::new(clock));
    Ok(())
}

#[cfg(feature = "test-clock")]
pub fn named() -> Option<std::sync::Arc<FileClock>> {
    NAMED.get().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_tells_what_stands_in_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("clock");
        assert!(FileClock::open(&file).is_err(), "there is no file");
        fs::write(&file, "soon").expect("written");
        assert!(FileClock::open(&file).is_err(), "no instant stands in it");
        fs::write(&file, "2026-03-02T09:00:00+08:00\n").expect("written");
        let clock = FileClock::open(&file).expect("an instant");
        assert_eq!(clock.now().rfc3339(), "2026-03-02T01:00:00Z");
        fs::write(&file, "2026-03-06T00:00:00Z").expect("written");
        assert_eq!(clock.now().rfc3339(), "2026-03-06T00:00:00Z");
        fs::write(&file, "").expect("written");
        assert_eq!(clock.now().rfc3339(), "2026-03-06T00:00:00Z", "between two instants");
    }
}
