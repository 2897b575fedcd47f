//! The auditor's desk: the trail by person, record, action and time, with what its records are called.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::StatusCode;
use records::{SecurityLevel, documents::NewDocument};

/// A contract that everybody sees and one that only the highest clearance sees, both looked at by the administrator.
async fn looked_at() -> (TestWeb, String, String, String) {
    let web = TestWeb::with_a_picture().await;
    let (cookie, _) = web.administrator().await;
    let mut ids = Vec::new();
    for (name, title, number, level) in [
        ("a.jpg", "运维服务合同", "HT-2024-0117", SecurityLevel::INTERNAL),
        ("b.jpg", "人事处理决定", "RS-2024-0001", SecurityLevel::Secret),
    ] {
        let link = certain(web.customer_uid("KH-1").await);
        let id = web
            .deposit(
                name,
                NewDocument {
                    number: number.to_owned(),
                    security_level: level,
                    ..document(link, title, "contract", vec![page(layer(title))], None)
                },
            )
            .await;
        let seen = web.get(&format!("/documents/{id}"), &cookie).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
        ids.push(id);
    }
    let secret = ids.pop().expect("two");
    let open = ids.pop().expect("two");
    (web, cookie, open, secret)
}

#[tokio::test]
async fn the_trail_answers_in_the_words_of_the_trade() {
    let (web, cookie, open, _) = looked_at().await;
    let auditor = web.person("shen", "auditor", SecurityLevel::INTERNAL).await;
    let of_number = web.get("/audit?object=HT-2024-0117", &auditor).await.text();
    for word in [
        "class=\"lead\">查看</td>",
        "运维服务合同",
        "HT-2024-0117",
        &format!("/documents/{open}"),
    ] {
        assert!(of_number.contains(word), "no {word} in {of_number}");
    }
    assert!(!of_number.contains("人事处理决定"), "{of_number}");
    let by_action = web
        .get("/audit?object=HT-2024-0117&action=document.filed", &auditor)
        .await
        .text();
    assert!(!by_action.contains("class=\"lead\">查看</td>"), "{by_action}");
    let never = web.get("/audit?object=HT-2024-0117&to=1999", &auditor).await.text();
    assert!(never.contains("没有符合的记录"), "{never}");
    for wrong in ["/audit?from=yesterday", "/audit?action=nonsense"] {
        let wrong = web.get(wrong, &auditor).await;
        assert!(wrong.status == StatusCode::OK && wrong.text().contains("role=\"alert\""));
    }
    // Who saw it is one click away for auditors, and for nobody else.
    let link = format!("/audit?object=document%3A{open}");
    assert!(
        web.get(&format!("/documents/{open}"), &cookie)
            .await
            .text()
            .contains(&link)
    );
    let viewer = web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let seen = web.get(&format!("/documents/{open}"), &viewer).await.text();
    assert!(!seen.contains(&link), "{seen}");
    let of_viewer = web.get("/audit?who=zhou&action=document.viewed", &auditor).await.text();
    assert!(of_viewer.contains("运维服务合同"), "{of_viewer}");
    web.close().await;
}

#[tokio::test]
async fn what_is_hidden_from_the_auditor_is_not_named() {
    let (web, _, _, secret) = looked_at().await;
    let auditor = web.person("shen", "auditor", SecurityLevel::INTERNAL).await;
    let all = web.get("/audit?action=document.viewed", &auditor).await.text();
    assert!(all.contains(&secret) && !all.contains("人事处理决定") && !all.contains("RS-2024-0001"));
    let csv = web.get("/audit.csv?action=document.viewed", &auditor).await.text();
    assert!(csv.contains("运维服务合同") && csv.contains(&secret), "{csv}");
    assert!(!csv.contains("人事处理决定") && !csv.contains("RS-2024-0001"), "{csv}");
    // Its number says no more than the number of no document.
    let by_number = web.get("/audit?object=RS-2024-0001", &auditor).await.text();
    assert!(by_number.contains("没有符合的记录"), "{by_number}");
    let program = Program::of(&web, "shen").await;
    let told = program
        .json(&format!("/api/v1/audit?object={secret}&action=document.viewed"))
        .await;
    assert_eq!(told["total"], 1, "{told}");
    assert_eq!(told["items"][0]["name"], "", "{told}");
    web.close().await;
}
