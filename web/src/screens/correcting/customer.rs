//! Whose a filed document is, corrected where it is shown: candidates, the field "another customer", and what the last
//! attempt came to.

use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    state::Web,
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    Error, Thing,
    documents::{Document, DocumentState, LinkBasis, Proposal},
    ids::DocumentId,
};

/// The form that moves a filed document to another dossier.
#[derive(Debug, Clone)]
pub struct Relink {
    pub url: String,
    /// Where "belongs to nobody" is sent to; empty where that is already so.
    pub nobody_url: String,
    pub version: i64,
    /// Customers that its pages speak for, besides the present one.
    pub candidates: Vec<RelinkCandidate>,
    pub fault: String,
    /// What was typed when the last attempt failed.
    pub typed: String,
}

#[derive(Debug, Clone)]
pub struct RelinkCandidate {
    pub code: String,
    pub name: String,
    /// What on its pages speaks for this customer.
    pub why: String,
}

/// `None` for those who may not, and for a document that waits in review, where it is decided.
pub fn relink(t: Text, document: &Document, proposals: Vec<Proposal>, said: &str, typed: &str) -> Option<Relink> {
    if document.row.state != DocumentState::Filed {
        return None;
    }
    let others = proposals
        .into_iter()
        .filter(|proposal| proposal.customer_code != document.row.customer_code);
    Some(Relink {
        url: format!("{}/customer", address::document(document.row.id.as_str())),
        nobody_url: match document.row.link_basis {
            LinkBasis::Nobody => String::new(),
            _ => format!("/review/{}/nobody", address::encode(document.row.id.as_str())),
        },
        version: document.row.version,
        candidates: others.map(|proposal| candidate(t, proposal)).collect(),
        fault: match said {
            "customer-unknown" => t.with("review-no-such-customer", "code", typed),
            "changed" => t.say("review-changed"),
            _ => String::new(),
        },
        typed: if said == "customer-unknown" || said == "changed" {
            typed.to_owned()
        } else {
            String::new()
        },
    })
}

fn candidate(t: Text, proposal: Proposal) -> RelinkCandidate {
    let Proposal {
        customer_code,
        customer_name,
        basis,
        evidence,
        ..
    } = proposal;
    let reasons: Vec<String> = evidence
        .iter()
        .map(|fact| format!("{} {}", t.word("rule", fact.kind.as_str()), fact.text))
        .collect();
    RelinkCandidate {
        code: customer_code,
        name: customer_name,
        why: match reasons.is_empty() {
            true if basis == LinkBasis::None => String::new(),
            true => t.word("linked", basis.as_str()),
            false => reasons.join(&t.say("list-separator")),
        },
    }
}

/// The code of the customer that was meant, see [`services::meant::customer`]; what was typed where it means none.
pub async fn meant(web: &Web, seat: &Seat, typed: &str) -> Result<String> {
    let meant = services::meant::customer(&web.archive, Some(&web.finder), &seat.asker, typed, "correcting").await?;
    Ok(meant.unwrap_or_else(|| typed.to_owned()))
}

/// `POST /documents/{id}/customer`: the document belongs to this customer and not to that one.
pub async fn correct(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let (customer, version) = (fields.text("customer")?.trim().to_owned(), fields.text("version")?);
    fields.done()?;
    let version = version
        .parse()
        .map_err(|_| WebError::invalid("version", "is a number"))?;
    let code = meant(&web, &seat, &customer).await?;
    let (said, typed) = match web.archive.document_link(&seat.asker, &id, version, &code).await {
        Ok(_) => {
            web.wrote(&seat.asker).await?;
            ("relinked", "")
        }
        Err(Error::Absent {
            what: Thing::Customer, ..
        }) => ("customer-unknown", customer.as_str()),
        Err(Error::Conflict { .. }) => ("changed", customer.as_str()),
        Err(cause) => return Err(cause.into()),
    };
    let own = address::document(id.as_str());
    Ok(Redirect::to(&address::with_query(
        &own,
        &[("said", said), ("typed", typed)],
    )))
}
