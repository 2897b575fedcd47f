//! A clock that stands still until the test moves it, and random numbers that are the same in every run.

use records::{Clock, Environment, Moment, Random};
use sha2::{Digest, Sha256};
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

/// 2026-03-01T00:00:00Z
pub const BEGINNING: Moment = Moment::from_micros(1_772_323_200_000_000);

pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(moment: Moment) -> Self {
        Self(AtomicI64::new(moment.micros()))
    }

    /// Moves the clock forward; a negative number moves it back.
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub fn set(&self, moment: Moment) {
        self.0.store(moment.micros(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// The same numbers in every run, different ones at every call.
pub struct TestRandom(AtomicU64);

impl TestRandom {
    pub fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let digest = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

/// Distance between the seeds of two archives of one program, so that they never share an id.
const NUMBERS_PER_ARCHIVE: u64 = 1 << 32;

static ARCHIVES: AtomicU64 = AtomicU64::new(0);

/// A clock at `moment` and randomness that no other archive of this program shares.
pub fn environment(moment: Moment) -> (Environment, Arc<TestClock>) {
    let clock = Arc::new(TestClock::at(moment));
    let seed = ARCHIVES.fetch_add(1, Ordering::SeqCst) * NUMBERS_PER_ARCHIVE + 1;
    let environment = Environment {
        clock: clock.clone(),
        random: Arc::new(TestRandom::seeded(seed)),
    };
    (environment, clock)
}
