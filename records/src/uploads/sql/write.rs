//! What the person at the screen does: begin, send pieces, hand over, give up.

use super::read::{absent, folder_of, upload_of};
use crate::{
    Archive, Asker, Error, Field, Moment, RefusedBecause, Result, Role,
    customers::sql::find_uid,
    fold,
    ids::UploadId,
    jobs::{self, JobDraft},
    places::sql::resolve::{Resolution, resolve},
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
    uploads::{
        ATTEMPTS_MAX, JOB_KIND, Paths, Upload, UploadDraft, UploadFile, UploadLimits, UploadState, files::check_piece,
        safe_path, states::may_become,
    },
};
use vocabulary::{AuditAction, AuditObject};
use vocabulary::{Bilingual, both};

/// What is known of all files, as codes of the record.
struct Known {
    customer_code: String,
    location_code: String,
    kind: String,
}

impl Archive {
    /// Begins an upload: names are made safe, what is known is looked up, and there must be room for all of it.
    ///
    /// # Errors
    /// [`Error::Absent`] and [`Error::Invalid`] name the field; a full disk is told before the first byte.
    pub async fn upload_begin(&self, asker: &Asker, draft: &UploadDraft) -> Result<Upload> {
        asker.require_writing(Role::Archivist)?;
        let limits = UploadLimits::DEFAULT;
        let files = files_of(draft, &limits)?;
        let total = files.iter().fold(0_i64, |sum, file| sum.saturating_add(file.bytes));
        self.0.vault.room_for(u64::try_from(total).unwrap_or(u64::MAX))?;
        if draft.security_level.is_some_and(|level| level > asker.clearance()) {
            return Err(RefusedBecause::LevelAboveClearance {}.into());
        }
        let known = self.upload_known(asker, draft).await?;
        let mut change = self.0.change(asker.name()).await?;
        let open =
            sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM uploads WHERE state = 'open' AND by_name = $1")
                .bind(asker.name())
                .fetch_one(change.connection())
                .await?;
        if open.of("uploads").int("n")? >= limits.open_max {
            return Err(RefusedBecause::TooManyUploads { most: limits.open_max }.into());
        }
        let id = UploadId::new(&change.environment);
        let name = self.upload_name(asker, draft, change.at).await?;
        insert(&mut change, asker, &id, (&name, draft), &known, &files).await?;
        let said = format!("files={} bytes={total}", files.len());
        change.event(EventDraft::new(AuditAction::UploadBegun, AuditObject::Upload, id.as_str()).detail(said));
        // The empty files stand there before the record speaks of them; without it they are removed again.
        let folder = folder_of(&self.0);
        let made = folder.begin(&id, &files);
        if made.is_err() {
            let _ = folder.remove(&id);
        }
        made?;
        change.commit().await?;
        self.upload(asker, &id).await
    }

    /// As people call it; else when and by whom it was begun.
    async fn upload_name(&self, asker: &Asker, draft: &UploadDraft, at: Moment) -> Result<String> {
        let name = fold::storable(draft.name.trim());
        if !name.is_empty() {
            return Ok(name);
        }
        let zone = &self.settings(asker).await?.time_zone;
        Ok(format!("{} {}", at.local(zone), asker.name()))
    }

    async fn upload_known(&self, asker: &Asker, draft: &UploadDraft) -> Result<Known> {
        let unknown = |field, value: &str, reason: Bilingual| Error::invalid(field, value, reason);
        let customer_code = match draft.customer.trim() {
            "" => String::new(),
            key => match find_uid(&self.0, key).await? {
                Some(uid) => {
                    let rows = self.customers_by_uid(asker, &[uid], "").await?;
                    rows.into_iter().next().map(|row| row.code).unwrap_or_default()
                }
                None => {
                    return Err(unknown(
                        Field::CustomerCode,
                        key,
                        both!("there is no such customer", "没有这个客户"),
                    ));
                }
            },
        };
        let location_code = match draft.location.trim() {
            "" => String::new(),
            key => match resolve(&self.0.readers, key).await? {
                Resolution::One(place) if place.kind == vocabulary::PlaceKind::Location => place.code,
                _ => {
                    return Err(unknown(
                        Field::LocationCode,
                        key,
                        both!("there is no such place", "没有这个库位"),
                    ));
                }
            },
        };
        let kind = match draft.kind.trim() {
            "" => String::new(),
            key => match self.kinds(asker).await?.resolve(key) {
                Some(kind) => kind.code.clone(),
                None => {
                    return Err(unknown(
                        Field::KindCode,
                        key,
                        both!("there is no such kind", "没有这个文件类型"),
                    ));
                }
            },
        };
        Ok(Known {
            customer_code,
            location_code,
            kind,
        })
    }

