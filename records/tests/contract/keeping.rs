//! Checks of keeping: what is due, what a check finds, and repairs until they are mended.

use crate::{
    cases,
    filing::{certain, file, registers},
    harness::{TestArchive, code},
};
use records::{
    Result, SecurityLevel,
    documents::DocumentField,
    keeping::{
        KeepingDraft, KeepingFinding, KeepingItem, KeepingKind, KeepingOccasion, KeepingOrder, KeepingRules,
        RepairDraft, RepairState,
    },
};
use std::sync::Arc;

cases!(
    rooms_are_due_every_half_year,
    an_order_is_made_once,
    a_finding_is_mended,
    what_is_asked_is_a_list_of_the_archive,
    a_repair_of_a_hidden_paper_is_hidden,
);

const MONTH_S: i64 = 31 * 24 * 3600;

fn draft(at: &str, kind: KeepingKind, findings: &[(KeepingItem, bool, &str)]) -> KeepingDraft {
    let finding = |(item, is_fine, note): &(KeepingItem, bool, &str)| KeepingFinding {
        item: item.clone(),
        is_fine: *is_fine,
        note: (*note).to_owned(),
        owner: "li".to_owned(),
        due: "2026-12-31".to_owned(),
    };
    KeepingDraft {
        at: at.to_owned(),
        kind,
        occasion: KeepingOccasion::Regular,
        order: None,
        findings: findings.iter().map(finding).collect(),
    }
}

async fn due(test: &TestArchive) -> Result<Vec<(String, KeepingKind)>> {
    let due = test.archive.keeping_due(&test.owner()).await?;
    Ok(due.into_iter().map(|due| (due.place, due.kind)).collect())
}

async fn rooms_are_due_every_half_year(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let both = [
        ("K1".to_owned(), KeepingKind::Room),
        ("K1".to_owned(), KeepingKind::Holding),
    ];
    assert_eq!(due(&test).await?, both, "never checked");
    let fine = [(KeepingItem::AgainstDamp, true, "")];
    test.archive
        .keeping_record(&owner, &draft("k1", KeepingKind::Room, &fine))
        .await?;
    assert_eq!(due(&test).await?, both[1..]);
    // Whoever checks a rack has not checked the room, and the room covers the rack.
    test.archive
        .keeping_record(&owner, &draft("K1-01", KeepingKind::Holding, &fine))
        .await?;
    assert_eq!(due(&test).await?, both[1..]);
    let last = test.archive.keeping_last(&owner, "K1-01-1", KeepingKind::Room).await?;
    assert_eq!(last, Some(test.now()));
    test.pass(5 * MONTH_S);
    assert_eq!(due(&test).await?, both[1..]);
    test.pass(2 * MONTH_S);
    assert_eq!(due(&test).await?.len(), 2);
    let viewer = test.person("zhou", "viewer", SecurityLevel::Secret, "").await?;
    assert_eq!(code(test.archive.keeping_due(&viewer).await), "forbidden");
    Ok(())
}

async fn an_order_is_made_once(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let order = KeepingOrder {
        at: "K1-02".to_owned(),
        kind: KeepingKind::Room,
        occasion: KeepingOccasion::Theft,
        reason: "门锁被撬".to_owned(),
        due: "2026-03-09".to_owned(),
    };
    let id = test.archive.keeping_order(&owner, &order).await?;
    let first = test.archive.keeping_due(&owner).await?.remove(0);
    assert_eq!(
        (first.place.as_str(), first.reason.as_str(), first.order.as_ref()),
        ("K1-02", "门锁被撬", Some(&id))
    );
    let fine = [(KeepingItem::AgainstTheft, true, "")];
    let made = |at: &str| KeepingDraft {
        order: Some(id.clone()),
        ..draft(at, KeepingKind::Room, &fine)
    };
    assert_eq!(
        code(test.archive.keeping_record(&owner, &made("K1-01")).await),
        "not_found",
        "another place"
    );
    assert_eq!(test.archive.keeping_record(&owner, &made("K1-02")).await?, id);
    assert_eq!(
        code(test.archive.keeping_record(&owner, &made("K1-02")).await),
        "not_found",
        "made already"
    );
    let made = test.archive.keeping_check(&owner, &id).await?;
    assert_eq!((made.occasion, made.results.len()), (KeepingOccasion::Theft, 1));
    let missing = KeepingOrder {
        at: "K9".to_owned(),
        ..order
    };
    assert_eq!(code(test.archive.keeping_order(&owner, &missing).await), "not_found");
    Ok(())
}

