//! An event of the audit trail, its leaf in the Merkle tree (RFC 9162, section 2.1), and the peaks of the tree.

use crate::Moment;
use sha2::{Digest, Sha256};
use vocabulary::{AuditAction, AuditObject, AuditOutcome};

pub type Hash = [u8; 32];

/// An event as a change states it; time, actor, number and salt are added when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDraft {
    pub action: AuditAction,
    pub object_kind: AuditObject,
    pub object_id: String,
    pub outcome: AuditOutcome,
    /// Short facts, identifiers only: `version=3 customer=C-1 -> C-2`.
    pub detail: String,
}

/// Before what was typed, which ends a detail.
pub(crate) const QUERY: &str = " query=";

impl EventDraft {
    pub fn new(action: AuditAction, object_kind: AuditObject, object_id: impl Into<String>) -> Self {
        Self {
            action,
            object_kind,
            object_id: object_id.into(),
            outcome: AuditOutcome::Ok,
            detail: String::new(),
        }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// What was typed, as the last of the detail. What is longer than a query may be is cut.
    pub fn query(mut self, typed: &str) -> Self {
        const CHARACTERS_MAX: usize = 400;
        let typed = typed.chars().filter(|c| !c.is_control()).take(CHARACTERS_MAX);
        self.detail.push_str(QUERY);
        self.detail.extend(typed);
        self
    }

    pub fn refused(mut self) -> Self {
        self.outcome = AuditOutcome::Refused;
        self
    }
}

/// An event as it stands in the trail: in words, since a newer program may have written it and its leaf covers them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    pub sequence: i64,
    pub at: Moment,
    pub actor: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    pub outcome: String,
    pub detail: String,
}

impl AuditEvent {
    /// Leaf hash: SHA-256 over 0x00, the salt and each field with its length before it.
    pub fn leaf(&self, salt: &[u8]) -> Hash {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(salt);
        hash.update(self.sequence.to_be_bytes());
        hash.update(self.at.micros().to_be_bytes());
        for field in [
            &self.actor,
            &self.action,
            &self.object_kind,
            &self.object_id,
            &self.outcome,
            &self.detail,
        ] {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field.as_bytes());
        }
        hash.finalize().into()
    }
}

/// The roots of the full subtrees of a tree of `size` leaves, largest (leftmost) first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peaks {
    pub size: u64,
    pub peaks: Vec<Hash>,
}

impl Peaks {
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        let mut size = self.size;
        // As many full subtrees end here as the size has trailing ones in binary.
        while size & 1 == 1 {
            let left = self
                .peaks
                .pop()
                .expect("a tree with an odd size has a peak for its last bit");
            node = parent(&left, &node);
            size >>= 1;
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The Merkle tree hash; of nothing, the hash of the empty string.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return Sha256::digest([]).into();
        };
        peaks.fold(*last, |right, left| parent(left, &right))
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && peaks.len() == size.count_ones() as usize;
        fits.then(|| Self {
            size,
            peaks: peaks.to_vec(),
        })
    }
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9162, section 2.1.1, written down as the recursion that it is.
    fn reference(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                parent(&reference(&leaves[..split]), &reference(&leaves[split..]))
            }
        }
    }

    #[test]
    fn peaks_give_the_tree_hash() {
        let mut peaks = Peaks::default();
        let mut leaves = Vec::new();
        for n in 0..70_u8 {
            assert_eq!(peaks.root(), reference(&leaves));
            assert_eq!(Peaks::from_bytes(peaks.size, &peaks.to_bytes()).as_ref(), Some(&peaks));
            leaves.push([n; 32]);
            peaks.append([n; 32]);
        }
    }
}
