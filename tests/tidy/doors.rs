//! Every public method of a door of the record is opened by somebody outside it, and `unsafe` stays in its two rooms.

use super::source::{Code, rust_files};
use super::{ALL_ROOMS, methods, nothing, shown, sources};
use anyhow::{Result, ensure};
use std::collections::BTreeSet;

/// Methods whose screen, API and command come with a later subject, each with the subject.
const WAITING: &[(&str, &str)] = &[];

/// Files that may hold `unsafe`: what talks to the kernel about a worker, and what hands memory to the OCR runtime.
const UNSAFE: [&str; 2] = ["reading/src/worker/", "reading/src/read/engine"];

/// Names of methods that a source file calls, whatever they are called on.
fn called(code: &Code) -> BTreeSet<String> {
    let bare = code.bare();
    let mut found = BTreeSet::new();
    for before in [".", "::"] {
        for (at, _) in bare.match_indices(before) {
            let name: String = bare[at + before.len()..]
                .trim_start()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            found.insert(name);
        }
    }
    found
}

pub fn every_door_is_opened_by_somebody() -> Result<()> {
    let mut calls = BTreeSet::new();
    for room in ALL_ROOMS.into_iter().filter(|room| *room != "records") {
        for file in rust_files(&sources(room)) {
            calls.append(&mut called(&Code::read(&file)?));
        }
    }
    let doors = methods(&sources("records"), &["Archive", "System", "Gate"])?;
    ensure!(doors.len() > 100, "only {} methods of the doors were seen", doors.len());
    let mut wrong: Vec<String> = doors
        .iter()
        .filter(|method| !calls.contains(&method.name))
        .filter(|method| !WAITING.iter().any(|(name, _)| *name == method.name))
        .map(|method| format!("{}:{} nobody calls `{}`", method.file, method.line, method.name))
        .collect();
    wrong.extend(
        WAITING
            .iter()
            .filter(|(name, _)| calls.contains(*name) || !doors.iter().any(|method| method.name == *name))
            .map(|(name, subject)| format!("`{name}` stands in WAITING ({subject}) and no longer needs to")),
    );
    nothing(
        wrong,
        "give it a screen, an API and a command, delete it, or make it pub(crate) if only the record needs it",
    )
}

pub fn unsafe_code_stays_where_it_belongs() -> Result<()> {
    let mut wrong = Vec::new();
    for room in ALL_ROOMS {
        for file in rust_files(&sources(room)) {
            let name = shown(&file);
            if UNSAFE.iter().any(|place| name.starts_with(place)) {
                continue;
            }
            wrong.extend(
                Code::read(&file)?
                    .lines_with("unsafe")
                    .into_iter()
                    .map(|line| format!("{name}:{line} is unsafe")),
            );
        }
    }
    nothing(
        wrong,
        "call a crate with a safe door, or move it into the worker of `reading`",
    )
}

pub fn planted_doors_are_seen() -> Result<()> {
    let code = Code::of(
        "fn f() {\n    archive\n        .opened(1);\n    System::started(x);\n    // archive.comment()\n    closed(2);\n}\n",
    );
    let seen = called(&code);
    for (name, calls) in [
        ("opened", true),
        ("started", true),
        ("comment", false),
        ("closed", false),
    ] {
        ensure!(seen.contains(name) == calls, "calls were seen as {seen:?}");
    }
    let unsafe_lines = Code::of("// unsafe in words\nfn f() {\n    unsafe { g() }\n}\n").lines_with("unsafe");
    ensure!(unsafe_lines == [3], "unsafe was seen on {unsafe_lines:?}");
    Ok(())
}
