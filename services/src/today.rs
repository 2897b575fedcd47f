//! What waits for somebody today, by what they do in the archive, with the same numbers for screens, API and command line.

use crate::{Error, Result};
use api_types::today::{CheckJson, DayJson, RoomJson, TodayItemJson, TodayJson};
use futures::future::try_join_all;
use records::{
    Archive, Asker, Moment, Role,
    audit::AuditCheck,
    documents::DocumentRow,
    loans::{LoanFilter, LoanList},
    permission::{
        grants::{Grant, GrantFilter, GrantState},
        second::{TwoPersonAct, WaitingAct},
    },
    scans::FileCheck,
    today::{DAYS_SHOWN, DiskRoom, Slot},
};
use std::collections::BTreeMap;
use vocabulary::TodayItem;

/// Of grants, uploads and batches that wait no more are told apart.
const COUNTED_MAX: usize = 1000;

/// What waits for one person, and what is known of the archive.
#[derive(Debug, Clone)]
pub struct Today {
    /// `2026-11-21` in the archive's own zone.
    pub date: String,
    /// Only what this person does, also where nothing waits.
    pub items: Vec<(TodayItem, i64)>,
    pub documents: i64,
    pub pages: i64,
    pub customers: i64,
    /// For those who read the trail.
    pub trail: Option<Option<AuditCheck>>,
    /// For those who answer for the files.
    pub files: Option<Option<FileCheck>>,
    pub room: Option<DiskRoom>,
    pub days: Vec<Day>,
}

/// One day of the charts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: String,
    pub documents: i64,
    pub lookups: i64,
}

impl Today {
    /// There is neither a paper nor a customer that this person may see.
    pub fn is_empty(&self) -> bool {
        self.documents == 0 && self.customers == 0
    }

    /// Nothing waits for this person.
    pub fn is_done(&self) -> bool {
        self.items.iter().all(|(_, count)| *count == 0)
    }
}

/// What this person does in the archive.
fn items_of(asker: &Asker) -> Vec<TodayItem> {
    use TodayItem as Item;
    let mut items = Vec::new();
    if asker.has(Role::Archivist) {
        items.extend([
            Item::Review,
            Item::ReviewLate,
            Item::Batches,
            Item::Uploads,
            Item::PagesToCheck,
            Item::OriginalsToShelve,
        ]);
    } else if asker.has(Role::Auditor) || asker.has(Role::Administrator) {
        items.push(Item::Batches);
    }
    items.extend([Item::LoansToApprove, Item::LoansDue, Item::LoansOverdue]);
    items.extend([Item::OriginalsMissing, Item::Expiring]);
    if asker.has(Role::Archivist) || asker.has(Role::Administrator) {
        items.push(Item::SecondActs);
    }
    if asker.has(Role::Administrator) {
        items.push(Item::GrantsToConfirm);
    }
    if asker.has(Role::Auditor) {
        items.push(Item::TrailProblems);
    }
    if answers_for_files(asker) {
        items.push(Item::FileProblems);
    }
    items
}

fn answers_for_files(asker: &Asker) -> bool {
    asker.has(Role::Archivist) || asker.has(Role::Auditor) || asker.has(Role::Administrator)
}

