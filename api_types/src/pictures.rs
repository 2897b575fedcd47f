//! Addresses of page pictures, as answers name them. An address says everything that decides the bytes (page, scan,
//! turn, width), so what it leads to never changes.

use records::{ids::DocumentId, page_images::READY_WIDTHS, pages::Page};

/// Widths that are made, in pixels; an address with another width leads nowhere, so nobody can fill the cache.
pub const WIDTHS: [u32; 6] = [SMALL, 480, PREVIEW, USUAL, 1600, 2400];
pub const SMALL: u32 = READY_WIDTHS[0];
pub const PREVIEW: u32 = READY_WIDTHS[1];
pub const USUAL: u32 = READY_WIDTHS[2];

/// The part of the address that changes with the bytes.
pub fn name(page: &Page) -> String {
    format!(
        "{}-{}-{}",
        page.scan.hex().get(..16).unwrap_or_default(),
        page.scan_index,
        page.turn
    )
}

/// The address of a page's picture; another page, turn or width has another address.
pub fn page_address(document: &DocumentId, page: &Page, width: u32) -> String {
    format!(
        "/documents/{document}/pages/{}/images/{}/{width}",
        page.number,
        name(page)
    )
}

/// The picture beside a hit.
pub fn preview_address(document: &DocumentId, page: &Page) -> String {
    page_address(document, page, PREVIEW)
}

/// Every width a page is shown in, from the smallest, with its address.
pub fn all_addresses(document: &DocumentId, page: &Page) -> Vec<(u32, String)> {
    let widths = WIDTHS.iter().filter(|width| **width <= page.width || **width == SMALL);
    widths
        .map(|width| (*width, page_address(document, page, *width)))
        .collect()
}
