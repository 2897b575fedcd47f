//! What a page bears for machines: QR codes, and the bars of a separator sheet (Patch-T).
//!
//! Every page that has to be read is looked at, so what this costs is bounded: a page without three corners of a code
//! is left after one look at each of two sizes, and one with more corners than a sheet can have is left as well.
//! Refuses to know what a code means.

use crate::bitmap::{Bitmap, Grays};
use crate::page::PageMarks;
use rqrr::PreparedImage;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The longer side, in pixels, at which a page is looked at first, and then for small codes: A4 at 100 and 200 dpi.
const SIDES: [u32; 2] = [1_200, 2_400];
/// A4 at 600 dpi with a margin. No sheet for a feeder is larger.
const PIXELS_MAX: u64 = 40_000_000;
/// A sheet has at most three codes. Finding codes among many corners would take long.
const CODES_MAX: usize = 8;
const CONTENT_BYTES_MAX: usize = 400;
/// How the library numbers a dark pixel.
const BLACK: u8 = 1;

/// The codes and bars on a page, in any of the four directions and somewhat askew.
pub fn marks_of(page: &Bitmap) -> PageMarks {
    if page.header().pixels() > PIXELS_MAX {
        return PageMarks::default();
    }
    let mut marks = PageMarks::default();
    for (at, side) in SIDES.into_iter().enumerate() {
        let longer = page.width().max(page.height());
        if at > 0 && longer <= SIDES[at - 1] {
            break;
        }
        let scaled = scaled(page, f64::from(side.min(longer)) / f64::from(longer));
        if at == 0 {
            marks.separator = has_patch(&scaled);
        }
        let found = codes_of(&scaled);
        // Small codes beside large ones show more corners than were read.
        let is_whole = found.corners < 3 * (found.contents.len() + 1);
        if found.contents.len() >= marks.codes.len() {
            marks.unread = found.unread;
            marks.codes = found.contents;
        }
        if !marks.codes.is_empty() && is_whole {
            break;
        }
    }
    marks
}

/// Gray, and smaller by this share.
fn scaled(page: &Bitmap, share: f64) -> Bitmap {
    let pixels = |side: u32| (f64::from(side) * share).round() as u32;
    page.resized(pixels(page.width()), pixels(page.height())).to_gray()
}

/// The QR codes on a gray page.
#[derive(Default)]
struct FoundCodes {
    /// From the top.
    contents: Vec<String>,
    /// How many corners of codes the page shows.
    corners: usize,
    /// A code was found and could not be read.
    unread: bool,
}

fn codes_of(page: &Bitmap) -> FoundCodes {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let data = page.data();
    // A fault of the library in a picture nobody has foreseen must not cost the page.
    let found = catch_unwind(AssertUnwindSafe(|| {
        let mut picture = PreparedImage::prepare_from_greyscale(width, height, |x, y| data[y * width + x]);
        let dark = |x: usize, y: usize| u8::from(picture.get_pixel_at(x, y)) == BLACK;
        let corners = corners(width, height, dark);
        if !(3..=CODES_MAX * 3).contains(&corners) {
            return FoundCodes::default();
        }
        let grids = picture.detect_grids();
        let read = grids
            .iter()
            .filter_map(|grid| Some((grid.bounds[0].y, grid.decode().ok()?.1)));
        let mut codes: Vec<(i32, String)> = read.filter(|(_, content)| content.len() <= CONTENT_BYTES_MAX).collect();
        codes.sort();
        let contents: Vec<String> = codes.into_iter().map(|(_, content)| content).take(CODES_MAX).collect();
        FoundCodes {
            unread: grids.len() > contents.len(),
            contents,
            corners,
        }
    }));
    found.unwrap_or_default()
}

