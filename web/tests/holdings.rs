//! What is done with a document after it was filed, as a browser sends it and as a program does: its record corrected,
//! withdrawn and restored, sealed and shown to one person, further customers named, where its paper was.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;
use serde_json::{Value, json};
use vocabulary::RecordList;
use web::address::encode;

async fn filed(web: &TestWeb) -> String {
    let link = certain(web.customer_uid("KH-1").await);
    let place = web.location_uid("K1-03-B-05-4-12").await;
    let pages = vec![page(layer("信息系统运维服务合同"))];
    web.deposit("a.jpg", document(link, "运维服务合同", "contract", pages, Some(place)))
        .await
}

const SEARCH: &str = "/search?q=%E8%BF%90%E7%BB%B4%E6%9C%8D%E5%8A%A1";

#[tokio::test]
async fn a_record_is_corrected_where_faults_stand_beside_their_field() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let viewer = web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let view = format!("/documents/{id}");
    assert!(web.get(&view, &cookie).await.text().contains(&format!("{view}/record")));
    assert!(!web.get(&view, &viewer).await.text().contains("/record\""));
    let refused = web.get(&format!("{view}/record"), &viewer).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let form = web.get(&format!("{view}/record"), &cookie).await.text();
    for field in records::documents::DocumentField::ALL {
        assert!(form.contains(&format!("name=\"{}\"", field.as_str())), "{field:?}");
    }

    let correct = format!("{view}/correct");
    let wrong = format!(
        "csrf={csrf}&version=1&title={}&date=yesterday&copies=0",
        encode("服务器托管合同")
    );
    let answer = web.post(&correct, &cookie, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(
        text.contains("服务器托管合同") && text.contains("写 2024、2024-05") && text.contains("写份数"),
        "{text}"
    );
    // A copy that was compared needs to say by whom; what was typed stays.
    let nameless = format!("csrf={csrf}&version=1&copy_state=verified_copy");
    let answer = web.post(&correct, &cookie, &nameless).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("写明核对人和日期"));

    let right = format!(
        "csrf={csrf}&version=1&title={}&copy_state=verified_copy&verified_by={}&verified_on=2024-05-14&seals={}&site={}&form_code=qms-pm-31301&why={}",
        encode("服务器托管合同"),
        encode("林静"),
        encode("公章；合同专用章"),
        encode("西湖营业厅"),
        encode("与原件核对过")
    );
    let answer = web.post(&correct, &cookie, &right).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let shown = web.get(&view, &viewer).await.text();
    for word in [
        "服务器托管合同",
        "林静 · 2024-05-14",
        "公章",
        "西湖营业厅",
        "qms-pm-31301",
    ] {
        assert!(shown.contains(word), "{word}");
    }
    let history = web.get(&format!("/history?object=document:{id}"), &cookie).await.text();
    assert!(history.contains("与原件核对过"), "{history}");
    // Who was slower sees both and loses nothing.
    let late = format!("csrf={csrf}&version=1&title={}", encode("机房托管合同"));
    let answer = web.post(&correct, &cookie, &late).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let text = answer.text();
    assert!(
        text.contains("机房托管合同")
            && text.contains("现在：服务器托管合同")
            && text.contains("name=\"version\" value=\"2\""),
        "{text}"
    );
    web.close().await;
}

