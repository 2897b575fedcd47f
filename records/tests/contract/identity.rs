//! A new archive has an identity, keeps it, and its trail fits from the first event on.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::Result;
use std::sync::Arc;

cases!(identity_stays, the_trail_fits, a_newer_schema_is_refused);

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
                &[(records::settings::SettingName::ArchiveName, format!("档案 {language}"))],
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
