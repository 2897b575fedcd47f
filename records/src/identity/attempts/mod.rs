//! Attempts to sign in: how many may fail before one has to wait. An attempt is counted before its password is looked
//! at, so that many at once are no more than as many one after another.
//!
//! Whoever has signed in from a browser before is counted by that browser alone: guesses made elsewhere can never make
//! the owner wait. From an unknown browser three counts hold: this name from this network, which is short; this
//! network, and this name from anywhere, which are long.

pub(crate) mod sql;

use super::AccessLimits;
use crate::Moment;

/// Where an attempt is made.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// At the door: from a network, perhaps with what a known browser shows.
    Door { network: &'a str, device: Option<&'a str> },
    /// In a session, by somebody who must show the password again.
    OwnSession,
    /// After the password: a code of the second factor. Counted by itself, so that a right password forgives no guess.
    Code,
}

/// Whether an attempt may be made now.
#[derive(Debug)]
pub enum AttemptTurn {
    Now(Attempt),
    /// Whole seconds, rounded up.
    Wait {
        seconds: i64,
    },
}

/// An attempt that is counted as failed until [`crate::Gate::attempt_succeeded`].
#[derive(Debug)]
pub struct Attempt {
    pub(crate) counted: Vec<CountedFailures>,
    pub(crate) at: Moment,
    /// What the trail says of it.
    pub(crate) told: Vec<FailureSubject>,
}

/// Whose failures are counted together, and after how many they wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountedFailures {
    pub subject: FailureSubject,
    pub failures_before_delay: i64,
    /// Whether a success ends the count.
    pub ends: bool,
}

/// The subject of a count, and the object of an event of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct FailureSubject(String);

/// What somebody types is cut to this many characters before it is written down.
const SUBJECT_CHARACTERS_MAX: usize = 80;

impl FailureSubject {
    pub fn account(name: &str) -> Self {
        Self::new("account", name)
    }

    pub fn network(network: &str) -> Self {
        Self::new("address", network)
    }

    fn new(what: &str, text: &str) -> Self {
        let text: String = crate::fold::name(text).chars().take(SUBJECT_CHARACTERS_MAX).collect();
        Self(format!("{what}:{text}"))
    }

    /// One name from one network, or in one browser; names hold no space.
    fn both(what: &str, name: &str, from: &str) -> Self {
        let Self(account) = Self::new(what, name);
        Self(format!("{account} {from}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is counted of an attempt on an account; `device` is the digest of a browser that is known.
pub(crate) fn counted(
    name: &str,
    source: Source<'_>,
    device: Option<&str>,
    limits: &AccessLimits,
) -> Vec<CountedFailures> {
    let few = |subject| CountedFailures {
        subject,
        failures_before_delay: limits.failures_before_delay,
        ends: true,
    };
    let many = |subject| CountedFailures {
        subject,
        failures_before_delay: limits.failures_before_delay_of_many,
        ends: false,
    };
    match (source, device) {
        (Source::Code, _) => vec![few(FailureSubject::both("code", name, "second factor"))],
        (Source::OwnSession, _) => vec![few(FailureSubject::both("own", name, "session"))],
        (Source::Door { .. }, Some(device)) => vec![few(FailureSubject::both("device", name, device))],
        (Source::Door { network, .. }, None) => vec![
            few(FailureSubject::both("from", name, network)),
            many(FailureSubject::network(network)),
            many(FailureSubject::account(name)),
        ],
    }
}

/// Seconds to wait after so many failures: none at first, then 1, doubled with each further one up to a bound, less
/// what has passed since the last. A clock that was set back lets nobody wait longer.
pub(crate) fn wait_s(failures: i64, before_delay: i64, since_last_us: i64, limits: &AccessLimits) -> i64 {
    let beyond = failures - before_delay;
    if beyond < 0 {
        return 0;
    }
    let delay_s = 1_i64
        .checked_shl(u32::try_from(beyond.min(32)).unwrap_or(32))
        .unwrap_or(i64::MAX);
    let delay_us = delay_s.min(limits.failure_delay_s_max) * 1_000_000;
    let left_us = (delay_us - since_last_us.max(0)).max(0);
    (left_us + 999_999) / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_stops_growing() {
        let limits = AccessLimits {
            failure_delay_s_max: 60,
            ..AccessLimits::default()
        };
        let check = |failures, since_last_us, expected| {
            assert_eq!(wait_s(failures, 3, since_last_us, &limits), expected, "{failures}");
        };
        check(0, 0, 0);
        check(2, 0, 0);
        check(3, 0, 1);
        check(4, 0, 2);
        check(5, 1_500_000, 3);
        check(9, 0, 60);
        check(1_000_000, 0, 60);
        check(9, 60_000_000, 0);
        check(9, -172_800_000_000, 60);
    }

    #[test]
    fn subjects_fold_and_are_cut() {
        assert_eq!(FailureSubject::account(" Ａdmin "), FailureSubject::account("admin"));
        assert_ne!(FailureSubject::account("::1"), FailureSubject::network("::1"));
        assert_eq!(
            FailureSubject::account(&"长".repeat(5000)).as_str().chars().count(),
            80 + "account:".len()
        );
    }
}
