//! What a list says that was changed after its files were put away: it is brought to them where they lie.

use super::plan::Plan;
use super::put_away::PutAway;
use super::{Error, Request, Run};
use crate::walk::raw;
use records::documents::Announced;
use records::ids::Fingerprint;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

impl Run {
    /// Adds the units that were put away and of which a list says something now that it did not say before: they are taken
    /// like any scans that are in the archive already.
    pub(super) async fn take_up_put_away(&self, request: &Request, plan: &mut Plan) -> Result<(), Error> {
        let put_away = std::mem::take(&mut plan.put_away);
        let roots = request.raw_roots();
        let since = match put_away.is_empty() {
            true => None,
            false => self.system.batch_last_begun(&roots).await?,
        };
        let Some(since) = since else { return Ok(()) };
        let since_s = since.micros().div_euclid(1_000_000);
        // The system keeps this time itself, whatever time a file claims.
        let is_newer = |file: &Path| fs::metadata(file).is_ok_and(|facts| facts.ctime() >= since_s);
        if !plan.manifests.files().any(is_newer) {
            return Ok(());
        }
        let taken = self.system.batch_scans(&roots).await?;
        for PutAway { unit, came_from } in put_away {
            let said = plan.pipeline.announcement(&unit).await?;
            let scans: Vec<Fingerprint> = came_from
                .iter()
                .filter_map(|path| taken.get(&raw(path)).copied())
                .collect();
            let is_known = scans.len() == unit.files.len();
            let says_nothing_new = || async {
                let weighed = self.archive.announcement_weigh(&self.asker, &scans, &said).await?;
                let is_new = |filled: &[_], noted: &[_]| !filled.is_empty() || !noted.is_empty();
                Ok::<bool, Error>(matches!(weighed, Announced::Fits { filled, noted } if !is_new(&filled, &noted)))
            };
            if said.is_empty() || is_known && says_nothing_new().await? {
                continue;
            }
            plan.units.push(unit);
        }
        Ok(())
    }
}
