//! Bounded bitmaps: 8-bit gray or RGB, rows without padding, top row first.
//!
//! `Bitmap` is memory of one process; `SharedBitmap` is a sealed memory file that can be handed to
//! another process without copying and cannot change underneath it. Refuses to know file formats.

mod grays;
mod memory_file;

pub use grays::Grays;
pub use memory_file::SharedBitmap;
pub(crate) use memory_file::{check_sealed, read_sealed, sealed};

use crate::layout::Turn;
use serde::{Deserialize, Serialize};

/// Bytes for each pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channels {
    Gray,
    Rgb,
}

impl Channels {
    pub fn count(self) -> usize {
        match self {
            Channels::Gray => 1,
            Channels::Rgb => 3,
        }
    }
}

/// Size and kind of a bitmap, without its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BitmapHeader {
    pub width: u32,
    pub height: u32,
    pub channels: Channels,
    /// Dots per inch where the scan says so.
    pub dpi: Option<f32>,
    /// Every pixel is black or white.
    pub bilevel: bool,
}

impl BitmapHeader {
    /// Bytes of all rows; saturates, so that a hostile size never looks small.
    pub fn byte_count(&self) -> u64 {
        self.pixels().saturating_mul(self.channels.count() as u64)
    }

    pub fn pixels(&self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }
}

/// An image in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Bitmap {
    header: BitmapHeader,
    data: Vec<u8>,
}

impl Bitmap {
    /// The bitmap with these rows, if their length is right and neither side is 0.
    pub fn new(header: BitmapHeader, data: Vec<u8>) -> Option<Bitmap> {
        let right = header.width > 0 && header.height > 0 && header.byte_count() == data.len() as u64;
        right.then_some(Bitmap { header, data })
    }

    /// A gray bitmap of one value.
    pub fn filled(width: u32, height: u32, value: u8) -> Bitmap {
        let (width, height) = (width.max(1), height.max(1));
        let header = BitmapHeader {
            width,
            height,
            channels: Channels::Gray,
            dpi: None,
            bilevel: false,
        };
        Bitmap {
            header,
            data: vec![value; width as usize * height as usize],
        }
    }

    pub fn header(&self) -> BitmapHeader {
        self.header
    }

    pub fn width(&self) -> u32 {
        self.header.width
    }

    pub fn height(&self) -> u32 {
        self.header.height
    }

    pub fn channels(&self) -> Channels {
        self.header.channels
    }

    pub fn data(&self) -> &[u8] {
        &self.data
    }

    pub fn data_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    pub fn into_data(self) -> Vec<u8> {
        self.data
    }

    pub fn set_dpi(&mut self, dpi: Option<f32>) {
        self.header.dpi = dpi;
    }

    /// Gray if no pixel has colour (three channels within a small distance), and marked bilevel if
    /// only black and white occur. Saves two thirds of everything that follows.
    pub fn simplified(self) -> Bitmap {
        const COLOUR_DISTANCE: u8 = 12;
        let gray = match self.header.channels {
            Channels::Gray => self,
            Channels::Rgb => {
                let colourless = |p: &[u8]| {
                    let most = p[0].max(p[1]).max(p[2]);
                    let least = p[0].min(p[1]).min(p[2]);
                    most - least <= COLOUR_DISTANCE
                };
                if !self.data.chunks_exact(3).all(colourless) {
                    return self;
                }
                self.into_gray()
            }
        };
        let bilevel = gray.data.iter().all(|&v| v == 0 || v == 255);
        Bitmap {
            header: BitmapHeader { bilevel, ..gray.header },
            ..gray
        }
    }

    /// Luminance after ITU-R BT.601.
    pub fn to_gray(&self) -> Bitmap {
        let data = match self.header.channels {
            Channels::Gray => self.data.clone(),
            Channels::Rgb => self.data.chunks_exact(3).map(luminance).collect(),
        };
        Bitmap {
            header: BitmapHeader {
                channels: Channels::Gray,
                ..self.header
            },
            data,
        }
    }

