//! Samples of a TIFF, as the file has them, to gray or red, green, blue of eight bits.

use super::raster;
use crate::bitmap::Channels;
use crate::reason::Refusal;
use tiff::ColorType;
use tiff::decoder::DecodingResult;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// What the samples mean where the decoder was told something else.
pub(super) enum Colours {
    AsStated,
    /// Numbers of these entries.
    Palette(Vec<[u8; 3]>),
    /// Lightness and two opponent colours, which have a sign or begin in the middle.
    Lab {
        signed: bool,
    },
}

/// What the sample after the colours means.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Alpha {
    /// Nothing that is known; the colours are as they are.
    Unknown,
    /// Transparency, with which the colours were multiplied already.
    Multiplied,
    Plain,
}

impl Alpha {
    pub fn of(tag: Option<u16>) -> Alpha {
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
pub(super) fn convert(
    samples: DecodingResult,
    colour: ColorType,
    colours: &Colours,
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
        ColorType::Gray(bits @ (1 | 2 | 4 | 8)) if let Colours::Palette(palette) = colours => {
            let entry = |v: u8| palette.get(usize::from(v)).copied().unwrap_or([255; 3]);
            (
                Channels::Rgb,
                unpack(&bytes, bits, width, height).flat_map(entry).collect(),
            )
        }
        ColorType::Gray(8 | 16) => (Channels::Gray, bytes),
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let most = (1u16 << bits) - 1;
            let spread = |v: u8| (u16::from(v) * 255 / most) as u8;
            (
                Channels::Gray,
                unpack(&bytes, bits, width, height).map(spread).collect(),
            )
        }
        ColorType::RGB(8 | 16) if let Colours::Lab { signed } = colours => {
            rgb(3, &|p| from_lab(p[0], p[1], p[2], *signed))
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

/// CIELab in the light of D50, as TIFF 6.0 has it, to sRGB; good enough to read.
fn from_lab(l: u8, a: u8, b: u8, signed: bool) -> [u8; 3] {
    let opponent = |v: u8| {
        if signed {
            f32::from(v as i8)
        } else {
            f32::from(v) - 128.0
        }
    };
    let fy = (f32::from(l) * 100.0 / 255.0 + 16.0) / 116.0;
    let (fx, fz) = (fy + opponent(a) / 500.0, fy - opponent(b) / 200.0);
    let linear = |f: f32| {
        if f > 6.0 / 29.0 {
            f * f * f
        } else {
            (f - 4.0 / 29.0) * 3.0 * (6.0f32 / 29.0).powi(2)
        }
    };
    let (x, y, z) = (0.9642 * linear(fx), linear(fy), 0.8249 * linear(fz));
    // D50 to linear sRGB (Bradford).
    let byte = |v: f32| {
        let v = v.clamp(0.0, 1.0);
        let v = if v <= 0.003_130_8 {
            12.92 * v
        } else {
            1.055 * v.powf(1.0 / 2.4) - 0.055
        };
        (v * 255.0).round() as u8
    };
    [
        byte(3.1339 * x - 1.6169 * y - 0.4906 * z),
        byte(-0.9788 * x + 1.9161 * y + 0.0335 * z),
        byte(0.0719 * x - 0.2290 * y + 1.4052 * z),
    ]
}

/// The samples of planes, one after the other, pixel by pixel.
pub(super) fn woven(samples: DecodingResult, planes: usize) -> DecodingResult {
    fn weave<T: Copy>(samples: &[T], planes: usize) -> Vec<T> {
        let plane = samples.len() / planes.max(1);
        (0..plane)
            .flat_map(|at| (0..planes).map(move |n| samples[n * plane + at]))
            .collect()
    }
    match samples {
        DecodingResult::U8(bytes) => DecodingResult::U8(weave(&bytes, planes)),
        DecodingResult::U16(words) => DecodingResult::U16(weave(&words, planes)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_unpacked_from_the_left_row_by_row() {
        let bits: Vec<u8> = unpack(&[0b1010_0000, 0b0100_0000], 1, 3, 2).collect();
        assert_eq!(bits, [1, 0, 1, 0, 1, 0]);
        let grays: Vec<u8> = unpack(&[0x1F], 4, 2, 1).collect();
        assert_eq!(grays, [1, 15]);
    }

    #[test]
    fn planes_are_woven_and_lab_becomes_what_it_looks_like() {
        let DecodingResult::U8(pixels) = woven(DecodingResult::U8(vec![1, 2, 11, 12, 21, 22]), 3) else {
            panic!("of the same kind");
        };
        assert_eq!(pixels, [1, 11, 21, 2, 12, 22]);
        assert!(from_lab(255, 0, 0, true).iter().all(|v| *v >= 254));
        assert_eq!(from_lab(0, 128, 128, false), [0; 3]);
        let [r, g, b] = from_lab(136, 80, 67, true);
        assert!(r > 240 && g < 30 && b < 30, "red is red: {r} {g} {b}");
    }
}
