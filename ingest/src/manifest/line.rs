//! The table of a manifest and what each of its lines says. What cannot be used of a line is a problem beside it.

use super::{KnownFacts, ManifestEntry, ManifestSource, StatedPaper};
use records::documents::{CopyState, DocumentField, Medium, Particulars};
use records::tables::{self, ColumnRule, TableError, TableLimits, TableRow};
use records::{PartialDate, SecurityLevel, fold};
use std::path::{Component, Path, PathBuf};

/// The columns of a manifest (DESIGN section 5).
pub const MANIFEST_COLUMNS: &[ColumnRule] = &[
    column("path", &["文件", "文件名", "文件路径", "路径", "扫描件", "file"], true),
    column("document", &["文档", "件号", "文件组", "案卷内件号"], false),
    column("sequence", &["页序", "顺序", "顺序号", "序号", "页次"], false),
    column(
        "customer_code",
        &["客户代码", "客户编号", "客户号", "客户编码", "户号"],
        false,
    ),
    column("customer_name", &["客户名称", "户名", "客户", "单位名称"], false),
    column("kind", &["类型", "文件类型", "种类", "材料类型", "文件种类"], false),
    column("title", &["题名", "标题", "文件题名", "名称"], false),
    column("number", &["编号", "文号", "文件编号", "合同编号", "合同号"], false),
    column("date", &["日期", "文件日期", "签订日期", "形成日期"], false),
    column(
        "location_code",
        &["库位", "库位号", "储位", "储位码", "位置", "存放位置"],
        false,
    ),
    column("security_level", &["密级"], false),
    column("page_count", &["页数"], false),
    column(
        "original",
        &["原件", "原件/复印件", "原件复印件", "原复印件", "稿本", "copy_state"],
        false,
    ),
    column("department", &["部门", "归档部门", "所属部门"], false),
    column("site", &["机构", "网点", "分支机构", "营业厅"], false),
    column("medium", &["载体", "介质", "载体类型"], false),
    column("copies", &["份数"], false),
    column("counterpart", &["正副本", "正本/副本"], false),
    column("seals", &["印章", "用印"], false),
    column("form_code", &["表单编号", "表单号", "表号"], false),
    column("retention_class", &["保管期限"], false),
];

/// Columns that state particulars of the paper, as the record reads them.
const PARTICULARS: [DocumentField; 6] = [
    DocumentField::Medium,
    DocumentField::Copies,
    DocumentField::Counterpart,
    DocumentField::Seals,
    DocumentField::FormCode,
    DocumentField::RetentionClass,
];

