//! What the imports of tables have in common: reading the file, the order, and the report by lines.

use crate::{
    house::House,
    language::{language, said},
    output::{Ending, LongText, print, print_json},
    settings::Settings,
    table_reader::TableWorkers,
};
use anyhow::{Context, Result, bail};
use api_types::{imports as answers, registers};
use clap::Args;
use records::{
    ids::Fingerprint,
    imports::{Double, Doubles, EmptyCells, EntryOutcome, ImportOrder, ImportReport, Register},
    registers::{arranged, columns_of, keeps_own_columns, limits_of},
    tables::{CellFault, LineProblem, OnBadLine, Table, TableLimits, TableRequest, reader::TableReader},
};
use std::path::{Path, PathBuf};
use vocabulary::Language;
use web::text::Text;

#[derive(Args)]
pub struct ImportArgs {
    /// CSV, TSV or XLSX, UTF-8 or GB18030
    pub file: PathBuf,
    /// Show each change before and after, likely doubles and problems, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Let empty cells empty their fields; without it they leave them and are said
    #[arg(long)]
    pub clear_empty: bool,
    /// Write likely doubles too
    #[arg(long)]
    pub accept_doubles: bool,
    /// Import the good lines even when others cannot be used
    #[arg(long)]
    pub skip_bad_lines: bool,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// A field and its value.
pub type FieldValue = (String, String);

pub(super) fn field_value(text: &str) -> Result<FieldValue, String> {
    let (name, value) = text.split_once('=').ok_or_else(|| {
        said!(
            "write NAME=VALUE, such as address=创想一路17号",
            "请写 名称=值，如 address=创想一路17号"
        )
    })?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

#[derive(Args)]
pub struct AddOne {
    /// Fields with their values; `attribute:NAME=VALUE` keeps a fact of one's own
    #[arg(required = true, value_name = "NAME=VALUE", value_parser = field_value)]
    pub fields: Vec<FieldValue>,
    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub why: String,
    /// Write although it is likely the same as another
    #[arg(long)]
    pub accept_doubles: bool,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ChangeOne {
    /// Code of the record
    pub code: String,
    /// Fields with their values; an empty value empties the field
    #[arg(required = true, value_name = "NAME=VALUE", value_parser = field_value)]
    pub fields: Vec<FieldValue>,
    /// Refuse when the record has another version by now
    #[arg(long, value_name = "N")]
    pub version: Option<i64>,
    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub why: String,
    /// Write although it is likely the same as another
    #[arg(long)]
    pub accept_doubles: bool,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

fn on_bad_line(skip: bool) -> OnBadLine {
    if skip {
        OnBadLine::SkipLine
    } else {
        OnBadLine::RefuseTable
    }
}

/// What the words of the command line order.
fn order(words: &ImportArgs, sha256: String) -> ImportOrder {
    ImportOrder {
        on_bad_line: on_bad_line(words.skip_bad_lines),
        empty_cells: match words.clear_empty {
            true => EmptyCells::Clear,
            false => EmptyCells::Keep,
        },
        doubles: doubles(words.accept_doubles),
        dry_run: words.dry_run,
        file_name: words
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        sha256,
    }
}

pub fn doubles(accept: bool) -> Doubles {
    match accept {
        true => Doubles::Accept,
        false => Doubles::Hold,
    }
}

/// The archive that an import is for. One begins with its first import, but not with a table that cannot be read, and
/// not with a trial.
pub async fn house(settings: &Settings, words: &ImportArgs) -> Result<House> {
    let file = words.file.display();
    std::fs::File::open(&words.file).with_context(|| said!("the table {file} cannot be read", "表格 {file} 读不了"))?;
    match words.dry_run {
        true => House::open(settings).await,
        false => House::open_or_make(settings).await,
    }
}

/// Imports the table that was named, or tries it.
pub async fn run(settings: &Settings, house: &House, register: Register, words: &ImportArgs) -> Result<Ending> {
    let (table, sha256) = read_table(settings, &words.file, register).await?;
    let order = order(words, sha256);
    let report = house
        .archive
        .import_table(&house.asker, register, &table, order)
        .await?;
    // A large table and what is told of it are not held side by side.
    drop(table);
    tell(register, report, words.json)
}

/// A table that the program has written itself, all of it or nothing.
pub fn whole_table(file_name: String, bytes: &[u8], dry_run: bool) -> ImportOrder {
    ImportOrder {
        on_bad_line: OnBadLine::RefuseTable,
        empty_cells: EmptyCells::Keep,
        doubles: Doubles::Hold,
        dry_run,
        file_name,
        sha256: Fingerprint::of(bytes).hex(),
    }
}

/// Imports such a table, or tries it.
pub async fn run_text(
    settings: &Settings,
    house: &House,
    register: Register,
    text: String,
    order: ImportOrder,
    json: bool,
) -> Result<Ending> {
    let limits = limits_of(register, TableLimits::default());
    let request = TableRequest::of(columns_of(register), limits);
    let lines = TableWorkers::new(settings)?.lines(text.into_bytes(), request).await?;
    let table = arranged(register, lines, &limits)?;
    let report = house
        .archive
        .import_table(&house.asker, register, &table, order)
        .await?;
    tell(register, report, json)
}

/// The table, and the SHA-256 of its bytes.
async fn read_table(settings: &Settings, path: &Path, register: Register) -> Result<(Table, String)> {
    let limits = limits_of(register, TableLimits::default());
    let size = std::fs::metadata(path)
        .with_context(|| said!("the table {} cannot be read", "表格 {} 读不了", path.display()))?
        .len();
    if size > limits.bytes_max as u64 {
        bail!(said!(
            "the table {} has {size} bytes, more than the limit of {}; split it",
            "表格 {} 有 {size} 字节，超过上限 {}；请分成几个",
            path.display(),
            limits.bytes_max
        ));
    }
    let bytes =
        std::fs::read(path).with_context(|| said!("the table {} cannot be read", "表格 {} 读不了", path.display()))?;
    let sha256 = Fingerprint::of(&bytes).hex();
    let request = TableRequest::of(columns_of(register), limits);
    let lines = TableWorkers::new(settings)?.lines(bytes, request).await;
    let table = lines.and_then(|lines| arranged(register, lines, &limits));
    Ok((table.with_context(|| path.display().to_string())?, sha256))
}

fn tell(register: Register, report: ImportReport, json: bool) -> Result<Ending> {
    let rejected = !report.problems.is_empty() || report.held > 0;
    if json {
        print_json(&answers::import_report(report))?;
    } else {
        let mut text = LongText::default();
        lines_told(&report, &mut text)?;
        text.push(&told(register, &report))?;
        text.end()?;
    }
    Ok(if rejected { Ending::InputRejected } else { Ending::Fine })
}

fn told(register: Register, report: &ImportReport) -> String {
    let mut text = String::new();
    if !report.unknown_columns.is_empty() && !report.refused {
        let columns = report.unknown_columns.join(", ");
        text.push_str(&match keeps_own_columns(register) {
            true => said!(
                "kept as custom attributes: {columns}\n",
                "作为自己加的列保留：{columns}\n"
            ),
            false => said!("columns left out: {columns}\n", "没有用上的列：{columns}\n"),
        });
    }
    if !report.empty_cells.is_empty() {
        text.push_str(&said!(
            "Empty cells leave their fields unless --clear-empty is given.\n",
            "空格子不改原有内容；要清空请加 --clear-empty。\n"
        ));
    }
    let held = report.held;
    if held > 0 {
        text.push_str(&said!(
            "{held} lines wait because they are likely doubles; --accept-doubles writes them.\n",
            "{held} 行可能重复，等待决定；加 --accept-doubles 写入。\n"
        ));
    }
    if report.refused {
        text.push_str(&refusal_told(report));
        return text;
    }
    let (lines, problems) = (report.lines, report.problems.len());
    let (added, changed, unchanged) = (report.added, report.changed, report.unchanged);
    let name = register.as_str();
    text.push_str(&said!(
        "{name}: {lines} lines, {added} added, {changed} changed, {unchanged} unchanged, {held} held, {problems} not used\n",
        "{name}：{lines} 行，新增 {added}，修改 {changed}，不变 {unchanged}，等待 {held}，未用 {problems}\n"
    ));
    match &report.id {
        _ if report.dry_run => text.push_str(&said!(
            "This was a dry run; nothing was written.\n",
            "这是试导，没有写入。\n"
        )),
        Some(id) => text.push_str(&said!(
            "`dossier imports undo {id}` takes it back.\n",
            "`dossier imports undo {id}` 可以撤销。\n"
        )),
        None => {}
    }
    text
}

/// Why nothing was imported, and what helps.
fn refusal_told(report: &ImportReport) -> String {
    let (lines, problems) = (report.lines, report.problems.len());
    let is_other = |problem: &LineProblem| matches!(problem.fault, CellFault::OtherRegister(_));
    if report.problems.iter().any(is_other) {
        return said!(
            "nothing was imported: this is the table of another register.\n",
            "没有导入：这是另一本登记簿的表。\n"
        );
    }
    match report.skipping_helps() {
        true => said!(
            "nothing was imported: {problems} of {lines} lines cannot be used. Mend them, or import the others with --skip-bad-lines.\n",
            "没有导入：{lines} 行里有 {problems} 处不能用。请改好，或加 --skip-bad-lines 只导入其余各行。\n"
        ),
        false => said!(
            "nothing was imported: none of the {lines} lines can be used. Mend them and import the table again.\n",
            "没有导入：{lines} 行都不能用。请改好后再导入。\n"
        ),
    }
}

/// What is wrong with a value, in the reader's language.
fn fault_told(fault: &CellFault, value: &str) -> String {
    match language() {
        Language::English => fault.to_string(),
        Language::Chinese => web::screens::imports::fault(Text(Language::Chinese), fault, value),
    }
}

/// What each line does, or why it cannot.
fn lines_told(report: &ImportReport, text: &mut LongText) -> Result<()> {
    for change in &report.changes {
        let (line, code, name) = (change.line, &change.code, &change.name);
        text.push(&match change.added {
            true => said!(
                "line {line}: adds {code} {name}\n",
                "第 {line} 行：新增 {code} {name}\n"
            ),
            false => said!(
                "line {line}: changes {code} {name}\n",
                "第 {line} 行：修改 {code} {name}\n"
            ),
        })?;
        for field in &change.fields {
            text.push(&format!("  {}: `{}` -> `{}`\n", field.field, field.before, field.after))?;
        }
    }
    for problem in &report.problems {
        let (line, column, value) = (problem.line, &problem.column, &problem.value);
        let fault = fault_told(&problem.fault, value);
        text.push(&match (column.as_str(), value.as_str()) {
            // It is the whole header that is wrong, and no column of it.
            ("", value) => said!("line {line}, `{value}`: {fault}\n", "第 {line} 行“{value}”：{fault}\n"),
            (column, "") => said!("line {line}: {column}: {fault}\n", "第 {line} 行：{column}：{fault}\n"),
            (column, value) => said!(
                "line {line}: {column} `{value}`: {fault}\n",
                "第 {line} 行：{column}“{value}”：{fault}\n"
            ),
        })?;
    }
    for double in &report.doubles {
        text.push(&double_told(double))?;
    }
    for cell in &report.empty_cells {
        let (line, code, field, value) = (cell.line, &cell.code, &cell.field, &cell.value);
        text.push(&said!(
            "line {line}: {code}: the cell is empty where {field} is `{value}`\n",
            "第 {line} 行：{code}：格子是空的，{field} 现在是“{value}”\n"
        ))?;
    }
    Ok(())
}

fn double_told(double: &Double) -> String {
    let place = match double.other_line {
        None => said!("in the register", "登记簿里的"),
        Some(line) => said!("on line {line}", "第 {line} 行的"),
    };
    let (line, code, name) = (double.line, &double.code, &double.name);
    let (other_code, other_name, value) = (&double.other_code, &double.other_name, &double.value);
    let because = double.because.name(language());
    let held = match double.held {
        true => said!("; a likely double", "；可能重复"),
        false => String::new(),
    };
    said!(
        "line {line}: {code} {name} has the {because} of {other_code} {other_name} {place}: {value}{held}\n",
        "第 {line} 行：{code} {name} 与{place} {other_code} {other_name} 相同（{because}）：{value}{held}\n"
    )
}

/// Says what came of adding or changing one record.
pub fn tell_entry(entry: EntryOutcome, json: bool) -> Result<Ending> {
    let written = matches!(entry, EntryOutcome::Written { .. });
    if json {
        print_json(&registers::entry(entry))?;
    } else {
        print(&match entry {
            EntryOutcome::Written { code, version, .. } => said!(
                "{code}: written, version {version}\n",
                "{code}：已写入，版本 {version}\n"
            ),
            EntryOutcome::Faulty { field, fault } => {
                let fault = fault_told(&fault, "");
                said!("{field}: {fault}\n", "{field}：{fault}\n")
            }
            EntryOutcome::Doubles(doubles) => {
                let mut text = said!(
                    "nothing was written; --accept-doubles writes it although it is likely the same as\n",
                    "没有写入：疑似与下列重复；--accept-doubles 照写\n"
                );
                for double in doubles {
                    text.push_str(&format!(
                        "  {} {} ({}: {})\n",
                        double.other_code,
                        double.other_name,
                        double.because.name(language()),
                        double.value
                    ));
                }
                text
            }
        })?;
    }
    Ok(if written { Ending::Fine } else { Ending::InputRejected })
}
