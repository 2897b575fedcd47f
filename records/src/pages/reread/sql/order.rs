//! Orders to read again: what is to be read, how far it is, and stopping it.

use super::stored::{payload, settings_of, settings_text};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing, fold,
    ids::{DocumentId, JobId, RereadId},
    jobs::{self, JobDraft},
    pages::reread::{
        ATTEMPTS_MAX, CANCELLED, JOB_KIND, RereadFailure, RereadOrder, RereadOrderLimits, RereadScope, RereadSettings,
        RereadTask,
    },
    permission::sql::Visible,
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use sqlx::any::AnyRow;
use std::collections::BTreeMap;
use vocabulary::both;
use vocabulary::{
    AuditAction, AuditObject,
    detail::{Detail, DetailCode},
};

/// The documents of an order with their pages; no pages means all.
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
        let limits = RereadOrderLimits::default();
        let settings = settings.checked(&limits)?;
        let (word, name, chosen) = self.reread_scope(asker, scope, &settings).await?;
        if chosen.is_empty() {
            let scope = word.to_owned();
            return Err(RefusedBecause::NothingToReread { scope, name }.into());
        }
        if chosen.len() > limits.documents_max {
            return Err(RefusedBecause::TooManyToReread {
                documents: chosen.len(),
                most: limits.documents_max,
            }
            .into());
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
        .bind(settings_text(&settings)?)
        .bind(&actor)
        .bind(at)
        .fetch_one(change.connection())
        .await?;
        let order_uid = row.of("reread_orders").int("uid")?;
        let documents = chosen.len();
        for (document, pages) in chosen {
            add_document(&mut change, (order_uid, &id), document, pages, &settings).await?;
        }
        change.event(
            EventDraft::new(AuditAction::RereadOrdered, AuditObject::Reread, id.as_str()).detail(format!(
                "scope={word} name={name} documents={documents} settings={}",
                settings.words()
            )),
        );
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
                        what: Thing::Document,
                        id: key.clone(),
                    })?;
                    let is_missing = |number: &&u32| !document.pages.iter().any(|page| page.number == **number);
                    if let Some(missing) = settings.pages.iter().find(is_missing) {
                        return Err(Error::Absent {
                            what: Thing::Page,
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
                let rows = Visible::documents(asker, self.0.environment.now())
                    .columns("d.uid, d.id, b.name")
                    .join("JOIN batches b ON b.uid = d.batch_uid")
                    .and(
                        "b.id = ? OR b.name = ?",
                        [key.trim().to_lowercase().into(), key.trim().into()],
                    )
                    .then("ORDER BY d.uid", [])
                    .all(&self.0.readers)
                    .await?;
                let mut chosen = Chosen::new();
                let mut name = key.clone();
                for row in &rows {
                    let row = row.of("documents");
                    name = row.text("name")?;
                    chosen.insert((row.int("uid")?, row.text("id")?), Vec::new());
                }
                Ok(("batch", name, chosen))
            }
            RereadScope::Below(confidence) => {
                let rows = self.pages_below(asker, *confidence).await?;
                let mut chosen = Chosen::new();
                for row in &rows {
                    let row = row.of("pages");
                    let pages = chosen.entry((row.int("uid")?, row.text("id")?)).or_default();
                    pages.push(row.number::<u32>("number")?);
                }
                Ok(("below", format!("{confidence:.2}"), chosen))
            }
        }
    }

    async fn pages_below(&self, asker: &Asker, confidence: f64) -> Result<Vec<AnyRow>> {
        if !(0.0..=1.0).contains(&confidence) {
            return Err(Error::invalid(
                Field::Confidence,
                confidence.to_string(),
                both!("it is a number from 0 to 1, such as 0.85", "请写 0 到 1 的数，如 0.85"),
            ));
        }
        Visible::documents(asker, self.0.environment.now())
            .through("pages p", "p.document_uid")
            .columns("d.uid, d.id, p.number")
            .and(
                "p.withdrawn = 0 AND p.uid IN (SELECT t.page_uid FROM text_layers t WHERE t.chosen = 1 AND t.confidence < ? \
                 UNION SELECT f.uid FROM pages f WHERE f.reading <> 0 AND f.state = 'failed')",
                [confidence.into()],
            )
            .then("ORDER BY d.uid, p.number", [])
            .all(&self.0.readers)
            .await
    }

    /// How many documents and pages an order for everything below a confidence would be about.
    pub async fn reread_count_below(&self, asker: &Asker, confidence: f64) -> Result<(usize, usize)> {
        asker.require(Role::Archivist)?;
        let rows = self.pages_below(asker, confidence).await?;
        let mut documents: Vec<i64> = rows
            .iter()
            .map(|row| row.of("pages").int("uid"))
            .collect::<Result<_>>()?;
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
            what: Thing::Reread,
            id: id.to_string(),
        })?)
    }

    /// Documents of an order that could not be read, or whose last attempt failed, with the reason.
    pub async fn reread_failures(&self, asker: &Asker, id: &RereadId, limit: usize) -> Result<Vec<RereadFailure>> {
        self.reread(asker, id).await?;
        let rows = Visible::documents(asker, self.0.environment.now())
            .through(
                "reread_orders r JOIN reread_documents x ON x.order_uid = r.uid JOIN jobs j ON j.id = x.job_id",
                "x.document_uid",
            )
            .columns("d.id, d.title, j.result")
            .and(
                "r.id = ? AND j.state IN ('failed', 'waiting') AND j.result <> '' AND j.result <> ?",
                [id.as_str().into(), CANCELLED.into()],
            )
            .then("ORDER BY d.uid LIMIT ?", [limit.into()])
            .all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| {
                let row = row.of("jobs");
                Ok(RereadFailure {
                    document_id: row.read("id", DocumentId::parse)?,
                    title: row.text("title")?,
                    reason: Detail::from_stored(&row.text("result")?)
                        .unwrap_or_else(|| DetailCode::PageDamaged.alone()),
                })
            })
            .collect()
    }

    /// Cancels an order: waiting documents stay as they are, those being read end without a change.
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
            let rows = sqlx::query(
                "SELECT x.job_id FROM reread_documents x JOIN reread_orders r ON r.uid = x.order_uid WHERE r.id = $1 ORDER BY x.document_uid",
            )
            .bind(id.as_str())
            .fetch_all(change.connection())
            .await?;
            let waiting = rows
                .iter()
                .map(|row| row.of("reread_documents").read("job_id", JobId::parse))
                .collect::<Result<Vec<_>>>()?;
            let stopped = jobs::sql::stop_waiting(&mut change, &waiting, CANCELLED).await?;
            change.event(
                EventDraft::new(AuditAction::RereadCancelled, AuditObject::Reread, id.as_str())
                    .detail(format!("documents={stopped}")),
            );
        }
        change.commit().await?;
        self.reread(asker, id).await
    }
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
    let row = &row.of("reread_orders");
    Ok(RereadOrder {
        id: row.read("id", RereadId::parse)?,
        scope: row.text("scope")?,
        scope_name: row.text("scope_name")?,
        settings: settings_of(&row.text("settings")?)?,
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

/// One document of an order with its job.
async fn add_document(
    change: &mut Change,
    (order_uid, order): (i64, &RereadId),
    (document_uid, document): (i64, String),
    pages: Vec<u32>,
    settings: &RereadSettings,
) -> Result<()> {
    let task = RereadTask {
        order: order.clone(),
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
    let draft = JobDraft {
        kind: JOB_KIND.to_owned(),
        payload: payload(&task)?,
        run_after: change.at,
        attempts_max: ATTEMPTS_MAX,
    };
    let job = jobs::sql::add(change, &draft).await?;
    sqlx::query(
        "INSERT INTO reread_documents (order_uid, document_uid, job_id, pages, pages_changed, pages_failed) \
         VALUES ($1, $2, $3, 0, 0, 0)",
    )
    .bind(order_uid)
    .bind(document_uid)
    .bind(job.as_str())
    .execute(change.connection())
    .await?;
    Ok(())
}
