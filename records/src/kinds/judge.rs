//! Which kind a paper is, and why: by the words of its title first, by what stands in its text where the title says
//! nothing. Two kinds that fit alike are no kind: unknown stays unknown.

use super::{DocumentKind, Kinds};
use crate::fold;

/// Between words of one content pattern that must all stand in the text.
pub const ALL_OF: char = '+';
/// Characters of a text that are looked at; what a paper is stands on its first page.
const TEXT_CHARACTERS_MAX: usize = 20_000;

/// Where the words stood that speak for a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KindBasis {
    Content,
    Title,
}

impl KindBasis {
    pub fn as_str(self) -> &'static str {
        match self {
            KindBasis::Content => "content",
            KindBasis::Title => "title",
        }
    }
}

/// A kind that fits, by its best pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindFit<'k> {
    pub kind: &'k DocumentKind,
    pub basis: KindBasis,
    /// As it is written in the list of kinds.
    pub pattern: &'k str,
    /// Characters of the pattern that were found; more is surer.
    pub strength: usize,
}

/// Every kind that fits, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement<'k> {
    pub fits: Vec<KindFit<'k>>,
}

impl<'k> Judgement<'k> {
    /// The kind that fits better than every other; `None` when none fits or the best are alike.
    pub fn kind(&self) -> Option<&'k DocumentKind> {
        let best = self.fits.first()?;
        let alike = |other: &KindFit<'_>| (other.basis, other.strength) == (best.basis, best.strength);
        (!self.fits.get(1).is_some_and(alike)).then_some(best.kind)
    }

    /// The best fits are alike, so that nobody can say which.
    pub fn is_tied(&self) -> bool {
        !self.fits.is_empty() && self.kind().is_none()
    }
}

impl Kinds {
    /// Judges a paper by its title and its text; either may be empty.
    pub fn judge(&self, title: &str, text: &str) -> Judgement<'_> {
        let title = fold::name(title);
        let text: String = text.chars().take(TEXT_CHARACTERS_MAX).collect();
        let text = fold::name(&text);
        let mut fits: Vec<KindFit<'_>> = Vec::new();
        for kind in self.all().iter().filter(|kind| kind.active) {
            let by_title = kind.title_patterns.iter().filter_map(|pattern| {
                let strength = found_whole(&title, pattern)?;
                Some(fit(kind, KindBasis::Title, pattern, strength))
            });
            let by_content = kind.content_patterns.iter().filter_map(|pattern| {
                let strength = found_all(&text, pattern)?;
                Some(fit(kind, KindBasis::Content, pattern, strength))
            });
            fits.extend(by_title.chain(by_content).max_by_key(|fit| (fit.basis, fit.strength)));
        }
        fits.sort_by_key(|fit| std::cmp::Reverse((fit.basis, fit.strength)));
        Judgement { fits }
    }
}

fn fit<'k>(kind: &'k DocumentKind, basis: KindBasis, pattern: &'k str, strength: usize) -> KindFit<'k> {
    KindFit {
        kind,
        basis,
        pattern,
        strength,
    }
}

fn found_whole(text: &str, pattern: &str) -> Option<usize> {
    let wanted = fold::name(pattern);
    (!wanted.is_empty() && text.contains(&wanted)).then(|| wanted.chars().count())
}

fn found_all(text: &str, pattern: &str) -> Option<usize> {
    let mut strength = 0;
    for word in pattern.split(ALL_OF) {
        strength += found_whole(text, word)?;
    }
    Some(strength)
}

#[cfg(test)]
mod tests {
    use super::super::ready_made;
    use super::*;

    #[test]
    fn title_before_content_and_unknown_stays_unknown() -> crate::Result<()> {
        let kinds = Kinds::new(ready_made::kinds()?);
        let check = |title: &str, text: &str, expected: Option<&str>| {
            let judged = kinds.judge(title, text);
            assert_eq!(
                judged.kind().map(|kind| kind.code.as_str()),
                expected,
                "{title} / {text}"
            );
        };
        check("房 屋 租 赁 合 同", "", Some("lease_contract"));
        check("", "公民身份号码 110101199003070000 住址 北京市", Some("id_card_copy"));
        check("房屋租赁合同", "公民身份号码 住址", Some("lease_contract"));
        check("会议通知", "各部门：定于下周一开会。", None);
        check("", "", None);
        Ok(())
    }

    #[test]
    fn two_that_fit_alike_are_none() -> crate::Result<()> {
        let mut list = ready_made::kinds()?;
        list[0].content_patterns = vec!["红+蓝".to_owned()];
        list[1].content_patterns = vec!["蓝+绿".to_owned()];
        let kinds = Kinds::new(list);
        let judged = kinds.judge("", "红蓝绿");
        assert!(judged.is_tied());
        assert_eq!(judged.fits.len(), 2);
        assert_eq!(
            kinds.judge("", "红蓝").kind().map(|kind| kind.code.as_str()),
            Some("id_card_copy")
        );
        Ok(())
    }

