//! Scans in the database, and the check that vault and record agree.

use crate::{
    Archive, Asker, RefusedBecause, Result, System,
    ids::{DocumentId, Fingerprint, ScanId},
    permission::sql::Visible,
    scans::display_path,
    store::{
        Store,
        sql::{Change, Columns},
    },
};
use std::{collections::HashMap, fs::File};

/// A stored original file as a person takes it away.
#[derive(Debug)]
pub struct ScanFile {
    pub file: File,
    pub bytes: u64,
    pub media_type: String,
    pub sha256: String,
    /// The last part of the path it came from, escaped for display.
    pub name: String,
}

/// Something that `verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyProblem {
    /// `scan_missing`, `scan_damaged`, `scan_size`, `scan_without_row`, `document_without_pages`, `pages_not_counted`,
    /// `original_without_place`, `batch_line_without_document`, `audit_trail`
    pub kind: &'static str,
    pub object: String,
    pub detail: String,
}

/// How thoroughly to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thoroughness {
    /// Every row and every file's size.
    Quick,
    /// Every byte of every file as well.
    Full,
}

#[derive(Debug, Clone, Default)]
pub struct VerifyReport {
    pub documents: i64,
    pub scans: i64,
    pub problems: Vec<VerifyProblem>,
    /// Nothing wrong, but worth knowing: scans younger than a day that no row speaks of yet.
    pub notes: Vec<String>,
}

impl Archive {
    /// The stored file behind one of a document's scans, byte for byte.
    pub async fn scan_file(&self, asker: &Asker, document: &DocumentId, sha256: &str) -> Result<Option<ScanFile>> {
        let row = Visible::documents(asker, self.0.environment.now())
            .columns("s.sha256, s.bytes, s.media_type, s.path")
            .join("JOIN pages p ON p.document_uid = d.uid JOIN scans s ON s.uid = p.scan_uid")
            .and("d.id = ? AND s.sha256 = ?", [document.as_str().into(), sha256.into()])
            .then("LIMIT 1", [])
            .maybe(&self.0.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let row = row.of("scans");
        self.note_grant_used(asker, document.as_str(), "scan").await?;
        let sha256 = row.text("sha256")?;
        let path = row.text("path")?;
        Ok(Some(ScanFile {
            file: self.0.vault.open_scan(Fingerprint::parse(&sha256)?)?,
            bytes: row.number::<u64>("bytes")?,
            media_type: row.text("media_type")?,
            name: path.rsplit('/').next().unwrap_or(&path).to_owned(),
            sha256,
        }))
    }
}

impl System {
    /// Compares the record with the vault and with itself, the trail included.
    pub async fn verify(&self, thoroughness: Thoroughness) -> Result<VerifyReport> {
        let mut report = self.verify_files(thoroughness).await?;
        for problem in self.audit_verify().await?.problems {
            report.problems.push(VerifyProblem {
                kind: "audit_trail",
                object: "audit".to_owned(),
                detail: problem,
            });
        }
        Ok(report)
    }

