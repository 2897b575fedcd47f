//! Values typed into form fields, exact where what was read at their places agrees with them.

use crate::layout::{LayoutChar, LayoutLine, PixelArea, Turn};
use crate::page::FilledField;

/// Share of a line that must lie in a field to be its value.
const INSIDE: f32 = 0.6;
/// How much beyond its field a box may reach, in heights of the field.
const REACH: f32 = 0.3;
/// Share of the letters that must agree.
const AGREE: f32 = 0.6;

/// Puts the value of a field in place of the line that was read there, on the page of this size turned so, where the two
/// agree: the letters are then those that were typed.
pub fn typed(lines: &mut [LayoutLine], fields: &[FilledField], size: (u32, u32), turn: Turn) {
    for field in fields {
        let area = field.area.turned(size, turn);
        let reach = area.h * REACH;
        let place = PixelArea {
            x: area.x - reach,
            y: area.y - reach,
            w: area.w + 2.0 * reach,
            h: area.h + 2.0 * reach,
        };
        let is_inside = |line: &&mut LayoutLine| place.shared(&line.area) > INSIDE * line.area.w * line.area.h;
        let mut inside = lines.iter_mut().filter(is_inside);
        // A value in several lines is left as it was read.
        if let (Some(line), None) = (inside.next(), inside.next())
            && agree(&line.text, &field.value)
        {
            put(line, &field.value);
        }
    }
}

fn put(line: &mut LayoutLine, value: &str) {
    let count = value.chars().count();
    // The width of a letter by its kind; the whole fills the line that was read.
    let breadth = |c: char| if c.is_ascii() { 1.0 } else { 2.0 };
    let whole: f32 = value.chars().map(breadth).sum();
    let mut x = line.area.x;
    let mut chars = Vec::with_capacity(count);
    for c in value.chars() {
        let w = line.area.w * breadth(c) / whole;
        chars.push(LayoutChar { x, w, confidence: 1.0 });
        x += w;
    }
    line.text = value.to_owned();
    line.chars = chars;
    line.confidence = 1.0;
    line.alternatives.clear();
}

/// Whether most letters of the two are the same, in their order.
fn agree(read: &str, value: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        let plain = text.chars().filter(|c| c.is_alphanumeric());
        plain.flat_map(char::to_lowercase).collect()
    };
    let (read, value) = (letters(read), letters(value));
    let longer = read.len().max(value.len());
    longer > 0 && common(&read, &value) as f32 >= AGREE * longer as f32
}

/// The length of the longest run of letters that both have, others between them left out.
fn common(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0usize; b.len() + 1];
    for x in a {
        let mut before = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x: f32, y: f32) -> LayoutLine {
        LayoutLine {
            text: text.to_owned(),
            confidence: 0.9,
            area: PixelArea {
                x,
                y,
                w: 200.0,
                h: 20.0,
            },
            ..LayoutLine::default()
        }
    }

    fn field(value: &str, x: f32, y: f32) -> FilledField {
        FilledField {
            area: PixelArea {
                x,
                y,
                w: 300.0,
                h: 24.0,
            },
            value: value.to_owned(),
        }
    }

    #[test]
    fn what_agrees_is_exact_and_what_does_not_stays_as_it_was_read() {
        let mut lines = vec![
            line("Lucia Garzas", 102.0, 52.0),
            line("see annex", 102.0, 152.0),
            line("one", 102.0, 252.0),
        ];
        let fields = [
            field("Lucía Garzás", 100.0, 50.0),
            field("another value", 100.0, 150.0),
            field("not drawn", 100.0, 350.0),
        ];
        typed(&mut lines, &fields, (1_000, 1_000), Turn::None);
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["Lucía Garzás", "see annex", "one"]);
        assert_eq!(lines[0].chars.len(), 12);
        assert!((lines[0].chars[11].x + lines[0].chars[11].w - 302.0).abs() < 0.1);
    }
}
