//! Document kinds and checklists in the database.

use super::{Checklist, DocumentKind, KindFlags, Kinds, checked};
use crate::{
    Archive, Asker, Error, Result, Role, SecurityLevel, System,
    audit::EventDraft,
    store::{
        Store,
        sql::{Change, Columns},
    },
};
use sqlx::{Any, AnyConnection, Transaction, any::AnyRow};

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
        change.event(EventDraft::new("kind.set", "kind", &kind.code).detail(format!(
            "name={} security_level={} active={}",
            kind.name_zh,
            kind.security_level.number(),
            i64::from(kind.active)
        )));
        change.commit().await?;
        Ok(kind)
    }
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
    let others = Kinds::new(rows.iter().map(kind).collect::<Result<_>>()?);
    for pattern in &wanted.title_patterns {
        if let Some(other) = others.resolve(pattern) {
            return Err(Error::Exists {
                what: "title word",
                id: format!("{pattern} ({})", other.code),
            });
        }
    }
    Ok(())
}

async fn write(connection: &mut AnyConnection, kind: &DocumentKind) -> Result<()> {
    sqlx::query(
        "INSERT INTO document_kinds (code, group_code, name_zh, name_en, title_patterns, flags, security_level, \
         retention_class, position, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (code) DO UPDATE SET group_code = excluded.group_code, name_zh = excluded.name_zh, \
         name_en = excluded.name_en, title_patterns = excluded.title_patterns, flags = excluded.flags, \
         security_level = excluded.security_level, retention_class = excluded.retention_class, \
         position = excluded.position, active = excluded.active",
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
    .execute(connection)
    .await?;
    Ok(())
}

fn kind(row: &AnyRow) -> Result<DocumentKind> {
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
        title_patterns: row
            .text("title_patterns")?
            .split(SEPARATOR)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        flags: KindFlags::parse(&row.text("flags")?).map_err(|cause| inconsistent("flags", cause.to_string()))?,
        security_level: SecurityLevel::from_number(level)
            .ok_or_else(|| inconsistent("security_level", format!("there is no security level {level}")))?,
        retention_class: row.text("retention_class")?,
        position: row.int("position")?,
        active: row.flag("active")?,
    })
}
