//! Who is asking: users, roles, clearance, and what follows from them for every read.
//!
//! An [`Asker`] can only be made by the [`Gate`](crate::Gate). What an asker may see is decided in one place, [`Sight`], and
//! both SQL and full text apply the same sight, so that counts and suggestions say nothing about the rest.

pub mod attempts;
pub mod factor;
pub mod gate;
pub mod oidc;
mod links {
    mod sql;
}
pub(crate) mod sql;
mod tokens;
pub(crate) mod users;

pub use crate::store::AccessLimits;
pub use vocabulary::{Role, Scope, SecurityLevel};

use crate::{Error, Moment, Result, ids::UserId};
use std::fmt;

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u8);

impl Roles {
    pub const ALL: Roles = Roles(0b1111);

    pub fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
    }

    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// `viewer,archivist`
    pub fn parse(text: &str) -> Result<Self> {
        text.split([',', ' ', ';'])
            .filter(|word| !word.is_empty())
            .try_fold(Self::default(), |roles, word| Ok(roles.with(Role::parse(word)?)))
    }

    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.iter().map(Role::as_str).collect();
        f.write_str(&words.join(","))
    }
}

/// A person (or a person's token) who asks. Made only by the [`Gate`](crate::Gate).
#[derive(Debug, Clone)]
pub struct Asker {
    pub(crate) user_uid: i64,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) roles: Roles,
    pub(crate) clearance: SecurityLevel,
    pub(crate) department: String,
    /// Where the person works. It restricts no sight: staff of any site search across all of them.
    pub(crate) site: String,
    pub(crate) language: String,
    pub(crate) writes: bool,
    pub(crate) granted_documents: Vec<i64>,
    pub(crate) granted_dossiers: Vec<i64>,
}

impl Asker {
    /// As it stands in the audit trail; operating-system users are written `os:NAME`.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    pub fn roles(&self) -> Roles {
        self.roles
    }

    pub fn clearance(&self) -> SecurityLevel {
        self.clearance
    }

    pub fn department(&self) -> &str {
        &self.department
    }

    pub fn site(&self) -> &str {
        &self.site
    }

    /// `zh-CN`, `en`, or empty when the person has not chosen.
    pub fn language(&self) -> &str {
        &self.language
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.has(role)
    }

    /// # Errors
    /// [`Error::Forbidden`] when the asker does not hold the role.
    pub fn require(&self, role: Role) -> Result<()> {
        if self.has(role) {
            Ok(())
        } else {
            Err(Error::Forbidden { needed: role.as_str() })
        }
    }

    /// Like [`Asker::require`], and refuses tokens that may only read.
    pub fn require_writing(&self, role: Role) -> Result<()> {
        if !self.writes {
            return Err(Error::TokenReadsOnly);
        }
        self.require(role)
    }

    /// Personal numbers (ID, phone, bank account) in lists, hits and texts are shown in full to archivists, masked to
    /// everybody else. Those of a customer's parties are masked to all until one is revealed.
    pub fn sees_personal_numbers(&self) -> bool {
        self.has(Role::Archivist)
    }

    /// What this person may see of documents, for every filter there is.
    pub fn sight(&self) -> Sight<'_> {
        // Who only keeps accounts and settings reads no documents, whatever the clearance.
        let reads = [Role::Viewer, Role::Archivist, Role::Auditor]
            .into_iter()
            .any(|role| self.has(role));
        Sight {
            security_level_max: reads.then_some(self.clearance),
            // Archivists and auditors work across departments; others see their own and what belongs to none.
            department: (!self.has(Role::Archivist) && !self.has(Role::Auditor)).then_some(self.department.as_str()),
            granted_documents: &self.granted_documents,
            granted_dossiers: &self.granted_dossiers,
        }
    }
}

/// A document is seen when
/// * it or its dossier is granted to the asker for a time that includes now, or
/// * it is not sealed (nor its dossier), its security level (and its dossier's) is at most the clearance, and its
///   department is empty, the asker's own, or the asker sees all departments.
///
/// The role administrator alone gives no sight: it is for accounts and settings.
///
/// The site of the asker and of a document says where they are and restricts nothing: staff of any site search and
/// request across all of them. Withdrawn documents are seen by nobody here; archivists have a list of them.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// `None` sees only what is granted.
    pub security_level_max: Option<SecurityLevel>,
    /// The only department besides "none" that is seen; `None` sees all.
    pub department: Option<&'a str>,
    pub granted_documents: &'a [i64],
    pub granted_dossiers: &'a [i64],
}

/// A named account as administrators see it.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub display_name: String,
    pub roles: Roles,
    pub clearance: SecurityLevel,
    pub department: String,
    /// Where the person works; it restricts nothing that they see, see [`Sight`].
    pub site: String,
    pub language: String,
    pub locked: bool,
    pub has_password: bool,
    /// It has signed in at the provider of the organisation, and does so again.
    pub at_provider: bool,
    /// Signing in takes a code of an authenticator as well.
    pub has_second_factor: bool,
    pub created_at: Moment,
    pub last_sign_in_at: Option<Moment>,
    pub version: i64,
}

/// A change of an account; `None` leaves a field as it is. The name never changes, because the trail refers to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    pub display_name: Option<String>,
    pub roles: Option<Roles>,
    pub clearance: Option<SecurityLevel>,
    pub department: Option<String>,
    pub site: Option<String>,
    /// `zh-CN`, `en`, or empty for what the browser says.
    pub language: Option<String>,
    pub locked: Option<bool>,
}

/// A one-time link that was just made. Its secret is given out here and never again.
#[derive(Clone)]
pub struct IssuedLink {
    pub secret: String,
    pub expires_at: Moment,
}

impl fmt::Debug for IssuedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedLink")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What an administrator states of an account.
#[derive(Debug, Clone)]
pub struct UserDraft {
    /// Sign-in name: 1 to 64 letters, digits, Han, `.`, `-`, `_`, `@`.
    pub name: String,
    pub display_name: String,
    pub roles: Roles,
    pub clearance: SecurityLevel,
    pub department: String,
    pub site: String,
}

/// A session as the web keeps it: the token goes into the cookie, only its digest into the database.
#[derive(Debug, Clone)]
pub struct Session {
    pub asker: Asker,
    /// Secret that every form of the session repeats.
    pub csrf: String,
    pub expires_at: Moment,
}

/// A bearer token as listed; its secret is shown once, when it is made.
#[derive(Debug, Clone)]
pub struct Token {
    pub id: crate::ids::TokenId,
    pub user_name: String,
    pub name: String,
    pub scope: Scope,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub revoked: bool,
}
