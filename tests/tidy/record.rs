//! What holds inside `records`: one writer for each table, one builder of sight, nobody who ignores the asker without a
//! reason, and nobody who takes a decision by the words of a message.

use super::source::{Code, rust_files};
use super::{methods, nothing, shown, sources};
use anyhow::{Context, Result, ensure};
use std::{collections::BTreeSet, path::Path};

/// Each table, the folder of `records/src` that writes it, and what others call instead.
const OWNERS_OF_TABLES: &[(&str, &str, &str)] = &[
    ("audit_checks", "audit", "System::audit_check"),
    ("audit_events", "store", "change.event(..) or Archive::note_read"),
    ("audit_head", "store", "change.event(..)"),
    ("batch_lines", "batches", "batches::sql::insert_line"),
    ("batch_problems", "batches", "System::batch_problems_add"),
    ("batches", "batches", "batches::sql::add_pages"),
    ("change_log", "store", "change.touch(..)"),
    ("checklists", "kinds", "a method of kinds"),
    ("containers", "places", "a function of places::sql::ledger"),
    ("customer_aliases", "customers", "customers::sql::write"),
    ("customers", "customers", "customers::sql::write"),
    ("document_customers", "documents", "a function of documents::sql"),
    ("document_kinds", "kinds", "a method of kinds"),
    (
        "documents",
        "documents",
        "documents::sql::correct::set_seal, documents::sql::describe::follow_text",
    ),
    ("dossiers", "dossiers", "dossiers::sql::open, accept, protect, remove"),
    ("enclosures", "documents", "System::deposit"),
    ("facts", "pages", "pages::sql::facts::insert, replace"),
    ("file_checks", "scans", "System::files_keep"),
    ("followers", "changes", "System::follower_moved"),
    ("grants", "permission", "a function of permission::grants::sql"),
    ("history", "store", "change.insert(..), change.update(..)"),
    ("incidents", "loans", "a method of loans"),
    ("loan_lines", "loans", "a method of loans"),
    ("loan_steps", "loans", "a method of loans"),
    ("loans", "loans", "a method of loans"),
    ("import_lines", "imports", "a function of imports::sql"),
    ("imports", "imports", "a function of imports::sql"),
    ("jobs", "jobs", "jobs::sql::add, end, end_otherwise, stop_waiting"),
    ("keeping_checks", "keeping", "a function of keeping::sql"),
    ("keeping_rules", "keeping", "Archive::keeping_rules_set"),
    ("known_devices", "identity", "Gate::know_device"),
    ("locations", "places", "places::sql::tree"),
    ("number_series", "dossiers", "dossiers::sql::accept"),
    ("number_voids", "dossiers", "a function of dossiers::sql"),
    ("originals", "places", "places::sql::originals::add"),
    (
        "pages",
        "pages",
        "pages::sql::write::insert, put_again, set_reading, look",
    ),
    ("parties", "parties", "parties::sql"),
    ("party_identifiers", "parties", "parties::sql"),
    ("party_roles", "parties", "parties::sql"),
    ("placements", "places", "places::sql::ledger::move_thing"),
    ("proposal_evidence", "documents", "documents::sql::proposals::insert"),
    (
        "proposals",
        "documents",
        "documents::sql::proposals::insert, decide, reopen",
    ),
    ("recent_searches", "searches", "searches::sql::remember"),
    ("repairs", "keeping", "keeping::sql::repairs::insert"),
    ("reread_documents", "pages", "a function of pages::reread::sql"),
    ("reread_orders", "pages", "a function of pages::reread::sql"),
    ("saved_searches", "searches", "a method of searches"),
    ("scans", "scans", "scans::sql::insert"),
    ("schema_version", "store", "a migration"),
    ("recovery_codes", "identity", "identity::factor::sql"),
    ("oidc_identities", "identity", "Gate::oidc_session"),
    ("second_acts", "permission", "permission::second::sql::ask"),
    ("second_factors", "identity", "identity::factor::sql"),
    ("sessions", "identity", "identity::gate::sql"),
    ("settings", "settings", "settings::sql"),
    ("sign_in_failures", "identity", "Gate::attempt"),
    ("sign_in_links", "identity", "identity::links::sql"),
    ("text_corrections", "pages", "pages::sql::write::put_typed"),
    ("stocktake_findings", "stocktakes", "a function of stocktakes::sql"),
    ("stocktake_lines", "stocktakes", "Archive::stocktake_begin"),
    ("stocktake_scans", "stocktakes", "stocktakes::sql::scan::insert"),
    ("stocktakes", "stocktakes", "a function of stocktakes::sql"),
    (
        "text_layers",
        "pages",
        "pages::sql::write::insert_layers, choose, begin_typed_layer",
    ),
    ("tokens", "identity", "identity::tokens::sql"),
    ("upload_files", "uploads", "Archive::upload_begin"),
    ("uploads", "uploads", "a function of uploads::sql"),
    ("users", "identity", "identity::users::sql"),
    ("volumes", "places", "a function of places::sql"),
];

