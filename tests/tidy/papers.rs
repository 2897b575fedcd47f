//! What the documents of the repository say about the code, held against the code, and what the code says of documents.

use super::source;
use super::{OWNERS, dependencies, house, nothing, shown};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::path::Path;

/// Documents of other packages, and one that a test makes up.
const ELSEWHERE: [&str; 2] = ["MODEL_LICENSES.md", "planted.md"];

/// The rows of the table of heavy dependencies: owner of each.
fn owners(architecture: &str) -> BTreeSet<(String, String)> {
    architecture
        .lines()
        .skip_while(|line| !line.starts_with("| Heavy dependency |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            Some((cells.next()?.to_owned(), cells.next()?.to_owned()))
        })
        .flat_map(|(names, owner)| {
            names
                .split(',')
                .map(|name| (name.trim().to_owned(), owner.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}

pub fn the_table_of_owners_is_the_one_that_is_tested() -> Result<()> {
    let architecture = std::fs::read_to_string(house().join("ARCHITECTURE.md"))?;
    let told = owners(&architecture);
    let tested: BTreeSet<(String, String)> = OWNERS
        .iter()
        .flat_map(|(owner, heavy)| heavy.iter().map(|name| ((*name).to_owned(), (*owner).to_owned())))
        .collect();
    let mut wrong: Vec<String> = told
        .difference(&tested)
        .map(|(name, owner)| format!("ARCHITECTURE.md gives {name} to {owner}, OWNERS does not"))
        .collect();
    wrong.extend(
        tested
            .difference(&told)
            .map(|(name, owner)| format!("OWNERS gives {name} to {owner}, ARCHITECTURE.md does not")),
    );
    for (name, owner) in &tested {
        if !dependencies(owner)?.iter().any(|has| has == name) {
            wrong.push(format!("{owner} owns {name} and does not depend on it"));
        }
    }
    nothing(
        wrong,
        "write the same into the table of ARCHITECTURE.md and into OWNERS of tests/tidy.rs",
    )
}

/// Names of Markdown files that a text mentions, as they are written.
fn mentioned(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (at, _) in line.match_indices(".md") {
            let goes_on = line[at + 3..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let begin = line[..at]
                .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.')))
                .map_or(0, |n| n + line[n..].chars().next().map_or(1, char::len_utf8));
            let name = &line[begin..at];
            if !goes_on && !name.is_empty() {
                found.push((number + 1, format!("{name}.md")));
            }
        }
    }
    found
}

fn is_there(name: &str, beside: &Path) -> bool {
    let bare = name.trim_start_matches("./");
    [house(), house().join("docs"), house().join("docs/tasks")]
        .iter()
        .any(|folder| folder.join(bare).is_file())
        || beside.parent().is_some_and(|folder| folder.join(name).is_file())
}

/// A reader can follow every reference: papers that are not in the repository are nobody's.
pub fn documents_that_are_named_exist() -> Result<()> {
    let mut wrong = Vec::new();
    for file in source::text_files(&house()) {
        let shown = shown(&file);
        let kind = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if !matches!(kind, "rs" | "md" | "toml" | "sql" | "py" | "ftl" | "html") || shown == "tests/tidy/papers.rs" {
            continue;
        }
        let text = std::fs::read_to_string(&file).with_context(|| shown.clone())?;
        wrong.extend(
            mentioned(&text)
                .into_iter()
                .filter(|(_, name)| !ELSEWHERE.iter().any(|other| name.ends_with(other)) && !is_there(name, &file))
                .map(|(line, name)| format!("{shown}:{line} names {name}")),
        );
        wrong.extend(
            text.lines()
                .enumerate()
                .filter(|(_, line)| line.contains("DESIGN") && line.contains("section"))
                .map(|(n, _)| format!("{shown}:{} refers to DESIGN, which is not in the repository", n + 1)),
        );
    }
    nothing(
        wrong,
        "say it in the comment itself, or in ARCHITECTURE.md, and name that",
    )
}

pub fn planted_papers_are_seen() -> Result<()> {
    let seen = owners("| Heavy dependency | Owner |\n|---|---|\n| a, b-c | web |\n| d | src |\n\n| e | f |\n");
    let expected = [("a", "web"), ("b-c", "web"), ("d", "src")]
        .map(|(name, owner)| (name.to_owned(), owner.to_owned()))
        .into();
    ensure!(seen == expected, "owners were seen as {seen:?}");
    let seen = mentioned("see NOWHERE.md, docs/x.md\nand 见docs/y.md or a.mdx");
    let expected = [(1, "NOWHERE.md"), (1, "docs/x.md"), (2, "docs/y.md")].map(|(n, name)| (n, name.to_owned()));
    ensure!(seen == expected, "documents were seen as {seen:?}");
    ensure!(!is_there("NOWHERE.md", &house()), "NOWHERE.md was found");
    ensure!(is_there("README.md", &house()), "README.md was not found");
    Ok(())
}
