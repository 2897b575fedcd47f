//! The text gate: whether a text layer can be the text of the page.
//!
//! Text layers are wrong in a few known ways: a character map that points elsewhere,
//! bytes swapped, noise. Such a page must be read, or it can never be found. A false alarm only
//! costs the time of reading.

use std::collections::HashMap;
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

/// The five hundred characters that make up three quarters of modern Chinese text, with those of
/// business papers. Every page that was written has many of them, whatever its names are; a character
/// map that points elsewhere hits them by chance only.
const FREQUENT: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得\
    经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与\
    关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品\
    式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规\
    热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八\
    离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半\
    办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包\
    火住调满县局照参红细引听该铁价严址甲乙丙供购销租赁借款贷押担额费税票账户银客服务签订协议章履违赔偿损失额付款姓性别族证码编填申请审批准登册注\
    營業執照應發產經濟機關設備統計單據買賣總額國際電話號碼責任貨幣實際條約傳真檢驗類別聯絡負擔範圍證書簽訂協議變更會員資訊費帳戶銀行處理開戶";

/// Letter pairs that make up a tenth of text in European languages.
const PAIRS: &[&str] = &[
    "th", "he", "in", "er", "an", "re", "on", "at", "en", "nd", "ti", "es", "or", "te", "of", "de", "le", "ng", "io",
    "al", "ar", "st", "ch", "ei", "is", "it", "ou", "ra", "la", "un",
];

