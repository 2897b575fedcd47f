//! Kept and recent searches: each account has its own, and nobody reads those of another.

use crate::{
    cases,
    harness::{TestArchive, code},
};
use records::{
    Asker, Result, SecurityLevel,
    audit::{AuditAction, AuditObject, EventDraft, EventFilter},
    searches::{OwnSearchLimits, SavedSearchDraft},
};
use std::sync::Arc;

cases!(searches_are_kept, a_deletion_is_taken_back, recent_searches_are_private);

fn draft(name: &str, query: &str) -> SavedSearchDraft {
    SavedSearchDraft {
        name: name.to_owned(),
        query: query.to_owned(),
        sorting: "newest".to_owned(),
    }
}

async fn names(test: &TestArchive, asker: &Asker) -> Result<Vec<(String, String)>> {
    let saved = test.archive.searches_saved(asker).await?;
    Ok(saved.into_iter().map(|search| (search.name, search.query)).collect())
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).into()
}

async fn searches_are_kept(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let wei = test.person("wei", "viewer", SecurityLevel::INTERNAL, "").await?;
    let id = test
        .archive
        .search_save(&li, &draft("年审到期", "类型:年审 日期:2025"))
        .await?;
    test.archive.search_save(&li, &draft("合同", "类型:合同")).await?;
    test.archive.search_save(&wei, &draft("年审到期", "另一个")).await?;
    // The same name again stands for the new search; width and case do not make another name.
    let again = test
        .archive
        .search_save(&li, &draft("年审 到期", "类型:年审 日期:2026"))
        .await?;
    assert_eq!(again, id);
    assert_eq!(
        names(&test, &li).await?,
        pairs([("合同", "类型:合同"), ("年审 到期", "类型:年审 日期:2026")])
    );
    assert_eq!(names(&test, &wei).await?, pairs([("年审到期", "另一个")]));
    test.archive.search_rename(&li, &id, "快到期的").await?;
    assert_eq!(
        code(test.archive.search_rename(&li, &id, "合同").await),
        "already_exists"
    );
    assert_eq!(code(test.archive.search_rename(&li, &id, " ").await), "invalid_value");
    // Those of another are not there.
    assert_eq!(code(test.archive.search_rename(&wei, &id, "我的").await), "not_found");
    assert_eq!(code(test.archive.search_delete(&wei, &id).await), "not_found");
    assert_eq!(
        code(test.archive.search_save(&test.owner(), &draft("a", "b")).await),
        "needs_account"
    );
    for n in 2..OwnSearchLimits::SAVED_MAX {
        test.archive.search_save(&li, &draft(&format!("第{n}个"), "甲")).await?;
    }
    assert_eq!(
        code(test.archive.search_save(&li, &draft("多了", "甲")).await),
        "too_many_searches"
    );
    Ok(())
}

async fn a_deletion_is_taken_back(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let first = test.archive.search_save(&li, &draft("到期", "甲")).await?;
    test.archive.search_delete(&li, &first).await?;
    assert_eq!(names(&test, &li).await?, []);
    assert_eq!(code(test.archive.search_delete(&li, &first).await), "not_found");
    test.archive.search_undelete(&li, &first).await?;
    assert_eq!(names(&test, &li).await?, pairs([("到期", "甲")]));
    // A name that was taken since stands in the way.
    test.archive.search_delete(&li, &first).await?;
    let second = test.archive.search_save(&li, &draft("到期", "乙")).await?;
    assert_eq!(code(test.archive.search_undelete(&li, &first).await), "already_exists");
    // After a day nothing is left of what was deleted.
    test.pass(25 * 3600);
    test.archive.search_delete(&li, &second).await?;
    assert_eq!(code(test.archive.search_undelete(&li, &first).await), "not_found");
    test.archive.search_undelete(&li, &second).await?;
    Ok(())
}

async fn recent_searches_are_private(test: Arc<TestArchive>) -> Result<()> {
    let li = test.person("li", "viewer", SecurityLevel::INTERNAL, "").await?;
    let wei = test
        .person("wei", "viewer,auditor", SecurityLevel::INTERNAL, "")
        .await?;
    let run = async |asker: &Asker, query: &str, sent: bool| {
        test.pass(1);
        let event = EventDraft::new(AuditAction::SearchRan, AuditObject::Search, "").detail("documents=0");
        test.archive.note_search(asker, event, sent.then_some(query)).await
    };
    for query in ["甲方", "乙方", "甲方 服务费"] {
        run(&li, query, true).await?;
    }
    run(&li, "甲方服", false).await?;
    run(&li, "甲方", true).await?;
    run(&wei, "丙方", true).await?;
    // The command line has no account to remember for.
    run(&test.owner(), "丁方", true).await?;
    assert_eq!(
        test.archive.searches_recent(&li, 10).await?,
        ["甲方", "甲方 服务费", "乙方"]
    );
    assert_eq!(test.archive.searches_recent(&li, 1).await?, ["甲方"]);
    assert_eq!(test.archive.searches_recent(&wei, 10).await?, ["丙方"]);
    assert_eq!(
        test.archive.searches_recent(&test.owner(), 10).await?,
        Vec::<String>::new()
    );
    // The trail knows that somebody searched, and not for what.
    let trail = test
        .archive
        .audit_events(
            &wei,
            &EventFilter {
                limit: 100,
                ..EventFilter::default()
            },
        )
        .await?;
    let searches = trail
        .iter()
        .filter(|event| event.action == AuditAction::SearchRan.as_str());
    assert_eq!(searches.clone().count(), 7);
    assert!(searches.clone().all(|event| event.detail == "documents=0"));
    for n in 0..OwnSearchLimits::RECENT_MAX + 5 {
        run(&li, &format!("第{n}次"), true).await?;
    }
    assert_eq!(
        test.archive.searches_recent(&li, 1000).await?.len(),
        OwnSearchLimits::RECENT_MAX
    );
    test.archive.searches_recent_clear(&li).await?;
    assert_eq!(test.archive.searches_recent(&li, 10).await?, Vec::<String>::new());
    assert_eq!(test.archive.searches_recent(&wei, 10).await?, ["丙方"]);
    assert_eq!(test.system.audit_verify().await?.problems, Vec::<String>::new());
    Ok(())
}
