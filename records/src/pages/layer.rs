//! The text layer of a page and its stored form.
//!
//! Stored form, version 2: the byte 2, then one zstd frame around little-endian base-128 numbers (LEB128):
//! count of lines; for each line x, y, w, h, confidence in thousandths, slope in ten-thousandths (zigzag), count of
//! characters, and for each character its code point, the distance of its left edge from that of the former (zigzag),
//! its width and its confidence in thousandths. A page of 600 characters takes about 2 KB. Version 1 had no slope;
//! it is read as level.

use super::Area;
use crate::{Error, Result};

/// The form that is written.
const VERSION: u8 = 2;

/// One character of a line. `y` and `h` follow from those of the line and its slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CharBox {
    /// Left edge in pixels of the upright page image.
    pub x: u32,
    pub w: u32,
    /// 0 to 1.
    pub confidence: f32,
}

/// One line in reading order; `chars` has one entry for each `char` of `text`.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    pub text: String,
    /// Holds the whole line, its ends included.
    pub area: Area,
    /// How far the line falls for each pixel to the right; 0 when it is level, as on most pages.
    pub slope: f32,
    /// 0 to 1.
    pub confidence: f32,
    pub chars: Vec<CharBox>,
}

/// Slopes below this move a line by less than a pixel over its length.
const SLOPE_MIN: f32 = 0.0005;

/// The text of one page, line by line in reading order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextLayer {
    pub lines: Vec<TextLine>,
}

impl TextLine {
    /// The area of the characters `from..until` (positions in `text` counted in `char`s).
    pub fn area_of(&self, from: usize, until: usize) -> Area {
        let until = until.min(self.chars.len());
        let Some(first) = self.chars.get(from).filter(|_| from < until) else {
            return self.area;
        };
        let left = self.chars[from..until].iter().map(|c| c.x).min().unwrap_or(first.x);
        let right = self.chars[from..until]
            .iter()
            .map(|c| c.x + c.w)
            .max()
            .unwrap_or(first.x + first.w);
        let (top, height) = self.strip(left, right);
        Area {
            x: left,
            y: top,
            w: right.saturating_sub(left),
            h: height,
        }
    }

    /// Top and height of the part of the line between two places: on a skewed scan the line climbs through its area.
    fn strip(&self, left: u32, right: u32) -> (u32, u32) {
        let steep = self.slope.abs();
        let across = self.area.w as f32;
        let letters = self.area.h as f32 - steep * across;
        // A slope that leaves nothing for the letters is none of this line.
        if steep < SLOPE_MIN || letters < 1.0 {
            return (self.area.y, self.area.h);
        }
        let from = (left as f32 - self.area.x as f32).clamp(0.0, across);
        let to = (right as f32 - self.area.x as f32).clamp(from, across);
        let lower = steep * if self.slope > 0.0 { from } else { across - to };
        let height = letters + steep * (to - from);
        (self.area.y + lower.round() as u32, height.round() as u32)
    }
}

impl TextLayer {
    /// The whole text, lines joined by `\n`. Positions of facts and highlights count the `char`s of this.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.lines.iter().map(|line| line.text.len() + 1).sum());
        for (at, line) in self.lines.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            text.push_str(&line.text);
        }
        text
    }

    /// The areas of the characters `from..until` of [`TextLayer::text`], one for each line that they touch.
    pub fn areas_of(&self, from: usize, until: usize) -> Vec<Area> {
        let mut areas = Vec::new();
        let mut start = 0;
        for line in &self.lines {
            let length = line.text.chars().count();
            let (low, high) = (from.max(start), until.min(start + length));
            if low < high {
                areas.push(line.area_of(low - start, high - start));
            }
            start += length + 1;
            if start >= until {
                break;
            }
        }
        areas
    }

    pub fn characters(&self) -> usize {
        self.lines.iter().map(|line| line.chars.len()).sum()
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut raw = Vec::with_capacity(self.characters() * 5 + 64);
        put(&mut raw, self.lines.len() as u64);
        for line in &self.lines {
            for value in [line.area.x, line.area.y, line.area.w, line.area.h] {
                put(&mut raw, u64::from(value));
            }
            put(&mut raw, thousandths(line.confidence));
            put(
                &mut raw,
                zigzag((line.slope.clamp(-1.0, 1.0) * 10_000.0).round() as i64),
            );
            let count = line.text.chars().count();
            put(&mut raw, count as u64);
            let mut left = i64::from(line.area.x);
            for (at, c) in line.text.chars().enumerate() {
                let place = line.chars.get(at).copied().unwrap_or(CharBox {
                    x: line.area.x,
                    w: 0,
                    confidence: line.confidence,
                });
                put(&mut raw, u64::from(u32::from(c)));
                let step = i64::from(place.x) - left;
                put(&mut raw, zigzag(step));
                put(&mut raw, u64::from(place.w));
                put(&mut raw, thousandths(place.confidence));
                left = i64::from(place.x);
            }
        }
        let mut stored = vec![VERSION];
        // Level 3 is zstd's own default; compressing into memory does not fail.
        stored.extend(zstd::bulk::compress(&raw, 3).unwrap_or_default());
        stored
    }

    /// # Errors
    /// [`Error::Inconsistent`] when the bytes are not a text layer of a known version.
    pub fn decode(stored: &[u8]) -> Result<Self> {
        /// A page holds at most 2 MB of text, which is far below this.
        const RAW_BYTES_MAX: usize = 64 << 20;
        let wrong = |detail: &str| Error::inconsistent("text_layers", "content", "", detail);
        let (version, frame) = stored.split_first().ok_or_else(|| wrong("it is empty"))?;
        if !(1..=VERSION).contains(version) {
            return Err(wrong("its version is unknown; start the newer program"));
        }
        let raw = zstd::bulk::decompress(frame, RAW_BYTES_MAX).map_err(|_| wrong("it does not decompress"))?;
        Self::take(&mut raw.as_slice(), *version).ok_or_else(|| wrong("it ends too early"))
    }

    fn take(raw: &mut &[u8], version: u8) -> Option<Self> {
        let mut lines = Vec::new();
        for _ in 0..get(raw)? {
            let mut four = [0_u32; 4];
            for value in &mut four {
                *value = u32::try_from(get(raw)?).ok()?;
            }
            let [x, y, w, h] = four;
            let confidence = get(raw)? as f32 / 1000.0;
            let slope = if version < 2 {
                0.0
            } else {
                unzigzag(get(raw)?) as f32 / 10_000.0
            };
            let mut text = String::new();
            let mut chars = Vec::new();
            let mut left = i64::from(x);
            for _ in 0..get(raw)? {
                text.push(char::from_u32(u32::try_from(get(raw)?).ok()?)?);
                left = left.checked_add(unzigzag(get(raw)?))?;
                chars.push(CharBox {
                    x: u32::try_from(left).ok()?,
                    w: u32::try_from(get(raw)?).ok()?,
                    confidence: get(raw)? as f32 / 1000.0,
                });
            }
            lines.push(TextLine {
                text,
                area: Area { x, y, w, h },
                slope,
                confidence,
                chars,
            });
        }
        raw.is_empty().then_some(Self { lines })
    }
}

