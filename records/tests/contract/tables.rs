//! Tables in the wrong register, words that are none, and places that go out of use and come back.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Result,
    imports::{EntryOutcome, ImportReport, Register},
    places::{CodeLookup, ContainerDraft, Location, LocationDraft, PlaceUse},
    registers::{arranged, columns_of},
    tables::{self, OnBadLine, TableError, TableLimits, TableRequest},
};
use std::sync::Arc;

cases!(
    a_table_is_refused_where_it_does_not_belong,
    the_same_places_in_another_language_change_nothing,
    places_have_kinds_of_the_list,
    the_name_of_a_place_means_what_is_inside,
    a_place_goes_out_of_use_and_comes_back,
    a_dossier_number_leads_to_its_customer,
);

const CUSTOMERS: &str = "code,name,kind,credit_code,phones,status\nC-1,甲公司,企业,,,正常\n";
const PLACES: &str = "code,name,kind,capacity,keeper,恒温\nK1,一号库房,room,60,林知遥,是\nK1-01,01架,rack,20,,\n";

async fn import(
    test: &TestArchive,
    register: Register,
    text: &str,
) -> Result<std::result::Result<ImportReport, TableError>> {
    let limits = TableLimits::default();
    let request = TableRequest::of(columns_of(register), limits);
    let lines = tables::cells(text.as_bytes(), &request).expect("text");
    match arranged(register, lines, &limits) {
        Ok(table) => {
            let owner = test.owner();
            let report = test.archive.import_table(&owner, register, &table, OnBadLine::SkipLine);
            report.await.map(Ok)
        }
        Err(error) => Ok(Err(error)),
    }
}

async fn place(test: &TestArchive, code: &str) -> Result<Location> {
    match test.archive.locate(&test.owner(), code).await? {
        CodeLookup::Location(place) => Ok(place.location.expect("a place")),
        other => panic!("{code} is {other:?}"),
    }
}

async fn a_table_is_refused_where_it_does_not_belong(test: Arc<TestArchive>) -> Result<()> {
    for (register, text) in [
        (Register::Locations, CUSTOMERS),
        (Register::Customers, PLACES),
        (Register::Kinds, CUSTOMERS),
        (Register::Locations, "客户代码,户名,地址\nC-1,甲,云岭\n"),
        (Register::Customers, "库位号,名称,容量\nK1,库房,3\n"),
    ] {
        let refused = match import(&test, register, text).await? {
            Ok(report) => {
                report.refused
                    && report
                        .problems
                        .iter()
                        .any(|problem| problem.fault.code() == "other_register")
            }
            Err(error) => error.code() == "other_register",
        };
        assert!(refused, "{register:?}: {text}");
    }
    let nothing = test.archive.locate(&test.owner(), "C-1").await?;
    assert!(matches!(nothing, CodeLookup::None));
    // One column of one's own that another register knows too says nothing.
    let report = import(&test, Register::Locations, "code,name,kind,region\nK9,外库,room,南屏\n").await?;
    assert_eq!(report.expect("is a table").added, 1);
    assert_eq!(place(&test, "K9").await?.attributes["region"], "南屏");
    Ok(())
}

async fn the_name_of_a_place_means_what_is_inside(test: Arc<TestArchive>) -> Result<()> {
    import(&test, Register::Locations, PLACES).await?.expect("is a table");
    let owner = test.owner();
    let by_code = test.archive.place_uids(&owner, "K1", 100).await?;
    assert_eq!(
        (by_code.len(), &test.archive.place_uids(&owner, "一号库房", 100).await?),
        (2, &by_code)
    );
    assert!(test.archive.place_uids(&owner, "九号库房", 100).await?.is_empty());
    Ok(())
}

async fn the_same_places_in_another_language_change_nothing(test: Arc<TestArchive>) -> Result<()> {
    import(&test, Register::Locations, PLACES).await?.expect("is a table");
    let chinese =
        "库位号,名称,类型,容量,保管人,恒温,状态\nK1,一号库房,库房,60,林知遥,是,在用\nK1-01,01架,架,20,,,在用\n";
    let report = import(&test, Register::Locations, chinese).await?.expect("is a table");
    assert_eq!((report.added, report.changed, report.unchanged), (0, 0, 2));
    assert_eq!(place(&test, "K1").await?.attributes["恒温"], "是");
    Ok(())
}

async fn places_have_kinds_of_the_list(test: Arc<TestArchive>) -> Result<()> {
    let report = import(&test, Register::Locations, "code,kind\nK1,room\nK2,company\nK3,货位\n").await?;
    let report = report.expect("is a table");
    let wrong: Vec<_> = report
        .problems
        .iter()
        .map(|problem| (problem.line, problem.fault.code()))
        .collect();
    assert_eq!(
        (wrong, report.added),
        (vec![(3, "location_kind"), (4, "location_kind")], 1)
    );
    assert!(report.problems[0].fault.to_string().contains("room 库房"));
    assert!(report.skipping_helps());
    let report = import(&test, Register::Locations, "code,kind\nK2,company\nK3,货位\n").await?;
    assert!(!report.expect("is a table").skipping_helps(), "no line would be left");
    Ok(())
}

async fn a_place_goes_out_of_use_and_comes_back(test: Arc<TestArchive>) -> Result<()> {
    let owner = test.owner();
    import(&test, Register::Locations, PLACES).await?.expect("is a table");
    test.archive
        .container_add(&owner, "H1", &ContainerDraft::default(), "")
        .await?;
    test.put("H1", "K1-01").await?;
    let put = async |code: &str, state: &str| -> Result<EntryOutcome> {
        let version = place(&test, code).await?.version;
        let draft = LocationDraft {
            stated: vec![("state".to_owned(), state.to_owned())],
            why: String::new(),
        };
        test.archive.location_change(&owner, code, version, &draft).await
    };
    assert_eq!(code(put("K1", "停用").await), "place_holds_paper");
    assert_eq!(place(&test, "K1").await?.state, PlaceUse::InUse);
    import(&test, Register::Locations, "code\nK2\n")
        .await?
        .expect("is a table");
    test.put("H1", "K2").await?;
    put("K1", "停用").await?;
    for code in ["K1", "K1-01"] {
        assert_eq!(place(&test, code).await?.state, PlaceUse::Retired, "{code}");
    }
    let listed = test.archive.locations(&owner, "", 10).await?;
    assert_eq!(
        listed.iter().map(|place| place.code.as_str()).collect::<Vec<_>>(),
        ["K2"]
    );
    assert_eq!(code(test.put("H1", "K1-01").await), "place_out_of_use");
    assert_eq!(code(put("K1-01", "in_use").await), "place_out_of_use");
    put("K1", "在用").await?;
    assert_eq!(place(&test, "K1-01").await?.state, PlaceUse::InUse);
    test.put("H1", "K1-01").await?;
    Ok(())
}

async fn a_dossier_number_leads_to_its_customer(test: Arc<TestArchive>) -> Result<()> {
    import(&test, Register::Customers, CUSTOMERS)
        .await?
        .expect("is a table");
    assert!(test.system.customer_of_dossier("2024-000001").await?.is_none());
    let names = test.system.customer_names_after(0, 10).await?;
    assert_eq!(
        names.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(),
        ["甲公司"]
    );
    assert_eq!(test.system.customer_names(&[names[0].0]).await?, ["甲公司"]);
    // What changes from now on is told behind this place.
    let settled = test.system.change_log_settled().await?;
    assert!(test.system.changes_after(settled, 10).await?.is_empty());
    Ok(())
}
