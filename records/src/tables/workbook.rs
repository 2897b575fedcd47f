//! The cells of a workbook as the sheet shows them: what a person has seen is what is taken.

use super::{
    Lines, TableError, TableLimits, TableMeasure, error::too_many, kept, number_format, request::TableRequest,
};
use calamine::{Data, Reader, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

/// Sheets of a workbook that are looked at.
const SHEETS_MAX: usize = 20;

/// The first visible sheet with all columns that must be there; else the first with a table, which are two lines of two
/// cells; else the first with anything on it.
pub(super) fn workbook(bytes: &[u8], request: &TableRequest) -> Result<Lines, TableError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .take(SHEETS_MAX)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    if sheets.is_empty() {
        return Err(TableError::Workbook("it has no sheet".to_owned()));
    }
    let (mut table, mut notes): (Option<Lines>, Lines) = (None, Vec::new());
    for (name, _) in sheets.iter().filter(|(_, is_visible)| *is_visible) {
        let lines = sheet(&mut book, name, &request.limits)?;
        if request.is_named_by(&lines) {
            return Ok(lines);
        }
        if table.is_none() && is_table(&lines) {
            table = Some(lines);
        } else if notes.is_empty() {
            notes = lines;
        }
    }
    if table.is_none() && notes.len() < 2 {
        for (name, _) in sheets.iter().filter(|(_, is_visible)| !is_visible) {
            if is_table(&sheet(&mut book, name, &request.limits)?) {
                return Err(TableError::HiddenSheet(name.clone()));
            }
        }
    }
    Ok(table.unwrap_or(notes))
}

fn wrong(cause: XlsxError) -> TableError {
    TableError::Workbook(cause.to_string())
}

fn is_table(lines: &Lines) -> bool {
    let broad = |(_, cells): &&(u64, Vec<String>)| cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
    lines.iter().filter(broad).count() > 1
}

/// Cell by cell, so that a sheet is never larger in memory than what stands in it.
fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: &TableLimits) -> Result<Lines, TableError> {
    let mut sheet = book.worksheet_cells_reader(name).map_err(wrong)?;
    let formats: Vec<Option<String>> = sheet
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.clone()))
        .collect();
    let mut lines: Lines = Vec::new();
    let mut written = 0;
    while let Some((cell, style)) = sheet.next_cell_with_style_id().map_err(wrong)? {
        let format = formats.get(style).and_then(Option::as_deref);
        let text = cell_text(&Data::from(cell.get_value().clone()), format);
        if text.is_empty() {
            continue;
        }
        // A workbook may unfold to far more than it is itself.
        written += text.len();
        too_many(TableMeasure::Bytes, written, limits.bytes_max)?;
        let (row, column) = cell.get_position();
        let (line, column) = (u64::from(row) + 1, usize::try_from(column).unwrap_or(usize::MAX));
        too_many(TableMeasure::Columns, column.saturating_add(1), limits.columns_max)?;
        if lines.last().is_none_or(|(last, _)| *last != line) {
            lines.push((line, Vec::new()));
            too_many(TableMeasure::Rows, lines.len(), limits.rows_max + 1)?;
        }
        if let Some((_, cells)) = lines.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
    }
    Ok(lines)
}

fn cell_text(data: &Data, format: Option<&str>) -> String {
    match data {
        Data::Float(number) => {
            number_format::shown(*number, format).unwrap_or_else(|| kept::not_shown(&number_format::general(*number)))
        }
        Data::Int(number) => {
            number_format::shown(*number as f64, format).unwrap_or_else(|| kept::not_shown(&number.to_string()))
        }
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            kept::day(&format!("{year:04}-{month:02}-{day:02}"))
        }
        Data::DateTimeIso(text) => kept::day(text.get(..10).unwrap_or(text)),
        other => other.to_string(),
    }
}
