//! How wide text is where every character takes one or two cells: on a terminal, in columns, and for breaking lines.
//! Widths are those of UAX #11; ambiguous ones are narrow.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cells that a text takes.
pub fn cells(text: &str) -> usize {
    text.width()
}

/// Whether a character takes two cells, as Han, kana, Hangul and full-width signs do.
pub fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// The text filled with spaces up to a width in cells.
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(cells(text))))
}

/// Digits in groups of three: `1,500,000`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_both_scripts() {
        let check = |text: &str, expected| assert_eq!(cells(text), expected, "{text}");
        check("库位A-1", 7);
        check("ＡＢ（）", 8);
        check("ｱｲ", 2);
        check("한글", 4);
        check("𠮷", 2);
        check("“a”…", 4);
        check("", 0);
        assert!(is_wide('，') && is_wide('〇') && !is_wide('a') && !is_wide('\n'));
        assert_eq!(padded("库位", 6), "库位  ");
        assert_eq!(padded("库位", 1), "库位");
    }

    #[test]
    fn numbers_in_groups() {
        let check = |number, expected: &str| assert_eq!(grouped(number), expected);
        check(0, "0");
        check(999, "999");
        check(1_500_000, "1,500,000");
        check(-1_000, "-1,000");
        check(i64::MIN, "-9,223,372,036,854,775,808");
    }
}
