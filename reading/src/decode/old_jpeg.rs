//! JPEG as the first TIFF wrote it: tables and pixel data wherever the directory says, put together to the stream that
//! a JPEG decoder reads.

/// What the directory of such an image says.
pub(super) struct OldJpeg {
    /// A stream of its own, or its head.
    pub stream: Vec<u8>,
    /// The strips hold what is missing in the stream.
    pub strips: Vec<Vec<u8>>,
    /// Where there is no stream: quantisation and Huffman tables, one for each colour.
    pub quantisation: Vec<Vec<u8>>,
    pub dc: Vec<Vec<u8>>,
    pub ac: Vec<Vec<u8>>,
    pub width: u32,
    pub height: u32,
    pub rows_per_strip: u32,
    pub samples: u8,
    /// Pixels across and down that share their colour.
    pub subsampling: (u8, u8),
}

const START: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];
/// Markers of a frame, of pixel data, and the first of those between restarts.
const FRAME: [u8; 3] = [0xC0, 0xC1, 0xC2];
const SCAN: u8 = 0xDA;
const RESTART: u8 = 0xD0;

impl OldJpeg {
    /// The image as one JPEG; `None` where something of it is not there.
    pub fn joined(&self) -> Option<Vec<u8>> {
        if let Some(whole) = self.strips.first().filter(|strip| strip.starts_with(&START)) {
            return (self.strips.len() == 1).then(|| ended(whole.clone()));
        }
        if self.stream.starts_with(&START) {
            return match segments(&self.stream) {
                Segments { scan: Some(at), .. } if self.stream.len() > at + 8 => Some(ended(self.stream.clone())),
                Segments { scan: Some(_), .. } => Some(self.with_strips(self.stream.clone())),
                Segments { end, frame, .. } => {
                    let mut head = self.stream[..end].to_vec();
                    if !frame {
                        self.put_frame(&mut head)?;
                    }
                    self.put_scan(&mut head);
                    Some(self.with_strips(head))
                }
            };
        }
        if self.quantisation.is_empty() || self.dc.is_empty() || self.ac.is_empty() {
            return None;
        }
        let mut head = START.to_vec();
        for (number, table) in self.quantisation.iter().enumerate() {
            put(&mut head, 0xDB, &[&[number as u8], table.get(..64)?].concat());
        }
        for (class, tables) in [(0u8, &self.dc), (0x10, &self.ac)] {
            for (number, table) in tables.iter().enumerate() {
                let count: usize = table.get(..16)?.iter().map(|n| usize::from(*n)).sum();
                put(
                    &mut head,
                    0xC4,
                    &[&[class | number as u8], table.get(..16 + count)?].concat(),
                );
            }
        }
        self.put_frame(&mut head)?;
        self.put_scan(&mut head);
        Some(self.with_strips(head))
    }

    fn put_frame(&self, head: &mut Vec<u8>) -> Option<()> {
        let (width, height) = (u16::try_from(self.width).ok()?, u16::try_from(self.height).ok()?);
        let mut frame = vec![8];
        frame.extend(height.to_be_bytes());
        frame.extend(width.to_be_bytes());
        frame.push(self.samples);
        for sample in 0..self.samples {
            let (across, down) = if sample == 0 && self.samples > 1 {
                self.subsampling
            } else {
                (1, 1)
            };
            frame.extend([
                sample + 1,
                across << 4 | down,
                self.table(sample, self.quantisation.len()),
            ]);
        }
        put(head, FRAME[0], &frame);
        Some(())
    }

    /// The start of the pixel data; every strip begins anew.
    fn put_scan(&self, head: &mut Vec<u8>) {
        if self.strips.len() > 1 {
            let (across, down) = if self.samples > 1 { self.subsampling } else { (1, 1) };
            let block = |pixels: u32, times: u8| pixels.div_ceil(8 * u32::from(times.max(1)));
            let units = block(self.width, across) * block(self.rows_per_strip, down);
            put(head, 0xDD, &u16::try_from(units).unwrap_or(u16::MAX).to_be_bytes());
        }
        let mut scan = vec![self.samples];
        for sample in 0..self.samples {
            let (dc, ac) = (self.table(sample, self.dc.len()), self.table(sample, self.ac.len()));
            scan.extend([sample + 1, dc << 4 | ac]);
        }
        scan.extend([0, 63, 0]);
        put(head, SCAN, &scan);
    }

