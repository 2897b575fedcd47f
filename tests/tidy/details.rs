//! What ingest notes beside a reason is an English sentence in the record; a Chinese reader gets the Chinese one. Both
//! stand in different rooms that do not know each other, so only here can be seen that none is missing.

use super::source::{Code, rust_files};
use super::{nothing, shown, sources};
use anyhow::{Result, ensure};
use std::path::Path;

/// Files of ingest whose sentences are no details: they are about the machine, about a table, or never leave a worker.
const OTHER_SENTENCES: &[&str] = &[
    "bitmap.rs",
    "engines.rs",
    "engines/",
    "extract.rs",
    "extract/",
    "manifest.rs",
    "page_images.rs",
    "page_images/",
    // Advice, which is part of our own sentence for the reason.
    "reason.rs",
    "read.rs",
    "read/",
    "worker/sandbox.rs",
    "worker/serve.rs",
    "worker/spawn.rs",
    "worker/wire.rs",
];

/// Errors of a worker become details of the page on which it was lost.
const WORKER_ERRORS: &str = "worker/process.rs";

/// Sentences in the other files that never become a detail of the record.
const NOT_DETAILS: &[&str] = &[
    // The run itself stops or waits; nothing is recorded of a file.
    "a stage failed: ",
    "copying into staging was interrupted",
    "the walk was interrupted",
    "{error}; there is no room left",
    "a source could not be put away",
    "{} could not be put away: {error}",
    // What another library says, looked for in its words.
    "end of file",
    // Joins two details.
    "{first} (and {} more pages)",
    // A worker that is asked again.
    "it spoke out of turn",
    "it was killed before",
    "the announced file descriptor did not come",
];

pub fn every_detail_has_a_chinese_form() -> Result<()> {
    let patterns = patterns(&super::house().join("web/src/details.rs"))?;
    ensure!(patterns.len() > 40, "only {} sentences were found", patterns.len());
    let folder = sources("ingest");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in rust_files(&folder) {
        let place = file.strip_prefix(&folder)?.to_string_lossy().into_owned();
        if OTHER_SENTENCES.iter().any(|other| place.starts_with(other)) {
            continue;
        }
        let source = std::fs::read_to_string(&file)?;
        let source: Vec<&str> = source.lines().collect();
        for (line, text) in Code::read(&file)?.strings() {
            let text = joined(&text);
            let code = source.get(line - 1).copied().unwrap_or_default();
            // Words of an error of the whole run, of the log, of what cannot happen.
            let of_the_run = code.contains("#[error(") && place != WORKER_ERRORS;
            let unsaid = of_the_run || code.contains("tracing::") || code.contains(".expect(");
            if unsaid || !is_sentence(&text) || NOT_DETAILS.iter().any(|other| text.starts_with(other)) {
                continue;
            }
            seen += 1;
            if !patterns.iter().any(|pattern| fits(pattern, &text)) {
                wrong.push(format!("{}:{line} says {text:?}", shown(&file)));
            }
        }
    }
    ensure!(seen > 40, "only {seen} sentences of ingest were found");
    nothing(
        wrong,
        "give the sentence its Chinese form in web/src/details.rs, or say in tests/tidy/details.rs why nobody reads it",
    )
}

/// A planted sentence is missed, and one that has its form is not.
pub fn planted_details_are_seen() -> Result<()> {
    let patterns = patterns(&super::house().join("web/src/details.rs"))?;
    let known = |text: &str| patterns.iter().any(|pattern| fits(pattern, text));
    ensure!(known("page {} of {}") && known("{width} x {height} pixels, {} are allowed; try again"));
    ensure!(!known("the moon is in the way") && is_sentence("the moon is in the way"));
    Ok(())
}

/// The English sentences of the table, which stand before their Chinese ones.
fn patterns(file: &Path) -> Result<Vec<String>> {
    let english = |text: &String| text.is_ascii() && text.contains(' ');
    let strings = Code::read(file)?.strings();
    Ok(strings.into_iter().map(|(_, text)| text).filter(english).collect())
}

/// Three words at least, in our own lower case.
fn is_sentence(text: &str) -> bool {
    let words = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()));
    text.is_ascii() && text.contains(' ') && !text.contains("\\n") && words.count() >= 3
}

/// A literal that goes on in the next line, as one.
fn joined(text: &str) -> String {
    let mut lines = text.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.trim_start())
}

/// Whether the first clause of what is said is of the pattern; what varies stands in braces in both.
fn fits(pattern: &str, said: &str) -> bool {
    let clause = said.split("; ").next().unwrap_or(said);
    let mut plain = String::new();
    let mut inside = false;
    for letter in clause.chars() {
        match letter {
            '{' => inside = true,
            '}' if inside => {
                inside = false;
                plain.push('7');
            }
            letter if !inside => plain.push(letter),
            _ => {}
        }
    }
    // Some are put into lower case before they are noted.
    let (pattern, plain) = (pattern.to_lowercase(), plain.to_lowercase());
    let mut rest = plain.as_str();
    let pieces: Vec<&str> = pattern.split("{}").collect();
    for (at, piece) in pieces.iter().enumerate() {
        let from = match (at, at + 1 == pieces.len()) {
            (0, _) if !rest.starts_with(piece) => return false,
            (0, _) => 0,
            (_, true) if piece.is_empty() => rest.len(),
            (_, true) if rest.ends_with(piece) => rest.len() - piece.len(),
            (_, true) => return false,
            (_, false) => match rest.find(piece) {
                Some(from) => from,
                None => return false,
            },
        };
        if at > 0 && from == 0 {
            return false;
        }
        rest = &rest[from + piece.len()..];
    }
    rest.is_empty()
}
