//! The router by call: who gets where, what every answer carries, and the way of a person from the one-time link to
//! the marked page.

use crate::harness::{Answer, OnePicture, TestWeb, certain, document, fact, in_review, layer, page};
use axum::http::{Method, StatusCode};
use index::SearchLimits;
use records::{
    documents::{Fact, FactKind},
    pages::Area,
};
use std::sync::Arc;
use web::{
    screens,
    subject::{Access, Route},
};

async fn open() -> TestWeb {
    TestWeb::with_a_picture().await
}

const CONTRACT: &str = "信息系统运维服务合同\n合同编号：HT-2024-0117\n本合同服务费用总额为人民币2,293,800.00元";

async fn filed(web: &TestWeb) -> String {
    let link = certain(web.customer_uid("KH-1").await);
    let place = web.location_uid("K1-03-B-05-4-12").await;
    let pages = vec![
        page(layer(CONTRACT)),
        page(layer("第二页 <script>alert(1)</script> 服务费")),
    ];
    web.deposit("a.jpg", document(link, "运维服务合同", "contract", pages, Some(place)))
        .await
}

/// What every subject has registered, of these kinds.
fn registered(kinds: &[Access]) -> Vec<Route> {
    let routes = screens::SUBJECTS.iter().flat_map(|subject| (subject.routes)().list);
    routes.filter(|route| kinds.contains(&route.access)).collect()
}

/// Views that need no more than their address.
fn views() -> Vec<&'static str> {
    let views = registered(&[Access::View]).into_iter().map(|route| route.path);
    views.filter(|path| !path.contains('{')).collect()
}

/// What the API takes, by its description: method and an address.
async fn interface(web: &TestWeb) -> Vec<(Method, String)> {
    let description = web.send(Method::GET, "/api/v1/openapi.json", &[], "").await.json();
    let paths = description["paths"].as_object().expect("paths").clone();
    let mut all = Vec::new();
    for (path, methods) in paths.iter().filter(|(path, _)| path.starts_with("/api/")) {
        let parts = path.split('/').map(|part| match part {
            "{number}" => "1",
            part if part.starts_with('{') => "x",
            part => part,
        });
        let address = parts.collect::<Vec<_>>().join("/");
        for method in methods.as_object().expect("methods").keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            all.push((method, address.clone()));
        }
    }
    assert!(all.len() > 25, "only {} endpoints are described", all.len());
    all
}

fn protected(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{what}: {policy}"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    assert!(answer.headers.get("access-control-allow-origin").is_none(), "{what}");
}

#[tokio::test]
async fn strangers_are_sent_to_the_door() {
    let web = open().await;
    for route in registered(&[Access::View, Access::Part]) {
        let view = &route.example();
        let answer = web.get(view, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{view}");
        assert!(
            answer.header("location").starts_with("/sign-in"),
            "{view}: {}",
            answer.header("location")
        );
        protected(&answer, view);
    }
    for (method, api) in interface(&web).await {
        let answer = web.send(method, &api, &[], "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{api}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{api}");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{api}");
        assert_eq!(answer.json()["code"], "not_signed_in", "{api}");
        protected(&answer, &api);
    }
    web.close().await;
}

#[tokio::test]
async fn forms_of_others_are_refused() {
    let web = open().await;
    let (cookie, csrf) = web.administrator().await;
    let form = format!("csrf={csrf}");
    let forms = registered(&[Access::Form, Access::OpenForm]).into_iter();
    let forms = forms.map(|route| (Method::POST, route.example()));
    let changing = interface(&web)
        .await
        .into_iter()
        .filter(|(method, _)| !method.is_safe());
    let changing: Vec<_> = changing.collect();
    for (method, post) in forms.chain(changing.clone()) {
        for strange in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://evil.example"),
            ("origin", "null"),
        ] {
            let headers = [
                ("cookie", cookie.as_str()),
                ("content-type", "application/x-www-form-urlencoded"),
                strange,
            ];
            let answer = web.send(method.clone(), &post, &headers, &form).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{post} with {strange:?}");
            assert_eq!(answer.json()["code"], "not_from_us");
        }
    }
    for route in registered(&[Access::Form]) {
        let answer = web.post(&route.example(), &cookie, "csrf=wrong").await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{} without its secret",
            route.path
        );
    }
    for (method, post) in changing {
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/json")];
        let answer = web.send(method, &post, &headers, "{}").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{post} without its secret");
    }
    let answer = web
        .send(
            Method::POST,
            "/sign-out",
            &[("cookie", &cookie), ("content-type", "text/plain")],
            &form,
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        web.get("/account", &cookie).await.status,
        StatusCode::OK,
        "still signed in"
    );
    web.close().await;
}

