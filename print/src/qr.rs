//! QR codes (ISO/IEC 18004) as squares on a grid. It does not know what the content means, nor how large a module is drawn.

use crate::{PrintError, Result};
use qrcode::{Color, EcLevel, QrCode, Version, bits::Bits, types::QrError};

/// White modules on each side, as the standard asks for.
pub(crate) const QUIET_ZONE: usize = 4;

/// The smallest module that hand scanners and flatbeds at 200 dpi read reliably.
pub(crate) const MODULE_MIN_MM: f32 = 0.4;

/// Printers set whole dots: a module that is no multiple of them comes out uneven.
const DOT_MM: f32 = 25.4 / 300.0;

/// How much of the code may be destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorCorrection {
    /// 25 %, for labels.
    Quartile,
    /// 30 %, for sheets that go through feeders and get stamped.
    High,
}

pub(crate) struct Qr {
    /// Modules on a side, without the quiet zone.
    pub side: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// Text beyond ASCII is written as bytes of UTF-8 and never as Kanji, which readers would give back as other signs.
    pub fn encode(content: &str, correction: ErrorCorrection) -> Result<Self> {
        let level = match correction {
            ErrorCorrection::Quartile => EcLevel::Q,
            ErrorCorrection::High => EcLevel::H,
        };
        let code = if content.is_ascii() {
            QrCode::with_error_correction_level(content, level)
        } else {
            bytes_code(content.as_bytes(), level)
        };
        let code = code.map_err(|error| PrintError::DoesNotFit {
            what: "QR code",
            code: content.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self {
            side: code.width(),
            dark: code
                .to_colors()
                .into_iter()
                .map(|colour| colour == Color::Dark)
                .collect(),
        })
    }

    /// Modules on a side with the quiet zone.
    pub fn side_with_quiet(&self) -> usize {
        self.side + 2 * QUIET_ZONE
    }

    /// The largest module, in whole dots of a 300 dpi printer, with which the code and its quiet zone fit into a
    /// square; `None` when that is below [`MODULE_MIN_MM`].
    pub fn module_mm(&self, square_mm: f32, largest_mm: f32) -> Option<f32> {
        let fits = (square_mm / self.side_with_quiet() as f32).min(largest_mm);
        // A hair more, so that a square made for n dots gets them in spite of rounding.
        let module = (fits / DOT_MM + 1e-3).floor() * DOT_MM;
        (module >= MODULE_MIN_MM).then_some(module)
    }

    /// The dark modules as horizontal bars (column, row, length), without the quiet zone.
    pub fn bars(&self) -> Vec<(usize, usize, usize)> {
        let mut bars: Vec<(usize, usize, usize)> = Vec::new();
        for (row, modules) in self.dark.chunks(self.side).enumerate() {
            for (column, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
                match bars.last_mut() {
                    Some((from, line, length)) if *line == row && *from + *length == column => {
                        *length += 1;
                    }
                    _ => bars.push((column, row, 1)),
                }
            }
        }
        bars
    }
}

/// The smallest version that holds the bytes.
fn bytes_code(bytes: &[u8], level: EcLevel) -> Result<QrCode, QrError> {
    for version in 1..=40 {
        let mut bits = Bits::new(Version::Normal(version));
        let fits = bits.push_byte_data(bytes).and_then(|()| bits.push_terminator(level));
        match fits {
            Ok(()) => return QrCode::with_bits(bits, level),
            Err(QrError::DataTooLong) => {}
            Err(error) => return Err(error),
        }
    }
    Err(QrError::DataTooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An independent reader (rqrr) on a picture of the bars.
    fn read_back(qr: &Qr) -> String {
        let scale = 5;
        let side = qr.side_with_quiet() * scale;
        let mut light = vec![255u8; side * side];
        for (column, row, length) in qr.bars() {
            for y in (row + QUIET_ZONE) * scale..(row + 1 + QUIET_ZONE) * scale {
                let from = (column + QUIET_ZONE) * scale;
                light[y * side + from..y * side + from + length * scale].fill(0);
            }
        }
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| light[y * side + x]);
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().expect("reads").1
    }

    #[test]
    fn an_independent_reader_gets_the_content() {
        for content in [
            "K1-03-B-05-4-12",
            "A",
            "三楼-A柜-02",
            "DSR1:customer:C-001",
            "DSR1:customer:重庆一号-2024/17",
            "0123456789012345678901234567890123456789",
        ] {
            for correction in [ErrorCorrection::Quartile, ErrorCorrection::High] {
                let qr = Qr::encode(content, correction).expect("encodes");
                assert_eq!(read_back(&qr), content);
            }
        }
    }

    #[test]
    fn modules_are_whole_dots_and_never_too_small() {
        let qr = Qr::encode("K1-03-B-05-4-12", ErrorCorrection::Quartile).expect("encodes");
        assert_eq!(qr.side, 21);
        assert_eq!(qr.module_mm(29.0 * 0.39, 1.0), None);
        let module = qr.module_mm(20.0, 1.0).expect("fits");
        assert!((module - 8.0 * DOT_MM).abs() < 1e-4 && module * 29.0 <= 20.0);
        assert!(Qr::encode(&"汉".repeat(2000), ErrorCorrection::Quartile).is_err());
    }
}
