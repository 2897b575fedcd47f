//! Customers that a document in review may belong to.

use crate::{
    Error, Result,
    documents::{
        Candidate, ProposalState,
        proposal_states::{ProposalAct, may_become},
    },
    ids::ProposalId,
    store::sql::{Change, Columns, composed},
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
    for proposal in held(change, document_uid).await? {
        let (act, next) = match proposal.customer_uid == customer_uid {
            true => (ProposalAct::Choose, ProposalState::Confirmed),
            false => (ProposalAct::PassOver, ProposalState::Refused),
        };
        let before = match leaves_review {
            true => proposal.state.as_str(),
            false => &proposal.state_before,
        };
        proposal.write(change, act, next, before).await?;
    }
    Ok(())
}

/// The document waits again: its proposals are as they were before the decision.
pub(crate) async fn reopen(change: &mut Change, document_uid: i64) -> Result<()> {
    for proposal in held(change, document_uid).await? {
        let next = proposal.before.unwrap_or(ProposalState::Open);
        proposal.write(change, ProposalAct::Reopen, next, "").await?;
    }
    Ok(())
}

/// What a change of a proposal must know of it.
struct ProposalForChange {
    uid: i64,
    customer_uid: i64,
    state: ProposalState,
    state_before: String,
    /// The state before the decision, where one was made in review.
    before: Option<ProposalState>,
}

async fn held(change: &mut Change, document_uid: i64) -> Result<Vec<ProposalForChange>> {
    let statement = format!(
        "SELECT uid, customer_uid, state, state_before FROM proposals WHERE document_uid = $1 ORDER BY uid{}",
        change.dialect.for_update()
    );
    let rows = sqlx::query(composed(statement))
        .bind(document_uid)
        .fetch_all(change.connection())
        .await?;
    rows.iter()
        .map(|row| {
            let row = row.of("proposals");
            Ok(ProposalForChange {
                uid: row.int("uid")?,
                customer_uid: row.int("customer_uid")?,
                state: row.word("state", ProposalState::from_code)?,
                state_before: row.text("state_before")?,
                before: row.maybe_word("state_before", ProposalState::from_code)?,
            })
        })
        .collect()
}

impl ProposalForChange {
    /// Writes the next state. A proposal that is open again was decided by nobody.
    async fn write(
        &self,
        change: &mut Change,
        act: ProposalAct,
        next: ProposalState,
        state_before: &str,
    ) -> Result<()> {
        if !may_become(self.state, act, next) {
            let detail = format!(
                "a proposal that is {} cannot become {}",
                self.state.as_str(),
                next.as_str()
            );
            return Err(Error::inconsistent("proposals", "state", self.uid.to_string(), detail));
        }
        let decided = (act != ProposalAct::Reopen).then(|| (change.actor.clone(), change.at.micros()));
        let keeps = act == ProposalAct::Reopen && next != ProposalState::Open;
        sqlx::query(
            "UPDATE proposals SET state = $1, state_before = $2, decided_by = CASE WHEN $3 = 1 THEN decided_by ELSE $4 END, \
             decided_at = CASE WHEN $3 = 1 THEN decided_at ELSE CAST($5 AS BIGINT) END WHERE uid = $6",
        )
        .bind(next.as_str())
        .bind(state_before)
        .bind(i64::from(keeps))
        .bind(decided.as_ref().map_or("", |(actor, _)| actor.as_str()))
        .bind(decided.as_ref().map(|(_, at)| *at))
        .bind(self.uid)
        .execute(change.connection())
        .await?;
        Ok(())
    }
}
