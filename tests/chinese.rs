//! The command line in a Chinese locale: every command and every common error says no English sentence.

use crate::Test;
use crate::archive::{Database, Ran, TestArchive, demo_folder, path, text};
use crate::patience::InTime;
use crate::tidy::is_english;
use crate::usage::WRONG;
use anyhow::{Context, Result, ensure};

pub const TESTS: &[Test] = &[
    ("chinese::every_command_speaks_chinese", every_command_speaks_chinese),
    ("chinese::every_refusal_speaks_chinese", every_refusal_speaks_chinese),
    (
        "chinese::what_postgres_says_stands_in_brackets",
        what_postgres_says_stands_in_brackets,
    ),
    ("chinese::every_help_speaks_chinese", every_help_speaks_chinese),
    ("chinese::every_command_is_asked", every_command_is_asked),
];

/// What is typed on an archive with the registers of the sample; `{DOC}` is a document of it, `{X}` the folder beside it.
pub const COMMANDS: &[&[&str]] = &[
    &["audit", "list"],
    &["audit", "list", "--from", "2025-01", "--who", "lin"],
    &["audit", "verify"],
    &["batches"],
    &["batches", "交接"],
    &["batches", "交接", "--out", "{X}/report.csv"],
    &["checklists", "list"],
    &["checklists", "export", "{X}/checklists.tsv"],
    &["checklists", "import", "{X}/checklists.tsv", "--dry-run"],
    &["checklists", "delete", "none"],
    &["completions", "bash"],
    &["export", "customers", "--output", "{X}/customers.xlsx"],
    &["export", "contents", "K1-01", "--output", "{X}/contents.csv"],
    &["export", "loans", "--output", "{X}/loans.xlsx"],
    &["export", "picking", "--output", "{X}/picking.csv"],
    &["loans", "list"],
    &["loans", "list", "--state", "overdue"],
    &["loans", "show", "JY-2026-0001"],
    &["loans", "ask", "{DOC}", "--borrower", "张三", "--purpose", "核对"],
    &["loans", "approve", "JY-2026-0001"],
    &["loans", "refuse", "JY-2026-0001", "--reason", "看扫描件"],
    &["loans", "issue", "JY-2026-0001"],
    &["loans", "return", "JY-2026-0001"],
    &["loans", "shelve", "JY-2026-0001", "--at", "K1-01"],
    &["loans", "cancel", "JY-2026-0001", "--reason", "不需要"],
    &["loans", "register"],
    &["loans", "fetch"],
    &["loans", "incidents"],
    &["loans", "resolve", "none", "--resolution", "已补"],
    &["loans", "leaver", "张三"],
    &["stocktake", "begin", "K1-01"],
    &["stocktake", "begin", "K1-01"],
    &["stocktake", "list"],
    &["stocktake", "scan", "none", "{DOC}", "--at", "K1-01"],
    &["stocktake", "file", "none", "{X}/none.csv"],
    &["stocktake", "show", "none"],
    &["stocktake", "settle", "none", "--as", "found"],
    &["stocktake", "close", "none"],
    &["stocktake", "seen", "{DOC}"],
    &["checks", "due"],
    &["checks", "order", "K1", "--occasion", "water", "--reason", "水管破裂"],
    &[
        "checks",
        "record",
        "K1",
        "--wrong",
        "against_damp=三层渗水",
        "--owner",
        "张三",
    ],
    &["checks", "list"],
    &["checks", "show", "none"],
    &["checks", "rules"],
    &["checks", "repairs", "--open"],
    &["checks", "repair", "{DOC}", "--what", "字迹褪色"],
    &["checks", "mended", "none", "--result", "已修裱"],
    &["map", "K1"],
    &["map", "K9-99"],
    &["place", "{DOC}", "--to", "K1-01-A-1"],
    &["place", "{DOC}", "--back"],
    &["place", "{DOC}", "--to", "K1"],
    &["place", "{DOC}", "--propose"],
    &["place", "{DOC}", "--to", "K9-99-9"],
    &["place", "{DOC}", "--to", "K1-01-A-1-01", "--dry-run"],
    &[
        "containers",
        "add",
        "H-0001",
        "--kind",
        "box",
        "--size-mm",
        "60",
        "--in",
        "K1-01-A-1-01",
    ],
    &["containers", "list"],
    &["containers", "show", "H-0001"],
    &["containers", "labels", "--output", "{X}/boxes.pdf"],
    &["containers", "labels", "none"],
    &["containers", "show", "H-0404"],
    &["containers", "change", "H-0001", "--title", "借款合同"],
    &["containers", "retire", "H-0001"],
    &["containers", "restore", "H-0001"],
    &[
        "locations",
        "build",
        "K9",
        "--racks",
        "2",
        "--shelves",
        "3",
        "--dry-run",
    ],
    &["config"],
    &["config", "--config", "{X}/wrong.toml"],
    &["config", "--config", "{X}"],
    &["correct", "{DOC}", "--title", "函"],
    &["customers", "list"],
    &["customers", "list", "--limit", "1"],
    &["customers", "show", "KH-0001"],
    &["customers", "fields"],
    &["customers", "add", "code=KH-9001", "name=华宸", "kind=organisation"],
    &["customers", "add", "code=KH-9002", "name=华宸", "kind=moonshine"],
    &["customers", "change", "KH-9001", "address=创想一路17号"],
    &["customers", "import", "{X}/wrong.csv"],
    &["customers", "import", "{X}/customers.csv", "--dry-run"],
    &["customers", "import", "{X}/locations.csv"],
    &["demo", "--listen", "nowhere"],
    &["doctor"],
    &["documents", "withdrawn"],
    &["documents", "named-in", "KH-0001"],
    &["documents", "name", "{DOC}", "KH-0002"],
    &["documents", "unname", "{DOC}", "KH-0002"],
    &["documents", "proposals", "{DOC}"],
    &["today"],
    &["review", "list"],
    &["review", "nobody", "{DOC}", "--why", "内部通知"],
    &["review", "decided"],
    &["review", "undo", "{DOC}"],
    &["review", "decide", "{DOC}", "KH-9999"],
    &["documents", "seal", "{DOC}", "--reason", "诉讼"],
    &["documents", "unseal", "{DOC}", "--reason", "结案"],
    &["documents", "withdraw", "{DOC}", "--reason", "误扫"],
    &["documents", "withdraw", "{DOC}", "--reason", "误扫", "--yes"],
    &["documents", "restore", "{DOC}"],
    &["grants", "list"],
    &[
        "grants",
        "propose",
        "lin",
        "--dossier",
        "KH-0001",
        "--purpose",
        "审计",
        "--until",
        "2999-01-01",
    ],
    &["grants", "confirm", "01a2289a-0000-7000-8000-000000000000"],
    &[
        "grants",
        "refuse",
        "01a2289a-0000-7000-8000-000000000000",
        "--reason",
        "否",
    ],
    &[
        "grants",
        "revoke",
        "01a2289a-0000-7000-8000-000000000000",
        "--reason",
        "否",
    ],
    &["second", "list"],
    &["second", "confirm", "01a2289a-0000-7000-8000-000000000000"],
    &[
        "second",
        "refuse",
        "01a2289a-0000-7000-8000-000000000000",
        "--reason",
        "否",
    ],
    &["history", "--limit", "2"],
    &["imports", "list"],
    &["imports", "show", "customers.csv"],
    &["imports", "undo", "customers.csv"],
    &["ingest", "{X}/交接", "--dry-run"],
    &["ingest", "{X}/交接"],
    &["init"],
    &["init", "--database", "postgres://me@127.0.0.1:1/none"],
    &["search", "函", "--data", "{X}/damaged"],
    &["kinds", "list"],
    &["kinds", "export", "{X}/kinds.tsv"],
    &["kinds", "import", "{X}/kinds.tsv", "--dry-run"],
    &["kinds", "delete", "none"],
    &["licenses"],
    &["find", "k101a"],
    &["locate", "K1-01-A"],
    &["locations", "list"],
    &["locations", "show", "K1"],
    &["locations", "fields"],
    &["locations", "add", "code=Z1-03", "kind=rack"],
    &["locations", "change", "Z1-03", "capacity=many"],
    &["locations", "retire", "Z1-03"],
    &["locations", "restore", "Z1-03"],
    &["locations", "labels", "K1", "--output", "{X}/labels.pdf"],
    &["locations", "covers", "KH-0001", "--output", "{X}/covers.pdf"],
    &["locations", "import", "{X}/locations.csv", "--dry-run"],
    &["man", "{X}/man"],
    &["placements", "{DOC}"],
    &["reindex"],
    &["reread", "--below", "0.01"],
    &["search", "函"],
    &["search", "日期:2023-13"],
    &["serve", "--listen", "0.0.0.0:0"],
    &["serve", "--listen", "192.0.2.1:9", "--behind-proxy"],
    &["serve", "--tls-cert", "{X}/wrong.toml", "--tls-key", "{X}/wrong.toml"],
    &["serve", "--tls-cert", "/no/such", "--tls-key", "/no/such"],
    &["settings", "list"],
    &["settings", "get", "time_zone"],
    &["settings", "set", "time_zone=Mars"],
    &["settings", "set", "contract_number_pattern=(ab"],
    &["settings", "set", "dossier_number_pattern=x"],
    &["settings", "set", "time_zone=Asia/Shanghai"],
    &["settings", "try", "合同编号：HT-2024-001"],
    &["setup", "--list"],
    &["setup", "--offline", "{X}"],
    &["show", "{DOC}"],
    &["users", "add", "lin"],
    &["users", "list"],
    &["users", "show", "lin"],
    &["users", "change", "lin", "--department", "档案科"],
    &["users", "passwd", "lin"],
    &["users", "lock", "lin"],
    &["users", "unlock", "lin"],
    &["users", "token", "lin", "--label", "读"],
    &["users", "sessions", "lin"],
    &["users", "sessions", "lin", "--end", "0123456789abcdef"],
    &["users", "sessions", "lin", "--end-all"],
    &["users", "second-factor", "lin"],
    &["users", "second-factor", "lin", "--reset"],
    &["users", "tokens"],
    &["users", "revoke", "01a2289a-0000-7000-8000-000000000000"],
    &["verify"],
];

