//! A fresh archive for each case, with a clock that stands still until the case moves it.

use std::{future::Future, pin::Pin, sync::Arc};
pub use testing::{PASSWORD_HASH as HASH, TestArchive};

pub type Outcome = Result<(), String>;

type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

#[derive(Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    pub run: fn(Arc<TestArchive>) -> Running,
}

/// Lists async functions that take `Arc<TestArchive>` as cases, each named after its module and itself.
#[macro_export]
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub fn cases() -> Vec<$crate::harness::Case> {
            vec![$($crate::harness::Case {
                name: concat!(module_path!(), "::", stringify!($name)).trim_start_matches("contract::"),
                run: |archive| Box::pin(async move {
                    let outcome: records::Result<()> = $name(archive).await;
                    outcome.map_err(|cause| format!("{} ({})", cause, cause.code()))
                }),
            }),*]
        }
    };
}

/// The code of the error that must have come.
pub fn code<T>(outcome: records::Result<T>) -> &'static str {
    outcome.err().map_or("(no error)", |cause| cause.code())
}
