//! What is done with a document after it was filed: its record corrected, withdrawn and restored, sealed and shown to
//! one person, further customers named, a decision undone.

use crate::{
    cases,
    filing::{certain, file, registers, review, seen},
    harness::{TestArchive, code},
};
use records::{
    Asker, PartialDate, Result, Role, SecurityLevel,
    audit::EventFilter,
    documents::{CopyState, DocumentField as Field, DocumentState},
    ids::DocumentId,
    parties,
    permission::{
        grants::{GrantDraft, GrantFilter, GrantPhase, GrantState, GrantTarget},
        sealing::SealTerms,
    },
    places::OriginalState,
};
use std::sync::Arc;
use vocabulary::detail::DetailCode;

cases!(
    every_field_is_kept,
    a_field_that_cannot_be_is_refused,
    the_paper_follows_the_medium,
    withdrawn_ones_are_listed_and_restored_by_another,
    a_grant_takes_two_people,
    a_level_is_lowered_by_two,
    a_sealed_paper_is_shown_to_one_person,
    who_sealed_it_still_knows_of_it,
    an_archivist_grants_only_what_they_see,
    a_document_names_further_customers,
    an_undone_decision_leaves_no_trace_in_review,
);

fn level(number: i64) -> SecurityLevel {
    SecurityLevel::from_number(number).expect("0 to 3")
}

async fn change(test: &TestArchive, asker: &Asker, id: &DocumentId, fields: &[(Field, &str)]) -> Result<i64> {
    let document = seen(test, id).await?;
    let mut draft = document.draft()?;
    for (field, text) in fields {
        draft.set(*field, text)?;
    }
    test.archive
        .document_change(asker, id, document.row.version, &draft)
        .await
}

async fn every_field_is_kept(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let fields = [
        (Field::Title, "运维服务合同"),
        (Field::Kind, "application_form"),
        (Field::Number, "HT-2024-0117"),
        (Field::Date, "2024-05-13"),
        (Field::ValidFrom, "2024-06"),
        (Field::ValidUntil, "长期"),
        (Field::PagesDeclared, "12"),
        (Field::Medium, "photograph"),
        (Field::CopyState, "verified_copy"),
        (Field::VerifiedBy, "林静"),
        (Field::VerifiedOn, "2024-05-14"),
        (Field::Counterpart, "duplicate"),
        (Field::Copies, "3"),
        (Field::Seals, "公章; 合同专用章"),
        (Field::FormCode, "qms-pm-31301"),
        (Field::SecurityLevel, "2"),
        (Field::Department, "信贷部"),
        (Field::Site, "西湖营业厅"),
        (Field::RetentionClass, "30年"),
    ];
    assert_eq!(fields.len(), Field::ALL.len());
    let version = change(&test, &test.owner(), &id, &fields).await?;
    let document = seen(&test, &id).await?;
    assert_eq!(document.row.version, version);
    let draft = document.draft()?;
    for (field, text) in fields {
        assert_eq!(draft.text(field), text, "{field:?}");
    }
    let entry = test.system.documents_for_index(&[document.row.uid]).await?;
    let entry = entry.first().expect("it is there");
    assert_eq!(
        (
            entry.site.as_str(),
            entry.copy_state,
            entry.particulars.form_code.as_str()
        ),
        ("西湖营业厅", CopyState::VerifiedCopy, "qms-pm-31301")
    );
    // Another department no longer sees it, whoever has the clearance.
    let other = test.person("wang", "viewer", level(3), "业务部").await?;
    let own = test.person("li", "viewer", level(3), "信贷部").await?;
    assert!(test.archive.document(&other, id.as_str()).await?.is_none());
    assert!(test.archive.document(&own, id.as_str()).await?.is_some());
    Ok(())
}

