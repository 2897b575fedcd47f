//! Archive settings, accounts, kinds and checklists: as an administrator's browser sends them and as a program does.

use crate::harness::{Program, TestWeb, certain, document, layer, page};
use axum::http::{Method, StatusCode};
use records::{
    SecurityLevel,
    identity::{Scope, gate::session_id},
    settings::SettingName,
};
use serde_json::{Value, json};

fn form(csrf: &str, fields: &[(&str, &str)]) -> String {
    let mut body = format!("csrf={csrf}");
    for (name, value) in fields {
        body.push_str(&format!("&{name}={}", web::address::encode(value)));
    }
    body
}

/// The settings form with some fields changed.
fn settings_form(csrf: &str, version: &str, changed: &[(&str, &str)]) -> String {
    use records::settings::SettingName as S;
    let mut fields: Vec<(String, String)> = Vec::new();
    for name in S::ALL {
        match name {
            S::LocationProfile | S::GroupRunningNumbers | S::TakeOutFilesInside | S::SecondFactorRoles => {}
            S::SecurityLevelNamesZh | S::SecurityLevelNamesEn => {
                for (level, word) in name.default_value().lines().enumerate() {
                    fields.push((format!("{}_{level}", name.as_str()), word.to_owned()));
                }
            }
            _ => fields.push((name.as_str().to_owned(), name.default_value().to_owned())),
        }
    }
    fields.push(("version".to_owned(), version.to_owned()));
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    form(csrf, &fields)
}

#[tokio::test]
async fn settings_are_changed_and_act_at_once() {
    let web = TestWeb::with_a_picture().await;
    let link = certain(web.customer_uid("KH-1").await);
    let id = web
        .deposit(
            "a.jpg",
            document(link, "运维服务合同", "contract", vec![page(layer("合同"))], None),
        )
        .await;
    let (cookie, csrf) = web.administrator().await;
    let view = web.get("/admin/settings", &cookie).await.text();
    assert!(view.contains("客户档案室") && view.contains("Asia/Shanghai"), "{view}");
    let changed = [
        ("archive_name", "云岭供电档案室"),
        ("time_zone", "asia/urumqi"),
        ("own_identifiers", "云岭供电公司\n91350100M000100Y43"),
        ("security_level_names_zh_1", "仅限内部"),
    ];
    let answer = web
        .post("/admin/settings", &cookie, &settings_form(&csrf, "0", &changed))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let said = web.get("/admin/settings?said=saved", &cookie).await.text();
    assert!(said.contains("设置已保存") && said.contains("Asia/Urumqi"), "{said}");
    assert!(
        said.contains("<title>档案室设置 · 云岭供电档案室</title>"),
        "the name is that of every view"
    );
    let shown = web.get(&format!("/documents/{id}"), &cookie).await.text();
    assert!(
        shown.contains("仅限内部"),
        "the level is called as the archive calls it: {shown}"
    );
    // Beijing is two hours ahead of Urumqi; the archive was opened at midnight UTC.
    assert!(web.get("/account", &cookie).await.text().contains("云岭供电档案室"));
    let users = web.get("/admin/users/lin", &cookie).await.text();
    assert!(
        users.contains("2026-03-01 06:00") && !users.contains("2026-03-01 08:00"),
        "{users}"
    );
    web.close().await;
}

#[tokio::test]
async fn a_setting_that_cannot_be_is_refused_beside_its_field() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let refused = async |changed: &[(&str, &str)]| {
        let answer = web
            .post("/admin/settings", &cookie, &settings_form(&csrf, "0", changed))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changed:?}");
        answer.text()
    };
    let text = refused(&[("archive_name", "新名称"), ("time_zone", "北京")]).await;
    assert!(
        text.contains("是 Asia/Shanghai 吗") && text.contains("新名称"),
        "what was typed stays: {text}"
    );
    let text = refused(&[("contract_number_pattern", r"\b[0-9]{10}\b")]).await;
    assert!(text.contains("户号的式样") && text.contains("找到同一个号码"), "{text}");
    let text = refused(&[("account_number_pattern", "[0-9]*")]).await;
    assert!(text.contains("连空文字都符合"), "{text}");
    let text = refused(&[("own_identifiers", "91350100M000100Y44")]).await;
    assert!(text.contains("校验位不对"), "{text}");
    let text = refused(&[("security_level_names_zh_2", "机密")]).await;
    assert!(text.contains("data-wrong"), "{text}");
    // Somebody was faster: nothing is overwritten, and what was typed stays.
    let first = settings_form(&csrf, "0", &[("archive_name", "甲")]);
    assert_eq!(
        web.post("/admin/settings", &cookie, &first).await.status,
        StatusCode::SEE_OTHER
    );
    let late = settings_form(&csrf, "0", &[("archive_name", "乙")]);
    let answer = web.post("/admin/settings", &cookie, &late).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("value=\"乙\""), "{}", answer.text());
    let viewer = web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    assert_eq!(web.get("/admin/settings", &viewer).await.status, StatusCode::FORBIDDEN);
    web.close().await;
}

