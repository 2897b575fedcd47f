//! The synthetic corpus: dossiers with their customer, documents and pages, made from a seed and
//! the number of the dossier alone, so that any page can be made again at any time and nothing
//! need be kept. Each page has its clean text (the truth) and the text as a machine read it.
//!
//! This file knows nothing of indexes; tests and benches share it.

use crate::words;

/// How many dossiers of what size, and from which seed.
#[derive(Debug, Clone, Copy)]
pub struct Corpus {
    pub seed: u64,
    pub pages_per_dossier: usize,
}

#[derive(Debug, Clone, Default)]
pub struct Dossier {
    pub customer: Customer,
    pub documents: Vec<Document>,
}

#[derive(Debug, Clone, Default)]
pub struct Customer {
    pub name: String,
    /// The person who signs; the customer itself when it is a person.
    pub person: String,
    /// Coined part of the name of a company.
    pub brand: String,
    pub code: String,
    pub id_number: String,
    pub credit_code: String,
    pub phone: String,
    pub account: String,
    pub address: String,
}

#[derive(Debug, Clone, Default)]
pub struct Document {
    pub uid: i64,
    pub kind: &'static str,
    pub title: String,
    pub number: String,
    /// `yyyymmdd`
    pub date: u32,
    pub security_level: u8,
    pub department: &'static str,
    pub place_uid: i64,
    pub pages: Vec<Page>,
}

#[derive(Debug, Clone, Default)]
pub struct Page {
    pub uid: i64,
    pub number: u32,
    /// What stands on the paper, without line breaks.
    pub clean: String,
    /// What was read, with line breaks.
    pub read: String,
}

/// Slots of the shelves; a dossier stands in one of them.
pub const PLACES: i64 = 57_600;
/// Slots of one rack.
pub const PLACES_PER_RACK: i64 = 480;
/// Room for the documents of one dossier in the numbers of documents.
const DOCUMENTS_PER_DOSSIER: i64 = 64;
const PAGES_PER_DOCUMENT: i64 = 64;

/// A small deterministic source of numbers (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0xD134_2543_DE82_EF95) ^ 0x2545_F491_4F6C_DD1D)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to but without `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// From 0 up to but without 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// The number of an item when item `n` is drawn about 1/(n+1) as often as the first.
    pub fn ranked(&mut self, count: usize) -> usize {
        let rank = ((count + 1) as f64).powf(self.share()) as usize;
        rank.clamp(1, count) - 1
    }

    pub fn digits(&mut self, count: usize, out: &mut String) {
        for _ in 0..count {
            out.push(char::from(b'0' + self.below(10) as u8));
        }
    }
}

/// Everything drawn from more than once, prepared.
pub struct Makers {
    surnames: Vec<char>,
    given: Vec<char>,
    brand: Vec<char>,
    /// Words of the free text, commonest first.
    vocabulary: Vec<[char; 2]>,
    tails: Vec<char>,
}

impl Makers {
    pub fn new() -> Self {
        let common: Vec<char> = words::COMMON.chars().collect();
        let mut numbers = Numbers::new(0xD05513);
        let vocabulary = (0..60_000).map(|_| [common[numbers.ranked(common.len())], *numbers.pick(&common)]);
        Makers {
            surnames: words::SURNAMES.chars().collect(),
            given: words::GIVEN.chars().collect(),
            brand: words::BRAND.chars().collect(),
            vocabulary: vocabulary.collect(),
            tails: common,
        }
    }
}

impl Corpus {
    /// The number of dossiers that hold about `pages` pages.
    pub fn dossiers_for(&self, pages: usize) -> i64 {
        (pages / self.pages_per_dossier).max(1) as i64
    }

    /// The customer number `uid` without the papers, for type-ahead over many customers.
    pub fn customer(&self, makers: &Makers, uid: i64) -> Customer {
        customer(&mut self.numbers(uid), makers, uid)
    }

