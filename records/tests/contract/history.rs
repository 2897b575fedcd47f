//! History: what changes write of themselves, and who may read it.

use crate::{cases, harness::TestArchive};
use records::{Result, history::recorded_columns, settings::SettingName};
use sqlx::{AnyPool, Row};
use std::{collections::BTreeSet, sync::Arc};

cases!(every_column_is_described, a_change_of_a_setting_is_kept);

/// A new column of a recorded table must be a field, a secret or bookkeeping: somebody has to say which.
async fn every_column_is_described(test: Arc<TestArchive>) -> Result<()> {
    let pool = test.database().await;
    let described: BTreeSet<(String, String)> = recorded_columns()
        .into_iter()
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect();
    let tables: BTreeSet<&String> = described.iter().map(|(table, _)| table).collect();
    let mut real = BTreeSet::new();
    for table in tables {
        for column in columns_of(&pool, test.is_sqlite(), table).await {
            real.insert((table.clone(), column));
        }
    }
    let undecided: Vec<_> = real.difference(&described).collect();
    let gone: Vec<_> = described.difference(&real).collect();
    assert!(
        undecided.is_empty() && gone.is_empty(),
        "say in recorded.rs of the subject what becomes in the history of {undecided:?}; take out {gone:?}, which the schema does not have"
    );
    pool.close().await;
    Ok(())
}

async fn columns_of(pool: &AnyPool, is_sqlite: bool, table: &str) -> Vec<String> {
    let statement = if is_sqlite {
        "SELECT name FROM pragma_table_info($1)"
    } else {
        "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns WHERE table_name = $1"
    };
    let rows = sqlx::query(statement)
        .bind(table)
        .fetch_all(pool)
        .await
        .expect("the schema can be read");
    assert!(!rows.is_empty(), "there is no table {table}");
    rows.iter().map(|row| row.get("name")).collect()
}

async fn a_change_of_a_setting_is_kept(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let name = SettingName::TimeZone;
    for value in ["Asia/Urumqi", "Asia/Urumqi", "Asia/Shanghai"] {
        test.archive.setting_change(&owner, name, value).await?;
    }
    let pool = test.database().await;
    let rows = sqlx::query(
        "SELECT change_id, by_name, object_kind, object_id, object_uid, field, before, after FROM history ORDER BY uid",
    )
    .fetch_all(&pool)
    .await
    .expect("history can be read");
    let told: Vec<(String, String, String, i64, String, String, String)> = rows
        .iter()
        .map(|row| {
            (
                row.get("by_name"),
                row.get("object_kind"),
                row.get("object_id"),
                row.get("object_uid"),
                row.get("field"),
                row.get("before"),
                row.get("after"),
            )
        })
        .collect();
    let line = |before: &str, after: &str| {
        let [by, kind, id, field, before, after] =
            [owner.name(), "setting", name.as_str(), "value", before, after].map(str::to_owned);
        (by, kind, id, 0, field, before, after)
    };
    assert_eq!(
        told,
        [
            line(name.default_value(), "Asia/Urumqi"),
            line("Asia/Urumqi", "Asia/Shanghai")
        ],
        "the same value again is no change"
    );
    assert_ne!(
        rows[0].get::<String, _>("change_id"),
        rows[1].get::<String, _>("change_id")
    );
    for statement in ["UPDATE history SET why = 'x'", "DELETE FROM history"] {
        assert!(
            sqlx::query(statement).execute(&pool).await.is_err(),
            "{statement} must be refused"
        );
    }
    pool.close().await;
    Ok(())
}
