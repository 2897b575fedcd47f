//! Users: named accounts, for administrators.

use super::{
    parts::{Badge, Choice},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "users.html")]
pub struct UsersView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<UserRow>,
    pub form: UserForm,
    /// One-time link for the person just added.
    pub invitation: Option<String>,
}

#[derive(Debug, Clone)]
pub struct UserRow {
    pub name: String,
    pub display_name: String,
    pub roles: String,
    pub clearance: String,
    pub last_seen: String,
    pub status: Badge,
    pub switch_url: Option<String>,
    pub switch_label: String,
}

#[derive(Debug, Clone, Default)]
pub struct UserForm {
    pub name: String,
    pub display_name: String,
    pub roles: Vec<Choice>,
    pub clearances: Vec<Choice>,
    pub fault: String,
}
