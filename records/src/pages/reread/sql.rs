//! Orders to read again in the database, and what a worker brings back.

use super::{
    ATTEMPTS_MAX, Described, JOB_KIND, ReadAgain, RereadDocument, RereadFailure, RereadLimits, RereadOrder, RereadPage,
    RereadResult, RereadScope, RereadSettings, RereadTask,
};
use crate::{
    Archive, Asker, Error, Moment, Result, Role, System,
    audit::EventDraft,
    changes::Subject,
    documents::recorded::DOCUMENTS,
    documents::sql::file::{insert_fact, insert_proposals},
    documents::{DocumentState, Fact, Until, Validity},
    fold,
    ids::{DocumentId, JobId, RereadId},
    jobs::{JobLimits, JobState, Lease, Settled},
    pages::looks::sql::{Shown, follow_layer},
    pages::{
        Page, PageFrame, PageState, TextLayer,
        sql::{PAGE, corrections_of, frame, insert_layers, page},
    },
    permission::sql::{SEEN, bind_sight},
    store::sql::{Change, Columns, composed},
};
use sqlx::any::AnyRow;
use std::collections::BTreeMap;
use vocabulary::detail::{Detail, DetailCode};

/// What a job of a cancelled order says.
const CANCELLED: &str = "cancelled";

/// Documents and the pages of each that an order is about; no pages named means all.
type Chosen = BTreeMap<(i64, String), Vec<u32>>;

impl Archive {
    /// Orders that documents be read again; one job for each. Archivists, and only what the asker may see.
    ///
    /// # Errors
    /// When nothing is found to be read, or more than the limit.
    pub async fn reread_order(
        &self,
        asker: &Asker,
        scope: &RereadScope,
        settings: RereadSettings,
    ) -> Result<RereadOrder> {
        asker.require_writing(Role::Archivist)?;
        let limits = RereadLimits::default();
        let settings = settings.checked(&limits)?;
        let (word, name, chosen) = self.reread_scope(asker, scope, &settings).await?;
        if chosen.is_empty() {
            return Err(Error::Refused(format!(
                "nothing is to be read again: no document of {word} {name} that you may see has such pages"
            )));
        }
        if chosen.len() > limits.documents_max {
            return Err(Error::Refused(format!(
                "{} documents are more than one order takes ({}); take a batch or a lower confidence",
                chosen.len(),
                limits.documents_max
            )));
        }
        let mut change = self.0.change(asker.name()).await?;
        let id = RereadId::new(&change.environment);
        let (at, actor) = (change.at.micros(), change.actor.clone());
        let row = sqlx::query(
            "INSERT INTO reread_orders (id, scope, scope_name, settings, by_name, created_at, cancelled_at, cancelled_by) \
             VALUES ($1, $2, $3, $4, $5, $6, NULL, '') RETURNING uid",
        )
        .bind(id.as_str())
        .bind(word)
        .bind(fold::storable(&name))
        .bind(stored(&settings).to_string())
        .bind(&actor)
        .bind(at)
        .fetch_one(change.connection())
        .await?;
        let order_uid = row.int("uid")?;
        let documents = chosen.len();
        for ((document_uid, document), pages) in chosen {
            let job = JobId::new(&change.environment);
            let task = RereadTask {
                order: id.clone(),
                document: DocumentId::parse(&document)?,
                settings: RereadSettings {
                    pages: if settings.pages.is_empty() {
                        pages
                    } else {
                        settings.pages.clone()
                    },
                    ..settings.clone()
                },
            };
            sqlx::query(
                "INSERT INTO jobs (id, kind, payload, state, attempts, attempts_max, run_after, lease_token, result, created_by, \
                 created_at, changed_at) VALUES ($1, $2, $3, 'waiting', 0, $4, $5, '', '', $6, $5, $5)",
            )
            .bind(job.as_str())
            .bind(JOB_KIND)
            .bind(payload(&task))
            .bind(ATTEMPTS_MAX)
            .bind(at)
            .bind(&actor)
            .execute(change.connection())
            .await?;
            sqlx::query(
                "INSERT INTO reread_documents (order_uid, document_uid, job_id, pages, pages_changed, pages_failed) \
                 VALUES ($1, $2, $3, 0, 0, 0)",
            )
            .bind(order_uid)
            .bind(document_uid)
            .bind(job.as_str())
            .execute(change.connection())
            .await?;
        }
        change.event(EventDraft::new("reread.ordered", "reread", id.as_str()).detail(format!(
            "scope={word} name={name} documents={documents} settings={}",
            settings.words()
        )));
        change.commit().await?;
        self.reread(asker, &id).await
    }