/// What shows commands as they are typed, and names in both languages side by side.
const NO_SENTENCES: [&[&str]; 1] = [&["completions"]];

fn ran(archive: &TestArchive, words: &[&str]) -> Result<Ran> {
    let mut command = archive.command(words);
    command
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "zh_CN.UTF-8");
    Ok(Ran::of(words.join(" "), command.output_in_time()?))
}

/// A line without what stands in brackets: there a library may say its own words.
fn without_brackets(line: &str) -> String {
    let mut depth = 0_usize;
    let outside = line.chars().filter(|c| {
        depth += usize::from(*c == '（');
        let is_outside = depth == 0;
        depth -= usize::from(*c == '）' && depth > 0);
        is_outside
    });
    outside.collect()
}

/// Sentences in English, wherever they stand; a path or a typed word is none.
fn english(text: &str) -> Vec<String> {
    let is_typed = |line: &str| {
        let line = line
            .trim_start()
            .trim_start_matches("用法：")
            .trim_start_matches("# ")
            .trim_start();
        line.starts_with("python3 ") || line.starts_with("dossier ")
    };
    text.lines()
        .filter(|line| is_english(&without_brackets(line)) && !is_typed(line))
        .map(str::to_owned)
        .collect()
}

/// The English sentences that a command said, each with the command.
fn faults(ran: &Ran) -> Vec<String> {
    let said = format!("{}\n{}", ran.out, ran.err);
    let lines = english(&said).into_iter();
    lines.map(|line| format!("`dossier {}`: {line}", ran.words)).collect()
}

