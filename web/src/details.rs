//! What ingest noted beside a reason, in the reader's language. The record keeps English sentences around numbers,
//! codes and paths; here each known sentence has its Chinese one. What no sentence fits (words of a decoder) is cut to
//! what it is about, because our own sentence for the reason stands beside it already.

use crate::{screens::parts, text::Text};

/// English as stored, with `{}` for what varies, and Chinese with `{0}`, `{1}` for the same.
const SENTENCES: &[(&str, &str)] = &[
    ("nothing on the pages says whose it is", "页面上没有写明是谁的"),
    (
        "no number says for certain whose it is, one customer may fit",
        "没有能确定客户的编号，有一个客户可能相符",
    ),
    ("{} customers fit", "有 {0} 个客户相符"),
    (
        "{} names customer `{}`, which the archive does not know",
        "{0}写的客户是 {1}，档案里没有",
    ),
    (
        "the manifest names several customers for this document: {}",
        "清单给这件文件写了几个客户：{0}",
    ),
    (
        "{} on page {} belongs to no customer of the archive",
        "第{1}页上的{0} 不属于档案里的任何客户",
    ),
    ("location `{}` is not in the archive", "档案里没有库位 {0}"),
    (
        "the same scan is document {} of customer {}",
        "同一扫描件已是客户 {1} 的文件（{0}）",
    ),
    ("the same bytes are document {}", "与已入档的文件 {0} 完全相同"),
    ("the same bytes are in {}", "与 {0} 完全相同"),
    ("nobody has said whose it is", "还没有人说明是谁的"),
    ("{} of the same document: {}", "同一件文件的 {0}：{1}"),
    ("the PDF wants a password", "PDF 有口令"),
    ("the PDF has no pages", "PDF 里没有页面"),
    ("it has no pages", "没有页面"),
    ("the file has no bytes", "文件是空的"),
    ("the file begins with zeros only", "文件开头全是零"),
    ("the JPEG has no end marker", "JPEG 没有结束标记"),
    ("no end-of-image marker", "图像没有结束标记"),
    ("an image without pixels", "图像没有像素"),
    ("the image lacks rows", "图像缺少部分行"),
    ("{} x {} pixels, {} are allowed", "{0} x {1} 像素，最多 {2}"),
    ("{} pages, {} are allowed", "{0} 页，最多 {1} 页"),
    ("{} bytes, {} are allowed", "{0} 字节，最多 {1} 字节"),
    ("more than {} pages", "超过 {0} 页"),
    ("more than {} bytes", "超过 {0} 字节"),
    (
        "more than {} files, the rest is for the next run",
        "超过 {0} 个文件，其余下次再收",
    ),
    ("folders {} deep are not entered", "不进入深到 {0} 层的文件夹"),
    ("after {} pages: {}", "{0} 页之后：{1}"),
    ("page {} is damaged", "第{0}页已损坏"),
    ("page {} of {}", "第{0}页，共 {1} 页"),
    ("page {}: {}", "第{0}页：{1}"),
    ("no page can be read: {}", "没有一页读得出来：{0}"),
    ("the page has no usable size", "页面没有可用的尺寸"),
    ("the page could not be drawn", "页面画不出来"),
    ("no such page", "没有这一页"),
    ("no answer within {}", "{0} 内没有结果"),
    ("the scan took more than {}", "这份扫描件处理超过 {0}"),
    ("{} pages before it failed too", "之前连续 {0} 页也失败了"),
    ("cannot be opened: {}", "打不开：{0}"),
    ("not a regular file", "不是普通文件"),
    ("a symbolic link", "是符号链接"),
    ("its size or time changed while it was copied", "复制时大小或时间变了"),
    ("its content changed while it was looked at", "查看时内容变了"),
    ("it changed while the disk was full", "磁盘写满时文件变了"),
    ("{} of {} rows of fax data are missing", "{1} 行传真数据里缺 {0} 行"),
    ("{} of {} tiles of fax data are missing", "{1} 块传真数据里缺 {0} 块"),
    ("the fax data end early", "传真数据不完整"),
    ("a palette image with an odd directory", "调色板图像的目录不对"),
    ("the directory of the image is cut", "图像的目录被截断"),
    ("tiff samples of kind {} are not read", "不读 {0} 类的 TIFF 像素"),
    ("encoding failed: {}", "编码失败：{0}"),
    ("the content is of no type that is read", "内容不是能读的类型"),
    (
        "the PDF is protected in a way that is not known",
        "PDF 的保护方式无法识别",
    ),
    ("the PDF has no end", "PDF 没有结尾"),
    ("the PDF is damaged", "PDF 已损坏"),
    (
        "the content of the page is lost with the end of the file",
        "页面内容随文件结尾一起丢失",
    ),
    (
        "the page is lost with the damaged part of the file",
        "页面在文件损坏的部分，已丢失",
    ),
    (
        "the content of the page is lost with the damaged part of the file",
        "页面内容在文件损坏的部分，已丢失",
    ),
    (
        "an image of the page is lost with the damaged part of the file",
        "页面上有图像在文件损坏的部分，已丢失",
    ),
    (
        "the image of the page is cut off in the damaged file",
        "文件已损坏，页面图像被截断",
    ),
    (
        "an image of the page could not be decoded from the damaged file",
        "文件已损坏，页面上有图像解不出来",
    ),
    (
        "nothing of the page could be saved from the damaged file",
        "文件已损坏，这一页什么也没能救出来",
    ),
    ("the page is damaged", "页面已损坏"),
    ("the list of the delivery", "移交清单"),
    ("left by an operating system", "操作系统留下的文件"),
    ("named on the command line", "命令行里指定"),
    ("the folder `{}`", "文件夹 {0}"),
    ("{} is no type that is read", "{0} 不是能读的类型"),
    ("the worker answered something else", "工作进程答非所问"),
    ("no file came", "没有收到文件"),
    ("changed {} ms ago", "{0} 毫秒前还在变"),
    ("more than {} bytes of memory", "占用内存超过 {0} 字节"),
    ("the worker ended: {}", "工作进程中断：{0}"),
    ("the worker could not be started: {}", "工作进程无法启动：{0}"),
    (
        "the worker's answer was not understood: {}",
        "工作进程的回答无法理解：{0}",
    ),
    ("no bitmap came", "没有收到图像"),
    ("no scan is open", "没有打开的扫描件"),
];

