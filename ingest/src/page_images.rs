//! Page images for screens, made by the workers that are kept for viewers, with a cache on disk.
//!
//! The cache is derived: it can be deleted at any time. A file in it is named after everything
//! that decides its bytes, so that it never has to be looked at again.

use crate::identify::MediaType;
use crate::layout::Turn;
use crate::reason::PoolError;
use crate::worker::{Pool, ViewKind, ViewRequest};
use records::System;
use records::page_images::{PageImage, PageImageError, PageImageFuture, PageImageRequest, PageImages};
use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::SystemTime;

/// Bounds on the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageImageLimits {
    /// Bytes of all images kept on disk.
    pub cache_bytes_max: u64,
    /// Widths are rounded up to a multiple of this, so that screens that differ by a few pixels
    /// share an image.
    pub width_step: u32,
    /// Widest image, in pixels.
    pub width_max: u32,
}

impl Default for PageImageLimits {
    fn default() -> Self {
        PageImageLimits {
            cache_bytes_max: 2 << 30,
            width_step: 1,
            width_max: 8_000,
        }
    }
}

/// Serves page images from the vault.
#[derive(Clone)]
pub struct WorkerPageImages {
    inner: Arc<Inner>,
}

struct Inner {
    system: System,
    pool: Pool,
    folder: PathBuf,
    limits: PageImageLimits,
    /// Bytes in the cache, near enough.
    bytes: AtomicU64,
    /// Numbers files while they are being written.
    next: AtomicU64,
    /// Images that are being made: who wants the same one waits for it.
    making: Mutex<HashMap<PageImageRequest, Weak<tokio::sync::Mutex<()>>>>,
}

impl WorkerPageImages {
    /// Takes over what lies in the cache folder; makes the folder when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn new(
        system: System,
        pool: Pool,
        cache_folder: PathBuf,
        limits: PageImageLimits,
    ) -> records::Result<WorkerPageImages> {
        let failed = records::Error::io(cache_folder.clone());
        let bytes = fs::create_dir_all(&cache_folder)
            .and_then(|()| cached(&cache_folder))
            .map(|files| files.iter().map(|file| file.bytes).sum())
            .map_err(failed)?;
        let inner = Inner {
            system,
            pool,
            folder: cache_folder,
            limits,
            bytes: AtomicU64::new(bytes),
            next: AtomicU64::new(0),
            making: Mutex::new(HashMap::new()),
        };
        Ok(WorkerPageImages { inner: Arc::new(inner) })
    }
}

impl PageImages for WorkerPageImages {
    fn page_image(&self, request: PageImageRequest) -> PageImageFuture<'_> {
        let inner = self.inner.clone();
        Box::pin(async move { inner.page_image(request).await })
    }
}

impl Inner {
    async fn page_image(self: Arc<Self>, mut request: PageImageRequest) -> Result<PageImage, PageImageError> {
        let step = self.limits.width_step.max(1);
        request.width = request
            .width
            .max(1)
            .div_ceil(step)
            .saturating_mul(step)
            .min(self.limits.width_max);
        let (scan, scan_index) = (request.scan, request.scan_index);
        let failed = |reason: String| PageImageError {
            scan,
            scan_index,
            reason,
        };
        let path = self.folder.join(file_name(&request));
        if let Some(image) = read_cached(path.clone()).await {
            return Ok(image);
        }
        let turn = Turn::from_degrees(i64::from(request.turn))
            .ok_or_else(|| failed(format!("a page is not turned by {} degrees", request.turn)))?;
        let media = MediaType::from_name(&request.media_type)
            .ok_or_else(|| failed(format!("{} is no type that is read", request.media_type)))?;
        let place = self.place(&request);
        let _place = place.lock().await;
        // Somebody else may have made it meanwhile.
        if let Some(image) = read_cached(path.clone()).await {
            return Ok(image);
        }
        let file = self
            .system
            .vault()
            .open_scan(request.scan)
            .map_err(|e| failed(e.to_string()))?;
        let view = ViewRequest {
            width: request.width,
            turn,
        };
        let picture = self.pool.view(file, media, scan_index, view).await.map_err(|error| {
            failed(match error {
                PoolError::Refused(refusal) => refusal.to_string(),
                PoolError::Unavailable(_) => error.to_string(),
            })
        })?;
        let image = PageImage {
            media_type: picture.kind.media_type(),
            width: picture.width,
            height: picture.height,
            bytes: picture.bytes.into(),
        };
        let (inner, kept) = (self.clone(), image.clone());
        let kind = picture.kind;
        // Whoever asked gets the image whether or not it could be kept.
        let _ = tokio::task::spawn_blocking(move || {
            if let Err(error) = inner.keep(&path, kind, &kept) {
                tracing::warn!(%error, "a page image could not be kept in the cache");
            }
        })
        .await;
        Ok(image)
    }

