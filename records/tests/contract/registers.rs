//! The registers of customers and places: imports, look-ups, shelf order.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::imports::Register;
use records::{
    Result, SecurityLevel,
    audit::EventFilter,
    changes::{ChangeSubject, Position},
    customers::{CUSTOMER_COLUMNS, CustomerFilter, PersonalNumber},
    imports::ImportReport,
    parties::IdentifierKind,
    places::{CodeLookup, ContainerDraft, LOCATION_COLUMNS, LocationKind, Place},
    tables::{self, OnBadLine, Table, TableLimits},
};
use std::sync::Arc;

cases!(
    customers_import_twice,
    bad_lines_refuse_the_table_or_are_skipped,
    one_person_with_two_account_numbers,
    a_change_of_holder_keeps_the_dossier,
    customers_are_found_by_what_people_have,
    numbers_are_masked_until_revealed,
    a_dossier_is_held_against_a_checklist,
    locations_make_their_parents,
    codes_are_forgiving,
    containers_nest_and_move,
    places_come_in_shelf_order,
    viewers_do_not_import,
);

const CUSTOMERS: &str = "code,name,kind,credit_code,id_number,phones,account_no,address,status,grade,region,片区经理\n\
    KH-1,深圳华宸智汇信息技术有限公司,企业,91449901MA5F0H3K9F,,13800000117,1002003001,创想一路17号,active,A,南屏,赵一\n\
    KH-2,陆景行,个人,,,13800000200;13800000201,1002003002,,正常,,,\n";

fn customers(text: &str) -> Table {
    tables::read(text.as_bytes(), CUSTOMER_COLUMNS, &TableLimits::default()).expect("a table")
}

fn locations(text: &str) -> Table {
    tables::read(text.as_bytes(), LOCATION_COLUMNS, &TableLimits::default()).expect("a table")
}

async fn import(test: &TestArchive, text: &str) -> Result<ImportReport> {
    test.archive
        .import_table(
            &test.owner(),
            Register::Customers,
            &customers(text),
            OnBadLine::RefuseTable,
        )
        .await
}

async fn customers_import_twice(test: Arc<TestArchive>) -> Result<()> {
    let first = import(&test, CUSTOMERS).await?;
    assert_eq!((first.added, first.changed, first.unchanged), (2, 0, 0));
    assert_eq!(first.unknown_columns, ["片区经理"]);
    let head = test.system.change_log_head().await?;
    let again = import(&test, CUSTOMERS).await?;
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2));
    assert_eq!(
        test.system.change_log_head().await?,
        head,
        "nothing changed, nothing to follow"
    );
    let changed = import(&test, &CUSTOMERS.replace(",A,南屏", ",B,南屏")).await?;
    assert_eq!((changed.changed, changed.unchanged), (1, 1));
    let rows = test.settled_changes(Position::default(), 3).await?;
    assert!(rows.iter().all(|row| row.subject == ChangeSubject::Customer));
    assert_eq!(rows.len(), 3);
    let customer = test.archive.customer(&test.owner(), "kh-1").await?.expect("is there");
    assert_eq!(
        (customer.fact("grade"), customer.attributes.as_slice()),
        ("B", &[("片区经理".to_owned(), "赵一".to_owned())][..])
    );
    assert!(
        !customer.dossier_id.is_empty() && customer.dossier_no.is_empty(),
        "the number comes with the first document"
    );
    Ok(())
}

async fn bad_lines_refuse_the_table_or_are_skipped(test: Arc<TestArchive>) -> Result<()> {
    let text = format!(
        "{CUSTOMERS}KH-3,丙,企业,91449901MA5F0H3K9E,,,,,,,,\nKH-1,丁,,,,,,,,,,\nKH-4,戊,龙,,,,,,,,,\nKH-5,己,,,,,1002003001,,,,,\nKH-6,庚,,,,,,,,,,\n"
    );
    let refused = import(&test, &text).await?;
    let lines: Vec<_> = refused
        .problems
        .iter()
        .map(|problem| (problem.line, problem.column.as_str()))
        .collect();
    assert_eq!(lines, [(4, "credit_code"), (5, "code"), (6, "kind"), (7, "account_no")]);
    assert!(refused.refused && refused.added == 0);
    assert_eq!(
        test.archive.customers_count(&test.owner()).await?,
        0,
        "nothing half-imported"
    );
    let skipped = test
        .archive
        .import_table(
            &test.owner(),
            Register::Customers,
            &customers(&text),
            OnBadLine::SkipLine,
        )
        .await?;
    assert_eq!((skipped.added, skipped.problems.len()), (3, 4));
    Ok(())
}

