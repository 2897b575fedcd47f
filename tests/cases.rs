//! Kinds of pages on which what the eye sees and what a text layer says fall apart, one small file of each kind, through
//! the real program: what is shown is found, what is not shown is not, and what cannot be read is said.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;

use crate::Test;
use crate::archive::{Database, TestArchive, demo_folder, list, text};

pub const TESTS: &[Test] = &[("cases::what_a_page_shows_is_found_or_flagged", what_a_page_shows)];

/// A file, and what must come of it.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    /// Phrases by which it is found, and by which it is not.
    found: &'static [&'static str],
    lost: &'static [&'static str],
    /// Its outcome, and what its line says.
    outcome: &'static str,
    says: &'static str,
}

impl Case {
    fn new(name: &'static str, bytes: Vec<u8>, found: &'static [&'static str]) -> Case {
        Case {
            name,
            bytes,
            found,
            lost: &[],
            outcome: "filed",
            says: "",
        }
    }

    fn without(self, lost: &'static [&'static str]) -> Case {
        Case { lost, ..self }
    }

    fn ends(self, outcome: &'static str, says: &'static str) -> Case {
        Case { outcome, says, ..self }
    }
}

fn what_a_page_shows() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let customers = archive.beside("customers.csv");
    std::fs::write(&customers, "code,name\nKH-0001,Quill and Thorne\n")?;
    archive.ok(&["customers", "import", crate::archive::path(&customers)?])?;
    let cases = [pages(), text_layers(), images()?, besides()].concat_all();
    let folder = archive.beside("cases");
    std::fs::create_dir_all(&folder)?;
    for case in &cases {
        std::fs::write(folder.join(case.name), &case.bytes)?;
    }
    let words = [
        "ingest",
        crate::archive::path(&folder)?,
        "--customer",
        "KH-0001",
        "--json",
    ];
    let report = archive.run(&words)?.expect(2)?.json()?;
    let mut wrong = Vec::new();
    for case in &cases {
        if let Err(error) = check(&archive, &report, case) {
            wrong.push(format!("{}: {error:#}", case.name));
        }
    }
    ensure!(wrong.is_empty(), "{} of {} cases: {wrong:#?}", wrong.len(), cases.len());
    Ok(())
}

fn check(archive: &TestArchive, report: &Value, case: &Case) -> Result<()> {
    let items = list(report, "items")?;
    let named = |item: &&Value| {
        Path::new(text(item, "path"))
            .file_name()
            .is_some_and(|name| name == case.name)
    };
    let item = items.iter().find(named).context("no line of the report is about it")?;
    ensure!(text(item, "outcome") == case.outcome, "another outcome: {item}");
    ensure!(
        item.to_string().contains(case.says),
        "its line does not say `{}`: {item}",
        case.says
    );
    let document = text(item, "document_id");
    let is_found = |phrase: &str| -> Result<bool> {
        let answer = archive.json(&["search", &format!("\"{phrase}\""), "--limit", "100", "--json"])?;
        Ok(list(&answer, "hits")?
            .iter()
            .any(|hit| text(hit, "document_id") == document))
    };
    for phrase in case.found {
        ensure!(is_found(phrase)?, "`{phrase}` is shown and was not found");
    }
    for phrase in case.lost {
        ensure!(!is_found(phrase)?, "`{phrase}` is not shown and was found");
    }
    Ok(())
}

trait ConcatAll {
    fn concat_all(self) -> Vec<Case>;
}

impl<const N: usize> ConcatAll for [Vec<Case>; N] {
    fn concat_all(self) -> Vec<Case> {
        self.into_iter().flatten().collect()
    }
}

