//! Adding one customer and changing one, as a person does it in a form.

use super::{
    plan::{LinesBefore, plan},
    planned::{From as Source, PlannedCustomer},
    resolve::find_uid,
    stored,
    write::write,
};
use crate::{
    Archive, Asker, Error, Result, Role, Thing,
    customers::{
        CustomerDraft,
        fields::{CUSTOMER_FIELDS, at},
    },
    documents::sql::waiting,
    imports::{Doubles, EmptyCells, EntryOutcome, Standing, fields::Stated, sql::PlannedRecord},
    store::{EventDraft, sql::Columns},
};
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// A customer by id, code, alias or dossier number, as a form shows it.
    pub async fn customer_standing(&self, asker: &Asker, key: &str) -> Result<Option<Standing>> {
        asker.require(Role::Archivist)?;
        let Some(uid) = find_uid(&self.0, key).await? else {
            return Ok(None);
        };
        let mut reader = self.0.readers.acquire().await?;
        let found = stored::by_uids(&mut reader, &[uid]).await?;
        Ok(found.into_iter().next().map(|stored| Standing {
            code: stored.values.get(at("code")).to_owned(),
            version: stored.version,
            values: stored.values.shown(&CUSTOMER_FIELDS),
        }))
    }

    /// Registers a customer and opens its dossier; refuses a code that is taken, naming whose it is.
    ///
    /// # Errors
    /// [`Error::Exists`] when the code is taken.
    pub async fn customer_add(&self, asker: &Asker, draft: &CustomerDraft, doubles: Doubles) -> Result<EntryOutcome> {
        asker.require_writing(Role::Archivist)?;
        self.customer_enter(asker, draft, None, doubles).await
    }

    /// Changes the stated fields of a customer; an empty value empties its field. The code stays.
    ///
    /// # Errors
    /// [`Error::Absent`] without such a customer, [`Error::Conflict`] when it has another version by now.
    pub async fn customer_change(
        &self,
        asker: &Asker,
        key: &str,
        version: i64,
        draft: &CustomerDraft,
        doubles: Doubles,
    ) -> Result<EntryOutcome> {
        asker.require_writing(Role::Archivist)?;
        let absent = || Error::Absent {
            what: Thing::Customer,
            id: key.to_owned(),
        };
        let uid = find_uid(&self.0, key).await?.ok_or_else(absent)?;
        let row = sqlx::query("SELECT code FROM customers WHERE uid = $1")
            .bind(uid)
            .fetch_one(&self.0.readers)
            .await?;
        let mut draft = draft.clone();
        draft.stated.retain(|(name, _)| name != "code");
        draft
            .stated
            .push(("code".to_owned(), row.of("customers").text("code")?));
        self.customer_enter(asker, &draft, Some(version), doubles).await
    }

    async fn customer_enter(
        &self,
        asker: &Asker,
        draft: &CustomerDraft,
        version: Option<i64>,
        doubles: Doubles,
    ) -> Result<EntryOutcome> {
        let stated = match Stated::of_pairs(&CUSTOMER_FIELDS, &draft.stated) {
            Ok(stated) => stated,
            Err((field, fault)) => return Ok(EntryOutcome::Faulty { field, fault }),
        };
        for (place, field) in CUSTOMER_FIELDS.iter().enumerate() {
            if version.is_none() && field.column.required && stated.get(place).is_empty() {
                return Ok(EntryOutcome::missing(field.name()));
            }
        }
        let mut change = self.0.change(asker.name()).await?;
        change.because(&draft.why, "");
        let (lines, mut problems) = (vec![stated], Vec::new());
        let connection = change.connection();
        let mut planned = plan(connection, lines, EmptyCells::Clear, Source::Form).await?;
        LinesBefore::default()
            .look(connection, &mut planned, &mut problems)
            .await?;
        if let Some(problem) = problems.pop() {
            return Ok(EntryOutcome::Faulty {
                field: problem.column,
                fault: problem.fault,
            });
        }
        let Some(planned) = planned.into_iter().next() else {
            return Ok(EntryOutcome::missing("code"));
        };
        refuse_taken_or_changed(&planned, version)?;
        if planned.is_held(doubles) {
            return Ok(EntryOutcome::Doubles(planned.doubles));
        }
        let id = write(&mut change, &planned).await?;
        waiting::look_again(&mut change, std::slice::from_ref(&id)).await?;
        let written = stored::by_ids(change.connection(), std::slice::from_ref(&id)).await?;
        let action = match planned.stored {
            None => AuditAction::CustomerAdded,
            Some(_) => AuditAction::CustomerChanged,
        };
        if planned.stored.is_none() || !planned.merged.changes.is_empty() {
            let fields = planned.merged.changes.iter();
            let names: Vec<&str> = fields.map(|change| &*change.field).collect();
            change.event(
                EventDraft::new(action, AuditObject::Customer, id.as_str())
                    .detail(format!("fields={}", names.join(","))),
            );
        }
        change.commit().await?;
        Ok(EntryOutcome::Written {
            code: planned.code().to_owned(),
            version: written.get(&id).map_or(1, |stored| stored.version),
            id,
        })
    }
}

/// A code that somebody has already, or a record that was changed by somebody else meanwhile.
fn refuse_taken_or_changed(planned: &PlannedCustomer, version: Option<i64>) -> Result<()> {
    match (&planned.stored, version) {
        (Some(stored), None) => Err(Error::Exists {
            what: Thing::Customer,
            id: format!("{} {}", planned.code(), stored.values.get(at("name"))),
        }),
        (Some(stored), Some(expected)) if stored.version != expected => Err(Error::Conflict {
            what: Thing::Customer,
            id: planned.code().to_owned(),
            expected,
            found: stored.version,
        }),
        _ => Ok(()),
    }
}
