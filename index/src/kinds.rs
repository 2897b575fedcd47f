//! Which kinds a word means: a code or name the kind, the name of a group every kind in it.

use records::kinds::Kinds;
use vocabulary::KindGroup;

use crate::fold::folded_string;

/// The codes of the kinds that a text means, in this order: the code of one kind; the name of a group (`合同`), which
/// every archivist reads as all kinds in it; the name or a title word of one kind; every kind whose name holds the text.
pub fn parse_kinds(kinds: &Kinds, text: &str) -> Vec<String> {
    let wanted = folded_string(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let having = |fits: &dyn Fn(&records::kinds::DocumentKind) -> bool| -> Vec<String> {
        let found = kinds.all().iter().filter(|kind| fits(kind));
        found.map(|kind| kind.code.clone()).collect()
    };
    let names = |kind: &records::kinds::DocumentKind| [folded_string(&kind.name_zh), folded_string(&kind.name_en)];
    let group = KindGroup::parse(text).or_else(|_| KindGroup::parse(&wanted)).ok();
    let tries: [&dyn Fn(&records::kinds::DocumentKind) -> bool; 5] = [
        &|kind| folded_string(&kind.code) == wanted,
        &|kind| Some(kind.group) == group,
        &|kind| names(kind).contains(&wanted),
        &|kind| kind.title_patterns.iter().any(|word| folded_string(word) == wanted),
        &|kind| names(kind).iter().any(|name| name.contains(&wanted)),
    ];
    tries
        .into_iter()
        .map(having)
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::SecurityLevel;
    use records::kinds::{DocumentKind, KindFlags};

    fn kind(code: &str, group: KindGroup, name_zh: &str, name_en: &str, titles: &[&str]) -> DocumentKind {
        DocumentKind {
            code: code.to_owned(),
            group,
            name_zh: name_zh.to_owned(),
            name_en: name_en.to_owned(),
            title_patterns: titles.iter().map(|title| (*title).to_owned()).collect(),
            content_patterns: Vec::new(),
            flags: KindFlags::default(),
            security_level: SecurityLevel::Internal,
            retention_class: String::new(),
            position: 0,
            active: true,
        }
    }

    fn kinds() -> Kinds {
        use KindGroup::{Contracts, Licences};
        Kinds::new(vec![
            kind(
                "business_licence",
                Licences,
                "营业执照",
                "Business licence",
                &["企业法人营业执照"],
            ),
            kind("contract", Contracts, "合同", "Contract", &["协议书"]),
            kind(
                "purchase_sale_contract",
                Contracts,
                "购销合同",
                "Purchase and sale contract",
                &["买卖合同"],
            ),
            kind("lease_contract", Contracts, "租赁合同", "Lease contract", &["租赁协议"]),
            kind("amendment", Contracts, "变更、解除合同协议", "Amendment", &["补充协议"]),
        ])
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(parse_kinds(&kinds(), text), expected, "{text}");
    }

    #[test]
    fn a_group_is_all_its_kinds_and_a_kind_itself() {
        let contracts = ["contract", "purchase_sale_contract", "lease_contract", "amendment"];
        for text in [
            "合同",
            "合同協議",
            "合同协议",
            "合同及其过程",
            "contracts",
            "Contracts and their history",
        ] {
            check(text, &contracts);
        }
        check("contract", &["contract"]);
        check("Contract", &["contract"]);
        check("购销合同", &["purchase_sale_contract"]);
        check("买卖合同", &["purchase_sale_contract"]);
        check("补充协议", &["amendment"]);
        check("LEASE contract", &["lease_contract"]);
        check("执照", &["business_licence"]);
        check("石头", &[]);
        check("", &[]);
    }

    #[test]
    fn every_word_of_a_group_finds_its_kinds() {
        for group in KindGroup::ALL {
            let only = Kinds::new(vec![
                kind("one", group, "某甲", "One", &[]),
                kind("two", group, "某乙", "Two", &[]),
            ]);
            for word in KindGroup::LIST.words[group as usize].spellings() {
                assert_eq!(parse_kinds(&only, word), ["one", "two"], "{word}");
            }
        }
    }
}
