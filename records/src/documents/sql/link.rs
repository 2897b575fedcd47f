//! Linking a document to a customer, and undoing that.

use super::{correct::hold, proposals};
use crate::{
    Archive, Asker, Error, Result, Role, Thing,
    changes::ChangeSubject,
    customers::sql::find_uid,
    documents::{
        DocumentState, LinkBasis,
        recorded::DOCUMENTS,
        states::{DocumentAct, step},
    },
    dossiers, fold,
    ids::DocumentId,
    store::{EventDraft, sql::Columns},
};
use vocabulary::{AuditAction, AuditObject, Reason, detail::DetailCode};

/// The uid of no customer.
const NOBODY: i64 = 0;
/// Characters of a reason that are kept.
const WHY_MAX: usize = 400;

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
        let (dossier_uid, code) = (dossier.of("dossiers").int("uid")?, dossier.of("dossiers").text("code")?);
        let actor = change.actor.clone();
        let updated = change
            .update(&DOCUMENTS, held.uid)
            .set("dossier_uid", dossier_uid)
            .set("state", DocumentState::Filed.as_str())
            .set("link_basis", LinkBasis::Person.as_str())
            .set("link_detail", DetailCode::LinkedBy.with(actor).stored())
            .run()
            .await?;
        let decides = held.state == DocumentState::InReview;
        proposals::decide(&mut change, held.uid, customer_uid, decides).await?;
        dossiers::sql::accept(&mut change, dossier_uid).await?;
        change.touch(ChangeSubject::Document, held.uid);
        change.event(
            EventDraft::new(AuditAction::DocumentLinked, AuditObject::Document, id.as_str())
                .detail(format!("version={} customer={code}", updated.version)),
        );
        change.commit().await?;
        Ok(updated.version)
    }

    /// Files a document with no customer, because a person has said that it belongs to none; `why` is kept in the
    /// history. Taken back as every decision is.
    pub async fn document_of_nobody(&self, asker: &Asker, id: &DocumentId, version: i64, why: &str) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        let why: String = fold::storable(why.trim()).chars().take(WHY_MAX).collect();
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        step(held.state, DocumentAct::Link)?;
        change.because(&why, "");
        let actor = change.actor.clone();
        let updated = change
            .update(&DOCUMENTS, held.uid)
            .set("dossier_uid", None::<i64>)
            .set("state", DocumentState::Filed.as_str())
            .set("link_basis", LinkBasis::Nobody.as_str())
            .set("link_detail", DetailCode::LinkedBy.with(actor).stored())
            .run()
            .await?;
        proposals::decide(&mut change, held.uid, NOBODY, held.state == DocumentState::InReview).await?;
        change.touch(ChangeSubject::Document, held.uid);
        change.event(
            EventDraft::new(AuditAction::DocumentOfNobody, AuditObject::Document, id.as_str())
                .detail(format!("version={}", updated.version)),
        );
        change.commit().await?;
        Ok(updated.version)
    }

    /// Takes a document back into review: the undo of a decision. Why it waited and its proposals are again as they were
    /// before the decision; a document that never waited does so for `reason`.
    pub async fn document_unlink(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        step(held.state, DocumentAct::Unlink)?;
        let reason = fold::storable(reason.trim());
        if !reason.is_empty() {
            change.because(&reason, "");
        }
        let waited = sqlx::query("SELECT review_reason, review_detail FROM documents WHERE uid = $1")
            .bind(held.uid)
            .fetch_one(change.connection())
            .await?;
        let (why, detail) = match waited.of("documents").text("review_reason")?.as_str() {
            "" => (Reason::CustomerUnknown.as_str().to_owned(), sent_back(&reason)),
            why => (why.to_owned(), waited.of("documents").text("review_detail")?),
        };
        let updated = change
            .update(&DOCUMENTS, held.uid)
            .set("dossier_uid", None::<i64>)
            .set("state", DocumentState::InReview.as_str())
            .set("link_basis", LinkBasis::None.as_str())
            .set("link_detail", &detail)
            .set("review_reason", why)
            .set("review_detail", &detail)
            .run()
            .await?;
        proposals::reopen(&mut change, held.uid).await?;
        change.touch(ChangeSubject::Document, held.uid);
        let mut said = format!("version={}", updated.version);
        if !reason.is_empty() {
            said = format!("{said} reason={reason}");
        }
        change.event(EventDraft::new(AuditAction::DocumentUnlinked, AuditObject::Document, id.as_str()).detail(said));
        change.commit().await?;
        Ok(updated.version)
    }
}

/// What a person has said when taking a document back into review; nothing where nothing was said.
fn sent_back(reason: &str) -> String {
    match reason {
        "" => String::new(),
        words => DetailCode::SentBackBecause.with(words).stored(),
    }
}