/// Whether the text can be what a page shows.
pub(super) fn plausible(text: &str) -> bool {
    let tally = CharacterTally::of(text);
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
    // Chinese that has next to none of the characters Chinese is made of.
    if tally.han >= 8 && (tally.frequent as f32) < tally.han as f32 * 0.12 {
        return false;
    }
    // Letters with marks in a row are the bytes of another encoding; no European word has many.
    if tally.marks >= 8 && tally.marked as f32 > marks * 0.35 {
        return false;
    }
    // The same character again and again is a font without a map.
    if tally.marks >= 30 && tally.most_alike as f32 > marks * 0.6 {
        return false;
    }
    if tally.letters >= 40 && (tally.vowels as f32) < tally.letters as f32 * 0.12 {
        return false;
    }
    if tally.letters >= 40 && tally.mid_capitals as f32 > tally.letters as f32 * 0.3 {
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
struct CharacterTally {
    marks: usize,
    broken: usize,
    low_byte_zero: usize,
    han: usize,
    rare_han: usize,
    frequent: usize,
    /// Latin letters with marks, and the signs of Latin-1.
    marked: usize,
    /// Occurrences of the most frequent character that is no dot, dash or digit.
    most_alike: usize,
    letters: usize,
    vowels: usize,
    /// Capitals after small letters.
    mid_capitals: usize,
    punctuation: usize,
    han_pairs: usize,
    words: usize,
    letter_pairs: usize,
    common_pairs: usize,
}

impl CharacterTally {
    fn of(text: &str) -> CharacterTally {
        let common = common_han();
        let mut tally = CharacterTally::default();
        let mut before: Option<char> = None;
        let mut alike: HashMap<char, usize> = HashMap::new();
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
                tally.frequent += usize::from(common.frequent.binary_search(&c).is_ok());
                if u32::from(c) & 0xFF == 0 {
                    tally.low_byte_zero += 1;
                }
            }
            if c.is_ascii_alphabetic() {
                tally.letters += 1;
                tally.vowels += usize::from(matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
                let after_small = before.is_some_and(|b| b.is_ascii_lowercase());
                tally.mid_capitals += usize::from(c.is_ascii_uppercase() && after_small);
            }
            tally.marked += usize::from(
                matches!(u32::from(c), 0xA1..=0x24F)
                    && !matches!(c, '·' | '×' | '÷' | '°' | '±' | '§' | '¥' | '®' | '«' | '»'),
            );
            if !c.is_ascii_digit() && !matches!(c, '.' | '-' | '_' | '*' | '/' | '…' | '—' | '·') {
                *alike.entry(c).or_default() += 1;
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
        tally.most_alike = alike.values().copied().max().unwrap_or(0);
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
    frequent: Vec<char>,
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
        let mut frequent: Vec<char> = FREQUENT.chars().filter(|c| is_han(*c)).collect();
        frequent.sort_unstable();
        frequent.dedup();
        Common { bits, words, frequent }
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

    /// Numbers that are the same on every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % n
        }
    }

    const SENTENCES: &[&str] = &[
        "兹委托本单位职工作为我方代理人，全权办理我单位的用水开户、过户及合同签订等手续。",
        "自下一结算周期起，贵单位的抄表例日调整为每月五日，账单将于抄表后三个工作日内送达。",
        "甲方将位于青岛市崂山区香港东路12号的房屋出租给乙方使用，建筑面积98.50平方米。",
        "统一社会信用代码：91370212MA3C5J8X2K",
        "合同编号：ZL-2021-0457    签订日期：2021年4月6日",
        "全年租金为人民币86,000.00元（大写：捌万陆仟元整），按季度支付，先付后用。",
        "户名 欧阳梓轩 证件号码 370212198803152218 联系电话 13366880012",
        "经查询，近三年无被执行记录，无重大行政处罚；曾有一笔贷款展期，已于次年结清。",
        "客戶名稱：臺灣電力股份有限公司　統一編號：03795904　地址：臺北市中正區羅斯福路三段",
        "The Supplier shall deliver the goods within thirty days after receipt of the purchase order.",
        "Invoice No. 2024-00817  Total amount due: USD 12,480.00  Payment terms: net 60 days",
        "Le présent contrat est régi par le droit français et les parties élisent domicile à Genève.",
        "序号 名称 规格型号 数量 单价 金额 1 智能水表 LXS-20E 12 86.00 1,032.00",
        "第三条 违约责任：逾期付款的，每逾期一日按未付金额的万分之三支付违约金。",
        "承租人：禤喆犇 地址：鄞州区宁穿路1899弄3号401室",
    ];

    fn good(dice: &mut Dice) -> String {
        let lines = 1 + dice.below(14);
        (0..lines)
            .map(|_| format!("{}\n", SENTENCES[dice.below(SENTENCES.len())]))
            .collect()
    }

    /// The ways in which text layers are wrong, each as a program in the field produced it.
    fn lie(text: &str, way: usize, dice: &mut Dice) -> String {
        let shifted = |by: i64| {
            text.chars()
                .map(|c| match c {
                    c if c.is_whitespace() => c,
                    c => char::from_u32((i64::from(u32::from(c)) + by) as u32).unwrap_or('\u{FFFD}'),
                })
                .collect::<String>()
        };
        match way {
            // A subset font whose codes count from its own first glyph.
            0 => shifted(1 + dice.below(40) as i64),
            1 => shifted(-(1 + dice.below(28) as i64)),
            // UTF-16 with the bytes exchanged.
            2 => text
                .chars()
                .map(|c| match u32::from(c) {
                    n if c.is_whitespace() || n > 0xFFFF => c,
                    n => char::from_u32((n & 0xFF) << 8 | n >> 8).unwrap_or('\u{FFFD}'),
                })
                .collect(),
            // Nothing but spaces.
            3 => text.chars().map(|_| ' ').collect(),
            // Glyph numbers as private characters.
            4 => text
                .chars()
                .map(|c| char::from_u32(0xE000 + u32::from(c) % 0x1000).unwrap_or('\u{E000}'))
                .collect(),
            // Symbols.
            5 => text
                .chars()
                .map(|_| {
                    "!\"#$%&'()*+,:;<=>?@[]^`{|}~"
                        .chars()
                        .nth(dice.below(27))
                        .unwrap_or('#')
                })
                .collect(),
            // Bytes of GBK taken for Latin-1.
            6 => {
                let (bytes, ..) = encoding_rs::GBK.encode(text);
                bytes.iter().map(|b| char::from(*b)).collect()
            }
            // UTF-8 taken for GBK.
            7 => encoding_rs::GBK.decode(text.as_bytes()).0.into_owned(),
            // One glyph for everything.
            8 => text.chars().map(|c| if c.is_whitespace() { c } else { '口' }).collect(),
            // Glyph numbers as characters of an arbitrary block.
            _ => {
                let block = [0x4E00, 0x7800, 0x9000, 0x0400, 0x1000][dice.below(5)];
                text.chars()
                    .map(|c| {
                        if c.is_whitespace() {
                            c
                        } else {
                            char::from_u32(block + u32::from(c) * 7 % 900).unwrap_or('?')
                        }
                    })
                    .collect()
            }
        }
    }

    /// At least 95 % of lying layers are found, at most 1 % of good ones are read again.
    #[test]
    fn lies_are_found_and_honest_layers_are_not_read_again() {
        let mut dice = Dice(42);
        let (mut good_refused, mut goods) = (Vec::new(), 0);
        let mut missed: Vec<(usize, String)> = Vec::new();
        let mut lies = [0usize; 10];
        for _ in 0..600 {
            let text = good(&mut dice);
            goods += 1;
            if !plausible(&text) {
                good_refused.push(text.clone());
            }
            // A number alone can hardly be told from another one.
            if text.chars().filter(|c| is_han(*c) || c.is_alphabetic()).count() < 12 {
                continue;
            }
            for (way, count) in lies.iter_mut().enumerate() {
                let lying = lie(&text, way, &mut dice);
                *count += 1;
                if plausible(&lying) {
                    missed.push((way, lying));
                }
            }
        }
        let total: usize = lies.iter().sum();
        let by_way: Vec<usize> = (0..10)
            .map(|way| missed.iter().filter(|m| m.0 == way).count())
            .collect();
        println!(
            "{} of {total} lies missed, by way {by_way:?}; {} of {goods} good layers refused",
            missed.len(),
            good_refused.len()
        );
        assert!(
            missed.len() * 100 <= total * 5,
            "{by_way:?} {:?}",
            missed.iter().take(5).collect::<Vec<_>>()
        );
        assert!(good_refused.len() * 100 <= goods, "{:?}", good_refused.first());
    }
}