#[tokio::test]
async fn patterns_are_tried_before_they_are_saved() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let changed = [
        ("contract_number_pattern", r"\bDL[0-9]{6}\b"),
        ("own_identifiers", "云岭供电公司"),
        ("text", "云岭供电公司 户号：0512009930 合同 DL202601"),
    ];
    let answer = web
        .post("/admin/settings/try", &cookie, &settings_form(&csrf, "0", &changed))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = answer.text();
    for mark in [
        "<mark>云岭供电公司</mark>",
        "<mark>0512009930</mark>",
        "<mark>DL202601</mark>",
        "本单位，不归户",
    ] {
        assert!(text.contains(mark), "{mark}: {text}");
    }
    assert_eq!(
        web.archive.settings(&web.owner).await.expect("settings").version,
        0,
        "nothing is saved"
    );
    web.close().await;
}

#[tokio::test]
async fn a_program_reads_and_changes_settings() {
    let web = TestWeb::with_a_picture().await;
    web.administrator().await;
    web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    let reader = Program::scoped(&web, "reader", Scope::Write).await;
    let admin = Program::scoped(&web, "lin", Scope::Write).await;
    let settings = reader.json("/api/v1/settings").await;
    assert_eq!(
        (&settings["version"], settings["settings"].as_array().map(Vec::len)),
        (&json!(0), Some(24))
    );
    let change = json!({ "version": 0, "settings": { "archive_name": "甲", "time_zone": "UTC" } });
    let answer = reader.ask(Method::PATCH, "/api/v1/settings", change.clone()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = admin.ask(Method::PATCH, "/api/v1/settings", change.clone()).await;
    assert_eq!((answer.status, &answer.json()["version"]), (StatusCode::OK, &json!(1)));
    assert_eq!(
        admin.ask(Method::PATCH, "/api/v1/settings", change).await.status,
        StatusCode::CONFLICT
    );
    let wrong = json!({ "settings": { "time_zone": "Mars/Olympus" } });
    let answer = admin.ask(Method::PATCH, "/api/v1/settings", wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.starts_with("time_zone: ") && detail.contains("IANA"), "{detail}");
    let tried = json!({ "text": "合同 DL202601", "settings": { "contract_number_pattern": r"\bDL[0-9]{6}\b" } });
    let answer = reader.ask(Method::POST, "/api/v1/settings/try", tried).await.json();
    assert_eq!(
        answer["hits"],
        json!([{ "setting": "contract_number_pattern", "text": "DL202601", "start": 3 }])
    );
    web.close().await;
}

#[tokio::test]
async fn an_account_is_changed_locked_and_let_in_again() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let reader = web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    let view = web.get("/admin/users", &cookie).await.text();
    assert!(
        view.contains("/admin/users/reader") && view.contains("最近登录"),
        "{view}"
    );
    let fields = |version: &'static str| {
        [
            ("version", version),
            ("display_name", "李文"),
            ("role_viewer", "1"),
            ("role_archivist", "1"),
            ("clearance", "2"),
            ("department", "法务部"),
            ("site", "二号楼"),
            ("language", "en"),
        ]
    };
    let answer = web
        .post("/admin/users/reader", &cookie, &form(&csrf, &fields("2")))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let user = web.archive.user(&web.owner, "reader").await.expect("an account");
    assert_eq!(
        (
            user.roles.to_string().as_str(),
            user.clearance,
            user.department.as_str(),
            user.language.as_str()
        ),
        ("viewer,archivist", SecurityLevel::Confidential, "法务部", "en")
    );
    assert_eq!(
        web.get("/search", &reader).await.status,
        StatusCode::SEE_OTHER,
        "other roles end sessions"
    );
    // Somebody was faster; no role at all; a token.
    let answer = web
        .post("/admin/users/reader", &cookie, &form(&csrf, &fields("2")))
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let answer = web
        .post(
            "/admin/users/reader",
            &cookie,
            &form(&csrf, &[("version", "3"), ("clearance", "1")]),
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("至少选一个角色"), "{}", answer.text());
    let program = Program::scoped(&web, "reader", Scope::Read).await;
    program.json("/api/v1/kinds").await;
    let view = web.get("/admin/users/reader", &cookie).await.text();
    let at = view.find("/tokens/").expect("a token is listed");
    let revoke = view[..at]
        .rfind('"')
        .map(|start| &view[start + 1..])
        .and_then(|rest| rest.split('"').next());
    let revoke = revoke.expect("an address").to_owned();
    let answer = web
        .post(
            "/admin/users/reader/lock?version=3&locked=1",
            &cookie,
            &form(&csrf, &[]),
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let answer = web.post("/admin/users/reader/link", &cookie, &form(&csrf, &[])).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let answer = program.ask(Method::GET, "/api/v1/kinds", Value::Null).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    web.post(
        "/admin/users/reader/lock?version=4&locked=0",
        &cookie,
        &form(&csrf, &[]),
    )
    .await;
    program.json("/api/v1/kinds").await;
    assert_eq!(
        web.post(&revoke, &cookie, &form(&csrf, &[])).await.status,
        StatusCode::SEE_OTHER,
        "{revoke}"
    );
    let answer = program.ask(Method::GET, "/api/v1/kinds", Value::Null).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    web.close().await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let here = web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    let (stored, secret) = (web.gate.password_of("reader").await, "dossier=");
    let stored = stored.expect("answers").expect("is there");
    let opened = async || {
        let opened = web.gate.open_session(&stored).await.expect("a session");
        format!("{secret}{}", opened.secret)
    };
    let (phone, counter) = (opened().await, opened().await);
    let is_in = async |who: &str| web.get("/account", who).await.status == StatusCode::OK;
    let own = web.get("/account", &here).await.text();
    assert_eq!(
        own.matches("/account/sessions/").count(),
        3,
        "two others and the button for all: {own}"
    );
    assert!(own.contains("本机"), "{own}");
    // An administrator ends one, and the person all others.
    let user = web.get("/admin/users/reader", &cookie).await.text();
    let end = format!(
        "/admin/users/reader/sessions/{}/end",
        session_id(&phone[secret.len()..])
    );
    assert!(user.contains(&end), "{user}");
    let answer = web.post(&end, &cookie, &form(&csrf, &[])).await;
    assert_eq!(answer.header("location"), "/admin/users/reader?said=session-ended");
    assert!(!is_in(&phone).await && is_in(&counter).await);
    let theirs = web.csrf(&here).await;
    assert_eq!(
        web.post(&end, &here, &form(&theirs, &[])).await.status,
        StatusCode::FORBIDDEN
    );
    let answer = web
        .post("/account/sessions/end-others", &here, &form(&theirs, &[]))
        .await;
    assert_eq!(answer.header("location"), "/account?said=others-ended");
    assert!(is_in(&here).await && !is_in(&counter).await);
    web.close().await;
}

