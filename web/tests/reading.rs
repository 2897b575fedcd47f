//! The way of a person through pages that ask for a look, corrections, re-reading orders and the list of kinds.

use crate::harness::{TestWeb, certain, document, layer, page};
use axum::http::StatusCode;
use records::{
    pages::reread::{ReadAgain, RereadResult},
    pages::{Area, NewTextLayer, UnreadRegion},
};

async fn open() -> TestWeb {
    TestWeb::with_a_picture().await
}

/// One document of two pages; the second has handwriting that was not read.
async fn filed(web: &TestWeb) -> String {
    let mut second = page(layer("客户签字：\n2024年5月13日"));
    second.unread_regions = vec![UnreadRegion {
        area: Area {
            x: 700,
            y: 290,
            w: 500,
            h: 90,
        },
        reason: "handwriting".to_owned(),
    }];
    let link = certain(web.customer_uid("KH-1").await);
    let pages = vec![page(layer("信息系统运维服务合同")), second];
    web.deposit("a.jpg", document(link, "运维服务合同", "contract", pages, None))
        .await
}

fn searched(path: &str, query: &str) -> String {
    web::address::with_query(path, &[("q", query)])
}

fn form(csrf: &str, fields: &[(&str, &str)]) -> String {
    let mut body = format!("csrf={csrf}");
    for (name, value) in fields {
        body.push_str(&format!("&{name}={}", web::address::encode(value)));
    }
    body
}

