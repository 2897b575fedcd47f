//! Reading again: what is new stands beside what was, what people typed and decided stays, nothing is half done.

use crate::{
    cases,
    filing::{deposit_one, registers},
    harness::{TestArchive, code},
};
use records::{
    Result, SecurityLevel,
    documents::{Candidate, Described, Fact, FactKind, Link, LinkBasis, ProposalState},
    ids::DocumentId,
    jobs::{JobState, Settled},
    pages::looks::CorrectionTarget,
    pages::reread::{ReadAgain, RereadResult, RereadScope, RereadSettings, RereadTask},
    pages::{Area, NewPage, NewTextLayer, PageState, ReadingFlag, TextLayer, TextLine, UnreadRegion},
};
use std::sync::Arc;
use vocabulary::detail::{Detail, DetailCode};

cases!(
    the_new_text_stands_beside_the_old,
    corrections_stay_and_win,
    a_turned_page_keeps_its_corrections,
    decisions_of_people_are_not_touched,
    nothing_is_written_without_the_lease,
    cancelled_orders_change_nothing,
    a_failed_page_keeps_its_text,
    everything_below_a_confidence,
    pages_ask_for_a_look_until_somebody_looked,
    nobody_reads_again_what_they_may_not_see,
);

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
        confidence: 0.9,
        chars: Vec::new(),
    };
    TextLayer {
        lines: text.lines().enumerate().map(line).collect(),
    }
}

fn page(text: &str) -> NewPage {
    NewPage {
        scan: 0,
        scan_index: 0,
        turn: 0,
        width: 1654,
        height: 2339,
        state: PageState::Read,
        failure: None,
        unread_regions: Vec::new(),
        text: Some(NewTextLayer {
            engine: "PP-OCRv7".to_owned(),
            engine_version: "2".to_owned(),
            parameters: "raster fine".to_owned(),
            confidence: 0.97,
            layer: layer(text),
        }),
        other_text: None,
    }
}

fn review(customers: &[i64]) -> Link {
    let candidates = customers.iter().map(|uid| candidate(*uid, Vec::new())).collect();
    Link::Review {
        reason: "customer_missing".to_owned(),
        detail: DetailCode::OneMayFit.alone(),
        candidates,
    }
}

fn candidate(customer_uid: i64, evidence: Vec<usize>) -> Candidate {
    Candidate {
        customer_uid,
        basis: LinkBasis::AccountNumber,
        confidence: 0.8,
        evidence,
    }
}

fn fact(value: &str) -> Fact {
    Fact {
        page_number: 1,
        kind: FactKind::AccountNumber,
        text: value.to_owned(),
        value: value.to_owned(),
        area: Area { x: 1, y: 2, w: 3, h: 4 },
        char_start: 0,
        char_end: 4,
        rule: "pattern".to_owned(),
        confidence: 0.9,
    }
}

async fn customer(test: &TestArchive, code: &str) -> Result<i64> {
    Ok(test.system.customer_by_code(code).await?.expect("it was imported").uid)
}

async fn ordered(test: &TestArchive, id: &DocumentId, settings: RereadSettings) -> Result<()> {
    let scope = RereadScope::Documents(vec![id.to_string()]);
    test.archive.reread_order(&test.owner(), &scope, settings).await?;
    Ok(())
}

/// Takes the next job and hands over these pages.
async fn finish(test: &TestArchive, pages: Vec<NewPage>, more: RereadResult) -> Result<Settled> {
    let (lease, task) = test.system.reread_claim(60).await?.expect("a job waits");
    let result = result(test, &task, pages, more).await?;
    test.system.reread_finish(&lease, &task, &result).await
}

async fn result(
    test: &TestArchive,
    task: &RereadTask,
    pages: Vec<NewPage>,
    more: RereadResult,
) -> Result<RereadResult> {
    let document = test.system.reread_document(task).await?.expect("it is there");
    let named = document
        .pages
        .iter()
        .filter(|page| task.settings.pages.is_empty() || task.settings.pages.contains(&page.page.number));
    Ok(RereadResult {
        pages: named
            .zip(pages)
            .map(|(known, page)| ReadAgain {
                page_uid: known.page.uid,
                page,
            })
            .collect(),
        ..more
    })
}

