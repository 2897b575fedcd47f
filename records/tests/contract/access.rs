//! Signing in, accounts, tokens, and that rights act at once.

use crate::{
    cases,
    harness::{HASH, TestArchive, code},
};
use records::{
    Asker, Result, Role, Roles, SecurityLevel,
    audit::EventFilter,
    identity::{
        Scope, UserChange, UserDraft,
        attempts::{AttemptTurn, Source},
        gate::{FirstAdministrator, LinkPurpose, session_id},
    },
    ids::{DocumentId, TokenId},
    permission::{
        grants::{GrantDraft, GrantFilter, GrantTarget},
        second::TwoPersonAct,
    },
};
use std::sync::Arc;

cases!(
    first_administrator,
    first_link_ends,
    two_first_links_at_once,
    sessions_end,
    sessions_are_seen,
    signing_out,
    passwords_change,
    links_set_passwords,
    failures_wait,
    guesses_at_once_are_counted_as_guesses_in_turn,
    the_owner_gets_in_while_others_guess,
    a_clock_that_is_set_back_locks_nobody_out,
    a_right_password_was_no_failure,
    rights_act_at_once,
    the_last_sign_in_is_known,
    accounts_are_changed_by_version,
    the_last_administrator_stays,
    names_are_one_account,
    a_clearance_above_ones_own_takes_two,
    what_waits_is_confirmed_or_refused,
    sessions_are_listed,
    tokens_live_and_die,
    tokens_that_read_do_not_write,
    only_administrators_administer,
    signing_in_is_in_the_trail,
    secrets_are_not_in_the_record,
    grants_are_checked,
    the_operating_system_user_has_no_account,
);

fn first() -> FirstAdministrator {
    FirstAdministrator {
        name: "王管理".to_owned(),
        display_name: "王".to_owned(),
    }
}

fn draft(name: &str, roles: &str) -> Result<UserDraft> {
    Ok(UserDraft {
        name: name.to_owned(),
        display_name: name.to_owned(),
        roles: Roles::parse(roles)?,
        clearance: SecurityLevel::INTERNAL,
        department: "业务部".to_owned(),
        site: String::new(),
    })
}

async fn first_administrator(test: Arc<TestArchive>) -> Result<()> {
    assert!(test.gate.setup_needed().await?);
    let secret = test.gate.issue_first_link().await?;
    assert_eq!(
        test.gate.link_purpose(&secret).await?,
        Some(LinkPurpose::FirstAdministrator)
    );
    assert_eq!(
        code(test.gate.redeem_first_link("wrong", &first(), HASH).await),
        "link_is_over"
    );
    assert_eq!(
        code(
            test.gate
                .redeem_first_link(&secret, &first(), "a password in clear")
                .await
        ),
        "invalid_value"
    );
    let opened = test.gate.redeem_first_link(&secret, &first(), HASH).await?;
    assert_eq!(opened.session.asker.name(), "王管理");
    assert_eq!(opened.session.asker.roles(), Roles::ALL);
    assert!(!test.gate.setup_needed().await?);
    assert_eq!(test.gate.link_purpose(&secret).await?, None);
    assert_eq!(
        code(test.gate.redeem_first_link(&secret, &first(), HASH).await),
        "set_up_already"
    );
    assert_eq!(code(test.gate.issue_first_link().await), "set_up_already");
    let session = test
        .gate
        .session(&opened.secret)
        .await?
        .expect("the session was just opened");
    assert_eq!(session.csrf, opened.session.csrf);
    assert_eq!(test.archive.users(&session.asker).await?.len(), 1);
    Ok(())
}

async fn first_link_ends(test: Arc<TestArchive>) -> Result<()> {
    let early = test.gate.issue_first_link().await?;
    let late = test.gate.issue_first_link().await?;
    assert_eq!(test.gate.link_purpose(&early).await?, None);
    assert_eq!(
        code(test.gate.redeem_first_link(&early, &first(), HASH).await),
        "link_is_over"
    );
    test.pass(15 * 60 - 1);
    assert!(test.gate.link_purpose(&late).await?.is_some());
    test.pass(1);
    assert_eq!(test.gate.link_purpose(&late).await?, None);
    assert_eq!(
        code(test.gate.redeem_first_link(&late, &first(), HASH).await),
        "link_is_over"
    );
    assert!(test.gate.setup_needed().await?);
    Ok(())
}

