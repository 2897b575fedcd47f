//! Own searches, lists taken away as files, masked numbers, checklists, ranges of scans: by call, as a browser sends it.

use crate::harness::{TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::{SecurityLevel, audit::EventFilter};

const CONTRACT: &str = "信息系统运维服务合同\n联系电话：13800000117\n本合同服务费用总额";

async fn open() -> TestWeb {
    TestWeb::with_a_picture().await
}

async fn filed(web: &TestWeb) -> String {
    let link = certain(web.customer_uid("KH-1").await);
    let place = web.location_uid("K1-03-B-05-4-12").await;
    let mut new = document(
        link,
        "=运维服务合同",
        "contract",
        vec![page(layer(CONTRACT))],
        Some(place),
    );
    new.number = "HT-2024-0117".to_owned();
    web.deposit("a.jpg", new).await
}

async fn actions(web: &TestWeb) -> Vec<String> {
    let filter = EventFilter {
        limit: 100,
        ..EventFilter::default()
    };
    let events = web.archive.audit_events(&web.owner, &filter).await.expect("the trail");
    events
        .into_iter()
        .map(|event| format!("{} {}", event.action, event.detail))
        .collect()
}

#[tokio::test]
async fn a_search_is_kept_renamed_deleted_and_brought_back() {
    let web = open().await;
    filed(&web).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let other = web
        .person("other", "viewer,administrator", SecurityLevel::INTERNAL)
        .await;
    let csrf = web.csrf(&clerk).await;
    let post = async |address: &str, form: &str| {
        let answer = web.post(address, &clerk, &format!("csrf={csrf}&{form}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}: {}", answer.text());
        answer.header("location").to_owned()
    };
    let query = web::address::encode("服务费 类型:合同");
    let back = post("/searches", &format!("q={query}&sort=newest&name=%E8%B4%B9%E7%94%A8")).await;
    assert!(back.starts_with(&format!("/search?q={query}&sort=newest")), "{back}");
    let view = web.get(&back, &clerk).await.text();
    assert!(view.contains("已保存") && view.contains(">费用</span>"), "{view}");
    // By name, by words of the query, and with nothing typed.
    for typed in ["%E8%B4%B9%E7%94%A8", "%E7%B1%BB%E5%9E%8B", ""] {
        let offers = web.get(&format!("/offers?q={typed}"), &clerk).await.text();
        assert!(offers.contains(">费用</span>"), "{typed}: {offers}");
        let offers = web.get(&format!("/offers?q={typed}"), &other).await.text();
        assert!(!offers.contains(">费用</span>"), "of another: {offers}");
    }
    let own = web.get("/search", &clerk).await.text();
    let (_, rest) = own.split_once("action=\"/searches/").expect("a form");
    let id: String = rest.chars().take_while(|c| *c != '/').collect();
    assert!(
        post(&format!("/searches/{id}/rename"), "name=%E5%90%88%E5%90%8C%E8%B4%B9")
            .await
            .contains("renamed")
    );
    assert!(
        post(&format!("/searches/{id}/rename"), "name=")
            .await
            .contains("name-wrong")
    );
    let deleted = post(&format!("/searches/{id}/delete"), "").await;
    let view = web.get(&deleted, &clerk).await.text();
    assert!(
        view.contains(&format!("/searches/{id}/undelete")) && !view.contains(">合同费<"),
        "{view}"
    );
    post(&format!("/searches/{id}/undelete"), "").await;
    assert!(web.get("/search", &clerk).await.text().contains(">合同费<"));
    web.close().await;
}

#[tokio::test]
async fn recent_searches_are_those_that_were_sent() {
    let web = open().await;
    filed(&web).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let typing = [
        ("cookie", clerk.as_str()),
        ("accept", "text/html"),
        ("x-part", "results"),
    ];
    web.send(Method::GET, "/search?q=%E6%9C%8D", &typing, "").await;
    web.get("/search?q=%E6%9C%8D%E5%8A%A1%E8%B4%B9", &clerk).await;
    let offers = web.get("/offers?q=", &clerk).await.text();
    assert!(
        offers.contains("服务费</span>") && !offers.contains(">服</span>"),
        "{offers}"
    );
    let csrf = web.csrf(&clerk).await;
    web.post("/searches/recent/clear", &clerk, &format!("csrf={csrf}"))
        .await;
    let offers = web.get("/offers?q=", &clerk).await.text();
    assert!(!offers.contains("服务费"), "{offers}");
    web.close().await;
}

#[tokio::test]
async fn suggestions_name_kinds_and_numbers() {
    let web = open().await;
    let id = filed(&web).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let offers = web
        .get("/offers?q=%E7%94%B2%E6%96%B9%20%E8%90%A5%E4%B8%9A%E6%89%A7", &clerk)
        .await
        .text();
    let expected = web::address::encode("甲方 类型:营业执照");
    assert!(offers.contains(&format!("/search?q={expected}")), "{offers}");
    let offers = web.get("/offers?q=ht-2024-01", &clerk).await.text();
    assert!(
        offers.contains(&format!("/documents/{id}")) && offers.contains("HT-2024-0117"),
        "{offers}"
    );
    web.close().await;
}

#[tokio::test]
async fn the_list_of_hits_is_taken_away_safely() {
    let web = open().await;
    filed(&web).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let archivist = web
        .person("archivist", "viewer,archivist", SecurityLevel::INTERNAL)
        .await;
    let query = web::address::encode("联系电话");
    let csv = web.get(&format!("/search.csv?q={query}"), &clerk).await;
    assert_eq!(
        (csv.status, csv.header("content-type")),
        (StatusCode::OK, "text/csv; charset=utf-8")
    );
    assert!(
        csv.header("content-disposition")
            .starts_with("attachment; filename=\"list.csv\"")
    );
    let text = csv.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(text.starts_with('\u{feff}') && lines[0].contains("库位"), "{text}");
    assert!(lines[1].starts_with("'=运维服务合同,"), "a title is no formula: {text}");
    assert!(
        lines[1].contains("K1-03-B-05-4-12") && lines[1].contains("138****0117"),
        "{text}"
    );
    let seen = web.get(&format!("/search.csv?q={query}"), &archivist).await.text();
    assert!(seen.contains("13800000117"), "{seen}");
    let xlsx = web.get(&format!("/search.xlsx?q={query}"), &clerk).await;
    assert_eq!(xlsx.status, StatusCode::OK);
    assert!(xlsx.body.starts_with(b"PK"), "a workbook is a ZIP");
    assert!(
        actions(&web)
            .await
            .contains(&"search.exported documents=1 format=xlsx query=联系电话".to_owned())
    );
    let items = web.get("/customers/KH-1/items.csv", &clerk).await.text();
    assert!(
        items.contains("HT-2024-0117") && items.contains("K1-03-B-05-4-12"),
        "{items}"
    );
    web.close().await;
}

#[tokio::test]
async fn a_personal_number_is_masked_until_somebody_who_may_looks() {
    let web = open().await;
    filed(&web).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let archivist = web
        .person("archivist", "viewer,archivist", SecurityLevel::INTERNAL)
        .await;
    let hits = web.get("/search?q=13800000117", &clerk).await.text();
    assert!(hits.contains("<mark>138****0117</mark>"), "{hits}");
    let masked = web.get("/customers/KH-1", &clerk).await.text();
    assert!(
        masked.contains("138****0117") && !masked.contains("class=\"reveal"),
        "{masked}"
    );
    let asked = web.get("/customers/KH-1", &archivist).await.text();
    assert!(
        asked.contains("138****0117") && !asked.contains("13800000117"),
        "{asked}"
    );
    let (_, rest) = asked.split_once("name=\"party\" value=\"").expect("a form");
    let party: String = rest.chars().take_while(|c| *c != '"').collect();
    let form = |csrf: &str| format!("csrf={csrf}&party={party}&kind=phone&position=0");
    let refused = web
        .post("/customers/KH-1", &clerk, &form(&web.csrf(&clerk).await))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    let shown = web
        .post("/customers/KH-1", &archivist, &form(&web.csrf(&archivist).await))
        .await;
    assert!(shown.text().contains("13800000117"), "{}", shown.text());
    let events: Vec<_> = actions(&web).await;
    let revealed = events
        .iter()
        .filter(|event| event.starts_with("personal_number.revealed party="));
    assert_eq!(revealed.count(), 2, "{events:?}");
    web.close().await;
}

#[tokio::test]
async fn a_dossier_says_what_it_lacks() {
    let web = open().await;
    filed(&web).await;
    let archivist = web
        .person("archivist", "viewer,archivist", SecurityLevel::INTERNAL)
        .await;
    let plain = web.get("/customers/KH-1", &archivist).await.text();
    assert!(
        plain.contains("选择清单后显示") && plain.contains("法人用电") && !plain.contains("自然人用电"),
        "{plain}"
    );
    let held = web.get("/customers/KH-1?checklist=guarantee", &archivist).await.text();
    assert!(
        held.contains("要求 5 种，缺 4 种") && held.contains("/customers/KH-1/checklist"),
        "{held}"
    );
    let csrf = web.csrf(&archivist).await;
    web.post(
        "/customers/KH-1/checklist",
        &archivist,
        &format!("csrf={csrf}&checklist=guarantee"),
    )
    .await;
    let kept = web.get("/customers/KH-1", &archivist).await.text();
    assert!(kept.contains("缺 4 种") && !kept.contains("记为此档案的清单"), "{kept}");
    web.close().await;
}

#[tokio::test]
async fn a_scan_comes_in_ranges() {
    let web = open().await;
    let id = filed(&web).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let shown = web.get(&format!("/documents/{id}"), &clerk).await.text();
    let (_, rest) = shown.split_once("/scans/").expect("a download");
    let scan = format!("/documents/{id}/scans/{}", rest.split('"').next().unwrap_or_default());
    let part = async |range: &str| {
        let headers = [("cookie", clerk.as_str()), ("range", range)];
        web.send(Method::GET, &scan, &headers, "").await
    };
    let whole = web.get(&scan, &clerk).await;
    assert_eq!(
        (whole.text().as_str(), whole.header("accept-ranges")),
        ("a.jpg", "bytes")
    );
    let middle = part("bytes=2-3").await;
    assert_eq!(
        (middle.status, middle.text().as_str()),
        (StatusCode::PARTIAL_CONTENT, "jp")
    );
    assert_eq!(
        (middle.header("content-range"), middle.header("content-length")),
        ("bytes 2-3/5", "2")
    );
    assert_eq!(part("bytes=-2").await.text(), "pg");
    let behind = part("bytes=5-").await;
    assert_eq!(
        (behind.status, behind.header("content-range")),
        (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */5")
    );
    web.close().await;
}

#[tokio::test]
async fn words_are_found_inside_a_document() {
    let web = open().await;
    let id = filed(&web).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let find = async |words: &str| {
        let address = format!("/documents/{id}/find?q={}", web::address::encode(words));
        web.get(&address, &clerk).await.json()
    };
    // Across the break between the first two lines: a box on each.
    assert_eq!(
        find("合同联系").await,
        serde_json::json!([{"page": 1, "boxes": [[740, 300, 98, 50], [340, 390, 98, 50]]}])
    );
    assert_eq!(
        find("服务費").await.as_array().map(Vec::len),
        Some(1),
        "traditional forms are folded"
    );
    assert_eq!(find("没有").await, serde_json::json!([]));
    assert_eq!(find("  ").await, serde_json::json!([]));
    web.close().await;
}
