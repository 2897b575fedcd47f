//! Clocks, memory and the page cache, and what is made of many measurements.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{Advice, fadvise};
use rustix::time::{ClockId, clock_gettime};

/// Wall clock and processor time from one moment on.
pub struct Clock {
    wall: Instant,
    process: Duration,
    thread: Duration,
}

/// What passed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Passed {
    pub wall: Duration,
    /// Processor time of all threads.
    pub process: Duration,
    /// Processor time of this thread.
    pub thread: Duration,
}

impl Clock {
    pub fn start() -> Self {
        Clock {
            wall: Instant::now(),
            process: cpu(ClockId::ProcessCPUTime),
            thread: cpu(ClockId::ThreadCPUTime),
        }
    }

    pub fn passed(&self) -> Passed {
        Passed {
            wall: self.wall.elapsed(),
            process: cpu(ClockId::ProcessCPUTime).saturating_sub(self.process),
            thread: cpu(ClockId::ThreadCPUTime).saturating_sub(self.thread),
        }
    }
}

fn cpu(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Many measurements of the same thing, in milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Spread(Vec<f64>);

impl Spread {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1e3);
    }

    pub fn extend(&mut self, other: &Spread) {
        self.0.extend_from_slice(&other.0);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// Nearest rank; 1.0 is the largest.
    pub fn quantile(&self, share: f64) -> f64 {
        quantile(&self.0, share)
    }

    /// `p50 / p99 / max`
    pub fn line(&self) -> String {
        if self.0.is_empty() {
            return "-".to_owned();
        }
        format!(
            "{:.2} / {:.2} / {:.2}",
            self.quantile(0.5),
            self.quantile(0.99),
            self.quantile(1.0)
        )
    }
}

pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.clamp(1, sorted.len().max(1)) - 1)
        .copied()
        .unwrap_or(0.0)
}

/// Memory of this process from `/proc`, in bytes: its own, and all with mapped files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    pub own: u64,
    pub resident: u64,
}

impl Memory {
    pub fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
            number.unwrap_or(0) << 10
        };
        Memory {
            own: field("RssAnon:"),
            resident: field("VmRSS:"),
        }
    }

    pub fn keep_larger(&mut self, other: Memory) {
        self.own = self.own.max(other.own);
        self.resident = self.resident.max(other.resident);
    }
}

/// Takes every file of a folder out of the page cache. Nothing of them may be mapped.
pub fn evict(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            evict(&path)?;
        } else {
            let file = File::open(&path)?;
            file.sync_all()?;
            fadvise(&file, 0, None, Advice::DontNeed)?;
        }
    }
    Ok(())
}

/// Bytes of all files below, by the ending of their name.
pub fn sizes(folder: &Path) -> io::Result<Vec<(String, u64)>> {
    let mut sums: Vec<(String, u64)> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let end = path.extension().map_or("", |end| end.to_str().unwrap_or("")).to_owned();
            let length = entry.metadata()?.len();
            match sums.iter_mut().find(|(known, _)| *known == end) {
                Some((_, sum)) => *sum += length,
                None => sums.push((end, length)),
            }
        }
    }
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    Ok(sums)
}
