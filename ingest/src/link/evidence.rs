//! Evidence on the pages of a document for a customer, and evidence against it.

use super::FactOwners;
use crate::extract::rule;
use records::customers::CustomerKey;
use records::documents::{Fact, FactKind};
use std::collections::{BTreeMap, BTreeSet};

/// A number without a check digit that was read with less confidence than this only proposes.
const CERTAIN_FROM: f64 = 0.6;

/// Certain evidence.
pub(super) struct Evidence {
    /// Open customers by customer code, 户号 or contract number, with the first fact for each.
    pub by_number: BTreeMap<i64, (CustomerKey, usize)>,
    /// Open customers by credit code or ID number.
    pub by_identifier: BTreeMap<i64, (CustomerKey, usize)>,
    /// For each identifier that matches a customer, however badly it was read, all customers that it matches.
    identifiers: Vec<BTreeSet<i64>>,
    /// For each number of the archive that was read too badly to link, the customers that it matches.
    unsure: Vec<BTreeSet<i64>>,
    /// For each name of a holder that matches a customer, all customers of that name.
    holders: Vec<BTreeSet<i64>>,
    /// The same for each name of a party.
    parties: Vec<BTreeSet<i64>>,
    /// A number that matches no customer.
    pub unknown: Option<usize>,
}

/// Characters between a number and the name of its party, which stand together in forms and contracts.
const BESIDE: u32 = 160;

/// Whether the full name of the one customer that the number leads to stands beside it.
fn is_named_beside(number: &Fact, facts: &[Fact], found: &FactOwners) -> bool {
    let owners = |fact: &Fact| {
        let at = facts.iter().position(|other| std::ptr::eq(other, fact))?;
        found.customers.get(at)
    };
    let Some([only]) = owners(number).map(Vec::as_slice) else {
        return false;
    };
    let is_beside = |name: &&Fact| {
        let gap = name
            .char_start
            .saturating_sub(number.char_end)
            .max(number.char_start.saturating_sub(name.char_end));
        name.kind == FactKind::Name && name.page_number == number.page_number && gap <= BESIDE
    };
    let mut names = facts.iter().filter(is_beside);
    names.any(|name| owners(name).is_some_and(|all| all.iter().any(|customer| customer.uid == only.uid)))
}

impl Evidence {
    pub fn of(facts: &[Fact], found: &FactOwners) -> Evidence {
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
            if fact.rule.ends_with(rule::WRONG_CHECK) {
                continue;
            }
            let customers = found.customers.get(at).map_or(&[][..], Vec::as_slice);
            let own = found.own.get(at).copied().unwrap_or_default();
            let all: BTreeSet<i64> = customers.iter().map(|c| c.uid).collect();
            let unsure = fact.rule.ends_with(rule::REPAIRED) || fact.rule.ends_with(rule::OLD);
            let slot = match fact.kind {
                FactKind::CustomerCode | FactKind::AccountNumber | FactKind::ContractNumber => {
                    // A contract number belongs to no customer until the archive assigns it.
                    if all.is_empty() && fact.kind != FactKind::ContractNumber && !own {
                        evidence.unknown.get_or_insert(at);
                    }
                    if fact.confidence < CERTAIN_FROM {
                        evidence.unsure.extend((!all.is_empty()).then_some(all));
                        continue;
                    }
                    &mut evidence.by_number
                }
                FactKind::CreditCode | FactKind::IdNumber => {
                    if all.is_empty() && !own {
                        evidence.unknown.get_or_insert(at);
                    }
                    evidence.identifiers.extend((!all.is_empty()).then_some(all));
                    // The name beside it proves what the check character alone does not.
                    if unsure && !is_named_beside(fact, facts, found) {
                        continue;
                    }
                    &mut evidence.by_identifier
                }
                FactKind::Name if !all.is_empty() => {
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

    /// Whether other evidence on the paper matches other customers only: a digit may have been misread, or the paper is
    /// between two customers, and a wrong link is worse than none. A number of the archive identifies the customer of
    /// the paper, so that a second party may be named on it; an identifier only shows who is named on it.
    pub fn contradicts(&self, uid: i64) -> bool {
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
