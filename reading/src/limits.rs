//! Every number that bounds what comes from outside, in one place.
//!
//! Where a default was measured, its comment says so.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Bounds on a scan and on what is decoded from it. Sent to the decode worker with each scan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScanLimits {
    /// Bytes of a scan file.
    pub file_bytes_max: u64,
    /// Pages of a scan file.
    pub pages_max: u32,
    /// Pixels of one page bitmap. A0 at 200 dpi is 62 million.
    pub page_pixels_max: u64,
    /// Bytes of text taken from one page's text layer, as UTF-8.
    pub page_text_bytes_max: usize,
    /// Pages that may fail one after another before the rest of the scan is given up.
    pub failed_pages_in_a_row_max: u32,
    /// Resolution at which pages without an own raster are drawn for reading, in dots per inch.
    pub render_dpi: u32,
    /// Resolution in which born-digital pages have their coordinates, in dots per inch.
    pub born_digital_dpi: u32,
    /// Pixels along the longer side of an image made for a screen.
    pub view_side_max: u32,
    /// Files inside one delivered file, those inside them counted, that are taken out.
    pub inside_files_max: u32,
    /// Bytes of all of them together.
    pub inside_bytes_max: u64,
    /// How deep they may lie: a file inside a file that is inside the delivered one lies at 2.
    pub inside_depth_max: u32,
}

impl Default for ScanLimits {
    fn default() -> Self {
        ScanLimits {
            file_bytes_max: 500 * 1024 * 1024,
            pages_max: 5_000,
            page_pixels_max: 120_000_000,
            page_text_bytes_max: 2 * 1024 * 1024,
            failed_pages_in_a_row_max: 50,
            render_dpi: 300,
            born_digital_dpi: 200,
            view_side_max: 8_000,
            inside_files_max: 200,
            inside_bytes_max: 256 * 1024 * 1024,
            inside_depth_max: 3,
        }
    }
}

/// Bounds on a worker process: how long it may take, how much it may hold, when it is replaced.
/// Times are processor time of the worker, so that a busy machine takes none of it away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorkerLimits {
    /// From start to READY. Loading the models takes 0.3 s of processor time.
    pub start_time: Duration,
    /// To open a scan.
    pub open_time: Duration,
    /// For one page of up to [`PAGE_PIXELS_USUAL`]; a larger one is read in tiles and gets as much more.
    pub page_time: Duration,
    /// For all pages of one scan together.
    pub document_time: Duration,
    /// How many times the time that it may use a worker is waited for by the clock.
    pub waits_max: u32,
    /// Resident bytes at which a worker is killed while it works.
    pub resident_bytes_max: u64,
    /// Bytes of private memory the worker allows itself (RLIMIT_DATA).
    pub data_bytes_max: u64,
    /// How often the resident size is checked while a request runs.
    pub watch_interval: Duration,
    /// Requests after which a worker is replaced by a fresh one.
    pub recycle_after_requests: u32,
    /// Resident bytes after which an idle worker is replaced by a fresh one.
    pub recycle_resident_bytes: u64,
    /// Bytes of one message.
    pub message_bytes_max: u32,
}

impl WorkerLimits {
    /// For a decode worker. A hostile file may use up time or memory, so both are bounded.
    pub fn decode() -> WorkerLimits {
        WorkerLimits {
            start_time: Duration::from_secs(60),
            open_time: Duration::from_secs(10),
            page_time: Duration::from_secs(20),
            document_time: Duration::from_secs(600),
            waits_max: 10,
            // A page of 120 million pixels in four inks takes 840 MiB while it is decoded.
            resident_bytes_max: 900 * 1024 * 1024,
            data_bytes_max: 3 * 1024 * 1024 * 1024,
            // What a hostile page takes more within this time comes on top.
            watch_interval: Duration::from_millis(20),
            recycle_after_requests: 2_000,
            recycle_resident_bytes: 700 * 1024 * 1024,
            message_bytes_max: 16 * 1024 * 1024,
        }
    }

    /// For a worker that reads one table and ends, with so much memory.
    pub fn table(resident_bytes_max: u64) -> WorkerLimits {
        WorkerLimits {
            document_time: Duration::from_secs(20),
            resident_bytes_max,
            data_bytes_max: resident_bytes_max / 4 * 5,
            watch_interval: Duration::from_millis(20),
            message_bytes_max: 64 * 1024,
            ..WorkerLimits::decode()
        }
    }

    /// For a read worker. A page takes about 1 s.
    pub fn read() -> WorkerLimits {
        WorkerLimits {
            page_time: Duration::from_secs(120),
            document_time: Duration::from_secs(3_600),
            resident_bytes_max: 1024 * 1024 * 1024,
            watch_interval: Duration::from_millis(50),
            ..WorkerLimits::decode()
        }
    }
}

/// Pixels of an A4 sheet at 300 dpi (8.7 million), rounded up.
pub const PAGE_PIXELS_USUAL: u64 = 9_000_000;

impl WorkerLimits {
    /// The time that a page of this many pixels may take: an A1 drawing at 300 dpi has eight times those of a letter.
    pub fn page_time_for(&self, pixels: u64) -> Duration {
        let times = pixels.div_ceil(PAGE_PIXELS_USUAL).max(1);
        self.page_time.saturating_mul(u32::try_from(times).unwrap_or(u32::MAX))
    }
}

/// Bounds on the pool as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoolLimits {
    pub scan: ScanLimits,
    pub decode: WorkerLimits,
    pub read: WorkerLimits,
    /// Worker deaths within `death_window` from which on each further start waits.
    pub deaths_max: usize,
    pub death_window: Duration,
    /// The first wait; it doubles with each further death, up to 64 times this.
    pub restart_delay: Duration,
    /// Fresh workers that one scan may kill while it is opened before it is given up.
    pub kills_per_scan_max: u32,
}

impl Default for PoolLimits {
    fn default() -> Self {
        PoolLimits {
            scan: ScanLimits::default(),
            decode: WorkerLimits::decode(),
            read: WorkerLimits::read(),
            deaths_max: 5,
            death_window: Duration::from_secs(60),
            restart_delay: Duration::from_millis(100),
            kills_per_scan_max: 2,
        }
    }
}
