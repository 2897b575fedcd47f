//! What is done about differences: somebody owns them, or they are resolved, and then the record follows.

use super::{labels, load::key_of, read::WeighedLines, scan::counting};
use crate::{
    Archive, Asker, Error, Field, PartialDate, Result, Role, Thing,
    changes::ChangeSubject,
    fold,
    ids::StocktakeId,
    places::{
        OriginalEvent, ThingKind, after,
        sql::{
            ledger::{LedgerPlace, set_state},
            placing,
            spots::cannot_move,
        },
    },
    stocktakes::{
        LineSettled, SettleDraft, Spot, Stocktake, StocktakeLimits, StocktakeResolution, StocktakeVerdict,
        evaluate::Finding,
    },
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject, both};

impl Archive {
    /// Settles differences: they get an owner, or are resolved, and then the record follows. Answers with how many.
    ///
    /// # Errors
    /// [`Error::Absent`] when there is no such difference that the asker sees.
    pub async fn stocktake_settle(&self, asker: &Asker, id: &StocktakeId, draft: &SettleDraft) -> Result<usize> {
        asker.require_writing(Role::Archivist)?;
        let draft = checked(draft)?;
        let page = self.settings(asker).await?.page_thickness_um;
        let mut change = self.0.change(asker.name()).await?;
        change.lock_archive().await?;
        let stocktake = counting(&mut change, id).await?;
        let weighed = self.stocktake_weighed(asker, &stocktake).await?;
        let lines = wanted(&mut change, &stocktake, &weighed, &draft).await?;
        for finding in &lines {
            if let Some(resolution) = draft.resolution {
                allowed(finding.verdict, resolution)?;
                follow(&mut change, (asker, page), finding, resolution).await?;
            }
            let settled = LineSettled {
                owner: draft.owner.clone(),
                due: draft.due.clone(),
                resolution: draft.resolution,
                note: draft.note.clone(),
                by: asker.name().to_owned(),
                at: Some(change.at),
            };
            write(&mut change, stocktake.uid, finding, &settled).await?;
        }
        let how = match draft.resolution {
            Some(resolution) => format!("resolution={}", resolution.as_str()),
            None => format!("owner={}", draft.owner),
        };
        change.event(
            EventDraft::new(AuditAction::StocktakeSettled, AuditObject::Stocktake, id.as_str())
                .detail(format!("lines={} {how}", lines.len())),
        );
        change.commit().await?;
        Ok(lines.len())
    }
}

/// An owner or a resolution, and words of one line.
fn checked(draft: &SettleDraft) -> Result<SettleDraft> {
    let line = |text: &str| {
        let text: String = fold::storable(text)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        text.trim().to_owned()
    };
    let (owner, note, due) = (line(&draft.owner), line(&draft.note), draft.due.trim());
    if owner.is_empty() && draft.resolution.is_none() {
        let reason = both!(
            "name somebody who sees to it, or say how it was resolved",
            "请写责任人，或写明如何处理"
        );
        return Err(Error::invalid(Field::Owner, "", reason));
    }
    if owner.chars().count() > StocktakeLimits::OWNER_CHARACTERS_MAX {
        let reason = both!("it has at most 60 characters", "最多 60 个字符");
        return Err(Error::invalid(Field::Owner, owner, reason));
    }
    if note.chars().count() > StocktakeLimits::NOTE_CHARACTERS_MAX {
        let reason = both!("it has at most 500 characters", "最多 500 个字符");
        return Err(Error::invalid(
            Field::Text,
            note.chars().take(40).collect::<String>(),
            reason,
        ));
    }
    if draft.resolution == Some(StocktakeResolution::Explained) && note.is_empty() {
        let reason = both!("say what explains it", "请写明原因");
        return Err(Error::invalid(Field::Text, "", reason));
    }
    let due = match due {
        "" => String::new(),
        due => PartialDate::parse(due)?.as_str().to_owned(),
    };
    Ok(SettleDraft {
        thing: draft.thing.trim().to_owned(),
        verdict: draft.verdict,
        owner,
        due,
        resolution: draft.resolution,
        note,
    })
}