async fn a_finding_is_mended(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let findings = [
        (KeepingItem::Mould, false, "三层左侧"),
        (KeepingItem::Order, true, ""),
        (KeepingItem::parse("标签脱落"), false, ""),
    ];
    let id = test
        .archive
        .keeping_record(&owner, &draft("K1", KeepingKind::Holding, &findings))
        .await?;
    let repairs = test.archive.repairs_of(&owner, &id).await?;
    let what: Vec<_> = repairs
        .iter()
        .map(|repair| (repair.what.as_str(), repair.owner.as_str(), repair.due.as_str()))
        .collect();
    assert_eq!(
        what,
        [("霉变：三层左侧", "li", "2026-12-31"), ("标签脱落", "li", "2026-12-31")]
    );
    let repair = &repairs[0].id;
    assert_eq!(
        code(test.archive.repair_close(&owner, repair, " ").await),
        "invalid_value"
    );
    test.archive.repair_close(&owner, repair, "已除霉").await?;
    assert_eq!(
        code(test.archive.repair_close(&owner, repair, "再次").await),
        "not_found"
    );
    let open = test.archive.repairs(&owner, Some(RepairState::Open), 0, 10).await?;
    assert_eq!(open.len(), 1);
    let all = test.archive.repairs(&owner, None, 0, 10).await?;
    assert_eq!((all[1].result.as_str(), all[1].state), ("已除霉", RepairState::Mended));
    Ok(())
}

async fn what_is_asked_is_a_list_of_the_archive(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    assert_eq!(test.archive.keeping_rules(&owner).await?, KeepingRules::default());
    let own = KeepingRules {
        room: vec![KeepingItem::AgainstFire, KeepingItem::parse("防震")],
        holding: vec![KeepingItem::Mould],
        months: 3,
    };
    test.archive.keeping_rules_set(&owner, &own).await?;
    assert_eq!(test.archive.keeping_rules(&owner).await?, own);
    let none = KeepingRules {
        room: Vec::new(),
        ..own.clone()
    };
    assert_eq!(
        code(test.archive.keeping_rules_set(&owner, &none).await),
        "invalid_value"
    );
    let never = KeepingRules { months: 0, ..own };
    assert_eq!(
        code(test.archive.keeping_rules_set(&owner, &never).await),
        "invalid_value"
    );
    Ok(())
}

async fn a_repair_of_a_hidden_paper_is_hidden(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = file(&test, "a", certain(&test, "KH-1").await?, Some("K1-01-1")).await?;
    let document = test.archive.document(&owner, id.as_str()).await?.expect("is there");
    let mut changed = document.draft()?;
    changed.set(DocumentField::SecurityLevel, "3")?;
    test.archive
        .document_change(&owner, &id, document.row.version, &changed)
        .await?;
    let repair = RepairDraft {
        thing: id.to_string(),
        what: "字迹褪色".to_owned(),
        ..RepairDraft::default()
    };
    let opened = test.archive.repair_open(&owner, &repair).await?;
    let small = test
        .person("wei", "viewer,archivist", SecurityLevel::Internal, "")
        .await?;
    assert!(test.archive.repairs(&small, None, 0, 10).await?.is_empty());
    assert_eq!(code(test.archive.repair_close(&small, &opened, "x").await), "not_found");
    assert_eq!(code(test.archive.repair_open(&small, &repair).await), "not_found");
    assert_eq!(test.archive.repairs(&owner, None, 0, 10).await?.len(), 1);
    Ok(())
}
