//! TIFF: many pages, black and white in Group 3 and 4, gray, palette, RGB, CMYK, CIELab, 1 to 16 bits, planes together
//! or apart.

use super::old_jpeg::OldJpeg;
use super::raster::RasterScan;
use super::restated::{CIE_LAB, ICC_LAB, PALETTE, RestatedFile};
use super::tiff_directory::tag;
use super::tiff_samples::{self, Alpha, Colours};
use super::{check_pixels, fax, raster};
use crate::bitmap::{Bitmap, BitmapHeader};
use crate::limits::ScanLimits;
use crate::reason::Refusal;
use image::metadata::Orientation;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{TiffError, TiffUnsupportedError};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Bits of NewSubfileType: a reduced copy of another image, and its transparency; the former SubfileType of a copy.
const REDUCED: u32 = 1;
const MASK: u32 = 4;
const FORMER_REDUCED: u32 = 2;
/// PlanarConfiguration of images whose colours stand one after the other.
const PLANES_APART: u16 = 2;
/// Compression of the JPEG of the first TIFF.
const OLD_JPEG: u64 = 6;
/// Tag T4Options: bit 0 says that Group 3 is written in two dimensions.
const T4_OPTIONS: u16 = 292;

/// An open TIFF.
pub(super) struct TiffScan {
    decoder: Decoder<RestatedFile>,
    /// The colours that the images state, by their position; some are read as others.
    colours: Vec<u64>,
    /// Positions of the images that are pages; reduced copies of them are not.
    pages: Vec<usize>,
}

impl TiffScan {
    /// Walks the directory of images without decoding them.
    pub fn open(file: File, limits: &ScanLimits) -> Result<TiffScan, Refusal> {
        let restated = RestatedFile::of(file, limits);
        let (file, colours) = restated.map_err(|e| Refusal::of_system(Reason::Unreadable, e))?;
        let decoder = Decoder::new(file).map_err(refusal)?;
        let mut decoder = decoder.with_limits(bounds(limits));
        let (mut pages, mut copies) = (Vec::new(), Vec::new());
        for position in 0.. {
            let mut kind = |tag| decoder.find_tag_unsigned::<u32>(tag).unwrap_or(None).unwrap_or(0);
            let (bits, former) = (kind(Tag::NewSubfileType), kind(Tag::SubfileType));
            match bits & REDUCED != 0 || former == FORMER_REDUCED {
                _ if bits & MASK != 0 => {}
                true => copies.push(position),
                false => pages.push(position),
            }
            if pages.len() > limits.pages_max as usize || position > 2 * limits.pages_max as usize {
                let detail = DetailCode::PagesMax.with(limits.pages_max);
                return Err(Refusal::new(Reason::TooManyPages, detail));
            }
            if !decoder.more_images() {
                break;
            }
            if let Err(error) = decoder.next_image() {
                // The directory is cut or runs in a circle. Pages before it are whole, but a
                // scan that lost pages must not be filed as if it were complete.
                let Refusal { reason, detail } = refusal(error);
                let detail = DetailCode::AfterPages.with(pages.len()).with(detail);
                return Err(Refusal::new(reason, detail));
            }
        }
        // The only image may be marked as a copy of one that is not there.
        let pages = if pages.is_empty() { copies } else { pages };
        Ok(TiffScan {
            decoder,
            colours,
            pages,
        })
    }

    pub fn pages(&self) -> u32 {
        self.pages.len() as u32
    }

