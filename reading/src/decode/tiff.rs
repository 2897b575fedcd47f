//! TIFF: many pages, black and white in Group 3 and 4, gray, palette, RGB, CMYK, 1 to 16 bits.

use super::changed::Changed;
use super::{check_pixels, fax, raster};
use crate::bitmap::{Bitmap, BitmapHeader, Channels};
use crate::limits::ScanLimits;
use crate::reason::Refusal;
use image::metadata::Orientation;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::{ByteOrder, Tag};
use tiff::{TiffError, TiffUnsupportedError};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// PhotometricInterpretation of palette images.
const PALETTE: u16 = 3;
/// Bits of NewSubfileType: a reduced copy of another image, and its transparency; the former SubfileType of a copy.
const REDUCED: u32 = 1;
const MASK: u32 = 4;
const FORMER_REDUCED: u32 = 2;
/// Version of a TIFF whose directories have entries of twelve bytes.
const CLASSIC: u16 = 42;
/// Tag T4Options: bit 0 says that Group 3 is written in two dimensions.
const T4_OPTIONS: u16 = 292;

/// An open TIFF.
pub(super) struct TiffScan {
    decoder: Decoder<BufReader<File>>,
    /// Positions of the images that are pages; reduced copies of them are not.
    pages: Vec<usize>,
}

