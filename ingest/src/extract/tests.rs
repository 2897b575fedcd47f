//! Pages as text lines, and what must be found on them.

use super::*;
use records::pages::{CharBox, TextLine};
use records::settings::SettingName;

fn layer(lines: &[&str]) -> TextLayer {
    let line = |(at, text): (usize, &&str)| TextLine {
        text: (*text).to_owned(),
        // The first line is a heading.
        area: Area {
            x: 100,
            y: 100 * at as u32,
            w: 900,
            h: if at == 0 { 60 } else { 40 },
        },
        slope: 0.0,
        confidence: 0.9,
        chars: (0..text.chars().count())
            .map(|c| CharBox {
                x: 100 + 20 * c as u32,
                w: 18,
                confidence: 0.9,
            })
            .collect(),
    };
    TextLayer {
        lines: lines.iter().enumerate().map(line).collect(),
    }
}

fn rules() -> NumberFinders {
    NumberFinders::of(&ArchiveSettings::new(0, std::iter::empty::<(SettingName, String)>()).expect("defaults"))
}

pub(super) fn read(lines: &[&str]) -> Extract {
    let layer = layer(lines);
    let page = FactPage {
        number: 1,
        layer: &layer,
        seals: &[],
        repaired: &[],
    };
    extract(&[page], &rules())
}

fn check(lines: &[&str], expected: &[(&str, &str, &str)]) {
    let extract = read(lines);
    let got: Vec<(&str, &str, &str)> = extract
        .facts
        .iter()
        .map(|f| (f.kind.as_str(), f.value.as_str(), f.rule.as_str()))
        .collect();
    assert_eq!(got, expected, "{lines:?}");
}

#[test]
fn numbers_with_check_digits() {
    check(
        &["统一社会信用代码：91449901MA5F0H3K9F"],
        &[("credit_code", "91449901MA5F0H3K9F", "gb32100")],
    );
    check(
        &["信用代码 ９１４４９９０１ MA5F0 H3K9F"],
        &[("credit_code", "91449901MA5F0H3K9F", "gb32100")],
    );
    check(
        &["证件号码 119901198804163020"],
        &[("id_number", "119901198804163020", "gb11643")],
    );
    check(
        &["11010519491231002x 本人"],
        &[("id_number", "11010519491231002X", "gb11643")],
    );
    check(&["11010519491231002 1 本人", "91449901MA5F0H3K9FX"], &[]);
    check(
        &["公民身份号码 430512198908131367"],
        &[("id_number", "430512198908131367", "gb11643:wrong_check")],
    );
    check(
        &["身份证号：510107850312123 男"],
        &[("id_number", "510107850312123", "gb11643:old")],
    );
    check(&["流程号 510107850312123"], &[]);
    check(&["开户账号 6200040106028104482"], &[]);
}

#[test]
fn a_repair_is_told_and_only_when_one_fits() {
    check(
        &["信用代码：9144990IMA5FOH3K9F"],
        &[("credit_code", "91449901MA5F0H3K9F", "gb32100:repaired")],
    );
    check(&["ABCDEFGHIJKLMNOPQR"], &[]);
    let layer = layer(&["91449901MA5F0H3K9F"]);
    let repaired = 0..18;
    let page = FactPage {
        number: 2,
        layer: &layer,
        seals: &[],
        repaired: std::slice::from_ref(&repaired),
    };
    let found = extract(&[page], &rules());
    assert_eq!(
        (found.facts[0].rule.as_str(), found.facts[0].page_number),
        ("gb32100:repaired", 2)
    );
    assert!(found.facts[0].confidence < 0.6);
}

#[test]
fn numbers_of_the_archive() {
    check(
        &["户号", "0512003871"],
        &[("account_number", "0512003871", "pattern:account_number")],
    );
    check(
        &["户 号：0512 003871"],
        &[("account_number", "0512003871", "pattern:account_number:spaces")],
    );
    check(
        &["户号：0512003871 电话 13800001871"],
        &[
            ("account_number", "0512003871", "pattern:account_number"),
            ("phone", "13800001871", "phone:mobile"),
        ],
    );
    check(
        &["客户编号：KH-0004"],
        &[("customer_code", "KH-0004", "pattern:customer_code")],
    );
    check(
        &["合同编号：HT-2024-0117"],
        &[("contract_number", "HT-2024-0117", "pattern:contract_number")],
    );
    check(&["户号：12345678901234567890"], &[]);
}

#[test]
fn phones_are_whole_numbers() {
    check(
        &["电话：13800000117；0755-55500117"],
        &[
            ("phone", "13800000117", "phone:mobile"),
            ("phone", "075555500117", "phone:area"),
        ],
    );
    check(&["账号：6200 0401 0602 8104 482"], &[]);
    check(
        &["发票代码:012001800311", "机器编号:661619942171", "发票代码 13800138000"],
        &[],
    );
    check(&["031001600111", "044001900211 000000000001"], &[]);
}

#[test]
fn names_after_labels_and_alone() {
    let party = |name| [("name", name, rule::PARTY)];
    check(
        &["甲方（委托方）：云岭新区供电服务有限公司"],
        &party("云岭新区供电服务有限公司"),
    );
    check(
        &["名        称", "杭州嘉禾云帆供应链管理有限公司"],
        &party("杭州嘉禾云帆供应链管理有限公司"),
    );
    check(
        &["户名  沈若溪  证件类型  居民身份证"],
        &[("name", "沈若溪", rule::HOLDER)],
    );
    check(&["客户姓名", "沈若溪"], &[("name", "沈若溪", rule::HOLDER)]);
    check(
        &["深圳华宸智惠信息技术有限公司"],
        &[("name", "深圳华宸智惠信息技术有限公司", rule::LINE)],
    );
    check(
        &["云岭新区供电服务有限公司："],
        &[("name", "云岭新区供电服务有限公司", rule::ADDRESSEE)],
    );
    check(&["尊敬的沈若溪女士："], &[("name", "沈若溪", rule::ADDRESSEE)]);
    check(&["甲方保证其提供的资料真实完整"], &[]);
    check(&["名称", "类型"], &[]);
}

