//! A released migration is never edited: archives that ran it would differ from those that will.

use super::{house, nothing};
use anyhow::{Context, Result, ensure};
use records::ids::Fingerprint;
use std::collections::BTreeMap;

/// The digest of each text of a migration that has been released.
const DIGESTS: &str = "records/src/migrations/digests.txt";

pub fn released_migrations_stay_as_they_are() -> Result<()> {
    let wrong = faults(&listed()?, &found()?);
    nothing(
        wrong,
        "put the change into a migration of its own; a new migration is added to digests.txt with its SHA-256 (`sha256sum FILE`)",
    )
}

/// The rule must see an edited, an unlisted and a lost migration, and pass over one that is as it was.
pub fn planted_migrations_are_seen() -> Result<()> {
    let of = |texts: &[(&str, &str)]| -> BTreeMap<String, String> {
        texts
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Fingerprint::of(text.as_bytes()).hex()))
            .collect()
    };
    let listed = of(&[("001.sql", "a"), ("002.sql", "b"), ("003.sql", "c")]);
    let seen = faults(
        &listed,
        &of(&[("001.sql", "a"), ("002.sql", "edited"), ("004.sql", "d")]),
    );
    ensure!(
        seen.len() == 3 && !seen.iter().any(|fault| fault.contains("001.sql")),
        "the planted faults were seen as {seen:?}"
    );
    Ok(())
}

fn faults(listed: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> Vec<String> {
    let edited_or_new = found.iter().filter_map(|(name, digest)| match listed.get(name) {
        None => Some(format!("{name} stands in no list of digests")),
        Some(known) if known != digest => Some(format!("{name} was edited after it was listed")),
        Some(_) => None,
    });
    let lost = listed
        .keys()
        .filter(|name| !found.contains_key(*name))
        .map(|name| format!("{name} is listed and gone"));
    edited_or_new.chain(lost).collect()
}

fn listed() -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(house().join(DIGESTS)).context(DIGESTS)?;
    text.lines()
        .map(|line| {
            let (digest, name) = line.split_once("  ").with_context(|| format!("{DIGESTS}: `{line}`"))?;
            Ok((name.to_owned(), digest.to_owned()))
        })
        .collect()
}

fn found() -> Result<BTreeMap<String, String>> {
    let folder = house().join("records/src/migrations");
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .context("a file name in UTF-8")?;
        if name.ends_with(".sql") {
            found.insert(name.to_owned(), Fingerprint::of(&std::fs::read(&path)?).hex());
        }
    }
    Ok(found)
}
