//! What is known of a document: facts, why it is linked, its scan files, what a reader is to be warned of.

use crate::{
    http::{address, who::Seat},
    rail,
    screens::parts::{self, FactView, WhyLinked},
    state::Web,
    text::Text,
};
use records::{
    documents::{self, Document, DocumentScan, DocumentState, Particulars, Validity, ValidityEnd},
    ids::DocumentId,
    pages::PageState,
};
use vocabulary::ReadingFlag;
use vocabulary::detail::{Arg, Detail, DetailCode};

#[derive(Debug, Clone)]
pub struct ScanRow {
    pub url: String,
    pub name: String,
    pub size: String,
    pub media: String,
    pub digest: String,
}

impl ScanRow {
    pub fn digest_short(&self) -> String {
        let short: String = self.digest.chars().take(16).collect();
        format!("{short}…")
    }
}

pub(super) fn warnings_of(t: Text, document: &Document) -> Vec<String> {
    let mut warnings = Vec::new();
    if document.by_grant {
        warnings.push(t.say("grant-by-grant"));
    }
    match document.row.state {
        DocumentState::InReview => warnings.push(t.say("warning-needs-review")),
        DocumentState::Withdrawn => warnings.push(t.say("warning-withdrawn")),
        DocumentState::Filed => {}
    }
    for page in document.pages.iter().filter(|page| page.state == PageState::Failed) {
        warnings.push(t.fill(
            "warning-page-failed",
            &[
                ("page", &page.number),
                ("reason", &parts::said(t, page.failure.as_ref())),
            ],
        ));
    }
    let differing = documents::Fact::SUMS_DIFFER;
    for sum in document.facts.iter().filter(|fact| fact.rule == differing) {
        warnings.push(t.fill("warning-sums-differ", &[("page", &sum.page_number), ("sum", &sum.text)]));
    }
    let regions = document.pages.iter().flat_map(|page| &page.unread_regions);
    // Doubtful text was read all the same; the box on reading says where it stands.
    let unread = regions
        .filter(|region| region.reason != ReadingFlag::LowConfidence.as_str())
        .count();
    if unread > 0 {
        warnings.push(t.n("warning-unread-ink", unread));
    }
    warnings
}

pub(super) fn facts_of(web: &Web, seat: &Seat, document: &Document, kind: &str) -> Vec<FactView> {
    let (t, row) = (seat.t, &document.row);
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String, url: String, code: bool| push(&mut facts, t.say(key), value, (url, code));
    add("fact-kind", kind.to_owned(), String::new(), false);
    add("fact-number", row.number.clone(), String::new(), true);
    add("fact-date", row.date.clone(), String::new(), false);
    let pages = match row.pages_declared {
        Some(declared) if declared != row.pages_scanned => t.fill(
            "pages-of-declared",
            &[("scanned", &row.pages_scanned), ("declared", &declared)],
        ),
        _ => t.number(row.pages_scanned),
    };
    add("fact-pages", pages, String::new(), false);
    add(
        "fact-dossier",
        row.dossier_no.clone(),
        address::customer(&row.customer_code),
        true,
    );
    add(
        "fact-security",
        web.level_name(t, row.security_level),
        String::new(),
        false,
    );
    add("fact-copy", copy_text(t, document), String::new(), false);
    for (key, value) in more_of(t, document) {
        add(key, value, String::new(), false);
    }
    for (name, value) in &document.attributes {
        push(
            &mut facts,
            parts::further_field(t, name),
            value.clone(),
            (String::new(), false),
        );
    }
    let mut add = |key: &str, value: String, url: String, code: bool| push(&mut facts, t.say(key), value, (url, code));
    add(
        "fact-batch",
        document.batch_name.clone(),
        match rail::readers_of_batches(&seat.asker) {
            true => format!("/batches/{}", address::encode(&document.batch_id)),
            false => String::new(),
        },
        false,
    );
    for (key, others) in [("fact-came-in", &document.came_in), ("fact-brings", &document.brings)] {
        for other in others {
            let name = [other.title.as_str(), other.number.as_str(), other.id.as_str()];
            let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
            add(key, name.to_owned(), address::document(other.id.as_str()), false);
        }
    }
    add("fact-filed", web.local(row.created_at), String::new(), false);
    add("fact-id", row.id.to_string(), String::new(), true);
    let history = t.history_of("document", row.id.as_str());
    add("history-of-record", t.say("history-show"), history, false);
    if rail::auditors(&seat.asker) {
        let audit = t.audit_of("document", row.id.as_str());
        add("who-saw", t.say("who-saw-show"), audit, false);
    }
    facts
}

/// A fact with where it leads and whether it is a code, unless nothing is known of it.
fn push(facts: &mut Vec<FactView>, label: String, value: String, (url, code): (String, bool)) {
    if !value.is_empty() {
        facts.push(FactView {
            label,
            value,
            url,
            code,
        });
    }
}

