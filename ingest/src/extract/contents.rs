//! The kind of a paper by its content, for pages whose title is cut off or missing.
//!
//! Only papers with a form of their own: each word here is printed on every such paper and
//! seldom together on others. Names codes of kinds; an archive that has no such kind is not given
//! one. Whatever is not sure stays unknown.

/// A paper with a form: the code of its kind, the words, and how many of the words must be there.
struct Form {
    kind: &'static str,
    words: &'static [&'static str],
    enough: usize,
    /// One of these must be among them; nothing is asked of a form whose words are all its own.
    must: &'static [&'static str],
    /// Words of other papers that have most of the words as well.
    never: &'static [&'static str],
}

/// Words of papers that ask for as much of a person as an identity card says.
const OF_OTHER_PERSONAL_PAPERS: &[&str] = &[
    "简历",
    "登记表",
    "申请表",
    "报名表",
    "学历",
    "毕业",
    "政治面貌",
    "籍贯",
    "婚姻",
    "工作经历",
    "联系电话",
];

const FORMS: &[Form] = &[
    Form {
        kind: "id_card_copy",
        words: &[
            "公民身份号码",
            "姓名",
            "性别",
            "民族",
            "出生",
            "住址",
            "签发机关",
            "居民身份证",
        ],
        enough: 4,
        must: &["公民身份号码", "签发机关"],
        never: OF_OTHER_PERSONAL_PAPERS,
    },
    Form {
        kind: "cv",
        words: &[
            "求职意向",
            "应聘职位",
            "教育背景",
            "教育经历",
            "工作经历",
            "工作经验",
            "项目经验",
            "专业技能",
            "自我评价",
            "毕业院校",
            "个人简历",
            "期望薪资",
            "实习经历",
            "兴趣爱好",
        ],
        enough: 4,
        must: &[],
        never: &[],
    },
    Form {
        kind: "personal_register",
        words: &[
            "登记表",
            "姓名",
            "性别",
            "民族",
            "政治面貌",
            "籍贯",
            "学历",
            "婚姻状况",
            "家庭成员",
            "紧急联系人",
            "身份证号",
            "出生年月",
            "户籍",
        ],
        enough: 6,
        must: &["登记表", "信息表", "情况表", "履历表"],
        never: &["业主", "客户", "用电"],
    },
    Form {
        kind: "invoice",
        words: &[
            "发票代码",
            "发票号码",
            "开票日期",
            "购买方",
            "销售方",
            "价税合计",
            "纳税人识别号",
            "校验码",
            "机器编号",
            "开票人",
        ],
        enough: 5,
        must: &["发票号码", "发票代码", "价税合计"],
        never: &[],
    },
    Form {
        kind: "business_licence",
        words: &[
            "营业执照",
            "统一社会信用代码",
            "注册资本",
            "成立日期",
            "营业期限",
            "经营范围",
            "登记机关",
            "市场监督管理",
            "国家企业信用信息公示系统",
        ],
        enough: 6,
        must: &[],
        never: &[],
    },
    Form {
        kind: "tobacco_licence",
        words: &[
            "烟草专卖",
            "许可证号",
            "企业名称",
            "负责人",
            "许可范围",
            "有效期限",
            "发证机关",
        ],
        enough: 5,
        must: &[],
        never: &[],
    },
    Form {
        kind: "title_certificate",
        words: &[
            "不动产权",
            "权利人",
            "共有情况",
            "坐落",
            "不动产单元号",
            "权利类型",
            "权利性质",
            "使用期限",
        ],
        enough: 5,
        must: &[],
        never: &[],
    },
    Form {
        kind: "tax_registration",
        words: &["税务登记", "纳税人名称", "纳税人识别号", "扣缴义务", "发证税务机关"],
        enough: 3,
        must: &[],
        never: &[],
    },
    Form {
        kind: "supply_contract",
        words: &[
            "供电人",
            "用电人",
            "受电",
            "用电计量",
            "产权分界",
            "供电方式",
            "电费结算",
        ],
        enough: 4,
        must: &[],
        never: &[],
    },
    Form {
        kind: "lease_contract",
        words: &[
            "出租方",
            "承租方",
            "出租人",
            "承租人",
            "租金",
            "租赁期限",
            "本合同",
            "房屋",
        ],
        enough: 5,
        must: &[],
        never: &[],
    },
    Form {
        kind: "power_of_attorney",
        words: &["兹委托", "特委托", "委托权限", "代理人", "委托期限", "转委托", "受托人"],
        enough: 3,
        must: &[],
        never: &[],
    },
];

/// How often the word must occur for a page without a title to be part of a contract.
const CONTRACT_WORDS: usize = 3;

/// The code of the kind that the form of a text shows; `text` is without spaces.
pub(super) fn by_content(text: &str) -> Option<&'static str> {
    let mut best: Option<(&Form, usize)> = None;
    let mut tied = false;
    for form in FORMS {
        let holds = |word: &&str| text.contains(*word);
        let count = form.words.iter().filter(|word| holds(word)).count();
        let is_own = form.must.is_empty() || form.must.iter().any(holds);
        if count < form.enough || !is_own || form.never.iter().any(holds) {
            continue;
        }
        // Compared by how much of the form is there, because forms are not equally long.
        let share = |form: &Form, count: usize| count * 100 / form.words.len();
        match best {
            Some((other, n)) if share(other, n) > share(form, count) => {}
            Some((other, n)) if share(other, n) == share(form, count) => tied = true,
            _ => (best, tied) = (Some((form, count)), false),
        }
    }
    if let Some((form, _)) = best {
        return (!tied).then_some(form.kind);
    }
    // The second sheet of a contract: it mentions itself and its parties.
    let itself = text.matches("本合同").count();
    let parties = text.contains("甲方") && text.contains("乙方");
    (itself >= CONTRACT_WORDS && parties).then_some("contract")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_and_prose_is_not() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(by_content(text), expected, "{text}");
        check(
            "姓名欧建性别男民族汉出生1985年住址宁波市公民身份号码330212198501011234",
            Some("id_card_copy"),
        );
        check(
            "姓名欧建性别男民族汉出生1985年住址宁波市身份证号330212198501011234",
            None,
        );
        check(
            "姓名张三性别男民族汉出生年月1990.05籍贯浙江政治面貌团员公民身份号码3302",
            None,
        );
        check(
            "个人简历姓名张三性别男民族汉出生1990求职意向会计教育背景毕业院校浙江大学工作经历自我评价认真",
            Some("cv"),
        );
        check(
            "员工信息登记表姓名性别民族出生年月籍贯政治面貌学历婚姻状况家庭成员紧急联系人",
            Some("personal_register"),
        );
        check(
            "机器编号661619942171增值税专用发票发票代码3300204130发票号码12345678开票日期购买方销售方价税合计",
            Some("invoice"),
        );
        check("请凭发票号码办理退款", None);
        check(
            "统一社会信用代码91注册资本壹佰万元整成立日期营业期限经营范围登记机关",
            Some("business_licence"),
        );
        check(
            "任何一方违反本合同的,甲方乙方另行协商,本合同一式两份,本合同自签字之日起生效",
            Some("contract"),
        );
        check("关于召开会议的通知,请各部门准时参加", None);
        check("统一社会信用代码和注册资本见附件", None);
        check("", None);
    }
}
