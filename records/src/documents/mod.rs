//! Documents (件): what a customer would call one, from one or many scan files. A document belongs to one dossier or
//! waits in review; it is never guessed silently.

pub(crate) mod recorded;
mod review;
pub(crate) mod sql;

pub use review::ReviewItem;

use crate::{
    Asker, Moment, PartialDate, SecurityLevel,
    ids::{DocumentId, ProposalId},
    pages::{Area, NewPage, Page},
    places::OriginalPlace,
    privacy,
};
use vocabulary::detail::Detail;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentState {
    /// In a dossier.
    Filed,
    /// Stored and searchable, waits for a person to say whose it is.
    InReview,
    /// Hidden, with a reason; comes back when restored.
    Withdrawn,
}

impl DocumentState {
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentState::Filed => "filed",
            DocumentState::InReview => "in_review",
            DocumentState::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [DocumentState::Filed, DocumentState::InReview, DocumentState::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// 原件, 复印件, 与原件核对一致.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyState {
    Original,
    Copy,
    VerifiedCopy,
    Unknown,
}

impl CopyState {
    pub fn as_str(self) -> &'static str {
        match self {
            CopyState::Original => "original",
            CopyState::Copy => "copy",
            CopyState::VerifiedCopy => "verified_copy",
            CopyState::Unknown => "unknown",
        }
    }

    /// The stored words and the Chinese ones; empty means unknown.
    pub fn parse(text: &str) -> Option<Self> {
        match crate::fold::name(text).as_str() {
            "" | "unknown" | "未知" => Some(CopyState::Unknown),
            "original" | "原件" | "正本" | "yes" | "1" | "是" => Some(CopyState::Original),
            "copy" | "复印件" | "副本" | "no" | "0" | "否" => Some(CopyState::Copy),
            "verified_copy" | "与原件核对一致" | "核对一致" => Some(CopyState::VerifiedCopy),
            _ => None,
        }
    }
}

/// What made a link certain, or proposed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkBasis {
    /// A person confirmed or corrected it.
    Person,
    Manifest,
    CommandLine,
    CoverSheet,
    Folder,
    CustomerCode,
    AccountNumber,
    ContractNumber,
    PartyIdentifier,
    Name,
    Phone,
    None,
}

impl LinkBasis {
    pub const ALL: [LinkBasis; 12] = [
        LinkBasis::Person,
        LinkBasis::Manifest,
        LinkBasis::CommandLine,
        LinkBasis::CoverSheet,
        LinkBasis::Folder,
        LinkBasis::CustomerCode,
        LinkBasis::AccountNumber,
        LinkBasis::ContractNumber,
        LinkBasis::PartyIdentifier,
        LinkBasis::Name,
        LinkBasis::Phone,
        LinkBasis::None,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            LinkBasis::Person => "person",
            LinkBasis::Manifest => "manifest",
            LinkBasis::CommandLine => "command_line",
            LinkBasis::CoverSheet => "cover_sheet",
            LinkBasis::Folder => "folder",
            LinkBasis::CustomerCode => "customer_code",
            LinkBasis::AccountNumber => "account_number",
            LinkBasis::ContractNumber => "contract_number",
            LinkBasis::PartyIdentifier => "party_identifier",
            LinkBasis::Name => "name",
            LinkBasis::Phone => "phone",
            LinkBasis::None => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == text)
    }
}

/// Something read out of the text, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub page_number: u32,
    /// `credit_code`, `id_number`, `phone`, `customer_code`, `account_number`, `contract_number`, `name`, `date`, `amount`.
    pub kind: String,
    /// As it stands on the page.
    pub text: String,
    /// As it compares.
    pub value: String,
    pub area: Area,
    /// Positions in the page's text, in `char`s.
    pub char_start: u32,
    pub char_end: u32,
    /// Which rule found it: `gb32100`, `gb11643`, `pattern:account_number` ...
    pub rule: String,
    /// 0 to 1.
    pub confidence: f64,
}

impl Fact {
    /// The rule of a sum in words beside which another sum stands in digits: one of them was read or written wrong.
    pub const SUMS_DIFFER: &'static str = "amount:capital_differs";
}

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
        /// A reason code of DESIGN section 3.
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
    pub until: Until,
}

/// The end of a validity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Until {
    #[default]
    Unsaid,
    Date(PartialDate),
    /// 长期
    Unlimited,
}

impl Until {
    /// How "without end" is stored, so that it sorts after every date.
    pub const UNLIMITED: &'static str = "9999-12-31";

    /// As it is stored; empty when nothing is said.
    pub fn as_str(&self) -> &str {
        match self {
            Until::Unsaid => "",
            Until::Date(date) => date.as_str(),
            Until::Unlimited => Until::UNLIMITED,
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
    pub attributes: Vec<(String, String)>,
    pub pages: Vec<NewPage>,
    pub facts: Vec<Fact>,
    pub original: NewOriginal,
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
    pub link_basis: LinkBasis,
    pub link_detail: Option<Detail>,
    pub review_reason: String,
    pub department: String,
    pub site: String,
    pub sealed: bool,
    pub retention_class: String,
    pub valid_from: String,
    pub valid_until: String,
    pub attributes: Vec<(String, String)>,
    pub batch_id: String,
    pub batch_name: String,
    pub pages: Vec<Page>,
    pub scans: Vec<DocumentScan>,
    /// Personal numbers are masked unless the asker may see them.
    pub facts: Vec<Fact>,
}

/// A scan file that a document was made from.
#[derive(Debug, Clone)]
pub struct DocumentScan {
    pub sha256: String,
    pub bytes: i64,
    pub media_type: String,
    pub path: String,
}

/// What a person may change of a document.
#[derive(Debug, Clone)]
pub struct DocumentDraft {
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: PartialDate,
    pub pages_declared: Option<i64>,
    pub copy_state: CopyState,
    pub security_level: SecurityLevel,
    pub department: String,
}

/// A proposal of a customer with what speaks for it.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub id: ProposalId,
    pub customer_id: String,
    pub customer_code: String,
    pub customer_name: String,
    /// `open`, `confirmed`, `refused`
    pub state: String,
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
    /// The document or its dossier is sealed.
    pub sealed: bool,
    /// See [`OriginalPlace::place_uid`].
    pub place_uid: i64,
    pub original_state: String,
    pub created_at: Moment,
    pub pages: Vec<PageForIndex>,
}

#[derive(Debug, Clone)]
pub struct PageForIndex {
    pub uid: i64,
    pub number: u32,
    pub state: crate::pages::PageState,
    /// Why it asks for a look, if it does.
    pub reading: crate::pages::Reading,
    /// With what people have typed; empty for a page without text.
    pub layer: crate::pages::TextLayer,
}
