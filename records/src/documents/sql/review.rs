//! The review queue in the database. Decisions are changes of documents and live there.

use crate::{
    Archive, Asker, Result, Role,
    customers::sql::told_apart,
    documents::{
        Fact, LinkBasis, Proposal, ProposalState, ReviewItem,
        sql::{read::rows_in_review, told::hide_unseen},
    },
    ids::{DocumentId, ProposalId},
    pages::sql::facts::{fact, facts_of},
    permission::sql::Visible,
    privacy,
    store::{
        Store,
        sql::{Columns, of_each},
    },
};
use std::collections::HashMap;
use vocabulary::detail::Detail;

impl Archive {
    /// How many documents that the asker may see wait in review.
    pub async fn review_count(&self, asker: &Asker) -> Result<i64> {
        Visible::documents(asker, self.0.environment.now())
            .columns("CAST(count(*) AS BIGINT) AS n")
            .and("d.state = 'in_review'", [])
            .one(&self.0.readers)
            .await?
            .of("documents")
            .int("n")
    }

    /// How many documents that the asker may see have waited in review and were decided.
    pub async fn review_decided_count(&self, asker: &Asker) -> Result<i64> {
        Visible::documents(asker, self.0.environment.now())
            .columns("CAST(count(*) AS BIGINT) AS n")
            .and("d.state = 'filed' AND d.review_reason <> ''", [])
            .one(&self.0.readers)
            .await?
            .of("documents")
            .int("n")
    }

    /// Documents in review after `after_uid`, oldest first. Archivists only.
    pub async fn review_queue(&self, asker: &Asker, after_uid: i64, limit: usize) -> Result<Vec<ReviewItem>> {
        asker.require(Role::Archivist)?;
        let rows = rows_in_review(&self.0, asker, after_uid, limit).await?;
        let uids: Vec<i64> = rows.iter().map(|row| row.uid).collect();
        let mut why = why(&self.0, &uids).await?;
        let mut proposals = proposals_of(&self.0, &uids).await?;
        let mut facts = facts_of(&self.0, &uids).await?;
        let mut items = Vec::with_capacity(rows.len());
        for document in rows {
            let (reason, detail) = why.remove(&document.uid).unwrap_or_default();
            items.push(ReviewItem {
                reason,
                detail: privacy::shown_detail(asker, detail),
                proposals: proposals.remove(&document.uid).unwrap_or_default(),
                facts: facts.remove(&document.uid).unwrap_or_default(),
                document,
            });
        }
        hide_unseen(&self.0, asker, items.iter_mut().map(|item| &mut item.detail).collect()).await?;
        Ok(items)
    }

    /// The proposals of a document, decided ones too: why it is linked, or may be.
    pub async fn proposals(&self, asker: &Asker, id: &DocumentId) -> Result<Vec<Proposal>> {
        let row = Visible::documents(asker, self.0.environment.now())
            .and("d.id = ?", [id.as_str().into()])
            .maybe(&self.0.readers)
            .await?;
        match row {
            Some(row) => {
                let uid = row.of("proposals").int("uid")?;
                let mut of_documents = proposals_of(&self.0, &[uid]).await?;
                Ok(of_documents.remove(&uid).unwrap_or_default())
            }
            None => Ok(Vec::new()),
        }
    }
}

/// Why each document waits: reason and detail.
async fn why(store: &Store, documents: &[i64]) -> Result<HashMap<i64, (String, Option<Detail>)>> {
    let statement = "SELECT uid, review_reason, link_detail FROM documents WHERE uid IN";
    let rows = of_each(store, statement, "", documents).await?;
    rows.iter()
        .map(|row| {
            let row = row.of("documents");
            let detail = Detail::from_stored(&row.text("link_detail")?);
            Ok((row.int("uid")?, (row.text("review_reason")?, detail)))
        })
        .collect()
}

async fn proposals_of(store: &Store, documents: &[i64]) -> Result<HashMap<i64, Vec<Proposal>>> {
    let statement = "SELECT f.uid, e.proposal_uid, f.page_number, f.kind, f.text, f.value, f.x, f.y, f.w, f.h, \
         f.char_start, f.char_end, f.rule, f.confidence FROM proposals r JOIN proposal_evidence e ON e.proposal_uid = r.uid \
         JOIN facts f ON f.uid = e.fact_uid WHERE r.document_uid IN";
    let order = "ORDER BY f.page_number, f.char_start, f.uid";
    let mut evidence: HashMap<i64, Vec<Fact>> = HashMap::new();
    for row in of_each(store, statement, order, documents).await? {
        let proposal = row.of("proposal_evidence").int("proposal_uid")?;
        evidence.entry(proposal).or_default().push(fact(&row)?);
    }
    let statement = "SELECT r.uid, r.document_uid, r.id, r.state, r.basis, r.confidence, c.uid AS customer_uid, c.id AS customer_id, c.code, c.name FROM proposals r \
         JOIN customers c ON c.uid = r.customer_uid WHERE r.document_uid IN";
    let mut proposals: HashMap<i64, Vec<Proposal>> = HashMap::new();
    let rows = of_each(store, statement, "ORDER BY r.confidence DESC, r.uid", documents).await?;
    let customers = rows.iter().map(|row| row.of("proposals").int("customer_uid"));
    let mut customers: Vec<i64> = customers.collect::<Result<_>>()?;
    customers.sort_unstable();
    customers.dedup();
    let apart = told_apart(store, &customers).await?;
    for row in &rows {
        let row = row.of("proposals");
        let (customer_address, customer_numbers) = apart.get(&row.int("customer_uid")?).cloned().unwrap_or_default();
        // A number is seen one at a time, by `customer_reveal`, which says so in the trail.
        let mut evidence = evidence.remove(&row.int("uid")?).unwrap_or_default();
        crate::pages::mask_every_fact(&mut evidence);
        proposals.entry(row.int("document_uid")?).or_default().push(Proposal {
            id: row.read("id", ProposalId::parse)?,
            customer_id: row.text("customer_id")?,
            customer_code: row.text("code")?,
            customer_name: row.text("name")?,
            customer_address,
            customer_numbers,
            state: row.word("state", ProposalState::from_code)?,
            basis: row.word("basis", LinkBasis::from_code)?,
            confidence: row.real("confidence")?,
            evidence,
        });
    }
    Ok(proposals)
}
