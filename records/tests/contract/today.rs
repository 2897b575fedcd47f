//! Today: what is counted is what is listed, and nobody learns of what is hidden from them.

use crate::{cases, filing::registers, harness::TestArchive};
use records::{
    Result, SecurityLevel,
    documents::{NewDocument, Validity, ValidityEnd},
    scans::Thoroughness,
};
use std::sync::Arc;
use testing::documents::{certain as link_to, document, in_review, layer, page};
use vocabulary::TodayItem;

cases!(
    what_is_counted_is_listed,
    days_are_counted_in_slots,
    a_check_of_the_files_is_kept,
);

const ITEMS: [TodayItem; 5] = [
    TodayItem::Review,
    TodayItem::ReviewLate,
    TodayItem::OriginalsToShelve,
    TodayItem::OriginalsMissing,
    TodayItem::Expiring,
];

async fn paper(test: &TestArchive, name: &str, level: SecurityLevel, waits: bool) -> Result<()> {
    let uid = test.customer_uid("KH-1").await?;
    let link = if waits { in_review(&[(uid, 0.6)]) } else { link_to(uid) };
    let new = NewDocument {
        security_level: level,
        validity: Validity {
            from: Default::default(),
            until: ValidityEnd::parse("2026-03-20")?,
        },
        ..document(link, name, "contract", vec![page(layer(name))])
    };
    test.deposit(name, new).await?;
    Ok(())
}

async fn what_is_counted_is_listed(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    paper(&test, "a", SecurityLevel::INTERNAL, false).await?;
    paper(&test, "b", SecurityLevel::INTERNAL, true).await?;
    paper(&test, "c", SecurityLevel::Secret, false).await?;
    paper(&test, "d", SecurityLevel::Secret, true).await?;
    let owner = test.owner();
    let clerk = test.person("clerk", "viewer", SecurityLevel::INTERNAL, "").await?;
    let counts = async |asker: &records::Asker| -> Result<Vec<i64>> {
        let mut counts = Vec::new();
        for item in ITEMS {
            let count = test
                .archive
                .today_count(asker, item)
                .await?
                .expect("a list of documents");
            let listed = test.archive.today_documents(asker, item, 0, 100).await?;
            assert_eq!(usize::try_from(count).unwrap_or(0), listed.len(), "{}", item.as_str());
            counts.push(count);
        }
        Ok(counts)
    };
    assert_eq!(counts(&owner).await?, [2, 0, 4, 0, 2]);
    assert_eq!(counts(&clerk).await?, [1, 0, 2, 0, 1], "what is hidden is not counted");
    test.pass(8 * 24 * 60 * 60);
    assert_eq!(counts(&owner).await?, [2, 2, 4, 0, 2], "what waits for a week is late");
    test.pass(30 * 24 * 60 * 60);
    assert_eq!(
        counts(&owner).await?,
        [2, 2, 4, 0, 0],
        "what has expired is due no more"
    );
    assert_eq!(test.archive.today_count(&owner, TodayItem::Batches).await?, None);
    Ok(())
}

async fn days_are_counted_in_slots(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    paper(&test, "a", SecurityLevel::INTERNAL, false).await?;
    test.pass(24 * 60 * 60);
    paper(&test, "b", SecurityLevel::Secret, false).await?;
    let clerk = test.person("clerk", "viewer", SecurityLevel::INTERNAL, "").await?;
    let of = async |asker: &records::Asker| -> Result<Vec<i64>> {
        let slots = test.archive.today_intake(asker).await?;
        Ok(slots.into_iter().map(|slot| slot.count).collect())
    };
    assert_eq!(of(&test.owner()).await?, [1, 1]);
    assert_eq!(of(&clerk).await?, [1]);
    assert_eq!(test.archive.today_lookups(&clerk).await?, []);
    let room = test.archive.room(&test.owner())?;
    assert!(room.free_bytes <= room.total_bytes && room.total_bytes > 0, "{room:?}");
    assert!(
        test.archive.room(&clerk).is_err(),
        "a clerk does not answer for the disk"
    );
    Ok(())
}

async fn a_check_of_the_files_is_kept(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    paper(&test, "a", SecurityLevel::INTERNAL, false).await?;
    let owner = test.owner();
    assert_eq!(test.archive.files_checked(&owner).await?, None);
    let report = test.system.verify(Thoroughness::Full).await?;
    let made = test.system.files_keep("system", Thoroughness::Full, &report).await?;
    assert_eq!((made.scans, made.every_byte, made.problems.len()), (1, true, 0));
    assert_eq!(test.archive.files_checked(&owner).await?, Some(made));
    assert_eq!(test.system.files_check_when_older(60).await?, None, "it is young");
    let scan = walk(&test.folder().join("vault")).expect("the scan lies in the vault");
    std::fs::remove_file(scan).expect("removed");
    test.pass(61);
    let made = test.system.files_check_when_older(60).await?.expect("it is due");
    assert_eq!(
        (made.every_byte, made.problems.len()),
        (false, 1),
        "{:?}",
        made.problems
    );
    Ok(())
}

/// The first file in a folder or below it that is named after a digest.
fn walk(folder: &std::path::Path) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        match path.is_dir() {
            true => walk(&path),
            false => Some(path).filter(|path| path.file_name().is_some_and(|name| name.len() >= 60)),
        }
    })
}
