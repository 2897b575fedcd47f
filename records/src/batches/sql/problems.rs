//! What could not be used as it was announced, beside the lines of the files.

use super::{super::BatchProblem, run::hold};
use crate::{
    Archive, Asker, Result, System,
    batches::{BatchLease, PROBLEMS_MAX},
    ids::{BatchId, Fingerprint},
    store::sql::Columns,
};
use vocabulary::detail::Detail;

impl System {
    /// Records problems of a batch; one that an earlier run of the batch has recorded is not written twice. Of more than
    /// [`PROBLEMS_MAX`] the first are kept.
    pub async fn batch_problems_add(&self, lease: &BatchLease, actor: &str, problems: &[BatchProblem]) -> Result<()> {
        if problems.is_empty() {
            return Ok(());
        }
        let mut change = self.0.change(actor).await?;
        hold(&mut change, lease).await?;
        for problem in problems.iter().take(PROBLEMS_MAX) {
            let detail = problem.detail.stored();
            let whole = format!("{}\0{}\0{detail}", problem.file, problem.line);
            sqlx::query(
                "INSERT INTO batch_problems (batch_uid, file, line, detail, digest) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (batch_uid, digest) DO NOTHING",
            )
            .bind(lease.batch_uid)
            .bind(&problem.file)
            .bind(i64::try_from(problem.line).unwrap_or(i64::MAX))
            .bind(&detail)
            .bind(Fingerprint::of(whole.as_bytes()).hex())
            .execute(change.connection())
            .await?;
        }
        change.commit().await
    }
}

impl Archive {
    /// The problems of a batch in the order of its manifests. For those who may read batches.
    pub async fn batch_problems(&self, asker: &Asker, id: &BatchId) -> Result<Vec<BatchProblem>> {
        super::read::may_read(asker)?;
        let rows = sqlx::query(
            "SELECT p.uid, p.file, p.line, p.detail FROM batch_problems p JOIN batches b ON b.uid = p.batch_uid \
             WHERE b.id = $1 ORDER BY p.uid",
        )
        .bind(id.as_str())
        .fetch_all(&self.0.readers)
        .await?;
        let mut problems = Vec::with_capacity(rows.len());
        for row in &rows {
            let row = row.of("batch_problems");
            if let Some(detail) = Detail::from_stored(&row.text("detail")?) {
                problems.push(BatchProblem {
                    file: row.text("file")?,
                    line: u64::try_from(row.int("line")?).unwrap_or_default(),
                    detail,
                });
            }
        }
        Ok(problems)
    }
}
