//! What a scan is: its SHA-256, its size, and its media type by content.
//!
//! Never looks at the name: contractors deliver PDFs as `.tif` and JPEGs as `.pdf`. What is to be
//! kept is copied into staging while it is hashed, and everything later works on that copy.

use crate::walk::Walked;
use reading::limits::ScanLimits;
use reading::media::{ENDS_BYTES, HEAD_BYTES, MediaType, is_what_it_seems, media_type};
use reading::reason::Refusal;
use reading::unread::what_is_not_read;
use records::ids::Fingerprint;
use records::scans::{StagedScan, Vault};
use rustix::fs::{Mode, OFlags, open};
use sha2::{Digest, Sha256};
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};
use std::os::unix::fs::MetadataExt;
use vocabulary::Reason;
use vocabulary::detail::{Detail, DetailCode};

/// Identity of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanIdentity {
    pub fingerprint: Fingerprint,
    pub bytes: u64,
    pub media: MediaType,
}

/// The result for a type that is not read: the digest is kept, because a
/// rejected file is reported with it.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    #[error("{refusal}")]
    Refused {
        refusal: Refusal,
        fingerprint: Option<Fingerprint>,
    },
    #[error("unreadable: {0}; check the disk or the network share")]
    Io(#[from] io::Error),
}

/// Reads to the end, hashing and looking at the head.
///
/// # Errors
/// `empty`, `too_large` (stops reading there) or `unsupported_type`, or the read error.
pub fn identify(source: &mut dyn Read, limits: &ScanLimits) -> Result<ScanIdentity, IdentifyError> {
    let mut hasher = Sha256::new();
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let mut bytes = 0u64;
    let mut block = vec![0u8; 1 << 17];
    // The first bytes and the last ones tell formats apart that are not read.
    let (mut start, mut end) = (Vec::new(), Vec::new());
    loop {
        let n = match source.read(&mut block) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e.into()),
        };
        if head.len() < HEAD_BYTES {
            let want = (HEAD_BYTES - head.len()).min(n);
            head.extend_from_slice(&block[..want]);
        }
        hasher.update(&block[..n]);
        let room = ENDS_BYTES - start.len().min(ENDS_BYTES);
        start.extend_from_slice(&block[..n.min(room)]);
        end.extend_from_slice(&block[n.saturating_sub(ENDS_BYTES)..n]);
        end.drain(..end.len().saturating_sub(ENDS_BYTES));
        bytes += n as u64;
        if bytes > limits.file_bytes_max {
            let detail = DetailCode::BytesMax.with(limits.file_bytes_max);
            let refusal = Refusal::new(Reason::TooLarge, detail);
            return Err(IdentifyError::Refused {
                refusal,
                fingerprint: None,
            });
        }
    }
    let fingerprint = Fingerprint(hasher.finalize().into());
    let refused = |reason, detail: Detail| IdentifyError::Refused {
        refusal: Refusal::new(reason, detail),
        fingerprint: Some(fingerprint),
    };
    if bytes == 0 {
        return Err(refused(Reason::Empty, DetailCode::NoBytes.alone()));
    }
    match media_type(&head) {
        Some(media) if is_what_it_seems(media, &start, &end) => Ok(ScanIdentity {
            fingerprint,
            bytes,
            media,
        }),
        _ if head.iter().all(|&b| b == 0) => Err(refused(Reason::Unreadable, DetailCode::BeginsWithZeros.alone())),
        _ => Err(refused(Reason::UnsupportedType, what_is_not_read(&start, &end))),
    }
}

/// A scan in staging.
pub struct StagedFile {
    pub file: Walked,
    pub scan: StagedScan,
    pub media: MediaType,
}

/// What became of a walked file.
pub enum Staged {
    Ready(StagedFile),
    /// Not taken. The digest is empty when the bytes could not be read to the end.
    Rejected {
        file: Walked,
        refusal: Refusal,
        sha256: String,
    },
}

/// Copies a walked file into staging while hashing it. The source is never written to.
///
/// # Errors
/// Errors of the vault only; a fault of the file is `Staged::Rejected`.
pub fn stage(vault: &Vault, file: Walked, limits: &ScanLimits) -> Result<Staged, records::Error> {
    let rejected = |file, refusal, sha256| Ok(Staged::Rejected { file, refusal, sha256 });
    let (mut source, before) = match open_settled(&file) {
        Ok(opened) => opened,
        Err(refusal) => return rejected(file, refusal, String::new()),
    };
    let media = match looked_at(&mut source, before.len(), limits) {
        Ok(media) => media,
        Err((refusal, sha256)) => return rejected(file, refusal, sha256),
    };
    let mut limited = Failing {
        source: (&mut source).take(before.len() + 1),
        failed: None,
    };
    let staged = vault.stage(&mut limited);
    if let Some(error) = limited.failed {
        let refusal = Refusal::of_system(Reason::Unreadable, error);
        return rejected(file, refusal, String::new());
    }
    let scan = staged?;
    if scan.bytes != before.len() || source.metadata().is_ok_and(|now| changed(&before, &now)) {
        let detail = DetailCode::ChangedWhileCopied;
        return rejected(file, Refusal::new(Reason::ChangedWhileReading, detail), String::new());
    }
    Ok(Staged::Ready(StagedFile { file, scan, media }))
}

