//! Cover and separator sheets: printed by the program, spoiled the way scanners spoil pages, and read back; and a stack
//! that is cut where they lie.

use anyhow::{Context, Result, ensure};
use reading::bitmap::Bitmap;
use reading::decode::{Decoder, marks_of};
use reading::engines::Engines;
use reading::layout::Turn;
use reading::limits::ScanLimits;
use reading::media::MediaType;
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::Test;
use crate::archive::{Database, TestArchive, demo_folder, engines, list, number, path, program, text};
use crate::patience::InTime;

pub const TESTS: &[Test] = &[
    ("covers::a_printed_sheet_is_read_from_every_scan", read_from_every_scan),
    ("covers::a_stack_is_cut_at_its_sheets", a_stack_is_cut),
    ("covers::what_a_sheet_says_is_checked", what_a_sheet_says_is_checked),
    ("covers::a_code_holds_within_its_file", a_code_holds_within_its_file),
    (
        "covers::a_stack_that_comes_again_is_the_same_stack",
        a_stack_comes_again,
    ),
    (
        "covers::a_place_out_of_use_takes_no_paper",
        a_place_out_of_use_takes_no_paper,
    ),
    (
        "covers::an_addressee_is_proposed_and_not_linked",
        an_addressee_is_proposed,
    ),
];

/// Draws pages of files as scanners deliver them.
pub struct Scanner {
    decoder: Decoder,
    limits: ScanLimits,
}

impl Scanner {
    /// The one of this program: the library is loaded once.
    pub fn ready() -> Result<&'static Scanner> {
        static SCANNER: OnceLock<Scanner> = OnceLock::new();
        match SCANNER.get() {
            Some(scanner) => Ok(scanner),
            None => {
                let loaded = Scanner::load()?;
                Ok(SCANNER.get_or_init(|| loaded))
            }
        }
    }

    fn load() -> Result<Scanner> {
        engines()?;
        let said = program().args(["config"]).output_in_time()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let line = said.lines().find_map(|line| line.strip_prefix("engines = "));
        let folder = PathBuf::from(line.context("config names the engines")?.trim_matches('"'));
        let engines = Engines::locate(&folder)?;
        Ok(Scanner {
            decoder: Decoder::load(&engines)?,
            limits: ScanLimits::default(),
        })
    }

    /// A page in gray, as it comes from a scanner at 200 dpi.
    pub fn page(&self, file: &Path, index: u32) -> Result<Bitmap> {
        let media = match file.extension().and_then(|extension| extension.to_str()) {
            Some("pdf") => MediaType::Pdf,
            Some("png") => MediaType::Png,
            _ => MediaType::Jpeg,
        };
        let opened = self.decoder.open(File::open(file)?, media, &self.limits);
        let mut scan = opened.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        let page = scan
            .page(index, true)
            .map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        Ok(page.1.context("a page that has to be read")?.to_gray())
    }
}

/// The same noise in every run: a xorshift.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}

fn noisy(mut page: Bitmap) -> Bitmap {
    let mut noise = Noise(20_261_130);
    for value in page.data_mut() {
        let by = i16::try_from(noise.next() % 81).unwrap_or_default() - 40;
        *value = u8::try_from((i16::from(*value) + by).clamp(0, 255)).unwrap_or(255);
        if noise.next().is_multiple_of(150) {
            *value = if noise.next().is_multiple_of(2) { 0 } else { 255 };
        }
    }
    page
}

/// Each pixel the mean of the 5 x 5 around it, as a lens out of focus makes it.
fn blurred(page: &Bitmap) -> Bitmap {
    let (width, height) = (page.width(), page.height());
    page.resized(width / 3, height / 3).resized(width, height)
}

/// Turned by some degrees, as a sheet that was fed askew.
fn askew(page: &Bitmap, degrees: f32) -> Bitmap {
    let (width, height) = (page.width() as i32, page.height() as i32);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let mut out = Bitmap::filled(page.width(), page.height(), 235);
    let data = page.data();
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = ((x - width / 2) as f32, (y - height / 2) as f32);
            let from_x = (cos * dx + sin * dy) as i32 + width / 2;
            let from_y = (cos * dy - sin * dx) as i32 + height / 2;
            if (0..width).contains(&from_x) && (0..height).contains(&from_y) {
                out.data_mut()[(y * width + x) as usize] = data[(from_y * width + from_x) as usize];
            }
        }
    }
    out
}

