//! The result of the workers in the record's form: whole pixels within the page, one box for each character.

use reading::layout::{self, LineKind, PageReading, RegionKind, Turn};
use reading::order::woven;
use reading::page::{DecodedPage, PageMarks, PageOrigin, TextVerdict};
use reading::read::{ENGINE_NAME, SECOND_NAME};
use reading::reason::Refusal;
use records::pages::{Area, CharBox, NewPage, NewTextLayer, PageState, ReadingFlag, TextLayer, TextLine, UnreadRegion};
use std::ops::Range;

/// Engine name of text that came with the file.
const PDF_TEXT: &str = "pdf-text";
const PDF_TEXT_VERSION: &str = "pdfium";
/// Size of the placeholder for a page that could not be decoded: A4 at 200 dpi.
const UNSEEN_PAGE: (u32, u32) = (1654, 2339);

/// A page as it was read, with what only extraction needs to know.
#[derive(Clone, Debug)]
pub struct ReadPage {
    pub page: NewPage,
    /// Lines that are part of a seal.
    pub seals: Vec<usize>,
    /// Characters that reading was not sure of and has repaired.
    pub repaired: Vec<Range<usize>>,
    /// Why nothing of it could be read; only of a failed page.
    pub refusal: Option<Refusal>,
    /// Drawn from text and lines, never on paper as far as one can see.
    pub born_digital: bool,
    /// What it bears for machines.
    pub marks: PageMarks,
}

/// A page whose text came with it.
pub(crate) fn delivered_page(scan: usize, page: DecodedPage) -> ReadPage {
    let (width, height) = page.turn.size(page.width, page.height);
    let parts = page.text.as_ref().map(|text| layer_of(text, width, height));
    let Parts { layer, seals, repaired } = parts.unwrap_or_default();
    let blank = layer.lines.is_empty();
    let new = NewPage {
        scan,
        scan_index: page.index,
        turn: page.turn.degrees(),
        width,
        height,
        state: if blank { PageState::Blank } else { PageState::Read },
        failure: None,
        unread_regions: lost_regions(&page, page.turn),
        text: Some(delivered_layer(&page, layer)),
        other_text: hidden_layer(&page),
    };
    let born_digital = page.origin == PageOrigin::BornDigital;
    ReadPage {
        page: new,
        seals,
        repaired,
        refusal: None,
        born_digital,
        marks: page.marks,
    }
}

/// A page that was read by the engine. Text that came with it is kept beside, or woven in where only the rest was read.
pub(crate) fn read_page(scan: usize, mut page: DecodedPage, mut reading: PageReading) -> ReadPage {
    let engine = match page.text.take_if(|_| page.is_rest) {
        Some(delivered) => {
            reading.blank = false;
            reading.text.lines = woven(delivered.lines, reading.text.lines);
            reading.confidence = reading.text.mean_confidence();
            [PDF_TEXT, ENGINE_NAME].join(" + ")
        }
        None => ENGINE_NAME.to_owned(),
    };
    let Parts { layer, seals, repaired } = layer_of(&reading.text, reading.width, reading.height);
    let look = |region: &layout::Region| {
        let reason = match region.kind {
            RegionKind::InkWithoutText => ReadingFlag::InkWithoutText,
            RegionKind::Handwriting => ReadingFlag::Handwriting,
            RegionKind::LowConfidence => ReadingFlag::LowConfidence,
            // A seal is read; it needs no review.
            RegionKind::Seal => return None,
        };
        Some(UnreadRegion {
            area: area_of(&region.area, reading.width, reading.height),
            reason: reason.as_str().to_owned(),
        })
    };
    let mut unread_regions: Vec<UnreadRegion> = reading.regions.iter().filter_map(look).collect();
    unread_regions.extend(lost_regions(&page, reading.turn));
    let other_text = page.text.as_ref().map(|text| {
        let parts = layer_of(text, page.width, page.height);
        delivered_layer(&page, parts.layer)
    });
    let other_text = other_text.or_else(|| hidden_layer(&page));
    let new = NewPage {
        scan,
        scan_index: page.index,
        turn: reading.turn.degrees(),
        width: reading.width,
        height: reading.height,
        state: if reading.blank {
            PageState::Blank
        } else {
            PageState::Read
        },
        failure: None,
        unread_regions,
        text: Some(NewTextLayer {
            engine,
            engine_version: match reading.second_at_hand {
                true => [&reading.version, SECOND_NAME].join(" + "),
                false => reading.version,
            },
            parameters: origin(&page).to_owned(),
            confidence: f64::from(reading.confidence),
            layer,
        }),
        other_text,
    };
    ReadPage {
        page: new,
        seals,
        repaired,
        refusal: None,
        born_digital: page.origin == PageOrigin::BornDigital,
        marks: page.marks,
    }
}

pub(crate) fn failed_page(scan: usize, index: u32, size: Option<(u32, u32)>, refusal: &Refusal) -> ReadPage {
    let (width, height) = size.unwrap_or(UNSEEN_PAGE);
    let page = NewPage {
        scan,
        scan_index: index,
        turn: 0,
        width,
        height,
        state: PageState::Failed,
        failure: Some(refusal.as_detail()),
        unread_regions: Vec::new(),
        text: None,
        other_text: None,
    };
    ReadPage {
        page,
        seals: Vec::new(),
        repaired: Vec::new(),
        refusal: Some(refusal.clone()),
        born_digital: false,
        marks: PageMarks::default(),
    }
}