#[tokio::test]
async fn whoever_cannot_sign_in_reads_whom_to_ask() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let page = web.get("/sign-in", "").await.text();
    assert!(page.contains("忘了密码") && page.contains("请找系统管理员"), "{page}");
    let settings = web.archive.settings(&web.owner).await.expect("settings");
    let named = [(SettingName::SignInContact, "信息中心 302 室".to_owned())];
    web.archive
        .settings_change(&web.owner, &named, Some(settings.version))
        .await
        .expect("is set");
    let seen = web.get("/admin/settings", &cookie).await.text();
    assert!(seen.contains("信息中心 302 室") && !csrf.is_empty(), "{seen}");
    let page = web.get("/sign-in", "").await.text();
    assert!(page.contains("请找 信息中心 302 室"), "{page}");
    web.close().await;
}

#[tokio::test]
async fn a_new_link_sets_a_new_password_and_nobody_touches_their_own_rights() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    let answer = web.post("/admin/users/reader/link", &cookie, &form(&csrf, &[])).await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = answer.text();
    assert!(text.contains("有效到 2026-03-02 08:00"), "{text}");
    let at = text
        .find("https://archive.example/link/")
        .expect("a link with the address of the request");
    let secret = text[at..]
        .split(['<', '"'])
        .next()
        .and_then(|link| link.rsplit('/').next())
        .unwrap_or_default();
    assert!(web.gate.link_purpose(secret).await.expect("answers").is_some());
    // The first administrator is the last one too.
    let answer = web
        .post("/admin/users/lin/lock?version=2&locked=1", &cookie, &form(&csrf, &[]))
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("另一位系统管理员"), "{}", answer.text());
    let own = [("version", "2"), ("display_name", "林静")];
    let answer = web.post("/admin/users/lin", &cookie, &form(&csrf, &own)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let more = [("version", "3"), ("display_name", "林静"), ("role_viewer", "1")];
    let answer = web.post("/admin/users/lin", &cookie, &form(&csrf, &more)).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the form has no such field"
    );
    let admin = Program::scoped(&web, "lin", Scope::Write).await;
    let answer = admin
        .ask(Method::PATCH, "/api/v1/users/lin", json!({ "roles": "viewer" }))
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    web.close().await;
}

