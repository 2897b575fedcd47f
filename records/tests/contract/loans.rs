//! Lending: due by its class, signed step by step, kept in a queue, counted when it comes back, back in its own place.

use crate::{
    cases,
    filing::{certain, file, registers, seen},
    harness::{TestArchive, code},
};
use records::{
    Asker, Result, SecurityLevel,
    documents::DocumentField,
    history::instant,
    ids::DocumentId,
    loans::{
        IncidentKind, LoanClass, LoanDraft, LoanFilter, LoanList, LoanState, LoanUse, OriginalState, ReturnCondition,
        ReturnDraft,
    },
    places::ContainerDraft,
    settings::SettingName,
};
use std::sync::Arc;
use vocabulary::PlacementEvent;

cases!(
    a_loan_of_monday_is_due_on_thursday,
    every_step_is_signed_by_another,
    executives_skip_approval_and_not_the_register,
    what_is_out_is_waited_for_in_turn,
    eleven_of_twelve_pages_open_an_incident,
    what_came_back_goes_to_its_own_place,
    nobody_lends_above_a_clearance_or_out_of_sight,
    what_is_fetched_is_in_walking_order,
);

const MONDAY: &str = "2026-03-02T02:00:00Z";

fn draft(thing: &DocumentId, borrower: &str) -> LoanDraft {
    LoanDraft {
        things: vec![thing.to_string()],
        borrower: borrower.to_owned(),
        department: "法务部".to_owned(),
        purpose: "应诉核对".to_owned(),
        copies: 1,
        until: String::new(),
        class: LoanClass::Days,
        place_of_use: LoanUse::Office,
        is_signed: true,
        at_once: true,
    }
}

fn back(pages: Option<i64>, condition: ReturnCondition) -> ReturnDraft {
    ReturnDraft {
        things: Vec::new(),
        pages,
        condition,
        received_by: "王芳".to_owned(),
        note: String::new(),
    }
}

fn listed(list: LoanList) -> LoanFilter {
    LoanFilter {
        list: Some(list),
        ..LoanFilter::default()
    }
}

async fn archivist(test: &TestArchive, name: &str) -> Result<Asker> {
    test.person(name, "archivist", SecurityLevel::Secret, "档案室").await
}

/// A document of twelve pages at a place, on Monday morning.
async fn shelved(test: &TestArchive, name: &str, place: &str) -> Result<DocumentId> {
    let id = file(test, name, certain(test, "KH-1").await?, None).await?;
    let document = seen(test, &id).await?;
    let mut draft = document.draft()?;
    draft.set(DocumentField::PagesDeclared, "12")?;
    let owner = test.owner();
    test.archive
        .document_change(&owner, &id, document.row.version, &draft)
        .await?;
    test.archive
        .put_away_document(&owner, id.as_str(), None, place, place)
        .await?;
    Ok(id)
}

async fn begin(test: &TestArchive) -> Result<DocumentId> {
    registers(test).await?;
    test.clock.set(instant(MONDAY).expect("an instant"));
    shelved(test, "a", "K1-01-1").await
}

async fn settings(test: &TestArchive, changes: &[(SettingName, &str)]) -> Result<()> {
    let changes: Vec<_> = changes
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    test.archive.settings_change(&test.owner(), &changes, None).await?;
    Ok(())
}

async fn state(test: &TestArchive, id: &DocumentId) -> Result<Option<OriginalState>> {
    Ok(seen(test, id).await?.row.place.state)
}

