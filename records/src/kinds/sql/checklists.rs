//! Checklists in the database.

use super::{SEPARATOR, words};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    kinds::{Checklist, Checklists, recorded::CHECKLISTS},
    store::{
        EventDraft, Update,
        sql::{Change, Columns},
    },
};
use sqlx::{AnyConnection, any::AnyRow};
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject, CustomerKind};

impl Archive {
    /// What complete dossiers hold, active or not, in the order of lists.
    pub async fn checklists(&self, _asker: &Asker) -> Result<Checklists> {
        all(&mut *self.0.readers.acquire().await?).await
    }

    /// How often each checklist was changed, by code: send it with a change.
    pub async fn checklist_versions(&self, _asker: &Asker) -> Result<HashMap<String, i64>> {
        super::versions(&mut *self.0.readers.acquire().await?, &CHECKLISTS).await
    }

    /// Adds a checklist or changes the one with the same code. Administrators only. Dossiers that are held against
    /// it are from now on held against what it asks for then.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the column that cannot be, see [`Checklists::checked`]; [`Error::Conflict`] when the
    /// checklist has another version than `version`, which is 0 for one that is not there yet.
    pub async fn checklist_set(&self, asker: &Asker, version: i64, list: &Checklist) -> Result<Checklist> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let kinds = super::all(change.connection()).await?;
        let known = all(change.connection()).await?;
        let list = known.checked(list, &kinds)?;
        if known.get(&list.code).is_none() && version == 0 {
            write(&mut change, &list).await?;
        } else {
            update(&mut change, &list).expecting_version(version).run().await?;
        }
        change.event(
            EventDraft::new(AuditAction::ChecklistSet, AuditObject::Checklist, &list.code).detail(format!(
                "name={} customer_kind={} kinds={} active={}",
                list.name_zh,
                stored(list.customer_kind),
                list.kind_codes.join(";"),
                i64::from(list.active)
            )),
        );
        change.commit().await?;
        Ok(list)
    }

    /// Takes a checklist away against which no dossier is held. Administrators only.
    ///
    /// # Errors
    /// [`Error::Refused`] when dossiers are held against it; such a list can be retired.
    pub async fn checklist_delete(&self, asker: &Asker, code: &str) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let lists = all(change.connection()).await?;
        let list = lists.get(code).ok_or_else(|| Error::absent(Thing::Checklist, code))?;
        if is_used(&mut change, code).await? {
            let checklist = code.to_owned();
            return Err(RefusedBecause::ChecklistInUse { checklist }.into());
        }
        change.delete(&CHECKLISTS, code).await?;
        change.event(
            EventDraft::new(AuditAction::ChecklistDeleted, AuditObject::Checklist, code)
                .detail(format!("name={}", list.name_zh)),
        );
        change.commit().await
    }
}

pub(super) async fn all(connection: &mut AnyConnection) -> Result<Checklists> {
    let rows = sqlx::query(
        "SELECT code, name_zh, name_en, customer_kind, kind_codes, position, active FROM checklists \
         ORDER BY position, code",
    )
    .fetch_all(connection)
    .await?;
    Ok(Checklists::new(rows.iter().map(checklist).collect::<Result<_>>()?))
}

/// A checklist of a new archive, before there is anybody who could change anything.
pub(super) async fn insert(connection: &mut AnyConnection, list: &Checklist) -> Result<()> {
    sqlx::query(
        "INSERT INTO checklists (code, name_zh, name_en, customer_kind, kind_codes, position, active) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&list.code)
    .bind(&list.name_zh)
    .bind(&list.name_en)
    .bind(stored(list.customer_kind))
    .bind(list.kind_codes.join(SEPARATOR))
    .bind(list.position)
    .bind(i64::from(list.active))
    .execute(connection)
    .await?;
    Ok(())
}

fn checklist(row: &AnyRow) -> Result<Checklist> {
    let row = row.of("checklists");
    Ok(Checklist {
        code: row.text("code")?,
        name_zh: row.text("name_zh")?,
        name_en: row.text("name_en")?,
        customer_kind: row.read("customer_kind", Checklist::read_customer_kind)?,
        kind_codes: words(&row.text("kind_codes")?),
        position: row.int("position")?,
        active: row.flag("active")?,
    })
}

/// The column is empty for any.
fn stored(kind: Option<CustomerKind>) -> &'static str {
    kind.map_or("", CustomerKind::as_str)
}

/// Whether dossiers are held against a checklist.
pub(super) async fn is_used(change: &mut Change, code: &str) -> Result<bool> {
    let used = sqlx::query("SELECT 1 AS used FROM dossiers WHERE checklist = $1 LIMIT 1")
        .bind(code)
        .fetch_optional(change.connection())
        .await?;
    Ok(used.is_some())
}

pub(super) async fn write(change: &mut Change, list: &Checklist) -> Result<()> {
    update(change, list).run_or_insert().await?;
    Ok(())
}

fn update<'c>(change: &'c mut Change, list: &Checklist) -> Update<'c> {
    change
        .update(&CHECKLISTS, &list.code)
        .set("name_zh", &list.name_zh)
        .set("name_en", &list.name_en)
        .set("customer_kind", stored(list.customer_kind))
        .set("kind_codes", list.kind_codes.join(SEPARATOR))
        .set("position", list.position)
        .set("active", list.active)
}
