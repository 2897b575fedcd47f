//! One word for one thing: a closed list stands in `vocabulary` and is not typed again elsewhere.
//!
//! A string that equals a stored word of two parts (`in_review`, `to_be_shelved`) is such a word wherever it stands; of
//! plain words (`filed`, `open`) it takes several of one list in one file. SQL holds words inside longer strings, which
//! are the statements of the database and are left alone, as are tests.

use super::{nothing, rust_files, shown, source::Code, sources};
use anyhow::{Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{AuditAction, LISTS, List};

/// Rooms whose code is read; the vocabulary itself is the place of the words.
const ROOMS: [&str; 9] = [
    "records",
    "index",
    "reading",
    "ingest",
    "services",
    "api_types",
    "print",
    "web",
    "src",
];

/// So many plain words of one list in one file are the list typed again.
const SEVERAL: usize = 3;

/// Words that are also names of columns, fields or codes of errors, where they mean nothing of the list.
const NAMES_TOO: [&str; 10] = [
    "account_no",
    "account_number",
    "contract_number",
    "credit_code",
    "customer_code",
    "id_number",
    "page_failed",
    "saved_search",
    "sign_in",
    "too_large",
];

/// The sentences that older archives hold, as they were; samples of views are made by hand too.
const FORMER_WORDS: &str = "records/src/opening/former_details.rs";

/// Files in which several plain words of a list are names of something else.
const NOT_THE_LIST: &[(&str, &str, &str)] = &[
    ("LoanList", "web/src/screens/loans/", "notices of what was done"),
    ("LoanState", "web/src/screens/loans/", "notices of what was done"),
    (
        "FactKind",
        "index/src/fields.rs",
        "names of fields of the query language",
    ),
    (
        "FactKind",
        "records/src/customers/",
        "columns of the table of customers",
    ),
    (
        "FactKind",
        "records/src/documents/",
        "columns of the table of documents",
    ),
    (
        "FactKind",
        "records/src/pages/reread/",
        "names of what a document says of itself",
    ),
    (
        "AuditAction",
        "records/src/pages/reread/mod.rs",
        "the name of a kind of job",
    ),
    ("JobState", "records/src/pages/reread/", "columns of counts"),
    ("Outcome", "records/src/batches/", "columns of counts"),
    ("Outcome", "src/heading.rs", "headings of counts"),
    (
        "Outcome",
        "web/src/screens/batches/figures.rs",
        "arguments of a text with counts",
    ),
    ("FactKind", "records/src/error/names.rs", "names of what is refused"),
    (
        "IdentifierKind",
        "records/src/error/names.rs",
        "names of what is refused",
    ),
    ("ThingKind", "records/src/error/names.rs", "names of what is not there"),
    ("GrantPhase", "src/commands/grants.rs", "headings of columns"),
    ("GrantState", "src/commands/grants.rs", "headings of columns"),
    (
        "GrantPhase",
        "web/src/screens/grants/mod.rs",
        "what a notice says was done",
    ),
    (
        "GrantState",
        "web/src/screens/grants/mod.rs",
        "what a notice says was done",
    ),
    ("DateFault", "", "plain words of dates"),
    ("StatedField", "", "names of what a document says of itself"),
    ("AuditObject", "", "checked where events are written"),
    (
        "MeantKind",
        "",
        "records are called so in the trail and the history too",
    ),
    ("RecordList", "records/src/audit/asked_sql.rs", "names of tables"),
    ("RecordList", "src/heading.rs", "heads of columns"),
];

fn lists() -> impl Iterator<Item = (&'static str, List)> {
    LISTS.iter().copied()
}

/// What is typed again in a file, with the line.
fn typed_again(file: &str, code: &Code) -> Vec<String> {
    let mut wrong = Vec::new();
    if file.ends_with("sample.rs") || file == FORMER_WORDS {
        return wrong;
    }
    for (name, list) in lists() {
        let exempt = NOT_THE_LIST
            .iter()
            .any(|(of, place, _)| *of == name && file.starts_with(place));
        if exempt {
            continue;
        }
        let codes: BTreeSet<&str> = list.codes().collect();
        let mut plain: BTreeMap<String, usize> = BTreeMap::new();
        for (line, text) in code.strings() {
            if !codes.contains(text.as_str()) || NAMES_TOO.contains(&text.as_str()) {
                continue;
            }
            if text.contains(['_', '.']) {
                wrong.push(format!("{file}:{line} types `{text}` of {name}"));
            } else {
                plain.entry(text).or_insert(line);
            }
        }
        if plain.len() >= SEVERAL {
            let words: Vec<&str> = plain.keys().map(String::as_str).collect();
            let line = plain.values().min().copied().unwrap_or_default();
            wrong.push(format!("{file}:{line} types {name} again: {}", words.join(", ")));
        }
    }
    wrong
}

pub fn a_closed_list_stands_once() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ROOMS {
        for file in rust_files(&sources(room)) {
            wrong.extend(typed_again(&shown(&file), &Code::read(&file)?));
        }
    }
    nothing(
        wrong,
        "take the value from its enum in vocabulary (`Outcome::Filed.as_str()`), or parse the text at the door",
    )
}

