//! Things are put somewhere together: what may lie where, what fits, and how it is taken back.

use crate::{
    cases,
    filing::{certain, document, file, registers},
    harness::{TestArchive, code},
};
use records::{
    Error, RefusedBecause, Result, SecurityLevel,
    documents::NewDocument,
    ids::DocumentId,
    places::{CodeLookup, ContainerDraft, OriginalState, Placed, PlacingOrder, ThingLookup, ThingToPlace},
};
use std::sync::Arc;

cases!(
    a_thing_is_found_by_any_of_its_names,
    a_room_is_no_place_for_a_paper,
    what_is_kept_in_the_safe_lies_in_a_safe,
    a_place_takes_no_more_than_its_capacity,
    a_wrong_code_is_answered_with_the_nearest,
    levels_count_all_around,
    an_act_is_done_and_taken_back_whole,
    who_comes_second_is_told,
    a_place_is_proposed,
    a_box_takes_its_papers_along,
    a_large_room_is_listed_window_by_window,
);

async fn put(test: &TestArchive, things: &[&str], to: &str) -> Result<Placed> {
    let order = PlacingOrder::of(things.iter().copied(), to);
    test.archive.place_things(&test.owner(), &order).await
}

fn of_size(millimetres: i64) -> ContainerDraft {
    ContainerDraft {
        size_mm: Some(Some(millimetres)),
        ..ContainerDraft::default()
    }
}

async fn lies(test: &TestArchive, id: &DocumentId) -> Result<(String, String, Option<OriginalState>)> {
    let seen = test.archive.document(&test.owner(), id.as_str()).await?;
    let place = seen.expect("the owner sees it").row.place;
    Ok((place.location_code, place.container, place.state))
}

async fn of_pages(test: &TestArchive, path: &str, change: impl FnOnce(&mut NewDocument)) -> Result<DocumentId> {
    let mut new = document(certain(test, "KH-1").await?, &["第一页"], None);
    change(&mut new);
    let filed = test.deposit(path, new).await?;
    DocumentId::parse(&filed.lines[0].document_ids[0]).map_err(Error::from)
}

async fn a_thing_is_found_by_any_of_its_names(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = of_pages(&test, "a", |new| new.number = "HT-2024-0117".to_owned()).await?;
    test.archive
        .container_add(&owner, "H-0001", &ContainerDraft::default(), "")
        .await?;
    let ThingLookup::One(paper) = test.archive.thing(&owner, "ht 2024 0117").await? else {
        panic!("by its number");
    };
    assert_eq!((paper.document_id.as_str(), paper.moves), (id.as_str(), 0));
    for named in [id.as_str(), paper.id.as_str()] {
        assert_eq!(
            test.archive.thing(&owner, named).await?,
            ThingLookup::One(paper.clone())
        );
    }
    let ThingLookup::One(found) = test.archive.thing(&owner, "ｈ-0001").await? else {
        panic!("by its serial");
    };
    assert_eq!(found.name, "H-0001");
    let public = test.person("public", "archivist", SecurityLevel::PUBLIC, "").await?;
    assert_eq!(test.archive.thing(&public, id.as_str()).await?, ThingLookup::Nothing);
    assert_eq!(test.archive.thing(&owner, "K1-01-1").await?, ThingLookup::Nothing);
    let two = of_pages(&test, "b", |new| new.number = "HT-2024-0117".to_owned()).await?;
    let ThingLookup::Several(ids) = test.archive.thing(&owner, "HT-2024-0117").await? else {
        panic!("two papers have this number");
    };
    assert_eq!(ids, [id.to_string(), two.to_string()]);
    assert_eq!(code(put(&test, &["HT-2024-0117"], "K1-01-1").await), "invalid_value");
    assert_eq!(code(put(&test, &["nothing at all"], "K1-01-1").await), "not_found");
    Ok(())
}

async fn a_room_is_no_place_for_a_paper(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    test.locations("code,kind\nT,site\nR9,room\nR9-1,rack\n").await?;
    let owner = test.owner();
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    for place in ["K1", "K1-01", "T", "R9"] {
        assert_eq!(code(put(&test, &[id.as_str()], place).await), "place_kind", "{place}");
        let one = test.archive.put_away_document(&owner, id.as_str(), None, place, "");
        assert_eq!(code(one.await), "place_kind", "{place}");
    }
    // A cabinet without shelves of its own takes paper.
    put(&test, &[id.as_str()], "R9-1").await?;
    test.archive
        .container_add(&owner, "H1", &ContainerDraft::default(), "")
        .await?;
    assert_eq!(code(put(&test, &["H1"], "T").await), "place_kind");
    assert_eq!(code(put(&test, &["H1"], "K1").await), "place_kind");
    assert_eq!(lies(&test, &id).await?.0, "R9-1");
    Ok(())
}

