//! Papers and containers are put away as a program does it and as a person at the desk: all or none, refused with a reason,
//! taken back.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;
use serde_json::json;

async fn filed(web: &TestWeb, name: &str, declared: i64) -> String {
    let link = certain(web.customer_uid("KH-1").await);
    let mut new = document(link, "运维服务合同", "contract", vec![page(layer(name))], None);
    new.pages_declared = Some(declared);
    web.deposit(&format!("{name}.jpg"), new).await
}

#[tokio::test]
async fn a_box_is_registered_filled_and_moved_by_a_program() {
    let web = TestWeb::with_a_picture().await;
    web.person("lin", "archivist", SecurityLevel::INTERNAL).await;
    let program = Program::scoped(&web, "lin", vocabulary::Scope::Write).await;
    let post = async |path: &str, body: serde_json::Value| program.ask(Method::POST, path, body).await;
    let (thick, thin) = (filed(&web, "甲", 400).await, filed(&web, "乙", 10).await);
    let place = "K1-03-B-05-4-12";
    let body = json!({"serial": "H-0001", "kind": "box", "title": "借款合同", "size_mm": 40, "in": place});
    let added = post("/api/v1/containers", body.clone()).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    assert_eq!(
        (&added.json()["serial"], &added.json()["in"]),
        (&json!("H-0001"), &json!(place))
    );
    assert_eq!(post("/api/v1/containers", body).await.status, StatusCode::CONFLICT);

    let order = json!({"things": [thick], "to": "h-0001", "label": "H-0001"});
    let placed = post("/api/v1/placements", order).await.json();
    assert_eq!(placed["moved"], json!([{"thing": thick, "from": "", "to": "H-0001"}]));
    let full = post("/api/v1/placements", json!({"things": [thin], "to": "H-0001"})).await;
    assert_eq!(
        (full.status, &full.json()["code"]),
        (StatusCode::CONFLICT, &json!("place_full"))
    );
    let room = post("/api/v1/placements", json!({"things": [thin], "to": "K1"})).await;
    assert_eq!(
        (room.status, &room.json()["code"]),
        (StatusCode::CONFLICT, &json!("place_kind"))
    );
    let unknown = post("/api/v1/placements", json!({"things": [thin], "to": "K1-03-B-05-4-21"})).await;
    assert_eq!(
        (unknown.status, &unknown.json()["code"], &unknown.json()["nearest"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("place_unknown"),
            &json!([place])
        )
    );
    let shown = program.json(&format!("/api/v1/documents/{thick}")).await;
    assert_eq!(shown["location_code"], place);

    let proposed = program.json(&format!("/api/v1/placements/proposal?thing={thin}")).await;
    assert!(proposed["places"].is_array(), "{proposed}");
    let history = program.json("/api/v1/things/H-0001/history").await;
    assert_eq!(history["items"][0]["place"], place, "{history}");
    let moved = json!({"things": ["H-0001"], "to": place, "seen": {"H-0001": 7}});
    assert_eq!(
        post("/api/v1/placements", moved).await.json()["code"],
        "version_conflict"
    );

    let undo = json!({"undo": placed["undo"]});
    assert_eq!(
        post("/api/v1/placements/undo", undo.clone()).await.status,
        StatusCode::OK
    );
    assert_eq!(post("/api/v1/placements/undo", undo).await.status, StatusCode::CONFLICT);
    let shown = program.json(&format!("/api/v1/documents/{thick}")).await;
    assert_eq!(
        (&shown["location_code"], &shown["original_state"]),
        (&json!(""), &json!("to_be_shelved"))
    );
    let pdf = program.ask(Method::GET, "/api/v1/containers/labels.pdf", None).await;
    assert!(pdf.status == StatusCode::OK && pdf.header("content-type") == "application/pdf");
    web.close().await;
}

#[tokio::test]
async fn a_box_is_put_away_at_the_desk() {
    let web = TestWeb::with_a_picture().await;
    let cookie = web.person("lin", "archivist", SecurityLevel::INTERNAL).await;
    let csrf = web.csrf(&cookie).await;
    let form = format!("csrf={csrf}&serial=H-0001&in=&kind=box&title=&size_mm=40&pieces_max=&security_level_max=3");
    assert_eq!(
        web.post("/containers", &cookie, &form).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(web.get("/containers", &cookie).await.text().contains("H-0001"));
    let label = |label: &str, boxed: &str| format!("csrf={csrf}&label={label}&place=&things=&last=&boxed={boxed}");
    let answer = web.post("/put-away", &cookie, &label("H-0001", "")).await;
    let next = answer.header("location").to_owned();
    assert!(next.contains("boxed=H-0001"), "{next}");
    let answer = web
        .post("/put-away", &cookie, &label("K1-03-B-05-4-12", "H-0001"))
        .await;
    let next = answer.header("location").to_owned();
    assert!(next.contains("said=box-placed"), "{next}");
    let desk = web.get(&next, &cookie).await.text();
    assert!(desk.contains("/put-away/undo-box"), "{desk}");
    let view = web.get("/locations/H-0001", &cookie).await.text();
    assert!(view.contains("K1-03-B-05-4-12") && view.contains("40"), "{view}");
    let act = next.split("act=").nth(1).unwrap_or_default().to_owned();
    let undone = web
        .post(
            "/put-away/undo-box",
            &cookie,
            &format!("csrf={csrf}&act={act}&place=&things=&last="),
        )
        .await;
    assert!(
        undone.header("location").contains("said=put-back"),
        "{}",
        undone.header("location")
    );
    // Who comes second with what was seen before is told.
    let late = web
        .post(
            "/containers/H-0001/place",
            &cookie,
            &format!("csrf={csrf}&to=K1-03-B-05-4-12&moves=1"),
        )
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    web.close().await;
}
