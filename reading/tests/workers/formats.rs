//! Every format in which scans are delivered, and PDFs that are damaged, through the real workers.
//!
//! The small files in `tests/formats` were made by `tests/python/make_formats.py`; each shows the
//! same two lines.

use super::{LINES, file, first_page, with_pool, written};
use libtest_mimic::Failed;
use reading::bitmap::SharedBitmap;
use reading::layout::Turn;
use reading::limits::PoolLimits;
use reading::media::{MediaType, media_type};
use reading::page::PageOrigin;
use reading::reason::PoolError;
use reading::worker::Pool;
use std::path::Path;
use vocabulary::Reason;
use vocabulary::detail::Detail;

/// What stands on every page.
const NUMBER: &str = "HT-2024-0117";
const SUM: &str = "人民币壹拾万元整";

/// Each file of the folder is read: all of its pages, upright.
pub fn every_format() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let mut names: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    names.sort_by_key(std::fs::DirEntry::path);
    assert!(names.len() >= 57, "{} files", names.len());
    with_pool(PoolLimits::default(), async |pool| {
        let mut wrong = Vec::new();
        for entry in &names {
            let name = entry.file_name().to_string_lossy().into_owned();
            let bytes = std::fs::read(entry.path())?;
            if let Err(what) = read_all_pages(&pool, &name, &bytes).await {
                wrong.push(format!("{name}: {what}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    })
}

async fn read_all_pages(pool: &Pool, name: &str, bytes: &[u8]) -> Result<(), String> {
    let say = |e: PoolError| e.to_string();
    let media = media_type(&bytes[..bytes.len().min(1024)]).ok_or("of no known type")?;
    let scan = file(bytes).map_err(|e| format!("{e:?}"))?;
    let mut scan = pool.open(scan, media).await.map_err(say)?;
    let expected = if name == "pages.tif" { 3 } else { 1 };
    if scan.pages() != expected {
        return Err(format!("{} pages", scan.pages()));
    }
    for index in 0..expected {
        let page = scan.page(index).await.map_err(say)?;
        let bitmap = page.bitmap.ok_or("no bitmap")?;
        let reading = pool.read(&bitmap).await.map_err(say)?;
        let plain: String = reading.text.plain().split_whitespace().collect();
        if !plain.contains(NUMBER) || !plain.contains(SUM) {
            return Err(format!("page {index} reads {plain:?}"));
        }
        // What the file says about its orientation was believed; reading had nothing left to turn.
        if reading.turn != Turn::None {
            return Err(format!("lies {:?}", reading.turn));
        }
    }
    Ok(())
}

/// One image covers the page: its own pixels are taken, whatever wraps it.
pub fn own_pixels() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    with_pool(PoolLimits::default(), async |pool| {
        for name in [
            "image.pdf",
            "g4.pdf",
            "jbig2.pdf",
            "jpx.pdf",
            "rotate90.pdf",
            "mask.pdf",
        ] {
            let page = first_page(&pool, std::fs::read(folder.join(name))?, MediaType::Pdf).await?;
            assert_eq!(page.page.origin, PageOrigin::EmbeddedImage, "{name}");
            let (dw, dh) = (page.page.width.abs_diff(760), page.page.height.abs_diff(240));
            assert!(dw <= 1 && dh <= 1, "{name}: {} x {}", page.page.width, page.page.height);
        }
        Ok(())
    })
}

/// A PDF of five scanned pages, damaged in several ways: what is left is given page by page, what
/// is lost is said of the page that it belongs to.
pub fn damaged() -> Result<(), Failed> {
    let whole = scanned_pages(5);
    with_pool(PoolLimits::default(), async |pool| {
        let told = pages_of(&pool, &whole).await?;
        assert_eq!(told, ["ok", "ok", "ok", "ok", "ok"]);

        // The table of objects is gone and the objects have moved.
        let mut moved = b"%PDF-1.7\n% something was put before everything else\n".to_vec();
        moved.extend(&whole[9..]);
        let table = find(&moved, b"xref\n0").ok_or("a table")?;
        moved.truncate(table);
        let told = pages_of(&pool, &moved).await?;
        assert_eq!(told, ["ok", "ok", "ok", "ok", "ok"], "without a table");

        // Cut in the middle of the fourth image: page tree first, so the places are known.
        let fourth = find(&whole, b"% image 3").ok_or("an image")?;
        let told = pages_of(&pool, &whole[..fourth + 300]).await?;
        assert_eq!(told, ["ok", "ok", "ok", "page_failed", "page_failed"], "cut");

        // A hole in the second image.
        let mut hole = whole.clone();
        let second = find(&hole, b"% image 1").ok_or("an image")?;
        hole[second..second + 90].fill(b'#');
        let told = pages_of(&pool, &hole).await?;
        assert_eq!(told, ["ok", "page_failed", "ok", "ok", "ok"], "a hole");

        // The catalogue and the page tree are overwritten: the pages are found one by one.
        let mut headless = whole.clone();
        let pages = find(&headless, b"3 0 obj").ok_or("a page")?;
        headless[9..pages].fill(b' ');
        let told = pages_of(&pool, &headless).await?;
        assert_eq!(told.iter().filter(|t| *t == "ok").count(), 5, "headless: {told:?}");

        // Nothing is left.
        let refused = pages_of(&pool, &whole[..60]).await;
        assert!(
            matches!(&refused, Err(PoolError::Refused(r)) if r.reason == Reason::Truncated),
            "{refused:?}"
        );
        Ok(())
    })
}

/// A written page whose table is broken is drawn and read.
pub fn damaged_writing() -> Result<(), Failed> {
    let mut bytes = written(0);
    let table = find(&bytes, b"xref\n0").ok_or("a table")?;
    bytes[table..].fill(b'\n');
    let catalogue = find(&bytes, b"1 0 obj").ok_or("a catalogue")?;
    bytes[catalogue..catalogue + 7].copy_from_slice(b"x 0 xxx");
    with_pool(PoolLimits::default(), async |pool| {
        let page = first_page(&pool, bytes, MediaType::Pdf).await?;
        let reading = match (page.bitmap, page.page.text) {
            (Some(bitmap), _) => pool.read(&bitmap).await?.text,
            (None, text) => text.ok_or("no text")?,
        };
        let plain: String = reading.plain().split_whitespace().collect();
        for line in LINES {
            let wanted: String = line.split_whitespace().collect();
            assert!(plain.contains(&wanted), "{plain}");
        }
        Ok(())
    })
}

/// Of each page "ok" when its ink is there, or the reason why it cannot be had.
async fn pages_of(pool: &Pool, bytes: &[u8]) -> Result<Vec<String>, PoolError> {
    let scan = file(bytes).map_err(|e| PoolError::Unavailable(Detail::of_system(format!("{e:?}"))))?;
    let mut scan = pool.open(scan, MediaType::Pdf).await?;
    let mut told = Vec::new();
    for index in 0..scan.pages() {
        told.push(match scan.page(index).await {
            Ok(page) if page.bitmap.as_ref().is_some_and(has_ink) => "ok".to_owned(),
            Ok(_) => "empty".to_owned(),
            Err(PoolError::Refused(refusal)) => refusal.reason.as_str().to_owned(),
            Err(unavailable) => return Err(unavailable),
        });
    }
    Ok(told)
}

fn has_ink(bitmap: &SharedBitmap) -> bool {
    let bitmap = bitmap.to_bitmap().expect("a bitmap");
    bitmap.data().iter().filter(|&&v| v < 60).count() > 100
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|w| w == wanted)
}

/// A PDF whose pages are one gray image each, the page tree at the beginning.
fn scanned_pages(count: usize) -> Vec<u8> {
    let (width, height) = (200, 280);
    let kids: Vec<String> = (0..count).map(|n| format!("{} 0 R", 3 + n)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Count {count}/Kids[{}]/MediaBox[0 0 595 842]>>",
            kids.join(" ")
        ),
    ];
    for n in 0..count {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Contents {} 0 R/Resources<</XObject<</I {} 0 R>>>>>>",
            3 + count + n,
            3 + 2 * count + n
        ));
    }
    for _ in 0..count {
        let draw = "q 595 0 0 842 0 0 cm /I Do Q";
        objects.push(format!("<</Length {}>>stream\n{draw}\nendstream", draw.len()));
    }
    for n in 0..count {
        let rows: String = (0..height)
            .map(|y| {
                if (100..120).contains(&y) {
                    "20".repeat(width)
                } else {
                    "F0".repeat(width)
                }
            })
            .collect();
        objects.push(format!(
            "% image {n}\n<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray\
             /BitsPerComponent 8/Filter/ASCIIHexDecode/Length {}>>stream\n{rows}>\nendstream",
            rows.len() + 1
        ));
    }
    let texts: Vec<&str> = objects.iter().map(String::as_str).collect();
    super::pdf(&texts, "")
}

