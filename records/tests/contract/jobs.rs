//! The queue: no job is taken twice, none is lost with its worker.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Result, SecurityLevel,
    jobs::{JobDraft, JobState, Settled},
};
use std::{collections::HashSet, sync::Arc};

cases!(
    jobs_run_in_order,
    jobs_are_tried_again,
    late_workers_change_nothing,
    no_job_is_taken_twice,
    people_see_their_jobs
);

fn draft(test: &TestArchive, payload: &str, attempts_max: i64) -> JobDraft {
    JobDraft {
        kind: "ingest.path".to_owned(),
        payload: payload.to_owned(),
        run_after: test.now(),
        attempts_max,
    }
}

async fn jobs_run_in_order(test: Arc<TestArchive>) -> Result<()> {
    assert!(test.system.job_claim(&["ingest.path"], 60).await?.is_none());
    test.system.job_add(&draft(&test, "一", 3)).await?;
    test.system.job_add(&draft(&test, "二", 3)).await?;
    test.system
        .job_add(&JobDraft {
            run_after: test.now().plus_seconds(100),
            ..draft(&test, "later", 3)
        })
        .await?;
    test.system
        .job_add(&JobDraft {
            kind: "other".to_owned(),
            ..draft(&test, "other", 3)
        })
        .await?;
    let one = test
        .system
        .job_claim(&["ingest.path", "more"], 60)
        .await?
        .expect("two are waiting");
    assert_eq!(
        (one.payload.as_str(), one.attempt, one.created_by.as_str()),
        ("一", 1, "system")
    );
    let two = test
        .system
        .job_claim(&["ingest.path"], 60)
        .await?
        .expect("one is waiting");
    assert_eq!(two.payload, "二");
    assert!(test.system.job_claim(&["ingest.path"], 60).await?.is_none());
    assert_eq!(test.system.job_finish(&one, "done").await?, Settled::Written);
    assert_eq!(test.system.job_finish(&one, "twice").await?, Settled::LeaseLost);
    test.pass(100);
    assert_eq!(
        test.system
            .job_claim(&["ingest.path"], 60)
            .await?
            .expect("its time has come")
            .payload,
        "later"
    );
    let done = test.archive.jobs(&test.owner(), Some(JobState::Done), 10).await?;
    assert_eq!(done.iter().map(|job| job.result.as_str()).collect::<Vec<_>>(), ["done"]);
    assert_eq!(code(test.system.job_claim(&[], 60).await), "invalid_value");
    Ok(())
}

async fn jobs_are_tried_again(test: Arc<TestArchive>) -> Result<()> {
    let id = test.system.job_add(&draft(&test, "x", 2)).await?;
    let lease = test.system.job_claim(&["ingest.path"], 60).await?.expect("it waits");
    assert_eq!(
        test.system.job_fail(&lease, "the disk is full").await?,
        Settled::Written
    );
    assert!(test.system.job_claim(&["ingest.path"], 60).await?.is_none());
    test.pass(10);
    let lease = test
        .system
        .job_claim(&["ingest.path"], 60)
        .await?
        .expect("its wait is over");
    assert_eq!(lease.attempt, 2);
    assert_eq!(test.system.job_fail(&lease, "still full").await?, Settled::Written);
    test.pass(100_000);
    assert!(test.system.job_claim(&["ingest.path"], 60).await?.is_none());
    let job = test.archive.job(&test.owner(), &id).await?;
    assert_eq!(
        (job.state, job.attempts, job.result.as_str()),
        (JobState::Failed, 2, "still full")
    );
    Ok(())
}

async fn late_workers_change_nothing(test: Arc<TestArchive>) -> Result<()> {
    let id = test.system.job_add(&draft(&test, "x", 2)).await?;
    let mut dead = test.system.job_claim(&["ingest.path"], 60).await?.expect("it waits");
    test.pass(59);
    assert_eq!(test.system.jobs_recover().await?, 0);
    assert_eq!(test.system.job_extend(&mut dead, 60).await?, Settled::Written);
    test.pass(60);
    assert_eq!(test.system.jobs_recover().await?, 1);
    let heir = test
        .system
        .job_claim(&["ingest.path"], 60)
        .await?
        .expect("it was given back");
    assert_eq!(test.system.job_finish(&dead, "late").await?, Settled::LeaseLost);
    assert_eq!(test.system.job_extend(&mut dead, 60).await?, Settled::LeaseLost);
    assert_eq!(test.system.job_fail(&dead, "late").await?, Settled::LeaseLost);
    test.pass(60);
    assert_eq!(test.system.jobs_recover().await?, 1);
    assert_eq!(
        test.archive.job(&test.owner(), &id).await?.state,
        JobState::Failed,
        "its last attempt was lost too"
    );
    assert_eq!(test.system.job_finish(&heir, "late").await?, Settled::LeaseLost);
    Ok(())
}

async fn no_job_is_taken_twice(test: Arc<TestArchive>) -> Result<()> {
    const JOBS: usize = 40;
    for at in 0..JOBS {
        test.system.job_add(&draft(&test, &at.to_string(), 1)).await?;
    }
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let system = test.system.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(lease) = system.job_claim(&["ingest.path"], 60).await? {
                    taken.push(lease.payload.clone());
                    system.job_finish(&lease, "").await?;
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

async fn people_see_their_jobs(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "archivist", SecurityLevel::INTERNAL, "").await?;
    let wei = test.person("wei", "viewer", SecurityLevel::INTERNAL, "").await?;
    let id = test.archive.job_add(&li, &draft(&test, "x", 1)).await?;
    assert_eq!(test.archive.job(&li, &id).await?.created_by, "li");
    assert_eq!(code(test.archive.job(&wei, &id).await), "not_found");
    assert_eq!(
        code(test.archive.job_add(&wei, &draft(&test, "x", 1)).await),
        "forbidden"
    );
    assert_eq!(code(test.archive.jobs(&li, None, 10).await), "forbidden");
    assert_eq!(test.archive.jobs(&test.owner(), None, 10).await?.len(), 1);
    Ok(())
}
