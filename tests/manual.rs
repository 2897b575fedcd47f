//! The commands of the manual: what README and docs/tasks tell people to type is typed, in the order in which a page
//! says it, on an archive of its own; every other mention of a command is held against the help of the program.

use crate::{
    Test,
    archive::{Database, Ran, TestArchive, demo_folder, path, program},
    patience::InTime,
    tidy::house,
};
use anyhow::{Context, Result, ensure};
use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
};

pub const TESTS: &[Test] = &[
    ("manual::every_mentioned_command_exists", every_mentioned_command_exists),
    ("manual::the_commands_of_each_page_run", the_commands_of_each_page_run),
    ("manual::wrong_commands_are_seen", wrong_commands_are_seen),
];

/// Commands that are only held against the help, and why they are not run.
const NOT_RUN: [(&str, &str); 7] = [
    (
        "dossier serve",
        "serves until it is stopped; tests/serving.rs starts it",
    ),
    ("dossier demo", "serves until it is stopped; tests/demo.rs starts it"),
    ("dossier setup", "fetches the engines; the tests that read pages do it"),
    (
        "dossier kinds import",
        "the file is what somebody has made of the export",
    ),
    (
        "dossier checklists import",
        "the file is what somebody has made of the export",
    ),
    (
        "dossier documents restore",
        "a second person restores; web/tests/holdings.rs does it",
    ),
    (
        "dossier grants confirm",
        "a second person confirms; web/tests/office.rs does it",
    ),
];

/// Words of the manual that stand for something only the reader has.
const PLACEHOLDERS: [&str; 12] = [
    "ID", "GRANT", "TOKEN", "编号", "DOCUMENT", "QUERY", "CODE", "NAME", "PATH", "BATCH", "TEXT", "KEY",
];

/// Commands that end with another code than 0, and why that is right.
const ENDS_WITH: [(&str, i32, &str); 2] = [
    ("dossier documents withdraw", 1, "asks for --yes first"),
    (
        "dossier users second-factor",
        1,
        "nobody of the manual has a second factor to reset",
    ),
];

/// Folders of the examples.
const EXAMPLE_FOLDERS: [&str; 3] = ["scans", "/scans/2024-05", "/扫描/2024-05"];

/// A command as a page says it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    page: String,
    line: usize,
    words: Vec<String>,
    /// In a block of its own or in a table of tasks, and not within a sentence or a synopsis.
    typed: bool,
}

impl Said {
    fn text(&self) -> String {
        format!("{}:{}: {}", self.page, self.line, self.words.join(" "))
    }

    fn begins(&self, with: &str) -> bool {
        let with: Vec<&str> = with.split(' ').collect();
        self.words.len() >= with.len() && self.words.iter().zip(&with).all(|(word, with)| word == with)
    }

    fn has_placeholder(&self) -> bool {
        let stands_for = |word: &String| {
            PLACEHOLDERS.contains(&word.trim_end_matches("...")) || word.contains(['[', ']']) || word.contains("\\|")
        };
        self.words.len() == 1 || self.words.iter().any(stands_for)
    }
}

fn pages() -> Result<Vec<(String, String)>> {
    let mut files: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]
        .map(|file| house().join(file))
        .into();
    for folder in ["docs", "docs/tasks"] {
        for entry in std::fs::read_dir(house().join(folder))? {
            let file = entry?.path();
            if file.extension().is_some_and(|ending| ending == "md") {
                files.push(file);
            }
        }
    }
    files.sort();
    let read = |file: PathBuf| {
        let name = file.strip_prefix(house()).unwrap_or(&file).display().to_string();
        Ok((name, std::fs::read_to_string(&file)?))
    };
    files.into_iter().map(read).collect()
}

/// Every `dossier ...` of a page: lines of blocks, and spans of code.
fn commands(page: &str, text: &str) -> Vec<Said> {
    let mut found = Vec::new();
    let mut in_block = false;
    let is_task = page.starts_with("docs/tasks/");
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            continue;
        }
        let spans: Vec<&str> = match in_block {
            true => vec![line.trim()],
            false => line.split('`').skip(1).step_by(2).collect(),
        };
        for span in spans.into_iter().filter(|span| span.starts_with("dossier ")) {
            found.push(Said {
                page: page.to_owned(),
                line: at + 1,
                words: words(span),
                typed: in_block || is_task,
            });
        }
    }
    found
}

/// As a shell parts a line: quotes keep what they hold together, `#` begins a remark.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Help of commands, each asked for once.
#[derive(Default)]
struct Manual {
    helps: HashMap<String, (BTreeSet<String>, BTreeSet<String>)>,
}

impl Manual {
    /// The commands inside a command, and its options.
    fn help(&mut self, of: &[String]) -> Result<&(BTreeSet<String>, BTreeSet<String>)> {
        let key = of.join(" ");
        if !self.helps.contains_key(&key) {
            let ran = Ran::of(key.clone(), program().args(of).arg("--help").output_in_time()?).expect(0)?;
            let mut inner = BTreeSet::new();
            let mut in_commands = false;
            for line in ran.out.lines() {
                if !line.starts_with(' ') {
                    in_commands = line == "Commands:";
                } else if in_commands
                    && let Some(name) = line.strip_prefix("  ")
                    && let Some(name) = name.split(' ').next().filter(|name| !name.is_empty())
                {
                    inner.insert(name.to_owned());
                }
            }
            let options = ran.out.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
            let options = options
                .filter(|word| word.starts_with("--"))
                .map(str::to_owned)
                .collect();
            self.helps.insert(key.clone(), (inner, options));
        }
        self.helps.get(&key).context("was put there")
    }

