//! What waits for somebody today: what is counted is what is listed, by the same condition.

mod sql;

use crate::Moment;
use vocabulary::TodayItem;

/// Days that the charts of today show.
pub const DAYS_SHOWN: usize = 30;
/// How long a document may wait in review before it is late.
pub const REVIEW_DAYS_MAX: i64 = 7;
/// How long before its end the validity of a document is due.
pub const EXPIRES_WITHIN_DAYS: i64 = 30;

/// A quarter of an hour: the time zones of the world differ by multiples of it, so that days of any zone are made of
/// whole ones.
pub const SLOT_US: i64 = 15 * 60 * 1_000_000;

/// How much happened in one slot of time, counted from the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub slot: i64,
    pub count: i64,
}

impl Slot {
    pub fn begins(self) -> Moment {
        Moment::from_micros(self.slot * SLOT_US)
    }
}

/// DiskRoom on the disk of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskRoom {
    pub free_bytes: u64,
    pub total_bytes: u64,
    /// So little that nothing more is taken in.
    pub is_short: bool,
}

/// Which documents an item is about; `None` for what is no list of documents.
pub(crate) fn condition(item: TodayItem) -> Option<(&'static str, &'static str)> {
    Some(match item {
        TodayItem::Review => ("", "d.state = 'in_review'"),
        TodayItem::ReviewLate => ("", "d.state = 'in_review' AND d.created_at < ?"),
        TodayItem::OriginalsToShelve => (PAPER, "y.state = 'to_be_shelved'"),
        TodayItem::OriginalsMissing => (PAPER, "y.state IN ('missing', 'lost')"),
        TodayItem::Expiring => (
            "",
            "d.state = 'filed' AND d.valid_until <> '' AND d.valid_until >= ? AND d.valid_until <= ?",
        ),
        TodayItem::Batches
        | TodayItem::Uploads
        | TodayItem::PagesToCheck
        | TodayItem::SecondActs
        | TodayItem::GrantsToConfirm
        | TodayItem::LoansToApprove
        | TodayItem::LoansDue
        | TodayItem::LoansOverdue
        | TodayItem::TrailProblems
        | TodayItem::FileProblems => return None,
    })
}

const PAPER: &str = "JOIN originals y ON y.document_uid = d.uid";
