//! Manners of the command line: bad input is an outcome with a name, a reason and a next step; the rest goes on.

use anyhow::{Context, Result, ensure};

use crate::Test;
use crate::archive::{Database, TestArchive, demo_folder, engines, list, number, path, program, text};
use crate::patience::InTime;

pub const TESTS: &[Test] = &[
    ("command_line::help_and_version", help_and_version),
    (
        "command_line::wrong_words_are_refused_by_name",
        wrong_words_are_refused_by_name,
    ),
    ("command_line::missing_things_are_named", missing_things_are_named),
    (
        "command_line::a_table_with_a_wrong_line_changes_nothing",
        a_table_with_a_wrong_line_changes_nothing,
    ),
    ("command_line::tables_in_other_encodings", tables_in_other_encodings),
    (
        "command_line::bad_files_are_rejected_and_the_rest_goes_on",
        bad_files_are_rejected_and_the_rest_goes_on,
    ),
    (
        "command_line::a_missing_engine_names_the_command",
        a_missing_engine_names_the_command,
    ),
    ("command_line::doctor_and_config_speak", doctor_and_config_speak),
    ("command_line::a_dry_run_changes_nothing", a_dry_run_changes_nothing),
    (
        "command_line::non_loopback_needs_protection",
        non_loopback_needs_protection,
    ),
];

fn help_and_version() -> Result<()> {
    let help = program().arg("--help").output_in_time()?;
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for word in [
        "setup",
        "demo",
        "serve",
        "ingest",
        "search",
        "locate",
        "show",
        "customers",
        "locations",
        "users",
        "batches",
        "reindex",
        "verify",
        "doctor",
        "config",
    ] {
        ensure!(help.contains(word), "`dossier --help` does not name `{word}`");
    }
    let version = program().arg("--version").output_in_time()?;
    ensure!(
        version.status.success() && String::from_utf8_lossy(&version.stdout).contains(env!("CARGO_PKG_VERSION")),
        "`dossier --version` does not say {}",
        env!("CARGO_PKG_VERSION")
    );
    Ok(())
}

fn wrong_words_are_refused_by_name() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let (usage, problem) = (Some(64), Some(1));
    for (words, named, code) in [
        (&["frobnicate"][..], "frobnicate", usage),
        (&["search"][..], "QUERY", usage),
        // Only builds for tests take another clock.
        (&["today", "--clock-file", "now"][..], "--clock-file", usage),
        (&["search", "x", "--limit", "many"][..], "many", usage),
        (&["show", "not-a-document", "--json"][..], "not-a-document", problem),
        (&["locate", "K9-99", "--json"][..], "K9-99", problem),
        (&["customers", "show", "KH-4711"][..], "KH-4711", problem),
    ] {
        let ran = archive.run(words)?;
        ensure!(ran.code == code, "`dossier {}` ended with {:?}", ran.words, ran.code);
        ensure!(
            ran.err.contains(named),
            "`dossier {}` does not name what is wrong ({named}):\n{}",
            ran.words,
            ran.err
        );
        ensure!(
            !ran.said().contains("panicked"),
            "`dossier {}` panicked:\n{}",
            ran.words,
            ran.err
        );
        ensure!(
            ran.out.is_empty() || ran.json().is_ok() || !ran.words.contains("--json"),
            "`dossier {}` mixes words into its JSON:\n{}",
            ran.words,
            ran.out
        );
    }
    Ok(())
}

fn missing_things_are_named() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    for (words, named) in [
        (&["ingest", "/no/such/folder"][..], "/no/such/folder"),
        (
            &["customers", "import", "/no/such/customers.csv"][..],
            "/no/such/customers.csv",
        ),
        (
            &["locations", "import", "/no/such/locations.csv"][..],
            "/no/such/locations.csv",
        ),
    ] {
        let ran = archive.run(words)?.expect(1)?;
        ensure!(
            ran.err.contains(named),
            "`dossier {}` does not name {named}:\n{}",
            ran.words,
            ran.err
        );
    }
    let mut unreachable = program();
    unreachable.arg("--data").arg(archive.data()).args([
        "--database",
        "postgres://nobody@127.0.0.1:1/none",
        "search",
        "x",
    ]);
    let ran = crate::archive::Ran::of("search (no database)".into(), unreachable.output_in_time()?);
    ensure!(
        ran.code == Some(1) && ran.err.contains("127.0.0.1"),
        "an unreachable database is not named:\n{}",
        ran.err
    );
    ensure!(
        !ran.err.contains("panicked"),
        "an unreachable database makes the program panic:\n{}",
        ran.err
    );
    Ok(())
}

