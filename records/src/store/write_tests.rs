//! The statements that keep the history, on SQLite; the contract tests show the same through the doors on both databases.

use super::{Database, Doors, Store, StoreConfig, recorded::Recorded, sql::Change};
use crate::{
    Clock, Environment, Error, Moment, Random, Result,
    customers::recorded::{CUSTOMER_ALIASES, CUSTOMERS},
    documents::recorded::DOCUMENTS,
    dossiers::recorded::DOSSIERS,
    history::{HistoryFilter, HistoryLine},
    identity::{AccessLimits, users::recorded::USERS},
    parties::recorded::{PARTIES, PARTY_IDENTIFIERS, PARTY_ROLES},
};
use sqlx::Row;
use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Moment {
        Moment::from_micros(1_772_323_200_000_000)
    }
}

struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::SeqCst));
    }
}

struct Case {
    doors: Doors,
    store: Arc<Store>,
    _folder: tempfile::TempDir,
}

impl Case {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = StoreConfig {
            database: Database::Sqlite(folder.path().join("records.sqlite")),
            vault: folder.path().join("vault"),
            staging: folder.path().join("staging"),
            readers: 1,
            access_limits: AccessLimits::default(),
        };
        let environment = Environment {
            clock: Arc::new(Standing),
            random: Arc::new(Counting(AtomicU8::new(1))),
        };
        let doors = config.open(environment).await.expect("a new archive");
        Self {
            store: doors.archive.0.clone(),
            doors,
            _folder: folder,
        }
    }

    async fn change(&self) -> Change {
        self.store.change("wang").await.expect("a change begins")
    }

    /// `kind id field before -> after`, oldest first; `-` where there is nothing.
    async fn history(&self) -> Vec<String> {
        let rows =
            sqlx::query("SELECT object_kind, object_id, field, before, after, personal FROM history ORDER BY uid")
                .fetch_all(&self.store.readers)
                .await
                .expect("history");
        let text = |row: &sqlx::any::AnyRow, column: &str| -> String {
            row.get::<Option<String>, _>(column).unwrap_or_else(|| "-".to_owned())
        };
        rows.iter()
            .map(|row| {
                let [kind, id, field, before, after] =
                    ["object_kind", "object_id", "field", "before", "after"].map(|column| text(row, column));
                let personal = if row.get::<i64, _>("personal") == 1 {
                    " (personal)"
                } else {
                    ""
                };
                format!("{kind} {id} {field}: {before} -> {after}{personal}")
            })
            .collect()
    }

    async fn close(self) {
        self.store.close().await;
    }
}

