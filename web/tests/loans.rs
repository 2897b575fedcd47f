//! Lending through the API and the screens: the shapes that scripts rely on, refusals by code, and what each person sees.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;
use serde_json::{Value, json};

/// A contract at a place, its id, and an archivist.
async fn archive() -> (TestWeb, String) {
    let web = TestWeb::with_a_picture().await;
    let uid = web.customer_uid("KH-1").await;
    let place = web.location_uid("K1-03-B-05-4-12").await;
    let pages = vec![page(layer("信息系统运维服务合同"))];
    let id = web
        .deposit(
            "a.jpg",
            document(certain(uid), "运维服务合同", "contract", pages, Some(place)),
        )
        .await;
    web.person("lin", "archivist", SecurityLevel::Secret).await;
    web.person("zhang", "viewer", SecurityLevel::Internal).await;
    (web, id)
}

fn slip(id: &str) -> Value {
    json!({ "things": [id], "borrower": "张三", "purpose": "应诉核对", "copies": 1, "until": "", "class": "days" })
}

#[tokio::test]
async fn scripts_lend_and_take_back() {
    let (web, id) = archive().await;
    let lin = Program::of(&web, "lin").await;
    let late = json!({ "things": [id], "borrower": "张三", "purpose": "核对", "until": "2199-01-01" });
    let refused = lin.ask(Method::POST, "/api/v1/loans", late).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::CONFLICT, &json!("loan_too_long"))
    );
    let loan = lin.told(Method::POST, "/api/v1/loans", slip(&id)).await;
    assert_eq!((&loan["state"], &loan["no"]), (&json!("out"), &json!(loan["no"])));
    assert!(loan["no"].as_str().is_some_and(|no| no.starts_with("JY-")), "{loan}");
    for (state, rows) in [("out", 1), ("overdue", 0), ("held", 0)] {
        let found = lin.json(&format!("/api/v1/loans?state={state}")).await;
        assert_eq!(found["rows"].as_array().map(Vec::len), Some(rows), "{state}: {found}");
    }
    let queued = lin.told(Method::POST, "/api/v1/loans", slip(&id)).await;
    assert_eq!(queued["state"], "held");
    let no = loan["no"].as_str().unwrap_or_default();
    let back = json!({ "pages": 0, "condition": "intact", "received_by": "王芳" });
    let returned = lin
        .told(Method::POST, &format!("/api/v1/loans/{no}/return"), back)
        .await;
    assert_eq!(
        (&returned["state"], &returned["things"][0]["incident"]),
        (&json!("returned"), &json!(true))
    );
    let open = lin.json("/api/v1/incidents?open=true").await;
    assert_eq!(
        (&open["rows"][0]["borrower"], &open["rows"][0]["kind"]),
        (&json!("张三"), &json!("pages_missing"))
    );
    let leaver = lin.json("/api/v1/loans/leaver?borrower=张三").await;
    assert_eq!(leaver["clear"], false);
    let incident = open["rows"][0]["id"].as_str().unwrap_or_default();
    let done = json!({ "resolution": "已补" });
    let resolved = lin
        .ask(Method::POST, &format!("/api/v1/incidents/{incident}/resolve"), done)
        .await;
    assert_eq!(resolved.status, StatusCode::NO_CONTENT);
    let shelve = format!("/api/v1/loans/{no}/shelve");
    let wrong = lin
        .ask(Method::POST, &shelve, json!({ "place": "K1-03-B-05-4-13" }))
        .await;
    assert_eq!(wrong.json()["code"], "wrong_slot");
    let shelved = lin
        .told(Method::POST, &shelve, json!({ "place": "K1-03-B-05-4-12" }))
        .await;
    assert_eq!(shelved["things"][0]["original_state"], "in_place");
    let register = lin.json("/api/v1/registers/loans").await;
    let line = &register["rows"][0];
    assert_eq!(
        (&line["struck_off"], &line["received_by"], &line["borrower"]),
        (&json!(true), &json!("王芳"), &json!("张三"))
    );
    let unknown = lin.ask(Method::GET, "/api/v1/registers/nonsense", None).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let walk = lin.json("/api/v1/loans/to-fetch").await;
    assert_eq!(walk["rows"][0]["location_code"], "K1-03-B-05-4-12");
    // Who only borrows sees nothing of what others borrow.
    let zhang = Program::of(&web, "zhang").await;
    assert_eq!(zhang.json("/api/v1/loans").await["total"], 0);
    assert_eq!(
        zhang
            .ask(Method::GET, &format!("/api/v1/loans/{no}"), None)
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        zhang.ask(Method::GET, "/api/v1/loans/to-fetch", None).await.status,
        StatusCode::FORBIDDEN
    );
    web.close().await;
}

#[tokio::test]
async fn a_person_asks_and_the_archive_hands_out() {
    let (web, id) = archive().await;
    let zhang = web.person("zhou", "viewer", SecurityLevel::Internal).await;
    let shown = web.get(&format!("/documents/{id}"), &zhang).await.text();
    assert!(
        shown.contains(&format!("/loans/ask?document={id}")),
        "the paper is asked for where it is shown"
    );
    let form = web.get(&format!("/loans/ask?document={id}"), &zhang).await.text();
    assert!(
        form.contains(&format!("/documents/{id}")) && form.contains(&id),
        "the scan is offered first"
    );
    let csrf = web.csrf(&zhang).await;
    let typed = |until: &str| {
        format!(
            "csrf={csrf}&things={id}&purpose=核对&borrower=&department=&copies=1&class=days&use=office&until={until}"
        )
    };
    let refused = web.post("/loans", &zhang, &typed("2199-01-01")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("2199-01-01"), "what was typed stays");
    let sent = web.post("/loans", &zhang, &typed("")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let slip = sent.header("location").split('?').next().unwrap_or_default().to_owned();
    let own = web.get(&slip, &zhang).await.text();
    assert!(!own.contains("/issue"), "nobody hands out to themselves: {own}");
    let lin = web.person("lan", "archivist", SecurityLevel::Secret).await;
    let desk = web.get("/loans?list=approved", &lin).await.text();
    assert!(desk.contains(&slip), "{desk}");
    let token = web.csrf(&lin).await;
    let issued = web.post(&format!("{slip}/issue"), &lin, &format!("csrf={token}")).await;
    assert!(issued.header("location").ends_with("said=issued"), "{}", issued.text());
    let wrong = web
        .post(&format!("{slip}/return"), &lin, &format!("csrf={token}&pages=99"))
        .await;
    assert_eq!(wrong.status, StatusCode::CONFLICT);
    let back = web
        .post(
            &format!("{slip}/return"),
            &lin,
            &format!("csrf={token}&pages=1&condition=damaged"),
        )
        .await;
    assert!(back.header("location").ends_with("said=incident"), "{}", back.text());
    let incidents = web.get("/loans/incidents", &lin).await.text();
    assert!(incidents.contains("/resolve"), "{incidents}");
    let printed = web.get("/lists/picking/csv", &lin).await;
    assert_eq!(printed.status, StatusCode::OK);
    let no = own
        .split("JY-")
        .nth(1)
        .and_then(|rest| rest.get(..9))
        .unwrap_or_default();
    for file in [
        format!("/lists/slip/JY-{no}/pdf"),
        "/lists/loans/pdf".to_owned(),
        "/lists/loans/xlsx".to_owned(),
    ] {
        let made = web.get(&file, &lin).await;
        assert_eq!(made.status, StatusCode::OK, "{file}");
    }
    web.close().await;
}
