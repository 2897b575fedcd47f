//! Numbers as a spreadsheet shows them (ECMA-376 part 1, 18.8.31): `12` in the format `000000` is the code 000012.
//!
//! Of what is only for the eye nothing is kept: signs between thousands, colours, room for a bracket. A format with
//! fractions, conditions or digits of another script is not understood, and the cell is said instead of guessed.

/// From here on a spreadsheet has lost digits: it keeps fifteen.
const DIGITS_LOST_FROM: f64 = 1e15;

/// The number as the cell shows it; nothing when the format is not understood.
pub(super) fn shown(number: f64, format: Option<&str>) -> Option<String> {
    if number.abs() >= DIGITS_LOST_FROM {
        return Some(rounded(number));
    }
    let sections = sections(format.unwrap_or_default())?;
    let at = match (sections.len(), number) {
        (2.., below) if below < 0.0 => 1,
        (3.., 0.0) => 2,
        _ => 0,
    };
    let is_own_section = at == 1;
    let section = sections.get(at)?;
    match section.as_slice() {
        [] if sections.len() == 1 => Some(general(number)),
        [] => None,
        tokens => written(number, tokens, number < 0.0 && !is_own_section),
    }
}

/// A number in no format of its own, in the fifteen digits that a spreadsheet keeps.
pub(super) fn general(number: f64) -> String {
    if number.abs() >= DIGITS_LOST_FROM {
        return rounded(number);
    }
    if number.fract() == 0.0 {
        return format!("{number:.0}");
    }
    let fifteen: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    fifteen.to_string()
}

/// As a spreadsheet shows what it has rounded, by which [`is_rounded`] knows it again: `6.22202E+18`.
fn rounded(number: f64) -> String {
    format!("{number:.5E}").replacen('E', "E+", 1)
}

/// Whether a text is a number of which a spreadsheet has lost the last digits.
pub(super) fn is_rounded(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').filter(|exponent| is_number(exponent));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    whole.len() == 1
        && is_number(whole)
        && is_number(part)
        && exponent.is_some_and(|exponent| exponent.parse::<u32>().is_ok_and(|exponent| exponent >= 11))
}

#[derive(Debug, Clone, PartialEq)]
enum FormatToken {
    /// `0`, `#` or `?`
    Digit(char),
    Point,
    Percent,
    /// A comma: between thousands, or behind the last digit to leave thousands out.
    Thousands,
    /// The number as it is.
    General,
    Text(String),
}

/// The sections of a format; nothing when a sign of it is not understood. An empty one means the general format.
fn sections(format: &str) -> Option<Vec<Vec<FormatToken>>> {
    let mut sections = vec![Vec::new()];
    let mut rest = format;
    while let Some(sign) = rest.chars().next() {
        let (token, length) = match sign {
            ';' => {
                sections.push(Vec::new());
                rest = &rest[1..];
                continue;
            }
            '"' => {
                let inside = rest[1..].split('"').next()?;
                (
                    Some(FormatToken::Text(inside.to_owned())),
                    (inside.len() + 2).min(rest.len()),
                )
            }
            '\\' | '!' => {
                let next = rest.chars().nth(1)?;
                (Some(FormatToken::Text(next.to_string())), 1 + next.len_utf8())
            }
            // Room as wide as the next sign, or that sign as often as there is room.
            '_' | '*' => (None, 1 + rest.chars().nth(1).map_or(0, char::len_utf8)),
            '[' => {
                let inside = rest[1..].split(']').next()?;
                (bracket(inside)?, (inside.len() + 2).min(rest.len()))
            }
            '0' | '#' | '?' => (Some(FormatToken::Digit(sign)), 1),
            '.' => (Some(FormatToken::Point), 1),
            ',' => (Some(FormatToken::Thousands), 1),
            '%' => (Some(FormatToken::Percent), 1),
            '@' => (Some(FormatToken::General), 1),
            'E' | 'e' => return Some(vec![vec![FormatToken::General]]),
            '/' => return None,
            letter if letter.is_ascii_alphabetic() => {
                let general = ["General", "G/通用格式"];
                let begins = |word: &&&str| rest.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word));
                (Some(FormatToken::General), general.iter().find(begins)?.len())
            }
            other => (Some(FormatToken::Text(other.to_string())), other.len_utf8()),
        };
        sections.last_mut()?.extend(token);
        rest = &rest[length..];
    }
    Some(sections)
}

