//! The names of all customers: read once, and then those of whoever was added or changed.

use crate::extract::{FactPage, RegisteredNames, registered_names};
use records::System;
use records::changes::{ChangeSubject, Position};
use records::documents::Fact;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Names or changes read from the record at once.
const READ_AT_ONCE: usize = 20_000;

/// The names of the register, for documents of which nothing else says for certain whose they are.
pub struct NameRegister {
    system: System,
    known: Mutex<Option<KnownNames>>,
}

/// The names that the register had, and how far its changes have been followed since. Former names stay among them: the
/// record has the last word on whose a name is.
struct KnownNames {
    names: Arc<RegisteredNames>,
    seen: Position,
}

impl NameRegister {
    pub fn new(system: System) -> NameRegister {
        NameRegister {
            system,
            known: Mutex::new(None),
        }
    }

    /// Names of customers on the pages.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn on_pages(&self, pages: &[FactPage<'_>]) -> records::Result<Vec<Fact>> {
        Ok(registered_names(pages, &*self.names().await?))
    }

    async fn names(&self) -> records::Result<Arc<RegisteredNames>> {
        let mut known = self.known.lock().await;
        let known = match known.as_mut() {
            Some(known) => known,
            None => known.insert(self.all().await?),
        };
        self.follow(known).await?;
        Ok(known.names.clone())
    }

    async fn all(&self) -> records::Result<KnownNames> {
        let seen = self.system.change_log_settled().await?;
        let (mut names, mut after) = (RegisteredNames::default(), 0);
        loop {
            let some = self.system.customer_names_after(after, READ_AT_ONCE).await?;
            let Some((last, _)) = some.last() else { break };
            after = *last;
            for (_, folded) in &some {
                names.add(folded);
            }
        }
        Ok(KnownNames {
            names: Arc::new(names),
            seen,
        })
    }

    /// Adds the names of customers that were added or renamed since.
    async fn follow(&self, known: &mut KnownNames) -> records::Result<()> {
        loop {
            let changes = self.system.changes_after(known.seen, READ_AT_ONCE).await?;
            let Some(last) = changes.last() else { return Ok(()) };
            let seen = last.position;
            let of_customer = changes
                .iter()
                .filter(|change| change.subject == ChangeSubject::Customer);
            let mut uids: Vec<i64> = of_customer.map(|change| change.uid).collect();
            uids.sort_unstable();
            uids.dedup();
            if !uids.is_empty() {
                let names = Arc::make_mut(&mut known.names);
                for folded in self.system.customer_names(&uids).await? {
                    names.add(&folded);
                }
            }
            known.seen = seen;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::customers::CustomerDraft;
    use records::imports::Doubles;
    use records::pages::{Area, TextLayer, TextLine};
    use testing::TestArchive;

    /// The names on a page that says this.
    async fn found(register: &NameRegister, text: &str) -> Vec<String> {
        let line = TextLine {
            text: text.to_owned(),
            area: Area::default(),
            slope: 0.0,
            confidence: 1.0,
            chars: Vec::new(),
        };
        let layer = TextLayer { lines: vec![line] };
        let page = FactPage {
            number: 1,
            layer: &layer,
            seals: &[],
            repaired: &[],
        };
        let facts = register.on_pages(&[page]).await.expect("the record answers");
        facts.into_iter().map(|fact| fact.value).collect()
    }

    #[tokio::test]
    async fn who_is_renamed_is_looked_for_at_once() -> records::Result<()> {
        let test = TestArchive::sqlite().await?;
        test.customers("code,name,kind\nK1,云岭新区供电局,organisation\n")
            .await?;
        let register = NameRegister::new(test.system.clone());
        let page = "致云岭新区供电局和江城水务集团、北山物业中心";
        assert_eq!(found(&register, page).await, ["云岭新区供电局"]);
        let renamed = CustomerDraft {
            stated: vec![("name".to_owned(), "江城水务集团".to_owned())],
            why: String::new(),
        };
        test.archive
            .customer_change(&test.owner(), "K1", 1, &renamed, Doubles::Hold)
            .await?;
        assert!(found(&register, page).await.contains(&"江城水务集团".to_owned()));
        test.customers("code,name,kind\nK2,北山物业中心,organisation\n").await?;
        assert!(found(&register, page).await.contains(&"北山物业中心".to_owned()));
        // What the register has is looked up in the record at each document: a new account number needs nothing here.
        let numbered = CustomerDraft {
            stated: vec![("account_no".to_owned(), "5000000001".to_owned())],
            why: String::new(),
        };
        test.archive
            .customer_change(&test.owner(), "K2", 1, &numbered, Doubles::Hold)
            .await?;
        let known = test.system.customer_by_code("5000000001").await?;
        assert_eq!(known.map(|customer| customer.code).as_deref(), Some("K2"));
        test.close().await;
        Ok(())
    }
}
