//! Wrong usages and wrong inputs: each is refused with its exit code, names what is wrong, and says what to do now. The
//! same in Chinese and as JSON, at any locale, into a closed pipe and onto a full device.

use crate::Test;
use crate::archive::{Database, Ran, TestArchive, demo_folder, engines, path, program, text};
use crate::chinese;
use crate::patience::{InTime, PATIENCE, ended, output_of, put_down, until};
use anyhow::{Result, bail, ensure};
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use vocabulary::width::cells;

pub const TESTS: &[Test] = &[
    (
        "usage::every_wrong_usage_names_the_thing_and_the_next_step",
        every_wrong_usage_names_the_thing_and_the_next_step,
    ),
    ("usage::archives_are_made_on_purpose", archives_are_made_on_purpose),
    (
        "usage::errors_are_told_in_chinese_and_as_json",
        errors_are_told_in_chinese_and_as_json,
    ),
    ("usage::nothing_panics_at_any_locale", nothing_panics_at_any_locale),
    (
        "usage::nothing_panics_wherever_it_is_told",
        nothing_panics_wherever_it_is_told,
    ),
    ("usage::the_help_has_every_exit_code", the_help_has_every_exit_code),
    (
        "usage::manuals_and_completions_are_written",
        manuals_and_completions_are_written,
    ),
    (
        "usage::serving_is_checked_before_anything_is_made",
        serving_is_checked_before_anything_is_made,
    ),
    ("usage::lists_say_how_much_they_show", lists_say_how_much_they_show),
    ("usage::every_command_speaks_json", every_command_speaks_json),
    (
        "usage::every_answer_in_json_is_an_object",
        every_answer_in_json_is_an_object,
    ),
    ("usage::every_table_fits_its_terminal", every_table_fits_its_terminal),
];

const USAGE: i32 = 64;
const PROBLEM: i32 = 1;

