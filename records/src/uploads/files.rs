//! The bytes of uploads on disk. A piece is written where the file ends; one that came before changes nothing, one that
//! would leave a gap is refused with where to go on.

use super::{UploadFile, UploadLimits, UploadTask};
use crate::{Error, RefusedBecause, Result, ids::UploadId};
use rustix::fs::FlockOperation;
use std::{
    fs::{self, File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::PathBuf,
};

/// Where the uploads of all processes stand.
#[derive(Debug, Clone)]
pub(crate) struct UploadFolder(pub PathBuf);

impl UploadFolder {
    pub fn of(&self, id: &UploadId) -> PathBuf {
        self.0.join(id.as_str())
    }

    fn file(&self, id: &UploadId, path: &str) -> PathBuf {
        self.of(id).join(UploadTask::FILES).join(path)
    }

    /// Bytes of a file that have come.
    pub fn received(&self, id: &UploadId, path: &str) -> i64 {
        let length = fs::symlink_metadata(self.file(id, path)).map(|meta| meta.len());
        i64::try_from(length.unwrap_or(0)).unwrap_or(i64::MAX)
    }

    /// Makes the folder and every empty file.
    pub fn begin(&self, id: &UploadId, files: &[UploadFile]) -> Result<()> {
        for file in files {
            let path = self.file(id, &file.path);
            let parent = path.parent().unwrap_or(&path);
            fs::create_dir_all(parent).map_err(Error::io(parent))?;
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)
                .map_err(Error::io(&path))?;
        }
        Ok(())
    }

    /// Writes a piece that begins at `from`; answers how much of the file has come.
    pub fn write(&self, id: &UploadId, file: &UploadFile, from: i64, piece: &[u8]) -> Result<i64> {
        let path = self.file(id, &file.path);
        let mut open = OpenOptions::new().write(true).open(&path).map_err(Error::io(&path))?;
        rustix::fs::flock(&open, FlockOperation::NonBlockingLockExclusive)
            .map_err(|_| RefusedBecause::UploadBusy {})?;
        let here = i64::try_from(open.metadata().map_err(Error::io(&path))?.len()).unwrap_or(i64::MAX);
        let until = from.saturating_add(i64::try_from(piece.len()).unwrap_or(i64::MAX));
        if from > here {
            return Err(RefusedBecause::UploadGap { received: here }.into());
        }
        if until > file.bytes {
            return Err(RefusedBecause::UploadTooLong { bytes: file.bytes }.into());
        }
        if until <= here {
            return Ok(here);
        }
        let known = usize::try_from(here - from).unwrap_or(0);
        let written = append(
            &mut open,
            here,
            piece.get(known..).unwrap_or_default(),
            until == file.bytes,
        );
        if let Err(cause) = written {
            // Nothing half: what a full disk took of a piece is given back.
            let _ = open.set_len(u64::try_from(here).unwrap_or(0));
            return Err(Error::io(&path)(cause));
        }
        Ok(until)
    }

    /// Nothing of one file is kept on disk.
    pub fn remove_file(&self, id: &UploadId, path: &str) -> Result<()> {
        let path = self.file(id, path);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(Error::io(path)(cause)),
            _ => Ok(()),
        }
    }

    /// Nothing of an upload is kept on disk.
    pub fn remove(&self, id: &UploadId) -> Result<()> {
        let folder = self.of(id);
        match fs::remove_dir_all(&folder) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(Error::io(folder)(cause)),
            _ => Ok(()),
        }
    }
}

fn append(file: &mut File, at: i64, piece: &[u8], is_last: bool) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(u64::try_from(at).unwrap_or(0)))?;
    file.write_all(piece)?;
    match is_last {
        true => file.sync_all(),
        false => Ok(()),
    }
}

pub(crate) fn check_piece(piece: &[u8], limits: &UploadLimits) -> Result<()> {
    match piece.len() <= limits.piece_bytes_max {
        true => Ok(()),
        false => Err(RefusedBecause::UploadPieceTooLarge {
            most: limits.piece_bytes_max,
        }
        .into()),
    }
}
