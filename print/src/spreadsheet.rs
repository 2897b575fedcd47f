//! Tables as CSV and XLSX that no spreadsheet takes for formulas (OWASP, CSV injection).

use crate::{Cell, Column, ColumnKind, PrintLimits, PrintedTable, Result};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use std::borrow::Cow;

/// The longest text that a cell of a worksheet holds, in UTF-16 units.
const XLSX_TEXT_MAX: usize = 32_767;

/// A table as CSV: UTF-8 with a byte-order mark (Excel takes it for GBK otherwise), lines ended by CR LF, one line of
/// headings, then the rows (RFC 4180). Title and facts are left out.
///
/// Spreadsheets round numbers of more than 15 digits when they open a CSV; for ID numbers the XLSX is the right file.
pub fn csv(table: &PrintedTable) -> Vec<u8> {
    let columns: Vec<(usize, &Column)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.kind != ColumnKind::Tick)
        .collect();
    let mut text = String::from('\u{feff}');
    let headings = columns.iter().map(|(_, c)| formula_safe(&c.heading));
    push_line(&mut text, headings);
    for row in 0..table.rows.len() {
        let cells = columns
            .iter()
            .map(|(at, column)| match value(table.cell(row, *at), column.kind) {
                CellContent::Empty => Cow::Borrowed(""),
                CellContent::Number(_, digits) => digits,
                CellContent::Text(text) => formula_safe(text),
            });
        push_line(&mut text, cells);
    }
    text.into_bytes()
}

/// A table as a workbook of one worksheet, ready to print on A4: headings bold, kept in view and repeated on each page.
/// Texts longer than 32,767 UTF-16 units, the most a cell holds, are cut with an ellipsis; the CSV has them whole.
///
/// # Errors
/// [`crate::PrintError::TooMany`] when there are more rows than a worksheet has.
pub fn xlsx(table: &PrintedTable) -> Result<Vec<u8>> {
    if !table.rows.is_empty() {
        PrintLimits::check("rows", table.rows.len(), PrintLimits::XLSX_ROWS_MAX)?;
    }
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&table.title)
            .set_creation_datetime(&made_at(table)?),
    );
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&table.title))?;
    let mut row = 0u32;
    if !table.facts.is_empty() {
        let title = Format::new().set_bold().set_font_size(16);
        sheet.write_string_with_format(row, 0, cut(&formula_safe(&table.title)), &title)?;
        row += 1;
        for (label, value) in &table.facts {
            let fact = format!("{label}：{value}");
            sheet.write_string(row, 0, cut(&formula_safe(&fact)))?;
            row += 1;
        }
        row += 1;
    }
    write_rows(sheet, table, row)?;
    Ok(workbook.save_to_buffer()?)
}

/// A text safe for a cell: one that a spreadsheet would take for a formula or command gets a `'` before it.
/// Spaces, also wide and invisible ones, before such a sign do not hide it.
pub fn formula_safe(text: &str) -> Cow<'_, str> {
    let begins = text.starts_with(['\t', '\r', '\n', '\0']);
    let sign = text
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if begins || sign {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

enum CellContent<'a> {
    Empty,
    Number(f64, Cow<'a, str>),
    Text(&'a str),
}

fn value(cell: &Cell, kind: ColumnKind) -> CellContent<'_> {
    match cell {
        Cell::Empty => CellContent::Empty,
        Cell::Integer(number) => CellContent::Number(*number as f64, number.to_string().into()),
        Cell::Number(number) if number.is_finite() => CellContent::Number(*number, number.to_string().into()),
        Cell::Number(_) => CellContent::Empty,
        Cell::Text(text) => match plain_number(text) {
            Some(number) if kind == ColumnKind::Number => CellContent::Number(number, Cow::Borrowed(text)),
            _ => CellContent::Text(text),
        },
    }
}

/// Digits with at most a minus before and a point between; at most 15 of them, which is what a spreadsheet keeps.
fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_plain =
        are_digits(whole) && are_digits(part) && digits.len() <= 16 && (whole == "0" || !whole.starts_with('0'));
    if is_plain { text.parse().ok() } else { None }
}

