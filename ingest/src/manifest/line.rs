//! A line of a manifest as it is queried by path.

use super::known::{KnownFacts, ManifestEntry, ManifestSource};
use records::batches::ManifestLine;
use records::tables::TableRow;
use std::path::PathBuf;
use vocabulary::detail::Detail;

pub(super) fn read_entry(row: &TableRow, file: &str, problems: &mut Vec<Detail>) -> Option<(ManifestEntry, PathBuf)> {
    let ManifestLine {
        line,
        written,
        path,
        document,
        sequence,
        customer_code,
        customer_name,
        kind,
        title,
        number,
        date,
        location_code,
        security_level,
        page_count,
        paper,
        department,
        site,
        particulars,
        attributes,
    } = ManifestLine::read(row, problems)?;
    let known = KnownFacts {
        customer_codes: Some(customer_code)
            .filter(|code| !code.is_empty())
            .into_iter()
            .collect(),
        customer_name,
        kind,
        title,
        number,
        date,
        location_code,
        security_level,
        page_count,
        paper,
        department,
        site,
        particulars,
        attributes,
        source: ManifestSource {
            file: file.to_owned(),
            line,
        },
        contradictions: Vec::new(),
    };
    let entry = ManifestEntry {
        line,
        written,
        path: path.clone(),
        document,
        sequence,
        known,
    };
    Some((entry, path))
}
