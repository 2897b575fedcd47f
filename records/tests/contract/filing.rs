//! Filing: the deposit, duplicates, review, places of originals, versions, checks.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    PartialDate, Result, SecurityLevel,
    batches::{LinesOf, OpenBatch, Outcome, RawPath},
    changes::ChangeSubject,
    documents::{
        Candidate, Deposit, Deposited, Document, DocumentState, Enclosure, FactKind, KnownScan, Link, LinkBasis,
        NewDocument, NewOriginal, ProposalState,
    },
    ids::{DocumentId, Fingerprint},
    pages::{Area, CharBox, NewPage, TextLayer, TextLine},
    places::{CodeLookup, ContainerDraft, OriginalState},
    scans::Thoroughness,
};
use std::{io::Read, sync::Arc};
use testing::documents::fact;
use vocabulary::{Total, detail::DetailCode};

cases!(
    a_document_is_filed_whole,
    the_same_bytes_are_a_duplicate,
    what_came_in_a_file_is_linked_to_it,
    a_waiting_document_says_for_whom_it_is,
    several_deposits_are_one_change,
    a_failing_deposit_leaves_nothing,
    numbers_are_issued_once,
    review_is_decided_and_undone,
    a_document_of_nobody,
    who_comes_later_is_proposed,
    a_name_that_comes_back_is_proposed,
    two_people_cannot_decide_at_once,
    originals_move_along_the_ledger,
    the_last_move_is_taken_back_and_a_safe_says_so,
    shelves_list_what_stands_there,
    withdrawing_takes_two_people,
    batches_go_on_where_they_stopped,
    verify_finds_planted_damage,
    the_index_gets_everything,
    security_levels_are_kept,
);

pub async fn registers(test: &TestArchive) -> Result<()> {
    test.customers("code,name\nKH-1,华宸智汇\nKH-2,华宸智惠\n").await?;
    test.locations("code\nK1-01-1\nK1-01-2\nK1-02-1\n").await
}

pub async fn batch(test: &TestArchive) -> Result<OpenBatch> {
    test.batch("test", "/scans").await
}

/// Lines 100 pixels apart on a page at 200 dpi; re-readings are compared with these places.
fn layer(text: &str) -> TextLayer {
    let line = |(at, text): (usize, &str)| TextLine {
        text: text.to_owned(),
        area: Area {
            x: 100,
            y: 100 * at as u32,
            w: 900,
            h: 48,
        },
        slope: 0.0,
        confidence: 0.99,
        chars: text
            .chars()
            .enumerate()
            .map(|(n, _)| CharBox {
                x: 100 + 50 * n as u32,
                w: 48,
                confidence: 0.99,
            })
            .collect(),
    };
    TextLayer {
        lines: text.lines().enumerate().map(line).collect(),
    }
}

fn page(text: &str) -> NewPage {
    NewPage {
        width: 1654,
        height: 2339,
        ..testing::documents::page(layer(text))
    }
}

/// A contract with a phone number, a page for each text.
pub fn document(link: Link, texts: &[&str], location_uid: Option<i64>) -> NewDocument {
    let pages = texts.iter().map(|text| page(text)).collect();
    NewDocument {
        date: PartialDate::parse("2024-05").expect("a date"),
        facts: vec![fact(FactKind::Phone, "13800000117", Area { x: 1, y: 2, w: 3, h: 4 })],
        original: NewOriginal::Paper { location_uid },
        ..testing::documents::document(link, "服务合同", "contract", pages)
    }
}

pub async fn certain(test: &TestArchive, code: &str) -> Result<Link> {
    let customer = test.system.customer_by_code(code).await?.expect("is there");
    Ok(Link::Certain {
        customer_uid: customer.uid,
        basis: LinkBasis::Manifest,
        detail: DetailCode::NamedOnCommandLine.alone(),
    })
}

/// Files a document with these pages; its bytes are its texts.
pub async fn deposit_one(test: &TestArchive, link: Link, texts: &[&str]) -> Result<DocumentId> {
    let batch = batch(test).await?;
    let path = format!("{}.png", texts.join("-"));
    let bytes = path.clone();
    let deposit = test.new_deposit(&path, bytes.as_bytes(), vec![document(link, texts, None)])?;
    let filed = test.system.deposit(&batch.lease, "os:owner", vec![deposit]).await?;
    Ok(DocumentId::parse(&filed[0].lines[0].document_ids[0])?)
}

