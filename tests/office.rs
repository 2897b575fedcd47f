//! Settings, accounts, kinds and checklists by the command line: what is printed is what is stored, and what cannot be
//! is refused by name.

use crate::Test;
use crate::archive::{Database, TestArchive, list, path, text};
use anyhow::{Context, Result, ensure};

pub const TESTS: &[Test] = &[
    ("office::settings_are_set_and_tried", settings_are_set_and_tried),
    ("office::accounts_are_changed", accounts_are_changed),
    (
        "office::links_begin_where_people_reach_the_archive",
        links_begin_where_people_reach_the_archive,
    ),
    ("office::checklists_are_a_file", checklists_are_a_file),
    ("office::lists_are_files", lists_are_files),
    (
        "office::shelving_is_built_and_papers_are_placed",
        shelving_is_built_and_papers_are_placed,
    ),
];

fn settings_are_set_and_tried() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let all = archive.json(&["settings", "list", "--json"])?;
    ensure!(list(&all, "settings")?.len() == 24, "{all}");
    let set = archive.json(&[
        "settings",
        "set",
        "archive_name=云岭供电档案室",
        "time_zone=asia/urumqi",
        "--json",
    ])?;
    ensure!(set["version"] == 1, "{set}");
    let zone = archive.ok(&["settings", "get", "time_zone"])?;
    ensure!(zone.out.trim() == "Asia/Urumqi", "{}", zone.out);
    let pattern = r"contract_number_pattern=\bDL[0-9]{6}\b";
    let tried = archive.json(&["settings", "try", "合同 DL202601", "--with", pattern, "--json"])?;
    ensure!(tried["hits"][0]["text"] == "DL202601", "{tried}");
    for (value, reason) in [
        ("time_zone=Mars/Olympus", "IANA"),
        ("account_number_pattern=[0-9]*", "empty text"),
        (r"contract_number_pattern=\b[0-9]{10}\b", "account_number_pattern"),
        ("own_identifiers=91350100M000100Y44", "it would be 3"),
    ] {
        let refused = archive.run(&["settings", "set", "archive_name=x", value])?;
        ensure!(
            refused.code == Some(2) && refused.err.contains(reason),
            "{value}: {}",
            refused.err
        );
    }
    let name = archive.ok(&["settings", "get", "archive_name"])?;
    ensure!(
        name.out.trim() == "云岭供电档案室",
        "a refused change changed {}",
        name.out
    );
    Ok(())
}

fn accounts_are_changed() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let added = archive.json(&["users", "add", "wangwei", "--json"])?;
    ensure!(
        text(&added, "link").contains("/link/") && text(&added, "expires_at").len() > 10,
        "{added}"
    );
    let changed = archive.json(&[
        "users",
        "change",
        "wangwei",
        "--role",
        "viewer,archivist",
        "--department",
        "法务部",
        "--json",
    ])?;
    ensure!(
        changed["roles"] == "viewer,archivist" && changed["department"] == "法务部" && changed["clearance"] == 1,
        "{changed}"
    );
    let nothing = archive.run(&["users", "change", "wangwei"])?;
    ensure!(
        nothing.code == Some(64) && nothing.err.contains("--role"),
        "{}",
        nothing.err
    );
    let locked = archive.json(&["users", "lock", "wangwei", "--json"])?;
    ensure!(locked["locked"] == true, "{locked}");
    let refused = archive.run(&["users", "passwd", "wangwei"])?;
    ensure!(
        refused.code == Some(1) && refused.err.contains("locked"),
        "{}",
        refused.err
    );
    archive.ok(&["users", "unlock", "wangwei"])?;
    archive.ok(&["users", "token", "wangwei", "--label", "夜间导出"])?;
    let tokens = archive.json(&["users", "tokens", "wangwei", "--json"])?;
    archive.ok(&["users", "revoke", text(&tokens["items"][0], "id")])?;
    let tokens = archive.json(&["users", "tokens", "--json"])?;
    ensure!(tokens["items"][0]["revoked"] == true, "{tokens}");
    let shown = archive.ok(&["users", "show", "wangwei"])?;
    ensure!(
        shown.out.contains("法务部") && shown.out.contains("no password yet"),
        "{}",
        shown.out
    );
    Ok(())
}

fn links_begin_where_people_reach_the_archive() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let added = archive.json(&[
        "--public-url",
        "https://archive.example.com/",
        "users",
        "add",
        "li",
        "--json",
    ])?;
    ensure!(
        text(&added, "link").starts_with("https://archive.example.com/link/"),
        "{added}"
    );
    let wrong = archive.run(&["--public-url", "archive.example.com", "users", "passwd", "li"])?;
    ensure!(
        wrong.code == Some(64) && wrong.err.contains("https://HOST"),
        "{}",
        wrong.err
    );
    Ok(())
}