    async fn reread_scope(
        &self,
        asker: &Asker,
        scope: &RereadScope,
        settings: &RereadSettings,
    ) -> Result<(&'static str, String, Chosen)> {
        match scope {
            RereadScope::Documents(keys) => {
                let mut chosen = Chosen::new();
                for key in keys {
                    let document = self.document(asker, key).await?.ok_or_else(|| Error::Absent {
                        what: "document",
                        id: key.clone(),
                    })?;
                    let is_missing = |number: &&u32| !document.pages.iter().any(|page| page.number == **number);
                    if let Some(missing) = settings.pages.iter().find(is_missing) {
                        return Err(Error::Absent {
                            what: "page",
                            id: format!("{key}/{missing}"),
                        });
                    }
                    chosen.insert((document.row.uid, document.row.id.to_string()), Vec::new());
                }
                let name = match chosen.keys().next() {
                    Some((_, id)) if chosen.len() == 1 => id.clone(),
                    _ => chosen.len().to_string(),
                };
                Ok(("documents", name, chosen))
            }
            RereadScope::Batch(key) => {
                let statement = format!(
                    "SELECT d.uid, d.id, b.name FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
                     JOIN batches b ON b.uid = d.batch_uid WHERE {SEEN} AND (b.id = $5 OR b.name = $6) ORDER BY d.uid"
                );
                let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
                    .bind(key.trim().to_lowercase())
                    .bind(key.trim())
                    .fetch_all(&self.0.readers)
                    .await?;
                let mut chosen = Chosen::new();
                let mut name = key.clone();
                for row in &rows {
                    name = row.text("name")?;
                    chosen.insert((row.int("uid")?, row.text("id")?), Vec::new());
                }
                Ok(("batch", name, chosen))
            }
            RereadScope::Below(confidence) => {
                let rows = self.pages_below(asker, *confidence).await?;
                let mut chosen = Chosen::new();
                for row in &rows {
                    let pages = chosen.entry((row.int("uid")?, row.text("id")?)).or_default();
                    pages.push(u32::try_from(row.int("number")?).unwrap_or(0));
                }
                Ok(("below", format!("{confidence:.2}"), chosen))
            }
        }
    }

    async fn pages_below(&self, asker: &Asker, confidence: f64) -> Result<Vec<AnyRow>> {
        if !(0.0..=1.0).contains(&confidence) {
            return Err(Error::invalid(
                "confidence",
                confidence.to_string(),
                "it is a number from 0 to 1, such as 0.85",
            ));
        }
        let statement = format!(
            "SELECT d.uid, d.id, p.number FROM pages p JOIN documents d ON d.uid = p.document_uid \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid WHERE {SEEN} AND p.withdrawn = 0 AND p.uid IN \
             (SELECT t.page_uid FROM text_layers t WHERE t.chosen = 1 AND t.confidence < $5 \
              UNION SELECT f.uid FROM pages f WHERE f.reading <> 0 AND f.state = 'failed') ORDER BY d.uid, p.number"
        );
        Ok(
            bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
                .bind(confidence)
                .fetch_all(&self.0.readers)
                .await?,
        )
    }

    /// How many documents and pages an order for everything below a confidence would be about.
    pub async fn reread_count_below(&self, asker: &Asker, confidence: f64) -> Result<(usize, usize)> {
        asker.require(Role::Archivist)?;
        let rows = self.pages_below(asker, confidence).await?;
        let mut documents: Vec<i64> = rows.iter().map(|row| row.int("uid")).collect::<Result<_>>()?;
        documents.dedup();
        Ok((documents.len(), rows.len()))
    }

    /// Orders, newest first: one's own, or as administrator everybody's.
    pub async fn rereads(&self, asker: &Asker, limit: usize) -> Result<Vec<RereadOrder>> {
        asker.require(Role::Archivist)?;
        let statement = format!("{ORDER} WHERE ($1 = 1 OR r.by_name = $2) GROUP BY r.uid ORDER BY r.uid DESC LIMIT $3");
        let rows = sqlx::query(composed(statement))
            .bind(i64::from(asker.has(Role::Administrator)))
            .bind(asker.name())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter().map(order).collect()
    }

