//! Tables as people send them: CSV or XLSX, UTF-8 with or without BOM or GB18030, headers in English or Chinese,
//! columns in any order, unknown columns kept. Reading knows nothing of the database.

mod fault;

pub use fault::CellFault;

use crate::fold;
use std::{collections::BTreeMap, io::Cursor};

/// A column that a table may have and the headers by which it is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnRule {
    pub name: &'static str,
    pub headers: &'static [&'static str],
    pub required: bool,
}

/// Bounds on what is read from outside.
#[derive(Debug, Clone, Copy)]
pub struct TableLimits {
    pub bytes_max: usize,
    pub rows_max: usize,
    pub columns_max: usize,
    pub cell_characters_max: usize,
}

impl Default for TableLimits {
    fn default() -> Self {
        Self {
            bytes_max: 512 << 20,
            rows_max: 2_000_000,
            columns_max: 200,
            cell_characters_max: 10_000,
        }
    }
}

/// One line of a table. `line` counts as an editor does: the header is line 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableRow {
    pub line: u64,
    known: BTreeMap<&'static str, String>,
    /// Columns that the rules do not know, in the order of the table, without empty cells.
    pub others: Vec<(String, String)>,
    /// Columns that the rules do not know and whose cell is empty.
    pub empty_others: Vec<String>,
}

impl TableRow {
    /// The trimmed cell, empty when the column is missing.
    pub fn get(&self, column: &str) -> &str {
        self.known.get(column).map_or("", String::as_str)
    }

    /// The trimmed cell; `None` when the table does not have the column, an empty text when the cell is empty.
    pub fn stated(&self, column: &str) -> Option<&str> {
        self.known.get(column).map(String::as_str)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub rows: Vec<TableRow>,
    /// Headers that no rule knows.
    pub unknown_columns: Vec<String>,
}

/// A line that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    pub line: u64,
    pub column: String,
    pub value: String,
    pub fault: CellFault,
}

