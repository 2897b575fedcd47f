//! Papers added over the network, by call: pieces in any order of accidents, hostile names, and what is refused by name.

use crate::harness::TestWeb;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

struct Sender<'w> {
    web: &'w TestWeb,
    cookie: String,
    csrf: String,
}

impl<'w> Sender<'w> {
    async fn of(web: &'w TestWeb) -> Self {
        let (cookie, csrf) = web.administrator().await;
        Self { web, cookie, csrf }
    }

    async fn call(&self, method: Method, path: &str, more: &[(&str, &str)], body: Vec<u8>) -> (StatusCode, Value) {
        let mut headers = vec![
            ("cookie", self.cookie.as_str()),
            ("x-csrf-token", self.csrf.as_str()),
            ("content-type", "application/json"),
        ];
        headers.extend_from_slice(more);
        let address = format!("/api/v1/uploads{path}");
        let answer = self.web.send_bytes(method, &address, &headers, body).await;
        let said = serde_json::from_str(&answer.text()).unwrap_or(Value::Null);
        (answer.status, said)
    }

    async fn begin(&self, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, "", &[], body.to_string().into_bytes()).await
    }

    async fn piece(&self, id: &str, number: usize, from: usize, piece: &[u8], total: usize) -> (StatusCode, Value) {
        let range = format!("bytes {from}-{}/{total}", from + piece.len() - 1);
        let path = format!("/{id}/files/{number}");
        self.call(Method::PUT, &path, &[("content-range", &range)], piece.to_vec())
            .await
    }
}

fn file(name: &str, bytes: usize) -> Value {
    json!({ "name": name, "bytes": bytes })
}

#[tokio::test]
async fn pieces_come_cut_doubled_and_out_of_order() {
    let web = TestWeb::with_a_picture().await;
    let sender = Sender::of(&web).await;
    let (status, begun) = sender
        .begin(json!({ "files": [file("a.pdf", 10)], "customer": "kh-1" }))
        .await;
    assert_eq!(
        (status, &begun["customer_code"]),
        (StatusCode::OK, &json!("KH-1")),
        "{begun}"
    );
    let id = begun["id"].as_str().expect("an id").to_owned();
    let received = |said: &Value| said["received"].as_i64();
    assert_eq!(received(&sender.piece(&id, 1, 0, b"0123", 10).await.1), Some(4));
    assert_eq!(
        received(&sender.piece(&id, 1, 0, b"0123", 10).await.1),
        Some(4),
        "doubled"
    );
    let (status, gap) = sender.piece(&id, 1, 6, b"6789", 10).await;
    assert_eq!(
        (status, &gap["code"]),
        (StatusCode::CONFLICT, &json!("upload_gap")),
        "{gap}"
    );
    let early = sender
        .call(Method::POST, &format!("/{id}/finish"), &[], Vec::new())
        .await;
    assert_eq!(early.1["code"], "upload_incomplete", "{}", early.1);
    assert_eq!(
        received(&sender.piece(&id, 1, 2, b"234567", 10).await.1),
        Some(8),
        "overlapping"
    );
    let (status, long) = sender.piece(&id, 1, 8, b"89AB", 12).await;
    assert_eq!(
        (status, &long["code"]),
        (StatusCode::CONFLICT, &json!("upload_too_long"))
    );
    assert_eq!(received(&sender.piece(&id, 1, 8, b"89", 10).await.1), Some(10));
    let (_, now) = sender.call(Method::GET, &format!("/{id}"), &[], Vec::new()).await;
    assert_eq!(
        (&now["state"], &now["files"][0]["received"]),
        (&json!("open"), &json!(10)),
        "{now}"
    );
    let broken = [("content-range", "bytes 0-5/10")];
    let (status, said) = sender
        .call(Method::PUT, &format!("/{id}/files/1"), &broken, b"abc".to_vec())
        .await;
    assert_eq!(
        (status, &said["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("content-range")),
        "{said}"
    );
    let (_, cancelled) = sender
        .call(Method::POST, &format!("/{id}/cancel"), &[], Vec::new())
        .await;
    assert_eq!(cancelled["state"], "cancelled");
    let (status, late) = sender.piece(&id, 1, 0, b"0123", 10).await;
    assert_eq!(
        (status, &late["code"]),
        (StatusCode::CONFLICT, &json!("upload_cannot")),
        "{late}"
    );
    web.close().await;
}

#[tokio::test]
async fn what_an_upload_may_be_is_said_by_name() {
    let web = TestWeb::with_a_picture().await;
    let sender = Sender::of(&web).await;
    for (body, field) in [
        (json!({ "files": [file("../../etc/passwd", 1)] }), "file_name"),
        (
            json!({ "files": [file("a.pdf", 1)], "customer": "KH-99" }),
            "customer_code",
        ),
        (
            json!({ "files": [file("a.pdf", 1)], "location": "ZZ-1" }),
            "location_code",
        ),
        (json!({ "files": [file("a.pdf", 1)], "kind": "no such kind" }), "kind"),
        (json!({ "files": [{ "name": "a.pdf", "bytes": -1 }] }), "file_name"),
        (
            json!({ "files": [file("a.pdf", 1)], "security_level": 9 }),
            "security_level",
        ),
    ] {
        let (status, said) = sender.begin(body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {said}");
        assert!(
            said["field"].as_str().is_some_and(|named| named.contains(field)),
            "{body}: {said}"
        );
    }
    assert_eq!(sender.begin(json!({ "files": [] })).await.1["code"], "upload_files");
    let (status, full) = sender
        .begin(json!({ "files": (0..2_000).map(|n| file(&format!("{n}.pdf"), 8 << 30)).collect::<Vec<_>>() }))
        .await;
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE, "{full}");
    let (_, names) = sender
        .begin(
            json!({ "files": [file("a.pdf", 1), file("A.PDF", 1), file("x\\y/\u{7}z.pdf", 1), file("/abs.pdf", 1)] }),
        )
        .await;
    let paths: Vec<&str> = names["files"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["path"].as_str())
        .collect();
    assert_eq!(paths, ["a.pdf", "A (2).PDF", "x/y/_z.pdf", "abs.pdf"]);
    // Somebody else's upload is nobody's business.
    let cookie = web.person("chen", "archivist", records::SecurityLevel::INTERNAL).await;
    let other = Sender {
        csrf: web.csrf(&cookie).await,
        web: &web,
        cookie,
    };
    let id = names["id"].as_str().expect("an id");
    assert_eq!(
        other.call(Method::GET, &format!("/{id}"), &[], Vec::new()).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(other.piece(id, 1, 0, b"x", 1).await.0, StatusCode::NOT_FOUND);
    let viewer = web.person("yan", "viewer", records::SecurityLevel::INTERNAL).await;
    let viewer = Sender {
        csrf: web.csrf(&viewer).await,
        web: &web,
        cookie: viewer,
    };
    assert_eq!(
        viewer.begin(json!({ "files": [file("a.pdf", 1)] })).await.0,
        StatusCode::FORBIDDEN
    );
    web.close().await;
}
