//! Scans to pages: what decode and read workers answer, as the pages of one document.
//!
//! The next page is decoded while the pages before it are being read; how many bitmaps may wait is
//! bounded for the whole run. A page that fails is a failed page; the document goes on without it.

use crate::identify::StagedFile;
use reading::cancel::Cancel;
use reading::layout::{self, LineKind, PageReading, RegionKind};
use reading::limits::ScanLimits;
use reading::media::MediaType;
use reading::page_images::{ImageMaker, ImageRequest};
use reading::read::{ENGINE_NAME, ENGINE_VERSION, SECOND_NAME};
use reading::reason::{PoolError, Reason, Refusal};
use reading::worker::{DecodedPage, PageOrigin, Pool, ScanPage, TextVerdict};
use records::ids::Fingerprint;
use records::pages::{Area, CharBox, NewPage, NewTextLayer, PageState, TextLayer, TextLine, UnreadRegion};
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Engine name of text that came with the file.
const PDF_TEXT: &str = "pdf-text";
const PDF_TEXT_VERSION: &str = "pdfium";
/// Size of the sheet that stands for a page which could not be decoded: A4 at 200 dpi.
const UNSEEN_PAGE: (u32, u32) = (1654, 2339);

/// A page as it was read, with what only extraction needs to know.
#[derive(Clone, Debug)]
pub struct ReadPage {
    pub page: NewPage,
    /// Lines that are part of a seal.
    pub seals: Vec<usize>,
    /// Characters that reading was not sure of and has repaired.
    pub repaired: Vec<Range<usize>>,
    /// Drawn from text and lines, never on paper as far as one can see.
    pub born_digital: bool,
}

/// Why reading stopped without a result.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    #[error("stopped")]
    Cancelled,
    #[error(transparent)]
    Workers(PoolError),
    #[error(transparent)]
    Record(#[from] records::Error),
}

/// What reading the pages of a run shares.
#[derive(Clone)]
pub struct PageMeans {
    pub pool: Pool,
    /// Places for page bitmaps that are decoded and not yet read.
    pub ahead: Arc<Semaphore>,
    pub limits: ScanLimits,
    /// Where images of large pages are made while their bitmaps are in hand.
    pub images: Option<ImageMaker>,
}

/// Reads every page of the scans of one document. The inner error is about the document.
///
/// `told` is called with the number of each page that is done and how many are known of.
///
/// # Errors
/// When there are no workers or the run was cancelled; then nothing is known of the document.
pub async fn read_pages(
    means: &PageMeans,
    scans: &[StagedFile],
    cancel: &Cancel,
    told: impl Fn(u32, u32),
) -> Result<Result<Vec<ReadPage>, Refusal>, Stop> {
    let PageMeans {
        pool, ahead, limits, ..
    } = means;
    let mut pages: Vec<Option<ReadPage>> = Vec::new();
    let mut reading: JoinSet<Reading> = JoinSet::new();
    let mut done = 0;
    // Whether a picture of any page can be shown, read or not.
    let mut seen = false;
    for (scan, staged) in scans.iter().enumerate() {
        let opened = match File::open(staged.scan.path()) {
            Ok(file) => pool.open(file, staged.media).await,
            Err(error) => {
                return Err(records::Error::io(staged.scan.path())(error).into());
            }
        };
        let mut open = match opened {
            Ok(open) => open,
            Err(PoolError::Refused(refusal)) if scans.len() == 1 => return Ok(Err(refusal)),
            Err(PoolError::Refused(refusal)) => {
                pages.push(Some(failed_page(scan, 0, None, &refusal)));
                done += 1;
                continue;
            }
            Err(unavailable) => return Err(Stop::Workers(unavailable)),
        };
        let first = pages.len();
        let count = open.pages();
        pages.resize_with(first + count as usize, || None);
        for index in 0..count {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let slot = first + index as usize;
            match open.page(index).await {
                Ok(ScanPage {
                    page,
                    bitmap: Some(bitmap),
                }) => {
                    // Only now: a page that loses its worker queues for another one, and whoever has one
                    // must never wait for a place that such a page holds.
                    let place = ahead.clone().acquire_owned().await.map_err(|_| Stop::Cancelled)?;
                    let pool = pool.clone();
                    let large = means.images.clone().filter(|images| images.is_large(&bitmap));
                    let image = (staged.scan.fingerprint, staged.media, index);
                    seen = true;
                    reading.spawn(async move {
                        let result = pool.read(&bitmap).await;
                        if let (Some(images), Ok(reading)) = (large, &result) {
                            images.make_from(&bitmap, image_request(image, reading)).await;
                        }
                        drop((bitmap, place));
                        Reading {
                            slot,
                            scan,
                            page,
                            result,
                        }
                    });
                }
                Ok(ScanPage { page, bitmap: None }) => {
                    pages[slot] = Some(delivered_page(scan, page));
                    done += 1;
                    told(done, pages.len() as u32);
                }
                Err(PoolError::Refused(refusal)) => {
                    pages[slot] = Some(failed_page(scan, index, None, &refusal));
                    done += 1;
                    told(done, pages.len() as u32);
                }
                Err(unavailable) => return Err(Stop::Workers(unavailable)),
            }
            while let Some(read) = reading.try_join_next() {
                put(&mut pages, read)?;
                done += 1;
                told(done, pages.len() as u32);
            }
        }
        if count == 0 {
            let refusal = Refusal::new(Reason::Unreadable, "it has no pages");
            if scans.len() == 1 {
                return Ok(Err(refusal));
            }
            pages.push(Some(failed_page(scan, 0, None, &refusal)));
        }
    }
    while let Some(read) = reading.join_next().await {
        put(&mut pages, read)?;
        done += 1;
        told(done, pages.len() as u32);
    }
    let pages: Vec<ReadPage> = pages.into_iter().flatten().collect();
    Ok(unless_all_failed(pages, seen, limits))
}

