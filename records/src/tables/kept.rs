//! What a workbook keeps in a cell and its text alone does not tell: a day, or a number in a format that is not
//! understood. One character before the text carries it, so that lines stay texts that a form can send again; the two
//! belong to nobody (Unicode 23.7, private use).

use super::number_format;
use vocabulary::SheetFault;

const DAY: char = '\u{10fffc}';
const NOT_SHOWN: char = '\u{10fffd}';

/// What a spreadsheet writes where a formula has failed, and where a column is too narrow for its number.
const ERRORS: [&str; 11] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#FIELD!",
];

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

pub(super) fn day(text: &str) -> String {
    format!("{DAY}{text}")
}

pub(super) fn not_shown(text: &str) -> String {
    format!("{NOT_SHOWN}{text}")
}

/// The text of a cell.
pub(super) fn text(cell: &str) -> &str {
    cell.trim_start_matches([DAY, NOT_SHOWN]).trim()
}

/// Columns whose cells are codes or numbers, which a spreadsheet likes to take for days.
const CODES: [&str; 10] = [
    "code",
    "customer_code",
    "location_code",
    "account_no",
    "credit_code",
    "id_number",
    "phones",
    "number",
    "document",
    "form_code",
];

/// Why the cell is not what was typed into it; `column` is the name of its column, where the rules have one.
pub(super) fn fault(cell: &str, column: Option<&str>) -> Option<SheetFault> {
    let text = text(cell);
    let of_code = column.is_some_and(|column| CODES.contains(&column));
    if cell.starts_with(NOT_SHOWN) {
        return Some(SheetFault::Format);
    }
    if ERRORS.iter().any(|error| text.eq_ignore_ascii_case(error))
        || (text.len() > 2 && text.bytes().all(|b| b == b'#'))
    {
        return Some(SheetFault::Formula);
    }
    if number_format::is_rounded(text) {
        return Some(SheetFault::Rounded);
    }
    (of_code && (cell.starts_with(DAY) || was_made_a_day(text))).then_some(SheetFault::Day)
}

/// What a spreadsheet makes of `3-1`: `3月1日`, `1-Mar`, `Mar-01`.
fn was_made_a_day(text: &str) -> bool {
    let number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let month = |text: &str| MONTHS.iter().any(|month| text.eq_ignore_ascii_case(month));
    if let Some((before, after)) = text.split_once('-') {
        return (number(before) && month(after)) || (month(before) && number(after));
    }
    let chinese = text.strip_suffix('日').and_then(|text| text.split_once('月'));
    chinese.is_some_and(|(before, after)| number(before) && number(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_has_made_of_a_cell_is_told() {
        let check = |cell: &str, column, expected| assert_eq!(fault(cell, Some(column)), expected, "{cell}");
        check("#N/A", "name", Some(SheetFault::Formula));
        check("########", "code", Some(SheetFault::Formula));
        check("#1", "code", None);
        check("6.22202E+18", "account_no", Some(SheetFault::Rounded));
        check(&not_shown("12"), "code", Some(SheetFault::Format));
        check(&day("2024-03-01"), "code", Some(SheetFault::Day));
        check(&day("2024-03-01"), "date", None);
        check("2024-03-01", "code", None);
        for code in ["3月1日", "1-Mar", "Mar-01"] {
            check(code, "location_code", Some(SheetFault::Day));
            check(code, "name", None);
        }
        for code in ["3-1", "A-03", "一月三日", "MARK-1"] {
            check(code, "code", None);
        }
        assert_eq!(fault("#N/A", None), Some(SheetFault::Formula));
        assert_eq!(text(&day(" 2024-03-01 ")), "2024-03-01");
    }
}
