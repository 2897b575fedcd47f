//! Attacks of people who may sign in: numbers learnt digit by digit, pages read without a trace, papers that show through
//! counts and lists, sessions that live on.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use records::{
    SecurityLevel,
    audit::{AuditEvent, EventFilter},
};
use serde_json::Value;
use std::net::IpAddr;
use tower::ServiceExt;
use web::http::session::Peer;

const ID_NUMBER: &str = "440305199001152737";
const PHONE: &str = "13823457781";

/// With a person in the register whose numbers nobody here may see.
async fn with_a_person() -> TestWeb {
    let web = TestWeb::with_a_picture().await;
    let table = format!("code,name,kind,id_number,phones\nKH-0007,张三丰,个人,{ID_NUMBER},{PHONE}\n");
    web.add_customers(&table).await;
    web
}

async fn events_of(web: &TestWeb, person: &str, action: &str) -> Vec<AuditEvent> {
    let filter = EventFilter {
        actor: person.to_owned(),
        action: action.to_owned(),
        limit: 100_000,
        ..EventFilter::default()
    };
    web.archive.audit_events(&web.owner, &filter).await.expect("answers")
}

/// Every door at which customers are found by what is typed; `{}` stands for it.
const DOORS: [&str; 7] = [
    "/offers?q={}&for=customer",
    "/offers?q={}",
    "/customers?name={}",
    "/search?q={}",
    "/search?q=id:{}",
    "/api/v1/customers?text={}",
    "/api/v1/search?q=id:{}",
];

#[tokio::test]
async fn a_number_is_not_learnt_digit_by_digit() {
    let web = with_a_person().await;
    let link = certain(web.customer_uid("KH-0007").await);
    let paper = document(link, "运维服务合同", "contract", vec![page(layer("合同一份"))], None);
    web.deposit("a.jpg", paper).await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::Secret).await;
    let (mut questions, mut learnt) = (0, Vec::new());
    for door in DOORS {
        for number in [ID_NUMBER, PHONE] {
            for known in 4..number.len() - 1 {
                // Both the beginning and any piece within.
                for from in [0, known.saturating_sub(6)] {
                    for digit in '0'..='9' {
                        let guess = format!("{}{digit}", &number[from..known]);
                        let address = door.replace("{}", &guess);
                        let answer = web.get(&address, &clerk).await;
                        questions += i32::from(guess.len() >= 5);
                        if answer.status == StatusCode::OK && answer.text().contains("KH-0007") {
                            learnt.push(address);
                        }
                    }
                }
            }
        }
    }
    assert_eq!(learnt, Vec::<String>::new(), "pieces were answered");
    let looked_up = events_of(&web, "clerk", "personal_number.looked_up").await;
    let searched = events_of(&web, "clerk", "search.ran").await;
    assert!(questions > 2_000, "{questions}");
    assert!(!looked_up.is_empty() && !searched.is_empty());
    assert!(
        looked_up.iter().all(|event| !event.detail.contains("44030519")),
        "numbers are not in the trail"
    );
    web.close().await;
}

#[tokio::test]
async fn a_whole_number_finds_is_in_the_trail_and_is_bounded() {
    let web = with_a_person().await;
    let clerk = web.person("clerk", "viewer", SecurityLevel::Public).await;
    let archivist = web.person("archivist", "archivist", SecurityLevel::Public).await;
    let ask = async |number: &str, cookie: &str| web.get(&format!("/offers?q={number}&for=customer"), cookie).await;
    for number in [ID_NUMBER, PHONE] {
        assert!(ask(number, &clerk).await.text().contains("KH-0007"), "{number}");
    }
    let kinds: Vec<_> = events_of(&web, "clerk", "personal_number.looked_up")
        .await
        .into_iter()
        .map(|event| event.detail)
        .collect();
    assert_eq!(
        kinds,
        ["kind=phone digits=11 in=offers", "kind=id_number digits=18 in=offers"]
    );
    let mut refused = 0;
    for last in 0..60 {
        let answer = ask(&format!("138234577{last:02}"), &clerk).await;
        refused += i32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 30, "only {refused} of 60 were refused");
    let trail = events_of(&web, "clerk", "personal_number.looked_up").await;
    assert_eq!(trail.len(), 62, "each is an event, also when refused");
    assert!(trail.iter().any(|event| event.outcome == "refused"));
    assert_eq!(
        ask("张三", &clerk).await.status,
        StatusCode::OK,
        "names are looked for as before"
    );
    for last in 0..60 {
        assert_eq!(
            ask(&format!("138234577{last:02}"), &archivist).await.status,
            StatusCode::OK
        );
    }
    assert!(
        ask("4403051990", &archivist).await.text().contains("KH-0007"),
        "who may see numbers finds by pieces"
    );
    web.close().await;
}

