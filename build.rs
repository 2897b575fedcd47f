//! Tells the program from which commit it was built; where git or its folder is missing it is told none.

use std::{path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A folder inside another repository has not the commit of that one.
    let own = git(&["rev-parse", "--show-cdup"]).is_none();
    let commit = git(&["rev-parse", "--short=10", "HEAD"]).filter(|_| own);
    let commit = commit.map_or_else(String::new, |commit| format!(" ({commit})"));
    println!("cargo:rustc-env=DOSSIER_COMMIT={commit}");
    // `logs/HEAD` is written with every commit and every checkout.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"])
        && Path::new(&log).exists()
    {
        println!("cargo:rerun-if-changed={log}");
    }
}

fn git(words: &[&str]) -> Option<String> {
    let output = Command::new("git").args(words).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}