/// An A1 drawing at 300 dots per inch.
const A1: (u32, u32) = (7016, 9933);
/// What a worker may hold while it works on such a drawing, in bytes; a page of A4 takes a third.
const A1_RESIDENT_MAX: u64 = 700 * 1024 * 1024;

/// Large drawings are read in tiles: small writing anywhere on the sheet is found, within bounds.
pub fn large_drawings() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let sheet = std::fs::read(folder.join("gray.png"))?;
    with_pool(PoolLimits::default(), async |pool| {
        let note = first_page(&pool, sheet, MediaType::Png)
            .await?
            .bitmap
            .ok_or("no bitmap")?
            .to_bitmap()?;
        let mut drawing = vec![255u8; A1.0 as usize * A1.1 as usize];
        // Corners, the middle, and across the borders of tiles.
        let places = [
            (100, 150),
            (6_100, 200),
            (3_200, 3_300),
            (3_300, 6_600),
            (200, 9_500),
            (6_100, 9_600),
        ];
        for (x, y) in places {
            for (row, line) in note.data().chunks_exact(note.width() as usize).enumerate() {
                let at = (y + row) * A1.0 as usize + x;
                drawing[at..at + line.len()].copy_from_slice(line);
            }
        }
        // A frame and long lines, as on every drawing.
        for y in (60..9_870).step_by(1_635) {
            drawing[y * A1.0 as usize..(y + 5) * A1.0 as usize].fill(0);
        }
        for (name, bytes, media) in [
            ("gray TIFF", gray_tiff(&drawing)?, MediaType::Tiff),
            ("black and white PDF", bilevel_pdf(&drawing), MediaType::Pdf),
        ] {
            let page = first_page(&pool, bytes, media).await?;
            assert_eq!((page.page.width, page.page.height), A1, "{name}");
            let reading = pool.read(&page.bitmap.ok_or("no bitmap")?).await?;
            let plain: String = reading.text.plain().split_whitespace().collect();
            assert_eq!(plain.matches(NUMBER).count(), places.len(), "{name}: {plain}");
            assert_eq!(plain.matches(SUM).count(), places.len(), "{name}: {plain}");
            let status = pool.status();
            let (read, decode) = (status.read_resident_peak, status.decode_resident_peak);
            println!(
                "{name} of A1: read worker {} MiB, decode worker {} MiB",
                read >> 20,
                decode >> 20
            );
            assert!(read.max(decode) <= A1_RESIDENT_MAX, "{name}: {read} {decode}");
        }
        Ok(())
    })
}

