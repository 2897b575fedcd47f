//! The shape of the source: how long files and functions are, which files import each other in a circle, and which type
//! name is defined twice.

use super::source::{Code, closing, rust_files, word_before};
use super::{ALL_ROOMS, nothing, shown, sources};
use anyhow::{Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Lines of a production file, its test modules aside.
const LONGEST_FILE: usize = 400;
/// Lines of a function, from its first line to its closing brace.
const LONGEST_FUNCTION: usize = 70;

/// Functions that may be longer, each with the reason; never more than five.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Type names that several rooms may define: each room has its own error, its result and its limits.
const NAMES_OF_SEVERAL_ROOMS: [&str; 3] = ["Error", "Result", "Limits"];

/// Production files of a room, each as code without its tests.
fn production(room: &str) -> Result<Vec<(std::path::PathBuf, Code)>> {
    rust_files(&sources(room))
        .into_iter()
        .filter(|file| !is_of_tests(file))
        .map(|file| Code::read(&file).map(|code| (file, code)))
        .collect()
}

fn is_of_tests(file: &Path) -> bool {
    file.file_stem()
        .and_then(|stem| stem.to_str())
        .is_some_and(|stem| stem == "tests" || stem.ends_with("_tests") || stem == "test")
}

/// Lines of a file that are not in a test module.
fn production_lines(text: &str, code: &Code) -> usize {
    let in_tests = code
        .test_modules()
        .iter()
        .map(|(from, to)| text[*from..*to].matches('\n').count())
        .sum::<usize>();
    text.lines().count().saturating_sub(in_tests)
}

/// Functions with their first line and their number of lines.
fn functions(code: &Code) -> Vec<(usize, String, usize)> {
    let bare = code.bare();
    let mut found = Vec::new();
    for (at, _) in bare.match_indices("fn ") {
        if word_before(bare.as_bytes(), at) {
            continue;
        }
        let name: String = bare[at + 3..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let Some(open) = bare[at..].find(['{', ';']).map(|n| at + n) else {
            continue;
        };
        if name.is_empty() || bare.as_bytes()[open] == b';' {
            continue;
        }
        let first = code.line_of(at);
        found.push((first, name, code.line_of(closing(bare, open) - 1) - first + 1));
    }
    found
}

pub fn files_and_functions_are_short() -> Result<()> {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for room in ALL_ROOMS {
        for (file, code) in production(room)? {
            let lines = production_lines(&std::fs::read_to_string(&file)?, &code);
            if lines > LONGEST_FILE {
                wrong.push(format!("{} has {lines} lines", shown(&file)));
            }
            for (line, name, lines) in functions(&code) {
                let allowed = LONG_FUNCTIONS
                    .iter()
                    .find(|(of, function, _)| *of == shown(&file) && *function == name);
                match allowed {
                    Some(entry) if lines > LONGEST_FUNCTION => drop(used.insert(entry.1)),
                    _ if lines > LONGEST_FUNCTION => {
                        wrong.push(format!("{}:{line} `{name}` has {lines} lines", shown(&file)));
                    }
                    _ => {}
                }
            }
        }
    }
    wrong.extend(
        LONG_FUNCTIONS
            .iter()
            .filter(|(_, name, _)| !used.contains(name))
            .map(|(file, name, reason)| format!("{file} `{name}` is short now and still listed ({reason})")),
    );
    ensure!(LONG_FUNCTIONS.len() <= 5, "more than five functions may be long");
    nothing(
        wrong,
        "divide it along what it does: a file has one subject, a function one step",
    )
}

/// The module path of a file below the sources of its room: `places/sql/tree.rs` is `[places, sql, tree]`.
fn module(sources: &Path, file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(sources).unwrap_or(file).with_extension("");
    let mut path: Vec<String> = inside
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if path
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main"))
    {
        path.pop();
    }
    path
}

/// Every path that begins with `crate`, `super` or `self`, as it is written; re-exports are no imports.
fn paths(code: &Code) -> Vec<Vec<String>> {
    let bare = code.bare();
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut done = 0;
    for (at, _) in bare.match_indices("use ") {
        if word_before(bare.as_bytes(), at) || at < done {
            continue;
        }
        let Some(end) = bare[at..].find(';').map(|n| at + n) else {
            continue;
        };
        rest.push_str(&bare[done..at]);
        done = end;
        let line = bare[..at].rfind('\n').map_or(0, |n| n + 1);
        if !bare[line..at].trim_start().starts_with("pub") {
            tree(&[], &bare[at + 4..end], &mut found);
        }
    }
    rest.push_str(&bare[done..]);
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in rest.match_indices(start) {
            let inside = at >= 2 && &rest[at - 2..at] == "::";
            if !inside && !word_before(rest.as_bytes(), at) {
                let path: String = rest[at..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
                    .collect();
                found.push(path.split("::").map(str::to_owned).collect());
            }
        }
    }
    found.retain(|path: &Vec<String>| matches!(path[0].as_str(), "crate" | "super" | "self"));
    found
}

/// `crate::a::{b, c::{d, e}}` as its five paths.
fn tree(before: &[String], text: &str, found: &mut Vec<Vec<String>>) {
    let (mut depth, mut from) = (0_usize, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
        let (head, inner) = match part.split_once('{') {
            Some((head, inner)) => (head, inner.trim_end().strip_suffix('}')),
            None => (part.split(" as ").next().unwrap_or(part), None),
        };
        let mut path = before.to_vec();
        path.extend(
            head.split("::")
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .map(str::to_owned),
        );
        match inner {
            Some(inner) => tree(&path, inner, found),
            None => found.push(path),
        }
    }
}

/// The module that a path of `here` leads to: the longest beginning of it that is a file of the room.
fn target<'a>(here: &[String], path: &[String], modules: &'a BTreeSet<Vec<String>>) -> Option<&'a Vec<String>> {
    let mut full = if path[0] == "crate" { Vec::new() } else { here.to_vec() };
    let mut rest = path;
    while let Some(first) = rest.first() {
        match first.as_str() {
            "super" => drop(full.pop()),
            "crate" | "self" => {}
            _ => break,
        }
        rest = &rest[1..];
    }
    full.extend_from_slice(rest);
    while !full.is_empty() {
        if let Some(found) = modules.get(&full) {
            return (found.as_slice() != here).then_some(found);
        }
        full.pop();
    }
    None
}

