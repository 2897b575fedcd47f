//! Document kinds and checklists.

use crate::{
    cases, filing,
    harness::{TestArchive, code},
};
use records::{
    Asker, Result, SecurityLevel,
    documents::NewDocument,
    imports::{EmptyCells, ImportOrder, ImportReport, ImportRow, KeptBecause, Register},
    kinds::{KindFlag, KindGroup, checklist_table, table},
    registers,
    tables::{self, OnBadLine, TableLimits},
};
use std::sync::Arc;
use vocabulary::CustomerKind;

cases!(
    kinds_are_there,
    kinds_change,
    a_kind_in_use_is_not_deleted,
    kinds_are_imported,
    an_import_of_kinds_is_taken_back,
    bad_lines_of_kinds_are_named,
    checklists_change,
    checklists_are_imported,
    an_import_of_checklists_is_taken_back
);

async fn kinds_are_there(test: Arc<TestArchive>) -> Result<()> {
    let kinds = test.system.kinds().await?;
    assert_eq!(kinds.all().len(), 135);
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
    for version in [0, 2] {
        assert_eq!(
            code(test.archive.kind_set(&owner, version, &kind).await),
            "version_conflict"
        );
    }
    test.archive.kind_set(&owner, 1, &kind).await?;
    assert_eq!(
        test.archive.kind_versions(&owner).await?.get("lease_contract"),
        Some(&2)
    );
    assert_eq!(code(test.archive.kind_set(&owner, 1, &kind).await), "version_conflict");
    let kinds = test.archive.kinds(&owner).await?;
    assert_eq!(
        kinds
            .resolve("租约")
            .map(|kind| (kind.name_zh.as_str(), kind.security_level)),
        Some(("房屋租约", SecurityLevel::Confidential))
    );
    assert_eq!(kinds.all().len(), 135);
    kind.code = "own_lease".to_owned();
    assert_eq!(code(test.archive.kind_set(&owner, 0, &kind).await), "invalid_value");
    kind.title_patterns = vec!["自用租约".to_owned()];
    test.archive.kind_set(&owner, 0, &kind).await?;
    assert_eq!(test.archive.kinds(&owner).await?.all().len(), 136);
    kind.code = "Own Lease".to_owned();
    assert_eq!(code(test.archive.kind_set(&owner, 0, &kind).await), "invalid_value");
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(code(test.archive.kind_set(&li, 0, &kind).await), "forbidden");
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
    test.archive.kind_set(&owner, 0, &kind).await?;
    filing::registers(&test).await?;
    let document = NewDocument {
        kind: kind.code.clone(),
        ..filing::document(filing::certain(&test, "KH-1").await?, &["自用合同书"], None)
    };
    let batch = filing::batch(&test).await?;
    let deposit = test.new_deposit("a.png", "a".as_bytes(), vec![document])?;
    test.system.deposit(&batch.lease, "os:owner", vec![deposit]).await?;
    assert_eq!(code(delete("own_contract").await), "kind_in_use", "a document is of it");
    (kind.code, kind.title_patterns) = ("other_contract".to_owned(), Vec::new());
    test.archive.kind_set(&owner, 0, &kind).await?;
    delete("other_contract").await?;
    assert!(test.archive.kinds(&owner).await?.get("other_contract").is_none());
    assert_eq!(code(delete("other_contract").await), "not_found");
    Ok(())
}

fn order() -> ImportOrder {
    ImportOrder {
        file_name: "list.tsv".to_owned(),
        ..ImportOrder::from(OnBadLine::RefuseTable)
    }
}

fn dry_run() -> ImportOrder {
    ImportOrder {
        dry_run: true,
        ..order()
    }
}

async fn import(
    test: &TestArchive,
    asker: &Asker,
    register: Register,
    text: &str,
    order: ImportOrder,
) -> Result<ImportReport> {
    let columns = registers::columns_of(register);
    let table = tables::read(text.as_bytes(), columns, &TableLimits::default()).expect("a table");
    test.archive.import_table(asker, register, &table, order).await
}

fn lines(report: &ImportReport) -> Vec<(u64, &str, &'static str)> {
    let problems = report.problems.iter();
    problems
        .map(|problem| (problem.line, problem.column.as_str(), problem.fault.code()))
        .collect()
}

