//! Reading the history within what the asker may see, and putting a former value back.

use super::{HistoryFilter, HistoryKey, HistoryLine, HistoryObject, OBJECT_KINDS, restored};
use crate::{
    Archive, Asker, Error, Moment, RefusedBecause, Result, Role, Thing,
    audit::EventDraft,
    changes::ChangeSubject,
    fold,
    permission::sql::{Bound, Visible},
    privacy,
    store::{
        Store,
        recorded::ColumnValue,
        sql::{Change, Columns, LISTED_AT_ONCE, composed, marks},
    },
};
use sqlx::any::AnyRow;
use std::collections::{HashMap, HashSet};

/// So many lines are listed at most, whatever is asked for.
const LINES_MAX: usize = 10_000;

/// A record that the filter means.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Meant {
    kind: String,
    uid: i64,
    id: String,
}

impl Archive {
    /// Lines of the history, newest first. The whole ledger is for auditors and archivists; the history of one record
    /// for everybody who may see the record. Personal numbers are masked, secrets have no values.
    ///
    /// # Errors
    /// [`Error::Absent`] when no record is called so or the asker may not see it; [`Error::Forbidden`] for the ledger
    /// and for accounts, to those who hold no role for them.
    pub async fn history(&self, asker: &Asker, filter: &HistoryFilter) -> Result<Vec<HistoryLine>> {
        let is_ledger = filter.object.trim().is_empty();
        if is_ledger && !reads_ledger(asker) {
            return Err(Error::Forbidden {
                needed: Role::Auditor.as_str(),
            });
        }
        let meant = if is_ledger {
            Vec::new()
        } else {
            meant(&self.0, asker, &filter.object).await?
        };
        let person = person(&self.0, &filter.person).await?;
        let rows = lines(&self.0, asker, filter, &meant, &person).await?;
        let lines = with_names(&self.0, asker, rows).await?;
        if is_ledger {
            self.note_read(
                asker,
                EventDraft::new("history.listed", "history", "").detail(format!(
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

    /// Names of fields that the history holds, for a list to choose from.
    pub async fn history_fields(&self, _asker: &Asker) -> Result<Vec<String>> {
        // A walk from one name to the next over the index, instead of reading every row.
        let rows = sqlx::query(
            "WITH RECURSIVE names(field) AS (SELECT min(field) FROM history UNION ALL \
             SELECT (SELECT min(h.field) FROM history h WHERE h.field > n.field) FROM names n WHERE n.field IS NOT NULL) \
             SELECT field FROM names WHERE field IS NOT NULL",
        )
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(|row| row.text("field")).collect()
    }

    /// Gives a field the value again that it had before this line of the history: a new change, with its own line.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the field was changed since; [`Error::Refused`] when the field is not one that can be
    /// put back by itself.
    pub async fn history_put_back(&self, asker: &Asker, line: HistoryKey, why: &str) -> Result<()> {
        let row = stored_line(&self.0, asker, line).await?;
        let (kind, field) = (row.text("object_kind")?, row.text("field")?);
        asker.require_writing(match kind.as_str() {
            "kind" | "setting" => Role::Administrator,
            _ => Role::Archivist,
        })?;
        let (before, after) = (row.maybe_text("before")?, row.maybe_text("after")?);
        let (uid, id) = (row.int("object_uid")?, row.text("object_id")?);
        let Some((table, sets)) = restored(&kind, &field, before.as_deref().unwrap_or_default()) else {
            return Err(RefusedBecause::FieldNotPutBack { field }.into());
        };
        let mut change = self.0.change(asker.name()).await?;
        change.because(why, "");
        refuse_when_changed_since(&mut change, &row, &after).await?;
        let key = match table.key {
            "uid" => ColumnValue::from(row_of_owner(&mut change, table.table, uid).await?),
            _ => ColumnValue::from(&id),
        };
        let update = sets
            .into_iter()
            .fold(change.update(table, key), |update, (column, value)| {
                update.set(column, value)
            });
        update.run().await?;
        match kind.as_str() {
            "document" => change.touch(ChangeSubject::Document, uid),
            "customer" => change.touch(ChangeSubject::Customer, uid),
            "location" => change.touch(ChangeSubject::Place, uid),
            _ => {}
        }
        change.event(
            EventDraft::new("history.put_back", "history", line.uid.to_string())
                .detail(format!("object={kind} {id} field={field}")),
        );
        change.commit().await
    }
}

fn reads_ledger(asker: &Asker) -> bool {
    asker.has(Role::Auditor) || asker.has(Role::Archivist)
}

/// The lines that the asker may see: those about documents by sight, accounts for those who administer or audit them.
fn visible(asker: &Asker, now: Moment) -> Visible {
    let mut lines = Visible::rows_about(
        asker,
        now,
        "history h LEFT JOIN documents d ON h.object_kind = 'document' AND d.uid = h.object_uid",
        "h.object_kind <> 'document'",
    )
    .columns(LINE);
    if !asker.has(Role::Administrator) && !asker.has(Role::Auditor) {
        lines = lines.and("h.object_kind <> 'user'", []);
    }
    // Who else may see a sealed document is not for everybody who may.
    if !reads_ledger(asker) && !asker.has(Role::Administrator) {
        lines = lines.and("h.field <> 'grant'", []);
    }
    // That a document was withdrawn is a change like others, for those who read the ledger.
    if reads_ledger(asker) {
        lines = lines.withdrawn_too();
    }
    lines
}

const LINE: &str = "h.uid, h.change_id, h.at, h.by_name, h.object_kind, h.object_id, h.object_uid, h.field, h.before, h.after, \
     h.personal, h.why, h.authority";

async fn lines(
    store: &Store,
    asker: &Asker,
    filter: &HistoryFilter,
    meant: &[Meant],
    person: &str,
) -> Result<Vec<AnyRow>> {
    let mut lines = visible(asker, store.environment.now());
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
    if let Some(before) = filter.before {
        lines = lines.and("(h.at, h.uid) < (?, ?)", [before.at.micros().into(), before.uid.into()]);
    }
    let limit = filter.limit.clamp(1, LINES_MAX);
    lines
        .then("ORDER BY h.at DESC, h.uid DESC LIMIT ?", [limit.into()])
        .all(&store.readers)
        .await
}

/// Who is meant by a sign-in name or a display name.
async fn person(store: &Store, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let row = sqlx::query(
        "SELECT name, CASE WHEN name = $1 THEN 0 ELSE 1 END AS tier FROM users \
         WHERE name_folded = $2 OR display_name = $1 ORDER BY tier, uid LIMIT 1",
    )
    .bind(text)
    .bind(fold::name(text))
    .fetch_optional(&store.readers)
    .await?;
    row.map_or_else(|| Ok(text.to_owned()), |row| row.text("name"))
}

/// The records that people call so; those of the first kind that has any. With a customer come its parties.
async fn meant(store: &Store, asker: &Asker, object: &str) -> Result<Vec<Meant>> {
    let object = object.trim();
    let (wanted, called) = match object.split_once(':') {
        Some((kind, rest)) if OBJECT_KINDS.contains(&kind) => (kind, rest.trim()),
        _ => ("", object),
    };
    let absent = || Error::Absent {
        what: Thing::Record,
        id: object.to_owned(),
    };
    let rows = sqlx::query(
        "SELECT kind, uid, id FROM (\
         SELECT 0 AS tier, 'document' AS kind, uid, id FROM documents WHERE id = $1 \
         UNION ALL SELECT 1, 'customer', uid, id FROM customers WHERE id = $1 OR code_folded = $2 \
         UNION ALL SELECT 2, 'customer', c.uid, c.id FROM dossiers o JOIN customers c ON c.uid = o.customer_uid \
           WHERE o.id = $1 OR o.number_folded = $2 \
         UNION ALL SELECT 3, 'customer', c.uid, c.id FROM customer_aliases a JOIN customers c ON c.uid = a.customer_uid \
           WHERE a.value_folded = $2 \
         UNION ALL SELECT 4, 'location', uid, id FROM locations WHERE id = $1 OR code_folded = $2 OR code_dashless = $2 \
         UNION ALL SELECT 5, 'container', uid, id FROM containers WHERE id = $1 OR serial_folded = $2 \
         UNION ALL SELECT 6, 'kind', 0, code FROM document_kinds WHERE code = $1 \
         UNION ALL SELECT 7, 'setting', 0, name FROM settings WHERE name = $1 \
         UNION ALL SELECT 8, 'user', uid, id FROM users WHERE id = $1 OR name_folded = $3 \
         UNION ALL SELECT 9, 'checklist', 0, code FROM checklists WHERE code = $1 \
         UNION ALL SELECT 10, 'party', uid, id FROM parties WHERE id = $1 \
         UNION ALL SELECT 11, 'volume', uid, id FROM volumes WHERE id = $1 \
         UNION ALL SELECT 12, 'document', uid, id FROM documents WHERE number_folded = $2 AND $2 <> ''\
         ) AS found WHERE $4 = '' OR kind = $4 ORDER BY tier, uid LIMIT 20",
    )
    .bind(called.to_lowercase())
    .bind(fold::code(called))
    .bind(fold::name(called))
    .bind(wanted)
    .fetch_all(&store.readers)
    .await?;
    let mut found: Vec<Meant> = Vec::with_capacity(rows.len());
    for row in &rows {
        let object = Meant {
            kind: row.text("kind")?,
            uid: row.int("uid")?,
            id: row.text("id")?,
        };
        if found.first().is_none_or(|first| first.kind == object.kind) && !found.contains(&object) {
            found.push(object);
        }
    }
    let Some(first) = found.first() else {
        return Err(absent());
    };
    match first.kind.as_str() {
        "document" => {
            let visible = visible_documents(store, asker, &found).await?;
            found.retain(|object| visible.contains(&object.uid));
            if found.is_empty() {
                return Err(absent());
            }
        }
        "customer" => {
            let customer = first.uid;
            found.extend(parties_of(store, customer).await?);
        }
        "user" if !asker.has(Role::Administrator) && !asker.has(Role::Auditor) => {
            return Err(Error::Forbidden {
                needed: Role::Administrator.as_str(),
            });
        }
        _ => {}
    }
    Ok(found)
}

async fn visible_documents(store: &Store, asker: &Asker, found: &[Meant]) -> Result<HashSet<i64>> {
    let uids: Vec<i64> = found.iter().map(|object| object.uid).collect();
    let mut documents = Visible::documents(asker, store.environment.now()).and_one_of("d.uid", &uids);
    if reads_ledger(asker) {
        documents = documents.withdrawn_too();
    }
    let rows = documents.all(&store.readers).await?;
    rows.iter().map(|row| row.int("uid")).collect()
}

async fn parties_of(store: &Store, customer: i64) -> Result<Vec<Meant>> {
    let rows = sqlx::query(
        "SELECT DISTINCT p.uid, p.id FROM party_roles r JOIN parties p ON p.uid = r.party_uid \
         WHERE r.customer_uid = $1 ORDER BY p.uid LIMIT 100",
    )
    .bind(customer)
    .fetch_all(&store.readers)
    .await?;
    let party = |row: &AnyRow| {
        Ok(Meant {
            kind: "party".to_owned(),
            uid: row.int("uid")?,
            id: row.text("id")?,
        })
    };
    rows.iter().map(party).collect()
}

/// The lines with what their records are called today; one look-up for each kind of record.
async fn with_names(store: &Store, asker: &Asker, rows: Vec<AnyRow>) -> Result<Vec<HistoryLine>> {
    let mut wanted: HashMap<String, Vec<String>> = HashMap::new();
    for row in &rows {
        let ids = wanted.entry(row.text("object_kind")?).or_default();
        ids.push(row.text("object_id")?);
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

type Names = HashMap<(String, String), (String, String)>;

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
        .map(|row| Ok((row.text("id")?, row.text("code")?, row.text("name")?)))
        .collect()
}

fn line(row: &AnyRow, asker: &Asker, names: &Names) -> Result<HistoryLine> {
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

async fn stored_line(store: &Store, asker: &Asker, key: HistoryKey) -> Result<AnyRow> {
    visible(asker, store.environment.now())
        .and("h.uid = ?", [key.uid.into()])
        .maybe(&store.readers)
        .await?
        .ok_or_else(|| Error::Absent {
            what: Thing::HistoryLine,
            id: key.uid.to_string(),
        })
}

/// What the line made of the field must still stand there.
async fn refuse_when_changed_since(change: &mut Change, line: &AnyRow, after: &Option<String>) -> Result<()> {
    let newest = sqlx::query(
        "SELECT uid, after FROM history WHERE object_kind = $1 AND object_uid = $2 AND object_id = $3 AND field = $4 \
         ORDER BY at DESC, uid DESC LIMIT 1",
    )
    .bind(line.text("object_kind")?)
    .bind(line.int("object_uid")?)
    .bind(line.text("object_id")?)
    .bind(line.text("field")?)
    .fetch_one(change.connection())
    .await?;
    if newest.maybe_text("after")? == *after {
        return Ok(());
    }
    Err(Error::Conflict {
        what: Thing::FieldOfRecord,
        id: format!("{} {}", line.text("object_id")?, line.text("field")?),
        expected: line.int("uid")?,
        found: newest.int("uid")?,
    })
}

/// The uid of the row of a table that shares the history of its owner.
async fn row_of_owner(change: &mut Change, table: &str, owner: i64) -> Result<i64> {
    match table {
        "dossiers" => sqlx::query("SELECT uid FROM dossiers WHERE customer_uid = $1")
            .bind(owner)
            .fetch_one(change.connection())
            .await?
            .int("uid"),
        _ => Ok(owner),
    }
}