/// Sent by fax in normal mode, 204 x 98 dots to the inch, and printed: every second line is lost.
fn faxed(page: &Bitmap) -> Bitmap {
    let sent = black_and_white(page.resized(page.width(), page.height() / 2));
    black_and_white(sent.resized(page.width(), page.height()))
}

fn black_and_white(mut page: Bitmap) -> Bitmap {
    for value in page.data_mut() {
        *value = if *value < 150 { 0 } else { 255 };
    }
    page
}

/// A sheet as the fax machines and feeders of an office leave it.
fn spoiled(page: &Bitmap) -> Bitmap {
    black_and_white(noisy(blurred(&askew(page, 2.5))))
}

fn printed(archive: &TestArchive, words: &[&str], name: &str) -> Result<PathBuf> {
    let output = archive.beside(name);
    let mut all = vec!["locations", "covers"];
    all.extend(words);
    all.extend(["--output", path(&output)?]);
    archive.ok(&all)?;
    Ok(output)
}

fn read_from_every_scan() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let scanner = Scanner::ready()?;
    let one = printed(&archive, &["KH-0001"], "one.pdf")?;
    let three = printed(
        &archive,
        &["KH-0001", "--kind", "合同", "--location", "K1-01-A-1"],
        "three.pdf",
    )?;
    let customer: &[&str] = &["DSR1:customer:KH-0001"];
    let all: &[&str] = &["DSR1:customer:KH-0001", "DSR1:kind:contract", "DSR1:location:K1-01-A-1"];
    for (file, expected) in [(&one, customer), (&three, all)] {
        let page = scanner.page(file, 0)?;
        let half = |share: f32| {
            let side = |pixels: u32| (pixels as f32 * share) as u32;
            page.resized(side(page.width()), side(page.height()))
        };
        let photograph = {
            // The sheet in the middle of a table, half as large as the picture.
            let small = half(0.5);
            let mut picture = Bitmap::filled(page.width(), page.height(), 90);
            let (left, top) = (page.width() as usize / 5, page.height() as usize / 5);
            let (wide, width) = (small.width() as usize, page.width() as usize);
            for (row, line) in small.data().chunks(wide).enumerate() {
                let at = (top + row) * width + left;
                picture.data_mut()[at..at + wide].copy_from_slice(line);
            }
            picture
        };
        for (name, scan) in [
            ("as printed", page.clone()),
            ("1-bit", black_and_white(page.clone())),
            ("noise", noisy(page.clone())),
            ("blur", blurred(&page)),
            ("askew", askew(&page, 4.0)),
            ("100 dpi", half(0.5)),
            ("askew, blur, noise, 1-bit", spoiled(&page)),
            ("300 dpi", page.resized(page.width() * 3 / 2, page.height() * 3 / 2)),
            ("fax", faxed(&page)),
            ("a photograph", photograph),
        ] {
            for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
                let mut codes = marks_of(&scan.clone().turned(turn)).codes;
                codes.sort();
                ensure!(codes == expected, "{name}, {turn:?}: {codes:?} instead of {expected:?}");
            }
        }
    }
    Ok(())
}