async fn one_person_with_two_account_numbers(test: Arc<TestArchive>) -> Result<()> {
    let id_number = "110101199003078814";
    assert!(records::parties::is_valid(IdentifierKind::IdNumber, id_number));
    let text = format!(
        "code,name,kind,id_number,account_no\nA1,沈知微,个人,{id_number},7001\nA2,沈知微,个人,{id_number},7002\nA3,沈知微,个人,,7003\n"
    );
    import(&test, &text).await?;
    let found = test
        .system
        .customers_by_identifier(IdentifierKind::IdNumber, id_number)
        .await?;
    assert_eq!(
        found.iter().map(|customer| customer.code.as_str()).collect::<Vec<_>>(),
        ["A1", "A2"]
    );
    let first = test
        .archive
        .customer(&test.owner(), "7001")
        .await?
        .expect("by account number");
    let second = test
        .archive
        .customer(&test.owner(), "7002")
        .await?
        .expect("by account number");
    let namesake = test
        .archive
        .customer(&test.owner(), "7003")
        .await?
        .expect("by account number");
    assert_eq!(first.parties[0].party_id, second.parties[0].party_id, "one person");
    assert_ne!(
        first.parties[0].party_id, namesake.parties[0].party_id,
        "a name alone makes nobody one"
    );
    assert_ne!(first.dossier_id, second.dossier_id, "two customers, two dossiers");
    Ok(())
}

async fn a_change_of_holder_keeps_the_dossier(test: Arc<TestArchive>) -> Result<()> {
    import(&test, "code,name,kind\nH-1,甲乙,个人\n").await?;
    let before = test.archive.customer(&test.owner(), "H-1").await?.expect("is there");
    import(&test, "code,name,kind\nH-1,丙丁,个人\n").await?;
    let after = test.archive.customer(&test.owner(), "H-1").await?.expect("is there");
    assert_eq!(before.dossier_id, after.dossier_id);
    let holders: Vec<_> = after
        .parties
        .iter()
        .map(|party| (party.name.as_str(), party.ends_on.is_empty()))
        .collect();
    assert_eq!(holders, [("丙丁", true), ("甲乙", false)]);
    assert_eq!(after.parties[0].begins_on, "2026-03-01");
    Ok(())
}

async fn customers_are_found_by_what_people_have(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let found = async |text: &str| -> Result<Vec<String>> {
        let filter = CustomerFilter {
            text: text.to_owned(),
            limit: 10,
            ..CustomerFilter::default()
        };
        let codes =
            |rows: Vec<records::customers::CustomerRow>| rows.into_iter().map(|row| row.code).collect::<Vec<_>>();
        let found = codes(test.archive.customers(&test.owner(), &filter).await?);
        // Among all of them the same are found.
        let all = [test.customer_uid("KH-2").await?, test.customer_uid("KH-1").await?];
        let among = test.archive.customers_among(&test.owner(), &filter, &all).await?;
        assert_eq!(codes(among), found, "{text}");
        let of_many = test.archive.customers_of_many(&test.owner(), &filter).await?;
        assert_eq!(codes(of_many), found, "{text}");
        assert!(
            test.archive
                .customers_among(&test.owner(), &filter, &[])
                .await?
                .is_empty()
        );
        Ok(found)
    };
    for text in ["", "kh"] {
        assert_eq!(found(text).await?, ["KH-1", "KH-2"], "{text}");
    }
    for text in [
        "ＫＨ－１",
        "深圳 华宸",
        "华宸",
        "宸",
        "100200300１",
        "91449901ma5f0h3k9f",
    ] {
        assert_eq!(found(text).await?, ["KH-1"], "{text}");
    }
    // Signs that stand for anything in SQL, or for nothing once folded, find nothing.
    for text in ["%", "_", "!", "-", "华%"] {
        assert_eq!(found(text).await?, Vec::<String>::new(), "{text}");
    }
    for (text, count) in [("", 2), ("kh", 2), ("华宸", 1), ("nobody", 0)] {
        let filter = CustomerFilter {
            text: text.to_owned(),
            ..CustomerFilter::default()
        };
        assert_eq!(
            test.archive.customers_found(&test.owner(), &filter).await?,
            count,
            "{text}"
        );
    }
    assert_eq!(
        test.system
            .customer_by_code("1002003002")
            .await?
            .map(|key| key.code)
            .as_deref(),
        Some("KH-2")
    );
    assert_eq!(test.system.customer_by_code("nobody").await?, None);
    Ok(())
}

