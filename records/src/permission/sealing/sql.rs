//! Sealing in the database. Every document that becomes visible or invisible is touched, so that full text follows.

use super::{DossierProtection, SealedRow, SealedThing, checked_reason};
use crate::{
    Archive, Asker, Error, Moment, Result, Role,
    audit::EventDraft,
    changes::Subject,
    customers::sql::find_uid,
    documents::sql::hold,
    ids::DocumentId,
    store::{
        Store,
        sql::{Change, Columns},
    },
};

impl Archive {
    /// Seals a document that the asker sees. From then on only grants show it.
    pub async fn document_seal(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let reason = checked_reason(reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        set_sealed(&mut change, held.uid, 1).await?;
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
            .ok_or_else(|| absent("sealed document", id.as_str()))?
            .int("uid")?;
        set_sealed(&mut change, uid, 0).await?;
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
            return Err(Error::Refused(
                "a dossier cannot be given a security level above your own clearance".to_owned(),
            ));
        }
        let customer_uid = find_uid(&self.0, customer)
            .await?
            .ok_or_else(|| absent("customer", customer))?;
        let mut change = self.0.change(asker.name()).await?;
        let row = sqlx::query(
            "UPDATE dossiers SET security_level = $1, sealed = $2, version = version + 1 WHERE customer_uid = $3 RETURNING uid, id",
        )
        .bind(protection.security_level.number())
        .bind(i64::from(protection.sealed))
        .bind(customer_uid)
        .fetch_one(change.connection())
        .await?;
        let inside = sqlx::query("SELECT uid FROM documents WHERE dossier_uid = $1 ORDER BY uid")
            .bind(row.int("uid")?)
            .fetch_all(change.connection())
            .await?;
        for document in &inside {
            change.touch(Subject::Document, document.int("uid")?);
        }
        change.event(
            EventDraft::new("dossier.protected", "dossier", row.text("id")?).detail(format!(
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
            "SELECT 'dossier' AS thing, c.id AS id, c.code AS customer_code, '' AS kind, '' AS date_text, 'dossier' AS object_kind, o.id AS object_id \
             FROM dossiers o JOIN customers c ON c.uid = o.customer_uid WHERE o.sealed = 1 \
             UNION ALL SELECT 'document' AS thing, d.id AS id, coalesce(c.code, '') AS customer_code, d.kind AS kind, d.date_text AS date_text, \
             'document' AS object_kind, d.id AS object_id FROM documents d \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid LEFT JOIN customers c ON c.uid = o.customer_uid WHERE d.sealed = 1 \
             ORDER BY thing DESC, customer_code, id LIMIT $1",
        )
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        self.note_read(asker, EventDraft::new("sealed.listed", "archive", ""))
            .await?;
        let mut sealed = Vec::with_capacity(rows.len());
        for row in &rows {
            let (sealed_at, sealed_by, reason) =
                last_sealing(&self.0, &row.text("object_kind")?, &row.text("object_id")?).await?;
            sealed.push(SealedRow {
                thing: match row.text("thing")?.as_str() {
                    "dossier" => SealedThing::Dossier,
                    _ => SealedThing::Document,
                },
                id: row.text("id")?,
                customer_code: row.text("customer_code")?,
                kind: row.text("kind")?,
                date: row.text("date_text")?,
                sealed_at,
                sealed_by,
                reason,
            });
        }
        Ok(sealed)
    }

    /// How a whole dossier is protected, for those who may change it.
    ///
    /// # Errors
    /// [`Error::Absent`] when there is no such customer.
    pub async fn dossier_protection(&self, asker: &Asker, customer: &str) -> Result<DossierProtection> {
        asker.require(Role::Administrator)?;
        let customer_uid = find_uid(&self.0, customer)
            .await?
            .ok_or_else(|| absent("customer", customer))?;
        let row = sqlx::query("SELECT security_level, sealed FROM dossiers WHERE customer_uid = $1")
            .bind(customer_uid)
            .fetch_one(&self.0.readers)
            .await?;
        Ok(DossierProtection {
            security_level: crate::documents::sql::security_level(&row)?,
            sealed: row.flag("sealed")?,
        })
    }
}

/// When, by whom and why a thing was sealed last; nothing where the trail does not go back so far.
async fn last_sealing(store: &Store, object_kind: &str, object_id: &str) -> Result<(Option<Moment>, String, String)> {
    let row = sqlx::query(
        "SELECT at, actor, detail FROM audit_events WHERE object_kind = $1 AND object_id = $2 \
         AND (action = 'document.sealed' OR (action = 'dossier.protected' AND detail LIKE '%sealed=1%')) \
         ORDER BY sequence DESC LIMIT 1",
    )
    .bind(object_kind)
    .bind(object_id)
    .fetch_optional(&store.readers)
    .await?;
    let Some(row) = row else {
        return Ok((None, String::new(), String::new()));
    };
    let detail = row.text("detail")?;
    let reason = detail.split_once("reason=").map_or("", |(_, reason)| reason);
    Ok((Some(row.moment("at")?), row.text("actor")?, reason.to_owned()))
}

async fn set_sealed(change: &mut Change, uid: i64, sealed: i64) -> Result<()> {
    let at = change.at.micros();
    sqlx::query("UPDATE documents SET sealed = $1, changed_at = $2, version = version + 1 WHERE uid = $3")
        .bind(sealed)
        .bind(at)
        .bind(uid)
        .execute(change.connection())
        .await?;
    change.touch(Subject::Document, uid);
    Ok(())
}

fn absent(what: &'static str, id: &str) -> Error {
    Error::Absent {
        what,
        id: id.to_owned(),
    }
}
