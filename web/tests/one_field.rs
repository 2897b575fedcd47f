//! The one field that understands, and what is said when a session has ended: by call.

use crate::harness::{TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};

const CODE: &str = "K1-03-B-05-4-12";
const SPELLINGS: [&str; 7] = [
    "K1-03-B-05-4-12",
    "k1-03-b-05-4-12",
    "k1 03 b 05 4 12",
    "K103B05412",
    "Ｋ１－０３－Ｂ－０５－４－１２",
    " K1-03-B-05-4-12 ",
    "K1–03–B–05–4–12",
];

async fn filed() -> (TestWeb, String) {
    let web = TestWeb::with_a_picture().await;
    let link = certain(web.customer_uid("KH-1").await);
    let place = web.location_uid(CODE).await;
    let pages = vec![page(layer("信息系统运维服务合同"))];
    web.deposit("a.jpg", document(link, "运维服务合同", "contract", pages, Some(place)))
        .await;
    let (cookie, _) = web.administrator().await;
    (web, cookie)
}

#[tokio::test]
async fn a_code_opens_its_place_in_every_spelling() {
    let (web, cookie) = filed().await;
    for typed in SPELLINGS {
        let address = format!("/search?q={}", web::address::encode(typed));
        let plain = web.get(&address, &cookie).await;
        assert_eq!(plain.status, StatusCode::SEE_OTHER, "{typed}");
        assert_eq!(plain.header("location"), format!("/locations/{CODE}"), "{typed}");
        let headers = [("cookie", cookie.as_str()), ("accept", "text/html"), ("x-part", "sent")];
        let by_script = web.send(Method::GET, &address, &headers, "").await;
        assert_eq!(by_script.header("x-leads-to"), format!("/locations/{CODE}"), "{typed}");
        let headers = [
            ("cookie", cookie.as_str()),
            ("accept", "text/html"),
            ("x-part", "results"),
        ];
        let typing = web.send(Method::GET, &address, &headers, "").await;
        assert_eq!(typing.header("x-leads-to"), "", "{typed} is still being typed");
        assert!(typing.text().contains(&format!("这是库位 {CODE}")), "{}", typing.text());
    }
    for searched in ["合同", "2024", "K9-99"] {
        let address = format!("/search?q={}", web::address::encode(searched));
        assert_eq!(web.get(&address, &cookie).await.status, StatusCode::OK, "{searched}");
    }
    web.close().await;
}

#[tokio::test]
async fn nothing_found_says_which_customer_is_called_so() {
    let (web, cookie) = filed().await;
    let address = format!("/search?q={}", web::address::encode("KH-2"));
    let html = web.get(&address, &cookie).await.text();
    assert!(
        html.contains("class=\"known\"") && html.contains("href=\"/customers/KH-2\""),
        "{html}"
    );
    web.close().await;
}