const fn column(name: &'static str, headers: &'static [&'static str], required: bool) -> ColumnRule {
    ColumnRule {
        name,
        headers,
        required,
    }
}

/// Characters of the name of a department or site.
const NAME_MAX: usize = 64;

/// Lines of a manifest that may have a wrong number of cells before it is given up as a whole.
const BROKEN_LINES_MAX: usize = 200;

/// Reads a table; lines with too many cells are put aside with what is wrong with them.
pub(super) fn read_forgiving(
    bytes: &[u8],
    limits: &TableLimits,
) -> Result<(tables::Table, Vec<(u64, String)>), TableError> {
    let mut broken: Vec<(u64, String)> = Vec::new();
    let mut text: Option<String> = None;
    loop {
        let result = tables::read(text.as_ref().map_or(bytes, String::as_bytes), MANIFEST_COLUMNS, limits);
        match result {
            Err(TableError::Line { line, reason })
                if line > 1 && broken.len() < BROKEN_LINES_MAX && !bytes.starts_with(b"PK") =>
            {
                let current = match text.take() {
                    Some(text) => text,
                    None => tables::decode(bytes)?,
                };
                // The number of every other line stays what it is.
                let without = current
                    .split('\n')
                    .zip(1..)
                    .map(|(content, number)| if number == line { "" } else { content });
                text = Some(without.collect::<Vec<_>>().join("\n"));
                broken.push((line, reason));
            }
            Err(error) => return Err(error),
            Ok(table) => return Ok((table, broken)),
        }
    }
}

pub(super) fn read_entry(row: &TableRow, file: &str, problems: &mut Vec<String>) -> Option<(ManifestEntry, PathBuf)> {
    let written = row.get("path");
    let path = match relative_path(written) {
        Ok(path) => path,
        Err(what) => {
            problems.push(format!("the path `{written}` {what}; the line was not used"));
            return None;
        }
    };
    let mut wrong = |column: &str, value: &str, what: &str| {
        problems.push(format!("{column} `{value}` {what}"));
    };
    let date = PartialDate::parse(row.get("date")).unwrap_or_else(|_| {
        wrong(
            "date",
            row.get("date"),
            "is no date; write 2024, 2024-05 or 2024-05-13. It was left out",
        );
        PartialDate::default()
    });
    let mut number = |column: &'static str| {
        let text = fold::half_width(row.get(column));
        let parsed = text.parse::<i64>().ok().filter(|n| (0..=1_000_000).contains(n));
        if parsed.is_none() && !text.is_empty() {
            wrong(column, &text, "is no number; it was left out");
        }
        parsed
    };
    let (sequence, page_count) = (number("sequence"), number("page_count"));
    let security_level = read_level(row.get("security_level"), &mut wrong);
    let paper = read_paper(row.get("original")).unwrap_or_else(|| {
        wrong(
            "original",
            row.get("original"),
            "is unknown; write 原件, 复印件 or 无. It was left out",
        );
        StatedPaper::Unsaid
    });
    let particulars = read_particulars(row, &mut wrong);
    let paper = match (paper, particulars.medium) {
        (StatedPaper::Unsaid, Medium::Digital) => StatedPaper::None,
        (paper, _) => paper,
    };
    let known = KnownFacts {
        customer_codes: Some(row.get("customer_code"))
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .into_iter()
            .collect(),
        customer_name: row.get("customer_name").to_owned(),
        kind: row.get("kind").to_owned(),
        title: row.get("title").to_owned(),
        number: row.get("number").to_owned(),
        date,
        location_code: row.get("location_code").to_owned(),
        security_level,
        page_count,
        paper,
        department: shortened(row.get("department"), "department", &mut wrong),
        site: shortened(row.get("site"), "site", &mut wrong),
        particulars,
        attributes: row.others.clone(),
        source: ManifestSource {
            file: file.to_owned(),
            line: row.line,
        },
    };
    let entry = ManifestEntry {
        line: row.line,
        written: written.to_owned(),
        document: row.get("document").to_owned(),
        sequence,
        known,
    };
    Some((entry, path))
}

/// What is said of the paper beyond whether it is the original.
fn read_particulars(row: &TableRow, wrong: &mut impl FnMut(&str, &str, &str)) -> Particulars {
    let mut particulars = Particulars::default();
    for field in PARTICULARS {
        let text = row.get(field.as_str());
        if !text.is_empty() && particulars.set(field, text).is_err() {
            wrong(field.as_str(), text, "cannot be used; it was left out");
        }
    }
    particulars
}

/// A department or site; one that is too long to be a name is left out.
fn shortened(text: &str, column: &str, wrong: &mut impl FnMut(&str, &str, &str)) -> String {
    if text.chars().count() > NAME_MAX {
        wrong(column, text, "is too long for a name; it was left out");
        return String::new();
    }
    text.to_owned()
}

/// The level, if one is given.
fn read_level(text: &str, wrong: &mut impl FnMut(&str, &str, &str)) -> Option<SecurityLevel> {
    match (text, SecurityLevel::parse(text)) {
        ("", _) => None,
        (_, Ok(level)) => Some(level),
        (_, Err(_)) => {
            // Shown to too few is put right by a person; shown to too many is not.
            wrong("security_level", text, "is none; write 0 to 3. The highest was taken");
            Some(SecurityLevel::Secret)
        }
    }
}

fn read_paper(text: &str) -> Option<StatedPaper> {
    match fold::name(text).as_str() {
        "" => Some(StatedPaper::Unsaid),
        "无" | "none" | "电子" | "电子件" | "电子文件" | "digital" | "electronic" => Some(StatedPaper::None),
        _ => CopyState::parse(text).ok().map(StatedPaper::Is),
    }
}

/// A path below the manifest's folder, from either kind of separator.
fn relative_path(written: &str) -> Result<PathBuf, &'static str> {
    if written.is_empty() {
        return Err("is missing");
    }
    let plain = written.replace('\\', "/");
    if plain.starts_with('/') || plain.as_bytes().get(1) == Some(&b':') {
        return Err("is absolute; write it relative to the folder of the manifest");
    }
    let mut path = PathBuf::new();
    for part in Path::new(&plain).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            _ => return Err("leads out of the folder of the manifest"),
        }
    }
    if path.as_os_str().is_empty() {
        return Err("names the folder of the manifest itself");
    }
    Ok(path)
}
