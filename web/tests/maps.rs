//! The map of a room by call: what is drawn, what is marked, and who counts what.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::Method;
use records::SecurityLevel;
use serde_json::json;

#[tokio::test]
async fn a_found_slot_is_marked_in_its_room() {
    let web = TestWeb::with_a_picture().await;
    let cookie = web.person("wei", "viewer,archivist", SecurityLevel::Secret).await;
    let program = Program::of(&web, "wei").await;
    let link = certain(web.customer_uid("KH-1").await);
    let slot = "K1-03-B-05-4-12";
    let location = web.location_uid(slot).await;
    web.deposit(
        "一",
        document(link, "一", "contract", vec![page(layer("一"))], Some(location)),
    )
    .await;
    let map = program.json(&format!("/api/v1/locations/{slot}/map")).await;
    assert_eq!(map["code"], "K1");
    let places = map["places"].as_array().expect("places");
    let of = |code: &str| places.iter().find(|place| place["code"] == code).expect("drawn");
    assert_eq!(
        (&of(slot)["papers"], &of(slot)["shade"], &of(slot)["found"]),
        (&json!(1), &json!(5), &json!(true))
    );
    let beside = of("K1-03-B-05-4-13");
    assert_eq!((&beside["shade"], &beside["found"]), (&json!(0), &json!(false)));
    let right = |place: &serde_json::Value| place["x"].as_i64().zip(place["w"].as_i64()).map(|(x, w)| x + w);
    assert!(
        right(of(slot)) <= beside["x"].as_i64(),
        "neighbours do not overlap: {map}"
    );
    assert!(
        right(beside) <= map["width"].as_i64(),
        "nothing is drawn outside: {map}"
    );
    assert_eq!(
        (&map["forecast"]["places"], &map["forecast"]["empty"]),
        (&json!(2), &json!(1))
    );
    let last = map["way"].as_array().and_then(|way| way.last()).expect("a way");
    assert_eq!(last["code"], slot);
    let svg = program
        .ask(Method::GET, &format!("/api/v1/locations/{slot}/map.svg"), None)
        .await;
    assert!(
        svg.text().starts_with("<svg") && svg.text().ends_with("</svg>"),
        "{}",
        svg.text()
    );
    let view = web.get(&format!("/locations/{slot}/map"), &cookie).await.text();
    assert!(view.contains("found") && view.contains("shade-5"), "{view}");
    web.close().await;
}
