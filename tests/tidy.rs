//! The invariants of the house that can be read off the source: who may import whom, who owns what, which words are
//! banned. Every failure says what to do instead.

mod doors;
mod migrations;
mod papers;
mod record;
mod recorded;
mod sentences;
mod shape;
mod source;
mod words;

use crate::Test;
use anyhow::{Context, Result, ensure};
pub use sentences::is_english;
use source::Code;
pub use source::rust_files;
use std::path::{Path, PathBuf};

pub const TESTS: &[Test] = &[
    ("tidy::planted_faults_are_seen", planted_faults_are_seen),
    ("tidy::rooms_import_only_whom_they_may", rooms_import_only_whom_they_may),
    (
        "tidy::heavy_dependencies_have_one_owner",
        heavy_dependencies_have_one_owner,
    ),
    ("tidy::sql_stands_in_sql_rs", sql_stands_in_sql_rs),
    ("tidy::nouns_are_pure", nouns_are_pure),
    ("tidy::no_drawers", no_drawers),
    ("tidy::only_src_reads_the_world", only_src_reads_the_world),
    ("tidy::no_test_waits_for_ever", no_test_waits_for_ever),
    ("tidy::every_read_takes_an_asker", every_read_takes_an_asker),
    ("tidy::web_holds_no_system", web_holds_no_system),
    ("tidy::every_search_takes_an_asker", every_search_takes_an_asker),
    ("tidy::nothing_is_left_unfinished", nothing_is_left_unfinished),
    ("tidy::every_file_says_what_it_is_for", every_file_says_what_it_is_for),
    (
        "tidy::released_migrations_stay_as_they_are",
        migrations::released_migrations_stay_as_they_are,
    ),
    (
        "tidy::planted_migrations_are_seen",
        migrations::planted_migrations_are_seen,
    ),
    ("tidy::every_file_is_used", every_file_is_used),
    ("tidy::no_path_of_a_machine", no_path_of_a_machine),
    ("tidy::a_closed_list_stands_once", words::a_closed_list_stands_once),
    ("tidy::a_list_has_one_type", words::a_list_has_one_type),
    ("tidy::every_event_has_a_name", words::every_event_has_a_name),
    ("tidy::planted_words_are_seen", words::planted_words_are_seen),
    (
        "tidy::the_command_line_speaks_both_languages",
        sentences::the_command_line_speaks_both_languages,
    ),
    (
        "tidy::planted_sentences_are_seen",
        sentences::planted_sentences_are_seen,
    ),
    (
        "tidy::history_is_kept_by_the_change",
        recorded::history_is_kept_by_the_change,
    ),
    ("tidy::planted_writes_are_seen", recorded::planted_writes_are_seen),
    (
        "tidy::a_table_is_written_in_one_folder",
        record::a_table_is_written_in_one_folder,
    ),
    ("tidy::every_table_has_an_owner", record::every_table_has_an_owner),
    (
        "tidy::people_read_documents_through_the_builder",
        record::people_read_documents_through_the_builder,
    ),
    (
        "tidy::who_ignores_the_asker_says_why",
        record::who_ignores_the_asker_says_why,
    ),
    ("tidy::nothing_matches_on_words", record::nothing_matches_on_words),
    (
        "tidy::planted_faults_of_the_record_are_seen",
        record::planted_faults_of_the_record_are_seen,
    ),
    (
        "tidy::every_door_is_opened_by_somebody",
        doors::every_door_is_opened_by_somebody,
    ),
    (
        "tidy::unsafe_code_stays_where_it_belongs",
        doors::unsafe_code_stays_where_it_belongs,
    ),
    ("tidy::planted_doors_are_seen", doors::planted_doors_are_seen),
    (
        "tidy::files_and_functions_are_short",
        shape::files_and_functions_are_short,
    ),
    (
        "tidy::no_file_imports_itself_in_a_circle",
        shape::no_file_imports_itself_in_a_circle,
    ),
    ("tidy::a_type_name_has_one_meaning", shape::a_type_name_has_one_meaning),
    ("tidy::planted_shapes_are_seen", shape::planted_shapes_are_seen),
    (
        "tidy::the_table_of_owners_is_the_one_that_is_tested",
        papers::the_table_of_owners_is_the_one_that_is_tested,
    ),
    (
        "tidy::documents_that_are_named_exist",
        papers::documents_that_are_named_exist,
    ),
    ("tidy::planted_papers_are_seen", papers::planted_papers_are_seen),
];

