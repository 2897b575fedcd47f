//! Bitmaps in sealed memory files, in which they pass from process to process.

use super::{Bitmap, BitmapHeader};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, memfd_create};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// A bitmap in a sealed memory file: read-only for everyone, of fixed size.
#[derive(Debug)]
pub struct SharedBitmap {
    header: BitmapHeader,
    file: OwnedFd,
}

impl SharedBitmap {
    /// Copies the pixels into a new memory file and seals it.
    pub fn from_bitmap(bitmap: &Bitmap) -> io::Result<SharedBitmap> {
        Ok(SharedBitmap {
            header: bitmap.header,
            file: sealed(&bitmap.data)?,
        })
    }

    /// Takes over a memory file that another process made.
    ///
    /// # Errors
    /// When it is not sealed, is of another size than the header says or of more pixels than
    /// allowed: the other process is not trusted.
    pub fn from_file(header: BitmapHeader, file: OwnedFd, pixels_max: u64) -> io::Result<SharedBitmap> {
        check_sealed(&file, header.byte_count())?;
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        if header.width == 0 || header.height == 0 || header.pixels() > pixels_max {
            return Err(wrong("a bitmap beyond the limit"));
        }
        Ok(SharedBitmap { header, file })
    }

    pub fn header(&self) -> BitmapHeader {
        self.header
    }

    pub fn file(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// The pixels, copied.
    pub fn to_bitmap(&self) -> io::Result<Bitmap> {
        self.part(0, 0, self.header.width, self.header.height)
    }

    /// The pixels inside these bounds, which are cut to the bitmap. The rest stays where it is and is not counted as
    /// memory of this process.
    pub fn part(&self, x: u32, y: u32, w: u32, h: u32) -> io::Result<Bitmap> {
        let header = self.header;
        let (x, y) = (x.min(header.width - 1), y.min(header.height - 1));
        let (w, h) = (w.clamp(1, header.width - x), h.clamp(1, header.height - y));
        let n = header.channels.count();
        let (row, across) = (header.width as usize * n, w as usize * n);
        let mut data = vec![0u8; across * h as usize];
        if across == row {
            read_at(&self.file, &mut data, y as usize * row)?;
        } else {
            for (line, into) in data.chunks_exact_mut(across).enumerate() {
                read_at(&self.file, into, (y as usize + line) * row + x as usize * n)?;
            }
        }
        let header = BitmapHeader {
            width: w,
            height: h,
            ..header
        };
        Bitmap::new(header, data).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

/// A sealed memory file with these bytes.
pub(crate) fn sealed(data: &[u8]) -> io::Result<OwnedFd> {
    let file = memfd_create("dossier-page", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    let mut rest = data;
    while !rest.is_empty() {
        let n = rustix::io::write(&file, rest)?;
        rest = &rest[n..];
    }
    fcntl_add_seals(&file, ALL_SEALS)?;
    Ok(file)
}

/// Exactly this many bytes of a sealed memory file, from its start.
pub(crate) fn read_sealed(file: &OwnedFd, bytes: u64) -> io::Result<Vec<u8>> {
    check_sealed(file, bytes)?;
    let mut data = vec![0u8; bytes as usize];
    read_at(file, &mut data, 0)?;
    Ok(data)
}

/// Fills the buffer from this place of a file on.
fn read_at(file: &OwnedFd, into: &mut [u8], at: usize) -> io::Result<()> {
    let mut done = 0;
    while done < into.len() {
        match rustix::io::pread(file, &mut into[done..], (at + done) as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => done += n,
        }
    }
    Ok(())
}

const ALL_SEALS: SealFlags = SealFlags::SHRINK
    .union(SealFlags::GROW)
    .union(SealFlags::WRITE)
    .union(SealFlags::SEAL);

/// Whether a memory file that another process made stays as it is, and is as large as announced.
pub(crate) fn check_sealed(file: &OwnedFd, bytes: u64) -> io::Result<()> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    // Only memory files have seals, so this also refuses pipes and devices.
    let seals = fcntl_get_seals(file).map_err(|_| wrong("not a memory file"))?;
    if !seals.contains(ALL_SEALS) {
        return Err(wrong("the memory file is not sealed"));
    }
    if fstat(file)?.st_size as u64 != bytes {
        return Err(wrong("the memory file is of another size than announced"));
    }
    Ok(())
}