#[tokio::test]
async fn a_document_is_withdrawn_and_restored_by_somebody_else() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    let wei = web.person("wei", "viewer,archivist", SecurityLevel::Confidential).await;
    let chen = web
        .person("chen", "viewer,archivist", SecurityLevel::Confidential)
        .await;
    let viewer = web.person("zhou", "viewer", SecurityLevel::Confidential).await;
    assert!(web.get(SEARCH, &viewer).await.text().contains(&id));
    let address = format!("/documents/{id}/withdraw");
    // The question names title and number before anything is hidden.
    let question = web.get(&address, &wei).await.text();
    assert!(question.contains("撤回“运维服务合同”"), "{question}");
    assert_eq!(web.get(&address, &viewer).await.status, StatusCode::FORBIDDEN);
    let csrf = web.csrf(&wei).await;
    let empty = web
        .post(&address, &wei, &format!("csrf={csrf}&version=1&reason="))
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("写明原因"));
    let reason = encode("扫描了两次");
    let late = web
        .post(&address, &wei, &format!("csrf={csrf}&version=7&reason={reason}"))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let done = web
        .post(&address, &wei, &format!("csrf={csrf}&version=1&reason={reason}"))
        .await;
    assert_eq!(done.header("location"), format!("/withdrawn?said={id}"));

    for who in [&wei, &chen, &viewer] {
        assert!(!web.get(SEARCH, who).await.text().contains(&id));
        for address in [
            format!("/documents/{id}"),
            format!("/documents/{id}/pages/1/text"),
            format!("/documents/{id}/record"),
        ] {
            let status = web.get(&address, who).await.status;
            assert!(
                status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN,
                "{address}: {status}"
            );
        }
        assert!(!web.get("/customers/KH-1", who).await.text().contains(&id));
        assert!(!web.get("/locations/K1-03-B-05-4-12", who).await.text().contains(&id));
    }
    assert_eq!(web.get("/withdrawn", &viewer).await.status, StatusCode::FORBIDDEN);
    let list = web.get(&format!("/withdrawn?said={id}"), &wei).await.text();
    assert!(
        list.contains("已撤回“运维服务合同”") && list.contains("扫描了两次") && list.contains("可以请：chen"),
        "{list}"
    );
    assert!(!list.contains("/restore"), "not the one who withdrew it");
    let restore = format!("/documents/{id}/restore");
    let refused = web.post(&restore, &wei, &format!("csrf={csrf}")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("可以请：chen"), "{}", refused.text());
    let csrf = web.csrf(&chen).await;
    assert!(web.get("/withdrawn", &chen).await.text().contains(&restore));
    let done = web.post(&restore, &chen, &format!("csrf={csrf}")).await;
    assert_eq!(done.header("location"), "/withdrawn?said=restored");
    assert!(web.get(SEARCH, &chen).await.text().contains(&id));
    assert_eq!(
        web.get(&format!("/documents/{id}"), &viewer).await.status,
        StatusCode::OK
    );
    web.close().await;
}