/// The newest import in the list.
async fn newest(test: &TestArchive) -> Result<ImportRow> {
    let imports = test.archive.imports(&test.owner(), "", 1).await?;
    Ok(imports.into_iter().next().expect("there is one"))
}

async fn kinds_are_imported(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let send = async |text: &str, order| import(&test, &owner, Register::Kinds, text, order).await;
    // What was exported changes nothing, and is no entry of the list.
    let written = table::written(test.archive.kinds(&owner).await?.all());
    let report = send(&written, order()).await?;
    assert_eq!(
        (report.lines, report.unchanged, report.changed, report.added, report.id),
        (135, 135, 0, 0, None)
    );
    let text = "代码\t中文名\t英文名\t题名用词\t正文用词\t启用\t备注\nmeter_photo\t电表照片\tMeter photograph\t电表照片\t电表+示数\t1\t\nphotograph\t照片\tPhotograph\t照片\t\t0\tx\n";
    let tried = send(text, dry_run()).await?;
    assert_eq!((tried.added, tried.changed), (1, 1));
    assert_eq!(
        tried.unknown_columns,
        ["备注"],
        "a list has no columns of the archive's own"
    );
    let changed = tried.changes.iter().find(|change| !change.added).expect("one changes");
    let fields: Vec<_> = changed
        .fields
        .iter()
        .map(|field| (&*field.field, field.before.as_str(), field.after.as_str()))
        .collect();
    assert_eq!((changed.line, changed.code.as_str()), (3, "photograph"));
    assert_eq!(fields.last(), Some(&("active", "1", "0")));
    assert!(
        test.archive.kinds(&owner).await?.get("meter_photo").is_none(),
        "a trial writes nothing"
    );
    let report = send(text, order()).await?;
    assert_eq!((report.added, report.changed, report.problems.len()), (1, 1, 0));
    let row = newest(&test).await?;
    assert_eq!(
        (row.register, row.file_name.as_str(), row.added, row.changed),
        (Register::Kinds, "list.tsv", 1, 1)
    );
    assert_eq!(Some(&row.id), report.id.as_ref());
    let kinds = test.system.kinds().await?;
    let judged = kinds.judge("", "本次电表示数 1024");
    assert_eq!(judged.kind().map(|kind| kind.code.as_str()), Some("meter_photo"));
    assert!(
        kinds.judge("照片", "").kind().is_none(),
        "an inactive kind is offered no more"
    );
    assert!(
        kinds
            .get("photograph")
            .is_some_and(|kind| kind.group == KindGroup::Technical),
        "a column that the table does not have is left alone"
    );
    // An empty cell is said and empties only when that is asked for.
    let empty = "code,name_zh,name_en,title_patterns\nmeter_photo,电表照片,Meter photograph,\n";
    let report = send(empty, order()).await?;
    let said: Vec<_> = report
        .empty_cells
        .iter()
        .map(|cell| (cell.line, cell.code.as_str(), cell.field.as_str(), cell.value.as_str()))
        .collect();
    assert_eq!(said, [(2, "meter_photo", "title_patterns", "电表照片")]);
    assert_eq!((report.changed, report.unchanged), (0, 1));
    let clear = ImportOrder {
        empty_cells: EmptyCells::Clear,
        ..order()
    };
    assert_eq!(send(empty, clear).await?.changed, 1);
    let kinds = test.system.kinds().await?;
    assert!(
        kinds
            .get("meter_photo")
            .is_some_and(|kind| kind.title_patterns.is_empty())
    );
    Ok(())
}

