//! Whose a document is: certain or proposed, never guessed.
//!
//! Statements of people come first (manifest, cover sheet, command line, folder), then numbers on the paper
//! (customer code, 户号, contract number), then a party identifier that leads to exactly one open
//! customer. Names and phones only propose. Two matching customers are proposals. Numbers of the
//! archive's own organisation are no evidence.
//!
//! [`look_up`] asks the record, [`decide`] is pure.

mod evidence;
mod questions;
mod registered;
mod statements;

pub use questions::{asked_of_lists, contradicted, contradicted_by_lists, in_question, with_evidence};
pub use registered::NameRegister;
pub use statements::{FactOwners, Statements, look_up, statements};

use evidence::Evidence;
use records::customers::CustomerKey;
use records::documents::{Candidate, Fact, Link, LinkBasis};
use records::fold;
use std::collections::BTreeMap;
use vocabulary::detail::{Detail, DetailCode};

/// Reasons that a person has to settle.
pub mod reason {
    use vocabulary::Reason;

    /// Somebody is named whom the archive does not know.
    pub const CUSTOMER_UNKNOWN: &str = Reason::CustomerUnknown.as_str();
    /// Several customers fit.
    pub const CUSTOMER_AMBIGUOUS: &str = Reason::CustomerAmbiguous.as_str();
    /// No certain customer.
    pub const CUSTOMER_MISSING: &str = Reason::CustomerMissing.as_str();
    pub const LOCATION_UNKNOWN: &str = Reason::LocationUnknown.as_str();
    pub const LOCATION_RETIRED: &str = Reason::LocationRetired.as_str();
    /// A cover sheet says what the archive does not know, or what the list contradicts.
    pub const COVER_SHEET: &str = Reason::CoverSheet.as_str();
    /// What it says is not on its pages.
    pub const PAGES_ELSEWHERE: &str = Reason::PagesElsewhere.as_str();
    pub const SAME_SCAN_OTHER_CUSTOMER: &str = Reason::SameScanOtherCustomer.as_str();
}

/// Decides whose a document is.
pub fn decide(statements: &Statements, facts: &[Fact], found: &FactOwners) -> Link {
    if let Some(link) = by_manifest(statements, facts, found) {
        return link;
    }
    if let Some(link) = by_sheet(statements, facts, found) {
        return link;
    }
    if let Some(customer) = &statements.command_line {
        return certain(customer, LinkBasis::CommandLine, DetailCode::NamedOnCommandLine.alone());
    }
    if let Some((name, customer)) = &statements.folder
        && customer.status.is_open()
    {
        return certain(
            customer,
            LinkBasis::Folder,
            DetailCode::NamedByFolder.with(name.as_str()),
        );
    }
    by_content(statements, facts, found)
}

/// The customers that the statements or numbers name for certain; used to tell whether a scan that
/// is known already is now said to be somebody else's.
pub fn stated_customer(statements: &Statements) -> Option<&CustomerKey> {
    match statements.manifest.as_slice() {
        [(_, customer)] => customer.as_ref(),
        [] => None,
        _ => None,
    }
}

fn by_manifest(statements: &Statements, facts: &[Fact], found: &FactOwners) -> Option<Link> {
    match statements.manifest.as_slice() {
        [] => None,
        [(code, Some(customer))] => {
            if let Some((said, other)) = statements.other_sheet(customer) {
                return Some(between_list_and_sheet(code, customer, said, other));
            }
            let detail = in_manifest(DetailCode::NamedByManifest, statements, code);
            Some(certain(customer, LinkBasis::Manifest, detail))
        }
        [(code, None)] => {
            let detail = in_manifest(DetailCode::CustomerUnknownInManifest, statements, code);
            let candidates = proposals(statements, facts, found);
            Some(Link::Review {
                reason: reason::CUSTOMER_UNKNOWN.to_owned(),
                detail,
                candidates,
            })
        }
        several => {
            let codes: Vec<&str> = several.iter().map(|(code, _)| code.as_str()).collect();
            let detail = DetailCode::SeveralCustomersInManifest.with(codes.join(", "));
            let mut candidates: Vec<Candidate> = several
                .iter()
                .filter_map(|(_, customer)| customer.as_ref())
                .map(|customer| candidate(customer, LinkBasis::Manifest, 0.9, Vec::new()))
                .collect();
            for other in proposals(statements, facts, found) {
                if !candidates.iter().any(|known| known.customer_uid == other.customer_uid) {
                    candidates.push(other);
                }
            }
            Some(Link::Review {
                reason: reason::CUSTOMER_AMBIGUOUS.to_owned(),
                detail,
                candidates,
            })
        }
    }
}

/// By what a cover sheet says; what it names must be known and one customer.
fn by_sheet(statements: &Statements, facts: &[Fact], found: &FactOwners) -> Option<Link> {
    let (first, customer) = statements.sheet.first()?;
    let unknown = statements.sheet.iter().find(|(_, customer)| customer.is_none());
    if let Some((content, _)) = unknown {
        return Some(Link::Review {
            reason: reason::CUSTOMER_UNKNOWN.to_owned(),
            detail: DetailCode::CustomerUnknownOnSheet.with(content.as_str()),
            candidates: proposals(statements, facts, found),
        });
    }
    let customer = customer.as_ref()?;
    let Some((other, named)) = statements.other_sheet(customer) else {
        let detail = DetailCode::NamedBySheet.with(first.as_str());
        return Some(certain(customer, LinkBasis::CoverSheet, detail));
    };
    Some(Link::Review {
        reason: reason::CUSTOMER_AMBIGUOUS.to_owned(),
        detail: DetailCode::SheetNamesTwo.with(first.as_str()).with(other),
        candidates: both(customer, named),
    })
}

