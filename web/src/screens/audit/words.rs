//! The trail in the words of a reader: of the screen, of files, of the command line.

use crate::text::Text;
use records::{Roles, audit::AuditEvent, settings::ArchiveSettings};
use services::audit::AuditWords;
use vocabulary::TwoPersonAct;

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
        detail: Box::new(move |text| detail(t, text)),
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

/// What an event says beside who, what and when, in words: `page=2 in=text` is “page: 2 · in: text”. What says nothing is left
/// out, and what has no word stays as it is.
pub fn detail(t: Text, text: &str) -> String {
    let mut told: Vec<(&str, String)> = Vec::new();
    for word in text.split(' ') {
        match (word.split_once('='), told.last_mut()) {
            (Some((key, value)), _) if is_key(key) => told.push((key, value.to_owned())),
            // A value may have several words.
            (_, Some((_, value))) => {
                value.push(' ');
                value.push_str(word);
            }
            (_, None) => told.push(("", word.to_owned())),
        }
    }
    let said = |(key, value): (&str, String)| match (key, value.trim()) {
        (_, "") => None,
        ("", value) => Some(value.to_owned()),
        (key, text) => {
            let label = t.word("audit-detail", key);
            Some(format!("{label}{}{}", t.say("colon"), value_said(t, key, text)))
        }
    };
    told.into_iter().filter_map(said).collect::<Vec<_>>().join(" · ")
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn value_said(t: Text, key: &str, value: &str) -> String {
    match key {
        "in" => t.word("audit-in", value),
        "purpose" => t.word("audit-purpose", value),
        "by" => t.word("audit-by", value),
        "basis" => t.word("linked", value),
        "act" => TwoPersonAct::from_code(value).map_or_else(|| value.to_owned(), |act| act.name(t.0).to_owned()),
        "roles" => Roles::parse(value).map_or_else(
            |_| value.to_owned(),
            |roles| {
                let names: Vec<_> = roles.iter().map(|role| t.word("role", role.as_str())).collect();
                names.join(&t.say("list-separator"))
            },
        ),
        "locked" | "sealed" | "active" => match value {
            "0" | "false" => t.say("import-value-no"),
            "1" | "true" => t.say("import-value-yes"),
            other => other.to_owned(),
        },
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Language;

    #[test]
    fn details_are_said_in_words() {
        let check = |text: &str, chinese: &str| assert_eq!(detail(Text(Language::Chinese), text), chinese, "{text}");
        check("page=2 in=text", "页：2 · 在：文字");
        check("reason=案件已结 来函 department=", "原因：案件已结 来函");
        check("roles=viewer,auditor locked=0", "角色：查阅人、审计员 · 停用：否");
        check("abandoned", "abandoned");
        check("strange_word=1", "strange_word：1");
        check("", "");
    }
}
