//! The ledger of changes as it is listed: by record, field, person and time, within the sight of the asker.

use super::{
    meant::{Meant, meant, person},
    sight::{LINE, reads_ledger, visible},
};
use crate::history::{HistoryFilter, HistoryKey, HistoryLine, HistoryObject, restored};
use crate::{
    Archive, Asker, Error, Result, Role,
    permission::sql::{Bound, Visible},
    privacy,
    store::{
        EventDraft, Store,
        sql::{Columns, LISTED_AT_ONCE, composed, marks},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject, Total};

/// The most lines that are listed, whatever limit is given.
const LINES_MAX: usize = 10_000;

impl Archive {
    /// Lines of the history, newest first. The whole ledger is for auditors and archivists; the history of one record
    /// for everybody who may see the record. Personal numbers are masked, secrets have no values.
    ///
    /// # Errors
    /// [`Error::Absent`] when no record is called so or the asker may not see it; [`Error::Forbidden`] for the ledger
    /// and for accounts, to those who hold no role for them.
    pub async fn history(&self, asker: &Asker, filter: &HistoryFilter) -> Result<Vec<HistoryLine>> {
        let is_ledger = filter.object.trim().is_empty();
        let lines = self.history_asked(asker, filter).await?;
        let limit = filter.limit.clamp(1, LINES_MAX);
        let person = lines.person;
        let mut asked = lines.asked;
        if let Some(before) = filter.before {
            asked = asked.and("(h.at, h.uid) < (?, ?)", [before.at.micros().into(), before.uid.into()]);
        }
        let rows = asked
            .columns(LINE)
            .then("ORDER BY h.at DESC, h.uid DESC LIMIT ?", [limit.into()])
            .all(&self.0.readers)
            .await?;
        let lines = with_names(&self.0, asker, rows).await?;
        if is_ledger {
            self.note_read(
                asker,
                EventDraft::new(AuditAction::HistoryListed, AuditObject::History, "").detail(format!(
                    "field={} person={} lines={}",
                    filter.field,
                    person,
                    lines.len()
                )),
            )
            .await?;
        }
        Ok(lines)
    }

    /// How many lines a filter finds, whatever its window.
    ///
    /// # Errors
    /// As [`Archive::history`].
    pub async fn history_total(&self, asker: &Asker, filter: &HistoryFilter) -> Result<Total> {
        let lines = self.history_asked(asker, filter).await?.asked;
        let most = Total::COUNTED_MAX + 1;
        let row = lines
            .columns("1")
            .then("LIMIT ?", [most.into()])
            .inside("SELECT CAST(count(*) AS BIGINT) AS n FROM ({seen}) AS counted", [])
            .one(&self.0.readers)
            .await?;
        row.of("history").int("n").map(Total::of_count)
    }

    /// The lines that are asked for, whatever the window, of those that the asker may see.
    async fn history_asked(&self, asker: &Asker, filter: &HistoryFilter) -> Result<LinesAsked> {
        let is_ledger = filter.object.trim().is_empty();
        if is_ledger && !reads_ledger(asker) {
            return Err(Error::Forbidden {
                needed: Role::Auditor.as_str(),
            });
        }
        let meant = match is_ledger {
            true => Vec::new(),
            false => meant(&self.0, asker, &filter.object).await?,
        };
        let person = person(&self.0, &filter.person).await?;
        let asked = asked(visible(asker, self.0.environment.now()), filter, &meant, &person);
        Ok(LinesAsked { asked, person })
    }

    /// Names of fields that the history holds, for a list to choose from.
    pub async fn history_fields(&self, _asker: &Asker) -> Result<Vec<String>> {
        // Steps from one name to the next along the index instead of reading every row.
        let rows = sqlx::query(
            "WITH RECURSIVE names(field) AS (SELECT min(field) FROM history UNION ALL \
             SELECT (SELECT min(h.field) FROM history h WHERE h.field > n.field) FROM names n WHERE n.field IS NOT NULL) \
             SELECT field FROM names WHERE field IS NOT NULL",
        )
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(|row| row.of("history").text("field")).collect()
    }
}

/// Lines of the history that are asked for, and who is meant by the person named.
struct LinesAsked {
    asked: Visible,
    person: String,
}

fn asked(mut lines: Visible, filter: &HistoryFilter, meant: &[Meant], person: &str) -> Visible {
    if !meant.is_empty() {
        let mut any = Vec::with_capacity(meant.len());
        let mut values: Vec<Bound> = Vec::with_capacity(meant.len() * 3);
        for object in meant {
            any.push("(h.object_kind = ? AND h.object_uid = ? AND h.object_id = ?)");
            values.extend([
                object.kind.as_str().into(),
                object.uid.into(),
                object.id.as_str().into(),
            ]);
        }
        lines = lines.and(&any.join(" OR "), values);
    }
    if !filter.field.is_empty() {
        lines = lines.and("h.field = ?", [filter.field.as_str().into()]);
    }
    if !person.is_empty() {
        lines = lines.and("h.by_name = ?", [person.into()]);
    }
    if let Some(from) = filter.from {
        lines = lines.and("h.at >= ?", [from.micros().into()]);
    }
    if let Some(until) = filter.until {
        lines = lines.and("h.at < ?", [until.micros().into()]);
    }
    if !filter.change.is_empty() {
        lines = lines.and("h.change_id = ?", [filter.change.as_str().into()]);
    }
    lines
}

/// The lines with what their records are called today; one look-up for each kind of record.
async fn with_names(store: &Store, asker: &Asker, rows: Vec<AnyRow>) -> Result<Vec<HistoryLine>> {
    let mut wanted: HashMap<String, Vec<String>> = HashMap::new();
    for row in &rows {
        let ids = wanted.entry(row.of("history").text("object_kind")?).or_default();
        ids.push(row.of("history").text("object_id")?);
    }
    let mut names = HashMap::with_capacity(rows.len());
    for (kind, mut ids) in wanted {
        ids.sort_unstable();
        ids.dedup();
        for chunk in ids.chunks(LISTED_AT_ONCE) {
            for (id, code, name) in names_of(store, &kind, chunk).await? {
                names.insert((kind.clone(), id), (code, name));
            }
        }
    }
    rows.iter().map(|row| line(row, asker, &names)).collect()
}

type RecordNames = HashMap<(String, String), (String, String)>;

async fn names_of(store: &Store, kind: &str, ids: &[String]) -> Result<Vec<(String, String, String)>> {
    let select = match kind {
        "customer" => "SELECT id, code, name FROM customers WHERE id",
        "party" => "SELECT id, '' AS code, name FROM parties WHERE id",
        "document" => "SELECT id, number AS code, title AS name FROM documents WHERE id",
        "location" => "SELECT id, code, name FROM locations WHERE id",
        "container" => "SELECT id, serial AS code, title AS name FROM containers WHERE id",
        "volume" => "SELECT id, number AS code, title AS name FROM volumes WHERE id",
        "user" => "SELECT id, name AS code, display_name AS name FROM users WHERE id",
        "kind" => "SELECT code AS id, code, name_zh AS name FROM document_kinds WHERE code",
        "checklist" => "SELECT DISTINCT code AS id, code, name_zh AS name FROM checklists WHERE code",
        _ => return Ok(ids.iter().map(|id| (id.clone(), id.clone(), String::new())).collect()),
    };
    let query = sqlx::query(composed(format!("{select} IN ({})", marks(1, ids.len()))));
    let query = ids.iter().fold(query, |query, id| query.bind(id));
    let rows = query.fetch_all(&store.readers).await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.of("customers").text("id")?,
                row.of("customers").text("code")?,
                row.of("customers").text("name")?,
            ))
        })
        .collect()
}

