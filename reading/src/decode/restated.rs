//! A TIFF as its decoder can read it: directories are put right while they are read, the file itself stays as it is.
//!
//! The decoder refuses images whose colours it does not know and directories that lack what every other reader works
//! out. Such a directory is stated anew behind the end of the file, or a word of it reads differently.

use super::tiff_directory::{Coding, Directory, Entry, tag, walk};
use crate::limits::ScanLimits;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// Colours that the decoder does not know, as the file states them.
pub(super) const PALETTE: u64 = 3;
pub(super) const CIE_LAB: u64 = 8;
pub(super) const ICC_LAB: u64 = 9;
/// Colours in whose place they are read: samples are the same, their meaning is known here.
const GRAY: u64 = 1;
const RGB: u64 = 2;
/// No compression, and those of which the order of bits is that of the bytes in the file.
const PLAIN: u64 = 1;
const BYTES_MIRRORED: [u64; 5] = [PLAIN, 5, 8, 32_946, 32_773];
const OLD_JPEG: u64 = 6;

/// A file that reads as it was restated.
pub(super) struct RestatedFile {
    file: BufReader<File>,
    /// Bytes of the file itself.
    length: u64,
    at: u64,
    /// What is read at a place instead, in order of place.
    words: Vec<(u64, Vec<u8>)>,
    /// What is read behind the end.
    tail: Vec<u8>,
    /// From where to where the bits of each byte are read from the other end, in order of place.
    mirrored: Vec<(u64, u64)>,
}

impl RestatedFile {
    /// The file, and the colours that its images state, by their position.
    pub fn of(mut file: File, limits: &ScanLimits) -> std::io::Result<(RestatedFile, Vec<u64>)> {
        let length = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        let mut restated = RestatedFile {
            file: BufReader::new(file),
            length,
            at: 0,
            words: Vec::new(),
            tail: Vec::new(),
            mirrored: Vec::new(),
        };
        // What cannot be walked is left to the decoder, which says what is wrong.
        let Some((coding, directories)) = walk(&mut restated.file, limits) else {
            restated.file.rewind()?;
            return Ok((restated, Vec::new()));
        };
        let ends = ends(&directories, length);
        let mut pointer = coding.first_pointer();
        let mut colours = Vec::with_capacity(directories.len());
        for directory in &directories {
            colours.push(directory.number(tag::COLOURS).unwrap_or(0));
            restated.put_colours_right(directory, coding);
            restated.mirror(directory);
            let missing = missing(directory, &ends);
            pointer = match missing.is_empty() {
                true => directory.next_pointer,
                false => restated.append(directory, missing, pointer, coding),
            };
        }
        restated.words.sort();
        restated.mirrored.sort_unstable();
        restated.file.rewind()?;
        Ok((restated, colours))
    }

    fn put_colours_right(&mut self, directory: &Directory, coding: Coding) {
        let Some(entry) = directory.entry(tag::COLOURS) else {
            return;
        };
        let known = match directory.number(tag::COLOURS) {
            Some(PALETTE) => GRAY,
            Some(CIE_LAB | ICC_LAB) => RGB,
            _ => return,
        };
        self.words
            .push((entry.value_place, coding.bytes(known, entry.bytes_each())));
    }

    /// The bits of data that a program wrote from the other end.
    fn mirror(&mut self, directory: &Directory) {
        let compression = directory.number(tag::COMPRESSION).unwrap_or(PLAIN);
        if directory.number(tag::BIT_ORDER) != Some(2) || !BYTES_MIRRORED.contains(&compression) {
            return;
        }
        let (offsets, counts) = match directory.has(tag::STRIP_OFFSETS) {
            true => (tag::STRIP_OFFSETS, tag::STRIP_COUNTS),
            false => (tag::TILE_OFFSETS, tag::TILE_COUNTS),
        };
        let parts = directory.numbers(offsets).iter().zip(directory.numbers(counts));
        self.mirrored
            .extend(parts.map(|(offset, count)| (*offset, offset.saturating_add(*count))));
    }

    /// States the directory anew with further entries. Where the pointer to the next one is.
    fn append(&mut self, directory: &Directory, further: Vec<(u16, Vec<u64>)>, pointer: u64, coding: Coding) -> u64 {
        let base = self.length.next_multiple_of(8);
        let pad = |tail: &mut Vec<u8>| tail.resize(tail.len().next_multiple_of(8), 0);
        let mut entries: Vec<Entry> = directory.entries.clone();
        for (tag, values) in further {
            entries.retain(|entry| entry.tag != tag);
            pad(&mut self.tail);
            let place = base + self.tail.len() as u64;
            let bytes: Vec<u8> = values.iter().flat_map(|v| coding.bytes(*v, coding.word())).collect();
            let inline = bytes.len() <= coding.word();
            if !inline {
                self.tail.extend_from_slice(&bytes);
            }
            entries.push(Entry::stated(
                tag,
                &values,
                if inline {
                    bytes
                } else {
                    coding.bytes(place, coding.word())
                },
                coding,
            ));
        }
        entries.sort_by_key(|entry| entry.tag);
        pad(&mut self.tail);
        let start = base + self.tail.len() as u64;
        self.tail
            .extend(coding.bytes(entries.len() as u64, coding.count_bytes()));
        for entry in &entries {
            self.tail.extend_from_slice(&entry.raw);
        }
        let next_pointer = base + self.tail.len() as u64;
        self.tail.extend(coding.bytes(directory.next, coding.word()));
        let named = coding.bytes(start, coding.word());
        match pointer.checked_sub(base).map(|at| at as usize) {
            Some(at) => self.tail[at..at + named.len()].copy_from_slice(&named),
            None => self.words.push((pointer, named)),
        }
        next_pointer
    }
}