/// Each room, and the rooms it may import.
const ROOMS: [(&str, &[&str]); 9] = [
    ("vocabulary", &[]),
    ("records", &["vocabulary"]),
    ("index", &["vocabulary", "records"]),
    ("reading", &["vocabulary"]),
    ("api_types", &["vocabulary", "records", "index"]),
    ("ingest", &["vocabulary", "reading", "records", "api_types"]),
    ("print", &["vocabulary", "records"]),
    ("services", &["vocabulary", "records", "index", "print", "api_types"]),
    (
        "web",
        &["vocabulary", "records", "index", "print", "api_types", "services"],
    ),
];

/// The rooms whose source is part of the program.
const ALL_ROOMS: [&str; 10] = [
    "vocabulary",
    "records",
    "index",
    "reading",
    "ingest",
    "api_types",
    "services",
    "print",
    "web",
    "src",
];

/// Each heavy subject has one room. `src` is the program itself.
const OWNERS: [(&str, &[&str]); 8] = [
    ("vocabulary", &["uuid", "unicode-width"]),
    ("records", &["sqlx", "csv", "calamine", "zstd"]),
    ("index", &["tantivy", "pinyin"]),
    (
        "reading",
        &[
            "pdfium-render",
            "hayro",
            "hayro-ccitt",
            "zune-jpeg",
            "image",
            "tiff",
            "png",
            "fast_image_resize",
            "ort",
            "openvino",
            "landlock",
            "rqrr",
            "zip",
            "quick-xml",
            "hayro-jbig2",
        ],
    ),
    ("ingest", &["walkdir"]),
    ("print", &["krilla", "rust_xlsxwriter", "qrcode", "skrifa"]),
    (
        "web",
        &[
            "axum",
            "askama",
            "tower-http",
            "hyper",
            "hyper-util",
            "rustls",
            "tokio-rustls",
            "utoipa-axum",
            "rust-embed",
            "fluent-templates",
            "argon2",
            "totp-rs",
            "openidconnect",
        ],
    ),
    (
        "src",
        &[
            "clap",
            "clap_complete",
            "clap_mangen",
            "anyhow",
            "tracing-subscriber",
            "indicatif",
            "console",
            "dirs",
            "getrandom",
        ],
    ),
];

pub fn house() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn manifest(room: &str) -> Result<toml::Table> {
    let file = if room == "src" {
        house().join("Cargo.toml")
    } else {
        house().join(room).join("Cargo.toml")
    };
    std::fs::read_to_string(&file)
        .with_context(|| format!("{}", file.display()))?
        .parse()
        .with_context(|| format!("{}", file.display()))
}

fn dependencies(room: &str) -> Result<Vec<String>> {
    let manifest = manifest(room)?;
    Ok(manifest
        .get("dependencies")
        .and_then(|d| d.as_table())
        .map(|d| d.keys().cloned().collect())
        .unwrap_or_default())
}

fn sources(room: &str) -> PathBuf {
    if room == "src" {
        house().join("src")
    } else {
        house().join(room).join("src")
    }
}

fn shown(file: &Path) -> String {
    file.strip_prefix(house()).unwrap_or(file).display().to_string()
}

/// Says all that is wrong at once, with the same advice under it.
fn nothing(wrong: Vec<String>, instead: &str) -> Result<()> {
    ensure!(wrong.is_empty(), "{}\n  instead: {instead}", wrong.join("\n"));
    Ok(())
}

/// A check that cannot fail checks nothing: every kind of fault is planted once and must be seen, its harmless twin not.
fn planted_faults_are_seen() -> Result<()> {
    let code = Code::of(PLANTED);
    let see = |word: &str| code.lines_with(word);
    ensure!(see("sqlx") == [3], "sqlx was seen on {:?}", see("sqlx"));
    ensure!(see(".unwrap()") == [5], "unwrap was seen on {:?}", see(".unwrap()"));
    ensure!(see("env::var") == [6], "env::var was seen on {:?}", see("env::var"));
    ensure!(
        see("serde").is_empty(),
        "serde stands only in a comment and was seen on {:?}",
        see("serde")
    );
    let sql: Vec<usize> = code
        .strings()
        .iter()
        .filter(|(_, s)| s.trim_start().starts_with("SELECT "))
        .map(|(n, _)| *n)
        .collect();
    ensure!(sql == [7, 8], "SQL was seen on {sql:?}");
    let methods: Vec<String> = code
        .implementations(&["Archive"])
        .into_iter()
        .flat_map(|(_, body)| source::public_functions(body))
        .map(|(_, signature)| signature)
        .collect();
    ensure!(
        methods.len() == 2 && !methods[0].contains("Asker") && methods[1].contains("Asker"),
        "the methods of Archive were seen as {methods:?}"
    );
    Ok(())
}

