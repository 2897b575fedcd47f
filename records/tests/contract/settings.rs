//! Settings of the archive.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{Error, Result, SecurityLevel, settings::SettingName};
use std::sync::Arc;

cases!(
    settings_begin_with_defaults,
    settings_change,
    a_setting_that_cannot_be_changes_nothing,
    nobody_overwrites_a_change_of_settings,
    only_administrators_change_settings
);

async fn settings_begin_with_defaults(test: Arc<TestArchive>) -> Result<()> {
    let settings = test.system.settings().await?;
    for name in SettingName::ALL {
        assert_eq!(settings.value(name), name.default_value());
    }
    assert_eq!(settings.version, 0);
    Ok(())
}

async fn settings_change(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let changes = [
        (SettingName::DossierNumberPattern, "鸿借字第{n:03}号".to_owned()),
        (SettingName::TimeZone, "asia/urumqi".to_owned()),
        (
            SettingName::ArchiveName,
            SettingName::ArchiveName.default_value().to_owned(),
        ),
    ];
    let settings = test.archive.settings_change(&owner, &changes, None).await?;
    assert_eq!(settings.dossier_number_pattern.number("2026", 1), "鸿借字第001号");
    assert_eq!((settings.version, settings.time_zone.as_str()), (1, "Asia/Urumqi"));
    // What is said again is no change.
    let again = test.archive.settings_change(&owner, &changes, None).await?;
    assert_eq!(again.version, 1);
    // Another program that has read them before sees the change at once.
    let other = test.open_again().await?;
    assert_eq!(other.system.settings().await?.time_zone, "Asia/Urumqi");
    let name = [(SettingName::ArchiveName, "云岭供电档案室".to_owned())];
    test.archive.settings_change(&owner, &name, None).await?;
    let settings = other.system.settings().await?;
    assert_eq!(
        (settings.archive_name.as_str(), settings.version),
        ("云岭供电档案室", 2)
    );
    assert_eq!(settings.value(SettingName::DossierNumberPattern), "鸿借字第{n:03}号");
    other.system.close().await;
    Ok(())
}

async fn a_setting_that_cannot_be_changes_nothing(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let refused = |changes: &[(SettingName, &str)]| {
        let changes: Vec<_> = changes
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let (archive, owner) = (test.archive.clone(), owner.clone());
        async move {
            match archive.settings_change(&owner, &changes, None).await {
                Err(Error::Invalid { what, reason, .. }) => (what.code(), reason.to_string()),
                other => panic!("{other:?}"),
            }
        }
    };
    let (name, zone) = (SettingName::ArchiveName, SettingName::TimeZone);
    let (what, reason) = refused(&[(name, "新名称"), (zone, "Nowhere")]).await;
    assert!(
        what == "time_zone" && reason.contains("Asia/Shanghai"),
        "{what}: {reason}"
    );
    let (what, _) = refused(&[(SettingName::ContractNumberPattern, r"\b[0-9]{10}\b")]).await;
    assert_eq!(what, "contract_number_pattern");
    let (what, reason) = refused(&[(SettingName::OwnIdentifiers, "91350100M000100Y44")]).await;
    assert!(
        what == "own_identifiers" && reason.contains("it would be 3"),
        "{reason}"
    );
    let settings = test.system.settings().await?;
    assert_eq!((settings.value(name), settings.version), (name.default_value(), 0));
    Ok(())
}

async fn nobody_overwrites_a_change_of_settings(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let change = |value: &str, version| {
        let changes = [(SettingName::ArchiveName, value.to_owned())];
        let (archive, owner) = (test.archive.clone(), owner.clone());
        async move { archive.settings_change(&owner, &changes, Some(version)).await }
    };
    change("甲", 0).await?;
    assert_eq!(code(change("乙", 0).await), "version_conflict");
    assert_eq!(change("乙", 1).await?.version, 2);
    Ok(())
}

async fn only_administrators_change_settings(test: Arc<TestArchive>) -> Result<()> {
    let li = test
        .person("li", "viewer,archivist,auditor", SecurityLevel::Secret, "")
        .await?;
    let changes = [(SettingName::ArchiveName, "x".to_owned())];
    assert_eq!(
        code(test.archive.settings_change(&li, &changes, None).await),
        "forbidden"
    );
    assert_eq!(
        test.archive.settings(&li).await?.archive_name,
        SettingName::ArchiveName.default_value()
    );
    Ok(())
}