    pub async fn reread(&self, asker: &Asker, id: &RereadId) -> Result<RereadOrder> {
        let statement = format!("{ORDER} WHERE ($1 = 1 OR r.by_name = $2) AND r.id = $3 GROUP BY r.uid");
        let row = sqlx::query(composed(statement))
            .bind(i64::from(asker.has(Role::Administrator)))
            .bind(asker.name())
            .bind(id.as_str())
            .fetch_optional(&self.0.readers)
            .await?;
        order(&row.ok_or_else(|| Error::Absent {
            what: "re-reading",
            id: id.to_string(),
        })?)
    }

    /// Documents of an order that could not be read, or whose last attempt failed, with the reason.
    pub async fn reread_failures(&self, asker: &Asker, id: &RereadId, limit: usize) -> Result<Vec<RereadFailure>> {
        self.reread(asker, id).await?;
        let statement = format!(
            "SELECT d.id, d.title, j.result FROM reread_orders r JOIN reread_documents x ON x.order_uid = r.uid \
             JOIN jobs j ON j.id = x.job_id JOIN documents d ON d.uid = x.document_uid \
             LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
             WHERE {SEEN} AND r.id = $5 AND j.state IN ('failed', 'waiting') AND j.result <> '' AND j.result <> $6 \
             ORDER BY d.uid LIMIT $7"
        );
        let rows = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(id.as_str())
            .bind(CANCELLED)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(RereadFailure {
                    document_id: DocumentId::parse(&row.text("id")?)?,
                    title: row.text("title")?,
                    reason: Detail::from_stored(&row.text("result")?)
                        .unwrap_or_else(|| DetailCode::PageDamaged.alone()),
                })
            })
            .collect()
    }

    /// Stops an order: documents that wait are left as they are, those being read end without a change.
    pub async fn reread_cancel(&self, asker: &Asker, id: &RereadId) -> Result<RereadOrder> {
        asker.require_writing(Role::Archivist)?;
        self.reread(asker, id).await?;
        let mut change = self.0.change(asker.name()).await?;
        let (at, actor) = (change.at.micros(), change.actor.clone());
        let done = sqlx::query(
            "UPDATE reread_orders SET cancelled_at = $1, cancelled_by = $2 WHERE id = $3 AND cancelled_at IS NULL",
        )
        .bind(at)
        .bind(actor)
        .bind(id.as_str())
        .execute(change.connection())
        .await?;
        if done.rows_affected() == 1 {
            let stopped = sqlx::query(
                "UPDATE jobs SET state = 'failed', result = $1, changed_at = $2 WHERE state = 'waiting' AND id IN \
                 (SELECT x.job_id FROM reread_documents x JOIN reread_orders r ON r.uid = x.order_uid WHERE r.id = $3)",
            )
            .bind(CANCELLED)
            .bind(at)
            .bind(id.as_str())
            .execute(change.connection())
            .await?;
            change.event(
                EventDraft::new("reread.cancelled", "reread", id.as_str())
                    .detail(format!("documents={}", stopped.rows_affected())),
            );
        }
        change.commit().await?;
        self.reread(asker, id).await
    }
}

impl System {
    /// Takes the next document to be read again, for `lease_s` seconds. Jobs whose worker did not come back are taken
    /// up again by whoever asks.
    pub async fn reread_claim(&self, lease_s: i64) -> Result<Option<(Lease, RereadTask)>> {
        self.jobs_recover().await?;
        match self.job_claim(&[JOB_KIND], lease_s).await? {
            Some(lease) => {
                let task = task_of(&lease.payload)?;
                Ok(Some((lease, task)))
            }
            None => Ok(None),
        }
    }

