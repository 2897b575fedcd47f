//! Sealing and unsealing, the level of a whole dossier, a person's own searches and pages with the addresses of their
//! pictures: as a browser sends it and as a program does.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;
use serde_json::{Value, json};

/// Three pages for KH-1.
async fn filed(web: &TestWeb) -> String {
    let link = certain(web.customer_uid("KH-1").await);
    let pages = ["信息系统运维服务合同", "第二页 服务费用", "第三页 附件"].map(|text| page(layer(text)));
    web.deposit("a.jpg", document(link, "运维服务合同", "contract", pages.into(), None))
        .await
}

#[tokio::test]
async fn a_seal_is_set_listed_and_broken_in_the_browser() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let viewer = web.person("zhou", "viewer,archivist", SecurityLevel::INTERNAL).await;
    let found = "/search?q=%E8%BF%90%E7%BB%B4%E6%9C%8D%E5%8A%A1";
    assert!(web.get(found, &viewer).await.text().contains(&id));

    let reason = web::address::encode("诉讼期间，总经理批准");
    let form = format!("csrf={csrf}&version=1&reason={reason}&until=2026-12-31");
    let answer = web.post(&format!("/documents/{id}/seal"), &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    for who in [&viewer, &cookie] {
        assert!(!web.get(found, who).await.text().contains(&id));
        let gone = web.get(&format!("/documents/{id}"), who).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }
    // The list names it to the one who sealed it, with who and why; it shows none of its content.
    let list = web.get("/admin/sealed", &cookie).await.text();
    assert!(
        list.contains(&format!("/documents/{id}/unseal"))
            && list.contains("诉讼期间，总经理批准")
            && list.contains("lin"),
        "{list}"
    );
    assert!(list.contains("运维服务合同") && !list.contains("信息系统"), "{list}");
    assert_eq!(web.get("/admin/sealed", &viewer).await.status, StatusCode::FORBIDDEN);

    let unseal = format!("/documents/{id}/unseal");
    let own = web.csrf(&viewer).await;
    let refused = web.post(&unseal, &viewer, &format!("csrf={own}&reason={reason}")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let empty = web.post(&unseal, &cookie, &format!("csrf={csrf}&reason=")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second = web.person("shi", "administrator", SecurityLevel::Public).await;
    let alone = web
        .post(&unseal, &cookie, &format!("csrf={csrf}&reason={reason}"))
        .await;
    assert_eq!(alone.status, StatusCode::CONFLICT);
    assert!(alone.text().contains("这件事需要两个人"), "{}", alone.text());
    let today = web.get("/today", &second).await.text();
    assert!(
        today.contains("待您同意的操作") && today.contains("href=\"/admin/second?mine=1\""),
        "{today}"
    );
    // Who asked is told so, and the second confirms it in the list.
    let own = web.get("/admin/second", &cookie).await.text();
    assert!(own.contains("等另一人") && own.contains("撤回提请"), "{own}");
    let theirs = web.csrf(&second).await;
    let waiting = web.get("/admin/second", &second).await.text();
    let (_, rest) = waiting
        .split_once("action=\"/admin/second/")
        .expect("something to confirm");
    let (act, _) = rest.split_once('/').expect("an address");
    let confirm = format!("/admin/second/{act}/confirm");
    assert!(waiting.contains("诉讼期间") && !own.contains(&confirm), "{waiting}");
    let refused = web.post(&confirm, &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("是您自己提请的"), "{}", refused.text());
    let broken = web.post(&confirm, &second, &format!("csrf={theirs}")).await;
    assert_eq!(broken.header("location"), "/admin/second?said=confirmed");
    // The very next search of the one who did it shows it.
    assert!(web.get(found, &cookie).await.text().contains(&id));
    assert_eq!(
        web.get(&format!("/documents/{id}"), &viewer).await.status,
        StatusCode::OK
    );
    let list = web.get("/admin/sealed", &cookie).await.text();
    assert!(list.contains("没有封存的文件或档案"), "{list}");
    web.close().await;
}

#[tokio::test]
async fn a_whole_dossier_gets_a_level_and_a_seal() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let viewer = web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let address = format!("/documents/{id}");
    let form = web.get("/customers/KH-1", &cookie).await.text();
    assert!(form.contains("action=\"/customers/KH-1/protect\""), "{form}");
    assert!(!web.get("/customers/KH-1", &viewer).await.text().contains("/protect"));

    let late = format!("csrf={csrf}&security_level=2&sealed=0&reason=x&version=99");
    let late = web.post("/customers/KH-1/protect", &cookie, &late).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text());
    let protect = async |level: &str, sealed: &str| {
        let (_, version) = web
            .archive
            .dossier_protection(&web.owner, "KH-1")
            .await
            .expect("a dossier");
        let body = format!("csrf={csrf}&security_level={level}&sealed={sealed}&reason=x&version={version}");
        let answer = web.post("/customers/KH-1/protect", &cookie, &body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        answer.header("location").to_owned()
    };
    assert_eq!(protect("2", "0").await, "/customers/KH-1");
    assert_eq!(web.get(&address, &viewer).await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get(&address, &cookie).await.status, StatusCode::OK);
    assert_eq!(protect("2", "1").await, "/admin/sealed?said=sealed");
    assert_eq!(web.get(&address, &cookie).await.status, StatusCode::NOT_FOUND);
    let list = web.get("/admin/sealed", &cookie).await.text();
    assert!(list.contains("/customers/KH-1/unseal"), "{list}");
    let second = web.person("shi", "administrator", SecurityLevel::Secret).await;
    let alone = web
        .post("/customers/KH-1/unseal", &cookie, &format!("csrf={csrf}&reason=x"))
        .await;
    assert_eq!(alone.status, StatusCode::CONFLICT);
    let theirs = web.csrf(&second).await;
    let answer = web
        .post("/customers/KH-1/unseal", &second, &format!("csrf={theirs}&reason=x"))
        .await;
    assert_eq!(answer.header("location"), "/admin/sealed?said=unsealed");
    assert_eq!(web.get(&address, &cookie).await.status, StatusCode::OK);
    web.close().await;
}

#[tokio::test]
async fn a_program_seals_and_unseals() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    web.person("shen", "viewer,administrator", SecurityLevel::Confidential)
        .await;
    web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let (chief, clerk) = (Program::of(&web, "shen").await, Program::of(&web, "zhou").await);
    let seal = format!("/api/v1/documents/{id}/seal");
    let body = json!({ "version": 1, "reason": "诉讼" });
    let refused = clerk.ask(Method::POST, &seal, Some(body.clone())).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    let done = chief.ask(Method::POST, &seal, Some(body)).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    let list = chief.json("/api/v1/sealed").await;
    assert_eq!(
        (
            &list["items"][0]["id"],
            &list["items"][0]["reason"],
            &list["items"][0]["sealed_by"]
        ),
        (&json!(id), &json!("诉讼"), &json!("shen"))
    );
    let unseal = format!("/api/v1/documents/{id}/unseal");
    web.person("shi", "administrator", SecurityLevel::Public).await;
    let second = Program::of(&web, "shi").await;
    let alone = chief
        .ask(Method::POST, &unseal, Some(json!({ "reason": "结案" })))
        .await;
    assert_eq!(alone.json()["code"], "second_must_agree");
    let done = second
        .ask(Method::POST, &unseal, Some(json!({ "reason": "结案" })))
        .await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    let again = chief
        .ask(Method::POST, &unseal, Some(json!({ "reason": "结案" })))
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);

    let protection = "/api/v1/customers/KH-1/protection";
    let version = chief.json(protection).await["version"].as_i64().expect("a version");
    let body = |version: i64| json!({ "version": version, "security_level": "2", "reason": "x" });
    let late = chief.ask(Method::POST, protection, Some(body(version + 1))).await;
    assert_eq!(
        (late.status, &late.json()["code"]),
        (StatusCode::CONFLICT, &json!("version_conflict"))
    );
    let done = chief.ask(Method::POST, protection, Some(body(version))).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(
        chief.json(protection).await,
        json!({ "security_level": 2, "sealed": false, "version": version + 1 })
    );
    let shown = clerk.ask(Method::GET, &format!("/api/v1/documents/{id}"), None).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
    web.close().await;
}

