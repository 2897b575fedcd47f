//! A stocktake: each difference once, what is settled, closed boxes, files made offline, sight.

use crate::{
    cases,
    filing::{certain, file, registers},
    harness::{TestArchive, code},
};
use records::{
    Asker, Result, SecurityLevel,
    documents::DocumentField,
    ids::{DocumentId, StocktakeId},
    places::{ContainerDraft, OriginalState},
    stocktakes::{
        OfflineFault, OfflineLine, ScanDraft, SettleDraft, StocktakeDraft, StocktakeLines, StocktakeResolution,
        StocktakeResult, StocktakeVerdict as Verdict,
    },
};
use std::sync::Arc;

cases!(
    one_of_each_difference,
    differences_are_settled_before_it_closes,
    a_closed_box_counts_whole,
    a_place_is_counted_once_at_a_time,
    a_file_made_offline_is_read_line_by_line,
    who_sees_less_counts_less,
    the_record_follows_what_was_found,
    a_scan_is_taken_back,
);

const SIX_YEARS_S: i64 = 6 * 366 * 24 * 3600;

async fn paper(test: &TestArchive, name: &str, place: Option<&str>) -> Result<DocumentId> {
    file(test, name, certain(test, "KH-1").await?, place).await
}

async fn begin(test: &TestArchive, asker: &Asker, scope: &str) -> Result<StocktakeId> {
    Ok(test
        .archive
        .stocktake_begin(asker, &StocktakeDraft::of(scope))
        .await?
        .id)
}

async fn scan(test: &TestArchive, asker: &Asker, id: &StocktakeId, at: &str, labels: &[&str]) -> Result<Vec<Verdict>> {
    let draft = ScanDraft {
        at: at.to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        worn: Vec::new(),
    };
    let scanned = test.archive.stocktake_scan(asker, id, &draft).await?;
    Ok(scanned.into_iter().map(|scanned| scanned.line.verdict).collect())
}

async fn result(test: &TestArchive, asker: &Asker, id: &StocktakeId) -> Result<StocktakeResult> {
    test.archive
        .stocktake_result(asker, id, &StocktakeLines::first(100))
        .await
}

fn counts(result: &StocktakeResult) -> Vec<(Verdict, i64)> {
    result
        .counts
        .iter()
        .map(|(verdict, count)| (*verdict, *count))
        .collect()
}

/// Verdicts with where something was found and belongs, of one thing.
fn lines(result: &StocktakeResult, thing: &str) -> Vec<(Verdict, String, String)> {
    let own = result.lines.iter().filter(|line| line.thing == thing);
    own.map(|line| (line.verdict, line.found_at.clone(), line.belongs_at.clone()))
        .collect()
}

async fn out_on_loan(test: &TestArchive, id: &DocumentId) -> Result<()> {
    sqlx::query(
        "UPDATE originals SET state = 'on_loan' WHERE document_uid = (SELECT uid FROM documents WHERE id = $1)",
    )
    .bind(id.as_str())
    .execute(&test.database().await)
    .await?;
    Ok(())
}

