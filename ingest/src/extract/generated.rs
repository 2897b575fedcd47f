//! Papers made by the thousand: what must hold of every one of them, whatever stands on it.

use super::dates::{DateScript, scan};
use super::tests::read;
use records::documents::FactKind;
use records::parties::check_digits::{credit_check_character, is_id_number};

/// Numbers without pattern, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        let at = self.below(all.len() as u64);
        all[at as usize]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

const DIVISIONS: [&str; 8] = [
    "110105", "310115", "330102", "430512", "440305", "510107", "610113", "650104",
];
const ID_LABELS: [&str; 5] = ["公民身份号码 ", "身份证号：", "身份证号码:", "证件号码 ", "证件号："];

fn id_number(dice: &mut Dice) -> String {
    let (year, month, day) = (1930 + dice.below(80), 1 + dice.below(12), 1 + dice.below(28));
    let first = format!("{}{year}{month:02}{day:02}{}", dice.one_of(&DIVISIONS), dice.digits(3));
    let mut whole = "0123456789X".chars().map(|check| format!("{first}{check}"));
    whole.find(|number| is_id_number(number)).expect("one check digit fits")
}

#[test]
fn an_id_number_is_never_the_code_of_a_company() {
    let mut dice = Dice(1);
    for _ in 0..500 {
        let right = id_number(&mut dice);
        let mut read_wrong: Vec<char> = right.chars().collect();
        let at = dice.below(17) as usize;
        read_wrong[at] = char::from(b'0' + dice.below(10) as u8);
        let number: String = read_wrong.into_iter().collect();
        let line = format!("{}{number}", dice.one_of(&ID_LABELS));
        let facts = read(&["登记表", &line]).facts;
        assert!(
            facts.iter().all(|fact| fact.kind != FactKind::CreditCode),
            "{line}: {facts:?}"
        );
        let found: Vec<(&str, &str)> = facts
            .iter()
            .filter(|fact| fact.kind == FactKind::IdNumber)
            .map(|fact| (fact.value.as_str(), fact.rule.as_str()))
            .collect();
        let rule = match number == right {
            true => "gb11643",
            false => "gb11643:wrong_check",
        };
        assert_eq!(found, [(number.as_str(), rule)], "{line}");
    }
}

#[test]
fn codes_of_companies_are_still_found() {
    let mut dice = Dice(2);
    for _ in 0..500 {
        let first = format!("9{}{}MA{}", 1 + dice.below(3), dice.one_of(&DIVISIONS), dice.digits(7));
        let check = credit_check_character(&format!("{first}0")).expect("the form of a code");
        let code = format!("{first}{check}");
        let facts = read(&["营业执照", &format!("统一社会信用代码：{code}")]).facts;
        assert!(
            facts.iter().any(|fact| fact.value == code && fact.rule == "gb32100"),
            "{code}: {facts:?}"
        );
    }
}

#[test]
fn numbers_of_invoices_and_machines_are_no_phones() {
    let mut dice = Dice(3);
    for province in [
        "011", "012", "031", "032", "033", "035", "037", "041", "042", "044", "050", "051", "061",
    ] {
        for _ in 0..50 {
            // Province, year of printing, batch: the code of an electronic invoice.
            let code = format!("{province}00{}00{}", 15 + dice.below(10), dice.digits(3));
            let number = dice.digits(8);
            let machine = format!("{}{}", dice.one_of(&["661", "499", "539", "000"]), dice.digits(9));
            let lines = [
                "增值税电子普通发票".to_owned(),
                format!("机器编号：{machine}"),
                format!("发票代码：{code} 发票号码：{number}"),
                code.clone(),
                format!("校验码 {} {}", dice.digits(5), dice.digits(5)),
            ];
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let found = read(&lines);
            let phones = found.facts.iter().filter(|fact| fact.kind == FactKind::Phone);
            assert_eq!(phones.count(), 0, "{lines:?}: {:?}", found.facts);
            assert_eq!(found.heading.number, number, "{lines:?}");
            assert_eq!(found.kind_by_content, None, "four words are not enough: {lines:?}");
        }
    }
}

#[test]
fn phones_are_still_found() {
    let mut dice = Dice(4);
    for area in ["010", "021", "027", "0310", "0571", "0755", "0817", "0991"] {
        for _ in 0..50 {
            let line = format!("{}{}", 2 + dice.below(7), dice.digits(7));
            let number = format!("{area}{line}");
            for written in [number.clone(), format!("{area}-{line}"), format!("({area}) {line}")] {
                let facts = read(&["函", &format!("联系电话：{written}")]).facts;
                let phones: Vec<&str> = facts
                    .iter()
                    .filter(|fact| fact.kind == FactKind::Phone)
                    .map(|fact| fact.value.as_str())
                    .collect();
                assert_eq!(phones, [number.as_str()], "{written}");
            }
        }
    }
}

#[test]
fn days_of_a_life_are_not_the_day_of_the_paper() {
    let mut dice = Dice(5);
    for _ in 0..500 {
        let id = id_number(&mut dice);
        let (year, month, day) = (&id[6..10], &id[10..12], &id[12..14]);
        let cell = dice.one_of(&["出生日期", "出生年月", "出生", "生日"]);
        let date = match dice.below(3) {
            0 => format!("{year}年{month}月{day}日"),
            1 => format!("{year}-{month}-{day}"),
            _ => format!("{year}.{month}.{day}"),
        };
        let number = format!("身份证号：{id}");
        let paper = ["个人信息登记表", "姓名", "沈若溪", cell, &date, &number];
        assert_eq!(read(&paper).heading.date.as_str(), "", "{paper:?}");
        let without_cell = ["个人信息登记表", "姓名", "沈若溪", &date, &number];
        assert_eq!(read(&without_cell).heading.date.as_str(), "", "{without_cell:?}");
        let signed = ["个人信息登记表", cell, &date, &number, "填表日期：2024年5月13日"];
        assert_eq!(read(&signed).heading.date.as_str(), "2024-05-13");
    }
}

#[test]
fn one_slashed_zero_gives_the_day_back_or_nothing() {
    for year in [2000, 2006, 2018, 2020, 2026] {
        for (month, day) in (1..=12).flat_map(|month| (1..=28).map(move |day| (month, day))) {
            let right = format!("{year}-{month:02}-{day:02}");
            for (at, _) in right.match_indices('0').filter(|(at, _)| *at > 0) {
                let mut misread = right.clone();
                misread.replace_range(at..=at, "8");
                let found = scan(&misread);
                let repaired = found.iter().find(|found| found.script == DateScript::SlashedZeros);
                assert!(
                    repaired.is_none_or(|found| found.date.as_str() == right),
                    "{misread} gave {repaired:?}"
                );
                // No month begins with an 8, so that this one cannot be missed.
                assert!(at != 5 || repaired.is_some(), "{misread}");
            }
        }
    }
}
