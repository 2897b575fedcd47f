//! The paper of a line: what is put after it where a network wants a wider image.

use crate::bitmap::{Bitmap, BitmapHeader, Channels};

/// Continued to the right with its paper.
pub(super) fn widened(bitmap: &Bitmap, width: u32) -> Bitmap {
    if bitmap.width() >= width {
        return bitmap.clone();
    }
    let n = bitmap.channels().count();
    let row = bitmap.width() as usize * n;
    let mut data = Vec::with_capacity(width as usize * n * bitmap.height() as usize);
    let paper = paper_of(bitmap);
    for line in bitmap.data().chunks_exact(row) {
        data.extend_from_slice(line);
        for _ in bitmap.width()..width {
            data.extend_from_slice(&paper[..n]);
        }
    }
    let header = BitmapHeader {
        width,
        ..bitmap.header()
    };
    Bitmap::new(header, data).unwrap_or_else(|| bitmap.clone())
}

/// The paper of an image: what is brighter than three quarters of its pixels.
pub(super) fn paper_of(bitmap: &Bitmap) -> [u8; 3] {
    let mut paper = [255u8; 3];
    let n = bitmap.channels().count();
    for (c, value) in paper.iter_mut().enumerate().take(n) {
        let mut counts = [0u32; 256];
        bitmap
            .data()
            .iter()
            .skip(c)
            .step_by(n)
            .for_each(|&v| counts[usize::from(v)] += 1);
        let quarter = bitmap.width() * bitmap.height() / 4;
        let mut seen = 0;
        for v in (0..256).rev() {
            seen += counts[v];
            if seen > quarter {
                *value = v as u8;
                break;
            }
        }
    }
    if bitmap.channels() == Channels::Gray {
        paper[1] = paper[0];
        paper[2] = paper[0];
    }
    paper
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule of a cell at the right edge must not become a stroke across the paper.
    #[test]
    fn what_is_put_after_a_line_is_paper() {
        let mut line = Bitmap::filled(40, 4, 230);
        (0..4).for_each(|row| line.data_mut()[row * 40 + 39] = 10);
        let wide = widened(&line, 60);
        assert_eq!(wide.width(), 60);
        assert!(wide.data()[40..60].iter().all(|&v| v == 230));
    }
}