/// An uncompressed TIFF with these gray pages, each as large as it is.
fn tiff(pages: &[Bitmap]) -> Vec<u8> {
    let mut file = b"II*\0".to_vec();
    let mut link = file.len();
    file.extend([0; 4]);
    for page in pages {
        let data = u32::try_from(file.len()).unwrap_or_default();
        file.extend(page.data());
        if !file.len().is_multiple_of(2) {
            file.push(0);
        }
        let directory = u32::try_from(file.len()).unwrap_or_default();
        file[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        let count = page.width() * page.height();
        let entries: [(u16, u32); 8] = [
            (256, page.width()),
            (257, page.height()),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, data),
            (278, page.height()),
            (279, count),
        ];
        file.extend(8_u16.to_le_bytes());
        for (tag, value) in entries {
            file.extend(tag.to_le_bytes());
            file.extend(4_u16.to_le_bytes());
            file.extend(1_u32.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        link = file.len();
        file.extend([0; 4]);
    }
    file
}

/// A plain separator sheet as they are bought: the bars of Patch-T twice, and nothing else.
fn patch_sheet() -> Bitmap {
    let mut page = Bitmap::filled(1654, 2339, 248);
    for top in [160, 1900] {
        let mut y = top;
        for (at, bar) in [16, 16, 40, 16, 16, 16, 40].into_iter().enumerate() {
            if at % 2 == 0 {
                for row in y..y + bar {
                    page.data_mut()[row * 1654 + 200..row * 1654 + 1450].fill(15);
                }
            }
            y += bar;
        }
    }
    page
}

fn ingested(archive: &TestArchive, name: &str, pages: &[Bitmap]) -> Result<Value> {
    ingested_with(archive, name, pages, 0)
}

fn ingested_with(archive: &TestArchive, name: &str, pages: &[Bitmap], code: i32) -> Result<Value> {
    let folder = archive.beside(name);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("{name}.tif")), tiff(pages))?;
    archive.ingest(&folder, code)
}

fn item(report: &Value) -> Result<&Value> {
    list(report, "items")?.first().context("an item")
}

fn a_stack_is_cut() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let scanner = Scanner::ready()?;
    let first = printed(&archive, &["KH-0002", "--location", "K1-01-A-1"], "first.pdf")?;
    let second = printed(&archive, &["KH-0003", "--kind", "授权委托书"], "second.pdf")?;
    let paper = |name: &str| scanner.page(&demo_folder().join("scans").join(name), 0);
    let letter = paper("信函/来函-20250506.jpg")?;
    let proxy = paper("证照/授权委托书.jpg")?;
    let blank = Bitmap::filled(1654, 2339, 250);
    let pages = [
        spoiled(&scanner.page(&first, 0)?),
        blank.clone(),
        letter.clone(),
        spoiled(&patch_sheet()),
        proxy.clone(),
        letter.clone(),
        spoiled(&scanner.page(&second, 0)?).turned(Turn::Half),
        proxy.clone(),
    ];
    let report = ingested(&archive, "stack", &pages)?;
    let item = item(&report)?;
    let documents: Vec<String> = list(item, "documents")?
        .iter()
        .filter_map(|id| Some(id.as_str()?.to_owned()))
        .collect();
    ensure!(documents.len() == 3, "{item}");
    ensure!(
        number(item, "pages")? == 4 && number(&report, "pages")? == 4,
        "{report}"
    );
    ensure!(text(item, "outcome") == "filed", "{item}");
    ensure!(text(item, "customer_code").is_empty(), "several customers: {item}");
    ensure!(
        text(item, "detail").contains("sheets taken off: 3 (and 1 empty backs)"),
        "{item}"
    );

    let shown = |id: &String| archive.json(&["show", id, "--json"]);
    let expected = [("KH-0002", "K1-01-A-1", 1), ("KH-0002", "", 2), ("KH-0003", "", 1)];
    let look = || -> Result<()> {
        for (id, (customer, location, pages)) in documents.iter().zip(expected) {
            let document = shown(id)?;
            let got = (text(&document, "customer_code"), text(&document, "location_code"));
            ensure!(got == (customer, location), "{got:?} instead of {customer} {location}");
            ensure!(list(&document, "pages")?.len() == pages, "{document}");
        }
        Ok(())
    };
    look()?;
    let kind = shown(&documents[2])?;
    ensure!(text(&kind, "kind") == "power_of_attorney", "{}", text(&kind, "kind"));
    // What stands on the sheets is in no full text.
    for words in ["\"DSR1\"", "\"封面页\"", "\"新文件从下一页开始\""] {
        let found = archive.json(&["search", words, "--json"])?;
        ensure!(number(&found, "total")? == 0, "{words}: {found}");
    }
    // Reading again keeps the cuts, and the bytes that come again are known.
    archive.ok(&["reread", "--batch", "stack", "--fine", "--force-ocr", "--json"])?;
    look()?;
    let again = ingested(&archive, "again", &pages)?;
    ensure!(number(&again, "duplicate")? == 1, "{again}");
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify: {verified}");
    Ok(())
}

