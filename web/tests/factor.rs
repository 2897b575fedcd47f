//! The second factor in the browser: set up, asked for, required by a role, reset.

use crate::harness::{Answer, TestWeb};
use axum::http::StatusCode;
use records::{SecurityLevel, settings::SettingName};
use totp_rs::{Builder, Secret};

/// What signs in everywhere in these tests.
const PASSWORD: &str =
    "%E4%BB%8A%E5%A4%A9%E5%A4%A9%E6%B0%94%E5%BE%88%E5%A5%BD%E6%88%91%E4%BB%AC%E5%8E%BB%E6%95%A3%E6%AD%A5";

fn cookie_of(answer: &Answer) -> String {
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap_or_default()
        .to_owned();
    assert!(cookie.starts_with("dossier="), "{cookie}");
    cookie
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}"));
    rest.split_once(after).map_or(rest, |(inside, _)| inside)
}

/// The code that an authenticator shows, some steps from now.
fn shown(web: &TestWeb, base32: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(base32.replace(' ', "")).expect("base32");
    let totp = Builder::new().with_secret(secret).build().expect("an authenticator");
    let seconds = web.system.environment().now().micros() / 1_000_000 + steps * 30;
    totp.generate(u64::try_from(seconds).expect("after 1970")).to_string()
}

fn secret_on(page: &str) -> String {
    between(page, "<p class=\"code wrap-any\">", "</p>").to_owned()
}