/// Where data may end: where other data begin, or the file ends.
fn ends(directories: &[Directory], length: u64) -> Vec<u64> {
    let mut ends = vec![length];
    for directory in directories {
        ends.push(directory.start);
        for offsets in [tag::STRIP_OFFSETS, tag::TILE_OFFSETS, tag::JPEG_STREAM] {
            ends.extend(directory.numbers(offsets));
        }
    }
    ends.sort_unstable();
    ends
}

/// Entries that a directory lacks, with what other readers take for them.
fn missing(directory: &Directory, ends: &[u64]) -> Vec<(u16, Vec<u64>)> {
    let end_of = |offset: u64| ends.get(ends.partition_point(|end| *end <= offset)).copied();
    let mut missing = Vec::new();
    for (offsets, counts) in [
        (tag::STRIP_OFFSETS, tag::STRIP_COUNTS),
        (tag::TILE_OFFSETS, tag::TILE_COUNTS),
    ] {
        if directory.has(offsets) && !directory.has(counts) {
            let parts = directory.numbers(offsets).iter();
            let counted = parts.map(|offset| end_of(*offset).unwrap_or(*offset) - offset);
            missing.push((counts, counted.collect()));
        }
    }
    let is_old_jpeg = directory.number(tag::COMPRESSION) == Some(OLD_JPEG);
    let named = directory.has(tag::STRIP_OFFSETS) || directory.has(tag::TILE_OFFSETS);
    if let Some(stream) = directory.number(tag::JPEG_STREAM).filter(|_| is_old_jpeg && !named) {
        let count = end_of(stream).unwrap_or(stream) - stream;
        missing.push((tag::STRIP_OFFSETS, vec![stream]));
        missing.push((tag::STRIP_COUNTS, vec![count]));
    }
    missing
}

impl Read for RestatedFile {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let base = self.length.next_multiple_of(8);
        let count = if self.at < self.length {
            let left = usize::try_from(self.length - self.at).unwrap_or(usize::MAX);
            let most = buffer.len().min(left);
            self.file.read(&mut buffer[..most])?
        } else if self.at < base {
            let zeros = buffer.len().min((base - self.at) as usize);
            buffer[..zeros].fill(0);
            zeros
        } else {
            let rest = self.tail.get((self.at - base) as usize..).unwrap_or_default();
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            count
        };
        let (from, to) = (self.at, self.at + count as u64);
        let first = self.mirrored.partition_point(|(_, end)| *end <= from);
        for (start, end) in self.mirrored[first..].iter().take_while(|(start, _)| *start < to) {
            let (start, end) = (from.max(*start) - from, to.min(*end) - from);
            if start < end {
                buffer[start as usize..end as usize]
                    .iter_mut()
                    .for_each(|byte| *byte = byte.reverse_bits());
            }
        }
        // Words are shorter than this.
        let first = self.words.partition_point(|(place, _)| place + 8 <= from);
        for (place, word) in self.words[first..].iter().take_while(|(place, _)| *place < to) {
            for (byte, at) in word.iter().zip(*place..).filter(|(_, at)| (from..to).contains(at)) {
                buffer[(at - from) as usize] = *byte;
            }
        }
        self.at = to;
        Ok(count)
    }
}

impl Seek for RestatedFile {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let end = self.length.next_multiple_of(8) + self.tail.len() as u64;
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.ok_or(std::io::ErrorKind::InvalidInput)?;
        if at != self.at {
            self.file.seek(SeekFrom::Start(at.min(self.length)))?;
            self.at = at;
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn words_tail_and_mirrored_bytes_read_differently_however_they_are_read() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"0123456789").expect("written");
        let (mut restated, _) = RestatedFile::of(file, &ScanLimits::default()).expect("a file");
        restated.words.push((4, b"xy".to_vec()));
        restated.tail.extend_from_slice(b"tail");
        restated.mirrored.push((8, 10));
        let mut all = Vec::new();
        restated.rewind().expect("rewound");
        restated.read_to_end(&mut all).expect("read");
        assert_eq!(all, [&b"0123xy67"[..], &[0x1C, 0x9C], &[0; 6], b"tail"].concat());
        let mut two = [0; 2];
        restated.seek(SeekFrom::Start(5)).expect("found");
        restated.read_exact(&mut two).expect("read");
        assert_eq!(&two, b"y6");
        restated.seek(SeekFrom::Start(16)).expect("found");
        restated.read_exact(&mut two).expect("read");
        assert_eq!(&two, b"ta");
    }
}
