//! The paper of a document is put somewhere, and where that was a mistake, put back.

use super::{
    destination,
    ledger::MoveNote,
    placing::{Act, before, put, unmoved_since},
    things,
};
use crate::{
    Archive, Asker, Result, Role,
    ids::PlacingId,
    places::{PlaceKind, ThingKind},
    store::sql::Change,
};

impl Archive {
    /// Puts the original of a document at a location or into a container, named by code or serial.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was moved since the asker saw it after `moves` moves; `None` moves it all the same.
    ///
    /// [`Error::Conflict`]: crate::Error::Conflict
    pub async fn put_away_document(
        &self,
        asker: &Asker,
        document_id: &str,
        moves: Option<i64>,
        place: &str,
        label: &str,
    ) -> Result<()> {
        let (mut change, act) = self.acting(asker, label).await?;
        let thing = things::the_thing(&mut change, asker, document_id).await?;
        let to = destination::named(change.connection(), place).await?;
        unmoved_since(&thing, moves)?;
        put(&mut change, &act, &thing, Some(&to)).await?;
        change.commit().await
    }

    /// Takes the last move of a paper back: it lies where it lay before, or is to be shelved again.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it has not moved exactly `moves` times.
    ///
    /// [`Error::Conflict`]: crate::Error::Conflict
    pub async fn put_back_document(&self, asker: &Asker, document_id: &str, moves: i64) -> Result<()> {
        let (mut change, act) = self.acting(asker, "").await?;
        let thing = things::the_thing(&mut change, asker, document_id).await?;
        unmoved_since(&thing, Some(moves))?;
        let place = before(&mut change, ThingKind::Original, thing.uid, moves).await?;
        let to = match place.kind {
            PlaceKind::None => None,
            PlaceKind::Location | PlaceKind::Container => Some(destination::at(change.connection(), place).await?),
        };
        put(&mut change, &act, &thing, to.as_ref()).await?;
        change.commit().await
    }

    /// Begins to move things, one at a time in the whole archive, so that two who fill one box are seen by each other.
    pub(super) async fn acting(&self, asker: &Asker, label: &str) -> Result<(Change, Act)> {
        asker.require_writing(Role::Archivist)?;
        let page = self.settings(asker).await?.page_thickness_um;
        let mut change = self.0.change(asker.name()).await?;
        change.lock_archive().await?;
        let note = MoveNote {
            label: label.to_owned(),
            slip: String::new(),
            act: PlacingId::new(&change.environment).to_string(),
        };
        Ok((change, Act { note, page }))
    }
}