    /// The same as `to_gray` in the memory that the bitmap has: a large page does not fit twice.
    fn into_gray(mut self) -> Bitmap {
        if self.header.channels == Channels::Rgb {
            let pixels = self.data.len() / 3;
            for at in 0..pixels {
                self.data[at] = luminance(&self.data[at * 3..at * 3 + 3]);
            }
            self.data.truncate(pixels);
            self.data.shrink_to_fit();
            self.header.channels = Channels::Gray;
        }
        self
    }

    /// The red channel as gray: red ink becomes paper.
    pub fn red_channel(&self) -> Bitmap {
        let data = match self.header.channels {
            Channels::Gray => self.data.clone(),
            Channels::Rgb => self.data.chunks_exact(3).map(|p| p[0]).collect(),
        };
        Bitmap {
            header: BitmapHeader {
                channels: Channels::Gray,
                ..self.header
            },
            data,
        }
    }

    /// Turned clockwise.
    pub fn turned(self, turn: Turn) -> Bitmap {
        if turn == Turn::None {
            return self;
        }
        let n = self.header.channels.count();
        let (w, h) = (self.header.width as usize, self.header.height as usize);
        let (width, height) = turn.size(self.header.width, self.header.height);
        let mut data = vec![0u8; self.data.len()];
        let to = |x: usize, y: usize| match turn {
            Turn::None => (x, y),
            Turn::Quarter => (h - 1 - y, x),
            Turn::Half => (w - 1 - x, h - 1 - y),
            Turn::ThreeQuarters => (y, w - 1 - x),
        };
        let row = width as usize * n;
        for y in 0..h {
            for x in 0..w {
                let (tx, ty) = to(x, y);
                let (from, into) = ((y * w + x) * n, ty * row + tx * n);
                data[into..into + n].copy_from_slice(&self.data[from..from + n]);
            }
        }
        Bitmap {
            header: BitmapHeader {
                width,
                height,
                ..self.header
            },
            data,
        }
    }

    /// The mirror image, left and right exchanged (EXIF orientations 2, 4, 5, 7 need it).
    pub fn mirrored(mut self) -> Bitmap {
        let n = self.header.channels.count();
        let row = self.header.width as usize * n;
        for line in self.data.chunks_exact_mut(row) {
            let pixels = line.len() / n;
            for x in 0..pixels / 2 {
                for c in 0..n {
                    line.swap(x * n + c, (pixels - 1 - x) * n + c);
                }
            }
        }
        self
    }

    /// The part inside these bounds, which are cut to the bitmap.
    pub fn cropped(&self, x: u32, y: u32, w: u32, h: u32) -> Bitmap {
        let n = self.header.channels.count();
        let x = x.min(self.width() - 1) as usize;
        let y = y.min(self.height() - 1) as usize;
        let w = (w.max(1) as usize).min(self.width() as usize - x);
        let h = (h.max(1) as usize).min(self.height() as usize - y);
        let row = self.width() as usize * n;
        let mut data = Vec::with_capacity(w * h * n);
        for line in self.data.chunks_exact(row).skip(y).take(h) {
            data.extend_from_slice(&line[x * n..(x + w) * n]);
        }
        let header = BitmapHeader {
            width: w as u32,
            height: h as u32,
            ..self.header
        };
        Bitmap { header, data }
    }