/// What is typed, how it ends, what the answer names, and what it says to do.
pub const WRONG: &[(&[&str], i32, &str, &str)] = &[
    (&["frobnicate"], USAGE, "frobnicate", "--help"),
    (&["serch", "x"], USAGE, "serch", "search"),
    (&["search"], USAGE, "QUERY", "--help"),
    (&["search", "x", "--limit", "many"], USAGE, "many", "number"),
    (&["search", "x", "--limit", "0"], USAGE, "--limit", "--all"),
    (&["search", "x", "--jsn"], USAGE, "--jsn", "--json"),
    (&["search", "x", "--limit", "5", "--all"], USAGE, "--all", "--help"),
    (&["show"], USAGE, "DOCUMENT", "--help"),
    (&["show", "not-a-document"], PROBLEM, "not-a-document", "dossier search"),
    (&["locate", "K9-99"], PROBLEM, "K9-99", "dossier locations list"),
    (&["locate"], USAGE, "CODE", "--help"),
    (&["customers"], USAGE, "customers", "list"),
    (&["customers", "lst"], USAGE, "lst", "list"),
    (
        &["customers", "show", "KH-4711"],
        PROBLEM,
        "KH-4711",
        "dossier customers list KH-4711",
    ),
    (
        &["customers", "change", "KH-4711", "address=x"],
        PROBLEM,
        "KH-4711",
        "dossier customers list",
    ),
    (
        &["customers", "change", "KH-0001", "address"],
        USAGE,
        "address",
        "NAME=VALUE",
    ),
    (
        &["customers", "import", "/no/such.csv"],
        PROBLEM,
        "/no/such.csv",
        "check the path",
    ),
    (
        &["locations", "import", "/no/such.csv"],
        PROBLEM,
        "/no/such.csv",
        "check the path",
    ),
    (&["locations", "labels", "Z9"], PROBLEM, "Z9", "dossier locations list"),
    (
        &["locations", "covers", "KH-4711"],
        PROBLEM,
        "KH-4711",
        "dossier customers list",
    ),
    (
        &["locations", "change", "Z9", "capacity=2"],
        PROBLEM,
        "Z9",
        "dossier locations list",
    ),
    (
        &["imports", "show", "nothing.csv"],
        PROBLEM,
        "nothing.csv",
        "dossier imports list",
    ),
    (
        &["imports", "undo", "nothing.csv"],
        PROBLEM,
        "nothing.csv",
        "dossier imports list",
    ),
    (&["batches", "2024-99"], PROBLEM, "2024-99", "dossier batches"),
    (&["batches", "--out", "x.csv"], USAGE, "BATCH", "--help"),
    (&["reread"], USAGE, "read again", "--batch NAME"),
    (&["reread", "--below", "much"], USAGE, "much", "--help"),
    (&["reread", "D-1", "--turn", "45"], PROBLEM, "45", "90"),
    (
        &["correct", "D-4711", "--title", "x"],
        PROBLEM,
        "D-4711",
        "dossier search",
    ),
    (&["correct", "D-4711", "--medium", "stone"], USAGE, "stone", "paper"),
    (&["documents", "withdraw", "D-4711"], USAGE, "--reason", "--help"),
    (&["placements", "D-4711"], PROBLEM, "D-4711", "dossier search"),
    (
        &["grants", "propose", "lin", "--purpose", "x", "--until", "2026-01-01"],
        USAGE,
        "named",
        "--dossier CUSTOMER",
    ),
    (&["users", "token", "lin"], USAGE, "--label", "--help"),
    (&["users", "add", "lin", "--role", "king"], USAGE, "king", "archivist"),
    (&["users", "change", "lin"], USAGE, "changed", "--role"),
    (&["users", "passwd", "nobody"], PROBLEM, "nobody", "dossier users list"),
    (
        &["users", "revoke", "not-an-id"],
        PROBLEM,
        "not-an-id",
        "dossier users tokens",
    ),
    (
        &["settings", "get", "no_such"],
        PROBLEM,
        "no_such",
        "dossier settings list",
    ),
    (
        &["settings", "set", "time_zone"],
        USAGE,
        "time_zone",
        "dossier settings list",
    ),
    (
        &["kinds", "delete", "no-such"],
        PROBLEM,
        "no-such",
        "dossier kinds list",
    ),
    (&["history", "--put-back", "x"], USAGE, "`x`", "dossier history --json"),
    (
        &["--log", "nonsense===", "config"],
        USAGE,
        "nonsense===",
        "ingest=debug",
    ),
    (
        &["--database", "mysql://me:secret@h/d", "config"],
        USAGE,
        "mysql://me@h/d",
        "postgres://",
    ),
    (
        &["--public-url", "example.com", "config"],
        USAGE,
        "example.com",
        "https://HOST",
    ),
    (
        &["--config", "/no/such.toml", "config"],
        PROBLEM,
        "/no/such.toml",
        "check the path",
    ),
    (&["serve", "--listen", "nowhere"], USAGE, "nowhere", "127.0.0.1:7878"),
    (&["serve", "--listen", "0.0.0.0:0"], PROBLEM, "0.0.0.0:0", "--tls-cert"),
    (&["serve", "--tls-cert", "x.pem"], USAGE, "--tls-key", "--help"),
    (&["ingest"], USAGE, "PATH", "--help"),
    (
        &["ingest", "/no/such/folder"],
        PROBLEM,
        "/no/such/folder",
        "check the path",
    ),
    (&["completions", "cmd"], USAGE, "cmd", "bash"),
];