impl TiffScan {
    /// Walks the directory of images without decoding them.
    pub fn open(file: File, limits: &ScanLimits) -> Result<TiffScan, Refusal> {
        let decoder = Decoder::new(BufReader::new(file)).map_err(refusal)?;
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
        Ok(TiffScan { decoder, pages })
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
        let photometric: Option<u16> = self
            .decoder
            .find_tag_unsigned(Tag::PhotometricInterpretation)
            .unwrap_or(None);
        let (colour, samples, palette) = if photometric == Some(PALETTE) {
            let palette = self.palette()?;
            let (colour, samples) = self.indices(position, limits)?;
            (colour, samples, palette)
        } else {
            let colour = self.decoder.colortype().map_err(refusal)?;
            (colour, self.decoder.read_image().map_err(refusal)?, Vec::new())
        };
        let samples = self.bits_in_order(samples);
        let alpha: Option<Vec<u16>> = self.decoder.find_tag_unsigned_vec(Tag::ExtraSamples).unwrap_or(None);
        let alpha = Alpha::of(alpha.and_then(|kinds| kinds.first().copied()));
        let (channels, data) = convert(samples, colour, &palette, alpha, width as usize, height as usize)?;
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

    /// The samples, whose bits may count from the other end where they were not compressed.
    fn bits_in_order(&mut self, samples: DecodingResult) -> DecodingResult {
        let mut number = |tag, usual| self.decoder.find_tag_unsigned(tag).unwrap_or(None).unwrap_or(usual);
        match (number(Tag::FillOrder, 1u32), number(Tag::Compression, 1), samples) {
            (2, 1, DecodingResult::U8(bytes)) => DecodingResult::U8(bytes.into_iter().map(u8::reverse_bits).collect()),
            (_, _, samples) => samples,
        }
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

    /// The samples of a palette image, which the TIFF decoder refuses: it is run again, with
    /// the word that says "palette" changed to "gray" as it reads it.
    fn indices(&mut self, position: usize, limits: &ScanLimits) -> Result<(ColorType, DecodingResult), Refusal> {
        let odd = || Refusal::new(Reason::UnsupportedType, DetailCode::PaletteOdd);
        let start = self.decoder.ifd_pointer().ok_or_else(odd)?.0;
        let order = self.decoder.byte_order();
        let short = |bytes: [u8; 2]| match order {
            ByteOrder::LittleEndian => u16::from_le_bytes(bytes),
            ByteOrder::BigEndian => u16::from_be_bytes(bytes),
        };
        let file = self.decoder.inner();
        let mut read = |at: u64, bytes: &mut [u8]| {
            let done = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(bytes));
            done.map_err(|_| Refusal::new(Reason::Truncated, DetailCode::DirectoryCut))
        };
        let (mut version, mut count) = ([0; 2], [0; 2]);
        read(2, &mut version)?;
        read(start, &mut count)?;
        if short(version) != CLASSIC {
            return Err(odd());
        }
        let mut place = None;
        for entry in 0..u64::from(short(count)) {
            let at = start + 2 + entry * 12;
            let mut tag = [0; 2];
            read(at, &mut tag)?;
            if short(tag) == Tag::PhotometricInterpretation.to_u16() {
                place = Some(at + 8);
                break;
            }
        }
        let word = match order {
            ByteOrder::LittleEndian => 1u16.to_le_bytes(),
            ByteOrder::BigEndian => 1u16.to_be_bytes(),
        };
        let mut changed = Changed {
            file,
            at: 0,
            place: place.ok_or_else(odd)?,
            word,
        };
        changed
            .rewind()
            .map_err(|e| Refusal::of_system(Reason::Unreadable, e))?;
        let mut decoder = Decoder::new(changed).map_err(refusal)?.with_limits(bounds(limits));
        decoder.seek_to_image(position).map_err(refusal)?;
        let ColorType::Gray(bits) = decoder.colortype().map_err(refusal)? else {
            return Err(odd());
        };
        Ok((ColorType::Palette(bits), decoder.read_image().map_err(refusal)?))
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

/// What the sample after the colours means.
#[derive(Clone, Copy, PartialEq)]
enum Alpha {
    /// Nothing that is known; the colours are as they are.
    Unknown,
    /// Transparency, with which the colours were multiplied already.
    Multiplied,
    Plain,
}

impl Alpha {
    fn of(tag: Option<u16>) -> Alpha {
        match tag {
            Some(1) => Alpha::Multiplied,
            Some(2) => Alpha::Plain,
            _ => Alpha::Unknown,
        }
    }

    /// A sample over white paper.
    fn on_white(self, value: u8, alpha: u8) -> u8 {
        match self {
            Alpha::Unknown => value,
            Alpha::Multiplied => value.saturating_add(255 - alpha),
            Alpha::Plain => raster::on_white(value, alpha),
        }
    }
}

/// Samples as the file has them to 8-bit gray or RGB.
fn convert(
    samples: DecodingResult,
    colour: ColorType,
    palette: &[[u8; 3]],
    alpha: Alpha,
    width: usize,
    height: usize,
) -> Result<(Channels, Vec<u8>), Refusal> {
    let unsupported = || {
        let detail = DetailCode::TiffSamplesNotRead.with(format!("{colour:?}").to_lowercase());
        Refusal::new(Reason::UnsupportedType, detail)
    };
    let bytes: Vec<u8> = match samples {
        DecodingResult::U8(bytes) => bytes,
        DecodingResult::U16(words) => words.into_iter().map(|v| (v >> 8) as u8).collect(),
        _ => return Err(unsupported()),
    };
    let rgb = |n: usize, f: &dyn Fn(&[u8]) -> [u8; 3]| {
        (Channels::Rgb, bytes.chunks_exact(n).flat_map(f).collect::<Vec<u8>>())
    };
    Ok(match colour {
        ColorType::Gray(8 | 16) => (Channels::Gray, bytes),
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let most = (1u16 << bits) - 1;
            let spread = |v: u8| (u16::from(v) * 255 / most) as u8;
            (
                Channels::Gray,
                unpack(&bytes, bits, width, height).map(spread).collect(),
            )
        }
        ColorType::Palette(bits @ (1 | 2 | 4 | 8)) => {
            let entry = |v: u8| palette.get(usize::from(v)).copied().unwrap_or([255; 3]);
            (
                Channels::Rgb,
                unpack(&bytes, bits, width, height).flat_map(entry).collect(),
            )
        }
        ColorType::RGB(8 | 16) => (Channels::Rgb, bytes),
        ColorType::RGBA(8 | 16) => rgb(4, &|p| [0, 1, 2].map(|c| alpha.on_white(p[c], p[3]))),
        ColorType::GrayA(8 | 16)
        | ColorType::Multiband {
            bit_depth: 8 | 16,
            num_samples: 2,
        } => (
            Channels::Gray,
            bytes.chunks_exact(2).map(|p| alpha.on_white(p[0], p[1])).collect(),
        ),
        ColorType::CMYK(8 | 16) => rgb(4, &|p| raster::from_cmyk(p[0], p[1], p[2], p[3])),
        ColorType::CMYKA(8 | 16) => rgb(5, &|p| raster::from_cmyk(p[0], p[1], p[2], p[3])),
        ColorType::YCbCr(8) => rgb(3, &|p| from_ycbcr(p[0], p[1], p[2])),
        _ => return Err(unsupported()),
    })
}

/// Samples of fewer than eight bits; every row begins at a byte.
fn unpack(bytes: &[u8], bits: u8, width: usize, height: usize) -> impl Iterator<Item = u8> + '_ {
    let per_byte = 8 / usize::from(bits);
    let row = width.div_ceil(per_byte);
    let mask = ((1u16 << bits) - 1) as u8;
    bytes.chunks(row.max(1)).take(height).flat_map(move |line| {
        (0..width).map(move |x| {
            let byte = line.get(x / per_byte).copied().unwrap_or(0xFF);
            let shift = 8 - usize::from(bits) * (x % per_byte + 1);
            (byte >> shift) & mask
        })
    })
}

/// ITU-R BT.601, full range.
fn from_ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    let byte = |v: f32| v.round().clamp(0.0, 255.0) as u8;
    [
        byte(y + 1.402 * cr),
        byte(y - 0.344_136 * cb - 0.714_136 * cr),
        byte(y + 1.772 * cb),
    ]
}

/// What a decoder's complaint means for the one who delivered the file.
fn refusal(error: TiffError) -> Refusal {
    let reason = match &error {
        TiffError::LimitsExceeded => Reason::TooLarge,
        TiffError::UnsupportedError(TiffUnsupportedError::UnsupportedCompressionMethod(_)) => Reason::UnsupportedType,
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

    #[test]
    fn bits_are_unpacked_from_the_left_row_by_row() {
        let bits: Vec<u8> = unpack(&[0b1010_0000, 0b0100_0000], 1, 3, 2).collect();
        assert_eq!(bits, [1, 0, 1, 0, 1, 0]);
        let grays: Vec<u8> = unpack(&[0x1F], 4, 2, 1).collect();
        assert_eq!(grays, [1, 15]);
    }
}
