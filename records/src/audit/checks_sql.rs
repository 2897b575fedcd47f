//! When the trail was checked and what was found: what people are told of its soundness rests on these rows alone.

use super::{AuditCheck, AuditReport, EventDraft};
use crate::{Archive, Asker, Result, Role, System, store::sql::Columns};
use vocabulary::{AuditAction, AuditObject};

/// Problems of one check that are kept.
const PROBLEMS_MAX: usize = 100;

impl Archive {
    /// Checks the whole trail now and keeps the result. Auditors and administrators only.
    pub async fn audit_check(&self, asker: &Asker) -> Result<AuditCheck> {
        asker.require_writing(Role::Auditor)?;
        System(self.0.clone()).audit_check(asker.name()).await
    }

    /// The newest check of the trail. Auditors and administrators only.
    pub async fn audit_checked(&self, asker: &Asker) -> Result<Option<AuditCheck>> {
        asker.require(Role::Auditor)?;
        System(self.0.clone()).audit_checked().await
    }
}

impl System {
    /// Checks the whole trail and keeps what was found, in the name of `actor`.
    pub async fn audit_check(&self, actor: &str) -> Result<AuditCheck> {
        let AuditReport { events, root, problems } = self.audit_verify().await?;
        let problems: Vec<String> = problems.into_iter().take(PROBLEMS_MAX).collect();
        let mut change = self.0.change(actor).await?;
        let check = AuditCheck {
            at: change.at,
            actor: change.actor.clone(),
            events,
            problems,
        };
        sqlx::query("INSERT INTO audit_checks (at, actor, events, root, problems) VALUES ($1, $2, $3, $4, $5)")
            .bind(check.at.micros())
            .bind(&check.actor)
            .bind(check.events)
            .bind(root.to_vec())
            .bind(serde_json::Value::from(check.problems.clone()).to_string())
            .execute(change.connection())
            .await?;
        let said = format!("events={events} problems={}", check.problems.len());
        change.event(EventDraft::new(AuditAction::AuditChecked, AuditObject::Audit, "").detail(said));
        change.commit().await?;
        Ok(check)
    }

    /// The newest check of the trail.
    pub async fn audit_checked(&self) -> Result<Option<AuditCheck>> {
        let row = sqlx::query("SELECT at, actor, events, problems FROM audit_checks ORDER BY uid DESC LIMIT 1")
            .fetch_optional(&self.0.readers)
            .await?;
        row.map(|row| {
            let row = row.of("audit_checks");
            Ok(AuditCheck {
                at: row.moment("at")?,
                actor: row.text("actor")?,
                events: row.int("events")?,
                problems: serde_json::from_str(&row.text("problems")?).unwrap_or_default(),
            })
        })
        .transpose()
    }

    /// The daily check: done now where the newest is older than this, or there is none.
    pub async fn audit_check_when_older(&self, than_s: i64) -> Result<Option<AuditCheck>> {
        let now = self.0.environment.now();
        match self.audit_checked().await? {
            Some(check) if check.at.plus_seconds(than_s) > now => Ok(None),
            _ => self.audit_check("system").await.map(Some),
        }
    }
}
