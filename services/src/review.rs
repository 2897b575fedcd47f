//! The review desk: the last decisions of whoever asks, and taking one back.

use crate::{Error, Result};
use api_types::review::{DecidedJson, DecidedWith, DecisionJson};
use records::{
    Archive, Asker, Moment, Role, Thing,
    documents::{DocumentRow, DocumentState},
    history::{HistoryFilter, HistoryLine},
    ids::DocumentId,
};
use std::collections::{BTreeMap, HashSet};
use vocabulary::LinkBasis;

/// Decisions that are listed, each with its undo.
pub const DECISIONS_SHOWN: usize = 20;
/// Lines of the history that are looked through for them: other records name customers too.
const LINES_READ: usize = 200;

/// Where a document stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BelongsTo {
    /// It waits in review.
    Waiting,
    /// In the dossier of the customer with this code.
    Customer(String),
    /// A person has said that it belongs to no customer.
    Nobody,
}

/// A decision about one document.
#[derive(Debug, Clone)]
pub struct Decision {
    pub at: Moment,
    pub document: DocumentRow,
    pub before: BelongsTo,
    pub after: BelongsTo,
    /// Nothing was decided since.
    pub can_be_undone: bool,
}

/// The last decisions of the asker about documents that the asker may see, newest first.
///
/// # Errors
/// When the record does not answer, or the asker is no archivist.
pub async fn decided(archive: &Archive, asker: &Asker) -> Result<Vec<Decision>> {
    asker.require(Role::Archivist)?;
    let mut seen = HashSet::new();
    let mut decisions = Vec::new();
    for change in changes(archive, asker).await? {
        if decisions.len() == DECISIONS_SHOWN {
            break;
        }
        let Some(after) = change.after() else { continue };
        let is_newest = seen.insert(change.document.clone());
        if let Some(document) = archive.document(asker, &change.document).await? {
            let row = document.row;
            decisions.push(Decision {
                at: change.at,
                can_be_undone: is_newest && stands(&row) == after,
                before: change.before(),
                after,
                document: row,
            });
        }
    }
    Ok(decisions)
}

/// Takes the newest decision of the asker about a document back; it is where it was before. Answers with the version.
///
/// # Errors
/// When somebody was faster, or there is no such decision.
pub async fn undo(archive: &Archive, asker: &Asker, id: &DocumentId, version: i64) -> Result<i64> {
    let decided = decided(archive, asker).await?;
    let mine = decided.into_iter().find(|decision| decision.document.id == *id);
    let Some(decision) = mine else {
        return Err(Error::absent("decision", id.as_str()));
    };
    if !decision.can_be_undone {
        return Err(Error::Records(records::Error::Conflict {
            what: Thing::Document,
            id: id.to_string(),
            expected: version,
            found: decision.document.version,
        }));
    }
    Ok(match decision.before {
        BelongsTo::Waiting => archive.document_unlink(asker, id, version, "").await?,
        BelongsTo::Customer(code) => archive.document_link(asker, id, version, &code).await?,
        BelongsTo::Nobody => archive.document_of_nobody(asker, id, version, "").await?,
    })
}

/// Where a document stands now.
pub fn stands(row: &DocumentRow) -> BelongsTo {
    match (row.state, row.customer_code.as_str()) {
        (DocumentState::Filed, "") => BelongsTo::Nobody,
        (DocumentState::Filed, code) => BelongsTo::Customer(code.to_owned()),
        _ => BelongsTo::Waiting,
    }
}

/// As programs read it.
pub fn decision_json(decision: Decision) -> DecisionJson {
    let Decision {
        at,
        document,
        before,
        after,
        can_be_undone,
    } = decision;
    DecisionJson {
        at: at.rfc3339(),
        document_id: document.id.to_string(),
        title: document.title,
        number: document.number,
        version: document.version,
        before: standing_json(before),
        after: standing_json(after),
        can_be_undone,
    }
}

fn standing_json(standing: BelongsTo) -> DecidedJson {
    let (with, customer_code) = match standing {
        BelongsTo::Waiting => (DecidedWith::Waiting, String::new()),
        BelongsTo::Customer(code) => (DecidedWith::Customer, code),
        BelongsTo::Nobody => (DecidedWith::Nobody, String::new()),
    };
    DecidedJson { with, customer_code }
}

/// What one change did to whose one document is.
struct ChangeOfOwner {
    at: Moment,
    document: String,
    /// Before and after, where the field changed.
    customer: Option<(Option<String>, Option<String>)>,
    basis: Option<(Option<String>, Option<String>)>,
}

impl ChangeOfOwner {
    /// `None` for what sends a document back into review, which is an undo and no decision.
    fn after(&self) -> Option<BelongsTo> {
        let (_, basis) = self.basis.as_ref().unwrap_or(&(None, None));
        let (_, customer) = self.customer.as_ref().unwrap_or(&(None, None));
        match (is_nobody(basis.as_deref()), customer) {
            (true, _) => Some(BelongsTo::Nobody),
            (false, Some(code)) => Some(BelongsTo::Customer(code.clone())),
            (false, None) => None,
        }
    }

    fn before(&self) -> BelongsTo {
        let (basis, _) = self.basis.as_ref().unwrap_or(&(None, None));
        let (customer, _) = self.customer.as_ref().unwrap_or(&(None, None));
        match (is_nobody(basis.as_deref()), customer) {
            (true, _) => BelongsTo::Nobody,
            (false, Some(code)) => BelongsTo::Customer(code.clone()),
            (false, None) => BelongsTo::Waiting,
        }
    }
}

fn is_nobody(basis: Option<&str>) -> bool {
    basis == Some(LinkBasis::Nobody.as_str())
}

/// What the asker has changed of whose documents are, newest first.
async fn changes(archive: &Archive, asker: &Asker) -> Result<Vec<ChangeOfOwner>> {
    let mut changes: BTreeMap<(Moment, String, String), ChangeOfOwner> = BTreeMap::new();
    for field in ["customer", "link_basis"] {
        let filter = HistoryFilter {
            field: field.to_owned(),
            person: asker.name().to_owned(),
            limit: LINES_READ,
            ..HistoryFilter::default()
        };
        for line in archive.history(asker, &filter).await? {
            let HistoryLine {
                key,
                change,
                object,
                before,
                after,
                ..
            } = line;
            if object.kind != "document" {
                continue;
            }
            let at = key.at;
            let entry = changes
                .entry((at, change, object.id.clone()))
                .or_insert_with(|| ChangeOfOwner {
                    at,
                    document: object.id,
                    customer: None,
                    basis: None,
                });
            match field {
                "customer" => entry.customer = Some((before, after)),
                _ => entry.basis = Some((before, after)),
            }
        }
    }
    Ok(changes.into_values().rev().collect())
}