    /// The pixels of a page, square and upright.
    pub fn bitmap(&mut self, index: u32, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        let Some(&position) = self.pages.get(index as usize) else {
            return Err(Refusal::new(Reason::PageFailed, DetailCode::NoSuchPage));
        };
        self.decoder.seek_to_image(position).map_err(refusal)?;
        let (width, height) = self.decoder.dimensions().map_err(refusal)?;
        check_pixels(u64::from(width), u64::from(height), limits)?;
        if let Some(bitmap) = self.fax(width, height, limits)? {
            return self.upright(bitmap, limits);
        }
        if let Some(bitmap) = self.old_jpeg(width, height, limits)? {
            return self.upright(bitmap, limits);
        }
        let colour = self.decoder.colortype().map_err(refusal)?;
        let colours = match self.colours.get(position) {
            Some(&PALETTE) => Colours::Palette(self.palette()?),
            Some(&CIE_LAB) => Colours::Lab { signed: true },
            Some(&ICC_LAB) => Colours::Lab { signed: false },
            _ => Colours::AsStated,
        };
        let samples = self.samples()?;
        let alpha: Option<Vec<u16>> = self.decoder.find_tag_unsigned_vec(Tag::ExtraSamples).unwrap_or(None);
        let alpha = Alpha::of(alpha.and_then(|kinds| kinds.first().copied()));
        let (channels, data) =
            tiff_samples::convert(samples, colour, &colours, alpha, width as usize, height as usize)?;
        let header = BitmapHeader {
            width,
            height,
            channels,
            dpi: None,
            bilevel: false,
        };
        let bitmap =
            Bitmap::new(header, data).ok_or_else(|| Refusal::new(Reason::Unreadable, DetailCode::ImageLacksRows))?;
        self.upright(bitmap.simplified(), limits)
    }

    /// The samples of all planes, pixel by pixel.
    fn samples(&mut self) -> Result<DecodingResult, Refusal> {
        let planes = self.decoder.find_tag_unsigned(Tag::PlanarConfiguration).unwrap_or(None);
        if planes != Some(PLANES_APART) {
            return self.decoder.read_image().map_err(refusal);
        }
        let mut samples = DecodingResult::U8(Vec::new());
        let layout = self.decoder.read_image_to_buffer(&mut samples).map_err(refusal)?;
        if samples.as_buffer(0).as_bytes().len() < layout.complete_len {
            return Err(Refusal::of_system(Reason::TooLarge, TiffError::LimitsExceeded));
        }
        Ok(tiff_samples::woven(samples, layout.planes))
    }

    /// The page, if it is written in the JPEG of the first TIFF.
    fn old_jpeg(&mut self, width: u32, height: u32, limits: &ScanLimits) -> Result<Option<Bitmap>, Refusal> {
        if self.number(Tag::Compression.to_u16()) != Some(OLD_JPEG) {
            return Ok(None);
        }
        let strips = self.parts(Tag::StripOffsets, Tag::StripByteCounts, limits)?;
        let stream = match self.number(tag::JPEG_STREAM) {
            Some(from) => {
                let count = self.number(tag::JPEG_STREAM_BYTES).unwrap_or(u64::MAX);
                self.bytes_at(from, count, limits)?
            }
            None => Vec::new(),
        };
        let mut tables = |tag, bytes| -> Result<Vec<Vec<u8>>, Refusal> {
            let places = self
                .decoder
                .find_tag_unsigned_vec::<u64>(Tag::Unknown(tag))
                .unwrap_or(None);
            let places = places.unwrap_or_default().into_iter().take(4);
            places.map(|place| self.bytes_at(place, bytes, limits)).collect()
        };
        let (quantisation, dc, ac) = (
            tables(tag::JPEG_QUANTISATION, 64)?,
            tables(tag::JPEG_DC, 16 + 17)?,
            tables(tag::JPEG_AC, 16 + 256)?,
        );
        let shared = self
            .decoder
            .find_tag_unsigned_vec::<u8>(Tag::Unknown(tag::SUBSAMPLING))
            .unwrap_or(None);
        let subsampling = match shared.as_deref() {
            Some([across @ 1..=4, down @ 1..=4]) => (*across, *down),
            _ => (2, 2),
        };
        let old = OldJpeg {
            stream,
            strips: strips.unwrap_or_default(),
            quantisation,
            dc,
            ac,
            width,
            height,
            rows_per_strip: self
                .number(Tag::RowsPerStrip.to_u16())
                .and_then(|v| u32::try_from(v).ok())
                .unwrap_or(height)
                .clamp(1, height),
            samples: self
                .number(Tag::SamplesPerPixel.to_u16())
                .and_then(|v| u8::try_from(v).ok())
                .unwrap_or(1)
                .clamp(1, 4),
            subsampling,
        };
        let stream = old.joined();
        let stream = stream.ok_or_else(|| Refusal::new(Reason::Unreadable, DetailCode::ImageLacksRows))?;
        RasterScan::of_jpeg(stream, limits)?.bitmap(limits).map(Some)
    }