async fn an_import_of_kinds_is_taken_back(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let send = async |text: &str| import(&test, &owner, Register::Kinds, text, order()).await;
    let before = test.system.kinds().await?;
    let text = "code,name_zh,name_en,title_patterns,security_level\nmeter_photo,电表照片,Meter photograph,电表照片,2\nphotograph,影像,Image,影像照片,2\n";
    let id = send(text).await?.id.expect("it was written");
    // It is one entry in the history of each record.
    let filter = records::history::HistoryFilter {
        object: "kind:photograph".to_owned(),
        limit: 3,
        ..records::history::HistoryFilter::default()
    };
    let history = test.archive.history(&owner, &filter).await?;
    let row = newest(&test).await?;
    assert!(!history.is_empty());
    for entry in history {
        assert_eq!(
            (entry.authority.as_str(), entry.change.as_str()),
            (id.as_str(), row.change_id.as_str())
        );
    }
    let done = test.archive.import_undo(&owner, id.as_str()).await?;
    assert_eq!((done.restored, done.removed, done.kept.len()), (1, 1, 0));
    assert_eq!(test.system.kinds().await?.all(), before.all());

    // A word that leads to another kind by now stays away; what was changed since stays.
    let id = send(text).await?.id.expect("it was written");
    let word = "code,name_zh,name_en,title_patterns\nother_photo,其他照片,Other photographs,照片\nphotograph,影像资料,Image,影像照片\n";
    send(word).await?;
    let done = test.archive.import_undo(&owner, id.as_str()).await?;
    let kept: Vec<_> = done
        .kept
        .iter()
        .map(|kept| (kept.code.as_str(), kept.field.as_str(), kept.because))
        .collect();
    assert_eq!(
        kept,
        [
            ("photograph", "name_zh", KeptBecause::ChangedSince),
            ("photograph", "title_patterns", KeptBecause::Taken)
        ]
    );
    let kinds = test.system.kinds().await?;
    let kind = kinds.get("photograph").expect("it is there");
    assert_eq!(
        (
            kind.name_zh.as_str(),
            kind.name_en.as_str(),
            kind.title_patterns.join(";").as_str()
        ),
        ("影像资料", "Photograph", "影像照片")
    );
    assert!(kinds.get("meter_photo").is_none());

    // A kind that is in use by now stays.
    let id = send("code,name_zh,name_en\nused_kind,在用,Used\n")
        .await?
        .id
        .expect("it was written");
    let list = "code,name_zh,name_en,kinds\nuser_list,用者,User,used_kind\n";
    import(&test, &owner, Register::Checklists, list, order()).await?;
    let done = test.archive.import_undo(&owner, id.as_str()).await?;
    assert_eq!((done.removed, done.kept[0].because), (0, KeptBecause::InUse));
    Ok(())
}

async fn bad_lines_of_kinds_are_named(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let wrong = "code,name_zh,name_en,title_patterns,flags\nBad Code,甲,A,,\nnew_one,乙,B,营业执照,\nfine,丙,C,丙书,\nfine,丁,D,丁书,\nlast,戊,E,,Z\n";
    let send = async |asker: &Asker, order| import(&test, asker, Register::Kinds, wrong, order).await;
    let report = send(&owner, order()).await?;
    assert_eq!(
        lines(&report),
        [
            (2, "code", "code_form"),
            (3, "title_patterns", "word_taken"),
            (5, "code", "same_code_as_line"),
            (6, "flags", "flags")
        ]
    );
    assert!(report.refused && test.system.kinds().await?.get("fine").is_none());
    let skip = ImportOrder::from(OnBadLine::SkipLine);
    let report = send(&owner, skip.clone()).await?;
    assert_eq!((report.added, report.problems.len()), (1, 4));
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(code(send(&li, skip).await), "forbidden");
    // Imports of the lists are those of administrators.
    let id = newest(&test).await?.id;
    assert!(test.archive.imports(&li, "", 10).await?.is_empty());
    assert!(test.archive.import(&li, id.as_str()).await?.is_none());
    assert!(test.archive.import_records(&li, &id, 0, 10).await?.is_empty());
    assert_eq!(code(test.archive.import_undo(&li, id.as_str()).await), "forbidden");
    Ok(())
}