#[tokio::test]
async fn every_reading_is_in_the_trail() {
    let web = TestWeb::with_a_picture().await;
    let link = certain(web.customer_uid("KH-1").await);
    let mut paper = document(link, "保密协议", "contract", vec![page(layer("机密条款一"))], None);
    paper.number = "JM-2024".to_owned();
    paper.security_level = SecurityLevel::Secret;
    let id = web.deposit("secret.jpg", paper).await;
    let chief = web.person("chief", "viewer", SecurityLevel::Secret).await;
    let document = web
        .archive
        .document(&web.owner, &id)
        .await
        .expect("answers")
        .expect("is there");
    let name = api_types::pictures::name(&document.pages[0]);
    let actions = async || -> Vec<String> {
        let events = events_of(&web, "chief", "").await;
        events
            .into_iter()
            .map(|event| format!("{} {} {}", event.action, event.object_id, event.detail))
            .collect()
    };
    let before = actions().await.len();
    let small = format!("/documents/{id}/pages/1/images/{name}/{}", api_types::pictures::SMALL);
    assert_eq!(web.get(&small, &chief).await.status, StatusCode::OK);
    assert_eq!(actions().await.len(), before, "nothing can be read in a thumbnail");
    let image = format!("/documents/{id}/pages/1/images/{name}/2400");
    for _ in 0..3 {
        let answer = web.get(&image, &chief).await;
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (StatusCode::OK, "no-store, private")
        );
    }
    // A scan that the browser has already is read from there once more.
    let sha256 = &document.scans[0].sha256;
    let (scan, tag) = (format!("/documents/{id}/scans/{sha256}"), format!("\"{sha256}\""));
    let taken = actions().await.len();
    let headers = [("cookie", chief.as_str()), ("if-none-match", tag.as_str())];
    let again = web.send(Method::GET, &scan, &headers, "").await;
    assert_eq!(
        (again.status, actions().await.len()),
        (StatusCode::NOT_MODIFIED, taken + 1)
    );
    for address in [
        format!("/documents/{id}/pages/1/text"),
        format!("/documents/{id}/find?q=%E6%9D%A1%E6%AC%BE"),
        "/offers?q=JM-2024".to_owned(),
        "/search?q=%E6%9D%A1%E6%AC%BE".to_owned(),
        "/api/v1/search?q=%E6%9D%A1%E6%AC%BE".to_owned(),
        "/customers".to_owned(),
        "/api/v1/customers".to_owned(),
    ] {
        assert_eq!(web.get(&address, &chief).await.status, StatusCode::OK, "{address}");
    }
    let mut seen = actions().await;
    seen.truncate(seen.len() - before);
    seen.reverse();
    assert_eq!(
        seen,
        [
            format!("page.viewed {id} page=1 in=image"),
            format!("scan.downloaded {id} sha256={sha256}"),
            format!("page.viewed {id} page=1 in=text"),
            format!("search.ran {id} pages=1 query=条款"),
            format!("search.ran  documents=1 first={id} in=offers query=JM-2024"),
            format!("search.ran  documents=1 first={id} query=条款"),
            format!("search.ran  documents=1 first={id} query=条款"),
            "customers.listed  customers=3 after= query=".to_owned(),
        ]
    );
    web.close().await;
}