pub async fn review(test: &TestArchive) -> Result<Link> {
    let candidate = |customer_uid, confidence| Candidate {
        customer_uid,
        basis: LinkBasis::Phone,
        confidence,
        evidence: vec![0],
    };
    let first = test.system.customer_by_code("KH-1").await?.expect("is there").uid;
    let second = test.system.customer_by_code("KH-2").await?.expect("is there").uid;
    Ok(Link::Review {
        reason: "customer_ambiguous".to_owned(),
        detail: DetailCode::CustomersFit.with(2_u32),
        candidates: vec![candidate(second, 0.4), candidate(first, 0.6)],
    })
}

pub async fn file(test: &TestArchive, path: &str, link: Link, location: Option<&str>) -> Result<DocumentId> {
    let batch = batch(test).await?;
    let location = match location {
        Some(code) => test.system.location_by_code(code).await?.map(|location| location.uid),
        None => None,
    };
    let document = document(link, &["第一页", "第二页"], location);
    let filed = test
        .system
        .deposit(
            &batch.lease,
            "os:owner",
            vec![test.new_deposit(path, path.as_bytes(), vec![document])?],
        )
        .await?;
    Ok(DocumentId::parse(&filed[0].lines[0].document_ids[0])?)
}

pub async fn seen(test: &TestArchive, id: &DocumentId) -> Result<Document> {
    Ok(test
        .archive
        .document(&test.owner(), id.as_str())
        .await?
        .expect("is there"))
}

async fn a_document_is_filed_whole(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a.png", certain(&test, "KH-1").await?, Some("k1-1-1")).await?;
    let document = seen(&test, &id).await?;
    assert_eq!(
        (
            document.row.customer_code.as_str(),
            document.row.place.location_code.as_str()
        ),
        ("KH-1", "K1-01-1")
    );
    assert_eq!(document.row.place.state, Some(OriginalState::InPlace));
    assert_eq!(document.row.dossier_no, "D2026-000001");
    assert_eq!(document.pages.len(), 2);
    assert_eq!(document.scans[0].sha256, Fingerprint::of(b"a.png").hex());
    let text = test.archive.page_text(&test.owner(), &id, 2).await?.expect("has text");
    assert_eq!(text.layer, layer("第二页"));
    let mut stored = Vec::new();
    let mut scan = test
        .archive
        .scan_file(&test.owner(), &id, &document.scans[0].sha256)
        .await?
        .expect("is there");
    scan.file.read_to_end(&mut stored).expect("reads");
    assert_eq!(stored, b"a.png");
    let history = test.archive.document_history(&test.owner(), &id, 10).await?;
    assert_eq!(history[0].action, "document.filed");
    Ok(())
}

async fn the_same_bytes_are_a_duplicate(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let batch = batch(&test).await?;
    let link = certain(&test, "KH-1").await?;
    let make = |path: &str| test.new_deposit(path, &b"same"[..], vec![document(link.clone(), &["一"], None)]);
    let filed = test
        .system
        .deposit(&batch.lease, "os:owner", vec![make("a.png")?, make("b.png")?])
        .await?;
    let outcomes: Vec<_> = filed.iter().map(|Deposited { lines, .. }| lines[0].outcome).collect();
    assert_eq!(outcomes, [Outcome::Filed, Outcome::Duplicate]);
    assert_eq!(
        filed[0].lines[0].document_ids, filed[1].lines[0].document_ids,
        "the duplicate names the first"
    );
    let line = test
        .system
        .duplicate_line(Fingerprint::of(b"same"), &RawPath(b"c.png".to_vec()), 4)
        .await?
        .expect("is known");
    assert_eq!(
        (line.outcome, line.customer_code.as_str()),
        (Outcome::Duplicate, "KH-1")
    );
    let mut other = make("d.png")?;
    other.documents = vec![document(review(&test).await?, &["一"], None)];
    other.known_scan = KnownScan::IsReviewed;
    let reviewed = test.system.deposit(&batch.lease, "os:owner", vec![other]).await?;
    assert_eq!(
        reviewed[0].lines[0].outcome,
        Outcome::NeedsReview,
        "the manifest named another customer"
    );
    let report = test.system.verify(Thoroughness::Full).await?;
    assert_eq!((report.scans, report.documents, report.problems), (1, 2, vec![]));
    Ok(())
}

