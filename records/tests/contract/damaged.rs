//! A damaged row is refused with its table, column and key, whoever reads it.

use crate::{
    cases, filing,
    harness::{TestArchive, code},
};
use records::{Result, batches::BatchState};
use std::sync::Arc;

cases!(
    a_wrong_word_is_named,
    a_wrong_value_is_named,
    a_reader_in_passing_names_the_row
);

/// Plants a value past all doors and past the checks of the schema; answers the uid of the row.
async fn plant(test: &TestArchive, table: &str, column: &str, value: &str) -> Result<String> {
    use sqlx::{AssertSqlSafe, Row};
    let database = test.database().await;
    let mut connection = database.acquire().await?;
    let unchecked = match test.is_sqlite() {
        true => "PRAGMA ignore_check_constraints = ON".to_owned(),
        false => format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_check"),
    };
    sqlx::query(AssertSqlSafe(unchecked)).execute(&mut *connection).await?;
    let statement =
        format!("UPDATE {table} SET {column} = {value} WHERE uid = (SELECT max(uid) FROM {table}) RETURNING uid");
    let row = sqlx::query(AssertSqlSafe(statement))
        .fetch_one(&mut *connection)
        .await?;
    let uid: i64 = row.try_get("uid")?;
    drop(connection);
    database.close().await;
    Ok(uid.to_string())
}

/// What a person reads of it: the whole sentence.
fn says<T>(outcome: Result<T>, table_and_column: &str, row: &str, what: &str) {
    let error = outcome.err().expect("a damaged row is refused");
    assert_eq!(error.code(), "inconsistent_record");
    assert_eq!(
        error.to_string(),
        format!("the record contradicts itself at {table_and_column} of row {row}: {what}; run `dossier verify`")
    );
}

async fn a_wrong_word_is_named(test: Arc<TestArchive>) -> Result<()> {
    filing::registers(&test).await?;
    let id = filing::deposit_one(&test, filing::review(&test).await?, &["合同正文"]).await?;
    let owner = test.owner();

    let uid = plant(&test, "proposals", "state", "'maybe'").await?;
    let found = test.archive.review_queue(&owner, 0, 10).await;
    says(found, "proposals.state", &uid, "unknown word `maybe`");
    let linked = test.archive.document_link(&owner, &id, 1, "KH-1").await;
    says(linked, "proposals.state", &uid, "unknown word `maybe`");

    let uid = plant(&test, "originals", "state", "'in_pocket'").await?;
    let found = test.archive.document(&owner, id.as_str()).await;
    says(found, "originals.state", &uid, "unknown word `in_pocket`");

    let uid = plant(&test, "documents", "state", "'lost_in_thought'").await?;
    let found = test.archive.document(&owner, id.as_str()).await;
    says(found, "documents.state", &uid, "unknown word `lost_in_thought`");
    Ok(())
}

async fn a_wrong_value_is_named(test: Arc<TestArchive>) -> Result<()> {
    filing::registers(&test).await?;
    let owner = test.owner();

    let uid = plant(&test, "locations", "security_level_max", "9").await?;
    let found = test.archive.locations(&owner, "", 10).await;
    says(
        found,
        "locations.security_level_max",
        &uid,
        "there is no security level 9",
    );

    let uid = plant(&test, "customers", "attributes", "'no object'").await?;
    let error = test.archive.customer(&owner, "KH-2").await.expect_err("it is refused");
    let beginning = format!("the record contradicts itself at customers.attributes of row {uid}: ");
    assert!(error.to_string().starts_with(&beginning), "{error}");
    Ok(())
}

async fn a_reader_in_passing_names_the_row(test: Arc<TestArchive>) -> Result<()> {
    let batch = filing::batch(&test).await?;
    let uid = plant(&test, "batches", "state", "'resting'").await?;
    let decided = test
        .archive
        .batch_decide(&test.owner(), &batch.id, BatchState::Accepted, "")
        .await;
    says(decided, "batches.state", &uid, "unknown word `resting`");

    // The settings have no uid; their row is named by what they count.
    let database = test.database().await;
    sqlx::query("INSERT INTO settings (name, value) VALUES ('settings_version', 'many')")
        .execute(&database)
        .await?;
    database.close().await;
    let settings = test.archive.settings(&test.owner()).await;
    assert_eq!(code(settings), "inconsistent_record");
    let settings = test.archive.settings(&test.owner()).await;
    says(settings, "settings.value", "settings_version", "`many` is no number");
    Ok(())
}
