//! The list of a delivery, looked at before anything is sent: what each line says, what of it the archive does not know, and
//! which files it speaks of. Nothing is written.

use crate::Result;
use records::{
    Archive, Asker,
    batches::{ManifestLine, cell_faults, not_used},
    fold,
    kinds::Kinds,
    places::CodeLookup,
    tables::Table,
};
use std::{collections::HashMap, path::PathBuf};
use vocabulary::detail::{Detail, DetailCode};

/// What a list would do.
#[derive(Debug, Default)]
pub struct ManifestCheck {
    pub papers: Vec<ManifestLine>,
    /// By line.
    pub problems: Vec<ManifestRemark>,
    /// Columns that are kept as further fields.
    pub unknown_columns: Vec<String>,
    /// Chosen files of which no line speaks.
    pub not_listed: Vec<String>,
}

/// What is to be said of a line.
#[derive(Debug, PartialEq)]
pub struct ManifestRemark {
    pub line: u64,
    pub detail: Detail,
}

/// Checks the lines of a list; `left_out` are those with more cells than the header, `files` the names that are sent with it,
/// where that is known.
///
/// # Errors
/// When the record does not answer.
pub async fn check(
    archive: &Archive,
    asker: &Asker,
    (table, left_out): (Table, Vec<u64>),
    files: Option<&[String]>,
) -> Result<ManifestCheck> {
    let mut found = ManifestCheck::default();
    let remark = |line, detail| ManifestRemark { line, detail };
    let too_long = left_out.into_iter();
    found
        .problems
        .extend(too_long.map(|line| remark(line, not_used(DetailCode::ManifestCellsExceedHeader.alone()))));
    let mut by_path: HashMap<PathBuf, u64> = HashMap::new();
    for row in &table.rows {
        let mut problems = cell_faults(row);
        let line = ManifestLine::read(row, &mut problems);
        found
            .problems
            .extend(problems.into_iter().map(|detail| remark(row.line, detail)));
        let Some(line) = line else { continue };
        match by_path.get(&line.path) {
            Some(first) => {
                let twice = not_used(DetailCode::ManifestPathTwice.with(*first));
                found.problems.push(remark(line.line, twice));
            }
            None => {
                by_path.insert(line.path.clone(), line.line);
                found.papers.push(line);
            }
        }
    }
    found.unknown_columns = table.unknown_columns;
    let kinds = archive.kinds(asker).await?;
    let mut known = CodesSeen::default();
    for paper in &found.papers {
        for detail in known.missing(archive, asker, &kinds, paper).await? {
            found.problems.push(remark(paper.line, detail));
        }
    }
    if let Some(files) = files {
        compare(&mut found, files);
    }
    found.problems.sort_by_key(|problem| problem.line);
    Ok(found)
}

/// Codes that were looked up already; a list names few customers and places many times.
#[derive(Default)]
struct CodesSeen {
    customers: HashMap<String, bool>,
    places: HashMap<String, bool>,
}

impl CodesSeen {
    /// What a line names and the archive does not have.
    async fn missing(
        &mut self,
        archive: &Archive,
        asker: &Asker,
        kinds: &Kinds,
        paper: &ManifestLine,
    ) -> Result<Vec<Detail>> {
        let mut missing = Vec::new();
        let code = paper.customer_code.as_str();
        if !code.is_empty() && !self.has_customer(archive, asker, code).await? {
            missing.push(DetailCode::ManifestCustomerUnknown.with(code));
        }
        let code = paper.location_code.as_str();
        if !code.is_empty() && !self.has_place(archive, asker, code).await? {
            missing.push(DetailCode::ManifestLocationUnknown.with(code));
        }
        if !paper.kind.is_empty() && kinds.resolve(&paper.kind).is_none() {
            missing.push(DetailCode::ManifestKindUnknown.with(paper.kind.as_str()));
        }
        Ok(missing)
    }

    async fn has_customer(&mut self, archive: &Archive, asker: &Asker, code: &str) -> Result<bool> {
        let key = fold::code(code);
        if let Some(known) = self.customers.get(&key) {
            return Ok(*known);
        }
        let is_there = archive.customer(asker, code).await?.is_some();
        self.customers.insert(key, is_there);
        Ok(is_there)
    }

    async fn has_place(&mut self, archive: &Archive, asker: &Asker, code: &str) -> Result<bool> {
        let key = fold::code(code);
        if let Some(known) = self.places.get(&key) {
            return Ok(*known);
        }
        let lookup = archive.locate(asker, code).await?;
        let is_there = matches!(lookup, CodeLookup::Location(_) | CodeLookup::Container(_));
        self.places.insert(key, is_there);
        Ok(is_there)
    }
}

/// The files beside the lines: a line speaks of its file, or of every file in its folder.
fn compare(found: &mut ManifestCheck, files: &[String]) {
    let plain = |path: &str| path.replace('\\', "/").trim_start_matches("./").to_lowercase();
    let paths: Vec<String> = found
        .papers
        .iter()
        .map(|paper| plain(&paper.path.to_string_lossy()))
        .collect();
    let mut spoken_of = vec![false; paths.len()];
    let at: HashMap<&str, usize> = paths.iter().enumerate().map(|(at, path)| (path.as_str(), at)).collect();
    for file in files {
        let own = plain(file);
        let folders = own.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| &own[..at]);
        let lines: Vec<usize> = std::iter::once(own.as_str())
            .chain(folders)
            .filter_map(|path| at.get(path).copied())
            .collect();
        match lines.is_empty() {
            true => found.not_listed.push(file.clone()),
            false => lines.into_iter().for_each(|line| spoken_of[line] = true),
        }
    }
    let without = found.papers.iter().zip(spoken_of).filter(|(_, spoken)| !spoken);
    let remarks = without.map(|(paper, _)| ManifestRemark {
        line: paper.line,
        detail: DetailCode::ManifestFileNotChosen.with(paper.written.as_str()),
    });
    found.problems.extend(remarks);
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::batches::MANIFEST_COLUMNS;
    use records::tables::{TableLimits, read};

    #[test]
    fn files_are_found_by_their_line_or_by_the_line_of_their_folder() {
        let text = "path,title\n合同\\A.pdf,a\nb,whole folder\nc.pdf,c\n";
        let table = read(text.as_bytes(), MANIFEST_COLUMNS, &TableLimits::default()).expect("a table");
        let papers = table
            .rows
            .iter()
            .filter_map(|row| ManifestLine::read(row, &mut Vec::new()));
        let mut found = ManifestCheck {
            papers: papers.collect(),
            ..ManifestCheck::default()
        };
        let files = ["合同/a.PDF", "b/1.tif", "b/2/3.tif", "d.pdf"].map(str::to_owned);
        compare(&mut found, &files);
        assert_eq!(found.not_listed, ["d.pdf"]);
        assert_eq!(
            found.problems,
            [ManifestRemark {
                line: 4,
                detail: DetailCode::ManifestFileNotChosen.with("c.pdf")
            }]
        );
    }
}