async fn what_came_in_a_file_is_linked_to_it(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let batch = batch(&test).await?;
    let link = certain(&test, "KH-1").await?;
    let make =
        |path: &str, bytes: &'static [u8]| test.new_deposit(path, bytes, vec![document(link.clone(), &["一"], None)]);
    let inside = |deposit: Deposit, of: usize| Deposit {
        came_in: Some(of),
        ..deposit
    };
    let outer = make("a.pdf", b"outer")?;
    let annex = inside(make("a.pdf/annex.pdf", b"annex")?, 0);
    let twin = inside(make("a.pdf/2 annex.pdf", b"annex")?, 0);
    let plan = inside(make("a.pdf/annex.pdf/plan.pdf", b"plan")?, 1);
    let filed = test
        .system
        .deposit(&batch.lease, "os:owner", vec![outer, annex, twin, plan])
        .await?;
    let ids: Vec<&String> = filed.iter().map(|one| &one.lines[0].document_ids[0]).collect();
    assert_eq!((filed[2].lines[0].outcome, ids[2]), (Outcome::Duplicate, ids[1]));
    let linked = |of: usize| {
        let (archive, owner, id) = (&test.archive, test.owner(), ids[of].clone());
        async move {
            let shown = archive.document(&owner, &id).await?.expect("is there");
            let ids = |all: Vec<Enclosure>| all.into_iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
            Ok::<_, records::Error>((ids(shown.came_in), ids(shown.brings)))
        }
    };
    assert_eq!(linked(0).await?, (vec![], vec![ids[1].clone()]));
    assert_eq!(linked(1).await?, (vec![ids[0].clone()], vec![ids[3].clone()]));
    assert_eq!(linked(3).await?, (vec![ids[1].clone()], vec![]));
    Ok(())
}

/// Whom people named stands on the line of a document that waits for another question; it has no dossier yet.
async fn a_waiting_document_says_for_whom_it_is(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let batch = batch(&test).await?;
    let customer_uid = test.system.customer_by_code("KH-1").await?.expect("is there").uid;
    let waiting = |basis| Link::Review {
        reason: "location_unknown".to_owned(),
        detail: DetailCode::LocationUnknown.with("K9"),
        candidates: vec![Candidate {
            customer_uid,
            basis,
            confidence: 1.0,
            evidence: vec![],
        }],
    };
    for (path, basis, code) in [("a", LinkBasis::Manifest, "KH-1"), ("b", LinkBasis::Phone, "")] {
        let deposit = test.new_deposit(path, path.as_bytes(), vec![document(waiting(basis), &["一"], None)])?;
        let filed = test.system.deposit(&batch.lease, "os:owner", vec![deposit]).await?;
        let line = &filed[0].lines[0];
        assert_eq!(
            (line.outcome, line.customer_code.as_str()),
            (Outcome::NeedsReview, code),
            "{path}"
        );
        let shown = test
            .archive
            .document(&test.owner(), &line.document_ids[0])
            .await?
            .expect("is there");
        assert_eq!(shown.row.customer_code, "", "it is in no dossier");
    }
    Ok(())
}

async fn several_deposits_are_one_change(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let batch = batch(&test).await?;
    let link = certain(&test, "KH-1").await?;
    let before = test.system.change_log_head().await?;
    let deposits = (0..20).map(|n| {
        test.new_deposit(
            &format!("{n}.png"),
            &[n as u8][..],
            vec![document(link.clone(), &["一"], None)],
        )
    });
    let filed = test
        .system
        .deposit(&batch.lease, "os:owner", deposits.collect::<Result<_>>()?)
        .await?;
    assert_eq!(filed.len(), 20);
    let changes = test.settled_changes(before, 21).await?;
    assert_eq!(
        changes
            .iter()
            .filter(|row| row.subject == ChangeSubject::Document)
            .count(),
        20
    );
    assert!(test.archive.audit_verify(&test.owner()).await?.problems.is_empty());
    Ok(())
}