/// The differences that are meant: of one thing, or, where none is named, all unsettled ones of a verdict.
async fn wanted(
    change: &mut Change,
    stocktake: &Stocktake,
    weighed: &WeighedLines,
    draft: &SettleDraft,
) -> Result<Vec<Finding>> {
    let is_said = |finding: &Finding| draft.verdict.is_none_or(|verdict| verdict == finding.verdict);
    let differences = weighed
        .lines
        .iter()
        .filter(|(finding, _)| finding.verdict.is_difference() && is_said(finding));
    let found: Vec<Finding> = if draft.thing.is_empty() {
        let all = differences.filter(|(_, settled)| draft.verdict.is_some() && settled.is_open());
        all.map(|(finding, _)| finding.clone()).collect()
    } else {
        let label = labels::folded(&draft.thing);
        let meant = labels::meant(change, stocktake, std::slice::from_ref(&draft.thing)).await?;
        let key = meant.into_iter().next().flatten().map(|(key, _)| key);
        let own = differences.filter(|(finding, _)| match finding.key {
            Some(own) => Some(own) == key,
            None => finding.label == label,
        });
        own.map(|(finding, _)| finding.clone()).collect()
    };
    match found.len() {
        0 => Err(Error::Absent {
            what: Thing::StocktakeLine,
            id: draft.thing.clone(),
        }),
        // A misplaced paper that is worn too has two lines.
        n if n > 1 && !draft.thing.is_empty() => {
            let verdicts: Vec<_> = found.iter().map(|finding| finding.verdict.as_str()).collect();
            let verdicts = verdicts.join(", ");
            let reason = both!(
                "there are several differences of it; say which: {verdicts}",
                "它有几处差异；请写明是哪一处：{verdicts}"
            );
            Err(Error::invalid(Field::Value, draft.thing.clone(), reason))
        }
        _ => Ok(found),
    }
}

fn allowed(verdict: StocktakeVerdict, resolution: StocktakeResolution) -> Result<()> {
    let choices = verdict.settlements();
    if choices.contains(&resolution) {
        return Ok(());
    }
    let choices: Vec<_> = choices.iter().map(|choice| choice.as_str()).collect();
    let choices = choices.join(", ");
    let reason = both!("for this difference write {choices}", "这类差异请写 {choices}");
    Err(Error::invalid(Field::Resolution, resolution.as_str(), reason))
}

/// What the record says after it.
async fn follow(
    change: &mut Change,
    (asker, page): (&Asker, i64),
    finding: &Finding,
    resolution: StocktakeResolution,
) -> Result<()> {
    let Some(key) = finding.key else { return Ok(()) };
    match resolution {
        StocktakeResolution::ReportedMissing if key.kind == ThingKind::Original => {
            let state = state_of(change, key.uid).await?;
            let Some(next) = after(state, OriginalEvent::ReportMissing) else {
                return Err(cannot_move(state));
            };
            set_state(change, key.uid, next).await?;
        }
        StocktakeResolution::KeptHere => {
            let spot = LedgerPlace {
                kind: finding.found.kind,
                uid: finding.found.uid,
            };
            return placing::put_where_found(change, (asker, page), (key.kind, key.uid), spot, &finding.label).await;
        }
        _ => return Ok(()),
    }
    if let Some(document) = finding.document_uid {
        change.touch(ChangeSubject::Document, document);
    }
    Ok(())
}

async fn state_of(change: &mut Change, original: i64) -> Result<crate::places::OriginalState> {
    let row = sqlx::query("SELECT uid, state FROM originals WHERE uid = $1")
        .bind(original)
        .fetch_one(change.connection())
        .await?;
    row.of("originals")
        .word("state", crate::places::OriginalState::from_code)
}

/// Writes what is said of a line and what was done about it; what was done before is replaced.
pub(super) async fn write(change: &mut Change, stocktake: i64, finding: &Finding, settled: &LineSettled) -> Result<()> {
    let (key, label, verdict) = key_of(finding);
    let (kind, uid) = key.map_or(("", 0), |key| (key.kind.as_str(), key.uid));
    let Spot {
        kind: found_kind,
        uid: found_uid,
    } = finding.found;
    let at = change.at.micros();
    sqlx::query(
        "INSERT INTO stocktake_findings (stocktake_uid, thing_kind, thing_uid, document_uid, label, verdict, expected, found_kind, \
         found_uid, belongs_kind, belongs_uid, owner, due, resolution, note, by_name, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
         ON CONFLICT (stocktake_uid, thing_kind, thing_uid, label, verdict) DO UPDATE SET owner = excluded.owner, due = excluded.due, \
         resolution = excluded.resolution, note = excluded.note, by_name = excluded.by_name, at = excluded.at, \
         found_kind = excluded.found_kind, found_uid = excluded.found_uid",
    )
    .bind(stocktake)
    .bind(kind)
    .bind(uid)
    .bind(finding.document_uid)
    .bind(label)
    .bind(verdict.as_str())
    .bind(i64::from(finding.is_expected))
    .bind(found_kind.as_str())
    .bind(found_uid)
    .bind(finding.belongs.kind.as_str())
    .bind(finding.belongs.uid)
    .bind(&settled.owner)
    .bind(&settled.due)
    .bind(settled.resolution.map_or("", StocktakeResolution::as_str))
    .bind(&settled.note)
    .bind(&settled.by)
    .bind(at)
    .execute(change.connection())
    .await?;
    Ok(())
}
