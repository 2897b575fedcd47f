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

#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateJson {
    pub customer_code: String,
    pub customer_name: String,
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
        basis: basis.as_str().to_owned(),
        confidence,
        evidence,
    }
}
