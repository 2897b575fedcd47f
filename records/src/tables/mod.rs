//! Tables as people send them: CSV or XLSX, UTF-8 with or without BOM or GB18030, headers in English or Chinese,
//! columns in any order, unknown columns kept. Reading knows nothing of the database.

mod cells;
mod error;
mod fault;
mod kept;
mod list_wrong;
mod number_format;
mod quotes;
pub mod reader;
mod request;
mod workbook;

pub use cells::{cells, decode, text_of};
pub use error::{TableError, TableMeasure};
pub use fault::CellFault;
pub use list_wrong::ListWrong;
pub use request::TableRequest;

use crate::fold;
use error::too_many;
use std::{ops::ControlFlow, sync::Arc};

/// A column that a table may have and the headers by which it is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnRule {
    pub name: &'static str,
    pub headers: &'static [&'static str],
    pub required: bool,
}

/// Bounds on what is read from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// What a header says: a column of the rules, or words that they do not know.
type HeaderMeaning = Result<&'static str, String>;

/// One line of a table. `line` counts as an editor does: the header is line 1. A table of a million lines lies in memory
/// as a whole, so the cells of a line are one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    pub line: u64,
    columns: Arc<[HeaderMeaning]>,
    text: Box<str>,
    /// Where each cell ends in the text.
    ends: Box<[u32]>,
    /// Cells that do not hold what was typed into them; they are empty here.
    faults: Option<Box<[LineProblem]>>,
}

impl TableRow {
    /// The trimmed cell, empty when the column is missing.
    pub fn get(&self, column: &str) -> &str {
        self.stated(column).unwrap_or_default()
    }

