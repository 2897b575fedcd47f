//! Names that people and machines give to files, and things in a scan folder that are no files.
//!
//! Every regular file is filed whatever it is called, shown escaped, and comes back under its name; what is no regular
//! file is refused by name and nothing waits for it.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::Test;
use crate::archive::{Database, TestArchive, check, engines, list, number, path, text};
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    (
        "names::every_name_is_filed_shown_and_served",
        every_name_is_filed_shown_and_served,
    ),
    (
        "names::what_is_no_file_is_refused_by_name",
        what_is_no_file_is_refused_by_name,
    ),
];

/// Names as bytes, and as people see them where that differs.
fn names() -> Vec<(Vec<u8>, &'static str)> {
    let plain = |name: &'static str| (name.as_bytes().to_vec(), "");
    let mut names = vec![
        (b"line\nbreak.pdf".to_vec(), "line\\nbreak.pdf"),
        ("right\u{202e}fdp.pdf".as_bytes().to_vec(), "right\\u{202e}fdp.pdf"),
        ("zero\u{200b}width.pdf".as_bytes().to_vec(), "zero\\u{200b}width.pdf"),
        (b"escape\x1b[31m.pdf".to_vec(), "escape\\u{1b}[31m.pdf"),
        (b"not-utf8-\xff\xfe.pdf".to_vec(), "not-utf8-\\xff\\xfe.pdf"),
        // 合同 as a Windows machine of the nineties wrote it.
        (b"gbk-\xba\xcf\xcd\xac.pdf".to_vec(), "gbk-合同.pdf"),
        plain("--json.pdf"),
        plain("-rf"),
        plain("CON"),
        plain("nul.pdf"),
        plain("trailing dots..."),
        plain(" blanks "),
        plain("caf\u{e9}.pdf"),
        plain("cafe\u{301}.pdf"),
        plain("a;b\"c'd,e%2e%2e%2f.pdf"),
        plain("<img src=x onerror=alert(1)>.pdf"),
        plain("..pdf"),
        plain("合同\u{3000}（副本）.pdf"),
    ];
    // 83 times three bytes, and six more.
    names.push((format!("{}12.pdf", "档".repeat(83)).into_bytes(), ""));
    names
}

fn every_name_is_filed_shown_and_served() -> Result<()> {
    engines()?;
    let archive = TestArchive::new(Database::Sqlite)?;
    let source = archive.beside("source");
    fs::create_dir(&source)?;
    let names = names();
    for (n, (name, _)) in names.iter().enumerate() {
        ensure!(name.len() <= 255, "no file can have a name of {} bytes", name.len());
        fs::write(source.join(OsStr::from_bytes(name)), page_of_text(n))?;
    }
    ensure!(names.iter().any(|(name, _)| name.len() == 255), "no name has 255 bytes");
    // What an operating system leaves in a folder whose name is no UTF-8.
    let litter = source.join(OsStr::from_bytes(b"\xc0\xfd"));
    fs::create_dir(&litter)?;
    fs::write(litter.join("Thumbs.db"), "litter")?;
    let report = archive.ingest(&source, 0)?;
    let items = list(&report, "items")?;
    ensure!(
        number(&report, "needs_review")? == i64::try_from(names.len())? && items.len() == names.len(),
        "not every name was taken: {report}"
    );
    let of_litter = &report["ignored_path_hex"];
    ensure!(
        list(&report, "ignored")?.len() == 1 && of_litter[0].as_str().is_some_and(|hex| hex.contains("c0fd2f")),
        "the bytes of what was ignored are not told: {report}"
    );
    check(&archive, &source, None, &[])?;

    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    for (n, (name, escaped)) in names.iter().enumerate() {
        let shown = match *escaped {
            "" => String::from_utf8(name.clone())?,
            escaped => escaped.to_owned(),
        };
        let item = items
            .iter()
            .find(|item| text(item, "path").ends_with(&format!("/{shown}")))
            .with_context(|| format!("{shown:?} is not in the report: {items:?}"))?;
        // A script finds the file by its bytes where no text is its name.
        let bytes = item["path_hex"].as_str().map(str::to_owned);
        let in_hex: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let is_text = std::str::from_utf8(name).is_ok();
        ensure!(
            bytes.is_none() == is_text && bytes.is_none_or(|bytes| bytes.ends_with(&in_hex)),
            "the bytes of {shown:?} are not told: {item}"
        );
        let ident = text(item, "document_id");
        let scan = &archive.json(&["show", ident, "--json"])?["scans"][0];
        ensure!(
            scan["path"] == item["path"] && scan["path_hex"] == item["path_hex"],
            "the bytes of {shown:?} are not shown with its document: {scan}"
        );
        let found = archive.json(&["search", &word(n), "--json"])?;
        ensure!(
            list(&found, "hits")?
                .iter()
                .any(|hit| text(hit, "document_id") == ident),
            "the text of {shown:?} is not found"
        );
        let document = archive.json(&["show", ident, "--json"])?;
        ensure!(
            visible(text(&document, "title")),
            "the title is not escaped: {document}"
        );
        let (status, disposition, bytes) =
            api.download(&format!("/documents/{ident}/scans/{}", text(&document, "scan_sha256")))?;
        ensure!(
            status == 200 && bytes == page_of_text(n),
            "{shown:?} comes back differently: {status}"
        );
        ensure!(
            disposition == format!("attachment; filename=\"scan\"; filename*=UTF-8''{}", percent(&shown)),
            "{shown:?} would be saved as {disposition}"
        );
    }
    serving.stop()?;

    // A second run finds them all again, and tells it in one line each without anything that moves the terminal.
    let ran = archive.run(&["ingest", path(&source)?])?.expect(0)?;
    ensure!(
        visible(&ran.said().replace('\n', "")),
        "the report is not escaped:\n{}",
        ran.said()
    );
    let told = ran.out.lines().filter(|line| line.starts_with("duplicate")).count();
    ensure!(
        told == names.len(),
        "{told} of {} names are told in a line of their own:\n{}",
        names.len(),
        ran.out
    );
    Ok(())
}

