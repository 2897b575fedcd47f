//! Tables that a browser or a program sends: bounds, and what of them is read here.
//!
//! This process reads text only (CSV or TSV, UTF-8 or GB18030, up to [`crate::WebLimits::table_bytes_max`]): it is split
//! at separators and line ends, in memory no larger than itself. A workbook is an archive of XML that can unfold to any
//! size, so it is for the command line.

use crate::{
    config::WebLimits,
    http::error::{Result, WebError},
};
use records::tables::{self, ColumnRule, Table, TableLimits};

/// Bytes of a request with a table in it; the table itself is measured when it is read.
pub const BODY_BYTES_MAX: usize = 16 << 20;

/// Reads a table as it was sent.
///
/// # Errors
/// When it is too large, a workbook, or no table of these columns.
pub fn read(limits: &WebLimits, bytes: &[u8], columns: &[ColumnRule]) -> Result<Table> {
    if bytes.len() > limits.table_bytes_max {
        return Err(WebError::TooLarge {
            limit: limits.table_bytes_max,
        });
    }
    if is_workbook(bytes) {
        return Err(WebError::invalid(
            "table",
            "a workbook is not read here; save it as CSV, or use `dossier customers import` or `dossier locations import`",
        ));
    }
    let limits = TableLimits {
        bytes_max: limits.table_bytes_max,
        rows_max: limits.table_rows_max,
        ..TableLimits::default()
    };
    tables::read(bytes, columns, &limits).map_err(|cause| WebError::invalid("table", cause.to_string()))
}

/// XLSX is a ZIP file, XLS a compound file.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}