    pub fn dossier(&self, makers: &Makers, uid: i64) -> Dossier {
        let mut numbers = self.numbers(uid);
        let customer = customer(&mut numbers, makers, uid);
        let place_uid = 1 + numbers.below(PLACES as usize) as i64;
        let mut documents = Vec::new();
        let mut left = self.pages_per_dossier;
        let mut first = true;
        while left > 0 {
            let kind = if first { 1 } else { numbers.ranked(words::KINDS.len()) };
            let (code, title) = words::KINDS[kind];
            let pages = match (first, code) {
                (true, _) => 1,
                (_, "contract") => numbers.between(2, 5),
                (_, "attachment") => numbers.between(1, 3),
                _ => 1,
            };
            let pages = pages.min(left);
            left -= pages;
            let number_of_document = documents.len() as i64;
            let document = Head {
                uid: uid * DOCUMENTS_PER_DOSSIER + number_of_document.min(DOCUMENTS_PER_DOSSIER - 1),
                kind: code,
                title: if first { "立卷申请表（封面）" } else { title },
                customer: &customer,
                place_uid,
            }
            .document(&mut numbers, makers, pages);
            documents.push(document);
            first = false;
        }
        Dossier { customer, documents }
    }

    fn numbers(&self, uid: i64) -> Numbers {
        Numbers::new(self.seed.wrapping_mul(1_000_003).wrapping_add(uid as u64))
    }
}

fn customer(numbers: &mut Numbers, makers: &Makers, uid: i64) -> Customer {
    let person = person(numbers, makers);
    let mut brand = String::new();
    for _ in 0..numbers.between(2, 3) {
        brand.push(*numbers.pick(&makers.brand));
    }
    let city = words::CITIES[numbers.ranked(words::CITIES.len())];
    let trade = words::TRADES[numbers.ranked(words::TRADES.len())];
    let suffix = words::SUFFIXES[numbers.ranked(words::SUFFIXES.len())];
    let company = numbers.chance(0.6);
    let name = if company {
        format!("{city}{brand}{trade}{suffix}")
    } else {
        person.clone()
    };
    let mut account = String::from("6222");
    numbers.digits(15, &mut account);
    let mut phone = format!("1{}", numbers.pick(&["38", "39", "58", "86", "77", "52"]));
    numbers.digits(8, &mut phone);
    let address = format!(
        "{city}市{}{}{}号{}幢{}室",
        words::DISTRICTS[numbers.ranked(words::DISTRICTS.len())],
        numbers.pick(words::ROADS),
        numbers.between(1, 999),
        numbers.between(1, 30),
        numbers.between(101, 2904),
    );
    Customer {
        name,
        person,
        brand: if company { brand } else { String::new() },
        code: format!("{:08}", 10_000_000 + uid),
        id_number: id_number(numbers),
        credit_code: credit_code(numbers),
        phone,
        account,
        address,
    }
}

struct Head<'a> {
    uid: i64,
    kind: &'static str,
    title: &'a str,
    customer: &'a Customer,
    place_uid: i64,
}

