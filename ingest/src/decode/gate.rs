//! The text gate: whether a text layer can be what the page shows.
//!
//! Text layers lie in known ways (RELIABILITY fact 9): a character map that points elsewhere,
//! bytes swapped, noise. Such a page must be read, or it can never be found. A false alarm only
//! costs the time of reading.

use std::sync::OnceLock;

/// Common words of two characters in business and official papers. Text of some length in which
/// none of them occurs is not Chinese prose, whatever its characters are.
const WORDS: &str = "公司 有限 合同 甲方 乙方 服务 日期 地址 电话 人民 中华 共和 中国 北京 上海 \
    银行 账号 代表 法定 签订 约定 双方 单位 企业 经营 管理 技术 工程 项目 建设 设计 施工 验收 \
    支付 付款 金额 费用 价格 发票 税务 登记 注册 信用 代码 统一 社会 机关 证件 身份 号码 姓名 \
    性别 联系 负责 责任 违约 赔偿 损失 争议 解决 法律 法规 规定 条件 条款 内容 范围 标准 要求 \
    质量 安全 生产 产品 设备 材料 数量 规格 型号 供应 采购 销售 市场 客户 用户 业务 办理 申请 \
    审批 批准 同意 意见 说明 附件 文件 资料 档案 信息 数据 系统 网络 软件 开发 维护 使用 提供 \
    保证 保密 期限 时间 工作 进行 通过 根据 按照 以及 或者 其他 相关 有关 本人 委托 授权 代理 \
    租赁 房屋 土地 面积 用电 供电 用水 供水 燃气 电力 电网 变压 容量 抄表 电费 电价 过户 年度 \
    报告 报表 财务 资金 贷款 借款 担保 抵押 保险 投资 股东 股份 董事 会议 决议 章程 通知 公告 \
    政府 部门 国家 地区 城市 省市 街道 大厦 中心 学校 医院 教育 研究 发展 改革 经济 社区 问题 \
    可以 应当 必须 不得 如果 因为 所以 但是 我们 他们 没有 一个 这个 自己 什么 现在 主要 情况";

/// Letter pairs that make up a tenth of text in European languages.
const PAIRS: &[&str] = &[
    "th", "he", "in", "er", "an", "re", "on", "at", "en", "nd", "ti", "es", "or", "te", "of", "de", "le", "ng", "io",
    "al", "ar", "st", "ch", "ei", "is", "it", "ou", "ra", "la", "un",
];

/// Whether the text can be what a page shows.
pub(super) fn plausible(text: &str) -> bool {
    let tally = Tally::of(text);
    let marks = tally.marks as f32;
    if tally.marks == 0 {
        return false;
    }
    // Private use, replacement characters, controls, rare extensions: a broken character map.
    if tally.broken as f32 > marks * 0.12 {
        return false;
    }
    // UTF-16 read the wrong way round puts Latin text among characters whose low byte is 0.
    if tally.low_byte_zero >= 4 && tally.low_byte_zero as f32 > marks * 0.3 {
        return false;
    }
    // Characters that exist but hardly occur. Names use them too, so only the share tells.
    let rare = tally.rare_han as f32 / (tally.han.max(1)) as f32;
    if (tally.han >= 4 && rare > 0.6) || (tally.han >= 20 && rare > 0.25) {
        return false;
    }
    if tally.marks >= 20 && tally.punctuation as f32 > marks * 0.5 {
        return false;
    }
    if tally.han_pairs >= 100 && (tally.words as f32) < tally.han_pairs as f32 * 0.006 {
        return false;
    }
    if tally.letter_pairs >= 200 && (tally.common_pairs as f32) < tally.letter_pairs as f32 * 0.1 {
        return false;
    }
    true
}

#[derive(Default)]
struct Tally {
    marks: usize,
    broken: usize,
    low_byte_zero: usize,
    han: usize,
    rare_han: usize,
    punctuation: usize,
    han_pairs: usize,
    words: usize,
    letter_pairs: usize,
    common_pairs: usize,
}