async fn text(test: &TestArchive, id: &DocumentId, number: u32) -> Result<String> {
    let text = test.archive.page_text(&test.owner(), id, number).await?;
    let shown = text.map(|text| text.layer.text()).unwrap_or_default();
    // What the full text is given is what people see.
    let uid = test
        .archive
        .document(&test.owner(), id.as_str())
        .await?
        .expect("it is there")
        .row
        .uid;
    let indexed = test
        .system
        .documents_for_index(&[uid])
        .await?
        .pop()
        .expect("it is there");
    let indexed = indexed.pages.iter().find(|page| page.number == number);
    assert_eq!(indexed.map(|page| page.layer.text()).unwrap_or_default(), shown);
    Ok(shown)
}

async fn the_new_text_stands_beside_the_old(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = deposit_one(&test, review(&[]), &["合同金颉"]).await?;
    let before = test.archive.change_log_head(&test.owner()).await?;
    ordered(&test, &id, RereadSettings::default()).await?;
    assert_eq!(
        finish(&test, vec![page("合同金额")], RereadResult::default()).await?,
        Settled::Written
    );
    assert_eq!(text(&test, &id, 1).await?, "合同金额");
    let layers = test.archive.page_layers(&test.owner(), &id).await?;
    assert_eq!(layers.len(), 2);
    assert!(layers[0].chosen && layers[0].engine == "PP-OCRv7" && layers[0].parameters == "raster fine");
    assert!(!layers[1].chosen && layers[1].engine == "pp-ocrv6-small");
    assert!(
        test.archive.change_log_head(&test.owner()).await? > before,
        "the index is told"
    );
    let order = test.archive.rereads(&test.owner(), 10).await?.remove(0);
    assert_eq!(
        (order.done, order.pages, order.pages_changed, order.is_open()),
        (1, 1, 1, false)
    );
    // The same again is nothing new.
    ordered(&test, &id, RereadSettings::default()).await?;
    finish(&test, vec![page("合同金额")], RereadResult::default()).await?;
    assert_eq!(test.archive.page_layers(&test.owner(), &id).await?.len(), 2);
    // A person may find the old one better.
    test.archive.layer_choose(&test.owner(), &id, layers[1].uid).await?;
    assert_eq!(text(&test, &id, 1).await?, "合同金颉");
    let history = test.archive.document_history(&test.owner(), &id, 10).await?;
    let actions: Vec<_> = history.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        &actions[..3],
        ["page.layer_chosen", "document.reread", "document.reread"]
    );
    Ok(())
}

fn line(line: usize, former: &str) -> CorrectionTarget {
    CorrectionTarget::Line {
        line,
        former: former.to_owned(),
    }
}

async fn corrections_stay_and_win(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = deposit_one(&test, review(&[]), &["甲方：李文\n金额：一百元"]).await?;
    let place = line(0, "甲方：李文");
    test.archive.page_correct(&owner, &id, 1, &place, "甲方：李雯").await?;
    assert_eq!(text(&test, &id, 1).await?, "甲方：李雯\n金额：一百元");
    assert_eq!(
        code(test.archive.page_correct(&owner, &id, 1, &place, "甲方").await),
        "line_changed"
    );
    ordered(&test, &id, RereadSettings::default()).await?;
    finish(&test, vec![page("甲力：李文\n金额：一百圆")], RereadResult::default()).await?;
    assert_eq!(text(&test, &id, 1).await?, "甲方：李雯\n金额：一百圆");
    let shown = test.archive.page_text(&owner, &id, 1).await?.expect("it has a text");
    assert_eq!((shown.corrections, shown.engine.as_str()), (1, "PP-OCRv7"));
    // A correction of the correction wins over both.
    test.archive
        .page_correct(&owner, &id, 1, &line(0, "甲方：李雯"), "甲方：李纹")
        .await?;
    assert_eq!(text(&test, &id, 1).await?, "甲方：李纹\n金额：一百圆");
    let long = "字".repeat(2_001);
    assert_eq!(
        code(
            test.archive
                .page_correct(&owner, &id, 1, &CorrectionTarget::Page, &long)
                .await
        ),
        "invalid_value"
    );
    Ok(())
}

