//! Worker processes: this program started again in a sandbox, given files, and killed when needed.
//!
//! `main_decode` and `main_read` are the whole life of a worker; `Pool` is the parent's side. No
//! path crosses the process boundary: scans go in as read-only file descriptors, bitmaps come out as sealed
//! memory files, everything else as bounded messages (`wire`).

mod crew;
mod messages;
mod once;
mod open_scan;
mod pictures;
mod pool;
mod process;
mod sandbox;
mod serve;
mod spawn;
mod wire;

pub use once::{WorkError, main_once, run_once};
pub use open_scan::{FileTakenOut, OpenScan, ScanPage};
pub use pictures::PagePicture;
pub use pool::{Pool, PoolConfig, PoolStatus};
pub use process::WorkerCommand;
pub use serve::{main_decode, main_read};