#[tokio::test]
async fn the_end_of_a_session_is_told_to_scripts_and_leads_views_to_the_door() {
    let (web, cookie) = filed().await;
    let alive = web.get("/session", &cookie).await;
    assert!(
        alive.json()["csrf"].as_str().is_some_and(|csrf| csrf.len() > 20),
        "{}",
        alive.text()
    );
    let script = [
        ("accept", "text/html"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "same-origin"),
    ];
    for part in ["/session", "/search?q=a", "/offers?q=a"] {
        let answer = web.send(Method::GET, part, &script, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{part}");
    }
    let view = [("accept", "text/html"), ("sec-fetch-mode", "navigate")];
    let answer = web.send(Method::GET, "/today", &view, "").await;
    assert_eq!(answer.header("location"), "/sign-in?next=%2Ftoday");
    let form = [
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("referer", "http://archive.example/documents/7/record?page=2"),
    ];
    let answer = web.send(Method::POST, "/documents/7/correct", &form, "csrf=x").await;
    assert_eq!(
        answer.header("location"),
        "/sign-in?next=%2Fdocuments%2F7%2Frecord%3Fpage%3D2",
        "one comes back to the view of the form, not to where it was sent"
    );
    web.close().await;
}

#[tokio::test]
async fn a_filed_document_is_corrected_where_it_is_shown() {
    let web = TestWeb::with_a_picture().await;
    let link = certain(web.customer_uid("KH-1").await);
    let pages = vec![page(layer("信息系统运维服务合同"))];
    let id = web
        .deposit("a.jpg", document(link, "运维服务合同", "contract", pages, None))
        .await;
    let (cookie, csrf) = web.administrator().await;
    let own = format!("/documents/{id}");
    let view = web.get(&own, &cookie).await.text();
    let form = |view: &str| {
        let (_, rest) = view.split_once("name=\"version\" value=\"").expect("a version");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let version = form(&view);
    let send = async |path: &str, fields: &str| {
        let answer = web
            .post(&format!("{own}/{path}"), &cookie, &format!("csrf={csrf}&{fields}"))
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        web.get(answer.header("location"), &cookie).await.text()
    };
    let refused = send("customer", &format!("version={version}&customer=KH-99")).await;
    assert!(
        refused.contains("value=\"KH-99\"") && refused.contains("id=\"relink\" open"),
        "what was typed is kept:\n{refused}"
    );
    let moved = send("customer", &format!("version={version}&customer=KH-2")).await;
    assert!(moved.contains("/customers/KH-2") && moved.contains("已改归"), "{moved}");
    let stale = send("customer", &format!("version={version}&customer=KH-1")).await;
    assert!(
        stale.contains("/customers/KH-2") && stale.contains("id=\"relink\" open"),
        "{stale}"
    );
    let nowhere = send("place", "place=ZZ-1").await;
    assert!(
        nowhere.contains("没有库位“ZZ-1”") && nowhere.contains("value=\"ZZ-1\""),
        "{nowhere}"
    );
    let placed = send("place", "place=k1+03+b+05+4+12").await;
    assert!(placed.contains("已上架"), "{placed}");
    // The decision stands in the list, and is taken back from there.
    let list = web.get("/review/decided", &cookie).await.text();
    assert!(list.contains("KH-1") && list.contains("KH-2"), "{list}");
    let (_, rest) = list.split_once("action=\"/review/").expect("an undo");
    let undo = format!("/review/{}", rest.split('"').next().unwrap_or_default())
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    let undone = web.post(&undo, &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(
        undone.header("location"),
        "/review/decided?said=undone",
        "{}",
        undone.text()
    );
    assert!(web.get(&own, &cookie).await.text().contains("/customers/KH-1"));
    web.close().await;
}

#[tokio::test]
async fn the_trail_says_only_what_was_proven() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let view = web.get("/audit", &cookie).await.text();
    assert!(view.contains("尚未校验") && !view.contains("首尾相连"), "{view}");
    let done = web.post("/audit/check", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(done.header("location"), "/audit");
    let view = web.get("/audit", &cookie).await.text();
    assert!(view.contains("完整、首尾相连"), "{view}");
    web.close().await;
}

/// What every field understands: how it is typed, what it means, and by what.
const MEANT: &[(&str, &str, &str, &str)] = &[
    ("K1-03-B-05-4-12", "location", CODE, "code"),
    ("k103b05412", "location", CODE, "code"),
    ("Ｋ１－０３－Ｂ－０５－４－１２", "location", CODE, "code"),
    ("K1-03-B-05-4-12-4", "location", CODE, "code"),
    ("k103b054124", "location", CODE, "code"),
    ("DSR1:location:K1-03-B-05-4-12", "location", CODE, "code"),
    ("一号库", "location", "K1", "name"),
    ("KH-1", "customer", "KH-1", "code"),
    ("kh1", "customer", "KH-1", "code"),
    (" ｋｈ－１ ", "customer", "KH-1", "code"),
    ("DSR1:customer:KH-1", "customer", "KH-1", "code"),
    ("3301000012", "customer", "KH-1", "code"),
    ("33 0100 0012", "customer", "KH-1", "code"),
    ("深圳华宸智汇信息技术有限公司", "customer", "KH-1", "name"),
    ("华宸智汇", "customer", "KH-1", "piece"),
    ("hczh", "customer", "KH-1", "piece"),
    ("wangxiaoming", "customer", "KH-3", "piece"),
    ("HT-2024-0117", "document", "", "code"),
    ("ht20240117", "document", "", "code"),
    ("ＨＴ－２０２４－０１１７", "document", "", "code"),
    ("HT 2024 0117", "document", "", "code"),
    ("HT-2024", "document", "", "piece"),
];

async fn numbered() -> (TestWeb, String, String, String) {
    let web = TestWeb::with_a_picture().await;
    let link = certain(web.customer_uid("KH-1").await);
    let place = web.location_uid(CODE).await;
    let pages = vec![page(layer("信息系统运维服务合同"))];
    let mut contract = document(link, "运维服务合同", "contract", pages, Some(place));
    contract.number = "HT-2024-0117".to_owned();
    let id = web.deposit("a.jpg", contract).await;
    let (cookie, csrf) = web.administrator().await;
    (web, cookie, csrf, id)
}

#[tokio::test]
async fn one_resolver_knows_every_code_number_and_name() {
    let (web, cookie, _, id) = numbered().await;
    for (typed, kind, key, by) in MEANT {
        let address = format!("/api/v1/resolve?q={}", web::address::encode(typed));
        let found = web.get(&address, &cookie).await.json();
        let first = &found["items"][0];
        let key = if *kind == "document" { id.as_str() } else { *key };
        assert_eq!(
            (first["kind"].as_str(), first["key"].as_str(), first["by"].as_str()),
            (Some(*kind), Some(key), Some(*by)),
            "{typed}: {found}"
        );
    }
    let by_id = web
        .get(&format!("/api/v1/resolve?q={}", id.to_uppercase()), &cookie)
        .await;
    assert_eq!(by_id.json()["items"][0]["code"], "HT-2024-0117");
    for nothing in ["KH-9", "ZZ-1", "HT-2024-0117-99", ""] {
        let address = format!("/api/v1/resolve?q={}", web::address::encode(nothing));
        assert_eq!(web.get(&address, &cookie).await.json()["total"], 0, "{nothing}");
    }
    web.close().await;
}

/// Fields of forms and filters take the same texts.
#[tokio::test]
async fn every_field_takes_every_spelling() {
    let (web, cookie, csrf, id) = numbered().await;
    let encode = web::address::encode;
    // Filters of the trail and of the ledger name the record whichever way it is called.
    for called in [
        "HT-2024-0117",
        "ht20240117",
        "kh1",
        "3301000012",
        "hczh",
        "深圳华宸智汇信息技术有限公司",
        "k103b05412",
        "一号库",
    ] {
        web.get(&format!("/locations/{CODE}"), &cookie).await;
        web.get("/locations/K1", &cookie).await;
        web.get("/customers/KH-1", &cookie).await;
        web.get(&format!("/documents/{id}"), &cookie).await;
        let trail = web
            .get(&format!("/audit?object={}", encode(called)), &cookie)
            .await
            .text();
        assert!(
            trail.contains("<tr data-row"),
            "{called} answers nothing in the trail:\n{trail}"
        );
        let ledger = web
            .get(&format!("/history?object={}", encode(called)), &cookie)
            .await
            .text();
        assert!(
            ledger.contains("<tr data-row"),
            "{called} answers nothing in the ledger:\n{ledger}"
        );
    }
    // A place is entered wherever one looks for places; the code of a customer or a paper opens that.
    for (typed, target) in [
        ("k1 03 b 05 4 12", format!("/locations/{CODE}")),
        ("一号库", "/locations/K1".to_owned()),
        ("kh1", "/customers/KH-1".to_owned()),
        ("ht20240117", format!("/documents/{id}")),
    ] {
        let answer = web.get(&format!("/locations?code={}", encode(typed)), &cookie).await;
        assert_eq!(answer.header("location"), target, "{typed}");
    }
    // A customer is meant by code, account number, name and pinyin.
    let own = format!("/documents/{id}");
    let version = |view: &str| {
        let (_, rest) = view.split_once("name=\"version\" value=\"").expect("a version");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    for (typed, customer) in [
        ("kh2", "KH-2"),
        ("3301 000012", "KH-1"),
        ("rfyf", "KH-2"),
        ("深圳华宸智汇信息技术有限公司", "KH-1"),
    ] {
        let now = version(&web.get(&own, &cookie).await.text());
        let fields = format!("csrf={csrf}&version={now}&customer={}", encode(typed));
        let answer = web.post(&format!("{own}/customer"), &cookie, &fields).await;
        let shown = web.get(answer.header("location"), &cookie).await.text();
        assert!(
            shown.contains(&format!("/customers/{customer}")) && shown.contains("已改归"),
            "{typed}: {shown}"
        );
    }
    // A number that is none means nobody, even where one longer number begins so.
    let now = version(&web.get(&own, &cookie).await.text());
    let fields = format!("csrf={csrf}&version={now}&customer=33010000");
    let answer = web.post(&format!("{own}/customer"), &cookie, &fields).await;
    assert!(
        answer.header("location").contains("customer-unknown"),
        "{}",
        answer.header("location")
    );
    web.close().await;
}