const PLANTED: &str = r##"//! serde in words is no fault
// sqlx in a comment, nor here: ".unwrap()"
use sqlx::Row;
fn a() {
    let b = c.unwrap().d('"', '{');
    let e = std::env::var("X");
    let f = " SELECT 1";
    let g = r#"SELECT "2""#;
    let h = "nothing /* SELECT */ .unwrap()";
}
impl<'a> store::Archive<'a> {
    pub async fn open_door(&self, n: u8) -> u8 { n }
    pub async fn guarded(
        &self,
        asker: &Asker,
    ) -> u8 { 1 }
    fn inside(&self) {}
}
impl From<Archive> for u8 { pub fn no(&self) {} }
#[cfg(test)]
mod tests {
    fn t() { x.unwrap(); let q = "SELECT 3"; }
}
"##;

fn rooms_import_only_whom_they_may() -> Result<()> {
    let mut wrong = Vec::new();
    for (room, may) in ROOMS {
        for dependency in dependencies(room)? {
            if ROOMS.iter().any(|(name, _)| *name == dependency) && !may.contains(&dependency.as_str()) {
                wrong.push(format!("{room}/Cargo.toml imports {dependency}"));
            }
        }
    }
    nothing(
        wrong,
        "data visits each room once; send it back as a row (a job) or by a narrow trait that records declares and src wires",
    )
}

fn heavy_dependencies_have_one_owner() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ROOMS.iter().map(|(room, _)| *room).chain(["src"]) {
        let has = dependencies(room)?;
        for (owner, heavy) in OWNERS {
            wrong.extend(
                heavy
                    .iter()
                    .filter(|h| owner != room && has.iter().any(|d| d == *h))
                    .map(|h| format!("{room} depends on {h}, which {owner} owns")),
            );
        }
    }
    nothing(wrong, "ask the owner for a function in plain types")
}

const SQL: [&str; 9] = [
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
    "LOCK TABLE ",
    "ALTER TABLE ",
];

fn speaks_sql(file: &Path) -> bool {
    let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let in_records = file.starts_with(sources("records"));
    in_records && (name == "sql.rs" || name.ends_with("_sql.rs") || file.components().any(|c| c.as_os_str() == "sql"))
}

fn sql_stands_in_sql_rs() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ALL_ROOMS {
        for file in rust_files(&sources(room)) {
            let code = Code::read(&file)?;
            if room != "records" {
                wrong.extend(
                    code.lines_with("sqlx")
                        .into_iter()
                        .map(|n| format!("{}:{n} names sqlx", shown(&file))),
                );
            }
            if !speaks_sql(&file) {
                wrong.extend(
                    code.strings()
                        .into_iter()
                        .filter(|(_, s)| SQL.iter().any(|w| s.trim_start().starts_with(w)))
                        .map(|(n, _)| format!("{}:{n} holds SQL text", shown(&file))),
                );
            }
        }
    }
    nothing(
        wrong,
        "put the statement into the sql.rs of its subject in records and call it by a method of the Archive",
    )
}

/// Subjects are the folders of records that have an sql.rs; what stands beside it is the noun and its rules.
fn nouns_are_pure() -> Result<()> {
    let mut wrong = Vec::new();
    // The store is the machinery of connections, tables reads files of others, scans holds the vault: none is a noun.
    let machinery = ["store", "tables", "migrations", "scans"];
    for file in rust_files(&sources("records")) {
        let parent = file.parent().context("a file has a folder")?;
        let subject = parent.strip_prefix(sources("records")).unwrap_or(parent);
        let is_noun = (parent.join("sql.rs").exists() || parent.join("sql").is_dir())
            && !speaks_sql(&file)
            && !machinery.iter().any(|m| subject.starts_with(m))
            && parent != sources("records");
        if !is_noun || file.file_name().is_some_and(|n| n == "archive.rs" || n == "tests.rs") {
            continue;
        }
        let code = Code::read(&file)?;
        for word in ["serde", "sqlx", "tokio", "std::fs", "std::net", "std::process"] {
            wrong.extend(
                code.lines_with(word)
                    .into_iter()
                    .map(|n| format!("{}:{n} names {word}", shown(&file))),
            );
        }
    }
    nothing(
        wrong,
        "a noun is pure: JSON types live beside their handler, SQL in sql.rs, files and time with whoever calls",
    )
}

