//! Check digits of the two identifiers that have them.
//!
//! * 统一社会信用代码: GB 32100-2015, 18 characters, weights 3^i modulo 31 over an alphabet of 31.
//! * 居民身份证号码 (公民身份号码): GB 11643-1999, 18 characters, ISO 7064 MOD 11-2.
//!
//! Both take folded text (upper case, half width, no spaces) and never panic on anything else.

/// Digits and capital letters without I, O, S, V and Z (GB 32100-2015, table 3).
const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS: &[u8; 11] = b"10X98765432";

/// First digits of an administrative division: provinces and the like (GB/T 2260), 83 for Taiwan residents, 91 to
/// 99 for foreign permanent residents (the card of 2023 takes the same form).
const PROVINCES: [u8; 44] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83, 91, 92, 93, 94, 95, 96, 97, 98, 99,
];

/// A whole credit code with the right form and check character.
pub fn is_credit_code(text: &str) -> bool {
    has_credit_code_form(text) && text.as_bytes().get(17).copied() == credit_check(text.as_bytes())
}

/// 18 characters of the alphabet whose first two name a register and whose next six are digits.
pub fn has_credit_code_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 18
        && bytes.iter().all(|byte| CREDIT_ALPHABET.contains(byte))
        && bytes[2..8].iter().all(u8::is_ascii_digit)
        // Registering authority: 1 to 9, A, N, Y (GB 32100-2015, table 1, and its later additions).
        && matches!(bytes[0], b'1'..=b'9' | b'A' | b'N' | b'Y')
}

/// The character that the 17 before it ask for, where they have the form of a credit code.
pub fn credit_check_character(text: &str) -> Option<char> {
    let (first, _) = text.split_at_checked(17).filter(|_| text.len() == 18)?;
    has_credit_code_form(&format!("{first}0")).then(|| credit_check(first.as_bytes()).map(char::from))?
}

fn credit_check(bytes: &[u8]) -> Option<u8> {
    let sum: u32 = bytes.iter().zip(CREDIT_WEIGHTS).try_fold(0, |sum, (byte, weight)| {
        let value = CREDIT_ALPHABET.iter().position(|letter| letter == byte)?;
        Some(sum + u32::try_from(value).ok()? * weight)
    })?;
    CREDIT_ALPHABET.get(((31 - sum % 31) % 31) as usize).copied()
}

/// A whole ID number: a division, a day that exists, and the right check character.
pub fn is_id_number(text: &str) -> bool {
    has_id_number_form(text) && text.as_bytes().get(17).copied() == id_check(text.as_bytes())
}

/// 17 digits and a digit or X, with a province and a day of birth that exist.
pub fn has_id_number_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        && (bytes[17].is_ascii_digit() || bytes[17] == b'X')
        && PROVINCES.contains(&(number(&bytes[..2]) as u8))
        && is_day(number(&bytes[6..10]), number(&bytes[10..12]), number(&bytes[12..14]))
}

/// The 15 digits of cards before 1999 (no check digit): division, day of birth with two digits of the year.
pub fn has_old_id_number_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 15
        && bytes.iter().all(u8::is_ascii_digit)
        && PROVINCES.contains(&(number(&bytes[..2]) as u8))
        && is_day(
            1900 + number(&bytes[6..8]),
            number(&bytes[8..10]),
            number(&bytes[10..12]),
        )
}

/// The ID number of 18 characters that became of one of 15 digits.
pub fn id_number_of_old(text: &str) -> Option<String> {
    let (division, rest) = text.split_at_checked(6).filter(|_| has_old_id_number_form(text))?;
    let long = format!("{division}19{rest}");
    let check = id_check(long.as_bytes())?;
    Some(long + &char::from(check).to_string())
}

fn id_check(bytes: &[u8]) -> Option<u8> {
    let sum: u32 = bytes
        .iter()
        .zip(ID_WEIGHTS)
        .map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight)
        .sum();
    ID_CHECKS.get((sum % 11) as usize).copied()
}

/// Check digit of payment cards (ISO/IEC 7812-1, Luhn).
pub fn is_luhn(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes
        .iter()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            match (at % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled @ 0..=9) => doubled,
                (_, doubled) => doubled - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn number(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let (Ok(year), Ok(month), Ok(day)) = (i16::try_from(year), i8::try_from(month), i8::try_from(day)) else {
        return false;
    };
    (1850..=2200).contains(&year) && jiff::civil::Date::new(year, month, day).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_codes() {
        let check = |text: &str, expected| assert_eq!(is_credit_code(text), expected, "{text}");
        // Codes that companies print on their own licences and web sites; one ends in a letter, one is all digits.
        check("91110000802100433B", true);
        check("914403001922038216", true);
        check("91440300708461136T", true);
        // The example of the standard shows the parts of a code; its check character is not meant to fit.
        check("91350211M000100Y43", false);
        check("9111000080210043B", false);
        check("91350211O000100Y43", false);
        check("0135021100010000Y4", false);
        check("户", false);
        check("", false);
    }

    #[test]
    fn id_numbers() {
        let check = |text: &str, expected| assert_eq!(is_id_number(text), expected, "{text}");
        // The two worked examples of GB 11643-1999.
        check("11010519491231002X", true);
        check("440524188001010014", true);
        check("110105194912310021", false);
        check("110105194902310020", false);
        check("00010519491231002X", false);
        check("11010519491231002x", false);
        check("身份证号码一二三四五六", false);
        check("", false);
    }

    /// Both sums catch every single wrong character and every swap of neighbours.
    #[test]
    fn one_slip_is_always_caught() {
        for code in ["914403001922038216", "91440300708461136T"] {
            every_slip(code, CREDIT_ALPHABET, is_credit_code);
        }
        for number in ["11010519491231002X", "440524188001010014"] {
            every_slip(number, b"0123456789X", is_id_number);
        }
    }

    fn every_slip(right: &str, alphabet: &[u8], is_valid: fn(&str) -> bool) {
        assert!(is_valid(right));
        for at in 0..right.len() {
            for letter in alphabet {
                let mut wrong = right.as_bytes().to_vec();
                wrong[at] = *letter;
                let wrong = String::from_utf8(wrong).expect("the alphabets are ASCII");
                assert!(wrong == right || !is_valid(&wrong), "{wrong}");
            }
            let mut swapped = right.as_bytes().to_vec();
            swapped.swap(at, (at + 1).min(right.len() - 1));
            let swapped = String::from_utf8(swapped).expect("the alphabets are ASCII");
            assert!(swapped == right || !is_valid(&swapped), "{swapped}");
        }
    }

    #[test]
    fn cards() {
        let check = |text: &str, expected| assert_eq!(is_luhn(text), expected, "{text}");
        check("4111111111111111", true);
        check("4111111111111112", false);
        check("", false);
        check("4111 1111", false);
    }
}
