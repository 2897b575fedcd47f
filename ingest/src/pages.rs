//! Scans to pages: the results of decode and read workers, as the pages of one document.
//!
//! A page that fails is stored as failed; the document continues without its text.

mod layers;
mod reader;

pub use layers::ReadPage;
pub(crate) use layers::{delivered_page, failed_page, read_page};
pub use reader::{OpenedScan, PageOutcome, PageReader, PagesStopped, UnderWay, Wanted};

use crate::identify::StagedFile;
use reading::cancel::Cancel;
use reading::limits::ScanLimits;
use reading::page::BesidePages;
use reading::reason::Refusal;
use records::pages::PageState;
use std::fs::File;
use vocabulary::Reason;
use vocabulary::detail::{Detail, DetailCode};

/// What reading the pages of a run shares.
#[derive(Clone)]
pub struct PageMeans {
    pub reader: PageReader,
    pub limits: ScanLimits,
}

/// Where a page belongs among those of its document.
#[derive(Clone, Copy, Debug)]
struct At {
    slot: usize,
    scan: usize,
    index: u32,
}

/// The pages of a document, as they come.
struct CollectedPages<F> {
    pages: Vec<Option<ReadPage>>,
    done: u32,
    /// Whether a picture of any page can be shown, read or not.
    is_shown: bool,
    on_page: F,
}

impl<F: Fn(u32, u32)> CollectedPages<F> {
    fn put(&mut self, (at, outcome): (At, PageOutcome)) {
        self.pages[at.slot] = Some(match outcome {
            PageOutcome::Delivered(page) => delivered_page(at.scan, page),
            PageOutcome::Read(page, reading) => read_page(at.scan, page, reading),
            PageOutcome::Failed { decoded, refusal } => {
                self.is_shown |= decoded.is_some();
                let size = decoded.as_ref().map(|page| (page.width, page.height));
                ReadPage {
                    marks: decoded.map(|page| page.marks).unwrap_or_default(),
                    ..failed_page(at.scan, at.index, size, &refusal)
                }
            }
        });
        self.done += 1;
        (self.on_page)(self.done, self.pages.len() as u32);
    }

    /// A placeholder for a scan without pages.
    fn put_failed_scan(&mut self, scan: usize, refusal: &Refusal) {
        self.pages.push(Some(failed_page(scan, 0, None, refusal)));
        self.done += 1;
    }
}

/// The pages of a document, and what its scans hold besides them.
pub struct PagesOfScans {
    pub pages: Vec<ReadPage>,
    /// One for each scan; empty of one that cannot be opened.
    pub beside: Vec<BesidePages>,
}

impl PagesOfScans {
    /// What is said of its signatures.
    pub fn noted(&self) -> Vec<Detail> {
        self.beside.iter().flat_map(|b| b.said.clone()).collect()
    }

    /// What a person has to look at, because it is not on the pages.
    pub fn elsewhere(&self) -> Vec<Detail> {
        let forms = self.beside.iter().filter(|b| b.is_dynamic_form);
        forms.map(|_| DetailCode::FormNotDrawn.alone()).collect()
    }
}

/// Reads every page of the scans of one document. The inner error is about the document.
///
/// `on_page` is called with the number of each page that is done and how many are known of.
///
/// # Errors
/// When there are no workers or the run was cancelled; then nothing is known of the document.
pub async fn read_pages(
    means: &PageMeans,
    scans: &[StagedFile],
    cancel: &Cancel,
    on_page: impl Fn(u32, u32),
) -> Result<Result<PagesOfScans, Refusal>, PagesStopped> {
    let mut beside = Vec::new();
    let mut gathered = CollectedPages {
        pages: Vec::new(),
        done: 0,
        is_shown: false,
        on_page,
    };
    let mut under_way = UnderWay::new();
    for (scan, staged) in scans.iter().enumerate() {
        let file = File::open(staged.scan.path()).map_err(records::Error::io(staged.scan.path()))?;
        let opened = means.reader.open(file, staged.scan.fingerprint, staged.media).await?;
        let opened = opened.and_then(|opened| match opened.pages() {
            0 => Err(Refusal::new(Reason::Unreadable, DetailCode::NoPages)),
            _ => Ok(opened),
        });
        let mut opened = match opened {
            Ok(opened) => opened,
            Err(refusal) if scans.len() == 1 => return Ok(Err(refusal)),
            Err(refusal) => {
                gathered.put_failed_scan(scan, &refusal);
                beside.push(BesidePages::default());
                continue;
            }
        };
        beside.push(opened.beside().clone());
        let first = gathered.pages.len();
        gathered.pages.resize_with(first + opened.pages() as usize, || None);
        for index in 0..opened.pages() {
            if cancel.is_cancelled() {
                return Err(PagesStopped::Cancelled);
            }
            let slot = first + index as usize;
            let at = At { slot, scan, index };
            let page = means
                .reader
                .page(&mut opened, index, Wanted::default(), at, &mut under_way);
            if let Some(page) = page.await? {
                gathered.put(page);
            }
            while let Some(read) = under_way.try_next() {
                gathered.put(read?);
            }
        }
    }
    while let Some(read) = under_way.next().await {
        gathered.put(read?);
    }
    let pages: Vec<ReadPage> = gathered.pages.into_iter().flatten().collect();
    let pages = unless_all_failed(pages, gathered.is_shown, &means.limits);
    Ok(pages.map(|pages| PagesOfScans { pages, beside }))
}

/// A document of which no page can be shown is no document. One whose pages are seen and could not be read is: its
/// pages are failed pages, and a person reads them.
fn unless_all_failed(pages: Vec<ReadPage>, is_shown: bool, limits: &ScanLimits) -> Result<Vec<ReadPage>, Refusal> {
    if pages.len() > limits.pages_max as usize {
        let detail = DetailCode::PagesAllowed.with(pages.len()).with(limits.pages_max);
        return Err(Refusal::new(Reason::TooManyPages, detail));
    }
    if is_shown || pages.iter().any(|page| page.page.state != PageState::Failed) {
        return Ok(pages);
    }
    let first = pages.into_iter().find_map(|page| page.refusal);
    Err(match first {
        Some(refusal) => Refusal::new(refusal.reason, DetailCode::NoPageReadable.with(refusal.detail)),
        None => Refusal::new(Reason::Unreadable, DetailCode::NoPages),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_without_a_single_page_is_refused_with_the_reason_of_its_pages() {
        let refusal = Refusal::new(Reason::TimedOut, DetailCode::NoAnswerWithin.with("20s"));
        let failed = || failed_page(0, 0, None, &refusal);
        let limits = ScanLimits::default();
        let refused = unless_all_failed(vec![failed(), failed()], false, &limits).err();
        assert_eq!(
            refused,
            Some(Refusal::new(
                Reason::TimedOut,
                DetailCode::NoPageReadable.with(DetailCode::NoAnswerWithin.with("20s"))
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