/// What a walked file is, without writing anything: for a dry run.
pub fn look(file: &Walked, limits: &ScanLimits) -> Result<ScanIdentity, (Refusal, String)> {
    let (mut source, _) = open_settled(file).map_err(|refusal| (refusal, String::new()))?;
    identify(&mut source, limits).map_err(refused)
}

/// Opens without following a link and without waiting for the writer of a pipe, and checks
/// the opened file again: the folder may have changed since the walk.
fn open_settled(file: &Walked) -> Result<(File, Metadata), Refusal> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let source = match open(file.path(), flags, Mode::empty()) {
        Ok(source) => File::from(source),
        Err(error) => {
            let reason = match error {
                rustix::io::Errno::LOOP => Reason::Symlink,
                rustix::io::Errno::ACCESS | rustix::io::Errno::PERM => Reason::PermissionDenied,
                rustix::io::Errno::NOENT => Reason::ChangedWhileReading,
                rustix::io::Errno::NXIO => Reason::SpecialFile,
                _ => Reason::Unreadable,
            };
            return Err(Refusal::of_system(reason, io::Error::from(error)));
        }
    };
    let data = source
        .metadata()
        .map_err(|e| Refusal::of_system(Reason::Unreadable, e))?;
    if !data.is_file() {
        return Err(Refusal::new(Reason::SpecialFile, DetailCode::NotRegularFile));
    }
    Ok((source, data))
}

/// The media type by the head; for a refused file, the digest beside the refusal.
fn looked_at(source: &mut File, bytes: u64, limits: &ScanLimits) -> Result<MediaType, (Refusal, String)> {
    let unreadable = |e: io::Error| (Refusal::of_system(Reason::Unreadable, e), String::new());
    let mut head = Vec::with_capacity(HEAD_BYTES);
    source
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(unreadable)?;
    source.rewind().map_err(unreadable)?;
    match media_type(&head) {
        Some(media) if bytes <= limits.file_bytes_max && is_sure(media, &head) => Ok(media),
        certain => match identify(source, limits) {
            Ok(identity) if certain.is_some() && bytes <= limits.file_bytes_max => {
                source.rewind().map_err(unreadable)?;
                Ok(identity.media)
            }
            // It grew a type between two looks.
            Ok(_) => {
                let detail = DetailCode::ChangedWhileLookedAt;
                Err((Refusal::new(Reason::ChangedWhileReading, detail), String::new()))
            }
            Err(error) => Err(refused(error)),
        },
    }
}

/// Whether the first bytes alone say it: a header of PDF further on may be one that a text speaks of, and a ZIP anything.
fn is_sure(media: MediaType, head: &[u8]) -> bool {
    match media {
        MediaType::Pdf => head.starts_with(b"%PDF-"),
        MediaType::Ofd => false,
        _ => true,
    }
}

fn refused(error: IdentifyError) -> (Refusal, String) {
    match error {
        IdentifyError::Refused { refusal, fingerprint } => (refusal, fingerprint.map(|f| f.hex()).unwrap_or_default()),
        IdentifyError::Io(e) => (Refusal::of_system(Reason::Unreadable, e), String::new()),
    }
}

fn changed(before: &Metadata, now: &Metadata) -> bool {
    let time = |data: &Metadata| (data.mtime(), data.mtime_nsec(), data.len());
    time(before) != time(now)
}

/// Remembers the read error of a source, so that it is not taken for an error of the vault.
struct Failing<R> {
    source: R,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Failing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.source.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                let kind = error.kind();
                self.failed = Some(error);
                Err(kind.into())
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Result<MediaType, Reason> {
        match identify(&mut &bytes[..], &ScanLimits::default()) {
            Ok(identity) => Ok(identity.media),
            Err(IdentifyError::Refused { refusal, .. }) => Err(refusal.reason),
            Err(IdentifyError::Io(e)) => panic!("{e}"),
        }
    }

    #[test]
    fn content_decides() {
        assert_eq!(check(b"%PDF-1.7\n"), Ok(MediaType::Pdf));
        assert_eq!(check(b"\xef\xbb\xbfjunk before %PDF-1.4\n1 0 obj"), Ok(MediaType::Pdf));
        assert_eq!(check(b"a note on %PDF-1.4 headers"), Err(Reason::UnsupportedType));
        assert_eq!(check(b"\xff\xd8\xff\xe0"), Ok(MediaType::Jpeg));
        assert_eq!(check(b"II*\0\x08\0\0\0"), Ok(MediaType::Tiff));
        assert_eq!(check(b"RIFF\x10\0\0\0WEBPVP8 "), Ok(MediaType::WebP));
        assert_eq!(check(b"BMW is a car, not an image"), Err(Reason::UnsupportedType));
        assert_eq!(check(b"PK\x03\x04"), Err(Reason::UnsupportedType));
        assert_eq!(check(b""), Err(Reason::Empty));
        assert_eq!(check(&[0; 4096]), Err(Reason::Unreadable));
    }

    #[test]
    fn too_large_stops_reading() {
        let limits = ScanLimits {
            file_bytes_max: 10,
            ..ScanLimits::default()
        };
        let error = identify(&mut io::repeat(b'%'), &limits).expect_err("endless");
        assert!(error.to_string().starts_with("too_large"));
    }

    #[test]
    fn the_fingerprint_is_sha256() {
        let identity = identify(&mut &b"%PDF-"[..], &ScanLimits::default()).expect("a type");
        assert_eq!(identity.bytes, 5);
        assert_eq!(identity.fingerprint.hex().len(), 64);
    }
}