#[tokio::test]
async fn a_page_asks_is_corrected_and_asks_no_more() {
    let web = open().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let list = web.get("/reading", &cookie).await.text();
    assert!(
        list.contains("手写") && list.contains(&format!("/documents/{id}/pages/2/look")),
        "{list}"
    );
    let seen = web.get(&format!("/documents/{id}"), &cookie).await.text();
    assert!(
        seen.contains("data-hit=\"handwriting\"") && seen.contains("pages/2/look"),
        "{seen}"
    );
    let look = web.get(&format!("/documents/{id}/pages/2/look"), &cookie).await.text();
    assert!(
        look.contains("客户签字：") && look.contains("data-region=\"0\""),
        "{look}"
    );

    let address = format!("/documents/{id}/pages/2/correct");
    let back = format!("/documents/{id}/pages/2/look");
    let fields = [("region", "0"), ("text", "王小明"), ("back", back.as_str())];
    let answer = web.post(&address, &cookie, &form(&csrf, &fields)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.header("location"), format!("{back}?said=corrected"));
    // The very next search finds it and the page shows it.
    let found = web.get(&searched("/search", "王小明 签字"), &cookie).await.text();
    assert!(found.contains(&id), "{found}");
    let text = web.get(&format!("/documents/{id}/pages/2/text"), &cookie).await.text();
    assert!(text.contains("王小明"), "{text}");
    assert!(!web.get("/reading", &cookie).await.text().contains("pages/2/look"));

    // Two people cannot correct the same line at once.
    let fields = [
        ("line", "0"),
        ("former", "别的"),
        ("text", "x"),
        ("back", back.as_str()),
    ];
    let answer = web.post(&address, &cookie, &form(&csrf, &fields)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    // Nobody is led away by the way back.
    let fields = [
        ("line", "0"),
        ("former", "客户签字："),
        ("text", "客户签名："),
        ("back", "https://example.org/"),
    ];
    let answer = web.post(&address, &cookie, &form(&csrf, &fields)).await;
    assert!(answer.header("location").starts_with('/') && !answer.header("location").starts_with("//"));
    web.close().await;
}

#[tokio::test]
async fn what_was_not_read_is_a_facet_and_a_condition() {
    let web = open().await;
    let id = filed(&web).await;
    let (cookie, _) = web.administrator().await;
    let found = web.get(&searched("/search", "识读:手写"), &cookie).await.text();
    assert!(found.contains(&id) && found.contains("page=2"), "{found}");
    // Nothing found: the lesson says that there are pages that were not read well.
    let nothing = web.get(&searched("/search", "查无此字"), &cookie).await.text();
    assert!(
        nothing.contains("q=reading%3Aany") && nothing.contains("1 页上"),
        "{nothing}"
    );
    let found = web.get(&searched("/search", "签字"), &cookie).await.text();
    assert!(
        found.contains("识别") && found.contains("%E8%AF%86%E5%88%AB%3A"),
        "{found}"
    );
    let answer = web.get(&searched("/api/v1/search", "签字"), &cookie).await.json();
    assert_eq!(answer["facets"]["reading"][0]["value"], "handwriting", "{answer}");
    let shown = web.get(&format!("/api/v1/documents/{id}"), &cookie).await.json();
    assert_eq!(shown["pages"][1]["reading"][0], "handwriting", "{shown}");
    web.close().await;
}

#[tokio::test]
async fn reading_again_is_ordered_watched_and_stopped() {
    let web = open().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let back = format!("/documents/{id}");
    let fields = [
        ("pages", "1"),
        ("turn", "90"),
        ("force_ocr", "1"),
        ("back", back.as_str()),
    ];
    let answer = web
        .post(&format!("/documents/{id}/reread"), &cookie, &form(&csrf, &fields))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let list = web.get("/reading", &cookie).await.text();
    assert!(list.contains("0 / 1") && list.contains("data-follow"), "{list}");

    let (lease, task) = web
        .system
        .reread_claim(60)
        .await
        .expect("answers")
        .expect("a job waits");
    assert_eq!(
        (task.settings.turn, task.settings.pages.as_slice()),
        (Some(90), &[1][..])
    );
    let held = web
        .system
        .reread_document(&task)
        .await
        .expect("answers")
        .expect("it is there");
    let mut again = page(layer("信息系统运维服务合同书"));
    again.text = again.text.map(|text| NewTextLayer {
        engine_version: "2".to_owned(),
        ..text
    });
    let result = RereadResult {
        pages: vec![ReadAgain {
            page_uid: held.pages[0].page.uid,
            page: again,
        }],
        ..RereadResult::default()
    };
    web.system.reread_finish(&lease, &task, &result).await.expect("written");
    let look = web.get(&format!("/documents/{id}/pages/1/look"), &cookie).await.text();
    assert!(look.contains("现用") && look.contains("改用此结果"), "{look}");

    // This server has no second recogniser: it is not offered, and who asks for it is told.
    assert!(!look.contains("second_opinion"), "{look}");
    let second = [("second_opinion", "1"), ("back", back.as_str())];
    let answer = web
        .post(&format!("/documents/{id}/reread"), &cookie, &form(&csrf, &second))
        .await;
    assert!(answer.status.is_client_error(), "{}", answer.text());
    assert!(answer.text().contains("dossier setup"), "{}", answer.text());

    let answer = web
        .post("/reading/below", &cookie, &form(&csrf, &[("below", "99")]))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let orders = web.get("/api/v1/rereads", &cookie).await.json();
    let order = orders["items"][0]["reread"].as_str().expect("an id").to_owned();
    let answer = web
        .post(&format!("/rereads/{order}/cancel"), &cookie, &form(&csrf, &[]))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let told = web.get(&format!("/api/v1/rereads/{order}"), &cookie).await.json();
    assert_eq!((&told["cancelled"], &told["waiting"]), (&1.into(), &0.into()), "{told}");
    let counted = web.get("/reading?below=x", &cookie).await.text();
    assert!(counted.contains("role=\"alert\""), "{counted}");
    web.close().await;
}

#[tokio::test]
async fn kinds_are_changed_tried_and_taken_away_as_a_table() {
    let web = open().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let list = web.get("/admin/kinds", &cookie).await.text();
    assert!(list.contains("租赁合同") && list.contains("lease_contract"), "{list}");
    let kind = |code: &'static str, titles: &'static str| {
        [
            ("code", code),
            ("name_zh", "电表照片"),
            ("name_en", "Meter photograph"),
            ("title_patterns", titles),
            ("content_patterns", "电表+示数"),
            ("group", "technical"),
            ("level", "1"),
            ("position", "900"),
            ("active", "1"),
        ]
    };
    // A fault stands beside its field, and the form keeps what was typed.
    let answer = web
        .post("/admin/kinds/new", &cookie, &form(&csrf, &kind("Meter", "电表照片")))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("小写字母") && answer.text().contains("Meter photograph"));
    let answer = web
        .post("/admin/kinds/new", &cookie, &form(&csrf, &kind("meter", "营业执照")))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = web
        .post("/admin/kinds/new", &cookie, &form(&csrf, &kind("meter", "电表照片")))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let tried = [("title", ""), ("text", "本月电表示数 1024"), ("document", "")];
    let answer = web.post("/admin/kinds/try", &cookie, &form(&csrf, &tried)).await.text();
    assert!(answer.contains("<b>电表照片</b>"), "{answer}");
    let tried = [("title", ""), ("text", ""), ("document", id.as_str())];
    let answer = web.post("/admin/kinds/try", &cookie, &form(&csrf, &tried)).await.text();
    assert!(answer.contains("<b>合同</b>"), "{answer}");

    let table = web.get("/admin/kinds.tsv", &cookie).await;
    assert!(table.header("content-disposition").contains("kinds.tsv"));
    web.close().await;
}