/// Takes the codes out of a gray drawing of a page that can be read and are not those of sheets: they are no writing.
pub(super) fn take_codes_out(page: &mut Bitmap) {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let data = page.data();
    let found = catch_unwind(AssertUnwindSafe(|| {
        let mut picture = PreparedImage::prepare_from_greyscale(width, height, |x, y| data[y * width + x]);
        let dark = |x: usize, y: usize| u8::from(picture.get_pixel_at(x, y)) == BLACK;
        if !(3..=CODES_MAX * 3).contains(&corners(width, height, dark)) {
            return Vec::new();
        }
        let grids = picture.detect_grids();
        let is_plain = |content: &str| !content.starts_with(vocabulary::SHEET_CODE_PREFIX);
        let plain = grids
            .iter()
            .filter(|grid| grid.decode().is_ok_and(|(_, content)| is_plain(&content)));
        plain.map(|grid| grid.bounds.map(|p| (p.x, p.y))).collect()
    }));
    for corners in found.unwrap_or_default() {
        let span = |values: [i32; 4], end: usize| {
            let (least, most) = values
                .iter()
                .fold((i32::MAX, i32::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
            let margin = (most - least) / 20 + 2;
            let cut = |v: i32| usize::try_from(v).unwrap_or(0).min(end);
            cut(least - margin)..cut(most + margin)
        };
        let (across, down) = (span(corners.map(|c| c.0), width), span(corners.map(|c| c.1), height));
        for y in down {
            page.data_mut()[y * width + across.start..y * width + across.end].fill(u8::MAX);
        }
    }
}

/// How many places look like the corner of a code: dark, light, dark, light, dark as 1:1:3:1:1, across and down.
fn corners(width: usize, height: usize, dark: impl Fn(usize, usize) -> bool) -> usize {
    const SHARES: [f32; 5] = [1.0, 1.0, 3.0, 1.0, 1.0];
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for y in (0..height).step_by(2) {
        for (from, runs) in windows::<5>(width, |x| dark(x, y)) {
            let total: usize = runs.iter().sum();
            if !fits(&runs, &SHARES, 0.8) {
                continue;
            }
            let x = from + runs[0] + runs[1] + runs[2] / 2;
            let is_known = |&(fx, fy, size): &(usize, usize, usize)| fx.abs_diff(x) < size && fy.abs_diff(y) < size;
            if found.iter().any(is_known) {
                continue;
            }
            let (top, bottom) = (y.saturating_sub(total), (y + total).min(height));
            let down = windows::<5>(bottom - top, |at| dark(x, top + at));
            if down.into_iter().any(|(from, runs)| {
                let middle = top + from + runs[0] + runs[1];
                fits(&runs, &SHARES, 0.8) && (middle..middle + runs[2]).contains(&y)
            }) {
                found.push((x, y, total));
            }
            if found.len() > CODES_MAX * 3 {
                return found.len();
            }
        }
    }
    found.len()
}

/// Every run of N stretches of one line that begins with a dark one: where it begins, and how long each stretch is.
fn windows<const N: usize>(length: usize, dark: impl Fn(usize) -> bool) -> Vec<(usize, [usize; N])> {
    let mut edges: Vec<usize> = Vec::new();
    let mut before = false;
    for at in 0..length {
        let now = dark(at);
        if now != before {
            edges.push(at);
            before = now;
        }
    }
    if before {
        edges.push(length);
    }
    // Dark begins at even edges.
    let window = |edges: &[usize]| (edges[0], std::array::from_fn(|at| edges[at + 1] - edges[at]));
    edges.windows(N + 1).step_by(2).map(window).collect()
}

/// Whether the stretches are as long as these shares, each within this much of the unit.
fn fits(runs: &[usize], shares: &[f32], within: f32) -> bool {
    let total: usize = runs.iter().sum();
    let unit = total as f32 / shares.iter().sum::<f32>();
    unit >= 1.0
        && runs
            .iter()
            .zip(shares)
            .all(|(run, share)| (*run as f32 - share * unit).abs() <= within * unit)
}

/// The bars of Patch-T: four dark bars 0.08, 0.20, 0.08 and 0.20 inches wide, with 0.08 inches between them. From the
/// other side they are those of Patch 3, which a sheet that was fed the wrong way round shows.
fn has_patch(page: &Bitmap) -> bool {
    const SHARES: [f32; 7] = [1.0, 1.0, 2.5, 1.0, 1.0, 1.0, 2.5];
    const STEP: usize = 8;
    /// Bars this long are no accident: three quarters of an inch of A4, which is what the makers of scanners ask for.
    const LINES_MIN: usize = 9;
    let (width, height) = (page.width() as usize, page.height() as usize);
    let data = page.data();
    let sample = || data.iter().step_by(7).copied();
    let grays = Grays::of(sample());
    let ink = (u16::from(grays.paper()) + u16::from(grays.print())).div_ceil(2);
    // Of a page of 11.7 inches; paper of other sizes and cut scans fall into the same range.
    let inch = width.max(height) as f32 / 11.7;
    let bars = inch * 0.8 * 0.7..inch * 0.8 * 1.6;
    let reversed: Vec<f32> = SHARES.iter().rev().copied().collect();
    let along = |lines: usize, length: usize, at: &dyn Fn(usize, usize) -> u8| {
        let (mut before, mut count) = (None::<usize>, 0);
        for line in (0..lines).step_by(STEP) {
            let dark = |x: usize| u16::from(at(line, x)) < ink;
            let here = windows::<7>(length, dark).into_iter().find(|(from, runs)| {
                let near = before.is_none_or(|before| before.abs_diff(*from) <= STEP);
                let fits = fits(runs, &SHARES, 0.45) || fits(runs, &reversed, 0.45);
                near && fits && bars.contains(&(runs.iter().sum::<usize>() as f32))
            });
            count = if here.is_some() { count + 1 } else { 0 };
            before = here.map(|(from, _)| from);
            if count >= LINES_MIN {
                return true;
            }
        }
        false
    };
    along(height, width, &|y, x| data[y * width + x]) || along(width, height, &|x, y| data[y * width + x])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Turn;

    /// A white page with these bars (from, thickness), 400 pixels long, across or down.
    fn bars(widths: &[usize], turn: Turn) -> Bitmap {
        let mut page = Bitmap::filled(827, 1169, 250);
        let mut y = 100;
        for (at, bar) in widths.iter().enumerate() {
            if at % 2 == 0 {
                for row in y..y + bar {
                    page.data_mut()[row * 827 + 200..row * 827 + 600].fill(20);
                }
            }
            y += bar;
        }
        page.turned(turn)
    }

    #[test]
    fn a_separator_sheet_is_known_from_every_side() {
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            assert!(marks_of(&bars(&[8, 8, 20, 8, 8, 8, 20], turn)).separator, "{turn:?}");
        }
    }

    #[test]
    fn other_bars_are_no_separator() {
        for other in [
            [8, 8, 8, 8, 8, 8, 8],
            [20, 8, 20, 8, 8, 8, 8],
            [8, 8, 20, 8, 20, 8, 8],
            [3, 40, 3, 40, 3, 40, 3],
        ] {
            assert_eq!(marks_of(&bars(&other, Turn::None)), PageMarks::default(), "{other:?}");
        }
        assert_eq!(marks_of(&Bitmap::filled(827, 1169, 250)), PageMarks::default());
        assert_eq!(marks_of(&Bitmap::filled(1, 1, 0)), PageMarks::default());
    }

    #[test]
    fn runs_begin_with_ink() {
        let line = [false, true, true, false, true, false, true];
        assert_eq!(windows::<3>(7, |x| line[x]), [(1, [2, 1, 1]), (4, [1, 1, 1])]);
    }

    /// A code that says `HTTPS://X.CN/8`.
    const CODE: [&str; 21] = [
        "#######.##....#######",
        "#.....#...###.#.....#",
        "#.###.#.##....#.###.#",
        "#.###.#.###...#.###.#",
        "#.###.#..#.##.#.###.#",
        "#.....#.#.##..#.....#",
        "#######.#.#.#.#######",
        "........####.........",
        ".#.#.####..#.###.##.#",
        "#.#..#.........#.####",
        ".##..###..##.#.#...#.",
        ".#.##..#..#...#.##..#",
        "....#.###..###.##...#",
        "........#######....##",
        "#######.#..##.##..#..",
        "#.....#.#####.......#",
        "#.###.#..#..#.##..#.#",
        "#.###.#.##.......#.##",
        "#.###.#..#.#..##....#",
        "#.....#.#.###...##..#",
        "#######...#....#.....",
    ];

    #[test]
    fn a_code_is_taken_out_and_the_print_beside_it_stays() {
        let mut page = Bitmap::filled(827, 1169, 255);
        let mut ink = |x: usize, y: usize| page.data_mut()[y * 827 + x] = 0;
        for (y, row) in CODE.iter().enumerate() {
            for x in row.bytes().enumerate().filter(|(_, c)| *c == b'#').map(|(x, _)| x) {
                (0..16).for_each(|at| ink(600 + 4 * x + at % 4, 80 + 4 * y + at / 4));
            }
        }
        (0..200).for_each(|at| ink(100 + at % 20 * 2, 900 + at / 20 * 2));
        take_codes_out(&mut page);
        let dark = |from: usize, to: usize| page.data()[from * 827..to * 827].iter().filter(|v| **v == 0).count();
        assert_eq!((dark(0, 400), dark(800, 1_000)), (0, 200));
    }
}