#[tokio::test]
async fn a_sealed_paper_is_shown_to_one_person_by_two_others() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    let (lin, lin_csrf) = web.administrator().await;
    let chen = web
        .person("chen", "viewer,administrator", SecurityLevel::INTERNAL)
        .await;
    let zhou = web.person("zhou", "viewer", SecurityLevel::PUBLIC).await;
    let wang = web.person("wang", "viewer", SecurityLevel::Confidential).await;
    let reason = encode("诉讼期间");
    let sealed = web
        .post(
            &format!("/documents/{id}/seal"),
            &lin,
            &format!("csrf={lin_csrf}&version=1&reason={reason}&until=2026-02-01"),
        )
        .await;
    assert_eq!(sealed.header("location"), "/admin/sealed?said=sealed");
    let list = web.get("/admin/sealed", &lin).await.text();
    assert!(
        list.contains(&format!("/grants?document={id}")) && list.contains("该复核了"),
        "{list}"
    );

    let form = web.get(&format!("/grants?document={id}"), &lin).await.text();
    assert!(form.contains(&format!("value=\"{id}\"")), "{form}");
    let propose = async |who: &str, csrf: &str, user: &str, until: &str| {
        let body =
            format!("csrf={csrf}&user={user}&kind=document&thing={id}&purpose={reason}&from=2026-03-01&until={until}");
        web.post("/grants", who, &body).await
    };
    let faults = [
        ("nobody", "2026-03-09", "没有用户"),
        ("lin", "2026-03-09", "不能给自己授权"),
        ("zhou", "2026-02-01", "最长 366 天"),
        ("zhou", "", "最长 366 天"),
    ];
    for (user, until, fault) in faults {
        let answer = propose(&lin, &lin_csrf, user, until).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{user} {until}");
        assert!(answer.text().contains(fault), "{fault}: {}", answer.text());
    }
    let answer = propose(&lin, &lin_csrf, "zhou", "2026-03-09").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(
        web.get(&format!("/documents/{id}"), &zhou).await.status,
        StatusCode::NOT_FOUND,
        "one person alone opens nothing"
    );
    // Whoever may be the second person is told where the day begins; who proposed is not.
    assert!(web.get("/today", &chen).await.text().contains("/grants?open=mine"));
    assert!(!web.get("/today", &lin).await.text().contains("/grants?open=mine"));
    let list = web.get("/grants", &chen).await.text();
    let (_, rest) = list.split_once("action=\"/grants/").expect("something to confirm");
    let grant: String = rest.chars().take_while(|c| *c != '/').collect();
    let confirm = format!("/grants/{grant}/confirm");
    assert!(!web.get("/grants", &lin).await.text().contains(&confirm));
    let refused = web.post(&confirm, &lin, &format!("csrf={lin_csrf}")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("可以请：chen"), "{}", refused.text());
    let csrf = web.csrf(&chen).await;
    let done = web.post(&confirm, &chen, &format!("csrf={csrf}")).await;
    assert_eq!(done.header("location"), "/grants?said=confirmed");

    let shown = web.get(&format!("/documents/{id}"), &zhou).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text().contains("您是凭授权看到这份文件的"));
    assert!(web.get(SEARCH, &zhou).await.text().contains(&id));
    for who in [&lin, &chen, &wang] {
        assert_eq!(
            web.get(&format!("/documents/{id}"), who).await.status,
            StatusCode::NOT_FOUND
        );
        assert!(!web.get(SEARCH, who).await.text().contains(&id));
    }
    assert!(
        web.get("/admin/sealed", &lin)
            .await
            .text()
            .contains("zhou（至 2026-03-09）")
    );
    // It is in the list of the one it is for, who can do nothing with it.
    let own = web.get("/grants", &zhou).await.text();
    assert!(
        own.contains("生效中") && !own.contains("/confirm") && !own.contains("name=\"purpose\""),
        "{own}"
    );
    assert!(!web.get("/grants", &wang).await.text().contains(&grant));
    let revoke = format!("/grants/{grant}/revoke");
    let done = web
        .post(&revoke, &chen, &format!("csrf={csrf}&reason={}", encode("结案")))
        .await;
    assert_eq!(done.header("location"), "/grants?said=revoked");
    assert_eq!(
        web.get(&format!("/documents/{id}"), &zhou).await.status,
        StatusCode::NOT_FOUND
    );
    web.close().await;
}

#[tokio::test]
async fn further_customers_are_named_where_the_document_is_shown() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    let (cookie, csrf) = web.administrator().await;
    let viewer = web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let hidden = web.person("wang", "viewer", SecurityLevel::PUBLIC).await;
    let add = format!("/documents/{id}/customers");
    let unknown = format!("csrf={csrf}&version=1&customer=KH-9&role=guarantor");
    let answer = web.post(&add, &cookie, &unknown).await;
    assert!(
        answer.header("location").contains("said=named-unknown"),
        "{}",
        answer.header("location")
    );
    let view = web.get(answer.header("location"), &cookie).await.text();
    assert!(view.contains("没有这个客户"), "{view}");
    let body = format!("csrf={csrf}&version=1&customer=KH-2&role=guarantor");
    assert_eq!(web.post(&add, &cookie, &body).await.status, StatusCode::SEE_OTHER);
    let view = web.get(&format!("/documents/{id}"), &viewer).await.text();
    assert!(view.contains("成都瑞丰云帆") && view.contains("担保人") && !view.contains("/customers/KH-2/remove"));
    let dossier = web.get("/customers/KH-2", &viewer).await.text();
    assert!(
        dossier.contains("被其他客户的文件提及") && dossier.contains(&format!("/documents/{id}")),
        "{dossier}"
    );
    assert!(!web.get("/customers/KH-2", &hidden).await.text().contains(&id));
    // Full text finds it under the other customer too.
    let by_customer = format!("/search?q={}", encode("客户:KH-2 运维服务"));
    assert!(web.get(&by_customer, &cookie).await.text().contains(&id));
    let remove = format!("/documents/{id}/customers/KH-2/remove");
    let answer = web
        .post(&remove, &cookie, &format!("csrf={csrf}&version=1&role=guarantor"))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(!web.get("/customers/KH-2", &viewer).await.text().contains(&id));
    web.close().await;
}

