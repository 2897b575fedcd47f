//! The cells of a table: CSV, TSV or XLSX to lines of text, and back. This alone parses what strangers send; where
//! requests are served it runs in a process of its own (`reader`).

use super::{Lines, TableError, TableLimits, TableMeasure, error::too_many};
use crate::fold;
use std::io::Cursor;

/// Sheets of a workbook that are looked at.
const SHEETS_MAX: usize = 20;

/// The header stands in one of the first lines; above it are titles.
const HEADER_LINES: usize = 10;

/// Empty lines that are kept one after the other.
const BLANK_LINES_MAX: usize = 1_000;

/// The lines of a table with their cells, before anybody asks what the columns mean. This alone reads what strangers
/// send; [`super::arrange`] sees texts only.
pub fn cells(bytes: &[u8], limits: &TableLimits) -> Result<Lines, TableError> {
    if bytes.len() > limits.bytes_max {
        return Err(TableError::TooLarge {
            what: TableMeasure::Bytes,
            found: bytes.len(),
            limit: limits.bytes_max,
        });
    }
    match bytes.starts_with(b"PK\x03\x04") {
        true => workbook(bytes, limits),
        false => csv_lines(bytes, limits),
    }
}

/// The lines of a table as tab-separated text that [`cells`] takes again, on the same lines where nothing else stands
/// between them.
pub fn text_of(lines: &Lines) -> String {
    let mut text = String::new();
    let mut at = 1;
    for (line, cells) in lines {
        let skipped = usize::try_from(line.saturating_sub(at))
            .unwrap_or(0)
            .min(BLANK_LINES_MAX);
        text.push_str(&"\n".repeat(skipped));
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b'\t')
            .flexible(true)
            .from_writer(Vec::new());
        // Writing into memory fails for no line.
        let _ = writer.write_record(cells);
        let written = writer.into_inner().unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&written));
        at = line + 1 + cells.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
    }
    text
}

/// Text of a CSV file: BOM, UTF-8, else GB18030 (which covers GBK and GB2312).
pub fn decode(bytes: &[u8]) -> Result<String, TableError> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // What Excel calls Unicode text; without its mark, a line break or tab of two bytes tells.
    let wide = |pair: &[u8]| bytes.chunks_exact(2).any(|found| found == pair);
    if plain.len() == bytes.len() && (wide(b"\n\0") || wide(b"\t\0")) {
        let (text, _, broken) = encoding_rs::UTF_16LE.decode(bytes);
        if !broken {
            return Ok(fold::storable(&text));
        }
    }
    if let Ok(text) = std::str::from_utf8(plain) {
        return Ok(fold::storable(text));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let (text, _, broken) = encoding_rs::UTF_16LE.decode(bytes);
        if !broken {
            return Ok(fold::storable(&text));
        }
    }
    let (text, broken) = encoding_rs::GB18030.decode_without_bom_handling(plain);
    if broken {
        let at = std::str::from_utf8(plain).err().map_or(0, |e| e.valid_up_to());
        return Err(TableError::Encoding(at));
    }
    Ok(fold::storable(&text))
}

/// Whether a mark stands in a line that may be between cells.
fn has_delimiter(line: &str) -> bool {
    line.contains(['\u{1f}', ';', '\t', ','])
}

/// Whether the commas of Chinese text stand between the cells: the first line with anything between cells has them and
/// nothing else, and the line behind it has them too, which that behind a title has not.
fn has_wide_commas(text: &str) -> bool {
    let written = text.lines().filter(|line| !line.trim().is_empty()).take(HEADER_LINES);
    let mut from_header = written.skip_while(|line| !line.contains('，') && !has_delimiter(line));
    let header = from_header.next().unwrap_or_default();
    header.contains('，') && !has_delimiter(header) && from_header.next().is_none_or(|line| line.contains('，'))
}

fn csv_lines(bytes: &[u8], limits: &TableLimits) -> Result<Lines, TableError> {
    let mut text = decode(bytes)?;
    if has_wide_commas(&text) {
        text = text.replace('，', "\u{1f}");
    }
    // Titles above the header have nothing between cells.
    let mut first = text.lines().take(HEADER_LINES);
    let first = first.find(|line| has_delimiter(line)).unwrap_or_default();
    // Of equals the last wins, and a table of one column has commas, if any, in its rows.
    let delimiter = [b'\x1f', b';', b'\t', b',']
        .into_iter()
        .max_by_key(|d| first.bytes().filter(|b| b == d).count())
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut counter = LineCounter {
        text: text.as_bytes(),
        counted: 0,
        line: 1,
    };
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|cause| TableError::Line {
            line: cause.position().map_or(0, csv::Position::line),
            reason: cause.to_string(),
        })?;
        let at = record.position().map_or(0, csv::Position::byte);
        let line = counter.line_at(usize::try_from(at).unwrap_or(usize::MAX));
        lines.push((line, record.iter().map(str::to_owned).collect()));
        too_many(TableMeasure::Rows, lines.len(), limits.rows_max + 1)?;
    }
    Ok(lines)
}

/// Counts lines as an editor shows them. The crate `csv` gives where it began to look for a record, which is before
/// the second half of a `\r\n` and before empty lines, so its own count is too small by those.
struct LineCounter<'t> {
    text: &'t [u8],
    counted: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// Line of the record that is looked for from byte `at` on; `at` never goes back.
    fn line_at(&mut self, at: usize) -> u64 {
        let rest = self.text.get(at..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let start = (at + breaks.count()).min(self.text.len());
        let passed = self.text.get(self.counted..start).unwrap_or_default();
        let newlines = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line += u64::try_from(newlines).unwrap_or(0);
        self.counted = self.counted.max(start);
        self.line
    }
}

/// The first sheet with a table: two lines of two cells. A sheet of notes before it is none; where no sheet has a table,
/// the first with anything on it.
fn workbook(bytes: &[u8], limits: &TableLimits) -> Result<Lines, TableError> {
    use calamine::Reader;
    let wrong = |cause: calamine::XlsxError| TableError::Workbook(cause.to_string());
    let mut book = calamine::Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let names = book.sheet_names();
    if names.is_empty() {
        return Err(TableError::Workbook("it has no sheet".to_owned()));
    }
    let mut notes: Lines = Vec::new();
    for name in names.iter().take(SHEETS_MAX) {
        let lines = sheet(&mut book, name, limits)?;
        let broad = |(_, cells): &&(u64, Vec<String>)| cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
        if lines.iter().filter(broad).count() > 1 {
            return Ok(lines);
        }
        if notes.is_empty() {
            notes = lines;
        }
    }
    Ok(notes)
}

/// Cell by cell, so that a sheet is never larger in memory than what stands in it.
fn sheet(book: &mut calamine::Xlsx<Cursor<&[u8]>>, name: &str, limits: &TableLimits) -> Result<Lines, TableError> {
    use calamine::Data;
    let wrong = |cause: calamine::XlsxError| TableError::Workbook(cause.to_string());
    let mut sheet = book.worksheet_cells_reader(name).map_err(wrong)?;
    let mut lines: Lines = Vec::new();
    let mut written = 0;
    while let Some(cell) = sheet.next_cell().map_err(wrong)? {
        let text = cell_text(&Data::from(cell.get_value().clone()));
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

fn cell_text(data: &calamine::Data) -> String {
    use calamine::Data;
    match data {
        // Spreadsheets keep codes as numbers; 1.0 was typed as 1.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}
