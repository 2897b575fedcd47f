//! From the record to paper and to tables: labels, cover sheets, lists and reports as PDF, XLSX and CSV.
//!
//! This room draws what it is given. It reads no record, knows no rights and no language: callers pass what the
//! asker may see, and the words in the reader's language. It reads font files from the given folders and nothing
//! else; the same input gives the same bytes, because a file contains a time only where the caller passes one.
//!
//! Lengths are millimetres (`_mm`), sizes of letters are points (1/72 inch).

mod code128;
mod covers;
mod error;
mod fonts;
mod labels;
mod lists;
mod pen;
mod qr;
mod screen;
mod spreadsheet;
mod table;
mod table_pdf;
mod wrap;

pub use covers::{Cover, CoverWords, covers};
pub use error::{PrintError, Result};
pub use fonts::{FontLimits, Fonts, SYSTEM_FONT_FOLDERS, Typeface};
pub use labels::{LabelData, LabelSheet, location_labels};
pub use lists::{BatchWords, ItemListWords, batch_report, dossier_item_list};
pub use screen::qr_svg;
pub use spreadsheet::{csv, formula_safe, xlsx};
pub use table::{Cell, Column, ColumnKind, PrintLimits, PrintedTable};
pub use table_pdf::{PageSetup, table_pdf};
pub use vocabulary::check_character::{check_character, has_valid_check};
