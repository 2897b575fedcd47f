//! The second factor: codes of an authenticator (TOTP, RFC 6238) and recovery codes. What a code must be is computed by
//! `web`; here stands the secret, which step was used last, and which recovery codes are left.
//!
//! The secret is kept as it is, because codes are computed from it at each sign-in; recovery codes are kept as digests.

pub(crate) mod sql;

use super::Asker;
use crate::Moment;
use std::fmt;

/// Recovery codes that are made at once.
pub const RECOVERY_CODES: usize = 10;

/// How long somebody has between password and code.
pub(crate) const HALF_SESSION_S: i64 = 600;

/// What a session still waits for. Until then it opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    Nothing,
    /// A code of the authenticator, or a recovery code.
    Code,
    /// Setting up an authenticator, which a role of the account requires.
    Setup,
}

impl Awaits {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Awaits::Nothing => "",
            Awaits::Code => "code",
            Awaits::Setup => "setup",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        [Awaits::Nothing, Awaits::Code, Awaits::Setup]
            .into_iter()
            .find(|one| one.as_str() == code)
    }
}

/// Somebody whose password was right and whose second factor is not shown yet.
#[derive(Debug, Clone)]
pub struct HalfSession {
    /// Holds no role, and sees nothing; it may set up a second factor and nothing else.
    pub asker: Asker,
    pub awaits: Awaits,
}

/// What an authenticator and the program share.
#[derive(Clone)]
pub struct FactorSecret {
    /// Base32 (RFC 4648), as authenticators read it.
    pub base32: String,
    pub(crate) is_confirmed: bool,
}

impl fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FactorSecret").finish_non_exhaustive()
    }
}

/// A code that fits, as it is used up.
#[derive(Debug, Clone)]
pub enum FactorProof<'a> {
    /// The step of 30 seconds since 1970 whose code was shown.
    Step(i64),
    /// A recovery code as it was typed.
    Recovery(&'a str),
}

/// How it stands with the second factor of an account.
#[derive(Debug, Clone, Default)]
pub struct FactorState {
    /// `None` while there is none.
    pub since: Option<Moment>,
    pub recovery_codes_left: i64,
    /// A role of the account requires one.
    pub is_required: bool,
}

/// A recovery code without what people put between its digits.
pub(crate) fn recovery_code(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// `3f9a1c2b77d0e5a4` as it is shown: `3f9a-1c2b-77d0-e5a4`.
pub(crate) fn in_groups(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let shown = in_groups("3f9a1c2b77d0e5a4");
        assert_eq!(shown, "3f9a-1c2b-77d0-e5a4");
        assert_eq!(recovery_code(&shown), "3f9a1c2b77d0e5a4");
        assert_eq!(recovery_code(" 3F9A 1C2B 77D0-e5a4"), "3f9a1c2b77d0e5a4");
    }
}
