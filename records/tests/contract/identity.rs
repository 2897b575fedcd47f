//! A new archive has an identity, keeps it, and its trail fits from the first event on.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Result,
    settings::SettingName,
    store::{Database, StoreConfig},
};
use std::sync::Arc;

cases!(
    identity_stays,
    the_trail_fits,
    a_newer_schema_is_refused,
    record_and_vault_meet_no_others
);

async fn identity_stays(test: Arc<TestArchive>) -> Result<()> {
    let first = test.system.identity().clone();
    let again = test.open_again().await?;
    assert_eq!(again.system.identity(), &first);
    assert_ne!(first.archive_id, first.db_epoch);
    assert_eq!(again.archive.settings(&test.owner()).await?.time_zone, "Asia/Shanghai");
    again.system.close().await;
    Ok(())
}

async fn the_trail_fits(test: Arc<TestArchive>) -> Result<()> {
    assert_eq!(test.system.audit_verify().await?.problems, Vec::<String>::new());
    for language in ["en", "zh-CN", ""] {
        test.archive
            .settings_change(
                &test.owner(),
                &[(SettingName::ArchiveName, format!("档案 {language}"))],
                None,
            )
            .await?;
    }
    let report = test.system.audit_verify().await?;
    assert_eq!((report.events, report.problems), (3, Vec::new()));
    Ok(())
}

async fn a_newer_schema_is_refused(test: Arc<TestArchive>) -> Result<()> {
    let database = test.database().await;
    sqlx::query("INSERT INTO schema_version (version) VALUES (9999)")
        .execute(&database)
        .await?;
    assert_eq!(code(test.open_again().await), "newer_schema");
    // The refusal names both versions, so that a person knows which program to start.
    let refusal = test
        .open_again()
        .await
        .err()
        .map_or_else(String::new, |cause| cause.to_string());
    assert!(refusal.contains("9999"), "{refusal}");
    sqlx::query("DELETE FROM schema_version WHERE version = 9999")
        .execute(&database)
        .await?;
    database.close().await;
    test.open_again().await?.system.close().await;
    Ok(())
}

/// Neither a folder without an archive, nor the vault of one beside the record of another, is opened; nothing is left there.
async fn record_and_vault_meet_no_others(test: Arc<TestArchive>) -> Result<()> {
    let own = test.config();
    let environment = || test.environment.clone();
    let again = own.clone().open_existing(environment()).await?;
    assert!(!again.is_new);
    again.system.close().await;

    let elsewhere = test.folder().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("a folder");
    let other_record = elsewhere.join("records.sqlite");
    let nothing = StoreConfig {
        database: Database::Sqlite(other_record.clone()),
        vault: elsewhere.join("vault"),
        staging: elsewhere.join("staging"),
        ..own.clone()
    };
    assert_eq!(code(nothing.open_existing(environment()).await), "no_archive");
    let forgotten = StoreConfig {
        database: Database::Sqlite(other_record),
        ..own.clone()
    };
    assert_eq!(code(forgotten.clone().open(environment()).await), "record_elsewhere");
    assert_eq!(code(forgotten.open_existing(environment()).await), "record_elsewhere");
    assert_eq!(std::fs::read_dir(&elsewhere).expect("a folder").count(), 0);

    if !test.is_sqlite() {
        let new_folder = StoreConfig {
            vault: elsewhere.join("vault"),
            staging: elsewhere.join("staging"),
            ..own
        };
        // A record in which nothing was ever done may still get its vault; one that is used may not get a second.
        test.archive
            .settings_change(&test.owner(), &[(SettingName::ArchiveName, "恒远".to_owned())], None)
            .await?;
        assert_eq!(code(new_folder.clone().open(environment()).await), "vault_elsewhere");
        assert_eq!(code(new_folder.open_existing(environment()).await), "vault_elsewhere");
        assert_eq!(std::fs::read_dir(&elsewhere).expect("a folder").count(), 0);
    }
    Ok(())
}