/// Statements that name a table they change.
const WRITES: [&str; 3] = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];

/// Methods for a person that show the same to everybody who may sign in, each with the reason.
const SEEN_BY_ALL: &[(&str, &str)] = &[
    (
        "change_log_head",
        "a position in the change log, which says nothing of what changed",
    ),
    ("checklists", "which kinds a dossier should hold is a rule of the house"),
    ("checklist_versions", "how often a rule of the house was changed"),
    ("kind_versions", "how often a rule of the house was changed"),
    (
        "container",
        "the register of containers is open to all accounts; what lies in one is not",
    ),
    (
        "containers",
        "the register of containers is open to all accounts; what lies in one is not",
    ),
    (
        "containers_total",
        "the register of containers is open to all accounts; what lies in one is not",
    ),
    (
        "customers_count",
        "the size of the register of customers is open to all accounts",
    ),
    (
        "customers_found_among",
        "how many customers a list has is open to all accounts, as the list is",
    ),
    (
        "customers_found",
        "how many customers a list has is open to all accounts, as the list is",
    ),
    ("grant_days_max", "a rule of the house"),
    ("history_fields", "names of fields, no values"),
    ("kinds", "the list of kinds is a rule of the house"),
    (
        "locate",
        "the tree of places is open to all accounts; what stands there is not",
    ),
    (
        "locations",
        "the tree of places is open to all accounts; what stands there is not",
    ),
    (
        "locations_total",
        "how many places there are is open to all accounts, as the list of them is",
    ),
    (
        "locations_suggest",
        "the tree of places is open to all accounts; what stands there is not",
    ),
    (
        "place_uids",
        "numbers of places; which documents are there is checked by sight",
    ),
    ("places_in_shelf_order", "an order of numbers of places"),
    ("settings", "the settings of the archive are shown on every view"),
];

/// Methods that read documents without the builder of sight, each with the reason.
const BESIDE_THE_SIGHT: &[(&str, &str)] = &[
    (
        "document_customer_add",
        "the document is held through the builder before anything is counted",
    ),
    (
        "document_unlink",
        "the document is held through the builder before its reason is read",
    ),
    ("document_unseal", "whoever breaks a seal does not see what is sealed"),
    (
        "dossier_protect",
        "every document of the dossier is touched, seen or not",
    ),
    (
        "layer_choose",
        "the page is held through the builder before anything is written",
    ),
    (
        "sealed",
        "the list of what is sealed is for administrators and shows no title",
    ),
];

/// Tables that a source file changes, by line: in SQL text, or through `change.insert(&TABLE)` and its kin.
fn written(text: &str) -> Vec<(usize, String)> {
    let code = Code::of(text);
    let mut found = Vec::new();
    for (line, literal) in code.strings() {
        for write in WRITES {
            for (at, _) in literal.match_indices(write) {
                let is_lock = literal[..at].trim_end().ends_with("FOR") || literal[..at].trim_end().ends_with("DO");
                let table: String = literal[at + write.len()..]
                    .chars()
                    .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                    .collect();
                if !is_lock && !table.is_empty() {
                    found.push((line, table));
                }
            }
        }
    }
    for (number, line) in text.lines().enumerate() {
        for call in [".insert(&", ".update(&", ".delete(&", ".delete_where(&"] {
            let Some((_, rest)) = line.split_once(call) else {
                continue;
            };
            let name: String = rest
                .chars()
                .take_while(|c| c.is_ascii_uppercase() || *c == '_' || c.is_ascii_digit())
                .collect();
            if name.len() > 2 && !line.trim_start().starts_with("//") {
                found.push((number + 1, name.to_lowercase()));
            }
        }
    }
    found
}

