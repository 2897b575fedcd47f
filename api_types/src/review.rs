//! What waits for a person to decide.

use crate::codes::{code, code_or_empty};
use crate::detail::{self, DetailCodeJson};
use crate::list::ListJson;
use records::documents::{Proposal, ReviewItem};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{FactKind, LinkBasis, Reason};

#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewItemJson {
    pub uid: i64,
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub version: i64,
    #[schema(schema_with = code_or_empty::<Reason>)]
    pub reason: String,
    pub detail: String,
    pub detail_code: Option<DetailCodeJson>,
    pub candidates: Vec<CandidateJson>,
}

/// How far the review has come, of what the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewProgressJson {
    pub waiting: i64,
    /// Documents that have waited and were decided.
    pub decided: i64,
}

/// A decision of the caller at the review desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionJson {
    /// RFC 3339 in UTC.
    pub at: String,
    pub document_id: String,
    pub title: String,
    pub number: String,
    /// Version of the document now.
    pub version: i64,
    pub before: DecidedJson,
    pub after: DecidedJson,
    /// Nothing was decided since, so that it can be taken back.
    pub can_be_undone: bool,
}

/// Where a document stood: `waiting`, with a `customer`, or with `nobody`.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedJson {
    #[schema(inline)]
    pub with: DecidedWith,
    /// Code of the customer; empty with the others.
    pub customer_code: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecidedWith {
    Waiting,
    Customer,
    Nobody,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateJson {
    pub customer_code: String,
    pub customer_name: String,
    /// What tells namesakes apart: the address, and the numbers of the customer, masked.
    pub address: String,
    pub numbers: Vec<String>,
    #[schema(schema_with = code::<LinkBasis>)]
    pub basis: String,
    pub confidence: f64,
    pub evidence: Vec<EvidenceJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceJson {
    pub page: u32,
    #[schema(schema_with = code::<FactKind>)]
    pub kind: String,
    pub text: String,
    pub rule: String,
    pub confidence: f64,
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

/// One window of the queue that was read with one item more than `limit`; `open` wait in all.
pub fn review(items: Vec<ReviewItem>, limit: usize, open: i64) -> ListJson<ReviewItemJson> {
    ListJson::window(items, limit, open, |item| item.document.uid.to_string(), review_item)
}

/// An item of the queue.
pub fn review_item(item: ReviewItem) -> ReviewItemJson {
    let ReviewItem {
        document,
        reason,
        detail: noted,
        proposals,
        facts: _,
    } = item;
    ReviewItemJson {
        uid: document.uid,
        document_id: document.id.to_string(),
        title: document.title,
        kind: document.kind,
        version: document.version,
        reason,
        detail: detail::text(noted.as_ref()),
        detail_code: detail::code(noted.as_ref()),
        candidates: proposals.into_iter().map(candidate).collect(),
    }
}

fn candidate(proposal: Proposal) -> CandidateJson {
    let Proposal {
        id: _,
        customer_id: _,
        customer_code,
        customer_name,
        customer_address,
        customer_numbers,
        state: _,
        basis,
        confidence,
        evidence,
    } = proposal;
    let evidence = evidence
        .into_iter()
        .map(|fact| EvidenceJson {
            page: fact.page_number,
            kind: fact.kind.as_str().to_owned(),
            text: fact.text,
            rule: fact.rule,
            confidence: fact.confidence,
            x: fact.area.x,
            y: fact.area.y,
            w: fact.area.w,
            h: fact.area.h,
        })
        .collect();
    CandidateJson {
        customer_code,
        customer_name,
        address: customer_address,
        numbers: customer_numbers.into_iter().map(|(_, masked)| masked).collect(),
        basis: basis.as_str().to_owned(),
        confidence,
        evidence,
    }
}