    /// Writes a piece of a file that begins at `from`; answers how much has come. What came before changes nothing.
    ///
    /// # Errors
    /// [`RefusedBecause::UploadGap`] says where to go on.
    pub async fn upload_piece(
        &self,
        asker: &Asker,
        id: &UploadId,
        number: i64,
        from: i64,
        piece: Vec<u8>,
    ) -> Result<i64> {
        asker.require_writing(Role::Archivist)?;
        check_piece(&piece, &UploadLimits::DEFAULT)?;
        let row = sqlx::query(
            "SELECT u.state, f.path, f.bytes, f.document FROM uploads u JOIN upload_files f ON f.upload_uid = u.uid \
             WHERE u.id = $1 AND u.by_name = $2 AND f.number = $3",
        )
        .bind(id.as_str())
        .bind(asker.name())
        .bind(number)
        .fetch_optional(&self.0.readers)
        .await?
        .ok_or_else(|| absent(id))?;
        let row = row.of("upload_files");
        let state = row.word("state", UploadState::from_code)?;
        if state != UploadState::Open {
            return Err(cannot(state, UploadState::Open));
        }
        self.0.vault.room_for(piece.len() as u64)?;
        let file = UploadFile {
            number,
            path: row.text("path")?,
            bytes: row.int("bytes")?,
            document: row.text("document")?,
            received: 0,
        };
        let (folder, id) = (folder_of(&self.0), id.clone());
        tokio::task::spawn_blocking(move || folder.write(&id, &file, from, &piece))
            .await
            .map_err(|_| RefusedBecause::Interrupted {
                work: "the upload".to_owned(),
            })?
    }

    /// Hands an upload over whose every byte has come: a worker takes it in.
    pub async fn upload_finish(&self, asker: &Asker, id: &UploadId) -> Result<Upload> {
        let upload = self.upload(asker, id).await?;
        asker.require_writing(Role::Archivist)?;
        let missing = upload.files.iter().filter(|file| file.received != file.bytes).count();
        // Who asks twice has handed it over already.
        if upload.state != UploadState::Open {
            return Ok(upload);
        }
        if missing > 0 {
            return Err(RefusedBecause::UploadIncomplete { files: missing }.into());
        }
        let mut change = self.0.change(asker.name()).await?;
        step(&mut change, id, upload.state, UploadState::Waiting).await?;
        let draft = JobDraft {
            kind: JOB_KIND.to_owned(),
            payload: id.to_string(),
            run_after: change.at,
            attempts_max: ATTEMPTS_MAX,
        };
        jobs::sql::add(&mut change, &draft).await?;
        change.event(EventDraft::new(
            AuditAction::UploadHandedOver,
            AuditObject::Upload,
            id.as_str(),
        ));
        change.commit().await?;
        self.upload(asker, id).await
    }

    /// Leaves one file of an open upload out; its bytes are removed.
    ///
    /// # Errors
    /// [`Error::Refused`] for the last one, with which the upload is given up as a whole, and once it was handed over.
    pub async fn upload_leave_out(&self, asker: &Asker, id: &UploadId, number: i64) -> Result<Upload> {
        let upload = self.upload(asker, id).await?;
        asker.require_writing(Role::Archivist)?;
        if upload.state != UploadState::Open {
            return Err(cannot(upload.state, UploadState::Open));
        }
        let Some(file) = upload.files.iter().find(|file| file.number == number) else {
            return Err(absent(id));
        };
        if upload.files.len() == 1 {
            let most = UploadLimits::DEFAULT.files_max;
            return Err(RefusedBecause::UploadFiles { files: 0, most }.into());
        }
        let mut change = self.0.change(asker.name()).await?;
        sqlx::query(
            "DELETE FROM upload_files WHERE number = $1 AND upload_uid IN \
             (SELECT uid FROM uploads WHERE id = $2 AND state = 'open')",
        )
        .bind(number)
        .bind(id.as_str())
        .execute(change.connection())
        .await?;
        change.event(
            EventDraft::new(AuditAction::UploadChanged, AuditObject::Upload, id.as_str())
                .detail(format!("left_out={number}")),
        );
        change.commit().await?;
        folder_of(&self.0).remove_file(id, &file.path)?;
        self.upload(asker, id).await
    }