async fn one_of_each_difference(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let dead = paper(&test, "dead", Some("K1-01-1")).await?;
    test.pass(SIX_YEARS_S);
    let present = paper(&test, "present", Some("K1-01-1")).await?;
    let missing = paper(&test, "missing", Some("K1-01-1")).await?;
    let misplaced = paper(&test, "misplaced", Some("K1-01-2")).await?;
    let foreign = paper(&test, "foreign", Some("K1-02-1")).await?;
    let lent = paper(&test, "lent", Some("K1-01-2")).await?;
    let back = paper(&test, "back", Some("K1-01-2")).await?;
    let unplaced = paper(&test, "unplaced", None).await?;
    out_on_loan(&test, &lent).await?;
    out_on_loan(&test, &back).await?;
    let id = begin(&test, &owner, "k1 01").await?;
    let draft = ScanDraft {
        at: "K1-01-1".to_owned(),
        labels: [
            dead.as_str(),
            present.as_str(),
            misplaced.as_str(),
            foreign.as_str(),
            "XYZ-99",
        ]
        .map(str::to_owned)
        .to_vec(),
        worn: vec![present.to_string()],
    };
    let first = test.archive.stocktake_scan(&owner, &id, &draft).await?;
    let first: Vec<Verdict> = first.iter().map(|scanned| scanned.line.verdict).collect();
    assert_eq!(
        first,
        [
            Verdict::Present,
            Verdict::Present,
            Verdict::Misplaced,
            Verdict::Foreign,
            Verdict::Unknown
        ]
    );
    let second = scan(
        &test,
        &owner,
        &id,
        "K1-01-2",
        &[back.as_str(), unplaced.as_str(), "xyz-99"],
    )
    .await?;
    assert_eq!(second, [Verdict::OnLoanButHere, Verdict::Foreign, Verdict::Unknown]);
    let said = result(&test, &owner, &id).await?;
    assert_eq!(said.expected, 6);
    assert_eq!(
        counts(&said),
        [
            (Verdict::Present, 2),
            (Verdict::Missing, 1),
            (Verdict::Misplaced, 1),
            (Verdict::Foreign, 2),
            (Verdict::Unknown, 1),
            (Verdict::OnLoan, 1),
            (Verdict::OnLoanButHere, 1),
            (Verdict::Worn, 1),
            (Verdict::Dead, 1),
        ]
    );
    let rates = said.rates();
    assert_eq!((rates.scattered, rates.disordered), (0.5, 1.0 / 6.0));
    assert_eq!((rates.lost, rates.damaged), (1.0 / 6.0, 1.0 / 6.0));
    let line = |thing: &str| lines(&said, thing);
    let at = |verdict, found: &str, belongs: &str| (verdict, found.to_owned(), belongs.to_owned());
    assert_eq!(line(missing.as_str()), [at(Verdict::Missing, "", "K1-01-1")]);
    assert_eq!(line(misplaced.as_str()), [at(Verdict::Misplaced, "K1-01-1", "K1-01-2")]);
    assert_eq!(line(foreign.as_str()), [at(Verdict::Foreign, "K1-01-1", "K1-02-1")]);
    assert_eq!(line(lent.as_str()), [at(Verdict::OnLoan, "", "K1-01-2")]);
    assert_eq!(line("XYZ-99"), [at(Verdict::Unknown, "K1-01-1", "")]);
    assert_eq!(line(dead.as_str()).len(), 2, "present, and dead");
    assert_eq!(said.unsettled, 7);
    let seen = test
        .archive
        .thing_seen(&owner, misplaced.as_str())
        .await?
        .expect("it is there");
    assert_eq!(seen.first().map(|seen| seen.place.as_str()), Some("K1-01-1"));
    assert!(
        test.archive
            .thing_seen(&owner, missing.as_str())
            .await?
            .expect("is there")
            .is_empty()
    );
    Ok(())
}