async fn what_is_kept_in_the_safe_lies_in_a_safe(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    test.locations("code,kind\nSAFE,room\nSAFE-01,safe\nSAFE-01-2,shelf\n")
        .await?;
    let owner = test.owner();
    let deed = of_pages(&test, "a", |new| new.kind = "title_certificate".to_owned()).await?;
    let copy = of_pages(&test, "b", |new| {
        new.kind = "title_certificate".to_owned();
        new.copy_state = records::documents::CopyState::Copy;
    })
    .await?;
    assert_eq!(code(put(&test, &[deed.as_str()], "K1-01-1").await), "place_kind");
    put(&test, &[copy.as_str()], "K1-01-1").await?;
    test.archive
        .container_add(&owner, "H1", &ContainerDraft::default(), "")
        .await?;
    assert_eq!(
        code(put(&test, &[deed.as_str()], "H1").await),
        "place_kind",
        "it stands in no safe"
    );
    put(&test, &["H1"], "SAFE-01-2").await?;
    put(&test, &[deed.as_str()], "H1").await?;
    assert_eq!(
        lies(&test, &deed).await?,
        ("SAFE-01-2".to_owned(), "H1".to_owned(), Some(OriginalState::InSafe))
    );
    assert_eq!(
        code(put(&test, &["H1"], "K1-01-1").await),
        "place_kind",
        "and it takes no box out of the safe"
    );
    Ok(())
}

async fn a_place_takes_no_more_than_its_capacity(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    test.locations("code,capacity,capacity_unit\nK1-05-1,2,pieces\nK1-05-2,100,\n")
        .await?;
    let owner = test.owner();
    let thick = async |path: &str, pages: i64| of_pages(&test, path, |new| new.pages_declared = Some(pages)).await;
    let (full, more) = (thick("a", 600).await?, thick("b", 10).await?);
    test.archive.container_add(&owner, "H1", &of_size(60), "").await?;
    put(&test, &[full.as_str()], "H1").await?;
    let refused = put(&test, &[more.as_str()], "H1").await;
    let Err(Error::Refused(RefusedBecause::PlaceFull { free, needs, unit, .. })) = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!((free.as_str(), needs.as_str(), unit.as_str()), ("0", "1", "mm"));
    assert_eq!(lies(&test, &more).await?.1, "", "nothing was moved");
    // What was there already takes no more room, and what goes makes some.
    put(&test, &[full.as_str()], "H1").await?;
    put(&test, &[full.as_str()], "K1-01-1").await?;
    put(&test, &[more.as_str()], "H1").await?;
    // Both boxes need 120 millimetres of a place of 100: neither is moved.
    test.archive.container_add(&owner, "H2", &of_size(60), "").await?;
    assert_eq!(code(put(&test, &["H1", "H2"], "K1-05-2").await), "place_full");
    put(&test, &["H1"], "K1-05-2").await?;
    assert_eq!(code(put(&test, &["H2"], "K1-05-2").await), "place_full");
    // A bag of unknown size is as thick as what is in it, also in the box around it.
    test.archive
        .container_add(&owner, "B1", &ContainerDraft::default(), "")
        .await?;
    put(&test, &["B1"], "H2").await?;
    put(&test, &[full.as_str()], "B1").await?;
    assert_eq!(code(put(&test, &[more.as_str()], "B1").await), "place_full");
    let pieces = [thick("c", 1).await?, thick("d", 1).await?, thick("e", 1).await?];
    put(&test, &[pieces[0].as_str(), pieces[1].as_str()], "K1-05-1").await?;
    assert_eq!(code(put(&test, &[pieces[2].as_str()], "K1-05-1").await), "place_full");
    Ok(())
}

async fn a_wrong_code_is_answered_with_the_nearest(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    test.locations("code\nK1-03-B-05-4-12\n").await?;
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let unknown = async |typed: &str| -> (String, Vec<String>) {
        match put(&test, &[id.as_str()], typed).await {
            Err(Error::Refused(RefusedBecause::PlaceUnknown { check, nearest, .. })) => (check.to_owned(), nearest.0),
            other => panic!("{typed}: {other:?}"),
        }
    };
    let answer = |check: &str, nearest: &[&str]| {
        let nearest: Vec<String> = nearest.iter().map(|code| (*code).to_owned()).collect();
        (check.to_owned(), nearest)
    };
    assert_eq!(unknown("K1-03-B-05-4-21").await, answer("none", &["K1-03-B-05-4-12"]));
    assert_eq!(
        unknown("K1-03-B-05-4-12-5").await,
        answer("wrong", &["K1-03-B-05-4-12"]),
        "its check character is 4"
    );
    assert_eq!(
        unknown("K1-03-B-05-4-1").await.0,
        "none",
        "a slot that is none of its shelf"
    );
    assert_eq!(
        unknown("K1-01-15").await.0,
        "none",
        "fifteen is no check character of one"
    );
    assert_eq!(unknown("X1-03-B-05-4-12").await.1, ["K1-03-B-05-4-12"]);
    assert_eq!(unknown("完全不同的地方").await, answer("none", &[]));
    put(&test, &[id.as_str()], "k103b05412-4").await?;
    Ok(())
}