    /// When there may be something to take: the next job that waits for its time, or the next lease that ends. `None`
    /// when nothing waits and nobody works.
    pub async fn reread_due(&self) -> Result<Option<Moment>> {
        sqlx::query(
            "SELECT CAST(min(CASE WHEN state = 'waiting' THEN run_after ELSE lease_until END) AS BIGINT) AS due FROM jobs \
             WHERE kind = $1 AND state IN ('waiting', 'leased')",
        )
        .bind(JOB_KIND)
        .fetch_one(&self.0.readers)
        .await?
        .maybe_moment("due")
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
        let uid = row.int("uid")?;
        let pages = crate::pages::sql::pages_of(&self.0, uid).await?;
        let uids: Vec<i64> = pages.iter().map(|page| page.uid).collect();
        let mut typed = corrections_of(&mut *self.0.readers.acquire().await?, &uids).await?;
        let rows = sqlx::query(
            "SELECT t.page_uid, t.content, t.turn, t.width, t.height FROM text_layers t JOIN pages p ON p.uid = t.page_uid \
             WHERE p.document_uid = $1 AND t.chosen = 1",
        )
        .bind(uid)
        .fetch_all(&self.0.readers)
        .await?;
        let mut layers = BTreeMap::new();
        for row in &rows {
            let page = row.int("page_uid")?;
            let typed = typed.get(&page).map_or(&[][..], Vec::as_slice);
            let layer = TextLayer::decode(&row.bytes("content")?)?;
            layers.insert(page, layer.corrected(frame(row)?, typed));
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
            let settled = settle(&mut change, lease, JobState::Failed, CANCELLED).await?;
            change.commit().await?;
            return Ok(settled);
        }
        if settle(&mut change, lease, JobState::Done, "").await? == Settled::LeaseLost {
            return Ok(Settled::LeaseLost);
        }
        let row = sqlx::query(composed(format!(
            "SELECT uid, state, kind, title, number, date_text, valid_from, valid_until FROM documents WHERE id = $1 AND state <> 'withdrawn'{}",
            change.dialect.for_update()
        )))
        .bind(task.document.as_str())
        .fetch_optional(change.connection())
        .await?;
        let Some(document) = row else {
            settled_as(
                &mut change,
                lease,
                JobState::Failed,
                &DetailCode::DocumentWithdrawn.alone().stored(),
            )
            .await?;
            change.commit().await?;
            return Ok(Settled::Written);
        };
        let uid = document.int("uid")?;
        let (mut changed, mut failed) = (0_i64, 0_i64);
        let mut reread: Vec<u32> = Vec::new();
        let mut unread: Vec<(u32, Detail)> = Vec::new();
        for again in &result.pages {
            match put_page(&mut change, uid, again).await? {
                Put::Gone => {}
                Put::Same(number) => reread.push(number),
                Put::Other(number) => {
                    changed += 1;
                    reread.push(number);
                }
                Put::Failed(number) => {
                    failed += 1;
                    let failure = again.page.failure.clone();
                    unread.push((number, failure.unwrap_or_else(|| DetailCode::PageDamaged.alone())));
                }
            }
        }
        let facts = replace_facts(&mut change, uid, &reread, &result.facts).await?;
        if document.text("state")? == DocumentState::InReview.as_str() {
            insert_proposals(&mut change, uid, &result.candidates, &facts).await?;
        }
        let filled = fill_in(&mut change, task, &document, result).await?;
        sqlx::query("UPDATE reread_documents SET pages = $1, pages_changed = $2, pages_failed = $3 WHERE job_id = $4")
            .bind(i64::try_from(result.pages.len()).unwrap_or(i64::MAX))
            .bind(changed)
            .bind(failed)
            .bind(lease.id.as_str())
            .execute(change.connection())
            .await?;
        if let Some((number, failure)) = unread.first() {
            let state = if reread.is_empty() {
                JobState::Failed
            } else {
                JobState::Done
            };
            let reason = match unread.len() - 1 {
                0 => DetailCode::PageFailed.with(*number).with(failure.clone()),
                more => DetailCode::PagesFailed.with(*number).with(failure.clone()).with(more),
            };
            settled_as(&mut change, lease, state, &reason.stored()).await?;
        }
        change.touch(Subject::Document, uid);
        change.event(
            EventDraft::new("document.reread", "document", task.document.as_str()).detail(format!(
                "order={} pages={} changed={changed} failed={failed} filled={filled} settings={}",
                task.order,
                result.pages.len(),
                task.settings.words()
            )),
        );
        change.commit().await?;
        Ok(Settled::Written)
    }