/// The list names one customer and the cover sheet another.
fn between_list_and_sheet(code: &str, customer: &CustomerKey, said: &str, other: &CustomerKey) -> Link {
    Link::Review {
        reason: reason::CUSTOMER_AMBIGUOUS.to_owned(),
        detail: DetailCode::SheetContradictsList.with(said).with(code),
        candidates: both(customer, other),
    }
}

fn both(first: &CustomerKey, second: &CustomerKey) -> Vec<Candidate> {
    let of = |customer, basis| candidate(customer, basis, 0.9, Vec::new());
    vec![of(first, LinkBasis::Manifest), of(second, LinkBasis::CoverSheet)]
}

fn by_content(statements: &Statements, facts: &[Fact], found: &FactOwners) -> Link {
    let evidence = Evidence::of(facts, found);
    let only = |customers: &BTreeMap<i64, (CustomerKey, usize)>| match customers.len() {
        1 => customers.values().next().cloned(),
        _ => None,
    };
    // A number of the archive decides between the customers of one person; without one, a party
    // identifier does when it leads to one customer only.
    let chosen = match evidence.by_number.len() {
        0 => only(&evidence.by_identifier),
        _ => only(&evidence.by_number),
    };
    if let Some((customer, fact)) = chosen
        && !evidence.contradicts(customer.uid)
    {
        let fact = &facts[fact];
        return certain(
            &customer,
            Candidate::basis_of(fact.kind),
            on_page(DetailCode::NumberOnPage, fact),
        );
    }
    let candidates = proposals(statements, facts, found);
    let (reason, detail) = match candidates.len() {
        0 => match evidence.unknown {
            Some(at) => (
                reason::CUSTOMER_UNKNOWN,
                on_page(DetailCode::NumberOfNobody, &facts[at]),
            ),
            None => (reason::CUSTOMER_MISSING, DetailCode::NothingSaysWhose.alone()),
        },
        1 => (reason::CUSTOMER_MISSING, DetailCode::OneMayFit.alone()),
        n => (reason::CUSTOMER_AMBIGUOUS, DetailCode::CustomersFit.with(n)),
    };
    Link::Review {
        reason: reason.to_owned(),
        detail,
        candidates,
    }
}

/// Every customer with any evidence, best first, with the facts.
pub fn proposals(statements: &Statements, facts: &[Fact], found: &FactOwners) -> Vec<Candidate> {
    let mut all: BTreeMap<i64, (Candidate, f64)> = BTreeMap::new();
    let mut add = |customer: &CustomerKey, basis: LinkBasis, confidence: f64, fact: Option<usize>| {
        let (known, doubt) = all
            .entry(customer.uid)
            .or_insert_with(|| (candidate(customer, basis, 0.0, Vec::new()), 1.0));
        known.basis = known.basis.min(basis);
        // The same number on five pages is one piece of evidence.
        let repeated = fact.is_some_and(|at| {
            known
                .evidence
                .iter()
                .any(|other| facts[*other].kind == facts[at].kind && facts[*other].value == facts[at].value)
        });
        if !repeated {
            *doubt *= 1.0 - confidence;
        }
        known.evidence.extend(fact);
        known.confidence = 1.0 - *doubt;
    };
    if let Some((_, customer)) = &statements.folder {
        add(customer, LinkBasis::Folder, 0.7, None);
    }
    for customer in &statements.manifest_named {
        add(customer, LinkBasis::Name, 0.6, None);
    }
    for (at, fact) in facts.iter().enumerate() {
        let customers = found.customers.get(at).map_or(&[][..], Vec::as_slice);
        let weight = Candidate::weight_of(fact.kind);
        // A number that several share says less for each of them.
        let share = 1.0 / customers.len().max(1) as f64;
        for customer in customers {
            add(
                customer,
                Candidate::basis_of(fact.kind),
                (weight * fact.confidence * share).clamp(0.0, 0.99),
                Some(at),
            );
        }
    }
    let mut candidates: Vec<Candidate> = all.into_values().map(|(candidate, _)| candidate).collect();
    candidates.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then(a.customer_uid.cmp(&b.customer_uid))
    });
    candidates
}

fn certain(customer: &CustomerKey, basis: LinkBasis, detail: Detail) -> Link {
    Link::Certain {
        customer_uid: customer.uid,
        basis,
        detail,
    }
}

/// A customer that a person may choose.
pub fn candidate(customer: &CustomerKey, basis: LinkBasis, confidence: f64, evidence: Vec<usize>) -> Candidate {
    Candidate {
        customer_uid: customer.uid,
        basis,
        confidence,
        evidence,
    }
}

fn in_manifest(code: DetailCode, statements: &Statements, customer_code: &str) -> Detail {
    code.with(statements.source.file.as_str())
        .with(statements.source.line)
        .with(customer_code)
}

fn on_page(code: DetailCode, fact: &Fact) -> Detail {
    code.with(fact.kind.as_str())
        .with(fact.text.as_str())
        .with(fact.page_number)
}

/// Whether two codes mean the same customer.
pub fn same_code(a: &str, b: &str) -> bool {
    fold::code(a) == fold::code(b)
}

#[cfg(test)]
mod tests;