    /// The same without the trail, which has a check of its own.
    pub(super) async fn verify_files(&self, thoroughness: Thoroughness) -> Result<VerifyReport> {
        let mut report = VerifyReport::default();
        let store = &self.0;
        let beside = check_scans(store, thoroughness, &mut report).await?;
        note_without_row(store, beside, &mut report);
        report.documents = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM documents")
            .fetch_one(&store.readers)
            .await?
            .of("documents")
            .int("n")?;
        for (kind, statement) in CHECKS {
            for row in sqlx::query(*statement).fetch_all(&store.readers).await? {
                report.problems.push(VerifyProblem {
                    kind,
                    object: row.of("documents").text("object")?,
                    detail: row.of("documents").text("detail")?,
                });
            }
        }
        Ok(report)
    }
}

/// Contradictions within the record, each as a statement that lists them.
const CHECKS: &[(&str, &str)] = &[
    (
        "document_without_pages",
        "SELECT d.id AS object, 'it has no pages' AS detail FROM documents d \
                 WHERE NOT EXISTS (SELECT 1 FROM pages p WHERE p.document_uid = d.uid)",
    ),
    (
        "pages_not_counted",
        "SELECT d.id AS object, 'its count of pages does not fit its pages' AS detail FROM documents d \
                 WHERE d.pages_scanned <> (SELECT count(*) FROM pages p WHERE p.document_uid = d.uid)",
    ),
    (
        "original_without_place",
        "SELECT d.id AS object, 'its original is said to be in place and has no place' AS detail FROM originals t \
                 JOIN documents d ON d.uid = t.document_uid WHERE t.state = 'in_place' AND t.volume_uid IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.thing_kind = 'original' AND p.thing_uid = t.uid AND p.until_at IS NULL)",
    ),
    (
        "batch_line_without_document",
        "SELECT l.path AS object, 'its line says it was filed and no document was made from it' AS detail FROM batch_lines l \
                 WHERE l.outcome IN ('filed', 'needs_review') AND NOT EXISTS (SELECT 1 FROM scans s JOIN pages p ON p.scan_uid = s.uid WHERE s.sha256 = l.sha256)",
    ),
];

/// Compares each recorded scan with the vault; answers what the vault holds besides.
async fn check_scans(
    store: &Store,
    thoroughness: Thoroughness,
    report: &mut VerifyReport,
) -> Result<HashMap<Fingerprint, u64>> {
    let vault = store.vault.clone();
    let listed = {
        let vault = vault.clone();
        blocking(move || vault.scans()).await?
    };
    let mut in_vault: HashMap<Fingerprint, u64> = listed.into_iter().collect();
    let rows = sqlx::query("SELECT sha256, bytes FROM scans ORDER BY uid")
        .fetch_all(&store.readers)
        .await?;
    report.scans = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    for row in &rows {
        let fingerprint = row.of("scans").read("sha256", Fingerprint::parse)?;
        let bytes = row.of("scans").int("bytes")?;
        let mut add = |kind, detail: String| {
            report.problems.push(VerifyProblem {
                kind,
                object: fingerprint.hex(),
                detail,
            });
        };
        match in_vault.remove(&fingerprint) {
            None => add(
                "scan_missing",
                format!(
                    "{} is not in the vault; restore it from a backup",
                    vault.path_of(fingerprint).display()
                ),
            ),
            Some(size) if i64::try_from(size).ok() != Some(bytes) => {
                add(
                    "scan_size",
                    format!("it has {size} bytes and should have {bytes}; restore it from a backup"),
                );
            }
            Some(_) if thoroughness == Thoroughness::Full => {
                let vault = vault.clone();
                if !blocking(move || vault.is_sound(fingerprint)).await? {
                    add(
                        "scan_damaged",
                        "its bytes no longer have its fingerprint; restore it from a backup".to_owned(),
                    );
                }
            }
            Some(_) => {}
        }
    }
    Ok(in_vault)
}

/// Scans in the vault without a row; recent ones may belong to a deposit in progress.
fn note_without_row(store: &Store, beside: HashMap<Fingerprint, u64>, report: &mut VerifyReport) {
    let vault = &store.vault;
    let now = store.environment.now();
    for fingerprint in beside.into_keys() {
        let path = vault.path_of(fingerprint);
        let modified = std::fs::metadata(&path).and_then(|meta| meta.modified()).ok();
        let age_s = modified
            .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(i64::MAX, |since| {
                now.micros() / 1_000_000 - i64::try_from(since.as_secs()).unwrap_or(0)
            });
        if age_s < 24 * 3600 {
            report.notes.push(format!(
                "scan {fingerprint} is in the vault and no document speaks of it yet"
            ));
        } else {
            report.problems.push(VerifyProblem {
                kind: "scan_without_row",
                object: fingerprint.hex(),
                detail: format!("{} belongs to no document; ingest it again to file it", path.display()),
            });
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| RefusedBecause::Interrupted {
            work: "the check of the vault".to_owned(),
        })?
}

/// The uid of a scan that is in the record.
pub(crate) async fn find(change: &mut Change, fingerprint: Fingerprint) -> Result<Option<i64>> {
    let row = sqlx::query("SELECT uid FROM scans WHERE sha256 = $1")
        .bind(fingerprint.hex())
        .fetch_optional(change.connection())
        .await?;
    row.map(|row| row.of("scans").int("uid")).transpose()
}

/// Records a scan in the vault.
pub(crate) async fn insert(
    change: &mut Change,
    batch_uid: i64,
    fingerprint: Fingerprint,
    bytes: u64,
    media_type: &str,
    path: &[u8],
) -> Result<i64> {
    let id = ScanId::new(&change.environment);
    let at = change.at.micros();
    let row = sqlx::query(
        "INSERT INTO scans (id, sha256, bytes, media_type, batch_uid, path, path_raw, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING uid",
    )
    .bind(id.as_str())
    .bind(fingerprint.hex())
    .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
    .bind(media_type)
    .bind(batch_uid)
    .bind(display_path(path))
    .bind(path.to_vec())
    .bind(at)
    .fetch_one(change.connection())
    .await?;
    row.of("scans").int("uid")
}