    /// This attempt failed: the document keeps its text, and the job waits for another attempt or has failed for good.
    pub async fn reread_failed(&self, lease: &Lease, task: &RereadTask, reason: &Detail) -> Result<Settled> {
        let reason = reason.stored();
        let settled = self.job_fail(lease, &reason).await?;
        if settled == Settled::Written {
            let mut change = self.0.change(&lease.created_by).await?;
            change.event(
                EventDraft::new("document.reread_failed", "document", task.document.as_str()).detail(format!(
                    "order={} attempt={} reason={reason}",
                    task.order, lease.attempt
                )),
            );
            change.commit().await?;
        }
        Ok(settled)
    }

    /// Gives a job back that was not tried to its end, because the program stops; it counts as no attempt.
    pub async fn reread_release(&self, lease: &Lease) -> Result<()> {
        sqlx::query(
            "UPDATE jobs SET state = 'waiting', attempts = attempts - 1, lease_token = '', lease_until = NULL, changed_at = $1 \
             WHERE id = $2 AND state = 'leased' AND lease_token = $3",
        )
        .bind(self.0.environment.now().micros())
        .bind(lease.id.as_str())
        .bind(&lease.token)
        .execute(&self.0.writer)
        .await?;
        Ok(())
    }

    /// Ends a job whose document is gone or whose order was cancelled.
    pub async fn reread_dropped(&self, lease: &Lease) -> Result<Settled> {
        let mut change = self.0.change(&lease.created_by).await?;
        let settled = settle(&mut change, lease, JobState::Failed, CANCELLED).await?;
        change.commit().await?;
        Ok(settled)
    }
}

/// What became of a page.
enum Put {
    Gone,
    Same(u32),
    Other(u32),
    Failed(u32),
}

async fn put_page(change: &mut Change, document_uid: i64, again: &ReadAgain) -> Result<Put> {
    let statement = format!(
        "SELECT {PAGE} FROM pages p JOIN scans s ON s.uid = p.scan_uid WHERE p.uid = $1 AND p.document_uid = $2 AND p.withdrawn = 0"
    );
    let row = sqlx::query(composed(statement))
        .bind(again.page_uid)
        .bind(document_uid)
        .fetch_optional(change.connection())
        .await?;
    let Some(row) = row else { return Ok(Put::Gone) };
    let before = page(&row)?;
    let new = &again.page;
    if new.state == PageState::Failed {
        // The text that there is stays current; a page that had none says why it failed this time.
        if before.state == PageState::Failed {
            sqlx::query("UPDATE pages SET failure = $1, seen_by = '', seen_at = NULL WHERE uid = $2")
                .bind(Detail::store(new.failure.as_ref()))
                .bind(before.uid)
                .execute(change.connection())
                .await?;
        }
        return Ok(Put::Failed(before.number));
    }
    if is_the_same(change, &before, again).await? {
        return Ok(Put::Same(before.number));
    }
    sqlx::query("UPDATE text_layers SET chosen = 0 WHERE page_uid = $1 AND chosen = 1")
        .bind(before.uid)
        .execute(change.connection())
        .await?;
    insert_layers(change, before.uid, new).await?;
    let shown = Shown {
        frame: PageFrame {
            turn: new.turn,
            width: new.width,
            height: new.height,
        },
        state: new.state,
        regions: new.unread_regions.clone(),
        confidence: new.text.as_ref().map_or(1.0, |text| text.confidence),
    };
    follow_layer(change, document_uid, &before, shown).await?;
    Ok(Put::Other(before.number))
}

/// Whether the current text came from the same engine in the same way and says the same: then there is nothing new.
async fn is_the_same(change: &mut Change, before: &Page, again: &ReadAgain) -> Result<bool> {
    let Some(text) = &again.page.text else {
        return Ok(false);
    };
    let row = sqlx::query(
        "SELECT engine, engine_version, parameters, content, turn, width, height FROM text_layers WHERE page_uid = $1 AND chosen = 1",
    )
    .bind(before.uid)
    .fetch_optional(change.connection())
    .await?;
    let Some(row) = row else { return Ok(false) };
    let new = PageFrame {
        turn: again.page.turn,
        width: again.page.width,
        height: again.page.height,
    };
    Ok(row.text("engine")? == text.engine
        && row.text("engine_version")? == text.engine_version
        && row.text("parameters")? == text.parameters
        && frame(&row)? == new
        && row.bytes("content")? == text.layer.encode())
}