impl Tally {
    fn of(text: &str) -> Tally {
        let common = common_han();
        let mut tally = Tally::default();
        let mut before: Option<char> = None;
        for c in text.chars() {
            if c.is_whitespace() {
                // Lines are broken in the middle of Chinese words, so the pair goes on.
                before = before.filter(|b| is_han(*b));
                continue;
            }
            tally.marks += 1;
            if is_broken(c) {
                tally.broken += 1;
            }
            if is_han(c) {
                tally.han += 1;
                if !common.has(c) {
                    tally.rare_han += 1;
                }
                if u32::from(c) & 0xFF == 0 {
                    tally.low_byte_zero += 1;
                }
            }
            // Dots and dashes come in long rows in forms and tables of contents.
            if c.is_ascii_punctuation() && !matches!(c, '.' | '-' | '_' | '*' | '/') {
                tally.punctuation += 1;
            }
            if let Some(b) = before {
                if is_han(b) && is_han(c) {
                    tally.han_pairs += 1;
                    tally.words += usize::from(common.is_word(b, c));
                } else if b.is_ascii_lowercase() && c.is_ascii_lowercase() {
                    tally.letter_pairs += 1;
                    let pair = [b as u8, c as u8];
                    tally.common_pairs += usize::from(PAIRS.iter().any(|p| p.as_bytes() == pair.as_slice()));
                }
            }
            before = Some(c);
        }
        tally
    }
}

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Characters that no printed business page shows in number.
fn is_broken(c: char) -> bool {
    let n = u32::from(c);
    c.is_control()
        || n == 0xFFFD
        || matches!(n, 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF)
        || matches!(n, 0x0250..=0x036F | 0x0700..=0x0DFF | 0x0F00..=0x109F | 0x1200..=0x1DFF)
        || matches!(n, 0x3400..=0x4DBF | 0xA000..=0xABFF)
}

/// The characters that GB 2312 (level 1) and Big5 (level 1) list as in common use, and the words.
struct Common {
    bits: Vec<u64>,
    words: Vec<(char, char)>,
}

impl Common {
    fn has(&self, c: char) -> bool {
        let n = u32::from(c) as usize;
        self.bits.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    fn is_word(&self, a: char, b: char) -> bool {
        self.words.binary_search(&(a, b)).is_ok()
    }
}

fn common_han() -> &'static Common {
    static COMMON: OnceLock<Common> = OnceLock::new();
    COMMON.get_or_init(|| {
        let mut bits = vec![0u64; 0x1_0000 / 64];
        let mut add = |encoding: &'static encoding_rs::Encoding, lead: u8, trail: u8| {
            let pair = [lead, trail];
            let (text, had_errors) = encoding.decode_without_bom_handling(&pair);
            if let (false, Some(c)) = (had_errors, text.chars().next()) {
                let n = u32::from(c) as usize;
                if let Some(word) = bits.get_mut(n / 64) {
                    *word |= 1 << (n % 64);
                }
            }
        };
        for lead in 0xB0..=0xD7 {
            (0xA1..=0xFE).for_each(|trail| add(encoding_rs::GBK, lead, trail));
        }
        for lead in 0xA4..=0xC6 {
            (0x40..=0xFE).for_each(|trail| add(encoding_rs::BIG5, lead, trail));
        }
        let pair = |word: &str| {
            let mut chars = word.chars();
            Some((chars.next()?, chars.next()?))
        };
        let mut words: Vec<(char, char)> = WORDS.split_whitespace().filter_map(pair).collect();
        words.sort_unstable();
        Common { bits, words }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_show_passes() {
        for text in [
            "统一社会信用代码 91510107WERL4KTKFT",
            "第一条  服务内容 乙方应按照本合同附件一所列的服务范围",
            "承租人：禤喆犇",
            "目录........................................12",
            "Total amount due: 1,234.00 USD",
            "13800138000",
            "客戶名稱：臺灣電力股份有限公司",
        ] {
            assert!(plausible(text), "{text}");
        }
    }

    #[test]
    fn what_no_page_shows_is_refused() {
        for text in [
            "犐犆犛３５．０４０ 犔８０ !\"#：",
            "䴀甀氀琀椀瀀氀攀 瀀愀最攀猀",
            "\u{e001}\u{e002}\u{e003}",
            "!\"#$%&'()!\"#$%&'()!\"#$%&'()",
            "",
        ] {
            assert!(!plausible(text), "{text}");
        }
    }

    /// A character map shuffled within the characters of the page leaves every character common;
    /// only the words are gone.
    #[test]
    fn a_shuffled_map_is_noticed_by_its_words() {
        let text = "乙方应按照本合同附件一所列的服务范围服务标准和交付时间向甲方提供信息系统运维服务\
            并保证所提供的服务符合国家有关法律法规及行业规范的要求甲方应在本合同签订之日起十个工作日内\
            向乙方提供开展工作所必需的资料数据及工作条件并对其真实性完整性和合法性负责任何一方未能履行";
        assert!(plausible(text));
        let mut distinct: Vec<char> = text.chars().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let n = distinct.len();
        for shift in [1, 7, n / 3, n / 2] {
            let turned: String = text
                .chars()
                .map(|c| {
                    let at = distinct.binary_search(&c).unwrap_or(0);
                    distinct[(at + shift) % n]
                })
                .collect();
            assert!(!plausible(&turned), "shift {shift}: {turned}");
        }
    }
}
