//! A table written to a file; the ending of its name says in which form.

use crate::{language::said, problem::misused, settings::Settings};
use anyhow::{Context, Result};
use print::{Fonts, PageSetup, PrintedTable, table_pdf};
use std::path::Path;
use vocabulary::Language;

/// Writes CSV, XLSX, or PDF across the page.
pub fn write(settings: &Settings, table: &PrintedTable, file: &Path) -> Result<()> {
    let setup = PageSetup {
        landscape: true,
        page_of: "{page} / {pages}".to_owned(),
    };
    let bytes = match file.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => print::csv(table),
        Some("xlsx") => print::xlsx(table)?,
        Some("pdf") => table_pdf(table, &setup, &Fonts::in_folders(&settings.fonts))?,
        _ => return Err(no_ending(file)),
    };
    std::fs::write(file, bytes).with_context(|| said!("{} cannot be written", "{} 写不了", file.display()))
}

/// A name that does not say which kind of file it is.
pub fn no_ending(file: &Path) -> anyhow::Error {
    let file = file.display();
    misused(
        said!(
            "the name of {file} does not say which kind of file it is",
            "文件名 {file} 没有说明格式"
        ),
        said!("end it in .csv, .xlsx or .pdf", "请以 .csv、.xlsx 或 .pdf 结尾"),
    )
}

/// The language of a file, as an option says it.
pub fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| said!("write zh-CN or en", "请写 zh-CN 或 en"))
}
