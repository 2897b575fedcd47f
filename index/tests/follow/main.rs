//! The follower against a real record: SQLite and vault in a folder of their own, real tantivy
//! folders, two handles where two processes would be. Nothing here asserts on time: `PATIENCE` is
//! only how long a hopeless wait lasts.

mod archive;

use std::fs;
use std::time::Duration;

use archive::{Page, TestArchive};
use index::{Freshness, FullText, FullTextConfig, SearchRequest};
use records::{Asker, SecurityLevel};

const PATIENCE: Duration = Duration::from_secs(60);

async fn open(archive: &TestArchive) -> FullText {
    let config = FullTextConfig::in_folder(archive.index_folder());
    FullText::open(config, archive.archive.clone(), archive.system.clone())
        .await
        .unwrap()
}

async fn caught_up(full_text: &FullText) {
    assert_eq!(full_text.wait_for_head(PATIENCE).await.unwrap(), Freshness::Reached);
}

fn request(query: &str) -> SearchRequest {
    SearchRequest {
        query: query.to_owned(),
        limit: 50,
        ..SearchRequest::default()
    }
}

/// Titles of the documents found, in order.
async fn titles(full_text: &FullText, archive: &TestArchive, asker: &Asker, query: &str) -> Vec<String> {
    let answer = full_text.search(asker, &request(query)).await.unwrap();
    let uids: Vec<i64> = answer.documents.iter().map(|hit| hit.document_uid).collect();
    assert_eq!(answer.total, uids.len());
    let rows = archive.archive.documents_by_uid(asker, &uids).await.unwrap();
    rows.into_iter().map(|row| row.title).collect()
}

