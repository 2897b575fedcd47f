//! Deliveries: one runner for each batch, outcomes that stay, and what is announced of bytes that are there already.

use crate::{
    cases,
    filing::{certain, document, registers},
    harness::{TestArchive, code},
};
use records::{
    RefusedBecause, Result, SecurityLevel,
    batches::{
        BatchLine, BatchProblem, BatchState, Begun, LEASE_S, LinesOf, NewBatch, OpenBatch, Outcome, RawPath, Runner,
    },
    documents::{Announced, AnnouncedCustomer, AnnouncedPlace, Announcement, DocumentField, DocumentState, LinkBasis},
    ids::{DocumentId, Fingerprint},
    jobs::Settled,
};
use std::{
    process::{Child, Command, Stdio},
    sync::Arc,
};
use vocabulary::detail::{Detail, DetailCode};

cases!(
    a_batch_has_one_runner,
    two_that_begin_at_once_are_one_and_a_guest,
    what_nobody_runs_is_interrupted,
    an_outcome_is_never_replaced,
    problems_are_kept_once,
    what_was_announced_is_filled_and_told,
    a_contradiction_writes_nothing,
    what_is_sealed_is_not_touched,
    a_batch_is_held_for_a_reason_and_accepted
);

/// A process that does nothing until it is killed.
struct OtherProcess(Child);