async fn a_field_that_cannot_be_is_refused(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let archivist = test.person("wei", "viewer,archivist", level(1), "").await?;
    let tried = async |fields: &[(Field, &str)]| code(change(&test, &archivist, &id, fields).await);
    assert_eq!(tried(&[(Field::Kind, "no_such_kind")]).await, "invalid_value");
    assert_eq!(tried(&[(Field::CopyState, "verified_copy")]).await, "invalid_value");
    assert_eq!(tried(&[(Field::VerifiedBy, "林静")]).await, "invalid_value");
    assert_eq!(
        tried(&[(Field::ValidFrom, "2025"), (Field::ValidUntil, "2024")]).await,
        "invalid_value"
    );
    assert_eq!(tried(&[(Field::SecurityLevel, "3")]).await, "level_above_clearance");
    let viewer = test.person("li", "viewer", level(3), "").await?;
    assert_eq!(
        code(change(&test, &viewer, &id, &[(Field::Title, "x")]).await),
        "forbidden"
    );
    let document = seen(&test, &id).await?;
    let draft = document.draft()?;
    assert_eq!(
        code(test.archive.document_change(&archivist, &id, 7, &draft).await),
        "version_conflict"
    );
    assert_eq!(document.row.version, 1, "nothing was changed");
    Ok(())
}

async fn the_paper_follows_the_medium(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    change(&test, &owner, &id, &[(Field::Medium, "digital")]).await?;
    assert_eq!(
        seen(&test, &id).await?.row.place.state,
        None,
        "there is nothing to shelve"
    );
    change(&test, &owner, &id, &[(Field::Medium, "film")]).await?;
    let state = seen(&test, &id).await?.row.place.state;
    assert_eq!(state, Some(OriginalState::ToBeShelved));
    test.archive
        .put_away_document(&owner, id.as_str(), None, "K1-01-1", "")
        .await?;
    assert_eq!(
        code(change(&test, &owner, &id, &[(Field::Medium, "digital")]).await),
        "invalid_value",
        "what stands on a shelf does not vanish"
    );
    Ok(())
}

async fn withdrawn_ones_are_listed_and_restored_by_another(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let filed = file(&test, "a", certain(&test, "KH-1").await?, Some("K1-01-1")).await?;
    let waiting = file(&test, "b", review(&test).await?, None).await?;
    let wei = test.person("wei", "viewer,archivist", level(2), "").await?;
    let low = test.person("low", "viewer,archivist", level(0), "").await?;
    let viewer = test.person("li", "viewer", level(2), "").await?;
    let before = test.archive.holdings(&viewer).await?;
    test.archive.document_withdraw(&wei, &filed, 1, "扫描了两次").await?;
    test.pass(1);
    test.archive
        .document_withdraw(&wei, &waiting, 1, "不是客户文件")
        .await?;
    assert_eq!(test.archive.holdings(&viewer).await?, (before.0 - 2, before.1 - 4, 0));
    assert_eq!(test.archive.review_count(&wei).await?, 0);
    assert!(test.archive.page(&wei, &filed, 1).await?.is_none());
    assert!(test.archive.placement_history(&wei, filed.as_str()).await?.is_none());
    assert!(test.archive.documents_of_customer(&wei, "KH-1").await?.is_empty());
    let listed = test.archive.withdrawn(&wei, 0, 10).await?;
    let shown: Vec<_> = listed
        .iter()
        .map(|row| (row.id.as_str(), row.reason.as_str(), row.by.as_str(), row.may_restore))
        .collect();
    assert_eq!(
        shown,
        [
            (waiting.as_str(), "不是客户文件", "wei", false),
            (filed.as_str(), "扫描了两次", "wei", false)
        ]
    );
    assert!(listed.iter().all(|row| row.at.is_some()));
    assert!(
        test.archive.withdrawn(&low, 0, 10).await?.is_empty(),
        "it is above this clearance"
    );
    assert_eq!(code(test.archive.withdrawn(&viewer, 0, 10).await), "forbidden");
    // The refusal says who may: nobody yet, then the other archivist.
    let refused = test.archive.document_restore(&wei, &filed).await;
    let words = refused.expect_err("it takes a second person").to_string();
    assert!(words.contains("no other archivist"), "{words}");
    let chen = test.person("chen", "viewer,archivist", level(1), "").await?;
    let words = test.archive.document_restore(&wei, &filed).await;
    assert!(words.expect_err("still").to_string().contains("ask chen"));
    let others = test.archive.withdrawn_restorers(&wei, level(1)).await?;
    assert_eq!(others, ["chen"]);
    assert_eq!(code(test.archive.document_restore(&low, &filed).await), "not_found");
    test.archive.document_restore(&chen, &filed).await?;
    test.archive.document_restore(&chen, &waiting).await?;
    assert_eq!(seen(&test, &filed).await?.row.state, DocumentState::Filed);
    assert_eq!(seen(&test, &waiting).await?.row.state, DocumentState::InReview);
    assert_eq!(seen(&test, &filed).await?.row.place.location_code, "K1-01-1");
    assert_eq!(test.archive.holdings(&viewer).await?, before);
    assert_eq!(code(test.archive.document_restore(&chen, &filed).await), "not_found");
    Ok(())
}

