//! Checks of the trail: what is said of its soundness is what was computed, and until when.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{Result, SecurityLevel};
use std::sync::Arc;

cases!(a_check_says_what_was_proven, a_changed_event_is_found_by_the_check);

async fn a_check_says_what_was_proven(test: Arc<TestArchive>) -> Result<()> {
    let auditor = test.person("auditor", "auditor", SecurityLevel::INTERNAL, "").await?;
    let clerk = test.person("clerk", "archivist", SecurityLevel::INTERNAL, "").await?;
    assert_eq!(
        test.archive.audit_checked(&auditor).await?,
        None,
        "nothing is said before"
    );
    assert_eq!(code(test.archive.audit_check(&clerk).await), "forbidden");
    assert_eq!(code(test.archive.audit_checked(&clerk).await), "forbidden");
    let events = test.system.audit_verify().await?.events;
    let check = test.archive.audit_check(&auditor).await?;
    assert_eq!((check.events, check.actor.as_str()), (events, "auditor"));
    assert!(check.problems.is_empty(), "{:?}", check.problems);
    assert_eq!(test.archive.audit_checked(&auditor).await?, Some(check));
    let after = test.system.audit_verify().await?;
    assert_eq!(
        (after.events, after.problems.len()),
        (events + 1, 0),
        "the check is an event itself"
    );
    assert_eq!(test.system.audit_check_when_older(3600).await?, None, "this one is new");
    let daily = test
        .system
        .audit_check_when_older(0)
        .await?
        .expect("this one is older than nothing");
    assert_eq!(daily.events, events + 1);
    Ok(())
}

async fn a_changed_event_is_found_by_the_check(test: Arc<TestArchive>) -> Result<()> {
    test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let database = test.database().await;
    let unguarded: &[&str] = match test.is_sqlite() {
        true => &["DROP TRIGGER audit_events_no_update"],
        false => &["ALTER TABLE audit_events DISABLE TRIGGER ALL"],
    };
    for statement in unguarded {
        sqlx::query(*statement).execute(&database).await?;
    }
    sqlx::query("UPDATE audit_events SET detail = 'name=forged' WHERE sequence = 2")
        .execute(&database)
        .await?;
    database.close().await;
    let check = test.archive.audit_check(&test.owner()).await?;
    assert!(
        check
            .problems
            .iter()
            .any(|problem| problem.contains("event 2 was changed")),
        "{:?}",
        check.problems
    );
    let newest = test.archive.audit_checked(&test.owner()).await?;
    assert_eq!(newest, Some(check), "it is kept as it was found");
    Ok(())
}
