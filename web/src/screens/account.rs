//! One's own account: password, tokens for programs.

use super::{parts::Choice, shell::Shell};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "account.html")]
pub struct AccountView {
    pub t: Text,
    pub shell: Shell,
    pub name: String,
    pub roles: String,
    pub tokens: Vec<TokenRow>,
    pub scopes: Vec<Choice>,
    /// The secret of a token just made, shown once.
    pub fresh_token: Option<String>,
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct TokenRow {
    pub name: String,
    pub scopes: String,
    pub expires: String,
    pub used: String,
    pub revoke_url: String,
}