    fn number(&mut self, tag: u16) -> Option<u64> {
        self.decoder
            .find_tag_unsigned(Tag::from_u16_exhaustive(tag))
            .unwrap_or(None)
    }

    /// So many bytes of the file from there on, or all that there are.
    fn bytes_at(&mut self, from: u64, count: u64, limits: &ScanLimits) -> Result<Vec<u8>, Refusal> {
        let unreadable = |e: std::io::Error| Refusal::of_system(Reason::Unreadable, e);
        let file = self.decoder.inner();
        file.seek(SeekFrom::Start(from)).map_err(unreadable)?;
        let mut bytes = Vec::new();
        let read = file.take(count.min(limits.file_bytes_max)).read_to_end(&mut bytes);
        read.map_err(unreadable)?;
        Ok(bytes)
    }

    /// The bitmap with square pixels and turned as the file says.
    fn upright(&mut self, bitmap: Bitmap, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        let bitmap = self.squared(bitmap, limits)?;
        let orientation: Option<u8> = self.decoder.find_tag_unsigned(Tag::Orientation).unwrap_or(None);
        let orientation = orientation.and_then(Orientation::from_exif);
        Ok(raster::oriented(
            bitmap,
            orientation.unwrap_or(Orientation::NoTransforms),
        ))
    }

    /// The page, if it is written in fax coding of one bit for each pixel.
    fn fax(&mut self, width: u32, height: u32, limits: &ScanLimits) -> Result<Option<Bitmap>, Refusal> {
        let mut number = |tag| self.decoder.find_tag_unsigned::<u32>(tag).unwrap_or(None);
        let compression = number(Tag::Compression)
            .and_then(|v| u16::try_from(v).ok())
            .unwrap_or(1);
        let plain = number(Tag::BitsPerSample).unwrap_or(1) == 1 && number(Tag::SamplesPerPixel).unwrap_or(1) == 1;
        if !fax::is_fax(compression) || !plain {
            return Ok(None);
        }
        let coding = fax::FaxCoding {
            compression,
            two_dimensions: compression == 3 && number(Tag::Unknown(T4_OPTIONS)).unwrap_or(0) & 1 == 1,
            lowest_bit_first: number(Tag::FillOrder) == Some(2),
            inverted: number(Tag::PhotometricInterpretation) == Some(1),
        };
        let rows = number(Tag::RowsPerStrip).unwrap_or(height).clamp(1, height);
        let tile = match (number(Tag::TileWidth), number(Tag::TileLength)) {
            (Some(across), Some(down)) if across > 0 && down > 0 => Some((across, down)),
            _ => None,
        };
        let parts = match tile {
            Some(_) => self.parts(Tag::TileOffsets, Tag::TileByteCounts, limits)?,
            None => self.parts(Tag::StripOffsets, Tag::StripByteCounts, limits)?,
        };
        match (parts, tile) {
            (None, _) => Ok(None),
            (Some(strips), None) => fax::page(&strips, rows, width, height, coding).map(Some),
            (Some(tiles), Some((across, down))) => {
                check_pixels(u64::from(across), u64::from(down), limits)?;
                fax::tiled_page(&tiles, (across, down), width, height, coding).map(Some)
            }
        }
    }

    /// The strips or tiles of the image in file order, where the directory names them.
    fn parts(&mut self, offsets: Tag, counts: Tag, limits: &ScanLimits) -> Result<Option<Vec<Vec<u8>>>, Refusal> {
        /// No image has more parts than rows, and none of ours more rows than this.
        const PARTS_MAX: usize = 120_000;
        let mut list = |tag| self.decoder.find_tag_unsigned_vec::<u64>(tag).map_err(refusal);
        let (Some(offsets), Some(counts)) = (list(offsets)?, list(counts)?) else {
            return Ok(None);
        };
        let cut = || Refusal::new(Reason::Truncated, DetailCode::FaxEndsEarly);
        let mut parts = Vec::with_capacity(offsets.len().min(PARTS_MAX));
        let mut left = limits.file_bytes_max;
        for (offset, count) in offsets.into_iter().zip(counts).take(PARTS_MAX) {
            left = left.checked_sub(count).ok_or_else(cut)?;
            let file = self.decoder.inner();
            file.seek(SeekFrom::Start(offset)).map_err(|_| cut())?;
            let mut part = Vec::new();
            file.take(count).read_to_end(&mut part).map_err(|_| cut())?;
            parts.push(part);
        }
        Ok(Some(parts))
    }