async fn a_loan_of_monday_is_due_on_thursday(test: Arc<TestArchive>) -> Result<()> {
    let id = begin(&test).await?;
    let lin = archivist(&test, "lin").await?;
    let late = LoanDraft {
        until: "2026-03-06".to_owned(),
        ..draft(&id, "张三")
    };
    assert_eq!(code(test.archive.loan_ask(&lin, &late).await), "loan_too_long");
    assert_eq!(
        state(&test, &id).await?,
        Some(OriginalState::InPlace),
        "nothing was lent"
    );
    let loan = test.archive.loan_ask(&lin, &draft(&id, "张三")).await?;
    assert_eq!(
        (loan.no.as_str(), loan.state, loan.due_on.as_str()),
        ("JY-2026-0001", LoanState::Out, "2026-03-05")
    );
    assert_eq!(loan.due_at.rfc3339(), "2026-03-05T09:30:00Z");
    assert_eq!(state(&test, &id).await?, Some(OriginalState::OnLoan));
    test.clock.set(instant("2026-03-05T15:59:00Z").expect("an instant"));
    assert!(
        test.archive.loans(&lin, &listed(LoanList::Overdue)).await?.is_empty(),
        "Thursday is in time"
    );
    test.clock.set(instant("2026-03-06T01:00:00Z").expect("an instant"));
    let overdue = test.archive.loans(&lin, &listed(LoanList::Overdue)).await?;
    assert_eq!(overdue.len(), 1);
    assert_eq!((overdue[0].days_late, overdue[0].borrower.as_str()), (1, "张三"));
    let chain = test
        .archive
        .placement_history(&lin, id.as_str())
        .await?
        .expect("it is seen");
    assert_eq!(
        (chain[0].event, chain[0].slip.as_str()),
        (PlacementEvent::Lent, "JY-2026-0001 张三")
    );
    assert_eq!(chain[0].from, chain[1].until.expect("it ended"), "no gap");
    // Nothing that is out is put away past the register.
    let past = test
        .archive
        .put_away_document(&lin, id.as_str(), None, "K1-01-2", "")
        .await;
    assert_eq!(code(past), "original_cannot_move");
    Ok(())
}

async fn every_step_is_signed_by_another(test: Arc<TestArchive>) -> Result<()> {
    let id = begin(&test).await?;
    settings(
        &test,
        &[
            (SettingName::LoanSteps, "3"),
            (SettingName::LoanHeads, "法务部 = zhao"),
            (SettingName::LoanExecutives, "chen"),
        ],
    )
    .await?;
    let level = SecurityLevel::Secret;
    let zhang = test.person("zhang", "viewer", level, "法务部").await?;
    let zhao = test.person("zhao", "viewer", level, "法务部").await?;
    let chen = test.person("chen", "viewer", level, "").await?;
    let lin = archivist(&test, "lin").await?;
    let loan = test.archive.loan_ask(&zhang, &draft(&id, "")).await?;
    assert_eq!(
        (loan.state, loan.steps.len(), loan.borrower.as_str()),
        (LoanState::Asked, 3, "zhang")
    );
    let no = loan.no;
    assert_eq!(
        code(test.archive.loan_issue(&lin, &no, true).await),
        "loan_cannot",
        "no step is skipped"
    );
    assert_eq!(
        code(test.archive.loan_decide(&zhang, &no, true, "").await),
        "loan_of_oneself"
    );
    assert_eq!(
        code(test.archive.loan_decide(&lin, &no, true, "").await),
        "loan_step_of_others"
    );
    let mine = LoanFilter {
        to_decide: true,
        ..LoanFilter::default()
    };
    assert_eq!(test.archive.loans(&zhao, &mine).await?.len(), 1);
    assert!(test.archive.loans(&lin, &mine).await?.is_empty());
    test.archive.loan_decide(&zhao, &no, true, "").await?;
    assert_eq!(test.archive.loans(&lin, &mine).await?.len(), 1);
    test.archive.loan_decide(&lin, &no, true, "").await?;
    let approved = test.archive.loan_decide(&chen, &no, true, "").await?;
    assert_eq!(approved.state, LoanState::Approved);
    assert_eq!(code(test.archive.loan_issue(&zhang, &no, true).await), "forbidden");
    let out = test.archive.loan_issue(&lin, &no, false).await?;
    assert_eq!((out.state, out.confirmed_by.as_str()), (LoanState::Out, "zhang"));
    // Another is refused with a reason, and nobody signs it any more.
    let other = test.archive.loan_ask(&zhang, &draft(&id, "")).await?;
    assert_eq!(
        code(test.archive.loan_decide(&zhao, &other.no, false, "").await),
        "invalid_value"
    );
    let refused = test.archive.loan_decide(&zhao, &other.no, false, "请看扫描件").await?;
    assert_eq!(
        (refused.state, refused.closed_reason.as_str()),
        (LoanState::Refused, "请看扫描件")
    );
    assert_eq!(
        code(test.archive.loan_decide(&zhao, &other.no, true, "").await),
        "loan_cannot"
    );
    Ok(())
}

