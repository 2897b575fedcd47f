//! Batches on the screens, and what lists say of how many rows there are: the same to people and to programs.

use crate::harness::{Program, TestWeb};
use axum::http::StatusCode;
use records::batches::{Begun, NewBatch, RawPath, Runner};
use records::customers::CustomerDraft;
use records::imports::Doubles;
use std::process::{Child, Command, Stdio};

/// A process that does nothing until it is killed.
struct OtherProcess(Child);

impl OtherProcess {
    fn start() -> Self {
        Self(Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process"))
    }

    fn end(&mut self) {
        self.0.kill().expect("a process of ours");
        // What was killed ends.
        self.0.wait().expect("it ended");
    }
}

/// The list and the view of a batch say who runs it, and as soon as that process is gone that nobody does.
#[tokio::test]
async fn who_is_gone_runs_no_batch() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, _) = web.administrator().await;
    let mut runner = OtherProcess::start();
    let new = NewBatch {
        name: "五月扫描".to_owned(),
        roots: vec![RawPath(b"/scans/2024-05".to_vec())],
        actor: web.owner.name().to_owned(),
        announced: None,
        walked: 5,
        runner: Runner::of(runner.0.id()),
    };
    let Begun::Open(batch) = web.system.batch_begin(&new).await.expect("the record answers") else {
        panic!("somebody else holds a batch that nobody has begun");
    };
    let address = format!("/batches/{}", batch.id);
    let seen = async || {
        let list = web.get("/batches", &cookie).await;
        let view = web.get(&address, &cookie).await;
        assert_eq!((list.status, view.status), (StatusCode::OK, StatusCode::OK));
        (list.text(), view.text())
    };
    let (list, view) = seen().await;
    let process = format!("进程 {}", runner.0.id());
    assert!(list.contains("五月扫描") && list.contains("进行中"), "{list}");
    assert!(view.contains(&process) && view.contains("data-follow"), "{view}");

    runner.end();
    let (list, view) = seen().await;
    assert!(list.contains("已中断") && !list.contains("进行中"), "{list}");
    assert!(!view.contains(&process) && !view.contains("data-follow"), "{view}");
    assert!(view.contains("5 个文件里完成了 0 个"), "{view}");
    web.close().await;
}

/// What is found is counted, and not what there is: in the API as on the screens.
#[tokio::test]
async fn lists_count_what_was_asked_for() {
    let web = TestWeb::with_a_picture().await;
    let (cookie, _) = web.administrator().await;
    for (version, address) in ["创想一路17号", "海曙路8号", "听松路2号"].into_iter().enumerate() {
        let moved = CustomerDraft {
            stated: vec![("address".to_owned(), address.to_owned())],
            why: String::new(),
        };
        let version = i64::try_from(version).expect("small") + 1;
        let changed = web
            .archive
            .customer_change(&web.owner, "KH-1", version, &moved, Doubles::Hold);
        changed.await.expect("changed");
    }
    let program = Program::of(&web, "lin").await;
    let ledger = program.json("/api/v1/history?object=KH-1&field=address&limit=1").await;
    let whole = program.json("/api/v1/history?object=KH-1&field=address").await;
    let lines = whole["items"].as_array().map(Vec::len);
    assert_eq!((&ledger["total"], lines), (&3.into(), Some(3)), "{whole}");
    assert_eq!(ledger["total_is_exact"], true);
    let screen = web.get("/history?object=KH-1&field=address", &cookie).await.text();
    assert!(screen.contains("共 3 条"), "{screen}");
    let all = program.json("/api/v1/history?limit=1").await;
    assert!(all["total"].as_i64() > Some(3), "{all}");

    // What was done to one customer, and what somebody did who is nobody.
    let id = web
        .archive
        .customer(&web.owner, "KH-1")
        .await
        .expect("answers")
        .expect("is there")
        .id;
    let trail = format!("/api/v1/audit?object={id}&action=customer.changed&limit=1");
    let trail = program.json(&trail).await;
    let none = program.json(&format!("/api/v1/audit?object={id}&who=nobody")).await;
    assert_eq!((&trail["total"], &none["total"]), (&3.into(), &0.into()), "{trail}");
    let head = program.json("/api/v1/audit?limit=1").await;
    assert_eq!(head["total"], head["items"][0]["sequence"], "{head}");
    let of_one = program.json(&format!("/api/v1/audit?object={id}")).await;
    let screen = web.get(&format!("/audit?object={id}"), &cookie).await.text();
    assert!(
        screen.contains(&format!("共 {} 条", of_one["total"])),
        "{of_one} {screen}"
    );

    let found = program.json("/api/v1/customers?text=%E6%8A%80%E6%9C%AF&limit=1").await;
    assert_eq!(
        (&found["total"], &found["next"]),
        (&2.into(), &"KH-1".into()),
        "{found}"
    );
    let screen = web.get("/customers?name=%E6%8A%80%E6%9C%AF", &cookie).await.text();
    assert!(screen.contains("2 户"), "{screen}");
    web.close().await;
}