fn gray_tiff(pixels: &[u8]) -> Result<Vec<u8>, Failed> {
    use tiff::encoder::{Compression, TiffEncoder, colortype::Gray8};
    let mut bytes = std::io::Cursor::new(Vec::new());
    TiffEncoder::new(&mut bytes)?
        .with_compression(Compression::Lzw)
        .write_image::<Gray8>(A1.0, A1.1, pixels)?;
    Ok(bytes.into_inner())
}

/// The drawing with one bit for each pixel, on a page of 594 x 841 mm.
fn bilevel_pdf(pixels: &[u8]) -> Vec<u8> {
    let row = |line: &[u8]| {
        let bits = line.chunks(8).map(|eight| {
            let bit = |(at, v): (usize, &u8)| u8::from(*v > 127) << (7 - at);
            eight.iter().enumerate().map(bit).sum::<u8>()
        });
        bits.collect::<Vec<u8>>()
    };
    let data: Vec<u8> = pixels.chunks_exact(A1.0 as usize).flat_map(row).collect();
    let (w, h) = (f64::from(A1.0) * 0.24, f64::from(A1.1) * 0.24);
    let draw = format!("q {w} 0 0 {h} 0 0 cm /I Do Q");
    let mut out = super::pdf(
        &[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            &format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {w} {h}]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
            ),
            &format!("<</Length {}>>stream\n{draw}\nendstream", draw.len()),
            "IMAGE",
        ],
        "",
    );
    let image = format!(
        "<</Type/XObject/Subtype/Image/Width {}/Height {}/ColorSpace/DeviceGray/BitsPerComponent 1/Length {}>>stream\n",
        A1.0,
        A1.1,
        data.len()
    );
    // The image is put in last, with the table behind it moved by as much.
    let at = find(&out, b"IMAGE").expect("a place for the image");
    let image = [image.as_bytes(), &data, b"\nendstream"].concat();
    let moved = image.len() - b"IMAGE".len();
    out.splice(at..at + 5, image);
    let start = out.windows(9).rposition(|w| w == b"startxref").expect("a table");
    let table: usize = String::from_utf8_lossy(&out[start + 9..])
        .split_whitespace()
        .next()
        .and_then(|n| n.parse().ok())
        .expect("the place of the table");
    out.truncate(start);
    out.extend(format!("startxref\n{}\n%%EOF\n", table + moved).bytes());
    out
}
