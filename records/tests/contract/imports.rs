//! Imports never destroy: what a table does not say stays, what it would empty is said, doubles wait, and what was
//! written can be taken back.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Result, SecurityLevel,
    audit::EventFilter,
    customers::{CUSTOMER_COLUMNS, Customer, CustomerDraft},
    imports::{DoubleBecause, Doubles, EmptyCells, EntryOutcome, ImportOrder, ImportReport, KeptBecause, Register},
    places::{CodeLookup, LOCATION_COLUMNS, Location, LocationDraft},
    tables::{self, OnBadLine, Table, TableLimits},
};
use std::sync::Arc;

cases!(
    a_missing_column_leaves_its_field,
    empty_cells_are_said_before_they_empty,
    a_dry_run_shows_each_change_and_writes_nothing,
    an_import_is_taken_back_as_a_whole,
    an_undo_leaves_what_was_changed_since,
    a_change_of_holder_is_taken_back,
    doubles_wait_for_a_person,
    one_customer_is_added_and_changed,
    places_keep_what_a_table_does_not_say,
    places_are_taken_back,
    one_place_is_added_and_changed,
    who_may_import_and_see_imports,
);

const CUSTOMERS: &str = "code,name,kind,credit_code,id_number,phones,account_no,address,status,grade,region,供电线路\n\
    KH-1,深圳华宸智汇信息技术有限公司,企业,91449901MA5F0H3K9F,,13800000117,1002003001,创想一路17号,active,A,南屏,北海Ⅰ线\n\
    KH-2,顾怀瑾,个人,,,13800000200;13800000201,1002003002,云岭市越秀里77号,注销,B,云岭新区,\n";

fn customers(text: &str) -> Table {
    tables::read(text.as_bytes(), CUSTOMER_COLUMNS, &TableLimits::default()).expect("a table")
}

fn places(text: &str) -> Table {
    tables::read(text.as_bytes(), LOCATION_COLUMNS, &TableLimits::default()).expect("a table")
}

fn order() -> ImportOrder {
    ImportOrder {
        file_name: "customers.csv".to_owned(),
        ..ImportOrder::from(OnBadLine::RefuseTable)
    }
}

async fn import(test: &TestArchive, text: &str) -> Result<ImportReport> {
    import_so(test, text, order()).await
}

async fn import_so(test: &TestArchive, text: &str, order: ImportOrder) -> Result<ImportReport> {
    test.archive
        .import_table(&test.owner(), Register::Customers, &customers(text), order)
        .await
}

async fn customer(test: &TestArchive, code: &str) -> Result<Customer> {
    Ok(test
        .archive
        .customer_reveal(&test.owner(), code, None)
        .await?
        .expect("is there"))
}

/// All that a table can say of a customer, for comparing.
async fn told(test: &TestArchive, code: &str) -> Result<String> {
    let customer = customer(test, code).await?;
    let facts: Vec<_> = customer
        .facts
        .iter()
        .map(|(field, value)| format!("{}={value}", field.name()))
        .collect();
    let parties: Vec<_> = customer
        .parties
        .iter()
        .map(|party| {
            format!(
                "{} {}-{} {:?}",
                party.name, party.begins_on, party.ends_on, party.identifiers
            )
        })
        .collect();
    Ok(format!(
        "{} {} {} {facts:?} {:?} {:?} {parties:?}",
        customer.name,
        customer.kind.as_str(),
        customer.status.as_str(),
        customer.aliases,
        customer.attributes
    ))
}

async fn a_missing_column_leaves_its_field(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let before = [told(&test, "KH-1").await?, told(&test, "KH-2").await?];
    // Each of these tables emptied what it does not mention, and made a cancelled customer active.
    for text in [
        "code,name\nKH-1,深圳华宸智汇信息技术有限公司\nKH-2,顾怀瑾\n",
        "code,name,kind\nKH-1,深圳华宸智汇信息技术有限公司,企业\nKH-2,顾怀瑾,个人\n",
        "客户编号,户名,联系电话\nＫＨ－１,深圳华宸智汇信息技术有限公司,13800000117\nkh-2,顾怀瑾,13800000201；13800000200\n",
        CUSTOMERS,
    ] {
        let report = import(&test, text).await?;
        assert_eq!((report.changed, report.unchanged, report.id), (0, 2, None), "{text}");
        assert_eq!(
            [told(&test, "KH-1").await?, told(&test, "KH-2").await?],
            before,
            "{text}"
        );
    }
    let report = import(&test, "code,name,grade\nKH-2,顾怀瑾,C\n").await?;
    assert_eq!((report.changed, report.added), (1, 0));
    assert_eq!(told(&test, "KH-2").await?, before[1].replace("grade=B", "grade=C"));
    Ok(())
}

