//! The box of a PDF page and how it becomes pixels.

use crate::layout::{PixelArea, Turn};
use crate::limits::ScanLimits;
use crate::reason::Refusal;
use pdfium_render::prelude::*;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// The box of a page and how it becomes pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// Visible box in points, before the page's own rotation: left, bottom, right, top.
    pub bounds: [f32; 4],
    pub rotation: Turn,
    /// Size of the upright page in pixels.
    pub width: u32,
    pub height: u32,
}

impl Frame {
    /// The frame of a page at this many dots per inch, or at fewer where the limit demands it.
    pub fn of(page: &PdfPage<'_>, dpi: f32, limits: &ScanLimits) -> Result<(Frame, f32), Refusal> {
        let bad = || Refusal::new(Reason::PageFailed, DetailCode::PageWithoutSize);
        let boundary = page.boundaries().bounding().map_err(|_| bad())?.bounds;
        let bounds = [boundary.left(), boundary.bottom(), boundary.right(), boundary.top()].map(|p| p.value);
        let rotation = match page.rotation().unwrap_or(PdfPageRenderRotation::None) {
            PdfPageRenderRotation::None => Turn::None,
            PdfPageRenderRotation::Degrees90 => Turn::Quarter,
            PdfPageRenderRotation::Degrees180 => Turn::Half,
            PdfPageRenderRotation::Degrees270 => Turn::ThreeQuarters,
        };
        let (w, h) = (page.width().value, page.height().value);
        let sized = bounds[2] > bounds[0] && bounds[3] > bounds[1] && w > 0.0 && h > 0.0;
        if !sized || !w.is_finite() || !h.is_finite() {
            return Err(bad());
        }
        let by_pixels = (limits.page_pixels_max as f64 / (f64::from(w) * f64::from(h))).sqrt();
        let by_side = 60_000.0 / f64::from(w.max(h));
        let scale = (f64::from(dpi) / 72.0).min(by_pixels * 0.999).min(by_side);
        let pixels = |points: f32| ((f64::from(points) * scale).round() as u32).max(1);
        let frame = Frame {
            bounds,
            rotation,
            width: pixels(w),
            height: pixels(h),
        };
        Ok((frame, (scale * 72.0) as f32))
    }

    pub fn scaled(self, share: f32) -> Frame {
        let scale = |v: u32| ((v as f32 * share).round() as u32).max(1);
        Frame {
            width: scale(self.width),
            height: scale(self.height),
            ..self
        }
    }

    /// A rectangle in points (left, bottom, right, top) in pixels of the upright page.
    pub fn area(&self, rect: [f32; 4]) -> PixelArea {
        let [l, b, r, t] = self.bounds;
        let (across, along) = (r - l, t - b);
        // Distances from the left and top edges of the unrotated box, as shares of it.
        let (x0, x1) = ((rect[0] - l) / across, (rect[2] - l) / across);
        let (y0, y1) = ((t - rect[3]) / along, (t - rect[1]) / along);
        let (x0, x1, y0, y1) = match self.rotation {
            Turn::None => (x0, x1, y0, y1),
            Turn::Quarter => (1.0 - y1, 1.0 - y0, x0, x1),
            Turn::Half => (1.0 - x1, 1.0 - x0, 1.0 - y1, 1.0 - y0),
            Turn::ThreeQuarters => (y0, y1, 1.0 - x1, 1.0 - x0),
        };
        let (w, h) = (self.width as f32, self.height as f32);
        PixelArea {
            x: x0 * w,
            y: y0 * h,
            w: (x1 - x0) * w,
            h: (y1 - y0) * h,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_the_rotation_of_the_page() {
        let frame = |rotation, width, height| Frame {
            bounds: [10.0, 10.0, 110.0, 210.0],
            rotation,
            width,
            height,
        };
        // A mark in the top left corner of the unrotated page, 10 x 20 points.
        let mark = [10.0, 190.0, 20.0, 210.0];
        let check = |rotation, w, h, expected: [f32; 4]| {
            let a = frame(rotation, w, h).area(mark);
            let got = [a.x, a.y, a.w, a.h];
            let near = got.iter().zip(expected).all(|(g, e)| (g - e).abs() < 0.01);
            assert!(near, "{rotation:?}: {got:?}");
        };
        check(Turn::None, 100, 200, [0.0, 0.0, 10.0, 20.0]);
        check(Turn::Quarter, 200, 100, [180.0, 0.0, 20.0, 10.0]);
        check(Turn::Half, 100, 200, [90.0, 180.0, 10.0, 20.0]);
        check(Turn::ThreeQuarters, 200, 100, [0.0, 90.0, 20.0, 10.0]);
    }
}
