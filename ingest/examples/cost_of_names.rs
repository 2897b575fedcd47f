//! What it costs to find names of customers anywhere on a page, with as many customers as a utility has.
//!
//! ```text
//! cargo run --release -p ingest --example cost_of_names [CUSTOMERS] [PAGES]
//! ```
//! Names and pages are made up: nine persons to one organisation, pages of 1,500 letters of which one in a hundred runs
//! is a registered name.

use ingest::extract::{FactPage, RegisteredNames, registered_names};
use records::pages::{Area, TextLayer, TextLine};
use std::time::{Duration, Instant};

const LETTERS: usize = 1_500;
const LINE: usize = 34;
const SURNAMES: &str =
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任";
const GIVEN: &str = "伟芳娜敏静丽强磊洋艳勇军杰涛明超秀霞平刚桂英华玉兰建国文斌浩宇欣怡子涵雨轩梓晨思远佳慧志鹏";
const WORDS: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严";

/// The same numbers in every run: a xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap_or_default()
    }

    fn one(&mut self, of: &[char]) -> char {
        of[self.below(of.len())]
    }
}

fn names(count: usize, dice: &mut Dice) -> Vec<String> {
    let [surnames, given, words] = [SURNAMES, GIVEN, WORDS].map(|text| text.chars().collect::<Vec<_>>());
    let name = |at: usize| -> String {
        match at % 10 {
            0 => {
                let own: String = (0..4 + dice.below(5)).map(|_| dice.one(&words)).collect();
                format!("{own}科技有限公司")
            }
            _ => {
                let more = 1 + usize::from(dice.below(5) > 0);
                std::iter::once(dice.one(&surnames))
                    .chain((0..more).map(|_| dice.one(&given)))
                    .collect()
            }
        }
    };
    (0..count).map(name).collect()
}

fn page(names: &[String], dice: &mut Dice) -> TextLayer {
    let words: Vec<char> = WORDS.chars().collect();
    let mut text = String::new();
    while text.chars().count() < LETTERS {
        match dice.below(100) {
            0 => text.push_str(&names[dice.below(names.len())]),
            _ => text.push(dice.one(&words)),
        }
    }
    let letters: Vec<char> = text.chars().collect();
    let line = |letters: &[char]| TextLine {
        text: letters.iter().collect(),
        area: Area::default(),
        slope: 0.0,
        confidence: 1.0,
        chars: Vec::new(),
    };
    TextLayer {
        lines: letters.chunks(LINE).map(line).collect(),
    }
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|word| word.parse().ok());
    let customers = numbers.next().unwrap_or(133_000);
    let pages = numbers.next().unwrap_or(200);
    let mut dice = Dice(20_261_130);
    let all = names(customers, &mut dice);
    let began = Instant::now();
    let mut registered = RegisteredNames::default();
    for name in &all {
        registered.add(&records::fold::name(name));
    }
    println!("{customers} names made ready in {:.1} ms", ms(began.elapsed()));
    let layers: Vec<TextLayer> = (0..pages).map(|_| page(&all, &mut dice)).collect();
    let (mut times, mut found) = (Vec::with_capacity(pages), 0);
    for layer in &layers {
        let page = FactPage {
            number: 1,
            layer,
            seals: &[],
            repaired: &[],
        };
        let began = Instant::now();
        found += registered_names(&[page], &registered).len();
        times.push(began.elapsed());
    }
    times.sort();
    let at = |share: usize| times.get(pages * share / 100).copied().unwrap_or_default();
    println!(
        "{pages} pages of {LETTERS} letters: {:.2} ms at the median, {:.2} ms at 95 %; {found} names found",
        ms(at(50)),
        ms(at(95))
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
