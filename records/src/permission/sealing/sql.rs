//! Sealing in the database. Every document that becomes visible or invisible is touched, so that full text follows.

use super::{DossierProtection, SealTerms, SealedRow, SealedThing};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, SecurityLevel, Thing,
    changes::ChangeSubject,
    customers::sql::find_uid,
    documents::sql::correct::{hold, set_seal},
    dossiers,
    ids::DocumentId,
    permission::{
        checked_reason,
        grants::sql::{ThingColumn, shown_to},
        second::{
            TwoPersonAct, WantedAct, WantedState,
            sql::{ask, is_agreed},
        },
    },
    privacy,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Seals a document that the asker sees. From then on only grants show it.
    pub async fn document_seal(&self, asker: &Asker, id: &DocumentId, version: i64, seal: &SealTerms) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let reason = checked_reason(&seal.reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        change.because(&reason, "");
        let seal = SealTerms {
            reason: reason.clone(),
            until: seal.until.clone(),
        };
        set_seal(&mut change, held.uid, Some(&seal)).await?;
        change.event(
            EventDraft::new(AuditAction::DocumentSealed, AuditObject::Document, id.as_str())
                .detail(format!("reason={reason}")),
        );
        change.commit().await
    }

    /// Breaks the seal of a document; its security level and department decide again who sees it. A second administrator
    /// must do the same.
    pub async fn document_unseal(&self, asker: &Asker, id: &DocumentId, reason: &str) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let reason = checked_reason(reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let uid = sqlx::query("SELECT uid FROM documents WHERE id = $1 AND sealed = 1")
            .bind(id.as_str())
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| absent(Thing::SealedDocument, id.as_str()))?
            .of("documents")
            .int("uid")?;
        let act = WantedAct {
            act: TwoPersonAct::UnsealDocument,
            object: id.as_str(),
            wanted: WantedState::AsTheActSays,
            reason: &reason,
        };
        if !is_agreed(&mut change, asker, &act).await? {
            drop(change);
            return Err(ask(&self.0, asker, &act).await?);
        }
        change.because(&reason, "");
        set_seal(&mut change, uid, None).await?;
        change.event(
            EventDraft::new(AuditAction::DocumentUnsealed, AuditObject::Document, id.as_str())
                .detail(format!("reason={reason}")),
        );
        change.commit().await
    }

    /// Sets the security level of a whole dossier and whether it is sealed.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the dossier has another version; [`Error::Refused`] for a level above the asker's own clearance.
    pub async fn dossier_protect(
        &self,
        asker: &Asker,
        customer: &str,
        version: i64,
        protection: DossierProtection,
        seal: &SealTerms,
    ) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let reason = checked_reason(&seal.reason)?;
        if protection.security_level > asker.clearance() {
            return Err(RefusedBecause::LevelAboveClearance {}.into());
        }
        let customer_uid = find_uid(&self.0, customer)
            .await?
            .ok_or_else(|| absent(Thing::Customer, customer))?;
        let mut change = self.0.change(asker.name()).await?;
        if let Some((act, object)) = weaker(&mut change, customer_uid, protection).await? {
            let act = WantedAct {
                act,
                object: &object,
                wanted: WantedState::Protection(protection),
                reason: &reason,
            };
            if !is_agreed(&mut change, asker, &act).await? {
                drop(change);
                return Err(ask(&self.0, asker, &act).await?);
            }
        }
        change.because(&reason, "");
        let seal = SealTerms {
            reason: reason.clone(),
            until: seal.until.clone(),
        };
        let (dossier_uid, dossier_id) =
            dossiers::sql::protect(&mut change, customer_uid, version, protection, &seal).await?;
        let inside = sqlx::query("SELECT uid FROM documents WHERE dossier_uid = $1 ORDER BY uid")
            .bind(dossier_uid)
            .fetch_all(change.connection())
            .await?;
        for document in &inside {
            change.touch(ChangeSubject::Document, document.of("documents").int("uid")?);
        }
        change.event(
            EventDraft::new(AuditAction::DossierProtected, AuditObject::Dossier, dossier_id).detail(format!(
                "security_level={} sealed={} reason={reason}",
                protection.security_level.number(),
                i64::from(protection.sealed)
            )),
        );
        change.commit().await
    }

    /// What is sealed: all of it for those who may break a seal, and for everybody what they sealed themselves.
    pub async fn sealed(&self, asker: &Asker, limit: usize) -> Result<Vec<SealedRow>> {
        let sees_all = asker.has(Role::Administrator);
        let rows = sqlx::query(
            "SELECT 'dossier' AS thing, o.uid AS uid, c.id AS id, c.code AS customer_code, c.name AS title, '' AS number, '' AS kind, \
             '' AS date_text, o.security_level AS security_level, '' AS department, o.sealed_at AS sealed_at, o.sealed_by AS sealed_by, \
             o.sealed_reason AS sealed_reason, o.sealed_until AS sealed_until FROM dossiers o JOIN customers c ON c.uid = o.customer_uid \
             WHERE o.sealed = 1 AND ($1 = 1 OR o.sealed_by = $2) \
             UNION ALL SELECT 'document' AS thing, d.uid AS uid, d.id AS id, coalesce(c.code, '') AS customer_code, d.title AS title, \
             d.number AS number, d.kind AS kind, d.date_text AS date_text, CASE WHEN coalesce(o.security_level, 0) > d.security_level \
             THEN o.security_level ELSE d.security_level END AS security_level, d.department AS department, d.sealed_at AS sealed_at, \
             d.sealed_by AS sealed_by, d.sealed_reason AS sealed_reason, d.sealed_until AS sealed_until FROM documents d \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid LEFT JOIN customers c ON c.uid = o.customer_uid \
             WHERE d.sealed = 1 AND d.state <> 'withdrawn' AND ($1 = 1 OR d.sealed_by = $2) \
             ORDER BY thing DESC, customer_code, id LIMIT $3",
        )
        .bind(i64::from(sees_all))
        .bind(asker.name())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        if rows.is_empty() {
            // A person who has sealed nothing and may break no seal learns nothing, not even that nothing is sealed.
            asker.require(Role::Administrator)?;
        }
        self.note_read(
            asker,
            EventDraft::new(AuditAction::SealedListed, AuditObject::Archive, ""),
        )
        .await?;
        let mut sealed = Vec::with_capacity(rows.len());
        for row in &rows {
            sealed.push(self.sealed_row(asker, row).await?);
        }
        Ok(sealed)
    }

    async fn sealed_row(&self, asker: &Asker, row: &AnyRow) -> Result<SealedRow> {
        let row = row.of("documents");
        let (thing, column) = match row.text("thing")?.as_str() {
            "dossier" => (SealedThing::Dossier, ThingColumn::Dossier),
            _ => (SealedThing::Document, ThingColumn::Document),
        };
        let sealed_by = row.text("sealed_by")?;
        let (level, department) = (row.security_level("security_level")?, row.text("department")?);
        let names_it =
            thing == SealedThing::Dossier || sealed_by == asker.name() || would_see(asker, level, &department);
        let named = |text: String| match names_it {
            true => privacy::shown_text(asker, text),
            false => String::new(),
        };
        Ok(SealedRow {
            thing,
            id: row.text("id")?,
            customer_code: row.text("customer_code")?,
            title: named(row.text("title")?),
            number: named(row.text("number")?),
            kind: row.text("kind")?,
            date: row.text("date_text")?,
            sealed_at: row.maybe_moment("sealed_at")?,
            sealed_by,
            reason: row.text("sealed_reason")?,
            until: row.text("sealed_until")?,
            shown_to: shown_to(&self.0, column, row.int("uid")?).await?,
        })
    }

    /// How a whole dossier is protected and its version, for those who may change it.
    ///
    /// # Errors
    /// [`Error::Absent`] when there is no such customer.
    pub async fn dossier_protection(&self, asker: &Asker, customer: &str) -> Result<(DossierProtection, i64)> {
        asker.require(Role::Administrator)?;
        let customer_uid = find_uid(&self.0, customer)
            .await?
            .ok_or_else(|| absent(Thing::Customer, customer))?;
        let row = sqlx::query("SELECT uid, security_level, sealed, version FROM dossiers WHERE customer_uid = $1")
            .bind(customer_uid)
            .fetch_one(&self.0.readers)
            .await?;
        let row = row.of("dossiers");
        let protection = DossierProtection {
            security_level: row.security_level("security_level")?,
            sealed: row.flag("sealed")?,
        };
        Ok((protection, row.int("version")?))
    }
}

/// What of a protection takes two people, and the id of the dossier: breaking its seal, or lowering its level.
async fn weaker(
    change: &mut Change,
    customer_uid: i64,
    wanted: DossierProtection,
) -> Result<Option<(TwoPersonAct, String)>> {
    let row = sqlx::query("SELECT id, security_level, sealed FROM dossiers WHERE customer_uid = $1")
        .bind(customer_uid)
        .fetch_one(change.connection())
        .await?;
    let row = row.of("dossiers");
    let act = if row.flag("sealed")? && !wanted.sealed {
        TwoPersonAct::UnsealDossier
    } else if row.security_level("security_level")? > wanted.security_level {
        TwoPersonAct::LowerDossier
    } else {
        return Ok(None);
    };
    Ok(Some((act, row.text("id")?)))
}

/// Whether the asker's rights would show a document if it were not sealed.
fn would_see(asker: &Asker, level: SecurityLevel, department: &str) -> bool {
    let sight = asker.sight();
    sight.security_level_max.is_some_and(|max| level <= max)
        && (department.is_empty() || sight.department.is_none_or(|own| own == department))
}

fn absent(what: Thing, id: &str) -> Error {
    Error::Absent {
        what,
        id: id.to_owned(),
    }
}
