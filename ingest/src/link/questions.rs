//! Questions that send a document to a person although its customer is certain.

use super::{FactOwners, reason};
use crate::manifest::KnownFacts;
use records::documents::{Announced, Candidate, Fact, Link, LinkBasis};
use vocabulary::detail::Detail;
use vocabulary::{Reason, StatedField};

/// A link that a person must settle because something else was said of the document made from the same bytes. A question
/// that the delivery raises by itself comes first.
pub fn contradicted(link: Link, differences: Detail, other_customer: bool) -> Link {
    match link {
        Link::Review {
            reason,
            detail,
            candidates,
        } if reason != reason::CUSTOMER_MISSING => Link::Review {
            reason,
            detail: if detail == differences {
                detail
            } else {
                detail.and(Some(differences))
            },
            candidates,
        },
        link => Link::Review {
            reason: match other_customer {
                true => reason::SAME_SCAN_OTHER_CUSTOMER.to_owned(),
                false => Reason::AnnouncedOtherwise.as_str().to_owned(),
            },
            detail: differences,
            candidates: candidates_of(link),
        },
    }
}

/// The document waits for a person with this question, its customer as the proposal. A question that it waits with
/// already comes first.
pub fn in_question(link: Link, why: &str, what: Detail) -> Link {
    match link {
        Link::Certain { .. } => Link::Review {
            reason: why.to_owned(),
            detail: what,
            candidates: candidates_of(link),
        },
        Link::Review {
            reason,
            detail,
            candidates,
        } => Link::Review {
            reason,
            detail: detail.and(Some(what)),
            candidates,
        },
    }
}

/// The facts that speak for a customer that was certain before a question was asked.
pub fn with_evidence(link: Link, facts: &[Fact], found: &FactOwners) -> Link {
    let Link::Review {
        reason,
        detail,
        mut candidates,
    } = link
    else {
        return link;
    };
    for candidate in candidates.iter_mut().filter(|candidate| candidate.evidence.is_empty()) {
        for (at, fact) in facts.iter().enumerate() {
            let owners = found.customers.get(at).map_or(&[][..], Vec::as_slice);
            let says_the_same = |known: &usize| facts[*known].kind == fact.kind && facts[*known].value == fact.value;
            if owners.iter().any(|owner| owner.uid == candidate.customer_uid)
                && !candidate.evidence.iter().any(says_the_same)
            {
                candidate.evidence.push(at);
            }
        }
    }
    Link::Review {
        reason,
        detail,
        candidates,
    }
}

/// Where lists say different things of a document, a person decides.
pub fn asked_of_lists(link: Link, known: &KnownFacts) -> Link {
    let why = Reason::AnnouncedOtherwise.as_str();
    // Whose it is, linking asks by itself where the codes are not of one customer.
    let asked = known
        .contradictions
        .iter()
        .filter(|said| said.field != StatedField::Customer);
    asked.fold(link, |link, said| in_question(link, why, said.detail.clone()))
}

/// What lists announce of bytes that are there already: where they contradict each other nothing of it is taken before a
/// person has decided. What was said before in the same way is no question any more.
pub fn contradicted_by_lists(announced: Announced, known: &KnownFacts) -> Announced {
    let asked = known
        .contradictions
        .iter()
        .filter(|said| said.field != StatedField::Customer);
    let mut asked: Vec<Detail> = asked.map(|said| said.detail.clone()).collect();
    match announced {
        _ if asked.is_empty() => announced,
        Announced::Fits { filled, noted } if filled.is_empty() && noted.is_empty() => Announced::Fits { filled, noted },
        Announced::Fits { .. } => Announced::Differs {
            document_id: String::new(),
            customer_code: String::new(),
            differences: asked,
            other_customer: false,
        },
        Announced::Differs {
            document_id,
            customer_code,
            differences,
            other_customer,
        } => {
            asked.splice(0..0, differences);
            Announced::Differs {
                document_id,
                customer_code,
                differences: asked,
                other_customer,
            }
        }
    }
}

fn candidates_of(link: Link) -> Vec<Candidate> {
    match link {
        Link::Certain {
            customer_uid, basis, ..
        } => {
            vec![Candidate {
                customer_uid,
                basis,
                confidence: certainty(basis),
                evidence: Vec::new(),
            }]
        }
        Link::Review { candidates, .. } => candidates,
    }
}

fn certainty(basis: LinkBasis) -> f64 {
    if basis <= LinkBasis::CommandLine { 1.0 } else { 0.95 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::detail::DetailCode;

    #[test]
    fn a_question_keeps_the_customer_as_proposal() {
        let certain = Link::Certain {
            customer_uid: 7,
            basis: LinkBasis::Manifest,
            detail: DetailCode::NamedOnCommandLine.alone(),
        };
        let what = DetailCode::LocationUnknown.with("K9");
        let asked = in_question(certain, reason::LOCATION_UNKNOWN, what);
        let Link::Review { reason, candidates, .. } =
            in_question(asked, reason::COVER_SHEET, DetailCode::NoPages.alone())
        else {
            panic!("it must wait for a person");
        };
        assert_eq!((reason.as_str(), candidates[0].customer_uid), ("location_unknown", 7));
    }
}
