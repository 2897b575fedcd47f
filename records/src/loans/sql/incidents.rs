//! What went wrong with papers that were lent: opened at the return, resolved by an archivist.

use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    changes::ChangeSubject,
    documents::sql::keyed::key_conditions,
    fold,
    ids::{DocumentId, IncidentId},
    loans::{Incident, IncidentKind, OriginalState},
    permission::{checked_reason, sql::Visible},
    places::{OriginalEvent, after, sql::lent},
    privacy,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject};

const INCIDENT: &str = "i.uid, i.id, i.kind, i.borrower, i.pages_expected, i.pages_found, i.opened_by, i.opened_at, i.resolution, \
                        i.resolved_by, i.resolved_at, n.no, d.id AS document_id, d.title, i.replacement";

impl Archive {
    /// Incidents of papers that the asker sees, newest first: all of them for archivists and auditors, else those in one's own name.
    /// `borrower` narrows to one person.
    pub async fn incidents(&self, asker: &Asker, is_open: bool, borrower: &str, limit: usize) -> Result<Vec<Incident>> {
        let mut seen = Visible::documents(asker, self.0.environment.now())
            .columns(INCIDENT)
            .through("incidents i", "i.document_uid")
            .join("JOIN loans n ON n.uid = i.loan_uid");
        if is_open {
            seen = seen.and("i.resolved_at IS NULL", []);
        }
        if !asker.has(Role::Archivist) && !asker.has(Role::Auditor) {
            seen = seen.and("n.borrower_uid = ?", [asker.user_uid.into()]);
        }
        if !borrower.trim().is_empty() {
            seen = seen.and("i.borrower_folded = ?", [fold::name(borrower).into()]);
        }
        let rows = seen
            .then("ORDER BY i.uid DESC LIMIT ?", [limit.into()])
            .all(&self.0.readers)
            .await?;
        rows.iter().map(|row| incident(row, asker)).collect()
    }

    /// Says what was done about an incident; the copy that stands for what is missing may be named. From then on the paper goes back
    /// to its place. One that was lost is written off, unless `is_found`.
    pub async fn incident_resolve(
        &self,
        asker: &Asker,
        id: &IncidentId,
        resolution: &str,
        replacement: &str,
        is_found: bool,
    ) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let resolution = checked_reason(resolution)?;
        let mut change = self.0.change(asker.name()).await?;
        let row = Visible::documents(asker, change.at)
            .columns("i.uid, i.kind, i.resolved_at, i.original_uid, i.document_uid, t.state, n.no")
            .through("incidents i", "i.document_uid")
            .join("JOIN originals t ON t.uid = i.original_uid JOIN loans n ON n.uid = i.loan_uid")
            .and("i.id = ?", [id.as_str().into()])
            .locked(change.dialect)
            .held(change.connection())
            .await?
            .ok_or_else(|| absent(id))?;
        let row = row.of("incidents");
        if row.maybe_moment("resolved_at")?.is_some() {
            return Err(RefusedBecause::IncidentIsResolved {}.into());
        }
        let state = row.word("state", OriginalState::from_code)?;
        let (original_uid, document_uid) = (row.int("original_uid")?, row.int("document_uid")?);
        if row.word("kind", IncidentKind::from_code)? == IncidentKind::Lost {
            let event = if is_found {
                OriginalEvent::Find
            } else {
                OriginalEvent::WriteOff
            };
            if let Some(next) = after(state, event) {
                lent::take_back(&mut change, original_uid, next, &row.text("no")?).await?;
            }
        }
        let replacement = match replacement.trim() {
            "" => String::new(),
            key => document(&mut change, asker, key).await?,
        };
        let at = change.at.micros();
        sqlx::query(
            "UPDATE incidents SET resolution = $1, replacement = $2, resolved_by = $3, resolved_at = $4 WHERE uid = $5",
        )
        .bind(&resolution)
        .bind(replacement)
        .bind(asker.name())
        .bind(at)
        .bind(row.int("uid")?)
        .execute(change.connection())
        .await?;
        change.touch(ChangeSubject::Document, document_uid);
        change.event(
            EventDraft::new(AuditAction::IncidentResolved, AuditObject::Incident, id.as_str()).detail(resolution),
        );
        change.commit().await
    }
}

fn absent(id: &IncidentId) -> Error {
    Error::Absent {
        what: Thing::Incident,
        id: id.to_string(),
    }
}

/// The document that stands for what is missing.
async fn document(change: &mut Change, asker: &Asker, key: &str) -> Result<String> {
    for (condition, values) in key_conditions(key) {
        let found = Visible::documents(asker, change.at)
            .columns("d.uid, d.id")
            .and(condition, values)
            .then("ORDER BY d.uid LIMIT 1", [])
            .held(change.connection())
            .await?;
        if let Some(row) = found {
            return row.of("documents").text("id");
        }
    }
    Err(Error::Absent {
        what: Thing::Document,
        id: key.to_owned(),
    })
}

fn incident(row: &AnyRow, asker: &Asker) -> Result<Incident> {
    let row = row.of("incidents");
    Ok(Incident {
        id: row.read("id", IncidentId::parse)?,
        kind: row.word("kind", IncidentKind::from_code)?,
        loan_no: row.text("no")?,
        borrower: row.text("borrower")?,
        document_id: row.read("document_id", DocumentId::parse)?,
        title: privacy::shown_text(asker, row.text("title")?),
        pages_expected: row.int("pages_expected")?,
        pages_found: row.int("pages_found")?,
        opened_by: row.text("opened_by")?,
        opened_at: row.moment("opened_at")?,
        resolution: row.text("resolution")?,
        replacement_id: row.text("replacement")?,
        resolved_by: row.text("resolved_by")?,
        resolved_at: row.maybe_moment("resolved_at")?,
    })
}