/// Three documents of two customers.
async fn filled() -> TestArchive {
    let archive = TestArchive::open().await;
    archive
        .customers("code,name,kind,id_number,phones\nC-1,贾瑞德,person,,13800138000\nC-2,杭州鑫恒科技有限公司,企业,,\n")
        .await;
    archive
        .file(
            "C-1",
            "租赁合同",
            SecurityLevel::PUBLIC,
            &[
                Page("房屋租賃合同\n编号 HT-2023-0456"),
                Page("乙方：贾瑞德\n手机13800138000"),
            ],
        )
        .await;
    archive
        .file(
            "C-2",
            "营业执照",
            SecurityLevel::Confidential,
            &[Page("营业执照\n杭州鑫恒科技有限公司")],
        )
        .await;
    archive
        .file("C-2", "来函", SecurityLevel::PUBLIC, &[Page("关于房屋租赁的来函")])
        .await;
    archive
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_filed_is_found_and_what_is_withdrawn_is_not() {
    let archive = filled().await;
    let full_text = open(&archive).await;
    let following = full_text.start();
    caught_up(&full_text).await;
    let owner = archive.owner();
    assert_eq!(titles(&full_text, &archive, &owner, "租赁").await, ["租赁合同", "来函"]);
    assert_eq!(
        titles(&full_text, &archive, &owner, "户名:鑫恒").await,
        ["来函", "营业执照"]
    );
    assert_eq!(titles(&full_text, &archive, &owner, "-租赁").await, ["营业执照"]);
    archive
        .file("C-1", "补充协议", SecurityLevel::PUBLIC, &[Page("补充协议，关于租赁")])
        .await;
    caught_up(&full_text).await;
    assert_eq!(titles(&full_text, &archive, &owner, "补充").await, ["补充协议"]);
    archive.withdraw("补充协议").await;
    caught_up(&full_text).await;
    assert!(titles(&full_text, &archive, &owner, "补充").await.is_empty());
    let found = full_text.customers(&owner, "hzxh", 5).await.unwrap();
    let names = archive
        .archive
        .customers_by_uid(&owner, &found.customer_uids, "")
        .await
        .unwrap();
    assert_eq!(names[0].name, "杭州鑫恒科技有限公司");
    following.stop().await.unwrap();
    archive.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_asker_finds_what_that_person_may_see() {
    let archive = filled().await;
    let full_text = open(&archive).await;
    let following = full_text.start();
    caught_up(&full_text).await;
    let viewer = archive.person("viewer", SecurityLevel::INTERNAL).await;
    assert!(titles(&full_text, &archive, &viewer, "鑫恒").await.is_empty());
    let hidden = full_text.search(&viewer, &request("营业执照")).await.unwrap();
    let absent = full_text.search(&viewer, &request("不存在的词")).await.unwrap();
    assert_eq!(hidden.facets, absent.facets);
    assert_eq!((hidden.total, hidden.total_pages, hidden.near.len()), (0, 0, 0));
    // Numbers are found by everybody and shown in full only to those who may see them.
    let masked = full_text.search(&viewer, &request("乙方")).await.unwrap();
    assert!(masked.documents[0].pages[0].snippet.text.contains("138****8000"));
    let clear = full_text.search(&archive.owner(), &request("乙方")).await.unwrap();
    assert!(clear.documents[0].pages[0].snippet.text.contains("13800138000"));
    let pages = full_text
        .find_in_document(&viewer, masked.documents[0].document_uid, "租赁|乙方")
        .await
        .unwrap();
    let numbers: Vec<u32> = pages.iter().map(|page| page.number).collect();
    assert_eq!(numbers, [1, 2]);
    following.stop().await.unwrap();
    archive.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_folder_comes_back_by_itself() {
    let archive = filled().await;
    let full_text = open(&archive).await;
    let following = full_text.start();
    caught_up(&full_text).await;
    let owner = archive.owner();
    let before = titles(&full_text, &archive, &owner, "租赁").await;
    // Moved first, so that the follower cannot put a file into what is being deleted.
    let gone = archive.index_folder().with_extension("gone");
    fs::rename(archive.index_folder(), &gone).unwrap();
    fs::remove_dir_all(gone).unwrap();
    // The search goes on with what is still open, and a later change arrives in the new folder.
    assert_eq!(titles(&full_text, &archive, &owner, "租赁").await, before);
    archive
        .file("C-1", "新件", SecurityLevel::PUBLIC, &[Page("新来的租赁文件")])
        .await;
    caught_up(&full_text).await;
    let mut after = titles(&full_text, &archive, &owner, "租赁").await;
    after.retain(|title| title != "新件");
    assert_eq!(after, before);
    assert!(archive.index_folder().join("CURRENT").exists());
    following.stop().await.unwrap();
    archive.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_follows_and_the_others_see_it() {
    let archive = filled().await;
    let first = open(&archive).await;
    let first_following = first.start();
    caught_up(&first).await;
    let second = open(&archive).await;
    let second_following = second.start();
    caught_up(&second).await;
    assert!(first.status().following);
    assert!(!second.status().following);
    archive
        .file("C-1", "新件", SecurityLevel::PUBLIC, &[Page("只有这里写着琥珀")])
        .await;
    caught_up(&second).await;
    let owner = archive.owner();
    assert_eq!(titles(&second, &archive, &owner, "琥珀").await, ["新件"]);
    first_following.stop().await.unwrap();
    archive
        .file("C-1", "后件", SecurityLevel::PUBLIC, &[Page("后来写着珊瑚")])
        .await;
    // The second takes the lock over.
    caught_up(&second).await;
    assert_eq!(titles(&second, &archive, &owner, "珊瑚").await, ["后件"]);
    assert!(second.status().following);
    second_following.stop().await.unwrap();
    archive.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_gives_the_same_answers() {
    let archive = filled().await;
    let full_text = open(&archive).await;
    let following = full_text.start();
    caught_up(&full_text).await;
    let owner = archive.owner();
    let queries = ["租赁", "鑫恒|租赁", "房", "-来函", "类型:合同", "13800138000"];
    let mut before = Vec::new();
    for query in queries {
        before.push(titles(&full_text, &archive, &owner, query).await);
    }
    let former = full_text.status().generation;
    assert!(full_text.rebuild(PATIENCE).await.unwrap());
    assert_ne!(full_text.status().generation, former);
    for (query, before) in queries.iter().zip(before) {
        assert_eq!(titles(&full_text, &archive, &owner, query).await, before, "{query}");
    }
    following.stop().await.unwrap();
    let generations = fs::read_dir(archive.index_folder()).unwrap();
    let generations = generations.filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("gen-")
    });
    assert_eq!(generations.count(), 1);
    archive.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_goes_on_and_damage_or_another_record_begins_anew() {
    let archive = filled().await;
    let owner = archive.owner();
    let full_text = open(&archive).await;
    let following = full_text.start();
    caught_up(&full_text).await;
    following.stop().await.unwrap();
    let first = full_text.status().generation;
    drop(full_text);

    let full_text = open(&archive).await;
    // Searchable before anybody follows.
    assert_eq!(titles(&full_text, &archive, &owner, "营业执照").await, ["营业执照"]);
    let following = full_text.start();
    caught_up(&full_text).await;
    assert_eq!(full_text.status().generation, first);
    following.stop().await.unwrap();
    drop(full_text);

    // A flipped bit after an unclean end.
    let pages = archive.index_folder().join(first.clone().unwrap()).join("pages");
    let store = fs::read_dir(pages)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "store"))
        .unwrap();
    let mut bytes = fs::read(&store).unwrap();
    bytes[3] ^= 0x10;
    fs::remove_file(&store).unwrap();
    fs::write(&store, bytes).unwrap();
    fs::write(archive.index_folder().join("UNCLEAN"), "").unwrap();
    let full_text = open(&archive).await;
    let following = full_text.start();
    // The damaged generation may serve until the new one does; asking for a rebuild waits for it.
    assert!(full_text.rebuild(PATIENCE).await.unwrap());
    caught_up(&full_text).await;
    assert_ne!(full_text.status().generation, first);
    assert_eq!(titles(&full_text, &archive, &owner, "营业执照").await, ["营业执照"]);
    following.stop().await.unwrap();
    drop(full_text);

    // The folder of one record under another one.
    let other = TestArchive::open().await;
    other.customers("code,name\nC-1,别的客户\n").await;
    other
        .file("C-1", "别的", SecurityLevel::PUBLIC, &[Page("别的档案")])
        .await;
    let config = FullTextConfig::in_folder(archive.index_folder());
    let full_text = FullText::open(config, other.archive.clone(), other.system.clone())
        .await
        .unwrap();
    let following = full_text.start();
    caught_up(&full_text).await;
    assert!(titles(&full_text, &other, &other.owner(), "营业执照").await.is_empty());
    assert_eq!(titles(&full_text, &other, &other.owner(), "档案").await, ["别的"]);
    following.stop().await.unwrap();
    other.close().await;
    archive.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_that_name_nothing_are_noted() {
    let archive = filled().await;
    let full_text = open(&archive).await;
    let following = full_text.start();
    caught_up(&full_text).await;
    let owner = archive.owner();
    let answer = full_text
        .search(&owner, &request("租赁 类型:没有这种 库位:Z-99"))
        .await
        .unwrap();
    let noted: Vec<&str> = answer.query.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(noted, ["没有这种", "Z-99"]);
    let error = full_text.search(&owner, &request("日期:昨天")).await.unwrap_err();
    assert_eq!(error.code(), "query_broken_date");
    following.stop().await.unwrap();
    archive.close().await;
}
