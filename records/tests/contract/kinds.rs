//! Document kinds and checklists.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{Result, SecurityLevel, kinds::KindFlag};
use std::sync::Arc;

cases!(kinds_are_there, kinds_change);

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
    kind.security_level = SecurityLevel::SECRET;
    test.archive.kind_set(&owner, &kind).await?;
    let kinds = test.archive.kinds(&owner).await?;
    assert_eq!(
        kinds
            .resolve("租约")
            .map(|kind| (kind.name_zh.as_str(), kind.security_level)),
        Some(("房屋租约", SecurityLevel::SECRET))
    );
    assert_eq!(kinds.all().len(), 132);
    kind.code = "own_lease".to_owned();
    assert_eq!(code(test.archive.kind_set(&owner, &kind).await), "already_exists");
    kind.title_patterns = vec!["自用租约".to_owned()];
    test.archive.kind_set(&owner, &kind).await?;
    assert_eq!(test.archive.kinds(&owner).await?.all().len(), 133);
    kind.code = "Own Lease".to_owned();
    assert_eq!(code(test.archive.kind_set(&owner, &kind).await), "invalid_value");
    let li = test
        .person("li", "viewer,archivist", SecurityLevel::TOP_SECRET, "")
        .await?;
    assert_eq!(code(test.archive.kind_set(&li, &kind).await), "forbidden");
    Ok(())
}