async fn differences_are_settled_before_it_closes(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let missing = paper(&test, "a", Some("K1-01-1")).await?;
    let present = paper(&test, "b", Some("K1-01-1")).await?;
    let id = begin(&test, &owner, "K1-01").await?;
    scan(&test, &owner, &id, "K1-01-1", &[present.as_str(), "XYZ-1"]).await?;
    assert_eq!(
        code(test.archive.stocktake_close(&owner, &id).await),
        "stocktake_unsettled"
    );
    let settle = async |thing: &str, owner_name: &str, resolution, note: &str| {
        let draft = SettleDraft {
            thing: thing.to_owned(),
            owner: owner_name.to_owned(),
            due: "2026-12-31".to_owned(),
            resolution,
            note: note.to_owned(),
            ..SettleDraft::default()
        };
        test.archive.stocktake_settle(&owner, &id, &draft).await
    };
    assert_eq!(
        code(settle(present.as_str(), "li", None, "").await),
        "not_found",
        "no difference"
    );
    assert_eq!(
        code(settle(missing.as_str(), "", None, "").await),
        "invalid_value",
        "neither"
    );
    let put_back = Some(StocktakeResolution::PutBack);
    assert_eq!(code(settle(missing.as_str(), "", put_back, "").await), "invalid_value");
    let explained = Some(StocktakeResolution::Explained);
    assert_eq!(
        code(settle("xyz-1", "", explained, "").await),
        "invalid_value",
        "without a word"
    );
    settle(missing.as_str(), "li", None, "").await?;
    settle("xyz-1", "", explained, "旧标签").await?;
    test.archive.stocktake_close(&owner, &id).await?;
    let said = result(&test, &owner, &id).await?;
    assert_eq!(
        counts(&said),
        [(Verdict::Present, 1), (Verdict::Missing, 1), (Verdict::Unknown, 1)]
    );
    let owned: Vec<_> = said
        .lines
        .iter()
        .map(|line| (line.verdict, line.settled.owner.as_str()))
        .collect();
    assert_eq!(
        owned,
        [(Verdict::Missing, "li"), (Verdict::Unknown, ""), (Verdict::Present, "")]
    );
    // What happens later changes nothing of what was said.
    test.archive
        .put_away_document(&owner, present.as_str(), None, "K1-02-1", "")
        .await?;
    assert_eq!(counts(&result(&test, &owner, &id).await?), counts(&said));
    assert_eq!(
        code(scan(&test, &owner, &id, "K1-01-1", &["x"]).await),
        "stocktake_closed"
    );
    Ok(())
}

async fn a_closed_box_counts_whole(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    test.archive
        .container_add(&owner, "H-0001", &ContainerDraft::default(), "K1-01-1")
        .await?;
    for name in ["a", "b"] {
        let id = paper(&test, name, None).await?;
        test.archive
            .put_away_document(&owner, id.as_str(), None, "H-0001", "")
            .await?;
    }
    let id = begin(&test, &owner, "K1-01").await?;
    assert_eq!(
        scan(&test, &owner, &id, "K1-01-1", &["h0001"]).await?,
        [Verdict::Present]
    );
    let said = result(&test, &owner, &id).await?;
    assert_eq!((said.expected, counts(&said)), (3, vec![(Verdict::Present, 3)]));
    // Once the box is open, each of its papers counts by itself.
    let one = said
        .lines
        .iter()
        .find(|line| line.thing != "H-0001")
        .expect("a paper")
        .thing
        .clone();
    scan(&test, &owner, &id, "H-0001", &[&one]).await?;
    let said = result(&test, &owner, &id).await?;
    assert_eq!(counts(&said), [(Verdict::Present, 2), (Verdict::Missing, 1)]);
    test.archive
        .stocktake_scan_undo(
            &owner,
            &id,
            test.archive.stocktake_last_scans(&owner, &id).await?[0].uid,
        )
        .await?;
    assert_eq!(counts(&result(&test, &owner, &id).await?), [(Verdict::Present, 3)]);
    let paper_by_paper = StocktakeDraft {
        boxes_whole: false,
        ..StocktakeDraft::of("H-0001")
    };
    let inside = test.archive.stocktake_begin(&owner, &paper_by_paper).await?.id;
    let said = result(&test, &owner, &inside).await?;
    assert_eq!((said.expected, counts(&said)), (2, vec![(Verdict::Missing, 2)]));
    scan(&test, &owner, &inside, "H-0001", &[&one]).await?;
    assert_eq!(
        counts(&result(&test, &owner, &inside).await?),
        [(Verdict::Present, 1), (Verdict::Missing, 1)]
    );
    Ok(())
}