async fn executives_skip_approval_and_not_the_register(test: Arc<TestArchive>) -> Result<()> {
    let id = begin(&test).await?;
    settings(
        &test,
        &[(SettingName::LoanSteps, "1"), (SettingName::LoanExecutives, "chen")],
    )
    .await?;
    let chen = test.person("chen", "viewer", SecurityLevel::Secret, "").await?;
    let lin = archivist(&test, "lin").await?;
    let loan = test.archive.loan_ask(&chen, &draft(&id, "")).await?;
    assert_eq!((loan.state, loan.steps.len()), (LoanState::Approved, 0));
    test.archive.loan_issue(&lin, &loan.no, false).await?;
    let register = LoanFilter {
        ever_out: true,
        ..LoanFilter::default()
    };
    let lines = test.archive.loans(&lin, &register).await?;
    assert_eq!((lines.len(), lines[0].borrower.as_str()), (1, "chen"));
    // What an archivist enters for somebody without a signature is not handed out.
    let other = shelved(&test, "b", "K1-01-2").await?;
    let unsigned = LoanDraft {
        is_signed: false,
        at_once: false,
        ..draft(&other, "chen")
    };
    let slip = test.archive.loan_ask(&lin, &unsigned).await?;
    assert_eq!(
        code(test.archive.loan_issue(&lin, &slip.no, false).await),
        "loan_incomplete"
    );
    assert_eq!(
        test.archive.loan_issue(&lin, &slip.no, true).await?.state,
        LoanState::Out
    );
    Ok(())
}

async fn what_is_out_is_waited_for_in_turn(test: Arc<TestArchive>) -> Result<()> {
    let id = begin(&test).await?;
    let lin = archivist(&test, "lin").await?;
    let first = test.archive.loan_ask(&lin, &draft(&id, "张三")).await?;
    let second = test.archive.loan_ask(&lin, &draft(&id, "李四")).await?;
    let third = test.archive.loan_ask(&lin, &draft(&id, "王五")).await?;
    assert_eq!((second.state, third.state), (LoanState::Held, LoanState::Held));
    assert_eq!(
        code(test.archive.loan_issue(&lin, &second.no, true).await),
        "thing_is_out"
    );
    assert_eq!(test.archive.loans(&lin, &listed(LoanList::Held)).await?.len(), 2);
    let done = test
        .archive
        .loan_return(&lin, &first.no, &back(None, ReturnCondition::Intact))
        .await?;
    assert_eq!(
        (done.state, done.lines[0].received_by.as_str()),
        (LoanState::Returned, "王芳")
    );
    assert_eq!(
        code(test.archive.loan_issue(&lin, &third.no, true).await),
        "thing_is_wanted"
    );
    assert_eq!(
        test.archive.loan_issue(&lin, &second.no, true).await?.state,
        LoanState::Out
    );
    // Nothing is passed on: it comes back first.
    assert_eq!(
        code(test.archive.loan_issue(&lin, &third.no, true).await),
        "thing_is_out"
    );
    let again = test
        .archive
        .loan_return(&lin, &first.no, &back(None, ReturnCondition::Intact))
        .await;
    assert_eq!(code(again), "loan_cannot");
    let gone = test.archive.loan_cancel(&lin, &third.no, "不再需要").await?;
    assert_eq!(gone.state, LoanState::Cancelled);
    assert_eq!(
        code(test.archive.loan_cancel(&lin, &second.no, "不再需要").await),
        "loan_cannot"
    );
    Ok(())
}

