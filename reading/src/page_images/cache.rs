//! Encoded page images in a folder: names that contain everything that decides the bytes, and a bound on the total size.
//!
//! Refuses to know how an image is made. The folder is derived: it can be deleted at any time, and several processes
//! may write into it at once.

use super::{Image, ImageRequest};
use crate::page::ViewKind;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// A folder of page images.
pub(super) struct Cache {
    folder: PathBuf,
    bytes_max: u64,
    /// Bytes of all images, near enough; not counted before something is kept.
    bytes: Mutex<Option<u64>>,
    /// Numbers files while they are being written.
    next: AtomicU64,
}

impl Cache {
    /// Adopts the content of the folder; creates it when missing.
    pub fn new(folder: PathBuf, bytes_max: u64) -> io::Result<Cache> {
        fs::create_dir_all(&folder)?;
        Ok(Cache {
            folder,
            bytes_max,
            bytes: Mutex::new(None),
            next: AtomicU64::new(0),
        })
    }

    /// The image, if it was kept.
    pub async fn get(&self, request: &ImageRequest) -> Option<Image> {
        let bytes = tokio::fs::read(self.path(request)).await.ok()?;
        parse(&bytes)
    }

    /// Whether the image was kept.
    pub fn has(&self, request: &ImageRequest) -> bool {
        self.path(request).exists()
    }

    /// Bytes of all images, near enough.
    pub fn bytes(&self) -> io::Result<u64> {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        match *bytes {
            Some(bytes) => Ok(bytes),
            None => Ok(*bytes.insert(images(&self.folder)?.iter().map(|image| image.bytes).sum())),
        }
    }

    pub fn keep(&self, request: &ImageRequest, image: &Image) -> io::Result<()> {
        let path = self.path(request);
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let passing = self.folder.join(format!("{}-{number}.new", std::process::id()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let before = self.bytes()?;
        let mut file = fs::File::create(&passing)?;
        let written = file
            .write_all(&header(image.kind, image.width, image.height))
            .and_then(|()| file.write_all(&image.bytes))
            .and_then(|()| fs::rename(&passing, path));
        if written.is_err() {
            // What cannot be removed either is swept when the cache is full.
            let _ = fs::remove_file(&passing);
        }
        written?;
        let bytes = before + (HEADER_BYTES + image.bytes.len()) as u64;
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
        if bytes > self.bytes_max {
            self.make_room()?;
        }
        Ok(())
    }

    /// Removes the least recently viewed images until a fifth of the cache is free.
    fn make_room(&self) -> io::Result<()> {
        let mut images = images(&self.folder)?;
        images.sort_by_key(|image| image.used);
        let mut bytes: u64 = images.iter().map(|image| image.bytes).sum();
        for image in images {
            if bytes <= self.bytes_max / 5 * 4 {
                break;
            }
            if fs::remove_file(&image.path).is_ok() {
                bytes -= image.bytes;
            }
        }
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
        Ok(())
    }

    fn path(&self, request: &ImageRequest) -> PathBuf {
        self.folder.join(file_name(request))
    }
}

const MAGIC: &[u8; 4] = b"DPI1";
const HEADER_BYTES: usize = 13;

/// `DPI1`, the kind, width and height as little-endian u32.
fn header(kind: ViewKind, width: u32, height: u32) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..4].copy_from_slice(MAGIC);
    header[4] = match kind {
        ViewKind::Jpeg => b'j',
        ViewKind::Png => b'p',
    };
    header[5..9].copy_from_slice(&width.to_le_bytes());
    header[9..].copy_from_slice(&height.to_le_bytes());
    header
}

fn parse(bytes: &[u8]) -> Option<Image> {
    let (header, content) = bytes.split_at_checked(HEADER_BYTES)?;
    if !header.starts_with(MAGIC) {
        return None;
    }
    let kind = match header[4] {
        b'j' => ViewKind::Jpeg,
        b'p' => ViewKind::Png,
        _ => return None,
    };
    let number = |at: usize| {
        header
            .get(at..at + 4)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_le_bytes)
    };
    Some(Image {
        kind,
        width: number(5)?,
        height: number(9)?,
        bytes: content.into(),
    })
}

fn file_name(request: &ImageRequest) -> String {
    let scan = request.scan.hex();
    let ImageRequest {
        scan_index,
        turn,
        width,
        ..
    } = request;
    format!("{}/{scan}-{scan_index}-{}-{width}", &scan[..2], turn.degrees())
}

struct CachedImage {
    path: PathBuf,
    bytes: u64,
    /// Read last, or made where the file system does not note reading.
    used: SystemTime,
}

/// Images are in subfolders, unfinished files beside these.
fn images(folder: &Path) -> io::Result<Vec<CachedImage>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            for image in fs::read_dir(entry.path())? {
                files.extend(kept(&image?));
            }
        } else {
            files.extend(kept(&entry));
        }
    }
    Ok(files)
}

/// Another process may remove what was just listed.
fn kept(entry: &fs::DirEntry) -> Option<CachedImage> {
    let data = entry.metadata().ok().filter(fs::Metadata::is_file)?;
    let read = data.accessed().unwrap_or(SystemTime::UNIX_EPOCH);
    let made = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    Some(CachedImage {
        path: entry.path(),
        bytes: data.len(),
        used: read.max(made),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Turn;
    use crate::media::MediaType;
    use vocabulary::ids::Fingerprint;

    fn request(width: u32, turn: Turn) -> ImageRequest {
        ImageRequest {
            scan: Fingerprint([0xab; 32]),
            media: MediaType::Png,
            scan_index: 3,
            turn,
            width,
            page_width: 2_000,
        }
    }

    fn image(kind: ViewKind, bytes: usize) -> Image {
        Image {
            kind,
            width: 1200,
            height: 1697,
            bytes: vec![7; bytes].into(),
        }
    }

    #[test]
    fn the_name_holds_everything_that_decides_the_bytes() {
        let name = file_name(&request(800, Turn::Quarter));
        assert!(name.starts_with("ab/abab") && name.ends_with("-3-90-800"), "{name}");
        assert_ne!(name, file_name(&request(801, Turn::Quarter)));
        assert_ne!(name, file_name(&request(800, Turn::None)));
    }

    #[test]
    fn what_is_no_image_is_not_shown() {
        assert!(parse(b"DPI1").is_none());
        assert!(parse(b"something else altogether").is_none());
    }

    #[tokio::test]
    async fn a_kept_image_comes_back_and_the_bound_holds() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned(), 10_000).expect("a cache");
        cache
            .keep(&request(800, Turn::None), &image(ViewKind::Png, 100))
            .expect("kept");
        let back = cache.get(&request(800, Turn::None)).await.expect("an image");
        assert_eq!((back.kind, back.width, back.height), (ViewKind::Png, 1200, 1697));
        assert_eq!(&*back.bytes, [7; 100]);
        assert!(cache.has(&request(800, Turn::None)) && !cache.has(&request(801, Turn::None)));
        for width in 1..20 {
            cache
                .keep(&request(width, Turn::None), &image(ViewKind::Jpeg, 1_000))
                .expect("kept");
            let there: u64 = images(folder.path())
                .expect("listed")
                .iter()
                .map(|kept| kept.bytes)
                .sum();
            assert!(there <= 10_000, "{there} bytes");
            assert_eq!(there, cache.bytes().expect("counted"));
        }
        assert!(cache.has(&request(19, Turn::None)), "the newest stays");
    }
}