    /// The trimmed cell; `None` when the table does not have the column, an empty text when the cell is empty.
    pub fn stated(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|known| *known == Ok(column))?;
        Some(self.cell(at))
    }

    /// Cells of columns that the rules do not know, in the order of the table, empty ones too.
    pub fn others(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.columns.iter().enumerate();
        named.filter_map(|(at, column)| match column {
            Err(name) if !name.is_empty() => Some((name.as_str(), self.cell(at))),
            _ => None,
        })
    }

    /// Cells that do not hold what was typed into them.
    pub fn faults(&self) -> &[LineProblem] {
        self.faults.as_deref().unwrap_or_default()
    }

    fn cell(&self, at: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.text.get(start..end(at)).unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub rows: Vec<TableRow>,
    /// Headers that no rule knows.
    pub unknown_columns: Vec<String>,
    /// Names of the columns that it has.
    pub known_columns: Vec<&'static str>,
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

/// Reads a table by the rules, in this process: for tables that do not come from strangers. XLSX is told from CSV by its
/// first bytes, not by its name.
pub fn read(bytes: &[u8], rules: &[ColumnRule], limits: &TableLimits) -> Result<Table, TableError> {
    arrange(cells(bytes, &TableRequest::of(rules, *limits))?, rules, limits)
}

/// A table as tab-separated text that [`read`] takes again.
pub fn as_text(rules: &[ColumnRule], lines: impl Iterator<Item = Vec<String>>) -> String {
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

/// Lines above the header that are titles and notes.
const TITLE_LINES_MAX: usize = 10;

/// Lines with more cells than the header after which a table is given up as a whole.
const FORGIVEN_MAX: usize = 200;

/// Number of the line, and its cells.
pub type Lines = Vec<(u64, Vec<String>)>;

/// Gives the cells their columns.
pub fn arrange(lines: Lines, rules: &[ColumnRule], limits: &TableLimits) -> Result<Table, TableError> {
    arrange_each(lines, rules, limits, |line, found, header| {
        ControlFlow::Break(TableError::Cells { line, found, header })
    })
}

/// Gives the cells their columns, and leaves out the lines that have more cells than the header; their numbers beside it.
pub fn arrange_forgiving(
    lines: Lines,
    rules: &[ColumnRule],
    limits: &TableLimits,
) -> Result<(Table, Vec<u64>), TableError> {
    let mut left_out = Vec::new();
    let table = arrange_each(lines, rules, limits, |line, found, header| {
        left_out.push(line);
        match left_out.len() > FORGIVEN_MAX {
            true => ControlFlow::Break(TableError::Cells { line, found, header }),
            false => ControlFlow::Continue(()),
        }
    })?;
    Ok((table, left_out))
}

/// `too_long` is told of a line with more cells than the header: its number, how many it has, and how many the header.
fn arrange_each(
    lines: Lines,
    rules: &[ColumnRule],
    limits: &TableLimits,
    mut too_long: impl FnMut(u64, usize, usize) -> ControlFlow<TableError>,
) -> Result<Table, TableError> {
    let lines: Lines = lines
        .into_iter()
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
        .collect();
    let title_lines = header_at(&lines, rules).unwrap_or(0);
    let mut lines = lines.into_iter().skip(title_lines);
    let names = || rules.iter().map(|rule| rule.name).collect::<Vec<_>>().join(",");
    let (_, header) = lines.next().ok_or_else(|| TableError::Empty(names()))?;
    let columns = columns(&header, rules, limits)?;
    let mut table = Table {
        unknown_columns: columns
            .iter()
            .filter_map(|column| column.clone().err())
            .filter(|name| !name.is_empty())
            .collect(),
        known_columns: columns.iter().filter_map(|column| column.clone().ok()).collect(),
        rows: Vec::new(),
    };
    for (line, cells) in lines {
        if cells.len() > columns.len() && cells[columns.len()..].iter().any(|cell| !cell.trim().is_empty()) {
            match too_long(line, cells.len(), columns.len()) {
                ControlFlow::Break(error) => return Err(error),
                ControlFlow::Continue(()) => continue,
            }
        }
        table.rows.push(row(line, &cells, &columns, limits)?);
    }
    Ok(table)
}

/// What the header names, once each and all that must be there.
fn columns(header: &[String], rules: &[ColumnRule], limits: &TableLimits) -> Result<Arc<[HeaderMeaning]>, TableError> {
    too_many(TableMeasure::Columns, header.len(), limits.columns_max)?;
    let columns: Arc<[HeaderMeaning]> = header.iter().map(|cell| recognise(cell, rules)).collect();
    for rule in rules {
        let times = columns.iter().filter(|column| **column == Ok(rule.name)).count();
        if times > 1 {
            return Err(TableError::TwiceColumn(rule.name.to_owned()));
        }
        if times == 0 && rule.required {
            return Err(TableError::MissingColumn {
                column: rule.name,
                headers: rule.headers.join(", "),
                found: header.join(", "),
            });
        }
    }
    Ok(columns)
}

fn row(
    line: u64,
    cells: &[String],
    columns: &Arc<[HeaderMeaning]>,
    limits: &TableLimits,
) -> Result<TableRow, TableError> {
    let mut text = String::with_capacity(cells.iter().map(String::len).sum());
    let mut ends = Vec::with_capacity(columns.len());
    let mut faults = Vec::new();
    // A line that ends early has empty cells at its end.
    let padded = cells.iter().map(String::as_str).chain(std::iter::repeat(""));
    for (column, cell) in columns.iter().zip(padded) {
        let value = kept::text(cell);
        let length = value.chars().count();
        if length > limits.cell_characters_max {
            return Err(TableError::TooLarge {
                what: TableMeasure::CellCharacters,
                found: length,
                limit: limits.cell_characters_max,
            });
        }
        let name: &str = match column {
            Ok(known) => known,
            Err(own) => own,
        };
        match kept::fault(cell.trim(), column.is_ok().then_some(name)) {
            Some(because) if !name.is_empty() => faults.push(LineProblem {
                line,
                column: name.to_owned(),
                value: value.to_owned(),
                fault: CellFault::Sheet(because),
            }),
            _ => text.push_str(value),
        }
        ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
    }
    Ok(TableRow {
        line,
        columns: columns.clone(),
        text: text.into(),
        ends: ends.into(),
        faults: (!faults.is_empty()).then(|| faults.into()),
    })
}

/// Which of the first lines, empty ones aside, names every column that must be there: people write titles above it.
fn header_at(lines: &Lines, rules: &[ColumnRule]) -> Option<usize> {
    let must: Vec<&ColumnRule> = rules.iter().filter(|rule| rule.required).collect();
    header_named(lines, must.len(), |cell, at| {
        recognise(cell, rules) == Ok(must[at].name)
    })
}

/// Which of the first lines names each of so many columns.
fn header_named(lines: &Lines, columns: usize, names: impl Fn(&str, usize) -> bool) -> Option<usize> {
    let is_header = |cells: &[String]| (0..columns).all(|at| cells.iter().any(|cell| names(cell, at)));
    let mut first = written(lines).take(TITLE_LINES_MAX);
    first.position(|(_, cells)| is_header(cells))
}

/// The lines with anything on them.
fn written(lines: &Lines) -> impl Iterator<Item = &(u64, Vec<String>)> {
    lines
        .iter()
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
}

/// The headers of a table, as far as these rules or any others know them: the line that names every column that must be
/// there, else the first.
pub fn headers<'l>(lines: &'l Lines, rules: &[ColumnRule]) -> &'l [String] {
    let told = header_at(lines, rules).and_then(|at| written(lines).nth(at));
    let told = told.or_else(|| written(lines).find(|(_, cells)| cells.len() > 1));
    told.map_or(&[], |(_, cells)| cells)
}

