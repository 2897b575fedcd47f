//! Text of fonts whose names are Chinese in the bytes of GBK and that are not in the file: their strings are GBK too, but
//! come as one letter of Latin-1 for each byte.

use super::pdf_text::RawChar;

/// Bytes in a row from which they may be characters of GBK. No word of a European language has so many marked letters in
/// a row.
const BYTES_MIN: usize = 6;

/// Puts the characters in place of their bytes, run by run.
pub(super) fn decode(raw: &mut Vec<RawChar>) {
    let is_byte = |c: &RawChar| byte_of(c.value).is_some_and(|b| b >= 0x80);
    if !raw.iter().any(is_byte) {
        return;
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(char) = raw.get(at) {
        let run = raw[at..].iter().take_while(|c| is_byte(c)).count();
        match characters(&raw[at..at + run]).filter(|_| run >= BYTES_MIN) {
            Some(characters) => out.extend(characters),
            None if run > 0 => out.extend_from_slice(&raw[at..at + run]),
            None => out.push(*char),
        }
        at += run.max(1);
    }
    *raw = out;
}

/// The characters that pairs of bytes stand for, where all of them are in common use.
fn characters(run: &[RawChar]) -> Option<Vec<RawChar>> {
    let (pairs, rest) = run.as_chunks::<2>();
    let character = |[first, second]: &[RawChar; 2]| {
        let pair = [byte_of(first.value)?, byte_of(second.value)?];
        // Signs, and the first level of GB 2312.
        if !matches!(pair[0], 0xA1..=0xA3 | 0xB0..=0xD7) {
            return None;
        }
        let (text, had_errors) = encoding_rs::GBK.decode_without_bom_handling(&pair);
        let value = text.chars().next().filter(|_| !had_errors)?;
        let rect = match (first.rect, second.rect) {
            (Some(a), Some(b)) => Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]),
            (a, b) => a.or(b),
        };
        Some(RawChar { value, rect, ..*first })
    };
    pairs
        .iter()
        .map(character)
        .collect::<Option<Vec<_>>>()
        .filter(|_| rest.is_empty())
}

/// The byte of Windows' Western encoding that the character came from.
fn byte_of(value: char) -> Option<u8> {
    if u32::from(value) <= 0xFF {
        return Some(u32::from(value) as u8);
    }
    let mut one = [0; 4];
    let (bytes, _, had_errors) = encoding_rs::WINDOWS_1252.encode(value.encode_utf8(&mut one));
    bytes.first().copied().filter(|_| !had_errors && bytes.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<Option<[f32; 4]>>) {
        let char = |(i, value): (usize, char)| RawChar {
            value,
            rect: Some([i as f32, 0.0, i as f32 + 1.0, 1.0]),
            angle: 0,
            invisible: false,
            hidden: false,
        };
        let mut raw: Vec<RawChar> = text.chars().enumerate().map(char).collect();
        decode(&mut raw);
        (
            raw.iter().map(|c| c.value).collect(),
            raw.iter().map(|c| c.rect).collect(),
        )
    }

    #[test]
    fn bytes_of_gbk_become_characters_with_the_box_of_both() {
        let (bytes, ..) = encoding_rs::GBK.encode("合同编号 A-1");
        let latin: String = bytes.iter().map(|b| char::from(*b)).collect();
        let (text, rects) = read(&format!("正文 {latin}"));
        assert_eq!(text, "正文 合同编号 A-1");
        assert_eq!(rects[4], Some([5.0, 0.0, 7.0, 1.0]));
    }

    #[test]
    fn western_words_stay() {
        for text in ["Genève, régi par le droit français", "ÆØÅ æøå ÄÖÜ", "A-1"] {
            assert_eq!(read(text).0, text);
        }
    }
}