/// What a link rests on, beside our own sentence for its basis: the number, the folder, the line, the person.
fn what_it_rests_on(t: Text, detail: Option<&Detail>) -> String {
    let Some(detail) = detail else { return String::new() };
    match (detail.code, detail.args.as_slice()) {
        (DetailCode::NumberOnPage, [_, Arg::Text(number), _]) => number.clone(),
        (DetailCode::NamedByFolder | DetailCode::LinkedBy, [Arg::Text(name)]) => name.clone(),
        (DetailCode::NamedByManifest, [Arg::Text(file), Arg::Number(line), _]) => {
            t.fill("manifest-line", &[("file", file), ("line", line)])
        }
        (DetailCode::NamedOnCommandLine, _) => String::new(),
        _ => parts::said(t, Some(detail)),
    }
}

/// 与原件核对一致 with who compared it and when.
fn copy_text(t: Text, document: &Document) -> String {
    let word = t.word("copy", document.row.copy_state.as_str());
    let more = &document.particulars;
    let verified = [more.verified_by.as_str(), more.verified_on.as_str()];
    let verified: Vec<_> = verified.into_iter().filter(|text| !text.is_empty()).collect();
    match verified.as_slice() {
        [] => word,
        said => format!("{word} ({})", said.join(" · ")),
    }
}

/// What is stated beyond that, where it is stated.
fn more_of(t: Text, document: &Document) -> Vec<(&'static str, String)> {
    let Particulars {
        medium,
        verified_by: _,
        verified_on: _,
        counterpart,
        copies,
        seals,
        form_code,
        retention_class,
    } = &document.particulars;
    let Validity { from, until } = &document.validity;
    let until = match until {
        ValidityEnd::Unlimited => t.say("valid-unlimited"),
        until => until.as_str().to_owned(),
    };
    let valid = match (from.is_empty(), until.is_empty()) {
        (true, true) => String::new(),
        (_, true) => format!("{from} –"),
        (true, false) => until,
        (false, false) => format!("{from} – {until}"),
    };
    let counterpart = counterpart.map_or_else(String::new, |said| t.word("counterpart", said.as_str()));
    vec![
        ("field-medium", t.word("medium", medium.as_str())),
        ("field-counterpart", counterpart),
        (
            "field-copies",
            if *copies == 1 { String::new() } else { t.number(*copies) },
        ),
        ("field-seals", seals.join(&t.say("list-separator"))),
        ("field-form-code", form_code.clone()),
        ("fact-valid", valid),
        ("field-department", document.department.clone()),
        ("field-site", document.site.clone()),
        ("field-retention-class", retention_class.clone()),
    ]
}

pub(super) fn why_linked(t: Text, document: &Document) -> Vec<WhyLinked> {
    let reason = |text: String, words: &str, page: u32| WhyLinked {
        text,
        words: words.to_owned(),
        page,
    };
    if document.row.state == DocumentState::InReview {
        return vec![reason(
            t.word("reason", &document.review_reason),
            &parts::said(t, document.link_detail.as_ref()),
            0,
        )];
    }
    // Where the reason is a number on a page, the page is named and the number marked there.
    let detail = document.link_detail.as_ref();
    let page = match detail.map(|detail| (detail.code, detail.args.as_slice())) {
        Some((DetailCode::NumberOnPage, [_, _, Arg::Number(page)])) => u32::try_from(*page).unwrap_or_default(),
        _ => 0,
    };
    vec![reason(
        t.word("linked", document.row.link_basis.as_str()),
        &what_it_rests_on(t, detail),
        page,
    )]
}

pub(super) fn scan_row(id: &DocumentId, scan: &DocumentScan) -> ScanRow {
    let DocumentScan {
        sha256,
        bytes,
        media_type,
        path,
    } = scan;
    ScanRow {
        url: format!("{}/scans/{sha256}", address::document(id.as_str())),
        name: parts::short_path(&path.shown()).to_owned(),
        size: size_text(*bytes),
        media: match media_type.as_str() {
            "application/pdf" => "PDF",
            "image/tiff" => "TIFF",
            "image/jpeg" => "JPEG",
            "image/png" => "PNG",
            "image/bmp" => "BMP",
            "image/webp" => "WebP",
            "image/gif" => "GIF",
            "application/ofd" => "OFD",
            other => other,
        }
        .to_owned(),
        digest: sha256.clone(),
    }
}

/// Bytes for people: `812 B`, `64 KB`, `1.2 MB`.
fn size_text(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let check = |bytes, expected: &str| assert_eq!(size_text(bytes), expected);
        check(812, "812 B");
        check(64_700, "64 KB");
        check(1_233_435, "1.2 MB");
    }
}