fn what_a_sheet_says_is_checked() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let scanner = Scanner::ready()?;
    let paper = scanner.page(&demo_folder().join("scans/信函/来函-20250506.jpg"), 0)?;
    // Sheets of another archive: their customer is not in this one.
    let other = TestArchive::new(Database::Sqlite)?;
    let table = other.beside("customers.csv");
    std::fs::write(&table, "code,name,kind\nXX-9,北方某某厂,organisation\n")?;
    other.ok(&["customers", "import", path(&table)?])?;
    let foreign = scanner.page(&printed(&other, &["XX-9"], "foreign.pdf")?, 0)?;
    let report = ingested_with(&archive, "foreign", &[foreign, paper.clone()], 1)?;
    let asked = item(&report)?;
    ensure!(
        asked["problem"] == true && number(&report, "problems")? == 1,
        "{report}"
    );
    let got = (text(asked, "outcome"), text(asked, "reason"));
    ensure!(got == ("needs_review", "customer_unknown"), "{asked}");
    ensure!(text(asked, "detail").contains("DSR1:customer:XX-9"), "{asked}");
    ensure!(number(asked, "pages")? == 1, "{asked}");

    // The list and the sheet say different things: a person decides.
    let cover = scanner.page(&printed(&archive, &["KH-0002"], "cover.pdf")?, 0)?;
    let folder = archive.beside("listed");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("a.tif"), tiff(&[cover.clone(), blank_and(&paper, 1)]))?;
    std::fs::write(folder.join("manifest.csv"), "path,customer_code\na.tif,KH-0003\n")?;
    let report = archive.ingest(&folder, 0)?;
    let asked = item(&report)?;
    ensure!(text(asked, "reason") == "customer_ambiguous", "{asked}");
    ensure!(text(asked, "detail").contains("DSR1:customer:KH-0002"), "{asked}");

    // A file with nothing but a sheet makes no document.
    let folder = archive.beside("alone");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("alone.tif"), tiff(&[cover]))?;
    let report = archive.ingest(&folder, 2)?;
    let alone = item(&report)?;
    ensure!(text(alone, "reason") == "only_cover_sheets", "{alone}");
    Ok(())
}

/// What a sheet says ends with its file; and a code that this archive does not know is named.
fn a_code_holds_within_its_file() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let scanner = Scanner::ready()?;
    let paper = scanner.page(&demo_folder().join("scans/信函/来函-20250519.png"), 0)?;
    let words = ["KH-0002", "--kind", "合同", "--location", "K1-02-B-3-04"];
    let cover = scanner.page(&printed(&archive, &words, "cover.pdf")?, 0)?;
    // A sheet of another archive, with a place that is not here.
    let other = TestArchive::new(Database::Sqlite)?;
    let table = other.beside("locations.csv");
    std::fs::write(&table, "code,name,kind\nZZ-7,别处,rack\n")?;
    other.ok(&["locations", "import", path(&table)?])?;
    let foreign = scanner.page(&printed(&other, &["--location", "ZZ-7"], "foreign.pdf")?, 0)?;

    let folder = archive.beside("two files");
    std::fs::create_dir_all(&folder)?;
    let files = [
        ("1.tif", vec![cover, blank_and(&paper, 1)]),
        ("2.tif", vec![blank_and(&paper, 2)]),
        ("3.tif", vec![foreign, blank_and(&paper, 3)]),
    ];
    for (name, pages) in &files {
        std::fs::write(folder.join(name), tiff(pages))?;
    }
    let report = archive.ingest(&folder, 1)?;
    let items = list(&report, "items")?;
    let got: Vec<[&str; 3]> = items
        .iter()
        .map(|item| ["customer_code", "kind", "location_code"].map(|name| text(item, name)))
        .collect();
    ensure!(got[0] == ["KH-0002", "contract", "K1-02-B-3-04"], "{report}");
    ensure!(
        got[1][0].is_empty() && got[1][1] != "contract" && got[1][2].is_empty(),
        "it leaked: {report}"
    );
    let unknown = &items[2];
    ensure!(text(unknown, "outcome") == "needs_review", "{unknown}");
    ensure!(
        text(unknown, "detail").contains("ZZ-7"),
        "the unknown place is not named: {unknown}"
    );
    // It is a problem in the line, the sum, the record and what people read of the batch.
    let kept = archive.json(&["batches", "two files", "--json"])?;
    for report in [&report, &kept] {
        let of_lines: Vec<bool> = list(report, "items")?
            .iter()
            .map(|item| item["problem"] == true)
            .collect();
        ensure!(
            of_lines == [false, false, true] && number(report, "problems")? == 1,
            "{report}"
        );
    }
    let shown = archive.ok(&["batches", "two files"])?;
    ensure!(shown.out.contains("ZZ-7"), "{}", shown.out);
    Ok(())
}

