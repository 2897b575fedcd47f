//! What settings may be and what they find.

use super::*;

#[test]
fn every_default_is_usable() -> Result<()> {
    for name in SettingName::ALL {
        assert_eq!(SettingName::parse(name.as_str())?, name);
        assert_eq!(name.checked(name.default_value()).as_deref(), Ok(name.default_value()));
        assert!(SettingGroup::ALL.contains(&name.group()));
    }
    let settings = ArchiveSettings::new(0, [])?;
    assert_eq!(settings.security_level_name(SecurityLevel::PUBLIC, "en"), "public");
    for level in 0..4 {
        let level = SecurityLevel::from_number(level).expect("there are four");
        for language in ["zh-CN", "en"] {
            assert_eq!(
                SecurityLevel::parse(settings.security_level_name(level, language))?,
                level
            );
        }
    }
    Ok(())
}

#[test]
fn values_are_checked() {
    let check = |name: SettingName, value: &str, expected: Result<&str, &str>| {
        let checked = name.checked(value);
        let outcome = checked.as_deref().map_err(|wrong| wrong.code());
        assert_eq!(outcome, expected, "{value}");
    };
    check(SettingName::TimeZone, "Asia/Shanghai", Ok("Asia/Shanghai"));
    check(SettingName::TimeZone, "asia/shanghai", Ok("Asia/Shanghai"));
    check(SettingName::TimeZone, "Mars/Olympus", Err("time_zone"));
    check(SettingName::TimeZone, "北京", Err("time_zone_near"));
    check(SettingName::TimeZone, "Urumqi", Err("time_zone_near"));
    check(
        SettingName::DossierNumberPattern,
        "鸿借字第{n:03}号",
        Ok("鸿借字第{n:03}号"),
    );
    check(SettingName::DossierNumberPattern, "没有号码", Err("number_pattern"));
    check(SettingName::AccountNumberPattern, "([0-9", Err("pattern"));
    check(SettingName::AccountNumberPattern, "[0-9]*", Err("matches_nothing"));
    check(SettingName::AccountNumberPattern, ".+", Err("matches_everything"));
    check(
        SettingName::AccountNumberPattern,
        "[0-9]{6,16}",
        Err("takes_other_numbers"),
    );
    check(SettingName::AccountNumberPattern, "", Ok(""));
    check(SettingName::GroupRunningNumbers, "是", Ok("1"));
    check(SettingName::GroupRunningNumbers, "maybe", Err("yes_or_no"));
    check(SettingName::SecurityLevelDefault, "秘密", Ok("2"));
    check(
        SettingName::SecurityLevelNamesZh,
        "一；二；三；四",
        Ok("一\n二\n三\n四"),
    );
    check(SettingName::SecurityLevelNamesZh, "一；二；三", Err("level_names"));
    check(
        SettingName::SecurityLevelNamesZh,
        "一；二；三；三",
        Err("level_name_twice"),
    );
    check(
        SettingName::SecurityLevelNamesZh,
        "公开；内部；机密；绝对",
        Err("level_name_misleads"),
    );
    check(
        SettingName::OwnIdentifiers,
        " 某某供电公司 \n\n  0571-1234567\n",
        Ok("某某供电公司\n0571-1234567"),
    );
    check(
        SettingName::OwnIdentifiers,
        "91350100M000100Y43",
        Ok("91350100M000100Y43"),
    );
    check(SettingName::OwnIdentifiers, "91350100M000100Y44", Err("credit_code"));
    check(
        SettingName::OwnIdentifiers,
        "91350100M000100Y4",
        Err("credit_code_form"),
    );
    check(SettingName::OwnIdentifiers, "某某公司\n某某 公司", Err("own_twice"));
    check(SettingName::OwnIdentifiers, "甲", Err("own_too_short"));
    check(SettingName::ArchiveName, "", Err("name"));
    check(SettingName::Language, "de", Err("language"));
}

#[test]
fn a_wrong_credit_code_is_told_its_check_character() {
    let wrong = SettingName::OwnIdentifiers
        .checked("某某公司\n91350100M000100Y44")
        .expect_err("it is wrong");
    assert_eq!(
        wrong.arguments(),
        [
            ("line", "2".to_owned()),
            ("text", "91350100M000100Y44".to_owned()),
            ("check", "3".to_owned())
        ]
    );
}

#[test]
fn changes_are_checked_together() -> Result<()> {
    let stored = ArchiveSettings::new(0, [])?;
    let check = |changes: &[(SettingName, &str)]| -> Vec<(SettingName, &'static str)> {
        let changes: Vec<_> = changes
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let faults = checked_together(&stored, &changes).err().unwrap_or_default();
        faults.iter().map(|fault| (fault.name, fault.because.code())).collect()
    };
    let (account, contract) = (SettingName::AccountNumberPattern, SettingName::ContractNumberPattern);
    assert_eq!(check(&[(account, r"\b[0-9]{10}\b")]), []);
    assert_eq!(check(&[(contract, r"\b[0-9]{10}\b")]), [(contract, "patterns_collide")]);
    assert_eq!(
        check(&[(account, "GD[0-9]{8}"), (contract, "[A-Z]{2}[0-9]{6,}")]),
        [(account, "patterns_collide")]
    );
    assert_eq!(
        check(&[(SettingName::CustomerNumberPattern, account.default_value())]),
        [(SettingName::CustomerNumberPattern, "patterns_collide")]
    );
    assert_eq!(
        check(&[(SettingName::Language, "de"), (SettingName::ArchiveName, "")]),
        [(SettingName::ArchiveName, "name"), (SettingName::Language, "language")]
    );
    Ok(())
}

#[test]
fn a_pattern_is_tried_on_a_text() -> Result<()> {
    let stored = ArchiveSettings::new(0, [])?;
    let settings = stored
        .with(&[
            (SettingName::ContractNumberPattern, r"\bDL[0-9]{6}\b".to_owned()),
            (SettingName::OwnIdentifiers, "某某供电公司".to_owned()),
        ])
        .expect("it may be");
    let text = "某某供电公司 户号：0512009930 合同 DL202601 合同编号：HT-2024-0117";
    let hits: Vec<_> = settings.trial(text).into_iter().map(|hit| (hit.by, hit.text)).collect();
    assert_eq!(
        hits,
        [
            (SettingName::OwnIdentifiers, "某某供电公司".to_owned()),
            (SettingName::AccountNumberPattern, "0512009930".to_owned()),
            (SettingName::ContractNumberPattern, "DL202601".to_owned()),
        ]
    );
    Ok(())
}

#[test]
fn own_identifiers_are_folded() -> Result<()> {
    let own = "91330100ma27x\n某某供电公司".to_owned();
    let settings = ArchiveSettings::new(0, [(SettingName::OwnIdentifiers, own)])?;
    assert!(settings.is_own("９１３３０１００MA27X"));
    assert!(settings.is_own("某某 供电公司"));
    assert!(!settings.is_own("别的公司"));
    Ok(())
}
