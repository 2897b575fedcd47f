//! Document kinds and checklists in the database.

use super::{Checklist, DocumentKind, KindFlags, Kinds, checked};
use crate::{
    Archive, Asker, Error, Field, Result, Role, SecurityLevel, System, Thing,
    audit::EventDraft,
    imports::ImportReport,
    permission::sql::Visible,
    store::{
        Store,
        sql::{Change, Columns},
    },
    tables::{CellFault, LineProblem, OnBadLine, Table},
};
use sqlx::{Any, AnyConnection, Transaction, any::AnyRow};
use std::collections::HashMap;

/// Between title words in the one column that holds them; no title word holds a line break.
const SEPARATOR: &str = "\n";

pub(crate) async fn seed(transaction: &mut Transaction<'static, Any>) -> Result<()> {
    for kind in super::ready_made()? {
        write(transaction, &kind).await?;
    }
    for checklist in super::ready_made_checklists()? {
        for (position, kind_code) in (1_i64..).zip(&checklist.kind_codes) {
            sqlx::query(
                "INSERT INTO checklists (code, name_zh, name_en, customer_kind, position, kind_code) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&checklist.code)
            .bind(&checklist.name_zh)
            .bind(&checklist.name_en)
            .bind(&checklist.customer_kind)
            .bind(position)
            .bind(kind_code)
            .execute(&mut **transaction)
            .await?;
        }
    }
    Ok(())
}

impl System {
    /// All kinds, active or not, in the order of lists.
    pub async fn kinds(&self) -> Result<Kinds> {
        all(&self.0).await
    }
}

impl Archive {
    /// All kinds, active or not, in the order of lists. What kinds there are is no secret of any document.
    pub async fn kinds(&self, _asker: &Asker) -> Result<Kinds> {
        all(&self.0).await
    }

    /// What complete dossiers hold.
    pub async fn checklists(&self, _asker: &Asker) -> Result<Vec<Checklist>> {
        let rows = sqlx::query(
            "SELECT code, name_zh, name_en, customer_kind, kind_code FROM checklists ORDER BY code, position, uid",
        )
        .fetch_all(&self.0.readers)
        .await?;
        let mut checklists: Vec<Checklist> = Vec::new();
        for row in &rows {
            let code = row.text("code")?;
            let kind_code = row.text("kind_code")?;
            match checklists.last_mut().filter(|last| last.code == code) {
                Some(last) => last.kind_codes.push(kind_code),
                None => checklists.push(Checklist {
                    code,
                    name_zh: row.text("name_zh")?,
                    name_en: row.text("name_en")?,
                    customer_kind: row.text("customer_kind")?,
                    kind_codes: vec![kind_code],
                }),
            }
        }
        Ok(checklists)
    }

    /// Adds a kind or changes the one with the same code. Administrators only. Documents keep their code, so
    /// nothing that was filed changes but the name it is shown under.
    ///
    /// # Errors
    /// [`Error::Exists`] when a title word leads to another kind already.
    pub async fn kind_set(&self, asker: &Asker, kind: &DocumentKind) -> Result<DocumentKind> {
        asker.require_writing(Role::Administrator)?;
        let kind = checked(kind)?;
        let mut change = self.0.change(asker.name()).await?;
        refuse_taken_patterns(&mut change, &kind).await?;
        write(change.connection(), &kind).await?;
        note(&mut change, &kind);
        change.commit().await?;
        Ok(kind)
    }

    /// Adds and changes kinds from a table. Kinds that the table does not name stay as they are. Administrators only.
    ///
    /// # Errors
    /// What is wrong with lines is in the report; with [`OnBadLine::RefuseTable`] one such line stops all.
    pub async fn kinds_import(&self, asker: &Asker, table: &Table, on_bad_line: OnBadLine) -> Result<ImportReport> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let rows = sqlx::query("SELECT * FROM document_kinds ORDER BY position, code")
            .fetch_all(change.connection())
            .await?;
        let mut list: Vec<DocumentKind> = rows.iter().map(kind).collect::<Result<_>>()?;
        let mut report = ImportReport {
            unknown_columns: table.unknown_columns.clone(),
            ..ImportReport::default()
        };
        let mut written: Vec<DocumentKind> = Vec::new();
        for row in &table.rows {
            report.lines += 1;
            let at = list.iter().position(|kind| kind.code == row.get("code"));
            let last = list.iter().map(|kind| kind.position).max().unwrap_or(0);
            let read = super::table::read(row, at.map(|at| &list[at]), last + 1).and_then(|kind| checked(&kind));
            let twice = written.iter().any(|kind| kind.code == row.get("code"));
            let read = match read {
                Ok(_) if twice => Err(Error::invalid(
                    Field::KindCode,
                    row.get("code"),
                    "it stands twice in the table",
                )),
                Ok(kind) => match taken_pattern(&list, &kind) {
                    Some(cause) => Err(cause),
                    None => Ok(kind),
                },
                Err(cause) => Err(cause),
            };
            match (read, at) {
                (Ok(kind), Some(at)) if list[at] == kind => report.unchanged += 1,
                (Ok(kind), at) => {
                    match at {
                        Some(at) => {
                            report.changed += 1;
                            list[at] = kind.clone();
                        }
                        None => {
                            report.added += 1;
                            list.push(kind.clone());
                        }
                    }
                    written.push(kind);
                }
                (Err(cause), _) => report.problems.push(problem(row.line, cause)),
            }
        }
        if !report.problems.is_empty() && on_bad_line == OnBadLine::RefuseTable {
            return Ok(ImportReport {
                added: 0,
                changed: 0,
                unchanged: 0,
                refused: true,
                ..report
            });
        }
        for kind in &written {
            write(change.connection(), kind).await?;
            note(&mut change, kind);
        }
        change.event(EventDraft::new("kinds.imported", "kind", "").detail(format!(
            "lines={} added={} changed={} problems={}",
            report.lines,
            report.added,
            report.changed,
            report.problems.len()
        )));
        change.commit().await?;
        Ok(report)
    }

    /// How many documents that the asker may see are of each kind, by code; the unknown ones stand under the empty code.
    pub async fn kind_counts(&self, asker: &Asker) -> Result<HashMap<String, i64>> {
        let rows = Visible::documents(asker, self.0.environment.now())
            .columns("d.kind, CAST(count(*) AS BIGINT) AS n")
            .then("GROUP BY d.kind", [])
            .all(&self.0.readers)
            .await?;
        rows.iter().map(|row| Ok((row.text("kind")?, row.int("n")?))).collect()
    }
}