fn every_wrong_usage_names_the_thing_and_the_next_step() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    ensure!(WRONG.len() >= 45, "only {} wrong usages", WRONG.len());
    let mut faults = Vec::new();
    for (words, code, named, next) in WRONG {
        let ran = archive.run(words)?;
        let said = ran.err.as_str();
        for (wrong, what) in [
            (
                ran.code != Some(*code),
                format!("ended with {:?} instead of {code}", ran.code),
            ),
            (!said.contains(named), format!("does not name `{named}`")),
            (!said.contains(next), format!("does not say `{next}`")),
            (said.contains("panicked"), "panicked".to_owned()),
            (said.contains("secret"), "tells a password".to_owned()),
            (!ran.out.is_empty(), "wrote to standard output".to_owned()),
        ] {
            if wrong {
                faults.push(format!("`dossier {}` {what}:\n{}", ran.words, ran.said()));
            }
        }
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// A mistyped folder is refused and not made, whatever only looks; what begins an archive says so.
fn archives_are_made_on_purpose() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let table = demo_folder().join("customers.csv");
    for words in [
        &["search", "甲"][..],
        &["customers", "list"],
        &["show", "x"],
        &["batches"],
        &["verify"],
        &["users", "add", "lin"],
        &["customers", "add", "code=A-1", "name=甲"],
        &["customers", "import", path(&table)?, "--dry-run"],
        &["customers", "import", "/no/such.csv"],
        &["ingest", path(&demo_folder())?, "--dry-run"],
    ] {
        let ran = archive.run(words)?.expect(PROBLEM)?;
        ensure!(
            !archive.data().exists(),
            "`dossier {}` made {}",
            ran.words,
            archive.data().display()
        );
        let place = archive.data();
        ensure!(
            ran.err.contains(path(&place)?) && ran.err.contains("dossier init") || ran.err.contains("/no/such.csv"),
            "`dossier {}` does not name the folder and the next step:\n{}",
            ran.words,
            ran.err
        );
    }
    let doctor = archive.run(&["doctor"])?;
    ensure!(
        doctor.code == Some(PROBLEM) && doctor.out.contains("no archive") && !archive.data().exists(),
        "the doctor says: {}",
        doctor.said()
    );
    let fields = archive.ok(&["customers", "fields"])?;
    ensure!(
        fields.out.contains("code"),
        "the columns need no archive: {}",
        fields.said()
    );
    let made = archive.ok(&["customers", "import", path(&table)?])?;
    ensure!(
        made.err.contains("made a new archive in"),
        "an archive is made silently: {}",
        made.said()
    );
    let again = archive.ok(&["init"])?;
    ensure!(again.out.contains("already"), "init says: {}", again.said());

    // The record was moved away: the vault of one archive gets no record of another.
    std::fs::rename(archive.data().join("records.sqlite"), archive.beside("records.sqlite"))?;
    for words in [&["search", "x"][..], &["init"], &["customers", "import", path(&table)?]] {
        let ran = archive.run(words)?.expect(PROBLEM)?;
        ensure!(
            ran.err.contains("--database"),
            "`dossier {}` says: {}",
            ran.words,
            ran.err
        );
    }
    ensure!(
        !archive.data().join("records.sqlite").exists(),
        "a second record was made"
    );
    Ok(())
}

fn at_locale(archive: &TestArchive, locale: &str, words: &[&str]) -> Command {
    let mut command = archive.command(words);
    command
        .env_remove("LANG")
        .env_remove("LC_MESSAGES")
        .env("LC_ALL", locale);
    command
}