#[tokio::test]
async fn a_program_keeps_accounts() {
    let web = TestWeb::with_a_picture().await;
    web.administrator().await;
    web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    let reader = Program::scoped(&web, "reader", Scope::Write).await;
    let admin = Program::scoped(&web, "lin", Scope::Write).await;
    assert_eq!(
        reader.ask(Method::GET, "/api/v1/users", Value::Null).await.status,
        StatusCode::FORBIDDEN
    );
    let new = json!({ "name": "wei", "roles": "viewer", "clearance": "internal", "department": "业务部" });
    let answer = admin.ask(Method::POST, "/api/v1/users", new.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(
        admin.ask(Method::POST, "/api/v1/users", new).await.status,
        StatusCode::CONFLICT
    );
    let change = json!({ "version": 1, "roles": "viewer,auditor", "locked": true });
    let answer = admin.ask(Method::PATCH, "/api/v1/users/wei", change).await.json();
    assert_eq!(
        (
            &answer["roles"],
            &answer["locked"],
            &answer["department"],
            &answer["last_sign_in_at"]
        ),
        (&json!("viewer,auditor"), &json!(true), &json!("业务部"), &Value::Null)
    );
    let answer = admin
        .ask(Method::PATCH, "/api/v1/users/wei", json!({ "locked": false }))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let link = admin
        .ask(Method::POST, "/api/v1/users/wei/link", Value::Null)
        .await
        .json();
    assert!(
        link["link"]
            .as_str()
            .is_some_and(|link| link.starts_with("https://archive.example/link/")),
        "{link}"
    );
    assert_eq!(link["expires_at"], "2026-03-02T00:00:00Z");
    let tokens = admin.json("/api/v1/tokens").await;
    let token = tokens["items"]
        .as_array()
        .and_then(|all| all.iter().find(|token| token["user"] == "reader"));
    let id = token
        .and_then(|token| token["id"].as_str())
        .expect("the reader's token")
        .to_owned();
    let mine = reader.json("/api/v1/tokens").await;
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1), "{mine}");
    let revoke = format!("/api/v1/tokens/{id}");
    assert_eq!(
        admin.ask(Method::DELETE, &revoke, Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    let answer = reader.ask(Method::GET, "/api/v1/tokens", Value::Null).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    web.close().await;
}

#[tokio::test]
async fn checklists_are_changed_and_sent_as_a_table() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let list = web.get("/admin/checklists", &cookie).await.text();
    assert!(
        list.contains("法人用电") && list.contains("power_supply_organisation"),
        "{list}"
    );
    let fields = |kinds: &'static str| {
        [
            ("code", "own_list"),
            ("name_zh", "自用清单"),
            ("name_en", "Own list"),
            ("customer_kind", "organisation"),
            ("kinds", kinds),
            ("position", "99"),
            ("active", "1"),
        ]
    };
    let answer = web
        .post(
            "/admin/checklists/new",
            &cookie,
            &form(&csrf, &fields("营业执照\n没有这种")),
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text().contains("没有“没有这种”这一类") && answer.text().contains("自用清单"),
        "{}",
        answer.text()
    );
    let answer = web
        .post(
            "/admin/checklists/new",
            &cookie,
            &form(&csrf, &fields("营业执照\n合同")),
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(web.get("/customers/KH-1", &cookie).await.text().contains("自用清单"));
    let table = web.get("/admin/checklists.tsv", &cookie).await;
    assert!(table.header("content-disposition").contains("checklists.tsv"));
    let table = table.text();
    assert!(
        table.contains("own_list\t自用清单\tOwn list\torganisation\tbusiness_licence;contract\t99\t1"),
        "{table}"
    );
    assert!(
        list.contains("name=\"register\" value=\"checklists\""),
        "the list is sent to the imports: {list}"
    );
    web.archive
        .dossier_checklist_set(&web.owner, "KH-1", "own_list")
        .await
        .expect("set");
    let answer = web
        .post("/admin/checklists/own_list/delete", &cookie, &form(&csrf, &[]))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("不能删"), "{}", answer.text());
    let answer = web
        .post("/admin/kinds/contract/delete", &cookie, &form(&csrf, &[]))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    web.close().await;
}

