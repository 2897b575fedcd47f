//! Accounts, the links with which people set passwords, and bearer tokens.

use crate::codes::{code, codes_with_commas, level_number};
use records::identity::{Token, User, gate::OpenSession};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{Role, Scope};

#[derive(Debug, Serialize, ToSchema)]
pub struct UserJson {
    pub name: String,
    pub display_name: String,
    /// With commas between them: `viewer,archivist`.
    #[schema(schema_with = codes_with_commas::<Role>)]
    pub roles: String,
    #[schema(schema_with = level_number)]
    pub clearance: i64,
    pub department: String,
    pub site: String,
    pub locked: bool,
    pub has_password: bool,
    /// It has signed in at the provider of the organisation; roles and clearance follow what is said there.
    pub signs_in_at_provider: bool,
    /// Signing in takes a code of an authenticator as well. Tokens are not affected.
    pub has_second_factor: bool,
    pub id: String,
    /// `zh-CN`, `en`, or empty for what the browser says.
    pub language: String,
    pub created_at: String,
    pub last_sign_in_at: Option<String>,
    /// Counts the changes of the account; send it with a change.
    pub version: i64,
}

/// A one-time link, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkJson {
    pub name: String,
    pub link: String,
    pub expires_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TokenJson {
    pub id: String,
    /// Name of the account; the token gives no more than the account has.
    pub user: String,
    pub name: String,
    /// `read` or `write`.
    #[schema(schema_with = code::<Scope>)]
    pub scope: String,
    pub created_at: String,
    pub expires_at: String,
    pub revoked: bool,
}

/// A browser in which somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionJson {
    /// Names the session and opens nothing.
    pub id: String,
    /// In a few words; empty where the browser does not say.
    pub browser: String,
    /// Address it was opened from; a /64 of IPv6.
    pub network: String,
    pub began_at: String,
    pub seen_at: String,
    pub expires_at: String,
}

impl SessionJson {
    pub fn of(session: OpenSession) -> Self {
        let OpenSession {
            id,
            began_at,
            seen_at,
            expires_at,
            network,
            browser,
        } = session;
        Self {
            id,
            browser,
            network,
            began_at: began_at.rfc3339(),
            seen_at: seen_at.rfc3339(),
            expires_at: expires_at.rfc3339(),
        }
    }
}

impl UserJson {
    pub fn of(user: User) -> Self {
        let User {
            id,
            name,
            display_name,
            roles,
            clearance,
            department,
            site,
            language,
            locked,
            has_password,
            at_provider,
            has_second_factor,
            created_at,
            last_sign_in_at,
            version,
        } = user;
        Self {
            name,
            display_name,
            roles: roles.to_string(),
            clearance: clearance.number(),
            department,
            site,
            locked,
            has_password,
            signs_in_at_provider: at_provider,
            has_second_factor,
            id: id.to_string(),
            language,
            created_at: created_at.rfc3339(),
            last_sign_in_at: last_sign_in_at.map(|at| at.rfc3339()),
            version,
        }
    }
}

/// A token just made, with the secret that is shown only once.
#[derive(Debug, Serialize)]
pub struct MadeTokenJson {
    #[serde(flatten)]
    pub token: TokenJson,
    pub secret: String,
}

impl TokenJson {
    pub fn of(token: Token) -> Self {
        let Token {
            id,
            user_name,
            name,
            scope,
            created_at,
            expires_at,
            revoked,
        } = token;
        Self {
            id: id.to_string(),
            user: user_name,
            name,
            scope: scope.as_str().to_owned(),
            created_at: created_at.rfc3339(),
            expires_at: expires_at.rfc3339(),
            revoked,
        }
    }
}