/// An archive with registers, an account, and a batch in which something is filed, rejected, in doubt and missing.
pub fn archive() -> Result<(TestArchive, String)> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    for table in ["customers.csv", "locations.csv"] {
        std::fs::copy(demo_folder().join(table), archive.beside(table))?;
    }
    std::fs::write(
        archive.beside("wrong.csv"),
        "code,name,kind,credit_code\nW-1,甲,moonshine,\nW-1,乙,,123\n,丙,,\n",
    )?;
    std::fs::write(archive.beside("wrong.toml"), "listen = 1\nfoo = 2\n")?;
    std::fs::create_dir_all(archive.beside("damaged"))?;
    std::fs::write(archive.beside("damaged/records.sqlite"), "this is no database at all")?;
    let delivery = archive.beside("交接");
    std::fs::create_dir_all(&delivery)?;
    std::fs::copy(seed("text.pdf"), delivery.join("合同.pdf"))?;
    std::fs::copy(seed("text.pdf"), delivery.join("合同（副本）.pdf"))?;
    std::fs::write(delivery.join("坏.pdf"), "%PDF-1.7 nothing")?;
    std::fs::write(
        delivery.join("manifest.csv"),
        "path,customer_code,location_code,date,security_level,page_count\n\
         合同.pdf,KH-0001,ZZ-99,2024/13/45,绝密,7\n缺.pdf,KH-0001,,,,\n坏.pdf,KH-0002,,,,\n坏.pdf,KH-0003,,,,\n",
    )?;
    let first = ran(&archive, &["ingest", path(&delivery)?])?;
    ensure!(faults(&first).is_empty(), "{}", faults(&first).join("\n"));
    let report = archive.json(&["batches", "交接", "--json"])?;
    let items = report["items"].as_array().context("items")?;
    let document = items
        .iter()
        .map(|item| text(item, "document_id"))
        .find(|id| !id.is_empty());
    Ok((archive, document.context("a document")?.to_owned()))
}