/// What the machine had found on these pages gives way to what it found now; what a person wrote and what a proposal
/// rests on stays. Answers the uid of each of the new facts.
async fn replace_facts(change: &mut Change, document_uid: i64, pages: &[u32], facts: &[Fact]) -> Result<Vec<i64>> {
    for number in pages {
        sqlx::query(
            "DELETE FROM facts WHERE document_uid = $1 AND page_number = $2 AND rule NOT LIKE 'person%' \
             AND uid NOT IN (SELECT e.fact_uid FROM proposal_evidence e JOIN proposals r ON r.uid = e.proposal_uid \
             WHERE r.document_uid = $1)",
        )
        .bind(document_uid)
        .bind(i64::from(*number))
        .execute(change.connection())
        .await?;
    }
    let mut uids = Vec::with_capacity(facts.len());
    for fact in facts {
        let kept = sqlx::query(
            "SELECT uid FROM facts WHERE document_uid = $1 AND page_number = $2 AND kind = $3 AND value_folded = $4 ORDER BY uid LIMIT 1",
        )
        .bind(document_uid)
        .bind(i64::from(fact.page_number))
        .bind(fact.kind.as_str())
        .bind(fold::code(&fact.value))
        .fetch_optional(change.connection())
        .await?;
        uids.push(match kept {
            Some(row) => row.int("uid")?,
            None => insert_fact(change, document_uid, fact).await?,
        });
    }
    Ok(uids)
}

/// Fills what the record of the document leaves open, and lets what the text had said follow it. A document that a person has described stays as described.
async fn fill_in(change: &mut Change, task: &RereadTask, document: &AnyRow, result: &RereadResult) -> Result<String> {
    let described = sqlx::query(
        "SELECT 1 AS one FROM audit_events WHERE object_kind = 'document' AND object_id = $1 AND action = 'document.changed' LIMIT 1",
    )
    .bind(task.document.as_str())
    .fetch_optional(change.connection())
    .await?
    .is_some();
    if described {
        return Ok(String::new());
    }
    let known = Described {
        kind: document.text("kind")?,
        title: document.text("title")?,
        number: document.text("number")?,
        date: crate::PartialDate::parse(&document.text("date_text")?)?,
        validity: Validity {
            from: crate::PartialDate::parse(&document.text("valid_from")?)?,
            until: match document.text("valid_until")?.as_str() {
                "" => Until::Unsaid,
                Until::UNLIMITED => Until::Unlimited,
                date => Until::Date(crate::PartialDate::parse(date)?),
            },
        },
    };
    let (now, filled) = refilled(&known, result);
    if filled.is_empty() {
        return Ok(String::new());
    }
    change
        .update(&DOCUMENTS, document.int("uid")?)
        .set("kind", &now.kind)
        .set("number", fold::storable(&now.number))
        .set("number_folded", fold::code(&now.number))
        .set("date_text", now.date.as_str())
        .set("date_key", now.date.sort_key())
        .set("title", fold::storable(&now.title))
        .set("title_folded", fold::name(&now.title))
        .set("valid_from", now.validity.from.as_str())
        .set("valid_until", now.validity.until.as_str())
        .run()
        .await?;
    Ok(filled.join(","))
}

/// What the record says after a re-reading, and which of it is new. What neither is empty nor comes from the former
/// text was said by somebody and stays.
fn refilled(known: &Described, result: &RereadResult) -> (Described, Vec<&'static str>) {
    let RereadResult {
        former,
        described,
        trusted,
        ..
    } = result;
    let mut filled = Vec::new();
    let mut follows = |name: &'static str, known: &str, former: &str, new: &str| {
        let open = known.is_empty() || (*trusted && known == former);
        let follows = open && !new.is_empty() && new != known;
        if follows {
            filled.push(name);
        }
        follows
    };
    let span = |validity: &Validity| match validity {
        Validity { from, until } if *until == Until::Unsaid && from.as_str().is_empty() => String::new(),
        Validity { from, until } => format!("{}/{}", from.as_str(), until.as_str()),
    };
    let mut now = known.clone();
    if follows("kind", &known.kind, &former.kind, &described.kind) {
        now.kind.clone_from(&described.kind);
    }
    if follows("title", &known.title, &former.title, &described.title) {
        now.title.clone_from(&described.title);
    }
    if follows("number", &known.number, &former.number, &described.number) {
        now.number.clone_from(&described.number);
    }
    if follows(
        "date",
        known.date.as_str(),
        former.date.as_str(),
        described.date.as_str(),
    ) {
        now.date = described.date.clone();
    }
    let (before, was, is) = (span(&known.validity), span(&former.validity), span(&described.validity));
    if follows("validity", &before, &was, &is) {
        now.validity = described.validity.clone();
    }
    (now, filled)
}