/// What is drawn and stands in no text layer, and the other way round.
fn pages() -> Vec<Case> {
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Marigold Ashworth 7731)/DA(/F 14 Tf 0 g)\
        /Rect[200 690 520 712]/F 4/AP<</N 7 0 R>>>>";
    let value = form("BT /F 14 Tf 2 5 Td (Marigold Ashworth 7731) Tj ET", 320, 22);
    let remark = "<</Type/Annot/Subtype/FreeText/Contents(Approved by Juniper Hale)/DA(/F 16 Tf 0 g)\
        /Rect[200 500 520 530]/F 4/AP<</N 7 0 R>>>>";
    let note = form("BT /F 16 Tf 4 8 Td (Approved by Juniper Hale) Tj ET", 320, 30);
    let with_form = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DR<</Font<</F 5 0 R>>>>>>>>";
    let unnamed = line(72, 700, "Name of the applicant:");
    let covered = [
        line(72, 700, "The visible clause binds both parties"),
        line(72, 600, "Redacted settlement of forty thousand"),
        "0 g 60 590 400 30 re f".to_owned(),
        "1 g".to_owned(),
        line(72, 500, "White words on white paper"),
        "0 g".to_owned(),
    ];
    let layered = format!(
        "{}\n/OC /Off BDC\n{}\nEMC",
        line(72, 700, "Always on this page"),
        line(72, 600, "Only on the hidden layer")
    );
    let catalogue = "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]/Order[6 0 R]>>>>>>";
    let resources = "/Properties<</Off 6 0 R>>";
    vec![
        Case::new(
            "form-value.pdf",
            with_catalogue(with_form, &unnamed, "/Annots[6 0 R]", "", &[field, &value]),
            &["Name of the applicant", "Marigold Ashworth 7731"],
        ),
        Case::new(
            "remark.pdf",
            page(
                &line(72, 700, "Request for payment"),
                "/Annots[6 0 R]",
                "",
                &[remark, &note],
            ),
            &["Request for payment", "Approved by Juniper Hale"],
        ),
        Case::new(
            "covered.pdf",
            page(&covered.join("\n"), "", "", &[]),
            &["visible clause binds"],
        )
        .without(&["Redacted settlement", "White words on white"]),
        Case::new(
            "layer-off.pdf",
            with_catalogue(catalogue, &layered, "", resources, &["<</Type/OCG/Name(off)>>"]),
            &["Always on this page"],
        )
        .without(&["Only on the hidden layer"]),
    ]
}

/// Text layers in all directions, and in fonts that say what they mean.
fn text_layers() -> Vec<Case> {
    let turned = [
        matrix("1 0 0 1 72 760", "Upright heading of the sheet"),
        matrix("0 1 -1 0 40 120", "Binding margin number 5512"),
        matrix("0 -1 1 0 560 700", "Clockwise column of remarks"),
        matrix("-1 0 0 -1 520 60", "Footer that stands on its head"),
    ];
    let slanted = "Draft for internal use".chars().enumerate().map(|(at, letter)| {
        let along = 90 + 18 * at as i32;
        matrix(
            &format!("0.707 0.707 -0.707 0.707 {along} {}", along + 250),
            &letter.to_string(),
        )
    });
    let body = [
        "The supplier delivers the pumps",
        "to the site within ten days and",
        "installs them at its own cost",
    ];
    let body = (0..3).map(|at| line(72, 500 - 22 * at as i32, body[at]));
    let watermarked: Vec<String> = body.chain(slanted).collect();
    let columns = [
        ("Party A: Marlow Building", "Party B: Harrow Interior"),
        ("Supplies Limited of High", "Decorating Company of Mill"),
        ("Street forty in Redfield", "Lane seventeen in Oakham"),
    ];
    let columns = (0..3).map(|at| {
        let y = 700 - 20 * at as i32;
        format!("{}\n{}", line(72, y, columns[at].0), line(330, y, columns[at].1))
    });
    let columns: Vec<String> = columns.collect();
    let cells = [
        "0.5 w 60 690 m 520 690 l S 60 640 m 520 640 l S 60 590 m 520 590 l S".to_owned(),
        "60 590 m 60 690 l S 200 590 m 200 690 l S 360 590 m 360 690 l S 520 590 m 520 690 l S".to_owned(),
        line(66, 672, "Wexford Marine"),
        line(206, 672, "Calder Valley"),
        line(66, 652, "Insurance"),
        line(206, 652, "Warehousing"),
        line(366, 662, "pending"),
        line(66, 612, "Third row"),
    ];
    // Letters that mean others, as the font says: beyond U+FFFF, and the form of a radical.
    let meaning = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def \
        1 begincodespacerange <00> <FF> endcodespacerange 3 beginbfchar <41> <D842DFB7> <42> <91CE> <43> <2ED1> endbfchar \
        endcmap end end";
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>";
    vec![
        Case::new(
            "turned.pdf",
            page(&turned.join("\n"), "", "", &[]),
            &[
                "Upright heading of the sheet",
                "Binding margin number 5512",
                "Clockwise column of remarks",
                "stands on its head",
            ],
        ),
        Case::new(
            "watermark.pdf",
            page(&watermarked.join("\n"), "", "", &[]),
            &["delivers the pumps to the site", "ten days and installs them"],
        ),
        Case::new(
            "columns.pdf",
            page(&columns.join("\n"), "", "", &[]),
            &["Marlow Building Supplies Limited", "Harrow Interior Decorating Company"],
        ),
        Case::new(
            "cells.pdf",
            page(&cells.join("\n"), "", "", &[]),
            &["Wexford Marine Insurance", "Calder Valley Warehousing"],
        ),
        Case::new(
            "rare.pdf",
            page(
                "BT /G 18 Tf 72 700 Td (ABC) Tj ET",
                "",
                "/Font<</G 6 0 R>>",
                &[font, &stream("", meaning)],
            ),
            &["𠮷野", "野長"],
        ),
    ]
}

