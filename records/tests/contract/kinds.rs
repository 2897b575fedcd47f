//! Document kinds and checklists.

use crate::{
    cases, filing,
    harness::{TestArchive, code},
};
use records::{
    Asker, Result, SecurityLevel,
    documents::NewDocument,
    kinds::{KindFlag, ListPlan, checklist_table, table},
    tables::{self, OnBadLine, Table, TableLimits},
};
use std::sync::Arc;

cases!(
    kinds_are_there,
    kinds_change,
    a_kind_in_use_is_not_deleted,
    kinds_are_imported,
    bad_lines_of_kinds_are_named,
    checklists_change,
    checklists_are_imported
);

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
    let power = checklists.get("power_supply_person").expect("it is ready made");
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
    assert_eq!(code(test.archive.kind_set(&owner, &kind).await), "invalid_value");
    kind.title_patterns = vec!["自用租约".to_owned()];
    test.archive.kind_set(&owner, &kind).await?;
    assert_eq!(test.archive.kinds(&owner).await?.all().len(), 133);
    kind.code = "Own Lease".to_owned();
    assert_eq!(code(test.archive.kind_set(&owner, &kind).await), "invalid_value");
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(code(test.archive.kind_set(&li, &kind).await), "forbidden");
    Ok(())
}

async fn a_kind_in_use_is_not_deleted(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let delete = async |code| test.archive.kind_delete(&owner, code).await;
    assert_eq!(
        code(delete("identity_proof").await),
        "kind_in_use",
        "checklists ask for it"
    );
    let mut kind = test
        .archive
        .kinds(&owner)
        .await?
        .get("contract")
        .cloned()
        .expect("it is there");
    (kind.code, kind.title_patterns) = ("own_contract".to_owned(), vec!["自用合同书".to_owned()]);
    (kind.name_zh, kind.name_en) = ("自用合同".to_owned(), "Own contract".to_owned());
    test.archive.kind_set(&owner, &kind).await?;
    filing::registers(&test).await?;
    let document = NewDocument {
        kind: kind.code.clone(),
        ..filing::document(filing::certain(&test, "KH-1").await?, &["自用合同书"], None)
    };
    let batch = filing::batch(&test).await?;
    let deposit = test.new_deposit("a.png", "a".as_bytes(), vec![document])?;
    test.system.deposit(batch.uid, "os:owner", vec![deposit]).await?;
    assert_eq!(code(delete("own_contract").await), "kind_in_use", "a document is of it");
    (kind.code, kind.title_patterns) = ("other_contract".to_owned(), Vec::new());
    test.archive.kind_set(&owner, &kind).await?;
    delete("other_contract").await?;
    assert!(test.archive.kinds(&owner).await?.get("other_contract").is_none());
    assert_eq!(code(delete("other_contract").await), "not_found");
    Ok(())
}

fn kinds_table(text: &str) -> Table {
    tables::read(text.as_bytes(), table::KIND_COLUMNS, &TableLimits::of_kinds()).expect("a table")
}

fn lines(plan: &ListPlan) -> Vec<(u64, &'static str, &'static str)> {
    let faults = plan.faults.iter();
    faults
        .map(|fault| (fault.line, fault.fault.column, fault.fault.because.code()))
        .collect()
}

async fn kinds_are_imported(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let import =
        async |text: &str, on_bad_line| test.archive.kinds_import(&owner, &kinds_table(text), on_bad_line).await;
    // What was exported changes nothing.
    let written = table::written(test.archive.kinds(&owner).await?.all());
    let plan = import(&written, OnBadLine::RefuseTable).await?;
    assert_eq!(
        (plan.lines, plan.unchanged, plan.changed(), plan.added()),
        (132, 132, 0, 0)
    );
    let text = "代码\t中文名\t英文名\t题名用词\t正文用词\t启用\nmeter_photo\t电表照片\tMeter photograph\t电表照片\t电表+示数\t1\nphotograph\t照片\tPhotograph\t照片\t\t0\n";
    let plan = test.archive.kinds_plan(&owner, &kinds_table(text)).await?;
    assert_eq!((plan.added(), plan.changed()), (1, 1));
    assert!(
        test.archive.kinds(&owner).await?.get("meter_photo").is_none(),
        "a plan writes nothing"
    );
    let plan = import(text, OnBadLine::RefuseTable).await?;
    assert_eq!((plan.added(), plan.changed(), plan.faults.len()), (1, 1, 0));
    let kinds = test.system.kinds().await?;
    let judged = kinds.judge("", "本次电表示数 1024");
    assert_eq!(judged.kind().map(|kind| kind.code.as_str()), Some("meter_photo"));
    assert!(
        kinds.judge("照片", "").kind().is_none(),
        "an inactive kind is offered no more"
    );
    assert!(
        kinds.get("photograph").is_some_and(|kind| kind.group == "technical"),
        "a column that the table does not have is left alone"
    );
    Ok(())
}

