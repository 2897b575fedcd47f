//! Drawing on paper: millimetres from the upper left corner, letters in points. Only this file and `fonts` know the
//! PDF writer.

use crate::{
    PrintError, Result,
    code128::{Bars, QUIET_MODULES},
    fonts::{Typeface, missing_glyphs},
    qr::{QUIET_ZONE, Qr},
};
use krilla::{
    Document, SerializeSettings,
    color::luma,
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    text::{GlyphId, KrillaGlyph},
};
use records::Moment;

const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// A rectangle in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RectMm {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    /// Made from the regular face by a thin outline, so that one font suffices.
    Bold,
}

/// Properties of the PDF file.
pub(crate) struct PdfProperties<'a> {
    pub title: &'a str,
    pub made_at: Option<Moment>,
}

pub(crate) struct Pen<'a, 'b> {
    surface: &'a mut Surface<'b>,
    pub typeface: &'a Typeface,
}

/// Draws `count` pages of one size (millimetres).
pub(crate) fn draw_pages(
    about: &PdfProperties,
    (width_mm, height_mm): (f32, f32),
    typeface: &Typeface,
    count: usize,
    mut draw: impl FnMut(&mut Pen, usize) -> Result<()>,
) -> Result<Vec<u8>> {
    let mut document = Document::new_with(SerializeSettings::default());
    let mut metadata = Metadata::new()
        .title(about.title.to_owned())
        .creator("Dossier".to_owned());
    if let Some(date) = about.made_at.and_then(pdf_date) {
        metadata = metadata.creation_date(date);
    }
    document.set_metadata(metadata);
    for number in 0..count {
        let settings = PageSettings::from_wh(points(width_mm), points(height_mm))
            .ok_or_else(|| PrintError::Pdf(format!("a page of {width_mm} x {height_mm} mm")))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        draw(
            &mut Pen {
                surface: &mut surface,
                typeface,
            },
            number,
        )?;
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| PrintError::Pdf(format!("{error:?}")))
}

