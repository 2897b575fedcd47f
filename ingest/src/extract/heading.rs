//! What a document is called, its own number and its date, as plain guesses from where such things
//! are: a large line near the top, a number after its label, a date after its label or alone on
//! a line near the end.

use super::dates::{self, FoundDate};
use super::names::{is_han, is_organisation};
use super::{NumberFinders, PageView};
use records::PartialDate;
use records::documents::{Fact, FactKind};
use records::pages::Area;

/// A document's own number after its label.
pub(super) const NUMBER_PATTERN: &str =
    r"(?:编\s*号|文\s*号|证\s*号|发票号码?)\s*[:：]?\s*([0-9A-Za-z][0-9A-Za-z\-/]{3,39})";
/// What stands before a number that is not the paper's own: of a customer, a machine, a person.
const NUMBERS_OF_OTHERS: &[&str] = &[
    "客户",
    "用户",
    "代码",
    "机器",
    "设备",
    "身份",
    "证件",
    "护照",
    "员工",
    "学生",
    "准考",
    "商品",
    "税务",
    "纳税人",
];
/// Labels before a paper's own date.
const DATE_LABELS: &[&str] = &[
    "日期",
    "签订时间",
    "签订于",
    "签署于",
    "签约时间",
    "填表时间",
    "申请时间",
];
/// Dates with such a label are of something else.
const OTHER_DATES: &[&str] = &[
    "成立日期",
    "出生日期",
    "到期日期",
    "交货日期",
    "生效日期",
    "截止日期",
    "起始日期",
    "终止日期",
];

/// Cells of forms beside which a date is one of a life, not of the paper.
const LIFE: &[&str] = &[
    "出生",
    "生日",
    "年龄",
    "毕业",
    "入学",
    "学历",
    "工作时间",
    "参加工作",
    "入职",
    "入党",
    "入团",
    "成立",
    "注册",
    "有效",
    "到期",
    "截止",
    "起始",
    "终止",
    "签发",
];

/// Lines of the first page among which the title is.
const TITLE_LINES: usize = 12;
/// Letters of a title that ends with no word of titles.
const TITLE_LETTERS_MIN: usize = 4;
/// How surely a line must be read to be a title by its size alone: the ring of a seal is read in pieces.
const TITLE_SURE: f32 = 0.85;
/// What stands on the seal of tax offices, and with what the text of others ends.
const OF_SEALS: &[&str] = &["监制", "監制", "监製", "監製"];
const SEAL_ENDS: &[&str] = &["专用章", "專用章", "公章", "监制章"];
/// How much higher than the usual line of the page a heading is.
const TITLE_HEIGHT: f64 = 1.25;
/// Words with which titles end, for pages whose title is not larger.
const TITLE_ENDS: &[&str] = &[
    "合同",
    "协议",
    "协议书",
    "申请表",
    "申请书",
    "登记表",
    "通知",
    "通知书",
    "函",
    "证",
    "执照",
    "证书",
    "委托书",
    "承诺书",
    "决定",
    "决定书",
    "报告",
    "清单",
    "审批表",
    "审批意见",
    "确认书",
    "确认单",
    "许可证",
    "发票",
    "收据",
    "证明",
    "资料表",
    "调查表",
    "评级表",
    "记录表",
    "记录",
    "通知单",
    "任务单",
    "工单",
    "报价单",
    "验收单",
    "声明",
    "批复",
    "请示",
    "纪要",
    "账单",
    "送货单",
    "处理单",
    "回执单",
    "目录",
    "清册",
    "公证书",
    "还款计划",
];

/// The head of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heading {
    pub title: String,
    /// All lines that could be the title, the likeliest first.
    pub candidates: Vec<String>,
    pub number: String,
    pub date: PartialDate,
}