fn errors_are_told_in_chinese_and_as_json() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    for (words, said) in [
        (
            &["customers", "show", "KH-4711"][..],
            "没有客户“KH-4711”；试试 `dossier customers list KH-4711`",
        ),
        (&["frobnicate"], "没有命令“frobnicate”"),
        (&["search"], "缺少 <QUERY>...；请看 `dossier search --help`"),
        (&["serve", "--listen", "nowhere"], "不能是“nowhere”"),
        (&["ingest", "/no/such"], "没有文件或文件夹 /no/such"),
        (&["--data", "/no/such", "batches"], "/no/such 中没有档案室"),
    ] {
        let output = at_locale(&archive, "zh_CN.UTF-8", words).output_in_time()?;
        let ran = Ran::of(words.join(" "), output);
        ensure!(
            ran.err.contains(said),
            "`dossier {}` says in Chinese:\n{}",
            ran.words,
            ran.err
        );
    }
    for (words, code, exit) in [
        (&["customers", "show", "KH-4711", "--json"][..], "not_found", PROBLEM),
        (&["show", "KH-4711", "--json"], "not_found", PROBLEM),
        (&["search", "x", "--limit", "many", "--json"], "wrong_usage", USAGE),
        (&["batches", "--json", "--data", "/no/such"], "no_archive", PROBLEM),
    ] {
        let ran = archive.run(words)?.expect(exit)?;
        let problem: serde_json::Value = serde_json::from_str(&ran.err)?;
        ensure!(
            ran.out.is_empty() && text(&problem, "code") == code,
            "`dossier {}`: {}",
            ran.words,
            ran.err
        );
        ensure!(
            problem["exit_code"] == exit && !text(&problem, "message").is_empty(),
            "{}",
            ran.err
        );
        ensure!(
            !text(&problem, "next_step").is_empty(),
            "`dossier {}` has no next step: {}",
            ran.words,
            ran.err
        );
    }
    Ok(())
}

/// The locales of machines that were never set up, and of those that were set up otherwise.
fn nothing_panics_at_any_locale() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let commands = [
        &["customers", "list"][..],
        &["frobnicate"],
        &["customers", "show", "KH-4711"],
        &["--help"],
        &["users", "add", "lin"],
        &["config"],
    ];
    for words in commands {
        for locale in ["C", "POSIX", "zh_CN.GBK", "no_such.locale", ""] {
            let mut command = at_locale(&archive, locale, words);
            let ran = Ran::of(words.join(" "), command.env("TERM", "dumb").output_in_time()?);
            ensure!(
                !ran.said().contains("panicked"),
                "`dossier {}` at {locale}: {}",
                ran.words,
                ran.err
            );
        }
    }
    Ok(())
}

/// Whether a server answers at this port.
fn alive(port: u16) -> bool {
    let answer = || {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer)
    };
    answer().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Where the output of a command goes that cannot be written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unwritable {
    /// There is no room.
    Full,
    /// The reader has gone away.
    Closed,
}

impl Unwritable {
    fn stream(self) -> Result<Stdio> {
        Ok(match self {
            Unwritable::Full => std::fs::File::options().write(true).open("/dev/full")?.into(),
            Unwritable::Closed => {
                let (_, writes) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
                writes.into()
            }
        })
    }
}

