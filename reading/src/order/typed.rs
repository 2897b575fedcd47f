//! Values typed into form fields, exact where what was read at their places agrees with them.

use crate::layout::{LayoutChar, LayoutLine, PixelArea, Turn};
use crate::page::FilledField;

/// Share of a line that must lie in a field to be its value.
const INSIDE: f32 = 0.6;
/// How much beyond its field a box may reach, in heights of the field.
const REACH: f32 = 0.3;
/// Share of the letters that must agree.
const AGREE: f32 = 0.6;
/// Letters of a value in several lines, and of those lines.
const LETTERS_MAX: usize = 2_000;

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
        let mut inside: Vec<&mut LayoutLine> = lines.iter_mut().filter(is_inside).collect();
        inside.sort_by(|a, b| a.area.middle_y().total_cmp(&b.area.middle_y()));
        let read: Vec<&str> = inside.iter().map(|line| line.text.as_str()).collect();
        let Some(parts) = parts_of(&field.value, &read) else {
            continue;
        };
        for (line, part) in inside.into_iter().zip(parts).filter(|(_, part)| !part.is_empty()) {
            put(line, &part);
        }
    }
}

/// The value of a field as it stands in the lines that were read there, one part for each; none where they do not agree.
fn parts_of(value: &str, read: &[&str]) -> Option<Vec<String>> {
    let typed: Vec<&str> = value.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if typed.len() == read.len() {
        let fits = typed.iter().zip(read).all(|(value, read)| agree(read, value));
        return fits.then(|| typed.into_iter().map(str::to_owned).collect());
    }
    wrapped(&typed.join(" "), read)
}

/// The parts of a value that was wrapped into lines: where the letters that both have pass from one line to the next.
fn wrapped(value: &str, read: &[&str]) -> Option<Vec<String>> {
    let letters: Vec<(usize, char)> = value.char_indices().filter(|(_, c)| c.is_alphanumeric()).collect();
    let own: Vec<char> = letters.iter().map(|(_, c)| small(*c)).collect();
    let lines = read.iter().enumerate();
    let all: Vec<(usize, char)> = lines
        .flat_map(|(line, text)| {
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .map(move |c| (line, small(c)))
        })
        .collect();
    let longer = own.len().max(all.len());
    if longer == 0 || longer > LETTERS_MAX {
        return None;
    }
    let there: Vec<char> = all.iter().map(|(_, c)| *c).collect();
    let same = alignment(&own, &there);
    if (same.len() as f32) < AGREE * longer as f32 {
        return None;
    }
    let mut parts = vec![String::new(); read.len()];
    let mut from = 0;
    for (line, part) in parts.iter_mut().enumerate() {
        let after = same.iter().find(|(_, at)| all[*at].0 > line);
        let to = match after {
            None => value.len(),
            Some((letter, _)) => {
                // Letters between the lines go with the word that they begin.
                let first = letters[*letter].0;
                value[from..first]
                    .rfind(char::is_whitespace)
                    .map_or(first, |space| from + space)
            }
        };
        *part = value[from..to].trim().to_owned();
        from = to;
    }
    Some(parts)
}

/// Pairs of places of letters that both have, in order, as many as there are.
fn alignment(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut longest = vec![0u16; (a.len() + 1) * width];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            longest[(i + 1) * width + j + 1] = match x == y {
                true => longest[i * width + j] + 1,
                false => longest[i * width + j + 1].max(longest[(i + 1) * width + j]),
            };
        }
    }
    let (mut i, mut j) = (a.len(), b.len());
    let mut pairs = Vec::new();
    while i > 0 && j > 0 {
        if a[i - 1] == b[j - 1] {
            pairs.push((i - 1, j - 1));
            (i, j) = (i - 1, j - 1);
        } else if longest[(i - 1) * width + j] >= longest[i * width + j - 1] {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    pairs.reverse();
    pairs
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
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
    let letters = |text: &str| -> Vec<char> { text.chars().filter(|c| c.is_alphanumeric()).map(small).collect() };
    let (read, value) = (letters(read), letters(value));
    let longer = read.len().max(value.len());
    (1..=LETTERS_MAX).contains(&longer) && alignment(&read, &value).len() as f32 >= AGREE * longer as f32
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

    #[test]
    fn a_value_in_several_lines_is_exact_line_by_line() {
        let check = |value: &str, read: &[&str], expected: Option<&[&str]>| {
            let parts = parts_of(value, read);
            assert_eq!(
                parts.as_deref(),
                expected
                    .map(|parts| parts.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>())
                    .as_deref()
            );
        };
        check(
            "首期三成\n余款分月付清",
            &["首期三成", "佘款分月付清"],
            Some(&["首期三成", "余款分月付清"]),
        );
        check(
            "The pump of the second hall is to be changed",
            &["The pump of the", "sec0nd hall is to be", "changed"],
            Some(&["The pump of the", "second hall is to be", "changed"]),
        );
        check(
            "本合同自双方签字之日起生效至明年年底",
            &["本合同自双方签宇", "之日起生效至明年年底"],
            Some(&["本合同自双方签字", "之日起生效至明年年底"]),
        );
        check("another value", &["see annex", "number four"], None);
    }
}