#[tokio::test]
async fn a_program_keeps_and_runs_searches() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    web.person("wei", "viewer", SecurityLevel::INTERNAL).await;
    let (own, other) = (Program::of(&web, "zhou").await, Program::of(&web, "wei").await);
    let body = json!({ "name": "运维", "query": "运维服务", "sort": "newest" });
    let saved = own.ask(Method::POST, "/api/v1/searches", Some(body)).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
    let list = own.json("/api/v1/searches").await;
    let search = list["items"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        (&list["items"][0]["name"], &list["items"][0]["sort"]),
        (&json!("运维"), &json!("newest"))
    );
    assert_eq!(other.json("/api/v1/searches").await["items"], json!([]));

    let hits = own.json(&format!("/api/v1/searches/{search}/hits?limit=5")).await;
    assert_eq!(hits["hits"][0]["document_id"], json!(id));
    let narrowed = format!(
        "/api/v1/searches/{search}/hits?and={}",
        web::address::encode("类型:营业执照")
    );
    assert_eq!(own.json(&narrowed).await["hits"], json!([]));
    let stolen = other
        .ask(Method::GET, &format!("/api/v1/searches/{search}/hits"), None)
        .await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);

    let address = format!("/api/v1/searches/{search}");
    let renamed = own
        .ask(Method::PATCH, &address, Some(json!({ "name": "运维合同" })))
        .await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
    assert_eq!(
        own.json("/api/v1/searches").await["items"][0]["name"],
        json!("运维合同")
    );
    let deleted = own.ask(Method::DELETE, &address, None).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(own.json("/api/v1/searches").await["items"], json!([]));
    web.close().await;
}

