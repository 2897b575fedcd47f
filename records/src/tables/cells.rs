//! The cells of a table: CSV, TSV or XLSX to lines of text, and back. This and [`super::workbook`] alone parse what
//! strangers send, in a process of its own (`reader`).

use super::{
    Lines, TableError, TableLimits, TableMeasure, error::too_many, quotes, request::TableRequest, workbook::workbook,
};
use crate::fold;

/// The header stands in one of the first lines; above it are titles.
const HEADER_LINES: usize = 10;

/// Empty lines that are kept one after the other.
const BLANK_LINES_MAX: usize = 1_000;

/// The lines of a table with their cells, before anybody asks what the columns mean. This alone reads what strangers
/// send; [`super::arrange`] sees texts only.
pub fn cells(bytes: &[u8], request: &TableRequest) -> Result<Lines, TableError> {
    let limits = &request.limits;
    if bytes.len() > limits.bytes_max {
        return Err(TableError::TooLarge {
            what: TableMeasure::Bytes,
            found: bytes.len(),
            limit: limits.bytes_max,
        });
    }
    match bytes.starts_with(b"PK\x03\x04") {
        true => workbook(bytes, request),
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
    let delimiter = said_delimiter(&text).unwrap_or_else(|| {
        [b'\x1f', b';', b'\t', b',']
            .into_iter()
            .max_by_key(|d| first.bytes().filter(|b| b == d).count())
            .unwrap_or(b',')
    });
    let columns = first.bytes().filter(|byte| *byte == delimiter).count() + 1;
    if let Some((line, column)) = quotes::left_open(text.as_bytes(), delimiter, columns) {
        return Err(TableError::OpenQuote { line, column });
    }
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
        if line == 1 && said_delimiter(&text).is_some() {
            continue;
        }
        lines.push((line, record.iter().map(|cell| plain(cell).to_owned()).collect()));
        too_many(TableMeasure::Rows, lines.len(), limits.rows_max + 1)?;
    }
    Ok(lines)
}

/// The sign between cells that the first line names, as Excel writes and reads it: `sep=;`.
fn said_delimiter(text: &str) -> Option<u8> {
    let first = text.lines().next()?.trim().trim_matches('"');
    let (word, sign) = first.split_at_checked(4)?;
    match sign.as_bytes() {
        [] if word.eq_ignore_ascii_case("sep=") && text.lines().next()?.contains('\t') => Some(b'\t'),
        [sign] if word.eq_ignore_ascii_case("sep=") && sign.is_ascii_punctuation() && *sign != b'"' => Some(*sign),
        _ => None,
    }
}

/// A cell without the formula that keeps zeros in front of a code: `="0012"`.
fn plain(cell: &str) -> &str {
    let text = cell.trim();
    let inside = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inside.filter(|inside| !inside.contains('"')).unwrap_or(cell)
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
