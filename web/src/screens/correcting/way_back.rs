//! Where a form of a document leads when it is done: to the document, or to the review desk, which has the same forms.

use crate::http::{address, error::Result, who::Fields};
use records::ids::DocumentId;

/// The view that a form was sent from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayBack {
    Document,
    Review,
}

impl WayBack {
    /// How forms name the review desk.
    pub const REVIEW: &str = "review";

    /// What the form says of where it stands.
    ///
    /// # Errors
    /// When the form cannot be read.
    pub fn read(fields: &mut Fields) -> Result<Self> {
        Ok(match fields.maybe("back")?.as_deref() {
            Some(Self::REVIEW) => Self::Review,
            _ => Self::Document,
        })
    }

    pub fn as_str(self) -> &'static str {
        match self {
            WayBack::Document => "",
            WayBack::Review => Self::REVIEW,
        }
    }

    /// The view of this document, with what is said there and what was typed.
    pub fn address(self, id: &DocumentId, said: &str, typed: &str) -> String {
        match self {
            WayBack::Document => {
                address::with_query(&address::document(id.as_str()), &[("said", said), ("typed", typed)])
            }
            WayBack::Review => address::with_query("/review", &[("at", id.as_str()), ("said", said), ("typed", typed)]),
        }
    }
}
