//! Sealing in the database. Every document that becomes visible or invisible is touched, so that full text follows.

use super::{DossierProtection, SealedRow, SealedThing, checked_reason};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    audit::EventDraft,
    changes::Subject,
    customers::sql::find_uid,
    documents::sql::correct::{hold, set_seal},
    dossiers,
    ids::DocumentId,
    permission::sql::security_level,
    store::sql::Columns,
};

impl Archive {
    /// Seals a document that the asker sees. From then on only grants show it.
    pub async fn document_seal(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let reason = checked_reason(reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        set_seal(&mut change, held.uid, Some(&reason)).await?;
        change.event(EventDraft::new("document.sealed", "document", id.as_str()).detail(format!("reason={reason}")));
        change.commit().await
    }

    /// Breaks the seal of a document; its security level and department decide again who sees it.
    pub async fn document_unseal(&self, asker: &Asker, id: &DocumentId, reason: &str) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let reason = checked_reason(reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let uid = sqlx::query("SELECT uid FROM documents WHERE id = $1 AND sealed = 1")
            .bind(id.as_str())
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| absent(Thing::SealedDocument, id.as_str()))?
            .int("uid")?;
        set_seal(&mut change, uid, None).await?;
        change.event(EventDraft::new("document.unsealed", "document", id.as_str()).detail(format!("reason={reason}")));
        change.commit().await
    }

    /// Sets the security level of a whole dossier and whether it is sealed.
    ///
    /// # Errors
    /// [`Error::Refused`] for a level above the asker's own clearance.
    pub async fn dossier_protect(
        &self,
        asker: &Asker,
        customer: &str,
        protection: DossierProtection,
        reason: &str,
    ) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let reason = checked_reason(reason)?;
        if protection.security_level > asker.clearance() {
            return Err(RefusedBecause::LevelAboveClearance {}.into());
        }
        let customer_uid = find_uid(&self.0, customer)
            .await?
            .ok_or_else(|| absent(Thing::Customer, customer))?;
        let mut change = self.0.change(asker.name()).await?;
        let (dossier_uid, dossier_id) = dossiers::sql::protect(&mut change, customer_uid, protection, &reason).await?;
        let inside = sqlx::query("SELECT uid FROM documents WHERE dossier_uid = $1 ORDER BY uid")
            .bind(dossier_uid)
            .fetch_all(change.connection())
            .await?;
        for document in &inside {
            change.touch(Subject::Document, document.int("uid")?);
        }
        change.event(
            EventDraft::new("dossier.protected", "dossier", dossier_id).detail(format!(
                "security_level={} sealed={} reason={reason}",
                protection.security_level.number(),
                i64::from(protection.sealed)
            )),
        );
        change.commit().await
    }

    /// What is sealed, for those who may break a seal.
    pub async fn sealed(&self, asker: &Asker, limit: usize) -> Result<Vec<SealedRow>> {
        asker.require(Role::Administrator)?;
        let rows = sqlx::query(
            "SELECT 'dossier' AS thing, c.id AS id, c.code AS customer_code, '' AS kind, '' AS date_text, \
             o.sealed_at, o.sealed_by, o.sealed_reason \
             FROM dossiers o JOIN customers c ON c.uid = o.customer_uid WHERE o.sealed = 1 \
             UNION ALL SELECT 'document' AS thing, d.id AS id, coalesce(c.code, '') AS customer_code, d.kind AS kind, d.date_text AS date_text, \
             d.sealed_at, d.sealed_by, d.sealed_reason FROM documents d \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid LEFT JOIN customers c ON c.uid = o.customer_uid WHERE d.sealed = 1 \
             ORDER BY thing DESC, customer_code, id LIMIT $1",
        )
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        self.note_read(asker, EventDraft::new("sealed.listed", "archive", ""))
            .await?;
        rows.iter()
            .map(|row| {
                Ok(SealedRow {
                    thing: match row.text("thing")?.as_str() {
                        "dossier" => SealedThing::Dossier,
                        _ => SealedThing::Document,
                    },
                    id: row.text("id")?,
                    customer_code: row.text("customer_code")?,
                    kind: row.text("kind")?,
                    date: row.text("date_text")?,
                    sealed_at: row.maybe_moment("sealed_at")?,
                    sealed_by: row.text("sealed_by")?,
                    reason: row.text("sealed_reason")?,
                })
            })
            .collect()
    }

    /// How a whole dossier is protected, for those who may change it.
    ///
    /// # Errors
    /// [`Error::Absent`] when there is no such customer.
    pub async fn dossier_protection(&self, asker: &Asker, customer: &str) -> Result<DossierProtection> {
        asker.require(Role::Administrator)?;
        let customer_uid = find_uid(&self.0, customer)
            .await?
            .ok_or_else(|| absent(Thing::Customer, customer))?;
        let row = sqlx::query("SELECT security_level, sealed FROM dossiers WHERE customer_uid = $1")
            .bind(customer_uid)
            .fetch_one(&self.0.readers)
            .await?;
        Ok(DossierProtection {
            security_level: security_level(&row, "dossiers", "security_level")?,
            sealed: row.flag("sealed")?,
        })
    }
}

fn absent(what: Thing, id: &str) -> Error {
    Error::Absent {
        what,
        id: id.to_owned(),
    }
}
