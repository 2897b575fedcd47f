//! What a person may see: every way to a document, a count or a history answers the same.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Asker, PartialDate, Result, SecurityLevel,
    customers::CustomerDraft,
    documents::{Deposit, Link, LinkBasis, NewDocument, NewOriginal},
    ids::DocumentId,
    imports::Doubles,
    permission::{
        grants::{GrantDraft, GrantFilter, GrantPhase, GrantTarget},
        sealing::{DossierProtection, SealTerms, SealedThing},
    },
};
use std::{collections::BTreeSet, sync::Arc};
use testing::documents::{blank_page, document};
use vocabulary::detail::DetailCode;

cases!(
    every_door_has_the_same_sight,
    grants_open_for_their_time,
    withdrawn_documents_are_gone,
    sealed_things_are_gone_until_unsealed,
    a_dossier_has_a_level_of_its_own
);

const LEVELS: [SecurityLevel; 4] = [
    SecurityLevel::PUBLIC,
    SecurityLevel::INTERNAL,
    SecurityLevel::Confidential,
    SecurityLevel::Secret,
];
const DEPARTMENTS: [&str; 3] = ["", "业务部", "信贷部"];

struct Filed {
    title: String,
    id: DocumentId,
    uid: i64,
    level: SecurityLevel,
    department: &'static str,
}