async fn two_first_links_at_once(test: Arc<TestArchive>) -> Result<()> {
    let secret = test.gate.issue_first_link().await?;
    let other = FirstAdministrator {
        name: "second".to_owned(),
        display_name: String::new(),
    };
    let who = first();
    let (one, two) = tokio::join!(
        test.gate.redeem_first_link(&secret, &who, HASH),
        test.gate.redeem_first_link(&secret, &other, HASH),
    );
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(test.archive.users(&test.owner()).await?.len(), 1);
    Ok(())
}

async fn sessions_end(test: Arc<TestArchive>) -> Result<()> {
    test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let stored = test.gate.password_of("LI").await?.expect("it has a password");
    let idle = test.gate.open_session(&stored).await?;
    test.pass(8 * 3600 - 1);
    assert!(test.gate.session(&idle.secret).await?.is_some());
    // Being seen begins the idle time anew, up to the absolute end.
    test.pass(8 * 3600 - 1);
    assert!(test.gate.session(&idle.secret).await?.is_some());
    test.pass(8 * 3600 - 1);
    assert!(test.gate.session(&idle.secret).await?.is_some());
    test.pass(3);
    assert!(test.gate.session(&idle.secret).await?.is_none(), "24 hours are over");
    let second = test.gate.open_session(&stored).await?;
    test.pass(8 * 3600);
    assert!(
        test.gate.session(&second.secret).await?.is_none(),
        "8 hours without a request"
    );
    assert!(test.gate.session("").await?.is_none());
    Ok(())
}

async fn sessions_are_seen(test: Arc<TestArchive>) -> Result<()> {
    test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let stored = test.gate.password_of("li").await?.expect("it has a password");
    let opened = test.gate.open_session(&stored).await?;
    // Within a minute of being seen nothing is written, so the idle time still counts from the beginning.
    test.pass(59);
    assert!(test.gate.session(&opened.secret).await?.is_some());
    test.pass(8 * 3600 - 60);
    assert!(test.gate.session(&opened.secret).await?.is_some());
    Ok(())
}

async fn signing_out(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let stored = test.gate.password_of("li").await?.expect("it has a password");
    let (one, two, three) = (
        test.gate.open_session(&stored).await?,
        test.gate.open_session(&stored).await?,
        test.gate.open_session(&stored).await?,
    );
    test.gate.close_session(&one.secret).await?;
    test.gate.close_session(&one.secret).await?;
    assert!(test.gate.session(&one.secret).await?.is_none());
    assert!(test.gate.session(&two.secret).await?.is_some());
    test.archive.sessions_end(&li, "li", None).await?;
    assert!(test.gate.session(&two.secret).await?.is_none());
    assert!(test.gate.session(&three.secret).await?.is_none());
    Ok(())
}

async fn passwords_change(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    test.person("wei", "viewer", SecurityLevel::INTERNAL, "").await?;
    let before = test.gate.password_of("li").await?.expect("it has a password");
    let opened = test.gate.open_session(&before).await?;
    let newer = format!("{HASH}x");
    test.archive.password_set(&li, "li", &newer).await?;
    assert!(test.gate.session(&opened.secret).await?.is_none());
    // What was verified before the change opens nothing after it, and rehashing does not bring it back.
    assert_eq!(code(test.gate.open_session(&before).await), "account_changed");
    test.gate.rehashed(&before, HASH).await?;
    assert_eq!(
        test.gate
            .password_of("li")
            .await?
            .map(|stored| stored.hash().to_owned()),
        Some(newer)
    );
    assert_eq!(code(test.archive.password_set(&li, "wei", HASH).await), "forbidden");
    assert_eq!(
        code(test.archive.password_set(&test.owner(), "nobody", HASH).await),
        "not_found"
    );
    assert!(test.gate.password_of("nobody").await?.is_none());
    Ok(())
}

