//! The second factor: who must show it, what a code opens, and that none is used twice.

use crate::{
    cases,
    harness::{HASH, TestArchive, code},
};
use records::{
    Asker, Result, Role, SecurityLevel,
    audit::EventFilter,
    identity::{
        attempts::{AttemptTurn, Source},
        factor::{Awaits, FactorProof, HalfSession},
        gate::NewSession,
    },
    settings::SettingName,
};
use std::sync::Arc;

cases!(
    a_code_is_asked_for_and_used_once,
    a_half_session_opens_nothing_and_ends,
    recovery_codes_are_used_once,
    a_role_requires_one,
    a_new_password_is_no_second_factor,
    an_administrator_resets_it,
    guesses_of_codes_are_counted_by_themselves,
);

async fn sign_in(test: &TestArchive, name: &str) -> Result<NewSession> {
    let stored = test.gate.password_of(name).await?.expect("it has a password");
    test.gate.open_session(&stored).await
}

/// An account with a second factor, and its recovery codes.
async fn with_factor(test: &TestArchive, name: &str, level: SecurityLevel) -> Result<(Asker, Vec<String>)> {
    let asker = test.person(name, "viewer", level, "").await?;
    let secret = test.archive.factor_begin(&asker).await?;
    assert_eq!(secret.base32.len(), 32);
    let codes = test.archive.factor_confirm(&asker, 1000).await?;
    Ok((asker, codes))
}

async fn a_code_is_asked_for_and_used_once(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    // What is only begun is asked for by nobody.
    test.archive.factor_begin(&li).await?;
    assert_eq!(sign_in(&test, "li").await?.awaits, Awaits::Nothing);
    test.archive.factor_confirm(&li, 1000).await?;
    assert_eq!(code(test.archive.factor_begin(&li).await), "factor_is_on");
    assert_eq!(code(test.archive.factor_confirm(&li, 1001).await), "factor_is_on");
    assert!(test.archive.user(&test.owner(), "li").await?.has_second_factor);

    let half = sign_in(&test, "li").await?;
    assert_eq!(half.awaits, Awaits::Code);
    // The code with which it was confirmed is used already, and so are older ones.
    for used in [1000, 999] {
        let proof = FactorProof::Step(used);
        let tried = test.gate.session_completed(&half.secret, Some(&proof)).await?;
        assert!(tried.is_none(), "{used}");
    }
    assert!(test.gate.session_completed(&half.secret, None).await?.is_none());
    let step = FactorProof::Step(1001);
    let whole = test.gate.session_completed(&half.secret, Some(&step)).await?;
    let whole = whole.expect("the code is new");
    let asker = test.gate.session(&whole.secret).await?.expect("a session").asker;
    assert!(asker.has(Role::Viewer) && whole.secret != half.secret);
    assert!(
        test.gate.half_session(&half.secret).await?.is_none(),
        "it has become a whole one"
    );
    // The same code at another sign-in.
    let again = sign_in(&test, "li").await?;
    assert!(test.gate.session_completed(&again.secret, Some(&step)).await?.is_none());
    assert!(!test.archive.factor_off(&li, &step).await?);
    assert!(test.archive.factor_off(&li, &FactorProof::Step(1002)).await?);
    assert_eq!(sign_in(&test, "li").await?.awaits, Awaits::Nothing);
    let filter = EventFilter {
        limit: 100,
        ..EventFilter::default()
    };
    let told = test.archive.audit_events(&test.owner(), &filter).await?;
    let told: Vec<_> = told.iter().map(|event| event.action.as_str()).collect();
    for action in ["factor.begun", "factor.on", "factor.asked", "factor.off"] {
        assert!(told.contains(&action), "{action} in {told:?}");
    }
    Ok(())
}

async fn a_half_session_opens_nothing_and_ends(test: Arc<TestArchive>) -> Result<()> {
    let (li, _) = with_factor(&test, "li", SecurityLevel::Secret).await?;
    let half = sign_in(&test, "li").await?;
    assert!(test.gate.session(&half.secret).await?.is_none());
    let before = test.archive.sessions(&li, "li").await?.len();
    let HalfSession { asker, .. } = test.gate.half_session(&half.secret).await?.expect("waits for a code");
    assert!(asker.roles().is_empty() && asker.clearance() == SecurityLevel::PUBLIC);
    assert_eq!(code(test.archive.users(&asker).await), "forbidden");
    let listed = test.archive.sessions(&li, "li").await?;
    assert_eq!(listed.len(), before, "it is no session yet");
    test.pass(601);
    assert!(test.gate.half_session(&half.secret).await?.is_none());
    let late = test
        .gate
        .session_completed(&half.secret, Some(&FactorProof::Step(2000)))
        .await;
    assert_eq!(code(late), "account_changed");
    Ok(())
}

