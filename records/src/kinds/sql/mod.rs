//! Document kinds in the database.

mod checklists;
mod dossier;
mod import;

pub(crate) use import::{ChecklistsTable, KindsTable};

use super::{DocumentKind, KindFlags, KindGroup, Kinds, ready_made, recorded::DOCUMENT_KINDS};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, System, Thing,
    permission::sql::Visible,
    store::{
        EventDraft, Update,
        recorded::Recorded,
        sql::{Change, Columns, composed},
    },
};
use sqlx::{Any, AnyConnection, Transaction, any::AnyRow};
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject};

/// Between words in the one column that holds them; no word holds a line break.
const SEPARATOR: &str = "\n";

pub(crate) async fn seed(transaction: &mut Transaction<'static, Any>) -> Result<()> {
    let kinds = Kinds::new(ready_made::kinds()?);
    for kind in kinds.all() {
        insert(transaction, kind).await?;
    }
    for list in ready_made::checklists(&kinds)? {
        checklists::insert(transaction, &list).await?;
    }
    Ok(())
}

impl System {
    /// All kinds, active or not, in the order of lists.
    pub async fn kinds(&self) -> Result<Kinds> {
        all(&mut *self.0.readers.acquire().await?).await
    }
}

impl Archive {
    /// All kinds, active or not, in the order of lists. What kinds there are is no secret of any document.
    pub async fn kinds(&self, _asker: &Asker) -> Result<Kinds> {
        all(&mut *self.0.readers.acquire().await?).await
    }

    /// How often each kind was changed, by code: send it with a change.
    pub async fn kind_versions(&self, _asker: &Asker) -> Result<HashMap<String, i64>> {
        versions(&mut *self.0.readers.acquire().await?, &DOCUMENT_KINDS).await
    }

    /// Adds a kind or changes the one with the same code. Administrators only. Documents keep their code, so
    /// nothing that was filed changes but the name it is shown under.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the column that cannot be, see [`Kinds::checked`]; [`Error::Conflict`] when the kind has
    /// another version than `version`, which is 0 for one that is not there yet.
    pub async fn kind_set(&self, asker: &Asker, version: i64, kind: &DocumentKind) -> Result<DocumentKind> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let known = all(change.connection()).await?;
        let kind = known.checked(kind)?;
        if known.get(&kind.code).is_none() && version == 0 {
            write(&mut change, &kind).await?;
        } else {
            update(&mut change, &kind).expecting_version(version).run().await?;
        }
        change.event(
            EventDraft::new(AuditAction::KindSet, AuditObject::Kind, &kind.code).detail(format!(
                "name={} titles={} content={} security_level={} active={}",
                kind.name_zh,
                kind.title_patterns.join(";"),
                kind.content_patterns.join(";"),
                kind.security_level.number(),
                i64::from(kind.active)
            )),
        );
        change.commit().await?;
        Ok(kind)
    }

    /// Takes a kind away that nothing uses. Administrators only.
    ///
    /// # Errors
    /// [`Error::Refused`] when documents are of this kind or checklists ask for it; such a kind can be retired.
    pub async fn kind_delete(&self, asker: &Asker, code: &str) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let kinds = all(change.connection()).await?;
        let kind = kinds.get(code).ok_or_else(|| Error::absent(Thing::Kind, code))?;
        if let Some(by) = used_by(&mut change, code).await? {
            let kind = code.to_owned();
            return Err(RefusedBecause::KindInUse { kind, by }.into());
        }
        change.delete(&DOCUMENT_KINDS, code).await?;
        change.event(
            EventDraft::new(AuditAction::KindDeleted, AuditObject::Kind, code).detail(format!("name={}", kind.name_zh)),
        );
        change.commit().await
    }

    /// How many documents that the asker may see are of each kind, by code; the unknown ones stand under the empty code.
    pub async fn kind_counts(&self, asker: &Asker) -> Result<HashMap<String, i64>> {
        let rows = Visible::documents(asker, self.0.environment.now())
            .columns("d.kind, CAST(count(*) AS BIGINT) AS n")
            .then("GROUP BY d.kind", [])
            .all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| Ok((row.of("documents").text("kind")?, row.of("documents").int("n")?)))
            .collect()
    }
}

/// What uses a kind: a checklist that asks for it, or documents.
async fn used_by(change: &mut Change, code: &str) -> Result<Option<String>> {
    let lists = checklists::all(change.connection()).await?;
    if let Some(list) = lists.asking_for(code).next() {
        return Ok(Some(format!("checklist {}", list.code)));
    }
    let used = sqlx::query("SELECT 1 AS used FROM documents WHERE kind = $1 LIMIT 1")
        .bind(code)
        .fetch_optional(change.connection())
        .await?;
    Ok(used.map(|_| "documents".to_owned()))
}

async fn write(change: &mut Change, kind: &DocumentKind) -> Result<()> {
    update(change, kind).run_or_insert().await?;
    Ok(())
}

fn update<'c>(change: &'c mut Change, kind: &DocumentKind) -> Update<'c> {
    change
        .update(&DOCUMENT_KINDS, &kind.code)
        .set("group_code", kind.group.as_str())
        .set("name_zh", &kind.name_zh)
        .set("name_en", &kind.name_en)
        .set("title_patterns", kind.title_patterns.join(SEPARATOR))
        .set("content_patterns", kind.content_patterns.join(SEPARATOR))
        .set("flags", kind.flags.to_string())
        .set("security_level", kind.security_level.number())
        .set("retention_class", &kind.retention_class)
        .set("position", kind.position)
        .set("active", kind.active)
}

/// Versions of the rows of a list, by code.
async fn versions(connection: &mut AnyConnection, table: &'static Recorded) -> Result<HashMap<String, i64>> {
    let rows = sqlx::query(composed(format!("SELECT code, version FROM {}", table.table)))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((row.of(table.table).text("code")?, row.of(table.table).int("version")?)))
        .collect()
}

async fn all(connection: &mut AnyConnection) -> Result<Kinds> {
    let rows = sqlx::query("SELECT * FROM document_kinds ORDER BY position, code")
        .fetch_all(connection)
        .await?;
    Ok(Kinds::new(rows.iter().map(kind).collect::<Result<_>>()?))
}

/// A kind of a new archive, before there is anybody who could change anything.
async fn insert(connection: &mut AnyConnection, kind: &DocumentKind) -> Result<()> {
    sqlx::query(
        "INSERT INTO document_kinds (code, group_code, name_zh, name_en, title_patterns, flags, security_level, \
         retention_class, position, active, content_patterns) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&kind.code)
    .bind(kind.group.as_str())
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
    Ok(DocumentKind {
        code: row.text("code")?,
        group: row.word("group_code", KindGroup::from_code)?,
        name_zh: row.text("name_zh")?,
        name_en: row.text("name_en")?,
        title_patterns: words(&row.text("title_patterns")?),
        content_patterns: words(&row.text("content_patterns")?),
        flags: row.read("flags", KindFlags::parse)?,
        security_level: row.security_level("security_level")?,
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