async fn links_set_passwords(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    test.archive.user_add(&test.owner(), &draft("wei", "viewer")?).await?;
    assert_eq!(code(test.archive.issue_link_for(&li, "wei").await), "forbidden");
    let secret = test.archive.issue_link_for(&test.owner(), "wei").await?.secret;
    let purpose = LinkPurpose::SetPassword {
        name: "wei".to_owned(),
        display_name: "wei".to_owned(),
    };
    assert_eq!(test.gate.link_purpose(&secret).await?, Some(purpose));
    assert_eq!(
        code(test.gate.redeem_first_link(&secret, &first(), HASH).await),
        "set_up_already"
    );
    let opened = test.gate.redeem_link(&secret, HASH).await?;
    assert_eq!(opened.session.asker.name(), "wei");
    assert_eq!(code(test.gate.redeem_link(&secret, HASH).await), "link_is_over");
    assert!(test.gate.password_of("wei").await?.is_some());
    let late = test.archive.issue_link_for(&test.owner(), "wei").await?;
    test.pass(24 * 3600 - 1);
    assert!(test.gate.link_purpose(&late.secret).await?.is_some());
    test.pass(1);
    assert_eq!(late.expires_at, test.now());
    assert_eq!(code(test.gate.redeem_link(&late.secret, HASH).await), "link_is_over");
    let lock = UserChange {
        locked: Some(true),
        ..UserChange::default()
    };
    test.archive.user_change(&test.owner(), "wei", None, &lock).await?;
    assert_eq!(
        code(test.archive.issue_link_for(&test.owner(), "wei").await),
        "account_locked"
    );
    Ok(())
}

/// One wrong password at the door: how long it must wait, or 0 when it was looked at.
async fn guess(test: &TestArchive, name: &str, network: &str, device: Option<&str>) -> Result<i64> {
    match test.gate.attempt(name, Source::Door { network, device }).await? {
        AttemptTurn::Wait { seconds } => Ok(seconds),
        AttemptTurn::Now(attempt) => {
            test.gate.attempt_failed(&attempt).await?;
            Ok(0)
        }
    }
}

async fn failures_wait(test: Arc<TestArchive>) -> Result<()> {
    for _ in 0..10 {
        assert_eq!(guess(&test, "李", "192.0.2.7", None).await?, 0);
    }
    assert_eq!(guess(&test, "李", "192.0.2.7", None).await?, 1);
    assert_eq!(
        guess(&test, "王", "192.0.2.7", None).await?,
        0,
        "colleagues behind the same address do not wait"
    );
    for _ in 0..40 {
        test.pass(60);
        assert_eq!(
            guess(&test, "李", "192.0.2.7", None).await?,
            0,
            "nobody is locked out for good"
        );
    }
    test.pass(15 * 60 + 1);
    for _ in 0..10 {
        assert_eq!(guess(&test, "李", "192.0.2.7", None).await?, 0, "the window is over");
    }
    Ok(())
}

async fn guesses_at_once_are_counted_as_guesses_in_turn(test: Arc<TestArchive>) -> Result<()> {
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let test = Arc::clone(&test);
        guesses.spawn(async move { guess(&test, "li", "192.0.2.7", None).await });
    }
    let mut looked_at = 0;
    for wait_s in guesses.join_all().await {
        looked_at += i64::from(wait_s? == 0);
    }
    assert_eq!(looked_at, 10);
    Ok(())
}

async fn a_clearance_above_ones_own_takes_two(test: Arc<TestArchive>) -> Result<()> {
    let first = test.person("first", "administrator", SecurityLevel::PUBLIC, "").await?;
    let second = test
        .person("second", "administrator", SecurityLevel::PUBLIC, "")
        .await?;
    test.person("chief", "viewer", SecurityLevel::Secret, "").await?;
    let secret = UserDraft {
        clearance: SecurityLevel::Secret,
        ..draft("puppet", "archivist")?
    };
    assert_eq!(
        code(test.archive.user_add(&first, &secret).await),
        "clearance_above_own"
    );
    let added = UserDraft {
        clearance: SecurityLevel::PUBLIC,
        ..draft("puppet", "administrator")?
    };
    test.pass(1);
    let raised = UserChange {
        clearance: Some(SecurityLevel::Secret),
        ..UserChange::default()
    };
    let raise = async |by: &Asker, who: &str| test.archive.user_change(by, who, None, &raised).await;
    test.person("wei", "viewer", SecurityLevel::PUBLIC, "").await?;
    assert_eq!(code(raise(&first, "wei").await), "second_must_agree");
    assert_eq!(
        code(raise(&first, "wei").await),
        "second_must_agree",
        "asking twice is no second person"
    );
    let waiting = test.archive.acts_waiting(&second).await?;
    assert_eq!(waiting.iter().map(|act| act.by.as_str()).collect::<Vec<_>>(), ["first"]);
    // Whoever came in by a link of an administrator is nobody's second person for a week, on neither side.
    test.archive.user_add(&first, &added).await?;
    let link = test.archive.issue_link_for(&first, "puppet").await?;
    let puppet = test.gate.redeem_link(&link.secret, HASH).await?.session.asker;
    assert_eq!(code(raise(&puppet, "wei").await), "second_must_agree");
    assert_eq!(code(raise(&first, "wei").await), "second_must_agree");
    let asked = test.archive.acts_waiting(&second).await?;
    let of = |name: &str| asked.iter().find(|act| act.by == name).expect("has asked").id.clone();
    assert_eq!(
        code(test.archive.act_confirm(&first, &of("first")).await),
        "second_is_yourself"
    );
    assert_eq!(
        code(test.archive.act_confirm(&first, &of("puppet")).await),
        "second_must_agree"
    );
    let changed = raise(&second, "wei").await?;
    assert_eq!(changed.clearance, SecurityLevel::Secret);
    assert!(
        test.archive.acts_waiting(&second).await?.is_empty(),
        "what is done waits no more"
    );
    // A new password for somebody with more clearance would be the same by another way.
    assert_eq!(
        code(test.archive.issue_link_for(&first, "chief").await),
        "second_must_agree"
    );
    test.pass(8 * 86_400);
    assert_eq!(
        code(test.archive.issue_link_for(&second, "chief").await),
        "second_must_agree",
        "a week is over"
    );
    test.archive.issue_link_for(&first, "chief").await?;
    test.archive.issue_link_for(&test.owner(), "chief").await?;
    Ok(())
}

