//! Adding one place and changing one, as a person does it in a form.

use super::{plan::plan, stored, write::write};
use crate::{
    Archive, Asker, Error, Result, Role, Thing,
    imports::{EmptyCells, EntryOutcome, Standing, fields::Stated},
    places::{
        LocationCode, LocationDraft,
        fields::{LOCATION_FIELDS, at},
    },
    store::EventDraft,
};
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// A place as a form shows it.
    pub async fn location_standing(&self, asker: &Asker, code: &str) -> Result<Option<Standing>> {
        asker.require(Role::Archivist)?;
        let Ok(code) = LocationCode::parse(code) else {
            return Ok(None);
        };
        let mut reader = self.0.readers.acquire().await?;
        let found = stored::by_codes(&mut reader, &[code.folded().to_owned()]).await?;
        Ok(found.into_values().next().map(|place| Standing {
            code: place.values.get(at("code")).to_owned(),
            version: place.version,
            values: place.values,
        }))
    }

    /// Adds a place; those around it are made from the code when they are missing.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is such a place.
    pub async fn location_add(&self, asker: &Asker, draft: &LocationDraft) -> Result<EntryOutcome> {
        self.location_enter(asker, draft, None).await
    }

    /// Changes the stated fields of a place; an empty value empties its field. The code stays.
    ///
    /// # Errors
    /// [`Error::Absent`] without such a place, [`Error::Conflict`] when it has another version by now.
    pub async fn location_change(
        &self,
        asker: &Asker,
        code: &str,
        version: i64,
        draft: &LocationDraft,
    ) -> Result<EntryOutcome> {
        let mut draft = draft.clone();
        draft.stated.retain(|(name, _)| name != "code");
        draft.stated.push(("code".to_owned(), code.to_owned()));
        self.location_enter(asker, &draft, Some(version)).await
    }

    /// Without what stands there already: a kind that an older archive has written its own way is no fault of whoever
    /// changes the keeper.
    async fn location_told(&self, draft: &LocationDraft) -> Result<LocationDraft> {
        let mut draft = draft.clone();
        let code = draft.stated.iter().find(|(name, _)| name == "code");
        let Some(code) = code.and_then(|(_, code)| LocationCode::parse(code).ok()) else {
            return Ok(draft);
        };
        let mut reader = self.0.readers.acquire().await?;
        let found = stored::by_codes(&mut reader, &[code.folded().to_owned()]).await?;
        if let Some(place) = found.get(code.folded()) {
            let stands = |name: &str, value: &str| place.values.named(&LOCATION_FIELDS, name) == value.trim();
            draft
                .stated
                .retain(|(name, value)| name == "code" || !stands(name, value));
        }
        Ok(draft)
    }

    async fn location_enter(&self, asker: &Asker, draft: &LocationDraft, version: Option<i64>) -> Result<EntryOutcome> {
        asker.require_writing(Role::Archivist)?;
        let draft = self.location_told(draft).await?;
        let stated = match Stated::of_pairs(&LOCATION_FIELDS, &draft.stated) {
            Ok(stated) => stated,
            Err((field, fault)) => return Ok(EntryOutcome::Faulty { field, fault }),
        };
        if stated.get(at("code")).is_empty() {
            return Ok(EntryOutcome::missing("code"));
        }
        let own = LocationCode::parse(stated.get(at("code")))?;
        let mut change = self.0.change(asker.name()).await?;
        change.because(&draft.why, "");
        let planned = plan(change.connection(), vec![stated], EmptyCells::Clear).await?;
        let Some(last) = planned.iter().find(|item| item.code.folded() == own.folded()) else {
            return Ok(EntryOutcome::missing("code"));
        };
        refuse(last.stored.as_ref(), own.as_str(), version)?;
        let mut uids = HashMap::new();
        let mut id = String::new();
        for item in &planned {
            let written = write(&mut change, item, &mut uids).await?;
            if item.code.folded() == own.folded() {
                id = written;
            }
        }
        let now = stored::by_ids(change.connection(), &[id.clone()]).await?;
        if last.stored.is_none() || !last.merged.changes.is_empty() {
            let action = match last.stored {
                None => AuditAction::LocationAdded,
                Some(_) => AuditAction::LocationChanged,
            };
            let names: Vec<&str> = last.merged.changes.iter().map(|change| &*change.field).collect();
            let detail = format!("fields={}", names.join(","));
            change.event(EventDraft::new(action, AuditObject::Location, own.as_str()).detail(detail));
        }
        let code = last.merged.after.get(at("code")).to_owned();
        change.commit().await?;
        Ok(EntryOutcome::Written {
            code,
            version: now.get(&id).map_or(1, |place| place.version),
            id,
        })
    }
}

fn refuse(stored: Option<&stored::StoredPlace>, code: &str, version: Option<i64>) -> Result<()> {
    match (stored, version) {
        (Some(stored), None) => Err(Error::Exists {
            what: Thing::Location,
            id: format!("{code} {}", stored.values.get(at("name"))),
        }),
        (None, Some(_)) => Err(Error::Absent {
            what: Thing::Location,
            id: code.to_owned(),
        }),
        (Some(stored), Some(expected)) if stored.version != expected => Err(Error::Conflict {
            what: Thing::Location,
            id: code.to_owned(),
            expected,
            found: stored.version,
        }),
        _ => Ok(()),
    }
}