#[tokio::test]
async fn from_the_link_to_the_marked_page() {
    let web = open().await;
    let id = filed(&web).await;
    let (cookie, _) = web.administrator().await;

    let search = web.get("/search?q=%E6%9C%8D%E5%8A%A1%E8%B4%B9", &cookie).await;
    assert_eq!(search.status, StatusCode::OK, "{}", search.text());
    let html = search.text();
    for part in [
        "<mark>服务费</mark>",
        "K1-03-B-05-4-12",
        "深圳华宸智汇信息技术有限公司",
        "在架",
        "data-main",
        "data-row",
    ] {
        assert!(html.contains(part), "{part} is not among the hits:\n{html}");
    }
    protected(&search, "search");

    let shown = web
        .get(
            &format!("/documents/{id}?page=1&q=%E6%9C%8D%E5%8A%A1%E8%B4%B9"),
            &cookie,
        )
        .await;
    let html = shown.text();
    assert_eq!(shown.status, StatusCode::OK, "{html}");
    // The third line of the first page: three characters from the third one on.
    assert!(
        html.contains(r#"class="hit-mark" data-hit="0" x="490" y="480" width="148" height="50""#),
        "{html}"
    );
    assert!(html.contains("class=\"place-code large\"") && html.contains("合同编号：HT-2024-0117"));
    assert!(!html.contains("<script>alert"), "text of a page is text");
    let text = web.get(&format!("/documents/{id}/pages/2/text"), &cookie).await.text();
    assert!(text.contains("&#60;script&#62;"), "{text}");

    let (_, rest) = html.split_once("<img src=\"/documents/").expect("page images");
    let image = format!("/documents/{}", rest.split('"').next().unwrap_or_default());
    let picture = web.get(&image, &cookie).await;
    assert_eq!(
        (picture.status, picture.header("content-type")),
        (StatusCode::OK, "image/jpeg")
    );
    let tag = picture.header("etag").to_owned();
    let again = web
        .send(Method::GET, &image, &[("cookie", &cookie), ("if-none-match", &tag)], "")
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let stranger = web.send(Method::GET, &image, &[("if-none-match", &tag)], "").await;
    assert_eq!(
        stranger.status,
        StatusCode::UNAUTHORIZED,
        "the right to see is asked for each time"
    );
    let other_width = image
        .rsplit_once('/')
        .map(|(start, _)| format!("{start}/777"))
        .unwrap_or_default();
    assert_eq!(web.get(&other_width, &cookie).await.status, StatusCode::NOT_FOUND);

    let (_, rest) = html.split_once("/scans/").expect("a download");
    let scan = format!("/documents/{id}/scans/{}", rest.split('"').next().unwrap_or_default());
    let file = web.get(&scan, &cookie).await;
    assert_eq!(file.text(), "a.jpg", "byte for byte");
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(file.header("content-security-policy").starts_with("sandbox"));

    let place = web.get("/locations?code=k1%2003%20b%2005%204%2012", &cookie).await;
    assert!(place.status == StatusCode::SEE_OTHER || place.status == StatusCode::NOT_FOUND);
    let place = web.get("/locations/K1-03-B-05-4-12", &cookie).await.text();
    assert!(place.contains("运维服务合同") && place.contains("一号库"), "{place}");
    let dossier = web.get("/customers/KH-1", &cookie).await.text();
    assert!(
        dossier.contains("运维服务合同") && dossier.contains("K1-03-B-05-4-12"),
        "{dossier}"
    );
    let offers = web.get("/offers?q=%E5%8D%8E%E5%AE%B8", &cookie).await.text();
    assert!(offers.contains("/customers/KH-1"), "{offers}");
    for view in views() {
        let answer = web.get(view, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{view}: {}", answer.text());
        assert!(!answer.text().contains("Unknown localization"), "{view}");
        protected(&answer, view);
    }
    web.close().await;
}

#[tokio::test]
async fn a_reader_is_told_where_the_two_writings_of_a_sum_differ() {
    let web = open().await;
    let mut new = document(in_review(&[]), "借款协议", "", vec![page(layer(CONTRACT))], None);
    let area = Area {
        x: 340,
        y: 615,
        w: 500,
        h: 50,
    };
    let mut sum = fact(FactKind::Amount, "肆佰壹拾玖万元整", area);
    sum.rule = Fact::SUMS_DIFFER.to_owned();
    new.facts = vec![fact(FactKind::Amount, "1190000.00", area), sum];
    let id = web.deposit("sum.jpg", new).await;
    let (cookie, _) = web.administrator().await;
    let view = web.get(&format!("/documents/{id}"), &cookie).await.text();
    assert!(
        view.contains("第1页的大写金额“肆佰壹拾玖万元整”与旁边的小写金额不一致"),
        "{view}"
    );
    web.close().await;
}

#[tokio::test]
async fn a_review_is_decided_and_taken_back() {
    let web = open().await;
    let (first, second) = (web.customer_uid("KH-1").await, web.customer_uid("KH-2").await);
    let mut new = document(
        in_review(&[(first, 0.6), (second, 0.55)]),
        "来函",
        "",
        vec![page(layer(CONTRACT))],
        None,
    );
    new.facts = vec![
        fact(
            FactKind::Phone,
            "13800000117",
            Area {
                x: 340,
                y: 615,
                w: 500,
                h: 50,
            },
        ),
        fact(
            FactKind::Phone,
            "18662819482",
            Area {
                x: 340,
                y: 915,
                w: 500,
                h: 50,
            },
        ),
    ];
    let id = web.deposit("b.jpg", new).await;
    let (cookie, csrf) = web.administrator().await;
    let queue = web.get("/review", &cookie).await.text();
    for part in ["KH-1", "KH-2", "data-key=\"1\"", "class=\"evidence\"", "0 / 1"] {
        assert!(queue.contains(part), "{part} is not in the queue:\n{queue}");
    }
    let wrong = web
        .post(
            &format!("/review/{id}"),
            &cookie,
            &format!("csrf={csrf}&version=1&customer=KH-99"),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("KH-99"), "what was typed is kept");
    let version = version_of(&queue);
    let done = web
        .post(
            &format!("/review/{id}"),
            &cookie,
            &format!("csrf={csrf}&version={version}&customer=KH-1"),
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let stale = web
        .post(
            &format!("/review/{id}"),
            &cookie,
            &format!("csrf={csrf}&version={version}&customer=KH-2"),
        )
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    // The very next search of the one who decided knows of it.
    let found = web
        .get(
            "/search?q=%E5%AE%A2%E6%88%B7:KH-1%20%E5%90%88%E5%90%8C%E7%BC%96%E5%8F%B7",
            &cookie,
        )
        .await
        .text();
    assert!(found.contains(&id), "{found}");
    let after = web.get(done.header("location"), &cookie).await.text();
    let (_, rest) = after.split_once("action=\"/review/").expect("an undo");
    let undo = format!("/review/{}", rest.split('"').next().unwrap_or_default());
    let undone = web.post(&undo, &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
    assert!(
        web.get("/review", &cookie).await.text().contains("data-key=\"1\""),
        "it waits again"
    );
    web.close().await;
}

/// What can be put right while a document is decided, with one form each, comes back to the document.
#[tokio::test]
async fn a_review_is_put_right_in_place() {
    let web = open().await;
    let first = web.customer_uid("KH-1").await;
    let id = web
        .deposit(
            "b.jpg",
            document(
                in_review(&[(first, 0.6)]),
                "来函",
                "",
                vec![page(layer(CONTRACT))],
                None,
            ),
        )
        .await;
    let (cookie, csrf) = web.administrator().await;
    let send = async |path: &str, fields: &str| {
        let version = version_of(&web.get(&format!("/review?at={id}"), &cookie).await.text());
        let answer = web
            .post(path, &cookie, &format!("csrf={csrf}&version={version}&{fields}"))
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
        web.get(answer.header("location"), &cookie).await.text()
    };
    let own = format!("/documents/{id}");
    let corrected = send(
        &format!("{own}/correct"),
        "back=review&own_name=&own_value=&kind=%E5%90%88%E5%90%8C&title=%E6%9D%A5%E5%87%BD&number=LH-7&date=2024-05-13",
    )
    .await;
    for part in ["著录已更正", "value=\"LH-7\"", "value=\"合同\"", "data-act=\"rotate\""] {
        assert!(corrected.contains(part), "{part} is not in {corrected}");
    }
    let nowhere = web
        .post(
            &format!("{own}/place"),
            &cookie,
            &format!("csrf={csrf}&moves=0&back=review&place=ZZ-1"),
        )
        .await;
    let nowhere = web.get(nowhere.header("location"), &cookie).await.text();
    assert!(
        nowhere.contains("没有库位“ZZ-1”") && nowhere.contains("data-review"),
        "the fault stands beside the field: {nowhere}"
    );
    let named = send(&format!("{own}/customers"), "back=review&customer=KH-2&role=guarantor").await;
    assert!(
        named.contains("/customers/KH-2") && named.contains("data-review"),
        "{named}"
    );
    // A customer that nobody knew is added beside the page and comes back chosen.
    let form = web
        .get(&format!("/customers/new?review={id}&code=KH-9"), &cookie)
        .await
        .text();
    assert!(
        form.contains("value=\"KH-9\"") && form.contains("record-page"),
        "{form}"
    );
    let chosen = send(
        "/customers/new",
        &format!("review={id}&code=KH-9&name=%E6%96%B0%E6%9D%A5%E8%80%85&why="),
    )
    .await;
    assert!(
        chosen.contains("已添加客户 KH-9") && chosen.contains("value=\"KH-9\""),
        "{chosen}"
    );
    let nobody = send(&format!("/review/{id}/nobody"), "back=review").await;
    assert!(nobody.contains("撤销：来函 → 不属任何客户"), "{nobody}");
    let shown = web.get(&own, &cookie).await.text();
    assert!(
        shown.contains("由人确定不属任何客户") && !shown.contains("尚未确认客户"),
        "{shown}"
    );
    let list = web.get("/review/decided", &cookie).await.text();
    assert!(list.contains("不属任何客户"), "{list}");
    // Lists say so too, and not that its customer is still to be found.
    let listed = web.get("/today/originals_to_shelve", &cookie).await.text();
    assert!(
        listed.contains("不属任何客户") && !listed.contains("尚未确认客户"),
        "{listed}"
    );
    // The same by the API: the list, the undo, and what is left to do.
    let list = web.get("/api/v1/review/decided", &cookie).await.json();
    assert_eq!(list["items"][0]["after"]["with"], "nobody");
    let progress = web.get("/api/v1/review/progress", &cookie).await.json();
    assert_eq!((&progress["waiting"], &progress["decided"]), (&0.into(), &1.into()));
    web.close().await;
}

/// A number of a candidate stands masked, and each look at it is an event.
#[tokio::test]
async fn a_number_at_the_desk_is_shown_one_at_a_time() {
    let web = open().await;
    let (cookie, csrf) = web.administrator().await;
    let added = web
        .post(
            "/customers/new",
            &cookie,
            &format!("csrf={csrf}&version=0&code=KH-7&name=%E6%B2%88%E8%8B%A5%E6%BA%AA&kind=person&phones=13800000117&address=%E5%88%9B%E6%83%B3%E4%B8%80%E8%B7%AF17%E5%8F%B7&why="),
        )
        .await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    let uid = web.customer_uid("KH-7").await;
    let id = web
        .deposit(
            "b.jpg",
            document(in_review(&[(uid, 0.6)]), "来函", "", vec![page(layer(CONTRACT))], None),
        )
        .await;
    let queue = web.get("/review", &cookie).await.text();
    assert!(
        queue.contains("138****0117") && queue.contains("创想一路17号") && !queue.contains("13800000117"),
        "{queue}"
    );
    let (_, rest) = queue.split_once("name=\"party\" value=\"").expect("a number to show");
    let party: String = rest.chars().take_while(|c| *c != '"').collect();
    let shown = web
        .post(
            &format!("/review/{id}/reveal"),
            &cookie,
            &format!("csrf={csrf}&customer=KH-7&party={party}&kind=phone&position=0"),
        )
        .await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    assert!(shown.text().contains("13800000117"), "{}", shown.text());
    let trail = web.get("/audit?action=personal_number.revealed", &cookie).await.text();
    assert!(trail.contains("沈若溪"), "{trail}");
    web.close().await;
}

fn version_of(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"version\" value=\"").expect("a version");
    rest.chars().take_while(char::is_ascii_digit).collect()
}

/// With room for two pages in a count, three documents are "at least two"; who wants to know counts to the end, and the
/// address says so.
#[tokio::test]
async fn a_count_that_stopped_is_finished_on_request() {
    let picture = Arc::new(OnePicture(Arc::from(&b"\xff\xd8picture"[..]), "image/jpeg"));
    let bounds = SearchLimits {
        pages_max: 2,
        ..SearchLimits::default()
    };
    let web = TestWeb::open_with(picture, bounds).await;
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        let link = certain(web.customer_uid("KH-1").await);
        let pages = vec![page(layer(&format!("运维服务合同 {name}")))];
        web.deposit(name, document(link, "运维服务合同", "contract", pages, None))
            .await;
    }
    let (cookie, _) = web.administrator().await;
    let asked = "/search?q=%E8%BF%90%E7%BB%B4%E6%9C%8D%E5%8A%A1";
    let stopped = web.get(asked, &cookie).await.text();
    assert!(stopped.contains("all=1") && stopped.contains("统计全部"), "{stopped}");
    let counted = web.get(&format!("{asked}&all=1"), &cookie).await.text();
    assert!(!counted.contains("统计全部") && !counted.contains("至少"), "{counted}");

    let asked = asked.replace("/search", "/api/v1/search");
    let totals = async |address: &str| {
        let found = web.get(address, &cookie).await.json();
        (found["total"].clone(), found["total_is_exact"].clone())
    };
    assert_eq!(totals(&asked).await, (2.into(), false.into()));
    assert_eq!(
        totals(&format!("{asked}&exact_total=true")).await,
        (3.into(), true.into())
    );
    web.close().await;
}

#[tokio::test]
async fn the_api_answers_in_its_shapes() {
    let web = open().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let made = web
        .post("/account/tokens", &cookie, &format!("csrf={csrf}&name=test&scope=read"))
        .await
        .text();
    let (_, rest) = made.split_once("data-copy=\"").expect("a token");
    let bearer = format!("Bearer {}", rest.split('"').next().unwrap_or_default());
    let get = async |address: &str| web.send(Method::GET, address, &[("authorization", &bearer)], "").await;

    let found = get("/api/v1/search?q=%E6%9C%8D%E5%8A%A1%E8%B4%B9&limit=5").await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    let found = found.json();
    assert_eq!((&found["total"], &found["total_is_exact"]), (&1.into(), &true.into()));
    let hit = &found["hits"][0];
    assert_eq!(hit["document_id"], id.as_str());
    assert_eq!(hit["location_code"], "K1-03-B-05-4-12");
    assert_eq!(hit["original_state"], "in_place");
    assert_eq!(
        hit["boxes"][0],
        serde_json::json!({"page": hit["page"], "x": hit["boxes"][0]["x"], "y": hit["boxes"][0]["y"], "w": 148, "h": 50})
    );
    assert_eq!(found["facets"]["kind"][0]["value"], "contract");

    let shown = get(&format!("/api/v1/documents/{id}")).await.json();
    assert_eq!(shown["pages"][0]["lines"][1]["text"], "合同编号：HT-2024-0117");
    assert_eq!(shown["pages"][0]["width"], 2480);
    assert_eq!(shown["scan_sha256"].as_str().map(str::len), Some(64));
    let located = get("/api/v1/locate?code=K1-03-B-05-4-12").await.json();
    assert_eq!(located["items"][0]["document_id"], id.as_str());
    assert_eq!(located["path"][0]["code"], "K1");
    assert_eq!(get("/api/v1/customers").await.json()["items"][0]["code"], "KH-1");
    let batches = get("/api/v1/batches").await.json();
    let batch = batches["items"][0]["id"].as_str().unwrap_or_default().to_owned();
    let report = get(&format!("/api/v1/batches/{batch}")).await.json();
    assert_eq!(
        (&report["found"], &report["filed"], &report["items"][0]["outcome"]),
        (&1.into(), &1.into(), &"filed".into())
    );
    let path = report["items"][0]["path"].as_str().unwrap_or_default().to_owned();
    let file = get(&format!("/api/v1/batches/{batch}/report.csv?language=en")).await;
    assert!(
        file.text().contains(&path) && file.text().contains("Outcome"),
        "{}",
        file.text()
    );
    let file = get(&format!("/api/v1/batches/{batch}/report.xlsx")).await;
    assert_eq!(file.status, StatusCode::OK);

    let check = async |address: &str, status: StatusCode, code: &str| {
        let answer = get(address).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (status, Some(code)),
            "{address}: {}",
            answer.text()
        );
    };
    check("/api/v1/locate?code=K9-99", StatusCode::NOT_FOUND, "not_found").await;
    check(
        "/api/v1/documents/0190b8c4-7f2e-7000-8000-0123456789ab",
        StatusCode::NOT_FOUND,
        "not_found",
    )
    .await;
    check(
        "/api/v1/search?q=%E6%97%A5%E6%9C%9F:%E6%98%8E%E5%A4%A9",
        StatusCode::UNPROCESSABLE_ENTITY,
        "query_broken_date",
    )
    .await;
    check(
        "/api/v1/search?q=a&role=administrator",
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_value",
    )
    .await;
    check("/api/v1/nothing", StatusCode::NOT_FOUND, "not_found").await;
    check(
        "/api/v1/search?q=a&sort=x",
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_value",
    )
    .await;

    let body = r#"{"customer_code":"KH-2","version":1}"#;
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let answer = web
        .send(Method::POST, &format!("/api/v1/documents/{id}/link"), &headers, body)
        .await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("forbidden")),
        "a reading token"
    );
    let description = web.send(Method::GET, "/api/v1/openapi.json", &[], "").await.json();
    for path in ["/api/v1/search", "/api/v1/documents/{id}", "/api/v1/locate"] {
        assert!(description["paths"][path].is_object(), "{path}");
    }
    web.close().await;
}