async fn what_waits_is_confirmed_or_refused(test: Arc<TestArchive>) -> Result<()> {
    let first = test.person("first", "administrator", SecurityLevel::PUBLIC, "").await?;
    let second = test
        .person("second", "administrator", SecurityLevel::PUBLIC, "")
        .await?;
    test.person("chief", "viewer", SecurityLevel::Secret, "").await?;
    let ask = async || code(test.archive.issue_link_for(&first, "chief").await);
    assert_eq!(ask().await, "second_must_agree");
    let waits = async |asker: &Asker| test.archive.acts_waiting(asker).await;
    let [waiting] = &waits(&second).await?[..] else {
        panic!("one waits")
    };
    assert_eq!((waiting.act, waiting.object.as_str()), (TwoPersonAct::Link, "chief"));
    // Archivists know of levels that they see, and viewers of nothing.
    let archivist = test.person("lin", "archivist", SecurityLevel::Secret, "").await?;
    assert!(waits(&archivist).await?.is_empty());
    assert_eq!(
        code(test.archive.act_confirm(&archivist, &waiting.id).await),
        "not_found"
    );
    let viewer = test.person("li", "viewer", SecurityLevel::Secret, "").await?;
    assert_eq!(code(waits(&viewer).await), "forbidden");
    assert_eq!(
        code(test.archive.act_refuse(&viewer, &waiting.id, "no").await),
        "not_found"
    );
    assert_eq!(
        code(test.archive.act_refuse(&second, &waiting.id, " ").await),
        "invalid_value"
    );
    test.archive.act_refuse(&second, &waiting.id, "not agreed").await?;
    assert!(waits(&second).await?.is_empty());
    assert_eq!(code(test.archive.act_confirm(&second, &waiting.id).await), "not_found");
    // What was refused is asked for again, and confirmed.
    assert_eq!(ask().await, "second_must_agree");
    let again = waits(&second).await?.remove(0).id;
    let done = test.archive.act_confirm(&second, &again).await?;
    let link = done.link.expect("the link is answered to whoever confirmed");
    assert_eq!(
        test.gate.link_purpose(&link.secret).await?,
        Some(LinkPurpose::SetPassword {
            name: "chief".to_owned(),
            display_name: "chief".to_owned()
        })
    );
    Ok(())
}

