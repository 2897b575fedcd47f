//! Names of people and organisations, after the labels that forms and contracts use.
//!
//! A name only ever proposes, so a rule may be generous: what no customer is called does no harm.

use super::{PageView, rule};
use records::documents::{Fact, FactKind};

/// Words of forms that are shaped like the name of a person.
const NO_PERSON: &[&str] = &[
    "类型",
    "住所",
    "电话",
    "地址",
    "日期",
    "编号",
    "性别",
    "民族",
    "职务",
    "签字",
    "盖章",
    "签章",
    "单位",
    "个人",
    "企业",
    "身份证",
    "居民身份证",
    "备注",
    "数量",
    "金额",
    "法人",
    "证件类型",
    "证件号码",
    "联系电话",
    "法定代表人",
    "变更前",
    "变更后",
    "变更项目",
    "通信地址",
    "用电地址",
];
/// Names kept of one page.
const NAMES_MAX: usize = 30;
/// Labels of the holder of an account or file.
const HOLDERS: &[&str] = &[
    "户名",
    "用户名称",
    "客户名称",
    "客户姓名",
    "用户姓名",
    "户主姓名",
    "户主",
];
/// Labels of parties.
const PARTIES: &[&str] = &[
    "甲方",
    "乙方",
    "丙方",
    "丁方",
    "名称",
    "姓名",
    "企业名称",
    "单位名称",
    "公司名称",
    "机构名称",
    "申请人",
    "申请单位",
    "委托人",
    "委托方",
    "受托人",
    "受托方",
    "出租方",
    "承租方",
    "出租人",
    "承租人",
    "转让方",
    "受让方",
    "供电人",
    "用电人",
    "供电方",
    "用电方",
    "供方",
    "需方",
    "买方",
    "卖方",
    "发包人",
    "承包人",
    "发包方",
    "承包方",
    "借款人",
    "债务人",
    "债权人",
    "保证人",
    "担保人",
    "权利人",
    "经营者",
    "持证人",
    "当事人",
];
/// Words with which names of organisations end.
const SUFFIXES: &[&str] = &[
    "公司",
    "工厂",
    "厂",
    "商店",
    "店",
    "合作社",
    "事务所",
    "研究院",
    "研究所",
    "学校",
    "医院",
    "委员会",
    "中心",
    "协会",
    "银行",
    "集团",
    "经营部",
    "工作室",
    "商行",
    "局",
];
/// What people are called behind their names.
const HONORIFICS: &[&str] = &["先生", "女士", "小姐", "同志"];
/// Endings by which a whole line is taken for the name of an organisation.
const LINE_SUFFIXES: &[&str] = &["公司", "合作社", "事务所", "研究院", "医院", "经营部", "厂"];

/// Adds the names of a page.
pub(super) fn find(view: &PageView<'_>, facts: &mut Vec<Fact>) {
    let lines: Vec<(usize, &str)> = view.kept.lines().collect();
    let mut count = 0;
    for (at, (start, line)) in lines.iter().enumerate() {
        let mut found = false;
        for (offset, part) in parts(line) {
            let Some((label_end, rule)) = label(part) else { continue };
            let rest = &part[label_end..];
            let named = match value(rest) {
                Some((from, name)) => Some((start + offset + label_end + from, name)),
                // In forms the value is in the next cell, which is the next line.
                None if rest.trim_matches([' ', ':']).is_empty() => lines
                    .get(at + 1)
                    .filter(|(_, next)| label(next).is_none())
                    .and_then(|(next_start, next)| value(next).map(|(from, name)| (next_start + from, name))),
                None => None,
            };
            if let Some((byte, name)) = named {
                push(view, byte, name, rule, 0.8, facts);
                (found, count) = (true, count + 1);
            }
        }
        if !found && let Some((from, name)) = addressee(line) {
            push(view, start + from, name, rule::ADDRESSEE, 0.8, facts);
            count += 1;
        } else if !found && let Some((from, name)) = whole_line(line) {
            push(view, start + from, name, rule::LINE, 0.7, facts);
            count += 1;
        }
        if count >= NAMES_MAX {
            return;
        }
    }
}

fn push(view: &PageView<'_>, byte: usize, name: &str, rule: &str, certainty: f64, facts: &mut Vec<Fact>) {
    let chars = view.kept.chars(byte..byte + name.len());
    let known = |fact: &Fact| {
        fact.page_number == view.number && fact.kind == FactKind::Name && fact.char_start as usize == chars.start
    };
    if facts.iter().any(known) {
        return;
    }
    let value: String = name.chars().filter(|c| *c != ' ').collect();
    facts.push(view.fact(FactKind::Name, chars, value, rule.to_owned(), certainty));
}

