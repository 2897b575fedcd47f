//! Tables tried, written and taken back; one customer and one place by form and by API.

use crate::harness::{Answer, OnePicture, TestWeb};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;
use std::sync::Arc;

async fn open() -> (TestWeb, String, String) {
    let web = TestWeb::open(Arc::new(OnePicture(Arc::from(*b"picture"), "image/png"))).await;
    let archivist = web
        .person("archivist", "viewer,archivist", SecurityLevel::INTERNAL)
        .await;
    let csrf = web.csrf(&archivist).await;
    (web, archivist, csrf)
}

const BORDER: &str = "----reg";

/// A form with these fields and one file.
fn form(csrf: &str, fields: &[(&str, &str)], file: &str) -> String {
    let mut body = String::new();
    for (name, value) in [("csrf", csrf)].iter().chain(fields) {
        body.push_str(&format!(
            "--{BORDER}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--{BORDER}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"kh.csv\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--{BORDER}--\r\n"
    ));
    body
}

async fn upload(web: &TestWeb, cookie: &str, body: &str) -> Answer {
    let content_type = format!("multipart/form-data; boundary={BORDER}");
    let headers = [
        ("cookie", cookie),
        ("accept", "text/html"),
        ("content-type", content_type.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    web.send(Method::POST, "/imports", &headers, body).await
}

async fn api(web: &TestWeb, method: Method, address: &str, cookie: &str, csrf: &str, body: &str) -> Answer {
    let content_type = if body.starts_with('{') {
        "application/json"
    } else {
        "text/csv"
    };
    let headers = [
        ("cookie", cookie),
        ("x-csrf-token", csrf),
        ("content-type", content_type),
    ];
    web.send(method, address, &headers, body).await
}

const TABLE: &str =
    "code,name,kind,address,phones\nKH-1,深圳华宸智汇信息技术有限公司,企业,海曙路8号,\nKH-9,陆景行,个人,,\n";

#[tokio::test]
async fn a_table_is_tried_written_and_taken_back_on_the_screen() {
    let (web, archivist, csrf) = open().await;
    let tried = upload(
        &web,
        &archivist,
        &form(&csrf, &[("register", "customers"), ("step", "try")], TABLE),
    )
    .await;
    let text = tried.text();
    assert_eq!(tried.status, StatusCode::OK, "{text}");
    for shown in [
        "深圳市南山区科技园南区",
        "海曙路8号",
        "陆景行",
        "138****0117",
        "name=\"clear_empty\"",
    ] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
    assert!(!text.contains("13800000117"), "a stored number is not shown in clear");
    assert!(
        web.archive
            .customer(&web.owner, "KH-9")
            .await
            .expect("answers")
            .is_none()
    );

    let written = upload(
        &web,
        &archivist,
        &form(&csrf, &[("register", "customers"), ("step", "write")], TABLE),
    )
    .await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text());
    let address = written
        .header("location")
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    let shown = web.get(&address, &archivist).await.text();
    assert!(shown.contains("kh.csv") && shown.contains("海曙路8号"), "{shown}");
    assert!(web.get("/imports", &archivist).await.text().contains(&address));
    let undone = web
        .post(&format!("{address}/undo"), &archivist, &format!("csrf={csrf}"))
        .await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(
        web.archive
            .customer(&web.owner, "KH-9")
            .await
            .expect("answers")
            .is_none()
    );
    let first = web
        .archive
        .customer(&web.owner, "KH-1")
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(first.fact("address"), "深圳市南山区科技园南区");
    web.close().await;
}

#[tokio::test]
async fn what_is_no_table_is_refused_in_words() {
    let (web, archivist, csrf) = open().await;
    let sent = |fields: &[(&str, &str)], file: &str| form(&csrf, fields, file);
    let customers = [("register", "customers"), ("step", "try")];
    for (file, word) in [("PK\u{3}\u{4}zip", "CSV"), ("name\n甲\n", "code"), ("", "empty")] {
        let answer = upload(&web, &archivist, &sent(&customers, file)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        assert!(answer.text().contains(word), "{word}: {}", answer.text());
    }
    let bad = upload(&web, &archivist, &sent(&customers, "code,name,kind\nKH-7,丙,龙\n"))
        .await
        .text();
    assert!(bad.contains("请写 个人 或 企业"), "{bad}");
    let strange = upload(&web, &archivist, &form("wrong", &customers, TABLE)).await;
    assert_eq!(strange.status, StatusCode::FORBIDDEN);
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let own = web.csrf(&clerk).await;
    assert_eq!(
        upload(&web, &clerk, &form(&own, &customers, TABLE)).await.status,
        StatusCode::FORBIDDEN
    );
    for view in [
        "/imports",
        "/customers/new",
        "/customers/KH-1/edit",
        "/locations/K1/edit",
    ] {
        assert_eq!(web.get(view, &clerk).await.status, StatusCode::FORBIDDEN, "{view}");
    }
    web.close().await;
}

#[tokio::test]
async fn programs_try_import_and_undo() {
    let (web, archivist, csrf) = open().await;
    let post = async |address: &str, body: &str| api(&web, Method::POST, address, &archivist, &csrf, body).await;
    let tried = post("/api/v1/imports?register=customers&dry_run=true", TABLE)
        .await
        .json();
    assert_eq!(
        (tried["id"].is_null(), &tried["changed"], &tried["added"]),
        (true, &1.into(), &1.into())
    );
    assert_eq!(tried["changes"][0]["fields"][0]["after"], "海曙路8号");
    assert_eq!(tried["empty_cells"][0]["field"], "phones");
    let done = post("/api/v1/imports?register=customers&file_name=kh.csv", TABLE)
        .await
        .json();
    let id = done["id"].as_str().expect("an id").to_owned();
    let list = api(&web, Method::GET, "/api/v1/imports", &archivist, "", "")
        .await
        .json();
    assert_eq!(list["imports"][0]["file_name"], "kh.csv");
    let one = api(&web, Method::GET, &format!("/api/v1/imports/{id}"), &archivist, "", "")
        .await
        .json();
    assert_eq!(one["records"][1]["code"], "KH-9");
    let undone = post(&format!("/api/v1/imports/{id}/undo"), "").await.json();
    assert_eq!((&undone["restored"], &undone["removed"]), (&1.into(), &1.into()));
    assert_eq!(
        post(&format!("/api/v1/imports/{id}/undo"), "").await.status,
        StatusCode::CONFLICT
    );
    let places = post(
        "/api/v1/imports?register=locations",
        "code,capacity\nK1-03-B-05-4-12,\n",
    )
    .await
    .json();
    assert_eq!(
        (&places["unchanged"], &places["empty_cells"][0]["value"]),
        (&1.into(), &"40".into())
    );
    let unknown = post("/api/v1/imports?register=kings", TABLE).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    web.close().await;
}

#[tokio::test]
async fn one_record_is_added_and_changed() {
    let (web, archivist, csrf) = open().await;
    let send =
        async |method: Method, address: &str, body: &str| api(&web, method, address, &archivist, &csrf, body).await;
    let body =
        r#"{"fields":{"code":"KH-9","name":"华宸","credit_code":"91449901MA5F0H3K9F"},"attributes":{"台区":"3"}}"#;
    let added = send(Method::POST, "/api/v1/customers", body).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    assert_eq!(
        send(Method::POST, "/api/v1/customers", body).await.status,
        StatusCode::CONFLICT
    );
    let twin = body.replace("KH-9", "KH-10");
    let double = send(Method::POST, "/api/v1/customers", &twin).await;
    assert_eq!(
        (double.status, &double.json()["doubles"][0]["other_code"]),
        (StatusCode::CONFLICT, &"KH-9".into())
    );
    let version = added.json()["version"].as_i64().expect("a version");
    let change = format!(r#"{{"version":{version},"fields":{{"grade":"A"}}}}"#);
    let changed = send(Method::PATCH, "/api/v1/customers/KH-9", &change).await;
    assert_eq!(changed.json()["version"], version + 1);
    let late = send(Method::PATCH, "/api/v1/customers/KH-9", &change).await;
    assert_eq!(
        (late.status, &late.json()["code"]),
        (StatusCode::CONFLICT, &"version_conflict".into())
    );
    let shown = send(Method::GET, "/api/v1/customers/KH-9", "").await.json();
    assert_eq!((&shown["grade"], &shown["address"]), (&"A".into(), &"".into()));
    let place = send(
        Method::POST,
        "/api/v1/locations",
        r#"{"fields":{"code":"K2-01","kind":"架"}}"#,
    )
    .await;
    assert_eq!(place.status, StatusCode::CREATED, "{}", place.text());
    let wrong = send(
        Method::PATCH,
        "/api/v1/locations/K2-01",
        r#"{"version":1,"fields":{"capacity":"viel"}}"#,
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    // The form shows no personal number, and an empty field leaves it.
    let form = web.get("/customers/KH-1/edit", &archivist).await.text();
    assert!(form.contains("138****0117") && !form.contains("13800000117"), "{form}");
    let version = web
        .archive
        .customer(&web.owner, "KH-1")
        .await
        .expect("answers")
        .expect("is there")
        .version;
    let post = |grade: &str, version: i64| {
        format!(
            "csrf={csrf}&version={version}&code=KH-1&name=%E5%8D%8E%E5%AE%B8&kind=organisation&status=active&grade={grade}&address=&region=&phones=&id_number=&credit_code=&account_no=3301000012&why=x"
        )
    };
    let saved = web.post("/customers/KH-1/edit", &archivist, &post("A", version)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let now = web
        .archive
        .customer_reveal(&web.owner, "KH-1", None)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(
        (now.fact("grade"), now.fact("address"), now.name.as_str()),
        ("A", "", "华宸")
    );
    assert_eq!(now.parties[0].identifiers[0].1, "13800000117");
    let late = web.post("/customers/KH-1/edit", &archivist, &post("B", version)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("有人刚刚改过"), "{}", late.text());
    web.close().await;
}