fn write(archive: &TestArchive, name: &str, bytes: impl AsRef<[u8]>) -> Result<std::path::PathBuf> {
    let file = archive.beside(name);
    std::fs::create_dir_all(file.parent().context("every file has a folder")?)?;
    std::fs::write(&file, bytes)?;
    Ok(file)
}

fn a_table_with_a_wrong_line_changes_nothing() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    // The credit code of line 3 has a wrong check digit; line 4 repeats the code of line 2.
    let table = "code,name,kind,credit_code\nA-1,甲公司,organisation,\nA-2,乙公司,organisation,91449901MA5F0H3K9X\nA-1,丙公司,organisation,\n";
    let file = write(&archive, "wrong.csv", table)?;
    let ran = archive.run(&["customers", "import", path(&file)?])?;
    ensure!(
        ran.code == Some(1) || ran.code == Some(2),
        "a table with wrong lines ends with {:?}",
        ran.code
    );
    ensure!(
        ran.said().contains('4'),
        "the report does not name line 4:\n{}",
        ran.said()
    );
    let listed = archive.json(&["customers", "list", "--json"])?;
    ensure!(
        !listed.to_string().contains("A-1"),
        "half of a wrong table was imported: {listed}"
    );
    Ok(())
}

fn tables_in_other_encodings() -> Result<()> {
    let utf8 = "客户编码,名称,类型\nB-1,云岭新区测试甲有限公司,organisation\nB-2,云岭新区测试乙有限公司,organisation\n";
    // The same table in GB18030, written down as bytes so that the test does not use the program's own encoder.
    let gb18030: &[u8] = &[
        0xbf, 0xcd, 0xbb, 0xa7, 0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x2c, 0xc0, 0xe0, 0xd0, 0xcd,
        0x0a, 0x42, 0x2d, 0x33, 0x2c, 0xb2, 0xe2, 0xca, 0xd4, 0xb1, 0xfb, 0x2c, 0x6f, 0x72, 0x67, 0x61, 0x6e, 0x69,
        0x73, 0x61, 0x74, 0x69, 0x6f, 0x6e, 0x0a,
    ];
    let archive = TestArchive::new(Database::Sqlite)?;
    let mut bom = vec![0xef, 0xbb, 0xbf];
    bom.extend_from_slice(utf8.as_bytes());
    archive.ok(&["customers", "import", path(&write(&archive, "bom.csv", bom)?)?])?;
    archive.ok(&["customers", "import", path(&write(&archive, "gb.csv", gb18030)?)?])?;
    let listed = archive.json(&["customers", "list", "--json"])?.to_string();
    for name in ["云岭新区测试甲有限公司", "测试丙"] {
        ensure!(listed.contains(name), "{name} was not imported: {listed}");
    }
    Ok(())
}