impl Head<'_> {
    fn document(&self, numbers: &mut Numbers, makers: &Makers, pages: usize) -> Document {
        let year = 2024 - numbers.ranked(25) as u32;
        let date = (year, numbers.between(1, 12) as u32, numbers.between(1, 28) as u32);
        let mut number = format!("{}-{year}-", numbers.pick(&["HT", "DK", "ZL", "GD", "SQ"]));
        numbers.digits(5, &mut number);
        let security_level = match numbers.below(20) {
            0 => 3,
            1 | 2 => 2,
            3..=6 => 1,
            _ => 0,
        };
        let department = *numbers.pick(words::DEPARTMENTS);
        let other = person(numbers, makers);
        let pages = (0..pages).map(|at| {
            let facts = Facts {
                date,
                number: &number,
                other: &other,
                at,
                of: pages,
            };
            let clean = self.clean(numbers, makers, &facts);
            Page {
                uid: self.uid * PAGES_PER_DOCUMENT + at as i64,
                number: at as u32 + 1,
                read: read(numbers, &clean),
                clean,
            }
        });
        let pages = pages.collect();
        Document {
            uid: self.uid,
            kind: self.kind,
            title: self.title.to_owned(),
            number,
            date: date.0 * 10_000 + date.1 * 100 + date.2,
            security_level,
            department,
            place_uid: self.place_uid,
            pages,
        }
    }

    fn clean(&self, numbers: &mut Numbers, makers: &Makers, facts: &Facts<'_>) -> String {
        let customer = self.customer;
        let mut out = String::with_capacity(2_400);
        let day = day(numbers, facts.date);
        if facts.at == 0 {
            out += &format!("{}　编号：{}　签订日期：{day}。", self.title, facts.number);
        } else {
            out += &format!("{}第{}页共{}页。", self.title, facts.at + 1, facts.of);
        }
        match self.kind {
            "contract" if facts.at == 0 => {
                out += &format!(
                    "甲方：{}银行{}分行，乙方：{}，统一社会信用代码：{}，法定代表人：{}，住所：{}，联系电话：{}。",
                    numbers.pick(words::BANKS),
                    words::CITIES[numbers.ranked(words::CITIES.len())],
                    customer.name,
                    customer.credit_code,
                    customer.person,
                    customer.address,
                    customer.phone
                );
            }
            "contract" => {
                out += &format!("乙方（签章）：{}　经办人：{}。", customer.name, facts.other);
            }
            "application" => {
                out += &format!(
                    "申请人：{}　证件号码：{}　户号：{}　手机：{}　地址：{}　开户行：{}　账号：{}　联系人：{}。",
                    customer.name,
                    customer.id_number,
                    customer.code,
                    customer.phone,
                    customer.address,
                    numbers.pick(words::BANKS),
                    customer.account,
                    facts.other
                );
            }
            "receipt" => {
                let amount = numbers.between(100, 9_999_999);
                out += &format!(
                    "今收到{}交来款项人民币{}（¥{}.{:02}），账号{}，经手人{}。",
                    customer.name,
                    capitals(amount),
                    amount,
                    numbers.below(100),
                    customer.account,
                    facts.other
                );
            }
            "business_licence" => {
                out += &format!(
                    "营业执照　统一社会信用代码{}　名称{}　类型有限责任公司　住所{}　法定代表人{}　注册资本{}万元整　成立日期{day}　登记机关{}市场监督管理局。",
                    customer.credit_code,
                    customer.name,
                    customer.address,
                    customer.person,
                    capitals(numbers.between(1, 9_000)),
                    words::CITIES[numbers.ranked(words::CITIES.len())]
                );
            }
            "identity" => {
                out += &format!(
                    "姓名{}　性别男　民族汉　住址{}　公民身份号码{}　签发机关{}公安局。",
                    customer.person,
                    customer.address,
                    customer.id_number,
                    words::CITIES[numbers.ranked(words::CITIES.len())]
                );
            }
            _ => {
                out += &format!("附件：{}提供的材料，见证人{}，{day}。", customer.name, facts.other);
            }
        }
        let clauses = numbers.between(3, 6);
        let free = 614usize.saturating_sub(out.chars().count() + clauses * 58).min(310);
        let sentence_every = 1 + clauses;
        let mut written = 0;
        for at in 0..sentence_every {
            let until = free * (at + 1) / sentence_every;
            while written < until {
                written += word(numbers, makers, &mut out);
            }
            out.push('。');
            if at < clauses {
                out.push_str(words::CLAUSES[numbers.ranked(words::CLAUSES.len())]);
            }
        }
        out
    }
}

struct Facts<'a> {
    date: (u32, u32, u32),
    number: &'a str,
    other: &'a str,
    at: usize,
    of: usize,
}

fn person(numbers: &mut Numbers, makers: &Makers) -> String {
    let mut name = String::new();
    name.push(makers.surnames[numbers.ranked(makers.surnames.len())]);
    for _ in 0..numbers.between(1, 2) {
        name.push(*numbers.pick(&makers.given));
    }
    name
}