/// The first folder of a file below `records/src`.
fn folder(file: &Path) -> String {
    let inside = file.strip_prefix(sources("records")).unwrap_or(file);
    let mut parts = inside.components();
    match (parts.next(), parts.next()) {
        (Some(first), Some(_)) => first.as_os_str().to_string_lossy().into_owned(),
        _ => String::new(),
    }
}

pub fn a_table_is_written_in_one_folder() -> Result<()> {
    let mut wrong = Vec::new();
    for file in rust_files(&sources("records")) {
        let text = std::fs::read_to_string(&file).with_context(|| shown(&file))?;
        let here = folder(&file);
        // A step of a migration puts former content right, whoever owns it since; a file of tests writes what it tests.
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("former_") || name.ends_with("_tests.rs") || name == "tests.rs" {
            continue;
        }
        for (line, table) in written(&text) {
            match OWNERS_OF_TABLES.iter().find(|(name, ..)| *name == table) {
                Some((_, owner, call)) if *owner != here => {
                    wrong.push(format!(
                        "{}:{line} writes `{table}`, which {owner} owns: call {call}",
                        shown(&file)
                    ));
                }
                Some(_) => {}
                None => wrong.push(format!("{}:{line} writes `{table}`, which nobody owns", shown(&file))),
            }
        }
    }
    nothing(
        wrong,
        "call the function of the owner inside your Change, or name the owner of a new table in OWNERS_OF_TABLES",
    )
}

/// Every table of the schema has an owner.
pub fn every_table_has_an_owner() -> Result<()> {
    let mut wrong = Vec::new();
    let folder = sources("records").join("migrations");
    for entry in std::fs::read_dir(&folder).with_context(|| shown(&folder))? {
        let text = std::fs::read_to_string(entry?.path())?;
        for line in text.lines() {
            let Some(rest) = line.trim_start().strip_prefix("CREATE TABLE ") else {
                continue;
            };
            let table = rest.split([' ', '(']).next().unwrap_or_default();
            if !OWNERS_OF_TABLES.iter().any(|(name, ..)| *name == table) {
                wrong.push(format!("`{table}` has no owner"));
            }
        }
    }
    nothing(
        wrong,
        "write into OWNERS_OF_TABLES which folder writes it and what others call",
    )
}