fn delivered_layer(page: &DecodedPage, layer: TextLayer) -> NewTextLayer {
    let verdict = match page.verdict {
        TextVerdict::Absent => "absent",
        TextVerdict::Trusted => "trusted",
        TextVerdict::Garbled => "garbled",
        TextVerdict::Partial => "partial",
        TextVerdict::Recognised => "recognised",
    };
    NewTextLayer {
        engine: PDF_TEXT.to_owned(),
        engine_version: PDF_TEXT_VERSION.to_owned(),
        parameters: format!("{} {verdict}", origin(page)),
        confidence: 1.0,
        layer,
    }
}

/// Text that nothing on the page shows: kept with the page, and found by no search.
fn hidden_layer(page: &DecodedPage) -> Option<NewTextLayer> {
    let (width, height) = page.turn.size(page.width, page.height);
    let layer = layer_of(page.hidden.as_ref()?, width, height).layer;
    Some(NewTextLayer {
        parameters: format!("{} hidden", origin(page)),
        ..delivered_layer(page, layer)
    })
}

/// Images that could not be decoded ask for a look; on a turned page the whole page does.
fn lost_regions(page: &DecodedPage, turn: Turn) -> Vec<UnreadRegion> {
    let (width, height) = turn.size(page.width, page.height);
    let region = |lost: &layout::PixelArea| {
        let whole = layout::PixelArea {
            x: 0.0,
            y: 0.0,
            w: width as f32,
            h: height as f32,
        };
        UnreadRegion {
            area: area_of(if turn == Turn::None { lost } else { &whole }, width, height),
            reason: ReadingFlag::InkWithoutText.as_str().to_owned(),
        }
    };
    page.lost.iter().map(region).collect()
}

fn origin(page: &DecodedPage) -> &'static str {
    match page.origin {
        PageOrigin::BornDigital => "born_digital",
        PageOrigin::EmbeddedImage => "embedded_image",
        PageOrigin::Rendered => "rendered",
        PageOrigin::Raster => "raster",
    }
}

#[derive(Default)]
struct Parts {
    layer: TextLayer,
    seals: Vec<usize>,
    repaired: Vec<Range<usize>>,
}

/// The lines in the record's form: whole pixels within the page, one box for each character.
fn layer_of(text: &layout::LayoutText, width: u32, height: u32) -> Parts {
    let mut parts = Parts::default();
    let mut start = 0;
    for line in text.lines.iter().filter(|line| !line.text.is_empty()) {
        // Text that breaks inside would move the positions of all that follows.
        let content: String = line
            .text
            .chars()
            .map(|c| if c == '\n' || c == '\0' { ' ' } else { c })
            .collect();
        let count = content.chars().count();
        let at = parts.layer.lines.len();
        if line.kind == LineKind::Seal {
            parts.seals.push(at);
        }
        for other in &line.alternatives {
            parts
                .repaired
                .push(start + other.start..start + other.start + other.count);
        }
        let area = upright(line);
        let mut chars: Vec<CharBox> = line
            .chars
            .iter()
            .take(count)
            .map(|c| {
                let x = pixel(c.x, width);
                CharBox {
                    x,
                    w: pixel(c.x + c.w, width) - x,
                    confidence: c.confidence,
                }
            })
            .collect();
        let right = area_of(&area, width, height);
        chars.resize(
            count,
            CharBox {
                x: right.x,
                w: 0,
                confidence: line.confidence,
            },
        );
        parts.layer.lines.push(TextLine {
            text: content,
            area: right,
            slope: line.slope,
            confidence: line.confidence,
            chars,
        });
        start += count + 1;
    }
    parts
}

/// The area that also holds the ends of a line that falls or rises.
fn upright(line: &layout::LayoutLine) -> layout::PixelArea {
    let rise = line.slope.abs() * line.area.w / 2.0;
    layout::PixelArea {
        y: line.area.y - rise,
        h: line.area.h + 2.0 * rise,
        ..line.area
    }
}

fn area_of(area: &layout::PixelArea, width: u32, height: u32) -> Area {
    let (x, y) = (pixel(area.x, width), pixel(area.y, height));
    let (right, bottom) = (pixel(area.right(), width), pixel(area.bottom(), height));
    Area {
        x,
        y,
        w: right.saturating_sub(x),
        h: bottom.saturating_sub(y),
    }
}

fn pixel(value: f32, most: u32) -> u32 {
    // Casting saturates: what is not a number becomes 0.
    (value.round().max(0.0) as u32).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, slope: f32) -> layout::LayoutLine {
        layout::LayoutLine {
            text: text.to_owned(),
            confidence: 0.9,
            area: layout::PixelArea {
                x: -4.0,
                y: 100.0,
                w: 204.0,
                h: 40.0,
            },
            slope,
            chars: text
                .chars()
                .enumerate()
                .map(|(i, _)| layout::LayoutChar {
                    x: 20.0 * i as f32,
                    w: 18.0,
                    confidence: 0.8,
                })
                .collect(),
            ..layout::LayoutLine::default()
        }
    }

    #[test]
    fn lines_stay_within_the_page_and_hold_their_ends() {
        let mut second = line("b\nc", 0.0);
        second.alternatives.push(layout::Alternative {
            start: 1,
            count: 2,
            text: String::new(),
            rule: String::new(),
        });
        second.kind = LineKind::Seal;
        let text = layout::LayoutText {
            lines: vec![line("甲方", 0.1), line("", 0.0), second],
        };
        let parts = layer_of(&text, 150, 1000);
        assert_eq!(parts.layer.text(), "甲方\nb c");
        assert_eq!(
            parts.layer.lines[0].area,
            Area {
                x: 0,
                y: 90,
                w: 150,
                h: 60
            }
        );
        assert_eq!((parts.seals, parts.repaired.first()), (vec![1], Some(&(4..6))));
        assert!(
            parts
                .layer
                .lines
                .iter()
                .all(|l| l.chars.len() == l.text.chars().count())
        );
    }
}