fn push_line<'a>(text: &mut String, cells: impl Iterator<Item = Cow<'a, str>>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\r', '\n', ';', '\t']) || cell.trim() != cell {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

fn write_rows(sheet: &mut Worksheet, table: &PrintedTable, first: u32) -> Result<()> {
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_border_bottom(FormatBorder::Thin);
    let body = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut last_column = 0;
    for (at, column) in (0u16..).zip(&table.columns) {
        last_column = at;
        sheet.write_string_with_format(first, at, cut(&formula_safe(&column.heading)), &heading)?;
        sheet.set_column_width(at, column_width(table, usize::from(at)))?;
        for (row, line) in (0..table.rows.len()).zip(first + 1..) {
            match value(table.cell(row, usize::from(at)), column.kind) {
                CellContent::Empty => {}
                // Beyond 2^53 a worksheet cannot hold each integer.
                CellContent::Number(number, digits) if number.abs() > 9_007_199_254_740_991.0 => {
                    sheet.write_string_with_format(line, at, digits, &body)?;
                }
                CellContent::Number(number, _) => {
                    sheet.write_number_with_format(line, at, number, &body)?;
                }
                CellContent::Text(text) => {
                    sheet.write_string_with_format(line, at, cut(&formula_safe(text)), &body)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(first + 1, 0)?;
    if table.facts.is_empty() && !table.columns.is_empty() && !table.rows.is_empty() {
        let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        sheet.autofilter(first, 0, first.saturating_add(rows), last_column)?;
    }
    let closing = first + 2 + u32::try_from(table.rows.len()).unwrap_or(0);
    if !table.facts.is_empty() && !table.closing.is_empty() {
        sheet.write_string(closing, 0, cut(&formula_safe(&table.closing)))?;
    }
    const A4: u8 = 9;
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(first, first)?;
    Ok(())
}

/// In characters of the standard font; Han are two wide.
fn column_width(table: &PrintedTable, column: usize) -> f64 {
    const LOOKED_AT: usize = 1_000;
    let wide = |text: &str| -> usize { text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum() };
    let cells = (0..table.rows.len().min(LOOKED_AT)).map(|row| wide(&table.cell(row, column).shown()));
    let widest = cells.chain([wide(&table.columns[column].heading)]).max().unwrap_or(0);
    (widest.clamp(6, 60) + 2) as f64
}

/// A name that a worksheet may have: 1 to 31 characters without `[]:*?/\`, no `'` at the ends.
fn sheet_name(title: &str) -> String {
    let name: String = title
        .chars()
        .filter(|c| !c.is_control() && !"[]:*?/\\'".contains(*c))
        .take(31)
        .collect();
    let mut name = name.trim().to_owned();
    // The limit counts UTF-16 units.
    while name.encode_utf16().count() > 31 {
        name.pop();
    }
    if name.is_empty() || name.eq_ignore_ascii_case("history") {
        "Table".to_owned()
    } else {
        name
    }
}

fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= XLSX_TEXT_MAX || text.encode_utf16().count() <= XLSX_TEXT_MAX {
        return Cow::Borrowed(text);
    }
    let mut units = 1;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= XLSX_TEXT_MAX
        })
        .collect();
    Cow::Owned(kept + "…")
}

/// The writer would stamp the file with the clock; without a time from the caller it is the first that a ZIP knows.
fn made_at(table: &PrintedTable) -> Result<ExcelDateTime> {
    let text = table.made_at.map(records::Moment::rfc3339);
    let text = text.as_deref().and_then(|text| text.get(..19));
    Ok(ExcelDateTime::parse_from_str(text.unwrap_or("1980-01-01T00:00:00"))?)
}

#[cfg(test)]
mod tests;