/// Images on pages and images that are files: read, kept, or said to be lost.
fn images() -> Result<Vec<Case>> {
    let letter = std::fs::read(demo_folder().join("scans/信函/来函-20250506.jpg"))?;
    let draw = |x: i32| {
        format!(
            "{}\nq 300 0 0 420 {x} 200 cm /I Do Q",
            line(72, 740, "Annex: copy of the letter")
        )
    };
    let placed = |jpeg: &[u8]| {
        let (width, height) = size_of_jpeg(jpeg).unwrap_or((1, 1));
        let about = format!(
            "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode"
        );
        binary_stream(&about, jpeg)
    };
    let on_page = |content: &str, image: Vec<u8>| {
        let resources = "/XObject<</I 6 0 R>>";
        let further = vec![stream_bytes(content), FONT.as_bytes().to_vec(), image];
        pdf(&[plain_page("", resources, true), further].concat())
    };
    let scan = "q 595 0 0 842 0 0 cm /I Do Q";
    let end = letter.len() - 2;
    Ok(vec![
        Case::new(
            "picture.pdf",
            on_page(&draw(140), placed(&letter)),
            &["Annex: copy of the letter", "账单寄送地址的函"],
        ),
        Case::new("cut-scan.pdf", on_page(scan, placed(&letter[..letter.len() / 50])), &[])
            .ends("filed", "page_failed"),
        Case::new("unended.jpg", letter[..end].to_vec(), &["账单寄送地址的函"]),
        Case::new("half.jpg", letter[..end / 2].to_vec(), &[]).ends("rejected", "truncated"),
    ])
}