async fn a_place_is_counted_once_at_a_time(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    begin(&test, &owner, "K1-01").await?;
    for scope in ["K1-01", "K1-01-1", "K1"] {
        assert_eq!(code(begin(&test, &owner, scope).await), "stocktake_open", "{scope}");
    }
    let other = begin(&test, &owner, "K1-02").await?;
    assert_eq!(code(begin(&test, &owner, "K9").await), "not_found");
    assert_eq!(
        code(scan(&test, &owner, &other, "K1-01-1", &["x"]).await),
        "stocktake_outside"
    );
    let viewer = test.person("li", "viewer", SecurityLevel::Secret, "").await?;
    assert_eq!(code(begin(&test, &viewer, "K1-02").await), "forbidden");
    assert_eq!(code(result(&test, &viewer, &other).await), "forbidden");
    let auditor = test.person("an", "auditor", SecurityLevel::Secret, "").await?;
    assert_eq!(result(&test, &auditor, &other).await?.expected, 0);
    Ok(())
}

async fn a_file_made_offline_is_read_line_by_line(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let a = paper(&test, "a", Some("K1-01-1")).await?;
    let b = paper(&test, "b", Some("K1-01-2")).await?;
    let id = begin(&test, &owner, "K1-01").await?;
    let line = |line, at: &str, label: &str, worn: &str| OfflineLine {
        line,
        at: at.to_owned(),
        label: label.to_owned(),
        worn: worn.to_owned(),
    };
    let lines = [
        line(2, "K1-01-1", a.as_str(), "是"),
        line(3, "K9", a.as_str(), ""),
        line(4, "K1-02-1", a.as_str(), ""),
        line(5, "K1-01-2", b.as_str(), ""),
        line(6, "", b.as_str(), "vielleicht"),
        line(7, "", "H-9999", ""),
    ];
    let tried = test.archive.stocktake_offline(&owner, &id, &lines, false).await?;
    let faults: Vec<_> = tried
        .problems
        .iter()
        .map(|problem| (problem.line, problem.fault))
        .collect();
    assert_eq!(
        faults,
        [
            (3, OfflineFault::PlaceUnknown),
            (4, OfflineFault::PlaceOutside),
            (6, OfflineFault::WornUnclear),
            (7, OfflineFault::LabelUnknown),
        ]
    );
    assert_eq!((tried.lines, tried.good, tried.applied), (6, 2, false));
    assert_eq!(counts(&result(&test, &owner, &id).await?), [(Verdict::Missing, 2)]);
    assert!(test.archive.stocktake_offline(&owner, &id, &lines, true).await?.applied);
    assert_eq!(
        counts(&result(&test, &owner, &id).await?),
        [(Verdict::Present, 2), (Verdict::Worn, 1)]
    );
    Ok(())
}

async fn who_sees_less_counts_less(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let open = paper(&test, "a", Some("K1-01-1")).await?;
    let secret = paper(&test, "b", Some("K1-01-1")).await?;
    let document = test.archive.document(&owner, secret.as_str()).await?.expect("is there");
    let mut draft = document.draft()?;
    draft.set(DocumentField::SecurityLevel, "3")?;
    test.archive
        .document_change(&owner, &secret, document.row.version, &draft)
        .await?;
    let small = test
        .person("wei", "viewer,archivist", SecurityLevel::Internal, "")
        .await?;
    let id = begin(&test, &small, "K1-01").await?;
    let first = scan(&test, &small, &id, "K1-01-1", &[open.as_str(), secret.as_str()]).await?;
    assert_eq!(
        first,
        [Verdict::Present, Verdict::Unknown],
        "a hidden paper is a label that nothing has"
    );
    let said = result(&test, &small, &id).await?;
    assert_eq!((said.expected, said.sees_all), (1, false));
    assert_eq!(counts(&said), [(Verdict::Present, 1), (Verdict::Unknown, 1)]);
    assert!(
        said.lines
            .iter()
            .all(|line| line.title.is_empty() || line.thing == open.as_str())
    );
    assert_eq!(
        test.archive
            .thing_seen(&small, secret.as_str())
            .await?
            .map(|rows| rows.len()),
        None
    );
    let wide = result(&test, &owner, &id).await?;
    assert!(wide.sees_all);
    assert_eq!(counts(&wide), [(Verdict::Present, 1)], "it was there all the time");
    let other = test
        .person("min", "viewer,archivist", SecurityLevel::Internal, "")
        .await?;
    assert_eq!(
        code(test.archive.stocktake_close(&other, &id).await),
        "stocktake_of_other"
    );
    test.archive.stocktake_close(&owner, &id).await?;
    Ok(())
}