/// One document for each level and department, filed with one customer, and one of each level in review.
async fn fill(test: &TestArchive) -> Result<Vec<Filed>> {
    let owner = test.owner();
    let draft = CustomerDraft {
        stated: [("code", "KH-1"), ("name", "云岭供电公司")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        why: String::new(),
    };
    test.archive.customer_add(&owner, &draft, Doubles::Hold).await?;
    let customer = test.system.customer_by_code("KH-1").await?.expect("it was just added");
    let batch = test.batch("sight", "/scans").await?;
    let certain = || Link::Certain {
        customer_uid: customer.uid,
        basis: LinkBasis::Manifest,
        detail: DetailCode::OneMayFit.alone(),
    };
    let review = || Link::Review {
        reason: "customer_missing".to_owned(),
        detail: DetailCode::OneMayFit.alone(),
        candidates: Vec::new(),
    };
    let mut filed = Vec::new();
    for level in LEVELS {
        for department in DEPARTMENTS {
            filed.push((level, department, certain()));
        }
        filed.push((level, "业务部", review()));
    }
    let mut all = Vec::new();
    for (at, (level, department, link)) in filed.into_iter().enumerate() {
        let title = format!("文件 {at}");
        let deposited = test
            .system
            .deposit(
                &batch.lease,
                owner.name(),
                vec![deposit(test, &title, level, department, link)?],
            )
            .await?;
        let id = DocumentId::parse(&deposited[0].lines[0].document_ids[0])?;
        let document = test
            .archive
            .document(&owner, id.as_str())
            .await?
            .expect("the owner sees everything");
        all.push(Filed {
            title,
            id,
            uid: document.row.uid,
            level,
            department,
        });
    }
    Ok(all)
}

fn deposit(test: &TestArchive, title: &str, level: SecurityLevel, department: &str, link: Link) -> Result<Deposit> {
    let document = NewDocument {
        security_level: level,
        department: department.to_owned(),
        original: NewOriginal::None,
        ..document(link, title, "", vec![blank_page()])
    };
    test.new_deposit(title, title.as_bytes(), vec![document])
}

/// The titles an asker sees, found through each door; the doors must agree.
async fn seen(test: &TestArchive, all: &[Filed], asker: &Asker) -> Result<BTreeSet<String>> {
    let mut by_id = BTreeSet::new();
    let mut by_page = BTreeSet::new();
    let mut by_scan = BTreeSet::new();
    for document in all {
        if test.archive.document(asker, document.id.as_str()).await?.is_some() {
            by_id.insert(document.title.clone());
        }
        if test.archive.page(asker, &document.id, 1).await?.is_some() {
            by_page.insert(document.title.clone());
        }
        let sha256 = records::ids::Fingerprint::of(document.title.as_bytes()).hex();
        if test.archive.scan_file(asker, &document.id, &sha256).await?.is_some() {
            by_scan.insert(document.title.clone());
        }
    }
    let uids: Vec<_> = all.iter().map(|document| document.uid).collect();
    let by_uid: BTreeSet<_> = test
        .archive
        .documents_by_uid(asker, &uids)
        .await?
        .into_iter()
        .map(|row| row.title)
        .collect();
    let of_customer = test.archive.documents_of_customer(asker, "KH-1").await?;
    let (documents, pages, waiting) = test.archive.holdings(asker).await?;
    assert_eq!(by_id, by_uid);
    assert_eq!(by_id, by_page);
    assert_eq!(by_id, by_scan);
    assert_eq!(documents, count(&by_id));
    assert_eq!(pages, count(&by_id));
    assert_eq!(waiting + i64::try_from(of_customer.len()).unwrap_or(0), count(&by_id));
    let listed = test.archive.customers_by_uid(asker, &[1], "").await?;
    assert_eq!(listed.first().map(|row| row.documents), Some(documents - waiting));
    Ok(by_id)
}

fn count(titles: &BTreeSet<String>) -> i64 {
    i64::try_from(titles.len()).unwrap_or(i64::MAX)
}

async fn every_door_has_the_same_sight(test: Arc<TestArchive>) -> Result<()> {
    let all = fill(&test).await?;
    for (name, roles, department, sees_all_departments) in [
        ("a", "viewer", "业务部", false),
        ("b", "viewer", "", false),
        ("c", "viewer,archivist", "信贷部", true),
        ("d", "auditor", "", true),
        ("e", "administrator", "信贷部", false),
        ("f", "viewer,administrator", "信贷部", false),
    ] {
        for clearance in LEVELS {
            let person = test
                .person(&format!("{name}{}", clearance.number()), roles, clearance, department)
                .await?;
            let expected: BTreeSet<_> = all
                .iter()
                // Who only keeps accounts and settings reads nothing.
                .filter(|document| roles != "administrator" && document.level <= clearance)
                .filter(|document| {
                    sees_all_departments || document.department.is_empty() || document.department == department
                })
                .map(|document| document.title.clone())
                .collect();
            assert_eq!(seen(&test, &all, &person).await?, expected, "{}", person.name());
        }
    }
    assert_eq!(seen(&test, &all, &test.owner()).await?.len(), all.len());
    Ok(())
}

async fn grants_open_for_their_time(test: Arc<TestArchive>) -> Result<()> {
    let all = fill(&test).await?;
    let viewer = test.person("li", "viewer", SecurityLevel::PUBLIC, "").await?;
    let before = seen(&test, &all, &viewer).await?;
    let secret = all
        .iter()
        .find(|document| document.level == SecurityLevel::Secret)
        .expect("each level has some");
    let second = test
        .person("chen", "viewer,administrator", SecurityLevel::Secret, "")
        .await?;
    let grant = |target, from: i64, until: i64| GrantDraft {
        user_name: "li".to_owned(),
        target,
        purpose: "诉讼".to_owned(),
        from: test.now().plus_seconds(from),
        until: test.now().plus_seconds(until),
    };
    let made = test
        .archive
        .grant_propose(
            &test.owner(),
            &grant(GrantTarget::Document(secret.id.to_string()), 10, 20),
        )
        .await?;
    test.pass(10);
    assert_eq!(seen(&test, &all, &viewer).await?, before, "nobody has confirmed it");
    test.pass(-10);
    test.archive.grant_confirm(&second, &made.id).await?;
    assert_eq!(seen(&test, &all, &viewer).await?, before, "its time has not come");
    test.pass(10);
    let opened = seen(&test, &all, &viewer).await?;
    assert!(opened.contains(&secret.title) && opened.len() == before.len() + 1);
    test.pass(10);
    assert_eq!(seen(&test, &all, &viewer).await?, before, "its time is over");
    // A dossier opens everything in it, and nothing that waits in review.
    let customer = test
        .archive
        .customer(&test.owner(), "KH-1")
        .await?
        .expect("it was added");
    let target = GrantTarget::Dossier(customer.code);
    let whole = test
        .archive
        .grant_propose(&test.owner(), &grant(target, 0, 100))
        .await?;
    test.archive.grant_confirm(&second, &whole.id).await?;
    assert_eq!(
        seen(&test, &all, &viewer).await?.len(),
        LEVELS.len() * DEPARTMENTS.len()
    );
    // The session's asker carries the same grants for the other filter, the one of the full text.
    let stored = test.gate.password_of("li").await?.expect("it has a password");
    let asker = test.gate.open_session(&stored).await?.session.asker;
    assert_eq!(
        (
            asker.sight().granted_documents.len(),
            asker.sight().granted_dossiers.len()
        ),
        (0, 1)
    );
    test.archive.grant_revoke(&second, &whole.id, "已结案").await?;
    assert_eq!(seen(&test, &all, &viewer).await?, before);
    let listed = test.archive.grants(&viewer, &GrantFilter::default(), 10).await?;
    assert_eq!(
        listed
            .iter()
            .map(|grant| (&grant.id, grant.phase(test.now())))
            .collect::<Vec<_>>(),
        [(&whole.id, GrantPhase::Revoked), (&made.id, GrantPhase::Over)]
    );
    assert_eq!(
        code(test.archive.grant_revoke(&viewer, &made.id, "x").await),
        "forbidden"
    );
    Ok(())
}

async fn withdrawn_documents_are_gone(test: Arc<TestArchive>) -> Result<()> {
    let all = fill(&test).await?;
    let first = all.first().expect("some were filed");
    let archivist = test
        .person("wei", "viewer,archivist", SecurityLevel::Secret, "")
        .await?;
    test.archive
        .document_withdraw(&archivist, &first.id, 1, "scanned twice")
        .await?;
    let seen = seen(&test, &all, &test.owner()).await?;
    assert!(!seen.contains(&first.title) && seen.len() == all.len() - 1);
    Ok(())
}

fn seal(reason: &str) -> SealTerms {
    SealTerms {
        reason: reason.to_owned(),
        until: PartialDate::default(),
    }
}

async fn sealed_things_are_gone_until_unsealed(test: Arc<TestArchive>) -> Result<()> {
    let all = fill(&test).await?;
    let first = all.first().expect("some were filed");
    let archivist = test
        .person("wei", "viewer,archivist", SecurityLevel::Secret, "")
        .await?;
    let supervisor = test
        .person("lin", "viewer,auditor,administrator", SecurityLevel::Secret, "")
        .await?;
    let refused = test
        .archive
        .document_seal(&archivist, &first.id, 1, &seal("诉讼"))
        .await;
    assert_eq!(code(refused), "forbidden");
    assert_eq!(
        code(test.archive.document_seal(&supervisor, &first.id, 1, &seal(" ")).await),
        "invalid_value"
    );
    test.archive
        .document_seal(&supervisor, &first.id, 1, &seal("诉讼"))
        .await?;
    for asker in [&archivist, &supervisor, &test.owner()] {
        let seen = seen(&test, &all, asker).await?;
        assert!(!seen.contains(&first.title) && seen.len() == all.len() - 1);
    }
    assert_eq!(code(test.archive.sealed(&archivist, 10).await), "forbidden");
    let listed = test.archive.sealed(&supervisor, 10).await?;
    assert_eq!(
        listed
            .iter()
            .map(|row| (row.thing, row.id.as_str()))
            .collect::<Vec<_>>(),
        [(SealedThing::Document, first.id.as_str())]
    );
    let second = test.person("chen", "administrator", SecurityLevel::PUBLIC, "").await?;
    for _ in 0..2 {
        let alone = test.archive.document_unseal(&supervisor, &first.id, "已结案").await;
        assert_eq!(code(alone), "second_must_agree");
    }
    assert_eq!(seen(&test, &all, &archivist).await?.len(), all.len() - 1);
    test.archive.document_unseal(&second, &first.id, "已结案").await?;
    assert_eq!(seen(&test, &all, &archivist).await?.len(), all.len());
    assert_eq!(
        code(test.archive.document_unseal(&supervisor, &first.id, "再来").await),
        "not_found"
    );
    Ok(())
}

async fn a_dossier_has_a_level_of_its_own(test: Arc<TestArchive>) -> Result<()> {
    let all = fill(&test).await?;
    let in_review = LEVELS.len();
    let archivist = test
        .person("wei", "viewer,archivist", SecurityLevel::Confidential, "")
        .await?;
    let before = seen(&test, &all, &archivist).await?;
    let protect = async |asker: &Asker, security_level, sealed| {
        let protection = DossierProtection { security_level, sealed };
        let (_, version) = test.archive.dossier_protection(&test.owner(), "KH-1").await?;
        test.archive
            .dossier_protect(asker, "KH-1", version, protection, &seal("重要客户"))
            .await
    };
    assert_eq!(
        code(protect(&archivist, SecurityLevel::PUBLIC, false).await),
        "forbidden"
    );
    let head = test.system.change_log_head().await?;
    let (now, version) = test.archive.dossier_protection(&test.owner(), "KH-1").await?;
    let late = test
        .archive
        .dossier_protect(&test.owner(), "KH-1", version + 1, now, &seal("重要客户"))
        .await;
    assert_eq!(code(late), "version_conflict");
    protect(&test.owner(), SecurityLevel::Secret, false).await?;
    let only_review = seen(&test, &all, &archivist).await?;
    assert_eq!(
        only_review.len(),
        in_review - 1,
        "what waits in review is in no dossier"
    );
    // Full text hears of every document inside, and of the higher level.
    let inside = all.len() - in_review;
    assert_eq!(test.settled_changes(head, inside).await?.len(), inside);
    let first = all.first().expect("some were filed");
    let entry = test
        .system
        .documents_for_index(&[first.uid])
        .await?
        .pop()
        .expect("it is there");
    assert_eq!(entry.security_level, SecurityLevel::Secret);
    protect(&test.owner(), SecurityLevel::PUBLIC, true).await?;
    assert_eq!(seen(&test, &all, &test.owner()).await?.len(), in_review);
    protect(&test.owner(), SecurityLevel::PUBLIC, false).await?;
    assert_eq!(seen(&test, &all, &archivist).await?, before);
    Ok(())
}
