//! Papers inside papers: portfolios, attachments and files pinned to a page are documents of their own, each with a line
//! below its file, and each says in which it came.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;

use crate::Test;
use crate::archive::{Database, TestArchive, check, list, number, path, text};
use crate::cases::{FONT, binary_stream, line, pdf, plain_page, stream_bytes};
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    (
        "enclosed::papers_inside_papers_become_documents",
        papers_inside_papers_become_documents,
    ),
    (
        "enclosed::it_is_a_setting_and_has_bounds",
        it_is_a_setting_and_has_bounds,
    ),
];

/// How a file holds others.
#[derive(Clone, Copy)]
pub enum Held {
    /// By a list of names.
    Attached,
    /// As a portfolio, whose papers they are.
    Portfolio,
    /// Pinned to its page.
    Pinned,
}

/// A PDF of one page that says `words` and holds other files.
pub fn holding(words: &str, held: Held, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let first = 6;
    let of_file = |at: usize| first + 3 * at;
    let named: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(at, (name, _))| format!("({name}) {} 0 R", of_file(at)))
        .collect();
    let pins: Vec<String> = (0..files.len()).map(|at| format!("{} 0 R", of_file(at) + 2)).collect();
    let list = format!("/Names<</EmbeddedFiles<</Names[{}]>>>>", named.join(" "));
    let (entries, catalogue) = match held {
        Held::Attached => (String::new(), list),
        Held::Portfolio => (String::new(), format!("/Collection<<>>{list}")),
        Held::Pinned => (format!("/Annots[{}]", pins.join(" ")), String::new()),
    };
    let mut objects = plain_page(&entries, "", true);
    objects[0] = format!("<</Type/Catalog/Pages 2 0 R{catalogue}>>").into_bytes();
    objects.push(stream_bytes(&line(72, 700, words)));
    objects.push(FONT.as_bytes().to_vec());
    for (at, (name, bytes)) in files.iter().enumerate() {
        let file = format!("<</Type/Filespec/F({name})/EF<</F {} 0 R>>>>", of_file(at) + 1);
        let pin = format!(
            "<</Type/Annot/Subtype/FileAttachment/Rect[20 20 40 40]/FS {} 0 R>>",
            of_file(at)
        );
        objects.push(file.into_bytes());
        objects.push(binary_stream("/Type/EmbeddedFile", bytes));
        objects.push(pin.into_bytes());
    }
    pdf(&objects)
}

fn paper(words: &str) -> Vec<u8> {
    holding(words, Held::Attached, &[])
}

fn archive() -> Result<TestArchive> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let customers = archive.beside("customers.csv");
    std::fs::write(&customers, "code,name\nKH-0001,Quill and Thorne\n")?;
    archive.ok(&["customers", "import", path(&customers)?])?;
    Ok(archive)
}

/// The item of a report whose path ends so.
fn item<'r>(report: &'r Value, ending: &str) -> Result<&'r Value> {
    let found = list(report, "items")?
        .iter()
        .find(|item| Path::new(text(item, "path")).ends_with(ending));
    found.with_context(|| format!("no line about {ending}: {report}"))
}