async fn empty_cells_are_said_before_they_empty(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let before = told(&test, "KH-1").await?;
    let text = "code,name,phones,grade,status,供电线路\nKH-1,深圳华宸智汇信息技术有限公司,,,,\n";
    let report = import(&test, text).await?;
    let said: Vec<_> = report
        .empty_cells
        .iter()
        .map(|cell| (cell.line, cell.code.as_str(), cell.field.as_str(), cell.value.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (2, "KH-1", "phones", "138****0117"),
            (2, "KH-1", "grade", "A"),
            (2, "KH-1", "attribute:供电线路", "北海Ⅰ线")
        ]
    );
    assert_eq!((report.changed, report.unchanged), (0, 1));
    assert_eq!(told(&test, "KH-1").await?, before, "nothing is emptied unasked");
    let clearing = ImportOrder {
        empty_cells: EmptyCells::Clear,
        ..order()
    };
    let report = import_so(&test, text, clearing).await?;
    assert_eq!((report.changed, report.empty_cells.len()), (1, 3));
    let emptied = customer(&test, "KH-1").await?;
    assert_eq!((emptied.fact("grade"), emptied.attributes.len()), ("", 0));
    assert_eq!(emptied.status.as_str(), "active", "a customer always has a status");
    let identifiers: Vec<_> = emptied.parties[0]
        .identifiers
        .iter()
        .map(|(kind, _)| kind.as_str())
        .collect();
    assert_eq!(identifiers, ["credit_code"]);
    Ok(())
}

async fn a_dry_run_shows_each_change_and_writes_nothing(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let events = async || -> Result<i64> {
        let filter = EventFilter {
            limit: 1,
            ..EventFilter::default()
        };
        let newest = test.archive.audit_events(&test.owner(), &filter).await?;
        Ok(newest.first().map_or(0, |event| event.sequence))
    };
    let marks = async || -> Result<_> {
        Ok((
            test.system.change_log_head().await?,
            events().await?,
            test.archive.imports(&test.owner(), "", 100).await?.len(),
            test.archive.customers_count(&test.owner()).await?,
        ))
    };
    let before = marks().await?;
    let trying = ImportOrder {
        dry_run: true,
        ..order()
    };
    let text = "code,name,kind,address,phones,account_no\nKH-1,深圳华宸智汇信息技术有限公司,企业,创想二路8号,,\n\
        KH-3,陆景行,个人,,,1002003003\nKH-4,甲,龙,,,\n";
    let report = import_so(&test, text, trying.clone()).await?;
    assert_eq!(
        (report.dry_run, report.refused, report.id.is_some()),
        (true, true, false)
    );
    assert_eq!((report.added, report.changed, report.problems.len()), (1, 1, 1));
    assert_eq!(report.problems[0].fault.code(), "customer_kind");
    let changes: Vec<_> = report
        .changes
        .iter()
        .flat_map(|line| line.fields.iter().map(move |field| (line.line, line.added, field)))
        .map(|(line, added, field)| (line, added, &*field.field, field.before.as_str(), field.after.as_str()))
        .collect();
    assert_eq!(
        changes,
        [
            (2, false, "address", "创想一路17号", "创想二路8号"),
            (3, true, "code", "", "KH-3"),
            (3, true, "name", "", "陆景行"),
            (3, true, "kind", "", "person"),
            (3, true, "account_no", "", "1002003003"),
            (3, true, "status", "", "active"),
        ]
    );
    assert_eq!(report.empty_cells.len(), 2);
    let places = places("code,name\nK1-02,二号架\n");
    let report = test
        .archive
        .import_table(&test.owner(), Register::Locations, &places, trying)
        .await?;
    let made: Vec<_> = report
        .changes
        .iter()
        .map(|line| (line.line, line.code.as_str()))
        .collect();
    assert_eq!((report.added, made), (1, vec![(0, "K1"), (2, "K1-02")]));
    assert_eq!(marks().await?, before, "a dry run writes nothing at all");
    Ok(())
}