fn note(change: &mut Change, kind: &DocumentKind) {
    change.event(EventDraft::new("kind.set", "kind", &kind.code).detail(format!(
        "name={} titles={} content={} security_level={} active={}",
        kind.name_zh,
        kind.title_patterns.join(";"),
        kind.content_patterns.join(";"),
        kind.security_level.number(),
        i64::from(kind.active)
    )));
}

fn problem(line: u64, cause: Error) -> LineProblem {
    match cause {
        Error::Invalid { what, value, reason } => LineProblem {
            line,
            column: what.code().to_owned(),
            value,
            fault: CellFault::Said(reason),
        },
        Error::Exists { what, id } => LineProblem {
            line,
            column: what.code().to_owned(),
            value: id,
            fault: CellFault::Said("it leads to another kind already".to_owned()),
        },
        other => LineProblem {
            line,
            column: String::new(),
            value: String::new(),
            fault: CellFault::Said(other.to_string()),
        },
    }
}

/// A title word leads to one kind only: as a name, a code or a word of another kind it is taken.
fn taken_pattern(list: &[DocumentKind], wanted: &DocumentKind) -> Option<Error> {
    let others = Kinds::new(list.iter().filter(|kind| kind.code != wanted.code).cloned().collect());
    wanted.title_patterns.iter().find_map(|pattern| {
        let other = others.resolve(pattern)?;
        Some(Error::Exists {
            what: Thing::TitleWord,
            id: format!("{pattern} ({})", other.code),
        })
    })
}

async fn all(store: &Store) -> Result<Kinds> {
    let rows = sqlx::query("SELECT * FROM document_kinds ORDER BY position, code")
        .fetch_all(&store.readers)
        .await?;
    Ok(Kinds::new(rows.iter().map(kind).collect::<Result<_>>()?))
}

async fn refuse_taken_patterns(change: &mut Change, wanted: &DocumentKind) -> Result<()> {
    let rows = sqlx::query("SELECT * FROM document_kinds WHERE code <> $1 ORDER BY code")
        .bind(&wanted.code)
        .fetch_all(change.connection())
        .await?;
    let others: Vec<DocumentKind> = rows.iter().map(kind).collect::<Result<_>>()?;
    taken_pattern(&others, wanted).map_or(Ok(()), Err)
}

async fn write(connection: &mut AnyConnection, kind: &DocumentKind) -> Result<()> {
    sqlx::query(
        "INSERT INTO document_kinds (code, group_code, name_zh, name_en, title_patterns, flags, security_level, \
         retention_class, position, active, content_patterns) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (code) DO UPDATE SET group_code = excluded.group_code, name_zh = excluded.name_zh, \
         name_en = excluded.name_en, title_patterns = excluded.title_patterns, flags = excluded.flags, \
         security_level = excluded.security_level, retention_class = excluded.retention_class, \
         position = excluded.position, active = excluded.active, content_patterns = excluded.content_patterns",
    )
    .bind(&kind.code)
    .bind(&kind.group)
    .bind(&kind.name_zh)
    .bind(&kind.name_en)
    .bind(kind.title_patterns.join(SEPARATOR))
    .bind(kind.flags.to_string())
    .bind(kind.security_level.number())
    .bind(&kind.retention_class)
    .bind(kind.position)
    .bind(i64::from(kind.active))
    .bind(kind.content_patterns.join(SEPARATOR))
    .execute(connection)
    .await?;
    Ok(())
}

fn kind(row: &AnyRow) -> Result<DocumentKind> {
    let row = &row.of("document_kinds");
    let inconsistent = |column: &str, detail: String| Error::Inconsistent {
        table: "document_kinds",
        column: column.to_owned(),
        detail,
    };
    let level = row.int("security_level")?;
    Ok(DocumentKind {
        code: row.text("code")?,
        group: row.text("group_code")?,
        name_zh: row.text("name_zh")?,
        name_en: row.text("name_en")?,
        title_patterns: words(&row.text("title_patterns")?),
        content_patterns: words(&row.text("content_patterns")?),
        flags: KindFlags::parse(&row.text("flags")?).map_err(|cause| inconsistent("flags", cause.to_string()))?,
        security_level: SecurityLevel::from_number(level)
            .ok_or_else(|| inconsistent("security_level", format!("there is no security level {level}")))?,
        retention_class: row.text("retention_class")?,
        position: row.int("position")?,
        active: row.flag("active")?,
    })
}

fn words(column: &str) -> Vec<String> {
    column
        .split(SEPARATOR)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