async fn sessions_are_listed(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::PUBLIC, "").await?;
    let stored = test.gate.password_of("li").await?.expect("it has a password");
    let opened = test.gate.open_session(&stored).await?;
    test.gate
        .session_opened_from(&opened.secret, "192.0.2.7", "Firefox · Linux")
        .await?;
    let listed = test.archive.sessions(&li, "li").await?;
    assert!(
        listed
            .iter()
            .any(|session| session.network == "192.0.2.7" && session.browser == "Firefox · Linux")
    );
    let wei = test.person("wei", "viewer", SecurityLevel::PUBLIC, "").await?;
    assert_eq!(code(test.archive.sessions(&wei, "li").await), "forbidden");
    let this = session_id(&opened.secret);
    assert!(listed.iter().any(|session| session.id == this));
    assert_eq!(code(test.archive.session_end(&wei, "li", &this).await), "forbidden");
    assert_eq!(
        code(test.archive.session_end(&li, "li", "0123456789abcdef").await),
        "not_found"
    );
    // All but this one, then this one.
    let other = test.gate.open_session(&stored).await?;
    test.archive.sessions_end(&li, "li", Some(&this)).await?;
    assert!(test.gate.session(&other.secret).await?.is_none());
    let left = test.archive.sessions(&li, "li").await?;
    assert_eq!(
        left.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(),
        [this.as_str()]
    );
    test.archive.session_end(&test.owner(), "li", &this).await?;
    assert!(test.gate.session(&opened.secret).await?.is_none());
    test.gate.open_session(&stored).await?;
    test.archive.sessions_end(&li, "li", None).await?;
    assert!(test.archive.sessions(&test.owner(), "li").await?.is_empty());
    Ok(())
}

async fn the_owner_gets_in_while_others_guess(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let device = test.gate.know_device(&li, None).await?.expect("a new browser");
    assert_eq!(
        test.gate.know_device(&li, Some(&device)).await?,
        None,
        "it is known now"
    );
    for _ in 0..30 {
        guess(&test, "li", "192.0.2.4", None).await?;
    }
    assert_eq!(
        guess(&test, "li", "192.0.2.5", None).await?,
        0,
        "from elsewhere one need not wait"
    );
    for network in 0..20 {
        for _ in 0..10 {
            guess(&test, "li", &format!("198.51.100.{network}"), None).await?;
        }
    }
    assert!(
        guess(&test, "li", "192.0.2.6", None).await? > 0,
        "a hundred from everywhere wait"
    );
    assert_eq!(
        guess(&test, "li", "192.0.2.4", Some(&device)).await?,
        0,
        "in a known browser one never waits for others"
    );
    assert!(guess(&test, "wei", "192.0.2.4", Some(&device)).await? == 0);
    for _ in 0..9 {
        assert_eq!(guess(&test, "li", "192.0.2.4", Some(&device)).await?, 0);
    }
    assert!(
        guess(&test, "li", "192.0.2.4", Some(&device)).await? > 0,
        "a stolen browser guesses no more than others"
    );
    test.archive.sessions_end(&li, "li", None).await?;
    test.pass(60);
    assert!(
        guess(&test, "li", "192.0.2.4", Some(&device)).await? == 0
            && guess(&test, "li", "192.0.2.4", Some(&device)).await? > 0,
        "the browser is forgotten"
    );
    Ok(())
}

async fn a_clock_that_is_set_back_locks_nobody_out(test: Arc<TestArchive>) -> Result<()> {
    test.pass(2 * 86_400);
    for _ in 0..11 {
        guess(&test, "li", "192.0.2.7", None).await?;
    }
    test.pass(-2 * 86_400);
    assert_eq!(guess(&test, "li", "192.0.2.7", None).await?, 0);
    for _ in 0..10 {
        guess(&test, "li", "192.0.2.7", None).await?;
    }
    test.pass(-30);
    let wait_s = guess(&test, "li", "192.0.2.7", None).await?;
    assert!((1..=60).contains(&wait_s), "{wait_s}");
    Ok(())
}

async fn a_right_password_was_no_failure(test: Arc<TestArchive>) -> Result<()> {
    for _ in 0..30 {
        let source = Source::Door {
            network: "192.0.2.7",
            device: None,
        };
        match test.gate.attempt("li", source).await? {
            AttemptTurn::Now(attempt) => test.gate.attempt_succeeded(&attempt).await?,
            AttemptTurn::Wait { seconds } => panic!("it waits {seconds} s"),
        }
    }
    Ok(())
}

