//! The names of all customers, read once and again when there are more.

use crate::extract::{FactPage, RegisteredNames, registered_names};
use records::System;
use records::documents::Fact;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Names read from the record at once.
const NAMES_AT_ONCE: usize = 20_000;

/// The names of the register, for documents of which nothing else says for certain whose they are.
pub struct NameRegister {
    system: System,
    /// The newest customer that is among the names.
    known: Mutex<(i64, Arc<RegisteredNames>)>,
}

impl NameRegister {
    pub fn new(system: System) -> NameRegister {
        NameRegister {
            system,
            known: Mutex::new((0, Arc::default())),
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
        let newest = self.system.customer_newest().await?;
        let mut known = self.known.lock().await;
        if known.0 == newest {
            return Ok(known.1.clone());
        }
        let (mut names, mut after) = (RegisteredNames::default(), 0);
        loop {
            let some = self.system.customer_names_after(after, NAMES_AT_ONCE).await?;
            let Some((last, _)) = some.last() else { break };
            after = *last;
            for (_, folded) in &some {
                names.add(folded);
            }
        }
        *known = (newest, Arc::new(names));
        Ok(known.1.clone())
    }
}