fn word(numbers: &mut Numbers, makers: &Makers, out: &mut String) -> usize {
    let rank = numbers.ranked(makers.vocabulary.len());
    out.extend(makers.vocabulary[rank]);
    let mut length = 2;
    // A word has always the same tail, so that words of three and four characters exist.
    if rank.is_multiple_of(5) {
        out.push(makers.tails[rank * 31 % makers.tails.len()]);
        length += 1;
    }
    if numbers.chance(0.08) {
        out.push('，');
        length += 1;
    }
    length
}

/// A number of a person with its check digit (GB 11643).
fn id_number(numbers: &mut Numbers) -> String {
    let area = numbers.pick(&[
        "330106", "310115", "440305", "110108", "510107", "420102", "610113", "320102",
    ]);
    let mut id = format!(
        "{area}{}{:02}{:02}",
        numbers.between(1950, 2004),
        numbers.between(1, 12),
        numbers.between(1, 28)
    );
    numbers.digits(3, &mut id);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = id
        .bytes()
        .zip(weights)
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    id.push(char::from(b"10X98765432"[(sum % 11) as usize]));
    id
}

fn credit_code(numbers: &mut Numbers) -> String {
    let letters = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut code = format!(
        "91{}",
        numbers.pick(&["330106", "310115", "440305", "110108", "510107", "420102"])
    );
    for _ in 0..10 {
        code.push(char::from(*numbers.pick(letters)));
    }
    code
}

fn day(numbers: &mut Numbers, (year, month, day): (u32, u32, u32)) -> String {
    match numbers.below(3) {
        0 => format!("{year}年{month}月{day}日"),
        1 => format!("{year}-{month:02}-{day:02}"),
        _ => format!("{year}.{month}.{day}"),
    }
}

fn capitals(amount: usize) -> String {
    const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    const UNITS: [&str; 8] = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟"];
    let digits: Vec<usize> = amount
        .to_string()
        .bytes()
        .map(|byte| usize::from(byte - b'0'))
        .collect();
    let mut out = String::new();
    for (at, digit) in digits.iter().enumerate() {
        let unit = UNITS[(digits.len() - 1 - at) % UNITS.len()];
        if *digit != 0 {
            out.push(DIGITS[*digit]);
            out.push_str(unit);
        } else if unit == "万" {
            out.push_str(unit);
        }
    }
    out + "元整"
}

/// What a machine makes of a clean text: 80 % of the pages have 0.2 to 1.4 % of wrong characters,
/// 15 % have 1.5 to 4 %, 5 % have 4 to 9 %; and lines of 26 to 42 characters.
fn read(numbers: &mut Numbers, clean: &str) -> String {
    let rate = match numbers.below(20) {
        0 => 0.04 + numbers.share() * 0.05,
        1..=3 => 0.015 + numbers.share() * 0.025,
        _ => 0.002 + numbers.share() * 0.012,
    };
    let mut out = String::with_capacity(clean.len() + 64);
    let mut line = numbers.between(26, 42);
    for char in clean.chars() {
        if numbers.chance(rate) {
            spoil(numbers, char, &mut out);
        } else {
            out.push(char);
        }
        line -= 1;
        if line == 0 {
            out.push('\n');
            line = numbers.between(26, 42);
        }
    }
    out
}

fn spoil(numbers: &mut Numbers, char: char, out: &mut String) {
    match numbers.below(20) {
        0..=10 => {
            let confused: Vec<char> = words::CONFUSED
                .iter()
                .filter(|(from, _)| *from == char)
                .map(|(_, to)| *to)
                .collect();
            match confused.as_slice() {
                [] if char.is_alphanumeric() => out.extend(char::from_u32(char as u32 + 1)),
                [] => out.push(char),
                some => out.push(*numbers.pick(some)),
            }
        }
        11..=13 => {}
        14 | 15 => {
            out.push(char);
            out.push(' ');
        }
        16 | 17 if char.is_ascii_graphic() => out.extend(char::from_u32(char as u32 + 0xFEE0)),
        _ => {
            let traditional = words::TRADITIONAL.iter().find(|(from, _)| *from == char);
            out.push(traditional.map_or(char, |(_, to)| *to));
        }
    }
}
