//! The 500 mixed queries, and those that measure recall.

use std::collections::HashMap;

use index::fold::folded_chars;
use index::request::Names;

use crate::corpus::{Corpus, Makers, Numbers, PLACES, PLACES_PER_RACK, Page};
use crate::words;

/// A query in our language and, for the peers, in parts.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub kind: &'static str,
    pub text: String,
    pub all: Vec<String>,
    pub any: Vec<String>,
    pub not: Vec<String>,
    pub filter: Filter,
}

#[derive(Debug, Clone, Default)]
pub enum Filter {
    #[default]
    None,
    Kind(&'static str),
    Places(i64, i64),
    Customer(i64),
    Dates(u32, u32),
}

/// How many queries of each kind there are among the mixed ones.
pub const MIX: &[(&str, usize)] = &[
    ("word2", 100),
    ("name", 100),
    ("phrase", 80),
    ("id6", 60),
    ("prefix", 40),
    ("and", 20),
    ("or", 20),
    ("not", 20),
    ("filter", 60),
];

pub struct Sampler<'a> {
    pub corpus: Corpus,
    pub makers: &'a Makers,
    pub dossiers: i64,
    pub numbers: Numbers,
}

impl Sampler<'_> {
    pub fn mixed(&mut self) -> Vec<Asked> {
        let mut all = Vec::new();
        for (kind, count) in MIX {
            for at in 0..*count {
                all.push(self.one(kind, at));
            }
        }
        all
    }

    fn one(&mut self, kind: &'static str, at: usize) -> Asked {
        match kind {
            "word2" => plain(kind, self.run(2)),
            "name" => plain(kind, self.name()),
            "phrase" => {
                let length = self.numbers.between(6, 14);
                plain(kind, self.run(length))
            }
            "id6" => {
                let id = self.identifier();
                let start = self.numbers.below(id.len() - 6);
                plain(kind, id[start..start + 6].to_owned())
            }
            "prefix" => plain(kind, self.prefix(at)),
            "and" => {
                let (one, other) = (self.run(2), self.name());
                Asked {
                    kind,
                    text: format!("{other} {one}"),
                    all: vec![other, one],
                    ..Asked::default()
                }
            }
            "or" => {
                let (one, other) = (self.run(3), self.name());
                Asked {
                    kind,
                    text: format!("{one}|{other}"),
                    any: vec![one, other],
                    ..Asked::default()
                }
            }
            "not" => {
                let (one, other) = (self.run(3), self.run(2));
                Asked {
                    kind,
                    text: format!("{one} -{other}"),
                    all: vec![one],
                    not: vec![other],
                    ..Asked::default()
                }
            }
            _ => self.filtered(kind, at),
        }
    }

    fn filtered(&mut self, kind: &'static str, at: usize) -> Asked {
        let word = self.run(2);
        let (filter, text) = match at % 4 {
            0 => {
                let (code, name) = *self.numbers.pick(&words::KINDS[..4]);
                (Filter::Kind(code), format!("类型:{name}"))
            }
            1 => {
                let rack = self.numbers.below((PLACES / PLACES_PER_RACK) as usize) as i64;
                let first = rack * PLACES_PER_RACK + 1;
                let last = first + PLACES_PER_RACK - 1;
                (Filter::Places(first, last), format!("库位:R{rack}*"))
            }
            2 => {
                let uid = 1 + self.numbers.below(self.dossiers as usize) as i64;
                let code = self.corpus.customer(self.makers, uid).code;
                (Filter::Customer(uid), format!("户名:{code}"))
            }
            _ => {
                let year = self.numbers.between(2005, 2022) as u32;
                let text = format!("日期:{year}..{}", year + 1);
                (Filter::Dates(year * 10_000, (year + 1) * 10_000 + 9_999), text)
            }
        };
        Asked {
            kind,
            text: format!("{word} {text}"),
            all: vec![word],
            filter,
            ..Asked::default()
        }
    }

    /// What the record would say of kinds and places.
    pub fn names(queries: &[Asked]) -> Names {
        let mut names = Names::default();
        for (code, name) in words::KINDS {
            names.kinds.insert((*name).to_owned(), vec![(*code).to_owned()]);
        }
        let mut racks: HashMap<String, (i64, i64)> = HashMap::new();
        for query in queries {
            if let Filter::Places(first, last) = query.filter {
                racks.insert(format!("R{}", (first - 1) / PLACES_PER_RACK), (first, last));
            }
        }
        for (code, (first, last)) in racks {
            names.places.insert((code, true), (first..=last).collect());
        }
        names
    }

    pub fn page(&mut self) -> Page {
        let uid = 1 + self.numbers.below(self.dossiers as usize) as i64;
        let dossier = self.corpus.dossier(self.makers, uid);
        let document = self.numbers.pick(&dossier.documents);
        self.numbers.pick(&document.pages).clone()
    }

    /// So many consecutive Han characters of a page, word boundaries ignored.
    pub fn run(&mut self, length: usize) -> String {
        loop {
            let chars = folded_chars(&self.page().clean);
            if chars.len() <= length {
                continue;
            }
            let start = self.numbers.below(chars.len() - length);
            let run = &chars[start..start + length];
            if run.iter().all(|char| !char.is_ascii()) {
                return run.iter().collect();
            }
        }
    }

    pub fn name(&mut self) -> String {
        let uid = 1 + self.numbers.below(self.dossiers as usize) as i64;
        self.corpus.customer(self.makers, uid).person
    }

    pub fn identifier(&mut self) -> String {
        let uid = 1 + self.numbers.below(self.dossiers as usize) as i64;
        let customer = self.corpus.customer(self.makers, uid);
        let ids = [
            customer.id_number,
            customer.credit_code,
            customer.phone,
            customer.account,
        ];
        self.numbers.pick(&ids).clone()
    }

    fn prefix(&mut self, at: usize) -> String {
        let uid = 1 + self.numbers.below(self.dossiers as usize) as i64;
        let dossier = self.corpus.dossier(self.makers, uid);
        if at.is_multiple_of(2) {
            let number = &self.numbers.pick(&dossier.documents).number;
            let length = self.numbers.between(4, 9);
            number.chars().take(length).collect()
        } else {
            let length = self.numbers.between(3, 5);
            dossier.customer.name.chars().take(length).collect()
        }
    }

    /// Queries by kind, for recall.
    pub fn for_recall(&mut self, of_each: usize) -> Vec<Asked> {
        let mut all = Vec::new();
        for (kind, length) in [("rand2", 2), ("rand3", 3), ("rand4", 4), ("rand5", 5), ("rand6", 6)] {
            for _ in 0..of_each {
                all.push(plain(kind, self.run(length)));
            }
        }
        for _ in 0..of_each {
            let name = self.name();
            let given: String = name.chars().skip(1).collect();
            all.push(plain("name", name));
            if given.chars().count() == 2 {
                all.push(plain("given", given));
            }
            let company = self.company();
            all.push(plain("brand", company.1));
            let chars: Vec<char> = company.0.chars().collect();
            let start = self.numbers.below(chars.len() - 3);
            all.push(plain("company4", chars[start..start + 4].iter().collect()));
            let id = self.identifier();
            let start = self.numbers.below(id.len() - 5);
            all.push(plain("id6", id[start..start + 6].to_owned()));
            all.push(plain("id", id));
            let address: Vec<char> = folded_chars(&company.2);
            let start = self.numbers.below(address.len() - 2);
            all.push(plain("address3", address[start..start + 3].iter().collect()));
        }
        all
    }

    /// Name, brand and address of a company.
    fn company(&mut self) -> (String, String, String) {
        loop {
            let uid = 1 + self.numbers.below(self.dossiers as usize) as i64;
            let customer = self.corpus.customer(self.makers, uid);
            if !customer.brand.is_empty() {
                return (customer.name, customer.brand, customer.address);
            }
        }
    }
}

fn plain(kind: &'static str, word: String) -> Asked {
    Asked {
        kind,
        text: word.clone(),
        all: vec![word],
        ..Asked::default()
    }
}