async fn a_failing_deposit_leaves_nothing(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let batch = batch(&test).await?;
    let mut broken = document(certain(&test, "KH-1").await?, &["一"], None);
    broken.pages[0].scan = 7;
    let good = document(certain(&test, "KH-1").await?, &["一"], None);
    let deposits = vec![
        test.new_deposit("good", &b"good"[..], vec![good])?,
        test.new_deposit("bad", &b"bad"[..], vec![broken])?,
    ];
    assert_eq!(
        code(test.system.deposit(&batch.lease, "os:owner", deposits).await),
        "scan_of_page_missing"
    );
    assert_eq!(test.archive.holdings(&test.owner()).await?, (0, 0, 0));
    let report = test.system.verify(Thoroughness::Quick).await?;
    assert_eq!(
        (report.scans, report.problems.len(), report.notes.len()),
        (0, 0, 2),
        "scans without a row are notes at first"
    );
    Ok(())
}

async fn numbers_are_issued_once(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    file(&test, "a", certain(&test, "KH-2").await?, None).await?;
    file(&test, "b", certain(&test, "KH-1").await?, None).await?;
    file(&test, "c", certain(&test, "KH-2").await?, None).await?;
    let number = async |code| -> Result<String> {
        Ok(test
            .archive
            .customer(&test.owner(), code)
            .await?
            .expect("is there")
            .dossier_no)
    };
    assert_eq!(
        (number("KH-2").await?, number("KH-1").await?),
        ("D2026-000001".to_owned(), "D2026-000002".to_owned())
    );
    assert_eq!(
        number("d2026-000002").await?,
        "D2026-000002",
        "a dossier number finds its customer"
    );
    Ok(())
}

async fn review_is_decided_and_undone(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = file(&test, "a", review(&test).await?, None).await?;
    let queue = test.archive.review_queue(&owner, 0, 10).await?;
    assert_eq!(queue[0].detail, Some(DetailCode::CustomersFit.with(2_u32)));
    assert_eq!((queue.len(), test.archive.review_count(&owner).await?), (1, 1));
    assert_eq!(queue[0].reason, "customer_ambiguous");
    assert_eq!(queue[0].proposals[0].customer_code, "KH-1", "best first");
    assert_eq!(
        queue[0].proposals[0].evidence[0].text, "138****0117",
        "a number is seen one at a time"
    );
    assert_eq!(test.archive.review_decided_count(&owner).await?, 0);
    let version = test.archive.document_link(&owner, &id, 1, "KH-1").await?;
    assert_eq!(seen(&test, &id).await?.row.customer_code, "KH-1");
    assert_eq!(
        (
            test.archive.review_count(&owner).await?,
            test.archive.review_decided_count(&owner).await?
        ),
        (0, 1)
    );
    let states: Vec<_> = test
        .archive
        .proposals(&owner, &id)
        .await?
        .into_iter()
        .map(|proposal| proposal.state)
        .collect();
    assert_eq!(states, [ProposalState::Confirmed, ProposalState::Refused]);
    let version = test.archive.document_unlink(&owner, &id, version, "wrong key").await?;
    assert_eq!((test.archive.review_count(&owner).await?, version), (1, 3));
    assert_eq!(test.archive.proposals(&owner, &id).await?[0].state, ProposalState::Open);
    assert_eq!(
        code(test.archive.document_link(&owner, &id, 3, "nobody").await),
        "not_found"
    );
    Ok(())
}