    /// Gives up an upload that nobody has begun to take in; its bytes are removed.
    pub async fn upload_cancel(&self, asker: &Asker, id: &UploadId) -> Result<Upload> {
        let upload = self.upload(asker, id).await?;
        let mut change = self.0.change(asker.name()).await?;
        step(&mut change, id, upload.state, UploadState::Cancelled).await?;
        change.event(EventDraft::new(
            AuditAction::UploadCancelled,
            AuditObject::Upload,
            id.as_str(),
        ));
        change.commit().await?;
        folder_of(&self.0).remove(id)?;
        let now = upload_of(&self.0, id).await?;
        now.ok_or_else(|| absent(id))
    }
}

fn files_of(draft: &UploadDraft, limits: &UploadLimits) -> Result<Vec<UploadFile>> {
    if draft.files.is_empty() || draft.files.len() > limits.files_max {
        return Err(RefusedBecause::UploadFiles {
            files: draft.files.len(),
            most: limits.files_max,
        }
        .into());
    }
    let mut paths = Paths::default();
    let mut files = Vec::with_capacity(draft.files.len());
    for (file, number) in draft.files.iter().zip(1..) {
        let path = safe_path(&fold::storable(&file.name), limits)?;
        if file.bytes < 0 || file.bytes > limits.file_bytes_max {
            return Err(Error::invalid(
                Field::FileName,
                &file.name,
                both!("it is too large for an upload", "文件太大，不能上传"),
            ));
        }
        files.push(UploadFile {
            number,
            path: paths.unlike(path),
            bytes: file.bytes,
            document: fold::storable(&file.document),
            received: 0,
        });
    }
    Ok(files)
}

async fn insert(
    change: &mut Change,
    asker: &Asker,
    id: &UploadId,
    (name, draft): (&str, &UploadDraft),
    known: &Known,
    files: &[UploadFile],
) -> Result<()> {
    let at = change.at.micros();
    let row = sqlx::query(
        "INSERT INTO uploads (id, state, name, by_uid, by_name, created_at, customer_code, location_code, kind, \
         security_level, batch_id, problem) VALUES ($1, 'open', $2, $3, $4, $5, $6, $7, $8, $9, '', '') RETURNING uid",
    )
    .bind(id.as_str())
    .bind(name)
    .bind(asker.user_uid)
    .bind(asker.name())
    .bind(at)
    .bind(&known.customer_code)
    .bind(&known.location_code)
    .bind(&known.kind)
    .bind(draft.security_level.map(|level| level.number()))
    .fetch_one(change.connection())
    .await?;
    let uid = row.of("uploads").int("uid")?;
    for file in files {
        sqlx::query("INSERT INTO upload_files (upload_uid, number, path, bytes, document) VALUES ($1, $2, $3, $4, $5)")
            .bind(uid)
            .bind(file.number)
            .bind(&file.path)
            .bind(file.bytes)
            .bind(&file.document)
            .execute(change.connection())
            .await?;
    }
    Ok(())
}

fn cannot(from: UploadState, to: UploadState) -> Error {
    RefusedBecause::UploadCannot {
        from: from.as_str().to_owned(),
        to: to.as_str().to_owned(),
    }
    .into()
}

/// Writes the next state, if nobody has written another meanwhile.
pub(super) async fn step(change: &mut Change, id: &UploadId, from: UploadState, to: UploadState) -> Result<()> {
    if !may_become(from, to) {
        return Err(cannot(from, to));
    }
    let written = sqlx::query("UPDATE uploads SET state = $1 WHERE id = $2 AND state = $3")
        .bind(to.as_str())
        .bind(id.as_str())
        .bind(from.as_str())
        .execute(change.connection())
        .await?;
    match written.rows_affected() {
        1 => Ok(()),
        _ => Err(cannot(from, to)),
    }
}