    /// Fax machines scan 204 x 98 dots per inch; pixels are made square before anything else.
    fn squared(&mut self, bitmap: Bitmap, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        let mut read = |tag| self.decoder.get_tag_f64(tag).ok().filter(|v| *v > 1.0);
        let (x, y) = (read(Tag::XResolution), read(Tag::YResolution));
        let unit: Option<u16> = self.decoder.find_tag_unsigned(Tag::ResolutionUnit).unwrap_or(None);
        let per_inch = if unit == Some(3) { 2.54 } else { 1.0 };
        let (Some(x), Some(y)) = (x, y) else { return Ok(bitmap) };
        let dpi = (x.max(y) * per_inch) as f32;
        let dpi = (unit != Some(1) && (90.0..=2400.0).contains(&dpi)).then_some(dpi);
        let ratio = x / y;
        let mut bitmap = if (0.9..=1.1).contains(&ratio) || !(0.2..=5.0).contains(&ratio) {
            bitmap
        } else {
            let (w, h) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
            let (w, h) = if ratio > 1.0 { (w, h * ratio) } else { (w / ratio, h) };
            check_pixels(w as u64, h as u64, limits)?;
            bitmap.resized(w.round() as u32, h.round() as u32)
        };
        bitmap.set_dpi(dpi);
        Ok(bitmap)
    }

    /// Red, green, blue of each palette entry, eight bits.
    fn palette(&mut self) -> Result<Vec<[u8; 3]>, Refusal> {
        let values = self.decoder.get_tag_u16_vec(Tag::ColorMap).map_err(refusal)?;
        let n = values.len() / 3;
        let byte = |i: usize| (values[i] >> 8) as u8;
        Ok((0..n).map(|i| [byte(i), byte(n + i), byte(2 * n + i)]).collect())
    }
}

fn bounds(limits: &ScanLimits) -> Limits {
    let mut bounds = Limits::default();
    bounds.decoding_buffer_size = usize::try_from(limits.page_pixels_max.saturating_mul(8)).unwrap_or(usize::MAX);
    bounds.intermediate_buffer_size = bounds.decoding_buffer_size;
    bounds
}

fn compression_name(number: u16) -> String {
    let name = match number {
        33_003 | 33_005 | 34_712 => "JPEG 2000",
        34_661 => "JBIG",
        34_892 => "lossy JPEG",
        34_925 => "LZMA",
        50_000 => "ZSTD",
        50_001 => "WebP",
        50_002 | 52_546 => "JPEG XL",
        _ => return format!("compression {number}"),
    };
    name.to_owned()
}

