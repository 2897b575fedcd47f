//! Names of fields and what their values mean, in the language of the reader.

use crate::{screens::parts, text::Text};
use records::{Moment, SecurityLevel, history::HistoryLine, kinds::Kinds, moment::Edge, settings::ArchiveSettings};
use services::history::HistoryWords;
use vocabulary::LocationKind;

/// Title, headings and words of the ledger as a table; `object` is the record that it is about, if one.
pub fn of_table<'a>(t: Text, kinds: &'a Kinds, settings: &'a ArchiveSettings, object: &str) -> HistoryWords<'a> {
    let zone = &settings.time_zone;
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
        value: Box::new(move |line, text| value(t, kinds, settings, line, text)),
    }
}

/// The name of a field; custom attributes and kinds of numbers that are not ours keep theirs.
pub fn field(t: Text, field: &str) -> String {
    if let Some(("attribute", name)) = field.split_once(':') {
        return parts::further_field(t, name);
    }
    // Numbers and roles of parties are named by the words of their lists.
    let lists = ["history-field", "fact", "party-role"].map(|prefix| t.word(prefix, field));
    lists
        .into_iter()
        .find(|word| word != field)
        .unwrap_or_else(|| field.to_owned())
}

/// A value as people call it: words of closed lists, yes and no, names of kinds and of security levels.
pub fn value(t: Text, kinds: &Kinds, settings: &ArchiveSettings, line: &HistoryLine, value: Option<&str>) -> String {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return String::new();
    };
    let level = || match SecurityLevel::parse(value) {
        Ok(level) => settings.security_level_name(level, t.lang()).to_owned(),
        Err(_) => value.to_owned(),
    };
    let several = |parts: Vec<String>| parts.join(&t.say("list-separator"));
    match (line.object.kind.as_str(), line.field.as_str()) {
        (_, "security_level" | "clearance" | "dossier_security_level" | "security_level_max") => level(),
        ("setting", _) if line.object.id == "security_level_default" => level(),
        ("setting", _)
            if matches!(
                line.object.id.as_str(),
                "group_running_numbers" | "take_out_files_inside"
            ) =>
        {
            t.word("history-flag", value)
        }
        (_, "sealed" | "dossier_sealed" | "locked" | "active" | "retired" | "bound") => t.word("history-flag", value),
        (_, "accepted_at") => Moment::parse(value, &settings.time_zone, Edge::Start)
            .map_or_else(|_| value.to_owned(), |at| at.local(&settings.time_zone)),
        (_, "grant") => {
            let words = value
                .split(' ')
                .map(|word| match Moment::parse(word, &settings.time_zone, Edge::Start) {
                    Ok(at) if word.ends_with('Z') => at.local(&settings.time_zone),
                    _ => t.word("grant-phase", word),
                });
            words.collect::<Vec<_>>().join(" ")
        }
        (_, "original_state") => t.word("state", value),
        (_, "customer_kind" | "party_kind") => t.word("customer-kind", value),
        (_, "location_kind") => LocationKind::parse(value).name(t.0).to_owned(),
        (_, "link_basis") => t.word("linked", value),
        ("document", "state") => t.word("state", value),
        ("document", "copy_state") => t.word("copy", value),
        ("document", "medium") => t.word("medium", value),
        ("document", "counterpart") => t.word("counterpart", value),
        ("document", "review_reason") => t.word("reason", value),
        ("document", "kind") => kinds.name(value, t.lang()).to_owned(),
        ("kind", "flags") => several(
            value
                .chars()
                .map(|flag| t.word("kind-flag", &flag.to_string()))
                .collect(),
        ),
        ("customer", "status") => t.word("status", value),
        ("user", "roles") => several(value.split(',').map(|role| t.word("role", role)).collect()),
        _ => value.to_owned(),
    }
}
