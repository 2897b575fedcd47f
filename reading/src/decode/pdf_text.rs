//! The text layer of a PDF page: characters with boxes, joined to lines.

use super::frame::Frame;
use crate::layout::{LayoutChar, LayoutLine, LineKind, PixelArea};
use crate::limits::ScanLimits;
use crate::order::{self, RulingLines};
use pdfium_render::prelude::{PdfPage, PdfPageTextRenderMode};

/// Pages with more characters than this are checked for invisible text by sample.
const VISIBILITY_SAMPLES: usize = 64;

/// One character as pdfium gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawChar {
    pub value: char,
    /// Left, bottom, right, top in points; none for what pdfium made up (spaces, line ends).
    pub rect: Option<[f32; 4]>,
    pub invisible: bool,
}

/// All characters of the layer, in the order of the content stream, up to the limit.
pub(super) fn characters(page: &PdfPage<'_>, limits: &ScanLimits) -> Vec<RawChar> {
    let Ok(text) = page.text() else { return Vec::new() };
    let chars = text.chars();
    let count = chars.len();
    let step = (count / VISIBILITY_SAMPLES).max(1);
    let mut out = Vec::with_capacity(count.min(1 << 16));
    let mut bytes = 0;
    let mut invisible = false;
    for (i, char) in chars.iter().enumerate() {
        let Some(value) = char.unicode_char() else { continue };
        // U+0002, U+FFFE and U+FFFF stand for a hyphen at the end of a line.
        let value = if matches!(value, '\u{2}' | '\u{FFFE}' | '\u{FFFF}') {
            '-'
        } else {
            value
        };
        if i % step == 0 {
            invisible = matches!(char.render_mode(), Ok(PdfPageTextRenderMode::Invisible));
        }
        bytes += value.len_utf8();
        if bytes > limits.page_text_bytes_max {
            break;
        }
        let rect = char
            .loose_bounds()
            .ok()
            .map(|r| [r.left().value, r.bottom().value, r.right().value, r.top().value]);
        let rect = rect.filter(|r| r.iter().all(|v| v.is_finite()) && r[2] > r[0] && r[3] > r[1]);
        out.push(RawChar { value, rect, invisible });
    }
    out
}

/// The characters as lines in reading order.
pub(super) fn lines(raw: &[RawChar], frame: &Frame) -> Vec<LayoutLine> {
    let mut lines = Vec::new();
    let mut line = Building::default();
    for char in raw {
        match (char.value, char.rect) {
            ('\n' | '\r', _) => line.finish(&mut lines),
            (value, None) => line.space(value),
            (value, Some(rect)) => line.add(value, frame.area(rect), &mut lines),
        }
    }
    line.finish(&mut lines);
    order::reading_order(lines, RulingLines::default())
}

/// A line that grows.
#[derive(Default)]
struct Building {
    text: String,
    chars: Vec<LayoutChar>,
    area: Option<PixelArea>,
    last: PixelArea,
    /// White space that becomes part of the line only if something follows.
    pending: Vec<char>,
}

impl Building {
    fn space(&mut self, value: char) {
        if self.area.is_some() && (value.is_whitespace() || !value.is_control()) {
            self.pending.push(if value.is_whitespace() { ' ' } else { value });
        }
    }

    fn add(&mut self, value: char, area: PixelArea, lines: &mut Vec<LayoutLine>) {
        if value.is_whitespace() {
            return self.space(value);
        }
        if value.is_control() {
            return;
        }
        if self.area.is_some() && !self.continues(&area) {
            self.finish(lines);
        }
        let from = self.last.right();
        let wide = (area.x - from).max(0.0) / self.pending.len().max(1) as f32;
        for (i, space) in std::mem::take(&mut self.pending).into_iter().enumerate() {
            self.text.push(space);
            let x = from + wide * i as f32;
            self.chars.push(LayoutChar {
                x,
                w: wide,
                confidence: 1.0,
            });
        }
        self.text.push(value);
        self.chars.push(LayoutChar {
            x: area.x,
            w: area.w,
            confidence: 1.0,
        });
        self.area = Some(self.area.map_or(area, |a| a.joined(&area)));
        self.last = area;
    }

    /// Whether a character at this place belongs to the line: beside the last one, not below it
    /// and not a column away.
    fn continues(&self, area: &PixelArea) -> bool {
        let height = self.last.h.max(area.h);
        let level = (self.last.middle_y() - area.middle_y()).abs() < height * 0.5;
        let gap = area.x - self.last.right();
        level && gap < height * 1.5 && gap > -height * 0.8
    }

    fn finish(&mut self, lines: &mut Vec<LayoutLine>) {
        let done = std::mem::take(self);
        let Some(area) = done.area else { return };
        lines.push(LayoutLine {
            text: done.text,
            confidence: 1.0,
            area,
            slope: 0.0,
            chars: done.chars,
            kind: LineKind::Text,
            alternatives: Vec::new(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Turn;

    fn raw(value: char, x: f32, y: f32) -> RawChar {
        RawChar {
            value,
            rect: Some([x, y, x + 10.0, y + 10.0]),
            invisible: false,
        }
    }

    #[test]
    fn characters_become_lines_with_a_box_each() {
        let frame = Frame {
            bounds: [0.0, 0.0, 200.0, 100.0],
            rotation: Turn::None,
            width: 400,
            height: 200,
        };
        let made_up = RawChar {
            value: ' ',
            rect: None,
            invisible: false,
        };
        let page = [
            raw('合', 10.0, 80.0),
            raw('同', 20.0, 80.0),
            made_up,
            raw('A', 34.0, 80.0),
            raw('甲', 120.0, 80.0),
            raw('下', 10.0, 50.0),
        ];
        let lines = lines(&page, &frame);
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["合同 A", "甲", "下"]);
        assert!(lines.iter().all(|l| l.chars.len() == l.text.chars().count()));
        assert_eq!(lines[0].chars[1].x, 40.0);
        assert_eq!(lines[0].area.y, 20.0);
    }
}