async fn bad_lines_of_kinds_are_named(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let wrong =
        "code,name_zh,name_en,title_patterns\nBad Code,甲,A,\nnew_one,乙,B,营业执照\nfine,丙,C,丙书\nfine,丁,D,丁书\n";
    let import =
        async |asker: &Asker, on_bad_line| test.archive.kinds_import(asker, &kinds_table(wrong), on_bad_line).await;
    let plan = import(&owner, OnBadLine::RefuseTable).await?;
    assert_eq!(
        lines(&plan),
        [
            (2, "code", "code_form"),
            (3, "title_patterns", "word_taken"),
            (5, "code", "code_twice")
        ]
    );
    assert!(test.system.kinds().await?.get("fine").is_none());
    let plan = import(&owner, OnBadLine::SkipLine).await?;
    assert_eq!((plan.added(), plan.faults.len()), (1, 3));
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(code(import(&li, OnBadLine::SkipLine).await), "forbidden");
    Ok(())
}

fn checklists_table(text: &str) -> Table {
    let columns = checklist_table::CHECKLIST_COLUMNS;
    tables::read(text.as_bytes(), columns, &TableLimits::of_kinds()).expect("a table")
}

async fn checklists_change(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let lists = test.archive.checklists(&owner).await?;
    assert_eq!(lists.all().len(), 15);
    let mut list = lists.get("guarantee").cloned().expect("it is ready made");
    list.kind_codes.push("营业执照".to_owned());
    let stored = test.archive.checklist_set(&owner, &list).await?;
    assert_eq!(stored.kind_codes.last().map(String::as_str), Some("business_licence"));
    assert_eq!(test.archive.checklists(&owner).await?.get("guarantee"), Some(&stored));
    list.kind_codes.push("不存在的类型".to_owned());
    assert_eq!(code(test.archive.checklist_set(&owner, &list).await), "invalid_value");
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(code(test.archive.checklist_set(&li, &stored).await), "forbidden");
    test.customers("code,name,kind\nKH-1,甲公司,企业\n").await?;
    test.archive.dossier_checklist_set(&owner, "KH-1", "guarantee").await?;
    assert_eq!(
        code(test.archive.checklist_delete(&owner, "guarantee").await),
        "checklist_in_use"
    );
    test.archive.dossier_checklist_set(&owner, "KH-1", "").await?;
    test.archive.checklist_delete(&owner, "guarantee").await?;
    assert_eq!(
        code(test.archive.checklist_delete(&owner, "guarantee").await),
        "not_found"
    );
    Ok(())
}

async fn checklists_are_imported(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let import = async |text: &str| {
        let table = checklists_table(text);
        test.archive
            .checklists_import(&owner, &table, OnBadLine::RefuseTable)
            .await
    };
    let written = checklist_table::written(test.archive.checklists(&owner).await?.all());
    assert_eq!(import(&written).await?.unchanged, 15);
    let text = "代码,中文名,英文名,客户类型,文件类型,启用\nown_list,自用清单,Own list,企业,营业执照;contract,1\nstore_customer,门店客户,Store customer,,customer_base_form,0\n";
    let plan = test.archive.checklists_plan(&owner, &checklists_table(text)).await?;
    let change = plan
        .changes
        .iter()
        .find(|change| !change.added)
        .expect("one is changed");
    let columns: Vec<_> = change.cells.iter().map(|cell| cell.column).collect();
    assert_eq!((change.line, columns), (3, vec!["kinds", "active"]));
    let plan = import(text).await?;
    assert_eq!((plan.added(), plan.changed()), (1, 1));
    let lists = test.archive.checklists(&owner).await?;
    let own = lists.get("own_list").expect("it was added");
    assert_eq!(own.kind_codes, ["business_licence", "contract"]);
    assert!(own.fits("organisation") && !own.fits("person"));
    assert!(lists.get("store_customer").is_some_and(|list| !list.active));
    let wrong = "code,name_zh,name_en,kinds\na_list,甲,A,contract;合同\nb_list,乙,B,没有这种\nc_list,丙,C,\nd_list,自用清单,D,contract\n";
    let plan = import(wrong).await?;
    assert_eq!(
        lines(&plan),
        [
            (2, "kinds", "kind_twice"),
            (3, "kinds", "kind_unknown"),
            (4, "kinds", "no_kinds")
        ],
        "a name is free for other customers"
    );
    assert!(test.archive.checklists(&owner).await?.get("d_list").is_none());
    Ok(())
}
