//! Page images made ahead at idle priority, the newest documents first; pages a reader is about to open come before them.
//!
//! It stops where the cache is as full as previews may make it;
//! missing images are made on request.

use super::WorkerPageImages;
use reading::cancel::Cancel;
use records::page_images::PageImageRequest;
use records::{Error, System};
use std::time::Duration;
use tokio::sync::mpsc;

/// Documents that are listed at once.
const DOCUMENTS_AT_ONCE: usize = 16;
/// Pages of one document made ahead; after a reader turns this many pages, the expected next ones follow.
const PAGES_OF_A_DOCUMENT: u32 = 20;

/// Bounds on making images ready.
#[derive(Clone, Copy, Debug)]
pub struct ReadyLimits {
    /// How often to look for new documents; there is no signal between processes that works everywhere.
    pub look_every: Duration,
    /// How long to wait after the machine has failed: no workers, no database.
    pub pause: Duration,
}

impl Default for ReadyLimits {
    fn default() -> Self {
        ReadyLimits {
            look_every: Duration::from_secs(5),
            pause: Duration::from_secs(60),
        }
    }
}

/// Makes page images ready.
pub struct Readier {
    system: System,
    images: WorkerPageImages,
    expected: mpsc::Receiver<PageImageRequest>,
    limits: ReadyLimits,
    /// The newest document that was ever listed.
    newest: i64,
    /// Documents still to be gone through, as (above, up to); the newest last.
    open: Vec<(i64, i64)>,
}

impl Readier {
    pub(super) fn new(
        system: System,
        images: WorkerPageImages,
        expected: mpsc::Receiver<PageImageRequest>,
        limits: ReadyLimits,
    ) -> Readier {
        Readier {
            system,
            images,
            expected,
            limits,
            newest: 0,
            open: Vec::new(),
        }
    }

    /// Makes images until cancelled; a failure is logged and retried later.
    pub async fn serve(mut self, cancel: &Cancel) {
        let mut worked = false;
        while !cancel.is_cancelled() {
            let wait = match self.round(cancel).await {
                Ok(true) => {
                    worked = true;
                    continue;
                }
                Ok(false) => {
                    if std::mem::take(&mut worked) {
                        tracing::info!(documents_upto = self.newest, "page_images.ready");
                    }
                    self.limits.look_every
                }
                Err(error) => {
                    tracing::warn!(%error, "page_images.interrupted");
                    self.limits.pause
                }
            };
            // Nothing to do: the worker gives its memory back.
            self.images.maker().rest();
            tokio::select! {
                Some(request) = self.expected.recv() => self.images.make_spare(vec![request]).await,
                () = tokio::time::sleep(wait) => {}
                () = cancel.cancelled() => {}
            }
        }
    }

    /// Makes what is expected and goes through one window of documents; `false` when there was nothing to do.
    async fn round(&mut self, cancel: &Cancel) -> Result<bool, Error> {
        if self.images.maker().has_enough() {
            return Ok(false);
        }
        let newest = self.system.document_newest_uid().await?;
        if newest > self.newest {
            self.open.push((self.newest, newest));
            self.newest = newest;
        }
        let Some((above, upto)) = self.open.pop() else {
            return Ok(false);
        };
        let documents = self.system.document_uids_down(above, upto, DOCUMENTS_AT_ONCE).await?;
        let (Some(&first), Some(&last)) = (documents.first(), documents.last()) else {
            return Ok(true);
        };
        let pages = self.system.pages_to_show(last, first, PAGES_OF_A_DOCUMENT).await?;
        if last - 1 > above {
            self.open.push((above, last - 1));
        }
        for pages in pages.chunk_by(|a, b| a.document_uid == b.document_uid && a.image.scan == b.image.scan) {
            while let Ok(request) = self.expected.try_recv() {
                self.images.make_spare(vec![request]).await;
            }
            if cancel.is_cancelled() || self.images.maker().has_enough() {
                return Ok(false);
            }
            self.images
                .make_spare(pages.iter().map(|page| page.image.clone()).collect())
                .await;
        }
        Ok(true)
    }
}