async fn numbers_are_masked_until_revealed(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let viewer = test.person("viewer", "viewer", SecurityLevel::INTERNAL, "").await?;
    let phones = async |asker| -> Result<Vec<String>> {
        let customer = test.archive.customer(asker, "KH-2").await?.expect("is there");
        Ok(customer.parties[0]
            .identifiers
            .iter()
            .map(|(_, value)| value.clone())
            .collect())
    };
    let owner = test.owner();
    // Masked to everybody, until one is revealed; that is one event each, a refusal too.
    for asker in [&owner, &viewer] {
        assert_eq!(phones(asker).await?, ["138****0200", "138****0201"]);
    }
    let party_id = test.archive.customer(&owner, "KH-2").await?.expect("is there").parties[0]
        .party_id
        .clone();
    let second = PersonalNumber {
        party_id,
        kind: IdentifierKind::Phone,
        position: 1,
    };
    let revealed = async |asker, only: Option<&PersonalNumber>| -> Result<Option<Vec<String>>> {
        let customer = test.archive.customer_reveal(asker, "KH-2", only).await?;
        Ok(customer.map(|customer| {
            customer.parties[0]
                .identifiers
                .iter()
                .map(|(_, value)| value.clone())
                .collect()
        }))
    };
    let one = revealed(&owner, Some(&second)).await?;
    assert_eq!(
        one.as_deref(),
        Some(&["138****0200".to_owned(), "13800000201".to_owned()][..])
    );
    let all = revealed(&owner, None).await?;
    assert_eq!(
        all.as_deref(),
        Some(&["13800000200".to_owned(), "13800000201".to_owned()][..])
    );
    let none = PersonalNumber {
        position: 7,
        ..second.clone()
    };
    assert_eq!(revealed(&owner, Some(&none)).await?, None);
    assert_eq!(code(revealed(&viewer, Some(&second)).await), "forbidden");
    let filter = EventFilter {
        action: "personal_number.revealed".to_owned(),
        limit: 10,
        ..EventFilter::default()
    };
    let events = test.archive.audit_events(&owner, &filter).await?;
    let seen: Vec<_> = events
        .iter()
        .map(|event| (event.actor.as_str(), event.outcome.as_str()))
        .collect();
    assert_eq!(seen, [("viewer", "refused"), ("os:owner", "ok"), ("os:owner", "ok")]);
    Ok(())
}

async fn a_dossier_is_held_against_a_checklist(test: Arc<TestArchive>) -> Result<()> {
    import(&test, CUSTOMERS).await?;
    let owner = test.owner();
    let viewer = test.person("viewer", "viewer", SecurityLevel::INTERNAL, "").await?;
    let checklist = async || -> Result<String> {
        Ok(test
            .archive
            .customer(&owner, "KH-2")
            .await?
            .expect("is there")
            .checklist)
    };
    assert_eq!(checklist().await?, "");
    let set = async |asker, customer, code| test.archive.dossier_checklist_set(asker, customer, code).await;
    set(&owner, "KH-2", "power_supply_person").await?;
    assert_eq!(checklist().await?, "power_supply_person");
    assert_eq!(code(set(&owner, "KH-2", "no_such_list").await), "not_found");
    assert_eq!(code(set(&owner, "KH-99", "guarantee").await), "not_found");
    assert_eq!(code(set(&viewer, "KH-2", "guarantee").await), "forbidden");
    set(&owner, "KH-2", "").await?;
    assert_eq!(checklist().await?, "");
    Ok(())
}

const LOCATIONS: &str = "code,name,kind,capacity,keeper\nK1,一号库房,库房,,林知遥\nK1-03-B-05-4-12,,,20,\nK1-03-B-05-4-2,,,,\n三楼-A柜-02,,,,\n";

async fn shelve(test: &TestArchive) -> Result<ImportReport> {
    test.archive
        .import_table(
            &test.owner(),
            Register::Locations,
            &locations(LOCATIONS),
            OnBadLine::RefuseTable,
        )
        .await
}

