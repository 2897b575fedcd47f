//! The fonts of a page in its PDF: those in the file by their glyphs, others by name with what the machine has.
//!
//! Each glyph has a code of its own for each text that it stands for, so that the text comes out as it was written.

use super::font_table::FontTable;
use super::pdf_file::{ObjectNumber, PdfFile, hex16, num};
use std::collections::HashMap;
use std::fmt::Write;

/// Glyphs of one font on one page.
const CODES_MAX: usize = 60_000;
/// First code for characters beyond U+FFFF in fonts of the machine: in the range that is for private use.
const PRIVATE: u16 = 0xE000;

/// A font of a page.
pub(super) enum PageFont {
    Embedded(EmbeddedFont),
    Borrowed(BorrowedFont),
}

/// A glyph to be shown: its digits in the content stream and its width in thousandths.
pub(super) struct ShownGlyph {
    pub digits: String,
    pub width: f64,
    pub face: GlyphFace,
}

/// Which of the fonts that stand for one of OFD shows a glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum GlyphFace {
    Embedded,
    Latin,
    Chinese,
}

/// A font whose file is in the package.
pub(super) struct EmbeddedFont {
    file: Vec<u8>,
    table: Option<FontTable>,
    codes: HashMap<(u16, String), u16>,
    /// Glyph and text of each code, from 1.
    listed: Vec<(u16, String)>,
    /// For what it lacks.
    borrowed: BorrowedFont,
}

/// A font of which only the name is known.
pub(super) struct BorrowedFont {
    latin: &'static str,
    beyond: Vec<char>,
    used: [bool; 2],
}

impl PageFont {
    pub fn embedded(file: Vec<u8>, name: &str, is_bold: bool) -> PageFont {
        PageFont::Embedded(EmbeddedFont {
            table: FontTable::read(&file),
            file,
            codes: HashMap::new(),
            listed: Vec::new(),
            borrowed: BorrowedFont::named(name, is_bold),
        })
    }

    pub fn borrowed(name: &str, is_bold: bool) -> PageFont {
        PageFont::Borrowed(BorrowedFont::named(name, is_bold))
    }

    /// How a text is shown, by its glyph where that is known. None for a glyph whose font is not there.
    pub fn show(&mut self, text: &str, glyph: Option<u16>) -> Option<ShownGlyph> {
        match self {
            PageFont::Embedded(font) => font.show(text, glyph),
            PageFont::Borrowed(font) => font.show(text),
        }
    }

    /// Writes what was used, each face under the name that `GlyphFace::name` makes.
    pub fn write(&self, font: usize, file: &mut PdfFile, named: &mut Vec<(String, ObjectNumber)>) {
        match self {
            PageFont::Embedded(embedded) => {
                if !embedded.listed.is_empty() {
                    named.push((GlyphFace::Embedded.name(font), embedded.write(file)));
                }
                embedded.borrowed.write(font, file, named);
            }
            PageFont::Borrowed(borrowed) => borrowed.write(font, file, named),
        }
    }
}

impl GlyphFace {
    pub fn name(self, font: usize) -> String {
        let letter = match self {
            GlyphFace::Embedded => 'E',
            GlyphFace::Latin => 'L',
            GlyphFace::Chinese => 'C',
        };
        format!("{letter}{font}")
    }
}

impl EmbeddedFont {
    fn show(&mut self, text: &str, glyph: Option<u16>) -> Option<ShownGlyph> {
        let single = || {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        let of_table = || self.table.as_ref()?.glyph(single()?);
        let Some(glyph) = glyph.or_else(of_table) else {
            return self.borrowed.show(text);
        };
        let key = (glyph, text.to_owned());
        let code = match self.codes.get(&key) {
            Some(code) => *code,
            None if self.listed.len() >= CODES_MAX => return None,
            None => {
                let code = self.listed.len() as u16 + 1;
                self.listed.push(key.clone());
                self.codes.insert(key, code);
                code
            }
        };
        Some(ShownGlyph {
            digits: format!("{code:04X}"),
            width: self.width(glyph),
            face: GlyphFace::Embedded,
        })
    }

    fn width(&self, glyph: u16) -> f64 {
        self.table
            .as_ref()
            .and_then(|table| table.width(glyph))
            .unwrap_or(1_000.0)
    }

    fn write(&self, file: &mut PdfFile) -> ObjectNumber {
        let mut places = vec![0u8, 0];
        let mut widths = String::new();
        let mut texts = Vec::new();
        for ((glyph, text), code) in self.listed.iter().zip(1u16..) {
            places.extend(glyph.to_be_bytes());
            let _ = write!(widths, "{} ", num(self.width(*glyph)));
            texts.push((code, text.clone()));
        }
        let program = file.stream(&format!("/Length1 {}", self.file.len()), &self.file);
        let places = file.stream("", &places);
        let texts = texts_of_codes(file, &texts);
        let described = file.object(&format!(
            "<</Type/FontDescriptor/FontName/Embedded/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880\
             /Descent -120/CapHeight 700/StemV 80/FontFile2 {program}>>"
        ));
        let inner = file.object(&format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/Embedded/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
             /Supplement 0>>/FontDescriptor {described}/CIDToGIDMap {places}/DW 1000/W[1[{widths}]]>>"
        ));
        file.object(&format!(
            "<</Type/Font/Subtype/Type0/BaseFont/Embedded/Encoding/Identity-H/DescendantFonts[{inner}]/ToUnicode {texts}>>"
        ))
    }
}