/// The image of a page that was just read, in its own width.
fn image_request((scan, media, scan_index): (Fingerprint, MediaType, u32), reading: &PageReading) -> ImageRequest {
    ImageRequest {
        scan,
        media,
        scan_index,
        turn: reading.turn,
        width: reading.width,
        page_width: reading.width,
    }
}

/// A page on its way through a read worker.
struct Reading {
    slot: usize,
    scan: usize,
    page: DecodedPage,
    result: Result<PageReading, PoolError>,
}

fn put(pages: &mut [Option<ReadPage>], read: Result<Reading, tokio::task::JoinError>) -> Result<(), Stop> {
    // A task ends badly only when the runtime goes down with it.
    let Reading {
        slot,
        scan,
        page,
        result,
    } = read.map_err(|_| Stop::Cancelled)?;
    pages[slot] = Some(match result {
        Ok(reading) => read_page(scan, page, reading),
        Err(PoolError::Refused(refusal)) => failed_page(scan, page.index, Some((page.width, page.height)), &refusal),
        Err(unavailable) => return Err(Stop::Workers(unavailable)),
    });
    Ok(())
}

/// A document of which no page can be shown is no document. One whose pages are seen and could not be read is: its
/// pages are failed pages, and a person reads them.
fn unless_all_failed(pages: Vec<ReadPage>, seen: bool, limits: &ScanLimits) -> Result<Vec<ReadPage>, Refusal> {
    if pages.len() > limits.pages_max as usize {
        let detail = format!("{} pages, {} are allowed", pages.len(), limits.pages_max);
        return Err(Refusal::new(Reason::TooManyPages, detail));
    }
    if seen || pages.iter().any(|page| page.page.state != PageState::Failed) {
        return Ok(pages);
    }
    let failure = pages.first().map_or("", |page| page.page.failure.as_str());
    let code = failure.split(':').next().unwrap_or_default();
    let reason = Reason::from_code(code).unwrap_or(Reason::PageFailed);
    let detail = failure.strip_prefix(code).unwrap_or(failure).trim_start_matches(": ");
    let detail = detail.split("; ").next().unwrap_or(detail);
    Err(Refusal::new(reason, format!("no page can be read: {detail}")))
}

