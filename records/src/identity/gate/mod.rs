//! Signing in: the first administrator, one-time links, passwords and sessions.
//!
//! Password hashing itself (argon2) belongs to `web`; this module stores and hands out the PHC string. It keeps
//! every secret only as SHA-256, so that a stolen database opens no session.

mod sessions_sql;
pub(crate) mod sql;

pub use sessions_sql::session_id;

use super::{Session, factor::Awaits};
use crate::Moment;

/// Who the first administrator is, stated on the view that the one-time link opens.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    pub name: String,
    pub display_name: String,
}

/// A session that is open, as its owner and administrators see it.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// Names it in a list; it opens nothing.
    pub id: String,
    pub began_at: Moment,
    pub seen_at: Moment,
    pub expires_at: Moment,
    /// Empty for one that was opened by an older version.
    pub network: String,
    pub browser: String,
}

/// A session that has just begun. The secret goes into the cookie and is never seen again.
#[derive(Clone)]
pub struct NewSession {
    pub secret: String,
    pub session: Session,
    /// Until that is shown, the session opens nothing.
    pub awaits: Awaits,
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