async fn rights_act_at_once(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let asker = test.person("li", "viewer", SecurityLevel::INTERNAL, "业务部").await?;
    let (_, token) = test.archive.token_add(&asker, "li", "script", Scope::Write, 30).await?;
    let stored = test.gate.password_of("li").await?.expect("it has a password");
    let change = async |wanted: UserChange| test.archive.user_change(&owner, "li", None, &wanted).await;
    let opened = test.gate.open_session(&stored).await?;
    let moved = UserChange {
        department: Some("法务部".to_owned()),
        site: Some("二号楼".to_owned()),
        display_name: Some("李文".to_owned()),
        language: Some("en".to_owned()),
        ..UserChange::default()
    };
    change(moved).await?;
    let session = test.gate.session(&opened.secret).await?;
    let asker = session.expect("a move ends no session").asker;
    assert_eq!(
        (asker.department(), asker.site(), asker.display_name()),
        ("法务部", "二号楼", "李文")
    );
    let more = UserChange {
        roles: Some(Roles::parse("viewer,archivist")?),
        clearance: Some(SecurityLevel::Confidential),
        ..UserChange::default()
    };
    change(more).await?;
    assert!(
        test.gate.session(&opened.secret).await?.is_none(),
        "other rights end sessions"
    );
    let opened = test.gate.open_session(&stored).await?;
    let asker = opened.session.asker;
    assert!(asker.has(Role::Archivist));
    assert_eq!(asker.clearance(), SecurityLevel::Confidential);
    let lock = |locked| UserChange {
        locked: Some(locked),
        ..UserChange::default()
    };
    change(lock(true)).await?;
    assert!(test.gate.session(&opened.secret).await?.is_none());
    assert!(test.gate.token(&token).await?.is_none());
    assert!(test.gate.password_of("li").await?.is_none());
    assert_eq!(code(test.gate.open_session(&stored).await), "account_changed");
    change(lock(false)).await?;
    assert!(test.gate.token(&token).await?.is_some());
    assert_eq!(
        code(
            change(UserChange {
                language: Some("de".to_owned()),
                ..UserChange::default()
            })
            .await
        ),
        "invalid_value"
    );
    Ok(())
}

async fn the_last_sign_in_is_known(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    test.archive.user_add(&owner, &draft("li", "viewer")?).await?;
    assert_eq!(test.archive.user(&owner, "li").await?.last_sign_in_at, None);
    let link = test.archive.issue_link_for(&owner, "li").await?;
    test.gate.redeem_link(&link.secret, HASH).await?;
    assert_eq!(test.archive.user(&owner, "li").await?.last_sign_in_at, Some(test.now()));
    let before = test.archive.user(&owner, "li").await?.version;
    test.pass(3600);
    let stored = test.gate.password_of("li").await?.expect("it has a password");
    test.gate.open_session(&stored).await?;
    let user = test.archive.user(&owner, "li").await?;
    assert_eq!((user.last_sign_in_at, user.version), (Some(test.now()), before));
    Ok(())
}

async fn accounts_are_changed_by_version(test: Arc<TestArchive>) -> Result<()> {
    test.archive.user_add(&test.owner(), &draft("li", "viewer")?).await?;
    let owner = test.owner();
    let change = UserChange {
        roles: Some(Roles::parse("auditor")?),
        ..UserChange::default()
    };
    let (one, two) = tokio::join!(
        test.archive.user_change(&owner, "li", Some(1), &change),
        test.archive.user_change(&owner, "li", Some(1), &change),
    );
    let codes = [code(one), code(two)];
    assert!(
        codes.contains(&"(no error)") && codes.contains(&"version_conflict"),
        "{codes:?}"
    );
    assert_eq!(
        test.archive.user_change(&owner, "li", Some(2), &change).await?.version,
        2,
        "nothing was new"
    );
    Ok(())
}

async fn the_last_administrator_stays(test: Arc<TestArchive>) -> Result<()> {
    let secret = test.gate.issue_first_link().await?;
    let admin = test
        .gate
        .redeem_first_link(&secret, &first(), HASH)
        .await?
        .session
        .asker;
    let owner = test.owner();
    let less = UserChange {
        roles: Some(Roles::parse("viewer")?),
        ..UserChange::default()
    };
    let lock = UserChange {
        locked: Some(true),
        ..UserChange::default()
    };
    let change =
        async |asker: &Asker, wanted: &UserChange| test.archive.user_change(asker, "王管理", None, wanted).await;
    assert_eq!(code(change(&owner, &less).await), "last_administrator");
    assert_eq!(code(change(&owner, &lock).await), "last_administrator");
    // One without a password cannot sign in, so it does not count.
    test.archive
        .user_add(&admin, &draft("second", "administrator")?)
        .await?;
    assert_eq!(code(change(&owner, &less).await), "last_administrator");
    test.archive.password_set(&admin, "second", HASH).await?;
    // Nobody changes their own rights, even where another administrator remains.
    assert_eq!(code(change(&admin, &less).await), "own_rights");
    assert_eq!(code(change(&admin, &lock).await), "own_rights");
    let own_name = UserChange {
        display_name: Some("王".to_owned()),
        ..UserChange::default()
    };
    let named = change(&admin, &own_name).await?;
    assert_eq!(named.display_name, "王");
    assert_eq!(change(&owner, &less).await?.version, named.version + 1);
    Ok(())
}