fn thousandths(confidence: f32) -> u64 {
    (confidence.clamp(0.0, 1.0) * 1000.0).round() as u64
}

/// Small numbers of either sign as small numbers.
fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn put(raw: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        raw.push(value as u8 | 0x80);
        value >>= 7;
    }
    raw.push(value as u8);
}

fn get(raw: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = raw.split_first()?;
        *raw = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer() -> TextLayer {
        let line = |text: &str, y: u32| TextLine {
            text: text.to_owned(),
            area: Area {
                x: 100,
                y,
                w: 400,
                h: 50,
            },
            slope: 0.0,
            confidence: 0.987,
            chars: text
                .chars()
                .enumerate()
                .map(|(at, _)| CharBox {
                    x: 100 + 50 * at as u32,
                    w: 48,
                    confidence: 0.5,
                })
                .collect(),
        };
        TextLayer {
            lines: vec![line("甲方：深圳𠮷", 10), line("", 60), line("合同 HT-1", 110)],
        }
    }

    #[test]
    fn survives_the_round_trip() {
        let layer = layer();
        assert_eq!(TextLayer::decode(&layer.encode()).expect("decodes"), layer);
        assert_eq!(
            TextLayer::decode(&TextLayer::default().encode()).expect("decodes"),
            TextLayer::default()
        );
    }

    /// Layers that were stored before lines had a slope are read for ever.
    #[test]
    fn reads_version_1() {
        let mut raw = Vec::new();
        for value in [1, 100, 10, 400, 50, 987, 1, u64::from(u32::from('甲')), 0, 48, 500] {
            put(&mut raw, value);
        }
        let mut stored = vec![1];
        stored.extend(zstd::bulk::compress(&raw, 3).expect("compresses"));
        let read = TextLayer::decode(&stored).expect("decodes");
        assert_eq!((read.text().as_str(), read.lines[0].slope), ("甲", 0.0));
        stored[0] = 3;
        assert!(TextLayer::decode(&stored).is_err());
    }

    #[test]
    fn boxes_climb_with_a_skewed_line() {
        let mut layer = layer();
        let line = &mut layer.lines[0];
        // Letters of 30 pixels on a line that falls by 20 over its 400.
        line.slope = 0.05;
        let (first, last) = (line.area_of(0, 1), line.area_of(5, 6));
        assert_eq!((first.y, first.h), (10, 32));
        assert_eq!((last.y, last.h), (23, 32));
        line.slope = -0.05;
        let (first, last) = (line.area_of(0, 1), line.area_of(5, 6));
        assert_eq!((first.y, last.y), (28, 15));
        assert_eq!(TextLayer::decode(&layer.encode()).expect("decodes"), layer);
    }

    #[test]
    fn refuses_every_cut() {
        let stored = layer().encode();
        for end in 0..stored.len() {
            assert!(TextLayer::decode(&stored[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn areas_follow_the_lines() {
        let layer = layer();
        assert_eq!(layer.text(), "甲方：深圳𠮷\n\n合同 HT-1");
        let areas = layer.areas_of(4, 10);
        assert_eq!(
            areas,
            [
                Area {
                    x: 300,
                    y: 10,
                    w: 98,
                    h: 50
                },
                Area {
                    x: 100,
                    y: 110,
                    w: 98,
                    h: 50
                },
            ]
        );
    }
}
