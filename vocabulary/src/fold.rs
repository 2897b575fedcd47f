//! Folding of what people type, so that equal things compare equal: width, case, spaces, natural order.
//!
//! Folded text is for keys in the database. Full text has its own normalisation in the room `index`.

use unicode_normalization::UnicodeNormalization;

/// Full-width letters, digits and punctuation as their half-width forms (NFKC).
pub fn half_width(text: &str) -> String {
    text.nfkc().collect()
}

/// A code or number as a key: NFKC, upper case, no spaces, the many dashes as one, no U+0000.
pub fn code(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c))
        .map(|c| if is_dash(c) { '-' } else { c })
        .flat_map(char::to_uppercase)
        .collect()
}

/// A name as a key: NFKC, lower case, no spaces; brackets keep their place.
pub fn name(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A word of a list as a key: NFKC, lower case; spaces, dashes, underscores and brackets left out, so that `in_review`,
/// `In review` and `秘密级（企业）` are found however they are written.
pub fn word(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c) && !is_dash(*c))
        .filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '，' | ',' | '、'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// What may be stored as text: U+0000 and a byte-order mark never are (PostgreSQL refuses the first).
pub fn storable(text: &str) -> String {
    text.chars().filter(|c| *c != '\0' && *c != '\u{feff}').collect()
}

pub fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{fe63}' | '_'
    )
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A key whose byte order is the natural order: each run of digits is preceded by its length, so that
/// `A-2` comes before `A-10`. Leading zeros do not count.
pub fn natural_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 8);
    let mut digits = String::new();
    let flush = |digits: &mut String, key: &mut String| {
        if digits.is_empty() {
            return;
        }
        let significant = digits.trim_start_matches('0');
        let significant = if significant.is_empty() { "0" } else { significant };
        // Lengths above 26 letters' worth are cut: no shelf has a number of 26 digits.
        let length = u8::try_from(significant.len().min(26)).unwrap_or(26);
        key.push(char::from(b'0'));
        key.push(char::from(b'a' + length - 1));
        key.push_str(significant);
        digits.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut digits, &mut key);
            key.push(c);
        }
    }
    flush(&mut digits, &mut key);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fold() {
        let check = |input: &str, expected: &str| assert_eq!(code(input), expected);
        check("ｋ１－03 b", "K1-03B");
        check(" c—001 ", "C-001");
        check("三楼-a柜-02", "三楼-A柜-02");
    }

    #[test]
    fn natural_order() {
        let mut codes = ["A-10", "A-2", "A-1", "A-02-3", "B-1", "A-2-1"];
        codes.sort_by_key(|code| natural_key(code));
        assert_eq!(codes, ["A-1", "A-2", "A-2-1", "A-02-3", "A-10", "B-1"]);
    }
}
