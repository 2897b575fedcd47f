//! One document at the review desk: its pages with the evidence, its candidates with what tells namesakes apart, and
//! what else can be put right while it is decided.

use super::{Revealed, ReviewAddress, decide_url};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        images,
        who::Seat,
    },
    screens::{
        correcting::{Corrections, corrections_of},
        named::{NamedBox, named_box},
        parts::{self, PageMark, PageSheet, WhyLinked},
    },
    state::Web,
    text::Text,
};
use records::{
    audit::{AuditAction, AuditObject, EventDraft},
    customers::PersonalNumber,
    documents::{Document, Fact, LinkBasis, Proposal, ReviewItem},
    pages::Page,
};
use vocabulary::{
    Reason,
    detail::{Arg, Detail},
};

#[derive(Debug, Clone)]
pub struct Item {
    pub id: String,
    pub title: String,
    /// Title, kind, number and date as the record has them.
    pub own_title: String,
    pub own_kind: String,
    pub number: String,
    pub date: String,
    pub kind: String,
    pub path: String,
    pub reason: String,
    /// What the reason is about: a code, a line of the manifest.
    pub detail: String,
    pub document_url: String,
    pub decide_url: String,
    pub later_url: String,
    /// The form of the register, which comes back with the new customer chosen.
    pub new_customer_url: String,
    pub version: i64,
    pub sheets: Vec<PageSheet>,
    pub candidates: Vec<CandidateView>,
    /// What was typed into the field when the last attempt failed, or the customer that was just added.
    pub typed: String,
    pub named: NamedBox,
    pub corrections: Option<Corrections>,
}

#[derive(Debug, Clone)]
pub struct CandidateView {
    pub code: String,
    pub name: String,
    pub strength: String,
    pub reasons: Vec<WhyLinked>,
    /// What tells namesakes apart.
    pub address: String,
    pub numbers: Vec<ApartNumber>,
}

/// A number of a candidate.
#[derive(Debug, Clone)]
pub struct ApartNumber {
    pub label: String,
    pub value: String,
    /// What the form that shows it sends; `None` where it is not masked, or not for this person.
    pub hidden: Option<PersonalNumber>,
}

/// Candidates that have a key of their own.
const CANDIDATES_MAX: usize = 9;
/// Numbers of one candidate that are shown.
const NUMBERS_MAX: usize = 3;

pub(super) async fn item_of(
    web: &Web,
    seat: &Seat,
    item: ReviewItem,
    asked: &ReviewAddress,
    revealed: Option<&Revealed>,
) -> Result<Item> {
    let t = seat.t;
    let ReviewItem {
        document: row,
        reason,
        detail,
        proposals,
        facts: _,
    } = item;
    let document = web
        .archive
        .document(&seat.asker, row.id.as_str())
        .await?
        .ok_or(WebError::NotFound)?;
    web.archive
        .note_read(
            &seat.asker,
            EventDraft::new(AuditAction::DocumentViewed, AuditObject::Document, row.id.as_str()).detail("in=review"),
        )
        .await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let kind = services::kind_name(&kinds, &row.kind, t.lang()).to_owned();
    let id = &row.id;
    let (said, typed) = (asked.said.as_str(), asked.typed.as_str());
    let may_reveal = seat.asker.sees_personal_numbers();
    let reason_text = t.word("reason", &reason);
    Ok(Item {
        id: id.to_string(),
        title: parts::title_of(t, &row, &kind),
        own_title: row.title.clone(),
        number: row.number.clone(),
        date: row.date.clone(),
        own_kind: kind.clone(),
        kind: if kind.is_empty() { t.say("kind-unknown") } else { kind },
        path: document
            .scans
            .first()
            .map(|scan| parts::short_path(&scan.path.shown()).to_owned())
            .unwrap_or_default(),
        new_customer_url: address::with_query(
            "/customers/new",
            &[("review", id.as_str()), ("code", named_code(&reason, detail.as_ref()))],
        ),
        detail: parts::said(t, detail.as_ref()),
        reason: reason_text,
        document_url: address::document(id.as_str()),
        decide_url: decide_url(id),
        later_url: format!("/review?after={}", row.uid),
        version: row.version,
        sheets: sheets_of(&document, &proposals),
        candidates: proposals
            .into_iter()
            .take(CANDIDATES_MAX)
            .map(|proposal| candidate(t, proposal, may_reveal, revealed))
            .collect(),
        typed: asked.chosen.clone(),
        named: named_box(seat, &document, said, typed),
        corrections: corrections_of(web, seat, &document, said, typed).await?,
    })
}

