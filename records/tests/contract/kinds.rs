//! Document kinds and checklists.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Result, SecurityLevel,
    kinds::{KindFlag, table},
    tables::{self, OnBadLine, TableLimits},
};
use std::sync::Arc;

cases!(kinds_are_there, kinds_change, kinds_are_imported);

async fn kinds_are_there(test: Arc<TestArchive>) -> Result<()> {
    let kinds = test.system.kinds().await?;
    assert_eq!(kinds.all().len(), 132);
    assert_eq!(kinds.all().first().map(|kind| kind.code.as_str()), Some("id_card_copy"));
    let licence = kinds
        .resolve("营业执照")
        .expect("it is among the kinds of every archive");
    assert_eq!(
        (licence.code.as_str(), licence.name("en")),
        ("business_licence", "Business licence")
    );
    assert!(licence.flags.has(KindFlag::HasValidity));
    let checklists = test.archive.checklists(&test.owner()).await?;
    let power = checklists
        .iter()
        .find(|list| list.code == "power_supply_person")
        .expect("it is ready made");
    assert_eq!(power.kind_codes, ["identity_proof", "application_form"]);
    Ok(())
}

async fn kinds_change(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let mut kind = test
        .archive
        .kinds(&owner)
        .await?
        .get("lease_contract")
        .cloned()
        .expect("it is among the kinds");
    kind.name_zh = "房屋租约".to_owned();
    kind.title_patterns.push("租约".to_owned());
    kind.security_level = SecurityLevel::Confidential;
    test.archive.kind_set(&owner, &kind).await?;
    let kinds = test.archive.kinds(&owner).await?;
    assert_eq!(
        kinds
            .resolve("租约")
            .map(|kind| (kind.name_zh.as_str(), kind.security_level)),
        Some(("房屋租约", SecurityLevel::Confidential))
    );
    assert_eq!(kinds.all().len(), 132);
    kind.code = "own_lease".to_owned();
    assert_eq!(code(test.archive.kind_set(&owner, &kind).await), "already_exists");
    kind.title_patterns = vec!["自用租约".to_owned()];
    test.archive.kind_set(&owner, &kind).await?;
    assert_eq!(test.archive.kinds(&owner).await?.all().len(), 133);
    kind.code = "Own Lease".to_owned();
    assert_eq!(code(test.archive.kind_set(&owner, &kind).await), "invalid_value");
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(code(test.archive.kind_set(&li, &kind).await), "forbidden");
    Ok(())
}

async fn kinds_are_imported(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let read =
        |text: &str| tables::read(text.as_bytes(), table::KIND_COLUMNS, &TableLimits::of_kinds()).expect("a table");
    // What was exported changes nothing.
    let written = table::written(test.archive.kinds(&owner).await?.all());
    let report = test
        .archive
        .kinds_import(&owner, &read(&written), OnBadLine::RefuseTable)
        .await?;
    assert_eq!(
        (report.lines, report.unchanged, report.changed, report.added),
        (132, 132, 0, 0)
    );
    let text = "代码\t中文名\t英文名\t题名用词\t正文用词\t启用\nmeter_photo\t电表照片\tMeter photograph\t电表照片\t电表+示数\t1\nphotograph\t照片\tPhotograph\t照片\t\t0\n";
    let report = test
        .archive
        .kinds_import(&owner, &read(text), OnBadLine::RefuseTable)
        .await?;
    assert_eq!((report.added, report.changed, report.problems.len()), (1, 1, 0));
    let kinds = test.system.kinds().await?;
    let judged = kinds.judge("", "本次电表示数 1024");
    assert_eq!(judged.kind().map(|kind| kind.code.as_str()), Some("meter_photo"));
    assert!(
        kinds.judge("照片", "").kind().is_none(),
        "an inactive kind is offered no more"
    );
    let wrong = "code,name_zh,name_en,title_patterns\nBad Code,甲,A,\nnew_one,乙,B,营业执照\nfine,丙,C,丙书\n";
    let report = test
        .archive
        .kinds_import(&owner, &read(wrong), OnBadLine::RefuseTable)
        .await?;
    let lines: Vec<_> = report.problems.iter().map(|problem| problem.line).collect();
    assert!(report.refused && lines == [2, 3], "{:?}", report.problems);
    assert!(test.system.kinds().await?.get("fine").is_none());
    let report = test
        .archive
        .kinds_import(&owner, &read(wrong), OnBadLine::SkipLine)
        .await?;
    assert_eq!((report.added, report.problems.len()), (1, 2));
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(
        code(test.archive.kinds_import(&li, &read(wrong), OnBadLine::SkipLine).await),
        "forbidden"
    );
    Ok(())
}
