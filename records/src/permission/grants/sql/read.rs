//! Grants as they are listed.

use super::target::find_target;
use crate::permission::grants::{Grant, GrantFilter, GrantState, GrantedThing};
use crate::{
    Archive, Asker, Error, Result, Role, Thing,
    ids::{DocumentId, DossierId, GrantId},
    store::sql::{Columns, composed},
};
use sqlx::any::AnyRow;
use std::collections::HashMap;

const COLUMNS: &str = "g.id, g.purpose, g.from_at, g.until_at, g.state, g.proposed_by, g.proposed_at, g.confirmed_by, \
    g.confirmed_at, g.closed_by, g.closed_at, g.closed_reason, u.name AS user_name, u.display_name AS user_display_name, \
    d.id AS document_id, d.uid AS document_uid, o.id AS dossier_id, coalesce(c.code, '') AS customer_code, \
    coalesce(c.name, '') AS customer_name";

const FROM: &str = "FROM grants g JOIN users u ON u.uid = g.user_uid LEFT JOIN documents d ON d.uid = g.document_uid \
    LEFT JOIN dossiers o ON o.uid = g.dossier_uid LEFT JOIN customers c ON c.uid = o.customer_uid";

impl Archive {
    /// Grants, newest first: all of them for administrators and auditors; for everybody else those that are for them
    /// and those that they proposed.
    pub async fn grants(&self, asker: &Asker, filter: &GrantFilter, limit: usize) -> Result<Vec<Grant>> {
        let sees_all = asker.has(Role::Administrator) || asker.has(Role::Auditor);
        let target = match &filter.target {
            Some(target) => Some(find_target(&self.0, asker, target).await?),
            None => None,
        };
        let (document, dossier) = target
            .as_ref()
            .map_or((None, None), |target| (target.document_uid, target.dossier_uid));
        let statement = format!(
            "SELECT {COLUMNS} {FROM} WHERE ($1 = 1 OR g.user_uid = $2 OR g.proposed_by = $3) \
             AND ($4 = 0 OR g.document_uid = $4) AND ($5 = 0 OR g.dossier_uid = $5) \
             AND ($6 = 0 OR (g.state IN ('proposed', 'confirmed') AND g.until_at > $7)) ORDER BY g.uid DESC LIMIT $8"
        );
        let rows = sqlx::query(composed(statement))
            .bind(i64::from(sees_all))
            .bind(asker.user_uid)
            .bind(asker.name())
            .bind(document.unwrap_or(0))
            .bind(dossier.unwrap_or(0))
            .bind(i64::from(filter.open_only))
            .bind(self.0.environment.now().micros())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        self.with_titles(asker, &rows).await
    }

    /// One grant, for those who may list it.
    pub async fn grant(&self, asker: &Asker, id: &GrantId) -> Result<Grant> {
        let sees_all = asker.has(Role::Administrator) || asker.has(Role::Auditor);
        let statement =
            format!("SELECT {COLUMNS} {FROM} WHERE g.id = $1 AND ($2 = 1 OR g.user_uid = $3 OR g.proposed_by = $4)");
        let rows = sqlx::query(composed(statement))
            .bind(id.as_str())
            .bind(i64::from(sees_all))
            .bind(asker.user_uid)
            .bind(asker.name())
            .fetch_all(&self.0.readers)
            .await?;
        self.with_titles(asker, &rows).await?.pop().ok_or_else(|| absent(id))
    }

    /// Titles of documents only where the asker sees the document.
    async fn with_titles(&self, asker: &Asker, rows: &[AnyRow]) -> Result<Vec<Grant>> {
        let mut documents = Vec::new();
        for row in rows {
            documents.extend(row.of("grants").maybe_int("document_uid")?);
        }
        let seen = self.documents_by_uid(asker, &documents).await?;
        let titles: HashMap<String, String> = seen.into_iter().map(|row| (row.id.to_string(), row.title)).collect();
        rows.iter()
            .map(|row| {
                let mut grant = grant(row)?;
                if let GrantedThing::Document(id) = &grant.thing {
                    grant.title = titles.get(id.as_str()).cloned().unwrap_or_default();
                }
                Ok(grant)
            })
            .collect()
    }

    /// How many days a grant lasts at most.
    pub fn grant_days_max(&self, _asker: &Asker) -> i64 {
        self.0.access_limits.grant_days_max
    }
}

pub(super) fn absent(id: &GrantId) -> Error {
    Error::Absent {
        what: Thing::Grant,
        id: id.to_string(),
    }
}

fn grant(row: &AnyRow) -> Result<Grant> {
    let row = &row.of("grants");
    let thing = match (row.maybe_text("document_id")?, row.maybe_text("dossier_id")?) {
        (Some(document), _) => GrantedThing::Document(DocumentId::parse(&document)?),
        (None, Some(dossier)) => GrantedThing::Dossier {
            id: DossierId::parse(&dossier)?,
            customer_code: row.text("customer_code")?,
        },
        (None, None) => {
            return Err(row.wrong("document_uid", "a grant names neither a document nor a dossier"));
        }
    };
    Ok(Grant {
        id: row.read("id", GrantId::parse)?,
        user_name: row.text("user_name")?,
        user_display_name: row.text("user_display_name")?,
        title: row.text("customer_name")?,
        thing,
        purpose: row.text("purpose")?,
        from: row.moment("from_at")?,
        until: row.moment("until_at")?,
        state: row.word("state", GrantState::from_code)?,
        proposed_by: row.text("proposed_by")?,
        proposed_at: row.moment("proposed_at")?,
        confirmed_by: row.text("confirmed_by")?,
        confirmed_at: row.maybe_moment("confirmed_at")?,
        closed_by: row.text("closed_by")?,
        closed_at: row.maybe_moment("closed_at")?,
        closed_reason: row.text("closed_reason")?,
    })
}
