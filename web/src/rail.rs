//! The rail: the entries of the main navigation, as subjects register them. Knows who asks; refuses to know routes.

use futures::future::BoxFuture;
use records::{Archive, Asker, Role};

/// The entry of a subject.
#[derive(Clone, Copy)]
pub struct Rail {
    pub url: &'static str,
    /// A symbol of `icons.html`.
    pub icon: &'static str,
    /// The text that names it.
    pub label: &'static str,
    /// Stands below the gap, with the rarely used.
    pub apart: bool,
    /// Not in the rail: one of the views of the office, which the rail's one entry for it leads to.
    pub office: bool,
    pub seen_by: fn(&Asker) -> bool,
    /// How much waits there.
    pub tally: Option<RailCount>,
}

/// Counts what waits for whoever asks.
pub type RailCount = for<'a> fn(&'a Archive, &'a Asker) -> BoxFuture<'a, records::Result<i64>>;

pub fn everybody(_: &Asker) -> bool {
    true
}

pub fn archivists(asker: &Asker) -> bool {
    asker.has(Role::Archivist)
}

pub fn auditors(asker: &Asker) -> bool {
    asker.has(Role::Auditor)
}

pub fn administrators(asker: &Asker) -> bool {
    asker.has(Role::Administrator)
}

/// Those who keep a register, and import into it.
pub fn keepers(asker: &Asker) -> bool {
    archivists(asker) || administrators(asker)
}

/// Those who work in the office; somebody who only reads has no business there.
pub fn office_staff(asker: &Asker) -> bool {
    archivists(asker) || auditors(asker) || administrators(asker)
}

/// Those who answer for deliveries.
pub fn readers_of_batches(asker: &Asker) -> bool {
    archivists(asker) || auditors(asker) || administrators(asker)
}

/// An entry of the rail that everybody sees and nothing waits in.
pub const fn entry(url: &'static str, icon: &'static str, label: &'static str) -> Rail {
    Rail {
        url,
        icon,
        label,
        apart: false,
        office: false,
        seen_by: everybody,
        tally: None,
    }
}

/// A view of the office: accounts, settings, lists, grants and what else keeps an archive in order.
pub const fn office(url: &'static str, label: &'static str, seen_by: fn(&Asker) -> bool) -> Rail {
    Rail {
        office: true,
        seen_by,
        ..entry(url, "admin", label)
    }
}

impl Rail {
    pub const fn for_those(self, seen_by: fn(&Asker) -> bool) -> Self {
        Self { seen_by, ..self }
    }

    pub const fn counting(self, tally: RailCount) -> Self {
        Self {
            tally: Some(tally),
            ..self
        }
    }

    pub const fn apart(self) -> Self {
        Self { apart: true, ..self }
    }
}