/// What stands in brackets: a colour, a language, a currency. A condition or the digits of another script change what is
/// shown.
fn bracket(inside: &str) -> Option<Option<FormatToken>> {
    const COLOURS: [&str; 8] = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];
    let lower = inside.to_ascii_lowercase();
    if let Some(currency) = inside.strip_prefix('$') {
        let sign = currency.split('-').next().unwrap_or_default();
        return Some((!sign.is_empty()).then(|| FormatToken::Text(sign.to_owned())));
    }
    let is_colour = COLOURS.contains(&lower.as_str()) || lower.starts_with("color");
    (is_colour || inside.chars().all(|sign| !sign.is_ascii())).then_some(None)
}

fn written(number: f64, tokens: &[FormatToken], minus: bool) -> Option<String> {
    if let Some(at) = tokens.iter().position(|token| *token == FormatToken::General) {
        let own = general(if minus { number } else { number.abs() });
        let with = |tokens: &[FormatToken]| tokens.iter().map(FormatToken::text).collect::<String>();
        return Some(
            format!("{}{own}{}", with(&tokens[..at]), with(&tokens[at + 1..]))
                .trim()
                .to_owned(),
        );
    }
    let point = tokens
        .iter()
        .position(|token| *token == FormatToken::Point)
        .unwrap_or(tokens.len());
    let (whole, part) = tokens.split_at(point);
    let is_digit = |token: &FormatToken| matches!(token, FormatToken::Digit(_));
    if !tokens.iter().any(is_digit) {
        return None;
    }
    let last_digit = tokens.iter().rposition(is_digit).unwrap_or(0);
    let left_out = tokens[last_digit..]
        .iter()
        .filter(|token| **token == FormatToken::Thousands)
        .count();
    let percents = tokens.iter().filter(|token| **token == FormatToken::Percent).count();
    let scale = 100_f64.powi(i32::try_from(percents).ok()?) / 1000_f64.powi(i32::try_from(left_out).ok()?);
    let decimals = part.iter().filter(|token| is_digit(token)).count();
    let digits = format!("{:.decimals$}", number.abs() * scale);
    let (before, after) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = filled_whole(before, whole);
    text.push_str(&filled_part(after, part));
    let is_nothing = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if minus && !is_nothing { "-" } else { "" };
    Some(format!("{sign}{}", text.trim()))
}

/// Digits go into their places from the right; the first place takes all that are left.
fn filled_whole(digits: &str, tokens: &[FormatToken]) -> String {
    let mut left: Vec<char> = digits.trim_start_matches('0').chars().collect();
    let places = tokens
        .iter()
        .filter(|token| matches!(token, FormatToken::Digit(_)))
        .count();
    let mut seen = 0;
    let mut pieces: Vec<String> = Vec::new();
    for token in tokens.iter().rev() {
        match token {
            FormatToken::Digit(place) => {
                seen += 1;
                let digit = left.pop().or_else(|| (*place == '0').then_some('0'));
                let rest: String = if seen == places {
                    left.drain(..).collect()
                } else {
                    String::new()
                };
                pieces.push(rest + &digit.map(String::from).unwrap_or_default());
            }
            other => pieces.push(other.text().to_owned()),
        }
    }
    pieces.reverse();
    pieces.concat()
}

