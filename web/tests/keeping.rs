//! Checks of keeping by call, and on screen.

use crate::harness::{Program, TestWeb};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;
use serde_json::json;

#[tokio::test]
async fn a_check_finds_what_a_repair_mends() {
    let web = TestWeb::with_a_picture().await;
    let cookie = web.person("wei", "viewer,archivist", SecurityLevel::Secret).await;
    let program = Program::of(&web, "wei").await;
    let due = program.json("/api/v1/checks/due").await;
    assert_eq!(
        (&due["total"], &due["items"][0]["at"]),
        (&json!(2), &json!("K1")),
        "{due}"
    );
    let order = json!({ "at": "K1", "kind": "room", "occasion": "water", "reason": "水管破裂", "due": "2026-03-09" });
    let ordered = program.told(Method::POST, "/api/v1/checks/orders", order).await;
    let record = json!({ "at": "K1", "kind": "room", "occasion": "water", "order": ordered["id"], "items": [
        { "item": "against_damp", "fine": false, "note": "三层左侧渗水", "owner": "wei", "until": "2026-03-31" },
        { "item": "against_fire", "fine": true },
    ] });
    let made = program.told(Method::POST, "/api/v1/checks", record).await;
    assert_eq!(
        (&made["state"], &made["repairs"][0]["owner"]),
        (&json!("done"), &json!("wei")),
        "{made}"
    );
    assert_eq!(
        program.json("/api/v1/checks/due").await["total"],
        1,
        "the room was checked, the holding was not"
    );
    let open = program.json("/api/v1/repairs?state=open").await;
    assert_eq!(open["items"][0]["what"], "防潮：三层左侧渗水");
    let id = open["items"][0]["id"].as_str().expect("an id");
    let closed = program
        .ask(
            Method::POST,
            &format!("/api/v1/repairs/{id}/close"),
            json!({ "result": "已更换水管" }),
        )
        .await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT, "{}", closed.text());
    assert_eq!(program.json("/api/v1/repairs?state=open").await["total"], 0);
    let check = made["id"].as_str().expect("an id");
    let view = web.get(&format!("/checks/{check}"), &cookie).await.text();
    assert!(view.contains("三层左侧渗水") && view.contains("已更换水管"), "{view}");
    let paper = web.get(&format!("/checks/{check}/record.pdf"), &cookie).await;
    assert!(paper.body.starts_with(b"%PDF-"), "the record prints");
    let all = web.get("/checks", &cookie).await.text();
    assert!(all.contains("保管检查") && all.contains("wei"), "{all}");
    web.close().await;
}

#[tokio::test]
async fn a_check_is_written_down_in_a_form() {
    let web = TestWeb::with_a_picture().await;
    let cookie = web.person("wei", "viewer,archivist", SecurityLevel::Secret).await;
    let csrf = web.csrf(&cookie).await;
    let post = async |address: &str, fields: &str| {
        let answer = web.post(address, &cookie, &format!("csrf={csrf}&{fields}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}: {}", answer.text());
        answer.header("location").to_owned()
    };
    let rules = post(
        "/checks/rules",
        "months=3&room=%E9%98%B2%E7%81%AB%0D%0A%E9%98%B2%E9%9C%87&holding=%E9%9C%89%E5%8F%98",
    )
    .await;
    assert!(web.get(&rules, &cookie).await.text().contains("防震"));
    let form = web.get("/checks/record?at=K1&kind=room", &cookie).await.text();
    assert!(form.contains("防震") && form.contains("name=\"item-2\""), "{form}");
    let nowhere = post(
        "/checks/record",
        "at=K9&kind=room&occasion=regular&order=&item-1=against_fire",
    )
    .await;
    assert!(web.get(&nowhere, &cookie).await.text().contains("没有库位“K9”"));
    let made = post(
        "/checks/record",
        "at=k1&kind=room&occasion=regular&order=&item-1=against_fire&note-1=&item-2=%E9%98%B2%E9%9C%87&wrong-2=1&note-2=%E6%9E%B6%E6%9D%BE&owner-2=wei&until-2=2026-03-31",
    )
    .await;
    let view = web.get(&made, &cookie).await.text();
    assert!(view.contains("防震：架松"), "{view}");
    web.close().await;
}