/// Every command that there is onto a full device and into a closed pipe, and wrong usages with both streams there: nothing
/// panics, and what could not be told is never passed over with exit code 0.
fn nothing_panics_wherever_it_is_told() -> Result<()> {
    engines()?;
    let (archive, document) = chinese::archive()?;
    let beside = archive.beside("");
    let beside = path(&beside)?.trim_end_matches('/');
    let mut faults = Vec::new();
    let mut told = 0;
    let helps: [&[&str]; 3] = [&["--help"], &["--version"], &["search", "-h"]];
    for words in chinese::COMMANDS.iter().copied().chain(helps) {
        let words = chinese::filled(words, &document, beside);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let usual = archive.run(&words)?;
        for to in [Unwritable::Full, Unwritable::Closed] {
            let mut command = archive.command(&words);
            let process = command.stdout(to.stream()?).stderr(Stdio::piped()).spawn()?;
            let ran = Ran::of(usual.words.clone(), output_of(process)?);
            if ran.err.contains("panicked") || ran.code.is_none_or(|code| code == 101) {
                faults.push(format!(
                    "`dossier {}` onto {to:?}: {:?} {}",
                    ran.words, ran.code, ran.err
                ));
            }
            let is_lost = to == Unwritable::Full && usual.code == Some(0) && !usual.out.is_empty();
            told += usize::from(is_lost);
            if is_lost && (ran.code == Some(0) || ran.err.is_empty()) {
                faults.push(format!("`dossier {}` says nothing of what is lost", ran.words));
            }
        }
    }
    for (words, code, ..) in WRONG.iter().step_by(4) {
        for to in [Unwritable::Full, Unwritable::Closed] {
            let mut command = archive.command(words);
            let both = command.stdout(to.stream()?).stderr(to.stream()?).status_in_time()?;
            if both.code() != Some(*code) {
                faults.push(format!("`dossier {}` with both onto {to:?}: {both}", words.join(" ")));
            }
        }
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    ensure!(told > 40, "only {told} commands printed anything");
    let mut chinese = at_locale(&archive, "zh_CN.UTF-8", &["customers", "list"]);
    let full = chinese
        .stdout(Unwritable::Full.stream()?)
        .stderr(Stdio::piped())
        .spawn()?;
    let full = Ran::of("customers list".to_owned(), output_of(full)?).expect(PROBLEM)?;
    ensure!(
        full.err.contains("结果写不出来：磁盘已满；请腾出磁盘空间"),
        "{}",
        full.err
    );

    // A server of which nobody reads what it says serves all the same.
    for to in [Unwritable::Full, Unwritable::Closed] {
        let port = crate::postgres::free_port()?;
        let words = ["serve", "--listen", &port.to_string()];
        let mut serve = archive
            .command(&words)
            .stdout(to.stream()?)
            .stderr(to.stream()?)
            .spawn()?;
        let served = until("an answer", || match serve.try_wait()? {
            Some(status) => bail!("the server ended with {status}"),
            None => Ok(alive(port).then_some(())),
        });
        if served.is_err() {
            put_down(&mut serve);
        }
        served?;
        rustix::process::kill_process(rustix::process::Pid::from_child(&serve), rustix::process::Signal::TERM)?;
        let status = ended(&mut serve)?;
        ensure!(status.success(), "a server onto {to:?} ended with {status}");
    }
    Ok(())
}

/// The help, the README and the program have one table of exit codes.
fn the_help_has_every_exit_code() -> Result<()> {
    let help = Ran::of("--help".into(), program().arg("--help").output_in_time()?)
        .expect(0)?
        .out;
    let table = help.split("Exit codes:").nth(1).unwrap_or_default();
    let codes: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    ensure!(codes == ["0", "1", "2", "64", "75", "130"], "the help has {codes:?}");
    let readme = std::fs::read_to_string(crate::tidy::house().join("README.md"))?;
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let (code, meaning) = line.trim().split_once("  ").unwrap_or((line, ""));
        ensure!(
            readme.contains(&format!("| {code} | {meaning} |")),
            "README has no row `| {code} | {meaning} |`"
        );
    }
    Ok(())
}

/// What answers in no JSON, and why.
const NO_JSON: [&str; 6] = [
    // They serve until they are stopped.
    "dossier-serve",
    "dossier-demo",
    // What they print is a file for others: a table, a script, manual pages.
    "dossier-kinds-export",
    "dossier-checklists-export",
    "dossier-completions",
    "dossier-man",
];

fn every_command_speaks_json() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let pages = chinese::commands(&archive)?;
    let has_commands = |stem: &str| pages.iter().any(|(other, _)| other.starts_with(&format!("{stem}-")));
    let without = pages
        .iter()
        .filter(|(stem, page)| !has_commands(stem) && !page.contains("\\-\\-json"));
    let without: Vec<&str> = without.map(|(stem, _)| stem.as_str()).collect();
    let mut expected = NO_JSON;
    expected.sort_unstable();
    ensure!(without == expected, "no --json: {without:?}");
    Ok(())
}