async fn a_turned_page_keeps_its_corrections(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = deposit_one(&test, review(&[]), &["甲方：李文\n金额"]).await?;
    test.archive
        .page_correct(&owner, &id, 1, &line(0, "甲方：李文"), "甲方：李雯")
        .await?;
    let settings = RereadSettings {
        turn: Some(180),
        ..RereadSettings::default()
    };
    ordered(&test, &id, settings).await?;
    let mut turned = page("");
    turned.turn = 180;
    turned.text.as_mut().expect("it has one").layer = TextLayer::default();
    finish(&test, vec![turned], RereadResult::default()).await?;
    assert_eq!(text(&test, &id, 1).await?, "甲方：李雯");
    let shown = test.archive.page(&owner, &id, 1).await?.expect("it is there");
    assert_eq!((shown.turn, shown.width), (180, 1654));
    let found = test.archive.page_text(&owner, &id, 1).await?.expect("it has a text");
    assert_eq!(
        found.layer.lines[0].area,
        Area {
            x: 654,
            y: 2291,
            w: 900,
            h: 48
        }
    );
    Ok(())
}

async fn decisions_of_people_are_not_touched(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let (one, two) = (customer(&test, "KH-1").await?, customer(&test, "KH-2").await?);
    let id = deposit_one(&test, review(&[one]), &["户号 3301"]).await?;
    let more = |value: &str, uid| RereadResult {
        facts: vec![fact(value)],
        candidates: vec![candidate(uid, vec![0])],
        described: Described {
            kind: "lease_contract".to_owned(),
            number: "HT-9".to_owned(),
            ..Described::default()
        },
        ..RereadResult::default()
    };
    ordered(&test, &id, RereadSettings::default()).await?;
    finish(&test, vec![page("户号 3302")], more("3302", two)).await?;
    // Another reading proposes another customer beside the first; the document waits as before.
    let proposals = test.archive.proposals(&owner, &id).await?;
    let mut codes: Vec<_> = proposals
        .iter()
        .map(|p| (p.customer_code.as_str(), p.state.as_str()))
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [("KH-1", "open"), ("KH-2", "open")]);
    let document = test.archive.document(&owner, id.as_str()).await?.expect("it is there");
    assert_eq!(
        (document.row.kind.as_str(), document.row.number.as_str()),
        ("contract", "HT-9"),
        "only what was open is filled"
    );
    assert!(document.facts.iter().any(|fact| fact.value == "3302"));
    assert!(
        document.facts.iter().all(|fact| fact.kind != FactKind::Phone),
        "what the machine had found gives way"
    );
    // Once a person has decided, nothing is proposed and nothing refilled.
    let version = test
        .archive
        .document_link(&owner, &id, document.row.version, "KH-1")
        .await?;
    ordered(&test, &id, RereadSettings::default()).await?;
    finish(&test, vec![page("户号 3303")], more("3303", two)).await?;
    let document = test.archive.document(&owner, id.as_str()).await?.expect("it is there");
    assert_eq!(
        (document.row.customer_code.as_str(), document.row.version),
        ("KH-1", version)
    );
    let proposals = test.archive.proposals(&owner, &id).await?;
    assert!(
        proposals.iter().all(|p| p.state != ProposalState::Open),
        "{proposals:?}"
    );
    let evidence: Vec<_> = proposals
        .iter()
        .flat_map(|p| &p.evidence)
        .map(|fact| fact.value.as_str())
        .collect();
    assert_eq!(evidence, ["3302"], "what a proposal rests on stays");
    Ok(())
}

async fn nothing_is_written_without_the_lease(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = deposit_one(&test, review(&[]), &["旧"]).await?;
    ordered(&test, &id, RereadSettings::default()).await?;
    assert_eq!(test.system.reread_due().await?, Some(test.now()));
    let (dead, task) = test.system.reread_claim(60).await?.expect("a job waits");
    let result = result(&test, &task, vec![page("新一")], RereadResult::default()).await?;
    assert_eq!(test.system.reread_due().await?, Some(test.now().plus_seconds(60)));
    assert!(test.system.reread_claim(60).await?.is_none());
    test.pass(60);
    // The first worker has died; the second takes the document from the beginning.
    let (heir, again) = test.system.reread_claim(60).await?.expect("it is taken up again");
    assert_eq!((heir.attempt, &again), (2, &task));
    assert_eq!(
        test.system.reread_finish(&dead, &task, &result).await?,
        Settled::LeaseLost
    );
    assert_eq!(text(&test, &id, 1).await?, "旧");
    assert_eq!(test.archive.page_layers(&test.owner(), &id).await?.len(), 1);
    // A program that stops gives back what it has not done, and that is no attempt.
    test.system.reread_release(&heir).await?;
    let (last, _) = test.system.reread_claim(60).await?.expect("it was given back");
    assert_eq!(last.attempt, 2);
    assert_eq!(
        test.system.reread_finish(&last, &task, &result).await?,
        Settled::Written
    );
    assert_eq!(text(&test, &id, 1).await?, "新一");
    assert_eq!(test.system.reread_due().await?, None);
    Ok(())
}

