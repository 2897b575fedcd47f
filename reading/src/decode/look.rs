//! The page decides, not its text layer: a small drawing of the page with its text and one without tell which characters
//! ink carries, and whether there is print besides them.

use super::drawing::draw;
use super::frame::Frame;
use super::marks;
use super::pdf_text::RawChar;
use super::survey::Survey;
use crate::bitmap::{Bitmap, Channels, luminance};
use crate::layout::PixelArea;
use crate::limits::ScanLimits;
use crate::reason::Refusal;
use pdfium_render::prelude::*;

/// Dots per inch of the small drawings.
const DPI: f32 = 100.0;
/// Pixels on the longer side of a small drawing.
const SIDE_MAX: u32 = 2_400;
/// Difference of gray from which ink was drawn.
const DRAWN: u8 = 8;
/// Gray from which paper is light.
const PAPER: u8 = 200;
/// Difference of two neighbours that makes an edge.
const EDGE: u8 = 40;
/// An edge so long, in pixels, is a ruling line or the side of an area.
const STRAIGHT: usize = 36;
/// Side of the squares in which edges are counted, and how many edges are print.
const SQUARE: usize = 16;
const EDGES_MIN: u32 = 10;
/// Characters between others that are seen, up to which they are taken for seen.
const GAP_MAX: usize = 2;
/// Forms within forms that are looked into.
const DEPTH_MAX: usize = 6;
/// Levels of gray between the darkest and the lightest point of a picture that shows something.
const CONTRAST_MIN: u8 = 24;

/// What a look at the page showed.
pub(super) struct PageLook {
    /// There is ink that may be print and belongs to no text of the layer.
    pub has_rest: bool,
    /// Images that show nothing: their places among the images of the survey.
    pub empty_images: Vec<usize>,
}

/// Compares the characters with the ink of the page: marks those that none carries. Afterwards the page is drawn without
/// its text objects.
pub(super) fn look(
    page: &PdfPage<'_>,
    raw: &mut [RawChar],
    survey: &Survey,
    limits: &ScanLimits,
) -> Result<PageLook, Refusal> {
    let (frame, dpi) = Frame::of(page, DPI, limits)?;
    let share = SIDE_MAX as f32 / frame.width.max(frame.height) as f32;
    let frame = if share < 1.0 { frame.scaled(share) } else { frame };
    let whole = draw(page, &frame, dpi, true)?.to_gray();
    let empty_images = empty_images(&whole, &frame, survey);
    for object in page.objects().iter() {
        without_text(object, 0);
    }
    let rest = draw(page, &frame, dpi, true)?.to_gray();
    let mut seen: Vec<bool> = raw
        .iter()
        .map(|char| char.rect.is_some_and(|rect| differs(&whole, &rest, &frame.area(rect))))
        .collect();
    if !survey.layers {
        trust_borrowed_fonts(raw, &mut seen, &survey.borrowed_fonts, |rect| {
            is_blank(&whole, &frame.area(rect))
        });
    }
    fill_gaps(raw, &mut seen);
    for (char, seen) in raw.iter_mut().zip(seen) {
        char.hidden = !seen;
    }
    let mut rest = rest;
    let has_rest = has_print(&rest) && {
        // A code beside the text is no reason to read a page.
        marks::take_codes_out(&mut rest);
        has_print(&rest)
    };
    Ok(PageLook { has_rest, empty_images })
}

/// The images under which the drawing is all one gray.
pub(super) fn empty_images(drawn: &Bitmap, frame: &Frame, survey: &Survey) -> Vec<usize> {
    let is_empty = |(_, rect): &(usize, [f32; 4])| {
        let (mut least, mut most) = (u8::MAX, u8::MIN);
        for_each(drawn, &frame.area(*rect), |at| {
            let value = match drawn.channels() {
                Channels::Gray => drawn.data()[at],
                Channels::Rgb => luminance(&drawn.data()[at * 3..at * 3 + 3]),
            };
            (least, most) = (least.min(value), most.max(value));
        });
        most.saturating_sub(least) < CONTRAST_MIN
    };
    (0..survey.images.len())
        .filter(|i| is_empty(&survey.images[*i]))
        .collect()
}