fn manuals_and_completions_are_written() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let out = archive.ok(&["completions", shell])?.out;
        ensure!(
            out.contains("customers") && out.contains("dossier"),
            "{shell} gets:\n{out}"
        );
    }
    let folder = archive.beside("man1");
    archive.ok(&["man", path(&folder)?])?;
    for page in ["dossier.1", "dossier-search.1", "dossier-customers-list.1"] {
        let page = std::fs::read_to_string(folder.join(page))?;
        ensure!(page.contains(".SH NAME") && page.contains("dossier"), "{page}");
    }
    let version = Ran::of("--version".into(), program().arg("--version").output_in_time()?)
        .expect(0)?
        .out;
    ensure!(
        version.contains("libpdfium") && version.contains("onnxruntime"),
        "--version says {version}"
    );
    Ok(())
}

/// A taken port and a wrong key are told before an archive is made or a link is printed.
fn serving_is_checked_before_anything_is_made() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = taken.local_addr()?.port().to_string();
    let key = archive.beside("key.pem");
    std::fs::write(&key, "no key")?;
    for (words, named) in [
        (&["serve", "--listen", &port][..], port.as_str()),
        (&["demo", "--listen", &port], port.as_str()),
        (
            &[
                "serve",
                "--listen",
                "0",
                "--tls-cert",
                path(&key)?,
                "--tls-key",
                path(&key)?,
            ],
            "key.pem",
        ),
    ] {
        let ran = archive.run(words)?.expect(PROBLEM)?;
        ensure!(ran.err.contains(named), "`dossier {}` says {}", ran.words, ran.err);
        ensure!(
            ran.out.is_empty() && !archive.data().exists(),
            "`dossier {}` began: {}",
            ran.words,
            ran.said()
        );
    }
    Ok(())
}

fn lists_say_how_much_they_show() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let table: String = (1..=60)
        .map(|n| format!("A-{n:03},恒远{n}公司,organisation\n"))
        .collect();
    let file = archive.beside("customers.csv");
    std::fs::write(&file, format!("code,name,kind\n{table}"))?;
    archive.ok(&["customers", "import", path(&file)?])?;
    let listed = archive.ok(&["customers", "list"])?;
    ensure!(
        listed.out.lines().count() == 51
            && listed.err.contains("50 of 60 shown")
            && listed.err.contains("--after A-050"),
        "the list says {}",
        listed.err
    );
    let rest = archive.ok(&["customers", "list", "--after", "A-050"])?;
    ensure!(
        rest.out.contains("A-051") && !rest.out.contains("A-050 "),
        "the rest is {}",
        rest.out
    );
    let all = archive.ok(&["customers", "list", "--all"])?;
    ensure!(
        all.out.lines().count() == 61 && all.err.contains("60 shown"),
        "all are {}",
        all.said()
    );
    let json = archive.json(&["customers", "list", "--json"])?;
    ensure!(text(&json, "next") == "A-050", "next is {}", json["next"]);
    ensure!(
        archive.json(&["customers", "list", "--all", "--json"])?["next"].is_null(),
        "all has a next"
    );
    let part = archive.json(&["customers", "list", "远7公", "--json"])?;
    ensure!(
        part["items"].as_array().is_some_and(|found| found.len() == 1),
        "a part of a name finds {part}"
    );
    ensure!(
        archive.ok(&["-q", "customers", "list"])?.err.is_empty(),
        "-q says something"
    );
    let imports = archive.json(&["imports", "list", "--json"])?;
    ensure!(
        imports["items"].as_array().is_some_and(|rows| rows.len() == 1),
        "imports are {imports}"
    );
    let shown = archive.ok(&["imports", "show", "customers.csv", "--limit", "3"])?;
    ensure!(shown.err.contains("3 of 60 shown"), "the import says {}", shown.err);
    ensure!(
        archive.json(&["batches", "--json"])?["items"].is_array(),
        "batches are no object"
    );
    // Times are those of the archive, as on the screens, and no RFC 3339.
    let table = archive.ok(&["imports", "list"])?.out;
    ensure!(!table.contains('T') && !table.contains("Z "), "times of {table}");
    Ok(())
}