#[tokio::test]
async fn programs_do_the_same() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    web.person("shen", "viewer,administrator,archivist", SecurityLevel::Confidential)
        .await;
    web.person("chen", "viewer,administrator,archivist", SecurityLevel::Confidential)
        .await;
    web.person("zhou", "viewer", SecurityLevel::PUBLIC).await;
    let (shen, chen, zhou) = (
        Program::of(&web, "shen").await,
        Program::of(&web, "chen").await,
        Program::of(&web, "zhou").await,
    );
    let address = format!("/api/v1/documents/{id}");
    let ways = shen
        .told(Method::GET, &format!("/api/v1/things/{id}/history"), None)
        .await;
    assert_eq!(
        (
            &ways["items"][0]["place"],
            &ways["items"][0]["event"],
            &ways["items"][0]["until_at"]
        ),
        (&json!("K1-03-B-05-4-12"), &json!("first_placed"), &Value::Null)
    );
    let hidden = zhou
        .ask(Method::GET, &format!("/api/v1/things/{id}/history"), None)
        .await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);

    let correction = json!({ "version": 1, "copies": 2, "seals": ["公章"], "medium": "photograph", "retention_class": "永久", "why": "盘点" });
    shen.told(Method::POST, &format!("{address}/correct"), Some(correction))
        .await;
    let shown = shen.told(Method::GET, &address, None).await;
    assert_eq!(
        (
            &shown["copies"],
            &shown["seals"],
            &shown["medium"],
            &shown["retention_class"]
        ),
        (&json!(2), &json!(["公章"]), &json!("photograph"), &json!("永久"))
    );
    let ledger = shen
        .told(
            Method::GET,
            &format!("/api/v1/history?object=document:{id}&field=copies"),
            None,
        )
        .await;
    assert_eq!(
        (&ledger["items"][0]["after"], &ledger["items"][0]["why"]),
        (&json!("2"), &json!("盘点"))
    );
    let wrong = shen
        .ask(
            Method::POST,
            &format!("{address}/correct"),
            Some(json!({ "version": 2, "counterpart": "二本" })),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let named = json!({ "version": 2, "customer_code": "KH-2", "role": "guarantor" });
    let done = shen
        .ask(Method::POST, &format!("{address}/customers"), Some(named))
        .await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    let naming = shen.told(Method::GET, "/api/v1/customers/KH-2/named-in", None).await;
    assert_eq!(
        (&naming["items"][0]["document_id"], &naming["items"][0]["role"]),
        (&json!(id), &json!("guarantor"))
    );
    let proposals = shen.told(Method::GET, &format!("{address}/proposals"), None).await;
    assert_eq!(proposals["items"], json!([]));

    let grant = json!({ "user": "zhou", "document": id, "purpose": "核对", "until": "2026-03-09" });
    let made = shen.told(Method::POST, "/api/v1/grants", Some(grant)).await;
    let grant = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        (&made["state"], &made["until_at"]),
        (&json!("proposed"), &json!("2026-03-09T16:00:00Z"))
    );
    let confirm = format!("/api/v1/grants/{grant}/confirm");
    let refused = shen.ask(Method::POST, &confirm, None).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(chen.told(Method::POST, &confirm, None).await["state"], json!("holding"));
    assert_eq!(zhou.told(Method::GET, &address, None).await["by_grant"], json!(true));
    let own = zhou.told(Method::GET, "/api/v1/grants", None).await;
    assert_eq!(own["items"][0]["id"], json!(grant));
    let revoked = chen
        .told(
            Method::POST,
            &format!("/api/v1/grants/{grant}/revoke"),
            Some(json!({ "reason": "结案" })),
        )
        .await;
    assert_eq!(revoked["state"], json!("revoked"));

    let withdraw = json!({ "version": 2, "reason": "扫描了两次" });
    let done = shen
        .ask(Method::POST, &format!("{address}/withdraw"), Some(withdraw))
        .await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    let list = chen.told(Method::GET, "/api/v1/withdrawn", None).await;
    assert_eq!(
        (
            &list["items"][0]["document_id"],
            &list["items"][0]["by"],
            &list["items"][0]["may_restore"]
        ),
        (&json!(id), &json!("shen"), &json!(true))
    );
    let refused = shen.ask(Method::POST, &format!("{address}/restore"), None).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("ask chen"), "{}", refused.text());
    let done = chen.ask(Method::POST, &format!("{address}/restore"), None).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    web.close().await;
}

