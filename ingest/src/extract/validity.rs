//! From when until when a paper holds: 有效期, 营业期限, 租赁期限, 委托期限 and a span that ends with 止.
//!
//! Only what the paper states; "three years from signing" is not turned into a date.

use super::PageView;
use super::dates::at_start;
use records::PartialDate;
use records::documents::{Fact, FactKind, Validity, ValidityEnd};

/// Labels of a span of validity. What they begin is read as far as it can be a span.
const LABELS: &[&str] = &[
    "有效期限",
    "有效期间",
    "有效期",
    "有效日期",
    "营业期限",
    "经营期限",
    "租赁期限",
    "租赁期",
    "租期",
    "委托期限",
    "授权期限",
    "合同期限",
    "协议期限",
    "服务期限",
    "供电期限",
    "担保期限",
    "使用期限",
];
/// Labels after which a single date is the end, not the beginning.
const ENDS: &[&str] = &["有效期", "有效期限", "有效日期"];
/// What may occur between a label and its span.
const FILLING: &[char] = &[':', '为', '是', '自', '从', '由', '(', '共', '即', ',', '起'];
/// Words for "without end".
const UNLIMITED: &[&str] = &["长期", "永久", "无固定期限", "不约定期限", "无期限"];

/// The span of validity of a page, as a fact and in the record's form.
pub(super) fn find(view: &PageView<'_>, facts: &mut Vec<Fact>) -> Option<Validity> {
    let text = &view.unbroken.text;
    let (start, end, validity, rule) = labelled(text).or_else(|| span(text))?;
    let value = format!("{}/{}", validity.from, validity.until.as_str());
    let chars = view.unbroken.chars(start..end);
    facts.push(view.fact(FactKind::Validity, chars, value, rule.to_owned(), 0.9));
    Some(validity)
}

type ValiditySpan = (usize, usize, Validity, &'static str);

fn labelled(text: &str) -> Option<ValiditySpan> {
    let mut places: Vec<(usize, &str)> = LABELS.iter().flat_map(|label| text.match_indices(label)).collect();
    places.sort_by_key(|(at, label)| (*at, std::cmp::Reverse(label.len())));
    places.into_iter().find_map(|(at, label)| {
        let begin = at + label.len();
        let (length, validity) = after_label(&text[begin..], ENDS.contains(&label))?;
        Some((at, begin + length, validity, "validity:label"))
    })
}

/// What follows a label: a span, an end, or "without end".
fn after_label(rest: &str, single_is_end: bool) -> Option<(usize, Validity)> {
    let trimmed = rest.trim_start_matches(FILLING);
    let filled = rest.len() - trimmed.len();
    if rest[..filled].chars().count() > 4 {
        return None;
    }
    if let Some(word) = UNLIMITED.iter().find(|word| trimmed.starts_with(**word)) {
        let validity = Validity {
            from: PartialDate::default(),
            until: ValidityEnd::Unlimited,
        };
        return Some((filled + word.len(), validity));
    }
    if let Some((length, until)) = ending(trimmed) {
        let validity = Validity {
            from: PartialDate::default(),
            until,
        };
        return Some((filled + length, validity));
    }
    let (length, from) = at_start(trimmed)?;
    if let Some((more, until)) = ending(trimmed[length..].trim_start_matches(['起', '始', ',', '(', '含', ')'])) {
        let gap = trimmed[length..].len()
            - trimmed[length..]
                .trim_start_matches(['起', '始', ',', '(', '含', ')'])
                .len();
        return Some((filled + length + gap + more, Validity { from, until }));
    }
    if !single_is_end {
        return None;
    }
    let validity = Validity {
        from: PartialDate::default(),
        until: ValidityEnd::Date(from),
    };
    Some((filled + length, validity))
}

/// `至2027年5月1日止`, `-2039-05-01`, `到长期`.
fn ending(text: &str) -> Option<(usize, ValidityEnd)> {
    const WORDS: &[&str] = &["截至", "截止到", "截止", "至", "到", "-", "~"];
    let word = WORDS.iter().find(|word| text.starts_with(**word))?;
    let rest = text[word.len()..].trim_start_matches([':', '(', '于', '-']);
    let skipped = text.len() - rest.len();
    if let Some(word) = UNLIMITED.iter().find(|word| rest.starts_with(**word)) {
        return Some((skipped + word.len(), ValidityEnd::Unlimited));
    }
    let (length, date) = at_start(rest)?;
    Some((skipped + length, ValidityEnd::Date(date)))
}

/// `自…起至…止` without a label.
fn span(text: &str) -> Option<ValiditySpan> {
    text.match_indices('自').find_map(|(at, word)| {
        let rest = &text[at + word.len()..];
        let (first, from) = at_start(rest)?;
        let after = &rest[first..];
        let gap = after.len() - after.trim_start_matches(['起', '始']).len();
        let (second, until) = ending(&after[gap..])?;
        let end = at + word.len() + first + gap + second;
        text[end..]
            .starts_with('止')
            .then_some((at, end, Validity { from, until }, "validity:span"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_every_writing() {
        let check = |text: &str, from: &str, until: &str| {
            let found = labelled(text).or_else(|| span(text));
            let got = found.map(|(_, _, v, _)| (v.from.as_str().to_owned(), v.until.as_str().to_owned()));
            let expected = (!until.is_empty()).then(|| (from.to_owned(), until.to_owned()));
            assert_eq!(got, expected, "{text}");
        };
        check("营业期限2023年8月12日至长期", "2023-08-12", "9999-12-31");
        check("营业期限:长期", "", "9999-12-31");
        check("有效期限2019.05.01-2039.05.01", "2019-05-01", "2039-05-01");
        check("本合同有效期至2027年10月7日止", "", "2027-10-07");
        check(
            "租赁期限自2021年3月1日起至2024年2月28日止,共计三年",
            "2021-03-01",
            "2024-02-28",
        );
        check("有效期:2028年5月1日", "", "2028-05-01");
        check(
            "有效期自二〇二四年五月一日至二〇二六年四月三十日",
            "2024-05-01",
            "2026-04-30",
        );
        check("服务自2024年1月1日起至2024年12月31日止", "2024-01-01", "2024-12-31");
        check("委托期限:自签发之日起至2026年9月1日止", "", "");
        check("有效期为三年", "", "");
        check("签订日期2024年1月1日", "", "");
    }
}