fn seed(name: &str) -> std::path::PathBuf {
    crate::tidy::house().join("tests/seeds").join(name)
}

/// A line of the table with the document and the folder that are meant.
pub fn filled(words: &[&str], document: &str, beside: &str) -> Vec<String> {
    let fill = |word: &&str| word.replace("{DOC}", document).replace("{X}", beside);
    words.iter().map(fill).collect()
}

fn every_command_speaks_chinese() -> Result<()> {
    crate::archive::engines()?;
    let (archive, document) = archive()?;
    let beside = archive.beside("");
    let beside = path(&beside)?.trim_end_matches('/');
    let mut wrong = Vec::new();
    for words in COMMANDS {
        let words = filled(words, &document, beside);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = ran(&archive, &words)?;
        ensure!(!ran.said().contains("panicked"), "`dossier {}`: {}", ran.words, ran.err);
        if NO_SENTENCES.iter().any(|shown| words.starts_with(shown)) {
            continue;
        }
        wrong.extend(faults(&ran));
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn every_refusal_speaks_chinese() -> Result<()> {
    for database in [Database::Sqlite, Database::Postgres] {
        let archive = TestArchive::with_tables(database)?;
        let mut wrong = Vec::new();
        for (words, code, ..) in WRONG {
            // Another database than that of the archive may be named only once.
            if database == Database::Postgres && words.contains(&"--database") {
                continue;
            }
            let ran = ran(&archive, words)?;
            ensure!(ran.code == Some(*code), "`dossier {}`: {}", ran.words, ran.err);
            wrong.extend(faults(&ran));
        }
        ensure!(wrong.is_empty(), "on {database:?}: {}", wrong.join("\n"));
    }
    Ok(())
}

/// A server that is not there, a database that it does not have, a user whom it does not know, a record that somebody has
/// damaged: what happened is said in Chinese, and the words of PostgreSQL stand in brackets.
fn what_postgres_says_stands_in_brackets() -> Result<()> {
    let url = crate::postgres::new_database()?;
    let mut wrong = Vec::new();
    let others = [
        "postgres://nobody@127.0.0.1:1/none".to_owned(),
        url.replacen("/dossier_test", "/no_such", 1),
        url.replacen("://dossier", "://nobody", 1),
    ];
    // A server that was given may have other users.
    for other in others.into_iter().filter(|other| *other != url) {
        let archive = TestArchive::on_database(other)?;
        for words in [&["init"][..], &["search", "函"], &["doctor"]] {
            let ran = ran(&archive, words)?.expect(1)?;
            ensure!(!ran.said().trim().is_empty(), "`dossier {}` says nothing", ran.words);
            wrong.extend(faults(&ran));
        }
    }
    let archive = TestArchive::on_database(url.clone())?;
    archive.ok(&["init"])?;
    let dropped = archive.beside("drop.sql");
    std::fs::write(&dropped, "DROP TABLE customer_aliases CASCADE;\n")?;
    crate::postgres::run_file(&url, &dropped)?;
    let damaged = ran(&archive, &["customers", "list", "函"])?.expect(1)?;
    wrong.extend(faults(&damaged));
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// The names of all commands: those of the manual pages, which are written in the language of the locale.
pub fn commands(archive: &TestArchive) -> Result<Vec<(String, String)>> {
    let folder = archive.beside("pages");
    ran(archive, &["man", path(&folder)?])?.expect(0)?;
    let mut found = Vec::new();
    for page in std::fs::read_dir(&folder)? {
        let page = page?.path();
        let stem = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        found.push((stem, std::fs::read_to_string(&page)?));
    }
    ensure!(found.len() > 60, "only {} manual pages", found.len());
    found.sort();
    Ok(found)
}

/// The command of a manual page, as it is typed: `named-in` and `second-factor` are one word.
fn typed(stem: &str) -> Vec<String> {
    let mut words: Vec<String> = stem.split('-').skip(1).map(str::to_owned).collect();
    for (first, last) in [("named", "in"), ("second", "factor")] {
        if let Some(at) = words.windows(2).position(|pair| pair == [first, last]) {
            words.splice(at..at + 2, [format!("{first}-{last}")]);
        }
    }
    words
}

fn every_help_speaks_chinese() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let mut wrong = Vec::new();
    for (stem, page) in commands(&archive)? {
        let manual = english(&page.replace("\\-", "-"));
        wrong.extend(manual.into_iter().map(|line| format!("the page {stem}: {line}")));
        for help in ["--help", "-h"] {
            let words = typed(&stem);
            let words: Vec<&str> = words.iter().map(String::as_str).chain([help]).collect();
            let ran = ran(&archive, &words)?.expect(0)?;
            wrong.extend(faults(&ran));
            for word in [
                "Usage:",
                "Options:",
                "Arguments:",
                "Commands:",
                "[default",
                "Print ",
                "Examples:",
            ] {
                if ran.out.contains(word) {
                    wrong.push(format!("`dossier {}` says {word}", ran.words));
                }
            }
            ensure!(ran.out.contains("用法：dossier"), "{}", ran.out);
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// A command that is new is in the table above.
fn every_command_is_asked() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let mut missing = Vec::new();
    for (stem, _) in commands(&archive)? {
        let is_asked = COMMANDS.iter().any(|words| {
            let commands: Vec<&str> = ["dossier"].iter().chain(words.iter()).copied().collect();
            (1..=commands.len()).any(|n| commands[..n].join("-") == stem)
        });
        if !is_asked {
            missing.push(stem);
        }
    }
    ensure!(missing.is_empty(), "no line of the test types {}", missing.join(", "));
    Ok(())
}