fn grant(test: &TestArchive, user: &str, target: GrantTarget, days: i64) -> GrantDraft {
    GrantDraft {
        user_name: user.to_owned(),
        target,
        purpose: "诉讼".to_owned(),
        from: test.now(),
        until: test.now().plus_seconds(days * 86_400),
    }
}

async fn a_grant_takes_two_people(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let zhou = test.person("zhou", "viewer", level(0), "").await?;
    let lin = test.person("lin", "viewer,administrator", level(2), "").await?;
    let wei = test.person("wei", "viewer,archivist", level(2), "").await?;
    let target = || GrantTarget::Document(id.to_string());
    assert_eq!(
        code(
            test.archive
                .grant_propose(&lin, &grant(&test, "lin", target(), 3))
                .await
        ),
        "grant_to_self",
        "nobody grants to themselves"
    );
    assert_eq!(
        code(
            test.archive
                .grant_propose(&zhou, &grant(&test, "wei", target(), 3))
                .await
        ),
        "forbidden"
    );
    let made = test
        .archive
        .grant_propose(&lin, &grant(&test, "zhou", target(), 3))
        .await?;
    assert_eq!((made.state, made.title.as_str()), (GrantState::Proposed, "服务合同"));
    // Who proposed it cannot confirm it; the refusal says who can, or what to do when nobody can.
    let words = test.archive.grant_confirm(&lin, &made.id).await;
    assert!(
        words
            .expect_err("one person")
            .to_string()
            .contains("let an archivist propose it")
    );
    assert_eq!(code(test.archive.grant_confirm(&wei, &made.id).await), "forbidden");
    let chen = test.person("chen", "viewer,administrator", level(2), "").await?;
    let words = test.archive.grant_confirm(&lin, &made.id).await;
    assert!(words.expect_err("one person").to_string().contains("ask chen"));
    assert_eq!(test.archive.grant_confirmers(&lin, &made.id).await?, ["chen"]);
    assert!(test.archive.document(&zhou, id.as_str()).await?.is_none());
    let held = test.archive.grant_confirm(&chen, &made.id).await?;
    assert_eq!(held.phase(test.now()), GrantPhase::Holding);
    assert_eq!(
        code(test.archive.grant_confirm(&chen, &made.id).await),
        "grant_closed",
        "once"
    );
    // An archivist's proposal needs one administrator; who is to see may not confirm it.
    let other = test
        .archive
        .grant_propose(&wei, &grant(&test, "chen", target(), 3))
        .await?;
    assert_eq!(
        code(test.archive.grant_confirm(&chen, &other.id).await),
        "grant_needs_second"
    );
    let closed = test.archive.grant_refuse(&lin, &other.id, "无此必要").await?;
    assert_eq!(
        (closed.phase(test.now()), closed.closed_reason.as_str()),
        (GrantPhase::Refused, "无此必要")
    );
    assert_eq!(
        code(test.archive.grant_revoke(&lin, &other.id, "x").await),
        "grant_closed"
    );
    // Its owner sees it listed; others see only what concerns them.
    let listed = test.archive.grants(&zhou, &GrantFilter::default(), 10).await?;
    assert_eq!(listed.iter().map(|grant| &grant.id).collect::<Vec<_>>(), [&made.id]);
    let open = GrantFilter {
        target: Some(target()),
        open_only: true,
    };
    assert_eq!(test.archive.grants(&lin, &open, 10).await?.len(), 1);
    assert_eq!(test.archive.grants(&wei, &GrantFilter::default(), 10).await?.len(), 1);
    test.pass(3 * 86_400);
    assert!(
        test.archive.grants(&lin, &open, 10).await?.is_empty(),
        "it ended by itself"
    );
    // A proposal that nobody confirmed in time is over.
    let late = test
        .archive
        .grant_propose(&lin, &grant(&test, "zhou", target(), 1))
        .await?;
    test.pass(86_400);
    assert_eq!(code(test.archive.grant_confirm(&chen, &late.id).await), "grant_is_over");
    Ok(())
}