    /// The lock of those who want the same image.
    fn place(&self, request: &PageImageRequest) -> Arc<tokio::sync::Mutex<()>> {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = making.get(request).and_then(Weak::upgrade) {
            return place;
        }
        making.retain(|_, place| place.strong_count() > 0);
        let place = Arc::new(tokio::sync::Mutex::new(()));
        making.insert(request.clone(), Arc::downgrade(&place));
        place
    }

    fn keep(&self, path: &Path, kind: ViewKind, image: &PageImage) -> io::Result<()> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let passing = self.folder.join(format!("{}-{number}.new", std::process::id()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = fs::File::create(&passing)?;
        let written = file
            .write_all(&header(kind, image.width, image.height))
            .and_then(|()| file.write_all(&image.bytes))
            .and_then(|()| fs::rename(&passing, path));
        if written.is_err() {
            // What cannot be removed either is swept when the cache is full.
            let _ = fs::remove_file(&passing);
        }
        written?;
        let added = (HEADER_BYTES + image.bytes.len()) as u64;
        let bytes = self.bytes.fetch_add(added, Ordering::Relaxed) + added;
        if bytes > self.limits.cache_bytes_max {
            self.make_room()?;
        }
        Ok(())
    }

    /// Removes the oldest images until a fifth of the cache is free.
    fn make_room(&self) -> io::Result<()> {
        let mut files = cached(&self.folder)?;
        files.sort_by_key(|file| file.made);
        let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
        for file in files {
            if bytes <= self.limits.cache_bytes_max / 5 * 4 {
                break;
            }
            if fs::remove_file(&file.path).is_ok() {
                bytes -= file.bytes;
            }
        }
        self.bytes.store(bytes, Ordering::Relaxed);
        Ok(())
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

fn parse(bytes: &[u8]) -> Option<PageImage> {
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
    Some(PageImage {
        media_type: kind.media_type(),
        width: number(5)?,
        height: number(9)?,
        bytes: content.into(),
    })
}

async fn read_cached(path: PathBuf) -> Option<PageImage> {
    let bytes = tokio::fs::read(path).await.ok()?;
    parse(&bytes)
}

fn file_name(request: &PageImageRequest) -> String {
    let scan = request.scan.hex();
    let PageImageRequest {
        scan_index,
        turn,
        width,
        ..
    } = request;
    format!("{}/{scan}-{scan_index}-{turn}-{width}", &scan[..2])
}

struct Cached {
    path: PathBuf,
    bytes: u64,
    made: SystemTime,
}

fn cached(folder: &Path) -> io::Result<Vec<Cached>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1).max_depth(2) {
        let entry = entry?;
        // Another process may remove what was just listed.
        let Ok(data) = entry.metadata() else { continue };
        if data.is_file() {
            let made = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            files.push(Cached {
                path: entry.into_path(),
                bytes: data.len(),
                made,
            });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::ids::Fingerprint;

    #[test]
    fn a_kept_image_comes_back() {
        let mut bytes = header(ViewKind::Png, 1200, 1697).to_vec();
        bytes.extend(b"content");
        let image = parse(&bytes).expect("an image");
        assert_eq!((image.media_type, image.width, image.height), ("image/png", 1200, 1697));
        assert_eq!(&*image.bytes, b"content");
        assert!(parse(b"DPI1").is_none());
        assert!(parse(b"something else altogether").is_none());
    }

    #[test]
    fn the_name_holds_everything_that_decides_the_bytes() {
        let request = |width, turn| PageImageRequest {
            scan: Fingerprint([0xab; 32]),
            media_type: "image/png".to_owned(),
            scan_index: 3,
            turn,
            width,
        };
        let name = file_name(&request(800, 90));
        assert!(name.starts_with("ab/abab") && name.ends_with("-3-90-800"), "{name}");
        assert_ne!(name, file_name(&request(801, 90)));
        assert_ne!(name, file_name(&request(800, 0)));
    }
}