    /// Scaled, with every source pixel counted (a triangle filter as wide as the step).
    pub fn resized(&self, width: u32, height: u32) -> Bitmap {
        use fast_image_resize as fir;
        let (width, height) = (width.max(1), height.max(1));
        let header = BitmapHeader {
            width,
            height,
            bilevel: false,
            ..self.header
        };
        if (width, height) == (self.width(), self.height()) {
            return Bitmap {
                header: self.header,
                data: self.data.clone(),
            };
        }
        let kind = match self.header.channels {
            Channels::Gray => fir::PixelType::U8,
            Channels::Rgb => fir::PixelType::U8x3,
        };
        let source = fir::images::ImageRef::new(self.width(), self.height(), &self.data, kind);
        let mut target = fir::images::Image::new(width, height, kind);
        let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Bilinear));
        let done = source.map_err(|e| e.to_string()).and_then(|s| {
            fir::Resizer::new()
                .resize(&s, &mut target, &options)
                .map_err(|e| e.to_string())
        });
        // Sizes and pixel types agree by construction, so this cannot fail; a white image would
        // hide the mistake, hence the loud check in debug builds.
        debug_assert!(done.is_ok(), "{done:?}");
        Bitmap {
            header,
            data: target.into_vec(),
        }
    }
}

/// Luminance of one RGB pixel.
pub(crate) fn luminance(p: &[u8]) -> u8 {
    ((u32::from(p[0]) * 299 + u32::from(p[1]) * 587 + u32::from(p[2]) * 114 + 500) / 1000) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{MemfdFlags, memfd_create};

    fn small() -> Bitmap {
        let header = BitmapHeader {
            width: 3,
            height: 2,
            channels: Channels::Gray,
            dpi: None,
            bilevel: false,
        };
        Bitmap::new(header, vec![1, 2, 3, 4, 5, 6]).expect("six bytes")
    }

    #[test]
    fn turns_are_clockwise() {
        assert_eq!(small().turned(Turn::Quarter).data(), [4, 1, 5, 2, 6, 3]);
        assert_eq!(small().turned(Turn::Half).data(), [6, 5, 4, 3, 2, 1]);
        assert_eq!(small().turned(Turn::ThreeQuarters).data(), [3, 6, 2, 5, 1, 4]);
        assert_eq!(small().mirrored().data(), [3, 2, 1, 6, 5, 4]);
    }

    #[test]
    fn colour_is_kept_and_its_absence_noticed() {
        let header = BitmapHeader {
            width: 2,
            height: 1,
            channels: Channels::Rgb,
            dpi: None,
            bilevel: false,
        };
        let gray = Bitmap::new(header, vec![0, 0, 0, 255, 255, 255]).expect("six bytes");
        let gray = gray.simplified();
        assert_eq!((gray.channels(), gray.header().bilevel), (Channels::Gray, true));
        let red = Bitmap::new(header, vec![200, 20, 20, 255, 255, 255]).expect("six bytes");
        assert_eq!(red.simplified().channels(), Channels::Rgb);
    }

    #[test]
    fn a_wrong_length_is_no_bitmap() {
        assert!(Bitmap::new(small().header(), vec![0; 5]).is_none());
    }

    #[test]
    fn a_shared_bitmap_comes_back_and_cannot_be_written() {
        let shared = SharedBitmap::from_bitmap(&small()).expect("memory");
        assert_eq!(shared.to_bitmap().expect("the same"), small());
        let part = shared.part(1, 1, 9, 9).expect("its corner");
        assert_eq!((part.width(), part.height(), part.data()), (2, 1, &[5, 6][..]));
        assert!(rustix::io::pwrite(shared.file(), b"x", 0).is_err());
    }

    #[test]
    fn an_unsealed_or_lying_memory_file_is_refused() {
        let file = memfd_create("t", MemfdFlags::ALLOW_SEALING).expect("memory");
        assert!(SharedBitmap::from_file(small().header(), file, 100).is_err());
        let file = sealed(&[0; 5]).expect("memory");
        assert!(SharedBitmap::from_file(small().header(), file, 100).is_err());
        let file = sealed(&[0; 6]).expect("memory");
        assert!(SharedBitmap::from_file(small().header(), file, 5).is_err());
    }

    #[test]
    fn cropping_is_cut_to_the_bitmap() {
        assert_eq!(small().cropped(1, 1, 9, 9).data(), [5, 6]);
        assert_eq!(small().resized(3, 2).data(), small().data());
    }
}