fn papers_inside_papers_become_documents() -> Result<()> {
    let archive = archive()?;
    let source = archive.beside("source");
    std::fs::create_dir(&source)?;
    let lease = paper("The lease of the warehouse 4711");
    let nested = holding(
        "The covering letter 5522",
        Held::Pinned,
        &[("plan.pdf", paper("The plan of the floor 6633"))],
    );
    let bundle = holding(
        "Open this portfolio in a newer program",
        Held::Portfolio,
        &[
            ("lease.pdf", lease.clone()),
            ("../../etc/lease.pdf", lease.clone()),
            ("letter.pdf", nested),
            ("broken.pdf", b"%PDF-1.4 and nothing else".to_vec()),
            ("notes.txt", b"only some words".to_vec()),
        ],
    );
    std::fs::write(source.join("bundle.pdf"), bundle)?;
    std::fs::write(source.join("z-copy.pdf"), &lease)?;
    let words = ["ingest", path(&source)?, "--customer", "KH-0001", "--json"];
    let report = archive.run(&words)?.expect(2)?.json()?;
    let is = |ending: &str, outcome: &str| -> Result<&Value> {
        let item = item(&report, ending)?;
        ensure!(text(item, "outcome") == outcome, "{ending} is not {outcome}: {item}");
        Ok(item)
    };
    let outer = is("bundle.pdf", "needs_review")?;
    ensure!(
        outer.to_string().contains("notes.txt")
            && outer
                .to_string()
                .contains("lease.pdf, 2 lease.pdf, letter.pdf, broken.pdf"),
        "what is inside is not said: {outer}"
    );
    let inner = is("bundle.pdf/lease.pdf", "filed")?;
    ensure!(
        text(inner, "customer_code") == "KH-0001",
        "what is said of the whole does not hold: {inner}"
    );
    let twin = is("bundle.pdf/2 lease.pdf", "duplicate")?;
    ensure!(
        text(twin, "document_id") == text(inner, "document_id"),
        "another document: {twin}"
    );
    is("bundle.pdf/broken.pdf", "rejected")?;
    is("z-copy.pdf", "duplicate")?;
    let letter = is("bundle.pdf/letter.pdf", "filed")?;
    let plan = is("bundle.pdf/letter.pdf/plan.pdf", "filed")?;
    ensure!(number(&report, "found")? == 7, "the sums do not fit: {report}");
    check(&archive, &source, None, &[])?;

    for (words, of) in [("warehouse 4711", inner), ("letter 5522", letter), ("floor 6633", plan)] {
        let hits = archive.json(&["search", &format!("\"{words}\""), "--json"])?;
        let is_it = |hit: &Value| text(hit, "document_id") == text(of, "document_id");
        ensure!(list(&hits, "hits")?.iter().any(is_it), "{words} is not found: {hits}");
    }
    let shown = |item: &Value| archive.json(&["show", text(item, "document_id"), "--json"]);
    let ids = |shown: &Value, key: &str| -> Result<Vec<String>> {
        Ok(list(shown, key)?
            .iter()
            .map(|other| text(other, "document_id").to_owned())
            .collect())
    };
    let letter_shown = shown(letter)?;
    ensure!(
        ids(&letter_shown, "came_in")? == [text(outer, "document_id")],
        "{letter_shown}"
    );
    ensure!(
        ids(&letter_shown, "brings")? == [text(plan, "document_id")],
        "{letter_shown}"
    );
    let outer_shown = shown(outer)?;
    ensure!(
        ids(&outer_shown, "brings")? == [text(inner, "document_id"), text(letter, "document_id")],
        "{outer_shown}"
    );
    let said = archive.ok(&["show", text(plan, "document_id")])?;
    ensure!(said.out.contains("came in: "), "{}", said.out);
    // The same delivery again finds everything as it is.
    let again = archive.run(&words)?.expect(0)?.json()?;
    ensure!(
        number(&again, "filed")? == 0 && number(&again, "needs_review")? == 0,
        "{again}"
    );
    Ok(())
}

fn it_is_a_setting_and_has_bounds() -> Result<()> {
    let archive = archive()?;
    let source = archive.beside("source");
    std::fs::create_dir(&source)?;
    let mut deep = paper("level 5");
    for level in (0..5).rev() {
        deep = holding(&format!("level {level}"), Held::Attached, &[("next.pdf", deep)]);
    }
    std::fs::write(source.join("deep.pdf"), deep)?;
    let many: Vec<(String, Vec<u8>)> = (0..260)
        .map(|n| (format!("n{n}.pdf"), paper(&format!("number {n}"))))
        .collect();
    let many: Vec<(&str, Vec<u8>)> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    std::fs::write(
        source.join("many.pdf"),
        holding("a whole drawer", Held::Attached, &many),
    )?;
    let words = ["ingest", path(&source)?, "--customer", "KH-0001", "--json"];
    let report = archive.run(&words)?.expect(0)?.json()?;
    let deepest = item(&report, "deep.pdf/next.pdf/next.pdf/next.pdf")?;
    ensure!(
        text(deepest, "reason") == "pages_elsewhere",
        "nobody is told of the next level: {deepest}"
    );
    ensure!(list(&report, "items")?.len() == 2 + 3 + 200, "another number of lines");
    ensure!(
        text(item(&report, "many.pdf")?, "reason") == "pages_elsewhere",
        "nobody is told of the others"
    );

    let serving = Serving::start(&archive, false)?;
    let off = serde_json::json!({"settings": {"take_out_files_inside": "0"}});
    Api::open(&archive, &serving)?.patch("/settings", &off, 200)?;
    serving.stop()?;
    let other = archive.beside("other");
    std::fs::create_dir(&other)?;
    let pinned = holding(
        "The bill 7744",
        Held::Pinned,
        &[("receipt.pdf", paper("The receipt 8855"))],
    );
    std::fs::write(other.join("bill.pdf"), pinned)?;
    let report = archive
        .run(&["ingest", path(&other)?, "--customer", "KH-0001", "--json"])?
        .expect(0)?
        .json()?;
    let only = list(&report, "items")?;
    ensure!(
        only.len() == 1 && only[0].to_string().contains("receipt.pdf"),
        "it is not named: {report}"
    );
    Ok(())
}
