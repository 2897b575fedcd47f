//! Whose a document is: certain or proposed, never guessed.
//!
//! Statements of people come first (manifest, command line, folder), then numbers on the paper
//! (customer code, 户号, contract number), then a party identifier that leads to exactly one open
//! customer. Names and phones only propose. Two that fit are a proposal. What belongs to the
//! archive's own organisation says nothing about the customer.
//!
//! [`look_up`] asks the record, [`decide`] is pure.

use crate::extract::{kind, rule};
use crate::manifest::Known;
use records::customers::CustomerKey;
use records::documents::{Candidate, Fact, Link, LinkBasis};
use records::parties::IdentifierKind;
use records::settings::ArchiveSettings;
use records::{System, fold};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Reason codes of DESIGN section 3 that a person has to settle.
pub mod reason {
    /// Somebody is named whom the archive does not know.
    pub const CUSTOMER_UNKNOWN: &str = "customer_unknown";
    /// Several customers fit.
    pub const CUSTOMER_AMBIGUOUS: &str = "customer_ambiguous";
    /// Nothing says for certain whose it is.
    pub const CUSTOMER_MISSING: &str = "customer_missing";
    pub const LOCATION_UNKNOWN: &str = "location_unknown";
    pub const SAME_SCAN_OTHER_CUSTOMER: &str = "same_scan_other_customer";
}

/// A number without a check digit that was read less surely than this only proposes.
const CERTAIN_FROM: f64 = 0.6;

/// What people have said about whose it is, as the record knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statements {
    /// Customers of the manifest: the code as written, and who that is.
    pub manifest: Vec<(String, Option<CustomerKey>)>,
    /// Customers with exactly the name that the manifest gives.
    pub manifest_named: Vec<CustomerKey>,
    /// Where the manifest says so.
    pub source: String,
    pub command_line: Option<CustomerKey>,
    /// The folder's name, and whose code it is.
    pub folder: Option<(String, CustomerKey)>,
}

/// What the record knows of a document's facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// For each fact, the customers it leads to. Empty for facts of the archive's own.
    pub customers: Vec<Vec<CustomerKey>>,
    /// For each fact, whether it is the archive's own.
    pub own: Vec<bool>,
}

/// Asks the record who the statements mean.
///
/// # Errors
/// When the database does not answer.
pub async fn statements(
    system: &System,
    known: &Known,
    command_line: Option<&CustomerKey>,
    folder_codes: &[String],
) -> records::Result<Statements> {
    let mut statements = Statements {
        source: known.source.clone(),
        command_line: command_line.cloned(),
        ..Statements::default()
    };
    for code in &known.customer_codes {
        let customer = system.customer_by_code(code).await?;
        statements.manifest.push((code.clone(), customer));
    }
    if !known.customer_name.is_empty() {
        statements.manifest_named = system.customers_named(&known.customer_name).await?;
    }
    for name in folder_codes {
        if let Some(customer) = system.customer_by_code(name).await? {
            statements.folder = Some((name.clone(), customer));
            break;
        }
    }
    Ok(statements)
}

/// Asks the record whom the facts lead to; each number and name once.
///
/// # Errors
/// When the database does not answer.
pub async fn look_up(system: &System, facts: &[Fact], settings: &ArchiveSettings) -> records::Result<Found> {
    let mut found = Found::default();
    let mut asked: HashMap<(&str, &str), Vec<CustomerKey>> = HashMap::new();
    for fact in facts {
        let own = settings.is_own(&fact.value);
        found.own.push(own);
        if own {
            found.customers.push(Vec::new());
            continue;
        }
        let key = (fact.kind.as_str(), fact.value.as_str());
        let customers = match asked.get(&key) {
            Some(customers) => customers.clone(),
            None => {
                let customers = customers_of(system, fact).await?;
                asked.insert(key, customers.clone());
                customers
            }
        };
        found.customers.push(customers);
    }
    Ok(found)
}

async fn customers_of(system: &System, fact: &Fact) -> records::Result<Vec<CustomerKey>> {
    let identifier = |kind| system.customers_by_identifier(kind, &fact.value);
    match fact.kind.as_str() {
        kind::CUSTOMER_CODE | kind::ACCOUNT_NUMBER | kind::CONTRACT_NUMBER => {
            Ok(system.customer_by_code(&fact.value).await?.into_iter().collect())
        }
        kind::CREDIT_CODE => identifier(IdentifierKind::CreditCode).await,
        kind::ID_NUMBER => identifier(IdentifierKind::IdNumber).await,
        kind::PHONE => identifier(IdentifierKind::Phone).await,
        kind::NAME => system.customers_named(&fact.value).await,
        _ => Ok(Vec::new()),
    }
}