#[tokio::test]
async fn numbers_are_masked_in_texts_too() {
    let web = with_a_person().await;
    let link = certain(web.customer_uid("KH-0007").await);
    let text = format!("身份证号 {ID_NUMBER}\n电话 {PHONE}");
    let paper = document(link, "身份证", "id_card", vec![page(layer(&text))], None);
    let id = web.deposit("a.jpg", paper).await;
    for (name, role, in_clear) in [
        ("clerk", "viewer", false),
        ("auditor", "auditor", false),
        ("archivist", "archivist", true),
    ] {
        let cookie = web.person(name, role, SecurityLevel::Secret).await;
        for address in [
            format!("/documents/{id}"),
            format!("/documents/{id}/pages/1/text"),
            format!("/api/v1/documents/{id}"),
            format!("/api/v1/documents/{id}/pages?text=true"),
        ] {
            let answer = web.get(&address, &cookie).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            let text = answer.text();
            assert_eq!(
                [ID_NUMBER, PHONE].map(|number| text.contains(number)),
                [in_clear; 2],
                "{name}: {address}"
            );
        }
    }
    web.close().await;
}

#[tokio::test]
async fn what_is_hidden_shows_in_no_batch_and_no_dossier_number() {
    let web = TestWeb::with_a_picture().await;
    let link = certain(web.customer_uid("KH-2").await);
    let mut paper = document(link, "处分决定", "contract", vec![page(layer("处分"))], None);
    paper.security_level = SecurityLevel::Secret;
    web.deposit("处分决定_张三.jpg", paper).await;
    let number = web
        .archive
        .customer(&web.owner, "KH-2")
        .await
        .expect("answers")
        .expect("is there")
        .dossier_no;
    assert!(!number.is_empty());
    for role in ["archivist", "auditor", "administrator"] {
        let cookie = web.person(role, role, SecurityLevel::INTERNAL).await;
        let program = Program::of(&web, role).await;
        let batches = program.json("/api/v1/batches").await;
        assert_eq!(batches["items"][0]["filed"], 0, "{role}: {batches}");
        let id = batches["items"][0]["batch"].as_str().expect("an id").to_owned();
        for address in [
            format!("/batches/{id}"),
            format!("/batches/{id}/report.csv"),
            format!("/api/v1/batches/{id}"),
            "/batches".to_owned(),
        ] {
            let answer = web.get(&address, &cookie).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            assert!(!answer.text().contains("处分"), "{role}: {address}");
        }
        for address in [
            "/api/v1/customers",
            "/api/v1/customers/KH-2",
            "/customers/KH-2",
            "/customers",
            &format!("/offers?q={number}&for=customer"),
        ] {
            let answer = web.get(address, &cookie).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            assert!(!answer.text().contains(&number), "{role}: {address}");
        }
        let by_number = web.get(&format!("/api/v1/customers/{number}"), &cookie).await;
        assert_eq!(by_number.status, StatusCode::NOT_FOUND, "{role}");
    }
    let chief = web.person("chief", "archivist", SecurityLevel::Secret).await;
    let answer = web.get(&format!("/api/v1/customers/{number}"), &chief).await;
    assert_eq!(answer.json()["dossier_no"], Value::from(number));
    web.close().await;
}