async fn customer(change: &mut Change) -> Result<i64> {
    change
        .insert(&CUSTOMERS)
        .set("id", "c1")
        .set("code", "KH-1")
        .set("code_folded", "KH-1")
        .set("name", "华宸")
        .set("name_folded", "华宸")
        .set("kind", "organisation")
        .set("status", "active")
        .set("grade", "")
        .set("region", "")
        .set("address", "")
        .set("attributes", r#"{"用途":"办公","楼层":"3"}"#)
        .set("created_at", change_time())
        .set("changed_at", change_time())
        .set("version", 1)
        .run()
        .await
}

fn change_time() -> Moment {
    Standing.now()
}

#[tokio::test]
async fn a_row_tells_what_became_of_it() {
    let case = Case::open().await;
    let mut change = case.change().await;
    let uid = customer(&mut change).await.expect("a new customer");
    change.commit().await.expect("it is kept");
    let mut change = case.change().await;
    let updated = change
        .update(&CUSTOMERS, uid)
        .set("grade", "A")
        .set("address", "")
        .set("name_folded", "华宸二")
        .set("attributes", r#"{"用途":"仓库","面积":"80"}"#)
        .expecting_version(1)
        .run()
        .await
        .expect("a change");
    assert!(updated.changed && updated.version == 2, "{updated:?}");
    let again = change
        .update(&CUSTOMERS, uid)
        .set("grade", "A")
        .run()
        .await
        .expect("no change");
    assert!(
        !again.changed && again.version == 2,
        "the same value is no change: {again:?}"
    );
    let late = change
        .update(&CUSTOMERS, uid)
        .set("grade", "B")
        .expecting_version(1)
        .run()
        .await;
    assert!(
        matches!(
            late,
            Err(Error::Conflict {
                expected: 1,
                found: 2,
                ..
            })
        ),
        "{late:?}"
    );
    let nobody = change.update(&CUSTOMERS, 99).set("grade", "B").run().await;
    assert!(matches!(nobody, Err(Error::Absent { .. })), "{nobody:?}");
    let unknown = change.update(&CUSTOMERS, uid).set("gradee", "B").run().await;
    assert!(matches!(unknown, Err(Error::Inconsistent { .. })), "{unknown:?}");
    change.commit().await.expect("it is kept");
    assert_eq!(
        case.history().await,
        [
            "customer c1 created: - -> 华宸",
            "customer c1 grade:  -> A",
            "customer c1 attribute:楼层: 3 -> -",
            "customer c1 attribute:用途: 办公 -> 仓库",
            "customer c1 attribute:面积: - -> 80",
        ]
    );
    case.close().await;
}

#[tokio::test]
async fn parts_belong_to_the_history_of_their_record() {
    let case = Case::open().await;
    let mut change = case.change().await;
    let uid = customer(&mut change).await.expect("a new customer");
    let dossier = change
        .insert(&DOSSIERS)
        .set("id", "d1")
        .set("customer_uid", uid)
        .set("opened_at", change_time())
        .set("security_level", 0)
        .set("sealed", false)
        .set("version", 1)
        .run()
        .await
        .expect("its dossier");
    let party = change
        .insert(&PARTIES)
        .set("id", "p1")
        .set("kind", "person")
        .set("name", "张三")
        .set("name_folded", "张三")
        .set("created_at", change_time())
        .set("version", 1)
        .run()
        .await
        .expect("a party");
    let role = change
        .insert(&PARTY_ROLES)
        .set("party_uid", party)
        .set("customer_uid", uid)
        .set("role", "holder")
        .set("begins_on", "")
        .set("ends_on", "")
        .run()
        .await
        .expect("its role");
    let phone = change
        .insert(&PARTY_IDENTIFIERS)
        .set("party_uid", party)
        .set("kind", "phone")
        .set("value", "13800000000")
        .set("value_folded", "13800000000")
        .set("valid", true)
        .run()
        .await
        .expect("its phone");
    let alias = |number: &'static str| [("kind", "account_no"), ("value", number), ("value_folded", number)];
    for expected in [true, false] {
        let insert = change.insert(&CUSTOMER_ALIASES).set("customer_uid", uid);
        let insert = alias("0512")
            .into_iter()
            .fold(insert, |insert, (column, value)| insert.set(column, value));
        assert_eq!(insert.run_if_new().await.expect("an alias").is_some(), expected);
    }
    change
        .update(&DOSSIERS, dossier)
        .set("number", "2026-1")
        .run()
        .await
        .expect("a number");
    change
        .update(&PARTY_ROLES, role)
        .set("ends_on", "2026-03-01")
        .run()
        .await
        .expect("an end");
    assert!(change.delete(&PARTY_IDENTIFIERS, phone).await.expect("gone"));
    assert!(!change.delete(&PARTY_IDENTIFIERS, phone).await.expect("nothing"));
    change.commit().await.expect("it is kept");
    assert_eq!(
        case.history().await,
        [
            "customer c1 created: - -> 华宸",
            "party p1 created: - -> 张三",
            "customer c1 holder: - -> 张三",
            "party p1 phone: - -> 13800000000 (personal)",
            "customer c1 account_no: - -> 0512",
            "customer c1 dossier_no: - -> 2026-1",
            "customer c1 holder: 张三 -> 张三 2026-03-01",
            "party p1 phone: 13800000000 -> - (personal)",
        ]
    );
    case.close().await;
}

async fn said(case: &Case) -> Vec<(String, String)> {
    let rows = sqlx::query("SELECT why, authority FROM history ORDER BY uid")
        .fetch_all(&case.store.readers)
        .await
        .expect("history");
    rows.iter().map(|row| (row.get("why"), row.get("authority"))).collect()
}

#[tokio::test]
async fn a_reason_holds_for_the_whole_change() {
    let case = Case::open().await;
    let mut change = case.change().await;
    change.because("登记错误", "任务单 2026-7");
    let uid = customer(&mut change).await.expect("a new customer");
    // More rows than are held, so that some are written before the commit.
    for round in 0..700 {
        change
            .update(&CUSTOMERS, uid)
            .set("grade", format!("{round}"))
            .run()
            .await
            .expect("a change");
    }
    change.commit().await.expect("it is kept");
    let reasons = said(&case).await;
    assert_eq!(reasons.len(), 701);
    assert!(
        reasons
            .iter()
            .all(|(why, authority)| why == "登记错误" && authority == "任务单 2026-7"),
        "{reasons:?}"
    );
    let changes = sqlx::query("SELECT CAST(count(DISTINCT change_id) AS BIGINT) AS n FROM history")
        .fetch_one(&case.store.readers)
        .await
        .expect("a count");
    assert_eq!(changes.get::<i64, _>("n"), 1, "an import is one entry");

    let mut change = case.change().await;
    for round in 0..700 {
        change
            .update(&CUSTOMERS, uid)
            .set("region", format!("{round}"))
            .run()
            .await
            .expect("a change");
    }
    change.because("too late", "");
    assert!(
        change.commit().await.is_err(),
        "rows without the reason are written already"
    );
    assert_eq!(said(&case).await.len(), 701, "what was refused is not there");
    case.close().await;
}

#[tokio::test]
async fn secrets_have_no_values() {
    let case = Case::open().await;
    let mut change = case.change().await;
    let insert = change.insert(&USERS);
    let text = [
        "id",
        "name",
        "name_folded",
        "display_name",
        "roles",
        "department",
        "site",
        "language",
    ];
    let insert = text.into_iter().fold(insert, |insert, column| insert.set(column, "li"));
    let uid = insert
        .set("clearance", 0)
        .set("locked", false)
        .set("created_at", change_time())
        .set("version", 1)
        .run()
        .await
        .expect("an account");
    change
        .update(&USERS, uid)
        .set("password_hash", "$argon2id$secret")
        .run()
        .await
        .expect("a password");
    change
        .update(&USERS, uid)
        .set("locked", true)
        .run()
        .await
        .expect("a lock");
    change.commit().await.expect("it is kept");
    assert_eq!(
        case.history().await,
        [
            "user li created: - -> li",
            "user li password: - -> -",
            "user li locked: 0 -> 1"
        ]
    );
    case.close().await;
}

/// References are told as people call them, and every row that a condition meets is told when it goes.
#[tokio::test]
async fn references_are_told_by_name() {
    let case = Case::open().await;
    let mut change = case.change().await;
    let customer = customer(&mut change).await.expect("a new customer");
    let dossier = change
        .insert(&DOSSIERS)
        .set("id", "d1")
        .set("customer_uid", customer)
        .set("opened_at", change_time())
        .set("security_level", 0)
        .set("sealed", false)
        .set("version", 1)
        .run()
        .await
        .expect("its dossier");
    let document = document(&mut change, &DOCUMENTS).await.expect("a document");
    change
        .update(&DOCUMENTS, document)
        .set("dossier_uid", dossier)
        .set("state", "filed")
        .run()
        .await
        .expect("a link");
    change
        .update(&DOCUMENTS, document)
        .set("dossier_uid", None::<i64>)
        .set("state", "in_review")
        .run()
        .await
        .expect("undone");
    change.commit().await.expect("it is kept");
    assert_eq!(
        case.history().await[1..],
        [
            "document x1 created: - -> x",
            "document x1 customer: - -> KH-1",
            "document x1 state: in_review -> filed",
            "document x1 customer: KH-1 -> -",
            "document x1 state: filed -> in_review",
        ]
    );
    case.close().await;
}

/// A document with every column that has no default; the newest schema may have more.
async fn document(change: &mut Change, table: &'static Recorded) -> Result<i64> {
    let fixed = [
        ("id", "x1"),
        ("state", "in_review"),
        ("copy_state", "unknown"),
        ("attributes", "{}"),
        ("seals", "[]"),
        ("title", "x"),
    ];
    let numbers = [
        "pages_scanned",
        "copies",
        "security_level",
        "sealed",
        "created_at",
        "changed_at",
        "version",
    ];
    let rows =
        sqlx::query("SELECT name FROM pragma_table_info('documents') WHERE dflt_value IS NOT NULL OR \"notnull\" = 0")
            .fetch_all(change.connection())
            .await?;
    let may_be_left_out: Vec<String> = rows.iter().map(|row| row.get("name")).collect();
    let mut insert = change.insert(table);
    for (column, _) in table.columns {
        if may_be_left_out.iter().any(|name| name == column) {
            continue;
        }
        insert = match fixed.iter().find(|(name, _)| name == column) {
            Some((_, value)) => insert.set(column, *value),
            None if numbers.contains(column) => insert.set(column, 0),
            None => insert.set(column, ""),
        };
    }
    insert.run().await
}

/// The former value is a new change with its own line and reason, and only while nobody has changed the field since.
#[tokio::test]
async fn a_former_value_is_put_back() {
    let case = Case::open().await;
    let owner = case.doors.gate.operating_system_user("owner");
    let archive = &case.doors.archive;
    let mut change = case.change().await;
    let uid = customer(&mut change).await.expect("a new customer");
    change.commit().await.expect("it is kept");
    for grade in ["A", "B"] {
        let mut change = case.change().await;
        change
            .update(&CUSTOMERS, uid)
            .set("grade", grade)
            .run()
            .await
            .expect("a change");
        change.commit().await.expect("it is kept");
    }
    let of_customer = HistoryFilter {
        object: "KH-1".to_owned(),
        field: "grade".to_owned(),
        limit: 10,
        ..HistoryFilter::default()
    };
    let lines = archive.history(&owner, &of_customer).await.expect("its history");
    let told = |lines: &[HistoryLine]| -> Vec<(Option<String>, Option<String>, String)> {
        lines
            .iter()
            .map(|line| (line.before.clone(), line.after.clone(), line.why.clone()))
            .collect()
    };
    let line = |before: &str, after: &str, why: &str| (Some(before.to_owned()), Some(after.to_owned()), why.to_owned());
    assert_eq!(told(&lines), [line("A", "B", ""), line("", "A", "")], "newest first");
    assert!(
        lines
            .iter()
            .all(|line| line.can_be_put_back && line.object.code == "KH-1" && line.by == "wang")
    );

    let stale = archive.history_put_back(&owner, lines[1].key, "").await;
    assert!(
        matches!(stale, Err(Error::Conflict { .. })),
        "it was changed since: {stale:?}"
    );
    archive
        .history_put_back(&owner, lines[0].key, "误改")
        .await
        .expect("it is put back");
    let lines = archive.history(&owner, &of_customer).await.expect("its history");
    assert_eq!(told(&lines)[0], line("B", "A", "误改"));
    let stored = sqlx::query("SELECT grade, version FROM customers")
        .fetch_one(&case.store.readers)
        .await
        .expect("the customer");
    assert_eq!(
        (
            stored.get::<String, _>("grade").as_str(),
            stored.get::<i64, _>("version")
        ),
        ("A", 4)
    );

    // What is not a matter of one row is not offered, and refused.
    let created = HistoryFilter {
        field: "created".to_owned(),
        ..of_customer.clone()
    };
    let lines = archive.history(&owner, &created).await.expect("its beginning");
    assert!(lines.len() == 1 && !lines[0].can_be_put_back);
    let refused = archive.history_put_back(&owner, lines[0].key, "").await;
    assert!(refused.is_err(), "{refused:?}");

    // A window goes on where the last one ended.
    let mut all = Vec::new();
    let mut window = HistoryFilter {
        object: "customer:KH-1".to_owned(),
        limit: 1,
        ..HistoryFilter::default()
    };
    loop {
        let found = archive.history(&owner, &window).await.expect("a window");
        let Some(last) = found.last() else { break };
        window.before = Some(last.key);
        all.extend(found.into_iter().map(|line| line.field));
    }
    assert_eq!(all, ["grade", "grade", "grade", "created"]);
    let nobody = HistoryFilter {
        object: "KH-2".to_owned(),
        ..HistoryFilter::default()
    };
    assert!(matches!(
        archive.history(&owner, &nobody).await,
        Err(Error::Absent { .. })
    ));
    assert_eq!(
        archive.history_fields(&owner).await.expect("fields"),
        ["created", "grade"]
    );
    case.close().await;
}
