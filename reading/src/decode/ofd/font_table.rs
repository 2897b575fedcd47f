//! What is needed of a font in a file (TrueType, OpenType): which glyph a character has and how wide it is.
//!
//! Nothing a font states is believed: every place is looked up within its bytes.

/// Parts of a table of characters that are looked through.
const RANGES_MAX: usize = 70_000;

/// A font, parsed as far as it is needed.
pub(super) struct FontTable {
    /// First character, last one, and how their glyphs are found.
    ranges: Vec<GlyphRange>,
    units_per_em: f64,
    widths: Vec<u16>,
}

struct GlyphRange {
    first: u32,
    last: u32,
    glyphs: Glyphs,
}

enum Glyphs {
    /// The character and this number, in 16 bits.
    Shifted(u16),
    Listed(Vec<u16>),
}

impl FontTable {
    /// None where the bytes are none of these fonts or have no table of characters that is understood.
    pub fn read(bytes: &[u8]) -> Option<FontTable> {
        let base = if bytes.starts_with(b"ttcf") {
            be32(bytes, 12)? as usize
        } else {
            0
        };
        let count = usize::from(be16(bytes, base + 4)?);
        let table = |tag: &[u8; 4]| {
            let entry = (0..count).map(|i| base + 12 + 16 * i);
            let at = entry.into_iter().find(|at| bytes.get(*at..at + 4) == Some(tag))?;
            let (from, length) = (be32(bytes, at + 8)? as usize, be32(bytes, at + 12)? as usize);
            bytes.get(from..from.checked_add(length)?.min(bytes.len()))
        };
        let units = table(b"head")
            .and_then(|head| be16(head, 18))
            .filter(|units| *units > 0);
        let ranges = table(b"cmap").and_then(characters).unwrap_or_default();
        let wide = table(b"hhea").and_then(|hhea| be16(hhea, 34)).unwrap_or(0);
        let widths = table(b"hmtx").unwrap_or_default();
        let widths = (0..usize::from(wide)).map_while(|i| be16(widths, i * 4)).collect();
        Some(FontTable {
            ranges,
            units_per_em: f64::from(units.unwrap_or(1_000)),
            widths,
        })
    }

    /// The glyph of a character, if there is one.
    pub fn glyph(&self, char: char) -> Option<u16> {
        let code = u32::from(char);
        // Fonts of symbols have theirs in a range of their own.
        self.of_code(code)
            .or_else(|| self.of_code(0xF000 + code).filter(|_| code < 0x100))
    }

    fn of_code(&self, code: u32) -> Option<u16> {
        let in_range = |range: &&GlyphRange| (range.first..=range.last).contains(&code);
        let range = self.ranges.iter().find(in_range)?;
        let glyph = match &range.glyphs {
            Glyphs::Shifted(by) => (code as u16).wrapping_add(*by),
            Glyphs::Listed(list) => *list.get((code - range.first) as usize)?,
        };
        (glyph != 0).then_some(glyph)
    }

    /// The width of a glyph in thousandths of its size.
    pub fn width(&self, glyph: u16) -> Option<f64> {
        let width = self.widths.get(usize::from(glyph)).or_else(|| self.widths.last())?;
        Some(f64::from(*width) * 1_000.0 / self.units_per_em)
    }
}

/// The best table of characters: the whole of Unicode before its first plane before symbols.
fn characters(cmap: &[u8]) -> Option<Vec<GlyphRange>> {
    let count = usize::from(be16(cmap, 2)?);
    let rank = |platform: u16, encoding: u16| match (platform, encoding) {
        (3, 10) | (0, 4 | 6) => 0,
        (3, 1) | (0, 0..=3) => 1,
        (3, 0) => 2,
        (1, 0) => 3,
        _ => 9,
    };
    let mut found: Vec<(u8, usize)> = (0..count.min(64))
        .filter_map(|i| {
            let at = 4 + 8 * i;
            let rank = rank(be16(cmap, at)?, be16(cmap, at + 2)?);
            Some((rank, be32(cmap, at + 4)? as usize))
        })
        .filter(|(rank, _)| *rank < 9)
        .collect();
    found.sort_unstable();
    found
        .into_iter()
        .find_map(|(_, at)| ranges(cmap.get(at..)?).filter(|ranges| !ranges.is_empty()))
}

