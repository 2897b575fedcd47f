//! Documents that are named by something else, a line of a batch or a note beside a reason: told only to who may see them.

use crate::{
    Asker, Result,
    permission::sql::{Bound, Visible},
    store::{
        Store,
        sql::{Columns, LISTED_AT_ONCE},
    },
};
use std::collections::HashSet;
use vocabulary::detail::{Arg, Detail, DetailCode};

/// Those of the documents that the asker may see; withdrawn ones too, for who may know of them.
pub(crate) async fn seen_of(store: &Store, asker: &Asker, ids: &[&str]) -> Result<HashSet<String>> {
    let now = store.environment.now();
    let mut seen = HashSet::with_capacity(ids.len());
    for chunk in ids.chunks(LISTED_AT_ONCE) {
        let places = vec!["?"; chunk.len()].join(", ");
        let rows = Visible::documents(asker, now)
            .withdrawn_too()
            .columns("d.id")
            .and(&format!("d.id IN ({places})"), chunk.iter().map(|id| Bound::from(*id)))
            .all(&store.readers)
            .await?;
        for row in &rows {
            seen.insert(row.of("documents").text("id")?);
        }
    }
    Ok(seen)
}

/// Says no more of details that name a document which the asker may not see, and of the customer whose it is.
pub(crate) async fn hide_unseen(store: &Store, asker: &Asker, details: Vec<&mut Option<Detail>>) -> Result<()> {
    let mut named: Vec<String> = details
        .iter()
        .filter_map(|detail| detail.as_ref())
        .flat_map(documents_in)
        .collect();
    named.sort_unstable();
    named.dedup();
    if named.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let seen = seen_of(store, asker, &named).await?;
    for detail in details {
        let tells = |detail: &Detail| documents_in(detail).iter().any(|id| !seen.contains(id));
        if detail.as_ref().is_some_and(tells) {
            *detail = Some(DetailCode::AboutHiddenDocument.into());
        }
    }
    Ok(())
}

/// Ids of documents in the texts of a detail.
fn documents_in(detail: &Detail) -> Vec<String> {
    let mut ids = Vec::new();
    for arg in &detail.args {
        match arg {
            Arg::Text(text) => {
                let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
                ids.extend(words.filter(|word| is_id(word)).map(str::to_owned));
            }
            Arg::Detail(inner) => ids.extend(documents_in(inner)),
            Arg::Number(_) => {}
        }
    }
    ids
}

/// The form of an id: 36 characters, dashes where those of a UUID are.
fn is_id(word: &str) -> bool {
    word.len() == 36
        && word
            .char_indices()
            .all(|(at, c)| (c == '-') == matches!(at, 8 | 13 | 18 | 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_in_details() {
        let (a, b) = (
            "01937f2e-0000-7000-8000-00000000000a",
            "01937f2e-0000-7000-8000-00000000000b",
        );
        let stack = DetailCode::SameBytesAsStack.with(format!("{a}, {b}")).with(2_u32);
        assert_eq!(documents_in(&stack), [a, b]);
        assert_eq!(
            documents_in(&DetailCode::SameScanOtherCustomer.with(a).with("KH-1")),
            [a]
        );
        assert!(documents_in(&DetailCode::FileOfDocument.with(1_u32).with("2024-05-13 0755-88881234")).is_empty());
    }
}