/// Methods of `impl Archive` whose SQL reads documents by itself, with line and name.
fn reads_documents(text: &str) -> Vec<(usize, String)> {
    let code = Code::of(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (open, body) in code.implementations(&["Archive"]) {
        let (first, last) = (code.line_of(open), code.line_of(open + body.len()));
        for (line, literal) in code.strings() {
            let reads = ["FROM documents", "JOIN documents"].iter().any(|read| {
                literal
                    .match_indices(read)
                    .any(|(at, _)| !literal[at + read.len()..].starts_with('_'))
            });
            if !reads || !(first..=last).contains(&line) {
                continue;
            }
            let name = lines[..line.min(lines.len())].iter().rev().find_map(|line| {
                let (_, rest) = line.split_once("fn ")?;
                rest.split(['(', '<']).next().map(str::to_owned)
            });
            found.push((line, name.unwrap_or_default()));
        }
    }
    found
}

pub fn people_read_documents_through_the_builder() -> Result<()> {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for file in rust_files(&sources("records")) {
        let text = std::fs::read_to_string(&file).with_context(|| shown(&file))?;
        for (line, name) in reads_documents(&text) {
            match BESIDE_THE_SIGHT.iter().find(|(method, _)| *method == name) {
                Some((method, _)) => drop(used.insert(*method)),
                None => wrong.push(format!("{}:{line} {name} reads documents by itself", shown(&file))),
            }
        }
    }
    wrong.extend(
        BESIDE_THE_SIGHT
            .iter()
            .filter(|(method, _)| !used.contains(method))
            .map(|(method, reason)| format!("{method} stands in BESIDE_THE_SIGHT ({reason}) and no longer needs to")),
    );
    nothing(
        wrong,
        "begin with permission::sql::Visible::documents(asker, now), which owns alias, join and condition",
    )
}

pub fn who_ignores_the_asker_says_why() -> Result<()> {
    let doors = methods(&sources("records"), &["Archive"])?;
    let ignoring: BTreeSet<&str> = doors
        .iter()
        .filter(|m| m.signature.contains("_asker: &Asker"))
        .map(|m| m.name.as_str())
        .collect();
    let listed: BTreeSet<&str> = SEEN_BY_ALL.iter().map(|(name, _)| *name).collect();
    let mut wrong: Vec<String> = ignoring
        .difference(&listed)
        .map(|name| format!("{name} ignores its asker and does not stand in SEEN_BY_ALL"))
        .collect();
    wrong.extend(
        listed
            .difference(&ignoring)
            .map(|name| format!("{name} stands in SEEN_BY_ALL and does not ignore its asker")),
    );
    nothing(
        wrong,
        "use the asker, or say in SEEN_BY_ALL why everybody may have the same answer",
    )
}

/// Lines that take a decision by the words of an error.
fn matches_on_words(text: &str) -> Vec<usize> {
    let code = Code::of(text);
    let source: Vec<&str> = text.lines().collect();
    let of_an_error = |line: &usize| {
        ["Absent {", "Exists {", "Conflict {", "Invalid {"].iter().any(|kind| {
            (line.saturating_sub(2)..*line).any(|at| source.get(at).is_some_and(|text| text.contains(kind)))
        })
    };
    let mut lines = code.lines_with("what: \"");
    lines.retain(of_an_error);
    for call in ["contains", "starts_with", "ends_with", "split", "strip_prefix"] {
        for receiver in ["error", "cause", "refusal", "e"] {
            lines.extend(code.lines_with(&format!("{receiver}.to_string().{call}(")));
        }
    }
    lines.sort_unstable();
    lines
}

pub fn nothing_matches_on_words() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ["records", "index", "ingest", "print", "web", "src"] {
        for file in rust_files(&sources(room)) {
            let text = std::fs::read_to_string(&file).with_context(|| shown(&file))?;
            let in_tests = file
                .file_name()
                .is_some_and(|name| name == "tests.rs" || name.to_string_lossy().ends_with("_tests.rs"));
            wrong.extend(
                matches_on_words(&text)
                    .into_iter()
                    .filter(|_| !in_tests)
                    .map(|line| format!("{}:{line} goes by the words of an error", shown(&file))),
            );
        }
    }
    nothing(
        wrong,
        "match on records::Field, records::Thing, records::RefusedBecause or on a code",
    )
}

pub fn planted_faults_of_the_record_are_seen() -> Result<()> {
    let seen = written(PLANTED);
    let expected = [
        (4, "jobs".to_owned()),
        (5, "documents".to_owned()),
        (7, "jobs".to_owned()),
        (8, "customers".to_owned()),
    ];
    ensure!(seen == expected, "writes were seen as {seen:?}");
    let seen = reads_documents(PLANTED);
    ensure!(
        seen == [(14, "peeks".to_owned())],
        "reads of documents were seen as {seen:?}"
    );
    let seen = matches_on_words(PLANTED);
    ensure!(seen == [20, 21], "decisions by words were seen on {seen:?}");
    let owners: BTreeSet<&str> = OWNERS_OF_TABLES.iter().map(|(name, ..)| *name).collect();
    ensure!(owners.len() == OWNERS_OF_TABLES.len(), "a table has two owners");
    Ok(())
}

const PLANTED: &str = r##"// INSERT INTO users in a comment
fn writes(change: &mut Change) {
    let lock = "SELECT uid FROM x FOR UPDATE OF d";
    let a = "INSERT INTO jobs (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = 1";
    let b = " UPDATE documents SET a = 1";
    let c = "SELECT updated FROM x";
    let d = "DELETE FROM jobs";
    change.insert(&CUSTOMERS).run();
    map.insert(&key);
}
impl Archive {
    pub async fn listed(&self, asker: &Asker) { let a = "FROM document_kinds"; }
    pub async fn peeks(&self, asker: &Asker) {
        let a = "SELECT x FROM documents d";
    }
}
impl System { fn sees(&self) { let a = "FROM documents d"; } }
fn decides(error: Error) {
    match error {
        Error::Absent { what: "customer", .. } => {}
        _ if error.to_string().contains("link") => {}
        _ if name.to_string().contains("link") => {}
        _ => {}
    }
}
"##;
