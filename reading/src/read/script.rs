//! One script for one page: in some faces a traditional character looks like its simplified form,
//! and the network then mixes them. A page is printed in one or the other.

use super::recognise::RecognisedLine;

/// Characters of simplified form alone that make a page simplified, at least.
const SIMPLIFIED_MIN: usize = 10;

/// Where nearly everything is simplified, takes the simplified form where the network thought of
/// it as well. What it is sure of stays traditional: a name, a seal, a quotation.
pub(super) fn settle(found: &mut [RecognisedLine]) {
    let doubtful: usize = found.iter().map(|f| f.simplified.len()).sum();
    if doubtful == 0 {
        return;
    }
    let (mut simplified, mut traditional) = (0usize, 0usize);
    for c in found.iter().flat_map(|f| f.line.text.chars()) {
        traditional += usize::from(is_traditional(c));
        simplified += usize::from(ONLY_SIMPLIFIED.contains(c));
    }
    if simplified < SIMPLIFIED_MIN || traditional > simplified {
        return;
    }
    for f in found {
        if f.simplified.is_empty() {
            continue;
        }
        let mut chars: Vec<char> = f.line.text.chars().collect();
        for &(at, form) in &f.simplified {
            if let Some(c) = chars.get_mut(at) {
                *c = form;
            }
        }
        f.line.text = chars.into_iter().collect();
    }
}

fn is_traditional(c: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = c.encode_utf8(&mut buffer);
    fast2s::convert(text) != text
}

/// Frequent characters that do not exist in traditional script.
const ONLY_SIMPLIFIED: &str = "这个们来时为说国对产会动学经过发实现开关门问间书长车东见贝员责任贸资费质购赔赁贷账\
    务办动劳势协单卖压厂历县参双变号叶听启吴呜员园围图圆团场坏块坚坛处备复够头夹奋奖妇孙宁宝审宪宽对导\
    寿将尔尘尝层属岁币师帐带帮干并广庄庆库应庙废开异弃张强归录径忆志怀态总恳恶悬惊惧惯愿战户扑执扩扫扬抚\
    抢护报担拟拥择挂挤挥损换据掷摄摆摇数斩断无旧时显晓术机杀权条来杨极构标树样桥检楼横欢欧残毁毕气汇汉没沟\
    泽洁测济浓涂润涨渊渐温湾湿满滚滞灭灵灾炉点炼烂烛烟烦烧热爱爷牵犹狱独献玛环现电画畅疗监盖盘着码矿确碍礼\
    离种积称税稳穷窃竞笔筑签简类粮紧约级纪纯纲纳纵纸纺线练组细织终绍经结给络绝统继续维综绿缓编缴网罗罚职联\
    肃胜胶脑脚脱舰艺节芦苏药营虑虽补装规视览觉触计订认讨让训议讯记讲许论设访证评识诉词译试诗诚话询详语误说\
    请诸诺读课谁调谈谊谋谓谢财败货贯贴贵贺资赊赋赏赖赛赞趋跃践转轮软轻载辆输边达迁过迈运还这进远违连迟适选\
    递遗邓郑酱采释钟钢钱铁银锁错键镇长闭问闲间闻阅队阳阴阶际陆陈险随隐难雾静页项顺须顾预领频题颜额风飞饭饮\
    饰馆马驻验骗高鱼鲜鸟鸡黄龄龙";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::LayoutLine;

    fn found(text: &str, simplified: &[(usize, char)]) -> RecognisedLine {
        let line = LayoutLine {
            text: text.to_owned(),
            ..LayoutLine::default()
        };
        RecognisedLine {
            line,
            simplified: simplified.to_vec(),
            disputed: false,
        }
    }

    #[test]
    fn a_stray_form_follows_the_page_and_a_traditional_page_stays() {
        let mut page = [
            found("统一社会信用代码与营业执照经营范围签订资料", &[]),
            found("签訂日期，項目负责人", &[(1, '订'), (5, '项')]),
        ];
        settle(&mut page);
        assert_eq!(page[1].line.text, "签订日期，项目负责人");
        let mut page = [
            found("統一社會信用代碼與營業執照經營範圍簽訂資料", &[]),
            found("簽訂日期", &[(1, '订')]),
        ];
        settle(&mut page);
        assert_eq!(page[1].line.text, "簽訂日期");
    }
}
