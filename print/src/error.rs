//! What can go wrong on the way to paper, each with a stable code and a next step.

pub type Result<T, E = PrintError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A glyph that no font has would come out as an empty box, so nothing is drawn.
    #[error("no font at hand can draw {characters}; {remedy}, then print again")]
    MissingGlyphs { characters: String, remedy: String },
    #[error("{what} `{code}` does not fit: {reason}")]
    DoesNotFit {
        what: &'static str,
        code: String,
        reason: String,
    },
    #[error("the sheet of labels is not usable: {0}")]
    UnusableSheet(String),
    #[error("there is nothing to print: no {0} were chosen")]
    Nothing(&'static str),
    #[error("{count} {what} are too many for one file ({max} at most); choose a part of them")]
    TooMany {
        what: &'static str,
        count: usize,
        max: usize,
    },
    #[error("the PDF could not be written: {0}; report this with what was printed")]
    Pdf(String),
    #[error("the spreadsheet could not be written: {0}; the same table as CSV may work")]
    Spreadsheet(#[from] rust_xlsxwriter::XlsxError),
}

impl PrintError {
    /// A stable word for programs; the text is for people.
    pub fn code(&self) -> &'static str {
        match self {
            PrintError::MissingGlyphs { .. } => "missing_glyphs",
            PrintError::DoesNotFit { .. } => "does_not_fit",
            PrintError::UnusableSheet(_) => "unusable_sheet",
            PrintError::Nothing(_) => "nothing_to_print",
            PrintError::TooMany { .. } => "too_many_to_print",
            PrintError::Pdf(_) => "pdf_failed",
            PrintError::Spreadsheet(_) => "spreadsheet_failed",
        }
    }
}
