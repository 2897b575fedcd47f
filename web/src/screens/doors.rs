//! The doors: sign-in, the one-time link of the first administrator or an invited person, and errors.

use super::shell::Door;
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInView {
    pub t: Text,
    pub door: Door,
    pub next: String,
    pub name: String,
    pub fault: Option<String>,
    pub notice: Option<String>,
    /// Nobody has an account yet.
    pub no_account: bool,
}

#[derive(Template)]
#[template(path = "setup.html")]
pub struct SetupView {
    pub t: Text,
    pub door: Door,
    pub title: String,
    pub lesson: String,
    pub action: String,
    pub name: String,
    pub name_fixed: bool,
    pub fault: Option<String>,
}

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorView {
    pub t: Text,
    pub door: Door,
    pub status: u16,
    pub code: String,
    pub title: String,
    pub detail: String,
    pub home: String,
    pub request_id: String,
}
