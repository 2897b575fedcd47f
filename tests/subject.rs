//! What it costs to move a subject in: how many files that exist must be edited. Counted on the source: a file in which
//! many subjects are registered, one line each, is a file that the next subject edits as well.

use crate::{
    Test,
    tidy::{house, rust_files},
};
use anyhow::{Result, ensure};
use std::{collections::BTreeSet, path::Path};

pub const TESTS: &[Test] = &[
    ("subject::a_new_subject_edits_few_files", a_new_subject_edits_few_files),
    ("subject::registrations_are_seen", registrations_are_seen),
];

/// Files that exist and are edited for a new subject (33 before subjects registered themselves).
const EDITED_MAX: usize = 6;

/// Where every new subject adds its line, and for what.
const EDITED: [(&str, &str); EDITED_MAX] = [
    ("records/src/lib.rs", "its folder, and its migration"),
    ("vocabulary/src/audit.rs", "the words of its events"),
    ("api_types/src/lib.rs", "its shapes"),
    ("web/src/api/mod.rs", "its endpoints: description, tests of forms"),
    (
        "web/src/screens/mod.rs",
        "its screens: routes, rail, gallery, tests of forms and of sight",
    ),
    ("src/commands/mod.rs", "its command"),
];

/// Edited as well by a subject that needs it.
const WHERE_NEEDED: [(&str, &str); 3] = [
    ("services/src/lib.rs", "a rule that screens, API and command line share"),
    ("vocabulary/src/lib.rs", "closed lists of its own"),
    ("records/src/history/mod.rs", "tables whose fields have a history"),
];

/// Subjects that are there today, by every name that a room gives them.
const KNOWN: [&str; 14] = [
    "audit",
    "batches",
    "customers",
    "document",
    "documents",
    "dossier",
    "dossiers",
    "kinds",
    "locations",
    "places",
    "review",
    "search",
    "searches",
    "users",
];

/// Events of several subjects.
const KNOWN_EVENTS: [&str; 4] = ["document.viewed", "customer.viewed", "batch.finished", "user.added"];

/// A file that registers so many of them lists them all.
const LISTS_FROM: usize = 4;

fn a_new_subject_edits_few_files() -> Result<()> {
    let mut lists = BTreeSet::new();
    for room in [
        "vocabulary",
        "records",
        "index",
        "reading",
        "ingest",
        "api_types",
        "services",
        "print",
        "web",
    ] {
        lists.extend(lists_in(&house().join(room).join("src"))?);
    }
    lists.extend(lists_in(&house().join("src"))?);
    let expected: BTreeSet<_> = EDITED.iter().map(|(file, _)| (*file).to_owned()).collect();
    lists.retain(|list| WHERE_NEEDED.iter().all(|(file, _)| file != list));
    let more: Vec<_> = lists.difference(&expected).collect();
    let fewer: Vec<_> = expected.difference(&lists).collect();
    ensure!(
        more.is_empty(),
        "these list subjects too, so that a new one edits more than {EDITED_MAX} files: {more:?}\n  instead: make the list from what subjects register in the other files"
    );
    ensure!(
        fewer.is_empty(),
        "these list subjects no more: {fewer:?}\n  instead: take them out of EDITED in tests/subject.rs"
    );
    Ok(())
}

fn lists_in(folder: &Path) -> Result<BTreeSet<String>> {
    let mut lists = BTreeSet::new();
    for file in rust_files(folder) {
        let text = std::fs::read_to_string(&file)?;
        let migrations = text.matches("include_str!(\"").count() >= LISTS_FROM && text.contains("migrations/");
        let events = KNOWN_EVENTS
            .iter()
            .all(|event| text.contains(&format!("= \"{event}\"")));
        let recorded = text.lines().filter(|line| line.contains("::recorded::")).count() >= LISTS_FROM;
        let production = !file.ends_with("store/write_tests.rs");
        if registered(&text).len() >= LISTS_FROM || migrations || events || recorded && production {
            let shown = file.strip_prefix(house()).unwrap_or(&file);
            lists.insert(shown.display().to_string());
        }
    }
    Ok(lists)
}

/// The subjects that a file registers: a module, a line in a list, an arm for a command.
fn registered(text: &str) -> BTreeSet<&'static str> {
    let registers = |line: &str, name: &str| {
        let line = line.trim().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        let after = |before: &str| line.strip_prefix(before).and_then(|rest| rest.strip_prefix(name));
        after("mod ").is_some_and(|rest| rest.starts_with(';'))
            || after("").is_some_and(|rest| {
                ["::SUBJECT", "::routes()", "::cases()"]
                    .iter()
                    .any(|end| rest.starts_with(end))
            })
            || after(".merge(").is_some_and(|rest| rest.starts_with("::routes()"))
            || line.starts_with("Command::") && line.contains(&format!("{name}::run("))
    };
    let named = |name: &&'static str| text.lines().any(|line| registers(line, name));
    KNOWN.into_iter().filter(|name| named(name)).collect()
}

/// A count that counts nothing proves nothing.
fn registrations_are_seen() -> Result<()> {
    let planted = "pub mod batches;\n    customers::SUBJECT,\n        .merge(kinds::routes())\n\
                   Command::Users(words) => users::run(&settings, words).await,\nuse super::search;\n// mod audit;\n";
    let seen = registered(planted);
    ensure!(
        seen == BTreeSet::from(["batches", "customers", "kinds", "users"]),
        "registrations were seen as {seen:?}"
    );
    Ok(())
}
