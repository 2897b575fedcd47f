//! Documents (件): what a customer would call one, from one or many scan files. A document belongs to one dossier or
//! waits in review; it is never guessed silently.

mod announced;
mod deposit;
mod described;
mod evidence;
mod fields;
mod named;
mod proposal_states;
pub(crate) mod recorded;
mod review;
pub(crate) mod sql;
mod states;
mod withdrawal;

pub use crate::pages::Fact;
pub use announced::{Announced, AnnouncedCustomer, AnnouncedPlace, Announcement};
pub use deposit::{Deposit, Deposited, KnownScan, NewScan};
pub use described::Described;
pub use fields::{DocumentField, Particulars};
pub use named::{NAMED_MAX, NamedCustomer};
pub use review::ReviewItem;
pub use vocabulary::{CopyState, Counterpart, DocumentState, FactKind, LinkBasis, Medium, ProposalState};
pub use withdrawal::WithdrawnRow;

use crate::{
    Asker, Moment, PartialDate, Result, SecurityLevel,
    batches::RawPath,
    customers::PersonalNumber,
    ids::{DocumentId, ProposalId},
    pages::{NewPage, Page},
    places::{OriginalPlace, OriginalState},
    privacy,
};
use vocabulary::detail::Detail;

/// Whose a new document is.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    Certain {
        customer_uid: i64,
        basis: LinkBasis,
        /// What it rests on: the manifest line, the folder, the number found.
        detail: Detail,
    },
    Review {
        /// A code of `vocabulary::Reason`.
        reason: String,
        detail: Detail,
        candidates: Vec<Candidate>,
    },
}

/// A customer that a document may belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub customer_uid: i64,
    pub basis: LinkBasis,
    pub confidence: f64,
    /// Which of the document's facts speak for it.
    pub evidence: Vec<usize>,
}

/// What ingest knows of the paper behind a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewOriginal {
    /// There is paper; without a location it is to be shelved.
    Paper { location_uid: Option<i64> },
    /// Born digital, nothing to shelve.
    None,
}

/// From when until when a paper holds, as it states itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validity {
    pub from: PartialDate,
    pub until: ValidityEnd,
}

/// The end of a validity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ValidityEnd {
    #[default]
    Unsaid,
    Date(PartialDate),
    /// 长期
    Unlimited,
}

impl ValidityEnd {
    /// A stored end.
    ///
    /// # Errors
    /// When it is no date.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "" => Ok(ValidityEnd::Unsaid),
            ValidityEnd::UNLIMITED => Ok(ValidityEnd::Unlimited),
            date => Ok(ValidityEnd::Date(PartialDate::parse(date)?)),
        }
    }

    /// How "without end" is stored, so that it sorts after every date.
    pub const UNLIMITED: &'static str = "9999-12-31";

    /// As it is stored; empty when nothing is said.
    pub fn as_str(&self) -> &str {
        match self {
            ValidityEnd::Unsaid => "",
            ValidityEnd::Date(date) => date.as_str(),
            ValidityEnd::Unlimited => ValidityEnd::UNLIMITED,
        }
    }
}

/// A document as ingest hands it over.
#[derive(Debug, Clone)]
pub struct NewDocument {
    pub link: Link,
    /// Code of a document kind; empty when unknown.
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: PartialDate,
    pub validity: Validity,
    pub pages_declared: Option<i64>,
    pub copy_state: CopyState,
    pub security_level: SecurityLevel,
    pub department: String,
    pub site: String,
    pub particulars: Particulars,
    pub attributes: Vec<(String, String)>,
    pub pages: Vec<NewPage>,
    pub facts: Vec<Fact>,
    pub original: NewOriginal,
    /// Words of the fields that people stated of it; the others were read.
    pub stated: String,
    /// The digest of what was announced of it; empty where nothing was.
    pub announced: String,
}

/// A document in a list.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    pub uid: i64,
    pub id: DocumentId,
    pub state: DocumentState,
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub customer_uid: i64,
    pub customer_code: String,
    pub customer_name: String,
    pub dossier_no: String,
    pub pages_scanned: i64,
    pub pages_declared: Option<i64>,
    pub copy_state: CopyState,
    pub security_level: SecurityLevel,
    pub created_at: Moment,
    pub version: i64,
    /// Why it is this customer's, or nobody's.
    pub link_basis: LinkBasis,
    pub place: OriginalPlace,
}

impl DocumentRow {
    /// What a list shows this asker: personal numbers in title and number are masked unless the asker may see them.
    pub(crate) fn shown_to(mut self, asker: &Asker) -> Self {
        self.title = privacy::shown_text(asker, self.title);
        self.number = privacy::shown_text(asker, self.number);
        self
    }
}

