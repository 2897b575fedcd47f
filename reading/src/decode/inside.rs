//! The files inside a PDF: embedded in it, named as its further files, or pinned to a page.
//!
//! The lists are a stranger's: they are followed so far and no further, and what they lead to is unpacked by the caller's
//! worker, whose memory is bounded.

use super::rescue::quietly;
use crate::reason::Refusal;
use hayro::hayro_syntax::object::{Array, Dict, ObjectIdentifier, Stream, String as PdfString};
use hayro::hayro_syntax::{Filter, Pdf};
use std::collections::HashSet;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Files that are listed, nodes of the tree of their names, how deep it may be, and notes on pages that are looked at.
const FILES_MAX: usize = 10_000;
const NODES_MAX: usize = 10_000;
const DEPTH_MAX: usize = 30;
const NOTES_MAX: usize = 100_000;

/// A file inside.
pub(super) struct FileInside {
    pub name: String,
    id: ObjectIdentifier,
}

/// The files inside, those of the document first, then those of its pages in their order. One that several lists name is
/// there once.
pub(super) fn files_inside(pdf: &Pdf) -> Vec<FileInside> {
    quietly(|| ListInside::of(pdf).files).unwrap_or_default()
}

/// The bytes of a file inside.
pub(super) fn bytes_inside(pdf: &Pdf, file: &FileInside, bytes_max: u64) -> Result<Vec<u8>, Refusal> {
    let damaged = || Refusal::new(Reason::Unreadable, DetailCode::FileInsideDamaged);
    let unpack = || {
        let stream = pdf.xref().get::<Stream<'_>>(file.id)?;
        // A photograph may be kept under the very coding that it has as a file.
        match stream.filters().as_slice() {
            [Filter::DctDecode] => Some(stream.raw_data().into_owned()),
            _ => Some(stream.decoded_data().ok()?.into_owned()),
        }
    };
    let bytes = quietly(unpack).flatten().ok_or_else(damaged)?;
    if bytes.len() as u64 > bytes_max {
        let detail = DetailCode::BytesAllowed.with(bytes.len()).with(bytes_max);
        return Err(Refusal::new(Reason::TooLarge, detail));
    }
    Ok(bytes)
}

#[derive(Default)]
struct ListInside {
    files: Vec<FileInside>,
    known: HashSet<ObjectIdentifier>,
    nodes: usize,
}

impl ListInside {
    fn of(pdf: &Pdf) -> ListInside {
        let mut listed = ListInside::default();
        if let Some(catalogue) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) {
            let names = catalogue.get::<Dict<'_>>("Names");
            if let Some(tree) = names.and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles")) {
                listed.walk(&tree, 0);
            }
            listed.further(&catalogue);
        }
        let mut notes = 0;
        for page in pdf.pages().iter() {
            listed.further(page.raw());
            for note in page
                .raw()
                .get::<Array<'_>>("Annots")
                .iter()
                .flat_map(Array::iter::<Dict<'_>>)
            {
                notes += 1;
                if notes > NOTES_MAX {
                    return listed;
                }
                if let Some(file) = note.get::<Dict<'_>>("FS") {
                    listed.add(&file, None);
                }
                listed.further(&note);
            }
        }
        listed
    }

    /// A node of the tree of names.
    fn walk(&mut self, node: &Dict<'_>, depth: usize) {
        self.nodes += 1;
        if self.nodes > NODES_MAX || depth > DEPTH_MAX {
            return;
        }
        if let Some(pairs) = node.get::<Array<'_>>("Names") {
            let mut pairs = pairs.flex_iter();
            for _ in 0..FILES_MAX {
                let Some(name) = pairs.next::<PdfString<'_>>() else {
                    break;
                };
                let Some(file) = pairs.next::<Dict<'_>>() else { break };
                self.add(&file, Some(&name));
            }
        }
        for kid in node.get::<Array<'_>>("Kids").iter().flat_map(Array::iter::<Dict<'_>>) {
            self.walk(&kid, depth + 1);
        }
    }

    /// What a document, a page or a note names as its further files.
    fn further(&mut self, of: &Dict<'_>) {
        for file in of
            .get::<Array<'_>>("AF")
            .iter()
            .flat_map(Array::iter::<Dict<'_>>)
            .take(FILES_MAX)
        {
            self.add(&file, None);
        }
    }

    fn add(&mut self, file: &Dict<'_>, listed_as: Option<&PdfString<'_>>) {
        let Some(kept) = file.get::<Dict<'_>>("EF") else { return };
        let Some(stream) = ["UF", "F"].iter().find_map(|key| kept.get::<Stream<'_>>(key)) else {
            return;
        };
        let id = stream.obj_id();
        if self.files.len() >= FILES_MAX || !self.known.insert(id) {
            return;
        }
        let said = ["UF", "F"].iter().find_map(|key| file.get::<PdfString<'_>>(key));
        let name = said.as_ref().or(listed_as).map(|name| text(name.as_bytes()));
        let name = name.unwrap_or_default();
        self.files.push(FileInside { name, id });
    }
}

/// A name as PDFs write it, in one of the two forms of Unicode or in what the program had at hand.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_programs_write_them() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(text(bytes), expected);
        check(b"\xfe\xff\x54\x08\x54\x0c", "合同");
        check(b"\xff\xfe\x08\x54\x0c\x54", "合同");
        check("合同.pdf".as_bytes(), "合同.pdf");
        check(b"\xba\xcf\xcd\xac.pdf", "合同.pdf");
        check(b"annex.pdf", "annex.pdf");
    }
}