impl Heading {
    /// Takes from this page what the pages before it did not give. Titles and numbers are on the
    /// first page only; a date may be at the end.
    pub(super) fn complete(&mut self, view: &PageView<'_>, rules: &NumberFinders, facts: &[Fact]) {
        if view.number == 1 {
            self.candidates = titles(view);
            self.title = self.candidates.first().cloned().unwrap_or_default();
            self.number = number(view, rules, facts);
        }
        if self.date.is_empty() {
            let births = births(facts);
            let own = |date: &PartialDate| !births.contains(date);
            let date = labelled_date(view).filter(own).or_else(|| lone_date(view).filter(own));
            self.date = date.unwrap_or_default();
        }
    }
}

/// Lines that could be the title, the likeliest first.
fn titles(view: &PageView<'_>) -> Vec<String> {
    let mut heights: Vec<u32> = view.layer.lines.iter().map(|line| line.area.h).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or_default();
    let lines: Vec<(String, u32, f32)> = whole_lines(view)
        .into_iter()
        .filter(|(text, _, _)| could_be_title(text))
        .collect();
    let large = |height: u32| f64::from(height) >= f64::from(usual) * TITLE_HEIGHT;
    let named = |text: &str| TITLE_ENDS.iter().any(|end| without_brackets(text).ends_with(end));
    let rank = |(text, height, _): &(String, u32, f32)| match (large(*height), named(text)) {
        (true, true) => 0,
        (false, true) => 1,
        (true, false) => 2,
        (false, false) => 3,
    };
    // A large word alone is a cell of a table or a mark of whoever made the copy.
    let is_title = |line: &&(String, u32, f32)| match rank(line) {
        0 | 1 => !is_cut(&line.0),
        2 => letters(&line.0) >= TITLE_LETTERS_MIN && line.2 >= TITLE_SURE,
        _ => false,
    };
    let mut ranked: Vec<&(String, u32, f32)> = lines.iter().filter(is_title).collect();
    ranked.sort_by_key(|line| rank(line));
    ranked.into_iter().map(|(text, _, _)| text.clone()).collect()
}

/// The first lines with what stands beside them at the same height and in the same size: a seal or a wide gap cuts a
/// heading in pieces.
fn whole_lines(view: &PageView<'_>) -> Vec<(String, u32, f32)> {
    let first = view.layer.lines.iter().enumerate().take(TITLE_LINES);
    let mut lines: Vec<(String, Area, f32)> = Vec::new();
    for (_, line) in first.filter(|(at, _)| !view.seals.contains(at)) {
        let (text, area) = (joined(&line.text), line.area);
        let piece = lines
            .iter_mut()
            .find(|(known, at, _)| is_piece(known, &text) && is_beside(*at, area));
        match piece {
            Some((known, at, sure)) => {
                *sure = sure.min(line.confidence);
                *known = if at.x <= area.x {
                    format!("{known}{text}")
                } else {
                    format!("{text}{known}")
                };
                let (left, right) = (at.x.min(area.x), (at.x + at.w).max(area.x + area.w));
                (at.x, at.w) = (left, right - left);
            }
            None => lines.push((text, area, line.confidence)),
        }
    }
    lines
        .into_iter()
        .map(|(text, area, sure)| (text, area.h, sure))
        .collect()
}

/// Two texts that may be one heading: short, without a colon, of Chinese letters.
fn is_piece(one: &str, other: &str) -> bool {
    let may = |text: &str| text.chars().all(is_han) && (1..=12).contains(&text.chars().count());
    may(one) && may(other) && !is_organisation(one) && !is_organisation(other)
}

/// At the same height, of about the same size, and no further apart than two letters.
fn is_beside(one: Area, other: Area) -> bool {
    let (small, large) = (one.h.min(other.h), one.h.max(other.h));
    let middles = (one.y + one.h / 2).abs_diff(other.y + other.h / 2);
    let gap = one
        .x
        .max(other.x)
        .saturating_sub((one.x + one.w).min(other.x + other.w));
    small > 0 && large * 10 <= small * 14 && middles * 2 <= small && gap <= large * 2
}