impl Pen<'_, '_> {
    /// Width of a text in millimetres.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.typeface.width(text, size) / POINTS_PER_MM
    }

    /// A line of text with its letters on `baseline`.
    pub fn text(&mut self, x: f32, baseline: f32, size: f32, weight: Weight, text: &str) -> Result<()> {
        let mut at = points(x);
        let mut run: Vec<KrillaGlyph> = Vec::new();
        let mut run_face = 0;
        self.surface.set_fill(Some(fill(0)));
        self.surface.set_stroke((weight == Weight::Bold).then(|| Stroke {
            width: size * 0.025,
            ..Stroke::default()
        }));
        for (from, c) in text.char_indices() {
            let drawn = self.typeface.drawn(c).ok_or_else(|| missing_glyphs(&[c].into()))?;
            if drawn.face != run_face {
                at += self.flush(&mut run, run_face, at, baseline, size, text);
                run_face = drawn.face;
            }
            run.push(KrillaGlyph::new(
                GlyphId::new(drawn.glyph),
                drawn.advance,
                0.0,
                0.0,
                0.0,
                from..from + c.len_utf8(),
                None,
            ));
        }
        self.flush(&mut run, run_face, at, baseline, size, text);
        self.surface.set_stroke(None);
        Ok(())
    }

    /// A line of text with its middle at `x`.
    pub fn text_centred(&mut self, x: f32, baseline: f32, size: f32, weight: Weight, text: &str) -> Result<()> {
        let left = x - self.width(text, size) / 2.0;
        self.text(left, baseline, size, weight, text)
    }

    /// A filled area; 0 is black, 255 white.
    pub fn shade(&mut self, area: RectMm, lightness: u8) {
        let mut path = PathBuilder::new();
        push(&mut path, area);
        self.fill_path(path, lightness);
    }

    /// The outline of an area.
    pub fn frame(&mut self, area: RectMm, thickness_mm: f32) {
        let (right, bottom) = (area.x + area.width, area.y + area.height);
        self.line((area.x, area.y), (right, area.y), thickness_mm);
        self.line((area.x, bottom), (right, bottom), thickness_mm);
        self.line((area.x, area.y), (area.x, bottom), thickness_mm);
        self.line((right, area.y), (right, bottom), thickness_mm);
    }

    /// A horizontal or vertical line, drawn as a bar so that it is as thick on every printer.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), thickness_mm: f32) {
        let half = thickness_mm / 2.0;
        self.shade(
            RectMm {
                x: from.0.min(to.0) - half,
                y: from.1.min(to.1) - half,
                width: (from.0 - to.0).abs() + thickness_mm,
                height: (from.1 - to.1).abs() + thickness_mm,
            },
            0,
        );
    }

    /// A QR code with its quiet zone, from the upper left corner of that zone; gives the side in millimetres.
    pub fn qr(&mut self, qr: &Qr, x: f32, y: f32, module_mm: f32) -> f32 {
        let side = qr.side_with_quiet() as f32 * module_mm;
        // The white is drawn too: the quiet zone must hold on coloured or framed paper.
        self.shade(
            RectMm {
                x,
                y,
                width: side,
                height: side,
            },
            255,
        );
        // One path for all bars: no hair lines between the rows in viewers that smooth edges.
        let mut path = PathBuilder::new();
        for (column, row, length) in qr.bars() {
            push(
                &mut path,
                RectMm {
                    x: x + (column + QUIET_ZONE) as f32 * module_mm,
                    y: y + (row + QUIET_ZONE) as f32 * module_mm,
                    width: length as f32 * module_mm,
                    height: module_mm,
                },
            );
        }
        self.fill_path(path, 0);
        side
    }

    /// Bars of a Code 128 in an area, its quiet zones inside; nothing where a module would be thinner than `least_mm`.
    pub fn bars(&mut self, bars: &Bars, area: RectMm, least_mm: f32) -> bool {
        let module = (area.width / (bars.modules + 2 * QUIET_MODULES) as f32).min(0.4);
        if module < least_mm {
            return false;
        }
        let mut path = PathBuilder::new();
        for (at, width) in &bars.bars {
            let bar = RectMm {
                x: area.x + (at + QUIET_MODULES) as f32 * module,
                y: area.y,
                width: *width as f32 * module,
                height: area.height,
            };
            push(&mut path, bar);
        }
        self.fill_path(path, 0);
        true
    }

    fn fill_path(&mut self, path: PathBuilder, lightness: u8) {
        if let Some(path) = path.finish() {
            self.surface.set_stroke(None);
            self.surface.set_fill(Some(fill(lightness)));
            self.surface.draw_path(&path);
        }
    }

    /// Draws the run and gives how far it went, in points.
    fn flush(&mut self, run: &mut Vec<KrillaGlyph>, face: usize, x: f32, baseline: f32, size: f32, text: &str) -> f32 {
        if run.is_empty() {
            return 0.0;
        }
        self.surface.draw_glyphs(
            Point::from_xy(x, points(baseline)),
            run,
            self.typeface.font(face),
            text,
            size,
            false,
        );
        let advance: f32 = run.iter().map(|glyph| glyph.x_advance).sum();
        run.clear();
        advance * size
    }
}

pub(crate) fn points(mm: f32) -> f32 {
    mm * POINTS_PER_MM
}

/// Height in millimetres of a size in points.
pub(crate) fn millimetres(points: f32) -> f32 {
    points / POINTS_PER_MM
}

fn fill(lightness: u8) -> Fill {
    Fill {
        paint: luma::Color::new(lightness).into(),
        opacity: NormalizedF32::ONE,
        rule: Default::default(),
    }
}

fn push(path: &mut PathBuilder, area: RectMm) {
    let rect = Rect::from_xywh(points(area.x), points(area.y), points(area.width), points(area.height));
    if let Some(rect) = rect {
        path.push_rect(rect);
    }
}

/// From `2026-11-21T22:29:41Z`.
fn pdf_date(at: Moment) -> Option<DateTime> {
    let text = at.rfc3339();
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u8>().ok();
    Some(
        DateTime::new(text.get(..4)?.parse().ok()?)
            .month(part(5, 7)?)
            .day(part(8, 10)?)
            .hour(part(11, 13)?)
            .minute(part(14, 16)?)
            .second(part(17, 19)?)
            .utc_offset_hour(0)
            .utc_offset_minute(0),
    )
}
