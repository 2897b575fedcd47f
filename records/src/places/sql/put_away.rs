//! The paper of a document is put somewhere, and where that was a mistake, put back.

use super::{
    ledger::{LedgerPlace, check_security, current, find_spot, is_in_use, move_thing, set_state},
    spots::{cannot_move, state_after},
};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    changes::ChangeSubject,
    permission::sql::Visible,
    places::{OriginalEvent, OriginalState, PlaceKind, ThingKind, after},
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// A paper that is held to be moved.
struct PaperToMove {
    document_uid: i64,
    uid: i64,
    state: OriginalState,
    security_level: i64,
}

impl Archive {
    /// Puts the original of a document at a location or into a container, named by code or serial.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was moved since the asker saw it after `moves` moves; `None` moves it all the same.
    pub async fn put_away_document(
        &self,
        asker: &Asker,
        document_id: &str,
        moves: Option<i64>,
        place: &str,
        label: &str,
    ) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let paper = hold(&mut change, asker, document_id).await?;
        let (spot, code) = find_spot(&mut change, place).await?;
        check_security(&mut change, spot, &code, paper.security_level).await?;
        unmoved_since(&mut change, &paper, document_id, moves).await?;
        let next = state_after(&mut change, paper.state, spot).await?;
        move_thing(&mut change, ThingKind::Original, paper.uid, spot, label).await?;
        set_state(&mut change, paper.uid, next).await?;
        tell(&mut change, &paper, document_id, &code);
        change.commit().await
    }

    /// Takes the last move of a paper back: it lies where it lay before, or is to be shelved again.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it has not moved exactly `moves` times.
    pub async fn put_back_document(&self, asker: &Asker, document_id: &str, moves: i64) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let paper = hold(&mut change, asker, document_id).await?;
        unmoved_since(&mut change, &paper, document_id, Some(moves)).await?;
        let spot = before(&mut change, paper.uid, moves).await?;
        let next = match spot.kind {
            PlaceKind::None => after(paper.state, OriginalEvent::TakeOff).ok_or_else(|| cannot_move(paper.state))?,
            PlaceKind::Location if !is_in_use(&mut change, spot.uid).await? => {
                let place = code_of(&mut change, spot).await?;
                return Err(RefusedBecause::PlaceOutOfUse { place }.into());
            }
            PlaceKind::Location | PlaceKind::Container => state_after(&mut change, paper.state, spot).await?,
        };
        let code = code_of(&mut change, spot).await?;
        check_security(&mut change, spot, &code, paper.security_level).await?;
        move_thing(&mut change, ThingKind::Original, paper.uid, spot, "").await?;
        set_state(&mut change, paper.uid, next).await?;
        tell(&mut change, &paper, document_id, &code);
        change.commit().await
    }
}

/// Locks the paper of a document that the asker may see.
async fn hold(change: &mut Change, asker: &Asker, document_id: &str) -> Result<PaperToMove> {
    let row = Visible::documents(asker, change.at)
        .columns("d.uid, d.security_level, t.uid AS original_uid, t.state, t.volume_uid")
        .join("JOIN originals t ON t.document_uid = d.uid")
        .and("d.id = ?", [document_id.into()])
        .locked(change.dialect)
        .held(change.connection())
        .await?
        .ok_or_else(|| Error::Absent {
            what: Thing::Original,
            id: document_id.to_owned(),
        })?;
    let row = row.of("originals");
    if row.maybe_int("volume_uid")?.is_some() {
        let document = document_id.to_owned();
        return Err(RefusedBecause::InVolume { document }.into());
    }
    Ok(PaperToMove {
        document_uid: row.int("uid")?,
        uid: row.int("original_uid")?,
        security_level: row.int("security_level")?,
        state: row.by("original_uid").word("state", OriginalState::from_code)?,
    })
}

async fn unmoved_since(change: &mut Change, paper: &PaperToMove, document_id: &str, moves: Option<i64>) -> Result<()> {
    let found = current(change, ThingKind::Original, paper.uid).await?;
    let found = found.map_or(0, |(_, moves, ..)| moves);
    match moves.filter(|expected| *expected != found) {
        Some(expected) => Err(Error::Conflict {
            what: Thing::Original,
            id: document_id.to_owned(),
            expected,
            found,
        }),
        None => Ok(()),
    }
}

/// Where the paper lay before it was moved for the last time; nowhere before the first.
async fn before(change: &mut Change, uid: i64, moves: i64) -> Result<LedgerPlace> {
    let row = sqlx::query(
        "SELECT uid, place_kind, place_uid FROM placements WHERE thing_kind = 'original' AND thing_uid = $1 AND position = $2",
    )
    .bind(uid)
    .bind(moves - 1)
    .fetch_optional(change.connection())
    .await?;
    let Some(row) = row else {
        return Ok(LedgerPlace {
            kind: PlaceKind::None,
            uid: 0,
        });
    };
    let row = row.of("placements");
    Ok(LedgerPlace {
        kind: row.word("place_kind", PlaceKind::from_code)?,
        uid: row.int("place_uid")?,
    })
}

async fn code_of(change: &mut Change, spot: LedgerPlace) -> Result<String> {
    let statement = match spot.kind {
        PlaceKind::Location => "SELECT code FROM locations WHERE uid = $1",
        PlaceKind::Container => "SELECT serial AS code FROM containers WHERE uid = $1",
        PlaceKind::None => return Ok(String::new()),
    };
    let row = sqlx::query(statement).bind(spot.uid).fetch_one(change.connection());
    row.await?.of("locations").text("code")
}

fn tell(change: &mut Change, paper: &PaperToMove, document_id: &str, code: &str) {
    change.touch(ChangeSubject::Document, paper.document_uid);
    change.event(
        EventDraft::new(AuditAction::OriginalPutAway, AuditObject::Document, document_id)
            .detail(format!("place={code}")),
    );
}