async fn an_import_is_taken_back_as_a_whole(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let before = [told(&test, "KH-1").await?, told(&test, "KH-2").await?];
    let text = "code,name,kind,credit_code,id_number,phones,account_no,address,status,grade,region,供电线路,台区\n\
        KH-1,深圳华宸智汇科技有限公司,企业,,,13800000118,1002003009,创想二路8号,历史,,北屏,南海线,3\n\
        KH-2,顾怀瑾,个人,,110101199003078814,,1002003002,云岭市越秀里77号,正常,B,云岭新区,,\n\
        KH-3,陆景行,个人,,110101199003078814,,1002003003,,,,,,\n";
    let clearing = ImportOrder {
        empty_cells: EmptyCells::Clear,
        ..order()
    };
    let report = import_so(&test, text, clearing).await?;
    assert_eq!((report.added, report.changed), (1, 2));
    assert_ne!([told(&test, "KH-1").await?, told(&test, "KH-2").await?], before);
    let id = report.id.expect("something was written");
    let row = test
        .archive
        .import(&test.owner(), id.as_str())
        .await?
        .expect("is listed");
    assert_eq!(
        (row.file_name.as_str(), row.added, row.changed),
        ("customers.csv", 1, 2)
    );
    assert!(!row.change_id.is_empty() && row.undone.is_none());
    let records = test.archive.import_records(&test.owner(), &id, 0, 10).await?;
    let codes: Vec<_> = records
        .iter()
        .map(|record| (record.change.code.as_str(), record.change.added))
        .collect();
    assert_eq!(codes, [("KH-1", false), ("KH-2", false), ("KH-3", true)]);
    let masked = records[1].change.fields.iter().find(|field| field.field == "id_number");
    assert!(
        masked.is_some_and(|field| !field.after.contains("19900307")),
        "{masked:?}"
    );

    let undone = test.archive.import_undo(&test.owner(), id.as_str()).await?;
    assert_eq!(
        (undone.restored, undone.removed, undone.kept.len()),
        (2, 1, 0),
        "{undone:?}"
    );
    assert_eq!([told(&test, "KH-1").await?, told(&test, "KH-2").await?], before);
    assert!(test.archive.customer(&test.owner(), "KH-3").await?.is_none());
    assert!(test.archive.customer(&test.owner(), "1002003009").await?.is_none());
    let row = test
        .archive
        .import(&test.owner(), id.as_str())
        .await?
        .expect("is listed");
    assert!(row.undone.is_some_and(|(_, by)| by == "os:owner"));
    assert_eq!(
        code(test.archive.import_undo(&test.owner(), id.as_str()).await),
        "already_exists"
    );
    // What was taken back can be imported again.
    let again = import_so(&test, text, order()).await?;
    assert_eq!((again.added, again.changed), (1, 2));
    Ok(())
}

async fn an_undo_leaves_what_was_changed_since(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let text = "code,name,kind,address,grade,account_no\nKH-1,深圳华宸智汇信息技术有限公司,企业,创想二路8号,C,\n\
        KH-3,陆景行,个人,,,1002003003\nKH-5,沈知微,个人,,,1002003005\n";
    let id = import(&test, text).await?.id.expect("something was written");
    // A person changes one field of one customer, and one whole customer.
    import(
        &test,
        "code,name,grade\nKH-1,深圳华宸智汇信息技术有限公司,D\nKH-3,陆景行,A\n",
    )
    .await?;
    let undone = test.archive.import_undo(&test.owner(), id.as_str()).await?;
    let kept: Vec<_> = undone
        .kept
        .iter()
        .map(|kept| (kept.code.as_str(), kept.field.as_str(), kept.because))
        .collect();
    assert_eq!(
        kept,
        [
            ("KH-3", "", KeptBecause::ChangedSince),
            ("KH-1", "grade", KeptBecause::ChangedSince)
        ]
    );
    assert_eq!((undone.restored, undone.removed), (1, 1));
    let first = customer(&test, "KH-1").await?;
    assert_eq!((first.fact("address"), first.fact("grade")), ("创想一路17号", "D"));
    assert!(test.archive.customer(&test.owner(), "KH-5").await?.is_none());
    assert!(test.archive.customer(&test.owner(), "KH-3").await?.is_some());
    let records = test.archive.import_records(&test.owner(), &id, 0, 10).await?;
    let kept: Vec<_> = records.iter().map(|record| record.kept).collect();
    assert_eq!(
        kept,
        [Some(KeptBecause::ChangedSince), Some(KeptBecause::ChangedSince), None]
    );
    Ok(())
}

