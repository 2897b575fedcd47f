use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> Query {
    parse(text, &QueryLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A short notation of what was understood.
fn meaning(text: &str) -> String {
    let query = parsed(text);
    let clauses: Vec<String> = query
        .clauses
        .iter()
        .map(|clause| {
            let atoms: Vec<String> = clause
                .atoms
                .iter()
                .map(|atom| match atom {
                    Atom::Words { text, quoted: true } => format!("[{text}]"),
                    Atom::Words { text, .. } => text.clone(),
                    Atom::Text { field, text, prefix } => {
                        let star = if *prefix { "*" } else { "" };
                        format!("{}={text}{star}", field.english())
                    }
                    Atom::Dates(range) => format!("{}to{}", range.from, range.to),
                    Atom::Security(range) => format!("{}<={}", range.from, range.to),
                })
                .collect();
            let not = if clause.negated { "not " } else { "" };
            format!("{not}{}", atoms.join(" or "))
        })
        .collect();
    clauses.join(" and ")
}

#[test]
fn what_staff_type() {
    let check = |text: &str, expected: &str| assert_eq!(meaning(text), expected, "{text}");
    check("贾瑞德 合同", "贾瑞德 and 合同");
    check("\"有限 公司\" -作废", "[有限 公司] and not 作废");
    check("“有限 公司”　租赁", "[有限 公司] and 租赁");
    check("张三|李四 租赁", "张三 or 李四 and 租赁");
    check("张三 | 李四", "张三 or 李四");
    check("张三 OR 李四", "张三 or 李四");
    check("ORACLE OR", "ORACLE and [OR]");
    check("OR 甲", "[OR] and 甲");
    check("甲 OR|乙", "甲 or 乙");
    check("甲 OR | ", "甲");
    check("户名：鑫恒", "customer=鑫恒");
    check("户名:张三|李四", "customer=张三 or customer=李四");
    check("customer:\"杭州 鑫恒\"", "customer=杭州 鑫恒");
    check("库位:A-03*", "location=A-03*");
    check("日期:2019..2021 类型:合同", "20190000to20219999 and kind=合同");
    check("密级:内部", "1<=1");
    check("-类型:合同", "not kind=合同");
    check("A-03-02", "A-03-02");
    check("- 作废", "作废");
    check("(A|B) C", "(A or B) and C");
    check("甲方：李文", "甲方：李文");
    check("12:30", "12:30");
    check("", "");
    check("，。！", "");
    check("|||", "");
    check("\"未完", "[未完]");
    check("户名:", "");
    check("\"户名:甲\"", "[户名:甲]");
    check("a“b c”d", "a and [b c] and d");
}

#[test]
fn notices_say_what_was_made_of_it() {
    let codes = |text: &str| -> Vec<(NoticeCode, usize)> {
        let notices = parsed(text).notices;
        notices.iter().map(|notice| (notice.code, notice.at)).collect()
    };
    assert_eq!(codes("合同 甲方：李文"), [(NoticeCode::UnknownField, 3)]);
    assert_eq!(codes("合同 户名:"), [(NoticeCode::FieldWithoutValue, 3)]);
    assert_eq!(codes("\"未完"), [(NoticeCode::OpenQuotation, 0)]);
    assert_eq!(codes("？？"), [(NoticeCode::NothingToSearch, 0)]);
    assert_eq!(codes("合同 GDHT*0178"), [(NoticeCode::StarInside, 3)]);
    assert_eq!(codes("合同* *买卖 库位:A-03* \"a*b\" 50*3.5"), []);
    assert_eq!(codes("12:30"), []);
}

#[test]
fn errors_name_the_place() {
    let error = parse("合同 日期:昨天", &QueryLimits::default()).unwrap_err();
    assert_eq!(error.place(), Some((6, 2)));
    assert_eq!(error.code(), "query_broken_date");
    let error = parse("密级:绝密", &QueryLimits::default()).unwrap_err();
    assert_eq!(error.place(), Some((3, 2)));
    let long = "长".repeat(10_000);
    let error = parse(&long, &QueryLimits::default()).unwrap_err();
    assert_eq!(error.code(), "query_too_long");
    let many = "abc ".repeat(200);
    let error = parse(&many, &QueryLimits::default()).unwrap_err();
    assert_eq!(error.code(), "query_too_many_conditions");
    // What a name typed with spaces needs is read, and no list of single characters.
    assert!(parse("张 伟 明 合同 HT", &QueryLimits::default()).is_ok());
    let broad = parse("a b c 的 户名:公司 是", &QueryLimits::default()).unwrap_err();
    assert_eq!(broad.code(), "query_too_broad");
}

#[test]
fn chips_can_be_taken_away() {
    let query = parsed("贾瑞德 类型:合同 -作废 \"未完 ");
    let chips = query.chips();
    assert_eq!(chips.len(), 4);
    assert_eq!(chips[1].field, Some(QueryField::Kind));
    assert_eq!(chips[1].without, "贾瑞德 -作废 \"未完 \"");
    assert!(chips[2].negated);
    assert_eq!(parsed("甲 OR \u{0}| ").write(), "甲");
    assert_eq!(parsed("甲 OR").write(), "甲 \"OR\"");
    assert_eq!(write_filter(QueryField::Kind, "合同"), "kind:合同");
    assert_eq!(write_filter(QueryField::Customer, "a b\"c"), "customer:\"a bc\"");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_string_is_answered(text in "\\PC{0,60}") {
        let _ = parse(&text, &QueryLimits::default());
    }

    #[test]
    fn strings_of_operators_are_answered(text in "[户名日期密级kind:：|｜ \"“”\\-*OR.0-9\n\u{0}]{0,40}") {
        let _ = parse(&text, &QueryLimits::default());
    }

    #[test]
    fn writing_and_reading_again_means_the_same(text in "[甲乙丙a-c户名:：|｜ \"“”\\-*OR]{0,30}") {
        if let Ok(query) = parse(&text, &QueryLimits::default()) {
            let again = parse(&query.write(), &QueryLimits::default());
            prop_assert_eq!(again.map(|again| again.clauses), Ok(query.clauses), "{:?}", text);
        }
    }
}
