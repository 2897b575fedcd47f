//! A QR code for a screen: SVG, black on white whatever the colours around it are.

use crate::{
    Result,
    qr::{ErrorCorrection, QUIET_ZONE, Qr},
};
use std::fmt::Write;

/// A QR code as an SVG element, with its quiet zone. One module is one unit.
///
/// # Errors
/// [`crate::PrintError::DoesNotFit`] for a text that no code holds.
pub fn qr_svg(content: &str) -> Result<String> {
    let qr = Qr::encode(content, ErrorCorrection::Quartile)?;
    let side = qr.side_with_quiet();
    let mut path = String::new();
    for (column, row, length) in qr.bars() {
        let (x, y) = (column + QUIET_ZONE, row + QUIET_ZONE);
        // Writing into a string cannot fail.
        let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
    }
    Ok(format!(
        "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_for_a_screen_is_one_element() {
        let svg = qr_svg("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ").expect("fits");
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        assert_eq!(svg.matches("<path ").count(), 1);
        assert!(qr_svg(&"a".repeat(5000)).is_err());
    }
}