/// The asker of a person as their next request has it, with the grants that hold now.
async fn again(test: &TestArchive, name: &str) -> Result<Asker> {
    let stored = test.gate.password_of(name).await?.expect("it has a password");
    Ok(test.gate.open_session(&stored).await?.session.asker)
}

async fn a_level_is_lowered_by_two(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let lin = test.person("lin", "archivist", level(3), "").await?;
    let wei = test.person("wei", "archivist", level(3), "").await?;
    let low = test.person("low", "archivist", level(1), "").await?;
    change(&test, &lin, &id, &[(Field::SecurityLevel, "2")]).await?;
    let fields = [(Field::SecurityLevel, "0"), (Field::Title, "另一个题名")];
    assert_eq!(code(change(&test, &lin, &id, &fields).await), "second_must_agree");
    assert_ne!(
        seen(&test, &id).await?.row.title,
        "另一个题名",
        "nothing of it is written"
    );
    // Another level is another question; whoever may not see the document hears nothing of it.
    assert_eq!(
        code(change(&test, &wei, &id, &[(Field::SecurityLevel, "1")]).await),
        "second_must_agree"
    );
    assert!(test.archive.acts_waiting(&low).await?.is_empty());
    let asked = test.archive.acts_waiting(&wei).await?;
    let of_lin = asked.iter().find(|act| act.by == "lin").expect("lin has asked");
    assert_eq!(code(test.archive.act_confirm(&low, &of_lin.id).await), "not_found");
    // Somebody writes in between; the level alone is lowered, to what was asked for.
    change(&test, &lin, &id, &[(Field::Title, "运维服务合同")]).await?;
    test.archive.act_confirm(&wei, &of_lin.id).await?;
    let now = seen(&test, &id).await?.row;
    assert_eq!((now.title.as_str(), now.security_level), ("运维服务合同", level(0)));
    assert!(test.archive.acts_waiting(&wei).await?.is_empty());
    Ok(())
}

async fn a_sealed_paper_is_shown_to_one_person(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    test.person("zhou", "viewer", level(1), "").await?;
    let wang = test.person("wang", "viewer", level(3), "").await?;
    let lin = test.person("lin", "viewer,administrator", level(3), "").await?;
    let chen = test
        .person("chen", "viewer,administrator,auditor", level(3), "")
        .await?;
    let wei = test.person("wei", "viewer,archivist", level(3), "").await?;
    let seal = SealTerms {
        reason: "诉讼期间".to_owned(),
        until: PartialDate::parse("2026-12-31")?,
    };
    test.archive.document_seal(&lin, &id, 1, &seal).await?;
    let target = || GrantTarget::Document(id.to_string());
    assert_eq!(
        code(
            test.archive
                .grant_propose(&wei, &grant(&test, "zhou", target(), 3))
                .await
        ),
        "not_found",
        "an archivist does not know of it"
    );
    let made = test
        .archive
        .grant_propose(&lin, &grant(&test, "zhou", target(), 3))
        .await?;
    assert_eq!(made.title, "", "not even who seals it reads it");
    test.archive.grant_confirm(&chen, &made.id).await?;
    let zhou = again(&test, "zhou").await?;
    let shown = test.archive.document(&zhou, id.as_str()).await?.expect("by the grant");
    assert!(shown.by_grant);
    assert!(test.archive.page_text(&zhou, &id, 1).await?.is_some());
    for asker in [&wang, &lin, &wei, &test.owner()] {
        assert!(
            test.archive.document(asker, id.as_str()).await?.is_none(),
            "{}",
            asker.name()
        );
    }
    // Each use is in the trail, under the document.
    test.archive.page(&zhou, &id, 1).await?;
    let filter = EventFilter {
        action: "grant.used".to_owned(),
        limit: 10,
        ..EventFilter::default()
    };
    let uses = test.archive.audit_events(&chen, &filter).await?;
    let uses: Vec<_> = uses
        .iter()
        .map(|event| (event.actor.as_str(), event.object_id.as_str()))
        .collect();
    assert_eq!(uses, [("zhou", id.as_str()), ("zhou", id.as_str())]);
    let listed = test.archive.sealed(&lin, 10).await?;
    let names: Vec<_> = listed[0]
        .shown_to
        .iter()
        .map(|(name, until)| (name.as_str(), *until))
        .collect();
    assert_eq!(names, [("zhou", made.until)]);
    // It ends at once when it is revoked.
    test.archive.grant_revoke(&lin, &made.id, "已结案").await?;
    assert!(
        test.archive
            .document(&again(&test, "zhou").await?, id.as_str())
            .await?
            .is_none()
    );
    Ok(())
}