    /// Titles as offices print them, beside the names of the kinds themselves; an empty code is a paper of no kind.
    #[test]
    fn titles_of_other_offices_are_known_and_others_stay_unknown() -> crate::Result<()> {
        let kinds = Kinds::new(ready_made::kinds()?);
        let wrong: Vec<String> = TITLES
            .iter()
            .map(|(title, expected)| {
                let found = kinds.judge(title, "").kind().map_or("", |kind| kind.code.as_str());
                (title, expected, found)
            })
            .filter(|(_, expected, found)| *expected != found)
            .map(|(title, expected, found)| format!("{title}: {found:?}, not {expected:?}"))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Each is known by its own name too.
        for kind in kinds.all() {
            let found = kinds.judge(&kind.name_zh, "").kind().map(|kind| kind.code.as_str());
            assert!(
                found.is_none_or(|code| code == kind.code),
                "{}: {found:?}",
                kind.name_zh
            );
        }
        Ok(())
    }

    const TITLES: &[(&str, &str)] = &[
        ("关于调整抄表例日的函", "correspondence"),
        ("关于同意增设专用变压器的批复", "approval_papers"),
        ("高压供用电合同", "supply_contract"),
        ("居民生活供水合同", "supply_contract"),
        ("城市供气合同", "supply_contract"),
        ("房屋租赁协议", "lease_contract"),
        ("商铺租赁合同书", "lease_contract"),
        ("工矿产品购销合同", "purchase_sale_contract"),
        ("设备采购合同", "purchase_sale_contract"),
        ("商品房买卖合同", "presale_contract"),
        ("房屋买卖合同", "contract"),
        ("技术服务合同", "contract"),
        ("补充协议书", "amendment"),
        ("合同变更协议", "amendment"),
        ("解除合同协议书", "amendment"),
        ("三方合作协议", "contract"),
        ("抹账三方协议", "tripartite_agreement"),
        ("欠款还款协议", "repayment_agreement"),
        ("还款承诺书", "repayment_plan"),
        ("法定代表人身份证明书", "legal_person_id"),
        ("法人授权委托书", "power_of_attorney"),
        ("单位介绍信", "introduction_letter"),
        ("居民户口簿", "identity_proof"),
        ("个体工商户营业执照", "business_licence"),
        ("事业单位法人证书", "institution_licence"),
        ("中华人民共和国组织机构代码证", "organisation_code"),
        ("税务登记证", "tax_registration"),
        ("烟草专卖零售许可证", "tobacco_licence"),
        ("建设工程规划许可证", "planning_permit"),
        ("建设用地规划许可证", "planning_permit"),
        ("建筑工程施工许可证", "construction_permit"),
        ("商品房预售许可证", "presale_permit"),
        ("房地产开发企业资质证书", "developer_qualification"),
        ("不动产权证书", "title_certificate"),
        ("房屋他项权证", "other_rights_certificate"),
        ("不动产登记证明", "other_rights_certificate"),
        ("低压用电申请书", "power_use_application"),
        ("新装用电申请表", "power_use_application"),
        ("客户信用申请表", "credit_application"),
        ("信用额度申请表", "credit_application"),
        ("停车位租用申请表", "parking_application"),
        ("业主资料登记表", "customer_registration"),
        ("客户紧急联络表", "emergency_contacts"),
        ("水电表底数确认单", "meter_confirmation"),
        ("入住通知书", "move_in_papers"),
        ("客户意见反馈表", "service_feedback"),
        ("客户满意度调查表", "service_feedback"),
        ("客户投诉处理单", "complaint_record"),
        ("客户回访记录表", "visit_record"),
        ("工程竣工验收报告", "acceptance_record"),
        ("竣工验收证明书", "acceptance_record"),
        ("供电方案答复单", "supply_scheme_notice"),
        ("报价单", "quotation"),
        ("投标文件", "tender"),
        ("公证书", "notarial_deed"),
        ("会谈纪要", "negotiation_record"),
        ("项目可行性研究报告", "feasibility_report"),
        ("合同审批表", "contract_review_record"),
        ("送货单", "payment_voucher_copy"),
        ("增值税专用发票", "invoice"),
        ("天津增值税电子普通发票", "invoice"),
        ("个人简历", "cv"),
        ("个人信息登记表", "personal_register"),
        ("企业信用报告", "credit_report"),
        ("资信调查报告", "credit_report"),
        ("客户信用评估报告", "credit_assessment"),
        ("授信审批表", "credit_approval"),
        ("信用等级评定表", "rating_form"),
        ("客户基本信息表", "customer_base_form"),
        ("催缴通知书", "arrears_record"),
        ("违约用电处理通知书", "arrears_record"),
        ("延期还款审批单", "deferral_form"),
        ("装修管理协议", "fit_out_papers"),
        ("设备维修单", "repair_record"),
        ("电费清单", "payment_record"),
        ("设备配置清单", "configuration_list"),
        ("档案借阅登记表", "loan_register"),
        ("卷内目录", "in_volume_list"),
        ("档案移交清册", "transfer_list"),
        ("会议通知", ""),
        ("关于召开年度工作会议的通知", ""),
        ("工作总结", ""),
        ("员工手册", ""),
        ("员工保密协议", "contract"),
    ];
}