/// The line, and its pieces after wide gaps, with where each begins.
fn parts(line: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let first = line.len() - line.trim_start().len();
    parts.push((first, &line[first..]));
    let mut at = first;
    while let Some(gap) = line[at..].find("  ") {
        let rest = &line[at + gap..];
        let next = at + gap + (rest.len() - rest.trim_start().len());
        if next >= line.len() {
            break;
        }
        parts.push((next, &line[next..]));
        at = next;
    }
    parts
}

/// The label at the beginning, spaces inside it aside, with a remark in brackets: its end and rule.
fn label(part: &str) -> Option<(usize, &'static str)> {
    let holders = HOLDERS.iter().map(|label| (*label, rule::HOLDER));
    let parties = PARTIES.iter().map(|label| (*label, rule::PARTY));
    // The longest: 名称 begins many lines that 客户名称 does not.
    let (end, rule) = holders
        .chain(parties)
        .filter_map(|(label, rule)| Some((after(part, label)?, rule)))
        .max_by_key(|(end, _)| *end)?;
    let rest = &part[end..];
    let trimmed = rest.trim_start();
    let begin = end + rest.len() - trimmed.len();
    let end = match trimmed.strip_prefix('(').and_then(|inner| inner.find(')')) {
        Some(close) if close < 40 => begin + 1 + close + 1,
        _ => end,
    };
    // What follows is a colon, a gap, the end, or the name of an organisation right away.
    let rest = &part[end..];
    let fits = rest.is_empty()
        || rest.starts_with([' ', ':'])
        || SUFFIXES.iter().any(|suffix| rest.trim_end().ends_with(suffix));
    fits.then_some((end, rule))
}

/// The byte after `label` when the text begins with it, ignoring spaces between its letters.
fn after(text: &str, label: &str) -> Option<usize> {
    let mut wanted = label.chars();
    let mut next = wanted.next();
    for (at, c) in text.char_indices() {
        match next {
            None => return Some(at),
            Some(letter) if letter == c => next = wanted.next(),
            Some(_) if c == ' ' && at > 0 => {}
            Some(_) => return None,
        }
    }
    next.is_none().then_some(text.len())
}

/// The name at the beginning of what follows a label: where it begins, and the name.
fn value(rest: &str) -> Option<(usize, &str)> {
    let name = rest.trim_start_matches([' ', ':']);
    let from = rest.len() - name.len();
    let end = name
        .find("  ")
        .into_iter()
        .chain(name.find([';', ',', '。', '、', ':', '<', '"', '“']))
        .min()
        .unwrap_or(name.len());
    let name = name[..end].trim_end();
    let closing = SUFFIXES
        .iter()
        .filter_map(|s| name.rfind(s).map(|at| at + s.len()))
        .max();
    let name = match closing {
        Some(end) => &name[..end],
        None if is_person(name) => name,
        None => return None,
    };
    (2..=60).contains(&name.chars().count()).then_some((from, name))
}

/// Two to four Han, or parts joined by a dot as in names of minorities.
fn is_person(name: &str) -> bool {
    let plain: Vec<char> = name.chars().filter(|c| *c != ' ').collect();
    let dotted = plain.iter().any(|c| matches!(c, '·' | '•' | '.'));
    let most = if dotted { 20 } else { 4 };
    (2..=most).contains(&plain.len())
        && !NO_PERSON.contains(&plain.iter().collect::<String>().as_str())
        && plain.iter().all(|c| is_han(*c) || matches!(c, '·' | '•' | '.'))
}

/// To whom a letter is: a line that is a name, how he is called, and a colon.
fn addressee(line: &str) -> Option<(usize, &str)> {
    let named = line.trim_end().strip_suffix(':')?.trim_end();
    if let Some(found) = whole_line(named) {
        return Some(found);
    }
    let plain = named.trim_start();
    let polite = plain.strip_prefix("尊敬的").unwrap_or(plain).trim_start();
    let name = HONORIFICS
        .iter()
        .find_map(|title| polite.strip_suffix(title))?
        .trim_end();
    is_person(name).then_some((named.len() - polite.len(), name))
}

/// A line that is nothing but the name of an organisation: where it begins, and the name.
fn whole_line(line: &str) -> Option<(usize, &str)> {
    let name = line.trim();
    let from = line.len() - line.trim_start().len();
    let count = name.chars().filter(|c| *c != ' ').count();
    let letters = |c: char| is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '·' | ' ' | '&');
    let fits = (6..=40).contains(&count)
        && name.chars().all(letters)
        && LINE_SUFFIXES.iter().any(|suffix| name.ends_with(suffix));
    fits.then_some((from, name))
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// Whether a heading is the name of an organisation, as on letter paper.
pub(super) fn is_organisation(text: &str) -> bool {
    whole_line(text).is_some()
}
