//! Claiming a document to read again, and writing the result.

use super::stored::task_of;
use crate::{
    Moment, Result, System,
    changes::ChangeSubject,
    documents::{
        DocumentState,
        sql::{describe::follow_text, proposals},
    },
    jobs::{self, JobState, Lease, Settled},
    pages::{
        TextLayer,
        reread::{CANCELLED, JOB_KIND, RereadDocument, RereadPage, RereadResult, RereadTask},
        sql::{
            facts,
            read::{corrections_of, frame, pages_of},
            write::{Put, put_again},
        },
    },
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use std::collections::BTreeMap;
use vocabulary::{
    AuditAction, AuditObject,
    detail::{Detail, DetailCode},
};

impl System {
    /// Claims the next document to read again, for `lease_s` seconds. Expired leases are recovered first.
    pub async fn reread_claim(&self, lease_s: i64) -> Result<Option<(Lease, RereadTask)>> {
        self.jobs_recover().await?;
        match self.job_claim(&[JOB_KIND], lease_s).await? {
            Some(lease) => {
                let task = task_of(&lease.payload).map_err(|error| error.in_row(lease.id.to_string()))?;
                Ok(Some((lease, task)))
            }
            None => Ok(None),
        }
    }

    /// When there may be something to take; `None` when nothing waits and nobody works.
    pub async fn reread_due(&self) -> Result<Option<Moment>> {
        self.job_due(JOB_KIND).await
    }

    /// The document of a task with its pages; `None` when it is gone or withdrawn, or the order was cancelled.
    pub async fn reread_document(&self, task: &RereadTask) -> Result<Option<RereadDocument>> {
        let row = sqlx::query(
            "SELECT d.uid FROM documents d WHERE d.id = $1 AND d.state <> 'withdrawn' \
             AND NOT EXISTS (SELECT 1 FROM reread_orders r WHERE r.id = $2 AND r.cancelled_at IS NOT NULL)",
        )
        .bind(task.document.as_str())
        .bind(task.order.as_str())
        .fetch_optional(&self.0.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let uid = row.of("documents").int("uid")?;
        let pages = pages_of(&self.0, uid).await?;
        let uids: Vec<i64> = pages.iter().map(|page| page.uid).collect();
        let mut typed = corrections_of(&mut *self.0.readers.acquire().await?, &uids).await?;
        let rows = sqlx::query(
            "SELECT t.uid, t.page_uid, t.content, t.turn, t.width, t.height FROM text_layers t JOIN pages p ON p.uid = t.page_uid \
             WHERE p.document_uid = $1 AND t.chosen = 1",
        )
        .bind(uid)
        .fetch_all(&self.0.readers)
        .await?;
        let mut layers = BTreeMap::new();
        for row in &rows {
            let row = row.of("text_layers");
            let page = row.int("page_uid")?;
            let typed = typed.get(&page).map_or(&[][..], Vec::as_slice);
            let layer = row.named(TextLayer::decode(&row.bytes("content")?))?;
            layers.insert(page, layer.corrected(frame(&row)?, typed));
        }
        Ok(Some(RereadDocument {
            uid,
            pages: pages
                .into_iter()
                .map(|page| RereadPage {
                    layer: layers.remove(&page.uid).unwrap_or_default(),
                    corrections: typed.remove(&page.uid).unwrap_or_default(),
                    page,
                })
                .collect(),
        }))
    }

    /// Writes what was read again and ends the job, in one transaction. When the lease was over or the order cancelled
    /// nothing is written.
    pub async fn reread_finish(&self, lease: &Lease, task: &RereadTask, result: &RereadResult) -> Result<Settled> {
        let mut change = self.0.change(&lease.created_by).await?;
        let cancelled = sqlx::query("SELECT 1 AS one FROM reread_orders WHERE id = $1 AND cancelled_at IS NOT NULL")
            .bind(task.order.as_str())
            .fetch_optional(change.connection())
            .await?
            .is_some();
        if cancelled {
            let settled = jobs::sql::end(&mut change, lease, JobState::Failed, CANCELLED).await?;
            change.commit().await?;
            return Ok(settled);
        }
        if jobs::sql::end(&mut change, lease, JobState::Done, "").await? == Settled::LeaseLost {
            return Ok(Settled::LeaseLost);
        }
        let row = sqlx::query(composed(format!(
            "SELECT uid, state FROM documents WHERE id = $1 AND state <> 'withdrawn'{}",
            change.dialect.for_update()
        )))
        .bind(task.document.as_str())
        .fetch_optional(change.connection())
        .await?;
        let Some(document) = row else {
            jobs::sql::end_otherwise(
                &mut change,
                lease,
                JobState::Failed,
                &DetailCode::DocumentWithdrawn.alone().stored(),
            )
            .await?;
            change.commit().await?;
            return Ok(Settled::Written);
        };
        let uid = document.of("documents").int("uid")?;
        let put = put_pages(&mut change, uid, result).await?;
        let found = facts::replace(&mut change, uid, &put.reread, &result.facts).await?;
        if document.of("documents").text("state")? == DocumentState::InReview.as_str() {
            proposals::insert(&mut change, uid, &result.candidates, &found).await?;
        }
        let filled = follow_text(&mut change, uid, &result.former, &result.described, result.trusted).await?;
        sqlx::query("UPDATE reread_documents SET pages = $1, pages_changed = $2, pages_failed = $3 WHERE job_id = $4")
            .bind(i64::try_from(result.pages.len()).unwrap_or(i64::MAX))
            .bind(put.changed)
            .bind(put.failed)
            .bind(lease.id.as_str())
            .execute(change.connection())
            .await?;
        if let Some((state, reason)) = put.ending() {
            jobs::sql::end_otherwise(&mut change, lease, state, &reason.stored()).await?;
        }
        change.touch(ChangeSubject::Document, uid);
        change.event(
            EventDraft::new(
                AuditAction::DocumentReread,
                AuditObject::Document,
                task.document.as_str(),
            )
            .detail(format!(
                "order={} pages={} changed={} failed={} filled={} settings={}",
                task.order,
                result.pages.len(),
                put.changed,
                put.failed,
                filled.join(","),
                task.settings.words()
            )),
        );
        change.commit().await?;
        Ok(Settled::Written)
    }

    /// Records a failed attempt: the document keeps its text, and the job is retried or has failed for good.
    pub async fn reread_failed(&self, lease: &Lease, task: &RereadTask, reason: &Detail) -> Result<Settled> {
        let reason = reason.stored();
        let settled = self.job_fail(lease, &reason).await?;
        if settled == Settled::Written {
            let mut change = self.0.change(&lease.created_by).await?;
            change.event(
                EventDraft::new(
                    AuditAction::DocumentRereadFailed,
                    AuditObject::Document,
                    task.document.as_str(),
                )
                .detail(format!(
                    "order={} attempt={} reason={reason}",
                    task.order, lease.attempt
                )),
            );
            change.commit().await?;
        }
        Ok(settled)
    }

    /// Releases a job whose attempt was cut short because the program stops; it does not count as an attempt.
    pub async fn reread_release(&self, lease: &Lease) -> Result<()> {
        self.job_release(lease).await
    }

    /// Ends a job whose document is gone or whose order was cancelled.
    pub async fn reread_dropped(&self, lease: &Lease) -> Result<Settled> {
        let mut change = self.0.change(&lease.created_by).await?;
        let settled = jobs::sql::end(&mut change, lease, JobState::Failed, CANCELLED).await?;
        change.commit().await?;
        Ok(settled)
    }
}

/// What became of the pages of a document.
#[derive(Default)]
struct PutPages {
    changed: i64,
    failed: i64,
    /// Numbers of the pages that could be read.
    reread: Vec<u32>,
    /// The others, and why they could not.
    unread: Vec<(u32, Detail)>,
}

impl PutPages {
    /// How the job ends, and why, when pages could not be read.
    fn ending(&self) -> Option<(JobState, Detail)> {
        let (number, failure) = self.unread.first()?;
        let state = match self.reread.as_slice() {
            [] => JobState::Failed,
            _ => JobState::Done,
        };
        let reason = match self.unread.len() - 1 {
            0 => DetailCode::PageFailed.with(*number).with(failure.clone()),
            more => DetailCode::PagesFailed.with(*number).with(failure.clone()).with(more),
        };
        Some((state, reason))
    }
}

async fn put_pages(change: &mut Change, document_uid: i64, result: &RereadResult) -> Result<PutPages> {
    let mut done = PutPages::default();
    for again in &result.pages {
        match put_again(change, document_uid, again.page_uid, &again.page).await? {
            Put::Gone => {}
            Put::Same(number) => done.reread.push(number),
            Put::Other(number) => {
                done.changed += 1;
                done.reread.push(number);
            }
            Put::Failed(number) => {
                done.failed += 1;
                let failure = again.page.failure.clone();
                done.unread
                    .push((number, failure.unwrap_or_else(|| DetailCode::PageDamaged.alone())));
            }
        }
    }
    Ok(done)
}