/// What an import does when some lines cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnBadLine {
    /// Nothing is imported; the report names every bad line.
    RefuseTable,
    /// The good lines are imported; the report names the others.
    SkipLine,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TableError {
    #[error("the table is empty; its first line must name the columns ({0})")]
    Empty(String),
    #[error("the table has no column `{column}`; it has: {found}")]
    MissingColumn { column: &'static str, found: String },
    #[error("the column `{0}` stands twice in the table")]
    TwiceColumn(String),
    #[error("line {line}: {reason}")]
    Line { line: u64, reason: String },
    #[error("the table is neither UTF-8 nor GB18030 text (first bad byte at {0}); save it as CSV UTF-8 or XLSX")]
    Encoding(usize),
    #[error("the workbook cannot be read: {0}; save it again as XLSX or CSV")]
    Workbook(String),
    #[error("the table has {found} {what}, more than the limit of {limit}; split it")]
    TooLarge {
        what: &'static str,
        found: usize,
        limit: usize,
    },
}

/// Reads a table by the rules. XLSX is told from CSV by its first bytes, not by its name.
pub fn read(bytes: &[u8], rules: &[ColumnRule], limits: &TableLimits) -> Result<Table, TableError> {
    arrange(cells(bytes, limits)?, rules, limits)
}

/// The lines of a table with their cells, before anybody asks what the columns mean. This alone reads what strangers
/// send; [`arrange`] sees texts only.
pub fn cells(bytes: &[u8], limits: &TableLimits) -> Result<Lines, TableError> {
    if bytes.len() > limits.bytes_max {
        return Err(TableError::TooLarge {
            what: "bytes",
            found: bytes.len(),
            limit: limits.bytes_max,
        });
    }
    match bytes.starts_with(b"PK\x03\x04") {
        true => workbook(bytes, limits),
        false => csv_lines(bytes, limits),
    }
}

/// Reads a table that was sent as text. Where requests are served no workbook is opened.
pub fn read_text(text: &str, rules: &[ColumnRule], limits: &TableLimits) -> Result<Table, TableError> {
    if text.starts_with("PK\u{3}\u{4}") {
        return Err(TableError::Workbook(
            "a workbook is not read here; save it as CSV, or import it with the command line".to_owned(),
        ));
    }
    read(text.as_bytes(), rules, limits)
}

/// A table as tab-separated text that [`read`] takes again.
pub fn written(rules: &[ColumnRule], lines: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b'\t').from_writer(Vec::new());
    let header = rules.iter().map(|rule| rule.name.to_owned()).collect();
    for line in std::iter::once(header).chain(lines) {
        // Writing into memory fails for no line of equal length.
        let _ = writer.write_record(line);
    }
    writer
        .into_inner()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// Text of a CSV file: BOM, UTF-8, else GB18030 (which covers GBK and GB2312).
pub fn decode(bytes: &[u8]) -> Result<String, TableError> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
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

/// Number of the line, and its cells.
pub type Lines = Vec<(u64, Vec<String>)>;

fn csv_lines(bytes: &[u8], limits: &TableLimits) -> Result<Lines, TableError> {
    let text = decode(bytes)?;
    let first = text.lines().next().unwrap_or_default();
    // Of equals the last wins, and a table of one column has commas, if any, in its rows.
    let delimiter = [b';', b'\t', b',']
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
        too_many("rows", lines.len(), limits.rows_max + 1)?;
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

fn workbook(bytes: &[u8], limits: &TableLimits) -> Result<Lines, TableError> {
    use calamine::{Data, Reader};
    let wrong = |cause: calamine::XlsxError| TableError::Workbook(cause.to_string());
    let mut book = calamine::Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let sheet = match book.worksheet_range_at(0) {
        Some(sheet) => sheet.map_err(wrong)?,
        None => return Err(TableError::Workbook("it has no sheet".to_owned())),
    };
    too_many("rows", sheet.height(), limits.rows_max + 1)?;
    let first = u64::from(sheet.start().map_or(0, |(row, _)| row));
    let cell = |data: &Data| match data {
        // Spreadsheets keep codes as numbers; 1.0 was typed as 1.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    };
    Ok(sheet
        .rows()
        .zip(first + 1..)
        .map(|(row, line)| (line, row.iter().map(cell).collect()))
        .collect())
}

/// Gives the cells their columns.
pub fn arrange(lines: Lines, rules: &[ColumnRule], limits: &TableLimits) -> Result<Table, TableError> {
    let mut lines = lines
        .into_iter()
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    let names = || rules.iter().map(|rule| rule.name).collect::<Vec<_>>().join(",");
    let (_, header) = lines.next().ok_or_else(|| TableError::Empty(names()))?;
    too_many("columns", header.len(), limits.columns_max)?;
    let columns: Vec<Result<&'static str, String>> = header.iter().map(|cell| recognise(cell, rules)).collect();
    for rule in rules {
        let times = columns.iter().filter(|column| **column == Ok(rule.name)).count();
        if times > 1 {
            return Err(TableError::TwiceColumn(rule.name.to_owned()));
        }
        if times == 0 && rule.required {
            return Err(TableError::MissingColumn {
                column: rule.name,
                found: header.join(", "),
            });
        }
    }
    let mut table = Table {
        unknown_columns: columns
            .iter()
            .filter_map(|column| column.clone().err())
            .filter(|name| !name.is_empty())
            .collect(),
        rows: Vec::new(),
    };
    for (line, cells) in lines {
        let mut row = TableRow {
            line,
            ..TableRow::default()
        };
        if cells.len() > columns.len() && cells[columns.len()..].iter().any(|cell| !cell.trim().is_empty()) {
            let reason = format!(
                "it has {} cells and the header {}; check commas and quotes",
                cells.len(),
                columns.len()
            );
            return Err(TableError::Line { line, reason });
        }
        // A line that ends early has empty cells at its end.
        for (column, cell) in columns
            .iter()
            .zip(cells.iter().map(String::as_str).chain(std::iter::repeat("")))
        {
            let cell = cell.trim();
            let length = cell.chars().count();
            if length > limits.cell_characters_max {
                return Err(TableError::TooLarge {
                    what: "characters in a cell",
                    found: length,
                    limit: limits.cell_characters_max,
                });
            }
            match column {
                Ok(name) => drop(row.known.insert(name, cell.to_owned())),
                Err(name) if name.is_empty() => {}
                Err(name) if cell.is_empty() => row.empty_others.push(name.clone()),
                Err(name) => row.others.push((name.clone(), cell.to_owned())),
            }
        }
        table.rows.push(row);
    }
    Ok(table)
}

fn recognise(header: &str, rules: &[ColumnRule]) -> Result<&'static str, String> {
    let folded = fold::name(header);
    rules
        .iter()
        .find(|rule| fold::name(rule.name) == folded || rule.headers.iter().any(|known| fold::name(known) == folded))
        .map(|rule| rule.name)
        .ok_or_else(|| header.trim().to_owned())
}

fn too_many(what: &'static str, found: usize, limit: usize) -> Result<(), TableError> {
    if found > limit {
        Err(TableError::TooLarge { what, found, limit })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[ColumnRule] = &[
        ColumnRule {
            name: "code",
            headers: &["客户代码", "户号"],
            required: true,
        },
        ColumnRule {
            name: "name",
            headers: &["户名", "名称"],
            required: false,
        },
    ];

    fn read(bytes: &[u8]) -> Result<Table, TableError> {
        super::read(bytes, RULES, &TableLimits::default())
    }

    #[test]
    fn reads_what_people_send() {
        let check = |bytes: &[u8]| {
            let table = read(bytes).expect("reads");
            assert_eq!(
                (table.rows[0].get("code"), table.rows[0].get("name"), table.rows[0].line),
                ("C-1", "张三", 2)
            );
            assert_eq!(table.rows[0].others, [("片区".to_owned(), "东".to_owned())]);
        };
        let text = "户名,客户代码,片区\r\n张三, C-1 ,东\r\n";
        check(text.as_bytes());
        check(format!("\u{feff}{text}").as_bytes());
        check(&encoding_rs::GB18030.encode(text).0);
        check(text.replace(',', "\t").as_bytes());
        check(text.replace('\r', "").as_bytes());
    }

    #[test]
    fn counts_lines_as_an_editor_does() {
        let check = |text: &str| {
            let table = read(text.as_bytes()).expect("reads");
            let lines: Vec<_> = table.rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 5, 7], "{text:?}");
        };
        // A blank line, and a cell with a line break in it.
        let text = "code,name\nC-1,a\n\n\nC-2,\"b\nb\"\nC-3,c\n";
        check(text);
        check(&text.replace('\n', "\r\n"));
        check(text.trim_end());
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(matches!(read(b""), Err(TableError::Empty(_))));
        assert!(matches!(
            read("名称\n甲\n".as_bytes()),
            Err(TableError::MissingColumn { column: "code", .. })
        ));
        assert!(matches!(
            read("code,户号\n1,2\n".as_bytes()),
            Err(TableError::TwiceColumn(_))
        ));
        assert!(matches!(read(b"code\n1,2\n"), Err(TableError::Line { line: 2, .. })));
        assert!(matches!(read(b"code\n\xff\xff\xff"), Err(TableError::Encoding(_))));
        assert!(matches!(read(b"PK\x03\x04nothing"), Err(TableError::Workbook(_))));
    }
}