async fn a_change_of_holder_is_taken_back(test: Arc<TestArchive>) -> Result<()> {
    let id_number = "110101199003078814";
    import(
        &test,
        &format!("code,name,kind,id_number,phones\nH-1,甲乙,个人,{id_number},13800000200\n"),
    )
    .await?;
    let before = told(&test, "H-1").await?;
    // Another person takes over: the numbers stay with the former.
    let report = import(&test, "code,name,kind\nH-1,丙丁,个人\n").await?;
    let present = customer(&test, "H-1").await?;
    let parties: Vec<_> = present
        .parties
        .iter()
        .map(|party| (party.name.as_str(), party.identifiers.len(), party.ends_on.is_empty()))
        .collect();
    assert_eq!(parties, [("丙丁", 0, true), ("甲乙", 2, false)]);
    let undone = test
        .archive
        .import_undo(&test.owner(), report.id.expect("written").as_str())
        .await?;
    assert_eq!((undone.restored, undone.kept.len()), (1, 0));
    assert_eq!(told(&test, "H-1").await?, before);
    // The same ID number under another name is a name written right, and no change of holder.
    import(
        &test,
        &format!("code,name,kind,id_number\nH-1,甲一乙,个人,{id_number}\n"),
    )
    .await?;
    let present = customer(&test, "H-1").await?;
    assert_eq!((present.parties.len(), present.parties[0].name.as_str()), (1, "甲一乙"));
    assert_eq!(present.parties[0].identifiers.len(), 2);
    Ok(())
}