async fn the_record_follows_what_was_found(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let lost = paper(&test, "a", Some("K1-01-1")).await?;
    let moved = paper(&test, "b", Some("K1-01-1")).await?;
    let foreign = paper(&test, "c", Some("K1-02-1")).await?;
    let id = begin(&test, &owner, "K1-01").await?;
    test.pass(1);
    scan(&test, &owner, &id, "K1-01-2", &[moved.as_str(), foreign.as_str()]).await?;
    for (thing, resolution) in [
        (&lost, StocktakeResolution::ReportedMissing),
        (&moved, StocktakeResolution::KeptHere),
        (&foreign, StocktakeResolution::KeptHere),
    ] {
        let draft = SettleDraft {
            thing: thing.to_string(),
            resolution: Some(resolution),
            ..SettleDraft::default()
        };
        assert_eq!(test.archive.stocktake_settle(&owner, &id, &draft).await?, 1);
    }
    let place = async |id: &DocumentId| -> Result<_> {
        let row = test.archive.document(&owner, id.as_str()).await?.expect("is there").row;
        Ok((row.place.state, row.place.location_code))
    };
    assert_eq!(place(&lost).await?.0, Some(OriginalState::Missing));
    assert_eq!(
        place(&moved).await?,
        (Some(OriginalState::InPlace), "K1-01-2".to_owned())
    );
    assert_eq!(place(&foreign).await?.1, "K1-01-2");
    // They are differences all the same, now settled.
    let said = result(&test, &owner, &id).await?;
    let expected = [(Verdict::Missing, 1), (Verdict::Misplaced, 1), (Verdict::Foreign, 1)];
    assert_eq!((counts(&said), said.unsettled), (expected.to_vec(), 0));
    test.archive.stocktake_close(&owner, &id).await?;
    assert_eq!(counts(&result(&test, &owner, &id).await?), expected);
    Ok(())
}

async fn a_scan_is_taken_back(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let a = paper(&test, "a", Some("K1-01-1")).await?;
    let id = begin(&test, &owner, "K1-01").await?;
    let shelf = test
        .archive
        .stocktake_shelf(&owner, &id, "K1-01-1")
        .await?
        .expect("a place");
    assert_eq!((shelf.waiting.len(), shelf.seen), (1, 0));
    scan(&test, &owner, &id, "K1-01-1", &[a.as_str()]).await?;
    let shelf = test
        .archive
        .stocktake_shelf(&owner, &id, "K1-01-1")
        .await?
        .expect("a place");
    assert_eq!((shelf.waiting_total, shelf.seen), (0, 1));
    let walk = test.archive.stocktake_walk(&owner, &id, false).await?;
    assert_eq!(
        walk.iter()
            .map(|step| (step.code.as_str(), step.scanned))
            .collect::<Vec<_>>(),
        [("K1-01-1", 1)]
    );
    assert!(test.archive.stocktake_walk(&owner, &id, true).await?.is_empty());
    let last = test.archive.stocktake_last_scans(&owner, &id).await?;
    test.archive.stocktake_scan_undo(&owner, &id, last[0].uid).await?;
    assert_eq!(
        code(test.archive.stocktake_scan_undo(&owner, &id, last[0].uid).await),
        "not_found"
    );
    assert_eq!(counts(&result(&test, &owner, &id).await?), [(Verdict::Missing, 1)]);
    Ok(())
}