async fn who_sealed_it_still_knows_of_it(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let lin = test.person("lin", "viewer,administrator", level(1), "").await?;
    let low = test.person("low", "viewer,administrator", level(0), "").await?;
    let seal = SealTerms {
        reason: "诉讼期间".to_owned(),
        until: PartialDate::parse("2026-12-31")?,
    };
    test.archive.document_seal(&lin, &id, 1, &seal).await?;
    let row = test.archive.sealed(&lin, 10).await?.pop().expect("one is sealed");
    assert_eq!(
        (
            row.title.as_str(),
            row.sealed_by.as_str(),
            row.reason.as_str(),
            row.until.as_str()
        ),
        ("服务合同", "lin", "诉讼期间", "2026-12-31")
    );
    assert_eq!(row.sealed_at, Some(test.now()));
    let row = test.archive.sealed(&low, 10).await?.pop().expect("one is sealed");
    assert_eq!(row.title, "", "its title is above this clearance");
    // Whoever is administrator no more still sees what they sealed, and nothing else.
    let user = test.archive.user(&test.owner(), "lin").await?;
    let less = records::identity::UserChange {
        roles: Some(records::Roles::default().with(Role::Viewer)),
        clearance: Some(level(1)),
        ..Default::default()
    };
    test.archive
        .user_change(&test.owner(), "lin", Some(user.version), &less)
        .await?;
    let lin = again(&test, "lin").await?;
    assert_eq!(test.archive.sealed(&lin, 10).await?.len(), 1);
    assert!(test.archive.document(&lin, id.as_str()).await?.is_none());
    test.archive.document_unseal(&test.owner(), &id, "已结案").await?;
    assert_eq!(code(test.archive.sealed(&lin, 10).await), "forbidden");
    Ok(())
}

async fn an_archivist_grants_only_what_they_see(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    test.person("zhou", "viewer", level(0), "").await?;
    let wei = test.person("wei", "viewer,archivist", level(0), "").await?;
    let whole = || GrantTarget::Dossier("KH-1".to_owned());
    assert_eq!(
        code(
            test.archive
                .grant_propose(&wei, &grant(&test, "zhou", GrantTarget::Document(id.to_string()), 3))
                .await
        ),
        "not_found"
    );
    assert_eq!(
        code(
            test.archive
                .grant_propose(&wei, &grant(&test, "zhou", whole(), 3))
                .await
        ),
        "dossier_hidden",
        "the dossier holds a paper above this clearance"
    );
    let chen = test.person("chen", "viewer,archivist", level(1), "").await?;
    let made = test
        .archive
        .grant_propose(&chen, &grant(&test, "zhou", whole(), 3))
        .await?;
    let lin = test.person("lin", "administrator", level(0), "").await?;
    test.archive.grant_confirm(&lin, &made.id).await?;
    let zhou = again(&test, "zhou").await?;
    assert!(test.archive.document(&zhou, id.as_str()).await?.is_some());
    // Whoever proposed it may take it back.
    test.archive.grant_revoke(&chen, &made.id, "不再需要").await?;
    assert!(
        test.archive
            .document(&again(&test, "zhou").await?, id.as_str())
            .await?
            .is_none()
    );
    Ok(())
}

