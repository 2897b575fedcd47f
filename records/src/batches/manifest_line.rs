//! The list of a delivery (a manifest): its columns, and what each of its lines states. A cell that cannot be used becomes a
//! problem. Nothing here knows the record: codes are plain text.

use crate::documents::{CopyState, DocumentField, Medium, Particulars};
use crate::tables::{ColumnRule, LineProblem, TableRow};
use crate::{PartialDate, SecurityLevel, fold};
use std::path::{Component, Path, PathBuf};
use vocabulary::detail::{Detail, DetailCode};

/// What is stated about the paper behind a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatedPaper {
    /// Nothing.
    #[default]
    NotStated,
    /// There is paper, and what it is.
    Is(CopyState),
    /// There is none: the file is the document.
    None,
}

/// What one line states.
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestLine {
    pub line: u64,
    /// The path as the list writes it.
    pub written: String,
    /// The same path, from the folder of the list.
    pub path: PathBuf,
    pub document: String,
    pub sequence: Option<i64>,
    pub customer_code: String,
    pub customer_name: String,
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: PartialDate,
    pub location_code: String,
    pub security_level: Option<SecurityLevel>,
    pub page_count: Option<i64>,
    pub paper: StatedPaper,
    pub department: String,
    pub site: String,
    pub particulars: Particulars,
    /// Columns that are not ours, where they say something.
    pub attributes: Vec<(String, String)>,
}

impl ManifestLine {
    /// Reads a line; `None` where it names no file that could come with the list. What cannot be used is said.
    pub fn read(row: &TableRow, problems: &mut Vec<Detail>) -> Option<Self> {
        let written = row.get("path");
        let path = match relative_path(written) {
            Ok(path) => path,
            Err(what) => {
                problems.push(not_used(what));
                return None;
            }
        };
        let mut cells = Cells { row, problems };
        let date = cells.date();
        let (sequence, page_count) = (cells.number("sequence"), cells.number("page_count"));
        let security_level = cells.security_level();
        let paper = cells.paper();
        let particulars = cells.particulars();
        let paper = match (paper, particulars.medium) {
            (StatedPaper::NotStated, Medium::Digital) => StatedPaper::None,
            (paper, _) => paper,
        };
        let text = |column: &str| row.get(column).to_owned();
        Some(Self {
            line: row.line,
            written: written.to_owned(),
            path,
            document: text("document"),
            sequence,
            customer_code: text("customer_code"),
            customer_name: text("customer_name"),
            kind: text("kind"),
            title: text("title"),
            number: text("number"),
            date,
            location_code: text("location_code"),
            security_level,
            page_count,
            paper,
            department: cells.name("department"),
            site: cells.name("site"),
            particulars,
            attributes: row
                .others()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        })
    }
}

/// The columns of a manifest.
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

/// A problem that costs the whole line.
pub fn not_used(what: Detail) -> Detail {
    DetailCode::ManifestLineNotUsed.with(what)
}

/// A problem of a column: its name, its Chinese header, the value.
fn of_column(code: DetailCode, column: &str, value: &str) -> Detail {
    let header = MANIFEST_COLUMNS.iter().find(|rule| rule.name == column);
    let chinese = header.and_then(|rule| rule.headers.first()).copied().unwrap_or(column);
    code.with(column).with(chinese).with(value)
}

/// What is said of cells that do not hold what was typed into them.
pub fn cell_faults(row: &TableRow) -> Vec<Detail> {
    let detail = |problem: &LineProblem| {
        of_column(DetailCode::ManifestCellFault, &problem.column, &problem.value).with(problem.fault.code())
    };
    row.faults().iter().map(detail).collect()
}

/// The cells of a line; one that cannot be used is left out, with a problem.
struct Cells<'a> {
    row: &'a TableRow,
    problems: &'a mut Vec<Detail>,
}

impl Cells<'_> {
    fn date(&mut self) -> PartialDate {
        let text = self.row.get("date");
        PartialDate::read(text).unwrap_or_else(|fault| {
            let detail = DetailCode::ManifestDateUnusable.with(text).with(fault.as_str());
            self.problems.push(detail);
            PartialDate::default()
        })
    }

    fn number(&mut self, column: &'static str) -> Option<i64> {
        let text = fold::half_width(self.row.get(column));
        let parsed = text.parse::<i64>().ok().filter(|n| (0..=1_000_000).contains(n));
        if parsed.is_none() && !text.is_empty() {
            let detail = of_column(DetailCode::ManifestNumberUnusable, column, &text);
            self.problems.push(detail);
        }
        parsed
    }

    /// The level, if one is stated.
    fn security_level(&mut self) -> Option<SecurityLevel> {
        let text = self.row.get("security_level");
        match (text, SecurityLevel::parse(text)) {
            ("", _) => None,
            (_, Ok(level)) => Some(level),
            (_, Err(_)) => {
                // A document shown to too few people can be corrected; one shown to too many cannot.
                self.problems.push(DetailCode::ManifestLevelUnknown.with(text));
                Some(SecurityLevel::Secret)
            }
        }
    }

    fn paper(&mut self) -> StatedPaper {
        let text = self.row.get("original");
        read_paper(text).unwrap_or_else(|| {
            self.problems.push(DetailCode::ManifestOriginalUnknown.with(text));
            StatedPaper::NotStated
        })
    }

    /// What is stated about the paper beyond whether it is the original.
    fn particulars(&mut self) -> Particulars {
        let mut particulars = Particulars::default();
        for field in PARTICULARS {
            let text = self.row.get(field.as_str());
            if !text.is_empty() && particulars.set(field, text).is_err() {
                let detail = of_column(DetailCode::ManifestValueUnusable, field.as_str(), text);
                self.problems.push(detail);
            }
        }
        particulars
    }

    /// A department or site; too long a text for a name is left out.
    fn name(&mut self, column: &str) -> String {
        let text = self.row.get(column);
        if text.chars().count() > NAME_MAX {
            let detail = of_column(DetailCode::ManifestNameTooLong, column, text).with(NAME_MAX);
            self.problems.push(detail);
            return String::new();
        }
        text.to_owned()
    }
}

fn read_paper(text: &str) -> Option<StatedPaper> {
    match fold::name(text).as_str() {
        "" => Some(StatedPaper::NotStated),
        "无" | "none" | "电子" | "电子件" | "电子文件" | "digital" | "electronic" => Some(StatedPaper::None),
        _ => CopyState::parse(text).ok().map(StatedPaper::Is),
    }
}

/// A path below the manifest's folder, with either kind of separator.
fn relative_path(written: &str) -> Result<PathBuf, Detail> {
    if written.is_empty() {
        return Err(DetailCode::ManifestPathMissing.alone());
    }
    let plain = written.replace('\\', "/");
    if plain.starts_with('/') || plain.as_bytes().get(1) == Some(&b':') {
        return Err(DetailCode::ManifestPathAbsolute.with(written));
    }
    let mut path = PathBuf::new();
    for part in Path::new(&plain).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            _ => return Err(DetailCode::ManifestPathOutside.with(written)),
        }
    }
    if path.as_os_str().is_empty() {
        return Err(DetailCode::ManifestPathIsFolder.with(written));
    }
    Ok(path)
}
