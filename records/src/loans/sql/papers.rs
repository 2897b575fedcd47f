//! The papers that a slip names, within the sight of whoever asks.

use crate::{
    Asker, Error, Field, RefusedBecause, Result, Thing,
    documents::sql::keyed::key_conditions,
    loans::{LINES_MAX, OriginalState, can_be_lent},
    permission::sql::Visible,
    store::sql::{Change, Columns},
};
use sqlx::any::AnyRow;
use vocabulary::both;

/// The paper of a document that the asker sees.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    pub document_uid: i64,
    pub document_id: String,
    pub original_uid: i64,
    pub title: String,
    pub state: OriginalState,
    pub pages: i64,
    /// Of the document or of its dossier, whichever is higher.
    pub security_level: i64,
}

impl Paper {
    /// As people name it.
    pub fn named(&self) -> String {
        match self.title.as_str() {
            "" => self.document_id.clone(),
            title => title.to_owned(),
        }
    }
}

const PAPER: &str = "d.uid, d.id, d.title, d.number, d.security_level, coalesce(o.security_level, 0) AS dossier_level, d.pages_scanned, \
                     d.pages_declared, t.uid AS original_uid, t.state, t.volume_uid";

fn paper(row: &AnyRow) -> Result<Paper> {
    let row = row.of("documents");
    if row.maybe_int("volume_uid")?.is_some() {
        let document = row.text("id")?;
        return Err(RefusedBecause::InVolume { document }.into());
    }
    let scanned = row.int("pages_scanned")?;
    Ok(Paper {
        document_uid: row.int("uid")?,
        document_id: row.text("id")?,
        original_uid: row.int("original_uid")?,
        title: row.text("title")?,
        state: row
            .of("originals")
            .by("original_uid")
            .word("state", OriginalState::from_code)?,
        pages: row.maybe_int("pages_declared")?.unwrap_or(scanned),
        security_level: row.int("security_level")?.max(row.int("dossier_level")?),
    })
}

/// Finds what was named, each once. What the asker may not see is absent like what is not there.
pub(super) async fn named(change: &mut Change, asker: &Asker, things: &[String]) -> Result<Vec<Paper>> {
    let things: Vec<&str> = things
        .iter()
        .map(|thing| thing.trim())
        .filter(|thing| !thing.is_empty())
        .collect();
    if things.is_empty() || things.len() > LINES_MAX {
        return Err(Error::invalid(
            Field::Things,
            things.len().to_string(),
            both!(
                "a slip names 1 to {LINES_MAX} papers",
                "一张出借单列 1 到 {LINES_MAX} 件"
            ),
        ));
    }
    let mut papers: Vec<Paper> = Vec::with_capacity(things.len());
    for thing in things {
        let found = one(change, asker, thing).await?;
        if papers.iter().all(|known| known.original_uid != found.original_uid) {
            papers.push(found);
        }
    }
    Ok(papers)
}

async fn one(change: &mut Change, asker: &Asker, thing: &str) -> Result<Paper> {
    let of_original = ("t.id = ?", vec![thing.to_lowercase().into()]);
    for (condition, values) in key_conditions(thing).into_iter().chain([of_original]) {
        let rows = Visible::documents(asker, change.at)
            .columns(PAPER)
            .join("JOIN originals t ON t.document_uid = d.uid")
            .and(condition, values)
            .then("ORDER BY d.uid LIMIT 2", [])
            .all_held(change.connection())
            .await?;
        match rows.as_slice() {
            [] => {}
            [row] => return paper(row),
            _ => {
                return Err(Error::invalid(
                    Field::Things,
                    thing,
                    both!(
                        "several papers have this number; name it by its id",
                        "有几件文件用这个编号；请写文件标识"
                    ),
                ));
            }
        }
    }
    Err(Error::Absent {
        what: Thing::Original,
        id: thing.to_owned(),
    })
}

/// The papers of a slip, locked, with the uid of their lines; those that are out, or all.
pub(super) async fn of_loan(change: &mut Change, asker: &Asker, loan_uid: i64) -> Result<Vec<(i64, Paper)>> {
    let rows = Visible::documents(asker, change.at)
        .columns(format!("{PAPER}, x.uid AS line_uid"))
        .through("loan_lines x", "x.document_uid")
        .join("JOIN originals t ON t.uid = x.original_uid")
        .and("x.loan_uid = ?", [loan_uid.into()])
        .then("ORDER BY x.line", [])
        .locked(change.dialect)
        .all_held(change.connection())
        .await?;
    rows.iter()
        .map(|row| Ok((row.of("loan_lines").int("line_uid")?, paper(row)?)))
        .collect()
}

/// The slip under which a paper is out, if it is.
pub(super) async fn out_under(change: &mut Change, original_uid: i64) -> Result<Option<String>> {
    let row = sqlx::query(
        "SELECT n.uid, n.no FROM loan_lines x JOIN loans n ON n.uid = x.loan_uid \
         WHERE x.original_uid = $1 AND x.issued_at IS NOT NULL AND x.returned_at IS NULL",
    )
    .bind(original_uid)
    .fetch_optional(change.connection())
    .await?;
    row.map(|row| row.of("loans").text("no")).transpose()
}

/// The slip that has waited longest in the queue for a paper, longer than this one.
async fn waited_longer(change: &mut Change, original_uid: i64, loan_uid: i64) -> Result<Option<String>> {
    let row = sqlx::query(
        "SELECT n.uid, n.no FROM loan_lines x JOIN loans n ON n.uid = x.loan_uid \
         WHERE x.original_uid = $1 AND n.state = 'held' AND n.uid < $2 ORDER BY n.uid LIMIT 1",
    )
    .bind(original_uid)
    .bind(loan_uid)
    .fetch_optional(change.connection())
    .await?;
    row.map(|row| row.of("loans").text("no")).transpose()
}

pub(super) async fn has_incident(change: &mut Change, original_uid: i64) -> Result<bool> {
    let row = sqlx::query("SELECT uid FROM incidents WHERE original_uid = $1 AND resolved_at IS NULL LIMIT 1")
        .bind(original_uid)
        .fetch_optional(change.connection())
        .await?;
    Ok(row.is_some())
}

/// Whether a paper can be handed out under a slip now.
///
/// # Errors
/// What stands against it.
pub(super) async fn check_there(change: &mut Change, paper: &Paper, loan_uid: i64) -> Result<()> {
    let thing = paper.named();
    if has_incident(change, paper.original_uid).await? {
        return Err(RefusedBecause::ThingHasIncident { thing }.into());
    }
    if let Some(no) = out_under(change, paper.original_uid).await? {
        return Err(RefusedBecause::ThingIsOut { thing, no }.into());
    }
    if !can_be_lent(paper.state) {
        let state = paper.state.as_str().to_owned();
        return Err(RefusedBecause::ThingNotThere { thing, state }.into());
    }
    match waited_longer(change, paper.original_uid, loan_uid).await? {
        Some(no) => Err(RefusedBecause::ThingIsWanted { thing, no }.into()),
        None => Ok(()),
    }
}