async fn levels_count_all_around(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    test.locations("code,security_level_max\nL1,1\nL1-1-1,3\n").await?;
    let owner = test.owner();
    let secret = of_pages(&test, "a", |new| new.security_level = SecurityLevel::Confidential).await?;
    assert_eq!(
        code(put(&test, &[secret.as_str()], "L1-1-1").await),
        "place_level",
        "the room may hold less than its shelf"
    );
    test.archive
        .container_add(&owner, "H1", &ContainerDraft::default(), "")
        .await?;
    put(&test, &[secret.as_str()], "H1").await?;
    assert_eq!(code(put(&test, &["H1"], "L1-1-1").await), "place_level");
    put(&test, &["H1"], "K1-01-1").await?;
    Ok(())
}

async fn an_act_is_done_and_taken_back_whole(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let (one, two) = (
        file(&test, "a", certain(&test, "KH-1").await?, None).await?,
        file(&test, "b", certain(&test, "KH-1").await?, Some("K1-02-1")).await?,
    );
    test.archive
        .container_add(&owner, "H1", &ContainerDraft::default(), "")
        .await?;
    let order = PlacingOrder::of([one.as_str(), two.as_str(), "H1"], "K1-01-1");
    let preview = test.archive.place_things_preview(&owner, &order).await?;
    assert_eq!(lies(&test, &one).await?.0, "", "a preview moves nothing");
    let placed = test.archive.place_things(&owner, &order).await?;
    assert_eq!(placed.moved, preview);
    let from: Vec<_> = placed.moved.iter().map(|moved| moved.from.as_str()).collect();
    assert_eq!(from, ["", "K1-02-1", ""]);
    assert_eq!(lies(&test, &two).await?.0, "K1-01-1");
    // Nothing is moved where one thing is unknown.
    assert_eq!(
        code(put(&test, &[one.as_str(), "unknown"], "K1-01-2").await),
        "not_found"
    );
    assert_eq!(lies(&test, &one).await?.0, "K1-01-1");
    let back = test.archive.placing_undo(&owner, &placed.undo).await?;
    assert_eq!(back.len(), 3);
    assert_eq!(lies(&test, &two).await?.0, "K1-02-1");
    assert_eq!(lies(&test, &one).await?.2, Some(OriginalState::ToBeShelved));
    assert_eq!(
        code(test.archive.placing_undo(&owner, &placed.undo).await),
        "version_conflict"
    );
    assert_eq!(code(test.archive.placing_undo(&owner, "nothing").await), "not_found");
    let viewer = test.person("looks", "viewer", SecurityLevel::INTERNAL, "").await?;
    assert_eq!(code(test.archive.place_things(&viewer, &order).await), "forbidden");
    let chain = test
        .archive
        .placement_history(&owner, one.as_str())
        .await?
        .expect("seen");
    assert_eq!(chain.len(), 2);
    assert_eq!(chain[1].until, Some(chain[0].from), "no gap");
    Ok(())
}

async fn who_comes_second_is_told(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    test.archive
        .container_add(&owner, "H1", &ContainerDraft::default(), "")
        .await?;
    let order = |to: &str| PlacingOrder {
        things: vec![ThingToPlace {
            named: "H1".to_owned(),
            moves: Some(0),
        }],
        ..PlacingOrder::of::<&str>([], to)
    };
    let (here, there) = (order("K1-01-1"), order("K1-01-2"));
    let (first, second) = tokio::join!(
        test.archive.place_things(&owner, &here),
        test.archive.place_things(&owner, &there)
    );
    let codes = [code(first), code(second)];
    assert!(
        codes.contains(&"(no error)") && codes.contains(&"version_conflict"),
        "{codes:?}"
    );
    Ok(())
}