async fn names_are_one_account(test: Arc<TestArchive>) -> Result<()> {
    test.archive
        .user_add(&test.owner(), &draft("Li.Wei", "viewer")?)
        .await?;
    assert_eq!(
        code(
            test.archive
                .user_add(&test.owner(), &draft("ｌｉ.wei", "viewer")?)
                .await
        ),
        "already_exists"
    );
    assert_eq!(test.archive.user(&test.owner(), "LI.WEI").await?.name, "Li.Wei");
    let (one, two) = (draft("王", "viewer")?, draft("王", "auditor")?);
    let owner = test.owner();
    let (one, two) = tokio::join!(test.archive.user_add(&owner, &one), test.archive.user_add(&owner, &two));
    let codes = [code(one), code(two)];
    assert!(
        codes.contains(&"(no error)") && codes.contains(&"already_exists"),
        "{codes:?}"
    );
    Ok(())
}

async fn tokens_live_and_die(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let wei = test.person("wei", "viewer", SecurityLevel::INTERNAL, "").await?;
    let (token, secret) = test.archive.token_add(&li, "li", "台账", Scope::Write, 1).await?;
    assert!(secret.starts_with("dossier_"));
    assert_eq!(
        test.gate
            .token(&secret)
            .await?
            .map(|asker| asker.name().to_owned())
            .as_deref(),
        Some("li")
    );
    assert_eq!(test.archive.tokens(&li).await?.len(), 1);
    assert_eq!(test.archive.tokens(&wei).await?.len(), 0);
    assert_eq!(code(test.archive.token_revoke(&wei, &token.id).await), "not_found");
    assert_eq!(
        code(test.archive.token_revoke(&li, &TokenId::new(&test.environment)).await),
        "not_found"
    );
    test.pass(86_399);
    assert!(test.gate.token(&secret).await?.is_some());
    test.pass(1);
    assert!(test.gate.token(&secret).await?.is_none());
    let (token, secret) = test
        .archive
        .token_add(&test.owner(), "li", "x", Scope::Read, 366)
        .await?;
    test.archive.token_revoke(&li, &token.id).await?;
    test.archive.token_revoke(&li, &token.id).await?;
    assert!(test.gate.token(&secret).await?.is_none());
    assert!(
        test.archive
            .tokens(&li)
            .await?
            .first()
            .is_some_and(|token| token.revoked)
    );
    assert_eq!(
        code(test.archive.token_add(&li, "li", "x", Scope::Read, 367).await),
        "invalid_value"
    );
    assert_eq!(
        code(test.archive.token_add(&li, "wei", "x", Scope::Read, 1).await),
        "forbidden"
    );
    assert!(test.gate.token("dossier_").await?.is_none());
    Ok(())
}

async fn tokens_that_read_do_not_write(test: Arc<TestArchive>) -> Result<()> {
    let admin = test.person("li", "administrator", SecurityLevel::INTERNAL, "").await?;
    let (_, secret) = test.archive.token_add(&admin, "li", "x", Scope::Read, 1).await?;
    let reader = test.gate.token(&secret).await?.expect("the token is new");
    assert_eq!(test.archive.users(&reader).await?.len(), 1);
    assert_eq!(
        code(test.archive.user_add(&reader, &draft("b", "viewer")?).await),
        "forbidden"
    );
    assert_eq!(code(test.archive.password_set(&reader, "li", HASH).await), "forbidden");
    assert_eq!(
        code(test.archive.token_add(&reader, "li", "y", Scope::Write, 1).await),
        "forbidden"
    );
    assert_eq!(code(test.archive.language_set(&reader, "en").await), "forbidden");
    Ok(())
}