/// The number of the dossier of a customer.
fn dossier_of(archive: &TestArchive, code: &str) -> Result<String> {
    let customer = archive.json(&["customers", "show", code, "--json"])?;
    let number = text(&customer, "dossier_no");
    ensure!(!number.is_empty(), "no dossier number: {customer}");
    Ok(number.to_owned())
}

fn ids(item: &Value) -> Result<Vec<String>> {
    let ids = list(item, "documents")?.iter();
    Ok(ids.filter_map(|id| Some(id.as_str()?.to_owned())).collect())
}

/// Sheets that name a dossier and nobody, the pages declared, and the same bytes with a list that says more.
fn a_stack_comes_again() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let scanner = Scanner::ready()?;
    let paper = scanner.page(&demo_folder().join("scans/信函/来函-20250519.png"), 0)?;
    let folder = archive.beside("single");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("single.tif"), tiff(std::slice::from_ref(&paper)))?;
    archive.ok(&["ingest", path(&folder)?, "--customer", "KH-0002"])?;
    let dossier = dossier_of(&archive, "KH-0002")?;
    let sheets = printed(&archive, &["--dossier", &dossier, "--separators", "1"], "sheets.pdf")?;
    let pages = [
        scanner.page(&sheets, 0)?,
        blank_and(&paper, 1),
        spoiled(&scanner.page(&sheets, 1)?),
        blank_and(&paper, 2),
        blank_and(&paper, 3),
    ];
    let stack = |name: &str, manifest: &str| -> Result<PathBuf> {
        let folder = archive.beside(name);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("stack.tif"), tiff(&pages))?;
        std::fs::write(folder.join("manifest.csv"), manifest)?;
        Ok(folder)
    };
    let folder = stack("first", "path,page_count\nstack.tif,4\n")?;
    let report = archive.ingest(&folder, 1)?;
    let first = item(&report)?;
    let made = ids(first)?;
    ensure!(made.len() == 2 && text(first, "customer_code") == "KH-0002", "{first}");
    let detail = text(first, "detail");
    ensure!(detail.contains("4 pages were declared and 3 scanned"), "{detail}");
    for (id, pages) in made.iter().zip([1, 2]) {
        let document = archive.json(&["show", id, "--json"])?;
        ensure!(list(&document, "pages")?.len() == pages, "{document}");
        ensure!(text(&document, "link_basis") == "cover_sheet", "{document}");
    }

    // The same bytes: both documents are named, and what the list says of them all is brought to each.
    let list_says = "path,page_count,department,location_code,title\nstack.tif,3,营销部,K1-01-A-1,一摞来函\n";
    let report = archive.ingest(&stack("again", list_says)?, 0)?;
    let again = item(&report)?;
    ensure!(text(again, "outcome") == "duplicate" && ids(again)? == made, "{again}");
    ensure!(number(again, "pages")? == 3, "{again}");
    for id in &made {
        let document = archive.json(&["show", id, "--json"])?;
        let got = (text(&document, "department"), text(&document, "location_code"));
        ensure!(got == ("营销部", "K1-01-A-1"), "{document}");
        ensure!(text(&document, "title") != "一摞来函", "{document}");
    }
    // Said once more it says nothing new, and two documents are all there is of the stack.
    let report = archive.ingest(&stack("once more", list_says)?, 0)?;
    ensure!(ids(item(&report)?)? == made, "{report}");
    ensure!(!text(item(&report)?, "detail").contains("营销部"), "{report}");
    let found = archive.json(&["search", "部门:营销部", "--json"])?;
    ensure!(number(&found, "total")? == 2, "{found}");
    Ok(())
}