#[test]
fn a_fact_knows_where_it_stands() {
    let found = read(&["标题", "户号：0512003871"]);
    let fact = &found.facts[0];
    assert_eq!((fact.char_start, fact.char_end), (6, 16));
    assert_eq!(
        fact.area,
        Area {
            x: 160,
            y: 100,
            w: 198,
            h: 40
        }
    );
    assert_eq!(fact.text, "0512003871");
}

#[test]
fn headings() {
    let check = |lines: &[&str], title: &str, number: &str, date: &str| {
        let heading = read(lines).heading;
        assert_eq!(
            (heading.title.as_str(), heading.number.as_str(), heading.date.as_str()),
            (title, number, date)
        );
    };
    check(
        &[
            "补 充 协 议",
            "协议编号：BC-2025-0031",
            "甲方：某公司",
            "签订日期：2025年4月18日",
        ],
        "补充协议",
        "BC-2025-0031",
        "2025-04-18",
    );
    check(
        &[
            "成都天穹博远新能源科技有限公司",
            "关于更换联系人的函",
            "客户编号：KH-0004",
            "2025年5月6日",
        ],
        "关于更换联系人的函",
        "",
        "2025-05-06",
    );
    check(
        &["居民客户用电申请表", "受理编号：SL20230411100"],
        "居民客户用电申请表",
        "SL20230411100",
        "",
    );
    check(
        &[
            "天津增值税电子普通发票",
            "机器编号：661619942171",
            "发票代码：012001800311",
            "发票号码：12345678",
            "开票日期：2022年04月06日",
        ],
        "天津增值税电子普通发票",
        "12345678",
        "2022-04-06",
    );
    check(
        &[
            "员工登记表",
            "姓名",
            "张三",
            "出生年月",
            "1951年2月18日",
            "毕业时间",
            "2019年6月",
            "身份证号：110105194912310021",
        ],
        "员工登记表",
        "",
        "",
    );
    check(&["姓名", "管道", "方案", "甲方：某公司"], "", "", "");
    check(&["用发票", "名称：某公司"], "", "", "");
    check(&["7788.com", "K1234次"], "", "", "");
    check(&[], "", "", "");
}

#[test]
fn a_heading_in_pieces_is_one_title() {
    let mut page = layer(&["增值税", "专", "用发票", "名称：某公司"]);
    for (at, x) in [(0, 100), (1, 290), (2, 370)] {
        let line = &mut page.lines[at];
        line.area = Area {
            x,
            y: 10,
            w: 60 * line.text.chars().count() as u32,
            h: 60,
        };
    }
    let page = FactPage {
        number: 1,
        layer: &page,
        seals: &[],
        repaired: &[],
    };
    assert_eq!(extract(&[page], &rules()).heading.title, "增值税专用发票");
}

#[test]
fn dates_sums_and_validity_are_facts() {
    check(
        &["租赁期限自二〇二四年五月一日起", "至2027年4月30日止"],
        &[
            ("validity", "2024-05-01/2027-04-30", "validity:label"),
            ("date", "2024-05-01", "date:han"),
            ("date", "2027-04-30", "date"),
        ],
    );
    check(
        &["人民币（大写）壹佰贰拾叁万元整（￥1,230,000.00）"],
        &[
            ("amount", "1230000.00", "amount:capital_agrees"),
            ("amount", "1230000.00", "amount:capital_agrees"),
        ],
    );
    check(
        &["大写：壹佰贰拾叁万元整 ￥1,280,000.00"],
        &[
            ("amount", "1230000.00", "amount:capital_differs"),
            ("amount", "1280000.00", "amount:digits"),
        ],
    );
    // A sum due for each day of delay is another sum and no contradiction.
    check(
        &["合同总价壹佰贰拾叁万元整，乙方逾期付款的，每日支付违约金500元"],
        &[
            ("amount", "1230000.00", "amount:capital"),
            ("amount", "500.00", "amount:digits"),
        ],
    );
    let extract = read(&["营业执照", "营业期限", "2023年8月12日至长期"]);
    assert_eq!(
        (extract.validity.from.as_str(), extract.validity.until.as_str()),
        ("2023-08-12", "9999-12-31")
    );
}

#[test]
fn dates_never_push_out_who_it_is() {
    let mut lines = vec!["2024年5月13日 2024年5月14日 2024年5月15日"; 90];
    lines.push("统一社会信用代码：91449901MA5F0H3K9F");
    let extract = read(&lines);
    assert_eq!(extract.facts.len(), 200);
    assert!(extract.facts.iter().any(|fact| fact.kind == FactKind::CreditCode));
}

#[test]
fn the_kind_is_said_by_the_content_when_no_title_is_there() {
    let extract = read(&[
        "第七条 本合同自签字之日起生效，甲方与乙方应当遵守。",
        "第八条 本合同一式两份，本合同附件同样有效。",
    ]);
    assert_eq!(extract.kind_by_content, Some("contract"));
    assert_eq!(read(&["会议通知", "请准时参加"]).kind_by_content, None);
}
