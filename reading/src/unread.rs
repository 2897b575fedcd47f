//! Formats that are not read, by their own names: a person who is told `HEIC` knows what to do, one who is told "of no type
//! that is read" does not.

use vocabulary::detail::{Detail, DetailCode};

/// How a format is known: the code of the sentence that says what to do, and its name.
type NamedFormat = (DetailCode, &'static str);

/// Bytes with which a file begins.
const BEGINNINGS: &[(&[u8], NamedFormat)] = &[
    (b"\0\0\0\x0CjP  \r\n\x87\n", (DetailCode::PictureNotRead, "JPEG 2000")),
    (b"\xFF\x4F\xFF\x51", (DetailCode::PictureNotRead, "JPEG 2000")),
    (b"\0\0\0\x0CJXL ", (DetailCode::PictureNotRead, "JPEG XL")),
    (b"\xFF\x0A", (DetailCode::PictureNotRead, "JPEG XL")),
    (b"8BPS", (DetailCode::PictureNotRead, "Photoshop")),
    (b"AT&TFORM", (DetailCode::DocumentNotRead, "DjVu")),
    (b"%!PS", (DetailCode::DocumentNotRead, "PostScript")),
    (b"{\\rtf", (DetailCode::DocumentNotRead, "RTF")),
    (b"Founder CEB", (DetailCode::DocumentNotRead, "CEB")),
    (b"FOUNDER CEB", (DetailCode::DocumentNotRead, "CEB")),
    (b"CAJ", (DetailCode::DocumentNotRead, "CAJ")),
    (b"KDH ", (DetailCode::DocumentNotRead, "CAJ")),
    (b"Rar!", (DetailCode::PackedNotRead, "RAR")),
    (b"7z\xBC\xAF", (DetailCode::PackedNotRead, "7z")),
    (b"\x1F\x8B", (DetailCode::PackedNotRead, "gzip")),
    (b"BZh", (DetailCode::PackedNotRead, "bzip2")),
    (b"\xFD7zXZ", (DetailCode::PackedNotRead, "xz")),
];
/// Names of entries of a ZIP, and what has such an entry.
const ENTRIES: &[(&[u8], NamedFormat)] = &[
    (b"word/document.xml", (DetailCode::DocumentNotRead, "DOCX")),
    (b"xl/workbook.", (DetailCode::DocumentNotRead, "XLSX")),
    (b"ppt/presentation.xml", (DetailCode::DocumentNotRead, "PPTX")),
    (b"vnd.oasis.opendocument", (DetailCode::DocumentNotRead, "OpenDocument")),
    (b"application/epub+zip", (DetailCode::DocumentNotRead, "EPUB")),
];
/// Names of streams of a compound file, in two bytes a letter, and what has such a stream.
const STREAMS: &[(&str, NamedFormat)] = &[
    ("WordDocument", (DetailCode::DocumentNotRead, "DOC")),
    ("Workbook", (DetailCode::DocumentNotRead, "XLS")),
    ("PowerPoint Document", (DetailCode::DocumentNotRead, "PPT")),
    ("__substg1.0", (DetailCode::MailNotRead, "MSG")),
];
/// Brands of files that are kept like films.
const BRANDS: &[(&[u8], NamedFormat)] = &[
    (b"heic", (DetailCode::PhotoNotRead, "HEIC")),
    (b"heix", (DetailCode::PhotoNotRead, "HEIC")),
    (b"heim", (DetailCode::PhotoNotRead, "HEIC")),
    (b"heis", (DetailCode::PhotoNotRead, "HEIC")),
    (b"hevc", (DetailCode::PhotoNotRead, "HEIC")),
    (b"mif1", (DetailCode::PhotoNotRead, "HEIF")),
    (b"msf1", (DetailCode::PhotoNotRead, "HEIF")),
    (b"avif", (DetailCode::PhotoNotRead, "AVIF")),
    (b"avis", (DetailCode::PhotoNotRead, "AVIF")),
    (b"crx ", (DetailCode::PhotoNotRead, "CR3")),
];
/// Lines with which a mail begins.
const MAIL_LINES: [&str; 7] = [
    "received:",
    "return-path:",
    "from:",
    "to:",
    "subject:",
    "mime-version:",
    "message-id:",
];
const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// What a file is that is not read: by its first bytes, and by `end`, its last ones.
pub fn what_is_not_read(start: &[u8], end: &[u8]) -> Detail {
    let (code, name) = known(start, end).unwrap_or((DetailCode::ContentNotRead, ""));
    match name {
        "" => code.alone(),
        name => code.with(name),
    }
}

/// Whether a header that does not begin its file is that of a PDF: a text that speaks of one has no objects.
pub fn is_pdf_within(start: &[u8], end: &[u8]) -> bool {
    start.starts_with(b"%PDF-") || has(start, b" obj") || has(end, b" obj") || has(end, b"startxref")
}

fn known(start: &[u8], end: &[u8]) -> Option<NamedFormat> {
    let either = |what: &[u8]| has(start, what) || has(end, what);
    if start.starts_with(ZIP) {
        let entry = ENTRIES.iter().find(|(name, _)| either(name));
        return Some(entry.map_or((DetailCode::PackedNotRead, "ZIP"), |(_, known)| *known));
    }
    if start.starts_with(COMPOUND) {
        let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let stream = STREAMS.iter().find(|(name, _)| either(&wide(name)));
        return Some(stream.map_or((DetailCode::DocumentNotRead, "DOC, XLS or MSG"), |(_, known)| *known));
    }
    if start.get(4..8) == Some(b"ftyp") {
        let brand = start.get(8..12).unwrap_or_default();
        let of_brand = BRANDS.iter().find(|(known, _)| *known == brand);
        // The first brand may be a general one; the others stand behind it.
        let length = usize::from(start[3]).clamp(16, 256);
        let others = start.get(16..length.min(start.len())).unwrap_or_default();
        let of_others = || {
            BRANDS
                .iter()
                .find(|(known, _)| others.chunks(4).any(|other| other == *known))
        };
        return Some(
            of_brand
                .or_else(of_others)
                .map_or((DetailCode::PictureNotRead, "MP4"), |(_, known)| *known),
        );
    }
    if let Some((_, known)) = BEGINNINGS.iter().find(|(bytes, _)| start.starts_with(bytes)) {
        return Some(*known);
    }
    if start.get(257..262) == Some(b"ustar") {
        return Some((DetailCode::PackedNotRead, "TAR"));
    }
    written(start)
}

/// Texts that are no pages.
fn written(start: &[u8]) -> Option<NamedFormat> {
    let head = &start[..start.len().min(1_024)];
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t']);
    if text.starts_with("<!doctype html") || text.starts_with("<html") || text.contains("<html") {
        return Some((DetailCode::DocumentNotRead, "HTML"));
    }
    if MAIL_LINES
        .iter()
        .filter(|line| text.lines().any(|l| l.starts_with(**line)))
        .count()
        >= 2
    {
        return Some((DetailCode::MailNotRead, "EML"));
    }
    if text.starts_with("<?xml") {
        return Some((DetailCode::DocumentNotRead, "XML"));
    }
    let is_text = |b: &u8| *b >= 0x20 || matches!(*b, b'\n' | b'\r' | b'\t' | 0x0C);
    (head.len() > 3 && head.iter().all(is_text)).then_some((DetailCode::DocumentNotRead, "TXT"))
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|part| part == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Language;

    fn check(start: &[u8], end: &[u8], name: &str) {
        let said = what_is_not_read(start, end).text(Language::English);
        assert!(said.contains(name), "{name}: {said}");
    }

    #[test]
    fn formats_are_called_by_their_names() {
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"", "HEIC");
        check(b"\0\0\0\x20ftypmif1\0\0\0\0mif1avif", b"", "HEIF");
        check(b"\0\0\0\x1Cftypavif\0\0\0\0", b"", "AVIF");
        check(b"\0\0\0\x0CjP  \r\n\x87\n\0\0", b"", "JPEG 2000");
        check(b"PK\x03\x04....[Content_Types].xml", b"word/document.xml", "DOCX");
        check(b"PK\x03\x04....scan.tif", b"", "ZIP");
        check(COMPOUND, b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", "DOC");
        check(b"Received: from x\r\nSubject: y\r\n\r\n", b"", "EML");
        check("合同里写着 %PDF- 这几个字".as_bytes(), b"", "TXT");
        check(b"\x01\x02\x03\x04\x05", b"", "no type that is read");
    }

    #[test]
    fn a_text_that_speaks_of_pdf_is_none() {
        assert!(!is_pdf_within(b"the first bytes are %PDF-1.7", b""));
        assert!(is_pdf_within(b"@PJL\n%PDF-1.4\n1 0 obj", b""));
    }
}
