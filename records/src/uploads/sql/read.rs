//! Uploads, read. Whoever began one sees it, and nobody else.

use crate::{
    Archive, Asker, Error, Result, Role, SecurityLevel, Thing,
    ids::UploadId,
    store::{Store, sql::Columns},
    uploads::{Upload, UploadFile, UploadState, files::UploadFolder},
};

impl Archive {
    /// An upload with how much of each file has come.
    pub async fn upload(&self, asker: &Asker, id: &UploadId) -> Result<Upload> {
        asker.require(Role::Archivist)?;
        let found = upload_of(&self.0, id).await?;
        found
            .filter(|upload| upload.by == asker.name())
            .ok_or_else(|| absent(id))
    }
}

impl Archive {
    /// Uploads of the asker that were not handed over yet, the newest first.
    pub async fn uploads_open(&self, asker: &Asker) -> Result<Vec<Upload>> {
        asker.require(Role::Archivist)?;
        let rows = sqlx::query("SELECT uid, id FROM uploads WHERE state = 'open' AND by_name = $1 ORDER BY uid DESC")
            .bind(asker.name())
            .fetch_all(&self.0.readers)
            .await?;
        let mut open = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = row.of("uploads").read("id", UploadId::parse)?;
            open.extend(upload_of(&self.0, &id).await?);
        }
        Ok(open)
    }
}

pub(super) fn absent(id: &UploadId) -> Error {
    Error::Absent {
        what: Thing::Upload,
        id: id.to_string(),
    }
}

pub(super) fn folder_of(store: &Store) -> UploadFolder {
    UploadFolder(store.vault.uploads())
}

pub(super) async fn upload_of(store: &Store, id: &UploadId) -> Result<Option<Upload>> {
    let row = sqlx::query(
        "SELECT uid, state, name, by_name, created_at, customer_code, location_code, kind, security_level, batch_id, problem \
         FROM uploads WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(&store.readers)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let row = row.of("uploads");
    let folder = folder_of(store);
    let mut files = Vec::new();
    let state = row.word("state", UploadState::from_code)?;
    for line in
        sqlx::query("SELECT number, path, bytes, document FROM upload_files WHERE upload_uid = $1 ORDER BY number")
            .bind(row.int("uid")?)
            .fetch_all(&store.readers)
            .await?
    {
        let line = line.of("upload_files");
        let (path, bytes) = (line.text("path")?, line.int("bytes")?);
        files.push(UploadFile {
            number: line.int("number")?,
            received: match state {
                UploadState::Open => folder.received(id, &path),
                _ => bytes,
            },
            path,
            bytes,
            document: line.text("document")?,
        });
    }
    Ok(Some(Upload {
        id: id.clone(),
        state,
        name: row.text("name")?,
        by: row.text("by_name")?,
        created_at: row.moment("created_at")?,
        customer_code: row.text("customer_code")?,
        location_code: row.text("location_code")?,
        kind: row.text("kind")?,
        security_level: row.maybe_int("security_level")?.and_then(SecurityLevel::from_number),
        batch: row.text("batch_id")?,
        problem: row.text("problem")?,
        files,
    }))
}