/// A person says that a document belongs to no customer: it is filed, in nobody's dossier, its candidates are refused, and
/// an undo brings all of that back.
async fn a_document_of_nobody(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = file(&test, "a", review(&test).await?, None).await?;
    let reader = test.person("reader", "viewer", SecurityLevel::Secret, "").await?;
    let version = test
        .archive
        .document_of_nobody(&owner, &id, 1, "an internal notice")
        .await?;
    let now = seen(&test, &id).await?;
    assert_eq!(
        (now.row.state, now.row.link_basis, now.row.customer_code.as_str()),
        (DocumentState::Filed, LinkBasis::Nobody, "")
    );
    let listed = test.archive.documents_by_uid(&owner, &[now.row.uid]).await?;
    assert_eq!(listed[0].link_basis, LinkBasis::Nobody, "a list says so too");
    assert_eq!(
        (
            test.archive.review_count(&owner).await?,
            test.archive.review_decided_count(&owner).await?
        ),
        (0, 1)
    );
    let states = async || -> Result<Vec<ProposalState>> {
        let proposals = test.archive.proposals(&owner, &id).await?;
        Ok(proposals.into_iter().map(|proposal| proposal.state).collect())
    };
    assert_eq!(states().await?, [ProposalState::Refused, ProposalState::Refused]);
    assert_eq!(
        code(test.archive.document_of_nobody(&owner, &id, 1, "").await),
        "version_conflict"
    );
    assert_eq!(
        code(test.archive.document_of_nobody(&reader, &id, version, "").await),
        "forbidden"
    );
    let version = test.archive.document_unlink(&owner, &id, version, "").await?;
    assert_eq!(states().await?, [ProposalState::Open, ProposalState::Open]);
    // A document of nobody that turns out to be somebody's is filed there.
    let version = test.archive.document_of_nobody(&owner, &id, version, "").await?;
    test.archive.document_link(&owner, &id, version, "KH-1").await?;
    assert_eq!(seen(&test, &id).await?.row.customer_code, "KH-1");
    Ok(())
}

/// A document waits on whose page somebody is named who is not in the register: whoever comes, is renamed or gets that number
/// is proposed at once, by a table, by an import of renames and by a form; what a person has refused stays refused.
async fn who_comes_later_is_proposed(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let nobody = Link::Review {
        reason: "customer_missing".to_owned(),
        detail: DetailCode::NothingSaysWhose.alone(),
        candidates: Vec::new(),
    };
    let area = || Area { x: 1, y: 2, w: 3, h: 4 };
    let named = NewDocument {
        facts: vec![
            fact(FactKind::Name, "北山物业中心", area()),
            fact(FactKind::Name, "江城水务集团", area()),
            fact(FactKind::AccountNumber, "5000000001", area()),
        ],
        ..document(nobody, &["致北山物业中心和江城水务集团"], None)
    };
    let filed = test.deposit("a", named).await?;
    let id = DocumentId::parse(&filed.lines[0].document_ids[0])?;
    let proposed = async || -> Result<Vec<(String, LinkBasis, Vec<String>)>> {
        let all = test.archive.proposals(&owner, &id).await?;
        let shown = |proposal: records::documents::Proposal| {
            let evidence = proposal.evidence.into_iter().map(|fact| fact.text).collect();
            (proposal.customer_code, proposal.basis, evidence)
        };
        let mut all: Vec<_> = all.into_iter().map(shown).collect();
        all.sort();
        Ok(all)
    };
    let by_name = |code: &str, text: &str| (code.to_owned(), LinkBasis::Name, vec![text.to_owned()]);
    assert_eq!(proposed().await?, []);
    test.customers("code,name\nKH-3,北山物业中心\nKH-4,别人\n").await?;
    assert_eq!(proposed().await?, [by_name("KH-3", "北山物业中心")]);
    test.customers("code,name\nKH-1,江城水务集团\nKH-2,清河水泵厂\n")
        .await?;
    assert_eq!(
        proposed().await?,
        [by_name("KH-1", "江城水务集团"), by_name("KH-3", "北山物业中心")]
    );
    let numbered = records::customers::CustomerDraft {
        stated: vec![("account_no".to_owned(), "5000000001".to_owned())],
        why: String::new(),
    };
    let version = test.archive.customer(&owner, "KH-4").await?.expect("is there").version;
    let doubles = records::imports::Doubles::Hold;
    test.archive
        .customer_change(&owner, "KH-4", version, &numbered, doubles)
        .await?;
    let by_number = (
        "KH-4".to_owned(),
        LinkBasis::AccountNumber,
        vec!["5000000001".to_owned()],
    );
    assert_eq!(proposed().await?.last(), Some(&by_number));
    // Decided, and the losers renamed once more: nothing is asked again.
    test.archive.document_link(&owner, &id, 1, "KH-3").await?;
    test.customers("code,name\nKH-2,江城水务集团\n").await?;
    assert_eq!(proposed().await?.len(), 3);
    Ok(())
}