/// Every list as every kind of file, by address and by program; who may not read a list gets no file of it, and each file
/// that was taken away is an event.
#[tokio::test]
async fn every_list_is_a_file() {
    let web = TestWeb::with_a_picture().await;
    let id = filed(&web).await;
    let (cookie, _) = web.administrator().await;
    web.person(
        "shen",
        "viewer,administrator,archivist,auditor",
        SecurityLevel::Confidential,
    )
    .await;
    web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let (admin, zhou) = (Program::of(&web, "shen").await, Program::of(&web, "zhou").await);
    let begun = admin
        .told(Method::POST, "/api/v1/stocktakes", json!({ "scope": "K1" }))
        .await;
    let stocktake = begun["id"].as_str().expect("an id");
    let slip = admin
        .told(
            Method::POST,
            "/api/v1/loans",
            json!({ "things": [id], "borrower": "张三", "purpose": "核对" }),
        )
        .await;
    let slip = slip["no"].as_str().expect("a number");
    for list in RecordList::ALL {
        let (name, code) = match list {
            RecordList::Contents => ("contents", "K1"),
            RecordList::Stocktake => ("stocktake", stocktake),
            RecordList::Slip => ("slip", slip),
            list => (list.as_str(), ""),
        };
        let (query, place) = match code {
            "" => (String::new(), String::new()),
            code => (format!("?code={code}"), format!("/{code}")),
        };
        for (format, media, begins) in [
            ("csv", "text/csv", &b"\xef\xbb\xbf"[..]),
            ("xlsx", "application/vnd.openxmlformats", b"PK"),
            ("pdf", "application/pdf", b"%PDF-"),
        ] {
            let shown = web.get(&format!("/lists/{name}{place}/{format}"), &cookie).await;
            let told = admin
                .ask(Method::GET, &format!("/api/v1/exports/{name}/{format}{query}"), None)
                .await;
            for answer in [shown, told] {
                assert_eq!(answer.status, StatusCode::OK, "{name} {format}: {}", answer.text());
                assert!(answer.header("content-type").starts_with(media), "{name} {format}");
                assert!(answer.body.starts_with(begins), "{name} {format}");
            }
        }
        let refused = zhou
            .ask(Method::GET, &format!("/api/v1/exports/{name}/csv{query}"), None)
            .await;
        let open = matches!(
            list,
            RecordList::Customers
                | RecordList::Locations
                | RecordList::Contents
                | RecordList::Grants
                | RecordList::Kinds
                | RecordList::Checklists
                | RecordList::Loans
        );
        assert_eq!(refused.status == StatusCode::OK, open, "{name}: {}", refused.text());
    }
    let customers = admin
        .ask(Method::GET, "/api/v1/exports/customers/csv?language=en", None)
        .await;
    assert!(customers.text().contains("KH-1"), "{}", customers.text());
    for (wrong, status) in [
        ("/api/v1/exports/nothing/csv", StatusCode::NOT_FOUND),
        ("/api/v1/exports/customers/doc", StatusCode::NOT_FOUND),
        ("/api/v1/exports/contents/csv", StatusCode::UNPROCESSABLE_ENTITY),
        (
            "/api/v1/exports/customers/csv?code=K1",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("/api/v1/exports/contents/csv?code=ZZ-99", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(admin.ask(Method::GET, wrong, None).await.status, status, "{wrong}");
    }
    let trail = admin
        .told(Method::GET, "/api/v1/audit?action=list.exported&limit=200", None)
        .await;
    assert!(trail.to_string().contains("list=checklists"), "{trail}");
}

/// Shelving from its counts: tried, made, labelled, taken back.
#[tokio::test]
async fn shelving_is_made_from_its_counts() {
    let web = TestWeb::with_a_picture().await;
    web.person(
        "shen",
        "viewer,administrator,archivist,auditor",
        SecurityLevel::Confidential,
    )
    .await;
    web.person("zhou", "viewer", SecurityLevel::INTERNAL).await;
    let (admin, zhou) = (Program::of(&web, "shen").await, Program::of(&web, "zhou").await);
    let body = |dry_run: bool| {
        json!({
            "code": "K7", "name": "七号库", "capacity": 40, "keeper": "林静", "dry_run": dry_run,
            "levels": [{"kind": "rack", "count": 2}, {"kind": "shelf", "count": 3, "numbering": "two_digits"}],
        })
    };
    const BUILD: &str = "/api/v1/locations/build";
    assert_eq!(
        zhou.ask(Method::POST, BUILD, Some(body(false))).await.status,
        StatusCode::FORBIDDEN
    );
    let tried = admin.told(Method::POST, BUILD, Some(body(true))).await;
    assert_eq!(
        (&tried["added"], &tried["dry_run"]),
        (&json!(9), &json!(true)),
        "{tried}"
    );
    let place = "/api/v1/locate?code=K7-02-03";
    assert_eq!(admin.ask(Method::GET, place, None).await.status, StatusCode::NOT_FOUND);
    let made = admin.told(Method::POST, BUILD, Some(body(false))).await;
    assert_eq!(made["added"], json!(9), "{made}");
    let shelf = admin.told(Method::GET, place, None).await;
    assert!(shelf.to_string().contains("七号库"), "{shelf}");
    let labels = admin
        .ask(Method::GET, "/api/v1/locations/labels.pdf?code=K7", None)
        .await;
    assert!(labels.status == StatusCode::OK && labels.body.starts_with(b"%PDF-"));
    let none = admin
        .ask(Method::GET, "/api/v1/locations/labels.pdf?code=ZZ", None)
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    for (what, wrong) in [
        ("levels", json!({"code": "K7", "levels": []})),
        ("code", json!({"code": "??", "levels": [{"kind": "rack", "count": 1}]})),
        (
            "levels",
            json!({"code": "K7", "levels": [{"kind": "rack", "count": 15_001}]}),
        ),
        (
            "numbering",
            json!({"code": "K7", "levels": [{"kind": "rack", "count": 1, "numbering": "roman"}]}),
        ),
    ] {
        let refused = admin.ask(Method::POST, BUILD, Some(wrong)).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{what}: {}",
            refused.text()
        );
    }
    let undo = format!("/api/v1/imports/{}/undo", made["id"].as_str().expect("an id"));
    let undone = admin.told(Method::POST, &undo, None).await;
    assert_eq!(undone["removed"], json!(9), "{undone}");
}