async fn checklists_change(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let lists = test.archive.checklists(&owner).await?;
    assert_eq!(lists.all().len(), 15);
    let mut list = lists.get("guarantee").cloned().expect("it is ready made");
    list.kind_codes.push("营业执照".to_owned());
    assert_eq!(
        code(test.archive.checklist_set(&owner, 0, &list).await),
        "version_conflict"
    );
    let stored = test.archive.checklist_set(&owner, 1, &list).await?;
    assert_eq!(
        test.archive.checklist_versions(&owner).await?.get("guarantee"),
        Some(&2)
    );
    assert_eq!(stored.kind_codes.last().map(String::as_str), Some("business_licence"));
    assert_eq!(test.archive.checklists(&owner).await?.get("guarantee"), Some(&stored));
    list.kind_codes.push("不存在的类型".to_owned());
    assert_eq!(
        code(test.archive.checklist_set(&owner, 2, &list).await),
        "invalid_value"
    );
    let li = test.person("li", "viewer,archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(code(test.archive.checklist_set(&li, 2, &stored).await), "forbidden");
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
    let send = async |text: &str, order| import(&test, &owner, Register::Checklists, text, order).await;
    let written = checklist_table::written(test.archive.checklists(&owner).await?.all());
    assert_eq!(send(&written, order()).await?.unchanged, 15);
    let text = "代码,中文名,英文名,客户类型,文件类型,启用\nown_list,自用清单,Own list,企业,营业执照;contract,1\nstore_customer,门店客户,Store customer,,customer_base_form,0\n";
    let tried = send(text, dry_run()).await?;
    let change = tried
        .changes
        .iter()
        .find(|change| !change.added)
        .expect("one is changed");
    let columns: Vec<_> = change.fields.iter().map(|field| &*field.field).collect();
    assert_eq!((change.line, columns), (3, vec!["kinds", "active"]));
    let report = send(text, order()).await?;
    assert_eq!((report.added, report.changed), (1, 1));
    let lists = test.archive.checklists(&owner).await?;
    let own = lists.get("own_list").expect("it was added");
    assert_eq!(own.kind_codes, ["business_licence", "contract"]);
    assert!(own.fits(CustomerKind::Organisation) && !own.fits(CustomerKind::Person));
    assert!(lists.get("store_customer").is_some_and(|list| !list.active));
    let any = "code,name_zh,name_en,customer_kind,kinds\nown_list,自用清单,Own list,不限,营业执照;contract\n";
    assert_eq!(send(any, order()).await?.changed, 1);
    let lists = test.archive.checklists(&owner).await?;
    assert!(
        lists
            .get("own_list")
            .is_some_and(|list| list.fits(CustomerKind::Person))
    );
    let wrong = "code,name_zh,name_en,customer_kind,kinds\na_list,甲,A,,contract;合同\nb_list,乙,B,,没有这种\nc_list,丙,C,,\nd_list,自用清单,D,个人,contract\n";
    let report = send(wrong, order()).await?;
    assert_eq!(
        lines(&report),
        [
            (2, "kinds", "kind_twice"),
            (3, "kinds", "kind_unknown"),
            (4, "kinds", "missing")
        ],
        "a name is free for other customers"
    );
    assert!(test.archive.checklists(&owner).await?.get("d_list").is_none());
    Ok(())
}

async fn an_import_of_checklists_is_taken_back(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let before = test.archive.checklists(&owner).await?;
    let text = "code,name_zh,name_en,kinds\nown_list,自用清单,Own list,contract\nheld_list,已用清单,Held list,contract\nguarantee,担保,Guarantee,contract\n";
    let report = import(&test, &owner, Register::Checklists, text, order()).await?;
    let id = report.id.expect("it was written");
    test.customers("code,name,kind\nKH-1,甲公司,企业\n").await?;
    test.archive.dossier_checklist_set(&owner, "KH-1", "held_list").await?;
    let done = test.archive.import_undo(&owner, id.as_str()).await?;
    assert_eq!((done.restored, done.removed), (1, 1));
    assert_eq!(
        (done.kept[0].code.as_str(), done.kept[0].because),
        ("held_list", KeptBecause::InUse)
    );
    let lists = test.archive.checklists(&owner).await?;
    assert_eq!(lists.get("guarantee"), before.get("guarantee"));
    assert!(lists.get("own_list").is_none() && lists.get("held_list").is_some());
    let records = test.archive.import_records(&owner, &id, 0, 10).await?;
    let kept: Vec<_> = records.iter().filter_map(|record| record.kept).collect();
    assert_eq!(kept, [KeptBecause::InUse]);
    Ok(())
}
