//! The narrow way to a table that strangers send: its cells are read somewhere else, in a process that can be killed.
//!
//! `web` asks, `src` wires a worker process behind it that calls [`answer`], and neither knows the other.

use super::{Lines, TableError, TableLimits, TableMeasure, TableRequest, cells};
use std::{future::Future, pin::Pin};

pub type TableFuture<'a> = Pin<Box<dyn Future<Output = Result<Lines, TableError>> + Send + 'a>>;

pub trait TableReader: Send + Sync {
    /// The lines of a table, as [`cells`] gives them.
    fn lines(&self, bytes: Vec<u8>, request: TableRequest) -> TableFuture<'_>;
}

/// Bounds, and headers of the columns that must be there.
type TableQuestion = ([usize; 4], Vec<Vec<String>>);

/// What a worker answers: the lines, or the code of what is wrong with text and numbers.
type Answer = (Option<Lines>, Option<(String, String, u64, u64)>);

/// What the worker is told beside the bytes.
pub fn asked(request: &TableRequest) -> String {
    let TableLimits {
        bytes_max,
        rows_max,
        columns_max,
        cell_characters_max,
    } = request.limits;
    serde_json::json!([
        [bytes_max, rows_max, columns_max, cell_characters_max],
        request.required
    ])
    .to_string()
}

/// The work of the worker process.
pub fn answer(asked: &str, bytes: &[u8]) -> Vec<u8> {
    let asked = serde_json::from_str::<TableQuestion>(asked).map_err(|cause| TableError::Reader(cause.to_string()));
    let read = asked.and_then(|([bytes_max, rows_max, columns_max, cell_characters_max], required)| {
        let limits = TableLimits {
            bytes_max,
            rows_max,
            columns_max,
            cell_characters_max,
        };
        cells(bytes, &TableRequest { limits, required })
    });
    let answer: Answer = match read {
        Ok(lines) => (Some(lines), None),
        Err(error) => (None, Some(told(&error))),
    };
    serde_json::to_vec(&answer).unwrap_or_default()
}

/// What the worker has answered. It may be in the hands of whoever made the table, so it is believed to be a table and
/// nothing else.
///
/// # Errors
/// What is wrong with the table, and when this is no answer.
pub fn understood(answer: &[u8]) -> Result<Lines, TableError> {
    match serde_json::from_slice::<Answer>(answer) {
        Ok((Some(lines), _)) => Ok(lines),
        Ok((None, Some(told))) => Err(meant(told)),
        Ok((None, None)) => Err(TableError::Reader("it gave no answer".to_owned())),
        Err(cause) => Err(TableError::Reader(cause.to_string())),
    }
}

fn told(error: &TableError) -> (String, String, u64, u64) {
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let (text, first, second) = match error {
        TableError::Line { line, reason } => (reason.clone(), *line, 0),
        TableError::Encoding(at) => (String::new(), number(*at), 0),
        TableError::Workbook(reason) => (reason.clone(), 0, 0),
        TableError::HiddenSheet(name) => (name.clone(), 0, 0),
        TableError::OpenQuote { line, column } => (String::new(), *line, number(*column)),
        TableError::TooLarge { found, limit, .. } => (String::new(), number(*found), number(*limit)),
        other => (other.to_string(), 0, 0),
    };
    (error.code().to_owned(), text, first, second)
}

fn meant((code, text, first, second): (String, String, u64, u64)) -> TableError {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let too_large = |what| TableError::TooLarge {
        what,
        found: number(first),
        limit: number(second),
    };
    match code.as_str() {
        "line" => TableError::Line {
            line: first,
            reason: text,
        },
        "encoding" => TableError::Encoding(number(first)),
        "workbook" => TableError::Workbook(text),
        "hidden_sheet" => TableError::HiddenSheet(text),
        "open_quote" => TableError::OpenQuote {
            line: first,
            column: number(second),
        },
        "too_many_bytes" => too_large(TableMeasure::Bytes),
        "too_many_rows" => too_large(TableMeasure::Rows),
        "too_many_columns" => too_large(TableMeasure::Columns),
        "cell_too_long" => too_large(TableMeasure::CellCharacters),
        _ => TableError::Reader(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(bytes: &[u8], limits: &TableLimits) {
        let request = TableRequest::of(&[], *limits);
        assert_eq!(understood(&answer(&asked(&request), bytes)), cells(bytes, &request));
    }

    #[test]
    fn an_answer_is_what_the_parser_said() {
        let limits = TableLimits {
            rows_max: 2,
            ..TableLimits::default()
        };
        for bytes in [
            "code,name\nC-1,张三\n\nC-2,\"b\nb\"\n".as_bytes(),
            b"code\n\xff\xff\xff",
            b"code,name\nC-1,\"x\n",
            b"PK\x03\x04nothing",
            b"code\n1\n2\n3\n4\n",
        ] {
            there_and_back(bytes, &limits);
        }
        there_and_back(b"code\n", &TableLimits { bytes_max: 3, ..limits });
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for answer in [&b""[..], b"[]", b"[null,null]", b"{\"lines\":[]}", b"[[[\"x\"]],null]"] {
            assert!(matches!(understood(answer), Err(TableError::Reader(_))));
        }
    }
}