/// Ends a leased job, as long as its lease holds.
async fn settle(change: &mut Change, lease: &Lease, state: JobState, result: &str) -> Result<Settled> {
    let at = change.at.micros();
    let written = sqlx::query(
        "UPDATE jobs SET state = $1, result = $2, changed_at = $3, lease_token = '', lease_until = NULL \
         WHERE id = $4 AND state = 'leased' AND lease_token = $5",
    )
    .bind(state.as_str())
    .bind(JobLimits::default().result(result))
    .bind(at)
    .bind(lease.id.as_str())
    .bind(&lease.token)
    .execute(change.connection())
    .await?;
    Ok(match written.rows_affected() {
        1 => Settled::Written,
        _ => Settled::LeaseLost,
    })
}

/// Says otherwise of a job that this same change has ended.
async fn settled_as(change: &mut Change, lease: &Lease, state: JobState, result: &str) -> Result<()> {
    sqlx::query("UPDATE jobs SET state = $1, result = $2 WHERE id = $3")
        .bind(state.as_str())
        .bind(JobLimits::default().result(result))
        .bind(lease.id.as_str())
        .execute(change.connection())
        .await?;
    Ok(())
}

const ORDER: &str = "SELECT r.id, r.scope, r.scope_name, r.settings, r.by_name, r.created_at, r.cancelled_at, r.cancelled_by, \
    CAST(coalesce(sum(CASE WHEN j.state = 'waiting' THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting, \
    CAST(coalesce(sum(CASE WHEN j.state = 'leased' THEN 1 ELSE 0 END), 0) AS BIGINT) AS working, \
    CAST(coalesce(sum(CASE WHEN j.state = 'done' THEN 1 ELSE 0 END), 0) AS BIGINT) AS done, \
    CAST(coalesce(sum(CASE WHEN j.state = 'failed' AND j.result <> 'cancelled' THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed, \
    CAST(coalesce(sum(CASE WHEN j.state = 'failed' AND j.result = 'cancelled' THEN 1 ELSE 0 END), 0) AS BIGINT) AS cancelled, \
    CAST(coalesce(sum(x.pages), 0) AS BIGINT) AS pages, CAST(coalesce(sum(x.pages_changed), 0) AS BIGINT) AS pages_changed, \
    CAST(coalesce(sum(x.pages_failed), 0) AS BIGINT) AS pages_failed \
    FROM reread_orders r JOIN reread_documents x ON x.order_uid = r.uid JOIN jobs j ON j.id = x.job_id";

fn order(row: &AnyRow) -> Result<RereadOrder> {
    let settings = row.text("settings")?;
    let wrong = || Error::Inconsistent {
        table: "reread_orders",
        column: "settings".to_owned(),
        detail: "they are not settings of a re-reading".to_owned(),
    };
    let value: serde_json::Value = serde_json::from_str(&settings).map_err(|_| wrong())?;
    Ok(RereadOrder {
        id: RereadId::parse(&row.text("id")?)?,
        scope: row.text("scope")?,
        scope_name: row.text("scope_name")?,
        settings: settings_from(&value).ok_or_else(wrong)?,
        by_name: row.text("by_name")?,
        created_at: row.moment("created_at")?,
        cancelled_at: row.maybe_moment("cancelled_at")?,
        cancelled_by: row.text("cancelled_by")?,
        waiting: row.int("waiting")?,
        working: row.int("working")?,
        done: row.int("done")?,
        failed: row.int("failed")?,
        cancelled: row.int("cancelled")?,
        pages: row.int("pages")?,
        pages_changed: row.int("pages_changed")?,
        pages_failed: row.int("pages_failed")?,
    })
}

