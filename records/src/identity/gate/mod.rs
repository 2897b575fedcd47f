//! Signing in: the first administrator, one-time links, passwords, sessions and failures.
//!
//! Password hashing itself (argon2) belongs to `web`; this module stores and hands out the PHC string. It keeps
//! every secret only as SHA-256, so that a stolen database opens no session.

pub(crate) mod sql;

use super::{AccessLimits, Session};

/// Who the first administrator is, stated on the view that the one-time link opens.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    pub name: String,
    pub display_name: String,
}

/// A session that has just begun. The secret goes into the cookie and is never seen again.
#[derive(Clone)]
pub struct NewSession {
    pub secret: String,
    pub session: Session,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession")
            .field("secret", &"(hidden)")
            .field("session", &self.session)
            .finish()
    }
}

/// What a one-time link, still good, is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkPurpose {
    FirstAdministrator,
    SetPassword { name: String, display_name: String },
}

/// The password on record of an account that may sign in. A session is opened with it after `web` has verified it.
#[derive(Clone)]
pub struct StoredPassword {
    pub(crate) user_uid: i64,
    pub(crate) name: String,
    pub(crate) hash: String,
}

impl StoredPassword {
    /// PHC string as it was given (`$argon2id$...`).
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Name of the account as it is written there, not as it was typed.
    pub fn user_name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredPassword")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whose failures are counted together: those of an account name as typed, or of a network address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FailureSubject(String);

/// What somebody types is cut to this many characters before it is written down.
const SUBJECT_CHARACTERS_MAX: usize = 80;

impl FailureSubject {
    pub fn account(name: &str) -> Self {
        Self::new("account", name)
    }

    pub fn address(address: &str) -> Self {
        Self::new("address", address)
    }

    fn new(what: &str, text: &str) -> Self {
        let text: String = crate::fold::name(text).chars().take(SUBJECT_CHARACTERS_MAX).collect();
        Self(format!("{what}:{text}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Failures of a subject within the window, and how long it must wait from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    pub count: i64,
    /// Whole seconds, rounded up; 0 when it may try at once.
    pub wait_s: i64,
}

impl Failures {
    /// After `failures_before_delay` failures the wait is 1 s and doubles with each further one, up to
    /// `failure_delay_s_max`. It never locks the account: an attacker must not be able to lock out its owner.
    pub(crate) fn of(count: i64, since_last_us: i64, limits: &AccessLimits) -> Self {
        let beyond = count - limits.failures_before_delay;
        if beyond < 0 {
            return Self { count, wait_s: 0 };
        }
        let delay_s = 1_i64
            .checked_shl(u32::try_from(beyond.min(32)).unwrap_or(32))
            .unwrap_or(i64::MAX);
        let delay_us = delay_s.min(limits.failure_delay_s_max) * 1_000_000;
        let left_us = (delay_us - since_last_us).max(0);
        Self {
            count,
            wait_s: (left_us + 999_999) / 1_000_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_stops_growing() {
        let limits = AccessLimits {
            failures_before_delay: 3,
            failure_delay_s_max: 60,
            ..AccessLimits::default()
        };
        let check = |count, since_last_us, wait_s| {
            assert_eq!(Failures::of(count, since_last_us, &limits), Failures { count, wait_s });
        };
        check(0, 0, 0);
        check(2, 0, 0);
        check(3, 0, 1);
        check(4, 0, 2);
        check(5, 1_500_000, 3);
        check(9, 0, 60);
        check(1_000_000, 0, 60);
        check(9, 60_000_000, 0);
    }

    #[test]
    fn subjects_fold_and_are_cut() {
        assert_eq!(FailureSubject::account(" Ａdmin "), FailureSubject::account("admin"));
        assert_ne!(FailureSubject::account("::1"), FailureSubject::address("::1"));
        assert_eq!(
            FailureSubject::account(&"长".repeat(5000)).as_str().chars().count(),
            80 + "account:".len()
        );
    }
}
