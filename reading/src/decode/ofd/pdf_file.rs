//! One page as a small PDF in memory, so that pages of OFD take the way of those of PDF: text against ink, drawing, images.

use std::fmt::Write;

/// Bytes of one such file.
const BYTES_MAX: usize = 400 * 1024 * 1024;

/// The number of an object of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ObjectNumber(usize);

/// A file that grows object by object. The first three are catalogue, page tree and page.
pub(super) struct PdfFile {
    objects: Vec<Vec<u8>>,
    bytes: usize,
}

/// Width, height and what is drawn on the page, with the names of what is used there.
pub(super) struct PageContent<'c> {
    pub width: f64,
    pub height: f64,
    pub content: &'c str,
    pub fonts: &'c [(String, ObjectNumber)],
    pub images: &'c [(String, ObjectNumber)],
    /// Opacities in use: of areas and lines, in 255 parts.
    pub opacities: &'c [u8],
}

impl PdfFile {
    pub fn new() -> PdfFile {
        PdfFile {
            objects: vec![Vec::new(); 3],
            bytes: 0,
        }
    }

    /// Whether so many bytes more are too many.
    pub fn is_full(&self, more: usize) -> bool {
        self.bytes.saturating_add(more) > BYTES_MAX
    }

    pub fn object(&mut self, text: &str) -> ObjectNumber {
        self.put(text.as_bytes().to_vec())
    }

    /// A stream; `entries` are those of its dictionary beside the length.
    pub fn stream(&mut self, entries: &str, data: &[u8]) -> ObjectNumber {
        let mut bytes = format!("<<{entries}/Length {}>>stream\n", data.len()).into_bytes();
        bytes.extend_from_slice(data);
        bytes.extend_from_slice(b"\nendstream");
        self.put(bytes)
    }

    fn put(&mut self, bytes: Vec<u8>) -> ObjectNumber {
        self.bytes += bytes.len();
        self.objects.push(bytes);
        ObjectNumber(self.objects.len())
    }

    /// The whole file.
    pub fn finish(mut self, page: &PageContent<'_>) -> Vec<u8> {
        let content = self.stream("", page.content.as_bytes());
        let named = |list: &[(String, ObjectNumber)]| {
            list.iter().fold(String::new(), |mut all, (name, object)| {
                let _ = write!(all, "/{name} {object}");
                all
            })
        };
        let states = page.opacities.iter().fold(String::new(), |mut all, opacity| {
            let share = num(f64::from(*opacity) / 255.0);
            let _ = write!(all, "/O{opacity}<</ca {share}/CA {share}>>");
            all
        });
        let (width, height) = (num(page.width), num(page.height));
        self.objects[0] = b"<</Type/Catalog/Pages 2 0 R>>".to_vec();
        self.objects[1] = b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec();
        self.objects[2] = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {content}/Resources<</Font<<{}>>\
             /XObject<<{}>>/ExtGState<<{states}/Ink<</BM/Multiply>>>>>>>>",
            named(page.fonts),
            named(page.images)
        )
        .into_bytes();
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::with_capacity(self.objects.len());
        for (object, number) in std::mem::take(&mut self.objects).into_iter().zip(1..) {
            places.push(out.len());
            out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            out.extend_from_slice(&object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
        for place in &places {
            let _ = writeln!(end, "{place:010} 00000 n ");
        }
        let _ = write!(
            end,
            "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
            places.len() + 1
        );
        out.extend_from_slice(end.as_bytes());
        out
    }
}

impl std::fmt::Display for ObjectNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} 0 R", self.0)
    }
}

/// A number as PDF writes it.
pub(super) fn num(value: f64) -> String {
    let value = if value.is_finite() { value.clamp(-1e7, 1e7) } else { 0.0 };
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text in UTF-16 as digits.
pub(super) fn hex16(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut all, unit| {
        let _ = write!(all, "{unit:04X}");
        all
    })
}