/// What every command says to programs, those of the table that takes each command up: never a bare array, and a list has
/// its items, how many there are, and how to go on.
fn every_answer_in_json_is_an_object() -> Result<()> {
    engines()?;
    let (archive, document) = chinese::archive()?;
    let beside = archive.beside("");
    let beside = path(&beside)?.trim_end_matches('/');
    let (mut answers, mut lists, mut faults) = (0, 0, Vec::new());
    for words in chinese::COMMANDS {
        let words = chinese::filled(words, &document, beside);
        let words: Vec<&str> = words.iter().map(String::as_str).chain(["--json"]).collect();
        let ran = archive.run(&words)?;
        // Where there is no --json, the usage says so.
        if ran.code == Some(USAGE) || ran.out.is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<serde_json::Value>(&ran.out) {
            Ok(answer) => answer,
            Err(cause) => {
                faults.push(format!("`dossier {}` prints no JSON: {cause}", ran.words));
                continue;
            }
        };
        answers += 1;
        let is_list = [
            "list",
            "fields",
            "withdrawn",
            "decided",
            "named-in",
            "proposals",
            "tokens",
            "placements",
        ]
        .iter()
        .any(|list| words.iter().take(2).any(|word| word == list))
            || ["batches", "history", "licenses"].contains(&words[0])
                && words.get(1).is_none_or(|word| word.starts_with('-'));
        lists += usize::from(is_list);
        if !answer.is_object() {
            faults.push(format!("`dossier {}` answers with no object", ran.words));
        // Slips answer with `rows`, `total`, `next`, which scripts rely on.
        } else if is_list && words[..2] != ["settings", "list"] && words[..2] != ["loans", "list"] {
            for field in ["items", "total", "next"] {
                if answer.get(field).is_none() {
                    faults.push(format!("`dossier {}` lists without {field}", ran.words));
                }
            }
        }
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    ensure!(answers > 30 && lists > 12, "only {answers} answers, {lists} lists");
    Ok(())
}

/// Tables at 40 and at 200 columns, in both languages, and without a home: nothing panics, and no line is wider than the
/// terminal.
fn every_table_fits_its_terminal() -> Result<()> {
    engines()?;
    let (archive, document) = chinese::archive()?;
    let tables: [&[&str]; 14] = [
        &["customers", "list"],
        &["customers", "fields"],
        &["locations", "list"],
        &["locations", "show", "K1"],
        &["locate", "K1-01-A"],
        &["kinds", "list", "--all"],
        &["checklists", "list"],
        &["settings", "list"],
        &["imports", "list"],
        &["batches"],
        &["batches", "交接"],
        &["users", "list"],
        &["placements", &document],
        &["history", "--limit", "30"],
    ];
    for words in tables {
        for (columns, locale) in [(40, "zh_CN.UTF-8"), (40, "C"), (200, "zh_CN.UTF-8")] {
            let mut command = at_locale(&archive, locale, words);
            command.env("COLUMNS", columns.to_string()).env_remove("HOME");
            let ran = Ran::of(words.join(" "), command.output_in_time()?).expect(0)?;
            // What stands above a table are sentences, which a terminal breaks itself.
            let table = match words {
                ["batches" | "locate", _] => ran.out.split_once("\n\n").map_or("", |(_, table)| table),
                _ => ran.out.as_str(),
            };
            let wide = table.lines().find(|line| cells(line) > columns);
            ensure!(
                wide.is_none(),
                "`dossier {}` at {columns} columns in {locale} has a line that is wider: {}",
                ran.words,
                wide.unwrap_or_default()
            );
            ensure!(
                !ran.said().trim().is_empty(),
                "`dossier {}` at {columns} says nothing",
                ran.words
            );
        }
    }
    Ok(())
}
