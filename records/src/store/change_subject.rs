//! What a row of the change log is about.

/// What a change-log row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeSubject {
    /// A document with its pages, text, link and place.
    Document,
    /// A customer with its codes, parties and dossier.
    Customer,
    /// A location or container whose own facts changed; moving a box touches no document.
    Place,
}

impl ChangeSubject {
    pub const ALL: [ChangeSubject; 3] = [ChangeSubject::Document, ChangeSubject::Customer, ChangeSubject::Place];

    pub fn as_str(self) -> &'static str {
        match self {
            ChangeSubject::Document => "document",
            ChangeSubject::Customer => "customer",
            ChangeSubject::Place => "place",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.as_str() == text)
    }
}