#[tokio::test]
async fn signing_in_is_slow_to_guess_and_ends_for_good() {
    let web = open().await;
    let (cookie, csrf) = web.administrator().await;
    let form = "name=lin&password=%E4%BB%8A%E5%A4%A9%E5%A4%A9%E6%B0%94%E5%BE%88%E5%A5%BD%E6%88%91%E4%BB%AC%E5%8E%BB%E6%95%A3%E6%AD%A5&next=%2Fcustomers";
    let again = web.post("/sign-in", "", form).await;
    assert_eq!(
        (again.status, again.header("location")),
        (StatusCode::SEE_OTHER, "/customers"),
        "{}",
        again.text()
    );
    assert!(
        again.header("set-cookie").contains("HttpOnly; SameSite=Lax"),
        "{}",
        again.header("set-cookie")
    );
    let out = web.post("/sign-out", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(
        web.get("/account", &cookie).await.status,
        StatusCode::SEE_OTHER,
        "the old session is dead"
    );

    let unknown = web
        .post("/sign-in", "", "name=nobody&password=wrongwrongwrong&next=")
        .await;
    let known = web
        .post("/sign-in", "", "name=lin&password=wrongwrongwrong&next=")
        .await;
    assert_eq!(
        (unknown.status, known.status),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    assert_eq!(
        unknown.text().replace("nobody", "lin"),
        known.text(),
        "the answer does not say which was wrong"
    );
    for _ in 0..12 {
        web.post("/sign-in", "", "name=lin&password=wrongwrongwrong&next=")
            .await;
    }
    let late = web.post("/sign-in", "", form).await;
    assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!late.header("retry-after").is_empty());
    let elsewhere = web
        .post(
            "/sign-in",
            "",
            "name=lin&password=x&next=https://evil.example&role=administrator",
        )
        .await;
    assert_eq!(
        elsewhere.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a field nobody asked for"
    );
    web.close().await;
}

#[tokio::test]
async fn languages_errors_and_health() {
    let web = open().await;
    let english = web
        .send(
            Method::GET,
            "/sign-in",
            &[("accept-language", "en-GB"), ("accept", "text/html")],
            "",
        )
        .await
        .text();
    assert!(english.contains("<html lang=\"en\"") && english.contains("Sign in"));
    let chosen = web
        .send(
            Method::GET,
            "/sign-in",
            &[("accept-language", "en"), ("cookie", "dossier-language=zh-CN")],
            "",
        )
        .await
        .text();
    assert!(chosen.contains("<html lang=\"zh-CN\"") && chosen.contains("登录"));
    let answer = web.get("/no/such/view", "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text().contains("页面不存在") && answer.text().contains(answer.header("x-request-id")));
    let used = web.get("/link/0000", "").await;
    assert_eq!(used.status, StatusCode::GONE);
    assert_eq!(web.get("/livez", "").await.json()["alive"], true);
    let ready = web.get("/readyz", "").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    assert!(
        web.get("/metrics", "")
            .await
            .text()
            .contains("dossier_http_requests_total")
    );
    let method = web
        .send(Method::DELETE, "/search", &[("accept", "text/html")], "")
        .await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    protected(&method, "DELETE /search");
    let style = web.get(&web::assets::address("base.css"), "").await;
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
    web.close().await;
}
