//! Scans that were made where there is no network: a file of place, label, worn.

use super::{
    labels,
    scan::{LabelScan, counting, insert, place_in_scope},
};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role,
    ids::StocktakeId,
    permission::sql::Visible,
    stocktakes::{OfflineFault, OfflineLine, OfflineProblem, OfflineReport, Spot, Stocktake},
    store::{
        EventDraft,
        sql::{Change, Columns, LISTED_AT_ONCE},
    },
};
use std::collections::{HashMap, HashSet};
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Reads a file that was made offline, and with `apply` counts its good lines. A line whose place is empty is at the place
    /// of the line above it. What cannot be used is named by its line and left out.
    pub async fn stocktake_offline(
        &self,
        asker: &Asker,
        id: &StocktakeId,
        lines: &[OfflineLine],
        apply: bool,
    ) -> Result<OfflineReport> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let stocktake = counting(&mut change, id).await?;
        let places = places_of(&mut change, &stocktake, lines).await?;
        let typed: Vec<String> = lines.iter().map(|line| line.label.trim().to_owned()).collect();
        let meant = labels::meant(&mut change, &stocktake, &typed).await?;
        let documents: Vec<i64> = meant.iter().flatten().filter_map(|(_, document)| *document).collect();
        let seen = self.documents_seen(asker, &documents).await?;
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        for ((line, place), meant) in lines.iter().zip(places).zip(meant) {
            let meant = meant.filter(|(_, document)| document.is_none_or(|uid| seen.contains(&uid)));
            match row_of(line, place, meant) {
                Ok(row) => rows.push(row),
                Err((value, fault)) => problems.push(OfflineProblem {
                    line: line.line,
                    value,
                    fault,
                }),
            }
        }
        let report = OfflineReport {
            lines: i64::try_from(lines.len()).unwrap_or(i64::MAX),
            good: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            applied: apply && !rows.is_empty(),
            problems,
        };
        if report.applied {
            insert(&mut change, asker, &stocktake, &rows).await?;
            change.event(
                EventDraft::new(AuditAction::StocktakeScanned, AuditObject::Stocktake, id.as_str()).detail(format!(
                    "file lines={} left_out={}",
                    report.good,
                    report.problems.len()
                )),
            );
            change.commit().await?;
        }
        Ok(report)
    }

    /// Which of these documents the asker sees.
    async fn documents_seen(&self, asker: &Asker, uids: &[i64]) -> Result<HashSet<i64>> {
        let mut seen = HashSet::with_capacity(uids.len());
        for chunk in uids.chunks(LISTED_AT_ONCE) {
            let rows = Visible::documents(asker, self.0.environment.now())
                .and_one_of("d.uid", chunk)
                .all(&self.0.readers)
                .await?;
            for row in rows {
                seen.insert(row.of("documents").int("uid")?);
            }
        }
        Ok(seen)
    }
}

type PlaceRead = std::result::Result<Spot, (String, OfflineFault)>;

/// The place of each line; each code is looked up once.
async fn places_of(change: &mut Change, stocktake: &Stocktake, lines: &[OfflineLine]) -> Result<Vec<PlaceRead>> {
    let mut known: HashMap<String, PlaceRead> = HashMap::new();
    let mut places = Vec::with_capacity(lines.len());
    let mut last = "";
    for line in lines {
        let typed = match line.at.trim() {
            "" => last,
            typed => typed,
        };
        last = typed;
        if !known.contains_key(typed) {
            let read = match place_in_scope(change, stocktake, typed).await {
                Ok((spot, _)) => Ok(spot),
                Err(Error::Absent { .. } | Error::Invalid { .. }) => {
                    Err((typed.to_owned(), OfflineFault::PlaceUnknown))
                }
                Err(Error::Refused(RefusedBecause::StocktakeOutside { place, .. })) => {
                    Err((place, OfflineFault::PlaceOutside))
                }
                Err(other) => return Err(other),
            };
            known.insert(typed.to_owned(), read);
        }
        places.push(known[typed].clone());
    }
    Ok(places)
}

fn row_of(
    line: &OfflineLine,
    place: PlaceRead,
    meant: Option<labels::LabelMeant>,
) -> std::result::Result<LabelScan, (String, OfflineFault)> {
    let at = place?;
    let label = line.label.trim().to_owned();
    if label.is_empty() {
        return Err((label, OfflineFault::LabelMissing));
    }
    if meant.is_none() {
        return Err((label, OfflineFault::LabelUnknown));
    }
    let worn = worn(&line.worn).ok_or_else(|| (line.worn.clone(), OfflineFault::WornUnclear))?;
    Ok(LabelScan { at, label, meant, worn })
}

/// How people write that something is worn, or is not.
fn worn(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "" | "0" | "no" | "n" | "false" | "否" | "无" | "完好" => Some(false),
        "1" | "yes" | "y" | "true" | "x" | "√" | "是" | "破损" | "worn" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worn_is_said_in_few_words() {
        let said = ["", "否", " Yes ", "破损", "maybe"].map(worn);
        assert_eq!(said, [Some(false), Some(false), Some(true), Some(true), None]);
    }
}