fn no_drawers() -> Result<()> {
    let banned = [
        "utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff", "prelude",
    ];
    let mut wrong = Vec::new();
    for room in ALL_ROOMS {
        for file in rust_files(&sources(room)) {
            let names = [file.file_stem(), file.parent().and_then(Path::file_name)];
            wrong.extend(
                names
                    .into_iter()
                    .flatten()
                    .filter(|n| banned.iter().any(|b| n == b))
                    .map(|n| format!("{} lies in a drawer named {}", shown(&file), n.display())),
            );
            let code = Code::read(&file)?;
            for word in banned {
                wrong.extend(
                    code.lines_with(&format!("mod {word} "))
                        .into_iter()
                        .map(|n| format!("{}:{n} opens a drawer named {word}", shown(&file))),
                );
            }
        }
    }
    nothing(wrong, "name the module after what it knows")
}

fn only_src_reads_the_world() -> Result<()> {
    let world = [
        "env::var",
        "env::vars",
        "env::var_os",
        "env::set_var",
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "env::current_dir",
        "thread::sleep",
    ];
    let mut wrong = Vec::new();
    for (room, _) in ROOMS {
        for file in rust_files(&sources(room)) {
            let code = Code::read(&file)?;
            for word in world {
                wrong.extend(
                    code.lines_with(word)
                        .into_iter()
                        .map(|n| format!("{}:{n} calls {word}", shown(&file))),
                );
            }
        }
    }
    nothing(
        wrong,
        "src reads the environment and the clock once and passes a Clock, a Random and plain settings down; wait for events, not for time",
    )
}

/// Words that wait for a started program until it pleases to say or do something.
const WAITS: [&str; 5] = [".output()", ".wait()", ".wait_with_output()", ".recv()", ".read_line("];

fn no_test_waits_for_ever() -> Result<()> {
    let mut wrong = Vec::new();
    for file in std::fs::read_dir(house().join("tests"))? {
        let file = file?.path();
        let is_rust = file.extension().is_some_and(|ending| ending == "rs");
        if !is_rust || file.ends_with("patience.rs") {
            continue;
        }
        let code = Code::of(&std::fs::read_to_string(&file)?);
        let here = |word: &'static str| code.lines_with(word).into_iter().map(move |line| (line, word));
        wrong.extend(
            WAITS
                .into_iter()
                .flat_map(here)
                .map(|(line, word)| format!("{}:{line} calls {word}", shown(&file))),
        );
    }
    nothing(
        wrong,
        "tests/patience.rs waits with a deadline: output_in_time, ended, Lines::next, recv_timeout",
    )
}

/// The one door: whatever `Archive` does for a person, it is told who asks.
fn every_read_takes_an_asker() -> Result<()> {
    let doors = methods(&sources("records"), &["Archive"])?;
    ensure!(
        doors.len() >= 20,
        "only {} methods of Archive were found: has the door been renamed? then rename it in this test",
        doors.len()
    );
    let wrong = doors
        .into_iter()
        .filter(|m| !m.signature.contains("Asker"))
        .map(|m| m.to_string())
        .collect();
    nothing(
        wrong,
        "take `asker: &Asker` and put its filter into the statement; what the machine does for itself belongs to `System`",
    )
}

fn every_search_takes_an_asker() -> Result<()> {
    let doors = methods(&sources("index"), &["FullText"])?;
    ensure!(
        doors.iter().any(|m| m.name == "search"),
        "no method of FullText was found: has it been renamed? then rename it in this test"
    );
    // What does not look into the text: starting and waking the follower, waiting for it, rebuilding, its state.
    let blind = ["start", "wake", "wait_for", "wait_for_head", "rebuild", "status"];
    let wrong = doors
        .into_iter()
        .filter(|m| !m.signature.contains("Asker") && !blind.contains(&m.name.as_str()))
        .map(|m| m.to_string())
        .collect();
    nothing(
        wrong,
        "take `asker: &Asker` and make its filter a clause of the query: hits, counts, facets, snippets and suggestions alike",
    )
}