/// The code that a list names and the register does not know.
fn named_code<'a>(reason: &str, detail: Option<&'a Detail>) -> &'a str {
    match detail.map(|detail| detail.args.as_slice()) {
        Some([Arg::Text(code), ..]) if reason == Reason::CustomerUnknown.as_str() => code,
        _ => "",
    }
}

fn sheets_of(document: &Document, proposals: &[Proposal]) -> Vec<PageSheet> {
    let id = &document.row.id;
    let sheet = |page: &Page| {
        let (image, srcset, small) = images::page_addresses(id, page);
        PageSheet {
            number: page.number,
            width: i64::from(page.width),
            height: i64::from(page.height),
            image,
            srcset,
            small,
            text_url: format!("{}/pages/{}/text", address::document(id.as_str()), page.number),
            marks: evidence_on(page.number, proposals),
            ..PageSheet::default()
        }
    };
    document.pages.iter().map(sheet).collect()
}

/// Boxes of the evidence on one page, named by the rank of the candidate they speak for.
fn evidence_on(page: u32, proposals: &[Proposal]) -> Vec<PageMark> {
    let ranked = proposals.iter().take(CANDIDATES_MAX).enumerate();
    ranked
        .flat_map(|(rank, proposal)| {
            let here = proposal.evidence.iter().filter(move |fact| fact.page_number == page);
            here.flat_map(move |fact| parts::marks(&(rank + 1).to_string(), &[fact.area]))
        })
        .collect()
}

fn candidate(t: Text, proposal: Proposal, may_reveal: bool, revealed: Option<&Revealed>) -> CandidateView {
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
    let mut reasons: Vec<_> = evidence.iter().map(|fact| reason_of(t, fact)).collect();
    if reasons.is_empty() {
        reasons.push(WhyLinked {
            text: t.word("linked", basis.as_str()),
            words: String::new(),
            page: 0,
        });
    }
    let revealed = revealed.filter(|seen| seen.customer_code == customer_code);
    CandidateView {
        address: customer_address,
        numbers: numbers_of(t, customer_numbers, may_reveal, revealed),
        code: customer_code,
        name: customer_name,
        strength: if basis == LinkBasis::None {
            String::new()
        } else {
            t.n("strength", (confidence * 100.0).round() as i64)
        },
        reasons,
    }
}

fn reason_of(t: Text, fact: &Fact) -> WhyLinked {
    WhyLinked {
        text: t.word("rule", fact.kind.as_str()),
        words: fact.text.clone(),
        page: fact.page_number,
    }
}

/// The numbers that tell namesakes apart; one that was asked for stands in clear.
fn numbers_of(
    t: Text,
    numbers: Vec<(PersonalNumber, String)>,
    may_reveal: bool,
    revealed: Option<&Revealed>,
) -> Vec<ApartNumber> {
    let shown = |(number, masked): (PersonalNumber, String)| {
        let clear = revealed.filter(|seen| seen.number == number);
        ApartNumber {
            label: t.word("fact", number.kind.as_str()),
            hidden: (may_reveal && clear.is_none() && masked.contains('*')).then_some(number),
            value: clear.map_or(masked, |seen| seen.value.clone()),
        }
    };
    numbers.into_iter().take(NUMBERS_MAX).map(shown).collect()
}
