//! A stocktake is closed: what it says is written down and stays.

use super::{load::key_of, read::sees_all, scan::counting};
use crate::{
    Archive, Asker, RefusedBecause, Result, Role,
    ids::StocktakeId,
    stocktakes::{LineSettled, StocktakeResolution, StocktakeVerdict, evaluate::Finding},
    store::{
        EventDraft,
        sql::{Change, composed, marks},
    },
};
use std::collections::HashSet;
use vocabulary::{AuditAction, AuditObject};

const ROWS_AT_ONCE: usize = 200;
const COLUMNS: usize = 17;

impl Archive {
    /// Closes a stocktake. What it says of every thing that is not simply present is written down, so that it says the same
    /// ever after.
    ///
    /// # Errors
    /// [`RefusedBecause::StocktakeUnsettled`] while differences are neither resolved nor owned, and
    /// [`RefusedBecause::StocktakeOfOther`] for somebody who may see less than whoever began it.
    pub async fn stocktake_close(&self, asker: &Asker, id: &StocktakeId) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let stocktake = counting(&mut change, id).await?;
        if stocktake.begun_by != asker.name() && !sees_all(asker) {
            let by = stocktake.begun_by;
            return Err(RefusedBecause::StocktakeOfOther { by }.into());
        }
        let weighed = self.stocktake_weighed(asker, &stocktake).await?;
        let open = weighed
            .lines
            .iter()
            .filter(|(finding, settled)| finding.verdict.is_difference() && settled.is_open());
        let count = open.count();
        if count > 0 {
            return Err(RefusedBecause::StocktakeUnsettled { count }.into());
        }
        // What was settled and is no difference any more was found after all.
        sqlx::query("DELETE FROM stocktake_findings WHERE stocktake_uid = $1")
            .bind(stocktake.uid)
            .execute(change.connection())
            .await?;
        let mut told = HashSet::new();
        let lines: Vec<&(Finding, LineSettled)> = weighed
            .lines
            .iter()
            .filter(|(finding, _)| finding.verdict != StocktakeVerdict::Present && told.insert(key_of(finding)))
            .collect();
        for chunk in lines.chunks(ROWS_AT_ONCE) {
            write_down(&mut change, stocktake.uid, chunk).await?;
        }
        let at = change.at.micros();
        sqlx::query("UPDATE stocktakes SET state = 'closed', closed_at = $1, closed_by = $2 WHERE uid = $3")
            .bind(at)
            .bind(asker.name())
            .bind(stocktake.uid)
            .execute(change.connection())
            .await?;
        change.event(
            EventDraft::new(AuditAction::StocktakeClosed, AuditObject::Stocktake, id.as_str()).detail(format!(
                "expected={} lines={}",
                weighed.expected,
                lines.len()
            )),
        );
        change.commit().await
    }
}

async fn write_down(change: &mut Change, stocktake: i64, lines: &[&(Finding, LineSettled)]) -> Result<()> {
    let now = change.at;
    let values: Vec<String> = (0..lines.len())
        .map(|row| format!("({})", marks(row * COLUMNS + 1, COLUMNS)))
        .collect();
    let statement = format!(
        "INSERT INTO stocktake_findings (stocktake_uid, thing_kind, thing_uid, document_uid, label, verdict, expected, found_kind, \
         found_uid, belongs_kind, belongs_uid, owner, due, resolution, note, by_name, at) VALUES {}",
        values.join(", ")
    );
    let query = lines
        .iter()
        .fold(sqlx::query(composed(statement)), |query, (finding, settled)| {
            let (key, label, verdict) = key_of(finding);
            let (kind, uid) = key.map_or(("", 0), |key| (key.kind.as_str(), key.uid));
            query
                .bind(stocktake)
                .bind(kind)
                .bind(uid)
                .bind(finding.document_uid)
                .bind(label)
                .bind(verdict.as_str())
                .bind(i64::from(finding.is_expected))
                .bind(finding.found.kind.as_str())
                .bind(finding.found.uid)
                .bind(finding.belongs.kind.as_str())
                .bind(finding.belongs.uid)
                .bind(settled.owner.clone())
                .bind(settled.due.clone())
                .bind(settled.resolution.map_or("", StocktakeResolution::as_str))
                .bind(settled.note.clone())
                .bind(settled.by.clone())
                .bind(settled.at.unwrap_or(now).micros())
        });
    query.execute(change.connection()).await?;
    Ok(())
}