type Arrows = BTreeMap<Vec<String>, BTreeSet<Vec<String>>>;

fn arrows(files: &[(Vec<String>, Code)]) -> Arrows {
    let modules: BTreeSet<Vec<String>> = files.iter().map(|(module, _)| module.clone()).collect();
    files
        .iter()
        .map(|(module, code)| {
            let targets = paths(code)
                .iter()
                .filter_map(|path| target(module, path, &modules).cloned())
                .collect();
            (module.clone(), targets)
        })
        .collect()
}

/// Modules that can be reached from themselves, in groups that reach each other.
fn circles(arrows: &Arrows) -> Vec<Vec<String>> {
    let reach: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> = arrows
        .keys()
        .map(|module| {
            let mut seen = BTreeSet::new();
            let mut waiting = vec![module];
            while let Some(next) = waiting.pop() {
                for other in arrows.get(next).into_iter().flatten() {
                    if seen.insert(other) {
                        waiting.push(other);
                    }
                }
            }
            (module, seen)
        })
        .collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (module, seen) in &reach {
        if seen.contains(module) {
            found.insert(
                seen.iter()
                    .filter(|other| reach[**other].contains(module))
                    .map(|other| other.join("::"))
                    .collect(),
            );
        }
    }
    found.into_iter().collect()
}

pub fn no_file_imports_itself_in_a_circle() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ALL_ROOMS {
        let sources = sources(room);
        let files: Vec<(Vec<String>, Code)> = production(room)?
            .into_iter()
            .map(|(file, code)| (module(&sources, &file), code))
            .collect();
        wrong.extend(
            circles(&arrows(&files))
                .into_iter()
                .map(|circle| format!("{room}: {} import each other", circle.join(", "))),
        );
    }
    nothing(
        wrong,
        "move what both need into a file below them, or pass the value down instead of fetching it",
    )
}

/// Names of the structs, enums, traits and type aliases that a file defines outside functions and implementations.
fn type_names(code: &Code) -> Vec<String> {
    let mut found = Vec::new();
    for line in code.bare().lines() {
        let outside = !line.starts_with(' ');
        let bare = line.strip_prefix("pub ").unwrap_or(line);
        let bare = bare
            .strip_prefix("pub(")
            .and_then(|rest| rest.split_once(") "))
            .map_or(bare, |(_, rest)| rest);
        for kind in ["struct ", "enum ", "trait ", "type "] {
            if let Some(rest) = bare.strip_prefix(kind)
                && outside
            {
                found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
    }
    found
}

pub fn a_type_name_has_one_meaning() -> Result<()> {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for room in ALL_ROOMS {
        for (file, code) in production(room)? {
            for name in type_names(&code) {
                places.entry(name).or_default().insert(shown(&file));
            }
        }
    }
    let wrong = places
        .into_iter()
        .filter(|(name, files)| files.len() > 1 && !NAMES_OF_SEVERAL_ROOMS.contains(&name.as_str()))
        .map(|(name, files)| {
            format!(
                "`{name}` is defined in {}",
                files.into_iter().collect::<Vec<_>>().join(" and ")
            )
        })
        .collect();
    nothing(wrong, "name each after what it is, so that a search finds one thing")
}

pub fn planted_shapes_are_seen() -> Result<()> {
    let long = format!("fn short() {{}}\nfn long() {{\n{}}}\n", "    f();\n".repeat(70));
    let seen = functions(&Code::of(&long));
    ensure!(
        seen == [(1, "short".to_owned(), 1), (2, "long".to_owned(), 72)],
        "functions were seen as {seen:?}"
    );
    let tested = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn t() {}\n}\n";
    let lines = production_lines(tested, &Code::of(tested));
    ensure!(lines <= 2, "{lines} lines of production were seen");

    let files: Vec<(Vec<String>, Code)> = PLANTED
        .iter()
        .map(|(name, text)| (name.split('/').map(str::to_owned).collect(), Code::of(text)))
        .collect();
    let seen = circles(&arrows(&files));
    ensure!(
        seen == [vec!["door".to_owned(), "shelf".to_owned(), "store::sql".to_owned()]],
        "circles were seen as {seen:?}"
    );
    let seen = type_names(&files[0].1);
    ensure!(seen == ["Door", "Opened", "Answer"], "type names were seen as {seen:?}");
    Ok(())
}

/// Three files in a circle; one that only re-exports, one that is named in a test and in a comment.
const PLANTED: [(&str, &str); 5] = [
    (
        "door",
        "use crate::{shelf::Shelf, words};\npub struct Door;\npub(crate) enum Opened {}\ntype Answer = u8;\nimpl X for Door {\n    type Item = u8;\n}\n",
    ),
    ("shelf", "use super::store::sql::{self, Row};\npub struct Shelf;\n"),
    (
        "store/sql",
        "fn f() -> crate::door::Door { g() }\n// crate::words::word\n",
    ),
    (
        "words",
        "pub use crate::door::Door;\n#[cfg(test)]\nmod tests {\n    use crate::door::Door;\n}\n",
    ),
    ("lamp", "use crate::words::word;\n"),
];
