//! The whole program from outside: the real binary, real files, real databases, a real browser.
//!
//! One binary with its own main, so that what is dear (a temporary PostgreSQL cluster, the sample archive read once)
//! is made once, shared, and taken down by hand at the end. What a machine lacks is said aloud as SKIP
//! and counted as ignored, never as passed; with DOSSIER_TEST_NO_SKIP=1 (`.ci/run` sets it) a skip is a failure.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests stand where `src` stands: they own the environment"
)]

mod adding;
mod adding_hard;
mod api;
mod archive;
mod browser;
mod camera;
mod cases;
mod chinese;
mod command_line;
mod compat;
mod correcting;
mod counter;
mod covers;
mod crowd;
mod database_away;
mod day_at_the_office;
mod deliveries;
mod demo;
mod desk;
mod disk_full;
mod enclosed;
mod engines;
mod hostile;
mod interrupted;
mod manual;
mod manual_tables;
mod names;
mod newcomer;
mod office;
mod oidc;
mod patience;
mod postgres;
mod reading;
mod rebuild;
mod recall;
mod registers;
mod rereading;
mod screens;
mod serving;
mod stocktake;
mod story;
mod subject;
mod tables;
mod tidy;
mod usage;
mod viewer;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// A test by its name; what it hands back may be a [`Skip`].
pub type Test = (&'static str, fn() -> anyhow::Result<()>);

/// What a test hands back when it could not run here.
#[derive(Debug)]
pub struct Skip(pub String);

impl std::fmt::Display for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for Skip {}

/// Ends a test that this machine cannot run, saying what is missing and how to get it.
pub fn skip<T>(what: impl Into<String>) -> anyhow::Result<T> {
    Err(Skip(what.into()).into())
}

fn trial(name: &'static str, test: fn() -> anyhow::Result<()>) -> Trial {
    Trial::ignorable_test(name, move || {
        let outcome = test();
        let left = archive::left_behind();
        let and_left = |error: String| {
            Failed::from(
                [error]
                    .into_iter()
                    .chain(left.clone())
                    .collect::<Vec<_>>()
                    .join("; besides, "),
            )
        };
        match outcome {
            Ok(()) if left.is_empty() => Ok(Completion::Completed),
            Ok(()) => Err(Failed::from(left.join("; "))),
            Err(error) => match error.downcast_ref::<Skip>() {
                Some(what) if std::env::var_os("DOSSIER_TEST_NO_SKIP").is_some_and(|v| v == "1") => Err(Failed::from(
                    format!("skipped, and skipping is forbidden by DOSSIER_TEST_NO_SKIP: {what}"),
                )),
                Some(what) => {
                    eprintln!("SKIP {name}: {what}");
                    Ok(Completion::ignored_with(what))
                }
                None => Err(and_left(format!("{error:#}"))),
            },
        }
    })
}

fn main() -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    // Three side by side: most of their time they wait, for a server, a browser or a lease. The longest begin first.
    arguments.test_threads.get_or_insert(3);
    let mut trials = Vec::new();
    for (name, test) in [
        rereading::TESTS,
        api::TESTS,
        hostile::TESTS,
        interrupted::TESTS,
        recall::TESTS,
        disk_full::TESTS,
        screens::TESTS,
        tables::TESTS,
        story::TESTS,
        demo::TESTS,
        deliveries::TESTS,
        tidy::TESTS,
        subject::TESTS,
        command_line::TESTS,
        usage::TESTS,
        chinese::TESTS,
        manual::TESTS,
        manual_tables::TESTS,
        newcomer::TESTS,
        oidc::TESTS,
        reading::TESTS,
        rebuild::TESTS,
        names::TESTS,
        office::TESTS,
        enclosed::TESTS,
        engines::TESTS,
        covers::TESTS,
        crowd::TESTS,
        compat::TESTS,
        browser::TESTS,
        cases::TESTS,
        counter::TESTS,
        viewer::TESTS,
        database_away::TESTS,
        day_at_the_office::TESTS,
        desk::TESTS,
        adding::TESTS,
        adding_hard::TESTS,
        camera::TESTS,
        stocktake::TESTS,
        correcting::TESTS,
        registers::TESTS,
    ]
    .concat()
    {
        trials.push(trial(name, test));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    demo::put_away();
    postgres::stop();
    conclusion.exit_code()
}
