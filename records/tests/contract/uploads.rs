//! Uploads: from the first piece to the worker that takes them, on both databases.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Result, SecurityLevel,
    jobs::Settled,
    uploads::{UploadDraft, UploadFileDraft, UploadState, UploadTask},
};
use std::sync::Arc;

cases!(
    an_upload_is_handed_to_a_worker,
    an_upload_that_was_given_up_is_taken_by_nobody,
    an_open_upload_loses_files_and_ends_by_itself
);

fn draft() -> UploadDraft {
    let file = |name: &str, bytes| UploadFileDraft {
        name: name.to_owned(),
        bytes,
        document: String::new(),
    };
    UploadDraft {
        name: "补件".to_owned(),
        security_level: Some(SecurityLevel::INTERNAL),
        files: vec![file("a.pdf", 4), file("空.pdf", 0)],
        ..UploadDraft::default()
    }
}

async fn an_upload_is_handed_to_a_worker(test: Arc<TestArchive>) -> Result<()> {
    let chen = test.person("chen", "archivist", SecurityLevel::INTERNAL, "").await?;
    let other = test.person("wang", "archivist", SecurityLevel::INTERNAL, "").await?;
    let begun = test.archive.upload_begin(&chen, &draft()).await?;
    let id = &begun.id;
    assert_eq!(code(test.archive.upload(&other, id).await), "not_found");
    assert_eq!(code(test.archive.upload_finish(&chen, id).await), "upload_incomplete");
    assert_eq!(test.archive.upload_piece(&chen, id, 1, 0, b"ab".to_vec()).await?, 2);
    assert_eq!(
        code(test.archive.upload_piece(&chen, id, 1, 3, b"d".to_vec()).await),
        "upload_gap"
    );
    assert_eq!(test.archive.upload_piece(&chen, id, 1, 0, b"abcd".to_vec()).await?, 4);
    assert!(
        test.system.upload_claim(60).await?.is_none(),
        "nobody handed it over yet"
    );
    let handed = test.archive.upload_finish(&chen, id).await?;
    assert_eq!((handed.state, handed.is_whole()), (UploadState::Waiting, true));
    let again = test.archive.upload_finish(&chen, id).await?;
    assert_eq!(
        again.state,
        UploadState::Waiting,
        "who asks twice has handed it over once"
    );

    let (lease, task) = test.system.upload_claim(60).await?.expect("a worker takes it");
    assert!(test.system.upload_claim(60).await?.is_none(), "and only one");
    assert_eq!(task.asker.map(|asker| asker.name().to_owned()).as_deref(), Some("chen"));
    let file = task.folder.join(UploadTask::FILES).join("a.pdf");
    assert_eq!(std::fs::read(&file).expect("the bytes stand there"), b"abcd");
    assert_eq!(code(test.archive.upload_cancel(&chen, id).await), "upload_cannot");
    test.system.upload_became(id, "the-batch").await?;
    assert_eq!(test.system.upload_ended(&lease, id, "").await?, Settled::Written);
    let done = test.archive.upload(&chen, id).await?;
    assert_eq!((done.state, done.batch.as_str()), (UploadState::Done, "the-batch"));
    assert!(!task.folder.exists(), "its bytes are gone");
    Ok(())
}

async fn an_upload_that_was_given_up_is_taken_by_nobody(test: Arc<TestArchive>) -> Result<()> {
    let chen = test.person("chen", "archivist", SecurityLevel::INTERNAL, "").await?;
    let begun = test.archive.upload_begin(&chen, &draft()).await?;
    let id = &begun.id;
    let secret = UploadDraft {
        security_level: Some(SecurityLevel::Secret),
        ..draft()
    };
    assert_eq!(
        code(test.archive.upload_begin(&chen, &secret).await),
        "level_above_clearance"
    );
    test.archive.upload_piece(&chen, id, 1, 0, b"abcd".to_vec()).await?;
    test.archive.upload_finish(&chen, id).await?;
    let cancelled = test.archive.upload_cancel(&chen, id).await?;
    assert_eq!(cancelled.state, UploadState::Cancelled);
    assert!(test.system.upload_claim(60).await?.is_none());
    Ok(())
}

async fn an_open_upload_loses_files_and_ends_by_itself(test: Arc<TestArchive>) -> Result<()> {
    let chen = test.person("chen", "archivist", SecurityLevel::INTERNAL, "").await?;
    let other = test.person("wang", "archivist", SecurityLevel::INTERNAL, "").await?;
    let unnamed = UploadDraft {
        name: " ".to_owned(),
        ..draft()
    };
    let begun = test.archive.upload_begin(&chen, &unnamed).await?;
    let id = &begun.id;
    assert!(
        begun.name.ends_with(" chen") && begun.name.starts_with("20"),
        "{}",
        begun.name
    );
    assert_eq!(test.archive.uploads_open(&chen).await?.len(), 1);
    assert!(test.archive.uploads_open(&other).await?.is_empty(), "of others");
    assert_eq!(code(test.archive.upload_leave_out(&other, id, 1).await), "not_found");
    test.archive.upload_piece(&chen, id, 1, 0, b"ab".to_vec()).await?;
    let left = test.archive.upload_leave_out(&chen, id, 1).await?;
    assert_eq!(left.files.iter().map(|file| file.number).collect::<Vec<_>>(), [2]);
    assert_eq!(code(test.archive.upload_leave_out(&chen, id, 1).await), "not_found");
    assert_eq!(code(test.archive.upload_leave_out(&chen, id, 2).await), "upload_files");
    assert_eq!(test.system.uploads_abandoned().await?, 0);
    test.pass(8 * 24 * 60 * 60);
    assert_eq!(test.system.uploads_abandoned().await?, 1);
    assert_eq!(test.system.uploads_abandoned().await?, 0);
    assert_eq!(test.archive.upload(&chen, id).await?.state, UploadState::Cancelled);
    assert!(test.archive.uploads_open(&chen).await?.is_empty());
    Ok(())
}