async fn a_place_is_proposed(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    test.locations("code,kind,capacity\nK5-1-1,slot,60\nK5-1-2,slot,1\nSAFE-01,safe,200\n")
        .await?;
    let owner = test.owner();
    let beside = file(&test, "a", certain(&test, "KH-1").await?, Some("K1-01-2")).await?;
    let of_kind = file(&test, "b", certain(&test, "KH-2").await?, Some("K1-02-1")).await?;
    let new = of_pages(&test, "c", |new| new.pages_declared = Some(20)).await?;
    let proposed = test.archive.place_proposals(&owner, new.as_str()).await?;
    let shown: Vec<_> = proposed
        .iter()
        .map(|place| (place.code.as_str(), place.free_mm, place.why.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("K1-01-2", None, "beside_dossier"),
            ("K1-02-1", None, "kind_and_year"),
            ("K5-1-1", Some(60), "room"),
        ],
        "{beside} {of_kind}; two millimetres do not fit into one"
    );
    let deed = of_pages(&test, "d", |new| new.kind = "title_certificate".to_owned()).await?;
    let proposed = test.archive.place_proposals(&owner, deed.as_str()).await?;
    assert_eq!(
        proposed.iter().map(|place| place.code.as_str()).collect::<Vec<_>>(),
        ["SAFE-01"],
        "a certificate goes into the safe"
    );
    let viewer = test.person("looks", "viewer", SecurityLevel::INTERNAL, "").await?;
    assert_eq!(
        code(test.archive.place_proposals(&viewer, new.as_str()).await),
        "forbidden"
    );
    assert_eq!(code(test.archive.place_proposals(&owner, "nothing").await), "not_found");
    Ok(())
}

/// One move, and every paper in the box is at its new place.
async fn a_box_takes_its_papers_along(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let owner = test.owner();
    let id = file(&test, "a", certain(&test, "KH-1").await?, None).await?;
    let added = test
        .archive
        .container_add(&owner, "H-0001", &of_size(60), "K1-01-1")
        .await?;
    assert_eq!((added.stands_in.as_str(), added.moves), ("K1-01-1", 1));
    put(&test, &[id.as_str()], "H-0001").await?;
    let database = test.database().await;
    let changes = async || -> i64 {
        sqlx::query_scalar("SELECT CAST(count(*) AS BIGINT) FROM change_log")
            .fetch_one(&database)
            .await
            .expect("a count")
    };
    let changed = changes().await;
    put(&test, &["H-0001"], "K1-02-1").await?;
    assert_eq!(changes().await, changed + 1, "nothing in it is read again");
    assert_eq!(lies(&test, &id).await?.0, "K1-02-1");
    let full = ContainerDraft {
        state: Some(records::places::PlaceUse::Retired),
        ..ContainerDraft::default()
    };
    let version = test
        .archive
        .container(&owner, "h0001")
        .await?
        .expect("is there")
        .version;
    let retire = async || test.archive.container_change(&owner, "H-0001", version, &full).await;
    assert_eq!(code(retire().await), "place_holds_paper");
    put(&test, &[id.as_str()], "K1-01-2").await?;
    let gone = retire().await?;
    assert_eq!(gone.stands_in, "", "an empty box out of use stands nowhere");
    assert_eq!(code(put(&test, &[id.as_str()], "H-0001").await), "place_out_of_use");
    assert_eq!(test.archive.containers(&owner, "", false, "", 10).await?.len(), 0);
    assert_eq!(test.archive.containers_total(&owner, "H", true).await?, 1);
    Ok(())
}

/// More places than are put in order at once, papers at both ends and in between: every window is a piece of the whole.
async fn a_large_room_is_listed_window_by_window(test: Arc<TestArchive>) -> Result<()> {
    registers(&test).await?;
    let mut table = "code\n".to_owned();
    for slot in 1..=1_400 {
        table.push_str(&format!("Z9-{slot:04}\n"));
    }
    test.locations(&table).await?;
    for (path, slot) in [("a", 1_399), ("b", 3), ("c", 700), ("d", 300), ("e", 4)] {
        let id = file(&test, path, certain(&test, "KH-1").await?, None).await?;
        put(&test, &[id.as_str()], &format!("Z9-{slot:04}")).await?;
    }
    let owner = test.owner();
    let CodeLookup::Location(room) = test.archive.locate(&owner, "Z9").await? else {
        panic!("the room is there");
    };
    let codes = async |after: usize, limit: usize| -> Result<Vec<String>> {
        let items = test.archive.location_contents(&owner, &room, after, limit).await?;
        Ok(items.into_iter().map(|item| item.location_code).collect())
    };
    let whole = codes(0, 100).await?;
    assert_eq!(whole, ["Z9-0003", "Z9-0004", "Z9-0300", "Z9-0700", "Z9-1399"]);
    for after in 0..=whole.len() {
        for limit in 1..=whole.len() {
            let expected: Vec<String> = whole.iter().skip(after).take(limit).cloned().collect();
            assert_eq!(codes(after, limit).await?, expected, "{limit} after {after}");
        }
    }
    Ok(())
}
