//! Withdrawing a document and bringing it back, by two persons.

use super::correct::hold;
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing,
    audit::EventDraft,
    changes::Subject,
    documents::{
        DocumentState,
        states::{DocumentAct, step},
    },
    fold,
    ids::DocumentId,
    store::sql::{Columns, word},
};

impl Archive {
    /// Hides a document, with a reason. Its scans stay; [`Archive::document_restore`] brings it back.
    pub async fn document_withdraw(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        if reason.trim().is_empty() {
            return Err(Error::invalid(
                Field::Reason,
                reason,
                "say why the document is withdrawn",
            ));
        }
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        step(held.state, DocumentAct::Withdraw)?;
        let (at, actor) = (change.at.micros(), change.actor.clone());
        sqlx::query(
            "UPDATE documents SET state_before = state, state = 'withdrawn', withdrawn_reason = $1, withdrawn_by = $2, changed_at = $3, \
             version = version + 1 WHERE uid = $4",
        )
        .bind(fold::storable(reason))
        .bind(actor)
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.withdrawn", "document", id.as_str()).detail(format!("version={}", version + 1)),
        );
        change.commit().await
    }

    /// Brings a withdrawn document back. A second person does it: not the one who withdrew it.
    pub async fn document_restore(&self, asker: &Asker, id: &DocumentId) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let row =
            sqlx::query("SELECT uid, state, state_before, withdrawn_by, security_level FROM documents WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(change.connection())
                .await?;
        let absent = || Error::Absent {
            what: Thing::WithdrawnDocument,
            id: id.to_string(),
        };
        let row = row.ok_or_else(absent)?;
        let state = word("documents", "state", &row.text("state")?, DocumentState::from_code)?;
        if step(state, DocumentAct::Restore).is_err() || row.int("security_level")? > asker.clearance().number() {
            return Err(absent());
        }
        if row.text("withdrawn_by")? == asker.name() {
            return Err(RefusedBecause::SecondPerson {}.into());
        }
        let uid = row.int("uid")?;
        let at = change.at.micros();
        sqlx::query("UPDATE documents SET state = state_before, state_before = '', withdrawn_reason = '', withdrawn_by = '', changed_at = $1, version = version + 1 WHERE uid = $2")
            .bind(at)
            .bind(uid)
            .execute(change.connection())
            .await?;
        change.touch(Subject::Document, uid);
        change.event(EventDraft::new("document.restored", "document", id.as_str()));
        change.commit().await
    }
}