async fn cancelled_orders_change_nothing(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let one = deposit_one(&test, review(&[]), &["甲"]).await?;
    let two = deposit_one(&test, review(&[]), &["乙"]).await?;
    let scope = RereadScope::Documents(vec![one.to_string(), two.to_string()]);
    let order = test
        .archive
        .reread_order(&owner, &scope, RereadSettings::default())
        .await?;
    assert_eq!((order.documents(), order.waiting), (2, 2));
    let (lease, task) = test.system.reread_claim(60).await?.expect("a job waits");
    let result = result(&test, &task, vec![page("丙")], RereadResult::default()).await?;
    let order = test.archive.reread_cancel(&owner, &order.id).await?;
    assert_eq!((order.cancelled, order.working, order.waiting), (1, 1, 0));
    assert!(test.system.reread_document(&task).await?.is_none());
    assert_eq!(
        test.system.reread_finish(&lease, &task, &result).await?,
        Settled::Written
    );
    assert_eq!(
        (text(&test, &one, 1).await?, text(&test, &two, 1).await?),
        ("甲".to_owned(), "乙".to_owned())
    );
    let order = test.archive.reread(&owner, &order.id).await?;
    assert_eq!((order.cancelled, order.is_open()), (2, false));
    assert!(test.system.reread_claim(60).await?.is_none());
    Ok(())
}

async fn a_failed_page_keeps_its_text(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = deposit_one(&test, review(&[]), &["甲", "乙"]).await?;
    ordered(&test, &id, RereadSettings::default()).await?;
    let failed = NewPage {
        state: PageState::Failed,
        failure: Some(DetailCode::NoAnswerWithin.with("120s")),
        text: None,
        ..page("")
    };
    finish(&test, vec![failed, page("丁")], RereadResult::default()).await?;
    assert_eq!(
        (text(&test, &id, 1).await?, text(&test, &id, 2).await?),
        ("甲".to_owned(), "丁".to_owned())
    );
    let order = test.archive.rereads(&owner, 1).await?.remove(0);
    assert_eq!(
        (order.done, order.pages, order.pages_changed, order.pages_failed),
        (1, 2, 1, 1)
    );
    // An attempt that fails says why, and is tried again later.
    ordered(&test, &id, RereadSettings::default()).await?;
    let (lease, task) = test.system.reread_claim(60).await?.expect("a job waits");
    test.system
        .reread_failed(&lease, &task, &Detail::of_system("the disk is full"))
        .await?;
    let order = test.archive.rereads(&owner, 1).await?.remove(0);
    assert_eq!(order.waiting, 1);
    let failures = test.archive.reread_failures(&owner, &order.id, 10).await?;
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].reason, Detail::of_system("the disk is full"));
    assert_eq!(test.archive.jobs(&owner, Some(JobState::Waiting), 10).await?.len(), 1);
    Ok(())
}

async fn everything_below_a_confidence(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = deposit_one(&test, review(&[]), &["甲", "乙"]).await?;
    deposit_one(&test, review(&[]), &["丙"]).await?;
    assert_eq!(test.archive.reread_count_below(&owner, 0.5).await?, (0, 0));
    assert_eq!(test.archive.reread_count_below(&owner, 1.0).await?, (2, 3));
    assert_eq!(
        code(test.archive.reread_count_below(&owner, 85.0).await),
        "invalid_value"
    );
    let below = RereadScope::Below(0.5);
    assert_eq!(
        code(
            test.archive
                .reread_order(&owner, &below, RereadSettings::default())
                .await
        ),
        "nothing_to_reread"
    );
    // One page is made doubtful; only that page is read again.
    let settings = RereadSettings {
        pages: vec![2],
        ..RereadSettings::default()
    };
    ordered(&test, &id, settings).await?;
    let mut doubtful = page("己");
    doubtful.text.as_mut().expect("it has one").confidence = 0.4;
    finish(&test, vec![doubtful], RereadResult::default()).await?;
    assert_eq!(
        (text(&test, &id, 1).await?, text(&test, &id, 2).await?),
        ("甲".to_owned(), "己".to_owned())
    );
    let order = test
        .archive
        .reread_order(&owner, &below, RereadSettings::default())
        .await?;
    assert_eq!((order.scope_name.as_str(), order.documents()), ("0.50", 1));
    let (_, task) = test.system.reread_claim(60).await?.expect("a job waits");
    assert_eq!((task.document, task.settings.pages), (id, vec![2]));
    let batch = RereadScope::Batch("test".to_owned());
    let order = test
        .archive
        .reread_order(&owner, &batch, RereadSettings::default())
        .await?;
    assert_eq!((order.scope.as_str(), order.documents()), ("batch", 2));
    Ok(())
}

