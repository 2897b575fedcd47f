//! Whose a document is, case by case. Customers 1 and 2 are one person's; 9 is historic.

use super::*;
use records::customers::CustomerStatus;
use records::documents::FactKind;
use records::ids::CustomerId;
use records::pages::Area;

fn customer(uid: i64) -> CustomerKey {
    CustomerKey {
        uid,
        id: CustomerId::parse("0190b8c4-7f2e-7000-8000-0123456789ab").expect("an id"),
        code: format!("K{uid}"),
        name: format!("name {uid}"),
        status: if uid == 9 {
            CustomerStatus::Historic
        } else {
            CustomerStatus::Active
        },
    }
}

/// A fact and the customers it leads to.
type Case<'c> = (&'c str, &'c str, f64, &'c [i64]);

fn decided(statements: &Statements, cases: &[Case<'_>]) -> Link {
    let (facts, found) = facts_of(cases);
    decide(statements, &facts, &found)
}

fn facts_of(cases: &[Case<'_>]) -> (Vec<Fact>, FactOwners) {
    let mut found = FactOwners::default();
    let mut facts = Vec::new();
    for (at, (kind, rule, confidence, customers)) in cases.iter().enumerate() {
        facts.push(Fact {
            page_number: 1,
            kind: FactKind::from_code(kind).expect("a kind of fact"),
            text: format!("text {at}"),
            value: format!("value {at}"),
            area: Area::default(),
            char_start: at as u32,
            char_end: at as u32 + 1,
            rule: (*rule).to_owned(),
            confidence: *confidence,
        });
        found
            .customers
            .push(customers.iter().map(|uid| customer(*uid)).collect());
        found.own.push(*customers == [-1]);
        if *customers == [-1] {
            found.customers[at].clear();
        }
    }
    (facts, found)
}

#[test]
fn a_question_keeps_the_customer_with_what_speaks_for_it() {
    let cases: [Case<'_>; 3] = [
        ("account_number", "", 0.9, &[1]),
        ("phone", "", 0.9, &[2]),
        ("name", "", 0.9, &[1, 2]),
    ];
    let (facts, found) = facts_of(&cases);
    let certain = decide(&Statements::default(), &facts, &found);
    assert!(matches!(certain, Link::Certain { customer_uid: 1, .. }), "{certain:?}");
    let asked = in_question(
        certain,
        reason::LOCATION_UNKNOWN,
        DetailCode::LocationUnknown.with("K9"),
    );
    let Link::Review { candidates, .. } = with_evidence(asked, &facts, &found) else {
        panic!("it must wait for a person");
    };
    assert_eq!(candidates.len(), 1);
    assert_eq!(
        (candidates[0].customer_uid, candidates[0].evidence.as_slice()),
        (1, [0, 2].as_slice())
    );
}

fn check(cases: &[Case<'_>], expected: Result<(i64, LinkBasis), (&str, &[i64])>) {
    check_statements(&Statements::default(), cases, expected);
}

fn check_statements(statements: &Statements, cases: &[Case<'_>], expected: Result<(i64, LinkBasis), (&str, &[i64])>) {
    match (decided(statements, cases), expected) {
        (
            Link::Certain {
                customer_uid, basis, ..
            },
            Ok(wanted),
        ) => {
            assert_eq!((customer_uid, basis), wanted, "{cases:?}");
        }
        (Link::Review { reason, candidates, .. }, Err((wanted, uids))) => {
            let got: Vec<i64> = candidates.iter().map(|c| c.customer_uid).collect();
            assert_eq!((reason.as_str(), got.as_slice()), (wanted, uids), "{cases:?}");
            assert!(candidates.iter().all(|c| (0.0..=1.0).contains(&c.confidence)));
        }
        (other, _) => panic!("{cases:?} gave {other:?}"),
    }
}

#[test]
fn people_come_first() {
    let account: &[Case<'_>] = &[("account_number", "pattern", 0.9, &[3])];
    let manifest = |entries: &[(&str, Option<i64>)]| Statements {
        manifest: entries
            .iter()
            .map(|(c, uid)| ((*c).to_owned(), uid.map(customer)))
            .collect(),
        command_line: Some(customer(5)),
        ..Statements::default()
    };
    check_statements(&manifest(&[("K9", Some(9))]), account, Ok((9, LinkBasis::Manifest)));
    check_statements(
        &manifest(&[("X", None)]),
        account,
        Err((reason::CUSTOMER_UNKNOWN, &[3])),
    );
    let two = manifest(&[("K1", Some(1)), ("K2", Some(2))]);
    check_statements(&two, &[], Err((reason::CUSTOMER_AMBIGUOUS, &[1, 2])));
    check_statements(&manifest(&[]), account, Ok((5, LinkBasis::CommandLine)));
    let folder = |uid| Statements {
        folder: Some(("K".to_owned(), customer(uid))),
        ..Statements::default()
    };
    check_statements(&folder(4), account, Ok((4, LinkBasis::Folder)));
    check_statements(&folder(9), &[], Err((reason::CUSTOMER_MISSING, &[9])));
}

#[test]
fn numbers_link() {
    check(&[("customer_code", "p", 0.9, &[3])], Ok((3, LinkBasis::CustomerCode)));
    check(
        &[("contract_number", "p", 0.9, &[3])],
        Ok((3, LinkBasis::ContractNumber)),
    );
    check(
        &[("account_number", "p", 0.5, &[3])],
        Err((reason::CUSTOMER_MISSING, &[3])),
    );
    check(
        &[("account_number", "p", 0.9, &[3]), ("customer_code", "p", 0.9, &[4])],
        Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
    );
    check(
        &[("account_number", "p", 0.9, &[9])],
        Err((reason::CUSTOMER_MISSING, &[9])),
    );
    check(
        &[("account_number", "p", 0.9, &[])],
        Err((reason::CUSTOMER_UNKNOWN, &[])),
    );
}

#[test]
fn identifiers_link_when_they_lead_to_one() {
    check(
        &[("credit_code", "gb32100", 0.9, &[3])],
        Ok((3, LinkBasis::PartyIdentifier)),
    );
    check(
        &[("credit_code", "gb32100", 0.9, &[3, 9])],
        Ok((3, LinkBasis::PartyIdentifier)),
    );
    check(
        &[("id_number", "gb11643", 0.9, &[1, 2])],
        Err((reason::CUSTOMER_AMBIGUOUS, &[1, 2])),
    );
    check(
        &[
            ("credit_code", "gb32100", 0.9, &[3]),
            ("credit_code", "gb32100", 0.9, &[4]),
        ],
        Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
    );
    check(
        &[
            ("credit_code", "gb32100", 0.9, &[-1]),
            ("credit_code", "gb32100", 0.9, &[4]),
        ],
        Ok((4, LinkBasis::PartyIdentifier)),
    );
    check(
        &[("credit_code", "gb32100:repaired", 0.5, &[3])],
        Err((reason::CUSTOMER_MISSING, &[3])),
    );
    check(
        &[("credit_code", "gb32100", 0.9, &[-1])],
        Err((reason::CUSTOMER_MISSING, &[])),
    );
}

#[test]
fn the_account_number_decides_between_those_of_a_person() {
    check(
        &[
            ("id_number", "gb11643", 0.9, &[1, 2]),
            ("account_number", "p", 0.9, &[2]),
        ],
        Ok((2, LinkBasis::AccountNumber)),
    );
}

#[test]
fn a_contradiction_is_for_a_person() {
    check(
        &[
            ("account_number", "p", 0.9, &[3]),
            ("id_number", "gb11643", 0.9, &[1, 2]),
        ],
        Err((reason::CUSTOMER_AMBIGUOUS, &[3, 1, 2])),
    );
    check(
        &[("account_number", "p", 0.9, &[3]), ("name", "label:holder", 0.7, &[4])],
        Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
    );
    check(
        &[("account_number", "p", 0.9, &[3]), ("name", "label:party", 0.7, &[4])],
        Ok((3, LinkBasis::AccountNumber)),
    );
}

#[test]
fn a_second_party_is_seen_however_badly_it_was_read() {
    let first = ("credit_code", "gb32100", 0.9, &[3_i64][..]);
    check(
        &[first, ("credit_code", "gb32100:repaired", 0.3, &[4])],
        Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
    );
    check(
        &[first, ("account_number", "p", 0.3, &[4])],
        Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
    );
    check(
        &[first, ("name", "label:party", 0.7, &[4])],
        Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
    );
    check(
        &[first, ("name", "label:party", 0.7, &[3])],
        Ok((3, LinkBasis::PartyIdentifier)),
    );
    check(
        &[first, ("name", "line:organisation", 0.7, &[4])],
        Ok((3, LinkBasis::PartyIdentifier)),
    );
}

#[test]
fn a_repaired_identifier_links_where_the_name_beside_it_is_its_own() {
    let repaired = ("credit_code", "gb32100:repaired", 0.5, &[3_i64][..]);
    let old = ("id_number", "gb11643:old", 0.5, &[3_i64][..]);
    for number in [repaired, old] {
        check(
            &[number, ("name", "label:party", 0.7, &[3])],
            Ok((3, LinkBasis::PartyIdentifier)),
        );
        check(
            &[("name", "register:name", 0.7, &[3]), number],
            Ok((3, LinkBasis::PartyIdentifier)),
        );
        check(&[number], Err((reason::CUSTOMER_MISSING, &[3])));
        check(
            &[number, ("name", "label:party", 0.7, &[4])],
            Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
        );
        // Another party of the paper speaks against it.
        check(
            &[
                number,
                ("name", "label:party", 0.7, &[3]),
                ("name", "label:party", 0.7, &[4]),
            ],
            Err((reason::CUSTOMER_AMBIGUOUS, &[3, 4])),
        );
        check(
            &[
                number,
                ("name", "label:party", 0.7, &[3]),
                ("credit_code", "gb32100", 0.9, &[4]),
            ],
            Err((reason::CUSTOMER_AMBIGUOUS, &[4, 3])),
        );
    }
    // Two customers of one number are still two.
    check(
        &[
            ("id_number", "gb11643:repaired", 0.5, &[1, 2]),
            ("name", "label:party", 0.7, &[1, 2]),
        ],
        Err((reason::CUSTOMER_AMBIGUOUS, &[1, 2])),
    );
    check(
        &[
            ("id_number", "gb11643:wrong_check", 0.5, &[]),
            ("name", "label:party", 0.7, &[3]),
        ],
        Err((reason::CUSTOMER_MISSING, &[3])),
    );
}

#[test]
fn names_and_phones_only_propose() {
    check(
        &[("name", "line:organisation", 0.7, &[3])],
        Err((reason::CUSTOMER_MISSING, &[3])),
    );
    check(
        &[("phone", "phone:mobile", 0.9, &[1, 2])],
        Err((reason::CUSTOMER_AMBIGUOUS, &[1, 2])),
    );
    check(
        &[("name", "label:party", 0.7, &[])],
        Err((reason::CUSTOMER_MISSING, &[])),
    );
    check(&[], Err((reason::CUSTOMER_MISSING, &[])));
}
