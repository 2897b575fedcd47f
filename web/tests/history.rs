//! The ledger of changes and the history of one record: as a browser sends it and as a program does.

use crate::harness::{TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::{SecurityLevel, identity::Scope, settings::SettingName};

async fn open() -> TestWeb {
    let web = TestWeb::with_a_picture().await;
    for value in ["Asia/Urumqi", "Asia/Shanghai"] {
        web.archive
            .settings_change(&web.owner, &[(SettingName::TimeZone, value.to_owned())], None)
            .await
            .expect("a setting");
    }
    web
}

#[tokio::test]
async fn the_ledger_is_for_auditors_and_archivists() {
    let web = open().await;
    let auditor = web.person("shen", "auditor", SecurityLevel::INTERNAL).await;
    let viewer = web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let ledger = web.get("/history", &auditor).await;
    assert_eq!(ledger.status, StatusCode::OK, "{}", ledger.text());
    assert!(ledger.text().contains("Asia/Urumqi") && ledger.text().contains("信息修改台账"));
    assert_eq!(web.get("/history", &viewer).await.status, StatusCode::FORBIDDEN);
    assert!(!web.get("/search", &viewer).await.text().contains("href=\"/history\""));
    let settings = web.get("/history?object=setting:time_zone", &viewer).await;
    assert_eq!(settings.status, StatusCode::OK, "{}", settings.text());
    assert_eq!(
        web.get("/history?object=user:shen", &viewer).await.status,
        StatusCode::FORBIDDEN,
        "accounts are for administrators and auditors"
    );
    web.close().await;
}

#[tokio::test]
async fn record_field_person_and_time_narrow_together() {
    let web = open().await;
    let auditor = web.person("shen", "auditor", SecurityLevel::INTERNAL).await;
    let owner = web::address::encode(web.owner.name());
    let check = async |query: &str, expected: bool| {
        let text = web.get(&format!("/history?{query}"), &auditor).await.text();
        assert_eq!(text.contains("Asia/Urumqi"), expected, "{query}: {text}");
    };
    let today = web
        .archive
        .settings(&web.owner)
        .await
        .expect("settings")
        .time_zone
        .clone();
    let today = web.system.environment().now().local_date(&today);
    check(
        &format!("object=time_zone&field=value&person={owner}&from={today}&to={today}"),
        true,
    )
    .await;
    check(
        &format!("object=time_zone&field=value&person=shen&from={today}&to={today}"),
        false,
    )
    .await;
    check("object=time_zone&field=name", false).await;
    check("from=1999&to=1999-12", false).await;
    check("to=1999", false).await;
    let wrong = web.get("/history?from=yesterday", &auditor).await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(wrong.text().contains("role=\"alert\""), "what cannot be read is said");
    let unknown = web.get("/history?object=nothing-like-that", &auditor).await;
    assert!(unknown.text().contains("nothing-like-that") && unknown.text().contains("role=\"alert\""));

    let csv = web.get("/history.csv?object=time_zone", &auditor).await;
    assert_eq!(csv.status, StatusCode::OK);
    assert_eq!(
        csv.text().lines().count(),
        3,
        "headings and two changes: {}",
        csv.text()
    );
    let xlsx = web.get("/history.xlsx?object=time_zone", &auditor).await;
    assert!(xlsx.status == StatusCode::OK && xlsx.body.starts_with(b"PK"));
    web.close().await;
}

#[tokio::test]
async fn programs_read_rows_in_windows() {
    let web = open().await;
    web.person("shen", "auditor", SecurityLevel::INTERNAL).await;
    let added = web.archive.token_add(&web.owner, "shen", "test", Scope::Read, 30).await;
    let bearer = format!("Bearer {}", added.expect("a token").1);
    let ask = async |query: &str| {
        let headers = [("authorization", bearer.as_str())];
        web.send(Method::GET, &format!("/api/v1/history?{query}"), &headers, "")
            .await
    };
    let first = ask("object=setting:time_zone&limit=1").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let first = first.json();
    assert_eq!(first["total"], 2, "{first}");
    let row = &first["items"][0];
    assert_eq!(
        (&row["object"], &row["field"], &row["before"], &row["after"]),
        (
            &"setting:time_zone".into(),
            &"value".into(),
            &"Asia/Urumqi".into(),
            &"Asia/Shanghai".into()
        )
    );
    for name in ["at", "by", "why", "authority"] {
        assert!(row[name].is_string(), "{name}: {row}");
    }
    let next = first["next"].as_str().expect("there is more");
    let second = ask(&format!("object=setting:time_zone&limit=1&after={next}"))
        .await
        .json();
    assert_eq!(second["items"][0]["after"], "Asia/Urumqi");
    assert!(second["next"].is_null());
    assert_eq!(ask("object=nothing-like-that").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask("from=yesterday").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    web.close().await;
}

#[tokio::test]
async fn instants_stand_on_the_clock_of_the_archive() {
    let web = open().await;
    let archivist = web.person("gao", "archivist", SecurityLevel::INTERNAL).await;
    let link = certain(web.customer_uid("KH-1").await);
    web.deposit(
        "a.jpg",
        document(link, "合同", "contract", vec![page(layer("合同"))], None),
    )
    .await;
    let text = web.get("/history?field=accepted_at", &archivist).await.text();
    let now = web.system.environment().now();
    assert!(text.contains(&now.local("Asia/Shanghai")), "{text}");
    assert!(!text.contains(&now.rfc3339()), "{text}");
    web.close().await;
}
