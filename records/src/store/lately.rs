//! What was done lately, by a key, in this process: so that the same reading is one event, and so that look-ups can be
//! bounded. Forgotten when the program ends.

use crate::Moment;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// More keys than these are looked through for old ones.
const KEYS_MAX: usize = 20_000;

#[derive(Default)]
pub(crate) struct Lately(Mutex<HashMap<String, Vec<Moment>>>);

impl Lately {
    /// How often it was done since then.
    pub fn since(&self, key: &str, then: Moment) -> usize {
        let done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_key = done.get(key).map_or(&[][..], Vec::as_slice);
        of_key.iter().filter(|at| **at > then).count()
    }

    /// Notes that it was done now; what was done before `then` is forgotten.
    pub fn note(&self, key: String, now: Moment, then: Moment) {
        let mut done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_key = done.entry(key).or_default();
        of_key.retain(|at| *at > then);
        of_key.push(now);
        if done.len() > KEYS_MAX {
            done.retain(|_, moments| moments.iter().any(|at| *at > then));
        }
    }
}