impl BorrowedFont {
    fn named(name: &str, is_bold: bool) -> BorrowedFont {
        let small = name.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| small.contains(word));
        let latin = match (
            has(&["courier", "consol", "mono"]),
            has(&["arial", "helvet", "hei", "黑", "sans"]),
            is_bold,
        ) {
            (true, _, false) => "Courier",
            (true, _, true) => "Courier-Bold",
            (_, true, false) => "Helvetica",
            (_, true, true) => "Helvetica-Bold",
            (_, _, false) => "Times-Roman",
            (_, _, true) => "Times-Bold",
        };
        BorrowedFont {
            latin,
            beyond: Vec::new(),
            used: [false; 2],
        }
    }

    fn show(&mut self, text: &str) -> Option<ShownGlyph> {
        let char = text.chars().next()?;
        if (' '..='~').contains(&char) {
            self.used[0] = true;
            let width = if self.latin.starts_with("Courier") {
                600.0
            } else {
                500.0
            };
            return Some(ShownGlyph {
                digits: format!("{:02X}", u32::from(char)),
                width,
                face: GlyphFace::Latin,
            });
        }
        self.used[1] = true;
        let code = match u16::try_from(u32::from(char)) {
            Ok(code) => code,
            Err(_) => {
                let known = self.beyond.iter().position(|beyond| *beyond == char);
                let at = known.unwrap_or_else(|| {
                    self.beyond.push(char);
                    self.beyond.len() - 1
                });
                PRIVATE.checked_add(u16::try_from(at).ok()?)?
            }
        };
        Some(ShownGlyph {
            digits: format!("{code:04X}"),
            width: 1_000.0,
            face: GlyphFace::Chinese,
        })
    }

    fn write(&self, font: usize, file: &mut PdfFile, named: &mut Vec<(String, ObjectNumber)>) {
        if self.used[0] {
            let widths = if self.latin.starts_with("Courier") { 600 } else { 500 };
            let widths = format!("{widths} ").repeat(95);
            let latin = file.object(&format!(
                "<</Type/Font/Subtype/Type1/BaseFont/{}/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 126/Widths[{widths}]>>",
                self.latin
            ));
            named.push((GlyphFace::Latin.name(font), latin));
        }
        if self.used[1] {
            let inner = file.object(
                "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)\
                 /Supplement 4>>/DW 1000>>",
            );
            let texts: Vec<(u16, String)> = (PRIVATE..).zip(self.beyond.iter().map(char::to_string)).collect();
            let texts = match texts.is_empty() {
                true => String::new(),
                false => format!("/ToUnicode {}", texts_of_codes(file, &texts)),
            };
            let chinese = file.object(&format!(
                "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[{inner}]{texts}>>"
            ));
            named.push((GlyphFace::Chinese.name(font), chinese));
        }
    }
}

/// The table that says which text each code is.
fn texts_of_codes(file: &mut PdfFile, texts: &[(u16, String)]) -> ObjectNumber {
    let mut map = String::from(
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Texts def/CMapType 2 def\n\
         1 begincodespacerange<0000><FFFF>endcodespacerange\n",
    );
    for part in texts.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", part.len());
        for (code, text) in part {
            let _ = writeln!(map, "<{code:04X}><{}>", hex16(text));
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap end end\n");
    file.stream("", map.as_bytes())
}