async fn eleven_of_twelve_pages_open_an_incident(test: Arc<TestArchive>) -> Result<()> {
    let id = begin(&test).await?;
    let lin = archivist(&test, "lin").await?;
    let loan = test.archive.loan_ask(&lin, &draft(&id, "张三")).await?;
    assert_eq!(loan.lines[0].pages, 12);
    let more = test
        .archive
        .loan_return(&lin, &loan.no, &back(Some(13), ReturnCondition::Intact))
        .await;
    assert_eq!(code(more), "invalid_value");
    test.archive
        .loan_return(&lin, &loan.no, &back(Some(11), ReturnCondition::Intact))
        .await?;
    let open = test.archive.incidents(&lin, true, "张三", 10).await?;
    assert_eq!(open.len(), 1);
    assert_eq!(
        (
            open[0].kind,
            open[0].pages_found,
            open[0].pages_expected,
            open[0].borrower.as_str()
        ),
        (IncidentKind::PagesMissing, 11, 12, "张三")
    );
    // It is held until somebody has said what was done.
    assert_eq!(
        code(test.archive.loan_shelve(&lin, &loan.no, "", "K1-01-1").await),
        "thing_has_incident"
    );
    assert_eq!(
        code(test.archive.loan_ask(&lin, &draft(&id, "李四")).await),
        "thing_has_incident"
    );
    let copy = file(&test, "copy", certain(&test, "KH-1").await?, None).await?;
    test.archive
        .incident_resolve(&lin, &open[0].id, "已补复印件", copy.as_str(), false)
        .await?;
    let again = test
        .archive
        .incident_resolve(&lin, &open[0].id, "又一次", "", false)
        .await;
    assert_eq!(code(again), "incident_is_resolved");
    assert!(test.archive.incidents(&lin, true, "张三", 10).await?.is_empty());
    let known = test.archive.incidents(&lin, false, "张三", 10).await?;
    assert_eq!(known[0].replacement_id, copy.to_string());
    test.archive.loan_shelve(&lin, &loan.no, "", "K1-01-1").await?;
    assert_eq!(state(&test, &id).await?, Some(OriginalState::InPlace));
    // What is lost is missing, and written off when nobody finds it.
    let lost = test.archive.loan_ask(&lin, &draft(&id, "张三")).await?;
    test.archive
        .loan_return(&lin, &lost.no, &back(None, ReturnCondition::Lost))
        .await?;
    assert_eq!(state(&test, &id).await?, Some(OriginalState::Missing));
    let open = test.archive.incidents(&lin, true, "", 10).await?;
    test.archive
        .incident_resolve(&lin, &open[0].id, "查无下落", "", false)
        .await?;
    assert_eq!(state(&test, &id).await?, Some(OriginalState::Lost));
    Ok(())
}

async fn what_came_back_goes_to_its_own_place(test: Arc<TestArchive>) -> Result<()> {
    let id = begin(&test).await?;
    let owner = test.owner();
    test.archive
        .container_add(&owner, "H-0001", &ContainerDraft::default(), "K1-02-1")
        .await?;
    test.archive
        .put_away_document(&owner, id.as_str(), None, "H-0001", "")
        .await?;
    let lin = archivist(&test, "lin").await?;
    let loan = test.archive.loan_ask(&lin, &draft(&id, "张三")).await?;
    assert_eq!(
        code(test.archive.loan_shelve(&lin, &loan.no, "", "H-0001").await),
        "no_way_back"
    );
    test.archive
        .loan_return(&lin, &loan.no, &back(Some(12), ReturnCondition::Intact))
        .await?;
    assert_eq!(state(&test, &id).await?, Some(OriginalState::InTransit));
    assert_eq!(
        code(test.archive.loan_shelve(&lin, &loan.no, "", "K1-01-1").await),
        "wrong_slot"
    );
    assert_eq!(
        state(&test, &id).await?,
        Some(OriginalState::InTransit),
        "nothing moved"
    );
    let shelved = test.archive.loan_shelve(&lin, &loan.no, "", "K1-02-1").await?;
    assert!(shelved.lines[0].shelved_at.is_some());
    let place = seen(&test, &id).await?.row.place;
    assert_eq!(
        (place.container.as_str(), place.location_code.as_str()),
        ("H-0001", "K1-02-1")
    );
    let chain = test
        .archive
        .placement_history(&lin, id.as_str())
        .await?
        .expect("it is seen");
    let gaps = chain
        .windows(2)
        .filter(|pair| pair[1].until != Some(pair[0].from))
        .count();
    assert_eq!(gaps, 0, "{chain:?}");
    // In the reading room nothing leaves the building, and it is due the same day.
    let reading = LoanDraft {
        place_of_use: LoanUse::ReadingRoom,
        ..draft(&id, "张三")
    };
    let loan = test.archive.loan_ask(&lin, &reading).await?;
    assert_eq!((loan.due_on.as_str(), loan.class), ("2026-03-02", LoanClass::SameDay));
    assert_eq!(state(&test, &id).await?, Some(OriginalState::OnReadingTable));
    test.clock.set(instant("2026-03-02T09:30:00Z").expect("an instant"));
    let overdue = test.archive.loans(&lin, &listed(LoanList::Overdue)).await?;
    assert_eq!(overdue.len(), 1, "at close of business");
    Ok(())
}

