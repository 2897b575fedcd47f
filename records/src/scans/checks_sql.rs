//! When the files were checked and what was found: what people are told of them rests on these rows alone.

use super::{FileCheck, Thoroughness, VerifyReport};
use crate::{Archive, Asker, Result, Role, System, store::EventDraft, store::sql::Columns};
use vocabulary::{AuditAction, AuditObject};

/// Problems of one check that are kept.
const PROBLEMS_MAX: usize = 100;

impl Archive {
    /// The newest check of the files, for those who answer for them.
    pub async fn files_checked(&self, asker: &Asker) -> Result<Option<FileCheck>> {
        if !asker.has(Role::Archivist) && !asker.has(Role::Administrator) {
            asker.require(Role::Auditor)?;
        }
        System(self.0.clone()).files_checked().await
    }
}

impl System {
    /// Compares record and vault, the trail apart, and keeps what was found, in the name of `actor`.
    pub(crate) async fn files_check(&self, actor: &str, thoroughness: Thoroughness) -> Result<FileCheck> {
        let report = self.verify_files(thoroughness).await?;
        self.files_keep(actor, thoroughness, &report).await
    }

    /// Keeps what a check of the files has found; problems of the trail are its own and are left out.
    pub async fn files_keep(
        &self,
        actor: &str,
        thoroughness: Thoroughness,
        report: &VerifyReport,
    ) -> Result<FileCheck> {
        let of_files = report.problems.iter().filter(|problem| problem.kind != OF_TRAIL);
        let told = of_files.map(|problem| format!("{} {}: {}", problem.kind, problem.object, problem.detail));
        let mut change = self.0.change(actor).await?;
        let check = FileCheck {
            at: change.at,
            actor: change.actor.clone(),
            scans: report.scans,
            every_byte: thoroughness == Thoroughness::Full,
            problems: told.take(PROBLEMS_MAX).collect(),
        };
        sqlx::query("INSERT INTO file_checks (at, actor, scans, every_byte, problems) VALUES ($1, $2, $3, $4, $5)")
            .bind(check.at.micros())
            .bind(&check.actor)
            .bind(check.scans)
            .bind(i64::from(check.every_byte))
            .bind(serde_json::Value::from(check.problems.clone()).to_string())
            .execute(change.connection())
            .await?;
        let said = format!(
            "scans={} every_byte={} problems={}",
            check.scans,
            check.every_byte,
            check.problems.len()
        );
        change.event(EventDraft::new(AuditAction::FilesChecked, AuditObject::Archive, "").detail(said));
        change.commit().await?;
        Ok(check)
    }

    async fn files_checked(&self) -> Result<Option<FileCheck>> {
        let row =
            sqlx::query("SELECT at, actor, scans, every_byte, problems FROM file_checks ORDER BY uid DESC LIMIT 1")
                .fetch_optional(&self.0.readers)
                .await?;
        row.map(|row| {
            let row = row.of("file_checks");
            Ok(FileCheck {
                at: row.moment("at")?,
                actor: row.text("actor")?,
                scans: row.int("scans")?,
                every_byte: row.flag("every_byte")?,
                problems: row.read("problems", |text| serde_json::from_str(text))?,
            })
        })
        .transpose()
    }

    /// The daily check: every row and the size of every file, where the newest check is older than this or there is none.
    pub async fn files_check_when_older(&self, than_s: i64) -> Result<Option<FileCheck>> {
        let now = self.0.environment.now();
        match self.files_checked().await? {
            Some(check) if check.at.plus_seconds(than_s) > now => Ok(None),
            _ => self.files_check("system", Thoroughness::Quick).await.map(Some),
        }
    }
}

/// How a check of everything names what is wrong with the trail.
const OF_TRAIL: &str = "audit_trail";