/// What numbers are called inside the sentences.
const NOUNS: &[(&str, &str)] = &[
    ("customer code", "客户代码"),
    ("account number", "户号"),
    ("contract number", "合同编号"),
    ("credit code", "统一社会信用代码"),
    ("ID number", "身份证号码"),
    ("phone", "电话"),
    ("name", "名称"),
    ("the manifest", "清单"),
];

/// A stored detail for the screen; empty when nothing of it is for this reader.
pub fn said(t: Text, detail: &str) -> String {
    if !t.is_chinese() || detail.is_empty() {
        return detail.to_owned();
    }
    let (detail, more) = match detail
        .strip_suffix(" more pages)")
        .and_then(|rest| rest.rsplit_once(" (and "))
    {
        Some((first, count)) => (first, format!("（另有 {count} 页）")),
        None => (detail, String::new()),
    };
    // What to do next is part of our own sentence for the reason.
    let clauses: Vec<String> = detail.split("; ").filter_map(|clause| sentence(t, clause)).collect();
    let text = if clauses.is_empty() {
        parts::words_of(t, detail)
    } else {
        clauses.join("；")
    };
    text + &more
}

fn sentence(t: Text, clause: &str) -> Option<String> {
    if let Some((code, rest)) = clause.split_once(": ").filter(|(code, _)| is_code(code)) {
        let reason = t.word("reason", code);
        return Some(match sentence(t, rest) {
            Some(rest) => format!("{reason}{rest}"),
            None => reason,
        });
    }
    let (values, chinese) = SENTENCES
        .iter()
        .find_map(|(english, chinese)| fitted(english, clause).map(|values| (values, *chinese)))?;
    let mut text = chinese.to_owned();
    for (at, value) in values.iter().enumerate() {
        let noun = NOUNS
            .iter()
            .find_map(|(english, chinese)| match value.strip_prefix(english)? {
                "" => Some((*chinese).to_owned()),
                rest => rest.strip_prefix(' ').map(|number| format!("{chinese} {number}")),
            });
        let shown = noun.or_else(|| sentence(t, value)).or_else(|| manifest_line(t, value));
        text = text.replace(&format!("{{{at}}}"), shown.as_deref().unwrap_or(value));
    }
    Some(text)
}

/// A code of a reason, as it stands before the sentence of a refusal.
fn is_code(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        || matches!(text, "empty" | "encrypted" | "unreadable" | "truncated" | "symlink")
}

fn manifest_line(t: Text, text: &str) -> Option<String> {
    let (file, line) = text.rsplit_once(", line ")?;
    let is_number = !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| t.fill("manifest-line", &[("file", &file), ("line", &line)]))
}

/// What stands in the places of a pattern, when the text is of that pattern.
fn fitted<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next().unwrap_or_default())?;
    let mut values = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = match (pieces.peek(), piece) {
            (None, "") => rest.len(),
            (None, last) => rest
                .len()
                .checked_sub(last.len())
                .filter(|at| rest.get(*at..) == Some(last))?,
            (Some(_), piece) => rest.find(piece)?,
        };
        let value = rest.get(..end).filter(|value| !value.is_empty())?;
        values.push(value);
        rest = rest.get(end + piece.len()..)?;
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn details_are_said_in_chinese() {
        let check =
            |detail: &str, expected: &str| assert_eq!(said(Text(Language::Chinese), detail), expected, "{detail}");
        check("2 customers fit; choose one", "有 2 个客户相符");
        check(
            "manifest.csv, line 14 names customer `KH-0999`, which the archive does not know; add the customer or choose one",
            "manifest.csv 第14行写的客户是 KH-0999，档案里没有",
        );
        check(
            "account number 1002003 on page 2 belongs to no customer of the archive; add the customer or choose one",
            "第2页上的户号 1002003 不属于档案里的任何客户",
        );
        check("the same bytes are document 01a2-b", "与已入档的文件 01a2-b 完全相同");
        check(
            "2 customers fit; choose one; location `K9-09` is not in the archive; add it or choose another",
            "有 2 个客户相符；档案里没有库位 K9-09",
        );
        check(
            "page 3: timed_out: no answer within 20s; try it alone (and 2 more pages)",
            "第3页：处理超时。单独再试一次。20s 内没有结果（另有 2 页）",
        );
        check("more than 5 pages", "超过 5 页");
        check("", "");
        // Words of a decoder: only what they are about.
        check("unexpected token at 1234", "1234");
        assert_eq!(said(Text(Language::English), "2 customers fit"), "2 customers fit");
    }

    #[test]
    fn every_sentence_fills_its_places() {
        for (english, chinese) in SENTENCES {
            let places = english.matches("{}").count();
            for at in 0..places {
                assert!(
                    chinese.contains(&format!("{{{at}}}")),
                    "{chinese} leaves out place {at} of {english}"
                );
            }
            let example = english.replace("{}", "7");
            assert_eq!(
                fitted(english, &example).map(|values| values.len()),
                Some(places),
                "{english}"
            );
        }
    }
}
