//! History: what changes write of themselves, and who may read it.

use crate::{
    cases,
    harness::{HASH, TestArchive},
};
use records::{
    Result, Roles, SecurityLevel,
    history::{HistoryFilter, recorded_columns},
    identity::{UserChange, UserDraft},
    settings::SettingName,
};
use sqlx::{AnyPool, Row};
use std::{collections::BTreeSet, sync::Arc};

/// A field with its value before and after.
type FieldChange = (String, Option<String>, Option<String>);

cases!(
    every_column_is_described,
    a_change_of_a_setting_is_kept,
    changes_of_accounts_and_lists_are_kept
);

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
        test.archive
            .settings_change(&owner, &[(name, value.to_owned())], None)
            .await?;
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

async fn changes_of_accounts_and_lists_are_kept(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let draft = UserDraft {
        name: "li".to_owned(),
        display_name: "李".to_owned(),
        roles: Roles::parse("viewer")?,
        clearance: SecurityLevel::INTERNAL,
        department: "业务部".to_owned(),
        site: String::new(),
    };
    test.archive.user_add(&owner, &draft).await?;
    test.archive.password_set(&owner, "li", HASH).await?;
    let change = UserChange {
        roles: Some(Roles::parse("viewer,archivist")?),
        department: Some("法务部".to_owned()),
        ..UserChange::default()
    };
    test.archive.user_change(&owner, "li", None, &change).await?;
    let lines = async |object: &str| -> Result<Vec<FieldChange>> {
        let filter = HistoryFilter {
            object: object.to_owned(),
            limit: 100,
            ..HistoryFilter::default()
        };
        let lines = test.archive.history(&owner, &filter).await?;
        let mut lines: Vec<_> = lines
            .into_iter()
            .map(|line| (line.field, line.before, line.after))
            .collect();
        lines.sort();
        Ok(lines)
    };
    let line = |field: &str, before: Option<&str>, after: Option<&str>| {
        (field.to_owned(), before.map(str::to_owned), after.map(str::to_owned))
    };
    assert_eq!(
        lines("user:li").await?,
        [
            line("created", None, Some("li")),
            line("department", Some("业务部"), Some("法务部")),
            line("password", None, None),
            line("roles", Some("viewer"), Some("viewer,archivist")),
        ]
    );
    let mut list = test
        .archive
        .checklists(&owner)
        .await?
        .get("guarantee")
        .cloned()
        .expect("it is ready made");
    list.kind_codes = vec!["contract".to_owned(), "guarantor_proof".to_owned()];
    list.active = false;
    test.archive.checklist_set(&owner, 1, &list).await?;
    let told = lines("checklist:guarantee").await?;
    assert_eq!(told[0], line("active", Some("1"), Some("0")));
    assert_eq!(
        (told.len(), told[1].0.as_str(), told[1].2.as_deref()),
        (2, "kinds", Some("contract\nguarantor_proof"))
    );
    let mut kind = test
        .archive
        .kinds(&owner)
        .await?
        .get("contract")
        .cloned()
        .expect("it is there");
    kind.name_en = "Agreement".to_owned();
    test.archive.kind_set(&owner, 1, &kind).await?;
    assert_eq!(
        lines("kind:contract").await?,
        [line("name_en", Some("Contract"), Some("Agreement"))]
    );
    Ok(())
}
