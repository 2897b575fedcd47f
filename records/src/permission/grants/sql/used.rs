//! Which grants hold now: what was shown because of one, and to whom a thing is shown.

use crate::{
    Archive, Asker, Moment, Result,
    permission::sql::Visible,
    store::{
        EventDraft, Store,
        sql::{Columns, composed},
    },
};
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Records in the trail that a document was shown because of a grant. Writes nothing where the asker's own rights
    /// show it too. Returns whether it was a grant.
    pub(crate) async fn note_grant_used(&self, asker: &Asker, document: &str, what: &'static str) -> Result<bool> {
        let Some(grant) = grant_that_shows(&self.0, asker, document).await? else {
            return Ok(false);
        };
        let event = EventDraft::new(AuditAction::GrantUsed, AuditObject::Document, document);
        self.note_read(asker, event.detail(format!("grant={grant} for={what}")))
            .await?;
        Ok(true)
    }
}

/// Id of the grant without which the asker would not see a document.
async fn grant_that_shows(store: &Store, asker: &Asker, document: &str) -> Result<Option<String>> {
    if asker.granted_documents.is_empty() && asker.granted_dossiers.is_empty() {
        return Ok(None);
    }
    let now = store.environment.now();
    // No grant is for the account 0, so this is what the asker's own rights show.
    let own_rights = Asker {
        user_uid: 0,
        ..asker.clone()
    };
    let own = Visible::documents(&own_rights, now)
        .and("d.id = ?", [document.into()])
        .maybe(&store.readers)
        .await?;
    if own.is_some() {
        return Ok(None);
    }
    let row = sqlx::query(
        "SELECT g.id FROM grants g JOIN documents d ON d.id = $1 \
         WHERE g.user_uid = $2 AND g.state = 'confirmed' AND g.from_at <= $3 AND g.until_at > $3 \
         AND (g.document_uid = d.uid OR g.dossier_uid = d.dossier_uid) ORDER BY g.uid LIMIT 1",
    )
    .bind(document)
    .bind(asker.user_uid)
    .bind(now.micros())
    .fetch_optional(&store.readers)
    .await?;
    row.map(|row| row.of("grants").text("id")).transpose()
}

/// Who may see a thing by a grant that holds now, with its end: for the list of what is sealed.
pub(crate) async fn shown_to(store: &Store, column: ThingColumn, uid: i64) -> Result<Vec<(String, Moment)>> {
    let statement = format!(
        "SELECT u.name, g.until_at FROM grants g JOIN users u ON u.uid = g.user_uid WHERE g.{} = $1 \
         AND g.state = 'confirmed' AND g.from_at <= $2 AND g.until_at > $2 ORDER BY g.until_at, g.uid",
        match column {
            ThingColumn::Document => "document_uid",
            ThingColumn::Dossier => "dossier_uid",
        }
    );
    let rows = sqlx::query(composed(statement))
        .bind(uid)
        .bind(store.environment.now().micros())
        .fetch_all(&store.readers)
        .await?;
    rows.iter()
        .map(|row| Ok((row.of("grants").text("name")?, row.of("grants").moment("until_at")?)))
        .collect()
}

/// By which column a grant names its thing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ThingColumn {
    Document,
    Dossier,
}
