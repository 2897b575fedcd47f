//! Names of fields and what their values mean, in the language of the reader.

use crate::text::Text;
use records::{history::HistoryLine, kinds::Kinds};
use services::history::HistoryWords;

/// Title, headings and words of the ledger as a table; `object` is the record that it is about, if one.
pub fn of_table<'a>(t: Text, kinds: &'a Kinds, object: &str, zone: &'a str) -> HistoryWords<'a> {
    let headings = [
        "history-at",
        "history-by",
        "history-record",
        "history-name",
        "history-field",
        "history-before",
        "history-after",
        "history-why",
        "history-authority",
    ];
    HistoryWords {
        title: format!("{} {object}", t.say("history-title")).trim_end().to_owned(),
        headings: headings.map(|key| t.say(key)),
        at: Box::new(move |at| at.local(zone)),
        object_kind: Box::new(move |kind| t.word("history-object", kind)),
        field: Box::new(move |name| field(t, name)),
        value: Box::new(move |line, text| value(t, kinds, line, text)),
    }
}

/// The name of a field; custom attributes and kinds of numbers that are not ours keep theirs.
pub fn field(t: Text, field: &str) -> String {
    if let Some(("attribute", name)) = field.split_once(':') {
        return name.to_owned();
    }
    // Numbers and roles of parties are named by the words of their lists.
    let lists = ["history-field", "fact", "party-role"].map(|prefix| t.word(prefix, field));
    lists
        .into_iter()
        .find(|word| word != field)
        .unwrap_or_else(|| field.to_owned())
}

/// A value as people call it: words of closed lists, yes and no, names of kinds.
pub fn value(t: Text, kinds: &Kinds, line: &HistoryLine, value: Option<&str>) -> String {
    let Some(value) = value else {
        return String::new();
    };
    match (line.object.kind.as_str(), line.field.as_str()) {
        (_, "security_level" | "clearance" | "dossier_security_level" | "security_level_max") => {
            t.word("security", value)
        }
        (_, "sealed" | "dossier_sealed" | "locked" | "active" | "retired" | "bound") => t.word("history-flag", value),
        (_, "original_state") => t.word("state", value),
        ("document", "state") => t.word("state", value),
        ("document", "copy_state") => t.word("copy", value),
        ("document", "medium") => t.word("history-medium", value),
        ("document", "review_reason") => t.word("reason", value),
        ("document", "kind") if !value.is_empty() => kinds.name(value, t.lang()).to_owned(),
        ("customer", "status") => t.word("status", value),
        ("user", "roles") => {
            let roles: Vec<String> = value.split(',').map(|role| t.word("role", role)).collect();
            roles.join(&t.say("list-separator"))
        }
        _ => value.to_owned(),
    }
}