    /// What is wrong with a mention: a command or an option that the program does not have.
    fn fault(&mut self, said: &Said) -> Result<Option<String>> {
        let mut at: Vec<String> = Vec::new();
        let mut options = self.help(&at)?.1.clone();
        for word in said.words.iter().skip(1) {
            let word = word.trim_matches(['[', ']']);
            if let Some(option) = word.strip_prefix("--") {
                let option = option.split(['=', '\\', ']']).next().unwrap_or_default();
                if !options.contains(&format!("--{option}")) {
                    return Ok(Some(format!("`{}` has no --{option}", at.join(" "))));
                }
                continue;
            }
            let inner = self.help(&at)?.0.clone();
            if inner.is_empty() {
                continue;
            }
            let names: Vec<&str> = word.split("\\|").collect();
            for name in &names {
                if !inner.contains(*name) {
                    return Ok(Some(format!("`dossier {}` has no `{name}`", at.join(" "))));
                }
                let mut whole = at.clone();
                whole.push((*name).to_owned());
                options.extend(self.help(&whole)?.1.iter().cloned());
            }
            match names.as_slice() {
                [name] => at.push((*name).to_owned()),
                // A synopsis of several; what follows belongs to one of them.
                _ => break,
            }
        }
        Ok(None)
    }
}

fn every_mentioned_command_exists() -> Result<()> {
    let mut manual = Manual::default();
    let (mut seen, mut faults) = (0, Vec::new());
    for (page, text) in pages()? {
        for said in commands(&page, &text) {
            seen += 1;
            if let Some(fault) = manual.fault(&said)? {
                faults.push(format!("{}: {fault}", said.text()));
            }
        }
    }
    ensure!(seen > 60, "only {seen} commands were found in the pages");
    ensure!(
        faults.is_empty(),
        "the manual says what is not there:\n{}",
        faults.join("\n")
    );
    Ok(())
}

fn the_commands_of_each_page_run() -> Result<()> {
    let base = TestArchive::with_tables(Database::Sqlite)?;
    base.ingest(&scans(), 0)?;
    base.ok(&["users", "add", "zhou"])?;
    let (mut ran, mut faults) = (0, Vec::new());
    for (page, text) in pages()? {
        let typed: Vec<_> = commands(&page, &text).into_iter().filter(is_run).collect();
        if typed.is_empty() {
            continue;
        }
        let archive = TestArchive::copy_of(&base)?;
        ran += typed.len();
        faults.extend(run_all(&archive, &typed)?);
    }
    ensure!(ran > 40, "only {ran} commands were run");
    ensure!(faults.is_empty(), "the manual's commands fail:\n{}", faults.join("\n"));
    Ok(())
}

fn is_run(said: &Said) -> bool {
    said.typed && !said.has_placeholder() && !NOT_RUN.iter().any(|(command, _)| said.begins(command))
}

/// The contracts of the bundled scans: the examples name one of them.
fn scans() -> PathBuf {
    demo_folder().join("scans/2024-合同")
}

/// Types the commands one after the other in a folder of their own, where the tables of the examples lie.
fn run_all(archive: &TestArchive, typed: &[Said]) -> Result<Vec<String>> {
    let folder = archive.beside("work");
    std::fs::create_dir_all(&folder)?;
    for table in ["customers.csv", "locations.csv"] {
        std::fs::copy(demo_folder().join(table), folder.join(table))?;
    }
    let mut faults = Vec::new();
    for said in typed {
        let words = meant(&said.words)?;
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let output = archive.command(&words).current_dir(&folder).output_in_time()?;
        let ran = Ran::of(words.join(" "), output);
        let ends = ENDS_WITH.iter().find(|(command, ..)| said.begins(command));
        let code = ends.map_or(0, |(_, code, _)| *code);
        if ran.code != Some(code) {
            faults.push(format!(
                "{} ended with {:?}: {}",
                said.text(),
                ran.code,
                ran.said().trim()
            ));
        }
    }
    Ok(faults)
}

/// The words with what the examples stand for.
fn meant(words: &[String]) -> Result<Vec<String>> {
    let scans = scans();
    let folder = path(&scans)?;
    let of_word = |word: &String| match word.as_str() {
        word if EXAMPLE_FOLDERS.contains(&word) => folder.to_owned(),
        word => word.to_owned(),
    };
    Ok(words.iter().map(of_word).collect())
}

/// A guard that sees nothing proves nothing.
fn wrong_commands_are_seen() -> Result<()> {
    let page = "Type `dossier customers lst` or `dossier history --persn wang`, not `dossier locate CODE --json`.\n\
                ```\ndossier customers list   # all\ndossier show 'no such' --json\n```\n";
    let said = commands("docs/tasks/planted.md", page);
    ensure!(said.len() == 5, "{} commands were found: {said:?}", said.len());
    let mut manual = Manual::default();
    let mut faults = Vec::new();
    for said in &said {
        faults.extend(manual.fault(said)?);
    }
    ensure!(
        faults == ["`dossier customers` has no `lst`", "`history` has no --persn"],
        "seen were {faults:?}"
    );
    let archive = TestArchive::new(Database::Sqlite)?;
    let block: Vec<_> = said.into_iter().skip(3).filter(is_run).collect();
    let failed = run_all(&archive, &block)?;
    ensure!(
        failed.len() == 1 && failed.iter().all(|fault| fault.contains("no such")),
        "seen were {failed:?}"
    );
    Ok(())
}