/// Takes the text objects out of the drawing, also those within forms.
fn without_text(mut object: PdfPageObject<'_>, depth: usize) {
    if object.as_text_object().is_some() {
        // What stays in is read as if it were a picture.
        let _ = object.set_inactive();
    } else if let Some(form) = object.as_x_object_form_object().filter(|_| depth < DEPTH_MAX) {
        for inner in form.iter() {
            without_text(inner, depth + 1);
        }
    }
}

/// Calls with the place of each pixel of the area.
fn for_each(image: &Bitmap, area: &PixelArea, mut with: impl FnMut(usize)) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let from = |v: f32| v.floor().max(0.0) as usize;
    let to = |v: f32, end: usize| (v.ceil().max(0.0) as usize).min(end);
    for y in from(area.y)..to(area.bottom(), height) {
        for x in from(area.x)..to(area.right(), width) {
            with(y * width + x);
        }
    }
}

/// Whether text was drawn in the area.
fn differs(whole: &Bitmap, rest: &Bitmap, area: &PixelArea) -> bool {
    let mut found = false;
    for_each(whole, area, |at| {
        found |= whole.data()[at].abs_diff(rest.data()[at]) >= DRAWN;
    });
    found
}

/// A machine without the fonts of a page draws none of its text: where nothing of such text was drawn at all, what stands
/// on blank paper is believed as it is.
fn trust_borrowed_fonts(raw: &[RawChar], seen: &mut [bool], places: &[[f32; 4]], is_blank: impl Fn([f32; 4]) -> bool) {
    let is_borrowed = |rect: [f32; 4]| {
        let (x, y) = ((rect[0] + rect[2]) / 2.0, (rect[1] + rect[3]) / 2.0);
        let holds = |place: &[f32; 4]| (place[0]..=place[2]).contains(&x) && (place[1]..=place[3]).contains(&y);
        places.iter().any(holds)
    };
    let borrowed =
        |at: &usize| !raw[*at].value.is_whitespace() && !raw[*at].invisible && raw[*at].rect.is_some_and(is_borrowed);
    if (0..raw.len()).filter(|at| seen[*at]).any(|at| borrowed(&at)) {
        return;
    }
    let borrowed: Vec<usize> = (0..raw.len()).filter(borrowed).collect();
    for at in borrowed {
        seen[at] = raw[at].rect.is_some_and(&is_blank);
    }
}

/// Whether nothing at all was drawn on light paper.
fn is_blank(drawn: &Bitmap, area: &PixelArea) -> bool {
    let (mut least, mut most) = (u8::MAX, u8::MIN);
    for_each(drawn, area, |at| {
        (least, most) = (least.min(drawn.data()[at]), most.max(drawn.data()[at]));
    });
    least >= PAPER && most - least < DRAWN
}

/// Spaces, and the few characters between seen ones whose ink is too faint, are seen like their neighbours.
fn fill_gaps(raw: &[RawChar], seen: &mut [bool]) {
    let mut before: Option<usize> = None;
    for at in 0..raw.len() {
        if !seen[at] {
            continue;
        }
        let from = before.map_or(0, |b| b + 1);
        let marks = raw[from..at]
            .iter()
            .filter(|c| c.rect.is_some() && !c.value.is_whitespace())
            .count();
        let is_space = |i: &usize| raw[*i].rect.is_none() || raw[*i].value.is_whitespace();
        let between = if marks <= GAP_MAX && before.is_some() {
            (from..at).collect::<Vec<_>>()
        } else {
            (from..at).filter(is_space).collect()
        };
        between.into_iter().for_each(|i| seen[i] = true);
        before = Some(at);
    }
    let rest = before.map_or(0, |b| b + 1);
    for at in rest..raw.len() {
        seen[at] = raw[at].rect.is_none() || raw[at].value.is_whitespace();
    }
}