/// `System` is the program acting for itself, without an asker; a screen always acts for somebody.
fn web_holds_no_system() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ["web", "print"] {
        for file in rust_files(&sources(room)) {
            let code = Code::read(&file)?;
            wrong.extend(
                code.lines_with("System")
                    .into_iter()
                    .map(|n| format!("{}:{n} names System", shown(&file))),
            );
        }
    }
    nothing(
        wrong,
        "use the Archive, which is told who asks; what the machine does for itself is wired in src",
    )
}

struct Method {
    file: String,
    line: usize,
    name: String,
    signature: String,
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} `{}` takes no Asker", self.file, self.line, self.name)
    }
}

/// The public methods (those with a receiver) in every `impl` of the named types.
fn methods(folder: &Path, of: &[&str]) -> Result<Vec<Method>> {
    let mut found = Vec::new();
    for file in rust_files(folder) {
        let code = Code::read(&file)?;
        for (start, body) in code.implementations(of) {
            for (offset, signature) in source::public_functions(body) {
                let receiver =
                    signature.contains("&self") || signature.contains("&mut self") || signature.contains("(self");
                if receiver {
                    let name = signature
                        .split("fn ")
                        .nth(1)
                        .and_then(|s| s.split(['(', '<']).next())
                        .unwrap_or_default()
                        .trim()
                        .to_owned();
                    found.push(Method {
                        file: shown(&file),
                        line: code.line_of(start + offset),
                        name,
                        signature,
                    });
                }
            }
        }
    }
    Ok(found)
}

fn nothing_is_left_unfinished() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ALL_ROOMS {
        for file in rust_files(&sources(room)) {
            let code = Code::read(&file)?;
            for word in ["todo!", "unimplemented!", "dbg!", ".unwrap()"] {
                wrong.extend(
                    code.lines_with(word)
                        .into_iter()
                        .map(|n| format!("{}:{n} has {word}", shown(&file))),
                );
            }
        }
    }
    nothing(
        wrong,
        "finish it, or return an error that names the thing and the next step; `expect` only where the reason is an invariant",
    )
}

fn every_file_says_what_it_is_for() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ALL_ROOMS {
        for file in rust_files(&sources(room)) {
            let text = std::fs::read_to_string(&file)?;
            if file
                .file_stem()
                .and_then(|s| s.to_str())
                .is_some_and(|s| s.ends_with("tests"))
            {
                continue;
            }
            if !text.trim_start().starts_with("//!") && !text.trim_start().starts_with("#![") {
                wrong.push(format!("{} does not begin with //!", shown(&file)));
            }
        }
    }
    nothing(wrong, "begin the file with what it is for and what it refuses to know")
}

/// A file that no `mod` names is not compiled: it rots.
fn every_file_is_used() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ALL_ROOMS {
        let files = rust_files(&sources(room));
        let texts: Vec<String> = files.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
        for file in &files {
            let stem = file.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
            if matches!(stem, "lib" | "main" | "build") {
                continue;
            }
            let folder = file
                .parent()
                .and_then(Path::file_name)
                .and_then(|s| s.to_str())
                .unwrap_or_default();
            let name = if stem == "mod" { folder } else { stem };
            let file_name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            if !texts.iter().any(|t| {
                t.contains(&format!("mod {name};"))
                    || t.contains(&format!("mod {name} {{"))
                    || t.contains(&format!("{file_name}\"]"))
            }) {
                wrong.push(format!("{} is named by no `mod`", shown(file)));
            }
        }
    }
    nothing(wrong, "declare the module or delete the file")
}

fn no_path_of_a_machine() -> Result<()> {
    // Written in two halves so that this file does not accuse itself.
    let paths = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let mut wrong = Vec::new();
    for file in source::text_files(&house()) {
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        for (n, line) in text.lines().enumerate() {
            if paths.iter().any(|p| line.contains(p)) {
                wrong.push(format!("{}:{} names a path of somebody's machine", shown(&file), n + 1));
            }
        }
    }
    nothing(
        wrong,
        "say it relative to the repository, or with ~ and $XDG_CACHE_HOME",
    )
}
