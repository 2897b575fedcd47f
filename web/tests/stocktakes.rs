//! A stocktake by call: the shapes that scripts rely on, refusals by their codes, and the same on screen.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;
use serde_json::{Value, json};
use testing::Cluster;

const SHELF: &str = "K1-03-B-05-4-12";
const OTHER: &str = "K1-03-B-05-4-13";

async fn paper(web: &TestWeb, name: &str, place: &str) -> String {
    let link = certain(web.customer_uid("KH-1").await);
    let location = web.location_uid(place).await;
    let contract = document(link, name, "contract", vec![page(layer(name))], Some(location));
    web.deposit(name, contract).await
}

fn verdicts(said: &Value) -> Vec<(String, String)> {
    let lines = said["lines"].as_array().expect("lines").iter();
    let text = |line: &Value, field: &str| line[field].as_str().expect(field).to_owned();
    lines.map(|line| (text(line, "thing"), text(line, "verdict"))).collect()
}

#[tokio::test]
async fn a_stocktake_from_its_scope_to_its_end_on_both_databases() {
    from_scope_to_end(TestWeb::with_a_picture().await).await;
    match Cluster::start(None) {
        Ok(cluster) => {
            let url = cluster.new_database().expect("a database");
            from_scope_to_end(TestWeb::on(Some(url)).await).await;
        }
        Err(why) => eprintln!("SKIP a stocktake on PostgreSQL: {why}"),
    }
}