async fn doubles_wait_for_a_person(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let id_number = "110101199003078814";
    let text = format!(
        "code,name,kind,credit_code,id_number,account_no,address\n\
        KH-7,深圳华宸,企业,91449901MA5F0H3K9F,,,\n\
        KH-8,顾 怀瑾,个人,,,,云岭市越秀里77号\n\
        KH-9,沈知微,个人,,{id_number},7001,同里1号\nKH-10,沈知微,个人,,{id_number},7002,同里1号\n\
        KH-11,陆景行,个人,,,1002003001,\n"
    );
    let skipping = ImportOrder::from(OnBadLine::SkipLine);
    let report = import_so(&test, &text, skipping.clone()).await?;
    let said: Vec<_> = report
        .doubles
        .iter()
        .map(|double| {
            (
                double.code.as_str(),
                double.other_code.as_str(),
                double.because,
                double.held,
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("KH-7", "KH-1", DoubleBecause::CreditCode, true),
            ("KH-8", "KH-2", DoubleBecause::NameAndAddress, true),
            // One person with two account numbers is two customers.
            ("KH-10", "KH-9", DoubleBecause::IdNumber, false),
            ("KH-10", "KH-9", DoubleBecause::NameAndAddress, false),
        ]
    );
    assert_eq!(report.doubles[2].other_line, Some(4));
    assert!(!report.doubles[2].value.contains("19900307"));
    assert_eq!((report.added, report.held), (2, 2));
    assert_eq!(report.problems[0].fault.code(), "account_number_taken");
    for held in ["KH-7", "KH-8", "KH-11"] {
        assert!(test.archive.customer(&test.owner(), held).await?.is_none(), "{held}");
    }
    let accepting = ImportOrder {
        doubles: Doubles::Accept,
        ..skipping.clone()
    };
    let report = import_so(&test, &text, accepting).await?;
    assert_eq!((report.added, report.unchanged, report.held), (2, 2, 0));
    // What a person has accepted is not asked again.
    let report = import_so(&test, &text, skipping).await?;
    assert_eq!((report.unchanged, report.doubles.len()), (4, 0));
    Ok(())
}

fn draft(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

async fn one_customer_is_added_and_changed(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let enter = async |pairs: &[(&str, &str)], doubles| {
        let draft = CustomerDraft {
            stated: draft(pairs),
            why: "申请表".to_owned(),
        };
        test.archive.customer_add(&owner, &draft, doubles).await
    };
    let first = [
        ("code", "KH-1"),
        ("name", "华宸"),
        ("credit_code", "91449901MA5F0H3K9F"),
        ("attribute:台区", "3"),
    ];
    let EntryOutcome::Written { version, .. } = enter(&first, Doubles::Hold).await? else {
        panic!("is written");
    };
    assert_eq!(code(enter(&first, Doubles::Hold).await), "already_exists");
    let faulty = |entry: EntryOutcome| match entry {
        EntryOutcome::Faulty { field, fault } => (field, fault.code()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        faulty(enter(&[("code", "KH-2")], Doubles::Hold).await?),
        ("name".to_owned(), "missing")
    );
    let wrong = [("code", "KH-2"), ("name", "乙"), ("credit_code", "91449901MA5F0H3K9E")];
    assert_eq!(
        faulty(enter(&wrong, Doubles::Hold).await?),
        ("credit_code".to_owned(), "credit_code")
    );
    let twin = [
        ("code", "KH-2"),
        ("name", "华宸二"),
        ("credit_code", "91449901MA5F0H3K9F"),
    ];
    assert!(
        matches!(enter(&twin, Doubles::Hold).await?, EntryOutcome::Doubles(doubles) if doubles[0].other_code == "KH-1")
    );
    assert!(matches!(
        enter(&twin, Doubles::Accept).await?,
        EntryOutcome::Written { .. }
    ));

    let change = async |version, pairs: &[(&str, &str)]| {
        let draft = CustomerDraft {
            stated: draft(pairs),
            why: String::new(),
        };
        test.archive
            .customer_change(&owner, "kh-1", version, &draft, Doubles::Hold)
            .await
    };
    let EntryOutcome::Written { version: second, .. } =
        change(version, &[("phones", "13800000117"), ("account_no", "77")]).await?
    else {
        panic!("is written");
    };
    assert_eq!(second, version + 1, "numbers count as a change of the customer");
    assert_eq!(code(change(version, &[("grade", "A")]).await), "version_conflict");
    change(second, &[("account_no", ""), ("attribute:台区", ""), ("grade", "A")]).await?;
    let now = customer(&test, "KH-1").await?;
    assert_eq!(
        (now.fact("grade"), now.aliases.len(), now.attributes.len()),
        ("A", 0, 0)
    );
    assert_eq!(now.parties[0].identifiers.len(), 2);
    let unknown = test
        .archive
        .customer_change(&owner, "nobody", 1, &CustomerDraft::default(), Doubles::Hold)
        .await;
    assert_eq!(code(unknown), "not_found");
    Ok(())
}

async fn place(test: &TestArchive, code: &str) -> Result<Option<Location>> {
    Ok(match test.archive.locate(&test.owner(), code).await? {
        CodeLookup::Location(place) => place.location,
        _ => None,
    })
}

async fn places_keep_what_a_table_does_not_say(test: Arc<TestArchive>) -> Result<()> {
    let import = async |text: &str| {
        test.archive
            .import_table(&test.owner(), Register::Locations, &places(text), order())
            .await
    };
    import("code,name,kind,capacity,keeper,温度\nK1,一号库房,库房,60,林知遥,18\n").await?;
    let before = place(&test, "K1").await?.expect("is there");
    for text in [
        "code\nK1\n",
        "code,name,kind\nK1,一号库房,room\n",
        "code,capacity,keeper\nK1,,\n",
    ] {
        let report = import(text).await?;
        assert_eq!((report.unchanged, report.changed), (1, 0), "{text}");
        assert_eq!(place(&test, "K1").await?.as_ref(), Some(&before), "{text}");
    }
    let report = import("code,capacity,keeper,温度\nK1,,,\n").await?;
    let said: Vec<_> = report.empty_cells.iter().map(|cell| cell.field.as_str()).collect();
    assert_eq!(
        said,
        ["capacity", "keeper", "attribute:温度"],
        "what the archive added itself is kept too"
    );
    let refused = import("code,name,credit_code,phones\nC-1,甲,,\n").await?;
    assert_eq!(
        (refused.refused, refused.problems[0].fault.code()),
        (true, "other_register")
    );
    Ok(())
}

async fn places_are_taken_back(test: Arc<TestArchive>) -> Result<()> {
    let import = async |text: &str| {
        test.archive
            .import_table(&test.owner(), Register::Locations, &places(text), order())
            .await
    };
    import("code,name,kind,capacity\nK1,一号库房,库房,60\n").await?;
    let id = import("code,name,capacity\nK1,一号库,\nK1-02-A,二架A列,5\nK9-01,九库,\n")
        .await?
        .id
        .expect("written");
    assert!(place(&test, "K1-02").await?.is_some(), "made around K1-02-A");
    import("code,name\nK9-01-B,后来的\n").await?;
    let undone = test.archive.import_undo(&test.owner(), id.as_str()).await?;
    let kept: Vec<_> = undone
        .kept
        .iter()
        .map(|kept| (kept.code.as_str(), kept.because))
        .collect();
    assert_eq!(
        kept,
        [
            ("K9-01", KeptBecause::HasPlacesInside),
            ("K9", KeptBecause::HasPlacesInside)
        ]
    );
    assert_eq!((undone.restored, undone.removed), (1, 2));
    assert!(place(&test, "K1-02-A").await?.is_none() && place(&test, "K1-02").await?.is_none());
    let first = place(&test, "K1").await?.expect("is there");
    assert_eq!((first.name.as_str(), first.capacity), ("一号库房", Some(60)));
    Ok(())
}

async fn one_place_is_added_and_changed(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    let of = |pairs: &[(&str, &str)]| LocationDraft {
        stated: draft(pairs),
        why: String::new(),
    };
    let added = test
        .archive
        .location_add(&owner, &of(&[("code", "K1-03"), ("capacity", "２０")]))
        .await?;
    let EntryOutcome::Written { version, .. } = added else {
        panic!("is written: {added:?}");
    };
    assert!(place(&test, "K1").await?.is_some());
    assert_eq!(
        code(test.archive.location_add(&owner, &of(&[("code", "k1-3")])).await),
        "already_exists"
    );
    let wrong = test
        .archive
        .location_add(&owner, &of(&[("code", "K2"), ("capacity", "many")]))
        .await?;
    assert!(matches!(wrong, EntryOutcome::Faulty { field, .. } if field == "capacity"));
    let levels = of(&[("security_level_max", "1"), ("keeper", "林知遥")]);
    let changed = test.archive.location_change(&owner, "K1-03", version, &levels).await?;
    assert!(matches!(changed, EntryOutcome::Written { version: now, .. } if now == version + 1));
    let now = place(&test, "K1-03").await?.expect("is there");
    assert_eq!((now.keeper.as_str(), now.capacity), ("林知遥", Some(20)));
    assert_eq!(now.security_level_max, SecurityLevel::INTERNAL);
    assert_eq!(
        code(test.archive.location_change(&owner, "K1-03", version, &levels).await),
        "version_conflict"
    );
    assert_eq!(
        code(test.archive.location_change(&owner, "K7", 1, &levels).await),
        "not_found"
    );
    Ok(())
}

async fn who_may_import_and_see_imports(test: Arc<TestArchive>) -> Result<()> {
    let id = import(&test, CUSTOMERS).await?.id.expect("written");
    let viewer = test.person("viewer", "viewer", SecurityLevel::INTERNAL, "").await?;
    let trying = ImportOrder {
        dry_run: true,
        ..order()
    };
    let tried = test
        .archive
        .import_table(&viewer, Register::Customers, &customers(CUSTOMERS), trying)
        .await;
    assert_eq!(code(tried), "forbidden");
    assert_eq!(code(test.archive.imports(&viewer, "", 10).await), "forbidden");
    assert_eq!(
        code(test.archive.import_records(&viewer, &id, 0, 10).await),
        "forbidden"
    );
    assert_eq!(code(test.archive.import_undo(&viewer, id.as_str()).await), "forbidden");
    let draft = CustomerDraft::default();
    assert_eq!(
        code(test.archive.customer_add(&viewer, &draft, Doubles::Hold).await),
        "forbidden"
    );
    assert_eq!(
        code(test.archive.import_undo(&test.owner(), "nothing").await),
        "not_found"
    );
    Ok(())
}
