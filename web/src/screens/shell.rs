//! The frame around every view: rail, search field, account menu.

use crate::assets;

#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// Name of the archive, shown in titles.
    pub archive: String,
    /// `auto`, `light` or `dark`.
    pub theme: &'static str,
    /// The dark theme dims the white of scans unless a person wants it full.
    pub white_scans: bool,
    pub ways: Vec<Way>,
    pub query: String,
    pub focus_find: bool,
    pub user: Option<UserCard>,
    pub csrf: String,
    /// Address of this view, to come back to after a change of language or theme.
    pub here: String,
    /// Says how far the full text is behind, when it is.
    pub lag: Option<String>,
    pub notice: Option<Notice>,
}

/// An entry of the rail.
#[derive(Debug, Clone)]
pub struct Way {
    pub url: &'static str,
    pub icon: &'static str,
    pub label: String,
    pub here: bool,
    pub tally: u64,
    /// Stands below the gap, with the rarely used.
    pub apart: bool,
}

#[derive(Debug, Clone)]
pub struct UserCard {
    pub name: String,
    pub role: String,
}

#[derive(Debug, Clone)]
pub struct Notice {
    /// `good`, `warn` or `bad`.
    pub tone: &'static str,
    pub text: String,
}

impl Shell {
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}

impl Way {
    pub fn tally_text(&self) -> String {
        if self.tally > 999 { "999+".to_owned() } else { self.tally.to_string() }
    }
}

/// The frame of views before sign-in: no rail, no search.
#[derive(Debug, Clone, Default)]
pub struct Door {
    pub archive: String,
    pub theme: &'static str,
    pub csrf: String,
    pub here: String,
}

impl Door {
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}
