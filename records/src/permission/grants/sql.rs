//! Grants in the database.

use super::{Grant, GrantDraft, GrantedThing, checked_purpose};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    audit::EventDraft,
    identity::users,
    ids::{DocumentId, DossierId, GrantId},
    store::sql::Columns,
};
use sqlx::any::AnyRow;

impl Archive {
    /// Grants, newest first: all of them for administrators and auditors, one's own for everybody else.
    pub async fn grants(&self, asker: &Asker) -> Result<Vec<Grant>> {
        let sees_all = asker.has(Role::Administrator) || asker.has(Role::Auditor);
        let rows = sqlx::query(
            "SELECT g.id, g.purpose, g.from_at, g.until_at, g.granted_by, g.revoked_at, u.name AS user_name, \
             d.id AS document_id, o.id AS dossier_id FROM grants g JOIN users u ON u.uid = g.user_uid \
             LEFT JOIN documents d ON d.uid = g.document_uid LEFT JOIN dossiers o ON o.uid = g.dossier_uid \
             WHERE ($1 = 1 OR g.user_uid = $2) ORDER BY g.uid DESC",
        )
        .bind(i64::from(sees_all))
        .bind(asker.user_uid)
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(grant).collect()
    }

    /// Lets a person see a document or dossier for a time. Administrators only, and never for themselves: sealed
    /// papers take two people.
    pub async fn grant_add(&self, asker: &Asker, draft: &GrantDraft) -> Result<Grant> {
        asker.require_writing(Role::Administrator)?;
        let purpose = checked_purpose(draft, self.0.access_limits.grant_days_max)?;
        let mut change = self.0.change(asker.name()).await?;
        let (user_uid, user_id) = users::sql::find(&mut change, &draft.user_name).await?;
        if user_uid == asker.user_uid {
            return Err(RefusedBecause::GrantToSelf {}.into());
        }
        let user_name = sqlx::query("SELECT name FROM users WHERE uid = $1")
            .bind(user_uid)
            .fetch_one(change.connection())
            .await?
            .text("name")?;
        let (statement, what, id) = match &draft.thing {
            GrantedThing::Document(id) => ("SELECT uid FROM documents WHERE id = $1", Thing::Document, id.as_str()),
            GrantedThing::Dossier(id) => ("SELECT uid FROM dossiers WHERE id = $1", Thing::Dossier, id.as_str()),
        };
        let thing_uid = sqlx::query(statement)
            .bind(id)
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| Error::Absent {
                what,
                id: id.to_owned(),
            })?
            .int("uid")?;
        let is_document = matches!(draft.thing, GrantedThing::Document(_));
        let made = Grant {
            id: GrantId::new(&change.environment),
            user_name,
            thing: draft.thing.clone(),
            purpose,
            from: draft.from,
            until: draft.until,
            granted_by: asker.name().to_owned(),
            revoked: false,
        };
        sqlx::query(
            "INSERT INTO grants (id, user_uid, document_uid, dossier_uid, purpose, from_at, until_at, granted_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(made.id.as_str())
        .bind(user_uid)
        .bind(is_document.then_some(thing_uid))
        .bind((!is_document).then_some(thing_uid))
        .bind(&made.purpose)
        .bind(made.from.micros())
        .bind(made.until.micros())
        .bind(&made.granted_by)
        .execute(change.connection())
        .await?;
        change.event(EventDraft::new("grant.added", what.code(), id).detail(format!(
            "grant={} user={user_id} from={} until={}",
            made.id,
            made.from.rfc3339(),
            made.until.rfc3339()
        )));
        change.commit().await?;
        Ok(made)
    }

    /// Ends a grant at once. Administrators only. Ending it twice is fine.
    pub async fn grant_revoke(&self, asker: &Asker, id: &GrantId) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let at = change.at.micros();
        sqlx::query("SELECT uid FROM grants WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| Error::Absent {
                what: Thing::Grant,
                id: id.to_string(),
            })?;
        sqlx::query("UPDATE grants SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
            .bind(at)
            .bind(id.as_str())
            .execute(change.connection())
            .await?;
        change.event(EventDraft::new("grant.revoked", "grant", id.as_str()));
        change.commit().await
    }
}

fn grant(row: &AnyRow) -> Result<Grant> {
    let row = &row.of("grants");
    let thing = match (row.maybe_text("document_id")?, row.maybe_text("dossier_id")?) {
        (Some(document), _) => GrantedThing::Document(DocumentId::parse(&document)?),
        (None, Some(dossier)) => GrantedThing::Dossier(DossierId::parse(&dossier)?),
        (None, None) => {
            return Err(Error::Inconsistent {
                table: "grants",
                column: "document_uid".to_owned(),
                detail: "a grant names neither a document nor a dossier".to_owned(),
            });
        }
    };
    Ok(Grant {
        id: GrantId::parse(&row.text("id")?)?,
        user_name: row.text("user_name")?,
        thing,
        purpose: row.text("purpose")?,
        from: row.moment("from_at")?,
        until: row.moment("until_at")?,
        granted_by: row.text("granted_by")?,
        revoked: row.maybe_int("revoked_at")?.is_some(),
    })
}
