//! Correcting the fields of a document.

use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, SecurityLevel, Thing,
    changes::ChangeSubject,
    documents::{CopyState, Counterpart, DocumentDraft, DocumentState, Medium, recorded::DOCUMENTS},
    fold,
    ids::DocumentId,
    permission::{
        SealTerms,
        second::{
            TwoPersonAct, WantedAct, WantedState,
            sql::{ask, is_agreed},
        },
        sql::Visible,
    },
    places,
    store::{
        EventDraft, Update,
        sql::{Change, Columns},
    },
};
use vocabulary::both;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Corrects the fields of a document. Returns the new version.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field that cannot be so; [`Error::Refused`] for a level above the asker's own
    /// clearance; [`Error::Conflict`] when somebody was faster.
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
        change.because(&draft.why, "");
        let held = hold(&mut change, asker, id, version).await?;
        check_against(&mut change, &held, draft).await?;
        if draft.security_level.number() < held.security_level {
            let act = WantedAct {
                act: TwoPersonAct::LowerDocument,
                object: id.as_str(),
                wanted: WantedState::Level(draft.security_level),
                reason: &draft.why,
            };
            if !is_agreed(&mut change, asker, &act).await? {
                drop(change);
                return Err(ask(&self.0, asker, &act).await?);
            }
        }
        let more = &draft.particulars;
        if (held.medium == Medium::Digital) != (more.medium == Medium::Digital) {
            places::sql::originals::follow_medium(&mut change, held.uid, more.medium).await?;
        }
        let (at, actor) = (change.at, change.actor.clone());
        let attributes = serde_json::Value::from_iter(draft.attributes.iter().cloned());
        let updated = fields_of(change.update(&DOCUMENTS, held.uid), draft)
            .set("attributes", attributes.to_string())
            .set("described_by", actor)
            .set("described_at", at)
            .run()
            .await?;
        if !updated.changed {
            return Ok(updated.version);
        }
        change.touch(ChangeSubject::Document, held.uid);
        change.event(
            EventDraft::new(AuditAction::DocumentChanged, AuditObject::Document, id.as_str()).detail(format!(
                "version={} kind={}->{} security_level={}->{}",
                updated.version,
                held.kind,
                draft.kind,
                held.security_level,
                draft.security_level.number()
            )),
        );
        change.commit().await?;
        Ok(updated.version)
    }
}

impl Archive {
    /// Lowers the level of a document as somebody else has asked, and changes nothing else.
    pub(crate) async fn document_lower(
        &self,
        asker: &Asker,
        id: &DocumentId,
        level: SecurityLevel,
        reason: &str,
    ) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        change.because(reason, "");
        let held = hold_newest(&mut change, asker, id).await?;
        let act = WantedAct {
            act: TwoPersonAct::LowerDocument,
            object: id.as_str(),
            wanted: WantedState::Level(level),
            reason,
        };
        if !is_agreed(&mut change, asker, &act).await? {
            drop(change);
            return Err(ask(&self.0, asker, &act).await?);
        }
        // Somebody may have lowered it in between; nothing is raised here.
        let level = level.number().min(held.security_level);
        let updated = change
            .update(&DOCUMENTS, held.uid)
            .set("security_level", level)
            .run()
            .await?;
        change.touch(ChangeSubject::Document, held.uid);
        change.event(
            EventDraft::new(AuditAction::DocumentChanged, AuditObject::Document, id.as_str()).detail(format!(
                "version={} security_level={}->{level}",
                updated.version, held.security_level
            )),
        );
        change.commit().await
    }
}