fn stored(settings: &RereadSettings) -> serde_json::Value {
    let RereadSettings {
        pages,
        force_ocr,
        turn,
        fine,
        keep_seals,
        second_opinion,
    } = settings;
    serde_json::json!({
        "pages": pages, "force_ocr": force_ocr, "turn": turn, "fine": fine, "keep_seals": keep_seals,
        "second_opinion": second_opinion,
    })
}

fn settings_from(value: &serde_json::Value) -> Option<RereadSettings> {
    let pages = value.get("pages")?.as_array()?;
    let chosen = |name: &str| value.get(name).and_then(serde_json::Value::as_bool) == Some(true);
    Some(RereadSettings {
        pages: pages
            .iter()
            .map(|page| page.as_u64().and_then(|page| u32::try_from(page).ok()))
            .collect::<Option<_>>()?,
        force_ocr: value.get("force_ocr")?.as_bool()?,
        turn: match value.get("turn")? {
            serde_json::Value::Null => None,
            turn => Some(u16::try_from(turn.as_u64()?).ok()?),
        },
        fine: value.get("fine")?.as_bool()?,
        // Orders from before there were these choices do not name them.
        keep_seals: chosen("keep_seals"),
        second_opinion: chosen("second_opinion"),
    })
}

fn payload(task: &RereadTask) -> String {
    let (order, document) = (task.order.as_str(), task.document.as_str());
    serde_json::json!({ "order": order, "document": document, "settings": stored(&task.settings) }).to_string()
}

fn task_of(payload: &str) -> Result<RereadTask> {
    let wrong = || Error::Inconsistent {
        table: "jobs",
        column: "payload".to_owned(),
        detail: "it is not a re-reading".to_owned(),
    };
    let value: serde_json::Value = serde_json::from_str(payload).map_err(|_| wrong())?;
    let text = |key: &str| value.get(key).and_then(serde_json::Value::as_str).ok_or_else(wrong);
    Ok(RereadTask {
        order: RereadId::parse(text("order")?)?,
        document: DocumentId::parse(text("document")?)?,
        settings: value.get("settings").and_then(settings_from).ok_or_else(wrong)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_come_back_as_they_were_written() -> Result<()> {
        let id = "0190b8c4-7f2e-7000-8000-0123456789ab";
        let task = RereadTask {
            order: RereadId::parse(id)?,
            document: DocumentId::parse(id)?,
            settings: RereadSettings {
                pages: vec![1, 7],
                force_ocr: true,
                turn: Some(90),
                fine: false,
                keep_seals: true,
                second_opinion: true,
            },
        };
        assert_eq!(task_of(&payload(&task))?, task);
        for broken in ["", "{}", "[]", r#"{"order":"x","document":"y"}"#] {
            assert!(task_of(broken).is_err(), "{broken}");
        }
        Ok(())
    }

    #[test]
    fn what_the_text_had_said_follows_it_and_what_somebody_said_stays() -> Result<()> {
        let said = |title: &str, number: &str, until: &str| -> Result<Described> {
            Ok(Described {
                title: title.to_owned(),
                number: number.to_owned(),
                validity: Validity {
                    until: match until {
                        "" => Until::Unsaid,
                        date => Until::Date(crate::PartialDate::parse(date)?),
                    },
                    ..Validity::default()
                },
                ..Described::default()
            })
        };
        let result = |trusted| -> Result<RereadResult> {
            Ok(RereadResult {
                former: said("租货合同", "ZL-1", "2024-02-28")?,
                described: said("租赁合同", "ZL-7", "2024-12-28")?,
                trusted,
                ..RereadResult::default()
            })
        };
        let known = said("租货合同", "档-12", "2024-02-28")?;
        let (now, filled) = refilled(&known, &result(true)?);
        assert_eq!(filled, ["title", "validity"]);
        assert_eq!(now, said("租赁合同", "档-12", "2024-12-28")?);
        // A reading that is less sure than the one before fills only what is empty.
        let (now, filled) = refilled(&known, &result(false)?);
        assert_eq!((now, filled), (known, Vec::new()));
        let (_, filled) = refilled(&said("", "", "")?, &result(false)?);
        assert_eq!(filled, ["title", "number", "validity"]);
        Ok(())
    }
}
