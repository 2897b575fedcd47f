//! The frame around every view: rail, search field, account menu.

use crate::{
    http::{address, assets, cookies::Preferences, error::Result, who::Seat},
    state::Web,
    text::Text,
};

#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// Name of the archive, shown in titles.
    pub archive: String,
    /// `auto`, `light` or `dark`.
    pub theme: &'static str,
    /// The dark theme dims the white of scans unless a person wants it full.
    pub white_scans: bool,
    pub ways: Vec<Way>,
    /// The views of the office that this person may see.
    pub office: Vec<Way>,
    pub query: String,
    pub focus_find: bool,
    pub user: Option<UserCard>,
    pub csrf: String,
    /// Address of this view, to come back to after a change of language or theme.
    pub here: String,
    /// Says how far the full text is behind, when it is.
    pub lag: Option<String>,
    pub notice: Option<ShellNotice>,
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
    /// The name that it signs in with.
    pub account: String,
    pub role: String,
}

#[derive(Debug, Clone)]
pub struct ShellNotice {
    /// `good`, `warn` or `bad`.
    pub tone: &'static str,
    pub text: String,
}

/// Where papers are added.
pub const ADD: &str = "/add";
const AUDIT: &str = "/audit";

impl Shell {
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// Whether whoever looks may add papers.
    pub fn adds(&self) -> bool {
        self.ways.iter().any(|way| way.url == ADD)
    }

    /// Whether whoever looks reads the trail.
    pub fn audits(&self) -> bool {
        self.ways.iter().any(|way| way.url == AUDIT)
    }

    /// Where papers are added of which this is known.
    pub fn add_url(&self, field: &str, code: &str) -> String {
        address::with_query(ADD, &[(field, code)])
    }
}

impl Way {
    pub fn tally_text(&self) -> String {
        if self.tally > 999 {
            "999+".to_owned()
        } else {
            self.tally.to_string()
        }
    }
}

/// The frame of views before sign-in: no rail, no search.
#[derive(Debug, Clone, Default)]
pub struct SignInFrame {
    pub archive: String,
    pub theme: &'static str,
    pub csrf: String,
    pub here: String,
}

impl SignInFrame {
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}

/// Which subject's entry of the rail a view belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Here(pub &'static str);

impl Here {
    pub const NOWHERE: Self = Self("");
}

impl Web {
    /// The frame for a signed-in person.
    ///
    /// # Errors
    /// When the record does not answer.
    pub async fn shell(&self, seat: &Seat, here: Here) -> Result<Shell> {
        let t = seat.t;
        let (mut ways, mut office) = (Vec::<Way>::new(), Vec::new());
        let path = seat.here.split('?').next().unwrap_or_default();
        for (subject, rail) in &self.rails {
            if !(rail.seen_by)(&seat.asker) {
                continue;
            }
            let tally = match rail.tally {
                Some(tally) => super::parts::count(tally(&self.archive, &seat.asker).await?),
                None => 0,
            };
            let way = Way {
                url: rail.url,
                icon: rail.icon,
                label: t.say(rail.label),
                here: *subject == here.0,
                tally,
                // One gap, before the first of the rarely used.
                apart: rail.apart && !ways.iter().any(|way| way.apart),
            };
            if rail.office {
                let here = path
                    .strip_prefix(rail.url)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                office.push(Way { here, ..way });
            } else {
                ways.push(way);
            }
        }
        // What waits in the office is told where the rail leads to it.
        if let Some(entry) = ways.iter_mut().find(|way| way.url == super::admin::ADDRESS) {
            entry.tally = office.iter().map(|way| way.tally).sum();
        }
        let roles: Vec<_> = seat
            .asker
            .roles()
            .iter()
            .map(|role| t.word("role", role.as_str()))
            .collect();
        Ok(Shell {
            archive: self.settings().archive_name.clone(),
            theme: seat.preferences.theme,
            white_scans: seat.preferences.white_scans,
            ways,
            office,
            query: String::new(),
            focus_find: false,
            user: Some(UserCard {
                name: seat.asker.display_name().to_owned(),
                account: seat.asker.name().to_owned(),
                role: roles.join(t.say("list-separator").as_str()),
            }),
            csrf: seat.csrf.clone(),
            here: seat.here.clone(),
            lag: None,
            notice: None,
        })
    }

    /// The frame before sign-in.
    pub fn door(&self, preferences: &Preferences, here: &str) -> (Text, SignInFrame) {
        let door = SignInFrame {
            archive: self.settings().archive_name.clone(),
            theme: preferences.theme,
            csrf: String::new(),
            here: here.to_owned(),
        };
        (Text(preferences.language), door)
    }

    /// An instant in the time zone of the archive: `2026-11-22 06:29`.
    pub fn local(&self, at: records::Moment) -> String {
        at.local(&self.settings().time_zone)
    }
}