fn ranges(table: &[u8]) -> Option<Vec<GlyphRange>> {
    match be16(table, 0)? {
        0 => {
            let list = table.get(6..262)?.iter().map(|glyph| u16::from(*glyph)).collect();
            Some(vec![GlyphRange {
                first: 0,
                last: 255,
                glyphs: Glyphs::Listed(list),
            }])
        }
        4 => segments(table),
        6 => {
            let (first, count) = (u32::from(be16(table, 6)?), usize::from(be16(table, 8)?));
            let list: Vec<u16> = (0..count).map_while(|i| be16(table, 10 + 2 * i)).collect();
            Some(vec![GlyphRange {
                first,
                last: first + (list.len() as u32).saturating_sub(1),
                glyphs: Glyphs::Listed(list),
            }])
        }
        12 => {
            let count = (be32(table, 12)? as usize).min(RANGES_MAX);
            let group = |i: usize| {
                let at = 16 + 12 * i;
                let (first, last, glyph) = (be32(table, at)?, be32(table, at + 4)?, be32(table, at + 8)?);
                Some(GlyphRange {
                    first,
                    last,
                    glyphs: Glyphs::Shifted((glyph as u16).wrapping_sub(first as u16)),
                })
            };
            Some((0..count).map_while(group).collect())
        }
        _ => None,
    }
}

fn segments(table: &[u8]) -> Option<Vec<GlyphRange>> {
    let count = usize::from(be16(table, 6)? / 2);
    let mut listed = 0;
    let mut found = Vec::with_capacity(count);
    for i in 0..count {
        let last = be16(table, 14 + 2 * i)?;
        let first = be16(table, 16 + 2 * (count + i))?;
        let by = be16(table, 16 + 2 * (2 * count + i))?;
        let place = 16 + 2 * (3 * count + i);
        let offset = usize::from(be16(table, place)?);
        if first > last || offset == 0xFFFF {
            continue;
        }
        let glyphs = if offset == 0 {
            Glyphs::Shifted(by)
        } else {
            let glyph = |code: u16| {
                let glyph = be16(table, place + offset + 2 * usize::from(code - first)).unwrap_or(0);
                if glyph == 0 { 0 } else { glyph.wrapping_add(by) }
            };
            listed += usize::from(last - first) + 1;
            if listed > RANGES_MAX {
                break;
            }
            Glyphs::Listed((first..=last).map(glyph).collect())
        };
        found.push(GlyphRange {
            first: u32::from(first),
            last: u32::from(last),
            glyphs,
        });
    }
    Some(found)
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes([two[0], two[1]]))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font of one table of characters and nothing else.
    fn font(table: &[u16]) -> Vec<u8> {
        let cmap: Vec<u16> = [0, 1, 3, 1, 0, 12].iter().chain(table).copied().collect();
        let length = (cmap.len() * 2) as u16;
        let head = [0, 1, 0, 0, 0, 1, 0, 0];
        let mut bytes: Vec<u8> = head.to_vec();
        bytes.extend([0; 4]);
        bytes.extend(b"cmap\0\0\0\0\0\0\0\x1C");
        bytes.extend([0, 0, (length >> 8) as u8, length as u8]);
        bytes.extend(cmap.iter().flat_map(|v| v.to_be_bytes()));
        bytes
    }

    #[test]
    fn characters_have_the_glyphs_of_their_segment() {
        let table = [
            4,
            40,
            0,
            4,
            0,
            0,
            0,
            0x42,
            0xFFFF,
            0,
            0x41,
            0xFFFF,
            0u16.wrapping_sub(0x40),
            1,
            0,
            0,
        ];
        let font = FontTable::read(&font(&table)).expect("a font");
        assert_eq!(
            (font.glyph('A'), font.glyph('B'), font.glyph('C')),
            (Some(1), Some(2), None)
        );
    }

    #[test]
    fn bytes_that_are_no_font_are_none() {
        assert!(FontTable::read(b"\x01\0\x04\x02").is_none());
        let broken = font(&[4, 40, 0, 0xFFFE]);
        assert!(FontTable::read(&broken).is_some_and(|font| font.glyph('A').is_none()));
    }
}
