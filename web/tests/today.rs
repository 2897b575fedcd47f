//! Today: each number leads to exactly what it counts, and all doors say the same.

use crate::harness::{TestWeb, certain, document, in_review, layer, page};
use axum::http::StatusCode;
use records::SecurityLevel;
use serde_json::Value;

#[tokio::test]
async fn every_number_is_that_of_its_list() {
    let web = TestWeb::with_a_picture().await;
    let uid = web.customer_uid("KH-1").await;
    for (name, link) in [
        ("a.jpg", certain(uid)),
        ("b.jpg", certain(uid)),
        ("c.jpg", in_review(&[(uid, 0.6)])),
    ] {
        let pages = vec![page(layer(&format!("信息系统运维服务合同 {name}")))];
        web.deposit(name, document(link, name, "contract", pages, None)).await;
    }
    let (cookie, _) = web.administrator().await;
    let today = web.get("/api/v1/today", &cookie).await.json();
    let number = |item: &str| {
        let items = today["items"].as_array().expect("items");
        let found = items.iter().find(|found| found["item"] == item);
        found.and_then(|found| found["count"].as_i64()).unwrap_or(-1)
    };
    assert_eq!(
        (number("review"), number("review_late"), number("originals_to_shelve")),
        (1, 0, 3)
    );
    assert_eq!((&today["documents"], &today["is_empty"]), (&3.into(), &false.into()));
    assert_eq!(today["days"].as_array().map(Vec::len), Some(30));
    assert_eq!(today["days"][29]["documents"], 3, "what came in today stands last");
    let listed = web.get("/api/v1/today/originals_to_shelve", &cookie).await.json();
    assert_eq!(
        (&listed["total"], listed["items"].as_array().map(Vec::len)),
        (&3.into(), Some(3))
    );
    let view = web.get("/today", &cookie).await.text();
    assert!(!view.contains("data-nothing"), "{view}");
    for (item, rows) in [
        ("/today/originals_to_shelve", 3),
        ("/today/originals_missing", 0),
        ("/today/expiring", 0),
    ] {
        assert_eq!(
            view.contains(&format!("href=\"{item}\"")),
            rows > 0,
            "only what waits is said: {item}"
        );
        let list = web.get(item, &cookie).await.text();
        assert_eq!(list.matches("<tr data-row>").count(), rows, "{item}: {list}");
    }
    for nothing in ["/today/batches", "/today/nonsense"] {
        assert_eq!(
            web.get(nothing, &cookie).await.status,
            StatusCode::NOT_FOUND,
            "{nothing}"
        );
    }
    // Who only reads has no list of what archivists do.
    let reader = web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    assert_eq!(
        web.get("/today/originals_to_shelve", &reader).await.status,
        StatusCode::NOT_FOUND
    );
    let own = web.get("/api/v1/today", &reader).await.json();
    assert_eq!(
        (&own["room"], &own["trail"], &own["files"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    web.close().await;
}