/// Types of the lists are defined nowhere else; a second `Role` is a second meaning.
pub fn a_list_has_one_type() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ROOMS {
        for file in rust_files(&sources(room)) {
            let code = Code::read(&file)?;
            for (name, _) in LISTS {
                for kind in ["enum", "struct"] {
                    wrong.extend(
                        code.lines_with(&format!("{kind} {name} "))
                            .into_iter()
                            .map(|line| format!("{}:{line} defines {name} again", shown(&file))),
                    );
                }
            }
        }
    }
    nothing(wrong, "use the type of vocabulary, or name the other thing otherwise")
}

/// Keys of a locale file that name an act of the audit trail again, which the vocabulary names.
fn acts_named_again(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((key, _)) = line.split_once(" =") else {
            continue;
        };
        let mut acts = AuditAction::LIST.codes();
        if let Some(act) = acts.find(|act| key == format!("event-{}", act.replace(['.', '_'], "-"))) {
            wrong.push(format!("{file}:{} names the act `{act}` again", number + 1));
        }
    }
    wrong
}

/// Events are written with an act and an object of the vocabulary, which the compiler sees to; their names stand there
/// too, and nowhere else.
pub fn every_event_has_a_name() -> Result<()> {
    let mut wrong = Vec::new();
    let locales = super::house().join("web/locales");
    for language in ["zh-CN", "en"] {
        for entry in std::fs::read_dir(locales.join(language))? {
            let file = entry?.path();
            wrong.extend(acts_named_again(&shown(&file), &std::fs::read_to_string(&file)?));
        }
    }
    nothing(
        wrong,
        "name it in AuditAction in vocabulary/src/audit.rs, with Chinese and English, and take the key away",
    )
}

pub fn planted_words_are_seen() -> Result<()> {
    let code = Code::of(PLANTED);
    let seen = typed_again("web/src/planted.rs", &code);
    ensure!(
        seen == [
            "web/src/planted.rs:7 types `document.filed` of AuditAction",
            "web/src/planted.rs:2 types `in_review` of DocumentState",
            "web/src/planted.rs:4 types Outcome again: duplicate, filed, rejected",
        ],
        "{seen:?}"
    );
    let locale = "event-all = all\nevent-document-filed = filed\n";
    let named = acts_named_again("web/locales/en/planted.ftl", locale);
    ensure!(
        named == ["web/locales/en/planted.ftl:2 names the act `document.filed` again"],
        "{named:?}"
    );
    Ok(())
}

const PLANTED: &str = r#"// "to_be_shelved" in a comment is no fault
fn a() -> &'static str { "in_review" }
fn b(word: &str) -> bool {
    matches!(word, "filed" | "duplicate" | "rejected")
}
fn c() { let sql = "SELECT 1 WHERE state = 'in_review'"; let column = "customer_code"; }
fn d(event: &AuditEvent) -> bool { event.action == "document.filed" }
#[cfg(test)]
mod tests {
    fn t() { assert_eq!(x, "on_loan"); }
}
"#;