/// What is not on the pages of a file, and what is no scan at all.
fn besides() -> Vec<Case> {
    let attached = "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(annex.pdf) 6 0 R]>>>>>>";
    let portfolio = attached.replace("/Names<<", "/Collection<<>>/Names<<");
    let file = "<</Type/Filespec/F(annex.pdf)/UF(annex.pdf)/EF<</F 7 0 R>>>>";
    let inside = stream("/Type/EmbeddedFile", "a letter that was typed");
    let content = line(72, 700, "The agreement with its annex");
    let dynamic = "<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</Fields[]/XFA 6 0 R>>>>";
    let wait = line(72, 700, "Please wait for the form to load");
    vec![
        Case::new(
            "attachment.pdf",
            with_catalogue(attached, &content, "", "", &[file, &inside]),
            &["agreement with its annex"],
        )
        .ends("filed", "annex.pdf"),
        Case::new(
            "portfolio.pdf",
            with_catalogue(&portfolio, &content, "", "", &[file, &inside]),
            &[],
        )
        .ends("needs_review", "pages_elsewhere"),
        Case::new(
            "dynamic.pdf",
            with_catalogue(dynamic, &wait, "", "", &[&stream("", "<xdp/>")]),
            &[],
        )
        .ends("needs_review", "pages_elsewhere"),
        Case::new("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), &[]).ends("rejected", "HEIC"),
        Case::new("scan.jp2", b"\0\0\0\x0CjP  \r\n\x87\n".to_vec(), &[]).ends("rejected", "JPEG 2000"),
        Case::new("frames.gif", FRAMES.to_vec(), &["HT-2024-0117"]),
        Case::new(
            "invoice.ofd",
            INVOICE.to_vec(),
            &["清河水泵有限公司", "43464097", "记账凭证"],
        )
        .ends("filed", "who signed it"),
        Case::new("changed.ofd", CHANGED.to_vec(), &["价税合计 9526.00"]).ends("filed", "signature 1 does not fit"),
        Case::new("broken.ofd", INVOICE[..INVOICE.len() / 2].to_vec(), &[]).ends("rejected", "the OFD is damaged"),
        Case::new("note.txt", b"a file begins with %PDF- and a version".to_vec(), &[]).ends("rejected", "TXT"),
    ]
}

/// Made by `make_formats.py` and `make_ofd.py`.
const FRAMES: &[u8] = include_bytes!("../reading/tests/formats/frames.gif");
const INVOICE: &[u8] = include_bytes!("seeds/invoice.ofd");
const CHANGED: &[u8] = include_bytes!("../reading/tests/ofd/changed.ofd");

pub const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

pub fn line(x: i32, y: i32, text: &str) -> String {
    format!("BT /F 14 Tf {x} {y} Td ({text}) Tj ET")
}

fn matrix(matrix: &str, text: &str) -> String {
    format!("BT /F 14 Tf {matrix} Tm ({text}) Tj ET")
}

/// A PDF of one A4 page; further objects are numbered from 6.
fn page(content: &str, entries: &str, resources: &str, further: &[&str]) -> Vec<u8> {
    with_catalogue("<</Type/Catalog/Pages 2 0 R>>", content, entries, resources, further)
}

fn with_catalogue(catalogue: &str, content: &str, entries: &str, resources: &str, further: &[&str]) -> Vec<u8> {
    let mut objects = plain_page(entries, resources, !resources.contains("/Font"));
    objects[0] = catalogue.as_bytes().to_vec();
    objects.push(stream_bytes(content));
    objects.push(FONT.as_bytes().to_vec());
    objects.extend(further.iter().map(|object| object.as_bytes().to_vec()));
    pdf(&objects)
}

/// Catalogue, page tree and page.
pub fn plain_page(entries: &str, resources: &str, with_font: bool) -> Vec<Vec<u8>> {
    let font = if with_font { "/Font<</F 5 0 R>>" } else { "" };
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{font}{resources}>>{entries}>>"
    );
    let tree = "<</Type/Pages/Count 1/Kids[3 0 R]>>";
    ["<</Type/Catalog/Pages 2 0 R>>", tree, &page]
        .map(|object| object.as_bytes().to_vec())
        .to_vec()
}

/// What draws an annotation.
fn form(content: &str, width: u32, height: u32) -> String {
    let about = format!("/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]/Resources<</Font<</F 5 0 R>>>>");
    stream(&about, content)
}

fn stream(about: &str, content: &str) -> String {
    format!("<<{about}/Length {}>>stream\n{content}\nendstream", content.len())
}

pub fn stream_bytes(content: &str) -> Vec<u8> {
    stream("", content).into_bytes()
}

pub fn binary_stream(about: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<<{about}/Length {}>>stream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A PDF of these objects; the first is the catalogue.
pub fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        offsets.push(out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    out.extend(
        format!(
            "trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    out
}

/// Width and height, as the frame of a JPEG states them.
fn size_of_jpeg(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut at = 2;
    loop {
        let &[0xFF, marker, high, low] = bytes.get(at..at + 4)? else {
            return None;
        };
        if matches!(marker, 0xC0..=0xC2) {
            let number = |at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
            return Some((number(at + 7)?, number(at + 5)?));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}
