//! Tables tried, written and taken back; one customer and one place by form and by API.

use crate::harness::{Answer, TestWeb};
use axum::http::{Method, StatusCode};
use records::SecurityLevel;

async fn open() -> (TestWeb, String, String) {
    let web = TestWeb::with_a_picture().await;
    let archivist = web
        .person("archivist", "viewer,archivist", SecurityLevel::INTERNAL)
        .await;
    let csrf = web.csrf(&archivist).await;
    (web, archivist, csrf)
}

const BORDER: &str = "----reg";

/// A form with these fields and one file.
fn form(csrf: &str, fields: &[(&str, &str)], file: &str) -> Vec<u8> {
    form_of(csrf, fields, "kh.csv", file.as_bytes())
}

fn form_of(csrf: &str, fields: &[(&str, &str)], name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in [("csrf", csrf)].iter().chain(fields) {
        body.push_str(&format!(
            "--{BORDER}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--{BORDER}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
    ));
    [body.as_bytes(), file, format!("\r\n--{BORDER}--\r\n").as_bytes()].concat()
}

async fn upload(web: &TestWeb, cookie: &str, body: &[u8]) -> Answer {
    let content_type = format!("multipart/form-data; boundary={BORDER}");
    let headers = [
        ("cookie", cookie),
        ("accept", "text/html"),
        ("content-type", content_type.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    web.send_bytes(Method::POST, "/imports", &headers, body.to_vec()).await
}

async fn api(web: &TestWeb, method: Method, address: &str, cookie: &str, csrf: &str, body: &str) -> Answer {
    let content_type = if body.starts_with('{') {
        "application/json"
    } else {
        "text/csv"
    };
    let headers = [
        ("cookie", cookie),
        ("x-csrf-token", csrf),
        ("content-type", content_type),
    ];
    web.send(method, address, &headers, body).await
}

const TABLE: &str =
    "code,name,kind,address,phones\nKH-1,深圳华宸智汇信息技术有限公司,企业,海曙路8号,\nKH-9,陆景行,个人,,\n";

#[tokio::test]
async fn a_table_is_tried_written_and_taken_back_on_the_screen() {
    let (web, archivist, csrf) = open().await;
    let tried = upload(
        &web,
        &archivist,
        &form(&csrf, &[("register", "customers"), ("step", "try")], TABLE),
    )
    .await;
    let text = tried.text();
    assert_eq!(tried.status, StatusCode::OK, "{text}");
    for shown in [
        "深圳市南山区科技园南区",
        "海曙路8号",
        "陆景行",
        "138****0117",
        "name=\"clear_empty\"",
    ] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
    assert!(!text.contains("13800000117"), "a stored number is not shown in clear");
    assert!(
        web.archive
            .customer(&web.owner, "KH-9")
            .await
            .expect("answers")
            .is_none()
    );

    let written = upload(
        &web,
        &archivist,
        &form(&csrf, &[("register", "customers"), ("step", "write")], TABLE),
    )
    .await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text());
    let address = written
        .header("location")
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    let shown = web.get(&address, &archivist).await.text();
    assert!(shown.contains("kh.csv") && shown.contains("海曙路8号"), "{shown}");
    assert!(web.get("/imports", &archivist).await.text().contains(&address));
    let undone = web
        .post(&format!("{address}/undo"), &archivist, &format!("csrf={csrf}"))
        .await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(
        web.archive
            .customer(&web.owner, "KH-9")
            .await
            .expect("answers")
            .is_none()
    );
    let first = web
        .archive
        .customer(&web.owner, "KH-1")
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(first.fact("address"), "深圳市南山区科技园南区");
    web.close().await;
}

#[tokio::test]
async fn the_lists_of_the_office_go_the_same_way() {
    let (web, archivist, csrf) = open().await;
    let cookie = web
        .person("chief", "viewer,administrator", SecurityLevel::INTERNAL)
        .await;
    let own = web.csrf(&cookie).await;
    let table = web.get("/admin/kinds.tsv", &cookie).await.text();
    let kinds = |step| [("register", "kinds"), ("step", step)];
    let same = upload(&web, &cookie, &form(&own, &kinds("write"), &table)).await;
    assert_eq!(same.status, StatusCode::OK, "what was taken away changes nothing");
    assert!(same.text().contains("没有写入"), "{}", same.text());
    let changed = table.replace("\t照片\tPhotograph\t", "\t影像\tPhotograph\t");
    assert_ne!(changed, table);
    let tried = upload(&web, &cookie, &form(&own, &kinds("try"), &changed)).await.text();
    for shown in ["<del>照片</del>", "影像", "中文名", "/admin/kinds/photograph"] {
        assert!(tried.contains(shown), "{shown} is not in {tried}");
    }
    let written = upload(&web, &cookie, &form(&own, &kinds("write"), &changed)).await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text());
    let address = written
        .header("location")
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    let shown = web.get(&address, &cookie).await.text();
    assert!(
        shown.contains("文件类型") && shown.contains("<del>照片</del>"),
        "{shown}"
    );
    // Who does not keep the lists sees nothing of it.
    assert_eq!(web.get(&address, &archivist).await.status, StatusCode::NOT_FOUND);
    assert!(!web.get("/imports", &archivist).await.text().contains(&address));
    let refused = upload(&web, &archivist, &form(&csrf, &kinds("try"), &changed)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let undone = web
        .post(&format!("{address}/undo"), &cookie, &format!("csrf={own}"))
        .await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    let now = web.get("/admin/kinds.tsv", &cookie).await.text();
    assert_eq!(now, table);
    let wrong = "code,name_zh,name_en,kinds\nx_list,甲,A,contract;合同\n";
    let answer = upload(
        &web,
        &cookie,
        &form(&own, &[("register", "checklists"), ("step", "try")], wrong),
    )
    .await
    .text();
    assert!(
        answer.contains("应有的文件类型") && answer.contains("“合同”列了两次"),
        "{answer}"
    );
    web.close().await;
}

/// A workbook with these lines.
fn workbook(lines: &[&[&str]]) -> Vec<u8> {
    let (header, rows) = lines.split_first().expect("a header");
    let cells = |line: &&[&str]| line.iter().map(|cell| print::Cell::Text((*cell).to_owned())).collect();
    let table = print::PrintedTable {
        columns: header.iter().map(|heading| print::Column::text(heading, 1.0)).collect(),
        rows: rows.iter().map(cells).collect(),
        ..print::PrintedTable::default()
    };
    print::xlsx(&table).expect("a workbook")
}

#[tokio::test]
async fn workbooks_are_imported_in_every_register() {
    let (web, archivist, csrf) = open().await;
    let admin = web
        .person("chief", "viewer,administrator", SecurityLevel::INTERNAL)
        .await;
    let own = web.csrf(&admin).await;
    let customers: &[&[&str]] = &[&["客户编号", "户名", "片区"], &["KH-9", "陆景行, \"老陆\"", "东\n区"]];
    let places: &[&[&str]] = &[&["code", "kind"], &["K3-01", "架"]];
    let kinds: &[&[&str]] = &[
        &["code", "name_zh", "name_en"],
        &["meter_photo", "电表照片", "Meter photograph"],
    ];
    let lists: &[&[&str]] = &[
        &["code", "name_zh", "name_en", "kinds"],
        &["meters", "电表", "Meters", "电表照片"],
    ];
    for (register, lines) in [
        ("customers", customers),
        ("locations", places),
        ("kinds", kinds),
        ("checklists", lists),
    ] {
        let (cookie, csrf) = match register {
            "customers" | "locations" => (&archivist, &csrf),
            _ => (&admin, &own),
        };
        let fields = |step| [("register", register), ("step", step)];
        let file = workbook(lines);
        let tried = upload(&web, cookie, &form_of(csrf, &fields("try"), "表.xlsx", &file)).await;
        let text = tried.text();
        assert_eq!(tried.status, StatusCode::OK, "{register}: {text}");
        assert!(
            text.contains("表.xlsx") && text.contains(lines[1][0]),
            "{register}: {text}"
        );
        // What the trial read goes back as text and is written.
        let sent = text
            .split("name=\"table\" hidden>\n")
            .nth(1)
            .and_then(|rest| rest.split("</textarea>").next());
        let table = sent.expect("the table").replace("&#34;", "\"");
        let again = [("register", register), ("step", "write"), ("table", table.as_str())];
        let written = upload(&web, cookie, &form_of(csrf, &again, "", b"")).await;
        assert_eq!(written.status, StatusCode::SEE_OTHER, "{register}: {}", written.text());
    }
    let customer = web.archive.customer(&web.owner, "KH-9").await.expect("answers");
    let customer = customer.expect("is there");
    assert_eq!(
        (customer.name.as_str(), customer.fact("region")),
        ("陆景行, \"老陆\"", "东\n区")
    );
    let lists = web.archive.checklists(&web.owner).await.expect("answers");
    assert!(
        lists
            .get("meters")
            .is_some_and(|list| list.kind_codes == ["meter_photo"])
    );
    // The same as a program sends it.
    let headers = [("cookie", archivist.as_str()), ("x-csrf-token", csrf.as_str())];
    let address = "/api/v1/imports?register=customers&dry_run=true";
    let answer = web
        .send_bytes(Method::POST, address, &headers, workbook(customers))
        .await;
    assert_eq!(answer.json()["unchanged"], 1, "{}", answer.text());
    web.close().await;
}

#[tokio::test]
async fn what_is_no_table_is_refused_in_words() {
    let (web, archivist, csrf) = open().await;
    let sent = |fields: &[(&str, &str)], file: &str| form(&csrf, fields, file);
    let customers = [("register", "customers"), ("step", "try")];
    for (file, word) in [
        ("PK\u{3}\u{4}zip", "工作簿读不了"),
        ("name\n甲\n", "表里没有这一列：code"),
        ("", "这是空表"),
    ] {
        let answer = upload(&web, &archivist, &sent(&customers, file)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        assert!(answer.text().contains(word), "{word}: {}", answer.text());
    }
    let bad = upload(&web, &archivist, &sent(&customers, "code,name,kind\nKH-7,丙,龙\n"))
        .await
        .text();
    assert!(bad.contains("请写 个人 或 企业"), "{bad}");
    let strange = upload(&web, &archivist, &form("wrong", &customers, TABLE)).await;
    assert_eq!(strange.status, StatusCode::FORBIDDEN);
    let clerk = web.person("clerk", "viewer", SecurityLevel::INTERNAL).await;
    let own = web.csrf(&clerk).await;
    assert_eq!(
        upload(&web, &clerk, &form(&own, &customers, TABLE)).await.status,
        StatusCode::FORBIDDEN
    );
    for view in [
        "/imports",
        "/customers/new",
        "/customers/KH-1/edit",
        "/locations/K1/edit",
    ] {
        assert_eq!(web.get(view, &clerk).await.status, StatusCode::FORBIDDEN, "{view}");
    }
    web.close().await;
}

#[tokio::test]
async fn programs_try_import_and_undo() {
    let (web, archivist, csrf) = open().await;
    let post = async |address: &str, body: &str| api(&web, Method::POST, address, &archivist, &csrf, body).await;
    let tried = post("/api/v1/imports?register=customers&dry_run=true", TABLE)
        .await
        .json();
    assert_eq!(
        (tried["id"].is_null(), &tried["changed"], &tried["added"]),
        (true, &1.into(), &1.into())
    );
    assert_eq!(tried["changes"][0]["fields"][0]["after"], "海曙路8号");
    assert_eq!(tried["empty_cells"][0]["field"], "phones");
    let done = post("/api/v1/imports?register=customers&file_name=kh.csv", TABLE)
        .await
        .json();
    let id = done["id"].as_str().expect("an id").to_owned();
    let list = api(&web, Method::GET, "/api/v1/imports", &archivist, "", "")
        .await
        .json();
    assert_eq!(list["items"][0]["file_name"], "kh.csv");
    let one = api(&web, Method::GET, &format!("/api/v1/imports/{id}"), &archivist, "", "")
        .await
        .json();
    assert_eq!(one["items"][1]["code"], "KH-9");
    let undone = post(&format!("/api/v1/imports/{id}/undo"), "").await.json();
    assert_eq!((&undone["restored"], &undone["removed"]), (&1.into(), &1.into()));
    assert_eq!(
        post(&format!("/api/v1/imports/{id}/undo"), "").await.status,
        StatusCode::CONFLICT
    );
    let places = post(
        "/api/v1/imports?register=locations",
        "code,capacity\nK1-03-B-05-4-12,\n",
    )
    .await
    .json();
    assert_eq!(
        (&places["unchanged"], &places["empty_cells"][0]["value"]),
        (&1.into(), &"40".into())
    );
    let unknown = post("/api/v1/imports?register=kings", TABLE).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    web.close().await;
}

#[tokio::test]
async fn one_record_is_added_and_changed() {
    let (web, archivist, csrf) = open().await;
    let send =
        async |method: Method, address: &str, body: &str| api(&web, method, address, &archivist, &csrf, body).await;
    let body =
        r#"{"fields":{"code":"KH-9","name":"华宸","credit_code":"91449901MA5F0H3K9F"},"attributes":{"台区":"3"}}"#;
    let added = send(Method::POST, "/api/v1/customers", body).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    assert_eq!(
        send(Method::POST, "/api/v1/customers", body).await.status,
        StatusCode::CONFLICT
    );
    let twin = body.replace("KH-9", "KH-10");
    let double = send(Method::POST, "/api/v1/customers", &twin).await;
    assert_eq!(
        (double.status, &double.json()["doubles"][0]["other_code"]),
        (StatusCode::CONFLICT, &"KH-9".into())
    );
    let version = added.json()["version"].as_i64().expect("a version");
    let change = format!(r#"{{"version":{version},"fields":{{"grade":"A"}}}}"#);
    let changed = send(Method::PATCH, "/api/v1/customers/KH-9", &change).await;
    assert_eq!(changed.json()["version"], version + 1);
    let late = send(Method::PATCH, "/api/v1/customers/KH-9", &change).await;
    assert_eq!(
        (late.status, &late.json()["code"]),
        (StatusCode::CONFLICT, &"version_conflict".into())
    );
    let shown = send(Method::GET, "/api/v1/customers/KH-9", "").await.json();
    assert_eq!((&shown["grade"], &shown["address"]), (&"A".into(), &"".into()));
    let place = send(
        Method::POST,
        "/api/v1/locations",
        r#"{"fields":{"code":"K2-01","kind":"架"}}"#,
    )
    .await;
    assert_eq!(place.status, StatusCode::CREATED, "{}", place.text());
    let wrong = send(
        Method::PATCH,
        "/api/v1/locations/K2-01",
        r#"{"version":1,"fields":{"capacity":"viel"}}"#,
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    // The form shows no personal number, and an empty field leaves it.
    let form = web.get("/customers/KH-1/edit", &archivist).await.text();
    assert!(form.contains("138****0117") && !form.contains("13800000117"), "{form}");
    let version = web
        .archive
        .customer(&web.owner, "KH-1")
        .await
        .expect("answers")
        .expect("is there")
        .version;
    let post = |grade: &str, version: i64| {
        format!(
            "csrf={csrf}&version={version}&code=KH-1&name=%E5%8D%8E%E5%AE%B8&kind=organisation&status=active&grade={grade}&address=&region=&phones=&id_number=&credit_code=&account_no=3301000012&why=x"
        )
    };
    let saved = web.post("/customers/KH-1/edit", &archivist, &post("A", version)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let now = web
        .archive
        .customer_reveal(&web.owner, "KH-1", None)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(
        (now.fact("grade"), now.fact("address"), now.name.as_str()),
        ("A", "", "华宸")
    );
    assert_eq!(now.parties[0].identifiers[0].1, "13800000117");
    let late = web.post("/customers/KH-1/edit", &archivist, &post("B", version)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("别人刚刚改过"), "{}", late.text());
    web.close().await;
}

const DELIVERY: &str =
    "文件名,客户代码,库位,类型,备注\nA.pdf,KH-1,,合同,东\nB.pdf,KH-99,K9-9,不认识的,\nA.pdf,KH-1,,,\n,KH-1,,,\n";

/// The list of a delivery is looked at before a file is sent: columns, lines, what is unknown and what it does not speak of.
#[tokio::test]
async fn the_list_of_a_delivery_is_looked_at_first() {
    let (web, archivist, csrf) = open().await;
    let look = async |fields: &[(&str, &str)], file: &str| {
        let content_type = format!("multipart/form-data; boundary={BORDER}");
        let headers = [
            ("cookie", archivist.as_str()),
            ("content-type", content_type.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        let body = form_of(&csrf, fields, "交接.csv", file.as_bytes());
        web.send_bytes(Method::POST, "/add/list", &headers, body).await
    };
    let looked = look(&[("files", "A.pdf\nC.pdf")], DELIVERY).await;
    let text = looked.text();
    assert_eq!(looked.status, StatusCode::OK, "{text}");
    for shown in [
        "第 3 行 · 没有客户“KH-99”",
        "第 3 行 · 没有库位“K9-9”",
        "第 3 行 · 没有“不认识的”这个文件类型",
        "第 3 行 · 选定的文件里没有“B.pdf”",
        "第 4 行 · 第2行已写过同一路径；这一行没有使用",
        "第 5 行 · 没有写文件路径；这一行没有使用",
        "<li>C.pdf</li>",
        "备注",
    ] {
        assert!(text.contains(shown), "no {shown} in {text}");
    }
    // A column whose heading says nothing is no list, until a person says what it is.
    let strange = "甲,乙\nA.pdf,KH-1\n";
    let refused = look(&[("files", "A.pdf")], strange).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.text().contains("name=\"column_0\""), "{}", refused.text());
    let said = [
        ("files", "A.pdf"),
        ("table", strange),
        ("column_0", "path"),
        ("column_1", "customer_code"),
    ];
    let meant = look(&said, "").await;
    assert_eq!(meant.status, StatusCode::OK, "{}", meant.text());
    assert!(meant.text().contains("全部可用"), "{}", meant.text());
    let checked = api(
        &web,
        Method::POST,
        "/api/v1/manifests/check",
        &archivist,
        &csrf,
        DELIVERY,
    )
    .await;
    let checked = checked.json();
    assert_eq!(checked["papers"][0]["customer_code"], "KH-1");
    assert_eq!(checked["papers"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        checked["problems"][0]["code"]["code"], "manifest_customer_unknown",
        "{checked}"
    );
    assert_eq!(checked["unknown_columns"], serde_json::json!(["备注"]));
    web.close().await;
}
