//! The JSON that scripts rely on (fields may be added, never renamed). Every shape is built from the record by
//! destructuring, so that a new field of the record asks for a decision, and the REST API and the command line print
//! the same one. Knows serde and the schema of OpenAPI; refuses to know HTTP, SQL and who may see what.

pub mod audit;
pub mod batches;
pub mod codes;
pub mod containers;
pub mod customers;
pub mod detail;
pub mod documents;
pub mod grants;
pub mod history;
pub mod holdings;
pub mod imports;
pub mod keeping;
pub mod lent;
pub mod list;
pub mod lists;
pub mod loans;
pub mod locations;
pub mod manifests;
pub mod maps;
pub mod meant;
pub mod pictures;
pub mod placements;
pub mod problems;
pub mod reading;
pub mod registers;
pub mod rereads;
pub mod review;
pub mod sealing;
pub mod search;
pub mod searches;
pub mod second;
pub mod settings;
pub mod stocktakes;
pub mod today;
pub mod uploads;
pub mod users;
pub mod verification;

use records::documents::DocumentRow;

/// One window of a list that was read with one row more than `limit`, and whether there are more.
pub fn window<R>(mut rows: Vec<R>, limit: usize) -> (Vec<R>, bool) {
    let goes_on = rows.len() > limit;
    rows.truncate(limit);
    (rows, goes_on)
}

/// The word for a document without paper.
pub const NO_ORIGINAL: &str = "none";

pub fn original_state(row: &DocumentRow) -> &'static str {
    row.place.state.map_or(NO_ORIGINAL, |state| state.as_str())
}