async fn only_administrators_administer(test: Arc<TestArchive>) -> Result<()> {
    let archivist = test
        .person("archivist", "viewer,archivist", SecurityLevel::Secret, "")
        .await?;
    let auditor = test.person("auditor", "auditor", SecurityLevel::Secret, "").await?;
    for asker in [&archivist, &auditor] {
        assert_eq!(
            code(test.archive.user_add(asker, &draft("x", "administrator")?).await),
            "forbidden"
        );
        assert_eq!(code(test.archive.issue_link_for(asker, "archivist").await), "forbidden");
        assert_eq!(
            code(test.archive.sessions_end(asker, "nobody", None).await),
            "forbidden"
        );
    }
    assert_eq!(code(test.archive.users(&archivist).await), "forbidden");
    assert_eq!(test.archive.users(&auditor).await?.len(), 2);
    assert_eq!(test.archive.user(&archivist, "archivist").await?.name, "archivist");
    assert_eq!(code(test.archive.user(&archivist, "auditor").await), "forbidden");
    test.archive.language_set(&archivist, "en").await?;
    assert_eq!(test.archive.user(&archivist, "archivist").await?.language, "en");
    assert_eq!(code(test.archive.language_set(&archivist, "de").await), "invalid_value");
    Ok(())
}

async fn signing_in_is_in_the_trail(test: Arc<TestArchive>) -> Result<()> {
    test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let opened = test
        .gate
        .open_session(&test.gate.password_of("li").await?.expect("it has a password"))
        .await?;
    let AttemptTurn::Now(attempt) = test.gate.attempt("li", Source::OwnSession).await? else {
        panic!("nobody has failed yet")
    };
    test.gate.attempt_failed(&attempt).await?;
    test.gate.close_session(&opened.secret).await?;
    let filter = EventFilter {
        limit: 3,
        ..EventFilter::default()
    };
    let events = test.archive.audit_events(&test.owner(), &filter).await?;
    let seen: Vec<_> = events
        .iter()
        .map(|event| (event.actor.as_str(), event.action.as_str(), event.outcome.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("li", "session.closed", "ok"),
            ("anonymous", "session.opened", "refused"),
            ("li", "session.opened", "ok")
        ]
    );
    assert_eq!(test.system.audit_verify().await?.problems, Vec::<String>::new());
    Ok(())
}

async fn secrets_are_not_in_the_record(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "administrator", SecurityLevel::INTERNAL, "").await?;
    let (_, token) = test.archive.token_add(&li, "li", "x", Scope::Read, 1).await?;
    let link = test.archive.issue_link_for(&li, "li").await?.secret;
    let opened = test.gate.redeem_link(&link, HASH).await?;
    let events = test
        .archive
        .audit_events(
            &test.owner(),
            &EventFilter {
                limit: 100,
                ..EventFilter::default()
            },
        )
        .await?;
    for event in events {
        let text = format!("{event:?}");
        for secret in [&token, &link, &opened.secret, &opened.session.csrf, &HASH.to_owned()] {
            assert!(!text.contains(secret.as_str()), "{text}");
        }
    }
    assert!(!format!("{opened:?}").contains(&opened.secret));
    Ok(())
}

async fn grants_are_checked(test: Arc<TestArchive>) -> Result<()> {
    let admin = test.person("li", "administrator", SecurityLevel::INTERNAL, "").await?;
    test.person("wei", "viewer", SecurityLevel::INTERNAL, "").await?;
    let grant = |user: &str, days: i64| GrantDraft {
        user_name: user.to_owned(),
        target: GrantTarget::Document(DocumentId::new(&test.environment).to_string()),
        purpose: "诉讼".to_owned(),
        from: test.now(),
        until: test.now().plus_seconds(days * 86_400),
    };
    let propose = async |draft: GrantDraft| code(test.archive.grant_propose(&admin, &draft).await);
    assert_eq!(propose(grant("wei", 3)).await, "not_found", "there is no such document");
    assert_eq!(propose(grant("wei", 0)).await, "invalid_value");
    assert_eq!(propose(grant("wei", 367)).await, "invalid_value");
    let listed = test.archive.grants(&admin, &GrantFilter::default(), 10).await?;
    assert!(listed.is_empty());
    Ok(())
}

async fn the_operating_system_user_has_no_account(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.gate.operating_system_user("root\n\u{0}");
    assert_eq!(owner.name(), "os:root");
    assert_eq!(owner.clearance(), SecurityLevel::Secret);
    assert_eq!(code(test.archive.language_set(&owner, "en").await), "needs_account");
    assert_eq!(
        code(test.archive.token_add(&owner, "os:root", "x", Scope::Read, 1).await),
        "not_found"
    );
    Ok(())
}
