//! A file with one word replaced while reading: presents a palette image to a decoder that
//! knows gray images only.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// A file of which one word reads differently.
pub(super) struct Changed<'f> {
    pub file: &'f mut BufReader<File>,
    /// Where reading is.
    pub at: u64,
    /// Position of the word, and what is read there.
    pub place: u64,
    pub word: [u8; 2],
}

impl Read for Changed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        for (offset, byte) in self.word.into_iter().enumerate() {
            let place = (self.place + offset as u64).checked_sub(self.at);
            let slot = place.and_then(|p| usize::try_from(p).ok()).filter(|p| *p < count);
            if let Some(slot) = slot {
                buffer[slot] = byte;
            }
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Changed<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_word_reads_differently_however_it_is_read() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"0123456789").expect("written");
        let mut file = BufReader::new(file);
        let mut changed = Changed {
            file: &mut file,
            at: 0,
            place: 4,
            word: *b"xy",
        };
        let mut all = String::new();
        changed.rewind().expect("rewound");
        changed.read_to_string(&mut all).expect("read");
        assert_eq!(all, "0123xy6789");
        let mut two = [0; 2];
        changed.seek(SeekFrom::Start(5)).expect("found");
        changed.read_exact(&mut two).expect("read");
        assert_eq!(&two, b"y6");
    }
}
