//! Against which checklist a dossier is held.

use crate::{Archive, Asker, Error, Result, Role, Thing, customers::sql::find_uid, dossiers, store::EventDraft};
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Says against which checklist a customer's dossier is held; an empty code takes that back.
    ///
    /// # Errors
    /// [`Error::Absent`] when there is no such customer or checklist.
    pub async fn dossier_checklist_set(&self, asker: &Asker, customer: &str, checklist: &str) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let absent = |what, id: &str| Error::Absent {
            what,
            id: id.to_owned(),
        };
        let Some(customer_uid) = find_uid(&self.0, customer).await? else {
            return Err(absent(Thing::Customer, customer));
        };
        let mut change = self.0.change(asker.name()).await?;
        if !checklist.is_empty() {
            sqlx::query("SELECT code FROM checklists WHERE code = $1 LIMIT 1")
                .bind(checklist)
                .fetch_optional(change.connection())
                .await?
                .ok_or_else(|| absent(Thing::Checklist, checklist))?;
        }
        let dossier = dossiers::sql::hold_against(&mut change, customer_uid, checklist).await?;
        change.event(
            EventDraft::new(AuditAction::DossierChecklistSet, AuditObject::Dossier, dossier)
                .detail(format!("checklist={checklist}")),
        );
        change.commit().await
    }
}