#[tokio::test]
async fn pages_come_some_at_a_time_with_pictures_that_check_the_right_to_see() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    web.person("wei", "viewer", SecurityLevel::PUBLIC).await;
    let (clerk, other) = (Program::of(&web, "zhou").await, Program::of(&web, "wei").await);
    let first = clerk.json(&format!("/api/v1/documents/{id}/pages?limit=2")).await;
    assert_eq!((&first["total"], &first["next"]), (&json!(3), &json!("2")));
    assert_eq!(first["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        first["items"][0]["text"],
        json!(""),
        "text comes only when it is asked for"
    );
    let rest = clerk
        .json(&format!("/api/v1/documents/{id}/pages?limit=2&after=2&text=true"))
        .await;
    assert_eq!((&rest["next"], &rest["items"][0]["number"]), (&Value::Null, &json!(3)));
    assert_eq!(rest["items"][0]["text"], json!("第三页 附件"));

    let described = clerk.json("/api/v1/openapi.json").await;
    for path in [
        "/api/v1/sealed",
        "/api/v1/documents/{id}/unseal",
        "/api/v1/customers/{code}/protection",
        "/api/v1/searches/{id}/hits",
        "/api/v1/documents/{id}/pages",
        "/documents/{id}/pages/{number}/images/{name}/{width}",
    ] {
        assert!(described["paths"][path].is_object(), "{path} is not described");
    }
    let department = format!("/api/v1/search?q={}", web::address::encode("运维 部门:没有这个部门"));
    let nothing = clerk.json(&department).await;
    assert_eq!(
        (&nothing["total"], &nothing["notice_codes"][0]["code"]),
        (&json!(0), &json!("query_nothing_has")),
        "{nothing}"
    );
    let said = nothing["notices"][0].as_str().unwrap_or_default();
    assert!(said.contains("没有这个部门") && said.contains("部门"), "{said}");
    let hits = clerk.json("/api/v1/search?q=%E8%BF%90%E7%BB%B4").await;
    assert_eq!(hits["notices"], json!([]));
    let of_hit = hits["hits"][0]["page_image"].as_str().expect("an address").to_owned();
    let images = first["items"][0]["images"].as_array().expect("images");
    let of_page = images
        .last()
        .and_then(|image| image["url"].as_str())
        .expect("an address");
    for address in [of_hit.as_str(), of_page] {
        let picture = clerk.ask(Method::GET, address, None).await;
        assert_eq!(picture.header("content-type"), "image/jpeg", "{address}");
        // The same address, another person.
        let refused = other.ask(Method::GET, address, None).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{address}");
    }
    web.close().await;
}
