//! Withdrawing documents and restoring them, which takes a second person.

use super::{correct::hold, read::OF_CUSTOMER};
use crate::{
    Archive, Asker, Error, Moment, RefusedBecause, Result, Role, SecurityLevel, Thing,
    changes::ChangeSubject,
    documents::{
        DocumentState, WithdrawnRow,
        recorded::DOCUMENTS,
        states::{DocumentAct, step},
    },
    ids::DocumentId,
    permission::{checked_reason, sql::Visible},
    privacy,
    store::{EventDraft, sql::Columns},
};
use sqlx::{AnyConnection, any::AnyRow};
use vocabulary::{AuditAction, AuditObject, LinkBasis};

/// Withdrawn documents that the asker may know of; sealed ones stay hidden.
fn withdrawn_documents(asker: &Asker, now: Moment) -> Visible {
    Visible::documents(asker, now)
        .withdrawn_too()
        .and("d.state = 'withdrawn'", [])
}

impl Archive {
    /// Hides a document everywhere at once, with a reason. Its scans stay; [`Archive::document_restore`] brings it back.
    pub async fn document_withdraw(&self, asker: &Asker, id: &DocumentId, version: i64, reason: &str) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let reason = checked_reason(reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        step(held.state, DocumentAct::Withdraw)?;
        let (at, actor) = (change.at, change.actor.clone());
        change.because(&reason, "");
        let updated = change
            .update(&DOCUMENTS, held.uid)
            .set("state_before", held.state.as_str())
            .set("state", DocumentState::Withdrawn.as_str())
            .set("withdrawn_reason", &reason)
            .set("withdrawn_by", actor)
            .set("withdrawn_at", at)
            .run()
            .await?;
        change.touch(ChangeSubject::Document, held.uid);
        change.event(
            EventDraft::new(AuditAction::DocumentWithdrawn, AuditObject::Document, id.as_str())
                .detail(format!("version={} reason={reason}", updated.version)),
        );
        change.commit().await
    }

    /// Brings a withdrawn document back to where it was. A second archivist does it: not the one who withdrew it.
    ///
    /// # Errors
    /// [`Error::Refused`] for the one who withdrew it, saying who may.
    pub async fn document_restore(&self, asker: &Asker, id: &DocumentId) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let row = withdrawn_documents(asker, change.at)
            .columns("d.uid, d.state, d.state_before, d.withdrawn_by, d.security_level")
            .and("d.id = ?", [id.as_str().into()])
            .locked(change.dialect)
            .held(change.connection())
            .await?
            .ok_or_else(|| absent(id))?;
        if row.of("documents").text("withdrawn_by")? == asker.name() {
            let level = row.of("documents").security_level("security_level")?;
            let others = others_who_restore(change.connection(), asker, level).await?;
            return Err(match others.as_slice() {
                [] => RefusedBecause::NoSecondPerson {}.into(),
                names => {
                    let others = names.join(", ");
                    RefusedBecause::SecondPerson { others }.into()
                }
            });
        }
        let state = row.of("documents").word("state", DocumentState::from_code)?;
        let before = row.of("documents").word("state_before", DocumentState::from_code)?;
        step(state, DocumentAct::Restore)?;
        let uid = row.of("documents").int("uid")?;
        change
            .update(&DOCUMENTS, uid)
            .set("state", before.as_str())
            .set("state_before", "")
            .set("withdrawn_reason", "")
            .set("withdrawn_by", "")
            .set("withdrawn_at", None::<i64>)
            .run()
            .await?;
        change.touch(ChangeSubject::Document, uid);
        change.event(EventDraft::new(
            AuditAction::DocumentRestored,
            AuditObject::Document,
            id.as_str(),
        ));
        change.commit().await
    }

    /// What was withdrawn, newest first, for archivists whose clearance reaches it.
    pub async fn withdrawn(&self, asker: &Asker, skip: usize, limit: usize) -> Result<Vec<WithdrawnRow>> {
        asker.require(Role::Archivist)?;
        let rows = withdrawn_documents(asker, self.0.environment.now())
            .columns(
                "d.uid, d.id, d.title, d.number, d.kind, d.date_text, d.security_level, d.pages_scanned, d.withdrawn_reason, \
             d.withdrawn_by, d.withdrawn_at, d.link_basis, coalesce(k.code, '') AS customer_code, coalesce(k.name, '') AS customer_name",
            )
            .join(OF_CUSTOMER)
            .then(
                "ORDER BY d.withdrawn_at DESC NULLS LAST, d.uid DESC LIMIT ? OFFSET ?",
                [limit.into(), skip.into()],
            )
            .all(&self.0.readers)
            .await?;
        self.note_read(
            asker,
            EventDraft::new(AuditAction::WithdrawnListed, AuditObject::Archive, ""),
        )
        .await?;
        rows.iter().map(|row| withdrawn_row(asker, row)).collect()
    }

    /// Names of those who may restore what the asker withdrew, at most a few, for the sentence that says so.
    pub async fn withdrawn_restorers(&self, asker: &Asker, level: SecurityLevel) -> Result<Vec<String>> {
        asker.require(Role::Archivist)?;
        others_who_restore(&mut *self.0.readers.acquire().await?, asker, level).await
    }
}

async fn others_who_restore(
    connection: &mut AnyConnection,
    asker: &Asker,
    level: SecurityLevel,
) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT name FROM users WHERE locked = 0 AND ',' || roles || ',' LIKE '%,archivist,%' AND clearance >= $1 AND name <> $2 \
         ORDER BY name_folded LIMIT 5",
    )
    .bind(level.number())
    .bind(asker.name())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.of("users").text("name")).collect()
}

fn withdrawn_row(asker: &Asker, row: &AnyRow) -> Result<WithdrawnRow> {
    let row = &row.of("documents");
    let by = row.text("withdrawn_by")?;
    Ok(WithdrawnRow {
        uid: row.int("uid")?,
        id: row.read("id", DocumentId::parse)?,
        title: privacy::shown_text(asker, row.text("title")?),
        number: privacy::shown_text(asker, row.text("number")?),
        kind: row.text("kind")?,
        date: row.text("date_text")?,
        customer_code: row.text("customer_code")?,
        customer_name: row.text("customer_name")?,
        link_basis: row.word("link_basis", LinkBasis::from_code)?,
        security_level: row.security_level("security_level")?,
        pages: row.int("pages_scanned")?,
        reason: row.text("withdrawn_reason")?,
        may_restore: by != asker.name(),
        by,
        at: row.maybe_moment("withdrawn_at")?,
    })
}

fn absent(id: &DocumentId) -> Error {
    Error::Absent {
        what: Thing::WithdrawnDocument,
        id: id.to_string(),
    }
}
