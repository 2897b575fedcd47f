//! Documents in review on whose pages a customer is named who was not in the register when they were read, or was called
//! otherwise: that customer is proposed for them, and a person decides.

use super::proposals;
use crate::{
    Result,
    documents::{Candidate, FactKind},
    store::sql::{Change, Columns, LISTED_AT_ONCE, composed, marks},
};
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet};

/// From where a customer leads to the facts that match it: its name, its code, its other numbers, those of its parties.
const LEADS: [&str; 4] = [
    "JOIN facts f ON f.kind = 'name' AND f.value_folded = c.name_folded",
    "JOIN facts f ON f.kind = 'customer_code' AND f.value_folded = c.code_folded",
    "JOIN customer_aliases a ON a.customer_uid = c.uid \
     JOIN facts f ON f.kind IN ('account_number', 'customer_code') AND f.value_folded = a.value_folded",
    "JOIN party_roles r ON r.customer_uid = c.uid AND r.ends_on = '' \
     JOIN party_identifiers i ON i.party_uid = r.party_uid \
     JOIN facts f ON f.kind = i.kind AND f.value_folded = i.value_folded",
];

/// A fact on a page of a waiting document that matches a customer.
struct Match {
    fact: i64,
    document: i64,
    customer: i64,
    kind: FactKind,
    value: String,
    confidence: f64,
}

/// Looks through the documents that wait for these customers, who were added or changed. What was proposed before stays,
/// and so does what a person has refused.
pub(crate) async fn look_again(change: &mut Change, customers: &[String]) -> Result<()> {
    let waiting = sqlx::query("SELECT uid FROM documents WHERE state = 'in_review' LIMIT 1")
        .fetch_optional(change.connection())
        .await?;
    if waiting.is_none() {
        return Ok(());
    }
    let mut of_documents: BTreeMap<i64, Vec<Match>> = BTreeMap::new();
    for ids in customers.chunks(LISTED_AT_ONCE) {
        for lead in LEADS {
            let statement = format!(
                "SELECT f.uid AS fact_uid, f.document_uid, f.kind, f.value_folded, f.confidence, c.uid AS customer_uid \
                 FROM customers c {lead} JOIN documents d ON d.uid = f.document_uid \
                 WHERE d.state = 'in_review' AND c.id IN ({}) ORDER BY f.uid",
                marks(1, ids.len())
            );
            let query = ids
                .iter()
                .fold(sqlx::query(composed(statement)), |query, id| query.bind(id));
            for row in query.fetch_all(change.connection()).await? {
                let found = matched(&row)?;
                of_documents.entry(found.document).or_default().push(found);
            }
        }
    }
    for (document, matches) in of_documents {
        let facts: Vec<i64> = matches.iter().map(|found| found.fact).collect();
        proposals::insert(change, document, &candidates(&matches), &facts).await?;
    }
    Ok(())
}

fn matched(row: &AnyRow) -> Result<Match> {
    let row = row.of("facts");
    Ok(Match {
        fact: row.int("fact_uid")?,
        document: row.int("document_uid")?,
        customer: row.int("customer_uid")?,
        kind: row.word("kind", FactKind::from_code)?,
        value: row.text("value_folded")?,
        confidence: row.real("confidence")?,
    })
}

/// The customers with what speaks for each; the same number on several pages is one piece of evidence.
fn candidates(matches: &[Match]) -> Vec<Candidate> {
    let customers: BTreeSet<i64> = matches.iter().map(|found| found.customer).collect();
    let candidate = |customer: i64| {
        let evidence = matches
            .iter()
            .enumerate()
            .filter(|(_, found)| found.customer == customer);
        let mut said = BTreeSet::new();
        let mut doubt = 1.0;
        let mut basis = None;
        let mut all = Vec::new();
        for (at, found) in evidence {
            if said.insert((found.kind.as_str(), found.value.as_str())) {
                doubt *= 1.0 - (Candidate::weight_of(found.kind) * found.confidence).clamp(0.0, 0.99);
            }
            let of_kind = Candidate::basis_of(found.kind);
            basis = Some(basis.map_or(of_kind, |known| of_kind.min(known)));
            all.push(at);
        }
        Some(Candidate {
            customer_uid: customer,
            basis: basis?,
            confidence: 1.0 - doubt,
            evidence: all,
        })
    };
    customers.into_iter().filter_map(candidate).collect()
}
