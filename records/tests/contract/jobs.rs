//! The queue, through the orders that use it: no job is taken twice, none is lost with its worker.

use crate::{
    cases,
    filing::{deposit_one, registers},
    harness::{TestArchive, code},
};
use records::{
    Result, SecurityLevel,
    documents::Link,
    ids::DocumentId,
    jobs::{JobState, Settled},
    pages::reread::{ATTEMPTS_MAX, RereadScope, RereadSettings},
};
use std::{collections::HashSet, sync::Arc};
use vocabulary::detail::DetailCode;

cases!(
    jobs_run_in_order,
    jobs_are_tried_again,
    late_workers_change_nothing,
    no_job_is_taken_twice,
    administrators_see_the_jobs
);

/// Orders that `documents` new documents are read again, which is one job for each.
async fn order(test: &TestArchive, documents: usize) -> Result<Vec<DocumentId>> {
    registers(test).await?;
    let mut ids = Vec::new();
    for at in 0..documents {
        let link = Link::Review {
            reason: "customer_missing".to_owned(),
            detail: DetailCode::OneMayFit.alone(),
            candidates: Vec::new(),
        };
        ids.push(deposit_one(test, link, &[&format!("第{at}份")]).await?);
    }
    let scope = RereadScope::Documents(ids.iter().map(ToString::to_string).collect());
    test.archive
        .reread_order(&test.owner(), &scope, RereadSettings::default())
        .await?;
    Ok(ids)
}

async fn jobs_run_in_order(test: Arc<TestArchive>) -> Result<()> {
    assert!(test.system.reread_claim(60).await?.is_none());
    let ids = order(&test, 2).await?;
    let (one, first) = test.system.reread_claim(60).await?.expect("two are waiting");
    assert_eq!((one.attempt, &first.document), (1, &ids[0]));
    let (_, second) = test.system.reread_claim(60).await?.expect("one is waiting");
    assert_eq!(second.document, ids[1]);
    assert!(test.system.reread_claim(60).await?.is_none());
    assert_eq!(test.system.reread_dropped(&one).await?, Settled::Written);
    assert_eq!(test.system.reread_dropped(&one).await?, Settled::LeaseLost);
    let ended = test.archive.jobs(&test.owner(), Some(JobState::Failed), 10).await?;
    assert_eq!(ended.iter().map(|job| &job.id).collect::<Vec<_>>(), [&one.id]);
    Ok(())
}

async fn jobs_are_tried_again(test: Arc<TestArchive>) -> Result<()> {
    order(&test, 1).await?;
    let reason = DetailCode::OneMayFit.alone();
    let mut id = None;
    for attempt in 1..=ATTEMPTS_MAX {
        let (lease, task) = test.system.reread_claim(60).await?.expect("its wait is over");
        assert_eq!(lease.attempt, attempt);
        let settled = test.system.reread_failed(&lease, &task, &reason).await?;
        assert_eq!(settled, Settled::Written);
        assert!(test.system.reread_claim(60).await?.is_none(), "it waits a while");
        test.pass(100_000);
        id = Some(lease.id);
    }
    assert!(test.system.reread_claim(60).await?.is_none());
    let job = test.archive.jobs(&test.owner(), None, 10).await?.remove(0);
    assert_eq!(
        (Some(job.id), job.state, job.attempts, job.result),
        (id, JobState::Failed, ATTEMPTS_MAX, reason.stored())
    );
    Ok(())
}

async fn late_workers_change_nothing(test: Arc<TestArchive>) -> Result<()> {
    order(&test, 1).await?;
    let (mut dead, task) = test.system.reread_claim(60).await?.expect("it waits");
    test.pass(59);
    assert!(test.system.reread_claim(60).await?.is_none());
    assert_eq!(test.system.job_extend(&mut dead, 60).await?, Settled::Written);
    test.pass(59);
    assert!(test.system.reread_claim(60).await?.is_none());
    test.pass(1);
    let (mut heir, _) = test.system.reread_claim(60).await?.expect("it was given back");
    let reason = DetailCode::OneMayFit.alone();
    assert_eq!(test.system.reread_dropped(&dead).await?, Settled::LeaseLost);
    assert_eq!(test.system.job_extend(&mut dead, 60).await?, Settled::LeaseLost);
    assert_eq!(
        test.system.reread_failed(&dead, &task, &reason).await?,
        Settled::LeaseLost
    );
    for attempt in 3..=ATTEMPTS_MAX {
        test.pass(60);
        heir = test.system.reread_claim(60).await?.expect("it was given back").0;
        assert_eq!(heir.attempt, attempt);
    }
    test.pass(60);
    assert!(test.system.reread_claim(60).await?.is_none());
    let job = test.archive.jobs(&test.owner(), None, 10).await?.remove(0);
    assert_eq!(job.state, JobState::Failed, "its last attempt was lost too");
    assert_eq!(test.system.reread_dropped(&heir).await?, Settled::LeaseLost);
    Ok(())
}

async fn no_job_is_taken_twice(test: Arc<TestArchive>) -> Result<()> {
    const JOBS: usize = 24;
    order(&test, JOBS).await?;
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let system = test.system.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some((lease, task)) = system.reread_claim(60).await? {
                    taken.push(task.document);
                    system.reread_dropped(&lease).await?;
                }
                Ok::<_, records::Error>(taken)
            })
        })
        .collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.expect("no worker panics")?);
    }
    assert_eq!(taken.len(), JOBS);
    assert_eq!(taken.into_iter().collect::<HashSet<_>>().len(), JOBS);
    Ok(())
}

async fn administrators_see_the_jobs(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "archivist", SecurityLevel::INTERNAL, "").await?;
    order(&test, 1).await?;
    assert_eq!(code(test.archive.jobs(&li, None, 10).await), "forbidden");
    assert_eq!(test.archive.jobs(&test.owner(), None, 10).await?.len(), 1);
    assert!(
        test.archive
            .jobs(&test.owner(), Some(JobState::Leased), 10)
            .await?
            .is_empty()
    );
    Ok(())
}
