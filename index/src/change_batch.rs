//! Changes on their way from the record to a generation: read in parallel, written in one order.

use std::collections::HashMap;

use records::System;
use records::changes::{ChangeRow, ChangeSubject};
use tokio::task::JoinSet;

use crate::source;

use crate::entry::{DocumentEntry, DossierEntry};
use crate::error::{Error, Result};
use crate::generation::GenerationWriter;

/// Documents or customers read by one statement; the statements run in parallel.
const READ_TOGETHER: usize = 125;

/// Entries waiting to be written to a generation.
#[derive(Default)]
pub(crate) struct ChangeBatch {
    documents: Vec<(i64, Option<DocumentEntry>)>,
    dossiers: Vec<(i64, Option<DossierEntry>)>,
}

enum Entries {
    Documents(Vec<i64>, Vec<DocumentEntry>),
    Dossiers(Vec<i64>, Vec<DossierEntry>),
}

impl ChangeBatch {
    /// Adds the newest state of what `rows` name.
    pub async fn read(&mut self, system: &System, rows: &[ChangeRow]) -> Result<()> {
        let uids_of = |subject: ChangeSubject| -> Vec<i64> {
            let rows = rows.iter().filter(|row| row.subject == subject);
            rows.map(|row| row.uid).collect()
        };
        let mut reads = JoinSet::new();
        for uids in uids_of(ChangeSubject::Document).chunks(READ_TOGETHER) {
            let (system, uids) = (system.clone(), uids.to_vec());
            reads.spawn(async move {
                let found = source::documents(&system, &uids).await?;
                Ok::<_, Error>(Entries::Documents(uids, found))
            });
        }
        for uids in uids_of(ChangeSubject::Customer).chunks(READ_TOGETHER) {
            let (system, uids) = (system.clone(), uids.to_vec());
            reads.spawn(async move {
                let found = source::dossiers(&system, &uids).await?;
                Ok::<_, Error>(Entries::Dossiers(uids, found))
            });
        }
        // Pages carry the number of their place, not its code: changes of places change nothing here.
        while let Some(entries) = reads.join_next().await {
            match entries.map_err(|error| Error::Task(error.to_string()))?? {
                Entries::Documents(uids, found) => {
                    let mut found: HashMap<i64, DocumentEntry> =
                        found.into_iter().map(|entry| (entry.document_uid, entry)).collect();
                    let entries = uids.into_iter().map(|uid| (uid, found.remove(&uid)));
                    self.documents.extend(entries);
                }
                Entries::Dossiers(uids, found) => {
                    let mut found: HashMap<i64, DossierEntry> =
                        found.into_iter().map(|entry| (entry.customer_uid, entry)).collect();
                    let entries = uids.into_iter().map(|uid| (uid, found.remove(&uid)));
                    self.dossiers.extend(entries);
                }
            }
        }
        // Reads end in any order; the index is written in one.
        self.documents.sort_by_key(|(uid, _)| *uid);
        self.dossiers.sort_by_key(|(uid, _)| *uid);
        Ok(())
    }

    /// Pages to write; four dossiers count as one.
    pub fn pages(&self) -> usize {
        let pages = |entry: &Option<DocumentEntry>| entry.as_ref().map_or(1, |entry| entry.pages.len().max(1));
        self.documents.iter().map(|(_, entry)| pages(entry)).sum::<usize>() + self.dossiers.len() / 4
    }

    /// Writes each document and dossier as a whole; those gone from the record are removed.
    pub fn apply(&self, writer: &mut GenerationWriter) -> Result<()> {
        for (uid, entry) in &self.documents {
            match entry {
                Some(entry) => writer.put_document(entry)?,
                None => writer.remove_document(*uid),
            }
        }
        for (uid, entry) in &self.dossiers {
            match entry {
                Some(entry) => writer.put_dossier(entry)?,
                None => writer.remove_dossier(*uid),
            }
        }
        Ok(())
    }

    /// As [`ChangeBatch::apply`], for a generation that holds none of them yet: nothing is deleted first.
    pub fn apply_new(&self, writer: &mut GenerationWriter) -> Result<()> {
        for entry in self.documents.iter().filter_map(|(_, entry)| entry.as_ref()) {
            writer.add_document(entry)?;
        }
        for entry in self.dossiers.iter().filter_map(|(_, entry)| entry.as_ref()) {
            writer.add_dossier(entry)?;
        }
        Ok(())
    }
}