#[tokio::test]
async fn who_only_administers_reads_nothing() {
    let web = TestWeb::with_a_picture().await;
    let link = certain(web.customer_uid("KH-1").await);
    let id = web
        .deposit(
            "a.jpg",
            document(link, "合同", "contract", vec![page(layer("合同一份"))], None),
        )
        .await;
    let cookie = web.person("adm", "administrator", SecurityLevel::Secret).await;
    assert_eq!(
        web.get(&format!("/documents/{id}"), &cookie).await.status,
        StatusCode::NOT_FOUND
    );
    let found = web.get("/api/v1/search?q=%E5%90%88%E5%90%8C", &cookie).await;
    assert_eq!(found.json()["total"], 0);
    let both = web.person("both", "administrator,viewer", SecurityLevel::Secret).await;
    assert_eq!(web.get(&format!("/documents/{id}"), &both).await.status, StatusCode::OK);
    web.close().await;
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let web = TestWeb::with_a_picture().await;
    let (first, _) = web.administrator().await;
    let form = "name=lin&password=%E4%BB%8A%E5%A4%A9%E5%A4%A9%E6%B0%94%E5%BE%88%E5%A5%BD%E6%88%91%E4%BB%AC%E5%8E%BB%E6%95%A3%E6%AD%A5&next=";
    let again = web.post("/sign-in", &first, form).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(
        web.get("/account", &first).await.status,
        StatusCode::SEE_OTHER,
        "the old cookie is dead"
    );
    let cookies: Vec<_> = again
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().expect("text"))
        .collect();
    let value = |name: &str| {
        cookies
            .iter()
            .find_map(|cookie| cookie.strip_prefix(name)?.split(';').next().map(str::to_owned))
    };
    let session = format!("dossier={}", value("dossier=").expect("a session"));
    let device = value("dossier-device=").expect("the browser is known from now on");
    // Somebody guesses until everybody from here must wait; in the known browser the owner gets in.
    for _ in 0..12 {
        web.post("/sign-in", "", "name=lin&password=wrongwrongwrong&next=")
            .await;
    }
    assert_eq!(
        web.post("/sign-in", "", form).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    let known = web.post("/sign-in", &format!("dossier-device={device}"), form).await;
    assert_eq!(known.status, StatusCode::SEE_OTHER);
    let csrf = web.csrf(&session).await;
    let out = web.post("/sign-out", &session, &format!("csrf={csrf}")).await;
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    web.close().await;
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let web = TestWeb::with_a_picture().await;
    let answer = web.send(Method::GET, "/livez", &[("host", "127.0.0.1:1")], "").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    web.close().await;
}

#[tokio::test]
async fn numbers_and_description_are_for_who_is_known() {
    let web = TestWeb::with_a_picture().await;
    let session = web.person("li", "viewer", SecurityLevel::INTERNAL).await;
    let ask = async |address: &str, cookie: &str, from: &str| {
        let from: IpAddr = from.parse().expect("an address");
        let request = Request::get(address)
            .header("host", "127.0.0.1:8080")
            .header("cookie", cookie)
            .extension(Peer(from))
            .body(Body::empty())
            .expect("a request");
        let answer = web.router.clone().oneshot(request).await;
        answer.expect("the router answers").status()
    };
    for address in ["/metrics", "/api/v1/openapi.json"] {
        assert_eq!(ask(address, "", "127.0.0.1").await, StatusCode::OK, "{address}");
        assert_eq!(ask(address, "", "::ffff:127.0.0.1").await, StatusCode::OK, "{address}");
        assert_eq!(
            ask(address, "", "192.0.2.7").await,
            StatusCode::UNAUTHORIZED,
            "{address}"
        );
        assert_eq!(ask(address, &session, "192.0.2.7").await, StatusCode::OK, "{address}");
    }
    for address in ["/livez", "/readyz"] {
        assert_eq!(ask(address, "", "192.0.2.7").await, StatusCode::OK, "{address}");
    }
    web.close().await;
}

#[tokio::test]
async fn what_somebody_has_chosen_is_not_changed_from_elsewhere() {
    let web = TestWeb::with_a_picture().await;
    let session = web.person("li", "viewer", SecurityLevel::INTERNAL).await;
    let choose = async |cookie: &str, csrf: &str| {
        let body = format!("csrf={csrf}&back=/&language=en");
        web.post("/preferences", cookie, &body).await.status
    };
    assert_eq!(choose(&session, "").await, StatusCode::FORBIDDEN);
    let csrf = web.csrf(&session).await;
    assert_eq!(choose(&session, &csrf).await, StatusCode::SEE_OTHER);
    assert_eq!(
        choose("", "").await,
        StatusCode::SEE_OTHER,
        "before sign-in there is no secret"
    );
    web.close().await;
}