/// A name that an import took away and its undo brings back is looked for in the documents that wait.
async fn a_name_that_comes_back_is_proposed(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    test.customers("code,name\nKH-3,北山物业中心\n").await?;
    test.customers("code,name\nKH-3,南山物业中心\n").await?;
    let renamed = test.archive.imports(&owner, "", 1).await?.remove(0).id;
    let nobody = Link::Review {
        reason: "customer_missing".to_owned(),
        detail: DetailCode::NothingSaysWhose.alone(),
        candidates: Vec::new(),
    };
    let named = NewDocument {
        facts: vec![fact(FactKind::Name, "北山物业中心", Area { x: 1, y: 2, w: 3, h: 4 })],
        ..document(nobody, &["致北山物业中心"], None)
    };
    let filed = test.deposit("a", named).await?;
    let id = DocumentId::parse(&filed.lines[0].document_ids[0])?;
    assert_eq!(test.archive.proposals(&owner, &id).await?.len(), 0);
    let undone = test.archive.import_undo(&owner, renamed.as_str()).await?;
    assert_eq!((undone.restored, undone.kept.len()), (1, 0), "{undone:?}");
    let proposed = test.archive.proposals(&owner, &id).await?;
    let codes: Vec<_> = proposed.iter().map(|one| one.customer_code.as_str()).collect();
    assert_eq!(codes, ["KH-3"]);
    Ok(())
}

async fn two_people_cannot_decide_at_once(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", review(&test).await?, None).await?;
    let decide = |customer: &'static str| {
        let (test, id) = (test.clone(), id.clone());
        tokio::spawn(async move { test.archive.document_link(&test.owner(), &id, 1, customer).await })
    };
    let (first, second) = tokio::join!(decide("KH-1"), decide("KH-2"));
    let codes = [code(first.expect("runs")), code(second.expect("runs"))];
    assert!(
        codes.contains(&"(no error)") && codes.contains(&"version_conflict"),
        "{codes:?}"
    );
    Ok(())
}

async fn originals_move_along_the_ledger(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    assert_eq!(
        seen(&test, &id).await?.row.place.state,
        Some(OriginalState::ToBeShelved)
    );
    test.pass(60);
    test.archive
        .put_away_document(&owner, id.as_str(), None, "K1-01-1", "K1-01-1")
        .await?;
    test.archive
        .put_away_document(&owner, id.as_str(), None, "K1-01-1", "")
        .await?;
    // In the same microsecond: rows still must not overlap.
    test.archive
        .put_away_document(&owner, id.as_str(), None, "K1-02-1", "")
        .await?;
    let history = test.archive.placement_history(&owner, id.as_str()).await?;
    let history = history.expect("the owner sees it");
    assert_eq!(
        history
            .iter()
            .map(|row| (row.place_code.as_str(), row.event.as_str()))
            .collect::<Vec<_>>(),
        [("K1-02-1", "moved"), ("K1-01-1", "first_placed")]
    );
    let public = test.person("public", "viewer", SecurityLevel::PUBLIC, "").await?;
    let hidden = test.archive.placement_history(&public, id.as_str()).await?;
    assert!(hidden.is_none(), "the way of a paper is seen by who sees the paper");
    assert_eq!(history[1].until, Some(history[0].from), "no gap");
    assert_eq!(
        code(
            test.archive
                .put_away_document(&owner, id.as_str(), None, "nowhere", "")
                .await
        ),
        "place_unknown"
    );
    let place = seen(&test, &id).await?.row.place;
    assert_eq!((place.location_code.as_str(), place.moves), ("K1-02-1", 2));
    // Somebody who saw it at its first place comes too late.
    let late = test
        .archive
        .put_away_document(&owner, id.as_str(), Some(1), "K1-01-1", "");
    assert_eq!(code(late.await), "version_conflict");
    let again = test
        .archive
        .put_away_document(&owner, id.as_str(), Some(2), "K1-01-1", "");
    again.await?;
    Ok(())
}