async fn a_document_names_further_customers(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let owner = test.owner();
    let guarantor = parties::PartyRoleKind::parse("guarantor");
    let add = async |version, code: &str| {
        test.archive
            .document_customer_add(&owner, &id, version, code, &guarantor)
            .await
    };
    assert_eq!(code(add(1, "KH-9").await), "not_found");
    assert_eq!(code(add(1, "KH-1").await), "already_exists", "it lies in this dossier");
    add(1, "KH-2").await?;
    assert_eq!(code(add(1, "KH-2").await), "already_exists");
    assert_eq!(code(add(7, "KH-2").await), "version_conflict");
    let document = seen(&test, &id).await?;
    let named: Vec<_> = document
        .named
        .iter()
        .map(|named| (named.code.as_str(), named.role.as_str()))
        .collect();
    assert_eq!(named, [("KH-2", "guarantor")]);
    let naming = test.archive.documents_naming(&owner, "KH-2").await?;
    let naming: Vec<_> = naming
        .iter()
        .map(|(row, role)| (row.id.as_str(), row.customer_code.as_str(), role.as_str()))
        .collect();
    assert_eq!(naming, [(id.as_str(), "KH-1", "guarantor")]);
    assert!(test.archive.documents_naming(&owner, "KH-1").await?.is_empty());
    let entry = test.system.documents_for_index(&[document.row.uid]).await?;
    let other = test.system.customer_by_code("KH-2").await?.expect("is there");
    assert_eq!(entry[0].also_names, [other.uid], "full text finds it there too");
    let public = test.person("public", "viewer", level(0), "").await?;
    assert!(
        test.archive.documents_naming(&public, "KH-2").await?.is_empty(),
        "within sight"
    );
    test.archive
        .document_customer_remove(&owner, &id, 1, "KH-2", &guarantor)
        .await?;
    assert!(seen(&test, &id).await?.named.is_empty());
    assert_eq!(
        code(
            test.archive
                .document_customer_remove(&owner, &id, 1, "KH-2", &guarantor)
                .await
        ),
        "not_found"
    );
    Ok(())
}

async fn an_undone_decision_leaves_no_trace_in_review(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = file(&test, "a", review(&test).await?, None).await?;
    let before = test.archive.review_queue(&owner, 0, 1).await?.pop().expect("it waits");
    let states = |item: &records::documents::ReviewItem| {
        let states = item.proposals.iter();
        states
            .map(|proposal| (proposal.customer_code.clone(), proposal.state))
            .collect::<Vec<_>>()
    };
    let version = test.archive.document_link(&owner, &id, 1, "KH-2").await?;
    // A correction of the decision before the undo must not become what it goes back to.
    let version = test.archive.document_link(&owner, &id, version, "KH-1").await?;
    assert_eq!(
        code(test.archive.document_unlink(&owner, &id, 1, "").await),
        "version_conflict"
    );
    let version = test.archive.document_unlink(&owner, &id, version, "").await?;
    let after = test
        .archive
        .review_queue(&owner, 0, 1)
        .await?
        .pop()
        .expect("it waits again");
    assert_eq!((&after.reason, &after.detail), (&before.reason, &before.detail));
    assert!(!after.reason.is_empty());
    assert_eq!(states(&after), states(&before));
    assert_eq!(
        code(test.archive.document_unlink(&owner, &id, version, "").await),
        "document_cannot",
        "it waits already"
    );
    // What never waited waits for the reason that is given.
    let filed = file(&test, "b", certain(&test, "KH-1").await?, None).await?;
    test.archive.document_unlink(&owner, &filed, 1, "印章是别家的").await?;
    let item = test.archive.review_queue(&owner, 0, 9).await?.pop().expect("it waits");
    assert_eq!(
        (item.reason.as_str(), item.detail),
        (
            "customer_unknown",
            Some(DetailCode::SentBackBecause.with("印章是别家的"))
        )
    );
    Ok(())
}