/// The box of nasty files: each ends with its code, nothing ends the run, and the good page is filed.
fn bad_files_are_rejected_and_the_rest_goes_on() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let demo = demo_folder().join("scans");
    let whole = std::fs::read(demo.join("2025-供用电/补充协议-BC-2025-0031.pdf"))?;
    let tiff = std::fs::read(demo.join("2023-租赁/ZL-2023-0042.tif"))?;
    let jpeg = std::fs::read(demo.join("证照/营业执照-华宸智汇.jpg"))?;
    write(&archive, "in/空.pdf", [])?;
    write(&archive, "in/说明.txt", "这不是扫描件")?;
    write(&archive, "in/截断.pdf", &whole[..600])?;
    write(&archive, "in/截断.tif", &tiff[..5000])?;
    write(&archive, "in/截断.jpg", &jpeg[..900])?;
    write(&archive, "in/假的.pdf", "%PDF-1.7\nthis is no PDF at all\n%%EOF\n")?;
    write(&archive, "in/换行\n与\u{202e}箭头.txt", "names are bytes")?;
    std::fs::copy(demo.join("问题件/加密合同.pdf"), archive.beside("in/加密.pdf"))?;
    write(&archive, "in/好的.pdf", &whole)?;
    write(&archive, "in/Thumbs.db", "litter")?;
    std::os::unix::fs::symlink("/etc/passwd", archive.beside("in/链接.pdf"))?;

    let report = archive.ingest(&archive.beside("in"), 2)?;
    let mut wrong = Vec::new();
    for (name, outcome, reasons) in [
        ("空.pdf", "rejected", &["empty"][..]),
        ("说明.txt", "rejected", &["unsupported_type"]),
        ("截断.pdf", "rejected", &["truncated", "unreadable"]),
        ("截断.tif", "rejected", &["truncated", "unreadable"]),
        ("截断.jpg", "rejected", &["truncated", "unreadable"]),
        ("假的.pdf", "rejected", &["unreadable", "truncated"]),
        ("箭头.txt", "rejected", &["unsupported_type"]),
        ("加密.pdf", "rejected", &["encrypted"]),
        ("链接.pdf", "rejected", &["symlink"]),
        ("好的.pdf", "filed", &[]),
    ] {
        match list(&report, "items")?.iter().find(|i| text(i, "path").ends_with(name)) {
            None => wrong.push(format!("{name} is not in the report")),
            Some(item) if text(item, "outcome") != outcome => wrong.push(format!(
                "{name} is {} ({}) instead of {outcome}",
                item["outcome"], item["reason"]
            )),
            Some(item) if !reasons.is_empty() && !reasons.contains(&text(item, "reason")) => wrong.push(format!(
                "{name} says {} instead of {}",
                item["reason"],
                reasons.join(" or ")
            )),
            Some(_) => {}
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    let sum = number(&report, "filed")?
        + number(&report, "needs_review")?
        + number(&report, "duplicate")?
        + number(&report, "rejected")?;
    ensure!(
        number(&report, "found")? == sum,
        "found is not the sum of the outcomes: {report}"
    );
    ensure!(
        report["ignored"].to_string().contains("Thumbs.db"),
        "litter is not listed as ignored: {}",
        report["ignored"]
    );
    ensure!(archive.beside("in/空.pdf").exists(), "a rejected source was taken away");

    // What a person reads: a sentence that says what to do, control characters shown and not obeyed.
    let ran = archive.run(&["ingest", path(&archive.beside("in"))?])?.expect(2)?;
    ensure!(
        ran.said().contains("encrypted") || ran.said().contains("加密"),
        "the words for a person do not say why:\n{}",
        ran.said()
    );
    ensure!(
        !ran.said().contains('\u{202e}'),
        "a right-to-left mark of a file name reaches the terminal"
    );
    Ok(())
}

fn a_missing_engine_names_the_command() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let empty = archive.beside("no-engines");
    std::fs::create_dir_all(&empty)?;
    let scans = demo_folder().join("scans/信函");
    let output = archive
        .command(&["ingest", path(&scans)?])
        .env("DOSSIER_ENGINES", &empty)
        .output_in_time()?;
    let ran = crate::archive::Ran::of("ingest (no engines)".into(), output);
    ensure!(
        ran.code == Some(1),
        "an ingest without engines ends with {:?}\n{}",
        ran.code,
        ran.said()
    );
    ensure!(
        ran.err.contains("dossier setup"),
        "the message does not name `dossier setup`:\n{}",
        ran.err
    );
    let verified = archive.json(&["verify", "--json"])?;
    ensure!(
        number(&verified, "documents")? == 0,
        "something was filed without engines: {verified}"
    );
    Ok(())
}

fn doctor_and_config_speak() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let doctor = archive.run(&["doctor"])?;
    for word in ["pdfium", "onnxruntime", "sqlite", "vault"] {
        ensure!(
            doctor.said().to_lowercase().contains(word),
            "`dossier doctor` says nothing of {word}:\n{}",
            doctor.said()
        );
    }
    let config = archive.ok(&["config"])?;
    ensure!(
        config.out.contains(path(&archive.data())?),
        "`dossier config` does not name the data folder:\n{}",
        config.out
    );
    Ok(())
}

fn a_dry_run_changes_nothing() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let scans = demo_folder().join("scans/2025-供用电");
    let ran = archive.run(&["ingest", path(&scans)?, "--dry-run", "--json"])?;
    ensure!(
        ran.code == Some(0),
        "the dry run ended with {:?}:\n{}",
        ran.code,
        ran.said()
    );
    let report = ran.json()?;
    ensure!(number(&report, "found")? == 2, "the dry run found {}", report["found"]);
    ensure!(
        number(&archive.json(&["verify", "--json"])?, "documents")? == 0,
        "the dry run filed something"
    );
    let blobs = crate::archive::files_below(&archive.data().join("vault"));
    ensure!(
        !blobs.iter().any(|b| b.file_name().is_some_and(|n| n.len() >= 64)),
        "the dry run left {blobs:?} in the vault"
    );
    Ok(())
}

fn non_loopback_needs_protection() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let ran = archive.run(&["serve", "--listen", "0.0.0.0:0"])?;
    ensure!(
        ran.code == Some(1),
        "serving to the world without TLS ends with {:?}",
        ran.code
    );
    ensure!(
        ran.err.contains("--tls-cert") && ran.err.contains("--behind-proxy"),
        "the refusal does not say what to do:\n{}",
        ran.err
    );
    Ok(())
}
