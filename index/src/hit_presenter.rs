//! From the pages gathered to what is shown: the stored text of the hits in view, with snippets and marks.

use tantivy::schema::Value;

use crate::answer::{DocumentHit, DossierHit, PageHit};
use crate::collect::{DocumentGroup, DossierGroup, GatheredHits};
use crate::highlight::{Marker, Mask, snippet};
use crate::readers::IndexReaders;
use crate::request::SearchLimits;
use crate::searcher::VisibleSearcher;

/// Renders the pages gathered.
pub(crate) struct HitPresenter<'a> {
    pub readers: &'a IndexReaders,
    pub searcher: &'a VisibleSearcher,
    pub gathered: &'a GatheredHits,
    pub marker: &'a Marker,
    pub mask: Option<Mask>,
    pub limits: &'a SearchLimits,
    /// Pages shown of one document.
    pub pages_max: usize,
}

impl HitPresenter<'_> {
    pub fn dossier(&self, dossier: &DossierGroup) -> tantivy::Result<DossierHit> {
        let groups = || dossier.documents.iter().map(|at| &self.gathered.groups[*at]);
        let shown = groups().take(self.limits.documents_per_dossier);
        Ok(DossierHit {
            dossier_uid: (dossier.dossier != 0).then(|| signed(dossier.dossier)),
            documents_hit: dossier.documents.len(),
            pages_hit: groups().map(|group| self.gathered.pages_of(group)).sum(),
            documents: shown
                .map(|group| self.document(group))
                .collect::<tantivy::Result<_>>()?,
        })
    }

    pub fn document(&self, group: &DocumentGroup) -> tantivy::Result<DocumentHit> {
        self.pages(group, self.pages_max)
    }

    pub fn every_page(&self, group: &DocumentGroup) -> tantivy::Result<DocumentHit> {
        self.pages(group, usize::MAX)
    }

    fn pages(&self, group: &DocumentGroup, pages_max: usize) -> tantivy::Result<DocumentHit> {
        let mut pages = Vec::new();
        for (address, page, number) in self.gathered.hits_of(group).into_iter().take(pages_max) {
            let stored = self.searcher.stored(address)?;
            let text = stored
                .get_first(self.readers.page_fields.body)
                .and_then(|value| value.as_str())
                .unwrap_or_default();
            let ranges = self.marker.ranges(text, self.limits.snippet.ranges_max);
            let snippet = snippet(text, &ranges, &self.limits.snippet, self.mask);
            pages.push(PageHit {
                page_uid: signed(page),
                number,
                snippet,
                ranges,
            });
        }
        Ok(DocumentHit {
            document_uid: signed(group.document),
            dossier_uid: (group.dossier != 0).then(|| signed(group.dossier)),
            pages_hit: self.gathered.pages_of(group),
            pages,
        })
    }
}

fn signed(uid: u64) -> i64 {
    i64::try_from(uid).unwrap_or(i64::MAX)
}
