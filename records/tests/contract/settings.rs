//! Settings of the archive.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{Result, SecurityLevel, settings::SettingName};
use std::sync::Arc;

cases!(
    settings_begin_with_defaults,
    settings_change,
    only_administrators_change_settings
);

async fn settings_begin_with_defaults(test: Arc<TestArchive>) -> Result<()> {
    let settings = test.system.settings().await?;
    for name in SettingName::ALL {
        assert_eq!(settings.value(name), name.default_value());
    }
    Ok(())
}

async fn settings_change(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let settings = test
        .archive
        .setting_change(&owner, SettingName::DossierNumberPattern, "鸿借字第{n:03}号")
        .await?;
    assert_eq!(settings.dossier_number_pattern.number("2026", 1), "鸿借字第001号");
    assert_eq!(
        code(
            test.archive
                .setting_change(&owner, SettingName::TimeZone, "Nowhere")
                .await
        ),
        "invalid_value"
    );
    test.archive
        .setting_change(&owner, SettingName::TimeZone, "Asia/Urumqi")
        .await?;
    let again = test.open_again().await?;
    let settings = again.system.settings().await?;
    assert_eq!(settings.time_zone, "Asia/Urumqi");
    assert_eq!(settings.value(SettingName::DossierNumberPattern), "鸿借字第{n:03}号");
    again.system.close().await;
    Ok(())
}

async fn only_administrators_change_settings(test: Arc<TestArchive>) -> Result<()> {
    let li = test
        .person("li", "viewer,archivist,auditor", SecurityLevel::Secret, "")
        .await?;
    assert_eq!(
        code(test.archive.setting_change(&li, SettingName::ArchiveName, "x").await),
        "forbidden"
    );
    assert_eq!(
        test.archive.settings(&li).await?.archive_name,
        SettingName::ArchiveName.default_value()
    );
    Ok(())
}