/// Everything its own view shows of a document, besides the text of its pages.
#[derive(Debug, Clone)]
pub struct Document {
    pub row: DocumentRow,
    pub link_detail: Option<Detail>,
    pub review_reason: String,
    pub department: String,
    pub site: String,
    pub sealed: bool,
    /// The asker sees it by a grant alone.
    pub by_grant: bool,
    pub validity: Validity,
    pub particulars: Particulars,
    /// Further customers that it names.
    pub named: Vec<NamedCustomer>,
    pub attributes: Vec<(String, String)>,
    pub batch_id: String,
    pub batch_name: String,
    pub pages: Vec<Page>,
    pub scans: Vec<DocumentScan>,
    /// Personal numbers are masked unless the asker may see them.
    pub facts: Vec<Fact>,
    /// Those in whose files it came.
    pub came_in: Vec<Enclosure>,
    /// Those that came in its own.
    pub brings: Vec<Enclosure>,
}

/// A document in whose file another came, or that came in the file of another.
#[derive(Debug, Clone)]
pub struct Enclosure {
    pub id: DocumentId,
    /// Personal numbers are masked unless the asker may see them.
    pub title: String,
    pub number: String,
    pub kind: String,
}

/// A scan file that a document was made from.
#[derive(Debug, Clone)]
pub struct DocumentScan {
    pub sha256: String,
    pub bytes: i64,
    pub media_type: String,
    pub path: RawPath,
}

/// What a person may change of a document; see [`DocumentField`].
#[derive(Debug, Clone)]
pub struct DocumentDraft {
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: PartialDate,
    pub validity: Validity,
    pub pages_declared: Option<i64>,
    pub copy_state: CopyState,
    pub security_level: SecurityLevel,
    pub department: String,
    pub site: String,
    pub particulars: Particulars,
    /// Fields that the archive has added itself, in their order.
    pub attributes: Vec<(String, String)>,
    /// Why it is changed, for the history; may be empty.
    pub why: String,
}

impl Document {
    /// What stands in the record, as a draft to change.
    ///
    /// # Errors
    /// When its date is none, which the record never holds.
    pub fn draft(&self) -> Result<DocumentDraft> {
        let row = &self.row;
        Ok(DocumentDraft {
            kind: row.kind.clone(),
            title: row.title.clone(),
            number: row.number.clone(),
            date: PartialDate::parse(&row.date)?,
            validity: self.validity.clone(),
            pages_declared: row.pages_declared,
            copy_state: row.copy_state,
            security_level: row.security_level,
            department: self.department.clone(),
            site: self.site.clone(),
            particulars: self.particulars.clone(),
            attributes: self.attributes.clone(),
            why: String::new(),
        })
    }
}

/// A proposal of a customer with what speaks for it.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub id: ProposalId,
    pub customer_id: String,
    pub customer_code: String,
    pub customer_name: String,
    /// What tells namesakes apart: the address, and the numbers of the present holder, masked for everybody.
    pub customer_address: String,
    pub customer_numbers: Vec<(PersonalNumber, String)>,
    pub state: ProposalState,
    pub basis: LinkBasis,
    pub confidence: f64,
    pub evidence: Vec<Fact>,
}

/// What the page index keeps of a document.
#[derive(Debug, Clone)]
pub struct DocumentForIndex {
    pub uid: i64,
    pub id: String,
    pub state: DocumentState,
    /// 0 while in review.
    pub customer_uid: i64,
    pub dossier_uid: i64,
    pub kind: String,
    pub title: String,
    pub number: String,
    /// `20240513`, zeros for what is unknown; empty without a date.
    pub date_key: String,
    /// The higher one of document and dossier.
    pub security_level: SecurityLevel,
    pub department: String,
    pub site: String,
    pub copy_state: CopyState,
    pub particulars: Particulars,
    /// Further customers that it names.
    pub also_names: Vec<i64>,
    /// The document or its dossier is sealed.
    pub sealed: bool,
    /// See [`OriginalPlace::place_uid`].
    pub place_uid: i64,
    /// Empty when the document has no paper.
    pub original_state: Option<OriginalState>,
    pub created_at: Moment,
    pub pages: Vec<PageForIndex>,
}

#[derive(Debug, Clone)]
pub struct PageForIndex {
    pub uid: i64,
    pub number: u32,
    pub state: crate::pages::PageState,
    /// Why the page is to be checked, if it is.
    pub reading: crate::pages::Reading,
    /// With corrections; empty for a page without text.
    pub layer: crate::pages::TextLayer,
}