fn line(row: &AnyRow, asker: &Asker, names: &RecordNames) -> Result<HistoryLine> {
    let row = &row.of("history");
    let (kind, id, field) = (row.text("object_kind")?, row.text("object_id")?, row.text("field")?);
    let (before, after) = (row.maybe_text("before")?, row.maybe_text("after")?);
    let is_personal = row.flag("personal")?;
    let shown = |value: String| {
        if is_personal {
            privacy::mask_number(&value)
        } else {
            privacy::shown_text(asker, value)
        }
    };
    let can_be_put_back = restored(&kind, &field, before.as_deref().unwrap_or_default()).is_some();
    let (code, name) = names.get(&(kind.clone(), id.clone())).cloned().unwrap_or_default();
    Ok(HistoryLine {
        key: HistoryKey {
            at: row.moment("at")?,
            uid: row.int("uid")?,
        },
        change: row.text("change_id")?,
        by: row.text("by_name")?,
        object: HistoryObject {
            kind,
            id,
            code: privacy::shown_text(asker, code),
            name: privacy::shown_text(asker, name),
        },
        field,
        before: before.map(&shown),
        after: after.map(&shown),
        why: privacy::shown_text(asker, row.text("why")?),
        authority: row.text("authority")?,
        can_be_put_back,
    })
}