/// The same line, to be changed: what people say that its columns are.
pub fn header_line<'l>(lines: &'l mut Lines, rules: &[ColumnRule]) -> Option<&'l mut Vec<String>> {
    let at = header_at(lines, rules);
    let mut written = lines
        .iter_mut()
        .map(|(_, cells)| cells)
        .filter(|cells| cells.iter().any(|cell| !cell.trim().is_empty()));
    match at {
        Some(at) => written.nth(at),
        None => written.find(|cells| cells.len() > 1),
    }
}

/// The column that a header names.
pub fn recognise(header: &str, rules: &[ColumnRule]) -> Result<&'static str, String> {
    let folded = fold::name(kept::text(header));
    rules
        .iter()
        .find(|rule| fold::name(rule.name) == folded || rule.headers.iter().any(|known| fold::name(known) == folded))
        .map(|rule| rule.name)
        .ok_or_else(|| kept::text(header).to_owned())
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
            assert_eq!(table.rows[0].others().collect::<Vec<_>>(), [("片区", "东")]);
        };
        let text = "户名,客户代码,片区\r\n张三, C-1 ,东\r\n";
        check(text.as_bytes());
        check(format!("\u{feff}{text}").as_bytes());
        check(&encoding_rs::GB18030.encode(text).0);
        check(text.replace(',', "\t").as_bytes());
        check(text.replace('\r', "").as_bytes());
    }

    #[test]
    fn titles_and_other_commas_are_read() {
        let check = |text: &str| {
            let table = read(text.as_bytes()).expect("reads");
            let row = table.rows.first().expect("a row");
            assert_eq!((row.get("code"), row.get("name")), ("C-1", "张三, 李四"), "{text}");
        };
        check("客户一览表\n\n客户代码，户名\nC-1，张三, 李四\n");
        check("2026 年客户一览表,\n客户代码,户名\nC-1,\"张三, 李四\"\n");
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let text = "客户代码\t户名\r\nC-1\t张三\r\n";
        for bytes in [
            [vec![0xff, 0xfe], utf16(text, u16::to_le_bytes)].concat(),
            [vec![0xfe, 0xff], utf16(text, u16::to_be_bytes)].concat(),
            utf16(text, u16::to_le_bytes),
        ] {
            let table = read(&bytes).expect("reads");
            assert_eq!(table.rows[0].get("name"), "张三");
        }
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
    fn what_was_read_can_be_sent_again() {
        let text = "code\tname\tnote\nC-1\ta,b\t\n\n\nC-2\t\"b\nb\"\t\"say \"\"x\"\"\"\nC-3\tc\t\n";
        let limits = TableLimits::default();
        let request = TableRequest::of(RULES, limits);
        let lines = cells(text.as_bytes(), &request).expect("reads");
        let again = cells(text_of(&lines).as_bytes(), &request).expect("reads");
        assert_eq!(lines, again);
        assert_eq!(again.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 5, 7]);
    }

    #[test]
    fn lines_that_a_spreadsheet_has_spoilt_name_the_cell() {
        let table = read("code,name,note\n1-Mar,甲,\nC-2,#N/A,x\nC-3,丙,6.22202E+18\nC-4,丁,3月1日\n".as_bytes());
        let table = table.expect("reads");
        let faults = table.rows.iter().flat_map(TableRow::faults);
        let faults: Vec<_> = faults
            .map(|fault| (fault.line, fault.column.as_str(), fault.fault.code()))
            .collect();
        let expected = [
            (2, "code", "sheet_day"),
            (3, "name", "sheet_formula"),
            (4, "note", "sheet_rounded"),
        ];
        assert_eq!(faults, expected);
        assert_eq!(table.rows[3].others().collect::<Vec<_>>(), [("note", "3月1日")]);
    }

    #[test]
    fn what_excel_writes_around_codes_is_no_part_of_them() {
        for text in [
            "sep=;\ncode;name\n=\"0012\";张三, 李四\n",
            "sep=|\r\ncode|name\r\n\"=\"\"0012\"\"\"|张三, 李四\r\n",
        ] {
            let table = read(text.as_bytes()).expect("reads");
            let row = table.rows.first().expect("a row");
            assert_eq!(
                (row.get("code"), row.get("name"), row.line),
                ("0012", "张三, 李四", 3),
                "{text}"
            );
        }
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
        assert!(matches!(read(b"code\n1,2\n"), Err(TableError::Cells { line: 2, .. })));
        assert!(matches!(read(b"code\n\xff\xff\xff"), Err(TableError::Encoding(_))));
        assert!(matches!(read(b"PK\x03\x04nothing"), Err(TableError::Workbook(_))));
        let open = read("code,name,kind\n1,甲,x\n2,\"乙,x\n3,丙,x\n".as_bytes());
        assert_eq!(open.err(), Some(TableError::OpenQuote { line: 3, column: 2 }));
    }
}