    fn table(&self, sample: u8, tables: usize) -> u8 {
        sample.min(u8::try_from(tables).unwrap_or(u8::MAX).max(1) - 1)
    }

    fn with_strips(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for (number, strip) in self.strips.iter().enumerate() {
            let data = strip.strip_suffix(&END).unwrap_or(strip);
            bytes.extend_from_slice(data);
            let restarts = data.len() >= 2
                && data[data.len() - 2] == 0xFF
                && (RESTART..RESTART + 8).contains(&data[data.len() - 1]);
            if number + 1 < self.strips.len() && !restarts {
                bytes.extend([0xFF, RESTART + (number % 8) as u8]);
            }
        }
        ended(bytes)
    }
}

fn put(bytes: &mut Vec<u8>, marker: u8, body: &[u8]) {
    bytes.extend([0xFF, marker]);
    bytes.extend(((body.len() + 2) as u16).to_be_bytes());
    bytes.extend_from_slice(body);
}

fn ended(mut bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.ends_with(&END) {
        bytes.extend(END);
    }
    bytes
}

/// What the head of a stream holds.
struct Segments {
    /// Where its pixel data begin.
    scan: Option<usize>,
    frame: bool,
    /// Where the segments end.
    end: usize,
}

fn segments(bytes: &[u8]) -> Segments {
    let mut found = Segments {
        scan: None,
        frame: false,
        end: 2,
    };
    while let Some(&[0xFF, marker, high, low]) = bytes.get(found.end..found.end + 4) {
        if marker == END[1] {
            break;
        }
        found.frame |= FRAME.contains(&marker);
        let next = found.end + 2 + usize::from(u16::from_be_bytes([high, low]));
        if next > bytes.len() {
            break;
        }
        found.end = next;
        if marker == SCAN {
            found.scan = Some(next);
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::{ExtendedColorType, GrayImage};

    fn jpeg() -> (GrayImage, Vec<u8>) {
        let picture = GrayImage::from_fn(32, 16, |x, y| image::Luma([(x * 7 + y * 3) as u8]));
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 100)
            .encode(picture.as_raw(), 32, 16, ExtendedColorType::L8)
            .expect("encodes");
        (picture, bytes)
    }

    fn empty() -> OldJpeg {
        OldJpeg {
            stream: Vec::new(),
            strips: Vec::new(),
            quantisation: Vec::new(),
            dc: Vec::new(),
            ac: Vec::new(),
            width: 32,
            height: 16,
            rows_per_strip: 16,
            samples: 1,
            subsampling: (1, 1),
        }
    }

    fn check(old: &OldJpeg, wanted: &GrayImage) {
        let joined = old.joined().expect("a stream");
        let decoded = image::load_from_memory(&joined).expect("decodes").into_luma8();
        let far = decoded
            .as_raw()
            .iter()
            .zip(wanted.as_raw())
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(far.is_some_and(|far| far <= 3), "{far:?}");
    }

    #[test]
    fn stream_tables_and_strips_are_put_together() {
        let (picture, bytes) = jpeg();
        let found = segments(&bytes);
        let scan = found.scan.expect("pixels");
        check(
            &OldJpeg {
                stream: bytes.clone(),
                ..empty()
            },
            &picture,
        );
        check(
            &OldJpeg {
                stream: bytes[..scan].to_vec(),
                strips: vec![bytes[scan..].to_vec()],
                ..empty()
            },
            &picture,
        );
        // Tables taken out of the stream, as the directory names them.
        let mut tables = empty();
        let mut at = 2;
        while at < scan {
            let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
            let body = &bytes[at + 4..at + 2 + length];
            match bytes[at + 1] {
                0xDB => tables.quantisation.push(body[1..65].to_vec()),
                0xC4 if body[0] == 0 => tables.dc.push(body[1..].to_vec()),
                0xC4 if body[0] == 0x10 => tables.ac.push(body[1..].to_vec()),
                _ => {}
            }
            at += 2 + length;
        }
        tables.quantisation.truncate(1);
        tables.strips.push(bytes[scan..bytes.len() - 2].to_vec());
        check(&tables, &picture);
        assert_eq!(empty().joined(), None, "nothing is there");
    }
}