fn checklists_are_a_file() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let file = archive.beside("checklists.tsv");
    archive.ok(&["checklists", "export", path(&file)?])?;
    let report = archive.json(&["checklists", "import", path(&file)?, "--json"])?;
    ensure!(report["unchanged"] == 15 && report["changed"] == 0, "{report}");
    std::fs::write(
        &file,
        "code,name_zh,name_en,kinds\nguarantee,担保,Guarantee,contract\nown,自用,Own,合同;contract\n",
    )?;
    let trial = archive
        .run(&["checklists", "import", path(&file)?, "--dry-run", "--json"])?
        .json()?;
    ensure!(
        trial["problems"][0]["line"] == 3 && trial["problems"][0]["code"] == "kind_twice",
        "{trial}"
    );
    let field = &trial["changes"][0]["fields"][0];
    ensure!(field["field"] == "kinds" && field["after"] == "contract", "{trial}");
    let refused = archive.run(&["checklists", "import", path(&file)?])?;
    ensure!(
        refused.code == Some(2) && refused.out.contains("line 3: kinds"),
        "{}",
        refused.out
    );
    archive.run(&["checklists", "import", path(&file)?, "--skip-bad-lines"])?;
    let lists = archive.json(&["checklists", "list", "--json"])?;
    let guarantee = list(&lists, "items")?
        .iter()
        .find(|list| list["code"] == "guarantee")
        .context("it is there")?;
    ensure!(guarantee["kinds"] == serde_json::json!(["contract"]), "{guarantee}");
    archive.ok(&["checklists", "delete", "guarantee"])?;
    let in_use = archive.run(&["kinds", "delete", "contract"])?;
    ensure!(
        in_use.code == Some(1) && in_use.err.contains("retire"),
        "{}",
        in_use.err
    );
    Ok(())
}

fn lists_are_files() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    for (list, ending, begins) in [
        ("customers", "csv", &b"\xef\xbb\xbf"[..]),
        ("locations", "xlsx", b"PK"),
        ("users", "pdf", b"%PDF-"),
        ("kinds", "csv", b"\xef\xbb\xbf"),
    ] {
        let file = archive.beside(&format!("{list}.{ending}"));
        archive.ok(&["export", list, "-o", path(&file)?])?;
        ensure!(std::fs::read(&file)?.starts_with(begins), "{list}.{ending}");
    }
    let customers = std::fs::read_to_string(archive.beside("customers.csv"))?;
    ensure!(
        customers.contains("档号") && customers.contains("KH-0001"),
        "{customers}"
    );
    let english = archive.beside("english.csv");
    archive.ok(&["export", "客户一览表", "-o", path(&english)?, "--language", "en"])?;
    ensure!(
        std::fs::read_to_string(&english)?.contains("Dossier"),
        "headings are English"
    );
    let text = archive.beside("list.txt");
    for (words, next) in [
        (&["export", "customers", "-o", path(&text)?][..], ".xlsx"),
        (&["export", "contents", "-o", path(&english)?], "export contents"),
        (&["export", "customers", "K1", "-o", path(&english)?], "leave it out"),
        (&["export", "nothing", "-o", path(&english)?], "customers"),
    ] {
        let refused = archive.run(words)?;
        ensure!(
            refused.code == Some(64) && refused.err.contains(next),
            "{words:?}: {}",
            refused.err
        );
    }
    Ok(())
}

fn shelving_is_built_and_papers_are_placed() -> Result<()> {
    for database in [Database::Sqlite, Database::Postgres] {
        let archive = TestArchive::with_tables(database)?;
        let build = [
            "locations",
            "build",
            "K8",
            "--racks",
            "2",
            "--shelves",
            "3",
            "--capacity",
            "40",
            "--json",
        ];
        let tried = archive.json(&[&build[..], &["--dry-run"]].concat())?;
        ensure!(tried["added"] == 8 && tried["id"].is_null(), "{tried}");
        ensure!(
            archive.run(&["locations", "show", "K8-01"])?.code != Some(0),
            "a trial writes nothing"
        );
        let made = archive.json(&build)?;
        ensure!(made["added"] == 8, "{made}");
        let shelf = archive.json(&["locations", "show", "K8-02-3", "--json"])?;
        ensure!(shelf["capacity"] == 40 && shelf["kind"] == "shelf", "{shelf}");
        for (words, says) in [
            (&["locations", "build", "K8"][..], "--racks"),
            (&["locations", "build", "?", "--racks", "2"], "K2"),
            (&["locations", "build", "K8", "--racks", "99999"], "steps"),
            (&["place", "x"], "--to"),
        ] {
            let refused = archive.run(words)?;
            ensure!(
                refused.code == Some(64) && refused.err.contains(says),
                "{words:?}: {}",
                refused.err
            );
        }
        let nothing = archive.run(&["place", "HT-404", "--at", "K8-01-1", "--json"])?;
        ensure!(
            nothing.code == Some(1) && nothing.err.contains("HT-404"),
            "{} {}",
            nothing.out,
            nothing.err
        );
        let undone = archive.ok(&["imports", "undo", text(&made, "id")])?;
        ensure!(undone.out.contains('9'), "{}", undone.out);
    }
    Ok(())
}