async fn found(test: &TestArchive, code: &str) -> Result<Place> {
    match test.archive.locate(&test.owner(), code).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => Ok(*place),
        other => panic!("{code} leads to {other:?}"),
    }
}

async fn locations_make_their_parents(test: Arc<TestArchive>) -> Result<()> {
    assert_eq!(shelve(&test).await?.added, 4);
    assert_eq!(shelve(&test).await?.unchanged, 4);
    let all: Vec<_> = test
        .archive
        .locations(&test.owner(), "", 100)
        .await?
        .into_iter()
        .map(|place| place.code)
        .collect();
    assert_eq!(
        all,
        [
            "K1",
            "K1-03",
            "K1-03-B",
            "K1-03-B-05",
            "K1-03-B-05-4",
            "K1-03-B-05-4-2",
            "K1-03-B-05-4-12",
            "三楼",
            "三楼-A柜",
            "三楼-A柜-02"
        ]
    );
    let place = found(&test, "K1-03-B-05-4-12").await?;
    assert_eq!(
        place.path.iter().map(|step| step.code.as_str()).collect::<Vec<_>>(),
        [
            "K1",
            "K1-03",
            "K1-03-B",
            "K1-03-B-05",
            "K1-03-B-05-4",
            "K1-03-B-05-4-12"
        ]
    );
    assert_eq!(place.path[0].name, "一号库房");
    let children = test.archive.location_children(&test.owner(), None).await?;
    assert_eq!(
        children
            .iter()
            .map(|row| row.location.code.as_str())
            .collect::<Vec<_>>(),
        ["K1", "三楼"]
    );
    assert_eq!(children[0].children, 1);
    Ok(())
}

async fn codes_are_forgiving(test: Arc<TestArchive>) -> Result<()> {
    shelve(&test).await?;
    for code in [
        "k1-3-b-5-4-12",
        "Ｋ１－０３－Ｂ－０５－４－１２",
        " K1 - 03-B-05-4-12 ",
        "K103B05412",
    ] {
        assert_eq!(found(&test, code).await?.code, "K1-03-B-05-4-12", "{code}");
    }
    for code in ["", "K9", "'; DROP TABLE locations; --", "\u{0}"] {
        assert!(
            matches!(test.archive.locate(&test.owner(), code).await?, CodeLookup::None),
            "{code}"
        );
    }
    test.archive
        .import_table(
            &test.owner(),
            Register::Locations,
            &locations("code\nA-11\nA1-1\n"),
            OnBadLine::RefuseTable,
        )
        .await?;
    assert!(
        matches!(test.archive.locate(&test.owner(), "A11").await?, CodeLookup::Ambiguous(codes) if codes == ["A1-1", "A-11"] || codes == ["A-11", "A1-1"])
    );
    // The check character of a label, with and without dashes; a wrong one finds nothing.
    for code in ["K1-03-B-05-4-12-4", "k103b054124", "Ｋ１０３Ｂ０５４１２４"] {
        assert_eq!(found(&test, code).await?.code, "K1-03-B-05-4-12", "{code}");
    }
    assert!(matches!(
        test.archive.locate(&test.owner(), "K1-03-B-05-4-12-5").await?,
        CodeLookup::None
    ));
    // Containers and what is put somewhere are named in the same ways.
    let owner = test.owner();
    test.archive
        .container_add(&owner, "H-000-123", &ContainerDraft::default(), "")
        .await?;
    test.put("ｈ０００１２３", "k103b054124").await?;
    assert_eq!(found(&test, "h 000 123").await?.path.len(), 7);
    import(&test, CUSTOMERS).await?;
    for code in ["KH-1", "kh1", "ＫＨ－１", " kh 1 "] {
        let customer = test.archive.customer(&owner, code).await?;
        assert_eq!(
            customer.map(|customer| customer.code).as_deref(),
            Some("KH-1"),
            "{code}"
        );
    }
    let table = locations("code,name,kind\nQ1,一号,库房\nQ1-2,夹层,档案柜\n");
    test.archive
        .import_table(&owner, Register::Locations, &table, OnBadLine::RefuseTable)
        .await?;
    let kinds: Vec<LocationKind> = test
        .archive
        .locations(&owner, "", 100)
        .await?
        .into_iter()
        .filter(|place| place.code.starts_with('Q'))
        .map(|place| place.kind)
        .collect();
    assert_eq!(kinds, [LocationKind::Room, LocationKind::Rack]);
    Ok(())
}