async fn nobody_lends_above_a_clearance_or_out_of_sight(test: Arc<TestArchive>) -> Result<()> {
    let id = begin(&test).await?;
    let lin = archivist(&test, "lin").await?;
    let zhang = test.person("zhang", "viewer", SecurityLevel::Internal, "").await?;
    assert_eq!(
        code(test.archive.loan_ask(&zhang, &draft(&id, "chen")).await),
        "forbidden"
    );
    let mine = test.archive.loan_ask(&zhang, &draft(&id, "")).await?;
    assert_eq!(mine.state, LoanState::Approved, "an archivist hands it out");
    let document = seen(&test, &id).await?;
    let mut raised = document.draft()?;
    raised.set(DocumentField::SecurityLevel, "2")?;
    test.archive
        .document_change(&test.owner(), &id, document.row.version, &raised)
        .await?;
    assert_eq!(code(test.archive.loan_issue(&lin, &mine.no, false).await), "loan_level");
    assert_eq!(
        code(test.archive.loan_ask(&lin, &draft(&id, "张三")).await),
        "loan_level"
    );
    // Who does not see the paper learns nothing of it, nor of its slips.
    assert_eq!(code(test.archive.loan_ask(&zhang, &draft(&id, "")).await), "not_found");
    assert_eq!(code(test.archive.loan(&zhang, &mine.no).await), "not_found");
    assert!(test.archive.loans(&zhang, &LoanFilter::default()).await?.is_empty());
    let absent = LoanDraft {
        things: vec!["no-such-paper".to_owned()],
        ..draft(&id, "")
    };
    assert_eq!(code(test.archive.loan_ask(&zhang, &absent).await), "not_found");
    let nothing = LoanDraft {
        purpose: " ".to_owned(),
        ..draft(&id, "张三")
    };
    assert_eq!(code(test.archive.loan_ask(&lin, &nothing).await), "invalid_value");
    Ok(())
}

async fn what_is_fetched_is_in_walking_order(test: Arc<TestArchive>) -> Result<()> {
    let first = begin(&test).await?;
    let far = shelved(&test, "b", "K1-02-1").await?;
    let near = shelved(&test, "c", "K1-01-2").await?;
    let zhang = test.person("zhang", "viewer", SecurityLevel::Secret, "").await?;
    let lin = archivist(&test, "lin").await?;
    for things in [vec![&far, &first], vec![&near]] {
        let slip = LoanDraft {
            things: things.into_iter().map(DocumentId::to_string).collect(),
            ..draft(&first, "")
        };
        test.archive.loan_ask(&zhang, &slip).await?;
    }
    let walk = test.archive.loans_to_fetch(&lin).await?;
    let places: Vec<&str> = walk.iter().map(|row| row.location_code.as_str()).collect();
    assert_eq!(places, ["K1-01-1", "K1-01-2", "K1-02-1"]);
    assert_eq!(code(test.archive.loans_to_fetch(&zhang).await), "forbidden");
    Ok(())
}
