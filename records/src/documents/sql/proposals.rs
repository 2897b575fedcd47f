//! Customers that a document in review may belong to.

use crate::{
    Result,
    documents::Candidate,
    ids::ProposalId,
    store::sql::{Change, Columns},
};

/// Proposes customers, each with the facts that speak for it; `facts` are the uids of the facts in their order.
pub(crate) async fn insert(
    change: &mut Change,
    document_uid: i64,
    candidates: &[Candidate],
    facts: &[i64],
) -> Result<()> {
    for candidate in candidates {
        let id = ProposalId::new(&change.environment);
        let at = change.at.micros();
        let row = sqlx::query(
            "INSERT INTO proposals (id, document_uid, customer_uid, state, basis, confidence, created_at, decided_by, decided_at) \
             VALUES ($1, $2, $3, 'open', $4, $5, $6, '', NULL) ON CONFLICT (document_uid, customer_uid) DO NOTHING RETURNING uid",
        )
        .bind(id.as_str())
        .bind(document_uid)
        .bind(candidate.customer_uid)
        .bind(candidate.basis.as_str())
        .bind(candidate.confidence)
        .bind(at)
        .fetch_optional(change.connection())
        .await?;
        let Some(row) = row else { continue };
        let proposal = row.of("proposals").int("uid")?;
        for fact in candidate.evidence.iter().filter_map(|at| facts.get(*at)) {
            sqlx::query(
                "INSERT INTO proposal_evidence (proposal_uid, fact_uid) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(proposal)
            .bind(fact)
            .execute(change.connection())
            .await?;
        }
    }
    Ok(())
}

/// The document is filed with this customer: its proposal was right and the others were not. What they were in review
/// is kept for an undo when it leaves the review.
pub(crate) async fn decide(
    change: &mut Change,
    document_uid: i64,
    customer_uid: i64,
    leaves_review: bool,
) -> Result<()> {
    if leaves_review {
        sqlx::query("UPDATE proposals SET state_before = state WHERE document_uid = $1")
            .bind(document_uid)
            .execute(change.connection())
            .await?;
    }
    let (at, actor) = (change.at.micros(), change.actor.clone());
    sqlx::query(
        "UPDATE proposals SET state = CASE WHEN customer_uid = $1 THEN 'confirmed' ELSE 'refused' END, decided_by = $2, decided_at = $3 \
         WHERE document_uid = $4",
    )
    .bind(customer_uid)
    .bind(actor)
    .bind(at)
    .bind(document_uid)
    .execute(change.connection())
    .await?;
    Ok(())
}

/// The document waits again: its proposals are as they were before the decision.
pub(crate) async fn reopen(change: &mut Change, document_uid: i64) -> Result<()> {
    sqlx::query(
        "UPDATE proposals SET state = CASE WHEN state_before = '' THEN 'open' ELSE state_before END, state_before = '', \
         decided_by = CASE WHEN state_before IN ('', 'open') THEN '' ELSE decided_by END, \
         decided_at = CASE WHEN state_before IN ('', 'open') THEN NULL ELSE decided_at END WHERE document_uid = $1",
    )
    .bind(document_uid)
    .execute(change.connection())
    .await?;
    Ok(())
}
