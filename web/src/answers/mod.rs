//! The shapes that scripts rely on (DESIGN section 5), made for whoever asks: the REST API and the command line call
//! the same functions, so that they can never differ. Fields may be added, never renamed.

mod batch;
mod checked;
mod customer;
mod document;
mod place;
mod reread;
mod search;

pub use batch::{BatchJson, IngestItemJson, IngestJson, batch, ingest_item, ingest_report, report};
pub use checked::{ProblemJson, VerifyJson, verified};
pub use customer::{CustomerJson, CustomerRowJson, DossierDocumentJson, PairJson, PartyJson, customer, customer_row};
pub use document::{ImageJson, LineJson, PageJson, ScanJson, ShowJson, page_json, show};
pub use place::{ItemJson, LocateJson, Located, StepJson, locate};
pub use reread::{RereadFailureJson, RereadJson, reread};
pub use search::{
    BoxJson, FacetJson, FacetsJson, FoundDocument, FoundPage, HitJson, SORTINGS, SearchJson, found, search, sorting,
};

use records::{documents::DocumentRow, kinds::Kinds};

/// The word for a document without paper.
pub const NO_ORIGINAL: &str = "none";

pub fn original_state(row: &DocumentRow) -> &'static str {
    row.place.state.map_or(NO_ORIGINAL, |state| state.as_str())
}

/// The name of a kind on a screen, or of an unknown one nothing.
pub fn kind_name<'a>(kinds: &'a Kinds, code: &'a str, language: &str) -> &'a str {
    if code.is_empty() {
        ""
    } else {
        kinds.name(code, language)
    }
}
