//! Whose a document is: the answer to a review, its correction and its undoing.

use super::{correct::hold, proposals};
use crate::{
    Archive, Asker, Error, Result, Role, Thing,
    audit::EventDraft,
    changes::Subject,
    customers::sql::find_uid,
    documents::states::{DocumentAct, step},
    dossiers, fold,
    ids::DocumentId,
    store::sql::Columns,
};
use vocabulary::detail::DetailCode;

impl Archive {
    /// Files a document in the dossier of a customer: the answer to a review, or the correction of a link.
    pub async fn document_link(&self, asker: &Asker, id: &DocumentId, version: i64, customer: &str) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        let Some(customer_uid) = find_uid(&self.0, customer).await? else {
            return Err(Error::Absent {
                what: Thing::Customer,
                id: customer.to_owned(),
            });
        };
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        step(held.state, DocumentAct::Link)?;
        let dossier = sqlx::query(
            "SELECT o.uid, c.code FROM dossiers o JOIN customers c ON c.uid = o.customer_uid WHERE c.uid = $1",
        )
        .bind(customer_uid)
        .fetch_one(change.connection())
        .await?;
        let (dossier_uid, code) = (dossier.int("uid")?, dossier.text("code")?);
        let (at, actor) = (change.at.micros(), change.actor.clone());
        sqlx::query(
            "UPDATE documents SET dossier_uid = $1, state = 'filed', link_basis = 'person', link_detail = $2, changed_at = $3, \
             version = version + 1 WHERE uid = $4",
        )
        .bind(dossier_uid)
        .bind(DetailCode::LinkedBy.with(actor.as_str()).stored())
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        proposals::decide(&mut change, held.uid, customer_uid).await?;
        dossiers::sql::accept(&mut change, dossier_uid).await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.linked", "document", id.as_str())
                .detail(format!("version={} customer={code}", version + 1)),
        );
        change.commit().await?;
        Ok(version + 1)
    }

    /// Takes a document back into review: the undo of a decision.
    pub async fn document_unlink(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        step(held.state, DocumentAct::Unlink)?;
        let at = change.at.micros();
        sqlx::query(
            "UPDATE documents SET dossier_uid = NULL, state = 'in_review', link_basis = 'none', link_detail = $1, \
             review_reason = CASE WHEN review_reason = '' THEN 'customer_unknown' ELSE review_reason END, changed_at = $2, \
             version = version + 1 WHERE uid = $3",
        )
        .bind(sent_back(reason))
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        proposals::reopen(&mut change, held.uid).await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.unlinked", "document", id.as_str()).detail(format!("version={}", version + 1)),
        );
        change.commit().await?;
        Ok(version + 1)
    }
}

/// What a person has said when taking a document back into review; nothing where nothing was said.
fn sent_back(reason: &str) -> String {
    let reason = fold::storable(reason);
    if reason.trim().is_empty() {
        return String::new();
    }
    DetailCode::SentBackBecause.with(reason).stored()
}