/// Sets every field of a draft.
pub(super) fn fields_of<'c>(update: Update<'c>, draft: &DocumentDraft) -> Update<'c> {
    let more = &draft.particulars;
    let seals = serde_json::Value::from_iter(more.seals.iter().cloned()).to_string();
    update
        .set("kind", &draft.kind)
        .set("title", fold::storable(&draft.title))
        .set("title_folded", fold::name(&draft.title))
        .set("number", fold::storable(&draft.number))
        .set("number_folded", fold::code(&draft.number))
        .set("date_text", draft.date.as_str())
        .set("date_key", draft.date.sort_key())
        .set("valid_from", draft.validity.from.as_str())
        .set("valid_until", draft.validity.until.as_str())
        .set("pages_declared", draft.pages_declared)
        .set("medium", more.medium.as_str())
        .set("copy_state", draft.copy_state.as_str())
        .set("verified_by", &more.verified_by)
        .set("verified_on", more.verified_on.as_str())
        .set("counterpart", more.counterpart.map_or("", Counterpart::as_str))
        .set("copies", more.copies)
        .set("seals", seals)
        .set("form_code", &more.form_code)
        .set("security_level", draft.security_level.number())
        .set("department", &draft.department)
        .set("site", &draft.site)
        .set("retention_class", &more.retention_class)
}

/// Checks that depend on the document's former values.
async fn check_against(change: &mut Change, held: &DocumentForChange, draft: &DocumentDraft) -> Result<()> {
    if let Some((field, reason)) = draft.misfit(Some(held.copy_state)) {
        return Err(Error::invalid(field.refused_as(), draft.text(field), reason));
    }
    if draft.kind.is_empty() || draft.kind == held.kind {
        return Ok(());
    }
    let known = sqlx::query("SELECT code FROM document_kinds WHERE code = $1")
        .bind(&draft.kind)
        .fetch_optional(change.connection())
        .await?;
    match known {
        Some(_) => Ok(()),
        None => Err(Error::invalid(
            Field::KindCode,
            &draft.kind,
            both!(
                "there is no such kind; `dossier kinds export` lists all codes",
                "没有这个文件类型；`dossier kinds export` 列出全部代码"
            ),
        )),
    }
}

/// What a change of a document must know of it.
pub(crate) struct DocumentForChange {
    pub uid: i64,
    pub state: DocumentState,
    pub kind: String,
    pub medium: Medium,
    pub copy_state: CopyState,
    pub security_level: i64,
    pub version: i64,
}

/// Locks a document that the asker may see and checks that nobody changed it since `version`.
pub(crate) async fn hold(
    change: &mut Change,
    asker: &Asker,
    id: &DocumentId,
    version: i64,
) -> Result<DocumentForChange> {
    let held = hold_newest(change, asker, id).await?;
    if held.version == version {
        return Ok(held);
    }
    Err(Error::Conflict {
        what: Thing::Document,
        id: id.to_string(),
        expected: version,
        found: held.version,
    })
}

/// Locks a document that the asker may see, whatever its version is.
async fn hold_newest(change: &mut Change, asker: &Asker, id: &DocumentId) -> Result<DocumentForChange> {
    let row = Visible::documents(asker, change.at)
        .columns("d.uid, d.state, d.kind, d.medium, d.copy_state, d.security_level, d.version")
        .and("d.id = ?", [id.as_str().into()])
        .locked(change.dialect)
        .held(change.connection())
        .await?
        .ok_or_else(|| Error::Absent {
            what: Thing::Document,
            id: id.to_string(),
        })?;
    let row = row.of("documents");
    Ok(DocumentForChange {
        uid: row.int("uid")?,
        state: row.word("state", DocumentState::from_code)?,
        kind: row.text("kind")?,
        medium: row.word("medium", Medium::from_code)?,
        copy_state: row.word("copy_state", CopyState::from_code)?,
        security_level: row.int("security_level")?,
        version: row.int("version")?,
    })
}

/// Seals a document, or breaks its seal.
pub(crate) async fn set_seal(change: &mut Change, uid: i64, seal: Option<&SealTerms>) -> Result<()> {
    let (at, actor) = (change.at, change.actor.clone());
    change
        .update(&DOCUMENTS, uid)
        .set("sealed", seal.is_some())
        .set("sealed_by", seal.map_or(String::new(), |_| actor))
        .set("sealed_reason", seal.map_or("", |seal| &seal.reason))
        .set("sealed_until", seal.map_or("", |seal| seal.until.as_str()))
        .set("sealed_at", seal.map(|_| at))
        .run()
        .await?;
    change.touch(ChangeSubject::Document, uid);
    Ok(())
}