#[tokio::test]
async fn a_program_keeps_the_lists() {
    let web = TestWeb::with_a_picture().await;
    web.administrator().await;
    web.person("reader", "viewer", SecurityLevel::INTERNAL).await;
    let reader = Program::scoped(&web, "reader", Scope::Write).await;
    let admin = Program::scoped(&web, "lin", Scope::Write).await;
    let kinds = reader.json("/api/v1/kinds").await;
    assert_eq!(
        (&kinds["total"], &kinds["next"]),
        (&json!(135), &json!("100")),
        "the first window"
    );
    let rest = reader.json("/api/v1/kinds?after=100").await;
    assert_eq!(
        (rest["items"].as_array().map(Vec::len), &rest["next"]),
        (Some(35), &json!(null))
    );
    let wrong = reader
        .ask(Method::GET, "/api/v1/kinds?after=contract", Value::Null)
        .await;
    assert_eq!(
        (wrong.status, &wrong.json()["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("after"))
    );
    let kind = json!({ "group": "technical", "name_zh": "电表照片", "name_en": "Meter photograph",
        "title_patterns": ["电表照片"], "security_level": 1, "active": true });
    assert_eq!(
        reader
            .ask(Method::PUT, "/api/v1/kinds/meter", kind.clone())
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    let answer = admin.ask(Method::PUT, "/api/v1/kinds/meter", kind.clone()).await;
    assert_eq!(
        (answer.status, &answer.json()["position"], &answer.json()["version"]),
        (StatusCode::OK, &json!(136), &json!(1))
    );
    let of = |version: i64| {
        let mut changed = kind.clone();
        changed["name_en"] = json!("Photograph of a meter");
        changed["version"] = json!(version);
        changed
    };
    for version in [0, 2] {
        let late = admin.ask(Method::PUT, "/api/v1/kinds/meter", of(version)).await;
        assert_eq!(
            (late.status, &late.json()["code"]),
            (StatusCode::CONFLICT, &json!("version_conflict"))
        );
    }
    let answer = admin.ask(Method::PUT, "/api/v1/kinds/meter", of(1)).await;
    assert_eq!((answer.status, &answer.json()["version"]), (StatusCode::OK, &json!(2)));
    let missing = admin.ask(Method::PUT, "/api/v1/kinds/none", of(1)).await;
    assert!([StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY].contains(&missing.status));
    let list = json!({ "name_zh": "电表", "name_en": "Meters", "kinds": ["电表照片"], "active": true });
    let answer = admin.ask(Method::PUT, "/api/v1/checklists/meters", list.clone()).await;
    let late = admin.ask(Method::PUT, "/api/v1/checklists/meters", list).await;
    assert_eq!(
        (late.status, &late.json()["code"]),
        (StatusCode::CONFLICT, &json!("version_conflict"))
    );
    assert_eq!(
        (answer.status, &answer.json()["kinds"]),
        (StatusCode::OK, &json!(["meter"]))
    );
    let answer = admin.ask(Method::DELETE, "/api/v1/kinds/meter", Value::Null).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "a checklist asks for it");
    let table = "code,name_zh,name_en,kinds\nmeters,电表,Meters,meter;contract\nbad,坏,Bad,none\n";
    let send = async |query: &str| {
        let address = format!("/api/v1/imports?register=checklists{query}");
        let headers = [("authorization", admin.bearer.as_str()), ("content-type", "text/csv")];
        web.send(Method::POST, &address, &headers, table).await.json()
    };
    let plan = send("&dry_run=true").await;
    assert_eq!(
        (&plan["refused"], &plan["problems"][0]["code"]),
        (&json!(true), &json!("kind_unknown"))
    );
    assert_eq!(
        plan["changes"][0]["fields"][0],
        json!({ "field": "kinds", "before": "meter", "after": "meter;contract" })
    );
    let plan = send("&skip_bad_lines=true").await;
    assert_eq!((&plan["changed"], &plan["refused"]), (&json!(1), &json!(false)));
    let id = plan["id"].as_str().expect("an id");
    let undone = admin
        .ask(Method::POST, &format!("/api/v1/imports/{id}/undo"), Value::Null)
        .await;
    assert_eq!(undone.json()["restored"], 1);
    let listed = reader.ask(Method::GET, "/api/v1/imports", Value::Null).await;
    assert_eq!(listed.status, StatusCode::FORBIDDEN);
    let answer = admin
        .ask(Method::DELETE, "/api/v1/checklists/meters", Value::Null)
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let answer = admin.ask(Method::DELETE, "/api/v1/kinds/meter", Value::Null).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    web.close().await;
}
