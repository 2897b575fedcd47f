//! Properties of every list.

use crate::*;
use std::collections::HashSet;

#[test]
fn every_word_of_every_list_leads_back_to_its_value() {
    for (name, list) in LISTS {
        assert!(
            !list.words.is_empty() && !list.what.is_empty() && !list.what_chinese.is_empty(),
            "{name}"
        );
        for (at, word) in list.words.iter().enumerate() {
            for spelling in word.spellings() {
                let full_width: String = spelling
                    .chars()
                    .map(|c| {
                        if c.is_ascii_graphic() {
                            char::from_u32(c as u32 + 0xfee0).unwrap_or(c)
                        } else {
                            c
                        }
                    })
                    .collect();
                for written in [
                    spelling.to_owned(),
                    format!(" {spelling} "),
                    spelling.to_uppercase(),
                    full_width,
                ] {
                    assert_eq!(list.position(&written), Ok(at), "{name}: `{written}`");
                }
            }
        }
    }
}

#[test]
fn codes_are_plain_and_words_are_of_their_language() {
    for (name, list) in LISTS {
        let codes: HashSet<&str> = list.codes().collect();
        assert_eq!(codes.len(), list.words.len(), "{name}: a code stands twice");
        for word in list.words {
            let plain = |b: u8| b.is_ascii_lowercase() || matches!(b, b'_' | b'.');
            assert!(word.code.bytes().all(plain), "{name}: {}", word.code);
            let name_chinese = word.name(Language::Chinese);
            assert!(!name_chinese.is_ascii(), "{name}: {name_chinese}");
            for english in word.english {
                assert!(english.is_ascii(), "{name}: {english}");
            }
        }
        let names: HashSet<&str> = list.words.iter().map(|word| word.name(Language::English)).collect();
        assert_eq!(
            names.len(),
            list.words.len(),
            "{name}: two values are shown alike in English"
        );
        let names: HashSet<&str> = list.words.iter().map(|word| word.name(Language::Chinese)).collect();
        assert_eq!(
            names.len(),
            list.words.len(),
            "{name}: two values are shown alike in Chinese"
        );
    }
}

#[test]
fn security_levels_have_four_words_everywhere() {
    let check = |text: &str, expected: SecurityLevel| assert_eq!(SecurityLevel::parse(text), Ok(expected), "{text}");
    for (at, (zh, en)) in [
        ("公开", "public"),
        ("内部", "internal"),
        ("秘密", "confidential"),
        ("机密", "secret"),
    ]
    .into_iter()
    .enumerate()
    {
        let level = SecurityLevel::ALL[at];
        check(zh, level);
        check(en, level);
        check(&at.to_string(), level);
        assert_eq!(
            (
                level.name(Language::Chinese),
                level.name(Language::English),
                level.as_str()
            ),
            (zh, en, en)
        );
        assert_eq!(SecurityLevel::from_number(level.number()), Some(level));
    }
    assert_eq!(
        (SecurityLevel::from_number(4), SecurityLevel::from_number(-1)),
        (None, None)
    );
    let refused = SecurityLevel::parse("top_secret").map_err(|unusable| unusable.to_string());
    assert!(
        refused.as_ref().is_err_and(|text| text.contains("secret 机密 (3)")),
        "{refused:?}"
    );
    let refused = SecurityLevel::parse("5").map_err(|unusable| unusable.to_string());
    assert_eq!(
        refused,
        Err(
            "security level `5` is not usable: write public 公开, internal 内部, confidential 秘密 or secret 机密"
                .to_owned()
        )
    );
}

#[test]
fn open_lists_keep_words_of_the_archive() {
    assert_eq!(LocationKind::parse("档案柜"), LocationKind::Rack);
    assert_eq!(LocationKind::parse("Reading table"), LocationKind::ReadingTable);
    let own = LocationKind::parse(" 货架区 ");
    assert_eq!(own, LocationKind::Other("货架区".to_owned()));
    assert_eq!((own.as_str(), own.name(Language::English)), ("货架区", "货架区"));
    assert_eq!(PartyRoleKind::parse("见证人").as_str(), "见证人");
    for kind in LocationKind::KNOWN {
        assert_eq!(LocationKind::parse(kind.as_str()), kind);
    }
}

#[test]
fn what_is_typed_is_completed() {
    let begun = |text: &str| -> Vec<OriginalState> {
        OriginalState::LIST
            .positions_begun(text)
            .into_iter()
            .map(|at| OriginalState::ALL[at])
            .collect()
    };
    assert_eq!(begun("阅"), [OriginalState::OnReadingTable]);
    assert_eq!(
        begun("待"),
        [OriginalState::ToBeShelved, OriginalState::HeldForDestruction]
    );
    assert!(begun("").is_empty() && begun("xyz").is_empty());
}

#[test]
fn personal_facts_are_those_of_personal_identifiers() {
    let personal: Vec<&str> = FactKind::ALL
        .into_iter()
        .filter(|kind| kind.is_personal())
        .map(FactKind::as_str)
        .collect();
    assert_eq!(personal, ["id_number", "phone", "bank_account"]);
}