/// What a decoder's complaint means for the one who delivered the file.
fn refusal(error: TiffError) -> Refusal {
    let reason = match &error {
        TiffError::LimitsExceeded => Reason::TooLarge,
        TiffError::UnsupportedError(kind) => {
            let kind = match kind {
                TiffUnsupportedError::UnsupportedCompressionMethod(method) => compression_name(method.to_u16()),
                other => other.to_string().trim_end_matches('.').to_lowercase(),
            };
            return Refusal::new(Reason::UnsupportedType, DetailCode::TiffKindNotRead.with(kind));
        }
        TiffError::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => Reason::Truncated,
        _ => Reason::Unreadable,
    };
    Refusal::of_system(reason, error.to_string().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiff::encoder::{TiffEncoder, colortype};

    fn file(pages: &[&[u8]], side: u32) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).expect("an encoder");
        for page in pages {
            encoder
                .write_image::<colortype::Gray8>(side, side, page)
                .expect("a page");
        }
        bytes.into_inner()
    }

    fn open(bytes: &[u8]) -> Result<TiffScan, Refusal> {
        let mut file = tempfile::tempfile().expect("a file");
        std::io::Write::write_all(&mut file, bytes).expect("written");
        std::io::Seek::rewind(&mut file).expect("rewound");
        TiffScan::open(
            file,
            &ScanLimits {
                pages_max: 3,
                ..ScanLimits::default()
            },
        )
    }

    #[test]
    fn every_page_is_found_and_the_limit_holds() {
        let limits = ScanLimits::default();
        let mut scan = open(&file(&[&[1u8; 4][..], &[2u8; 4][..]], 2)).expect("two pages");
        assert_eq!(scan.pages(), 2);
        assert_eq!(scan.bitmap(1, &limits).expect("the second").data(), [2; 4]);
        assert_eq!(scan.bitmap(0, &limits).expect("the first").data(), [1; 4]);
        let many = file(&[&[1u8; 4][..]; 4], 2);
        assert_eq!(open(&many).err().map(|r| r.reason), Some(Reason::TooManyPages));
    }

    #[test]
    fn copies_and_masks_are_no_pages_unless_there_is_nothing_else() {
        let marked = |kinds: &[(Tag, u32)]| {
            let mut bytes = std::io::Cursor::new(Vec::new());
            let mut encoder = TiffEncoder::new(&mut bytes).expect("an encoder");
            for (tag, kind) in kinds {
                let mut image = encoder.new_image::<colortype::Gray8>(2, 2).expect("an image");
                image.encoder().write_tag(*tag, *kind).expect("a tag");
                image.write_data(&[9; 4]).expect("its pixels");
            }
            open(&bytes.into_inner()).expect("a scan").pages
        };
        let new = Tag::NewSubfileType;
        assert_eq!(marked(&[(new, 1), (new, 0), (new, 4), (Tag::SubfileType, 2)]), [1]);
        assert_eq!(marked(&[(new, 1)]), [0]);
    }

    #[test]
    fn a_cut_file_is_refused() {
        let whole = file(&[&[1u8; 100][..]; 2], 10);
        let refused = open(&whole[..whole.len() - 60]).err().map(|r| r.reason);
        assert!(
            matches!(refused, Some(Reason::Truncated | Reason::Unreadable)),
            "{refused:?}"
        );
    }

    /// A TIFF of one image as no encoder writes it: entries of whole numbers, the parts of its data before them.
    struct RawTiff {
        large: bool,
        entries: Vec<(u16, Vec<u64>)>,
        parts: Vec<Vec<u8>>,
    }

    impl RawTiff {
        fn new(entries: &[(u16, u64)]) -> RawTiff {
            RawTiff {
                large: false,
                entries: entries.iter().map(|(tag, value)| (*tag, vec![*value])).collect(),
                parts: Vec::new(),
            }
        }

        fn bytes(mut self, with_counts: bool) -> Vec<u8> {
            let word = if self.large { 8 } else { 4 };
            let number = |value: u64, count: usize| value.to_le_bytes()[..count].to_vec();
            let mut bytes = match self.large {
                true => b"II\x2B\0\x08\0\0\0".to_vec(),
                false => b"II\x2A\0".to_vec(),
            };
            let pointer = bytes.len();
            bytes.extend(number(0, word));
            let mut offsets = Vec::new();
            for part in &self.parts {
                offsets.push(bytes.len() as u64);
                bytes.extend_from_slice(part);
            }
            let counts = self.parts.iter().map(|part| part.len() as u64).collect();
            self.entries.push((tag::STRIP_OFFSETS, offsets));
            if with_counts {
                self.entries.push((tag::STRIP_COUNTS, counts));
            }
            self.entries.sort();
            let mut directory = number(self.entries.len() as u64, if self.large { 8 } else { 2 });
            for (tag, values) in &self.entries {
                let kind = if self.large { 16 } else { 4 };
                let mut value: Vec<u8> = values.iter().flat_map(|v| number(*v, word)).collect();
                if value.len() > word {
                    let place = bytes.len() as u64;
                    bytes.extend_from_slice(&value);
                    value = number(place, word);
                }
                directory.extend(number(u64::from(*tag), 2));
                directory.extend(number(kind, 2));
                directory.extend(number(values.len() as u64, word));
                directory.extend(value);
            }
            directory.extend(number(0, word));
            let start = number(bytes.len() as u64, word);
            bytes[pointer..pointer + word].copy_from_slice(&start);
            bytes.extend(directory);
            bytes
        }
    }

    /// Width, height and bits of a 2 x 2 image of samples of eight bits.
    fn two_by_two(colours: u64, samples: u64) -> RawTiff {
        let mut raw = RawTiff::new(&[
            (256, 2),
            (257, 2),
            (tag::COMPRESSION, 1),
            (tag::COLOURS, colours),
            (277, samples),
        ]);
        raw.entries.push((258, vec![8; samples as usize]));
        raw
    }

    fn pixels(raw: RawTiff, with_counts: bool) -> Vec<u8> {
        let mut scan = open(&raw.bytes(with_counts)).expect("a scan");
        scan.bitmap(0, &ScanLimits::default()).expect("a page").data().to_vec()
    }

    #[test]
    fn planes_apart_are_put_together() {
        let mut raw = two_by_two(2, 3);
        raw.entries.push((284, vec![2]));
        raw.parts = vec![vec![250, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 9, 10, 11]];
        assert_eq!(pixels(raw, true), [250, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
        let mut inks = two_by_two(5, 4);
        inks.entries.push((284, vec![2]));
        inks.parts = vec![
            vec![0, 0, 0, 0],
            vec![0, 255, 0, 0],
            vec![0, 255, 0, 0],
            vec![0, 0, 255, 0],
        ];
        assert_eq!(pixels(inks, true), [255, 255, 255, 255, 0, 0, 0, 0, 0, 255, 255, 255]);
    }

    #[test]
    fn counts_that_are_missing_are_worked_out() {
        for large in [false, true] {
            let mut raw = two_by_two(1, 1);
            raw.large = large;
            raw.entries.push((278, vec![1]));
            raw.parts = vec![vec![10, 200], vec![30, 40]];
            assert_eq!(pixels(raw, false), [10, 200, 30, 40]);
        }
    }

    #[test]
    fn palettes_of_large_files_and_lab_are_coloured() {
        let mut raw = two_by_two(PALETTE, 1);
        raw.large = true;
        let mut map = vec![0; 768];
        (map[1], map[256 + 2], map[512 + 3]) = (0xFFFF, 0xFFFF, 0xFFFF);
        raw.entries.push((320, map));
        raw.parts = vec![vec![0, 1, 2, 3]];
        assert_eq!(pixels(raw, true), [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
        for (colours, neutral) in [(CIE_LAB, 0), (ICC_LAB, 128)] {
            let mut raw = two_by_two(colours, 3);
            raw.parts = vec![[[255, neutral, neutral], [0, neutral, neutral]].concat().repeat(2)];
            let gray = pixels(raw, true);
            assert!(gray[0] > 250 && gray[1] < 5, "{gray:?}");
        }
    }

    #[test]
    fn bits_from_the_other_end_are_put_right_before_they_are_unpacked() {
        let mut raw = RawTiff::new(&[
            (256, 8),
            (257, 1),
            (258, 1),
            (tag::COMPRESSION, 1),
            (tag::COLOURS, 1),
            (tag::BIT_ORDER, 2),
        ]);
        raw.parts = vec![vec![0b0000_0001]];
        assert_eq!(pixels(raw, true), [255, 0, 0, 0, 0, 0, 0, 0]);
        // PackBits: the byte that counts is mirrored as well.
        let mut raw = RawTiff::new(&[
            (256, 8),
            (257, 1),
            (258, 1),
            (tag::COMPRESSION, 32_773),
            (tag::COLOURS, 1),
            (tag::BIT_ORDER, 2),
        ]);
        raw.parts = vec![vec![0, 0b0000_0011]];
        assert_eq!(pixels(raw, true), [255, 255, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn the_jpeg_of_the_first_tiff_is_read_with_and_without_strips() {
        let mut jpeg = Vec::new();
        image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
            .encode(&[90; 256], 16, 16, image::ExtendedColorType::L8)
            .expect("encodes");
        let entries = [
            (256, 16),
            (257, 16),
            (258, 8),
            (tag::COMPRESSION, OLD_JPEG),
            (tag::COLOURS, 1),
            (277, 1),
        ];
        let mut raw = RawTiff::new(&entries);
        // The stream is the first part, which begins behind the head.
        raw.entries.push((tag::JPEG_STREAM, vec![8]));
        raw.entries.push((tag::JPEG_STREAM_BYTES, vec![jpeg.len() as u64]));
        raw.parts = vec![jpeg.clone()];
        assert!(pixels(raw, true).iter().all(|v| v.abs_diff(90) < 3));
    }
}