async fn containers_nest_and_move(test: Arc<TestArchive>) -> Result<()> {
    shelve(&test).await?;
    let owner = test.owner();
    for serial in ["H1", "H2", "H3", "H4"] {
        test.archive
            .container_add(&owner, serial, &ContainerDraft::default(), "")
            .await?;
    }
    assert_eq!(
        code(
            test.archive
                .container_add(&owner, "h1", &ContainerDraft::default(), "")
                .await
        ),
        "already_exists"
    );
    test.put("H1", "K1-03-B-05-4-2").await?;
    test.put("H2", "H1").await?;
    test.put("H3", "H2").await?;
    assert_eq!(code(test.put("H4", "H3").await), "containers_too_deep", "four deep");
    assert_eq!(code(test.put("H1", "H3").await), "container_in_itself", "inside itself");
    assert_eq!(code(test.put("H1", "K7").await), "place_unknown");
    let bag = found(&test, "H3").await?;
    assert_eq!(
        bag.path.iter().map(|step| step.code.as_str()).collect::<Vec<_>>()[4..],
        ["K1-03-B-05-4", "K1-03-B-05-4-2", "H1", "H2", "H3"]
    );
    let places = test.archive.place_uids(&owner, "K1-03*", 100).await?;
    assert_eq!(
        places.iter().filter(|uid| **uid < 0).count(),
        3,
        "containers that stand there are found with the place"
    );
    test.put("H1", "三楼-A柜-02").await?;
    assert_eq!(
        found(&test, "H3")
            .await?
            .location
            .map(|location| location.code)
            .as_deref(),
        Some("三楼-A柜-02")
    );
    assert!(
        test.archive
            .place_uids(&owner, "K1*", 100)
            .await?
            .iter()
            .all(|uid| *uid > 0)
    );
    Ok(())
}

async fn places_come_in_shelf_order(test: Arc<TestArchive>) -> Result<()> {
    shelve(&test).await?;
    let owner = test.owner();
    for serial in ["H1", "H2", "H3", "H9"] {
        test.archive
            .container_add(&owner, serial, &ContainerDraft::default(), "")
            .await?;
    }
    test.put("H2", "K1-03-B-05-4-2").await?;
    test.put("H3", "H2").await?;
    test.put("H1", "三楼-A柜-02").await?;
    let mut wanted = Vec::new();
    // The second shelf place before the twelfth, what stands in a place after it, what stands nowhere last.
    for code in [
        "K1-03-B-05-4-2",
        "H2",
        "H3",
        "K1-03-B-05-4-12",
        "三楼-A柜-02",
        "H1",
        "H9",
    ] {
        let place = match test.archive.locate(&owner, code).await? {
            CodeLookup::Location(_) => test.archive.place_uids(&owner, code, 1).await?[0],
            CodeLookup::Container(_) => *test.archive.place_uids(&owner, code, 1).await?.last().expect("a place"),
            other => panic!("{code}: {other:?}"),
        };
        wanted.push(place);
    }
    let unknown = 1_000_000;
    let mut asked = wanted.clone();
    asked.push(unknown);
    asked.reverse();
    let ordered = test.archive.places_in_shelf_order(&owner, &asked).await?;
    assert_eq!(ordered[..6], wanted[..6]);
    let mut last = ordered[6..].to_vec();
    last.sort_unstable();
    assert_eq!(last, [wanted[6], unknown], "what stands nowhere comes last");
    assert!(test.archive.places_in_shelf_order(&owner, &[]).await?.is_empty());
    Ok(())
}

async fn viewers_do_not_import(test: Arc<TestArchive>) -> Result<()> {
    let viewer = test.person("viewer", "viewer", SecurityLevel::INTERNAL, "").await?;
    assert_eq!(
        code(
            test.archive
                .import_table(
                    &viewer,
                    Register::Customers,
                    &customers(CUSTOMERS),
                    OnBadLine::RefuseTable
                )
                .await
        ),
        "forbidden"
    );
    assert_eq!(
        code(
            test.archive
                .import_table(
                    &viewer,
                    Register::Locations,
                    &locations(LOCATIONS),
                    OnBadLine::RefuseTable
                )
                .await
        ),
        "forbidden"
    );
    Ok(())
}
