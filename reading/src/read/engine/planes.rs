//! Images as the networks take them: planes of numbers, with more of their paper at the right and below where they are wanted larger.

use crate::bitmap::{Bitmap, Channels};
use crate::read::paper::paper_of;

/// Blue, green and red from -1 to 1, as the models were trained, of an image brought to `width` by `height` pixels.
pub(super) fn fill(planes: &mut [f32], image: &Bitmap, (width, height): (usize, usize)) {
    let (of_gray, of_colour) = ([0, 0, 0], [2, 1, 0]);
    let (channels, order) = match image.channels() {
        Channels::Gray => (1, of_gray),
        Channels::Rgb => (3, of_colour),
    };
    let own = (image.width() as usize, image.height() as usize);
    // On dark paper a white edge hides the text beside it.
    let paper = if own == (width, height) {
        [255; 3]
    } else {
        paper_of(image)
    };
    for (plane, channel) in planes.chunks_exact_mut(width * height).zip(order) {
        fill_plane(plane, image.data(), own.0, (channel, channels), (width, paper[channel]));
    }
}

fn fill_plane(
    plane: &mut [f32],
    data: &[u8],
    own: usize,
    (channel, channels): (usize, usize),
    (width, paper): (usize, u8),
) {
    let scale = |v: u8| f32::from(v) / 127.5 - 1.0;
    let paper = scale(paper);
    let mut rows = plane.chunks_exact_mut(width);
    // The image first: whoever comes first is asked once more at the end.
    for (pixels, row) in data.chunks_exact(own * channels).zip(rows.by_ref()) {
        let (image, beyond) = row.split_at_mut(own);
        for (number, &value) in image.iter_mut().zip(pixels.iter().skip(channel).step_by(channels)) {
            *number = scale(value);
        }
        beyond.fill(paper);
    }
    rows.for_each(|row| row.fill(paper));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixel(data: Vec<u8>, channels: Channels) -> Bitmap {
        let header = crate::bitmap::BitmapHeader {
            width: 1,
            height: 1,
            channels,
            dpi: None,
            bilevel: false,
        };
        Bitmap::new(header, data).expect("a pixel")
    }

    #[test]
    fn planes_are_blue_green_red() {
        let mut planes = [0.0; 3];
        let red = pixel(vec![255, 0, 0], Channels::Rgb);
        fill(&mut planes, &red, (1, 1));
        assert_eq!(planes, [-1.0, -1.0, 1.0]);
    }

    #[test]
    fn a_larger_image_is_its_own_paper_beyond() {
        let mut planes = [0.0; 12];
        let dark = pixel(vec![51], Channels::Gray);
        fill(&mut planes, &dark, (2, 2));
        assert!(planes.iter().all(|v| (v - -0.6).abs() < 1e-6), "{planes:?}");
        let mut page = Bitmap::filled(10, 10, 153);
        page.data_mut()[..20].fill(0);
        let mut planes = vec![0.0; 3 * 12 * 10];
        fill(&mut planes, &page, (12, 10));
        assert!(
            (planes[0] + 1.0).abs() < 1e-6 && (planes[10] - 0.2).abs() < 1e-6,
            "print and paper"
        );
    }
}