/// Whether there is something that may be print: many short edges in small squares.
fn has_print(rest: &Bitmap) -> bool {
    let (width, height) = (rest.width() as usize, rest.height() as usize);
    let data = rest.data();
    let mut counts = vec![0u32; width.div_ceil(SQUARE) * height.div_ceil(SQUARE)];
    let across = width.div_ceil(SQUARE);
    let mut count = |x: usize, y: usize| counts[y / SQUARE * across + x / SQUARE] += 1;
    // Edges between a pixel and the one to its right, followed downwards, and the other way round.
    for x in 0..width.saturating_sub(1) {
        runs(
            height,
            |y| data[y * width + x].abs_diff(data[y * width + x + 1]) > EDGE,
            |y| count(x, y),
        );
    }
    for y in 0..height.saturating_sub(1) {
        runs(
            width,
            |x| data[y * width + x].abs_diff(data[(y + 1) * width + x]) > EDGE,
            |x| count(x, y),
        );
    }
    counts.iter().any(|edges| *edges >= EDGES_MIN)
}

/// The points of the runs that are shorter than a straight line.
fn runs(length: usize, is_edge: impl Fn(usize) -> bool, mut with: impl FnMut(usize)) {
    let mut start = None;
    for at in 0..=length {
        if at < length && is_edge(at) {
            start = start.or(Some(at));
        } else if let Some(from) = start.take()
            && at - from < STRAIGHT
        {
            (from..at).for_each(&mut with);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(dark: impl Fn(usize, usize) -> bool) -> Bitmap {
        let mut sheet = Bitmap::filled(200, 200, 255);
        let points = (0..200 * 200).filter(|at| dark(at % 200, at / 200)).collect::<Vec<_>>();
        points.into_iter().for_each(|at| sheet.data_mut()[at] = 0);
        sheet
    }

    #[test]
    fn rules_and_areas_are_no_print_and_letters_are() {
        assert!(!has_print(&sheet(|_, _| false)));
        assert!(!has_print(&sheet(|x, y| y == 50
            || x == 70
            || (100..180).contains(&x) && (100..180).contains(&y))));
        assert!(has_print(&sheet(|x, y| (20..30).contains(&x)
            && (20..30).contains(&y)
            && (x + y) % 3 == 0)));
    }

    #[test]
    fn text_in_fonts_that_the_machine_lacks_is_believed_on_blank_paper() {
        let char = |value, left: f32| RawChar {
            value,
            rect: Some([left, 0.0, left + 1.0, 1.0]),
            angle: 0,
            invisible: false,
            hidden: false,
        };
        let raw = [char('甲', 0.0), char('乙', 2.0), char('丙', 4.0)];
        let places = [[0.0, 0.0, 3.0, 1.0]];
        let mut seen = vec![false; 3];
        trust_borrowed_fonts(&raw, &mut seen, &places, |rect| rect[0] < 2.0);
        assert_eq!(
            seen,
            [true, false, false],
            "under a box it stays hidden, and so does text of embedded fonts"
        );
        let mut seen = vec![false, true, false];
        trust_borrowed_fonts(&raw, &mut seen, &places, |_| true);
        assert_eq!(
            seen,
            [false, true, false],
            "a machine that draws such text has its fonts"
        );
    }

    #[test]
    fn a_faint_point_between_letters_is_seen_and_a_hidden_line_is_not() {
        let char = |value| RawChar {
            value,
            rect: Some([0.0, 0.0, 1.0, 1.0]),
            angle: 0,
            invisible: false,
            hidden: false,
        };
        let raw: Vec<RawChar> = "甲.乙 隐藏文字丙".chars().map(char).collect();
        let mut seen = vec![true, false, true, false, false, false, false, false, true];
        fill_gaps(&raw, &mut seen);
        assert_eq!(seen, [true, true, true, true, false, false, false, false, true]);
    }
}