/// # Errors
/// When the record does not answer.
pub async fn today(archive: &Archive, asker: &Asker, now: Moment) -> Result<Today> {
    let zone = archive.settings(asker).await?.time_zone.clone();
    let trail = async {
        Ok(match asker.has(Role::Auditor) {
            true => Some(archive.audit_checked(asker).await?),
            false => None,
        })
    };
    let files = async {
        Ok(match answers_for_files(asker) {
            true => Some(archive.files_checked(asker).await?),
            false => None,
        })
    };
    let counts = try_join_all(items_of(asker).into_iter().map(|item| async move {
        let count = waiting(archive, asker, item).await?;
        Ok::<_, Error>((item, count))
    }));
    // None waits for another: the longest is as long as all of them.
    let (mut items, trail, files, (documents, pages, _), customers, intake, lookups) = futures::try_join!(
        counts,
        trail,
        files,
        async { Ok(archive.holdings(asker).await?) },
        async { Ok(archive.customers_count(asker).await?) },
        async { Ok(archive.today_intake(asker).await?) },
        async { Ok(archive.today_lookups(asker).await?) },
    )?;
    for (item, waits) in &mut items {
        match item {
            TodayItem::TrailProblems => {
                *waits = trail
                    .iter()
                    .flatten()
                    .map(|check: &AuditCheck| count(check.problems.len()))
                    .sum();
            }
            TodayItem::FileProblems => {
                *waits = files
                    .iter()
                    .flatten()
                    .map(|check: &FileCheck| count(check.problems.len()))
                    .sum();
            }
            _ => {}
        }
    }
    let room = match asker.has(Role::Archivist) || asker.has(Role::Administrator) {
        true => Some(archive.room(asker)?),
        false => None,
    };
    Ok(Today {
        date: now.local_date(&zone).as_str().to_owned(),
        items,
        documents,
        pages,
        customers,
        trail,
        files,
        room,
        days: days(now, &zone, &intake, &lookups),
    })
}

/// How many of an item wait; what the last checks have found is counted by whoever has read them.
async fn waiting(archive: &Archive, asker: &Asker, item: TodayItem) -> Result<i64> {
    Ok(match item {
        TodayItem::Batches => count(archive.batches_with_problems(asker, COUNTED_MAX).await?.len()),
        TodayItem::Uploads => count(archive.uploads_open(asker).await?.len()),
        TodayItem::PagesToCheck => archive.look_counts(asker).await?.pages,
        TodayItem::SecondActs => acts_to_confirm(archive, asker).await?,
        TodayItem::GrantsToConfirm => grants_to_confirm(archive, asker).await?,
        TodayItem::LoansToApprove => loans(archive, asker, None).await?,
        TodayItem::LoansDue => loans(archive, asker, Some(LoanList::DueToday)).await?,
        TodayItem::LoansOverdue => loans(archive, asker, Some(LoanList::Overdue)).await?,
        TodayItem::TrailProblems | TodayItem::FileProblems => 0,
        TodayItem::Review
        | TodayItem::ReviewLate
        | TodayItem::OriginalsToShelve
        | TodayItem::OriginalsMissing
        | TodayItem::Expiring => archive.today_count(asker, item).await?.unwrap_or(0),
    })
}

/// Slips of a list, or those that wait for this person's signature.
async fn loans(archive: &Archive, asker: &Asker, list: Option<LoanList>) -> Result<i64> {
    let filter = LoanFilter {
        to_decide: list.is_none(),
        list,
        ..LoanFilter::default()
    };
    Ok(count(archive.loans(asker, &filter).await?.len()))
}

