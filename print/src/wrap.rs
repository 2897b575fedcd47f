//! Lines broken to a width: Han anywhere but before closing punctuation, Latin between words, long codes where needed.

use crate::fonts::Typeface;
use vocabulary::width::is_wide;

/// The lines of a text in a width (points). A piece wider than the width is broken inside; nothing is left out.
pub(crate) fn wrap(typeface: &Typeface, text: &str, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line: Vec<&str> = Vec::new();
        let mut used = 0.0;
        for piece in pieces(paragraph) {
            let wide = typeface.width(piece, size);
            if used + typeface.width(piece.trim_end(), size) <= width {
                line.push(piece);
                used += wide;
                continue;
            }
            if wide > width {
                used = break_inside(typeface, piece, size, width, &mut line, used, &mut lines);
                continue;
            }
            // Closing punctuation takes the character before it along.
            let carried = match line.pop() {
                Some(before) if begins_badly(piece) && !line.is_empty() => vec![before, piece],
                Some(before) => {
                    line.push(before);
                    vec![piece]
                }
                None => vec![piece],
            };
            flush(&mut line, &mut lines);
            used = carried.iter().map(|p| typeface.width(p, size)).sum();
            line = carried;
        }
        flush(&mut line, &mut lines);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// The text in at most `most` lines; what is beyond them is replaced by an ellipsis.
pub(crate) fn wrap_at_most(typeface: &Typeface, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
    let mut lines = wrap(typeface, text, size, width);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while typeface.width(last, size) + typeface.width("…", size) > width && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}

fn flush(line: &mut Vec<&str>, lines: &mut Vec<String>) {
    lines.push(line.concat().trim_end().to_owned());
    line.clear();
}

/// Fills the line with as much of the piece as goes in, and so on; gives the width used in the last, open line.
fn break_inside<'a>(
    typeface: &Typeface,
    piece: &'a str,
    size: f32,
    width: f32,
    line: &mut Vec<&'a str>,
    mut used: f32,
    lines: &mut Vec<String>,
) -> f32 {
    let mut from = 0;
    for (at, c) in piece.char_indices() {
        let wide = typeface.width(c.encode_utf8(&mut [0; 4]), size);
        if used + wide > width && (at > from || !line.is_empty()) {
            line.push(&piece[from..at]);
            flush(line, lines);
            from = at;
            used = 0.0;
        }
        used += wide;
    }
    line.push(&piece[from..]);
    used
}

/// Pieces that stay together: a Han character, or a run of others up to a space, dash or slash.
fn pieces(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let may_break = before.is_some_and(|b| {
            (is_wide(b) || is_wide(c) || b == ' ' || matches!(b, '-' | '/' | '_' | ',' | ';')) && c != ' '
        });
        if may_break {
            found.push(&text[from..at]);
            from = at;
        }
        before = Some(c);
    }
    if from < text.len() {
        found.push(&text[from..]);
    }
    found
}

fn begins_badly(piece: &str) -> bool {
    piece
        .chars()
        .next()
        .is_some_and(|c| "，。、；：？！）》」』】〉”’…％%)]},.;:?!".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::tests::system_fonts;

    #[test]
    fn lines_fit_and_nothing_is_lost() {
        let Some(fonts) = system_fonts() else { return };
        let text = "中国农业银行股份有限公司（贵阳）合同，编号 HT-2024-000017/补充协议。\nThe quick brown fox ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 end";
        let typeface = fonts.covering(&format!("{text}…")).expect("covers");
        for width in [30.0, 55.0, 90.0, 300.0, 2000.0] {
            let lines = wrap(&typeface, text, 10.0, width);
            for line in &lines {
                assert!(typeface.width(line, 10.0) <= width + 0.1, "{width}: {line}");
            }
            let squeezed = |text: &str| text.replace([' ', '\n'], "");
            assert_eq!(squeezed(&lines.concat()), squeezed(text), "{width}");
        }
        assert_eq!(wrap(&typeface, "", 10.0, 50.0), Vec::<String>::new());
        let two = wrap_at_most(&typeface, text, 10.0, 55.0, 2);
        assert!(two.len() == 2 && two[1].ends_with('…'));
    }

    #[test]
    fn closing_punctuation_does_not_begin_a_line() {
        let Some(fonts) = system_fonts() else { return };
        let typeface = fonts.covering("甲乙丙丁，戊己").expect("covers");
        assert_eq!(wrap(&typeface, "甲乙丙丁，戊己", 10.0, 41.0), ["甲乙丙", "丁，戊己"]);
    }
}
