//! The directories of a TIFF as they stand in the file, of the classic kind and of the large one.

use crate::limits::ScanLimits;
use std::io::{Read, Seek, SeekFrom};

/// Tags that have to be known before the decoder is asked.
pub(super) mod tag {
    pub const COMPRESSION: u16 = 259;
    pub const COLOURS: u16 = 262;
    pub const BIT_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const STRIP_COUNTS: u16 = 279;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_COUNTS: u16 = 325;
    /// Where the stream of an image in the JPEG of the first TIFF begins, and how long it is.
    pub const JPEG_STREAM: u16 = 513;
    pub const JPEG_STREAM_BYTES: u16 = 514;
    pub const JPEG_QUANTISATION: u16 = 519;
    pub const JPEG_DC: u16 = 520;
    pub const JPEG_AC: u16 = 521;
    pub const SUBSAMPLING: u16 = 530;
}

/// Tags whose values are kept.
const KEPT: [u16; 9] = [
    tag::COMPRESSION,
    tag::COLOURS,
    tag::BIT_ORDER,
    tag::STRIP_OFFSETS,
    tag::STRIP_COUNTS,
    tag::TILE_OFFSETS,
    tag::TILE_COUNTS,
    tag::JPEG_STREAM,
    tag::JPEG_STREAM_BYTES,
];
/// Entries of a directory, and of all together; no file of ours has so many.
const ENTRIES_MAX: u64 = 4_096;
/// Values of an entry: no image has more parts than this.
const VALUES_MAX: u64 = 120_000;
/// Versions of the two kinds.
const CLASSIC: u64 = 42;
const LARGE: u64 = 43;

/// How numbers are written in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coding {
    little: bool,
    large: bool,
}

impl Coding {
    /// Bytes of an offset.
    pub fn word(self) -> usize {
        if self.large { 8 } else { 4 }
    }

    /// Bytes of the number of entries.
    pub fn count_bytes(self) -> usize {
        if self.large { 8 } else { 2 }
    }

    pub fn first_pointer(self) -> u64 {
        if self.large { 8 } else { 4 }
    }

    /// The lowest bytes of a number in the order of the file.
    pub fn bytes(self, value: u64, count: usize) -> Vec<u8> {
        match self.little {
            true => value.to_le_bytes()[..count].to_vec(),
            false => value.to_be_bytes()[8 - count..].to_vec(),
        }
    }

    fn number(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        match self.little {
            true => bytes.iter().rev().fold(0, add),
            false => bytes.iter().fold(0, add),
        }
    }
}

/// An entry of a directory.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub tag: u16,
    /// As it stands in the file.
    pub raw: Vec<u8>,
    /// Where its value stands.
    pub value_place: u64,
    kind: u64,
    values: Vec<u64>,
}

impl Entry {
    /// An entry with values that have the size of an offset; `value` is what stands in it.
    pub fn stated(tag: u16, values: &[u64], value: Vec<u8>, coding: Coding) -> Entry {
        let kind = if coding.large { 16 } else { 4 };
        let mut raw = coding.bytes(u64::from(tag), 2);
        raw.extend(coding.bytes(kind, 2));
        raw.extend(coding.bytes(values.len() as u64, coding.word()));
        raw.extend(value);
        raw.resize(4 + 2 * coding.word(), 0);
        Entry {
            tag,
            raw,
            value_place: 0,
            kind,
            values: values.to_vec(),
        }
    }

    /// Bytes of one value.
    pub fn bytes_each(&self) -> usize {
        bytes_of(self.kind).unwrap_or(1)
    }
}

/// Bytes of a value of this kind, where it is a whole number without a sign.
fn bytes_of(kind: u64) -> Option<usize> {
    match kind {
        1 | 7 => Some(1),
        3 => Some(2),
        4 | 13 => Some(4),
        16 | 18 => Some(8),
        _ => None,
    }
}

/// A directory: what the file says of one image.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    pub start: u64,
    pub entries: Vec<Entry>,
    /// Where the pointer to the next one stands, and what it says.
    pub next_pointer: u64,
    pub next: u64,
}

impl Directory {
    pub fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    pub fn has(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }

    /// The values of an entry, none where it is not there.
    pub fn numbers(&self, tag: u16) -> &[u64] {
        self.entry(tag).map_or(&[], |entry| &entry.values)
    }

    pub fn number(&self, tag: u16) -> Option<u64> {
        self.numbers(tag).first().copied()
    }
}

/// All directories in their order; `None` where the file is none of a TIFF. The walk ends where it cannot go on: what is
/// wrong there is said by the decoder.
pub(super) fn walk(file: &mut (impl Read + Seek), limits: &ScanLimits) -> Option<(Coding, Vec<Directory>)> {
    let head = bytes_at(file, 0, 4)?;
    let little = &head[..2] == b"II";
    let coding = Coding { little, large: false };
    let coding = match coding.number(&head[2..]) {
        CLASSIC => coding,
        LARGE => Coding { little, large: true },
        _ => return None,
    };
    let mut pointer = coding.first_pointer();
    let mut directories: Vec<Directory> = Vec::new();
    let most = limits.pages_max as usize * 2 + 2;
    let mut seen = std::collections::HashSet::new();
    while directories.len() < most {
        let Some(start) = bytes_at(file, pointer, coding.word()).map(|bytes| coding.number(&bytes)) else {
            break;
        };
        if start == 0 || !seen.insert(start) {
            break;
        }
        let Some(directory) = directory(file, start, coding) else {
            break;
        };
        pointer = directory.next_pointer;
        directories.push(directory);
    }
    Some((coding, directories))
}

fn directory(file: &mut (impl Read + Seek), start: u64, coding: Coding) -> Option<Directory> {
    let count = coding.number(&bytes_at(file, start, coding.count_bytes())?);
    if count > ENTRIES_MAX {
        return None;
    }
    let each = 4 + 2 * coding.word();
    let first = start + coding.count_bytes() as u64;
    let block = bytes_at(file, first, count as usize * each)?;
    let mut entries = Vec::with_capacity(count as usize);
    for (raw, place) in block.chunks_exact(each).zip((first..).step_by(each)) {
        let tag = coding.number(&raw[..2]) as u16;
        let kind = coding.number(&raw[2..4]);
        let wanted = if KEPT.contains(&tag) { bytes_of(kind) } else { None };
        let values = match wanted {
            Some(bytes) => values(file, raw, bytes, coding)?,
            None => Vec::new(),
        };
        entries.push(Entry {
            tag,
            raw: raw.to_vec(),
            value_place: place + 4 + coding.word() as u64,
            kind,
            values,
        });
    }
    let next_pointer = first + block.len() as u64;
    // The last one may lack its pointer.
    let next = bytes_at(file, next_pointer, coding.word()).map_or(0, |bytes| coding.number(&bytes));
    Some(Directory {
        start,
        entries,
        next_pointer,
        next,
    })
}

fn values(file: &mut (impl Read + Seek), raw: &[u8], bytes: usize, coding: Coding) -> Option<Vec<u64>> {
    let word = coding.word();
    let count = coding.number(&raw[4..4 + word]);
    if count > VALUES_MAX {
        return None;
    }
    let length = count as usize * bytes;
    let inline = &raw[4 + word..];
    let outside;
    let data = if length <= word {
        &inline[..length]
    } else {
        outside = bytes_at(file, coding.number(inline), length)?;
        &outside
    };
    Some(data.chunks_exact(bytes).map(|value| coding.number(value)).collect())
}

fn bytes_at(file: &mut (impl Read + Seek), at: u64, count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