#[tokio::test]
async fn a_person_sets_up_an_authenticator_and_signs_in_with_it() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let page = web.get("/account/second-factor", &cookie).await.text();
    assert!(page.contains("未启用"), "{page}");
    let begin = async |password: &str| {
        let body = format!("csrf={csrf}&password={password}");
        web.post("/account/second-factor/begin", &cookie, &body).await
    };
    assert_eq!(begin("wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = begin(PASSWORD).await.text();
    assert!(page.contains("<svg class=\"qr\"") && page.contains("viewBox"), "{page}");
    let secret = secret_on(&page);
    let confirm = async |code: &str| {
        let body = format!("csrf={csrf}&code={code}");
        web.post("/account/second-factor/confirm", &cookie, &body).await
    };
    let wrong = confirm("000000").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(secret_on(&wrong.text()), secret, "the same code is scanned again");
    let page = confirm(&shown(&web, &secret, -1)).await.text();
    let recovery = between(&page, "<ol class=\"codes code\"><li>", "</li>").to_owned();
    let listed = between(&page, "<ol class=\"codes code\">", "</ol>");
    assert_eq!(listed.matches("<li>").count(), 10, "{listed}");

    // Another browser: the password leads to the code and nowhere else.
    let door = web
        .post("/sign-in", "", &format!("name=lin&password={PASSWORD}&next=/today"))
        .await;
    assert_eq!(door.header("location"), "/sign-in/code?next=%2Ftoday");
    assert!(
        !door.header("set-cookie").contains("device"),
        "no browser is known by a password alone"
    );
    let half = cookie_of(&door);
    for address in ["/account", "/search", "/admin/users", "/api/v1/users"] {
        let status = web.get(address, &half).await.status;
        assert!(
            matches!(status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED),
            "{address}: {status}"
        );
    }
    assert_eq!(web.get("/sign-in", &half).await.header("location"), "/sign-in/code");
    let form = web.get("/sign-in/code?next=/today", &half).await.text();
    assert!(form.contains("one-time-code") && form.contains("换一个账户"), "{form}");
    let send = async |half: &str, code: &str| {
        let body = format!("next=/today&code={code}");
        web.post("/sign-in/code", half, &body).await
    };
    assert_eq!(send(&half, "123").await.status, StatusCode::UNAUTHORIZED);
    let replayed = send(&half, &shown(&web, &secret, -1)).await;
    assert_eq!(
        replayed.status,
        StatusCode::UNAUTHORIZED,
        "the code of setting up was used"
    );
    let typed = shown(&web, &secret, 0);
    let (first, last) = typed.split_at(3);
    let answer = send(&half, &format!("{first}+{last}")).await;
    assert_eq!(answer.header("location"), "/today");
    let whole = cookie_of(&answer);
    assert_eq!(web.get("/today", &whole).await.status, StatusCode::OK);
    assert_eq!(send(&half, &typed).await.header("location"), "/sign-in?next=%2Ftoday");

    // A recovery code takes its place, once; and whoever meant another account goes back.
    let half = cookie_of(
        &web.post("/sign-in", "", &format!("name=lin&password={PASSWORD}&next="))
            .await,
    );
    assert_eq!(send(&half, &recovery).await.header("location"), "/today");
    let half = cookie_of(
        &web.post("/sign-in", "", &format!("name=lin&password={PASSWORD}&next="))
            .await,
    );
    assert_eq!(send(&half, &recovery).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        web.post("/sign-in/cancel", &half, "").await.header("location"),
        "/sign-in"
    );
    assert_eq!(web.get("/sign-in", &half).await.status, StatusCode::OK);

    // Turning it off takes the password and a code.
    let own = web.csrf(&whole).await;
    let off = async |password: &str, code: &str| {
        let body = format!("csrf={own}&password={password}&code={code}");
        web.post("/account/second-factor/off", &whole, &body).await
    };
    let next = shown(&web, &secret, 1);
    assert_eq!(off("wrong", &next).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(off(PASSWORD, &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        off(PASSWORD, &next).await.header("location"),
        "/account/second-factor?said=off"
    );
    web.close().await;
}

#[tokio::test]
async fn a_role_that_requires_it_leads_to_setting_up() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, csrf) = web.administrator().await;
    let shi = web.person("shi", "administrator", SecurityLevel::Secret).await;
    let required = [(SettingName::SecondFactorRoles, "administrator".to_owned())];
    web.archive
        .settings_change(&web.owner, &required, None)
        .await
        .expect("is set");
    let settings = web.get("/admin/settings", &cookie).await.text();
    assert!(
        settings.contains("name=\"second_factor_roles_administrator\" value=\"1\" checked"),
        "{settings}"
    );
    let door = web
        .post("/sign-in", "", &format!("name=lin&password={PASSWORD}&next=/today"))
        .await;
    assert_eq!(door.header("location"), "/sign-in/second-factor?next=%2Ftoday");
    let half = cookie_of(&door);
    assert_eq!(
        web.get("/sign-in", &half).await.header("location"),
        "/sign-in/second-factor"
    );
    assert_eq!(web.get("/today", &half).await.status, StatusCode::SEE_OTHER);
    // A code page is not for somebody who has none.
    assert_eq!(web.get("/sign-in/code", &half).await.header("location"), "/sign-in");
    let page = web.get("/sign-in/second-factor?next=/today", &half).await.text();
    let secret = secret_on(&page);
    let send = async |code: &str| {
        let body = format!("next=/today&code={code}");
        web.post("/sign-in/second-factor", &half, &body).await
    };
    assert_eq!(send("000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = send(&shown(&web, &secret, 0)).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(
        done.text().contains("备用码") && done.text().contains("href=\"/today\""),
        "{}",
        done.text()
    );
    let whole = cookie_of(&done);
    assert_eq!(web.get("/today", &whole).await.status, StatusCode::OK);

    // An administrator resets somebody's; one's own is turned off with a code.
    let own = web
        .post("/admin/users/lin/second-factor/reset", &cookie, &format!("csrf={csrf}"))
        .await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    let theirs = web.csrf(&shi).await;
    let user = web.get("/admin/users/lin", &shi).await.text();
    assert!(user.contains("/admin/users/lin/second-factor/reset"), "{user}");
    let reset = web
        .post("/admin/users/lin/second-factor/reset", &shi, &format!("csrf={theirs}"))
        .await;
    assert_eq!(reset.header("location"), "/admin/users/lin?said=factor-reset");
    assert_eq!(web.get("/today", &whole).await.status, StatusCode::SEE_OTHER);
    web.close().await;
}
