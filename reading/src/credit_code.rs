//! Misread credit codes (GB 32100): the only valid code it can have been.
//!
//! Reading and extraction both use it, so that they never disagree. Knows nothing of pages.

use vocabulary::check_digits::{has_id_number_form, is_credit_code};

/// Characters of a code.
pub const CODE_CHARS: usize = 18;
/// A word of eighteen letters is no code: the six digits of the division and more are there.
const DIGITS_MIN: usize = 8;
/// Letters that GB 32100 does not use, and what they are when a machine sees them.
const NEVER: [(char, &str); 5] = [('I', "1"), ('O', "0DQ"), ('S', "5"), ('Z', "2"), ('V', "YU")];
/// Pairs that print alike.
const ALIKE: [(char, char); 9] = [
    ('0', 'D'),
    ('0', 'Q'),
    ('8', 'B'),
    ('6', 'G'),
    ('1', 'L'),
    ('1', 'T'),
    ('2', '7'),
    ('5', '6'),
    ('C', 'G'),
];
/// Combinations tried for letters that cannot occur in a code; more would be a guess.
const READINGS_MAX: usize = 64;

/// What can be said about a code that is not valid as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Valid, no code at all, or several readings fit.
    None,
    /// The only doubtful reading that fits: it differs only in a character that was doubtful or
    /// cannot occur in a code.
    Proven(String),
    /// The only reading that fits, but it differs in a character that was clearly seen.
    Possible(String),
}

/// The one valid code behind these eighteen characters; `doubted` says which were seen badly.
pub fn repaired(code: &str, doubted: impl Fn(usize) -> bool) -> Repair {
    let upper: Vec<char> = code.chars().map(|c| c.to_ascii_uppercase()).collect();
    let digits = upper.iter().filter(|c| c.is_ascii_digit()).count();
    if upper.len() != CODE_CHARS || digits < DIGITS_MIN || is_valid(&upper) || is_of_person(&upper) {
        return Repair::None;
    }
    let Some(readings) = readings(&upper) else {
        return Repair::None;
    };
    let mut whole: Vec<&Vec<char>> = readings.iter().filter(|reading| is_valid(reading)).collect();
    match (whole.pop(), whole.pop()) {
        (Some(only), None) => return Repair::Proven(only.iter().collect()),
        (Some(_), Some(_)) => return Repair::None,
        (None, _) => {}
    }
    let mut valid: Vec<(usize, String)> = Vec::new();
    for (reading, i) in readings.iter().flat_map(|r| (0..CODE_CHARS).map(move |i| (r, i))) {
        for (a, b) in ALIKE {
            let other = match reading[i] {
                c if c == a => b,
                c if c == b => a,
                _ => continue,
            };
            let mut candidate = reading.clone();
            candidate[i] = other;
            let text: String = candidate.iter().collect();
            if is_valid(&candidate) && valid.iter().all(|v| v.1 != text) {
                valid.push((i, text));
            }
        }
    }
    let mut doubtful = valid.iter().filter(|(i, _)| doubted(*i));
    match (doubtful.next(), doubtful.next(), valid.len()) {
        (Some((_, text)), None, _) => Repair::Proven(text.clone()),
        (None, _, 1) => Repair::Possible(valid.swap_remove(0).1),
        _ => Repair::None,
    }
}

/// The code with every letter that cannot occur in one replaced in every way.
fn readings(code: &[char]) -> Option<Vec<Vec<char>>> {
    let mut readings = vec![code.to_vec()];
    for at in 0..code.len() {
        let Some((_, meant)) = NEVER.iter().find(|(never, _)| *never == code[at]) else {
            continue;
        };
        readings = readings
            .iter()
            .flat_map(|reading| {
                meant.chars().map(|c| {
                    let mut other = reading.clone();
                    other[at] = c;
                    other
                })
            })
            .collect();
        if readings.len() > READINGS_MAX {
            return None;
        }
    }
    Some(readings)
}

/// A division, a day of birth and a digit: an ID number, whatever its check digit. Codes of enterprises begin with a 9 and
/// have no day in their midst.
fn is_of_person(code: &[char]) -> bool {
    code.first() != Some(&'9') && has_id_number_form(&code.iter().collect::<String>())
}

fn is_valid(code: &[char]) -> bool {
    is_credit_code(&code.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_reading_is_a_repair() {
        let check =
            |read: &str, doubt: bool, expected: Repair| assert_eq!(repaired(read, |_| doubt), expected, "{read}");
        let code = || "91350100M000100Y43".to_owned();
        check("91350100M000100Y43", true, Repair::None);
        check("430512198908131367", true, Repair::None);
        check("11010519491231002O", true, Repair::None);
        check("91350100M00O100Y43", false, Repair::Proven(code()));
        check("9I350100M000100Y43", false, Repair::Proven(code()));
        check("9135O10DM000100Y43", true, Repair::Proven(code()));
        check("9135010DM000100Y43", false, Repair::Possible(code()));
        check("ABCDEFGHIJKLMNOPQR", true, Repair::None);
        check("62220212345678901234", true, Repair::None);
    }
}
