//! CCITT fax data of a TIFF: Group 3 in one and two dimensions, Group 4, either order of bits.
//!
//! Fax servers and old multi-function machines write Group 3, which the TIFF decoder does not know.
//! Damage on the line costs rows, not the page: decoded rows are kept, missing ones are reported.

use crate::bitmap::{Bitmap, BitmapHeader, Channels};
use crate::reason::Refusal;
use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode, decode};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// How the data are written, as the tags of the TIFF say.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaxCoding {
    /// Tag Compression: 2, 3 or 4.
    pub compression: u16,
    /// Bit 0 of tag T4Options.
    pub two_dimensions: bool,
    /// Tag FillOrder is 2: the lowest bit of a byte comes first.
    pub lowest_bit_first: bool,
    /// Tag PhotometricInterpretation is 1: runs that begin a row are black in print.
    pub inverted: bool,
}

/// Whether this value of tag Compression is one of ours.
pub(super) fn is_fax(compression: u16) -> bool {
    matches!(compression, 2..=4)
}

/// Share of the rows that may be missing before the page counts as cut.
const MISSING_ROWS_MAX: f64 = 0.02;

/// The rows of the strips, one below the other. `rows` is how many each strip holds.
pub(super) fn page(
    strips: &[Vec<u8>],
    rows: u32,
    width: u32,
    height: u32,
    coding: FaxCoding,
) -> Result<Bitmap, Refusal> {
    let (paper, ink) = if coding.inverted { (0, 255) } else { (255, 0) };
    let mut sink = Rows {
        data: Vec::with_capacity(width as usize * height as usize),
        width: width as usize,
        rows_max: 0,
        paper,
        ink,
    };
    let mut missing = 0;
    for (at, strip) in strips.iter().enumerate() {
        let before = (at as u64 * u64::from(rows)).min(u64::from(height)) as u32;
        let wanted = rows.min(height - before);
        if wanted == 0 {
            break;
        }
        sink.rows_max = (before + wanted) as usize;
        let settings = DecodeSettings {
            columns: width,
            rows: wanted,
            end_of_block: coding.compression != 2,
            end_of_line: coding.compression == 3,
            rows_are_byte_aligned: coding.compression == 2,
            encoding: match (coding.compression, coding.two_dimensions) {
                (4, _) => EncodingMode::Group4,
                (3, true) => EncodingMode::Group3_2D,
                _ => EncodingMode::Group3_1D,
            },
            strict: false,
        };
        let turned: Vec<u8>;
        let bytes = if coding.lowest_bit_first {
            turned = strip.iter().map(|b| b.reverse_bits()).collect();
            &turned
        } else {
            strip
        };
        // An error leaves the rows before it; what follows counts as missing.
        let _ = decode(bytes, &mut sink, &mut DecoderContext::new(settings));
        let have = sink.data.len() / sink.width;
        missing += sink.rows_max.saturating_sub(have);
        sink.data.resize(sink.rows_max * sink.width, 255);
    }
    missing += (height as usize).saturating_sub(sink.rows_max);
    if missing as f64 > f64::from(height) * MISSING_ROWS_MAX {
        let detail = DetailCode::FaxRowsMissing.with(missing).with(height);
        return Err(Refusal::new(Reason::Truncated, detail));
    }
    sink.data.resize(width as usize * height as usize, 255);
    let header = BitmapHeader {
        width,
        height,
        channels: Channels::Gray,
        dpi: None,
        bilevel: true,
    };
    Bitmap::new(header, sink.data).ok_or_else(|| Refusal::new(Reason::Unreadable, DetailCode::ImageLacksRows))
}

/// The tiles from the top left, each a fax page of its own; what hangs over the right and the lower edge is cut off.
pub(super) fn tiled_page(
    tiles: &[Vec<u8>],
    (across, down): (u32, u32),
    width: u32,
    height: u32,
    coding: FaxCoding,
) -> Result<Bitmap, Refusal> {
    let columns = width.div_ceil(across) as usize;
    let wanted = columns * height.div_ceil(down) as usize;
    if tiles.len() < wanted {
        let detail = DetailCode::FaxTilesMissing.with(wanted - tiles.len()).with(wanted);
        return Err(Refusal::new(Reason::Truncated, detail));
    }
    let mut page = Bitmap::filled(width, height, 255);
    for (at, tile) in tiles.iter().take(wanted).enumerate() {
        let (x, y) = (at % columns * across as usize, at / columns * down as usize);
        let part = self::page(std::slice::from_ref(tile), down, across, down, coding)?;
        let (w, h) = (
            (width as usize - x).min(across as usize),
            (height as usize - y).min(down as usize),
        );
        for row in 0..h {
            let from = row * across as usize;
            let into = (y + row) * width as usize + x;
            page.data_mut()[into..into + w].copy_from_slice(&part.data()[from..from + w]);
        }
    }
    Ok(page.simplified())
}

/// Rows as gray pixels.
struct Rows {
    data: Vec<u8>,
    width: usize,
    rows_max: usize,
    paper: u8,
    ink: u8,
}

impl Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.data.len();
        if start >= self.rows_max * self.width {
            return;
        }
        self.data.resize(start + self.width, self.paper);
        let row = &mut self.data[start..];
        for run in changes.chunks(2) {
            let from = (run[0] as usize).min(row.len());
            let to = run.get(1).map_or(row.len(), |end| (*end as usize).min(row.len()));
            row[from..to.max(from)].fill(self.ink);
        }
    }
}