/// What stands behind the point; zeros at the end only where the format asks for them.
fn filled_part(digits: &str, tokens: &[FormatToken]) -> String {
    let places: Vec<char> = tokens
        .iter()
        .filter_map(|token| match token {
            FormatToken::Digit(place) => Some(*place),
            _ => None,
        })
        .collect();
    let is_wanted = |(digit, place): (char, &char)| digit != '0' || *place == '0';
    let wanted = digits.chars().zip(&places).map(is_wanted).collect::<Vec<_>>();
    let wanted = wanted.iter().rposition(|is_wanted| *is_wanted).map_or(0, |at| at + 1);
    let mut kept = digits.chars().take(wanted);
    let mut text = String::new();
    for token in tokens {
        match token {
            FormatToken::Digit(_) => text.extend(kept.next()),
            FormatToken::Point if wanted > 0 => text.push('.'),
            other => text.push_str(other.text()),
        }
    }
    text
}

impl FormatToken {
    fn text(&self) -> &str {
        match self {
            FormatToken::Text(text) => text,
            FormatToken::Percent => "%",
            FormatToken::Digit(_) | FormatToken::Point | FormatToken::Thousands | FormatToken::General => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_the_sheet_shows_them() {
        let check = |number: f64, format: &str, expected: &str| {
            assert_eq!(
                shown(number, Some(format)).as_deref(),
                Some(expected),
                "{number} as {format}"
            );
        };
        check(12.0, "000000", "000012");
        check(1_234_567.0, "000000", "1234567");
        check(12.0, "\"KH-\"0000", "KH-0012");
        check(12.0, "\\K\\H0000", "KH0012");
        check(12.0, "0000号", "0012号");
        check(75_583_550.0, "0000-0000", "7558-3550");
        check(1_234_567.0, "00-00-00", "123-45-67");
        check(12.0, "0_ ", "12");
        check(12.0, "General", "12");
        check(12.0, "@", "12");
        check(12.0, "G/通用格式", "12");
        check(12.0, "\"A\"General", "A12");
        check(1_200.0, "#,##0", "1200");
        check(12_000.0, "0,", "12");
        check(0.0, "#", "");
        check(-5.0, "0", "-5");
        check(-5.0, "0;(0)", "(5)");
        check(-5.0, "0_);[Red]\\(0\\)", "(5)");
        check(0.0, "0;-0;\"none\"0", "none0");
        check(12.5, "0.00", "12.50");
        check(12.5, "0.##", "12.5");
        check(12.0, "0.##", "12");
        check(12.0, "¥0.00", "¥12.00");
        check(12.0, "[$¥-804]0", "¥12");
        check(0.25, "0%", "25%");
        check(2.6, "0", "3");
        check(123_456_789_012.0, "0.00E+00", "123456789012");
    }

    #[test]
    fn what_is_not_understood_is_not_guessed() {
        for format in ["# ?/?", "[<100]0;000", "[DBNum2]0", "yyyy", ";;;", "\"hidden\""] {
            assert_eq!(shown(12.0, Some(format)), None, "{format}");
        }
    }

    #[test]
    fn lost_digits_are_seen() {
        for number in [6_222_020_012_345_678_901.0, 5.1e17, -1e15] {
            for format in [None, Some("0"), Some("# ?/?")] {
                let text = shown(number, format).expect("is shown");
                assert!(is_rounded(&text), "{number}: {text}");
            }
        }
        assert_eq!(shown(999_999_999_999_999.0, None).as_deref(), Some("999999999999999"));
        assert_eq!(general(0.1 + 0.2), "0.3");
        for text in ["6.22202E+18", "5.1E+17", "1.23457E+11", "5e+17"] {
            assert!(is_rounded(text), "{text}");
        }
        for text in ["12E+3", "1E5", "E+12", "1.5E+05", "A1E+12", "12.3E+12", "1E+", ""] {
            assert!(!is_rounded(text), "{text}");
        }
    }
}
