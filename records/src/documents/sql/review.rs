//! The review queue in the database. Decisions are changes of documents and live there.

use crate::{
    Archive, Asker, Result, Role,
    documents::{
        LinkBasis, Proposal, ProposalState, ReviewItem,
        sql::{fact, facts_of, rows_in_review},
    },
    ids::{DocumentId, ProposalId},
    parties,
    permission::sql::{SEEN, bind_sight},
    store::{
        Store,
        sql::{Columns, composed, word},
    },
};
use vocabulary::detail::Detail;

impl Archive {
    /// How many documents that the asker may see wait in review.
    pub async fn review_count(&self, asker: &Asker) -> Result<i64> {
        let statement = format!(
            "SELECT CAST(count(*) AS BIGINT) AS n FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
             WHERE {SEEN} AND d.state = 'in_review'"
        );
        bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .fetch_one(&self.0.readers)
            .await?
            .int("n")
    }

    /// Documents in review after `after_uid`, oldest first. Archivists only.
    pub async fn review_queue(&self, asker: &Asker, after_uid: i64, limit: usize) -> Result<Vec<ReviewItem>> {
        asker.require(Role::Archivist)?;
        let rows = rows_in_review(&self.0, asker, after_uid, i64::try_from(limit).unwrap_or(i64::MAX)).await?;
        let mut items = Vec::with_capacity(rows.len());
        for document in rows {
            let (reason, detail) = why(&self.0, document.uid).await?;
            let proposals = proposals_of(&self.0, asker, document.uid).await?;
            let facts = facts_of(&self.0, document.uid).await?;
            items.push(ReviewItem {
                document,
                reason,
                detail,
                proposals,
                facts,
            });
        }
        Ok(items)
    }

    /// The proposals of a document, decided ones too: why it is linked, or may be.
    pub async fn proposals(&self, asker: &Asker, id: &DocumentId) -> Result<Vec<Proposal>> {
        let statement = format!(
            "SELECT d.uid FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid WHERE {SEEN} AND d.id = $5"
        );
        let row = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(id.as_str())
            .fetch_optional(&self.0.readers)
            .await?;
        match row {
            Some(row) => proposals_of(&self.0, asker, row.int("uid")?).await,
            None => Ok(Vec::new()),
        }
    }
}

async fn why(store: &Store, document_uid: i64) -> Result<(String, Option<Detail>)> {
    let row = sqlx::query("SELECT review_reason, link_detail FROM documents WHERE uid = $1")
        .bind(document_uid)
        .fetch_one(&store.readers)
        .await?;
    Ok((
        row.text("review_reason")?,
        Detail::from_stored(&row.text("link_detail")?),
    ))
}

async fn proposals_of(store: &Store, asker: &Asker, document_uid: i64) -> Result<Vec<Proposal>> {
    let rows = sqlx::query(
        "SELECT r.uid, r.id, r.state, r.basis, r.confidence, c.id AS customer_id, c.code, c.name FROM proposals r \
         JOIN customers c ON c.uid = r.customer_uid WHERE r.document_uid = $1 ORDER BY r.confidence DESC, r.uid",
    )
    .bind(document_uid)
    .fetch_all(&store.readers)
    .await?;
    let mut proposals = Vec::with_capacity(rows.len());
    for row in &rows {
        let evidence = sqlx::query(
            "SELECT f.page_number, f.kind, f.text, f.value, f.x, f.y, f.w, f.h, f.char_start, f.char_end, f.rule, f.confidence \
             FROM proposal_evidence e JOIN facts f ON f.uid = e.fact_uid WHERE e.proposal_uid = $1 ORDER BY f.page_number, f.char_start, f.uid",
        )
        .bind(row.int("uid")?)
        .fetch_all(&store.readers)
        .await?;
        let mut evidence: Vec<_> = evidence.iter().map(fact).collect::<Result<_>>()?;
        if !asker.sees_personal_numbers() {
            for fact in evidence.iter_mut().filter(|fact| fact.kind.is_personal()) {
                fact.text = parties::mask_number(&fact.text);
                fact.value = parties::mask_number(&fact.value);
            }
        }
        proposals.push(Proposal {
            id: ProposalId::parse(&row.text("id")?)?,
            customer_id: row.text("customer_id")?,
            customer_code: row.text("code")?,
            customer_name: row.text("name")?,
            state: word("proposals", "state", &row.text("state")?, ProposalState::from_code)?,
            basis: word("proposals", "basis", &row.text("basis")?, LinkBasis::from_code)?,
            confidence: row.real("confidence")?,
            evidence,
        });
    }
    Ok(proposals)
}