async fn pages_ask_for_a_look_until_somebody_looked(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = deposit_one(&test, review(&[]), &["甲", "乙"]).await?;
    assert_eq!(test.archive.look_counts(&owner).await?.pages, 0);
    let region = |y, reason: &str| UnreadRegion {
        area: Area {
            x: 50,
            y,
            w: 500,
            h: 60,
        },
        reason: reason.to_owned(),
    };
    let mut doubtful = page("签名栏");
    doubtful.unread_regions = vec![region(900, "handwriting"), region(1400, "ink_without_text")];
    ordered(&test, &id, RereadSettings::default()).await?;
    finish(&test, vec![doubtful.clone(), page("乙")], RereadResult::default()).await?;
    let counts = test.archive.look_counts(&owner).await?;
    assert_eq!(counts.pages, 1);
    assert_eq!(counts.by_flag[1], (ReadingFlag::Handwriting, 1));
    let asking = test.archive.pages_asking(&owner, None, 0, 10).await?;
    assert_eq!(
        (asking.len(), asking[0].page.number, &asking[0].document.id),
        (1, 1, &id)
    );
    assert!(
        test.archive
            .pages_asking(&owner, Some(ReadingFlag::Failed), 0, 10)
            .await?
            .is_empty()
    );
    // What was not read is typed: the place asks no more, and can be found.
    test.archive
        .page_correct(&owner, &id, 1, &CorrectionTarget::Region(0), "王小明")
        .await?;
    assert_eq!(text(&test, &id, 1).await?, "签名栏\n王小明");
    let shown = test.archive.page(&owner, &id, 1).await?.expect("it is there");
    assert!(!shown.reading.has(ReadingFlag::Handwriting) && shown.reading.has(ReadingFlag::InkWithoutText));
    test.archive.page_seen(&owner, &id, 1).await?;
    assert!(test.archive.pages_asking(&owner, None, 0, 10).await?.is_empty());
    let shown = test.archive.page(&owner, &id, 1).await?.expect("it is there");
    assert_eq!((shown.seen_by.as_str(), shown.unread_regions.len()), ("os:owner", 1));
    // Read again, it asks again; what was typed is still read.
    ordered(&test, &id, RereadSettings::default()).await?;
    doubtful.text.as_mut().expect("it has one").engine_version = "3".to_owned();
    finish(&test, vec![doubtful, page("乙")], RereadResult::default()).await?;
    assert_eq!(text(&test, &id, 1).await?, "签名栏\n王小明");
    let asking = test.archive.pages_asking(&owner, None, 0, 10).await?;
    assert_eq!((asking.len(), asking[0].page.unread_regions.len()), (1, 1));
    Ok(())
}

async fn nobody_reads_again_what_they_may_not_see(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let id = deposit_one(&test, review(&[]), &["甲"]).await?;
    let li = test.person("li", "viewer,archivist", SecurityLevel::PUBLIC, "").await?;
    let wei = test.person("wei", "viewer", SecurityLevel::Secret, "").await?;
    let scope = RereadScope::Documents(vec![id.to_string()]);
    let order = |asker| test.archive.reread_order(asker, &scope, RereadSettings::default());
    assert_eq!(code(order(&li).await), "not_found");
    assert_eq!(code(order(&wei).await), "forbidden");
    assert_eq!(code(test.archive.page_seen(&li, &id, 1).await), "not_found");
    assert_eq!(
        code(
            test.archive
                .page_correct(&li, &id, 1, &CorrectionTarget::Page, "x")
                .await
        ),
        "not_found"
    );
    assert_eq!(code(test.archive.page_seen(&wei, &id, 1).await), "forbidden");
    assert!(test.archive.page_layers(&li, &id).await?.is_empty());
    assert_eq!(test.archive.reread_count_below(&li, 1.0).await?, (0, 0));
    let order = order(&test.owner()).await?;
    assert_eq!(code(test.archive.reread(&li, &order.id).await), "not_found");
    assert_eq!(code(test.archive.reread_cancel(&li, &order.id).await), "not_found");
    Ok(())
}