fn what_is_no_file_is_refused_by_name() -> Result<()> {
    engines()?;
    let archive = TestArchive::new(Database::Sqlite)?;
    let source = archive.beside("source");
    let elsewhere = archive.beside("elsewhere");
    fs::create_dir_all(&elsewhere)?;
    fs::create_dir(&source)?;
    fs::write(elsewhere.join("secret.pdf"), page_of_text(0))?;
    fs::write(source.join("scan.pdf"), page_of_text(1))?;
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, source.join(name));
    link(&elsewhere.join("secret.pdf"), "link-to-file.pdf")?;
    link(&elsewhere, "link-to-folder")?;
    link(Path::new("loop.pdf"), "loop.pdf")?;
    link(&source, "link-to-itself")?;
    link(Path::new("/nowhere"), "dangling.pdf")?;
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let here = rustix::fs::CWD;
    rustix::fs::mknodat(here, source.join("pipe.pdf"), rustix::fs::FileType::Fifo, mode, 0)?;
    let _socket = UnixListener::bind(source.join("socket.pdf"))?;
    // Only root may make devices; elsewhere the rest is shown all the same.
    let null = rustix::fs::makedev(1, 3);
    let device = rustix::fs::mknodat(
        here,
        source.join("device.pdf"),
        rustix::fs::FileType::CharacterDevice,
        mode,
        null,
    );
    if device.is_err() {
        eprintln!("SKIP the device of names::what_is_no_file_is_refused_by_name: only root makes devices");
    }

    let report = archive.ingest(&source, 2)?;
    let mut expected = vec![
        ("dangling.pdf", "symlink"),
        ("link-to-file.pdf", "symlink"),
        ("link-to-folder", "symlink"),
        ("link-to-itself", "symlink"),
        ("loop.pdf", "symlink"),
        ("pipe.pdf", "special_file"),
        ("socket.pdf", "special_file"),
    ];
    if device.is_ok() {
        expected.push(("device.pdf", "special_file"));
    }
    expected.sort_unstable();
    let mut refused: Vec<(&str, &str)> = list(&report, "items")?
        .iter()
        .filter(|item| text(item, "outcome") == "rejected")
        .map(|item| {
            (
                text(item, "path").rsplit('/').next().unwrap_or_default(),
                text(item, "reason"),
            )
        })
        .collect();
    refused.sort_unstable();
    ensure!(refused == expected, "refused {refused:?} instead of {expected:?}");
    ensure!(
        number(&report, "needs_review")? == 1,
        "the scan among them was not taken: {report}"
    );
    ensure!(
        list(&archive.json(&["search", &word(0), "--json"])?, "hits")? == &Vec::<Value>::new(),
        "a link was followed"
    );
    Ok(())
}

/// A word that stands on one page only.
pub fn word(n: usize) -> String {
    format!("WORD{n:04}")
}

/// The smallest PDF with a text layer.
pub fn page_of_text(n: usize) -> Vec<u8> {
    let content = format!("BT /F 12 Tf 72 700 Td ({}) Tj ET", word(n));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = out.len();
    let size = objects.len() + 1;
    format!("{out}{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes()
}

fn visible(shown: &str) -> bool {
    !shown.chars().any(|c| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// RFC 5987: every byte that is not a letter, a digit or one of a few marks.
fn percent(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