/// Decides whose a document is.
pub fn decide(said: &Statements, facts: &[Fact], found: &Found) -> Link {
    if let Some(link) = by_manifest(said, facts, found) {
        return link;
    }
    if let Some(customer) = &said.command_line {
        return certain(customer, LinkBasis::CommandLine, "named on the command line".to_owned());
    }
    if let Some((name, customer)) = &said.folder
        && customer.status.is_open()
    {
        return certain(customer, LinkBasis::Folder, format!("the folder `{name}`"));
    }
    by_content(said, facts, found)
}

/// The customers that the statements or numbers name for certain; used to tell whether a scan that
/// is known already is now said to be somebody else's.
pub fn stated_customer(said: &Statements) -> Option<&CustomerKey> {
    match said.manifest.as_slice() {
        [(_, customer)] => customer.as_ref(),
        [] => None,
        _ => None,
    }
}

fn by_manifest(said: &Statements, facts: &[Fact], found: &Found) -> Option<Link> {
    match said.manifest.as_slice() {
        [] => None,
        [(code, Some(customer))] => Some(certain(
            customer,
            LinkBasis::Manifest,
            format!("{}: {code}", said.source),
        )),
        [(code, None)] => {
            let detail = format!(
                "{} names customer `{code}`, which the archive does not know; add the customer or choose one",
                said.source
            );
            let candidates = proposals(said, facts, found);
            Some(Link::Review {
                reason: reason::CUSTOMER_UNKNOWN.to_owned(),
                detail,
                candidates,
            })
        }
        several => {
            let codes: Vec<&str> = several.iter().map(|(code, _)| code.as_str()).collect();
            let detail = format!(
                "the manifest names several customers for this document: {}; choose one",
                codes.join(", ")
            );
            let mut candidates: Vec<Candidate> = several
                .iter()
                .filter_map(|(_, customer)| customer.as_ref())
                .map(|customer| candidate(customer, LinkBasis::Manifest, 0.9, Vec::new()))
                .collect();
            for other in proposals(said, facts, found) {
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

fn by_content(said: &Statements, facts: &[Fact], found: &Found) -> Link {
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
            basis(&fact.kind),
            format!("{} {}, page {}", word(&fact.kind), fact.text, fact.page_number),
        );
    }
    let candidates = proposals(said, facts, found);
    let (reason, detail) = match candidates.len() {
        0 => match evidence.unknown {
            Some(at) => (
                reason::CUSTOMER_UNKNOWN,
                format!(
                    "{} {} on page {} belongs to no customer of the archive; add the customer or choose one",
                    word(&facts[at].kind),
                    facts[at].text,
                    facts[at].page_number
                ),
            ),
            None => (
                reason::CUSTOMER_MISSING,
                "nothing on the pages says whose it is; choose the customer".to_owned(),
            ),
        },
        1 => (
            reason::CUSTOMER_MISSING,
            "no number says for certain whose it is, one customer may fit; confirm or choose another".to_owned(),
        ),
        n => (reason::CUSTOMER_AMBIGUOUS, format!("{n} customers fit; choose one")),
    };
    Link::Review {
        reason: reason.to_owned(),
        detail,
        candidates,
    }
}

/// What speaks for certain.
struct Evidence {
    /// Open customers by customer code, 户号 or contract number, with the first fact for each.
    by_number: BTreeMap<i64, (CustomerKey, usize)>,
    /// Open customers by credit code or ID number.
    by_identifier: BTreeMap<i64, (CustomerKey, usize)>,
    /// For each identifier that leads to somebody, however badly it was read, all customers that it leads to.
    identifiers: Vec<BTreeSet<i64>>,
    /// For each number of the archive that was read too badly to link, the customers that it leads to.
    unsure: Vec<BTreeSet<i64>>,
    /// For each name of a holder that leads to somebody, all customers of that name.
    holders: Vec<BTreeSet<i64>>,
    /// The same for each name of a party.
    parties: Vec<BTreeSet<i64>>,
    /// A number that leads to nobody.
    unknown: Option<usize>,
}

impl Evidence {
    fn of(facts: &[Fact], found: &Found) -> Evidence {
        let mut evidence = Evidence {
            by_number: BTreeMap::new(),
            by_identifier: BTreeMap::new(),
            identifiers: Vec::new(),
            unsure: Vec::new(),
            holders: Vec::new(),
            parties: Vec::new(),
            unknown: None,
        };
        for (at, fact) in facts.iter().enumerate() {
            let customers = found.customers.get(at).map_or(&[][..], Vec::as_slice);
            let own = found.own.get(at).copied().unwrap_or_default();
            let all: BTreeSet<i64> = customers.iter().map(|c| c.uid).collect();
            let repaired = fact.rule.ends_with(rule::REPAIRED);
            let slot = match fact.kind.as_str() {
                kind::CUSTOMER_CODE | kind::ACCOUNT_NUMBER | kind::CONTRACT_NUMBER => {
                    // A contract number is nobody's until the archive gives it to somebody.
                    if all.is_empty() && fact.kind != kind::CONTRACT_NUMBER && !own {
                        evidence.unknown.get_or_insert(at);
                    }
                    if fact.confidence < CERTAIN_FROM {
                        evidence.unsure.extend((!all.is_empty()).then_some(all));
                        continue;
                    }
                    &mut evidence.by_number
                }
                kind::CREDIT_CODE | kind::ID_NUMBER => {
                    if all.is_empty() && !own {
                        evidence.unknown.get_or_insert(at);
                    }
                    evidence.identifiers.extend((!all.is_empty()).then_some(all));
                    if repaired {
                        continue;
                    }
                    &mut evidence.by_identifier
                }
                kind::NAME if !all.is_empty() => {
                    match fact.rule.as_str() {
                        rule::HOLDER => evidence.holders.push(all),
                        rule::PARTY => evidence.parties.push(all),
                        _ => {}
                    }
                    continue;
                }
                _ => continue,
            };
            for customer in customers.iter().filter(|c| c.status.is_open()) {
                slot.entry(customer.uid).or_insert_with(|| (customer.clone(), at));
            }
        }
        evidence
    }

    /// Whether something else on the paper leads to others only: a digit may have been read wrong, or the paper is
    /// between two customers, and a wrong link is worse than none. A number of the archive says whose paper it is,
    /// so that a second party may stand on it; an identifier only says who stands on it.
    fn contradicts(&self, uid: i64) -> bool {
        let others: &[BTreeSet<i64>] = if self.by_number.is_empty() { &self.parties } else { &[] };
        let speaks = self
            .identifiers
            .iter()
            .chain(&self.unsure)
            .chain(&self.holders)
            .chain(others);
        speaks.into_iter().any(|customers| !customers.contains(&uid))
    }
}

/// Every customer that anything speaks for, best first, with the facts that do.
pub fn proposals(said: &Statements, facts: &[Fact], found: &Found) -> Vec<Candidate> {
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
    if let Some((_, customer)) = &said.folder {
        add(customer, LinkBasis::Folder, 0.7, None);
    }
    for customer in &said.manifest_named {
        add(customer, LinkBasis::Name, 0.6, None);
    }
    for (at, fact) in facts.iter().enumerate() {
        let customers = found.customers.get(at).map_or(&[][..], Vec::as_slice);
        let weight = match fact.kind.as_str() {
            kind::PHONE => 0.3,
            kind::NAME => 0.5,
            _ => 0.9,
        };
        // A number that several share says less for each of them.
        let share = 1.0 / customers.len().max(1) as f64;
        for customer in customers {
            add(
                customer,
                basis(&fact.kind),
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

fn certain(customer: &CustomerKey, basis: LinkBasis, detail: String) -> Link {
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

fn basis(fact_kind: &str) -> LinkBasis {
    match fact_kind {
        kind::CUSTOMER_CODE => LinkBasis::CustomerCode,
        kind::ACCOUNT_NUMBER => LinkBasis::AccountNumber,
        kind::CONTRACT_NUMBER => LinkBasis::ContractNumber,
        kind::CREDIT_CODE | kind::ID_NUMBER => LinkBasis::PartyIdentifier,
        kind::PHONE => LinkBasis::Phone,
        kind::NAME => LinkBasis::Name,
        _ => LinkBasis::None,
    }
}

fn word(fact_kind: &str) -> &'static str {
    match fact_kind {
        kind::CUSTOMER_CODE => "customer code",
        kind::ACCOUNT_NUMBER => "account number",
        kind::CONTRACT_NUMBER => "contract number",
        kind::CREDIT_CODE => "credit code",
        kind::ID_NUMBER => "ID number",
        kind::PHONE => "phone",
        _ => "name",
    }
}

/// Whether two codes mean the same customer.
pub fn same_code(a: &str, b: &str) -> bool {
    fold::code(a) == fold::code(b)
}

#[cfg(test)]
mod tests;