async fn from_scope_to_end(web: TestWeb) {
    let cookie = web.person("wei", "viewer,archivist", SecurityLevel::Secret).await;
    let program = Program::of(&web, "wei").await;
    let present = paper(&web, "一", SHELF).await;
    let missing = paper(&web, "二", SHELF).await;
    let misplaced = paper(&web, "三", OTHER).await;
    let begun = program
        .told(Method::POST, "/api/v1/stocktakes", json!({ "scope": "k1-3-b-5" }))
        .await;
    let id = begun["id"].as_str().expect("an id");
    assert_eq!(
        (&begun["scope"], &begun["state"]),
        (&json!("K1-03-B-05"), &json!("open"))
    );
    let again = program
        .ask(Method::POST, "/api/v1/stocktakes", json!({ "scope": SHELF }))
        .await;
    assert_eq!(
        (again.status, &again.json()["code"]),
        (StatusCode::CONFLICT, &json!("stocktake_open")),
        "{}",
        again.text()
    );
    assert!(again.text().contains(id), "it names the one that counts there");
    let address = format!("/api/v1/stocktakes/{id}");
    let scans = json!({ "at": SHELF, "labels": [present, misplaced, "XYZ-1"], "worn": [present] });
    let scanned = program.told(Method::POST, &format!("{address}/scans"), scans).await;
    let first: Vec<&str> = scanned["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|one| one["verdict"].as_str())
        .collect();
    assert_eq!(first, ["present", "misplaced", "unknown"]);
    let said = program.json(&address).await;
    let numbers: Vec<i64> = [
        "expected",
        "present",
        "missing",
        "misplaced",
        "foreign",
        "unknown",
        "on_loan",
        "worn",
        "dead",
    ]
    .iter()
    .map(|field| said[*field].as_i64().expect(field))
    .collect();
    assert_eq!(numbers, [3, 1, 1, 1, 0, 1, 0, 1, 0], "{said}");
    let third = 1.0 / 3.0;
    let rates = json!({ "scattered": third, "disordered": third, "lost": third, "damaged": third });
    assert_eq!(said["rates"], rates);
    let line = |thing: &str, verdict: &str| (thing.to_owned(), verdict.to_owned());
    assert_eq!(
        verdicts(&said),
        [
            line(&missing, "missing"),
            line(&misplaced, "misplaced"),
            line("XYZ-1", "unknown"),
            line(&present, "worn"),
            line(&present, "present"),
        ]
    );
    let wrong = &said["lines"][1];
    assert_eq!(
        (&wrong["found_at"], &wrong["belongs_at"], &wrong["owner"]),
        (&json!(SHELF), &json!(OTHER), &json!(""))
    );
    let window = program.json(&format!("{address}?unsettled=true&limit=3")).await;
    assert_eq!(
        (window["lines_total"].as_i64(), &window["next"]),
        (Some(4), &json!("3"))
    );
    let early = program.ask(Method::POST, &format!("{address}/close"), None).await;
    assert_eq!(early.json()["code"], "stocktake_unsettled", "{}", early.text());
    let settled =
        async |body: Value| program.told(Method::POST, &format!("{address}/lines"), body).await["settled"].clone();
    assert_eq!(
        settled(json!({ "thing": missing, "owner": "wei", "until": "2026-12-31" })).await,
        1
    );
    assert_eq!(
        settled(json!({ "thing": misplaced, "resolution": "put_back" })).await,
        1
    );
    assert_eq!(
        settled(json!({ "verdict": "unknown", "resolution": "explained", "note": "旧标签" })).await,
        1
    );
    assert_eq!(
        settled(json!({ "thing": present, "verdict": "worn", "resolution": "repaired" })).await,
        1
    );
    let view = web.get(&format!("/stocktakes/{id}"), &cookie).await;
    assert!(view.text().contains("2026-12-31"), "who sees to it stands on the view");
    let closed = program.told(Method::POST, &format!("{address}/close"), None).await;
    assert_eq!(
        (&closed["state"], &closed["lines"][0]["owner"]),
        (&json!("closed"), &json!("wei"))
    );
    let late = program
        .ask(
            Method::POST,
            &format!("{address}/scans"),
            json!({ "at": SHELF, "labels": ["x"] }),
        )
        .await;
    assert_eq!(late.json()["code"], "stocktake_closed");
    let seen = program.json(&format!("/api/v1/things/{misplaced}/seen")).await;
    assert_eq!((&seen["total"], &seen["items"][0]["place"]), (&json!(1), &json!(SHELF)));
    for format in ["csv", "xlsx", "pdf"] {
        let report = web.get(&format!("/lists/stocktake/{id}/{format}"), &cookie).await;
        assert_eq!(report.status, StatusCode::OK, "{format}: {}", report.text());
    }
    web.close().await;
}

#[tokio::test]
async fn a_file_of_scans_is_looked_at_before_it_counts() {
    let web = TestWeb::with_a_picture().await;
    web.person("wei", "viewer,archivist", SecurityLevel::Secret).await;
    let program = Program::of(&web, "wei").await;
    let one = paper(&web, "一", SHELF).await;
    let begun = program
        .told(Method::POST, "/api/v1/stocktakes", json!({ "scope": "K1-03" }))
        .await;
    let address = format!("/api/v1/stocktakes/{}", begun["id"].as_str().expect("an id"));
    let table = format!("at,label,worn\n{SHELF},{one},是\n\n\n{OTHER},{one},\n{SHELF},{one},\n{SHELF},H-9999,\n");
    let headers = [("authorization", program.bearer.as_str()), ("content-type", "text/csv")];
    let tried = web
        .send(Method::POST, &format!("{address}/file"), &headers, &table)
        .await
        .json();
    let faulty = json!([{ "line": 7, "value": "H-9999", "problem": "label_unknown" }]);
    assert_eq!(
        (&tried["problems"], &tried["good"], &tried["applied"]),
        (&faulty, &json!(3), &json!(false)),
        "{tried}"
    );
    assert_eq!(program.json(&address).await["missing"], 1);
    web.send(Method::POST, &format!("{address}/file?apply=true"), &headers, &table)
        .await;
    let said = program.json(&address).await;
    assert_eq!((&said["present"], &said["worn"]), (&json!(1), &json!(1)), "{said}");
    let no_table = web
        .send(Method::POST, &format!("{address}/file"), &headers, "a,b\n1,2\n")
        .await;
    assert_eq!(no_table.status, StatusCode::UNPROCESSABLE_ENTITY);
    web.close().await;
}

#[tokio::test]
async fn a_walk_says_what_each_label_is() {
    let web = TestWeb::with_a_picture().await;
    let cookie = web.person("wei", "viewer,archivist", SecurityLevel::Secret).await;
    let csrf = web.csrf(&cookie).await;
    paper(&web, "一", SHELF).await;
    let post = async |address: &str, fields: &str| {
        let answer = web.post(address, &cookie, &format!("csrf={csrf}&{fields}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}: {}", answer.text());
        answer.header("location").to_owned()
    };
    let walk = post("/stocktakes", "scope=K1-03&dead_years=5").await;
    let taken = post("/stocktakes", "scope=K1&dead_years=5").await;
    assert!(web.get(&taken, &cookie).await.text().contains("K1-03 正在盘点中"));
    let home = walk.strip_suffix("/walk").expect("it leads to the walk").to_owned();
    let first = post(&walk, "at=&label=H-1").await;
    assert!(web.get(&first, &cookie).await.text().contains("没有库位“H-1”"));
    let at_shelf = post(&walk, "at=&label=k1-3-b-5-4-12").await;
    assert!(at_shelf.contains(SHELF), "{at_shelf}");
    assert!(web.get(&at_shelf, &cookie).await.text().contains("此处还应有"));
    let scanned = post(&walk, &format!("at={SHELF}&label=NOTHING-9&worn=1")).await;
    let view = web.get(&scanned, &cookie).await.text();
    assert!(view.contains("不识标签") && view.contains("NOTHING-9"), "{view}");
    let scan = view.split_once("name=\"scan\" value=\"").expect("an undo").1;
    let scan: String = scan.chars().take_while(char::is_ascii_digit).collect();
    let undone = post(&format!("{home}/undo"), &format!("at={SHELF}&scan={scan}")).await;
    assert!(!web.get(&undone, &cookie).await.text().contains("NOTHING-9"));
    let refused = post(&format!("{home}/close"), "").await;
    assert!(web.get(&refused, &cookie).await.text().contains("还有 1 处差异未处理"));
    post(
        &format!("{home}/settle"),
        "thing=&verdict=missing&owner=wei&until=&resolution=&note=&narrowed=",
    )
    .await;
    let closed = post(&format!("{home}/close"), "").await;
    assert!(web.get(&closed, &cookie).await.text().contains("盘点已结束"));
    web.close().await;
}