async fn recovery_codes_are_used_once(test: Arc<TestArchive>) -> Result<()> {
    let (li, codes) = with_factor(&test, "li", SecurityLevel::INTERNAL).await?;
    assert_eq!(codes.len(), 10);
    let first = codes.first().expect("ten");
    assert!(first.len() == 19 && codes.iter().filter(|code| *code == first).count() == 1);
    let complete = async |typed: &str| {
        let half = sign_in(&test, "li").await?;
        test.gate
            .session_completed(&half.secret, Some(&FactorProof::Recovery(typed)))
            .await
    };
    assert!(complete("0000-0000-0000-0000").await?.is_none());
    let typed = first.to_uppercase().replace('-', " ");
    assert!(complete(&typed).await?.is_some(), "as people type it");
    assert!(complete(first).await?.is_none(), "it was used");
    assert_eq!(test.archive.factor(&li, "li").await?.recovery_codes_left, 9);
    // New ones make the old ones void.
    let renewed = test.archive.recovery_codes_renew(&li, &FactorProof::Step(1001)).await?;
    let renewed = renewed.expect("the code is new");
    assert!(complete(codes.last().expect("ten")).await?.is_none());
    assert!(complete(renewed.last().expect("ten")).await?.is_some());
    // They are nobody else's.
    with_factor(&test, "wei", SecurityLevel::INTERNAL).await?;
    let half = sign_in(&test, "wei").await?;
    let proof = FactorProof::Recovery(renewed.first().expect("ten"));
    assert!(test.gate.session_completed(&half.secret, Some(&proof)).await?.is_none());
    Ok(())
}

async fn a_role_requires_one(test: Arc<TestArchive>) -> Result<()> {
    test.person("lin", "viewer,auditor", SecurityLevel::INTERNAL, "")
        .await?;
    test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let set = |value: &str| [(SettingName::SecondFactorRoles, value.to_owned())];
    assert_eq!(
        code(test.archive.settings_change(&test.owner(), &set("king"), None).await),
        "invalid_value"
    );
    let named = set("auditor, administrator");
    let changed = test.archive.settings_change(&test.owner(), &named, None).await?;
    assert!(changed.second_factor_roles.has(Role::Auditor));
    assert_eq!(sign_in(&test, "li").await?.awaits, Awaits::Nothing);
    let half = sign_in(&test, "lin").await?;
    assert_eq!(half.awaits, Awaits::Setup);
    assert!(test.gate.session(&half.secret).await?.is_none());
    let HalfSession { asker, .. } = test.gate.half_session(&half.secret).await?.expect("waits");
    // A code proves nothing where there is none; without setting up it stays half.
    let proof = FactorProof::Step(1000);
    assert!(test.gate.session_completed(&half.secret, Some(&proof)).await?.is_none());
    assert!(test.gate.session_completed(&half.secret, None).await?.is_none());
    test.archive.factor_begin(&asker).await?;
    assert!(test.gate.session_completed(&half.secret, None).await?.is_none());
    test.archive.factor_confirm(&asker, 1000).await?;
    let whole = test
        .gate
        .session_completed(&half.secret, None)
        .await?
        .expect("is set up");
    assert!(test.gate.session(&whole.secret).await?.is_some());
    Ok(())
}

async fn a_new_password_is_no_second_factor(test: Arc<TestArchive>) -> Result<()> {
    with_factor(&test, "li", SecurityLevel::INTERNAL).await?;
    let link = test.archive.issue_link_for(&test.owner(), "li").await?;
    let opened = test.gate.redeem_link(&link.secret, HASH).await?;
    assert_eq!(opened.awaits, Awaits::Code);
    assert!(test.gate.session(&opened.secret).await?.is_none());
    // Whoever has shown everything and changes the password stays in.
    let stored = test.gate.password_of("li").await?.expect("it has a password");
    let again = test.gate.open_session_again(&stored).await?;
    assert!(test.gate.session(&again.secret).await?.is_some());
    Ok(())
}

async fn an_administrator_resets_it(test: Arc<TestArchive>) -> Result<()> {
    let first = test
        .person("first", "administrator", SecurityLevel::INTERNAL, "")
        .await?;
    let second = test
        .person("second", "administrator", SecurityLevel::INTERNAL, "")
        .await?;
    let (li, _) = with_factor(&test, "li", SecurityLevel::INTERNAL).await?;
    with_factor(&test, "chief", SecurityLevel::Secret).await?;
    assert_eq!(code(test.archive.factor_reset(&li, "li").await), "forbidden");
    assert_eq!(
        code(test.archive.factor_reset(&first, "first").await),
        "factor_of_oneself"
    );
    assert_eq!(code(test.archive.factor_reset(&first, "second").await), "not_found");
    test.archive.factor_reset(&first, "li").await?;
    assert!(test.archive.sessions(&test.owner(), "li").await?.is_empty());
    assert_eq!(sign_in(&test, "li").await?.awaits, Awaits::Nothing);
    // For somebody with more clearance it takes two.
    assert_eq!(
        code(test.archive.factor_reset(&first, "chief").await),
        "second_must_agree"
    );
    assert_eq!(sign_in(&test, "chief").await?.awaits, Awaits::Code);
    let waiting = test.archive.acts_waiting(&second).await?.remove(0);
    test.archive.act_confirm(&second, &waiting.id).await?;
    assert_eq!(sign_in(&test, "chief").await?.awaits, Awaits::Nothing);
    Ok(())
}

async fn guesses_of_codes_are_counted_by_themselves(test: Arc<TestArchive>) -> Result<()> {
    with_factor(&test, "li", SecurityLevel::INTERNAL).await?;
    let mut guesses = 0;
    while let AttemptTurn::Now(guess) = test.gate.attempt("li", Source::Code).await? {
        test.gate.attempt_failed(&guess).await?;
        guesses += 1;
        assert!(guesses <= 100, "nobody guesses for ever");
        // A right password in between forgives no guess of a code.
        let door = Source::Door {
            network: "192.0.2.7",
            device: None,
        };
        if let AttemptTurn::Now(right) = test.gate.attempt("li", door).await? {
            test.gate.attempt_succeeded(&right).await?;
        }
    }
    assert!(guesses >= 1);
    Ok(())
}
