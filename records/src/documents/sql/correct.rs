//! Corrections of what stands in the record of a document.

use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    audit::EventDraft,
    changes::Subject,
    documents::{DocumentDraft, DocumentState, recorded::DOCUMENTS},
    fold,
    ids::DocumentId,
    permission::sql::Visible,
    store::sql::{Change, Columns, word},
};

impl Archive {
    /// Corrects what stands in the record of a document. Returns the new version.
    pub async fn document_change(
        &self,
        asker: &Asker,
        id: &DocumentId,
        version: i64,
        draft: &DocumentDraft,
    ) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        if draft.security_level > asker.clearance() {
            return Err(RefusedBecause::LevelAboveClearance {}.into());
        }
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        let (at, actor) = (change.at.micros(), change.actor.clone());
        sqlx::query(
            "UPDATE documents SET kind = $1, title = $2, title_folded = $3, number = $4, number_folded = $5, date_text = $6, date_key = $7, \
             pages_declared = $8, copy_state = $9, security_level = $10, department = $11, described_by = $12, described_at = $13, \
             changed_at = $13, version = version + 1 WHERE uid = $14",
        )
        .bind(&draft.kind)
        .bind(fold::storable(&draft.title))
        .bind(fold::name(&draft.title))
        .bind(fold::storable(&draft.number))
        .bind(fold::code(&draft.number))
        .bind(draft.date.as_str())
        .bind(draft.date.sort_key())
        .bind(draft.pages_declared)
        .bind(draft.copy_state.as_str())
        .bind(draft.security_level.number())
        .bind(&draft.department)
        .bind(actor)
        .bind(at)
        .bind(held.uid)
        .execute(change.connection())
        .await?;
        change.touch(Subject::Document, held.uid);
        change.event(
            EventDraft::new("document.changed", "document", id.as_str()).detail(format!(
                "version={} kind={}->{} security_level={}->{}",
                version + 1,
                held.kind,
                draft.kind,
                held.security_level,
                draft.security_level.number()
            )),
        );
        change.commit().await?;
        Ok(version + 1)
    }
}

/// What a change of a document must know of it.
pub(crate) struct Held {
    pub uid: i64,
    pub state: DocumentState,
    pub kind: String,
    pub security_level: i64,
}

/// Locks a document that the asker may see and checks that nobody changed it since `version`.
pub(crate) async fn hold(change: &mut Change, asker: &Asker, id: &DocumentId, version: i64) -> Result<Held> {
    let row = Visible::documents(asker, change.at)
        .columns("d.uid, d.state, d.kind, d.security_level, d.version")
        .and("d.id = ?", [id.as_str().into()])
        .locked(change.dialect)
        .held(change.connection())
        .await?
        .ok_or_else(|| Error::Absent {
            what: Thing::Document,
            id: id.to_string(),
        })?;
    let found = row.int("version")?;
    if found != version {
        return Err(Error::Conflict {
            what: Thing::Document,
            id: id.to_string(),
            expected: version,
            found,
        });
    }
    Ok(Held {
        uid: row.int("uid")?,
        state: word("documents", "state", &row.text("state")?, DocumentState::from_code)?,
        kind: row.text("kind")?,
        security_level: row.int("security_level")?,
    })
}

/// Seals a document for a reason, or breaks its seal.
pub(crate) async fn set_seal(change: &mut Change, uid: i64, reason: Option<&str>) -> Result<()> {
    let (at, actor) = (change.at, change.actor.clone());
    change
        .update(&DOCUMENTS, uid)
        .set("sealed", reason.is_some())
        .set("sealed_by", reason.map_or(String::new(), |_| actor))
        .set("sealed_reason", reason.unwrap_or_default())
        .set("sealed_at", reason.map(|_| at))
        .run()
        .await?;
    change.touch(Subject::Document, uid);
    Ok(())
}