impl OtherProcess {
    fn start() -> Self {
        Self(Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process"))
    }
}

impl Drop for OtherProcess {
    fn drop(&mut self) {
        self.0.kill().expect("a process of ours");
        self.0.wait().expect("it ended");
    }
}

const ROOT: &str = "/delivery";

fn open(begun: Begun) -> OpenBatch {
    match begun {
        Begun::Open(batch) => batch,
        Begun::Held(run) => panic!("held by {run:?}"),
    }
}

fn line(path: &str, outcome: Outcome, sha256: &str) -> BatchLine {
    BatchLine {
        outcome,
        sha256: sha256.to_owned(),
        ..testing::documents::batch_line(&RawPath(path.as_bytes().to_vec()), &[])
    }
}

async fn outcomes(test: &TestArchive, batch: &OpenBatch) -> Result<Vec<(String, Outcome)>> {
    let lines = test
        .archive
        .batch_lines(&test.owner(), &batch.id, &LinesOf::default(), 0, 100)
        .await?;
    let shown = |(_, line): (i64, BatchLine)| (line.path.shown(), line.outcome);
    Ok(lines.into_iter().map(shown).collect())
}

async fn a_batch_has_one_runner(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let first = open(test.system.batch_begin(&test.new_batch("d", ROOT, 11)).await?);
    let Begun::Held(run) = test.system.batch_begin(&test.new_batch("d", ROOT, 12)).await? else {
        panic!("two runs hold one batch");
    };
    assert_eq!((run.runner.process, run.runner.machine.as_str()), (11, "archive-1"));
    assert_eq!(run.since, test.now());
    // Renewing keeps it; without that it is free when its time is over.
    test.pass(LEASE_S - 1);
    assert_eq!(test.system.batch_extend(&first.lease).await?, Settled::Written);
    test.pass(LEASE_S - 1);
    assert!(matches!(
        test.system.batch_begin(&test.new_batch("d", ROOT, 12)).await?,
        Begun::Held(_)
    ));
    test.pass(2);
    let second = open(test.system.batch_begin(&test.new_batch("d", ROOT, 12)).await?);
    assert!(second.resumed && second.id == first.id);
    // The first one wakes up and changes nothing any more.
    assert_eq!(test.system.batch_extend(&first.lease).await?, Settled::LeaseLost);
    let late = [line("/delivery/a", Outcome::Rejected, "")];
    assert_eq!(
        code(test.system.batch_record(&first.lease, "os:owner", &late).await),
        "batch_not_held"
    );
    let deposit = test.new_deposit(
        "/delivery/a",
        &b"a"[..],
        vec![document(certain(&test, "KH-1").await?, &["a"], None)],
    )?;
    assert_eq!(
        code(test.system.deposit(&first.lease, "os:owner", vec![deposit]).await),
        RefusedBecause::BatchNotHeld {}.code()
    );
    assert_eq!(
        code(test.system.batch_finish(&first.lease, "os:owner", &[], None).await),
        "batch_not_held"
    );
    test.system.batch_release(&first.lease).await?;
    assert_eq!(outcomes(&test, &second).await?, []);
    // A run whose process has ended on this machine is taken over at once, and only that one.
    assert!(matches!(
        test.system.batch_begin(&test.new_batch("d", ROOT, 13)).await?,
        Begun::Held(_)
    ));
    test.system.batch_release(&second.lease).await?;
    let other = OtherProcess::start();
    let runner = Runner::of(other.0.id());
    let new = NewBatch {
        runner: runner.clone(),
        ..test.new_batch("d", ROOT, 0)
    };
    let theirs = open(test.system.batch_begin(&new).await?);
    let Begun::Held(run) = test.system.batch_begin(&test.new_batch("d", ROOT, 14)).await? else {
        panic!("it is alive");
    };
    assert_eq!(run.runner, runner);
    let row = async || {
        let row = test.archive.batch(&test.owner(), &theirs.id).await?;
        Ok::<_, records::Error>(row.expect("it is there"))
    };
    assert_eq!(row().await?.state, BatchState::Running);
    drop(other);
    assert_eq!((row().await?.state, row().await?.run), (BatchState::Interrupted, None));
    assert!(test.system.batch_holder(&[RawPath(ROOT.into())]).await?.is_none());
    let third = open(test.system.batch_begin(&test.new_batch("d", ROOT, 15)).await?);
    assert!(third.resumed && third.id == first.id);
    assert_eq!(test.system.batch_extend(&theirs.lease).await?, Settled::LeaseLost);
    test.system.batch_finish(&third.lease, "os:owner", &[], None).await?;
    assert!(test.system.batch_holder(&[RawPath(ROOT.into())]).await?.is_none());
    assert!(!open(test.system.batch_begin(&test.new_batch("d", ROOT, 15)).await?).resumed);
    Ok(())
}

async fn two_that_begin_at_once_are_one_and_a_guest(test: Arc<TestArchive>) -> Result<()> {
    let other = test.open_again().await?;
    for round in 0..8 {
        let root = format!("/delivery/{round}");
        let (one, two) = (test.new_batch("d", &root, 1), test.new_batch("d", &root, 2));
        let (one, two) = tokio::join!(test.system.batch_begin(&one), other.system.batch_begin(&two));
        let held = [one?, two?]
            .iter()
            .filter(|begun| matches!(begun, Begun::Held(_)))
            .count();
        assert_eq!(held, 1, "round {round}");
    }
    other.system.close().await;
    Ok(())
}

async fn what_nobody_runs_is_interrupted(test: Arc<TestArchive>) -> Result<()> {
    let batch = open(test.system.batch_begin(&test.new_batch("d", ROOT, 11)).await?);
    let row = async || {
        test.archive
            .batch(&test.owner(), &batch.id)
            .await
            .map(|row| row.expect("it is there"))
    };
    let now = row().await?;
    assert_eq!((now.state, now.walked), (BatchState::Running, Some(1)));
    assert_eq!(now.run.map(|run| run.runner.process), Some(11));
    test.pass(LEASE_S + 1);
    let now = row().await?;
    assert_eq!((now.state, now.run), (BatchState::Interrupted, None));
    assert_eq!(
        test.archive.batches(&test.owner(), None, 1).await?[0].state,
        BatchState::Interrupted
    );
    // One that leaves in order is so at once.
    let again = open(test.system.batch_begin(&test.new_batch("d", ROOT, 12)).await?);
    assert_eq!(row().await?.state, BatchState::Running);
    test.system.batch_release(&again.lease).await?;
    assert_eq!(row().await?.state, BatchState::Interrupted);
    Ok(())
}

async fn an_outcome_is_never_replaced(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let batch = open(test.system.batch_begin(&test.new_batch("d", ROOT, 11)).await?);
    let record = async |lines: &[BatchLine]| test.system.batch_record(&batch.lease, "os:owner", lines).await;
    let deposit = test.new_deposit(
        "/delivery/a",
        &b"a"[..],
        vec![document(certain(&test, "KH-1").await?, &["a"], None)],
    )?;
    let filed = test.system.deposit(&batch.lease, "os:owner", vec![deposit]).await?;
    let sha256 = filed[0].lines[0].sha256.clone();
    for outcome in [
        Outcome::Duplicate,
        Outcome::Rejected,
        Outcome::Ignored,
        Outcome::NeedsReview,
    ] {
        record(&[line("/delivery/a", outcome, &sha256)]).await?;
    }
    // A file that was not taken is tried again, until it is.
    for outcome in [Outcome::Rejected, Outcome::Duplicate, Outcome::Rejected] {
        record(&[line("/delivery/b", outcome, "b")]).await?;
    }
    assert_eq!(
        outcomes(&test, &batch).await?,
        [
            ("/delivery/a".to_owned(), Outcome::Filed),
            ("/delivery/b".to_owned(), Outcome::Duplicate)
        ]
    );
    // Other bytes under the same name are another file.
    record(&[line("/delivery/a", Outcome::Rejected, "other")]).await?;
    let row = test
        .archive
        .batch(&test.owner(), &batch.id)
        .await?
        .expect("it is there");
    assert_eq!((row.found(), row.filed, row.duplicate, row.rejected), (3, 1, 1, 1));
    Ok(())
}

async fn problems_are_kept_once(test: Arc<TestArchive>) -> Result<()> {
    let problem = |line| BatchProblem {
        file: "/delivery/manifest.csv".to_owned(),
        line,
        detail: DetailCode::ManifestKindUnknown.with("合同x"),
    };
    let batch = open(test.system.batch_begin(&test.new_batch("d", ROOT, 11)).await?);
    for problems in [vec![problem(2)], vec![problem(2), problem(3)]] {
        test.system
            .batch_problems_add(&batch.lease, "os:owner", &problems)
            .await?;
    }
    let kept = test.archive.batch_problems(&test.owner(), &batch.id).await?;
    assert_eq!(kept, [problem(2), problem(3)]);
    test.pass(LEASE_S + 1);
    open(test.system.batch_begin(&test.new_batch("d", ROOT, 12)).await?);
    let late = test
        .system
        .batch_problems_add(&batch.lease, "os:owner", &[problem(4)])
        .await;
    assert_eq!(code(late), "batch_not_held");
    Ok(())
}

/// A document in review over these bytes, and the batch that filed it.
async fn waiting(test: &TestArchive, bytes: &str) -> Result<(OpenBatch, DocumentId, Fingerprint)> {
    let batch = test.batch("d", ROOT).await?;
    let link = testing::documents::in_review(&[]);
    let deposit = test.new_deposit(bytes, bytes.as_bytes(), vec![document(link, &[bytes], None)])?;
    let filed = test.system.deposit(&batch.lease, "os:owner", vec![deposit]).await?;
    let id = DocumentId::parse(&filed[0].lines[0].document_ids[0])?;
    Ok((batch, id, Fingerprint::of(bytes.as_bytes())))
}

async fn said(test: &TestArchive, customer: &str, place: &str, title: &str) -> Result<Announcement> {
    let customer = test.system.customer_by_code(customer).await?.expect("is there");
    let place = test.system.location_by_code(place).await?.expect("is there");
    Ok(Announcement {
        customer: AnnouncedCustomer::Certain {
            uid: customer.uid,
            code: customer.code.clone(),
            basis: LinkBasis::Manifest,
            detail: DetailCode::NamedByManifest
                .with("manifest.csv")
                .with(2_u32)
                .with(customer.code.as_str()),
        },
        place: AnnouncedPlace::Known {
            uid: place.uid,
            code: place.code.clone(),
        },
        fields: vec![(DocumentField::Title, title.to_owned())],
        attributes: vec![("片区".to_owned(), "东".to_owned())],
        digest: format!("{}{}{title}", customer.code, place.code),
        source: "manifest.csv:2".to_owned(),
    })
}

fn codes(details: &[Detail]) -> Vec<&str> {
    details.iter().map(|detail| detail.code.as_str()).collect()
}

async fn what_was_announced_is_filled_and_told(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let (batch, id, scan) = waiting(&test, "协议").await?;
    let said = said(&test, "KH-2", "K1-01-2", "服务协议").await?;
    let owner = test.owner();
    // Weighing writes nothing.
    let before = test.archive.document(&owner, id.as_str()).await?.expect("is there");
    let weighed = test.archive.announcement_weigh(&owner, &[scan], &said).await?;
    let Announced::Fits { filled, noted } = &weighed else {
        panic!("{weighed:?}");
    };
    assert_eq!((codes(filled), noted.len()), (vec!["announced_used"; 4], 0));
    let unchanged = test.archive.document(&owner, id.as_str()).await?.expect("is there");
    assert_eq!(unchanged.row.version, before.row.version);

    let path = RawPath(b"/delivery/b/FW-0088.pdf".to_vec());
    let mut lines = vec![test.system.duplicate_line(scan, &path, 6).await?.expect("is there")];
    let taken = test
        .archive
        .announcement_take(&owner, &batch.lease, &[scan], &said, &mut lines)
        .await?;
    assert_eq!(taken, weighed);
    let now = test.archive.document(&owner, id.as_str()).await?.expect("is there");
    assert_eq!(
        (now.row.state, now.row.customer_code.as_str()),
        (DocumentState::Filed, "KH-2")
    );
    assert_eq!(
        (now.row.title.as_str(), now.row.place.location_code.as_str()),
        ("服务协议", "K1-01-2")
    );
    assert_eq!(now.row.link_basis, LinkBasis::Manifest);
    assert!(now.attributes.contains(&("片区".to_owned(), "东".to_owned())));
    // The line of the file says so, also in the record.
    let recorded = test
        .archive
        .batch_lines(&owner, &batch.id, &LinesOf::of(Outcome::Duplicate), 0, 9)
        .await?;
    let line = &recorded[0].1;
    assert_eq!(
        (line.customer_code.as_str(), line.location_code.as_str()),
        ("KH-2", "K1-01-2")
    );
    let parts = line.detail.as_ref().map(Detail::parts).unwrap_or_default();
    let told: Vec<&str> = parts.iter().map(|part| part.code.as_str()).collect();
    assert_eq!(told[0], "same_bytes_as_document");
    assert_eq!(told[1..], ["announced_used"; 4]);
    // The same again says nothing new, even when a person has moved the paper since.
    test.archive
        .put_away_document(&owner, id.as_str(), None, "K1-02-1", "")
        .await?;
    let again = test.archive.announcement_weigh(&owner, &[scan], &said).await?;
    let nothing = Announced::Fits {
        filled: Vec::new(),
        noted: Vec::new(),
    };
    assert_eq!(again, nothing);
    assert!(
        test.system
            .verify(records::scans::Thoroughness::Full)
            .await?
            .problems
            .is_empty()
    );
    Ok(())
}

async fn a_contradiction_writes_nothing(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let (batch, id, scan) = waiting(&test, "协议").await?;
    let owner = test.owner();
    let take = async |said: &Announcement| {
        let path = RawPath(b"/delivery/b".to_vec());
        let mut lines = vec![test.system.duplicate_line(scan, &path, 6).await?.expect("is there")];
        let archive = &test.archive;
        archive
            .announcement_take(&owner, &batch.lease, &[scan], said, &mut lines)
            .await
    };
    take(&said(&test, "KH-2", "K1-01-2", "服务协议").await?).await?;
    let before = test.archive.document(&owner, id.as_str()).await?.expect("is there");
    let taken = take(&said(&test, "KH-1", "K1-01-1", "租赁合同").await?).await?;
    let Announced::Differs {
        document_id,
        customer_code,
        differences,
        other_customer,
    } = &taken
    else {
        panic!("{taken:?}");
    };
    assert_eq!((document_id.as_str(), customer_code.as_str()), (id.as_str(), "KH-2"));
    assert!(other_customer);
    assert_eq!(
        codes(differences),
        ["same_scan_other_customer", "announced_differs", "announced_differs"]
    );
    let after = test.archive.document(&owner, id.as_str()).await?.expect("is there");
    assert_eq!(
        (after.row.version, after.row.place),
        (before.row.version, before.row.place)
    );
    let lines = test
        .archive
        .batch_lines(&owner, &batch.id, &LinesOf::default(), 0, 9)
        .await?;
    assert_eq!(lines.len(), 2, "the file that contradicts has no line yet");
    Ok(())
}

async fn what_is_sealed_is_not_touched(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let (_, id, scan) = waiting(&test, "协议").await?;
    let owner = test.owner();
    let document = test.archive.document(&owner, id.as_str()).await?.expect("is there");
    let terms = records::permission::SealTerms {
        reason: "纠纷".to_owned(),
        until: Default::default(),
    };
    test.archive
        .document_seal(&owner, &id, document.row.version, &terms)
        .await?;
    let said = said(&test, "KH-2", "K1-01-2", "服务协议").await?;
    let weighed = test.archive.announcement_weigh(&owner, &[scan], &said).await?;
    let Announced::Fits { filled, noted } = &weighed else {
        panic!("{weighed:?}");
    };
    assert_eq!((filled.len(), codes(noted)), (0, vec!["announced_not_seen"]));
    Ok(())
}

async fn a_batch_is_held_for_a_reason_and_accepted(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let batch = open(test.system.batch_begin(&test.new_batch("d", ROOT, 11)).await?);
    let decide = async |state, why: &str| test.archive.batch_decide(&owner, &batch.id, state, why).await;
    assert_eq!(code(decide(BatchState::Accepted, "").await), "batch_cannot");
    let because = |path: &str, reason: &str| BatchLine {
        reason: reason.to_owned(),
        ..line(path, Outcome::Rejected, "")
    };
    let lines = [
        because("/delivery/a", "encrypted"),
        because("/delivery/b", "empty"),
        because("/delivery/c", "encrypted"),
    ];
    test.system.batch_record(&batch.lease, "os:owner", &lines).await?;
    test.system.batch_finish(&batch.lease, "os:owner", &[], None).await?;
    let reasons = test
        .archive
        .batch_reasons(&owner, &batch.id, Some(Outcome::Rejected))
        .await?;
    assert_eq!(reasons, [("encrypted".to_owned(), 2), ("empty".to_owned(), 1)]);
    let of = LinesOf {
        outcome: None,
        reason: "encrypted".to_owned(),
    };
    assert_eq!(test.archive.batch_lines(&owner, &batch.id, &of, 0, 9).await?.len(), 2);
    assert_eq!(code(decide(BatchState::Held, " ").await), "invalid_value");
    decide(BatchState::Held, "两件加密").await?;
    let held = test.archive.batch(&owner, &batch.id).await?.expect("it is there");
    let decided = held.decided.expect("somebody decided");
    assert_eq!((held.state, decided.why.as_str()), (BatchState::Held, "两件加密"));
    assert_eq!((decided.by.as_str(), decided.at), (owner.name(), test.now()));
    assert_eq!(code(decide(BatchState::Held, "again").await), "batch_cannot");
    decide(BatchState::Accepted, "").await?;
    let auditor = test.person("audit", "auditor", SecurityLevel::INTERNAL, "").await?;
    let refused = test
        .archive
        .batch_decide(&auditor, &batch.id, BatchState::Held, "no")
        .await;
    assert_eq!(code(refused), "forbidden");
    Ok(())
}