/// On the command line, on a cover sheet, in a list, and in a list of what is filed already.
fn a_place_out_of_use_takes_no_paper() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let scanner = Scanner::ready()?;
    let paper = scanner.page(&demo_folder().join("scans/信函/来函-20250519.png"), 0)?;
    let cover = printed(&archive, &["KH-0003", "--location", "K1-01-A-1"], "cover.pdf")?;
    archive.ok(&["locations", "retire", "K1-01-A-1", "--why", "撤柜"])?;
    let refused = archive
        .run(&["locations", "covers", "--location", "K1-01-A-1"])?
        .expect(1)?;
    ensure!(refused.err.contains("out of use"), "{}", refused.err);

    let report = ingested_with(&archive, "covered", &[scanner.page(&cover, 0)?, paper.clone()], 1)?;
    let asked = item(&report)?;
    ensure!(text(asked, "reason") == "location_retired", "{asked}");
    ensure!(text(asked, "detail").contains("K1-01-A-1` is out of use"), "{asked}");
    let document = archive.json(&["show", &ids(asked)?[0], "--json"])?;
    ensure!(text(&document, "location_code").is_empty(), "{document}");

    let folder = archive.beside("plain");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("plain.tif"), tiff(&[blank_and(&paper, 1)]))?;
    let words = ["ingest", path(&folder)?, "--location", "K1-01-A-1"];
    let refused = archive.run(&words)?.expect(1)?;
    ensure!(refused.err.contains("locations restore"), "{}", refused.err);
    archive.ok(&["ingest", path(&folder)?, "--customer", "KH-0003"])?;

    std::fs::write(folder.join("manifest.csv"), "path,location_code\nplain.tif,K1-01-A-1\n")?;
    std::fs::write(folder.join("other.tif"), tiff(&[blank_and(&paper, 2)]))?;
    let trial = archive.run(&["ingest", path(&folder)?, "--dry-run", "--json"])?;
    let trial = trial.expect(1)?.json()?;
    ensure!(trial.to_string().contains("is out of use"), "{trial}");
    let report = archive.ingest(&folder, 1)?;
    let again = list(&report, "items")?
        .iter()
        .find(|item| text(item, "path").ends_with("plain.tif"));
    let again = again.context("the file that is filed already")?;
    ensure!(text(again, "reason") == "location_retired", "{again}");
    let document = archive.json(&["show", &ids(again)?[0], "--json"])?;
    ensure!(text(&document, "location_code").is_empty(), "{document}");
    Ok(())
}

/// The first line of the letter is a customer's full name, behind no label, and nothing else says whose it is.
fn an_addressee_is_proposed() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let table = archive.beside("customers.csv");
    let customers = "code,name,kind\nZZ-1,云岭新区供电服务有限公司,organisation\nZZ-2,云岭新区供电局,organisation\n";
    std::fs::write(&table, customers)?;
    archive.ok(&["customers", "import", path(&table)?])?;
    let folder = archive.beside("letters");
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(
        demo_folder().join("scans/信函/来函-20250519.png"),
        folder.join("letter.png"),
    )?;
    let report = archive.ingest(&folder, 0)?;
    let asked = item(&report)?;
    let got = (
        text(asked, "outcome"),
        text(asked, "reason"),
        text(asked, "customer_code"),
    );
    ensure!(got == ("needs_review", "customer_missing", ""), "{asked}");
    ensure!(text(asked, "detail").contains("one customer may fit"), "{asked}");
    Ok(())
}

/// The page with one more pixel of ink, so that its bytes are new.
fn blank_and(page: &Bitmap, pixel: usize) -> Bitmap {
    let mut page = page.clone();
    page.data_mut()[pixel] = 0;
    page
}