/// Letters of a text; an address of the web has none that count.
fn letters(text: &str) -> usize {
    if text.contains('.') && !text.contains(is_han) {
        return 0;
    }
    text.chars().filter(|c| is_han(*c) || c.is_alphabetic()).count()
}

/// Whether the front of a title is missing: one letter before a whole word that ends titles (`用发票` of 专用发票).
fn is_cut(title: &str) -> bool {
    let title = without_brackets(title);
    let is_one_more = |end: &&&str| {
        end.chars().count() >= 2
            && title
                .strip_suffix(**end)
                .is_some_and(|before| before.chars().count() == 1)
    };
    !TITLE_ENDS.contains(&title) && TITLE_ENDS.iter().any(|end| is_one_more(&end))
}

/// The text without the spaces that spread a heading over the line.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut former: Option<char> = None;
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            let next = chars.peek().copied();
            let narrow = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            if narrow(former) && narrow(next) && !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        out.push(c);
        former = Some(c);
    }
    out
}

fn without_brackets(text: &str) -> &str {
    let cut = text.find(['(', '（']).filter(|at| *at > 0).unwrap_or(text.len());
    &text[..cut]
}

fn could_be_title(text: &str) -> bool {
    let count = text.chars().count();
    let letters = text.chars().filter(|c| is_han(*c) || c.is_alphabetic()).count();
    (2..=40).contains(&count)
        && letters >= 2
        && !text.contains([':', '：', '。', '；', '，', ','])
        && !text.starts_with(['(', '（', '《'])
        && !is_organisation(text)
        && !OF_SEALS.iter().any(|word| text.contains(word))
        && !SEAL_ENDS.iter().any(|word| text.ends_with(word))
}

fn number(view: &PageView<'_>, rules: &NumberFinders, facts: &[Fact]) -> String {
    let contract = facts.iter().find(|fact| fact.kind == FactKind::ContractNumber);
    if let Some(fact) = contract {
        return fact.value.clone();
    }
    let text = &view.kept.text;
    let found = rules.document_number.find(text).into_iter().find(|found| {
        let mut before: Vec<char> = text[..found.start]
            .chars()
            .rev()
            .filter(|c| *c != ' ')
            .take(8)
            .collect();
        before.reverse();
        let before: String = before.into_iter().collect();
        let whose = NUMBERS_OF_OTHERS.iter().any(|word| before.contains(word));
        !whose && found.text.bytes().any(|b| b.is_ascii_digit())
    });
    found
        .map(|found| found.text.trim_end_matches(['-', '/']).to_owned())
        .unwrap_or_default()
}

/// The first date whose label says that it is the paper's own.
fn labelled_date(view: &PageView<'_>) -> Option<PartialDate> {
    let text = &view.unbroken.text;
    let is_own = |spot: &FoundDate| {
        let before = text[..spot.bytes.start].trim_end_matches([':', '(']);
        DATE_LABELS.iter().any(|label| before.ends_with(label))
            && !OTHER_DATES.iter().any(|label| before.ends_with(label))
    };
    dates::scan(text).into_iter().find(is_own).map(|spot| spot.date)
}

/// The last line that is only a date: letters end with one.
fn lone_date(view: &PageView<'_>) -> Option<PartialDate> {
    let lines: Vec<&str> = view.kept.text.split('\n').collect();
    (0..lines.len()).rev().find_map(|at| {
        let line = lines[at].trim();
        let (length, date) = dates::at_start(line)?;
        let cell = at
            .checked_sub(1)
            .map_or("", |before| lines[before].trim_end_matches([' ', ':']));
        let is_of_life = LIFE.iter().any(|word| cell.contains(word));
        (length == line.len() && !is_of_life).then_some(date)
    })
}

/// The days of birth that ID numbers on the page say.
fn births(facts: &[Fact]) -> Vec<PartialDate> {
    let of = |fact: &Fact| {
        let day = fact.value.get(6..14).filter(|_| fact.kind == FactKind::IdNumber)?;
        PartialDate::read(day).ok()
    };
    facts.iter().filter_map(of).collect()
}