async fn the_last_move_is_taken_back_and_a_safe_says_so(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    test.locations("code,kind\nSAFE,room\nSAFE-01,safe\nSAFE-01-2,shelf\n")
        .await?;
    let owner = test.owner();
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let put = async |place: &str| {
        test.archive
            .put_away_document(&owner, id.as_str(), None, place, "")
            .await
    };
    let lies = async || -> Result<(String, Option<OriginalState>, i64)> {
        let place = seen(&test, &id).await?.row.place;
        Ok((place.location_code, place.state, place.moves))
    };
    put("K1-01-1").await?;
    put("safe 01 2").await?;
    assert_eq!(lies().await?, ("SAFE-01-2".to_owned(), Some(OriginalState::InSafe), 2));
    let late = test.archive.put_back_document(&owner, id.as_str(), 1).await;
    assert_eq!(code(late), "version_conflict");
    test.archive.put_back_document(&owner, id.as_str(), 2).await?;
    assert_eq!(lies().await?, ("K1-01-1".to_owned(), Some(OriginalState::InPlace), 3));
    // Before the first place there is none.
    let fresh = file(&test, "b", certain(&test, "KH-1").await?, None).await?;
    test.archive
        .put_away_document(&owner, fresh.as_str(), None, "SAFE-01", "")
        .await?;
    test.archive.put_back_document(&owner, fresh.as_str(), 1).await?;
    let place = seen(&test, &fresh).await?.row.place;
    assert_eq!(
        (place.location_code.as_str(), place.state),
        ("", Some(OriginalState::ToBeShelved))
    );
    // What a delivery puts into a safe is in a safe too.
    let delivered = file(&test, "c", certain(&test, "KH-1").await?, Some("SAFE-01-2")).await?;
    assert_eq!(
        seen(&test, &delivered).await?.row.place.state,
        Some(OriginalState::InSafe)
    );
    let viewer = test.person("looks", "viewer", SecurityLevel::INTERNAL, "").await?;
    let refused = test.archive.put_back_document(&viewer, delivered.as_str(), 1).await;
    assert_eq!(code(refused), "forbidden");
    Ok(())
}

async fn shelves_list_what_stands_there(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let direct = file(&test, "a", certain(&test, "KH-1").await?, Some("K1-01-2")).await?;
    let boxed = file(&test, "b", certain(&test, "KH-1").await?, None).await?;
    file(&test, "c", certain(&test, "KH-1").await?, Some("K1-02-1")).await?;
    test.archive
        .container_add(&owner, "H1", &ContainerDraft::default(), "")
        .await?;
    test.archive
        .container_add(&owner, "H2", &ContainerDraft::default(), "")
        .await?;
    test.put("H2", "H1").await?;
    test.put("H1", "K1-01-1").await?;
    test.archive
        .put_away_document(&owner, boxed.as_str(), None, "H2", "")
        .await?;
    let contents = async |code: &str| -> Result<Vec<(String, String)>> {
        let (CodeLookup::Location(place) | CodeLookup::Container(place)) = test.archive.locate(&owner, code).await?
        else {
            panic!("{code}");
        };
        let items = test.archive.location_contents(&owner, &place, 0, 10).await?;
        assert_eq!(
            test.archive.location_contents_total(&owner, &place).await?,
            Total::from(items.len() as i64)
        );
        Ok(items
            .into_iter()
            .map(|item| (item.document_id, item.location_code))
            .collect())
    };
    let pair = |id: &DocumentId, code: &str| (id.to_string(), code.to_owned());
    assert_eq!(
        contents("K1-01").await?,
        [pair(&boxed, "K1-01-1"), pair(&direct, "K1-01-2")],
        "in shelf order"
    );
    assert_eq!(contents("H1").await?, [pair(&boxed, "K1-01-1")]);
    assert_eq!(contents("K1-01-2").await?, [pair(&direct, "K1-01-2")]);
    assert_eq!(contents("K1").await?.len(), 3);
    test.put("H1", "K1-02-1").await?;
    assert_eq!(
        contents("K1-01").await?,
        [pair(&direct, "K1-01-2")],
        "moving a box is one row"
    );
    assert_eq!(seen(&test, &boxed).await?.row.place.location_code, "K1-02-1");
    let children = test.archive.location_children(&owner, None).await?;
    assert_eq!(children[0].documents, Total::from(3));
    Ok(())
}

