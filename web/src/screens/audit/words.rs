//! The trail in the words of a reader: of the screen, of files, of the command line.

use crate::text::Text;
use records::{audit::AuditEvent, settings::ArchiveSettings};
use services::audit::AuditWords;

/// Headings and words of a table of events.
pub fn of_table(t: Text, settings: &ArchiveSettings) -> AuditWords<'_> {
    let zone = &settings.time_zone;
    let headings = [
        "audit-sequence",
        "audit-at",
        "audit-who",
        "audit-what",
        "audit-object",
        "audit-code",
        "audit-name",
        "customer",
        "audit-detail",
    ];
    AuditWords {
        title: t.say("audit-title"),
        headings: headings.map(|key| t.say(key)),
        at: Box::new(move |at| at.local(zone)),
        action: Box::new(move |event| action(t, event)),
        object_kind: Box::new(move |kind| t.word("event-object", kind)),
    }
}

/// What was done, and how it ended where it did not end well.
pub fn action(t: Text, event: &AuditEvent) -> String {
    let what = t.word("event", &event.action);
    if event.outcome == "ok" {
        what
    } else {
        format!("{what} · {}", t.word("event-outcome", &event.outcome))
    }
}
