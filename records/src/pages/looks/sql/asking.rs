//! Pages to check.

use crate::{
    Archive, Asker, Result, Role,
    pages::{
        ReadingFlag,
        looks::{AskingPage, LookCounts},
        sql::read::{PAGE, page},
    },
    permission::sql::Visible,
    store::sql::Columns,
};

/// A page to check that nobody has reviewed.
const ASKS: &str = "p.reading <> 0 AND p.seen_at IS NULL AND p.withdrawn = 0";

impl Archive {
    /// How many pages the asker may see are to be checked.
    pub async fn look_counts(&self, asker: &Asker) -> Result<LookCounts> {
        asker.require(Role::Archivist)?;
        let sums: Vec<String> = ReadingFlag::ALL
            .into_iter()
            .map(|flag| {
                let bit = flag.bit();
                format!(
                    "CAST(coalesce(sum(CASE WHEN (p.reading & {bit}) <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS f{bit}"
                )
            })
            .collect();
        let row = Visible::documents(asker, self.0.environment.now())
            .through("pages p", "p.document_uid")
            .columns(format!("CAST(count(*) AS BIGINT) AS n, {}", sums.join(", ")))
            .and(ASKS, [])
            .one(&self.0.readers)
            .await?;
        let row = row.of("pages");
        Ok(LookCounts {
            pages: row.int("n")?,
            by_flag: vec![
                (ReadingFlag::InkWithoutText, row.int("f1")?),
                (ReadingFlag::Handwriting, row.int("f2")?),
                (ReadingFlag::LowConfidence, row.int("f4")?),
                (ReadingFlag::Failed, row.int("f8")?),
            ],
        })
    }

    /// Pages to check, for one reason or for any, after the page with `after_uid`. Archivists only.
    pub async fn pages_asking(
        &self,
        asker: &Asker,
        flag: Option<ReadingFlag>,
        after_uid: i64,
        limit: usize,
    ) -> Result<Vec<AskingPage>> {
        asker.require(Role::Archivist)?;
        let bits = flag.map_or(15, |flag| i64::from(flag.bit()));
        let rows = Visible::documents(asker, self.0.environment.now())
            .through("pages p", "p.document_uid")
            .columns(format!("{PAGE}, d.uid AS document_uid, t.confidence"))
            .join("JOIN scans s ON s.uid = p.scan_uid")
            .join("LEFT JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1")
            .and(ASKS, [])
            .and("(p.reading & ?) <> 0 AND p.uid > ?", [bits.into(), after_uid.into()])
            .then("ORDER BY p.uid LIMIT ?", [limit.into()])
            .all(&self.0.readers)
            .await?;
        let uids: Vec<i64> = rows
            .iter()
            .map(|row| row.of("pages").int("document_uid"))
            .collect::<Result<_>>()?;
        let mut unique = uids.clone();
        unique.dedup();
        let documents = self.documents_by_uid(asker, &unique).await?;
        let mut asking = Vec::with_capacity(rows.len());
        for (row, uid) in rows.iter().zip(uids) {
            let Some(document) = documents.iter().find(|document| document.uid == uid) else {
                continue;
            };
            let confidence = row.of("text_layers").maybe_real("confidence")?;
            asking.push(AskingPage {
                document: document.clone(),
                page: page(row)?,
                confidence,
            });
        }
        Ok(asking)
    }
}
