//! What the screens and the API say to somebody who may not see a document: nothing, by no way.
//! And what stands in a hit after a correction: the new, in the very next search.

use crate::harness::{TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;

/// Stands only in a document of level 3, on its page, in its title and its number.
const CANARY: &str = "猿猴桃花源";
/// Stands nowhere. As long as the other, so that even lengths agree.
const ABSENT: &str = "鲸鱼杏花村";

async fn open() -> TestWeb {
    TestWeb::with_a_picture().await
}

async fn filed(web: &TestWeb, name: &str, title: &str, text: &str, level: SecurityLevel) -> String {
    let link = certain(web.customer_uid("KH-1").await);
    let place = web.location_uid("K1-03-B-05-4-12").await;
    let mut new = document(link, title, "contract", vec![page(layer(text))], Some(place));
    new.number = title.to_owned();
    new.security_level = level;
    web.deposit(name, new).await
}

async fn canary_archive() -> (TestWeb, String) {
    let web = open().await;
    let open_text = "信息系统运维服务合同\n甲方与乙方约定服务费";
    let seen = filed(&web, "open.jpg", "运维服务合同", open_text, SecurityLevel::INTERNAL).await;
    let secret_text = format!("机密附件\n{CANARY}\n服务费另议 {CANARY}");
    filed(&web, "secret.jpg", CANARY, &secret_text, SecurityLevel::Secret).await;
    (web, seen)
}

/// Every way to ask for a word: `{}` stands for it.
const WAYS: [&str; 22] = [
    "/offers?q={}",
    "/offers?q={}&for=customer",
    "/search?q={}",
    "/search?q={}&sort=newest",
    "/search?q={}&sort=oldest",
    "/search?q={}&after=20",
    "/search?q=%22{}%22",
    "/search?q={}%20%E6%9C%8D%E5%8A%A1%E8%B4%B9",
    "/search?q=%E6%9C%8D%E5%8A%A1%E8%B4%B9%20-{}",
    "/search?q={}%7C%E8%BF%90%E7%BB%B4",
    "/search?q=title:{}",
    "/search?q=no:{}*",
    "/search?q=text:{}",
    "/search?q={}%20security:3",
    "/search?q={}%20date:x",
    "/search.csv?q={}",
    "/search.xlsx?q={}",
    "/customers?name={}",
    "/documents/{}",
    "/api/v1/search?q={}",
    "/api/v1/search?q={}&exact_total=true",
    "/api/v1/search.csv?q={}",
];

/// The body without what may differ: the word itself, the time it took, the id of the request.
fn said(web_answer: &crate::harness::Answer, word: &str) -> String {
    let id = web_answer.header("x-request-id").to_owned();
    let text = web_answer
        .text()
        .replace(word, "X")
        .replace(&web::address::encode(word), "X");
    let text = if id.is_empty() { text } else { text.replace(&id, "ID") };
    without_times(&text)
}

fn without_times(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["\"took_ms\":", " · "].iter().filter_map(|mark| rest.find(mark)).min() {
        let (before, after) = rest.split_at(at);
        kept.push_str(before);
        let mark_length = if after.starts_with('"') {
            "\"took_ms\":".len()
        } else {
            " · ".len()
        };
        let (mark, after) = after.split_at(mark_length);
        kept.push_str(mark);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    kept + rest
}

#[tokio::test]
async fn a_word_one_may_not_see_is_a_word_that_is_not_there() {
    let (web, seen) = canary_archive().await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let chief = web.person("chief", "viewer", SecurityLevel::Secret).await;
    let inside = format!("/documents/{seen}/find?q={{}}");
    let mut told_apart = 0;
    for way in WAYS.iter().copied().chain([inside.as_str()]) {
        // Canary and absent word alternate in the same order for both, so that what is remembered agrees too.
        let mut answers = Vec::new();
        for cookie in [&clerk, &chief] {
            for word in [CANARY, ABSENT] {
                let address = way.replace("{}", &web::address::encode(word));
                let headers = [
                    ("cookie", cookie.as_str()),
                    ("accept", "text/html"),
                    ("accept-language", "zh-CN"),
                    ("x-part", "results"),
                ];
                let answer = web.send(Method::GET, &address, &headers, "").await;
                let tag = answer.header("etag").to_owned();
                let kind = answer.header("content-type").to_owned();
                answers.push((answer.status, tag, kind, answer.body.len(), said(&answer, word)));
            }
        }
        let [hidden, absent, shown, nothing] = answers.as_slice() else {
            panic!("four answers");
        };
        let same = |a: &(StatusCode, String, String, usize, String),
                    b: &(StatusCode, String, String, usize, String)| {
            (&a.0, &a.1, &a.2, &a.4) == (&b.0, &b.1, &b.2, &b.4)
        };
        assert!(
            same(hidden, absent),
            "{way} tells a hidden word from an absent one:\n{}\n---\n{}",
            hidden.4,
            absent.4
        );
        told_apart += usize::from(!same(shown, nothing));
    }
    // The comparison can fail: whoever may see the document is told of it by most ways.
    assert!(
        told_apart >= 12,
        "only {told_apart} ways show the document to those who may see it"
    );
    web.close().await;
}

#[tokio::test]
async fn no_query_breaks_the_server() {
    let web = open().await;
    filed(
        &web,
        "a.jpg",
        "运维服务合同",
        "甲方与乙方约定服务费",
        SecurityLevel::INTERNAL,
    )
    .await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let clauses = (0..500).map(|n| format!("甲{n}")).collect::<Vec<_>>().join(" ");
    let any_bytes: String = (0..=255_u8).map(|b| format!("%{b:02X}")).collect();
    let encoded = |text: &str| web::address::encode(text);
    let queries = [
        any_bytes,
        "%FF%FE%00%80".to_owned(),
        // An address holds 64 KB, which is 7,000 Han in their escapes; longer ones never reach the program.
        encoded(&"长".repeat(7_000)),
        encoded(&"a".repeat(10_000)),
        encoded(&clauses),
        encoded(&"|".repeat(900)),
        encoded("，。！？；：、"),
        encoded("的了是在"),
        encoded("\u{0}\u{1}\u{7f}\u{202e}\u{200b}"),
        encoded("\"未闭合"),
        encoded("“甲方 服务费"),
        encoded("-"),
        encoded("--- --- OR OR | | *"),
        encoded("日期:明天"),
        encoded("日期:9999..0000"),
        encoded("密级:绝密"),
        encoded("不存在的字段:值"),
        encoded("户名: 类型: 库位:"),
        encoded("库位:*"),
        encoded("((((((((甲"),
        encoded("甲\\u0000' OR 1=1 --"),
        encoded("{{7*7}} <script>alert(1)</script>"),
        String::new(),
    ];
    for query in &queries {
        for door in [
            "/search",
            "/search.csv",
            "/offers",
            "/api/v1/search",
            "/api/v1/search.xlsx",
            "/customers",
        ] {
            let name = if door == "/customers" { "name" } else { "q" };
            let address = format!("{door}?{name}={query}");
            let answer = web.get(&address, &clerk).await;
            let shown: String = address.chars().take(80).collect();
            assert!(answer.status.as_u16() < 500, "{shown}: {}", answer.text());
            let is_view = answer.header("content-type").starts_with("text/html");
            assert!(
                !is_view || !answer.text().contains("<script>alert"),
                "{shown}: a query is text"
            );
            if answer.status.is_client_error() {
                let words = answer.text();
                assert!(
                    words.chars().count() > 20,
                    "{shown}: nothing says what is wrong: {words}"
                );
            }
        }
    }
    // A query that is too long or has too many conditions says so where people read it.
    let long = web
        .get(&format!("/search?q={}", encoded(&"长".repeat(2_000))), &clerk)
        .await;
    assert!(long.text().contains("检索内容太长"), "{}", long.text());
    let many = web
        .get(
            &format!("/search?q={}", encoded(&clauses.chars().take(900).collect::<String>())),
            &clerk,
        )
        .await;
    assert!(many.text().contains("条件太多"), "{}", many.text());
    web.close().await;
}

#[tokio::test]
async fn a_correction_is_in_the_very_next_search() {
    let web = open().await;
    let id = filed(
        &web,
        "a.jpg",
        "运维服务合同",
        "甲方与乙方约定服务费",
        SecurityLevel::INTERNAL,
    )
    .await;
    let (cookie, csrf) = web.administrator().await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let post = async |what: &str, body: serde_json::Value| {
        let headers = [
            ("cookie", cookie.as_str()),
            ("x-csrf-token", csrf.as_str()),
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        let address = format!("/api/v1/documents/{id}/{what}");
        let answer = web.send(Method::POST, &address, &headers, &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{what}: {}", answer.text());
        answer.json()
    };
    let finds = async |cookie: &str, query: &str| -> bool {
        let address = format!("/search?q={}", web::address::encode(query));
        web.get(&address, cookie).await.text().contains(&id)
    };
    // Nothing here waits: each search is the very next request.
    assert!(finds(&cookie, "服务费 户名:KH-1").await);
    post("link", serde_json::json!({"customer_code": "KH-2", "version": 1})).await;
    assert!(finds(&cookie, "服务费 户名:KH-2").await);
    assert!(!finds(&cookie, "服务费 户名:KH-1").await);

    assert!(!finds(&cookie, "服务费 类型:营业执照").await);
    post(
        "correct",
        serde_json::json!({"version": 2, "kind": "business_licence", "title": "更名后的题名"}),
    )
    .await;
    assert!(finds(&cookie, "服务费 类型:营业执照").await);
    assert!(finds(&cookie, "更名后的题名").await);
    assert!(!finds(&cookie, "服务费 类型:合同").await);

    assert!(!finds(&cookie, "服务费 库位:K1-03-B-05-4-13").await);
    let placed = post("place", serde_json::json!({"place": "K1-03-B-05-4-13"})).await;
    assert_eq!(placed["location_code"], "K1-03-B-05-4-13");
    assert!(finds(&cookie, "服务费 库位:K1-03-B-05-4-13").await);
    assert!(!finds(&cookie, "服务费 库位:K1-03-B-05-4-12").await);

    assert!(finds(&clerk, "服务费").await);
    let version = web
        .archive
        .document(&web.owner, &id)
        .await
        .expect("answers")
        .expect("is there")
        .row
        .version;
    post(
        "correct",
        serde_json::json!({"version": version, "security_level": "3"}),
    )
    .await;
    assert!(finds(&cookie, "服务费 密级:机密").await);
    // The record is asked once more for every hit, so a raised level holds for everybody at once.
    assert!(!finds(&clerk, "服务费").await);
    web.close().await;
}

#[tokio::test]
async fn a_sealed_document_is_gone_at_once() {
    let web = open().await;
    let id = filed(
        &web,
        "a.jpg",
        "运维服务合同",
        "甲方与乙方约定服务费",
        SecurityLevel::INTERNAL,
    )
    .await;
    let (cookie, csrf) = web.administrator().await;
    let form = format!("csrf={csrf}&version=1&reason=%E8%AF%89%E8%AE%BC");
    let sealed = web.post(&format!("/documents/{id}/seal"), &cookie, &form).await;
    assert_eq!(sealed.status, StatusCode::SEE_OTHER, "{}", sealed.text());
    let found = web.get("/search?q=%E6%9C%8D%E5%8A%A1%E8%B4%B9", &cookie).await.text();
    assert!(!found.contains(&id) && found.contains("未找到匹配的页"), "{found}");
    assert_eq!(
        web.get(&format!("/documents/{id}"), &cookie).await.status,
        StatusCode::NOT_FOUND
    );
    web.close().await;
}