async fn withdrawing_takes_two_people(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    assert_eq!(
        code(test.archive.document_withdraw(&test.owner(), &id, 1, " ").await),
        "invalid_value"
    );
    test.archive
        .document_withdraw(&test.owner(), &id, 1, "scanned twice")
        .await?;
    assert!(test.archive.document(&test.owner(), id.as_str()).await?.is_none());
    let again = async || code(test.archive.document_restore(&test.owner(), &id).await);
    assert_eq!(again().await, "no_second_person");
    let second = test.person("second", "archivist", SecurityLevel::Secret, "").await?;
    assert_eq!(again().await, "second_person");
    test.archive.document_restore(&second, &id).await?;
    assert!(test.archive.document(&test.owner(), id.as_str()).await?.is_some());
    Ok(())
}

async fn batches_go_on_where_they_stopped(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let first = batch(&test).await?;
    assert!(!first.resumed);
    file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let again = batch(&test).await?;
    assert_eq!((&again.id, again.resumed, again.recorded.len()), (&first.id, true, 1));
    let row = test
        .system
        .batch_finish(&again.lease, "os:owner", &["missing.pdf".to_owned()], Some(2))
        .await?;
    assert_eq!((row.found(), row.filed, row.pages, row.missing.len()), (1, 1, 2, 1));
    assert!(!batch(&test).await?.resumed, "a finished batch stays finished");
    let lines = test
        .archive
        .batch_lines(&test.owner(), &first.id, &LinesOf::of(Outcome::Filed), 0, 10)
        .await?;
    assert_eq!(lines[0].1.path.shown(), "a");
    Ok(())
}

async fn verify_finds_planted_damage(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    for path in ["flip", "cut", "gone"] {
        file(&test, path, certain(&test, "KH-1").await?, None).await?;
    }
    assert!(
        test.system.verify(Thoroughness::Full).await?.problems.is_empty(),
        "no false alarm"
    );
    let path = |name: &str| test.system.vault().path_of(Fingerprint::of(name.as_bytes()));
    let rewrite = |name: &str, bytes: &[u8]| {
        std::fs::remove_file(path(name)).expect("removes");
        std::fs::write(path(name), bytes).expect("writes");
    };
    rewrite("flip", b"flap");
    rewrite("cut", b"cu");
    std::fs::remove_file(path("gone")).expect("removes");
    let mut kinds: Vec<_> = test
        .system
        .verify(Thoroughness::Full)
        .await?
        .problems
        .into_iter()
        .map(|problem| problem.kind)
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["scan_damaged", "scan_missing", "scan_size"]);
    Ok(())
}

async fn the_index_gets_everything(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, Some("K1-01-1")).await?;
    let uid = seen(&test, &id).await?.row.uid;
    let entry = test.system.documents_for_index(&[uid]).await?.pop().expect("is there");
    assert_eq!(
        (
            entry.pages.len(),
            entry.pages[1].layer.text().as_str(),
            entry.date_key.as_str()
        ),
        (2, "第二页", "20240500")
    );
    let place = test.system.location_by_code("K1-01-1").await?.expect("is there");
    assert_eq!(
        (entry.place_uid, entry.security_level),
        (place.uid, SecurityLevel::INTERNAL)
    );
    test.archive.document_withdraw(&test.owner(), &id, 1, "test").await?;
    assert!(test.system.documents_for_index(&[uid]).await?.is_empty());
    assert_eq!(test.system.customer_uids_after(0, 10).await?.len(), 2);
    Ok(())
}

async fn security_levels_are_kept(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, Some("K1-01-1")).await?;
    let clerk = test.person("clerk", "viewer", SecurityLevel::PUBLIC, "").await?;
    assert!(test.archive.document(&clerk, id.as_str()).await?.is_none());
    assert!(test.archive.page_text(&clerk, &id, 1).await?.is_none());
    assert!(
        test.archive
            .scan_file(&clerk, &id, &Fingerprint::of(b"a").hex())
            .await?
            .is_none()
    );
    assert_eq!(test.archive.holdings(&clerk).await?, (0, 0, 0));
    assert!(test.archive.documents_of_customer(&clerk, "KH-1").await?.is_empty());
    let CodeLookup::Location(place) = test.archive.locate(&clerk, "K1").await? else {
        panic!("K1")
    };
    assert_eq!(
        test.archive.location_contents_total(&clerk, &place).await?,
        Total::from(0)
    );
    Ok(())
}