/// The documents that an item is about, and how many there are; `None` for an item about something else, or one that is
/// not for this person.
///
/// # Errors
/// When the record does not answer.
pub async fn documents(
    archive: &Archive,
    asker: &Asker,
    item: TodayItem,
    after_uid: i64,
    limit: usize,
) -> Result<Option<(Vec<DocumentRow>, i64)>> {
    if !items_of(asker).contains(&item) {
        return Ok(None);
    }
    let Some(total) = archive.today_count(asker, item).await? else {
        return Ok(None);
    };
    let rows = archive.today_documents(asker, item, after_uid, limit).await?;
    Ok(Some((rows, total)))
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Grants that this administrator can confirm: those that somebody else proposed, and not for the asker.
///
/// # Errors
/// When the record does not answer.
pub async fn grants_to_confirm(archive: &Archive, asker: &Asker) -> records::Result<i64> {
    if !asker.has(Role::Administrator) {
        return Ok(0);
    }
    let filter = GrantFilter {
        open_only: true,
        ..GrantFilter::default()
    };
    let open = archive.grants(asker, &filter, COUNTED_MAX).await?;
    Ok(count(open.iter().filter(|grant| waits_for(asker, grant)).count()))
}

/// Whether a grant waits for the confirmation of this person.
pub fn waits_for(asker: &Asker, grant: &Grant) -> bool {
    grant.state == GrantState::Proposed && grant.proposed_by != asker.name() && grant.user_name != asker.name()
}

/// What another has asked for and this person can confirm.
///
/// # Errors
/// When the record does not answer.
pub async fn acts_to_confirm(archive: &Archive, asker: &Asker) -> records::Result<i64> {
    if !asker.has(Role::Archivist) && !asker.has(Role::Administrator) {
        return Ok(0);
    }
    let waiting = archive.acts_waiting(asker).await?;
    Ok(count(waiting.iter().filter(|act| may_confirm(asker, act)).count()))
}

/// Whether this person may confirm what another has asked for.
pub fn may_confirm(asker: &Asker, waiting: &WaitingAct) -> bool {
    let needed = match waiting.act {
        TwoPersonAct::LowerDocument => Role::Archivist,
        _ => Role::Administrator,
    };
    asker.has(needed) && waiting.by != asker.name()
}

/// The days that are shown, oldest first, each with what happened in its slots.
fn days(now: Moment, zone: &str, intake: &[Slot], lookups: &[Slot]) -> Vec<Day> {
    const DAY_S: i64 = 24 * 60 * 60;
    let date = |moment: Moment| moment.local_date(zone).as_str().to_owned();
    // By half days, so that no change of the clock skips one.
    let mut back = now;
    let mut dates = Vec::with_capacity(DAYS_SHOWN);
    while dates.len() < DAYS_SHOWN {
        let day = date(back);
        if dates.last() != Some(&day) {
            dates.push(day);
        }
        back = back.plus_seconds(-DAY_S / 2);
    }
    let by_day = |slots: &[Slot]| {
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for slot in slots {
            *sums.entry(date(slot.begins())).or_default() += slot.count;
        }
        sums
    };
    let (intake, lookups) = (by_day(intake), by_day(lookups));
    let day = |date: String| Day {
        documents: intake.get(&date).copied().unwrap_or(0),
        lookups: lookups.get(&date).copied().unwrap_or(0),
        date,
    };
    dates.into_iter().rev().map(day).collect()
}

/// As programs read it.
pub fn today_json(today: Today) -> TodayJson {
    let is_empty = today.is_empty();
    let Today {
        date,
        items,
        documents,
        pages,
        customers,
        trail,
        files,
        room,
        days,
    } = today;
    TodayJson {
        date,
        items: items
            .into_iter()
            .map(|(item, count)| TodayItemJson {
                item: item.as_str().to_owned(),
                count,
            })
            .collect(),
        documents,
        pages,
        customers,
        is_empty,
        trail: trail.flatten().map(|check| CheckJson {
            at: check.at.rfc3339(),
            checked: check.events,
            every_byte: true,
            problems: check.problems,
        }),
        files: files.flatten().map(|check| CheckJson {
            at: check.at.rfc3339(),
            checked: check.scans,
            every_byte: check.every_byte,
            problems: check.problems,
        }),
        room: room.map(|room| RoomJson {
            free_bytes: room.free_bytes,
            total_bytes: room.total_bytes,
            is_short: room.is_short,
        }),
        days: days
            .into_iter()
            .map(|day| DayJson {
                date: day.date,
                documents: day.documents,
                lookups: day.lookups,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::{history::instant, today::SLOT_US};

    /// Thirty days up to today, each once, in zones whose day is half an hour aside or whose clock is changed.
    #[test]
    fn days_are_those_of_the_zone() {
        let now = instant("2026-11-10T03:30:00Z").expect("an instant");
        let check = |zone: &str, today: &str, first: &str| {
            let at = |text: &str| instant(text).expect("an instant").micros() / SLOT_US;
            let slots = [Slot {
                slot: at("2026-11-09T18:30:00Z"),
                count: 3,
            }];
            let days = days(now, zone, &slots, &[]);
            assert_eq!(days.len(), DAYS_SHOWN, "{zone}");
            assert_eq!(
                (days[0].date.as_str(), days[29].date.as_str()),
                (first, today),
                "{zone}"
            );
            assert_eq!(days.iter().map(|day| day.documents).sum::<i64>(), 3, "{zone}");
        };
        check("Asia/Shanghai", "2026-11-10", "2026-10-12");
        check("Asia/Kolkata", "2026-11-10", "2026-10-12");
        check("America/New_York", "2026-11-09", "2026-10-11");
    }
}