/// A page whose text came with it.
pub(crate) fn delivered_page(scan: usize, page: DecodedPage) -> ReadPage {
    let parts = page.text.as_ref().map(|text| layer_of(text, page.width, page.height));
    let Parts { layer, seals, repaired } = parts.unwrap_or_default();
    let blank = layer.lines.is_empty();
    let new = NewPage {
        scan,
        scan_index: page.index,
        turn: 0,
        width: page.width,
        height: page.height,
        state: if blank { PageState::Blank } else { PageState::Read },
        failure: String::new(),
        unread_regions: Vec::new(),
        text: Some(delivered_layer(&page, layer)),
        other_text: None,
    };
    let born_digital = page.origin == PageOrigin::BornDigital;
    ReadPage {
        page: new,
        seals,
        repaired,
        born_digital,
    }
}

/// A page that was read by the engine; a text layer that came with it is kept beside.
pub(crate) fn read_page(scan: usize, page: DecodedPage, reading: PageReading) -> ReadPage {
    let Parts { layer, seals, repaired } = layer_of(&reading.text, reading.width, reading.height);
    let look = |region: &layout::Region| {
        let reason = match region.kind {
            RegionKind::InkWithoutText => "ink_without_text",
            RegionKind::Handwriting => "handwriting",
            RegionKind::LowConfidence => "low_confidence",
            // A seal is read; it needs no look.
            RegionKind::Seal => return None,
        };
        Some(UnreadRegion {
            area: area_of(&region.area, reading.width, reading.height),
            reason: reason.to_owned(),
        })
    };
    let unread_regions: Vec<UnreadRegion> = reading.regions.iter().filter_map(look).collect();
    let other_text = page.text.as_ref().map(|text| {
        let parts = layer_of(text, page.width, page.height);
        delivered_layer(&page, parts.layer)
    });
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
        failure: String::new(),
        unread_regions,
        text: Some(NewTextLayer {
            engine: ENGINE_NAME.to_owned(),
            engine_version: match reading.second_at_hand {
                true => [ENGINE_VERSION, SECOND_NAME].join(" + "),
                false => ENGINE_VERSION.to_owned(),
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
        born_digital: page.origin == PageOrigin::BornDigital,
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
        failure: refusal.to_string(),
        unread_regions: Vec::new(),
        text: None,
        other_text: None,
    };
    ReadPage {
        page,
        seals: Vec::new(),
        repaired: Vec::new(),
        born_digital: false,
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
fn layer_of(text: &layout::PageText, width: u32, height: u32) -> Parts {
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
fn upright(line: &layout::TextLine) -> layout::Area {
    let rise = line.slope.abs() * line.area.w / 2.0;
    layout::Area {
        y: line.area.y - rise,
        h: line.area.h + 2.0 * rise,
        ..line.area
    }
}

fn area_of(area: &layout::Area, width: u32, height: u32) -> Area {
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

    fn line(text: &str, slope: f32) -> layout::TextLine {
        layout::TextLine {
            text: text.to_owned(),
            confidence: 0.9,
            area: layout::Area {
                x: -4.0,
                y: 100.0,
                w: 204.0,
                h: 40.0,
            },
            slope,
            chars: text
                .chars()
                .enumerate()
                .map(|(i, _)| layout::CharBox {
                    x: 20.0 * i as f32,
                    w: 18.0,
                    confidence: 0.8,
                })
                .collect(),
            ..layout::TextLine::default()
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
        let text = layout::PageText {
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

    #[test]
    fn a_document_without_a_single_page_is_refused_with_the_reason_of_its_pages() {
        let refusal = Refusal::new(Reason::TimedOut, "no answer within 20s");
        let failed = || failed_page(0, 0, None, &refusal);
        let limits = ScanLimits::default();
        let refused = unless_all_failed(vec![failed(), failed()], false, &limits).err();
        assert_eq!(
            refused,
            Some(Refusal::new(
                Reason::TimedOut,
                "no page can be read: no answer within 20s"
            ))
        );
        let unread = unless_all_failed(vec![failed()], true, &limits);
        assert_eq!(unread.map(|pages| pages.len()), Ok(1), "its picture can be shown");
        let mut good = failed();
        good.page.state = PageState::Read;
        assert_eq!(
            unless_all_failed(vec![failed(), good], false, &limits).map(|p| p.len()),
            Ok(2)
        );
    }
}
