//! The contract of `records`: each test runs on SQLite and on PostgreSQL, on a fresh database of its own.
//!
//! PostgreSQL is a temporary cluster that this program starts and stops (or the server that
//! `DOSSIER_TEST_POSTGRES_URL` names). Where there is none the tests on it are skipped aloud; with
//! `DOSSIER_TEST_NO_SKIP=1` that is a failure.
#![expect(
    clippy::disallowed_methods,
    reason = "the harness of a test program reads its environment; the tests do not"
)]

mod access;
mod batches;
mod damaged;
mod factor;
mod filing;
mod harness;
mod history;
mod holdings;
mod identity;
mod imports;
mod jobs;
mod keeping;
mod kinds;
mod loans;
mod placing;
mod registers;
mod rereads;
mod searches;
mod settings;
mod sight;
mod stocktakes;
mod tables;
mod today;
mod trail;
mod uploads;

use harness::{Case, TestArchive};
use libtest_mimic::{Arguments, Failed, Trial};
use std::{process::ExitCode, sync::Arc};
use testing::{BEGINNING, Cluster};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases: Vec<Case> = [
        identity::cases(),
        access::cases(),
        factor::cases(),
        batches::cases(),
        damaged::cases(),
        settings::cases(),
        kinds::cases(),
        jobs::cases(),
        sight::cases(),
        trail::cases(),
        uploads::cases(),
        registers::cases(),
        filing::cases(),
        holdings::cases(),
        placing::cases(),
        searches::cases(),
        keeping::cases(),
        stocktakes::cases(),
        rereads::cases(),
        history::cases(),
        imports::cases(),
        tables::cases(),
        today::cases(),
        loans::cases(),
    ]
    .concat();

    let cluster = if arguments.list {
        Err("only listing".to_owned())
    } else {
        Cluster::start(std::env::var("DOSSIER_TEST_POSTGRES_URL").ok())
    }
    .map(Arc::new);
    let no_skip = std::env::var("DOSSIER_TEST_NO_SKIP").is_ok_and(|value| value == "1");
    if let Err(reason) = &cluster
        && !arguments.list
    {
        eprintln!("SKIP every contract test on PostgreSQL: {reason}");
    }
    let mut trials = Vec::new();
    for case in cases {
        trials.push(Trial::test(format!("sqlite::{}", case.name), move || run(case, None)));
        let name = format!("postgres::{}", case.name);
        trials.push(match &cluster {
            Ok(cluster) => {
                let cluster = cluster.clone();
                Trial::test(name, move || run(case, Some(&cluster)))
            }
            Err(reason) => {
                let reason = reason.clone();
                Trial::test(name, move || {
                    Err(Failed::from(format!("PostgreSQL is not there: {reason}")))
                })
                .with_ignored_flag(!no_skip)
            }
        });
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The process ends with its own code below; the cluster must be stopped before that.
    drop(cluster);
    conclusion.exit_code()
}

fn run(case: Case, cluster: Option<&Cluster>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let database = cluster.map(Cluster::new_database).transpose().map_err(Failed::from)?;
        let archive = TestArchive::open(database, BEGINNING)
            .await
            .map_err(|cause| Failed::from(cause.to_string()))?;
        let archive = Arc::new(archive);
        // In a task of its own, so that a panic of the test still closes what was opened.
        let outcome = tokio::spawn((case.run)(archive.clone())).await;
        archive.close().await;
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(Failed::from(cause)),
            Err(panic) => match panic.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(cause) => Err(Failed::from(cause.to_string())),
            },
        }
    })
}
